#include "libgeo/estimation/normal_scores.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr double buckets_per_score = 512.0;
constexpr double least_bucket_score = -4.0;
constexpr std::size_t bucket_count = 4096;

void check_tails(const NormalScoreOptions& options, double least, double largest,
                 const std::string& name) {
  const auto refuse = [&](const std::string& what) {
    throw Error("simulate.tails", what, name,
                "--tails states the least and the largest value that a simulation may give; the "
                "samples must lie between.");
  };
  if (!std::isfinite(options.min) || !std::isfinite(options.max))
    refuse("the tails are not both numbers");
  if (options.min > least)
    refuse("the least sample is " + number_text(least) + ", below the tail's end " +
           number_text(options.min));
  if (options.max < largest)
    refuse("the largest sample is " + number_text(largest) + ", above the tail's end " +
           number_text(options.max));
  if (options.lower.shape == TailShape::hyperbolic) refuse("a lower tail cannot be hyperbolic");
  if (options.upper.shape == TailShape::hyperbolic && !(largest > 0.0))
    refuse("a hyperbolic tail needs a largest sample above 0");
  for (const Tail& tail : {options.lower, options.upper})
    if (tail.shape != TailShape::linear && !(std::isfinite(tail.parameter) && tail.parameter > 0.0))
      refuse("the tail's parameter is " + number_text(tail.parameter) + ", it must be above 0");
}

double checked_total(const std::vector<double>& values, const std::vector<double>& weights,
                     const std::string& name) {
  if (values.empty())
    throw Error("simulate.no_values", "there is no sample with a value", name,
                "Name another column with --value.");
  if (weights.empty()) return static_cast<double>(values.size());
  Sum total;
  bool good = weights.size() == values.size();
  for (const double weight : weights) {
    good = good && std::isfinite(weight) && weight >= 0.0;
    total.add(weight);
  }
  if (!good || !(total.value() > 0.0))
    throw Error("simulate.weights",
                "declustering weights must be numbers of 0 or more, one a sample, some above 0",
                name, "lode drillholes decluster makes such a column.");
  return total.value();
}

}  // namespace

std::string_view to_text(TailShape shape) {
  switch (shape) {
    case TailShape::linear:
      return "linear";
    case TailShape::power:
      return "power";
    case TailShape::hyperbolic:
      return "hyperbolic";
  }
  return "";
}

double normal_probability(double score) {
  return 0.5 * std::erfc(-score / std::numbers::sqrt2);
}

NormalScores::NormalScores(const std::vector<double>& values, const std::vector<double>& weights,
                           const NormalScoreOptions& options, const std::string& name)
    : options_(options), scores_(values.size()) {
  const double total = checked_total(values, weights, name);
  for (const double value : values)
    if (!std::isfinite(value))
      throw Error("simulate.no_values", "a sample has no value", name,
                  "Leave such samples out before.");
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return values[a] < values[b] || (values[a] == values[b] && a < b);
  });
  check_tails(options, values[order.front()], values[order.back()], name);
  Sum sum, squares;
  const auto weight_of = [&](std::size_t i) { return weights.empty() ? 1.0 : weights[i]; };
  for (std::size_t i = 0; i < values.size(); ++i) sum.add(weight_of(i) / total * values[i]);
  mean_ = sum.value();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double off = values[i] - mean_;
    squares.add(weight_of(i) / total * off * off);
  }
  variance_ = squares.value();
  fill_table(values, weights, order, total);
}

