// Study files written from layers: what is guessed, what waits, and weights that add up.
#include "libgeo/study/study_init.h"

#include <gtest/gtest.h>

#include "libgeo/core/error.h"
#include "libgeo/study/study_file.h"

namespace lode {
namespace {

InitInputs one_layer() {
  InitLayer layer;
  layer.path = "deposits.shp";
  layer.kind = "primary";
  layer.table.add(text_column("SITE_ID", {"A"}));
  layer.table.add(number_column("ORE_MT", {10}));
  layer.table.add(number_column("TREO_PPM", {5000}));
  InitInputs inputs;
  inputs.home = "USA";
  inputs.as_of = "2026-11-01";
  inputs.sites = {layer};
  return inputs;
}

TEST(StudyInit, WithoutSitesThereIsNothingToWrite) {
  InitInputs inputs = one_layer();
  inputs.sites.clear();
  try {
    (void)init_study(inputs);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "study.init_no_sites");
    EXPECT_NE(error.hint.find("--sites"), std::string::npos);
  }
}

TEST(StudyInit, GuessesFieldsWithTheirUnits) {
  const StudyFile study = parse_study(init_study(one_layer()).text, "s.toml");
  ASSERT_EQ(study.sites.size(), 1u);
  EXPECT_EQ(study.sites[0].id.field, "SITE_ID");
  EXPECT_EQ(study.sites[0].ore.field, "ORE_MT");
  EXPECT_EQ(study.sites[0].ore.unit, "Mt");
  EXPECT_EQ(study.sites[0].grade.unit, "ppm");
  EXPECT_FALSE(study.sites[0].ndpr_share.given());
}

TEST(StudyInit, WeightsAddUpWhateverThereIs) {
  InitInputs inputs = one_layer();
  for (int more = 0; more < 5; ++more) {
    const StudyFile study = parse_study(init_study(inputs).text, "s.toml");
    double sum = 0;
    for (const auto& criterion : study.criteria) sum += criterion.weight;
    EXPECT_NEAR(sum, 1.0, 1e-9) << study.criteria.size();
    if (more == 0) inputs.permits.push_back({.path = "permits.shp"});
    if (more == 1)
      inputs.constraints.push_back({.path = "rivers.shp", .name = "rivers", .setback = "200 m"});
    if (more == 2) inputs.ports = "ports.csv";
    if (more == 3) inputs.governance = "governance.csv";
  }
}

}  // namespace
}  // namespace lode
