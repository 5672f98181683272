// [ranking] of a study file: every key, and every mistake with its line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libgeo/core/error.h"
#include "libgeo/study/study_file.h"

namespace lode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// [ranking] begins at line 18, so that the first of `keys` stands in line 19.
std::string with(const std::string& keys, const std::string& weights = "0.5") {
  return R"([study]
title = "T"
home = "USA"
as_of = 2026-11-01
[[sites]]
path = "d.shp"
id = "ID"
kind = "primary"
[[criteria]]
name = "gross_treo_t"
direction = "max"
weight = )" +
         weights +
         R"(
[[criteria]]
name = "treo_grade_pct"
direction = "max"
weight = 0.5

[ranking]
)" + keys;
}

RankingTable read(const std::string& keys) {
  return parse_study(with(keys), "s.toml").ranking;
}

struct Mistake {
  std::string code, what, where, hint;
};
/// The one mistake of a file, or the first.
Mistake mistake(const std::string& keys) {
  try {
    (void)parse_study(with(keys), "s.toml");
  } catch (const Error& error) {
    return {error.code, error.what(), error.where, error.hint};
  }
  return {};
}

TEST(RankingFile, WhatIsNotSaidIsTheManualsDefault) {
  const RankingTable table = read("");
  EXPECT_EQ(table.options.method.method, Method::topsis);
  EXPECT_EQ(table.options.method.normalise, Normalise::bounds);
  EXPECT_EQ(table.options.weights, WeightScheme::uncertain);
  EXPECT_EQ(table.options.missing, Missing::refuse);
  EXPECT_EQ(table.options.draws.draws, 10000u);
  EXPECT_EQ(table.options.weight_spread, 0.5);
  EXPECT_EQ(table.options.pareto, Pareto::automatic);
  EXPECT_FALSE(table.options.rescale_weights);
  EXPECT_FALSE(table.compare || table.reversal || table.stability || table.neighbours);
  EXPECT_TRUE(table.pairs.empty());
  EXPECT_TRUE(table.unused.empty());
}

TEST(RankingFile, TakesEveryOptionOfAMethod) {
  const MethodOptions waspas = read("method = \"waspas\"\nwaspas_lambda = 0.25\n").options.method;
  EXPECT_EQ(waspas.waspas_lambda, 0.25);
  EXPECT_EQ(read("method = \"vikor\"\nvikor_v = 0.75\n").options.method.vikor_v, 0.75);
  EXPECT_EQ(read("method = \"owa\"\norness = 0.7\n").options.method.owa_orness, 0.7);
  EXPECT_THAT(read("method = \"owa\"\norder_weights = [0.75, 0.25]\n").options.method.owa_order,
              ElementsAre(0.75, 0.25));
  const MethodOptions fuzzy =
      read("method = \"fuzzy\"\nfuzzy_operator = \"gamma\"\ngamma = 0.5\n").options.method;
  EXPECT_EQ(fuzzy.fuzzy, FuzzyOperator::gamma);
  EXPECT_EQ(fuzzy.fuzzy_gamma, 0.5);
  const MethodOptions tri =
      read("method = \"electre-tri\"\ncut = 0.6\noptimistic = true\n").options.method;
  EXPECT_EQ(tri.electre_cut, 0.6);
  EXPECT_TRUE(tri.optimistic);
  EXPECT_EQ(read("method = \"promethee2\"\npreference = \"usual\"\n").options.method.preference,
            Shape::usual);
  EXPECT_EQ(read("normalize = \"vector\"\n").options.method.normalise, Normalise::vector);
}

TEST(RankingFile, TakesEveryOptionOfTheDraws) {
  const RankingTable table = read(
      "draws = 500\nspread = \"triangular\"\nkept_ranks = 7\nweight_spread = 0.2\n"
      "weight_limits = { gross_treo_t = [0.4, 0.6] }\n"
      "weight_ratios = [\"gross_treo_t/treo_grade_pct = 1:3\", \"treo_grade_pct/gross_treo_t <= "
      "2\"]\npareto = \"drop\"\nmissing = \"interval\"\ncorrelated_above = 0.8\n"
      "inflated_above = 5\n");
  const RankOptions& options = table.options;
  EXPECT_EQ(options.draws.draws, 500u);
  EXPECT_EQ(options.draws.spread, Spread::triangular);
  EXPECT_EQ(options.draws.kept_ranks, 7u);
  EXPECT_EQ(options.weight_spread, 0.2);
  ASSERT_EQ(options.weight_limits.size(), 2u);
  EXPECT_EQ(options.weight_limits[0], (std::pair{0.4, 0.6}));
  EXPECT_EQ(options.weight_limits[1], (std::pair{0.0, 1.0}));
  ASSERT_EQ(options.weight_ratios.size(), 2u);
  EXPECT_EQ(options.weight_ratios[0].numerator, 0u);
  EXPECT_EQ(options.weight_ratios[0].denominator, 1u);
  EXPECT_EQ(options.weight_ratios[0].low, 1.0);
  EXPECT_EQ(options.weight_ratios[0].high, 3.0);
  EXPECT_EQ(options.weight_ratios[1].low, 0.0);
  EXPECT_EQ(options.weight_ratios[1].high, 2.0);
  EXPECT_EQ(options.pareto, Pareto::drop);
  EXPECT_EQ(options.missing, Missing::interval);
  EXPECT_EQ(options.correlated_above, 0.8);
  EXPECT_EQ(options.inflated_above, 5.0);
}

