// Simulated values of sites for the draws: long tables (id, realization, a column a criterion) and
// wide ones (id, r1_<field>, r2_<field> ... as `lode simulate` names them).
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/ranking_reading.h"

namespace lode::tools {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// One value of the file: the realization's number and its row, for messages.
struct Simulated {
  double realization = 0.0;
  double value = not_stated;
  std::size_t row = 0;
};

/// What the file says, by criterion and site.
struct Simulations {
  const Layer& file;
  std::vector<std::size_t> site_of_row;       ///< `none`: not a site of the table
  std::vector<std::size_t> criteria;          ///< those that have columns
  std::vector<std::vector<Simulated>> cells;  ///< by criterion of the list, then by site
};

std::string field_of(const Criterion& criterion) {
  return criterion.field.empty() ? criterion.name : criterion.field;
}

/// The field that names sites: as said with --id when this file has it, else `id` in any case.
std::string id_field(const Arguments& arguments, const Layer& file) {
  const std::string said = arguments.text("id");
  if (!said.empty() && file.table.find(said) != nullptr) return said;
  if (file.table.find("id") != nullptr) return "id";
  throw Error("ranking.realizations_column", "no column says which site a row is of",
              file.table.name, "Name it id, or as --id says.");
}

std::vector<std::size_t> sites_of(const Arguments& arguments, const Layer& file,
                                  const DecisionTable& table, Findings& findings) {
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < table.ids.size(); ++i) known.emplace(table.ids[i], i);
  std::vector<std::size_t> sites;
  for (const auto& text : file.table.texts(id_field(arguments, file))) {
    const std::string id(trim(text));
    const auto found = known.find(id);
    sites.push_back(found == known.end() ? none : found->second);
    if (found == known.end())
      findings.add(
          "ranking.realizations_unknown_site", Severity::warning, file.table.name,
          "rows of sites that are not ranked were passed over, first of '" + printable(id) + "'");
  }
  return sites;
}

[[noreturn]] void fault(const Simulations& all, const std::string& code, std::size_t row,
                        const std::string& field, const std::string& what,
                        const std::string& hint) {
  throw Error(code, what,
              all.file.table.name + ", " + all.file.table.row_name(row) +
                  (field.empty() ? "" : ", " + printable(field)),
              hint);
}

/// A whole number from 0 up in every row of a ranked site.
std::vector<double> realization_numbers(const Simulations& all, const std::string& field) {
  const auto numbers = all.file.table.numbers(field);
  for (std::size_t row = 0; row < numbers.size(); ++row)
    if (!(numbers[row] >= 0.0 && numbers[row] == std::floor(numbers[row])))
      fault(all, "ranking.realizations_number", row, field,
            "a realization has no whole number from 0 up", "Number them 1, 2, 3 ...");
  return numbers;
}

void put_column(const std::vector<double>& values, const std::vector<double>& realizations,
                double realization, std::size_t sites, std::size_t criterion, Simulations& all) {
  std::size_t at = static_cast<std::size_t>(
      std::find(all.criteria.begin(), all.criteria.end(), criterion) - all.criteria.begin());
  if (at == all.criteria.size()) {
    all.criteria.push_back(criterion);
    all.cells.resize(all.cells.size() + sites);
  }
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (all.site_of_row[row] == none) continue;
    all.cells[at * sites + all.site_of_row[row]].push_back(
        {realizations.empty() ? realization : realizations[row], values[row], row});
  }
}

void read_long(const DecisionTable& table, const std::string& number, Simulations& all) {
  const auto realizations = realization_numbers(all, number);
  for (std::size_t j = 0; j < table.criteria.size(); ++j) {
    std::string field = field_of(table.criteria[j]);
    if (all.file.table.find(field) == nullptr) field = table.criteria[j].name;
    if (all.file.table.find(field) == nullptr) continue;
    put_column(values_of(all.file.table, field, table.criteria[j]), realizations, 0.0,
               table.ids.size(), j, all);
  }
}

/// "r12_treo_pct" -> 12 and "treo_pct".
bool wide_name(const std::string& name, double& realization, std::string& field) {
  const auto line = name.find('_');
  if (line == std::string::npos || line < 2 || (name[0] != 'r' && name[0] != 'R')) return false;
  if (name.find_first_not_of("0123456789", 1) != line) return false;
  realization = parse_number(name.substr(1, line - 1)).value_or(0.0);
  field = name.substr(line + 1);
  return true;
}

void read_wide(const DecisionTable& table, Simulations& all) {
  double realization = 0.0;
  std::string field;
  for (const auto& column : all.file.table.columns) {
    if (!wide_name(column.name, realization, field)) continue;
    for (std::size_t j = 0; j < table.criteria.size(); ++j)
      if (field == field_of(table.criteria[j]) || field == table.criteria[j].name)
        put_column(values_of(all.file.table, column.name, table.criteria[j]), {}, realization,
                   table.ids.size(), j, all);
  }
}

