#include "libgeo/io/osm_lines.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <limits>
#include <numeric>
#include <osmium/io/gzip_compression.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/osm/node.hpp>
#include <osmium/osm/way.hpp>
#include <stdexcept>
#include <unordered_set>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/io/osm_file.h"
#include "libgeo/io/osm_tags.h"

namespace lode {

namespace {

namespace bits = osmium::osm_entity_bits;

/// In place of the number of nodes of a way that the file holds twice.
constexpr std::size_t kRepeated = std::numeric_limits<std::size_t>::max();

/// The lines of one mode while they are read: a column for each attribute, vertices as numbers of
/// nodes.
struct ModeLines {
  std::string mode;
  std::vector<std::int64_t> id;
  std::vector<std::size_t> first, count;  ///< into the nodes of all ways
  std::vector<std::string> highway, name, oneway, gauge_mm, surface, tracktype, bridge, toll,
      access, ferry;
  std::vector<double> speed_kmh, duration_h, max_weight_t, axle_load_t, max_draught_m;
  std::vector<std::uint16_t> months;
  std::vector<char> months_by_season;

  void add(OsmWay&& way, std::int64_t number, std::size_t at, std::size_t nodes) {
    id.push_back(number);
    first.push_back(at);
    count.push_back(nodes);
    highway.push_back(std::move(way.highway));
    name.push_back(std::move(way.name));
    oneway.push_back(std::move(way.oneway));
    gauge_mm.push_back(std::move(way.gauge_mm));
    surface.push_back(std::move(way.surface));
    tracktype.push_back(std::move(way.tracktype));
    bridge.push_back(std::move(way.bridge));
    toll.push_back(std::move(way.toll));
    access.push_back(std::move(way.access));
    ferry.emplace_back(way.ferry ? "yes" : "");
    speed_kmh.push_back(way.speed_kmh);
    duration_h.push_back(way.duration_h);
    max_weight_t.push_back(way.max_weight_t);
    axle_load_t.push_back(way.axle_load_t);
    max_draught_m.push_back(way.max_draught_m);
    months.push_back(way.months_closed);
    months_by_season.push_back(way.months_by_season ? 1 : 0);
  }
};

/// Keeps `values` of the rows that are kept.
template <class T>
std::vector<T> kept_rows(std::vector<T>& values, const std::vector<std::size_t>& rows) {
  std::vector<T> kept;
  kept.reserve(rows.size());
  for (const auto row : rows) kept.push_back(std::move(values[row]));
  values.clear();
  values.shrink_to_fit();
  return kept;
}

std::string way_name(std::int64_t id) {
  return "way " + std::to_string(id);
}

class Extract {
 public:
  Extract(const std::string& path, const OsmOptions& options, const Progress& progress)
      : path_(path), options_(options), progress_(progress), packing_(osm::check_file(path)) {
    for (const auto& mode : options.modes.empty() ? osm_modes("osm") : options.modes)
      for (const auto& one : osm_modes(mode))
        if (std::none_of(modes_.begin(), modes_.end(),
                         [&](const auto& known) { return known.mode == one; })) {
          modes_.emplace_back();
          modes_.back().mode = one;
        }
  }

  std::vector<OsmLayer> read() {
    if (packing_ == osm::Packing::pbf) osm::check_blocks(path_, progress_);
    guard([&] { read_ways(); });
    drop_repeated();
    index_nodes();
    guard([&] { read_nodes(); });
    count_places();
    std::vector<OsmLayer> layers;
    for (auto& mode : modes_) {
      OsmLayer layer = layer_of(mode);
      if (layer.lines.size() > 0)
        layers.push_back(std::move(layer));
      else
        empty_.push_back(mode.mode);
    }
    if (layers.empty())
      throw Error("osm.empty",
                  "no line of the modes asked for is in the extract: " + join(empty_, ", "), path_,
                  "Check that the extract holds ways with their nodes, and the mode.");
    for (const auto& mode : empty_)
      findings_.add("osm.no_lines", Severity::note, path_ + ":" + mode,
                    "the extract has no lines of " + mode);
    layers.front().lines.findings.add(findings_);
    return layers;
  }

 private:
  void guard(const std::function<void()>& body) const;
  void each_buffer(bits::type kind, double from, double to,
                   const std::function<void(const osmium::memory::Buffer&)>& use);
  void read_ways();
  void add_way(const osmium::Way& way);
  void keep(OsmWay&& line, const osmium::Way& way, std::size_t first);
  void drop_repeated();
  void index_nodes();
  void read_nodes();
  void place_node(const osmium::Node& node, std::size_t& cursor);
  void count_places();
  [[nodiscard]] Geometry geometry_of(const ModeLines& mode, std::size_t row);
  [[nodiscard]] OsmLayer layer_of(ModeLines& mode);
  void settle_season(ModeLines& mode, std::size_t row, const Geometry& geometry) const;
  void settle_speed(ModeLines& mode, std::size_t row, const Geometry& geometry);
  void fill_table(ModeLines& mode, const std::vector<std::size_t>& rows, Table& table) const;

