// Figures as statistics print them: "> 95", NA, W, a footnote's digits glued to a number.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace lode {

/// A figure as statistics print it: "45000", "> 95", "< 1", "E" (net exporter), "NA", "W"
/// (withheld), "--" (zero). Numbers only, no guess: NaN where there is none.
struct ReportedFigure {
  enum class Kind { exact, more_than, less_than, net_exporter, not_available, withheld };
  double value = std::numeric_limits<double>::quiet_NaN();
  Kind kind = Kind::exact;
};
/// Errors: "supply.bad_figure"; "supply.glued_footnote" for a number such as "1216,000", in which a
/// footnote's digits precede the figure, with the figures that it may be.
[[nodiscard]] ReportedFigure parse_reported(std::string_view text, const std::string& where = {});

/// What "1216,000" may be without its footnote of one or two digits: 216000 and 16000. Empty when
/// nothing is glued.
[[nodiscard]] std::vector<double> without_footnote(std::string_view text);
/// Of figures that some cells of a column may be, those that bring the column nearest to its
/// printed total: one a cell. `known` is the sum of the other cells. Empty when no choice comes
/// within 5 % of the total, or when there are too many to try.
[[nodiscard]] std::vector<double> likely_figures(const std::vector<std::vector<double>>& choices,
                                                 double known, double total);

/// What "> 95" and "< 1" count as.
enum class InexactRule {
  take,    ///< their number
  middle,  ///< the middle of what they leave open: 97.5 % and 0.5
  refuse
};
[[nodiscard]] std::string_view to_text(InexactRule rule);
/// Error "supply.unknown_choice".
[[nodiscard]] InexactRule parse_inexact_rule(std::string_view text, const std::string& where = {});

/// A figure with what it leaves open; all NaN when there is none.
struct FigureRange {
  double value = std::numeric_limits<double>::quiet_NaN(),
         low = std::numeric_limits<double>::quiet_NaN(),
         high = std::numeric_limits<double>::quiet_NaN();
};
/// `at_most` closes "more than": 100 of percentages, else infinity. Errors: "supply.inexact" by the
/// rule refuse, or when "more than" has no middle because nothing closes it.
[[nodiscard]] FigureRange figure_range(const ReportedFigure& figure, InexactRule rule,
                                       double at_most, const std::string& where = {});

/// A country as it is compared: trimmed, and a code of three letters in capitals, so that "usa" is
/// no second country beside "USA".
[[nodiscard]] std::string country_key(std::string_view text);

}  // namespace lode
