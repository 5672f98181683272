#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/weights.h"

namespace lode {

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Judgement files hold names and numbers: a quoted cell may hold a comma, nothing more.
Rows cells_of(std::string_view text) {
  Rows rows;
  for (const auto& line : split(text, '\n')) {
    if (trim(line).empty() || trim(line).front() == '#') continue;
    std::vector<std::string> row(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        row.emplace_back();
      else
        row.back() += c;
    }
    for (auto& cell : row) cell = std::string(trim(cell));
    rows.push_back(std::move(row));
  }
  return rows;
}

struct Reader {
  const std::vector<Criterion>& criteria;
  const std::string& where;

  std::size_t criterion(const std::string& name) const {
    std::vector<std::string> known;
    for (std::size_t j = 0; j < criteria.size(); ++j) {
      if (criteria[j].name == name) return j;
      known.push_back(criteria[j].name);
    }
    throw Error("ranking.unknown_criterion", "'" + printable(name) + "' is not a criterion", where,
                suggestion(name, known));
  }
  double number(const std::string& cell) const {
    const auto slash = cell.find('/');
    const auto above = parse_number(std::string_view(cell).substr(0, slash));
    const auto below = slash == std::string::npos
                           ? std::optional<double>(1.0)
                           : parse_number(std::string_view(cell).substr(slash + 1));
    if (!above || !below || *below == 0.0)
      throw Error("ranking.judgement", "'" + printable(cell) + "' is not a number or a fraction",
                  where);
    return *above / *below;
  }
  /// Criteria in the order in which `names` lists them; every one exactly once.
  std::vector<std::size_t> all(const std::vector<std::string>& names) const {
    std::vector<std::size_t> order;
    for (const auto& name : names) {
      order.push_back(criterion(name));
      if (std::count(order.begin(), order.end(), order.back()) > 1)
        throw Error("ranking.judgement", "'" + printable(name) + "' stands twice", where);
    }
    if (order.size() != criteria.size())
      throw Error("ranking.judgement",
                  "the judgements name " + std::to_string(order.size()) + " of " +
                      std::to_string(criteria.size()) + " criteria",
                  where);
    return order;
  }
  std::vector<double> row(const std::vector<std::string>& cells,
                          const std::vector<std::size_t>& order, bool gaps = false) const {
    if (cells.size() != order.size() + 1)
      throw Error("ranking.not_square",
                  "a row has " + std::to_string(cells.size() - 1) + " numbers, the header " +
                      std::to_string(order.size()) + " names",
                  where);
    std::vector<double> values(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
      const std::string& cell = cells[k + 1];
      values[order[k]] = gaps && (cell.empty() || cell == "-") ? not_stated : number(cell);
    }
    return values;
  }
};

/// Rows [first, first + m] of the file: header and m rows of one judge.
std::vector<double> read_matrix(const Rows& rows, std::size_t first, const Reader& reader) {
  const auto columns = reader.all({rows[first].begin() + 1, rows[first].end()});
  const std::size_t m = columns.size();
  std::vector<std::string> names;
  for (std::size_t r = 1; r <= m; ++r) names.push_back(rows[first + r].front());
  const auto order = reader.all(names);
  std::vector<double> matrix(m * m);
  for (std::size_t r = 0; r < m; ++r) {
    const auto values = reader.row(rows[first + r + 1], columns, true);
    std::copy(values.begin(), values.end(),
              matrix.begin() + static_cast<std::ptrdiff_t>(order[r] * m));
  }
  // Looked at here too, for here the file and the names are known.
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = i; j < m; ++j) {
      const double own = matrix[i * m + j], mirrored = matrix[j * m + i];
      if (!(own > 0.0) || !(mirrored > 0.0) ||
          std::abs(own * mirrored - 1.0) <= AhpOptions().tolerance)
        continue;
      throw Error(
          "ranking.not_reciprocal",
          number_text(own) + " and " + number_text(mirrored) + " are not the inverse of each other",
          reader.where + ", row " + printable(reader.criteria[i].name) + ", column " +
              printable(reader.criteria[j].name),
          i == j ? "A criterion is as important as itself: write 1."
                 : "Write 1/" + number_text(own) + " in the mirrored cell.");
    }
  return matrix;
}

