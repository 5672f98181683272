// Required permits: the table read strictly, and sites judged by hand-made registers.
#include "libgeo/permits/required.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "libgeo/core/error.h"

namespace lode {
namespace {

Geometry box(double w, double s, double e, double n) {
  return polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}});
}

constexpr const char* kTable = R"(
[table]
title = "Two permits"
[[permits]]
id = "lease"
name = "Mining lease"
jurisdiction = "USA"
matches = ["Mining Lease"]
least_coverage = "100 %"
citation = "A"
[[permits]]
id = "water"
name = "Water permit"
jurisdiction = "US-NV"
applies_to = "primary"
matches = ["water"]
citation = "B"
)";

struct Case {
  CoverageInputs in;
  Coverage coverage;
  Findings findings;
  Case() {
    in.crs = parse_crs("local:m");
    in.sites = {box(0, 0, 100, 100), box(0, 0, 50, 100), box(500, 0, 600, 100)};
    in.ids = {"whole", "half", "bare"};
    add(box(0, 0, 50, 100), "mining lease", "Active", "2030-01-01");
    add(box(0, 0, 60, 10), "Water right", "Pending", "");
  }
  void add(Geometry g, const std::string& type, const std::string& status, const std::string& end) {
    in.permits.geometry.push_back(std::move(g));
    in.permits.ids.push_back("p" + std::to_string(in.permits.ids.size()));
    in.permits.types.push_back(type);
    in.permits.cells.push_back({status, "2020-01-01", end});
  }
  std::vector<std::vector<MissingPermit>> judge(const std::vector<std::string>& place,
                                                const std::vector<std::string>& kind = {}) {
    CoverageOptions options;
    options.validity.as_of = {2026, 11, 1};
    options.edges = Edges::straight;
    coverage = permit_coverage(in, options);
    return missing_permits(in, coverage, place, kind, parse_required_permits(kTable, "t.toml"),
                           findings);
  }
};

TEST(RequiredPermits, JudgedByPlaceStandingAndCoverage) {
  Case c;
  const auto missing = c.judge({"US-NV", "US-NV", "USA-NV"});
  ASSERT_EQ(missing[0].size(), 2u);
  EXPECT_EQ(missing[0][0].state, "partial");  // half of the site is under a lease
  EXPECT_NEAR(missing[0][0].valid_coverage_pct, 50.0, 1e-9);
  EXPECT_EQ(missing[0][1].state, "pending");
  ASSERT_EQ(missing[1].size(), 1u);  // the lease covers all of it
  EXPECT_EQ(missing[1][0].required, 1u);
  ASSERT_EQ(missing[2].size(), 2u);
  EXPECT_EQ(missing[2][0].state, "missing");
  EXPECT_TRUE(c.findings.empty());
}

TEST(RequiredPermits, TwoLeasesTogetherCoverASite) {
  Case c;
  c.add(box(40, 0, 100, 100), "mining lease", "Active", "2030-01-01");
  EXPECT_TRUE(c.judge({"US", "US", "US"})[0].empty());  // the state asks nothing
}

TEST(RequiredPermits, ByKindOfSite) {
  Case c;
  EXPECT_EQ(c.judge({"US-NV", "", "DE"}, {"secondary", "", ""})[0].size(), 1u);
  EXPECT_TRUE(c.findings.has("required.no_jurisdiction"));
  // A kind that is none asks for no less than one that is not said.
  Case odd;
  EXPECT_EQ(odd.judge({"US-NV", "", ""}, {"foo", "", ""})[0].size(),
            Case().judge({"US-NV", "", ""})[0].size());
  EXPECT_TRUE(odd.findings.has("required.unknown_kind"));
  EXPECT_TRUE(c.findings.has("required.unknown_jurisdiction"));
  c.in.permits.types.assign(2, "");
  static_cast<void>(c.judge({"US", "US", "US"}));
  EXPECT_TRUE(c.findings.has("required.no_kinds"));
}

std::string refusal(const std::string& toml) {
  try {
    static_cast<void>(parse_required_permits(toml, "t.toml"));
  } catch (const Error& error) {
    return error.code + " " + error.where;
  }
  return "accepted";
}

TEST(RequiredPermits, RefusesFaultyTables) {
  const std::string row =
      "[[permits]]\nid=\"a\"\nname=\"A\"\njurisdiction=\"US\"\nmatches=[\"a\"]\ncitation=\"c\"\n";
  EXPECT_EQ(refusal(row), "accepted");
  EXPECT_EQ(refusal("permits = ["), "required.syntax t.toml, line 1, column 12");
  EXPECT_EQ(refusal(row + "colour=\"red\"\n"), "required.unknown_key t.toml, line 7, column 1");
  EXPECT_EQ(refusal("[rules]\n"), "required.unknown_key t.toml, line 1, column 2");
  EXPECT_EQ(refusal("[[permits]]\nid=\"a\"\n"), "required.missing_key t.toml, line 1, column 1");
  EXPECT_EQ(refusal(""), "required.missing_key t.toml");
  EXPECT_EQ(refusal(row + "least_coverage = 100\n"), "required.value t.toml, line 7, column 18");
  EXPECT_EQ(refusal(row + "applies_to = \"tertiary\"\n"),
            "required.value t.toml, line 7, column 14");
  EXPECT_EQ(refusal(row + row).substr(0, 14), "required.value");  // one id twice
}

TEST(RequiredPermits, TheShippedTableReads) {
  const std::string path =
      std::string(LODE_SOURCE_DIR) + "/sample_data/permit_requirements/requirements.toml";
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const auto table = parse_required_permits(text.str(), path);
  for (const char* place : {"US", "US-NV", "US-WY", "CA", "AU-WA", "SE", "GL"})
    EXPECT_TRUE(std::any_of(table.begin(), table.end(), [&](const RequiredPermit& row) {
      return row.jurisdiction == place;
    })) << place;
  for (const RequiredPermit& row : table) {
    EXPECT_FALSE(row.citation.empty()) << row.id;
    EXPECT_FALSE(row.source.empty()) << row.id;
  }
}

}  // namespace
}  // namespace lode
