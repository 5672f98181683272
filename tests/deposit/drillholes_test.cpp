// Drillhole tables: columns by their usual names, conventions, and every fault with its place.
#include "libgeo/deposit/drillholes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

// A table from lines of cells; a column of numbers where every cell is one.
Table table_from(const std::string& name, const std::string& csv) {
  Table table;
  table.name = name;
  std::vector<std::vector<std::string>> cells;
  for (const std::string& line : split(csv, '\n'))
    if (!line.empty()) cells.push_back(split(line, ','));
  for (std::size_t c = 0; c < cells[0].size(); ++c) {
    std::vector<double> numbers;
    std::vector<std::string> texts;
    bool all = true;
    for (std::size_t r = 1; r < cells.size(); ++r) {
      texts.push_back(cells[r][c]);
      const auto number = parse_number(texts.back());
      numbers.push_back(number.value_or(std::nan("")));
      all = all && (number || texts.back().empty());
    }
    table.add(all ? number_column(cells[0][c], numbers) : text_column(cells[0][c], texts));
  }
  return table;
}

struct Tables {
  std::string collars = "hole,x,y,z,depth\nA,100,200,50,30\nB,150,200,52,30\n";
  std::string surveys = "hole,at,azimuth,dip\nA,0,90,60\nA,15,92,61\nB,0,270,70\n";
  std::string assays =
      "hole,from,to,treo_ppm\nA,0,10,1000\nA,10,20,1100\nA,20,30,1200\n"
      "B,0,10,900\nB,10,20,800\nB,20,30,700\n";
  std::string lithology;
  DrillholeOptions options;
};

DrillholeSet read(const Tables& t) {
  const Table collars = table_from("collar.csv", t.collars);
  const Table surveys = t.surveys.empty() ? Table{} : table_from("survey.csv", t.surveys);
  const Table assays = t.assays.empty() ? Table{} : table_from("assay.csv", t.assays);
  const Table lithology = t.lithology.empty() ? Table{} : table_from("lithology.csv", t.lithology);
  DrillholeTables tables;
  tables.collars = &collars;
  if (!t.surveys.empty()) tables.surveys = &surveys;
  if (!t.assays.empty()) tables.assays = &assays;
  if (!t.lithology.empty()) tables.lithology = &lithology;
  return read_drillholes(tables, t.options);
}

const Finding* find(const DrillholeSet& set, const std::string& code) {
  for (const Finding& finding : set.findings.list())
    if (finding.code == code) return &finding;
  return nullptr;
}

// The finding has this severity, and its place names all of `where`.
void expect_finding(const DrillholeSet& set, const std::string& code, Severity severity,
                    const std::vector<std::string>& where) {
  const Finding* finding = find(set, code);
  ASSERT_NE(finding, nullptr) << code;
  EXPECT_EQ(finding->severity, severity) << code;
  for (const std::string& part : where) EXPECT_THAT(finding->where, testing::HasSubstr(part));
  if (severity == Severity::error) {
    EXPECT_NE(code_of([&] { require_sound(set); }), "no error");
  }
}

TEST(Drillholes, SoundTablesHaveNotesOnly) {
  const DrillholeSet set = read({});
  EXPECT_EQ(set.findings.worst(), Severity::note);
  ASSERT_EQ(set.holes.size(), 2U);
  EXPECT_EQ(set.samples, 6U);
  EXPECT_DOUBLE_EQ(set.metres, 60.0);
  EXPECT_EQ(set.holes[1].first_interval, 3U);
  EXPECT_EQ(set.holes[1].intervals, 3U);
  EXPECT_NE(find(set, "drillholes.dip_inferred"), nullptr);
  const Finding* columns = find(set, "drillholes.columns");
  ASSERT_NE(columns, nullptr);
  EXPECT_THAT(columns->message, testing::HasSubstr("hole=hole, x=x"));
}

TEST(Drillholes, UsualNames) {
  Tables t;
  t.collars = "BHID,XCOLLAR,YCOLLAR,ZCOLLAR,LENGTH\nA,100,200,50,30\n";
  t.surveys = "HOLEID,DEPTH,BRG,DIP\nA,0,90,60\n";
  t.assays = "Hole_ID,Depth From,DEPTH_TO,Au\nA,0,10,1\nA,10,20,2\n";
  const DrillholeSet set = read(t);
  EXPECT_EQ(set.findings.worst(), Severity::note);
  EXPECT_EQ(set.assays.variables, std::vector<std::string>{"Au"});
  EXPECT_NEAR(place_at(set.holes[0].path, 10.0)[0], 105.0, 1e-12);
  EXPECT_NE(find(set, "drillholes.values"), nullptr);
}

