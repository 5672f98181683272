#include "libgeo/geometry/cut_fill.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace lode {

namespace {

// Two vectors of two: four lanes that add up apart, whatever the width of the machine's registers.
constexpr std::size_t lanes = 4;
using Doubles = double __attribute__((vector_size(16)));
using Words = long long __attribute__((vector_size(16)));
using Floats = float __attribute__((vector_size(8)));

inline void load(const double* from, Doubles& to) {
  std::memcpy(&to, from, sizeof to);
}
inline void load(const float* from, Doubles& to) {
  Floats narrow;
  std::memcpy(&narrow, from, sizeof narrow);
  to = __builtin_convertvector(narrow, Doubles);
}

// The value where the mask is set, 0 elsewhere (NaN leaves no trace).
inline Doubles only(Words mask, Doubles value) {
  return reinterpret_cast<Doubles>(reinterpret_cast<Words>(value) & mask);
}

inline Doubles size(Doubles value) {
  constexpr long long rest = std::numeric_limits<long long>::max();
  return reinterpret_cast<Doubles>(reinterpret_cast<Words>(value) & Words{rest, rest});
}

// Of two lanes.
struct Lanes {
  Doubles area{}, above{}, cut{}, fill{};
  Doubles planar{}, planar_cut{}, planar_fill{};
  Doubles largest{};
  Words valid{};
  Doubles no_top, no_base;

  explicit Lanes(const CutFillMissing& missing) {
    const Doubles zero{};
    no_top = zero + missing.top;
    no_base = zero + missing.base;
  }

  template <bool Shares>
  [[gnu::always_inline]] void add(Doubles t, Doubles b, Doubles a, Doubles share) {
    const Doubles zero{};
    // A number less itself is 0 unless it is infinite or NaN.
    const Doubles d = t - b;
    const Words good = (d - d == zero) & (t != no_top) & (b != no_base);
    const Words up = good & (d > zero), down = good & (d < zero);
    const Doubles rise = only(up, d), fall = only(down, d);
    area += only(good, a);
    above += only(up, a);
    cut += rise * a;
    fill -= fall * a;
    valid -= good;
    if constexpr (Shares) {
      planar += only(good, share);
      planar_cut += rise * share;
      planar_fill -= fall * share;
    } else {
      planar_cut += rise;
      planar_fill -= fall;
    }
    const Doubles large_t = size(t), large_b = size(b);
    const Doubles larger = only(good, large_t > large_b ? large_t : large_b);
    largest = larger > largest ? larger : largest;
  }
};

double total(Doubles a, Doubles b) {
  return (a[0] + a[1]) + (b[0] + b[1]);
}

void store(const Lanes& a, const Lanes& b, bool shares, CutFill& sum) {
  const auto count =
      static_cast<std::uint64_t>((a.valid[0] + a.valid[1]) + (b.valid[0] + b.valid[1]));
  sum.valid += count;
  sum.area += total(a.area, b.area);
  sum.above += total(a.above, b.above);
  sum.cut += total(a.cut, b.cut);
  sum.fill += total(a.fill, b.fill);
  sum.planar += shares ? total(a.planar, b.planar) : static_cast<double>(count);
  sum.planar_cut += total(a.planar_cut, b.planar_cut);
  sum.planar_fill += total(a.planar_fill, b.planar_fill);
  for (const Lanes* half : {&a, &b})
    for (std::size_t i = 0; i < 2; ++i) sum.largest = std::max(sum.largest, half->largest[i]);
}

template <class T, bool Shares>
void add_row(const T* top, const T* base, const double* area, const double* cells,
             std::size_t count, const CutFillMissing& missing, CutFill& sum) {
  Lanes low(missing), high(missing);
  Doubles t, b, a, share{};
  const auto add_four = [&](const T* at_t, const T* at_b, const double* at_a, const double* at_s) {
    load(at_t, t);
    load(at_b, b);
    load(at_a, a);
    if constexpr (Shares) load(at_s, share);
    low.template add<Shares>(t, b, a, share);
    load(at_t + 2, t);
    load(at_b + 2, b);
    load(at_a + 2, a);
    if constexpr (Shares) load(at_s + 2, share);
    high.template add<Shares>(t, b, a, share);
  };
  std::size_t c = 0;
  for (; c + lanes <= count; c += lanes)
    add_four(top + c, base + c, area + c, Shares ? cells + c : nullptr);
  if (c < count) {
    // The rest of the row stands in lanes filled up with cells of no area and no height.
    std::array<T, lanes> rest_t, rest_b;
    std::array<double, lanes> rest_a{}, rest_s{};
    rest_t.fill(std::numeric_limits<T>::quiet_NaN());
    rest_b.fill(std::numeric_limits<T>::quiet_NaN());
    std::copy(top + c, top + count, rest_t.begin());
    std::copy(base + c, base + count, rest_b.begin());
    std::copy(area + c, area + count, rest_a.begin());
    if constexpr (Shares) std::copy(cells + c, cells + count, rest_s.begin());
    add_four(rest_t.data(), rest_b.data(), rest_a.data(), rest_s.data());
  }
  sum.cells += count;
  store(low, high, Shares, sum);
}

}  // namespace

void add_cut_fill(const float* top, const float* base, const double* area, const double* cells,
                  std::size_t count, const CutFillMissing& missing, CutFill& sum) {
  if (cells != nullptr)
    add_row<float, true>(top, base, area, cells, count, missing, sum);
  else
    add_row<float, false>(top, base, area, cells, count, missing, sum);
}

void add_cut_fill(const double* top, const double* base, const double* area, const double* cells,
                  std::size_t count, const CutFillMissing& missing, CutFill& sum) {
  if (cells != nullptr)
    add_row<double, true>(top, base, area, cells, count, missing, sum);
  else
    add_row<double, false>(top, base, area, cells, count, missing, sum);
}

double lane_sum(const double* values, std::size_t count) {
  Doubles low{}, high{}, v;
  std::size_t c = 0;
  for (; c + lanes <= count; c += lanes) {
    load(values + c, v);
    low += v;
    load(values + c + 2, v);
    high += v;
  }
  double sum = total(low, high);
  for (; c < count; ++c) sum += values[c];
  return sum;
}

void add_scaled(double* to, const double* from, double factor, std::size_t count) {
  std::size_t c = 0;
  Doubles a, b;
  for (; c + 2 <= count; c += 2) {
    load(to + c, a);
    load(from + c, b);
    a += factor * b;
    std::memcpy(to + c, &a, sizeof a);
  }
  for (; c < count; ++c) to[c] += factor * from[c];
}

}  // namespace lode
