// The supply cost curve of each metal, and what each source is worth.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_axes.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostSteps = 300;  ///< of a curve; all stand in supply_curve.csv

struct CurveDemand {
  int year = 0;
  double tonnes = std::nan("");
};

/// Of the curve's year, else of the last one.
CurveDemand demand_of(const SupplyAnswer& supply, const CostCurve& curve) {
  CurveDemand found;
  const auto& demand = supply.demand;
  for (std::size_t m = 0; m < demand.metals.size(); ++m) {
    if (demand.metals[m] != curve.metal) continue;
    for (std::size_t k = 0; k < demand.years.size(); ++k)
      if ((curve.year == 0 || demand.years[k] == curve.year) &&
          m * demand.years.size() + k < demand.tonnes.size())
        found = {demand.years[k], demand.at(m, k).base};
  }
  return found;
}

/// A curve laid out: axes, and how much of the dearest steps is cut off.
struct CurveSheet {
  PlotArea area;
  NumberAxis across, up;
  bool narrow = false;
  CurveDemand demand;
  bool demand_beyond = false;
};

/// The highest cost that is drawn whole: one dear source must not flatten all others.
double cost_ceiling(const CostCurve& curve) {
  std::vector<double> costs;
  double highest = 0.0, price = 0.0;
  for (const auto& step : curve.steps)
    if (std::isfinite(step.usd_per_kg.base)) costs.push_back(step.usd_per_kg.base);
  for (const auto& line : curve.lines)
    if (std::isfinite(line.usd_per_kg)) price = std::max(price, line.usd_per_kg);
  if (costs.empty()) return std::max(1.0, price * 1.1);
  std::sort(costs.begin(), costs.end());
  highest = costs.back();
  const double usual = std::max(
      price * 1.6,
      1.6 *
          costs[(costs.size() * 4) / 5 < costs.size() ? (costs.size() * 4) / 5 : costs.size() - 1]);
  return std::max(price * 1.1, highest > 1.4 * usual ? usual : highest * 1.05);
}

double last_tonne(const CostCurve& curve) {
  double most = 0.0;
  for (const auto& step : curve.steps)
    if (std::isfinite(step.tonnes.base) && std::isfinite(step.from_t))
      most = std::max(most, step.from_t + step.tonnes.base);
  return most;
}

CurveSheet curve_sheet(const SupplyAnswer& supply, const CostCurve& curve, double y, double width) {
  CurveSheet at;
  at.narrow = width < 600.0;
  const double right = at.narrow ? 10.0 : 236.0;
  at.area = {46.0, y, width - 46.0 - right, at.narrow ? 210.0 : 300.0};
  double most = last_tonne(curve), lowest = 0.0;
  const double all = most;
  at.demand = demand_of(supply, curve);
  if (std::isfinite(at.demand.tonnes) && at.demand.tonnes > 0.0) {
    at.demand_beyond = at.demand.tonnes > 2.5 * std::max(all, 1e-9);
    if (!at.demand_beyond) most = std::max(most, at.demand.tonnes * 1.02);
  }
  for (const auto& band : curve.bands)
    if (std::isfinite(band.usd_per_kg.high) && std::isfinite(band.tonnes))
      most = std::max(most, std::min(band.tonnes, all * 1.6));
  for (const auto& step : curve.steps)
    if (std::isfinite(step.usd_per_kg.base)) lowest = std::min(lowest, step.usd_per_kg.base);
  at.across = number_axis(0.0, most, at.area.x, at.area.right(), at.narrow ? 4 : 8);
  at.across.high = std::max(most, 1e-9);  // the curve may end anywhere
  // One source that by-products pay for many times over must not flatten all others either.
  const double ceiling = cost_ceiling(curve);
  at.up = number_axis(std::max(lowest, -0.5 * ceiling), ceiling, at.area.bottom(), at.area.y, 6);
  return at;
}

