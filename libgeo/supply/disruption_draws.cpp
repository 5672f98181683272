// Chance in a disruption: failures that persist and go together, outputs and demand within ranges.
#include <algorithm>
#include <cmath>

#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "libgeo/core/spread.h"
#include "libgeo/core/sum.h"
#include "libgeo/supply/beta.h"
#include "libgeo/supply/disruption_parts.h"
#include "libgeo/supply/draws.h"

namespace lode {

namespace {

constexpr std::size_t block_of_draws = 128;

double mean_of(const std::vector<double>& values) {
  Sum sum;
  for (const double value : values) sum += value;
  return sum.value() / static_cast<double>(values.size());
}

/// What is the same in every draw, and room for one.
class Drawer {
 public:
  Drawer(const DisruptionSetup& setup, const SupplyDemand& demand, const SupplySources& sources,
         const DisruptionOptions& options)
      : setup_(setup),
        demand_(demand),
        sources_(sources),
        options_(options),
        failures_(setup, options, demand.years.size()) {
    for (const auto& source : sources.list)
      source_streams_.push_back(draw_stream(source.id, "supply capacity"));
    for (const auto& metal : demand.metals)
      demand_streams_.push_back(draw_stream(metal, "supply demand"));
  }

  void draw(std::size_t index, DrawnShortfalls& into, std::size_t draws) {
    const std::size_t years = demand_.years.size();
    failures_.draw(index, lost_);
    add_sites(index);
    for (std::size_t m = 0; m < demand_.metals.size(); ++m) {
      const double u = Random{options_.seed, demand_streams_[m]}.uniform(index);
      needed_.resize(years);
      for (std::size_t y = 0; y < years; ++y) {
        const LowBaseHigh& range = demand_.at(m, y);
        needed_[y] =
            range.ranged() ? between_percentiles(range.low, range.base, range.high, u) : range.base;
      }
      shortfalls(setup_, m, needed_, given_[m], lost_, path_);
      for (std::size_t y = 0; y < years; ++y) {
        const std::size_t at = (m * years + y) * draws + index;
        into.alone[at] = path_.alone[y];
        into.with_sites[at] = path_.with_sites[y];
        into.with_stock[at] = path_.with_stock[y];
      }
    }
  }

 private:
  /// What the sites give by metal and year: each at its drawn capacity, less what fails with its
  /// country.
  void add_sites(std::size_t index) {
    const std::size_t years = demand_.years.size(), metals = demand_.metals.size();
    given_.assign(metals, std::vector<double>(years, 0.0));
    for (std::size_t i = 0; i < setup_.sites.size(); ++i) {
      const SupplySite& site = setup_.sites[i];
      double factor = 1.0;
      if (site.ranged) {
        const LowBaseHigh& range = sources_.list[i].capacity_t_per_year;
        const double u = Random{options_.seed, source_streams_[i]}.uniform(index);
        factor = between_percentiles(range.low, range.base, range.high, u) / range.base;
      }
      const double* lost = lost_.data() + site.country * years;
      for (std::size_t y = 0; y < years; ++y) {
        if (site.most_t[y] == 0.0) continue;
        const double made = std::min(factor * site.most_t[y], site.limit_t[y]) * (1.0 - lost[y]);
        for (std::size_t m = 0; m < metals; ++m) given_[m][y] += made * site.part[m][y];
      }
    }
  }

