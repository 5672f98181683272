#include "libgeo/logistics/freight.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/logistics/cargo_groups.h"
#include "libgeo/logistics/freight_hierarchy.h"
#include "libgeo/logistics/freight_path.h"
#include "libgeo/logistics/freight_reasons.h"
#include "libgeo/logistics/freight_tally.h"

namespace lode {

namespace {

/// What a thread needs for its searches; kept from one search to the next.
struct Desk {
  ShortestPaths search;
  TreeTotals totals;
};

class Desks {
 public:
  std::unique_ptr<Desk> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<Desk>();
    auto desk = std::move(free_.back());
    free_.pop_back();
    return desk;
  }
  void give(std::unique_ptr<Desk> desk) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(desk));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Desk>> free_;
};

class Router {
 public:
  Router(const Network& network, const Tariff& tariff, const Terminals& terminals,
         const Places& from, const Places& to, const RouteOptions& options, const RouteSnaps* ready)
      : from_(from),
        to_(to),
        options_(options),
        ready_(ready),
        graph_(network, tariff, terminals, options, table_.findings,
               ready == nullptr ? nullptr : &ready->terminals) {
    if (!(from.crs == network.crs))
      throw Error("crs.mismatch",
                  "places in " + from.crs.label() + ", the network in " + network.crs.label());
    offroad_missing_ = tariff.mode("offroad") == nullptr;
  }

  RouteTable run(const Progress& progress) {
    snap(progress.part(0.0, 0.15));
    choose_side();
    hierarchy_ = FreightHierarchy::choose(graph_, backward_ ? to_.list.size() : from_.list.size(),
                                          progress.part(0.15, 0.2));
    table_.algorithm = hierarchy_ ? "cch" : "dijkstra";
    if (!hierarchy_)
      directed_ = backward_ ? make_reverse_graph(graph_.nodes(), graph_.arcs(kOpen))
                            : make_graph(graph_.nodes(), graph_.arcs(kOpen));
    if (options_.pairs == Pairs::nearest) {
      rank_nearest(progress.part(0.2, backward_ ? 0.6 : 0.5));
      fill(progress.part(backward_ ? 0.6 : 0.5, 0.95));
    } else {
      list_pairs();
      fill(progress.part(0.2, 0.95));
    }
    explain();
    for (auto& row : table_.rows) row.cargo = options_.cargo;
    if (options_.lines) table_.lines = std::move(lines_);
    report();
    progress.update(1.0);
    return std::move(table_);
  }

 private:
  void snap(const Progress& progress);
  void choose_side();
  void list_pairs();
  using Choice = std::pair<double, std::uint32_t>;  ///< weight, place
  void rank_nearest(const Progress& progress);
  /// The nearest places of each site, nearest first, by the weight of the way and of the last snap.
  [[nodiscard]] std::vector<std::vector<Choice>> nearest_by_searches(
      const std::vector<double>& last, const Progress& progress);
  [[nodiscard]] std::vector<std::vector<Choice>> nearest_by_labels(const std::vector<double>& last,
                                                                   const Progress& progress) const;
  void fill(const Progress& progress);
  void fill_one(Desk& desk, std::uint32_t source, std::uint32_t row_number);
  void fill_by_labels(const FreightHierarchy::Labels& source, std::uint32_t row_number);
  void fill_from_way(const Way& way, std::uint32_t row_number);
  void explain();
  void report();
  void start(Desk& desk, std::uint32_t source, const std::vector<std::uint32_t>& others) const;
  [[nodiscard]] bool snapped(const RouteRow& row) const {
    return table_.from_snaps[row.from].found && table_.to_snaps[row.to].found;
  }
  /// Weight of the way between a search's source and another end; infinite without one.
  [[nodiscard]] double weight_to(const Desk& desk, const Attachment& source,
                                 const Attachment& other) const;
  void contained(RouteRow& row) const;

  const Places& from_;
  const Places& to_;
  const RouteOptions& options_;
  const RouteSnaps* ready_;
  RouteTable table_;
  FreightGraph graph_;
  bool offroad_missing_ = false;
  bool backward_ = false;  ///< searches start at the places
  Graph directed_;         ///< without a hierarchy
  std::unique_ptr<FreightHierarchy> hierarchy_;
  std::vector<Attachment> from_at_, to_at_;
  std::vector<Geometry> lines_;
  Desks desks_;
};

