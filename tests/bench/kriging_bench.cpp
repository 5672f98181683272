// Times kriging, and R's gstat on the same data in the same run: `bench_kriging [points a side]`.
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/estimate.h"
#include "libgeo/estimation/kriging_lanes.h"

namespace {

using namespace lode;
namespace fs = std::filesystem;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
double wall_seconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// 10,000 samples in 500 x 500 x 500 m, as the targets: about 27 m apart.
Samples samples_of(std::size_t variables) {
  Samples samples;
  const Random random{3, 0};
  samples.values.resize(variables);
  for (std::size_t i = 0; i < 10000; ++i) {
    samples.x.push_back(500.0 * random.uniform(3 * i));
    samples.y.push_back(500.0 * random.uniform(3 * i + 1));
    samples.z.push_back(500.0 * random.uniform(3 * i + 2));
    for (std::size_t v = 0; v < variables; ++v)
      samples.values[v].push_back(1.0 + std::sin(samples.x[i] / 60.0) +
                                  std::cos(samples.y[i] / 80.0) + 0.3 * Random{3, v + 1}.normal(i));
  }
  return samples;
}

Targets grid_of(std::size_t side) {
  Targets targets;
  targets.is_grid = true;
  const double spacing = 500.0 / static_cast<double>(side);
  targets.grid.spacing = {spacing, spacing, spacing};
  targets.grid.count = {side, side, side};
  return targets;
}

EstimateOptions usual() {
  EstimateOptions options;
  Structure structure;
  structure.sill = 1.2;
  structure.ranges_m = {120.0, 120.0, 120.0};
  options.model.nugget = 0.3;
  options.model.structures = {structure};
  options.search.passes[0].radius_m = {120.0, 120.0, 120.0};
  options.search.passes[0].min_samples = 4;
  options.search.passes[0].max_samples = 24;
  options.jobs = 1;
  return options;
}

struct Time {
  double cpu = 0.0, wall = 0.0;
};

Time once(const Samples& samples, const Targets& targets, const EstimateOptions& options) {
  const double cpu = cpu_seconds(), wall = wall_seconds();
  const auto summary = estimate(samples, targets, options, [](const EstimateChunk&) {});
  if (summary.estimated == 0) std::printf("nothing was estimated\n");
  return {cpu_seconds() - cpu, wall_seconds() - wall};
}

struct Case {
  std::string name;
  std::size_t variables = 1;
  EstimateOptions options;
};

std::vector<Case> cases() {
  std::vector<Case> all{{"OK, 24 nearest, point", 1, usual()},
                        {"the same, 15 variables", 15, usual()},
                        {"the same, blocks of 4 x 4 x 2 points", 1, usual()},
                        {"SK, 24 nearest", 1, usual()},
                        {"UK linear, 24 nearest", 1, usual()},
                        {"OK, turned ellipsoid and model", 1, usual()},
                        {"OK, exponential", 1, usual()},
                        {"OK, 3 an octant", 1, usual()},
                        {"OK, plain instructions", 1, usual()},
                        {"IDW, 24 nearest", 1, usual()}};
  all[2].options.discretise = {4, 4, 2};
  all[3].options.method = EstimationMethod::sk;
  all[3].options.means = {1.0};
  all[4].options.method = EstimationMethod::uk;
  all[4].options.drift = "xyz";
  all[5].options.search.angles = all[5].options.model.structures[0].angles = {30.0, 20.0, 10.0};
  all[5].options.search.passes[0].radius_m = {120.0, 90.0, 60.0};
  all[5].options.model.structures[0].ranges_m = {120.0, 90.0, 60.0};
  all[6].options.model.structures[0].type = StructureType::exponential;
  all[7].options.search.passes[0].max_per_octant = 3;
  all[9].options.method = EstimationMethod::idw;
  all[9].options.power = 2.0;
  return all;
}

// gstat's user seconds for every `step`-th target; its estimates into `values`.
double gstat(const Samples& samples, const Targets& targets, std::size_t step,
             std::vector<double>& values) {
  const fs::path folder = fs::temp_directory_path() / "lode_bench_kriging";
  fs::create_directories(folder);
  const auto write = [&](const char* name, const std::vector<double>& numbers) {
    std::ofstream out(folder / name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(numbers.data()),
              static_cast<std::streamsize>(numbers.size() * sizeof(double)));
  };
  std::vector<double> places, wanted;
  for (std::size_t i = 0; i < samples.size(); ++i)
    for (const double v : {samples.x[i], samples.y[i], samples.z[i], samples.values[0][i]})
      places.push_back(v);
  for (std::size_t t = 0; t < targets.size(); t += step)
    for (const double v : centre_of(targets.grid, t)) wanted.push_back(v);
  write("samples.bin", places);
  write("targets.bin", wanted);
  std::ofstream(folder / "run.R")
      << "suppressMessages({library(gstat);library(sp)})\n"
         "a<-commandArgs(TRUE)[1]; rd<-function(f,k){n<-file.size(f)/8;"
         "as.data.frame(matrix(readBin(f,'double',n),ncol=k,byrow=TRUE))}\n"
         "s<-rd(file.path(a,'samples.bin'),4); t<-rd(file.path(a,'targets.bin'),3)\n"
         "names(s)<-c('x','y','z','v'); names(t)<-c('x','y','z')\n"
         "coordinates(s)<-~x+y+z; coordinates(t)<-~x+y+z\n"
         "m<-vgm(1.2,'Sph',120,nugget=0.3)\n"
         "u<-system.time(k<-krige(v~1,s,t,m,nmax=24,nmin=4,maxdist=120,debug.level=0))\n"
         "writeBin(c(u[['user.self']]+u[['sys.self']],k$var1.pred),file.path(a,'out.bin'))\n";
  const std::string command =
      "Rscript '" + (folder / "run.R").string() + "' '" + folder.string() + "' > /dev/null 2>&1";
  if (std::system(command.c_str()) != 0) return 0.0;
  std::ifstream in(folder / "out.bin", std::ios::binary);
  double seconds = 0.0;
  in.read(reinterpret_cast<char*>(&seconds), sizeof seconds);
  values.resize(wanted.size() / 3);
  in.read(reinterpret_cast<char*>(values.data()),
          static_cast<std::streamsize>(values.size() * sizeof(double)));
  fs::remove_all(folder);
  return seconds;
}

}  // namespace

