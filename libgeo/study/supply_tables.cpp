#include "libgeo/study/supply_tables.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/supply_columns.h"

namespace lode {

namespace {

const std::vector<std::string> country_names = {"iso3", "iso_a3", "country", "code"};

struct FigureColumn {
  std::vector<double> value, low, high;
  bool inexact = false;
};

/// Every cell whose footnote is glued, with what the total makes of them.
[[noreturn]] void refuse_glued(const SupplyReading& reading, const Table& table,
                               const std::string& field, const std::string& country) {
  const auto texts = table.texts(field);
  const auto countries = country.empty() ? std::vector<std::string>() : table.texts(country);
  std::vector<std::vector<double>> choices;
  std::vector<std::size_t> rows;
  double known = 0.0, total = unknown_figure;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    auto glued = without_footnote(texts[row]);
    const bool is_total =
        !countries.empty() && is_named(reading.options.total_names, countries[row]);
    if (!glued.empty() && !is_total) {
      choices.push_back(std::move(glued));
      rows.push_back(row);
      continue;
    }
    // Grouped digits are only let in here, where the column is refused anyway.
    std::string plain = texts[row];
    plain.erase(std::remove(plain.begin(), plain.end(), ','), plain.end());
    const double value = parse_number(trim(plain)).value_or(0.0);
    if (is_total)
      total = value;
    else
      known += value;
  }
  const auto likely = likely_figures(choices, known, total);
  std::vector<std::string> words;
  for (std::size_t k = 0; k < likely.size(); ++k)
    words.push_back("'" + printable(texts[rows[k]]) + "' is likely " + number_text(likely[k]) +
                    " (" + table.row_name(rows[k]) + ")");
  if (words.empty())
    (void)parse_reported(texts[rows.front()],
                         table.name + ", " + table.row_name(rows.front()) + ", " + field);
  throw Error("supply.glued_footnote",
              "a footnote's number is glued to figures: " + join(words, "; "),
              table.name + ", " + field,
              "These choices come nearest to the printed total. See the source and write the "
              "numbers without commas.");
}

FigureColumn figures_of(const SupplyReading& reading, const Table& table, const std::string& field,
                        const std::string& country = {}) {
  FigureColumn out;
  const auto texts = table.texts(field);
  const double at_most =
      is_percent_field(table, field) ? 100.0 : std::numeric_limits<double>::infinity();
  if (std::any_of(texts.begin(), texts.end(),
                  [](const std::string& text) { return !without_footnote(text).empty(); }))
    refuse_glued(reading, table, field, country);
  const auto countries = country.empty() ? std::vector<std::string>() : table.texts(country);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string where = table.name + ", " + table.row_name(row) + ", " + field;
    const ReportedFigure figure = parse_reported(texts[row], where);
    using Kind = ReportedFigure::Kind;
    if (figure.kind == Kind::net_exporter)
      throw Error("supply.bad_figure", "'E' (net exporter) is no amount", where,
                  "Give the amount, or leave the cell empty.");
    // A total that says "more than" is a check alone.
    const bool is_total =
        !countries.empty() && is_named(reading.options.total_names, countries[row]);
    const FigureRange range =
        figure_range(figure, is_total ? InexactRule::take : reading.inexact, at_most, where);
    if (figure.kind == Kind::more_than || figure.kind == Kind::less_than) {
      out.inexact = out.inexact || !is_total;
      reading.findings.add(
          "supply.inexact_figure", Severity::warning, where,
          "'" + printable(texts[row]) + "' is taken as " +
              (range.value == figure.value ? "its number" : number_text(range.value)));
    }
    out.value.push_back(range.value);
    out.low.push_back(range.low);
    out.high.push_back(range.high);
  }
  return out;
}

std::vector<std::string> texts_or_none(const Table& table, const std::string& named,
                                       const char* usual) {
  if (!named.empty()) return table.texts(named);
  return table.find(usual) != nullptr ? table.texts(usual) : std::vector<std::string>();
}

}  // namespace

static void say_odd_elements(const SupplyReading& reading, const Table& table,
                             const std::string& field) {
  if (field.empty()) return;
  static constexpr std::string_view others =
      " H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As "
      "Se Br Kr Rb Sr Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba Hf Ta W Re Os Ir Pt Au Hg "
      "Tl Pb Bi Th U ";
  std::vector<std::string> symbols(composition_elements.begin(), composition_elements.end());
  std::set<std::string> seen;
  const auto texts = table.texts(field);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string word(trim(texts[row]));
    // Longer words are names of materials, which are not ours to list.
    if (is_total_oxide(word) || word.size() > 3 ||
        others.find(" " + word + " ") != std::string_view::npos || !seen.insert(word).second)
      continue;
    try {
      (void)parse_element_group(word, "");
    } catch (const Error&) {
      reading.findings.add("supply.odd_element", Severity::warning,
                           table.name + ", " + table.row_name(row) + ", " + field,
                           "'" + printable(word) +
                               "' is no element we know; its rows stand as a material of their "
                               "own. " +
                               suggestion(word, symbols));
    }
  }
}

