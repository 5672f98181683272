#include "libgeo/logistics/freight_path.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/sum.h"
#include "libgeo/logistics/drawn_line.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

Step run_along(const FreightGraph& graph, const Attachment& at, double from, double to,
               std::uint16_t vehicle) {
  Step step;
  step.edge = at.edge;
  step.from = from;
  step.to = to;
  step.carrier = graph.network().edges[at.edge].carrier;
  step.vehicle = vehicle;
  return step;
}

/// Sums a leg in the order of its steps.
void add_to(Leg& leg, const Toll& toll) {
  leg.distance_km += toll.km + toll.gap_km;
  leg.hours += toll.hours;
  leg.freight_usd_per_t += toll.freight;
  leg.toll_usd_per_t += toll.toll;
  leg.time_usd_per_t += toll.time;
  leg.stock_usd_per_t += toll.stock;
  leg.wait_h += toll.wait_h;
  // Twice the mean wait is what the whole parcel takes to come together.
  leg.stockpile_days = leg.wait_h * 2.0 / 24.0;
  leg.cost_usd_per_t =
      leg.freight_usd_per_t + leg.toll_usd_per_t + leg.time_usd_per_t + leg.stock_usd_per_t;
  leg.cost_low_usd_per_t += toll.freight_low + toll.toll + toll.time + toll.stock;
  leg.cost_high_usd_per_t += toll.freight_high + toll.toll + toll.time + toll.stock;
  leg.co2e_kg_per_t += toll.co2e_kg;
}

/// Builds legs one after another; a place the load stands at has a name.
class LegWriter {
 public:
  LegWriter(std::vector<Leg>& legs, std::string at) : legs_(legs), at_(std::move(at)) {}

  void snap(const Toll& toll, const std::string& to) {
    if (toll.gap_km == 0.0) {
      at_ = to;
      return;
    }
    open("snap");
    add_to(legs_.back(), toll);
    close(to);
  }
  void along(const std::string& mode, const std::string& vehicle, const Toll& toll) {
    if (!running_ || legs_.back().mode != mode || legs_.back().vehicle != vehicle) {
      if (running_) close(at_);
      open(mode);
      legs_.back().vehicle = vehicle;
      running_ = true;
    }
    add_to(legs_.back(), toll);
  }
  /// The running leg ends at a place with this name.
  void reach(const std::string& name) {
    if (running_) close(name);
    at_ = name;
  }
  void stop(const std::string& mode, const Toll& toll, const std::string& to,
            const std::string& vehicle = {}) {
    open(mode);
    legs_.back().vehicle = vehicle;
    add_to(legs_.back(), toll);
    close(to);
  }
  [[nodiscard]] const std::string& at() const { return at_; }

 private:
  void open(const std::string& mode) {
    legs_.emplace_back();
    legs_.back().mode = mode;
    legs_.back().from = at_;
  }
  void close(const std::string& name) {
    legs_.back().to = name;
    at_ = name;
    running_ = false;
  }

  std::vector<Leg>& legs_;
  std::string at_;
  bool running_ = false;
};

}  // namespace

void add_vertices(const Network& network, const Geodesic& geodesic, const Step& step,
                  std::vector<LonLat>& path) {
  const NetworkEdge& edge = network.edges[step.edge];
  const LonLat* shape = network.shape.data() + edge.first_vertex;
  const double low = std::min(step.from, step.to) * edge.length_m;
  const double high = std::max(step.from, step.to) * edge.length_m;
  const bool whole = std::min(step.from, step.to) <= 0.0 && std::max(step.from, step.to) >= 1.0;
  std::vector<LonLat> part;
  if (whole) {
    part.assign(shape, shape + edge.vertices);
  } else {
    double along = 0.0;
    for (std::uint32_t i = 0; i + 1 < edge.vertices; ++i) {
      const Inverse piece = geodesic.inverse(shape[i], shape[i + 1]);
      const double end = along + piece.distance_m;
      const auto at = [&](double m) {
        const LonLat place = geodesic.direct(shape[i], piece.azimuth1_deg, m - along);
        return plain_place(place.lon_deg, place.lat_deg);
      };
      if (part.empty() && low < end) part.push_back(low <= along ? shape[i] : at(low));
      if (!part.empty() && high > along) part.push_back(high >= end ? shape[i + 1] : at(high));
      if (high <= end) break;
      along = end;
    }
  }
  if (step.from > step.to) std::reverse(part.begin(), part.end());
  path.insert(path.end(), part.begin(), part.end());
}

