// Classes of blocks for the commands: rules read, blocks classified, the "spotted dog" smoothed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/deposit/classification.h"
#include "tools/block_inputs.h"

namespace lode::tools {

/// The rules of an option, or none.
[[nodiscard]] std::optional<ClassRules> read_class_rules(const Arguments& arguments,
                                                         Outcome& outcome);

/// Columns of rules that are made in the same run, not read.
struct MadeColumns {
  std::vector<std::string> read;              ///< those that the model's file has
  std::function<void(BlockChunk&)> complete;  ///< from these to all columns of the rules, in order
};

/// Classes of a model's blocks, by the rules alone or smoothed on their grid.
class BlockClasses {
 public:
  /// With smoothing, the model is read once more and a byte is kept for each cell of its grid.
  /// Error "classes.not_regular" where blocks of several sizes are to be smoothed.
  BlockClasses(const ClassRules& rules, const BlockLayout& layout, const std::string& path,
               const BlockReadOptions& options, const Session& session, const Progress& progress,
               Outcome& outcome, const MadeColumns* made = nullptr);
  /// `numbers` holds the columns of the rules from `first` on.
  [[nodiscard]] std::uint32_t of(const BlockChunk& chunk, std::size_t row, std::size_t first,
                                 bool& missing) const;
  [[nodiscard]] const ClassRules& rules() const { return rules_; }
  [[nodiscard]] std::size_t smoothed() const { return smoothed_; }

 private:
  ClassRules rules_;
  BlockLayout layout_;
  std::vector<std::uint8_t> smooth_;  ///< by cell; empty without smoothing
  std::size_t smoothed_ = 0;
};

/// The cell of a block on its regular grid.
[[nodiscard]] std::size_t cell_of(const BlockLayout& layout, const BlockChunk& chunk,
                                  std::size_t row);

}  // namespace lode::tools
