// Two editions of a register: what was added, removed, sold, ended and moved, made by hand.
#include "libgeo/permits/register_changes.h"

#include <gtest/gtest.h>

#include "libgeo/core/error.h"
#include "libgeo/io/layer.h"
#include "tests/tools/run_lode.h"

namespace lode {
namespace {

Geometry box(double w, double s, double e, double n) {
  return polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}});
}

struct Register {
  PermitInputs permits;
  Register& add(const std::string& id, Geometry g, const std::string& holder,
                const std::string& status = "Active", const std::string& end = "2030-01-01") {
    permits.ids.push_back(id);
    permits.geometry.push_back(std::move(g));
    permits.holders.push_back(holder);
    permits.cells.push_back({status, "2020-01-01", end});
    return *this;
  }
};

ValidityOptions on(int year) {
  ValidityOptions options;
  options.as_of = {year, 11, 1};
  return options;
}

TEST(RegisterChanges, OfEveryKind) {
  Register before, after;
  before.add("same", box(0, 0, 10, 10), "Ann Inc.");
  before.add("sold", box(0, 0, 10, 10), "Ann Inc.");
  before.add("ended", box(0, 0, 10, 10), "Bob", "Active", "2025-12-31");
  before.add("gone", box(0, 0, 10, 10), "Bob");
  before.add("moved", box(0, 0, 10, 10), "Bob").add("moved", box(20, 0, 30, 10), "Bob");
  before.add("", box(0, 0, 10, 10), "Nobody");
  after.add("new", box(0, 0, 10, 10), "Cy");
  after.add("same", box(0, 0, 10, 10), "ANN INCORPORATED");
  after.add("sold", box(0, 0, 10, 10), "Cy");
  after.add("ended", box(0, 0, 10, 10), "Bob", "Active", "2025-12-31");
  after.add("moved", box(5, 0, 15, 10), "Bob").add("moved", box(20, 0, 30, 10), "Bob");
  Findings findings;
  const auto changes = register_changes(before.permits, on(2025), after.permits, on(2026),
                                        parse_crs("local:m"), findings);
  ASSERT_EQ(changes.size(), 5u);
  using Kinds = std::vector<RegisterChange>;
  EXPECT_EQ(changes[0].id, "new");
  EXPECT_EQ(changes[0].changes, Kinds{RegisterChange::added});
  EXPECT_EQ(changes[0].before, TitleChange::none);
  EXPECT_EQ(changes[1].id, "sold");
  EXPECT_EQ(changes[1].changes, Kinds{RegisterChange::changed_hands});
  EXPECT_EQ(changes[1].holder_before, "Ann Inc.");
  EXPECT_EQ(changes[1].holder_after, "Cy");
  EXPECT_EQ(changes[2].id, "ended");
  EXPECT_EQ(changes[2].changes, Kinds{RegisterChange::status});
  EXPECT_EQ(changes[2].status_before, PermitStatus::valid);
  EXPECT_EQ(changes[2].status_after, PermitStatus::expired);
  EXPECT_EQ(changes[3].id, "moved");
  EXPECT_EQ(changes[3].changes, Kinds{RegisterChange::moved});
  EXPECT_NEAR(changes[3].gained_m2, 50.0, 1e-9);
  EXPECT_NEAR(changes[3].lost_m2, 50.0, 1e-9);
  EXPECT_EQ(changes[4].id, "gone");
  EXPECT_EQ(changes[4].changes, Kinds{RegisterChange::removed});
  EXPECT_TRUE(findings.has("register.blank_id"));
  EXPECT_FALSE(findings.has("register.no_common_title"));
}

TEST(RegisterChanges, WantsIds) {
  Register one;
  one.add("a", box(0, 0, 1, 1), "X");
  PermitInputs without = one.permits;
  without.ids.clear();
  Findings findings;
  try {
    static_cast<void>(
        register_changes(without, on(2025), one.permits, on(2026), parse_crs("local:m"), findings));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "register.no_ids");
  }
}

TEST(RegisterChanges, OfTheBlmsActiveAndClosedClaims) {
  const std::string data = test::data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const auto edition = [&](const std::string& which) {
    const Layer layer =
        read_layer(data + "/permits_blm_norcal/blm_mining_claims_" + which + ".geojson");
    PermitInputs out;
    out.geometry = layer.geometry;
    out.ids = layer.table.texts("CSE_NR");
    for (const std::string& status : layer.table.texts("CSE_DISP"))
      out.cells.push_back({status, std::nullopt, std::nullopt});
    return out;
  };
  const PermitInputs active = edition("active"), closed = edition("closed");
  Findings findings;
  // No serial stands in both layers (counted apart): 2000 go, 823 come.
  const auto changes = register_changes(closed, on(2026), active, on(2026), wgs84(), findings);
  EXPECT_EQ(changes.size(), 2823u);
  EXPECT_EQ(changes.front().changes.front(), RegisterChange::added);
  EXPECT_EQ(changes.back().changes.front(), RegisterChange::removed);
  EXPECT_EQ(changes.back().status_before, PermitStatus::expired);
  EXPECT_TRUE(findings.has("register.no_common_title"));
  Findings none;
  EXPECT_TRUE(register_changes(active, on(2026), active, on(2026), wgs84(), none).empty());
}

}  // namespace
}  // namespace lode
