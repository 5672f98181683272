#include "libgeo/supply/sources.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/composition.h"
#include "libgeo/supply/economics.h"
#include "libgeo/supply/figures.h"
#include "libgeo/supply/supply_columns.h"

namespace lode {

namespace {

constexpr double most_years = 1000.0;
constexpr double share_slack = 1e-9;  // shares that were rounded apart still sum to 1

/// Columns `share_<metal>` and `burden_<name>` by what stands after the first underscore.
struct NamedColumn {
  std::string column, name;
  double factor = 1.0;
};

std::vector<NamedColumn> columns_after(const Table& table, const std::string& prefix,
                                       bool fractions) {
  std::vector<NamedColumn> found;
  for (const auto& column : table.columns) {
    const std::string name = lower(column.name);
    if (!name.starts_with(prefix) || name.size() == prefix.size()) continue;
    NamedColumn one{column.name, name.substr(prefix.size()), 1.0};
    if (fractions && one.name.ends_with("_pct")) {
      one.name.resize(one.name.size() - 4);
      one.factor = 0.01;
    }
    found.push_back(one);
  }
  return found;
}

double or_zero(double value) {
  return std::isnan(value) ? 0.0 : value;
}

bool parse_yes(const std::string& text, const std::string& where) {
  const std::string word = lower(trim(text));
  if (word.empty() || word == "0" || word == "no" || word == "false") return false;
  if (word == "1" || word == "yes" || word == "true") return true;
  throw Error("supply.kind", "operating: '" + printable(text) + "' is neither yes nor no", where,
              "Write 1 or 0.");
}

std::string parse_kind(const std::string& text, const std::string& where) {
  const std::string word = lower(trim(text));
  if (word.empty() || word == "primary" || word == "mine") return "primary";
  if (word == "secondary" || word == "recycled") return "secondary";
  throw Error("supply.kind", "kind: '" + printable(text) + "' is neither primary nor secondary",
              where, "Write primary or secondary.");
}

void check_source(const SupplySource& source, const SupplySources& sources, Findings& findings) {
  const std::string& where = source.where;
  check_ordered(source.capacity_t_per_year, "capacity_t_per_year", where);
  check_ordered(source.opex_usd_per_kg, "opex_usd_per_kg", where, most_usd_per_kg);
  check_ordered(source.capex_usd, "capex_usd", where, most_capex_usd);
  if (!source.capacity_t_per_year.known())
    throw Error("supply.no_capacity", "the source has no capacity", where,
                "Fill capacity_t_per_year, or leave the row out.");
  for (const auto& [value, what] : {std::pair{source.fixed_usd_per_year, "fixed_usd_per_year"},
                                    {source.lead_years, "lead_years"},
                                    {source.ramp_years, "ramp_years"},
                                    {source.life_years, "life_years"},
                                    {source.feedstock_t_per_year, "feedstock_t_per_year"}})
    check_amount(value, what, where);
  for (const auto& [value, what] : {std::pair{source.lead_years, "lead_years"},
                                    {source.ramp_years, "ramp_years"},
                                    {source.life_years, "life_years"}})
    if (value > most_years)
      throw Error("supply.year", std::string(what) + " is " + number_text(value), where,
                  "It must be " + number_text(most_years) +
                      " or less; leave life_years empty where there is no end.");
  double sum = 0.0;
  for (std::size_t m = 0; m < source.share.size(); ++m) {
    check_amount(source.share[m], "share_" + sources.metals[m], where);
    sum += source.share[m];
  }
  if (sum > 1.0 + share_slack)
    throw Error(
        "supply.shares_over_one",
        "its metals add up to " + per_cent_above_100(sum) + " of its output", where,
        "Shares are fractions of the capacity, or columns that end in _pct; metals must not "
        "overlap (NdPr beside Nd).");
  if (source.planned_start < source.not_before && !source.operating)
    findings.add("supply.before_permit", Severity::warning, where,
                 "its start in " + number_text(source.planned_start) +
                     " lies before the grant of its permit: moved to " +
                     number_text(source.not_before));
  for (std::size_t b = 0; b < source.burden.size(); ++b)
    check_amount(source.burden[b], "burden_" + sources.burdens[b], where);
  if (source.life_years == 0.0)
    findings.add("supply.no_life", Severity::warning, where,
                 "life_years is 0: it makes nothing; leave the cell empty where there is no end");
  if (sum == 0.0)
    findings.add("supply.no_share", Severity::warning, where,
                 "the source holds none of the metals");
}

void check_feedstock(SupplySource& source, Findings& findings) {
  if (source.kind != "secondary" || std::isnan(source.feedstock_t_per_year)) return;
  const double feed = source.feedstock_t_per_year;
  if (feed == 0.0 && source.capacity_t_per_year.base > 0.0)
    throw Error("supply.no_feedstock", "a recycler without anything to recycle", source.where,
                "Fill feedstock_t_per_year with the oxide that its feed would give.");
  if (feed >= source.capacity_t_per_year.base) return;
  findings.add("supply.less_feedstock", Severity::warning, source.where,
               "what there is to recycle gives " + number_text(feed) +
                   " t a year, less than the capacity: it counts as the capacity");
  for (double* end : {&source.capacity_t_per_year.low, &source.capacity_t_per_year.base,
                      &source.capacity_t_per_year.high})
    *end = std::min(*end, feed);  // NaN stays NaN
}

/// The columns `limit_<year>_t_per_year` by their years.
std::map<int, std::vector<double>> limits_by_year(const Table& table, const SupplyColumns& read) {
  const std::string stem = "limit_", unit = "_t_per_year";
  read.takes(stem + "<year>" + unit, true);
  std::map<int, std::vector<double>> by_year;
  for (const auto& column : table.columns) {
    const std::string name = lower(column.name);
    if (!name.starts_with(stem) || !name.ends_with(unit) ||
        name.size() <= stem.size() + unit.size())
      continue;
    read.takes(column.name, true);
    const std::string middle = name.substr(stem.size(), name.size() - stem.size() - unit.size());
    const auto number = parse_number(middle);
    if (!number || middle.find_first_not_of("0123456789") != std::string::npos)
      throw Error("supply.year",
                  printable(column.name) + ": '" + printable(middle) + "' is no year", table.name,
                  "Write limit_2030_t_per_year.");
    const int year = whole_year(*number, table, 0, column.name);
    if (!by_year.emplace(year, table.numbers(column.name)).second)
      throw Error("supply.year",
                  "two columns limit the year " + std::to_string(year) + "; one of them is " +
                      printable(column.name),
                  table.name, "Keep one of them.");
  }
  return by_year;
}

/// What each year allows, the same years for all rows that have any.
void take_limits(const Table& table, const SupplyColumns& read, SupplySources& sources) {
  const auto by_year = limits_by_year(table, read);
  if (by_year.empty()) return;
  const int first = by_year.begin()->first;
  if (by_year.rbegin()->first - first + 1 != static_cast<int>(by_year.size()))
    throw Error("supply.year", "the columns limit_<year>_t_per_year leave a year out", table.name,
                "Give each year from the first to the last a column.");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    SupplySource& source = sources.list[row];
    std::size_t empty = 0;
    for (const auto& [year, values] : by_year) empty += std::isnan(values[row]) ? 1 : 0;
    if (empty == by_year.size()) continue;
    if (empty > 0)
      throw Error("supply.no_capacity", "some years of its limit are empty", source.where,
                  "Fill all years, or none.");
    source.limit_from = first;
    for (const auto& [year, values] : by_year) {
      check_amount(values[row], "limit_" + std::to_string(year) + "_t_per_year", source.where);
      source.limit_t_per_year.push_back(values[row]);
    }
  }
}

/// Ore bodies without a capacity: Taylor's rate of mining, and his life where none is said.
void take_taylor_rates(const Table& table, const SupplyColumns& read, SupplySources& sources,
                       Findings& findings) {
  const auto ore = read.numbers("ore_t"), grade = read.numbers("grade_pct"),
             recovery = read.numbers("recovery_pct");
  say_if_fractions(recovery, "recovery_pct", table.name, findings);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    SupplySource& source = sources.list[row];
    if (source.capacity_t_per_year.known() || source.capacity_t_per_year.ranged()) continue;
    if (std::isnan(ore[row]) || std::isnan(grade[row]) || std::isnan(recovery[row])) continue;
    check_amount(ore[row], "ore_t", source.where);
    for (const auto& [percent, what] :
         {std::pair{grade[row], "grade_pct"}, {recovery[row], "recovery_pct"}}) {
      check_amount(percent, what, source.where);
      if (percent > 100.0)
        throw Error("supply.shares_over_one",
                    std::string(what) + " is " + number_text(percent) + " %", source.where,
                    "Write per cent, 0 to 100.");
    }
    source.capacity_t_per_year =
        only_base(taylor_rate_t_per_year(ore[row]) * grade[row] / 100.0 * recovery[row] / 100.0);
    if (std::isnan(source.life_years)) source.life_years = taylor_life_years(ore[row]);
    findings.add("supply.taylor_rate", Severity::note, table.name,
                 "capacity from the tonnage by Taylor's rule, times grade and recovery");
  }
}

