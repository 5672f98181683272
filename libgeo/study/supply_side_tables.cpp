// Governance, trade, uses, factors and prices: the tables beside those of who supplies how much.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/oxides.h"
#include "libgeo/study/supply_tables.h"
#include "libgeo/supply/supply_columns.h"

namespace lode {

namespace {

/// One row of a governance table, its indicator and year where it has them.
struct GovernanceRow {
  std::string country, indicator, year;
  double value = unknown_figure;
  std::string where;
};

std::string latest_year(const std::vector<GovernanceRow>& rows) {
  double latest = -std::numeric_limits<double>::infinity();
  std::string text;
  for (const auto& row : rows) {
    const auto year = parse_number(trim(row.year));
    if (!std::isnan(row.value) && year && *year > latest) {
      latest = *year;
      text = row.year;
    }
  }
  return text;
}

bool same_year(const std::string& a, const std::string& b) {
  const auto x = parse_number(trim(a)), y = parse_number(trim(b));
  return x && y ? *x == *y : trim(a) == trim(b);
}

/// Rows of the year and the indicator that were asked for.
std::vector<GovernanceRow> chosen_rows(const Table& table, const GovernanceFields& fields,
                                       std::vector<GovernanceRow> rows, bool has_years,
                                       bool has_indicators, GovernanceTable& out) {
  if (!fields.year.empty() && !has_years)
    throw Error("supply.governance_year", "the table has no column year", table.name,
                "Leave the year away.");
  if (!fields.indicator.empty() && !has_indicators)
    throw Error("supply.governance_indicator", "the table has no column indicator", table.name,
                "Leave the indicator away.");
  const auto keep = [&](auto wanted) {
    rows.erase(std::remove_if(rows.begin(), rows.end(),
                              [&](const GovernanceRow& row) { return !wanted(row); }),
               rows.end());
  };
  if (has_indicators && !fields.indicator.empty()) {
    std::set<std::string> known;
    for (const auto& row : rows) known.insert(row.indicator);
    keep([&](const GovernanceRow& row) {
      return lower(row.indicator) == lower(trim(fields.indicator));
    });
    if (rows.empty())
      throw Error("supply.governance_indicator",
                  "there is no indicator '" + printable(fields.indicator) + "'", table.name,
                  suggestion(fields.indicator, {known.begin(), known.end()}));
    out.how = "indicator " + rows.front().indicator;
  }
  if (has_years) {
    const std::string year = fields.year.empty() ? latest_year(rows) : fields.year;
    keep([&](const GovernanceRow& row) { return same_year(row.year, year); });
    if (rows.empty())
      throw Error("supply.governance_year",
                  "the table has no figure of the year '" + printable(year) + "'", table.name,
                  "See its column year.");
    out.how += (out.how.empty() ? "year " : ", year ") + std::string(trim(year));
  }
  return rows;
}

/// The mean over indicators; countries that lack one are left out and said.
void add_means(const SupplyReading& reading, const Table& table,
               const std::vector<GovernanceRow>& rows, GovernanceTable& out) {
  std::set<std::string> indicators;
  std::map<std::string, std::map<std::string, double>> by_country;
  for (const auto& row : rows) {
    if (std::isnan(row.value)) continue;
    indicators.insert(row.indicator);
    const auto [at, fresh] = by_country[row.country].try_emplace(row.indicator, row.value);
    if (!fresh && at->second != row.value)
      throw Error("supply.duplicate_country", "two figures of one country, year and indicator",
                  row.where, "Keep the one that counts.");
  }
  std::vector<std::string> incomplete;
  for (const auto& [country, values] : by_country) {
    if (values.size() < indicators.size()) {
      incomplete.push_back(country);
      continue;
    }
    double sum = 0.0;
    for (const auto& [indicator, value] : values) sum += value;
    out.risk[country] = sum / static_cast<double>(values.size());
  }
  if (indicators.size() > 1)
    out.how += (out.how.empty() ? "mean of " : ", mean of ") + std::to_string(indicators.size()) +
               " indicators";
  if (!incomplete.empty())
    reading.findings.add(
        "supply.governance_incomplete", Severity::note, table.name,
        "without every indicator of the year, so left out: " + join(incomplete, ", "),
        incomplete.size());
}

/// Risks end at 0 and 10, though the indicator goes on.
void clip_risks(const SupplyReading& reading, const Table& table, GovernanceTable& out) {
  std::vector<std::string> clipped;
  for (auto& [country, risk] : out.risk) {
    const double inside = std::clamp(risk, 0.0, 10.0);
    if (inside != risk) clipped.push_back(country);
    risk = inside;
  }
  if (!clipped.empty())
    reading.findings.add(
        "supply.governance_clipped", Severity::note, table.name,
        "the indicator lies beyond 2.5, so the risk is taken as 0 or 10: " + join(clipped, ", "),
        clipped.size());
}

/// The column of a role: its name alone or with a unit of mass behind it.
const Column* role_column(const Table& table, const std::string& role) {
  for (const auto& column : table.columns) {
    const std::string name = lower(column.name);
    if (name == role || (name.compare(0, role.size() + 1, role + "_") == 0 &&
                         (name.substr(role.size() + 1) == "pct" ||
                          is_unit_of(name.substr(role.size() + 1), Dimension::mass))))
      return &column;
  }
  return nullptr;
}

const std::vector<std::string> trade_roles = {"production",     "imports",
                                              "exports",        "apparent_consumption",
                                              "stock_increase", "import_reliance"};

double& amount_of(TradeBalance& balance, const std::string& role) {
  if (role == "production") return balance.production;
  if (role == "imports") return balance.imports;
  if (role == "exports") return balance.exports;
  return role == "stock_increase" ? balance.stock_increase : balance.apparent_consumption;
}

/// A printed reliance as a fraction: "> 95" of a column in % is 0.95 to 1, "E" is 0.
FigureRange printed_reliance(const SupplyReading& reading, const std::string& text, bool percent,
                             const std::string& where) {
  const ReportedFigure figure = parse_reported(text, where);
  FigureRange range = figure_range(figure, reading.inexact, percent ? 100.0 : 1.0, where);
  for (double* x : {&range.value, &range.low, &range.high}) {
    if (percent) *x /= 100.0;
    if (!std::isnan(*x)) check_fraction("import reliance", *x, where);
  }
  if (range.high > range.low)
    reading.findings.add("supply.inexact_figure", Severity::warning, where,
                         "'" + printable(text) + "' is taken as " +
                             number_text(range.value * (percent ? 100.0 : 1.0)) +
                             "; what it leaves open is in import_reliance_low and _high");
  return range;
}

std::vector<TradeRow> trade_by_columns(const SupplyReading& reading, const Table& table) {
  std::vector<TradeRow> out(table.rows());
  bool any = false;
  for (std::size_t row = 0; row < out.size(); ++row)
    out[row].source = table.name + ", " + table.row_name(row);
  for (const char* key : {"element", "stage"}) {
    if (table.find(key) == nullptr) continue;
    const auto texts = table.texts(key);
    for (std::size_t row = 0; row < out.size(); ++row)
      (key[0] == 'e' ? out[row].element : out[row].stage) = texts[row];
  }
  for (const auto& role : trade_roles) {
    const Column* column = role_column(table, role);
    if (column == nullptr && role == "import_reliance")
      column = role_column(table, "net_import_reliance");
    if (column == nullptr) continue;
    any = true;
    const auto texts = table.texts(column->name);
    const double tonnes = tonnes_per_unit(table, column->name);
    for (std::size_t row = 0; row < out.size(); ++row) {
      const std::string where = out[row].source + ", " + column->name;
      if (role == "import_reliance") {
        out[row].printed =
            printed_reliance(reading, texts[row], is_percent_field(table, column->name), where);
        continue;
      }
      const FigureRange range = figure_range(parse_reported(texts[row], where), reading.inexact,
                                             std::numeric_limits<double>::infinity(), where);
      amount_of(out[row].balance, role) = range.value * (std::isnan(tonnes) ? 1.0 : tonnes);
    }
  }
  std::vector<std::string> known = {"element", "stage", "net_import_reliance_pct"};
  for (const auto& role : trade_roles)
    known.insert(known.end(), {role + (role == "import_reliance" ? "_pct" : "_t"), role});
  say_unused_columns(table, known, {}, reading.findings);
  if (!any)
    throw Error("supply.no_column", "no column of trade: " + join(trade_roles, ", "), table.name,
                "Name columns production_t, imports_t, exports_t, apparent_consumption_t, "
                "import_reliance_pct; or give a column series with a column a year.");
  return out;
}

/// Series of a role: as said, else the only one whose name starts so.
std::vector<std::string> series_of(const SupplyReading& reading, const Table& table,
                                   const std::vector<std::string>& names, const std::string& role,
                                   const TradeFields& fields) {
  const auto said = fields.series.find(role);
  if (said != fields.series.end()) {
    for (const auto& name : said->second)
      if (std::find(names.begin(), names.end(), name) == names.end())
        throw Error("supply.series", "there is no series '" + printable(name) + "'", table.name,
                    suggestion(name, names));
    return said->second;
  }
  std::vector<std::string> found;
  for (const auto& name : names) {
    const std::string low = lower(name);
    if (low.rfind(role, 0) == 0 || (role == "import_reliance" && low.rfind("net_" + role, 0) == 0))
      found.push_back(name);
  }
  if (found.size() <= 1) return found;
  if (role == "production")
    throw Error("supply.series", "several series are of production: " + join(found, ", "),
                table.name, "Say which with --trade-series production=SERIES.");
  reading.findings.add("supply.series", Severity::note, table.name,
                       "several series are of " + role + ", so none was taken: " +
                           join(found, ", ") + "; say which with --trade-series");
  return {};
}

std::vector<TradeRow> trade_by_series(const SupplyReading& reading, const Table& table,
                                      const TradeFields& fields) {
  for (const auto& [role, series] : fields.series)
    if (std::find(trade_roles.begin(), trade_roles.end(), role) == trade_roles.end())
      throw Error("supply.series", "'" + printable(role) + "' is no part of a trade balance",
                  table.name, suggestion(role, trade_roles));
  const auto names = table.texts("series");
  const std::string period =
      fields.period.empty() ? table.columns.back().name : table.at(fields.period).name;
  const auto texts = table.texts(period);
  TradeRow out;
  out.source = table.name + ", " + period;
  for (const auto& role : trade_roles) {
    for (const auto& name : series_of(reading, table, names, role, fields)) {
      const auto row =
          static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
      const std::string where = table.name + ", " + table.row_name(row) + ", " + period;
      if (role == "import_reliance") {
        const bool percent = name.find("pct") != std::string::npos;
        out.printed = printed_reliance(reading, texts[row], percent, where);
        continue;
      }
      const double value = figure_range(parse_reported(texts[row], where), reading.inexact,
                                        std::numeric_limits<double>::infinity(), where)
                               .value;
      const std::string unit = unit_of_field_name(name);
      const double tonnes = !unit.empty() && is_unit_of(unit, Dimension::mass)
                                ? unit_factor(unit, Dimension::mass)
                                : 1.0;
      double& amount = amount_of(out.balance, role);
      amount = (std::isnan(amount) ? 0.0 : amount) + value * tonnes;
    }
  }
  return {out};
}

std::vector<double> numbers_or_none(const Table& table, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (table.find(name) == nullptr) continue;
    auto values = table.numbers(name);
    if (is_percent_field(table, name))
      for (double& value : values) value /= 100.0;
    return values;
  }
  return std::vector<double>(table.rows(), unknown_figure);
}

std::vector<std::string> words_or_none(const Table& table, const char* name) {
  return table.find(name) != nullptr ? table.texts(name) : std::vector<std::string>(table.rows());
}

}  // namespace

