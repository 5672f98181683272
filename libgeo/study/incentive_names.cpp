// An incentive whose names meet no source pays nothing, which looks like an answer: it is said.
#include "libgeo/study/incentive_names.h"

#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

/// Whether some source has the name in one of its texts, as `names_or_all` compares them.
bool any_source(const SupplySources& sources, std::string SupplySource::*text,
                const std::string& name) {
  return std::any_of(sources.list.begin(), sources.list.end(), [&](const SupplySource& source) {
    return names_or_all({name}, source.*text);
  });
}

void throw_all(const std::vector<Error>& errors) {
  if (errors.empty()) return;
  Error first = errors.front();
  first.more.assign(errors.begin() + 1, errors.end());
  throw first;
}

}  // namespace

void name_incentive_countries(Incentives& aid, const SupplySources& sources,
                              const Countries& countries, const std::string& where) {
  std::vector<std::string> known;
  for (const auto& country : countries.list()) {
    known.push_back(country.iso3);
    known.push_back(country.name);
  }
  std::vector<Error> errors;
  for (auto& name : aid.countries) {
    const std::string code = country_code(name, countries);
    if (!code.empty()) {
      name = code;
    } else if (!any_source(sources, &SupplySource::country, name)) {
      const auto near = nearest_name(name, known);
      errors.emplace_back("supply.incentive",
                          "countries: '" + printable(name) + "' is no country we know",
                          where + ", [incentives]",
                          near ? suggestion(name, known)
                               : "Write ISO 3166-1 alpha-3 codes (USA) or English names.");
    }
  }
  throw_all(errors);
}

void check_incentives(const Incentives& aid, const SupplySources& sources, const std::string& where,
                      Findings& findings) {
  if (sources.list.empty()) return;  // nobody is left out
  std::vector<std::string> groups;
  for (const auto& source : sources.list)
    if (!source.group.empty() &&
        std::find(groups.begin(), groups.end(), source.group) == groups.end())
      groups.push_back(source.group);
  // The groups that a study gives its sites are no slips where no site is of one.
  const std::vector<std::string> usual = {"domestic", "allied", "other"};
  std::vector<Error> errors;
  std::vector<std::string> without;
  for (const auto& group : aid.groups) {
    if (any_source(sources, &SupplySource::group, group)) continue;
    if (names_or_all(usual, trim(group)))
      without.push_back("group " + printable(group));
    else
      errors.emplace_back(
          "supply.incentive", "groups: no source is of '" + printable(group) + "'",
          where + ", [incentives]",
          groups.empty() ? "The sources have no column group." : suggestion(group, groups));
  }
  throw_all(errors);
  for (const auto& country : aid.countries)
    if (!any_source(sources, &SupplySource::country, country))
      without.push_back(printable(country));
  if (!without.empty())
    findings.add("supply.incentive", Severity::warning, where + ", [incentives]",
                 "no source is of " + join(without, ", ") + ", and nothing is paid there",
                 without.size());
}

}  // namespace lode
