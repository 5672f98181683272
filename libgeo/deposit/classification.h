// Resource classes by checkable rules, in support of a competent person's statement.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/estimation/samples.h"
#include "libgeo/geometry/grid.h"

namespace lode {

enum class Comparison { below, at_most, above, at_least, equal, not_equal };

/// "nearest_m <= 30": the value of a column against a number, in the column's unit.
struct ClassCondition {
  std::string column;
  Comparison comparison = Comparison::at_most;
  double value = 0.0;
  std::size_t index = 0;  ///< of the column in `ClassRules::columns()`
};
/// A block is of the first class all of whose conditions it meets; a missing value meets none.
struct ClassRule {
  std::string name;
  std::vector<ClassCondition> when;
  int line = 0;
};
struct ClassRules {
  std::vector<ClassRule> rules;  ///< in order; "unclassified" is what is left
  /// Smoothing: a block takes the class that most blocks within this many blocks of it have along
  /// each axis; 0 = none. On a tie it keeps its own.
  int smooth_blocks = 0;
  int smooth_rounds = 1;
  /// UNFC axes that drillholes do not answer; E3 and F3 (undetermined) until the user says more.
  std::string unfc_e = "E3", unfc_f = "F3";

  /// Columns that the conditions name, each once, in order.
  [[nodiscard]] std::vector<std::string> columns() const;
  /// Names of the classes, "unclassified" last.
  [[nodiscard]] std::vector<std::string> names() const;
};

/// TOML: [[classes]] with `name` and `when` (a list of conditions as text), [smoothing] `blocks`,
/// `rounds`, [unfc] `e`, `f`.
/// Errors "classes.syntax" (with line and column), "classes.unknown_key", "classes.missing_key",
/// "classes.type", "classes.condition", "classes.repeated", "classes.unfc".
[[nodiscard]] ClassRules parse_class_rules(const std::string& text, const std::string& where);

/// Place in `names()` of a block whose columns (in the order of `columns()`) hold `values`.
/// `missing` is set when a value that a condition asks for is not there.
[[nodiscard]] std::uint8_t class_of(const ClassRules& rules, const std::vector<double>& values,
                                    bool& missing);

/// Majority over the neighbours on a grid. 255 = no block there, which has no vote. Deterministic
/// on any number of threads: each round reads the last one's classes.
struct Smoothing {
  std::size_t changed = 0;  ///< blocks whose class is another than before
};
Smoothing smooth_classes(const ClassRules& rules, const BlockGrid& grid,
                         std::vector<std::uint8_t>& classes, int jobs = 0,
                         const Progress& progress = {});

/// "E2,F2,G1": G1 measured, G2 indicated, G3 inferred, G4 what no class holds (UNFC 2019: high,
/// moderate, low confidence; estimated mainly from indirect evidence).
[[nodiscard]] std::string unfc_of(const ClassRules& rules, const std::string& class_name);

/// Distances from places to the nearest holes, each by its nearest sample: the nearest one, and the
/// mean of the nearest `holes` (NaN when there are fewer).
struct HoleSpacing {
  std::vector<double> nearest_m, mean_m;
};
/// Error "class.no_hole" when the samples name no holes.
[[nodiscard]] HoleSpacing hole_spacing(const Samples& samples, const std::vector<double>& x,
                                       const std::vector<double>& y, const std::vector<double>& z,
                                       std::size_t holes = 3, int jobs = 0,
                                       const Progress& progress = {});

/// One item of JORC Code 2012 Table 1 or NI 43-101 that the run's data answer; `answer` holds facts
/// only.
struct ChecklistItem {
  std::string code;  ///< "JORC Table 1, section 3: Cut-off parameters"
  std::string answer;
};
/// What a classified grade-tonnage run can say.
struct ReportFacts {
  std::string cutoffs, grade_basis, density, moisture, dilution, constraints, classes, blocks;
};
[[nodiscard]] std::vector<ChecklistItem> checklist(const ReportFacts& facts);

}  // namespace lode
