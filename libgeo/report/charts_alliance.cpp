// A bloc's chain: capacity against need, who holds what, what moves, who pays.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_axes.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostMembers = 24;

const AllianceView* alliance_of(const Digest& digest) {
  return digest.result.supply && digest.result.supply->alliance ? &*digest.result.supply->alliance
                                                                : nullptr;
}

std::set<std::string> allies_of(const Digest& digest) {
  return {digest.result.allies.begin(), digest.result.allies.end()};
}

/// The rows of one metal in the year of the split, in the order of the stages.
std::vector<const StageBalance*> stage_rows(const AllianceView& view, const std::string& metal) {
  std::vector<const StageBalance*> rows;
  for (const auto& stage : view.stages)
    for (const auto& one : view.balance)
      if (one.stage == stage && one.metal == metal && one.year == view.year) {
        rows.push_back(&one);
        break;
      }
  return rows;
}

struct BalanceColumns {
  bool narrow = false;
  double label_width = 110.0, bar_x = 0.0, bar_width = 0.0, words_width = 0.0, row = 38.0;
  NumberAxis axis;
};

std::string balance_words(const Digest& digest, const StageBalance& one, bool brief) {
  std::string words;
  if (one.breaks) {
    put(words,
        brief ? "" : "breaks: ", people_short(std::max(0.0, one.needed_t - one.capacity_t), "t"),
        " short");
  } else {
    words = "enough";
  }
  if (one.frees_t_per_t > 0.0005)
    put(words, brief ? "; 1 t frees " : "; 1 t more frees ", people_short(one.frees_t_per_t, "t"),
        one.best_country.empty()
            ? ""
            : " in " + clip(brief ? one.best_country : digest.country(one.best_country), 30));
  return words;
}

void balance_row(Drawing& sheet, const Digest& digest, const StageBalance& one,
                 const BalanceColumns& at, double y) {
  const std::string words = balance_words(digest, one, at.narrow);
  sheet.open("", capital(clip(one.stage, 30)) + ", " + clip(one.metal, 20) + ", " +
                     number_text(one.year) + "\ncapacity " + people_short(one.capacity_t, "t") +
                     ", used " + people_short(one.used_t, "t") + ", needed " +
                     people_short(one.needed_t, "t") + "\n" + words);
  TextStyle style;
  style.size = 12.5;
  const double bar_y = at.narrow ? y + 18.0 : y + 5.0, height = 16.0;
  sheet.text({4.0, at.narrow ? y + 13.0 : bar_y + 12.5},
             fit_text(capital(clip(one.stage, 30)), style.size, at.label_width), "k", style);
  if (std::isfinite(one.capacity_t))
    sheet.rect(at.bar_x, bar_y, at.axis.at(one.capacity_t) - at.bar_x, height, "v6");
  if (std::isfinite(one.used_t))
    sheet.rect(at.bar_x, bar_y + 4.0, at.axis.at(one.used_t) - at.bar_x, height - 8.0, "v8");
  if (std::isfinite(one.needed_t)) {
    const double need = at.axis.at(one.needed_t);
    if (one.breaks && std::isfinite(one.capacity_t)) {
      const double from = at.axis.at(one.capacity_t);
      sheet.rect(from, bar_y, need - from, height, "ms");
      hatch(sheet, from, bar_y, need - from, height, "xs", 5.0);
    }
    sheet.line({need, bar_y - 3.0}, {need, bar_y + height + 3.0}, "mkl");
  }
  style.size = 11.0;
  const char* ink_name = one.breaks ? "ca" : "k2";
  if (at.narrow)
    sheet.text({at.label_width + 8.0, y + 13.0},
               fit_text(words, style.size, at.bar_width - at.label_width - 4.0), ink_name, style);
  else
    sheet.text({at.bar_x + at.bar_width + 14.0, bar_y + 12.0},
               fit_text(words, style.size, at.words_width), ink_name, style);
  sheet.close();
}

}  // namespace

