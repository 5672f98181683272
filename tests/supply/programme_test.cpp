// Programmes: textbook optima, scipy, the cbc and glpsol programs on the same LP files, conflicts.
#include "libgeo/supply/programme.h"

#include <gmock/gmock.h>

#include <ctime>
#include <random>

#include "libgeo/supply/programme_parts.h"
#include "tests/ranking/cases.h"
#include "tests/supply/programme_oracles.h"

namespace lode::test {
namespace {

using testing::ElementsAre;

double side(const std::string& text) {
  return text == "inf" ? unbounded_value : text == "-inf" ? -unbounded_value : number(text);
}

Programme programme_of(const Case& one) {
  Programme programme;
  const auto cost = words(one.at("cost")), low = words(one.at("low")), high = words(one.at("high")),
             whole = words(one.at("whole"));
  for (std::size_t k = 0; k < cost.size(); ++k)
    programme.add(Programme::Variable{"x" + std::to_string(k), side(low[k]), side(high[k]),
                                      number(cost[k]), whole[k] == "1"});
  for (const auto& text : split(one.at("rows"), ';')) {
    const auto cells = words(text);
    Programme::Row row{"r" + std::to_string(programme.rows.size()),
                       "",
                       side(cells.front()),
                       side(cells.back()),
                       {}};
    for (std::size_t k = 0; k + 2 < cells.size(); ++k)
      row.terms.emplace_back(static_cast<std::uint32_t>(k), number(cells[k + 1]));
    programme.add(row);
  }
  return programme;
}

TEST(Programme, TextbooksAndScipy) {
  ProgrammeOptions exact;
  exact.gap = 0.0;
  std::size_t optimal = 0;
  for (const auto& one : read_cases("programmes.csv")) {
    const ProgrammeResult result = solve(programme_of(one), exact);
    EXPECT_EQ(to_text(result.status), one.at("status")) << one.at("name");
    if (result.status != ProgrammeStatus::optimal) continue;
    ++optimal;
    const double known = number(one.at("optimum"));
    EXPECT_NEAR(result.objective, known, 1e-7 * (1 + std::abs(known))) << one.at("name");
    EXPECT_EQ(result.objective, result.recomputed_objective);
    EXPECT_LE(result.gap, 1e-6);
    EXPECT_LE(result.worst_row, 1e-6) << one.at("name");
    EXPECT_LE(result.worst_bound, 1e-6);
    EXPECT_LE(result.worst_integer, 1e-9);
  }
  EXPECT_GT(optimal, 25u);
}

TEST(Programme, DualsAreThePriceOfASide) {
  // Wyndor Glass (Hillier and Lieberman): shadow prices 0, 1.5, 1 of the three plants.
  const Case wyndor = read_cases("programmes.csv").front();
  const ProgrammeResult result = solve(programme_of(wyndor));
  ASSERT_EQ(result.duals.size(), 3u);
  EXPECT_NEAR(result.duals[0], 0.0, 1e-9);
  EXPECT_NEAR(result.duals[1], -1.5, 1e-9);
  EXPECT_NEAR(result.duals[2], -1.0, 1e-9);
  EXPECT_NEAR(result.values[0], 2.0, 1e-9);
  EXPECT_NEAR(result.values[1], 6.0, 1e-9);
}

TEST(Programme, DualsOfAMixedProgrammeAreThoseOfItsContinuousPart) {
  // Plant open (cost 10) makes up to 5 at 1 each; need 3 costs 2 each elsewhere: dearer to open.
  Programme programme;
  const auto open = programme.add(Programme::Variable{"open", 0, 1, 10, true});
  const auto made = programme.add(Programme::Variable{"made", 0, unbounded_value, 1, false});
  const auto bought = programme.add(Programme::Variable{"bought", 0, unbounded_value, 2, false});
  programme.add(Programme::Row{"cap", "", -unbounded_value, 0, {{made, 1}, {open, -5}}});
  programme.add(Programme::Row{"need", "", 3, unbounded_value, {{made, 1}, {bought, 1}}});
  const ProgrammeResult result = solve(programme);
  EXPECT_DOUBLE_EQ(result.objective, 6.0);
  EXPECT_NEAR(result.duals[1], 2.0, 1e-9);
  EXPECT_EQ(result.values[open], 0.0);
}

TEST(Programme, UnboundedNamesWhatGrows) {
  Programme programme;
  const auto x = programme.add(Programme::Variable{"mine", 0, unbounded_value, 1, false});
  const auto y = programme.add(Programme::Variable{"sold", 0, unbounded_value, -3, false});
  const auto b = programme.add(Programme::Variable{"open", 0, 1, 1, true});
  programme.add(Programme::Row{"balance", "", 0, unbounded_value, {{x, 1}, {y, -1}}});
  programme.add(Programme::Row{"b", "", 1, 1, {{b, 1}}});
  const ProgrammeResult result = solve(programme);
  EXPECT_EQ(result.status, ProgrammeStatus::unbounded);
  EXPECT_EQ(result.unbounded_by, "sold");
  EXPECT_TRUE(std::isnan(result.objective));
  // The same where nothing is a solution: infeasible, not unbounded.
  programme.rows[1].low = 2;
  programme.rows[1].high = 2;
  EXPECT_EQ(solve(programme).status, ProgrammeStatus::infeasible);
  programme.variables[b].integer = false;
  EXPECT_EQ(solve(programme).status, ProgrammeStatus::infeasible);
}

TEST(Programme, OddShapes) {
  Programme empty;
  empty.constant = 4.5;
  EXPECT_DOUBLE_EQ(solve(empty).objective, 4.5);
  EXPECT_TRUE(solve(empty).values.empty());
  empty.add(Programme::Row{"r", "", 1, unbounded_value, {}});
  EXPECT_EQ(solve(empty).status, ProgrammeStatus::infeasible);
  Programme repeated;  // 2x + 3x = 10
  const auto x = repeated.add(Programme::Variable{"x", 0, 9, 1, false});
  repeated.add(Programme::Row{"r", "", 10, 10, {{x, 2}, {x, 3}}});
  EXPECT_DOUBLE_EQ(solve(repeated).objective, 2.0);
  repeated.variables[x].low = 10;
  EXPECT_EQ(solve(repeated).status, ProgrammeStatus::infeasible);  // low above high
  Programme whole;                                                 // whole within 0.4 to 2.6: 1
  whole.add(Programme::Variable{"x", 0.4, 2.6, 1, true});
  EXPECT_DOUBLE_EQ(solve(whole).objective, 1.0);
  ProgrammeOptions relaxed;
  relaxed.relax = true;
  EXPECT_DOUBLE_EQ(solve(whole, relaxed).objective, 0.4);
}

TEST(Programme, RefusesWhatItCannotWrite) {
  const auto with = [](const std::string& name, double low = 0.0, double cost = 1.0) {
    Programme programme;
    programme.add(Programme::Variable{name, low, unbounded_value, cost, false});
    return code_of([&] { (void)solve(programme); });
  };
  EXPECT_EQ(with("x_1.a"), "");
  for (const char* name : {"", "2x", ".x", "e1", "E", "a b", "a-b", "free", "End", "st", "x\n"})
    EXPECT_EQ(with(name), "supply.programme") << name;
  EXPECT_EQ(with("x", std::nan("")), "supply.programme");
  EXPECT_EQ(with("x", unbounded_value), "supply.programme");
  EXPECT_EQ(with("x", 0.0, unbounded_value), "supply.programme");
  Programme programme;
  programme.add(Programme::Variable{"x"});
  programme.add(Programme::Row{"r", "", 0, 1, {{7, 1.0}}});
  EXPECT_EQ(code_of([&] { (void)lp_text(programme); }), "supply.programme");
  programme.rows[0].terms = {{0, 1.0}};
  programme.add(programme.rows[0]);
  EXPECT_EQ(code_of([&] { (void)lp_text(programme); }), "supply.programme");
}

/// Sources that are open or not and meet a need: mixed, of the kind that plans are made of.
Programme random_plan(std::uint64_t seed, std::size_t sources, std::size_t needs) {
  std::mt19937_64 random(seed);
  const auto draw = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random() % 100001) / 100000.0;
  };
  Programme programme;
  programme.constant = draw(-5, 5);
  std::vector<std::vector<std::pair<std::uint32_t, double>>> met(needs);
  for (std::size_t s = 0; s < sources; ++s) {
    const std::string name = std::to_string(s);
    const auto open = programme.add(Programme::Variable{"open" + name, 0, 1, draw(20, 90), true});
    const double most = draw(5, 20);
    const auto made = programme.add(Programme::Variable{"made" + name, 0, most, draw(1, 9), false});
    programme.add(
        Programme::Row{"cap" + name, "", -unbounded_value, 0, {{made, 1.0}, {open, -most}}});
    for (std::size_t n = 0; n < needs; ++n) met[n].emplace_back(made, draw(0, 0.5));
  }
  for (std::size_t n = 0; n < needs; ++n) {
    const auto missing =
        programme.add(Programme::Variable{"short" + std::to_string(n), 0, 40, 60, false});
    met[n].emplace_back(missing, 1.0);
    programme.add(Programme::Row{"need" + std::to_string(n), "", draw(5, 30),
                                 n % 2 == 0 ? unbounded_value : 60, met[n]});
  }
  // Lines of every shape: whole beyond 1, negative, fixed, free.
  const auto lots = programme.add(Programme::Variable{"lots", -3, 7, -2.5, true});
  const auto free =
      programme.add(Programme::Variable{"anything", -unbounded_value, unbounded_value, 0.5, false});
  programme.add(Programme::Variable{"fixed", 2.5, 2.5, 1, false});
  programme.add(Programme::Variable{"below", -unbounded_value, 4, -1, false});
  programme.add(Programme::Row{"tie", "", -4.25, 6.5, {{lots, 1.5}, {free, 1.0}}});
  return programme;
}

