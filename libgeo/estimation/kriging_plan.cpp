#include "libgeo/estimation/kriging_plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::kriging {

namespace {

struct Box {
  Place low{}, high{};
  [[nodiscard]] double across(const Place& p, const Place& q) const {
    double square = 0.0;
    for (std::size_t c = 0; c < 3; ++c) square += (q[c] - p[c]) * (q[c] - p[c]);
    return std::sqrt(square);
  }
};

Box box_of(const Samples& samples) {
  Box box;
  const std::vector<double>* columns[3] = {&samples.x, &samples.y, &samples.z};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto [low, high] = std::minmax_element(columns[c]->begin(), columns[c]->end());
    box.low[c] = *low;
    box.high[c] = *high;
  }
  return box;
}

// Samples at one place, by the first of them. With a distance they are chained: whoever is near to
// one of a cluster belongs to it.
void merge_duplicates(const Samples& samples, const std::vector<Place>& places, Plan& plan) {
  const std::size_t n = samples.size();
  std::vector<std::uint32_t> label(n);
  std::iota(label.begin(), label.end(), 0u);
  const PlaceTree tree(places, label);
  plan.stands_for = label;
  std::vector<std::uint8_t> seen(n, 0);
  std::vector<std::uint32_t> position(n), near, cluster;
  for (std::uint32_t p = 0; p < n; ++p) position[tree.order()[p]] = p;
  const double distance = plan.options.duplicate_distance_m;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (seen[i]) continue;
    seen[i] = 1;
    cluster.assign(1, i);
    for (std::size_t next = 0; next < cluster.size(); ++next) {
      near.clear();
      tree.within(places[cluster[next]], distance, near);
      for (const std::uint32_t p : near) {
        const std::uint32_t j = tree.order()[p];
        const bool other_domain = !samples.domain.empty() && samples.domain[j] != samples.domain[i];
        if (seen[j] || other_domain) continue;
        seen[j] = 1;
        cluster.push_back(j);
      }
    }
    if (cluster.size() == 1) continue;
    std::sort(cluster.begin(), cluster.end());
    plan.duplicates += cluster.size() - 1;
    if (plan.options.duplicates == DuplicatePolicy::refuse && plan.krigs())
      throw Error("estimate.duplicates",
                  "it lies where " + samples.name(cluster[0]) +
                      " does; kriging has no answer for two samples at one place",
                  samples.name(cluster[1]),
                  "Mend the places, or say whether duplicates are averaged or the first is taken.");
    if (plan.options.duplicates == DuplicatePolicy::refuse) continue;
    for (const std::uint32_t j : cluster) plan.stands_for[j] = i;
    plan.merged[i] = plan.options.duplicates == DuplicatePolicy::average
                         ? cluster
                         : std::vector<std::uint32_t>{i};
  }
}

