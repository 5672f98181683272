#include "libgeo/permits/validity.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lode {
namespace {

constexpr std::array kInForce = {"active",        "issued",     "granted",     "valid",
                                 "in force",      "live",       "current",     "approved",
                                 "authorized",    "authorised", "registered",  "effective",
                                 "in effect",     "operating",  "operational", "in good standing",
                                 "good standing", "vigente",    "otorgado",    "titulada",
                                 "concedida"};
constexpr std::array kPending = {
    "pending",   "application", "applied",           "submitted",  "under review", "in review",
    "proposed",  "received",    "under application", "app",        "solicitud",    "en tramite",
    "requested", "draft",       "awaiting",          "in process", "processing"};
constexpr std::array kRenewal = {"renewal pending", "pending renewal", "renewal application",
                                 "renewal_pending", "under renewal",   "renewal lodged",
                                 "renewal"};
constexpr std::array kEnded = {
    "expired",    "lapsed",      "closed",       "cancelled", "canceled",   "revoked",
    "terminated", "surrendered", "relinquished", "forfeited", "void",       "abandoned",
    "rejected",   "refused",     "denied",       "withdrawn", "ended",      "inactive",
    "historic",   "historical",  "dead",         "caducado",  "extinguida", "annulled"};

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& words, const std::string& word) {
  return std::find_if(words.begin(), words.end(), [&](const char* w) { return word == w; }) !=
         words.end();
}

std::string tidy(std::string_view text) {
  std::string out = lower(trim(text));
  std::replace(out.begin(), out.end(), '_', ' ');
  std::replace(out.begin(), out.end(), '-', ' ');
  return out;
}

enum class Word { none, in_force, pending, renewal, ended, unknown };

Word word_of(const std::string& text, const std::vector<std::string>& valid) {
  const std::string word = tidy(text);
  if (word.empty()) return Word::none;
  for (const std::string& said : valid)
    if (tidy(said) == word) return Word::in_force;
  if (is_one_of(kRenewal, word)) return Word::renewal;
  if (is_one_of(kPending, word)) return Word::pending;
  if (is_one_of(kEnded, word)) return Word::ended;
  if (valid.empty() && is_one_of(kInForce, word)) return Word::in_force;
  return Word::unknown;
}

bool digits_only(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Date> checked(long year, long month, long day) {
  if (year < 1500 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
    return std::nullopt;
  const auto two = [](long v) { return (v < 10 ? "0" : "") + std::to_string(v); };
  return parse_date(std::to_string(year) + "-" + two(month) + "-" + two(day));
}

Date from_days(long days) {
  // Hinnant 2013, "chrono-compatible low-level date algorithms", civil_from_days.
  const long z = days + 719468;
  const long era = (z >= 0 ? z : z - 146096) / 146097;
  const long doe = z - era * 146097;
  const long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const long mp = (5 * doy + 2) / 153;
  const long day = doy - (153 * mp + 2) / 5 + 1;
  const long month = mp < 10 ? mp + 3 : mp - 9;
  const long year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return {static_cast<int>(year), static_cast<unsigned>(month), static_cast<unsigned>(day)};
}

std::optional<long> month_of(const std::string& word) {
  constexpr std::array<const char*, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};
  if (word.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < months.size(); ++i)
    if (word.compare(0, 3, months[i]) == 0) return static_cast<long>(i) + 1;
  return std::nullopt;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text) {
    if (c == ' ' || c == '/' || c == '-' || c == '.' || c == ',') {
      if (!word.empty()) out.push_back(word);
      word.clear();
    } else {
      word += c;
    }
  }
  if (!word.empty()) out.push_back(word);
  return out;
}

long number(const std::string& digits) {
  return digits.size() > 9 ? -1 : std::lround(*parse_number(digits));
}

DateReading three_words(const std::vector<std::string>& w, DateOrder order) {
  DateReading out{.present = true};
  if (w.size() < 3) return out;
  if (const auto month = month_of(w[0]); month && digits_only(w[1]) && digits_only(w[2])) {
    out.date = checked(number(w[2]), *month, number(w[1]));
    return out;
  }
  if (const auto month = month_of(w[1]); month && digits_only(w[0]) && digits_only(w[2])) {
    out.date = checked(number(w[2]), *month, number(w[0]));
    return out;
  }
  if (!digits_only(w[0]) || !digits_only(w[1]) || !digits_only(w[2])) return out;
  if (w[0].size() == 4) {
    out.date = checked(number(w[0]), number(w[1]), number(w[2]));
  } else if (w[2].size() == 4) {
    const long year = number(w[2]), first = number(w[0]), second = number(w[1]);
    const auto by_month = checked(year, first, second), by_day = checked(year, second, first);
    out.ambiguous = order == DateOrder::unsaid && by_month && by_day && first != second;
    if (!out.ambiguous)
      out.date = order == DateOrder::month_first ? by_month
                 : order == DateOrder::day_first ? by_day
                 : by_month                      ? by_month
                                                 : by_day;
  }
  return out;
}