std::vector<Gate> gates_of(const FreightGraph& graph, const Attachment& at, bool leaving,
                           std::uint8_t lifted) {
  std::vector<Gate> gates;
  const std::uint16_t carrier = graph.network().edges[at.edge].carrier;
  const auto classes = static_cast<std::uint16_t>(graph.vehicles(carrier).size());
  for (std::uint16_t v = 0; v < classes; ++v) {
    const bool waits = leaving && graph.wait_h(carrier, v) > 0.0;
    if (at.at_node) {
      Step step = run_along(graph, at, at.at, at.at, v);
      step.loading = waits;
      gates.push_back({graph.gate_node(at.a, at.edge, v, leaving), step,
                       waits ? graph.weight(graph.toll(step)) : 0.0});
      continue;
    }
    const auto add = [&](std::uint32_t plain, double end) {
      Step step =
          leaving ? run_along(graph, at, at.at, end, v) : run_along(graph, at, end, at.at, v);
      step.loading = waits;
      if (!graph.may(at.edge, step.from > step.to, lifted, v)) return;
      const std::uint32_t node = graph.gate_node(plain, at.edge, v, leaving);
      const double weight = graph.weight(graph.toll(step));
      for (auto& gate : gates)
        if (gate.node == node) {
          if (weight < gate.weight) gate = {node, step, weight};
          return;
        }
      gates.push_back({node, step, weight});
    };
    add(at.a, at.from);
    add(at.b, at.to);
  }
  return gates;
}

Gate direct_run(const FreightGraph& graph, const Attachment& from, const Attachment& to,
                std::uint8_t lifted) {
  Gate run;
  run.weight = ShortestPaths::kUnreached;
  run.step = run_along(graph, from, from.at, to.at, 0);
  if (from.at_node && to.at_node) {
    if (from.a == to.a) run.weight = 0.0;
    run.step.to = run.step.from;
    return run;
  }
  if (from.at_node || to.at_node || from.stretch != to.stretch) return run;
  const std::uint16_t carrier = run.step.carrier;
  const auto classes = static_cast<std::uint16_t>(graph.vehicles(carrier).size());
  for (std::uint16_t v = 0; v < classes; ++v) {
    Step step = run_along(graph, from, from.at, to.at, v);
    if (from.at != to.at && !graph.may(from.edge, from.at > to.at, lifted, v)) continue;
    step.loading = from.at != to.at && graph.wait_h(carrier, v) > 0.0;
    const double weight = graph.weight(graph.toll(step));
    if (weight < run.weight) {
      run.weight = weight;
      run.step = step;
    }
  }
  return run;
}

Way way_between(const FreightGraph& graph, const Graph& directed, const ShortestPaths& search,
                const Attachment& source, const Attachment& target, bool backward) {
  const Attachment& from = backward ? target : source;
  const Attachment& to = backward ? source : target;
  Way way;
  const Gate direct = direct_run(graph, from, to);
  way.weight = direct.weight;
  // The far end's gates: out of the site when the search came from the place, else into the place.
  const Gate* best = nullptr;
  const auto gates = gates_of(graph, target, backward);
  for (const auto& gate : gates) {
    const double weight = search.distance(gate.node) + gate.weight;
    if (weight < way.weight) {
      way.weight = weight;
      best = &gate;
    }
  }
  if (way.weight == ShortestPaths::kUnreached) return way;
  if (best == nullptr) {
    if (direct.step.from != direct.step.to) way.steps.push_back(direct.step);
    return way;
  }
  std::vector<Step> steps = {best->step};
  std::uint32_t node = best->node;
  while (search.parent_arc(node) != kNone) {
    steps.push_back(graph.step(directed.out[search.parent_arc(node)].label));
    node = search.parent(node);
  }
  for (const auto& gate : gates_of(graph, source, !backward))
    if (gate.node == node) steps.push_back(gate.step);
  if (!backward) std::reverse(steps.begin(), steps.end());
  for (const auto& step : steps)
    if (step.kind != Step::Kind::pass &&
        (step.kind != Step::Kind::edge || step.from != step.to || step.loading))
      way.steps.push_back(step);
  return way;
}

void fill_totals(const Toll& toll, RouteRow& row) {
  row.distance_km = toll.km;
  row.hours = toll.hours;
  row.cost_usd_per_t = toll.freight + toll.toll + toll.time + toll.stock;
  row.cost_low_usd_per_t = toll.freight_low + toll.toll + toll.time + toll.stock;
  row.cost_high_usd_per_t = toll.freight_high + toll.toll + toll.time + toll.stock;
  row.co2e_kg_per_t = toll.co2e_kg;
}

