// The ranking of a study against values by hand: recoverable tonnes, shared spreads, words,
// cautions.
#include "libgeo/study/explanation_json.h"
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

using testing::ElementsAre;

const std::string sites = R"([[sites]]
path = "sites.csv"
id = "id"
name = "id"
kind = "primary"
ore = { field = "ore_t", unit = "t" }
grade = { field = "pct", unit = "%" }
ndpr_share = { value = "20 %" }
dytb_share = { value = "5 %" }
)";
const std::string classed =
    "recovery = { field = \"rec\", unit = \"%\" }\nconfidence = \"class\"\n";

std::string criterion(const std::string& name, double weight, const std::string& bounds,
                      const std::string& more = {}) {
  return "[[criteria]]\nname = \"" + name +
         "\"\ndirection = \"max\"\nweight = " + number_text(weight) + "\nbounds = " + bounds +
         "\n" + more;
}
std::string ranking(const std::string& keys) {
  return "[ranking]\nmethod = \"wsm\"\nweights = \"given\"\nmissing = \"worst\"\n" + keys;
}
/// Nothing that takes time.
const std::string quiet = "explain = 0\ncompare = false\nreversal = false\nstability = false\n";

class RankingStudy : public SmallStudy {
 protected:
  static const SiteStanding* standing(const StudyResult& result, const std::string& id) {
    for (const auto& one : result.ranking)
      if (result.sites[one.site].id == id) return &one;
    return nullptr;
  }
  static std::vector<std::string> pairs_of(const StudyResult& result) {
    std::vector<std::string> pairs;
    for (const auto& one : result.explained)
      pairs.push_back(result.sites[one.a].id + ">" + result.sites[one.b].id);
    return pairs;
  }
  static const IndicatorColumn& column(const StudyResult& result, const std::string& name) {
    for (const auto& one : result.indicators)
      if (one.name == name) return one;
    throw std::runtime_error("no indicator " + name);
  }
};

// ---- recoverable tonnes

TEST_F(RankingStudy, RecoverableIsNetTimesTheClass) {
  write("sites.csv",
        "id,lon,lat,ore_t,pct,rec,class\nM,0,0,1e6,10,60,Measured\nI,0.1,0,1e6,10,60,inferred\n"
        "B,0.2,0,1e6,10,60,\nX,0.3,0,1e6,10,60,guess\nN,0.4,0,1e6,10,,indicated\n");
  const StudyResult result = run(sites + classed);
  // 100,000 t of oxide, 60 % of them recovered.
  EXPECT_DOUBLE_EQ(value(result, "net_treo_t", "I"), 60e3);
  EXPECT_DOUBLE_EQ(value(result, "recoverable_treo_t", "M"), 60e3);
  EXPECT_DOUBLE_EQ(value(result, "recoverable_treo_t", "I"), 30e3);
  EXPECT_DOUBLE_EQ(value(result, "recoverable_ndpr_t", "I"), 6e3);
  EXPECT_DOUBLE_EQ(value(result, "recoverable_dytb_t", "I"), 1.5e3);
  EXPECT_DOUBLE_EQ(value(result, "recoverable_mreo_t", "I"), 7.5e3);
  // A blank class and one that is not known count as unknown: 0.1.
  EXPECT_DOUBLE_EQ(value(result, "recoverable_treo_t", "B"), 6e3);
  EXPECT_DOUBLE_EQ(value(result, "recoverable_treo_t", "X"), 6e3);
  // No recovery is stated: it counts 1, and the source says so.
  EXPECT_DOUBLE_EQ(value(result, "recoverable_treo_t", "N"), 80e3);
  EXPECT_THAT(cell(result, "recoverable_treo_t", "N").source, HasSubstr("no recovery is stated"));
  EXPECT_THAT(cell(result, "recoverable_treo_t", "I").source,
              HasSubstr("x recovery 0.6 x class factor 0.5 (class 'inferred')"));
  EXPECT_THAT(cell(result, "recoverable_treo_t", "B").source,
              HasSubstr("class not stated, counts as unknown"));
  EXPECT_THAT(cell(result, "recoverable_treo_t", "X").source, HasSubstr("counts as unknown"));
  EXPECT_EQ(cell(result, "recoverable_treo_t", "I").unit, "t");
}

