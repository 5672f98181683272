#include "libgeo/study/policy_countries.h"

#include <utility>
#include <vector>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

class PolicyCountries {
 public:
  PolicyCountries(const Countries& countries, const SupplySources& sources, std::string where)
      : countries_(countries), sources_(sources), where_(std::move(where)) {}

  void name(PortfolioPolicy& policy) {
    for (auto& limit : policy.limits) {
      code(limit.country, "[[limit]] country");
      for (auto& one : limit.but) code(one, "[[limit]] but");
    }
    for (auto& cap : policy.caps) code(cap.country, "[[cap]] country");
    for (auto& scenario : policy.scenarios)
      for (auto& one : scenario.lost_countries) code(one, "[[scenario]] lost_countries");
    if (errors_.empty()) return;
    Error first = errors_.front();
    first.more.assign(errors_.begin() + 1, errors_.end());
    throw first;
  }

 private:
  void code(std::string& text, const std::string& in) {
    if (text.empty()) return;
    const std::string said = text;
    text = country_id(said, countries_);
    if (!country_code(said, countries_).empty() || countries_.list().empty()) return;
    std::vector<std::string> known;
    for (const auto& source : sources_.list) {
      if (source.country == text) return;
      known.push_back(source.country);
    }
    for (const auto& country : countries_.list()) {
      known.push_back(country.iso3);
      known.push_back(country.name);
    }
    errors_.emplace_back(
        "supply.policy",
        in + ": '" + printable(said) + "' is no country we know, and no source is of it", where_,
        nearest_name(said, known) ? suggestion(said, known)
                                  : "Give its ISO 3166-1 alpha-3 code, such as CHN.");
  }

  const Countries& countries_;
  const SupplySources& sources_;
  std::string where_;
  std::vector<Error> errors_;
};

}  // namespace

void name_policy_countries(PortfolioPolicy& policy, const Countries& countries,
                           const SupplySources& sources, const std::string& where) {
  PolicyCountries(countries, sources, where).name(policy);
}

}  // namespace lode