// The value a sample stands for; the mean of the duplicates that have one.
double value_of(const Plan& plan, const std::vector<double>& column, std::uint32_t sample) {
  const auto merged = plan.merged.find(sample);
  if (merged == plan.merged.end()) return column[sample];
  double sum = 0.0, count = 0.0;
  for (const std::uint32_t j : merged->second)
    if (!std::isnan(column[j])) {
      sum += column[j];
      count += 1.0;
    }
  return count > 0.0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

// Groups of variables with the same samples, and those samples.
std::vector<std::vector<std::uint32_t>> group_variables(const Samples& samples, Plan& plan,
                                                        bool weights_only) {
  const std::size_t n = samples.size(), variables = weights_only ? 0 : samples.values.size();
  std::vector<std::vector<std::uint32_t>> usable;
  const auto with = [&](const std::vector<std::size_t>& wanted) {
    std::vector<std::uint32_t> list;
    for (std::uint32_t i = 0; i < n; ++i) {
      bool good = plan.stands_for[i] == i;
      for (const std::size_t v : wanted)
        good = good && !std::isnan(value_of(plan, samples.values[v], i));
      if (good) list.push_back(i);
    }
    return list;
  };
  std::vector<std::size_t> all(variables);
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (plan.options.partial == PartialPolicy::drop || variables < 2) {
    plan.groups = {all};
    usable = {with(all)};
  } else {
    for (const std::size_t v : all) {
      auto list = with({v});
      const auto same = std::find(usable.begin(), usable.end(), list);
      if (same != usable.end()) {
        plan.groups[static_cast<std::size_t>(same - usable.begin())].push_back(v);
      } else {
        plan.groups.push_back({v});
        usable.push_back(std::move(list));
      }
    }
  }
  std::size_t kept = 0;
  std::vector<std::uint8_t> any(n, 0);
  for (const auto& list : usable)
    for (const std::uint32_t i : list) any[i] = 1;
  for (std::uint32_t i = 0; i < n; ++i) kept += any[plan.stands_for[i]];
  plan.dropped = n - kept;
  return usable;
}

void add_passes(const Plan& plan, const std::vector<Place>& places, SampleSet& set,
                const std::vector<std::uint32_t>& holes, std::vector<std::uint32_t>& order) {
  const bool turned = !plan.options.local_angles.empty();
  std::vector<std::uint32_t> label = set.sample;
  for (std::size_t p = 0; p < plan.metrics.size(); ++p) {
    SampleSet::Pass pass;
    const Metric& metric = plan.metrics[p];
    if (turned && metric.limit < HUGE_VAL)
      pass.unit = *std::max_element(metric.most.begin(), metric.most.end());
    std::vector<Place> scaled;
    for (const Place& place : places) {
      scaled.push_back(turned ? place : metric.scale(place));
      if (turned)
        for (double& part : scaled.back()) part /= pass.unit;
    }
    pass.tree = PlaceTree(scaled, label);
    if (p == 0) {
      order = pass.tree.order();
    } else {
      std::vector<std::uint32_t> at(order.size());
      for (std::uint32_t i = 0; i < order.size(); ++i) at[order[i]] = i;
      for (const std::uint32_t i : pass.tree.order()) pass.set_position.push_back(at[i]);
    }
    for (const std::uint32_t i : pass.tree.order()) {
      pass.sample.push_back(label[i]);
      if (!holes.empty()) pass.hole.push_back(holes[label[i]]);
    }
    set.passes.push_back(std::move(pass));
  }
}

void centre_set(SampleSet& set, std::size_t external) {
  const auto middle = [](double low, double high, double& centre, double& reach) {
    centre = low + (high - low) * 0.5;
    reach = (high - low) * 0.5;
  };
  if (set.sample.empty()) return;
  for (std::size_t c = 0; c < 3; ++c) {
    double low = set.places[0][c], high = low;
    for (const Place& place : set.places) {
      low = std::min(low, place[c]);
      high = std::max(high, place[c]);
    }
    middle(low, high, set.centre[c], set.reach[c]);
  }
  set.drift_centre.resize(external);
  set.drift_reach.resize(external);
  for (std::size_t d = 0; d < external; ++d) {
    double low = set.drift[d], high = low;
    for (std::size_t i = 0; i < set.sample.size(); ++i) {
      low = std::min(low, set.drift[i * external + d]);
      high = std::max(high, set.drift[i * external + d]);
    }
    middle(low, high, set.drift_centre[d], set.drift_reach[d]);
  }
}

SampleSet make_set(const Plan& plan, const Samples& samples, const std::vector<Place>& all_places,
                   const std::vector<std::size_t>& variables,
                   const std::vector<std::uint32_t>& members) {
  SampleSet set;
  set.sample = members;
  std::vector<Place> places;
  for (const std::uint32_t i : members) places.push_back(all_places[i]);
  std::vector<std::uint32_t> order;
  add_passes(plan, places, set, samples.hole, order);
  const std::size_t n = members.size();
  set.width = padded(std::max<std::size_t>(variables.size(), 1));
  set.values.assign(n * set.width, 0.0);
  bool some_high = false;
  for (std::size_t p = 0; p < n; ++p) {
    const std::uint32_t i = members[order[p]];
    set.sample[p] = i;
    set.places.push_back(all_places[i]);
    if (!samples.hole.empty()) set.hole.push_back(samples.hole[i]);
    for (std::size_t d = 0; d < plan.external; ++d)
      set.drift.push_back(value_of(plan, plan.options.sample_drift[d], i));
    std::uint8_t high = 0;
    for (std::size_t v = 0; v < variables.size(); ++v) {
      const double value = value_of(plan, samples.values[variables[v]], i);
      set.values[p * set.width + v] = value;
      if (!plan.options.high_yield_above.empty() &&
          value > plan.options.high_yield_above[variables[v]])
        high = 1;
    }
    some_high = some_high || high != 0;
    set.high.push_back(high);
  }
  if (!some_high) set.high.clear();
  if (plan.krigs()) {
    set.scaled.resize(n * plan.covariance.width());
    for (std::size_t p = 0; p < n; ++p)
      plan.covariance.scale(set.places[p], &set.scaled[p * plan.covariance.width()]);
  }
  centre_set(set, plan.external);
  return set;
}

// Which domains of samples serve targets of `domain`.
bool serves(const EstimateOptions& options, const std::string& sample, const std::string& target) {
  if (sample == target) return true;
  for (const auto& [to, from] : options.soft_boundaries)
    if (to == target && from == sample) return true;
  return false;
}

void say_findings(Plan& plan, const Samples& samples) {
  if (plan.dropped > 0)
    plan.findings.add("estimate.missing", Severity::note, "samples",
                      std::to_string(plan.dropped) + " of " + std::to_string(samples.size()) +
                          " samples lack a value and are left out",
                      plan.dropped);
  if (plan.duplicates > 0 && !plan.merged.empty())
    plan.findings.add(
        "estimate.duplicates_merged", Severity::warning, "samples",
        std::to_string(plan.duplicates) + " samples lie where another one does; " +
            (plan.options.duplicates == DuplicatePolicy::average ? "their values are averaged"
                                                                 : "the first is taken"),
        plan.duplicates);
}

}  // namespace