TEST_F(RankingStudy, ClassFactorsAreTheStudysWhereItSaysThem) {
  write("sites.csv",
        "id,lon,lat,ore_t,pct,rec,class\nI,0,0,1e6,10,50,inferred\nD,0.1,0,1e6,10,50,drilled\n");
  const StudyResult result =
      run(sites + classed, "class_factor = { inferred = 0.25 }\nconfidence = { drilled = 0.7 }\n");
  EXPECT_DOUBLE_EQ(value(result, "recoverable_treo_t", "I"), 12.5e3);
  EXPECT_DOUBLE_EQ(value(result, "recoverable_treo_t", "D"), 35e3);
  EXPECT_EQ(said(result, "study.class_unused").count, 0u);
  EXPECT_EQ(said(run(sites + classed, "class_factor = { infered = 0.1, inferred = 0.3 }\n"),
                 "study.class_unused")
                .count,
            1u);
  // Where no table asks for a class nothing is discounted.
  const StudyResult plain = run(sites);
  EXPECT_DOUBLE_EQ(value(plain, "recoverable_treo_t", "I"), 100e3);
  EXPECT_THAT(cell(plain, "recoverable_treo_t", "I").source, HasSubstr("not discounted"));
}

TEST_F(RankingStudy, ARateIsOfRecoveredOxideAndTakesNoRecovery) {
  write("scrap.csv", "id,lon,lat,rate,rec,class\nR,0,0,100,50,probable\n");
  const StudyResult result = run(R"([[sites]]
path = "scrap.csv"
id = "id"
kind = "secondary"
rate = { field = "rate", unit = "t/yr" }
life = { value = "10" }
recovery = { field = "rec", unit = "%" }
confidence = "class"
)");
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "R"), 1000.0);
  EXPECT_DOUBLE_EQ(value(result, "net_treo_t", "R"), 1000.0);
  EXPECT_DOUBLE_EQ(value(result, "recoverable_treo_t", "R"), 900.0);
  EXPECT_THAT(cell(result, "recoverable_treo_t", "R").source,
              HasSubstr("no recovery is applied again"));
}

// ---- what moves together

TEST_F(RankingStudy, TonnesOfOneBodyMoveTogetherInTheDraws) {
  // A is 30,000 t for certain. B's median is 20,000 t, a tenth of it above 30,000: with one stream
  // for both criteria B is first in a tenth of the draws, with two streams in fewer.
  write("sites.csv", "id,lon,lat,ore_t,lo,hi\nA,0,0,3e5,3e5,3e5\nB,0.1,0,2e5,1e5,3e5\n");
  std::string text = R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
ore = { field = "ore_t", unit = "t", low = "lo", high = "hi" }
grade = { value = "10 %" }
ndpr_share = { value = "20 %" }
dytb_share = { value = "20 %" }
)";
  const std::string draws = ranking("draws = 20000\n" + quiet);
  const StudyResult together = run(text + criterion("net_ndpr_t", 0.5, "[0, 10000]") +
                                   criterion("recoverable_dytb_t", 0.5, "[0, 10000]") + draws);
  EXPECT_NEAR(standing(together, "B")->first_acceptability, 0.1, 0.01);
  EXPECT_EQ(column(together, "net_ndpr_t").spread.group, "ore body");
  const StudyResult apart =
      run(text + criterion("net_ndpr_t", 0.5, "[0, 10000]") +
          criterion("recoverable_dytb_t", 0.5, "[0, 10000]", "spread_group = \"alone\"\n") + draws);
  EXPECT_LT(standing(apart, "B")->first_acceptability, 0.07);
  EXPECT_GT(standing(apart, "B")->first_acceptability, 0.01);
  // A default that is stated is stated: it takes the place of the indicator's own, too.
  for (const char* said : {"spread_common = 0\n", "spread_correlation = 1\n"}) {
    const StudyResult own = run(text + criterion("net_ndpr_t", 0.5, "[0, 10000]") +
                                criterion("recoverable_dytb_t", 0.5, "[0, 10000]", said) + draws);
    EXPECT_LT(standing(own, "B")->first_acceptability, 0.07) << said;
  }
}

