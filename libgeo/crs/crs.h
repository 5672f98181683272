// Coordinate reference systems: what every located thing owns, held as text, never as a handle.
#pragma once

#include <string>

namespace lode {

enum class CrsKind { geographic, projected, local };

/// A checked horizontal CRS. x is easting or longitude in memory, always.
/// Made by `parse_crs`; two are the same when `wkt` is.
struct Crs {
  std::string name;       ///< "WGS 84 / UTM zone 11N"
  std::string authority;  ///< "EPSG:32611", "local:m", or "" when it has no code
  std::string wkt;        ///< WKT2 of the horizontal part; "local:m" for mine grids
  CrsKind kind = CrsKind::geographic;
  double metres_per_unit = 1.0;                    ///< of the axes of projected and local systems
  double radians_per_unit = 0.017453292519943295;  ///< of the axes of geographic ones
  double semi_major_m = 6378137.0;
  double inverse_flattening = 298.257223563;
  /// Area of use in degrees (west may exceed east); all NaN when unknown.
  double west = 0, south = 0, east = 0, north = 0;

  [[nodiscard]] bool is_geographic() const { return kind == CrsKind::geographic; }
  [[nodiscard]] bool is_projected() const { return kind == CrsKind::projected; }
  [[nodiscard]] bool is_local() const { return kind == CrsKind::local; }
  /// For messages and JSON: authority if there is one, else the name.
  [[nodiscard]] std::string label() const { return authority.empty() ? name : authority; }
  bool operator==(const Crs& other) const { return wkt == other.wkt; }
};

/// From "EPSG:n", WKT1 (ESRI's too), WKT2, PROJJSON, a PROJ string, "local:m" or "local:ft". Never
/// opens a file or the network. A compound CRS gives its horizontal part; geocentric, engineering
/// and vertical ones are refused. A WKT without a code is identified with EPSG when PROJ is sure.
/// A definition that names a grid or another file is refused too.
/// Errors "crs.unknown", "crs.no_database" (PROJ's own data are not there).
[[nodiscard]] Crs parse_crs(const std::string& text, const std::string& where = {});

/// EPSG:4326, in which studies are put together unless they say otherwise.
[[nodiscard]] const Crs& wgs84();

/// The geographic CRS on the same datum that a projected CRS is drawn from (its own for a
/// geographic one). Error "crs.local" for mine grids, which have none.
[[nodiscard]] const Crs& geodetic_base(const Crs& crs);

}  // namespace lode
