// Contained tonnes against the published table of Weng et al. 2015, each tonnage counted once.
#include "libgeo/deposit/reported.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {
namespace {

std::string code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_FALSE(error.hint.empty()) << error.code;
    return error.code;
  }
  return "";
}

std::string data_folder() {
  const char* set = std::getenv("LODE_DATA");
  return set != nullptr ? set : std::string(LODE_SOURCE_DIR) + "/../shared/data";
}

// A plain CSV without quotes that matter, all columns as text.
Table read_plain_csv(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<std::string> names = split(trim(line), ',');
  std::vector<std::vector<std::string>> cells(names.size());
  while (std::getline(file, line)) {
    auto row = split(trim(line), ',');
    row.resize(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) cells[i].push_back(row[i]);
  }
  Table table;
  table.name = std::filesystem::path(path).filename().string();
  for (std::size_t i = 0; i < names.size(); ++i) table.add(text_column(names[i], cells[i]));
  return table;
}

Table element_rows(const std::vector<std::string>& ids, const std::vector<std::string>& elements,
                   const std::vector<double>& ppm, const std::vector<double>& mt) {
  Table table;
  table.name = "rows.csv";
  table.add(text_column("record_id", ids));
  table.add(text_column("commodity", elements));
  table.add(number_column("grade", ppm));
  table.add(text_column("grade_unit", std::vector<std::string>(ids.size(), "ppm")));
  table.add(number_column("ore", mt));
  table.add(text_column("ore_unit", std::vector<std::string>(ids.size(), "Mt")));
  return table;
}

TEST(Contained, FromSharesByHand) {
  // 20 Mt at 5 % TREO, of which 18 % NdPr and 0.5 % DyTb.
  ReportedResource resource;
  resource.ore_t = {15e6, 20e6, 30e6};
  resource.treo.base = 0.05;
  resource.ndpr_share = 0.18;
  resource.dytb_share = 0.005;
  const Contained contained = contained_from_shares(resource);
  EXPECT_DOUBLE_EQ(contained.treo_t.base, 1e6);
  EXPECT_DOUBLE_EQ(contained.treo_t.low, 0.75e6);
  EXPECT_DOUBLE_EQ(contained.treo_t.high, 1.5e6);
  EXPECT_DOUBLE_EQ(contained.ndpr_t.base, 180e3);
  EXPECT_DOUBLE_EQ(contained.dytb_t.base, 5e3);
  EXPECT_NEAR(contained.mreo_t.base, 185e3, 1e-6);
}

TEST(Contained, MissingStaysMissing) {
  ReportedResource resource;
  resource.ore_t.base = 20e6;
  resource.treo.base = 0.05;
  resource.ndpr_share = 0.18;
  const Contained contained = contained_from_shares(resource);
  EXPECT_FALSE(contained.dytb_t.known());
  EXPECT_FALSE(contained.mreo_t.known());
  EXPECT_FALSE(contained.treo_t.ranged());
}

TEST(Contained, FromASuite) {
  OxideSuite suite;
  suite.oxide[ree::Nd] = 0.01;
  suite.oxide[ree::Pr] = 0.003;
  suite.oxide[ree::Dy] = 0.0002;
  const Contained contained = contained_from_suite(only_base(1e6), sum_oxides(suite));
  EXPECT_NEAR(contained.treo_t.base, 13200.0, 1e-9);
  EXPECT_NEAR(contained.ndpr_t.base, 13000.0, 1e-9);
  EXPECT_NEAR(contained.dytb_t.base, 200.0, 1e-9);
  EXPECT_NEAR(contained.mreo_t.base, 13200.0, 1e-9);
}

TEST(Contained, ImpossibleFiguresAreRefused) {
  const auto code = [](auto change) {
    ReportedResource resource;
    resource.ore_t.base = 1e6;
    resource.treo.base = 0.02;
    change(resource);
    return code_of([&] { (void)contained_from_shares(resource, "MP-001"); });
  };
  EXPECT_EQ(code([](auto& r) { r.ore_t.base = -1.0; }), "deposit.negative");
  EXPECT_EQ(code([](auto& r) { r.ore_t.low = 2e6; }), "deposit.range_order");
  EXPECT_EQ(code([](auto& r) { r.ore_t.high = 0.5e6; }), "deposit.range_order");
  EXPECT_EQ(code([](auto& r) { r.treo.base = 2.0; }), "deposit.grade");
  EXPECT_EQ(code([](auto& r) { r.ndpr_share = 18.0; }), "deposit.share");
  EXPECT_EQ(code([](auto& r) {
              r.ndpr_share = 0.7;
              r.dytb_share = 0.7;
            }),
            "deposit.share");
}

