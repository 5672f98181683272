#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/writers.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

OutputLayer sample(const std::string& crs) {
  OutputLayer layer;
  layer.name = "sites";
  layer.crs = parse_crs(crs);
  const bool degrees = layer.crs.is_geographic();
  const double x = degrees ? -104.9 : 508000, y = degrees ? 31.25 : 3461000,
               s = degrees ? 0.125 : 800;
  Geometry square = polygon_geometry({{x, y}, {x + s, y}, {x + s, y + s}, {x, y + s}, {x, y}});
  square.polygons[0].holes.push_back({{x + s / 4, y + s / 4},
                                      {x + s / 4, y + s / 2},
                                      {x + s / 2, y + s / 2},
                                      {x + s / 2, y + s / 4},
                                      {x + s / 4, y + s / 4}});
  Geometry other = polygon_geometry(
      {{x + 2 * s, y}, {x + 3 * s, y}, {x + 3 * s, y + s}, {x + 2 * s, y + s}, {x + 2 * s, y}});
  layer.geometry = {square, other};
  layer.table.add(text_column("id", {"007", "Norra Kärr 稀土"}));
  layer.table.add(number_column("grade_pct", {0.1, std::nan("")}));
  layer.table.add(number_column("count", {3, 5}));
  return layer;
}

class RoundTrip : public testing::TestWithParam<const char*> {};

TEST_P(RoundTrip, KeepsPlacesAttributesAndCrs) {
  const Scratch scratch;
  const std::string path = scratch / ("sites" + std::string(GetParam()));
  const OutputLayer layer =
      sample(GetParam() == std::string(".geojson") ? "EPSG:4326" : "EPSG:32613");
  Findings findings;
  const auto written = write_layers(path, {layer}, {}, findings);
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].sha256, sha256_of_file(path));
  ReadOptions options;
  if (GetParam() == std::string(".csv")) options.input_crs = "EPSG:32613";
  const Layer back = read_layer(path, options);
  EXPECT_EQ(back.size(), 2U);
  EXPECT_EQ(back.crs, layer.crs);
  EXPECT_EQ(back.source.sha256, written[0].sha256);
  for (const auto& finding : back.findings.list()) {
    EXPECT_EQ(finding.severity, Severity::note) << finding.code << ": " << finding.message;
  }
  const auto ids = back.table.texts("id");
  const std::size_t first = ids[0] == "007" ? 0 : 1;  // FlatGeobuf sorts by place
  EXPECT_EQ(ids[first], "007");
  EXPECT_EQ(ids[1 - first], "Norra Kärr 稀土");
  EXPECT_EQ(back.table.numbers("grade_pct")[first], 0.1);
  EXPECT_TRUE(std::isnan(back.table.numbers("grade_pct")[1 - first]));
  EXPECT_EQ(back.table.numbers("count")[1 - first], 5);
  EXPECT_EQ(back.table.at("grade_pct").unit, "%");
  EXPECT_EQ(box_of(back.geometry[first]), box_of(layer.geometry[0]));
  ASSERT_EQ(back.geometry[first].polygons.size(), 1U);
  EXPECT_EQ(back.geometry[first].polygons[0].holes.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Formats, RoundTrip,
                         testing::Values(".gpkg", ".shp", ".geojson", ".fgb", ".csv"));

TEST(Writers, TheSameLayersGiveTheSameBytes) {
  for (const char* ending : {".gpkg", ".shp", ".geojson", ".fgb", ".csv"}) {
    const Scratch scratch;
    Findings findings;
    const OutputLayer layer = sample("EPSG:32613");
    const auto first = write_layers(scratch / ("a/r" + std::string(ending)), {layer}, {}, findings);
    const auto second =
        write_layers(scratch / ("b/r" + std::string(ending)), {layer}, {}, findings);
    EXPECT_EQ(first[0].sha256, second[0].sha256) << ending;
  }
}

}  // namespace
}  // namespace lode