  [[nodiscard]] std::size_t slot_of(std::int64_t node) const {
    const auto at = std::lower_bound(ids_.begin(), ids_.end(), node);
    return static_cast<std::size_t>(at - ids_.begin());
  }
  void note(const char* code, Severity severity, const std::string& message) {
    findings_.add(code, severity, path_, message);
  }

  const std::string& path_;
  const OsmOptions& options_;
  const Progress& progress_;
  osm::Packing packing_;
  std::vector<ModeLines> modes_;
  std::vector<std::string> empty_;
  std::vector<std::int64_t> refs_;  ///< nodes of all ways that are read, way by way
  std::vector<std::pair<std::int64_t, osmium::Location>> located_;  ///< from ways that carry places
  std::vector<std::int64_t> ids_;                                   ///< sorted, each once
  std::vector<osmium::Location> places_;                            ///< of ids_
  bool relations_ = false;
  Findings findings_;
};

void Extract::guard(const std::function<void()>& body) const {
  const auto cut = [&](const std::string& what) {
    return Error("osm.cut", "the file ends mid-way: " + what, path_,
                 "Download the extract again and compare its checksum.");
  };
  const auto syntax = [&](const std::string& what) {
    return Error("osm.syntax", "the extract cannot be read: " + printable(what), path_,
                 "Take a sound copy of it; .osm.pbf, .osm and .osm.gz hold what they say.");
  };
  try {
    body();
  } catch (const Error&) {
    throw;
  } catch (const osmium::xml_error& error) {
    const std::string what = error.what();
    // What expat says when the text ends too early.
    for (const char* early : {"no element found", "unclosed token", "partial character",
                              "unclosed CDATA", "no root element"})
      if (what.find(early) != std::string::npos) throw cut(what);
    throw syntax(what);
  } catch (const osmium::gzip_error& error) {
    const std::string what = error.what();
    if (what.find("unexpected end") != std::string::npos || error.gzip_error_code == Z_BUF_ERROR)
      throw cut("its compressed data are incomplete");
    throw syntax(what);
  } catch (const osmium::invalid_location& error) {
    throw Error("osm.bad_coordinate", std::string("no place on Earth: ") + error.what(), path_,
                "Longitudes lie within 180 degrees, latitudes within 90.");
  } catch (const std::range_error& error) {
    const std::string what = error.what();
    if (what.starts_with("illegal id"))
      throw Error("osm.syntax",
                  "a number that no node, way or relation can have: " + printable(what), path_,
                  "libosmium, which reads the extract, takes whole numbers of 64 bits between "
                  "-9223372036854775808 and 9223372036854775807, without these two.");
    throw syntax(what);
  } catch (const std::exception& error) {
    throw syntax(error.what());
  }
}

void Extract::each_buffer(bits::type kind, double from, double to,
                          const std::function<void(const osmium::memory::Buffer&)>& use) {
  // An absolute path and the format as known: a name is never taken for an address or a command.
  std::string format = packing_ == osm::Packing::pbf ? "pbf" : "xml";
  if (packing_ == osm::Packing::xml_gzip) format += ".gz";
  const osmium::io::File file(std::filesystem::absolute(path_).string(), format);
  osmium::thread::Pool pool(std::clamp(thread_count(options_.jobs), 1, 4));
  osmium::io::Reader reader(
      file, kind, pool,
      packing_ == osm::Packing::pbf ? osmium::io::read_meta::no : osmium::io::read_meta::yes);
  if (reader.header().has_multiple_object_versions())
    throw Error("osm.history", "this is a history or a list of changes, not a state of the map",
                path_, "Take an extract of one day: .osm.pbf, .osm or .osm.gz.");
  const double size = std::max(1.0, static_cast<double>(reader.file_size()));
  while (const osmium::memory::Buffer buffer = reader.read()) {
    use(buffer);
    const double share = std::min(1.0, static_cast<double>(reader.offset()) / size);
    progress_.update(from + (to - from) * share, "reading OpenStreetMap");
  }
  reader.close();
}

void Extract::read_ways() {
  each_buffer(bits::way | bits::relation, 0.0, 0.45, [&](const osmium::memory::Buffer& buffer) {
    for (const auto& item : buffer)
      if (item.type() == osmium::item_type::way)
        add_way(static_cast<const osmium::Way&>(item));
      else if (item.type() == osmium::item_type::relation)
        relations_ = true;
  });
  if (packing_ == osm::Packing::pbf && !relations_)
    note("osm.maybe_cut", Severity::note,
         "the file holds no relation, as when it was cut between two of its blocks (which the "
         "format does not show); compare its checksum if relations belong in it");
}

void Extract::add_way(const osmium::Way& way) {
  if (!way.visible()) {
    note("osm.deleted", Severity::note,
         "deleted ways or nodes are passed over, first " + way_name(way.id()));
    return;
  }
  OsmTags tags;
  for (const auto& tag : way.tags()) tags.list.emplace_back(tag.key(), tag.value());
  const std::size_t first = refs_.size();
  bool used = false;
  std::vector<BadOsmTag> bad;
  for (auto& mode : modes_) {
    auto line = mode.mode == "road"   ? osm_road(tags, options_.highways, bad)
                : mode.mode == "rail" ? osm_rail(tags, bad)
                                      : osm_barge(tags, bad);
    if (!line) continue;
    if (line->mode == "rail" && line->gauge_mm.empty() && line->highway == "narrow_gauge") {
      note("osm.no_gauge", Severity::warning,
           "narrow-gauge railways that do not say their gauge are left out, first " +
               way_name(way.id()));
      continue;
    }
    if (line->months_assumed)
      note("osm.ice_road", Severity::note,
           "ice and winter roads that do not say their months are taken as open from January to "
           "March (July to September in the south), first " +
               way_name(way.id()));
    if (line->seasonal_unknown)
      note("osm.seasonal", Severity::note,
           "seasonal lines that do not say their months are taken as open all year, first " +
               way_name(way.id()));
    if (line->condition_unread)
      note("osm.condition", Severity::note,
           "conditions other than months and weight are not modelled, first at " +
               way_name(way.id()));
    mode.add(std::move(*line), way.id(), first, way.nodes().size());
    used = true;
  }
  for (const auto& [key, value] : bad)
    findings_.add("osm.bad_tag", Severity::warning, path_ + ": " + printable(key),
                  "a value that cannot be read is taken as not said, first '" + printable(value) +
                      "' at " + way_name(way.id()));
  if (!used) return;
  for (const auto& node : way.nodes()) {
    refs_.push_back(node.ref());
    if (node.location().is_defined()) located_.emplace_back(node.ref(), node.location());
  }
}

void Extract::drop_repeated() {
  for (auto& mode : modes_) {
    if (std::adjacent_find(mode.id.begin(), mode.id.end(), std::greater_equal<>()) == mode.id.end())
      continue;
    std::unordered_set<std::int64_t> seen;
    for (std::size_t row = 0; row < mode.id.size(); ++row)
      if (!seen.insert(mode.id[row]).second) {
        mode.count[row] = kRepeated;
        note("osm.repeated", Severity::warning,
             "ways or nodes that stand in the file twice are taken once, first " +
                 way_name(mode.id[row]));
      }
  }
}

void Extract::index_nodes() {
  ids_ = refs_;
  std::sort(ids_.begin(), ids_.end());
  ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
  ids_.shrink_to_fit();
  places_.assign(ids_.size(), osmium::Location());
  for (const auto& [node, location] : located_) places_[slot_of(node)] = location;
  located_.clear();
  located_.shrink_to_fit();
  progress_.check();
}

void Extract::read_nodes() {
  std::size_t cursor = 0;
  each_buffer(bits::node, 0.45, 0.85, [&](const osmium::memory::Buffer& buffer) {
    for (const auto& node : buffer.select<osmium::Node>()) place_node(node, cursor);
  });
}

void Extract::place_node(const osmium::Node& node, std::size_t& cursor) {
  // Nodes mostly stand in the order of their numbers: the next one sought is near.
  const std::int64_t id = node.id();
  while (cursor < ids_.size() && ids_[cursor] < id && cursor + 1 < ids_.size() &&
         ids_[cursor + 1] <= id)
    ++cursor;
  if (cursor >= ids_.size() || ids_[cursor] != id) {
    if (cursor < ids_.size() && ids_[cursor] < id) return;
    cursor = slot_of(id);
    if (cursor >= ids_.size() || ids_[cursor] != id) return;
  }
  if (!node.visible()) {
    note("osm.deleted", Severity::note,
         "deleted ways or nodes are passed over, first node " + std::to_string(id));
    return;
  }
  const osmium::Location at = node.location();
  if (at.is_undefined())
    throw Error("osm.syntax", "a node has no lat and lon", path_ + ": node " + std::to_string(id),
                "Take a sound copy of the extract; only deleted nodes have no place.");
  if (!at.valid())
    throw Error("osm.bad_coordinate",
                "no place on Earth: longitude " +
                    number_text(osmium::Location::fix_to_double(at.x())) + ", latitude " +
                    number_text(osmium::Location::fix_to_double(at.y())),
                path_ + ": node " + std::to_string(id),
                "Longitudes lie within 180 degrees, latitudes within 90.");
  if (places_[cursor].is_defined()) {
    if (!(places_[cursor] == at))
      note("osm.repeated", Severity::warning,
           "ways or nodes that stand in the file twice are taken once, first node " +
               std::to_string(id));
    return;
  }
  places_[cursor] = at;
}

void Extract::count_places() {
  progress_.update(0.87, "reading OpenStreetMap");
  std::vector<std::uint64_t> keys;
  keys.reserve(places_.size());
  const auto key_of = [](osmium::Location at) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(at.x())) << 32U |
           static_cast<std::uint32_t>(at.y());
  };
  for (const auto& at : places_)
    if (at.is_defined()) keys.push_back(key_of(at));
  std::sort(keys.begin(), keys.end());
  std::vector<std::uint64_t> twice;
  for (std::size_t i = 1; i < keys.size(); ++i)
    if (keys[i] == keys[i - 1] && (twice.empty() || twice.back() != keys[i]))
      twice.push_back(keys[i]);
  if (twice.empty()) return;
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (places_[i].is_defined() &&
        std::binary_search(twice.begin(), twice.end(), key_of(places_[i]))) {
      findings_.add("osm.duplicate_place", Severity::warning, path_,
                    "places where nodes of two numbers lie: lines are joined there although the "
                    "map does not, first at node " +
                        std::to_string(ids_[i]),
                    twice.size());
      return;
    }
}

