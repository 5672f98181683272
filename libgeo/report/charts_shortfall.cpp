// What is missing by year with its doubt, and cost against concentration of the mixes.
#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_axes.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

using SpreadOf = Spread5 ShortfallRow::*;

struct Help {
  const char *title, *planned;  ///< the latter where a plan says what the sites make
  SpreadOf field;
};
constexpr std::array<Help, 3> kHelps{
    {{"When nothing helps", "When nothing helps", &ShortfallRow::alone_t},
     {"With the sites", "With the plan", &ShortfallRow::with_sites_t},
     {"With sites and stockpile", "With plan and stockpile", &ShortfallRow::with_stock_t}}};

bool any_stock(const std::vector<const ShortfallRow*>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const ShortfallRow* one) {
    return one->stock_t > 0.0 || one->with_stock_t.p50 != one->with_sites_t.p50 ||
           one->with_stock_t.p95 != one->with_sites_t.p95;
  });
}

double highest(const std::vector<const ShortfallRow*>& rows) {
  double most = 0.0;
  for (const auto* one : rows)
    for (const auto& help : kHelps)
      for (const double value : {(one->*help.field).p95, (one->*help.field).p50})
        if (std::isfinite(value)) most = std::max(most, value);
  return most;
}

/// A band between two percentiles; one year alone gets a width.
void fan_band(Drawing& sheet, const std::vector<const ShortfallRow*>& rows, SpreadOf field,
              double Spread5::*low, double Spread5::*high, const YearColumns& years,
              const NumberAxis& up, const char* ink_name) {
  Path upper, lower;
  const double side = rows.size() == 1 ? 0.3 * years.column() : 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& spread = rows[i]->*field;
    if (!std::isfinite(spread.*low) || !std::isfinite(spread.*high)) continue;
    const auto place = static_cast<std::size_t>(std::max(0, rows[i]->year - years.first));
    for (const double shift : {-side, side}) {
      if (shift == side && side == 0.0 && !upper.empty() && upper.back().x == years.middle(place))
        continue;
      upper.push_back({years.middle(place) + shift, up.at(spread.*high)});
      lower.push_back({years.middle(place) + shift, up.at(spread.*low)});
    }
  }
  if (upper.size() < 2) return;
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  sheet.polygon({upper}, ink_name);
}

void fan_line(Drawing& sheet, const std::vector<const ShortfallRow*>& rows, SpreadOf field,
              const YearColumns& years, const NumberAxis& up) {
  Path line;
  const double side = rows.size() == 1 ? 0.3 * years.column() : 0.0;
  for (const auto* one : rows) {
    const double value = (one->*field).p50;
    if (!std::isfinite(value)) continue;
    const double x = years.middle(static_cast<std::size_t>(std::max(0, one->year - years.first)));
    line.push_back({x - side, up.at(value)});
    if (side > 0.0) line.push_back({x + side, up.at(value)});
  }
  if (line.size() > 1) sheet.lines({line}, "dm");
}

std::string spread_words(const ShortfallRow& row, const Help& help) {
  const Spread5& spread = row.*help.field;
  std::string words = clip(row.metal, 20) + ", " + number_text(row.year) + ": median " +
                      people_short(spread.p50, "t") + " missing";
  if (spread.p95 > spread.p05)
    put(words, "\nnine draws of ten: ", people_short(spread.p05, "t"), " to ",
        people_short(spread.p95, "t"), "\nmean ", people_short(spread.mean, "t"));
  if (row.demand_t > 0.0) put(words, "\ndemand ", people_short(row.demand_t, "t"));
  return words;
}

