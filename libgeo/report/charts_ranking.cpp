// How firm the order is: rank acceptabilities, rank intervals, wins of pairs.
#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

/// Where the cells of the strip lie.
struct CellGrid {
  double left = 0.0, top = 0.0, width = 0.0, height = 0.0;  ///< of a cell
  double row = 0.0;                                         ///< from one row to the next
  std::size_t ranks = 0;
  bool beyond = false;  ///< a last column takes the ranks that have none of their own
};

double share_at(const SiteStanding& one, std::size_t r) {
  return r < one.rank_acceptability.size() ? one.rank_acceptability[r] : 0.0;
}

/// What is left for the ranks behind the last column.
double share_beyond(const SiteStanding& one, std::size_t ranks) {
  double sum = 0.0;
  for (std::size_t r = 0; r < ranks; ++r)
    if (std::isfinite(share_at(one, r))) sum += share_at(one, r);
  return sum > 0.0 || one.rank_p05 > static_cast<double>(ranks) ? std::max(0.0, 1.0 - sum) : 0.0;
}

double share_in(const SiteStanding& one, const CellGrid& grid, std::size_t column) {
  return column < grid.ranks ? share_at(one, column) : share_beyond(one, grid.ranks);
}

double column_x(const CellGrid& grid, std::size_t column) {
  return grid.left + grid.width * static_cast<double>(column) +
         (column >= grid.ranks ? grid.width * 0.2 : 0.0);
}

/// All cells of one shade are one shape; numbers stand in the cells that have room for them.
void paint_cells(Drawing& sheet, const std::vector<const SiteStanding*>& sites,
                 const CellGrid& grid) {
  std::array<std::vector<Path>, 10> cells;
  const std::size_t columns = grid.ranks + (grid.beyond ? 1 : 0);
  for (std::size_t i = 0; i < sites.size(); ++i)
    for (std::size_t r = 0; r < columns; ++r) {
      const double x = column_x(grid, r), y = grid.top + grid.row * static_cast<double>(i);
      const double right = x + grid.width - 1.0, bottom = y + grid.height;
      cells[shade_of(share_in(*sites[i], grid, r))].push_back(
          {{x, y}, {right, y}, {right, bottom}, {x, bottom}});
    }
  for (std::size_t shade = 0; shade < cells.size(); ++shade)
    sheet.polygon(std::move(cells[shade]), "h" + number_text(static_cast<double>(shade)));
  TextStyle style;
  style.size = grid.width < 24.0 ? 8.5 : grid.width < 34.0 ? 10.0 : 11.0;
  style.anchor = Anchor::middle;
  if (grid.width < 14.0) return;
  for (std::size_t i = 0; i < sites.size(); ++i)
    for (std::size_t r = 0; r < columns; ++r) {
      const double share = share_in(*sites[i], grid, r);
      if (!(share >= 0.045)) continue;
      sheet.text(
          {column_x(grid, r) + grid.width / 2.0 - 0.5,
           grid.top + grid.row * static_cast<double>(i) + grid.height / 2.0 + style.size * 0.35},
          fixed_text(share * 100.0, 0), shade_text(shade_of(share)), style);
    }
}

/// From the 5th to the 95th percentile under the cells, with the median as a thicker piece.
void paint_interval(Drawing& sheet, const SiteStanding& one, const CellGrid& grid, double y,
                    const std::string& letter) {
  if (!std::isfinite(one.rank_p05) || !std::isfinite(one.rank_p95) || one.rank_p05 < 1.0) return;
  const auto column = [&](double rank) {
    return std::min<std::size_t>(static_cast<std::size_t>(std::min(rank, 1e9)) - 1,
                                 grid.beyond ? grid.ranks : grid.ranks - 1);
  };
  const double from = column_x(grid, column(one.rank_p05)) + 1.2;
  const double to = column_x(grid, column(one.rank_p95)) + grid.width - 2.2;
  sheet.line({from, y}, {std::max(from + 1.0, to), y}, "w" + letter);
}

