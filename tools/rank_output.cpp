#include "tools/rank_output.h"

#include <algorithm>
#include <map>

#include "libgeo/core/text.h"
#include "libgeo/report/qml_parts.h"

namespace lode::tools {

namespace {

/// One column of the output, its rows in the order of `rows`.
Column reordered(const Column& column, const std::vector<std::size_t>& rows) {
  Column out;
  out.name = column.name;
  out.kind = column.kind;
  out.unit = column.unit;
  if (column.kind == ColumnKind::number)
    out.numbers.reserve(rows.size());
  else
    out.texts.reserve(rows.size());
  for (const auto row : rows) {
    if (column.kind == ColumnKind::number)
      out.numbers.push_back(column.numbers[row]);
    else
      out.texts.push_back(column.texts[row]);
  }
  return out;
}

/// Ours, whatever case an earlier result has them in.
bool is_of_a_result(const std::string& name) {
  static constexpr std::string_view names[] = {"ld_rank",  "ld_score", "ld_r05",
                                               "ld_r95",   "ld_acc1",  "ld_rule",
                                               "ld_grank", "ld_class", "ld_miss"};
  const std::string small = lower(name);
  return small.starts_with("ld_c_") ||
         std::find(std::begin(names), std::end(names), small) != std::end(names);
}

/// Texts of the ranked sites; nothing when no site has one.
template <class Text>
void add_texts(const std::string& name, const RankResult& result, const Text& text,
               std::vector<Column>& columns) {
  std::vector<std::string> texts(result.sites.size() + result.dropped.size());
  bool any = false;
  for (std::size_t i = 0; i < result.sites.size(); ++i) {
    texts[i] = text(result.sites[i]);
    any = any || !texts[i].empty();
  }
  if (any) columns.push_back(text_column(name, std::move(texts)));
}

std::vector<Column> result_columns(const Ranked& ranked, bool short_names) {
  const RankResult& result = ranked.result;
  const std::size_t n = result.sites.size() + result.dropped.size();
  std::vector<Column> columns;
  const auto add = [&](const std::string& name, const auto& value) {
    std::vector<double> numbers(n, not_stated);
    for (std::size_t i = 0; i < result.sites.size(); ++i) numbers[i] = value(i);
    columns.push_back(number_column(name, std::move(numbers)));
  };
  const auto& sites = result.sites;
  add("LD_RANK", [&](std::size_t i) { return static_cast<double>(sites[i].rank); });
  add("LD_SCORE", [&](std::size_t i) { return sites[i].score; });
  add("LD_R05", [&](std::size_t i) { return sites[i].rank_p05; });
  add("LD_R95", [&](std::size_t i) { return sites[i].rank_p95; });
  add("LD_ACC1", [&](std::size_t i) { return sites[i].first_acceptability; });
  if (!ranked.group_field.empty())
    add("LD_GRANK", [&](std::size_t i) {
      return ranked.group_rank[i] > 0 ? static_cast<double>(ranked.group_rank[i]) : not_stated;
    });
  if (!short_names)
    for (std::size_t j = 0; j < result.criteria.size(); ++j)
      add("LD_C_" + result.criteria[j], [&](std::size_t i) { return sites[i].contributions[j]; });
  add_texts(
      "LD_CLASS", result, [](const RankedSite& site) { return site.category; }, columns);
  add_texts(
      "LD_MISS", result, [](const RankedSite& site) { return join(site.missing, " "); }, columns);
  if (!ranked.input.options.rules.empty() || ranked.input.options.pareto == Pareto::drop) {
    std::vector<std::string> rules(n);
    for (std::size_t i = 0; i < result.dropped.size(); ++i)
      rules[sites.size() + i] = result.dropped[i].rule;
    columns.push_back(text_column("LD_RULE", std::move(rules)));
  }
  return columns;
}

std::string label_expression(const std::string& label_field) {
  std::string quoted;
  for (const char c : label_field) quoted += c == '"' ? "\"\"" : std::string(1, c);
  std::string expression = "CASE WHEN \"LD_RANK\" <= 15 THEN to_string(\"LD_RANK\")";
  if (!label_field.empty()) expression += " || '. ' || coalesce(\"" + quoted + "\", '')";
  return expression + " END";
}

}  // namespace

std::string rank_style(GeometryKind kind, std::size_t sites, const std::string& label_field) {
  // The first, the front runners, then thirds of the rest: dark to pale, grey where unranked.
  static constexpr const char* colours[] = {"#08306b", "#2171b5", "#6baed6", "#bdd7e7", "#deebf7"};
  const std::size_t front = std::min<std::size_t>(10, std::max<std::size_t>(3, sites / 10));
  const std::size_t rest = sites > front ? sites - front : 0;
  const std::size_t ends[] = {1, front, front + rest / 3, front + 2 * rest / 3, sites};
  std::string expression = "CASE WHEN \"LD_RANK\" IS NULL THEN 'left out'";
  std::vector<report::Category> classes;
  std::size_t from = 1;
  const auto add = [&](const std::string& value, const std::string& label, const char* colour) {
    const double size = classes.empty() ? 4.8 : 3.2;
    classes.push_back({value, label,
                       report::symbol_of(kind, classes.size(),
                                         {.colour = colour, .size_mm = size, .width_mm = 0.6})});
  };
  for (std::size_t k = 0; k < std::size(ends); ++k) {
    const std::size_t to = std::min(ends[k], sites);
    if (to < from) continue;
    const std::string first = std::to_string(from), last = std::to_string(to);
    expression += " WHEN \"LD_RANK\" <= " + last + " THEN '" + last + "'";
    add(last, from == to ? "Rank " + last : "Rank " + first + " to " + last, colours[k]);
    from = to + 1;
  }
  add("left out", "Left out by a rule", "#969696");
  return report::document(report::categorised(expression + " END", classes, "\"LD_RANK\"") +
                          report::labels(label_expression(label_field), kind));
}

OutputLayer ranked_layer(const Ranked& ranked, bool short_names, const std::string& label_field,
                         Findings& findings) {
  const Layer& layer = ranked.input.layer;
  OutputLayer out;
  out.name = out.table.name = "ranked";
  out.crs = layer.crs;
  std::vector<std::size_t> rows;
  for (const auto& site : ranked.result.sites) rows.push_back(site.row);
  for (const auto& site : ranked.result.dropped) rows.push_back(site.row);
  std::vector<std::string> replaced;
  for (const auto& column : layer.table.columns) {
    if (is_of_a_result(column.name))
      replaced.push_back(printable(column.name));
    else
      out.table.add(reordered(column, rows));
  }
  if (!replaced.empty())
    findings.add("ranking.replaced_columns", Severity::note, layer.table.name,
                 "columns of an earlier ranking were replaced: " + join(replaced, ", "));
  for (auto& column : result_columns(ranked, short_names)) out.table.add(std::move(column));
  if (!layer.has_geometry()) return out;
  GeometryKind kind = GeometryKind::none;
  for (const auto row : rows) {
    out.geometry.push_back(layer.geometry[row]);
    if (kind == GeometryKind::none) kind = layer.geometry[row].kind;
  }
  if (kind != GeometryKind::none)
    out.style_qml = rank_style(kind, ranked.result.sites.size(), label_field);
  return out;
}

}  // namespace lode::tools
