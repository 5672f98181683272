#include "libgeo/logistics/network.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/network_parts.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr int kStandardGauge = 1435;

/// One part of one line on one carrier: a run of vertices.
struct Strand {
  std::uint32_t line = 0;
  std::uint16_t carrier = 0;
  std::size_t first = 0;
  std::size_t count = 0;
};

/// Numbers places (carrier, x, y) in order of first appearance: a hash table with linear probing.
class PlaceTable {
 public:
  std::uint32_t number(std::uint16_t carrier, LonLat at) {
    if (places_.size() * 2 >= slots_.size()) grow();
    std::size_t slot = hash(carrier, at) & (slots_.size() - 1);
    while (slots_[slot] != kNone) {
      const auto known = slots_[slot];
      if (carriers_[known] == carrier && places_[known] == at) return known;
      slot = (slot + 1) & (slots_.size() - 1);
    }
    const auto fresh = static_cast<std::uint32_t>(places_.size());
    slots_[slot] = fresh;
    places_.push_back(at);
    carriers_.push_back(carrier);
    return fresh;
  }
  [[nodiscard]] const std::vector<LonLat>& places() const { return places_; }
  [[nodiscard]] const std::vector<std::uint16_t>& carriers() const { return carriers_; }

 private:
  static std::uint64_t hash(std::uint16_t carrier, LonLat at) {
    std::uint64_t h = std::bit_cast<std::uint64_t>(at.lon_deg) * 0x9e3779b97f4a7c15ULL;
    h ^= h >> 29;
    h += std::bit_cast<std::uint64_t>(at.lat_deg) * 0xbf58476d1ce4e5b9ULL + carrier;
    h *= 0x94d049bb133111ebULL;
    return h ^ (h >> 31);
  }
  void grow() {
    slots_.assign(std::max<std::size_t>(1024, slots_.size() * 2), kNone);
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      std::size_t slot = hash(carriers_[i], places_[i]) & (slots_.size() - 1);
      while (slots_[slot] != kNone) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = i;
    }
  }
  std::vector<std::uint32_t> slots_;
  std::vector<LonLat> places_;
  std::vector<std::uint16_t> carriers_;
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
  std::size_t add_part(const LineLayer& layer, std::size_t row, const Path& part);
  void find_places();
  std::uint32_t node_of(std::uint32_t place, std::uint32_t country);
  void cut_edges();
  void link_countries();
  void measure();

  const std::vector<LineLayer>& layers_;
  const NetworkOptions& options_;
  Network net_;
  NodeFacts facts_;
  std::unordered_map<std::string, std::uint32_t> text_numbers_;
  std::map<std::string, bool> mode_has_gauge_;
  std::vector<std::vector<LineAttributes>> attributes_;
  std::vector<Strand> strands_;
  std::vector<LonLat> vertices_;
  std::vector<std::uint32_t> place_of_;
  PlaceTable table_;
  std::vector<char> is_node_;
  std::vector<char> is_end_;
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
    attributes_.push_back(line_attributes(layer, net_.findings));
    for (const auto& line : attributes_.back())
      mode_has_gauge_[layer.mode] = mode_has_gauge_[layer.mode] || !line.gauges_mm.empty();
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

/// Returns how many vertices were kept (at the end of `vertices_`); 0 when the part is no line.
std::size_t Builder::add_part(const LineLayer& layer, std::size_t row, const Path& part) {
  const std::size_t first = vertices_.size();
  for (const auto& p : part) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y) || std::abs(p.y) > 90.0 || std::abs(p.x) > 540.0)
      throw Error("network.bad_coordinate",
                  "no place on Earth: x " + number_text(p.x) + ", y " + number_text(p.y),
                  layer.name + ": " + layer.table.row_name(row),
                  "x must be a longitude, y a latitude from -90 to 90 degrees.");
    const LonLat at = plain_place(p.x, p.y);
    if (vertices_.size() == first || !(vertices_.back() == at)) vertices_.push_back(at);
  }
  if (vertices_.size() - first >= 2) return vertices_.size() - first;
  vertices_.resize(first);
  net_.findings.add("network.zero_length", Severity::warning, layer.name,
                    "a line without length is left out, first at " + layer.table.row_name(row));
  return 0;
}

