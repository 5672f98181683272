// Charts of parts of a whole: contributions to the score, and the weights that would win.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

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

struct BarLine {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
};

void contribution_row(Drawing& sheet, const SiteStanding& one, const BarLine& at, const Span& span,
                      const CriterionInks& colours) {
  const double scale = at.width / (span.high - span.low);
  const double zero = at.x - span.low * scale;
  double above = zero, below = zero;
  // Parts that share a colour stand together, the largest criterion first.
  for (const auto& name : colours.order)
    for (const auto& [part, value] : one.contributions) {
      if (part != name || !std::isfinite(value) || value == 0.0) continue;
      const double length = std::abs(value) * scale;
      const double x = value < 0.0 ? below - length : above;
      (value < 0.0 ? below : above) += value < 0.0 ? -length : length;
      if (length < 0.05) continue;
      sheet.open("", clip(indicator_title(clip(name, 90)), 90) + ": " + people(value));
      sheet.rect(x, at.y, length > 2.0 ? length - 0.7 : length, at.height, colours.ink_of(name));
      sheet.close();
    }
  if (span.low < 0.0) sheet.line({zero, at.y - 3.0}, {zero, at.y + at.height + 3.0}, "ax");
}

}  // namespace

Drawing draw_contributions(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "What makes the score";
  sheet.description = "Contribution of every criterion to the score of the first sites.";
  const std::size_t rows = std::min(options.rows, digest.ranking.size());
  const CriterionInks colours(digest);
  const Span span = span_of(digest, rows);
  const bool narrow = options.width_px < 600.0;
  const double row = narrow ? 36.0 : 25.0;
  const double name_width = narrow ? options.width_px - 30.0 : 250.0;
  const double name_x = narrow ? 4.0 : 34.0;

  const double top = 8.0 + wrapped_legend(sheet, colours.legend(), narrow ? 4.0 : name_x, 12.0,
                                          options.width_px - (narrow ? 8.0 : 40.0));
  for (std::size_t i = 0; i < rows; ++i) {
    const auto& one = *digest.ranking[i];
    const double y = top + row * static_cast<double>(i);
    site_head(sheet, digest, one,
              {narrow ? 0.0 : 6.0, narrow ? options.width_px : name_x + name_width - 6.0, 12.5},
              narrow ? y + 13.0 : y + row / 2.0 + 4.0);
    const double bar_x = narrow ? name_x : name_x + name_width;
    const BarLine at{bar_x, narrow ? y + 18.0 : y + 4.0, options.width_px - bar_x - 4.0,
                     narrow ? 13.0 : row - 8.0};
    contribution_row(sheet, one, at, span, colours);
  }
  sheet.width_px = options.width_px;
  sheet.height_px = top + row * static_cast<double>(rows) + 6.0;
  return sheet;
}

namespace {

/// The part of the weights that a contender wants more or less of, the largest change first.
std::string wanted_words(const Digest& digest, const SiteStanding& one) {
  struct Change {
    std::size_t criterion;
    double size;
  };
  std::vector<Change> changes;
  for (std::size_t c = 0; c < std::min(one.central_weights.size(), digest.result.criteria.size());
       ++c) {
    const double change = one.central_weights[c] - digest.result.criteria[c].weight;
    if (std::isfinite(change) && std::abs(change) >= 0.01) changes.push_back({c, change});
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::abs(a.size) > std::abs(b.size);
  });
  if (changes.size() > 2) changes.resize(2);
  std::string words;
  for (const auto& change : changes)
    put(words, words.empty() ? "" : ", ", change.size > 0.0 ? "more " : "less ",
        clip(indicator_short(digest.result.criteria[change.criterion].name), 30), " (",
        change.size > 0.0 ? "+" : "\xe2\x88\x92", fixed_text(std::abs(change.size) * 100.0, 0),
        ")");
  return words.empty() ? std::string("about the weights as they are") : words;
}

