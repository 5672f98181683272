// The command `pit`: the contract's keys, money from columns and prices, slopes, nested pits, waste
// below a surface, and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "libgeo/core/text.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// A section of 9 x 1 x 3 blocks of 10 m, waste at -1, one block of 9.5 on the lowest bench: it
// takes 8 of waste at 45 degrees, 2 with walls of 80.
std::vector<std::string> rows() {
  std::vector<std::string> list;
  for (int k = 0; k < 3; ++k)
    for (int i = 0; i < 9; ++i) {
      const bool ore = i == 4 && k == 0;
      list.push_back(std::to_string(105 + 10 * i) + ",205," + std::to_string(5 + 10 * k) +
                     ",10,10,10," + (ore ? "9.5" : "-1") + "," + (ore ? "14" : "0") + "," +
                     (ore ? "4.5" : "1") + "," + (ore ? "2" : "0") + ",2.5,45," +
                     (i < 3 ? "west" : "east"));
    }
  return list;
}

const std::string header =
    "x,y,z,dx,dy,dz,value_usd,revenue_usd,cost_usd,treo_pct,density_t_m3,wall,zone\n";

std::string text_of(const std::vector<std::string>& list) {
  std::string text = header;
  for (const std::string& row : list) text += row + "\n";
  return text;
}

class PitCommand : public testing::Test {
 protected:
  void SetUp() override { write(dir / "blocks.csv", text_of(rows())); }

