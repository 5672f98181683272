// Why one site stands above another, as bars: the split, the tornado, where the doubt comes from.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostCriteria = 24;

std::string title_of(const Digest& digest, std::size_t criterion) {
  return criterion < digest.result.criteria.size()
             ? clip(indicator_short(clip(digest.result.criteria[criterion].name, 90)), 60)
             : "Criterion " + number_text(static_cast<double>(criterion + 1));
}

/// Indices by falling size of what `of` gives, known ones only.
template <class Size>
std::vector<std::size_t> by_size(std::size_t count, Size size) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < count; ++i)
    if (std::isfinite(size(i))) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  return order;
}

std::string signed_text(const Digest& digest, double value) {
  std::string text = digest.score(std::abs(value));
  return (value < 0.0 ? "\xe2\x88\x92" : "+") + text;
}

std::string name_of(const Digest& digest, std::size_t site) {
  return site < digest.result.sites.size() ? clip(digest.name(digest.result.sites[site]), 60)
                                           : std::string("a site");
}

/// Columns of a chart with one row a criterion.
struct CriterionRows {
  bool narrow = false;
  double top = 0.0, row = 0.0, bar_height = 0.0;
  double bar_x = 0.0, bar_width = 0.0;
  double low = 0.0, high = 0.0;  ///< of the axis
  [[nodiscard]] double x(double value) const {
    return bar_x + (value - low) / (high - low) * bar_width;
  }
  [[nodiscard]] double bar_y(std::size_t i) const {
    return top + row * static_cast<double>(i) + (narrow ? 20.0 : (row - bar_height) / 2.0);
  }
  [[nodiscard]] double text_y(std::size_t i) const {
    return top + row * static_cast<double>(i) + (narrow ? 14.0 : row / 2.0 + 4.0);
  }
};

/// A line across all rows; where names stand above the bars it keeps to the bars.
void across(Drawing& sheet, const CriterionRows& at, double x, std::size_t rows,
            std::string_view ink_name) {
  if (!at.narrow) {
    sheet.line({x, at.top - 2.0}, {x, at.top + at.row * static_cast<double>(rows)}, ink_name);
    return;
  }
  std::vector<Path> parts;
  for (std::size_t i = 0; i < rows; ++i)
    parts.push_back({{x, at.bar_y(i) - 3.0}, {x, at.bar_y(i) + at.bar_height + 3.0}});
  sheet.lines(std::move(parts), ink_name);
}

struct Step {
  std::size_t criterion = 0;
  double from = 0.0, to = 0.0;
};

/// In favour first, the largest first; then against, the smallest first: down to the margin.
std::vector<Step> steps_of(const Explanation& why) {
  auto order = by_size(why.split.size(), [&](std::size_t i) { return why.split[i]; });
  std::vector<Step> steps;
  double at = 0.0;
  for (const std::size_t i : order) {
    steps.push_back({i, at, at + why.split[i]});
    at += why.split[i];
  }
  return steps;
}

void why_heads(Drawing& sheet, const Digest& digest, const PairExplained& pair,
               const CriterionRows& at) {
  TextStyle head;
  head.size = 11.5;
  head.bold = true;
  if (at.narrow) {
    head.size = 11.0;
    sheet.text({4.0, 13.0}, fit_text(name_of(digest, pair.a), 11.0, at.bar_width / 2.0, true), "k",
               head);
    head.anchor = Anchor::end;
    sheet.text({at.bar_x + at.bar_width, 13.0},
               fit_text("against " + name_of(digest, pair.b), 11.0, at.bar_width / 2.0, true), "k2",
               head);
    return;
  }
  head.anchor = Anchor::end;
  sheet.text({316.0, 14.0}, fit_text(name_of(digest, pair.a), 11.5, 128.0, true), "k", head);
  head.bold = false;
  sheet.text({452.0, 14.0}, fit_text(name_of(digest, pair.b), 11.5, 128.0), "k", head);
  head.anchor = Anchor::start;
  sheet.text({at.bar_x, 14.0}, "What it adds to the lead", "k2", head);
}

