// An incentive or a tax whose names meet no source does nothing, as if it held: it is said.
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

/// Names of countries that become codes; those that are neither countries nor of a source are told.
class CountryNames {
 public:
  CountryNames(const SupplySources& sources, const Countries& countries)
      : sources_(sources), countries_(countries) {
    for (const auto& country : countries.list()) {
      known_.push_back(country.iso3);
      known_.push_back(country.name);
    }
  }

  void code(std::string& name, const std::string& error, const std::string& what,
            const std::string& where) {
    const std::string code = country_code(name, countries_);
    if (!code.empty()) {
      name = code;
    } else if (!any_source(sources_, &SupplySource::country, name)) {
      const auto near = nearest_name(name, known_);
      errors_.emplace_back(error, what + "'" + printable(name) + "' is no country we know", where,
                           near ? suggestion(name, known_)
                                : "Write ISO 3166-1 alpha-3 codes (USA) or English names.");
    }
  }
  void add(Error error) { errors_.push_back(std::move(error)); }
  void throw_if_any() const { throw_all(errors_); }

 private:
  const SupplySources& sources_;
  const Countries& countries_;
  std::vector<std::string> known_;
  std::vector<Error> errors_;
};

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

}  // namespace

void name_economics_countries(EconomicsOptions& options, const SupplySources& sources,
                              const Countries& countries, const std::string& where) {
  CountryNames names(sources, countries);
  for (auto& name : options.incentives.countries)
    names.code(name, "supply.incentive", "countries: ", where + ", [incentives]");
  const std::string taxes = where + ", [country_tax_pct]";
  for (std::size_t k = 0; k < options.country_tax.size(); ++k) {
    std::string& name = options.country_tax[k].first;
    names.code(name, "supply.country_tax", "", taxes);
    for (std::size_t j = 0; j < k; ++j)
      if (lower(options.country_tax[j].first) == lower(name))
        names.add({"supply.country_tax", printable(name) + " has two rates", taxes, "Keep one."});
  }
  names.throw_if_any();
}

void check_economics_countries(const EconomicsOptions& options, const SupplySources& sources,
                               const std::string& where, Findings& findings) {
  check_incentives(options.incentives, sources, where, findings);
  std::vector<std::string> without;
  for (const auto& [country, tax] : options.country_tax)
    if (!any_source(sources, &SupplySource::country, country))
      without.push_back(printable(country));
  if (!without.empty() && !sources.list.empty())
    findings.add("supply.country_tax", Severity::warning, where + ", [country_tax_pct]",
                 "no source is of " + join(without, ", ") + ", and no tax is taken by that rate",
                 without.size());
}

}  // namespace lode
