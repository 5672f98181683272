// Coverage, conflicts, gaps and time lines: rectangles by hand, and the BLM's claims.
#include "libgeo/permits/coverage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/geometry/recorded_area.h"
#include "libgeo/io/layer.h"
#include "libgeo/permits/presets.h"
#include "libgeo/permits/timeline.h"
#include "tests/tools/run_lode.h"

namespace lode {
namespace {

Geometry box(double w, double s, double e, double n) {
  return polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}});
}

/// Permits are added one by one; all columns are there.
struct Register {
  PermitInputs permits;
  void add(const std::string& id, Geometry g, const std::string& holder, const std::string& status,
           const std::string& granted, const std::string& expires,
           const std::string& type = "mining lease") {
    permits.ids.push_back(id);
    permits.geometry.push_back(std::move(g));
    permits.holders.push_back(holder);
    permits.types.push_back(type);
    permits.cells.push_back({status, granted, expires});
  }
};

CoverageInputs on_mine_grid(Register r, std::vector<Geometry> sites) {
  CoverageInputs in;
  in.crs = parse_crs("local:m");
  in.sites = std::move(sites);
  in.permits = std::move(r.permits);
  return in;
}

CoverageOptions on_day() {
  CoverageOptions options;
  options.validity.as_of = {2026, 11, 1};
  options.edges = Edges::straight;
  options.gaps = true;
  return options;
}

TEST(PermitCoverage, CountsOverlapsOnce) {
  Register r;
  r.add("a", box(0, 0, 50, 100), "X", "Active", "2020-01-01", "2030-01-01");
  r.add("b", box(25, 0, 75, 100), "X", "Active", "2020-01-01", "2028-01-01");
  r.add("c", box(75, 0, 100, 100), "X", "Active", "2020-01-01", "2025-01-01");
  const Coverage out = permit_coverage(on_mine_grid(r, {box(0, 0, 100, 100)}), on_day());
  const SiteCoverage& site = out.sites[0];
  EXPECT_NEAR(site.coverage_pct, 100.0, 1e-12);
  EXPECT_NEAR(site.valid_coverage_pct, 75.0, 1e-12);
  EXPECT_TRUE(site.inside);
  EXPECT_EQ(site.status, "partial");
  EXPECT_EQ(site.permits.size(), 3u);
  EXPECT_NEAR(site.gap_m2, 2500.0, 1e-9);
  EXPECT_NEAR(area_m2(site.gap, parse_crs("local:m")), 2500.0, 1e-9);
  EXPECT_EQ(site.days_to_expiry, days_between({2026, 11, 1}, {2028, 1, 1}));
  EXPECT_TRUE(site.conflicts.empty());  // one holder
  EXPECT_NEAR(out.summary.sum_m2, 12500.0, 1e-9);
  EXPECT_NEAR(out.summary.dissolved_m2, 10000.0, 1e-9);
  EXPECT_NEAR(out.summary.stacked_m2, 2500.0, 1e-9);
  EXPECT_EQ(out.summary.overlapping_pairs, 1u);
}

TEST(PermitCoverage, StatusOfEachSite) {
  Register r;
  r.add("v", box(0, 0, 10, 10), "X", "Active", "", "2030-01-01");
  r.add("e", box(20, 0, 30, 10), "X", "Active", "", "2026-10-01");
  r.add("e2", box(20, 0, 30, 10), "X", "Expired", "", "2020-10-01");
  r.add("p", box(40, 0, 50, 10), "X", "Pending", "", "");
  r.add("r", box(60, 0, 70, 10), "X", "Renewal pending", "", "2026-10-31");
  r.add("n", box(80, 0, 90, 10), "X", "Active", "2027-01-01", "2030-01-01");
  r.add("u", box(100, 0, 110, 10), "X", "Quux", "", "2030-01-01");
  std::vector<Geometry> sites;
  for (double x = 5; x < 130; x += 20) sites.push_back(point_geometry(x, 5));
  sites.push_back(point_geometry(10, 10));  // on the corner of v
  const Coverage out = permit_coverage(on_mine_grid(r, sites), on_day());
  const std::vector<std::string> expected{"valid",   "expired", "pending", "renewal_pending",
                                          "not_yet", "none",    "none",    "valid"};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(out.sites[i].status, expected[i]) << i;
    EXPECT_EQ(out.sites[i].valid_coverage_pct, expected[i] == "valid" ? 100.0 : 0.0) << i;
    EXPECT_EQ(out.sites[i].inside, i != 6) << i;
  }
  EXPECT_EQ(out.sites[1].days_to_expiry, -31);  // the later of the two ends
  EXPECT_FALSE(out.sites[2].days_to_expiry.has_value());
  EXPECT_EQ(out.sites[3].days_to_expiry, -1);
  EXPECT_TRUE(out.findings.has("permits.unknown_not_counted"));
}

