#include "libgeo/study/alliance_tables.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/demand.h"
#include "libgeo/supply/supply_columns.h"

namespace lode {

namespace {

/// The code of a country that must be one: a slip here would leave capacity out unseen.
std::string known_country(const std::string& text, const SupplyReading& reading,
                          const std::string& where) {
  if (trim(text).empty())
    throw Error("supply.no_country", "the row has no country", where, "Name the country.");
  std::string code = country_code(text, reading.countries);
  if (code.empty())
    throw Error("supply.unknown_country", "'" + printable(text) + "' is no country we know", where,
                "Write ISO 3166-1 alpha-3 codes (USA, AUS, CAN) or English names.");
  return code;
}

/// The column of countries, by any of its usual names.
std::vector<std::string> country_texts(const SupplyColumns& read, const Table& table) {
  for (const char* name : {"country", "iso3", "iso_a3"})
    if (table.find(name) != nullptr) return read.texts(name);
  return read.texts("country", true);
}

bool yes_of(const std::string& text, const std::string& where) {
  const std::string word = lower(trim(text));
  if (word.empty() || word == "no" || word == "false" || word == "0") return false;
  if (word == "yes" || word == "true" || word == "1") return true;
  throw Error("supply.kind", "'" + printable(text) + "' is neither yes nor no", where,
              "Write yes or no.");
}

double amount_of(double value, const std::string& column, const std::string& where) {
  if (std::isnan(value))
    throw Error("supply.negative", column + " is empty", where, "Write 0 where there is none.");
  check_ordered({std::nan(""), value, std::nan("")}, column, where);
  return value;
}

void say_missing(const char* code, std::size_t count, const std::string& table,
                 const std::string& text, Findings& findings) {
  if (count > 0) findings.add(code, Severity::note, table, std::to_string(count) + text);
}

}  // namespace

StageCapacities read_stage_capacities(const SupplyReading& reading, const Table& table) {
  StageCapacities out;
  out.table = table.name;
  const Money money = money_of(table);
  out.currency = money.currency;
  out.price_year = money.price_year;
  const SupplyColumns read(table);
  const auto countries = country_texts(read, table), stages = read.texts("stage", true),
             metals = read.texts("metal"), scrap = read.texts("from_scrap");
  const auto tonnes = read.numbers("tonnes_per_year", true), from = read.numbers("from_year"),
             to = read.numbers("to_year"), cost = read.numbers("usd_per_kg");
  const bool percent = table.find("recovery_pct") != nullptr;
  const auto recovery = read.numbers(percent ? "recovery_pct" : "recovery");
  read.takes(percent ? "recovery" : "recovery_pct", true);
  read.say_unused(reading.findings);
  std::size_t no_cost = 0, no_recovery = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string where = table.name + ", " + table.row_name(row);
    StageCapacity one;
    one.where = where;
    one.country = known_country(countries[row], reading, where);
    one.stage = lower(trim(stages[row]));
    if (one.stage.empty())
      throw Error("supply.no_stage", "the row has no stage", where, "Name the stage: magnet.");
    one.metal = trim(metals[row]);
    one.from_scrap = yes_of(scrap[row], where);
    one.tonnes_per_year = amount_of(tonnes[row], "tonnes_per_year", where);
    if (!std::isnan(from[row])) one.from_year = whole_year(from[row], table, row, "from_year");
    if (!std::isnan(to[row])) one.to_year = whole_year(to[row], table, row, "to_year");
    if (one.from_year > one.to_year)
      throw Error("supply.year", "to_year is before from_year", where);
    if (std::isnan(cost[row]))
      ++no_cost;
    else
      one.usd_per_kg = amount_of(cost[row], "usd_per_kg", where);
    if (std::isnan(recovery[row])) {
      // What mines and recyclers lose is not the chain's.
      if (one.stage != "mine" && !one.from_scrap) ++no_recovery;
    } else {
      one.recovery = percent ? recovery[row] / 100.0 : recovery[row];
      if (!(one.recovery > 0.0 && one.recovery <= 1.0))
        throw Error(
            "supply.recovery",
            "the recovery is " + number_text(recovery[row]) + (percent ? " %" : " as a fraction"),
            where, "It is above 0 and at most 100 % (recovery_pct), or 1 (recovery).");
    }
    out.rows.push_back(std::move(one));
  }
  say_missing("supply.no_cost", no_cost, table.name, " rows without usd_per_kg cost nothing",
              reading.findings);
  say_missing("supply.no_recovery", no_recovery, table.name,
              " rows without a recovery lose nothing", reading.findings);
  return out;
}

