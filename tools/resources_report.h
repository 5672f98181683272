// What `resources` counts and how it is told: columns, tallies, rows of the curve, the checklist.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/json.h"
#include "libgeo/deposit/classification.h"
#include "libgeo/deposit/grade_tonnage.h"
#include "tools/block_inputs.h"

namespace lode::tools {

inline constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();

/// What is to be counted, and where its numbers stand in a chunk.
struct ResourcePlan {
  std::vector<std::string> numbers;  // columns to be read
  std::vector<ProductColumn> products;
  std::vector<std::size_t> product_at, minus_at;
  std::vector<double> minus_factor;
  int density_at = -1, share_at = -1, pit_at = -1;
  double last_pit = std::numeric_limits<double>::infinity();  // blocks of pits 1 to this count
  double density = missing_value, density_factor = 1.0;       // a constant, or a column's
  std::size_t rules_at = 0;
  std::vector<std::size_t> unused_share_at;  // columns that look like shares and are not asked for
  std::string cutoff_unit;                   // "pct" or "ppm"
  CurveOptions curve;
  std::string density_text, grade_text;
};

/// What one run of rows adds up to.
struct ResourceTally {
  explicit ResourceTally(const CurveOptions& options) : curve(options) {}
  GradeTonnage curve;
  std::size_t no_density = 0, no_grade = 0, no_product = 0, no_class_value = 0, no_share = 0;
  std::size_t no_pit = 0, uncovered = 0;
  ExactSum no_density_m3, no_grade_m3, no_share_m3, model_m3;
  void merge(const ResourceTally& other) {
    curve.merge(other.curve);
    no_density += other.no_density;
    no_grade += other.no_grade;
    no_product += other.no_product;
    no_class_value += other.no_class_value;
    no_share += other.no_share;
    no_pit += other.no_pit;
    uncovered += other.uncovered;
    no_density_m3 += other.no_density_m3;
    no_grade_m3 += other.no_grade_m3;
    no_share_m3 += other.no_share_m3;
    model_m3 += other.model_m3;
  }
};

/// Places of classes in the order of results: measured, indicated, inferred, others by name,
/// unclassified.
[[nodiscard]] std::vector<std::size_t> class_order(const std::vector<std::string>& names);

/// Rows of results.
class ResourceReport {
 public:
  ResourceReport(const ResourcePlan& plan, const Constraints& constraints, const PriceTable* prices)
      : plan_(plan), constraints_(constraints), prices_(prices) {}
  [[nodiscard]] Json row(const CurveRow& row, const std::string& name) const;
  /// What each constraint takes of one row of the curve.
  [[nodiscard]] Json sterilised(const SterilisedRow& row) const;
  /// Gross, net and `sterilised_t` of a row.
  void add_sterilised(const SterilisedRow& row, Json& json) const;
  [[nodiscard]] std::string people_table(const Json& curve) const;
  /// Gross, what each constraint takes, net.
  [[nodiscard]] std::string people_taken(const Json& summary) const;
  [[nodiscard]] Json facts(const BlockLayout& layout, const std::string& classes) const;

 private:
  const ResourcePlan& plan_;
  const Constraints& constraints_;
  const PriceTable* prices_;
};

/// Warnings "resources.no_density", "resources.no_grade", ... with what was left out.
void say_missing(const ResourcePlan& plan, const ResourceTally& tally, const std::string& path,
                 Outcome& outcome);
/// The curve as a table.
[[nodiscard]] OutputLayer curve_layer(const Json& curve);

}  // namespace lode::tools
