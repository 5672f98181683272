#include "tools/drillhole_inputs.h"

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/params.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

std::vector<Parameter> drillhole_parameters() {
  std::vector<Parameter> list = {
      {.name = "collars", .kind = Kind::table, .help = "hole, x, y, z and perhaps depth"},
      {.name = "surveys",
       .kind = Kind::table,
       .help = "hole, depth (at), azimuth, dip; without it azimuth and dip of the collars count"},
      {.name = "assays", .kind = Kind::table, .help = "hole, from, to and values"},
      {.name = "lithology", .kind = Kind::table, .help = "hole, from, to and what was logged"},
      {.name = "desurveyed",
       .kind = Kind::table,
       .help = "instead of these: intervals with hole, from, to and x, y, z of their middle"},
      {.name = "unit",
       .kind = Kind::choice,
       .help = "of depths whose column says none; else that of the CRS",
       .choices = {"m", "ft"}},
      {.name = "dip-down",
       .kind = Kind::choice,
       .help = "the sign of a dip that points down; else taken from the data when all are alike",
       .choices = {"positive", "negative"}},
      {.name = "azimuth-add",
       .help = "added to azimuths, degrees: magnetic declination and grid convergence"},
      {.name = "method",
       .kind = Kind::choice,
       .help = "how a hole runs between surveys",
       .choices = {"mincurv", "balanced", "tangential"},
       .default_text = "mincurv"},
      {.name = "value",
       .help = "columns of the assays, with commas between; else all that hold numbers",
       .repeatable = true}};
  for (Parameter& parameter : list) parameter.group = "Drillholes";
  for (Parameter& parameter : reading_parameters())
    for (const char* name :
         {"input-crs", "fields", "field-unit", "encoding", "missing", "below-detection"})
      if (parameter.name == name) list.push_back(parameter);
  return list;
}

std::vector<Parameter> weighting_parameters() {
  std::vector<Parameter> list = {
      {.name = "density",
       .kind = Kind::field,
       .help = "column of the density, by which values are weighted",
       .parent = "assays"},
      {.name = "recovery",
       .kind = Kind::field,
       .help = "column of the core recovery in per cent, by which values are weighted",
       .parent = "assays"},
      {.name = "domain",
       .kind = Kind::field,
       .help = "column of the lithology or the assays whose changes are hard boundaries",
       .parent = "lithology"}};
  for (Parameter& parameter : list) parameter.group = "Weights and domains";
  return list;
}

void check_drillhole_options(const Arguments& arguments) {
  const bool triple = arguments.has("collars"), ready = arguments.has("desurveyed");
  if (triple == ready)
    throw Error(
        "usage.drillholes",
        triple ? "--collars and --desurveyed exclude each other" : "no drillholes are named",
        "drillholes", "Give --collars with --surveys and --assays, or --desurveyed alone.");
  for (const char* name : {"surveys", "assays", "lithology"})
    if (ready && arguments.has(name))
      throw Error("usage.drillholes", std::string("--") + name + " does not go with --desurveyed",
                  "drillholes", "A desurveyed table holds its values and domains itself.");
}

