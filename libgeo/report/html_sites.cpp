// One row a site; the first of them unfold to every number and where it came from.
#include <algorithm>
#include <cmath>

#include "libgeo/core/json.h"
#include "libgeo/core/text.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/html_parts.h"
#include "libgeo/report/map.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

double at(const std::vector<double>& values, std::size_t i) {
  return i < values.size() ? values[i] : std::nan("");
}

/// What the page sorts by must be a number, with draws or without.
std::string number_or_zero(double value) {
  return number_text(std::isfinite(value) ? value : 0.0);
}

std::string rank_range(const SiteStanding& one) {
  if (!std::isfinite(one.rank_p05) || !std::isfinite(one.rank_p95)) return "not known";
  if (one.rank_p05 == one.rank_p95) return rank_text(one.rank_p05);
  return rank_text(one.rank_p05) + "\xe2\x80\x93" + rank_text(one.rank_p95);
}

std::string bar_svg(double share, const std::string& letter) {
  return "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
         "aria-hidden=\"true\">"
         "<rect class=\"bg\" width=\"100\" height=\"8\"/><rect class=\"g" +
         letter + "\" width=\"" + coordinate(std::max(0.5, share * 100.0)) +
         "\" height=\"8\"/></svg>";
}

std::string place_words(const Site& site) {
  if (!site.located) return "place not known";
  const auto angle = [](double degrees, const char* plus, const char* minus) {
    return fixed_text(std::abs(degrees), 4) + "\xc2\xb0\xc2\xa0" + (degrees < 0.0 ? minus : plus);
  };
  return angle(site.place.lat_deg, "N", "S") + ", " + angle(site.place.lon_deg, "E", "W");
}

/// Criteria in the order of their weight, then what else is known.
std::vector<const IndicatorColumn*> indicator_order(const Digest& digest) {
  std::vector<const UsedCriterion*> criteria;
  for (const auto& one : digest.result.criteria) criteria.push_back(&one);
  std::stable_sort(
      criteria.begin(), criteria.end(),
      [](const UsedCriterion* a, const UsedCriterion* b) { return a->weight > b->weight; });
  std::vector<const IndicatorColumn*> order;
  for (const auto* criterion : criteria)
    if (const auto* column = digest.indicator(criterion->name)) order.push_back(column);
  for (const auto& column : digest.result.indicators)
    if (std::find(order.begin(), order.end(), &column) == order.end()) order.push_back(&column);
  return order;
}

const UsedCriterion* criterion_of(const Digest& digest, const std::string& name) {
  for (const auto& one : digest.result.criteria)
    if (one.name == name) return &one;
  return nullptr;
}

/// True when the table of constraints already shows this number: "rivers_nearest_m".
bool among_constraints(const Digest& digest, std::size_t site, const std::string& name) {
  for (const auto* one : digest.constraints[site])
    if (name == one->constraint + "_nearest_m" || name == one->constraint + "_overlap_ha")
      return true;
  return false;
}

void put_number_row(std::string& out, const Digest& digest, std::size_t site,
                    const IndicatorColumn& column) {
  const std::size_t place = digest.place[site];
  const std::string source = site < column.source.size() ? column.source[site] : std::string();
  put(out, "<tr><td>", escape(clip(indicator_title(column.name), 90)), " <code>",
      shown(column.name, 60), "</code></td><td>",
      shown(people(at(column.value, site), column.unit), 60), "</td><td>");
  const double low = at(column.low, site), high = at(column.high, site);
  if (std::isfinite(low) && std::isfinite(high)) put(out, people(low), " to ", people(high));
  put(out, "</td><td>");
  if (place != kNone)
    for (const auto& [name, share] : digest.ranking[place]->contributions)
      if (name == column.name && std::isfinite(share)) put(out, people_short(share, ""));
  put(out, "</td><td>", shown(source, 400), "</td></tr>\n");
}

