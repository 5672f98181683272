// The page's sections on the order and its reasons: what they say, and that nothing breaks them.
#include <gtest/gtest.h>

#include "libgeo/core/error.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/figures.h"
#include "libgeo/report/html.h"
#include "libgeo/report/wording.h"
#include "tests/report/fixture.h"
#include "tests/report/markup.h"

namespace lode {
namespace {

using test::between;
using test::has;
using test::kNan;

std::string section(const StudyResult& study, const std::string& id) {
  return between(html_report(study), "<section id=\"" + id + "\">", "</section>");
}

std::string answer_of(const StudyResult& study) {
  return between(html_report(study), "<section id=\"answer\"", "</section>");
}

/// No picture, list or sentence may hold what is no number.
void expect_sound(const StudyResult& study, const std::string& what) {
  const std::string page = html_report(study);
  EXPECT_EQ(test::markup_fault(page), "") << what;
  const std::string body = between(page, "<body>", "<script>");
  for (const auto* word : {">nan", " nan", "NaN", "-nan", ">inf", "\"inf", "\"nan", "-inf"})
    EXPECT_FALSE(has(body, word)) << what << ": " << word;
  for (const auto& link : test::attribute_values(page, "href")) {
    if (link.size() <= 1 || link[0] != '#') continue;
    EXPECT_TRUE(has(page, " id=\"" + link.substr(1) + "\"")) << what << ": " << link;
  }
  for (const auto& name : figure_names())
    for (const double width : {320.0, 1040.0}) {
      FigureOptions options;
      options.width_px = width;
      try {
        const std::string svg = figure(study, name, options);
        EXPECT_EQ(test::markup_fault(svg), "") << what << ": " << name;
        EXPECT_FALSE(has(svg, ">nan") || has(svg, "\"nan") || has(svg, ">inf")) << name;
      } catch (const Error& error) {
        EXPECT_EQ(error.code, "report.nothing_to_draw") << what << ": " << name;
      }
    }
}

TEST(Why, SaysItInWordsWithNumbersAndWhatWouldTurnItRound) {
  const std::string why = section(test::fixture_study(), "why");
  EXPECT_TRUE(has(why, "Why the first stands above the second"));
  EXPECT_TRUE(has(why, "Mountain Pass stands above Mount Weld by 0.038"));
  for (const auto* heading :
       {"What puts Mountain Pass ahead", "What speaks against Mountain Pass, for Mount Weld",
        "What would turn it round", "How sure this is", "Read with care"})
    EXPECT_TRUE(has(why, heading)) << heading;
  // Weight of the haul: 30 % now, level at 21 %; its value 0.4 now, level at 0.83 USD/kg.
  EXPECT_TRUE(has(why,
                  "<b>21\xc2\xa0%</b> <small>\xe2\x88\x92"
                  "9.0 points</small>"));
  EXPECT_TRUE(has(why, "<b>0.83\xc2\xa0USD/kg</b>"));
  EXPECT_TRUE(has(why, "no weight"));
  EXPECT_TRUE(has(why, "no value within its bounds"));
  EXPECT_TRUE(has(why, "Shapley"));
  // Both sites' values with their units, and the other pairs folded.
  EXPECT_TRUE(has(why, ">8.19\xc2\xa0%<"));
  EXPECT_TRUE(has(why, ">9.97\xc2\xa0%<"));
  EXPECT_TRUE(has(why, "Why Mountain Pass (1) stands above Magnet recycling, San Marcos (6)"));
}

TEST(Why, AWeightThatOnlyLevelsTurnsNothing) {
  StudyResult study = test::fixture_study();
  auto& why = study.explained.front().why;
  const auto pair_table = [&] {
    return between(section(study, "why"), "<table class=\"lab flips\">", "</table>");
  };
  EXPECT_TRUE(has(pair_table(), "<b>55\xc2\xa0%</b>"));
  why.weight_flips[0].level_only = true;
  EXPECT_FALSE(has(pair_table(), "<b>55\xc2\xa0%</b>"));
  why.weight_flips[0] = {true, 0, 0.40, 1.0};
  EXPECT_FALSE(has(pair_table(), "<b>100\xc2\xa0%</b>"));
  why.value_flips[0].share = 1.2;
  why.value_flips[1].level_only = true;
  EXPECT_TRUE(has(pair_table(), "from beyond its scale"));
  EXPECT_TRUE(has(pair_table(), "level only"));
}

TEST(Why, SitesThatShareTheFirstPlaceAreNotPutOneAboveTheOther) {
  StudyResult study = test::fixture_study();
  for (std::size_t i = 0; i < 2; ++i) study.ranking[i].rank = 1;
  for (auto& pair : study.explained) {
    pair.why.rank_a = pair.why.rank_b = 1;
    pair.why.score_a = pair.why.score_b = 0.5;
    pair.why.margin = 0.0;
  }
  const std::string answer = answer_of(study);
  EXPECT_TRUE(has(answer, "Mountain Pass</a></strong> and <strong>"));
  EXPECT_TRUE(has(answer, "share the first place of 15 sites"));
  EXPECT_FALSE(has(answer, "stands above"));
  EXPECT_TRUE(has(answer, "The first place is shared"));
  const std::string why = section(study, "why");
  EXPECT_TRUE(has(why, "Why the first two are level"));
  EXPECT_TRUE(has(why, "What speaks for Mountain Pass"));
  EXPECT_TRUE(has(why, "What would put one ahead"));
  EXPECT_FALSE(has(why, "<table class=\"lab flips\">"));
  for (auto& one : study.ranking) one.rank = 1;
  EXPECT_TRUE(has(answer_of(study), " and 12 more share the first place of 15 sites"));
}

TEST(Why, TheSplitAddsUpToTheLead) {
  const StudyResult study = test::fixture_study();
  const std::string svg = figure(study, "why");
  EXPECT_TRUE(has(svg, ">+0.071<"));
  EXPECT_TRUE(has(svg,
                  ">\xe2\x88\x92"
                  "0.021<"));
  EXPECT_TRUE(has(svg, ">Lead<"));
  EXPECT_TRUE(has(svg, ">+0.038<"));
}

TEST(Why, IsNotThereWithoutAPair) {
  StudyResult study = test::fixture_study();
  study.explained.clear();
  EXPECT_FALSE(has(html_report(study), "id=\"why\""));
  EXPECT_FALSE(has(html_report(study), "href=\"#why\""));
  study.explained.resize(2);
  study.explained[0].a = 999;  // no such site
  study.explained[1].b = study.explained[1].a;
  EXPECT_FALSE(has(html_report(study), "id=\"why\""));
}

TEST(Firm, HoldsEveryTestOfTheOrder) {
  const std::string firm = section(test::fixture_study(), "firm");
  for (const auto* id : {"acceptability", "intervals", "pairwise", "central-weights", "stability",
                         "agreement", "reversal", "pareto", "screening", "correlation"})
    EXPECT_TRUE(has(firm, std::string(" id=\"") + id + "\"")) << id;
  EXPECT_TRUE(has(firm, "3 of 5 other methods put the same site first"));
  EXPECT_TRUE(has(firm, "1 method could not take the data"));
  EXPECT_TRUE(has(firm, "below 22\xc2\xa0% Strange Lake; above 55\xc2\xa0% Mount Weld"));
  EXPECT_TRUE(has(firm, "first whatever this weight"));
  EXPECT_TRUE(has(firm, "changes the first place in 1 of 14 trials"));
  EXPECT_TRUE(has(firm, "(without Ngualla)"));
  EXPECT_TRUE(has(firm, "cannot take these data: needs values above zero on a log scale"));
  EXPECT_TRUE(has(firm, "5 sites of 15 are dominated by none"));
  EXPECT_TRUE(has(firm, "Counted twice."));
  EXPECT_TRUE(has(firm, "(0.93)"));
  EXPECT_TRUE(has(firm,
                  "Weights used: Weights vary by half of their value either way; every draw "
                  "takes each weight evenly from a band around it"));
  EXPECT_TRUE(has(firm, "about 0.31 points at most"));
  // The rules add up in order: 1 + 2 + 0.
  EXPECT_TRUE(has(firm, "data-l=\"in order\">3</td>"));
}

TEST(Firm, OtherScalesAndWeightsAreNoOtherMethods) {
  StudyResult study = test::fixture_study();
  auto& list = study.checks.agreement;
  Agreement equal = list[0];
  equal.method = Method::topsis;
  equal.variant = "weights equal";
  equal.first = "AU-01";
  list.push_back(equal);
  Agreement owa = list[0];  // the order of the weighted sum once more
  owa.method = Method::owa;
  list.push_back(owa);
  const std::string firm = section(study, "firm");
  EXPECT_TRUE(has(firm, "4 of 6 other methods put the same site first"));
  EXPECT_TRUE(has(firm, "puts the same site first in 0 of 1 case"));
  EXPECT_TRUE(has(firm, "no independent voices"));
  const std::string svg = figure(study, "agreement");
  EXPECT_TRUE(has(svg, ">Weighted sum, OWA<"));
  EXPECT_TRUE(has(svg, ">Other methods, the same weights<"));
  EXPECT_TRUE(has(svg, ">TOPSIS with other scales and weights<"));
  EXPECT_TRUE(has(svg, ">Equal weights<"));
}

/// The fixture with every rank held in every draw.
StudyResult still_study() {
  StudyResult study = test::fixture_study();
  for (std::size_t i = 0; i < study.ranking.size(); ++i) {
    SiteStanding& one = study.ranking[i];
    one.rank_p05 = one.rank_p50 = one.rank_p95 = one.rank;
    one.first_acceptability = i == 0 ? 1.0 : 0.0;
    one.rank_acceptability.assign(study.ranking.size(), 0.0);
    one.rank_acceptability[i] = 1.0;
    one.rank_entropy = 0.0;
  }
  return study;
}

TEST(Firm, DrawsThatMoveNothingAreSaidToBeFirm) {
  StudyResult study = still_study();
  study.weights_mode = "uncertain";
  const auto answer = [&] { return answer_of(study); };
  EXPECT_TRUE(
      has(answer(), "The order is firm: no site&#39;s rank moves in any of the 10,000 draws") ||
      has(answer(), "The order is firm: no site's rank moves in any of the 10,000 draws"));
  EXPECT_FALSE(has(answer(), "was not computed"));
  // Moves that the percentiles do not show.
  study.ranking[3].rank_acceptability[3] = 0.97;
  study.ranking[3].rank_entropy = 0.1;
  EXPECT_TRUE(has(answer(), "keeps its rank in at least nine of ten of the 10,000 draws"));
  study.weights_mode = "given";  // and no pair has a value that varies
  EXPECT_TRUE(has(answer(), "does not say how sure the order is"));
}

TEST(Firm, AFirmFirstPlaceNamesTheOthersApart) {
  StudyResult study = test::fixture_study();
  for (std::size_t i = 0; i < study.ranking.size(); ++i)
    study.ranking[i].first_acceptability = i == 0 ? 0.9 : i == 1 ? 0.1 : 0.0;
  EXPECT_TRUE(has(answer_of(study),
                  "The first place is firm; one other takes it in 10\xc2\xa0% of the draws"));
  study.ranking[0].first_acceptability = 0.85;
  study.ranking[2].first_acceptability = 0.05;
  EXPECT_TRUE(has(answer_of(study),
                  "The first place is firm; 2 others take it in at "
                  "least 5\xc2\xa0% of the draws each"));
}

TEST(Firm, ANarrowChartWithoutMovesHasNoAxisOfRanks) {
  FigureOptions narrow;
  narrow.width_px = 360.0;
  EXPECT_FALSE(has(figure(still_study(), "ranking", narrow), ">First<"));
  EXPECT_TRUE(has(figure(test::fixture_study(), "ranking", narrow), ">First<"));
}

TEST(Firm, InputsThatMoveTogetherHaveTheTitlesOfTheirCriteria) {
  StudyResult study = test::fixture_study();
  SobolInput input;
  input.name = study.criteria[0].name + " + " + study.criteria[1].name;
  input.criteria = {0, 1};
  input.index = {0.4, 0.5};
  study.explained.front().why.sobol_inputs = {input};
  const std::string svg = figure(study, "sobol");
  EXPECT_FALSE(has(svg, input.name));
  EXPECT_TRUE(has(svg, ", together"));
}

TEST(Firm, FirstPlacesCarryTheirError) {
  const std::string svg = figure(test::fixture_study(), "acceptability");
  EXPECT_TRUE(has(svg,
                  "\xc2\xb1\xc2\xa0"
                  "0.31<"));
  EXPECT_EQ(report::percent_error(0.5, 0.0), "50\xc2\xa0%");
  EXPECT_EQ(report::percent_error(0.5, kNan), "50\xc2\xa0%");
  EXPECT_EQ(report::percent_error(kNan, 0.1), "not known");
  EXPECT_EQ(report::percent_error(0.5, 0.012),
            "50\xc2\xa0% \xc2\xb1\xc2\xa0"
            "1.2");
}

TEST(Firm, RanksBehindTheLastColumnHaveOneOfTheirOwn) {
  StudyResult study = test::fixture_study();
  for (auto& one : study.ranking) one.rank_acceptability.resize(6);
  const std::string svg = figure(study, "acceptability");
  EXPECT_TRUE(has(svg, ">&gt;6<"));
  EXPECT_FALSE(has(figure(test::fixture_study(), "acceptability"), ">&gt;15<"));
}

TEST(Firm, ShadesKeepTheirBounds) {
  using report::shade_of;
  EXPECT_EQ(shade_of(0.0), 0U);
  EXPECT_EQ(shade_of(kNan), 0U);
  EXPECT_EQ(shade_of(0.0099), 1U);
  EXPECT_EQ(shade_of(0.01), 2U);
  EXPECT_EQ(shade_of(0.05), 4U);
  EXPECT_EQ(shade_of(0.75), 9U);
  EXPECT_EQ(shade_of(1.0), 9U);
  EXPECT_EQ(report::diverging_class(-1.0), 0U);
  EXPECT_EQ(report::diverging_class(0.0), 4U);
  EXPECT_EQ(report::diverging_class(1.0), 8U);
  EXPECT_EQ(report::nice_step(14.0, 7), 2.0);
  EXPECT_EQ(report::nice_step(0.07, 7), 0.01);
  EXPECT_EQ(report::nice_step(kNan, 7), 1.0);
}

TEST(Firm, CardsCarryCautionsAndWhatWasFilledIn) {
  const std::string page = html_report(test::fixture_study());
  const std::string third = between(page, "id=\"s2\"", "</details>");
  EXPECT_TRUE(has(between(third, "<summary>", "</summary>"), "economics on inferred material"));
  EXPECT_TRUE(has(third, "Confidence"));
  EXPECT_TRUE(has(third, "dominated by no other site"));
  const std::string sixth = between(page, "id=\"s5\"", "</details>");
  EXPECT_TRUE(has(sixth, "1 value filled in"));
  EXPECT_TRUE(has(sixth, "Not known and filled in"));
  EXPECT_TRUE(has(sixth, "a partial suite of elements"));
  EXPECT_TRUE(has(sixth, "Mean regret"));
}

TEST(DependenceSection, ASumOfElementsIsNoElement) {
  StudyResult study = test::fixture_study();
  study.dependence = test::fixture_dependence(15);
  study.dependence[0].material = "Rare earth oxides";
  const std::string text = section(study, "dependence");
  EXPECT_TRUE(has(text, "of all 14 elements"));
  EXPECT_TRUE(has(text, "China holds 62\xc2\xa0% of rare earth oxides as a whole"));
  EXPECT_FALSE(has(text, "of all 15 elements"));
}

TEST(DependenceSection, OneRowSixtyRowsAndNone) {
  StudyResult study = test::fixture_study();
  study.dependence = test::fixture_dependence(1);
  std::string text = section(study, "dependence");
  EXPECT_TRUE(has(text, "China holds 62\xc2\xa0% of La"));
  EXPECT_TRUE(has(text, "It stays below the European Union's line"));
  EXPECT_FALSE(has(text, "id=\"dependence-elements\""));
  EXPECT_FALSE(has(text, "<details"));
  EXPECT_TRUE(has(text, "data-l=\"EU supply risk\""));
  EXPECT_FALSE(has(text, "USGS supply risk"));  // known for no row
  expect_sound(study, "one row");
  study.dependence = test::fixture_dependence(60);
  text = section(study, "dependence");
  EXPECT_TRUE(has(text, "id=\"dependence-elements\""));
  EXPECT_TRUE(has(text, "Shares by country, 60 rows"));
  EXPECT_TRUE(has(text, "China holds 62\xc2\xa0% (La) to 80\xc2\xa0% (Y) of all 15 elements"));
  EXPECT_TRUE(has(text, "split by the ores&#39; compositions"));
  EXPECT_LT(text.size(), 600000U);
  expect_sound(study, "sixty rows");
  study.dependence.clear();
  EXPECT_FALSE(has(html_report(study), "id=\"dependence\""));
  expect_sound(study, "no row");
}

void keep_ranked(StudyResult& study, std::size_t count) {
  study.ranking.resize(count);
  study.explained.clear();
  if (count > 1) test::add_fixture_pair(study, 0, 1);
  study.checks.paired = std::min(count, study.checks.paired);
  study.checks.pairwise.assign(study.checks.paired * study.checks.paired, 0.5);
}

TEST(Bounds, OneSiteTwoSitesNoSiteNoDraws) {
  StudyResult study = test::fixture_study();
  keep_ranked(study, 2);
  expect_sound(study, "two sites");
  keep_ranked(study, 1);
  study.checks = {};
  for (auto& share : study.ranking[0].rank_acceptability) share = 0.0;
  study.ranking[0].rank_acceptability = {1.0};
  study.ranking[0].rank_p05 = study.ranking[0].rank_p50 = study.ranking[0].rank_p95 = 1.0;
  expect_sound(study, "one site");
  keep_ranked(study, 0);
  study.checks = {};
  expect_sound(study, "no ranked site");
  expect_sound(StudyResult{}, "nothing");
  study = test::fixture_study();
  study.draws = 0;
  for (auto& one : study.ranking) {
    one.rank_p05 = one.rank_p50 = one.rank_p95 = one.rank;
    one.first_acceptability = one.rank == 1 ? 1.0 : 0.0;
    one.rank_acceptability.clear();
    one.central_weights.clear();
    one.rank_entropy = one.confidence = one.regret = kNan;
  }
  study.checks.pairwise.clear();
  study.checks.paired = 0;
  for (auto& pair : study.explained) {
    pair.why.tornado.clear();
    pair.why.sobol.clear();
    pair.why.sobol_weights = {};
  }
  const std::string page = html_report(study);
  for (const auto* id : {"acceptability", "intervals", "pairwise", "central-weights", "sobol"})
    EXPECT_FALSE(has(page, std::string(" id=\"") + id + "\"")) << id;
  EXPECT_TRUE(has(page, " id=\"stability\""));
  expect_sound(study, "no draws");
}

TEST(Bounds, UnknownNumbersEverywhere) {
  StudyResult study = test::fixture_study();
  for (auto& one : study.ranking) {
    one.confidence = one.first_error = one.rank_entropy = one.holistic_acceptability = one.regret =
        kNan;
    for (auto& weight : one.central_weights) weight = kNan;
  }
  for (auto& pair : study.explained) {
    Explanation& why = pair.why;
    why.margin = why.score_a = why.score_b = why.win_probability = why.margin_deviation = kNan;
    why.split.assign(4, kNan);
    why.tornado.assign(4, {});
    why.sobol.assign(4, {});
    why.sobol_weights = {};
    for (auto& flip : why.weight_flips) flip.to = flip.from = kNan;
    for (auto& flip : why.value_flips) flip.to = flip.from = flip.share = kNan;
  }
  RankingChecks& checks = study.checks;
  for (auto& one : checks.agreement) one.tau = one.ws = kNan;
  for (auto& one : checks.stability) one.weight = one.low = one.high = kNan;
  checks.correlation.assign(16, kNan);
  checks.inflation.assign(4, HUGE_VAL);
  checks.pairwise.assign(checks.pairwise.size(), kNan);
  checks.standard_error = kNan;
  for (auto& one : study.dependence) {
    one.hhi = one.hhi_wgi = one.hhi_low = one.hhi_high = one.total_t = one.home_share = kNan;
    one.allied_share = one.import_reliance = one.eu_supply_risk = one.geopolrisk = kNan;
    for (auto& share : one.share_by_country) share.second = kNan;
  }
  expect_sound(study, "unknown");
}

TEST(Bounds, IndicesThatLeadNowhere) {
  StudyResult study = test::fixture_study();
  for (auto& pair : study.explained) {
    pair.why.split.resize(40, 0.001);
    pair.why.tornado.resize(40, {0.0, 0.1, 0.0, 0.1});
    pair.why.sobol.resize(40, {0.1, 0.2});
    pair.why.weight_flips.resize(40);
    pair.why.value_flips.resize(7);
  }
  for (auto& one : study.checks.stability) one.criterion = 1000;
  study.checks.inflation.resize(1);
  study.checks.correlation.resize(5);
  study.checks.pairwise.resize(7);
  study.ranking[0].central_weights.resize(60, 0.1);
  expect_sound(study, "indices");
}

TEST(Bounds, HostileWordsStayText) {
  for (const std::string& name :
       {std::string("<script>alert(1)</script>"), std::string("\"><img src=x onerror=alert(1)>"),
        std::string("\x1b[31m\xe2\x80\xaegnp"), std::string("nul\0in", 6), std::string("\xff\xc3"),
        std::string(1 << 20, 'A'), std::string(1 << 18, '\x80'), std::string(1 << 18, ' ')}) {
    StudyResult study = test::fixture_study();
    for (auto& one : study.ranking) one.cautions = {name, name}, one.missing = {name};
    for (auto& one : study.criteria) one.name = one.unit = name;
    for (auto& pair : study.explained) {
      pair.why.a = pair.why.b = pair.words.headline = name;
      for (auto* list : {&pair.words.in_favour, &pair.words.against, &pair.words.flips,
                         &pair.words.certainty, &pair.words.cautions})
        list->assign(13, name);
    }
    for (auto& one : study.checks.screening) one.rule = name;
    for (auto& one : study.checks.agreement) one.first = one.refused = name;
    for (auto& one : study.checks.stability) one.below = one.above = name;
    study.checks.reversal->causes.assign(9, name);
    study.checks.weights_note = name;
    for (auto& one : study.dependence) one.how = one.period = one.stage = one.material = name;
    const std::string page = html_report(study);
    EXPECT_EQ(test::markup_fault(page), "") << name.substr(0, 30);
    for (const auto* word : {"<script>alert", "<img", "\x1b", "\xe2\x80\xae"})
      EXPECT_FALSE(has(page, word)) << word;
    EXPECT_EQ(page.find('\0'), std::string::npos);
    EXPECT_LT(page.size(), 3000000U) << name.substr(0, 30);
  }
}

TEST(Bounds, ThreeHundredThousandSitesKeepThePageSmall) {
  StudyResult study = test::fixture_study();
  const SiteStanding last = study.ranking.back();
  study.sites.reserve(300000);
  study.ranking.reserve(300000);
  while (study.sites.size() < 300000) {
    Site site = study.sites[study.sites.size() % 16];
    site.id = "S-" + std::to_string(study.sites.size());
    site.place.lon_deg = std::fmod(static_cast<double>(study.sites.size()) * 37.77, 360.0) - 180.0;
    SiteStanding standing = last;
    standing.site = study.sites.size();
    standing.rank = static_cast<int>(study.ranking.size() + 1);
    study.sites.push_back(std::move(site));
    study.ranking.push_back(standing);
  }
  const std::string page = html_report(study);
  EXPECT_LT(page.size(), 8000000U);
  EXPECT_TRUE(has(page, "all stand in ranking.csv"));
  EXPECT_EQ(test::markup_fault(page), "");
}

TEST(Access, FiguresAreNamedAndDescribed) {
  const std::string page = html_report(test::fixture_study());
  std::size_t drawings = 0, named = 0, described = 0;
  for (std::size_t at = page.find("<svg xmlns"); at != std::string::npos;
       at = page.find("<svg xmlns", at + 1)) {
    ++drawings;
    named += page.compare(page.find('>', at) - 1, 1, "\"") == 0 &&
             page.substr(at, page.find('>', at) - at).find("aria-label=\"") != std::string::npos;
    described += page.compare(page.find('>', at) + 1, 6, "<desc>") == 0;
  }
  EXPECT_GT(drawings, 20U);
  EXPECT_EQ(named, drawings);
  EXPECT_GT(described, 20U);
}

/// Contrast after WCAG 2.1 of text on the ground that it stands on.
double contrast(std::string_view text, std::string_view ground) {
  const auto luminance = [](std::string_view colour) {
    double sum = 0.0;
    const double parts[]{0.2126, 0.7152, 0.0722};
    for (std::size_t i = 0; i < 3; ++i) {
      const int byte = std::stoi(std::string(colour.substr(1 + 2 * i, 2)), nullptr, 16);
      const double c = byte / 255.0;
      sum += parts[i] * (c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
  };
  const double a = luminance(text), b = luminance(ground);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

TEST(Access, TextOnShadesHasContrast) {
  const auto check = [](const std::string& ground, const std::string& text) {
    const auto &back = report::ink(ground), &front = report::ink(text);
    EXPECT_GE(contrast(front.fill, back.fill), 4.5) << text << " on " << ground;
    EXPECT_GE(contrast(front.dark_fill, back.dark_fill), 4.5) << text << " on dark " << ground;
  };
  for (std::size_t i = 0; i < 10; ++i) check("h" + std::to_string(i), report::shade_text(i));
  for (std::size_t i = 0; i < 9; ++i) check("v" + std::to_string(i), report::diverging_text(i));
}

}  // namespace
}  // namespace lode