// --- what doubles cannot hold, and proofs that do not hold ---

Programme two_costs(double first, double second) {
  Programme programme;
  const auto x = programme.add(Programme::Variable{"dear", 0, 9, first, false});
  const auto y = programme.add(Programme::Variable{"cheap", 0, 9, second, false});
  programme.add(Programme::Row{"need", "", 1, 9, {{x, 1}, {y, 1}}});
  return programme;
}

TEST(Programme, RefusesFiguresThatAreTooFarApart) {
  const auto code = [](const Programme& programme) {
    return code_of([&] { (void)solve(programme); });
  };
  EXPECT_EQ(code(two_costs(1e10, 1)), "");
  EXPECT_EQ(code(two_costs(1e5, 1e-14)), "");  // what a subtraction leaves of nothing
  EXPECT_EQ(code(two_costs(2e11, 1)), "supply.programme");
  EXPECT_EQ(code(two_costs(2e15, 0)), "supply.programme");
  try {
    (void)solve(two_costs(1, -1e12));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.where, "objective");
    EXPECT_THAT(std::string(error.what()), testing::HasSubstr("1e+12 of cheap and 1 of dear"));
  }
  Programme programme = two_costs(1, 2);
  programme.rows[0].terms[0].second = 1e12;
  EXPECT_EQ(code(programme), "supply.programme");
  EXPECT_EQ(code_of([&] { WarmProgramme warm(programme, {}); }), "supply.programme");
  EXPECT_EQ(code_of([&] { (void)lp_text(programme); }), "");  // other programs may try
  programme = two_costs(1, 2);
  programme.rows[0].high = 2e15;
  EXPECT_EQ(code(programme), "supply.programme");
  programme = two_costs(1, 2);
  programme.variables[0].high = 2e15;
  EXPECT_EQ(code(programme), "supply.programme");
}

