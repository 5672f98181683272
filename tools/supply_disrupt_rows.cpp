// What `supply disrupt` prints: shortfalls by metal and year, tails, reliefs; shocks and counters.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "tools/supply_disrupt_parts.h"
#include "tools/supply_inputs.h"

namespace lode::tools {

namespace {

constexpr std::size_t most_shown = 15;  // sources in tables for people

using TextRows = std::vector<std::vector<std::string>>;

/// Columns as wide as they need to be; the first is of words.
std::string lines_of(const TextRows& rows) {
  std::vector<std::size_t> width;
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c == width.size()) width.push_back(0);
      width[c] = std::max(width[c], shown_width(row[c]));
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c)
      line +=
          (c > 0 ? "  " : "") + (c == 0 ? padded(row[c], width[c]) : padded_left(row[c], width[c]));
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += line + "\n";
  }
  return text;
}

std::string shown(double value, int digits = 0) {
  return std::isfinite(value) ? fixed_text(value, digits) : "-";
}

std::string year_text(int year, const char* none = "-") {
  return year == 0 ? none : std::to_string(year);
}

void put_spread(Json& json, const std::string& stem, const Spread5& spread) {
  json[stem + "_t"] = spread.mean;
  json[stem + "_p05_t"] = spread.p05;
  json[stem + "_p10_t"] = spread.p10;
  json[stem + "_p50_t"] = spread.p50;
  json[stem + "_p90_t"] = spread.p90;
  json[stem + "_p95_t"] = spread.p95;
}

Json shortfall_json(const ShortfallRow& row) {
  Json json = Json::object();
  json["metal"] = row.metal;
  json["year"] = row.year;
  json["demand_t"] = row.demand_t;
  json["limiting_stage"] = text_or_null(row.stage);
  put_spread(json, "shortfall", row.alone_t);
  put_spread(json, "shortfall_with_sites", row.with_sites_t);
  put_spread(json, "shortfall_with_stock", row.with_stock_t);
  json["sites_t"] = row.sites_t;
  json["recycled_t"] = row.recycled_t;
  json["stock_t"] = row.stock_t;
  json["probability"] = row.probability;
  return json;
}

Json tail_json(const ShortfallTail& tail) {
  Json json = Json::object();
  json["metal"] = tail.metal;
  json["expected_t"] = tail.expected_t;
  json["value_at_risk_t"] = tail.value_at_risk_t;
  json["cvar_t"] = tail.cvar_t;
  json["with_expected_t"] = tail.with_expected_t;
  json["with_value_at_risk_t"] = tail.with_value_at_risk_t;
  json["with_cvar_t"] = tail.with_cvar_t;
  json["standard_error_t"] = tail.standard_error_t;
  json["first_short_alone"] = year_or_null(tail.first_short_alone);
  json["first_short_with"] = year_or_null(tail.first_short_with);
  json["bought_by_stock_years"] = tail.bought_by_stock_years;
  json["bought_by_recycling_years"] = tail.bought_by_recycling_years;
  json["free_from"] = year_or_null(tail.free_from);
  return json;
}

std::string tail_text(const DisruptionResult& result, const ShortfallTail& tail) {
  std::string text = tail.metal + ": ";
  if (tail.first_short_alone == 0)
    text += "no restriction leaves it short";
  else
    text += "short from " + std::to_string(tail.first_short_alone) + " on without help; with it " +
            (tail.first_short_with == 0 ? std::string("never")
                                        : "from " + std::to_string(tail.first_short_with)) +
            "; stock buys " + shown(tail.bought_by_stock_years, 1) + " years, recycling " +
            shown(tail.bought_by_recycling_years, 1) + "; the sites alone " +
            (tail.free_from == 0 ? std::string("never end the shortfall")
                                 : "end it from " + std::to_string(tail.free_from));
  text += ". All years: " + shown(tail.expected_t) + " t missing without help, " +
          shown(tail.with_expected_t) + " t with it";
  if (result.draws > 0)
    text += " (standard error " + shown(tail.standard_error_t, 1) + " t), CVaR " +
            shown(tail.cvar_t) + " and " + shown(tail.with_cvar_t) + " t";
  for (const auto& relief : result.relief)
    if (relief.metal == tail.metal && relief.saved_t > 0.0) {
      text += ". Most matters " + printable(relief.id) + ": without it " + shown(relief.saved_t) +
              " t more";
      break;
    }
  return text + ".\n";
}

}  // namespace