Plan make_plan(const Samples& samples, const Targets& targets, const EstimateOptions& options,
               bool weights_only) {
  check_samples(samples, weights_only);
  check_options(samples, options, weights_only);
  check_targets(samples, targets, options);
  Plan plan;
  plan.options = options;
  const Box box = box_of(samples);
  for (std::size_t c = 0; c < 3; ++c)
    plan.origin[c] = std::floor(box.low[c] + (box.high[c] - box.low[c]) * 0.5);
  if (plan.krigs()) plan.covariance = Covariance(options.model, box.across(box.low, box.high));
  for (const SearchPass& pass : options.search.passes)
    plan.metrics.push_back(metric_of(pass, options.search.angles));
  const auto& d = options.discretise;
  plan.point = d[0] * d[1] * d[2] == 1;
  if (options.method == EstimationMethod::uk) plan.monomials = parse_drift(options.drift);
  if (options.method == EstimationMethod::ked) plan.external = options.sample_drift.size();
  if (options.method != EstimationMethod::sk)
    plan.drift_terms = 1 + plan.monomials.size() + plan.external;
  plan.hole = samples.hole;
  plan.variables = weights_only ? 0 : samples.values.size();
  std::vector<Place> places;
  for (std::size_t i = 0; i < samples.size(); ++i)
    places.push_back({samples.x[i] - plan.origin[0], samples.y[i] - plan.origin[1],
                      samples.z[i] - plan.origin[2]});
  merge_duplicates(samples, places, plan);
  const auto usable = group_variables(samples, plan, weights_only);
  const bool by_domain = !targets.domain.empty() && !samples.domain.empty();
  if (by_domain)
    for (const std::string& domain : targets.domain) plan.domains.emplace(domain, 0);
  std::size_t number = 0;
  for (auto& [domain, at] : plan.domains) at = number++;
  for (std::size_t g = 0; g < usable.size(); ++g) {
    plan.sets.emplace_back();
    if (!by_domain)
      plan.sets[g].push_back(make_set(plan, samples, places, plan.groups[g], usable[g]));
    for (const auto& [domain, at] : plan.domains) {
      std::vector<std::uint32_t> members;
      for (const std::uint32_t i : usable[g])
        if (serves(options, samples.domain[i], domain)) members.push_back(i);
      plan.sets[g].push_back(make_set(plan, samples, places, plan.groups[g], members));
    }
  }
  say_findings(plan, samples);
  return plan;
}

TargetSource::TargetSource(const Plan& plan, const Targets& targets)
    : targets_(&targets), size_(targets.size()), origin_(plan.origin) {
  axes_ = {{{1.0, 0.0, 0.0}, {0.0, 1.0, 0.0}, {0.0, 0.0, 1.0}}};
  if (targets.is_grid) {
    BlockGrid turned = targets.grid;
    turned.origin = {0.0, 0.0, 0.0};
    for (std::size_t c = 0; c < 3; ++c) {
      Place unit{0.0, 0.0, 0.0};
      unit[c] = 1.0;
      axes_[c] = from_grid(turned, unit);
    }
  }
  if (!plan.domains.empty())
    for (const std::string& domain : targets.domain)
      domain_.push_back(static_cast<std::uint32_t>(plan.domains.at(domain)));
}

Place TargetSource::place(std::size_t target) const {
  if (!targets_->is_grid)
    return {targets_->x[target] - origin_[0], targets_->y[target] - origin_[1],
            targets_->z[target] - origin_[2]};
  // As centre_of, to the last bit, with the rotation worked out once.
  const BlockGrid& g = targets_->grid;
  const auto at = g.ijk(target);
  const double x = (static_cast<double>(at[0]) + 0.5) * g.spacing[0];
  const double y = (static_cast<double>(at[1]) + 0.5) * g.spacing[1];
  const double z = (static_cast<double>(at[2]) + 0.5) * g.spacing[2];
  return {(g.origin[0] + x * axes_[0][0] + y * axes_[1][0]) - origin_[0],
          (g.origin[1] + x * axes_[0][1] + y * axes_[1][1]) - origin_[1],
          (g.origin[2] + z) - origin_[2]};
}

Place TargetSource::block(std::size_t target) const {
  if (targets_->is_grid) return targets_->grid.spacing;
  if (targets_->dx.empty()) return {0.0, 0.0, 0.0};
  return {targets_->dx[target], targets_->dy[target], targets_->dz[target]};
}

}  // namespace lode::kriging
