// Inside of the supply room: a source's levelised cost and tonnes, draw by draw and at base.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "libgeo/core/random.h"
#include "libgeo/supply/cash_flow.h"
#include "libgeo/supply/cost_lanes.h"
#include "libgeo/supply/economics.h"

namespace lode {

/// What all sources of one curve share. The streams are those of `site_economics`, so a source's
/// draws here are its draws there.
struct CurveRun {
  const SupplySources& sources;
  const PricePath& prices;
  const EconomicsOptions& options;
  int base_year = 0, year = 0;      ///< year 0 = everything at full rate
  std::vector<std::size_t> chosen;  ///< metals that the cost is of
  std::vector<Random> price_streams;
  std::vector<LowBaseHigh> price;  ///< by metal, in the base year; 0 where unknown
  /// By metal, of draws [0, draws): the same for all sources. Empty for what has no range.
  std::vector<std::vector<double>> drawn_price;
};
[[nodiscard]] CurveRun curve_run(const SupplySources& sources, const PricePath& prices,
                                 const EconomicsOptions& options, int base_year, int year,
                                 std::size_t draws = 0);

struct CostAndTonnes {
  double usd_per_kg = 0.0;  ///< infinite where nothing is made
  double tonnes = 0.0;      ///< of the chosen metals
};

/// Room of one thread for draws of many at once.
struct DrawRoom {
  static constexpr std::size_t most = 256;  ///< draws at once
  std::vector<double> capacity, full_rate, capex, opex;
  DrawRoom() {
    for (auto* one : {&capacity, &full_rate, &capex, &opex}) one->resize(most + cost_lanes::spare);
  }
};

/// One source. The levelised cost is before income tax, so it is a sum of parts that are each
/// proportional to what is drawn: present values of opex, capex, credits and by-products at one
/// unit of each, taken once from the cash flow, then a few products a draw. Where that does not
/// hold (floor prices of by-products, ranges of a price path, working capital of a source whose
/// feed limits it) each draw is a cash flow of its own.
class CostDraws {
 public:
  CostDraws(const CurveRun& run, std::size_t place, const LowBaseHigh& capex);
  [[nodiscard]] CostAndTonnes base();
  /// Not for two threads at once: each copies it.
  [[nodiscard]] CostAndTonnes draw(std::size_t index);
  /// Draws [first, first + count), all below the run's. Arrays need `cost_lanes::spare` beyond.
  /// For any threads at once where it is `laned`.
  void draws(std::size_t first, std::size_t count, DrawRoom& room, double* usd_per_kg,
             double* tonnes) const;
  [[nodiscard]] bool by_parts() const { return by_parts_; }
  [[nodiscard]] bool laned() const { return by_parts_ && !site_; }
  /// Whether draws of it may differ, in cost and in tonnes.
  [[nodiscard]] bool cost_varies() const;
  [[nodiscard]] bool tonnes_vary() const { return source_->capacity_t_per_year.ranged(); }
  [[nodiscard]] bool varies() const { return varies_; }

 private:
  struct Figures {
    double capacity_t, opex_usd_per_kg, capex_usd;
    bool base;
  };
  void take_parts();
  void draws_in_lanes(std::size_t first, std::size_t count, DrawRoom& room, double* usd_per_kg,
                      double* tonnes) const;
  [[nodiscard]] double part_of(double capacity_t);
  [[nodiscard]] double cost_by_parts(const Figures& at, std::size_t index);
  [[nodiscard]] double cost_by_cash(const Figures& at, std::size_t index);
  [[nodiscard]] CostAndTonnes at(const Figures& figures, std::size_t index);

  const CurveRun* run_;
  const SupplySource* source_;
  LowBaseHigh capex_;
  Random capacity_stream_, opex_stream_, capex_stream_;
  bool by_parts_ = true, varies_ = false;
  double share_ = 0.0;                                          ///< of the chosen metals
  double ramp_ = 1.0;                                           ///< of the curve's year
  double ceiling_t_ = std::numeric_limits<double>::infinity();  ///< ... what its feed allows then
  std::vector<double> per_price_;             ///< USD a USD/kg of each, at the base capacity
  double per_opex_ = 0.0, per_capex_ = 0.0;   ///< USD a USD/kg of opex; USD a USD of capex
  double grant_ = 0.0, fixed_ = 0.0;          ///< USD
  double per_grant_ = 0.0, chosen_kg_ = 0.0;  ///< kg at the base capacity
  std::optional<SiteCash> site_;              ///< where parts are not enough
  std::vector<double> u_, prices_;
  std::vector<CashYear> cash_;
};

}  // namespace lode