void TreeTotals::start(const FreightGraph& graph, const Attachment& source, bool backward) {
  const std::uint32_t nodes = graph.nodes();
  source_ = gates_of(graph, source, !backward);
  if (totals_.size() != nodes) {
    totals_.assign(nodes, Toll{});
    run_.assign(nodes, 0);
    now_ = 0;
  }
  if (++now_ == 0) {
    std::fill(run_.begin(), run_.end(), 0U);
    now_ = 1;
  }
}

const Toll& TreeTotals::at(const FreightGraph& graph, const Graph& directed,
                           const ShortestPaths& search, std::uint32_t node) {
  way_.clear();
  while (run_[node] != now_ && search.parent_arc(node) != kNone) {
    way_.push_back(node);
    node = search.parent(node);
  }
  if (run_[node] != now_) {
    totals_[node] = Toll{};
    for (const auto& gate : source_)
      if (gate.node == node) totals_[node] = graph.toll(gate.step);
    run_[node] = now_;
  }
  for (auto it = way_.rbegin(); it != way_.rend(); ++it) {
    totals_[*it] = totals_[node];
    totals_[*it].add(graph.toll(graph.step(directed.out[search.parent_arc(*it)].label)));
    run_[*it] = now_;
    node = *it;
  }
  return totals_[node];
}

bool TreeTotals::total(const FreightGraph& graph, const Graph& directed,
                       const ShortestPaths& search, const Attachment& source,
                       const Attachment& target, bool backward, Toll& sum) {
  const Gate direct = direct_run(graph, backward ? target : source, backward ? source : target);
  double weight = direct.weight;
  const auto gates = gates_of(graph, target, backward);
  const Gate* best = nullptr;
  for (const auto& gate : gates)
    if (search.distance(gate.node) + gate.weight < weight) {
      weight = search.distance(gate.node) + gate.weight;
      best = &gate;
    }
  if (weight == ShortestPaths::kUnreached) return false;
  sum = Toll{};
  if (best == nullptr) {
    sum.add(graph.toll(direct.step));
    return true;
  }
  sum = at(graph, directed, search, best->node);
  sum.add(graph.toll(best->step));
  return true;
}

/// The totals of a row from its legs.
static void sum_legs(RouteRow& row) {
  Leg total;
  row.distance_km = 0.0;
  for (const auto& leg : row.legs) {
    if (leg.mode != "snap") row.distance_km += leg.distance_km;
    total.hours += leg.hours;
    total.cost_usd_per_t += leg.cost_usd_per_t;
    total.cost_low_usd_per_t += leg.cost_low_usd_per_t;
    total.cost_high_usd_per_t += leg.cost_high_usd_per_t;
    total.co2e_kg_per_t += leg.co2e_kg_per_t;
  }
  row.hours = total.hours;
  row.cost_usd_per_t = total.cost_usd_per_t;
  row.cost_low_usd_per_t = total.cost_low_usd_per_t;
  row.cost_high_usd_per_t = total.cost_high_usd_per_t;
  row.co2e_kg_per_t = total.co2e_kg_per_t;
}

void fill_row(const FreightGraph& graph, const std::vector<Step>& steps, const Snap& from_snap,
              const Snap& to_snap, const std::string& from, const std::string& to, RouteRow& row,
              std::vector<std::uint32_t>* leg_of_step) {
  const Network& net = graph.network();
  row.legs.clear();
  LegWriter writer(row.legs, from);
  const auto lined = [&](const std::string& name, std::uint16_t carrier, double gap) {
    return gap > 0.0 ? name + "@" + net.carriers[carrier].mode : name;
  };
  writer.snap(graph.access_toll(from_snap.edge, from_snap.distance_m),
              lined(from, net.edges[from_snap.edge].carrier, from_snap.distance_m));
  for (const auto& step : steps) {
    const Toll toll = graph.toll(step);
    switch (step.kind) {
      case Step::Kind::edge:
        writer.along(net.carriers[step.carrier].mode,
                     graph.vehicles(step.carrier)[step.vehicle].vehicle, toll);
        row.seasonal = row.seasonal || (graph.options().month == 0 && toll.seasonal);
        break;
      case Step::Kind::border:
        if (toll.freight_high == 0.0 && toll.hours == 0.0) break;
        writer.reach(net.texts[step.country_from]);
        writer.stop("border", toll, net.texts[step.country_to]);
        break;
      case Step::Kind::access: {
        const std::string& name = graph.terminals().list[step.terminal].id;
        const std::string line = lined(name, step.carrier, step.gap_km);
        if (!step.to_network) writer.reach(line);
        writer.snap(toll, step.to_network ? line : name);
        break;
      }
      case Step::Kind::transfer:
        writer.stop("transfer", toll, writer.at(),
                    graph.vehicles(step.carrier_to)[step.vehicle_to].vehicle);
        break;
      case Step::Kind::pass:
        break;
    }
    if (leg_of_step != nullptr)
      leg_of_step->push_back(row.legs.empty() ? 0
                                              : static_cast<std::uint32_t>(row.legs.size()) - 1);
  }
  const std::uint16_t carrier = net.edges[to_snap.edge].carrier;
  writer.reach(lined(to, carrier, to_snap.distance_m));
  writer.snap(graph.access_toll(to_snap.edge, to_snap.distance_m), to);
  sum_legs(row);
}