void curve_band(Drawing& sheet, const CostCurve& curve, const CurveSheet& at) {
  Path upper, lower, middle;
  for (const auto& band : curve.bands) {
    if (!std::isfinite(band.tonnes) || band.tonnes > at.across.high) continue;
    if (std::isfinite(band.usd_per_kg.low) && std::isfinite(band.usd_per_kg.high)) {
      upper.push_back({at.across.at(band.tonnes), at.up.at(band.usd_per_kg.high)});
      lower.push_back({at.across.at(band.tonnes), at.up.at(band.usd_per_kg.low)});
    }
    if (std::isfinite(band.usd_per_kg.base))
      middle.push_back({at.across.at(band.tonnes), at.up.at(band.usd_per_kg.base)});
  }
  if (upper.size() > 1) {
    upper.insert(upper.end(), lower.rbegin(), lower.rend());
    sheet.open("", "Nine draws of ten lie below the upper edge, one of ten below the lower");
    sheet.polygon({upper}, "h2");
    sheet.close();
  }
  if (middle.size() > 1) sheet.lines({middle}, "wk");
}

void curve_step(Drawing& sheet, const CostCurve& curve, const CostStep& step, std::size_t number,
                const CurveSheet& at) {
  if (!std::isfinite(step.usd_per_kg.base) || !std::isfinite(step.tonnes.base) ||
      !std::isfinite(step.from_t))
    return;
  const double left = at.across.at(step.from_t),
               right = at.across.at(step.from_t + step.tonnes.base);
  const double zero = at.up.at(0.0), top = at.up.at(step.usd_per_kg.base);
  const double wide = std::max(0.8, right - left - (right - left > 4.0 ? 1.0 : 0.0));
  std::string words = source_name(step.name, step.id, 80) + "\n" +
                      range_words(step.usd_per_kg, curve.currency) + "\n" +
                      people_short(step.tonnes.base, "t") + " a year, from " +
                      people_short(step.from_t, "t");
  if (std::isfinite(step.cash_usd_per_kg))
    put(words, "\nwithout capex ", cost_words(step.cash_usd_per_kg, curve.currency));
  sheet.open("pt", words);
  const double y = std::min(zero, top), height = std::max(1.0, std::abs(zero - top));
  sheet.rect(left, y, wide, height, source_ink(step.group));
  if (step.kind == "secondary") hatch(sheet, left, y, wide, height, "xw", 6.0);
  const bool cut = step.usd_per_kg.base > at.up.high;
  if (cut) {  // an open top: it goes on beyond the axis
    const double middle = left + wide / 2.0;
    sheet.polygon({Path{{middle - 4.0, at.area.y - 1.0},
                        {middle + 4.0, at.area.y - 1.0},
                        {middle, at.area.y - 7.0}}},
                  "mk");
  }
  if (step.usd_per_kg.base < at.up.low) {
    const double middle = left + wide / 2.0, bottom = at.area.bottom();
    sheet.polygon(
        {Path{{middle - 4.0, bottom + 1.0}, {middle + 4.0, bottom + 1.0}, {middle, bottom + 7.0}}},
        "mk");
  }
  TextStyle style;
  style.size = 10.0;
  style.anchor = Anchor::middle;
  style.bold = true;
  style.halo = true;
  const std::string label = number_text(static_cast<double>(number));
  if (wide >= text_width(label, style.size, true) + 1.0)
    sheet.text({left + wide / 2.0, cut ? at.area.y - 10.0 : std::min(top, zero) - 4.0}, label, "k",
               style);
  sheet.close();
}