  RunResult run(const std::string& more) const {
    std::vector<std::string> args{"pit", (dir / "blocks.csv").string(), "--json"};
    std::istringstream words(more);
    for (std::string word; words >> word;) {
      std::replace(word.begin(), word.end(), '_',
                   word.find("USD") != word.npos || word.find('%') != word.npos ||
                           word.find("t/m3") != word.npos
                       ? ' '
                       : '_');
      args.push_back(word);
    }
    return run_lode(args);
  }
  Json row(const std::string& more) const {
    const RunResult result = run(more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.json().at("results").items().at(0);
  }
  std::string code(const std::string& more) const {
    const RunResult result = run(more);
    if (result.exit_code == 0) return "none";
    return result.json().at("error").at("code").as_string();
  }
  void change(std::size_t at, const std::string& to) const {
    auto list = rows();
    if (to.empty())
      list.erase(list.begin() + static_cast<long>(at));
    else
      list[at] = to;
    write(dir / "blocks.csv", text_of(list));
  }
  std::string path(const std::string& name) const { return (dir / name).string(); }
  TempDir dir;
};

const std::string value = "--value value_usd --density density_t_m3 ";
const std::string priced =
    "--grade treo_pct --density 2.5_t/m3 --price 10_USD/kg --recovery 50_% --cost-mining "
    "2_USD/t --cost-processing 20_USD/t --slope 45 ";

TEST_F(PitCommand, KeysOfTheContract) {
  const RunResult result = run(value + "--slope 45 -o " + path("out.csv"));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const Json& one = json.at("results").items()[0];
  EXPECT_EQ(one.at("value").as_number(), 1.5);
  EXPECT_EQ(one.at("blocks_mined").as_number(), 9.0);
  EXPECT_EQ(one.at("rock_t").as_number(), 9 * 2500.0);
  EXPECT_EQ(one.at("ore_t").as_number(), 2500.0);
  EXPECT_EQ(one.at("waste_t").as_number(), 20000.0);
  EXPECT_EQ(one.at("strip_ratio").as_number(), 8.0);
  ASSERT_EQ(one.at("shells").items().size(), 1u);
  const Json& proof = json.at("summary").at("proof");
  EXPECT_EQ(proof.at("units_per_money").as_number(), 10.0);
  EXPECT_EQ(proof.at("positive").as_number(), 95.0);
  EXPECT_EQ(proof.at("max_flow").as_number(), 80.0);
  EXPECT_EQ(proof.at("value").as_number(), 15.0);
  EXPECT_EQ(proof.at("gap").as_number(), 0.0);
  std::istringstream out(slurp(dir / "out.csv"));
  std::string line;
  std::getline(out, line);
  EXPECT_EQ(line + "\n", header.substr(0, header.size() - 1) + ",pit\n");
  std::size_t mined = 0;
  for (const std::string& before : rows()) {
    std::getline(out, line);
    EXPECT_EQ(line.substr(0, before.size()), before);
    mined += line.substr(before.size()) == ",1" ? 1 : 0;
  }
  EXPECT_EQ(mined, 9u);
}

TEST_F(PitCommand, SlopesOfAllKinds) {
  // Walls of 80 degrees leave the neighbours: their centres stand 10 m away, 20 m up is the limit.
  EXPECT_EQ(row(value + "--slope 80").at("blocks_mined").as_number(), 3.0);
  EXPECT_EQ(row(value + "--slope wall").at("blocks_mined").as_number(), 9.0);
  EXPECT_EQ(row(value + "--pattern 1-5").at("blocks_mined").as_number(), 9.0);
  EXPECT_EQ(row(value + "--pattern 1-9").at("blocks_mined").as_number(), 9.0);
  // 45 degrees to the west, steep elsewhere: the western half of the cone and the column.
  write(dir / "sectors.csv", "azimuth_deg,slope_deg\n270,45\n210,85\n330,85\n90,85\n");
  EXPECT_EQ(row(value + "--sectors " + path("sectors.csv")).at("blocks_mined").as_number(), 6.0);
  // The ore lies in the east, whose slopes are steep.
  write(dir / "sectors.csv", "zone,azimuth_deg,slope_deg\nwest,0,45\neast,0,80\n");
  EXPECT_EQ(row(value + "--sectors " + path("sectors.csv") + " --zone zone")
                .at("blocks_mined")
                .as_number(),
            3.0);
  write(dir / "sectors.csv", "zone,azimuth_deg,slope_deg\nwest,0,45\n");
  EXPECT_EQ(code(value + "--sectors " + path("sectors.csv") + " --zone zone"), "pit.zones");
  write(dir / "sectors.csv", "azimuth_deg,slope_deg\n0,45\n0,50\n");
  EXPECT_EQ(code(value + "--sectors " + path("sectors.csv")), "pit.sectors");
  write(dir / "sectors.csv", "azimuth_deg,slope_deg\n0,95\n");
  EXPECT_EQ(code(value + "--sectors " + path("sectors.csv")), "pit.slope");
  write(dir / "sectors.csv", "azimuth_deg,slope_deg\n0,45\n180,\n");
  EXPECT_EQ(code(value + "--sectors " + path("sectors.csv")), "pit.slope");
  for (const char* bearing : {"400", "-90"}) {
    write(dir / "sectors.csv", "azimuth_deg,slope_deg\n0,45\n" + std::string(bearing) + ",50\n");
    EXPECT_EQ(code(value + "--sectors " + path("sectors.csv")), "pit.sectors") << bearing;
  }
  EXPECT_EQ(code(value + "--slope 90"), "usage.range");
  EXPECT_EQ(code(value + "--slope 0"), "usage.range");
  EXPECT_EQ(code(value + "--slope 0_%"), "usage.quantity");
  change(3, "135,205,5,10,10,10,-1,0,1,0,2.5,0,west");
  EXPECT_EQ(code(value + "--slope wall"), "pit.slope");
}

TEST_F(PitCommand, NestedPitsOfColumns) {
  const std::string columns = "--revenue revenue_usd --cost cost_usd --slope 45 ";
  // 14 f - 4.5 - 8 pays from f = 0.893 on.
  const Json one = row(columns + "--revenue-factors 0.8,0.9,1,1.2 -o " + path("out.csv"));
  EXPECT_EQ(one.at("value").as_number(), 1.5);
  const auto& shells = one.at("shells").items();
  ASSERT_EQ(shells.size(), 4u);
  EXPECT_EQ(shells[0].at("blocks_mined").as_number(), 0.0);
  EXPECT_TRUE(shells[0].at("strip_ratio").is_null());
  EXPECT_EQ(shells[1].at("blocks_mined").as_number(), 9.0);
  EXPECT_NEAR(shells[1].at("value_at_factor").as_number(), 0.1, 1e-12);
  EXPECT_EQ(shells[3].at("pit").as_number(), 4.0);
  EXPECT_THAT(slurp(dir / "out.csv"), HasSubstr("145,205,5,10,10,10,9.5,14,4.5,2,2.5,45,east,2\n"));
  EXPECT_EQ(code(columns + "--revenue-factors 1,0.9"), "usage.range");
  EXPECT_EQ(code(columns + "--revenue-factors 1,x"), "usage.list");
  change(3, "135,205,5,10,10,10,-1,-2,1,0,2.5,45,west");
  EXPECT_EQ(code(columns), "pit.revenue");
}

TEST_F(PitCommand, ValueFromPrices) {
  // 2500 t x 2 % x 50 % = 25 t at 10 USD/kg = 250,000; processing 50,000, mining 9 x 5,000.
  const Json one = row(priced);
  EXPECT_NEAR(one.at("value").as_number(), 155000.0, 1e-6);
  EXPECT_NEAR(one.at("product_t").as_number(), 25.0, 1e-9);
  EXPECT_EQ(one.at("strip_ratio").as_number(), 8.0);
  // Half of the block is ore; selling takes 1 USD/kg.
  auto list = rows();
  for (std::string& line : list) line += ",0.5";
  write(dir / "blocks.csv",
        header.substr(0, header.size() - 1) + ",part\n" + text_of(list).substr(header.size()));
  const Json half = row(priced + "--share part --selling-cost 1_USD/kg");
  EXPECT_NEAR(half.at("value").as_number(), 125000.0 - 25000.0 - 12500.0 - 45000.0, 1e-6);
  EXPECT_EQ(half.at("ore_t").as_number(), 1250.0);
  std::string two = priced;
  EXPECT_EQ(code(two.replace(two.find("10_USD"), 6, "10,11_USD")), "usage.list");
}

TEST_F(PitCommand, WasteThatIsNotListed) {
  // Only the ore is listed, under a flat surface at 30 m: the cone over it is 1 + 5 + 13 cells.
  write(dir / "blocks.csv", header + rows()[4] + "\n");
  std::string dem = "ncols 40\nnrows 40\nxllcorner -52.5\nyllcorner 7.5\ncellsize 10\n";
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < 40; ++j) dem += "30 ";
    dem += "\n";
  }
  write(dir / "dem.asc", dem);
  const std::string waste =
      "--waste-density 2_t/m3 --waste-below " + path("dem.asc") + " --input-crs local:m ";
  const RunResult result = run(priced + waste);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json one = result.json().at("results").items()[0];
  EXPECT_EQ(one.at("blocks_mined").as_number(), 19.0);
  EXPECT_EQ(one.at("rock_t").as_number(), 2500.0 + 18 * 2000.0);
  EXPECT_NEAR(one.at("value").as_number(), 250000.0 - 50000.0 - 5000.0 - 18 * 4000.0, 1e-6);
  EXPECT_EQ(row(priced).at("blocks_mined").as_number(), 1.0);
  // A surface that ends over the pit.
  std::string few = "ncols 5\nnrows 40\nxllcorner 117.5\nyllcorner 7.5\ncellsize 10\n";
  for (int i = 0; i < 40; ++i) few += "30 30 30 30 30\n";
  write(dir / "dem.asc", few);
  EXPECT_THAT(run(priced + waste).json().at("findings").dump(), HasSubstr("pit.uncovered"));
}