void put_numbers(std::string& out, const Digest& digest, std::size_t site) {
  put(out,
      "<table class=\"numbers\"><thead><tr><th>Number</th><th>Value</th><th>10th to 90th "
      "percentile</th><th>Adds to score</th><th>Where it comes from</th></tr></thead><tbody>\n");
  bool extra = false;
  for (const auto* column : indicator_order(digest)) {
    const bool criterion = criterion_of(digest, column->name) != nullptr;
    if (!criterion) {
      const bool sourced = site < column->source.size() && !column->source[site].empty();
      if (!std::isfinite(at(column->value, site)) && !sourced) continue;
      if (among_constraints(digest, site, column->name)) continue;
      if (!extra) put(out, "</tbody><tbody class=\"extra\">\n");
      extra = true;
    }
    put_number_row(out, digest, site, *column);
  }
  put(out, "</tbody></table>\n");
}

/// How often the site takes each rank, as one small drawing; nothing when that was not computed.
void put_draws(std::string& out, const Digest& digest, std::size_t site) {
  constexpr std::size_t most = 80;  // more ranks than this make no picture
  if (digest.place[site] == kNone || !digest.uncertain) return;
  const auto& shares = digest.ranking[digest.place[site]]->rank_acceptability;
  std::size_t first = shares.size(), last = 0;
  double highest = 0.0;
  for (std::size_t r = 0; r < shares.size(); ++r) {
    if (!(shares[r] > 0.0)) continue;
    first = std::min(first, r);
    last = r;
    highest = std::max(highest, shares[r]);
  }
  if (!(highest > 0.0) || last - first >= most || last == first) return;
  Drawing sheet;
  sheet.width_px = 560.0;
  sheet.height_px = 54.0;
  sheet.title = "Share of the draws by rank";
  const double width =
      sheet.width_px / static_cast<double>(std::max<std::size_t>(last - first + 1, 8));
  std::vector<Path> bars;
  for (std::size_t r = first; r <= last; ++r) {
    const double x = width * static_cast<double>(r - first);
    const double height = 34.0 * shares[r] / highest;
    if (height < 0.3) continue;
    bars.push_back({{x + 0.5, 38.0},
                    {x + 0.5, 38.0 - height},
                    {x + width - 1.0, 38.0 - height},
                    {x + width - 1.0, 38.0}});
  }
  sheet.polygon(std::move(bars), "g" + group_letter(digest.result.sites[site].group));
  TextStyle style;
  style.size = 11.0;
  style.anchor = Anchor::middle;
  const std::size_t step = 1 + (last - first) / 7;
  for (std::size_t r = first; r <= last; r += step)
    sheet.text({width * (static_cast<double>(r - first) + 0.5), 51.0},
               number_text(static_cast<double>(r + 1)), "k2", style);
  put(out, "<h4>Ranks in the draws</h4>", to_svg(sheet, {true, "draws"}));
}

void put_surroundings(std::string& out, const Digest& digest, std::size_t site) {
  const Drawing map = draw_site_map(digest, site);
  if (map.shapes.empty()) return;
  put(out, "<h4>Surroundings</h4>", to_svg(map, {true, "near"}));
}

