// What it costs to get out: the way of each site leg by leg, its year, its chain, and closures.
#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/html_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view kDash = "\xe2\x80\x93";
constexpr std::size_t kShownWays = 10;   ///< sites whose way is told leg by leg
constexpr std::size_t kShownRows = 500;  ///< rows of the table of all sites

/// A site, its way to the plant (or port) and its chain.
struct Haul {
  std::size_t site = 0;
  const SiteRoute* route = nullptr;
  const SiteChain* chain = nullptr;
};

const SiteRoute* main_route(const Digest& digest, std::size_t site) {
  const SiteRoute* found = nullptr;
  for (const auto* route : digest.routes[site])
    if (!found || route->role == "plant") found = route;
  return found;
}

/// Ranked sites first, in their order, then the others.
std::vector<Haul> hauls_of(const Digest& digest) {
  std::vector<Haul> hauls;
  const auto add = [&](std::size_t site) {
    const Haul haul{site, main_route(digest, site), digest.chains[site]};
    if (haul.route || haul.chain) hauls.push_back(haul);
  };
  for (const auto* ranked : digest.ranking) add(ranked->site);
  for (std::size_t i = 0; i < digest.place.size(); ++i)
    if (digest.place[i] == kNone) add(i);
  return hauls;
}

std::string mode_class(const std::string& mode) {
  if (mode == "road") return "mro";
  if (mode == "rail") return "mrr";
  if (mode == "sea" || mode == "barge") return "mrs";
  if (mode == "transfer" || mode == "border") return "mtr";
  return "mot";
}

std::string mode_words(const SiteLeg& leg) {
  std::string words = leg.mode == "snap" ? "off the network" : leg.mode;
  if (!leg.vehicle.empty()) words += ", " + leg.vehicle;
  return words;
}

std::string site_link(const Digest& digest, std::size_t site) {
  const Site& one = digest.result.sites[site];
  const std::string name = shown(digest.name(one), 80);
  if (digest.place[site] == kNone) return name;
  return "<a href=\"#" + site_anchor(site) + "\">" + name + "</a>";
}

const std::string& destination(const SiteRoute& route) {
  return route.destination_name.empty() ? route.destination : route.destination_name;
}

std::string rect(double x, double width, std::string_view css, double height) {
  std::string out;
  put(out, "<rect x=\"", coordinate(x), "\" width=\"", coordinate(std::max(0.0, width)),
      "\" height=\"", coordinate(height), "\" class=\"", css, "\"/>");
  return out;
}

bool has_range(const SiteRoute& route) {
  return std::isfinite(route.cost_low_usd_per_t) && std::isfinite(route.cost_high_usd_per_t) &&
         route.cost_low_usd_per_t < route.cost_high_usd_per_t;
}

/// Low to high as a bar with a mark at the base, on a scale that all rows share.
std::string range_svg(const SiteRoute& route, double most) {
  if (!(most > 0.0) || !std::isfinite(route.cost_usd_per_t)) return {};
  const auto x = [&](double value) { return 100.0 * std::clamp(value / most, 0.0, 1.0); };
  std::string out =
      "<svg class=\"rng\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\">" +
      rect(0, 100, "bs", 10);
  if (has_range(route))
    out += rect(x(route.cost_low_usd_per_t),
                x(route.cost_high_usd_per_t) - x(route.cost_low_usd_per_t), "br", 10);
  return out + rect(std::min(98.4, x(route.cost_usd_per_t)), 1.6, "bm", 10) + "</svg>";
}

/// Twelve small cells, filled where the way is open.
std::string strip_svg(const RouteYear& year) {
  std::string words;
  for (std::size_t m = 0; m < 12; ++m)
    if (std::isnan(year.cost_usd_per_t[m]))
      put(words, words.empty() ? "closed in " : ", ", kMonths[m]);
  if (words.empty()) words = "open all year";
  std::string out;
  put(out, "<svg class=\"strip\" viewBox=\"0 0 108 11\" role=\"img\"><title>", words, "</title>");
  for (std::size_t m = 0; m < 12; ++m)
    out += rect(9.0 * static_cast<double>(m), 8.0,
                std::isnan(year.cost_usd_per_t[m]) ? "off" : "on", 11.0);
  return out + "</svg>";
}