GovernanceTable read_governance_table(const SupplyReading& reading, const Table& table,
                                      const GovernanceFields& fields) {
  GovernanceTable out;
  const std::string country = supply_field(
      table, fields.country, {"iso3", "iso_a3", "code", "country"}, "--governance-country");
  out.column =
      supply_field(table, fields.value,
                   {"governance_risk", "wgi_eu010", "wgi_risk01", "wgi_mean6", "wgi", "estimate"},
                   "--governance-value");
  const bool has_indicators = table.find("indicator") != nullptr;
  const bool has_years = table.find("year") != nullptr;
  const auto codes = table.texts(country), texts = table.texts(out.column);
  say_unused_columns(table, {"indicator", "year"}, {}, reading.findings);
  const auto indicators = words_or_none(table, "indicator"), years = words_or_none(table, "year");
  std::vector<GovernanceRow> rows;
  std::vector<double> values;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::string where = table.name + ", " + table.row_name(i) + ", " + out.column;
    GovernanceRow row{country_id(codes[i], reading.countries), indicators[i], years[i],
                      parse_reported(texts[i], where).value, where};
    values.push_back(row.value);
    rows.push_back(std::move(row));
  }
  const GovernanceScale scale = governance_scale(out.column, values, table.name);
  for (auto& row : rows) {
    if (std::isnan(row.value)) continue;
    const double risk = to_risk(row.value, scale);
    // The indicator is a standard score: a few stand beyond 2.5, Somalia's at -3.3.
    const double slack = scale == GovernanceScale::indicator ? 2.5 : 0.0;
    if (!(risk >= -slack && risk <= 10.0 + slack))
      throw Error("supply.governance_range",
                  "governance risk " + number_text(risk) + " is not within 0 to 10", row.where,
                  "Scale the indicator: 10 x (2.5 - estimate) / 5.");
    row.value = risk;
  }
  rows = chosen_rows(table, fields, std::move(rows), has_years, has_indicators, out);
  if (has_indicators) {
    add_means(reading, table, rows, out);
  } else {
    for (const auto& row : rows)
      if (!std::isnan(row.value)) add_governance(out.risk, row.country, row.value, row.where);
  }
  clip_risks(reading, table, out);
  return out;
}

