#include "libgeo/supply/disruption.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/disruption_parts.h"

namespace lode {

namespace {

constexpr double nothing = 1e-9;  // of the demand: a difference of sums is never less exact

double sum_of(const std::vector<double>& values) {
  Sum sum;
  for (const double value : values) sum += value;
  return sum.value();
}

double tonnes_of(const std::vector<StockPile>& stock) {
  Sum sum;
  for (const auto& pile : stock) sum += pile.tonnes;
  return sum.value();
}

/// Draws what is needed and can be had in a year. The pile that lasts longest comes first, so that
/// what a slow one holds is not left over when the others are gone.
double draw_from(std::vector<StockPile>& stock, double needed) {
  const auto lasts = [](const StockPile& pile) {
    return pile.tonnes > 0.0 ? pile.tonnes / pile.per_year_t : 0.0;
  };
  if (stock.size() > 1)
    std::stable_sort(stock.begin(), stock.end(),
                     [&](const StockPile& a, const StockPile& b) { return lasts(a) > lasts(b); });
  double drawn = 0.0;
  for (auto& pile : stock) {
    const double part = std::min({needed - drawn, pile.tonnes, pile.per_year_t});
    pile.tonnes -= part;
    drawn += part;
  }
  return drawn;
}

Spread5 only(double value) {
  return {value, value, value, value, value, value};
}

/// The base figures of one metal, from which sources and stock are taken away in turn.
class BaseMetal {
 public:
  BaseMetal(const DisruptionSetup& setup, const SupplyDemand& demand, std::size_t metal)
      : setup_(setup), metal_(metal), years_(demand.years.size()) {
    for (std::size_t y = 0; y < years_; ++y) needed_.push_back(demand.at(metal, y).base);
    all_ = given([](std::size_t) { return true; });
    primary_ = given([&](std::size_t i) { return !setup.sites[i].secondary; });
  }

  [[nodiscard]] double made(std::size_t site, std::size_t year) const {
    const SupplySite& one = setup_.sites[site];
    return std::min(one.most_t[year], one.limit_t[year]) * one.part[metal_][year];
  }
  template <class Counts>
  [[nodiscard]] std::vector<double> given(Counts counts) const {
    std::vector<double> out;
    for (std::size_t y = 0; y < years_; ++y) {
      Sum sum;
      for (std::size_t i = 0; i < setup_.sites.size(); ++i)
        if (counts(i)) sum += made(i, y);
      out.push_back(sum.value());
    }
    return out;
  }
  [[nodiscard]] ShortfallPath path(const std::vector<double>& sites) const {
    ShortfallPath path;
    shortfalls(setup_, metal_, needed_, sites, {}, path);
    return path;
  }
  [[nodiscard]] const std::vector<double>& all() const { return all_; }
  [[nodiscard]] const std::vector<double>& primary() const { return primary_; }

