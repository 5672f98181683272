#include "tools/volume_net.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/deposit/net_volume.h"
#include "tools/block_inputs.h"

namespace lode::tools {

namespace {

// Axes at the corner of all solids, so that coordinates of millions of metres cost no digits.
BlockLayout layout_over(const std::vector<const TriangleMesh*>& solids) {
  constexpr double far = std::numeric_limits<double>::infinity();
  std::array<double, 3> low{far, far, far}, high{-far, -far, -far};
  for (const TriangleMesh* solid : solids) {
    if (solid == nullptr) continue;
    const Box3 box = bounds_of(*solid);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      low[axis] = std::min(low[axis], box.lower[axis]);
      high[axis] = std::max(high[axis], box.upper[axis]);
    }
  }
  BlockLayout layout;
  layout.regular = false;
  // Heights stay as they are.
  layout.grid.origin = {low[0], low[1], 0.0};
  for (std::size_t axis = 0; axis < 3; ++axis) layout.grid.spacing[axis] = high[axis] - low[axis];
  return layout;
}

Json row_of(const NetVolume& net, const Constraints& constraints, double density) {
  Json json;
  const auto add = [&](Json& to, const std::string& key, double volume) {
    to[key + "_m3"] = volume;
    to[key + "_t"] = number_or_null(volume * density);
  };
  add(json, "gross", net.gross_m3);
  add(json, "net", net.net_m3);
  Json list = Json::array();
  for (std::size_t c = 0; c < constraints.size(); ++c) {
    Json one;
    const std::string name = constraints.name(c);
    one["constraint"] = name.substr(name.rfind('/') == std::string::npos ? 0 : name.rfind('/') + 1);
    one["kind"] = std::string(to_text(constraints.kind(c)));
    add(one, "alone", net.alone_m3[c]);
    add(one, "in_order", net.in_order_m3[c]);
    add(one, "marginal", net.marginal_m3[c]);
    list.push_back(one);
  }
  json["taken"] = list;
  return json;
}

}  // namespace

std::vector<Parameter> net_parameters() {
  std::vector<Parameter> list = constraint_parameters();
  list.push_back({.name = "input-crs",
                  .help = "CRS of the solids, where constraints have one: EPSG:n, or local:m",
                  .group = "Constraints"});
  return list;
}

bool asks_for_net(const Arguments& arguments) {
  return arguments.has("within") || arguments.has("outside") || arguments.has("below") ||
         arguments.has("above");
}

std::vector<Json> net_of_solids(const Arguments& arguments, const Session& session,
                                const std::vector<const TriangleMesh*>& solids, double density_t_m3,
                                Outcome& outcome) {
  std::vector<Json> rows(solids.size(), Json::object());
  const bool any = std::any_of(solids.begin(), solids.end(),
                               [](const TriangleMesh* solid) { return solid != nullptr; });
  if (!asks_for_net(arguments) || !any) return rows;
  const BlockLayout layout = layout_over(solids);
  const BlockCrs crs = block_crs(arguments);
  const Constraints constraints(arguments, session, layout, crs, outcome);
  std::size_t uncovered = 0;
  for (std::size_t s = 0; s < solids.size(); ++s) {
    if (solids[s] == nullptr) continue;
    const ColumnCutter solid(*solids[s], ColumnCutter::Form::solid, layout.grid);
    JointCutter cutter;
    cutter.add(solid, JointCutter::Keep::inside);
    constraints.add_to(cutter);
    const NetVolume net = net_volume(cutter, solid.bounds(), solids[s]->triangles.size(),
                                     session.jobs, session.progress.part(0.9, 1.0));
    uncovered += net.uncovered;
    rows[s] = row_of(net, constraints, density_t_m3);
  }
  if (uncovered > 0)
    outcome.findings.add("surface.uncovered", Severity::warning, "--below",
                         "a surface does not cover all columns of the solids: what has none above "
                         "or below it does not count",
                         uncovered);
  return rows;
}

}  // namespace lode::tools