/// Costs of the legs side by side; `most` is the width.
std::string stack_svg(const SiteRoute& route, double most) {
  if (!(most > 0.0)) return {};
  std::string out =
      "<svg class=\"stack\" viewBox=\"0 0 400 16\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\">" +
      rect(0, 400, "bs", 16);
  double x = 0.0;
  for (const auto& leg : route.legs) {
    const double width = 400.0 * leg.cost_usd_per_t / most;
    if (!std::isfinite(width) || width <= 0.0) continue;
    out += rect(x, width, mode_class(leg.mode), 16.0);
    x += width;
  }
  return out + "</svg>";
}

void put_key(std::string& out) {
  put(out, "<p class=\"key\">");
  for (const auto& [css, words] : {std::pair<const char*, const char*>{"mro", "road"},
                                   {"mrr", "rail"},
                                   {"mrs", "sea, barge"},
                                   {"mtr", "transfers and borders"},
                                   {"mot", "off the network, other"}})
    put(out, "<span><svg viewBox=\"0 0 11 11\" aria-hidden=\"true\">", rect(0, 11, css, 11),
        "</svg>", words, "</span>");
  put(out, "</p>\n");
}

void put_year(std::string& out, const RouteYear& year) {
  put(out, "<h4>Month by month, USD/t</h4><div class=\"year\">");
  for (std::size_t m = 0; m < 12; ++m) {
    const bool open = !std::isnan(year.cost_usd_per_t[m]);
    put(out, "<span", open ? "" : " class=\"shut\"", "><i>", kMonths[m], "</i>",
        open ? people_short(year.cost_usd_per_t[m], "") : "closed", "</span>");
  }
  put(out, "</div>\n");
  if (year.months_open < 12) {
    put(out, "<p>Open in ", counted(static_cast<std::size_t>(year.months_open), "month"));
    if (!year.reason.empty()) put(out, " (closed by: ", shown(year.reason, 40), ")");
    if (year.longest_closed_days > 0)
      put(out, "; a stock for ", counted(static_cast<std::size_t>(year.longest_closed_days), "day"),
          " bridges the longest closure");
    put(out, ".</p>\n");
  }
}

std::string money(double low, double base, double high, std::string_view unit) {
  std::string out = people_short(base, unit);
  if (std::isfinite(low) && std::isfinite(high) && low < high)
    put(out, " (", people_short(low, ""), kDash, people_short(high, ""), ")");
  return out;
}

void put_chain(std::string& out, const SiteChain& chain, const std::string& contained) {
  put(out, "<h4>Chain of plants</h4>\n");
  if (!chain.reachable) {
    put(out, "<p>No chain: ", shown(chain.words.empty() ? "no reason given" : chain.words, 300),
        ".</p>\n");
    return;
  }
  put(out, "<ol class=\"steps\">");
  // A haul stands in one piece with the plant that it leads from, so that no row begins with it.
  bool open = false;
  for (const auto& step : chain.steps) {
    const bool moves = !step.legs.empty() || step.haul_km > 0.0;
    if (open && !moves) out += "</li>";
    if (moves) {
      put(out, open ? "" : "<li class=\"go\">", "<div class=\"mv\">", shown(step.product, 40),
          "<small>", people_short(step.haul_km, "km"), ", ",
          people_short(step.haul_usd_per_kg, "USD/kg"), "</small>");
      if (!step.cargo.empty()) put(out, "<small>", shown(step.cargo, 120), "</small>");
      put(out, "</div></li>");
    }
    open = true;
    const std::string place = step.plant.empty()        ? "at the site"
                              : step.plant_name.empty() ? step.plant
                                                        : step.plant_name;
    put(out, "<li class=\"go\"><div class=\"at\"><b>",
        shown(capital(step.stage.empty() ? "delivery" : step.stage), 40), "</b>", shown(place, 60),
        "<small>",
        money(step.process_low_usd_per_kg, step.process_usd_per_kg, step.process_high_usd_per_kg,
              "USD/kg"),
        ", ", escape(percent(step.recovery)), " recovered</small></div>");
  }
  put(out, open ? "</li>" : "", "</ol>\n<p>",
      money(chain.low_usd_per_kg, chain.usd_per_kg, chain.high_usd_per_kg, "USD/kg"), " of ",
      shown(contained.empty() ? "what is contained" : contained, 40), ", of which hauls ",
      people_short(chain.haul_usd_per_kg, "USD/kg"), "; ", people_short(chain.distance_km, "km"),
      ", ", people_short(chain.co2e_kg_per_kg, "kg CO2e/kg"), " of the hauls, ",
      escape(percent(chain.recovery)), " of the ore's content arrives.</p>\n");
}