/// The metals that the columns are of, each once.
std::vector<std::string> metals_of(const std::vector<NamedColumn>& shares, const Table& table) {
  if (shares.empty())
    throw Error("supply.no_column", "the table says of no metal how much a source holds",
                table.name, "Add a column share_<metal>: share_NdPr, share_Dy.");
  std::vector<std::string> metals;
  for (const auto& share : shares) {
    const std::string metal = element_group_of_column(share.name, table.name).name;
    if (std::find(metals.begin(), metals.end(), metal) != metals.end())
      throw Error("supply.duplicate_element", metal + " has two columns", table.name,
                  "Keep one of them.");
    metals.push_back(metal);
  }
  check_apart(metals, table.name);
  return metals;
}

void take_shares(const Table& table, const std::vector<NamedColumn>& shares,
                 const SupplyColumns& read, SupplySources& sources, Findings& findings) {
  read.takes("share_<metal>", true);
  bool all_per_cent = true;
  std::vector<std::vector<double>> by_row(table.rows());
  for (const auto& share : shares) {
    read.takes(share.column, true);
    all_per_cent = all_per_cent && share.factor != 1.0;
    const auto values = table.numbers(share.column);
    for (std::size_t row = 0; row < values.size(); ++row)
      by_row[row].push_back(or_zero(values[row]) * share.factor);
  }
  if (all_per_cent) say_if_shares_are_fractions(by_row, table.name, findings);
  for (std::size_t row = 0; row < by_row.size(); ++row)
    sources.list[row].share = std::move(by_row[row]);
}

