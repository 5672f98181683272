// Where supply comes from today: shares by country, and concentration by element and stage.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

struct SupplyColumns {
  bool narrow = false;
  double label_x = 4.0, label_width = 0.0;
  double bar_x = 0.0, bar_width = 0.0, bar_height = 0.0;
  double axis_x = 0.0, axis_width = 0.0;
  double row = 0.0;
};

SupplyColumns supply_columns(double width_px, bool dense) {
  SupplyColumns at;
  at.narrow = width_px < 600.0;
  at.bar_height = at.narrow || dense ? 16.0 : 22.0;
  at.row = at.narrow ? 56.0 : dense ? 22.0 : 32.0;
  at.label_width = at.narrow ? width_px - 8.0 : 150.0;
  at.bar_x = at.narrow ? 4.0 : 162.0;
  at.bar_width = at.narrow ? width_px - 8.0 : width_px - 162.0 - 330.0;
  at.axis_x = at.narrow ? 4.0 : width_px - 312.0;
  at.axis_width = at.narrow ? width_px - 150.0 : 150.0;
  return at;
}

void share_bar(Drawing& sheet, const Digest& digest, const std::set<std::string>& allies,
               const Dependence& one, const SupplyColumns& at, double y) {
  double total = 0.0;
  for (const auto& [country, share] : one.share_by_country)
    if (share > 0.0 && std::isfinite(share)) total += share;
  sheet.rect(at.bar_x, y, at.bar_width, at.bar_height, "bg", 2.0);
  // Shares of a whole that is more than 1 by rounding must not run out of the bar.
  const double scale = at.bar_width / std::max(1.0, total);
  double x = at.bar_x;
  constexpr std::size_t most = 60;  // countries; what is behind them is thinner than a pixel
  for (std::size_t i = 0; i < std::min(most, one.share_by_country.size()); ++i) {
    const auto& [country, share] = one.share_by_country[i];
    if (!(share > 0.0) || !std::isfinite(share)) continue;
    const double length = share * scale;
    const std::string name = clip(digest.country(country), 40);
    sheet.open("", name + ": " + percent(share));
    sheet.rect(x, y, length > 1.6 ? length - 1.2 : length, at.bar_height,
               country_ink(digest, allies, country));
    TextStyle style;
    style.size = at.bar_height < 18.0 ? 10.5 : 11.0;
    const std::string full = name + " " + percent(share);
    const std::string brief = clip(country, 6) + " " + percent(share);
    const std::string& words = text_width(full, style.size) + 10.0 <= length ? full : brief;
    if (text_width(words, style.size) + 6.0 <= length)
      sheet.text({x + 5.0, y + at.bar_height / 2.0 + 3.8}, words, "ki", style);
    sheet.close();
    x += length;
  }
}

/// HHI on an axis from 0 to 1 with what the table leaves open, and the two thresholds.
void hhi_axis(Drawing& sheet, const Dependence& one, const SupplyColumns& at, double y) {
  const auto x_of = [&](double hhi) {
    return at.axis_x + std::clamp(hhi, 0.0, 1.0) * at.axis_width;
  };
  const double middle = y + (at.narrow ? 6.0 : at.bar_height / 2.0);
  TextStyle style;
  style.size = at.narrow ? 11.0 : 12.0;
  if (!std::isfinite(one.hhi)) {
    sheet.text({at.axis_x, middle + 4.0}, "concentration not known", "k2", style);
    return;
  }
  sheet.line({at.axis_x, middle}, {at.axis_x + at.axis_width, middle}, "gl");
  if (std::isfinite(one.hhi_low) && std::isfinite(one.hhi_high) && one.hhi_high > one.hhi_low)
    sheet.rect(x_of(one.hhi_low), middle - 4.0,
               std::max(1.5, x_of(one.hhi_high) - x_of(one.hhi_low)), 8.0, "v6", 3.0);
  if (at.narrow) sheet.line({x_of(0.18), middle - 5.0}, {x_of(0.18), middle + 5.0}, "th");
  sheet.circle({x_of(one.hhi), middle}, 4.2, "v8");
  style.bold = true;
  sheet.text({at.axis_x + at.axis_width + 12.0, middle + 4.0}, fixed_text(one.hhi, 2), "k", style);
  style.bold = false;
  if (std::isfinite(one.hhi_wgi))
    sheet.text({at.axis_x + at.axis_width + 60.0, middle + 4.0},
               fixed_text(one.hhi_wgi, 1) + (at.narrow ? " of 10" : ""), "k2", style);
}

