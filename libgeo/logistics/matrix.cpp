#include "libgeo/logistics/matrix.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/logistics/freight_path.h"
#include "libgeo/logistics/freight_reasons.h"
#include "libgeo/logistics/freight_tally.h"

namespace lode {

namespace {

/// Cells of a block of sites when every search from a place serves the whole block: 200 MB.
constexpr std::size_t kCells = 4000000;
/// Of a block whose sites are searched from themselves.
constexpr std::size_t kSearchedCells = 250000;

/// A cell and what is counted of it.
struct Entry {
  MatrixCell cell;
  double weight = ShortestPaths::kUnreached;  ///< of the way, snaps left out
  bool seasonal = false;
};

/// What a thread needs for its searches; kept from one search to the next.
struct Desk {
  ShortestPaths search;
  TreeTotals totals;
};

class Matrix {
 public:
  Matrix(const Network& network, const Tariff& tariff, const Terminals& terminals,
         const Places& from, const Places& to, const RouteOptions& options, const MatrixSink& sink)
      : from_(from),
        to_(to),
        options_(options),
        sink_(sink),
        graph_(network, tariff, terminals, options, report_.findings),
        reasons_(graph_) {
    if (!(from.crs == network.crs))
      throw Error("crs.mismatch",
                  "places in " + from.crs.label() + ", the network in " + network.crs.label());
    offroad_missing_ = tariff.mode("offroad") == nullptr;
  }

  MatrixReport run(const Progress& progress);

 private:
  void snap(const Progress& progress);
  void choose_side();
  void search_block(std::size_t begin, std::size_t end, const Progress& progress);
  void search_one(Desk& desk, std::size_t source, std::size_t begin, std::size_t end);
  void fill(Entry& entry, std::size_t site, std::size_t place, const Toll& way) const;
  void hand_over(std::size_t site, const Entry* row);
  void hand_over_nearest(std::size_t site, const Entry* row);
  void count(std::size_t site, std::size_t place, const Entry& entry);
  [[nodiscard]] std::uint32_t nearest_on_earth(std::size_t site) const;
  [[nodiscard]] std::size_t width() const {
    return options_.pairs == Pairs::pairwise ? 1 : to_.list.size();
  }

