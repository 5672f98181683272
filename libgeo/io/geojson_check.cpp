#include <cpl_error.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/door.h"

namespace lode::door {
namespace {

constexpr int kMaxDepth = 100;

/// What was seen of one "coordinates" member.
struct Coordinates {
  bool seen = false;
  int depth = 0;  ///< 1 = a position, 2 = a list of positions, ...; 0 = an empty array
  bool mixed = false;
  bool not_numbers = false;
  bool short_position = false;
  std::size_t shortest = SIZE_MAX;       ///< positions in the shortest list of positions
  std::size_t shortest_ring = SIZE_MAX;  ///< the same, when each list is closed as a ring
  bool unclosed = false;
  bool clockwise_shell = false;
};

struct Members {
  std::string type;
  bool has_type = false, has_geometry = false, has_properties = false, has_features = false;
  bool has_geometries = false, nested_collection = false;
  Coordinates coordinates;
};

enum class Role { root, feature, geometry };

void append_utf8(std::string& text, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0U | (code >> 6U));
    byte(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    byte(0xE0U | (code >> 12U));
    byte(0x80U | ((code >> 6U) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  } else {
    byte(0xF0U | (code >> 18U));
    byte(0x80U | ((code >> 12U) & 0x3FU));
    byte(0x80U | ((code >> 6U) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  }
}

/// Whether GDAL makes a CRS of a name; one that it does not know it takes for WGS 84, unasked.
bool names_a_crs(const std::string& name) {
  OGRSpatialReference reference;
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const OGRErr result = reference.SetFromUserInput(
      name.c_str(), OGRSpatialReference::SET_FROM_USER_INPUT_LIMITATIONS_get());
  CPLPopErrorHandler();
  CPLErrorReset();
  return result == OGRERR_NONE;
}

/// A strict reader of JSON that keeps nothing but what the checks need.
class Reader {
 public:
  Reader(std::string_view text, const std::string& where, Findings& findings)
      : text_(text), where_(where), findings_(findings) {}

  void run() {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    blanks();
    if (peek() != '{') structure("geojson.bad_structure", "GeoJSON starts with an object");
    geojson_object(Role::root);
    blanks();
    if (at_ != text_.size()) syntax("text after the end of the document");
  }

 private:
  [[noreturn]] void syntax(const std::string& what) const {
    throw Error("geojson.syntax", what + " at byte " + std::to_string(at_), where_,
                "The file is damaged or cut; take a sound copy.");
  }
  [[noreturn]] void structure(const std::string& code, const std::string& what) const {
    throw Error(code, what + " (before byte " + std::to_string(at_) + ")", where_,
                "See RFC 7946 for what GeoJSON must look like.");
  }
  void warn(const std::string& code, const std::string& what) {
    findings_.add(code, Severity::warning, where_, what);
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }
  void expect(char c) {
    blanks();
    if (peek() != c) syntax(std::string("'") + c + "' expected");
    ++at_;
  }

  /// A text with its escapes taken out, so that no spelling hides a name from the checks.
  std::string string() {
    expect('"');
    std::string value;
    for (;;) {
      if (at_ >= text_.size()) syntax("a text is not closed");
      const char c = text_[at_++];
      if (c == '"') return value;
      if (static_cast<unsigned char>(c) < 0x20) syntax("a control character in a text");
      if (c != '\\') {
        value += c;
        continue;
      }
      static constexpr std::string_view kEscapes = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
      const char escape = peek();
      const std::size_t known = kEscapes.find(escape);
      if (escape != 'u' && (known == std::string_view::npos || escape == '\0')) {
        syntax("an unknown escape in a text");
      }
      ++at_;
      if (escape != 'u') {
        value += kMeanings[known];
        continue;
      }
      std::uint32_t code = hex_digits();
      const bool high = code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u";
      if (high) {
        at_ += 2;
        const std::uint32_t low = hex_digits();
        if (low < 0xDC00 || low > 0xDFFF) syntax("half of a pair of \\u escapes");
        code = 0x10000U + ((code - 0xD800U) << 10U) + (low - 0xDC00U);
      }
      append_utf8(value, code);
    }
  }

  std::uint32_t hex_digits() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char h = peek();
      const bool digit = h >= '0' && h <= '9';
      const char small = static_cast<char>(h | 0x20);
      if (!digit && (small < 'a' || small > 'f')) syntax("a \\u escape without four hex digits");
      code = 16U * code + static_cast<std::uint32_t>(digit ? h - '0' : small - 'a' + 10);
    }
    return code;
  }

  double number() {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    const auto digits = [&] {
      const std::size_t first = at_;
      while (peek() >= '0' && peek() <= '9') ++at_;
      if (at_ == first) syntax("a number without digits");
    };
    if (peek() == '0')
      ++at_;
    else
      digits();
    if (peek() == '.') {
      ++at_;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      digits();
    }
    double value = 0.0;
    const auto result = std::from_chars(text_.data() + start, text_.data() + at_, value);
    if (result.ec != std::errc{}) value = HUGE_VAL;
    return value;
  }

  void word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) syntax("a value that is none");
    at_ += expected.size();
  }