TEST(PermitCoverage, ConflictsAreBetweenHoldersOfOneKind) {
  Register r;
  r.add("a", box(0, 0, 60, 100), "X", "Active", "", "2030-01-01");
  r.add("b", box(40, 0, 100, 100), "Y", "Active", "", "2030-01-01");
  r.add("s", box(0, 0, 100, 100), "Z", "Active", "", "2030-01-01", "surface right");
  r.add("x", box(0, 0, 100, 100), "W", "Expired", "", "2010-01-01");
  r.add("q", box(0, 0, 100, 100), "", "Active", "", "2030-01-01");
  r.add("t", box(59.5, 0, 100, 100), "X", "Pending", "", "");
  const auto in = on_mine_grid(r, {box(0, 0, 50, 100), point_geometry(50, 50)});
  const Coverage out = permit_coverage(in, on_day());
  ASSERT_EQ(out.sites[0].conflicts.size(), 1u);
  EXPECT_EQ(in.permits.ids[out.sites[0].conflicts[0].a], "a");
  EXPECT_EQ(in.permits.ids[out.sites[0].conflicts[0].b], "b");
  EXPECT_NEAR(out.sites[0].conflicts[0].area_m2, 1000.0, 1e-9);  // within the site
  EXPECT_EQ(out.sites[0].conflicts[0].kind, PermitKind::mineral);
  ASSERT_EQ(out.sites[1].conflicts.size(), 1u);
  EXPECT_NEAR(out.sites[1].conflicts[0].area_m2, 2000.0, 1e-9);  // all of it, for a point
}

TEST(PermitCoverage, StackedClaimsAreCountedByGroupsNotByPairs) {
  // 30,000 on one place make 450 million pairs; two holders in turn, and one title held by both.
  Register r;
  for (int i = 0; i < 30000; ++i)
    r.add("c" + std::to_string(i), box(0, 0, 100, 100), i % 2 == 0 ? "X" : "Y", "Active", "",
          "2030-01-01");
  r.add("c0", box(0, 0, 100, 100), "Y", "Active", "", "2030-01-01");
  const auto in = on_mine_grid(r, {box(0, 0, 50, 100), point_geometry(50, 50)});
  const Coverage out = permit_coverage(in, on_day());
  for (const SiteCoverage& site : out.sites) {
    EXPECT_EQ(site.conflict_count, 15000u * 15001u - 1u);
    ASSERT_EQ(site.conflicts.size(), 1000u);
    EXPECT_EQ(site.conflicts[0].a, 0u);
    EXPECT_EQ(site.conflicts[0].b, 1u);
    EXPECT_EQ(site.conflicts[999].b, 1999u);
  }
  EXPECT_NEAR(out.sites[0].conflicts[0].area_m2, 5000.0, 1e-9);
}

TEST(PermitCoverage, SliversAreToldApartNotDropped) {
  Register r;
  r.add("a", box(0, 0, 60.2, 100), "X", "Active", "", "2030-01-01");
  r.add("b", box(60, 0, 99.8, 100), "Y", "Active", "", "2030-01-01");
  const Coverage out = permit_coverage(on_mine_grid(r, {box(0, 0, 100, 100)}), on_day());
  ASSERT_EQ(out.sites[0].conflicts.size(), 1u);
  EXPECT_TRUE(out.sites[0].conflicts[0].sliver);
  EXPECT_NEAR(out.sites[0].conflicts[0].area_m2, 20.0, 1e-6);
  EXPECT_NEAR(out.sites[0].gap_m2, 20.0, 1e-6);
  EXPECT_NEAR(out.sites[0].gap_sliver_m2, 20.0, 1e-6);
  EXPECT_EQ(out.sites[0].status, "valid");  // but for slivers
  EXPECT_LT(out.sites[0].valid_coverage_pct, 100.0);
}

TEST(PermitCoverage, SliversAreJudgedByTheirWidthNotByTheDifferenceOfLargeAreas) {
  // A thousand kilometres square: the rounding of its area is not small against the sliver.
  Register r;
  r.add("a", box(0.1, 0.1, 999999.9991, 1e6), "X", "Active", "", "2030-01-01");
  const Coverage out = permit_coverage(on_mine_grid(r, {box(0.1, 0.1, 1e6, 1e6)}), on_day());
  EXPECT_EQ(out.sites[0].status, "valid");
  EXPECT_TRUE(out.sites[0].only_sliver_gaps);
}

