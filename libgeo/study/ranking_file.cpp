// Reads [ranking] of a study file: method, weights, uncertainty, and what is asked of the order.
#include <algorithm>
#include <cmath>
#include <utility>

#include "libgeo/ranking/families.h"
#include "libgeo/study/study_reader.h"

namespace lode {

namespace {

class RankingReader {
 public:
  RankingReader(TableReader& reader, StudyFile& study, Mistakes& mistakes)
      : reader_(reader),
        study_(study),
        table_(study.ranking),
        options_(study.ranking.options),
        mistakes_(mistakes) {}

  void read() {
    table_.line = reader_.line();
    table_.keys = reader_.stated();
    read_method();
    read_weights();
    read_draws();
    read_questions();
    say_unused();
  }

 private:
  /// A word of a choice that the ranking room knows.
  template <class Parse, class Value>
  void choice(const char* key, Parse parse, Value& into) {
    std::string word;
    reader_.text(key, word);
    if (word.empty()) {
      if (reader_.has(key)) reader_.fault("study.value", key, "is empty");
      return;
    }
    try {
      into = parse(word, std::string());
    } catch (const Error& error) {
      reader_.fault("study.value", key, error.what(), error.hint);
    }
  }
  void whole(const char* key, std::size_t& into, double most) {
    double value = static_cast<double>(into);
    reader_.number(key, value, 0, most);
    if (value != std::floor(value))
      reader_.fault("study.value", key, "is not a whole number");
    else
      into = static_cast<std::size_t>(value);
  }
  void flag(const char* key, std::optional<bool>& into) {
    if (!reader_.has(key)) return static_cast<void>(reader_.ask(key, false));
    bool value = true;
    reader_.boolean(key, value);
    into = value;
  }

  void read_method() {
    MethodOptions& method = options_.method;
    choice("method", parse_method, method.method);
    choice("normalise", parse_normalise, method.normalise);
    choice("normalize", parse_normalise, method.normalise);
    choice("preference", parse_shape, method.preference);
    choice("fuzzy_operator", parse_fuzzy_operator, method.fuzzy);
    choice("missing", parse_missing, options_.missing);
    choice("pareto", parse_pareto, options_.pareto);
    reader_.number("waspas_lambda", method.waspas_lambda, 0, 1);
    reader_.number("vikor_v", method.vikor_v, 0, 1);
    reader_.number("orness", method.owa_orness, 1e-6, 1 - 1e-6);
    reader_.number("gamma", method.fuzzy_gamma, 0, 1);
    reader_.number("cut", method.electre_cut, 0.5, 1);
    reader_.boolean("optimistic", method.optimistic);
    reader_.number("correlated_above", options_.correlated_above, 0, 1);
    reader_.number("inflated_above", options_.inflated_above, 1, 1e9);
    read_order_weights();
  }

  void read_order_weights() {
    const auto* node = reader_.ask("order_weights", false);
    if (node == nullptr) return;
    double sum = 0.0;
    std::vector<double> order;
    const auto* list = node->as_array();
    bool good = list != nullptr;
    if (good)
      for (const auto& item : *list) {
        const auto value = item.is_number() ? item.value<double>() : std::nullopt;
        good = good && value && *value >= 0 && std::isfinite(*value);
        if (good) order.push_back(*value);
      }
    if (!good)
      return reader_.fault("study.type", "order_weights", "wants a list of numbers from 0 up",
                           "Best criterion first: [0.5, 0.3, 0.2].");
    for (const double one : order) sum += one;
    if (!study_.criteria.empty() && order.size() != study_.criteria.size())
      reader_.fault("study.value", "order_weights",
                    "has " + std::to_string(order.size()) + " numbers for " +
                        std::to_string(study_.criteria.size()) + " criteria");
    else if (std::abs(sum - 1.0) > 1e-6)
      reader_.fault("study.value", "order_weights", "sum to " + number_text(sum) + ", not 1");
    options_.method.owa_order = std::move(order);
  }

  [[nodiscard]] bool drawn() const {
    return options_.weights == WeightScheme::free || options_.weights == WeightScheme::ordered ||
           options_.weights == WeightScheme::uncertain;
  }

