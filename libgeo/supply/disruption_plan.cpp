#include "libgeo/supply/disruption_plan.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/supply/figures.h"
#include "libgeo/supply/settings_table.h"

namespace lode {

namespace {

constexpr double no_end = std::numeric_limits<double>::infinity();
constexpr std::size_t most_draws = 1000000;

struct Bloc {
  std::string name;
  std::vector<std::string> members;
};

class PlanReader {
 public:
  PlanReader(const toml::table& text, std::string where, SettingsMistakes& mistakes)
      : text_(text), where_(std::move(where)), root_(text, "", mistakes) {}

  DisruptionPlan read() {
    read_chance();
    read_blocs();
    root_.each("restriction", [&](SettingsTable& table) { restriction(table); });
    root_.each("stockpile", [&](SettingsTable& table) { stockpile(table); });
    root_.each("shock", [&](SettingsTable& table) { shock(table); });
    root_.each("counter", [&](SettingsTable& table) { counter(table); });
    root_.inner("stopping", [&](SettingsTable& table) {
      PriceShockOptions& options = plan_.shock;
      table.number("patience_years", options.patience_years, 0.0, 100.0);
      table.number("restart_years", options.restart_years, 0.0, 100.0);
      percent(table, "restart_capex_pct", options.restart_capex, 100.0);
      table.flag("projects_wait", options.projects_wait);
    });
    root_.finish();
    return std::move(plan_);
  }

 private:
  static void percent(SettingsTable& table, const std::string& key, double& into, double most) {
    double value = 100.0 * into;
    table.number(key, value, 0.0, most);
    if (table.has(key)) into = value / 100.0;
  }
  /// The same for figures that are seldom below 1 %: 0.6 may be meant as sixty of a hundred.
  void large_percent(SettingsTable& table, const std::string& of, const std::string& key,
                     double& into, double most = 100.0) {
    percent(table, key, into, most);
    // A share without a top may be a whole or more: 1.1 for 110 per cent.
    if (!table.has(key) || !(into > 0.0 && (into < 0.01 || (most > 100.0 && into < 0.02)))) return;
    const double said = std::round(1e10 * into) / 1e8;  // not 0.9000000000000001
    plan_.findings.add("supply.looks_like_fraction", Severity::warning,
                       where_ + ", " + (of.empty() ? "" : of + ", ") + key,
                       number_text(said) + " % is meant? Write " + number_text(100.0 * said) +
                           " for " + number_text(100.0 * said) + " per cent");
  }
  static bool needs(SettingsTable& table, const std::string& key, const std::string& what) {
    if (table.has(key)) return true;
    table.fault(key, "is missing", what);
    return false;
  }

  void read_chance() {
    DisruptionOptions& options = plan_.disruption;
    root_.year("base_year", options.base_year);
    plan_.shock.base_year = options.base_year;
    root_.whole("draws", options.draws, 0, most_draws);
    large_percent(root_, "", "confidence_pct", options.confidence);
    if (options.confidence <= 0.0 || options.confidence >= 1.0)
      root_.fault("confidence_pct", "lies between 0 and 100, both excluded");
    root_.number("bloc_correlation", options.bloc_correlation, 0.0, 1.0);
    root_.number("probability_per_risk", options.probability_per_risk, 0.0, 1.0);
    root_.number("years_mean", options.years_mean, 1.0, 1000.0);
    root_.inner("severity", [&](SettingsTable& table) {
      table.number("a", options.severity_a, 1e-3, 1e6);
      table.number("b", options.severity_b, 1e-3, 1e6);
    });
  }

  void read_blocs() {
    root_.inner("blocs", [&](SettingsTable& table) {
      const auto* blocs = text_["blocs"].as_table();
      for (const auto& [key, node] : *blocs) {
        Bloc bloc{std::string(key.str()), {}};
        table.texts(bloc.name, bloc.members);
        if (bloc.members.empty()) table.fault(bloc.name, "names no country");
        for (auto& member : bloc.members) {
          member = country_key(member);
          const auto [at, fresh] = plan_.disruption.bloc.emplace(member, bloc.name);
          if (!fresh)
            table.fault(bloc.name, printable(member) + " is in " + printable(at->second) + " too",
                        "A country fails with one bloc.");
        }
        blocs_.push_back(std::move(bloc));
      }
    });
    root_.inner("probability", [&](SettingsTable& table) {
      std::vector<std::pair<std::string, double>> said;
      table.named_numbers(said, 0.0, 1.0);
      // A country's own figure holds against its bloc's.
      for (const auto& [name, p] : said)
        for (const auto& country : written_out({name})) {
          const bool own = country == country_key(name);
          if (own)
            plan_.disruption.probability[country] = p;
          else
            plan_.disruption.probability.emplace(country, p);
        }
    });
  }

