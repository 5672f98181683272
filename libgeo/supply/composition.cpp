#include "libgeo/supply/composition.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

using Fractions = std::array<double, 15>;

std::string name_of(const Composition& row) {
  return printable(row.country) + (row.material.empty() ? "" : ", " + printable(row.material));
}

/// A row as fractions that sum to 1, and how much its percentages summed to.
Fractions fractions_of(const Composition& row, double& percent) {
  Sum sum;
  for (const double x : row.percent) {
    if (x < 0.0 || std::isinf(x))
      throw Error("supply.composition", "a percentage is not a number from 0 up", name_of(row));
    if (!std::isnan(x)) sum += x;
  }
  percent = sum.value();
  if (!(std::abs(percent - 100.0) <= 20.0))
    throw Error("supply.composition",
                "the elements sum to " + number_text(percent) + " %, not to about 100",
                name_of(row),
                "Write each element in % of all rare earth oxides, yttrium among them.");
  Fractions out{};
  for (std::size_t e = 0; e < out.size(); ++e)
    if (!std::isnan(row.percent[e])) out[e] = row.percent[e] / percent;
  return out;
}

/// Shares of a country's sources: as said, and what they leave in equal parts to the others.
std::vector<double> source_shares(const std::vector<const Composition*>& rows) {
  Sum said;
  std::size_t open = 0;
  for (const auto* row : rows) {
    if (std::isnan(row->share)) {
      ++open;
      continue;
    }
    if (!(row->share >= 0.0 && row->share <= 1.0))
      throw Error("supply.fraction",
                  "share of output = " + number_text(row->share) + " is not from 0 to 1",
                  name_of(*row), "Write a share as a fraction: 80 % is 0.8.");
    said += row->share;
  }
  if (said.value() > 1.0 + 1e-9)
    throw Error("supply.shares_over_one",
                "the sources of a country sum to " + number_text(said.value()),
                printable(rows.front()->country));
  const double left = std::max(1.0 - said.value(), 0.0);
  std::vector<double> out;
  for (const auto* row : rows)
    out.push_back(std::isnan(row->share) ? left / static_cast<double>(open) : row->share);
  // What is said may stop short of the whole: the rest is like what is known.
  Sum total;
  for (const double share : out) total += share;
  if (!(total.value() > 0.0))
    throw Error("supply.composition", "no source of the country has a share above 0",
                printable(rows.front()->country));
  for (auto& share : out) share /= total.value();
  return out;
}

struct Off {
  std::vector<std::string> rows;
  double least = 100.0, most = 100.0;
};

bool is_mine(const std::string& stage) {
  return stage.empty() || stage == "mine" || stage == "mining" || stage == "extraction";
}

bool same_stage(std::string_view a, std::string_view b) {
  const std::string x = lower(trim(a)), y = lower(trim(b));
  return x == y || (is_mine(x) && is_mine(y));
}

/// One mean composition a country, for one stage.
std::map<std::string, Fractions> by_country(const std::vector<Composition>& compositions,
                                            const std::string& stage, Off& off) {
  std::map<std::string, std::vector<const Composition*>> rows, of_stage;
  for (const auto& row : compositions) {
    if (lower(trim(row.stage)) == "any")
      rows[country_key(row.country)].push_back(&row);
    else if (same_stage(row.stage, stage))
      of_stage[country_key(row.country)].push_back(&row);
  }
  for (auto& [country, list] : of_stage) rows[country] = list;  // the stage's own rows come first
  std::map<std::string, Fractions> out;
  for (const auto& [country, list] : rows) {
    const auto shares = source_shares(list);
    Fractions& mean = out[country];
    for (std::size_t k = 0; k < list.size(); ++k) {
      double percent = 0.0;
      const Fractions one = fractions_of(*list[k], percent);
      for (std::size_t e = 0; e < one.size(); ++e) mean[e] += shares[k] * one[e];
      if (std::abs(percent - 100.0) <= 0.5) continue;
      off.rows.push_back(name_of(*list[k]));
      off.least = std::min(off.least, percent);
      off.most = std::max(off.most, percent);
    }
  }
  return out;
}

double part_of(const Fractions& mean, const ElementGroup& group) {
  double sum = 0.0;
  for (const std::size_t e : group.elements) sum += mean[e];
  return sum;
}

