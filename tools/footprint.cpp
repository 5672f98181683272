#include "libgeo/environment/footprint.h"

#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "tools/command.h"
#include "tools/session.h"

namespace lode::tools {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kHoursAYear = 8766.0;

Parameter figure(const std::string& name, const std::string& help, Dimension dimension) {
  return {.name = name,
          .kind = Kind::field_or_quantity,
          .help = help,
          .dimension = dimension,
          .parent = "SITES",
          .group = "Sites"};
}

Parameter option(const std::string& name, const std::string& help, Dimension dimension,
                 const std::string& text, double least, double most) {
  return {.name = name,
          .kind = Kind::quantity,
          .help = help,
          .dimension = dimension,
          .default_text = text,
          .minimum = least,
          .maximum = most,
          .group = "Model"};
}

Parameter rate(const std::string& name, const std::string& help, const std::string& text) {
  return {.name = name, .help = help, .default_text = text, .group = "Model"};
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "SITES",
       .kind = Kind::table,
       .help = "layer or table of sites",
       .positional = true,
       .required = true},
      {.name = "routes",
       .kind = Kind::file,
       .help = "CSV of process routes, such as sample_data/process_routes/process_routes.csv",
       .required = true,
       .group = "Sites"},
      {.name = "route",
       .help = "field that names each site's route, or one route for all",
       .required = true,
       .group = "Sites"},
      figure("ore", "ore, t", Dimension::mass),
      figure("ore-low", "its low estimate", Dimension::mass),
      figure("ore-high", "its high estimate", Dimension::mass),
      figure("grade", "TREO in the ore, mass fraction", Dimension::grade),
      figure("grade-low", "its low estimate", Dimension::grade),
      figure("grade-high", "its high estimate", Dimension::grade),
      figure("recovery", "share of TREO that is recovered; all of it when not said",
             Dimension::grade),
      figure("rate", "yearly output of TREO", Dimension::mass_rate),
      figure("life", "life", Dimension::time),
      figure("thorium", "thorium in the ore", Dimension::grade),
      figure("uranium", "uranium in the ore", Dimension::grade),
      {.name = "strip-ratio",
       .help = "tonnes of waste rock a tonne of ore: a field or a number",
       .group = "Sites"},
      figure("dam-height", "height of the tailings dam", Dimension::length),
      figure("disturbed", "disturbed area to be reclaimed", Dimension::area),
      option("tailings-density", "dry density of tailings as deposited", Dimension::density,
             "1.5 t/m3", 0.5, 3.0),
      rate("reclamation", "earthworks, cover and seeding an area", "25000 USD/ha"),
      rate("radioactive-cover", "the same where waste is radioactive", "150000 USD/ha"),
      rate("water-treatment", "treatment of water after closure, a year", "0 USD/yr"),
      option("treatment-time", "how long water is treated", Dimension::time, "30 yr", 0.0, 8.766e7),
      option("discount", "rate of discount a year", Dimension::grade, "3 %", 0.0, 1.0),
      option("indirect", "indirect costs, share of direct ones", Dimension::grade, "20 %", 0.0,
             10.0),
      option("contingency", "contingency, share of direct costs", Dimension::grade, "25 %", 0.0,
             10.0)};
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

/// "25000 USD/ha", "300 USD/yr": a number and what it is counted by.
double usd_per(const Arguments& arguments, const std::string& name, const std::string& unit) {
  const std::string text(trim(arguments.text(name)));
  const std::string ending = "USD/" + unit;
  double factor = 1.0;
  std::string number = text;
  if (text.ends_with(ending)) {
    number.resize(text.size() - ending.size());
  } else if (unit == "ha" && text.ends_with("USD/acre")) {
    number.resize(text.size() - 8);
    factor = 1e4 / 4046.8564224;
  } else {
    number.clear();
  }
  const auto value = parse_number(number);
  if (!value || *value < 0.0)
    throw Error("usage.quantity", "'" + printable(text) + "' is no amount in " + ending,
                "--" + name,
                "Write it as in '" + arguments.parameters.at(name)->default_text + "'.");
  return *value * factor;
}