TEST(PermitCoverage, SaysWhenNoSiteMeetsAnyPermit) {
  Register r;
  r.add("a", box(0, 0, 10, 10), "X", "Active", "", "2030-01-01");
  EXPECT_TRUE(permit_coverage(on_mine_grid(r, {box(5000, 5000, 5010, 5010)}), on_day())
                  .findings.has("permits.none_met"));
  EXPECT_FALSE(permit_coverage(on_mine_grid(r, {box(5, 5, 15, 15)}), on_day())
                   .findings.has("permits.none_met"));
}

TEST(PermitCoverage, SaysWhenThePermitsLookExchanged) {
  const auto said = [](const Geometry& permit) {
    Register r;
    r.add("a", permit, "X", "Active", "", "2030-01-01");
    CoverageInputs in = on_mine_grid(r, {box(-8.5, 12.0, -8.4, 12.1)});
    in.crs = parse_crs("EPSG:4326");
    const Coverage out = permit_coverage(in, on_day());
    for (const Finding& f : out.findings.list())
      if (f.code == "permits.none_met") return f.message;
    return std::string();
  };
  EXPECT_NE(said(box(12.0, -8.5, 12.1, -8.4)).find("look exchanged"), std::string::npos);
  EXPECT_NE(said(box(20.0, 30.0, 20.1, 30.1)).find("check the CRS"), std::string::npos);
  EXPECT_NE(said(box(-8.3, 12.0, -8.2, 12.1)).find("check the CRS"), std::string::npos);
}

TEST(PermitCoverage, APairThatNoOverlaySolvesIsSaidAndTheOthersGoOn) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Register r;
  r.add("bad", polygon_geometry({{0, 0}, {10, 0}, {nan, 5}, {10, 10}, {0, 10}, {0, 0}}), "X",
        "Active", "", "2030-01-01");
  r.add("good", box(20, 0, 60, 100), "Y", "Active", "", "2030-01-01");
  const CoverageInputs in = on_mine_grid(r, {box(0, 0, 100, 100), box(50, 0, 150, 100)});
  CoverageOptions options = on_day();
  for (const int jobs : {1, 2}) {
    options.jobs = jobs;
    const Coverage out = permit_coverage(in, options);
    EXPECT_TRUE(out.findings.has("overlay.failed"));
    ASSERT_EQ(out.sites[0].permits.size(), 2u);
    EXPECT_TRUE(std::isnan(out.sites[0].permits[0].overlap_m2));
    EXPECT_NEAR(out.sites[0].coverage_pct, 40.0, 1e-9);
    EXPECT_NEAR(out.sites[1].coverage_pct, 10.0, 1e-9);
    Findings said;
    static_cast<void>(coverage_timeline(in, out, options, {}, &said));
    EXPECT_TRUE(said.has("overlay.failed"));
  }
}

TEST(PermitCoverage, LinesHaveTheShareOfTheirLength) {
  Register r;
  r.add("a", box(0, -1, 30, 1), "X", "Active", "", "2030-01-01");
  r.add("b", box(20, -1, 40, 1), "X", "Pending", "", "");
  Geometry line;
  line.kind = GeometryKind::line;
  line.lines.push_back({{0, 0}, {80, 0}});
  const Coverage out = permit_coverage(on_mine_grid(r, {line}), on_day());
  EXPECT_NEAR(out.sites[0].coverage_pct, 50.0, 1e-9);
  EXPECT_NEAR(out.sites[0].valid_coverage_pct, 37.5, 1e-9);
}

TEST(PermitCoverage, PartsOfOneTitleAreAddedBeforeComparing) {
  Register r;
  r.add("a", box(0, 0, 100, 100), "X", "Active", "", "");
  r.add("a", box(200, 0, 300, 100), "X", "Active", "", "");
  r.add("b", box(400, 0, 500, 100), "X", "Active", "", "");
  r.add("c", point_geometry(0, 0), "X", "Active", "", "");
  auto in = on_mine_grid(r, {point_geometry(5, 5), {}});
  in.permits.recorded_m2 = {10000.0, 10000.0, 4000.0, 900.0};
  const Coverage out = permit_coverage(in, on_day());
  EXPECT_EQ(out.summary.titles, 3u);
  EXPECT_NEAR(out.summary.recorded_m2, 24900.0, 1e-9);
  EXPECT_EQ(out.summary.mapped_over_twice_recorded, 1u);
  EXPECT_TRUE(out.findings.has("permits.mapped_over_recorded"));
  EXPECT_FALSE(out.findings.has("permits.recorded_over_mapped"));
  EXPECT_TRUE(out.findings.has("permits.no_area"));
  EXPECT_TRUE(out.findings.has("permits.site_no_place"));
  in.permits.recorded_m2 = {90000.0, 90000.0, 10000.0, std::nan("")};
  EXPECT_TRUE(permit_coverage(in, on_day()).findings.has("permits.recorded_over_mapped"));
}