TEST(Programme, ABoundIsReckonedFromAnyPrices) {
  // Wyndor Glass: least -3 x - 5 y with x <= 4, 2 y <= 12, 3 x + 2 y <= 18; -36 at (2, 6).
  Programme wyndor;
  const auto x = wyndor.add(Programme::Variable{"x", 0, unbounded_value, -3, false});
  const auto y = wyndor.add(Programme::Variable{"y", 0, unbounded_value, -5, false});
  wyndor.add(Programme::Row{"a", "", -unbounded_value, 4, {{x, 1}}});
  wyndor.add(Programme::Row{"b", "", -unbounded_value, 12, {{y, 2}}});
  wyndor.add(Programme::Row{"c", "", -unbounded_value, 18, {{x, 3}, {y, 2}}});
  const std::vector<double> best{2, 6};
  EXPECT_DOUBLE_EQ(dual_bound(wyndor, best, {0, -1.5, -1}, false), -36.0);
  // Prices that are too high prove less, a price of the wrong sign nothing of its own.
  EXPECT_DOUBLE_EQ(dual_bound(wyndor, best, {-3, -2.5, 0}, false), -42.0);
  EXPECT_DOUBLE_EQ(dual_bound(wyndor, best, {7, -1.5, -1}, false), -36.0);
  // Without a price of the first plant x could grow without end.
  EXPECT_EQ(dual_bound(wyndor, best, {0, -2.5, 0}, false), -unbounded_value);
  // With x no more than 5: 12 x -2.5 and 5 x -3.
  wyndor.variables[x].high = 5;
  EXPECT_DOUBLE_EQ(dual_bound(wyndor, best, {0, -2.5, 0}, false), -45.0);
  // Fixed at 2 as a whole number it is 2 x -3.
  wyndor.variables[x].integer = true;
  EXPECT_DOUBLE_EQ(dual_bound(wyndor, best, {0, -2.5, 0}, true), -36.0);
}