/// Prices as lines; their words stand at the right, pushed apart, or below when it is narrow.
double curve_prices(Drawing& sheet, const CostCurve& curve, const CurveSheet& at, double below) {
  std::vector<const CostCurve::Line*> lines;
  for (const auto& line : curve.lines)
    if (std::isfinite(line.usd_per_kg) && lines.size() < 8) lines.push_back(&line);
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto* a, const auto* b) { return a->usd_per_kg > b->usd_per_kg; });
  double free_y = at.area.y - 8.0, used = 0.0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = *lines[i];
    const double y = at.up.at(line.usd_per_kg);
    const std::string name =
        clip(line.name, 60) + ": " + cost_words(line.usd_per_kg, curve.currency);
    std::string covers =
        people_short(line.tonnes.base, "t") + " of " + counted(line.sources, "source");
    if (line.sources == 0) covers = "covers no source";
    sheet.open("", name + "\n" + covers +
                       (std::isfinite(line.tonnes.low) && std::isfinite(line.tonnes.high)
                            ? "\nP10 " + people_short(line.tonnes.low, "t") + ", P90 " +
                                  people_short(line.tonnes.high, "t")
                            : std::string()));
    sheet.line({at.area.x, y}, {at.area.right() + (at.narrow ? 0.0 : 6.0), y}, "pl");
    TextStyle style;
    style.size = 11.0;
    if (at.narrow) {
      style.bold = true;
      style.halo = true;
      const std::string letter(1, static_cast<char>('a' + i));
      style.anchor = Anchor::end;
      sheet.text({at.area.right() - 2.0 - 12.0 * static_cast<double>(i % 3), y - 3.0}, letter, "ca",
                 style);
      style = {};
      style.size = 11.0;
      used += wrapped_text(sheet, letter + "  " + name + ", " + covers, {4.0, below + used},
                           at.area.right() - 8.0, "k2", style, 2);
    } else {
      const double label_y = std::max(y + 1.0, free_y + 17.0);
      if (label_y > y + 2.0)
        sheet.line({at.area.right() + 6.0, y}, {at.area.right() + 12.0, label_y - 4.0}, "ld");
      const double room = 236.0 - 18.0;
      style.bold = true;
      sheet.text({at.area.right() + 14.0, label_y}, fit_text(name, style.size, room, true), "ca",
                 style);
      style.bold = false;
      sheet.text({at.area.right() + 14.0, label_y + 13.5}, fit_text(covers, style.size, room), "k2",
                 style);
      free_y = label_y + 13.5;
    }
    sheet.close();
  }
  return used;
}

void curve_demand(Drawing& sheet, const CurveSheet& at) {
  if (!std::isfinite(at.demand.tonnes) || !(at.demand.tonnes > 0.0)) return;
  TextStyle style;
  style.size = 11.0;
  style.bold = true;
  style.halo = true;
  const std::string words = "Demand " + number_text(at.demand.year) + ": " +
                            people_short(at.demand.tonnes, "t") +
                            (at.demand_beyond ? ", beyond this axis" : "");
  const double x = at.demand_beyond ? at.area.right() : at.across.at(at.demand.tonnes);
  if (!at.demand_beyond) sheet.line({x, at.area.y}, {x, at.area.bottom()}, "dm");
  const bool right_side = x - at.area.x > text_width(words, style.size, true) + 10.0;
  style.anchor = right_side ? Anchor::end : Anchor::start;
  sheet.text({right_side ? x - 5.0 : x + 5.0, at.area.y + 12.0}, words, "k", style);
}

/// What the numbers on the steps stand for, in columns; returns the height used.
double curve_key(Drawing& sheet, const CostCurve& curve, double y, double width, std::size_t rows) {
  const bool narrow = width < 600.0;
  const std::size_t columns = narrow ? 1 : 3;
  const std::size_t count = std::min(rows, curve.steps.size());
  const std::size_t each = (count + columns - 1) / columns;
  const double column = (width - 8.0) / static_cast<double>(columns);
  TextStyle style;
  style.size = 11.5;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& step = curve.steps[i];
    const double x = 4.0 + column * static_cast<double>(i / each),
                 row = y + 17.0 * static_cast<double>(i % each);
    style.anchor = Anchor::end;
    sheet.text({x + 16.0, row}, number_text(static_cast<double>(i + 1)), "k2", style);
    draw_sign(sheet, {x + 26.0, row - 4.0}, 4.2, step.kind == "secondary", source_ink(step.group));
    const std::string cost = people_short(step.usd_per_kg.base, "");
    sheet.text({x + column - 16.0, row}, cost, "k2", style);
    style.anchor = Anchor::start;
    sheet.text({x + 35.0, row},
               fit_text(source_name(step.name, step.id), style.size,
                        column - 60.0 - text_width(cost, style.size)),
               "k", style);
  }
  double used = 17.0 * static_cast<double>(each);
  if (curve.steps.size() > count) {
    sheet.text({4.0, y + used}, "And " + counted(curve.steps.size() - count, "dearer source"), "k2",
               style);
    used += 17.0;
  }
  return used;
}

