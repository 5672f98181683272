// A price collapse: the path, who stops, where each breaks even, what a counter costs.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_axes.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

const PriceShockResult* shock_of(const Digest& digest, std::size_t shock) {
  if (!digest.result.supply || shock >= digest.result.supply->shocks.size()) return nullptr;
  return &digest.result.supply->shocks[shock];
}

/// Those that suffer first: stop, never start, wait, saved by a counter, then all others.
int suffers(const ShockedSource& one) {
  if (one.stops) return 0;
  if (one.never_starts) return 1;
  if (one.delayed_years > 0.0) return 2;
  return one.kept_by_counter ? 3 : 4;
}

std::string fate_words(const ShockedSource& one) {
  std::string words;
  if (one.stops && one.stops_in > 0)
    put(words, "stops ", number_text(one.stops_in),
        one.returns_in > 0 ? ", back " + number_text(one.returns_in) : ", does not come back");
  else if (one.stops)
    words = "stops";
  else if (one.never_starts)
    words = "is never begun";
  else if (one.delayed_years > 0.0)
    put(words, "waits ", people(one.delayed_years, "yr"));
  else
    words = "keeps on";
  if (one.kept_by_counter)
    put(words, words == "keeps on" ? " by a counter" : "; a counter keeps it");
  return words;
}

struct FateColumns {
  bool narrow = false;
  double row = 24.0, bar = 13.0, name_width = 236.0, words_x = 0.0, words_width = 0.0;
  YearColumns years;
};

FateColumns fate_columns(const PriceShockResult& result, double width) {
  FateColumns at;
  at.narrow = width < 600.0;
  at.row = at.narrow ? 46.0 : 23.0;
  at.name_width = at.narrow ? width - 8.0 : 236.0;
  const double x = at.narrow ? 40.0 : 250.0;
  at.words_width = at.narrow ? 0.0 : 264.0;
  at.years = {result.years.front().year, result.years.size(), x,
              width - x - 8.0 - (at.narrow ? 0.0 : at.words_width + 12.0)};
  at.words_x = at.years.x + at.years.width + 12.0;
  return at;
}

/// The price as a share of what it was; returns the height used.
double price_path(Drawing& sheet, const PriceShockResult& result, const FateColumns& at, double y) {
  const PlotArea area{at.years.x, y + 20.0, at.years.width, 84.0};
  double most = 1.0;
  for (const auto& one : result.years)
    if (std::isfinite(one.factor)) most = std::max(most, one.factor);
  const NumberAxis up = number_axis(0.0, most, area.bottom(), area.y, 2);
  TextStyle style;
  style.size = 10.5;
  style.anchor = Anchor::end;
  for (const double share : {0.0, 0.5, 1.0}) {
    sheet.line({area.x, up.at(share)}, {area.right(), up.at(share)}, share == 0.0 ? "ax" : "gl");
    sheet.text({area.x - 5.0, up.at(share) + 3.6}, percent(share), "k2", style);
  }
  Path line;
  for (std::size_t k = 0; k < result.years.size(); ++k) {
    const auto& one = result.years[k];
    if (!std::isfinite(one.factor)) continue;
    line.push_back({at.years.left(k), up.at(one.factor)});
    line.push_back({at.years.left(k) + at.years.column(), up.at(one.factor)});
    sheet.open("", number_text(one.year) + ": " + percent(one.factor) + " of the price before");
    sheet.rect(at.years.left(k), area.y, at.years.column(), area.height, "hit");
    sheet.close();
  }
  if (line.size() > 1) sheet.lines({line}, "pl");
  style.anchor = Anchor::start;
  style.size = 12.0;
  if (at.narrow)
    sheet.text({4.0, y + 10.0}, "Price, share of what it was before", "k2", style);
  else
    sheet.text({4.0, area.y + 12.0}, "Price, share of what it was", "k2", style);
  return at.narrow ? 122.0 : 120.0;
}

