#include "tools/estimate_inputs.h"

#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/block_model.h"
#include "libgeo/io/cells.h"

namespace lode::tools {

namespace {

std::size_t count_of(const std::string& text, const std::string& option) {
  const auto number = parse_number(text);
  if (!number || *number < 0.0 || *number != std::floor(*number) || *number > 1e6)
    throw Error("usage.list", "'" + printable(text) + "' is no count", "--" + option,
                "A whole number from 0 to 1000000.");
  return static_cast<std::size_t>(*number);
}

void set_radius(SearchPass& pass, const std::string& text, const std::string& option) {
  const auto radius = lengths_of(text, 3, option);
  pass.radius_m = {radius[0], radius[1], radius[2]};
}

// "radius=150,90,40 m;min=4": what is not said is as in the first pass.
SearchPass further_pass(const std::string& text, const SearchPass& first) {
  static const std::map<std::string, std::size_t SearchPass::*> counts{
      {"min", &SearchPass::min_samples},
      {"max", &SearchPass::max_samples},
      {"octant", &SearchPass::max_per_octant},
      {"hole", &SearchPass::max_per_hole},
      {"min-holes", &SearchPass::min_holes}};
  SearchPass pass = first;
  for (const std::string& part : split(text, ';')) {
    if (trim(part).empty()) continue;
    const auto equals = part.find('=');
    const std::string key(trim(part.substr(0, equals)));
    const std::string value(equals == std::string::npos ? "" : trim(part.substr(equals + 1)));
    const auto found = counts.find(key);
    if (key == "radius" && !value.empty())
      set_radius(pass, value, "pass");
    else if (found != counts.end() && !value.empty())
      pass.*(found->second) = count_of(value, "pass");
    else
      throw Error("usage.pass", "'" + printable(part) + "' is no part of a pass", "--pass",
                  "For example 'radius=300,180,80 m;min=2;max=16'; keys: radius min max octant "
                  "hole min-holes.");
  }
  return pass;
}

void check_pass(const SearchPass& pass, bool has_holes, const std::string& option) {
  const auto refuse = [&](const std::string& what, const std::string& hint) {
    throw Error("usage.search", what, option, hint);
  };
  if (pass.min_samples < 1) refuse("at least one sample is needed", "Say --min-samples 1 or more.");
  if (pass.max_samples > 0 && pass.max_samples < pass.min_samples)
    refuse("at most " + std::to_string(pass.max_samples) + " samples, but at least " +
               std::to_string(pass.min_samples),
           "Raise --max-samples or lower --min-samples.");
  if (pass.max_per_octant > 0 && 8 * pass.max_per_octant < pass.min_samples)
    refuse("eight octants of " + std::to_string(pass.max_per_octant) + " never give " +
               std::to_string(pass.min_samples) + " samples",
           "Raise --max-per-octant or lower --min-samples.");
  if ((pass.max_per_hole > 0 || pass.min_holes > 0) && !has_holes)
    refuse("limits on holes need to know the holes", "Name their column with --hole.");
}

// Elevations and sizes in metres: by the field's unit, else the CRS's.
std::vector<double> lengths_in(const Table& table, const std::string& field,
                               double metres_per_unit) {
  std::vector<double> values = table.numbers(field);
  const std::string unit = unit_of_field_name(field);
  const double factor = !unit.empty() && is_unit_of(unit, Dimension::length)
                            ? unit_factor(unit, Dimension::length)
                            : metres_per_unit;
  for (double& value : values) value *= factor;
  return values;
}

void refuse_blanks(const std::vector<double>& values, const Table& table, const std::string& field,
                   const std::vector<std::size_t>& rows) {
  for (const std::size_t row : rows)
    if (!std::isfinite(values[row]) || cells::is_sentinel(values[row]))
      throw Error("estimate.no_value", "'" + printable(field) + "' has no value there",
                  table.name + ", " + table.row_name(row),
                  "Fill it in, or take the row out of the file.");
}

std::string elevation_field(const Arguments& arguments, const Table& table) {
  if (!arguments.text("z").empty() && table.find(arguments.text("z")) != nullptr)
    return arguments.text("z");
  for (const char* name : {"z", "elevation", "rl", "zc", "zcentre", "z_m"})
    if (table.find(name) != nullptr) return name;
  return {};
}

class TargetReader {
 public:
  TargetReader(const Layer& layer, const SampleInputs& inputs) : layer_(layer), inputs_(inputs) {
    for (std::size_t row = 0; row < layer.size(); ++row)
      if (layer.geometry[row].kind != GeometryKind::none) rows_.push_back(row);
  }

