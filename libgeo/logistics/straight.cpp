#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/logistics/drawn_line.h"
#include "libgeo/logistics/earth_tree.h"
#include "libgeo/logistics/freight_graph.h"
#include "libgeo/logistics/matrix.h"

namespace lode {

namespace {

/// Farther apart in a straight line are no two places on Earth.
constexpr double kThroughTheEarth_m = 1.4e7;

/// The nearest places of each site, exactly; those without a place are passed over.
class PlaceTree {
 public:
  using Found = std::vector<std::pair<double, std::uint32_t>>;

  /// Without `wanted` there is nothing to look up, and no index is built.
  PlaceTree(const Places& places, const Geodesic& geodesic, bool wanted)
      : places_(places), geodesic_(geodesic), least_radius_m_(least_radius_of(places.crs)) {
    if (!wanted) return;
    std::vector<EarthBox> boxes;
    std::vector<std::uint32_t> known;
    for (std::uint32_t k = 0; k < places.list.size(); ++k) {
      const LonLat at = places.list[k].at;
      if (std::isnan(at.lon_deg) || std::isnan(at.lat_deg)) continue;
      known.push_back(k);
      const EarthPoint point = earth(at);
      boxes.push_back(EarthBox::around(point, point, 0.0));
    }
    tree_ = EarthTree(boxes);
    for (const auto old : tree_.renumber()) {
      item_.push_back(known[old]);
      points_.push_back(earth(places.list[known[old]].at));
    }
  }

  /// (distance, place), nearest first; equal distances by number. By straight distances first: the
  /// geodesic is worked out only for those that these cannot tell apart.
  [[nodiscard]] Found of(LonLat site, std::size_t keep) const {
    Found best;
    if (std::isnan(site.lon_deg) || std::isnan(site.lat_deg)) return best;
    const EarthPoint at = earth(site);
    Found candidates;
    std::vector<double> nearest;  // the `keep` least straight distances so far
    double limit = kThroughTheEarth_m;
    tree_.within(at, limit, [&](std::uint32_t item) {
      const double straight = straight_distance_m(at, points_[item]);
      if (straight > limit) return limit;
      candidates.emplace_back(straight, item);
      if (nearest.size() == keep && straight >= nearest.back()) return limit;
      nearest.insert(std::upper_bound(nearest.begin(), nearest.end(), straight), straight);
      if (nearest.size() > keep) nearest.pop_back();
      if (nearest.size() == keep)
        limit = std::min(
            limit, straight_limit_m(geodesic_ceiling_m(nearest.back(), least_radius_m_)) + 1e-6);
      return limit;
    });
    for (const auto& [straight, item] : candidates)
      if (straight <= limit)
        best.emplace_back(geodesic_.distance_m(site, places_.list[item_[item]].at), item_[item]);
    std::sort(best.begin(), best.end());
    if (best.size() > keep) best.resize(keep);
    return best;
  }

