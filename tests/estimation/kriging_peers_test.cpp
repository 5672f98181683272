// Kriging against other programs: gstat, and the answers that KT3D gave for PyKrige's test data.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "libgeo/core/text.h"
#include "libgeo/estimation/estimate.h"
#include "tests/estimation/samples_sketch.h"

namespace lode {
namespace {

using sketch::run;

/// The samples, targets and answers of tests/cases/kriging_gstat.csv.
struct Gstat {
  Samples samples;
  Targets targets;
  std::vector<double> sample_drift;
  std::map<std::string, std::vector<std::array<double, 2>>> answers;
  Gstat() {
    std::ifstream in(LODE_SOURCE_DIR "/tests/cases/kriging_gstat.csv");
    samples.values.resize(1);
    targets.drift.resize(1);
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#') continue;
      const auto cells = split(line, ',');
      const auto number = [&](std::size_t i) {
        return parse_number(cells[i]).value_or(std::nan(""));
      };
      if (cells[0] == "sample") {
        samples.x.push_back(number(2));
        samples.y.push_back(number(3));
        samples.z.push_back(number(4));
        samples.values[0].push_back(number(5));
        sample_drift.push_back(number(6));
      } else if (cells[0] == "target") {
        targets.x.push_back(number(2));
        targets.y.push_back(number(3));
        targets.z.push_back(number(4));
        targets.drift[0].push_back(number(6));
      } else {
        answers[cells[0]].push_back({number(5), number(6)});
      }
    }
  }
  void expect(const std::string& name, EstimateOptions options, double tolerance = 1e-9) const {
    SCOPED_TRACE(name);
    const auto result = run(samples, targets, options);
    const auto& expected = answers.at(name);
    ASSERT_EQ(expected.size(), result.chunk.rows());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(result.chunk.value[0][i], expected[i][0], tolerance) << "target " << i + 1;
      if (!std::isnan(expected[i][1])) {
        EXPECT_NEAR(result.chunk.variance[i], expected[i][1], tolerance) << "target " << i + 1;
      }
    }
  }
};

TEST(KrigingPeers, OrdinaryAndSimpleAsGstat) {
  const Gstat gstat;
  EstimateOptions options;
  options.model = sketch::model(StructureType::spherical, 0.3, 1.2, 60.0);
  gstat.expect("ok", options);
  options.search.passes[0].max_samples = 12;
  gstat.expect("ok_12", options);
  options.search.passes[0].max_samples = 20;
  options.search.passes[0].min_samples = 3;
  options.search.passes[0].radius_m = {25.0, 25.0, 25.0};
  gstat.expect("ok_radius", options);
  options.search.passes = {SearchPass{}};
  options.method = EstimationMethod::sk;
  options.means = {4.0};
  gstat.expect("sk", options);
  options.search.passes[0].max_samples = 12;
  gstat.expect("sk_12", options);
}

TEST(KrigingPeers, DriftAsGstat) {
  const Gstat gstat;
  EstimateOptions options;
  options.model = sketch::model(StructureType::spherical, 0.3, 1.2, 60.0);
  options.method = EstimationMethod::uk;
  options.drift = "xyz";
  gstat.expect("uk_linear", options);
  options.drift = "x,y,z,xx,xy,yy";
  gstat.expect("uk_quadratic", options);
  options.drift = "x y z";
  options.search.passes[0].max_samples = 24;
  gstat.expect("uk_linear_24", options);
  options.method = EstimationMethod::ked;
  options.sample_drift = {gstat.sample_drift};
  options.search.passes[0].max_samples = 20;
  gstat.expect("ked_20", options);
  options.search.passes[0].max_samples = 0;
  gstat.expect("ked", options);
}