void put_way(std::string& out, const Digest& digest, const Haul& haul, double most, bool open) {
  const SiteRoute* route = haul.route;
  const std::size_t place = digest.place[haul.site];
  const Site& site = digest.result.sites[haul.site];
  put(out, "<details class=\"way\"", open ? " open=\"open\"" : "", "><summary><span><b>");
  if (place != kNone) put(out, number_text(digest.ranking[place]->rank), ". ");
  put(out, shown(digest.name(site), 80), "</b><small>");
  if (route && route->reachable) put(out, "to ", shown(destination(*route), 80));
  put(out, "</small></span><span>");
  if (route && route->reachable) put(out, stack_svg(*route, most));
  put(out, "</span><span class=\"sum\">");
  if (route && route->reachable)
    put(out, money(route->cost_low_usd_per_t, route->cost_usd_per_t, route->cost_high_usd_per_t,
                   "USD/t"));
  else if (route)
    put(out, "not reachable");
  put(out, "</span></summary><div>\n");
  if (route && !route->reachable)
    put(out,
        "<p>Not reachable: ", shown(route->reason.empty() ? "no reason given" : route->reason, 300),
        ".</p>\n");
  if (route && !route->legs.empty()) put_legs(out, route->legs);
  if (route && route->months) put_year(out, *route->months);
  if (route && std::isfinite(route->detour_usd_per_t) && route->detour_usd_per_t > 0.0)
    put(out, "<p>Closures add ", people_short(route->detour_usd_per_t, "USD/t"),
        " to the way with everything open.</p>\n");
  if (haul.chain)
    put_chain(out, *haul.chain, digest.result.freight ? digest.result.freight->contained : "");
  put(out, "</div></details>\n");
}

double value_at(const Digest& digest, const char* name, std::size_t site) {
  const auto* column = digest.indicator(name);
  return column && site < column->value.size() ? column->value[site] : std::nan("");
}

void put_row(std::string& out, const Digest& digest, const Haul& haul, double most, bool months,
             bool detours) {
  const SiteRoute* route = haul.route;
  const std::size_t place = digest.place[haul.site];
  put(out, "<tr><td>", place == kNone ? "" : number_text(digest.ranking[place]->rank), "</td><td>",
      site_link(digest, haul.site), "</td>");
  if (!route || !route->reachable) {
    put(out, "<td colspan=\"", number_text(4 + (months ? 1 : 0) + (detours ? 1 : 0)), "\">",
        "not reachable", route ? ": " + shown(route->reason, 160) : std::string(), "</td></tr>\n");
    return;
  }
  put(out, "<td>", shown(destination(*route), 60), "</td><td>",
      people_short(route->cost_usd_per_t, ""), range_svg(*route, most), "</td><td>");
  const double per_kg = value_at(digest, "delivered_usd_per_kg", haul.site);
  put(out, std::isfinite(per_kg) ? people_short(per_kg, "") : std::string(kDash), "</td><td>",
      people_short(route->distance_km, ""), "</td>");
  if (months) put(out, "<td>", route->months ? strip_svg(*route->months) : std::string(), "</td>");
  if (detours)
    put(out, "<td>",
        std::isfinite(route->detour_usd_per_t) && route->detour_usd_per_t != 0.0
            ? "+" + people_short(route->detour_usd_per_t, "")
            : std::string(kDash),
        "</td>");
  put(out, "</tr>\n");
}

