#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/grade_tonnage.h"
#include "tools/block_classes.h"
#include "tools/block_inputs.h"
#include "tools/params.h"
#include "tools/resources_report.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

std::size_t place_of(ResourcePlan& plan, const std::string& column) {
  const auto at = std::find(plan.numbers.begin(), plan.numbers.end(), column);
  if (at != plan.numbers.end()) return static_cast<std::size_t>(at - plan.numbers.begin());
  plan.numbers.push_back(column);
  return plan.numbers.size() - 1;
}

std::string unit_said(const Arguments& arguments, const Session& session,
                      const std::string& column) {
  const ReadOptions options = other_read_options(arguments, session);
  const auto said = options.units.find(column);
  if (said == options.units.end()) return "";
  session.units_met->insert(column);
  return said->second;
}

std::vector<double> read_cutoffs(const Arguments& arguments, std::string& unit) {
  const std::string text = arguments.text("cutoffs");
  const auto cutoffs = option_quantities(text, Dimension::grade, "--cutoffs");
  std::string last(
      trim(text.substr(text.rfind(',') == std::string::npos ? 0 : text.rfind(',') + 1)));
  const std::string lowered = lower(last);
  unit = lowered.ends_with("%") || lowered.ends_with("pct") ? "pct" : "ppm";
  for (std::size_t i = 0; i < cutoffs.size(); ++i) {
    if (!(cutoffs[i] >= 0.0 && cutoffs[i] <= 1.0))
      throw Error("usage.cutoffs", "'" + printable(text) + "' holds a cut-off outside 0 to 100 %",
                  "--cutoffs", "For example '0.5,1,1.5,2 %'.");
    if (i > 0 && !(cutoffs[i] > cutoffs[i - 1]))
      throw Error("usage.cutoffs",
                  "the cut-offs of '" + printable(text) + "' do not rise: number " +
                      std::to_string(i + 1) + " is not above number " + std::to_string(i),
                  "--cutoffs", "Write them from low to high, each once, e.g. '0.5,1,1.5,2 %'.");
  }
  return cutoffs;
}

double factor_of(const Arguments& arguments, const std::string& name) {
  return arguments.has(name) ? arguments.quantity(name) : 0.0;
}

void plan_density(const Arguments& arguments, const Session& session, const BlockFile& header,
                  ResourcePlan& plan) {
  const std::string text = arguments.text("density");
  if (looks_like_quantity(text)) {
    plan.density = parse_quantity(text, Dimension::density, "--density");
    if (!(plan.density > 0.0 && plan.density <= 23.0))
      throw Error("usage.density", "a density of '" + printable(text) + "' cannot be", "--density",
                  "Dry bulk density is above 0 and up to 23 t/m3.");
    plan.density_text = text + " for every block";
    return;
  }
  const std::string column = header.column(text);
  std::string unit = unit_said(arguments, session, column);
  if (unit.empty()) unit = unit_of_field_name(column);
  if (unit.empty())
    throw Error("unit.missing", "the unit of column '" + printable(column) + "' is not known",
                header.path(), "Say it: --field-unit " + printable(column) + "=t/m3.");
  plan.density_factor = unit_factor(unit, Dimension::density, column);
  plan.density_at = static_cast<int>(place_of(plan, column));
  plan.density_text = "column '" + column + "', block by block";
}

void plan_products(const Arguments& arguments, const Session& session, const BlockFile& header,
                   ResourcePlan& plan) {
  const OxideBasis basis = parse_oxide_basis(arguments.text("basis"));
  std::vector<std::string> names{arguments.text("grade")};
  for (const std::string& name : list_of(arguments, "product")) names.push_back(name);
  for (const std::string& name : names) {
    const std::string column = header.column(name);
    const auto meaning = parse_grade_column(column);
    const bool single = meaning && meaning->element;
    plan.products.push_back(product_column(
        column, unit_said(arguments, session, column),
        single || plan.products.empty() ? arguments.text("form") : std::string(), basis));
    plan.product_at.push_back(place_of(plan, column));
  }
  for (const std::string& name : list_of(arguments, "minus")) {
    const std::string column = header.column(name);
    const ProductColumn minus = product_column(column, unit_said(arguments, session, column),
                                               arguments.text("form"), basis);
    plan.minus_at.push_back(place_of(plan, column));
    plan.minus_factor.push_back(minus.factor);
  }
  plan.grade_text = plan.products[0].basis;
}