FootprintOptions options_of(const Arguments& arguments) {
  FootprintOptions options;
  options.tailings_density_t_m3 = arguments.quantity("tailings-density");
  options.reclamation_usd_per_ha = usd_per(arguments, "reclamation", "ha");
  options.cover_usd_per_ha_radioactive = usd_per(arguments, "radioactive-cover", "ha");
  options.water_treatment_usd_per_yr = usd_per(arguments, "water-treatment", "yr");
  options.treatment_yr = arguments.quantity("treatment-time") / kHoursAYear;
  options.discount = arguments.quantity("discount");
  options.indirect = arguments.quantity("indirect");
  options.contingency = arguments.quantity("contingency");
  return options;
}

/// Numbers of a field or constant, one each; `missing` where nothing was said.
class Figures {
 public:
  Figures(const Arguments& arguments, const Layer& layer) : arguments_(arguments), layer_(layer) {}

  [[nodiscard]] std::vector<double> of(const std::string& name, Dimension dimension,
                                       double missing = kNan) const {
    if (!arguments_.has(name)) return std::vector<double>(layer_.size(), missing);
    const std::string text = arguments_.text(name);
    if (looks_like_quantity(text))
      return std::vector<double>(layer_.size(), parse_quantity(text, dimension, "--" + name));
    return quantity_column(layer_.table, text, dimension);
  }
  [[nodiscard]] std::vector<double> ratio(const std::string& name) const {
    const std::string text = arguments_.text(name);
    if (text.empty()) return std::vector<double>(layer_.size(), kNan);
    if (const auto number = parse_number(text)) return std::vector<double>(layer_.size(), *number);
    return layer_.table.numbers(text);
  }
  /// A field of that name comes before a route of that name.
  [[nodiscard]] std::vector<std::string> routes(const std::vector<ProcessRoute>& known) const {
    const std::string text = arguments_.text("route");
    if (layer_.table.find(text) != nullptr) return layer_.table.texts(text);
    std::vector<std::string> names = layer_.table.names();
    for (const ProcessRoute& route : known) {
      if (lower(route.id) == lower(text)) return std::vector<std::string>(layer_.size(), route.id);
      names.push_back(route.id);
    }
    throw Error("footprint.unknown_route",
                "'" + printable(text) + "' is neither a field of the sites nor a route", "--route",
                suggestion(text, names));
  }

 private:
  const Arguments& arguments_;
  const Layer& layer_;
};

std::vector<FootprintSite> sites_of(const Arguments& arguments, const Layer& layer,
                                    const std::vector<std::string>& ids,
                                    const std::vector<ProcessRoute>& routes) {
  const Figures figures(arguments, layer);
  const auto route = figures.routes(routes);
  const auto ore = figures.of("ore", Dimension::mass),
             ore_low = figures.of("ore-low", Dimension::mass),
             ore_high = figures.of("ore-high", Dimension::mass);
  const auto grade = figures.of("grade", Dimension::grade),
             grade_low = figures.of("grade-low", Dimension::grade),
             grade_high = figures.of("grade-high", Dimension::grade);
  const auto recovery = figures.of("recovery", Dimension::grade, 1.0);
  const auto yearly = figures.of("rate", Dimension::mass_rate);
  const auto life = figures.of("life", Dimension::time);
  const auto thorium = figures.of("thorium", Dimension::grade);
  const auto uranium = figures.of("uranium", Dimension::grade);
  const auto strip = figures.ratio("strip-ratio");
  const auto height = figures.of("dam-height", Dimension::length);
  const auto disturbed = figures.of("disturbed", Dimension::area);
  std::vector<FootprintSite> sites;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    FootprintSite site;
    site.id = ids[i];
    site.route = route[i];
    site.ore_t = {ore_low[i], ore[i], ore_high[i]};
    site.treo = {grade_low[i], grade[i], grade_high[i]};
    site.recovery = recovery[i];
    site.strip_ratio = strip[i];
    site.thorium_ppm = thorium[i] * 1e6;
    site.uranium_ppm = uranium[i] * 1e6;
    site.treo_t_per_yr = yearly[i];
    site.disturbed_ha = disturbed[i] / 1e4;
    site.dam_height_m = height[i];
    site.life_yr = life[i] / kHoursAYear;
    sites.push_back(site);
  }
  return sites;
}