TEST(Programme, TheProgramsCbcAndGlpsolFindTheSame) {
  const bool cbc = has_program("cbc"), glpsol = has_program("glpsol");
  if (!cbc && !glpsol) GTEST_SKIP() << "neither cbc nor glpsol is installed";
  const TempDir dir;
  ProgrammeOptions exact;
  exact.gap = 0.0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Programme programme = random_plan(seed, 6 + seed, 3);
    const ProgrammeResult result = solve(programme, exact);
    ASSERT_EQ(result.status, ProgrammeStatus::optimal);
    const std::string lp = lp_text(programme);
    const double size = 1e-6 * (1 + std::abs(result.objective));
    if (cbc) {
      const Said said = cbc_objective(dir, lp);
      ASSERT_TRUE(said) << lp;
      EXPECT_NEAR(*said, result.objective, size) << seed;
    }
    if (glpsol) {
      const Said said = glpsol_objective(dir, lp);
      ASSERT_TRUE(said) << lp << text_of(dir / "glpsol.log");
      // Printed to ten digits.
      EXPECT_NEAR(*said, result.objective, size) << seed;
    }
  }
}

TEST(Programme, LpFilesOfOddShapesAreRead) {
  const bool cbc = has_program("cbc"), glpsol = has_program("glpsol");
  if (!cbc && !glpsol) GTEST_SKIP() << "neither cbc nor glpsol is installed";
  const TempDir dir;
  for (const auto& one : read_cases("programmes.csv")) {
    const Programme programme = programme_of(one);
    const std::string lp = lp_text(programme);
    const double known = number(one.at("optimum"));
    for (const bool first : {true, false}) {
      if (!(first ? cbc : glpsol)) continue;
      const Said said = first ? cbc_objective(dir, lp) : glpsol_objective(dir, lp);
      ASSERT_TRUE(said) << one.at("name") << lp;
      if (std::isnan(known)) {
        EXPECT_TRUE(std::isnan(*said)) << one.at("name");
      } else {
        EXPECT_NEAR(*said, known, 1e-6 * (1 + std::abs(known))) << one.at("name");
      }
    }
  }
}