std::string supply_field(const Table& table, const std::string& named,
                         const std::vector<std::string>& usual, const std::string& option) {
  if (!named.empty()) return table.at(named).name;
  for (const auto& name : usual)
    if (table.find(name) != nullptr) return table.find(name)->name;
  throw Error("supply.no_column", "no column is named " + join(usual, ", "), table.name,
              "Name it with " + option + ".");
}

bool is_percent_field(const Table& table, const std::string& field) {
  return table.at(field).unit == "%" || unit_of_field_name(field) == "%";
}

double tonnes_per_unit(const Table& table, const std::string& field) {
  std::string name = lower(field);
  for (const std::string end : {"_reo", "_treo", "_oxide"})
    if (name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0)
      name.erase(name.size() - end.size());
  std::string unit = table.at(field).unit;
  if (unit.empty()) unit = unit_of_field_name(name);
  return !unit.empty() && is_unit_of(unit, Dimension::mass) ? unit_factor(unit, Dimension::mass)
                                                            : unknown_figure;
}

std::vector<Production> read_production(const SupplyReading& reading, const Table& table,
                                        const SupplyFields& fields) {
  const std::string country = supply_field(table, fields.country, country_names, "--country");
  Production rows;
  rows.source = table.name;
  rows.period = fields.value;
  rows.percent = is_percent_field(table, fields.value);
  rows.tonnes_per_unit = tonnes_per_unit(table, fields.value);
  rows.country = table.texts(country);
  for (std::size_t row = 0; row < rows.country.size(); ++row)
    rows.row.push_back(table.row_name(row));
  say_odd_elements(reading, table, fields.element);
  FigureColumn figures = figures_of(reading, table, fields.value, country);
  name_countries(rows.country, reading.countries, reading.options, table.name, reading.findings);
  rows.amount = std::move(figures.value);
  if (figures.inexact) {
    rows.low = std::move(figures.low);
    rows.high = std::move(figures.high);
  }
  if (!fields.low.empty()) rows.low = figures_of(reading, table, fields.low).value;
  if (!fields.high.empty()) rows.high = figures_of(reading, table, fields.high).value;
  if (!fields.trade_factor.empty()) rows.trade_factor = table.numbers(fields.trade_factor);
  if (!fields.kind.empty())
    for (const auto& kind : table.texts(fields.kind))
      rows.quota.push_back(lower(trim(kind)) == "quota");
  const auto optional = [&](const std::string& name) {
    return name.empty() ? std::vector<std::string>() : table.texts(name);
  };
  return group_production(rows, optional(fields.element), optional(fields.stage));
}

void say_production_slips(const SupplyReading& reading, const Table& table) {
  // The numbers beside the chosen ones are often those of other years: no slips.
  say_unused_columns(table, {"element", "stage", "trade_factor", "kind"}, {}, reading.findings);
}

void mark_quotas(std::vector<Production>& tables, const std::set<std::string>& countries) {
  if (countries.empty()) return;
  for (auto& table : tables) {
    table.quota.resize(table.country.size(), false);
    for (std::size_t i = 0; i < table.country.size(); ++i)
      if (countries.count(country_key(table.country[i])) > 0) table.quota[i] = true;
  }
}

std::vector<Production> read_imports(const SupplyReading& reading, const Table& table,
                                     const SupplyFields& fields) {
  const std::string value =
      supply_field(table, fields.value, {"share_pct", "imports_t", "share", "amount_t", "value"},
                   "--imports-value");
  const std::string country =
      supply_field(table, fields.country, country_names, "--imports-country");
  Production rows;
  rows.source = table.name;
  rows.percent = is_percent_field(table, value);
  rows.tonnes_per_unit = tonnes_per_unit(table, value);
  rows.country = table.texts(country);
  FigureColumn figures = figures_of(reading, table, value, country);
  name_countries(rows.country, reading.countries, reading.options, table.name, reading.findings);
  rows.amount = std::move(figures.value);
  // Tonnes, so that they can stand beside domestic output.
  if (std::isfinite(rows.tonnes_per_unit) && rows.tonnes_per_unit != 1.0) {
    for (double& amount : rows.amount) amount *= rows.tonnes_per_unit;
    rows.tonnes_per_unit = 1.0;
  }
  const auto element = texts_or_none(table, fields.element, "element"),
             stage = texts_or_none(table, fields.stage, "stage");
  say_unused_columns(table, {"element", "stage"}, {}, reading.findings);
  return group_production(rows, element, stage);
}

