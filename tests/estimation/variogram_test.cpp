// Experimental variograms against gstat, brute force in R, and closed forms.
#include "libgeo/estimation/variogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "tests/estimation/reference_table.h"
#include "tests/tools/run_lode.h"

namespace lode {
namespace {

const std::string cases = std::string(LODE_SOURCE_DIR) + "/tests/cases/";

Samples samples_from(const std::string& path, const std::vector<std::string>& columns) {
  Samples samples;
  samples.variables = columns;
  samples.values.resize(columns.size());
  for (const auto& row : test::reference_rows(path)) {
    samples.x.push_back(test::number_in(row, "x"));
    samples.y.push_back(test::number_in(row, "y"));
    samples.z.push_back(row.contains("z") ? test::number_in(row, "z") : 0.0);
    for (std::size_t c = 0; c < columns.size(); ++c)
      samples.values[c].push_back(test::number_in(row, columns[c]));
  }
  return samples;
}

// Values 0, 1, 0, 1, ... along a line, a metre apart.
Samples line(std::vector<double> values) {
  Samples samples;
  samples.variables = {"v"};
  for (std::size_t i = 0; i < values.size(); ++i) {
    samples.x.push_back(0.0);
    samples.y.push_back(static_cast<double>(i));
    samples.z.push_back(0.0);
  }
  samples.values = {std::move(values)};
  return samples;
}

VariogramOptions every_metre(std::size_t lags) {
  VariogramOptions options;
  options.lag_m = 1.0;
  options.lags = lags;
  return options;
}

std::string code_of(const Samples& samples, const VariogramOptions& options) {
  try {
    (void)experimental_variogram(samples, options);
  } catch (const Error& error) {
    return error.code;
  }
  return "";
}

// Every row of the reference file, by setting.
void compare(const std::string& data, const Samples& samples) {
  std::map<std::string, std::vector<test::ReferenceRow>> settings;
  for (const auto& row : test::reference_rows(cases + "variogram_reference.csv"))
    if (row.at("data") == data)
      settings[row.at("type") + " " + row.at("azimuth") + " " + row.at("dip") + " " +
               row.at("tolerance") + " " + row.at("by")]
          .push_back(row);
  ASSERT_FALSE(settings.empty());
  for (const auto& [name, rows] : settings) {
    VariogramOptions options;
    options.type = parse_variogram_type(rows[0].at("type"));
    options.variable2 = samples.variables.size() - 1;
    options.lag_m = test::number_in(rows[0], "lag_m");
    options.lags = data == "meuse" ? 12 : 10;
    if (!rows[0].at("azimuth").empty()) {
      options.directions[0].omnidirectional = false;
      options.directions[0].azimuth_deg = test::number_in(rows[0], "azimuth");
      options.directions[0].dip_deg = test::number_in(rows[0], "dip");
      options.directions[0].angle_tolerance_deg = test::number_in(rows[0], "tolerance");
    }
    const auto result = experimental_variogram(samples, options);
    std::map<std::size_t, VariogramLag> lags;
    for (const VariogramLag& lag : result.directions[0].lags)
      if (lag.pairs > 0) lags[lag.lag] = lag;
    EXPECT_EQ(lags.size(), rows.size()) << name;
    for (const auto& row : rows) {
      const auto& lag = lags[static_cast<std::size_t>(test::number_in(row, "bin"))];
      EXPECT_EQ(static_cast<double>(lag.pairs), test::number_in(row, "pairs")) << name;
      EXPECT_NEAR(lag.distance_m, test::number_in(row, "distance_m"), 1e-9) << name;
      EXPECT_NEAR(lag.gamma, test::number_in(row, "gamma"), 1e-11) << name << " bin " << lag.lag;
    }
  }
}

TEST(Variogram, AgreesWithGstatAndBruteForceOnMeuse) {
  const std::string data = test::data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  Samples samples = samples_from(data + "/grade_jura_meuse/meuse.csv", {"zinc", "copper"});
  samples.values = {transformed(samples, 0, VariogramTransform::log),
                    transformed(samples, 1, VariogramTransform::log)};
  ASSERT_EQ(samples.size(), 155u);
  compare("meuse", samples);
}

TEST(Variogram, AgreesWithBruteForceInThreeDimensions) {
  compare("points", samples_from(cases + "variogram_points.csv", {"v"}));
}

TEST(Variogram, OfALineIsKnown) {
  // z = i: gamma(h) = h^2 / 2, n - h pairs.
  std::vector<double> ramp;
  for (int i = 0; i < 50; ++i) ramp.push_back(i);
  const auto result = experimental_variogram(line(ramp), every_metre(10));
  const auto& lags = result.directions[0].lags;
  EXPECT_EQ(lags[0].pairs, 0u);
  for (std::size_t k = 1; k <= 10; ++k) {
    EXPECT_EQ(lags[k].pairs, 50 - k);
    EXPECT_DOUBLE_EQ(lags[k].distance_m, static_cast<double>(k));
    EXPECT_DOUBLE_EQ(lags[k].gamma, 0.5 * static_cast<double>(k * k));
  }
}

TEST(Variogram, BinsAreCentredAndHalfOpen) {
  // Distances 1, 1 and 2 with a lag of 2: a metre is the lower edge of bin 1.
  VariogramOptions options = every_metre(1);
  options.lag_m = 2.0;
  auto lags = experimental_variogram(line({1.0, 2.0, 4.0}), options).directions[0].lags;
  EXPECT_EQ(lags[0].pairs, 0u);
  EXPECT_EQ(lags[1].pairs, 3u);
  options.lag_tolerance_m = 0.5;  // only the distance 2 is left
  lags = experimental_variogram(line({1.0, 2.0, 4.0}), options).directions[0].lags;
  EXPECT_EQ(lags[1].pairs, 1u);
  EXPECT_DOUBLE_EQ(lags[1].gamma, 4.5);
}

TEST(Variogram, DirectionsAndBandwidthsOnALattice) {
  // A 20 x 20 x 5 lattice of 1 m: along an axis there are 19 * 20 * 5 pairs a metre apart.
  Samples samples;
  samples.variables = {"v"};
  samples.values.resize(1);
  for (int k = 0; k < 5; ++k)
    for (int j = 0; j < 20; ++j)
      for (int i = 0; i < 20; ++i) {
        samples.x.push_back(5e5 + i);
        samples.y.push_back(6e6 + j);
        samples.z.push_back(-k);
        samples.values[0].push_back(i + 10.0 * j + 100.0 * k);
      }
  VariogramOptions options = every_metre(3);
  options.directions.clear();
  for (const auto& [azimuth, dip] :
       std::vector<std::pair<double, double>>{{90, 0}, {0, 0}, {0, 90}}) {
    VariogramDirection one;
    one.omnidirectional = false;
    one.azimuth_deg = azimuth;
    one.dip_deg = dip;
    one.angle_tolerance_deg = 5.0;
    options.directions.push_back(one);
  }
  const auto result = experimental_variogram(samples, options);
  EXPECT_EQ(result.directions[0].lags[1].pairs, 19u * 20 * 5);
  EXPECT_DOUBLE_EQ(result.directions[0].lags[1].gamma, 0.5);
  EXPECT_DOUBLE_EQ(result.directions[1].lags[2].gamma, 200.0);
  EXPECT_EQ(result.directions[2].lags[1].pairs, 20u * 20 * 4);
  EXPECT_DOUBLE_EQ(result.directions[2].lags[1].gamma, 5000.0);
  EXPECT_DOUBLE_EQ(result.directions[2].lags[1].separation_m[2], -1.0);
  EXPECT_DOUBLE_EQ(result.directions[0].lags[2].separation_m[0], 2.0);

  // Northwards with a cone of 45 degrees: bin 1 holds (0,1,0), (+-1,1,0), (0,1,+-1); a bandwidth
  // of half a metre to the side takes (+-1,1,0) out, one across takes (0,1,+-1) out.
  options.directions = {result.directions[1].direction};
  options.directions[0].angle_tolerance_deg = 45.0;
  options.lags = 1;
  const auto pairs = [&] {
    return experimental_variogram(samples, options).directions[0].lags[1].pairs;
  };
  const std::size_t straight = 20 * 19 * 5, side = 2 * 19 * 19 * 5, across = 2 * 20 * 19 * 4;
  EXPECT_EQ(pairs(), straight + side + across);
  options.directions[0].bandwidth_m = 0.5;
  EXPECT_EQ(pairs(), straight + across);
  options.directions[0].vertical_bandwidth_m = 0.5;
  EXPECT_EQ(pairs(), straight);
}

TEST(Variogram, DownHoleAndDomains) {
  Samples samples = line({1.0, 3.0, 7.0, 13.0});
  samples.hole = {0, 0, 1, 1};
  samples.hole_names = {"A", "B"};
  VariogramOptions options = every_metre(3);
  options.down_hole = true;
  auto lags = experimental_variogram(samples, options).directions[0].lags;
  EXPECT_EQ(lags[1].pairs, 2u);
  EXPECT_DOUBLE_EQ(lags[1].gamma, (4.0 + 36.0) / 4.0);
  EXPECT_EQ(lags[2].pairs, 0u);
  samples.hole.clear();
  EXPECT_EQ(code_of(samples, options), "variogram.no_holes");
  options.down_hole = false;
  samples.domain = {"ore", "waste", "waste", "ore"};
  lags = experimental_variogram(samples, options).directions[0].lags;
  EXPECT_EQ(lags[1].pairs, 1u);
  EXPECT_DOUBLE_EQ(lags[1].gamma, 8.0);
  EXPECT_EQ(lags[3].pairs, 1u);
}

TEST(Variogram, MapOfARamp) {
  // z = 2 x + 3 y: gamma(dx, dy) = (2 dx + 3 dy)^2 / 2.
  Samples samples;
  samples.variables = {"v"};
  samples.values.resize(1);
  for (int j = 0; j < 8; ++j)
    for (int i = 0; i < 9; ++i) {
      samples.x.push_back(i);
      samples.y.push_back(j);
      samples.z.push_back(0.0);
      samples.values[0].push_back(2.0 * i + 3.0 * j);
    }
  const VariogramMap map = variogram_map(samples, every_metre(3));
  ASSERT_EQ(map.cells.size(), 49u);
  for (const auto& cell : map.cells) {
    if (cell.dx_m == 0.0 && cell.dy_m == 0.0) continue;
    EXPECT_EQ(static_cast<double>(cell.pairs),
              (9.0 - std::abs(cell.dx_m)) * (8.0 - std::abs(cell.dy_m)));
    EXPECT_DOUBLE_EQ(cell.gamma, 0.5 * std::pow(2.0 * cell.dx_m + 3.0 * cell.dy_m, 2));
  }
}

TEST(Variogram, Transforms) {
  Samples samples = line({1.0, std::exp(1.0), std::nan(""), 5.0, 5.0});
  const auto logs = transformed(samples, 0, VariogramTransform::log);
  EXPECT_DOUBLE_EQ(logs[1], 1.0);
  EXPECT_TRUE(std::isnan(logs[2]));
  // Ranks 1, 2 and twice 3.5 of 4: p = 1/8, 3/8, 3/4.
  const auto scores = transformed(samples, 0, VariogramTransform::nscore);
  EXPECT_NEAR(scores[0], -1.1503493803760079, 1e-12);
  EXPECT_NEAR(scores[1], -0.3186393639643752, 1e-12);
  EXPECT_NEAR(scores[3], 0.6744897501960817, 1e-12);
  EXPECT_EQ(scores[3], scores[4]);
  const auto marks = transformed(samples, 0, VariogramTransform::indicator, std::exp(1.0));
  EXPECT_EQ(marks[0] + marks[1], 2.0);
  EXPECT_EQ(marks[3], 0.0);
  samples.values[0][3] = 0.0;
  try {
    (void)transformed(samples, 0, VariogramTransform::log);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "variogram.log_of_zero");
    EXPECT_THAT(error.where, testing::HasSubstr("sample 4"));
  }
}

TEST(Variogram, SameBitsForAnyNumberOfThreads) {
  Samples samples;
  samples.variables = {"v"};
  samples.values.resize(1);
  const Random random{3, 0};
  for (std::uint64_t i = 0; i < 3000; ++i) {
    samples.x.push_back(1000.0 * random.uniform(4 * i));
    samples.y.push_back(1000.0 * random.uniform(4 * i + 1));
    samples.z.push_back(100.0 * random.uniform(4 * i + 2));
    samples.values[0].push_back(random.normal(4 * i + 3));
  }
  VariogramOptions options;
  options.lag_m = 20.0;
  std::vector<std::vector<double>> gammas;
  for (const int jobs : {1, 2, 7}) {
    options.jobs = jobs;
    gammas.emplace_back();
    const auto result = experimental_variogram(samples, options);
    for (const auto& lag : result.directions[0].lags) {
      gammas.back().push_back(lag.gamma);
      gammas.back().push_back(lag.distance_m);
    }
  }
  EXPECT_EQ(gammas[0], gammas[1]);
  EXPECT_EQ(gammas[0], gammas[2]);
  // Every pair within reach is there, none twice.
  std::size_t brute = 0, counted = 0;
  for (std::size_t i = 0; i < samples.size(); ++i)
    for (std::size_t j = i + 1; j < samples.size(); ++j)
      if (std::hypot(samples.x[i] - samples.x[j], samples.y[i] - samples.y[j],
                     samples.z[i] - samples.z[j]) < 310.0)
        ++brute;
  const auto result = experimental_variogram(samples, options);
  for (const auto& lag : result.directions[0].lags) counted += lag.pairs;
  EXPECT_EQ(counted, brute);
}

TEST(Variogram, RefusesWhatGivesNone) {
  const Samples good = line({1.0, 2.0, 4.0});
  EXPECT_EQ(code_of(line({1.0}), every_metre(2)), "variogram.too_few_samples");
  EXPECT_EQ(code_of(line({1.0, std::nan("")}), every_metre(2)), "variogram.too_few_samples");
  EXPECT_EQ(code_of(line({3.0, 3.0, 3.0}), every_metre(2)), "variogram.all_alike");
  VariogramOptions options = every_metre(2);
  options.lag_m = 0.1;
  EXPECT_EQ(code_of(good, options), "variogram.no_pairs");
  EXPECT_EQ(code_of(good, VariogramOptions{}), "variogram.lag");
  EXPECT_EQ(code_of(good, every_metre(0)), "variogram.lag_count");
  options = every_metre(2);
  options.lag_tolerance_m = 0.6;
  EXPECT_EQ(code_of(good, options), "variogram.lag_tolerance");
  options = every_metre(2);
  options.directions[0].omnidirectional = false;
  options.directions[0].angle_tolerance_deg = 0.0;
  EXPECT_EQ(code_of(good, options), "variogram.direction");
  Samples nowhere = good;
  nowhere.x[1] = std::nan("");
  EXPECT_EQ(code_of(nowhere, every_metre(2)), "variogram.place");
  EXPECT_THROW((void)parse_variogram_type("semi"), Error);
}

TEST(Variogram, SaysWhatIsOdd) {
  Samples samples = line({1.0, -1.0, 4.0, std::nan("")});
  samples.y[2] = 1.0;
  VariogramOptions options = every_metre(2);
  options.type = VariogramType::pairwise_relative;
  const auto result = experimental_variogram(samples, options);
  EXPECT_TRUE(result.findings.has("variogram.missing_value"));
  EXPECT_TRUE(result.findings.has("variogram.same_place"));
  EXPECT_TRUE(result.findings.has("variogram.zero_sum"));
  EXPECT_TRUE(result.findings.has("variogram.few_pairs"));
  EXPECT_EQ(result.same_place_pairs, 1u);
  EXPECT_EQ(result.directions[0].lags[0].pairs, 1u);
  EXPECT_EQ(result.directions[0].lags[1].pairs, 1u);
}

}  // namespace
}  // namespace lode
