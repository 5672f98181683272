#include "libgeo/io/osm_tags.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"

namespace lode {

namespace {

/// Above this no lorry goes in most countries: their limiter (Directive 92/6/EEC) stops at 90 km/h.
constexpr double kLorryMost = 90.0;
/// Freight trains run at up to 120 km/h (brake regime "SS"); limits for passenger trains are
/// higher.
constexpr double kFreightTrainMost = 120.0;
constexpr double kFerry = 20.0;
constexpr std::uint16_t kAllMonths = 0xfff;
/// April to December: winter roads carry lorries from January to March.
constexpr std::uint16_t kIceRoadClosed = 0xff8;

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_closed_word(std::string_view word) {
  return one_of(
      word, {"no", "private", "destination", "delivery", "customers", "forestry", "agricultural",
             "military", "residents", "employees", "emergency", "bus", "psv", "restricted"});
}
bool is_open_word(std::string_view word) {
  return one_of(word, {"yes", "permissive", "designated", "public", "hgv", "goods", "official",
                       "unknown", "permit", "discouraged"});
}

/// Reads tags of one way and keeps what could not be read.
class TagReader {
 public:
  TagReader(const OsmTags& tags, std::vector<BadOsmTag>& bad) : tags_(tags), bad_(bad) {}

  /// The lowest of the values of these keys; NaN when none is there.
  template <class Parse>
  [[nodiscard]] double lowest(std::initializer_list<std::string_view> keys, Parse parse) {
    double least = std::numeric_limits<double>::quiet_NaN();
    for (const auto key : keys) {
      const double value = number(key, parse);
      if (std::isnan(least) || value < least) least = value;
    }
    return least;
  }

  template <class Parse>
  [[nodiscard]] double number(std::string_view key, Parse parse) {
    const auto text = tags_.get(key);
    if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
    const auto value = parse(text);
    if (!value) note(key, text);
    return value.value_or(std::numeric_limits<double>::quiet_NaN());
  }

  void note(std::string_view key, std::string_view value) {
    bad_.push_back({std::string(key), std::string(value)});
  }

  /// The limit of the first of these keys that has a figure.
  [[nodiscard]] double speed(std::initializer_list<std::string_view> keys) {
    for (const auto key : keys)
      if (const double kmh = number(key, osm_speed_kmh); !std::isnan(kmh)) return kmh;
    return lowest({"maxspeed:forward", "maxspeed:backward"}, osm_speed_kmh);
  }

  /// The word of the most specific key; of a list the first that opens, else the first.
  [[nodiscard]] std::string access(std::initializer_list<std::string_view> keys) {
    for (const auto key : keys) {
      std::string first;
      for (const auto& part : split(tags_.get(key), ';')) {
        const std::string word = lower(trim(part));
        if (is_open_word(word)) return word;
        if (!is_closed_word(word)) {
          if (!word.empty()) note(key, word);
          continue;
        }
        if (first.empty()) first = word;
      }
      if (!first.empty()) return first;
    }
    return {};
  }

  void oneway(OsmWay& way, std::string_view key, bool implied) {
    const std::string word = lower(trim(tags_.get(key)));
    if (one_of(word, {"yes", "1", "true"}))
      way.oneway = "yes";
    else if (one_of(word, {"-1", "reverse"}))
      way.oneway = "-1";
    else if (word.empty())
      way.oneway = implied ? "yes" : "";
    else if (!one_of(word, {"no", "0", "false", "reversible", "alternating", "alternate"}))
      note(key, word);
  }

  /// Months from "<key>:conditional", the most specific key first, and weights.
  void conditions(OsmWay& way, std::initializer_list<std::string_view> keys);
  void seasons(OsmWay& way);

 private:
  void condition(OsmWay& way, std::string_view value, std::string_view when);

  const OsmTags& tags_;
  std::vector<BadOsmTag>& bad_;
};

void TagReader::condition(OsmWay& way, std::string_view value, std::string_view when) {
  const bool closes = is_closed_word(value);
  if (!closes && !is_open_word(value)) {
    way.condition_unread = true;
    return;
  }
  OsmMonths months;
  if (osm_months(when, months)) {
    way.months_by_season = way.months_by_season || months.by_season;
    if (closes) {
      way.months_closed = static_cast<std::uint16_t>(way.months_closed | months.touched);
    } else if (is_closed_word(way.access)) {
      // Open in these months only: one that is open in part counts as closed.
      way.months_closed = static_cast<std::uint16_t>(kAllMonths & ~months.whole);
      way.access = "yes";
    }
    return;
  }
  std::string test;
  for (const char c : when)
    if (c != ' ') test += c;
  for (const std::string_view sign : {"weight>=", "weight>"})
    if (closes && test.rfind(sign, 0) == 0)
      if (const auto limit = osm_mass_t(test.substr(sign.size())); limit && !std::isnan(*limit)) {
        if (std::isnan(way.max_weight_t) || *limit < way.max_weight_t) way.max_weight_t = *limit;
        return;
      }
  way.condition_unread = true;
}

void TagReader::conditions(OsmWay& way, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    const std::string text = lower(tags_.get(std::string(key) + ":conditional"));
    if (text.empty()) continue;
    // Clauses "value @ condition" or "value @ (condition; condition)".
    std::vector<std::string> clauses(1);
    int depth = 0;
    for (const char c : text) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ';' && depth == 0)
        clauses.emplace_back();
      else
        clauses.back() += c;
    }
    for (const auto& clause : clauses) {
      const auto at = clause.find('@');
      if (at == std::string::npos) {
        way.condition_unread = true;
        continue;
      }
      std::string when(trim(std::string_view(clause).substr(at + 1)));
      if (when.size() >= 2 && when.front() == '(' && when.back() == ')')
        when = when.substr(1, when.size() - 2);
      condition(way, trim(std::string_view(clause).substr(0, at)), when);
    }
    return;
  }
}