namespace {

double azimuth_add(const Arguments& arguments) {
  const std::string text = arguments.text("azimuth-add");
  if (text.empty()) return 0.0;
  const auto bare = parse_number(text);
  if (bare) return *bare;
  const auto angles = option_quantities(text, Dimension::angle, "--azimuth-add");
  if (angles.size() != 1)
    throw Error("usage.quantity", "'" + printable(text) + "' is not one angle", "--azimuth-add",
                "For example -3.5.");
  return angles.front();
}

DrillholeOptions options_of(const Arguments& arguments) {
  DrillholeOptions options;
  if (arguments.has("unit"))
    options.depth_metres_per_unit = arguments.text("unit") == "ft" ? 0.3048 : 1.0;
  if (arguments.has("dip-down"))
    options.dip_down =
        arguments.text("dip-down") == "positive" ? DipSign::positive_down : DipSign::negative_down;
  options.azimuth_add_deg = azimuth_add(arguments);
  options.method = parse_path_method(arguments.text("method"));
  for (const std::string& pair : split(arguments.text("fields"), ',')) {
    if (trim(pair).empty()) continue;
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size())
      throw Error("usage.pairs", "'" + printable(pair) + "' is not NAME=VALUE", "--fields",
                  "Write pairs such as hole=BHID,depth=EOH.");
    options.fields[std::string(trim(pair.substr(0, equals)))] =
        std::string(trim(pair.substr(equals + 1)));
  }
  options.values = list_of(arguments, "value");
  const auto field = [&](const char* name) {
    return arguments.parameters.contains(name) ? arguments.text(name) : std::string();
  };
  options.density = field("density");
  options.recovery = field("recovery");
  options.domain = field("domain");
  static_assert(static_cast<int>(BelowDetection::missing) ==
                static_cast<int>(NegativeValue::missing));
  options.negative =
      static_cast<NegativeValue>(parse_below_detection(arguments.text("below-detection")));
  return options;
}

// A word of --fields that is no column of a drillhole table, or a column that no table has.
void check_fields(const DrillholeOptions& options, const std::vector<const Layer*>& layers) {
  static const std::vector<std::string> known{"hole", "x",       "y",   "z",    "depth",
                                              "at",   "azimuth", "dip", "from", "to"};
  for (const auto& [wanted, field] : options.fields) {
    if (std::find(known.begin(), known.end(), wanted) == known.end())
      throw Error("usage.fields", "'" + printable(wanted) + "' is no column of drillholes",
                  "--fields", suggestion(wanted, known));
    bool met = false;
    for (const Layer* layer : layers) met = met || layer->table.find(field) != nullptr;
    if (!met)
      throw Error("usage.fields", "no table has a column '" + printable(field) + "'", "--fields",
                  "'lode inspect FILE' lists the columns.");
  }
}

// Points of a spatial layer become columns x and y unless it has them.
void add_places(Layer& layer) {
  if (!layer.has_geometry() || layer.table.find("x") != nullptr || layer.table.find("y") != nullptr)
    return;
  std::vector<double> x, y;
  for (const Geometry& geometry : layer.geometry) {
    const bool point = geometry.kind == GeometryKind::point && geometry.points.size() == 1;
    x.push_back(point ? geometry.points[0].x : std::nan(""));
    y.push_back(point ? geometry.points[0].y : std::nan(""));
  }
  layer.table.add(number_column("x", std::move(x)));
  layer.table.add(number_column("y", std::move(y)));
}

void settle_crs(const Arguments& arguments, const Layer& places, const DrillholeNeeds& needs,
                DrillholeInputs& inputs) {
  if (places.has_crs) {
    inputs.crs = places.crs;
  } else if (arguments.has("input-crs")) {
    inputs.crs = parse_crs(arguments.text("input-crs"), "--input-crs");
  } else {
    if (needs.crs)
      throw Error("crs.missing", "the table does not say which CRS its coordinates are in",
                  places.table.name,
                  "Declare it: --input-crs EPSG:n, or local:m, local:ft for a mine grid.");
    return;
  }
  inputs.has_crs = true;
  if (inputs.crs.is_geographic())
    throw Error(
        "drillholes.geographic",
        "the collars stand in degrees (" + inputs.crs.label() + "), and holes run in metres",
        places.table.name, "Bring them to a projected CRS, e.g. UTM.");
  inputs.metres_per_unit = inputs.crs.metres_per_unit;
}

}  // namespace