 private:
  [[nodiscard]] EarthPoint earth(LonLat at) const {
    return earth_point(at, places_.crs.semi_major_m, places_.crs.inverse_flattening);
  }
  const Places& places_;
  const Geodesic& geodesic_;
  double least_radius_m_ = 0.0;
  std::vector<std::uint32_t> item_;
  std::vector<EarthPoint> points_;
  EarthTree tree_;
};

/// NaN when one of the two has no place.
double pair_distance_m(const Geodesic& geodesic, LonLat a, LonLat b) {
  const bool known = !std::isnan(a.lon_deg + a.lat_deg + b.lon_deg + b.lat_deg);
  return known ? geodesic.distance_m(a, b) : std::nan("");
}

void check_straight_input(const Places& from, const Places& to, const RouteOptions& options) {
  check_route_input(from, to, options);
  if (!from.crs.is_geographic())
    throw Error("route.crs",
                "straight distances need longitude and latitude, not " + from.crs.label(), "",
                "Transform the places to EPSG:4326 first.");
  if (options.pairs == Pairs::listed)
    throw Error("route.bad_option", "straight distances take no list of pairs");
}

void say_missing(std::size_t missing, Findings& findings) {
  if (missing > 0)
    findings.add("route.unreachable", Severity::warning, "snap", "pairs of which one has no place",
                 missing);
}

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
  check_straight_input(from, to, options);
  const Geodesic geodesic(from.crs);
  const std::size_t sites = from.list.size(), places = to.list.size();
  const bool nearest = options.pairs == Pairs::nearest;
  const PlaceTree index(to, geodesic, nearest);
  const auto distance = [&](std::size_t i, std::size_t k) {
    return pair_distance_m(geodesic, from.list[i].at, to.list[k].at);
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
  std::size_t total = 0;
  for (const auto& block : rows) total += block.size();
  table.rows.reserve(total);
  for (auto& block : rows) {
    for (auto& row : block) table.rows.push_back(std::move(row));
    std::vector<RouteRow>().swap(block);
  }
  std::size_t missing = 0;
  for (const auto& row : table.rows) missing += row.reachable() ? 0 : 1;
  say_missing(missing, table.findings);
  if (options.lines)
    for (const auto& row : table.rows)
      table.lines.push_back(
          row.reachable() ? straight_line(geodesic, from.list[row.from].at, to.list[row.to].at)
                          : Geometry{});
  return table;
}

MatrixReport straight_matrix(const Places& from, const Places& to, const RouteOptions& options,
                             const MatrixSink& sink, const Progress& progress) {
  check_straight_input(from, to, options);
  const Geodesic geodesic(from.crs);
  const bool nearest = options.pairs == Pairs::nearest;
  const bool pairwise = options.pairs == Pairs::pairwise;
  const PlaceTree index(to, geodesic, nearest);
  const std::size_t sites = from.list.size(), places = to.list.size();
  const std::size_t keep = std::min(options.nearest, places);
  const std::size_t width = pairwise ? 1 : nearest ? keep : places;
  // A million cells at a time.
  const std::size_t step = std::max<std::size_t>(1, 1000000 / width);
  MatrixReport report;
  report.algorithm = "geodesic";
  std::vector<PlaceTree::Found> rows(std::min(step, sites));
  std::vector<std::uint32_t> columns;
  std::vector<MatrixCell> cells;
  for (std::size_t first = 0; first < sites; first += step) {
    const std::size_t count = std::min(step, sites - first);
    const auto share = [&](std::size_t done) {
      return static_cast<double>(done) / static_cast<double>(sites);
    };
    parallel_blocks(
        count, std::max<std::size_t>(1, 4096 / width), options.jobs,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t r = begin; r < end; ++r) {
            const LonLat at = from.list[first + r].at;
            auto& row = rows[r];
            row.clear();
            if (nearest) row = index.of(at, keep);
            if (nearest && row.empty()) row.emplace_back(std::nan(""), 0);
            for (std::size_t k = 0; !nearest && k < width; ++k) {
              const std::size_t to_k = pairwise ? first + r : k;
              row.emplace_back(pair_distance_m(geodesic, at, to.list[to_k].at),
                               static_cast<std::uint32_t>(to_k));
            }
          }
        },
        progress.part(share(first), share(first + count)));
    for (std::size_t r = 0; r < count; ++r) {
      columns.clear();
      cells.clear();
      for (const auto& [distance_m, place] : rows[r]) {
        columns.push_back(place);
        cells.emplace_back();
        cells.back().distance_km = distance_m / 1000.0;
        report.unreachable += std::isnan(distance_m) ? 1 : 0;
      }
      report.pairs += cells.size();
      sink(static_cast<std::uint32_t>(first + r), columns, cells);
    }
  }
  say_missing(report.unreachable, report.findings);
  return report;
}

namespace {

/// The geodesic as it is drawn.
Geometry straight_line(const Geodesic& geodesic, LonLat a, LonLat b) {
  return drawn_line(geodesic,
                    {plain_place(a.lon_deg, a.lat_deg), plain_place(b.lon_deg, b.lat_deg)});
}

}  // namespace

}  // namespace lode
