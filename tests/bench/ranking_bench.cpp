// Times the ranking kernels against their targets: `bench_ranking [jobs]` prints a table.
#include <chrono>
#include <cstdio>
#include <string>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/rank.h"

namespace {

using namespace lode;

struct Task {
  const char* name;
  Method method;
  Shape shape;
  std::size_t sites, draws;
  double target_s;  ///< on 2 threads
  double peer_s;    ///< recorded for the peer named, 0 = none
  const char* peer;
};

DecisionTable table_of(std::size_t sites, bool veto) {
  DecisionTable table;
  const Random random{3, 1};
  constexpr std::size_t criteria = 12;
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
  for (std::size_t k = 0; k < sites * criteria; ++k) table.values.push_back(random.uniform(k));
  return table;
}

double seconds(const Task& task, int jobs) {
  RankOptions options;
  options.method.method = task.method;
  options.method.preference = task.shape;
  options.weights = WeightScheme::uncertain;
  options.draws.draws = task.draws;
  options.draws.jobs = options.method.jobs = jobs;
  const auto table = table_of(task.sites, task.method == Method::electre3);
  const auto start = std::chrono::steady_clock::now();
  const auto result = rank(table, options);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return result.sites.empty() ? 0.0 : took.count();
}

}  // namespace

int main(int count, char** words) {
  const auto said = count > 1 ? parse_number(words[1]) : std::nullopt;
  const int jobs = said ? static_cast<int>(*said) : 2;
  const Task tasks[] = {
      {"TOPSIS, 12 criteria, ranks", Method::topsis, Shape::linear, 100000, 1000, 1.5, 5300,
       "pymcdm"},
      {"WSM, 12 criteria, ranks", Method::wsm, Shape::linear, 100000, 1000, 1.5, 0, ""},
      {"TOPSIS, 12 criteria, ranks", Method::topsis, Shape::linear, 10000, 1000, 0.15, 286,
       "pymcdm"},
      {"PROMETHEE II linear", Method::promethee2, Shape::linear, 1000000, 0, 3.0, 8.2,
       "Promethee2"},
      {"PROMETHEE II linear", Method::promethee2, Shape::linear, 100000, 0, 0.25, 0.5,
       "Promethee2"},
      {"ELECTRE III, distillation", Method::electre3, Shape::linear, 2000, 0, 2.0, 0, ""}};
  std::printf("%-28s %9s %6s %9s %9s %12s\n", "task", "sites", "draws", "s", "target s",
              "peer / ours");
  for (const auto& task : tasks) {
    const double took = seconds(task, jobs);
    std::printf("%-28s %9zu %6zu %9.3f %9.2f", task.name, task.sites, task.draws, took,
                task.target_s);
    if (task.peer_s > 0) std::printf(" %8.0f x %s", task.peer_s / took, task.peer);
    std::printf("\n");
  }
}