// F or F=N.
void split_pit(const Arguments& arguments, std::string& column, double& last) {
  const std::string text = arguments.text("pit");
  const auto equals = text.rfind('=');
  column = text.substr(0, equals);
  if (equals == std::string::npos) return;
  const auto number = parse_number(text.substr(equals + 1));
  if (!number || !(*number >= 1.0) || *number != std::floor(*number))
    throw Error("usage.pit", "'" + printable(text) + "' is not COLUMN=NUMBER", "--pit",
                "Pits count from 1: --pit pit=4 takes what the first four hold.");
  last = *number;
}

void plan_pit(const Arguments& arguments, const BlockFile& header, ResourcePlan& plan) {
  std::string column;
  split_pit(arguments, column, plan.last_pit);
  plan.pit_at = static_cast<int>(place_of(plan, header.column(column)));
}

ResourcePlan make_plan(const Arguments& arguments, const Session& session, const BlockFile& header,
                       const std::optional<ClassRules>& rules) {
  ResourcePlan plan;
  plan.curve.cutoffs = read_cutoffs(arguments, plan.cutoff_unit);
  plan_products(arguments, session, header, plan);
  plan_density(arguments, session, header, plan);
  if (arguments.has("share")) {
    plan.share_at = static_cast<int>(place_of(plan, header.column(arguments.text("share"))));
  } else {
    for (const char* name : {"share", "proportion"})
      if (header.has_column(name))
        plan.unused_share_at.push_back(place_of(plan, header.column(name)));
  }
  if (arguments.has("pit")) plan_pit(arguments, header, plan);
  plan.curve.products = plan.products.size();
  plan.curve.moisture = factor_of(arguments, "moisture");
  plan.curve.dilution = factor_of(arguments, "dilution");
  plan.curve.dilution_grade = factor_of(arguments, "dilution-grade");
  plan.curve.mining_loss = factor_of(arguments, "mining-loss");
  // The columns of the rules stand together, each once more than its other uses.
  plan.rules_at = plan.numbers.size();
  if (rules)
    for (const std::string& name : rules->columns()) plan.numbers.push_back(header.column(name));
  return plan;
}

// Counts one run of rows.
class Counter {
 public:
  Counter(const ResourcePlan& plan, const BlockLayout& layout, const Constraints& constraints,
          const BlockClasses* classes, std::string name)
      : plan_(plan),
        layout_(layout),
        constraints_(constraints),
        classes_(classes),
        name_(std::move(name)) {}

  void count(const BlockChunk& chunk, std::size_t begin, std::size_t end,
             ResourceTally& tally) const {
    std::vector<double> product(plan_.products.size());
    BlockShares shares(constraints_.size());
    for (std::size_t r = begin; r < end; ++r) {
      BlockPart part;
      part.volume_m3 = chunk.dx[r] * chunk.dy[r] * chunk.dz[r] * share(chunk, r, tally);
      tally.model_m3 += part.volume_m3;
      part.density_t_m3 = density(chunk, r);
      part.grade = grade(chunk, r, product);
      if (part.volume_m3 == 0.0) continue;
      if (std::isnan(part.density_t_m3)) {
        ++tally.no_density;
        tally.no_density_m3 += part.volume_m3;
        continue;
      }
      if (std::isnan(part.grade)) {
        ++tally.no_grade;
        tally.no_grade_m3 += part.volume_m3;
        continue;
      }
      for (const double one : product) tally.no_product += std::isnan(one) ? 1 : 0;
      if (classes_ != nullptr) {
        bool missing = false;
        part.class_index = classes_->of(chunk, r, plan_.rules_at, missing);
        tally.no_class_value += missing ? 1 : 0;
      } else if (!chunk.words.empty()) {
        part.class_index = chunk.words[0][r];
      }
      part.product = product.data();
      if (constraints_.size() > 0) {
        constraints_.shares(box_of(layout_, chunk, r), shares, in_pit(chunk, r, tally));
        tally.uncovered += shares.uncovered ? 1 : 0;
        part.kept_alone = shares.alone.data();
        part.kept_so_far = shares.so_far.data();
        part.kept_without = shares.without.data();
      }
      tally.curve.add(part);
    }
  }

 private:
  double share(const BlockChunk& chunk, std::size_t r, ResourceTally& tally) const {
    for (const std::size_t at : plan_.unused_share_at)
      check_share(chunk.numbers[at][r], plan_.numbers[at], name_, chunk.line[r]);
    if (plan_.share_at < 0) return 1.0;
    const auto at = static_cast<std::size_t>(plan_.share_at);
    const double value = chunk.numbers[at][r];
    check_share(value, plan_.numbers[at], name_, chunk.line[r]);
    if (!std::isnan(value)) return std::min(value, 1.0);
    ++tally.no_share;
    tally.no_share_m3 += chunk.dx[r] * chunk.dy[r] * chunk.dz[r];
    return 0.0;
  }