TEST(KrigingPeers, ModelsAsGstat) {
  const Gstat gstat;
  EstimateOptions options;
  options.search.passes[0].max_samples = 16;
  options.model = sketch::model(StructureType::exponential, 0.1, 1.2, 60.0);
  gstat.expect("exponential", options);
  options.model = sketch::model(StructureType::gaussian, 0.1, 1.2, 30.0);
  gstat.expect("gaussian", options);
  options.model = sketch::model(StructureType::power, 0.1, 0.05, 1.0);
  options.model.structures[0].exponent = 1.3;
  gstat.expect("power", options);
  options.search.passes[0].max_samples = 0;
  options.model = sketch::model(StructureType::spherical, 0.3, 1.2, 80.0);
  options.model.structures[0].ranges_m = {80.0, 40.0, 20.0};
  options.model.structures[0].angles.azimuth_deg = 30.0;
  gstat.expect("anisotropic", options);
  options.search.passes[0].max_samples = 18;
  options.model = sketch::model(StructureType::spherical, 0.2, 0.8, 90.0);
  options.model.structures[0].ranges_m = {90.0, 54.0, 36.0};
  options.model.structures[0].angles.azimuth_deg = 120.0;
  options.model.structures.push_back(
      sketch::model(StructureType::exponential, 0.0, 0.5, 30.0).structures[0]);
  gstat.expect("nested", options);
}

TEST(KrigingPeers, BlocksAndInverseDistanceAsGstat) {
  Gstat gstat;
  gstat.targets.dx.assign(gstat.targets.x.size(), 10.0);
  gstat.targets.dy.assign(gstat.targets.x.size(), 8.0);
  gstat.targets.dz.assign(gstat.targets.x.size(), 4.0);
  EstimateOptions options;
  options.discretise = {4, 4, 4};
  options.model = sketch::model(StructureType::spherical, 0.0, 1.2, 60.0);
  gstat.expect("block", options, 1e-4);
  options.method = EstimationMethod::uk;
  options.drift = "xy";
  options.search.passes[0].max_samples = 24;
  gstat.expect("block_uk", options, 1e-4);
  options = {};
  options.discretise = {4, 4, 4};
  options.model = sketch::model(StructureType::spherical, 0.3, 1.2, 60.0);
  gstat.expect("block_nugget", options, 1e-4);
  options = {};
  options.method = EstimationMethod::idw;
  options.power = 2.5;
  options.search.passes[0].max_samples = 10;
  gstat.expect("idw", options);
}

TEST(KrigingPeers, LeaveOneOutAsGstat) {
  // gstat 2.1.0, krige.cv of the samples above: -mean(residual), root mean square, mean zscore^2.
  const Gstat gstat;
  EstimateOptions options;
  options.model = sketch::model(StructureType::spherical, 0.3, 1.2, 60.0);
  const auto global = cross_validate(gstat.samples, options);
  EXPECT_NEAR(global.me[0], -0.0145480507461395, 1e-12);
  EXPECT_NEAR(global.rmse[0], 0.570106294016866, 1e-12);
  EXPECT_NEAR(global.msdr[0], 0.449940515655244, 1e-12);
  options.search.passes[0].max_samples = 12;
  const auto local = cross_validate(gstat.samples, options);
  EXPECT_NEAR(local.me[0], -0.0151531302467964, 1e-12);
  EXPECT_NEAR(local.rmse[0], 0.569498524154115, 1e-12);
  EXPECT_NEAR(local.msdr[0], 0.438935522846428, 1e-12);
}

std::string data_folder() {
  const char* given = std::getenv("LODE_DATA");
  const std::string folder = given ? given : LODE_SOURCE_DIR "/../shared/data";
  return std::filesystem::exists(folder + "/grid_pykrige_dem") ? folder : std::string();
}

std::vector<std::vector<double>> numbers_in(const std::string& path, std::size_t skip) {
  std::ifstream in(path);
  std::vector<std::vector<double>> rows;
  std::string line;
  while (std::getline(in, line)) {
    if (skip > 0) {
      --skip;
      continue;
    }
    for (char& c : line)
      if (c == ',' || c == '\t' || c == '\r') c = ' ';
    std::vector<double> row;
    std::istringstream words(line);
    for (std::string word; words >> word;) row.push_back(parse_number(word).value_or(std::nan("")));
    if (!row.empty()) rows.push_back(row);
  }
  return rows;
}

