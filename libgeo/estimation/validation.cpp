#include "libgeo/estimation/validation.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <nanoflann.hpp>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/variogram_model.h"

namespace lode {

namespace {

constexpr std::size_t block_size = 4096;
constexpr double most_slices = 100000.0;
constexpr double bias_said_pct = 5.0;

using Place = std::array<double, 3>;

// Samples of one domain, for the search.
struct Cloud {
  std::vector<Place> place;
  std::vector<std::size_t> sample;
  [[nodiscard]] std::size_t kdtree_get_point_count() const { return place.size(); }
  [[nodiscard]] double kdtree_get_pt(std::size_t i, std::size_t axis) const {
    return place[i][axis];
  }
  template <class Box>
  bool kdtree_get_bbox(Box&) const {
    return false;
  }
};
using Tree =
    nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Cloud>, Cloud, 3>;

// The nearest sample; of those as near the first.
std::size_t nearest_of(const Tree& tree, const Cloud& cloud, const Place& at) {
  constexpr std::size_t most = 8;
  std::array<std::uint32_t, most> index{};
  std::array<double, most> distance{};
  const std::size_t found = tree.knnSearch(at.data(), most, index.data(), distance.data());
  std::size_t best = 0;
  for (std::size_t i = 1; i < found; ++i)
    if (distance[i] == distance[0] && cloud.sample[index[i]] < cloud.sample[index[best]]) best = i;
  return cloud.sample[index[best]];
}

// What takes part: the blocks with an estimate and the samples with a value.
struct Used {
  std::vector<std::size_t> blocks, samples;
  std::vector<Place> block_place, sample_place;  ///< along the turned axes
  std::vector<double> volume, estimate, value;
};

Place turned(const Place& place, double rotation_deg) {
  const Matrix3 axes = axes_of({rotation_deg, 0.0, 0.0});
  const auto& north = axes[0];
  const auto& west = axes[1];
  return {-place[0] * west[0] - place[1] * west[1], place[0] * north[0] + place[1] * north[1],
          place[2]};
}

void check_place(double x, double y, double z, const std::string& name) {
  if (!std::isfinite(x) || !std::isfinite(y) || !std::isfinite(z))
    throw Error("validate.place", "there is no finite place", name, "Give it coordinates.");
}

Used used_of(const EstimatedBlocks& blocks, const Samples& samples,
             const ValidationOptions& options, Findings& findings) {
  Used used;
  const auto& values = samples.values.at(options.variable);
  const bool sized = !blocks.dx.empty();
  std::size_t empty = 0, missing = 0;
  for (std::size_t b = 0; b < blocks.x.size(); ++b) {
    const double share = blocks.share.empty() ? 1.0 : blocks.share[b];
    if (!(share > 0.0)) continue;
    if (!std::isfinite(blocks.value[b])) {
      ++empty;
      continue;
    }
    check_place(blocks.x[b], blocks.y[b], blocks.z[b], "block " + std::to_string(b + 1));
    used.blocks.push_back(b);
    used.block_place.push_back(
        turned({blocks.x[b], blocks.y[b], blocks.z[b]}, options.rotation_deg));
    used.volume.push_back(share * (sized ? blocks.dx[b] * blocks.dy[b] * blocks.dz[b] : 1.0));
    used.estimate.push_back(blocks.value[b]);
  }
  for (std::size_t s = 0; s < samples.size(); ++s) {
    if (!std::isfinite(values[s])) {
      ++missing;
      continue;
    }
    check_place(samples.x[s], samples.y[s], samples.z[s], samples.name(s));
    used.samples.push_back(s);
    used.sample_place.push_back(
        turned({samples.x[s], samples.y[s], samples.z[s]}, options.rotation_deg));
    used.value.push_back(values[s]);
  }
  const std::string name = samples.variables.at(options.variable);
  if (used.blocks.empty())
    throw Error("validate.no_blocks", "no block has an estimate", name, "Check the column.");
  if (used.samples.empty())
    throw Error("validate.no_samples", "no sample has a value", name, "Check the column.");
  if (empty > 0)
    findings.add("validate.not_estimated", Severity::note, name,
                 "blocks without an estimate were left out", empty);
  if (missing > 0)
    findings.add("validate.no_value", Severity::note, name, "samples without a value were left out",
                 missing);
  return used;
}

// Blocks and samples that share no ground are of two deposits, or of two coordinate systems.
void refuse_apart(const EstimatedBlocks& blocks_given, const Used& used) {
  double largest = 0.0;
  for (const auto* sizes : {&blocks_given.dx, &blocks_given.dy, &blocks_given.dz})
    for (const double size : *sizes) largest = std::max(largest, size);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto span = [axis](const std::vector<Place>& places) {
      const auto [low, high] =
          std::minmax_element(places.begin(), places.end(),
                              [axis](const Place& a, const Place& b) { return a[axis] < b[axis]; });
      return std::pair{(*low)[axis], (*high)[axis]};
    };
    const auto blocks = span(used.block_place), samples = span(used.sample_place);
    const double room = blocks.second - blocks.first + samples.second - samples.first + largest;
    if (blocks.first - samples.second > room || samples.first - blocks.second > room)
      throw Error("validate.apart", "blocks and samples lie far from each other",
                  std::string("along ") + "xyz"[axis],
                  "Check that both are in one coordinate system and unit.");
  }
}

// By used block the used sample that is nearest, of the block's own domain where domains are known.
std::vector<std::size_t> nearest_samples(const EstimatedBlocks& blocks, const Samples& samples,
                                         const Used& used, const ValidationOptions& options,
                                         Findings& findings, const Progress& progress) {
  const bool domains = !blocks.domain.empty() && !samples.domain.empty();
  std::map<std::string, Cloud> clouds;
  for (std::size_t s = 0; s < used.samples.size(); ++s) {
    Cloud& cloud = clouds[domains ? samples.domain[used.samples[s]] : std::string()];
    cloud.place.push_back(used.sample_place[s]);
    cloud.sample.push_back(s);
  }
  std::map<std::string, std::unique_ptr<Tree>> trees;
  for (const auto& [name, cloud] : clouds)
    trees[name] = std::make_unique<Tree>(3, cloud, nanoflann::KDTreeSingleIndexAdaptorParams(16));
  std::vector<std::size_t> nearest(used.blocks.size(), used.samples.size());
  parallel_blocks(
      used.blocks.size(), block_size, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t b = begin; b < end; ++b) {
          const std::string name = domains ? blocks.domain[used.blocks[b]] : std::string();
          const auto tree = trees.find(name);
          if (tree != trees.end())
            nearest[b] = nearest_of(*tree->second, clouds.at(name), used.block_place[b]);
        }
      },
      progress);
  const auto lost =
      static_cast<std::size_t>(std::count(nearest.begin(), nearest.end(), used.samples.size()));
  if (lost > 0)
    findings.add("validate.no_domain", Severity::warning, "domain",
                 "blocks of a domain without samples have no sample to compare with", lost);
  return nearest;
}

