// Where supply comes from today, in words, as bars and as a table of indices.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/html_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostRows = 80;  ///< bars and rows of the table
constexpr std::size_t kFoldAbove = 12;

const std::pair<std::string, double>* largest(const Dependence& one) {
  for (const auto& share : one.share_by_country)
    if (std::isfinite(share.second) && share.second > 0.0) return &share;
  return nullptr;
}

std::string label(const Dependence& one) {
  std::string words = shown(one.material, 40);
  if (!one.stage.empty()) put(words, ", ", shown(one.stage, 40));
  return words;
}

/// Rare earth oxides as a whole and the like: a sum over elements, none itself.
bool is_sum_of_elements(const Dependence& one) {
  std::string name = one.material;
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const std::string_view word : {"treo", "mreo", "reo", "total"})
    if (name == word) return true;
  for (const std::string_view word : {"rare earth", "rare-earth", "total ", "all elements"})
    if (name.find(word) != std::string::npos) return true;
  return false;
}

/// "; China holds 69 % of rare earth oxides as a whole".
std::string sums_words(const Digest& digest, const std::vector<const Dependence*>& rows) {
  std::string out;
  for (const auto* one : rows) {
    const auto* most = largest(*one);
    if (!is_sum_of_elements(*one) || !most) continue;
    std::string name = clip(one->material, 40);
    if (name.rfind("Rare", 0) == 0) name[0] = 'r';
    put(out, out.empty() ? "" : "; ", shown(digest.country(most->first), 60), " holds ",
        escape(percent(most->second)), " of ", shown(name, 41), " as a whole");
  }
  return out;
}

/// One sentence a stage: who holds most, of what, and how much of it the allies do.
std::string stage_sentence(const Digest& digest, const std::string& stage,
                           const std::vector<const Dependence*>& rows) {
  std::map<std::string, std::vector<const Dependence*>> by_leader;
  std::vector<std::string> leaders;
  double lowest_ally = 2.0, highest_ally = -1.0;
  std::size_t elements = 0;
  for (const auto* one : rows) {
    const bool sum = is_sum_of_elements(*one);
    elements += !sum;
    if (const auto* most = sum ? nullptr : largest(*one)) {
      auto& list = by_leader[most->first];
      if (list.empty()) leaders.push_back(most->first);
      list.push_back(one);
    }
    if (sum && rows.size() > 1) continue;
    const double home = std::isfinite(one->home_share) ? one->home_share : 0.0;
    if (!std::isfinite(one->allied_share)) continue;
    lowest_ally = std::min(lowest_ally, one->allied_share + home);
    highest_ally = std::max(highest_ally, one->allied_share + home);
  }
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(leaders.size(), 4); ++i) {
    auto list = by_leader[leaders[i]];
    std::stable_sort(list.begin(), list.end(), [](const Dependence* a, const Dependence* b) {
      return largest(*a)->second < largest(*b)->second;
    });
    const double low = largest(*list.front())->second, high = largest(*list.back())->second;
    put(out, out.empty() ? "" : "; ", shown(digest.country(leaders[i]), 60), " holds ",
        escape(percent(low)));
    if (list.size() > 1 && high - low >= 0.005)
      put(out, " (", shown(list.front()->material, 30), ") to ", escape(percent(high)), " (",
          shown(list.back()->material, 30), ")");
    put(out, " of ");
    if (list.size() == 1)
      put(out, shown(list.front()->material, 40));
    else
      put(out, list.size() < elements ? counted(list.size()) + " elements"
               : list.size() == 2     ? std::string("both elements")
                                      : "all " + counted(list.size()) + " elements");
  }
  const std::string sums = sums_words(digest, rows);
  if (!sums.empty()) put(out, out.empty() ? "" : "; ", sums);
  if (out.empty()) return out;
  std::string whole = "<b>" +
                      (stage.empty() ? std::string("Stage not said") : shown(capital(stage), 60)) +
                      ".</b> " + out;
  if (highest_ally >= 0.0) {
    put(whole, "; home and allies together ", escape(percent(lowest_ally)));
    if (highest_ally - lowest_ally >= 0.005) put(whole, " to ", escape(percent(highest_ally)));
  }
  return whole + ".";
}

