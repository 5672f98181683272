#include "libgeo/ranking/narrative.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/ranking/families.h"
#include "libgeo/ranking/people.h"

namespace lode {

namespace {

using ranking_words::people_number;
using ranking_words::people_pair;
using ranking_words::people_percent;
using ranking_words::people_signed;

/// An explanation seen from the site that stands above: `up` is +1 when that is a.
struct View {
  const Explanation& why;
  bool level;
  double up;
  std::string upper, lower;  ///< as they are called after the headline
};

std::string called(const std::string& name, const std::string& id, const std::string& other) {
  return name.empty() || name == other ? id : name;
}

/// PROMETHEE I ranks by how many outrank a site, which may say otherwise than the net flows.
bool a_stands_above(const Explanation& why) {
  if (why.rank_a != why.rank_b) return why.rank_a < why.rank_b;
  return why.margin >= 0.0;
}

View view_of(const Explanation& why) {
  const bool a_up = a_stands_above(why);
  const std::string a = printable(called(why.name_a, why.a, why.name_b));
  const std::string b = printable(called(why.name_b, why.b, why.name_a));
  return {why, stand_level(why), a_up ? 1.0 : -1.0, a_up ? a : b, a_up ? b : a};
}

std::string with_id(const std::string& name, const std::string& id) {
  if (name.empty() || name == id) return printable(id);
  return printable(name) + " (" + printable(id) + ")";
}

bool has_unit_scale(const Explanation& why) {
  return why.normalise != Normalise::none;
}

/// What the margin is measured in.
std::string scale_words(const Explanation& why) {
  const std::string unit = has_unit_scale(why) ? ", 0 to 1" : "";
  switch (why.method) {
    case Method::wsm:
      return "weighted sum" + unit;
    case Method::wpm:
      return "weighted product" + unit;
    case Method::waspas:
      return "WASPAS score" + unit;
    case Method::topsis:
      return "TOPSIS closeness, 0 to 1";
    case Method::vikor:
      return "VIKOR Q, 0 to 1, low is better";
    case Method::promethee1:
      return "net flow of PROMETHEE I, -1 to 1";
    case Method::promethee2:
      return "PROMETHEE II net flow, -1 to 1";
    case Method::electre3:
      return "mean place in the two distillations of ELECTRE III, low is better";
    case Method::electre_tri:
      return "category of ELECTRE TRI-B, 0 is the worst";
    case Method::spotis:
      return "SPOTIS distance, 0 to 1, low is better";
    case Method::owa:
      return "ordered weighted average" + unit;
    case Method::fuzzy:
      return "fuzzy overlay, 0 to 1";
  }
  return "score";
}

std::string headline(const View& v) {
  const Explanation& why = v.why;
  const std::string a = with_id(why.name_a, why.a), b = with_id(why.name_b, why.b);
  if (v.level)
    return a + " and " + b + " stand level (" + scale_words(why) + ": " +
           people_number(why.score_a) + " each).";
  const std::string &upper = v.up > 0.0 ? a : b, &lower = v.up > 0.0 ? b : a;
  const double ahead = v.up * why.margin;
  if (why.method == Method::promethee1 && !(ahead > 0.0))
    return upper + " stands above " + lower + " because fewer sites outrank it (" +
           people_number(v.up > 0.0 ? why.score_a : why.score_b) + " against " +
           people_number(v.up > 0.0 ? why.score_b : why.score_a) + "), although its net flow is " +
           (ahead < 0.0 ? "lower by " + people_number(-ahead) : "the same") + ".";
  return upper + " stands above " + lower + " by " + people_number(ahead) + " (" +
         scale_words(why) + ").";
}

/// "0 to 10" says where a score lies, not what it is counted in.
bool is_range(const std::string& unit) {
  return !unit.empty() && unit[0] >= '0' && unit[0] <= '9' &&
         unit.find(" to ") != std::string::npos;
}

std::string unit_after(const std::string& unit) {
  return unit.empty() || is_range(unit) ? "" : " " + printable(unit);
}

/// "120,000 t against 9,000 t; less is better".
std::string values_of(const View& v, const ComparedCriterion& c) {
  const bool a_up = v.up > 0.0;
  const double own = a_up ? c.value_a : c.value_b, other = a_up ? c.value_b : c.value_a;
  const auto [one, two] = people_pair(own, other);
  const std::string unit = unit_after(c.unit);
  std::string text = own == other ? one + unit + " both" : one + unit + " against " + two + unit;
  if (!std::isnan(c.ideal)) {
    text += "; the target is " + people_number(c.ideal);
    if (!std::isnan(c.ideal_to) && c.ideal_to != c.ideal)
      text += " to " + people_number(c.ideal_to);
    text += unit;
  } else if (c.curve) {
    text += "; judged by a value function";
  } else if (c.direction == Direction::min) {
    text += "; less is better";
  }
  return text;
}

std::string part(const View& v, std::size_t j) {
  const ComparedCriterion& c = v.why.criteria[j];
  return printable(c.name) + " (" + values_of(v, c) + "): " + people_signed(v.up * v.why.split[j]);
}

void tell_split(const View& v, Narrative& out) {
  const auto& split = v.why.split;
  std::vector<std::size_t> order;
  double all = 0.0, rest = 0.0;
  for (const double x : split) all += std::abs(x);
  std::size_t small = 0;
  for (std::size_t j = 0; j < split.size() && j < v.why.criteria.size(); ++j) {
    if (split[j] == 0.0) continue;
    if (std::abs(split[j]) < 0.005 * all) {
      rest += v.up * split[j];
      ++small;
    } else {
      order.push_back(j);
    }
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return std::abs(split[x]) > std::abs(split[y]);
  });
  for (const auto j : order) {
    const bool in_favour = v.up * split[j] > 0.0;
    auto& list = in_favour ? out.in_favour : out.against;
    std::string start;
    if (v.level)
      start = "For " + (in_favour ? v.upper : v.lower) + (list.empty() ? " speaks " : " also ");
    else if (in_favour)
      start = list.empty() ? "It owes this most to " : "It also gains by ";
    else
      start = list.empty() ? "Against it speaks " : "Also against it is ";
    list.push_back(start + part(v, j) + ".");
  }
  if (small == 0) return;
  auto& list = rest >= 0.0 ? out.in_favour : out.against;
  list.push_back(small == 1 ? "One more criterion adds " + people_signed(rest) + "."
                            : "Another " + std::to_string(small) + " criteria add " +
                                  people_signed(rest) + " together.");
}

std::string change_words(bool level_only) {
  return level_only ? "They would stand level, though not change places, if "
                    : "They would change places if ";
}

std::string weight_words(const View& v, const WeightFlip& flip) {
  const bool rises = flip.to > flip.from;
  const auto [from, to] = people_pair(flip.from, flip.to);
  return change_words(flip.level_only) + "the weight of " +
         printable(v.why.criteria[flip.criterion].name) + (rises ? " rose" : " fell") + " from " +
         from + " to " + to + " (the other weights " + (rises ? "shrinking" : "growing") +
         " in proportion).";
}

std::string value_words(const View& v, const ValueFlip& flip) {
  const ComparedCriterion& c = v.why.criteria[flip.criterion];
  const auto [from, to] = people_pair(flip.from, flip.to);
  const std::string unit = unit_after(c.unit);
  const bool of_upper = flip.of_a == (v.up > 0.0);
  const double low = flip.of_a ? c.low_a : c.low_b, high = flip.of_a ? c.high_a : c.high_b;
  std::string range;
  if (!std::isnan(low) && !std::isnan(high))
    range = std::string(flip.to >= low && flip.to <= high ? ", within" : ", beyond") +
            " its stated range of " + people_number(low) + " to " + people_number(high) + unit;
  return change_words(flip.level_only) + "the " + printable(c.name) + " of " +
         (of_upper ? v.upper : v.lower) + (flip.to > flip.from ? " rose" : " fell") + " from " +
         from + unit + " to " + to + unit + range + ".";
}

bool is_clamped(const Explanation& why, const ComparedCriterion& c, double value) {
  return clamps_to_bounds(why.method, why.normalise) && !c.observed && !c.curve &&
         (value < c.lo || value > c.hi);
}

void tell_flips(const View& v, Narrative& out) {
  const Explanation& why = v.why;
  const bool dominates = why.dominance != 0 && (why.dominance > 0) == (v.up > 0.0);
  if (v.level) {
    out.flips.push_back(
        clamps_to_bounds(why.method, why.normalise)
            ? "They stand level, so there is no order to turn round; only a change within "
              "the bounds of a criterion can put one ahead."
            : "They stand level, so there is no order to turn round.");
    return;
  }
  if (dominates)
    out.flips.push_back(v.upper + " is at least as good as " + v.lower +
                        " on every criterion, so no weights can turn it round.");
  else if (why.flip_weight.found)
    out.flips.push_back(weight_words(v, why.flip_weight));
  else if (why.weight_flips_sought)
    out.flips.push_back("No change of a single weight would turn it round.");
  if (why.flip_value.found)
    out.flips.push_back(value_words(v, why.flip_value));
  else if (why.value_flips_sought)
    out.flips.push_back("No change of a single value within its bounds would turn it round.");
  if (!why.weight_flips_sought || !why.value_flips_sought)
    out.flips.push_back(
        std::string("Which change of a ") +
        (why.weight_flips_sought  ? "value"
         : why.value_flips_sought ? "weight"
                                  : "weight or value") +
        " would turn it round was not looked for: with so many sites it would take too long.");
}

void tell_draws(const View& v, Narrative& out) {
  const Explanation& why = v.why;
  if (why.draws == 0) {
    out.certainty.push_back("No draws were made, so nothing is known of how sure this is.");
    return;
  }
  if (!why.varies) {
    out.certainty.push_back(
        "Neither the weights nor the values of the two have a spread, so nothing is known of how "
        "sure this is.");
    return;
  }
  const double wins = v.up > 0.0 ? why.win_probability : 1.0 - why.win_probability;
  const std::string draws = people_number(static_cast<double>(why.draws)) + " draws";
  std::string text;
  if (why.level_probability == 1.0) {
    out.certainty.push_back("The two are level in every draw (" + draws + ").");
    return;
  }
  if (wins == 1.0)
    text = v.upper + " is ahead in every one of the " + draws;
  else if (wins == 0.0)
    text = "Yet " + v.upper + " is ahead in none of the " + draws;
  else
    text = (!v.level && wins < 0.5 ? "Yet " : "") + v.upper + " is ahead in " +
           (!v.level && wins < 0.5 ? "only " : "") + people_percent(wins) + " of the " + draws;
  if (wins > 0.0 && wins < 1.0 && !std::isnan(why.win_error))
    text += " (standard error " + people_percent(why.win_error) + ")";
  out.certainty.push_back(text + ".");
}

void tell_causes(const View& v, Narrative& out) {
  std::vector<const SobolInput*> inputs;
  double alone = 0.0;
  for (const auto& input : v.why.sobol_inputs)
    if (!std::isnan(input.index.first)) {
      inputs.push_back(&input);
      alone += std::max(0.0, input.index.first);
    }
  if (inputs.empty()) return;
  if (inputs.size() == 1) {
    out.certainty.push_back("All of the spread of the margin comes from " +
                            printable(inputs.front()->name) + ".");
    return;
  }
  std::stable_sort(inputs.begin(), inputs.end(),
                   [](const auto* x, const auto* y) { return x->index.first > y->index.first; });
  std::vector<std::string> parts;
  for (const auto* input : inputs) {
    if (input->index.first < 0.01 || parts.size() == 4) break;
    parts.push_back(people_percent(input->index.first) +
                    (parts.empty() ? " of the spread of the margin comes from " : " from ") +
                    printable(input->name));
  }
  if (alone < 0.95)
    parts.push_back(people_percent(1.0 - alone) +
                    (parts.empty() ? " of the spread of the margin comes from" : " from") +
                    " how they act together");
  if (parts.empty()) return;
  std::string text = parts.front();
  for (std::size_t k = 1; k < parts.size(); ++k)
    text += (k + 1 == parts.size() ? " and " : ", ") + parts[k];
  out.certainty.push_back(text + ".");
}

std::string missing_words(Missing missing) {
  switch (missing) {
    case Missing::worst:
      return "taken as the worst bound";
    case Missing::neutral:
      return "taken as the middle of the scale";
    case Missing::interval:
      return "taken as anything between the bounds";
    default:
      return "taken as the median of the other sites";
  }
}

void tell_cells(const View& v, Narrative& out) {
  const Explanation& why = v.why;
  for (const auto& c : why.criteria)
    for (const bool upper : {true, false}) {
      const bool of_a = upper == (v.up > 0.0);
      const std::string& site = upper ? v.upper : v.lower;
      const double value = of_a ? c.value_a : c.value_b;
      if (of_a ? c.filled_a : c.filled_b)
        out.cautions.push_back("The " + printable(c.name) + " of " + site + " is missing and was " +
                               missing_words(why.missing) + ".");
      else if (is_clamped(why, c, value))
        out.cautions.push_back(
            "The " + printable(c.name) + " of " + site + ", " + people_number(value) +
            unit_after(c.unit) + ", lies outside the stated bounds and was taken as " +
            people_number(std::clamp(value, c.lo, c.hi)) + unit_after(c.unit) + ".");
    }
}

/// Alike by merit, which need not be by value.
void tell_alike(const View& v, Narrative& out) {
  bool same = true, clamped = false;
  for (const auto& c : v.why.criteria) {
    if (c.value_a == c.value_b || (std::isnan(c.value_a) && std::isnan(c.value_b))) continue;
    same = false;
    clamped = clamped || is_clamped(v.why, c, c.value_a) || is_clamped(v.why, c, c.value_b);
  }
  out.cautions.push_back(
      same      ? "The two are alike on every criterion."
      : clamped ? "The two are alike on every criterion after clamping: values beyond the bounds "
                  "are taken at the bounds."
                : "The two have the same merit on every criterion, though their values differ.");
}

void tell_cautions(const View& v, Narrative& out) {
  const Explanation& why = v.why;
  tell_cells(v, out);
  for (const auto& pair : why.correlated)
    out.cautions.push_back(printable(why.criteria[pair.one].name) + " and " +
                           printable(why.criteria[pair.other].name) +
                           (pair.correlation > 0.0
                                ? " go together over the sites (correlation "
                                : " go against each other over the sites (correlation ") +
                           fixed_text(pair.correlation, 2) +
                           (pair.correlation > 0.0 ? "), so the same thing may count twice."
                                                   : "), so what one gains the other loses."));
  std::size_t observed = 0;
  for (const auto& c : why.criteria) observed += c.observed ? 1 : 0;
  if (observed > 0)
    out.cautions.push_back((observed == 1
                                ? std::string("One criterion has no stated bounds")
                                : std::to_string(observed) + " criteria have no stated bounds") +
                           ", so a further site may change the scale and with it the order.");
  if (!why.split_error.empty())
    out.cautions.push_back(
        "The split is a mean over sampled orders of the criteria, with a standard error of up to " +
        people_number(*std::max_element(why.split_error.begin(), why.split_error.end())) + ".");
  if (why.split.empty())
    out.cautions.push_back(
        "The margin is not split by criterion: with so many sites and criteria it would take too "
        "long.");
  if (v.level && why.dominance == 0 && !why.criteria.empty() &&
      std::all_of(why.criteria.begin(), why.criteria.end(),
                  [](const auto& c) { return c.better == 0; }))
    tell_alike(v, out);
}

}  // namespace

Narrative narrate(const Explanation& explanation) {
  const View view = view_of(explanation);
  Narrative out;
  out.headline = headline(view);
  tell_split(view, out);
  tell_flips(view, out);
  tell_draws(view, out);
  tell_causes(view, out);
  tell_cautions(view, out);
  return out;
}

}  // namespace lode