/// What it makes by year: full where it makes what it would without the collapse, hatched where it
/// stands still.
void fate_bar(Drawing& sheet, const ShockedSource& one, const FateColumns& at, double y) {
  const std::string letter = group_letter(one.group);
  const std::size_t count =
      std::min({one.output_t.size(), one.output_before_t.size(), at.years.count});
  const auto state = [&](std::size_t k) {
    const double now = one.output_t[k], before = one.output_before_t[k];
    if (!(before > 0.0) && !(now > 0.0)) return 0;
    if (!(now > 0.0)) return 1;
    return now < 0.95 * before ? 2 : 3;
  };
  for (std::size_t k = 0; k < count;) {
    std::size_t end = k + 1;
    while (end < count && state(end) == state(k)) ++end;
    const double left = at.years.left(k),
                 width = at.years.column() * static_cast<double>(end - k) - 0.6;
    if (state(k) == 1) {
      sheet.rect(left, y, width, at.bar, "ms");
      hatch(sheet, left, y, width, at.bar, "xs", 5.0);
    } else if (state(k) >= 2) {
      sheet.rect(left, y, width, at.bar, (state(k) == 3 ? "g" : "i") + letter);
    }
    k = end;
  }
}

std::string fate_tooltip(const ShockedSource& one, const std::string& currency) {
  std::string words = source_name(one.name, one.id, 80) + ": " + fate_words(one);
  if (std::isfinite(one.probability_of_stopping))
    put(words, "\nstops in ", percent(one.probability_of_stopping), " of the draws");
  put(words, "\nNPV ", money_words(one.npv_before_usd, currency), " before, ",
      money_words(one.npv_after_usd, currency), " after");
  return words;
}

std::vector<const ShockedSource*> by_suffering(const PriceShockResult& result, std::size_t rows,
                                               std::size_t& all) {
  std::vector<const ShockedSource*> order;
  for (const auto& one : result.sources) {
    const auto made = [](const std::vector<double>& tonnes) {
      return std::any_of(tonnes.begin(), tonnes.end(), [](double t) { return t > 0.0; });
    };
    if (suffers(one) < 4 || made(one.output_t) || made(one.output_before_t)) order.push_back(&one);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    const int left = suffers(*a), right = suffers(*b);
    return left != right ? left < right : left == 0 && a->stops_in < b->stops_in;
  });
  all = order.size();
  order.resize(std::min(rows, order.size()));
  return order;
}

}  // namespace

Drawing draw_shock(const Digest& digest, std::size_t shock, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Who stops when prices collapse";
  sheet.description =
      "The price by year as a share of what it was, and the output of each source: hatched where "
      "it stands still.";
  sheet.width_px = options.width_px;
  const auto* result = shock_of(digest, shock);
  if (!result || result->years.empty() || result->sources.empty()) return sheet;
  std::size_t all = 0;
  const auto order = by_suffering(*result, options.rows, all);
  if (order.empty()) return sheet;
  const FateColumns at = fate_columns(*result, options.width_px);
  SourceKinds kinds;
  for (const auto* one : order) kinds.see(one->group, one->kind);
  double y = 8.0 + source_legend(sheet, kinds, 4.0, 12.0, false, options.width_px - 8.0);
  y += wrapped_legend(
      sheet,
      {{"xs", "would produce, stands still"}, {"iu", "produces less than without the collapse"}},
      4.0, y + 4.0, options.width_px - 8.0);
  y += price_path(sheet, *result, at, y) + 6.0;
  const double bottom = y + at.row * static_cast<double>(order.size());
  if (!at.narrow)
    for (std::size_t k = 0; k <= at.years.count; k += at.years.column() > 7.0 ? 1 : 5)
      sheet.line({at.years.left(k), y}, {at.years.left(k), bottom}, "gl");
  for (const auto* one : order) {
    sheet.open("", fate_tooltip(*one, result->currency));
    const double base = at.narrow ? y + 14.0 : y + at.row / 2.0 + 4.0;
    TextStyle style;
    style.size = 12.5;
    draw_sign(sheet, {10.0, base - 4.2}, 4.2, one->kind == "secondary", source_ink(one->group));
    sheet.text({20.0, base},
               fit_text(source_name(one->name, one->id, 80), style.size, at.name_width - 22.0), "k",
               style);
    style.size = 11.0;
    const char* ink_name = suffers(*one) < 2 ? "ca" : "k2";
    if (at.narrow)
      sheet.text({20.0, y + 27.0}, fit_text(fate_words(*one), style.size, options.width_px - 26.0),
                 ink_name, style);
    else
      sheet.text({at.words_x, base}, fit_text(fate_words(*one), style.size, at.words_width),
                 ink_name, style);
    fate_bar(sheet, *one, at, at.narrow ? y + 31.0 : y + (at.row - at.bar) / 2.0);
    sheet.close();
    y += at.row;
  }
  draw_years(sheet, at.years, y + 14.0);
  if (all > order.size()) {
    TextStyle style;
    style.size = 11.5;
    sheet.text({4.0, y + 32.0}, "And " + counted(all - order.size(), "source") + " more", "k2",
               style);
    y += 18.0;
  }
  sheet.height_px = y + 24.0;
  return sheet;
}