void put_permits(std::string& out, const Digest& digest, std::size_t site) {
  const auto* permits = digest.permits[site];
  if (!permits) return;
  put(out, "<h4>Permits</h4><p>Status <strong>",
      shown(permits->status.empty() ? "not known" : permits->status, 40), "</strong>; ",
      people(permits->coverage_pct, "%"), " of the area under permits, ",
      people(permits->valid_coverage_pct, "%"), " under valid ones; ");
  if (std::isfinite(permits->days_to_expiry))
    put(out, permits->days_to_expiry < 0.0 ? "expired " : "first expiry in ",
        people(std::abs(permits->days_to_expiry), "d"),
        permits->days_to_expiry < 0.0 ? " ago; " : "; ");
  else
    put(out, "no expiry known; ");
  put(out,
      permits->conflicts == 0 ? std::string("no conflict")
                              : counted(permits->conflicts, "conflict"),
      ".");
  if (!permits->permits.empty()) {
    put(out, " Permits: ");
    const std::size_t show = std::min<std::size_t>(12, permits->permits.size());
    for (std::size_t i = 0; i < show; ++i)
      put(out, i == 0 ? "" : ", ", shown(permits->permits[i], 40));
    if (permits->permits.size() > show)
      put(out, " and ", number_text(static_cast<double>(permits->permits.size() - show)), " more");
    put(out, ".");
  }
  put(out, "</p>\n");
  if (permits->missing.empty()) return;
  put(out, "<p>Asked for and not in force:</p><ul>");
  for (const auto& one : permits->missing) put(out, "<li>", shown(one, 240), "</li>");
  put(out, "</ul>\n");
}

void put_constraints(std::string& out, const Digest& digest, std::size_t site) {
  const auto& constraints = digest.constraints[site];
  if (constraints.empty()) return;
  put(out,
      "<h4>Constraints</h4><table class=\"cons\"><thead><tr><th>Constraint</th><th>Use</th><th "
      "class=\"n\">Overlap</th><th class=\"n\">Share</th><th class=\"n\">Nearest</th>"
      "<th>Feature</th><th>Rule that binds</th></tr></thead><tbody>\n");
  for (const auto* one : constraints) {
    put(out, "<tr><td>", shown(one->constraint, 60), "</td><td>", one->hard ? "excluded" : "review",
        "</td><td>", people(one->overlap_ha, "ha"), "</td><td>",
        people_short(one->overlap_pct, "%"), "</td><td>",
        one->nearest_m == 0.0 ? std::string("touches") : people_short(one->nearest_m, "m"),
        "</td><td>", shown(one->nearest_id, 60), "</td><td>", shown(one->rule, 120));
    if (!one->citation.empty()) put(out, "<br/><small>", shown(one->citation, 200), "</small>");
    put(out, "</td></tr>\n");
  }
  put(out, "</tbody></table>\n");
}

// Gross, what each cut takes, net: the column "in order" adds up.
void put_net_tonnes(std::string& out, const Digest& digest, std::size_t site) {
  const NetTonnes* net = digest.net_tonnes[site];
  if (!net || net->taken.empty()) return;
  put(out,
      "<h4>What permits and setbacks take, t TREO in place</h4><table class=\"cons\"><thead><tr>"
      "<th>Cut</th><th class=\"n\">Alone</th><th class=\"n\">In order</th><th class=\"n\">At the "
      "margin</th></tr></thead><tbody>\n");
  put(out, "<tr><td>Gross</td><td></td><td>", people(net->gross_t, ""), "</td><td></td></tr>\n");
  for (const auto& taken : net->taken)
    put(out, "<tr><td>",
        taken.name == "permits" ? std::string("outside valid permits")
                                : "within the setback of " + shown(taken.name, 60),
        "</td><td>", people(taken.alone_t, ""), "</td><td>", people(taken.in_order_t, ""),
        "</td><td>", people(taken.marginal_t, ""), "</td></tr>\n");
  put(out, "<tr class=\"sum\"><td>Net, before recovery</td><td></td><td>", people(net->net_t, ""),
      "</td><td></td></tr></tbody></table>\n");
}

