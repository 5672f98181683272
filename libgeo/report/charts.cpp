// Ranked bars and the strip of rank acceptabilities.
#include "libgeo/report/charts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

std::string link_to(const SiteStanding& ranked) {
  return "#s" + number_text(static_cast<double>(ranked.site));
}

std::string tooltip(const Digest& digest, const SiteStanding& ranked) {
  std::string words = number_text(ranked.rank) + ". " + clip(digest.name(digest.site(ranked)), 80) +
                      "\nScore " + digest.score(ranked.score);
  if (digest.uncertain)
    put(words, "\nRank ", rank_text(ranked.rank_p05), " to ", rank_text(ranked.rank_p95),
        " in nine draws of ten\nFirst in ", percent(ranked.first_acceptability), " of the draws");
  return words;
}

/// 1, 2, 5, 10, 20, ...: the step that leaves at most `most` ticks.
double nice_step(double span, int most) {
  double step = 1.0;
  static constexpr std::array<double, 3> factors{2.0, 2.5, 2.0};
  for (std::size_t i = 0; span / step > most; ++i) step *= factors[i % 3];
  return step;
}

/// The columns of the ranking chart, pixels.
struct RankColumns {
  bool narrow = false;
  double name_x = 34.0, name_width = 230.0;
  double bar_x = 270.0, bar_width = 300.0;
  double rank_x = 640.0, rank_width = 240.0;
  double first_x = 910.0;
  double row = 27.0, top = 30.0;
};

RankColumns rank_columns(double width, bool uncertain) {
  RankColumns at;
  at.narrow = width < 600.0;
  if (at.narrow) {
    at.row = 44.0;
    at.top = 34.0;
    at.name_x = 26.0;
    at.name_width = width - 80.0;
    at.bar_x = 26.0;
    at.bar_width = uncertain ? width * 0.40 : width - 90.0;
    at.rank_x = at.bar_x + at.bar_width + 24.0;
    at.rank_width = width - at.rank_x - 8.0;
    at.first_x = width - 4.0;
    return at;
  }
  at.name_width = std::min(250.0, width * 0.24);
  at.bar_x = at.name_x + at.name_width + 10.0;
  const double rest = width - at.bar_x;
  at.bar_width = uncertain ? rest * 0.36 : rest - 70.0;
  at.rank_x = at.bar_x + at.bar_width + 76.0;
  at.rank_width = uncertain ? width - at.rank_x - 96.0 : 0.0;
  at.first_x = width - 4.0;
  return at;
}

/// The highest rank any interval of the shown rows reaches.
double last_rank(const Digest& digest, std::size_t rows) {
  double last = 2.0;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto& one = *digest.ranking[i];
    last = std::max(last, static_cast<double>(one.rank));
    if (std::isfinite(one.rank_p95)) last = std::max(last, one.rank_p95);
  }
  return last;
}

void ranking_axis(Drawing& sheet, const RankColumns& at, double last, double bottom) {
  TextStyle head;
  head.size = at.narrow ? 10.5 : 12.0;
  sheet.text({at.bar_x, at.top - 14.0}, "Score", "k2", head);
  if (at.rank_width <= 0.0) return;
  sheet.text({at.rank_x, at.top - 14.0},
             at.narrow ? "Rank, 5\xe2\x80\x93"
                         "95 %"
                       : "Rank: median and 5 to 95 % of the draws",
             "k2", head);
  head.anchor = Anchor::end;
  sheet.text({at.first_x, at.top - 14.0}, at.narrow ? "First" : "First place", "k2", head);
  TextStyle small;
  small.size = 10.5;
  small.anchor = Anchor::middle;
  const double step = nice_step(last - 1.0, at.narrow ? 3 : 7);
  for (double rank = 1.0; rank <= last + 1e-9;
       rank = rank == 1.0 && step > 1.0 ? step : rank + step) {
    const double x = at.rank_x + (rank - 1.0) / (last - 1.0) * at.rank_width;
    sheet.line({x, at.top}, {x, bottom}, "gl");
    sheet.text({x, bottom + 14.0}, number_text(rank), "k2", small);
  }
}

void rank_interval(Drawing& sheet, const RankColumns& at, const SiteStanding& one, double last,
                   double y, const std::string& letter, bool recycling) {
  const auto x_of = [&](double rank) {
    return at.rank_x + std::clamp((rank - 1.0) / (last - 1.0), 0.0, 1.0) * at.rank_width;
  };
  if (std::isfinite(one.rank_p05) && std::isfinite(one.rank_p95)) {
    const double from = x_of(one.rank_p05), to = x_of(one.rank_p95);
    sheet.line({from, y}, {std::max(to, from + 0.5), y}, "w" + letter);
    for (const double x : {from, to}) sheet.line({x, y - 3.5}, {x, y + 3.5}, "w" + letter);
  }
  const double middle = std::isfinite(one.rank_p50) ? one.rank_p50 : one.rank;
  draw_sign(sheet, {x_of(middle), y}, 4.6, recycling, "s" + letter);
}

