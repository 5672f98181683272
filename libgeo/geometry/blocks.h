// Listed blocks: centroids, sizes and columns of a part of a block model, as files stream them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lode {

/// Consecutive blocks of a model. Metres, in the CRS of the model; sizes along the model's own
/// axes.
struct BlockChunk {
  std::size_t first = 0;  ///< of the model's blocks, counted from 0
  std::vector<double> x, y, z, dx, dy, dz;
  std::vector<std::vector<double>> numbers;  ///< by column asked for, then block; NaN = missing
  std::vector<std::vector<std::uint32_t>> words;  ///< by text column, then block: place in its list
  std::vector<std::size_t> line;                  ///< where each block stands in the file
  std::vector<std::string_view> text;             ///< the lines themselves, when asked for

  [[nodiscard]] std::size_t size() const { return x.size(); }
};

}  // namespace lode
