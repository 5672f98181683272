// Names of measures and weights, as options and results spell them.
#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/variogram.h"
#include "libgeo/estimation/variogram_fit.h"

namespace lode {

namespace {

const std::vector<std::pair<VariogramType, std::string>>& type_names() {
  static const std::vector<std::pair<VariogramType, std::string>> names{
      {VariogramType::semivariogram, "semivariogram"},
      {VariogramType::cross, "cross"},
      {VariogramType::covariance, "covariance"},
      {VariogramType::correlogram, "correlogram"},
      {VariogramType::madogram, "madogram"},
      {VariogramType::rodogram, "rodogram"},
      {VariogramType::general_relative, "general_relative"},
      {VariogramType::pairwise_relative, "pairwise_relative"}};
  return names;
}

}  // namespace

std::string_view to_text(VariogramType type) {
  for (const auto& [known, name] : type_names())
    if (known == type) return name;
  return "";
}

VariogramType parse_variogram_type(std::string_view text) {
  std::vector<std::string> names;
  for (const auto& [type, name] : type_names()) {
    if (name == text) return type;
    names.push_back(name);
  }
  throw Error("usage.choice", "'" + printable(text) + "' is no type of variogram", "--type",
              "Known: " + join(names, ", ") + ".");
}

std::string_view to_text(FitWeights weights) {
  switch (weights) {
    case FitWeights::pairs_over_h2:
      return "pairs_over_h2";
    case FitWeights::pairs:
      return "pairs";
    case FitWeights::pairs_over_gamma2:
      return "pairs_over_gamma2";
    case FitWeights::equal:
      return "equal";
  }
  return "";
}

FitWeights parse_fit_weights(std::string_view text) {
  for (const FitWeights one : {FitWeights::pairs_over_h2, FitWeights::pairs,
                               FitWeights::pairs_over_gamma2, FitWeights::equal})
    if (text == to_text(one)) return one;
  throw Error("usage.choice", "'" + printable(text) + "' are no weights of a fit", "--weights",
              "Known: pairs_over_h2, pairs, pairs_over_gamma2, equal.");
}

}  // namespace lode
