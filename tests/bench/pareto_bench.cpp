// Times dominance and a ranking without draws on many sites: `bench_pareto [jobs]` prints a table.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/pareto.h"
#include "libgeo/ranking/rank.h"

namespace {

using namespace lode;

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void time_dominance(std::size_t sites, std::size_t criteria, double levels, int jobs) {
  std::vector<double> columns(sites * criteria);
  const Random random{3, 1};
  for (std::size_t k = 0; k < columns.size(); ++k) {
    columns[k] = random.uniform(k);
    if (levels > 0) columns[k] = static_cast<double>(static_cast<long>(columns[k] * levels));
  }
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  const auto result = dominance(columns, sites, criteria, {jobs, 3});
  const double took = seconds_since(start);
  std::uint32_t fronts = 0;
  for (const auto front : result.front) fronts = std::max(fronts, front);
  std::printf("dominance %9zu x %2zu%s %8.3f s, %8.3f CPU s, %u fronts\n", sites, criteria,
              levels > 0 ? ", ties" : "      ", took, cpu_seconds() - cpu, fronts);
}

void time_rank(std::size_t sites, int jobs) {
  DecisionTable table;
  const Random random{3, 1};
  constexpr std::size_t criteria = 12;
  for (std::size_t j = 0; j < criteria; ++j) {
    Criterion c;
    c.name = "c" + std::to_string(j);
    c.weight = 1.0 / criteria;
    c.lo = 0;
    c.hi = 1;
    table.criteria.push_back(c);
  }
  for (std::size_t i = 0; i < sites; ++i) table.ids.push_back("S" + std::to_string(i));
  for (std::size_t k = 0; k < sites * criteria; ++k) table.values.push_back(random.uniform(k));
  RankOptions options;
  options.draws.draws = 0;
  options.method.jobs = jobs;
  std::vector<double> columns(sites * criteria);
  for (std::size_t i = 0; i < sites; ++i)
    for (std::size_t j = 0; j < criteria; ++j)
      columns[j * sites + i] = table.values[i * criteria + j];
  auto start = std::chrono::steady_clock::now();
  const auto prepared = prepare_method(table.criteria, columns, sites, options.method, table.ids);
  const auto scored = score(prepared, std::vector<double>(criteria, 1.0 / criteria));
  const double scoring = seconds_since(start);
  start = std::chrono::steady_clock::now();
  const auto result = rank(table, options);
  std::printf("rank      %9zu x %2zu without draws %8.3f s, of it scoring %.3f s (%zu)\n", sites,
              criteria, seconds_since(start), scoring, result.sites.size() + scored.score.size());
}

}  // namespace

int main(int count, char** words) {
  const int jobs = count > 1 ? static_cast<int>(lode::parse_number(words[1]).value_or(0)) : 0;
  time_dominance(20000, 12, 0, jobs);
  time_dominance(100000, 12, 0, jobs);
  time_dominance(100000, 12, 5, jobs);
  time_dominance(100000, 2, 0, jobs);
  time_dominance(100000, 1, 0, jobs);
  time_rank(1000000, jobs);
}
