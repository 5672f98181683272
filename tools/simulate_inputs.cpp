#include "tools/simulate_inputs.h"

#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::tools {

namespace {

struct Amount {
  double value = 0.0;
  std::string unit;
};

[[noreturn]] void refuse(const char* code, const std::string& what, const std::string& where,
                         const std::string& hint) {
  throw Error(code, what, where, hint);
}

std::vector<Amount> amounts_of_text(const std::string& text, const std::string& option) {
  std::vector<Amount> amounts;
  for (const std::string& piece : split(text, ',')) {
    const std::string part(trim(piece));
    std::size_t digits = part.size();
    while (digits > 0 && !parse_number(std::string_view(part).substr(0, digits))) --digits;
    if (digits == 0)
      refuse("usage.quantity", "'" + printable(part) + "' is no amount", option,
             "Write a number with its unit, e.g. '0.5 %', or a list with one unit at its end.");
    amounts.push_back({*parse_number(std::string_view(part).substr(0, digits)),
                       std::string(trim(std::string_view(part).substr(digits)))});
  }
  for (Amount& amount : amounts)
    if (amount.unit.empty()) amount.unit = amounts.back().unit;
  return amounts;
}

TailShape shape_of(const std::string& word, const std::string& option) {
  for (const TailShape shape : {TailShape::linear, TailShape::power, TailShape::hyperbolic})
    if (word == to_text(shape)) return shape;
  refuse("usage.tail", "'" + printable(word) + "' is no shape of a tail", option,
         "linear, power:W, or hyperbolic:W (upper tail alone), W above 0.");
}

Tail tail_of(const Arguments& arguments, const char* name) {
  const std::string option = std::string("--") + name;
  const auto words = split(arguments.text(name), ':');
  Tail tail;
  tail.shape = shape_of(lower(trim(words[0])), option);
  const bool wanted = tail.shape != TailShape::linear;
  const double parameter = words.size() == 2 ? parse_number(words[1]).value_or(0.0) : 0.0;
  if (words.size() > 2 || wanted != (words.size() == 2) || (wanted && !(parameter > 0.0)) ||
      (tail.shape == TailShape::hyperbolic && option == "--lower-tail"))
    refuse("usage.tail", "'" + printable(arguments.text(name)) + "' is no tail", option,
           "linear, power:W, or hyperbolic:W (upper tail alone), W above 0.");
  if (wanted) tail.parameter = parameter;
  return tail;
}

std::array<std::size_t, 3> reblock_of(const Arguments& arguments) {
  std::array<std::size_t, 3> factors{1, 1, 1};
  if (!arguments.has("reblock")) return factors;
  const auto numbers = numbers_of(arguments.text("reblock"), 3, "reblock");
  const auto count = numbers_of(arguments.text("count"), 3, "count");
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (numbers[axis] < 1.0 || numbers[axis] != std::floor(numbers[axis]) ||
        std::fmod(count[axis], numbers[axis]) != 0.0)
      refuse("usage.reblock",
             number_text(count[axis]) + " nodes do not make whole blocks of " +
                 number_text(numbers[axis]),
             "--reblock", "Three whole numbers that divide --count, e.g. 5,5,2.");
    factors[axis] = static_cast<std::size_t>(numbers[axis]);
  }
  return factors;
}

void check_cutoffs(const Arguments& arguments) {
  if (!arguments.has("cutoffs")) {
    if (arguments.has("density"))
      refuse("usage.cutoffs", "--density without --cutoffs says nothing", "--density",
             "Tonnes are counted above cut-offs, e.g. --cutoffs '0.5,1,1.5 %'.");
    return;
  }
  if (!arguments.has("density"))
    refuse("usage.density", "--cutoffs needs --density", "--cutoffs",
           "Tonnes are volume x density; say e.g. --density '2.7 t/m3'.");
  const auto amounts = amounts_of_text(arguments.text("cutoffs"), "--cutoffs");
  double last = -std::numeric_limits<double>::infinity();
  for (const Amount& amount : amounts) {
    const auto ratio = unit_ratio(amount.unit, "%");
    if (!ratio)
      refuse("usage.quantity",
             amount.unit.empty() ? "the cut-offs have no unit"
                                 : "'" + printable(amount.unit) + "' is no unit of grade",
             "--cutoffs", "For example '0.5,1,1.5 %' or '500,1000 ppm'.");
    if (!(amount.value * *ratio > last))
      refuse("usage.cutoffs", "cut-off " + number_text(amount.value) + " does not follow in order",
             "--cutoffs", "Give them from low to high, each once.");
    last = amount.value * *ratio;
  }
}