TEST(Drillholes, FieldsNameOtherColumns) {
  Tables t;
  t.collars = "nome,leste,norte,cota,prof\nA,100,200,50,30\n";
  t.surveys.clear();
  t.assays.clear();
  EXPECT_EQ(code_of([&] { (void)read(t); }), "drillholes.no_column");
  t.options.fields = {
      {"hole", "nome"}, {"x", "leste"}, {"y", "norte"}, {"z", "cota"}, {"depth", "prof"}};
  EXPECT_EQ(read(t).metres, 30.0);
  t.options.fields["z"] = "elevation";
  EXPECT_EQ(code_of([&] { (void)read(t); }), "drillholes.no_column");
}

TEST(Drillholes, TwoColumnsForOneThingAreRefused) {
  Tables t;
  t.collars = "hole,x,easting,y,z\nA,1,508000,2,3\n";
  EXPECT_EQ(code_of([&] { (void)read(t); }), "drillholes.ambiguous_column");
  t.options.fields = {{"x", "easting"}};
  EXPECT_EQ(code_of([&] { (void)read(t); }), "no error");
}

TEST(Drillholes, NeedsCollars) {
  EXPECT_EQ(code_of([] { (void)read_drillholes({}); }), "drillholes.no_collars");
}

TEST(Drillholes, FeetAndTheUnitOfAColumn) {
  Tables t;
  t.options.depth_metres_per_unit = 0.3048;
  const DrillholeSet feet = read(t);
  EXPECT_NEAR(feet.metres, 60 * 0.3048, 1e-12);
  EXPECT_NEAR(feet.assays.to_m[0], 3.048, 1e-12);
  // The place: 10 ft down a hole of 60 degrees towards east, collar in metres.
  EXPECT_NEAR(place_at(feet.holes[1].path, 3.048)[2], 52 - 3.048 * std::sin(70 * M_PI / 180),
              1e-12);
  t.assays = "hole,from_m,to_m,v\nA,0,3,1\n";
  const DrillholeSet mixed = read(t);
  EXPECT_EQ(mixed.assays.to_m[0], 3.0);
}

TEST(Drillholes, CoordinatesInFeet) {
  Tables t;
  t.options.metres_per_unit = 0.3048;
  const DrillholeSet set = read(t);
  EXPECT_NEAR(place_at(set.holes[0].path, 0.0)[0], 30.48, 1e-12);
  EXPECT_NEAR(set.metres, 60 * 0.3048, 1e-12);
}

TEST(Drillholes, Declination) {
  Tables t;
  t.surveys = "hole,at,azimuth,dip\nA,0,80,0.0001\nB,0,80,0.0001\n";
  t.options.azimuth_add_deg = 10.0;
  EXPECT_NEAR(place_at(read(t).holes[0].path, 10.0)[0], 110.0, 1e-9);
}

TEST(Drillholes, DipSigns) {
  Tables t;
  t.surveys = "hole,at,azimuth,dip\nA,0,90,-60\nB,0,270,-70\n";
  EXPECT_LT(place_at(read(t).holes[0].path, 10.0)[2], 50.0);
  t.options.dip_down = DipSign::positive_down;
  const DrillholeSet up = read(t);
  EXPECT_GT(place_at(up.holes[0].path, 10.0)[2], 50.0);
  expect_finding(up, "drillholes.up_hole", Severity::warning, {"survey.csv, row 1", "hole A"});
  t.options.dip_down = DipSign::inferred;
  t.surveys = "hole,at,azimuth,dip\nA,0,90,-60\nB,0,270,-70\nB,20,270,70\n";
  expect_finding(read(t), "drillholes.mixed_dip_sign", Severity::error, {"row 3", "hole B"});
  // A flip within a hole is impossible by any convention; up-holes beside down-holes are not.
  t.options.dip_down = DipSign::negative_down;
  expect_finding(read(t), "drillholes.mixed_dip_sign", Severity::error, {"row 3", "hole B"});
  t.surveys = "hole,at,azimuth,dip\nA,0,90,-60\nB,0,270,70\n";
  EXPECT_EQ(find(read(t), "drillholes.mixed_dip_sign"), nullptr);
}

