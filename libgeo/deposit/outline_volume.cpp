#include "libgeo/deposit/outline_volume.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {

namespace {

// Outside it nothing that is dug for: pumice floats at 0.25 t/m3, osmium has 22.6.
constexpr double least_density_t_m3 = 0.2;
constexpr double most_density_t_m3 = 23.0;

std::string name_of(const OutlineInputs& inputs, std::size_t row) {
  return row < inputs.ids.size() ? inputs.ids[row] : std::to_string(row + 1);
}

void check_inputs(const OutlineInputs& inputs, std::size_t row) {
  const std::string where = "feature " + name_of(inputs, row);
  check_range(inputs.thickness_m.at(row), "thickness", where);
  const LowBaseHigh density = inputs.density_t_m3.at(row);
  check_range(density, "density", where);
  for (double x : {density.low, density.base, density.high})
    if (x < least_density_t_m3 || x > most_density_t_m3)
      throw Error("deposit.density",
                  "density of " + number_text(x) + " t/m3 is that of no rock or ore", where,
                  "Check its unit: 2700 kg/m3 is 2.7 t/m3.");
  const LowBaseHigh grade = inputs.grade.at(row);
  check_range(grade, "grade", where);
  for (double x : {grade.low, grade.base, grade.high})
    if (x > 1.0)
      throw Error("deposit.grade", "grade of " + number_text(x * 100.0) + " % is more than the ore",
                  where, "Check its unit: ppm and % may be mixed up.");
}

std::string basis_of(const OutlineInputs& inputs) {
  std::string text = (inputs.crs.is_local() ? "planar area (" : "geodesic area (") +
                     inputs.crs.label() + ") x thickness " + inputs.thickness_m.basis;
  if (inputs.density_t_m3.given()) text += " x density " + inputs.density_t_m3.basis;
  if (inputs.density_t_m3.given() && inputs.grade.given()) text += " x grade " + inputs.grade.basis;
  return text + "; in place, dry";
}

// A finding for all features it holds of, placed at the first.
struct Counted {
  std::string first;
  std::size_t count = 0;

