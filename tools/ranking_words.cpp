// What lode rank prints for people: a table, then sentences that say what it means.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/text.h"
#include "tools/ranking_rows.h"

namespace lode::tools {

namespace {

std::string counted(std::size_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string sites_text(std::size_t count) {
  return counted(count) + (count == 1 ? " site" : " sites");
}

/// A share as per cent that never says 0 or 100 of what is not quite.
std::string percent(double share) {
  if (share > 0.0 && share < 0.001) return "< 0.1 %";
  if (share < 1.0 && share > 0.999) return "> 99.9 %";
  return fixed_text(100.0 * share, share == 0.0 || share == 1.0 ? 0 : 1) + " %";
}

/// At most `width` characters, the last a dot where something was cut off.
std::string cut(const std::string& text, std::size_t width) {
  if (shown_width(text) <= width) return text;
  std::size_t at = text.size();
  while (at > 0 && shown_width(std::string_view(text).substr(0, at)) > width - 2) {
    --at;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  }
  return text.substr(0, at) + "..";
}

std::string score_text(double score) {
  const double size = std::abs(score);
  return fixed_text(score, size >= 1000.0 ? 1 : size >= 0.01 || size == 0.0 ? 4 : 8);
}

std::string interval_text(const RankedSite& site) {
  if (std::isnan(site.rank_p05)) return "-";
  if (site.rank_p05 == site.rank_p95) return number_text(site.rank_p05);
  return number_text(site.rank_p05) + " to " + number_text(site.rank_p95);
}

struct Column {
  std::string head;
  bool right = false;
  std::vector<std::string> cells;
};

std::vector<Column> columns_of(const Ranked& ranked, std::size_t rows) {
  std::vector<Column> columns = {{"rank", true, {}}};
  const bool grouped = !ranked.group_field.empty();
  if (grouped) {
    columns.push_back({cut(printable(ranked.group_field), 16), false, {}});
    columns.push_back({"in group", true, {}});
  }
  const bool named = std::any_of(ranked.result.sites.begin(), ranked.result.sites.end(),
                                 [](const RankedSite& site) { return !site.name.empty(); });
  columns.push_back({"id", false, {}});
  if (named) columns.push_back({"name", false, {}});
  const bool classed = ranked.input.options.method.method == Method::electre_tri;
  columns.push_back({"score", true, {}});
  if (classed) columns.push_back({"class", false, {}});
  if (ranked.drawn && ranked.result.draws > 0) {
    columns.push_back({"90 % of draws", false, {}});
    columns.push_back({"first", true, {}});
  }
  for (std::size_t i = 0; i < rows; ++i) {
    const RankedSite& site = ranked.result.sites[i];
    std::size_t c = 0;
    const auto add = [&](std::string text) { columns[c++].cells.push_back(std::move(text)); };
    add(std::to_string(site.rank));
    if (grouped) {
      add(ranked.group[i].empty() ? "-" : cut(printable(ranked.group[i]), 16));
      add(ranked.group_rank[i] == 0 ? "-" : std::to_string(ranked.group_rank[i]));
    }
    add(cut(printable(site.id), 24));
    if (named) add(site.name.empty() ? "-" : cut(printable(site.name), 36));
    add(score_text(site.score));
    if (classed) add(site.category);
    if (c == columns.size()) continue;
    add(interval_text(site));
    add(percent(site.first_acceptability));
  }
  return columns;
}

std::string table_of(const Ranked& ranked, std::size_t rows) {
  const auto columns = columns_of(ranked, rows);
  std::vector<std::size_t> width;
  for (const auto& column : columns) {
    width.push_back(shown_width(column.head));
    for (const auto& cell : column.cells) width.back() = std::max(width.back(), shown_width(cell));
  }
  std::string text;
  for (std::size_t line = 0; line <= rows; ++line) {
    std::string one;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::string& cell = line == 0 ? columns[c].head : columns[c].cells[line - 1];
      one += (c > 0 ? "  " : "") +
             (columns[c].right ? padded_left(cell, width[c]) : padded(cell, width[c]));
    }
    while (!one.empty() && one.back() == ' ') one.pop_back();
    text += one + "\n";
  }
  const std::size_t more = ranked.result.sites.size() - rows;
  if (more > 0) text += "... and " + counted(more) + " more; --top says how many, -o writes all\n";
  return text;
}

std::string method_text(Method method) {
  std::string name(to_text(method));
  if (name == "fuzzy") return "fuzzy overlay";
  for (auto& letter : name) letter = static_cast<char>(std::toupper(letter));
  return name;
}

std::string error_words(const RankedSite& site) {
  if (!(site.first_error > 0.0)) return {};
  return " (standard error " + percent(site.first_error) + ")";
}

/// Who is first, and how sure that is.
std::string first_words(const Ranked& ranked) {
  const RankResult& result = ranked.result;
  const RankedSite& first = result.sites.front();
  std::vector<std::string> level;
  for (const auto& site : result.sites)
    if (site.rank == 1) level.push_back(site_name(site));
  std::string text;
  if (level.size() == 1)
    text = level.front() + " is first of " + sites_text(result.sites.size());
  else if (level.size() <= 4)
    text = join(level, ", ") + " share the first place of " + sites_text(result.sites.size());
  else
    text =
        counted(level.size()) + " of " + sites_text(result.sites.size()) + " share the first place";
  text += " by " + method_text(ranked.input.options.method.method);
  if (result.draws == 0) return text + ". Without draws nothing is known of how sure that is.\n";
  if (!ranked.drawn)
    return text +
           ". Neither a weight nor a value has a spread, so the draws do not say how sure "
           "that is.\n";
  if (level.size() == 1)
    text += ": first in " + percent(first.first_acceptability) + " of " + counted(result.draws) +
            " draws" + error_words(first) + ", in nine of ten at rank " + interval_text(first);
  text += ".";
  const auto rival = std::max_element(result.sites.begin(), result.sites.end(),
                                      [](const RankedSite& a, const RankedSite& b) {
                                        const auto share = [](const RankedSite& s) {
                                          return s.rank == 1 ? -1.0 : s.first_acceptability;
                                        };
                                        return share(a) < share(b);
                                      });
  if (rival == result.sites.end() || rival->rank == 1 || rival->first_acceptability == 0.0)
    return text + "\n";
  const bool oftener = rival->first_acceptability > first.first_acceptability;
  return text + (oftener ? " But " : " Next, ") + site_name(*rival) +
         (oftener ? " is first more often, in " : " is first in ") +
         percent(rival->first_acceptability) + ".\n";
}

/// What a method concludes beside the order: VIKOR's compromise set, ELECTRE TRI's classes.
std::string method_words(const Ranked& ranked) {
  const Method method = ranked.input.options.method.method;
  constexpr std::size_t most = 8;
  std::vector<std::string> set;
  std::vector<std::pair<std::string, std::size_t>> classes;
  for (const auto& site : ranked.result.sites) {
    if (site.compromise) set.push_back(site_name(site));
    if (classes.empty() || classes.back().first != site.category)
      classes.emplace_back(site.category, 0);
    ++classes.back().second;
  }
  if (method == Method::vikor && set.size() > 1) {
    const std::size_t all = set.size();
    set.resize(std::min(all, most));
    return "Its lead is not enough to decide: the compromise set is " + join(set, ", ") +
           (all > most ? " and " + counted(all - most) + " more" : std::string()) + ".\n";
  }
  if (method != Method::electre_tri) return {};
  std::vector<std::string> parts;
  for (const auto& [name, count] : classes) parts.push_back(name + " " + counted(count));
  return "Classes: " + join(parts, ", ") + ".\n";
}

std::string weights_words(const Ranked& ranked) {
  std::vector<std::string> parts;
  const auto& weights = ranked.result.weights.weights;
  for (std::size_t j = 0; j < weights.size(); ++j)
    parts.push_back(printable(ranked.result.criteria[j]) + " " + fixed_text(weights[j], 3));
  return "Weights (" + std::string(to_text(ranked.input.options.weights)) +
         "): " + join(parts, ", ") + ".\n";
}

/// What was left out, by the rules in their order.
std::string dropped_words(const Ranked& ranked) {
  const RankResult& result = ranked.result;
  if (result.dropped.empty()) return {};
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const auto& site : result.dropped) {
    const auto known = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& one) { return one.first == site.rule; });
    if (known == counts.end())
      counts.emplace_back(site.rule, 1);
    else
      ++known->second;
  }
  std::vector<std::string> parts;
  for (const auto& [rule, count] : counts)
    parts.push_back(counted(count) + " by '" + printable(rule) + "'");
  return "Left out before scoring: " + counted(result.dropped.size()) + " of " +
         sites_text(result.dropped.size() + result.sites.size()) + " (" + join(parts, ", ") +
         ").\n";
}

