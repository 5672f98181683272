// The ranking put to the test: room of the weights, other methods, correlated criteria.
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

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

/// "below 12 %: Mount Weld; above 61 %: Nolans Bore".
std::string successors(const Digest& digest, const StableWeight& one) {
  std::string words;
  if (!one.below.empty())
    put(words, "below ", percent(one.low), " ", clip(digest.name_of_id(one.below), 40));
  if (!one.above.empty())
    put(words, words.empty() ? "" : "; ", "above ", percent(one.high), " ",
        clip(digest.name_of_id(one.above), 40));
  return words.empty() ? std::string("first whatever this weight") : words;
}

void stable_row(Drawing& sheet, const Digest& digest, const StableWeight& one, double y,
                double width_px) {
  const bool narrow = width_px < 600.0;
  const double x = narrow ? 6.0 : 240.0,
               width = narrow ? width_px - 12.0 : width_px - 240.0 - 400.0;
  const double bar_y = narrow ? y + 20.0 : y + 7.0, height = 12.0;
  const auto at = [&](double weight) { return x + std::clamp(weight, 0.0, 1.0) * width; };
  const std::string title = title_of(digest, one.criterion);
  const std::string words = successors(digest, one);
  sheet.open("", title + ": weight " + percent(one.weight) + "; " + words);
  TextStyle style;
  style.size = narrow ? 11.5 : 12.5;
  sheet.text({narrow ? 4.0 : 4.0, narrow ? y + 13.0 : y + 17.0},
             fit_text(title, style.size, narrow ? width - 60.0 : 176.0), "k", style);
  style.anchor = Anchor::end;
  sheet.text({narrow ? x + width : 226.0, narrow ? y + 13.0 : y + 17.0}, percent(one.weight), "k2",
             style);
  style.anchor = Anchor::start;
  sheet.rect(x, bar_y, width, height, "bg", 2.0);
  if (std::isfinite(one.low) && std::isfinite(one.high)) {
    sheet.rect(at(one.low), bar_y, std::max(1.5, at(one.high) - at(one.low)), height, "v6", 2.0);
    for (const auto& [weight, name] :
         {std::pair{one.low, &one.below}, std::pair{one.high, &one.above}})
      if (!name->empty())
        sheet.line({at(weight), bar_y - 2.0}, {at(weight), bar_y + height + 2.0}, "th");
  }
  if (std::isfinite(one.weight))
    sheet.line({at(one.weight), bar_y - 3.0}, {at(one.weight), bar_y + height + 3.0}, "mkl");
  style.size = narrow ? 10.5 : 11.5;
  const std::string ink_name = one.below.empty() && one.above.empty() ? "k2" : "k";
  if (narrow)
    sheet.text({4.0, y + 46.0}, fit_text(words, 10.5, width_px - 8.0), ink_name, style);
  else
    sheet.text({width_px - 384.0, y + 17.0}, fit_text(words, 11.5, 382.0), ink_name, style);
  sheet.close();
}

}  // namespace

