#include "libgeo/deposit/qaqc.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

double mean_of(const std::vector<double>& values) {
  Sum sum;
  for (const double value : values) sum += value;
  return sum.value() / static_cast<double>(values.size());
}

double sd_of(const std::vector<double>& values, double mean) {
  if (values.size() < 2) return std::nan("");
  Sum sum;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum.value() / static_cast<double>(values.size() - 1));
}

double median_of(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2.0;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() < 3) return std::nan("");
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  Sum ab, aa, bb;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return ab.value() / std::sqrt(aa.value() * bb.value());
}

StandardSummary summary_of(const std::string& name, double expected, double sd,
                           const std::vector<double>& values) {
  StandardSummary s;
  s.name = name;
  s.expected = expected;
  s.sd = sd;
  s.n = values.size();
  s.mean = mean_of(values);
  const double found = sd_of(values, s.mean);
  s.bias_pct = 100.0 * (s.mean - expected) / expected;
  s.cv_pct = 100.0 * found / s.mean;
  s.mean_z = (s.mean - expected) / sd;
  s.bias_t = (s.mean - expected) / (found / std::sqrt(static_cast<double>(s.n)));
  double before = 0.0;
  for (const double value : values) {
    const double z = (value - expected) / sd;
    if (std::abs(z) > 2.0) ++s.outside_2sd;
    if (std::abs(z) > 3.0) ++s.outside_3sd;
    if (std::abs(z) > 2.0 && std::abs(before) > 2.0 && z * before > 0.0) ++s.runs_of_two;
    before = z;
  }
  return s;
}

void judge(const StandardSummary& s, const std::string& where, Findings& findings) {
  const std::string place = where + ", standard " + printable(s.name);
  if (s.outside_3sd + s.runs_of_two > 0)
    findings.add("qaqc.standard_failures", Severity::warning, place,
                 std::to_string(s.outside_3sd) + " of " + std::to_string(s.n) +
                     " values lie more than 3 standard deviations off, " +
                     std::to_string(s.runs_of_two) + " pairs running more than 2 on one side",
                 s.outside_3sd + s.runs_of_two);
  if (s.n >= 5 && std::abs(s.bias_t) > 3.0 && std::abs(s.mean_z) > 1.0)
    findings.add("qaqc.standard_bias", Severity::warning, place,
                 "the mean lies " + fixed_text(s.bias_pct, 1) +
                     " % off the certificate, more than chance explains");
}

}  // namespace

std::vector<StandardSummary> summarise_standards(const std::vector<std::string>& names,
                                                 const std::vector<double>& values,
                                                 const std::vector<double>& expected,
                                                 const std::vector<double>& sd,
                                                 const std::string& where, Findings& findings) {
  struct Material {
    std::string name;
    double expected, sd;
    std::vector<double> values;
  };
  std::vector<Material> materials;
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const std::string row = where + ", standard " + printable(names[i]);
    if (!(sd[i] > 0.0) || !(expected[i] > 0.0))
      throw Error("qaqc.standard", "the certified value or its standard deviation is not above 0",
                  row, "Both stand on the certificate of the material.");
    const auto [at, is_new] = known.emplace(names[i], materials.size());
    if (is_new) materials.push_back({names[i], expected[i], sd[i], {}});
    Material& material = materials[at->second];
    if (material.expected != expected[i] || material.sd != sd[i])
      throw Error("qaqc.standard", "the material has two certificates", row,
                  "Give every batch its own name.");
    material.values.push_back(values[i]);
  }
  std::vector<StandardSummary> summaries;
  for (const Material& material : materials) {
    summaries.push_back(summary_of(material.name, material.expected, material.sd, material.values));
    judge(summaries.back(), where, findings);
  }
  return summaries;
}

BlankSummary summarise_blanks(const std::vector<double>& values, double limit,
                              const std::vector<double>& previous, const std::string& where,
                              Findings& findings) {
  if (!(limit > 0.0))
    throw Error("qaqc.limit", "the limit of blanks is not above 0", where,
                "Often 5 or 10 times the detection limit.");
  BlankSummary s;
  s.limit = limit;
  std::vector<double> known, own, before;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    known.push_back(values[i]);
    if (values[i] > limit) ++s.above;
    if (previous.empty() || std::isnan(previous[i])) continue;
    own.push_back(values[i]);
    before.push_back(previous[i]);
  }
  s.n = known.size();
  s.pairs = own.size();
  s.mean = s.n > 0 ? mean_of(known) : std::nan("");
  s.median = median_of(known);
  s.max = s.n > 0 ? *std::max_element(known.begin(), known.end()) : std::nan("");
  s.carry_over_r = correlation(own, before);
  Sum cross, square;
  for (std::size_t i = 0; i < own.size(); ++i) {
    cross += own[i] * before[i];
    square += before[i] * before[i];
  }
  s.carry_over_pct = s.pairs < 3 ? std::nan("") : 100.0 * cross.value() / square.value();
  if (s.above > 0)
    findings.add("qaqc.blank_failures", Severity::warning, where,
                 std::to_string(s.above) + " of " + std::to_string(s.n) + " blanks lie above " +
                     number_text(limit),
                 s.above);
  return s;
}

DuplicateSummary summarise_duplicates(const std::vector<double>& first,
                                      const std::vector<double>& second) {
  DuplicateSummary s;
  std::vector<double> a, b, hard;
  Sum squares;
  std::size_t within = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double sum = first[i] + second[i];
    if (!(sum > 0.0)) {
      ++s.left_out;
      continue;
    }
    a.push_back(first[i]);
    b.push_back(second[i]);
    const double relative = std::abs(first[i] - second[i]) / sum;
    hard.push_back(100.0 * relative);
    if (relative <= 0.1) ++within;
    // Of two values: sd = |a - b| / sqrt 2, mean = (a + b) / 2.
    squares += 2.0 * relative * relative;
  }
  s.n = a.size();
  const auto n = static_cast<double>(s.n);
  s.mean_first = s.n > 0 ? mean_of(a) : std::nan("");
  s.mean_second = s.n > 0 ? mean_of(b) : std::nan("");
  s.bias_pct = 100.0 * (s.mean_second - s.mean_first) / s.mean_first;
  s.r = correlation(a, b);
  s.median_hard_pct = median_of(hard);
  s.mean_hard_pct = s.n > 0 ? mean_of(hard) : std::nan("");
  s.within_10_hard_pct = 100.0 * static_cast<double>(within) / n;
  s.rms_cv_pct = 100.0 * std::sqrt(squares.value() / n);
  s.precision_pct = 2.0 * s.rms_cv_pct;
  return s;
}

}  // namespace lode
