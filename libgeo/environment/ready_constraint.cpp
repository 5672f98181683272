#include "libgeo/environment/ready_constraint.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/overlay.h"

namespace lode {

double setback_of_feature(const ConstraintLayer& layer, std::size_t i) {
  return layer.setback_m.size() == 1 ? layer.setback_m.front() : layer.setback_m[i];
}

std::string feature_name(const ConstraintLayer& layer, std::size_t i) {
  return layer.name + ": " + (i < layer.ids.size() ? layer.ids[i] : std::to_string(i + 1));
}

ReadyConstraint::ReadyConstraint(const ScreenInputs& inputs, const ConstraintLayer& of,
                                 const ScreenOptions& options, const SpatialIndex& sites,
                                 const Box& all_sites, SetbackStore& store, Findings& findings)
    : layer(of) {
  features.resize(layer.geometry.size(), nullptr);
  std::vector<Box> boxes(features.size());
  Box all = all_sites;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const double d = setback_of_feature(layer, i);
    if (std::isnan(d) || layer.geometry[i].empty()) continue;
    widest_m = std::max(widest_m, d);
    features[i] = &layer.geometry[i];
    boxes[i] = box_of(layer.geometry[i]);
    all.add(boxes[i]);
  }
  PlaneScale scale;
  if (inputs.crs.is_local() || options.edges == Edges::straight)
    scale = PlaneScale(inputs.crs, all);
  if (options.check_constraints) {
    const double reach = scale.units_of(widest_m + kTouchM);
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < features.size(); ++i) {
      if (features[i] == nullptr || features[i]->kind != GeometryKind::polygon) continue;
      const Box& b = boxes[i];
      const Box grown{b.min_x - reach, b.min_y - reach, b.max_x + reach, b.max_y + reach};
      if (!scale.known() || !sites.query(grown).empty()) used.push_back(i);
    }
    mend(used, inputs.crs, options.jobs, findings);
  }
  setbacks.resize(features.size());
  for (std::size_t i = 0; i < features.size(); ++i)
    if (features[i] != nullptr)
      setbacks[i] =
          std::make_unique<FeatureSetback>(*features[i], setback_of_feature(layer, i), store);
  if (scale.known()) {
    plane = std::make_unique<PlaneNear>(features, inputs.crs, scale);
    return;
  }
  std::vector<Geometry> copies(features.size());
  for (std::size_t i = 0; i < features.size(); ++i)
    if (features[i] != nullptr) copies[i] = *features[i];
  index = std::make_unique<NearIndex>(copies, inputs.crs, options.edges, options.jobs);
}

void ReadyConstraint::mend(const std::vector<std::size_t>& used, const Crs& crs, int jobs,
                           Findings& findings) {
  std::vector<Geometry> checked(used.size());
  std::vector<GeometryCheck> checks(used.size());
  parallel_blocks(used.size(), 64, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t k = begin; k < end; ++k) {
      Geometry copy = *features[used[k]];
      checks[k] = check_geometry(copy, crs, feature_name(layer, used[k]));
      if (!checks[k].valid) checked[k] = std::move(copy);
    }
  });
  for (std::size_t k = 0; k < used.size(); ++k) {
    const GeometryCheck& check = checks[k];
    if (check.valid) continue;
    const std::string name = feature_name(layer, used[k]);
    if (check.empty) {
      features[used[k]] = nullptr;
      findings.add("geometry.zero_area", Severity::warning, name,
                   "nothing is left of the geometry (zero area): " + check.fault);
      continue;
    }
    mended_.push_back(std::make_unique<Geometry>(std::move(checked[k])));
    features[used[k]] = mended_.back().get();
    findings.add("geometry.repaired", Severity::warning, mended_.size() <= 100 ? name : layer.name,
                 mended_.size() <= 100
                     ? check.fault + "; mended by joining what the parts cover, area " +
                           number_text(check.area_before_m2) + " m2 before, " +
                           number_text(check.area_after_m2) + " m2 after"
                     : "further geometries were mended in the same way");
  }
}

}  // namespace lode
