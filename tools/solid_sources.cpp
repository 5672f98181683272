#include "tools/solid_sources.h"

#include <cmath>
#include <numbers>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/solids.h"
#include "tools/cutoffs.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

using Vec = std::array<double, 3>;

struct Group {
  std::string name;
  std::vector<Vec> points;
  std::size_t samples = 0;
};

Group& group_of(std::vector<Group>& groups, const std::string& name) {
  for (Group& group : groups)
    if (group.name == name) return group;
  groups.push_back({name, {}, 0});
  return groups.back();
}

const Column* column_of(const Table& table, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (const Column* column = table.find(name)) return column;
  return nullptr;
}

// Half of each interval as a step from its middle, by row; empty when the table does not say it.
std::vector<Vec> half_intervals(const Table& table) {
  const Column* from = column_of(table, {"from_m", "from"});
  const Column* to = column_of(table, {"to_m", "to"});
  const Column* azimuth = column_of(table, {"azimuth_deg", "azimuth"});
  const Column* dip = column_of(table, {"dip_deg", "dip"});
  if (from == nullptr || to == nullptr || azimuth == nullptr || dip == nullptr) return {};
  const auto start = table.numbers(from->name), end = table.numbers(to->name);
  const auto bearing = table.numbers(azimuth->name), down = table.numbers(dip->name);
  constexpr double radians = std::numbers::pi / 180.0;
  std::vector<Vec> steps;
  for (std::size_t row = 0; row < start.size(); ++row) {
    const double half = (end[row] - start[row]) / 2.0;
    if (!(half >= 0.0) || !std::isfinite(half) || !std::isfinite(bearing[row]) ||
        !std::isfinite(down[row]))
      throw Error("solid.interval", "the interval has no length, azimuth or dip",
                  table.name + ", " + table.row_name(row),
                  "Fill it in, or leave the row out with --where.");
    const double a = bearing[row] * radians, d = down[row] * radians;
    steps.push_back(
        {half * std::sin(a) * std::cos(d), half * std::cos(a) * std::cos(d), -half * std::sin(d)});
  }
  return steps;
}

std::vector<Group> groups_of(const Arguments& arguments, const SampleInputs& inputs,
                             bool intercepts, Outcome& outcome) {
  const Table& table = inputs.layer.table;
  const bool cut = arguments.has("value");
  double cutoff = 0.0;
  if (cut) {
    const auto list = cutoffs_of(arguments.text("cutoff"),
                                 unit_of_column(table, arguments.text("value")), "--cutoff");
    if (list.size() != 1)
      throw Error("usage.cutoff", "one cut-off makes one solid", "--cutoff", "Give one.");
    cutoff = list[0];
  }
  std::vector<std::string> names;
  if (arguments.has("group")) names = table.texts(arguments.text("group"));
  std::vector<Vec> ends;
  if (intercepts) ends = half_intervals(table);
  std::vector<Group> groups;
  std::size_t without = 0;
  for (std::size_t s = 0; s < inputs.samples.size(); ++s) {
    if (cut && std::isnan(inputs.samples.values[0][s])) ++without;
    if (cut && !(inputs.samples.values[0][s] >= cutoff)) continue;
    const std::size_t row = inputs.row[s];
    Group& group = group_of(groups, names.empty() ? "solid" : names[row]);
    ++group.samples;
    const Vec at{inputs.samples.x[s], inputs.samples.y[s], inputs.samples.z[s]};
    if (ends.empty()) group.points.push_back(at);
    for (const double sign : {-1.0, 1.0})
      if (!ends.empty())
        group.points.push_back({at[0] + sign * ends[row][0], at[1] + sign * ends[row][1],
                                at[2] + sign * ends[row][2]});
  }
  if (without > 0)
    outcome.findings.add("solid.no_value", Severity::warning, inputs.layer.source.path,
                         "samples without a value were left out", without);
  if (intercepts && ends.empty())
    outcome.findings.add("solid.middles", Severity::note, inputs.layer.source.path,
                         "the table has no from, to, azimuth and dip: the solid runs through the "
                         "middles of the intervals and is smaller by half of one all round");
  if (groups.empty())
    throw Error("solid.empty", "no sample is left to make a solid of", inputs.layer.source.path,
                cut ? "Lower --cutoff." : "Give a table with points.");
  return groups;
}