  [[nodiscard]] std::vector<double> picked(const std::vector<double>& column) const {
    std::vector<double> result;
    for (const std::size_t row : rows_) result.push_back(column[row]);
    return result;
  }
  [[nodiscard]] std::vector<double> whole_column(const std::string& field) const {
    const auto column = layer_.table.numbers(field);
    refuse_blanks(column, layer_.table, field, rows_);
    return picked(column);
  }

  void places(const Arguments& arguments, Targets& targets, Outcome& outcome) const {
    for (const std::size_t row : rows_) {
      const Geometry& geometry = layer_.geometry[row];
      if (geometry.kind != GeometryKind::point || geometry.points.size() != 1)
        throw Error("samples.not_points", "a target must be one point",
                    layer_.table.name + ", " + layer_.table.row_name(row),
                    "Give points, or the centres of blocks with dx, dy and dz.");
      targets.x.push_back(geometry.points[0].x * layer_.crs.metres_per_unit);
      targets.y.push_back(geometry.points[0].y * layer_.crs.metres_per_unit);
    }
    const std::string field = elevation_field(arguments, layer_.table);
    if (!inputs_.has_z) {
      targets.z.assign(rows_.size(), 0.0);
      if (!field.empty())
        outcome.findings.add("estimate.z_ignored", Severity::note, layer_.source.path,
                             "the samples have no elevation, so that of the targets is not read");
      return;
    }
    if (field.empty())
      throw Error("estimate.no_elevation", "the targets have no elevation, but the samples do",
                  layer_.source.path, "Name its column z, or as --z says.");
    const auto z = lengths_in(layer_.table, field, layer_.crs.metres_per_unit);
    refuse_blanks(z, layer_.table, field, rows_);
    targets.z = picked(z);
  }

  void sizes(Targets& targets) const {
    const auto given = [&](const char* name) { return layer_.table.find(name) != nullptr; };
    if (!given("dx") && !given("dy") && !given("dz")) return;
    const auto size = [&](const char* name) {
      if (!given(name))
        throw Error("estimate.block_size", "blocks need dx, dy and dz, and one is missing",
                    layer_.source.path, std::string("Add the column ") + name + ".");
      auto values = lengths_in(layer_.table, name, layer_.crs.metres_per_unit);
      for (const std::size_t row : rows_)
        if (!(values[row] > 0.0) || !std::isfinite(values[row]))
          throw Error("estimate.block_size", std::string(name) + " must be above 0",
                      layer_.table.name + ", " + layer_.table.row_name(row),
                      "Give the full size of the block.");
      return picked(values);
    };
    targets.dx = size("dx");
    targets.dy = size("dy");
    targets.dz = size("dz");
  }

  [[nodiscard]] std::vector<std::string> domains(const std::string& field) const {
    const auto texts = layer_.table.texts(field);
    std::vector<std::string> result;
    for (const std::size_t row : rows_) result.push_back(texts[row]);
    return result;
  }

