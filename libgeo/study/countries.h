// Which country a place lies in: outlines, the nearest within 10 km of a coast, names for codes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/spatial_index.h"
#include "libgeo/io/layer.h"
#include "libgeo/study/result.h"
#include "libgeo/supply/concentration.h"

namespace lode {

/// Outlines in EPSG:4326, indexed. Safe to query from several threads.
class Countries {
 public:
  Countries() = default;
  explicit Countries(std::vector<Country> list);

  struct Found {
    std::string iso3;         ///< "" when there is none
    double offshore_m = 0.0;  ///< > 0 when the nearest outline was taken
  };
  /// The country that covers the place, else the nearest one within `offshore_m`.
  [[nodiscard]] Found at(LonLat place, double offshore_m = 10000.0) const;
  [[nodiscard]] const std::vector<Country>& list() const { return list_; }
  /// Without outlines every code is taken at its word.
  [[nodiscard]] bool knows(const std::string& iso3) const;

 private:
  std::vector<Country> list_;
  SpatialIndex index_;
};

/// The outlines that come with the program. Warning "study.no_outlines", and no countries, when it
/// was built without them.
[[nodiscard]] Countries built_in_countries(int jobs, Findings& findings);

/// All land of the map that comes with the program, countries or not, in EPSG:4326.
struct InstalledLand {
  std::vector<Geometry> land;
  std::vector<Source> sources;
};
/// Error "io.no_share" when the program was built without the map.
[[nodiscard]] InstalledLand installed_land(int jobs, const Progress& progress = {});

/// The three-letter code of a text: a code in any case, or an English name of the outlines.
/// "" when it is neither.
[[nodiscard]] std::string country_code(const std::string& text, const Countries& countries);

/// The code of a country, or the text itself (`country_key`) when it is none we know.
[[nodiscard]] std::string country_id(const std::string& text, const Countries& countries);

/// Countries of a table under their codes, so that "China" meets the rows, the governance and the
/// alliances of "CHN". What is neither a country nor a name of `options` (Other, a total) stays as
/// it is: warning "supply.unknown_country", for it may hold countries that have rows of their own.
void name_countries(std::vector<std::string>& texts, const Countries& countries,
                    const ConcentrationOptions& options, const std::string& where,
                    Findings& findings);

/// Letters and digits only, small, accents dropped: for matching names.
[[nodiscard]] std::string plain_name(std::string_view name);

}  // namespace lode