void put_routes(std::string& out, const Digest& digest, std::size_t site) {
  for (const auto* route : digest.routes[site]) {
    const std::string& name =
        route->destination_name.empty() ? route->destination : route->destination_name;
    put(out, "<h4>Way to the ",
        route->role == "port"    ? "port"
        : route->role == "plant" ? "plant"
                                 : "destination",
        ": ", shown(name, 80), "</h4>");
    if (!route->reachable) {
      put(out, "<p>Not reachable: ",
          shown(route->reason.empty() ? "no reason given" : route->reason, 160), ".</p>\n");
      continue;
    }
    put(out, "<p>", people_short(route->distance_km, "km"), ", ", people(route->hours, "h"), ", ",
        people(route->cost_usd_per_t, "USD/t"));
    if (std::isfinite(route->cost_low_usd_per_t) && std::isfinite(route->cost_high_usd_per_t) &&
        route->cost_low_usd_per_t < route->cost_high_usd_per_t)
      put(out, " (", people(route->cost_low_usd_per_t), " to ", people(route->cost_high_usd_per_t),
          ")");
    put(out, ", ", people(route->co2e_kg_per_t, "kg CO2e/t"), ".</p>\n");
    if (!route->legs.empty()) put_legs(out, route->legs);
  }
}

/// Cautions and filled values, in words beside the rank.
void put_marks(std::string& out, const SiteStanding& one) {
  if (!one.cautions.empty())
    put(out, "<small class=\"ca\"><b aria-hidden=\"true\">!</b> ", shown(one.cautions.front(), 90),
        one.cautions.size() > 1 ? "; " + counted(one.cautions.size() - 1) + " more" : std::string(),
        "</small>");
  if (!one.missing.empty())
    put(out, "<small class=\"ca\">", counted(one.missing.size(), "value"), " filled in</small>");
}

void put_summary(std::string& out, const Digest& digest, const SiteStanding& one) {
  const Site& site = digest.site(one);
  put(out, "<summary><span class=\"rk\">", number_text(one.rank), "</span><span class=\"nm\">",
      site_sign(site), "<b>", shown(digest.name(site), 120), "</b><small>",
      shown(digest.country(site.country), 60), "</small>");
  put_marks(out, one);
  put(out, "</span><span class=\"gp\">", shown(group_title(site.group), 20),
      "</span><span class=\"kd\">", shown(kind_title(site.kind), 20), "</span><span class=\"sc\">",
      bar_svg(digest.bar(one.score), group_letter(site.group)), "<small>", digest.score(one.score),
      "</small></span><span class=\"rr\">", rank_range(one), "</span><span class=\"fa\">",
      digest.uncertain ? escape(percent(one.first_acceptability)) : std::string(),
      "</span></summary>\n");
}

void put_compact(std::string& out, const Digest& digest, std::size_t from) {
  const bool all = digest.ranking.size() <= digest.rows;
  put(out, "<details class=\"rest\"><summary>", all ? "The other " : "The next ",
      counted(std::min(digest.rows, digest.ranking.size()) - from, "site"),
      all ? " as plain rows" : " as plain rows; all stand in ranking.csv", "</summary>\n",
      "<table class=\"compact\"><thead><tr><th "
      "class=\"n\">Rank</th><th>Site</th><th>Country</th><th>Group</th><th>Kind</th><th "
      "class=\"n\">Score</th><th class=\"n\">Ranks</th></tr></thead><tbody>\n");
  for (std::size_t i = from; i < std::min(digest.rows, digest.ranking.size()); ++i) {
    const auto& one = *digest.ranking[i];
    const Site& site = digest.site(one);
    put(out, "<tr id=\"", site_anchor(one.site), "\"><td>", number_text(one.rank), "</td><td>",
        shown(digest.name(site), 80), "</td><td>", shown(site.country, 12), "</td><td>",
        shown(group_title(site.group), 20), "</td><td>", shown(site.kind, 20), "</td><td>",
        digest.score(one.score), "</td><td>", rank_range(one), "</td></tr>\n");
  }
  put(out, "</tbody></table></details>\n");
}

}  // namespace

