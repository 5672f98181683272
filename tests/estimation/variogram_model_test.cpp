// Variogram models: published formulas, GSLIB's rotation, and models that are none.
#include "libgeo/estimation/variogram_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/core/code_of.h"

namespace lode {
namespace {

VariogramModel model_of(StructureType type, double exponent = 1.0) {
  VariogramModel model;
  model.nugget = 0.25;
  Structure s;
  s.type = type;
  s.sill = 2.0;
  s.ranges_m = {100.0, 50.0, 10.0};
  s.exponent = exponent;
  model.structures = {s};
  return model;
}

TEST(VariogramModel, FollowsThePublishedFormulas) {
  // Chiles and Delfiner 2012, section 2.5, at half the range, worked by hand.
  const double half = 50.0;
  EXPECT_DOUBLE_EQ(gamma_at(model_of(StructureType::spherical), 0, half, 0),
                   0.25 + 2.0 * (0.75 - 0.0625));
  EXPECT_DOUBLE_EQ(gamma_at(model_of(StructureType::exponential), 0, half, 0),
                   0.25 + 2.0 * (1.0 - std::exp(-1.5)));
  EXPECT_DOUBLE_EQ(gamma_at(model_of(StructureType::gaussian), 0, half, 0),
                   0.25 + 2.0 * (1.0 - std::exp(-0.75)));
  EXPECT_DOUBLE_EQ(gamma_at(model_of(StructureType::cubic), 0, half, 0),
                   0.25 + 2.0 * (1.75 - 1.09375 + 0.109375 - 0.005859375));
  EXPECT_DOUBLE_EQ(gamma_at(model_of(StructureType::power, 1.5), 0, half, 0),
                   0.25 + 2.0 * std::pow(0.5, 1.5));
  for (const auto type : {StructureType::spherical, StructureType::cubic})
    EXPECT_DOUBLE_EQ(gamma_at(model_of(type), 0, 100.0, 0), 2.25);
  for (const auto type : {StructureType::exponential, StructureType::gaussian})
    EXPECT_NEAR(gamma_at(model_of(type), 0, 100.0, 0), 0.25 + 0.95 * 2.0, 0.005);
  EXPECT_EQ(gamma_at(model_of(StructureType::spherical), 0, 0, 0), 0.0);
}

TEST(VariogramModel, TakesTheAxesInOrder) {
  // Without rotation the major axis is north, the semi-major east-west, the minor vertical.
  const auto model = model_of(StructureType::spherical);
  EXPECT_DOUBLE_EQ(gamma_at(model, 0, 99.0, 0), 0.25 + 2.0 * (1.485 - 0.5 * 0.970299));
  EXPECT_DOUBLE_EQ(gamma_at(model, 50.0, 0, 0), 2.25);
  EXPECT_DOUBLE_EQ(gamma_at(model, 0, 0, 10.0), 2.25);
}

TEST(VariogramModel, RotatesAsGslibDoes) {
  // GSLIB's setrot with ang1 = 35, ang2 = -20, ang3 = 50, evaluated apart in double precision:
  // alpha = 90 - ang1, beta = -ang2, theta = ang3.
  const double rad = std::acos(-1.0) / 180.0;
  const double alpha = 55.0 * rad, beta = 20.0 * rad, theta = 50.0 * rad;
  const double sa = std::sin(alpha), ca = std::cos(alpha), sb = std::sin(beta), cb = std::cos(beta),
               st = std::sin(theta), ct = std::cos(theta);
  const double expected[3][3] = {{cb * ca, cb * sa, -sb},
                                 {-ct * sa + st * sb * ca, ct * ca + st * sb * sa, st * cb},
                                 {st * sa + ct * sb * ca, -st * ca + ct * sb * sa, ct * cb}};
  const Matrix3 axes = axes_of({35.0, 20.0, 50.0});
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(axes[i][j], expected[i][j], 1e-15);
}

TEST(VariogramModel, TurnsTheRightSideDown) {
  // Looking north along the major axis, a rake of 90 turns the west end of the semi-major axis up.
  const Matrix3 axes = axes_of({0.0, 0.0, 90.0});
  EXPECT_EQ(axes[1], (std::array<double, 3>{0.0, 0.0, 1.0}));
  // Azimuth 90 and dip 90: straight down.
  EXPECT_EQ(axes_of({90.0, 90.0, 0.0})[0][2], -1.0);
}

TEST(VariogramModel, ReadsBackWhatItWrites) {
  VariogramModel model = model_of(StructureType::power, 1.25);
  model.structures.push_back(model_of(StructureType::gaussian).structures[0]);
  model.structures[1].angles = {30.0, 10.0, -5.0};
  EXPECT_EQ(model_from_json(to_json(model), "m.json"), model);
  Json wrapped;
  wrapped["model"] = to_json(model);
  EXPECT_EQ(model_from_json(wrapped, "m.json"), model);
  EXPECT_EQ(
      model_from_json(
          Json::parse(R"({"nugget":0,"structures":[{"type":"Spherical","sill":1,"ranges_m":7}]})"),
          "m.json")
          .structures[0]
          .ranges_m,
      (std::array<double, 3>{7.0, 7.0, 7.0}));
}

std::string code_of_json(const std::string& text) {
  return code_of([&] { (void)model_from_json(Json::parse(text), "m.json"); });
}

TEST(VariogramModel, RefusesWhatIsNoModel) {
  EXPECT_EQ(code_of_json("[]"), "variogram.bad_json");
  EXPECT_EQ(code_of_json(R"({"nugget":1})"), "variogram.bad_json");
  EXPECT_EQ(code_of_json(R"({"nugget":1,"structures":[],"sil":2})"), "variogram.bad_json");
  EXPECT_EQ(code_of_json(R"({"nugget":0,"structures":[]})"), "variogram.sill");
  EXPECT_EQ(code_of_json(R"({"nugget":-1,"structures":[]})"), "variogram.sill");
  const auto one = [](const std::string& s) {
    return code_of_json(R"({"nugget":0,"structures":[)" + s + "]}");
  };
  EXPECT_EQ(one(R"({"type":"sphere","sill":1,"ranges_m":[1,1,1]})"), "variogram.type");
  EXPECT_EQ(one(R"({"type":"spherical","sill":-1,"ranges_m":[1,1,1]})"), "variogram.sill");
  EXPECT_EQ(one(R"({"type":"spherical","sill":1,"ranges_m":[1,0,1]})"), "variogram.range");
  EXPECT_EQ(one(R"({"type":"spherical","sill":1,"ranges_m":[1,1]})"), "variogram.bad_json");
  EXPECT_EQ(one(R"({"type":"power","sill":1,"ranges_m":1,"exponent":2})"), "variogram.exponent");
  EXPECT_EQ(one(R"({"type":"cubic","sill":1,"ranges_m":1,"exponent":1})"), "variogram.bad_json");
  VariogramModel model = model_of(StructureType::spherical);
  model.structures[0].angles.dip_deg = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(code_of([&] { check_model(model); }), "variogram.angle");
}

}  // namespace
}  // namespace lode