TEST(Drillholes, AnglesOutOfRange) {
  Tables t;
  t.surveys = "hole,at,azimuth,dip\nA,0,90,95\nB,0,270,70\n";
  expect_finding(read(t), "drillholes.bad_dip", Severity::error, {"row 1", "hole A"});
  t.surveys = "hole,at,azimuth,dip\nA,0,400,60\nB,0,270,70\n";
  expect_finding(read(t), "drillholes.bad_azimuth", Severity::error, {"row 1", "hole A"});
  t.surveys = "hole,at,azimuth,dip\nA,0,,60\nB,0,270,70\n";
  expect_finding(read(t), "drillholes.bad_azimuth", Severity::error, {"row 1", "hole A"});
  t.surveys = "hole,at,azimuth,dip\nA,0,,90\nB,0,270,70\n";
  EXPECT_EQ(find(read(t), "drillholes.bad_azimuth"), nullptr);
}

TEST(Drillholes, VerticalWithTurningAzimuthIsAccepted) {
  Tables t;
  t.surveys = "hole,at,azimuth,dip\nA,0,0,-90\nA,10,120,-90\nA,20,240,-90\nB,0,90,-60\n";
  const DrillholeSet set = read(t);
  EXPECT_EQ(set.findings.worst(), Severity::note);
  EXPECT_EQ(place_at(set.holes[0].path, 25.0), (Vector3{100, 200, 25}));
}

TEST(Drillholes, FaultsOfSurveys) {
  Tables t;
  t.surveys = "hole,at,azimuth,dip\nA,0,90,60\nA,10,92,61\nA,10,200,61\nB,0,270,70\n";
  expect_finding(read(t), "drillholes.duplicate_survey", Severity::error, {"row 3", "hole A"});
  t.surveys = "hole,at,azimuth,dip\nA,0,90,10\nA,10,270,10\nB,0,270,70\n";
  expect_finding(read(t), "drillholes.dogleg", Severity::error, {"row 2", "hole A"});
  t.surveys = "hole,at,azimuth,dip\nA,0,90,60\nA,10,92,20\nB,0,270,70\n";
  expect_finding(read(t), "drillholes.sharp_bend", Severity::warning, {"row 2", "hole A"});
  t.surveys = "hole,at,azimuth,dip\nA,5,90,60\nB,0,270,70\n";
  expect_finding(read(t), "drillholes.survey_start", Severity::warning, {"row 1", "hole A"});
  t.surveys = "hole,at,azimuth,dip\nA,0,90,60\nA,40,90,60\nB,0,270,70\n";
  expect_finding(read(t), "drillholes.survey_beyond", Severity::warning, {"row 2", "hole A"});
  t.surveys = "hole,at,azimuth,dip\nA,10,90,60\nA,0,90,60\nB,0,270,70\n";
  expect_finding(read(t), "drillholes.unsorted", Severity::warning, {"survey.csv"});
  t.surveys = "hole,at,azimuth,dip\nA,10,90,60\nB,10,90,60\nA,0,90,60\nB,0,90,60\n";
  expect_finding(read(t), "drillholes.unsorted", Severity::warning, {"survey.csv"});
  t.surveys = "hole,at,azimuth,dip\nA,0,90,60\n";
  expect_finding(read(t), "drillholes.no_survey", Severity::warning, {"collar.csv", "hole B"});
  t.surveys = "hole,at,azimuth,dip\nA,0,90,60\nB,0,90,60\nC,0,90,60\n";
  expect_finding(read(t), "drillholes.unknown_hole", Severity::error,
                 {"survey.csv, row 3", "hole C"});
  t.surveys = "hole,at,azimuth,dip\nA,-1,90,60\nB,0,90,60\n";
  expect_finding(read(t), "drillholes.bad_depth", Severity::error, {"survey.csv, row 1", "hole A"});
}

TEST(Drillholes, AnglesOfTheCollarTable) {
  Tables t;
  t.surveys.clear();
  t.collars = "hole,x,y,z,depth,azimuth,dip\nA,100,200,50,30,90,-45\nB,150,200,52,30,,\n";
  const DrillholeSet set = read(t);
  EXPECT_NEAR(place_at(set.holes[0].path, 10.0)[0], 100 + 10 * std::sqrt(0.5), 1e-12);
  expect_finding(set, "drillholes.no_survey", Severity::warning, {"collar.csv, row 2", "hole B"});
}

