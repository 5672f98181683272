#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <string>

#include "libgeo/core/text.h"
#include "libgeo/ranking/guards.h"

namespace lode {

namespace {

using Tokens = std::vector<std::string>;

/// Runs of letters and digits, small: "Nd (ppm)" is nd, ppm; % is pct.
Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  std::string token;
  const auto finish = [&] {
    if (!token.empty()) tokens.push_back(token);
    token.clear();
  };
  for (const char c : lower(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      token += c;
      continue;
    }
    finish();
    if (c == '%') tokens.emplace_back("pct");
  }
  finish();
  return tokens;
}

bool has(const Tokens& tokens, const std::set<std::string>& words) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const auto& token) { return words.count(token) > 0; });
}

enum class Measure { none, grade, tonnage };

/// What the tokens end in; the unit's tokens are taken off.
Measure take_unit(Tokens& tokens) {
  static const std::vector<std::pair<Tokens, Measure>> units = {
      {{"wt", "pct"}, Measure::grade},
      {{"g", "t"}, Measure::grade},
      {{"mg", "kg"}, Measure::grade},
      {{"g", "per", "t"}, Measure::grade},
      {{"t", "per", "yr"}, Measure::tonnage},
      {{"t", "per", "year"}, Measure::tonnage},
      {{"kt", "per", "yr"}, Measure::tonnage},
      {{"t", "yr"}, Measure::tonnage},
      {{"ppm"}, Measure::grade},
      {{"ppb"}, Measure::grade},
      {{"pct"}, Measure::grade},
      {{"percent"}, Measure::grade},
      {{"wtpct"}, Measure::grade},
      {{"t"}, Measure::tonnage},
      {{"kt"}, Measure::tonnage},
      {{"mt"}, Measure::tonnage},
      {{"tonnes"}, Measure::tonnage},
      {{"tpa"}, Measure::tonnage}};
  for (const auto& [unit, measure] : units) {
    if (tokens.size() < unit.size() || !std::equal(unit.rbegin(), unit.rend(), tokens.rbegin()))
      continue;
    tokens.resize(tokens.size() - unit.size());
    // USD per t, CO2e per t: the tonne is what it is divided by.
    if (!tokens.empty() && tokens.back() == "per") return Measure::none;
    return has(tokens, {"usd", "eur", "cad", "aud", "price", "cost", "co2", "co2e"}) ? Measure::none
                                                                                     : measure;
  }
  return Measure::none;
}

/// What a criterion's name, field or unit says that it holds.
struct Meaning {
  Tokens words;  ///< of the name, without its unit
  Measure measure = Measure::none;
};

Meaning meaning_of(const std::string& name, const std::string& unit) {
  Meaning meaning;
  meaning.words = tokens_of(name);
  meaning.measure = take_unit(meaning.words);
  if (unit.empty()) return meaning;
  auto said = tokens_of(unit);
  meaning.measure = take_unit(said);
  if (!said.empty()) meaning.measure = Measure::none;  // "usd per t" and the like
  return meaning;
}

/// Tonnes of oxide from one of metal, oxides as traded: from IUPAC's atomic weights.
struct Oxide {
  const char* symbol;
  const char* name;
  const char* oxide;
  double factor;
};
constexpr std::array<Oxide, 16> oxides{{{"la", "lanthanum", "La2O3", 1.172769},
                                        {"ce", "cerium", "CeO2", 1.228368},
                                        {"pr", "praseodymium", "Pr6O11", 1.208161},
                                        {"nd", "neodymium", "Nd2O3", 1.166377},
                                        {"sm", "samarium", "Sm2O3", 1.159607},
                                        {"eu", "europium", "Eu2O3", 1.157922},
                                        {"gd", "gadolinium", "Gd2O3", 1.152615},
                                        {"tb", "terbium", "Tb4O7", 1.176172},
                                        {"dy", "dysprosium", "Dy2O3", 1.147683},
                                        {"ho", "holmium", "Ho2O3", 1.145507},
                                        {"er", "erbium", "Er2O3", 1.143481},
                                        {"tm", "thulium", "Tm2O3", 1.142058},
                                        {"yb", "ytterbium", "Yb2O3", 1.138684},
                                        {"lu", "lutetium", "Lu2O3", 1.137160},
                                        {"y", "yttrium", "Y2O3", 1.269932},
                                        {"sc", "scandium", "Sc2O3", 1.533823}}};

