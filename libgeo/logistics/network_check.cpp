#include "libgeo/logistics/network_check.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "libgeo/core/text.h"
#include "libgeo/logistics/network_parts.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Arcs of the network in both directions, borders among them, as compressed rows.
struct Ways {
  std::vector<std::uint32_t> first, head;

  Ways(const Network& network, bool backward) {
    first.assign(network.nodes.size() + 1, 0);
    const auto each = [&](auto visit) {
      for (const auto& edge : network.edges) {
        const Oneway way = network.lines[edge.line].oneway;
        if (way != Oneway::backward) backward ? visit(edge.b, edge.a) : visit(edge.a, edge.b);
        if (way != Oneway::forward) backward ? visit(edge.a, edge.b) : visit(edge.b, edge.a);
      }
      for (const auto& border : network.borders) {
        visit(border.a, border.b);
        visit(border.b, border.a);
      }
    };
    each([&](std::uint32_t tail, std::uint32_t) { ++first[tail + 1]; });
    for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
    head.resize(first.back());
    auto next = first;
    each([&](std::uint32_t tail, std::uint32_t to) { head[next[tail]++] = to; });
  }
};

/// Strongly connected sets (Tarjan 1972), without recursion: a network is deeper than any stack.
std::vector<std::uint32_t> strong_sets(const Ways& ways, const Progress& progress) {
  const auto count = static_cast<std::uint32_t>(ways.first.size() - 1);
  std::vector<std::uint32_t> order(count, kNone), low(count, 0), set(count, kNone);
  std::vector<std::uint32_t> open, at(ways.first.begin(), ways.first.end() - 1);
  struct Frame {
    std::uint32_t node;
  };
  std::vector<Frame> stack;
  std::uint32_t next_order = 0, sets = 0;
  for (std::uint32_t root = 0; root < count; ++root) {
    if (root % 65536 == 0) progress.check();
    if (order[root] != kNone) continue;
    stack.push_back({root});
    order[root] = low[root] = next_order++;
    open.push_back(root);
    while (!stack.empty()) {
      const std::uint32_t node = stack.back().node;
      if (at[node] < ways.first[node + 1]) {
        const std::uint32_t to = ways.head[at[node]++];
        if (order[to] == kNone) {
          order[to] = low[to] = next_order++;
          open.push_back(to);
          stack.push_back({to});
        } else if (set[to] == kNone) {
          low[node] = std::min(low[node], order[to]);
        }
        continue;
      }
      stack.pop_back();
      if (!stack.empty()) {
        auto& above = low[stack.back().node];
        above = std::min(above, low[node]);
      }
      if (low[node] != order[node]) continue;
      for (std::uint32_t member = kNone; member != node;) {
        member = open.back();
        open.pop_back();
        set[member] = sets;
      }
      ++sets;
    }
  }
  return set;
}

/// Nodes that can be reached from the marked ones.
void spread(const Ways& ways, std::vector<char>& reached) {
  std::vector<std::uint32_t> stack;
  for (std::uint32_t node = 0; node < reached.size(); ++node)
    if (reached[node] != 0) stack.push_back(node);
  while (!stack.empty()) {
    const auto node = stack.back();
    stack.pop_back();
    for (auto k = ways.first[node]; k < ways.first[node + 1]; ++k)
      if (reached[ways.head[k]] == 0) {
        reached[ways.head[k]] = 1;
        stack.push_back(ways.head[k]);
      }
  }
}

/// Nodes of the largest strong set of each piece of network (edges and borders, any direction).
std::vector<char> main_bodies(const Network& network, const std::vector<std::uint32_t>& set) {
  LinkedSets pieces(network.nodes.size());
  for (const auto& edge : network.edges) pieces.link(edge.a, edge.b);
  for (const auto& border : network.borders) pieces.link(border.a, border.b);
  std::vector<std::uint32_t> size;
  for (const auto s : set) {
    if (s >= size.size()) size.resize(s + 1, 0);
    ++size[s];
  }
  // Of equal ones the one with the lowest node.
  std::vector<std::uint32_t> best(network.nodes.size(), kNone);
  for (std::uint32_t node = 0; node < set.size(); ++node) {
    auto& of_piece = best[pieces.root(node)];
    if (of_piece == kNone || size[set[node]] > size[of_piece]) of_piece = set[node];
  }
  std::vector<char> main(network.nodes.size(), 0);
  for (std::uint32_t node = 0; node < set.size(); ++node)
    main[node] = best[pieces.root(node)] == set[node] ? 1 : 0;
  return main;
}

std::string place_text(LonLat at) {
  return "x " + fixed_text(at.lon_deg, 5) + ", y " + fixed_text(at.lat_deg, 5);
}