TEST(Programme, TheSameBitsEveryTime) {
  const Programme programme = random_plan(5, 20, 4);
  const ProgrammeResult first = solve(programme), again = solve(programme);
  EXPECT_EQ(first.values, again.values);
  EXPECT_EQ(first.duals, again.duals);
  EXPECT_EQ(first.bound, again.bound);
  EXPECT_LE(first.gap, 1e-3);
}

TEST(Programme, NodesEndTheSearchWithItsBound) {
  const Programme programme = random_plan(3, 40, 5);
  ProgrammeOptions few;
  few.gap = 0.0;
  few.nodes = 3;
  const ProgrammeResult cut = solve(programme, few);
  few.nodes = 200000;
  const ProgrammeResult full = solve(programme, few);
  ASSERT_EQ(full.status, ProgrammeStatus::optimal);
  if (cut.status == ProgrammeStatus::feasible) {
    EXPECT_LE(cut.bound, full.objective + 1e-6);
    EXPECT_GE(cut.objective, full.objective - 1e-6);
  } else {
    EXPECT_EQ(cut.status, ProgrammeStatus::unsolved);
    EXPECT_TRUE(std::isnan(cut.objective));
  }
}

TEST(Programme, IsInterrupted) {
  int asked = 0;
  const Progress stop([](double, const std::string&) {}, [&] { return ++asked > 3; });
  ProgrammeOptions exact;
  exact.gap = 0.0;
  EXPECT_EQ(code_of([&] { (void)solve(random_plan(3, 60, 6), exact, stop); }), "run.interrupted");
  // And what the report throws comes out as it was.
  const Progress broken([](double, const std::string&) { throw Error("test.report", "x"); },
                        [] { return false; });
  EXPECT_EQ(code_of([&] { (void)solve(random_plan(3, 60, 6), exact, broken); }), "test.report");
}

// A run of seconds is left within half a second of the stop, and the thread solves on. GLPK says
// nothing while it presolves, which the first two askings are before: there nothing can be left.
TEST(Programme, ALongLinearProgrammeIsStopped) {
  const Programme large = random_plan(7, 3000, 200);
  ProgrammeOptions relaxed;
  relaxed.relax = true;
  int asked = 0;
  double longest = 0.0;
  auto last = std::clock();  // of the processor: others may keep it busy
  const auto since_last = [&] {
    return static_cast<double>(std::clock() - last) / static_cast<double>(CLOCKS_PER_SEC);
  };
  const Progress stop([](double, const std::string&) {},
                      [&] {
                        if (++asked > 2) longest = std::max(longest, since_last());
                        last = std::clock();
                        return asked > 5;
                      });
  EXPECT_EQ(code_of([&] { (void)solve(large, relaxed, stop); }), "run.interrupted");
  EXPECT_LE(since_last(), 0.5);
  EXPECT_LE(longest, 0.5);
  EXPECT_DOUBLE_EQ(solve(two_costs(1, 2)).objective, 1.0);
}