void put_site_details(std::string& out, const Digest& digest, std::size_t index, bool with_map) {
  const Site& site = digest.result.sites[index];
  put(out, "<div class=\"body\"><p class=\"src\">", shown(site.id, 60), " \xc2\xb7 ",
      place_words(site), " \xc2\xb7 ", shown(digest.country(site.country), 60));
  if (!site.source.empty()) put(out, " \xc2\xb7 from ", shown(site.source, 200));
  put(out, "</p>\n");
  put_standing(out, digest, index);
  put_numbers(out, digest, index);
  put_draws(out, digest, index);
  if (with_map) put_surroundings(out, digest, index);
  put_permits(out, digest, index);
  put_constraints(out, digest, index);
  put_net_tonnes(out, digest, index);
  put_routes(out, digest, index);
  put(out, "</div>");
}

void put_sites(std::string& out, const Digest& digest, const HtmlOptions& options) {
  section_start(out, "sites", "Every site, down to its sources",
                "A row unfolds to every number with its spread, its unit and the file, feature and "
                "formula it comes from.");
  put(out,
      "<div id=\"tools\" class=\"tools\"></div>\n<div class=\"head\"><span "
      "class=\"rk\">Rank</span><span class=\"nm\">Site</span><span class=\"gp\">Group</span><span "
      "class=\"kd\">Kind</span><span class=\"sc\">Score</span><span class=\"rr\">5\xe2\x80\x93"
      "95\xc2\xa0%</span><span class=\"fa\">First</span></div>\n<div id=\"rows\" "
      "class=\"rows\">\n");
  const std::size_t start = out.size();
  std::size_t shown_sites = 0;
  for (const auto* one : digest.ranking) {
    if (shown_sites >= options.unfolded_sites || out.size() - start >= options.unfolded_bytes)
      break;
    const Site& site = digest.site(*one);
    put(out, "<details class=\"site\" id=\"", site_anchor(one->site), "\" data-g=\"",
        group_letter(site.group), "\" data-k=\"", is_recycling(site) ? "r" : "m", "\" data-r=\"",
        number_text(one->rank), "\" data-s=\"", number_text(one->score), "\" data-f=\"",
        number_or_zero(one->first_acceptability), "\" data-w=\"",
        number_or_zero(one->rank_p95 - one->rank_p05), "\">");
    put_summary(out, digest, *one);
    put_site_details(out, digest, one->site, shown_sites < options.site_maps);
    put(out, "</details>\n");
    ++shown_sites;
  }
  put(out, "</div>\n");
  if (shown_sites < digest.ranking.size()) {
    put(out, "<p class=\"lead\">Rows unfold for the first ", counted(shown_sites, "site"),
        "; all numbers of the others stand in indicators.csv and sites.gpkg beside this "
        "report.</p>\n");
    if (shown_sites < digest.rows) put_compact(out, digest, shown_sites);
  }
  section_end(out);
}

void put_island(std::string& out, const Digest& digest) {
  Json rows = Json::array();
  constexpr std::size_t most = 2000;  // beyond it ranking.csv is the better source
  for (std::size_t i = 0; i < std::min(most, digest.ranking.size()); ++i) {
    const auto& one = *digest.ranking[i];
    const Site& site = digest.site(one);
    Json row = Json::object();
    row["rank"] = one.rank;
    row["id"] = printable(clip(site.id, 160));
    row["name"] = printable(clip(site.name, 160));
    row["group"] = printable(clip(site.group, 40));
    row["kind"] = printable(clip(site.kind, 40));
    row["score"] = one.score;
    row["rank_p05"] = one.rank_p05;
    row["rank_p50"] = one.rank_p50;
    row["rank_p95"] = one.rank_p95;
    row["first_acceptability"] = one.first_acceptability;
    rows.push_back(std::move(row));
  }
  put(out, "<script type=\"application/json\" id=\"ranking-data\">");
  // Inside a string these three can be written as escapes, so no text can end the island.
  for (const char c : rows.dump()) {
    if (c == '<')
      out += "\\u003c";
    else if (c == '>')
      out += "\\u003e";
    else if (c == '&')
      out += "\\u0026";
    else
      out += c;
  }
  put(out, "</script>\n");
}

}  // namespace lode::report