void fan_panel(Drawing& sheet, const std::vector<const ShortfallRow*>& rows, const Help& help,
               const PlotArea& area, const NumberAxis& up, const YearColumns& years, bool planned) {
  TextStyle style;
  style.size = 12.0;
  style.bold = true;
  sheet.text({area.x, area.y - 20.0}, planned ? help.planned : help.title, "k", style);
  draw_up_axis(sheet, area, up, "t missing");
  fan_band(sheet, rows, help.field, &Spread5::p05, &Spread5::p95, years, up, "h2");
  fan_band(sheet, rows, help.field, &Spread5::p10, &Spread5::p90, years, up, "h4");
  fan_line(sheet, rows, help.field, years, up);
  draw_years(sheet, years, area.bottom() + 14.0);
  const ShortfallRow* peak = nullptr;
  for (const auto* one : rows) {
    const double value = (one->*help.field).p50;
    if (std::isfinite(value) && (!peak || value > (peak->*help.field).p50)) peak = one;
    const auto place = static_cast<std::size_t>(std::max(0, one->year - years.first));
    sheet.open("", spread_words(*one, help));
    sheet.rect(years.left(place), area.y, years.column(), area.height, "hit");
    sheet.close();
  }
  if (!peak) return;
  const double most = (peak->*help.field).p50;
  style.size = 11.0;
  style.halo = true;
  style.bold = false;
  style.anchor = Anchor::end;
  if (most <= 0.0) {
    sheet.text({area.right() - 4.0, area.y + 14.0}, "median: nothing missing", "k2", style);
    return;
  }
  const double x = years.middle(static_cast<std::size_t>(std::max(0, peak->year - years.first)));
  sheet.circle({x, up.at(most)}, 3.2, "mk");
  sheet.text({area.right() - 4.0, area.y + 14.0},
             "most: " + people_short(most, "t") + " in " + number_text(peak->year), "k", style);
}

double fan_metal(Drawing& sheet, const std::vector<const ShortfallRow*>& rows, double y,
                 double width, bool planned) {
  const bool narrow = width < 600.0;
  panel_title(sheet, clip(rows.front()->metal, 40), 4.0, y + 14.0, width - 8.0);
  y += 60.0;
  const std::size_t panels = any_stock(rows) ? 3 : 2;
  const double most = highest(rows);
  int first = rows.front()->year, last = first;
  for (const auto* one : rows) {
    first = std::min(first, one->year);
    last = std::max(last, one->year);
  }
  const double height = narrow ? 130.0 : 190.0, gap = 52.0;
  const double each =
      narrow ? width - 56.0
             : (width - gap * static_cast<double>(panels) - 6.0) / static_cast<double>(panels);
  for (std::size_t p = 0; p < panels; ++p) {
    const double x = narrow ? 46.0 : 46.0 + (each + gap) * static_cast<double>(p);
    const PlotArea area{x, y, each, height};
    const NumberAxis up = number_axis(0.0, most, area.bottom(), area.y, narrow ? 4 : 5);
    fan_panel(sheet, rows, kHelps[p], area, up,
              {first, static_cast<std::size_t>(std::min(400, last - first + 1)), x, each}, planned);
    if (narrow) y += height + 58.0;
  }
  return narrow ? y - 12.0 : y + height + 38.0;
}

}  // namespace

Drawing draw_shortfall(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "What is missing by year";
  sheet.description =
      "Shortfall of each metal by year: median, P10 to P90 and P05 to P95 of the draws, when "
      "nothing helps, with the sites, and with sites and stockpile.";
  sheet.width_px = options.width_px;
  if (!digest.result.supply || !digest.result.supply->disruption) return sheet;
  const auto& result = *digest.result.supply->disruption;
  std::vector<std::string> metals;
  for (const auto& row : result.rows)
    if (std::find(metals.begin(), metals.end(), row.metal) == metals.end() &&
        metals.size() < most_metals)
      metals.push_back(row.metal);
  if (metals.empty()) return sheet;
  double y = 8.0;
  if (result.draws > 0)
    y += wrapped_legend(sheet,
                        {{"mk", "median of " + counted(result.draws, "draw")},
                         {"h4", "eight draws of ten (P10 to P90)"},
                         {"h2", "nine of ten (P05 to P95)"}},
                        4.0, 12.0, options.width_px - 8.0);
  for (const auto& metal : metals) {
    std::vector<const ShortfallRow*> rows;
    for (const auto& row : result.rows)
      if (row.metal == metal) rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto* a, const auto* b) { return a->year < b->year; });
    y = fan_metal(sheet, rows, y, options.width_px, has_plan(digest));
  }
  sheet.height_px = y;
  return sheet;
}