TEST(PermitCoverage, TimeLineOfASite) {
  Register r;
  r.add("a", box(0, 0, 50, 100), "X", "Active", "2020-01-01", "2025-12-31");
  r.add("b", box(0, 0, 100, 100), "X", "Active", "2024-01-01", "");
  const auto in = on_mine_grid(r, {box(0, 0, 100, 100), box(900, 0, 910, 10)});
  const auto spans = coverage_timeline(in, permit_coverage(in, on_day()), on_day());
  ASSERT_EQ(spans.size(), 5u);
  EXPECT_FALSE(spans[0].from.has_value());
  EXPECT_EQ(*spans[0].to, (Date{2019, 12, 31}));
  EXPECT_EQ(spans[0].valid_coverage_pct, 0.0);
  EXPECT_EQ(*spans[1].from, (Date{2020, 1, 1}));
  EXPECT_EQ(*spans[1].to, (Date{2023, 12, 31}));
  EXPECT_NEAR(spans[1].valid_coverage_pct, 50.0, 1e-9);
  EXPECT_EQ(spans[2].valid_coverage_pct, 100.0);
  EXPECT_EQ(spans[2].permits.size(), 2u);
  EXPECT_EQ(*spans[3].from, (Date{2026, 1, 1}));
  EXPECT_FALSE(spans[3].to.has_value());
  EXPECT_EQ(spans[3].permits, std::vector<std::size_t>{1});
  EXPECT_EQ(spans[4].site, 1u);
  EXPECT_EQ(spans[4].valid_coverage_pct, 0.0);
}

TEST(PermitCoverage, ChangesBetweenTwoDays) {
  Register r;
  r.add("a", box(0, 0, 1, 1), "X", "Active", "2020-01-01", "2025-12-31");
  r.add("b", box(0, 0, 1, 1), "X", "Active", "2025-06-01", "2030-01-01");
  r.add("c", box(0, 0, 1, 1), "X", "Active", "2020-01-01", "2030-01-01");
  const auto changes =
      permit_changes(r.permits, on_day().validity, Date{2025, 1, 1}, Date{2026, 1, 1});
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].after, PermitStatus::expired);
  EXPECT_EQ(changes[1].before, PermitStatus::not_yet);
  try {
    static_cast<void>(
        permit_changes(r.permits, on_day().validity, Date{2026, 1, 1}, Date{2026, 1, 1}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "permits.between");
  }
}

TEST(PermitCoverage, RefusesColumnsOfOtherLengths) {
  Register r;
  r.add("a", box(0, 0, 1, 1), "X", "Active", "", "");
  r.permits.holders.push_back("Y");
  try {
    static_cast<void>(permit_coverage(on_mine_grid(r, {}), on_day()));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "permits.length");
  }
}

TEST(PermitKinds, FromTheRegistersWords) {
  EXPECT_EQ(permit_kind("Lode Claim"), PermitKind::mineral);
  EXPECT_EQ(permit_kind("exploration licence"), PermitKind::mineral);
  EXPECT_EQ(permit_kind("Surface right"), PermitKind::surface);
  EXPECT_EQ(permit_kind("Mill Site"), PermitKind::surface);
  EXPECT_EQ(permit_kind("Water permit"), PermitKind::permit);
  EXPECT_EQ(permit_kind("operating licence"), PermitKind::permit);
  EXPECT_EQ(permit_kind(""), PermitKind::mineral);
}

TEST(PermitPresets, FitTheirRegisters) {
  EXPECT_EQ(preset_that_fits({"CSE_NR", "CSE_DISP", "BLM_PROD", "RCRD_ACRS"}), "blm");
  EXPECT_EQ(preset_that_fits({"fmt_tenid", "tenstatus", "type", "holder1"}), "wa");
  EXPECT_EQ(preset_that_fits({"displayname", "permitstatus", "permittype"}), "qld");
  EXPECT_EQ(preset_that_fits({"TENURE_NUMBER_ID", "GOOD_TO_DATE", "TITLE_TYPE_DESCRIPTION"}), "bc");
  EXPECT_EQ(preset_that_fits({"TENURE_NUMBER_ID", "TENURE_STATUS_DESC", "TITLE_TYPE_DESC"}), "on");
  EXPECT_EQ(preset_that_fits({"id", "status", "type", "holder"}), "");
}