void strip_axis(Drawing& sheet, const CellGrid& grid, bool narrow) {
  TextStyle head;
  head.size = narrow ? 9.5 : 11.0;
  head.anchor = Anchor::middle;
  const std::size_t step = grid.width < 15.0 ? 5 : 1;
  for (std::size_t r = 0; r < grid.ranks; ++r)
    if (step == 1 || r == 0 || (r + 1) % step == 0)
      sheet.text({column_x(grid, r) + grid.width / 2.0 - 0.5, grid.top - 6.0},
                 number_text(static_cast<double>(r + 1)), "k2", head);
  if (grid.beyond)
    sheet.text({column_x(grid, grid.ranks) + grid.width / 2.0 - 0.5, grid.top - 6.0},
               ">" + number_text(static_cast<double>(grid.ranks)), "k2", head);
}

/// Ranks that get a column: as many as the sites shown can take, and what their draws reach.
CellGrid strip_grid(const Digest& digest, const std::vector<const SiteStanding*>& sites,
                    double width_px) {
  CellGrid grid;
  const bool narrow = width_px < 600.0;
  std::size_t kept = 0;
  for (const auto* one : sites) kept = std::max(kept, one->rank_acceptability.size());
  grid.ranks = std::min<std::size_t>({kept, narrow ? 15U : 20U, digest.ranking.size()});
  for (const auto* one : sites)
    grid.beyond = grid.beyond || share_beyond(*one, grid.ranks) >= 0.0005;
  grid.beyond = grid.beyond && grid.ranks < digest.ranking.size();
  grid.left = narrow ? 4.0 : 268.0;
  const double room = width_px - grid.left - (narrow ? 4.0 : 190.0);
  grid.width =
      grid.ranks == 0
          ? 0.0
          : std::min(60.0, room / (static_cast<double>(grid.ranks) + (grid.beyond ? 1.2 : 0.0)));
  grid.row = narrow ? 42.0 : 29.0;
  grid.height = narrow ? 17.0 : 20.0;
  grid.top = narrow ? 58.0 : 44.0;
  return grid;
}

/// What stands beside the cells of a site: its name, its interval, how often it is first.
void strip_row(Drawing& sheet, const Digest& digest, const SiteStanding& one, const CellGrid& grid,
               double y, double width_px) {
  const bool narrow = width_px < 600.0;
  const double text_y = narrow ? y - 4.0 : y + 14.5;
  sheet.open("pt", standing_words(digest, one), link_to(one));
  sheet.rect(0, y - (narrow ? 16.0 : 3.0), width_px, grid.row, "hit");
  site_head(sheet, digest, one,
            {0.0, narrow ? width_px - 130.0 : grid.left - 8.0, narrow ? 11.5 : 12.5}, text_y);
  TextStyle style;
  style.size = narrow ? 10.5 : 12.0;
  style.anchor = Anchor::end;
  if (std::isfinite(one.rank_p05) && std::isfinite(one.rank_p95)) {
    std::string range = rank_text(one.rank_p05);
    if (one.rank_p05 != one.rank_p95) put(range, "\xe2\x80\x93", rank_text(one.rank_p95));
    sheet.text({width_px - (narrow ? 62.0 : 116.0), text_y}, range, "k2", style);
  }
  sheet.text({width_px - 4.0, text_y},
             narrow ? percent(one.first_acceptability)
                    : percent_error(one.first_acceptability, one.first_error),
             "k", style);
  sheet.close();
  paint_interval(sheet, one, grid, y + grid.height + 3.2, group_letter(digest.site(one).group));
}

}  // namespace