void ranking_row(Drawing& sheet, const Digest& digest, const RankColumns& at,
                 const SiteStanding& one, double top, double last) {
  const Site& site = digest.site(one);
  const std::string letter = group_letter(site.group);
  sheet.open("pt", tooltip(digest, one), link_to(one));
  sheet.rect(0, top, at.first_x, at.row, "hit");
  TextStyle style;
  style.size = 12.5;
  const double text_y = at.narrow ? top + 15.0 : top + at.row / 2.0 + 4.5;
  const double bar_y = at.narrow ? top + 21.0 : top + 5.0;
  const double bar_height = at.narrow ? 14.0 : at.row - 10.0;
  style.anchor = Anchor::end;
  sheet.text({at.name_x - 8.0, text_y}, number_text(one.rank), "k2", style);
  style.anchor = Anchor::start;
  style.bold = one.rank <= 3;
  const std::string name = clip(digest.name(site), 80);
  const double code_width = at.narrow || site.country.size() > 4 ? 0.0 : 38.0;
  sheet.text({at.name_x, text_y},
             fit_text(name, 12.5, at.name_width - 6.0 - code_width, style.bold), "k", style);
  style.bold = false;
  if (code_width > 0.0) {
    style.size = 10.5;
    style.anchor = Anchor::end;
    sheet.text({at.bar_x - 10.0, text_y}, site.country, "k2", style);
    style.anchor = Anchor::start;
  }
  sheet.rect(at.bar_x, bar_y, at.bar_width, bar_height, "bg", 2.0);
  sheet.rect(at.bar_x, bar_y, std::max(1.0, at.bar_width * digest.bar(one.score)), bar_height,
             "g" + letter, 2.0);
  style.size = 11.5;
  if (at.narrow) {
    style.anchor = Anchor::end;
    sheet.text({at.first_x, text_y},
               digest.uncertain ? percent(one.first_acceptability) : digest.score(one.score), "k2",
               style);
  } else {
    sheet.text({at.bar_x + at.bar_width + 8.0, text_y}, digest.score(one.score), "k2", style);
  }
  if (digest.uncertain) {
    rank_interval(sheet, at, one, last, bar_y + bar_height / 2.0, letter, is_recycling(site));
    if (!at.narrow) {
      style.size = 12.5;
      style.anchor = Anchor::end;
      sheet.text({at.first_x, text_y}, percent(one.first_acceptability), "k", style);
    }
  }
  sheet.close();
}

/// What the colours and signs of the shown sites mean; returns the height used.
double group_legend(Drawing& sheet, const Digest& digest, std::size_t rows, double x, double y) {
  std::vector<std::string> groups;
  bool primary = false, recycling = false;
  for (std::size_t i = 0; i < rows; ++i) {
    const Site& site = digest.site(*digest.ranking[i]);
    (is_recycling(site) ? recycling : primary) = true;
    if (std::find(groups.begin(), groups.end(), site.group) == groups.end())
      groups.push_back(site.group);
  }
  TextStyle style;
  style.size = 11.5;
  const auto entry = [&](const std::string& ink_name, bool diamond, const std::string& words) {
    draw_sign(sheet, {x + 5.0, y - 4.0}, 5.0, diamond, ink_name);
    sheet.text({x + 15.0, y}, words, "k2", style);
    x += 15.0 + text_width(words, style.size) + 12.0;
  };
  for (const auto* group : {"domestic", "allied", "other", ""})
    if (std::find(groups.begin(), groups.end(), group) != groups.end())
      entry("g" + group_letter(group), false, group_title(group));
  if (primary && recycling) {
    entry("gu", false, "Mine");
    entry("gu", true, "Recycling");
  }
  return 18.0;
}

std::size_t shade_of(double share) {
  if (!(share > 0.0)) return 0;
  // Square root: one draw in twenty must be told from none.
  return std::min<std::size_t>(9,
                               1 + static_cast<std::size_t>(std::sqrt(std::min(share, 1.0)) * 9.0));
}

void shade_legend(Drawing& sheet, double x, double y, double most_width) {
  TextStyle style;
  style.size = 11.5;
  sheet.text({x, y + 11.0}, "0 %", "k2", style);
  const double start = x + 30.0;
  for (std::size_t i = 0; i < 10; ++i)
    sheet.rect(start + 17.0 * static_cast<double>(i), y, 16.0, 14.0,
               "h" + number_text(static_cast<double>(i)));
  sheet.text({start + 178.0, y + 11.0}, fit_text("100 % of the draws", 11.5, most_width - 215.0),
             "k2", style);
}

}  // namespace