void Router::snap(const Progress& progress) {
  const RouteSnaps own = ready_ == nullptr
                             ? snap_route(graph_.network(), {}, from_, to_, options_, progress)
                             : RouteSnaps{};
  const RouteSnaps& snaps = ready_ == nullptr ? own : *ready_;
  table_.from_snaps = snaps.from;
  table_.to_snaps = snaps.to;
  for (const auto& s : table_.from_snaps)
    from_at_.push_back(s.found ? graph_.attach(s) : Attachment{});
  for (const auto& s : table_.to_snaps) to_at_.push_back(s.found ? graph_.attach(s) : Attachment{});
}

void Router::choose_side() {
  const std::size_t sites = from_.list.size();
  const std::size_t places = to_.list.size();
  switch (options_.search_from) {
    case SearchFrom::sites:
      backward_ = false;
      break;
    case SearchFrom::places:
      backward_ = true;
      break;
    case SearchFrom::fewer:
      backward_ = options_.pairs == Pairs::nearest ? 2 * places < sites : places < sites;
  }
}

void Router::list_pairs() {
  const auto add = [&](std::size_t i, std::size_t k) {
    table_.rows.emplace_back();
    table_.rows.back().from = static_cast<std::uint32_t>(i);
    table_.rows.back().to = static_cast<std::uint32_t>(k);
  };
  if (options_.pairs == Pairs::pairwise) {
    for (std::size_t i = 0; i < from_.list.size(); ++i) add(i, i);
    return;
  }
  if (options_.pairs == Pairs::listed) {
    for (const auto& [i, k] : options_.listed) add(i, k);
    return;
  }
  table_.rows.reserve(from_.list.size() * to_.list.size());
  for (std::size_t i = 0; i < from_.list.size(); ++i)
    for (std::size_t k = 0; k < to_.list.size(); ++k) add(i, k);
}

void Router::start(Desk& desk, std::uint32_t source,
                   const std::vector<std::uint32_t>& others) const {
  const auto& sources = backward_ ? to_at_ : from_at_;
  const auto& ends = backward_ ? from_at_ : to_at_;
  std::vector<Seed> seeds;
  for (const auto& gate : gates_of(graph_, sources[source], !backward_))
    seeds.push_back({gate.node, gate.weight});
  std::vector<std::uint32_t> targets;
  for (const auto other : others)
    for (const auto& gate : gates_of(graph_, ends[other], backward_)) targets.push_back(gate.node);
  desk.search.run(directed_, seeds, targets);
  desk.totals.start(graph_, sources[source], backward_);
}

double Router::weight_to(const Desk& desk, const Attachment& source,
                         const Attachment& other) const {
  double weight = direct_run(graph_, backward_ ? other : source, backward_ ? source : other).weight;
  for (const auto& gate : gates_of(graph_, other, backward_))
    weight = std::min(weight, desk.search.distance(gate.node) + gate.weight);
  return weight;
}

std::vector<std::vector<Router::Choice>> Router::nearest_by_searches(
    const std::vector<double>& last, const Progress& progress) {
  const std::size_t keep = std::min(options_.nearest, to_.list.size());
  std::vector<std::vector<Choice>> best(from_.list.size());
  const auto& sources = backward_ ? to_at_ : from_at_;
  const auto& ends = backward_ ? from_at_ : to_at_;
  const auto& source_snaps = backward_ ? table_.to_snaps : table_.from_snaps;
  const auto& end_snaps = backward_ ? table_.from_snaps : table_.to_snaps;
  std::vector<std::uint32_t> others;
  for (std::uint32_t i = 0; i < ends.size(); ++i)
    if (end_snaps[i].found) others.push_back(i);
  std::vector<std::vector<Choice>> found(sources.size());
  parallel_blocks(
      sources.size(), 1, options_.jobs,
      [&](std::size_t begin, std::size_t, std::size_t) {
        if (!source_snaps[begin].found) return;
        auto desk = desks_.take();
        start(*desk, static_cast<std::uint32_t>(begin), others);
        for (const auto other : others) {
          const double weight = weight_to(*desk, sources[begin], ends[other]);
          if (weight < ShortestPaths::kUnreached)
            found[begin].emplace_back(weight + last[backward_ ? begin : other], other);
        }
        if (!backward_) {
          std::sort(found[begin].begin(), found[begin].end());
          if (found[begin].size() > keep) found[begin].resize(keep);
        }
        desks_.give(std::move(desk));
      },
      progress);
  for (std::uint32_t s = 0; s < found.size(); ++s)
    for (const auto& [weight, other] : found[s])
      best[backward_ ? other : s].emplace_back(weight, backward_ ? s : other);
  for (auto& choices : best) {
    std::sort(choices.begin(), choices.end());
    if (choices.size() > keep) choices.resize(keep);
  }
  return best;
}

