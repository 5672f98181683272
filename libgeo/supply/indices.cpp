#include "libgeo/supply/indices.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

void check_fraction(const char* name, double value, const std::string& where) {
  if (!(value >= 0.0 && value <= 1.0))
    throw Error(
        "supply.fraction", std::string(name) + " = " + number_text(value) + " is not from 0 to 1",
        where.empty() ? std::string(name) : where, "Write a share as a fraction: 80 % is 0.8.");
}

double import_reliance(const TradeBalance& b) {
  for (const double x : {b.production, b.imports, b.exports, b.apparent_consumption})
    if (x < 0.0)
      throw Error("supply.negative", "an amount of the trade balance is below 0",
                  "import reliance");
  const double stocks = std::isnan(b.stock_increase) ? 0.0 : b.stock_increase;
  const double consumption = std::isnan(b.apparent_consumption)
                                 ? b.production + b.imports - b.exports - stocks
                                 : b.apparent_consumption;
  if (std::isnan(consumption) || std::isnan(b.production))
    return std::numeric_limits<double>::quiet_NaN();
  if (b.production == 0.0 && consumption == 0.0)  // nothing is used: there is nothing to rely on
    return std::numeric_limits<double>::quiet_NaN();
  if (consumption <= 0.0) return 0.0;  // everything made at home is sold abroad
  return std::clamp(1.0 - b.production / consumption, 0.0, 1.0);
}

std::string reliance_mismatch(const FigureRange& printed, double computed, double rounding) {
  if (std::isnan(printed.value) || std::isnan(computed)) return {};
  if (computed >= printed.low - rounding - 1e-12 && computed <= printed.high + rounding + 1e-12)
    return {};
  const auto percent = [](double x) { return fixed_text(100.0 * x, 1) + " %"; };
  return "printed as " + percent(printed.low) +
         (printed.high > printed.low ? " to " + percent(printed.high) : "") + ", computed " +
         percent(computed) + " from production and consumption";
}

double eu_supply_risk(const EuSupplyRisk& in) {
  check_fraction("import reliance", in.import_reliance);
  check_fraction("recycling input rate", in.recycling_rate);
  check_fraction("substitution index", in.substitution);
  const double half = in.import_reliance / 2.0;
  return (in.global_supply * half + in.sourcing * (1.0 - half)) * (1.0 - in.recycling_rate) *
         in.substitution;
}

namespace {

void check_sum(double sum, const std::string& what, const std::string& where) {
  if (sum > 1.0 + 1e-9)
    throw Error("supply.shares_over_one",
                what + " sum to " + number_text(sum) + ", more than the whole", where);
}

}  // namespace

SubstitutionIndices substitution_indices(const std::vector<MaterialUse>& uses,
                                         const std::vector<Substitute>& substitutes) {
  SubstitutionIndices out;
  Sum si_sr, si_ei, covered;
  for (const auto& use : uses) {
    check_fraction("share of use", use.share, printable(use.name));
    Sum taken, sr, ei;
    for (const auto& one : substitutes) {
      if (one.use != use.name) continue;
      const std::string where = printable(use.name) + ", " + printable(one.name);
      for (const auto& [name, value] : {std::pair<const char*, double>{"share", one.share},
                                        {"SP", one.production},
                                        {"SCr", one.criticality},
                                        {"SCo", one.co_production},
                                        {"SCP", one.cost_performance}})
        check_fraction(name, value, where);
      taken += one.share;
      sr += one.share * std::cbrt(one.production * one.criticality * one.co_production);
      ei += one.share * one.cost_performance;
    }
    check_sum(taken.value(), "the shares of the substitutes", printable(use.name));
    const double rest = std::max(1.0 - taken.value(), 0.0);
    si_sr += use.share * (sr.value() + rest);
    si_ei += use.share * (ei.value() + rest);
    covered += use.share;
  }
  for (const auto& one : substitutes)
    if (std::none_of(uses.begin(), uses.end(),
                     [&](const MaterialUse& use) { return use.name == one.use; }))
      throw Error("supply.unknown_use", "a substitute is of a use that is not listed",
                  printable(one.use) + ", " + printable(one.name));
  check_sum(covered.value(), "the shares of the uses", "uses");
  out.covered = std::min(covered.value(), 1.0);
  const double rest = 1.0 - out.covered;
  out.supply_risk = std::min(si_sr.value() + rest, 1.0);
  out.importance = std::min(si_ei.value() + rest, 1.0);
  return out;
}