Drawing draw_ranking(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Ranking with its uncertainty";
  sheet.description =
      "Score bars, the interval of ranks in the draws, and how often a site comes first.";
  const std::size_t rows = std::min(options.rows, digest.ranking.size());
  const RankColumns at = rank_columns(options.width_px, digest.uncertain);
  const double bottom = at.top + at.row * static_cast<double>(rows);
  const double last = last_rank(digest, rows);
  ranking_axis(sheet, at, last, bottom);
  for (std::size_t i = 0; i < rows; ++i)
    ranking_row(sheet, digest, at, *digest.ranking[i], at.top + at.row * static_cast<double>(i),
                last);
  sheet.width_px = options.width_px;
  sheet.height_px = bottom + 24.0 + group_legend(sheet, digest, rows, at.name_x, bottom + 36.0);
  return sheet;
}

namespace {

/// Where the cells of the strip lie.
struct CellGrid {
  double left = 0.0, top = 0.0, width = 0.0, height = 0.0;
};

/// All cells of one shade are one shape; numbers stand in the cells that have room for them.
void paint_cells(Drawing& sheet, const Digest& digest, const CellGrid& grid, std::size_t rows,
                 std::size_t ranks) {
  std::array<std::vector<Path>, 10> cells;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t r = 0; r < ranks; ++r) {
      const auto& shares = digest.ranking[i]->rank_acceptability;
      const double x = grid.left + grid.width * static_cast<double>(r);
      const double y = grid.top + grid.height * static_cast<double>(i);
      const double right = x + grid.width - 1.0, bottom = y + grid.height - 1.0;
      cells[shade_of(r < shares.size() ? shares[r] : 0.0)].push_back(
          {{x, y}, {right, y}, {right, bottom}, {x, bottom}});
    }
  for (std::size_t shade = 0; shade < cells.size(); ++shade)
    sheet.polygon(std::move(cells[shade]), "h" + number_text(static_cast<double>(shade)));
  TextStyle style;
  style.size = grid.width < 40.0 ? 9.5 : 11.0;
  style.anchor = Anchor::middle;
  for (std::size_t i = 0; i < rows && grid.width >= 24.0; ++i)
    for (std::size_t r = 0; r < ranks; ++r) {
      const auto& shares = digest.ranking[i]->rank_acceptability;
      if (r >= shares.size() || !(shares[r] >= 0.045)) continue;
      sheet.text({grid.left + grid.width * (static_cast<double>(r) + 0.5) - 0.5,
                  grid.top + grid.height * (static_cast<double>(i) + 0.5) + 3.6},
                 fixed_text(shares[r] * 100.0, 0), shade_of(shares[r]) >= 6 ? "hs" : "k", style);
    }
}

}  // namespace

Drawing draw_acceptability(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Rank acceptability";
  sheet.description = "Share of the draws in which a site takes a rank.";
  const std::size_t rows = std::min(options.rows, digest.ranking.size());
  std::size_t ranks = 0;
  for (std::size_t i = 0; i < rows; ++i)
    ranks = std::max(ranks, digest.ranking[i]->rank_acceptability.size());
  const bool narrow = options.width_px < 600.0;
  ranks = std::min<std::size_t>(ranks, narrow ? 12 : 20);
  const double name_width = narrow ? 112.0 : 250.0;
  const double left = (narrow ? 22.0 : 34.0) + name_width;
  const double cell =
      ranks > 0 ? (options.width_px - left - 2.0) / static_cast<double>(ranks) : 0.0;
  const double row = narrow ? 22.0 : 25.0, top = 24.0;
  TextStyle head;
  head.size = 11.0;
  head.anchor = Anchor::middle;
  for (std::size_t r = 0; r < ranks; ++r)
    sheet.text({left + cell * (static_cast<double>(r) + 0.5), top - 7.0},
               number_text(static_cast<double>(r + 1)), "k2", head);
  head.anchor = Anchor::start;
  sheet.text({narrow ? 22.0 : 34.0, top - 7.0}, "Rank", "k2", head);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto& one = *digest.ranking[i];
    const double y = top + row * static_cast<double>(i);
    const std::string name = clip(digest.name(digest.site(one)), 80);
    TextStyle style;
    style.size = narrow ? 11.0 : 12.5;
    style.anchor = Anchor::end;
    sheet.text({(narrow ? 22.0 : 34.0) - 7.0, y + row / 2.0 + 4.0}, number_text(one.rank), "k2",
               style);
    style.anchor = Anchor::start;
    sheet.text({narrow ? 22.0 : 34.0, y + row / 2.0 + 4.0},
               fit_text(name, style.size, name_width - 8.0), "k", style);
  }
  paint_cells(sheet, digest, {left, top, cell, row}, rows, ranks);
  const double bottom = top + row * static_cast<double>(rows);
  shade_legend(sheet, narrow ? 22.0 : left, bottom + 10.0, options.width_px);
  sheet.width_px = options.width_px;
  sheet.height_px = bottom + 30.0;
  return sheet;
}

}  // namespace lode::report