void why_row(Drawing& sheet, const Digest& digest, const PairExplained& pair,
             const CriterionRows& at, const Step& step, std::size_t i) {
  const double change = step.to - step.from;
  const std::string title = title_of(digest, step.criterion);
  const std::string mine = value_words(digest, step.criterion, pair.a),
                    theirs = value_words(digest, step.criterion, pair.b);
  sheet.open("", title + ": " + mine + " against " + theirs + ", " + signed_text(digest, change));
  TextStyle style;
  style.size = at.narrow ? 11.5 : 12.5;
  const double y = at.text_y(i);
  if (at.narrow) {
    sheet.text({4.0, y}, fit_text(title, 11.5, 150.0), "k", style);
    style.size = 10.5;
    style.anchor = Anchor::end;
    sheet.text({at.bar_x + at.bar_width, y},
               fit_text(mine + " / " + theirs, 10.5, at.bar_width - 156.0), "k2", style);
  } else {
    sheet.text({4.0, y}, fit_text(title, 12.5, 176.0), "k", style);
    style.size = 12.0;
    style.anchor = Anchor::end;
    sheet.text({316.0, y}, fit_text(mine, 12.0, 130.0), "k", style);
    sheet.text({452.0, y}, fit_text(theirs, 12.0, 130.0), "k", style);
  }
  const double from = std::min(at.x(step.from), at.x(step.to)),
               to = std::max(at.x(step.from), at.x(step.to));
  const bool none = (to - from) < 0.05;
  if (!none)
    sheet.rect(from, at.bar_y(i), std::max(1.0, to - from), at.bar_height,
               change < 0.0 ? "v0" : "v8", 1.5);
  style.size = at.narrow ? 10.5 : 11.5;
  const std::string words = none ? std::string("no difference") : signed_text(digest, change);
  const double wide = text_width(words, style.size) + 6.0;
  const bool right = to + wide <= at.bar_x + at.bar_width + (at.narrow ? 0.0 : 62.0);
  style.anchor = right ? Anchor::start : Anchor::end;
  sheet.text({right ? to + 5.0 : from - 5.0, at.bar_y(i) + at.bar_height / 2.0 + 4.0}, words,
             none ? "k2" : "k", style);
  sheet.close();
}

void margin_row(Drawing& sheet, const Digest& digest, const CriterionRows& at, double margin,
                std::size_t i) {
  TextStyle style;
  style.size = at.narrow ? 11.5 : 12.5;
  style.bold = true;
  sheet.text({4.0, at.text_y(i)}, "Lead", "k", style);
  const double from = std::min(at.x(0.0), at.x(margin)), to = std::max(at.x(0.0), at.x(margin));
  sheet.rect(from, at.bar_y(i), std::max(1.5, to - from), at.bar_height, "mk", 1.5);
  style.size = 11.5;
  sheet.text({to + 5.0, at.bar_y(i) + at.bar_height / 2.0 + 4.0}, signed_text(digest, margin), "k",
             style);
}

}  // namespace

Drawing draw_why(const Digest& digest, const PairExplained& pair, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Why one site stands above another";
  sheet.description = "What each criterion adds to or takes from the lead, ending at the lead.";
  sheet.width_px = options.width_px;
  std::vector<Step> steps = steps_of(pair.why);
  if (steps.empty()) return sheet;
  if (steps.size() > kMostCriteria) {  // the largest on either side; the rest is one step
    std::vector<Step> kept(steps.begin(), steps.begin() + kMostCriteria / 2);
    kept.insert(kept.end(), steps.end() - kMostCriteria / 2, steps.end());
    steps = std::move(kept);
  }
  CriterionRows at;
  at.narrow = options.width_px < 600.0;
  at.top = 26.0;
  at.row = at.narrow ? 42.0 : 27.0;
  at.bar_height = at.narrow ? 13.0 : 15.0;
  at.bar_x = at.narrow ? 4.0 : 472.0;
  at.bar_width = options.width_px - at.bar_x - (at.narrow ? 4.0 : 66.0);
  for (const auto& step : steps) {
    at.low = std::min({at.low, step.from, step.to});
    at.high = std::max({at.high, step.from, step.to});
  }
  at.low = std::min(at.low, std::isfinite(pair.why.margin) ? pair.why.margin : 0.0);
  if (!(at.high > at.low)) at.high = at.low + 1.0;
  if (at.narrow) at.high += (at.high - at.low) * 0.17;  // room for the numbers
  const double bottom = at.top + at.row * static_cast<double>(steps.size() + 1);
  why_heads(sheet, digest, pair, at);
  across(sheet, at, at.x(0.0), steps.size() + 1, "ax");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double x = at.x(steps[i].to), next = at.bar_y(i + 1);
    why_row(sheet, digest, pair, at, steps[i], i);
    sheet.line({x, at.bar_y(i) + at.bar_height}, {x, next}, "gl");
  }
  if (std::isfinite(pair.why.margin)) margin_row(sheet, digest, at, pair.why.margin, steps.size());
  wrapped_legend(
      sheet, {{"v8", "for " + name_of(digest, pair.a)}, {"v0", "for " + name_of(digest, pair.b)}},
      at.narrow ? 4.0 : at.bar_x, bottom + 14.0, options.width_px - at.bar_x - 4.0);
  sheet.height_px = bottom + (at.narrow ? 40.0 : 24.0);
  return sheet;
}

