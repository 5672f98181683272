#include "libgeo/study/supply_sources.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/ranking/screen.h"
#include "libgeo/study/metal_shares.h"
#include "libgeo/study/ranking_stage.h"
#include "libgeo/study/supply_answer.h"
#include "libgeo/supply/demand.h"

namespace lode {

namespace {

/// Sums end by end: a part without a range counts with its base at both ends.
LowBaseHigh plus(const LowBaseHigh& a, const LowBaseHigh& b) {
  LowBaseHigh sum = only_base(a.base + b.base);
  if (!a.ranged() && !b.ranged()) return sum;
  const auto end = [](double value, double base) { return std::isnan(value) ? base : value; };
  sum.low = end(a.low, a.base) + end(b.low, b.base);
  sum.high = end(a.high, a.base) + end(b.high, b.base);
  return sum;
}

/// Columns of one [[sites]] table that say what a source costs and when it comes.
struct SourceColumns {
  LowBaseHighColumn opex, capex;
  std::vector<double> lead, ramp, start;
  std::vector<std::string> operating;
};

SourceColumns source_columns(const StudyContext& context, std::size_t at) {
  const SitesTable& table = context.study.sites[at];
  const Layer& layer = context.site_layers[at];
  SourceColumns columns;
  columns.opex = field_ranges(context, layer, table.opex, Dimension::price_per_mass);
  columns.capex = field_ranges(context, layer, table.capex, Dimension::money);
  columns.lead = field_quantities(context, layer, table.lead, Dimension::number);
  columns.ramp = field_quantities(context, layer, table.ramp, Dimension::number);
  columns.start = field_quantities(context, layer, table.start, Dimension::number);
  columns.operating = field_texts(context, layer, table.operating);
  return columns;
}

/// Sites that are no source, counted by what they miss.
class NoSources {
 public:
  explicit NoSources(StudyContext& context) : context_(context) {}
  void add(const std::string& reason, const std::string& id) {
    auto& [count, first] = missing_[reason];
    if (count++ == 0) first = id;
  }
  void say() {
    for (const auto& [reason, counted] : missing_)
      context_.result.findings.add(
          "study.not_a_source", Severity::warning, context_.study.path + ", [[sites]], " + reason,
          "sites are left out of supply: " + reason + " (first: " + counted.second + ")",
          counted.first);
  }

 private:
  StudyContext& context_;
  std::map<std::string, std::pair<std::size_t, std::string>> missing_;
};

bool is_operating(const std::string& text, double start, int today, const std::string& where) {
  const std::string word = lower(trim(text));
  if (word == "1" || word == "yes" || word == "true") return true;
  if (word == "0" || word == "no" || word == "false") return false;
  if (!word.empty())
    throw Error("supply.kind", "operating: '" + printable(text) + "' is neither yes nor no", where,
                "Write yes or no; where nothing is said, a site whose start has come operates.");
  return start <= today;  // NaN: no
}

/// What the indicators say of a burden a kg of oxide.
struct BurdenColumn {
  std::string name, indicator;
  double factor = 1.0;
};
const std::vector<BurdenColumn>& burden_columns() {
  static const std::vector<BurdenColumn> columns = {
      {"co2e_kg", "co2e_kg_per_kg", 1.0},
      {"waste_t", "waste_t_per_t", 1e-3},
      {"water_m3", "water_m3_per_kg", 1.0},
  };
  return columns;
}

/// Shares by metal; false when the site says none of them.
bool take_shares(StudyContext& context, const SiteFacts& facts, const std::string& id,
                 const std::vector<std::string>& metals, SupplySource& source) {
  bool any = false;
  for (const std::string& metal : metals) {
    const double share = metal_share(facts, metal);
    any = any || !std::isnan(share);
    if (std::isnan(share))
      context.result.findings.add("study.no_share", Severity::warning,
                                  context.study.path + ", " + metal,
                                  "sites do not say how much " + metal +
                                      " they hold: it counts as none (first: " + id + ")");
    source.share.push_back(std::isnan(share) ? 0.0 : share);
  }
  return any;
}

/// Freight a kg of oxide; not needed where the study computes none.
struct Freight {
  bool computed = false;
  const IndicatorColumn* column = nullptr;

