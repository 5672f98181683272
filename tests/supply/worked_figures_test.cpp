// Every indicator against tests/cases/supply_indicators.csv.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libgeo/supply/composition.h"
#include "libgeo/supply/indices.h"
#include "libgeo/supply/origin.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

const double none = std::nan("");
using Given = std::map<std::string, std::string>;

/// "A:70 B:30" by name, in order.
std::vector<std::pair<std::string, double>> pairs(const Given& given, const std::string& key) {
  std::vector<std::pair<std::string, double>> out;
  if (given.count(key) == 0) return out;
  for (const auto& word : words(given.at(key))) {
    const auto at = word.find(':');
    const std::string text = word.substr(at + 1);
    out.emplace_back(word.substr(0, at),
                     text == "inf" ? std::numeric_limits<double>::infinity() : number(text));
  }
  return out;
}

Production us_imports(double total) {
  return {"",
          "",
          {"CHN", "MYS", "JPN", "EST", "Other"},
          {0.70 * total, 0.13 * total, 0.06 * total, 0.05 * total, 0.06 * total},
          {}};
}

/// A column of supply_mine_2024.csv, or amounts written out.
Production production_of(const Given& given) {
  if (given.count("shares") > 0) {
    Production out;
    for (const auto& [country, amount] : pairs(given, "shares")) {
      out.country.push_back(country);
      out.amount.push_back(amount);
    }
    for (auto [key, column] :
         {std::pair<const char*, std::vector<double>*>{"low", &out.low}, {"high", &out.high}}) {
      const auto said = pairs(given, key);
      if (said.empty()) continue;
      *column = out.amount;
      for (const auto& [country, bound] : said)
        (*column)[static_cast<std::size_t>(
            std::find(out.country.begin(), out.country.end(), country) - out.country.begin())] =
            bound;
    }
    return out;
  }
  const std::string column = given.at("column");
  if (column == "us_imports") return us_imports(1.0);
  if (column == "equal_4") return {"", "", {"A", "B", "C", "D"}, {7, 7, 7, 7}, {}};
  if (column == "one") return {"", "", {"A", "B"}, {7, 0}, {}};
  Production out;
  for (const auto& row : read_cases("supply_mine_2024.csv")) {
    out.country.push_back(row.at("country"));
    out.amount.push_back(parse_reported(row.at(column)).value);
  }
  return out;
}

ConcentrationOptions options_of(const Given& given) {
  ConcentrationOptions options;
  for (const auto& row : read_cases("supply_mine_2024.csv")) {
    const double risk = parse_reported(row.at("governance_risk")).value;
    if (!std::isnan(risk)) options.governance[row.at("country")] = risk;
  }
  options.governance["JPN"] = 2.154;
  options.governance["EST"] = 2.346;
  if (given.count("other") > 0) options.other = parse_other_rule(given.at("other"));
  if (given.count("quota") > 0) options.quota_countries = {given.at("quota")};
  if (given.count("rule") > 0) options.quota = parse_quota_rule(given.at("rule"));
  for (const auto& [country, share] : pairs(given, "undocumented"))
    options.undocumented[country] = share;
  return options;
}

double concentration_of(const std::string& quantity, const Given& given) {
  const auto found = concentration(production_of(given), options_of(given));
  const std::map<std::string, double> values = {{"hhi", found.hhi},
                                                {"hhi_wgi", found.hhi_wgi},
                                                {"hhi_low", found.hhi_low},
                                                {"hhi_high", found.hhi_high},
                                                {"shannon", found.shannon},
                                                {"theil", found.theil},
                                                {"equal_countries", found.equal_countries},
                                                {"cr1", found.cr1},
                                                {"cr3", found.cr3},
                                                {"cr4", found.cr4}};
  return values.at(quantity);
}

double split_of(const std::string& quantity, const Given& given) {
  std::vector<Composition> compositions;
  for (const std::string country : {"A", "B", "C"}) {
    if (given.count(country) == 0) continue;
    Composition row;
    row.country = country;
    for (const auto& [element, percent] : pairs(given, country))
      row.percent[parse_element_group(element).elements.at(0)] = percent;
    compositions.push_back(row);
  }
  SplitOptions options;
  options.groups = {parse_element_group(given.at("element"))};
  if (given.count("none") > 0) options.without = parse_no_composition(given.at("none"));
  const auto split = split_by_element(production_of(given), compositions, options);
  return quantity == "split" ? concentration(split.parts.at(0)).hhi : split.covered;
}

