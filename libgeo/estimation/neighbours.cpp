#include "libgeo/estimation/neighbours.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "libgeo/estimation/kriging_search.h"

namespace lode::kriging {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t leaf_size = 10;
constexpr std::uint64_t label_bits = 0xFFFFF;

double rounded(double key) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(key) & ~label_bits);
}

// The highest key that a squared distance may have: with any label.
double with_any_label(double square) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(square) | label_bits);
}

double square_between(const Place& a, const Place& b) {
  const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z;
}

}  // namespace

PlaceTree::PlaceTree(const std::vector<Place>& places, const std::vector<std::uint32_t>& label)
    : order_(places.size()) {
  std::iota(order_.begin(), order_.end(), 0u);
  if (!places.empty()) grow(places, label, 0, static_cast<std::uint32_t>(places.size()));
  places_.reserve(places.size());
  for (const std::uint32_t i : order_) places_.push_back(places[i]);
}

std::uint32_t PlaceTree::grow(const std::vector<Place>& places,
                              const std::vector<std::uint32_t>& label, std::uint32_t begin,
                              std::uint32_t end) {
  Node node{{infinite, infinite, infinite}, {-infinite, -infinite, -infinite}, begin, end};
  for (std::uint32_t i = begin; i < end; ++i)
    for (std::size_t c = 0; c < 3; ++c) {
      node.low[c] = std::min(node.low[c], places[order_[i]][c]);
      node.high[c] = std::max(node.high[c], places[order_[i]][c]);
    }
  std::size_t widest = 0;
  for (std::size_t c = 1; c < 3; ++c)
    if (node.high[c] - node.low[c] > node.high[widest] - node.low[widest]) widest = c;
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t axis = (widest + c) % 3;
      if (places[a][axis] != places[b][axis]) return places[a][axis] < places[b][axis];
    }
    return label[a] < label[b];
  };
  const auto number = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back(node);
  if (end - begin <= leaf_size) {
    std::sort(order_.begin() + begin, order_.begin() + end, before);
    return number;
  }
  const std::uint32_t middle = begin + (end - begin) / 2;
  std::nth_element(order_.begin() + begin, order_.begin() + middle, order_.begin() + end, before);
  const std::uint32_t left = grow(places, label, begin, middle);
  const std::uint32_t right = grow(places, label, middle, end);
  nodes_[number].left = left;
  nodes_[number].right = right;
  return number;
}

void PlaceTree::within(const Place& centre, double radius,
                       std::vector<std::uint32_t>& positions) const {
  if (nodes_.empty()) return;
  const double most = radius * radius;
  std::uint32_t stack[64];
  std::size_t depth = 0, taken = positions.size();
  stack[depth++] = 0;
  while (depth > 0) {
    const Node& node = nodes_[stack[--depth]];
    double nearest = 0.0;
    for (std::size_t c = 0; c < 3; ++c) {
      const double out = std::max(0.0, std::max(node.low[c] - centre[c], centre[c] - node.high[c]));
      nearest += out * out;
    }
    if (nearest > most) continue;
    if (node.left != 0) {
      stack[depth++] = node.right;
      stack[depth++] = node.left;
      continue;
    }
    if (taken + leaf_size > positions.size()) positions.resize(2 * positions.size() + leaf_size);
    for (std::uint32_t i = node.begin; i < node.end; ++i) {
      positions[taken] = i;
      taken += square_between(places_[i], centre) <= most ? 1 : 0;
    }
  }
  positions.resize(taken);
}

double PlaceTree::usual_radius(std::size_t count) const {
  if (nodes_.empty()) return 1.0;
  std::vector<double> spans;
  for (const Node& node : nodes_)
    if (node.left == 0) spans.push_back(square_between(node.low, node.high));
  std::nth_element(spans.begin(), spans.begin() + spans.size() / 2, spans.end());
  const double span = std::sqrt(spans[spans.size() / 2]);
  return std::max(span, 1e-9) * std::cbrt(static_cast<double>(count) / leaf_size);
}

Place Metric::scale(const Place& place) const {
  Place result;
  for (std::size_t r = 0; r < 3; ++r)
    result[r] = axes[r][0] * place[0] + axes[r][1] * place[1] + axes[r][2] * place[2];
  return result;
}