void TagReader::seasons(OsmWay& way) {
  const bool ice = tags_.is("ice_road", "yes") || tags_.is("winter_road", "yes");
  const std::string season = lower(trim(tags_.get("seasonal")));
  if (way.months_closed == 0) {
    std::string list = season;
    std::replace(list.begin(), list.end(), ';', ',');
    OsmMonths open;
    if (osm_months(list, open) ||
        (ice && osm_months(std::string(tags_.get("opening_hours")), open))) {
      way.months_closed = static_cast<std::uint16_t>(kAllMonths & ~open.whole);
      way.months_by_season = open.by_season;
    } else if (ice) {
      way.months_closed = kIceRoadClosed;
      way.months_by_season = true;
      way.months_assumed = true;
    } else if (!season.empty() && season != "no") {
      way.seasonal_unknown = true;
    }
  }
}

bool out_of_use(const OsmTags& tags) {
  for (const char* key : {"abandoned", "disused", "demolished", "razed", "proposed"})
    if (tags.is(key, "yes")) return true;
  return tags.is("area", "yes");
}

void common(const OsmTags& tags, OsmWay& way) {
  way.name = std::string(tags.get("name"));
  way.surface = lower(trim(tags.get("surface")));
  way.tracktype = lower(trim(tags.get("tracktype")));
  way.bridge = tags.is("bridge", "no") ? std::string() : std::string(tags.get("bridge"));
  if (tags.is("tunnel", "yes")) way.bridge = "tunnel";
  if (!tags.get("toll").empty() && !tags.is("toll", "no")) way.toll = "yes";
  if (tags.is("toll:hgv", "yes")) way.toll = "yes";
  if (tags.is("toll:hgv", "no")) way.toll.clear();
}

double track_speed(std::string_view tracktype, double otherwise) {
  static constexpr std::pair<std::string_view, double> kGrades[] = {
      {"grade1", 40.0}, {"grade2", 30.0}, {"grade3", 20.0}, {"grade4", 15.0}, {"grade5", 10.0}};
  for (const auto& [grade, kmh] : kGrades)
    if (tracktype == grade) return kmh;
  return otherwise;
}

bool wanted(const std::vector<std::string>& classes, std::string_view name) {
  return classes.empty() || std::find(classes.begin(), classes.end(), name) != classes.end();
}

std::optional<OsmWay> osm_ferry(const OsmTags& tags, std::vector<BadOsmTag>& bad) {
  TagReader read(tags, bad);
  OsmWay way;
  way.mode = "road";
  way.ferry = true;
  common(tags, way);
  way.access = read.access({"hgv", "goods", "motor_vehicle", "vehicle"});
  // A ferry that does not say that it takes vehicles takes people.
  if (!is_open_word(way.access)) {
    if (way.access.empty() && tags.is("motorcar", "yes"))
      way.access = "yes";
    else
      return std::nullopt;
  }
  if (tags.is("access", "no") || tags.is("access", "private"))
    way.access = std::string(tags.get("access"));
  read.oneway(way, "oneway", false);
  way.speed_kmh = read.speed({"maxspeed"});
  if (std::isnan(way.speed_kmh)) way.duration_h = read.number("duration", osm_duration_h);
  if (std::isnan(way.speed_kmh) && std::isnan(way.duration_h)) way.speed_kmh = kFerry;
  way.max_weight_t = read.lowest({"maxweight", "maxweight:hgv"}, osm_mass_t);
  way.axle_load_t = read.number("maxaxleload", osm_mass_t);
  if (tags.is("fee", "yes")) way.toll = "yes";
  read.conditions(way, {"hgv", "motor_vehicle", "vehicle", "access"});
  read.seasons(way);
  return way;
}

}  // namespace

std::string_view OsmTags::get(std::string_view key) const {
  for (const auto& [k, v] : list)
    if (k == key) return v;
  return {};
}

const std::vector<std::pair<std::string_view, double>>& osm_highways() {
  // Speeds of openrouteservice's heavy vehicle profile (HeavyVehicleFlagEncoder), which are those
  // of lorries; tracks by their grade.
  static const std::vector<std::pair<std::string_view, double>> kClasses = {
      {"motorway", 80.0},      {"motorway_link", 50.0},  {"trunk", 80.0},
      {"trunk_link", 50.0},    {"primary", 60.0},        {"primary_link", 50.0},
      {"secondary", 60.0},     {"secondary_link", 50.0}, {"tertiary", 50.0},
      {"tertiary_link", 40.0}, {"unclassified", 30.0},   {"residential", 30.0},
      {"living_street", 10.0}, {"service", 20.0},        {"road", 20.0},
      {"track", 15.0}};
  return kClasses;
}

