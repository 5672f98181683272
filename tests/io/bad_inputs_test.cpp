// The open set of bad inputs: each must get its verdict, with no input changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/cells.h"
#include "libgeo/io/door.h"
#include "libgeo/io/inspect.h"
#include "libgeo/io/layer_parts.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

struct Case {
  std::string file, kind, expected, id, value;
};

void PrintTo(const Case& c, std::ostream* stream) {
  *stream << c.file;
}

/// Kinds that later parts of Lode judge (meshes, block models, drillholes, study files).
bool is_ours(const std::string& file) {
  static const std::vector<std::string> folders{
      "vector/",   "geom/",      "attr/",     "gpkg/",      "json/",     "csv/",
      "raster/",   "vrt/",       "xml/",      "archive/",   "real/shp/", "real/gpkg/",
      "real/csv/", "real/json/", "real/xml/", "real/misc/", "real/tif/", "real/geojson/"};
  for (const auto& folder : folders) {
    if (file.compare(0, folder.size(), folder) == 0) return true;
  }
  return false;
}

std::vector<Case> cases() {
  const std::string folder = data_folder();
  if (folder.empty()) return {};
  const std::string manifest = folder + "/bad_inputs/manifest.csv";
  if (!door::file_exists(manifest)) return {};
  Findings findings;
  const Table table = cells::table_of(
      cells::parse_csv(door::read_bytes(manifest), "", manifest, findings), manifest, findings);
  std::vector<Case> list;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const auto cell = [&](const char* name) { return table.at(name).texts[i]; };
    if (is_ours(cell("file"))) {
      list.push_back({cell("file"), cell("kind"), cell("expected"), cell("id"), cell("value")});
    }
  }
  return list;
}

std::vector<Case> cases_with_value() {
  std::vector<Case> list = cases();
  std::erase_if(list, [](const Case& c) { return c.value.empty() || c.expected == "reject"; });
  return list;
}

InspectOptions options_for(const Case& c) {
  InspectOptions options;
  const bool made = c.file.compare(0, 5, "real/") != 0;
  if (c.file.find("permit") != std::string::npos) {
    options.role = Role::permits;
  } else if (made && (c.file.compare(0, 5, "attr/") == 0 || c.file.compare(0, 5, "geom/") == 0 ||
                      c.file.compare(0, 7, "vector/") == 0)) {
    options.role = Role::deposits;
  }
  return options;
}

std::string listed(const Findings& findings) {
  std::string text;
  for (const auto& f : findings.list()) {
    text +=
        std::string(to_text(f.severity)) + " [" + f.code + "] " + f.where + ": " + f.message + "\n";
  }
  return text;
}

class BadInputs : public testing::TestWithParam<Case> {};

TEST_P(BadInputs, GetsItsVerdictAndStaysAsItIs) {
  const Case& c = GetParam();
  const std::string path = data_folder() + "/bad_inputs/" + c.file;
  const std::string before = sha256_of_file(path);
  const Inspection seen = inspect_file(path, options_for(c));
  EXPECT_EQ(sha256_of_file(path), before);
  const Severity worst = seen.findings.worst();
  if (c.expected == "reject") {
    EXPECT_EQ(worst, Severity::error) << listed(seen.findings);
  } else if (c.expected == "warn") {
    EXPECT_EQ(worst, Severity::warning) << listed(seen.findings);
  } else if (c.id == "real_037") {
    // The mark at its start is accepted; that its header lacks a name is said.
    EXPECT_TRUE(seen.findings.has("table.unnamed_column")) << listed(seen.findings);
    EXPECT_EQ(seen.layers.front().fields.front().name, "id");
    EXPECT_NE(worst, Severity::error) << listed(seen.findings);
  } else {
    EXPECT_EQ(worst, Severity::note) << listed(seen.findings);
  }
  for (const auto& finding : seen.findings.list()) {
    EXPECT_TRUE(is_valid_utf8(finding.message)) << finding.code;
    EXPECT_EQ(finding.message, printable(finding.message)) << finding.code;
  }
}

class BadInputsWithValue : public testing::TestWithParam<Case> {};