  const DisruptionSetup& setup_;
  const SupplyDemand& demand_;
  const SupplySources& sources_;
  const DisruptionOptions& options_;
  FailureDraws failures_;
  std::vector<std::uint64_t> source_streams_, demand_streams_;
  std::vector<double> lost_, needed_;
  std::vector<std::vector<double>> given_;
  ShortfallPath path_;
};

}  // namespace

Spread5 spread_of(std::vector<double> values) {
  Spread5 spread;
  if (values.empty()) return spread;
  spread.mean = mean_of(values);
  std::sort(values.begin(), values.end());
  spread.p05 = percentile_of_sorted(values, 0.05);
  spread.p10 = percentile_of_sorted(values, 0.10);
  spread.p50 = percentile_of_sorted(values, 0.50);
  spread.p90 = percentile_of_sorted(values, 0.90);
  spread.p95 = percentile_of_sorted(values, 0.95);
  return spread;
}

WorstOf worst_of(std::vector<double> values, double confidence) {
  WorstOf worst;
  if (values.empty()) return worst;
  const auto n = static_cast<double>(values.size());
  worst.mean = mean_of(values);
  Sum squares;
  for (const double value : values) squares += (value - worst.mean) * (value - worst.mean);
  if (n > 1.0) worst.standard_error = std::sqrt(squares.value() / (n - 1.0) / n);
  std::sort(values.begin(), values.end());
  // confidence x n is whole but for rounding as often as not: 0.95 x 100.
  const double below = std::ceil(confidence * n - 1e-9 * n);
  const auto at = std::min(values.size() - 1, static_cast<std::size_t>(std::max(0.0, below - 1.0)));
  worst.value_at_risk = values[at];
  Sum tail;
  for (std::size_t k = at + 1; k < values.size(); ++k) tail += values[k];
  const double beyond = n - static_cast<double>(at) - 1.0, all = (1.0 - confidence) * n;
  tail += std::max(0.0, all - beyond) * worst.value_at_risk;
  worst.cvar = tail.value() / std::max(all, beyond);
  return worst;
}

FailureDraws::FailureDraws(const DisruptionSetup& setup, const DisruptionOptions& options,
                           std::size_t years)
    : setup_(setup), options_(options), years_(years) {
  for (std::size_t c = 0; c < setup.countries.size(); ++c) {
    const std::string& name = setup.countries[c];
    const double p = setup.probability[c];
    streams_.push_back({draw_stream(name, "failure begins"), draw_stream(name, "failure goes on"),
                        draw_stream(name, "failure severity"),
                        p > 0.0 && p < 1.0 ? inverse_normal(p) : 0.0});
  }
  for (const auto& bloc : setup.blocs) bloc_streams_.push_back(draw_stream(bloc, "bloc"));
}

void FailureDraws::draw(std::size_t index, std::vector<double>& lost) const {
  lost.assign(setup_.countries.size() * years_, 0.0);
  const std::uint64_t first = static_cast<std::uint64_t>(index) * years_;
  std::vector<double> common(bloc_streams_.size() * years_);
  for (std::size_t b = 0; b < bloc_streams_.size(); ++b)
    for (std::size_t y = 0; y < years_; ++y)
      common[b * years_ + y] = Random{options_.seed, bloc_streams_[b]}.normal(first + y);
  const double with = std::sqrt(options_.bloc_correlation),
               own = std::sqrt(1.0 - options_.bloc_correlation);
  const double goes_on = 1.0 - 1.0 / options_.years_mean;
  for (std::size_t c = 0; c < setup_.countries.size(); ++c) {
    const double p = setup_.probability[c];
    if (!(p > 0.0)) continue;
    const Streams& streams = streams_[c];
    double now = 0.0;
    for (std::size_t y = 0; y < years_; ++y) {
      if (now > 0.0 && goes_on > 0.0 &&
          Random{options_.seed, streams.goes_on}.uniform(first + y) < goes_on) {
        lost[c * years_ + y] = now;
        continue;
      }
      bool fails = p >= 1.0;
      if (!fails && setup_.bloc[c] >= 0) {
        const double z = with * common[static_cast<std::size_t>(setup_.bloc[c]) * years_ + y] +
                         own * Random{options_.seed, streams.begin}.normal(first + y);
        fails = z < streams.threshold;
      } else if (!fails) {
        fails = Random{options_.seed, streams.begin}.uniform(first + y) < p;
      }
      now = fails ? beta_quantile(Random{options_.seed, streams.severity}.uniform(first + y),
                                  options_.severity_a, options_.severity_b)
                  : 0.0;
      lost[c * years_ + y] = now;
    }
  }
}

DrawnShortfalls drawn_shortfalls(const DisruptionSetup& setup, const SupplyDemand& demand,
                                 const SupplySources& sources, const DisruptionOptions& options,
                                 const Progress& progress) {
  DrawnShortfalls drawn;
  const std::size_t room = demand.metals.size() * demand.years.size() * options.draws;
  drawn.alone.resize(room);
  drawn.with_sites.resize(room);
  drawn.with_stock.resize(room);
  parallel_blocks(
      options.draws, block_of_draws, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        Drawer drawer(setup, demand, sources, options);
        for (std::size_t d = begin; d < end; ++d) drawer.draw(d, drawn, options.draws);
      },
      progress);
  return drawn;
}

}  // namespace lode
