// Maximum closure on a block grid by pseudoflow, in whole numbers, with a proof of its optimum.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/deposit/pit_precedence.h"

namespace lode {

/// Flow from a block to one that it asks for; blocks are places in `ClosureGraph::cell`.
struct ClosureFlow {
  std::uint32_t from = 0, to = 0;
  std::int64_t flow = 0;
};

/// The blocks that can be in a pit, and their precedence by pattern. Cells are numbered with room
/// behind each row, layer and the top, so that an offset is one number and never leaves the array.
class ClosureGraph {
 public:
  static constexpr std::int32_t outside = -1;  ///< no block of this problem
  static constexpr std::int32_t free = -2;     ///< worth nothing, and so is all that it asks for

  /// `zone`: the pattern of each cell of the grid; empty = the first. A cell that is worth nothing
  /// at both ends of the values is air. Errors "pit.too_many", "pit.zones".
  ClosureGraph(std::array<std::size_t, 3> count, const Precedence& precedence,
               const std::vector<std::uint16_t>& zone, const std::vector<std::int64_t>& lowest,
               const std::vector<std::int64_t>& highest);

  [[nodiscard]] std::size_t size() const { return cell.size(); }
  [[nodiscard]] const std::vector<std::int32_t>& pattern(std::size_t b) const {
    return deltas[zone[b]];
  }

  /// Grid cells of no worth that the members ask for: they go along.
  [[nodiscard]] std::vector<std::uint32_t> free_members(
      const std::vector<std::uint8_t>& member) const;

  std::vector<std::vector<std::int32_t>> deltas;  ///< by zone
  std::vector<std::uint32_t> cell;                ///< by block
  std::vector<std::uint32_t> grid_cell;           ///< by block: its place in the grid
  std::vector<std::uint16_t> zone;                ///< by block
  std::vector<std::int32_t> block;                ///< by cell, or `outside` or `free`
  /// By `free` cell that is below others: its place in the grid and in the array.
  std::vector<std::array<std::uint32_t, 2>> free_cells;
  std::vector<std::uint16_t> free_zone;

 private:
  void mark(std::array<std::size_t, 3> count, const std::vector<std::uint16_t>& zones,
            const std::vector<std::int64_t>& lowest, const std::vector<std::int64_t>& highest,
            std::vector<std::uint8_t>& state) const;
  std::size_t row_ = 0, layer_ = 0;
};

struct ClosureProof {
  std::int64_t value = 0;       ///< of the closure
  std::int64_t positive = 0;    ///< sum of the positive values
  std::int64_t bound = 0;       ///< no closure is worth more: positive total less what flows
  std::size_t precedences = 0;  ///< that were checked
};

/// Holds a closure against flows found with it. Whatever found them: a flow along precedences that
/// leaves each block with the excess e proves that no closure is worth more than the sum of the
/// positive e. Errors "pit.not_closed" (a block is in, one it asks for is not), "pit.not_optimal"
/// (a flow that is none, or closure and bound differ).
[[nodiscard]] ClosureProof prove_closure(const ClosureGraph& graph,
                                         const std::vector<std::int64_t>& value,
                                         const std::vector<ClosureFlow>& flows,
                                         const std::vector<std::uint8_t>& member);

/// Solves one problem, or several whose values only rise: what is in one closure is in the next,
/// and its trees are where the next one starts.
class ClosureSolver {
 public:
  explicit ClosureSolver(const ClosureGraph& graph);
  /// The smallest of the closures of greatest value, which is unique. `value` by block.
  /// Errors "pit.not_rising" (a value fell) and those of `prove_closure`.
  [[nodiscard]] ClosureProof solve(const std::vector<std::int64_t>& value,
                                   const Progress& progress = {});
  [[nodiscard]] const std::vector<std::uint8_t>& members() const { return member_; }  ///< by block

 private:
  static constexpr std::int32_t none = -1;
  struct Node {
    std::int64_t excess = 0;
    std::int64_t flow = 0;  ///< between the node and its parent
    std::int32_t parent = none, first = none, next = none, previous = none, scan = none;
    std::uint32_t cell = 0;
    std::uint32_t label = 0;
    std::uint16_t arc = 0;  ///< of its pattern: where the search goes on
    std::uint16_t up = 0;   ///< 1: the node asks for its parent; 0: its parent asks for it
  };
  void start(const std::vector<std::int64_t>& value);
  void push_rise(std::int32_t n);
  void set_labels();
  void run(const Progress& progress);
  void process(std::int32_t root);
  [[nodiscard]] std::int32_t next_root();
  [[nodiscard]] std::int32_t weak_neighbour(std::int32_t n);
  void settle_children(std::int32_t n);
  void relabel(std::int32_t n, std::uint32_t label);
  void lift(std::int32_t root);
  void merge(std::int32_t strong, std::int32_t weak);
  void push(std::int32_t root);
  void attach(std::int32_t parent, std::int32_t child);
  void detach(std::int32_t child);
  void add_strong(std::int32_t root);
  void take_members(std::vector<std::uint8_t>& added) const;
  void add_flow(std::size_t n, const std::vector<std::uint8_t>& added,
                std::vector<ClosureFlow>& flows);
  void leave_out(const std::vector<std::uint8_t>& added);

  const ClosureGraph& graph_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> label_;  ///< by cell: what the searches read
  std::vector<std::int64_t> value_;
  std::vector<std::uint8_t> member_;
  std::vector<ClosureFlow> settled_;  ///< flows within closures found before
  std::vector<std::int32_t> strong_;  ///< by label: the first root
  std::vector<std::uint32_t> count_;  ///< nodes by label
  std::uint32_t highest_ = 1;
  bool started_ = false;
};

}  // namespace lode