TEST_F(RankingStudy, TonnesAndOutputOfASecondarySourceMoveTogether) {
  // As above: the tonnes are the rate times ten years, so that both are above A's or none is.
  write("scrap.csv", "id,lon,lat,rate,lo,hi\nA,0,0,300,300,300\nB,0.1,0,200,100,300\n");
  const std::string text = R"([[sites]]
path = "scrap.csv"
id = "id"
kind = "secondary"
rate = { field = "rate", unit = "t/yr", low = "lo", high = "hi" }
life = { value = "10" }
ndpr_share = { value = "50 %" }
dytb_share = { value = "5 %" }
)";
  const std::string draws = ranking("draws = 20180\n" + quiet);
  const StudyResult result = run(text + criterion("recoverable_ndpr_t", 0.5, "[0, 5000]") +
                                 criterion("ndpr_t_per_yr", 0.5, "[0, 500]") + draws);
  EXPECT_NEAR(standing(result, "B")->first_acceptability, 0.1, 0.03);
  const StudyResult apart =
      run(text + criterion("recoverable_ndpr_t", 0.5, "[0, 5000]") +
          criterion("ndpr_t_per_yr", 0.5, "[0, 500]", "spread_group = \"alone\"\n") + draws);
  EXPECT_LT(standing(apart, "B")->first_acceptability, 0.07);
}

TEST_F(RankingStudy, IndicatorsOfOneFigureShareAGroup) {
  write("sites.csv", "id,lon,lat,ore_t,pct\nA,0,0,1e6,10\n");
  write("roads.geojson", collection({feature(R"("n":1)", line(0, 0, 1, 0))}));
  write("plants.csv", "id,name,lon,lat\nW,Works,1,0\n");
  const StudyResult result = run(sites + R"(rate = { value = "100 t/yr" }
[[networks]]
path = "roads.geojson"
mode = "road"
[logistics]
plants = "plants.csv"
)");
  for (const char* name :
       {"gross_treo_t", "net_treo_t", "net_ndpr_t", "recoverable_mreo_t", "treo_grade_pct"}) {
    EXPECT_EQ(column(result, name).spread.group, "ore body") << name;
    EXPECT_EQ(column(result, name).spread.common, 0.0) << name;
  }
  for (const char* name : {"ndpr_t_per_yr", "dytb_t_per_yr"})
    EXPECT_EQ(column(result, name).spread.group, "production rate") << name;
  for (const char* name : {"delivered_usd_per_t", "delivered_usd_per_kg"}) {
    EXPECT_EQ(column(result, name).spread.group, "freight tariff") << name;
    EXPECT_EQ(column(result, name).spread.correlation, 1.0) << name;
    EXPECT_EQ(column(result, name).spread.common, 0.6) << name;
  }
  EXPECT_EQ(column(result, "access_km").spread.group, "");
  EXPECT_EQ(column(result, "resource_confidence").spread.group, "");
}

// ---- judgements

const std::string three = criterion("gross_treo_t", 0.2, "[0, 1e6]") +
                          criterion("treo_grade_pct", 0.2, "[0, 10]") +
                          criterion("mreo_share_pct", 0.2, "[0, 50]");