void take_burdens(const Table& table, const std::vector<NamedColumn>& burdens,
                  const SupplyColumns& read, SupplySources& sources, Findings& findings) {
  read.takes("burden_<name>", true);
  std::vector<bool> bare(table.rows());
  for (const auto& burden : burdens) {
    read.takes(burden.column, true);
    const auto values = table.numbers(burden.column);
    for (std::size_t row = 0; row < values.size(); ++row) {
      sources.list[row].burden.push_back(or_zero(values[row]));
      if (std::isnan(values[row])) bare[row] = true;
    }
  }
  std::vector<std::string> ids;
  for (std::size_t row = 0; row < bare.size(); ++row)
    if (bare[row]) ids.push_back(printable(sources.list[row].id));
  if (!ids.empty())
    findings.add("supply.no_burden", Severity::warning, table.name,
                 "an empty burden counts as 0, also under a cap: " + join(ids, ", "), ids.size());
}

/// Ids that only case tells apart are likely one source, counted twice.
void say_like_ids(const SupplySources& sources, Findings& findings) {
  std::map<std::string, std::string> seen;
  std::vector<std::string> pairs;
  for (const auto& source : sources.list) {
    const auto [at, fresh] = seen.emplace(lower(source.id), source.id);
    if (!fresh) pairs.push_back(printable(at->second) + " and " + printable(source.id));
  }
  // Sources are checked again when others join them.
  if (!pairs.empty() && !findings.has("supply.like_ids"))
    findings.add("supply.like_ids", Severity::warning, sources.table,
                 "ids that only case tells apart count as two sources: " + join(pairs, ", "),
                 pairs.size());
}

}  // namespace

std::size_t SupplySources::metal(std::string_view name, const std::string& where) const {
  for (std::size_t m = 0; m < metals.size(); ++m)
    if (lower(metals[m]) == lower(name)) return m;
  throw Error("supply.no_metal", "no source says how much " + printable(name) + " it holds",
              where.empty() ? table : where, "Metals of the sources: " + join(metals, ", ") + ".");
}