namespace {

struct Reach {
  double low = 0.0, high = 0.0;
  bool known = false;
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = known ? std::min(low, value) : value;
    high = known ? std::max(high, value) : value;
    known = true;
  }
};
Reach reach_of(double low, double high) {
  Reach reach;
  reach.add(low);
  reach.add(high);
  return reach;
}
double width_of(const TornadoBar& bar) {
  const Reach a = reach_of(bar.a_low, bar.a_high), b = reach_of(bar.b_low, bar.b_high);
  if (!a.known && !b.known) return not_stated;
  return std::max(a.high - a.low, b.high - b.low);
}

void tornado_axis(Drawing& sheet, const Digest& digest, const CriterionRows& at, double bottom) {
  const double step = nice_step(at.high - at.low, at.narrow ? 4 : 7);
  TextStyle style;
  style.size = 10.5;
  style.anchor = Anchor::middle;
  for (double value = std::ceil(at.low / step) * step; value <= at.high + step * 1e-6;
       value += step) {
    const double rounded = std::abs(value) < step * 1e-6 ? 0.0 : value;
    sheet.line({at.x(rounded), at.top}, {at.x(rounded), bottom}, "gl");
    sheet.text({at.x(rounded), bottom + 14.0},
               rounded == 0.0 ? std::string("0") : signed_text(digest, rounded), "k2", style);
  }
}

void tornado_row(Drawing& sheet, const Digest& digest, const PairExplained& pair,
                 const CriterionRows& at, std::size_t criterion, std::size_t i) {
  const TornadoBar& bar = pair.why.tornado[criterion];
  TextStyle style;
  style.size = at.narrow ? 11.5 : 12.5;
  sheet.text({4.0, at.text_y(i)},
             fit_text(title_of(digest, criterion), style.size, at.narrow ? at.bar_width : 226.0),
             "k", style);
  const double half = at.bar_height / 2.0;
  const auto half_bar = [&](const Reach& reach, double y, const char* ink_name, std::size_t site) {
    if (!reach.known) return;
    sheet.open("", name_of(digest, site) + ", " + title_of(digest, criterion) + ": lead from " +
                       signed_text(digest, reach.low) + " to " + signed_text(digest, reach.high));
    sheet.rect(at.x(reach.low), y, std::max(1.0, at.x(reach.high) - at.x(reach.low)), half - 1.0,
               ink_name, 1.0);
    sheet.close();
  };
  half_bar(reach_of(bar.a_low, bar.a_high), at.bar_y(i), "c0", pair.a);
  half_bar(reach_of(bar.b_low, bar.b_high), at.bar_y(i) + half, "c1", pair.b);
}

}  // namespace

Drawing draw_tornado(const Digest& digest, const PairExplained& pair, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "What the data could make of the lead";
  sheet.description =
      "The lead when one number of one site goes to its low and its high end; left of zero the "
      "order turns round.";
  sheet.width_px = options.width_px;
  auto order = by_size(pair.why.tornado.size(),
                       [&](std::size_t i) { return width_of(pair.why.tornado[i]); });
  if (order.size() > kMostCriteria) order.resize(kMostCriteria);
  if (order.empty() || !std::isfinite(pair.why.margin)) return sheet;
  CriterionRows at;
  at.narrow = options.width_px < 600.0;
  at.row = at.narrow ? 40.0 : 25.0;
  at.bar_height = at.narrow ? 15.0 : 17.0;
  at.bar_x = at.narrow ? 4.0 : 240.0;
  at.bar_width = options.width_px - at.bar_x - (at.narrow ? 4.0 : 30.0);
  at.top = 26.0 + wrapped_legend(sheet,
                                 {{"c0", "with the data of " + name_of(digest, pair.a)},
                                  {"c1", "with the data of " + name_of(digest, pair.b)}},
                                 at.bar_x, 12.0, options.width_px - at.bar_x - 4.0);
  at.low = std::min(0.0, pair.why.margin);
  at.high = std::max(0.0, pair.why.margin);
  for (const std::size_t i : order) {
    const auto& bar = pair.why.tornado[i];
    for (const double value : {bar.a_low, bar.a_high, bar.b_low, bar.b_high}) {
      if (!std::isfinite(value)) continue;
      at.low = std::min(at.low, value);
      at.high = std::max(at.high, value);
    }
  }
  if (!(at.high > at.low)) at.high = at.low + 1.0;
  const double pad = 0.03 * (at.high - at.low);
  at.low -= pad;
  at.high += pad;
  const double bottom = at.top + at.row * static_cast<double>(order.size());
  if (at.low < -pad) sheet.rect(at.bar_x, at.top, at.x(0.0) - at.bar_x, bottom - at.top, "bg");
  tornado_axis(sheet, digest, at, bottom);
  for (std::size_t i = 0; i < order.size(); ++i) tornado_row(sheet, digest, pair, at, order[i], i);
  across(sheet, at, at.x(0.0), order.size(), "th");
  across(sheet, at, at.x(pair.why.margin), order.size(), "mkl");
  TextStyle style;
  style.size = 10.5;
  const bool right = at.x(pair.why.margin) < at.bar_x + at.bar_width * 0.5;
  style.anchor = right ? Anchor::start : Anchor::end;
  sheet.text({at.x(pair.why.margin) + (right ? 4.0 : -4.0), at.top - 6.0}, "lead now", "k", style);
  if (at.x(0.0) - at.bar_x > 180.0) {
    style.anchor = Anchor::start;
    sheet.text({at.bar_x + 2.0, at.top - 6.0},
               fit_text(name_of(digest, pair.b) + " ahead", 10.5, at.x(0.0) - at.bar_x - 74.0),
               "k2", style);
  }
  sheet.height_px = bottom + 22.0;
  return sheet;
}