/// The element, when the words name one and nothing else but what goes with a grade or a tonnage.
const Oxide* element_of(const Tokens& words) {
  static const std::set<std::string> beside = {
      "grade",   "grades",   "contained", "net",        "gross",    "total",   "mean",
      "average", "avg",      "in",        "situ",       "insitu",   "head",    "ore",
      "max",     "resource", "resources", "reserve",    "reserves", "content", "metal",
      "element", "assay",    "tonnage",   "recoverable"};
  const Oxide* found = nullptr;
  for (const auto& word : words) {
    if (beside.count(word) > 0) continue;
    const auto* at = std::find_if(oxides.begin(), oxides.end(), [&](const Oxide& o) {
      return word == o.symbol || word == o.name;
    });
    if (at == oxides.end() || found != nullptr) return nullptr;
    found = &*at;
  }
  return found;
}

bool names_oxide(const Tokens& words) {
  if (has(words, {"treo", "treos", "reo", "lreo", "hreo", "mreo", "creo", "tree", "ndpr", "dytb",
                  "prnd", "oxide", "oxides", "la2o3", "ceo2", "pr6o11", "tb4o7"}))
    return true;
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word.size() > 3 && word.compare(word.size() - 3, 3, "2o3") == 0;
  });
}

bool wants_more(const Criterion& c) {
  return c.direction == Direction::max && c.curve.empty() && std::isnan(c.ideal);
}

void say_element(const Criterion& c, Findings& findings) {
  for (const auto* text : {&c.field, &c.name}) {
    if (text->empty()) continue;
    const Meaning meaning = meaning_of(*text, c.unit);
    const Oxide* oxide = element_of(meaning.words);
    if (meaning.measure == Measure::none || oxide == nullptr) continue;
    findings.add("ranking.element_grade", Severity::warning, c.name,
                 "'" + printable(*text) + "' is of the element: what is traded and compared is " +
                     std::string(oxide->oxide) + ", " + number_text(oxide->factor) +
                     " times as much; mixed with sites that state oxide, it puts this criterion's "
                     "order wrong");
    return;
  }
}

bool is_grade(const Criterion& c) {
  for (const auto* text : {&c.field, &c.name}) {
    if (text->empty()) continue;
    const Meaning meaning = meaning_of(*text, c.unit);
    if (has(meaning.words, {"grade", "grades"})) return true;
    if (meaning.measure == Measure::grade &&
        (names_oxide(meaning.words) || element_of(meaning.words) != nullptr))
      return true;
  }
  return false;
}

bool is_rock(const Criterion& c) {
  for (const auto* text : {&c.name, &c.field}) {
    if (text->empty()) continue;
    const Meaning meaning = meaning_of(*text, c.unit);
    if (names_oxide(meaning.words) || element_of(meaning.words) != nullptr ||
        has(meaning.words, {"contained", "metal", "concentrate"}))
      return false;
  }
  for (const auto* text : {&c.name, &c.field}) {
    const Meaning meaning = meaning_of(*text, c.unit);
    if (meaning.measure == Measure::tonnage &&
        has(meaning.words, {"ore", "rock", "resource", "resources", "reserve", "reserves",
                            "tonnage", "tonnes", "mineralised", "mineralized"}))
      return true;
  }
  return false;
}

void say_rock(const std::vector<Criterion>& criteria, const std::vector<char>& counts,
              Findings& findings) {
  const Criterion* grade = nullptr;
  for (std::size_t j = 0; j < criteria.size(); ++j)
    if (counts[j] != 0 && grade == nullptr && is_grade(criteria[j])) grade = &criteria[j];
  if (grade == nullptr) return;
  for (std::size_t j = 0; j < criteria.size(); ++j)
    if (counts[j] != 0 && wants_more(criteria[j]) && is_rock(criteria[j]))
      findings.add("ranking.rock_tonnage", Severity::note, criteria[j].name + ", " + grade->name,
                   "tonnes of rock and grade as criteria of their own: what can be delivered is "
                   "their product, the contained (better the recoverable) oxide");
}