/// One caution: what is said of several places once.
struct Caution {
  std::vector<std::string> where;
  std::string message;
  std::size_t count = 0;
};

/// Warnings, and the notes that change what the order means.
std::string cautions(const Findings& findings) {
  static const std::set<std::string> telling = {
      "ranking.observed_bounds",   "ranking.correlated_criteria", "ranking.constant_criterion",
      "ranking.default_threshold", "ranking.default_profiles",    "ranking.collinear_criteria",
      "ranking.rock_tonnage",      "ranking.linear_tonnage",      "ranking.curve_turns"};
  std::vector<Caution> all;
  for (const auto& finding : findings.list()) {
    if (finding.severity == Severity::note && telling.count(finding.code) == 0) continue;
    const std::string message =
        finding.code == "ranking.observed_bounds"
            ? "no bounds are stated: the observed ones are used, so the order may change when "
              "sites are added"
            : finding.message;
    auto same = std::find_if(all.begin(), all.end(),
                             [&](const Caution& one) { return one.message == message; });
    if (same == all.end()) same = all.insert(all.end(), {{}, message, 0});
    same->where.push_back(printable(finding.where));
    same->count += finding.count;
  }
  std::string text = all.empty() ? "" : "Cautions:\n";
  for (const auto& one : all)
    text += "  - " + join(one.where, ", ") + ": " + printable(one.message) +
            (one.count > one.where.size() ? " (" + counted(one.count) + " times)" : "") + "\n";
  return text;
}