double one_curve(Drawing& sheet, const SupplyAnswer& supply, const CostCurve& curve, double y,
                 const ChartOptions& options) {
  const bool narrow = options.width_px < 600.0;
  std::string title = clip(curve.metal, 30);
  if (curve.year > 0)
    put(title, ": what could run in ", number_text(curve.year));
  else
    put(title, ": everything at its full rate");
  panel_title(sheet, title, 4.0, y + 14.0, options.width_px - 8.0);
  SourceKinds kinds;
  for (const auto& step : curve.steps) kinds.see(step.group, step.kind);
  y += 20.0 + source_legend(sheet, kinds, 4.0, y + 34.0, true, options.width_px - 8.0);
  const CurveSheet at = curve_sheet(supply, curve, y + 34.0, options.width_px);
  draw_up_axis(sheet, at.area, at.up,
               (curve.currency.empty() ? "USD" : clip(curve.currency, 8)) + " per kg, levelised");
  curve_band(sheet, curve, at);
  for (std::size_t i = 0; i < std::min(kMostSteps, curve.steps.size()); ++i)
    curve_step(sheet, curve, curve.steps[i], i + 1, at);
  NumberAxis ticks = at.across;
  TextStyle style;
  style.size = 10.5;
  style.anchor = Anchor::middle;
  for (double value = 0.0; value <= ticks.high * (1.0 + 1e-9); value += ticks.step)
    sheet.text({ticks.at(value), at.area.bottom() + 14.0}, tick_text(value), "k2", style);
  style.anchor = Anchor::end;
  sheet.text({at.area.right(), at.area.bottom() + 28.0},
             narrow ? "t of oxide a year" : "tonnes of oxide a year, cumulated", "k2", style);
  curve_demand(sheet, at);
  y = at.area.bottom() + 48.0;
  y += curve_prices(sheet, curve, at, y);
  y += narrow ? 10.0 : 4.0;
  y += curve_key(
      sheet, curve, y, options.width_px,
      narrow ? std::min<std::size_t>(options.rows, 15) : std::min<std::size_t>(options.rows, 36));
  return y + 10.0;
}

}  // namespace

Drawing draw_cost_curve(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Supply cost curve";
  sheet.description =
      "Sources by levelised cost, cheapest first; the width of a step is what it gives a year.";
  sheet.width_px = options.width_px;
  if (!digest.result.supply) return sheet;
  double y = 4.0;
  std::size_t drawn = 0;
  for (const auto& curve : digest.result.supply->curves) {
    if (curve.steps.empty() || drawn == most_metals) continue;
    ++drawn;
    y = one_curve(sheet, *digest.result.supply, curve, y, options);
  }
  sheet.height_px = y;
  return sheet;
}

namespace {

struct WorthColumns {
  bool narrow = false;
  double name_x = 4.0, name_width = 250.0, row = 25.0, top = 0.0;
  NumberAxis npv, cost;
  PlotArea npv_area, cost_area;
};

/// From the 4th to the 96th hundredth, so that one site does not flatten the others.
std::pair<double, double> usual_span(const std::vector<const SiteEconomics*>& sites,
                                     LowBaseHigh SiteEconomics::*field) {
  std::vector<double> ends;
  for (const auto* one : sites)
    for (const double value : {(one->*field).low, (one->*field).base, (one->*field).high})
      if (std::isfinite(value)) ends.push_back(value);
  if (ends.empty()) return {0.0, 1.0};
  std::sort(ends.begin(), ends.end());
  const std::size_t trim = ends.size() / 25;
  return {ends[trim], ends[ends.size() - 1 - trim]};
}

WorthColumns worth_columns(const std::vector<const SiteEconomics*>& sites, double width,
                           double top) {
  WorthColumns at;
  at.narrow = width < 600.0;
  at.row = at.narrow ? 38.0 : 25.0;
  at.top = top;
  const double height = at.row * static_cast<double>(sites.size());
  at.name_width = at.narrow ? width - 8.0 : 240.0;
  const double left = at.narrow ? 10.0 : 262.0, gap = at.narrow ? 22.0 : 44.0;
  const double each = (width - left - gap - 14.0) / 2.0;
  at.npv_area = {left, top, each, height};
  at.cost_area = {left + each + gap, top, each, height};
  const auto [npv_low, npv_high] = usual_span(sites, &SiteEconomics::npv_usd);
  const auto [cost_low, cost_high] = usual_span(sites, &SiteEconomics::usd_per_kg);
  const int ticks = at.narrow ? 3 : 5;
  at.npv = number_axis(npv_low, npv_high, left, left + each, ticks);
  at.cost = number_axis(cost_low, cost_high, at.cost_area.x, at.cost_area.right(), ticks);
  return at;
}

void worth_row(Drawing& sheet, const SiteEconomics& one, const std::string& currency,
               const WorthColumns& at, double y) {
  const std::string letter = group_letter(one.group);
  const bool recycling = one.kind == "secondary";
  const std::string name = source_name(one.name, one.id, 80);
  std::string words = name + "\nNPV " + money_words(one.npv_usd.base, currency);
  if (std::isfinite(one.npv_usd.low) && std::isfinite(one.npv_usd.high))
    put(words, " (P10 ", money_words(one.npv_usd.low, currency), ", P90 ",
        money_words(one.npv_usd.high, currency), ")");
  put(words, "\n", range_words(one.usd_per_kg, currency), " of ", clip(one.metal, 20));
  sheet.open("", words);
  TextStyle style;
  style.size = 12.5;
  const double base = at.narrow ? y + 13.0 : y + at.row / 2.0 + 4.0;
  draw_sign(sheet, {10.0, base - 4.2}, 4.2, recycling, "g" + letter);
  style.halo = at.narrow;  // the axes' lines run behind the names there
  sheet.text({20.0, base}, fit_text(name, style.size, at.name_width - 20.0), "k", style);
  style.halo = false;
  const double middle = at.narrow ? y + 25.0 : y + at.row / 2.0;
  interval(sheet, at.npv, one.npv_usd, middle, letter, recycling);
  interval(sheet, at.cost, one.usd_per_kg, middle, letter, recycling);
  style.size = 11.0;
  if (!one.npv_usd.known()) sheet.text({at.npv_area.x, middle + 4.0}, "not known", "k2", style);
  if (!one.usd_per_kg.known()) sheet.text({at.cost_area.x, middle + 4.0}, "not known", "k2", style);
  sheet.close();
}

}  // namespace

