#include "libgeo/logistics/matrix.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/logistics/cargo_groups.h"
#include "libgeo/logistics/freight_hierarchy.h"
#include "libgeo/logistics/freight_path.h"
#include "libgeo/logistics/freight_reasons.h"
#include "libgeo/logistics/freight_tally.h"

namespace lode {

namespace {

/// Cells of a block of sites when every search from a place serves the whole block: 200 MB.
constexpr std::size_t kCells = 4000000;
/// Of a block whose sites are searched from themselves.
constexpr std::size_t kSearchedCells = 250000;

/// Places whose labels are kept at one time: 200 MB on a million nodes of roads.
constexpr std::size_t kLabels = 20000;
/// Sites of a block when each has only a few places.
constexpr std::size_t kSites = 4096;

/// A cell and what is counted of it.
struct Entry {
  MatrixCell cell;
  double weight = ShortestPaths::kUnreached;  ///< of the way, snaps left out
  bool seasonal = false;
};

/// What a thread needs for its searches; kept from one search to the next.
struct MatrixDesk {
  ShortestPaths search;
  TreeTotals totals;
  std::unique_ptr<LinkTotals> links;
};

class Matrix {
 public:
  Matrix(const Network& network, const Tariff& tariff, const Terminals& terminals,
         const Places& from, const Places& to, const RouteOptions& options, const RouteSnaps& snaps,
         const MatrixSink& sink)
      : from_(from),
        to_(to),
        options_(options),
        sink_(sink),
        graph_(network, tariff, terminals, options, report_.findings, &snaps.terminals),
        reasons_(graph_),
        from_snaps_(snaps.from),
        to_snaps_(snaps.to) {
    offroad_missing_ = tariff.mode("offroad") == nullptr;
  }

  MatrixReport run(const Progress& progress);

