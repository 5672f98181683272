// Why the first stands above the second, and how firm the order is.
#include <algorithm>
#include <cctype>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/html_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostPairs = 8;      ///< explained on the page
constexpr std::size_t kMostCriteria = 24;  ///< rows of a table
constexpr std::size_t kMostSentences = 12;

std::string site_name(const Digest& digest, std::size_t site) {
  return shown(digest.name(digest.result.sites[site]), 80);
}

std::string criterion_title(const Digest& digest, std::size_t criterion) {
  return criterion < digest.result.criteria.size()
             ? shown(indicator_title(clip(digest.result.criteria[criterion].name, 90)), 90)
             : "Criterion " + number_text(static_cast<double>(criterion + 1));
}

std::string short_title(const Digest& digest, std::size_t criterion) {
  return shown(indicator_short(clip(digest.result.criteria[criterion].name, 90)), 90);
}

/// True when neither stands above the other, by the score or by the rank.
bool are_level(const Digest& digest, const PairExplained& pair) {
  const std::size_t a = digest.place[pair.a], b = digest.place[pair.b];
  return stand_level(pair.why) ||
         (a != kNone && b != kNone && digest.ranking[a]->rank == digest.ranking[b]->rank);
}

/// The sentence with the names of criteria as a reader knows them.
std::string in_words(const Digest& digest, std::string sentence) {
  const auto part_of_name = [](char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  std::vector<std::string> names;
  for (const auto& criterion : digest.result.criteria)
    if (indicator_short(criterion.name) != criterion.name) names.push_back(criterion.name);
  for (std::size_t at = 0; at < sentence.size();) {
    std::size_t end = at;
    while (end < sentence.size() && part_of_name(sentence[end])) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    const std::string word = sentence.substr(at, end - at);
    const bool named = std::find(names.begin(), names.end(), word) != names.end();
    const std::string words = named ? indicator_short(word) : word;
    sentence.replace(at, end - at, words);
    at += words.size();
  }
  return sentence;
}

void put_sentences(std::string& out, const Digest& digest, std::string_view heading,
                   const std::vector<std::string>& sentences) {
  if (sentences.empty()) return;
  put(out, "<div><h4>", heading, "</h4><ul>");
  for (std::size_t i = 0; i < std::min(kMostSentences, sentences.size()); ++i)
    put(out, "<li>", shown(in_words(digest, clip(sentences[i], 400)), 400), "</li>");
  put(out, "</ul></div>\n");
}

void put_words(std::string& out, const Digest& digest, const PairExplained& pair, bool headline) {
  const Narrative& words = pair.words;
  if (headline) {
    put(out, "<p class=\"say\">");
    if (words.headline.empty())
      put(out, site_name(digest, pair.a),
          are_level(digest, pair) ? " stands level with " : " stands above ",
          site_name(digest, pair.b), ".");
    else
      put(out, shown(words.headline, 500));
    put(out, "</p>\n");
  }
  put(out, "<div class=\"pros\">\n");
  // The sentences call the upper site "it"; of two that stand level they name both.
  const std::string upper = site_name(digest, pair.a), lower = site_name(digest, pair.b);
  const bool level = stand_level(pair.why);
  put_sentences(out, digest, level ? "What speaks for " + upper : "What puts " + upper + " ahead",
                words.in_favour);
  put_sentences(
      out, digest,
      level ? "What speaks for " + lower : "What speaks against " + upper + ", for " + lower,
      words.against);
  put_sentences(out, digest, level ? "What would put one ahead" : "What would turn it round",
                words.flips);
  put_sentences(out, digest, "How sure this is", words.certainty);
  put(out, "</div>\n");
  if (words.cautions.empty()) return;
  put(out, "<div class=\"callout\"><strong>Read with care.</strong><ul>");
  for (std::size_t i = 0; i < std::min(kMostSentences, words.cautions.size()); ++i)
    put(out, "<li>", shown(in_words(digest, clip(words.cautions[i], 400)), 400), "</li>");
  put(out, "</ul></div>\n");
}

/// A weight that turns the order round: all weight on one criterion, or a weight at which the two
/// are level and beyond which nothing turns, does not.
bool weight_turns(const Explanation& why, std::size_t c) {
  return c < why.weight_flips.size() && why.weight_flips[c].found &&
         !why.weight_flips[c].level_only && !(why.weight_flips[c].to > 1.0 - 1e-9);
}

std::string points(double from, double to) {
  const double change = (to - from) * 100.0;
  return std::string(change < 0.0 ? "\xe2\x88\x92" : "+") +
         fixed_text(std::abs(change), std::abs(change) < 9.95 ? 1 : 0) + " points";
}

void put_flip_row(std::string& out, const Digest& digest, const PairExplained& pair,
                  std::size_t c) {
  const Explanation& why = pair.why;
  const std::string unit =
      c < digest.result.criteria.size() ? clip(digest.result.criteria[c].unit, 200) : std::string();
  put(out, "<tr><td>", criterion_title(digest, c), "</td>");
  const bool weight = weight_turns(why, c);
  if (c < digest.result.criteria.size())
    put(out, "<td data-l=\"weight now\">", escape(percent(digest.result.criteria[c].weight)),
        "</td>");
  else
    put(out, "<td data-l=\"weight now\">not known</td>");
  if (weight)
    put(out, "<td data-l=\"turns at\"><b>", escape(percent(why.weight_flips[c].to)), "</b> <small>",
        points(why.weight_flips[c].from, why.weight_flips[c].to), "</small></td>");
  else
    put(out, "<td data-l=\"turns at\" class=\"no\">no weight</td>");
  if (c >= why.value_flips.size() || !why.value_flips[c].found) {
    put(out, "<td data-l=\"value\" class=\"no\">no value within its bounds</td><td></td><td></td>",
        "</tr>\n");
    return;
  }
  const ValueFlip& value = why.value_flips[c];
  put(out, "<td data-l=\"value now\">", shown(people_short(value.from, unit), 50),
      "</td><td data-l=\"turns at\"><b>", shown(people_short(value.to, unit), 50), "</b>");
  if (std::isfinite(value.share))
    put(out, " <small>",
        std::abs(value.share) > 1.0 ? std::string("from beyond its scale")
                                    : escape(percent(std::abs(value.share))) + " of its scale",
        "</small>");
  if (value.level_only) put(out, " <small>level only, further change turns nothing</small>");
  put(out, "</td><td data-l=\"of\">", site_name(digest, value.of_a ? pair.a : pair.b),
      "</td></tr>\n");
}

/// Per criterion the one weight and the one value that would make the two level.
void put_flips(std::string& out, const Digest& digest, const PairExplained& pair) {
  const Explanation& why = pair.why;
  const std::size_t count = std::max(why.weight_flips.size(), why.value_flips.size());
  // Of two that are level any change puts one ahead: there is no order to turn round.
  if (count == 0 || are_level(digest, pair)) return;
  std::vector<std::size_t> order(count);
  for (std::size_t c = 0; c < count; ++c) order[c] = c;
  // The nearest way round first: by the change of weight or the share of the scale.
  const auto nearest = [&](std::size_t c) {
    double least = 9.0;
    if (weight_turns(why, c))
      least = std::min(least, std::abs(why.weight_flips[c].to - why.weight_flips[c].from));
    if (c < why.value_flips.size() && why.value_flips[c].found)
      least = std::min(least, std::abs(why.value_flips[c].share));
    return std::isfinite(least) ? least : 9.0;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return nearest(a) < nearest(b); });
  put(out,
      "<h4>What would turn it round, one change at a time</h4>\n<table class=\"lab flips\"><thead>"
      "<tr><th>Criterion</th><th>Weight now</th><th>Level at a weight of</th><th>Value now</th>"
      "<th>Level at a value of</th><th>Whose value</th></tr></thead><tbody>\n");
  for (std::size_t i = 0; i < std::min(kMostCriteria, count); ++i)
    put_flip_row(out, digest, pair, order[i]);
  put(out, "</tbody></table>\n");
  put(out,
      "<p class=\"src\">The other weights shrink or grow in proportion; everything else stays "
      "as it is.",
      count > kMostCriteria ? " The " + counted(count - kMostCriteria, "criterion", "criteria") +
                                  " furthest from turning it round are left out here."
                            : std::string(),
      "</p>\n");
}

