// Ranked bars with the interval of ranks.
#include "libgeo/report/charts.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

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
    at.rank_width = uncertain ? width - at.rank_x - 8.0 : 0.0;
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
  sheet.open("pt", standing_words(digest, one), link_to(one));
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
  const double warn = one.cautions.empty() ? 0.0 : 12.0;
  const double room = at.name_width - 6.0 - code_width - warn;
  const std::string fitted = fit_text(name, 12.5, room, style.bold);
  sheet.text({at.name_x, text_y}, fitted, "k", style);
  if (warn > 0.0) {
    const double wide = text_width(fitted, 12.5, style.bold);
    style.bold = true;
    sheet.text({at.name_x + 2.0 + std::min(room, wide), text_y}, "!", "ca", style);
  }
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
  sheet.height_px =
      bottom + 24.0 +
      group_legend(sheet, digest, first_ranked(digest, rows), at.name_x, bottom + 36.0);
  return sheet;
}

}  // namespace lode::report
