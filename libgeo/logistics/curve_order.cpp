#include "libgeo/logistics/curve_order.h"

#include <array>

namespace lode {

namespace {

constexpr int kBits = 11;
constexpr int kTurns = 6;
constexpr std::size_t kDigits = std::size_t{1} << kBits;

struct Coded {
  std::uint64_t code = 0;
  std::uint32_t index = 0;
};

std::size_t digit(std::uint64_t code, int turn) {
  return static_cast<std::size_t>(code >> (kBits * turn)) & (kDigits - 1);
}

}  // namespace

std::vector<std::uint32_t> order_by_code(const std::vector<std::uint64_t>& codes) {
  std::vector<std::array<std::uint32_t, kDigits>> counts(kTurns);
  for (auto& count : counts) count.fill(0);
  std::vector<Coded> now(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    now[i] = {codes[i], static_cast<std::uint32_t>(i)};
    for (int turn = 0; turn < kTurns; ++turn)
      ++counts[static_cast<std::size_t>(turn)][digit(codes[i], turn)];
  }
  std::vector<Coded> next(codes.size());
  for (int turn = 0; turn < kTurns && !now.empty(); ++turn) {
    auto& count = counts[static_cast<std::size_t>(turn)];
    // All in one digit: the order stays.
    if (count[digit(now.front().code, turn)] == now.size()) continue;
    std::uint32_t before = 0;
    for (auto& one : count) {
      const std::uint32_t here = one;
      one = before;
      before += here;
    }
    for (const auto& one : now) next[count[digit(one.code, turn)]++] = one;
    now.swap(next);
  }
  std::vector<std::uint32_t> order(now.size());
  for (std::size_t i = 0; i < now.size(); ++i) order[i] = now[i].index;
  return order;
}

}  // namespace lode
