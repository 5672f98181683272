// Vector layers and tables read whole: geometry, attributes, CRS, checksum and all that was wrong.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/table.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// What to do with values below a detection limit ("<0.01").
enum class BelowDetection { refuse, half, zero, limit, missing };
[[nodiscard]] BelowDetection parse_below_detection(const std::string& text);

struct ReadOptions {
  std::string layer;                          ///< "" = the only one; several need a name
  std::string where;                          ///< attribute filter, OGR SQL WHERE without the word
  std::optional<std::array<double, 4>> bbox;  ///< xmin ymin xmax ymax in the layer's CRS
  std::string input_crs;                      ///< declares the CRS of an input that has none
  std::string x, y;      ///< columns of a table that hold coordinates ("" = found by name)
  std::string encoding;  ///< of a shapefile or CSV; "" = .cpg or UTF-8, else detected and said
  std::vector<std::string> missing;  ///< texts that mean "no value", besides blank
  BelowDetection below_detection = BelowDetection::refuse;
  std::map<std::string, std::string> fields;  ///< wanted name -> name in the file (--fields)
  std::map<std::string, std::string> units;   ///< field -> unit (--field-unit)
  std::shared_ptr<std::set<std::string>>
      units_met;               ///< takes the fields of `units` that were there
  bool need_crs = true;        ///< false: a layer without CRS passes (a finding says so)
  bool need_geometry = true;   ///< false: a plain table passes
  bool check_geometry = true;  ///< validity check and repair, reported
  int jobs = 0;
};

/// One layer in memory. `geometry[i]`, `fid[i]` and row i of `table` are one feature; a row
/// without a place has GeometryKind::none and is counted in a finding.
struct Layer {
  Source source;
  std::string driver;
  Crs crs;
  bool has_crs = false;
  Table table;
  std::vector<Geometry> geometry;  ///< empty vector for a table without places
  std::vector<std::int64_t> fid;
  std::vector<Source> sidecars;  ///< files read beside the source (.dbf .shx .prj .cpg)
  Findings findings;

  [[nodiscard]] std::size_t size() const { return fid.size(); }
  [[nodiscard]] bool has_geometry() const { return !geometry.empty(); }
  [[nodiscard]] Box extent() const;
};

/// Reads one layer of a Shapefile, GeoPackage, GeoJSON, FlatGeobuf, CSV (WKT or x/y columns), XLSX
/// (blank rows and titles above the header are passed over and said) or the same in a /vsizip/,
/// /vsigzip/ path. `path` may be "file:layer".
/// Bad input is refused or mended as the fault table says; what was mended stands in `findings`.
/// Errors: as `open_dataset`, and "io.no_layer", "io.several_layers", "io.empty_layer",
/// "crs.missing", "crs.mismatch" (coordinates cannot be of that CRS), "geometry.missing",
/// "geometry.bad_coordinate", "geometry.bad_wkt", "table.bad_number",
/// "table.not_finite", "table.ragged_row", "csv.*", "geojson.*", "gpkg.*", "usage.where".
/// The library's README lists them all.
[[nodiscard]] Layer read_layer(const std::string& path, const ReadOptions& options = {},
                               const Progress& progress = {});

/// The same for attribute tables: no place asked for. Places of a spatial format are kept; CSV and
/// XLSX get none from their columns unless `options.x` and `.y` name them.
[[nodiscard]] Layer read_table(const std::string& path, ReadOptions options = {},
                               const Progress& progress = {});

/// Names of the layers (or sheets) of a file, with their feature counts.
struct LayerName {
  std::string name;
  std::int64_t features = 0;
  bool has_geometry = false;
};
[[nodiscard]] std::vector<LayerName> list_layers(const std::string& path, Findings& findings);

/// The same layer in another CRS; edges of the result within 1 cm of where they were.
/// Error "crs.no_operation", "crs.local".
[[nodiscard]] Layer to_crs(Layer layer, const Crs& crs);

/// Which field names a feature: `field` if given, else `id` (or `name`) in any case, else fids.
[[nodiscard]] std::vector<std::string> feature_ids(const Layer& layer, const std::string& field);
/// Names; empty texts where there is none.
[[nodiscard]] std::vector<std::string> feature_names(const Layer& layer, const std::string& field);
/// A column as numbers in the base unit of `dimension`; the unit is the column's, its name's
/// suffix, or `unit`. Error "unit.missing" when none is known, "table.no_field".
[[nodiscard]] std::vector<double> quantity_column(const Table& table, const std::string& field,
                                                  Dimension dimension,
                                                  const std::string& unit = {});

}  // namespace lode