TEST(RankingFile, TakesJudgementsAndQuestions) {
  const RankingTable table = read(
      "weights = \"ahp\"\npairwise = \"j.csv\"\ngeometric = true\ncompare = true\n"
      "reversal = false\nstability = true\nexplain = [[\"A\", \"B\"],\n  [\"C\", \"A\"]]\n");
  EXPECT_EQ(table.pairwise, "j.csv");
  EXPECT_TRUE(table.options.ahp.geometric);
  EXPECT_EQ(table.compare, true);
  EXPECT_EQ(table.reversal, false);
  EXPECT_EQ(table.stability, true);
  ASSERT_EQ(table.pairs.size(), 2u);
  EXPECT_EQ(table.pairs[1].a, "C");
  EXPECT_EQ(table.pairs[1].line, 26);
  EXPECT_EQ(read("explain = 3\n").neighbours, 3.0);
  EXPECT_EQ(read("explain = 0\n").neighbours, 0.0);
}

TEST(RankingFile, OnlyWeightsThatAreTakenAsWrittenMustSum) {
  const auto code = [](const std::string& keys) {
    try {
      (void)parse_study(with(keys, "0.4"), "s.toml");
    } catch (const Error& error) {
      return error.code;
    }
    return std::string();
  };
  EXPECT_EQ(code(""), "study.weights");
  EXPECT_EQ(code("weights = \"given\"\n"), "study.weights");
  EXPECT_EQ(code("weights = \"given\"\nrescale_weights = true\n"), "");
  for (const char* scheme : {"equal", "free", "ordered", "roc", "entropy", "critic", "merec"})
    EXPECT_EQ(code("weights = \"" + std::string(scheme) + "\"\n"), "") << scheme;
}

TEST(RankingFile, EveryMistakeHasItsLine) {
  struct Case {
    std::string keys, code, says;
  };
  for (const Case& one : std::vector<Case>{
           {"waspas_lambda = 2", "study.value", "not within 0 to 1"},
           {"vikor_v = -1", "study.value", "not within 0 to 1"},
           {"orness = 1", "study.value", "orness"},
           {"gamma = \"half\"", "study.type", "wants a number"},
           {"cut = 0.4", "study.value", "not within 0.5 to 1"},
           {"optimistic = 1", "study.type", "true or false"},
           {"fuzzy_operator = \"xor\"", "study.value", "xor"},
           {"preference = \"lineal\"", "study.value", "lineal"},
           {"spread = \"p5\"", "study.value", "p5"},
           {"pareto = \"maybe\"", "study.value", "maybe"},
           {"missing = \"worse\"", "study.value", "worse"},
           {"method = \"\"", "study.value", "is empty"},
           {"draws = 0.5", "study.value", "whole number"},
           {"kept_ranks = -1", "study.value", "not within 0 to 1000"},
           {"weight_spread = 1.5", "study.value", "not within 0 to 1"},
           {"correlated_above = 2", "study.value", "not within 0 to 1"},
           {"inflated_above = 0", "study.value", "not within 1"},
           {"order_weights = \"0.5,0.5\"", "study.type", "list of numbers"},
           {"order_weights = [0.5, 0.25, 0.25]", "study.value", "3 numbers for 2 criteria"},
           {"order_weights = [0.5, 0.4]", "study.value", "sum to 0.9"},
           {"weight_limits = [0.1, 0.4]", "study.type", "table such as"},
           {"weight_limits = { gross_treo_t = [0.4, 0.1] }", "study.value", "low <= high"},
           {"weight_limits = { gross_treo_t = 0.4 }", "study.value", "low <= high"},
           {"weight_limits = { gros_treo_t = [0.1, 0.4] }", "study.value", "not a criterion"},
           {"weight_limits = { gross_treo_t = [0, 0.2], treo_grade_pct = [0, 0.2] }", "study.value",
            "no weights that sum to 1"},
           {"weight_limits = { gross_treo_t = [0.8, 1], treo_grade_pct = [0.8, 1] }", "study.value",
            "no weights that sum to 1"},
           {"weight_ratios = \"a/b = 1:3\"", "study.type", "list of texts"},
           {"weight_ratios = [3]", "study.type", "wants texts"},
           {"weight_ratios = [\"gross_treo_t = 1:3\"]", "study.value", "no ratio of two weights"},
           {"weight_ratios = [\"gross_treo_t/treo_grade_pct = 3\"]", "study.value", "low:high"},
           {"weight_ratios = [\"gross_treo_t/treo_grade_pct < 3\"]", "study.value", "compares by"},
           {"weight_ratios = [\"gross_treo_t/treo_grade_pct = 3:1\"]", "study.value",
            "no ratio within"},
           {"weight_ratios = [\"gross_treo_t/gross_treo_t = 1:3\"]", "study.value", "with itself"},
           {"weight_ratios = [\"gross_treo_t/grade = 1:3\"]", "study.value", "not a criterion"},
           {"pairwise = \"j.csv\"", "study.value", "takes no judgements"},
           {"compare = \"yes\"", "study.type", "true or false"},
           {"reversal = 1", "study.type", "true or false"},
           {"stability = 1", "study.type", "true or false"},
           {"geometric = 1", "study.type", "true or false"},
           {"explain = \"A\"", "study.type", "pairs of ids"},
           {"explain = 1.5", "study.value", "whole number"},
           {"explain = [[\"A\"]]", "study.type", "two ids"},
           {"explain = [[\"A\", \"A\"]]", "study.value", "beside itself"},
           {"vikor_w = 0.5", "study.unknown_key", "vikor_w"}}) {
    const Mistake found = mistake(one.keys + "\n");
    EXPECT_EQ(found.code, one.code) << one.keys << ": " << found.what;
    EXPECT_THAT(found.what, HasSubstr(one.says)) << one.keys;
    EXPECT_THAT(found.where, HasSubstr("s.toml, line 19")) << one.keys;
  }
}

