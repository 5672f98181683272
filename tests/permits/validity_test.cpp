// Status and dates read together: every case of the contract by hand.
#include "libgeo/permits/validity.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

std::string shown(std::string_view text, DateOrder order = DateOrder::unsaid) {
  const DateReading reading = read_date(text, order);
  if (reading.ambiguous) return "ambiguous";
  return reading.date ? to_text(*reading.date) : reading.present ? "unreadable" : "blank";
}

TEST(PermitDates, OfEveryForm) {
  EXPECT_EQ(shown("2026-11-01"), "2026-11-01");
  EXPECT_EQ(shown("2026/11/01"), "2026-11-01");
  EXPECT_EQ(shown("2026-11-01T23:59:59Z"), "2026-11-01");
  EXPECT_EQ(shown("2026-11-01Z"), "2026-11-01");  // xsd:date with its zone
  EXPECT_EQ(shown("20261101"), "2026-11-01");
  EXPECT_EQ(shown("13/11/2026"), "2026-11-13");  // there is no thirteenth month
  EXPECT_EQ(shown("11/13/2026"), "2026-11-13");
  EXPECT_EQ(shown("03/03/2026"), "2026-03-03");
  EXPECT_EQ(shown("11/01/2026"), "ambiguous");
  EXPECT_EQ(shown("11/01/2026", DateOrder::month_first), "2026-11-01");
  EXPECT_EQ(shown("11/01/2026", DateOrder::day_first), "2026-01-11");
  EXPECT_EQ(shown("13/11/2026", DateOrder::month_first), "unreadable");
  EXPECT_EQ(shown("1 Nov 2026"), "2026-11-01");
  EXPECT_EQ(shown("November 1, 2026"), "2026-11-01");
  EXPECT_EQ(shown("01-NOV-2026"), "2026-11-01");
  EXPECT_EQ(shown("1793491200000"), "2026-11-01");  // date -d @1793491200 -u
  EXPECT_EQ(shown("1793577599999"), "2026-11-01");
  EXPECT_EQ(shown("-86400000000"), "1967-04-07");  // date -d @-86400000 -u
  EXPECT_EQ(shown(""), "blank");
  EXPECT_EQ(shown("  "), "blank");
  for (const char* bad : {"soon", "2026-13-01", "2026-02-30", "32/13/2026", "1/2/26", "2026", "0"})
    EXPECT_EQ(shown(bad), "unreadable") << bad;
}

TEST(PermitDates, NumbersCountWhatWasSaid) {
  const auto shown_as = [](std::string_view text, DateNumbers numbers) {
    const DateReading reading = read_date(text, DateOrder::unsaid, numbers);
    return reading.ambiguous ? "ambiguous" : reading.date ? to_text(*reading.date) : "unreadable";
  };
  EXPECT_EQ(shown_as("1793491200", DateNumbers::unsaid), "ambiguous");
  EXPECT_EQ(shown_as("1793491200", DateNumbers::seconds), "2026-11-01");  // date -d @1793491200 -u
  EXPECT_EQ(shown_as("1793491200", DateNumbers::milliseconds), "1970-01-21");
  EXPECT_EQ(shown_as("-86400", DateNumbers::seconds), "1969-12-31");
  EXPECT_EQ(shown_as("0", DateNumbers::milliseconds), "1970-01-01");
  EXPECT_EQ(shown_as("20261101", DateNumbers::milliseconds), "2026-11-01");
  // =DATE(2026,11,1) in a spreadsheet is 46327; 61 is 1 March 1900.
  EXPECT_EQ(shown_as("46327", DateNumbers::excel), "2026-11-01");
  EXPECT_EQ(shown_as("46327.75", DateNumbers::excel), "2026-11-01");
  EXPECT_EQ(shown_as("61", DateNumbers::excel), "1900-03-01");
  EXPECT_EQ(shown_as("60", DateNumbers::excel), "unreadable");
  EXPECT_EQ(shown_as("46327", DateNumbers::unsaid), "unreadable");
  EXPECT_EQ(shown_as("999999999999999", DateNumbers::seconds), "unreadable");
  EXPECT_EQ(parse_date_numbers("excel"), DateNumbers::excel);
  EXPECT_FALSE(parse_date_numbers("days").has_value());
}

TEST(PermitDates, OfTwoOrdersInOneColumn) {
  Findings findings;
  check_date_order({"13/11/2026", "01/02/2026", "", "11/30/2026", "2026-11-01"},
                   {"a", "b", "c", "d", "e"}, "ENDS", findings);
  ASSERT_TRUE(findings.has("permits.mixed_date_order"));
  EXPECT_NE(findings.list()[0].message.find("'13/11/2026' of a"), std::string::npos);
  EXPECT_NE(findings.list()[0].message.find("'11/30/2026' of d"), std::string::npos);
  Findings none;
  check_date_order({"13/11/2026", "01/02/2026"}, {"a", "b"}, "ENDS", none);
  EXPECT_TRUE(none.empty());
}