Drawing draw_stability(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Room of the weights";
  sheet.description =
      "For each criterion the weights under which the first site stays first, the others in "
      "proportion, and who takes over beyond.";
  sheet.width_px = options.width_px;
  std::vector<const StableWeight*> order;
  for (const auto& one : digest.result.checks.stability) order.push_back(&one);
  if (order.empty()) return sheet;
  const auto room = [](const StableWeight& one) {
    double least = 2.0;
    if (!one.below.empty()) least = std::min(least, one.weight - one.low);
    if (!one.above.empty()) least = std::min(least, one.high - one.weight);
    return least;
  };
  std::stable_sort(order.begin(), order.end(), [&](const StableWeight* a, const StableWeight* b) {
    return room(*a) < room(*b);
  });
  if (order.size() > kMostCriteria) order.resize(kMostCriteria);
  const bool narrow = options.width_px < 600.0;
  const double row = narrow ? 56.0 : 27.0, top = 26.0;
  const double x = narrow ? 6.0 : 240.0,
               width = narrow ? options.width_px - 12.0 : options.width_px - 240.0 - 400.0;
  const double bottom = top + row * static_cast<double>(order.size());
  TextStyle head;
  head.size = 10.5;
  head.anchor = Anchor::middle;
  for (int tick = 0; tick <= 100; tick += narrow ? 25 : 20) {
    const double at = x + width * tick / 100.0;
    sheet.line({at, top}, {at, bottom}, "gl");
    if (tick == 0 || tick == 100) head.anchor = tick == 0 ? Anchor::start : Anchor::end;
    sheet.text({at, 14.0}, number_text(tick) + (tick == 0 || tick == 100 ? "\xc2\xa0%" : ""), "k2",
               head);
    head.anchor = Anchor::middle;
  }
  head.size = 11.5;
  head.anchor = Anchor::start;
  if (!narrow) {
    sheet.text({4.0, 14.0}, "Criterion, weight now", "k2", head);
    sheet.text({options.width_px - 384.0, 14.0}, "Who would come first instead", "k2", head);
  }
  for (std::size_t i = 0; i < order.size(); ++i)
    stable_row(sheet, digest, *order[i], top + row * static_cast<double>(i), options.width_px);
  wrapped_legend(sheet, {{"v6", "the first site stays first"}, {"mk", "weight now"}}, x,
                 bottom + 18.0, options.width_px - x);
  sheet.height_px = bottom + 28.0;
  return sheet;
}

namespace {

/// One row of the comparison: methods that give one and the same order share it.
struct AgreementRow {
  const Agreement* one = nullptr;
  std::string title;
};

/// "weights equal" -> "Equal weights", "normalise minmax" -> "Scale: min-max of the sites".
std::string variant_title(const std::string& variant) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> titles{
      {{"weights equal", "Equal weights"},
       {"weights entropy", "Weights by entropy"},
       {"weights critic", "Weights by CRITIC"},
       {"weights roc", "Weights by rank order (ROC)"},
       {"normalise minmax", "Scale: least to most"},
       {"normalise vector", "Scale: vector"},
       {"normalise max", "Scale: share of the most"},
       {"normalise sum", "Scale: share of the sum"}}};
  for (const auto& [name, title] : titles)
    if (name == variant) return std::string(title);
  return capital(clip(variant, 40));
}

/// Why a method cannot take the data, in words where they are known.
std::string refusal_words(const std::string& code) {
  if (code == "ranking.not_positive") return "needs values above zero on a log scale";
  if (code == "ranking.too_large") return "too many sites";
  return clip(code, 60);
}

/// The rows of one group, the most alike first.
std::vector<AgreementRow> agreement_rows(const std::vector<Agreement>& list, bool variants) {
  std::vector<AgreementRow> rows;
  for (const auto& one : list) {
    if (one.variant.empty() == variants) continue;
    const std::string title =
        variants ? variant_title(one.variant) : method_title(to_text(one.method));
    const auto same = std::find_if(rows.begin(), rows.end(), [&](const AgreementRow& row) {
      return !variants && one.refused.empty() && row.one->refused.empty() &&
             row.one->tau == one.tau && row.one->ws == one.ws && row.one->first == one.first;
    });
    if (same == rows.end())
      rows.push_back({&one, title});
    else
      put(same->title, ", ", title);
  }
  const auto agreement = [](const AgreementRow& row) {
    return std::isfinite(row.one->tau) ? row.one->tau : -2.0;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const AgreementRow& x, const AgreementRow& y) {
    return agreement(x) > agreement(y);
  });
  return rows;
}

double agreement_name_width(bool narrow) {
  return narrow ? 196.0 : 230.0;
}

void agreement_bar(Drawing& sheet, double value, double x, double y, double width,
                   const std::string& words) {
  TextStyle style;
  style.size = 11.5;
  sheet.rect(x, y, width, 12.0, "bg", 1.5);
  if (std::isfinite(value)) {
    const double size = std::clamp(value, 0.0, 1.0);
    sheet.rect(x, y, std::max(1.0, size * width), 12.0, value < 0.5 ? "v1" : "v7", 1.5);
  }
  sheet.text({x + width + 6.0, y + 10.5}, words, "k", style);
}

