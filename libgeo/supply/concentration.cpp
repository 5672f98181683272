#include "libgeo/supply/concentration.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

bool is_named(const std::vector<std::string>& names, const std::string& country) {
  const std::string wanted = lower(trim(country));
  return std::find(names.begin(), names.end(), wanted) != names.end();
}

std::string place_of(const Production& production) {
  std::string place = production.source;
  for (const auto* part : {&production.element, &production.stage})
    if (!part->empty()) place += (place.empty() ? "" : ", ") + *part;
  return place.empty() ? "supply" : place;
}

/// True for digits in groups of three after a first group that is too long: "1216,000".
bool looks_glued(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos || comma < 4 || text.size() - comma < 4) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == ','; });
}

void check_rows(const Production& production) {
  const std::size_t n = production.country.size();
  if (production.amount.size() != n ||
      (!production.trade_factor.empty() && production.trade_factor.size() != n))
    throw Error("supply.length", "countries, amounts and trade factors differ in number",
                place_of(production));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string where = place_of(production) + ", " + printable(production.country[i]);
    if (production.amount[i] < 0.0 || std::isinf(production.amount[i]))
      throw Error("supply.negative",
                  "the amount " + number_text(production.amount[i]) + " is not a number from 0 up",
                  where);
    if (!production.trade_factor.empty() && !(production.trade_factor[i] >= 0.0))
      throw Error("supply.negative", "the trade factor is not a number from 0 up", where);
    if (trim(production.country[i]).empty()) {
      if (std::isnan(production.amount[i])) continue;  // a blank row
      throw Error("supply.no_country",
                  "an amount (" + number_text(production.amount[i]) + ") has no country",
                  place_of(production) + ", row " + std::to_string(i + 1) + " of its table",
                  "Name the country, or write Other.");
    }
    if (!seen.insert(lower(country_key(production.country[i]))).second)
      throw Error("supply.duplicate_country",
                  "the country stands twice, perhaps under its name and its code", where,
                  "Name the columns that tell the rows apart with --element and --stage.");
  }
}

/// Compares the sum of all countries with the row that claims to be it.
void check_total(double sum, double claimed, const ConcentrationOptions& options,
                 const std::string& where, Findings& findings) {
  double off = (sum - claimed) / claimed;
  if (options.total_is_minimum && off > 0.0) off = 0.0;
  const std::string words =
      "the countries sum to " + number_text(sum) + ", the total row says " + number_text(claimed);
  if (std::abs(off) > options.total_refused)
    throw Error("supply.total_mismatch", words, where,
                "Look for a footnote's digit glued to a figure, a missing row, or a total in "
                "another unit.");
  if (std::abs(off) > options.total_tolerance)
    findings.add("supply.total_mismatch", Severity::warning, where, words);
  else if (off != 0.0)
    findings.add("supply.total_rounded", Severity::note, where, words + ": taken as rounding");
}

double governance_of(const ConcentrationOptions& options, const std::string& country, bool other) {
  if (other) return options.other_governance;
  const auto found = options.governance.find(country);
  if (found == options.governance.end()) return std::numeric_limits<double>::quiet_NaN();
  if (!(found->second >= 0.0 && found->second <= 10.0))
    throw Error("supply.governance_range",
                "governance risk " + number_text(found->second) + " is not within 0 to 10", country,
                "Scale the indicator: 10 x (2.5 - estimate) / 5.");
  return found->second;
}

/// Countries with a figure; the total row becomes the check sum, "Other" follows the rule.
void collect(const Production& production, const ConcentrationOptions& options,
             Concentration& out) {
  Sum everything;
  for (std::size_t i = 0; i < production.country.size(); ++i) {
    const std::string country = country_key(production.country[i]);
    if (country.empty()) continue;
    if (is_named(options.total_names, country)) {
      out.world_total = production.amount[i];
      continue;
    }
    if (std::isnan(production.amount[i])) {
      out.not_available.push_back(country);
      continue;
    }
    everything += production.amount[i];
    CountryShare share;
    share.country = country;
    share.amount = production.amount[i];
    share.is_other = is_named(options.other_names, country);
    share.governance = governance_of(options, country, share.is_other);
    if (!production.trade_factor.empty()) share.trade_factor = production.trade_factor[i];
    if (!(share.is_other && options.other == OtherRule::exclude)) out.shares.push_back(share);
  }
  if (production.percent && everything.value() > 100.5)
    throw Error("supply.shares_over_100",
                "the shares sum to " + number_text(everything.value()) + " %", place_of(production),
                "Look for a row that is a total, or amounts that are no shares.");
  if (out.world_total > 0.0)
    check_total(everything.value(), out.world_total, options, place_of(production), out.findings);
}

}  // namespace

