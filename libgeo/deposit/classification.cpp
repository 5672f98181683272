#include "libgeo/deposit/classification.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"

namespace lode {

std::vector<std::string> ClassRules::columns() const {
  std::vector<std::string> list;
  for (const ClassRule& rule : rules)
    for (const ClassCondition& condition : rule.when)
      if (std::find(list.begin(), list.end(), condition.column) == list.end())
        list.push_back(condition.column);
  return list;
}

std::vector<std::string> ClassRules::names() const {
  std::vector<std::string> list;
  for (const ClassRule& rule : rules) list.push_back(rule.name);
  list.emplace_back("unclassified");
  return list;
}

namespace {

bool holds(double value, Comparison comparison, double against) {
  switch (comparison) {
    case Comparison::below:
      return value < against;
    case Comparison::at_most:
      return value <= against;
    case Comparison::above:
      return value > against;
    case Comparison::at_least:
      return value >= against;
    case Comparison::equal:
      return value == against;
    case Comparison::not_equal:
      return value != against;
  }
  return false;
}

}  // namespace

std::uint8_t class_of(const ClassRules& rules, const std::vector<double>& values, bool& missing) {
  missing = false;
  for (std::size_t r = 0; r < rules.rules.size(); ++r) {
    bool all = true;
    for (const ClassCondition& condition : rules.rules[r].when) {
      const std::size_t at = condition.index;
      if (std::isnan(values[at])) missing = true;
      all = all && !std::isnan(values[at]) &&
            holds(values[at], condition.comparison, condition.value);
    }
    if (all) return static_cast<std::uint8_t>(r);
  }
  return static_cast<std::uint8_t>(rules.rules.size());
}

Smoothing smooth_classes(const ClassRules& rules, const BlockGrid& grid,
                         std::vector<std::uint8_t>& classes, int jobs, const Progress& progress) {
  const std::vector<std::uint8_t> before = classes;
  const auto reach = static_cast<std::size_t>(std::max(rules.smooth_blocks, 0));
  for (int round = 0; round < rules.smooth_rounds && reach > 0; ++round) {
    const std::vector<std::uint8_t> last = classes;
    const double share = 1.0 / rules.smooth_rounds;
    parallel_blocks(
        last.size(), 65536, jobs,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t b = begin; b < end; ++b) {
            if (last[b] == 255) continue;
            std::array<std::size_t, 256> votes{};
            const auto at = grid.ijk(b);
            std::array<std::size_t, 3> from{}, to{};
            for (std::size_t axis = 0; axis < 3; ++axis) {
              from[axis] = at[axis] < reach ? 0 : at[axis] - reach;
              to[axis] = std::min(grid.count[axis], at[axis] + reach + 1);
            }
            for (std::size_t k = from[2]; k < to[2]; ++k)
              for (std::size_t j = from[1]; j < to[1]; ++j)
                for (std::size_t i = from[0]; i < to[0]; ++i) ++votes[last[grid.index(i, j, k)]];
            std::uint8_t best = last[b];
            for (std::size_t c = 0; c <= rules.rules.size(); ++c)
              if (votes[c] > votes[best]) best = static_cast<std::uint8_t>(c);
            classes[b] = best;
          }
        },
        progress.part(share * round, share * (round + 1)));
  }
  Smoothing smoothing;
  for (std::size_t b = 0; b < classes.size(); ++b) smoothing.changed += classes[b] != before[b];
  return smoothing;
}

std::string unfc_of(const ClassRules& rules, const std::string& class_name) {
  std::string g = "G4";
  if (class_name == "measured") g = "G1";
  if (class_name == "indicated") g = "G2";
  if (class_name == "inferred") g = "G3";
  return rules.unfc_e + "," + rules.unfc_f + "," + g;
}

namespace {

// Samples in cubes, so that the near ones are met first.
struct SampleBins {
  std::array<double, 3> lower{};
  double side = 1.0;
  std::array<std::int64_t, 3> count{1, 1, 1};
  std::vector<std::size_t> start, list;