/// Rows of output: the place, and the composition where there is one.
struct Row {
  std::size_t at = 0;
  const Fractions* mean = nullptr;
};

void say(const Production& production, const SplitOptions& options, const Off& off,
         SplitProduction& out) {
  const std::string where = production.source.empty() ? "composition" : production.source;
  if (!off.rows.empty())
    out.findings.add({"supply.composition_scaled", Severity::note, where, off.rows.size(),
                      "compositions that sum to " + number_text(off.least) + " to " +
                          number_text(off.most) +
                          " % were scaled to 100: " + join(off.rows, "; ")});
  const std::string left = fixed_text(100.0 * (1.0 - out.covered), 1) + " % of the oxide";
  out.how =
      "split by composition, contained oxide, " + std::string(to_text(options.basis)) + " basis";
  if (out.without.empty()) return;
  const bool mean = options.without == NoComposition::world_average;
  const std::string words =
      std::string(mean ? "taken as the average of the others" : "in no element's shares") +
      ", for want of a composition: " + join(out.without, ", ");
  out.findings.add({"supply.no_composition", Severity::warning, where, out.without.size(),
                    left + " is " + words});
  out.how += "; " + left + (mean ? " at the world average" : " left out for want of a composition");
}

Production part_like(const Production& production, const std::string& element) {
  Production part;
  part.element = element;
  part.stage = production.stage;
  part.source = production.source;
  part.period = production.period;
  part.tonnes_per_unit = production.tonnes_per_unit;
  return part;
}

}  // namespace

std::string_view to_text(NoComposition rule) {
  return rule == NoComposition::exclude         ? "exclude"
         : rule == NoComposition::world_average ? "world-average"
                                                : "refuse";
}

NoComposition parse_no_composition(std::string_view text, const std::string& where) {
  const std::string word = lower(trim(text));
  for (const auto rule :
       {NoComposition::exclude, NoComposition::world_average, NoComposition::refuse})
    if (word == to_text(rule)) return rule;
  throw Error("supply.unknown_choice",
              "'" + printable(text) + "' is not a rule for countries without a composition", where,
              suggestion(text, {"exclude", "world-average", "refuse"}));
}

std::string_view to_text(SplitBasis basis) {
  return basis == SplitBasis::trade ? "trade" : "sesquioxide";
}

SplitBasis parse_split_basis(std::string_view text, const std::string& where) {
  const std::string word = lower(trim(text));
  for (const auto basis : {SplitBasis::trade, SplitBasis::sesquioxide})
    if (word == to_text(basis)) return basis;
  throw Error("supply.unknown_choice", "'" + printable(text) + "' is not a basis of oxides", where,
              suggestion(text, {"trade", "sesquioxide"}));
}

ElementGroup parse_element_group(std::string_view text, const std::string& where) {
  const std::string word(trim(text));
  ElementGroup group;
  group.name = word;
  if (lower(word) == "treo") {
    group.name = "TREO";
    for (std::size_t e = 0; e < composition_elements.size(); ++e) group.elements.push_back(e);
    return group;
  }
  std::string symbols = word;
  if (lower(word) == "mreo") {
    group.name = "MREO";
    symbols = "NdPrDyTb";
  }
  for (std::size_t i = 0; i < symbols.size();) {
    std::size_t length = 1;
    while (i + length < symbols.size() && symbols[i + length] >= 'a' && symbols[i + length] <= 'z')
      ++length;
    const auto at = std::find(composition_elements.begin(), composition_elements.end(),
                              std::string_view(symbols).substr(i, length));
    const auto e = static_cast<std::size_t>(at - composition_elements.begin());
    if (at == composition_elements.end() ||
        std::find(group.elements.begin(), group.elements.end(), e) != group.elements.end())
      throw Error("supply.unknown_element",
                  "'" + printable(text) + "' is no rare earth and no group of them", where,
                  "Write symbols such as Nd, groups such as NdPr or DyTb, MREO, or TREO.");
    group.elements.push_back(e);
    i += length;
  }
  if (group.elements.empty())
    throw Error("supply.unknown_element", "an element has no name", where,
                "Write symbols such as Nd,Pr,Dy,Tb.");
  return group;
}

