// Words and numbers for people: escaping, clipping, units, titles of indicators and groups.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lode::report {

/// Appends all parts to `out`.
template <class... Part>
void put(std::string& out, const Part&... parts) {
  ((out += parts), ...);
}

/// Safe as HTML or XML text and inside a quoted attribute. Control characters, bidirectional
/// overrides and bytes that are no UTF-8 come out as \xNN, so the result is always valid XML.
[[nodiscard]] std::string escape(std::string_view text);
/// At most `most` code points, the last one an ellipsis when something was cut off.
[[nodiscard]] std::string clip(std::string_view text, std::size_t most);
/// `escape(clip(text, most))`, what every name from a file goes through.
[[nodiscard]] std::string shown(std::string_view text, std::size_t most = 160);

/// Four significant digits, thousands grouped by commas: "1,369,000", "0.04321", "not known" for
/// NaN and infinities.
[[nodiscard]] std::string people(double value);
/// A count, with every digit: "21,572".
[[nodiscard]] std::string counted(std::size_t count);
/// `people` with a unit: "1,369,000 t", "8.19 %", "12 days"; no unit for "", "1" and "n".
[[nodiscard]] std::string people(double value, std::string_view unit);
/// Masses, lengths and money in the unit that leaves few digits: "1.37 Mt", "12.4 km".
[[nodiscard]] std::string people_short(double value, std::string_view unit);
/// A share of 1 as per cent: "62 %", "0.4 %", "< 0.1 %", "not known".
[[nodiscard]] std::string percent(double share);
/// A share and its standard error: "62 % +- 0.5", without the error where it is 0 or not known.
[[nodiscard]] std::string percent_error(double share, double error);
/// "1 site", "7 sites" (or the plural given).
[[nodiscard]] std::string counted(std::size_t count, std::string_view one,
                                  std::string_view many = {});
/// A whole rank or a median rank such as 2.5; "not known" for NaN.
[[nodiscard]] std::string rank_text(double rank);

/// "net_mreo_t" -> "Net magnet rare earth oxides"; an unknown name loses its unit and underscores.
[[nodiscard]] std::string indicator_title(std::string_view name);
/// True for the indicators that Lode itself computes; their names are fixed.
[[nodiscard]] bool is_own_indicator(std::string_view name);
/// "TOPSIS", "PROMETHEE II", "weighted sum", ...; other words as they came.
[[nodiscard]] std::string method_title(std::string_view method);
/// A short title for chart legends: "net_mreo_t" -> "Net magnet REO".
[[nodiscard]] std::string indicator_short(std::string_view name);
/// "Domestic", "Allied", "Other", "Group not known".
[[nodiscard]] std::string group_title(std::string_view group);
/// "Mine or deposit", "Recycling", or the word as it came.
[[nodiscard]] std::string kind_title(std::string_view kind);
/// The first letter as a capital (ASCII).
[[nodiscard]] std::string capital(std::string_view text);

}  // namespace lode::report