DrillholeInputs read_drillhole_inputs(const Arguments& arguments, const Session& session,
                                      const DrillholeNeeds& needs, const Progress& progress,
                                      Outcome& outcome) {
  DrillholeOptions options = options_of(arguments);
  options.checking = needs.checking;
  const ReadOptions reading = other_read_options(arguments, session);
  std::vector<Layer> layers;
  layers.reserve(4);
  const auto read = [&](const char* name) -> const Table* {
    if (!arguments.has(name)) return nullptr;
    const double from = 0.15 * static_cast<double>(layers.size());
    layers.push_back(read_table(arguments.text(name), reading, progress.part(from, from + 0.15)));
    outcome.inputs.push_back(layers.back().source);
    outcome.findings.add(layers.back().findings);
    return &layers.back().table;
  };
  DrillholeTables tables;
  tables.desurveyed = read("desurveyed");
  tables.collars = read("collars");
  add_places(layers.front());
  tables.surveys = read("surveys");
  tables.assays = read("assays");
  tables.lithology = read("lithology");
  std::vector<const Layer*> all;
  for (const Layer& layer : layers) all.push_back(&layer);
  check_fields(options, all);
  DrillholeInputs inputs;
  settle_crs(arguments, layers.front(), needs, inputs);
  options.metres_per_unit = inputs.metres_per_unit;
  options.projected = inputs.has_crs && inputs.crs.is_projected();
  if (!arguments.has("unit"))
    outcome.findings.add(
        "drillholes.unit", Severity::note, layers.front().table.name,
        inputs.has_crs ? "depths whose column says no unit are in that of the CRS, " +
                             number_text(inputs.metres_per_unit) + " m (--unit says it)"
                       : std::string("depths whose column says no unit were taken as metres"));
  inputs.set = read_drillholes(tables, options, progress.part(0.6, 1.0));
  outcome.findings.add(inputs.set.findings);
  if (!needs.checking) require_sound(inputs.set);
  return inputs;
}

