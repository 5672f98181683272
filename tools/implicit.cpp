#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/implicit.h"
#include "tools/params.h"
#include "tools/sample_inputs.h"
#include "tools/solid_output.h"

namespace lode::tools {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The numeric columns that the options name, in one order.
struct Fields {
  std::vector<std::string> names;
  int value = -1, normal = -1, dip = -1, azimuth = -1;
};

Fields fields_of(const Arguments& arguments) {
  Fields fields;
  const auto add = [&](const std::string& name) {
    fields.names.push_back(name);
    return static_cast<int>(fields.names.size()) - 1;
  };
  if (arguments.has("value")) fields.value = add(arguments.text("value"));
  if (arguments.has("normals"))
    for (const std::string& name : list_of(arguments, "normals")) {
      const int at = add(name);
      if (fields.normal < 0) fields.normal = at;
    }
  if (arguments.has("dip")) fields.dip = add(arguments.text("dip"));
  if (arguments.has("azimuth")) fields.azimuth = add(arguments.text("azimuth"));
  return fields;
}

std::string row_of(const SampleInputs& inputs, std::size_t i) {
  return inputs.layer.source.path + ", " + inputs.samples.name(i);
}

// All of the columns of an orientation, or none.
bool whole(const SampleInputs& inputs, std::size_t i, const std::vector<double>& parts) {
  const auto blank =
      std::count_if(parts.begin(), parts.end(), [](double part) { return std::isnan(part); });
  if (blank == 0) return true;
  if (blank == static_cast<std::ptrdiff_t>(parts.size())) return false;
  throw Error("implicit.orientation", "part of the orientation is blank", row_of(inputs, i),
              "Fill in the rest, or leave all of it blank.");
}

// The upward normal of a plane (of an overturned one, beyond 90 degrees, the downward one).
std::array<double, 3> normal_of_dip(const SampleInputs& inputs, std::size_t i, double dip,
                                    double azimuth) {
  if (!(dip >= 0.0 && dip <= 180.0) || !(std::abs(azimuth) <= 360.0))
    throw Error(
        "implicit.angle",
        "a dip of " + number_text(dip) + " towards " + number_text(azimuth) + " degrees cannot be",
        row_of(inputs, i),
        "Dips are from 0 to 180, more than 90 when overturned; dip azimuths from 0 to 360.");
  const double d = dip * std::numbers::pi / 180.0, a = azimuth * std::numbers::pi / 180.0;
  return {std::sin(d) * std::sin(a), std::sin(d) * std::cos(a), std::cos(d)};
}

void read_orientations(const SampleInputs& inputs, const Fields& fields, ImplicitPoints& points) {
  const auto at = [&](int field, std::size_t i) {
    return inputs.samples.values[static_cast<std::size_t>(field)][i];
  };
  if (fields.normal < 0 && fields.dip < 0) return;
  points.normals.assign(inputs.samples.size(), {nan, nan, nan});
  for (std::size_t i = 0; i < inputs.samples.size(); ++i) {
    if (fields.normal >= 0) {
      const std::array n{at(fields.normal, i), at(fields.normal + 1, i), at(fields.normal + 2, i)};
      if (whole(inputs, i, {n[0], n[1], n[2]})) points.normals[i] = n;
    } else {
      const double dip = at(fields.dip, i), azimuth = at(fields.azimuth, i);
      if (whole(inputs, i, {dip, azimuth}))
        points.normals[i] = normal_of_dip(inputs, i, dip, azimuth);
    }
  }
}

// 1 inside, 0 outside, -1 blank. With --inside-is one word is the inside and all others are not.
void read_inside(const Arguments& arguments, const SampleInputs& inputs, ImplicitPoints& points) {
  const auto texts = inputs.layer.table.texts(arguments.text("inside"));
  const std::string word = arguments.text("inside-is");
  for (std::size_t i = 0; i < inputs.row.size(); ++i) {
    const std::string text(trim(texts[inputs.row[i]]));
    const std::string low = lower(text);
    if (text.empty())
      points.inside.push_back(-1);
    else if (!word.empty())
      points.inside.push_back(text == word ? 1 : 0);
    else if (low == "1" || low == "in" || low == "inside" || low == "true" || low == "yes")
      points.inside.push_back(1);
    else if (low == "0" || low == "out" || low == "outside" || low == "false" || low == "no")
      points.inside.push_back(0);
    else
      throw Error("implicit.word", "'" + printable(text) + "' is neither inside nor outside",
                  row_of(inputs, i),
                  "Write 1 or 0, in or out; or name the word of the inside with --inside-is.");
  }
}

// Values of the function: in the unit of the column with --value, else lengths.
std::vector<double> values_of(const Arguments& arguments, const std::string& option) {
  const std::string text = arguments.text(option);
  if (text.empty()) return {};
  if (!arguments.has("value")) return option_quantities(text, Dimension::length, "--" + option);
  std::vector<double> values;
  for (const std::string& part : split(text, ',')) {
    const auto number = parse_number(part);
    if (!number)
      throw Error("usage.list", "'" + printable(text) + "' is no list of numbers", "--" + option,
                  "With --value these are in the unit of that column: write bare numbers.");
    values.push_back(*number);
  }
  return values;
}

Box3 bounds_of(const Arguments& arguments, double metres_per_unit) {
  const std::string text = arguments.text("bounds");
  std::vector<double> sides;
  if (parse_number(text.substr(text.rfind(',') + 1))) {
    sides = numbers_of(text, 6, "bounds");
    for (double& one : sides) one *= metres_per_unit;
  } else {
    sides = option_quantities(text, Dimension::length, "--bounds");
  }
  bool good = sides.size() == 6;
  for (std::size_t a = 0; good && a < 3; ++a) good = sides[a] < sides[a + 3];
  if (!good)
    throw Error("usage.bounds", "'" + printable(text) + "' is no box", "--bounds",
                "Six coordinates, the lower corner first: x0,y0,z0,x1,y1,z1.");
  return {{sides[0], sides[1], sides[2]}, {sides[3], sides[4], sides[5]}};
}

double one_length(const Arguments& arguments, const std::string& option) {
  return arguments.has(option) ? lengths_of(arguments.text(option), 1, option)[0] : 0.0;
}

ImplicitOptions options_of(const Arguments& arguments, const Session& session,
                           double metres_per_unit) {
  ImplicitOptions options;
  options.rbf.jobs = session.jobs;
  options.rbf.kernel = parse_radial_kernel(arguments.text("kernel"));
  options.rbf.drift = arguments.has("drift") ? parse_rbf_drift(arguments.text("drift"))
                                             : least_drift(options.rbf.kernel);
  options.rbf.range_m = one_length(arguments, "range");
  options.rbf.smoothing_m = one_length(arguments, "smoothing");
  if (arguments.has("anisotropy")) {
    const auto six = numbers_of(arguments.text("anisotropy"), 6, "anisotropy");
    options.rbf.angles = {six[0], six[1], six[2]};
    options.rbf.ratios = {six[3], six[4], six[5]};
  }
  const auto tolerance = values_of(arguments, "tolerance");
  if (tolerance.size() > 1 || (!tolerance.empty() && !(tolerance[0] > 0.0)))
    throw Error("usage.tolerance", "the tolerance is not one value above 0", "--tolerance",
                "Say the largest residual that may stand at a datum.");
  if (!tolerance.empty()) options.tolerance = tolerance[0];
  options.offset_m = one_length(arguments, "offset");
  options.iso = values_of(arguments, "iso");
  options.inside_below = arguments.text("keep") == "below";
  options.cell_m = one_length(arguments, "cell");
  options.has_bounds = arguments.has("bounds");
  if (options.has_bounds) options.bounds = bounds_of(arguments, metres_per_unit);
  return options;
}

Json row_json(const ImplicitModel& model, const ImplicitSolid& solid, double density,
              std::size_t points) {
  Json row;
  row["iso"] = solid.iso;
  row["triangles"] = solid.mesh.triangles.size();
  row["closed"] = solid.closed;
  row["components"] = solid.components;
  row["area_m2"] = solid.area_m2;
  row["volume_m3"] = solid.volume_m3;
  row["tonnage_t"] = number_or_null(solid.volume_m3 * density);
  row["points"] = points;
  row["max_residual"] = model.field.max_residual;
  row["rms_residual"] = model.field.rms_residual;
  row["iterations"] = model.field.iterations;
  row["touches_bounds"] = solid.touches_bounds;
  return row;
}

Json list_json(const std::array<double, 3>& of) {
  Json list = Json::array();
  for (const double v : of) list.push_back(v);
  return list;
}

void fill_summary(const ImplicitModel& model, const ImplicitOptions& options,
                  const std::string& crs, Outcome& outcome) {
  Json& summary = outcome.summary;
  summary["from"] = model.from;
  summary["crs"] = crs;
  summary["data"] = model.field.data;
  summary["off_surface_points"] = model.off_surface;
  summary["slopes"] = model.slopes;
  summary["offset_m"] = model.offset_m;
  summary["kernel"] = std::string(to_text(options.rbf.kernel));
  summary["drift"] = std::string(to_text(options.rbf.drift));
  summary["smoothing_m"] = options.rbf.smoothing_m;
  summary["tolerance"] = model.tolerance;
  summary["solver_residual"] = model.field.solver_residual;
  summary["inside"] = options.inside_below ? "below" : "above";
  summary["lower_m"] = list_json(model.bounds.lower);
  summary["upper_m"] = list_json(model.bounds.upper);
  summary["cell_m"] = list_json(model.solids[0].cell_m);
  summary["lattice_m"] = list_json(model.solids[0].lattice_m);
}

// One object an isovalue, in the unit of the points' CRS.
SolidOutput output_of(const ImplicitModel& model, const SampleInputs& inputs) {
  SolidOutput output;
  output.name = std::filesystem::path(inputs.layer.source.path).stem().string();
  set_crs(inputs.layer.crs, true, output);
  for (const ImplicitSolid& solid : model.solids)
    output.solids.push_back({"iso_" + number_text(solid.iso), &solid.mesh});
  return output;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Fields fields = fields_of(arguments);
  const SampleInputs inputs = read_samples(arguments, session, arguments.text("POINTS"),
                                           fields.names, session.progress.part(0.0, 0.1), outcome);
  const std::string path = inputs.layer.source.path;
  if (!inputs.has_z)
    throw Error("implicit.no_z", "the points have no elevation", path,
                "A solid is made in space: name the column with --z.");
  ImplicitPoints points;
  points.source = path;
  points.names = inputs.samples.names;
  for (std::size_t i = 0; i < inputs.samples.size(); ++i)
    points.places.push_back({inputs.samples.x[i], inputs.samples.y[i], inputs.samples.z[i]});
  if (fields.value >= 0)
    points.values = inputs.samples.values[static_cast<std::size_t>(fields.value)];
  read_orientations(inputs, fields, points);
  if (arguments.has("inside")) read_inside(arguments, inputs, points);
  const ImplicitOptions options = options_of(arguments, session, inputs.metres_per_unit);
  const ImplicitModel model = implicit_model(points, options, session.progress.part(0.1, 0.95));
  outcome.findings.add(model.findings);
  const double density = arguments.quantity("density");
  fill_summary(model, options, inputs.layer.crs.label(), outcome);
  outcome.shown = {"iso",       "triangles",    "components",   "volume_m3",
                   "tonnage_t", "max_residual", "rms_residual", "touches_bounds"};
  add_results(session, outcome, model.solids.size(), [&](std::size_t i) {
    return row_json(model, model.solids[i], density, points.places.size());
  });
  refuse_unmet_units(arguments, session);
  write_solids(arguments, session, output_of(model, inputs), outcome);
  return outcome;
}

void setup(const Arguments& arguments) {
  const auto refuse = [](const char* code, const std::string& what, const std::string& hint) {
    throw Error(code, what, "implicit", hint);
  };
  if (arguments.has("inside") &&
      (arguments.has("value") || arguments.has("normals") || arguments.has("dip")))
    refuse("usage.implicit", "--inside goes with neither --value nor orientations",
           "Samples that are inside or outside say both already.");
  if (arguments.has("inside-is") && !arguments.has("inside"))
    refuse("usage.implicit", "--inside-is without --inside", "Name the column with --inside.");
  if (arguments.has("dip") != arguments.has("azimuth"))
    refuse("usage.implicit", "--dip and --azimuth go together",
           "Name the columns of the dip and of the direction that it dips to.");
  if (arguments.has("normals") && arguments.has("dip"))
    refuse("usage.implicit", "--normals and --dip say the same thing", "Give one of them.");
  if (arguments.has("normals") && list_of(arguments, "normals").size() != 3)
    refuse("usage.implicit", "normals are three columns", "For example --normals nx,ny,nz.");
  if (!arguments.has("inside") && !arguments.has("value") && !arguments.has("normals") &&
      !arguments.has("dip"))
    refuse("usage.implicit", "nothing says what the points mean",
           "Give --value, --normals, --dip and --azimuth, or --inside.");
  check_solid_output(arguments);
  if (arguments.has("density") &&
      !(arguments.quantity("density") > 0.0 && arguments.quantity("density") <= 23.0))
    refuse("usage.density", "this density cannot be",
           "Dry bulk density is above 0 and up to 23 t/m3.");
  Session session;
  (void)options_of(arguments, session, 1.0);
}

std::vector<Parameter> data_parameters() {
  std::vector<Parameter> list = {
      {.name = "value",
       .kind = Kind::field,
       .help = "column of the function's values: distances to the surface, or any other measure"},
      {.name = "normals", .help = "columns nx,ny,nz of orientations, towards greater values"},
      {.name = "dip",
       .kind = Kind::field,
       .help = "column of the dip in degrees, 0 level to 90; beyond 90 overturned"},
      {.name = "azimuth",
       .kind = Kind::field,
       .help = "column of the direction of dip, degrees clockwise from grid north"},
      {.name = "inside",
       .kind = Kind::field,
       .help = "column that says whether a sample is inside: 1 or 0, in or out"},
      {.name = "inside-is", .help = "word of --inside that means inside; all others are outside"},
      {.name = "z",
       .kind = Kind::field,
       .help = "column of the elevation (default: z, elevation or rl)"}};
  for (Parameter& parameter : list) {
    parameter.parent = "POINTS";
    parameter.group = "Points";
  }
  return list;
}

std::vector<Parameter> function_parameters() {
  std::vector<Parameter> list = {
      {.name = "kernel",
       .kind = Kind::choice,
       .help = "radial basis function",
       .choices = {"linear", "cubic", "wendland"},
       .default_text = "linear"},
      {.name = "drift",
       .kind = Kind::choice,
       .help = "polynomial that the function tends to (default: the least the kernel asks for)",
       .choices = {"none", "constant", "linear"}},
      {.name = "range", .help = "how far a datum reaches, of the wendland kernel: '500 m'"},
      {.name = "smoothing",
       .help = "length by which the surface may leave its points behind; without it, none"},
      {.name = "anisotropy", .help = "azimuth,dip,rake,major,semi-major,minor: 30,60,0,4,2,1"},
      {.name = "offset",
       .help = "distance of points off the surface (default: half the median spacing)"},
      {.name = "tolerance",
       .help = "largest residual at a datum (default: a ten-thousandth of the data's range)"}};
  for (Parameter& parameter : list) parameter.group = "Function";
  return list;
}

std::vector<Parameter> solid_parameters() {
  std::vector<Parameter> list = {
      {.name = "iso",
       .help = "values of the boundary: '0 m', or numbers in the unit of --value: 0,60,250"},
      {.name = "keep",
       .kind = Kind::choice,
       .help = "which side of the boundary is the solid",
       .choices = {"below", "above"},
       .default_text = "below"},
      {.name = "cell", .help = "side of the cells of the surface: '5 m'", .required = true},
      {.name = "bounds",
       .help = "x0,y0,z0,x1,y1,z1: the solid ends here (default: the points' box, enlarged by a "
               "tenth of its diagonal)"},
      {.name = "density",
       .kind = Kind::quantity,
       .help = "dry bulk density, for tonnes: '2.7 t/m3'",
       .dimension = Dimension::density}};
  for (Parameter& parameter : list) parameter.group = "Solid";
  append(list, solid_output_parameters("the solids, one object a value"));
  return list;
}

}  // namespace

Command implicit_command() {
  Command command;
  command.name = "implicit";
  command.summary =
      "solids from contacts and orientations, values or coded samples, by radial basis functions";
  command.group = "Deposit";
  command.parameters = {{.name = "POINTS",
                         .kind = Kind::vector_layer,
                         .help = "points with z",
                         .positional = true,
                         .required = true}};
  append(command.parameters, data_parameters());
  append(command.parameters, function_parameters());
  append(command.parameters, solid_parameters());
  append(command.parameters, reading_parameters());
  command.setup = setup;
  command.run = run;
  return command;
}

}  // namespace lode::tools