std::string country_key(std::string_view text) {
  std::string key(trim(text));
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (key.size() != 3 || !std::all_of(key.begin(), key.end(), letter)) return key;
  for (char& c : key) c = static_cast<char>(c >= 'a' ? c - 'a' + 'A' : c);
  return key;
}

void add_governance(std::map<std::string, double>& governance, std::string_view country,
                    double risk, const std::string& where) {
  const auto [at, fresh] = governance.try_emplace(country_key(country), risk);
  if (!fresh && at->second != risk)
    throw Error("supply.duplicate_country",
                "the country has two governance figures: " + number_text(at->second) + " and " +
                    number_text(risk) + " as risk from 0 to 10",
                where + ", " + printable(country), "Keep the one that counts.");
}

ReportedFigure parse_reported(std::string_view text, const std::string& where) {
  using Kind = ReportedFigure::Kind;
  const std::string word(trim(text));
  const std::string low = lower(word);
  const double none = std::numeric_limits<double>::quiet_NaN();
  if (low.empty() || low == "na" || low == "n.a." || low == "n/a" || low == "xx")
    return {none, Kind::not_available};
  if (low == "w") return {none, Kind::withheld};
  if (low == "e") return {0.0, Kind::net_exporter};
  if (low == "-" || low == "--" || low == "\xe2\x80\x94" || low == "\xe2\x80\x93")
    return {0.0, Kind::exact};
  Kind kind = Kind::exact;
  std::string_view number = word;
  if (number.front() == '>') kind = Kind::more_than;
  if (number.front() == '<') kind = Kind::less_than;
  if (kind != Kind::exact) number = trim(number.substr(1));
  if (looks_glued(number))
    throw Error("supply.glued_footnote",
                "'" + printable(word) + "' has too many digits before its comma", where,
                "A footnote's number is glued to the figure: take it off and write the number "
                "without commas.");
  const auto value = parse_number(number);
  if (!value)
    throw Error(
        "supply.bad_figure", "'" + printable(word) + "' is not a figure", where,
        "Write a number without grouping, > 95, < 1, E (net exporter), NA or W (withheld).");
  return {*value, kind};
}

std::string_view to_text(OtherRule rule) {
  return rule == OtherRule::one_country ? "one-country"
         : rule == OtherRule::exclude   ? "exclude"
                                        : "total-only";
}

OtherRule parse_other_rule(std::string_view text, const std::string& where) {
  const std::string word = lower(trim(text));
  for (const auto rule : {OtherRule::one_country, OtherRule::exclude, OtherRule::total_only})
    if (word == to_text(rule)) return rule;
  throw Error("supply.unknown_choice",
              "'" + printable(text) + "' is not a rule for other countries", where,
              suggestion(text, {"one-country", "exclude", "total-only"}));
}