void weights_bar(Drawing& sheet, const Digest& digest, const std::vector<double>& weights,
                 const CriterionInks& colours, const BarLine& at) {
  sheet.rect(at.x, at.y, at.width, at.height, "bg", 2.0);
  double total = 0.0;
  for (const double weight : weights)
    if (std::isfinite(weight) && weight > 0.0) total += weight;
  if (!(total > 0.0)) return;
  double x = at.x;
  for (const auto& name : colours.order)
    for (std::size_t c = 0; c < std::min(weights.size(), digest.result.criteria.size()); ++c) {
      if (digest.result.criteria[c].name != name || !(weights[c] > 0.0)) continue;
      const double length = weights[c] / std::max(total, 1.0) * at.width;
      sheet.open("", clip(indicator_title(clip(name, 90)), 90) + ": " + percent(weights[c]));
      sheet.rect(x, at.y, length > 2.0 ? length - 0.7 : length, at.height, colours.ink_of(name));
      sheet.close();
      x += length;
    }
}

}  // namespace

Drawing draw_central_weights(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "What one would have to value";
  sheet.description =
      "The mean weights of the draws in which a site comes first, beside the weights used.";
  sheet.width_px = options.width_px;
  std::vector<const SiteStanding*> contenders;
  for (const auto* one : first_ranked(digest, 60))
    if (!one->central_weights.empty() && one->first_acceptability >= 0.005)
      contenders.push_back(one);
  std::stable_sort(contenders.begin(), contenders.end(),
                   [](const SiteStanding* a, const SiteStanding* b) {
                     return a->first_acceptability > b->first_acceptability;
                   });
  if (contenders.size() > std::min<std::size_t>(options.rows, 8))
    contenders.resize(std::min<std::size_t>(options.rows, 8));
  if (contenders.empty() || digest.result.criteria.size() < 2) return sheet;
  const CriterionInks colours(digest);
  const bool narrow = options.width_px < 600.0;
  const double row = narrow ? 54.0 : 27.0, height = narrow ? 14.0 : 17.0;
  const double bar_x = narrow ? 4.0 : 268.0;
  const double bar_width = narrow ? options.width_px - 8.0 : options.width_px - bar_x - 430.0;
  double y = 10.0 + wrapped_legend(sheet, colours.legend(), 4.0, 12.0, options.width_px - 8.0);
  std::vector<double> base;
  for (const auto& one : digest.result.criteria) base.push_back(one.weight);
  TextStyle style;
  style.size = narrow ? 11.5 : 12.5;
  const auto put_row = [&](const std::vector<double>& weights, const std::string& words) {
    weights_bar(sheet, digest, weights, colours,
                {bar_x, narrow ? y + 18.0 : y + 5.0, bar_width, height});
    TextStyle small;
    small.size = narrow ? 10.5 : 11.5;
    const double room = narrow ? options.width_px - 8.0 : 414.0;
    const bool two_lines = text_width(words, small.size) > room;
    const Point at = narrow ? Point{4.0, y + 45.0}
                            : Point{bar_x + bar_width + 12.0, y + (two_lines ? 12.0 : 17.5)};
    wrapped_text(sheet, words, at, room, "k2", small, 2);
    y += row + (!two_lines ? 0.0 : narrow ? 14.0 : 6.0);
  };
  sheet.text({4.0, narrow ? y + 13.0 : y + 17.5}, "Weights as used", "k2", style);
  put_row(base, narrow ? "" : "mean weights of the draws that each site wins:");
  if (narrow) y -= 14.0;  // no words under it
  for (const auto* one : contenders) {
    site_head(sheet, digest, *one,
              {0.0, narrow ? options.width_px - 50.0 : bar_x - 52.0, style.size},
              narrow ? y + 13.0 : y + 17.5);
    TextStyle share;
    share.size = narrow ? 10.5 : 11.5;
    share.anchor = Anchor::end;
    sheet.text({narrow ? options.width_px - 4.0 : bar_x - 10.0, narrow ? y + 13.0 : y + 17.5},
               percent(one->first_acceptability), "k2", share);
    put_row(one->central_weights, wanted_words(digest, *one));
  }
  sheet.height_px = y + 4.0;
  return sheet;
}

}  // namespace lode::report
