// The head of the page: title, the answer in three sentences, key figures, maps and charts.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/html_parts.h"
#include "libgeo/report/map.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

std::string day_words(const Date& day) {
  static constexpr std::array<std::string_view, 12> months{
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  if (day.month < 1 || day.month > 12) return to_text(day);
  return number_text(day.day) + " " + std::string(months[day.month - 1]) + " " +
         number_text(day.year);
}

std::string site_link(const Digest& digest, const SiteStanding& ranked) {
  std::string out;
  if (digest.place[ranked.site] >= digest.rows) return shown(digest.name(digest.site(ranked)), 80);
  put(out, "<a href=\"#", site_anchor(ranked.site), "\">",
      shown(digest.name(digest.site(ranked)), 80), "</a>");
  return out;
}

/// Names and ranks of the first `most` that pass.
template <class Test>
std::string best_of(const Digest& digest, std::size_t most, Test test) {
  std::vector<std::string> names;
  for (const auto* ranked : digest.ranking) {
    if (names.size() == most) break;
    if (test(digest.site(*ranked)))
      names.push_back(site_link(digest, *ranked) + " (" + number_text(ranked->rank) + ")");
  }
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    put(out, i == 0 ? "" : i + 1 == names.size() ? " and " : ", ", names[i]);
  return out;
}

/// How many sites have the rank of the first one.
std::size_t level_at_first(const Digest& digest) {
  std::size_t level = 0;
  while (level < digest.ranking.size() &&
         digest.ranking[level]->rank == digest.ranking.front()->rank)
    ++level;
  return level;
}

/// "A, B and 3 more share the first place of 9 sites".
std::string shared_place(const Digest& digest, std::size_t level) {
  const std::size_t named = level > 4 ? 3 : level;
  std::string out;
  for (std::size_t i = 0; i < named; ++i)
    put(out,
        i == 0           ? ""
        : i + 1 == level ? " and "
                         : ", ",
        "<strong>", site_link(digest, *digest.ranking[i]), "</strong>");
  if (level > named) put(out, " and ", counted(level - named), " more");
  put(out, " share the first place of ", counted(digest.ranking.size(), "site"));
  return out;
}

std::string first_sentence(const Digest& digest) {
  const auto& first = *digest.ranking.front();
  const Site& site = digest.site(first);
  const std::size_t level = level_at_first(digest);
  std::string out;
  if (level > 1) {
    put(out, shared_place(digest, level), ".");
    if (has_why(digest)) out += " <a href=\"#why\">Why</a> is said below.";
    return out;
  }
  put(out, "<strong>", site_link(digest, first), "</strong> (",
      shown(digest.country(site.country), 60), ", ",
      site.group.empty() ? "group not known" : shown(site.group, 20), ") ranks first of ",
      counted(digest.ranking.size(), "site"));
  if (digest.uncertain && std::isfinite(first.first_acceptability)) {
    put(out, ": it comes first in ", escape(percent(first.first_acceptability)), " of ",
        counted(digest.result.draws, "draw"));
    if (std::isfinite(first.rank_p95))
      put(out, first.rank_p95 > first.rank_p05 ? " and keeps between ranks " : " and keeps rank ",
          rank_text(first.rank_p05),
          first.rank_p95 > first.rank_p05 ? " and " + rank_text(first.rank_p95) : std::string(),
          " in nine draws of ten");
  }
  out += ".";
  if (has_why(digest))
    put(out, " <a href=\"#why\">Why it stands above the next</a> is said below.");
  if (!first.cautions.empty()) put(out, " Caution: ", shown(first.cautions.front(), 160), ".");
  return out;
}

std::string second_sentence(const Digest& digest) {
  const std::string home =
      best_of(digest, 3, [](const Site& s) { return s.group == "domestic" && !is_recycling(s); });
  const std::string allied =
      best_of(digest, 3, [](const Site& s) { return s.group == "allied" && !is_recycling(s); });
  const std::string recycling = best_of(digest, 3, [](const Site& s) { return is_recycling(s); });
  std::string out;
  const auto add = [&](std::string_view where, const std::string& names) {
    if (names.empty()) return;
    put(out, out.empty() ? "" : "; ", out.empty() ? capital(where) : std::string(where),
        " the best are ", names);
  };
  add("at home", home);
  add("with allies", allied);
  add("in recycling", recycling);
  if (out.empty()) out = "No ranked site is known to be domestic, allied or a recycling source";
  return out + " (rank in brackets).";
}

/// What is known of how sure the order is when no interval of ranks has a width.
std::string unmoved_words(const Digest& digest) {
  const auto& result = digest.result;
  if (result.draws == 0)
    return "How sure this is was not computed: the ranking holds for the given values and weights "
           "alone";
  const std::string draws = counted(result.draws, "draw");
  const bool fixed = result.weights_mode == "given" || result.weights_mode == "equal";
  if (fixed && !result.explained.empty() &&
      std::none_of(result.explained.begin(), result.explained.end(),
                   [](const PairExplained& one) { return one.why.varies; }))
    return "No rank moves in the " + draws +
           ", but neither the weights nor the values of the sites compared have a spread, so this "
           "does not say how sure the order is";
  // An interval from 5 to 95 per cent hides what happens in fewer draws.
  const bool still =
      std::all_of(digest.ranking.begin(), digest.ranking.end(), [](const SiteStanding* one) {
        return std::any_of(one->rank_acceptability.begin(), one->rank_acceptability.end(),
                           [](double share) { return share > 1.0 - 1e-9; }) ||
               (std::isfinite(one->rank_entropy) && one->rank_entropy < 1e-12);
      });
  const std::string none = " site's rank moves in any of the " + draws;
  if (still) return (level_at_first(digest) > 1 ? "No" : "The order is firm: no") + none;
  return "The order is firm: each site keeps its rank in at least nine of ten of the " + draws;
}

std::string third_sentence(const Digest& digest) {
  std::string out;
  const auto& result = digest.result;
  if (!digest.uncertain) {
    out = unmoved_words(digest);
  } else {
    const double first = digest.ranking.front()->first_acceptability;
    std::size_t contenders = 0;
    double runner_up = 0.0;
    for (const auto* ranked : digest.ranking) {
      contenders += ranked->first_acceptability >= 0.05;
      if (ranked != digest.ranking.front() && ranked->first_acceptability >= 0.05)
        runner_up = ranked->first_acceptability;
    }
    const bool shared = level_at_first(digest) > 1, firm = first >= 0.8 && !shared;
    put(out, shared         ? "The first place is shared"
             : firm         ? "The first place is firm"
             : first >= 0.5 ? "The first place is likely, not certain"
                            : "The first place is open");
    if (contenders == 2 && firm)
      put(out, "; one other takes it in ", escape(percent(runner_up)), " of the draws");
    else if (contenders > 1)
      put(out, firm ? "; " : ": ",
          firm ? counted(contenders - 1) + " others" : counted(contenders, "site"),
          " take it in at least 5\xc2\xa0% of the draws each");
    std::vector<double> spread;
    for (std::size_t i = 0; i < std::min<std::size_t>(10, digest.ranking.size()); ++i) {
      const double width = digest.ranking[i]->rank_p95 - digest.ranking[i]->rank_p05;
      if (std::isfinite(width)) spread.push_back(width);
    }
    std::sort(spread.begin(), spread.end());
    if (!spread.empty() && spread[spread.size() / 2] > 0.0)
      put(out, contenders > 1 ? ", and" : ";", " a typical site of the first ten moves over ",
          rank_text(spread[spread.size() / 2] + 1.0), " ranks");
  }
  std::size_t warnings = 0;
  for (const auto& finding : result.findings.list()) warnings += finding.severity != Severity::note;
  if (!result.left_out.empty())
    put(out, "; ", counted(result.left_out.size(), "site is", "sites are"),
        " <a href=\"#left-out\">left out</a>");
  if (warnings > 0)
    put(out, result.left_out.empty() ? "; " : " and ", counted(warnings, "warning"),
        warnings == 1 ? " qualifies" : " qualify", " the <a href=\"#findings\">data</a>");
  return out + ".";
}

struct Tile {
  std::string value, label, note;
};

double sum_over_ranked(const Digest& digest, const IndicatorColumn& column, const char* group) {
  double total = 0.0;
  for (const auto* ranked : digest.ranking) {
    const Site& site = digest.site(*ranked);
    if (site.group != group || ranked->site >= column.value.size()) continue;
    const double value = column.value[ranked->site];
    if (std::isfinite(value)) total += value;
  }
  return total;
}

/// The most concentrated supply of the study, in one number.
void put_concentration_tile(std::vector<Tile>& tiles, const Digest& digest) {
  const Dependence* worst = nullptr;
  for (const auto& one : digest.result.dependence)
    if (std::isfinite(one.hhi) && (!worst || one.hhi > worst->hhi)) worst = &one;
  if (!worst || worst->share_by_country.empty()) return;
  const auto& [country, share] = worst->share_by_country.front();
  tiles.push_back({percent(share), "from " + clip(digest.country(country), 30),
                   clip(capital(worst->material), 30) +
                       (worst->stage.empty() ? std::string() : ", " + clip(worst->stage, 24))});
}

/// Whether a tonnage counts what is only inferred in full.
std::string class_words(const Digest& digest, std::string_view name) {
  if (name == "recoverable_treo_t") return ", discounted by class";
  return digest.indicator("recoverable_treo_t") ? ", before any discount for class" : "";
}

std::vector<Tile> own_tiles(const Digest& digest) {
  std::vector<Tile> tiles;
  const auto& result = digest.result;
  const std::size_t ranked = digest.ranking.size();
  tiles.push_back({counted(ranked), ranked == 1 ? "site ranked" : "sites ranked",
                   "of " + counted(result.sites.size()) + " assessed"});
  std::set<std::string> countries;
  std::size_t recycling = 0, domestic = 0, allied = 0, other = 0;
  for (std::size_t i = 0; i < ranked; ++i) {
    const Site& site = digest.site(*digest.ranking[i]);
    if (!site.country.empty()) countries.insert(site.country);
    recycling += is_recycling(site);
    if (i >= 10) continue;
    domestic += site.group == "domestic";
    allied += site.group == "allied";
    other += site.group != "domestic" && site.group != "allied";
  }
  const auto number = [](std::size_t count) { return number_text(static_cast<double>(count)); };
  if (ranked > 0)
    tiles.push_back({number(domestic) + " / " + number(allied) + " / " + number(other),
                     "home, allied, other",
                     "among the first " + number(std::min<std::size_t>(10, ranked))});
  if (digest.uncertain)
    tiles.push_back({percent(digest.ranking.front()->first_acceptability),
                     "sure of the first place", "share of " + counted(result.draws, "draw")});
  if (recycling > 0)
    tiles.push_back({counted(recycling), recycling == 1 ? "recycling source" : "recycling sources",
                     "in the same list"});
  for (const std::string_view name :
       {"recoverable_treo_t", "net_treo_t", "net_mreo_t", "gross_treo_t"})
    if (const auto* column = digest.indicator(std::string(name))) {
      const double home = sum_over_ranked(digest, *column, "domestic");
      const double allies = sum_over_ranked(digest, *column, "allied");
      if (home + allies <= 0.0) continue;
      tiles.push_back({people_short(home + allies, "t"),
                       indicator_short(name) + ", home and allied",
                       people_short(home, "t") + " at home" + class_words(digest, name)});
      break;
    }
  put_concentration_tile(tiles, digest);
  tiles.push_back({number(countries.size()), countries.size() == 1 ? "country" : "countries",
                   "with ranked sites"});
  std::size_t warnings = 0;
  for (const auto& finding : result.findings.list()) warnings += finding.severity != Severity::note;
  if (warnings > 0)
    tiles.push_back({number(warnings), warnings == 1 ? "warning" : "warnings", "about the data"});
  return tiles;
}

bool any_place(const Digest& digest) {
  return std::any_of(digest.result.sites.begin(), digest.result.sites.end(),
                     [](const Site& s) { return s.located; });
}

Drawing map_of(const Digest& digest, const HtmlOptions& options, double width, bool home) {
  MapOptions map;
  map.width_px = width;
  map.labels = options.labels;
  map.home_only = home;
  map.chains = true;
  if (width < 600.0) {
    map.symbols = 120;
    map.tolerance_px = 0.6;
    map.most_layer_vertices = 3000;
  }
  return draw_map(digest, map);
}

}  // namespace

