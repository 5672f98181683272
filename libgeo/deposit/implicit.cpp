#include "libgeo/deposit/implicit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/nearest_points.h"

namespace lode {

namespace {

using Vec = std::array<double, 3>;

double length_of(const Vec& v) {
  return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}
Vec moved(const Vec& place, double by, const Vec& along) {
  return {place[0] + by * along[0], place[1] + by * along[1], place[2] + by * along[2]};
}
Vec cross(const Vec& a, const Vec& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
Vec unit(const Vec& v) {
  const double length = length_of(v);
  return {v[0] / length, v[1] / length, v[2] / length};
}

bool has_normal(const ImplicitPoints& points, std::size_t i) {
  return !points.normals.empty() && !std::isnan(points.normals[i][0]);
}
bool has_value(const ImplicitPoints& points, std::size_t i) {
  return points.values.empty() || !std::isnan(points.values[i]);
}
double value_of(const ImplicitPoints& points, std::size_t i) {
  return points.values.empty() ? 0.0 : points.values[i];
}

void check(const ImplicitPoints& points) {
  if (points.places.empty())
    throw Error("implicit.no_points", "there is no point", points.source,
                "Look at --where and the columns of the coordinates.");
  for (std::size_t i = 0; i < points.places.size(); ++i) {
    const std::string where = points.source + ", " + points.name(i);
    for (const double c : points.places[i])
      if (!(std::abs(c) <= 1e12))
        throw Error("implicit.not_finite", "a coordinate is missing, not finite or beyond 1e12 m",
                    where, "Correct it, or leave the point out with --where.");
    if (!points.values.empty() && std::isinf(points.values[i]))
      throw Error("implicit.not_finite", "the value is not finite", where,
                  "Correct it, or leave it blank.");
    if (!has_normal(points, i)) continue;
    const double length = length_of(points.normals[i]);
    if (!(length > 1e-100 && length < 1e100))
      throw Error("implicit.normal", "the orientation has no length, or none that is finite", where,
                  "Correct it, or leave all its components blank.");
  }
}

[[noreturn]] void refuse_contradiction(const ImplicitPoints& points, std::size_t a, std::size_t b,
                                       const std::string& what) {
  throw Error("implicit.duplicate",
              points.name(a) + " and " + points.name(b) + " stand at one place and " + what,
              points.source, "Keep the right one of them.");
}

// Points without repetition, in their order, that have a value.
std::vector<std::size_t> points_with_value(const ImplicitPoints& points, Findings& findings) {
  std::map<Vec, std::size_t> first;
  std::vector<std::size_t> list;
  std::size_t repeated = 0, blank = 0;
  for (std::size_t i = 0; i < points.places.size(); ++i) {
    if (!has_value(points, i)) {
      blank += has_normal(points, i) ? 0 : 1;
      continue;
    }
    const auto [at, is_new] = first.emplace(points.places[i], i);
    if (is_new) {
      list.push_back(i);
      continue;
    }
    ++repeated;
    if (value_of(points, i) != value_of(points, at->second))
      refuse_contradiction(points, at->second, i, "have different values");
  }
  if (repeated > 0)
    findings.add("implicit.repeated", Severity::note, points.source,
                 "points stand where another one with the same value stands; they count once",
                 repeated);
  if (blank > 0)
    findings.add("implicit.blank", Severity::warning, points.source,
                 "points have neither a value nor an orientation and were left out", blank);
  return list;
}

double median_spacing(const std::vector<Vec>& places, int jobs, const Progress& progress) {
  std::vector<double> spacing;
  for (const NearestPoint& n : nearest_points(places, places, true, jobs, progress))
    if (std::isfinite(n.distance_m) && n.distance_m > 0.0) spacing.push_back(n.distance_m);
  if (spacing.empty()) return 0.0;
  const auto middle = spacing.begin() + static_cast<std::ptrdiff_t>(spacing.size() / 2);
  std::nth_element(spacing.begin(), middle, spacing.end());
  return *middle;
}

double offset_of(const std::vector<Vec>& places, const ImplicitPoints& points,
                 const ImplicitOptions& options, const Progress& progress) {
  if (options.offset_m > 0.0) return options.offset_m;
  const double spacing = median_spacing(places, options.rbf.jobs, progress);
  if (spacing > 0.0) return spacing / 2.0;
  throw Error("implicit.undetermined",
              "one place alone says nothing about the size of what is to be made", points.source,
              "Give more points, or --offset.");
}

// Points off the surface along both sides of the normals. Where another contact is nearer to one
// than its own, it would lie on the wrong side of that one: it comes half as near, and again.
void add_off_surface(const ImplicitPoints& points, const std::vector<std::size_t>& contacts,
                     double contact_value, double offset, int jobs, RbfData& data,
                     ImplicitModel& model, const Progress& progress) {
  constexpr int halvings = 12;
  const std::vector<Vec> contact_places = data.places;
  struct OffPoint {
    std::size_t contact;
    Vec along;
    double distance;
  };
  std::vector<OffPoint> open;
  for (std::size_t c = 0; c < contacts.size(); ++c)
    if (has_normal(points, contacts[c])) {
      const Vec along = unit(points.normals[contacts[c]]);
      open.push_back({c, along, offset});
      open.push_back({c, along, -offset});
    }
  std::vector<OffPoint> good;
  std::size_t drawn_in = 0;
  for (int turn = 0; turn <= halvings && !open.empty(); ++turn) {
    std::vector<Vec> places;
    for (const OffPoint& o : open)
      places.push_back(moved(contact_places[o.contact], o.distance, o.along));
    const auto nearest = nearest_points(contact_places, places, false, jobs, progress);
    std::vector<OffPoint> again;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (nearest[i].distance_m >= std::abs(open[i].distance) * (1.0 - 1e-6)) {
        good.push_back(open[i]);
        continue;
      }
      drawn_in += turn == 0 ? 1 : 0;
      open[i].distance /= 2.0;
      again.push_back(open[i]);
    }
    open = std::move(again);
  }
  std::sort(good.begin(), good.end(), [](const OffPoint& a, const OffPoint& b) {
    return a.contact != b.contact ? a.contact < b.contact : a.distance > b.distance;
  });
  std::set<Vec> taken(contact_places.begin(), contact_places.end());
  std::size_t dropped = open.size();
  for (const OffPoint& o : good) {
    const Vec place = moved(contact_places[o.contact], o.distance, o.along);
    if (!taken.insert(place).second) {
      ++dropped;
      continue;
    }
    data.places.push_back(place);
    data.values.push_back(contact_value + o.distance);
    ++model.off_surface;
  }
  if (drawn_in > 0)
    model.findings.add("implicit.drawn_in", Severity::note, points.source,
                       "points off the surface were drawn nearer to their contact, where another "
                       "contact was closer to them",
                       drawn_in);
  if (dropped > 0)
    model.findings.add("implicit.dropped", Severity::warning, points.source,
                       "points off the surface were left out: another contact is in the way on "
                       "that side, or another such point stands there",
                       dropped);
}

// Orientations as slopes. `full`: the function grows by one a metre along them; else it only does
// not change across them.
void add_slopes(const ImplicitPoints& points, bool full, bool with_value_too, double step,
                RbfData& data, ImplicitModel& model) {
  std::map<Vec, std::size_t> first;
  std::size_t repeated = 0;
  for (std::size_t i = 0; i < points.places.size(); ++i) {
    if (!has_normal(points, i) || (has_value(points, i) && !with_value_too)) continue;
    if (!first.emplace(points.places[i], i).second) {
      ++repeated;
      continue;
    }
    const Vec n = unit(points.normals[i]);
    if (full) data.slopes.push_back({points.places[i], n, step, 2.0 * step});
    Vec side{0.0, 0.0, 0.0};
    std::size_t least = 0;
    for (std::size_t a = 1; a < 3; ++a)
      if (std::abs(n[a]) < std::abs(n[least])) least = a;
    side[least] = 1.0;
    const Vec first_tangent = unit(cross(n, side)), second_tangent = cross(n, first_tangent);
    for (const Vec& tangent : {first_tangent, second_tangent})
      data.slopes.push_back({points.places[i], tangent, step, 0.0});
  }
  model.slopes = data.slopes.size();
  if (repeated > 0)
    model.findings.add("implicit.repeated_orientation", Severity::warning, points.source,
                       "orientations stand where another one stands; the first one counts",
                       repeated);
}

RbfData sample_data(const ImplicitPoints& points, const ImplicitOptions& options,
                    ImplicitModel& model, const Progress& progress) {
  model.from = "inside and outside";
  std::map<Vec, std::size_t> first;
  std::array<std::vector<Vec>, 2> kinds;
  std::vector<std::size_t> list;
  std::size_t unknown = 0, repeated = 0;
  for (std::size_t i = 0; i < points.places.size(); ++i) {
    if (points.inside[i] < 0) {
      ++unknown;
      continue;
    }
    const auto [at, is_new] = first.emplace(points.places[i], i);
    if (!is_new) {
      ++repeated;
      if (points.inside[i] != points.inside[at->second])
        refuse_contradiction(points, at->second, i, "one is inside, the other outside");
      continue;
    }
    list.push_back(i);
    kinds[points.inside[i] == 0 ? 0 : 1].push_back(points.places[i]);
  }
  if (kinds[0].empty() || kinds[1].empty())
    throw Error("implicit.one_sided",
                kinds[0].empty() && kinds[1].empty() ? "no sample is known to be inside or outside"
                : kinds[0].empty()                   ? "all samples are inside"
                                                     : "all samples are outside",
                points.source, "A boundary lies between samples of both kinds.");
  if (unknown > 0)
    model.findings.add("implicit.blank", Severity::warning, points.source,
                       "samples are not known to be inside or outside and were left out", unknown);
  if (repeated > 0)
    model.findings.add("implicit.repeated", Severity::note, points.source,
                       "points stand where another one with the same value stands; they count once",
                       repeated);
  RbfData data;
  std::array<std::vector<NearestPoint>, 2> other;
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}})
    other[k] = nearest_points(kinds[1 - k], kinds[k], false, options.rbf.jobs, progress);
  std::array<std::size_t, 2> next{0, 0};
  for (const std::size_t i : list) {
    const std::size_t kind = points.inside[i] == 0 ? 0 : 1;
    const double distance = other[kind][next[kind]++].distance_m;
    data.places.push_back(points.places[i]);
    data.values.push_back(kind == 1 ? -distance : distance);
  }
  return data;
}