TEST_F(RankingStudy, WeightsComeFromJudgementsOfATable) {
  write("sites.csv", "id,lon,lat,ore_t,pct\nA,0,0,1e6,10\nB,0.1,0,2e6,5\n");
  // Saaty's way: this matrix has the principal eigenvector .319618 .558425 .121957, CR .015771.
  write("judgements.csv",
        ",gross_treo_t,treo_grade_pct,mreo_share_pct\ngross_treo_t,1,1/2,3\n"
        "treo_grade_pct,2,1,4\nmreo_share_pct,1/3,1/4,1\n");
  const std::string ahp =
      "[ranking]\nweights = \"ahp\"\npairwise = \"judgements.csv\"\ndraws = 0\n";
  const StudyResult result = run(sites + three + ahp + quiet);
  ASSERT_EQ(result.criteria.size(), 3u);
  EXPECT_NEAR(result.criteria[0].weight, 0.319618, 1e-6);
  EXPECT_NEAR(result.criteria[1].weight, 0.558425, 1e-6);
  EXPECT_NEAR(result.criteria[2].weight, 0.121957, 1e-6);
  EXPECT_NEAR(result.checks.consistency_ratio, 0.015771, 1e-6);
  EXPECT_FALSE(result.checks.weights_note.empty());
  // The table is an input of the run: changed, it is another run.
  EXPECT_TRUE(std::any_of(result.inputs.begin(), result.inputs.end(),
                          [](const Source& one) { return one.path == "judgements.csv"; }));
  write("judgements.csv",
        ",gross_treo_t,grade,mreo_share_pct\ngross_treo_t,1,1/2,3\ngrade,2,1,4\n"
        "mreo_share_pct,1/3,1/4,1\n");
  try {
    (void)check_study(read_study((folder_ / "s.toml").string()));
    ADD_FAILURE() << "a check reads the judgements, too";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "ranking.unknown_criterion");
  }
  EXPECT_EQ(code_of(sites + three + ahp), "ranking.unknown_criterion");
  EXPECT_EQ(code_of(sites + three + "[ranking]\nweights = \"ahp\"\npairwise = \"none.csv\"\n"),
            "io.missing_file");
}

// ---- explanations

const std::string mixed =
    "id,lon,lat,ore_t,pct\nD1,0,0,9e5,9\nD2,0.1,0,8e5,9\nA1,2,0,5e5,5\nO1,4.5,0,7e5,9\n";
const std::string two =
    criterion("gross_treo_t", 0.5, "[0, 1e5]") + criterion("treo_grade_pct", 0.5, "[0, 10]");

TEST_F(RankingStudy, TheFirstIsExplainedAgainstTheSecondAndTheBestOfEachGroup) {
  write("sites.csv", mixed);
  write("scrap.csv", "id,lon,lat,rate\nR1,0,0.1,100\nR2,0,0.2,10\n");
  const std::string scrap =
      "[[sites]]\npath = \"scrap.csv\"\nid = \"id\"\nkind = \"secondary\"\n"
      "rate = { field = \"rate\", unit = \"t/yr\" }\nlife = { value = \"10\" "
      "}\n";
  const StudyResult result = run(sites + scrap + two + ranking("draws = 200\n"));
  EXPECT_THAT(pairs_of(result), ElementsAre("D1>D2", "D1>A1", "D1>R1"));
  for (const auto& one : result.explained) {
    EXPECT_EQ(one.why.a, result.sites[one.a].id);
    EXPECT_TRUE(one.why.ranking.sites.empty());
    EXPECT_FALSE(one.words.headline.empty());
    EXPECT_GT(one.why.margin, 0.0);
  }
  // A weighted sum splits exactly: 0.5 x (81,000 - 72,000)/100,000 + 0.5 x 0.
  ASSERT_EQ(result.explained[0].why.split.size(), 2u);
  EXPECT_NEAR(result.explained[0].why.split[0], 0.045, 1e-12);
  EXPECT_NEAR(result.explained[0].why.split[1], 0.0, 1e-12);
  EXPECT_EQ(result.checks.agreement.size() > 5, true);
  ASSERT_TRUE(result.checks.reversal.has_value());
  EXPECT_EQ(result.checks.reversal->changed, 0u);  // bounds are fixed
  EXPECT_EQ(result.checks.paired, 6u);
  ASSERT_EQ(result.checks.pairwise.size(), 36u);
  EXPECT_EQ(result.checks.pairwise[1] + result.checks.pairwise[6], 1.0);
}