std::optional<OsmWay> osm_road(const OsmTags& tags, const std::vector<std::string>& highways,
                               std::vector<BadOsmTag>& bad) {
  if (tags.is("route", "ferry") && tags.get("highway").empty()) {
    if (out_of_use(tags) || !wanted(highways, "ferry")) return std::nullopt;
    return osm_ferry(tags, bad);
  }
  const auto highway = tags.get("highway");
  const auto& classes = osm_highways();
  const auto known = std::find_if(classes.begin(), classes.end(),
                                  [&](const auto& one) { return one.first == highway; });
  if (known == classes.end() || !wanted(highways, highway) || out_of_use(tags)) return std::nullopt;
  TagReader read(tags, bad);
  OsmWay way;
  way.mode = "road";
  way.highway = std::string(highway);
  common(tags, way);
  way.access = read.access({"hgv", "goods", "motor_vehicle", "vehicle", "access"});
  read.oneway(way, "oneway",
              highway == "motorway" || one_of(tags.get("junction"), {"roundabout", "circular"}));
  way.speed_kmh = read.speed({"maxspeed:hgv", "maxspeed"});
  if (std::isnan(way.speed_kmh))
    way.speed_kmh = highway == "track" ? track_speed(way.tracktype, known->second) : known->second;
  way.speed_kmh = std::min(way.speed_kmh, kLorryMost);
  way.max_weight_t = read.lowest(
      {"maxweight", "maxweight:hgv", "maxweightrating", "maxweightrating:hgv", "maxgcweight"},
      osm_mass_t);
  way.axle_load_t = read.lowest({"maxaxleload", "maxaxleload:hgv"}, osm_mass_t);
  read.conditions(way, {"hgv", "goods", "motor_vehicle", "vehicle", "access"});
  read.seasons(way);
  return way;
}

std::optional<OsmWay> osm_rail(const OsmTags& tags, std::vector<BadOsmTag>& bad) {
  const auto railway = tags.get("railway");
  if (!one_of(railway, {"rail", "narrow_gauge"}) || out_of_use(tags)) return std::nullopt;
  TagReader read(tags, bad);
  OsmWay way;
  way.mode = "rail";
  way.highway = std::string(railway);
  common(tags, way);
  way.surface.clear();
  way.tracktype.clear();
  std::vector<std::string> gauges;
  for (const auto& part : split(tags.get("gauge"), ';')) {
    const std::string word = lower(trim(part));
    if (word.empty() || one_of(word, {"unknown", "narrow", "broad"})) continue;
    const auto number = word == "standard" ? std::optional<double>(1435.0) : parse_number(word);
    if (number && *number >= 240.0 && *number <= 3000.0)
      gauges.push_back(number_text(std::round(*number)));
    else
      read.note("gauge", word);
  }
  way.gauge_mm = join(gauges, ";");
  way.access = read.access({"access"});
  read.oneway(way, "oneway", false);
  way.speed_kmh = std::min(read.speed({"maxspeed:freight", "maxspeed"}), kFreightTrainMost);
  way.axle_load_t = read.lowest({"maxaxleload", "railway:maxaxleload"}, osm_mass_t);
  read.conditions(way, {"access"});
  return way;
}

std::optional<OsmWay> osm_barge(const OsmTags& tags, std::vector<BadOsmTag>& bad) {
  const auto waterway = tags.get("waterway");
  if (!one_of(waterway, {"river", "canal", "fairway", "tidal_channel"}) || out_of_use(tags))
    return std::nullopt;
  TagReader read(tags, bad);
  const auto cemt = tags.get("CEMT");
  const bool classed = !cemt.empty() && cemt != "0" && lower(cemt) != "no";
  std::string access = read.access({"ship", "motorboat", "boat"});
  if (access.empty() && !classed) return std::nullopt;
  if (is_closed_word(access) && access != "private") return std::nullopt;
  OsmWay way;
  way.mode = "barge";
  way.highway = std::string(waterway);
  common(tags, way);
  way.surface.clear();
  way.tracktype.clear();
  way.access = access;
  read.oneway(way, "oneway:boat", false);
  way.speed_kmh = read.speed({"maxspeed:ship", "maxspeed"});
  way.max_draught_m =
      read.lowest({"maxdraft", "maxdraught", "maxdraft:ship", "draft"}, osm_length_m);
  read.conditions(way, {"ship", "motorboat", "boat"});
  const std::string season = lower(trim(tags.get("seasonal")));
  if (OsmMonths open; way.months_closed == 0 && osm_months(season, open)) {
    way.months_closed = static_cast<std::uint16_t>(kAllMonths & ~open.whole);
    way.months_by_season = open.by_season;
  }
  return way;
}

}  // namespace lode
