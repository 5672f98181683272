// Inside of the supply room: one site's cash year by year at given figures, prices and incentives.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "libgeo/supply/economics.h"

namespace lode {

/// What of the incentives is for this source: all of them, or none.
[[nodiscard]] Incentives incentives_of(const SupplySource& source, const EconomicsOptions& options);

/// The years in which a site's cash flows; they follow from the source and the options alone.
struct CashCalendar {
  int base = 0, start = 0;              ///< year 0; first output
  int last = 0;                         ///< of output; start - 1 when there is none
  int end = 0;                          ///< last year with any cash
  int spend_from = 0, spend_years = 0;  ///< of capex; 0 years when there is none to spend
  int repay_from = 0, repay_years = 0;  ///< of the loan
  double life_years = 0.0;              ///< of output; the horizon where the source has no end
};
[[nodiscard]] CashCalendar cash_calendar(const SupplySource& source,
                                         const EconomicsOptions& options, int base_year);

/// Places in `sources.metals` that a name covers: the metal itself, else all that it is made of
/// (NdPr: Nd and Pr). Error "supply.no_metal" when there are none.
[[nodiscard]] std::vector<std::size_t> metals_of(const SupplySources& sources,
                                                 const std::string& name, const std::string& where);

/// Part of the year that many years after the first that lies within a span of years.
[[nodiscard]] double part_of_year(int age, double span);

/// One site. Set figures and prices, then ask for its cash at prices multiplied by a factor.
class SiteCash {
 public:
  /// `chosen`: places of the metals that the levelised cost is of.
  SiteCash(const SupplySources& sources, std::size_t place, const EconomicsOptions& options,
           int base_year, const std::vector<std::size_t>& chosen);

  void set_figures(double capacity_t, double opex_usd_per_kg, double capex_usd);
  /// [year from the base year on * metals + metal], in USD per kg.
  void set_prices(const std::vector<double>& usd_per_kg);
  /// What is paid beside those prices, in the same places, in place of its own floor prices: taxed
  /// as they are, and no revenue that a royalty or working capital is of.
  void set_payments(const std::vector<double>& usd_per_kg);
  [[nodiscard]] const CashCalendar& calendar() const { return calendar_; }
  [[nodiscard]] std::size_t years() const { return factor_.size(); }

  /// Cash with all prices times `all`, and those of the chosen metals times `chosen` too.
  void flow(double all, double chosen, std::vector<CashYear>& into) const;
  /// Its NPV alone.
  [[nodiscard]] double npv(double all, double chosen) const;
  /// Revenue and floor payments less yearly costs in the first year at full rate.
  [[nodiscard]] double yearly_margin(double all) const;
  /// Present value of the kg, and of the revenue at market prices, of the chosen metals.
  [[nodiscard]] double chosen_kg() const;
  [[nodiscard]] double chosen_revenue() const;
  /// The floor payments for the chosen metals in a year, which raise their price and not lower
  /// their cost.
  [[nodiscard]] double chosen_floor(std::size_t k) const;
  [[nodiscard]] double basket_usd_per_kg() const;  ///< in the first year of output

 private:
  struct Floor {
    std::size_t metal;
    double usd_per_kg;
  };
  [[nodiscard]] double revenue(std::size_t k, double all, double chosen) const;
  [[nodiscard]] double floor(std::size_t k, double all, double chosen, bool only_chosen) const;
  void pay_capital(std::vector<CashYear>& into, double all, double chosen) const;
  void pay_tax(std::vector<CashYear>& into) const;
  /// Depreciation of a year, when so much is left.
  [[nodiscard]] double written_off(int year, double left) const;

  SupplySource source_;
  const EconomicsOptions& options_;
  Incentives aid_;
  CashCalendar calendar_;
  std::vector<char> is_chosen_;  ///< by metal
  std::vector<Floor> floors_;
  std::vector<double> factor_;      ///< by year: discount factor
  std::vector<double> open_;        ///< part of the year in which it is open
  std::vector<double> floor_part_;  ///< part of the year in which floor prices are paid
  std::vector<double> kg_;          ///< of all oxides
  std::vector<double> prices_, payments_;
  double capex_ = 0.0, opex_ = 0.0;
  mutable std::vector<CashYear> scratch_;  ///< one thread a site: draws have copies of their own
};

/// Present value of the cash of some years.
[[nodiscard]] double present_value(const std::vector<CashYear>& cash,
                                   const std::function<double(const CashYear&)>& of);

/// Present value of all cost before income tax, less grants, credits and loans.
[[nodiscard]] double present_cost(const std::vector<CashYear>& cash);
/// That less by-products (at market and floor prices) over the discounted kg of the chosen metals;
/// NaN without any.
[[nodiscard]] double levelised_usd_per_kg(const SiteCash& site, const std::vector<CashYear>& cash);

/// The rate up to which an investment pays: its NPV is above 0 at rates below and below 0 above. Of
/// several, the first above the discount rate when the NPV is above 0 there, else the last below
/// it. Infinite above 1000 %; NaN where nothing is put in first, or no rate pays. `roots`: as of
/// `internal_rate_of_return`.
[[nodiscard]] double paying_rate(const std::vector<double>& flows, double discount,
                                 std::size_t* roots = nullptr);

/// Prices of all metals by year, as `SiteCash` takes them; `u` by metal, none = the base figures.
void prices_by_year(const SupplySources& sources, const PricePath& prices, int base_year,
                    std::size_t years, const std::vector<double>& u, std::vector<double>& into);

/// The least x >= 0 from which on a rising function is at or above 0; NaN when it is nowhere.
[[nodiscard]] double rising_zero(const std::function<double(double)>& f);

}  // namespace lode