TEST(PermitCoverage, SaysWhatSetsPartsOfOneTitleApart) {
  Register r;
  r.add("a", box(0, 0, 100, 100), "X Inc.", "Active", "2020-01-01", "2030-01-01");
  r.add("a", box(50, 0, 150, 100), "Y", "Active", "2020-01-01", "2025-01-01");
  r.add("b", box(0, 0, 100, 100), "X INC", "Active", "2020-01-01", "2030-01-01");
  r.add("b", box(0, 0, 100, 100), "X INC", "Active", "2020-01-01", "2030-01-01");
  auto in = on_mine_grid(r, {box(0, 0, 100, 100)});
  in.permits.recorded_m2 = {1000.0, 1000.0, 1000.0, 1000.0};
  const Coverage out = permit_coverage(in, on_day());
  EXPECT_TRUE(out.findings.has("permits.two_holders"));
  EXPECT_TRUE(out.findings.has("permits.two_standings"));
  EXPECT_TRUE(out.findings.has("permits.holder_spelling"));
  EXPECT_TRUE(out.sites[0].conflicts.empty());  // X is one holder, Y's part has ended
  // The second "b" repeats the first: sums over features count it, and say so.
  EXPECT_EQ(out.summary.repeated_features, 1u);
  EXPECT_TRUE(out.findings.has("permits.repeated_feature"));
  EXPECT_NEAR(out.summary.sum_m2, 40000.0, 1e-9);
  EXPECT_NEAR(out.summary.sum_once_m2, 30000.0, 1e-9);
  EXPECT_NEAR(out.summary.dissolved_m2, 15000.0, 1e-9);
  EXPECT_NEAR(out.summary.recorded_m2, 4000.0, 1e-9);
  EXPECT_NEAR(out.summary.recorded_once_m2, 3000.0, 1e-9);
  EXPECT_NEAR(out.summary.median_mapped_over_recorded, 10.0, 1e-9);
  EXPECT_EQ(out.summary.shapes, 2u);
  EXPECT_EQ(out.summary.most_of_one_shape, 3u);
  ASSERT_TRUE(out.findings.has("permits.sums_differ"));
}

TEST(PermitPresets, AreKnownByName) {
  EXPECT_EQ(permit_fields("blm").area_unit, "acres");
  EXPECT_EQ(first_present(permit_fields("").holder, {"id", "HOLDER"}), "HOLDER");
  EXPECT_EQ(first_present({"a"}, {"b"}), "");
  try {
    static_cast<void>(permit_fields("bml"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "permits.preset");
  }
}

TEST(PermitCoverage, OfTheBlmsNorthernCalifornianClaims) {
  const std::string data = test::data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const Layer claims = read_layer(data + "/permits_blm_norcal/blm_mining_claims_active.geojson");
  Findings findings;
  CoverageInputs in;
  in.crs = claims.crs;
  in.permits.geometry = claims.geometry;
  in.permits.ids = claims.table.texts("CSE_NR");
  in.permits.recorded_m2 = recorded_areas(claims.table, "RCRD_ACRS", findings, "acres");
  for (const std::string& status : claims.table.texts("CSE_DISP"))
    in.permits.cells.push_back({status, std::nullopt, std::nullopt});
  CoverageOptions options;
  options.validity.as_of = {2026, 11, 1};
  options.validity.valid = {"Active", "Filed"};
  const Coverage one = permit_coverage(in, options);
  EXPECT_NEAR(one.summary.sum_m2 / 1e4, 83332, 1.0);
  EXPECT_NEAR(one.summary.dissolved_m2 / 1e4, 45728, 1.0);
  EXPECT_NEAR(one.summary.recorded_m2 / 1e4, 13439, 1.0);
  // A status alone: nothing is known to be valid.
  EXPECT_TRUE(one.findings.has("permits.no_expires_field"));
  for (const PermitRecord& record : one.permits)
    EXPECT_NE(record.validity.status, PermitStatus::valid);
  EXPECT_TRUE(one.findings.has("permits.sums_differ"));
  // Unless the user takes the status for it: 568 Filed and 242 Active ones (counted apart).
  options.validity.undated_by_status = true;
  const Coverage by_status = permit_coverage(in, options);
  std::size_t valid = 0;
  for (const PermitRecord& record : by_status.permits)
    valid += record.validity.status == PermitStatus::valid ? 1 : 0;
  EXPECT_EQ(valid, 810u);
}

}  // namespace
}  // namespace lode
