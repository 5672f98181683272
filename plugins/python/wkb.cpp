#include "plugins/python/wkb.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "libgeo/core/error.h"

namespace lode::python {

namespace {

constexpr int kDeepest = 32;  ///< collections in collections

class Reader {
 public:
  Reader(std::string_view bytes, bool one_kind) : bytes_(bytes), one_kind_(one_kind) {}

  Geometry read() {
    one(0);
    if (at_ != bytes_.size()) fail("bytes are left over after it");
    const int kinds = !g_.polygons.empty() + !g_.lines.empty() + !g_.points.empty();
    if (one_kind_ && kinds > 1) fail("it holds several kinds");
    // The highest dimension is what is kept.
    if (!g_.polygons.empty()) {
      g_.kind = GeometryKind::polygon;
      g_.lines.clear();
      g_.points.clear();
    } else if (!g_.lines.empty()) {
      g_.kind = GeometryKind::line;
      g_.points.clear();
    } else if (!g_.points.empty()) {
      g_.kind = GeometryKind::point;
    }
    return std::move(g_);
  }

 private:
  [[noreturn]] static void fail(const std::string& what) {
    throw Error("geometry.bad_wkb", "a geometry is no well-known binary: " + what, "",
                "Give geometries as shapely's, or as WKB or WKT.");
  }

  template <class T>
  T value() {
    if (bytes_.size() - at_ < sizeof(T)) fail("it ends too early");
    char raw[sizeof(T)];
    std::memcpy(raw, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    if (swap_) std::reverse(raw, raw + sizeof(T));
    T number;
    std::memcpy(&number, raw, sizeof(T));
    return number;
  }

  /// A count of things that take at least `least` bytes each.
  std::uint32_t count(std::size_t least) {
    const auto n = value<std::uint32_t>();
    if ((bytes_.size() - at_) / least < n) fail("it ends too early");
    return n;
  }

  Point point(int numbers) {
    Point p;
    p.x = value<double>();
    p.y = value<double>();
    for (int i = 2; i < numbers; ++i) (void)value<double>();
    return p;
  }

  Path path(int numbers) {
    Path out(count(8 * static_cast<std::size_t>(numbers)));
    for (Point& p : out) p = point(numbers);
    return out;
  }

  void polygon(int numbers) {
    Polygon out;
    const std::uint32_t rings = count(4);
    for (std::uint32_t i = 0; i < rings; ++i) {
      Path ring = path(numbers);
      if (i == 0)
        out.shell = std::move(ring);
      else
        out.holes.push_back(std::move(ring));
    }
    if (!out.shell.empty()) g_.polygons.push_back(std::move(out));
  }

  void one(int depth) {
    if (depth > kDeepest) fail("collections are nested too deep");
    const auto order = value<std::uint8_t>();
    if (order > 1) fail("it does not begin with a byte order");
    swap_ = (order == 1) != (std::endian::native == std::endian::little);
    std::uint32_t type = value<std::uint32_t>();
    const std::uint32_t flags = type & 0xe0000000U;
    type &= 0x1fffffffU;
    if ((flags & 0x20000000U) != 0) (void)value<std::uint32_t>();  // SRID
    const std::uint32_t beyond = type / 1000;                      // 1 Z, 2 M, 3 ZM
    if (beyond > 3) fail("a type that is not known");
    int numbers = 2 + (beyond == 3 ? 2 : beyond > 0 ? 1 : 0);
    numbers += ((flags & 0x80000000U) != 0 ? 1 : 0) + ((flags & 0x40000000U) != 0 ? 1 : 0);
    switch (type % 1000) {
      case 1:
        if (const Point p = point(numbers); !std::isnan(p.x)) g_.points.push_back(p);
        break;  // an empty point is NaN in WKB
      case 2:
        if (Path line = path(numbers); !line.empty()) g_.lines.push_back(std::move(line));
        break;
      case 3:
        polygon(numbers);
        break;
      case 7:
        if (one_kind_) fail("a collection is neither points, lines nor polygons");
        [[fallthrough]];
      case 4:
      case 5:
      case 6:
        for (std::uint32_t left = count(5); left > 0; --left) one(depth + 1);
        break;
      default:
        fail("curves and surfaces are not taken");
    }
  }

  std::string_view bytes_;
  bool one_kind_ = false;
  std::size_t at_ = 0;
  bool swap_ = false;
  Geometry g_;
};

}  // namespace

Geometry from_wkb(std::string_view bytes) {
  return Reader(bytes, false).read();
}

Geometry from_wkb_of_one_kind(std::string_view bytes) {
  return Reader(bytes, true).read();
}

}  // namespace lode::python
