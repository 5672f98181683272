#include "tools/network_layers.h"

#include <limits>

#include "libgeo/core/text.h"
#include "libgeo/logistics/drawn_line.h"

namespace lode::tools {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Columns of one kind of feature, filled through functions of its number.
class Columns {
 public:
  Columns(OutputLayer& layer, std::size_t count) : layer_(layer), count_(count) {}
  template <class Value>
  void numbers(const char* name, const char* unit, Value value) {
    std::vector<double> column(count_);
    for (std::size_t i = 0; i < count_; ++i) column[i] = static_cast<double>(value(i));
    layer_.table.add(number_column(name, std::move(column), unit));
  }
  template <class Value>
  void texts(const char* name, Value value) {
    std::vector<std::string> column(count_);
    for (std::size_t i = 0; i < count_; ++i) column[i] = value(i);
    layer_.table.add(text_column(name, std::move(column)));
  }

 private:
  OutputLayer& layer_;
  std::size_t count_;
};

OutputLayer new_layer(const Network& network, const char* name) {
  OutputLayer layer;
  layer.name = name;
  layer.crs = network.crs;
  layer.table.name = name;
  return layer;
}

Geometry shape_of(const Network& network, std::uint32_t number) {
  const NetworkEdge& edge = network.edges[number];
  const auto first = network.shape.begin() + edge.first_vertex;
  return drawn_line(Geodesic(network.crs), {first, first + edge.vertices});
}

std::string months_text(std::uint16_t months) {
  std::string text;
  for (int m = 0; m < 12; ++m)
    if ((months >> m & 1) != 0) text += (text.empty() ? "" : ",") + std::to_string(m + 1);
  return text;
}

double said(double value) {
  return value > 0.0 ? value : std::numeric_limits<double>::quiet_NaN();
}

OutputLayer edges_layer(const Network& network, const std::vector<LineLayer>& lines,
                        const NetworkCheck& check) {
  OutputLayer layer = new_layer(network, "edges");
  const std::size_t count = network.edges.size();
  std::vector<TrapKind> trap(count, TrapKind::none);
  for (const auto& one : check.traps)
    for (const auto edge : one.edges) trap[edge] = one.kind;
  layer.geometry.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) layer.geometry.push_back(shape_of(network, i));
  const auto edge = [&](std::size_t i) -> const NetworkEdge& { return network.edges[i]; };
  const auto line = [&](std::size_t i) -> const NetworkLine& {
    return network.lines[network.edges[i].line];
  };
  const auto number = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  Columns add(layer, count);
  add.numbers("edge", "", [](std::size_t i) { return i; });
  add.texts("mode", [&](std::size_t i) { return network.mode_of(number(i)); });
  add.numbers("component", "", [&](std::size_t i) { return network.component[i]; });
  add.numbers("from_node", "", [&](std::size_t i) { return edge(i).a; });
  add.numbers("to_node", "", [&](std::size_t i) { return edge(i).b; });
  add.numbers("length_km", "km", [&](std::size_t i) { return edge(i).length_m / 1000.0; });
  add.texts("layer", [&](std::size_t i) {
    return line(i).layer == kNone ? std::string("connector") : network.layers[line(i).layer];
  });
  add.texts("line", [&](std::size_t i) { return line_name(network, lines, number(i)); });
  add.texts("oneway", [&](std::size_t i) {
    return std::string(line(i).oneway == Oneway::both      ? ""
                       : line(i).oneway == Oneway::forward ? "yes"
                                                           : "-1");
  });
  add.numbers("speed_kmh", "km/h", [&](std::size_t i) { return said(line(i).speed_kmh); });
  add.numbers("max_weight_t", "t", [&](std::size_t i) { return said(line(i).max_weight_t); });
  add.numbers("axle_load_t", "t", [&](std::size_t i) { return said(line(i).axle_load_t); });
  add.numbers("max_draught_m", "m", [&](std::size_t i) { return said(line(i).max_draught_m); });
  add.numbers("gauge_mm", "",
              [&](std::size_t i) { return said(network.carriers[edge(i).carrier].gauge_mm); });
  add.texts("months_closed", [&](std::size_t i) { return months_text(line(i).months_closed); });
  add.texts("surface", [&](std::size_t i) { return network.texts[line(i).surface]; });
  add.texts("gate", [&](std::size_t i) { return network.texts[line(i).gate]; });
  add.texts("country", [&](std::size_t i) { return network.texts[line(i).country]; });
  add.numbers("toll_usd", "USD", [&](std::size_t i) { return said(line(i).toll_usd); });
  add.texts("restricted",
            [&](std::size_t i) { return std::string(line(i).restricted ? "yes" : ""); });
  add.texts("trap", [&](std::size_t i) {
    return trap[i] == TrapKind::none ? std::string() : std::string(to_text(trap[i]));
  });
  return layer;
}

