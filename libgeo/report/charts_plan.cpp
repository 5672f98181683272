// What the plan makes year by year against demand, and when its sources start.
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

/// Sources with a colour of their own; none of the inks is red, which is what is missing.
constexpr std::size_t kColours = 7;
constexpr std::array<const char*, kColours + 1> kPartInks{"c0", "c1", "c2", "c3",
                                                          "c4", "c5", "c7", "c8"};

double metal_tonnes(const PortfolioChoice& one, std::size_t metal, std::size_t year) {
  if (metal >= one.metal_t.size() || year >= one.metal_t[metal].size()) return 0.0;
  const double value = one.metal_t[metal][year];
  return std::isfinite(value) && value > 0.0 ? value : 0.0;
}

double all_tonnes(const Portfolio& plan, const PortfolioChoice& one) {
  double total = 0.0;
  for (std::size_t m = 0; m < plan.metals.size(); ++m)
    for (std::size_t k = 0; k < plan.years.size(); ++k) total += metal_tonnes(one, m, k);
  return total;
}

/// Sources with their colours: the largest first, all behind them in one.
struct PlanParts {
  std::vector<const PortfolioChoice*> own, rest;
};

PlanParts plan_parts(const Portfolio& plan) {
  std::vector<std::pair<double, const PortfolioChoice*>> all;
  for (const auto& one : plan.choices)
    if (const double total = all_tonnes(plan, one); total > 0.0) all.push_back({total, &one});
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  PlanParts parts;
  for (const auto& [total, one] : all)
    (parts.own.size() < kColours ? parts.own : parts.rest).push_back(one);
  return parts;
}

std::string part_ink(std::size_t part) {
  return kPartInks[std::min(part, kColours)];
}

const PortfolioBalance* balance_of(const Portfolio& plan, const std::string& metal, int year) {
  for (const auto& one : plan.balance)
    if (one.metal == metal && one.year == year) return &one;
  return nullptr;
}

struct PlanColumn {
  double left = 0.0, width = 0.0;
};

void plan_column(Drawing& sheet, const Portfolio& plan, const PlanParts& parts, std::size_t metal,
                 std::size_t year, const PlanColumn& at, const NumberAxis& up) {
  double total = 0.0;
  const std::string when = clip(plan.metals[metal], 20) + ", " + number_text(plan.years[year]);
  const auto part = [&](const std::string& name, double tonnes, std::size_t colour, bool recycled) {
    if (!(tonnes > 0.0)) return;
    const double from = up.at(total), to = up.at(total + tonnes);
    total += tonnes;
    sheet.open("", name + ": " + people_short(tonnes, "t") + "\n" + when);
    const double height = from - to > 2.0 ? from - to - 0.6 : from - to;
    sheet.rect(at.left, to, at.width, height, part_ink(colour));
    if (recycled) hatch(sheet, at.left, to, at.width, height, "xw", 6.0);
    sheet.close();
  };
  for (std::size_t i = 0; i < parts.own.size(); ++i)
    part(source_name(parts.own[i]->name, parts.own[i]->id),
         metal_tonnes(*parts.own[i], metal, year), i, parts.own[i]->kind == "secondary");
  double rest = 0.0;
  for (const auto* one : parts.rest) rest += metal_tonnes(*one, metal, year);
  part(counted(parts.rest.size(), "smaller source"), rest, kColours, false);
  const auto* balance = balance_of(plan, plan.metals[metal], plan.years[year]);
  if (!balance || !(balance->shortfall_t > 0.0)) return;
  const double from = up.at(std::max(0.0, balance->demand_t - balance->shortfall_t)),
               to = up.at(balance->demand_t);
  sheet.open("", "Missing: " + people_short(balance->shortfall_t, "t") + "\n" + when);
  sheet.rect(at.left, to, at.width, from - to, "ms");
  hatch(sheet, at.left, to, at.width, from - to, "xs", 5.0);
  sheet.close();
}

void plan_panel(Drawing& sheet, const Portfolio& plan, const PlanParts& parts, std::size_t metal,
                const PlotArea& area) {
  double most = 0.0;
  for (std::size_t k = 0; k < plan.years.size(); ++k) {
    double total = 0.0;
    for (const auto& one : plan.choices) total += metal_tonnes(one, metal, k);
    const auto* balance = balance_of(plan, plan.metals[metal], plan.years[k]);
    if (balance && std::isfinite(balance->demand_t)) total = std::max(total, balance->demand_t);
    most = std::max(most, total);
  }
  const NumberAxis up = number_axis(0.0, most, area.bottom(), area.y, 5);
  draw_up_axis(sheet, area, up, "t of oxide a year");
  const YearColumns years{plan.years.front(), plan.years.size(), area.x, area.width};
  const double gap = std::min(6.0, years.column() * 0.18);
  Path demand;
  for (std::size_t k = 0; k < plan.years.size(); ++k) {
    plan_column(sheet, plan, parts, metal, k,
                {years.left(k) + gap / 2.0, std::max(0.8, years.column() - gap)}, up);
    const auto* balance = balance_of(plan, plan.metals[metal], plan.years[k]);
    if (!balance || !std::isfinite(balance->demand_t)) continue;
    demand.push_back({years.left(k), up.at(balance->demand_t)});
    demand.push_back({years.left(k) + years.column(), up.at(balance->demand_t)});
  }
  if (demand.size() > 1) sheet.lines({demand}, "dm");
  draw_years(sheet, years, area.bottom() + 14.0);
}