  void enter() {
    if (++depth_ > kMaxDepth) {
      structure("geojson.too_deep", "arrays or objects are nested deeper than 100");
    }
  }

  /// Calls member(key) for each member of an object; keys must not repeat.
  template <class Member>
  void object(Member member) {
    expect('{');
    enter();
    std::vector<std::string> keys;
    blanks();
    if (peek() == '}') {
      ++at_;
      --depth_;
      return;
    }
    for (;;) {
      std::string key = string();
      keys.push_back(key);
      expect(':');
      blanks();
      member(key);
      blanks();
      if (peek() == ',') {
        ++at_;
        blanks();
        continue;
      }
      expect('}');
      break;
    }
    --depth_;
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) {
      structure("geojson.repeated_key",
                "key '" + printable(*twice) + "' stands twice in an object");
    }
  }

  template <class Item>
  std::size_t array(Item item) {
    expect('[');
    enter();
    std::size_t count = 0;
    blanks();
    if (peek() == ']') {
      ++at_;
      --depth_;
      return 0;
    }
    for (;;) {
      blanks();
      item();
      ++count;
      blanks();
      if (peek() == ',') {
        ++at_;
        continue;
      }
      expect(']');
      break;
    }
    --depth_;
    return count;
  }

  void any_value() {
    blanks();
    switch (peek()) {
      case '{':
        object([&](const std::string&) { any_value(); });
        return;
      case '[':
        array([&] { any_value(); });
        return;
      case '"':
        string();
        return;
      case 't':
        word("true");
        return;
      case 'f':
        word("false");
        return;
      case 'n':
        word("null");
        return;
      default:
        number();
    }
  }

  struct Position {
    double x = 0.0, y = 0.0;
    bool operator==(const Position&) const = default;
  };

  /// Reads nested arrays; returns their depth (1 for a position).
  int coordinate_array(Coordinates& seen, Position& position) {
    int depth = -1;  // of what is inside: -1 nothing yet, 0 numbers
    std::size_t numbers = 0, positions = 0;
    Position first, last;
    double twice_area = 0.0;
    array([&] {
      int inside = 0;
      if (peek() == '[') {
        Position p;
        inside = coordinate_array(seen, p);
        if (inside == 1) {
          if (positions == 0)
            first = p;
          else
            twice_area +=
                (last.x - first.x) * (p.y - first.y) - (p.x - first.x) * (last.y - first.y);
          last = p;
          ++positions;
        }
      } else if (peek() == '-' || (peek() >= '0' && peek() <= '9')) {
        const double value = number();
        if (numbers == 0) position.x = value;
        if (numbers == 1) position.y = value;
        ++numbers;
      } else {
        seen.not_numbers = true;
        any_value();
      }
      if (depth >= 0 && depth != inside) seen.mixed = true;
      depth = std::max(depth, inside);
    });
    if (depth == 0 && numbers < 2) seen.short_position = true;
    if (depth == 1) {
      seen.shortest = std::min(seen.shortest, positions);
      const bool closed = first == last;
      seen.shortest_ring = std::min(seen.shortest_ring, positions + (closed ? 0 : 1));
      if (!closed) seen.unclosed = true;
      // Only the shell of a ring list is judged; the caller knows whether these are rings.
      ring_areas_.push_back(twice_area);
    }
    if (depth == 2 && !ring_areas_.empty()) {
      if (ring_areas_.front() < 0) seen.clockwise_shell = true;
      ring_areas_.clear();
    }
    return depth < 0 ? 0 : depth + 1;
  }