Json row_of(const FootprintRow& row, const std::string& id, const std::string& name,
            const std::string& route) {
  Json json;
  json["id"] = id;
  json["name"] = name.empty() ? Json() : Json(name);
  json["route"] = route.empty() ? Json() : Json(route);
  for (const FootprintFigure& figure : row.figures)
    json[figure.name] = number_or_null(figure.value.base);
  json["figures"] = Json::array();
  for (const FootprintFigure& figure : row.figures) {
    Json one;
    one["name"] = figure.name;
    one["unit"] = figure.unit;
    one["low"] = number_or_null(figure.value.low);
    one["base"] = number_or_null(figure.value.base);
    one["high"] = number_or_null(figure.value.high);
    one["formula"] = figure.formula;
    one["source"] = figure.source;
    json["figures"].push_back(std::move(one));
  }
  return json;
}

OutputLayer output_of(const Layer& sites, const Footprints& result,
                      const std::vector<std::string>& ids,
                      const std::vector<FootprintSite>& inputs) {
  OutputLayer out;
  out.name = "footprints";
  out.crs = sites.crs;
  out.geometry = sites.geometry;
  out.table.name = out.name;
  out.table.add(text_column("id", ids));
  std::vector<std::string> routes;
  for (const FootprintSite& site : inputs) routes.push_back(site.route);
  out.table.add(text_column("route", routes));
  if (result.sites.empty()) return out;
  const auto& figures = result.sites.front().figures;
  for (std::size_t k = 0; k < figures.size(); ++k) {
    std::vector<double> low, base, high;
    bool ranged = false;
    for (const FootprintRow& row : result.sites) {
      const LowBaseHigh& value = row.figures[k].value;
      low.push_back(value.low);
      base.push_back(value.base);
      high.push_back(value.high);
      ranged = ranged || value.ranged();
    }
    out.table.add(number_column(figures[k].name, base, figures[k].unit));
    if (!ranged) continue;
    out.table.add(number_column(figures[k].name + "_low", low, figures[k].unit));
    out.table.add(number_column(figures[k].name + "_high", high, figures[k].unit));
  }
  return out;
}

Json summary_of(const Footprints& result, const std::vector<ProcessRoute>& routes,
                const std::string& file, const FootprintOptions& options) {
  Json out;
  out["sites"] = result.sites.size();
  out["routes"] = routes.size();
  out["routes_file"] = shown_path(file);
  std::size_t radioactive = 0, unknown = 0;
  for (const FootprintRow& row : result.sites) {
    const double said = row.find("radioactive")->value.base;
    radioactive += said == 1.0;
    unknown += std::isnan(said);
  }
  out["radioactive"] = radioactive;
  out["radioactive_unknown"] = unknown;
  out["tailings_density_t_m3"] = options.tailings_density_t_m3;
  return out;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  ReadOptions reading = read_options(arguments, session);
  reading.need_crs = false;
  const Layer layer = read_table(arguments.text("SITES"), reading, session.progress.part(0.0, 0.5));
  const std::string file = arguments.text("routes");
  const std::string text = text_of_file(file, {}, std::size_t{4} << 20);  // a page or two
  const std::vector<ProcessRoute> routes = parse_process_routes(text, file);
  Source table;
  table.path = file;
  table.sha256 = sha256(text);
  outcome.inputs = {layer.source, table};
  outcome.findings = layer.findings;
  const auto ids = feature_ids(layer, arguments.text("id"));
  const auto names = feature_names(layer, arguments.text("name"));
  const auto sites = sites_of(arguments, layer, ids, routes);
  const FootprintOptions options = options_of(arguments);
  const Footprints result = footprints(sites, routes, options, session.progress.part(0.5, 0.6));
  outcome.findings.add(result.findings);
  outcome.shown = {
      "id",          "route",     "waste_t_per_t",   "tailings_m3",    "thorium_t",
      "radioactive", "runout_km", "water_m3_per_kg", "co2e_kg_per_kg", "closure_bond_usd"};
  add_results(session, outcome, sites.size(), [&](std::size_t i) {
    session.progress.check();  // a row is two dozen figures with their words
    return row_of(result.sites[i], ids[i], names[i], sites[i].route);
  });
  outcome.summary = summary_of(result, routes, file, options);
  write_output(arguments, session, output_of(layer, result, ids, sites), outcome);
  return outcome;
}

}  // namespace

Command footprint_command() {
  Command command;
  command.name = "footprint";
  command.summary = "waste, thorium, water, CO2e, dam failure and closure bond of each site";
  command.group = "Environment";
  command.parameters = parameters();
  command.setup = [](const Arguments& arguments) { static_cast<void>(options_of(arguments)); };
  command.run = run;
  return command;
}

}  // namespace lode::tools