OutputLayer nodes_layer(const Network& network) {
  OutputLayer layer = new_layer(network, "nodes");
  const std::size_t count = network.nodes.size();
  const auto degree = node_degrees(network);
  std::vector<std::uint32_t> any_edge(count, kNone);
  for (std::uint32_t i = 0; i < network.edges.size(); ++i)
    for (const auto node : {network.edges[i].a, network.edges[i].b})
      if (any_edge[node] == kNone) any_edge[node] = i;
  // Twins at a border made for a connector alone have edges too; every node is met.
  for (const auto& node : network.nodes)
    layer.geometry.push_back(point_geometry(node.lon_deg, node.lat_deg));
  Columns add(layer, count);
  add.numbers("node", "", [](std::size_t i) { return i; });
  add.texts("mode", [&](std::size_t i) {
    return any_edge[i] == kNone ? std::string() : network.mode_of(any_edge[i]);
  });
  add.numbers("component", "", [&](std::size_t i) {
    return any_edge[i] == kNone ? std::numeric_limits<double>::quiet_NaN()
                                : static_cast<double>(network.component[any_edge[i]]);
  });
  add.numbers("degree", "", [&](std::size_t i) { return degree[i]; });
  add.texts("dangling", [&](std::size_t i) { return std::string(degree[i] == 1 ? "yes" : ""); });
  return layer;
}

OutputLayer crossings_layer(const Network& network, const std::vector<LineLayer>& lines,
                            const std::vector<NetworkCrossing>& crossings) {
  OutputLayer layer = new_layer(network, "crossings");
  for (const auto& one : crossings)
    layer.geometry.push_back(point_geometry(one.at.lon_deg, one.at.lat_deg));
  Columns add(layer, crossings.size());
  add.texts("mode", [&](std::size_t i) { return network.mode_of(crossings[i].edge_a); });
  add.texts("line_a",
            [&](std::size_t i) { return line_name(network, lines, crossings[i].edge_a); });
  add.texts("line_b",
            [&](std::size_t i) { return line_name(network, lines, crossings[i].edge_b); });
  add.numbers("edge_a", "", [&](std::size_t i) { return crossings[i].edge_a; });
  add.numbers("edge_b", "", [&](std::size_t i) { return crossings[i].edge_b; });
  add.texts("bridge_a",
            [&](std::size_t i) { return bridge_of(network, lines, crossings[i].edge_a); });
  add.texts("bridge_b",
            [&](std::size_t i) { return bridge_of(network, lines, crossings[i].edge_b); });
  return layer;
}

OutputLayer traps_layer(const Network& network, const NetworkCheck& check) {
  OutputLayer layer = new_layer(network, "traps");
  for (const auto& trap : check.traps) {
    Geometry geometry;
    geometry.kind = GeometryKind::line;
    for (const auto edge : trap.edges)
      for (auto& path : shape_of(network, edge).lines) geometry.lines.push_back(std::move(path));
    layer.geometry.push_back(std::move(geometry));
  }
  Columns add(layer, check.traps.size());
  add.texts("mode", [&](std::size_t i) { return check.traps[i].mode; });
  add.texts("kind", [&](std::size_t i) { return std::string(to_text(check.traps[i].kind)); });
  add.numbers("edges", "", [&](std::size_t i) { return check.traps[i].edges.size(); });
  return layer;
}

}  // namespace

std::string line_name(const Network& network, const std::vector<LineLayer>& lines,
                      std::uint32_t edge) {
  const NetworkLine& line = network.lines[network.edges[edge].line];
  return line.layer == kNone ? "connector" : lines[line.layer].table.row_name(line.feature);
}

std::string bridge_of(const Network& network, const std::vector<LineLayer>& lines,
                      std::uint32_t edge) {
  const NetworkLine& line = network.lines[network.edges[edge].line];
  if (line.layer == kNone) return {};
  const Column* column = lines[line.layer].table.find("bridge");
  if (column == nullptr || column->kind != ColumnKind::text) return {};
  const std::string& text = column->texts[line.feature];
  return text == "no" ? std::string() : text;
}

std::vector<std::uint32_t> node_degrees(const Network& network) {
  std::vector<std::uint32_t> degree(network.nodes.size(), 0);
  for (const auto& edge : network.edges) {
    ++degree[edge.a];
    ++degree[edge.b];
  }
  for (const auto& border : network.borders) {
    ++degree[border.a];
    ++degree[border.b];
  }
  return degree;
}

std::vector<OutputLayer> network_layers(const Network& network, const std::vector<LineLayer>& lines,
                                        const NetworkCheck& check,
                                        const std::vector<NetworkCrossing>& crossings) {
  std::vector<OutputLayer> layers;
  layers.push_back(edges_layer(network, lines, check));
  layers.push_back(nodes_layer(network));
  if (!crossings.empty()) layers.push_back(crossings_layer(network, lines, crossings));
  if (!check.traps.empty()) layers.push_back(traps_layer(network, check));
  return layers;
}

}  // namespace lode::tools
