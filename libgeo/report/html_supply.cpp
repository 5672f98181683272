// What ends the dependence: the section of the page, from its answer to its sources.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/html_supply_parts.h"

namespace lode::report {

void put_table(std::string& out, const HtmlTable& table, std::string_view file) {
  if (table.rows.empty()) return;
  std::vector<bool> used(table.heads.size(), false);
  for (const auto& row : table.rows)
    for (std::size_t k = 0; k < std::min(row.size(), used.size()); ++k)
      used[k] = used[k] || !row[k].empty();
  put(out, "<table class=\"lab sup\"><thead><tr>");
  for (std::size_t k = 0; k < used.size(); ++k)
    if (used[k])
      put(out, table.heads[k].number ? "<th class=\"n\">" : "<th>", table.heads[k].title, "</th>");
  put(out, "</tr></thead><tbody>\n");
  for (std::size_t i = 0; i < std::min(kMostSupplyRows, table.rows.size()); ++i) {
    put(out, "<tr>");
    for (std::size_t k = 0; k < std::min(table.rows[i].size(), used.size()); ++k) {
      if (!used[k]) continue;
      put(out, table.heads[k].number ? "<td class=\"n\"" : "<td");
      if (!table.heads[k].brief.empty() && !table.rows[i][k].empty())
        put(out, " data-l=\"", table.heads[k].brief, "\"");
      put(out, ">", table.rows[i][k], "</td>");
    }
    put(out, "</tr>\n");
  }
  put(out, "</tbody></table>\n");
  if (table.rows.size() > kMostSupplyRows)
    put(out, "<p class=\"src\">And ", counted(table.rows.size() - kMostSupplyRows, "more row"),
        file.empty() ? "" : "; all stand in ", file, ".</p>\n");
}

void put_folded_table(std::string& out, std::string_view summary, const HtmlTable& table,
                      std::string_view file) {
  if (table.rows.empty()) return;
  put(out, "<details class=\"plain\"><summary>", summary, " <small>",
      counted(table.rows.size(), "row"), "</small></summary>\n");
  put_table(out, table, file);
  put(out, "</details>\n");
}

namespace {

bool says_illustrative(const std::string& words) {
  return lower(words).find("illustrative") != std::string::npos;
}

std::string one_source(const std::string& name, const std::string& words, std::size_t most) {
  std::string text = name;
  std::replace(text.begin(), text.end(), '_', ' ');
  std::string out = "<b>" + shown(text, 40) + "</b>: " + shown(words, most);
  if (says_illustrative(words)) out += " <b class=\"ca\">(illustrative)</b>";
  return out;
}

}  // namespace

std::string source_caption(const SupplyAnswer& supply, const std::vector<std::string_view>& names) {
  std::string out;
  for (const auto name : names)
    for (const auto& [key, words] : supply.sources_of)
      if (lower(key) == name)
        put(out, out.empty() ? "Source: " : "; ", one_source(key, words, 100));
  return out.empty() ? out : out + ".";
}

void put_sources(std::string& out, const SupplyAnswer& supply) {
  std::string list;
  for (const auto& [key, words] : supply.sources_of)
    put(list, "<li>", one_source(key, words, 400), "</li>");
  if (!list.empty()) put(out, "<h4>Sources</h4><ul class=\"src\">", list, "</ul>\n");
}

std::string in_a_row(const std::vector<std::string>& parts, std::size_t most) {
  const std::size_t shown_parts = parts.size() > most ? most - 1 : parts.size();
  std::string out;
  for (std::size_t i = 0; i < shown_parts; ++i)
    put(out, i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ", parts[i]);
  if (shown_parts < parts.size()) put(out, " and ", counted(parts.size() - shown_parts), " more");
  return out;
}

std::string source_link(const Digest& digest, const std::string& id, const std::string& name) {
  const auto& supply = *digest.result.supply;
  const std::string words = shown(source_name(name, id, 80), 80);
  for (std::size_t i = 0; i < std::min(supply.site.size(), supply.sources.list.size()); ++i) {
    const std::size_t site = supply.site[i];
    if (supply.sources.list[i].id != id || site >= digest.place.size()) continue;
    if (digest.place[site] == kNone || digest.place[site] >= digest.rows) break;
    return "<a href=\"#" + site_anchor(site) + "\">" + words + "</a>";
  }
  return words;
}

std::string year_or(int year, std::string_view none) {
  return year > 0 ? number_text(year) : std::string(none);
}

std::string money_cell(double value) {
  if (!std::isfinite(value)) return people(value);
  const double size = std::abs(value);
  if (size >= 1e15 || size < 1e5) return escape(people_short(value, ""));
  return escape(people_short(value / (size >= 1e9 ? 1e9 : 1e6), "") + (size >= 1e9 ? "\xc2\xa0"
                                                                                     "bn"
                                                                                   : "\xc2\xa0M"));
}

std::string money_html(double value, const std::string& currency) {
  return escape(money_words(value, currency));
}

std::string range_html(const LowBaseHigh& value) {
  std::string out = escape(people(value.base));
  if (std::isfinite(value.low) && std::isfinite(value.high) && value.high > value.low)
    put(out, "<br/><small>", escape(people_short(value.low, "")), " to ",
        escape(people_short(value.high, "")), "</small>");
  return out;
}

std::string money_range_cell(const LowBaseHigh& value) {
  std::string out = money_cell(value.base);
  if (std::isfinite(value.low) && std::isfinite(value.high) && value.high > value.low)
    put(out, "<br/><small>", money_cell(value.low), " to ", money_cell(value.high), "</small>");
  return out;
}

bool has_supply(const Digest& digest) {
  if (!digest.result.supply) return false;
  const SupplyAnswer& supply = *digest.result.supply;
  return supply.economics || !supply.curves.empty() || !supply.recycling.empty() ||
         supply.disruption || !supply.shocks.empty() || supply.portfolio || supply.alliance;
}

void put_supply(std::string& out, const Digest& digest) {
  if (!has_supply(digest)) return;
  const SupplyAnswer& supply = *digest.result.supply;
  std::string lead = "Masses are of oxide";
  if (!supply.sources.list.empty() || supply.economics) {
    put(lead, "; money is in ",
        shown(supply.sources.currency.empty() ? "USD" : supply.sources.currency, 12));
    if (supply.sources.price_year > 0) put(lead, " of ", number_text(supply.sources.price_year));
  }
  section_start(out, "supply", "What ends the dependence",
                lead + "; in tables M is a million, bn a thousand million.");
  put_supply_answer(out, digest);
  put_shortfall(out, digest);
  put_supply_costs(out, digest);
  put_plan(out, digest);
  put_shocks(out, digest);
  put_alliance(out, digest);
  put_sources(out, supply);
  section_end(out);
}

}  // namespace lode::report