Concentration concentration(const Production& production, const ConcentrationOptions& options) {
  check_rows(production);
  Concentration out;
  out.element = production.element;
  out.stage = production.stage;
  const std::string where = place_of(production);
  collect(production, options, out);
  std::sort(out.shares.begin(), out.shares.end(), [](const CountryShare& a, const CountryShare& b) {
    return a.amount != b.amount ? a.amount > b.amount : a.country < b.country;
  });
  Sum total, hhi, weighted, covered;
  for (const auto& share : out.shares) total += share.amount;
  out.total = total.value();
  if (!(out.total > 0.0))
    throw Error("supply.no_production", "no country has a figure above 0", where,
                "Check --value and --country.");
  std::vector<std::string> without;
  for (auto& share : out.shares) {
    share.share = share.amount / out.total;
    if (!(share.is_other && options.other == OtherRule::total_only))
      hhi += share.share * share.share;
    if (!std::isnan(share.governance)) {
      weighted += share.share * share.share * share.governance * share.trade_factor;
      covered += share.share;
    } else if (share.amount > 0.0 && !share.is_other) {
      without.push_back(share.country);
    }
  }
  out.hhi = hhi.value();
  out.governance_covered = covered.value();
  if (covered.value() > 0.0) out.hhi_wgi = weighted.value();
  if (!options.governance.empty() && !without.empty())
    out.findings.add({"supply.no_governance", Severity::warning, where, without.size(),
                      "no governance figure, so no weight in hhi_wgi: " + join(without, ", ")});
  if (!out.not_available.empty())
    out.findings.add({"supply.not_available", Severity::note, where, out.not_available.size(),
                      "without a figure and left out: " + join(out.not_available, ", ")});
  return out;
}

std::vector<Production> group_production(const std::vector<std::string>& element,
                                         const std::vector<std::string>& stage,
                                         const std::vector<std::string>& country,
                                         const std::vector<double>& amount,
                                         const std::vector<double>& trade_factor) {
  std::vector<Production> groups;
  for (std::size_t i = 0; i < country.size(); ++i) {
    const std::string own_element = element.empty() ? "" : element[i];
    const std::string own_stage = stage.empty() ? "" : stage[i];
    auto at = std::find_if(groups.begin(), groups.end(), [&](const Production& p) {
      return p.element == own_element && p.stage == own_stage;
    });
    if (at == groups.end()) {
      groups.push_back({own_element, own_stage, {}, {}, {}, false});
      at = groups.end() - 1;
    }
    at->country.push_back(country[i]);
    at->amount.push_back(amount[i]);
    if (!trade_factor.empty()) at->trade_factor.push_back(trade_factor[i]);
  }
  return groups;
}

double governance_risk(double wgi) {
  return 10.0 * (2.5 - wgi) / 5.0;
}

GovernanceScale governance_scale(std::string_view column, const std::vector<double>& values,
                                 const std::string& where) {
  const std::string name = lower(column);
  const auto says = [&](std::string_view word) { return name.find(word) != std::string::npos; };
  if (says("risk01")) return GovernanceScale::risk_1;
  if (says("risk") || says("010")) return GovernanceScale::risk_10;
  if (says("wgi") || says("estimate")) return GovernanceScale::indicator;
  double lowest = 0.0, highest = 0.0;
  for (const double x : values) {
    if (std::isnan(x)) continue;
    lowest = std::min(lowest, x);
    highest = std::max(highest, x);
  }
  if (lowest < 0.0) return GovernanceScale::indicator;
  if (highest > 2.5) return GovernanceScale::risk_10;
  throw Error("supply.governance_scale",
              "neither the name nor the values of '" + printable(column) + "' tell its scale",
              where,
              "Name it governance_risk (0 to 10), wgi_risk01 (0 to 1) or wgi (-2.5 to 2.5).");
}

double to_risk(double value, GovernanceScale scale) {
  if (scale == GovernanceScale::risk_10) return value;
  return scale == GovernanceScale::risk_1 ? 10.0 * value : governance_risk(value);
}

double import_reliance(const TradeBalance& b) {
  for (const double x : {b.production, b.imports, b.exports})
    if (x < 0.0)
      throw Error("supply.negative", "an amount of the trade balance is below 0",
                  "import reliance");
  const double consumption = std::isnan(b.apparent_consumption)
                                 ? b.production + b.imports - b.exports
                                 : b.apparent_consumption;
  if (std::isnan(consumption) || std::isnan(b.production))
    return std::numeric_limits<double>::quiet_NaN();
  if (b.production == 0.0 && consumption == 0.0)  // nothing is used: there is nothing to rely on
    return std::numeric_limits<double>::quiet_NaN();
  if (consumption <= 0.0) return 0.0;  // everything made at home is sold abroad
  return std::clamp(1.0 - b.production / consumption, 0.0, 1.0);
}