Geometry Extract::geometry_of(const ModeLines& mode, std::size_t row) {
  Geometry geometry;
  geometry.kind = GeometryKind::line;
  Path part;
  bool missing = false;
  const auto finish = [&] {
    if (part.size() >= 2) geometry.lines.push_back(part);
    part.clear();
  };
  const std::size_t end = mode.first[row] + mode.count[row];
  for (std::size_t i = mode.first[row]; i < end; ++i) {
    const osmium::Location at = places_[slot_of(refs_[i])];
    if (at.is_undefined()) {
      finish();
      if (!missing)
        note("osm.missing_node", Severity::warning,
             "ways whose nodes are not all in the extract are cut there, first " +
                 way_name(mode.id[row]) + " at node " + std::to_string(refs_[i]));
      missing = true;
      continue;
    }
    const Point p{osmium::Location::fix_to_double(at.x()), osmium::Location::fix_to_double(at.y())};
    if (part.empty() || !(part.back() == p)) part.push_back(p);
  }
  finish();
  if (geometry.lines.empty() && !missing)
    note("osm.no_length", Severity::warning,
         "ways of one node or one place are left out, first " + way_name(mode.id[row]));
  return geometry;
}

void Extract::settle_season(ModeLines& mode, std::size_t row, const Geometry& geometry) const {
  if (mode.months_by_season[row] == 0 || geometry.lines.front().front().y >= 0.0) return;
  const unsigned months = mode.months[row];
  mode.months[row] = static_cast<std::uint16_t>(((months << 6U) | (months >> 6U)) & 0xfffU);
}