Metric metric_of(const SearchPass& pass, const Angles& angles) {
  Metric metric;
  bool some = false, every = true;
  for (const double radius : pass.radius_m) {
    some = some || std::isfinite(radius);
    every = every && std::isfinite(radius);
  }
  metric.axes = every ? scaled_axes(angles, pass.radius_m) : axes_of(angles);
  metric.limit = every ? 1.0 : infinite;
  metric.partly = some && !every;
  metric.most = pass.radius_m;
  return metric;
}

bool Candidates::simple() const {
  return source_.pass->max_per_octant == 0 && source_.pass->max_per_hole == 0 &&
         !source_.metric->partly && !source_.excluding && !source_.turned;
}

void Candidates::gather(const Source& source, const Place& centre, double half) {
  const bool other = source.tree != source_.tree;
  source_ = source;
  centre_ = centre;
  half_ = half * (1.0 + 1e-9);
  // One more than is taken shows whether the last one is tied.
  wanted_ = source.pass->max_samples + 1;
  if (!simple()) wanted_ *= 2;
  if (other || !(usual_ > 0.0)) usual_ = source.tree->usual_radius(wanted_) + 2.0 * half_;
  collect();
}

bool Candidates::widen() {
  if (complete_) return false;
  wanted_ *= 4;
  collect();
  return true;
}

void Candidates::collect() {
  const std::size_t total = source_.tree->size();
  const double cap = source_.metric->limit * (1.0 + 1e-9) + half_;
  const bool all = source_.pass->max_samples == 0 || wanted_ >= total || source_.metric->partly;
  double radius = all ? cap : std::min(cap, usual_);
  while (true) {
    positions_.clear();
    complete_ = radius >= cap;
    if (radius == infinite) {
      positions_.resize(total);
      std::iota(positions_.begin(), positions_.end(), 0u);
      break;
    }
    source_.tree->within(centre_, radius, positions_);
    if (complete_) break;
    if (positions_.size() < wanted_) {
      radius = std::min(cap, radius * 1.4);
      if (positions_.size() == total) radius = cap;
      continue;
    }
    squares_.clear();
    for (const std::uint32_t p : positions_)
      squares_.push_back(square_between(source_.tree->at(p), centre_));
    sorted_squares_ = squares_;
    const auto kth = sorted_squares_.begin() + static_cast<std::ptrdiff_t>(wanted_ - 1);
    std::nth_element(sorted_squares_.begin(), kth, sorted_squares_.end());
    // A target within `half` of the centre has as many within half + kth of itself, and those lie
    // within 2 * half + kth of the centre.
    const double needed = (std::sqrt(*kth) + 2.0 * half_) * (1.0 + 1e-9);
    usual_ = std::max(needed * 1.06, usual_ * 0.97);
    if (needed <= radius) {
      radius = needed;
      std::size_t kept = 0;
      for (std::size_t j = 0; j < positions_.size(); ++j) {
        positions_[kept] = positions_[j];
        kept += squares_[j] <= needed * needed ? 1 : 0;
      }
      positions_.resize(kept);
      break;
    }
    radius = std::min(cap, needed * 1.01);
  }
  radius_ = radius;
  near_ = radius + half_ < source_.metric->limit;
  prepare();
}

void Candidates::prepare() {
  const std::size_t n = positions_.size(), stride = padded(n);
  places_.resize(3 * stride);
  keys_.resize(stride);
  labels_.assign(stride, 0);
  double* places = places_.data();
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t j = n; j < stride; ++j) places[c * stride + j] = infinite;
  for (std::size_t j = 0; j < n; ++j) {
    Place place = source_.tree->at(positions_[j]);
    if (source_.turned) {
      for (double& part : place) part *= source_.unit;
      place = source_.metric->scale(place);
    }
    for (std::size_t c = 0; c < 3; ++c) places[c * stride + j] = place[c];
  }
  const auto& sample = *source_.sample;
  if (n == 0) return;
  std::uint32_t most = 0;
  for (std::size_t j = 0; j < n; ++j) {
    labels_[j] = sample[positions_[j]];
    most = std::max(most, sample[positions_[j]]);
  }
  if (most <= label_bits) return;
  // More samples than labels: their ranks here do as well.
  ranks_.resize(n);
  std::iota(ranks_.begin(), ranks_.end(), 0u);
  std::sort(ranks_.begin(), ranks_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return sample[positions_[a]] < sample[positions_[b]];
  });
  for (std::size_t r = 0; r < n; ++r)
    labels_[ranks_[r]] = static_cast<std::int64_t>(std::min<std::uint64_t>(r, label_bits));
}