  void add(const std::string& place) {
    if (count++ == 0) first = place;
  }
  void say(Findings& findings, const std::string& code, const std::string& message) const {
    if (count > 0) findings.add(code, Severity::warning, first, message, count);
  }
};

bool is_outline(const Geometry& g) {
  return g.kind == GeometryKind::polygon && !g.empty();
}

/// Boxes that share an edge only, as those of a grid of claims do: nothing to measure.
bool only_touch(const Box& a, const Box& b) {
  const double width = std::min(a.max_x, b.max_x) - std::max(a.min_x, b.min_x);
  const double height = std::min(a.max_y, b.max_y) - std::max(a.min_y, b.min_y);
  return width <= 1e-9 * std::min(a.max_x - a.min_x, b.max_x - b.min_x) ||
         height <= 1e-9 * std::min(a.max_y - a.min_y, b.max_y - b.min_y);
}

/// Stops at `options.most_overlaps` pairs: a layer of outlines stacked on one place has as many as
/// the square of its features, and the first ones tell what is wrong.
void find_overlaps(const OutlineInputs& inputs, const OutlineOptions& options,
                   const Progress& progress, OutlineResult& result) {
  const std::vector<Geometry>& geometry = *inputs.geometry;
  std::vector<Box> boxes;
  for (const Geometry& g : geometry) boxes.push_back(box_of(g));
  const SpatialIndex index(boxes);
  Counted overlaps;
  for (std::size_t i = 0; i < geometry.size() && overlaps.count < options.most_overlaps; ++i) {
    if ((i & 255U) == 0)
      progress.update(static_cast<double>(i) / static_cast<double>(geometry.size()));
    if (!is_outline(geometry[i])) continue;
    for (std::size_t j : index.query(boxes[i])) {
      if (j <= i || !is_outline(geometry[j]) || only_touch(boxes[i], boxes[j])) continue;
      if (overlaps.count == options.most_overlaps) break;
      const double shared = area_m2(intersection(geometry[i], geometry[j]), inputs.crs);
      const double smaller = std::min(result.outlines[i].area_m2, result.outlines[j].area_m2);
      if (shared > options.overlap_share * smaller)
        overlaps.add(name_of(inputs, i) + " and " + name_of(inputs, j));
    }
  }
  std::string message =
      "outlines overlap; each was computed for itself, so that their sum counts the "
      "shared ground twice";
  if (overlaps.count == options.most_overlaps) message += " (no further pairs were looked for)";
  overlaps.say(result.findings, "outline.overlap", message);
}

void add_up(const OutlineInputs& inputs, OutlineResult& result) {
  Sum area, volume, tonnage, contained;
  const auto add = [](Sum& sum, double x) {
    if (!std::isnan(x)) sum += x;
  };
  for (const OutlineVolume& o : result.outlines) {
    add(area, o.area_m2);
    add(volume, o.volume_m3.base);
    add(tonnage, o.tonnage_t.base);
    add(contained, o.contained_t.base);
  }
  result.area_sum_m2 = area.value();
  result.volume_sum_m3 = volume.value();
  if (inputs.density_t_m3.given()) result.tonnage_sum_t = tonnage.value();
  if (inputs.density_t_m3.given() && inputs.grade.given())
    result.contained_sum_t = contained.value();
}

void say_what_is_missing(const OutlineInputs& inputs, OutlineResult& result) {
  Counted no_polygon, no_thickness, no_density, no_grade;
  for (std::size_t row = 0; row < result.outlines.size(); ++row) {
    const std::string place = name_of(inputs, row);
    if (std::isnan(result.outlines[row].area_m2)) {
      no_polygon.add(place);
      continue;
    }
    if (!inputs.thickness_m.at(row).known()) no_thickness.add(place);
    if (inputs.density_t_m3.given() && !inputs.density_t_m3.at(row).known()) no_density.add(place);
    if (inputs.grade.given() && !inputs.grade.at(row).known()) no_grade.add(place);
  }
  no_polygon.say(result.findings, "outline.not_polygon",
                 "the feature is no polygon; it has neither area nor volume");
  no_thickness.say(result.findings, "outline.no_thickness", "no thickness; there is no volume");
  no_density.say(result.findings, "outline.no_density", "no density; there is no tonnage");
  no_grade.say(result.findings, "outline.no_grade", "no grade; nothing is known to be contained");
}

}  // namespace

OutlineResult outline_volumes(const OutlineInputs& inputs, const OutlineOptions& options,
                              const Progress& progress) {
  const std::vector<Geometry>& geometry = *inputs.geometry;
  if (std::none_of(geometry.begin(), geometry.end(),
                   [](const Geometry& g) { return g.kind == GeometryKind::polygon && !g.empty(); }))
    throw Error("outline.no_polygon", "none of the features is a polygon", {},
                "An outline is a polygon; points and lines have no area.");

  OutlineResult result;
  result.outlines.resize(geometry.size());
  for (std::size_t row = 0; row < geometry.size(); ++row) check_inputs(inputs, row);
  const std::string basis = basis_of(inputs);
  parallel_blocks(
      geometry.size(), 64, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t row = begin; row < end; ++row) {
          OutlineVolume& o = result.outlines[row];
          o.basis = basis;
          if (!is_outline(geometry[row])) continue;
          o.area_m2 = area_m2(geometry[row], inputs.crs);
          o.volume_m3 = times(inputs.thickness_m.at(row), o.area_m2);
          o.tonnage_t = times(o.volume_m3, inputs.density_t_m3.at(row));
          o.contained_t = times(o.tonnage_t, inputs.grade.at(row));
        }
      },
      progress.part(0.0, 0.8));
  say_what_is_missing(inputs, result);
  find_overlaps(inputs, options, progress.part(0.8, 1.0), result);
  add_up(inputs, result);
  progress.update(1.0);
  return result;
}

}  // namespace lode
