#include "libgeo/study/countries.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/share.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/layer.h"

namespace lode {

Countries::Countries(std::vector<Country> list) : list_(std::move(list)) {
  std::vector<Box> boxes;
  for (const auto& country : list_) boxes.push_back(box_of(country.outline));
  index_ = SpatialIndex(std::move(boxes));
}

Countries::Found Countries::at(LonLat place, double offshore_m) const {
  // Layers may count eastwards to 360 degrees; outlines do not.
  const Point point{
      std::abs(place.lon_deg) > 180.0 ? std::remainder(place.lon_deg, 360.0) : place.lon_deg,
      place.lat_deg};
  Box here;
  here.add(point);
  for (const std::size_t i : index_.query(here))
    if (covers(list_[i].outline, point)) return {list_[i].iso3, 0.0};
  // A degree of latitude is at least 110.5 km; longitudes shrink towards the poles.
  const double margin_lat = offshore_m / 110500.0;
  const double margin_lon = margin_lat / std::max(0.01, std::cos(point.y * 0.017453292519943295));
  Box near{point.x - margin_lon, point.y - margin_lat, point.x + margin_lon, point.y + margin_lat};
  Found best;
  double distance = offshore_m;
  const Geometry as_point = point_geometry(point.x, point.y);
  std::vector<std::size_t> candidates = index_.query(near);
  // Beyond 180 degrees the same ground is drawn on the other side of the map.
  for (const double turn : {-360.0, 360.0})
    for (const std::size_t i :
         index_.query({near.min_x + turn, near.min_y, near.max_x + turn, near.max_y}))
      candidates.push_back(i);
  for (const std::size_t i : candidates) {
    const double d = nearest(as_point, list_[i].outline, wgs84(), Edges::straight).distance_m;
    if (d > distance || (d == distance && !best.iso3.empty())) continue;
    distance = d;
    best = {list_[i].iso3, d};
  }
  return best;
}

bool Countries::knows(const std::string& iso3) const {
  return list_.empty() || std::any_of(list_.begin(), list_.end(),
                                      [&](const Country& country) { return country.iso3 == iso3; });
}

std::string plain_name(std::string_view name) {
  // U+00C0 to U+00FF, a letter each; x for signs that are no letters.
  static constexpr std::string_view latin1 =
      "aaaaaaaceeeeiiiidnoooooxouuuuytsaaaaaaaceeeeiiiidnoooooxouuuuyty";
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte == 0xc3 && i + 1 < name.size()) {
      out += latin1[static_cast<unsigned char>(name[++i]) & 0x3f];
    } else if (byte >= 'A' && byte <= 'Z') {
      out += static_cast<char>(byte - 'A' + 'a');
    } else if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) {
      out += static_cast<char>(byte);
    }
  }
  return out;
}

std::string country_code(const std::string& text, const Countries& countries) {
  std::string code(trim(text));
  if (code.size() == 3) {
    std::string upper = code;
    for (auto& c : upper)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (countries.knows(upper)) return upper;
  }
  const std::string wanted = plain_name(code);
  if (wanted.empty()) return {};
  // Usual English names that differ from those of the outlines.
  static constexpr std::pair<std::string_view, std::string_view> usual[] = {
      {"unitedstates", "USA"},
      {"usa", "USA"},
      {"unitedkingdom", "GBR"},
      {"russianfederation", "RUS"},
      {"russia", "RUS"},
      {"korearepublicof", "KOR"},
      {"republicofkorea", "KOR"},
      {"southkorea", "KOR"},
      {"northkorea", "PRK"},
      {"koreanorth", "PRK"},
      {"koreasouth", "KOR"},
      {"vietnam", "VNM"},
      {"laos", "LAO"},
      {"congokinshasa", "COD"},
      {"congozaire", "COD"},
      {"zaire", "COD"},
      {"democraticrepublicofthecongo", "COD"},
      {"congobrazzaville", "COG"},
      {"ivorycoast", "CIV"},
      {"tanzania", "TZA"},
      {"swaziland", "SWZ"},
      {"burma", "MMR"},
      {"czechrepublic", "CZE"},
      {"turkey", "TUR"},
      {"macedonia", "MKD"},
      {"iran", "IRN"},
      {"syria", "SYR"},
      {"bolivia", "BOL"},
      {"venezuela", "VEN"}};
  for (const auto& [name, iso3] : usual)
    if (wanted == name) return std::string(iso3);
  for (const auto& country : countries.list())
    if (plain_name(country.name) == wanted) return country.iso3;
  return {};
}

Countries built_in_countries(int jobs, Findings& findings) {
  ReadOptions options;
  options.jobs = jobs;
  options.check_geometry = false;  // our own outlines, checked when they were made
  std::string path;
  try {
    path = share_file("countries.gpkg");
  } catch (const Error& error) {
    // A program built without the outlines still ranks: codes are then taken at their word.
    findings.add("study.no_outlines", Severity::warning, "countries.gpkg",
                 std::string(error.what()) +
                     ": countries are not looked up by place, and the map has no outlines");
    return {};
  }
  Layer layer = read_layer(path, options);
  std::vector<Country> list;
  const auto codes = layer.table.texts("iso3");
  const auto names = layer.table.texts("name");
  for (std::size_t i = 0; i < layer.size(); ++i)
    list.push_back({codes[i], names[i], std::move(layer.geometry[i])});
  return Countries(std::move(list));
}

InstalledLand installed_land(int jobs, const Progress& progress) {
  ReadOptions options;
  options.jobs = jobs;
  options.check_geometry = false;  // our own outlines, checked when they were made
  InstalledLand map;
  // The second holds what has no country's code.
  for (const char* name : {"countries.gpkg", "other_land.gpkg"}) {
    Layer layer = read_layer(share_file(name), options, progress);
    map.sources.push_back(layer.source);
    for (auto& outline : layer.geometry) map.land.push_back(std::move(outline));
  }
  return map;
}

std::string country_id(const std::string& text, const Countries& countries) {
  const std::string code = country_code(text, countries);
  return code.empty() ? country_key(text) : code;
}

void name_countries(std::vector<std::string>& texts, const Countries& countries,
                    const ConcentrationOptions& options, const std::string& where,
                    Findings& findings) {
  const auto is_one_of = [](const std::vector<std::string>& names, const std::string& text) {
    return std::find(names.begin(), names.end(), lower(trim(text))) != names.end();
  };
  std::set<std::string> unknown;
  for (auto& text : texts) {
    if (trim(text).empty() || is_one_of(options.other_names, text) ||
        is_one_of(options.total_names, text))
      continue;
    const std::string code = country_code(text, countries);
    if (!code.empty())
      text = code;
    else
      unknown.insert("'" + printable(text) + "'");
  }
  if (!unknown.empty() && !countries.list().empty())
    findings.add("supply.unknown_country", Severity::warning, where,
                 "no country we know: " + join({unknown.begin(), unknown.end()}, ", ") +
                     "; each counts as one, beside any countries that it may hold",
                 unknown.size());
}

}  // namespace lode