void Builder::add_layer(std::uint32_t number) {
  const LineLayer& layer = layers_[number];
  for (std::uint32_t row = 0; row < layer.geometry.size(); ++row) {
    const Geometry& geometry = layer.geometry[row];
    if (geometry.lines.empty()) {
      net_.findings.add(
          "network.not_a_line", Severity::warning, layer.name,
          "a feature that is no line is left out, first at " + layer.table.row_name(row));
      continue;
    }
    const LineAttributes& said = attributes_[number][row];
    NetworkLine line;
    line.layer = number;
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
    const auto line_number = static_cast<std::uint32_t>(net_.lines.size());
    std::vector<int> gauges = said.gauges_mm;
    if (gauges.empty()) {
      const bool assumed = mode_has_gauge_[layer.mode];
      gauges.push_back(assumed ? kStandardGauge : 0);
      if (assumed)
        net_.findings.add("network.gauge_assumed", Severity::note, layer.name,
                          "a line without gauge is taken as standard gauge (1435 mm)");
    }
    bool used = false;
    for (const auto& part : geometry.lines) {
      const std::size_t first = vertices_.size();
      const std::size_t count = add_part(layer, row, part);
      if (count == 0) continue;
      used = true;
      for (const int gauge : gauges)
        strands_.push_back({line_number, carrier_number(layer.mode, gauge), first, count});
    }
    if (used) net_.lines.push_back(line);
  }
}

void Builder::find_places() {
  std::size_t total = 0;
  for (const auto& strand : strands_) total += strand.count;
  if (total > options_.max_vertices)
    throw Error("network.too_large",
                "more than " + std::to_string(options_.max_vertices) + " vertices", "",
                "Cut the network to the region of interest.");
  place_of_.reserve(total);
  std::vector<char> seen;
  for (const auto& strand : strands_)
    for (std::size_t i = 0; i < strand.count; ++i) {
      const auto place = table_.number(strand.carrier, vertices_[strand.first + i]);
      place_of_.push_back(place);
      if (place >= seen.size()) {
        seen.push_back(0);
        is_node_.push_back(0);
        is_end_.push_back(0);
      }
      const bool end = i == 0 || i + 1 == strand.count;
      if (end) is_end_[place] = 1;
      if (end || seen[place] != 0) is_node_[place] = 1;
      seen[place] = 1;
    }
}

std::uint32_t Builder::node_of(std::uint32_t place, std::uint32_t country) {
  const auto fresh = [&] {
    const auto node = static_cast<std::uint32_t>(net_.nodes.size());
    net_.nodes.push_back(table_.places()[place]);
    facts_.carrier.push_back(table_.carriers()[place]);
    facts_.country.push_back(country);
    facts_.line_end.push_back(is_end_[place]);
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
  node_at_.assign(table_.places().size(), kNone);
  std::size_t at = 0;
  for (const auto& strand : strands_) {
    const std::uint32_t country = net_.lines[strand.line].country;
    std::size_t begin = 0;
    for (std::size_t i = 1; i < strand.count; ++i) {
      if (is_node_[place_of_[at + i]] == 0) continue;
      NetworkEdge edge;
      edge.a = node_of(place_of_[at + begin], country);
      edge.b = node_of(place_of_[at + i], country);
      edge.line = strand.line;
      edge.carrier = strand.carrier;
      edge.first_vertex = static_cast<std::uint32_t>(net_.shape.size());
      edge.vertices = static_cast<std::uint32_t>(i - begin + 1);
      for (std::size_t k = begin; k <= i; ++k) net_.shape.push_back(vertices_[strand.first + k]);
      net_.edges.push_back(edge);
      begin = i;
    }
    at += strand.count;
  }
  link_countries();
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