TEST_F(RankingStudy, PairsAreThoseThatTheStudyNames) {
  write("sites.csv", mixed + "LOST,,,9e5,9\n");
  const std::string quick = "draws = 50\ncompare = false\nreversal = false\nstability = false\n";
  EXPECT_THAT(pairs_of(run(sites + two + ranking(quick + "explain = [[\"A1\", \"O1\"]]\n"))),
              ElementsAre("O1>A1"));  // the upper one first
  EXPECT_THAT(pairs_of(run(sites + two + ranking(quick + "explain = 2\n"))),
              ElementsAre("D1>D2", "D2>O1"));
  EXPECT_TRUE(run(sites + two + ranking(quick + "explain = 0\n")).explained.empty());
  const StudyResult lost =
      run(sites + two + ranking(quick + "explain = [[\"A1\", \"LOST\"], [\"A1\", \"D1\"]]\n"));
  EXPECT_THAT(pairs_of(lost), ElementsAre("D1>A1"));
  EXPECT_EQ(said(lost, "study.not_explained").count, 1u);
  EXPECT_EQ(code_of(sites + two + ranking(quick + "explain = [[\"A1\", \"A2\"]]\n")),
            "study.value");
  const StudyResult unasked = run(sites + two + ranking(quick + "explain = 0\n"));
  EXPECT_TRUE(unasked.checks.agreement.empty());
  EXPECT_FALSE(unasked.checks.reversal.has_value());
  EXPECT_TRUE(unasked.checks.stability.empty());
}

TEST_F(RankingStudy, OneSiteHasNothingToBeExplained) {
  write("sites.csv", "id,lon,lat,ore_t,pct\nA,0,0,9e5,9\n");
  const StudyResult result = run(sites + two + ranking("draws = 10\n"));
  EXPECT_TRUE(result.explained.empty());
  EXPECT_FALSE(result.checks.reversal.has_value());
  const Json json = explanation_json(result);
  EXPECT_EQ(json.at("pairs").size(), 0u);
  EXPECT_EQ(json.at("sites").size(), 1u);
}

TEST_F(RankingStudy, ExplanationIsOneJsonOfTheSameBytesForAnyThreads) {
  write("sites.csv", mixed);
  std::vector<std::string> texts;
  for (const int jobs : {1, 2, 7}) {
    options_.jobs = jobs;
    texts.push_back(explanation_json(run(sites + two + ranking("draws = 300\n"))).dump(1));
  }
  EXPECT_EQ(texts[1], texts[0]);
  EXPECT_EQ(texts[2], texts[0]);
  const Json json = Json::parse(texts[0], "explanation.json");
  EXPECT_EQ(json.at("method").as_string(), "wsm");
  EXPECT_EQ(json.at("draws").as_integer(), 300);
  ASSERT_EQ(json.at("criteria").size(), 2u);
  const Json& pair = json.at("pairs").items().front();
  EXPECT_EQ(pair.at("a").as_string(), "D1");
  EXPECT_EQ(pair.at("b").as_string(), "D2");
  EXPECT_EQ(pair.at("split_kind").as_string(), "additive");
  EXPECT_NEAR(pair.at("split").at("gross_treo_t").as_number(), 0.045, 1e-12);
  // 0.045 of the margin are 9,000 t at weight 0.5 and a scale of 100,000 t.
  const Json& flip = pair.at("flips").at("gross_treo_t").at("value");
  EXPECT_NEAR(std::abs(flip.at("to").as_number() - flip.at("from").as_number()), 9000.0, 1.0);
  EXPECT_EQ(pair.at("words").at("headline").is_string(), true);
  EXPECT_EQ(json.at("pairwise").at("sites").size(), 4u);
  EXPECT_EQ(json.at("pairwise").at("wins").items().front().size(), 4u);
  EXPECT_TRUE(json.at("inflation").is_null() || json.at("inflation").size() == 2u);
  EXPECT_EQ(json.at("sites").items().front().at("id").as_string(), "D1");
}

// ---- rules of words

