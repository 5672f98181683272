#include <algorithm>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/deposit/pseudoflow.h"

namespace lode {

namespace {

enum State : std::uint8_t { skipped = 0, wanted = 1, worthless = 2 };

std::int64_t number(std::size_t value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

// A cell is in the problem when it is worth something and stands in the cone of a block of
// positive value; one that is worth nothing and asks for nothing of worth costs nothing.
void ClosureGraph::mark(std::array<std::size_t, 3> count, const std::vector<std::uint16_t>& zones,
                        const std::vector<std::int64_t>& lowest,
                        const std::vector<std::int64_t>& highest,
                        std::vector<std::uint8_t>& state) const {
  const auto each = [&](std::size_t k, const auto& body) {
    std::size_t at = k * count[0] * count[1];
    for (std::size_t j = 0; j < count[1]; ++j)
      for (std::size_t i = 0; i < count[0]; ++i, ++at)
        body(at, k * layer_ + j * row_ + i,
             deltas[zones.empty() ? std::size_t{0} : std::size_t{zones[at]}]);
  };
  for (std::size_t k = 0; k < count[2]; ++k)
    each(k, [&](std::size_t at, std::size_t in, const std::vector<std::int32_t>& pattern) {
      if (highest[at] > 0) state[in] = wanted;
      if (state[in] != wanted) return;
      for (const std::int32_t delta : pattern)
        state[static_cast<std::size_t>(number(in) + delta)] = wanted;
    });
  for (std::size_t k = count[2]; k-- > 0;)
    each(k, [&](std::size_t at, std::size_t in, const std::vector<std::int32_t>& pattern) {
      if (state[in] != wanted || lowest[at] != 0 || highest[at] != 0) return;
      const bool bare = std::none_of(pattern.begin(), pattern.end(), [&](std::int32_t delta) {
        const auto to = static_cast<std::size_t>(number(in) + delta);
        return state[to] == wanted && block[to] != outside;
      });
      if (bare) state[in] = worthless;
    });
}

ClosureGraph::ClosureGraph(std::array<std::size_t, 3> count, const Precedence& precedence,
                           const std::vector<std::uint16_t>& zones,
                           const std::vector<std::int64_t>& lowest,
                           const std::vector<std::int64_t>& highest) {
  std::size_t wide = 0, deep = 0, high = 0;
  for (const auto& pattern : precedence.patterns)
    for (const PrecedenceOffset& o : pattern) {
      wide = std::max(wide, static_cast<std::size_t>(std::abs(o.di)));
      deep = std::max(deep, static_cast<std::size_t>(std::abs(o.dj)));
      high = std::max(high, static_cast<std::size_t>(o.dk));
    }
  row_ = count[0] + wide;
  layer_ = row_ * (count[1] + deep);
  // The offsets of the last rows reach past the last layer by less than one more.
  const double cells = static_cast<double>(layer_) * static_cast<double>(count[2] + high + 1);
  if (cells > static_cast<double>(std::size_t{1} << 29))
    throw Error("pit.too_many", "the grid around the blocks has more than 500 million cells", "",
                "Join the blocks into larger ones first: lode blocks reblock.");
  for (const std::uint16_t z : zones)
    if (z >= precedence.patterns.size())
      throw Error("pit.zones", "a block is of a zone without slope", "",
                  "Give the slope of each zone.");
  for (const auto& pattern : precedence.patterns) {
    deltas.emplace_back();
    for (const PrecedenceOffset& o : pattern)
      deltas.back().push_back(
          static_cast<std::int32_t>(o.di + o.dj * number(row_) + o.dk * number(layer_)));
    std::sort(deltas.back().begin(), deltas.back().end());
  }
  block.assign(static_cast<std::size_t>(cells), outside);
  for (std::size_t k = 0; k < count[2]; ++k)
    for (std::size_t j = 0; j < count[1]; ++j)
      std::fill_n(block.begin() + number(k * layer_ + j * row_), count[0], free);
  std::vector<std::uint8_t> state(block.size(), skipped);
  mark(count, zones, lowest, highest, state);
  std::size_t at = 0;
  for (std::size_t k = 0; k < count[2]; ++k)
    for (std::size_t j = 0; j < count[1]; ++j)
      for (std::size_t i = 0; i < count[0]; ++i, ++at) {
        const std::size_t in = k * layer_ + j * row_ + i;
        const std::uint16_t own = zones.empty() ? std::uint16_t{0} : zones[at];
        if (state[in] == worthless) {
          free_cells.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(in)});
          free_zone.push_back(own);
        } else if (state[in] == skipped) {
          block[in] = outside;
        } else {
          block[in] = static_cast<std::int32_t>(cell.size());
          cell.push_back(static_cast<std::uint32_t>(in));
          grid_cell.push_back(static_cast<std::uint32_t>(at));
          zone.push_back(own);
        }
      }
}

std::vector<std::uint32_t> ClosureGraph::free_members(
    const std::vector<std::uint8_t>& member) const {
  std::vector<std::uint32_t> found;
  if (free_cells.empty()) return found;
  std::vector<std::uint8_t> asked(block.size(), 0);
  const auto ask = [&](std::size_t from, const std::vector<std::int32_t>& pattern) {
    for (const std::int32_t delta : pattern)
      asked[static_cast<std::size_t>(number(from) + delta)] = 1;
  };
  for (std::size_t b = 0; b < size(); ++b)
    if (member[b] != 0) ask(cell[b], pattern(b));
  for (std::size_t f = 0; f < free_cells.size(); ++f) {
    const auto [at, in] = free_cells[f];
    if (asked[in] == 0) continue;
    found.push_back(at);
    ask(in, deltas[free_zone[f]]);
  }
  return found;
}

ClosureProof prove_closure(const ClosureGraph& graph, const std::vector<std::int64_t>& value,
                           const std::vector<ClosureFlow>& flows,
                           const std::vector<std::uint8_t>& member) {
  ClosureProof proof;
  for (std::size_t b = 0; b < graph.size(); ++b) {
    proof.positive += std::max<std::int64_t>(value[b], 0);
    if (member[b] == 0) continue;
    proof.value += value[b];
    for (const std::int32_t delta : graph.pattern(b)) {
      const std::int32_t to = graph.block[static_cast<std::size_t>(number(graph.cell[b]) + delta)];
      if (to < 0) continue;
      ++proof.precedences;
      if (member[static_cast<std::size_t>(to)] == 0)
        throw Error("pit.not_closed", "a block is in the pit and one above it is not",
                    "cell " + std::to_string(graph.grid_cell[b]),
                    "This is a fault of the program: please report it.");
    }
  }
  const auto refuse = [](const std::string& what) {
    throw Error("pit.not_optimal", what, "", "This is a fault of the program: please report it.");
  };
  std::vector<std::int64_t> excess = value;
  for (const ClosureFlow& flow : flows) {
    const auto& pattern = graph.pattern(flow.from);
    const std::int64_t delta = number(graph.cell[flow.to]) - number(graph.cell[flow.from]);
    if (flow.flow < 0 || !std::binary_search(pattern.begin(), pattern.end(), delta))
      refuse("a flow runs along no precedence");
    excess[flow.from] -= flow.flow;
    excess[flow.to] += flow.flow;
  }
  for (const std::int64_t e : excess) proof.bound += std::max<std::int64_t>(e, 0);
  if (proof.bound != proof.value) refuse("the pit is not proved to be the best one");
  return proof;
}

}  // namespace lode