Samples planar(const std::vector<std::vector<double>>& rows) {
  Samples samples;
  samples.values.resize(1);
  for (const auto& row : rows) {
    samples.x.push_back(row[0]);
    samples.y.push_back(row[1]);
    samples.z.push_back(0.0);
    samples.values[0].push_back(row[2]);
  }
  return samples;
}

// PyKrige's tests take the answers of KT3D to rtol 1e-5, atol 1e-8 (its 8 printed digits).
void expect_grid(const EstimateOptions& options, const Samples& samples, Targets targets,
                 const std::vector<double>& answer, double relative) {
  const auto result = run(samples, targets, options);
  ASSERT_EQ(result.chunk.rows(), answer.size());
  double worst = 0.0;
  for (std::size_t i = 0; i < answer.size(); ++i)
    worst = std::max(
        worst, std::abs(result.chunk.value[0][i] - answer[i]) - relative * std::abs(answer[i]));
  EXPECT_LE(worst, 1e-8);
}

Targets regular_answers(const std::vector<std::vector<double>>& rows, std::size_t nx, double x0,
                        double y0, double dx, double dy, std::vector<double>& answer) {
  std::vector<double> all;
  for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
  const std::size_t ny = all.size() / nx;
  Targets targets;
  for (std::size_t j = 0; j < ny; ++j)
    for (std::size_t i = 0; i < nx; ++i) {
      targets.x.push_back(x0 + dx * static_cast<double>(i));
      targets.y.push_back(y0 + dy * static_cast<double>(j));
      targets.z.push_back(0.0);
      answer.push_back(all[(ny - 1 - j) * nx + i]);
    }
  return targets;
}

TEST(KrigingPeers, GridsOfKt3d) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "no real data: set LODE_DATA to their folder";
  const std::string folder = data + "/grid_pykrige_dem/test_data/";
  const Samples samples = planar(numbers_in(folder + "test_data.txt", 0));
  EstimateOptions options;
  options.model = sketch::model(StructureType::exponential, 0.0, 500.0, 3000.0);
  auto rows = numbers_in(folder + "test1_answer.asc", 7);
  rows.resize(rows.size() - 2);  // two lines of notes
  std::vector<double> answer;
  Targets targets = regular_answers(rows, 100, 1067275.0, 241459.0, 50.0, 25.0, answer);
  ASSERT_EQ(answer.size(), 10000u);
  expect_grid(options, samples, targets, answer, 1e-5);

  options.method = EstimationMethod::uk;
  options.drift = "xy";
  rows = numbers_in(folder + "test2_answer.asc", 7);
  rows.resize(rows.size() - 2);
  answer.clear();
  targets = regular_answers(rows, 100, 1067275.0, 241459.0, 50.0, 25.0, answer);
  expect_grid(options, samples, targets, answer, 1e-5);
}

TEST(KrigingPeers, DriftFromTheTerrain) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "no real data: set LODE_DATA to their folder";
  const std::string folder = data + "/grid_pykrige_dem/test_data/";
  const Samples samples = planar(numbers_in(folder + "test_data.txt", 0));
  const auto dem = numbers_in(folder + "test3_dem.asc", 6);
  const double cell = 22.379654135142, x0 = 1065525.734724 + cell / 2,
               y0 = 240087.45636954 + cell / 2;
  // Bilinear between cell centres, as PyKrige does.
  const auto height = [&](double x, double y) {
    const double u = (x - x0) / cell, v = (y - y0) / cell;
    const auto i = static_cast<std::size_t>(u), j = static_cast<std::size_t>(v);
    const double fu = u - static_cast<double>(i), fv = v - static_cast<double>(j);
    const auto at = [&](std::size_t col, std::size_t row) {
      return dem[dem.size() - 1 - row][col];
    };
    return (1 - fv) * ((1 - fu) * at(i, j) + fu * at(i + 1, j)) +
           fv * ((1 - fu) * at(i, j + 1) + fu * at(i + 1, j + 1));
  };
  EstimateOptions options;
  options.method = EstimationMethod::ked;
  options.model = sketch::model(StructureType::spherical, 0.0, 500.0, 3000.0);
  options.sample_drift.resize(1);
  for (std::size_t i = 0; i < samples.size(); ++i)
    options.sample_drift[0].push_back(height(samples.x[i], samples.y[i]));
  std::vector<double> answer;
  Targets targets =
      regular_answers(numbers_in(folder + "test3_answer.asc", 6), 198, 1067266.69494727 + 12.5,
                      241459.635285088 + 12.5, 25.0, 25.0, answer);
  targets.drift.resize(1);
  for (std::size_t i = 0; i < targets.x.size(); ++i)
    targets.drift[0].push_back(height(targets.x[i], targets.y[i]));
  expect_grid(options, samples, targets, answer, 1e-5);
}

