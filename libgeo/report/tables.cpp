// Straight from the result, nothing computed and nothing rounded.
#include "libgeo/report/tables.h"

#include <cmath>
#include <limits>

namespace lode {
namespace {

double at(const std::vector<double>& values, std::size_t i) {
  return i < values.size() ? values[i] : std::numeric_limits<double>::quiet_NaN();
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty()) text += "; ";
    text += part;
  }
  return text;
}

}  // namespace

Table ranking_table(const StudyResult& result) {
  std::vector<double> rank, score, p05, p50, p95, first, error, entropy, confidence, front;
  std::vector<std::string> id, name, group, kind, cautions;
  for (const auto& one : result.ranking) {
    if (one.site >= result.sites.size()) continue;
    const Site& site = result.sites[one.site];
    rank.push_back(one.rank);
    id.push_back(site.id);
    name.push_back(site.name);
    group.push_back(site.group);
    kind.push_back(site.kind);
    score.push_back(one.score);
    p05.push_back(one.rank_p05);
    p50.push_back(one.rank_p50);
    p95.push_back(one.rank_p95);
    first.push_back(one.first_acceptability);
    error.push_back(result.draws > 0 ? one.first_error : std::numeric_limits<double>::quiet_NaN());
    entropy.push_back(one.rank_entropy);
    confidence.push_back(one.confidence);
    front.push_back(one.pareto_front > 0 ? static_cast<double>(one.pareto_front)
                                         : std::numeric_limits<double>::quiet_NaN());
    cautions.push_back(joined(one.cautions));
  }
  Table table;
  table.name = "ranking";
  table.add(number_column("rank", std::move(rank)));
  table.add(text_column("id", std::move(id)));
  table.add(text_column("name", std::move(name)));
  table.add(text_column("group", std::move(group)));
  table.add(text_column("kind", std::move(kind)));
  table.add(number_column("score", std::move(score)));
  table.add(number_column("rank_p05", std::move(p05)));
  table.add(number_column("rank_p50", std::move(p50)));
  table.add(number_column("rank_p95", std::move(p95)));
  table.add(number_column("first_acceptability", std::move(first)));
  table.add(number_column("first_error", std::move(error)));
  table.add(number_column("rank_entropy", std::move(entropy)));
  table.add(number_column("confidence", std::move(confidence)));
  table.add(number_column("pareto_front", std::move(front)));
  table.add(text_column("cautions", std::move(cautions)));
  return table;
}

Table indicator_table(const StudyResult& result) {
  std::vector<std::string> site, criterion, unit, source;
  std::vector<double> value, low, high;
  for (std::size_t i = 0; i < result.sites.size(); ++i)
    for (const auto& column : result.indicators) {
      const double number = at(column.value, i);
      const std::string words = i < column.source.size() ? column.source[i] : std::string();
      if (std::isnan(number) && words.empty()) continue;
      site.push_back(result.sites[i].id);
      criterion.push_back(column.name);
      value.push_back(number);
      unit.push_back(column.unit);
      low.push_back(at(column.low, i));
      high.push_back(at(column.high, i));
      source.push_back(words);
    }
  Table table;
  table.name = "indicators";
  table.add(text_column("site", std::move(site)));
  table.add(text_column("criterion", std::move(criterion)));
  table.add(number_column("value", std::move(value)));
  table.add(text_column("unit", std::move(unit)));
  table.add(number_column("low", std::move(low)));
  table.add(number_column("high", std::move(high)));
  table.add(text_column("source", std::move(source)));
  return table;
}

}  // namespace lode
