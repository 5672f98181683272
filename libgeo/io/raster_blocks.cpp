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
  FileReader(DatasetHandle dataset, const RasterPlace& place, int band)
      : dataset_(std::move(dataset)), place_(place), band_(band) {}

  void read(const RasterWindow& window, float* numbers) override { fetch(window, numbers); }
  void read(const RasterWindow& window, double* numbers) override { fetch(window, numbers); }

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

  DatasetHandle dataset_;
  const RasterPlace& place_;
  int band_;
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
    return std::make_unique<FileReader>(std::move(dataset), place_, band_);
  }

  RasterPlace place_;
  int band_ = 1;
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

HeightsFile open_heights(const std::string& path, const HeightsOptions& options) {
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
    place.name = input.given;
    place.columns = static_cast<std::size_t>(info.width);
    place.rows = static_cast<std::size_t>(info.height);
    place.transform = info.transform;
    place.crs = info.crs;
    int bc = 0, br = 0;
    band.GetBlockSize(&bc, &br);
    place.block_columns = static_cast<std::size_t>(bc);
    place.block_rows = static_cast<std::size_t>(br);
    const GDALDataType type = band.GetRasterDataType();
    place.single =
        type == GDT_Float32 || type == GDT_Byte || type == GDT_Int16 || type == GDT_UInt16;
    if (info.has_nodata) place.nodata = info.nodata;
    // GDAL gives the NoData of single precision as the nearest double of its text.
    if (type == GDT_Float32 && std::abs(place.nodata) <= std::numeric_limits<float>::max())
      place.nodata = static_cast<double>(static_cast<float>(place.nodata));
    place.factor = band.GetScale() * file.metres_per_unit;
    place.shift = band.GetOffset() * file.metres_per_unit;
    if (band.GetScale() != 1.0 || band.GetOffset() != 0.0)
      file.findings.add("raster.scaled", Severity::warning, input.given,
                        "cell values are stored with scale " + number_text(band.GetScale()) +
                            " and offset " + number_text(band.GetOffset()) +
                            ", which were applied");
  });
  // Cells in degrees have their true areas here.
  for (const Finding& finding : info.findings.list())
    if (finding.code != "raster.geographic") file.findings.add(finding);
  file.source = info.source;
  if (options.checksum)
    file.source.sha256 = input.file.empty() ? input.sha256 : sha256_of_file(input.file);
  file.source.crs = info.crs.label();
  raster->band_ = options.band;
  raster->first_ = std::move(dataset);
  file.raster = std::move(raster);
  return file;
}

}  // namespace lode