void say_linear(const Criterion& c, const double* column, std::size_t n, Findings& findings) {
  if (c.scale != Scale::linear || !wants_more(c)) return;
  Meaning meaning = meaning_of(c.name, c.unit);
  if (meaning.measure == Measure::none && c.unit.empty()) meaning = meaning_of(c.field, {});
  if (meaning.measure != Measure::tonnage) return;
  double least = 0.0, most = 0.0;
  std::size_t positive = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (!(column[i] > 0.0)) continue;
    least = positive++ == 0 ? column[i] : std::min(least, column[i]);
    most = std::max(most, column[i]);
  }
  if (positive < 3 || !(most > 1000.0 * least)) return;
  findings.add("ranking.linear_tonnage", Severity::note, c.name,
               "tonnages from " + number_text(least) + " to " + number_text(most) +
                   " on a linear scale: the largest few decide and the others look alike; consider "
                   "scale = \"log\"");
}

void say_curve(const Criterion& c, Findings& findings) {
  bool rises = false, falls = false;
  for (std::size_t k = 1; k < c.curve.size(); ++k) {
    rises = rises || c.curve[k].value > c.curve[k - 1].value;
    falls = falls || c.curve[k].value < c.curve[k - 1].value;
  }
  if (rises && falls)
    findings.add("ranking.curve_turns", Severity::note, c.name,
                 "the value function both rises and falls, so more is not always better nor always "
                 "worse");
}

}  // namespace

Findings meaning_findings(const std::vector<Criterion>& criteria,
                          const std::vector<double>& columns, std::size_t sites,
                          const std::vector<double>& weights) {
  Findings findings;
  std::vector<char> counts(criteria.size(), 1);
  for (std::size_t j = 0; j < criteria.size() && j < weights.size(); ++j)
    counts[j] = weights[j] > 0.0 ? 1 : 0;
  for (std::size_t j = 0; j < criteria.size(); ++j) {
    if (counts[j] == 0) continue;
    if (wants_more(criteria[j])) say_element(criteria[j], findings);
    say_linear(criteria[j], columns.data() + j * sites, sites, findings);
    say_curve(criteria[j], findings);
  }
  say_rock(criteria, counts, findings);
  return findings;
}

Findings floor_findings(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                        std::size_t sites) {
  Findings findings;
  for (std::size_t j = 0; j < criteria.size(); ++j) {
    const Criterion& c = criteria[j];
    if (c.scale != Scale::log || !c.curve.empty() || std::isnan(c.lo)) continue;
    const double* column = columns.data() + j * sites;
    const auto below = std::count_if(column, column + sites, [](double x) { return !(x > 0.0); });
    if (below > 0)
      findings.add({"ranking.clamped", Severity::warning, c.name, static_cast<std::size_t>(below),
                    "at or below 0, which has no logarithm, and taken at the lower bound " +
                        number_text(c.lo)});
  }
  return findings;
}

Findings spread_findings(const DecisionTable& table) {
  Findings findings;
  const std::size_t m = table.criteria.size();
  for (std::size_t j = 0; j < m; ++j) {
    const Criterion& c = table.criteria[j];
    std::string key = c.spread                      ? "spread"
                      : !c.spread_group.empty()     ? "spread_group"
                      : c.spread_common > 0.0       ? "spread_common"
                      : c.spread_correlation != 1.0 ? "spread_correlation"
                                                    : "";
    if (key.empty()) continue;
    if (c.spread_correlation != 1.0 && c.spread_group.empty() && !(c.spread_common > 0.0))
      findings.add("ranking.no_spread", Severity::note, c.name,
                   "spread_correlation is stated without a spread_group to move with: it changes "
                   "nothing");
    if (key == "spread_correlation") continue;
    bool any = std::any_of(table.draws.begin(), table.draws.end(),
                           [&](const CellDraws& cell) { return cell.criterion == j; });
    for (const auto* ends : {&table.low, &table.high})
      for (std::size_t k = j; k < ends->size() && !any; k += m) any = !std::isnan((*ends)[k]);
    if (!any)
      findings.add("ranking.no_spread", Severity::note, c.name,
                   key + " is stated, but no site has a low or a high value: nothing is drawn");
  }
  return findings;
}

}  // namespace lode