/// In the order of the realizations; a number that stands twice and a gap are refused.
std::vector<Simulated> in_order(const Simulations& all, const std::string& criterion,
                                std::vector<Simulated> cell) {
  std::stable_sort(cell.begin(), cell.end(), [](const Simulated& a, const Simulated& b) {
    return a.realization < b.realization;
  });
  for (std::size_t k = 1; k < cell.size(); ++k)
    if (cell[k].realization == cell[k - 1].realization)
      fault(all, "ranking.realizations_twice", cell[k].row, criterion,
            "realization " + number_text(cell[k].realization) + " of the site stands twice",
            "Every site has one value a realization.");
  const auto gap = [](const Simulated& one) { return std::isnan(one.value); };
  const auto first = std::find_if(cell.begin(), cell.end(), gap);
  if (first == cell.end()) return cell;
  if (std::all_of(cell.begin(), cell.end(), gap)) return {};
  fault(all, "ranking.realizations_gap", first->row, criterion,
        "realization " + number_text(first->realization) + " has no value",
        "Give it one, or leave the site's cells of this column all blank.");
}

/// Sites and criteria of one realization belong together, so all must have the same ones.
class SameSet {
 public:
  void check(const Simulations& all, const std::vector<Simulated>& cell, const std::string& id) {
    std::vector<double> numbers;
    for (const auto& one : cell) numbers.push_back(one.realization);
    if (first_.empty()) {
      first_ = numbers;
      of_ = id;
      return;
    }
    if (numbers == first_) return;
    throw Error("ranking.realizations_ragged",
                printable(id) + " has " + std::to_string(numbers.size()) + " realization(s), " +
                    printable(of_) + " " + std::to_string(first_.size()) +
                    (numbers.size() == first_.size() ? " of other numbers" : ""),
                all.file.table.name, "Give every site the same realizations.");
  }
  [[nodiscard]] std::size_t count() const { return first_.size(); }

 private:
  std::vector<double> first_;
  std::string of_;
};

/// A base value outside all that was simulated is most often a slip of unit or column.
void compare_with_base(const DecisionTable& table, const CellDraws& cell, Findings& findings) {
  const double base = table.values[cell.site * table.criteria.size() + cell.criterion];
  const auto [low, high] = std::minmax_element(cell.values.begin(), cell.values.end());
  if (std::isnan(base) || (base >= *low && base <= *high)) return;
  findings.add("ranking.realizations_apart", Severity::warning, table.criteria[cell.criterion].name,
               "the value of a site lies outside all its realizations, first " +
                   printable(table.ids[cell.site]) + ": " + number_text(base) + ", not " +
                   number_text(*low) + " to " + number_text(*high));
}

void say_what_is_left(const Simulations& all, const SameSet& same, std::size_t draws,
                      DecisionTable& table, Findings& findings) {
  std::vector<char> has(table.ids.size(), 0);
  for (const auto& cell : table.draws) has[cell.site] = 1;
  for (std::size_t i = 0; i < has.size(); ++i)
    if (has[i] == 0)
      findings.add("ranking.realizations_without", Severity::note, all.file.table.name,
                   "sites without realizations keep their value and its spread, first " +
                       printable(table.ids[i]));
  if (draws < same.count())
    findings.add("ranking.realizations_unused", Severity::note, all.file.table.name,
                 "of " + std::to_string(same.count()) + " realizations the first " +
                     std::to_string(draws) + " are used, one a draw; --draws says how many");
}

}  // namespace

void read_realizations(const Arguments& arguments, const Session& session, const Progress& progress,
                       RankingInput& input, Outcome& outcome) {
  if (!arguments.has("realizations")) return;
  ReadOptions reading = other_read_options(arguments, session);
  reading.missing =
      arguments.has("missing-text") ? arguments.texts("missing-text") : std::vector<std::string>{};
  reading.need_crs = reading.need_geometry = false;
  const Layer file = read_table(arguments.text("realizations"), reading, progress);
  outcome.inputs.push_back(file.source);
  outcome.findings.add(file.findings);
  DecisionTable& table = input.table;
  Simulations all{file, sites_of(arguments, file, table, outcome.findings), {}, {}};
  const std::string number = "realization";
  if (file.table.find(number) != nullptr)
    read_long(table, number, all);
  else
    read_wide(table, all);
  if (all.criteria.empty()) {
    std::vector<std::string> fields;
    for (const auto& criterion : table.criteria) fields.push_back(field_of(criterion));
    throw Error("ranking.realizations_column", "no column holds realizations of a criterion",
                file.table.name,
                "Wanted: realization and one of " + join(fields, ", ") + ", or r1_" +
                    fields.front() + ", r2_" + fields.front() + " ...");
  }
  SameSet same;
  for (std::size_t c = 0; c < all.criteria.size(); ++c)
    for (std::size_t i = 0; i < table.ids.size(); ++i) {
      const Criterion& criterion = table.criteria[all.criteria[c]];
      const auto cell = in_order(all, criterion.name, all.cells[c * table.ids.size() + i]);
      if (cell.empty()) continue;
      same.check(all, cell, table.ids[i]);
      CellDraws draws{i, all.criteria[c], {}};
      for (const auto& one : cell) draws.values.push_back(one.value);
      compare_with_base(table, draws, outcome.findings);
      table.draws.push_back(std::move(draws));
    }
  say_what_is_left(all, same, input.options.draws.draws, table, outcome.findings);
}

}  // namespace lode::tools