/// A cell of digits alone, with a sign or, in spreadsheets, a time of day behind the point.
DateReading a_number(const std::string& cell, const std::string& plain, DateNumbers numbers) {
  DateReading out{.present = true};
  const double value = *parse_number(cell);
  if (numbers == DateNumbers::excel) {
    // Below 61 stands a 29 February 1900 that never was.
    if (value >= 61.0 && value < 2958466.0)
      out.date = from_days(static_cast<long>(std::floor(value)) - 25569);
    return out;
  }
  if (plain == cell && plain.size() == 8) {
    const long all = number(plain);
    out.date = checked(all / 10000, all / 100 % 100, all % 100);
    if (out.date) return out;
  }
  if (plain.size() > 15) return out;
  if (numbers == DateNumbers::unsaid && plain.size() < 11) {
    out.ambiguous = plain.size() >= 9;  // 1793491200 is a day of 2026 in seconds, one of 1970 in ms
    return out;
  }
  const double a_day = numbers == DateNumbers::seconds ? 86400.0 : 86400000.0;
  const double days = std::floor(value / a_day);
  if (days >= -171664.0 && days <= 2932896.0) out.date = from_days(static_cast<long>(days));
  return out;
}

/// Whether a cell such as 13/11/2026 or 11/13/2026 can be read in one order only.
struct OnlyReading {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  bool day_first = false, month_first = false;
  explicit OnlyReading(const std::string& cell) {
    const auto words = words_of(lower(trim(cell)));
    if (words.size() < 3 || words[2].size() != 4) return;
    for (std::size_t i = 0; i < 3; ++i)
      if (!digits_only(words[i])) return;
    const long first = number(words[0]), second = number(words[1]);
    day_first = first > 12 && first <= 31 && second >= 1 && second <= 12;
    month_first = second > 12 && second <= 31 && first >= 1 && first <= 12;
  }
};

/// What the dates alone say.
PermitStatus by_dates(const Validity& v, const ValidityOptions& options) {
  if (v.granted && *v.granted > options.as_of) return PermitStatus::not_yet;
  if (v.expires && *v.expires < options.as_of) return PermitStatus::expired;
  return PermitStatus::valid;
}

/// Says which date cannot be read; "" when both can.
std::string unread_date(const PermitCells& cells, const DateReading& granted,
                        const DateReading& expires, const std::string& where, Findings& findings) {
  if (granted.ambiguous || expires.ambiguous) {
    findings.add("permits.ambiguous_date", Severity::warning, where,
                 "in '" + printable(trim(expires.ambiguous ? *cells.expires : *cells.granted)) +
                     "' the day or the month may come first, or a number be seconds or "
                     "milliseconds; not counted as valid until it is said: --date-order, "
                     "--date-numbers");
    return "ambiguous date";
  }
  const bool bad_granted = granted.present && !granted.date;
  const bool bad_expires = expires.present && !expires.date;
  if (!bad_granted && !bad_expires) return {};
  findings.add("permits.bad_date", Severity::warning, where,
               "the date '" + printable(trim(bad_expires ? *cells.expires : *cells.granted)) +
                   "' cannot be read; not counted as valid");
  return "unreadable date";
}

void tell_undated(bool by_status, const std::string& where, Findings& findings) {
  if (by_status)
    findings.add("permits.undated_by_status", Severity::warning, where,
                 "the layer has no date of expiry: valid because its status says so, end unknown");
  else
    findings.add("permits.no_expires_field", Severity::warning, where,
                 "the layer has no date of expiry; not counted as valid (--undated status takes "
                 "the status for it)");
}

}  // namespace

std::string_view to_text(PermitStatus status) {
  switch (status) {
    case PermitStatus::valid:
      return "valid";
    case PermitStatus::expired:
      return "expired";
    case PermitStatus::not_yet:
      return "not_yet";
    case PermitStatus::pending:
      return "pending";
    case PermitStatus::renewal_pending:
      return "renewal_pending";
    case PermitStatus::unknown:
      break;
  }
  return "unknown";
}

std::optional<DateOrder> parse_date_order(std::string_view text) {
  if (text == "month-first") return DateOrder::month_first;
  if (text == "day-first") return DateOrder::day_first;
  return std::nullopt;
}

std::optional<DateNumbers> parse_date_numbers(std::string_view text) {
  if (text == "milliseconds") return DateNumbers::milliseconds;
  if (text == "seconds") return DateNumbers::seconds;
  if (text == "excel") return DateNumbers::excel;
  return std::nullopt;
}