namespace {

const char* name_of(DrillholeTableKind kind) {
  static constexpr const char* names[] = {"",       "collars",   "surveys",
                                          "assays", "lithology", "desurveyed"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace

std::vector<std::string> inspect_drillholes(const Arguments& arguments, const Session& session,
                                            const std::vector<std::string>& files,
                                            Outcome& outcome) {
  DrillholeOptions options;
  options.checking = true;
  options.negative =
      static_cast<NegativeValue>(parse_below_detection(arguments.text("below-detection")));
  std::vector<Layer> layers;
  layers.reserve(files.size());
  DrillholeTables tables;
  std::vector<std::string> kinds;
  const auto tell = [&](const Error& error) {
    outcome.findings.add(error.code, Severity::error, error.where,
                         error.hint.empty() ? error.what() : error.what() + (". " + error.hint));
  };
  for (const std::string& file : files) {
    kinds.emplace_back();
    try {
      layers.push_back(read_table(file, other_read_options(arguments, session), session.progress));
    } catch (const Error& error) {
      if (error.code.starts_with("run.")) throw;
      continue;
    }
    Layer& layer = layers.back();
    add_places(layer);
    const DrillholeTableKind kind = drillhole_table_kind(layer.table, options);
    kinds.back() = name_of(kind);
    const Table** slots[] = {nullptr,        &tables.collars,   &tables.surveys,
                             &tables.assays, &tables.lithology, &tables.desurveyed};
    const Table** slot = slots[static_cast<std::size_t>(kind)];
    if (slot == nullptr || *slot != nullptr)
      outcome.findings.add("drillholes.not_a_table", Severity::error, layer.table.name,
                           slot == nullptr
                               ? "has the columns of no drillhole table: collars (hole, x, y, z), "
                                 "surveys (hole, at, azimuth, dip) or intervals (hole, from, to)"
                               : std::string("is a second table of ") + name_of(kind));
    else
      *slot = &layer.table;
    if (kind == DrillholeTableKind::collars && layer.has_crs && layer.crs.is_geographic())
      outcome.findings.add("drillholes.geographic", Severity::error, layer.table.name,
                           "the collars stand in degrees, and holes run in metres");
  }
  if (tables.collars == nullptr && tables.desurveyed == nullptr) {
    outcome.findings.add("drillholes.no_collars", Severity::error, files.front(),
                         "no table of collars was named or could be read");
    return kinds;
  }
  try {
    outcome.findings.add(read_drillholes(tables, options, session.progress).findings);
  } catch (const Error& error) {
    if (error.code.starts_with("run.")) throw;
    tell(error);
  }
  return kinds;
}

void summarise(const DrillholeInputs& inputs, Outcome& outcome) {
  outcome.summary["holes"] = inputs.set.holes.size();
  outcome.summary["samples"] = inputs.set.samples;
  outcome.summary["metres"] = inputs.set.metres;
}

double percentage_of(const Arguments& arguments, const std::string& name, double otherwise) {
  const std::string text = arguments.text(name);
  const std::string said(trim(text));
  if (said.empty()) return otherwise;
  const auto number = parse_number(said.ends_with('%') ? said.substr(0, said.size() - 1) : said);
  if (!number || *number < 0.0 || *number > 100.0)
    throw Error("usage.percentage", "'" + printable(said) + "' is not within 0 to 100 %",
                "--" + name, "For example 50 or '50 %'.");
  return *number;
}

namespace {

double cap_value(const std::string& text, const std::string& unit, const std::string& field) {
  const auto bare = parse_number(text);
  const std::string where = "--cap for '" + printable(field) + "'";
  if (unit.empty()) {
    if (bare) return *bare;
    throw Error("usage.cap", "the column says no unit, so '" + printable(text) + "' cannot be met",
                where, "Say the column's unit with --field-unit, or give a bare number.");
  }
  if (bare)
    throw Error("usage.cap", "'" + printable(text) + "' says no unit", where,
                "Write it with one, e.g. '" + text + " " + unit + "'.");
  const auto cut = text.find_first_not_of("+-.0123456789eE ");
  const auto number =
      cut == std::string::npos ? std::nullopt : parse_number(trim(text.substr(0, cut)));
  const auto ratio = cut == std::string::npos
                         ? std::nullopt
                         : unit_ratio(trim(std::string_view(text).substr(cut)), unit);
  if (!number || !ratio)
    throw Error("usage.cap", "'" + printable(text) + "' is no amount in " + unit, where,
                "Write it like '5 " + unit + "'.");
  return *number * *ratio;
}

}  // namespace

std::vector<NamedCap> caps_of(const Arguments& arguments, const DrillholeIntervals& intervals) {
  std::vector<NamedCap> caps;
  for (const std::string& text : arguments.texts("cap")) {
    const auto equals = text.find('=');
    const std::string field(equals == std::string::npos ? std::string_view()
                                                        : trim(text.substr(0, equals)));
    const std::string amount(trim(equals == std::string::npos ? text : text.substr(equals + 1)));
    std::size_t variable = intervals.variables.size();
    if (field.empty() && intervals.variables.size() == 1) variable = 0;
    for (std::size_t v = 0; v < intervals.variables.size(); ++v)
      if (!field.empty() && lower(intervals.variables[v]) == lower(field)) variable = v;
    if (variable == intervals.variables.size())
      throw Error("usage.cap",
                  field.empty() ? "there are several values, and the cap names none"
                                : "'" + printable(field) + "' is none of the values",
                  "--cap", "Write FIELD=AMOUNT, e.g. --cap 'treo_pct=5 %'.");
    const double cap = cap_value(amount, intervals.units[variable], intervals.variables[variable]);
    if (!(cap > 0.0))
      throw Error("usage.cap", "a cap is above 0", "--cap", "It is the highest value that counts.");
    caps.push_back({variable, cap});
  }
  return caps;
}

Parameter cap_parameter(const std::string& help) {
  Parameter parameter;
  parameter.name = "cap";
  parameter.help = help;
  parameter.repeatable = true;
  parameter.group = "Weights and domains";
  return parameter;
}

std::vector<double> interval_weights(const DrillholeSet& set) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < set.assays.size(); ++i) {
    double weight = set.assays.to_m[i] - set.assays.from_m[i];
    if (!set.assays.density_t_m3.empty()) weight *= set.assays.density_t_m3[i];
    if (!set.assays.recovery_pct.empty()) weight *= set.assays.recovery_pct[i] / 100.0;
    weights.push_back(weight);
  }
  return weights;
}

}  // namespace lode::tools