// A weighted mean that may be of nothing.
struct Mean {
  Sum weight, sum;
  void add(double value, double by) {
    weight += by;
    sum += by * value;
  }
  [[nodiscard]] double value() const {
    return weight.value() > 0.0 ? sum.value() / weight.value()
                                : std::numeric_limits<double>::quiet_NaN();
  }
};

struct SliceSums {
  std::size_t blocks = 0, samples = 0;
  Mean estimate, nearest, declustered, plain;
};

void add_swath(const Used& used, const std::vector<std::size_t>& nearest,
               const std::vector<double>& weight, std::size_t axis, double width,
               Validation& result) {
  if (width == 0.0) return;
  if (!(width > 0.0) || !std::isfinite(width))
    throw Error("validate.slice", "a slice of " + number_text(width) + " m", "--slice",
                "A width above 0.");
  std::map<double, SliceSums> slices;
  const auto slice = [&](const Place& place) { return std::floor(place[axis] / width); };
  for (std::size_t b = 0; b < used.blocks.size(); ++b) {
    SliceSums& sums = slices[slice(used.block_place[b])];
    ++sums.blocks;
    sums.estimate.add(used.estimate[b], used.volume[b]);
    if (nearest[b] < used.value.size()) sums.nearest.add(used.value[nearest[b]], used.volume[b]);
    if (static_cast<double>(slices.size()) > most_slices) break;
  }
  for (std::size_t s = 0; s < used.samples.size(); ++s) {
    SliceSums& sums = slices[slice(used.sample_place[s])];
    ++sums.samples;
    sums.declustered.add(used.value[s], weight[s]);
    sums.plain.add(used.value[s], 1.0);
  }
  if (static_cast<double>(slices.size()) > most_slices)
    throw Error("validate.too_many_slices", "more than 100,000 slices", "--slice",
                "Give wider ones.");
  for (const auto& [index, sums] : slices)
    result.swath.push_back({axis, index * width, (index + 1.0) * width, sums.blocks, sums.samples,
                            sums.estimate.value(), sums.nearest.value(), sums.declustered.value(),
                            sums.plain.value()});
}

}  // namespace

