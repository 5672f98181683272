// Is a permit in force on a day: what its register says of status and dates, read together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/text.h"

namespace lode {

enum class PermitStatus {
  valid,            ///< in force on the day
  expired,          ///< past its end, or ended, cancelled, refused
  not_yet,          ///< granted from a later day on
  pending,          ///< applied for
  renewal_pending,  ///< its renewal is applied for and not granted
  unknown,          ///< cannot be told; never counted as valid
};
[[nodiscard]] std::string_view to_text(PermitStatus status);

/// What comes first in dates such as 03/04/2026, which says nothing of that itself.
enum class DateOrder { unsaid, month_first, day_first };
/// "month-first" or "day-first"; empty for anything else.
[[nodiscard]] std::optional<DateOrder> parse_date_order(std::string_view text);

/// What plain numbers among dates count. Said or not, eight digits such as 20261101 are a day.
enum class DateNumbers {
  unsaid,  ///< milliseconds where they have 11 digits or more; fewer may be seconds: ambiguous
  milliseconds,  ///< since 1970-01-01 (ArcGIS)
  seconds,       ///< since 1970-01-01 (Unix)
  excel          ///< days of a spreadsheet, 25569 = 1970-01-01; 61 or more
};
/// "milliseconds", "seconds" or "excel"; empty for anything else.
[[nodiscard]] std::optional<DateNumbers> parse_date_numbers(std::string_view text);

/// How a date stands in a register.
struct DateReading {
  bool present = false;      ///< the cell is not blank
  bool ambiguous = false;    ///< two days are possible, and which was not said
  std::optional<Date> date;  ///< empty when blank, ambiguous or unreadable
};
/// ISO 8601 (2026-11-01, with / or . too, a time after it ignored), 20261101, "1 Nov 2026",
/// "Nov 1, 2026", 13/11/2026 and 11/13/2026 (only one reading is possible), 03/04/2026 when the
/// order is said, plain numbers as `DateNumbers` has them. Years 1500 to 9999.
[[nodiscard]] DateReading read_date(std::string_view text, DateOrder order = DateOrder::unsaid,
                                    DateNumbers numbers = DateNumbers::unsaid);

/// A column in which some dates can only be day-first and others only month-first was put together
/// from two sources: finding "permits.mixed_date_order" with one of each. `ids` name the rows.
void check_date_order(const std::vector<std::string>& cells, const std::vector<std::string>& ids,
                      const std::string& field, Findings& findings);

/// One permit's cells. A field that the layer does not have is empty (`std::nullopt`).
struct PermitCells {
  std::optional<std::string> status;
  std::optional<std::string> granted;
  std::optional<std::string> expires;
  DateOrder date_order = DateOrder::unsaid;  ///< of its register
  /// Status texts that mean "in force" in the permit's own register; none = those of the options.
  std::shared_ptr<const std::vector<std::string>> valid;
  DateNumbers date_numbers = DateNumbers::unsaid;
};

struct ValidityOptions {
  Date as_of{};
  /// Status texts that mean "in force" (any case); empty = the usual words (active, issued,
  /// granted, valid, in force, live, current, approved, authorized, registered, ...).
  std::vector<std::string> valid;
  /// In a register that has no field for the end: true takes a permit whose status says that it is
  /// in force as valid without a known end. False leaves it unknown.
  bool undated_by_status = false;
};

struct Validity {
  PermitStatus status = PermitStatus::unknown;
  std::optional<Date> granted;
  std::optional<Date> expires;
  std::optional<long> days_to_expiry;  ///< from `as_of` to the end; negative when past
  std::string reason;                  ///< words, when not valid
};

/// Reads one permit on a day. It is valid to the end of its `expires` day. A blank `expires` means
/// no end; no such field, or an unreadable date, means unknown. A date in the past wins over the
/// word "issued"; a word that says it ended wins over a date in the future.
/// Findings (at `where`): "permits.no_expires_field", "permits.undated_by_status",
/// "permits.no_end", "permits.bad_date", "permits.ambiguous_date", "permits.dates_reversed",
/// "permits.unknown_status", "permits.no_status", "permits.expired_but_issued".
[[nodiscard]] Validity judge_permit(const PermitCells& cells, const ValidityOptions& options,
                                    const std::string& where, Findings& findings);

}  // namespace lode