namespace {

struct EvenColumns {
  bool narrow = false;
  double row = 24.0, name_width = 236.0, top = 0.0;
  PlotArea area;
  NumberAxis axis;
  double before = std::nan(""), during = std::nan("");
};

void price_marks(Drawing& sheet, const EvenColumns& at) {
  TextStyle style;
  style.size = 11.0;
  style.halo = true;
  double taken_from = HUGE_VAL;
  for (const auto& [value, words] :
       {std::pair{at.before, std::string("before ")}, {at.during, std::string("during ")}}) {
    if (!std::isfinite(value) || value > at.axis.high) continue;
    const double x = at.axis.at(value);
    sheet.line({x, at.area.y - 2.0}, {x, at.area.bottom()}, "pl");
    const std::string text = words + people_short(value, "");
    const double wide = text_width(text, style.size);
    // The price before stands at the right of its line, the one during at the left of its own.
    style.anchor = value == at.during && at.during < at.before ? Anchor::end : Anchor::start;
    double label = style.anchor == Anchor::end ? x + 3.0 : x - 3.0;
    if (style.anchor == Anchor::end && label > taken_from) label = taken_from - 6.0;
    if (style.anchor == Anchor::start && label + wide > at.area.right() + 6.0) {
      style.anchor = Anchor::end;
      label = x + 3.0;
      taken_from = label - wide;
    }
    sheet.text({label, at.area.y - 7.0}, text, "ca", style);
  }
}

double even_span(const std::vector<const ShockedSource*>& rows, double price) {
  std::vector<double> values;
  for (const auto* one : rows)
    for (const double value :
         {one->cash_break_even_usd_per_kg.base, one->full_break_even_usd_per_kg.base,
          one->full_break_even_usd_per_kg.high})
      if (std::isfinite(value)) values.push_back(value);
  if (values.empty()) return price;
  std::sort(values.begin(), values.end());
  const double usual = values[(values.size() * 9) / 10 < values.size() ? (values.size() * 9) / 10
                                                                       : values.size() - 1];
  const double most = std::max(std::isfinite(price) ? price * 1.25 : 0.0, usual * 1.2);
  return std::min(most, std::max(values.back(), std::isfinite(price) ? price : 0.0));
}

void even_row(Drawing& sheet, const ShockedSource& one, const EvenColumns& at,
              const std::string& currency, double y) {
  const std::string letter = group_letter(one.group);
  sheet.open("", source_name(one.name, one.id, 80) + "\nyearly cost is covered from " +
                     range_words(one.cash_break_even_usd_per_kg, currency) + "\ncapex too from " +
                     range_words(one.full_break_even_usd_per_kg, currency));
  TextStyle style;
  style.size = 12.5;
  style.halo = at.narrow;  // the axis' lines run behind the names there
  const double base = at.narrow ? y + 13.0 : y + at.row / 2.0 + 4.0;
  draw_sign(sheet, {10.0, base - 4.2}, 4.2, one.kind == "secondary", "g" + letter);
  sheet.text({20.0, base},
             fit_text(source_name(one.name, one.id, 80), style.size, at.name_width - 22.0), "k",
             style);
  const double middle = at.narrow ? y + 25.0 : y + at.row / 2.0;
  const LowBaseHigh& cash = one.cash_break_even_usd_per_kg;
  const LowBaseHigh& full = one.full_break_even_usd_per_kg;
  for (const auto& value : {cash, full})
    if (std::isfinite(value.low) && std::isfinite(value.high) && value.high > value.low)
      sheet.rect(at.axis.at(value.low), middle - 3.5,
                 std::max(0.5, at.axis.at(value.high) - at.axis.at(value.low)), 7.0, "i" + letter,
                 3.0);
  if (cash.known() && full.known())
    sheet.line({at.axis.at(cash.base), middle}, {at.axis.at(full.base), middle}, "w" + letter);
  if (full.known() && full.base <= at.axis.high)
    sheet.circle({at.axis.at(full.base), middle}, 4.2, "ol");
  if (full.known() && full.base > at.axis.high)
    draw_beyond(sheet, at.axis, full.base, middle, "g" + letter);
  if (cash.known() && cash.base <= at.axis.high)
    sheet.circle({at.axis.at(cash.base), middle}, 4.6, "g" + letter);
  style.size = 11.0;
  if (!cash.known() && !full.known())
    sheet.text({at.area.x, middle + 4.0}, "not known", "k2", style);
  sheet.close();
}

}  // namespace

