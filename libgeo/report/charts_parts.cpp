// Axes, legends and heads of rows, the same in every chart.
#include "libgeo/report/charts_parts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_axes.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kColours = 8;
constexpr std::array<double, 9> kBounds{0.0, 0.01, 0.02, 0.05, 0.10, 0.20, 0.30, 0.50, 0.75};

}  // namespace

std::string link_to(const SiteStanding& ranked) {
  return "#s" + number_text(static_cast<double>(ranked.site));
}

std::string standing_words(const Digest& digest, const SiteStanding& ranked) {
  std::string words = number_text(ranked.rank) + ". " + clip(digest.name(digest.site(ranked)), 60) +
                      "\nScore " + digest.score(ranked.score);
  if (digest.uncertain)
    put(words, "\nRank ", rank_text(ranked.rank_p05), " to ", rank_text(ranked.rank_p95),
        " in nine draws of ten\nFirst in ",
        percent_error(ranked.first_acceptability, ranked.first_error), " of the draws");
  for (const auto& caution : ranked.cautions) put(words, "\nCaution: ", clip(caution, 80));
  return words;
}

double nice_step(double span, int most) {
  if (!(span > 0.0) || !std::isfinite(span)) return 1.0;
  double step = std::pow(10.0, std::floor(std::log10(span / most)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0})
    if (span / (step * factor) <= most + 1e-9) return step * factor;
  return step * 10.0;
}

std::size_t shade_of(double share) {
  if (!(share > 0.0)) return 0;
  std::size_t shade = 1;
  while (shade < 9 && share >= kBounds[shade]) ++shade;
  return shade;
}

std::string shade_text(std::size_t shade) {
  return shade >= 7 ? "hs" : "k";
}

double shade_legend(Drawing& sheet, double x, double y, double width, const std::string& words) {
  TextStyle style;
  style.size = 11.0;
  sheet.text({x, y}, fit_text(words, style.size, width), "k2", style);
  const double cell = std::min(34.0, (width - 44.0) / 10.0);
  style.size = 10.0;
  style.anchor = Anchor::middle;
  for (std::size_t i = 0; i < 10; ++i) {
    const double left = x + cell * static_cast<double>(i);
    sheet.rect(left, y + 7.0, cell - 1.0, 12.0, "h" + number_text(static_cast<double>(i)));
    if (i == 0)
      sheet.text({left + cell / 2.0, y + 31.0}, "0", "k2", style);
    else if (i > 1)
      sheet.text({left, y + 31.0}, number_text(std::round(kBounds[i - 1] * 100.0)), "k2", style);
  }
  style.anchor = Anchor::start;
  sheet.text({x + cell * 10.0 - 8.0, y + 31.0}, "100\xc2\xa0%", "k2", style);
  return 38.0;
}

std::size_t diverging_class(double value) {
  if (!std::isfinite(value)) return 4;
  const double size = std::abs(value);
  const std::size_t step = size < 0.1 ? 0 : size < 0.35 ? 1 : size < 0.65 ? 2 : size < 0.9 ? 3 : 4;
  return value < 0.0 ? 4 - step : 4 + step;
}

std::string diverging_text(std::size_t shade) {
  return shade == 0 || shade == 8 ? "hs" : "k";
}

double wrapped_legend(Drawing& sheet,
                      const std::vector<std::pair<std::string, std::string>>& entries, double x0,
                      double y, double width) {
  TextStyle style;
  style.size = 11.5;
  double x = x0, used = 18.0;
  for (const auto& [ink_name, words] : entries) {
    const std::string fitted = fit_text(words, style.size, width - 18.0);
    const double wide = 18.0 + text_width(fitted, style.size) + 12.0;
    if (x > x0 && x + wide > x0 + width) {
      x = x0;
      y += 18.0;
      used += 18.0;
    }
    sheet.rect(x, y - 9.5, 11.0, 11.0, ink_name == "xs" ? "ms" : ink_name, 2.0);
    if (ink_name == "xs") hatch(sheet, x, y - 9.5, 11.0, 11.0, "xs", 4.0);
    sheet.text({x + 16.0, y}, fitted, "k2", style);
    x += wide;
  }
  return used;
}

double group_legend(Drawing& sheet, const Digest& digest,
                    const std::vector<const SiteStanding*>& shown, double x, double y) {
  std::set<std::string> groups;
  bool primary = false, recycling = false;
  for (const auto* one : shown) {
    const Site& site = digest.site(*one);
    (is_recycling(site) ? recycling : primary) = true;
    groups.insert(group_letter(site.group));
  }
  TextStyle style;
  style.size = 11.5;
  const auto entry = [&](const std::string& ink_name, bool diamond, const std::string& words) {
    draw_sign(sheet, {x + 5.0, y - 4.0}, 5.0, diamond, ink_name);
    sheet.text({x + 15.0, y}, words, "k2", style);
    x += 15.0 + text_width(words, style.size) + 12.0;
  };
  for (const auto* group : {"domestic", "allied", "other", ""})
    if (groups.count(group_letter(group)))
      entry("g" + group_letter(group), false, group_title(group));
  if (primary && recycling) {
    entry("gu", false, "Mine");
    entry("gu", true, "Recycling");
  }
  return 18.0;
}