void supply_heads(Drawing& sheet, const SupplyColumns& at, double y) {
  TextStyle head;
  head.size = 11.5;
  if (at.narrow) {
    sheet.text({4.0, y}, "Below each bar: HHI from 0 to 1, and governance-weighted", "k2", head);
    return;
  }
  sheet.text({at.bar_x, y}, "Shares by country", "k2", head);
  sheet.text({at.axis_x, y}, "HHI, 0 to 1", "k2", head);
  sheet.text({at.axis_x + at.axis_width + 60.0, y}, "by governance", "k2", head);
}

/// Where highly concentrated begins (United States Merger Guidelines 2023).
void hhi_lines(Drawing& sheet, const SupplyColumns& at, double top, double bottom) {
  if (at.narrow) return;
  const double x = at.axis_x + 0.18 * at.axis_width;
  sheet.line({x, top}, {x, bottom}, "th");
}

std::string supply_label(const Dependence& one, bool with_stage) {
  std::string label = clip(capital(one.material), 30);
  if (with_stage && !one.stage.empty()) put(label, ", ", clip(one.stage, 24));
  return label;
}

/// Whose shares are shown, as far as any is.
std::vector<std::pair<std::string, std::string>> supply_legend(const Digest& digest,
                                                               const std::set<std::string>& allies,
                                                               std::size_t rows) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < rows; ++i)
    for (const auto& [country, share] : digest.result.dependence[i].share_by_country)
      if (share > 0.0) seen.insert(country_ink(digest, allies, country));
  std::vector<std::pair<std::string, std::string>> entries;
  const std::array<std::pair<const char*, std::string>, 4> all{
      {{"gd", clip(digest.country(digest.result.home), 30)},
       {"ga", "Allies"},
       {"go", "Other countries"},
       {"gu", "Not told apart"}}};
  for (const auto& [ink_name, words] : all)
    if (seen.count(ink_name)) entries.push_back({ink_name, words});
  return entries;
}

/// One row of bars: label, shares, concentration.
void supply_row(Drawing& sheet, const Digest& digest, const std::set<std::string>& allies,
                const Dependence& one, const SupplyColumns& at, double y, bool headed) {
  TextStyle style;
  style.size = 12.5;
  style.bold = !headed;
  const std::string label = fit_text(supply_label(one, !headed), 12.5, at.label_width, style.bold);
  sheet.text({4.0, at.narrow ? y + 12.0 : y + at.bar_height / 2.0 + 4.5}, label, "k", style);
  share_bar(sheet, digest, allies, one, at, at.narrow ? y + 17.0 : y);
  hhi_axis(sheet, one, at, at.narrow ? y + 36.0 : y);
}

}  // namespace

Drawing draw_dependence(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Where supply comes from today";
  sheet.description = "Shares by country and their concentration, by element and stage.";
  sheet.width_px = options.width_px;
  const auto& list = digest.result.dependence;
  const std::set<std::string> allies(digest.result.allies.begin(), digest.result.allies.end());
  const std::size_t rows = std::min(options.rows, list.size());
  if (rows == 0) return sheet;
  const SupplyColumns at = supply_columns(options.width_px, rows > 12);
  std::set<std::string> stages;
  for (std::size_t i = 0; i < rows; ++i) stages.insert(list[i].stage);
  const auto entries = supply_legend(digest, allies, rows);
  double y = 8.0 + wrapped_legend(sheet, entries, 4.0, 12.0, options.width_px - 8.0);
  supply_heads(sheet, at, y + 10.0);
  y += 18.0;
  // Many rows stand under the headings of their stages; few carry the stage in their label.
  const bool headed = rows > 6 && stages.size() < rows;
  std::string stage;
  double block = y;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto& one = list[i];
    if (headed && (i == 0 || one.stage != stage)) {
      if (i > 0) hhi_lines(sheet, at, block, y - 4.0);
      TextStyle head;
      head.size = 12.5;
      head.bold = true;
      sheet.text({4.0, y + 16.0},
                 fit_text(one.stage.empty() ? "Stage not said" : capital(clip(one.stage, 60)), 12.5,
                          options.width_px - 8.0, true),
                 "k", head);
      stage = one.stage;
      y += 24.0;
      block = y;
    }
    supply_row(sheet, digest, allies, one, at, y, headed);
    y += at.row;
  }
  hhi_lines(sheet, at, block, y - 4.0);
  sheet.height_px = y + 2.0;
  return sheet;
}

