// The end of the page: what was left out, what was found, how it was done, and from what.
#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/html_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostRows = 300;

void put_more(std::string& out, std::size_t all) {
  if (all > kMostRows)
    put(out, "<p class=\"src\">And ", counted(all - kMostRows, "more row"),
        "; the whole list stands in run.json.</p>\n");
}

std::string_view severity_title(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "Errors: refused";
    case Severity::warning:
      return "Warnings: mended or doubtful, counted, computed";
    default:
      return "Notes";
  }
}

void put_finding_table(std::string& out, const std::vector<const Finding*>& findings) {
  put(out,
      "<table class=\"findings\"><thead><tr><th "
      "class=\"n\">Count</th><th>What</th><th>Where</th><th>Code</th></tr></thead><tbody>\n");
  for (std::size_t i = 0; i < std::min(kMostRows, findings.size()); ++i) {
    const auto& one = *findings[i];
    put(out, "<tr><td class=\"n\">", counted(one.count), "</td><td>", shown(one.message, 400),
        "</td><td>", shown(one.where, 160), "</td><td><code>", shown(one.code, 80),
        "</code></td></tr>\n");
  }
  put(out, "</tbody></table>\n");
  put_more(out, findings.size());
}

void put_criteria(std::string& out, const Digest& digest) {
  double highest = 0.0;
  for (const auto& one : digest.result.criteria)
    if (std::isfinite(one.weight)) highest = std::max(highest, one.weight);
  put(out,
      "<table class=\"criteria\"><thead><tr><th>Criterion</th><th>Better</th><th>Scale</th><th "
      "class=\"n\">Bounds</th><th class=\"n\">Weight</th><th></th></tr></thead><tbody>\n");
  for (const auto& one : digest.result.criteria) {
    put(out, "<tr><td>", shown(indicator_title(one.name), 90), " <code>", shown(one.name, 60),
        "</code></td><td>",
        one.direction == "min"   ? "less"
        : one.direction == "max" ? "more"
                                 : shown(one.direction, 20),
        "</td><td>", shown(one.scale.empty() ? "linear" : one.scale, 20), "</td><td class=\"n\">");
    if (std::isfinite(one.low_bound) && std::isfinite(one.high_bound) &&
        one.low_bound != one.high_bound)
      put(out, people(one.low_bound), " to ", shown(people(one.high_bound, one.unit), 40));
    else
      put(out, "as observed");
    const double share = highest > 0.0 && std::isfinite(one.weight) ? one.weight / highest : 0.0;
    put(out, "</td><td class=\"n\">", escape(percent(one.weight)),
        "</td><td><svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
        "aria-hidden=\"true\"><rect class=\"c0\" width=\"",
        coordinate(share * 100.0), "\" height=\"8\"/></svg></td></tr>\n");
  }
  put(out, "</tbody></table>\n");
}

void put_fact(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) put(out, "<div><dt>", name, "</dt><dd>", value, "</dd></div>");
}

std::string_view weights_words(const std::string& mode) {
  if (mode == "given") return "as given";
  if (mode == "equal") return "equal";
  if (mode == "free") return "free: every draw takes any weights that sum to 1";
  if (mode == "uncertain") return "uncertain: every draw varies them around the given ones";
  return {};
}

}  // namespace

void put_left_out(std::string& out, const Digest& digest) {
  const auto& left_out = digest.result.left_out;
  if (left_out.empty()) return;
  section_start(out, "left-out", "Left out, and why");
  put(out,
      "<table><thead><tr><th>Site</th><th>Id</th><th>Why it has no "
      "rank</th></tr></thead><tbody>\n");
  for (std::size_t i = 0; i < std::min(kMostRows, left_out.size()); ++i)
    put(out, "<tr><td>", shown(left_out[i].name, 120), "</td><td>", shown(left_out[i].site_id, 60),
        "</td><td>", shown(left_out[i].reason, 300), "</td></tr>\n");
  put(out, "</tbody></table>\n");
  put_more(out, left_out.size());
  section_end(out);
}

void put_findings(std::string& out, const Digest& digest) {
  section_start(out, "findings", "What was found in the data");
  if (digest.result.findings.empty()) put(out, "<p>Nothing was found wrong with the data.</p>\n");
  for (const auto severity : {Severity::error, Severity::warning, Severity::note}) {
    std::vector<const Finding*> findings;
    std::size_t places = 0;
    for (const auto& one : digest.result.findings.list())
      if (one.severity == severity) {
        findings.push_back(&one);
        places += one.count;
      }
    if (findings.empty()) continue;
    put(out, "<details class=\"plain\"", severity == Severity::note ? "" : " open=\"open\"",
        "><summary><b class=\"sev ", to_text(severity), "\">",
        number_text(static_cast<double>(findings.size())), "</b> ", severity_title(severity),
        " <small>", counted(places, "case"), "</small></summary>\n");
    put_finding_table(out, findings);
    put(out, "</details>\n");
  }
  section_end(out);
}

