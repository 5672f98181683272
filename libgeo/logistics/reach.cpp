#include "libgeo/logistics/reach.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/drawn_line.h"
#include "libgeo/logistics/freight_path.h"

namespace lode {

namespace {

/// A run along an edge, fractions of its length rising.
struct Run {
  std::uint32_t edge = 0;
  double from = 0.0, to = 0.0;
};

/// Runs in the order of edges and fractions, joined where they meet or overlap.
std::vector<Run> united(std::vector<Run> runs) {
  for (auto& run : runs)
    if (run.from > run.to) std::swap(run.from, run.to);
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
    return std::tie(a.edge, a.from, a.to) < std::tie(b.edge, b.from, b.to);
  });
  std::vector<Run> whole;
  for (const auto& run : runs) {
    if (run.from == run.to) continue;
    if (!whole.empty() && whole.back().edge == run.edge && run.from <= whole.back().to)
      whole.back().to = std::max(whole.back().to, run.to);
    else
      whole.push_back(run);
  }
  return whole;
}

class Reacher {
 public:
  Reacher(const Network& network, const Tariff& tariff, const Terminals& terminals,
          const Places& from, const std::vector<double>& limits, bool towards,
          const RouteOptions& options)
      : from_(from),
        limits_(limits),
        towards_(towards),
        options_(options),
        graph_(network, tariff, terminals, options_, table_.findings) {
    if (!(from.crs == network.crs))
      throw Error("crs.mismatch",
                  "places in " + from.crs.label() + ", the network in " + network.crs.label());
  }

  ReachTable run(const Progress& progress) {
    std::vector<LonLat> spots;
    for (const auto& place : from_.list) spots.push_back(place.at);
    SnapOptions snap = options_.snap;
    snap.jobs = options_.jobs;
    table_.snaps = snap_places(graph_.network(), spots, snap, progress.part(0.0, 0.1));
    arcs_ = graph_.arcs(kOpen);
    add_loops();
    directed_ =
        towards_ ? make_reverse_graph(graph_.nodes(), arcs_) : make_graph(graph_.nodes(), arcs_);
    table_.list.resize(from_.list.size() * limits_.size());
    parallel_blocks(
        from_.list.size(), 1, options_.jobs,
        [&](std::size_t begin, std::size_t, std::size_t) {
          reach_from(static_cast<std::uint32_t>(begin));
        },
        progress.part(0.1, 1.0));
    report();
    progress.update(1.0);
    return std::move(table_);
  }

 private:
  void add_loops();
  void reach_from(std::uint32_t place);
  [[nodiscard]] std::vector<Run> runs_within(const ShortestPaths& search, const Attachment& at,
                                             double access, double limit) const;
  void draw(const std::vector<Run>& runs, Reach& reach) const;
  void report();

  const Places& from_;
  const std::vector<double>& limits_;
  bool towards_ = false;
  const RouteOptions& options_;
  ReachTable table_;
  FreightGraph graph_;
  std::vector<Arc> arcs_;
  std::vector<Arc> loops_;  ///< edges that end where they began are no arcs of the graph
  Graph directed_;
};

void Reacher::add_loops() {
  const Network& net = graph_.network();
  for (std::uint32_t e = 0; e < net.edges.size(); ++e) {
    if (net.edges[e].a != net.edges[e].b) continue;
    Snap middle;
    middle.edge = e;
    middle.fraction = 0.5;
    if (graph_.attach(middle).stretch != e) continue;  // cut by a terminal: its parts are arcs
    for (const std::uint32_t back : {0U, 1U})
      if (graph_.may(e, back == 1, kOpen))
        loops_.push_back({net.edges[e].a, net.edges[e].b, 2 * e + back,
                          graph_.weight(graph_.toll(graph_.step(2 * e)))});
  }
}