Geometry route_line(const FreightGraph& graph, const std::vector<Step>& steps, LonLat from,
                    LonLat to) {
  const Geodesic geodesic(graph.network().crs);
  std::vector<LonLat> path = {from};
  for (const auto& step : steps) {
    if (step.kind == Step::Kind::edge) {
      add_vertices(graph.network(), geodesic, step, path);
    } else if (step.kind == Step::Kind::access) {
      const LonLat at = graph.terminals().list[step.terminal].at;
      path.push_back(plain_place(at.lon_deg, at.lat_deg));
    }
  }
  path.push_back(to);
  return drawn_line(geodesic, path);
}

std::vector<Geometry> leg_lines(const FreightGraph& graph, const std::vector<Step>& steps,
                                const std::vector<std::uint32_t>& leg_of_step,
                                const std::vector<Leg>& legs, LonLat from, LonLat to) {
  const Geodesic geodesic(graph.network().crs);
  std::vector<LonLat> path = {from};
  std::vector<std::size_t> first(legs.size(), 0), end(legs.size(), 0);
  std::vector<bool> met(legs.size(), false);
  const auto meet = [&](std::size_t leg, std::size_t begin) {
    if (leg >= legs.size() || begin == path.size()) return;
    if (!met[leg]) first[leg] = begin;
    met[leg] = true;
    end[leg] = path.size();
  };
  meet(0, 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::size_t begin = path.size();
    if (steps[i].kind == Step::Kind::edge) {
      add_vertices(graph.network(), geodesic, steps[i], path);
    } else if (steps[i].kind == Step::Kind::access) {
      const LonLat at = graph.terminals().list[steps[i].terminal].at;
      path.push_back(plain_place(at.lon_deg, at.lat_deg));
    }
    meet(leg_of_step[i], begin);
  }
  path.push_back(to);
  if (!legs.empty()) meet(legs.size() - 1, path.size() - 1);
  std::vector<Geometry> lines(legs.size());
  for (std::size_t leg = 0; leg < legs.size(); ++leg) {
    const std::string& mode = legs[leg].mode;
    if (!met[leg] || mode == "transfer" || mode == "border") continue;
    // A straight way knows one of its ends; the other is the neighbour's.
    const std::size_t wider = mode == "snap" ? 1 : 0;
    const std::size_t begin = first[leg] - std::min(first[leg], wider);
    const std::size_t stop = std::min(path.size(), end[leg] + wider);
    lines[leg] = drawn_line(geodesic, {path.begin() + static_cast<std::ptrdiff_t>(begin),
                                       path.begin() + static_cast<std::ptrdiff_t>(stop)});
  }
  return lines;
}

Geometry cut_at_antimeridian(const std::vector<LonLat>& path) {
  Geometry line;
  line.kind = GeometryKind::line;
  line.lines.emplace_back();
  for (const auto& place : path) {
    const Point p{place.lon_deg, place.lat_deg};
    Path& now = line.lines.back();
    if (!now.empty() && now.back() == p) continue;
    if (now.empty() || std::abs(now.back().x - p.x) <= 180.0) {
      now.push_back(p);
      continue;
    }
    // Over 180 degrees: end on one side, go on from the other (RFC 7946, 3.1.9).
    const Point last = now.back();
    const double edge = last.x > 0.0 ? 180.0 : -180.0;
    const double width = (p.x + 2.0 * edge) - last.x;
    const double share = width == 0.0 ? 0.0 : (edge - last.x) / width;
    const double y = last.y + share * (p.y - last.y);
    if (last.x != edge) now.push_back({edge, y});
    line.lines.push_back({});
    if (p.x != -edge) line.lines.back().push_back({-edge, y});
    line.lines.back().push_back(p);
  }
  line.lines.erase(std::remove_if(line.lines.begin(), line.lines.end(),
                                  [](const Path& part) { return part.size() < 2; }),
                   line.lines.end());
  return line;
}

}  // namespace lode