Validation validate_estimates(const EstimatedBlocks& blocks, const Samples& samples,
                              const ValidationOptions& options, const Progress& progress) {
  Validation result;
  const Used used = used_of(blocks, samples, options, result.findings);
  refuse_apart(blocks, used);
  const auto nearest =
      nearest_samples(blocks, samples, used, options, result.findings, progress.part(0.0, 0.7));
  std::vector<Sum> volume(used.samples.size());
  Sum all, near;
  for (std::size_t b = 0; b < used.blocks.size(); ++b) {
    all += used.volume[b];
    if (nearest[b] == used.samples.size()) continue;
    volume[nearest[b]] += used.volume[b];
    near += used.volume[b];
  }
  std::vector<double> weight;
  for (const Sum& one : volume)
    weight.push_back(near.value() > 0.0 ? one.value() / near.value() : 0.0);
  result.blocks = used.blocks.size();
  result.samples = used.samples.size();
  if (!blocks.dx.empty()) result.volume_m3 = all.value();
  result.estimates = distribution_of(used.estimate, used.volume);
  result.declustered = distribution_of(used.value, weight);
  const Distribution plain = distribution_of(used.value);
  result.estimate_mean = result.estimates.mean();
  result.estimate_variance = result.estimates.variance();
  result.sample_mean = plain.mean();
  result.sample_variance = plain.variance();
  result.declustered_mean = result.declustered.mean();
  result.declustered_variance = result.declustered.variance();
  result.bias_pct = 100.0 * (result.estimate_mean / result.declustered_mean - 1.0);
  result.variance_ratio = result.estimate_variance / result.declustered_variance;
  if (std::abs(result.bias_pct) > bias_said_pct)
    result.findings.add("validate.bias", Severity::warning, samples.variables.at(options.variable),
                        "the estimates' mean is " + fixed_text(result.bias_pct, 1) +
                            " % off that of the declustered samples");
  result.weight.assign(samples.size(), 0.0);
  for (std::size_t s = 0; s < weight.size(); ++s) result.weight[used.samples[s]] = weight[s];
  result.nearest.assign(blocks.x.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t b = 0; b < used.blocks.size(); ++b)
    if (nearest[b] < used.value.size()) result.nearest[used.blocks[b]] = used.value[nearest[b]];
  for (std::size_t axis = 0; axis < 3; ++axis) {
    progress.check();
    add_swath(used, nearest, weight, axis, options.slice_m[axis], result);
  }
  for (std::size_t q = 1; q < options.quantiles; ++q) {
    const double p = static_cast<double>(q) / static_cast<double>(options.quantiles);
    result.quantiles.push_back({p, result.estimates.quantile(p), result.declustered.quantile(p)});
  }
  return result;
}

}  // namespace lode