namespace {

struct FrontierSheet {
  PlotArea area;
  NumberAxis across, up;
  std::string currency;
};

/// Where labels of points stand already; the next one keeps off them.
class LabelRoom {
 public:
  /// The first free of four places around a point; none when all are taken.
  bool place(const Point& at, double width, const PlotArea& area, Point& out, Anchor& anchor) {
    const std::array<std::pair<Point, Anchor>, 4> around{
        {{{at.x + 9.0, at.y - 6.0}, Anchor::start},
         {{at.x - 9.0, at.y - 6.0}, Anchor::end},
         {{at.x + 9.0, at.y + 15.0}, Anchor::start},
         {{at.x - 9.0, at.y + 15.0}, Anchor::end}}};
    for (const auto& [point, side] : around) {
      const Box box{side == Anchor::start ? point.x : point.x - width, point.y - 11.0, width, 14.0};
      if (box.x < area.x + 2.0 || box.x + width > area.right() || !free(box)) continue;
      taken_.push_back(box);
      out = point;
      anchor = side;
      return true;
    }
    return false;
  }
  void take(const Point& at) { taken_.push_back({at.x - 6.0, at.y - 6.0, 12.0, 12.0}); }

 private:
  struct Box {
    double x, y, width, height;
  };
  [[nodiscard]] bool free(const Box& one) const {
    return std::none_of(taken_.begin(), taken_.end(), [&](const Box& other) {
      return one.x < other.x + other.width && other.x < one.x + one.width &&
             one.y < other.y + other.height && other.y < one.y + one.height;
    });
  }
  std::vector<Box> taken_;
};

/// What no mix of the point's HHI can be cheaper than.
double least_cost_of(const FrontierPoint& point) {
  return std::isfinite(point.gap) ? point.cost_usd * (1.0 - point.gap) : point.cost_usd;
}

std::string frontier_words(const FrontierPoint& point, const std::string& currency) {
  std::string words =
      "HHI " + fixed_text(point.hhi, 3) + ", " + money_words(point.cost_usd, currency);
  if (std::isfinite(point.max_share))
    put(words, "\nno country above ", percent(point.max_share), " of a metal");
  if (point.gap > 0.0)
    put(words, "\nno mix is cheaper than ", money_words(least_cost_of(point), currency));
  put(words, "\n", counted(point.chosen.size(), "source"));
  if (point.shortfall_t > 0.0) put(words, "\n", people_short(point.shortfall_t, "t"), " missing");
  return words;
}

void frontier_points(Drawing& sheet, const std::vector<const FrontierPoint*>& points,
                     const FrontierSheet& at, const Portfolio& plan) {
  Path line;
  LabelRoom room;
  for (const auto* one : points) {
    line.push_back({at.across.at(one->hhi), at.up.at(one->cost_usd)});
    room.take(line.back());
  }
  if (line.size() > 1) sheet.lines({line}, "wk");
  const bool plan_known = std::isfinite(plan.hhi) && std::isfinite(plan.cost_usd);
  const Point own{at.across.at(plan.hhi), at.up.at(plan.cost_usd)};
  TextStyle style;
  style.size = 11.0;
  style.halo = true;
  Point where;
  if (plan_known) {
    room.take(own);
    style.bold = true;
    sheet.open("", "The plan: HHI " + fixed_text(plan.hhi, 3) + ", " +
                       money_words(plan.cost_usd, at.currency));
    draw_sign(sheet, own, 7.0, true, "mk");
    if (room.place(own, text_width("the plan", 11.0, true), at.area, where, style.anchor))
      sheet.text(where, "the plan", "k", style);
    sheet.close();
    style.bold = false;
  }
  for (const auto* one : points) {
    const Point point{at.across.at(one->hhi), at.up.at(one->cost_usd)};
    sheet.open("", frontier_words(*one, at.currency));
    const double floor = at.up.at(least_cost_of(*one));
    if (floor - point.y > 1.0) {
      sheet.line({point.x, point.y}, {point.x, floor}, "ld");
      sheet.line({point.x - 4.0, floor}, {point.x + 4.0, floor}, "ld");
    }
    sheet.circle(point, 5.0, one->shortfall_t > 0.0 ? "ol" : "gd");
    std::string words = counted(one->chosen.size(), "source");
    if (std::isfinite(one->max_share) && one->max_share > 0.0)
      words = "at most " + percent(one->max_share) + ", " + words;
    if (room.place(point, text_width(words, 11.0), at.area, where, style.anchor))
      sheet.text(where, words, "k2", style);
    sheet.close();
  }
}

}  // namespace