TEST(KrigingPeers, ThreeDimensionsAsKt3d) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "no real data: set LODE_DATA to their folder";
  const std::string folder = data + "/grid_pykrige_dem/test_data/";
  Samples samples;
  samples.values.resize(1);
  for (const auto& row : numbers_in(folder + "test3d_data.txt", 1)) {
    samples.x.push_back(row[0]);
    samples.y.push_back(row[1]);
    samples.z.push_back(row[2]);
    samples.values[0].push_back(row[3]);
  }
  const auto answer = numbers_in(folder + "test3d_answer.txt", 0);
  Targets targets;
  for (int k = 0; k < 10; ++k)
    for (int j = 0; j < 10; ++j)
      for (int i = 0; i < 10; ++i) {
        targets.x.push_back(i);
        targets.y.push_back(j);
        targets.z.push_back(k);
      }
  EstimateOptions options;
  // PyKrige's linear variogram, slope 1 and nugget 0.1; its tests keep to 1e-3 of the printed.
  options.model = sketch::model(StructureType::power, 0.1, 1.0, 1.0);
  const auto result = run(samples, targets, options);
  ASSERT_EQ(answer.size(), 1000u);
  for (std::size_t i = 0; i < answer.size(); ++i) {
    EXPECT_NEAR(result.chunk.value[0][i], answer[i][0], 1e-3 * answer[i][0]);
    EXPECT_NEAR(result.chunk.variance[i], answer[i][1], 1e-3 * answer[i][1]);
  }
}

TEST(KrigingPeers, LeaveOneOutOfMeuseAndWalkerLake) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "no real data: set LODE_DATA to their folder";
  auto rows = numbers_in(data + "/grade_jura_meuse/meuse.csv", 1);
  for (auto& row : rows) row = {row[0], row[1], std::log(row[5])};
  EstimateOptions options;
  options.model = sketch::model(StructureType::spherical, 0.05, 0.59, 897.0);
  const auto meuse = cross_validate(planar(rows), options);
  EXPECT_NEAR(meuse.rmse[0], 0.3917495, 5e-8);
  // gstat's residuals are true minus estimate.
  EXPECT_NEAR(meuse.me[0], 1.256e-05, 5e-9);
  EXPECT_NEAR(meuse.msdr[0], 0.8227633, 5e-8);

  rows = numbers_in(data + "/grade_walker_lake_samples/walker.dat", 8);
  ASSERT_EQ(rows.size(), 470u);
  for (auto& row : rows) row = {row[1], row[2], row[3]};
  options.model = sketch::model(StructureType::spherical, 30000.0, 60000.0, 40.0);
  options.search.passes[0].max_samples = 24;
  const auto walker = cross_validate(planar(rows), options);
  // gstat takes all samples of a tie at the end of the search or another one of them.
  EXPECT_NEAR(walker.rmse[0], 182.658, 0.05);
  EXPECT_NEAR(walker.me[0], 6.944, 0.05);
  EXPECT_NEAR(walker.msdr[0], 0.63800, 5e-4);
}

}  // namespace
}  // namespace lode