std::vector<TradeRow> read_trade(const SupplyReading& reading, const Table& table,
                                 const TradeFields& fields) {
  if (!fields.period.empty() && table.find("series") == nullptr)
    throw Error("supply.trade_period",
                "a period is asked for ('" + printable(fields.period) +
                    "'), and the table has none: it has no column series",
                table.name,
                "Leave the period away, or give a table of series with a column a year.");
  return table.find("series") != nullptr ? trade_by_series(reading, table, fields)
                                         : trade_by_columns(reading, table);
}

std::vector<MaterialFactors> read_factors(const Table& table, Findings& findings) {
  say_unused_columns(table, {"element", "stage", "eol_rir", "si_sr", "ei", "ev"},
                     {"recycling_rate", "recycling_rate_pct", "substitution", "economic_importance",
                      "vulnerability"},
                     findings);
  const auto element = words_or_none(table, "element"), stage = words_or_none(table, "stage");
  const auto recycling =
                 numbers_or_none(table, {"recycling_rate", "recycling_rate_pct", "eol_rir"}),
             substitution = numbers_or_none(table, {"substitution", "si_sr"}),
             importance = numbers_or_none(table, {"economic_importance", "ei"}),
             vulnerability = numbers_or_none(table, {"vulnerability", "ev"});
  std::vector<MaterialFactors> out;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::string where = table.name + ", " + table.row_name(i);
    if (!std::isnan(recycling[i])) check_fraction("recycling_rate", recycling[i], where);
    if (!std::isnan(substitution[i])) check_fraction("substitution", substitution[i], where);
    if (!std::isnan(vulnerability[i])) check_fraction("vulnerability", vulnerability[i], where);
    out.push_back(
        {element[i], stage[i], recycling[i], substitution[i], importance[i], vulnerability[i]});
  }
  return out;
}