void put_pair(std::string& out, const Digest& digest, const PairExplained& pair, bool whole) {
  put_words(out, digest, pair, whole);
  put_figure(out, draw_why(digest, pair, {kWide, 1}), draw_why(digest, pair, {kNarrow, 1}),
             pair.why.additive || pair.why.split.empty()
                 ? std::string_view()
                 : std::string_view("The method's score is no sum: the shares are Shapley values, "
                                    "which add up to the lead."));
  put_flips(out, digest, pair);
  if (!whole) return;
  const Drawing tornado = draw_tornado(digest, pair, {kWide, 1});
  if (!tornado.shapes.empty()) {
    put(out,
        "<h3 id=\"tornado\">What the data could make of the lead</h3>\n<p class=\"lead\">The lead "
        "when one number of one site goes from its low to its high end, all others as they are. "
        "Left of the dashed line the order turns round.</p>\n");
    put_figure(out, tornado, draw_tornado(digest, pair, {kNarrow, 1}), {});
  }
  const Drawing sobol = draw_sobol(digest, pair, {kWide, 1});
  if (sobol.shapes.empty()) return;
  put(out,
      "<h3 id=\"sobol\">Where the doubt comes from</h3>\n<p class=\"lead\">Share of the variance "
      "of "
      "the lead that each input makes, when all vary at once (Sobol indices).");
  if (std::isfinite(pair.why.margin_deviation))
    put(out, " The lead is ", digest.score(pair.why.margin), " with a standard deviation of ",
        digest.score(pair.why.margin_deviation), ".");
  put(out, "</p>\n");
  put_figure(out, sobol, draw_sobol(digest, pair, {kNarrow, 1}), {});
}

