// Reported resources: ore tonnage x grade to contained tonnes of oxide, each tonnage counted once.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/table.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/deposit/oxides.h"

namespace lode {

/// Tonnes of oxide contained in the ore.
struct Contained {
  LowBaseHigh treo_t, ndpr_t, dytb_t, mreo_t;
  std::string basis;  ///< how it was computed, for people
};

/// What a reported resource says. Mass fractions; NaN = not known.
struct ReportedResource {
  LowBaseHigh ore_t;
  LowBaseHigh treo;                                              ///< grade of oxide in the ore
  double ndpr_share = std::numeric_limits<double>::quiet_NaN();  ///< of TREO, 0 to 1
  double dytb_share = std::numeric_limits<double>::quiet_NaN();  ///< of TREO, 0 to 1
};

/// Ore x TREO, and x share of TREO. MREO = NdPr + DyTb, missing when either is.
/// Errors: "deposit.negative", "deposit.range_order", "deposit.share" (outside 0 to 1, or the two
/// together above 1), "deposit.grade" (above 1); `where` names the site.
[[nodiscard]] Contained contained_from_shares(const ReportedResource& resource,
                                              const std::string& where = {});
/// Ore x the sums of an element suite.
[[nodiscard]] Contained contained_from_suite(const LowBaseHigh& ore_t, const OxideSums& sums,
                                             const std::string& where = {});

/// Names of the columns of a table with one row a deposit and element.
struct ElementRowFields {
  std::string deposit = "record_id";
  std::string name = "name";
  std::string element = "commodity";  ///< symbol or English name
  std::string grade = "grade";
  std::string grade_unit = "grade_unit";  ///< a column, or "" when the grade's name has its unit
  std::string ore = "ore";
  std::string ore_unit = "ore_unit";
  GradeForm form = GradeForm::element;
};

/// One row a deposit: `id`, `name`, `ore_t`, then `<element>_ppm` (or oxide name `_pct`), the
/// elements that occur, in their order. Deposits stand in the order of their first row.
struct FoldedDeposits {
  Table table;
  Findings findings;
};
/// Tonnage repeated on every element row of a deposit is counted once (note
/// "reported.tonnage_repeated"); where the rows disagree it is missing (warning
/// "reported.tonnage_differs"), likewise an element with several grades (warning
/// "reported.element_repeated"). Rows of other commodities are left out (note
/// "reported.other_commodity").
/// Errors: "unit.unknown", "unit.missing", "table.no_field", "deposit.negative".
[[nodiscard]] FoldedDeposits fold_element_rows(const Table& table,
                                               const ElementRowFields& fields = {});

}  // namespace lode
