// The card of a site: its cautions, what was filled in, and how firm its place is.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/html_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostItems = 20;

void put_fact(std::string& out, std::string_view name, const std::string& value,
              std::string_view note = {}) {
  put(out, "<div><dt>", name, "</dt><dd>", value);
  if (!note.empty()) put(out, " <small>", note, "</small>");
  put(out, "</dd></div>");
}

std::string front_words(const SiteStanding& one) {
  if (one.pareto_front == 1) return "dominated by no other site";
  std::string words = "front " + counted(one.pareto_front);
  if (one.dominators > 0)
    put(words, "; ", counted(one.dominators, "site is", "sites are"),
        " at least as good on every criterion");
  return words;
}

void put_facts(std::string& out, const SiteStanding& one, bool uncertain) {
  std::string facts;
  if (uncertain && std::isfinite(one.first_acceptability))
    put_fact(facts, "First place", escape(percent_error(one.first_acceptability, one.first_error)),
             "of the draws");
  if (std::isfinite(one.confidence))
    put_fact(facts, "Confidence", escape(percent(one.confidence)),
             "first under the weights that suit it best");
  if (std::isfinite(one.holistic_acceptability))
    put_fact(facts, "Holistic acceptability", fixed_text(one.holistic_acceptability, 3),
             "all ranks, the upper ones counting more");
  if (std::isfinite(one.regret))
    put_fact(facts, "Mean regret", people_short(one.regret, ""),
             "of score, against the best of each draw");
  if (std::isfinite(one.rank_entropy))
    put_fact(facts, "Unsettled", fixed_text(one.rank_entropy, 2), "0 one rank, 1 any rank");
  if (one.pareto_front > 0) put_fact(facts, "Dominance", front_words(one));
  if (!facts.empty()) put(out, "<dl class=\"facts tight\">", facts, "</dl>\n");
}

}  // namespace

void put_standing(std::string& out, const Digest& digest, std::size_t site) {
  const std::size_t place = site < digest.place.size() ? digest.place[site] : kNone;
  if (place == kNone) return;
  const SiteStanding& one = *digest.ranking[place];
  if (!one.cautions.empty() || !one.missing.empty()) {
    put(out, "<div class=\"callout\">");
    if (!one.cautions.empty()) {
      put(out, "<strong>Read with care.</strong><ul>");
      for (std::size_t i = 0; i < std::min(kMostItems, one.cautions.size()); ++i)
        put(out, "<li>", shown(one.cautions[i], 300), "</li>");
      put(out, "</ul>");
    }
    if (!one.missing.empty()) {
      put(out, "<strong>Not known and filled in</strong> (",
          shown(digest.result.missing.empty() ? "rule not said" : digest.result.missing, 40),
          "): ");
      for (std::size_t i = 0; i < std::min(kMostItems, one.missing.size()); ++i)
        put(out, i == 0 ? "" : ", ", shown(indicator_title(clip(one.missing[i], 90)), 90));
      put(out, ".");
    }
    put(out, "</div>\n");
  }
  put_facts(out, one, digest.uncertain);
}

}  // namespace lode::report
