// The table of process routes: a CSV text read strictly, every mistake with its line.
#include <algorithm>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/footprint.h"

namespace lode {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Row {
  std::size_t line = 1;
  std::vector<std::string> cells;
};

/// RFC 4180, commas only.
std::vector<Row> rows_of(const std::string& csv, const std::string& where) {
  std::vector<Row> rows;
  Row row;
  std::string cell;
  bool quoted = false, was_quoted = false;
  std::size_t line = 1;
  const auto end_cell = [&] {
    row.cells.push_back(was_quoted ? cell : std::string(trim(cell)));
    cell.clear();
    was_quoted = false;
  };
  const auto end_row = [&] {
    end_cell();
    const bool blank = row.cells.size() == 1 && row.cells[0].empty();
    if (!blank) rows.push_back(std::move(row));
    row = Row{line + 1, {}};
  };
  std::size_t i = csv.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (; i < csv.size(); ++i) {
    const char c = csv[i];
    if (quoted) {
      if (c == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
        cell += '"';
        ++i;
      } else if (c == '"') {
        quoted = false;
      } else {
        cell += c;
      }
    } else if (c == '"' && trim(cell).empty()) {
      quoted = was_quoted = true;
      cell.clear();
    } else if (c == ',') {
      end_cell();
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {
      cell += c;
    }
    if (c == '\n') ++line;
  }
  if (quoted)
    throw Error("footprint.table", "a quote is not closed",
                where + ", line " + std::to_string(row.line),
                "Close it, or double a quote within the text.");
  if (!cell.empty() || !row.cells.empty()) end_row();
  return rows;
}

/// The header, and one row after another by column name.
class RouteTable {
 public:
  RouteTable(const std::string& csv, std::string where) : where_(std::move(where)) {
    rows_ = rows_of(csv, where_);
    if (rows_.empty()) refuse("the table is empty", 1, "It begins with a line of column names.");
    const std::set<std::string> known = known_columns();
    const std::vector<std::string> names(known.begin(), known.end());
    for (std::size_t k = 0; k < rows_[0].cells.size(); ++k) {
      const std::string name = lower(trim(rows_[0].cells[k]));
      if (!known.contains(name))
        refuse("'" + printable(name) + "' is no column of routes", rows_[0].line,
               suggestion(name, names));
      if (!columns_.emplace(name, k).second)
        refuse("two columns are named " + name, rows_[0].line, "Leave one out.");
    }
    for (const char* need : {"route", "kind", "source"})
      if (!columns_.contains(need))
        refuse(std::string("there is no column ") + need, rows_[0].line,
               "route, kind and source must be there.");
  }

  [[nodiscard]] std::size_t size() const { return rows_.size() - 1; }
  void go_to(std::size_t row) {
    row_ = row + 1;
    if (rows_[row_].cells.size() != rows_[0].cells.size())
      refuse_here(std::to_string(rows_[row_].cells.size()) + " cells under " +
                      std::to_string(rows_[0].cells.size()) + " column names",
                  "Put text with commas in quotes.");
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    const auto at = columns_.find(name);
    return at == columns_.end() ? std::string() : std::string(trim(rows_[row_].cells[at->second]));
  }
  /// NaN where blank.
  [[nodiscard]] double number(const std::string& name, double most) const {
    const std::string cell = text(name);
    if (cell.empty()) return kNan;
    const auto value = parse_number(cell);
    if (!value)
      refuse_here(name + " '" + printable(cell) + "' is no number", "Leave it blank if unknown.");
    if (!(*value >= 0.0 && *value <= most))
      refuse_here(name + " " + number_text(*value) + " lies outside 0 to " + number_text(most),
                  "Check its unit.");
    return *value;
  }
  [[nodiscard]] double share(const std::string& name, double blank) const {
    const double percent = number(name, 100.0);
    return percent == percent ? percent / 100.0 : blank;
  }
  [[nodiscard]] LowBaseHigh range(const std::string& name) const {
    constexpr double most = 1e9;
    const LowBaseHigh value{number(name + "_low", most), number(name, most),
                            number(name + "_high", most)};
    if (value.ranged() && !value.known())
      refuse_here(name + " has a range and no figure", "Give the figure between them.");
    if (value.low > value.base || value.high < value.base)
      refuse_here(name + " does not lie between its low and high", "Low <= figure <= high.");
    return value;
  }
  [[noreturn]] void refuse_here(const std::string& what, const std::string& hint) const {
    refuse(what, rows_[row_].line, hint);
  }

 private:
  [[noreturn]] void refuse(const std::string& what, std::size_t line,
                           const std::string& hint) const {
    throw Error("footprint.table", what, where_ + ", line " + std::to_string(line), hint);
  }
  static std::set<std::string> known_columns() {
    std::set<std::string> known = {"route",
                                   "name",
                                   "kind",
                                   "reference_grade_pct",
                                   "mining_share_pct",
                                   "tailings_share_pct",
                                   "thorium_follows_pct",
                                   "data",
                                   "source",
                                   "note"};
    for (const std::string figure : {"water_m3_per_kg", "reagents_kg_per_kg", "energy_mj_per_kg",
                                     "co2e_kg_per_kg", "residue_t_per_t"})
      for (const std::string end : {"", "_low", "_high"}) known.insert(figure + end);
    return known;
  }

  std::string where_;
  std::vector<Row> rows_;
  std::map<std::string, std::size_t> columns_;
  std::size_t row_ = 0;
};

}  // namespace

std::vector<ProcessRoute> parse_process_routes(const std::string& csv, const std::string& where) {
  RouteTable table(csv, where);
  std::vector<ProcessRoute> routes;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < table.size(); ++i) {
    table.go_to(i);
    ProcessRoute route;
    route.id = table.text("route");
    if (route.id.empty()) table.refuse_here("a row names no route", "Fill the column route.");
    if (!ids.insert(lower(route.id)).second)
      table.refuse_here("the route '" + printable(route.id) + "' stands twice", "Rename one.");
    route.name = table.text("name");
    route.kind = lower(table.text("kind"));
    if (route.kind != "primary" && route.kind != "secondary")
      table.refuse_here("kind '" + printable(route.kind) + "' is none",
                        "It is primary (from ore) or secondary (from scrap and residues).");
    route.water_m3_per_kg = table.range("water_m3_per_kg");
    route.reagents_kg_per_kg = table.range("reagents_kg_per_kg");
    route.energy_mj_per_kg = table.range("energy_mj_per_kg");
    route.co2e_kg_per_kg = table.range("co2e_kg_per_kg");
    route.residue_t_per_t = table.range("residue_t_per_t");
    route.reference_grade = table.share("reference_grade_pct", kNan);
    route.mining_share = table.share("mining_share_pct", 0.0);
    route.tailings_share = table.share("tailings_share_pct", 1.0);
    route.thorium_follows = table.share("thorium_follows_pct", 0.0);
    if (route.mining_share > 0.0 && !(route.reference_grade > 0.0))
      table.refuse_here("a share of mining needs a reference grade above 0",
                        "It is the grade at which the figures hold.");
    route.data = table.text("data");
    route.source = table.text("source");
    if (route.source.empty())
      table.refuse_here("the route '" + printable(route.id) + "' has no source",
                        "Say where its figures are from.");
    routes.push_back(std::move(route));
  }
  if (routes.empty()) throw Error("footprint.table", "the table has no route", where);
  return routes;
}

}  // namespace lode