TEST(Drillholes, FaultsOfCollars) {
  Tables t;
  t.collars = "hole,x,y,z,depth\nA,100,200,50,30\nB,150,200,52,30\nA,1,2,3,30\n";
  expect_finding(read(t), "drillholes.duplicate_collar", Severity::error,
                 {"collar.csv, row 3", "hole A"});
  t.collars = "hole,x,y,z,depth\nA,100,,50,30\nB,150,200,52,30\n";
  expect_finding(read(t), "drillholes.bad_collar", Severity::error, {"row 1", "hole A"});
  t.collars = "hole,x,y,z,depth\nA,100,200,50,-30\nB,150,200,52,30\n";
  expect_finding(read(t), "drillholes.bad_depth", Severity::error, {"row 1", "hole A"});
  t.collars = "hole,x,y,z,depth\nA,100,200,50,30\nB,150,200,52,30\n,1,2,3,4\n";
  expect_finding(read(t), "drillholes.blank_hole", Severity::error, {"row 3"});
  t.collars = "hole,x,y,z,depth\nA,100,200,50,30\nB,150,200,52,30\nb,1,2,3,4\n";
  expect_finding(read(t), "drillholes.near_id", Severity::warning, {"row 3", "hole b"});
}

TEST(Drillholes, DegreesUnderAProjectedCrs) {
  Tables t;
  t.options.projected = true;
  t.collars = "hole,x,y,z\nA,-9.33,20.49,50\nB,-9.34,20.49,52\n";
  expect_finding(read(t), "drillholes.degrees", Severity::error, {"collar.csv"});
  t.options.projected = false;
  EXPECT_EQ(find(read(t), "drillholes.degrees"), nullptr);
}

TEST(Drillholes, NearIdsAreOneHoleAndNumbersAreNotPadded) {
  Tables t;
  t.assays = "hole,from,to,v\na,0,10,1\nB ,0,10,1\n";
  const DrillholeSet set = read(t);
  expect_finding(set, "drillholes.near_id", Severity::warning, {"assay.csv, row 1", "hole a"});
  EXPECT_EQ(set.holes[0].intervals, 1U);
  EXPECT_EQ(set.holes[1].intervals, 1U);
  t.collars = "hole,x,y,z,depth\nN007,100,200,50,30\n";
  t.surveys = "hole,at,azimuth,dip\nN007,0,90,60\n";
  t.assays = "hole,from,to,v\nN7,0,10,1\n";
  expect_finding(read(t), "drillholes.unknown_hole", Severity::error,
                 {"assay.csv, row 1", "hole N7"});
}

TEST(Drillholes, FaultsOfIntervals) {
  Tables t;
  t.assays = "hole,from,to,v\nA,0,10,1\nA,5,20,1\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.overlap", Severity::error, {"row 2", "hole A", "5 to 20 m"});
  t.assays = "hole,from,to,v\nA,0,10,1\nA,20,10,1\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.bad_interval", Severity::error, {"row 2", "20 to 10 m"});
  t.assays = "hole,from,to,v\nA,0,10,1\nA,10,,1\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.bad_depth", Severity::error, {"row 2", "hole A"});
  t.assays = "hole,from,to,v\nA,0,10,1\nA,10,40,1\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.beyond_end", Severity::error, {"row 2", "10 to 40 m"});
  t.assays = "hole,from,to,v\nA,0,29,1\nA,29,30.3,1\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.end_rounded", Severity::warning, {"row 2", "29 to 30.3 m"});
  t.assays = "hole,from,to,v\nA,0,10,1\nA,15,30,1\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.gap", Severity::warning, {"row 2", "15 to 30 m"});
  t.assays = "hole,from,to,v\nA,10,20,1\nA,0,10,1\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.unsorted", Severity::warning, {"row 2", "hole A"});
  EXPECT_EQ(find(read(t), "drillholes.gap"), nullptr);
  t.assays = "hole,from,to,v\nA,10,20,1\nB,0,10,1\nA,0,10,1\n";
  expect_finding(read(t), "drillholes.unsorted", Severity::warning, {"row 3", "hole A"});
  t.assays = "hole,from,to,v\nA,10,20,1\n";
  expect_finding(read(t), "drillholes.no_assay", Severity::warning, {"hole B"});
}