StageHauls read_stage_hauls(const SupplyReading& reading, const Table& table) {
  StageHauls out;
  out.table = table.name;
  const Money money = money_of(table);
  out.currency = money.currency;
  out.price_year = money.price_year;
  const SupplyColumns read(table);
  const auto from = read.texts("from", true), to = read.texts("to", true),
             stage = read.texts("stage");
  const auto cost = read.numbers("usd_per_kg", true);
  read.say_unused(reading.findings);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string where = table.name + ", " + table.row_name(row);
    if (std::isnan(cost[row]))
      throw Error("supply.haul", "the haul has no cost", where,
                  "Fill usd_per_kg, or leave the row out.");
    out.rows.push_back({known_country(from[row], reading, where),
                        known_country(to[row], reading, where), lower(trim(stage[row])),
                        amount_of(cost[row], "usd_per_kg", where)});
  }
  return out;
}

std::vector<std::vector<double>> MemberDemand::of(const std::vector<std::string>& members) const {
  std::vector<std::vector<double>> out;
  for (const auto& member : members) {
    const auto at = std::find(countries.begin(), countries.end(), member);
    out.push_back(at == countries.end() ? std::vector<double>(metals.size() * years.size(), 0.0)
                                        : tonnes[static_cast<std::size_t>(at - countries.begin())]);
  }
  return out;
}

MemberDemand read_member_demand(const SupplyReading& reading, const Table& table) {
  MemberDemand out;
  out.table = table.name;
  const auto columns = metal_columns(table, reading.findings);
  const SupplyColumns read(table);
  const auto countries = country_texts(read, table);
  const auto years = read.numbers("year", true);
  std::vector<std::vector<double>> figures;
  for (const auto& column : columns) {
    out.metals.push_back(column.metal);
    figures.push_back(table.numbers(column.column));
  }
  std::map<std::string, std::map<int, std::size_t>> row_of;
  std::map<int, std::size_t> any_of;
  double total = 0.0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string where = table.name + ", " + table.row_name(row);
    const std::string country = known_country(countries[row], reading, where);
    const int year = whole_year(years[row], table, row, "year");
    if (row_of.find(country) == row_of.end()) out.countries.push_back(country);
    if (!row_of[country].emplace(year, row).second)
      throw Error("supply.year", country + " has the year " + std::to_string(year) + " twice",
                  where, "Give each country and year one row.");
    any_of.emplace(year, row);
    for (std::size_t m = 0; m < columns.size(); ++m)
      total += amount_of(figures[m][row], columns[m].column, where);
  }
  if (!(total > 0.0))
    throw Error("supply.no_demand", "nobody needs anything in any year", table.name);
  for (const auto& [year, row] : any_of) {
    if (!out.years.empty() && year != out.years.back() + 1)
      throw Error(
          "supply.year",
          "no demand between " + std::to_string(out.years.back()) + " and " + std::to_string(year),
          table.name + ", " + table.row_name(row), "Give each year its rows.");
    out.years.push_back(year);
  }
  for (const auto& country : out.countries) {
    std::vector<double> tonnes;
    for (std::size_t m = 0; m < columns.size(); ++m)
      for (const int year : out.years) {
        const auto at = row_of[country].find(year);
        if (at == row_of[country].end())
          throw Error("supply.year", country + " has no row for " + std::to_string(year),
                      table.name, "Give each country the same years; write 0 for no demand.");
        tonnes.push_back(figures[m][at->second]);
      }
    out.tonnes.push_back(std::move(tonnes));
  }
  return out;
}

}  // namespace lode
