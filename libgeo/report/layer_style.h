// The QGIS style of any result layer: colours and legend from its own numbers or words.
#pragma once

#include <string>
#include <vector>

#include "libgeo/io/writers.h"

namespace lode::report {

/// Ramps are told apart by readers who see no red or green, and from pale to dark in print.
enum class Ramp {
  amount,  ///< pale yellow to dark blue: ColorBrewer's YlGnBu
  burden,  ///< pale yellow to dark red: ColorBrewer's YlOrRd, for losses, costs and grades
  reach,   ///< the same turned round: least is darkest, for distances and times
};

/// How a layer is to be seen.
struct LayerLook {
  /// The first of these that the layer has, with a value: numbers in classes, words in colours.
  /// "*" is the first number that is neither place nor size. None: one colour.
  std::vector<std::string> colour_by;
  Ramp ramp = Ramp::amount;
  std::string unit_field;          ///< a field whose words are the unit of the legend
  std::string colour = "#4d8fc0";  ///< "#rrggbb", where nothing is coloured by
  std::vector<std::string> label;  ///< fields that name a feature, the first known one is shown
  bool greatest_below = false;     ///< draws rings and reaches from the widest to the narrowest
};

/// QML; "" for a layer without places or with several kinds of them. Every feature is in a class:
/// where some have no value, rules take the place of classes and "Not known" is one of them.
[[nodiscard]] std::string layer_style(const OutputLayer& layer, const LayerLook& look);

}  // namespace lode::report
