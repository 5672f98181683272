// The parts of the page's section on supply, and the tables and captions that they share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libgeo/report/charts_axes.h"
#include "libgeo/report/html_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {

constexpr std::size_t kMostSupplyRows = 60;  ///< of any table; the whole stands in its CSV file

/// A column of a table; `brief` heads its cells on a telephone, numbers stand at the right.
struct TableHead {
  std::string_view title, brief;
  bool number = true;
};
/// Cells are HTML. Columns without any text are left out.
struct HtmlTable {
  std::vector<TableHead> heads;
  std::vector<std::vector<std::string>> rows;
};
/// Nothing for a table without rows. `file` holds those behind the first `kMostSupplyRows`; "" =
/// none does.
void put_table(std::string& out, const HtmlTable& table, std::string_view file);
/// The same behind a line that unfolds it.
void put_folded_table(std::string& out, std::string_view summary, const HtmlTable& table,
                      std::string_view file);

/// "Source: demand: demand.csv; illustrative" of the named ones, as a caption; "" for none.
[[nodiscard]] std::string source_caption(const SupplyAnswer& supply,
                                         const std::vector<std::string_view>& names);
/// All of them, each with what it says of itself: captions are brief.
void put_sources(std::string& out, const SupplyAnswer& supply);

/// "A, B and C"; at most `most`, then "and 4 more". Parts are HTML.
[[nodiscard]] std::string in_a_row(const std::vector<std::string>& parts, std::size_t most = 6);
/// The name of a source, a link to its row where it is a site that has one.
[[nodiscard]] std::string source_link(const Digest& digest, const std::string& id,
                                      const std::string& name);
/// A year, or "never" for 0.
[[nodiscard]] std::string year_or(int year, std::string_view none);
/// "12.3 million USD" as HTML.
[[nodiscard]] std::string money_html(double value, const std::string& currency);
/// "12 (8 to 17)" as HTML, "not known".
[[nodiscard]] std::string range_html(const LowBaseHigh& value);
/// "12.3 M", "1.2 bn" for tables, whose section says the currency.
[[nodiscard]] std::string money_cell(double value);
[[nodiscard]] std::string money_range_cell(const LowBaseHigh& value);
/// The same chart for a desk and for a telephone.
template <class Draw>
void put_chart(std::string& out, const Digest& digest, Draw draw, std::size_t wide_rows,
               std::size_t narrow_rows, const std::string& caption) {
  put_figure(out, draw(digest, ChartOptions{kWide, wide_rows}),
             draw(digest, ChartOptions{kNarrow, narrow_rows}), caption);
}

void put_shortfall(std::string& out, const Digest& digest);
void put_supply_costs(std::string& out, const Digest& digest);
void put_plan(std::string& out, const Digest& digest);
void put_shocks(std::string& out, const Digest& digest);
void put_alliance(std::string& out, const Digest& digest);
/// What the whole comes to, a sentence a part.
void put_supply_answer(std::string& out, const Digest& digest);

}  // namespace lode::report