 private:
  const DisruptionSetup& setup_;
  std::size_t metal_, years_;
  std::vector<double> needed_, all_, primary_;
};

/// Years from the first on until something is missing: whole years, and the part of the last that
/// a stock covered before it ran out.
double years_until_short(const std::vector<double>& missing) {
  for (std::size_t y = 0; y < missing.size(); ++y)
    if (missing[y] > 0.0) return static_cast<double>(y);
  return static_cast<double>(missing.size());
}

double years_until_short(const ShortfallPath& path, double stock_t) {
  double left = stock_t;
  for (std::size_t y = 0; y < path.with_stock.size(); ++y) {
    const double drawn = path.with_sites[y] - path.with_stock[y];
    if (path.with_stock[y] > 0.0) {
      const bool ran_out = drawn >= left * (1.0 - nothing);
      return static_cast<double>(y) + (ran_out ? drawn / path.with_sites[y] : 0.0);
    }
    left -= drawn;
  }
  return static_cast<double>(path.with_stock.size());
}

int first_short(const SupplyDemand& demand, const std::vector<double>& missing) {
  for (std::size_t y = 0; y < missing.size(); ++y)
    if (missing[y] > 0.0) return demand.years[y];
  return 0;
}

int free_from(const SupplyDemand& demand, const std::vector<double>& missing) {
  std::size_t y = missing.size();
  while (y > 0 && !(missing[y - 1] > 0.0)) --y;
  return y == missing.size() ? 0 : demand.years[y];
}

void add_base(const DisruptionSetup& setup, const SupplyDemand& demand,
              const SupplySources& sources, DisruptionResult& result) {
  for (std::size_t m = 0; m < demand.metals.size(); ++m) {
    const BaseMetal base(setup, demand, m);
    const ShortfallPath path = base.path(base.all());
    for (std::size_t y = 0; y < demand.years.size(); ++y) {
      ShortfallRow row;
      row.metal = demand.metals[m];
      row.year = demand.years[y];
      row.demand_t = demand.at(m, y).base;
      if (path.stage[y] >= 0)
        row.stage = setup.stages[m][static_cast<std::size_t>(path.stage[y])].name;
      row.alone_t = only(path.alone[y]);
      row.with_sites_t = only(path.with_sites[y]);
      row.with_stock_t = only(path.with_stock[y]);
      row.sites_t = base.all()[y];
      row.recycled_t = base.all()[y] - base.primary()[y];
      row.stock_t = path.with_sites[y] - path.with_stock[y];
      row.probability = path.with_stock[y] > 0.0 ? 1.0 : 0.0;
      result.rows.push_back(std::move(row));
    }
    ShortfallTail tail;
    tail.metal = demand.metals[m];
    tail.expected_t = tail.value_at_risk_t = tail.cvar_t = sum_of(path.alone);
    tail.with_expected_t = tail.with_value_at_risk_t = tail.with_cvar_t = sum_of(path.with_stock);
    tail.first_short_alone = first_short(demand, path.alone);
    tail.first_short_with = first_short(demand, path.with_stock);
    const double stock_t = tonnes_of(setup.stock[m]);
    const double until = years_until_short(path, stock_t);
    tail.bought_by_stock_years = until - years_until_short(path.with_sites);
    const ShortfallPath mined = base.path(base.primary());
    tail.bought_by_recycling_years = until - years_until_short(mined, stock_t);
    tail.free_from = free_from(demand, path.with_sites);
    result.tails.push_back(tail);
    for (std::size_t i = 0; i < setup.sites.size(); ++i) {
      auto without = base.all();
      for (std::size_t y = 0; y < without.size(); ++y)
        without[y] = std::max(0.0, without[y] - base.made(i, y));
      const double saved = sum_of(base.path(without).with_stock) - tail.with_expected_t;
      result.relief.push_back({sources.list[i].id, demand.metals[m],
                               saved > nothing * (1.0 + tail.with_expected_t) ? saved : 0.0});
    }
  }
  std::stable_sort(
      result.relief.begin(), result.relief.end(),
      [](const SourceRelief& a, const SourceRelief& b) { return a.saved_t > b.saved_t; });
}

void add_draws(const SupplyDemand& demand, const DrawnShortfalls& drawn,
               const DisruptionOptions& options, DisruptionResult& result) {
  const std::size_t n = options.draws, years = demand.years.size();
  const auto column = [&](const std::vector<double>& of, std::size_t at) {
    const auto first = of.begin() + static_cast<std::ptrdiff_t>(at * n);
    return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(n));
  };
  parallel_blocks(result.rows.size(), 1, options.jobs,
                  [&](std::size_t at, std::size_t, std::size_t) {
                    ShortfallRow& row = result.rows[at];
                    row.alone_t = spread_of(column(drawn.alone, at));
                    row.with_sites_t = spread_of(column(drawn.with_sites, at));
                    auto with = column(drawn.with_stock, at);
                    const auto short_of =
                        std::count_if(with.begin(), with.end(), [](double t) { return t > 0.0; });
                    row.probability = static_cast<double>(short_of) / static_cast<double>(n);
                    row.with_stock_t = spread_of(std::move(with));
                  });
  for (std::size_t m = 0; m < demand.metals.size(); ++m) {
    std::vector<double> alone(n), with(n);
    for (std::size_t d = 0; d < n; ++d) {
      Sum without_help, helped;
      for (std::size_t y = 0; y < years; ++y) {
        without_help += drawn.alone[(m * years + y) * n + d];
        helped += drawn.with_stock[(m * years + y) * n + d];
      }
      alone[d] = without_help.value();
      with[d] = helped.value();
    }
    ShortfallTail& tail = result.tails[m];
    const WorstOf worst = worst_of(std::move(alone), options.confidence);
    tail.expected_t = worst.mean;
    tail.value_at_risk_t = worst.value_at_risk;
    tail.cvar_t = worst.cvar;
    const WorstOf helped = worst_of(std::move(with), options.confidence);
    tail.with_expected_t = helped.mean;
    tail.with_value_at_risk_t = helped.value_at_risk;
    tail.with_cvar_t = helped.cvar;
    tail.standard_error_t = helped.standard_error;
  }
}

std::string rules(const DisruptionOptions& options, std::size_t draws) {
  std::string how =
      "what is left is the least over the stages; several restrictions multiply, of quotas (by "
      "country, "
      "metal and stage) the least holds; sites add past all stages, under the restrictions and "
      "failures of their country; surplus is not stored; stock is drawn as soon as it is needed";
  if (draws == 0) return how + "; restrictions alone, no chance";
  return how + "; " + std::to_string(draws) + " draws with seed " + std::to_string(options.seed) +
         ": failures begin with each country's yearly probability, go on with " +
         fixed_text(1.0 - 1.0 / options.years_mean, 3) + " a year, lose Beta(" +
         number_text(options.severity_a) + ", " + number_text(options.severity_b) +
         ") of the sales, correlation within blocs " + number_text(options.bloc_correlation) +
         "; value at risk at " + number_text(100.0 * options.confidence) + " %";
}

}  // namespace