 private:
  void attach();
  void choose_side();
  void search_block(std::size_t begin, std::size_t end, const Progress& progress);
  void search_one(MatrixDesk& desk, std::size_t source, std::size_t begin, std::size_t end);
  void join_block(std::size_t begin, std::size_t end, const Progress& progress);
  void join_chunk(std::size_t begin, std::size_t end, std::size_t first, std::size_t last);
  void few_block(std::size_t begin, std::size_t end, const NearestPlaces* nearest,
                 const Progress& progress);
  void join_one(MatrixDesk& desk, const FreightHierarchy::Labels& labels, std::size_t site,
                std::size_t place, Entry& entry) const;
  /// `way` without the ways to and from the network.
  void fill(Entry& entry, double weight, std::size_t site, std::size_t place,
            const WayTotals& way) const;
  std::unique_ptr<MatrixDesk> take_desk();
  void give(std::unique_ptr<MatrixDesk> desk);
  void run_few(const Progress& progress);
  void run_all(const Progress& progress);
  void hand_over(std::size_t site, const Entry* row);
  void choose_nearest(std::size_t site, const Entry* row);
  void hand_over_few(std::size_t site, const std::vector<std::uint32_t>& places,
                     const std::vector<Entry>& entries);
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
  Graph directed_;         ///< without a hierarchy
  std::unique_ptr<FreightHierarchy> hierarchy_;
  const std::vector<Snap>&from_snaps_, &to_snaps_;
  std::vector<Attachment> from_at_, to_at_;
  std::vector<WayTotals> from_snap_, to_snap_;  ///< straight ways to and from the lines
  std::vector<double> last_;                    ///< weight of the way from the line to each place
  std::vector<Entry> entries_;                  ///< of a block of sites, site by site
  std::vector<std::uint32_t> all_;
  // With a hierarchy: of a block of sites and a chunk of places.
  std::vector<FreightHierarchy::Labels> site_labels_, place_labels_;
  std::vector<LabelTotals> site_totals_, place_totals_;
  std::size_t chunk_ = 0;  ///< first place with labels, of those in `place_labels_`
  std::vector<FreightHierarchy::Join> joins_;
  std::vector<std::vector<std::uint32_t>> few_places_;
  std::vector<std::vector<Entry>> few_entries_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<MatrixDesk>> desks_;
};

void Matrix::attach() {
  const auto access = [&](const Snap& s) {
    return s.found ? graph_.access_toll(s.edge, s.distance_m) : Toll{};
  };
  for (const auto& s : from_snaps_) {
    from_at_.push_back(s.found ? graph_.attach(s) : Attachment{});
    from_snap_.emplace_back(access(s));
  }
  for (const auto& s : to_snaps_) {
    to_at_.push_back(s.found ? graph_.attach(s) : Attachment{});
    to_snap_.emplace_back(access(s));
    last_.push_back(graph_.weight(access(s)));
  }
}

void Matrix::choose_side() {
  const std::size_t sites = from_.list.size();
  const std::size_t places = to_.list.size();
  backward_ = options_.search_from == SearchFrom::places ||
              (options_.search_from == SearchFrom::fewer &&
               (options_.pairs == Pairs::nearest ? 2 * places < sites : places < sites));
}

void Matrix::fill(Entry& entry, double weight, std::size_t site, std::size_t place,
                  const WayTotals& way) const {
  WayTotals sum = way;
  sum.add(from_snap_[site]);
  sum.add(to_snap_[place]);
  entry.weight = weight;
  entry.cell = {sum.km, sum.cost, sum.hours, sum.co2e_kg};
  entry.seasonal = options_.month == 0 && sum.seasonal;
}

std::unique_ptr<MatrixDesk> Matrix::take_desk() {
  const std::lock_guard lock(mutex_);
  if (desks_.empty()) return std::make_unique<MatrixDesk>();
  auto desk = std::move(desks_.back());
  desks_.pop_back();
  return desk;
}

void Matrix::give(std::unique_ptr<MatrixDesk> desk) {
  const std::lock_guard lock(mutex_);
  desks_.push_back(std::move(desk));
}

/// One search: from a site to all places, or from a place back to the sites of the block.
void Matrix::search_one(MatrixDesk& desk, std::size_t source, std::size_t begin, std::size_t end) {
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
    fill(entries_[(site - begin) * width() + (one ? 0 : place)], graph_.weight(way), site, place,
         WayTotals(way));
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
        auto desk = take_desk();
        search_one(*desk, first + source, begin, end);
        give(std::move(desk));
      },
      progress);
}

/// Every site of the block to every place of a chunk. Totals in three rounds, so that every thread
/// writes only what is its own: ways, totals below the places, totals below the sites.
void Matrix::join_chunk(std::size_t begin, std::size_t end, std::size_t first, std::size_t last) {
  const auto join_of = [&](std::size_t site, std::size_t place) -> FreightHierarchy::Join& {
    return joins_[(site - begin) * (last - first) + place - first];
  };
  joins_.assign((end - begin) * (last - first), {});
  parallel_blocks(end - begin, 1, options_.jobs, [&](std::size_t i, std::size_t, std::size_t) {
    const std::size_t site = begin + i;
    for (std::size_t k = first; from_snaps_[site].found && k < last; ++k)
      if (to_snaps_[k].found)
        join_of(site, k) =
            hierarchy_->join(from_at_[site], site_labels_[i], to_at_[k], place_labels_[k - first]);
  });
  const auto each = [&](std::size_t count, const auto& body) {
    parallel_blocks(count, 8, options_.jobs, [&](std::size_t b, std::size_t e, std::size_t) {
      auto desk = take_desk();
      if (!desk->links) desk->links = std::make_unique<LinkTotals>(*hierarchy_);
      for (std::size_t i = b; i < e; ++i) body(*desk, i);
      give(std::move(desk));
    });
  };
  each(last - first, [&](MatrixDesk& desk, std::size_t k) {
    for (std::size_t site = begin; site < end; ++site) {
      const auto& join = join_of(site, first + k);
      if (!join.straight && join.weight < ShortestPaths::kUnreached)
        (void)place_totals_[k].of(*hierarchy_, *desk.links, place_labels_[k], join.to, join.depth);
    }
  });
  each(end - begin, [&](MatrixDesk& desk, std::size_t i) {
    const std::size_t site = begin + i;
    for (std::size_t k = first; k < last; ++k) {
      const auto& join = join_of(site, k);
      if (join.weight == ShortestPaths::kUnreached) continue;
      WayTotals way;
      if (join.straight) {
        way = WayTotals(graph_.toll(direct_run(graph_, from_at_[site], to_at_[k]).step));
      } else {
        way = site_totals_[i].of(*hierarchy_, *desk.links, site_labels_[i], join.from, join.depth);
        way.add(place_totals_[k - first].known(join.to, join.depth));
      }
      fill(entries_[i * width() + k], join.weight, site, k, way);
    }
  });
}

