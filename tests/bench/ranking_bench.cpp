// Times ranking against its targets: `bench_ranking [jobs] [number of one task]` prints a table.
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/method_parts.h"
#include "libgeo/ranking/rank.h"
#include "tests/bench/measure.h"

namespace {

using namespace lode;

struct Task {
  const char* name;
  Method method;
  std::size_t sites, draws;
  bool spread;      ///< every cell has a low and a high
  double target_s;  ///< by the clock, on 2 threads with nothing else running
  double peer_s;    ///< recorded for the peer named on another machine, 0 = none
  const char* peer;
};

constexpr std::size_t criteria = 12;

DecisionTable table_of(std::size_t sites, bool veto, bool spread) {
  DecisionTable table;
  const Random random{3, 1};
  for (std::size_t j = 0; j < criteria; ++j) {
    Criterion c;
    c.name = "c" + std::to_string(j);
    c.weight = 1.0 / criteria;
    c.lo = 0;
    c.hi = 1;
    c.q = 0.05;
    c.p = 0.2;
    if (veto) c.v = 0.6;
    table.criteria.push_back(c);
  }
  for (std::size_t i = 0; i < sites; ++i) table.ids.push_back("S" + std::to_string(i));
  for (std::size_t k = 0; k < sites * criteria; ++k) {
    table.values.push_back(random.uniform(k));
    if (!spread) continue;
    table.low.push_back(0.8 * table.values.back());
    table.high.push_back(1.1 * table.values.back());
  }
  return table;
}

struct Took {
  double clock = 0.0, cpu = 0.0;
};

Took timed(const std::function<void()>& body) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu = bench::cpu_seconds();
  body();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return {took.count(), bench::cpu_seconds() - cpu};
}

void print(const char* name, std::size_t sites, std::size_t draws, const Took& took,
           double target_s, double peer_s, const char* peer) {
  std::printf("%-34s %8zu %6zu %8.3f %8.3f %8.2f %8.0f", name, sites, draws, took.clock, took.cpu,
              target_s, bench::peak_mb());
  if (peer_s > 0) std::printf(" %9.0f x %s", peer_s / took.clock, peer);
  std::printf("\n");
  std::fflush(stdout);
}

/// Column-major, as methods take them.
std::vector<double> columns_of(const DecisionTable& table) {
  const std::size_t n = table.ids.size(), m = table.criteria.size();
  std::vector<double> columns(n * m);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j) columns[j * n + i] = table.values[i * m + j];
  return columns;
}

void run(const Task& task, int jobs) {
  RankOptions options;
  options.method.method = task.method;
  options.weights = WeightScheme::uncertain;
  options.pareto = Pareto::off;
  options.draws.draws = task.draws;
  options.draws.jobs = options.method.jobs = jobs;
  const auto table = table_of(task.sites, task.method == Method::electre3, task.spread);
  print(task.name, task.sites, task.draws, timed([&] { (void)rank(table, options); }),
        task.target_s, task.peer_s, task.peer);
}

/// The kernels without what rank() puts around them: findings, rows of the result, guards.
void run_kernels(int jobs) {
  MethodOptions options;
  options.jobs = jobs;
  for (const std::size_t sites : {std::size_t{100000}, std::size_t{1000000}}) {
    options.method = Method::promethee2;
    const auto table = table_of(sites, false, false);
    const auto columns = columns_of(table);
    const std::vector<double> weights(table.criteria.size(), 1.0 / 12.0);
    print("PROMETHEE II linear, score alone", sites, 0, timed([&] {
            (void)score(prepare_method(table.criteria, columns, sites, options), weights);
          }),
          sites > 100000 ? 2.5 : 0.25, sites > 100000 ? 8.2 : 0.5, "Promethee2");
  }
  options.method = Method::electre3;
  const auto table = table_of(2000, true, false);
  const auto prepared = prepare_method(table.criteria, columns_of(table), 2000, options);
  const std::vector<double> weights(table.criteria.size(), 1.0 / 12.0);
  std::vector<double> sigma;
  print("ELECTRE III, credibility alone", 2000, 0,
        timed([&] { method_parts::credibility(prepared, weights.data(), sigma); }), 0.3, 0, "");
}

}  // namespace

int main(int count, char** words) {
  const auto said = count > 1 ? parse_number(words[1]) : std::nullopt;
  const int jobs = said ? static_cast<int>(*said) : 2;
  const auto task_said = count > 2 ? parse_number(words[2]) : std::nullopt;
  const std::size_t only = task_said ? static_cast<std::size_t>(*task_said) : 0;
  const Task tasks[] = {
      {"TOPSIS, ranks", Method::topsis, 100000, 1000, false, 1.5, 5300, "pymcdm"},
      {"WSM, ranks", Method::wsm, 100000, 1000, false, 1.5, 0, ""},
      {"TOPSIS, ranks", Method::topsis, 10000, 1000, false, 0.15, 286, "pymcdm"},
      {"WSM, ranks", Method::wsm, 10000, 1000, false, 0.15, 0, ""},
      {"WSM, ranks", Method::wsm, 1000, 1000, false, 0.05, 14, "R smaa"},
      {"TOPSIS, ranks", Method::topsis, 1000000, 100, false, 3.5, 0, ""},
      {"TOPSIS, every cell drawn", Method::topsis, 100000, 1000, true, 10, 0, ""},
      {"WSM, every cell drawn", Method::wsm, 100000, 1000, true, 10, 0, ""},
      {"VIKOR, every cell drawn", Method::vikor, 10000, 100, true, 1, 0, ""},
      {"PROMETHEE II linear", Method::promethee2, 100000, 0, false, 0.25, 0.5, "Promethee2"},
      {"PROMETHEE II linear", Method::promethee2, 1000000, 0, false, 2.5, 8.2, "Promethee2"},
      {"ELECTRE III, distillation", Method::electre3, 2000, 0, false, 1.0, 0, ""}};
  std::printf("12 criteria; s by the clock and CPU s of rank() as a whole; peak so far\n");
  std::printf("%-34s %8s %6s %8s %8s %8s %8s %11s\n", "task", "sites", "draws", "s", "CPU s",
              "target s", "peak MB", "peer / ours");
  std::size_t number = 0;
  for (const auto& task : tasks)
    if (++number; only == 0 || only == number) run(task, jobs);
  if (only == 0 || only > number) run_kernels(jobs);
}