// Whether there is any solution is asked of a second programme while the first one is held: a stop
// at whichever asking leaves both, and the thread solves on.
TEST(Programme, IsStoppedWhileOneProgrammeWaitsForAnother) {
  Programme endless = random_plan(3, 60, 6);
  endless.add(Programme::Variable{"endless", 0.0, unbounded_value, -1.0, false});
  ProgrammeOptions relaxed;
  relaxed.relax = true;
  for (int stopped_at = 0;; ++stopped_at) {
    int asked = 0;
    const Progress stop([](double, const std::string&) {}, [&] { return asked++ >= stopped_at; });
    std::string ending = "none";
    const std::string code = code_of([&] { ending = solve(endless, relaxed, stop).unbounded_by; });
    if (asked <= stopped_at) {
      EXPECT_EQ(ending, "endless");
      EXPECT_GT(stopped_at, 10) << "the second programme was never stopped";
      break;
    }
    ASSERT_EQ(code, "run.interrupted") << stopped_at;
  }
  EXPECT_DOUBLE_EQ(solve(two_costs(1, 2)).objective, 1.0);
}

// --- conflicts ---

Programme::Row at_least(const std::string& requirement, double low,
                        std::vector<std::pair<std::uint32_t, double>> terms) {
  return {"", requirement, low, unbounded_value, std::move(terms)};
}
Programme::Row at_most(const std::string& requirement, double high,
                       std::vector<std::pair<std::uint32_t, double>> terms) {
  return {"", requirement, -unbounded_value, high, std::move(terms)};
}

TEST(Conflict, TheSmallestOfTwoThatOverlap) {
  // x + y >= 10 with x <= 4 and y <= 5: three. x >= 6 with x <= 4: two.
  Programme programme;
  const auto x = programme.add(Programme::Variable{"x"});
  const auto y = programme.add(Programme::Variable{"y"});
  programme.add(at_least("demand", 10, {{x, 1}, {y, 1}}));
  programme.add(at_most("limit of x", 4, {{x, 1}}));
  programme.add(at_most("limit of y", 5, {{y, 1}}));
  programme.add(at_least("contract of x", 6, {{x, 1}}));
  programme.add(at_most("money", 100, {{x, 1}, {y, 1}}));
  const Conflict found = conflict(programme);
  EXPECT_THAT(found.requirements, ElementsAre("limit of x", "contract of x"));
  EXPECT_TRUE(found.fewest);
  // Beyond `exact` it is one that cannot be made smaller.
  const Conflict filtered = conflict(programme, {}, 3);
  EXPECT_FALSE(filtered.fewest);
  EXPECT_GE(filtered.requirements.size(), 2u);
  programme.rows.erase(programme.rows.begin() + 3);
  EXPECT_THAT(conflict(programme).requirements, ElementsAre("demand", "limit of x", "limit of y"));
  programme.rows[0].low = 9;
  EXPECT_TRUE(conflict(programme).requirements.empty());
}

TEST(Conflict, RowsOfOneRequirementStandTogether) {
  Programme programme;
  const auto x = programme.add(Programme::Variable{"x", 0, 10, 0, false});
  programme.add(at_least("contract", 3, {{x, 1}}));
  programme.add(at_most("contract", 2, {{x, 1}}));
  EXPECT_THAT(conflict(programme).requirements, ElementsAre("contract"));
}

TEST(Conflict, WholenessAlone) {
  // Two whole lots of 3 cannot make 4 to 5, halves could.
  Programme programme;
  const auto lots = programme.add(Programme::Variable{"lots", 0, 9, 0, true});
  programme.add(at_least("at least 4", 4, {{lots, 3}}));
  programme.add(at_most("at most 5", 5, {{lots, 3}}));
  programme.add(at_most("idle", 50, {{lots, 1}}));
  EXPECT_THAT(conflict(programme).requirements, ElementsAre("at least 4", "at most 5"));
  ProgrammeOptions relaxed;
  relaxed.relax = true;
  EXPECT_TRUE(conflict(programme, relaxed).requirements.empty());
}

TEST(Conflict, NatureAloneNamesNobody) {
  Programme programme;
  const auto x = programme.add(Programme::Variable{"x", 0, 1, 0, false});
  programme.add(at_least("", 2, {{x, 1}}));
  programme.add(at_most("budget", 5, {{x, 1}}));
  EXPECT_TRUE(conflict(programme).requirements.empty());
}