/// One matrix below the other, each with its own header.
Judgements read_matrices(const Rows& rows, const Reader& reader) {
  const std::size_t m = reader.all({rows.front().begin() + 1, rows.front().end()}).size();
  if (rows.size() % (m + 1) != 0)
    throw Error("ranking.not_square",
                std::to_string(rows.size() - 1) + " rows for " + std::to_string(m) + " criteria",
                reader.where);
  Judgements out;
  const std::size_t count = rows.size() / (m + 1);
  for (std::size_t g = 0; g < count; ++g) {
    const std::size_t first = g * (m + 1);
    out.matrices.push_back(read_matrix(rows, first, reader));
    std::string name = rows[first].front();
    if (name.empty()) name = count == 1 ? "judge" : "judge " + std::to_string(g + 1);
    out.judges.push_back(std::move(name));
  }
  out.matrix = out.matrices.front();
  return out;
}

Judgements read_best_worst(const Rows& rows, const Reader& reader) {
  Judgements out;
  const auto columns = reader.all({rows.front().begin() + 1, rows.front().end()});
  for (std::size_t r = 1; r < rows.size(); ++r) {
    if (rows[r].front() == "best_to")
      out.best_to = reader.row(rows[r], columns);
    else if (rows[r].front() == "to_worst")
      out.to_worst = reader.row(rows[r], columns);
    else
      throw Error("ranking.judgement", "a best-worst file has the rows best_to and to_worst",
                  reader.where);
  }
  if (out.best_to.empty() || out.to_worst.empty())
    throw Error("ranking.judgement", "a best-worst file has the rows best_to and to_worst",
                reader.where);
  // The best is as good as itself, and the worst: the one 1 of its row.
  const auto one = [&](const std::vector<double>& row, const std::string& name) {
    if (std::count(row.begin(), row.end(), 1.0) < 1)
      throw Error("ranking.judgement",
                  "row " + name + " has no 1: it must hold 1 at the criterion itself",
                  reader.where);
    std::size_t at = 0;  // of several 1s, the one with the strongest opposite judgement
    const auto& other = name == "best_to" ? out.to_worst : out.best_to;
    bool found = false;
    for (std::size_t j = 0; j < row.size(); ++j)
      if (row[j] == 1.0 && (!found || other[j] > other[at])) at = j, found = true;
    return at;
  };
  out.best = one(out.best_to, "best_to");
  out.worst = one(out.to_worst, "to_worst");
  return out;
}

}  // namespace

Judgements read_judgements(std::string_view text, WeightScheme scheme,
                           const std::vector<Criterion>& criteria, const std::string& where) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);  // the mark some programs write
  const Rows rows = cells_of(text);
  const Reader reader{criteria, where};
  if (rows.empty()) throw Error("ranking.judgement", "the file of judgements is empty", where);
  if (scheme == WeightScheme::ahp) return read_matrices(rows, reader);
  if (scheme == WeightScheme::bwm) return read_best_worst(rows, reader);
  Judgements out;
  std::vector<std::string> names;
  const bool header = rows.front().front() == "name";
  for (std::size_t r = header ? 1 : 0; r < rows.size(); ++r) {
    names.push_back(rows[r].front());
    const bool step = scheme == WeightScheme::swara && rows[r].size() > 1 && !rows[r][1].empty();
    if (scheme == WeightScheme::swara && !step && names.size() > 1)
      throw Error("ranking.judgement", "no step is given for '" + printable(names.back()) + "'",
                  where);
    out.step.push_back(step ? reader.number(rows[r][1]) : 0.0);
  }
  out.order = reader.all(names);
  return out;
}

void add_judgements(Judgements& to, const Judgements& more, WeightScheme scheme,
                    const std::string& where) {
  if (scheme != WeightScheme::ahp)
    throw Error("ranking.judgement",
                "several files of judgements can be joined with --weights ahp only", where,
                "Give one file.");
  for (std::size_t g = 0; g < more.matrices.size(); ++g) {
    std::string name = more.judges[g];
    // Files without names, or with the same: numbered through.
    if (name == "judge" || name.rfind("judge ", 0) == 0 ||
        std::count(to.judges.begin(), to.judges.end(), name) > 0)
      name = "judge " + std::to_string(to.judges.size() + 1);
    to.matrices.push_back(more.matrices[g]);
    to.judges.push_back(std::move(name));
  }
  if (!to.judges.empty() && to.judges.front() == "judge" && to.judges.size() > 1)
    to.judges.front() = "judge 1";
  if (to.matrix.empty() && !to.matrices.empty()) to.matrix = to.matrices.front();
}

}  // namespace lode