std::string free_words(const Portfolio& plan, const std::string& metal) {
  for (const auto& one : plan.free_from)
    if (one.metal == metal)
      return one.year > 0 ? "nothing missing from " + number_text(one.year)
                          : "something is missing to the end";
  return {};
}

}  // namespace

bool has_plan(const Digest& digest) {
  if (!digest.result.supply || !digest.result.supply->portfolio) return false;
  const ProgrammeStatus status = digest.result.supply->portfolio->status;
  return status == ProgrammeStatus::optimal || status == ProgrammeStatus::feasible;
}

Drawing draw_plan(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "The plan against demand";
  sheet.description =
      "What the chosen sources give of each metal by year, stacked, against demand; hatched in "
      "red: missing.";
  sheet.width_px = options.width_px;
  if (!digest.result.supply || !digest.result.supply->portfolio) return sheet;
  const Portfolio& plan = *digest.result.supply->portfolio;
  const PlanParts parts = plan_parts(plan);
  if (plan.years.empty() || plan.metals.empty() || plan.balance.empty()) return sheet;
  std::vector<std::pair<std::string, std::string>> entries;
  bool missing = false, recycled = false;
  for (std::size_t i = 0; i < parts.own.size(); ++i) {
    entries.push_back({part_ink(i), source_name(parts.own[i]->name, parts.own[i]->id, 40)});
    recycled = recycled || parts.own[i]->kind == "secondary";
  }
  if (!parts.rest.empty())
    entries.push_back({part_ink(kColours), counted(parts.rest.size(), "smaller source")});
  for (const auto& one : plan.balance) missing = missing || one.shortfall_t > 0.0;
  entries.push_back({"mk", "demand (line)"});
  if (missing) entries.push_back({"xs", "missing"});
  const bool narrow = options.width_px < 600.0;
  double y = 8.0 + wrapped_legend(sheet, entries, 4.0, 12.0, options.width_px - 8.0);
  if (recycled) {
    TextStyle style;
    style.size = 11.5;
    sheet.text({4.0, y + 6.0}, "Pale stripes: recycling", "k2", style);
    y += 18.0;
  }
  const std::size_t metals = std::min(most_metals, plan.metals.size());
  const std::size_t columns = narrow || metals == 1 ? 1 : 2;
  const double each = (options.width_px - 10.0) / static_cast<double>(columns);
  const double height = narrow ? 190.0 : 240.0, row = height + 78.0;
  for (std::size_t m = 0; m < metals; ++m) {
    const double x = each * static_cast<double>(m % columns),
                 top = y + row * static_cast<double>(m / columns);
    const std::string free = free_words(plan, plan.metals[m]);
    panel_title(sheet, clip(plan.metals[m], 30) + (free.empty() ? "" : ": " + free), x + 4.0,
                top + 16.0, each - 10.0);
    plan_panel(sheet, plan, parts, m, {x + 46.0, top + 46.0, each - 58.0, height});
  }
  sheet.height_px = y + row * static_cast<double>((metals + columns - 1) / columns) + 2.0;
  return sheet;
}