void shortfalls(const DisruptionSetup& setup, std::size_t metal, const std::vector<double>& demand,
                const std::vector<double>& sites_t, const std::vector<double>& lost,
                ShortfallPath& into) {
  const std::size_t years = demand.size();
  into.alone.assign(years, 0.0);
  into.with_sites.assign(years, 0.0);
  into.with_stock.assign(years, 0.0);
  into.stage.assign(years, -1);
  into.stock = setup.stock[metal];
  for (std::size_t y = 0; y < years; ++y) {
    const double needed = demand[y];
    double worst = 0.0;
    for (std::size_t s = 0; s < setup.stages[metal].size(); ++s) {
      double missing = 0.0;
      for (const auto& line : setup.stages[metal][s].lines) {
        const double sold = needed * line.share;
        double kept = std::min(sold * line.kept[y], line.quota_t[y]);
        if (!lost.empty()) kept *= 1.0 - lost[line.country * years + y];
        missing += sold - kept;
      }
      if (missing > worst) {
        worst = missing;
        into.stage[y] = static_cast<int>(s);
      }
    }
    const auto above = [&](double missing) { return missing > nothing * needed ? missing : 0.0; };
    into.alone[y] = above(worst);
    into.with_sites[y] = above((setup.planned ? needed : into.alone[y]) - sites_t[y]);
    const double drawn = draw_from(into.stock, into.with_sites[y]);
    into.with_stock[y] = above(into.with_sites[y] - drawn);
  }
}

DisruptionResult disruption(const SupplyDemand& demand, const std::vector<StageSupply>& today,
                            const SupplySources& sources,
                            const std::vector<Restriction>& restrictions,
                            const std::vector<Stockpile>& stock, const DisruptionOptions& options,
                            const Progress& progress) {
  DisruptionResult result;
  result.draws = options.draws;
  const DisruptionSetup setup =
      disruption_setup(demand, today, sources, restrictions, stock, options, result);
  result.how = rules(options, options.draws);
  add_base(setup, demand, sources, result);
  if (options.draws > 0)
    add_draws(demand, drawn_shortfalls(setup, demand, sources, options, progress.part(0.0, 0.9)),
              options, result);
  progress.update(1.0);
  return result;
}

}  // namespace lode