void check_values(const Arguments& arguments) {
  const std::size_t values = list_of(arguments, "value").size();
  if (values == 0)
    refuse("usage.value", "--value names no column", "--value", "For example --value treo_pct.");
  const std::string how = arguments.text("decorrelate");
  if (values > 1 && how.empty())
    refuse("usage.decorrelate", "several values need --decorrelate", "--decorrelate",
           "pca or maf keep how they go together; none simulates each for itself.");
  if (values == 1 && !how.empty() && how != "none")
    refuse("usage.decorrelate", "one value has nothing to be decorrelated from", "--decorrelate",
           "Give several with --value, or leave it out.");
  if ((how == "maf") != arguments.has("maf-lag"))
    refuse("usage.decorrelate", "--maf-lag goes with --decorrelate maf", "--maf-lag",
           "It is the distance at which the factors are to be uncorrelated too.");
  const std::size_t tails = arguments.texts("tails").size();
  if (tails != 1 && tails != values)
    refuse("usage.tails",
           std::to_string(tails) + " --tails for " + std::to_string(values) + " values", "--tails",
           "Give one for all, or one each in their order.");
  for (const std::string& tail : arguments.texts("tails"))
    if (amounts_of_text(tail, "--tails").size() != 2)
      refuse("usage.tails", "'" + printable(tail) + "' is not MIN,MAX", "--tails",
             "The least and the largest value that may come out, e.g. '0,30 %'.");
  const std::size_t models = arguments.texts("variogram").size();
  if (models != 1 && models != values)
    refuse("usage.variogram",
           std::to_string(models) + " variograms for " + std::to_string(values) + " values",
           "--variogram", "Give one for all, or one each in their order.");
}

}  // namespace

void check_simulate(const Arguments& arguments) {
  check_values(arguments);
  check_cutoffs(arguments);
  (void)tail_of(arguments, "lower-tail");
  (void)tail_of(arguments, "upper-tail");
  if (!asks_for_grid(arguments))
    refuse("usage.grid", "a simulation wants a grid", "--origin",
           "Give --origin, --spacing and --count.");
  try {
    (void)read_grid(arguments, 1.0);
    if (arguments.has("radius")) (void)lengths_of(arguments.text("radius"), 3, "radius");
  } catch (const Error& error) {
    // A length without its unit on the command line was asked wrongly.
    if (!error.code.starts_with("unit.")) throw;
    throw Error("usage.quantity", error.what(), error.where, error.hint);
  }
  (void)reblock_of(arguments);
  if (arguments.has("search-angles"))
    (void)numbers_of(arguments.text("search-angles"), 3, "search-angles");
  const bool sgs = arguments.text("method") == "sgs";
  if (sgs && arguments.has("max-per-octant"))
    refuse("usage.search", "--max-per-octant says nothing to --method sgs", "--max-per-octant",
           "Take --method fft, or leave it out.");
  if (!sgs && arguments.has("multigrid"))
    refuse("usage.search", "--multigrid says nothing to --method fft", "--multigrid",
           "Take --method sgs, or leave it out.");
  if (arguments.has("class-blocks") != arguments.has("class"))
    refuse("usage.class", "--class-blocks and --class go together", "--class",
           "The table of the blocks, and its column of the class.");
  if (arguments.has("proportion") && !arguments.has("class"))
    refuse("usage.class", "--proportion is a column of --class-blocks", "--proportion",
           "Give --class-blocks and --class too.");
  if (arguments.has("permit-id") && !arguments.has("permits"))
    refuse("usage.permits", "--permit-id without --permits", "--permit-id",
           "Name the layer with --permits.");
  if ((arguments.has("class") || arguments.has("permits")) && !arguments.has("cutoffs"))
    refuse("usage.cutoffs", "classes and permits divide the tonnes above cut-offs", "--cutoffs",
           "Give --cutoffs and --density.");
}

