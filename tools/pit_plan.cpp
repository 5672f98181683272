#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/params.h"
#include "tools/pit_inputs.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

int place_of(PitPlan& plan, const std::string& column) {
  const auto at = std::find(plan.numbers.begin(), plan.numbers.end(), column);
  if (at != plan.numbers.end()) return static_cast<int>(at - plan.numbers.begin());
  plan.numbers.push_back(column);
  return static_cast<int>(plan.numbers.size()) - 1;
}

std::string unit_of(const Arguments& arguments, const Session& session, const std::string& column) {
  const ReadOptions options = other_read_options(arguments, session);
  const auto said = options.units.find(column);
  if (said == options.units.end()) return unit_of_field_name(column);
  session.units_met->insert(column);
  return said->second;
}

// A column of money; without a unit it stands in a currency of its own.
int money_column(const Arguments& arguments, const Session& session, const BlockFile& header,
                 const std::string& option, PitPlan& plan, double& factor) {
  const std::string column = header.column(arguments.text(option));
  const std::string unit = unit_of(arguments, session, column);
  if (!unit.empty()) {
    factor = unit_factor(unit, Dimension::money, column);
    plan.unit_said = true;
  }
  return place_of(plan, column);
}

void plan_mass(const Arguments& arguments, const Session& session, const BlockFile& header,
               PitPlan& plan) {
  if (arguments.has("tonnage")) {
    const std::string column = header.column(arguments.text("tonnage"));
    const std::string unit = unit_of(arguments, session, column);
    if (unit.empty())
      throw Error("unit.missing", "the unit of column '" + printable(column) + "' is not known",
                  header.path(), "Say it: --field-unit " + printable(column) + "=t.");
    plan.tonnage_factor = unit_factor(unit, Dimension::mass, column);
    plan.tonnage = place_of(plan, column);
  }
  if (!arguments.has("density")) return;
  const std::string text = arguments.text("density");
  if (looks_like_quantity(text)) {
    plan.density_said = parse_quantity(text, Dimension::density, "--density");
    if (!(plan.density_said > 0.0 && plan.density_said <= 23.0))
      throw Error("usage.density", "a density of '" + printable(text) + "' cannot be", "--density",
                  "Dry bulk density is above 0 and up to 23 t/m3.");
    return;
  }
  const std::string column = header.column(text);
  const std::string unit = unit_of(arguments, session, column);
  if (unit.empty())
    throw Error("unit.missing", "the unit of column '" + printable(column) + "' is not known",
                header.path(), "Say it: --field-unit " + printable(column) + "=t/m3.");
  plan.density_factor = unit_factor(unit, Dimension::density, column);
  plan.density = place_of(plan, column);
}

// A quantity for each product, or one for all.
std::vector<double> by_product(const Arguments& arguments, const std::string& name,
                               Dimension dimension, std::size_t n, double otherwise) {
  if (!arguments.has(name)) return std::vector<double>(n, otherwise);
  auto list = option_quantities(arguments.text(name), dimension, "--" + name);
  if (list.size() == 1) list.assign(n, list.front());
  if (list.size() != n)
    throw Error("usage.list",
                "--" + name + " gives " + std::to_string(list.size()) + " quantities for " +
                    std::to_string(n) + " grades",
                "--" + name, "Give one for all, or one for each column of --grade.");
  return list;
}

void plan_products(const Arguments& arguments, const Session& session, const BlockFile& header,
                   PitPlan& plan) {
  for (const std::string& name : list_of(arguments, "grade")) {
    const std::string column = header.column(name);
    plan.products.push_back(
        product_column(column, unit_of(arguments, session, column), "", OxideBasis::trade));
    plan.grade.push_back(place_of(plan, column));
  }
  const std::size_t n = plan.products.size();
  plan.price_usd_per_t = by_product(arguments, "price", Dimension::price_per_mass, n, 0.0);
  plan.selling_usd_per_t = by_product(arguments, "selling-cost", Dimension::price_per_mass, n, 0.0);
  plan.recovery = by_product(arguments, "recovery", Dimension::grade, n, 1.0);
  for (const double recovery : plan.recovery)
    if (!(recovery >= 0.0 && recovery <= 1.0))
      throw Error("usage.range", "a recovery lies outside 0 to 100 %", "--recovery",
                  "For example '85 %'.");
}

}  // namespace