TEST_P(BadInputsWithValue, GivesTheValueThatMustComeOut) {
  const Case& c = GetParam();
  const auto equals = c.value.find('=');
  const std::string path = data_folder() + "/bad_inputs/" + c.file;
  const std::string name(trim(c.value.substr(0, equals)));
  if (name == "area_m2" || name == "grid_area_m2") {
    const Layer layer = read_layer(path);
    double area = 0.0;
    for (const auto& g : layer.geometry) {
      // The stated areas are those of the plane of the projection.
      Geometry planar = g;
      for (const auto& polygon : planar.polygons) {
        const auto shoelace = [](const Path& ring) {
          double sum = 0.0;
          for (std::size_t i = 1; i < ring.size(); ++i) {
            sum += (ring[i - 1].x - ring[0].x) * (ring[i].y - ring[0].y) -
                   (ring[i].x - ring[0].x) * (ring[i - 1].y - ring[0].y);
          }
          return std::abs(sum) / 2;
        };
        double own = shoelace(polygon.shell);
        for (const auto& hole : polygon.holes) own -= shoelace(hole);
        area += own * layer.crs.metres_per_unit * layer.crs.metres_per_unit;
      }
    }
    const auto expected =
        parse_number(c.value.substr(equals + 1, c.value.find(' ', equals) - equals - 1));
    ASSERT_TRUE(expected.has_value()) << c.value;
    EXPECT_NEAR(area, *expected, 1e-6 * *expected);
  } else if (c.id == "g_antimeridian") {
    const Layer layer = read_layer(path);
    EXPECT_NEAR(area_m2(layer.geometry.front(), layer.crs), 1.24e8, 0.01e8);
  } else if (c.id == "dbf_cp1252_nocpg") {
    EXPECT_EQ(read_layer(path).table.texts("name").front(), "Norra Kärr");
  } else if (c.id == "r_nodata_nan") {
    const RasterInfo info = inspect_raster(path);
    EXPECT_TRUE(std::isfinite(info.mean));
    EXPECT_LT(info.valid_pct, 100.0);
  } else if (c.id == "r_south_up") {
    const RasterInfo info = inspect_raster(path);
    EXPECT_NEAR(info.mean * info.width * info.height, 15742500.0, 1e-3);
  } else {
    ADD_FAILURE() << "no check for " << c.value;
  }
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.id;
  for (char& ch : name) ch = std::isalnum(static_cast<unsigned char>(ch)) != 0 ? ch : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Manifest, BadInputs, testing::ValuesIn(cases()), test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(BadInputs);
INSTANTIATE_TEST_SUITE_P(Manifest, BadInputsWithValue, testing::ValuesIn(cases_with_value()),
                         test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(BadInputsWithValue);

TEST(BadInputsSet, IsThere) {
  if (cases().empty())
    GTEST_SKIP() << "no bad_inputs folder: set LODE_DATA to the folder of real data";
  EXPECT_GT(cases().size(), 70U);
}

TEST(BadInputsSet, GeosVerdictsOnValidity) {
  if (data_folder().empty()) GTEST_SKIP() << "set LODE_DATA to the folder of real data";
  ReadOptions options;
  options.need_crs = false;
  options.check_geometry = false;
  const Layer layer =
      read_table(data_folder() + "/bad_inputs/real/geos/geos_validity_sample.csv", options);
  const auto valid = layer.table.texts("valid");
  const auto wkt = layer.table.texts("wkt");
  ASSERT_EQ(layer.size(), 213U);
  std::size_t invalid = 0;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    bool sound = true;
    std::string fault;
    try {
      parts::Census census;
      Geometry geometry = parts::geometry_of_wkt(wkt[i], "", census);
      if (census.short_parts.count > 0)
        throw Error("geometry.short_part", "a part of too few vertices");
      const GeometryCheck check = check_geometry(geometry, parse_crs("local:m"));
      sound = check.valid && (geometry.empty() || !check.empty);
      fault = check.fault;
    } catch (const Error& error) {
      // 1e12 m is no place on Earth: refused whatever the shape (fault 17).
      if (error.code == "geometry.bad_coordinate") continue;
      sound = false;
      fault = error.what();
    }
    if (valid[i] == "true") {
      EXPECT_TRUE(sound) << layer.table.row_name(i) << " " << fault;
    } else {
      EXPECT_FALSE(sound) << layer.table.row_name(i) << " " << wkt[i];
      ++invalid;
    }
  }
  EXPECT_GE(invalid, 12U);
}

}  // namespace
}  // namespace lode