double range_of(const RbfData& data) {
  const auto [low, high] = std::minmax_element(data.values.begin(), data.values.end());
  double range = *high - *low;
  for (const RbfSlope& slope : data.slopes) range = std::max(range, std::abs(slope.difference));
  return range;
}

}  // namespace

RbfData implicit_data(const ImplicitPoints& points, const ImplicitOptions& options,
                      ImplicitModel& model, const Progress& progress) {
  check(points);
  if (!points.inside.empty()) return sample_data(points, options, model, progress);
  const auto list = points_with_value(points, model.findings);
  RbfData data;
  for (const std::size_t i : list) {
    data.places.push_back(points.places[i]);
    data.values.push_back(value_of(points, i));
  }
  if (data.places.empty())
    throw Error("implicit.undetermined", "no point has a value: orientations alone leave it open",
                points.source, "Name the column with --value, or fill it in.");
  const auto [low, high] = std::minmax_element(data.values.begin(), data.values.end());
  const double contact_value = *low;
  const bool contacts = *low == *high;
  std::size_t orientations = 0;
  for (std::size_t i = 0; i < points.places.size(); ++i)
    orientations += has_normal(points, i) ? 1 : 0;
  if (contacts && orientations == 0)
    throw Error("implicit.undetermined",
                "all points have one value and none has an orientation: nothing says where the "
                "inside is",
                points.source,
                "Give --normals or --dip and --azimuth, or values on both sides of the surface.");
  model.from = contacts ? "contacts and orientations" : "values";
  const bool steps = contacts || orientations > 0;
  if (steps) model.offset_m = offset_of(data.places, points, options, progress);
  if (contacts)
    add_off_surface(points, list, contact_value, model.offset_m, options.rbf.jobs, data, model,
                    progress);
  add_slopes(points, contacts, !contacts, model.offset_m, data, model);
  return data;
}