TEST_F(RankingStudy, RulesOfWordsLookAtColumnsAndAtWhatTheStudyKnows) {
  write("sites.csv",
        "id,lon,lat,ore_t,pct,status\nD1,0,0,9e5,9,Active\nD2,0.1,0,8e5,9,closed\n"
        "A1,2,0,5e5,5,\nO1,4.5,0,7e5,9,active\n");
  const auto left_out = [&](const std::string& rule) {
    std::vector<std::string> ids;
    for (const auto& one : run(sites + two + "[[rules]]\nname = \"r\"\n" + rule).left_out)
      ids.push_back(one.site_id);
    return ids;
  };
  EXPECT_THAT(left_out("field = \"group\"\nany_of = [\"domestic\", \"Allied\"]\n"),
              ElementsAre("O1"));
  EXPECT_THAT(left_out("field = \"country\"\nnone_of = [\"OTH\", \"ALL\"]\n"),
              ElementsAre("A1", "O1"));
  EXPECT_THAT(left_out("field = \"kind\"\nany_of = [\"primary\"]\n"), ElementsAre());
  // A blank fails unless it may pass.
  EXPECT_THAT(left_out("field = \"status\"\nany_of = [\"active\"]\n"), ElementsAre("D2", "A1"));
  EXPECT_THAT(left_out("field = \"status\"\nany_of = [\"active\"]\nmissing_passes = true\n"),
              ElementsAre("D2"));
  for (const char* wrong : {"field = \"statu\"", "field = \"treo_grade_pct\""})
    EXPECT_EQ(code_of(sites + two + "[[rules]]\n" + wrong + "\nany_of = [\"active\"]\n"),
              "study.criterion")
        << wrong;
}

// ---- cautions

TEST_F(RankingStudy, EconomicsOnWeakMaterialCarryTheirCaution) {
  write("sites.csv",
        "id,lon,lat,ore_t,pct,rec,class,cost\nM,0,0,1e6,10,60,measured,20\n"
        "I,0.1,0,1e6,10,60,inferred,10\nB,0.2,0,1e6,10,60,,10\nN,0.3,0,1e6,10,60,inferred,\n");
  const std::string cost =
      "[[criteria]]\nname = \"opex\"\nfield = \"cost\"\nunit = \"USD/t\"\ndirection = \"min\"\n"
      "weight = 0.5\nbounds = [0, 100]\n";
  const StudyResult result =
      run(sites + classed + cost + criterion("recoverable_treo_t", 0.5, "[0, 1e5]") +
          ranking("draws = 0\n" + quiet));
  EXPECT_TRUE(standing(result, "M")->cautions.empty());
  ASSERT_EQ(standing(result, "I")->cautions.size(), 1u);
  EXPECT_EQ(standing(result, "I")->cautions[0],
            "opex rests on material of class 'inferred', below indicated: too uncertain to carry "
            "economics");
  ASSERT_EQ(standing(result, "B")->cautions.size(), 1u);
  EXPECT_THAT(standing(result, "B")->cautions[0], HasSubstr("class is not stated"));
  EXPECT_TRUE(standing(result, "N")->cautions.empty());  // it has no cost
  const Finding finding = said(result, "study.economics_on_inferred");
  EXPECT_EQ(finding.count, 2u);
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_EQ(said(result, "study.no_class").count, 1u);
  // Without a criterion of cost there is nothing to be cautious of.
  const StudyResult plain = run(sites + classed + criterion("recoverable_treo_t", 1, "[0, 1e5]"));
  EXPECT_EQ(said(plain, "study.economics_on_inferred").count, 0u);
  EXPECT_TRUE(standing(plain, "I")->cautions.empty());
}

TEST_F(RankingStudy, TonnesInPlaceAreCalledSo) {
  write("sites.csv",
        "id,lon,lat,ore_t,pct,rec,class\nM,0,0,1e6,10,60,measured\nI,0.1,0,1e6,10,60,inferred\n");
  const auto notes = [&](const std::string& name) {
    return said(run(sites + classed + criterion(name, 1, "[0, 1e6]")), "study.in_place_tonnage");
  };
  EXPECT_EQ(notes("gross_treo_t").count, 2u);
  EXPECT_EQ(notes("gross_treo_t").severity, Severity::note);
  EXPECT_EQ(notes("net_ndpr_t").count, 1u);  // recovery is in it, the class is not
  EXPECT_EQ(notes("recoverable_ndpr_t").count, 0u);
}