TEST(RankingFile, NearestNamesAreOffered) {
  EXPECT_THAT(mistake("vikor_w = 0.5\n").hint, HasSubstr("vikor_v"));
  EXPECT_THAT(mistake("weight_limits = { gros_treo_t = [0.1, 0.4] }\n").hint,
              HasSubstr("gross_treo_t"));
  EXPECT_THAT(mistake("preference = \"lineal\"\n").hint, HasSubstr("linear"));
}

TEST(RankingFile, JudgedWeightsWantTheirFileAndDrawnOnesTheirLimits) {
  for (const char* scheme : {"ahp", "bwm", "swara"}) {
    const Mistake found = mistake("weights = \"" + std::string(scheme) + "\"\n");
    EXPECT_EQ(found.code, "study.missing") << scheme;
    EXPECT_THAT(found.hint, HasSubstr("pairwise"));
  }
  EXPECT_EQ(read("weights = \"roc\"\npairwise = \"order.csv\"\n").pairwise, "order.csv");
  const Mistake fixed =
      mistake("weight_limits = { gross_treo_t = [0.1, 0.4] }\nweights = \"given\"\n");
  EXPECT_EQ(fixed.code, "study.value");
  EXPECT_THAT(fixed.what, HasSubstr("not drawn"));
}

TEST(RankingFile, OptionsWithoutASayAreKeptToBeSaid) {
  EXPECT_THAT(read("vikor_v = 0.4\ncut = 0.6\n").unused, ElementsAre("vikor_v", "cut"));
  EXPECT_THAT(read("weights = \"given\"\nweight_spread = 0.2\n").unused,
              ElementsAre("weight_spread"));
  EXPECT_TRUE(read("method = \"vikor\"\nvikor_v = 0.4\n").unused.empty());
}

TEST(RankingFile, ClassFactorsReplaceTheUsualOnes) {
  const auto text = [](const std::string& key) {
    std::string all = with("");
    return all.insert(all.find("[[sites]]"), key + "\n");
  };
  const StudyFile study =
      parse_study(text("class_factor = { Inferred = 0.25, drilled = 0.7 }"), "s.toml");
  EXPECT_EQ(study.class_factor.at("inferred"), 0.25);
  EXPECT_EQ(study.class_factor.at("drilled"), 0.7);
  EXPECT_EQ(study.class_factor.at("measured"), 1.0);
  EXPECT_EQ(study.confidence.at("inferred"), 0.5);
  for (const char* wrong : {"class_factor = { inferred = 1.5 }",
                            "class_factor = { inferred = true }", "confidence = { inferred = -1 }"})
    try {
      (void)parse_study(text(wrong), "s.toml");
      ADD_FAILURE() << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "study.value") << wrong;
      EXPECT_THAT(error.where, HasSubstr("line 5")) << wrong;
    }
  try {
    (void)parse_study(text("class_factor = 0.5"), "s.toml");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "study.type");
  }
}

}  // namespace
}  // namespace lode