  explicit SampleBins(const Samples& samples) {
    const std::size_t n = samples.size();
    const std::array<const std::vector<double>*, 3> places{&samples.x, &samples.y, &samples.z};
    std::array<double, 3> extent{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto [low, high] = std::minmax_element(places[axis]->begin(), places[axis]->end());
      lower[axis] = *low;
      extent[axis] = *high - *low;
    }
    side = std::max({extent[0], extent[1], extent[2], 0.1}) /
           std::clamp(std::cbrt(static_cast<double>(n)), 1.0, 100.0);
    for (std::size_t axis = 0; axis < 3; ++axis)
      count[axis] = static_cast<std::int64_t>(extent[axis] / side) + 1;
    start.assign(static_cast<std::size_t>(count[0] * count[1] * count[2]) + 1, 0);
    std::vector<std::size_t> bin(n);
    for (std::size_t s = 0; s < n; ++s) {
      std::array<std::int64_t, 3> at{};
      for (std::size_t axis = 0; axis < 3; ++axis)
        at[axis] = std::min(count[axis] - 1,
                            static_cast<std::int64_t>(((*places[axis])[s] - lower[axis]) / side));
      bin[s] = static_cast<std::size_t>(at[0] + count[0] * (at[1] + count[1] * at[2]));
      ++start[bin[s] + 1];
    }
    std::partial_sum(start.begin(), start.end(), start.begin());
    list.resize(n);
    std::vector<std::size_t> next(start.begin(), start.end() - 1);
    for (std::size_t s = 0; s < n; ++s) list[next[bin[s]]++] = s;
  }
};

// Nearest distance to each of the nearest holes, growing shell by shell of cubes.
std::vector<double> nearest_holes(const Samples& samples, const SampleBins& bins,
                                  const std::array<double, 3>& place, std::size_t wanted,
                                  std::vector<double>& of_hole, std::vector<std::uint32_t>& met) {
  met.clear();
  std::array<std::int64_t, 3> home{};
  std::int64_t last = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    home[axis] =
        static_cast<std::int64_t>(std::floor((place[axis] - bins.lower[axis]) / bins.side));
    last = std::max({last, std::abs(home[axis]), std::abs(bins.count[axis] - 1 - home[axis])});
  }
  std::int64_t first = 0;
  for (std::size_t axis = 0; axis < 3; ++axis)
    first = std::max({first, -home[axis], home[axis] - bins.count[axis] + 1});
  std::vector<double> nearest;
  for (std::int64_t ring = first; ring <= last; ++ring) {
    std::array<std::int64_t, 3> from{}, to{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      from[axis] = std::max<std::int64_t>(0, home[axis] - ring);
      to[axis] = std::min(bins.count[axis] - 1, home[axis] + ring);
    }
    for (std::int64_t k = from[2]; k <= to[2]; ++k)
      for (std::int64_t j = from[1]; j <= to[1]; ++j)
        for (std::int64_t i = from[0]; i <= to[0]; ++i) {
          if (std::max({std::abs(i - home[0]), std::abs(j - home[1]), std::abs(k - home[2])}) !=
              ring)
            continue;
          const auto bin = static_cast<std::size_t>(i + bins.count[0] * (j + bins.count[1] * k));
          for (std::size_t at = bins.start[bin]; at < bins.start[bin + 1]; ++at) {
            const std::size_t s = bins.list[at];
            const double dx = samples.x[s] - place[0], dy = samples.y[s] - place[1],
                         dz = samples.z[s] - place[2];
            const double apart = std::sqrt(dx * dx + dy * dy + dz * dz);
            const std::uint32_t hole = samples.hole[s];
            if (std::isnan(of_hole[hole])) met.push_back(hole);
            of_hole[hole] = std::isnan(of_hole[hole]) ? apart : std::min(of_hole[hole], apart);
          }
        }
    // Whatever lies in farther cubes is at least `ring` sides away.
    const double sure = static_cast<double>(ring) * bins.side;
    std::size_t within = 0;
    for (const std::uint32_t hole : met) within += of_hole[hole] <= sure ? 1 : 0;
    if (within >= wanted) break;
  }
  for (const std::uint32_t hole : met) {
    nearest.push_back(of_hole[hole]);
    of_hole[hole] = std::numeric_limits<double>::quiet_NaN();
  }
  std::sort(nearest.begin(), nearest.end());
  return nearest;
}

}  // namespace

HoleSpacing hole_spacing(const Samples& samples, const std::vector<double>& x,
                         const std::vector<double>& y, const std::vector<double>& z,
                         std::size_t holes, int jobs, const Progress& progress) {
  if (samples.size() == 0 || samples.hole.size() != samples.size())
    throw Error("class.no_hole", "the samples do not say which drillhole they are of", "samples",
                "Name the column with --hole.");
  const SampleBins bins(samples);
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  HoleSpacing spacing;
  spacing.nearest_m.assign(x.size(), missing);
  spacing.mean_m.assign(x.size(), missing);
  parallel_blocks(
      x.size(), 1024, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<double> of_hole(samples.hole_names.size(), missing);
        std::vector<std::uint32_t> met;
        for (std::size_t b = begin; b < end; ++b) {
          const auto nearest =
              nearest_holes(samples, bins, {x[b], y[b], z[b]}, holes, of_hole, met);
          spacing.nearest_m[b] = nearest.front();
          if (nearest.size() < holes) continue;
          double sum = 0.0;
          for (std::size_t h = 0; h < holes; ++h) sum += nearest[h];
          spacing.mean_m[b] = sum / static_cast<double>(holes);
        }
      },
      progress);
  return spacing;
}

std::vector<ChecklistItem> checklist(const ReportFacts& facts) {
  std::vector<ChecklistItem> list;
  const auto add = [&](const char* code, const std::string& answer) {
    if (!answer.empty()) list.push_back({code, answer});
  };
  add("JORC Table 1, section 3, cut-off parameters; NI 43-101F1 item 14", facts.cutoffs);
  add("JORC Table 1, section 3, estimation and modelling techniques: what the grade counts",
      facts.grade_basis);
  add("JORC Table 1, section 3, bulk density; NI 43-101F1 item 14", facts.density);
  add("JORC Table 1, section 3, moisture", facts.moisture);
  add("JORC Table 1, section 3, mining factors or assumptions", facts.dilution);
  add("JORC Table 1, section 3, environmental factors; land tenure status", facts.constraints);
  add("JORC Table 1, section 3, classification; NI 43-101F1 item 14", facts.classes);
  add("JORC Table 1, section 3, estimation and modelling: block size and extent", facts.blocks);
  return list;
}

}  // namespace lode
