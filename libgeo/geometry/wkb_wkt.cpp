// Geometries as WKB and WKT, written and read without any locale.
#include <bit>
#include <cstdint>
#include <cstring>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

static_assert(std::endian::native == std::endian::little, "WKB is written as it lies in memory");

enum WkbType : std::uint32_t {
  wkb_point = 1,
  wkb_line = 2,
  wkb_polygon = 3,
  wkb_points = 4,
  wkb_lines = 5,
  wkb_polygons = 6,
  wkb_collection = 7
};

class Wkb {
 public:
  void head(WkbType type) {
    bytes_.push_back('\x01');
    number(static_cast<std::uint32_t>(type));
  }
  void number(std::uint32_t value) { raw(&value, sizeof value); }
  void count(std::size_t value) { number(static_cast<std::uint32_t>(value)); }
  void point(Point p) { raw(&p, sizeof p); }
  void path(const Path& path) {
    count(path.size());
    if (!path.empty()) raw(path.data(), path.size() * sizeof(Point));
  }
  std::string take() { return std::move(bytes_); }

 private:
  void raw(const void* from, std::size_t size) {
    bytes_.append(static_cast<const char*>(from), size);
  }
  std::string bytes_;
};

std::string text_of(Point p) {
  return number_text(p.x) + " " + number_text(p.y);
}

std::string text_of(const Path& path) {
  std::string out = "(";
  for (std::size_t i = 0; i < path.size(); ++i) out += (i == 0 ? "" : ", ") + text_of(path[i]);
  return out + ")";
}

std::string text_of(const Polygon& polygon) {
  std::string out = "(" + text_of(polygon.shell);
  for (const Path& hole : polygon.holes) out += ", " + text_of(hole);
  return out + ")";
}

template <class Part, class Text>
std::string multi(const char* name, const std::vector<Part>& parts, Text text) {
  if (parts.empty()) return std::string(name) + " EMPTY";
  if (parts.size() == 1) return std::string(name) + " " + text(parts.front());
  std::string out = "MULTI" + std::string(name) + " (";
  for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : ", ") + text(parts[i]);
  return out + ")";
}

/// Recursive descent over WKT; every ordinate beyond the second is dropped.
class WktReader {
 public:
  WktReader(const std::string& text, const std::string& where) : text_(text), where_(where) {}

  Geometry read() {
    Geometry g = geometry();
    blanks();
    if (at_ != text_.size()) fail("something follows the geometry");
    return g;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error("geometry.bad_wkt",
                "not a WKT geometry at character " + std::to_string(at_ + 1) + ": " + why, where_);
  }
  void blanks() {
    while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr) ++at_;
  }
  std::string word() {
    blanks();
    std::string out;
    while (at_ < text_.size() && std::strchr(" \t\r\n(),", text_[at_]) == nullptr)
      out += text_[at_++];
    return lower(out);
  }
  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void need(char c) {
    if (!take(c)) fail(std::string("expected '") + c + "'");
  }
  bool takes_empty() {
    const std::size_t before = at_;
    if (word() == "empty") return true;
    at_ = before;
    return false;
  }
  double number() {
    const std::string text = word();
    const auto value = parse_number(text);
    if (!value) fail("'" + printable(text) + "' is no number");
    return *value;
  }
  Point point() {
    Point p;
    p.x = number();
    p.y = number();
    for (int extra = 0; extra < 2; ++extra) {
      blanks();
      if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != ')') (void)number();
    }
    return p;
  }
  Path path() {
    Path out;
    if (takes_empty()) return out;
    need('(');
    do {
      const bool wrapped = take('(');  // MULTIPOINT ((1 2), (3 4))
      out.push_back(point());
      if (wrapped) need(')');
    } while (take(','));
    need(')');
    return out;
  }
  std::vector<Path> paths() {
    std::vector<Path> out;
    if (takes_empty()) return out;
    need('(');
    do out.push_back(path());
    while (take(','));
    need(')');
    return out;
  }
  static void add_polygon(std::vector<Path> rings, Geometry& g) {
    if (rings.empty() || rings.front().empty()) return;
    Polygon polygon;
    polygon.shell = std::move(rings.front());
    for (std::size_t i = 1; i < rings.size(); ++i)
      if (!rings[i].empty()) polygon.holes.push_back(std::move(rings[i]));
    g.polygons.push_back(std::move(polygon));
  }
  Geometry geometry() {
    const std::string type = word();
    const std::size_t before = at_;
    if (const std::string flag = word(); flag != "z" && flag != "m" && flag != "zm") at_ = before;
    Geometry g;
    if (type == "point" || type == "multipoint") {
      g.kind = GeometryKind::point;
      g.points = path();
    } else if (type == "linestring" || type == "linearring") {
      g.kind = GeometryKind::line;
      if (Path line = path(); !line.empty()) g.lines.push_back(std::move(line));
    } else if (type == "multilinestring") {
      g.kind = GeometryKind::line;
      for (Path& line : paths())
        if (!line.empty()) g.lines.push_back(std::move(line));
    } else if (type == "polygon") {
      g.kind = GeometryKind::polygon;
      add_polygon(paths(), g);
    } else if (type == "multipolygon") {
      g.kind = GeometryKind::polygon;
      if (takes_empty()) return g;
      need('(');
      do add_polygon(paths(), g);
      while (take(','));
      need(')');
    } else {
      at_ = 0;
      fail("'" + printable(type) + "' is no point, line or polygon");
    }
    return g;
  }

  const std::string& text_;
  const std::string& where_;
  std::size_t at_ = 0;
};

}  // namespace

std::string to_wkb(const Geometry& geometry) {
  Wkb out;
  switch (geometry.kind) {
    case GeometryKind::point:
      if (geometry.points.size() != 1) {
        out.head(wkb_points);
        out.count(geometry.points.size());
      }
      for (const Point& p : geometry.points) {
        out.head(wkb_point);
        out.point(p);
      }
      break;
    case GeometryKind::line:
      out.head(wkb_lines);
      out.count(geometry.lines.size());
      for (const Path& line : geometry.lines) {
        out.head(wkb_line);
        out.path(line);
      }
      break;
    case GeometryKind::polygon:
      out.head(wkb_polygons);
      out.count(geometry.polygons.size());
      for (const Polygon& polygon : geometry.polygons) {
        out.head(wkb_polygon);
        out.count(1 + polygon.holes.size());
        out.path(polygon.shell);
        for (const Path& hole : polygon.holes) out.path(hole);
      }
      break;
    case GeometryKind::none:
      out.head(wkb_collection);
      out.count(0);
  }
  return out.take();
}

std::string to_wkt(const Geometry& geometry) {
  switch (geometry.kind) {
    case GeometryKind::point:
      return multi("POINT", geometry.points, [](Point p) { return "(" + text_of(p) + ")"; });
    case GeometryKind::line:
      return multi("LINESTRING", geometry.lines, [](const Path& p) { return text_of(p); });
    case GeometryKind::polygon:
      return multi("POLYGON", geometry.polygons, [](const Polygon& p) { return text_of(p); });
    case GeometryKind::none:
      break;
  }
  return "GEOMETRYCOLLECTION EMPTY";
}

Geometry from_wkt(const std::string& wkt, const std::string& where) {
  return WktReader(wkt, where).read();
}

}  // namespace lode