void put_sentences(std::string& out, const Digest& digest) {
  std::vector<std::string> stages;
  std::map<std::string, std::vector<const Dependence*>> rows;
  for (const auto& one : digest.result.dependence) {
    if (rows[one.stage].empty()) stages.push_back(one.stage);
    rows[one.stage].push_back(&one);
  }
  put(out, "<ul class=\"said\">");
  std::size_t said = 0;
  for (const auto& stage : stages) {
    const std::string words = stage_sentence(digest, stage, rows[stage]);
    if (words.empty() || ++said > 8) continue;
    put(out, "<li>", words, "</li>");
  }
  const Dependence* worst = nullptr;
  std::size_t critical = 0, judged = 0;
  for (const auto& one : digest.result.dependence) {
    if (std::isfinite(one.eu_supply_risk)) {
      ++judged;
      critical += one.eu_supply_risk >= 1.0;
    }
    if (std::isfinite(one.hhi) && (!worst || one.hhi > worst->hhi)) worst = &one;
  }
  if (worst && digest.result.dependence.size() > 1)
    put(out, "<li>The most concentrated is ", label(*worst), " (HHI ", fixed_text(worst->hhi, 2),
        ").</li>");
  if (judged > 0) {
    std::string who = counted(critical) + " of " + counted(judged) + " rows" +
                      (critical == 1 ? " reaches" : " reach");
    if (judged == 1) who = critical == 1 ? "It reaches" : "It stays below";
    if (judged > 1 && critical == 0) who = "None of " + counted(judged) + " rows reaches";
    put(out, "<li>", who,
        " the European Union's line of supply risk for critical raw materials, 1.</li>");
  }
  put(out, "</ul>\n");
}

/// A column of the table: shown only when a row has it.
struct IndexColumn {
  std::string_view title, brief;
  double Dependence::*value;
  bool share;
};
const std::vector<IndexColumn>& index_columns() {
  static const std::vector<IndexColumn> columns{
      {"Governance-weighted, 0 to 10", "HHI_WGI", &Dependence::hhi_wgi, false},
      {"Home", "home", &Dependence::home_share, true},
      {"Allies", "allies", &Dependence::allied_share, true},
      {"Import reliance", "import reliance", &Dependence::import_reliance, true},
      {"EU supply risk, critical from 1", "EU supply risk", &Dependence::eu_supply_risk, false},
      {"GeoPolRisk", "GeoPolRisk", &Dependence::geopolrisk, false},
      {"USGS supply risk", "USGS supply risk", &Dependence::usgs_supply_risk, false}};
  return columns;
}

/// A bar from 0 to `most` with the line at 1.
std::string risk_bar(double value, double most) {
  const double scale = 100.0 / most;
  return "<svg class=\"risk\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
         "aria-hidden=\"true\"><rect class=\"bg\" y=\"1\" width=\"100\" height=\"8\"/><rect "
         "class=\"" +
         std::string(value >= 1.0 ? "v0" : "v7") + "\" y=\"1\" width=\"" +
         coordinate(std::clamp(value * scale, 0.0, 100.0)) +
         "\" height=\"8\"/><rect class=\"mk\" x=\"" + coordinate(std::min(99.0, scale)) +
         "\" width=\"1.2\" height=\"10\"/></svg>";
}

void put_index_table(std::string& out, const Digest& digest) {
  const auto& list = digest.result.dependence;
  double most = 1.5;
  bool period = false, total = false;
  std::vector<const IndexColumn*> columns;
  for (const auto& column : index_columns())
    if (std::any_of(list.begin(), list.end(),
                    [&](const Dependence& one) { return std::isfinite(one.*column.value); }))
      columns.push_back(&column);
  for (const auto& one : list) {
    if (std::isfinite(one.eu_supply_risk)) most = std::max(most, one.eu_supply_risk);
    period = period || !one.period.empty();
    total = total || std::isfinite(one.total_t);
  }
  put(out, "<table class=\"lab deps\"><thead><tr><th>Supply</th>", period ? "<th>Period</th>" : "",
      total ? "<th class=\"n\">Total</th>" : "", "<th class=\"n\">HHI</th>");
  for (const auto* column : columns) put(out, "<th class=\"n\">", column->title, "</th>");
  put(out, "</tr></thead><tbody>\n");
  for (std::size_t i = 0; i < std::min(kMostRows, list.size()); ++i) {
    const Dependence& one = list[i];
    put(out, "<tr><td>", capital(label(one)), "</td>");
    if (period) put(out, "<td data-l=\"in\">", shown(one.period, 40), "</td>");
    if (total)
      put(out, "<td class=\"n\" data-l=\"total\">",
          std::isfinite(one.total_t) ? escape(people_short(one.total_t, "t")) : std::string(),
          "</td>");
    put(out, "<td class=\"n\" data-l=\"HHI\">",
        std::isfinite(one.hhi) ? fixed_text(one.hhi, 3) : std::string("not known"));
    if (std::isfinite(one.hhi_low) && std::isfinite(one.hhi_high) && one.hhi_high > one.hhi_low)
      put(out, "<br/><small>", fixed_text(one.hhi_low, 3), " to ", fixed_text(one.hhi_high, 3),
          "</small>");
    put(out, "</td>");
    for (const auto* column : columns) {
      const double value = one.*column->value;
      put(out, "<td class=\"n\" data-l=\"", column->brief, "\">");
      if (std::isfinite(value) && column->value == &Dependence::eu_supply_risk)
        put(out, risk_bar(value, most), " ");
      if (std::isfinite(value))
        put(out, column->share ? escape(percent(value)) : fixed_text(value, value < 10.0 ? 2 : 1));
      put(out, "</td>");
    }
    put(out, "</tr>\n");
  }
  put(out, "</tbody></table>\n");
}