std::vector<Composition> read_compositions(const SupplyReading& reading, const Table& table) {
  auto countries = table.texts(supply_field(table, "", country_names, "a column iso3"));
  name_countries(countries, reading.countries, reading.options, table.name, reading.findings);
  const auto material = texts_or_none(
      table, "", table.find("source_material") != nullptr ? "source_material" : "material");
  const auto stage = texts_or_none(table, "", "stage");
  std::vector<double> share;
  bool percent = false;
  for (const char* name : {"share", "share_pct", "output_share"})
    if (table.find(name) != nullptr) {
      share = table.numbers(name);
      percent = is_percent_field(table, name);
      break;
    }
  say_unused_columns(table,
                     {"source_material", "material", "stage", "share", "share_pct", "output_share"},
                     {}, reading.findings);
  std::vector<Composition> out;
  for (std::size_t row = 0; row < countries.size(); ++row) {
    Composition one;
    one.country = countries[row];
    if (!material.empty()) one.material = material[row];
    if (!stage.empty()) one.stage = stage[row];
    if (!share.empty()) one.share = percent ? share[row] / 100.0 : share[row];
    one.percent.fill(unknown_figure);
    out.push_back(std::move(one));
  }
  std::size_t found = 0;
  for (std::size_t e = 0; e < composition_elements.size(); ++e) {
    const std::string symbol(composition_elements[e]);
    for (const std::string& name : {symbol, symbol + "_pct"}) {
      if (table.find(name) == nullptr) continue;
      const auto values = table.numbers(name);
      for (std::size_t row = 0; row < out.size(); ++row) out[row].percent[e] = values[row];
      ++found;
      break;
    }
  }
  if (found == 0)
    throw Error(
        "supply.no_column", "no column is named after an element", table.name,
        "Columns La, Ce, Pr, Nd ... Lu, Y hold each element in % of all rare earth oxides.");
  return out;
}

std::vector<Origin> read_origins(const SupplyReading& reading, const Table& table) {
  auto from = table.texts("from"), origin = table.texts("origin");
  for (auto* names : {&from, &origin})
    name_countries(*names, reading.countries, reading.options, table.name, reading.findings);
  const bool percent = table.find("share") == nullptr && table.find("share_pct") != nullptr;
  const auto share = table.numbers(percent ? "share_pct" : "share");
  say_unused_columns(table, {"from", "origin"}, {percent ? "share_pct" : "share"},
                     reading.findings);
  std::vector<Origin> legs;
  for (std::size_t i = 0; i < from.size(); ++i)
    legs.push_back({from[i], origin[i], percent ? share[i] / 100.0 : share[i]});
  return legs;
}

std::vector<AllianceSet> read_alliances(const SupplyReading& reading, const Table& table,
                                        const std::vector<std::string>& names) {
  const auto groups = table.texts("group"), codes = table.texts("iso3");
  const auto dates = texts_or_none(table, "", "valid_as_of");
  say_unused_columns(table, {"valid_as_of"}, {}, reading.findings);
  std::vector<std::string> known;
  for (const auto& group : groups)
    if (std::find(known.begin(), known.end(), group) == known.end()) known.push_back(group);
  const auto is_group = [&](const std::string& word) {
    return std::find(known.begin(), known.end(), word) != known.end();
  };
  std::vector<AllianceSet> sets;
  for (const auto& name : names) {
    AllianceSet set;
    set.name = std::string(trim(name));
    if (!is_group(set.name)) {
      const std::string code = country_code(set.name, reading.countries);
      if (code.empty())
        throw Error("supply.no_alliance", "there is no set '" + printable(name) + "'", table.name,
                    suggestion(name, known));
      set.members.insert(code);
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (groups[i] != set.name) continue;
      if (set.valid_as_of.empty() && !dates.empty()) set.valid_as_of = dates[i];
      const std::string member = country_key(codes[i]);
      // A bloc among the members: the EU in the Minerals Security Partnership.
      const std::string bloc = is_group(member)                    ? member
                               : member == "EU" || member == "EUU" ? "EU27"
                                                                   : "";
      if (bloc.empty() || bloc == set.name || !is_group(bloc)) {
        set.members.insert(member);
        continue;
      }
      for (std::size_t k = 0; k < groups.size(); ++k)
        if (groups[k] == bloc) set.members.insert(country_key(codes[k]));
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

std::map<std::string, std::string> read_territories(const SupplyReading& reading,
                                                    const Table& table) {
  std::map<std::string, std::string> parents;
  auto territory = table.texts("territory_iso3"), parent = table.texts("parent_iso3");
  // Some territories have no outline of their own, so one we do not know is no error.
  for (auto* names : {&territory, &parent})
    name_countries(*names, reading.countries, reading.options, table.name, reading.findings);
  for (std::size_t i = 0; i < territory.size(); ++i) {
    const std::string own = country_key(territory[i]), to = country_key(parent[i]);
    const std::string where = table.name + ", " + table.row_name(i);
    if (own.empty() && to.empty()) continue;
    if (own.empty() || to.empty())
      throw Error("supply.territory", "a row names a territory or a parent alone", where,
                  "Fill both, or leave the row out.");
    const auto [at, fresh] = parents.try_emplace(own, to);
    if (!fresh && at->second != to)
      throw Error(
          "supply.territory",
          printable(own) + " has two parents: " + printable(at->second) + " and " + printable(to),
          where, "Keep the row that counts.");
    std::set<std::string> passed = {own};
    for (auto step = parents.find(own); step != parents.end(); step = parents.find(step->second))
      if (!passed.insert(step->second).second)
        throw Error("supply.territory",
                    printable(own) +
                        " comes back to itself through its parents (first: " + printable(to) + ")",
                    where, "A territory's parent is no territory of it.");
  }
  return parents;
}

}  // namespace lode