SupplySources read_sources(const Table& table, Findings& findings) {
  SupplySources sources;
  sources.table = table.name;
  const Money money = money_of(table);
  sources.currency = money.currency;
  sources.price_year = money.price_year;
  const auto shares = columns_after(table, "share_", true);
  sources.metals = metals_of(shares, table);
  const auto burdens = columns_after(table, "burden_", false);
  for (const auto& burden : burdens) sources.burdens.push_back(burden.name);
  const SupplyColumns read(table);
  const auto ids = read.texts("id", true), countries = read.texts("country", true);
  const auto names = read.texts("name"), groups = read.texts("group"), kinds = read.texts("kind"),
             operating = read.texts("operating");
  const auto capacity = read.ranges("capacity", "t_per_year", table.find("ore_t") == nullptr),
             opex = read.ranges("opex", "usd_per_kg"), capex = read.ranges("capex", "usd");
  const auto fixed = read.numbers("fixed_usd_per_year"), lead = read.numbers("lead_years"),
             ramp = read.numbers("ramp_years"), life = read.numbers("life_years"),
             not_before = read.numbers("not_before"), start = read.numbers("start_year"),
             feed = read.numbers("feedstock_t_per_year");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    SupplySource source;
    source.where = table.name + ", " + table.row_name(row);
    source.id = trim(ids[row]);
    source.where += source.id.empty() ? "" : " (" + printable(source.id) + ")";
    source.name = names[row];
    source.country = country_key(countries[row]);
    source.group = lower(trim(groups[row]));
    source.kind = parse_kind(kinds[row], source.where);
    source.operating = parse_yes(operating[row], source.where);
    source.capacity_t_per_year = capacity[row];
    source.opex_usd_per_kg = opex[row];
    source.capex_usd = capex[row];
    source.fixed_usd_per_year = or_zero(fixed[row]);
    source.lead_years = or_zero(lead[row]);
    source.ramp_years = or_zero(ramp[row]);
    source.life_years = life[row];
    if (!std::isnan(not_before[row]))
      source.not_before = whole_year(not_before[row], table, row, "not_before");
    if (!std::isnan(start[row]))
      source.planned_start = whole_year(start[row], table, row, "start_year");
    source.feedstock_t_per_year = feed[row];
    sources.list.push_back(std::move(source));
  }
  take_shares(table, shares, read, sources, findings);
  take_burdens(table, burdens, read, sources, findings);
  take_taylor_rates(table, read, sources, findings);
  take_limits(table, read, sources);
  read.say_unused(findings);
  check_sources(sources, findings);
  return sources;
}

void check_sources(SupplySources& sources, Findings& findings) {
  check_lengths(sources);
  std::set<std::string> ids;
  for (auto& source : sources.list) {
    if (source.id.empty())
      throw Error("supply.no_id", "a source has no id", source.where, "Fill its column id.");
    if (!ids.insert(source.id).second)
      throw Error("supply.duplicate_source", "the source " + printable(source.id) + " stands twice",
                  source.where, "Give each source one row.");
    check_source(source, sources, findings);
    check_feedstock(source, findings);
  }
  say_like_ids(sources, findings);
}

void check_lengths(const SupplySources& sources) {
  for (const auto& source : sources.list) {
    const auto fit = [&](std::size_t length, std::size_t names, const std::string& what,
                         const std::string& of) {
      if (length != names)
        throw Error("supply.length",
                    std::to_string(length) + " " + what + " of " + std::to_string(names) + " " + of,
                    source.where.empty() ? source.id : source.where,
                    "Give one of each, 0 where there is none.");
    };
    fit(source.share.size(), sources.metals.size(), "shares", "metals");
    fit(source.burden.size(), sources.burdens.size(), "burdens", "names of burdens");
  }
}

int first_year(const SupplySource& source, int base_year) {
  if (source.operating && source.not_before > base_year)
    throw Error("supply.before_permit",
                "it operates in " + std::to_string(base_year) +
                    ", before its permit is granted in " + number_text(source.not_before),
                source.where.empty() ? source.id : source.where,
                "Set operating to 0 with its lead, or mend not_before.");
  double first = base_year;
  if (!source.operating) first += std::ceil(source.lead_years);
  // fmax takes the number of a number and a NaN.
  return static_cast<int>(std::fmax(std::fmax(first, source.not_before), source.planned_start));
}

double ramp_share(const SupplySource& source, int start, int year) {
  const int age = year - start;
  if (age < 0) return 0.0;
  const double open =
      std::isnan(source.life_years) ? 1.0 : std::clamp(source.life_years - age, 0.0, 1.0);
  if (source.operating) return open;
  return open * std::min(1.0, (age + 1) / std::max(1.0, source.ramp_years));
}

double limit_in(const SupplySource& source, int year) {
  if (source.limit_t_per_year.empty()) return std::numeric_limits<double>::infinity();
  const int at = year - source.limit_from;
  if (at < 0) return 0.0;
  const std::size_t last = source.limit_t_per_year.size() - 1;
  return source.limit_t_per_year[std::min(last, static_cast<std::size_t>(at))];
}

bool names_or_all(const std::vector<std::string>& list, std::string_view name) {
  return list.empty() || std::any_of(list.begin(), list.end(), [&](const std::string& one) {
           return lower(trim(one)) == lower(name);
         });
}

double output_t(const SupplySource& source, int start, int year) {
  return std::min(source.capacity_t_per_year.base * ramp_share(source, start, year),
                  limit_in(source, year));
}

}  // namespace lode