std::vector<const PairExplained*> known_pairs(const Digest& digest) {
  std::vector<const PairExplained*> pairs;
  const std::size_t count = digest.result.sites.size();
  for (const auto& one : digest.result.explained)
    if (one.a < count && one.b < count && one.a != one.b && pairs.size() < kMostPairs)
      pairs.push_back(&one);
  return pairs;
}

}  // namespace

bool has_why(const Digest& digest) {
  return !known_pairs(digest).empty();
}

void put_why(std::string& out, const Digest& digest) {
  const auto pairs = known_pairs(digest);
  if (pairs.empty()) return;
  const PairExplained& main = *pairs.front();
  const bool first_two = digest.place[main.a] == 0 && digest.place[main.b] == 1;
  const bool level = are_level(digest, main);
  section_start(out, "why",
                level       ? first_two ? "Why the first two are level" : "Why two sites are level"
                : first_two ? "Why the first stands above the second"
                            : "Why one site stands above another");
  put_pair(out, digest, main, true);
  if (pairs.size() > 1) put(out, "<h3>Other pairs</h3>\n");
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    const PairExplained& pair = *pairs[i];
    const auto rank = [&](std::size_t site) {
      const std::size_t place = digest.place[site];
      return place == kNone ? std::string() : " (" + number_text(digest.ranking[place]->rank) + ")";
    };
    put(out, "<details class=\"plain pair\"><summary>Why ", site_name(digest, pair.a), rank(pair.a),
        are_level(digest, pair) ? " is level with " : " stands above ", site_name(digest, pair.b),
        rank(pair.b), " <small>", shown(pair.words.headline, 300), "</small></summary>\n");
    put_pair(out, digest, pair, false);
    put(out, "</details>\n");
  }
  section_end(out);
}