double wrapped_text(Drawing& sheet, const std::string& words, Point at, double width,
                    const std::string& ink_name, const TextStyle& style, std::size_t most) {
  const double line = style.size * 1.3;
  std::string row;
  std::size_t rows = 0;
  const std::vector<std::string> parts = split(words, ' ');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string longer = row.empty() ? parts[i] : row + " " + parts[i];
    if (row.empty() || text_width(longer, style.size, style.bold) <= width) {
      row = longer;
      continue;
    }
    if (rows + 1 == most) {  // the last line takes what is left and is cut
      for (std::size_t k = i; k < parts.size(); ++k) put(row, " ", parts[k]);
      break;
    }
    sheet.text({at.x, at.y + line * static_cast<double>(rows++)}, row, ink_name, style);
    row = parts[i];
  }
  sheet.text({at.x, at.y + line * static_cast<double>(rows++)},
             fit_text(row, style.size, width, style.bold), ink_name, style);
  return line * static_cast<double>(rows);
}

void site_head(Drawing& sheet, const Digest& digest, const SiteStanding& one, const RowHead& at,
               double y) {
  const Site& site = digest.site(one);
  TextStyle style;
  style.size = at.size;
  style.anchor = Anchor::end;
  const double sign_x = at.x + at.size * 1.55 + 9.0;
  sheet.text({sign_x - 10.0, y}, number_text(one.rank), "k2", style);
  draw_sign(sheet, {sign_x, y - at.size * 0.34}, 4.2, is_recycling(site),
            "g" + group_letter(site.group));
  style.anchor = Anchor::start;
  style.bold = one.rank <= 3;
  const double warn = one.cautions.empty() ? 0.0 : 12.0;
  const double room = at.width - (sign_x - at.x) - 16.0 - warn;
  const std::string name = fit_text(clip(digest.name(site), 80), at.size, room, style.bold);
  sheet.text({sign_x + 9.0, y}, name, "k", style);
  if (warn <= 0.0) return;
  style.bold = true;
  sheet.text({sign_x + 11.0 + std::min(room, text_width(name, at.size, one.rank <= 3)), y}, "!",
             "ca", style);
}

std::string value_words(const Digest& digest, std::size_t criterion, std::size_t site) {
  if (criterion >= digest.result.criteria.size()) return people(std::nan(""));
  const auto& used = digest.result.criteria[criterion];
  const auto* column = digest.indicator(used.name);
  if (!column || site >= column->value.size()) return people(std::nan(""));
  return clip(people_short(column->value[site], column->unit), 40);
}

std::string country_ink(const Digest& digest, const std::set<std::string>& allies,
                        const std::string& iso3) {
  if (!iso3.empty() && iso3 == digest.result.home) return "gd";
  if (allies.count(iso3)) return "ga";
  return iso3.empty() || lower(iso3) == "other" ? "gu" : "go";
}

std::vector<const SiteStanding*> first_ranked(const Digest& digest, std::size_t rows) {
  return {digest.ranking.begin(), digest.ranking.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                               rows, digest.ranking.size()))};
}

CriterionInks::CriterionInks(const Digest& digest) {
  std::map<std::string, double> total;
  for (const auto* ranked : first_ranked(digest, 25))
    for (const auto& [name, value] : ranked->contributions)
      if (std::isfinite(value)) total[name] += std::abs(value);
  for (const auto& criterion : digest.result.criteria) {
    if (std::find(order.begin(), order.end(), criterion.name) != order.end()) continue;
    order.push_back(criterion.name);
    total.emplace(criterion.name, 0.0);
  }
  for (const auto& [name, value] : total)
    if (std::find(order.begin(), order.end(), name) == order.end()) order.push_back(name);
  std::stable_sort(order.begin(), order.end(),
                   [&](const std::string& a, const std::string& b) { return total[a] > total[b]; });
}

std::string CriterionInks::ink_of(const std::string& name) const {
  const auto found = std::find(order.begin(), order.end(), name);
  const auto index = static_cast<std::size_t>(found - order.begin());
  return "c" + number_text(static_cast<double>(std::min(index, kColours)));
}

std::vector<std::pair<std::string, std::string>> CriterionInks::legend() const {
  std::vector<std::pair<std::string, std::string>> entries;
  for (std::size_t i = 0; i < std::min(order.size(), kColours); ++i)
    entries.push_back(
        {"c" + number_text(static_cast<double>(i)), clip(indicator_short(clip(order[i], 90)), 36)});
  if (order.size() == kColours + 1)
    entries.push_back({"c8", clip(indicator_short(order.back()), 36)});
  else if (order.size() > kColours)
    entries.push_back(
        {"c8", counted(order.size() - kColours, "other criterion", "other criteria")});
  return entries;
}

}  // namespace lode::report
