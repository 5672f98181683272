// The command `variogram`: keys, model files, options and refusals as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/variogram_model.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// A ramp of 30 samples a metre apart along y, in two holes.
std::string ramp() {
  std::string text = "x,y,z,hole,au_ppm,cu_ppm\n";
  for (int i = 0; i < 30; ++i)
    text += "500000," + std::to_string(6000000 + i) + ",10," + (i < 15 ? "A," : "B,") +
            std::to_string(i + 1) + "," + std::to_string(2 * i + 1) + "\n";
  return text;
}

// A smooth surface sampled at random.
std::string surface() {
  std::string text = "x,y,z,v\n";
  const Random random{5, 0};
  for (std::uint64_t i = 0; i < 300; ++i) {
    const double x = 1000.0 * random.uniform(3 * i), y = 1000.0 * random.uniform(3 * i + 1);
    text += number_text(x) + "," + number_text(y) + ",0," +
            number_text(5.0 + std::sin(x / 90.0) + std::cos(y / 200.0) +
                        0.2 * random.normal(3 * i + 2)) +
            "\n";
  }
  return text;
}

class VariogramCommand : public testing::Test {
 protected:
  RunResult run(const std::string& csv, std::vector<std::string> more) {
    write(dir_ / "s.csv", csv);
    std::vector<std::string> words{"variogram", (dir_ / "s.csv").string(), "--input-crs",
                                   "EPSG:32629", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words);
  }
  std::string code(const std::string& csv, std::vector<std::string> more, int exit_code = 1) {
    const RunResult result = run(csv, std::move(more));
    EXPECT_EQ(result.exit_code, exit_code) << result.out << result.err;
    return result.json().at("error").at("code").as_string();
  }
  std::string path(const std::string& name) const { return (dir_ / name).string(); }
  TempDir dir_;
};

bool has_finding(const Json& json, const std::string& code) {
  for (const Json& one : json.at("findings").items())
    if (one.at("code").as_string() == code) return true;
  return false;
}

