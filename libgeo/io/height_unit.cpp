#include "libgeo/io/height_unit.h"

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/length_unit.h"

namespace lode {

double height_word_m(const std::string& unit, const std::string& where) {
  if (const auto metres = length_unit_m(unit)) return *metres;
  throw Error("surface.unit", "'" + printable(unit) + "' is no unit of heights", where,
              "Say it: --top-unit or --base-unit m, ft, 'US survey foot'; or correct the file.");
}

void read_vertical_crs(const GDALDataset& dataset, std::string& name, std::string& unit) {
  const OGRSpatialReference* reference = dataset.GetSpatialRef();
  if (reference == nullptr || reference->IsCompound() == 0) return;
  const char* said = reference->GetAttrValue("VERT_CS");
  name = said == nullptr ? "" : printable(said);
  const char* unit_name = nullptr;
  reference->GetTargetLinearUnits("VERT_CS", &unit_name);
  if (unit_name != nullptr && lower(unit_name) != "unknown") unit = unit_name;
}

void check_height_band(const GDALDataset& dataset, int band, const std::string& where,
                       Findings& findings) {
  auto& open = const_cast<GDALDataset&>(dataset);  // GDAL's readers are not const
  const GDALColorInterp colour = open.GetRasterBand(band)->GetColorInterpretation();
  if (colour == GCI_RedBand || colour == GCI_GreenBand || colour == GCI_BlueBand ||
      colour == GCI_PaletteIndex || colour == GCI_AlphaBand)
    throw Error("raster.picture",
                std::string("the band holds colours (") +
                    lower(GDALGetColorInterpretationName(colour)) + "), no heights",
                where, "Give a raster of elevations.");
  if (open.GetRasterCount() > 1)
    findings.add("raster.bands", Severity::warning, where,
                 "the raster has " + std::to_string(open.GetRasterCount()) + " bands: band " +
                     std::to_string(band) + " counts");
}

double height_unit_m(const GDALDataset& dataset, const RasterInfo& info, double otherwise,
                     Findings& findings) {
  std::string name, unit = info.unit;
  if (unit.empty()) read_vertical_crs(dataset, name, unit);
  if (unit.empty()) {
    if (otherwise != 1.0)
      findings.add("surface.unit_taken", Severity::note, info.source.path,
                   "nothing says the unit of the heights: they were taken for that of the map, " +
                       number_text(otherwise) + " m");
    return otherwise;
  }
  const double metres = height_word_m(unit, info.source.path);
  if (std::abs(metres / otherwise - 1.0) > 1e-9)
    findings.add("surface.unit_said", Severity::note, info.source.path,
                 "the file says that its heights are in " + printable(unit) + ": taken so");
  return metres;
}

}  // namespace lode