namespace {

/// A heading, a line under it and the figure; nothing when there is nothing to draw.
void put_part(std::string& out, const Digest& digest,
              Drawing (*draw)(const Digest&, const ChartOptions&), std::size_t rows,
              std::string_view id, std::string_view heading, const std::string& lead,
              std::string_view caption = {}) {
  const Drawing wide = draw(digest, {kWide, rows});
  if (wide.shapes.empty()) return;
  put(out, "<h3 id=\"", id, "\">", heading, "</h3>\n<p class=\"lead\">", lead, "</p>\n");
  put_figure(out, wide, draw(digest, {kNarrow, rows}), caption);
}

std::string acceptability_lead(const Digest& digest) {
  const auto& checks = digest.result.checks;
  std::string words =
      "How often, in per cent of the draws, a site takes a rank when weights and data vary within "
      "what is known. Dark cells along the diagonal mean a firm order.";
  if (checks.standard_error > 0.0 && std::isfinite(checks.standard_error))
    put(words, " More draws would move a first-place share by about ",
        fixed_text(checks.standard_error * 100.0, checks.standard_error < 0.00995 ? 2 : 1),
        " points at most (standard error).");
  if (checks.rank_bin_width > 1)
    put(words, " With so many sites, quantiles of ranks are counted in bins of ",
        counted(checks.rank_bin_width, "rank"), ".");
  return words;
}

std::string stability_lead(const Digest& digest) {
  const auto& list = digest.result.checks.stability;
  std::size_t never = 0;
  for (const auto& one : list) never += one.below.empty() && one.above.empty();
  std::string words =
      "How far each weight may move before another site comes first, the other weights in "
      "proportion and the data as they are. The tightest stands first.";
  if (never > 0)
    put(words, " ", counted(never, "weight", "weights"),
        never == 1 ? " does not matter to the first place." : " do not matter to the first place.");
  return words;
}

void put_screening(std::string& out, const Digest& digest) {
  const auto& rules = digest.result.checks.screening;
  if (rules.empty()) return;
  std::size_t sum = 0;
  put(out,
      "<h3 id=\"screening\">What the hard rules took</h3>\n<p class=\"lead\">Before any scoring. "
      "In "
      "order, the rules add up to the sites that fell; the last column is what loosening that rule "
      "alone would bring back.</p>\n<table class=\"lab slim\"><thead><tr><th>Rule</th><th "
      "class=\"n\">Alone</th><th class=\"n\">In order</th><th class=\"n\">Without a value</th><th "
      "class=\"n\">By it only</th></tr></thead><tbody>\n");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    sum += rules[i].in_order;
    if (i >= 60) continue;
    put(out, "<tr><td>", shown(rules[i].rule, 120), "</td><td class=\"n\" data-l=\"alone\">",
        counted(rules[i].alone), "</td><td class=\"n\" data-l=\"in order\">",
        counted(rules[i].in_order), "</td><td class=\"n\" data-l=\"without a value\">",
        counted(rules[i].missing), "</td><td class=\"n\" data-l=\"by it only\">",
        counted(rules[i].only), "</td></tr>\n");
  }
  put(out, "<tr class=\"sum\"><td>All rules</td><td></td><td class=\"n\" data-l=\"in order\">",
      counted(sum), "</td><td></td><td></td></tr></tbody></table>\n");
}