  // Whether a pit that counts holds the block.
  bool in_pit(const BlockChunk& chunk, std::size_t r, ResourceTally& tally) const {
    if (plan_.pit_at < 0) return true;
    const double pit = chunk.numbers[static_cast<std::size_t>(plan_.pit_at)][r];
    if (std::isnan(pit)) {
      ++tally.no_pit;
      return false;
    }
    if (pit < 0.0 || pit != std::floor(pit))
      throw Error("resources.pit", "'" + number_text(pit) + "' is no number of a pit",
                  name_ + ", line " + std::to_string(chunk.line[r]) + ", column '" +
                      printable(plan_.numbers[static_cast<std::size_t>(plan_.pit_at)]) + "'",
                  "Pits count from 1; 0 is a block outside all of them (see 'lode pit').");
    return pit >= 1.0 && pit <= plan_.last_pit;
  }

  double density(const BlockChunk& chunk, std::size_t r) const {
    if (plan_.density_at < 0) return plan_.density;
    const double value =
        chunk.numbers[static_cast<std::size_t>(plan_.density_at)][r] * plan_.density_factor;
    check_density(value, name_, chunk.line[r]);
    return value;
  }

  // Fills the products; returns the grade that meets the cut-off.
  double grade(const BlockChunk& chunk, std::size_t r, std::vector<double>& product) const {
    for (std::size_t p = 0; p < product.size(); ++p) {
      product[p] = chunk.numbers[plan_.product_at[p]][r] * plan_.products[p].factor;
      check_grade(product[p], plan_.products[p].name, name_, chunk.line[r]);
    }
    double grade = product[0];
    for (std::size_t m = 0; m < plan_.minus_at.size(); ++m)
      grade -= chunk.numbers[plan_.minus_at[m]][r] * plan_.minus_factor[m];
    if (grade < -1e-9)
      throw Error("resources.minus", "what --minus names is more than the grade itself",
                  name_ + ", line " + std::to_string(chunk.line[r]),
                  "Check the columns and their units.");
    return plan_.minus_at.empty() ? grade : std::max(grade, 0.0);
  }

  const ResourcePlan& plan_;
  const BlockLayout& layout_;
  const Constraints& constraints_;
  const BlockClasses* classes_;
  std::string name_;
};

struct Model {
  std::vector<std::string> classes;  // by class index
  ResourceTally tally;
};

// Reads the model and counts it. The classes of a column are known only at the end.
Model count_model(const ResourcePlan& plan, const BlockLayout& layout,
                  const Constraints& constraints, const BlockClasses* classes, BlockFile& file,
                  const Session& session, const Progress& progress) {
  CurveOptions options = plan.curve;
  options.classes = classes != nullptr ? classes->rules().names().size() : 1;
  Model model{{}, ResourceTally(options)};
  const Counter counter(plan, layout, constraints, classes, file.path());
  OverlapWatch watch(layout, file);
  BlockChunk chunk;
  while (file.next(chunk, progress)) {
    watch.add(chunk);
    if (!chunk.words.empty() && file.words(0).size() > options.classes) {
      // A class not met before: a larger table takes the old one in.
      options.classes = file.words(0).size();
      ResourceTally wider(options);
      wider.merge(model.tally);
      model.tally = wider;
    }
    std::vector<ResourceTally> parts((chunk.size() + 16383) / 16384, ResourceTally(options));
    parallel_blocks(chunk.size(), 16384, session.jobs,
                    [&](std::size_t begin, std::size_t end, std::size_t block) {
                      progress.check();
                      counter.count(chunk, begin, end, parts[block]);
                    });
    for (const ResourceTally& part : parts) model.tally.merge(part);
    progress.update(file.fraction(), "counting blocks");
  }
  watch.finish(progress);
  if (classes != nullptr)
    model.classes = classes->rules().names();
  else if (file.words_known() > 0)
    model.classes = file.words(0);
  return model;
}

