// Wrapping: always outside, closed over gaps, the same wherever the mesh stands.
#include <gtest/gtest.h>

#include "libgeo/core/error.h"
#include "libgeo/geometry/solids.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

std::string code_of(const TriangleMesh& mesh, const WrapOptions& options) {
  try {
    (void)wrap(mesh, options);
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

// The wrap stands between the cube and the cube pushed out by the offset.
TEST(SolidsWrap, StandsOutsideByAtMostTheOffset) {
  WrapOptions options;
  options.alpha_m = 2.0;
  options.offset_m = 0.1;
  for (const double shift : {0.0, 4.0e6}) {
    const TriangleMesh wrapped = wrap(cube({shift, shift, -10.0}, 10.0), options);
    EXPECT_TRUE(check_mesh(wrapped).closed);
    EXPECT_EQ(check_mesh(wrapped).components, 1u);
    const double volume = signed_volume_m3(wrapped);
    EXPECT_GT(volume, 1000.0);
    EXPECT_LT(volume, 10.2 * 10.2 * 10.2);
  }
}

TEST(SolidsWrap, BridgesGapsNarrowerThanAlphaOnly) {
  TriangleMesh open = cube({0.0, 0.0, 0.0}, 10.0);
  open.triangles.resize(10);  // one side is gone
  WrapOptions options;
  options.alpha_m = 20.0;
  options.offset_m = 0.1;
  EXPECT_GT(signed_volume_m3(wrap(open, options)), 1000.0 - 30.0);
  options.alpha_m = 1.0;  // runs in and leaves the sheets alone: five of 100 m2, 0.2 m thick
  const double sheets = signed_volume_m3(wrap(open, options));
  EXPECT_GT(sheets, 50.0);
  EXPECT_LT(sheets, 150.0);
}

TEST(SolidsWrap, DefaultsFollowTheDiagonalAndOverlapsAreNoFault) {
  const TriangleMesh two = joined(cube({0, 0, 0}, 10.0), cube({5, 5, 5}, 10.0));
  const double volume = signed_volume_m3(wrap(two, {}));
  EXPECT_GT(volume, 1875.0);
  EXPECT_LT(volume, 1875.0 * 1.03);
}

TEST(SolidsWrap, Refusals) {
  EXPECT_EQ(code_of({}, {}), "mesh.empty");
  EXPECT_EQ(code_of(cube({0, 0, 0}, 1.0), {.alpha_m = -1.0}), "solid.alpha");
  EXPECT_EQ(code_of(cube({0, 0, 0}, 1.0), {.alpha_m = 1e-4}), "solid.alpha");  // 6e8 pieces
  EXPECT_EQ(code_of(cube({0, 0, 0}, 1.0), {.alpha_m = 1.0, .offset_m = 0.0 / 0.0}), "solid.alpha");
}

TEST(SolidsWrap, HearsAStop) {
  const Progress stopped({}, [] { return true; });
  WrapOptions options;
  options.alpha_m = 0.05;
  EXPECT_THROW((void)wrap(cube({0, 0, 0}, 10.0), options, stopped), Error);
}

}  // namespace
}  // namespace lode
