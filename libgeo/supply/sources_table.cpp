#include "libgeo/supply/sources_table.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace lode {

namespace {

using OfSource = std::function<double(const SupplySource&)>;

std::vector<double> numbers_of(const SupplySources& sources, const OfSource& of) {
  std::vector<double> values;
  for (const SupplySource& source : sources.list) values.push_back(of(source));
  return values;
}

void add_number(Table& table, const SupplySources& sources, const std::string& name,
                const OfSource& of) {
  table.add(number_column(name, numbers_of(sources, of)));
}

/// `stem_unit`, and `stem_low_unit`, `stem_high_unit` when any source has them.
void add_range(Table& table, const SupplySources& sources, const std::string& stem,
               const std::string& unit, LowBaseHigh SupplySource::*member) {
  add_number(table, sources, stem + "_" + unit,
             [&](const SupplySource& source) { return (source.*member).base; });
  for (const auto& end : {std::pair{"_low_", &LowBaseHigh::low}, {"_high_", &LowBaseHigh::high}}) {
    const auto values = numbers_of(
        sources, [&](const SupplySource& source) { return (source.*member).*end.second; });
    if (std::any_of(values.begin(), values.end(), [](double one) { return !std::isnan(one); }))
      table.add(number_column(stem + end.first + unit, values));
  }
}

void add_text(Table& table, const SupplySources& sources, const std::string& name,
              const std::function<std::string(const SupplySource&)>& of) {
  std::vector<std::string> texts;
  for (const SupplySource& source : sources.list) texts.push_back(of(source));
  table.add(text_column(name, std::move(texts)));
}

void add_limits(Table& table, const SupplySources& sources) {
  int first = 0, last = 0;
  for (const SupplySource& source : sources.list) {
    if (source.limit_t_per_year.empty()) continue;
    const int end = source.limit_from + static_cast<int>(source.limit_t_per_year.size()) - 1;
    first = first == 0 ? source.limit_from : std::min(first, source.limit_from);
    last = std::max(last, end);
  }
  if (first == 0) return;
  for (int year = first; year <= last; ++year)
    add_number(table, sources, "limit_" + std::to_string(year) + "_t_per_year",
               [&](const SupplySource& one) {
                 const auto& limits = one.limit_t_per_year;
                 if (limits.empty()) return std::nan("");
                 if (year < one.limit_from) return 0.0;
                 return limits[std::min<std::size_t>(year - one.limit_from, limits.size() - 1)];
               });
}

}  // namespace

Table table_of(const SupplySources& sources) {
  check_lengths(sources);
  Table table;
  table.name = sources.table;
  add_text(table, sources, "id", [](const SupplySource& one) { return one.id; });
  add_text(table, sources, "name", [](const SupplySource& one) { return one.name; });
  add_text(table, sources, "country", [](const SupplySource& one) { return one.country; });
  add_text(table, sources, "group", [](const SupplySource& one) { return one.group; });
  add_text(table, sources, "kind", [](const SupplySource& one) { return one.kind; });
  add_range(table, sources, "capacity", "t_per_year", &SupplySource::capacity_t_per_year);
  for (std::size_t m = 0; m < sources.metals.size(); ++m)
    add_number(table, sources, "share_" + sources.metals[m],
               [&](const SupplySource& one) { return one.share[m]; });
  add_range(table, sources, "opex", "usd_per_kg", &SupplySource::opex_usd_per_kg);
  add_number(table, sources, "fixed_usd_per_year",
             [](const SupplySource& one) { return one.fixed_usd_per_year; });
  add_range(table, sources, "capex", "usd", &SupplySource::capex_usd);
  add_number(table, sources, "lead_years", [](const SupplySource& one) { return one.lead_years; });
  add_number(table, sources, "ramp_years", [](const SupplySource& one) { return one.ramp_years; });
  add_number(table, sources, "life_years", [](const SupplySource& one) { return one.life_years; });
  add_number(table, sources, "not_before", [](const SupplySource& one) { return one.not_before; });
  add_number(table, sources, "start_year",
             [](const SupplySource& one) { return one.planned_start; });
  add_number(table, sources, "operating",
             [](const SupplySource& one) { return one.operating ? 1.0 : 0.0; });
  add_number(table, sources, "feedstock_t_per_year",
             [](const SupplySource& one) { return one.feedstock_t_per_year; });
  for (std::size_t b = 0; b < sources.burdens.size(); ++b)
    add_number(table, sources, "burden_" + sources.burdens[b],
               [&](const SupplySource& one) { return one.burden[b]; });
  add_limits(table, sources);
  add_text(table, sources, "currency", [&](const SupplySource&) { return sources.currency; });
  if (sources.price_year != 0)
    add_number(table, sources, "price_year",
               [&](const SupplySource&) { return static_cast<double>(sources.price_year); });
  return table;
}

}  // namespace lode