  void read_weights() {
    choice("weights", parse_weight_scheme, options_.weights);
    reader_.boolean("rescale_weights", options_.rescale_weights);
    reader_.number("weight_spread", options_.weight_spread, 0, 1);
    reader_.boolean("geometric", options_.ahp.geometric);
    reader_.text("pairwise", table_.pairwise);
    const std::string scheme(to_text(options_.weights));
    const auto is_one_of = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), scheme) != names.end();
    };
    const bool judged = is_one_of({"ahp", "bwm", "swara"});
    if (judged && table_.pairwise.empty())
      reader_.fault("study.missing", "pairwise", "weights = \"" + scheme + "\" needs judgements",
                    "Add pairwise = \"judgements.csv\"; lode-rank(1) shows its form.");
    if (!judged && !is_one_of({"roc", "rank-sum", "rank-reciprocal"}) && !table_.pairwise.empty())
      reader_.fault("study.value", "pairwise", "weights = \"" + scheme + "\" takes no judgements",
                    "Say weights = \"ahp\", \"bwm\", \"swara\" or \"roc\".");
    read_limits();
    read_ratios();
    check_sum();
  }

  /// The place of a criterion; a fault where there is none of that name.
  std::optional<std::size_t> criterion(const std::string& key, const std::string& name,
                                       const toml::source_position& at) {
    std::vector<std::string> known;
    for (std::size_t j = 0; j < study_.criteria.size(); ++j) {
      known.push_back(study_.criteria[j].name);
      if (study_.criteria[j].name == name) return j;
    }
    // Criteria that could not be read are a mistake of their own.
    if (!known.empty())
      mistakes_.add("study.value",
                    "[ranking] " + key + ": '" + printable(name) + "' is not a criterion", at,
                    suggestion(name, known));
    return std::nullopt;
  }

  void read_limits() {
    const auto* node = reader_.ask("weight_limits", false);
    if (node == nullptr) return;
    const auto* table = node->as_table();
    if (table == nullptr)
      return reader_.fault("study.type", "weight_limits",
                           "wants a table such as { net_treo_t = [0.1, 0.4] }");
    if (!drawn())
      reader_.fault("study.value", "weight_limits", "weights are not drawn",
                    "Say weights = \"free\", \"ordered\" or \"uncertain\".");
    options_.weight_limits.assign(study_.criteria.size(), {0.0, 1.0});
    for (const auto& [key, item] : *table) {
      const std::string name(key.str());
      const auto* pair = item.as_array();
      const auto end = [&](std::size_t k) {
        const auto* one = pair != nullptr && pair->size() == 2 ? pair->get(k) : nullptr;
        return one != nullptr && one->is_number() ? *one->value<double>() : std::nan("");
      };
      const double low = end(0), high = end(1);
      if (!(low >= 0 && low <= high && high <= 1)) {
        mistakes_.add("study.value",
                      "[ranking] weight_limits " + printable(name) +
                          ": wants [low, high] with 0 <= low <= high <= 1",
                      item.source().begin);
        continue;
      }
      if (const auto j = criterion("weight_limits", name, key.source().begin))
        options_.weight_limits[*j] = {low, high};
    }
    check_limits();
  }

  /// Weights sum to 1, whatever else they do.
  void check_limits() {
    double least = 0.0, most = 0.0;
    for (const auto& [low, high] : options_.weight_limits) {
      least += low;
      most += high;
    }
    if (least > 1.0 + 1e-9 || (most < 1.0 - 1e-9 && !options_.weight_limits.empty()))
      reader_.fault("study.value", "weight_limits",
                    "no weights that sum to 1 lie within them: the lower ends sum to " +
                        number_text(least) + ", the upper to " + number_text(most));
  }

  /// Two criteria of this study, so that the example can be taken as it stands.
  [[nodiscard]] std::string ratio_example() const {
    return study_.criteria.size() < 2
               ? "net_ndpr_t/governance_risk"
               : printable(study_.criteria[0].name) + "/" + printable(study_.criteria[1].name);
  }

  /// "a/b = 1:3", "a/b >= 1", "a/b <= 3".
  void read_ratio(const std::string& text, const toml::source_position& at) {
    const auto fault = [&](const std::string& what) {
      mistakes_.add("study.value", "[ranking] weight_ratios: '" + printable(text) + "' " + what, at,
                    "Write \"" + ratio_example() + " = 1:3\", or >= 1, or <= 3.");
    };
    const auto sign = text.find_first_of("<>=");
    const auto slash = text.find('/');
    if (sign == std::string::npos || slash == std::string::npos || slash > sign)
      return fault("is no ratio of two weights");
    const bool bounded = text[sign] != '=';
    if (bounded && (sign + 1 >= text.size() || text[sign + 1] != '='))
      return fault("compares by neither =, >= nor <=");
    WeightRatio ratio;
    const auto parts = split(text.substr(sign + (bounded ? 2 : 1)), ':');
    std::vector<double> ends;
    for (const auto& part : parts)
      if (const auto number = parse_number(trim(part)); number && *number >= 0)
        ends.push_back(*number);
    if (ends.size() != parts.size() || ends.size() != (bounded ? 1u : 2u))
      return fault(bounded ? "wants one number from 0 up" : "wants low:high");
    if (text[sign] != '<') ratio.low = ends.front();
    if (text[sign] != '>') ratio.high = ends.back();
    if (ratio.low > ratio.high || ratio.high == 0) return fault("has no ratio within it");
    const std::string over(trim(text.substr(0, slash)));
    const std::string under(trim(text.substr(slash + 1, sign - slash - 1)));
    if (over == under) return fault("compares a weight with itself");
    const auto a = criterion("weight_ratios", over, at), b = criterion("weight_ratios", under, at);
    if (!a || !b) return;
    ratio.numerator = *a;
    ratio.denominator = *b;
    options_.weight_ratios.push_back(ratio);
  }

  void read_ratios() {
    const auto* node = reader_.ask("weight_ratios", false);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr)
      return reader_.fault("study.type", "weight_ratios",
                           "wants a list of texts such as [\"" + ratio_example() + " = 1:3\"]");
    if (!drawn())
      reader_.fault("study.value", "weight_ratios", "weights are not drawn",
                    "Say weights = \"free\", \"ordered\" or \"uncertain\".");
    for (const auto& item : *list)
      if (item.is_string())
        read_ratio(*item.value<std::string>(), item.source().begin);
      else
        mistakes_.add("study.type", "[ranking] weight_ratios: wants texts", item.source().begin);
  }

  /// Only schemes that take the written weights as they are hold them to their sum.
  void check_sum() {
    const bool written =
        options_.weights == WeightScheme::given || options_.weights == WeightScheme::uncertain;
    if (!written || options_.rescale_weights || study_.criteria.empty()) return;
    double sum = 0.0;
    for (const auto& criterion : study_.criteria)
      sum += std::isnan(criterion.weight) ? 0.0 : criterion.weight;
    toml::source_position at{};
    for (const auto& keys : study_.criteria_keys)
      if (at.line == 0 && keys.has("weight"))
        at = {static_cast<toml::source_index>(keys.line_of("weight")), 1};
    if (std::abs(sum - 1.0) > 1e-6)
      mistakes_.add("study.weights",
                    "the weights of [[criteria]] sum to " + number_text(sum) + ", not 1", at,
                    "Mend them, or set rescale_weights = true in [ranking].");
  }

  void read_draws() {
    whole("draws", options_.draws.draws, 1e8);
    choice("spread", parse_spread, options_.draws.spread);
    whole("kept_ranks", options_.draws.kept_ranks, 1000);
  }

  void read_questions() {
    flag("compare", table_.compare);
    flag("reversal", table_.reversal);
    flag("stability", table_.stability);
    const auto* node = reader_.ask("explain", false);
    if (node == nullptr) return;
    if (node->is_number()) {
      double count = 0;
      reader_.number("explain", count, 0, 1000);
      if (count != std::floor(count))
        reader_.fault("study.value", "explain", "is not a whole number");
      table_.neighbours = count;
      return;
    }
    const auto* list = node->as_array();
    if (list == nullptr)
      return reader_.fault("study.type", "explain", "wants pairs of ids, or a number",
                           "Such as [[\"US01\", \"AU01\"]], or 3 for the first four sites.");
    for (const auto& item : *list) read_pair(item);
  }

  void read_pair(const toml::node& item) {
    const auto* pair = item.as_array();
    const bool good = pair != nullptr && pair->size() == 2 && pair->get(0)->is_string() &&
                      pair->get(1)->is_string();
    RankingTable::Pair one;
    if (good) {
      one.a = *pair->get(0)->value<std::string>();
      one.b = *pair->get(1)->value<std::string>();
    }
    one.line = static_cast<int>(item.source().begin.line);
    if (!good)
      mistakes_.add("study.type", "[ranking] explain: wants pairs of two ids", item.source().begin,
                    "Such as [[\"US01\", \"AU01\"]].");
    else if (one.a == one.b)
      mistakes_.add("study.value", "[ranking] explain: a site stands beside itself",
                    item.source().begin);
    else
      table_.pairs.push_back(std::move(one));
  }

  /// Options that the method or the weights do not take: they stand in the file without a say.
  void say_unused() {
    const Method method = options_.method.method;
    const bool promethee = is_promethee(method);
    const std::vector<std::pair<const char*, bool>> takes = {
        {"waspas_lambda", method == Method::waspas},
        {"vikor_v", method == Method::vikor},
        {"orness", method == Method::owa && options_.method.owa_order.empty()},
        {"order_weights", method == Method::owa},
        {"fuzzy_operator", method == Method::fuzzy},
        {"gamma", method == Method::fuzzy && options_.method.fuzzy == FuzzyOperator::gamma},
        {"cut", method == Method::electre_tri},
        {"optimistic", method == Method::electre_tri},
        {"preference", promethee},
        {"geometric", options_.weights == WeightScheme::ahp},
        {"weight_spread", options_.weights == WeightScheme::uncertain},
        {"spread", options_.draws.draws > 0},
        {"kept_ranks", options_.draws.draws > 0}};
    for (const auto& [key, taken] : takes)
      if (reader_.has(key) && !taken) table_.unused.emplace_back(key);
  }

  TableReader& reader_;
  StudyFile& study_;
  RankingTable& table_;
  RankOptions& options_;
  Mistakes& mistakes_;
};

}  // namespace

void read_ranking_table(const toml::table& root, StudyFile& study, Mistakes& mistakes) {
  one_table(root, "ranking", true, mistakes,
            [&](TableReader& reader) { RankingReader(reader, study, mistakes).read(); });
}

}  // namespace lode
