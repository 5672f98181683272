// Conditional simulation on one thread: nodes a second of CPU time, beside R's gstat on a part of
// it.
//
//   bench_simulation [realizations]     100 x 50 x 20 nodes, 1,000 samples, 20 nearest
//
// gstat (sequential simulation, krige(..., nsim =)) runs when Rscript and the package are there, on
// the same samples and search with 10,000 nodes and 10 realisations. GSLIB's sgsim was measured at
// 98,000 to 119,000 nodes a second on the machine that the README names.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "libgeo/core/text.h"
#include "libgeo/estimation/simulation.h"

using namespace lode;

namespace {

double seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

BlockGrid bench_grid() {
  BlockGrid grid;
  grid.spacing = {10.0, 10.0, 5.0};
  grid.count = {100, 50, 20};
  return grid;
}

VariogramModel bench_model(StructureType type, std::array<double, 3> ranges) {
  VariogramModel model;
  model.nugget = 0.1;
  Structure structure;
  structure.type = type;
  structure.sill = 0.9;
  structure.ranges_m = ranges;
  model.structures = {structure};
  return model;
}

// A field of the model itself, seen at 1,000 random nodes, as lognormal grades.
Samples bench_samples(const BlockGrid& grid, const VariogramModel& model) {
  const FftField field(grid, model);
  FftField::Work work(field);
  std::vector<double> truth(grid.size());
  field.simulate({.seed = 2026}, work, truth.data(), nullptr);
  Samples samples;
  samples.variables = {"treo_pct"};
  samples.values.resize(1);
  std::vector<bool> taken(grid.size(), false);
  const Random random{.seed = 77};
  for (std::uint64_t i = 0; samples.size() < 1000; ++i) {
    const auto node =
        static_cast<std::size_t>(random.uniform(i) * static_cast<double>(grid.size()));
    if (taken[node]) continue;
    taken[node] = true;
    const auto at = centre_of(grid, node);
    samples.x.push_back(at[0]);
    samples.y.push_back(at[1]);
    samples.z.push_back(at[2]);
    samples.values[0].push_back(std::exp(truth[node]));
  }
  return samples;
}

double run(const char* name, const Samples& samples, const BlockGrid& grid,
           const VariogramModel& model, SimulationMethod method, std::size_t realizations) {
  SimulationOptions options;
  options.method = method;
  options.realizations = realizations;
  options.models = {model};
  options.search.max_samples = 20;
  options.scores.resize(1);
  options.scores[0].max = *std::max_element(samples.values[0].begin(), samples.values[0].end());
  options.jobs = 1;
  const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
  const Simulation result = simulate(samples, grid, options);
  const double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
  double mean = 0.0, variance = 0.0;
  for (std::size_t r = 0; r < realizations; ++r) {
    mean += result.moments[0].mean[r] / static_cast<double>(realizations);
    variance += result.moments[0].variance[r] / static_cast<double>(realizations);
  }
  const double speed = static_cast<double>(realizations * grid.size()) / took;
  std::printf(
      "%-34s %5zu %8.3f s %12.0f nodes/s/core   mean %.3f (samples %.3f) variance %.3f (%.3f)\n",
      name, realizations, took, speed, mean, result.moments[0].sample_mean, variance,
      result.moments[0].sample_variance);
  return speed;
}

// The same simulation of normal scores by gstat, with Lode's scores as its data.
double gstat_speed(const Samples& samples, const SimulationOptions& options) {
  const auto folder = std::filesystem::temp_directory_path() / "lode-simulation-bench";
  std::filesystem::create_directories(folder);
  const NormalScores scores(samples.values[0], {}, options.scores[0]);
  std::ofstream csv(folder / "s.csv");
  csv << "x,y,z,v\n";
  for (std::size_t i = 0; i < samples.size(); ++i)
    csv << number_text(samples.x[i]) << ',' << number_text(samples.y[i]) << ','
        << number_text(samples.z[i]) << ',' << number_text(scores.scores()[i]) << '\n';
  csv.close();
  // gstat's anis in 3-D: azimuth, dip, rotation, and the ratios of the minor ranges.
  std::ofstream(folder / "s.R") << R"(
suppressMessages({library(sp); library(gstat)})
s <- read.csv("s.csv"); coordinates(s) <- ~x + y + z
g <- expand.grid(x = 5 + 10 * (0:49), y = 5 + 10 * (0:24), z = 2.5 + 5 * (0:7))
coordinates(g) <- ~x + y + z
v <- vgm(0.9, "Sph", 300, 0.1, anis = c(0, 0, 0, 2 / 3, 1 / 6))
t <- system.time(k <- krige(v ~ 1, s, g, v, nmax = 20, nsim = 10, beta = 0, debug.level = 0))
cat(nrow(coordinates(g)) * 10 / (t[["user.self"]] + t[["sys.self"]]))
)";
  const std::string command = "cd '" + folder.string() + "' && Rscript s.R 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  std::string said;
  char part[256];
  while (pipe != nullptr && fgets(part, sizeof part, pipe) != nullptr) said += part;
  if (pipe != nullptr) pclose(pipe);
  std::filesystem::remove_all(folder);
  return parse_number(said).value_or(0.0);
}

}  // namespace

int main(int count, char** words) {
  const auto said = count > 1 ? parse_number(words[1]) : std::nullopt;
  const auto realizations = static_cast<std::size_t>(said.value_or(100.0));
  const BlockGrid grid = bench_grid();
  const auto model = bench_model(StructureType::spherical, {300.0, 200.0, 50.0});
  const Samples samples = bench_samples(grid, model);
  const double ours = run("fft, spherical 300 x 200 x 50 m", samples, grid, model,
                          SimulationMethod::fft, realizations);
  const auto longer = bench_model(StructureType::spherical, {600.0, 500.0, 100.0});
  run("fft, spherical 600 x 500 x 100 m", bench_samples(grid, longer), grid, longer,
      SimulationMethod::fft, realizations);
  const auto exponential = bench_model(StructureType::exponential, {300.0, 200.0, 50.0});
  run("fft, exponential 300 x 200 x 50 m", bench_samples(grid, exponential), grid, exponential,
      SimulationMethod::fft, realizations);
  const double sequential = run("sgs, spherical 300 x 200 x 50 m", samples, grid, model,
                                SimulationMethod::sgs, std::max<std::size_t>(realizations / 10, 1));
  SimulationOptions options;
  options.realizations = realizations;
  options.models = {model};
  options.search.max_samples = 20;
  options.scores.resize(1);
  options.scores[0].max = 1000.0;
  double wall[2];
  for (int jobs = 1; jobs <= 2; ++jobs) {
    options.jobs = jobs;
    const double start = seconds(CLOCK_MONOTONIC);
    (void)simulate(samples, grid, options);
    wall[jobs - 1] = seconds(CLOCK_MONOTONIC) - start;
  }
  std::printf("fft by the clock: 1 thread %.2f s, 2 threads %.2f s (%.2f times)\n", wall[0],
              wall[1], wall[0] / wall[1]);
  const double gstat = gstat_speed(samples, options);
  if (gstat > 0.0)
    std::printf("gstat, 10,000 nodes, 10 pictures: %.0f nodes/s; fft %.0f times, sgs %.1f times\n",
                gstat, ours / gstat, sequential / gstat);
  else
    std::printf("gstat is not here: install r-cran-gstat for the comparison\n");
}
