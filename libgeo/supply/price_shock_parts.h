// Inside of a price shock: what each source gets for its metals, and who runs because of it.
#pragma once

#include <string>
#include <vector>

#include "libgeo/supply/price_shock.h"

namespace lode {

/// A counter in places.
struct CounterTerms {
  PriceCounter terms;
  std::string name;
  std::vector<std::size_t> metals;  ///< of the sources
  double level = 0.0;               ///< USD per kg
  std::vector<double> levels;       ///< by metal of the sources where they differ, else empty
  std::vector<char> eligible;       ///< by source
  /// Part of what eligible sources planned that is bought, by year as the market's prices are.
  std::vector<double> bought;

  [[nodiscard]] double level_of(std::size_t metal) const {
    return levels.empty() ? level : levels[metal];
  }
};
/// Which counters are on.
using CountersOn = std::vector<char>;

/// What a kg of a metal brings its source, and each counter's part in it.
struct PriceGot {
  double usd_per_kg = 0.0;
  std::vector<double> paid;    ///< by counter: USD per kg beside what the market pays
  std::vector<double> bought;  ///< by counter: part of the kg that goes into its stock
};

/// What a source runs at.
struct SourceFigures {
  double capacity_t = 0.0, opex_usd_per_kg = 0.0;
};

/// What prices before the shock are multiplied by: all, and those of the chosen metals too.
struct PriceFactors {
  double all = 1.0, chosen = 1.0;
};

/// How one source goes through the years.
struct ShockedRun {
  int delay = 0;  ///< years that a project waits; -1 = it never begins
  int start = 0;  ///< year of its first output
  int stops_in = 0, returns_in = 0;
  std::vector<double> output_t;  ///< by year
};

/// Prices before and in the shock, and each source's answer to them.
class ShockMarket {
 public:
  ShockMarket(const SupplySources& sources, const PricePath& prices, const PriceShock& shock,
              const PriceShockOptions& options, std::vector<std::size_t> chosen);

  void set_counters(std::vector<CounterTerms> counters);
  [[nodiscard]] const std::vector<CounterTerms>& counters() const { return counters_; }
  [[nodiscard]] CountersOn none() const { return CountersOn(counters_.size(), 0); }
  [[nodiscard]] CountersOn all() const { return CountersOn(counters_.size(), 1); }

  [[nodiscard]] double price(std::size_t metal, int year, bool shocked) const;
  [[nodiscard]] SourceFigures base_figures(std::size_t source) const;
  [[nodiscard]] int start(std::size_t source) const { return start_[source]; }
  /// Not built when prices fall, so that it may wait.
  [[nodiscard]] bool is_waiting(std::size_t source) const;
  /// What it would make without the shock.
  [[nodiscard]] double planned_t(std::size_t source, int year) const;
  [[nodiscard]] double share(std::size_t source) const;  ///< of the chosen metals

  /// Of a source `age` years after its first output: floor prices of incentives are paid for a
  /// time.
  [[nodiscard]] PriceGot got(std::size_t source, std::size_t metal, int year, int age,
                             const CountersOn& on) const;
  /// Revenue less yearly costs at full rate, USD per kg of all oxides.
  [[nodiscard]] double margin(std::size_t source, int year, int age, const CountersOn& on,
                              const SourceFigures& figures) const;
  [[nodiscard]] double margin_before(std::size_t source, int year, int age,
                                     const SourceFigures& figures) const;
  /// True where the shock keeps revenue from covering yearly costs.
  [[nodiscard]] bool under_water(std::size_t source, int year, int age, const CountersOn& on,
                                 const SourceFigures& figures) const;
  /// NPV when decided on `delay` years after the base year; negative `on` = before the shock.
  [[nodiscard]] double npv(std::size_t source, int delay, const CountersOn* on) const;

  [[nodiscard]] int delay(std::size_t source, const CountersOn& on) const;
  [[nodiscard]] ShockedRun run(std::size_t source, const CountersOn& on,
                               const SourceFigures& figures, int delay) const;
  [[nodiscard]] ShockedRun run(std::size_t source, const CountersOn& on) const;
  /// The least price of the chosen metals, others as in the shock, at which it is not under water.
  [[nodiscard]] double needed_price(std::size_t source, int year,
                                    const SourceFigures& figures) const;
  /// Price of the chosen metals that covers yearly costs, others as before the shock.
  [[nodiscard]] double cash_price(std::size_t source, const SourceFigures& figures) const;
  [[nodiscard]] double cash_factor(std::size_t source) const;

  [[nodiscard]] const std::vector<int>& years() const { return years_; }
  [[nodiscard]] int base_year() const { return base_year_; }
  [[nodiscard]] const PriceShock& shock() const { return shock_; }
  [[nodiscard]] const SupplySources& sources() const { return sources_; }
  [[nodiscard]] const PriceShockOptions& options() const { return options_; }
  [[nodiscard]] const std::vector<std::size_t>& chosen() const { return chosen_; }
  [[nodiscard]] double discount_factor(int year) const;

 private:
  [[nodiscard]] double full_t(std::size_t source, int year, const SourceFigures& figures) const;
  [[nodiscard]] double costs_usd_per_kg(std::size_t source, int year,
                                        const SourceFigures& figures) const;
  void add_aid(const SupplySource& source);
  [[nodiscard]] bool brings_it_about(std::size_t source) const;
  /// What its own incentives make of a market price so many years after its first output.
  [[nodiscard]] double floored(std::size_t source, std::size_t metal, int age, double market) const;
  [[nodiscard]] bool has_floor(std::size_t source, std::size_t metal, int age) const;
  [[nodiscard]] double margin_at(std::size_t source, int year, int age, const PriceFactors& times,
                                 const SourceFigures& figures) const;
  [[nodiscard]] bool counts(std::size_t counter, std::size_t source, std::size_t metal, int year,
                            const CountersOn& on) const;
  [[nodiscard]] double contracted(const CounterTerms& counter, int year) const;
  [[nodiscard]] double bought(const CounterTerms& counter, std::size_t source, int year,
                              int age) const;
  [[nodiscard]] double price_before(std::size_t metal, int year) const;
  [[nodiscard]] bool is_chosen(std::size_t metal) const;

  const SupplySources& sources_;
  const PricePath& prices_;
  PriceShock shock_;
  PriceShockOptions options_;
  std::vector<std::size_t> chosen_;
  std::vector<char> falls_;  ///< by metal
  std::vector<CounterTerms> counters_;
  std::vector<int> years_, start_;
  std::vector<double> credit_, floor_years_;  ///< of its incentives, by source
  std::vector<double> floor_;                 ///< [source * metals + metal]
  int base_year_ = 0;
  /// Prices before the shock, [year * metals + metal] from `known_from_` on: asked for in each
  /// draw.
  std::vector<double> known_;
  int known_from_ = 0, known_years_ = 0;
};

/// What a set of counters does and costs.
[[nodiscard]] CounterCost cost_of(const ShockMarket& market, const CountersOn& on,
                                  const std::vector<ShockedRun>& alone,
                                  const std::vector<ShockedRun>& with);
/// The least floor price that keeps the source going, others as in the shock; NaN = none does.
[[nodiscard]] double floor_needed(const ShockMarket& market, std::size_t source);

}  // namespace lode