void put_pareto(std::string& out, const Digest& digest) {
  std::size_t looked = 0, front = 0;
  std::string names;
  for (const auto* one : digest.ranking) {
    if (one->pareto_front == 0) continue;
    ++looked;
    if (one->pareto_front != 1) continue;
    if (++front <= 12)
      put(names, front == 1 ? "" : ", ", shown(digest.name(digest.site(*one)), 60), " (",
          number_text(one->rank), ")");
  }
  if (looked == 0) return;
  put(out, "<h3 id=\"pareto\">Beaten by no other</h3>\n<p>", counted(front, "site"), " of ",
      counted(looked), front == 1 ? " is" : " are",
      " dominated by none: no other site is at least as good on every criterion and better on "
      "one: ",
      names, front > 12 ? " and " + counted(front - 12) + " more" : std::string(),
      ". Each of the others is matched or beaten on every criterion by at least one site.</p>\n");
}

void put_reversal(std::string& out, const Digest& digest) {
  const auto& test = digest.result.checks.reversal;
  if (!test || test->trials == 0) return;
  put(out, "<p id=\"reversal\"><strong>Rank reversal.</strong> ");
  if (test->changed == 0) {
    put(out, "Leaving out ", test->trials == 1 ? "the other site" : "each of ",
        test->trials == 1 ? std::string() : counted(test->trials, "other site"),
        test->trials == 1 ? "" : " in turn", " never changes the first place.</p>\n");
    return;
  }
  put(out, "Leaving out one other site changes the first place in ", counted(test->changed), " of ",
      counted(test->trials, "trial"), ": the order depends on which sites are in the list");
  for (std::size_t i = 0; i < std::min<std::size_t>(8, test->causes.size()); ++i)
    put(out, i == 0 ? " (without " : ", ", shown(digest.name_of_id(test->causes[i]), 60));
  put(out, test->causes.empty() ? "" : ")", ".</p>\n");
}

/// Of the comparisons of one group: how many put the same site first, how many were refused.
struct Votes {
  std::size_t able = 0, same = 0, refused = 0;
};
Votes votes_of(const Digest& digest, bool variants) {
  const std::string first =
      digest.ranking.empty() ? std::string() : digest.site(*digest.ranking.front()).id;
  Votes votes;
  for (const auto& one : digest.result.checks.agreement) {
    if (one.variant.empty() == variants) continue;
    votes.refused += !one.refused.empty();
    votes.able += one.refused.empty();
    votes.same += one.refused.empty() && one.first == first;
  }
  return votes;
}

void put_agreement(std::string& out, const Digest& digest) {
  const Votes methods = votes_of(digest, false), variants = votes_of(digest, true);
  std::string lead;
  if (methods.able > 0)
    put(lead, counted(methods.same), " of ", counted(methods.able, "other method"),
        methods.same == 1 ? " puts" : " put",
        " the same site first, with the same weights and data and without draws");
  if (methods.refused > 0)
    put(lead, lead.empty() ? "" : "; ", counted(methods.refused, "method"),
        " could not take the data");
  if (!lead.empty()) lead += ". ";
  if (variants.able > 0)
    put(lead, "With other scales or weights this method itself puts the same site first in ",
        counted(variants.same), " of ", counted(variants.able, "case"), ". ");
  if (variants.refused > 0)
    put(lead, counted(variants.refused, "case"), " could not be worked out. ");
  lead += "In the bars 1 is the same order.";
  put_part(out, digest, draw_agreement, 1, "agreement", "What other methods say", lead,
           "Weighted sum, SPOTIS and OWA at orness 0.5 are one order under fixed bounds, and "
           "weighted product and fuzzy overlay with gamma may be: they are no independent voices. "
           "Methods that agree alike and put the same site first share a row.");
  put_reversal(out, digest);
}