TEST(Drillholes, AllFaultsAtOnce) {
  Tables t;
  t.assays = "hole,from,to,v\nA,0,10,1\nA,5,20,1\nX,0,10,1\nB,9,2,1\nB,20,80,1\n";
  const DrillholeSet set = read(t);
  for (const char* code : {"drillholes.overlap", "drillholes.unknown_hole",
                           "drillholes.bad_interval", "drillholes.beyond_end"})
    EXPECT_NE(find(set, code), nullptr) << code;
  try {
    require_sound(set);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.more.size(), 3U);
  }
}

TEST(Drillholes, ManyFaultsAreCounted) {
  Tables t;
  t.assays = "hole,from,to,v\n";
  for (int i = 0; i < 300; ++i) t.assays += "X,0,10,1\n";
  const DrillholeSet set = read(t);
  std::size_t listed = 0, count = 0;
  for (const Finding& finding : set.findings.list())
    if (finding.code == "drillholes.unknown_hole") {
      ++listed;
      count += finding.count;
    }
  EXPECT_EQ(listed, 101U);
  EXPECT_EQ(count, 300U);
}

TEST(Drillholes, GradesThatCannotBe) {
  Tables t;
  t.assays = "hole,from,to,treo_pct\nA,0,10,101\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.grade_above_100", Severity::error, {"row 1"});
  t.assays = "hole,from,to,recovery_pct\nA,0,10,104\nB,0,10,90\n";
  EXPECT_EQ(read(t).findings.worst(), Severity::note);
  t.assays = "hole,from,to,treo_ppm\nA,0,10,-5\nB,0,10,100\n";
  expect_finding(read(t), "drillholes.negative_grade", Severity::error, {"row 1"});
  t.options.negative = NegativeValue::half;
  const DrillholeSet half = read(t);
  expect_finding(half, "drillholes.negative_grade", Severity::warning, {"row 1"});
  EXPECT_EQ(half.assays.values[0][0], 2.5);
  t.options.negative = NegativeValue::zero;
  EXPECT_EQ(read(t).assays.values[0][0], 0.0);
  t.options.negative = NegativeValue::limit;
  EXPECT_EQ(read(t).assays.values[0][0], 5.0);
  t.options.negative = NegativeValue::missing;
  EXPECT_TRUE(std::isnan(read(t).assays.values[0][0]));
  t.options.negative = NegativeValue::refuse;
  t.options.checking = true;
  expect_finding(read(t), "drillholes.negative_grade", Severity::warning, {"row 1"});
  t.options.checking = false;
  // No detection limit lies above half of the grades.
  t.options.negative = NegativeValue::half;
  t.assays = "hole,from,to,treo_pct\nA,0,10,-1.77\nB,0,10,1\nB,10,20,1.2\n";
  expect_finding(read(t), "drillholes.negative_grade", Severity::error, {"row 1"});
  t.options.negative = NegativeValue::refuse;
  t.assays = "hole,from,to,susceptibility\nA,0,10,-5\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.negative_value", Severity::warning, {"row 1"});
}

TEST(Drillholes, CellsThatAreNoNumbers) {
  Tables t;
  t.assays = "hole,from,to,treo_ppm\nA,0,10,-9999\nB,0,10,1\n";
  expect_finding(read(t), "table.sentinel", Severity::error, {"row 1"});
  t.assays = "hole,from,to,treo_ppm\nA,0,10,<10\nA,10,20,12\nB,0,10,1\n";
  expect_finding(read(t), "drillholes.below_detection", Severity::error, {"row 1"});
  t.options.checking = true;
  expect_finding(read(t), "drillholes.below_detection", Severity::warning, {"row 1"});
  t.options.checking = false;
  t.assays = "hole,from,to,treo_ppm\nA,0,10,n.d.\nA,10,20,12\nB,0,10,1\n";
  expect_finding(read(t), "table.bad_number", Severity::error, {"row 1"});
  t.assays = "hole,from,to,treo\nA,0,10,5000 ppm\nA,10,20,0.5 %\nB,0,10,0.4 %\n";
  t.options.values = {"treo"};
  expect_finding(read(t), "drillholes.mixed_units", Severity::error, {"row 2"});
}

