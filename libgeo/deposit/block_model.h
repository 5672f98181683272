// Block models as lists: the grid they stand on, and everything that makes their sums wrong.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/deposit/exact_sum.h"
#include "libgeo/geometry/blocks.h"
#include "libgeo/geometry/box_share.h"
#include "libgeo/geometry/grid.h"

namespace lode {

/// What the listed blocks form.
struct BlockLayout {
  /// Cells of which every block is a whole number, and their bounds; when `on_grid` is false, only
  /// the origin and rotation count.
  BlockGrid grid;
  bool on_grid = false;
  bool regular = false;                      ///< all blocks have the size of a cell
  std::array<double, 3> largest_m{0, 0, 0};  ///< of the parents in a sub-blocked model
  std::array<double, 3> smallest_m{0, 0, 0};
  std::size_t blocks = 0;
  double volume_m3 = 0.0;
  Findings findings;
};

/// Reads a model once and finds its layout. Feed every chunk in order, then `finish`.
class LayoutScan {
 public:
  struct Options {
    /// The grid that a header declares; blocks that disagree are refused.
    std::optional<BlockGrid> declared;
    /// Rotation alone; empty = found from the centroids.
    std::optional<double> rotation_deg;
    /// Centroids may stand off the grid by this share of a block: rounding in files.
    double tolerance = 0.01;
  };
  LayoutScan(Options options, std::string name) : options_(options), name_(std::move(name)) {}

  /// Errors "blocks.size" (0, negative), "blocks.rotation" (turned otherwise than declared),
  /// "blocks.outside_grid", "blocks.off_grid" (of the declared grid), with the line.
  void add(const BlockChunk& chunk);
  /// Error "blocks.count" when the declared grid has another number of blocks.
  /// Findings: "blocks.rotated" (note), "blocks.sub_blocked" (note), "blocks.free" (warning).
  [[nodiscard]] BlockLayout finish();

 private:
  void start(const BlockChunk& chunk);
  void check_declared(const BlockChunk& chunk);
  [[nodiscard]] std::string where(const BlockChunk& chunk, std::size_t row) const;

  Options options_;
  std::string name_;
  BlockLayout layout_;
  BlockGrid axes_;  ///< origin at the first block's lower corner
  std::array<double, 3> cell_{0, 0, 0};
  bool started_ = false, fits_ = true;
  std::array<double, 3> anchor_{0, 0, 0}, low_{0, 0, 0}, high_{0, 0, 0};
  ExactSum volume_;
};

/// The rotation (degrees clockwise; of square blocks above -45 to 45) that puts centroids on a
/// lattice of their sizes: 0 when they stand along the axes, empty when none is found.
[[nodiscard]] std::optional<double> rotation_of(const BlockChunk& chunk, double tolerance = 0.01);

/// Finds blocks that share ground. On a grid: one bit a cell. Blocks on no grid are kept (60 bytes
/// each), 20 million at most.
class OverlapCheck {
 public:
  explicit OverlapCheck(const BlockLayout& layout, std::string name);
  /// Error "blocks.too_many" beyond the limits.
  void add(const BlockChunk& chunk);
  [[nodiscard]] std::size_t count() const { return overlaps_; }
  /// A second reading, only when there are overlaps: true once the partner of the first one has
  /// been met.
  [[nodiscard]] bool find_partner(const BlockChunk& chunk);
  /// Error "blocks.duplicate" or "blocks.overlap" with both lines.
  [[noreturn]] void refuse() const;

 private:
  struct Place {
    std::array<double, 3> lower, upper;
    std::size_t line = 0;
  };
  [[nodiscard]] Place place_of(const BlockChunk& chunk, std::size_t row) const;
  [[nodiscard]] bool set_bits(const Place& place);
  [[nodiscard]] bool meets_kept(const Place& place);

  BlockLayout layout_;
  std::string name_;
  std::vector<std::uint64_t> bits_;
  std::vector<Place> kept_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> bins_;
  std::size_t overlaps_ = 0;
  Place first_, partner_;
};

/// A block's footprint and levels in the axes of a layout.
struct BlockBox {
  Footprint plan;
  double z0 = 0.0, z1 = 0.0;
};
[[nodiscard]] BlockBox box_of(const BlockLayout& layout, const BlockChunk& chunk, std::size_t row);

/// Values of blocks joined into those of a coarser grid whose axes are the same. Weights are
/// volumes, or masses where a density is given. Blocks that lie in several parents are shared out.
class Reblocking {
 public:
  struct Options {
    BlockGrid parents;
    std::size_t values = 0;  ///< columns of each chunk's `numbers` that are averaged
    int density = -1;        ///< which of them is the density: averaged by volume; -1 = none
    int share = -1;          ///< place in `numbers` of the part of each block that counts; -1 = all
    int jobs = 0;
  };
  /// Error "reblock.too_many" beyond 2^28 parents.
  explicit Reblocking(const Options& options);
  /// Blocks outside the parents are counted. Error "reblock.rotation" when the axes differ.
  void add(const BlockLayout& layout, const BlockChunk& chunk);

  struct Parent {
    double volume_m3 = 0.0;  ///< of the blocks in it
    double share = 0.0;      ///< of its own volume
    std::vector<double> values;
  };
  [[nodiscard]] Parent at(std::size_t parent) const;
  [[nodiscard]] double outside_m3() const { return outside_.value(); }

 private:
  Options options_;
  std::vector<ExactSum> volume_, weight_, sum_;
  ExactSum outside_;
};

}  // namespace lode
