#include "libgeo/deposit/composites.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/composite_cuts.h"

namespace lode {

namespace {

constexpr double shortest_m = 0.01;
// Pieces shorter than this are rounding of depths, not lengths.
constexpr double slack_m = 1e-6;

// Sums over the pieces of one composite.
struct Sums {
  std::vector<double> metal, weight, covered_m;
  double density_m = 0.0, density_sum = 0.0;
};

class Builder {
 public:
  Builder(const DrillholeSet& set, const CompositeOptions& options, CompositeResult& result)
      : set_(set), options_(options), result_(result) {
    const std::size_t variables = set.assays.variables.size();
    result.values.resize(variables);
    result.coverage_pct.resize(variables);
    const double azimuth = options.structure_azimuth_deg * std::numbers::pi / 180.0;
    const double dip = options.structure_dip_deg * std::numbers::pi / 180.0;
    normal_ = {std::sin(azimuth) * std::sin(dip), std::cos(azimuth) * std::sin(dip), std::cos(dip)};
    weight_.resize(set.assays.size());
    for (std::size_t i = 0; i < weight_.size(); ++i) {
      double weight = 1.0;
      if (!set.assays.density_t_m3.empty()) weight *= set.assays.density_t_m3[i];
      if (!set.assays.recovery_pct.empty()) weight *= set.assays.recovery_pct[i] / 100.0;
      weight_[i] = weight;
      if (std::isnan(weight)) ++unweighted_;
    }
  }

  void add_hole(std::size_t h) {
    const Drillhole& hole = set_.holes[h];
    const std::size_t last = hole.first_interval + hole.intervals;
    for (std::size_t begin = hole.first_interval; begin < last;) {
      std::size_t end = begin + 1;
      while (end < last && domain_of(end) == domain_of(begin)) ++end;
      add_run(h, begin, end);
      begin = end;
    }
  }

  void finish() {
    if (unweighted_ > 0)
      result_.findings.add("composites.no_weight", Severity::warning, "intervals",
                           "no density or recovery; their values took no part", unweighted_);
    if (result_.unsampled > 0)
      result_.findings.add("composites.unsampled", Severity::note, "composites",
                           "left out, no value being known over enough of them", result_.unsampled);
    if (result_.dropped_m > 0.0)
      result_.findings.add(
          "composites.dropped", Severity::warning, "composites",
          "residuals were dropped, " + fixed_text(result_.dropped_m, 2) + " m in all", dropped_);
    if (short_ > 0)
      result_.findings.add("composites.short", Severity::note, "composites",
                           "shorter than half of the length asked for", short_);
    if (no_domain_ > 0)
      result_.findings.add("composites.no_domain", Severity::warning, "composites",
                           "stand in no logged domain", no_domain_);
  }

 private:
  [[nodiscard]] std::uint32_t domain_of(std::size_t interval) const {
    return set_.assays.domain.empty() ? 0 : set_.assays.domain[interval];
  }

  // Intervals [begin, end) of one hole and domain.
  void add_run(std::size_t h, std::size_t begin, std::size_t end) {
    const double from = set_.assays.from_m[begin], to = set_.assays.to_m[end - 1];
    std::vector<double> cuts;
    if (std::isnan(options_.length_m)) {
      cuts = bench_cuts(set_.holes[h].path, from, to, options_.bench_m, options_.bench_level_m);
    } else {
      cuts = length_cuts(from, to, options_.length_m, options_.residual);
      const double dropped = to - cuts.back();
      if (dropped > slack_m) {
        result_.dropped_m += dropped;
        ++dropped_;
      }
    }
    std::size_t next = begin;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      while (next < end && set_.assays.to_m[next] <= cuts[i]) ++next;
      add_composite(h, begin, next, end, cuts[i], cuts[i + 1]);
    }
  }

  void sum_up(std::size_t begin, std::size_t end, double from, double to, Sums& sums) const {
    const auto& assays = set_.assays;
    for (std::size_t i = begin; i < end && assays.from_m[i] < to; ++i) {
      const double length = std::min(to, assays.to_m[i]) - std::max(from, assays.from_m[i]);
      if (length <= 0.0) continue;
      if (!assays.density_t_m3.empty() && !std::isnan(assays.density_t_m3[i])) {
        sums.density_m += length;
        sums.density_sum += length * assays.density_t_m3[i];
      }
      const double weight = length * weight_[i];
      for (std::size_t v = 0; v < assays.values.size(); ++v) {
        const double value = assays.values[v][i];
        if (std::isnan(value) || !(weight > 0.0)) continue;
        sums.metal[v] += weight * value;
        sums.weight[v] += weight;
        sums.covered_m[v] += length;
      }
    }
  }