void Matrix::join_block(std::size_t begin, std::size_t end, const Progress& progress) {
  const std::size_t places = to_.list.size();
  entries_.assign((end - begin) * places, Entry{});
  const auto label = [&](const std::vector<Snap>& snaps, const std::vector<Attachment>& at,
                         bool leaving, std::size_t b, std::size_t e,
                         std::vector<FreightHierarchy::Labels>& labels,
                         std::vector<LabelTotals>& totals) {
    labels.assign(e - b, {});
    totals.assign(e - b, {});
    parallel_blocks(e - b, 8, options_.jobs, [&](std::size_t i, std::size_t last, std::size_t) {
      progress.check();
      for (; i < last; ++i)
        if (snaps[b + i].found) {
          labels[i] = hierarchy_->labels(at[b + i], leaving);
          totals[i].start(*hierarchy_, at[b + i], leaving);
        }
    });
  };
  label(from_snaps_, from_at_, true, begin, end, site_labels_, site_totals_);
  for (std::size_t first = 0; first < places; first += kLabels) {
    const std::size_t last = std::min(places, first + kLabels);
    if (place_labels_.empty() || chunk_ != first) {
      label(to_snaps_, to_at_, false, first, last, place_labels_, place_totals_);
      chunk_ = first;
    }
    join_chunk(begin, end, first, last);
    progress.update(static_cast<double>(last) / static_cast<double>(places));
  }
}

void Matrix::join_one(MatrixDesk& desk, const FreightHierarchy::Labels& labels, std::size_t site,
                      std::size_t place, Entry& entry) const {
  if (!to_snaps_[place].found) return;
  const auto to_labels = hierarchy_->labels(to_at_[place], false);
  const auto join = hierarchy_->join(from_at_[site], labels, to_at_[place], to_labels);
  if (join.weight == ShortestPaths::kUnreached) return;
  if (join.straight) {
    fill(entry, join.weight, site, place,
         WayTotals(graph_.toll(direct_run(graph_, from_at_[site], to_at_[place]).step)));
    return;
  }
  if (!desk.links) desk.links = std::make_unique<LinkTotals>(*hierarchy_);
  LabelTotals from, to;
  from.start(*hierarchy_, from_at_[site], true);
  to.start(*hierarchy_, to_at_[place], false);
  WayTotals way = from.of(*hierarchy_, *desk.links, labels, join.from, join.depth);
  way.add(to.of(*hierarchy_, *desk.links, to_labels, join.to, join.depth));
  fill(entry, join.weight, site, place, way);
}

