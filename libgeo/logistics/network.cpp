#include "libgeo/logistics/network.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/network_parts.h"
#include "libgeo/logistics/network_places.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr int kStandardGauge = 1435;

/// One part of one line on one carrier: a run of vertices.
struct Strand {
  std::uint32_t line = 0;
  std::uint16_t carrier = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// Rows of a layer taken apart by one thread.
struct RowBlock {
  struct Part {
    std::uint32_t row = 0;
    std::size_t first = 0;
    std::size_t count = 0;
  };
  std::vector<LonLat> vertices;
  std::vector<Part> parts;
  Findings findings;
};

class Builder {
 public:
  Builder(const std::vector<LineLayer>& layers, const NetworkOptions& options)
      : layers_(layers), options_(options) {
    net_.texts.emplace_back();
  }

  Network build(const Progress& progress) {
    check_layers();
    for (std::uint32_t layer = 0; layer < layers_.size(); ++layer) add_layer(layer);
    attributes_.clear();
    if (strands_.empty())
      throw Error("network.empty", "there is no line in the network",
                  layers_.size() == 1 ? layers_.front().name : "",
                  "Give at least one layer with lines: --network MODE=FILE.");
    progress.update(0.3, "joining lines");
    find_places();
    cut_edges();
    progress.update(0.5, "measuring edges");
    measure();
    if (options_.snap_tolerance_m > 0.0) join_within_tolerance(net_, facts_, options_);
    number_nodes(net_, facts_);
    find_components(net_);
    progress.update(0.8, "checking the network");
    report_network(net_, options_);
    progress.update(1.0);
    return std::move(net_);
  }

 private:
  std::uint32_t text_number(const std::string& text) {
    if (text.empty()) return 0;
    const auto [it, fresh] =
        text_numbers_.try_emplace(text, static_cast<std::uint32_t>(net_.texts.size()));
    if (fresh) net_.texts.push_back(text);
    return it->second;
  }

  std::uint16_t carrier_number(const std::string& written, int gauge) {
    const std::string mode = lower(trim(written));
    for (std::size_t i = 0; i < net_.carriers.size(); ++i)
      if (net_.carriers[i].mode == mode && net_.carriers[i].gauge_mm == gauge)
        return static_cast<std::uint16_t>(i);
    net_.carriers.push_back({mode, gauge});
    return static_cast<std::uint16_t>(net_.carriers.size() - 1);
  }

  void check_layers();
  void check_kinds(const LineLayer& layer) const;
  void add_layer(std::uint32_t layer);
  [[nodiscard]] std::vector<RowBlock> take_apart(const LineLayer& layer,
                                                 const std::vector<LineAttributes>& said,
                                                 bool gauges) const;
  std::uint32_t add_line(std::uint32_t layer, std::uint32_t row, const LineAttributes& said);
  void find_places();
  std::uint32_t node_of(std::uint32_t place, std::uint16_t carrier, std::uint32_t country);
  void cut_edges();
  void link_countries();
  void measure();

