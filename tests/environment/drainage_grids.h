// Elevation grids for tests, made from a formula.
#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include "libgeo/core/random.h"
#include "libgeo/environment/drainage.h"

namespace lode::test {

using Height = std::function<double(std::size_t column, std::size_t row)>;

inline ElevationGrid grid_of(std::size_t columns, std::size_t rows, const Height& height,
                             const std::string& crs = "local:m",
                             std::array<double, 6> transform = {0, 10, 0, 0, 0, -10}) {
  ElevationGrid grid;
  grid.place.name = "test";
  grid.place.columns = columns;
  grid.place.rows = rows;
  grid.place.transform = transform;
  grid.place.crs = parse_crs(crs);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) grid.height_m.push_back(height(c, r));
  return grid;
}

/// Hills without equal heights: five octaves of random values, joined smoothly.
inline Height hills(std::uint64_t stream) {
  return [stream](std::size_t c, std::size_t r) {
    const Random random{11, stream};
    double z = 0.0, size = 64.0, high = 100.0;
    for (std::uint64_t octave = 0; octave < 5; ++octave, size /= 2.0, high /= 2.0) {
      const double u = static_cast<double>(c) / size, v = static_cast<double>(r) / size;
      const double i = std::floor(u), j = std::floor(v);
      const auto node = [&](double a, double b) {
        return random.uniform(octave * 1000000 + static_cast<std::uint64_t>(a) * 1000 +
                              static_cast<std::uint64_t>(b));
      };
      const auto ease = [](double t) { return t * t * (3.0 - 2.0 * t); };
      const double a = ease(u - i), b = ease(v - j);
      z += high * ((1 - a) * (1 - b) * node(i, j) + a * (1 - b) * node(i + 1, j) +
                   (1 - a) * b * node(i, j + 1) + a * b * node(i + 1, j + 1));
    }
    return z;
  };
}

/// A raster in memory.
class MemoryRaster : public RasterSource {
 public:
  explicit MemoryRaster(ElevationGrid grid) : grid_(std::move(grid)) {
    grid_.place.block_columns = grid_.place.columns;
    grid_.place.block_rows = 1;
  }
  [[nodiscard]] const RasterPlace& place() const override { return grid_.place; }
  [[nodiscard]] std::unique_ptr<RasterReader> reader() const override {
    struct Reader : RasterReader {
      explicit Reader(const ElevationGrid& g) : grid(g) {}
      void read(const RasterWindow&, float*) override {}
      void read(const RasterWindow& w, double* numbers) override {
        for (std::size_t r = 0; r < w.rows; ++r)
          for (std::size_t c = 0; c < w.columns; ++c)
            *numbers++ = grid.height_m[(w.row + r) * grid.place.columns + w.column + c];
      }
      const ElevationGrid& grid;
    };
    return std::make_unique<Reader>(grid_);
  }

 private:
  ElevationGrid grid_;
};

/// The cell that a cell's water goes to; itself where it leaves.
inline std::size_t next_of(const Drainage& d, std::size_t cell) {
  constexpr std::array<int, 8> du{1, 1, 0, -1, -1, -1, 0, 1}, dv{0, 1, 1, 1, 0, -1, -1, -1};
  const std::uint8_t way = d.direction[cell];
  if (way >= drainage_out) return cell;
  return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(cell) +
                                  dv[way] * static_cast<std::ptrdiff_t>(d.filled.place.columns) +
                                  du[way]);
}

inline double outlet_sum_m2(const Drainage& d) {
  double sum = 0.0;
  for (std::size_t i = 0; i < d.direction.size(); ++i)
    if (d.direction[i] == drainage_out) sum += d.upstream_m2[i];
  return sum;
}

}  // namespace lode::test