void section_start(std::string& out, std::string_view id, std::string_view heading,
                   std::string_view lead) {
  put(out, "<section id=\"", id, "\">\n<h2>", heading, "</h2>\n");
  if (!lead.empty()) put(out, "<p class=\"lead\">", lead, "</p>\n");
}

void put_figure(std::string& out, const Drawing& wide, const Drawing& narrow,
                std::string_view caption) {
  if (wide.shapes.empty()) return;
  put(out, "<figure>", to_svg(wide, {true, "wide"}), to_svg(narrow, {true, "narrow"}));
  if (!caption.empty()) put(out, "<figcaption>", caption, "</figcaption>");
  put(out, "</figure>\n");
}

void section_end(std::string& out) {
  put(out, "</section>\n");
}

std::string site_anchor(std::size_t site) {
  return "s" + number_text(static_cast<double>(site));
}

std::string site_sign(const Site& site) {
  return "<i class=\"sign " + group_letter(site.group) + (is_recycling(site) ? " dia" : "") +
         "\"></i>";
}

void put_masthead(std::string& out, const Digest& digest) {
  const auto& result = digest.result;
  put(out, "<header>\n<p class=\"over\">Site assessment</p>\n<h1>",
      shown(result.title.empty() ? "Site assessment" : result.title, 200),
      "</h1>\n<p class=\"meta\">");
  if (!result.home.empty())
    put(out, "<span>Home: ", shown(digest.country(result.home), 60), "</span>");
  if (!result.allies.empty())
    put(out,
        "<span>Allies: ", shown(result.allies_name.empty() ? "as listed" : result.allies_name, 60),
        ", ", counted(result.allies.size(), "country", "countries"), "</span>");
  put(out, "<span>As of ", day_words(result.as_of), "</span>");
  if (!result.method.empty()) put(out, "<span>Method: ", shown(result.method, 40), "</span>");
  if (result.draws > 0)
    put(out, "<span>", counted(result.draws, "draw"), ", seed ",
        number_text(static_cast<double>(result.seed)), "</span>");
  put(out, "</p>\n</header>\n");
}

