// What the tags of an OpenStreetMap way say about a line that carries freight.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lode {

/// Keys and values of one object; the texts live as long as their owner.
struct OsmTags {
  std::vector<std::pair<std::string_view, std::string_view>> list;

  /// "" when there is no such key.
  [[nodiscard]] std::string_view get(std::string_view key) const;
  [[nodiscard]] bool is(std::string_view key, std::string_view value) const {
    return get(key) == value;
  }
};

/// A value that could not be read, for a finding.
struct BadOsmTag {
  std::string key;
  std::string value;
};

/// One way as a line of one mode. NaN and "" where nothing is said.
struct OsmWay {
  std::string mode;     ///< road, rail, barge
  std::string highway;  ///< class of a road, railway or waterway as tagged
  std::string name;
  std::string oneway;  ///< "yes", "-1" or ""
  double speed_kmh = std::numeric_limits<double>::quiet_NaN();
  double duration_h = std::numeric_limits<double>::quiet_NaN();  ///< of a ferry, the whole way
  double max_weight_t = std::numeric_limits<double>::quiet_NaN();
  double axle_load_t = std::numeric_limits<double>::quiet_NaN();
  double max_draught_m = std::numeric_limits<double>::quiet_NaN();
  std::string gauge_mm;  ///< "1435;1520"
  std::string surface;
  std::string tracktype;
  std::string bridge;
  std::uint16_t months_closed = 0;  ///< bit m - 1 for month m
  /// The months come from the name of a season, north of the equator.
  bool months_by_season = false;
  bool months_assumed = false;  ///< an ice road that does not say when it is open
  bool seasonal_unknown = false;
  bool condition_unread = false;  ///< a condition other than months and weight
  std::string toll;               ///< "yes" where one is charged
  std::string access;             ///< the most specific word for a lorry (or a ship)
  bool ferry = false;
};

/// Roads a lorry may use, ice roads among them, and ferries that take lorries; nothing for others.
/// `highways` empty = all classes ("ferry" counts as one).
[[nodiscard]] std::optional<OsmWay> osm_road(const OsmTags& tags,
                                             const std::vector<std::string>& highways,
                                             std::vector<BadOsmTag>& bad);
/// railway=rail and narrow_gauge in use; a narrow gauge that is not said is no line.
[[nodiscard]] std::optional<OsmWay> osm_rail(const OsmTags& tags, std::vector<BadOsmTag>& bad);
/// Rivers, canals and fairways that ships may use.
[[nodiscard]] std::optional<OsmWay> osm_barge(const OsmTags& tags, std::vector<BadOsmTag>& bad);

/// Classes of highway that are read, each with the speed of a lorry where no limit is tagged.
[[nodiscard]] const std::vector<std::pair<std::string_view, double>>& osm_highways();

/// "80", "50 mph", "12 knots", "RU:urban", "80;60" (the lowest). NaN for words that give no figure
/// ("none", "signals"); nothing for text that cannot be read.
[[nodiscard]] std::optional<double> osm_speed_kmh(std::string_view text);
/// "7.5", "7.5 t", "7500 kg", "16000 lbs", "10 st" (US short tons). NaN for "none", "default".
[[nodiscard]] std::optional<double> osm_mass_t(std::string_view text);
/// "2.5", "2.5 m", "250 cm", "8 ft", "8'6\"". NaN for "none", "default".
[[nodiscard]] std::optional<double> osm_length_m(std::string_view text);
/// "0:45", "01:30:00", "45" (minutes), "PT1H30M".
[[nodiscard]] std::optional<double> osm_duration_h(std::string_view text);

/// Months that a range of days touches ("Nov-Apr", "Nov 15-Apr 15", "Jun", "Jan-Mar,Dec",
/// "winter") and those that it holds whole. False for anything else.
struct OsmMonths {
  std::uint16_t touched = 0, whole = 0;
  bool by_season = false;
};
[[nodiscard]] bool osm_months(std::string_view text, OsmMonths& months);

}  // namespace lode
