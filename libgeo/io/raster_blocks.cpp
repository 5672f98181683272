#include "libgeo/io/raster_blocks.h"

#include <cpl_conv.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <type_traits>
#include <vector>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/io/door.h"
#include "libgeo/io/height_unit.h"
#include "libgeo/io/open.h"
#include "libgeo/io/raster.h"

namespace lode {

namespace {

// Of GDAL's own cache, in which only windows that cut blocks leave anything.
constexpr GIntBig cache_bytes = GIntBig{16} << 20;

GDALDataType type_of(const float*) {
  return GDT_Float32;
}
GDALDataType type_of(const double*) {
  return GDT_Float64;
}

class FileReader : public RasterReader {
 public:
  FileReader(std::shared_ptr<GDALDataset> dataset, const RasterPlace& place, int band,
             bool signed_bytes)
      : dataset_(std::move(dataset)), place_(place), band_(band), signed_bytes_(signed_bytes) {}

  void read(const RasterWindow& window, float* numbers) override { fetch(window, numbers); }
  void read(const RasterWindow& window, double* numbers) override { fetch(window, numbers); }

  [[nodiscard]] const std::shared_ptr<GDALDataset>& dataset() const { return dataset_; }
  [[nodiscard]] const std::string& file() const { return place_.name; }

 private:
  // True when the window consists of whole blocks (cut off by the raster's own edge alone).
  [[nodiscard]] bool whole_blocks(const RasterWindow& w) const {
    const auto ends = [](std::size_t end, std::size_t block, std::size_t all) {
      return end == all || end % block == 0;
    };
    return w.column % place_.block_columns == 0 && w.row % place_.block_rows == 0 &&
           ends(w.column + w.columns, place_.block_columns, place_.columns) &&
           ends(w.row + w.rows, place_.block_rows, place_.rows);
  }

  template <class T>
  void fetch(const RasterWindow& w, T* numbers) {
    Findings said;  // what GDAL warns of was said when the file was opened
    guard_gdal("raster.corrupt", place_.name, said, [&] {
      GDALRasterBand& band = *dataset_->GetRasterBand(band_);
      if (band.GetRasterDataType() == type_of(numbers) && whole_blocks(w)) {
        fetch_blocks(band, w, numbers);
        return;
      }
      if (band.RasterIO(GF_Read, static_cast<int>(w.column), static_cast<int>(w.row),
                        static_cast<int>(w.columns), static_cast<int>(w.rows), numbers,
                        static_cast<int>(w.columns), static_cast<int>(w.rows), type_of(numbers), 0,
                        0, nullptr) != CE_None)
        return;  // the error reaches the guard
    });
    // GDAL before 3.7 gives signed bytes as they lie in memory.
    for (std::size_t i = 0; signed_bytes_ && i < w.size(); ++i)
      if (numbers[i] > T{127}) numbers[i] -= T{256};
  }

  // Around GDAL's cache: straight into the window where a block lies in it as it is.
  template <class T>
  void fetch_blocks(GDALRasterBand& band, const RasterWindow& w, T* numbers) {
    const std::size_t bc = place_.block_columns, br = place_.block_rows;
    for (std::size_t row = w.row; row < w.row + w.rows; row += br)
      for (std::size_t column = w.column; column < w.column + w.columns; column += bc) {
        const std::size_t rows = std::min(br, w.row + w.rows - row);
        const std::size_t columns = std::min(bc, w.column + w.columns - column);
        T* const to = numbers + (row - w.row) * w.columns + (column - w.column);
        const bool direct = columns == bc && w.columns == bc && rows == br;
        if (!direct) block_.resize(bc * br * sizeof(T));
        void* const into = direct ? static_cast<void*>(to) : block_.data();
        if (band.ReadBlock(static_cast<int>(column / bc), static_cast<int>(row / br), into) !=
            CE_None)
          return;  // the error reaches the guard
        for (std::size_t r = 0; r < rows && !direct; ++r)
          std::memcpy(to + r * w.columns, block_.data() + r * bc * sizeof(T), columns * sizeof(T));
      }
  }

  std::shared_ptr<GDALDataset> dataset_;
  const RasterPlace& place_;
  int band_;
  bool signed_bytes_;
  std::vector<char> block_;
};

class FileRaster : public RasterSource {
 public:
  [[nodiscard]] const RasterPlace& place() const override { return place_; }
  [[nodiscard]] std::unique_ptr<RasterReader> reader() const override {
    DatasetHandle dataset;
    {
      const std::lock_guard lock(mutex_);
      dataset = std::move(first_);
    }
    Findings said;
    if (!dataset) dataset = open_dataset(place_.name, OpenKind::raster, said);
    return std::make_unique<FileReader>(std::move(dataset), place_, band_, signed_bytes_);
  }
  [[nodiscard]] std::unique_ptr<RasterReader> reader_beside(
      const RasterReader& other) const override {
    const auto* beside = dynamic_cast<const FileReader*>(&other);
    if (beside == nullptr || beside->file() != place_.name) return reader();
    return std::make_unique<FileReader>(beside->dataset(), place_, band_, signed_bytes_);
  }