  const std::vector<LineLayer>& layers_;
  const NetworkOptions& options_;
  Network net_;
  NodeFacts facts_;
  std::unordered_map<std::string, std::uint32_t> text_numbers_;
  std::set<std::string> modes_with_gauge_;
  std::vector<std::vector<LineAttributes>> attributes_;  ///< empty where no column says anything
  std::vector<Strand> strands_;
  std::vector<LonLat> vertices_;  ///< strand after strand
  NetworkPlaces places_;
  std::vector<std::uint32_t> node_at_;  ///< by place, country apart
  std::map<std::uint32_t, std::vector<std::uint32_t>>
      shared_;  ///< place -> nodes of more countries
};

void Builder::check_layers() {
  if (!(options_.snap_tolerance_m >= 0.0 && options_.snap_tolerance_m <= 1e4))
    throw Error("network.bad_tolerance", "the snap tolerance must lie between 0 and 10,000 m");
  if (layers_.empty())
    throw Error("network.empty", "there is no network layer", "",
                "Give at least one: --network MODE=FILE.");
  for (const auto& layer : layers_) {
    if (trim(layer.mode).empty())
      throw Error("network.no_mode", "the layer has no mode", layer.name,
                  "Say which: --network road=" + layer.name + ".");
    if (!layer.crs.is_geographic())
      throw Error("network.crs",
                  "a network is built in longitude and latitude, not in " + layer.crs.label(),
                  layer.name, "Transform the layer to EPSG:4326 first.");
    if (!(layer.crs == layers_.front().crs))
      throw Error("crs.mismatch",
                  layer.crs.label() + " here, " + layers_.front().crs.label() + " in " +
                      layers_.front().name,
                  layer.name, "Bring all layers of a network to one CRS.");
    check_kinds(layer);
    net_.layers.push_back(layer.name);
    attributes_.emplace_back();
    if (has_line_columns(layer)) attributes_.back() = line_attributes(layer, net_.findings);
    if (std::any_of(attributes_.back().begin(), attributes_.back().end(),
                    [](const auto& line) { return !line.gauges_mm.empty(); }))
      modes_with_gauge_.insert(layer.mode);
  }
  net_.crs = layers_.front().crs;
}

void Builder::check_kinds(const LineLayer& layer) const {
  const auto lines = std::count_if(layer.geometry.begin(), layer.geometry.end(),
                                   [](const Geometry& g) { return !g.lines.empty(); });
  const auto others =
      std::count_if(layer.geometry.begin(), layer.geometry.end(), [](const auto& g) {
        return g.kind == GeometryKind::point || g.kind == GeometryKind::polygon;
      });
  if (lines == 0 && others > 0)
    throw Error("network.not_lines", "a network needs lines; this layer has none", layer.name,
                "Points and polygons cannot be travelled along; give the line layer.");
}

/// Adds the vertices of a part that is a line, plain and each once in a row.
void add_part(const LineLayer& layer, std::uint32_t row, const Path& part, RowBlock& block) {
  const std::size_t first = block.vertices.size();
  for (const auto& p : part) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y) || std::abs(p.y) > 90.0 || std::abs(p.x) > 540.0)
      throw Error("network.bad_coordinate",
                  "no place on Earth: x " + number_text(p.x) + ", y " + number_text(p.y),
                  layer.name + ": " + layer.table.row_name(row),
                  "x must be a longitude, y a latitude from -90 to 90 degrees.");
    const LonLat at = plain_place(p.x, p.y);
    if (block.vertices.size() == first || !(block.vertices.back() == at))
      block.vertices.push_back(at);
  }
  const std::size_t count = block.vertices.size() - first;
  if (count >= 2) {
    block.parts.push_back({row, first, count});
    return;
  }
  block.vertices.resize(first);
  block.findings.add("network.zero_length", Severity::warning, layer.name,
                     "a line without length is left out, first at " + layer.table.row_name(row));
}

std::vector<RowBlock> Builder::take_apart(const LineLayer& layer,
                                          const std::vector<LineAttributes>& said,
                                          bool gauges) const {
  constexpr std::size_t kRows = 4096;
  std::vector<RowBlock> blocks((layer.geometry.size() + kRows - 1) / kRows);
  parallel_blocks(
      layer.geometry.size(), kRows, options_.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t number) {
        RowBlock& block = blocks[number];
        for (std::size_t row = begin; row < end; ++row) {
          if (layer.geometry[row].lines.empty()) {
            block.findings.add(
                "network.not_a_line", Severity::warning, layer.name,
                "a feature that is no line is left out, first at " + layer.table.row_name(row));
            continue;
          }
          if (gauges && (said.empty() || said[row].gauges_mm.empty()))
            block.findings.add("network.gauge_assumed", Severity::note, layer.name,
                               "a line without gauge is taken as standard gauge (1435 mm)");
          for (const auto& part : layer.geometry[row].lines)
            add_part(layer, static_cast<std::uint32_t>(row), part, block);
        }
      });
  return blocks;
}

std::uint32_t Builder::add_line(std::uint32_t layer, std::uint32_t row,
                                const LineAttributes& said) {
  NetworkLine line;
  line.layer = layer;
  line.feature = row;
  const auto recorded = [](double v) { return std::isnan(v) ? 0.0 : v; };
  line.speed_kmh = recorded(said.speed_kmh);
  line.max_weight_t = recorded(said.max_weight_t);
  line.axle_load_t = recorded(said.axle_load_t);
  line.max_draught_m = recorded(said.max_draught_m);
  line.restricted = said.restricted;
  line.months_closed = said.months_closed;
  line.oneway = said.oneway;
  line.surface = text_number(said.surface);
  line.gate = text_number(said.gate);
  line.country = text_number(said.country);
  line.toll_usd = said.toll_usd;
  // Kept aside until the line is measured.
  line.length_factor = said.length_km;
  net_.lines.push_back(line);
  return static_cast<std::uint32_t>(net_.lines.size() - 1);
}