TEST(PermitValidity, WithoutDatesByItsStatusWhenAskedFor) {
  Findings findings;
  ValidityOptions options;
  options.as_of = {2026, 11, 1};
  options.undated_by_status = true;
  const Validity v = judge_permit({"Active", std::nullopt, std::nullopt}, options, "P", findings);
  EXPECT_EQ(v.status, PermitStatus::valid);
  EXPECT_FALSE(v.days_to_expiry.has_value());
  EXPECT_TRUE(findings.has("permits.undated_by_status"));
  EXPECT_EQ(judge_permit({"", std::nullopt, std::nullopt}, options, "P", findings).status,
            PermitStatus::unknown);
  EXPECT_EQ(judge_permit({std::nullopt, std::nullopt, std::nullopt}, options, "P", findings).status,
            PermitStatus::unknown);
}

struct Case {
  PermitCells cells;
  PermitStatus status;
  const char* finding;  ///< "" = none
};

class PermitValidity : public ::testing::TestWithParam<Case> {};

TEST_P(PermitValidity, OnTheFirstOfNovember2026) {
  Findings findings;
  ValidityOptions options;
  options.as_of = {2026, 11, 1};
  const Validity v = judge_permit(GetParam().cells, options, "P", findings);
  EXPECT_EQ(to_text(v.status), to_text(GetParam().status));
  if (*GetParam().finding == '\0') {
    EXPECT_TRUE(findings.empty());
  } else {
    EXPECT_TRUE(findings.has(GetParam().finding)) << GetParam().finding;
  }
}

constexpr auto none = std::nullopt;
INSTANTIATE_TEST_SUITE_P(
    Contract, PermitValidity,
    ::testing::Values(
        Case{{"Active", "2020-01-01", "2030-01-01"}, PermitStatus::valid, ""},
        Case{{"Active", "2020-01-01", "2026-11-01"}, PermitStatus::valid, ""},  // to the end of it
        Case{{"Issued", "2020-01-01", "2026-10-31"},
             PermitStatus::expired,
             "permits.expired_but_issued"},
        Case{{none, "2020-01-01", "2026-10-31"}, PermitStatus::expired, ""},
        Case{{"Active", "2026-11-02", "2030-01-01"}, PermitStatus::not_yet, ""},
        Case{{"Active", "2026-11-01", "2030-01-01"}, PermitStatus::valid, ""},
        Case{{"Active", "2020-01-01", ""}, PermitStatus::valid, "permits.no_end"},
        Case{{"Active", "2020-01-01", none}, PermitStatus::unknown, "permits.no_expires_field"},
        Case{{"Active", "2020-01-01", "when done"}, PermitStatus::unknown, "permits.bad_date"},
        Case{{"Active", "long ago", "2030-01-01"}, PermitStatus::unknown, "permits.bad_date"},
        Case{{"Active", "2020-01-01", "03/04/2030"},
             PermitStatus::unknown,
             "permits.ambiguous_date"},
        Case{{"Active", "03/04/2020", "2030-01-01", DateOrder::day_first}, PermitStatus::valid, ""},
        Case{{"Active", "2031-01-01", "2030-01-01"},
             PermitStatus::unknown,
             "permits.dates_reversed"},
        Case{{"Pending", "", ""}, PermitStatus::pending, ""},
        Case{{"application", none, none}, PermitStatus::pending, ""},
        Case{{"Renewal pending", "2010-01-01", "2026-01-01"}, PermitStatus::renewal_pending, ""},
        Case{{"Cancelled", "2020-01-01", "2030-01-01"}, PermitStatus::expired, ""},
        Case{{"Quux", "2020-01-01", "2030-01-01"}, PermitStatus::unknown, "permits.unknown_status"},
        Case{{"", "2020-01-01", "2030-01-01"}, PermitStatus::unknown, "permits.no_status"},
        Case{{none, none, "2030-01-01"}, PermitStatus::valid, ""}));

TEST(PermitValidity, StatusesSaidByTheUser) {
  Findings findings;
  ValidityOptions options;
  options.as_of = {2026, 11, 1};
  options.valid = {"Quux", "Pending"};
  const auto status = [&](const char* text) {
    return judge_permit({text, none, "2030-01-01"}, options, "P", findings).status;
  };
  EXPECT_EQ(status("quux"), PermitStatus::valid);
  EXPECT_EQ(status("Pending"), PermitStatus::valid);
  EXPECT_EQ(status("Active"), PermitStatus::unknown);  // not among them
}

TEST(PermitValidity, DaysToTheEnd) {
  Findings findings;
  ValidityOptions options;
  options.as_of = {2026, 11, 1};
  EXPECT_EQ(judge_permit({"Active", "", "2027-11-01"}, options, "P", findings).days_to_expiry, 365);
  EXPECT_EQ(judge_permit({"Active", "", "2026-10-31"}, options, "P", findings).days_to_expiry, -1);
  EXPECT_FALSE(judge_permit({"Active", "", ""}, options, "P", findings).days_to_expiry.has_value());
}

}  // namespace
}  // namespace lode