TEST_F(PitCommand, Findings) {
  EXPECT_THAT(run("--value value_usd --slope 45").json().at("findings").dump(),
              HasSubstr("pit.no_density"));
  change(4, "145,205,5,10,10,10,2,14,4.5,2,2.5,45,east");
  EXPECT_THAT(run(value + "--slope 45").json().at("findings").dump(), HasSubstr("pit.empty"));
  change(13, "");  // the block over the ore
  EXPECT_THAT(run(value + "--slope 45").json().at("findings").dump(), HasSubstr("pit.holes"));
  change(0, "105,205,5,10,10,10,,0,1,0,2.5,45,west");
  EXPECT_EQ(code(value + "--slope 45"), "pit.no_value");
  EXPECT_THAT(run(value + "--slope 45 --no-value air").json().at("findings").dump(),
              HasSubstr("pit.blank"));
  std::string text = text_of(rows());
  text.replace(text.find("value_usd"), 9, "worth");
  write(dir / "blocks.csv", text);
  EXPECT_THAT(run("--value worth --slope 45").json().at("findings").dump(),
              HasSubstr("pit.value_unit"));
}

TEST_F(PitCommand, Refusals) {
  EXPECT_EQ(code("--slope 45"), "usage.pit_value");
  EXPECT_EQ(code(value + "--revenue revenue_usd --cost cost_usd --slope 45"), "usage.pit_value");
  EXPECT_EQ(code("--revenue revenue_usd --slope 45"), "usage.pit_value");
  EXPECT_EQ(code(value + "--slope 45 --revenue-factors 0.5,1"), "usage.pit_value");
  EXPECT_EQ(code(value + "--slope 45 --cost-mining 2_USD/t"), "usage.pit_value");
  EXPECT_EQ(code("--price 10_USD/kg --grade treo_pct --slope 45"), "usage.pit_value");
  EXPECT_EQ(code(value), "usage.pit_slope");
  EXPECT_EQ(code(value + "--slope 45 --pattern 1-5"), "usage.pit_slope");
  EXPECT_EQ(code(value + "--slope 45 --zone zone"), "usage.pit_slope");
  EXPECT_EQ(code(value + "--slope 45 -o " + path("out.gpkg")), "usage.output");
  EXPECT_EQ(code("--value nothing --slope 45"), "table.no_field");
  change(0, "105,205,5,10,10,10,-1,0,1,0,,45,west");
  EXPECT_EQ(code(value + "--slope 45"), "pit.no_mass");
  EXPECT_EQ(code("--value value_usd --tonnage value_usd --field-unit value_usd=kUSD --slope 45"),
            "unit.unknown");
  EXPECT_EQ(
      code(priced + "--waste-density 2_t/m3 --waste-below dem.asc --sectors s.csv --zone zone"),
      "usage.pit_slope");
  change(0, "105,205,5,5,10,10,-1,0,1,0,2.5,45,west");
  EXPECT_EQ(code(value + "--slope 45"), "pit.not_regular");
  change(0, "115,205,5,10,10,10,-1,0,1,0,2.5,45,west");
  EXPECT_EQ(code(value + "--slope 45"), "blocks.duplicate");
  change(0, "105,205,5,10,10,10,-5e18,0,1,0,2.5,45,west");
  EXPECT_EQ(code(value + "--slope 45"), "pit.overflow");
  change(0, "1000000105,205,5,10,10,10,-1,0,1,0,2.5,45,west");
  EXPECT_EQ(code(value + "--slope 45"), "pit.too_many");
  EXPECT_FALSE(std::filesystem::exists(dir / "out.csv"));
}

TEST_F(PitCommand, ThreadsGiveTheSameBytes) {
  const std::string a = run(priced + "--revenue-factors 0.5,1 --jobs 1").out;
  EXPECT_EQ(a, run(priced + "--revenue-factors 0.5,1 --jobs 3").out);
}

}  // namespace
}  // namespace lode::test
