// Block models as lists: from parents and sub-blocks to boxes, and from boxes back to a grid.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "libgeo/io/model_files.h"

namespace lode::model_files {

/// A block's centre and size in the model's own axes; the centre counted from its origin.
struct BlockBoxRow {
  std::array<double, 3> centre{}, size{};
};

/// Blocks that a list of the model has: its sub-blocks, or its parents where it has none.
[[nodiscard]] std::size_t blocks_of(const ModelBlocks& blocks);
/// All of them in order: parents with x fastest, then y, then z.
void each_block(const ModelBlocks& blocks,
                const std::function<void(std::size_t, const BlockBoxRow&)>& visit);
/// Edges of the parents along an axis, from 0.
[[nodiscard]] std::vector<double> edges_of(const std::vector<double>& sizes);
/// A place in the model's axes, counted from its origin, in the file's coordinates.
[[nodiscard]] std::array<double, 3> in_the_file(const ModelBlocks& blocks,
                                                const std::array<double, 3>& local);
[[nodiscard]] bool is_regular(const ModelBlocks& blocks);  ///< equal parents, no sub-blocks
[[nodiscard]] bool is_turned(const ModelBlocks& blocks);   ///< axes other than x, y, z
/// The columns as the list of blocks needs them: values of parents are repeated for each sub-block,
/// which is said; what stands on corners of the grid is lost, which is said.
[[nodiscard]] std::vector<ModelColumn> columns_of_list(const ModelObject& object,
                                                       std::vector<ModelLoss>& lost);

/// Fills `object.blocks` from boxes along `axes` (centres in the file's coordinates) and brings the
/// columns, which are in the order of `rows`, into its order. A regular or tensor grid where the
/// boxes are one; else parents of the largest size with free sub-blocks in them; else one parent
/// around all (note "model.one_parent"). Rotation about z is found from neighbours' centres. Error
/// "model.blocks" (two blocks share ground, as they do when a grid is turned and does not say so).
void fit_blocks(ModelObject& object, const std::vector<BlockBoxRow>& rows,
                const std::array<std::array<double, 3>, 3>& axes, Findings& findings,
                const std::string& where);

}  // namespace lode::model_files
