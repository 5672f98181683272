#include <algorithm>
#include <limits>
#include <tuple>

#include "libgeo/core/text.h"
#include "libgeo/logistics/curve_order.h"
#include "libgeo/logistics/earth_tree.h"
#include "libgeo/logistics/edge_index.h"
#include "libgeo/logistics/network_parts.h"

namespace lode {

namespace {

/// A dangling end that is joined to the inside of an edge.
struct Split {
  std::uint32_t edge = 0;
  std::uint32_t segment = 0;
  double fraction = 0.0;
  LonLat at;
  std::uint32_t node = 0;  ///< the end to be joined
};

class Joiner {
 public:
  Joiner(Network& network, NodeFacts& facts, const NetworkOptions& options)
      : net_(network),
        facts_(facts),
        options_(options),
        geodesic_(network.crs),
        degree_(network.nodes.size(), 0),
        connector_(network.carriers.size(), kNone) {
    for (const auto& edge : net_.edges) {
      ++degree_[edge.a];
      ++degree_[edge.b];
    }
    for (const auto& border : net_.borders) {
      ++degree_[border.a];
      ++degree_[border.b];
    }
  }

  void join() {
    join_ends();
    split_edges(find_splits());
    for (const auto& connector : made_) add_connector(connector.first, connector.second);
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  void join_ends();
  [[nodiscard]] std::vector<Split> find_splits();
  void split_edges(std::vector<Split> splits);
  void add_connector(std::uint32_t a, std::uint32_t b);
  std::uint32_t add_node(LonLat at, std::uint32_t like, std::uint32_t country);
  [[nodiscard]] EarthPoint earth(LonLat at) const {
    return earth_point(at, net_.crs.semi_major_m, net_.crs.inverse_flattening);
  }

  Network& net_;
  NodeFacts& facts_;
  const NetworkOptions& options_;
  Geodesic geodesic_;
  std::vector<std::uint32_t> degree_;
  std::vector<std::uint32_t> connector_;  ///< line number of each carrier's connectors
  std::vector<std::pair<std::uint32_t, std::uint32_t>> made_;
};

void Joiner::join_ends() {
  const double tolerance = options_.snap_tolerance_m;
  std::vector<std::uint32_t> ends;
  std::vector<EarthBox> boxes;
  for (std::uint32_t node = 0; node < net_.nodes.size(); ++node) {
    if (facts_.line_end[node] == 0) continue;
    ends.push_back(node);
    const EarthPoint p = earth(net_.nodes[node]);
    boxes.push_back(EarthBox::around(p, p, 0.0));
  }
  const EarthTree tree(boxes);
  std::vector<std::tuple<double, std::uint32_t, std::uint32_t>> pairs;
  for (const auto a : ends)
    tree.nearest(earth(net_.nodes[a]), tolerance, [&](std::uint32_t item) {
      const std::uint32_t b = ends[item];
      if (b > a && facts_.carrier[b] == facts_.carrier[a])
        if (const double gap = geodesic_.distance_m(net_.nodes[a], net_.nodes[b]); gap <= tolerance)
          pairs.emplace_back(gap, a, b);
      return tolerance;
    });
  std::sort(pairs.begin(), pairs.end());
  // Ends already linked by short edges or borders need no connector beside them.
  LinkedSets sets(net_.nodes.size());
  for (const auto& edge : net_.edges)
    if (edge.length_m <= tolerance) sets.link(edge.a, edge.b);
  for (const auto& border : net_.borders) sets.link(border.a, border.b);
  for (const auto& [gap, a, b] : pairs)
    if (sets.link(a, b)) {
      made_.emplace_back(a, b);
      ++degree_[a];
      ++degree_[b];
    }
}

std::vector<Split> Joiner::find_splits() {
  std::vector<Split> splits;
  for (std::uint16_t carrier = 0; carrier < net_.carriers.size(); ++carrier) {
    std::vector<std::uint32_t> edges;
    for (std::uint32_t edge = 0; edge < net_.edges.size(); ++edge)
      if (net_.edges[edge].carrier == carrier) edges.push_back(edge);
    const EdgeIndex index(net_, edges, options_.jobs);
    for (std::uint32_t node = 0; node < net_.nodes.size(); ++node) {
      if (facts_.carrier[node] != carrier || facts_.line_end[node] == 0 || degree_[node] != 1)
        continue;
      const auto hit =
          index.nearest(net_.nodes[node], options_.snap_tolerance_m, [&](std::uint32_t edge) {
            return net_.edges[edge].a != node && net_.edges[edge].b != node;
          });
      if (hit.found) splits.push_back({hit.edge, hit.segment, hit.fraction, hit.at, node});
    }
  }
  return splits;
}

std::uint32_t Joiner::add_node(LonLat at, std::uint32_t like, std::uint32_t country) {
  const auto node = static_cast<std::uint32_t>(net_.nodes.size());
  net_.nodes.push_back(at);
  facts_.carrier.push_back(facts_.carrier[like]);
  facts_.country.push_back(country);
  facts_.line_end.push_back(0);
  return node;
}

void Joiner::split_edges(std::vector<Split> splits) {
  if (splits.empty()) return;
  std::sort(splits.begin(), splits.end(), [](const Split& a, const Split& b) {
    return std::tie(a.edge, a.fraction, a.node) < std::tie(b.edge, b.fraction, b.node);
  });
  const auto old_edges = std::move(net_.edges);
  const auto old_shape = std::move(net_.shape);
  net_.edges.clear();
  net_.shape.clear();
  std::size_t next = 0;
  for (std::uint32_t number = 0; number < old_edges.size(); ++number) {
    const NetworkEdge& edge = old_edges[number];
    NetworkEdge piece = edge;
    double from = 0.0;
    std::uint32_t vertex = 0;
    piece.first_vertex = static_cast<std::uint32_t>(net_.shape.size());
    net_.shape.push_back(old_shape[edge.first_vertex]);
    const auto finish = [&](std::uint32_t node, double to) {
      piece.b = node;
      piece.vertices = static_cast<std::uint32_t>(net_.shape.size()) - piece.first_vertex;
      piece.length_m = edge.length_m * (to - from);
      net_.edges.push_back(piece);
      from = to;
    };
    for (; next < splits.size() && splits[next].edge == number; ++next) {
      const Split& split = splits[next];
      std::uint32_t at = kNone;
      if (split.fraction <= from) {
        at = piece.a;
      } else if (split.fraction >= 1.0) {
        at = edge.b;
      } else {
        while (vertex < split.segment)
          net_.shape.push_back(old_shape[edge.first_vertex + ++vertex]);
        if (!(net_.shape.back() == split.at)) net_.shape.push_back(split.at);
        at = add_node(split.at, edge.a, facts_.country[edge.a]);
        finish(at, split.fraction);
        piece.a = at;
        piece.first_vertex = static_cast<std::uint32_t>(net_.shape.size());
        net_.shape.push_back(split.at);
      }
      made_.emplace_back(split.node, at);
    }
    while (vertex + 1 < edge.vertices) {
      const LonLat at = old_shape[edge.first_vertex + ++vertex];
      if (!(net_.shape.back() == at) || vertex + 1 == edge.vertices) net_.shape.push_back(at);
    }
    finish(edge.b, 1.0);
  }
}

void Joiner::add_connector(std::uint32_t a, std::uint32_t b) {
  const std::uint16_t carrier = facts_.carrier[a];
  if (facts_.country[a] != 0 && facts_.country[b] != 0 && facts_.country[a] != facts_.country[b]) {
    // Two networks that end on either side of a border: the gap belongs to the first, the border
    // stands at the second.
    const std::uint32_t twin = add_node(net_.nodes[b], b, facts_.country[a]);
    net_.borders.push_back({twin, b, facts_.country[a], facts_.country[b]});
    b = twin;
  }
  if (connector_[carrier] == kNone) {
    connector_[carrier] = static_cast<std::uint32_t>(net_.lines.size());
    NetworkLine line;
    line.layer = kNone;
    line.feature = kNone;
    net_.lines.push_back(line);
  }
  NetworkEdge edge;
  edge.a = a;
  edge.b = b;
  edge.carrier = carrier;
  edge.line = connector_[carrier];
  edge.first_vertex = static_cast<std::uint32_t>(net_.shape.size());
  edge.vertices = 2;
  edge.length_m = geodesic_.distance_m(net_.nodes[a], net_.nodes[b]);
  net_.shape.push_back(net_.nodes[a]);
  net_.shape.push_back(net_.nodes[b]);
  net_.lines[edge.line].length_m += edge.length_m;
  net_.edges.push_back(edge);
}

}  // namespace

void join_within_tolerance(Network& network, NodeFacts& facts, const NetworkOptions& options) {
  Joiner(network, facts, options).join();
}

void number_nodes(Network& network, NodeFacts& facts) {
  std::vector<std::uint64_t> codes(network.nodes.size());
  for (std::uint32_t i = 0; i < codes.size(); ++i)
    codes[i] = curve_code(
        earth_point(network.nodes[i], network.crs.semi_major_m, network.crs.inverse_flattening));
  const auto order = order_by_code(codes);
  std::vector<std::uint32_t> fresh(order.size());
  Network moved;
  NodeFacts facts_moved;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    const auto old = order[i];
    fresh[old] = i;
    moved.nodes.push_back(network.nodes[old]);
    facts_moved.carrier.push_back(facts.carrier[old]);
    facts_moved.country.push_back(facts.country[old]);
    facts_moved.line_end.push_back(facts.line_end[old]);
  }
  network.nodes = std::move(moved.nodes);
  facts = std::move(facts_moved);
  for (auto& edge : network.edges) {
    edge.a = fresh[edge.a];
    edge.b = fresh[edge.b];
  }
  for (auto& border : network.borders) {
    border.a = fresh[border.a];
    border.b = fresh[border.b];
  }
}

}  // namespace lode