TEST(FoldElementRows, TonnageCountsOnce) {
  const FoldedDeposits folded = fold_element_rows(
      element_rows({"a", "a", "b", "a"}, {"Lanthanum", "Cerium", "Yttrium", "Niobium"},
                   {100, 200, 300, 400}, {5, 5, 7, 5}));
  ASSERT_EQ(folded.table.rows(), 2u);
  EXPECT_EQ(folded.table.numbers("ore_t"), (std::vector<double>{5e6, 7e6}));
  EXPECT_DOUBLE_EQ(folded.table.numbers("Ce_ppm")[0], 200.0);
  EXPECT_TRUE(std::isnan(folded.table.numbers("Ce_ppm")[1]));
  EXPECT_TRUE(folded.findings.has("reported.tonnage_repeated"));
  EXPECT_TRUE(folded.findings.has("reported.other_commodity"));
}

TEST(FoldElementRows, ContradictionsAreMissingAndSaid) {
  const FoldedDeposits folded = fold_element_rows(element_rows(
      {"a", "a", "b", "b"}, {"La", "Ce", "Y", "Y"}, {100, 200, 300, 400}, {5, 6, 7, 7}));
  EXPECT_TRUE(std::isnan(folded.table.numbers("ore_t")[0]));
  EXPECT_TRUE(std::isnan(folded.table.numbers("Y_ppm")[1]));
  EXPECT_TRUE(folded.findings.has("reported.tonnage_differs"));
  EXPECT_TRUE(folded.findings.has("reported.element_repeated"));
}

TEST(FoldElementRows, BadRowsAreRefused) {
  Table negative = element_rows({"a"}, {"La"}, {-1}, {5});
  EXPECT_EQ(code_of([&] { (void)fold_element_rows(negative); }), "deposit.negative");
  Table no_unit = element_rows({"a"}, {"La"}, {1}, {5});
  no_unit.columns[3].texts[0] = "";
  EXPECT_EQ(code_of([&] { (void)fold_element_rows(no_unit); }), "unit.missing");
  ElementRowFields plain;
  plain.grade_unit = "";
  EXPECT_EQ(code_of([&] { (void)fold_element_rows(negative, plain); }), "unit.missing");
}

TEST(FoldElementRows, WengAsPublished) {
  const std::string folder = data_folder();
  const std::string rows = folder + "/res_ree_weng2015/ree_grades_tonnage.csv";
  const std::string expected = folder + "/domain/weng2015_deposits_summary.csv";
  if (!std::filesystem::exists(rows) || !std::filesystem::exists(expected))
    GTEST_SKIP() << "no " << rows << "; set LODE_DATA to the folder with the real data";
  const FoldedDeposits folded = fold_element_rows(read_plain_csv(rows));
  ASSERT_EQ(folded.table.rows(), 73u);
  const OxideResult trade = oxides_of(folded.table);
  const OxideResult sesqui = oxides_of(folded.table, {.basis = OxideBasis::sesquioxide});
  std::map<std::string, std::size_t> by_name;
  const auto names = folded.table.texts("name");
  for (std::size_t i = 0; i < names.size(); ++i) by_name[names[i]] = i;

  const Table summary = read_plain_csv(expected);
  const auto ore = folded.table.numbers("ore_t");
  std::size_t compared = 0;
  for (std::size_t k = 0; k < summary.rows(); ++k) {
    const auto at = by_name.find(summary.texts("name")[k]);
    if (at == by_name.end()) continue;
    const OxideSums& sums = trade.rows[at->second].sums;
    SCOPED_TRACE(at->first);
    EXPECT_NEAR(sums.treo * 100.0, summary.numbers("TREO_pct_std")[k], 6e-5);
    EXPECT_NEAR(sesqui.rows[at->second].sums.treo * 100.0, summary.numbers("TREO_pct_sesqui")[k],
                6e-5);
    EXPECT_NEAR(ore[at->second] / 1e6, summary.numbers("ore_Mt")[k], 1e-3 * ore[at->second] / 1e6);
    const Contained contained = contained_from_suite(only_base(ore[at->second]), sums);
    const double published_kt = summary.numbers("contained_TREO_kt_std")[k];
    EXPECT_NEAR(contained.treo_t.base / 1e3, published_kt, 0.006 + 1e-5 * published_kt);
    ++compared;
  }
  EXPECT_GE(compared, 65u);  // a few names are written with other accents
}

}  // namespace
}  // namespace lode