  void coordinates(Coordinates& seen) {
    seen.seen = true;
    ring_areas_.clear();
    if (peek() != '[') structure("geojson.bad_coordinates", "coordinates must be an array");
    Position position;
    seen.depth = coordinate_array(seen, position);
  }

  /// GDAL takes members in any case, and the first that fits; RFC 7946 knows one spelling.
  void refuse_other_case(const std::string& key, std::initializer_list<std::string_view> names) {
    const std::string small = lower(key);
    for (const auto name : names) {
      if (small == name && key != name) {
        structure("geojson.bad_structure",
                  "'" + printable(key) + "' must be written '" + std::string(name) + "'");
      }
    }
  }

  [[noreturn]] void unknown_crs(const std::string& what) const {
    throw Error("crs.unknown", what, where_,
                "Remove the 'crs' member when the coordinates are longitude and latitude, else let "
                "it name a CRS, as in urn:ogc:def:crs:EPSG::32613.");
  }

  /// GDAL looks for one at any depth, fetches a link, and takes what it cannot read for WGS 84.
  void crs_member(Role role) {
    const bool top = role == Role::root;
    if (peek() == 'n') {
      word("null");
      if (top) warn("geojson.crs_member", "the 'crs' member is null: read as WGS 84");
      return;
    }
    if (peek() != '{') unknown_crs("the 'crs' member is no object");
    std::string type, name;
    object([&](const std::string& key) {
      refuse_other_case(key, {"type", "properties"});
      if (key == "type" && peek() == '"') {
        type = string();
      } else if (key == "properties" && peek() == '{') {
        name = crs_name();
      } else {
        any_value();
      }
    });
    const std::string small = lower(type);
    if (small.starts_with("link") || small.starts_with("url")) {
      throw Error("io.forbidden_path", "the 'crs' member is a link to another place", where_,
                  "Remove it: GeoJSON is WGS 84 longitude and latitude (RFC 7946).");
    }
    if (type == "EPSG") name = "EPSG:" + name;
    if ((type != "name" && type != "EPSG") || !names_a_crs(name)) {
      unknown_crs("the 'crs' member cannot be understood: '" + printable(name) + "'");
    }
    if (top) {
      findings_.add("geojson.crs_member", Severity::note, where_,
                    "a 'crs' member, which RFC 7946 has done away with, was followed");
    } else {
      warn("geojson.crs_member", "a 'crs' member below the top of the file was passed over");
    }
  }

  /// The name, or the code of an old "EPSG" member, as it is written.
  std::string crs_name() {
    std::string name;
    object([&](const std::string& key) {
      refuse_other_case(key, {"name", "code"});
      const std::size_t start = at_;
      if (key != "name" && key != "code") {
        any_value();
      } else if (peek() == '"') {
        name = string();
      } else {
        any_value();
        name = text_.substr(start, at_ - start);
      }
    });
    return name;
  }

  void bounding_box() {
    bool numbers = peek() == '[';
    if (numbers) {
      array([&] {
        if (peek() != '-' && !(peek() >= '0' && peek() <= '9')) numbers = false;
        any_value();
      });
    } else {
      any_value();
    }
    if (!numbers) warn("geojson.bad_bbox", "a bbox that is no array of numbers was passed over");
  }

  void features_member() {
    if (peek() != '[') structure("geojson.bad_structure", "features must be an array");
    array([&] {
      if (peek() != '{') structure("geojson.bad_structure", "every feature must be an object");
      geojson_object(Role::feature);
    });
  }

  void geojson_object(Role role) {
    Members members;
    object([&](const std::string& key) { member(role, key, members); });
    judge(role, members);
    last_type_ = members.type;
  }