ElementGroup element_group_of_column(std::string_view text, const std::string& where) {
  const std::string word(trim(text));
  if (word != lower(word)) return parse_element_group(word, where);
  std::string symbols;
  for (std::size_t i = 0; i < word.size();) {
    std::size_t length = 0;
    for (const auto& element : composition_elements)
      if (element.size() > length &&
          lower(element) == std::string_view(word).substr(i, element.size())) {
        length = element.size();
        symbols.resize(i);
        symbols += element;
      }
    if (length == 0) return parse_element_group(word, where);  // "treo", "mreo", or what is none
    i += length;
  }
  return parse_element_group(symbols, where);
}

std::vector<ElementGroup> parse_element_groups(const std::vector<std::string>& words,
                                               const std::string& where) {
  std::vector<ElementGroup> groups;
  for (const auto& word : words) {
    groups.push_back(parse_element_group(word, where));
    for (std::size_t k = 0; k + 1 < groups.size(); ++k)
      if (groups[k].name == groups.back().name)
        throw Error("supply.duplicate_element", "'" + printable(word) + "' is named twice", where,
                    "Name each element or group once.");
  }
  return groups;
}

bool has_composition(const std::vector<Composition>& compositions, std::string_view stage) {
  return std::any_of(compositions.begin(), compositions.end(), [&](const Composition& row) {
    return lower(trim(row.stage)) == "any" || same_stage(row.stage, stage);
  });
}

bool is_total_oxide(std::string_view element) {
  const std::string word = lower(trim(element));
  return word.empty() || word == "treo" || word == "reo" || word == "ree" ||
         word == "rare earths" || word == "rare earth oxides";
}

SplitProduction split_by_element(const Production& production,
                                 const std::vector<Composition>& compositions,
                                 const SplitOptions& options, const ConcentrationOptions& names) {
  if (production.amount.size() != production.country.size())
    throw Error("supply.length", "countries and amounts differ in number", "composition");
  SplitProduction out;
  Off off;
  const auto means = by_country(compositions, production.stage, off);
  Fractions average{};
  Sum total, covered;
  std::vector<Row> rows;
  for (std::size_t i = 0; i < production.country.size(); ++i) {
    const std::string country = country_key(production.country[i]);
    if (country.empty() || is_named(names.total_names, country)) continue;
    const double amount = production.amount[i];
    const auto found = means.find(country);
    rows.push_back({i, found == means.end() ? nullptr : &found->second});
    if (std::isnan(amount) || !(amount > 0.0)) continue;
    total += amount;
    if (found == means.end()) {
      out.without.push_back(country);
      continue;
    }
    covered += amount;
    for (std::size_t e = 0; e < average.size(); ++e) average[e] += amount * found->second[e];
  }
  const std::string where = production.source.empty() ? "composition" : production.source;
  if (!(covered.value() > 0.0))
    throw Error("supply.no_composition", "no country with output has a composition", where,
                "Name countries in the table of compositions as in the table of amounts.");
  if (options.without == NoComposition::refuse && !out.without.empty())
    throw Error("supply.no_composition", "without a composition: " + join(out.without, ", "), where,
                "Add them, or choose the rule exclude or world-average.");
  for (auto& part : average) part /= covered.value();
  out.covered = covered.value() / total.value();
  for (const auto& group : options.groups) {
    Production part = part_like(production, group.name);
    for (const auto& row : rows) {
      const Fractions* mean = row.mean == nullptr && options.without == NoComposition::world_average
                                  ? &average
                                  : row.mean;
      if (mean == nullptr) continue;
      const double share = part_of(*mean, group);
      part.country.push_back(production.country[row.at]);
      part.amount.push_back(production.amount[row.at] * share);
      if (!production.trade_factor.empty())
        part.trade_factor.push_back(production.trade_factor[row.at]);
      if (!production.low.empty()) part.low.push_back(production.low[row.at] * share);
      if (!production.high.empty())
        part.high.push_back(share > 0.0 ? production.high[row.at] * share : 0.0);
      if (!production.quota.empty()) part.quota.push_back(production.quota[row.at]);
    }
    out.parts.push_back(std::move(part));
  }
  say(production, options, off, out);
  return out;
}

}  // namespace lode