Drawing draw_chain_balance(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Where the chain breaks";
  sheet.description = "Capacity of the bloc at each stage against what all demand needs there.";
  sheet.width_px = options.width_px;
  const auto* view = alliance_of(digest);
  if (!view) return sheet;
  BalanceColumns at;
  at.narrow = options.width_px < 600.0;
  at.label_width = at.narrow ? 84.0 : 110.0;
  at.row = at.narrow ? 44.0 : 30.0;
  at.words_width = at.narrow ? 0.0 : 326.0;
  at.bar_x = at.narrow ? 6.0 : 122.0;
  at.bar_width = options.width_px - at.bar_x - (at.narrow ? 12.0 : at.words_width + 20.0);
  double y = 8.0 + wrapped_legend(sheet,
                                  {{"v6", "capacity"},
                                   {"v8", "used by the plan"},
                                   {"mk", "needed for all demand (mark)"},
                                   {"xs", "short"}},
                                  4.0, 12.0, options.width_px - 8.0);
  std::size_t drawn = 0;
  for (const auto& metal : view->metals) {
    const auto rows = stage_rows(*view, metal);
    if (rows.empty() || drawn == most_metals) continue;
    ++drawn;
    double most = 0.0;
    for (const auto* one : rows)
      for (const double value : {one->capacity_t, one->needed_t})
        if (std::isfinite(value)) most = std::max(most, value);
    panel_title(sheet, clip(metal, 30) + ", " + number_text(view->year), 4.0, y + 16.0,
                options.width_px - 8.0);
    y += 26.0;
    at.axis = number_axis(0.0, most, at.bar_x, at.bar_x + at.bar_width, at.narrow ? 4 : 6);
    draw_across_axis(sheet, {at.bar_x, y, at.bar_width, at.row * static_cast<double>(rows.size())},
                     at.axis, "t of contained oxide a year");
    for (const auto* one : rows) {
      balance_row(sheet, digest, *one, at, y);
      y += at.row;
    }
    y += 40.0;
  }
  if (drawn == 0) sheet.shapes.clear();
  sheet.height_px = y;
  return sheet;
}

namespace {

/// Members in the order of the result with anything at any stage.
std::vector<const MemberPart*> holders(const AllianceView& view) {
  std::vector<const MemberPart*> list;
  for (const auto& one : view.members) {
    const bool holds =
        std::any_of(one.brings_t.begin(), one.brings_t.end(), [](double t) { return t > 0.0; });
    if ((holds || one.demand_t > 0.0) && list.size() < kMostMembers) list.push_back(&one);
  }
  return list;
}

double part(const std::vector<double>& values, std::size_t i) {
  return i < values.size() && std::isfinite(values[i]) ? values[i] : 0.0;
}

std::string brief_tonnes(double tonnes) {
  return tonnes > 0.0 ? people_short(tonnes, "t") : std::string("\xe2\x80\x93");
}

struct MemberCell {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
};

void member_cell(Drawing& sheet, const std::string& tooltip, double tonnes, double share,
                 const MemberCell& at) {
  const std::size_t shade = shade_of(share);
  sheet.open("", tooltip);
  sheet.rect(at.x, at.y, at.width - 2.0, at.height - 2.0,
             "h" + number_text(static_cast<double>(shade)));
  TextStyle style;
  style.size = 11.0;
  style.anchor = Anchor::middle;
  sheet.text({at.x + at.width / 2.0 - 1.0, at.y + at.height / 2.0 + 3.0},
             fit_text(brief_tonnes(tonnes), style.size, at.width - 4.0), shade_text(shade), style);
  sheet.close();
}

}  // namespace