Drawing draw_acceptability(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Rank acceptability";
  sheet.description =
      "Share of the draws in which a site takes a rank: one row a site, one column a rank.";
  const auto sites = first_ranked(digest, options.rows);
  const CellGrid grid = strip_grid(digest, sites, options.width_px);
  sheet.width_px = options.width_px;
  if (grid.ranks == 0) return sheet;
  const bool narrow = options.width_px < 600.0;
  TextStyle head;
  head.size = 11.5;
  sheet.text({narrow ? 4.0 : grid.left, 14.0}, "Rank in the draws", "k", head);
  strip_axis(sheet,
             {grid.left, narrow ? 36.0 : grid.top, grid.width, grid.height, grid.row, grid.ranks,
              grid.beyond},
             narrow);
  head.anchor = Anchor::end;
  const double range_x = options.width_px - 116.0, first_x = options.width_px - 4.0;
  if (!narrow) {
    sheet.text({range_x, grid.top - 6.0},
               "5\xe2\x80\x93"
               "95\xc2\xa0%",
               "k2", head);
    sheet.text({first_x, grid.top - 6.0}, "First place", "k2", head);
  }
  for (std::size_t i = 0; i < sites.size(); ++i)
    strip_row(sheet, digest, *sites[i], grid, grid.top + grid.row * static_cast<double>(i),
              options.width_px);
  paint_cells(sheet, sites, grid);
  const double bottom = grid.top + grid.row * static_cast<double>(sites.size());
  double y = bottom + 16.0;
  y += shade_legend(sheet, narrow ? 4.0 : grid.left, y, narrow ? options.width_px - 8.0 : 440.0,
                    "Share of the draws, per cent; a line marks ranks from 5 to 95 %");
  y += group_legend(sheet, digest, sites, narrow ? 4.0 : grid.left, y + 14.0) + 2.0;
  sheet.height_px = y + 4.0;
  return sheet;
}

namespace {

struct IntervalColumns {
  bool narrow = false;
  double axis_x = 0.0, axis_width = 0.0, row = 0.0, top = 0.0;
  double settled_x = 0.0;
};

void interval_row(Drawing& sheet, const Digest& digest, const SiteStanding& one,
                  const IntervalColumns& at, double y, double last) {
  const auto x_of = [&](double rank) {
    return at.axis_x + std::clamp((rank - 1.0) / (last - 1.0), 0.0, 1.0) * at.axis_width;
  };
  const Site& site = digest.site(one);
  const std::string letter = group_letter(site.group);
  const double middle = at.narrow ? y + 24.0 : y + at.row / 2.0;
  sheet.open("pt", standing_words(digest, one), link_to(one));
  sheet.rect(0, y, at.settled_x, at.row, "hit");
  site_head(sheet, digest, one,
            {0.0, at.narrow ? at.settled_x - 60.0 : at.axis_x - 14.0, at.narrow ? 11.5 : 12.0},
            at.narrow ? y + 13.0 : middle + 4.0);
  if (std::isfinite(one.rank_p05) && std::isfinite(one.rank_p95)) {
    const double from = x_of(one.rank_p05), to = std::max(x_of(one.rank_p95), from + 1.0);
    sheet.rect(from - 3.0, middle - 4.0, to - from + 6.0, 8.0, "i" + letter, 4.0);
  }
  if (std::isfinite(one.rank_p50))
    sheet.line({x_of(one.rank_p50), middle - 5.5}, {x_of(one.rank_p50), middle + 5.5}, "mkl");
  draw_sign(sheet, {x_of(one.rank), middle}, 4.0, is_recycling(site), "s" + letter);
  TextStyle style;
  style.size = at.narrow ? 10.5 : 11.5;
  style.anchor = Anchor::end;
  if (std::isfinite(one.rank_entropy))
    sheet.text({at.settled_x, at.narrow ? y + 13.0 : middle + 4.0}, fixed_text(one.rank_entropy, 2),
               "k2", style);
  sheet.close();
}

}  // namespace