void put_table(std::string& out, const Digest& digest, const std::vector<Haul>& hauls,
               double most) {
  const auto any = [&](auto test) {
    return std::any_of(hauls.begin(), hauls.end(),
                       [&](const Haul& haul) { return haul.route && test(*haul.route); });
  };
  const bool months = any([](const SiteRoute& r) { return r.months.has_value(); });
  const bool detours = any([](const SiteRoute& r) { return std::isfinite(r.detour_usd_per_t); });
  put(out,
      "<h3 id=\"haul-all\">All sites</h3>\n<table class=\"haul\"><thead><tr><th>Rank</th>"
      "<th>Site</th><th>To</th><th class=\"n\">USD/t, low to high</th>"
      "<th class=\"n\">USD/kg</th><th class=\"n\">km</th>");
  if (months) put(out, "<th>Open, January to December</th>");
  if (detours) put(out, "<th class=\"n\">Closures, USD/t</th>");
  put(out, "</tr></thead><tbody>\n");
  for (std::size_t i = 0; i < std::min(kShownRows, hauls.size()); ++i)
    put_row(out, digest, hauls[i], most, months, detours);
  put(out, "</tbody></table>\n");
  if (hauls.size() > kShownRows)
    put(out, "<p class=\"src\">The first ", counted(kShownRows), " of ",
        counted(hauls.size(), "site"), "; all stand in indicators.csv.</p>\n");
}

void put_closure(std::string& out, const Digest& digest, const GateClosure& closure) {
  std::vector<const GateClosure::Hit*> hits;
  std::size_t lost = 0;
  for (const auto& hit : closure.hits) {
    if (hit.site >= digest.place.size()) continue;
    hits.push_back(&hit);
    lost += hit.lost;
  }
  // Those who lose their way first, then the dearest.
  std::stable_sort(hits.begin(), hits.end(), [](const auto* a, const auto* b) {
    if (a->lost != b->lost) return a->lost;
    return !a->lost && a->usd_per_t > b->usd_per_t;
  });
  put(out, "<tr><td>", shown(capital(closure.gate), 60), "</td><td class=\"n\">",
      counted(hits.size()), "</td><td class=\"n\">", lost == 0 ? std::string(kDash) : counted(lost),
      "</td><td>");
  const std::size_t show = std::min<std::size_t>(6, hits.size());
  for (std::size_t i = 0; i < show; ++i) {
    const auto& hit = *hits[i];
    put(out, i == 0 ? "" : "; ", site_link(digest, hit.site), " ");
    if (hit.lost)
      put(out, "no way left");
    else
      put(out, hit.usd_per_t < 0.0 ? "" : "+", people_short(hit.usd_per_t, "USD/t"), ", ",
          hit.distance_km < 0.0 ? "" : "+", people_short(hit.distance_km, "km"),
          hit.destination.empty() ? "" : " to " + shown(hit.destination, 50));
  }
  if (hits.size() > show)
    put(out, " and ", number_text(static_cast<double>(hits.size() - show)), " more");
  put(out, "</td></tr>\n");
}

void put_closures(std::string& out, const Digest& digest) {
  if (digest.result.closures.empty()) return;
  put(out,
      "<h3 id=\"gates\">What it would cost if a passage were shut</h3>\n<p class=\"lead\">Each "
      "canal, strait or crossing that a chosen way passes, shut alone: the next cheapest way "
      "counts, to whichever place it leads.</p>\n<table class=\"gates\"><thead><tr>"
      "<th>Passage</th><th class=\"n\">Sites that pass</th><th class=\"n\">Without a way</th>"
      "<th>More than now</th></tr></thead><tbody>\n");
  for (const auto& closure : digest.result.closures) put_closure(out, digest, closure);
  put(out, "</tbody></table>\n");
}

void put_basis(std::string& out, const Digest& digest) {
  if (!digest.result.freight) return;
  const FreightBasis& basis = *digest.result.freight;
  put(out, "<details class=\"plain\"><summary>Rates and their sources</summary><p>Tariff ",
      shown(basis.tariff, 80), " of ", shown(basis.as_of, 20), "; a tonne's hour counts ",
      people_short(basis.value_of_time_usd_per_t_h, "USD"), ".");
  if (!basis.chain.empty()) put(out, " Chain ", shown(basis.chain, 100), ".");
  put(out, "</p><ul>");
  for (const auto& [mode, source] : basis.sources)
    put(out, "<li>", shown(mode, 30), ": ", shown(source, 500), "</li>");
  put(out, "</ul></details>\n");
}

