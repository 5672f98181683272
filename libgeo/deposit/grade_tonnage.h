// Grade-tonnage curves of block models, by class, with what constraints sterilise.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/deposit/exact_sum.h"
#include "libgeo/deposit/oxides.h"

namespace lode {

struct CurveOptions {
  std::vector<double> cutoffs;  ///< mass fractions, rising; a block at the cut-off counts
  std::size_t products = 1;     ///< the first is the one that the mean grade is of
  std::size_t classes = 1;
  std::size_t constraints = 0;
  /// Share of water in the wet mass, 0 to below 1: rock is reported wet. 0 = dry tonnes.
  double moisture = 0.0;
  /// Tonnes of waste mined with a tonne of ore (0 to 10), and its grade; applied after the cut-off.
  double dilution = 0.0;
  double dilution_grade = 0.0;
  /// Share of the ore that is not mined, 0 to below 1.
  double mining_loss = 0.0;
};
/// Errors "resources.cutoffs" (none, negative, above 100 %, not rising), "resources.factor".
void check_curve(const CurveOptions& options);

/// What one block brings. Pointers have one entry a product or a constraint.
struct BlockPart {
  double volume_m3 = 0.0;           ///< of the block, times its own share column
  double density_t_m3 = 0.0;        ///< dry
  double grade = 0.0;               ///< that meets the cut-off, mass fraction
  const double* product = nullptr;  ///< mass fractions; NaN = missing
  std::uint32_t class_index = 0;
  const double* kept_alone = nullptr;    ///< share that each constraint alone leaves, 0 to 1
  const double* kept_so_far = nullptr;   ///< share that it and all before it leave
  const double* kept_without = nullptr;  ///< share that all the others leave
};

/// One row of a curve. Tonnes as the options say (wet, diluted); dry_t is dry, undiluted and
/// without loss.
struct CurveRow {
  double cutoff = 0.0;
  double volume_m3 = 0.0, dry_t = 0.0, rock_t = 0.0;
  std::vector<double> product_t;
  double mean_grade = 0.0;  ///< mass fraction in dry rock; NaN when there is none
  std::size_t blocks = 0;   ///< that bring something
};
/// What constraints take of one quantity (t), each by itself. `in_order_t` adds up to gross - net:
/// the sums are exact, so that only the last bit of each printed figure is rounded.
struct Taken {
  double gross_t = 0.0, net_t = 0.0;
  std::vector<double> alone_t;     ///< by it alone
  std::vector<double> in_order_t;  ///< by it, after those before it
  std::vector<double> marginal_t;  ///< by it, after all the others: what lifting it would give back
};
/// At one cut-off: dry rock, and each product in it.
struct SterilisedRow {
  Taken rock;
  std::vector<Taken> product;
  /// Gross less what each takes in order is the net of the curve, bit for bit.
  bool adds_up = false;
};

/// Adds up blocks in any order, on any number of threads (one object each, then `merge`): the sums
/// are exact, so the bits are the same.
class GradeTonnage {
 public:
  explicit GradeTonnage(const CurveOptions& options);
  void add(const BlockPart& part);
  /// `other` may know fewer classes, not more.
  void merge(const GradeTonnage& other);
  /// By cut-off; `class_index` -1 = all classes.
  [[nodiscard]] std::vector<CurveRow> curve(int class_index = -1) const;
  [[nodiscard]] std::vector<SterilisedRow> sterilised() const;

 private:
  struct Cell {
    ExactSum volume, dry;
    std::vector<ExactSum> product;
    std::size_t blocks = 0;
  };
  // Of rock, or of a product: what stays of it under each constraint.
  struct Stays {
    ExactSum gross;
    std::vector<ExactSum> alone, so_far, without;
  };
  [[nodiscard]] Taken taken(const Stays& stays) const;
  void add_stays(const BlockPart& part, double whole, Stays& stays) const;
  void merge_stays(const Stays& other, Stays& stays) const;
  CurveOptions options_;
  std::vector<Cell> cells_;   ///< by class, then cut-off: blocks at it and below the next one
  std::vector<Stays> stays_;  ///< by cut-off, then rock and each product
};

/// What a column of grades is of, and what it is multiplied by to be a mass fraction.
struct ProductColumn {
  std::string name;   ///< of the column
  std::string key;    ///< for results: "treo", "nd2o3"
  std::string basis;  ///< "oxide TREO", "element Nd", "as column 'au_gpt'"
  double factor = 1.0;
  int rare_earth = -1;    ///< of a single rare earth: its place in `rare_earths()`
  double to_oxide = 1.0;  ///< then: tonnes of oxide from a tonne of what the column counts
};
/// `unit` as declared, or from the name. `form` "" = as it stands, "oxide" or "element" = converted
/// by the oxide factor of the basis (of a single rare earth only).
/// Errors "unit.missing", "unit.unknown", "resources.form".
[[nodiscard]] ProductColumn product_column(const std::string& name, const std::string& unit,
                                           const std::string& form, OxideBasis basis);

/// Value of product tonnes at prices with payables and recoveries, and the tonnes of oxide that
/// have no price.
struct ProductValue {
  double usd = 0.0;
  double unpriced_t = 0.0;
};
[[nodiscard]] ProductValue value_of(const std::vector<double>& product_t,
                                    const std::vector<ProductColumn>& products,
                                    const PriceTable& prices);

/// Errors "blocks.density" (not above 0, or above 23 t/m3), "blocks.grade" (below 0 or above 100
/// %), "blocks.share" (outside 0 to 1). NaN passes: the caller counts it. `where` names the row.
void check_density(double density_t_m3, const std::string& name, std::size_t line);
void check_grade(double grade, const std::string& column, const std::string& name,
                 std::size_t line);
void check_share(double share, const std::string& column, const std::string& name,
                 std::size_t line);

}  // namespace lode