void Builder::add_layer(std::uint32_t number) {
  const LineLayer& layer = layers_[number];
  const auto& attributes = attributes_[number];
  const bool gauges = modes_with_gauge_.count(layer.mode) != 0;
  auto blocks = take_apart(layer, attributes, gauges);
  std::size_t vertices = vertices_.size(), parts = 0;
  for (const auto& block : blocks) {
    vertices += block.vertices.size();
    parts += block.parts.size();
  }
  vertices_.reserve(vertices);
  strands_.reserve(strands_.size() + parts);
  net_.lines.reserve(net_.lines.size() + parts);
  const LineAttributes nothing;
  const std::vector<int> assumed = {gauges ? kStandardGauge : 0};
  std::map<int, std::uint16_t> carriers;
  for (auto& block : blocks) {
    net_.findings.add(block.findings);
    std::uint32_t line = kNone, row = kNone;
    for (const auto& part : block.parts) {
      const LineAttributes& said = attributes.empty() ? nothing : attributes[part.row];
      if (part.row != row) line = add_line(number, row = part.row, said);
      for (const int gauge : said.gauges_mm.empty() ? assumed : said.gauges_mm) {
        auto carrier = carriers.find(gauge);
        if (carrier == carriers.end())
          carrier = carriers.emplace(gauge, carrier_number(layer.mode, gauge)).first;
        const auto from = block.vertices.begin() + static_cast<std::ptrdiff_t>(part.first);
        strands_.push_back({line, carrier->second, static_cast<std::uint32_t>(vertices_.size()),
                            static_cast<std::uint32_t>(part.count)});
        vertices_.insert(vertices_.end(), from, from + static_cast<std::ptrdiff_t>(part.count));
        if (vertices_.size() > options_.max_vertices)
          throw Error("network.too_large",
                      "more than " + std::to_string(options_.max_vertices) + " vertices", "",
                      "Cut the network to the region of interest.");
      }
    }
    block = {};
  }
}

void Builder::find_places() {
  std::vector<std::uint16_t> carriers(vertices_.size());
  std::vector<char> ends(vertices_.size());
  for (const auto& strand : strands_) {
    std::fill_n(carriers.begin() + strand.first, strand.count, strand.carrier);
    ends[strand.first] = ends[strand.first + strand.count - 1] = 1;
  }
  places_ = number_places(vertices_, carriers, std::move(ends), options_.jobs);
}

std::uint32_t Builder::node_of(std::uint32_t place, std::uint16_t carrier, std::uint32_t country) {
  const auto fresh = [&] {
    const auto node = static_cast<std::uint32_t>(net_.nodes.size());
    net_.nodes.push_back(vertices_[place]);
    facts_.carrier.push_back(carrier);
    facts_.country.push_back(country);
    facts_.line_end.push_back(places_.is_end[place]);
    return node;
  };
  std::uint32_t& first = node_at_[place];
  if (first == kNone) return first = fresh();
  if (country == 0 || facts_.country[first] == country) return first;
  if (facts_.country[first] == 0) {
    facts_.country[first] = country;
    return first;
  }
  auto& others = shared_[place];
  for (const auto node : others)
    if (facts_.country[node] == country) return node;
  others.push_back(fresh());
  return others.back();
}