  // `run` is the first interval of the domain, `begin` the first that reaches below `from`.
  void add_composite(std::size_t h, std::size_t run, std::size_t begin, std::size_t end,
                     double from, double to) {
    const std::size_t variables = set_.assays.values.size();
    Sums& sums = sums_;
    sums.metal.assign(variables, 0.0);
    sums.weight.assign(variables, 0.0);
    sums.covered_m.assign(variables, 0.0);
    sums.density_m = sums.density_sum = 0.0;
    sum_up(begin, end, from, to, sums);
    const double enough_m = options_.min_coverage_pct / 100.0 * (to - from) - slack_m;
    bool any = false;
    for (std::size_t v = 0; v < variables; ++v)
      any = any || (sums.weight[v] > 0.0 && sums.covered_m[v] >= enough_m);
    if (!any) {
      ++result_.unsampled;
      return;
    }
    for (std::size_t v = 0; v < variables; ++v) {
      const bool known = sums.weight[v] > 0.0 && sums.covered_m[v] >= enough_m;
      result_.values[v].push_back(known ? sums.metal[v] / sums.weight[v] : std::nan(""));
      result_.coverage_pct[v].push_back(std::min(100.0, 100.0 * sums.covered_m[v] / (to - from)));
    }
    if (!set_.assays.density_t_m3.empty())
      result_.density_t_m3.push_back(sums.density_m > 0.0 ? sums.density_sum / sums.density_m
                                                          : std::nan(""));
    Composite composite;
    composite.hole = static_cast<std::uint32_t>(h);
    composite.from_m = from;
    composite.to_m = to;
    composite.domain = domain_of(run);
    const HolePath& path = set_.holes[h].path;
    composite.place = place_at(path, (from + to) / 2.0);
    if (!std::isnan(options_.structure_dip_deg)) {
      const Vector3 a = place_at(path, from), b = place_at(path, to);
      composite.true_thickness_m = std::abs(
          normal_[0] * (b[0] - a[0]) + normal_[1] * (b[1] - a[1]) + normal_[2] * (b[2] - a[2]));
    }
    if (to - from < options_.length_m / 2.0 - slack_m) ++short_;
    if (set_.has_domain && composite.domain == 0) ++no_domain_;
    result_.composites.push_back(composite);
  }

  const DrillholeSet& set_;
  const CompositeOptions& options_;
  CompositeResult& result_;
  Vector3 normal_{};
  std::vector<double> weight_;
  Sums sums_;
  std::size_t unweighted_ = 0, dropped_ = 0, short_ = 0, no_domain_ = 0;
};

void check(const CompositeOptions& options) {
  const double size = std::isnan(options.length_m) ? options.bench_m : options.length_m;
  if (!(size >= shortest_m) || !std::isfinite(size) ||
      std::isnan(options.length_m) == std::isnan(options.bench_m))
    throw Error("composites.length", "a length or a bench height of at least 0.01 m is wanted", {},
                "Give one of the two.");
  if (!(options.min_coverage_pct >= 0.0 && options.min_coverage_pct <= 100.0))
    throw Error("composites.coverage", "the least coverage is not within 0 to 100 %");
  if (std::isnan(options.structure_azimuth_deg) != std::isnan(options.structure_dip_deg) ||
      options.structure_dip_deg < 0.0 || options.structure_dip_deg > 90.0)
    throw Error("composites.structure",
                "a structure takes its dip direction and a dip of 0 to 90 degrees");
}

}  // namespace

std::string_view to_text(Residual residual) {
  static constexpr std::string_view names[] = {"keep", "drop", "merge", "share"};
  return names[static_cast<std::size_t>(residual)];
}

Residual parse_residual(const std::string& text) {
  for (const Residual one : {Residual::keep, Residual::drop, Residual::merge, Residual::share})
    if (text == to_text(one)) return one;
  throw Error("composites.residual", "'" + printable(text) + "' is no rule for residuals", {},
              "Known: keep, drop, merge, share.");
}

CompositeResult composite(const DrillholeSet& set, const CompositeOptions& options,
                          const Progress& progress) {
  check(options);
  CompositeResult result;
  Builder builder(set, options, result);
  for (std::size_t h = 0; h < set.holes.size(); ++h) {
    if (h % 256 == 0)
      progress.update(static_cast<double>(h) / static_cast<double>(set.holes.size()));
    builder.add_hole(h);
  }
  builder.finish();
  return result;
}

Samples samples_of(const DrillholeSet& set) {
  Samples samples;
  samples.variables = set.assays.variables;
  samples.values = set.assays.values;
  samples.hole = set.assays.hole;
  for (const Drillhole& hole : set.holes) samples.hole_names.push_back(hole.name);
  for (std::size_t i = 0; i < set.assays.size(); ++i) {
    const Vector3 place = place_at(set.holes[set.assays.hole[i]].path,
                                   (set.assays.from_m[i] + set.assays.to_m[i]) / 2.0);
    samples.x.push_back(place[0]);
    samples.y.push_back(place[1]);
    samples.z.push_back(place[2]);
    if (!set.assays.domain.empty())
      samples.domain.push_back(set.domain_names[set.assays.domain[i]]);
  }
  return samples;
}

Samples samples_of(const DrillholeSet& set, const CompositeResult& composites) {
  Samples samples;
  samples.variables = set.assays.variables;
  samples.values = composites.values;
  for (const Drillhole& hole : set.holes) samples.hole_names.push_back(hole.name);
  for (const Composite& one : composites.composites) {
    samples.x.push_back(one.place[0]);
    samples.y.push_back(one.place[1]);
    samples.z.push_back(one.place[2]);
    samples.hole.push_back(one.hole);
    if (set.has_domain) samples.domain.push_back(set.domain_names[one.domain]);
  }
  return samples;
}

}  // namespace lode
