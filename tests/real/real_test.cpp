// The two studies on files that nobody here wrote, as they are.
#include <gtest/gtest.h>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

class Real : public testing::Test {
 protected:
  void SetUp() override {
    data_ = data_folder();
    if (data_.empty()) GTEST_SKIP() << "the real data are not here: set LODE_DATA to their folder";
  }
  Json run(const std::string& study) {
    const RunResult result =
        run_lode({"study", "run", LODE_SOURCE_DIR "/tests/real/" + study + "/study.toml", "--data",
                  data_, "-o", (box_ / study).string(), "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.json();
  }
  static double figure(const Json& json, const std::string& name) {
    return json.at("summary").at(name).as_number();
  }
  static std::int64_t count_of(const Json& json, const std::string& code) {
    std::int64_t count = 0;
    for (const auto& finding : json.at("findings").items())
      if (finding.at("code").as_string() == code) count += finding.at("count").as_integer();
    return count;
  }

  std::string data_;
  TempDir box_;
};

TEST_F(Real, RareEarths) {
  const Json json = run("rare_earths");
  // Counts as the data's own README states them.
  EXPECT_EQ(figure(json, "sites"), 799);
  EXPECT_EQ(figure(json, "sites_without_a_place"), 221);
  EXPECT_EQ(figure(json, "ranked"), 578);
  EXPECT_EQ(json.at("results").size(), 578u);
  EXPECT_EQ(count_of(json, "study.unlocated"), 221);
  EXPECT_GE(figure(json, "sites_with_a_reported_resource_joined"), 15);
  // Mountain Pass is the one large known deposit at home beside a railroad.
  EXPECT_EQ(json.at("results").items()[0].at("name").as_string(), "Mountain Pass");
}

TEST_F(Real, Norcal) {
  const Json json = run("norcal");
  EXPECT_EQ(figure(json, "permits_read"), 2823);
  EXPECT_EQ(figure(json, "ranked"), figure(json, "sites"));
  EXPECT_GT(figure(json, "permits_that_are_stacked"), 1000);
  // Ground counted once is far less than the sum, and the recorded acres are less again.
  EXPECT_LT(figure(json, "permit_area_counted_once_ha"),
            0.6 * figure(json, "permit_area_summed_ha"));
  EXPECT_LT(figure(json, "permit_area_recorded_ha"),
            0.2 * figure(json, "permit_area_counted_once_ha"));
}

}  // namespace
}  // namespace lode::test