Drawing draw_frontier(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Cost against concentration";
  sheet.description =
      "Discounted cost of the mixes found against their concentration by country (HHI).";
  sheet.width_px = options.width_px;
  if (!digest.result.supply || !digest.result.supply->portfolio) return sheet;
  const Portfolio& plan = *digest.result.supply->portfolio;
  std::vector<const FrontierPoint*> points;
  for (const auto& one : plan.frontier)
    if (std::isfinite(one.hhi) && std::isfinite(one.cost_usd) && points.size() < 60)
      points.push_back(&one);
  if (points.size() < 2) return sheet;
  std::stable_sort(points.begin(), points.end(),
                   [](const auto* a, const auto* b) { return a->hhi < b->hhi; });
  double low_x = points.front()->hhi, high_x = points.back()->hhi, low_y = points[0]->cost_usd,
         high_y = low_y;
  bool short_of = false;
  for (const auto* one : points) {
    low_y = std::min(low_y, least_cost_of(*one));
    high_y = std::max(high_y, one->cost_usd);
    short_of = short_of || one->shortfall_t > 0.0;
  }
  if (std::isfinite(plan.hhi) && std::isfinite(plan.cost_usd)) {
    low_x = std::min(low_x, plan.hhi);
    high_x = std::max(high_x, plan.hhi);
    low_y = std::min(low_y, plan.cost_usd);
    high_y = std::max(high_y, plan.cost_usd);
  }
  const bool narrow = options.width_px < 600.0;
  FrontierSheet at;
  const auto& money = digest.result.supply->economics;
  at.currency =
      money && !money->currency.empty() ? money->currency : digest.result.supply->sources.currency;
  double top = 34.0;
  if (short_of)
    top += wrapped_legend(sheet, {{"gd", "demand is met"}, {"ol", "something is missing"}}, 4.0,
                          12.0, options.width_px - 8.0);
  at.area = {56.0, top, options.width_px - 70.0, narrow ? 230.0 : 300.0};
  const double pad = std::max(1e-9, (high_y - low_y) * 0.08);
  at.across = number_axis(std::max(0.0, low_x - 0.02), std::min(1.0, high_x + 0.02), at.area.x,
                          at.area.right(), narrow ? 4 : 8, true);
  at.up = number_axis(low_y - pad, high_y + pad, at.area.bottom(), at.area.y, 6, true);
  draw_up_axis(sheet, at.area, at.up,
               "discounted cost, " + (at.currency.empty() ? "USD" : clip(at.currency, 8)));
  draw_across_axis(
      sheet, at.area, at.across,
      narrow ? "HHI of supply by country" : "HHI of supply by country, mean by demand");
  if (0.18 > at.across.low && 0.18 < at.across.high)
    sheet.line({at.across.at(0.18), at.area.y}, {at.across.at(0.18), at.area.bottom()}, "th");
  frontier_points(sheet, points, at, plan);
  sheet.height_px = at.area.bottom() + 36.0;
  return sheet;
}

}  // namespace lode::report