void Extract::settle_speed(ModeLines& mode, std::size_t row, const Geometry& geometry) {
  const double hours = mode.duration_h[row];
  if (std::isnan(hours)) return;
  const Geodesic earth;
  double length_m = 0.0;
  for (const auto& part : geometry.lines)
    for (std::size_t i = 1; i < part.size(); ++i)
      length_m += earth.distance_m({part[i - 1].x, part[i - 1].y}, {part[i].x, part[i].y});
  const double kmh = length_m / 1000.0 / hours;
  if (kmh >= 1.0 && kmh <= 90.0) {
    mode.speed_kmh[row] = std::round(kmh * 100.0) / 100.0;
    return;
  }
  mode.speed_kmh[row] = 20.0;
  findings_.add("osm.bad_tag", Severity::warning, path_ + ": duration",
                "a value that cannot be read is taken as not said, first " + fixed_text(kmh, 1) +
                    " km/h by the duration of " + way_name(mode.id[row]));
}

std::string months_text(std::uint16_t months) {
  std::string text;
  for (int m = 0; m < 12; ++m)
    if ((months >> m & 1) != 0) text += (text.empty() ? "" : ",") + std::to_string(m + 1);
  return text;
}

void Extract::fill_table(ModeLines& mode, const std::vector<std::size_t>& rows,
                         Table& table) const {
  std::vector<double> ids;
  std::vector<std::string> months;
  for (const auto row : rows) {
    ids.push_back(static_cast<double>(mode.id[row]));
    months.push_back(months_text(mode.months[row]));
    table.row_names.push_back(way_name(mode.id[row]));
  }
  table.add(number_column("osm_id", std::move(ids)));
  table.add(text_column("highway", kept_rows(mode.highway, rows)));
  table.add(text_column("name", kept_rows(mode.name, rows)));
  table.add(text_column("oneway", kept_rows(mode.oneway, rows)));
  table.add(number_column("speed_kmh", kept_rows(mode.speed_kmh, rows), "km/h"));
  const auto numbers = [&](const char* name, std::vector<double>& values, const char* unit) {
    auto kept = kept_rows(values, rows);
    if (std::any_of(kept.begin(), kept.end(), [](double v) { return !std::isnan(v); }))
      table.add(number_column(name, std::move(kept), unit));
  };
  const auto texts = [&](const char* name, std::vector<std::string>&& kept) {
    if (std::any_of(kept.begin(), kept.end(), [](const auto& text) { return !text.empty(); }))
      table.add(text_column(name, std::move(kept)));
  };
  numbers("max_weight_t", mode.max_weight_t, "t");
  numbers("axle_load_t", mode.axle_load_t, "t");
  numbers("max_draught_m", mode.max_draught_m, "m");
  texts("gauge_mm", kept_rows(mode.gauge_mm, rows));
  texts("surface", kept_rows(mode.surface, rows));
  texts("tracktype", kept_rows(mode.tracktype, rows));
  texts("bridge", kept_rows(mode.bridge, rows));
  texts("months_closed", std::move(months));
  texts("toll", kept_rows(mode.toll, rows));
  texts("access", kept_rows(mode.access, rows));
  texts("ferry", kept_rows(mode.ferry, rows));
}