Candidates::Answer Candidates::choose(const Seeker& seeker, std::vector<std::uint32_t>& chosen,
                                      bool& tie) {
  tie = false;
  chosen.clear();
  const std::size_t stride = padded(size());
  DistanceRow row;
  row.from = seeker.place;
  row.to = places_.data();
  row.stride = row.n = stride;
  row.label = labels_.data();
  row.out = keys_.data();
  kernels().distances(row);
  return simple() ? choose_nearest(chosen, tie) : choose_limited(seeker, chosen, tie);
}

Candidates::Answer Candidates::choose_nearest(std::vector<std::uint32_t>& chosen, bool& tie) {
  const std::size_t n = size(), max = source_.pass->max_samples;
  double* keys = keys_.data();
  std::size_t inside = n;
  if (!near_ && source_.metric->limit < infinite) {
    const double most = with_any_label(source_.metric->limit);
    inside = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const bool in = keys[j] <= most;
      inside += in ? 1 : 0;
      keys[j] = in ? keys[j] : infinite;
    }
  }
  if (inside < source_.pass->min_samples || inside == 0) return Answer::too_few;
  double limit = std::numeric_limits<double>::max();
  if (max != 0 && inside > max) {
    const Threshold threshold = kernels().smallest(keys, padded(n), max);
    limit = threshold.kth;
    tie = rounded(threshold.kth) == rounded(threshold.next);
  }
  chosen.resize(n);
  std::size_t taken = 0;
  for (std::uint32_t j = 0; j < n; ++j) {
    chosen[taken] = j;
    taken += keys[j] <= limit ? 1 : 0;
  }
  chosen.resize(taken);
  return Answer::found;
}

Candidates::Answer Candidates::choose_limited(const Seeker& seeker,
                                              std::vector<std::uint32_t>& chosen, bool& tie) {
  const SearchPass& pass = *source_.pass;
  const std::size_t n = size(), stride = padded(n);
  const double* places = places_.data();
  const double most = source_.metric->limit < infinite ? with_any_label(source_.metric->limit)
                                                       : std::numeric_limits<double>::max();
  sorted_.clear();
  const auto hole_of = [&](std::uint32_t j) { return (*source_.hole)[positions_[j]]; };
  for (std::uint32_t j = 0; j < n; ++j) {
    if (keys_[j] > most || (*source_.sample)[positions_[j]] == seeker.without_sample) continue;
    if (source_.hole && hole_of(j) == seeker.without_hole) continue;
    if (source_.metric->partly) {
      bool out = false;
      for (std::size_t c = 0; c < 3; ++c)
        out = out || std::abs(places[c * stride + j] - seeker.place[c]) > source_.metric->most[c];
      if (out) continue;
    }
    sorted_.emplace_back(keys_[j], j);
  }
  std::sort(sorted_.begin(), sorted_.end());
  std::array<std::size_t, 8> in_octant{};
  holes_.clear();
  double last = -1.0;
  for (const auto& [key, j] : sorted_) {
    std::size_t octant = 0;
    for (std::size_t c = 0; c < 3; ++c)
      octant = 2 * octant + (places[c * stride + j] >= seeker.place[c] ? 1 : 0);
    auto hole = holes_.end();
    if (pass.max_per_hole != 0 && source_.hole) {
      hole = std::find_if(holes_.begin(), holes_.end(),
                          [&, own = hole_of(j)](const auto& h) { return h.first == own; });
      if (hole == holes_.end()) hole = holes_.insert(hole, {hole_of(j), 0});
    }
    const bool full = (pass.max_samples != 0 && chosen.size() == pass.max_samples) ||
                      (pass.max_per_octant != 0 && in_octant[octant] == pass.max_per_octant) ||
                      (hole != holes_.end() && hole->second == pass.max_per_hole);
    if (full) {
      tie = tie || rounded(key) == last;
      if (pass.max_samples != 0 && chosen.size() == pass.max_samples) break;
      continue;
    }
    ++in_octant[octant];
    if (hole != holes_.end()) ++hole->second;
    last = rounded(key);
    chosen.push_back(j);
  }
  const bool filled = pass.max_samples != 0 && chosen.size() == pass.max_samples;
  const double sure = radius_ - half_;
  // One past the last taken must be known for certain too, for the tie.
  if (!complete_ && !(filled && sure > 0.0 && last < sure * sure * (1.0 - 1e-9)))
    return Answer::widen;
  std::sort(chosen.begin(), chosen.end());
  return chosen.empty() || chosen.size() < pass.min_samples ? Answer::too_few : Answer::found;
}

}  // namespace lode::kriging