// Goes through runs of equal values in ascending order.
void NormalScores::fill_table(const std::vector<double>& values, const std::vector<double>& weights,
                              const std::vector<std::size_t>& order, double total) {
  const auto weight_of = [&](std::size_t i) {
    return (weights.empty() ? 1.0 : weights[i]) / total;
  };
  Sum below;
  const auto enter = [&](double weight, double value) {
    // A weight of 0 at an end would put a sample at probability 0 or 1, whose score is infinite.
    const double p = std::clamp(below.value() + 0.5 * weight, 1e-12, 1.0 - 1e-12);
    const double score = inverse_normal(p);
    below.add(weight);
    if (table_score_.empty() || score > table_score_.back()) {
      table_score_.push_back(score);
      table_value_.push_back(value);
    }
    return score;
  };
  for (std::size_t at = 0, end = 0; at < order.size(); at = end) {
    double weight = 0.0;
    for (end = at; end < order.size() && values[order[end]] == values[order[at]]; ++end)
      weight += weight_of(order[end]);
    if (end - at > 1) ties_ += end - at;
    if (options_.ties == TiePolicy::average) {
      const double score = enter(weight, values[order[at]]);
      for (std::size_t i = at; i < end; ++i) scores_[order[i]] = score;
    } else {
      for (std::size_t i = at; i < end; ++i)
        scores_[order[i]] = enter(weight_of(order[i]), values[order[i]]);
    }
  }
  lowest_p_ = normal_probability(table_score_.front());
  bucket_.resize(bucket_count + 1);
  for (std::size_t i = 0; i <= bucket_count; ++i) {
    const double score = least_bucket_score + static_cast<double>(i) / buckets_per_score;
    bucket_[i] = static_cast<std::uint32_t>(
        std::lower_bound(table_score_.begin(), table_score_.end(), score) - table_score_.begin());
  }
}

double NormalScores::below(double score) const {
  const double share = normal_probability(score) / lowest_p_;
  const double reach = table_value_.front() - options_.min;
  if (options_.lower.shape == TailShape::linear) return options_.min + reach * share;
  return options_.min + reach * std::pow(share, 1.0 / options_.lower.parameter);
}

double NormalScores::above(double score) const {
  const double last = table_value_.back();
  // Counted from the far end, where 1 - p would lose all digits.
  const double beyond = normal_probability(-score);
  const double at_last = normal_probability(-table_score_.back());
  if (options_.upper.shape == TailShape::hyperbolic)
    return std::min(options_.max,
                    last * std::pow(at_last / beyond, 1.0 / options_.upper.parameter));
  const double share = std::max(0.0, 1.0 - beyond / at_last);
  const double reach = options_.max - last;
  if (options_.upper.shape == TailShape::linear) return last + reach * share;
  return last + reach * std::pow(share, 1.0 / options_.upper.parameter);
}

double NormalScores::value_of(double score) const {
  if (!(score >= table_score_.front())) return std::isnan(score) ? score : below(score);
  if (score >= table_score_.back())
    return score == table_score_.back() ? table_value_.back() : above(score);
  // The bucket's first entry lies at or before the one wanted; a few steps more find it.
  const double place = (score - least_bucket_score) * buckets_per_score;
  std::size_t next = 0;
  if (place >= static_cast<double>(bucket_count))
    next = bucket_.back();
  else if (place >= 0.0)
    next = bucket_[static_cast<std::size_t>(place)];
  while (table_score_[next] <= score) ++next;
  const std::size_t low = next - 1;
  const double share = (score - table_score_[low]) / (table_score_[next] - table_score_[low]);
  return table_value_[low] + share * (table_value_[next] - table_value_[low]);
}

double NormalScores::score_of(double value) const {
  const auto first = std::lower_bound(table_value_.begin(), table_value_.end(), value);
  const auto last = std::upper_bound(table_value_.begin(), table_value_.end(), value);
  if (first != last) {
    const auto middle = (first - table_value_.begin()) + (last - first - 1) / 2;
    return table_score_[static_cast<std::size_t>(middle)];
  }
  if (first != table_value_.begin() && first != table_value_.end()) {
    const auto next = static_cast<std::size_t>(first - table_value_.begin());
    const double share =
        (value - table_value_[next - 1]) / (table_value_[next] - table_value_[next - 1]);
    return table_score_[next - 1] + share * (table_score_[next] - table_score_[next - 1]);
  }
  return first == table_value_.begin() ? table_score_.front() : table_score_.back();
}

}  // namespace lode