void Builder::cut_edges() {
  node_at_.assign(vertices_.size(), kNone);
  const auto& place = places_.place;
  std::size_t nodes = 0, inner = 0;
  for (std::size_t i = 0; i < vertices_.size(); ++i) {
    if (place[i] == i && places_.is_node[i] != 0) ++nodes;
    if (places_.is_node[place[i]] != 0) ++inner;
  }
  inner -= 2 * strands_.size();
  net_.nodes.reserve(nodes);
  facts_.carrier.reserve(nodes);
  facts_.country.reserve(nodes);
  facts_.line_end.reserve(nodes);
  net_.edges.reserve(strands_.size() + inner);
  net_.shape.reserve(vertices_.size() + inner);
  for (const auto& strand : strands_) {
    const std::uint32_t country = net_.lines[strand.line].country;
    const std::uint32_t end = strand.first + strand.count;
    std::uint32_t begin = strand.first;
    for (std::uint32_t i = begin + 1; i < end; ++i) {
      if (places_.is_node[place[i]] == 0) continue;
      NetworkEdge edge;
      edge.a = node_of(place[begin], strand.carrier, country);
      edge.b = node_of(place[i], strand.carrier, country);
      edge.line = strand.line;
      edge.carrier = strand.carrier;
      edge.first_vertex = static_cast<std::uint32_t>(net_.shape.size());
      edge.vertices = i - begin + 1;
      net_.shape.insert(net_.shape.end(), vertices_.begin() + begin, vertices_.begin() + i + 1);
      net_.edges.push_back(edge);
      begin = i;
    }
  }
  link_countries();
  vertices_ = {};
  places_ = {};
  node_at_ = {};
}

void Builder::link_countries() {
  for (const auto& [place, others] : shared_) {
    std::vector<std::uint32_t> nodes = {node_at_[place]};
    nodes.insert(nodes.end(), others.begin(), others.end());
    for (std::size_t i = 0; i < nodes.size(); ++i)
      for (std::size_t k = i + 1; k < nodes.size(); ++k)
        net_.borders.push_back(
            {nodes[i], nodes[k], facts_.country[nodes[i]], facts_.country[nodes[k]]});
  }
}

void Builder::measure() {
  const Geodesic geodesic(net_.crs);
  parallel_blocks(net_.edges.size(), 2048, options_.jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t) {
                    for (std::size_t i = begin; i < end; ++i) {
                      NetworkEdge& edge = net_.edges[i];
                      Sum length;
                      for (std::uint32_t k = 0; k + 1 < edge.vertices; ++k)
                        length += geodesic.distance_m(net_.shape[edge.first_vertex + k],
                                                      net_.shape[edge.first_vertex + k + 1]);
                      edge.length_m = length.value();
                    }
                  });
  // A line on two gauges is measured once.
  std::vector<Sum> lengths(net_.lines.size());
  std::vector<std::uint16_t> carrier(net_.lines.size(), std::numeric_limits<std::uint16_t>::max());
  for (const auto& edge : net_.edges) {
    if (carrier[edge.line] == std::numeric_limits<std::uint16_t>::max())
      carrier[edge.line] = edge.carrier;
    if (carrier[edge.line] == edge.carrier) lengths[edge.line] += edge.length_m;
  }
  for (std::size_t i = 0; i < net_.lines.size(); ++i) {
    NetworkLine& line = net_.lines[i];
    line.length_m = lengths[i].value();
    const double recorded_km = line.length_factor;
    line.length_factor = 1.0;
    if (std::isnan(recorded_km) || line.length_m <= 0.0) continue;
    const double factor = recorded_km * 1000.0 / line.length_m;
    const std::string where = net_.layers[line.layer] + ": length_km";
    // A drawn line leaves out bends, so a recorded length may be longer, never shorter; ten times
    // as long is another unit or another line.
    if (factor < 0.98 || factor > 10.0) {
      net_.findings.add("network.length_doubtful", Severity::warning, where,
                        "a recorded length that is shorter than the drawn line or ten times as "
                        "long is not used, the geodesic length is; first " +
                            number_text(recorded_km) + " km at " +
                            layers_[line.layer].table.row_name(line.feature));
      continue;
    }
    line.length_factor = factor;
    net_.findings.add("network.recorded_length", Severity::note, where,
                      "the recorded length is used instead of the geodesic one");
  }
}

}  // namespace

LonLat plain_place(double lon_deg, double lat_deg) {
  if (std::abs(lat_deg) == 90.0) return {0.0, lat_deg};
  double lon = lon_deg;
  if (lon > 180.0 || lon <= -180.0) {
    // Rounded to a tenth of a millimetre, so that 190.8498 is the place written -169.1502.
    lon = std::round(std::remainder(lon, 360.0) * 1e9) / 1e9;
    if (lon <= -180.0) lon = 180.0;
  }
  // Positive zeros, so that equal places are equal bits.
  return {lon + 0.0, lat_deg + 0.0};
}

Network build_network(const std::vector<LineLayer>& layers, const NetworkOptions& options,
                      const Progress& progress) {
  return Builder(layers, options).build(progress);
}

}  // namespace lode