TEST(Conflict, FewestByTryingAllSubsets) {
  // Random rows over few variables; the least size by brute force.
  std::size_t infeasible = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    std::mt19937_64 random(seed);
    Programme programme;
    for (int k = 0; k < 3; ++k)
      programme.add(
          Programme::Variable{"x" + std::to_string(k), 0, 10, 0, k == 0 && seed % 2 == 0});
    const std::size_t count = 8;
    for (std::size_t r = 0; r < count; ++r) {
      Programme::Row row{"", "r" + std::to_string(r), -unbounded_value, unbounded_value, {}};
      for (std::uint32_t k = 0; k < 3; ++k)
        row.terms.emplace_back(k, static_cast<double>(random() % 7) - 3.0);
      const double at = static_cast<double>(random() % 21) - 6.0;
      (random() % 2 == 0 ? row.low : row.high) = at;
      programme.add(row);
    }
    std::size_t least = 99;
    for (std::size_t set = 0; set < (1u << count); ++set) {
      const auto size = static_cast<std::size_t>(__builtin_popcountll(set));
      if (size >= least) continue;
      Programme some = programme;
      some.rows.clear();
      for (std::size_t r = 0; r < count; ++r)
        if ((set >> r & 1u) != 0) some.rows.push_back(programme.rows[r]);
      if (solve(some).status == ProgrammeStatus::infeasible) least = size;
    }
    const Conflict found = conflict(programme);
    EXPECT_EQ(found.requirements.size(), least == 99 ? 0 : least) << seed;
    infeasible += least == 99 ? 0 : 1;
  }
  EXPECT_GT(infeasible, 10u);
}

// Solved from scratch it must be the same, whatever was changed and wherever the last solve ended.
TEST(WarmProgramme, GivesWhatSolvingAnewGives) {
  std::size_t optimal = 0, infeasible = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    const auto part = [&] { return static_cast<double>(random() % 1001) / 1000.0; };
    Programme programme = random_plan(seed, 12, 3);
    WarmProgramme warm(programme, {});
    std::vector<int> place;
    for (int change = 0; change < 30; ++change) {
      const auto variable = static_cast<std::uint32_t>(random() % programme.variables.size());
      const auto row = static_cast<std::uint32_t>(random() % programme.rows.size());
      switch (random() % 6) {
        case 0:
          warm.set_bounds(variable, 0.0, part());
          break;
        case 1:
          warm.set_cost(variable, 10.0 * part());
          break;
        case 2:
          warm.set_row(row, -unbounded_value, 50.0 * part());
          break;
        case 3:
          place = warm.basis();
          break;
        case 4:
          if (!place.empty()) warm.set_basis(place);
          break;
        default:
          programme.add(Programme::Row{
              "", "", 0.0, unbounded_value, {{variable, 1.0}, {variable, 1.0}, {0, -part()}}});
      }
      ProgrammeOptions relaxed;
      relaxed.relax = true;
      const ProgrammeResult anew = solve(programme, relaxed);
      const ProgrammeResult found = warm.solve();
      ASSERT_EQ(found.status, anew.status) << seed << ", " << change;
      if (anew.status != ProgrammeStatus::optimal) {
        ++infeasible;
        EXPECT_TRUE(found.values.empty());
        continue;
      }
      ++optimal;
      EXPECT_NEAR(found.objective, anew.objective, 1e-6 * (1 + std::abs(anew.objective)));
      // What costs more than is asked for need not be found, what costs less must be.
      EXPECT_FALSE(
          warm.solve(anew.objective + 1e-3 * (1 + std::abs(anew.objective))).values.empty());
    }
  }
  EXPECT_GT(optimal, 200u);
  EXPECT_GT(infeasible, 10u);
}

}  // namespace
}  // namespace lode::test