  [[nodiscard]] std::vector<std::string> written_out(const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    const auto add = [&](const std::string& country) {
      if (std::find(out.begin(), out.end(), country) == out.end()) out.push_back(country);
    };
    for (const auto& name : names) {
      const auto bloc = std::find_if(blocs_.begin(), blocs_.end(), [&](const Bloc& one) {
        return lower(one.name) == lower(trim(name));
      });
      if (bloc == blocs_.end()) {
        add(country_key(name));
      } else {
        for (const auto& member : bloc->members) add(member);
      }
    }
    return out;
  }

  void restriction(SettingsTable& table) {
    Restriction one;
    table.text("name", one.name);
    std::vector<std::string> countries;
    table.texts("countries", countries);
    if (countries.empty())
      table.fault("countries", "names no country", "countries = [\"CHN\"], or a bloc's name.");
    one.countries = written_out(countries);
    table.texts("metals", one.metals);
    table.texts("stages", one.stages);
    table.years(one.from_year, one.to_year);
    large_percent(table, "restriction " + std::to_string(plan_.restrictions.size() + 1), "kept_pct",
                  one.kept);
    table.number("quota_t", one.quota_t, 0.0, no_end);
    if (table.has("kept_pct") && table.has("quota_t"))
      table.fault("quota_t", "stands beside kept_pct", "Say either, or write two restrictions.");
    plan_.restrictions.push_back(std::move(one));
  }

  void stockpile(SettingsTable& table) {
    Stockpile one;
    table.text("metal", one.metal);
    table.number("tonnes", one.tonnes, 0.0, no_end);
    table.number("per_year_t", one.per_year_t, 0.0, no_end);
    table.number("usd_per_kg", one.usd_per_kg, 0.0, no_end);
    needs(table, "metal", "metal = \"NdPr\"");
    needs(table, "tonnes", "tonnes = 1000");
    plan_.stock.push_back(std::move(one));
  }

  void shock(SettingsTable& table) {
    PriceShock one;
    double years = one.years, recovery = one.recovery_years;
    std::vector<std::string> by;
    table.texts("by", by);
    one.by = written_out(by);
    table.texts("metals", one.metals);
    large_percent(table, "shock " + std::to_string(plan_.shocks.size() + 1), "depth_pct",
                  one.depth);
    if (one.depth == 0.0) table.fault("depth_pct", "0 is no fall of prices");
    table.year("from_year", one.from_year);
    needs(table, "from_year", "from_year = 2029");
    const auto whole = [&](const char* key, double& value, double least) {
      table.number(key, value, least, 100.0);
      if (value != std::floor(value)) table.fault(key, "a whole number is meant");
    };
    whole("years", years, 1.0);
    whole("recovery_years", recovery, 0.0);
    one.years = static_cast<int>(years);
    one.recovery_years = static_cast<int>(recovery);
    plan_.shocks.push_back(std::move(one));
  }

  void counter(SettingsTable& table) {
    PriceCounter one;
    std::string kind = "floor_price";
    table.choice("kind", {"floor_price", "offtake", "stockpile"}, kind);
    needs(table, "kind", "kind = \"floor_price\", \"offtake\" or \"stockpile\"");
    one.kind = parse_price_counter(kind);
    table.text("metal", one.metal);
    needs(table, "metal", "metal = \"NdPr\"");
    table.number("usd_per_kg", one.usd_per_kg, 0.0, no_end);
    large_percent(table, "counter " + std::to_string(plan_.counters.size() + 1),
                  "share_of_price_pct", one.share_of_price, no_end);
    if (table.has("usd_per_kg") == table.has("share_of_price_pct"))
      table.fault("usd_per_kg",
                  table.has("usd_per_kg") ? "stands beside share_of_price_pct"
                                          : "or share_of_price_pct is missing",
                  "Say the level in one of the two ways.");
    table.number("tonnes_per_year", one.tonnes_per_year, 0.0, no_end);
    table.years(one.from_year, one.to_year);
    table.texts("groups", one.groups);
    table.number("holding_usd_per_kg_year", one.holding_usd_per_kg_year, 0.0, no_end);
    plan_.counters.push_back(std::move(one));
  }

  const toml::table& text_;
  std::string where_;
  SettingsTable root_;
  std::vector<Bloc> blocs_;
  DisruptionPlan plan_;
};

}  // namespace

DisruptionPlan parse_disruption_plan(std::string_view text, const std::string& where) {
  const toml::table root = parse_settings(text, where, "scenario.syntax");
  SettingsMistakes mistakes(where, "scenario.invalid");
  DisruptionPlan plan = PlanReader(root, where, mistakes).read();
  mistakes.throw_if_any();
  return plan;
}

}  // namespace lode
