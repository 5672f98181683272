// Small studies written by hand into a folder of their own and run through the library.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numbers>
#include <string>
#include <vector>

#include "libgeo/core/error.h"
#include "libgeo/io/writers.h"
#include "libgeo/study/pipeline.h"
#include "tests/tools/run_lode.h"

namespace lode::test {

using testing::HasSubstr;

// WGS 84, and closed forms on it that need no code of ours.
inline constexpr double semi_major_m = 6378137.0;
inline constexpr double flattening = 1.0 / 298.257223563;
/// Metres of a degree along the equator, which is a circle: a pi/180.
inline const double equator_degree_m = semi_major_m * std::numbers::pi / 180.0;
/// From the equator to 0.01 degrees north: a (1 - e2) times the angle, to nine digits.
inline const double hundredth_north_m =
    semi_major_m * (1 - flattening) * (1 - flattening) * 0.01 * std::numbers::pi / 180.0;
/// Between two meridians, the equator and a parallel: Snyder 1987, formula 3-12.
inline double strip_m2(double width_deg, double north_deg) {
  const double e = std::sqrt(flattening * (2 - flattening));
  const double b = semi_major_m * (1 - flattening);
  const double s = std::sin(north_deg * std::numbers::pi / 180.0);
  return width_deg * std::numbers::pi / 180.0 * b * b / 2 *
         (s / (1 - e * e * s * s) + std::atanh(e * s) / e);
}

inline std::string point(double lon, double lat) {
  return R"({"type":"Point","coordinates":[)" + number_text(lon) + "," + number_text(lat) + "]}";
}
inline std::string line(double lon1, double lat1, double lon2, double lat2) {
  return R"({"type":"LineString","coordinates":[[)" + number_text(lon1) + "," + number_text(lat1) +
         "],[" + number_text(lon2) + "," + number_text(lat2) + "]]}";
}
inline std::string box(double west, double south, double east, double north) {
  const auto at = [](double x, double y) {
    return "[" + number_text(x) + "," + number_text(y) + "]";
  };
  return R"({"type":"Polygon","coordinates":[[)" + at(west, south) + "," + at(east, south) + "," +
         at(east, north) + "," + at(west, north) + "," + at(west, south) + "]]}";
}
/// `properties` without braces: R"("id":"A")".
inline std::string feature(const std::string& properties, const std::string& geometry) {
  return R"({"type":"Feature","properties":{)" + properties + R"(},"geometry":)" + geometry + "}";
}
inline std::string collection(const std::vector<std::string>& features) {
  std::string text = R"({"type":"FeatureCollection","features":[)";
  for (std::size_t i = 0; i < features.size(); ++i) text += (i > 0 ? "," : "") + features[i];
  return text + "]}";
}

inline Geometry square(double west, double east) {
  return polygon_geometry({{west, -1}, {east, -1}, {east, 1}, {west, 1}, {west, -1}});
}

/// One cell of the indicators.
struct Cell {
  double value = std::nan(""), low = std::nan(""), high = std::nan("");
  std::string unit, source;
  bool column = false;  ///< some stage gave the indicator
};

/// A folder with three countries on the equator: HOM from 2 W to 1 E, ALL (an ally) from 1.15 to
/// 3 E, OTH from 4 to 5 E; and the study that is written into it.
class SmallStudy : public testing::Test {
 protected:
  SmallStudy() {
    OutputLayer layer;
    layer.name = "countries";
    layer.crs = wgs84();
    layer.table.add(text_column("iso3", {"HOM", "ALL", "OTH"}));
    layer.table.add(text_column("name", {"Homeland", "Allyland", "Otherland"}));
    layer.geometry = {square(-2, 1), square(1.15, 3), square(4, 5)};
    Findings findings;
    write_layers((folder_ / "countries.gpkg").string(), {layer}, {}, findings);
    setenv("LODE_SHARE", folder_.path().c_str(), 1);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  /// Runs `[study]` with `keys`, then `tables`; ranked by group alone unless the tables say more.
  StudyResult run(const std::string& tables, const std::string& keys = {}) const {
    std::string text = "[study]\ntitle = \"T\"\nhome = \"HOM\"\nas_of = 2026-11-01\n" + keys;
    if (keys.find("allies") == std::string::npos) text += "allies = [\"ALL\"]\n";
    text += tables;
    if (tables.find("[[criteria]]") == std::string::npos)
      text +=
          "[[criteria]]\nname = \"group\"\ndirection = \"min\"\nweight = 1.0\nbounds = [0, 2]\n";
    if (tables.find("[ranking]") == std::string::npos)
      text += "[ranking]\nmethod = \"wsm\"\nweights = \"given\"\ndraws = 0\nmissing = \"worst\"\n";
    write("s.toml", text);
    return run_study(read_study((folder_ / "s.toml").string()), options_);
  }
  /// The code of the error that a run ends with; "" when it ends well.
  std::string code_of(const std::string& tables, const std::string& keys = {}) const {
    try {
      (void)run(tables, keys);
    } catch (const Error& error) {
      EXPECT_FALSE(error.hint.empty()) << error.code;
      return error.code;
    }
    return {};
  }

  static Cell cell(const StudyResult& result, const std::string& indicator, const std::string& id) {
    Cell out;
    for (std::size_t i = 0; i < result.sites.size(); ++i)
      if (result.sites[i].id == id)
        for (const auto& column : result.indicators)
          if (column.name == indicator)
            out = {column.value[i], column.low[i],    column.high[i],
                   column.unit,     column.source[i], true};
    return out;
  }
  static double value(const StudyResult& result, const std::string& indicator,
                      const std::string& id) {
    return cell(result, indicator, id).value;
  }
  static double figure(const StudyResult& result, const std::string& name) {
    for (const auto& one : result.figures)
      if (one.name == name) return one.value;
    return std::nan("");
  }
  /// The finding with the code, counts of all places added; count 0 when there is none.
  static Finding said(const StudyResult& result, const std::string& code) {
    Finding all;
    all.count = 0;
    for (const auto& finding : result.findings.list()) {
      if (finding.code != code) continue;
      const std::size_t before = all.count;
      if (before == 0) all = finding;
      all.count = before + finding.count;
    }
    return all;
  }

  TempDir folder_;
  StudyOptions options_;
};

}  // namespace lode::test