namespace {

/// An input of the draws and its share of the variance of the lead.
struct Doubt {
  std::string title;
  double first = 0.0, total = 0.0;
};

/// Inputs that move together are one, where the explanation names its inputs; else one a criterion,
/// and the weights behind them.
std::vector<Doubt> doubts_of(const Digest& digest, const Explanation& why) {
  std::vector<Doubt> doubts;
  for (const auto& one : why.sobol_inputs) {
    std::string title = "The weights";
    if (one.criteria.size() > 1)
      title = title_of(digest, one.criteria[0]) +
              (one.criteria.size() == 2
                   ? " and " + title_of(digest, one.criteria[1])
                   : " and " + counted(one.criteria.size() - 1, "other", "others")) +
              ", together";
    if (one.criteria.size() == 1) title = title_of(digest, one.criteria.front()) + ", both sites";
    doubts.push_back({title, one.index.first, one.index.total});
  }
  if (!doubts.empty()) return doubts;
  for (std::size_t i = 0; i < why.sobol.size(); ++i)
    doubts.push_back(
        {title_of(digest, i) + ", both sites", why.sobol[i].first, why.sobol[i].total});
  doubts.push_back({"The weights", why.sobol_weights.first, why.sobol_weights.total});
  return doubts;
}

}  // namespace

Drawing draw_sobol(const Digest& digest, const PairExplained& pair, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Where the doubt comes from";
  sheet.description =
      "Share of the variance of the lead that an input makes: alone, and together with others.";
  sheet.width_px = options.width_px;
  const std::vector<Doubt> doubts = doubts_of(digest, pair.why);
  auto order = by_size(doubts.size(), [&](std::size_t i) {
    return std::isfinite(doubts[i].total) ? doubts[i].total : doubts[i].first;
  });
  if (order.size() > 16) order.resize(16);
  if (order.empty()) return sheet;
  CriterionRows at;
  at.narrow = options.width_px < 600.0;
  at.row = at.narrow ? 38.0 : 24.0;
  at.bar_height = 13.0;
  at.bar_x = at.narrow ? 4.0 : 240.0;
  at.bar_width = options.width_px - at.bar_x - 60.0;
  at.high = 0.05;
  for (const std::size_t i : order)
    for (const double value : {doubts[i].first, doubts[i].total})
      if (std::isfinite(value)) at.high = std::max(at.high, std::min(value, 1.0));
  at.top = 10.0 + wrapped_legend(sheet, {{"v8", "alone"}, {"v6", "and together with other inputs"}},
                                 at.bar_x, 12.0, options.width_px - at.bar_x);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const Doubt& one = doubts[order[k]];
    const std::string& title = one.title;
    const double first = std::clamp(std::isfinite(one.first) ? one.first : 0.0, 0.0, 1.0);
    const double total = std::clamp(std::isfinite(one.total) ? one.total : first, 0.0, 1.0);
    sheet.open("", title + ": alone " + percent(first) + ", in all " + percent(total));
    TextStyle style;
    style.size = at.narrow ? 11.5 : 12.5;
    sheet.text({4.0, at.text_y(k)},
               fit_text(title, style.size, at.narrow ? at.bar_width + 50.0 : 226.0), "k", style);
    sheet.rect(at.bar_x, at.bar_y(k), at.bar_width, at.bar_height, "bg", 1.5);
    sheet.rect(at.bar_x, at.bar_y(k), at.x(total) - at.bar_x, at.bar_height, "v6", 1.5);
    sheet.rect(at.bar_x, at.bar_y(k), at.x(std::min(first, total)) - at.bar_x, at.bar_height, "v8",
               1.5);
    style.size = 11.5;
    style.anchor = Anchor::end;
    sheet.text({options.width_px - 4.0, at.bar_y(k) + 10.5}, percent(total), "k", style);
    sheet.close();
  }
  sheet.height_px = at.top + at.row * static_cast<double>(order.size()) + 4.0;
  return sheet;
}

}  // namespace lode::report