std::string add_disruption(const DisruptionResult& result, Outcome& outcome) {
  TextRows rows = {{"metal", "year", "demand_t", "stage", "shortfall_t", "with_sites_t",
                    "with_stock_t", "p90_t", "probability"}};
  for (const auto& row : result.rows) {
    outcome.results.push_back(shortfall_json(row));
    rows.push_back({row.metal, std::to_string(row.year), shown(row.demand_t),
                    row.stage.empty() ? "-" : printable(row.stage), shown(row.alone_t.mean),
                    shown(row.with_sites_t.mean), shown(row.with_stock_t.mean),
                    shown(row.with_stock_t.p90), shown(row.probability, 3)});
  }
  std::string text = lines_of(rows) + "\n";
  Json tails = Json::array(), relief = Json::array(), failure = Json::object();
  for (const auto& tail : result.tails) {
    tails.push_back(tail_json(tail));
    text += tail_text(result, tail);
  }
  for (const auto& one : result.relief) {
    if (one.saved_t == 0.0) continue;
    Json json = Json::object();
    json["id"] = one.id;
    json["metal"] = one.metal;
    json["saved_t"] = one.saved_t;
    relief.push_back(json);
  }
  for (const auto& [country, p] : result.failure) failure[country] = p;
  outcome.summary["tails"] = tails;
  outcome.summary["relief"] = relief;
  outcome.summary["failure_probability"] = failure;
  outcome.summary["draws"] = result.draws;
  outcome.summary["how"] = result.how;
  return text;
}

namespace {

/// What it pays when it comes back; NaN where it does not, or has no capex.
double restart_usd(const DisruptInputs& inputs, const PriceShockResult& result, std::size_t place) {
  return result.sources[place].returns_in == 0
             ? std::nan("")
             : inputs.plan.shock.restart_capex * inputs.sources.list[place].capex_usd.base;
}

Json source_json(const ShockedSource& source, double restart_usd) {
  Json json = Json::object();
  json["id"] = source.id;
  json["name"] = source.name;
  json["country"] = source.country;
  json["group"] = source.group;
  json["kind"] = source.kind;
  json["operating"] = source.operating;
  json["stops"] = source.stops;
  json["stops_in"] = year_or_null(source.stops_in);
  json["returns_in"] = year_or_null(source.returns_in);
  json["never_starts"] = source.never_starts;
  json["delayed_years"] = source.delayed_years;
  put_range(json, "cash_break_even", "usd_per_kg", source.cash_break_even_usd_per_kg);
  put_range(json, "full_break_even", "usd_per_kg", source.full_break_even_usd_per_kg);
  json["cash_factor"] = source.cash_factor;
  json["full_factor"] = source.full_factor;
  json["floor_needed_usd_per_kg"] = source.floor_needed_usd_per_kg;
  json["probability_of_stopping"] = source.probability_of_stopping;
  json["npv_before_usd"] = source.npv_before_usd;
  json["npv_after_usd"] = source.npv_after_usd;
  json["restart_usd"] = restart_usd;
  json["kept_by_counter"] = source.kept_by_counter;
  return json;
}

Json counter_json(const CounterCost& cost) {
  Json json = Json::object();
  json["name"] = cost.name;
  json["cost_usd"] = cost.cost_usd;
  json["discounted_usd"] = cost.discounted_usd;
  json["kept_t"] = cost.kept_t;
  json["usd_per_kg_kept"] = cost.usd_per_kg_kept;
  json["stock_left_t"] = cost.stock_left_t;
  json["stock_value_usd"] = cost.stock_value_usd;
  json["keeps"] = Json(cost.keeps);
  Json years = Json::array();
  for (const double usd : cost.by_year_usd) years.push_back(usd);
  json["by_year_usd"] = years;
  return json;
}

Json years_json(const PriceShockResult& result) {
  Json years = Json::array();
  for (const auto& year : result.years) {
    Json json = Json::object();
    json["year"] = year.year;
    json["factor"] = year.factor;
    Json lost = Json::object(), with = Json::object();
    for (std::size_t m = 0; m < result.metals.size(); ++m) {
      lost[result.metals[m]] = year.lost_t[m];
      with[result.metals[m]] = year.lost_with_t[m];
    }
    json["lost_t"] = lost;
    json["lost_with_t"] = with;
    json["cost_usd"] = year.cost_usd;
    years.push_back(json);
  }
  return years;
}

Json terms_json(const PriceShock& shock) {
  Json json = Json::object();
  json["metals"] = Json(shock.metals);
  json["depth_pct"] = 100.0 * shock.depth;
  json["from_year"] = shock.from_year;
  json["years"] = shock.years;
  json["recovery_years"] = shock.recovery_years;
  json["by"] = Json(shock.by);
  return json;
}

std::string fate(const ShockedSource& source) {
  if (source.never_starts) return "never begins";
  if (source.stops)
    return "stops " + std::to_string(source.stops_in) +
           (source.returns_in == 0 ? ", stays shut"
                                   : ", back " + std::to_string(source.returns_in));
  if (source.delayed_years > 0.0) return "waits " + shown(source.delayed_years) + " y";
  return "goes on";
}

std::string sources_text(const PriceShockResult& result) {
  std::vector<const ShockedSource*> order;
  for (const auto& source : result.sources) order.push_back(&source);
  const auto hit = [](const ShockedSource* one) {
    return one->stops || one->never_starts || one->delayed_years > 0.0;
  };
  const auto price = [](const ShockedSource* one) {
    const double usd = one->cash_break_even_usd_per_kg.base;
    return std::isnan(usd) ? -1.0 : usd;
  };
  std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) {
    if (hit(a) != hit(b)) return hit(a);
    return price(b) < price(a);
  });
  TextRows rows = {{"id", "country", "what it does", "cash_usd_per_kg", "full_usd_per_kg",
                    "floor_needed", "kept"}};
  for (std::size_t k = 0; k < std::min(order.size(), most_shown); ++k) {
    const ShockedSource& one = *order[k];
    rows.push_back({printable(one.id), printable(one.country), fate(one),
                    shown(one.cash_break_even_usd_per_kg.base, 2),
                    shown(one.full_break_even_usd_per_kg.base, 2),
                    shown(one.floor_needed_usd_per_kg, 2), one.kept_by_counter ? "yes" : ""});
  }
  std::string text = lines_of(rows);
  if (order.size() > most_shown)
    text +=
        "... and " + std::to_string(order.size() - most_shown) + " more; --json and -o have all\n";
  return text;
}

