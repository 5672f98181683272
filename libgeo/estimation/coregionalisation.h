// The linear model of coregionalisation: nested structures with a matrix of sills each.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/json.h"
#include "libgeo/estimation/variogram_model.h"

namespace lode {

using SillMatrix = std::vector<std::vector<double>>;  ///< by variable, symmetric

/// gamma_ij(h) = nugget_ij + sum of sill_ij * structure(h), the structure of sill 1.
struct Coregionalisation {
  struct Part {
    Structure structure;  ///< its own sill is not read
    SillMatrix sill;
  };
  std::vector<std::string> variables;
  SillMatrix nugget;
  std::vector<Part> parts;

  [[nodiscard]] std::size_t size() const { return variables.size(); }
  /// Covariance at distance 0: of a variable with itself its sill.
  [[nodiscard]] double sill(std::size_t i, std::size_t j) const;
};

/// Errors "coregionalisation.matrix" (size, symmetry or a number that is not finite),
/// "coregionalisation.not_positive" (a matrix with an eigenvalue below 0: some combination of the
/// variables would have a negative variance), "coregionalisation.sill" (a variable whose sills sum
/// to 0), "coregionalisation.unbounded" (a power structure has no covariance), and those of
/// `check_model`.
void check_coregionalisation(const Coregionalisation& model, const std::string& where = {});

/// {"variables":["A","B"],"nugget":[[..],[..]],"structures":[{"type","sill":[[..],[..]],
/// "ranges_m","azimuth_deg","dip_deg","rake_deg"}]}, or an object that has it under "model".
/// Errors "coregionalisation.bad_json", "variogram.bad_json" and those of the check.
[[nodiscard]] Coregionalisation coregionalisation_from_json(const Json& json,
                                                            const std::string& where);
[[nodiscard]] Json to_json(const Coregionalisation& model);

/// The same model for `variables`, in their order.
/// Error "coregionalisation.no_variable" when it lacks one.
[[nodiscard]] Coregionalisation ordered(const Coregionalisation& model,
                                        const std::vector<std::string>& variables,
                                        const std::string& where = {});

}  // namespace lode