std::vector<OneWayTrap> find_traps(const Network& network, const Progress& progress) {
  const bool any = std::any_of(network.lines.begin(), network.lines.end(),
                               [](const auto& line) { return line.oneway != Oneway::both; });
  if (!any || network.edges.empty()) return {};
  const Ways forward(network, false), backward(network, true);
  const auto main = main_bodies(network, strong_sets(forward, progress));
  auto entered = main, left = main;
  spread(forward, entered);
  spread(backward, left);
  std::vector<TrapKind> kind(network.edges.size(), TrapKind::none);
  for (std::size_t i = 0; i < network.edges.size(); ++i) {
    const NetworkEdge& edge = network.edges[i];
    const Oneway way = network.lines[edge.line].oneway;
    const bool on = way != Oneway::backward, back = way != Oneway::forward;
    const bool in = (on && entered[edge.a] != 0) || (back && entered[edge.b] != 0);
    const bool out = (on && left[edge.b] != 0) || (back && left[edge.a] != 0);
    kind[i] = in ? (out ? TrapKind::none : TrapKind::no_exit)
                 : (out ? TrapKind::no_entry : TrapKind::cut_off);
  }
  // Edges of one kind hang together at nodes outside the main body.
  LinkedSets groups(network.edges.size());
  std::map<std::pair<std::uint32_t, TrapKind>, std::uint32_t> met;
  for (std::uint32_t i = 0; i < kind.size(); ++i) {
    if (kind[i] == TrapKind::none) continue;
    for (const auto node : {network.edges[i].a, network.edges[i].b}) {
      if (main[node] != 0) continue;
      const auto [at, fresh] = met.try_emplace({node, kind[i]}, i);
      if (!fresh) groups.link(at->second, i);
    }
  }
  std::vector<OneWayTrap> traps;
  std::map<std::uint32_t, std::size_t> trap_of;
  for (std::uint32_t i = 0; i < kind.size(); ++i) {
    if (kind[i] == TrapKind::none) continue;
    const auto [at, fresh] = trap_of.try_emplace(groups.root(i), traps.size());
    if (fresh)
      traps.push_back(
          {kind[i], network.mode_of(i), {}, network.shape[network.edges[i].first_vertex]});
    traps[at->second].edges.push_back(i);
  }
  return traps;
}

bool same_shape(const Network& network, const NetworkEdge& a, const NetworkEdge& b) {
  if (a.vertices != b.vertices) return false;
  const LonLat* s = network.shape.data() + a.first_vertex;
  const LonLat* t = network.shape.data() + b.first_vertex;
  bool on = true, back = true;
  for (std::uint32_t i = 0; i < a.vertices; ++i) {
    on = on && s[i] == t[i];
    back = back && s[i] == t[a.vertices - 1 - i];
  }
  return on || back;
}

std::vector<DoubledEdge> find_doubled(const Network& network) {
  const auto key = [&](std::uint32_t i) {
    const NetworkEdge& edge = network.edges[i];
    return std::tuple(std::min(edge.a, edge.b), std::max(edge.a, edge.b), edge.vertices, i);
  };
  std::vector<std::uint32_t> order(network.edges.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  std::vector<DoubledEdge> doubled;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    const auto head = key(order[begin]);
    while (end < order.size() && std::get<0>(key(order[end])) == std::get<0>(head) &&
           std::get<1>(key(order[end])) == std::get<1>(head) &&
           std::get<2>(key(order[end])) == std::get<2>(head))
      ++end;
    for (std::size_t i = begin + 1; i < end; ++i)
      for (std::size_t k = begin; k < i; ++k)
        if (same_shape(network, network.edges[order[k]], network.edges[order[i]])) {
          doubled.push_back({order[k], order[i]});
          break;
        }
    begin = end;
  }
  std::sort(doubled.begin(), doubled.end(),
            [](const DoubledEdge& a, const DoubledEdge& b) { return a.again < b.again; });
  return doubled;
}

}  // namespace

std::string_view to_text(TrapKind kind) {
  switch (kind) {
    case TrapKind::none:
      return "none";
    case TrapKind::no_exit:
      return "no_exit";
    case TrapKind::no_entry:
      return "no_entry";
    case TrapKind::cut_off:
      return "cut_off";
  }
  return "";
}

NetworkCheck check_network(const Network& network, Findings& findings, const Progress& progress) {
  NetworkCheck check;
  check.traps = find_traps(network, progress);
  progress.update(0.6);
  for (std::uint32_t i = 0; i < network.edges.size(); ++i)
    if (network.edges[i].a == network.edges[i].b) check.loops.push_back(i);
  check.doubled = find_doubled(network);
  for (const auto& trap : check.traps) {
    const char* what = trap.kind == TrapKind::no_exit    ? "can be entered but not left"
                       : trap.kind == TrapKind::no_entry ? "can be left but not entered"
                                                         : "can be neither entered nor left";
    findings.add("network.one_way_trap", Severity::warning,
                 trap.mode + " network: " + std::string(to_text(trap.kind)),
                 std::string("edges that one-way lines make a trap: they ") + what +
                     ", first near " + place_text(trap.at),
                 trap.edges.size());
  }
  for (const auto edge : check.loops)
    findings.add("network.self_loop", Severity::note, network.mode_of(edge) + " network",
                 "edges that end where they start, first at " +
                     place_text(network.nodes[network.edges[edge].a]));
  for (const auto& pair : check.doubled)
    findings.add("network.doubled_line", Severity::warning,
                 network.mode_of(pair.again) + " network",
                 "edges are drawn twice, with the same ends and vertices, first at " +
                     place_text(network.shape[network.edges[pair.again].first_vertex]));
  progress.update(1.0);
  return check;
}

}  // namespace lode
