// A raster in memory for tests: a function at cell centres, in single precision or double.
#pragma once

#include <array>
#include <functional>

#include "libgeo/crs/crs.h"
#include "libgeo/geometry/raster_source.h"

namespace lode {

class HeightGrid : public RasterSource {
 public:
  HeightGrid(std::size_t columns, std::size_t rows, std::array<double, 6> transform,
             std::function<double(double, double)> height,
             double nodata = std::numeric_limits<double>::quiet_NaN(),
             const Crs& crs = parse_crs("local:m"), bool single = false)
      : height_(std::move(height)) {
    place_.name = "grid";
    place_.columns = columns;
    place_.rows = rows;
    place_.transform = transform;
    place_.crs = crs;
    place_.block_columns = 64;
    place_.block_rows = 32;
    place_.single = single;
    place_.nodata = nodata;
  }
  [[nodiscard]] const RasterPlace& place() const override { return place_; }
  RasterPlace& place() { return place_; }
  [[nodiscard]] std::unique_ptr<RasterReader> reader() const override {
    return std::make_unique<Reader>(*this);
  }

 private:
  class Reader : public RasterReader {
   public:
    explicit Reader(const HeightGrid& grid) : grid_(grid) {}
    void read(const RasterWindow& window, float* numbers) override { fill(window, numbers); }
    void read(const RasterWindow& window, double* numbers) override { fill(window, numbers); }

   private:
    template <class T>
    void fill(const RasterWindow& w, T* numbers) const {
      const auto& t = grid_.place_.transform;
      for (std::size_t r = 0; r < w.rows; ++r)
        for (std::size_t c = 0; c < w.columns; ++c) {
          const double u = static_cast<double>(w.column + c) + 0.5;
          const double v = static_cast<double>(w.row + r) + 0.5;
          *numbers++ =
              static_cast<T>(grid_.height_(t[0] + u * t[1] + v * t[2], t[3] + u * t[4] + v * t[5]));
        }
    }
    const HeightGrid& grid_;
  };
  RasterPlace place_;
  std::function<double(double, double)> height_;
};

}  // namespace lode
