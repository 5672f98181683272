// Charts of parts of a whole: contributions to the score, and supply by country.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kColours = 8;

/// Which criterion has which colour: by weight, then in the study's order; the rest share the last.
std::map<std::string, std::size_t> colours(const Digest& digest, std::size_t rows,
                                           std::vector<std::string>& order) {
  std::map<std::string, double> total;
  for (std::size_t i = 0; i < rows; ++i)
    for (const auto& [name, value] : digest.ranking[i]->contributions)
      if (std::isfinite(value)) total[name] += std::abs(value);
  for (const auto& criterion : digest.result.criteria)
    if (total.count(criterion.name)) order.push_back(criterion.name);
  for (const auto& [name, value] : total)
    if (std::find(order.begin(), order.end(), name) == order.end()) order.push_back(name);
  std::stable_sort(order.begin(), order.end(),
                   [&](const std::string& a, const std::string& b) { return total[a] > total[b]; });
  std::map<std::string, std::size_t> colour;
  const bool fits = order.size() <= kColours;
  for (std::size_t i = 0; i < order.size(); ++i)
    colour[order[i]] = fits || i < kColours ? std::min(i, kColours) : kColours;
  return colour;
}

struct Span {
  double low = 0.0, high = 0.0;
};
Span span_of(const Digest& digest, std::size_t rows) {
  Span span;
  for (std::size_t i = 0; i < rows; ++i) {
    double below = 0.0, above = 0.0;
    for (const auto& [name, value] : digest.ranking[i]->contributions)
      if (std::isfinite(value)) (value < 0.0 ? below : above) += value;
    span.low = std::min(span.low, below);
    span.high = std::max(span.high, above);
  }
  if (span.high <= span.low) span.high = span.low + 1.0;
  return span;
}

/// Boxes with words, wrapped to the width; returns the height used.
double wrapped_legend(Drawing& sheet,
                      const std::vector<std::pair<std::string, std::string>>& entries, double x0,
                      double y, double width) {
  TextStyle style;
  style.size = 11.5;
  double x = x0, used = 18.0;
  for (const auto& [ink_name, words] : entries) {
    const double wide = 18.0 + text_width(words, style.size) + 12.0;
    if (x > x0 && x + wide > x0 + width) {
      x = x0;
      y += 18.0;
      used += 18.0;
    }
    sheet.rect(x, y - 9.5, 11.0, 11.0, ink_name, 2.0);
    sheet.text({x + 16.0, y}, words, "k2", style);
    x += wide;
  }
  return used;
}

struct BarLine {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
};

void contribution_row(Drawing& sheet, const SiteStanding& one, const BarLine& at, const Span& span,
                      const std::vector<std::string>& order,
                      const std::map<std::string, std::size_t>& colour) {
  const double scale = at.width / (span.high - span.low);
  const double zero = at.x - span.low * scale;
  double above = zero, below = zero;
  // Parts that share a colour stand together, the largest criterion first.
  for (const auto& name : order)
    for (const auto& [part, value] : one.contributions) {
      if (part != name || !std::isfinite(value) || value == 0.0) continue;
      const double length = std::abs(value) * scale;
      const double x = value < 0.0 ? below - length : above;
      (value < 0.0 ? below : above) += value < 0.0 ? -length : length;
      if (length < 0.05) continue;
      sheet.open("", indicator_title(name) + ": " + people(value));
      sheet.rect(x, at.y, length > 2.0 ? length - 0.7 : length, at.height,
                 "c" + number_text(static_cast<double>(colour.at(name))));
      sheet.close();
    }
  if (span.low < 0.0) sheet.line({zero, at.y - 3.0}, {zero, at.y + at.height + 3.0}, "ax");
}

std::string country_ink(const Digest& digest, const std::set<std::string>& allies,
                        const std::string& iso3) {
  if (iso3 == digest.result.home) return "gd";
  if (allies.count(iso3)) return "ga";
  return iso3.empty() || iso3 == "other" || iso3 == "Other" ? "gu" : "go";
}

void dependence_row(Drawing& sheet, const Digest& digest, const std::set<std::string>& allies,
                    const Dependence& one, const BarLine& at) {
  double total = 0.0;
  for (const auto& [country, share] : one.share_by_country)
    if (share > 0.0 && std::isfinite(share)) total += share;
  sheet.rect(at.x, at.y, at.width, at.height, "bg", 2.0);
  // Shares of a whole that is more than 1 by rounding must not run out of the bar.
  const double scale = at.width / std::max(1.0, total);
  double x = at.x;
  for (const auto& [country, share] : one.share_by_country) {
    if (!(share > 0.0) || !std::isfinite(share)) continue;
    const double length = share * scale;
    const std::string name = clip(digest.country(country), 40);
    sheet.open("", name + ": " + percent(share));
    sheet.rect(x, at.y, length > 1.6 ? length - 1.2 : length, at.height,
               country_ink(digest, allies, country));
    TextStyle style;
    style.size = 11.0;
    const std::string full = name + " " + percent(share);
    const std::string brief = clip(country, 6) + " " + percent(share);
    const std::string& words = text_width(full, style.size) + 10.0 <= length ? full : brief;
    if (text_width(words, style.size) + 6.0 <= length)
      sheet.text({x + 5.0, at.y + at.height / 2.0 + 4.0}, words, "ki", style);
    sheet.close();
    x += length;
  }
}