void put_answer(std::string& out, const Digest& digest) {
  put(out, "<section id=\"answer\" class=\"answer\">\n");
  if (digest.ranking.empty())
    put(out, "<p>No site could be ranked. ",
        digest.result.left_out.empty()
            ? ""
            : "<a href=\"#left-out\">Why each was left out</a> stands below.",
        "</p>\n");
  else
    put(out, "<p>", first_sentence(digest), "</p>\n<p>", second_sentence(digest), "</p>\n<p>",
        third_sentence(digest), "</p>\n");
  if (!digest.result.caveats.empty()) {
    put(out, "<div class=\"callout\"><strong>Read with care.</strong> ");
    const std::size_t show = std::min<std::size_t>(3, digest.result.caveats.size());
    for (std::size_t i = 0; i < show; ++i)
      put(out, i == 0 ? "" : " ", shown(digest.result.caveats[i], 300));
    if (digest.result.caveats.size() > show)
      put(out, " <a href=\"#caveats\">And ",
          number_text(static_cast<double>(digest.result.caveats.size() - show)), " more.</a>");
    put(out, "</div>\n");
  }
  put(out, "</section>\n");
}

void put_tiles(std::string& out, const Digest& digest) {
  std::vector<Tile> tiles = own_tiles(digest);
  for (const auto& figure : digest.result.figures) {
    if (tiles.size() >= 8) break;
    if (!std::isfinite(figure.value) || figure.value <= 0.0 || figure.unit.empty()) continue;
    tiles.push_back({people_short(figure.value, figure.unit), clip(figure.name, 60), ""});
  }
  if (tiles.size() > 8) tiles.resize(8);
  if (tiles.size() == 7) tiles.pop_back();  // one row, or two of four
  put(out, "<div class=\"tiles", tiles.size() > 6 ? " four" : "", "\">\n");
  for (const auto& tile : tiles)
    put(out, "<div class=\"tile\"><b>", shown(tile.value, 40), "</b><span>", shown(tile.label, 80),
        "</span><small>", shown(tile.note, 60), "</small></div>\n");
  put(out, "</div>\n");
}

