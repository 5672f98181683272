// What the commands on samples share: the samples, the block grid and the variogram they name.
#pragma once

#include <string>
#include <vector>

#include "libgeo/estimation/samples.h"
#include "libgeo/estimation/variogram_model.h"
#include "libgeo/geometry/grid.h"
#include "tools/command.h"

namespace lode::tools {

/// Samples in metres, and where each came from.
struct SampleInputs {
  Layer layer;
  Samples samples;               ///< `variables` as the columns are called in the file
  std::vector<std::size_t> row;  ///< of the layer, by sample
  double metres_per_unit = 1.0;  ///< of the layer's CRS: coordinates in files are in its unit
  bool has_z = true;             ///< false: no z anywhere, taken as 0 and said
};

/// --z --hole --domain, of the parameter named `parent`.
[[nodiscard]] std::vector<Parameter> sample_parameters(const std::string& parent);
/// Points of a table or layer with the values of `fields`; source and findings go to the outcome.
/// Errors "samples.geographic", "samples.not_points", "samples.bad_z",
/// "samples.grade", "samples.too_large", "table.sentinel", and those of `read_layer`.
[[nodiscard]] SampleInputs read_samples(const Arguments& arguments, const Session& session,
                                        const std::string& path,
                                        const std::vector<std::string>& fields,
                                        const Progress& progress, Outcome& outcome);
/// The words of a list option that may stand several times: `--value A,B --value C`.
[[nodiscard]] std::vector<std::string> list_of(const Arguments& arguments, const std::string& name);

/// --origin --spacing --count --rotation.
[[nodiscard]] std::vector<Parameter> grid_parameters();
/// True when --origin was given; error "usage.grid" when the others do not go with it.
[[nodiscard]] bool asks_for_grid(const Arguments& arguments);
/// The grid in metres; --origin is in the unit of the CRS unless it says one.
/// Errors "usage.grid", "usage.quantity", "grid.*".
[[nodiscard]] BlockGrid read_grid(const Arguments& arguments, double metres_per_unit);

/// A model from the JSON file of an option; its source goes to the outcome.
[[nodiscard]] VariogramModel read_variogram(const std::string& path, Outcome& outcome);

/// `n` numbers without unit, e.g. angles or counts: "30,0,90". Error "usage.list".
[[nodiscard]] std::vector<double> numbers_of(const std::string& text, std::size_t n,
                                             const std::string& option);
/// `n` lengths in metres, each above 0: "150,90,40 m"; one length stands for all.
/// Errors "usage.list", "usage.quantity".
[[nodiscard]] std::vector<double> lengths_of(const std::string& text, std::size_t n,
                                             const std::string& option);

}  // namespace lode::tools
