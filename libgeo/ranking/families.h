// Families of ranking methods: which compare sites pair by pair, and which clamp values to bounds.
#pragma once

#include "libgeo/ranking/methods.h"

namespace lode {

[[nodiscard]] inline bool is_electre(Method method) {
  return method == Method::electre3 || method == Method::electre_tri;
}

[[nodiscard]] inline bool is_promethee(Method method) {
  return method == Method::promethee1 || method == Method::promethee2;
}

/// True where values beyond stated bounds are taken at the bound: methods that score a site on a
/// scale of its own. Outranking methods compare differences, which nothing clamps.
[[nodiscard]] inline bool clamps_to_bounds(Method method, Normalise normalise) {
  if (method == Method::spotis) return true;
  return normalise == Normalise::bounds && !is_promethee(method) && !is_electre(method);
}

}  // namespace lode