std::string counters_text(const PriceShockResult& result) {
  if (result.counters.empty()) return {};
  TextRows rows = {
      {"counter", "cost_million_usd", "discounted", "kept_t", "usd_per_kg_kept", "keeps"}};
  for (const auto& cost : result.counters)
    rows.push_back({printable(cost.name), shown(cost.cost_usd / 1e6, 2),
                    shown(cost.discounted_usd / 1e6, 2), shown(cost.kept_t),
                    shown(cost.usd_per_kg_kept, 2), std::to_string(cost.keeps.size())});
  return "\n" + lines_of(rows);
}

}  // namespace

std::string add_shock(const DisruptInputs& inputs, const PriceShock& shock,
                      const PriceShockResult& result, Outcome& outcome) {
  Json json = Json::object(), sources = Json::array(), counters = Json::array();
  json["terms"] = terms_json(shock);
  json["metal"] = result.metal;
  json["currency"] = result.currency;
  json["price_year"] = year_or_null(result.price_year);
  const int said = inputs.plan.shock.base_year;
  json["base_year"] =
      year_or_null(said == 0 && !result.years.empty() ? result.years.front().year : said);
  std::size_t stop = 0, wait = 0;
  for (std::size_t i = 0; i < result.sources.size(); ++i) {
    const ShockedSource& source = result.sources[i];
    const Json row = source_json(source, restart_usd(inputs, result, i));
    sources.push_back(row);
    stop += source.stops ? 1 : 0;
    wait += source.never_starts || source.delayed_years > 0.0 ? 1 : 0;
    if (!inputs.demand) outcome.results.push_back(row);
  }
  for (const auto& cost : result.counters) counters.push_back(counter_json(cost));
  json["stopping"] = stop;
  json["waiting"] = wait;
  json["sources"] = sources;
  json["counters"] = counters;
  json["years"] = years_json(result);
  json["floor_for_all_usd_per_kg"] = result.floor_for_all_usd_per_kg;
  json["floor_for_all_cost_usd"] = result.floor_for_all_cost_usd;
  if (!outcome.summary.has("shocks")) outcome.summary["shocks"] = Json::array();
  Json shocks = outcome.summary.at("shocks");
  shocks.push_back(json);
  outcome.summary["shocks"] = shocks;
  std::string text =
      "Prices of " + (shock.metals.empty() ? std::string("all metals") : join(shock.metals, ", ")) +
      " fall by " + number_text(100.0 * shock.depth) + " % in " + std::to_string(shock.from_year) +
      " for " + std::to_string(shock.years) + " years, recovery " +
      std::to_string(shock.recovery_years) + " years. Of " + std::to_string(result.sources.size()) +
      " sources " + std::to_string(stop) + " stop and " + std::to_string(wait) +
      " wait or never begin; prices per kg of " + result.metal + ".\n" + sources_text(result) +
      counters_text(result);
  if (result.floor_for_all_usd_per_kg > 0.0)
    text += "The least floor price of " + result.metal +
            " that keeps them all: " + shown(result.floor_for_all_usd_per_kg, 2) + " " +
            result.currency + "/kg, at a cost of " + shown(result.floor_for_all_cost_usd / 1e6, 2) +
            " million.\n";
  return text;
}

}  // namespace lode::tools