  const Places& from_;
  const Places& to_;
  const RouteOptions& options_;
  const MatrixSink& sink_;
  MatrixReport report_;
  FreightGraph graph_;
  Reasons reasons_;
  RouteTally tally_;
  bool offroad_missing_ = false;
  bool backward_ = false;  ///< searches start at the places
  Graph directed_;
  std::vector<Snap> from_snaps_, to_snaps_;
  std::vector<Attachment> from_at_, to_at_;
  std::vector<double> last_;    ///< weight of the way from the line to each place
  std::vector<Entry> entries_;  ///< of a block of sites, site by site
  std::vector<std::uint32_t> all_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Desk>> desks_;
};

void Matrix::snap(const Progress& progress) {
  SnapOptions snap = options_.snap;
  snap.jobs = options_.jobs;
  // In one call, so that the lines are indexed once.
  std::vector<LonLat> spots;
  for (const auto* places : {&from_, &to_})
    for (const auto& place : places->list) spots.push_back(place.at);
  const auto snaps = snap_places(graph_.network(), spots, snap, progress);
  const auto middle = snaps.begin() + static_cast<std::ptrdiff_t>(from_.list.size());
  from_snaps_.assign(snaps.begin(), middle);
  to_snaps_.assign(middle, snaps.end());
  for (const auto& s : from_snaps_) from_at_.push_back(s.found ? graph_.attach(s) : Attachment{});
  for (const auto& s : to_snaps_) {
    to_at_.push_back(s.found ? graph_.attach(s) : Attachment{});
    last_.push_back(s.found ? graph_.weight(graph_.access_toll(s.edge, s.distance_m)) : 0.0);
  }
}

void Matrix::choose_side() {
  const std::size_t sites = from_.list.size();
  const std::size_t places = to_.list.size();
  backward_ = options_.search_from == SearchFrom::places ||
              (options_.search_from == SearchFrom::fewer &&
               (options_.pairs == Pairs::nearest ? 2 * places < sites : places < sites));
}

void Matrix::fill(Entry& entry, std::size_t site, std::size_t place, const Toll& way) const {
  Toll sum = way;
  entry.weight = graph_.weight(way);
  sum.add(graph_.access_toll(from_snaps_[site].edge, from_snaps_[site].distance_m));
  sum.add(graph_.access_toll(to_snaps_[place].edge, to_snaps_[place].distance_m));
  RouteRow row;
  fill_totals(sum, row);
  entry.cell = {row.distance_km, row.cost_usd_per_t, row.hours, row.co2e_kg_per_t};
  entry.seasonal = options_.month == 0 && sum.seasonal;
}

/// One search: from a site to all places, or from a place back to the sites of the block.
void Matrix::search_one(Desk& desk, std::size_t source, std::size_t begin, std::size_t end) {
  if (!(backward_ ? to_snaps_ : from_snaps_)[source].found) return;
  const auto& source_at = (backward_ ? to_at_ : from_at_)[source];
  const auto& ends = backward_ ? from_at_ : to_at_;
  const auto& snaps = backward_ ? from_snaps_ : to_snaps_;
  const bool one = options_.pairs == Pairs::pairwise;
  const std::size_t first = one ? source : backward_ ? begin : 0;
  const std::size_t last = one ? source + 1 : backward_ ? end : ends.size();
  std::vector<Seed> seeds;
  for (const auto& gate : gates_of(graph_, source_at, !backward_))
    seeds.push_back({gate.node, gate.weight});
  std::vector<std::uint32_t> targets;
  for (std::size_t i = first; i < last; ++i)
    if (snaps[i].found)
      for (const auto& gate : gates_of(graph_, ends[i], backward_)) targets.push_back(gate.node);
  desk.search.run(directed_, seeds, targets);
  desk.totals.start(graph_, source_at, backward_);
  for (std::size_t i = first; i < last; ++i) {
    Toll way;
    if (!snaps[i].found ||
        !desk.totals.total(graph_, directed_, desk.search, source_at, ends[i], backward_, way))
      continue;
    const std::size_t site = backward_ ? i : source;
    const std::size_t place = backward_ ? source : i;
    fill(entries_[(site - begin) * width() + (one ? 0 : place)], site, place, way);
  }
}

void Matrix::search_block(std::size_t begin, std::size_t end, const Progress& progress) {
  entries_.assign((end - begin) * width(), Entry{});
  const bool sites = !backward_ || options_.pairs == Pairs::pairwise;
  const std::size_t first = sites ? begin : 0;
  const std::size_t sources = sites ? end - begin : to_.list.size();
  parallel_blocks(
      sources, 1, options_.jobs,
      [&](std::size_t source, std::size_t, std::size_t) {
        std::unique_ptr<Desk> desk;
        {
          const std::lock_guard lock(mutex_);
          if (!desks_.empty()) {
            desk = std::move(desks_.back());
            desks_.pop_back();
          }
        }
        if (!desk) desk = std::make_unique<Desk>();
        search_one(*desk, first + source, begin, end);
        const std::lock_guard lock(mutex_);
        desks_.push_back(std::move(desk));
      },
      progress);
}

void Matrix::count(std::size_t site, std::size_t place, const Entry& entry) {
  ++report_.pairs;
  RouteRow row;
  row.from = static_cast<std::uint32_t>(site);
  row.to = static_cast<std::uint32_t>(place);
  row.seasonal = entry.seasonal;
  if (entry.weight == ShortestPaths::kUnreached) {
    ++report_.unreachable;
    reasons_.explain(from_snaps_[site], to_snaps_[place], from_.list[site], to_.list[place], row);
  } else if (!row.seasonal) {
    return;
  }
  tally_.add(row, from_, to_);
}

void Matrix::hand_over(std::size_t site, const Entry* row) {
  const bool one = options_.pairs == Pairs::pairwise;
  std::vector<MatrixCell> cells(width());
  for (std::size_t k = 0; k < cells.size(); ++k) {
    cells[k] = row[k].cell;
    count(site, one ? site : k, row[k]);
  }
  if (one) all_.assign(1, static_cast<std::uint32_t>(site));
  sink_(static_cast<std::uint32_t>(site), all_, cells);
}

std::uint32_t Matrix::nearest_on_earth(std::size_t site) const {
  const Geodesic geodesic(from_.crs);
  std::pair<double, std::uint32_t> nearest{ShortestPaths::kUnreached, 0};
  for (std::uint32_t k = 0; k < to_.list.size(); ++k) {
    const double distance = geodesic.distance_m(from_.list[site].at, to_.list[k].at);
    if (distance < nearest.first) nearest = {distance, k};
  }
  return nearest.second;
}

void Matrix::hand_over_nearest(std::size_t site, const Entry* row) {
  std::vector<std::pair<double, std::uint32_t>> best;
  for (std::uint32_t k = 0; k < to_.list.size(); ++k)
    if (row[k].weight < ShortestPaths::kUnreached) best.emplace_back(row[k].weight + last_[k], k);
  const std::size_t keep = std::min(options_.nearest, best.size());
  std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(keep), best.end());
  best.resize(keep);
  std::vector<std::uint32_t> places;
  std::vector<MatrixCell> cells;
  for (const auto& [weight, k] : best) places.push_back(k);
  if (places.empty()) places.push_back(nearest_on_earth(site));
  for (const auto k : places) {
    cells.push_back(row[k].cell);
    count(site, k, row[k]);
  }
  sink_(static_cast<std::uint32_t>(site), places, cells);
}

MatrixReport Matrix::run(const Progress& progress) {
  snap(progress.part(0.0, 0.1));
  choose_side();
  report_.algorithm = "dijkstra";
  directed_ = backward_ ? make_reverse_graph(graph_.nodes(), graph_.arcs(kOpen))
                        : make_graph(graph_.nodes(), graph_.arcs(kOpen));
  if (options_.pairs != Pairs::pairwise)
    for (std::uint32_t k = 0; k < to_.list.size(); ++k) all_.push_back(k);
  const std::size_t sites = from_.list.size();
  const std::size_t step =
      std::max<std::size_t>(16, (backward_ ? kCells : kSearchedCells) / width());
  const auto share = [&](std::size_t done) {
    return 0.15 + 0.85 * static_cast<double>(done) / static_cast<double>(sites);
  };
  for (std::size_t begin = 0; begin < sites; begin += step) {
    const std::size_t end = std::min(sites, begin + step);
    search_block(begin, end, progress.part(share(begin), share(end)));
    for (std::size_t site = begin; site < end; ++site) {
      const Entry* row = entries_.data() + (site - begin) * width();
      if (options_.pairs == Pairs::nearest)
        hand_over_nearest(site, row);
      else
        hand_over(site, row);
    }
  }
  tally_.report(report_.findings);
  report_snaps(graph_, offroad_missing_, from_snaps_, from_, "sites", report_.findings);
  report_snaps(graph_, offroad_missing_, to_snaps_, to_, "places", report_.findings);
  progress.update(1.0);
  return std::move(report_);
}

}  // namespace

MatrixReport route_matrix(const Network& network, const Tariff& tariff, const Terminals& terminals,
                          const Places& from, const Places& to, const RouteOptions& options,
                          const MatrixSink& sink, const Progress& progress) {
  check_route_input(from, to, options);
  return Matrix(network, tariff, terminals, from, to, options, sink).run(progress);
}

}  // namespace lode