  void member(Role role, const std::string& key, Members& members) {
    refuse_other_case(key, {"type", "features", "geometry", "geometries", "coordinates",
                            "properties", "crs", "bbox"});
    if (key == "type") {
      if (peek() != '"') structure("geojson.bad_type", "type must be a text");
      members.type = string();
      members.has_type = true;
    } else if (key == "features" && role == Role::root) {
      members.has_features = true;
      features_member();
    } else if (key == "geometry" && role != Role::geometry) {
      members.has_geometry = true;
      if (peek() == 'n') {
        word("null");
        return;
      }
      if (peek() != '{') structure("geojson.bad_structure", "geometry must be an object or null");
      geojson_object(Role::geometry);
    } else if (key == "properties" && role != Role::geometry) {
      members.has_properties = true;
      if (peek() != '{' && peek() != 'n') {
        structure("geojson.bad_structure", "properties must be an object or null");
      }
      any_value();
    } else if (key == "coordinates" && role != Role::feature) {
      coordinates(members.coordinates);
    } else if (key == "geometries" && role != Role::feature) {
      members.has_geometries = true;
      if (peek() != '[') structure("geojson.bad_structure", "geometries must be an array");
      array([&] {
        if (peek() != '{') structure("geojson.bad_structure", "every geometry must be an object");
        geojson_object(Role::geometry);
        if (last_type_ == "GeometryCollection") members.nested_collection = true;
      });
    } else if (key == "crs") {
      crs_member(role);
    } else if (key == "bbox") {
      bounding_box();
    } else {
      any_value();
    }
  }

  void judge(Role role, const Members& members) {
    if (!members.has_type) structure("geojson.bad_type", "an object without a type");
    const std::string& type = members.type;
    if (role == Role::root && type == "FeatureCollection") {
      if (!members.has_features) {
        structure("geojson.bad_structure", "a FeatureCollection without features");
      }
    } else if (role != Role::geometry && type == "Feature") {
      if (!members.has_geometry) {
        warn("geojson.no_geometry", "features without a geometry member: they have no place");
      }
    } else if (role == Role::feature) {
      structure("geojson.bad_type", "'" + printable(type) + "' is not a Feature");
    } else if (type == "GeometryCollection") {
      if (!members.has_geometries) {
        structure("geojson.bad_structure", "a GeometryCollection without geometries");
      }
      if (members.nested_collection) {
        warn(
            "geojson.nested_collection",
            "a geometry collection within another: its parts were taken as parts of the outer one");
      }
    } else {
      judge_geometry(type, members.coordinates);
    }
  }

  void judge_geometry(const std::string& type, const Coordinates& seen) {
    static constexpr std::pair<std::string_view, int> kDepths[] = {
        {"Point", 1},           {"MultiPoint", 2}, {"LineString", 2},
        {"MultiLineString", 3}, {"Polygon", 3},    {"MultiPolygon", 4}};
    int wanted = 0;
    for (const auto& [name, depth] : kDepths) {
      if (type == name) wanted = depth;
    }
    if (wanted == 0) structure("geojson.bad_type", "'" + printable(type) + "' is no GeoJSON type");
    if (!seen.seen) structure("geojson.bad_coordinates", "a " + type + " without coordinates");
    if (seen.not_numbers || seen.mixed || seen.short_position ||
        (seen.depth != wanted &&
         !(seen.depth < wanted && seen.shortest == SIZE_MAX && seen.depth == 0))) {
      structure("geojson.bad_coordinates",
                "the coordinates of a " + type + " are not nested as they must be, or not numbers");
    }
    const bool line = type == "LineString" || type == "MultiLineString";
    const bool polygon = type == "Polygon" || type == "MultiPolygon";
    if (line && seen.shortest < 2) {
      warn("geojson.short_line", "a line of fewer than two positions was left out");
    }
    if (polygon && seen.shortest_ring < 4) {
      warn("geojson.short_ring", "a ring of fewer than three corners was left out");
    }
    if (polygon && seen.unclosed) warn("geojson.open_ring", "a ring that is not closed was closed");
    if (polygon && seen.clockwise_shell) {
      warn("geojson.winding", "a polygon's shell runs clockwise, against RFC 7946; it was turned");
    }
  }

  std::string_view text_;
  const std::string& where_;
  Findings& findings_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<double> ring_areas_;
  std::string last_type_;
};

}  // namespace

void check_geojson(const std::string& text, const std::string& where, Findings& findings) {
  Reader(text, where, findings).run();
}

}  // namespace lode::door