/// Rules of tables of setbacks, each with its law.
void put_rules(std::string& out, const Digest& digest) {
  const auto& rules = digest.result.rules;
  if (rules.empty()) return;
  section_start(out, "rules", "Setback rules in force",
                "From tables of rules: starting points, not law. The strictest rule of a feature "
                "counts; where setbacks overlap, the ground is taken once.");
  put(out,
      "<table><thead><tr><th>Constraint</th><th>Class</th><th class=\"n\">Setback</th>"
      "<th>Use</th><th>Place</th><th>Citation</th><th class=\"n\">Features</th><th>Table</th>"
      "</tr></thead><tbody>\n");
  for (std::size_t i = 0; i < std::min(kMostRows, rules.size()); ++i) {
    const RuleInForce& one = rules[i];
    put(out, "<tr><td>", shown(one.constraint, 60), "</td><td>", shown(one.feature_class, 80),
        "</td><td class=\"n\">", people_short(one.setback_m, "m"), "</td><td>",
        one.hard ? "excluded" : "review", "</td><td>", shown(one.jurisdiction, 20), "</td><td>",
        shown(one.citation, 200), "</td><td class=\"n\">", counted(one.features), "</td><td>",
        shown(one.table, 80), "</td></tr>\n");
  }
  put(out, "</tbody></table>\n");
  put_more(out, rules.size());
  section_end(out);
}

void put_method(std::string& out, const Digest& digest) {
  const auto& result = digest.result;
  section_start(out, "method", "How the ranking was made");
  put(out, "<dl class=\"facts\">");
  put_fact(out, "Method", shown(result.method, 60));
  const auto words = weights_words(result.weights_mode);
  put_fact(out, "Weights", words.empty() ? shown(result.weights_mode, 60) : std::string(words));
  put_fact(out, "Missing values", shown(result.missing, 60));
  if (result.draws > 0) put_fact(out, "Draws", counted(result.draws));
  put_fact(out, "Seed", number_text(static_cast<double>(result.seed)));
  put_fact(out, "As of", to_text(result.as_of));
  if (!result.home.empty()) put_fact(out, "Home", shown(digest.country(result.home), 60));
  if (!result.allies.empty()) {
    std::string allies;
    for (std::size_t i = 0; i < result.allies.size(); ++i)
      put(allies, i == 0 ? "" : ", ", shown(digest.country(result.allies[i]), 60));
    put_fact(out, "Allies",
             (result.allies_name.empty() ? std::string() : shown(result.allies_name, 60) + ": ") +
                 allies);
  }
  put(out, "</dl>\n");
  if (!result.criteria.empty()) put_criteria(out, digest);
  put(out,
      "<p class=\"src\">A range of ranks holds nine draws of ten (5th to 95th percentile). First "
      "place is the share of draws in which a site ranks first. Spreads of values are 10th to 90th "
      "percentiles.</p>\n");
  if (!result.figures.empty()) {
    put(out, "<h3>Figures of the run</h3>\n<table class=\"slim\"><tbody>\n");
    for (const auto& figure : result.figures)
      put(out, "<tr><td>", shown(capital(figure.name), 120), "</td><td class=\"n\">",
          shown(people(figure.value, figure.unit), 60), "</td></tr>\n");
    put(out, "</tbody></table>\n");
  }
  section_end(out);
}

void put_inputs(std::string& out, const Digest& digest) {
  section_start(out, "inputs", "What it was made from",
                "A file whose SHA-256 differs is not the file that was read.");
  put(out,
      "<table class=\"inputs\"><thead><tr><th>File</th><th>Layer</th><th "
      "class=\"n\">Features</th><th>CRS</th><th>SHA-256</th></tr></thead><tbody>\n");
  for (const auto& one : digest.result.inputs)
    put(out, "<tr><td>", shown(one.path, 200), "</td><td>", shown(one.layer, 60),
        "</td><td class=\"n\">", counted(one.features), "</td><td>", shown(one.crs, 80),
        "</td><td><code class=\"hash\">", shown(one.sha256, 64), "</code></td></tr>\n");
  put(out, "</tbody></table>\n");
  if (!digest.result.operations.empty()) {
    put(out,
        "<h3>Coordinate "
        "operations</h3>\n<table><thead><tr><th>Input</th><th>From</th><th>To</th><th>Operation</"
        "th><th class=\"n\">Accuracy</th></tr></thead><tbody>\n");
    for (const auto& one : digest.result.operations)
      put(out, "<tr><td>", shown(one.input, 120), "</td><td>", shown(one.from, 80), "</td><td>",
          shown(one.to, 80), "</td><td>", shown(one.operation, 200), "</td><td class=\"n\">",
          one.accuracy_m == 0.0 ? std::string("exact") : people(one.accuracy_m, "m"),
          "</td></tr>\n");
    put(out, "</tbody></table>\n");
  }
  section_end(out);
}

void put_caveats(std::string& out, const Digest& digest) {
  if (digest.result.caveats.empty()) return;
  section_start(out, "caveats", "What to read with care");
  put(out, "<ul>\n");
  for (const auto& one : digest.result.caveats) put(out, "<li>", shown(one, 600), "</li>\n");
  put(out, "</ul>\n");
  section_end(out);
}

}  // namespace lode::report