void put_maps(std::string& out, const Digest& digest, const HtmlOptions& options) {
  section_start(out, "map", "Where the sites are",
                "The larger the symbol, the better the rank; numbers are ranks. Every symbol leads "
                "to its row below.");
  if (!any_place(digest)) {
    put(out, "<p>No site has a place.</p>\n");
    section_end(out);
    return;
  }
  put(out, "<div class=\"layers\">");
  const auto layers = map_layers(digest);
  for (const auto& layer : layers)
    // The hauls of the chains run where other ways do: they are shown when asked for.
    put(out, "<input type=\"checkbox\" id=\"t-", layer.css_class, "\" class=\"t-", layer.css_class,
        layer.css_class == "y-ch" ? "\"" : "\" checked=\"checked\"", "/><label for=\"t-",
        layer.css_class, "\">", layer.words, "</label>");
  put_figure(out, map_of(digest, options, kWide, false), map_of(digest, options, kNarrow, false),
             {});
  if (has_home_map(digest)) {
    put(out, "<h3>Close-up: ", shown(digest.country(digest.result.home), 60), "</h3>\n");
    put_figure(out, map_of(digest, options, kWide, true), map_of(digest, options, kNarrow, true),
               {});
  }
  put(out, "</div>\n");
  section_end(out);
}

void put_charts(std::string& out, const Digest& digest, const HtmlOptions& options) {
  const std::size_t rows = std::clamp<std::size_t>(options.chart_rows, 1, 100);
  const ChartOptions wide{kWide, rows}, narrow{kNarrow, rows};
  section_start(out, "ranking", "Who stands where, and how firmly");
  if (digest.ranking.empty()) {
    put(out, "<p>There is no ranking to show.</p>\n");
    section_end(out);
  } else {
    std::string caption;
    if (digest.ranking.size() > rows)
      put(caption, "The first ", number_text(static_cast<double>(rows)), " of ",
          counted(digest.ranking.size(), "site"), ". ");
    if (digest.lower_is_better) put(caption, "With this method a lower score is better. ");
    put_figure(out, draw_ranking(digest, wide), draw_ranking(digest, narrow), caption);
    const auto& first = *digest.ranking.front();
    if (!first.contributions.empty()) {
      put(out, "<h3 id=\"contributions\">What makes the score</h3>\n");
      const std::size_t bars = std::min<std::size_t>(15, rows);
      put_figure(out, draw_contributions(digest, {kWide, bars}),
                 draw_contributions(digest, {kNarrow, bars}), {});
    }
    section_end(out);
  }
}

}  // namespace lode::report