DateReading read_date(std::string_view text, DateOrder order, DateNumbers numbers) {
  const std::string cell = lower(trim(text));
  DateReading out;
  if (cell.empty()) return out;
  out.present = true;
  // A day of XML Schema may carry a zone, as those of web feature services do: 2026-11-01Z.
  const bool zoned = cell.size() == 11 && cell.back() == 'z' && cell[4] == '-';
  if (const auto iso = parse_date(trim(text).substr(0, zoned ? 10 : std::string_view::npos));
      iso && iso->year >= 1500) {
    out.date = iso;
    return out;
  }
  const std::string plain = cell.front() == '-' ? cell.substr(1) : cell;
  if (numbers == DateNumbers::excel ? parse_number(cell).has_value() : digits_only(plain))
    return a_number(cell, plain, numbers);
  return three_words(words_of(cell), order);
}

void check_date_order(const std::vector<std::string>& cells, const std::vector<std::string>& ids,
                      const std::string& field, Findings& findings) {
  std::size_t by_day = OnlyReading::none, by_month = OnlyReading::none;
  std::size_t days = 0, months = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const OnlyReading reading(cells[i]);
    if (reading.day_first && ++days == 1) by_day = i;
    if (reading.month_first && ++months == 1) by_month = i;
  }
  if (days == 0 || months == 0) return;
  const auto said = [&](std::size_t i) {
    return "'" + printable(trim(cells[i])) + "' of " + printable(ids[i]);
  };
  findings.add("permits.mixed_date_order", Severity::warning, "field '" + printable(field) + "'",
               "some dates can only be day-first (" + said(by_day) +
                   "), others only month-first (" + said(by_month) +
                   "): no one order reads the column",
               std::min(days, months));
}

Validity judge_permit(const PermitCells& cells, const ValidityOptions& options,
                      const std::string& where, Findings& findings) {
  Validity out;
  const auto read = [&](const std::optional<std::string>& cell) {
    return cell ? read_date(*cell, cells.date_order, cells.date_numbers) : DateReading{};
  };
  const DateReading granted = read(cells.granted), expires = read(cells.expires);
  out.granted = granted.date;
  out.expires = expires.date;
  if (out.expires) out.days_to_expiry = days_between(options.as_of, *out.expires);
  const auto& in_force = cells.valid ? *cells.valid : options.valid;
  const Word word = cells.status ? word_of(*cells.status, in_force) : Word::none;
  const auto settle = [&](PermitStatus status, std::string reason) {
    out.status = status;
    out.reason = std::move(reason);
    return out;
  };
  // Words that say it is not in force need no date.
  if (word == Word::ended) return settle(PermitStatus::expired, "status " + *cells.status);
  if (word == Word::pending) return settle(PermitStatus::pending, "status " + *cells.status);
  if (word == Word::renewal)
    return settle(PermitStatus::renewal_pending, "status " + *cells.status);
  if (std::string fault = unread_date(cells, granted, expires, where, findings); !fault.empty())
    return settle(PermitStatus::unknown, std::move(fault));
  if (out.granted && out.expires && *out.granted > *out.expires) {
    findings.add("permits.dates_reversed", Severity::warning, where,
                 "granted after it expires; not counted as valid");
    return settle(PermitStatus::unknown, "granted after it expires");
  }
  if (word == Word::unknown) {
    findings.add("permits.unknown_status", Severity::warning, where,
                 "the status '" + printable(trim(*cells.status)) +
                     "' is not known; not counted as valid (say it with --valid)");
    return settle(PermitStatus::unknown, "status " + *cells.status);
  }
  const PermitStatus dated = by_dates(out, options);
  if (dated == PermitStatus::expired && word == Word::in_force)
    findings.add("permits.expired_but_issued", Severity::warning, where,
                 "its end is past although its status says it is in force");
  if (dated != PermitStatus::valid)
    return settle(dated, dated == PermitStatus::expired ? "expired " + to_text(*out.expires)
                                                        : "granted " + to_text(*out.granted));
  if (!cells.expires) {
    const bool by_status = options.undated_by_status && word == Word::in_force;
    tell_undated(by_status, where, findings);
    return by_status ? settle(PermitStatus::valid, "")
                     : settle(PermitStatus::unknown, "no date of expiry");
  }
  if (cells.status && word == Word::none) {
    findings.add("permits.no_status", Severity::warning, where,
                 "the status is blank; not counted as valid");
    return settle(PermitStatus::unknown, "blank status");
  }
  if (!expires.present)
    findings.add("permits.no_end", Severity::note, where, "no end is recorded: taken as endless");
  return settle(PermitStatus::valid, "");
}

}  // namespace lode
