#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/kriging_plan.h"

namespace lode::kriging {

namespace {

[[noreturn]] void refuse(const char* code, const std::string& what, const std::string& hint,
                         const std::string& where = {}) {
  throw Error(code, what, where, hint);
}

void check_length(std::size_t length, std::size_t wanted, const std::string& what) {
  if (length != wanted)
    refuse("estimate.length",
           what + ": " + std::to_string(length) + " entries for " + std::to_string(wanted),
           "Every column of samples or targets has one entry a sample or target.");
}

}  // namespace

void check_samples(const Samples& samples, bool weights_only) {
  const std::size_t n = samples.size();
  if (n == 0)
    refuse("estimate.no_samples", "there are no samples to estimate from",
           "Look at the filters, and at missing coordinates.");
  check_length(samples.y.size(), n, "y of the samples");
  check_length(samples.z.size(), n, "z of the samples");
  if (!samples.hole.empty()) check_length(samples.hole.size(), n, "holes of the samples");
  if (!samples.domain.empty()) check_length(samples.domain.size(), n, "domains of the samples");
  for (std::size_t i = 0; i < n; ++i)
    if (!std::isfinite(samples.x[i]) || !std::isfinite(samples.y[i]) ||
        !std::isfinite(samples.z[i]))
      refuse("estimate.bad_place", "a coordinate is missing or not finite",
             "Leave the sample out or give its place.", samples.name(i));
  if (weights_only) return;
  if (samples.values.empty())
    refuse("estimate.no_values", "the samples have no values", "Name at least one value.");
  for (std::size_t v = 0; v < samples.values.size(); ++v) {
    check_length(samples.values[v].size(), n, "values of variable " + std::to_string(v + 1));
    bool any = false;
    for (std::size_t i = 0; i < n; ++i) {
      any = any || !std::isnan(samples.values[v][i]);
      if (std::isinf(samples.values[v][i]))
        refuse("estimate.bad_value", "a value is infinite", "Mend the value, or leave it blank.",
               samples.name(i));
    }
    if (!any)
      refuse("estimate.no_values",
             "no sample has a value" + (v < samples.variables.size()
                                            ? " of " + printable(samples.variables[v])
                                            : std::string()),
             "Leave that variable out.");
  }
}

void check_targets(const Samples& samples, const Targets& targets, const EstimateOptions& options) {
  const std::size_t n = targets.size();
  if (targets.is_grid)
    check_grid(targets.grid, "the block grid");
  else if (n == 0)
    refuse("estimate.no_targets", "there is nothing to estimate", "Give points, blocks or a grid.");
  const bool blocks = targets.is_grid || !targets.dx.empty();
  if (!targets.is_grid) {
    check_length(targets.y.size(), n, "y of the targets");
    check_length(targets.z.size(), n, "z of the targets");
    if (blocks) {
      check_length(targets.dx.size(), n, "dx of the targets");
      check_length(targets.dy.size(), n, "dy of the targets");
      check_length(targets.dz.size(), n, "dz of the targets");
    }
    for (std::size_t i = 0; i < n; ++i) {
      bool finite =
          std::isfinite(targets.x[i]) && std::isfinite(targets.y[i]) && std::isfinite(targets.z[i]);
      if (blocks)
        finite = finite && std::isfinite(targets.dx[i]) && std::isfinite(targets.dy[i]) &&
                 std::isfinite(targets.dz[i]) && targets.dx[i] >= 0.0 && targets.dy[i] >= 0.0 &&
                 targets.dz[i] >= 0.0;
      if (!finite)
        refuse("estimate.bad_place", "a coordinate or size is missing, not finite or negative",
               "Leave the target out or give its place.", "target " + std::to_string(i + 1));
    }
  }
  const auto& d = options.discretise;
  if (d[0] < 1 || d[1] < 1 || d[2] < 1 || static_cast<long long>(d[0]) * d[1] * d[2] > 4096)
    refuse("estimate.discretise", "a block needs 1 to 4,096 points",
           "Give three whole numbers, e.g. 4,4,2; 1,1,1 is a point at the centre.");
  if (!blocks && d[0] * d[1] * d[2] > 1)
    refuse("estimate.discretise", "the targets are points, which have no size to discretise",
           "Give blocks (dx, dy, dz), or leave the discretisation out.");
  if (!targets.domain.empty()) check_length(targets.domain.size(), n, "domains of the targets");
  if (!options.local_angles.empty())
    check_length(options.local_angles.size(), n, "local angles of the targets");
  if (options.method == EstimationMethod::ked) {
    check_length(targets.drift.size(), options.sample_drift.size(), "drift of the targets");
    for (const auto& column : targets.drift) check_length(column.size(), n, "drift of the targets");
    check_length(options.sample_drift.front().size(), samples.size(), "drift of the samples");
  }
}

namespace {

void check_pass(const SearchPass& pass, const Samples& samples) {
  for (const double radius : pass.radius_m)
    if (std::isnan(radius) || radius <= 0.0)
      refuse("estimate.search", "a search radius is " + number_text(radius) + " m",
             "Radii are above 0; leave the radius out for none.");
  if (pass.max_samples != 0 && pass.max_samples < pass.min_samples)
    refuse("estimate.search",
           "at least " + std::to_string(pass.min_samples) + " and at most " +
               std::to_string(pass.max_samples) + " samples are wanted",
           "The least number of samples cannot be above the largest.");
  if ((pass.max_per_hole != 0 || pass.min_holes != 0) && samples.hole.empty())
    refuse("estimate.no_holes", "a rule counts holes, but the samples' holes are not known",
           "Say which field names the hole, or leave the rule out.");
}

void check_means(const EstimateOptions& options, std::size_t variables, bool weights_only) {
  if (weights_only) return;
  bool good = options.means.size() == variables;
  for (const double mean : options.means) good = good && std::isfinite(mean);
  if (!good)
    refuse("estimate.means",
           "simple kriging needs one known mean a variable; " +
               std::to_string(options.means.size()) + " for " + std::to_string(variables) +
               " variables were given",
           "Give the means, or use ordinary kriging, which needs none.");
}

void check_high_yield(const EstimateOptions& options, std::size_t variables) {
  if (options.high_yield_above.empty()) return;
  bool good = options.high_yield_above.size() == variables;
  for (const double above : options.high_yield_above) good = good && !std::isnan(above);
  for (const double radius : options.high_yield_radius_m)
    good = good && !std::isnan(radius) && radius >= 0.0;
  if (!good)
    refuse("estimate.high_yield",
           "the high-yield restriction needs a threshold a variable and radii of 0 or more",
           "Give one threshold for each value (infinite = none), and the radius.");
}

}  // namespace

void check_options(const Samples& samples, const EstimateOptions& options, bool weights_only) {
  const std::size_t variables = samples.values.size();
  const EstimationMethod method = options.method;
  if (options.search.passes.empty())
    refuse("estimate.search", "there is no search pass", "Give at least one.");
  for (const double angle : {options.search.angles.azimuth_deg, options.search.angles.dip_deg,
                             options.search.angles.rake_deg})
    if (!std::isfinite(angle))
      refuse("estimate.search", "a search angle is not finite", "Give degrees.");
  for (const SearchPass& pass : options.search.passes) check_pass(pass, samples);
  for (const Angles& a : options.local_angles)
    if (!std::isfinite(a.azimuth_deg) || !std::isfinite(a.dip_deg) || !std::isfinite(a.rake_deg))
      refuse("estimate.search", "a local angle is not finite",
             "Give degrees for every target, or leave local angles out.");
  const bool krigs = method != EstimationMethod::nn && method != EstimationMethod::idw;
  if (krigs) check_model(options.model, "the variogram");
  if (method == EstimationMethod::sk) {
    check_means(options, variables, weights_only);
    if (!options.model.bounded())
      refuse("estimate.unbounded",
             "simple kriging needs a model with a sill, a power model has none",
             "Use ordinary kriging, or a model with a sill.");
  }
  if (method == EstimationMethod::idw && !(options.power > 0.0 && std::isfinite(options.power)))
    refuse("estimate.power", "inverse distance needs a power above 0",
           "2 is common; it must be said because it changes the result.");
  if (method == EstimationMethod::uk && parse_drift(options.drift).empty())
    refuse("estimate.drift", "universal kriging needs drift terms",
           "Give x, y or z for linear ones, xx, xy and so on for quadratic ones.");
  if (method == EstimationMethod::ked) {
    if (options.sample_drift.empty())
      refuse("estimate.no_drift", "kriging with external drift needs a drift variable",
             "Name the field that both samples and targets have.");
    for (const auto& column : options.sample_drift) {
      check_length(column.size(), samples.size(), "drift of the samples");
      for (std::size_t i = 0; i < column.size(); ++i)
        if (!std::isfinite(column[i]))
          refuse("estimate.bad_drift", "the drift variable is missing or not finite",
                 "Leave the sample out or give its drift.", samples.name(i));
    }
  }
  if (std::isnan(options.duplicate_distance_m) || options.duplicate_distance_m < 0.0)
    refuse("estimate.duplicate_distance", "the distance of duplicates is negative or no number",
           "Give 0 or more metres.");
  if (!weights_only) check_high_yield(options, variables);
}

std::vector<Monomial> parse_drift(const std::string& text) {
  const auto unknown = [&] {
    refuse("estimate.drift", "'" + printable(text) + "' are no drift terms",
           "Give x, y or z for linear ones; after a comma xx, yy, zz, xy, xz, yz for quadratic "
           "ones.");
  };
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ',' || c == ' ' || c == ';')
      words.emplace_back();
    else if (c >= 'x' && c <= 'z')
      words.back() += c;
    else
      unknown();
  }
  std::erase(words, std::string());
  // One word of different letters is a list of linear terms.
  if (words.size() == 1 && words[0].size() > 1 && words[0] != std::string(2, words[0][0])) {
    const std::string letters = words[0];
    words.clear();
    for (const char c : letters) words.emplace_back(1, c);
  }
  std::vector<Monomial> terms;
  const auto add = [&](const Monomial& term) {
    for (const Monomial& known : terms)
      if (known == term) return;
    terms.push_back(term);
  };
  // A quadratic term without its linear ones would depend on where x is counted from.
  for (const std::string& word : words)
    for (const char c : word) {
      Monomial linear{0, 0, 0};
      linear[static_cast<std::size_t>(c - 'x')] = 1;
      add(linear);
    }
  for (const std::string& word : words) {
    if (word.size() > 2) unknown();
    Monomial term{0, 0, 0};
    for (const char c : word) ++term[static_cast<std::size_t>(c - 'x')];
    add(term);
  }
  if (text.find_first_of("xyz") != std::string::npos && words.size() > 9) unknown();
  return terms;
}

}  // namespace lode::kriging