PitPlan make_pit_plan(const Arguments& arguments, const Session& session, const BlockFile& header) {
  PitPlan plan;
  if (arguments.has("value")) {
    plan.money = PitMoney::value;
    plan.value = money_column(arguments, session, header, "value", plan, plan.value_factor);
  } else if (arguments.has("revenue")) {
    plan.money = PitMoney::columns;
    plan.revenue = money_column(arguments, session, header, "revenue", plan, plan.revenue_factor);
    plan.cost = money_column(arguments, session, header, "cost", plan, plan.cost_factor);
  } else {
    plan.money = PitMoney::computed;
    plan.unit_said = true;
  }
  plan_mass(arguments, session, header, plan);
  plan_products(arguments, session, header, plan);
  if (arguments.has("cost-mining")) plan.mining_usd_per_t = arguments.quantity("cost-mining");
  if (arguments.has("cost-processing"))
    plan.processing_usd_per_t = arguments.quantity("cost-processing");
  if (arguments.has("ore")) plan.ore = place_of(plan, header.column(arguments.text("ore")));
  if (arguments.has("share")) plan.share = place_of(plan, header.column(arguments.text("share")));
  if (arguments.has("zone")) plan.zone = header.column(arguments.text("zone"));
  const std::string slope = arguments.text("slope");
  if (!slope.empty() && !looks_like_quantity(slope))
    plan.slope = place_of(plan, header.column(slope));
  plan.blank_is_air = arguments.text("no-value") == "air";
  plan.blank_is_waste = arguments.text("no-value") == "waste";
  return plan;
}

std::vector<double> revenue_factors(const Arguments& arguments) {
  if (!arguments.has("revenue-factors")) return {1.0};
  const std::string text = arguments.text("revenue-factors");
  auto factors = numbers_of(text, split(text, ',').size(), "revenue-factors");
  for (std::size_t f = 0; f < factors.size(); ++f)
    if (!(factors[f] > (f > 0 ? factors[f - 1] : 0.0)))
      throw Error("usage.range",
                  "revenue factor " + number_text(factors[f]) +
                      " is not above 0 and above the one before it",
                  "--revenue-factors", "Write them from low to high, e.g. 0.4,0.6,0.8,1.");
  return factors;
}

std::map<std::string, SlopeZone> read_slope_zones(const Arguments& arguments, Outcome& outcome) {
  std::map<std::string, SlopeZone> zones;
  if (!arguments.has("sectors")) {
    const std::string text = arguments.text("slope");
    if (!looks_like_quantity(text)) return zones;
    // Angles may stand bare, unlike other quantities.
    const auto bare = parse_number(text);
    zones[""].sectors = {
        {0.0, bare ? *bare : option_quantities(text, Dimension::angle, "--slope").front()}};
    return zones;
  }
  const std::string path = arguments.text("sectors");
  const Layer layer = read_table(path);
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  const auto azimuth = layer.table.numbers("azimuth_deg");
  const auto slope = layer.table.numbers("slope_deg");
  std::vector<std::string> names(slope.size());
  if (arguments.has("zone")) names = layer.table.texts("zone");
  for (std::size_t row = 0; row < slope.size(); ++row)
    zones[names[row]].sectors.push_back({azimuth[row], slope[row]});
  for (auto& [name, zone] : zones) check_zone(zone, path.c_str());
  if (zones.empty()) {
    SlopeZone none;
    check_zone(none, path.c_str());
  }
  return zones;
}

}  // namespace lode::tools