std::vector<MaterialFactors> read_uses(const Table& table, Findings& findings) {
  say_unused_columns(
      table, {"element", "use", "substitute", "sp", "scr", "sco", "scp"},
      {"share", "share_pct", "value_added", "substitute_share", "substitute_share_pct"}, findings);
  const auto element = words_or_none(table, "element"), use = table.texts("use"),
             substitute = words_or_none(table, "substitute");
  const auto share = numbers_or_none(table, {"share", "share_pct"}),
             value_added = numbers_or_none(table, {"value_added"}),
             part = numbers_or_none(table, {"substitute_share", "substitute_share_pct"}),
             sp = numbers_or_none(table, {"sp"}), scr = numbers_or_none(table, {"scr"}),
             sco = numbers_or_none(table, {"sco"}), scp = numbers_or_none(table, {"scp"});
  std::vector<std::string> elements;
  std::map<std::string, std::vector<MaterialUse>> uses;
  std::map<std::string, std::vector<Substitute>> substitutes;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    auto& own = uses[element[i]];
    if (std::find(elements.begin(), elements.end(), element[i]) == elements.end())
      elements.push_back(element[i]);
    const auto known = std::find_if(own.begin(), own.end(),
                                    [&](const MaterialUse& one) { return one.name == use[i]; });
    if (known == own.end()) {
      own.push_back({use[i], share[i], value_added[i]});
    } else if (!std::isnan(share[i]) && share[i] != known->share) {
      throw Error(
          "supply.use",
          "a use has two shares: " + number_text(known->share) + " and " + number_text(share[i]),
          table.name + ", " + table.row_name(i), "Repeat the share, or leave it blank.");
    }
    if (trim(substitute[i]).empty()) continue;
    const auto or_one = [](double x) { return std::isnan(x) ? 1.0 : x; };
    substitutes[element[i]].push_back({use[i], substitute[i], part[i], or_one(sp[i]),
                                       or_one(scr[i]), or_one(sco[i]), or_one(scp[i])});
  }
  std::vector<MaterialFactors> out;
  for (const auto& one : elements) {
    const auto indices = substitution_indices(uses[one], substitutes[one]);
    MaterialFactors factors;
    factors.element = one;
    factors.substitution = indices.supply_risk;
    factors.economic_importance = economic_importance(uses[one], indices.importance);
    if (indices.covered < 0.995)
      findings.add("supply.uses_incomplete", Severity::note, table.name,
                   "the uses of " + (one.empty() ? std::string("the material") : printable(one)) +
                       " sum to " + fixed_text(100.0 * indices.covered, 1) +
                       " %; the rest counts as not replaceable and of no importance");
    out.push_back(factors);
  }
  return out;
}

std::map<std::string, SupplyWillingness> read_willingness(const SupplyReading& reading,
                                                          const Table& table) {
  const auto codes =
      table.texts(supply_field(table, "", {"iso3", "iso_a3", "country", "code"}, "a column iso3"));
  const auto ability = numbers_or_none(table, {"ability"}),
             willingness = numbers_or_none(table, {"willingness"});
  say_unused_columns(table, {}, {"ability", "willingness"}, reading.findings);
  std::map<std::string, SupplyWillingness> out;
  for (std::size_t i = 0; i < codes.size(); ++i)
    out[country_id(codes[i], reading.countries)] = {ability[i], willingness[i]};
  return out;
}

std::map<std::string, double> read_element_prices(const Table& table, Findings& findings) {
  std::map<std::string, double> out;
  const PriceTable prices = read_prices(table);
  findings.add(prices.findings);
  for (const auto& symbol : composition_elements)
    if (const auto element = find_rare_earth(symbol))
      if (const double price = prices.of[*element].usd_per_t; !std::isnan(price))
        out[std::string(symbol)] = price / 1000.0;
  return out;
}

}  // namespace lode