std::string lead_of(const Digest& digest) {
  std::string lead =
      "The cheapest way from each site to a plant, leg by leg: dollars for each tonne hauled, low "
      "to high in brackets.";
  if (!digest.result.freight) return lead;
  const FreightBasis& basis = *digest.result.freight;
  if (basis.month > 0)
    put(lead, " Month: ", kMonths[static_cast<std::size_t>(basis.month - 1)], ".");
  if (!basis.closed.empty()) {
    put(lead, " The study shuts: ");
    for (std::size_t i = 0; i < std::min<std::size_t>(12, basis.closed.size()); ++i)
      put(lead, i == 0 ? "" : ", ", shown(basis.closed[i], 60));
    put(lead, ".");
  }
  return lead;
}

}  // namespace

bool has_logistics(const Digest& digest) {
  return !digest.result.routes.empty() || !digest.result.chains.empty();
}

void put_legs(std::string& out, const std::vector<SiteLeg>& legs) {
  put(out,
      "<table class=\"legs\"><thead><tr><th>Leg</th><th>From</th><th>To</th>"
      "<th class=\"n\">km</th><th class=\"n\">h</th><th class=\"n\">USD/t</th>"
      "<th class=\"n\">Low to high</th><th class=\"n\">kg CO2e/t</th></tr></thead><tbody>\n");
  SiteLeg sum;
  for (const auto& leg : legs) {
    put(out, "<tr><td>", shown(mode_words(leg), 50), "</td><td>",
        shown(leg.from_name.empty() ? leg.from : leg.from_name, 60), "</td><td>",
        shown(leg.to_name.empty() ? leg.to : leg.to_name, 60), "</td><td>",
        people_short(leg.distance_km, ""), "</td><td>", people_short(leg.hours, ""), "</td><td>",
        people_short(leg.cost_usd_per_t, ""), "</td><td>");
    if (leg.cost_low_usd_per_t < leg.cost_high_usd_per_t)
      put(out, people_short(leg.cost_low_usd_per_t, ""), kDash,
          people_short(leg.cost_high_usd_per_t, ""));
    put(out, "</td><td>", people_short(leg.co2e_kg_per_t, ""), "</td></tr>\n");
    sum.distance_km += leg.mode == "snap" ? 0.0 : leg.distance_km;
    sum.hours += leg.hours;
    sum.cost_usd_per_t += leg.cost_usd_per_t;
    sum.cost_low_usd_per_t += leg.cost_low_usd_per_t;
    sum.cost_high_usd_per_t += leg.cost_high_usd_per_t;
    sum.co2e_kg_per_t += leg.co2e_kg_per_t;
  }
  put(out, "<tr class=\"sum\"><td colspan=\"3\">Whole way</td><td>",
      people_short(sum.distance_km, ""), "</td><td>", people_short(sum.hours, ""), "</td><td>",
      people_short(sum.cost_usd_per_t, ""), "</td><td>");
  if (sum.cost_low_usd_per_t < sum.cost_high_usd_per_t)
    put(out, people_short(sum.cost_low_usd_per_t, ""), kDash,
        people_short(sum.cost_high_usd_per_t, ""));
  put(out, "</td><td>", people_short(sum.co2e_kg_per_t, ""), "</td></tr></tbody></table>\n");
}

void put_logistics(std::string& out, const Digest& digest, const HtmlOptions& options) {
  if (!has_logistics(digest)) return;
  const auto hauls = hauls_of(digest);
  section_start(out, "haul", "What it costs to get out", lead_of(digest));
  const std::size_t ways = std::min({kShownWays, options.unfolded_sites, hauls.size()});
  double most_base = 0.0, most = 0.0;
  for (std::size_t i = 0; i < hauls.size(); ++i) {
    const SiteRoute* route = hauls[i].route;
    if (!route || !route->reachable) continue;
    if (i < ways) most_base = std::max(most_base, route->cost_usd_per_t);
    most = std::max(most, has_range(*route) ? route->cost_high_usd_per_t : route->cost_usd_per_t);
  }
  put_key(out);
  for (std::size_t i = 0; i < ways; ++i) put_way(out, digest, hauls[i], most_base, i == 0);
  put_closures(out, digest);
  put_table(out, digest, hauls, most);
  put_basis(out, digest);
  section_end(out);
}

}  // namespace lode::report