std::vector<std::vector<Router::Choice>> Router::nearest_by_labels(const std::vector<double>& last,
                                                                   const Progress& progress) const {
  std::vector<char> found;
  for (const auto& snap : table_.to_snaps) found.push_back(snap.found ? 1 : 0);
  const NearestPlaces places(*hierarchy_, to_at_, found, last,
                             std::min(options_.nearest, to_.list.size()), options_.jobs,
                             progress.part(0.0, 0.2));
  std::vector<std::vector<Choice>> best(from_.list.size());
  parallel_blocks(
      best.size(), 16, options_.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          if (table_.from_snaps[i].found)
            best[i] = places.nearest(from_at_[i], hierarchy_->labels(from_at_[i], true));
      },
      progress.part(0.2, 1.0));
  return best;
}

/// Lists the nearest places of each site; one that reaches none gets the nearest on Earth.
void Router::rank_nearest(const Progress& progress) {
  std::vector<double> last(to_.list.size(), 0.0);
  for (std::size_t k = 0; k < last.size(); ++k)
    if (table_.to_snaps[k].found)
      last[k] =
          graph_.weight(graph_.access_toll(table_.to_snaps[k].edge, table_.to_snaps[k].distance_m));
  auto best = hierarchy_ ? nearest_by_labels(last, progress) : nearest_by_searches(last, progress);
  const Geodesic geodesic(from_.crs);
  for (std::uint32_t i = 0; i < best.size(); ++i) {
    if (best[i].empty()) {
      Choice nearest{ShortestPaths::kUnreached, 0};
      for (std::uint32_t k = 0; k < to_.list.size(); ++k) {
        const double distance = geodesic.distance_m(from_.list[i].at, to_.list[k].at);
        if (distance < nearest.first) nearest = {distance, k};
      }
      best[i].push_back(nearest);
    }
    for (const auto& [weight, place] : best[i]) {
      table_.rows.emplace_back();
      table_.rows.back().from = i;
      table_.rows.back().to = place;
    }
  }
}

void Router::contained(RouteRow& row) const {
  if (std::isnan(options_.grade)) return;
  const double share = (1.0 - options_.moisture) * options_.grade * options_.recovery;
  row.cost_usd_per_kg_contained = row.cost_usd_per_t / (1000.0 * share);
}

void Router::fill_from_way(const Way& way, std::uint32_t row_number) {
  RouteRow& row = table_.rows[row_number];
  const Snap& from_snap = table_.from_snaps[row.from];
  const Snap& to_snap = table_.to_snaps[row.to];
  if (way.weight == ShortestPaths::kUnreached) return;
  std::vector<std::uint32_t> leg_of_step;
  fill_row(graph_, way.steps, from_snap, to_snap, from_.list[row.from].id, to_.list[row.to].id, row,
           &leg_of_step);
  const LonLat from = from_.list[row.from].at, to = to_.list[row.to].at;
  const LonLat begin = plain_place(from.lon_deg, from.lat_deg);
  const LonLat end = plain_place(to.lon_deg, to.lat_deg);
  if (options_.lines) lines_[row_number] = route_line(graph_, way.steps, begin, end);
  if (options_.leg_lines)
    table_.leg_lines[row_number] = leg_lines(graph_, way.steps, leg_of_step, row.legs, begin, end);
  if (!options_.legs) std::vector<Leg>().swap(row.legs);
  row.snap_km = from_snap.distance_m / 1000.0;
  row.snap_to_km = to_snap.distance_m / 1000.0;
  contained(row);
}