OsmLayer Extract::layer_of(ModeLines& mode) {
  OsmLayer layer;
  layer.mode = mode.mode;
  Layer& lines = layer.lines;
  lines.driver = "OSM";
  lines.crs = wgs84();
  lines.has_crs = true;
  lines.table.name = path_ + ":" + mode.mode;
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < mode.id.size(); ++row) {
    if (row % 65536 == 0) progress_.check();
    Geometry geometry = mode.count[row] == kRepeated ? Geometry() : geometry_of(mode, row);
    if (geometry.lines.empty()) continue;
    settle_season(mode, row, geometry);
    settle_speed(mode, row, geometry);
    lines.geometry.push_back(std::move(geometry));
    lines.fid.push_back(mode.id[row]);
    rows.push_back(row);
  }
  fill_table(mode, rows, lines.table);
  lines.source.path = path_;
  lines.source.layer = mode.mode;
  lines.source.features = lines.size();
  lines.source.crs = lines.crs.label();
  return layer;
}

/// Size and time of a file, to see whether another program wrote to it meanwhile.
std::pair<std::uintmax_t, std::filesystem::file_time_type> state_of(const std::string& path) {
  std::error_code ignored;
  return {std::filesystem::file_size(path, ignored),
          std::filesystem::last_write_time(path, ignored)};
}

}  // namespace

std::vector<std::string> osm_modes(const std::string& mode) {
  static const std::vector<std::string> kAll = {"road", "rail", "barge"};
  if (mode == "osm") return kAll;
  if (std::find(kAll.begin(), kAll.end(), mode) != kAll.end()) return {mode};
  throw Error("osm.no_mode",
              "no lines of mode '" + printable(mode) +
                  "' are read from extracts of "
                  "OpenStreetMap",
              "--network",
              "Write road=, rail=, barge=, or osm= for all of them; sea lanes need another file.");
}

std::vector<OsmLayer> read_osm_lines(const std::string& path, const OsmOptions& options,
                                     const Progress& progress) {
  Extract extract(path, options, progress);
  const auto before = state_of(path);
  auto checksum =
      std::async(std::launch::async, [&path, &progress] { return sha256_of_file(path, progress); });
  auto layers = extract.read();
  const std::string sha = checksum.get();
  if (state_of(path) != before)
    throw Error("io.changed", "the file was written to while it was read", path,
                "Close the program that writes to it and run again.");
  for (auto& layer : layers) layer.lines.source.sha256 = sha;
  progress.update(1.0);
  return layers;
}

}  // namespace lode