namespace {

Box3 box_of(const ImplicitPoints& points, const ImplicitOptions& options) {
  if (options.has_bounds) return options.bounds;
  Box3 box{points.places[0], points.places[0]};
  for (const Vec& place : points.places)
    for (std::size_t a = 0; a < 3; ++a) {
      box.lower[a] = std::min(box.lower[a], place[a]);
      box.upper[a] = std::max(box.upper[a], place[a]);
    }
  const double more = length_of({box.upper[0] - box.lower[0], box.upper[1] - box.lower[1],
                                 box.upper[2] - box.lower[2]}) /
                      10.0;
  for (std::size_t a = 0; a < 3; ++a) {
    box.lower[a] -= more;
    box.upper[a] += more;
  }
  return box;
}

double area_of(const TriangleMesh& mesh) {
  Sum area;
  for (const auto& t : mesh.triangles) {
    const Vec &a = mesh.vertices[t[0]], &b = mesh.vertices[t[1]], &c = mesh.vertices[t[2]];
    area += length_of(cross({b[0] - a[0], b[1] - a[1], b[2] - a[2]},
                            {c[0] - a[0], c[1] - a[1], c[2] - a[2]})) /
            2.0;
  }
  return area.value();
}

ImplicitSolid solid_of(const ImplicitModel& model, const ImplicitPoints& points,
                       const RbfData& data, const ImplicitOptions& options, double iso,
                       Findings& findings, const Progress& progress) {
  IsosurfaceOptions surface;
  surface.bounds = model.bounds;
  surface.cell_m = options.cell_m;
  surface.value = iso;
  surface.inside_below = options.inside_below;
  for (std::size_t i = 0; i < data.places.size(); ++i)
    if (data.values[i] == iso) surface.seeds.push_back(data.places[i]);
  const std::string where = points.source + ", iso " + number_text(iso);
  Isosurface found = isosurface(
      [&](const std::vector<Vec>& places, std::vector<double>& into) {
        model.field.values(places, into, options.rbf.jobs, progress);
      },
      surface, progress);
  if (!found.crosses)
    throw Error("implicit.no_surface",
                "the function is " +
                    std::string(found.mesh.empty() == options.inside_below ? "above " : "below ") +
                    number_text(iso) + " everywhere within the limits",
                where, "Look at --iso, --keep and --bounds.");
  ImplicitSolid solid;
  solid.iso = iso;
  solid.mesh = std::move(found.mesh);
  solid.mesh.name = where;
  make_solid(solid.mesh, findings);
  const MeshCheck mesh = check_mesh(solid.mesh);
  solid.closed = mesh.closed && mesh.oriented;
  solid.components = mesh.components;
  solid.area_m2 = area_of(solid.mesh);
  solid.volume_m3 = signed_volume_m3(solid.mesh);
  solid.touches_bounds = found.touches_bounds;
  solid.cell_m = found.cell_m;
  solid.lattice_m = found.lattice_m;
  if (solid.touches_bounds)
    findings.add("implicit.cut_off", Severity::warning, where,
                 "the solid is cut off at the limits: its volume depends on them");
  return solid;
}

// Orientations against which the function grows.
void say_turned(const ImplicitModel& model, const ImplicitPoints& points,
                const ImplicitOptions& options, const Progress& progress, Findings& findings) {
  if (points.normals.empty() || !(model.offset_m > 0.0)) return;
  std::vector<Vec> ends;
  for (std::size_t i = 0; i < points.places.size(); ++i)
    if (has_normal(points, i)) {
      const Vec n = unit(points.normals[i]);
      ends.push_back(moved(points.places[i], model.offset_m, n));
      ends.push_back(moved(points.places[i], -model.offset_m, n));
    }
  std::vector<double> values;
  model.field.values(ends, values, options.rbf.jobs, progress);
  std::size_t turned = 0;
  for (std::size_t i = 0; i + 1 < values.size(); i += 2)
    turned += values[i] < values[i + 1] ? 1 : 0;
  if (turned > 0)
    findings.add("implicit.turned", Severity::warning, points.source,
                 "orientations point to where the function falls: values or orientations may be "
                 "turned round",
                 turned);
}

std::vector<double> isovalues(const ImplicitPoints& points, const ImplicitModel& model,
                              const RbfData& data, const ImplicitOptions& options,
                              Findings& findings) {
  const auto [low, high] = std::minmax_element(data.values.begin(), data.values.end());
  std::vector<double> iso = options.iso;
  if (iso.empty()) {
    if (model.from == "values")
      throw Error("implicit.no_iso", "the points have several values: which is the boundary?",
                  points.source, "Say it with --iso.");
    iso = {model.from == "inside and outside" || points.values.empty() ? 0.0 : data.values[0]};
  }
  for (const double value : iso)
    if (value < *low || value > *high)
      findings.add("implicit.iso_outside", Severity::warning,
                   points.source + ", iso " + number_text(value),
                   "no datum lies beyond this value: the surface is extrapolated");
  return iso;
}

}  // namespace

ImplicitModel implicit_model(const ImplicitPoints& points, const ImplicitOptions& options,
                             const Progress& progress) {
  ImplicitModel model;
  const RbfData data = implicit_data(points, options, model, progress.part(0.0, 0.05));
  const auto iso = isovalues(points, model, data, options, model.findings);
  model.bounds = box_of(points, options);
  model.tolerance = options.tolerance > 0.0 ? options.tolerance : 1e-4 * range_of(data);
  RbfOptions fit = options.rbf;
  fit.tolerance = model.tolerance;
  model.field = fit_rbf(data, fit, progress.part(0.05, 0.6));
  say_turned(model, points, options, progress.part(0.6, 0.62), model.findings);
  for (std::size_t i = 0; i < iso.size(); ++i) {
    const double from = 0.62 + 0.38 * static_cast<double>(i) / static_cast<double>(iso.size());
    const double to = 0.62 + 0.38 * static_cast<double>(i + 1) / static_cast<double>(iso.size());
    model.solids.push_back(
        solid_of(model, points, data, options, iso[i], model.findings, progress.part(from, to)));
  }
  return model;
}

}  // namespace lode