TEST(Drillholes, AHoleInAnotherUnit) {
  Tables t;
  t.assays =
      "hole,from,to,treo_ppm\nA,0,5,0.1\nA,5,10,0.11\nA,10,15,0.12\nB,0,5,1000\nB,5,10,1100\n"
      "B,10,15,1200\n";
  expect_finding(read(t), "drillholes.unit_mix", Severity::warning, {"assay.csv", "hole A"});
  EXPECT_EQ(find(read({}), "drillholes.unit_mix"), nullptr);
}

TEST(Drillholes, WeightsAreChecked) {
  Tables t;
  t.assays = "hole,from,to,v,density,rec\nA,0,10,1,2700,90\nB,0,10,1,2.7,120\n";
  t.options.density = "density";
  t.options.recovery = "rec";
  EXPECT_EQ(code_of([&] { (void)read(t); }), "unit.missing");
  t.assays = "hole,from,to,v,density_t_m3,rec\nA,0,10,1,2700,90\nB,0,10,1,2.7,120\n";
  t.options.density = "density_t_m3";
  expect_finding(read(t), "drillholes.bad_density", Severity::error, {"row 1"});
  expect_finding(read(t), "drillholes.bad_recovery", Severity::error, {"row 2"});
}

TEST(Drillholes, ValuesAndDomainsThatAreNotThere) {
  Tables t;
  t.options.values = {"nd_ppm"};
  EXPECT_EQ(code_of([&] { (void)read(t); }), "drillholes.no_value");
  t.options.values.clear();
  t.options.domain = "zone";
  EXPECT_EQ(code_of([&] { (void)read(t); }), "drillholes.no_column");
}

TEST(Drillholes, LithologySplitsIntervals) {
  Tables t;
  t.lithology = "hole,from,to,rock\nA,0,12,soil\nA,12,25,ore\nB,0,30,ore\n";
  t.options.domain = "rock";
  const DrillholeSet set = read(t);
  EXPECT_EQ(set.samples, 6U);
  ASSERT_EQ(set.assays.size(), 8U);
  // A: 0-10 soil, 10-12 soil, 12-20 ore, 20-25 ore, 25-30 not logged.
  EXPECT_EQ(set.assays.to_m[1], 12.0);
  EXPECT_EQ(set.domain_names[set.assays.domain[1]], "soil");
  EXPECT_EQ(set.domain_names[set.assays.domain[2]], "ore");
  EXPECT_EQ(set.assays.values[0][1], set.assays.values[0][2]);
  EXPECT_EQ(set.domain_names[set.assays.domain[4]], "");
  EXPECT_EQ(set.holes[1].first_interval, 5U);
  EXPECT_NE(find(set, "drillholes.split"), nullptr);
}

TEST(Drillholes, Desurveyed) {
  const Table table = table_from("d.csv",
                                 "BHID,FROM,TO,X,Y,Z,CEO2\nA,0,2,0,0,-1,1\nA,2,6,0,0,-4,\n"
                                 "B,0,4,10,0,-2,3\n");
  DrillholeTables tables;
  tables.desurveyed = &table;
  const DrillholeSet set = read_drillholes(tables);
  EXPECT_EQ(set.findings.worst(), Severity::note);
  ASSERT_EQ(set.holes.size(), 2U);
  EXPECT_DOUBLE_EQ(set.metres, 10.0);
  EXPECT_EQ(place_at(set.holes[0].path, 3.0), (Vector3{0, 0, -3}));
  EXPECT_TRUE(std::isnan(set.assays.values[0][1]));

  const Table torn = table_from("d.csv",
                                "BHID,FROM,TO,X,Y,Z,v\nA,0,2,0,0,-1,1\nA,2,4,90,0,-3,1\n"
                                "A,4,6,0,,0,1\n");
  tables.desurveyed = &torn;
  const DrillholeSet bad = read_drillholes(tables);
  expect_finding(bad, "drillholes.stretched", Severity::warning, {"row 2", "hole A"});
  expect_finding(bad, "drillholes.bad_place", Severity::error, {"row 3", "hole A"});
}

TEST(Drillholes, RowsOfBlanksAreNoHole) {
  Tables t;
  t.collars = "hole,x,y,z\n,1,2,3\n";
  t.assays.clear();
  t.surveys.clear();
  expect_finding(read(t), "drillholes.no_hole", Severity::error, {"collar.csv"});
}

}  // namespace
}  // namespace lode
