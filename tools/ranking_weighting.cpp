#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "tools/ranking_reading.h"

namespace lode::tools {

namespace {

constexpr std::size_t largest_text = 1 << 22;

std::size_t place_of(const std::string& name, const std::vector<Criterion>& criteria) {
  for (std::size_t j = 0; j < criteria.size(); ++j)
    if (criteria[j].name == name) return j;
  return criteria.size();
}

[[noreturn]] void unknown_criterion(const std::string& name, const std::string& option,
                                    const std::vector<Criterion>& criteria) {
  std::vector<std::string> known;
  for (const auto& criterion : criteria) known.push_back(criterion.name);
  throw Error("ranking.unknown_criterion", "'" + printable(name) + "' is not a criterion", option,
              suggestion(name, known));
}

[[noreturn]] void bad_ratio(const std::string& text, const std::string& why) {
  throw Error("usage.weight_ratio", "'" + printable(text) + "' " + why, "--weight-ratio",
              "Write 'a/b=1:3', 'a/b>=1' or 'a/b<=3' with the names of two criteria.");
}

/// Names may hold a slash themselves: the one that parts two known names is meant.
WeightRatio resolved(const RatioText& text, const std::vector<Criterion>& criteria) {
  WeightRatio ratio;
  ratio.low = text.low;
  ratio.high = text.high;
  std::string stranger;
  for (auto slash = text.names.find('/'); slash != std::string::npos;
       slash = text.names.find('/', slash + 1)) {
    const std::string a(trim(text.names.substr(0, slash)));
    const std::string b(trim(text.names.substr(slash + 1)));
    ratio.numerator = place_of(a, criteria);
    ratio.denominator = place_of(b, criteria);
    if (ratio.numerator == ratio.denominator && ratio.numerator < criteria.size())
      bad_ratio(text.names, "is a weight over itself");
    if (ratio.numerator < criteria.size() && ratio.denominator < criteria.size()) return ratio;
    if (stranger.empty()) stranger = ratio.numerator < criteria.size() ? b : a;
  }
  unknown_criterion(stranger, "--weight-ratio", criteria);
}

bool are_drawn(WeightScheme scheme) {
  return scheme == WeightScheme::free || scheme == WeightScheme::uncertain ||
         scheme == WeightScheme::ordered;
}

void read_limits(const Arguments& arguments, const std::vector<Criterion>& criteria,
                 RankOptions& options, Outcome& outcome) {
  for (const auto& limit : weight_limits(arguments)) {
    options.weight_limits.resize(criteria.size(), {0.0, 1.0});
    const std::size_t j = place_of(limit.criterion, criteria);
    if (j == criteria.size()) unknown_criterion(limit.criterion, "--weight-limit", criteria);
    options.weight_limits[j] = {limit.low, limit.high};
  }
  for (const auto& ratio : weight_ratios(arguments))
    options.weight_ratios.push_back(resolved(ratio, criteria));
  if (are_drawn(options.weights)) return;
  if (options.weight_limits.empty() && options.weight_ratios.empty()) return;
  outcome.findings.add("ranking.limits_unused", Severity::warning, "--weights",
                       "weights that are " + std::string(to_text(options.weights)) +
                           " are not drawn, so limits and ratios of weights have no effect; say "
                           "--weights free, uncertain or ordered");
}

}  // namespace

std::string read_small_file(const std::string& path, Outcome& outcome) {
  std::string text = text_of_file(path, {}, largest_text);
  Source source;
  source.path = path;
  source.sha256 = sha256(text);
  outcome.inputs.push_back(source);
  return text;
}

std::vector<Criterion> inline_criteria(const Arguments& arguments) {
  std::vector<Criterion> criteria;
  for (const auto& text : arguments.texts("criterion")) criteria.push_back(parse_criterion(text));
  return criteria;
}

std::vector<double> order_weights(const Arguments& arguments) {
  std::vector<double> order;
  if (!arguments.has("order-weights")) return order;
  for (const auto& part : split(arguments.text("order-weights"), ',')) {
    const auto number = parse_number(part);
    if (!number)
      throw Error("usage.order_weights", "'" + printable(part) + "' is not a number",
                  "--order-weights", "Write one number a criterion, best first: 0.5,0.3,0.2.");
    order.push_back(*number);
  }
  return order;
}

std::vector<WeightLimit> weight_limits(const Arguments& arguments) {
  std::vector<WeightLimit> limits;
  for (const auto& text : arguments.texts("weight-limit")) {
    const auto equals = text.find('=');
    const auto colon = text.find(':', equals == std::string::npos ? 0 : equals);
    std::optional<double> low, high;
    if (equals != std::string::npos && colon != std::string::npos) {
      low = parse_number(text.substr(equals + 1, colon - equals - 1));
      high = parse_number(text.substr(colon + 1));
    }
    if (!low || !high || !(*low >= 0.0 && *low <= *high && *high <= 1.0))
      throw Error("usage.weight_limit", "'" + printable(text) + "' is no limit of a weight",
                  "--weight-limit", "Write name=0.1:0.4, both ends from 0 to 1.");
    limits.push_back({std::string(trim(text.substr(0, equals))), *low, *high});
  }
  return limits;
}

std::vector<RatioText> weight_ratios(const Arguments& arguments) {
  std::vector<RatioText> ratios;
  for (const auto& text : arguments.texts("weight-ratio")) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) bad_ratio(text, "is no ratio of two weights");
    const char before = text[equals - 1];
    const bool one_sided = before == '>' || before == '<';
    RatioText ratio;
    ratio.names = std::string(trim(text.substr(0, equals - (one_sided ? 1 : 0))));
    if (ratio.names.find('/') == std::string::npos) bad_ratio(text, "names no two criteria");
    const std::string numbers = text.substr(equals + 1);
    const auto colon = numbers.find(':');
    if (one_sided == (colon != std::string::npos)) bad_ratio(text, "does not say its ends");
    const auto low = parse_number(numbers.substr(0, colon));
    const auto high = one_sided ? low : parse_number(numbers.substr(colon + 1));
    if (!low || !high) bad_ratio(text, "has an end that is not a number");
    if (!one_sided || before == '>') ratio.low = *low;
    if (!one_sided || before == '<') ratio.high = *high;
    if (!(ratio.low >= 0.0 && ratio.low < ratio.high))
      bad_ratio(text, "needs a lower end from 0 and an upper end above it");
    ratios.push_back(std::move(ratio));
  }
  return ratios;
}

void read_weighting(const Arguments& arguments, const std::vector<Criterion>& criteria,
                    RankOptions& options, Outcome& outcome) {
  options.weights = parse_weight_scheme(arguments.text("weights"), "--weights");
  options.rescale_weights = arguments.flag("rescale-weights");
  options.weight_spread = arguments.number("weight-spread");
  options.ahp.geometric = arguments.flag("geometric");
  bool first = true;
  for (const auto& path : arguments.texts("pairwise")) {
    Judgements judgements =
        read_judgements(read_small_file(path, outcome), options.weights, criteria, path);
    if (first)
      options.judgements = std::move(judgements);
    else
      add_judgements(options.judgements, judgements, options.weights, path);
    first = false;
  }
  read_limits(arguments, criteria, options, outcome);
}

}  // namespace lode::tools