// Rows of results by class, "all" first; returns the same as one list.
Json fill_results(const Model& model, const ResourceReport& report, const ClassRules* rules,
                  Outcome& outcome) {
  const auto sterilised = model.tally.curve.sterilised();
  Json flat = Json::array();
  const auto add_class = [&](const std::string& name, int index) {
    const auto curve = model.tally.curve.curve(index);
    Json rows = Json::array();
    for (std::size_t i = 0; i < curve.size(); ++i) {
      Json row = report.row(curve[i], name);
      flat.push_back(row);
      if (index < 0 && !sterilised.empty()) {
        report.add_sterilised(sterilised[i], row);
      }
      rows.push_back(row);
    }
    Json one = report.row(curve.front(), name);
    if (rules != nullptr) one["unfc"] = index < 0 ? Json() : Json(unfc_of(*rules, name));
    one["curve"] = rows;
    outcome.results.push_back(one);
  };
  add_class("all", -1);
  for (const std::size_t c : class_order(model.classes))
    add_class(model.classes[c].empty() ? "unclassified" : model.classes[c], static_cast<int>(c));
  return flat;
}

void fill_summary(const ResourcePlan& plan, const Model& model, const BlockLayout& layout,
                  const ResourceReport& report, const Json& flat, Outcome& outcome) {
  Json& summary = outcome.summary;
  summary["blocks"] = layout.blocks;
  summary["model_m3"] = model.tally.model_m3.value();
  summary["basis"] = plan.products[0].basis;
  summary["tonnes"] = plan.curve.moisture > 0.0 ? "wet" : "dry";
  summary["moisture_pct"] = plan.curve.moisture * 100.0;
  summary["dilution_pct"] = plan.curve.dilution * 100.0;
  summary["dilution_grade_pct"] = plan.curve.dilution_grade * 100.0;
  summary["mining_loss_pct"] = plan.curve.mining_loss * 100.0;
  summary["curve"] = flat;
  const auto sterilised = model.tally.curve.sterilised();
  if (sterilised.empty()) return;
  report.add_sterilised(sterilised.front(), summary);
}

std::string people_text(const ResourceReport& report, const Json& flat, const Outcome& outcome) {
  std::string text = report.people_table(flat) + "\n" +
                     number_text(outcome.summary.at("blocks").as_number()) + " blocks; " +
                     outcome.summary.at("tonnes").as_string() +
                     " tonnes; figures in support of a competent person\n";
  if (outcome.summary.has("sterilised_t")) text += report.people_taken(outcome.summary);
  for (const auto& output : outcome.outputs) text += "wrote " + printable(output.path) + "\n";
  return text;
}

PriceTable load_prices(const Arguments& arguments, Outcome& outcome) {
  if (!arguments.has("prices")) return {};
  const Layer table = read_table(arguments.text("prices"));
  PriceTable prices = read_prices(table.table);
  outcome.inputs.push_back(table.source);
  outcome.findings.add(table.findings);
  outcome.findings.add(prices.findings);
  return prices;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const std::string path = arguments.text("BLOCKS");
  const BlockCrs crs = block_crs(arguments);
  BlockReadOptions reading = block_options(arguments, session, crs);
  const std::optional<ClassRules> rules = read_class_rules(arguments, outcome);
  BlockFile header(path, reading);
  ResourcePlan plan = make_plan(arguments, session, header, rules);
  const BlockLayout layout =
      scan_layout(header, arguments, crs, session.progress.part(0.0, 0.3), outcome);
  Constraints constraints(arguments, session, layout, crs, outcome);
  if (arguments.has("pit")) constraints.add_pit(arguments.text("pit"));
  plan.curve.constraints = constraints.size();
  check_curve(plan.curve);

  std::optional<BlockClasses> classes;
  if (rules)
    classes.emplace(*rules, layout, path, reading, session, session.progress.part(0.3, 0.5),
                    outcome);
  reading.numbers = plan.numbers;
  if (arguments.has("class")) reading.texts = {header.column(arguments.text("class"))};
  BlockFile file(path, reading);
  const Model model = count_model(plan, layout, constraints, classes ? &*classes : nullptr, file,
                                  session, session.progress.part(0.5, 0.98));
  Source source = file.source();
  source.crs = crs.said ? crs.crs.label() : "";
  source.features = layout.blocks;
  outcome.inputs.insert(outcome.inputs.begin(), source);
  const PriceTable prices = load_prices(arguments, outcome);
  say_missing(plan, model.tally, path, outcome);
  add_cut_findings(model.tally.uncovered, path, outcome);

  const ResourceReport report(plan, constraints, arguments.has("prices") ? &prices : nullptr);
  const Json flat = fill_results(model, report, rules ? &*rules : nullptr, outcome);
  fill_summary(plan, model, layout, report, flat, outcome);
  std::string said;
  if (rules) said = "by rules";
  if (arguments.has("class")) said = "as column '" + arguments.text("class") + "' says";
  if (classes && rules->smooth_blocks > 0) outcome.summary["smoothed_blocks"] = classes->smoothed();
  outcome.summary["checklist"] = report.facts(layout, said);
  outcome.summary["note"] =
      "figures in support of a competent person; not a statement of resources by one";
  write_output(arguments, session, curve_layer(flat), outcome);
  outcome.text = people_text(report, flat, outcome);
  return outcome;
}