void agreement_row(Drawing& sheet, const Digest& digest, const AgreementRow& row, double y,
                   double width_px) {
  const Agreement& one = *row.one;
  const bool narrow = width_px < 600.0;
  const auto number = [](double value) {
    return std::isfinite(value) ? fixed_text(value, 2) : std::string("not known");
  };
  TextStyle style;
  style.size = narrow ? 11.5 : 12.5;
  const double text_y = y + 15.0;
  const double first_x = agreement_name_width(narrow);
  const double size = style.size;
  if (text_width(row.title, size) > first_x - 10.0) style.size = 10.5;
  sheet.text({4.0, text_y}, fit_text(row.title, style.size, first_x - 10.0), "k", style);
  style.size = size;
  if (!one.refused.empty()) {
    const std::string words = "cannot take these data: " + refusal_words(one.refused);
    sheet.text({narrow ? 4.0 : first_x, narrow ? text_y + 15.0 : text_y},
               fit_text(words, style.size, width_px - (narrow ? 8.0 : first_x + 4.0)), "k2", style);
    return;
  }
  const bool same = !digest.ranking.empty() && digest.site(*digest.ranking.front()).id == one.first;
  style.bold = !same;
  sheet.text({first_x, text_y},
             fit_text(clip(digest.name_of_id(one.first), 60), style.size,
                      narrow ? width_px - first_x - 4.0 : 250.0, !same),
             same ? "k2" : "k", style);
  const double bar = narrow ? (width_px - 8.0) / 2.0 - 44.0 : 190.0;
  const double x = narrow ? 4.0 : 490.0, bar_y = narrow ? y + 22.0 : y + 5.0;
  agreement_bar(sheet, one.tau, x, bar_y, bar, number(one.tau));
  agreement_bar(sheet, one.ws, narrow ? x + bar + 48.0 : 760.0, bar_y, bar, number(one.ws));
}

struct PairCell {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
};

void correlation_cell(Drawing& sheet, const Digest& digest, std::size_t i, std::size_t k,
                      const PairCell& at) {
  const double value = digest.result.checks.correlation[i * digest.result.criteria.size() + k];
  if (i == k || !std::isfinite(value)) return;
  const std::size_t shade = diverging_class(value);
  sheet.open("", title_of(digest, i) + " and " + title_of(digest, k) + ": " + fixed_text(value, 2));
  sheet.rect(at.x, at.y, at.width - 1.0, at.height - 1.0,
             "v" + number_text(static_cast<double>(shade)));
  TextStyle style;
  style.size = at.width < 32.0 ? 9.0 : 11.0;
  style.anchor = Anchor::middle;
  if (at.width >= 24.0)
    sheet.text({at.x + at.width / 2.0 - 0.5, at.y + at.height / 2.0 + 3.5},
               fixed_text(value, at.width < 32.0 ? 1 : 2), diverging_text(shade), style);
  sheet.close();
}

}  // namespace

