// Small networks, tariffs and places drawn by hand for the tests of this room.
#pragma once

#include <string>
#include <vector>

#include "libgeo/logistics/freight.h"

namespace lode::sketch {

inline Geometry line(Path path) {
  Geometry g;
  g.kind = GeometryKind::line;
  g.lines.push_back(std::move(path));
  return g;
}

inline LineLayer layer(const std::string& mode, std::vector<Path> paths) {
  LineLayer l;
  l.name = mode + "s";
  l.mode = mode;
  l.crs = wgs84();
  for (auto& path : paths) l.geometry.push_back(line(std::move(path)));
  return l;
}

inline Place place(const std::string& id, double lon, double lat) {
  return {id, id, {lon, lat}};
}

inline Places places(std::vector<Place> list) {
  return {wgs84(), std::move(list)};
}

inline Terminal terminal(const std::string& id, double lon, double lat,
                         std::vector<std::string> modes) {
  Terminal t;
  t.id = t.name = id;
  t.at = {lon, lat};
  t.modes = std::move(modes);
  return t;
}

inline Terminals terminals(std::vector<Terminal> list = {}) {
  return {wgs84(), std::move(list)};
}

/// Round figures, so that costs can be reckoned by hand.
inline const char* tariff_text() {
  return R"(as_of = 2026-11-01
currency = "USD"
value_of_time_usd_per_t_h = 0.5
[modes.road]
usd_per_tkm = { low = 0.08, base = 0.10, high = 0.20 }
co2e_g_per_tkm = 100
speed_kmh = 50
[modes.rail]
usd_per_tkm = 0.03
co2e_g_per_tkm = 20
speed_kmh = 40
[modes.sea]
usd_per_tkm = 0.005
co2e_g_per_tkm = 8
speed_kmh = 25
[modes.offroad]
usd_per_tkm = 0.30
co2e_g_per_tkm = 200
speed_kmh = 10
[transfers]
"road>rail" = { usd_per_t = 6, hours = 12 }
"road>sea" = { usd_per_t = 7, hours = 48 }
[borders]
"USA>CAN" = { usd_per_t = 2, hours = 4 }
)";
}

inline Tariff tariff() {
  return parse_tariff(tariff_text(), "test tariff");
}

/// The same without a value of time: costs are distances times rates.
inline Tariff plain_tariff() {
  Tariff t = tariff();
  t.value_of_time_usd_per_t_h = 0.0;
  return t;
}

}  // namespace lode::sketch