void Router::fill_by_labels(const FreightHierarchy::Labels& source, std::uint32_t row_number) {
  const RouteRow& row = table_.rows[row_number];
  const Attachment& from = from_at_[row.from];
  const Attachment& to = to_at_[row.to];
  const auto other = backward_ ? hierarchy_->labels(from, true) : hierarchy_->labels(to, false);
  const auto& from_labels = backward_ ? other : source;
  const auto& to_labels = backward_ ? source : other;
  const auto join = hierarchy_->join(from, from_labels, to, to_labels);
  fill_from_way(hierarchy_->way(join, from, from_labels, to, to_labels), row_number);
}

void Router::fill_one(Desk& desk, std::uint32_t source, std::uint32_t row_number) {
  RouteRow& row = table_.rows[row_number];
  const Attachment& near_end = (backward_ ? to_at_ : from_at_)[source];
  const Attachment& far_end = backward_ ? from_at_[row.from] : to_at_[row.to];
  const Snap& from_snap = table_.from_snaps[row.from];
  const Snap& to_snap = table_.to_snaps[row.to];
  if (options_.legs || options_.lines) {
    fill_from_way(way_between(graph_, directed_, desk.search, near_end, far_end, backward_),
                  row_number);
    return;
  }
  Toll sum;
  if (!desk.totals.total(graph_, directed_, desk.search, near_end, far_end, backward_, sum)) return;
  sum.add(graph_.access_toll(from_snap.edge, from_snap.distance_m));
  sum.add(graph_.access_toll(to_snap.edge, to_snap.distance_m));
  fill_totals(sum, row);
  row.seasonal = options_.month == 0 && sum.seasonal;
  row.snap_km = from_snap.distance_m / 1000.0;
  row.snap_to_km = to_snap.distance_m / 1000.0;
  contained(row);
}

void Router::fill(const Progress& progress) {
  const std::size_t sources = backward_ ? to_.list.size() : from_.list.size();
  if (options_.lines) lines_.resize(table_.rows.size());
  if (options_.leg_lines) table_.leg_lines.resize(table_.rows.size());
  // Rows by the source of their search.
  std::vector<std::vector<std::uint32_t>> rows(sources);
  for (std::uint32_t r = 0; r < table_.rows.size(); ++r)
    if (snapped(table_.rows[r]))
      rows[backward_ ? table_.rows[r].to : table_.rows[r].from].push_back(r);
  parallel_blocks(
      sources, 1, options_.jobs,
      [&](std::size_t begin, std::size_t, std::size_t) {
        if (rows[begin].empty()) return;
        const auto source = static_cast<std::uint32_t>(begin);
        if (hierarchy_) {
          const auto labels =
              hierarchy_->labels((backward_ ? to_at_ : from_at_)[source], !backward_);
          for (const auto r : rows[begin]) fill_by_labels(labels, r);
          return;
        }
        auto desk = desks_.take();
        std::vector<std::uint32_t> others;
        for (const auto r : rows[begin])
          others.push_back(backward_ ? table_.rows[r].from : table_.rows[r].to);
        start(*desk, source, others);
        for (const auto r : rows[begin]) fill_one(*desk, source, r);
        desks_.give(std::move(desk));
      },
      progress);
}

void Router::explain() {
  Reasons reasons(graph_);
  for (auto& row : table_.rows) {
    if (!std::isnan(row.distance_km)) continue;
    reasons.explain(table_.from_snaps[row.from], table_.to_snaps[row.to], from_.list[row.from],
                    to_.list[row.to], row);
    if (table_.from_snaps[row.from].found)
      row.snap_km = table_.from_snaps[row.from].distance_m / 1000.0;
    if (table_.to_snaps[row.to].found) row.snap_to_km = table_.to_snaps[row.to].distance_m / 1000.0;
  }
}

void Router::report() {
  RouteTally tally;
  for (const auto& row : table_.rows) tally.add(row, from_, to_);
  tally.report(table_.findings);
  report_snaps(graph_, offroad_missing_, table_.from_snaps, from_, "sites", table_.findings);
  report_snaps(graph_, offroad_missing_, table_.to_snaps, to_, "places", table_.findings);
}

}  // namespace

std::string_view to_text(Unreachable reason) {
  switch (reason) {
    case Unreachable::component:
      return "component";
    case Unreachable::season:
      return "season";
    case Unreachable::closed:
      return "closed";
    case Unreachable::border:
      return "border";
    case Unreachable::weight:
      return "weight";
    case Unreachable::snap:
      return "snap";
    case Unreachable::access:
      return "access";
    case Unreachable::draught:
      return "draught";
    case Unreachable::class7:
      return "class7";
    case Unreachable::capacity:
      return "capacity";
    case Unreachable::no:
      break;
  }
  return "";
}

