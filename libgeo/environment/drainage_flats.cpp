#include <algorithm>

#include "libgeo/environment/drainage_fill.h"

namespace lode {

namespace {

// One level ground: cells that touch, of one height, none with lower ground beside it.
class Flat {
 public:
  Flat(const ElevationGrid& filled, std::vector<std::uint8_t>& direction, const Progress& progress)
      : height_(filled.height_m),
        direction_(direction),
        shape_{filled.place.columns, filled.place.rows},
        number_(filled.size(), 0),
        progress_(progress) {}

  void resolve(std::size_t first) {
    collect(first);
    find_seeds();
    // Steps from higher ground, and from the ways out.
    spread(high_, away_);
    spread(low_, towards_);
    const std::uint32_t most = *std::max_element(away_.begin(), away_.end());
    mask_.resize(cells_.size());
    for (std::size_t i = 0; i < cells_.size(); ++i)
      mask_[i] = 2 * std::uint64_t{towards_[i]} + (away_[i] == 0 ? 0 : most - away_[i]);
    chosen_.resize(cells_.size());
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      check(i);
      chosen_[i] = choose(i);
    }
    for (std::size_t i = 0; i < cells_.size(); ++i) direction_[cells_[i]] = chosen_[i];
  }

 private:
  void check(std::size_t i) const {
    if (i % 65536 == 0) progress_.check();
  }

  // Cells of this flat have their place in it plus one; those of earlier ones are decided.
  void collect(std::size_t first) {
    level_ = height_[first];
    cells_.assign(1, static_cast<std::uint32_t>(first));
    number_[first] = 1;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      check(i);
      shape_.around(cells_[i], [&](std::size_t n, std::uint8_t) {
        if (direction_[n] != drainage_undecided || number_[n] != 0 || height_[n] != level_) return;
        cells_.push_back(static_cast<std::uint32_t>(n));
        number_[n] = static_cast<std::uint32_t>(cells_.size());
      });
    }
  }

  [[nodiscard]] bool is_way_out(std::size_t cell) const {
    return direction_[cell] <= drainage_out && height_[cell] == level_;
  }

  void find_seeds() {
    high_.clear();
    low_.clear();
    for (std::uint32_t i = 0; i < cells_.size(); ++i) {
      check(i);
      bool high = false, low = false;
      shape_.around(cells_[i], [&](std::size_t n, std::uint8_t) {
        high |= height_[n] > level_;
        low |= is_way_out(n);
      });
      if (high) high_.push_back(i);
      if (low) low_.push_back(i);
    }
  }

  void spread(std::vector<std::uint32_t>& queue, std::vector<std::uint32_t>& steps) {
    steps.assign(cells_.size(), 0);
    for (const std::uint32_t i : queue) steps[i] = 1;
    for (std::size_t q = 0; q < queue.size(); ++q) {
      check(q);
      const std::uint32_t i = queue[q];
      shape_.around(cells_[i], [&](std::size_t n, std::uint8_t) {
        const std::uint32_t j = direction_[n] == drainage_undecided ? number_[n] : 0;
        if (j == 0 || steps[j - 1] != 0) return;
        steps[j - 1] = steps[i] + 1;
        queue.push_back(j - 1);
      });
    }
  }

  // The neighbour with the least mask; across an edge rather than a corner, then the first way.
  [[nodiscard]] std::uint8_t choose(std::size_t i) const {
    std::uint8_t best = drainage_out;
    std::uint64_t least = 2 * mask_[i];
    shape_.around(cells_[i], [&](std::size_t n, std::uint8_t k) {
      std::uint64_t rank = 0;
      if (!is_way_out(n)) {
        const std::uint32_t j = direction_[n] == drainage_undecided ? number_[n] : 0;
        if (j == 0) return;
        rank = 2 * mask_[j - 1];
        if (mask_[j - 1] >= mask_[i]) return;
      }
      rank += k % 2;
      if (rank >= least) return;
      least = rank;
      best = k;
    });
    return best;
  }

  const std::vector<double>& height_;
  std::vector<std::uint8_t>& direction_;
  GridShape shape_;
  std::vector<std::uint32_t> number_;
  const Progress& progress_;
  double level_ = 0.0;
  std::vector<std::uint32_t> cells_, high_, low_, away_, towards_;
  std::vector<std::uint64_t> mask_;
  std::vector<std::uint8_t> chosen_;
};

}  // namespace

void resolve_flats(const ElevationGrid& filled, std::vector<std::uint8_t>& direction,
                   const Progress& progress) {
  const auto next = [&](std::size_t from) {
    const auto it = std::find(direction.begin() + static_cast<std::ptrdiff_t>(from),
                              direction.end(), drainage_undecided);
    return static_cast<std::size_t>(it - direction.begin());
  };
  std::size_t cell = next(0);
  if (cell == direction.size()) return;
  Flat flat(filled, direction, progress);
  for (; cell < direction.size(); cell = next(cell + 1)) flat.resolve(cell);
}

}  // namespace lode