std::string hhi_words(double hhi) {
  // Thresholds of the United States Merger Guidelines of 2023: 1,000 and 1,800 of 10,000.
  if (!std::isfinite(hhi)) return "concentration not known";
  const std::string_view level = hhi > 0.18    ? "highly concentrated"
                                 : hhi >= 0.10 ? "moderate"
                                               : "spread";
  return "HHI " + fixed_text(hhi, 2) + ", " + std::string(level);
}

}  // namespace

Drawing draw_contributions(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "What makes the score";
  sheet.description = "Contribution of every criterion to the score of the first sites.";
  const std::size_t rows = std::min(options.rows, digest.ranking.size());
  std::vector<std::string> order;
  const auto colour = colours(digest, rows, order);
  const Span span = span_of(digest, rows);
  const bool narrow = options.width_px < 600.0;
  const double row = narrow ? 36.0 : 25.0;
  const double name_width = narrow ? options.width_px - 30.0 : 250.0;
  const double name_x = narrow ? 26.0 : 34.0;

  std::vector<std::pair<std::string, std::string>> entries;
  for (const auto& name : order)
    if (colour.at(name) < kColours)
      entries.push_back({"c" + number_text(static_cast<double>(colour.at(name))),
                         clip(indicator_short(name), 36)});
  if (order.size() > kColours)
    entries.push_back(
        {"c8", counted(order.size() - kColours, "other criterion", "other criteria")});
  const double top = 8.0 + wrapped_legend(sheet, entries, narrow ? 4.0 : name_x, 12.0,
                                          options.width_px - (narrow ? 8.0 : 40.0));
  for (std::size_t i = 0; i < rows; ++i) {
    const auto& one = *digest.ranking[i];
    const double y = top + row * static_cast<double>(i);
    TextStyle style;
    style.size = 12.5;
    const double text_y = narrow ? y + 13.0 : y + row / 2.0 + 4.0;
    style.anchor = Anchor::end;
    sheet.text({name_x - 8.0, text_y}, number_text(one.rank), "k2", style);
    style.anchor = Anchor::start;
    sheet.text({name_x, text_y},
               fit_text(clip(digest.name(digest.site(one)), 80), 12.5, name_width - 8.0), "k",
               style);
    const double bar_x = narrow ? name_x : name_x + name_width;
    const BarLine at{bar_x, narrow ? y + 18.0 : y + 4.0, options.width_px - bar_x - 4.0,
                     narrow ? 13.0 : row - 8.0};
    contribution_row(sheet, one, at, span, order, colour);
  }
  sheet.width_px = options.width_px;
  sheet.height_px = top + row * static_cast<double>(rows) + 6.0;
  return sheet;
}

Drawing draw_dependence(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Where supply comes from today";
  sheet.description = "Shares by country and their concentration.";
  const std::set<std::string> allies(digest.result.allies.begin(), digest.result.allies.end());
  const bool narrow = options.width_px < 600.0;
  const std::size_t rows = std::min(options.rows, digest.result.dependence.size());
  const double row = narrow ? 64.0 : 40.0;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < rows; ++i)
    for (const auto& [country, share] : digest.result.dependence[i].share_by_country)
      seen.insert(country_ink(digest, allies, country));
  std::vector<std::pair<std::string, std::string>> entries;
  const std::array<std::pair<const char*, std::string>, 4> all{
      {{"gd", clip(digest.country(digest.result.home), 30)},
       {"ga", "Allies"},
       {"go", "Other countries"},
       {"gu", "Not told apart"}}};
  for (const auto& [ink_name, words] : all)
    if (seen.count(ink_name)) entries.push_back({ink_name, words});
  const double top = 8.0 + wrapped_legend(sheet, entries, 4.0, 12.0, options.width_px - 8.0);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto& one = digest.result.dependence[i];
    const double y = top + row * static_cast<double>(i);
    TextStyle style;
    style.size = 12.5;
    style.bold = true;
    const std::string label = clip(capital(one.material), 30) +
                              (one.stage.empty() ? std::string() : ", " + clip(one.stage, 24));
    std::string words = hhi_words(one.hhi);
    if (std::isfinite(one.hhi_wgi))
      put(words, "; governance-weighted ", fixed_text(one.hhi_wgi, 1), " of 10");
    if (narrow) {
      sheet.text({4.0, y + 13.0}, fit_text(label, 12.5, options.width_px - 8.0, true), "k", style);
      dependence_row(sheet, digest, allies, one, {4.0, y + 19.0, options.width_px - 8.0, 20.0});
      style.bold = false;
      style.size = 11.0;
      sheet.text({4.0, y + 53.0}, fit_text(words, 11.0, options.width_px - 8.0), "k2", style);
      continue;
    }
    sheet.text({4.0, y + 17.0}, fit_text(label, 12.5, 190.0, true), "k", style);
    const double width = options.width_px - 200.0 - 240.0;
    dependence_row(sheet, digest, allies, one, {200.0, y + 1.0, width, 25.0});
    style.bold = false;
    style.size = 11.5;
    const std::size_t cut = words.find("; ");
    sheet.text({options.width_px - 226.0, y + 11.0}, words.substr(0, cut), "k", style);
    if (cut != std::string::npos)
      sheet.text({options.width_px - 226.0, y + 26.0}, capital(words.substr(cut + 2)), "k2", style);
  }
  sheet.width_px = options.width_px;
  sheet.height_px = top + row * static_cast<double>(rows) + 2.0;
  return sheet;
}

}  // namespace lode::report
