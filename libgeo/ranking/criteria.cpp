#include "libgeo/ranking/criteria.h"

#include <cmath>
#include <functional>
#include <set>
#include <unordered_set>

#include "libgeo/ranking/choices.h"

namespace lode {

namespace {

using ranking_choices::Names;

constexpr Names<Direction, 2> direction_names{{{Direction::max, "max"}, {Direction::min, "min"}}};
constexpr Names<Scale, 2> scale_names{{{Scale::linear, "linear"}, {Scale::log, "log"}}};
constexpr Names<Shape, 6> shape_names{{{Shape::usual, "usual"},
                                       {Shape::ushape, "ushape"},
                                       {Shape::vshape, "vshape"},
                                       {Shape::level, "level"},
                                       {Shape::linear, "linear"},
                                       {Shape::gaussian, "gaussian"}}};
constexpr Names<Spread, 6> spread_names{{{Spread::p10_p90, "p10-p90"},
                                         {Spread::triangular, "triangular"},
                                         {Spread::pert, "pert"},
                                         {Spread::normal, "normal"},
                                         {Spread::lognormal, "lognormal"},
                                         {Spread::uniform, "uniform"}}};

/// Numbers of this size are marks for "no data" (1e30, 1.70141e38, 3.4e38, 1.8e308), never values;
/// and their squares run over.
constexpr double no_data_from = 1e30;
/// Smaller ones than this are what is left of a zero: one over them runs over.
constexpr double nothing_below = 1e-100;

bool out_of_size(double x) {
  return std::abs(x) >= no_data_from || (x != 0.0 && std::abs(x) < nothing_below);
}

bool stated(double value) {
  return !std::isnan(value);
}

void check_thresholds(const Criterion& c, std::vector<std::string>& faults) {
  const bool log_scale = c.scale == Scale::log && c.curve.empty();
  const double least = log_scale ? 1.0 : 0.0;
  double above = least;
  std::string above_name = log_scale ? "1 (thresholds on a log scale are factors)" : "0";
  for (const auto& [name, value] : {std::pair{"q", c.q}, {"p", c.p}, {"v", c.v}}) {
    if (!stated(value)) continue;
    if (std::isfinite(value) && out_of_size(value))
      faults.push_back(std::string("threshold ") + name + " = " + number_text(value) +
                       " must be 0 or between 1e-100 and 1e30");
    else if (!(value >= above) || !std::isfinite(value))
      faults.push_back(std::string("threshold ") + name + " = " + number_text(value) +
                       " must not be below " + above_name);
    above = value;
    above_name = std::string(name) + " = " + number_text(value);
  }
}

void check_curve(const Criterion& c, std::vector<std::string>& faults) {
  if (c.curve.size() == 1) faults.emplace_back("a curve needs at least two points");
  for (std::size_t k = 0; k < c.curve.size(); ++k) {
    if (!(c.curve[k].value >= 0.0 && c.curve[k].value <= 1.0))
      faults.emplace_back("values of a curve lie between 0 and 1");
    if (!std::isfinite(c.curve[k].at) || (k > 0 && !(c.curve[k].at > c.curve[k - 1].at)))
      faults.emplace_back("the points of a curve must rise");
  }
}

void check_bounds(const Criterion& c, std::vector<std::string>& faults) {
  if (stated(c.lo) != stated(c.hi)) faults.emplace_back("bounds need both ends");
  if (std::isinf(c.lo) || std::isinf(c.hi))
    faults.emplace_back("bounds must be finite");
  else if (out_of_size(c.lo) || out_of_size(c.hi))
    faults.emplace_back("bounds must be 0 or between 1e-100 and 1e30 in size");
  if (stated(c.lo) && stated(c.hi) && !(c.lo < c.hi))
    faults.push_back("bounds " + number_text(c.lo) + " to " + number_text(c.hi) +
                     " contradict each other: the lower comes first");
  if (c.scale == Scale::log && c.curve.empty() && stated(c.lo) && !(c.lo > 0.0))
    faults.emplace_back("a log scale needs bounds above 0");
}

void check_target(const Criterion& c, std::vector<std::string>& faults) {
  if (!stated(c.ideal)) {
    if (stated(c.ideal_to)) faults.emplace_back("the ideal interval needs both ends");
    return;
  }
  if (!std::isfinite(c.ideal) || std::isinf(c.ideal_to))
    faults.emplace_back("ideal must be finite");
  if (stated(c.ideal_to) && c.ideal_to < c.ideal)
    faults.emplace_back("the ideal interval's lower end comes first");
  const double to = stated(c.ideal_to) ? c.ideal_to : c.ideal;
  if (stated(c.lo) && stated(c.hi) && (c.ideal < c.lo || to > c.hi))
    faults.emplace_back("ideal lies outside the bounds");
  if (c.scale == Scale::log && !(c.ideal > 0.0))
    faults.emplace_back("ideal on a log scale must be above 0");
  if (!c.curve.empty()) faults.emplace_back("a criterion has an ideal or a curve, not both");
}

void check_profiles(const Criterion& c, std::vector<std::string>& faults) {
  bool finite = true, ordered = true;
  for (std::size_t k = 0; k < c.profiles.size(); ++k) {
    finite = finite && std::isfinite(c.profiles[k]);
    if (k == 0) continue;
    const double step = c.profiles[k] - c.profiles[k - 1];
    ordered = ordered && (c.direction == Direction::max ? step > 0.0 : step < 0.0);
  }
  if (!finite)
    faults.emplace_back("profiles must be numbers");
  else if (!ordered)
    faults.push_back(std::string("profiles go from the worst category limit to the best: with ") +
                     "direction " + std::string(to_text(c.direction)) + " they " +
                     (c.direction == Direction::max ? "rise" : "fall"));
}

void check_shape(const Criterion& c, std::vector<std::string>& faults) {
  if (c.shape == Shape::ushape && !stated(c.q))
    faults.emplace_back("shape ushape needs its threshold q: without it, it is usual");
  if (c.shape == Shape::level && !stated(c.q))
    faults.emplace_back("shape level needs its threshold q");
}

void check_spread(const Criterion& c, std::vector<std::string>& faults) {
  const bool correlation_fits = c.spread_correlation >= 0.0 && c.spread_correlation <= 1.0;
  if (!correlation_fits)
    faults.push_back("spread_correlation = " + number_text(c.spread_correlation) +
                     " must lie between 0 and 1");
  if (!(c.spread_common >= 0.0 && c.spread_common <= 1.0))
    faults.push_back("spread_common = " + number_text(c.spread_common) +
                     " must lie between 0 and 1");
  else if (correlation_fits && c.spread_common > c.spread_correlation)
    faults.push_back(
        "spread_common = " + number_text(c.spread_common) +
        " must not be above spread_correlation = " + number_text(c.spread_correlation));
}

[[noreturn]] void bad_inline(std::string_view text, const std::string& what,
                             std::string hint = {}) {
  if (hint.empty())
    hint = "Write it like name=net_treo_t,direction=max,weight=0.3,scale=log,bounds=1e2:1e6.";
  throw Error("usage.criterion", what, "--criterion " + printable(text), hint);
}

std::vector<double> number_list(std::string_view whole, const std::string& key,
                                const std::string& value, char separator) {
  std::vector<double> numbers;
  for (const auto& part : split(value, separator)) {
    const auto number = parse_number(part);
    if (!number) bad_inline(whole, "'" + printable(part) + "' in " + key + " is not a number");
    numbers.push_back(*number);
  }
  return numbers;
}

std::vector<CurvePoint> curve_of(std::string_view whole, const std::string& value) {
  std::vector<CurvePoint> curve;
  for (const auto& corner : split(value, ';')) {
    const auto pair = number_list(whole, "curve", corner, ':');
    if (pair.size() != 2) bad_inline(whole, "a curve is written at:value;at:value");
    curve.push_back({pair[0], pair[1]});
  }
  return curve;
}

using Setter = std::function<void(Criterion&, const std::string&)>;

Setter number_setter(std::string_view whole, const std::string& key, double Criterion::*member) {
  return [whole, key, member](Criterion& c, const std::string& value) {
    const auto numbers = number_list(whole, key, value, ':');
    if (numbers.size() != 1) bad_inline(whole, key + " takes one number");
    c.*member = numbers.front();
  };
}

void set_pair(std::string_view whole, const std::string& key, const std::string& value,
              std::size_t least, double& first, double& second) {
  const auto numbers = number_list(whole, key, value, ':');
  if (numbers.size() < least || numbers.size() > 2)
    bad_inline(whole,
               key + " takes " + (least == 2 ? "two numbers, low:high" : "one or two numbers"));
  first = numbers[0];
  if (numbers.size() == 2) second = numbers[1];
}

std::vector<std::pair<std::string, Setter>> inline_keys(std::string_view whole) {
  const std::string where = "--criterion " + printable(whole);
  return {
      {"name", [](Criterion& c, const std::string& v) { c.name = v; }},
      {"field", [](Criterion& c, const std::string& v) { c.field = v; }},
      {"low", [](Criterion& c, const std::string& v) { c.low_field = v; }},
      {"high", [](Criterion& c, const std::string& v) { c.high_field = v; }},
      {"unit", [](Criterion& c, const std::string& v) { c.unit = v; }},
      {"direction",
       [where](Criterion& c, const std::string& v) { c.direction = parse_direction(v, where); }},
      {"weight", number_setter(whole, "weight", &Criterion::weight)},
      {"scale", [where](Criterion& c, const std::string& v) { c.scale = parse_scale(v, where); }},
      {"bounds", [whole](Criterion& c,
                         const std::string& v) { set_pair(whole, "bounds", v, 2, c.lo, c.hi); }},
      {"q", number_setter(whole, "q", &Criterion::q)},
      {"p", number_setter(whole, "p", &Criterion::p)},
      {"v", number_setter(whole, "v", &Criterion::v)},
      {"shape", [where](Criterion& c, const std::string& v) { c.shape = parse_shape(v, where); }},
      {"ideal",
       [whole](Criterion& c, const std::string& v) {
         set_pair(whole, "ideal", v, 1, c.ideal, c.ideal_to);
       }},
      {"curve", [whole](Criterion& c, const std::string& v) { c.curve = curve_of(whole, v); }},
      {"profiles",
       [whole](Criterion& c, const std::string& v) {
         c.profiles = number_list(whole, "profiles", v, ':');
       }},
      {"spread",
       [where](Criterion& c, const std::string& v) { c.spread = parse_spread(v, where); }},
      {"spread_group", [](Criterion& c, const std::string& v) { c.spread_group = v; }},
      {"spread_correlation",
       number_setter(whole, "spread_correlation", &Criterion::spread_correlation)},
      {"spread_common", number_setter(whole, "spread_common", &Criterion::spread_common)},
  };
}

}  // namespace

std::string_view to_text(Direction direction) {
  return ranking_choices::name_of(direction_names, direction);
}
std::string_view to_text(Scale scale) {
  return ranking_choices::name_of(scale_names, scale);
}
std::string_view to_text(Shape shape) {
  return ranking_choices::name_of(shape_names, shape);
}
std::string_view to_text(Spread spread) {
  return ranking_choices::name_of(spread_names, spread);
}

Direction parse_direction(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(direction_names, text, "direction", where);
}
Scale parse_scale(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(scale_names, text, "scale", where);
}
Shape parse_shape(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(shape_names, text, "preference shape", where);
}
Spread parse_spread(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(spread_names, text, "spread", where);
}

std::vector<std::string> faults_of(const Criterion& criterion) {
  std::vector<std::string> faults;
  if (trim(criterion.name).empty()) faults.emplace_back("a criterion needs a name");
  if (stated(criterion.weight) && !(criterion.weight >= 0.0 && std::isfinite(criterion.weight)))
    faults.push_back("weight " + number_text(criterion.weight) + " is not a number from 0 up");
  check_bounds(criterion, faults);
  check_thresholds(criterion, faults);
  check_curve(criterion, faults);
  check_target(criterion, faults);
  check_profiles(criterion, faults);
  check_shape(criterion, faults);
  check_spread(criterion, faults);
  return faults;
}

Criterion parse_criterion(std::string_view text) {
  const auto keys = inline_keys(text);
  std::vector<std::string> known;
  for (const auto& [key, setter] : keys) known.push_back(key);
  Criterion criterion;
  std::set<std::string> said;
  for (const auto& part : split(text, ',')) {
    const auto equals = part.find('=');
    const std::string key(trim(std::string_view(part).substr(0, equals)));
    if (equals == std::string::npos) bad_inline(text, "'" + printable(part) + "' is not key=value");
    bool found = false;
    for (const auto& [name, setter] : keys) {
      if (name != key) continue;
      found = true;
      if (!said.insert(key).second) bad_inline(text, key + " stands twice");
      try {
        setter(criterion, std::string(trim(std::string_view(part).substr(equals + 1))));
      } catch (const Error& error) {
        if (error.code != "ranking.unknown_choice") throw;
        bad_inline(text, error.what(),
                   error.hint);  // a slip of the command line, as the others are
      }
    }
    if (!found) bad_inline(text, "unknown key '" + printable(key) + "'", suggestion(key, known));
  }
  if (!said.count("direction") && !said.count("ideal") && !said.count("curve"))
    bad_inline(text, "a criterion needs a direction", "Say direction=max or direction=min.");
  const auto faults = faults_of(criterion);
  if (!faults.empty()) bad_inline(text, join(faults, "; "));
  return criterion;
}

namespace {

void check_cell(const DecisionTable& table, std::size_t site, std::size_t criterion) {
  const std::size_t k = site * table.criteria.size() + criterion;
  const double value = table.values[k];
  const double low = table.low.empty() ? not_stated : table.low[k];
  const double high = table.high.empty() ? not_stated : table.high[k];
  const auto where = [&] { return table.ids[site] + ", " + table.criteria[criterion].name; };
  for (const double x : {value, low, high}) {
    if (std::isinf(x))
      throw Error("ranking.not_finite", "the value is infinite", where(),
                  "Give a finite number, or leave the cell empty.");
    if (x != 0.0 && std::abs(x) < nothing_below)
      throw Error("ranking.magnitude",
                  "the value " + number_text(x) + " is too small to be told from 0", where(),
                  "Write 0, or the column in a smaller unit.");
    if (std::abs(x) >= no_data_from)
      throw Error("ranking.magnitude",
                  "the value " + number_text(x) + " is a mark for no data, not a measurement",
                  where(), "Leave the cell empty, or say which text or number means no value.");
  }
  if (low > value || high < value || low > high)
    throw Error("ranking.spread_order",
                "low " + number_text(low) + ", value " + number_text(value) + " and high " +
                    number_text(high) + " are not in rising order",
                where(), "Low is the smaller number whatever the direction of the criterion.");
}

void check_draws(const DecisionTable& table) {
  for (const auto& cell : table.draws) {
    if (cell.site >= table.ids.size() || cell.criterion >= table.criteria.size() ||
        cell.values.empty())
      throw Error("ranking.shape", "a cell's draws lie outside the table or are empty");
    for (const double x : cell.values)
      if (!std::isfinite(x) || out_of_size(x))
        throw Error("ranking.not_finite", "one of the cell's draws is no number of a usual size",
                    table.ids[cell.site] + ", " + table.criteria[cell.criterion].name,
                    "Every simulated value must be known.");
  }
}

}  // namespace

void check_table(const DecisionTable& table) {
  if (table.ids.empty()) throw Error("ranking.no_sites", "there is no site to rank");
  if (table.criteria.empty())
    throw Error("ranking.no_criteria", "there is no criterion to rank by", {},
                "Name at least one criterion.");
  const std::size_t cells = table.ids.size() * table.criteria.size();
  const auto fits = [&](const std::vector<double>& v) { return v.empty() || v.size() == cells; };
  if (table.values.size() != cells || !fits(table.low) || !fits(table.high) ||
      (!table.names.empty() && table.names.size() != table.ids.size()))
    throw Error("ranking.shape", "the table's vectors do not have one entry a site and criterion");
  std::unordered_set<std::string_view> ids;
  ids.reserve(table.ids.size());
  for (const auto& id : table.ids)
    if (!ids.insert(id).second)
      throw Error("ranking.duplicate_id", "two sites have the same id", printable(id),
                  "Name a field of unique values with --id.");
  std::set<std::string> seen;
  for (const auto& criterion : table.criteria) {
    if (!seen.insert(criterion.name).second)
      throw Error("ranking.duplicate_criterion", "two criteria have the same name",
                  printable(criterion.name));
    const auto faults = faults_of(criterion);
    if (!faults.empty())
      throw Error("ranking.bad_criterion", join(faults, "; "), printable(criterion.name));
  }
  check_draws(table);
  for (std::size_t i = 0; i < table.ids.size(); ++i)
    for (std::size_t j = 0; j < table.criteria.size(); ++j) check_cell(table, i, j);
}

}  // namespace lode