/// Every stretch that may be gone is reached from the end where one enters it (towards: from the
/// end where one leaves it), as far as the limit lasts; and the place's own from where it stands.
std::vector<Run> Reacher::runs_within(const ShortestPaths& search, const Attachment& at,
                                      double access, double limit) const {
  std::vector<Run> runs;
  const auto along = [&](const Step& step, double left, double weight) {
    if (!(left > 0.0)) return;
    const double share = left >= weight ? 1.0 : left / weight;
    const double near = towards_ ? step.to : step.from, far = towards_ ? step.from : step.to;
    runs.push_back({step.edge, near, share == 1.0 ? far : near + (far - near) * share});
  };
  const auto take = [&](const std::vector<Arc>& arcs) {
    for (const auto& arc : arcs) {
      const double distance = search.distance(towards_ ? arc.head : arc.tail);
      if (!(distance < limit)) continue;
      const Step step = graph_.step(arc.label);
      if (step.kind == Step::Kind::edge) along(step, limit - distance, arc.weight);
    }
  };
  take(arcs_);
  take(loops_);
  if (at.at_node) return united(std::move(runs));
  for (const auto& gate : gates_of(graph_, at, !towards_))
    along(gate.step, limit - access, gate.weight);
  if (at.a != at.b) return united(std::move(runs));
  // Both ways round a line that closes on itself lead to one node, which has one gate.
  for (const double end : {at.from, at.to}) {
    Step step;
    step.edge = at.edge;
    step.from = towards_ ? end : at.at;
    step.to = towards_ ? at.at : end;
    step.carrier = graph_.network().edges[at.edge].carrier;
    if (graph_.may(at.edge, step.from > step.to, kOpen))
      along(step, limit - access, graph_.weight(graph_.toll(step)));
  }
  return united(std::move(runs));
}

void Reacher::draw(const std::vector<Run>& runs, Reach& reach) const {
  const Geodesic geodesic(graph_.network().crs);
  reach.lines.kind = GeometryKind::line;
  Sum length;
  for (const auto& run : runs) {
    Step step;
    step.edge = run.edge;
    step.from = run.from;
    step.to = run.to;
    step.carrier = graph_.network().edges[run.edge].carrier;
    length += graph_.toll(step).km;
    std::vector<LonLat> path;
    add_vertices(graph_.network(), geodesic, step, path);
    for (auto& part : drawn_line(geodesic, path).lines)
      reach.lines.lines.push_back(std::move(part));
  }
  reach.length_km = length.value();
}

void Reacher::reach_from(std::uint32_t place) {
  const Snap& snap = table_.snaps[place];
  const auto slot = [&](std::size_t i) -> Reach& {
    Reach& reach = table_.list[place * limits_.size() + i];
    reach.from = place;
    reach.limit = limits_[i];
    return reach;
  };
  if (!snap.found) {
    for (std::size_t i = 0; i < limits_.size(); ++i)
      slot(i).words = std::isnan(snap.nearest_m)
                          ? "it has no place, or the network no line"
                          : "the nearest line is " + fixed_text(snap.nearest_m / 1000.0, 1) +
                                " km away, beyond the snap radius";
    return;
  }
  const Attachment at = graph_.attach(snap);
  const double access = graph_.weight(graph_.access_toll(snap.edge, snap.distance_m));
  std::vector<Seed> seeds;
  for (const auto& gate : gates_of(graph_, at, !towards_))
    seeds.push_back({gate.node, access + gate.weight});
  ShortestPaths search;
  search.run(directed_, seeds, {}, *std::max_element(limits_.begin(), limits_.end()));
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    Reach& reach = slot(i);
    draw(runs_within(search, at, access, limits_[i]), reach);
    if (!reach.lines.empty()) continue;
    reach.words = seeds.empty()          ? "the line it stands on is closed"
                  : access >= limits_[i] ? "the straight way to the nearest line takes up the limit"
                                         : "no line leads on";
  }
}

void Reacher::report() {
  for (const auto& reach : table_.list)
    if (!reach.words.empty())
      table_.findings.add("reach.nothing", Severity::warning, "places",
                          "limits within which nothing is reached, first from " +
                              from_.list[reach.from].id + " within " + number_text(reach.limit) +
                              ": " + reach.words);
}

}  // namespace

ReachTable reach(const Network& network, const Tariff& tariff, const Terminals& terminals,
                 const Places& from, const std::vector<double>& limits, bool towards,
                 const RouteOptions& options, const Progress& progress) {
  RouteOptions own = options;
  own.pairs = Pairs::all;
  own.cargoes.clear();
  own.cargo.annual_t = std::numeric_limits<double>::quiet_NaN();
  check_route_input(from, from, own);
  if (limits.empty()) throw Error("route.bad_option", "there is no limit");
  for (const double limit : limits)
    if (!(limit > 0.0) || !std::isfinite(limit))
      throw Error("route.bad_option", "a limit must be above zero: " + number_text(limit));
  return Reacher(network, tariff, terminals, from, limits, towards, own).run(progress);
}

}  // namespace lode