Drawing draw_economics(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "What the sources are worth";
  sheet.description = "Net present value and levelised cost of each source, P10, P50 and P90.";
  sheet.width_px = options.width_px;
  if (!digest.result.supply || !digest.result.supply->economics) return sheet;
  const auto& result = *digest.result.supply->economics;
  std::vector<const SiteEconomics*> sites;
  SourceKinds kinds;
  for (const auto& one : result.sites)
    if (one.npv_usd.known() || one.usd_per_kg.known()) sites.push_back(&one);
  if (sites.empty()) return sheet;
  const auto worth = [](const SiteEconomics* one) {
    return std::isfinite(one->npv_usd.base) ? one->npv_usd.base : -HUGE_VAL;
  };
  std::stable_sort(sites.begin(), sites.end(),
                   [&](const auto* a, const auto* b) { return worth(a) > worth(b); });
  const std::size_t all = sites.size();
  sites.resize(std::min(all, options.rows));
  for (const auto* one : sites) kinds.see(one->group, one->kind);
  const double legend = source_legend(sheet, kinds, 4.0, 12.0, false, options.width_px - 8.0);
  WorthColumns at = worth_columns(sites, options.width_px, 8.0 + legend + 20.0);
  const std::string currency = result.currency.empty() ? "USD" : clip(result.currency, 8);
  TextStyle head;
  head.size = at.narrow ? 10.5 : 12.0;
  sheet.text({at.npv_area.x, at.top - 7.0}, "Net present value, " + currency, "k2", head);
  sheet.text({at.cost_area.x, at.top - 7.0},
             fit_text((at.narrow ? "Cost of " : "Levelised cost of ") + clip(result.metal, 20) +
                          ", " + currency + "/kg",
                      head.size, at.cost_area.width + 12.0),
             "k2", head);
  draw_across_axis(sheet, at.npv_area, at.npv, "");
  draw_across_axis(sheet, at.cost_area, at.cost, "");
  const LowBaseHigh price = digest.result.supply->prices.of(result.metal, result.base_year);
  if (std::isfinite(price.base) && price.base <= at.cost.high) {
    const double x = at.cost.at(price.base);
    sheet.open("", "Price of " + clip(result.metal, 20) + ": " + cost_words(price.base, currency));
    sheet.line({x, at.top}, {x, at.cost_area.bottom()}, "pl");
    sheet.close();
  }
  for (std::size_t i = 0; i < sites.size(); ++i)
    worth_row(sheet, *sites[i], currency, at, at.top + at.row * static_cast<double>(i));
  sheet.height_px = at.npv_area.bottom() + 22.0;
  return sheet;
}

}  // namespace lode::report
