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

/// How a date stands in a register.
struct DateReading {
  bool present = false;      ///< the cell is not blank
  bool ambiguous = false;    ///< two days are possible, and the order was not said
  std::optional<Date> date;  ///< empty when blank, ambiguous or unreadable
};
/// ISO 8601 (2026-11-01, with / or . too, a time after it ignored), 20261101, "1 Nov 2026",
/// "Nov 1, 2026", 13/11/2026 and 11/13/2026 (only one reading is possible), 03/04/2026 when the
/// order is said, milliseconds since 1970 (ArcGIS), 10 or more digits. Years 1500 to 9999.
[[nodiscard]] DateReading read_date(std::string_view text, DateOrder order = DateOrder::unsaid);

/// One permit's cells. A field that the layer does not have is empty (`std::nullopt`).
struct PermitCells {
  std::optional<std::string> status;
  std::optional<std::string> granted;
  std::optional<std::string> expires;
  DateOrder date_order = DateOrder::unsaid;  ///< of its register
  /// Status texts that mean "in force" in the permit's own register; none = those of the options.
  std::shared_ptr<const std::vector<std::string>> valid;
};

struct ValidityOptions {
  Date as_of{};
  /// Status texts that mean "in force" (any case); empty = the usual words (active, issued,
  /// granted, valid, in force, live, current, approved, authorized, registered, ...).
  std::vector<std::string> valid;
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
/// Findings (at `where`): "permits.no_expires_field", "permits.no_end", "permits.bad_date",
/// "permits.ambiguous_date",
/// "permits.dates_reversed", "permits.unknown_status", "permits.no_status",
/// "permits.expired_but_issued".
[[nodiscard]] Validity judge_permit(const PermitCells& cells, const ValidityOptions& options,
                                    const std::string& where, Findings& findings);

}  // namespace lode