Drawing draw_agreement(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "What other methods say";
  sheet.description =
      "Agreement of each method's order with this one: Kendall's tau and the WS coefficient, 1 is "
      "the same order; and the site that each puts first.";
  sheet.width_px = options.width_px;
  const auto& list = digest.result.checks.agreement;
  if (list.empty()) return sheet;
  const bool narrow = options.width_px < 600.0;
  TextStyle head;
  head.size = 11.5;
  sheet.text({4.0, 14.0}, "Method", "k2", head);
  sheet.text({agreement_name_width(narrow), 14.0}, "Puts first", "k2", head);
  const double bar = (options.width_px - 8.0) / 2.0 - 44.0;
  sheet.text({narrow ? 4.0 : 490.0, narrow ? 30.0 : 14.0}, "Kendall's tau", "k2", head);
  sheet.text({narrow ? 52.0 + bar : 760.0, narrow ? 30.0 : 14.0},
             narrow ? "WS" : "WS: the top counts more", "k2", head);
  const double top = narrow ? 34.0 : 22.0, row = narrow ? 44.0 : 25.0;
  double y = top;
  for (const bool variants : {false, true}) {
    const auto rows = agreement_rows(list, variants);
    if (rows.empty()) continue;
    head.bold = true;
    const std::string own = digest.result.method.empty() ? std::string("This method")
                                                         : method_title(digest.result.method);
    sheet.text({4.0, y + 17.0},
               variants ? fit_text(clip(own, 40) + " with other scales and weights", 11.5,
                                   options.width_px - 8.0, true)
                        : std::string("Other methods, the same weights"),
               "k", head);
    y += 24.0;
    for (const auto& one : rows) {
      agreement_row(sheet, digest, one, y, options.width_px);
      y += narrow && !one.one->refused.empty() ? 38.0 : row;
    }
    y += 6.0;
  }
  sheet.height_px = y + 4.0;
  return sheet;
}

Drawing draw_correlation(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Correlation of the criteria";
  sheet.description =
      "Correlation of the criteria over the ranked sites; pairs near 1 count the same thing twice.";
  sheet.width_px = options.width_px;
  const auto& checks = digest.result.checks;
  const std::size_t all = digest.result.criteria.size();
  const bool narrow = options.width_px < 600.0;
  const std::size_t count = std::min<std::size_t>(all, narrow ? 12 : 20);
  if (count < 2 || checks.correlation.size() != all * all) return sheet;
  const double left = narrow ? 4.0 : 240.0, top = narrow ? 60.0 : 40.0;
  const double vif = narrow ? 0.0 : 110.0;
  const double cell =
      std::min(52.0, (options.width_px - left - vif - 4.0) / static_cast<double>(count));
  const double row = narrow ? 42.0 : 26.0, height = narrow ? 20.0 : 25.0;
  TextStyle style;
  style.size = 11.0;
  style.anchor = Anchor::middle;
  const auto number = [](std::size_t i) { return number_text(static_cast<double>(i + 1)); };
  for (std::size_t k = 0; k < count; ++k)
    sheet.text({left + cell * (static_cast<double>(k) + 0.5), narrow ? 30.0 : top - 7.0}, number(k),
               "k2", style);
  for (std::size_t i = 0; i < count; ++i) {
    const double y = top + row * static_cast<double>(i);
    TextStyle name;
    name.size = narrow ? 11.5 : 12.5;
    const double base = narrow ? y - 5.0 : y + height / 2.0 + 4.0;
    const double inflation = i < checks.inflation.size() ? checks.inflation[i] : std::nan("");
    std::string title = number(i) + "  " + title_of(digest, i);
    sheet.text({4.0, base}, fit_text(title, name.size, narrow ? 240.0 : left - 14.0), "k", name);
    if (std::isfinite(inflation)) {
      name.size = narrow ? 10.5 : 11.5;
      name.anchor = Anchor::end;
      name.bold = inflation > 10.0;
      sheet.text(
          {narrow ? options.width_px - 4.0 : left + cell * static_cast<double>(count) + 80.0, base},
          (narrow ? "VIF " : "") + fixed_text(std::min(inflation, 9999.0), 1),
          inflation > 10.0 ? "ca" : "k2", name);
    }
    for (std::size_t k = 0; k < count; ++k)
      correlation_cell(sheet, digest, i, k,
                       {left + cell * static_cast<double>(k), y, cell, height});
  }
  if (!narrow) {
    style.size = 11.5;
    style.anchor = Anchor::end;
    sheet.text({left + cell * static_cast<double>(count) + 80.0, top - 7.0}, "Inflation", "k2",
               style);
  }
  const double bottom = top + row * static_cast<double>(count);
  wrapped_legend(sheet, {{"v0", "-1: opposed"}, {"v4", "0: unrelated"}, {"v8", "1: the same"}},
                 left, bottom + 14.0, options.width_px - left);
  sheet.height_px = bottom + 24.0;
  return sheet;
}

}  // namespace lode::report