namespace {

struct ScheduleColumns {
  bool narrow = false;
  double row = 25.0, bar = 13.0, name_width = 240.0, words_x = 0.0, words_width = 0.0;
  YearColumns years;
};

std::string worth_words(const PortfolioChoice& one, const std::string& currency) {
  if (one.indispensable) return "indispensable";
  std::string words;
  const auto sign = [](double value) { return value < 0.0 ? "-" : "+"; };
  if (one.worth_t != 0.0)
    put(words, sign(one.worth_t), people_short(std::abs(one.worth_t), "t"), " missing");
  if (std::isfinite(one.worth_usd))
    put(words, words.empty() ? "" : ", ", sign(one.worth_usd),
        money_words(std::abs(one.worth_usd), currency));
  return words;
}

/// Strong where it makes its most, pale while it ramps up or rests.
void schedule_bar(Drawing& sheet, const PortfolioChoice& one, const ScheduleColumns& at, double y) {
  const std::string letter = group_letter(one.group);
  double most = 0.0;
  for (const double tonnes : one.tonnes)
    if (std::isfinite(tonnes)) most = std::max(most, tonnes);
  const std::size_t count = std::min(one.tonnes.size(), at.years.count);
  for (std::size_t k = 0; k < count;) {
    const auto state = [&](std::size_t i) {
      const double tonnes = one.tonnes[i];
      return !(tonnes > 0.0) ? 0 : tonnes >= 0.95 * most ? 2 : 1;
    };
    std::size_t end = k + 1;
    while (end < count && state(end) == state(k)) ++end;
    if (state(k) > 0)
      sheet.rect(at.years.left(k), y, at.years.column() * static_cast<double>(end - k) - 0.6,
                 at.bar, (state(k) == 2 ? "g" : "i") + letter);
    k = end;
  }
  const auto start = static_cast<std::size_t>(std::max(0, one.start_year - at.years.first));
  if (start >= at.years.count) return;
  TextStyle style;
  style.size = 10.5;
  style.anchor = Anchor::end;
  const std::string words = number_text(one.start_year);
  if (at.years.left(start) - at.years.x > text_width(words, style.size) + 4.0)
    sheet.text({at.years.left(start) - 4.0, y + at.bar - 2.5}, words, "k2", style);
}

/// One source: name, what is lost without it, and its bar.
void schedule_row(Drawing& sheet, const PortfolioChoice& one, const ScheduleColumns& at,
                  const std::string& currency, bool matters_most, double y) {
  const std::string worth = worth_words(one, currency), name = source_name(one.name, one.id, 80);
  sheet.open("", name + ", from " + number_text(one.start_year) +
                     (worth.empty() ? "" : "\nwithout it: " + worth) + "\ncapex " +
                     money_words(one.capex_usd, currency));
  const double base = at.narrow ? y + 14.0 : y + at.row / 2.0 + 4.0;
  draw_sign(sheet, {10.0, base - 4.2}, 4.2, one.kind == "secondary", source_ink(one.group));
  TextStyle style;
  style.size = 12.5;
  style.bold = matters_most;
  sheet.text({20.0, base}, fit_text(name, style.size, at.name_width - 22.0, style.bold), "k",
             style);
  style.bold = false;
  style.size = 11.0;
  sheet.text({at.narrow ? 20.0 : at.words_x, at.narrow ? y + 27.0 : base},
             fit_text(worth, style.size, at.words_width), "k2", style);
  schedule_bar(sheet, one, at, at.narrow ? y + 31.0 : y + (at.row - at.bar) / 2.0);
  sheet.close();
}

ScheduleColumns schedule_columns(const Portfolio& plan, double width) {
  ScheduleColumns at;
  at.narrow = width < 600.0;
  at.row = at.narrow ? 46.0 : 24.0;
  at.name_width = at.narrow ? width - 8.0 : 236.0;
  const double x = at.narrow ? 6.0 : 250.0;
  at.words_width = at.narrow ? width - 26.0 : 232.0;
  at.years = {plan.years.front(), plan.years.size(), x,
              width - x - 8.0 - (at.narrow ? 0.0 : at.words_width + 12.0)};
  at.words_x = at.years.x + at.years.width + 12.0;
  return at;
}

/// Those that start, in the order in which they do.
std::vector<const PortfolioChoice*> starters(const Portfolio& plan) {
  std::vector<const PortfolioChoice*> chosen;
  for (const auto& one : plan.choices)
    if (one.start_year > 0) chosen.push_back(&one);
  std::stable_sort(chosen.begin(), chosen.end(),
                   [](const auto* a, const auto* b) { return a->start_year < b->start_year; });
  return chosen;
}

}  // namespace

Drawing draw_schedule(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "When the sources start";
  sheet.description = "Chosen sources by start year, with what would be lost without each.";
  sheet.width_px = options.width_px;
  if (!digest.result.supply || !digest.result.supply->portfolio) return sheet;
  const Portfolio& plan = *digest.result.supply->portfolio;
  auto chosen = starters(plan);
  if (chosen.empty() || plan.years.empty()) return sheet;
  const std::size_t all = chosen.size();
  chosen.resize(std::min(all, options.rows));
  const ScheduleColumns at = schedule_columns(plan, options.width_px);
  SourceKinds kinds;
  for (const auto* one : chosen) kinds.see(one->group, one->kind);
  double y = 8.0 + source_legend(sheet, kinds, 4.0, 12.0, false, options.width_px - 8.0);
  TextStyle style;
  style.size = 11.5;
  sheet.text({at.narrow ? 4.0 : at.words_x, y + 8.0},
             at.narrow ? "Below the name: what is lost without it" : "Without it", "k2", style);
  y += 14.0;
  const double top = y, bottom = y + at.row * static_cast<double>(chosen.size());
  for (std::size_t k = 0; k <= at.years.count; ++k)
    if (at.years.column() > 7.0 || k % 5 == 0)
      sheet.line({at.years.left(k), top}, {at.years.left(k), bottom}, "gl");
  for (const auto* one : chosen) {
    schedule_row(sheet, *one, at, digest.result.supply->sources.currency,
                 one->id == plan.matters_most, y);
    y += at.row;
  }
  draw_years(sheet, at.years, y + 14.0);
  if (all > chosen.size()) {
    sheet.text({4.0, y + 32.0},
               "And " + counted(all - chosen.size(), "source that starts later",
                                "sources that start later"),
               "k2", style);
    y += 18.0;
  }
  sheet.height_px = y + 24.0;
  return sheet;
}

}  // namespace lode::report