double traced_of(const std::string& quantity, const Given& given) {
  std::vector<Origin> legs;
  for (const auto& [way, share] : pairs(given, "legs")) {
    const auto at = way.find('>');
    legs.push_back({way.substr(0, at), way.substr(at + 1), share});
  }
  const auto traced = trace_imports(production_of(given), legs);
  if (quantity == "untraced") return traced.untraced_share;
  const auto found = concentration(traced.by_origin);
  if (quantity == "traced_hhi") return found.hhi;
  return share_of(found, {given.at("of")});
}

/// "magnets:.6:5" and "magnets:.5:SP:SCr:SCo:SCP".
double substitution_of(const std::string& quantity, const Given& given) {
  std::vector<MaterialUse> uses;
  for (const auto& word : words(given.at("uses"))) {
    const auto parts = split(word, ':');
    uses.push_back({parts[0], number(parts[1]), parts.size() > 2 ? number(parts[2]) : none});
  }
  std::vector<Substitute> substitutes;
  for (const auto& word : words(given.at("sub"))) {
    const auto parts = split(word, ':');
    substitutes.push_back({parts[0], "", number(parts[1]), number(parts[2]), number(parts[3]),
                           number(parts[4]), number(parts[5])});
  }
  const auto found = substitution_indices(uses, substitutes);
  if (quantity == "ei") return economic_importance(uses, found.importance);
  return quantity == "si_sr" ? found.supply_risk : found.importance;
}

double disruption_of(const Given& given) {
  std::map<std::string, SupplyWillingness> indices;
  for (const auto& [country, index] : pairs(given, "ability")) indices[country].ability = index;
  for (const auto& [country, index] : pairs(given, "willingness"))
    indices[country].willingness = index;
  return disruption_potential(concentration(production_of(given)), indices,
                              given.count("home") > 0 ? given.at("home") : "")
      .value;
}

double likely_of(const Given& given, double known, double total) {
  std::vector<std::vector<double>> choices;
  for (auto word : words(given.at("choices"))) {
    std::replace(word.begin(), word.end(), '.', ',');
    choices.push_back(without_footnote(word));
  }
  return likely_figures(choices, known, total).at(0);
}

double value_of(const Case& one) {
  const auto given = parameters(one.at("parameters"));
  const auto at = [&](const std::string& key) {
    return given.count(key) > 0 ? number(given.at(key)) : none;
  };
  const std::string quantity = one.at("quantity");
  if (quantity == "eu")
    return eu_supply_risk({at("gs"), at("sourcing"), at("ir"), at("eol"), at("si")});
  if (quantity == "reliance")
    return import_reliance(
        {at("production"), at("imports"), at("exports"), at("consumption"), at("stocks")});
  if (quantity == "usgs") return usgs_supply_risk(at("dp"), at("te"), at("ev"));
  if (quantity == "disruption") return disruption_of(given);
  if (quantity == "wgi") return governance_risk(at("x"));
  if (quantity == "factor") return geopolrisk_factor(at("score"), at("price"));
  if (quantity == "likely") return likely_of(given, at("known"), at("total"));
  if (quantity.rfind("split", 0) == 0) return split_of(quantity, given);
  if (quantity == "untraced" || quantity.rfind("traced", 0) == 0) return traced_of(quantity, given);
  if (quantity == "si_sr" || quantity == "si_ei" || quantity == "ei")
    return substitution_of(quantity, given);
  if (quantity == "allied") {
    const auto list = words(given.at("members"));
    return share_of(concentration(production_of(given)), {list.begin(), list.end()});
  }
  if (quantity.rfind("geopolrisk", 0) != 0) return concentration_of(quantity, given);
  ConcentrationOptions options = options_of(given);
  options.other_governance = at("other_governance");
  const auto risk = geopolrisk(at("hhi"), us_imports(at("total")), at("domestic"), options);
  return quantity == "geopolrisk" ? risk.score : risk.weighted_import_share;
}

class WorkedFigure : public testing::TestWithParam<Case> {};

TEST_P(WorkedFigure, Agrees) {
  EXPECT_NEAR(value_of(GetParam()), number(GetParam().at("expected")),
              number(GetParam().at("tolerance")))
      << GetParam().at("source");
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.at("case");
  for (auto& c : name)
    if (c == '-') c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, WorkedFigure,
                         testing::ValuesIn(read_cases("supply_indicators.csv")), name_of);

}  // namespace
}  // namespace lode::test
