// Permits on withdrawn ground, and what permits contain: rectangles by hand.
#include "libgeo/permits/withdrawn.h"

#include <gtest/gtest.h>

#include "libgeo/permits/contents.h"

namespace lode {
namespace {

Geometry box(double w, double s, double e, double n) {
  return polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}});
}

struct Case {
  CoverageInputs in;
  CoverageOptions options;
  Coverage coverage;
  Case() {
    in.crs = parse_crs("local:m");
    in.sites = {box(0, 0, 100, 100), point_geometry(80, 50), point_geometry(10, 10)};
    in.ids = {"S", "P", "Q"};
    add("valid", box(0, 0, 90, 100), "X", "Active");
    add("twin", box(0, 0, 90, 100), "Y", "Active");
    add("ended", box(0, 0, 100, 100), "Z", "Closed");
    add("asked", box(70, 0, 200, 100), "Z", "Pending");
    options.validity.as_of = {2026, 11, 1};
    options.edges = Edges::straight;
    coverage = permit_coverage(in, options);
  }
  void add(const std::string& id, Geometry g, const std::string& holder,
           const std::string& status) {
    in.permits.ids.push_back(id);
    in.permits.geometry.push_back(std::move(g));
    in.permits.holders.push_back(holder);
    in.permits.cells.push_back({status, "2020-01-01", "2030-01-01"});
  }
};

TEST(WithdrawnGround, BySiteAndByPermit) {
  const Case c;
  const std::vector<WithdrawnLayer> layers = {
      {"park", {box(60, 0, 500, 100), box(89.5, 0, 500, 100)}, {"a", "sliver"}}};
  const WithdrawnResult out = withdrawn_overlaps(c.in, c.coverage, layers, c.options);
  // S: valid and twin 60..90 and 89.5..90, asked 70..100 and 89.5..100; nothing of the ended one.
  ASSERT_EQ(out.sites[0].size(), 6u);
  EXPECT_EQ(out.sites[0][0].permit, 0u);
  EXPECT_NEAR(out.sites[0][0].area_m2, 3000.0, 1e-9);
  EXPECT_FALSE(out.sites[0][0].sliver);
  EXPECT_EQ(out.sites[0][1].feature, 1u);
  EXPECT_NEAR(out.sites[0][1].area_m2, 50.0, 1e-9);
  EXPECT_TRUE(out.sites[0][1].sliver);
  EXPECT_EQ(out.sites[0][4].permit, 3u);
  EXPECT_NEAR(out.sites[0][4].area_m2, 3000.0, 1e-9);
  // The point stands on such ground with three permits, whole; the other one on none.
  ASSERT_EQ(out.sites[1].size(), 3u);
  EXPECT_NEAR(out.sites[1][2].area_m2, 13000.0, 1e-9);
  EXPECT_TRUE(out.sites[2].empty());
  EXPECT_TRUE(out.permits[2].empty());
  EXPECT_NEAR(out.permit_m2[0], 3000.0, 1e-9);
  EXPECT_NEAR(out.permit_m2[3], 13000.0, 1e-9);
  EXPECT_NEAR(out.valid_m2, 3000.0, 1e-9);  // two valid permits, one ground
  EXPECT_TRUE(out.findings.has("permits.valid_on_withdrawn"));
}

TEST(PermitContents, SitesGroundAndConflicts) {
  Case c;
  c.in.sites.push_back(box(50, 50, 100, 100));  // within the first one
  c.in.ids.push_back("T");
  c.coverage = permit_coverage(c.in, c.options);
  const auto out = permit_contents(c.in, c.coverage, c.options);
  ASSERT_EQ(out[0].sites.size(), 4u);
  EXPECT_NEAR(out[0].sites[0].overlap_m2, 9000.0, 1e-9);
  EXPECT_NEAR(out[0].sites[0].share_of_site_pct, 90.0, 1e-9);
  EXPECT_NEAR(out[0].sites_m2, 9000.0, 1e-9);  // the second site counts no ground twice
  EXPECT_NEAR(out[0].sites_pct, 100.0, 1e-9);
  EXPECT_NEAR(out[3].sites_pct, 100.0 * 3000.0 / 13000.0, 1e-9);
  EXPECT_EQ(out[0].conflicts, 2u);  // the twin and the one asked for
  EXPECT_EQ(out[1].conflicts, 2u);
  EXPECT_EQ(out[2].conflicts, 0u);  // ended
  EXPECT_EQ(out[3].conflicts, 2u);
}

TEST(PermitCoverage, PointPermitsAreListedWhenAskedFor) {
  Case c;
  c.add("well", point_geometry(130, 50), "W", "Active");
  EXPECT_EQ(permit_coverage(c.in, c.options).sites[0].permits.size(), 4u);
  c.options.point_radius_m = 31.0;
  const Coverage near = permit_coverage(c.in, c.options);
  EXPECT_TRUE(near.findings.has("permits.no_area"));
  ASSERT_EQ(near.sites[0].permits.size(), 5u);
  EXPECT_EQ(near.sites[0].permits[4].permit, 4u);
  EXPECT_NEAR(near.sites[0].permits[4].distance_m, 30.0, 1e-9);
  EXPECT_EQ(near.sites[0].permits[4].overlap_m2, 0.0);
  EXPECT_NEAR(near.sites[0].valid_coverage_pct, 90.0, 1e-9);  // it covers nothing
  EXPECT_EQ(near.sites[1].permits.size(), 4u);                // 50 m away
}

}  // namespace
}  // namespace lode