 private:
  const Layer& layer_;
  const SampleInputs& inputs_;
  std::vector<std::size_t> rows_;
};

// Samples without elevation lie at 0, and so must the blocks' centres.
void flatten(Targets& targets, const std::array<int, 3>& cells) {
  if (cells[2] != 1 || (targets.is_grid && targets.grid.count[2] != 1))
    throw Error("estimate.flat", "the samples have no elevation, so there is only one level",
                "--count, --discretise", "Take 1 as the third number, or name --z.");
  if (targets.is_grid) targets.grid.origin[2] = -0.5 * targets.grid.spacing[2];
}

// Each block is estimated by itself, so that a list with two domains of one place is no fault here;
// sums over the result would count such ground twice.
void say_shared_ground(const Targets& targets, const std::string& path, Outcome& outcome) {
  if (targets.dx.empty()) return;
  BlockChunk chunk;
  chunk.x = targets.x;
  chunk.y = targets.y;
  chunk.z = targets.z;
  chunk.dx = targets.dx;
  chunk.dy = targets.dy;
  chunk.dz = targets.dz;
  chunk.line.resize(targets.x.size());
  for (std::size_t i = 0; i < chunk.line.size(); ++i) chunk.line[i] = i + 1;
  LayoutScan scan({}, path);
  scan.add(chunk);
  const BlockLayout layout = scan.finish();
  if (!layout.on_grid) return;
  OverlapCheck check(layout, path);
  check.add(chunk);
  if (check.count() > 0)
    outcome.findings.add("estimate.shared_ground", Severity::warning, path,
                         "blocks share ground with one before them: sums over them count it twice",
                         check.count());
}

TargetInputs targets_of_file(const Arguments& arguments, const Session& session,
                             const SampleInputs& inputs, const std::vector<std::string>& drift,
                             const Progress& progress, Outcome& outcome) {
  const Layer layer =
      read_layer(arguments.text("targets"), other_read_options(arguments, session), progress);
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  if (!(layer.crs == inputs.layer.crs))
    throw Error(
        "estimate.crs_differs",
        "the targets are in " + layer.crs.label() + ", the samples in " + inputs.layer.crs.label(),
        layer.source.path, "Bring both to one CRS.");
  const TargetReader reader(layer, inputs);
  TargetInputs result;
  reader.places(arguments, result.targets, outcome);
  reader.sizes(result.targets);
  if (inputs.has_z) say_shared_ground(result.targets, layer.source.path, outcome);
  for (const std::string& field : drift) result.targets.drift.push_back(reader.whole_column(field));
  if (!arguments.text("domain").empty())
    result.targets.domain = reader.domains(arguments.text("domain"));
  if (arguments.has("local-angles")) {
    const auto fields = list_of(arguments, "local-angles");
    const auto azimuth = reader.whole_column(fields[0]), dip = reader.whole_column(fields[1]),
               rake = reader.whole_column(fields[2]);
    for (std::size_t i = 0; i < azimuth.size(); ++i)
      result.local_angles.push_back({azimuth[i], dip[i], rake[i]});
  }
  return result;
}

}  // namespace

SearchOptions read_search(const Arguments& arguments) {
  SearchOptions search;
  if (arguments.has("search-angles")) {
    const auto angles = numbers_of(arguments.text("search-angles"), 3, "search-angles");
    search.angles = {angles[0], angles[1], angles[2]};
  }
  SearchPass first;
  if (arguments.has("radius")) set_radius(first, arguments.text("radius"), "radius");
  const auto count = [&](const char* name) {
    return static_cast<std::size_t>(arguments.integer(name));
  };
  first.min_samples = count("min-samples");
  first.max_samples = count("max-samples");
  first.max_per_octant = count("max-per-octant");
  first.max_per_hole = count("max-per-hole");
  first.min_holes = count("min-holes");
  search.passes = {first};
  const bool has_holes = !arguments.text("hole").empty();
  check_pass(first, has_holes, "estimate");
  for (const std::string& text : arguments.texts("pass")) {
    search.passes.push_back(further_pass(text, first));
    check_pass(search.passes.back(), has_holes, "--pass");
  }
  if (search.passes.size() > 250)
    throw Error("usage.search", "more than 250 passes", "--pass", "Give fewer.");
  return search;
}

std::vector<std::array<int, 3>> read_cells(const Arguments& arguments, const std::string& option) {
  std::vector<std::array<int, 3>> all;
  for (const std::string& text : arguments.texts(option)) {
    const auto numbers = numbers_of(text, 3, option);
    std::array<int, 3> cells{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (numbers[axis] < 1.0 || numbers[axis] > 100.0 ||
          numbers[axis] != std::floor(numbers[axis]))
        throw Error("usage.list", "'" + printable(text) + "' are no counts", "--" + option,
                    "Three whole numbers from 1 to 100, e.g. 4,4,2.");
      cells[axis] = static_cast<int>(numbers[axis]);
    }
    all.push_back(cells);
  }
  return all;
}

std::vector<std::pair<std::string, std::string>> read_soft_boundaries(const Arguments& arguments) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& text : arguments.texts("soft-boundary")) {
    const auto parts = split(text, ':');
    if (parts.size() != 2 || trim(parts[0]).empty() || trim(parts[1]).empty())
      throw Error("usage.pairs", "'" + printable(text) + "' is not A:B", "--soft-boundary",
                  "Targets of domain A may use samples of domain B.");
    pairs.emplace_back(trim(parts[0]), trim(parts[1]));
  }
  return pairs;
}