TEST_F(RankingStudy, SitesWithoutRecoveryOrClassAreCounted) {
  write("sites.csv", "id,lon,lat,ore_t,pct\nA,0,0,1e6,10\nB,0.1,0,1e6,10\n");
  const StudyResult result = run(sites + criterion("recoverable_treo_t", 1, "[0, 1e6]"));
  EXPECT_EQ(said(result, "study.no_recovery").count, 2u);
  EXPECT_EQ(said(result, "study.no_class").count, 2u);
  const StudyResult net = run(sites + criterion("net_treo_t", 1, "[0, 1e6]"));
  EXPECT_EQ(said(net, "study.no_recovery").count, 0u);
}

TEST_F(RankingStudy, AFirstPlaceOnNextToNoTonnesIsSaid) {
  write("sites.csv", "id,lon,lat,ore_t,pct\nVEIN,0,0,1e4,9\nHILL,0.1,0,1e7,1\n");
  // 900 t of oxide at 9 %: the grade alone puts it first.
  const StudyResult result = run(sites + criterion("gross_treo_t", 0.3, "[1e3, 1e6]") +
                                 criterion("treo_grade_pct", 0.7, "[0, 10]"));
  EXPECT_EQ(standing(result, "VEIN")->rank, 1);
  const Finding finding = said(result, "study.small_first");
  EXPECT_EQ(finding.count, 1u);
  EXPECT_EQ(finding.where, "VEIN, gross_treo_t");
  EXPECT_THAT(finding.message, HasSubstr("gross_treo_t of 900 t"));
  ASSERT_EQ(standing(result, "VEIN")->cautions.size(), 1u);
  EXPECT_TRUE(standing(result, "HILL")->cautions.empty());
  const StudyResult large = run(sites + criterion("gross_treo_t", 1, "[1e3, 1e6]"));
  EXPECT_EQ(said(large, "study.small_first").count, 0u);
}

TEST_F(RankingStudy, APartialSuiteIsFlaggedAtItsSite) {
  write("sites.csv", "id,lon,lat,ore_t,pct\nA,0,0,1e6,1\nP,0.1,0,1e6,1\nF,0.2,0,1e6,1\n");
  write("reported.csv",
        "id,La_ppm,Ce_ppm,Pr_ppm,Nd_ppm,Y_ppm\nA,1000,2000,200,800,50\nP,,,,,500\n");
  const StudyResult result = run(sites + R"([[reported]]
path = "reported.csv"
match = "id"
id = "id"
elements = "columns"
)");
  ASSERT_EQ(standing(result, "A")->cautions.size(), 1u);
  EXPECT_THAT(standing(result, "A")->cautions[0], HasSubstr("10 of 15 oxides are not reported"));
  ASSERT_EQ(standing(result, "P")->cautions.size(), 1u);
  EXPECT_THAT(standing(result, "P")->cautions[0], HasSubstr("it was not used"));
  EXPECT_TRUE(standing(result, "F")->cautions.empty());
  EXPECT_TRUE(result.findings.has("study.partial_suite"));
  EXPECT_EQ(said(result, "study.suite_lower_bound").count, 1u);
}

TEST_F(RankingStudy, OptionsWithoutASayAreSaid) {
  write("sites.csv", "id,lon,lat,ore_t,pct\nA,0,0,1e6,1\n");
  const StudyResult result = run(sites + two + ranking("draws = 0\nvikor_v = 0.3\n" + quiet));
  const Finding finding = said(result, "study.option_unused");
  EXPECT_EQ(finding.count, 1u);
  EXPECT_EQ(finding.severity, Severity::note);
  EXPECT_THAT(finding.message, HasSubstr("vikor_v"));
}

}  // namespace
}  // namespace lode::test
