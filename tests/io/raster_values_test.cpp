// Values of several bands: every kind of number, NoData, scale, palettes, masks, complex numbers.
#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal_priv.h>
#include <gtest/gtest.h>
#include <ogr_spatialref.h>

#include <array>
#include <cmath>
#include <memory>

#include "libgeo/core/error.h"
#include "libgeo/io/door.h"
#include "libgeo/io/raster_blocks.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

// A GeoTIFF of 3 x 2 cells made by GDAL: numbers 0 to 5 times `step`.
class Made {
 public:
  Made(const std::string& path, GDALDataType type, int bands = 1, double step = 1.0,
       std::vector<std::string> options = {})
      : path_(path) {
    door::set_up();
    CPLStringList list;
    for (const std::string& option : options) list.AddString(option.c_str());
    dataset_.reset(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
        path.c_str(), 3, 2, bands, type, list.List()));
    OGRSpatialReference reference;
    reference.importFromEPSG(32629);
    dataset_->SetSpatialRef(&reference);
    std::array<double, 6> transform{500000, 10, 0, 4000000, 0, -10};
    dataset_->SetGeoTransform(transform.data());
    for (int b = 1; b <= bands; ++b) {
      std::array<double, 6> numbers{};
      for (std::size_t i = 0; i < 6; ++i) numbers[i] = static_cast<double>(i) * step * b;
      EXPECT_EQ(dataset_->GetRasterBand(b)->RasterIO(GF_Write, 0, 0, 3, 2, numbers.data(), 3, 2,
                                                     GDT_Float64, 0, 0, nullptr),
                CE_None);
    }
  }
  GDALRasterBand& band(int b) { return *dataset_->GetRasterBand(b); }
  GDALDataset& dataset() { return *dataset_; }
  std::string done() {
    dataset_.reset();
    return path_;
  }

 private:
  struct Close {
    void operator()(GDALDataset* d) const { GDALClose(d); }
  };
  std::string path_;
  std::unique_ptr<GDALDataset, Close> dataset_;
};

std::vector<double> numbers_of(const RasterSource& raster) {
  std::vector<double> list(6);
  const RasterWindow all{0, 0, 3, 2};
  if (raster.place().single) {
    std::vector<float> single(6);
    raster.reader()->read(all, single.data());
    for (std::size_t i = 0; i < 6; ++i) list[i] = static_cast<double>(single[i]);
  } else {
    raster.reader()->read(all, list.data());
  }
  for (double& v : list)
    v = v == raster.place().nodata ? std::nan("")
                                   : v * raster.place().factor + raster.place().shift;
  return list;
}

std::string refusal(const std::string& path, const ValuesOptions& options = {}) {
  try {
    static_cast<void>(open_values(path, options));
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

TEST(RasterValues, OfEveryKindOfNumber) {
  const Scratch dir;
  for (const GDALDataType type : {GDT_Byte, GDT_UInt16, GDT_Int16, GDT_UInt32, GDT_Int32,
                                  GDT_UInt64, GDT_Int64, GDT_Float32, GDT_Float64}) {
    Made made(dir / "t.tif", type, 1, 20.0);
    const ValuesFile file = open_values(made.done());
    EXPECT_EQ(numbers_of(*file.bands[0]), (std::vector<double>{0, 20, 40, 60, 80, 100}))
        << GDALGetDataTypeName(type);
  }
  // Signed bytes, -20 a step.
  Made made(dir / "s.tif", GDT_Byte, 1, 0.0, {"PIXELTYPE=SIGNEDBYTE"});
  std::array<signed char, 6> bytes{-128, -1, 0, 1, 127, -20};
  EXPECT_EQ(
      made.band(1).RasterIO(GF_Write, 0, 0, 3, 2, bytes.data(), 3, 2, GDT_Byte, 0, 0, nullptr),
      CE_None);
  made.band(1).SetNoDataValue(-128);
  const ValuesFile file = open_values(made.done());
  const auto numbers = numbers_of(*file.bands[0]);
  EXPECT_TRUE(std::isnan(numbers[0]));
  EXPECT_EQ(std::vector<double>(numbers.begin() + 1, numbers.end()),
            (std::vector<double>{-1, 0, 1, 127, -20}));
}

TEST(RasterValues, NoDataScaleNamesAndBands) {
  const Scratch dir;
  Made made(dir / "b.tif", GDT_Int16, 3, 1.0, {"INTERLEAVE=PIXEL"});
  made.band(2).SetScale(0.5);
  made.band(2).SetOffset(100.0);
  made.band(3).SetDescription("slope");
  made.band(3).SetUnitType("deg");
  for (int b = 1; b <= 3; ++b) made.band(b).SetNoDataValue(0.0);
  const std::string path = made.done();
  const ValuesFile file = open_values(path);
  ASSERT_EQ(file.bands.size(), 3u);
  EXPECT_EQ(file.names, (std::vector<std::string>{"band 1", "band 2", "slope"}));
  EXPECT_EQ(file.units[2], "deg");
  EXPECT_EQ(numbers_of(*file.bands[1])[3], 6 * 0.5 + 100);
  EXPECT_TRUE(std::isnan(numbers_of(*file.bands[1])[0]));
  EXPECT_TRUE(file.findings.has("raster.scaled"));
  EXPECT_TRUE(file.findings.has("raster.nodata_zero"));
  // Readers beside one another serve one thread from one open file.
  const auto first = file.bands[0]->reader();
  const auto second = file.bands[2]->reader_beside(*first);
  std::array<float, 6> a{}, b{};
  first->read({0, 0, 3, 2}, a.data());
  second->read({0, 0, 3, 2}, b.data());
  EXPECT_EQ(a[5], 5.0F);
  EXPECT_EQ(b[5], 15.0F);
  const ValuesFile some = open_values(path, {.bands = {3, 1}});
  EXPECT_EQ(some.band, (std::vector<int>{3, 1}));
  EXPECT_EQ(numbers_of(*some.bands[0])[5], 15.0);
  EXPECT_EQ(refusal(path, {.bands = {4}}), "raster.no_band");
}

TEST(RasterValues, WhatNumbersCannotStandForIsRefusedOrSaid) {
  const Scratch dir;
  EXPECT_EQ(refusal(Made(dir / "c.tif", GDT_CFloat32).done()), "raster.complex");
  {
    Made made(dir / "m.tif", GDT_Byte);
    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
    made.dataset().CreateMaskBand(GMF_PER_DATASET);
    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", nullptr);
    EXPECT_EQ(refusal(made.done()), "raster.mask");
  }
  Made palette(dir / "p.tif", GDT_Byte);
  GDALColorTable table;
  const GDALColorEntry red{255, 0, 0, 255};
  table.SetColorEntry(1, &red);
  palette.band(1).SetColorTable(&table);
  EXPECT_TRUE(open_values(palette.done()).findings.has("raster.palette"));
  const std::string picture = Made(dir / "rgb.tif", GDT_Byte, 3, 1.0, {"PHOTOMETRIC=RGB"}).done();
  EXPECT_TRUE(open_values(picture).findings.has("raster.colours"));
}

}  // namespace
}  // namespace lode