int main(int count, char** words) {
  const auto said = count > 1 ? parse_number(words[1]) : std::nullopt;
  const bool quick = count > 2;
  const Targets targets = grid_of(said ? static_cast<std::size_t>(*said) : 100);
  const auto n = static_cast<double>(targets.size());
  const Samples one = samples_of(1), fifteen = samples_of(15);
  std::printf(
      "10,000 samples, %zu points, CPU seconds of one thread, best of 3; instructions: %s\n",
      targets.size(), std::string(kriging::kernels().name).c_str());
  std::printf("%-40s %9s %14s %9s\n", "case", "CPU s", "points/s/core", "/ first");
  double first = 0.0;
  for (const Case& each : cases()) {
    if (each.name == "OK, plain instructions") kriging::choose_kernels("plain");
    double best = 1e300;
    for (int turn = 0; turn < 3; ++turn)
      best = std::min(best, once(each.variables == 1 ? one : fifteen, targets, each.options).cpu);
    kriging::choose_kernels("");
    if (first == 0.0) first = best;
    std::printf("%-40s %9.3f %14.0f %9.2f\n", each.name.c_str(), best, n / best, best / first);
    std::fflush(stdout);
    if (quick && each.name.find("4 x 4") != std::string::npos) return 0;
  }
  EstimateOptions two = usual();
  two.jobs = 2;
  double alone = 1e300, pair = 1e300, pair_cpu = 1e300;
  for (int turn = 0; turn < 3; ++turn) {
    alone = std::min(alone, once(one, targets, usual()).wall);
    const Time both = once(one, targets, two);
    pair = std::min(pair, both.wall);
    pair_cpu = std::min(pair_cpu, both.cpu);
  }
  std::printf("2 threads: %.3f s against %.3f s by the clock (%.2f times; CPU %.3f s)\n", pair,
              alone, alone / pair, pair_cpu);
  // Ours and gstat's in turns; gstat on every tenth point, counted up.
  const std::size_t step = 10;
  double ours = 1e300, peer = 1e300;
  std::vector<double> theirs;
  for (int turn = 0; turn < 3; ++turn) {
    ours = std::min(ours, once(one, targets, usual()).cpu);
    const double seconds = gstat(one, targets, step, theirs);
    if (seconds == 0.0) {
      std::printf("gstat: not here (apt install r-cran-gstat)\n");
      return 0;
    }
    peer = std::min(peer, seconds * static_cast<double>(step));
  }
  double worst = 0.0;
  (void)estimate(one, targets, usual(), [&](const EstimateChunk& chunk) {
    for (std::size_t row = 0; row < chunk.rows(); ++row)
      if ((chunk.first + row) % step == 0)
        worst = std::max(worst, std::abs(chunk.value[0][row] - theirs[(chunk.first + row) / step]));
  });
  std::printf(
      "gstat: %.1f s (%.0f points/s/core); ours is %.1f times as fast; largest difference "
      "%.1e\n",
      peer, n / peer, peer / ours, worst);
}
