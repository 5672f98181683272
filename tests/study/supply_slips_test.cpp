// Slips in the names of columns that the tables of supply may have are said, and nothing else is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libgeo/study/alliance_tables.h"
#include "libgeo/study/disruption_tables.h"
#include "libgeo/study/supply_tables.h"
#include "tests/error_code.h"
#include "tests/supply/csv_table.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

using Read = std::function<void(const SupplyReading&, const Table&)>;

/// What "supply.column_unused" says; "" when it is not said.
std::string unused(const Read& read, const std::string& text) {
  Findings findings;
  const Countries countries;
  const ConcentrationOptions options;
  const SupplyReading reading{countries, options, InexactRule::take, findings};
  read(reading, csv_table("t.csv", text));
  for (const Finding& one : findings.list())
    if (one.code == "supply.column_unused") {
      EXPECT_EQ(one.severity, Severity::warning);
      EXPECT_EQ(one.where, "t.csv");
      return one.message;
    }
  return "";
}

TEST(SupplySlips, OfTodaysSharesAreSaid) {
  const Read read = [](const auto& reading, const Table& table) {
    (void)read_stage_supply(reading, table);
  };
  EXPECT_EQ(
      unused(read, "stage,metal,country,share_pct,data,note\nmine,NdPr,CHN,58,illustrative,x\n"),
      "");
  EXPECT_EQ(unused(read, "stage,metal,iso3,iso2,share,source\nmine,NdPr,CHN,CN,0.58,x\n"), "");
  EXPECT_EQ(unused(read, "stage,metal,country,share_pct,share\nmine,NdPr,CHN,58,0.6\n"),
            "the column share is not read; is share_pct meant?");
  EXPECT_EQ(unused(read, "stage,metal,country,share_pct,share_low_pct\nmine,NdPr,CHN,58,50\n"),
            "the column share_low_pct is not read; is share_pct meant?");
  EXPECT_EQ(unused(read, "stage,stages,metal,country,share_pct\nmine,x,NdPr,CHN,58\n"),
            "the column stages is not read; is stage meant?");
}

TEST(SupplySlips, OfTradeAndFactorsAreSaid) {
  const Read trade = [](const auto& reading, const Table& table) {
    (void)read_trade(reading, table, {});
  };
  EXPECT_EQ(unused(trade,
                   "production_t,imports_t,exports_t,apparent_consumption_t,import_reliance_pct,"
                   "source\n1,2,3,4,50,x\n"),
            "");
  EXPECT_EQ(unused(trade, "production_t,import_t,exports_t\n1,2,3\n"),
            "the column import_t is not read; is imports_t meant?");
  EXPECT_EQ(unused(trade, "production_t,imports_t,stok_increase_t\n1,2,3\n"),
            "the column stok_increase_t is not read; is stock_increase_t meant?");
  const Read factors = [](const auto& reading, const Table& table) {
    (void)read_factors(table, reading.findings);
  };
  EXPECT_EQ(unused(factors, "element,stage,recycling_rate_pct,substitution,ei,note\nNd,,1,1,2,x\n"),
            "");
  EXPECT_EQ(unused(factors, "element,recyling_rate_pct\nNd,1\n"),
            "the column recyling_rate_pct is not read; is recycling_rate_pct meant?");
  EXPECT_THAT(unused(factors, "element,vulnerable\nNd,0.5\n"), testing::IsEmpty());
  EXPECT_EQ(unused(factors, "element,vulnerabilty\nNd,0.5\n"),
            "the column vulnerabilty is not read; is vulnerability meant?");
  const Read uses = [](const auto& reading, const Table& table) {
    (void)read_uses(table, reading.findings);
  };
  EXPECT_EQ(unused(uses, "element,use,share_pct,value_added,note\nNd,magnets,100,5,x\n"), "");
  EXPECT_EQ(unused(uses, "element,use,share_pct,value_aded\nNd,magnets,100,5\n"),
            "the column value_aded is not read; is value_added meant?");
  const Read willing = [](const auto& reading, const Table& table) {
    (void)read_willingness(reading, table);
  };
  EXPECT_EQ(unused(willing, "country,ability,willingness\nCHN,1,1\n"), "");
  EXPECT_EQ(unused(willing, "country,ability,wilingness\nCHN,1,1\n"),
            "the column wilingness is not read; is willingness meant?");
}