Drawing draw_break_even(const Digest& digest, std::size_t shock, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Break-even prices";
  sheet.description =
      "The price that covers the yearly cost of each source, and the one that pays its capex too, "
      "beside the price before and during the collapse.";
  sheet.width_px = options.width_px;
  const auto* result = shock_of(digest, shock);
  if (!result) return sheet;
  std::vector<const ShockedSource*> rows;
  SourceKinds kinds;
  for (const auto& one : result->sources)
    if (one.cash_break_even_usd_per_kg.known() || one.full_break_even_usd_per_kg.known())
      rows.push_back(&one);
  if (rows.empty()) return sheet;
  const auto cash = [](const ShockedSource* one) {
    const double value = one->cash_break_even_usd_per_kg.base;
    return std::isfinite(value) ? value : HUGE_VAL;
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const auto* a, const auto* b) { return cash(a) > cash(b); });
  rows.resize(std::min(rows.size(), options.rows));
  for (const auto* one : rows) kinds.see(one->group, one->kind);
  EvenColumns at;
  const auto& supply = *digest.result.supply;
  if (shock < supply.shock_terms.size()) {
    const PriceShock& terms = supply.shock_terms[shock];
    at.before = supply.prices.of(result->metal, terms.from_year).base;
    at.during = at.before * (1.0 - terms.depth);
  }
  at.narrow = options.width_px < 600.0;
  at.row = at.narrow ? 36.0 : 24.0;
  at.name_width = at.narrow ? options.width_px - 8.0 : 236.0;
  double y = 8.0 + source_legend(sheet, kinds, 4.0, 12.0, false, options.width_px - 8.0);
  y +=
      wrapped_legend(sheet, {{"gu", "full dot: yearly cost is covered"}, {"ol", "ring: capex too"}},
                     4.0, y + 4.0, options.width_px - 8.0);
  const double x = at.narrow ? 10.0 : 250.0;
  at.top = y + 26.0;
  at.area = {x, at.top, options.width_px - x - 14.0, at.row * static_cast<double>(rows.size())};
  at.axis =
      number_axis(0.0, even_span(rows, at.before), at.area.x, at.area.right(), at.narrow ? 4 : 8);
  const std::string currency = result->currency.empty() ? "USD" : clip(result->currency, 8);
  draw_across_axis(sheet, at.area, at.axis, currency + " per kg of " + clip(result->metal, 20));
  price_marks(sheet, at);
  for (std::size_t i = 0; i < rows.size(); ++i)
    even_row(sheet, *rows[i], at, currency, at.top + at.row * static_cast<double>(i));
  sheet.height_px = at.area.bottom() + 36.0;
  return sheet;
}