  explicit Freight(const StudyContext& context)
      : computed(context.study.logistics.given && !context.study.networks.empty()),
        column(find_indicator(context, "delivered_usd_per_kg")) {}
  [[nodiscard]] LowBaseHigh of(std::size_t site) const {
    if (!computed) return only_base(0.0);
    if (column == nullptr) return {};
    return {column->low[site], column->value[site], column->high[site]};
  }
};

std::string money_words(double usd_per_kg) {
  return fixed_text(usd_per_kg, 2) + " USD/kg";
}

/// Cost delivered and what it is made of.
std::string take_cost(const LowBaseHigh& opex, const std::string& opex_from, const Freight& freight,
                      std::size_t site, SupplySource& source) {
  const LowBaseHigh haul = freight.of(site);
  source.opex_usd_per_kg = plus(opex, haul);
  return "opex " + money_words(opex.base) + " (" + opex_from + ")" +
         (freight.computed ? " + freight " + money_words(haul.base) + " (delivered_usd_per_kg)"
                           : "; the study computes no freight");
}

void take_times(StudyContext& context, const SourceColumns& columns, std::size_t row,
                const SiteFacts& facts, const std::string& where, SupplySource& source) {
  Findings& findings = context.result.findings;
  const int today = context.study.as_of.year;
  const double start = columns.start[row];
  source.operating = is_operating(columns.operating[row], start, today, where);
  source.lead_years = columns.lead[row];
  // The first year of output says the lead where nothing else does.
  if (std::isnan(source.lead_years))
    source.lead_years = std::isnan(start) ? 0.0 : std::max(0.0, start - today);
  if (source.operating) source.lead_years = 0.0;
  source.ramp_years = std::isnan(columns.ramp[row]) ? 0.0 : columns.ramp[row];
  source.life_years = facts.life_yr;
  source.not_before = facts.permit_from_year;
  source.planned_start = source.operating ? unknown : start;
  if (!source.operating || std::isnan(source.not_before)) return;
  findings.add("supply.before_permit", Severity::warning, where,
               "it operates before its permit is granted: nothing counts before " +
                   number_text(source.not_before));
  source.operating = false;
}

void take_capex(const SourceColumns& columns, std::size_t row, const ScaledCost& model,
                SupplySource& source, std::string& made_of) {
  if (columns.capex.given()) source.capex_usd = columns.capex.at(row);
  if (source.operating || source.capex_usd.known()) return;
  if (!(model.base > 0.0)) return;
  source.capex_usd = only_base(scaled_cost(model, source.capacity_t_per_year.base));
  made_of += "; capex " + fixed_text(source.capex_usd.base / 1e6, 1) +
             " MUSD by the capex model of the economics";
}

void take_burdens(const StudyContext& context, std::size_t site, StudySources& to,
                  SupplySource& source) {
  for (const BurdenColumn& burden : burden_columns()) {
    const IndicatorColumn* column = find_indicator(context, burden.indicator);
    if (column == nullptr) continue;
    const double value = column->value[site];
    if (std::isnan(value)) to.no_burden.push_back(source.id + ", " + burden.name);
    source.burden.push_back(std::isnan(value) ? 0.0 : value * burden.factor);
  }
}

std::string missing_of(const SiteFacts& facts, const LowBaseHigh& opex, const LowBaseHigh& haul) {
  if (!facts.rate_t_per_yr.known()) return "no rate";
  if (!opex.known()) return "no opex";
  return haul.known() ? "" : "freight cannot reach them";
}

}  // namespace

StudySources site_sources(StudyContext& context, const std::vector<std::string>& metals,
                          const ScaledCost& capex_model) {
  StudySources all;
  all.sources.table = "sites of the study";
  all.sources.metals = metals;
  for (const BurdenColumn& burden : burden_columns())
    if (find_indicator(context, burden.indicator) != nullptr)
      all.sources.burdens.push_back(burden.name);
  const Freight freight(context);
  NoSources none(context);
  std::vector<SourceColumns> columns;
  for (std::size_t t = 0; t < context.study.sites.size(); ++t)
    columns.push_back(source_columns(context, t));
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    const auto [table, row] = context.site_rows[i];
    const SourceColumns& of = columns[table];
    const SiteFacts& facts = context.facts[i];
    const Site& site = context.result.sites[i];
    const LowBaseHigh opex =
        of.opex.given() ? times(of.opex.at(row), 1e-3) : LowBaseHigh{};  // USD/t of the base unit
    const std::string missing = missing_of(facts, opex, freight.of(i));
    SupplySource source;
    if (!missing.empty()) {
      none.add(missing, site.id);
      continue;
    }
    if (!take_shares(context, facts, site.id, metals, source)) {
      none.add("no share of any metal", site.id);
      continue;
    }
    source.id = site.id;
    source.name = site.name;
    source.country = site.country;
    source.group = site.group;
    source.kind = site.kind;
    source.where = site.source;
    source.capacity_t_per_year = facts.rate_t_per_yr;
    take_times(context, of, row, facts, site.source, source);
    std::string made_of = take_cost(opex, of.opex.basis, freight, i, source);
    take_capex(of, row, capex_model, source, made_of);
    take_burdens(context, i, all, source);
    all.sources.list.push_back(std::move(source));
    all.site.push_back(i);
    all.made_of.push_back(std::move(made_of));
    all.gate_opex.push_back(opex);
  }
  none.say();
  return all;
}