  RasterPlace place_;
  int band_ = 1;
  bool signed_bytes_ = false;
  mutable std::mutex mutex_;
  mutable DatasetHandle first_;  // the one that the place was read from
};

void settle_unit(const HeightsOptions& options, const RasterInfo& info, std::string vertical_unit,
                 HeightsFile& file) {
  const std::string& where = info.source.path;
  const std::string said = info.unit.empty() ? std::move(vertical_unit) : info.unit;
  file.unit = options.unit.empty() ? said : options.unit;
  if (!file.unit.empty()) file.metres_per_unit = height_word_m(file.unit, where);
  if (!options.unit.empty() && !said.empty() && height_word_m(said, where) != file.metres_per_unit)
    file.findings.add("surface.unit_overruled", Severity::warning, where,
                      "the file says that its heights are in " + printable(said) +
                          "; they were taken for " + printable(options.unit) + " as declared");
  if (!file.unit.empty()) return;
  if (info.crs.is_local()) {
    file.metres_per_unit = info.crs.metres_per_unit;
    file.unit = info.crs.metres_per_unit == 1.0 ? "m" : "ft";
    return;
  }
  if (info.crs.is_projected() && info.crs.metres_per_unit != 1.0)
    throw Error("surface.unit",
                "nothing says whether the heights are metres or feet, and the map is in units of " +
                    number_text(info.crs.metres_per_unit) + " m",
                where, "Say it: --top-unit or --base-unit m, ft, 'US survey foot'.");
  file.findings.add("surface.unit_taken", Severity::note, where,
                    "nothing says the unit of the heights: they were taken for metres");
}

RasterPlace place_of(const RasterInfo& info, GDALRasterBand& band) {
  RasterPlace place;
  place.name = info.source.path;
  place.columns = static_cast<std::size_t>(info.width);
  place.rows = static_cast<std::size_t>(info.height);
  place.transform = info.transform;
  place.crs = info.crs;
  int bc = 0, br = 0;
  band.GetBlockSize(&bc, &br);
  place.block_columns = static_cast<std::size_t>(bc);
  place.block_rows = static_cast<std::size_t>(br);
  const GDALDataType type = band.GetRasterDataType();
  place.single = type == GDT_Float32 || type == GDT_Byte || type == GDT_Int16 || type == GDT_UInt16;
  if (info.has_nodata) place.nodata = info.nodata;
  // GDAL gives the NoData of single precision as the nearest double of its text.
  if (type == GDT_Float32 && std::abs(place.nodata) <= std::numeric_limits<float>::max())
    place.nodata = static_cast<double>(static_cast<float>(place.nodata));
  return place;
}

void say_scale(GDALRasterBand& band, const std::string& where, Findings& findings) {
  const double scale = band.GetScale(), offset = band.GetOffset();
  if (scale == 1.0 && offset == 0.0) return;
  findings.add("raster.scaled", Severity::warning, where,
               "cell values are stored with scale " + number_text(scale) + " and offset " +
                   number_text(offset) + ", which were applied");
}

}  // namespace

namespace {

// GDAL leaves the vertical part of a GeoTIFF's CRS out unless asked for it.
class WithVerticalCrs {
 public:
  WithVerticalCrs() { CPLSetThreadLocalConfigOption("GTIFF_REPORT_COMPD_CS", "YES"); }
  ~WithVerticalCrs() { CPLSetThreadLocalConfigOption("GTIFF_REPORT_COMPD_CS", nullptr); }
  WithVerticalCrs(const WithVerticalCrs&) = delete;
  WithVerticalCrs& operator=(const WithVerticalCrs&) = delete;
};

}  // namespace

HeightsFile open_heights(const std::string& path, const HeightsOptions& options,
                         const Progress& progress) {
  const door::Input input = door::resolve_input(path);
  HeightsFile file;
  auto raster = std::make_unique<FileRaster>();
  RasterInfo info;
  info.source.path = input.given;
  const WithVerticalCrs asked;
  DatasetHandle dataset = door::open_input(input, OpenKind::raster, info.findings);
  GDALSetCacheMax64(cache_bytes);
  guard_gdal("raster.corrupt", input.given, info.findings, [&] {
    RasterOptions wanted;
    wanted.input_crs = options.input_crs;
    wanted.band = options.band;
    describe_raster(*dataset, wanted, info);
    GDALRasterBand& band = *dataset->GetRasterBand(options.band);
    check_height_band(*dataset, options.band, input.given, info.findings);
    std::string vertical_unit;
    read_vertical_crs(*dataset, file.vertical_crs, vertical_unit);
    settle_unit(options, info, vertical_unit, file);
    RasterPlace& place = raster->place_;
    place = place_of(info, band);
    place.factor = band.GetScale() * file.metres_per_unit;
    place.shift = band.GetOffset() * file.metres_per_unit;
    say_scale(band, input.given, file.findings);
  });
  // Cells in degrees have their true areas here.
  for (const Finding& finding : info.findings.list())
    if (finding.code != "raster.geographic") file.findings.add(finding);
  file.source = info.source;
  if (options.checksum)
    file.source.sha256 = input.file.empty() ? input.sha256 : sha256_of_file(input.file, progress);
  file.source.crs = info.crs.label();
  raster->band_ = options.band;
  raster->first_ = std::move(dataset);
  file.raster = std::move(raster);
  return file;
}

namespace {

// What numbers cannot stand for values, and what they may be taken for.
void judge_band(GDALRasterBand& band, int number, const std::string& where, Findings& findings) {
  const std::string which = "band " + std::to_string(number);
  if (GDALDataTypeIsComplex(band.GetRasterDataType()) != 0)
    throw Error("raster.complex", which + " holds complex numbers", where,
                "Write their real part, imaginary part or modulus to a raster of its own.");
  const int mask = band.GetMaskFlags();
  if ((mask & GMF_PER_DATASET) != 0 && (mask & (GMF_ALPHA | GMF_NODATA)) == 0)
    throw Error("raster.mask", "a mask beside the cells says which have a value", where,
                "Set the masked cells to NoData: gdalwarp -dstnodata VALUE IN OUT.");
  const GDALColorInterp colour = band.GetColorInterpretation();
  if (colour == GCI_PaletteIndex)
    findings.add("raster.palette", Severity::note, where,
                 which + " has a table of colours: its numbers stand for classes");
  if (colour == GCI_RedBand || colour == GCI_GreenBand || colour == GCI_BlueBand ||
      colour == GCI_AlphaBand)
    findings.add("raster.colours", Severity::warning, where,
                 which + " holds colours (" + lower(GDALGetColorInterpretationName(colour)) +
                     "): its numbers are taken as they are");
}

void add_band(GDALDataset& dataset, int number, const door::Input& input,
              const ValuesOptions& options, ValuesFile& file) {
  RasterOptions wanted;
  wanted.input_crs = options.input_crs;
  wanted.band = number;
  RasterInfo info;
  info.source.path = input.given;
  describe_raster(dataset, wanted, info);
  GDALRasterBand& band = *dataset.GetRasterBand(number);
  judge_band(band, number, input.given, file.findings);
  auto raster = std::make_unique<FileRaster>();
  raster->place_ = place_of(info, band);
  raster->place_.factor = band.GetScale();
  raster->place_.shift = band.GetOffset();
  raster->band_ = number;
  const char* sign = band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE");
  raster->signed_bytes_ = sign != nullptr && std::string(sign) == "SIGNEDBYTE";
  say_scale(band, input.given, file.findings);
  if (info.has_nodata && info.nodata == 0.0)
    file.findings.add("raster.nodata_zero", Severity::warning, input.given,
                      "0 is NoData: true zeros cannot be told from missing cells");
  // What concerns the place is said once for all bands; cells in degrees have their true areas.
  for (const Finding& finding : info.findings.list())
    if (file.bands.empty() && finding.code != "raster.geographic") file.findings.add(finding);
  const std::string description = band.GetDescription();
  file.names.push_back(description.empty() ? "band " + std::to_string(number)
                                           : printable(description));
  file.units.push_back(info.unit);
  file.band.push_back(number);
  file.bands.push_back(std::move(raster));
  file.source.crs = info.crs.label();
}

}  // namespace

ValuesFile open_values(const std::string& path, const ValuesOptions& options,
                       const Progress& progress) {
  const door::Input input = door::resolve_input(path);
  ValuesFile file;
  file.source.path = input.given;
  DatasetHandle dataset = door::open_input(input, OpenKind::raster, file.findings);
  GDALSetCacheMax64(cache_bytes);
  guard_gdal("raster.corrupt", input.given, file.findings, [&] {
    std::vector<int> bands = options.bands;
    for (int b = 1; options.bands.empty() && b <= dataset->GetRasterCount(); ++b)
      bands.push_back(b);
    if (bands.empty())
      throw Error("raster.corrupt", "the raster has no cells", input.given,
                  "Take a sound copy of it.");
    for (const int band : bands) add_band(*dataset, band, input, options, file);
  });
  if (options.checksum)
    file.source.sha256 = input.file.empty() ? input.sha256 : sha256_of_file(input.file, progress);
  static_cast<FileRaster&>(*file.bands.front()).first_ = std::move(dataset);
  return file;
}

}  // namespace lode
