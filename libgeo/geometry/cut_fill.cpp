#include "libgeo/geometry/cut_fill.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace lode {

namespace {

// Four lanes that add up apart, whatever the width of the machine's registers: the bits are the
// same.
constexpr std::size_t lanes = 4;
using Doubles = double __attribute__((vector_size(32)));
using Words = long long __attribute__((vector_size(32)));
using Floats = float __attribute__((vector_size(16)));

// The loop stands twice in the program, for machines with AVX2 and for all others.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LODE_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define LODE_CLONES
#endif

[[gnu::always_inline]] inline void load(const double* from, Doubles& to) {
  std::memcpy(&to, from, sizeof to);
}
[[gnu::always_inline]] inline void load(const float* from, Doubles& to) {
  Floats narrow;
  std::memcpy(&narrow, from, sizeof narrow);
  to = __builtin_convertvector(narrow, Doubles);
}

// The value where the mask is set, 0 elsewhere (NaN leaves no trace).
[[gnu::always_inline]] inline void only(const Words& mask, const Doubles& value, Doubles& to) {
  to = reinterpret_cast<Doubles>(reinterpret_cast<Words>(value) & mask);
}

[[gnu::always_inline]] inline void size(const Doubles& value, Doubles& to) {
  constexpr long long rest = std::numeric_limits<long long>::max();
  to = reinterpret_cast<Doubles>(reinterpret_cast<Words>(value) & Words{rest, rest, rest, rest});
}

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
  [[gnu::always_inline]] void add(const Doubles& t, const Doubles& b, const Doubles& a,
                                  const Doubles& share) {
    const Doubles zero{};
    // A number less itself is 0 unless it is infinite or NaN.
    const Doubles d = t - b;
    const Words good = (d - d == zero) & (t != no_top) & (b != no_base);
    const Words up = good & (d > zero), down = good & (d < zero);
    Doubles rise, fall, there, over;
    only(up, d, rise);
    only(down, d, fall);
    only(good, a, there);
    only(up, a, over);
    area += there;
    above += over;
    cut += rise * a;
    fill -= fall * a;
    valid -= good;
    if constexpr (Shares) {
      only(good, share, there);
      planar += there;
      planar_cut += rise * share;
      planar_fill -= fall * share;
    } else {
      planar_cut += rise;
      planar_fill -= fall;
    }
    Doubles large_t, large_b, larger;
    size(t, large_t);
    size(b, large_b);
    only(good, large_t > large_b ? large_t : large_b, larger);
    largest = larger > largest ? larger : largest;
  }
};

[[gnu::always_inline]] inline double total(const Doubles& a) {
  return (a[0] + a[1]) + (a[2] + a[3]);
}

[[gnu::always_inline]] inline void store(const Lanes& lanes_of, bool shares, CutFill& sum) {
  const Words& valid = lanes_of.valid;
  const auto count = static_cast<std::uint64_t>((valid[0] + valid[1]) + (valid[2] + valid[3]));
  sum.valid += count;
  sum.area += total(lanes_of.area);
  sum.above += total(lanes_of.above);
  sum.cut += total(lanes_of.cut);
  sum.fill += total(lanes_of.fill);
  sum.planar += shares ? total(lanes_of.planar) : static_cast<double>(count);
  sum.planar_cut += total(lanes_of.planar_cut);
  sum.planar_fill += total(lanes_of.planar_fill);
  for (std::size_t i = 0; i < lanes; ++i) sum.largest = std::max(sum.largest, lanes_of.largest[i]);
}

template <class T, bool Shares>
[[gnu::always_inline]] inline void add_row(const T* top, const T* base, const double* area,
                                           const double* cells, std::size_t count,
                                           const CutFillMissing& missing, CutFill& sum) {
  Lanes all(missing);
  Doubles t, b, a, share{};
  std::size_t c = 0;
  for (; c + lanes <= count; c += lanes) {
    load(top + c, t);
    load(base + c, b);
    load(area + c, a);
    if constexpr (Shares) load(cells + c, share);
    all.template add<Shares>(t, b, a, share);
  }
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
    load(rest_t.data(), t);
    load(rest_b.data(), b);
    load(rest_a.data(), a);
    if constexpr (Shares) load(rest_s.data(), share);
    all.template add<Shares>(t, b, a, share);
  }
  sum.cells += count;
  store(all, Shares, sum);
}

}  // namespace

LODE_CLONES void add_cut_fill(const float* top, const float* base, const double* area,
                              const double* cells, std::size_t count, const CutFillMissing& missing,
                              CutFill& sum) {
  if (cells != nullptr)
    add_row<float, true>(top, base, area, cells, count, missing, sum);
  else
    add_row<float, false>(top, base, area, cells, count, missing, sum);
}

LODE_CLONES void add_cut_fill(const double* top, const double* base, const double* area,
                              const double* cells, std::size_t count, const CutFillMissing& missing,
                              CutFill& sum) {
  if (cells != nullptr)
    add_row<double, true>(top, base, area, cells, count, missing, sum);
  else
    add_row<double, false>(top, base, area, cells, count, missing, sum);
}

double lane_sum(const double* values, std::size_t count) {
  Doubles sums{}, v;
  std::size_t c = 0;
  for (; c + lanes <= count; c += lanes) {
    load(values + c, v);
    sums += v;
  }
  double sum = total(sums);
  for (; c < count; ++c) sum += values[c];
  return sum;
}

void add_scaled(double* to, const double* from, double factor, std::size_t count) {
  std::size_t c = 0;
  Doubles a, b;
  for (; c + lanes <= count; c += lanes) {
    load(to + c, a);
    load(from + c, b);
    a += factor * b;
    std::memcpy(to + c, &a, sizeof a);
  }
  for (; c < count; ++c) to[c] += factor * from[c];
}

}  // namespace lode