Places places_from(const Crs& crs, const std::vector<Geometry>& geometry,
                   const std::vector<std::string>& ids, const std::vector<std::string>& names) {
  Places places;
  places.crs = crs;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Place place;
    place.id = ids[i];
    place.name = i < names.size() ? names[i] : "";
    place.at = {std::nan(""), std::nan("")};
    if (i < geometry.size() && !geometry[i].empty()) {
      const Point at = representative_point(geometry[i]);
      place.at = {at.x, at.y};
    }
    places.list.push_back(std::move(place));
  }
  return places;
}

namespace {

void check_cargo(const Cargo& cargo) {
  const auto bad = [](const std::string& what) { throw Error("route.bad_option", what); };
  if (cargo.thorium_ppm < 0.0 || cargo.thorium_ppm > 1e6 || cargo.uranium_ppm < 0.0 ||
      cargo.uranium_ppm > 1e6)
    bad("thorium and uranium must be 0 to 100 % of the load");
  if (cargo.annual_t <= 0.0 || std::isinf(cargo.annual_t))
    bad("the tonnes a year must be above zero");
}

}  // namespace

void check_route_input(const Places& from, const Places& to, const RouteOptions& options) {
  if (from.list.empty() || to.list.empty())
    throw Error("route.no_places",
                from.list.empty() ? "there is no site" : "there is no place to go to");
  if (!(from.crs == to.crs))
    throw Error("crs.mismatch", "sites in " + from.crs.label() + ", places in " + to.crs.label(),
                "", "Bring both to one CRS.");
  if (options.pairs == Pairs::pairwise && from.list.size() != to.list.size())
    throw Error("route.pairwise_length",
                std::to_string(from.list.size()) + " sites and " + std::to_string(to.list.size()) +
                    " places cannot be taken in pairs",
                "", "With --pairwise the i-th site goes to the i-th place.");
  const auto bad = [](const std::string& what) { throw Error("route.bad_option", what); };
  if (options.pairs == Pairs::nearest && options.nearest < 1) bad("nearest must be at least 1");
  if (options.pairs == Pairs::listed)
    for (const auto& [i, k] : options.listed)
      if (i >= from.list.size() || k >= to.list.size()) bad("a listed pair names no site or place");
  if (options.month < 0 || options.month > 12) bad("the month must be 1 to 12");
  if (options.vehicle_mass_t <= 0.0 || options.axle_load_t <= 0.0)
    bad("vehicle mass and axle load must be above zero");
  if (!(options.moisture >= 0.0 && options.moisture < 1.0))
    bad("moisture must be 0 to below 100 %");
  if (options.grade <= 0.0 || options.grade > 1.0) bad("grade must be above 0 and at most 100 %");
  for (const auto& cargo : options.cargoes) check_cargo(cargo);
  check_cargo(options.cargo);
  if (!(options.recovery > 0.0 && options.recovery <= 1.0))
    bad("recovery must be above 0 and at most 100 %");
  for (const auto* places : {&from, &to})
    for (const auto& place : places->list)
      if (std::abs(place.at.lat_deg) > 90.0 || std::isinf(place.at.lon_deg))
        throw Error("route.bad_coordinate", "no place on Earth: y " + number_text(place.at.lat_deg),
                    place.id, "Latitudes are -90 to 90 degrees.");
}

RouteTable route_one_cargo(const Network& network, const Tariff& tariff, const Terminals& terminals,
                           const Places& from, const Places& to, const RouteOptions& options,
                           const RouteSnaps* ready, const Progress& progress) {
  return Router(network, tariff, terminals, from, to, options, ready).run(progress);
}

RouteTable route(const Network& network, const Tariff& tariff, const Terminals& terminals,
                 const Places& from, const Places& to, const RouteOptions& options,
                 const Progress& progress) {
  check_route_input(from, to, options);
  if (!options.cargoes.empty())
    return route_cargo_groups(network, tariff, terminals, from, to, options, progress);
  return route_one_cargo(network, tariff, terminals, from, to, options, nullptr, progress);
}

}  // namespace lode