MadeSolid make(const Group& group, const Arguments& arguments, const Session& session) {
  MadeSolid made;
  made.name = group.name;
  made.more["samples"] = group.samples;
  made.more["points"] = group.points.size();
  if (arguments.text("shape") == "hull") {
    session.progress.check();
    made.mesh = convex_hull(group.points);
    return made;
  }
  const AlphaShape shape =
      alpha_solid(group.points, arguments.has("alpha") ? arguments.quantity("alpha") : 0.0,
                  session.progress.part(0.3, 0.9));
  made.mesh = shape.mesh;
  made.more["alpha_m"] = shape.alpha_m;
  made.more["parts"] = shape.parts;
  made.more["points_left_out"] = shape.left_out;
  made.more["filled_m3"] = shape.filled_m3;
  return made;
}

}  // namespace

MadeSolids solids_of_points(const Arguments& arguments, const Session& session, bool intercepts,
                            Outcome& outcome) {
  std::vector<std::string> fields;
  if (arguments.has("value")) fields.push_back(arguments.text("value"));
  const std::string path = arguments.texts("INPUT").front();
  const SampleInputs inputs =
      read_samples(arguments, session, path, fields, session.progress.part(0.0, 0.3), outcome);
  if (!inputs.has_z)
    throw Error("solid.too_few", "the points have no elevation: no solid is around them", path,
                "Name its column with --z.");
  MadeSolids made;
  made.crs = inputs.layer.crs;
  std::optional<Error> first;
  for (const Group& group : groups_of(arguments, inputs, intercepts, outcome)) try {
      made.solids.push_back(make(group, arguments, session));
    } catch (const Error& error) {
      if (error.code != "solid.too_few" && error.code != "solid.empty") throw;
      if (!first) first = Error(error.code, error.what(), path + ", " + group.name, error.hint);
      outcome.findings.add(error.code, Severity::warning, path + ", " + group.name,
                           std::string(error.what()) + ": left out");
    }
  if (made.solids.empty()) throw Error(*first);
  if (arguments.text("shape") == "hull")
    outcome.findings.add("solid.hull", Severity::warning, path,
                         "a convex hull fills every bay and gap between the points: it overstates "
                         "the volume; --shape alpha follows them more closely");
  for (const MadeSolid& solid : made.solids)
    if (solid.more.has("parts") && solid.more.at("parts").as_number() > 1.0)
      outcome.findings.add("solid.parts", Severity::warning, path + ", " + solid.name,
                           "the alpha shape is in several bodies",
                           static_cast<std::size_t>(solid.more.at("parts").as_number()));
  return made;
}

MadeSolids solid_of_sections(const Arguments& arguments, const Session& session, Outcome& outcome) {
  const std::string path = arguments.texts("INPUT").front();
  const SampleInputs inputs =
      read_samples(arguments, session, path, {}, session.progress.part(0.0, 0.5), outcome);
  const auto section = inputs.layer.table.texts(arguments.text("section"));
  std::vector<std::string> ring(section.size());
  if (arguments.has("ring")) ring = inputs.layer.table.texts(arguments.text("ring"));
  std::vector<SectionRing> rings;
  std::string last;
  for (std::size_t s = 0; s < inputs.samples.size(); ++s) {
    const std::size_t row = inputs.row[s];
    if (rings.empty() || rings.back().section != section[row] || last != ring[row])
      rings.push_back({section[row], {}});
    last = ring[row];
    rings.back().vertices.push_back(
        {inputs.samples.x[s], inputs.samples.y[s], inputs.samples.z[s]});
  }
  SectionOptions options;
  if (arguments.has("ends")) options.end_m = arguments.quantity("ends");
  MadeSolid made;
  made.name = "solid";
  made.mesh = solid_from_sections(rings, options, outcome.findings);
  made.more["rings"] = rings.size();
  MadeSolids result;
  result.crs = inputs.layer.crs;
  result.solids.push_back(std::move(made));
  return result;
}

}  // namespace lode::tools
