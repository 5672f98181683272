#include "libgeo/study/disruption_tables.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/composition.h"
#include "libgeo/supply/supply_columns.h"

namespace lode {

namespace {

/// Gives each name of a scenario its code, and keeps those that have none.
class PlanNames {
 public:
  PlanNames(const Countries& countries, const std::vector<StageSupply>& today, std::string where)
      : countries_(countries), today_(today), where_(std::move(where)) {}

  std::string code(const std::string& name, const std::string& in) {
    std::string found = country_code(name, countries_);
    if (!found.empty()) return found;
    for (const auto& row : today_)
      if (lower(row.country) == lower(name)) return row.country;
    errors_.emplace_back(
        "scenario.country", "'" + printable(name) + "' is neither a country nor one of [blocs]",
        where_ + ", " + in, "Write ISO 3166-1 alpha-3 codes (CHN), or define the bloc.");
    return name;
  }
  template <class Value>
  void rename(std::map<std::string, Value>& by_country, const std::string& in) {
    std::map<std::string, Value> renamed;
    for (const auto& [name, value] : by_country)
      if (const std::string own = code(name, in); !renamed.emplace(own, value).second)
        errors_.emplace_back("scenario.country", printable(own) + " stands twice",
                             where_ + ", " + in, "Name it once.");
    by_country = std::move(renamed);
  }
  void throw_if_any() const {
    if (errors_.empty()) return;
    Error first = errors_.front();
    first.more.assign(errors_.begin() + 1, errors_.end());
    throw first;
  }

 private:
  const Countries& countries_;
  const std::vector<StageSupply>& today_;
  std::string where_;
  std::vector<Error> errors_;
};

}  // namespace

std::vector<StageSupply> read_stage_supply(const SupplyReading& reading, const Table& table) {
  const std::string stage = supply_field(table, "", {"stage"}, "a header");
  const std::string metal = supply_field(table, "", {"metal", "element", "oxide"}, "a header");
  const std::string country = supply_field(table, "", {"country", "iso3", "code"}, "a header");
  const std::string share = supply_field(table, "", {"share_pct", "share"}, "a header");
  const double whole = is_percent_field(table, share) ? 100.0 : 1.0;
  const auto stages = table.texts(stage), metals = table.texts(metal);
  auto countries = table.texts(country);
  name_countries(countries, reading.countries, reading.options, table.name, reading.findings);
  const auto shares = table.numbers(share);
  say_unused_columns(table, {stage, metal}, {share}, reading.findings);
  std::vector<StageSupply> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    StageSupply one;
    one.where = table.name + ", " + table.row_name(row);
    if (is_named(reading.options.total_names, countries[row])) continue;
    one.country = trim(countries[row]);
    if (one.country.empty())
      throw Error("supply.no_country", "the share has no country", one.where,
                  "Name it, or write Other.");
    one.stage = lower(trim(stages[row]));
    one.metal = parse_element_group(std::string(trim(metals[row])), one.where).name;
    if (std::isnan(shares[row]))
      throw Error("supply.no_share", printable(one.country) + " has no share", one.where,
                  "Fill " + share + ", or leave the row out.");
    one.share = shares[row] / whole;
    if (one.share < 0.0)
      throw Error("supply.negative", share + " is " + number_text(shares[row]), one.where,
                  "It must be 0 or more.");
    if (one.share > 1.0 + 1e-9)
      throw Error("supply.shares_over_one",
                  share + " is " + number_text(shares[row]) + ", more than the whole", one.where,
                  "share_pct is per cent of the demand, share a fraction of it.");
    rows.push_back(std::move(one));
  }
  return rows;
}

void name_plan_countries(DisruptionPlan& plan, const Countries& countries,
                         const std::vector<StageSupply>& today, const std::string& where) {
  PlanNames names(countries, today, where);
  for (auto& restriction : plan.restrictions)
    for (auto& country : restriction.countries)
      country = names.code(country, restriction.name.empty()
                                        ? std::string("a restriction")
                                        : "restriction '" + printable(restriction.name) + "'");
  for (auto& shock : plan.shocks)
    for (auto& country : shock.by) country = names.code(country, "a shock");
  names.rename(plan.disruption.bloc, "[blocs]");
  names.rename(plan.disruption.probability, "[probability]");
  names.throw_if_any();
}

}  // namespace lode