namespace {

std::string counter_words(const CounterCost& one, const std::string& currency) {
  std::string words = people_short(one.kept_t, "t") + " kept";
  if (std::isfinite(one.usd_per_kg_kept))
    put(words, " at ", cost_words(one.usd_per_kg_kept, currency));
  if (!one.keeps.empty()) put(words, ", ", counted(one.keeps.size(), "source"));
  if (one.stock_left_t > 0.0) put(words, "; ", people_short(one.stock_left_t, "t"), " in stock");
  return words;
}

}  // namespace

Drawing draw_counters(const Digest& digest, std::size_t shock, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "What the counters cost";
  sheet.description = "Cost of floor prices, offtake and stockpiles, and what each keeps going.";
  sheet.width_px = options.width_px;
  const auto* result = shock_of(digest, shock);
  if (!result || result->counters.empty()) return sheet;
  const std::size_t rows = std::min<std::size_t>(result->counters.size(), options.rows);
  const bool narrow = options.width_px < 600.0;
  double low = 0.0, high = 0.0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double value = result->counters[i].cost_usd;
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const double x = narrow ? 10.0 : 310.0, row = narrow ? 56.0 : 40.0, top = 10.0;
  const PlotArea area{x, top, options.width_px - x - (narrow ? 14.0 : 200.0),
                      row * static_cast<double>(rows)};
  const NumberAxis axis = number_axis(low, high, area.x, area.right(), narrow ? 3 : 5);
  draw_across_axis(
      sheet, area, axis,
      (result->currency.empty() ? "USD" : clip(result->currency, 8)) + ", not discounted");
  for (std::size_t i = 0; i < rows; ++i) {
    const CounterCost& one = result->counters[i];
    const double y = top + row * static_cast<double>(i);
    const std::string words = counter_words(one, result->currency);
    const std::string cost = money_words(one.cost_usd, result->currency);
    sheet.open("", clip(one.name, 120) + ": " + cost + "\n" + words);
    TextStyle style;
    style.size = 12.5;
    style.halo = narrow;  // the lines of the axis run behind the words there
    sheet.text(
        {4.0, y + 14.0},
        fit_text(capital(clip(one.name, 120)), style.size, narrow ? options.width_px - 8.0 : 296.0),
        "k", style);
    style.size = 11.0;
    sheet.text({4.0, y + 29.0},
               fit_text(words, style.size, narrow ? options.width_px - 8.0 : 296.0), "k2", style);
    const double bar_y = narrow ? y + 35.0 : y + 8.0;
    const double zero = axis.at(0.0), end = axis.at(one.cost_usd);
    if (std::isfinite(one.cost_usd))
      sheet.rect(std::min(zero, end), bar_y, std::max(1.0, std::abs(end - zero)), 14.0,
                 one.cost_usd < 0.0 ? "v7" : "v1", 2.0);
    const std::string full =
        one.cost_usd < 0.0 ? "earns " + money_words(-one.cost_usd, result->currency) : cost;
    const double wide = text_width(full, style.size, true);
    double at = std::max(zero, end) + 6.0;
    style.bold = true;
    style.halo = true;
    if (at + wide > options.width_px - 4.0) {
      at = options.width_px - 4.0;
      style.anchor = Anchor::end;
    }
    sheet.text({at, bar_y + 11.0}, full, "k", style);
    sheet.close();
  }
  sheet.height_px = area.bottom() + 36.0;
  return sheet;
}

}  // namespace lode::report
