// Shares of blocks in classes and permits.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/overlay.h"
#include "tools/simulate_inputs.h"

namespace lode::tools {

namespace {

double planar_area(const Path& ring) {
  double twice = 0.0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i)
    // About the first vertex, so that large coordinates do not eat the digits.
    twice += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
             (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
  return std::abs(twice) / 2.0;
}

double planar_area(const Geometry& geometry) {
  double sum = 0.0;
  for (const Polygon& polygon : geometry.polygons) {
    sum += planar_area(polygon.shell);
    for (const Path& hole : polygon.holes) sum -= planar_area(hole);
  }
  return sum;
}

// Outline of a column of blocks seen from above, in the unit of the CRS.
Geometry column_outline(const BlockGrid& blocks, std::size_t i, std::size_t j,
                        double metres_per_unit) {
  Path ring;
  const std::size_t corners[][2] = {{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}, {i, j}};
  for (const auto& corner : corners) {
    const auto at = from_grid(blocks, {static_cast<double>(corner[0]) * blocks.spacing[0],
                                       static_cast<double>(corner[1]) * blocks.spacing[1], 0.0});
    ring.push_back({at[0] / metres_per_unit, at[1] / metres_per_unit});
  }
  return polygon_geometry(ring);
}

void add_permits(const Arguments& arguments, const Session& session, const SampleInputs& inputs,
                 const BlockGrid& blocks, const Progress& progress, Outcome& outcome,
                 std::vector<Zone>& zones) {
  if (!arguments.has("permits")) return;
  Layer layer = read_layer(arguments.text("permits"), other_read_options(arguments, session),
                           progress.part(0.0, 0.3));
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  if (!(layer.crs == inputs.layer.crs)) layer = to_crs(std::move(layer), inputs.layer.crs);
  const auto ids = feature_ids(layer, arguments.text("permit-id"));
  const std::size_t columns = blocks.count[0] * blocks.count[1];
  std::vector<Geometry> outline;
  for (std::size_t column = 0; column < columns; ++column)
    outline.push_back(column_outline(blocks, column % blocks.count[0], column / blocks.count[0],
                                     inputs.metres_per_unit));
  for (std::size_t permit = 0; permit < layer.size(); ++permit) {
    if (layer.geometry[permit].kind != GeometryKind::polygon) continue;
    const Box box = box_of(layer.geometry[permit]);
    Zone zone{"permit", ids[permit], std::vector<double>(blocks.size(), 0.0)};
    for (std::size_t column = 0; column < columns; ++column) {
      if (column % 256 == 0) progress.check();
      if (!box.meets(box_of(outline[column]))) continue;
      const double share = planar_area(intersection(outline[column], layer.geometry[permit])) /
                           planar_area(outline[column]);
      for (std::size_t k = 0; k < blocks.count[2]; ++k)
        zone.share[column + k * columns] = std::min(1.0, share);
    }
    zones.push_back(std::move(zone));
  }
}

// Which part of each block counts, 0 to 1: a body's edge cuts through blocks.
std::vector<double> proportions(const Layer& layer, const std::string& field,
                                const std::string& path) {
  auto shares = layer.table.numbers(field);
  for (std::size_t row = 0; row < shares.size(); ++row)
    if (!(shares[row] >= 0.0 && shares[row] <= 1.0))
      throw Error("simulate.proportion",
                  "the proportion is " +
                      (std::isnan(shares[row]) ? std::string("missing") : number_text(shares[row])),
                  path + ", " + layer.table.row_name(row), "Give a number from 0 to 1.");
  return shares;
}

// Points of a block model, counted by the block that they lie in and by their class.
void add_classes(const Arguments& arguments, const Session& session, const SampleInputs& inputs,
                 const BlockGrid& blocks, const Progress& progress, Outcome& outcome,
                 std::vector<Zone>& zones) {
  if (!arguments.has("class-blocks")) return;
  const std::string path = arguments.text("class-blocks");
  const Layer layer = read_layer(path, other_read_options(arguments, session), progress);
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  if (!(layer.crs == inputs.layer.crs))
    throw Error(
        "simulate.crs_differs",
        "the blocks stand in " + layer.crs.label() + ", the samples in " + inputs.layer.crs.label(),
        path, "Bring both to one CRS.");
  const auto names = layer.table.texts(arguments.text("class"));
  const bool has_z = layer.table.find("z") != nullptr;
  if (!has_z && blocks.count[2] > 1)
    throw Error("simulate.no_class", "the blocks have no column z", path,
                "Blocks of a class are centres x, y, z.");
  const auto z = has_z ? layer.table.numbers("z") : std::vector<double>(layer.size(), 0.0);
  std::vector<double> all(blocks.size(), 0.0);
  const auto proportion = arguments.has("proportion")
                              ? proportions(layer, arguments.text("proportion"), path)
                              : std::vector<double>(layer.size(), 1.0);
  std::map<std::string, std::vector<double>> by_class;
  for (std::size_t row = 0; row < layer.size(); ++row) {
    if (row % 4096 == 0) progress.check();
    if (layer.geometry[row].points.empty() || names[row].empty() || !std::isfinite(z[row]))
      continue;
    const Point at = layer.geometry[row].points[0];
    const auto local = to_grid(
        blocks,
        {at.x * inputs.metres_per_unit, at.y * inputs.metres_per_unit,
         has_z ? z[row] * inputs.metres_per_unit : blocks.origin[2] + 0.5 * blocks.spacing[2]});
    std::array<std::size_t, 3> index{};
    bool inside = true;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double place = std::floor(local[axis] / blocks.spacing[axis]);
      inside = inside && place >= 0.0 && place < static_cast<double>(blocks.count[axis]);
      if (inside) index[axis] = static_cast<std::size_t>(place);
    }
    if (!inside) continue;
    const std::size_t block = blocks.index(index[0], index[1], index[2]);
    auto& share = by_class[names[row]];
    if (share.empty()) share.assign(blocks.size(), 0.0);
    share[block] += proportion[row];
    all[block] += 1.0;
  }
  if (by_class.empty())
    throw Error("simulate.no_class", "no block of a class lies inside the grid", path,
                "Check its coordinates against --origin, --spacing and --count.");
  const auto without = static_cast<std::size_t>(std::count(all.begin(), all.end(), 0.0));
  if (without > 0)
    outcome.findings.add("simulate.class_missing", Severity::warning, path,
                         "blocks without a class are in the whole alone", without);
  for (auto& [name, share] : by_class) {
    for (std::size_t block = 0; block < share.size(); ++block)
      if (all[block] > 0.0) share[block] /= all[block];
    zones.push_back({"class", name, std::move(share)});
  }
}

}  // namespace

std::vector<Zone> read_zones(const Arguments& arguments, const Session& session,
                             const SampleInputs& inputs, const BlockGrid& blocks,
                             const Progress& progress, Outcome& outcome) {
  std::vector<Zone> zones{{"all", "all", {}}};
  add_classes(arguments, session, inputs, blocks, progress.part(0.0, 0.5), outcome, zones);
  add_permits(arguments, session, inputs, blocks, progress.part(0.5, 1.0), outcome, zones);
  return zones;
}

}  // namespace lode::tools