/// Sites with one place each, or with their nearest few.
void Matrix::few_block(std::size_t begin, std::size_t end, const NearestPlaces* nearest,
                       const Progress& progress) {
  few_places_.assign(end - begin, {});
  few_entries_.assign(end - begin, {});
  parallel_blocks(
      end - begin, 16, options_.jobs,
      [&](std::size_t first, std::size_t last, std::size_t) {
        auto desk = take_desk();
        for (std::size_t i = first; i < last; ++i) {
          const std::size_t site = begin + i;
          FreightHierarchy::Labels labels;
          if (from_snaps_[site].found) labels = hierarchy_->labels(from_at_[site], true);
          auto& places = few_places_[i];
          if (nearest == nullptr)
            places.push_back(static_cast<std::uint32_t>(site));
          else if (from_snaps_[site].found)
            for (const auto& [weight, k] : nearest->nearest(from_at_[site], labels))
              places.push_back(k);
          few_entries_[i].resize(places.size());
          for (std::size_t n = 0; from_snaps_[site].found && n < places.size(); ++n)
            join_one(*desk, labels, site, places[n], few_entries_[i][n]);
        }
        give(std::move(desk));
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

void Matrix::hand_over_few(std::size_t site, const std::vector<std::uint32_t>& places,
                           const std::vector<Entry>& entries) {
  std::vector<MatrixCell> cells;
  if (places.empty()) {
    const std::vector<std::uint32_t> one = {nearest_on_earth(site)};
    count(site, one[0], Entry{});
    sink_(static_cast<std::uint32_t>(site), one, {MatrixCell{}});
    return;
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    cells.push_back(entries[i].cell);
    count(site, places[i], entries[i]);
  }
  sink_(static_cast<std::uint32_t>(site), places, cells);
}

void Matrix::choose_nearest(std::size_t site, const Entry* row) {
  std::vector<std::pair<double, std::uint32_t>> best;
  for (std::uint32_t k = 0; k < to_.list.size(); ++k)
    if (row[k].weight < ShortestPaths::kUnreached) best.emplace_back(row[k].weight + last_[k], k);
  const std::size_t keep = std::min(options_.nearest, best.size());
  std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(keep), best.end());
  best.resize(keep);
  std::vector<std::uint32_t> places;
  std::vector<Entry> entries;
  for (const auto& [weight, k] : best) {
    places.push_back(k);
    entries.push_back(row[k]);
  }
  hand_over_few(site, places, entries);
}

void Matrix::run_few(const Progress& progress) {
  std::unique_ptr<NearestPlaces> nearest;
  if (options_.pairs == Pairs::nearest) {
    std::vector<char> found;
    for (const auto& snap : to_snaps_) found.push_back(snap.found ? 1 : 0);
    nearest = std::make_unique<NearestPlaces>(*hierarchy_, to_at_, found, last_,
                                              std::min(options_.nearest, to_.list.size()),
                                              options_.jobs, progress.part(0.0, 0.1));
  }
  const std::size_t sites = from_.list.size();
  const auto share = [&](std::size_t done) {
    return 0.1 + 0.9 * static_cast<double>(done) / static_cast<double>(sites);
  };
  for (std::size_t begin = 0; begin < sites; begin += kSites) {
    const std::size_t end = std::min(sites, begin + kSites);
    few_block(begin, end, nearest.get(), progress.part(share(begin), share(end)));
    for (std::size_t site = begin; site < end; ++site)
      hand_over_few(site, few_places_[site - begin], few_entries_[site - begin]);
  }
}

void Matrix::run_all(const Progress& progress) {
  if (options_.pairs != Pairs::pairwise)
    for (std::uint32_t k = 0; k < to_.list.size(); ++k) all_.push_back(k);
  const std::size_t sites = from_.list.size();
  const std::size_t cells = backward_ && !hierarchy_ ? kCells : kSearchedCells;
  const std::size_t step = std::max<std::size_t>(16, cells / width());
  const auto share = [&](std::size_t done) {
    return static_cast<double>(done) / static_cast<double>(sites);
  };
  for (std::size_t begin = 0; begin < sites; begin += step) {
    const std::size_t end = std::min(sites, begin + step);
    const Progress part = progress.part(share(begin), share(end));
    if (hierarchy_)
      join_block(begin, end, part);
    else
      search_block(begin, end, part);
    for (std::size_t site = begin; site < end; ++site) {
      const Entry* row = entries_.data() + (site - begin) * width();
      if (options_.pairs == Pairs::nearest)
        choose_nearest(site, row);
      else
        hand_over(site, row);
    }
  }
}

MatrixReport Matrix::run(const Progress& progress) {
  attach();
  choose_side();
  hierarchy_ = FreightHierarchy::choose(graph_, backward_ ? to_.list.size() : from_.list.size(),
                                        progress.part(0.0, 0.5));
  report_.algorithm = hierarchy_ ? "cch" : "dijkstra";
  if (!hierarchy_)
    directed_ = backward_ ? make_reverse_graph(graph_.nodes(), graph_.arcs(kOpen))
                          : make_graph(graph_.nodes(), graph_.arcs(kOpen));
  if (hierarchy_ && options_.pairs != Pairs::all)
    run_few(progress.part(0.5, 1.0));
  else
    run_all(progress.part(0.5, 1.0));
  tally_.report(report_.findings);
  report_snaps(graph_, offroad_missing_, from_snaps_, from_, "sites", report_.findings);
  report_snaps(graph_, offroad_missing_, to_snaps_, to_, "places", report_.findings);
  progress.update(1.0);
  return std::move(report_);
}

/// Group by group; rows wait until those of the sites before them have been handed over.
MatrixReport matrix_of_groups(const Network& network, const Tariff& tariff,
                              const Terminals& terminals, const Places& from, const Places& to,
                              const RouteOptions& options, const RouteSnaps& snaps,
                              const MatrixSink& sink, const Progress& progress) {
  struct Row {
    bool there = false;
    std::vector<std::uint32_t> places;
    std::vector<MatrixCell> cells;
  };
  const auto groups = cargo_groups(options, from.list.size(), network, tariff, terminals);
  const bool pairwise = options.pairs == Pairs::pairwise;
  std::vector<Row> rows(from.list.size());
  std::uint32_t next = 0;
  MatrixReport whole;
  GroupFindings findings;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& sites = groups[g].sites;
    const CargoSelection some = select_sites(from, to, snaps, sites, pairwise);
    RouteOptions one = options;
    one.cargoes.clear();
    one.cargo = groups[g].cargo;
    const auto keep = [&](std::uint32_t site, const std::vector<std::uint32_t>& places,
                          const std::vector<MatrixCell>& cells) {
      Row& row = rows[sites[site]];
      row = {true, pairwise ? std::vector<std::uint32_t>{sites[site]} : places, cells};
      for (; next < rows.size() && rows[next].there; ++next) {
        sink(next, rows[next].places, rows[next].cells);
        rows[next] = {true, {}, {}};
      }
    };
    const double share = 1.0 / static_cast<double>(groups.size());
    const MatrixReport report =
        Matrix(network, tariff, terminals, some.from, some.to, one, some.snaps, keep)
            .run(progress.part(share * static_cast<double>(g), share * static_cast<double>(g + 1)));
    findings.add(report.findings, sites.size());
    whole.pairs += report.pairs;
    whole.unreachable += report.unreachable;
    whole.algorithm = report.algorithm;
  }
  findings.into(whole.findings);
  return whole;
}

}  // namespace

MatrixReport route_matrix(const Network& network, const Tariff& tariff, const Terminals& terminals,
                          const Places& from, const Places& to, const RouteOptions& options,
                          const MatrixSink& sink, const Progress& progress) {
  check_route_input(from, to, options);
  if (!(from.crs == network.crs))
    throw Error("crs.mismatch",
                "places in " + from.crs.label() + ", the network in " + network.crs.label());
  if (!terminals.list.empty() && !(terminals.crs == network.crs))
    throw Error("crs.mismatch", "terminals in " + terminals.crs.label() + ", the network in " +
                                    network.crs.label());
  const RouteSnaps snaps =
      snap_route(network, terminals, from, to, options, progress.part(0.0, 0.1));
  const Progress rest = progress.part(0.1, 1.0);
  if (!options.cargoes.empty())
    return matrix_of_groups(network, tariff, terminals, from, to, options, snaps, sink, rest);
  return Matrix(network, tariff, terminals, from, to, options, snaps, sink).run(rest);
}

}  // namespace lode