Drawing draw_chain_members(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Who holds which stage";
  sheet.description =
      "Capacity of each member at each stage; the shade is its share of the bloc's.";
  sheet.width_px = options.width_px;
  const auto* view = alliance_of(digest);
  if (!view || view->stages.empty()) return sheet;
  const auto members = holders(*view);
  if (members.empty()) return sheet;
  const bool narrow = options.width_px < 600.0;
  const std::size_t stages = std::min<std::size_t>(view->stages.size(), 8);
  const double left = narrow ? 62.0 : 190.0, top = 30.0, row = 28.0;
  const double cell =
      std::min(150.0, (options.width_px - left - 4.0) / static_cast<double>(stages + 1));
  TextStyle head;
  head.size = narrow ? 10.0 : 12.0;
  head.anchor = Anchor::middle;
  for (std::size_t k = 0; k <= stages; ++k)
    sheet.text({left + cell * (static_cast<double>(k) + 0.5), top - 8.0},
               fit_text(k < stages ? capital(clip(view->stages[k], 30)) : std::string("Demand"),
                        head.size, cell - 2.0),
               "k2", head);
  std::vector<double> total(stages + 1, 0.0);
  for (const auto* one : members) {
    for (std::size_t k = 0; k < stages; ++k) total[k] += part(one->brings_t, k);
    total[stages] += std::isfinite(one->demand_t) ? one->demand_t : 0.0;
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& one = *members[i];
    const double y = top + row * static_cast<double>(i);
    const std::string name = clip(digest.country(one.country), 40);
    TextStyle style;
    style.size = 12.5;
    sheet.text({4.0, y + row / 2.0 + 3.0},
               fit_text(narrow ? clip(one.country, 8) : name, style.size, left - 8.0), "k", style);
    for (std::size_t k = 0; k <= stages; ++k) {
      const double tonnes = k < stages                    ? part(one.brings_t, k)
                            : std::isfinite(one.demand_t) ? one.demand_t
                                                          : 0.0;
      const double share = total[k] > 0.0 ? tonnes / total[k] : 0.0;
      std::string words = name + ", " + (k < stages ? clip(view->stages[k], 30) : "demand") + ": " +
                          people_short(tonnes, "t") + " a year, " + percent(share) + " of the bloc";
      if (k < stages) put(words, "\nused ", people_short(part(one.used_t, k), "t"));
      member_cell(sheet, words, tonnes, share,
                  {left + cell * static_cast<double>(k), y, cell, row});
    }
  }
  const double bottom = top + row * static_cast<double>(members.size()) + 22.0;
  sheet.height_px = bottom +
                    shade_legend(sheet, 4.0, bottom, options.width_px - 8.0,
                                 "Share of the bloc's capacity, or demand, per cent") +
                    2.0;
  return sheet;
}

namespace {

/// Flows of all metals of the year between two places, one band each.
struct FlowBand {
  std::size_t stage = 0, from = 0, to = 0;
  double tonnes = 0.0, usd = 0.0;
};

struct FlowSheet {
  std::vector<std::string> countries;  ///< rows
  std::vector<FlowBand> bands;
  double most = 0.0;
};

FlowSheet flow_sheet(const AllianceView& view) {
  FlowSheet sheet;
  std::vector<std::pair<double, std::string>> size;
  const auto add = [&](const std::string& country, double tonnes) {
    for (auto& one : size)
      if (one.second == country) {
        one.first += tonnes;
        return;
      }
    size.push_back({tonnes, country});
  };
  for (const auto& flow : view.flows) {
    if (flow.year != view.year || !(flow.tonnes > 0.0) || !std::isfinite(flow.tonnes)) continue;
    add(flow.from, flow.tonnes);
    add(flow.to, flow.tonnes);
  }
  std::stable_sort(size.begin(), size.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < std::min<std::size_t>(size.size(), 14); ++i)
    sheet.countries.push_back(size[i].second);
  const auto row_of = [&](const std::string& country) {
    return static_cast<std::size_t>(
        std::find(sheet.countries.begin(), sheet.countries.end(), country) -
        sheet.countries.begin());
  };
  for (const auto& flow : view.flows) {
    if (flow.year != view.year || !(flow.tonnes > 0.0) || !std::isfinite(flow.tonnes)) continue;
    const auto stage = static_cast<std::size_t>(
        std::find(view.stages.begin(), view.stages.end(), flow.stage) - view.stages.begin());
    const std::size_t from = row_of(flow.from), to = row_of(flow.to);
    if (stage == view.stages.size() || from == sheet.countries.size() ||
        to == sheet.countries.size())
      continue;
    auto found = std::find_if(sheet.bands.begin(), sheet.bands.end(), [&](const FlowBand& band) {
      return band.stage == stage && band.from == from && band.to == to;
    });
    if (found == sheet.bands.end())
      found = sheet.bands.insert(sheet.bands.end(), {stage, from, to, 0.0, 0.0});
    found->tonnes += flow.tonnes;
    if (std::isfinite(flow.usd_per_kg)) found->usd += flow.usd_per_kg * flow.tonnes * 1000.0;
  }
  for (const auto& band : sheet.bands) sheet.most = std::max(sheet.most, band.tonnes);
  return sheet;
}

/// A band that leaves level and arrives level.
Path flow_path(Point from, Point to, double thick) {
  Path upper, lower;
  constexpr int steps = 12;
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps, ease = t * t * (3.0 - 2.0 * t);
    const double x = from.x + (to.x - from.x) * t, y = from.y + (to.y - from.y) * ease;
    upper.push_back({x, y - thick / 2.0});
    lower.push_back({x, y + thick / 2.0});
  }
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  return upper;
}