void put_correlation(std::string& out, const Digest& digest) {
  const auto& checks = digest.result.checks;
  const std::size_t count = digest.result.criteria.size();
  put_part(out, digest, draw_correlation, 1, "correlation", "Criteria that say the same",
           "Correlation over the ranked sites, turned so that more is better. Inflation is the "
           "variance inflation factor: above 10 the other criteria nearly tell this one.");
  if (checks.correlation.size() != count * count) return;
  std::string items;
  std::size_t found = 0;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t k = i + 1; k < count; ++k) {
      const double value = checks.correlation[i * count + k];
      if (!(std::abs(value) >= 0.9) || ++found > 10) continue;
      put(items, "<li>", short_title(digest, i), " and ", short_title(digest, k), " (",
          fixed_text(value, 2), ")</li>");
    }
  if (found > 0)
    put(out,
        "<div class=\"callout\"><strong>Counted twice.</strong> These pairs say nearly the same, "
        "so "
        "what they measure has more weight than their weights say:<ul>",
        items, "</ul></div>\n");
}

/// How the weights of a draw come from those used; nothing when they are fixed.
std::string_view drawn_words(const StudyResult& result) {
  if (result.draws == 0) return {};
  if (result.weights_mode == "uncertain")
    return "; every draw takes each weight evenly from a band around it, then scales all to sum "
           "to 1";
  if (result.weights_mode == "ordered")
    return "; every draw takes any weights that keep their order and sum to 1";
  if (result.weights_mode == "free") return "; every draw takes any weights that sum to 1";
  return {};
}

std::string without_stop(std::string text) {
  if (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

void put_weights_note(std::string& out, const Digest& digest) {
  const auto& checks = digest.result.checks;
  if (!checks.weights_note.empty())
    put(out, "<p class=\"src\">Weights used: ", shown(without_stop(checks.weights_note), 400),
        drawn_words(digest.result), ".</p>\n");
  if (std::isfinite(checks.consistency_ratio))
    put(out, "<p class=\"src\">Consistency ratio of the judgements: ",
        fixed_text(checks.consistency_ratio, 3),
        checks.consistency_ratio > 0.1 ? ", above 0.1: they contradict each other."
                                       : ", at or below 0.1.",
        "</p>\n");
}

}  // namespace

bool has_firmness(const Digest& digest) {
  const auto& checks = digest.result.checks;
  return !digest.ranking.empty() &&
         (digest.uncertain || !checks.stability.empty() || !checks.agreement.empty() ||
          !checks.screening.empty() || !checks.correlation.empty() || checks.reversal.has_value() ||
          digest.ranking.front()->pareto_front > 0);
}

void put_firmness(std::string& out, const Digest& digest, const HtmlOptions& options) {
  if (!has_firmness(digest)) return;
  const std::size_t rows = std::clamp<std::size_t>(options.chart_rows, 1, 100);
  section_start(out, "firm", "How firm the order is");
  if (digest.uncertain) {
    put_part(out, digest, draw_acceptability, std::min<std::size_t>(20, rows), "acceptability",
             "Rank acceptability", acceptability_lead(digest));
    if (digest.ranking.size() > 1)
      put_part(
          out, digest, draw_intervals, std::min<std::size_t>(50, rows * 2), "intervals",
          "Ranks from 5 to 95 per cent",
          "The sign is the rank, the band holds nine draws of ten, the stroke is the median. "
          "Unsettled is 0 for a site that keeps one rank in all draws and 1 for one that takes "
          "all ranks alike (entropy of its ranks).");
    put_part(out, digest, draw_pairwise, 15, "pairwise", "One against another",
             "Share of the draws, in per cent, in which the site of the row stands above the site "
             "of the column. Near 50 the two cannot be told apart.");
    put_part(out, digest, draw_central_weights, 8, "central-weights",
             "What one would have to value",
             "Weights for which a site comes first, on average over the draws that it wins: the "
             "preferences that speak for it. The per cent beside the name is how often it does.");
  }
  put_part(out, digest, draw_stability, 1, "stability", "Room of the weights",
           stability_lead(digest));
  put_weights_note(out, digest);
  put_agreement(out, digest);
  put_pareto(out, digest);
  put_screening(out, digest);
  put_correlation(out, digest);
  section_end(out);
}

}  // namespace lode::report