double economic_importance(const std::vector<MaterialUse>& uses, double si_ei) {
  Sum total, shares;
  for (const auto& use : uses) {
    total += use.share * use.value_added;
    shares += use.share;
  }
  check_sum(shares.value(), "the shares of the uses", "uses");
  return uses.empty() ? std::numeric_limits<double>::quiet_NaN() : total.value() * si_ei;
}

GeoPolRisk geopolrisk(double hhi, const Production& imports, double domestic,
                      const ConcentrationOptions& options) {
  if (imports.amount.size() != imports.country.size())
    throw Error("supply.length", "countries and amounts differ in number", "imports");
  if (!(domestic >= 0.0))
    throw Error("supply.negative", "domestic production is not a number from 0 up", "GeoPolRisk");
  Sum weighted, total;
  for (std::size_t i = 0; i < imports.country.size(); ++i) {
    const std::string country = country_key(imports.country[i]);
    if (imports.amount[i] < 0.0 || std::isinf(imports.amount[i]))
      throw Error("supply.negative",
                  "the amount " + number_text(imports.amount[i]) + " is not a number from 0 up",
                  "imports from " + printable(country));
    if (is_named(options.total_names, country) || std::isnan(imports.amount[i])) continue;
    const bool other = is_named(options.other_names, country);
    if (other && options.other == OtherRule::exclude) continue;
    const auto found = options.governance.find(country);
    const double g = other                               ? options.other_governance
                     : found == options.governance.end() ? std::numeric_limits<double>::quiet_NaN()
                                                         : found->second;
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

double geopolrisk_factor(double score, double price_usd_per_kg, double reference_usd_per_kg) {
  if (price_usd_per_kg < 0.0 || !(reference_usd_per_kg > 0.0))
    throw Error("supply.negative", "a price is below 0, or that of the reference is not above 0",
                "GeoPolRisk");
  return score * price_usd_per_kg / reference_usd_per_kg;
}

double usgs_supply_risk(double disruption, double exposure, double vulnerability) {
  check_fraction("disruption potential", disruption);
  check_fraction("trade exposure", exposure);
  check_fraction("economic vulnerability", vulnerability);
  return std::cbrt(disruption * exposure * vulnerability);
}

DisruptionPotential disruption_potential(const Concentration& supply,
                                         const std::map<std::string, SupplyWillingness>& indices,
                                         const std::string& home) {
  DisruptionPotential out;
  Sum sum, covered;
  for (const auto& share : supply.shares) {
    if (!home.empty() && share.country == home) {
      covered += share.share;
      continue;
    }
    const auto found = indices.find(share.country);
    double index = std::numeric_limits<double>::quiet_NaN();
    if (found != indices.end()) {
      const auto& both = found->second;
      for (const auto& [name, value] : {std::pair<const char*, double>{"ability", both.ability},
                                        {"willingness", both.willingness}})
        if (!std::isnan(value)) check_fraction(name, value, share.country);
      index = std::fmax(both.ability, both.willingness);
    }
    if (std::isnan(index)) {
      if (share.amount > 0.0) out.without.push_back(share.country);
      continue;
    }
    sum += share.share * share.share * index;
    covered += share.share;
  }
  out.covered = covered.value();
  if (out.without.size() < supply.shares.size() && !indices.empty()) out.value = sum.value();
  return out;
}

}  // namespace lode
