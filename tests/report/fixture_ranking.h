// How sure the fixture's ranking is, and why: made by hand, so that every figure has something.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "libgeo/study/result.h"

namespace lode::test {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

inline void add_fixture_firmness(StudyResult& study) {
  const std::vector<std::vector<double>> central{{0.46, 0.27, 0.19, 0.08},
                                                 {0.29, 0.30, 0.33, 0.08},
                                                 {0.31, 0.45, 0.14, 0.10},
                                                 {0.70, 0.17, 0.05, 0.08}};
  for (std::size_t i = 0; i < study.ranking.size(); ++i) {
    SiteStanding& one = study.ranking[i];
    const double at = static_cast<double>(i);
    if (i < central.size()) {
      one.central_weights = central[i];
      one.confidence = 0.91 - 0.13 * at;
    }
    one.first_error = i < 4 ? 0.0031 / (1.0 + at) : 0.0;
    one.rank_entropy = 0.28 + 0.02 * at;
    one.holistic_acceptability = 0.8 / (1.0 + 0.5 * at);
    one.regret = 0.02 + 0.03 * at;
    one.pareto_front = i < 4 || i == 6 ? 1 : i < 10 ? 2 : 3;
    one.dominators = one.pareto_front == 1 ? 0 : i / 2;
  }
  study.ranking[2].cautions = {"economics on inferred material"};
  study.ranking[5].cautions = {"net_treo_t was not known and taken as anything between its bounds",
                               "a partial suite of elements"};
  study.ranking[5].missing = {"net_treo_t"};
}

inline void add_fixture_pair(StudyResult& study, std::size_t a, std::size_t b) {
  PairExplained pair;
  pair.a = study.ranking[a].site;
  pair.b = study.ranking[b].site;
  const std::string upper = study.sites[pair.a].name, lower = study.sites[pair.b].name;
  Explanation& why = pair.why;
  why.a = study.sites[pair.a].id;
  why.b = study.sites[pair.b].id;
  why.rank_a = a + 1;
  why.rank_b = b + 1;
  why.score_a = study.ranking[a].score;
  why.score_b = study.ranking[b].score;
  why.margin = why.score_a - why.score_b;
  why.split = {-0.021, why.margin + 0.033, -0.012, 0.0};
  why.win_probability = 0.64;
  why.flip_weight = {true, 1, 0.30, 0.21};
  why.weight_flips = {
      {true, 0, 0.40, 0.55}, {true, 1, 0.30, 0.21}, {false, 2, 0.20, 0.0}, {false, 3, 0.10, 0.0}};
  why.flip_value = {true, true, 1, 0.40, 0.83, 0.086};
  why.value_flips = {{true, false, 0, 2.38e6, 3.61e6, 0.045},
                     {true, true, 1, 0.40, 0.83, 0.086},
                     {false, true, 2, 0.0, 0.0, 0.0},
                     {true, true, 3, 2.2, 4.0, 0.18}};
  why.tornado = {{0.006, 0.063, 0.061, -0.008}, {0.049, 0.021, 0.017, 0.058}, {}, {}};
  why.sobol = {{0.41, 0.47}, {0.12, 0.19}, {}, {}};
  why.sobol_weights = {0.30, 0.38};
  why.margin_deviation = 0.051;
  pair.words.headline = upper + " stands above " + lower + " by 0.038 (TOPSIS, scale 0 to 1).";
  pair.words.in_favour = {"The haul to the plant costs 0.40 against 0.63 USD/kg: +0.071."};
  pair.words.against = {"It has less oxide, 1.37 against 2.38 Mt: -0.021.",
                        "Its ore is poorer, 8.19 against 9.97 %: -0.012."};
  pair.words.flips = {"A weight of 21 % instead of 30 % on the haul makes them level.",
                      "A haul of 0.83 USD/kg instead of 0.40 does so too."};
  pair.words.certainty = {upper + " stands above in 64 % of 10,000 draws.",
                          "Most of the doubt comes from the tonnage (47 %), then the weights."};
  pair.words.cautions = {"TOPSIS is no sum: the split is of Shapley values."};
  study.explained.push_back(pair);
}

inline void add_fixture_checks(StudyResult& study) {
  RankingChecks& checks = study.checks;
  checks.screening = {{"policy: excluded country", 1, 1, 1, 0},
                      {"has a place", 3, 2, 2, 3},
                      {"grade at least 0.05 %", 1, 0, 0, 0}};
  const auto agreement = [&](Method method, double tau, double ws, const char* first) {
    Agreement one;
    one.method = method;
    one.tau = tau;
    one.ws = ws;
    one.first = first;
    checks.agreement.push_back(one);
  };
  agreement(Method::wsm, 0.92, 0.98, "US-01");
  agreement(Method::vikor, 0.81, 0.95, "US-01");
  agreement(Method::promethee2, 0.88, 0.93, "AU-01");
  agreement(Method::spotis, 0.95, 0.99, "US-01");
  agreement(Method::electre3, 0.43, 0.71, "CA-01");
  Agreement refused;
  refused.method = Method::wpm;
  refused.refused = "ranking.not_positive";
  checks.agreement.push_back(refused);
  checks.reversal.emplace();
  checks.reversal->trials = 14;
  checks.reversal->changed = 1;
  checks.reversal->causes = {"TZ-01"};
  checks.stability = {{0, 0.40, 0.22, 0.55, "CA-01", "AU-01"},
                      {1, 0.30, 0.21, 0.74, "AU-01", "AU-02"},
                      {2, 0.20, 0.0, 0.36, "", "AU-01"},
                      {3, 0.10, 0.0, 1.0, "", ""}};
  checks.correlation = {1.0,  -0.22, 0.93, 0.05, -0.22, 1.0,  -0.31, 0.48,
                        0.93, -0.31, 1.0,  0.02, 0.05,  0.48, 0.02,  1.0};
  checks.inflation = {11.3, 1.6, 10.8, 1.4};
  checks.paired = 12;
  checks.pairwise.assign(checks.paired * checks.paired, 0.5);
  for (std::size_t i = 0; i < checks.paired; ++i)
    for (std::size_t k = 0; k < checks.paired; ++k)
      checks.pairwise[i * checks.paired + k] =
          1.0 / (1.0 + std::exp(0.55 * (static_cast<double>(i) - static_cast<double>(k))));
  checks.standard_error = 0.0031;
  checks.weights_note = "Weights vary by half of their value either way.";
  study.ranking.front().first_error = checks.standard_error;
}

/// Shares of `rows` elements at four stages, as many as are asked for.
inline std::vector<Dependence> fixture_dependence(std::size_t rows) {
  static const char* const elements[]{"La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb",
                                      "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y"};
  static const char* const stages[]{"mine", "separation", "metal", "magnet"};
  std::vector<Dependence> list;
  for (std::size_t stage = 0; stage < 4; ++stage)
    for (std::size_t k = 0; k < 15 && list.size() < rows; ++k) {
      Dependence one;
      one.material = elements[k];
      one.stage = stages[stage];
      one.period = "2024";
      const double heavy = k > 5 ? 0.18 : 0.0;
      const double china = std::min(0.985, 0.62 + heavy + 0.07 * static_cast<double>(stage));
      const double rest = 1.0 - china;
      one.share_by_country = {{"CHN", china},
                              {k > 5 ? "MMR" : "USA", rest * 0.5},
                              {"AUS", rest * 0.25},
                              {"MYS", rest * 0.15},
                              {"other", rest * 0.1}};
      for (const auto& share : one.share_by_country)
        one.hhi = (share.second == china ? 0.0 : one.hhi) + share.second * share.second;
      one.hhi_low = one.hhi - 0.01;
      one.hhi_high = one.hhi + 0.04;
      one.hhi_wgi = 5.5 * one.hhi;
      one.home_share = k > 5 ? 0.0 : rest * 0.5;
      one.allied_share = rest * 0.25;
      one.import_reliance = k > 5 ? 1.0 : 0.8;
      one.eu_supply_risk = 4.0 * one.hhi - 0.9;
      one.geopolrisk = 0.4 * one.hhi;
      one.usgs_supply_risk = kUnknown;
      one.total_t = 45000.0 / static_cast<double>(k + 1);
      one.source = "production.csv, field MINE_T";
      one.how = stage == 0 ? "Other is counted as one country; split by the ores' compositions"
                           : "Other is counted as one country";
      list.push_back(one);
    }
  return list;
}

/// All of it, for a study of the fixture's sites.
inline void add_fixture_explanations(StudyResult& study) {
  add_fixture_firmness(study);
  add_fixture_pair(study, 0, 1);
  add_fixture_pair(study, 0, 5);
  add_fixture_pair(study, 0, 10);
  add_fixture_checks(study);
}

}  // namespace lode::test