std::vector<Parameter> geology_parameters() {
  std::vector<Parameter> list = {
      {.name = "grade",
       .kind = Kind::field,
       .help = "column of the grade that meets the cut-off",
       .required = true,
       .parent = "BLOCKS"},
      {.name = "density",
       .kind = Kind::field_or_quantity,
       .help = "dry bulk density: a column, or a quantity for every block",
       .required = true,
       .dimension = Dimension::density,
       .parent = "BLOCKS"},
      {.name = "cutoffs",
       .help = "rising, with their unit: '0.5,1,1.5 %' or '500,1000 ppm'",
       .required = true,
       .aliases = {"cut-offs"}},
      {.name = "product",
       .help = "columns of further grades to be counted: F,F,...",
       .repeatable = true},
      {.name = "minus",
       .help = "columns taken off the grade before it meets the cut-off",
       .repeatable = true},
      {.name = "form",
       .kind = Kind::choice,
       .help = "convert grades of single rare earths to this form",
       .choices = {"oxide", "element"}},
      {.name = "basis",
       .kind = Kind::choice,
       .help = "oxides that elements convert to",
       .choices = {"trade", "sesquioxide"},
       .default_text = "trade"},
      {.name = "prices",
       .kind = Kind::table,
       .help = "prices of oxides, for the value of single rare earths among the products"},
      {.name = "share",
       .kind = Kind::field,
       .help = "column of the share of each block that counts, 0 to 1",
       .parent = "BLOCKS"}};
  for (Parameter& parameter : list) parameter.group = "Geology";
  return list;
}

std::vector<Parameter> class_and_mining_parameters() {
  std::vector<Parameter> list = {
      {.name = "classify", .kind = Kind::file, .help = "rules of classes (TOML)"},
      {.name = "class", .kind = Kind::field, .help = "column of the class", .parent = "BLOCKS"},
      {.name = "moisture",
       .kind = Kind::quantity,
       .help = "water in the wet mass: rock is reported wet",
       .dimension = Dimension::grade},
      {.name = "dilution",
       .kind = Kind::quantity,
       .help = "waste mined with the ore, by its mass",
       .dimension = Dimension::grade},
      {.name = "dilution-grade",
       .kind = Kind::quantity,
       .help = "grade of that waste",
       .dimension = Dimension::grade},
      {.name = "mining-loss",
       .kind = Kind::quantity,
       .help = "ore that is not mined",
       .dimension = Dimension::grade}};
  for (std::size_t i = 0; i < list.size(); ++i) list[i].group = i < 2 ? "Classes" : "Mining";
  return list;
}

}  // namespace

Command resources_command() {
  Command command;
  command.name = "resources";
  command.summary =
      "grade-tonnage curves of a block model, by class, with what constraints sterilise";
  command.group = "Deposit";
  command.parameters = block_parameters("BLOCKS");
  append(command.parameters, geology_parameters());
  append(command.parameters, class_and_mining_parameters());
  append(command.parameters, constraint_parameters());
  command.parameters.push_back(
      {.name = "pit",
       .help = "F or F=N: only blocks of pits 1 to N of this column count ('lode pit'), or of any",
       .group = "Constraints"});
  for (const Parameter& parameter : output_parameters())
    if (parameter.name != "crs") command.parameters.push_back(parameter);
  command.setup = [](const Arguments& arguments) {
    std::string unit;
    (void)read_cutoffs(arguments, unit);
    double last = 0.0;
    if (arguments.has("pit")) split_pit(arguments, unit, last);
    if (arguments.has("classify") && arguments.has("class"))
      throw Error("usage.class", "--classify and --class both give the classes", "resources",
                  "Leave one out.");
    if (arguments.has("dilution-grade") && !arguments.has("dilution"))
      throw Error("usage.dilution", "--dilution-grade without --dilution", "resources",
                  "Say how much is diluted: --dilution '5 %'.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
