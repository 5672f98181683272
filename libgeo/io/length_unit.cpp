#include "libgeo/io/length_unit.h"

#include <map>

#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"

namespace lode {

std::optional<double> length_unit_m(const std::string& word) {
  static const std::map<std::string, std::string> others{{"metre", "m"},
                                                         {"meter", "m"},
                                                         {"metres", "m"},
                                                         {"meters", "m"},
                                                         {"foot", "ft"},
                                                         {"feet", "ft"},
                                                         {"foots", "ft"},
                                                         {"international foot", "ft"},
                                                         {"inch", "in"},
                                                         {"inches", "in"},
                                                         {"kilometre", "km"},
                                                         {"us survey foot", "us-ft"},
                                                         {"us survey feet", "us-ft"},
                                                         {"us_survey_foot", "us-ft"},
                                                         {"foot_us", "us-ft"},
                                                         {"survey foot", "us-ft"},
                                                         {"ftus", "us-ft"}};
  std::string name = lower(trim(word));
  if (const auto other = others.find(name); other != others.end()) name = other->second;
  if (!is_unit_of(name, Dimension::length)) return std::nullopt;
  return unit_factor(name, Dimension::length, word);
}

}  // namespace lode