struct FlowColumns {
  bool narrow = false;
  double left = 0.0, top = 34.0, row = 44.0, column = 0.0, node = 10.0;
  [[nodiscard]] Point at(std::size_t stage, std::size_t country) const {
    return {left + column * static_cast<double>(stage),
            top + row * (static_cast<double>(country) + 0.5)};
  }
};

void flow_frame(Drawing& sheet, const Digest& digest, const AllianceView& view,
                const FlowSheet& flows, const FlowColumns& at) {
  const std::size_t stages = view.stages.size();
  TextStyle style;
  style.size = at.narrow ? 9.5 : 12.0;
  for (std::size_t k = 0; k <= stages; ++k) {
    style.anchor = k == 0 ? Anchor::start : k == stages ? Anchor::end : Anchor::middle;
    const double shift = k == 0 ? -at.node : k == stages ? at.node : 0.0;
    sheet.text({at.at(k, 0).x + shift, at.top - 12.0},
               fit_text(k < stages ? capital(clip(view.stages[k], 20)) : std::string("Demand"),
                        style.size, at.column - 2.0),
               "k2", style);
  }
  style.anchor = Anchor::start;
  for (std::size_t i = 0; i < flows.countries.size(); ++i) {
    style.size = 12.5;
    const std::string& code = flows.countries[i];
    sheet.text({4.0, at.at(0, i).y + 4.0},
               fit_text(at.narrow ? clip(code, 6) : clip(digest.country(code), 40), style.size,
                        at.left - 20.0),
               "k", style);
    sheet.line({at.at(0, i).x, at.at(0, i).y}, {at.at(stages, i).x, at.at(0, i).y}, "gl");
  }
}

}  // namespace

Drawing draw_chain_flows(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "What moves between the members";
  sheet.description =
      "Contained oxide hauled from stage to stage between countries; the wider the band, the more.";
  sheet.width_px = options.width_px;
  const auto* view = alliance_of(digest);
  if (!view || view->stages.empty() || view->stages.size() > 10) return sheet;
  const FlowSheet flows = flow_sheet(*view);
  if (flows.bands.empty()) return sheet;
  FlowColumns at;
  at.narrow = options.width_px < 600.0;
  at.left = at.narrow ? 56.0 : 170.0;
  at.row = at.narrow ? 34.0 : 42.0;
  at.node = at.narrow ? 4.0 : 6.0;
  at.column = (options.width_px - at.left - 18.0) / static_cast<double>(view->stages.size());
  flow_frame(sheet, digest, *view, flows, at);
  const auto allies = allies_of(digest);
  std::set<std::pair<std::size_t, std::size_t>> nodes;
  for (const auto& band : flows.bands) {
    nodes.insert({band.stage, band.from});
    nodes.insert({band.stage + 1, band.to});
    const double thick = std::max(1.0, band.tonnes / flows.most * at.row * 0.55);
    const Point from = at.at(band.stage, band.from), to = at.at(band.stage + 1, band.to);
    const std::string& country = flows.countries[band.from];
    std::string words = clip(digest.country(country), 40) + " to " +
                        clip(digest.country(flows.countries[band.to]), 40) + ": " +
                        people_short(band.tonnes, "t") + " of what " +
                        clip(view->stages[band.stage], 30) + " gives";
    if (band.usd > 0.0)
      put(words, "\n", cost_words(band.usd / band.tonnes / 1000.0, view->currency),
          " for the haul");
    sheet.open("", words);
    std::string ink_name = country_ink(digest, allies, country);
    ink_name[0] = 'q';
    sheet.polygon({flow_path({from.x + at.node, from.y}, {to.x - at.node, to.y}, thick)}, ink_name);
    sheet.close();
  }
  for (const auto& [stage, country] : nodes) {
    const Point point = at.at(stage, country);
    sheet.circle(point, at.node, country_ink(digest, allies, flows.countries[country]));
  }
  sheet.height_px = at.top + at.row * static_cast<double>(flows.countries.size()) + 6.0;
  return sheet;
}