namespace {

/// Rows of another table under the metals and burdens of the study's sources.
void append(StudyContext& context, const SupplySources& more, const std::string& made_of,
            StudySources& to) {
  SupplySources& sources = to.sources;
  std::vector<std::size_t> burden_at;
  std::vector<std::vector<std::size_t>> metal_at;
  const auto place = [](const std::vector<std::string>& names, const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  for (const auto& metal : sources.metals) {
    metal_at.push_back(parts_of_metal(more.metals, metal));
    if (metal_at.back().empty())
      context.result.findings.add(
          "study.no_share", Severity::warning, more.table + ", " + metal,
          "the table does not say how much " + metal + " its sources hold: it counts as none",
          more.list.size());
  }
  for (const auto& burden : more.burdens)
    if (place(sources.burdens, burden) == sources.burdens.size()) {
      sources.burdens.push_back(burden);
      for (auto& source : sources.list) {
        source.burden.push_back(0.0);
        to.no_burden.push_back(source.id + ", " + burden);
      }
    }
  for (const auto& burden : sources.burdens) burden_at.push_back(place(more.burdens, burden));
  for (SupplySource source : more.list) {
    const std::vector<double> share = source.share, burden = source.burden;
    source.share.clear();
    source.burden.clear();
    for (const auto& parts : metal_at)
      source.share.push_back(
          std::accumulate(parts.begin(), parts.end(), 0.0,
                          [&](double sum, std::size_t m) { return sum + share[m]; }));
    for (std::size_t b = 0; b < burden_at.size(); ++b) {
      if (burden_at[b] >= burden.size())
        to.no_burden.push_back(source.id + ", " + sources.burdens[b]);
      source.burden.push_back(burden_at[b] < burden.size() ? burden[burden_at[b]] : 0.0);
    }
    if (source.group.empty()) {
      const auto& allies = context.result.allies;
      source.group = source.country == context.study.home ? "domestic"
                     : std::find(allies.begin(), allies.end(), source.country) != allies.end()
                         ? "allied"
                         : "other";
    }
    to.gate_opex.push_back(source.opex_usd_per_kg);
    sources.list.push_back(std::move(source));
    to.site.push_back(SupplyAnswer::no_site);
    to.made_of.push_back(made_of);
  }
}

/// Money of a table beside that of the sources so far, whose year is told by the first that says
/// one.
void join_money(const SupplySources& more, StudySources& to) {
  check_same_money(to.sources.currency, to.sources.price_year, to.sources.table, more.currency,
                   more.price_year, more.table);
  if (to.sources.price_year == 0) to.sources.price_year = more.price_year;
}

/// Recyclers of products whose table says no opex cost what the first [[sites]] of kind secondary
/// says of all of its own; which ones, by place.
std::vector<bool> fill_in_opex(StudyContext& context, SupplySources& recyclers) {
  std::vector<bool> filled(recyclers.list.size(), false);
  LowBaseHigh usd_per_kg;
  std::string from;
  for (std::size_t t = 0; t < context.study.sites.size() && !usd_per_kg.known(); ++t) {
    const SitesTable& table = context.study.sites[t];
    const Layer& layer = context.site_layers[t];
    if (table.kind != "secondary" || table.opex.constant.empty() || layer.size() == 0) continue;
    usd_per_kg =
        times(field_ranges(context, layer, table.opex, Dimension::price_per_mass).at(0), 1e-3);
    from = table.layer.path;
  }
  if (!usd_per_kg.known() || lower(recyclers.currency) != "usd") return filled;
  std::size_t count = 0;
  for (std::size_t k = 0; k < filled.size(); ++k) {
    LowBaseHigh& own = recyclers.list[k].opex_usd_per_kg;
    if (own.known()) continue;
    own = usd_per_kg;
    filled[k] = true;
    ++count;
  }
  if (count > 0)
    context.result.findings.add("study.stock_opex", Severity::note, recyclers.table,
                                "products without opex_usd_per_kg cost what [[sites]] " + from +
                                    " says of its recyclers: " + money_words(usd_per_kg.base),
                                count);
  return filled;
}

}  // namespace

void add_candidates(StudyContext& context, const SupplySources& candidates, StudySources& to) {
  join_money(candidates, to);
  append(context, candidates, "opex as " + candidates.table + " says it", to);
}

void add_stocks(StudyContext& context, const ProductStocks& stocks, int from_year, int to_year,
                StudySources& to) {
  SupplySources more = recycling_sources(stocks, from_year, to_year);
  join_money(more, to);
  const std::vector<bool> filled = fill_in_opex(context, more);
  append(context, more, "opex as " + stocks.table + " says it", to);
  const std::size_t first = to.made_of.size() - more.list.size();
  for (std::size_t k = 0; k < filled.size(); ++k)
    if (filled[k]) to.made_of[first + k] = "opex as the study says it of its recyclers";
  const bool recyclers =
      std::any_of(to.sources.list.begin(), to.sources.list.end() - std::ssize(more.list),
                  [](const SupplySource& source) { return source.kind == "secondary"; });
  if (recyclers)
    context.result.findings.add(
        "study.stock_sources", Severity::note, stocks.table,
        "recyclers among the sites and products in use both give recycled oxide; what the two have "
        "in common would count twice, and nothing here can tell",
        more.list.size());
}

std::vector<std::size_t> drop_ruled_out(StudyContext& context, StudySources& from) {
  std::vector<std::size_t> kept;
  std::vector<bool> out(context.result.sites.size(), false);
  if (!context.study.rules.empty()) {
    std::vector<std::size_t> rows;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
      rows.push_back(i);
      ids.push_back(context.result.sites[i].id);
    }
    try {
      for (const DroppedSite& dropped : screen(ids, hard_rules(context, rows)).dropped)
        out[rows[dropped.row]] = true;
    } catch (const Error& error) {
      // The ranking, which comes next, ends the run with the rule's line.
      if (!error.code.starts_with("ranking.")) throw;
    }
  }
  StudySources left;
  left.sources = from.sources;
  left.sources.list.clear();
  left.no_burden = from.no_burden;
  std::size_t ruled_out = 0;
  for (std::size_t k = 0; k < from.sources.list.size(); ++k) {
    if (from.site[k] != SupplyAnswer::no_site && out[from.site[k]]) {
      ++ruled_out;
      continue;
    }
    kept.push_back(k);
    left.sources.list.push_back(std::move(from.sources.list[k]));
    left.site.push_back(from.site[k]);
    left.made_of.push_back(std::move(from.made_of[k]));
    left.gate_opex.push_back(from.gate_opex[k]);
  }
  from = std::move(left);
  if (ruled_out > 0)
    context.result.findings.add(
        "study.ruled_out", Severity::note, context.study.path,
        "sites that [[rules]] leave out of the ranking take no part in supply either", ruled_out);
  return kept;
}

}  // namespace lode