std::string stability_words(const Ranked& ranked) {
  if (!ranked.stability || ranked.stability->empty()) return {};
  std::string text =
      "Weights under which " + site_name(ranked.result.sites.front()) + " stays first:\n";
  for (const auto& one : *ranked.stability) {
    text += "  " + printable(ranked.result.criteria[one.criterion]) + ": " +
            fixed_text(one.low, 3) + " to " + fixed_text(one.high, 3) + ", now " +
            fixed_text(one.weight, 3);
    if (!one.below.empty()) text += "; below it " + printable(one.below);
    if (!one.above.empty()) text += "; above it " + printable(one.above);
    text += "\n";
  }
  return text;
}

std::string agreement_line(const Agreement& one) {
  const std::string name = one.variant.empty() ? std::string(to_text(one.method)) : one.variant;
  std::string line = "  " + padded(name, 18);
  if (!one.refused.empty()) return line + "cannot take these data [" + one.refused + "]\n";
  return line + "tau " + fixed_text(one.tau, 3) + "  WS " + fixed_text(one.ws, 3) + "  first " +
         printable(one.first) + "\n";
}

std::string agreement_words(const Ranked& ranked) {
  if (ranked.agreement.empty()) return {};
  std::string text = "Agreement of other methods, scales and weightings with this order:\n";
  std::vector<Agreement> all = ranked.agreement;
  all.insert(all.end(), ranked.variants.begin(), ranked.variants.end());
  std::size_t rankings = 1;
  for (const auto& one : all) {
    text += agreement_line(one);
    rankings += one.refused.empty() ? 1 : 0;
  }
  std::vector<std::string> parts;
  for (const auto& place : first_places(ranked.result.sites.front().id, all))
    parts.push_back(printable(place.id) + " in " + std::to_string(place.count));
  return text + "First in these " + std::to_string(rankings) + " rankings: " + join(parts, ", ") +
         ".\n";
}

std::string reversal_words(const Ranked& ranked) {
  if (!ranked.reversal) return {};
  const ReversalTest& test = *ranked.reversal;
  std::vector<std::string> causes;
  for (const auto& id : test.causes) causes.push_back(printable(id));
  std::string text = test.changed == 0
                         ? "Rank reversal: leaving out any one of " + sites_text(test.trials) +
                               " behind the first changes nothing there.\n"
                         : "Rank reversal: the first place changes when one of these is left "
                           "out: " +
                               join(causes, ", ") + ".\n";
  if (test.against > 0)
    text += "  Two at a time, " + counted(test.against) + " of " + counted(test.pairs) +
            " pairs stand the other way round than in the whole order.\n";
  return text;
}

std::string pair_words(const Ranked::Pair& pair) {
  std::string text = "\n" + pair.words.headline + "\n";
  for (const auto* part : {&pair.words.in_favour, &pair.words.against, &pair.words.flips,
                           &pair.words.certainty, &pair.words.cautions})
    for (const auto& sentence : *part) text += "  " + sentence + "\n";
  return text;
}

}  // namespace

std::string rank_words(const Ranked& ranked, std::size_t rows, const Findings& findings) {
  std::string text = table_of(ranked, std::min(rows, ranked.result.sites.size())) + "\n";
  text +=
      first_words(ranked) + method_words(ranked) + dropped_words(ranked) + weights_words(ranked);
  text += cautions(findings) + stability_words(ranked) + agreement_words(ranked) +
          reversal_words(ranked);
  for (const auto& pair : ranked.pairs) text += pair_words(pair);
  return text;
}

}  // namespace lode::tools