namespace {

constexpr std::array<std::pair<const char*, double MemberPart::*>, 3> kWays{
    {{"by demand", &MemberPart::pays_by_demand_usd},
     {"by capacity", &MemberPart::pays_by_capacity_usd},
     {"by what joining saves (Shapley)", &MemberPart::pays_shapley_usd}}};
constexpr std::array<const char*, 3> kWayInks{"v6", "c8", "v8"};

void member_bars(Drawing& sheet, const Digest& digest, const MemberPart& one,
                 const std::string& currency, const NumberAxis& axis, const MemberCell& at) {
  std::string words = clip(digest.country(one.country), 40);
  for (const auto& [name, field] : kWays)
    put(words, "\n", name, ": ", money_words(one.*field, currency));
  put(words, "\nalone: ", money_words(one.cost_alone_usd, currency), "\ngains ",
      money_words(one.gain_usd, currency));
  sheet.open("", words);
  const double bar = 8.0;
  for (std::size_t w = 0; w < kWays.size(); ++w) {
    const double value = one.*kWays[w].second;
    if (!std::isfinite(value)) continue;
    const double zero = axis.at(0.0), end = axis.at(value);
    sheet.rect(std::min(zero, end), at.y + 4.0 + (bar + 1.0) * static_cast<double>(w),
               std::max(0.8, std::abs(end - zero)), bar, kWayInks[w]);
  }
  if (std::isfinite(one.cost_alone_usd)) {
    const double x = axis.at(one.cost_alone_usd);
    sheet.line({x, at.y + 2.0}, {x, at.y + 4.0 + 3.0 * (bar + 1.0) + 1.0}, "mkl");
  }
  sheet.close();
}

}  // namespace

Drawing draw_member_costs(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Who pays";
  sheet.description =
      "What each member pays of the bloc's cost, three ways, beside what it would cost alone.";
  sheet.width_px = options.width_px;
  const auto* view = alliance_of(digest);
  if (!view || view->members.empty()) return sheet;
  const std::size_t rows = std::min(kMostMembers, view->members.size());
  const bool narrow = options.width_px < 600.0;
  double low = 0.0, high = 0.0;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto& one = view->members[i];
    for (const double value : {one.pays_by_demand_usd, one.pays_by_capacity_usd,
                               one.pays_shapley_usd, one.cost_alone_usd}) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  double y = 8.0 + wrapped_legend(sheet,
                                  {{kWayInks[0], kWays[0].first},
                                   {kWayInks[1], kWays[1].first},
                                   {kWayInks[2], kWays[2].first},
                                   {"mk", "its cost alone (mark)"}},
                                  4.0, 12.0, options.width_px - 8.0);
  const double x = narrow ? 10.0 : 190.0, row = narrow ? 54.0 : 38.0;
  const PlotArea area{x, y + 4.0, options.width_px - x - (narrow ? 14.0 : 190.0),
                      row * static_cast<double>(rows)};
  const NumberAxis axis = number_axis(low, high, area.x, area.right(), narrow ? 3 : 6);
  draw_across_axis(sheet, area, axis,
                   (view->currency.empty() ? "USD" : clip(view->currency, 8)) + " in " +
                       number_text(view->year));
  for (std::size_t i = 0; i < rows; ++i) {
    const auto& one = view->members[i];
    const double top = area.y + row * static_cast<double>(i);
    TextStyle style;
    style.size = 12.5;
    const std::string gain = one.gain_usd >= 0.0
                                 ? "gains " + money_words(one.gain_usd, view->currency)
                                 : "loses " + money_words(-one.gain_usd, view->currency);
    sheet.text({4.0, narrow ? top + 13.0 : top + 22.0},
               fit_text(clip(digest.country(one.country), 40), style.size, 176.0), "k", style);
    style.size = 11.0;
    style.anchor = narrow ? Anchor::end : Anchor::start;
    sheet.text(
        {narrow ? options.width_px - 6.0 : area.right() + 12.0, narrow ? top + 13.0 : top + 22.0},
        std::isfinite(one.gain_usd) ? gain : std::string("gain not known"), "k2", style);
    member_bars(sheet, digest, one, view->currency, axis,
                {area.x, narrow ? top + 15.0 : top, 0.0, row});
  }
  sheet.height_px = area.bottom() + 36.0;
  return sheet;
}

}  // namespace lode::report
