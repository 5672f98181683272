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
  std::size_t shortest = SIZE_MAX;  ///< positions in the shortest list of positions
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

/// A strict reader of JSON that keeps nothing but what the checks need.
class Reader {
 public:
  Reader(std::string_view text, const std::string& where, Findings& findings)
      : text_(text), where_(where), findings_(findings) {}

  GeoJsonSummary run() {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    blanks();
    if (peek() != '{') structure("geojson.bad_structure", "GeoJSON starts with an object");
    geojson_object(Role::root);
    blanks();
    if (at_ != text_.size()) syntax("text after the end of the document");
    return summary_;
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

  std::string string() {
    expect('"');
    std::string value;
    for (;;) {
      if (at_ >= text_.size()) syntax("a text is not closed");
      const char c = text_[at_++];
      if (c == '"') return value;
      if (static_cast<unsigned char>(c) < 0x20) syntax("a control character in a text");
      value += c;
      if (c != '\\') continue;
      const char escape = peek();
      if (std::string_view("\"\\/bfnrtu").find(escape) == std::string_view::npos ||
          escape == '\0') {
        syntax("an unknown escape in a text");
      }
      value += escape;
      ++at_;
      if (escape != 'u') continue;
      for (int i = 0; i < 4; ++i, ++at_) {
        const char h = peek();
        if (!((h >= '0' && h <= '9') || (h >= 'a' && h <= 'f') || (h >= 'A' && h <= 'F'))) {
          syntax("a \\u escape without four hex digits");
        }
        value += h;
      }
    }
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
            twice_area += last.x * p.y - p.x * last.y;
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
      if (!(first == last)) seen.unclosed = true;
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

  void crs_member() {
    summary_.has_crs = true;
    findings_.add("geojson.crs_member", Severity::note, where_,
                  "a 'crs' member, which RFC 7946 has done away with, was followed");
    if (peek() != '{') {
      any_value();
      return;
    }
    bool link = false;
    object([&](const std::string& key) {
      if (key == "type" && peek() == '"') {
        link = lower(string()) == "link" || link;
      } else {
        any_value();
      }
    });
    if (link) {
      throw Error("io.forbidden_path", "the 'crs' member is a link to another place", where_,
                  "Remove it: GeoJSON is WGS 84 longitude and latitude (RFC 7946).");
    }
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
    } else if (key == "crs" && role == Role::root) {
      crs_member();
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
        warn("geojson.nested_collection", "a geometry collection within another");
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
    if (polygon && seen.shortest < 4) {
      warn("geojson.short_ring", "a ring of fewer than four positions was left out");
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
  GeoJsonSummary summary_;
};

}  // namespace

GeoJsonSummary check_geojson(const std::string& text, const std::string& where,
                             Findings& findings) {
  return Reader(text, where, findings).run();
}

}  // namespace lode::door