namespace {

/// HHI to a shade, by the guidelines' thresholds and then in equal steps.
std::size_t hhi_shade(double hhi) {
  static constexpr std::array<double, 9> bounds{0.0,  0.10, 0.18, 0.25, 0.35,
                                                0.45, 0.55, 0.70, 0.85};
  std::size_t shade = 0;
  while (shade < 9 && hhi >= bounds[shade]) ++shade;
  return shade;
}

std::vector<std::string> in_order(const std::vector<Dependence>& list,
                                  std::string Dependence::*field) {
  std::vector<std::string> out;
  for (const auto& one : list)
    if (std::find(out.begin(), out.end(), one.*field) == out.end()) out.push_back(one.*field);
  return out;
}

struct ElementCell {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
};

/// HHI on its shade, with the country that supplies most where there is room for it.
void element_cell(Drawing& sheet, const Digest& digest, const std::string& material,
                  const std::string& stage, const ElementCell& at) {
  const auto& list = digest.result.dependence;
  const auto found = std::find_if(list.begin(), list.end(), [&](const Dependence& one) {
    return one.material == material && one.stage == stage;
  });
  TextStyle style;
  style.size = 10.5;
  style.anchor = Anchor::middle;
  const double middle = at.x + at.width / 2.0 - 1.0, base = at.y + at.height / 2.0 + 3.0;
  if (found == list.end() || !std::isfinite(found->hhi)) {
    sheet.rect(at.x, at.y, at.width - 2.0, at.height - 2.0, "bg");
    sheet.text({middle, base}, "\xe2\x80\x93", "k2", style);
    return;
  }
  const std::size_t shade = hhi_shade(found->hhi);
  const std::string ink_name = shade_text(shade);
  std::string who;
  if (!found->share_by_country.empty()) {
    const auto& [country, share] = found->share_by_country.front();
    who = clip(at.width > 130.0 ? digest.country(country) : country, 24) + " " + percent(share);
  }
  sheet.open("", capital(clip(material, 30)) + ", " + clip(stage, 24) + ": HHI " +
                     fixed_text(found->hhi, 2) + (who.empty() ? "" : "; most from " + who));
  sheet.rect(at.x, at.y, at.width - 2.0, at.height - 2.0,
             "h" + number_text(static_cast<double>(shade)));
  const bool beside = !who.empty() && at.width >= 96.0;
  style.size = 11.5;
  style.bold = true;
  if (beside) style.anchor = Anchor::start;
  sheet.text({beside ? at.x + 8.0 : middle, base}, fixed_text(found->hhi, 2), ink_name, style);
  style.bold = false;
  style.size = 11.0;
  style.anchor = Anchor::end;
  if (beside)
    sheet.text({at.x + at.width - 10.0, base}, fit_text(who, 11.0, at.width - 50.0), ink_name,
               style);
  sheet.close();
}

}  // namespace

Drawing draw_dependence_elements(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Concentration by element and stage";
  sheet.description =
      "HHI of the supply of each element at each stage, with the country that supplies most.";
  sheet.width_px = options.width_px;
  const auto& list = digest.result.dependence;
  const bool narrow = options.width_px < 600.0;
  auto materials = in_order(list, &Dependence::material);
  auto stages = in_order(list, &Dependence::stage);
  if (materials.size() + stages.size() < 4) return sheet;
  if (materials.size() > 40) materials.resize(40);
  if (stages.size() > 8) stages.resize(8);
  const double left = narrow ? 96.0 : 190.0, top = 40.0, row = narrow ? 32.0 : 30.0;
  const double cell =
      std::min(200.0, (options.width_px - left - 4.0) / static_cast<double>(stages.size()));
  TextStyle head;
  head.size = narrow ? 10.5 : 12.0;
  head.anchor = Anchor::middle;
  for (std::size_t k = 0; k < stages.size(); ++k)
    sheet.text({left + cell * (static_cast<double>(k) + 0.5), top - 8.0},
               fit_text(stages[k].empty() ? "Not said" : capital(clip(stages[k], 40)), head.size,
                        cell - 4.0),
               "k2", head);
  for (std::size_t i = 0; i < materials.size(); ++i) {
    const double y = top + row * static_cast<double>(i);
    TextStyle style;
    style.size = narrow ? 11.5 : 12.5;
    sheet.text({4.0, y + row / 2.0 + 4.0},
               fit_text(capital(clip(materials[i], 40)), style.size, left - 10.0), "k", style);
    for (std::size_t k = 0; k < stages.size(); ++k) {
      element_cell(sheet, digest, materials[i], stages[k],
                   {left + cell * static_cast<double>(k), y, cell, row});
    }
  }
  const double bottom = top + row * static_cast<double>(materials.size());
  wrapped_legend(sheet,
                 {{"h1", "below 0.10"},
                  {"h2", "0.10 to 0.18: moderate"},
                  {"h3", "above 0.18: highly concentrated"},
                  {"h9", "above 0.85: one country"}},
                 4.0, bottom + 16.0, options.width_px - 8.0);
  sheet.height_px = bottom + (narrow ? 62.0 : 26.0);
  return sheet;
}

}  // namespace lode::report