Drawing draw_intervals(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Intervals of the ranks";
  sheet.description =
      "For each site its rank, the median rank and the ranks from the 5th to the 95th percentile "
      "of "
      "the draws.";
  sheet.width_px = options.width_px;
  const auto sites = first_ranked(digest, options.rows);
  if (sites.empty() || !digest.uncertain) return sheet;
  IntervalColumns at;
  at.narrow = options.width_px < 600.0;
  at.row = at.narrow ? 34.0 : 22.0;
  at.top = 34.0;
  at.axis_x = at.narrow ? 10.0 : 264.0;
  at.settled_x = options.width_px - 4.0;
  at.axis_width = at.settled_x - at.axis_x - (at.narrow ? 8.0 : 84.0);
  double last = 2.0;
  for (const auto* one : sites) {
    last = std::max(last, static_cast<double>(one->rank));
    if (std::isfinite(one->rank_p95)) last = std::max(last, one->rank_p95);
  }
  const double bottom = at.top + at.row * static_cast<double>(sites.size());
  TextStyle head;
  head.size = 11.5;
  sheet.text({at.axis_x - (at.narrow ? 6.0 : 0.0), 13.0}, "Rank", "k2", head);
  head.anchor = Anchor::end;
  if (std::any_of(sites.begin(), sites.end(),
                  [](const SiteStanding* one) { return std::isfinite(one->rank_entropy); }))
    sheet.text({at.settled_x, 13.0}, "Unsettled, 0 to 1", "k2", head);
  head.size = 10.5;
  head.anchor = Anchor::middle;
  const double step = nice_step(last - 1.0, at.narrow ? 6 : 12);
  for (double rank = 1.0; rank <= last + 1e-9;
       rank = rank == 1.0 && step > 1.0 ? step : rank + std::max(1.0, step)) {
    const double x = at.axis_x + (rank - 1.0) / (last - 1.0) * at.axis_width;
    sheet.line({x, at.top - 2.0}, {x, bottom}, "gl");
    sheet.text({x, at.top - 7.0}, number_text(rank), "k2", head);
  }
  for (std::size_t i = 0; i < sites.size(); ++i)
    interval_row(sheet, digest, *sites[i], at, at.top + at.row * static_cast<double>(i), last);
  group_legend(sheet, digest, sites, at.narrow ? 4.0 : at.axis_x, bottom + 18.0);
  sheet.height_px = bottom + 28.0;
  return sheet;
}

Drawing draw_pairwise(const Digest& digest, const ChartOptions& options) {
  Drawing sheet;
  sheet.title = "Wins of pairs";
  sheet.description =
      "Share of the draws in which the site of a row stands above the site of a column.";
  sheet.width_px = options.width_px;
  const auto& checks = digest.result.checks;
  const bool narrow = options.width_px < 600.0;
  const std::size_t count = std::min<std::size_t>(
      {checks.paired, digest.ranking.size(), narrow ? 10U : 15U, options.rows});
  if (count < 2 || checks.pairwise.size() < checks.paired * checks.paired) return sheet;
  const double left = narrow ? 4.0 : 268.0, top = narrow ? 58.0 : 40.0;
  const double cell = std::min(48.0, (options.width_px - left - 4.0) / static_cast<double>(count));
  const double row = narrow ? 42.0 : 27.0, height = narrow ? 20.0 : 26.0;
  TextStyle style;
  style.size = 11.5;
  sheet.text({left, 14.0}, "Stands above the site of rank", "k", style);
  style.size = narrow ? 10.0 : 11.0;
  style.anchor = Anchor::middle;
  const auto sites = first_ranked(digest, count);
  for (std::size_t k = 0; k < count; ++k)
    sheet.text({left + cell * (static_cast<double>(k) + 0.5), narrow ? 34.0 : top - 7.0},
               number_text(sites[k]->rank), "k2", style);
  for (std::size_t i = 0; i < count; ++i) {
    const double y = top + row * static_cast<double>(i);
    site_head(sheet, digest, *sites[i],
              {0.0, narrow ? options.width_px - 8.0 : left - 10.0, narrow ? 11.5 : 12.5},
              narrow ? y - 5.0 : y + height / 2.0 + 4.0);
    for (std::size_t k = 0; k < count; ++k) {
      if (i == k) continue;
      const double wins = checks.pairwise[i * checks.paired + k];
      if (!std::isfinite(wins)) continue;
      const std::size_t shade = diverging_class(2.0 * wins - 1.0);
      const double x = left + cell * static_cast<double>(k);
      sheet.open("", clip(digest.name(digest.site(*sites[i])), 40) + " above " +
                         clip(digest.name(digest.site(*sites[k])), 40) + ": " + percent(wins));
      sheet.rect(x, y, cell - 1.0, height, "v" + number_text(static_cast<double>(shade)));
      sheet.text({x + cell / 2.0 - 0.5, y + height / 2.0 + 3.8}, fixed_text(wins * 100.0, 0),
                 diverging_text(shade), style);
      sheet.close();
    }
  }
  const double bottom = top + row * static_cast<double>(count);
  wrapped_legend(sheet, {{"v0", "never"}, {"v4", "as often as not"}, {"v8", "in all draws"}}, left,
                 bottom + 16.0, options.width_px - left);
  sheet.height_px = bottom + 26.0;
  return sheet;
}

}  // namespace lode::report