TEST_F(VariogramCommand, KeysOfTheContract) {
  const RunResult result = run(ramp(), {"--value", "au_ppm", "--lag", "1 m", "--lags", "5"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const auto& lags = json.at("summary").at("lags").items();
  ASSERT_EQ(lags.size(), 5u);
  EXPECT_EQ(json.at("results").size(), 5u);
  for (std::size_t k = 1; k <= 5; ++k) {
    EXPECT_EQ(lags[k - 1].at("pairs").as_integer(), static_cast<long>(30 - k));
    EXPECT_DOUBLE_EQ(lags[k - 1].at("distance_m").as_number(), static_cast<double>(k));
    EXPECT_DOUBLE_EQ(lags[k - 1].at("gamma").as_number(), 0.5 * static_cast<double>(k * k));
  }
  EXPECT_TRUE(json.at("summary").at("model").is_null());
  EXPECT_EQ(json.at("summary").at("lag_from").as_string(), "given");
}

TEST_F(VariogramCommand, FitsAModelThatReadsBack) {
  const RunResult result = run(surface(), {"--value", "v", "--lag", "40 m", "--fit", "-o",
                                           path("m.json"), "--svg", path("v.svg")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json summary = result.json().at("summary");
  for (const char* key : {"nugget", "structures"}) EXPECT_TRUE(summary.at("model").has(key));
  const Json& first = summary.at("model").at("structures").items().at(0);
  for (const char* key : {"type", "sill", "ranges_m", "azimuth_deg", "dip_deg", "rake_deg"})
    EXPECT_TRUE(first.has(key)) << key;
  EXPECT_EQ(first.at("ranges_m").size(), 3u);
  const Json& angles = summary.at("angles").items().at(0);
  for (const char* key : {"gslib", "leapfrog", "datamine"}) EXPECT_TRUE(angles.has(key)) << key;
  const Json file = Json::parse(slurp(dir_ / "m.json"), "m.json");
  EXPECT_EQ(model_from_json(file, "m.json"), model_from_json(summary.at("model"), "stdout"));
  EXPECT_THAT(slurp(dir_ / "v.svg"), testing::StartsWith("<svg"));
  // Not replaced unless told to.
  EXPECT_EQ(code(surface(), {"--value", "v", "--lag", "40 m", "--fit", "-o", path("m.json")}),
            "io.exists");
}

TEST_F(VariogramCommand, AnisotropicFitSeesTheShortDirection) {
  // sin(x / 90) changes faster along x than cos(y / 200) along y: the long range lies north.
  const RunResult result = run(surface(), {"--value", "v", "--lag", "30 m", "--lags", "8", "--fit",
                                           "--anisotropic", "--structures", "1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json one = result.json().at("summary").at("model").at("structures").items().at(0);
  const double azimuth = one.at("azimuth_deg").as_number();
  EXPECT_LT(std::min(azimuth, 180.0 - azimuth), 20.0);
  EXPECT_GT(one.at("ranges_m").items()[0].as_number(), one.at("ranges_m").items()[1].as_number());
  EXPECT_EQ(one.at("dip_deg").as_number(), 0.0);
}

TEST_F(VariogramCommand, UsualLagIsSaid) {
  const RunResult result = run(ramp(), {"--value", "au_ppm"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_DOUBLE_EQ(result.json().at("summary").at("lag_m").as_number(), 29.0 / 3.0 / 15.0);
  EXPECT_EQ(result.json().at("summary").at("lag_from").as_string(), "third_of_diagonal");
  EXPECT_TRUE(has_finding(result.json(), "variogram.usual_lag"));
}

TEST_F(VariogramCommand, DirectionsCrossDownHoleAndMap) {
  RunResult result = run(ramp(), {"--value", "au_ppm", "--lag", "1 m", "--lags", "2", "--azimuth",
                                  "0,90", "--dip", "0"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  // All pairs lie north: nothing is found to the east.
  EXPECT_EQ(result.json().at("results").size(), 2u);
  EXPECT_EQ(result.json().at("results").items()[0].at("azimuth_deg").as_number(), 0.0);
  result = run(ramp(), {"--value", "au_ppm", "--lag", "1 m", "--dip", "-90", "--azimuth", "0"});
  EXPECT_EQ(result.json().at("error").at("code").as_string(), "variogram.no_pairs") << result.out;
  result = run(ramp(), {"--value", "au_ppm", "--value2", "cu_ppm", "--lag", "1 m"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_DOUBLE_EQ(result.json().at("results").items()[1].at("gamma").as_number(), 4.0);
  result = run(ramp(), {"--value", "au_ppm", "--lag", "1 m", "--hole", "hole", "--down-hole"});
  EXPECT_EQ(result.json().at("results").items()[0].at("pairs").as_integer(), 28);
  result = run(ramp(), {"--value", "au_ppm", "--lag", "1 m", "--lags", "2", "--map"});
  EXPECT_EQ(result.json().at("summary").at("map").size(), 25u);
  result = run(ramp(), {"--value", "au_ppm", "--lag", "1 m", "--indicator", "0.0015 %"});
  ASSERT_EQ(result.exit_code, 0) << result.out;
  EXPECT_DOUBLE_EQ(result.json().at("summary").at("cutoff").as_number(), 15.0);
  EXPECT_DOUBLE_EQ(result.json().at("summary").at("mean").as_number(), 0.5);
}

TEST_F(VariogramCommand, WritesLags) {
  const RunResult result = run(ramp(), {"--value", "au_ppm", "--lag", "1 m", "-o", path("l.csv")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(slurp(dir_ / "l.csv"), testing::HasSubstr("distance_m,pairs,gamma"));
}

TEST_F(VariogramCommand, RefusesWhatItCannotMean) {
  const std::vector<std::string> value{"--value", "au_ppm", "--lag", "1 m"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = value;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  EXPECT_EQ(code(ramp(), with({"--dip", "30"}), 2), "usage.direction");
  EXPECT_EQ(code(ramp(), with({"--azimuth", "0,30,60", "--dip", "1,2"}), 2), "usage.direction");
  EXPECT_EQ(code(ramp(), with({"--azimuth", "0", "--map"}), 2), "usage.direction");
  EXPECT_EQ(code(ramp(), with({"--azimuth", "north"}), 2), "usage.list");
  EXPECT_EQ(code(ramp(), {"--value", "au_ppm", "--hole", "hole", "--down-hole"}, 2), "usage.lag");
  EXPECT_EQ(code(ramp(), with({"--indicator", "1,2 ppm"}), 2), "usage.cutoff");
  EXPECT_EQ(code(ramp(), with({"--indicator", "1"}), 2), "usage.quantity");
  EXPECT_EQ(code(ramp(), with({"--type", "cross"}), 2), "usage.cross");
  EXPECT_EQ(code(ramp(), with({"-o", path("m.gpkg")}), 2), "usage.variogram_output");
  EXPECT_EQ(code(ramp(), {"--value", "au_ppm", "--lag", "1"}, 2), "usage.quantity");
  EXPECT_EQ(code("x,y,z,au_ppm\n500001,6000001,1,5\n", value), "variogram.too_few_samples");
  EXPECT_EQ(code("x,y,z,au_ppm\n500001,6000001,1,5\n500002,6000002,2,5\n", value),
            "variogram.all_alike");
  const RunResult alike = run("x,y,z,au_ppm\n500001,6000001,1,5\n500002,6000002,2,5\n",
                              with({"--transform", "nscore"}));
  EXPECT_EQ(alike.json().at("error").at("message").as_string(), "all 2 values are alike");
}

TEST_F(VariogramCommand, RefusesSamplesWithoutAPlaceInSpace) {
  const std::vector<std::string> value{"--value", "v", "--lag", "1 m"};
  EXPECT_EQ(code("x,y,z,v\n500001,6000001,1,5\n500002,6000002,,6\n", value), "samples.bad_z");
  EXPECT_EQ(code("id,wkt,v\n1,\"POLYGON((500000 6000000,500009 6000000,500009 6000009,500000 "
                 "6000000))\",5\n",
                 value),
            "samples.not_points");
  write(dir_ / "s.csv", "x,y,v\n-8,40,5\n-8.1,40,6\n");
  const RunResult degrees = run_lode({"variogram", path("s.csv"), "--value", "v", "--input-crs",
                                      "EPSG:4326", "--lag", "1 m", "--json"});
  EXPECT_EQ(degrees.json().at("error").at("code").as_string(), "samples.geographic");
  const RunResult level =
      run("x,y,v\n500001,6000001,5\n500002,6000001,6\n500003,6000001,8\n", value);
  ASSERT_EQ(level.exit_code, 0) << level.err;
  EXPECT_TRUE(has_finding(level.json(), "samples.no_z"));
}

}  // namespace
}  // namespace lode::test