/// Rules and sources, each once, with the rows they hold for when not for all.
void put_rules_applied(std::string& out, const Digest& digest) {
  const auto& list = digest.result.dependence;
  std::vector<std::string> order;
  std::map<std::string, std::vector<const Dependence*>> rules;
  for (const auto& one : list) {
    if (one.how.empty()) continue;
    if (rules[one.how].empty()) order.push_back(one.how);
    rules[one.how].push_back(&one);
  }
  if (!order.empty()) {
    put(out, "<h4>Rules that were applied</h4><ul class=\"src\">");
    for (std::size_t i = 0; i < std::min<std::size_t>(20, order.size()); ++i) {
      const auto& rows = rules[order[i]];
      put(out, "<li>", shown(order[i], 400));
      if (rows.size() < list.size() && order.size() > 1) {
        put(out, " <small>(");
        for (std::size_t k = 0; k < std::min<std::size_t>(4, rows.size()); ++k)
          put(out, k == 0 ? "" : "; ", label(*rows[k]));
        if (rows.size() > 4) put(out, " and ", counted(rows.size() - 4), " more");
        put(out, ")</small>");
      }
      put(out, "</li>");
    }
    put(out, "</ul>\n");
  }
  std::set<std::string> sources;
  for (const auto& one : list)
    if (!one.source.empty()) sources.insert(one.source);
  std::size_t count = 0;
  for (const auto& source : sources)
    if (++count <= 20) put(out, "<p class=\"src\">Source: ", shown(source, 300), "</p>\n");
}

}  // namespace

void put_dependence(std::string& out, const Digest& digest) {
  const auto& list = digest.result.dependence;
  if (list.empty()) return;
  section_start(
      out, "dependence", "Where supply comes from today",
      "HHI is the sum of the squared shares, 1 for a single source; above 0.18 a market counts as "
      "highly concentrated (United States Merger Guidelines 2023). The governance-weighted figure "
      "also counts how badly the supplying "
      "countries are governed.");
  put_sentences(out, digest);
  const Drawing elements = draw_dependence_elements(digest, {kWide, kMostRows});
  if (!elements.shapes.empty()) {
    put(out, "<h3 id=\"dependence-elements\">By element and stage</h3>\n");
    put_figure(out, elements, draw_dependence_elements(digest, {kNarrow, kMostRows}), {});
  }
  const bool fold = list.size() > kFoldAbove && !elements.shapes.empty();
  if (fold)
    put(out, "<details class=\"plain\"><summary>Shares by country, ", counted(list.size(), "row"),
        "</summary>\n");
  put_figure(
      out, draw_dependence(digest, {kWide, kMostRows}),
      draw_dependence(digest, {kNarrow, kMostRows}),
      std::string("The dashed line stands at an HHI of 0.18, above which a market counts as "
                  "highly concentrated; a band is what the tables leave open.") +
          (list.size() > kMostRows ? " The first 80 rows; the others stand in run.json." : ""));
  if (fold)
    put(out, "</details>\n<details class=\"plain\"><summary>All indices, ",
        counted(list.size(), "row"), "</summary>\n");
  put_index_table(out, digest);
  if (fold) put(out, "</details>\n");
  put_rules_applied(out, digest);
  section_end(out);
}

}  // namespace lode::report
