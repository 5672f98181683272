#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/logistics/earth_tree.h"
#include "libgeo/logistics/freight_graph.h"

namespace lode {

namespace {

/// The nearest places of each site, exactly; those without a place are passed over.
class NearestPlaces {
 public:
  /// Without `wanted` there is nothing to look up, and no index is built.
  NearestPlaces(const Places& places, const Geodesic& geodesic, bool wanted)
      : places_(places), geodesic_(geodesic) {
    if (!wanted) return;
    std::vector<EarthBox> boxes;
    for (std::uint32_t k = 0; k < places.list.size(); ++k) {
      const LonLat at = places.list[k].at;
      if (std::isnan(at.lon_deg) || std::isnan(at.lat_deg)) continue;
      item_.push_back(k);
      points_.push_back(earth_point(at, places.crs.semi_major_m, places.crs.inverse_flattening));
      boxes.push_back(EarthBox::around(points_.back(), points_.back(), 0.0));
    }
    tree_ = EarthTree(boxes);
  }

  /// (distance, place), nearest first; equal distances by number.
  [[nodiscard]] std::vector<std::pair<double, std::uint32_t>> of(LonLat site,
                                                                 std::size_t keep) const {
    std::vector<std::pair<double, std::uint32_t>> best;
    if (std::isnan(site.lon_deg) || std::isnan(site.lat_deg)) return best;
    const EarthPoint at =
        earth_point(site, places_.crs.semi_major_m, places_.crs.inverse_flattening);
    double worst = 2.1e7;
    tree_.nearest(at, worst, [&](std::uint32_t item) {
      if (straight_distance_m(at, points_[item]) - 1e-6 > worst) return worst;
      const std::pair<double, std::uint32_t> found = {
          geodesic_.distance_m(site, places_.list[item_[item]].at), item_[item]};
      if (best.size() == keep && !(found < best.back())) return worst;
      best.insert(std::upper_bound(best.begin(), best.end(), found), found);
      if (best.size() > keep) best.pop_back();
      if (best.size() == keep) worst = best.back().first;
      return worst;
    });
    return best;
  }

 private:
  const Places& places_;
  const Geodesic& geodesic_;
  std::vector<std::uint32_t> item_;
  std::vector<EarthPoint> points_;
  EarthTree tree_;
};

RouteRow straight_row(const Places& from, const Places& to, std::size_t i, std::size_t k,
                      double distance_m, bool legs) {
  RouteRow row;
  row.from = static_cast<std::uint32_t>(i);
  row.to = static_cast<std::uint32_t>(k);
  if (std::isnan(distance_m)) {
    row.reason = Unreachable::snap;
    row.words = "one of the two has no place";
    return row;
  }
  row.distance_km = distance_m / 1000.0;
  row.snap_km = row.snap_to_km = 0.0;
  if (!legs) return row;
  Leg leg;
  leg.mode = "straight";
  leg.distance_km = row.distance_km;
  leg.hours = leg.cost_usd_per_t = leg.cost_low_usd_per_t = leg.cost_high_usd_per_t =
      leg.freight_usd_per_t = leg.toll_usd_per_t = leg.time_usd_per_t = leg.co2e_kg_per_t =
          std::nan("");
  leg.from = from.list[i].id;
  leg.to = to.list[k].id;
  row.legs.push_back(std::move(leg));
  return row;
}

Geometry straight_line(const Geodesic& geodesic, LonLat a, LonLat b);

}  // namespace

RouteTable straight_distances(const Places& from, const Places& to, const RouteOptions& options,
                              const Progress& progress) {
  check_route_input(from, to, options);
  if (!from.crs.is_geographic())
    throw Error("route.crs",
                "straight distances need longitude and latitude, not " + from.crs.label(), "",
                "Transform the places to EPSG:4326 first.");
  if (options.pairs == Pairs::listed)
    throw Error("route.bad_option", "straight distances take no list of pairs");
  const Geodesic geodesic(from.crs);
  const std::size_t sites = from.list.size(), places = to.list.size();
  const bool nearest = options.pairs == Pairs::nearest;
  const NearestPlaces index(to, geodesic, nearest);
  const auto distance = [&](std::size_t i, std::size_t k) {
    const LonLat a = from.list[i].at, b = to.list[k].at;
    const bool known = !std::isnan(a.lon_deg + a.lat_deg + b.lon_deg + b.lat_deg);
    return known ? geodesic.distance_m(a, b) : std::nan("");
  };
  constexpr std::size_t kBlock = 64;
  std::vector<std::vector<RouteRow>> rows((sites + kBlock - 1) / kBlock);
  parallel_blocks(
      sites, kBlock, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t block) {
        auto& mine = rows[block];
        const auto add = [&](std::size_t i, std::size_t k, double m) {
          mine.push_back(straight_row(from, to, i, k, m, options.legs));
        };
        for (std::size_t i = begin; i < end; ++i) {
          if (options.pairs == Pairs::pairwise) {
            add(i, i, distance(i, i));
          } else if (!nearest) {
            for (std::size_t k = 0; k < places; ++k) add(i, k, distance(i, k));
          } else {
            const auto best = index.of(from.list[i].at, std::min(options.nearest, places));
            for (const auto& [m, k] : best) add(i, k, m);
            if (best.empty()) add(i, 0, std::nan(""));
          }
        }
      },
      progress);
  RouteTable table;
  for (auto& block : rows)
    for (auto& row : block) table.rows.push_back(std::move(row));
  std::size_t missing = 0;
  for (const auto& row : table.rows) missing += row.reachable() ? 0 : 1;
  if (missing > 0)
    table.findings.add("route.unreachable", Severity::warning, "snap",
                       "pairs of which one has no place", missing);
  if (options.lines)
    for (const auto& row : table.rows)
      table.lines.push_back(
          row.reachable() ? straight_line(geodesic, from.list[row.from].at, to.list[row.to].at)
                          : Geometry{});
  return table;
}

namespace {

/// The geodesic with a vertex at least every 50 km, cut at 180 degrees.
Geometry straight_line(const Geodesic& geodesic, LonLat a, LonLat b) {
  const Inverse line = geodesic.inverse(a, b);
  const int parts = std::max(1, static_cast<int>(std::ceil(line.distance_m / 5e4)));
  std::vector<LonLat> path = {plain_place(a.lon_deg, a.lat_deg)};
  for (int i = 1; i < parts; ++i) {
    const LonLat at = geodesic.direct(a, line.azimuth1_deg, line.distance_m * i / parts);
    path.push_back(plain_place(at.lon_deg, at.lat_deg));
  }
  path.push_back(plain_place(b.lon_deg, b.lat_deg));
  return cut_at_antimeridian(path);
}

}  // namespace

}  // namespace lode