namespace {

void check_fraction(const char* name, double value) {
  if (!(value >= 0.0 && value <= 1.0))
    throw Error("supply.fraction",
                std::string(name) + " = " + number_text(value) + " is not from 0 to 1", name,
                "Write a share as a fraction: 80 % is 0.8.");
}

}  // namespace

double eu_supply_risk(const EuSupplyRisk& in) {
  check_fraction("import reliance", in.import_reliance);
  check_fraction("recycling input rate", in.recycling_rate);
  check_fraction("substitution index", in.substitution);
  const double half = in.import_reliance / 2.0;
  return (in.global_supply * half + in.sourcing * (1.0 - half)) * (1.0 - in.recycling_rate) *
         in.substitution;
}

GeoPolRisk geopolrisk(double hhi, const Production& imports, double domestic,
                      const ConcentrationOptions& options) {
  check_rows(imports);
  if (!(domestic >= 0.0))
    throw Error("supply.negative", "domestic production is not a number from 0 up", "GeoPolRisk");
  Sum weighted, total;
  for (std::size_t i = 0; i < imports.country.size(); ++i) {
    const std::string country = country_key(imports.country[i]);
    if (is_named(options.total_names, country) || std::isnan(imports.amount[i])) continue;
    const bool other = is_named(options.other_names, country);
    if (other && options.other == OtherRule::exclude) continue;
    const double g = governance_of(options, country, other);
    if (std::isnan(g) && imports.amount[i] > 0.0)
      throw Error("supply.no_governance", "no governance figure",
                  "imports from " + printable(country),
                  other ? "State one for the row Other with --other-governance, or leave it out "
                          "with --other exclude."
                        : "Add the country to the governance table.");
    if (imports.amount[i] > 0.0) weighted += imports.amount[i] * g / 10.0;
    total += imports.amount[i];
  }
  GeoPolRisk out;
  const double supply = total.value() + domestic;
  if (!(supply > 0.0))
    throw Error("supply.no_production", "there are neither imports nor domestic production",
                "GeoPolRisk");
  out.weighted_import_share = weighted.value() / supply;
  out.score = hhi * out.weighted_import_share;
  return out;
}

double usgs_supply_risk(double disruption, double exposure, double vulnerability) {
  check_fraction("disruption potential", disruption);
  check_fraction("trade exposure", exposure);
  check_fraction("economic vulnerability", vulnerability);
  return std::cbrt(disruption * exposure * vulnerability);
}

double share_of(const Concentration& supply, const std::set<std::string>& members,
                const std::map<std::string, std::string>& parents) {
  Sum share;
  for (const auto& one : supply.shares) {
    const auto parent = parents.find(one.country);
    if (members.count(one.country) > 0 ||
        (parent != parents.end() && members.count(parent->second) > 0))
      share += one.share;
  }
  return share.value();
}

Production trace_origin(const Production& imports, const std::vector<Origin>& origins) {
  std::map<std::string, double> traced;
  for (const auto& leg : origins) {
    check_fraction("share of origin", leg.share);
    double& share = traced[country_key(leg.from)];
    share += leg.share;
    if (share > 1.0 + 1e-9)
      throw Error("supply.shares_over_one", "the origins traced sum to more than the whole",
                  printable(leg.from));
  }
  std::map<std::string, double> by_origin;
  Production out;
  out.element = imports.element;
  out.stage = imports.stage;
  out.percent = imports.percent;
  out.source = imports.source;
  for (std::size_t i = 0; i < imports.country.size(); ++i) {
    double rest = 1.0;
    for (const auto& leg : origins) {
      if (country_key(leg.from) != country_key(imports.country[i])) continue;
      by_origin[country_key(leg.origin)] += imports.amount[i] * leg.share;
      rest -= leg.share;
    }
    if (rest > 1e-12) by_origin[country_key(imports.country[i])] += imports.amount[i] * rest;
  }
  for (const auto& [country, amount] : by_origin) {
    out.country.push_back(country);
    out.amount.push_back(amount);
  }
  return out;
}

}  // namespace lode