std::vector<double> amounts_in(const std::string& text, const std::string& unit,
                               const std::string& option) {
  std::vector<double> values;
  for (const Amount& amount : amounts_of_text(text, option)) {
    if (amount.unit == unit) {
      values.push_back(amount.value);
      continue;
    }
    // Divided by a whole number, 15000 ppm are 1.5 % to the last bit: a block at a cut-off counts.
    const auto parts = unit_ratio(unit, amount.unit);
    if (!parts)
      refuse("usage.quantity",
             amount.unit.empty() ? number_text(amount.value) + " has no unit"
                                 : "'" + printable(amount.unit) + "' is no unit of this column",
             option,
             unit.empty() ? "The column has no unit: --field-unit says one."
                          : "The column is in " + unit + "; write e.g. '" +
                                number_text(amount.value) + " " + unit + "'.");
    const double whole_parts = std::round(*parts);
    const bool whole = std::abs(*parts - whole_parts) < 1e-9 * *parts;
    values.push_back(amount.value / (whole ? whole_parts : *parts));
  }
  return values;
}

std::string unit_of_column(const Layer& layer, const std::string& field) {
  const Column& column = layer.table.at(field);
  return column.unit.empty() ? unit_of_field_name(column.name) : column.unit;
}

SimulationOptions simulation_options(const Arguments& arguments, const SampleInputs& inputs,
                                     const std::vector<std::string>& units, Outcome& outcome) {
  SimulationOptions options;
  options.method =
      arguments.text("method") == "sgs" ? SimulationMethod::sgs : SimulationMethod::fft;
  options.realizations = static_cast<std::size_t>(arguments.integer("realizations"));
  for (const std::string& path : arguments.texts("variogram"))
    options.models.push_back(read_variogram(path, outcome));
  options.search.max_samples = static_cast<std::size_t>(arguments.integer("max-samples"));
  if (arguments.has("max-per-octant"))
    options.search.max_per_octant = static_cast<std::size_t>(arguments.integer("max-per-octant"));
  if (arguments.has("radius")) {
    const auto radius = lengths_of(arguments.text("radius"), 3, "radius");
    options.search.radius_m = {radius[0], radius[1], radius[2]};
  }
  if (arguments.has("search-angles")) {
    const auto angles = numbers_of(arguments.text("search-angles"), 3, "search-angles");
    options.search_angles = {angles[0], angles[1], angles[2]};
  } else if (!options.models.front().structures.empty()) {
    options.search_angles = options.models.front().structures.front().angles;
  }
  const auto tails = arguments.texts("tails");
  for (std::size_t v = 0; v < units.size(); ++v) {
    const auto ends = amounts_in(tails[tails.size() == 1 ? 0 : v], units[v], "--tails");
    NormalScoreOptions score;
    score.min = ends[0];
    score.max = ends[1];
    score.lower = tail_of(arguments, "lower-tail");
    score.upper = tail_of(arguments, "upper-tail");
    score.ties = arguments.text("ties") == "average" ? TiePolicy::average : TiePolicy::by_index;
    options.scores.push_back(score);
  }
  if (arguments.has("weights")) {
    const auto column = inputs.layer.table.numbers(arguments.text("weights"));
    for (const std::size_t row : inputs.row) options.weights.push_back(column[row]);
  }
  options.in_one_node =
      arguments.text("in-one-node") == "average" ? NodePolicy::average : NodePolicy::nearest;
  options.outside =
      arguments.text("outside") == "drop" ? OutsidePolicy::drop : OutsidePolicy::refuse;
  const std::string how = arguments.text("decorrelate");
  options.decorrelation = how == "pca"   ? Decorrelation::pca
                          : how == "maf" ? Decorrelation::maf
                                         : Decorrelation::none;
  if (arguments.has("maf-lag")) options.maf_lag_m = arguments.quantity("maf-lag");
  options.reblock = reblock_of(arguments);
  options.multigrid = static_cast<int>(arguments.integer("multigrid"));
  return options;
}

}  // namespace lode::tools