/// Numbers of other years beside the chosen column are no slips of it.
TEST(SupplySlips, OfAmountsByCountryAreSaid) {
  const Read production = say_production_slips;
  EXPECT_EQ(unused(production,
                   "iso3,name,mine_2023_t,mine_2024_t,reserves_t,source\nCHN,x,1,2,3,"
                   "x\n"),
            "");
  EXPECT_EQ(unused(production, "iso3,mine_t,trade_facto\nCHN,1,1\n"),
            "the column trade_facto is not read; is trade_factor meant?");
  const Read imports = [](const auto& reading, const Table& table) {
    (void)read_imports(reading, table, {});
  };
  EXPECT_EQ(unused(imports, "iso3,share_pct,share_2019_pct,source,data\nCHN,70,60,x,x\n"), "");
  EXPECT_EQ(unused(imports, "iso3,share_pct,elment\nCHN,70,Nd\n"),
            "the column elment is not read; is element meant?");
  const Read origins = [](const auto& reading, const Table& table) {
    (void)read_origins(reading, table);
  };
  EXPECT_EQ(unused(origins, "from,origin,share,data,note\nMYS,AUS,1,x,x\n"), "");
  EXPECT_EQ(unused(origins, "from,origin,share,share_pct\nMYS,AUS,1,100\n"),
            "the column share_pct is not read; is share meant?");
  const Read compositions = [](const auto& reading, const Table& table) {
    (void)read_compositions(reading, table);
  };
  EXPECT_EQ(unused(compositions, "iso3,material,share,La,Ce,Sc_pct,note\nCHN,x,1,40,60,0,x\n"), "");
  EXPECT_EQ(unused(compositions, "iso3,material,output_shar,La,Ce\nCHN,x,1,40,60\n"),
            "the column output_shar is not read; is output_share meant?");
  const Read governance = [](const auto& reading, const Table& table) {
    (void)read_governance_table(reading, table, {});
  };
  EXPECT_EQ(unused(governance, "iso3,name,wgi_mean6,wgi_eu010,source\nCHN,x,-1,7,x\n"), "");
  EXPECT_EQ(unused(governance, "iso3,wgi_eu010,years\nCHN,7,2023\n"),
            "the column years is not read; is year meant?");
  const Read alliances = [](const auto& reading, const Table& table) {
    (void)read_alliances(reading, table, {"G"});
  };
  EXPECT_EQ(unused(alliances, "group,iso3,name,valid_as_of,note\nG,USA,x,2024,x\n"), "");
  EXPECT_EQ(unused(alliances, "group,iso3,iso2,valid_asof\nG,USA,US,2024\n"),
            "the column valid_asof is not read; is valid_as_of meant?");
}

/// A column that looks like a demand of the members is refused, as of any demand.
TEST(SupplySlips, OfMembersDemandAreRefused) {
  const auto code = [](const std::string& text) {
    Findings findings;
    const Countries countries;
    const ConcentrationOptions options;
    return code_of([&] {
      (void)read_member_demand({countries, options, InexactRule::take, findings},
                               csv_table("d.csv", text));
    });
  };
  EXPECT_EQ(code("country,year,NdPr_t,DyTb_tonnes\nUSA,2030,1,1\n"), "supply.demand_column");
  EXPECT_EQ(code("country,year,NdPr_t,DyTv_t\nUSA,2030,1,1\n"), "supply.demand_column");
}

}  // namespace
}  // namespace lode::test
