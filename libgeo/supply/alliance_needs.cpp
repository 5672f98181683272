// What a bloc needs at each stage against what it has, and why demand is not met.
#include <algorithm>
#include <cmath>

#include "libgeo/core/sum.h"
#include "libgeo/supply/alliance_parts.h"

namespace lode {

namespace {

/// The bloc's capacity of one metal at one stage: the metal's own, and its part of what all share.
struct StageTotals {
  Sum own, scrap;   ///< scrap is the part of own that needs nothing of the stage before
  Sum out, inward;  ///< of fed capacity, shared too: out, and what that takes in
};

StageTotals totals_of(const ChainYear& year, std::size_t stage, std::size_t metal) {
  StageTotals totals;
  for (const auto& step : year.steps) {
    const double tonnes = step.tonnes * ChainYear::part(step, metal);
    if (step.stage != stage || !(tonnes > 0.0)) continue;
    const bool shared = step.share.empty() && step.metal == every_metal;
    if (!shared) totals.own += tonnes;
    if (!shared && !step.fed && stage > 0) totals.scrap += tonnes;
    if (!step.fed) continue;
    totals.out += tonnes;
    totals.inward += tonnes / step.recovery;
  }
  return totals;
}

/// Capacity that all metals share: all of it, and what the plan uses it for.
struct SharedCapacity {
  double all_t = 0.0;
  std::vector<double> used_t;  ///< by metal
};

SharedCapacity shared_capacity(const ChainYear& year, const AlliancePlan& plan, std::size_t stage) {
  SharedCapacity shared;
  shared.used_t.assign(year.metals, 0.0);
  for (std::size_t k = 0; k < year.steps.size(); ++k) {
    const AllianceStep& step = year.steps[k];
    if (step.stage != stage || !step.share.empty() || step.metal != every_metal) continue;
    shared.all_t += step.tonnes;
    for (std::size_t m = 0; m < year.metals; ++m)
      shared.used_t[m] += plan.made_t[k * year.metals + m];
  }
  return shared;
}

double unmet_t(const ChainYear& year, const std::vector<char>& in, const AlliancePlan& plan) {
  Sum unmet;
  for (std::size_t k = 0; k < plan.met_t.size(); ++k)
    if (in[k / year.metals] != 0) unmet += year.demand_t[k] - plan.met_t[k];
  return unmet.value();
}

}  // namespace

ChainNeeds chain_needs(const ChainYear& year, const AlliancePlan& plan) {
  const std::size_t metals = year.metals;
  ChainNeeds out;
  for (auto* list : {&out.capacity_t, &out.used_t, &out.needed_t})
    list->assign(year.stages * metals, 0.0);
  for (std::size_t m = 0; m < metals; ++m) {
    Sum need;
    for (std::size_t i = 0; i < year.members; ++i) need += year.demand_t[i * metals + m];
    double needed = need.value();
    for (std::size_t s = year.stages; s-- > 0;) {
      out.needed_t[s * metals + m] = needed;
      const StageTotals totals = totals_of(year, s, m);
      const double recovery =
          totals.out.value() > 0.0 ? totals.out.value() / totals.inward.value() : 1.0;
      needed = std::max(0.0, needed - totals.scrap.value()) / recovery;
    }
  }
  for (std::size_t s = 0; s < year.stages; ++s) {
    // What is shared counts for whom the plan uses it, the rest for what is still open, in
    // proportion.
    const SharedCapacity shared = shared_capacity(year, plan, s);
    double idle = shared.all_t;
    std::vector<double> open(metals);
    Sum all_open, all_need;
    for (std::size_t m = 0; m < metals; ++m) {
      const std::size_t at = s * metals + m;
      out.capacity_t[at] = totals_of(year, s, m).own.value() + shared.used_t[m];
      idle -= shared.used_t[m];
      open[m] = std::max(0.0, out.needed_t[at] - out.capacity_t[at]);
      all_open += open[m];
      all_need += out.needed_t[at];
    }
    if (!(idle > 0.0)) continue;
    for (std::size_t m = 0; m < metals; ++m) {
      const double part = all_open.value() > 0.0   ? open[m] / all_open.value()
                          : all_need.value() > 0.0 ? out.needed_t[s * metals + m] / all_need.value()
                                                   : 1.0 / static_cast<double>(metals);
      out.capacity_t[s * metals + m] += idle * part;
    }
  }
  for (std::size_t k = 0; k < year.steps.size(); ++k)
    for (std::size_t m = 0; m < metals; ++m)
      out.used_t[year.steps[k].stage * metals + m] += plan.made_t[k * metals + m];
  return out;
}

ChainGaps chain_gaps(const ChainYear& year, const std::vector<char>& in, const AlliancePlan& plan) {
  ChainGaps gaps;
  gaps.unmet_t = unmet_t(year, in, plan);
  Sum demand;
  for (const double tonnes : year.demand_t) demand += tonnes;
  const double least = 1e-6 * demand.value();
  if (gaps.unmet_t <= least) {
    gaps.unmet_t = 0.0;
    return gaps;
  }
  // At a price above any cost of a chain; all metals alike, so that none gives way to another.
  ChainYear dear = year;
  double highest = 0.0;
  for (const auto& step : year.steps) highest = std::max(highest, step.usd_per_kg);
  for (const double haul : year.haul_usd_per_kg)
    if (!std::isnan(haul)) highest = std::max(highest, haul);
  for (double& price : dear.unmet_usd_per_kg)
    price = std::max(price, 1000.0 * (1.0 + highest) * static_cast<double>(year.stages));
  const double at_any_price = unmet_t(dear, in, alliance_plan(dear, in));
  for (double& haul : dear.haul_usd_per_kg)
    if (std::isnan(haul)) haul = highest;
  const double joined = unmet_t(dear, in, alliance_plan(dear, in));
  gaps.dear_t = std::max(0.0, gaps.unmet_t - at_any_price);
  gaps.apart_t = std::max(0.0, at_any_price - joined);
  gaps.short_t = joined;
  for (double* tonnes : {&gaps.dear_t, &gaps.apart_t, &gaps.short_t})
    if (*tonnes <= least) *tonnes = 0.0;
  return gaps;
}

}  // namespace lode