namespace {

// 20000 ppm are 2 %, not 1.9999999999999998 %.
double without_noise(double value) {
  std::array<char, 64> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::general, 15);
  return parse_number(
             std::string_view(digits.data(), static_cast<std::size_t>(end.ptr - digits.data())))
      .value_or(value);
}

}  // namespace

double amount_of(const std::string& text, const std::string& unit, const std::string& option) {
  const std::string whole(trim(text));
  if (const auto number = parse_number(whole)) {
    if (unit.empty()) return *number;
    throw Error("usage.quantity", "'" + printable(whole) + "' has no unit", "--" + option,
                "The values are in " + unit + ": write '" + whole + " " + unit + "'.");
  }
  // The longest start that is a number; the rest is its unit.
  for (std::size_t length = whole.size(); length-- > 1;) {
    const auto number = parse_number(whole.substr(0, length));
    if (!number) continue;
    const std::string said(trim(whole.substr(length)));
    const auto ratio = said == unit ? std::optional<double>(1.0) : unit_ratio(said, unit);
    if (!ratio)
      throw Error("usage.quantity",
                  "'" + printable(said) + "' does not fit values " +
                      (unit.empty() ? "without a unit" : "in " + unit),
                  "--" + option, "Say the values' unit with --field-unit where it is not known.");
    return *ratio == 1.0 ? *number : without_noise(*number * *ratio);
  }
  throw Error("usage.quantity", "'" + printable(whole) + "' is no amount", "--" + option,
              "A number and the unit of the values.");
}

std::vector<double> amounts_of(const std::string& text, const std::string& unit,
                               const std::string& option) {
  const auto parts = split(text, ',');
  // A unit at the end is that of all.
  const std::string last(trim(parts.back()));
  const auto at = last.find_first_not_of("0123456789.+-eE");
  const std::string common = at == std::string::npos ? "" : std::string(trim(last.substr(at)));
  std::vector<double> amounts;
  for (const std::string& part : parts)
    amounts.push_back(amount_of(parse_number(part) && !common.empty() ? part + " " + common : part,
                                unit, option));
  return amounts;
}

std::string unit_of_value(const SampleInputs& inputs, std::size_t value) {
  return inputs.layer.table.at(inputs.samples.variables[value]).unit;
}

std::vector<double> amounts_by_value(const Arguments& arguments, const std::string& option,
                                     const SampleInputs& inputs, double otherwise) {
  const auto& names = inputs.samples.variables;
  std::vector<double> amounts(names.size(), otherwise);
  for (const std::string& text : arguments.texts(option)) {
    const auto equals = text.find('=');
    std::size_t which = names.size();
    if (equals == std::string::npos) {
      if (names.size() == 1) which = 0;
    } else {
      for (std::size_t v = 0; v < names.size(); ++v)
        if (names[v] == trim(text.substr(0, equals))) which = v;
    }
    if (which == names.size())
      throw Error("usage.amount", "'" + printable(text) + "' does not say which value it is of",
                  "--" + option, "Write VALUE=AMOUNT; the values are " + join(names, ", ") + ".");
    amounts[which] = amount_of(equals == std::string::npos ? text : text.substr(equals + 1),
                               unit_of_value(inputs, which), option);
  }
  return amounts;
}

TargetInputs read_targets(const Arguments& arguments, const Session& session,
                          const SampleInputs& inputs, const std::vector<std::string>& drift,
                          const Progress& progress, Outcome& outcome) {
  TargetInputs result;
  if (arguments.has("targets")) {
    result = targets_of_file(arguments, session, inputs, drift, progress, outcome);
  } else {
    result.targets.is_grid = true;
    result.targets.grid = read_grid(arguments, inputs.metres_per_unit);
  }
  const auto cells = read_cells(arguments, "discretise");
  if (!inputs.has_z)
    flatten(result.targets, cells.empty() ? std::array<int, 3>{1, 1, 1} : cells.front());
  return result;
}

std::vector<double> sample_column(const SampleInputs& inputs, const std::string& field) {
  const auto column = inputs.layer.table.numbers(field);
  refuse_blanks(column, inputs.layer.table, field, inputs.row);
  std::vector<double> values;
  for (const std::size_t row : inputs.row) values.push_back(column[row]);
  return values;
}

}  // namespace lode::tools
