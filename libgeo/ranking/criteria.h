// Criteria and the decision table: what is known of every site before any scoring.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"

namespace lode {

enum class Direction { max, min };

/// How a value is carried onto the scale on which differences count.
enum class Scale { linear, log };

/// PROMETHEE preference functions (Brans & Vincke 1985): types I to VI.
enum class Shape { usual, ushape, vshape, level, linear, gaussian };

/// How `low` and `high` of a cell are meant (see `sample_value` in uncertainty.h).
enum class Spread { p10_p90, triangular, pert, normal, lognormal, uniform };

[[nodiscard]] std::string_view to_text(Direction direction);
[[nodiscard]] std::string_view to_text(Scale scale);
[[nodiscard]] std::string_view to_text(Shape shape);
[[nodiscard]] std::string_view to_text(Spread spread);
/// These throw Error "ranking.unknown_choice" with the nearest name.
[[nodiscard]] Direction parse_direction(std::string_view text, const std::string& where = {});
[[nodiscard]] Scale parse_scale(std::string_view text, const std::string& where = {});
[[nodiscard]] Shape parse_shape(std::string_view text, const std::string& where = {});
[[nodiscard]] Spread parse_spread(std::string_view text, const std::string& where = {});

/// "Not stated" for the numbers below.
inline constexpr double not_stated = std::numeric_limits<double>::quiet_NaN();

/// A corner of a piecewise-linear value function: `value` in [0, 1] at `at` (criterion's unit).
struct CurvePoint {
  double at = 0.0;
  double value = 0.0;
  bool operator==(const CurvePoint&) const = default;
};

/// One criterion. Thresholds are in the criterion's unit; on a log scale they are factors (p = 2
/// means "twice as much"), which must be at least 1.
struct Criterion {
  std::string name;
  std::string field;  ///< column it is read from; "" = `name`
  std::string
      low_field;  ///< columns of its spread; "" = `<field>_low` and `<field>_high`, if there
  std::string high_field;
  std::string unit;
  Direction direction = Direction::max;
  double weight = not_stated;  ///< >= 0
  Scale scale = Scale::linear;
  double lo = not_stated;  ///< bounds of the scale, lo < hi; not stated = observed, with a finding
  double hi = not_stated;
  double q = not_stated;          ///< indifference threshold, >= 0
  double p = not_stated;          ///< preference threshold, >= q
  double v = not_stated;          ///< veto threshold, >= p; not stated = no veto
  std::optional<Shape> shape;     ///< PROMETHEE shape; none = the one of the options
  double ideal = not_stated;      ///< target value: both sides of it are worse
  double ideal_to = not_stated;   ///< upper end of a target interval; not stated = `ideal`
  std::vector<CurvePoint> curve;  ///< value function; rising `at`; replaces scale and direction
  std::vector<double> profiles;   ///< ELECTRE TRI-B limits between categories, worst to best
  std::optional<Spread> spread;   ///< how its low and high are meant; none = that of the options
  std::string spread_group;       ///< criteria of one group move together when data are drawn
  /// Correlation of a site's values within the group, 0 to 1 (of their normal scores).
  double spread_correlation = 1.0;
  /// Correlation between different sites on this criterion (a rate or price that all of them pay),
  /// 0 to `spread_correlation`, likewise of normal scores.
  double spread_common = 0.0;
  bool operator==(const Criterion&) const = default;
};

/// Simulated values of one cell, for instance tonnages from conditional simulation. Draw d takes
/// value d modulo the count, so cells whose draws come from the same realizations stay correlated.
struct CellDraws {
  std::size_t site = 0;
  std::size_t criterion = 0;
  std::vector<double> values;
};

/// Sites x criteria. `values`, `low` and `high` are row-major (site i, criterion j at
/// i * criteria.size() + j); NaN in `values` is missing, NaN in `low` or `high` is "no spread";
/// `low` and `high` may be empty. `names` may be empty.
struct DecisionTable {
  std::vector<std::string> ids;
  std::vector<std::string> names;
  std::vector<Criterion> criteria;
  std::vector<double> values;
  std::vector<double> low;
  std::vector<double> high;
  std::vector<CellDraws> draws;
};

/// A hard rule: a site with `values[site]` outside [min, max], or of words with `texts[site]` not
/// among `words` (with `none_of`: among them), is left out before scoring. A missing value fails
/// the rule unless `missing_passes`.
struct HardRule {
  std::string name;  ///< as it stands in the log of what was dropped
  std::vector<double> values;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool missing_passes = false;
  std::vector<std::string> texts;  ///< of a rule of words: one a site, "" = missing
  std::vector<std::string> words;  ///< compared trimmed, in any case; empty = a rule of numbers
  bool none_of = false;
};

/// A rule as read from text, before its column is known.
struct RuleText {
  std::string name;
  std::string field;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool missing_passes = false;
  std::vector<std::string> words;  ///< of a rule of words; empty = a rule of numbers
  bool none_of = false;
  bool operator==(const RuleText&) const = default;
};

struct CriteriaFile {
  std::vector<Criterion> criteria;
  std::vector<RuleText> rules;
};

/// Reads TOML with `[[criteria]]` (keys name field low high unit direction weight scale bounds q p
/// v shape ideal curve profiles spread spread_group spread_correlation spread_common) and
/// `[[rules]]` (name field missing_passes, and min max or any_of or none_of) tables. All faults are
/// collected and thrown as one Error with line numbers: "ranking.criteria_file" (unknown or
/// misspelt key, wrong type, contradictory values), "ranking.syntax" for syntax. When the text has
/// a `[study]` table the other tables of a study file are passed over.
[[nodiscard]] CriteriaFile read_criteria(std::string_view text, const std::string& where = {});

/// Reads "name=net_ndpr_t,direction=max,weight=0.3,scale=log,bounds=1e2:1e6": the same keys, lists
/// with colons, a curve as "0:0;50:0.8;100:1". Error "usage.criterion".
[[nodiscard]] Criterion parse_criterion(std::string_view text);

/// Reads "valid_coverage_pct >= 50", also <=, <, >, = and !=. With = and != words may stand on the
/// right, several with | between, in double quotes to be taken as they are: "STATUS =
/// Active|Issued", "STATUS != Expired", "CODE = \"007\"". = with one number is a rule of numbers.
/// Error "usage.rule".
[[nodiscard]] RuleText parse_rule(std::string_view text);

/// All faults of one criterion in words, empty when there are none.
[[nodiscard]] std::vector<std::string> faults_of(const Criterion& criterion);

/// Throws unless the table can be ranked: "ranking.no_sites", "ranking.no_criteria",
/// "ranking.shape" (lengths differ), "ranking.duplicate_id", "ranking.duplicate_criterion",
/// "ranking.bad_criterion", "ranking.not_finite", "ranking.magnitude" (1e30 and beyond: a mark for
/// no data; below 1e-100 but not 0), "ranking.spread_order" (not low <= value <= high).
void check_table(const DecisionTable& table);

}  // namespace lode
