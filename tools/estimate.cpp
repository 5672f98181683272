#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/estimate_inputs.h"
#include "tools/estimate_methods.h"

namespace lode::tools {

namespace {

[[noreturn]] void refuse(const char* code, const std::string& what, const std::string& hint) {
  throw Error(code, what, "lode estimate", hint);
}

bool is_one_of(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What a method needs, and what would be read for nothing.
void check_method(const Arguments& arguments) {
  const std::string method = arguments.text("method");
  const auto needs = [&](const char* option, const std::vector<std::string>& methods,
                         const char* code, const std::string& hint) {
    if (is_one_of(method, methods) && !arguments.has(option))
      refuse(code, "--method " + method + " needs --" + option, hint);
  };
  const auto only = [&](const char* option, const std::vector<std::string>& methods) {
    if (arguments.has(option) && !is_one_of(method, methods))
      refuse("usage.method", std::string("--") + option + " says nothing to --method " + method,
             "It goes with " + join(methods, ", ") + ".");
  };
  needs("power", {"idw"}, "usage.power", "Inverse distance is often taken to the power of 2.");
  needs("mean", {"sk"}, "usage.mean",
        "Simple kriging stands on a known mean; ok takes that of the neighbourhood.");
  needs("variogram", {"ok", "sk", "uk", "ked", "ck", "ik"}, "usage.variogram",
        "'lode variogram' fits one.");
  needs("drift", {"uk"}, "usage.drift", "Its terms, e.g. --drift x,y.");
  needs("drift", {"ked"}, "usage.drift", "The fields of the external drift.");
  needs("cutoffs", {"ik"}, "usage.cutoffs", "In ascending order, e.g. --cutoffs '0.5,1,2 %'.");
  only("power", {"idw"});
  only("mean", {"sk"});
  only("drift", {"uk", "ked"});
  only("cutoffs", {"ik"});
  only("tails", {"ik"});
  only("standardise", {"ck"});
  only("high-yield", {"nn", "idw", "sk", "ok", "uk", "ked"});
  only("local-angles", {"nn", "idw", "sk", "ok", "uk", "ked", "ik"});
  only("negative-weights", {"sk", "ok", "uk", "ked", "ik"});
  only("partial", {"nn", "idw", "sk", "ok", "uk", "ked"});
  const auto names = list_of(arguments, "value");
  const std::size_t values = names.size();
  if (values == 0)
    refuse("usage.value", "--value names no column", "For example --value treo_pct.");
  for (std::size_t i = 0; i < values; ++i)
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i))
      refuse("usage.value", "--value names " + names[i] + " twice", "Name each column once.");
  if (method == "ik" && values != 1)
    refuse("usage.value", "indicator kriging takes one value", "Run it once a value.");
  if (method == "ck" && values < 2)
    refuse("usage.value", "co-kriging takes two values or more", "Take ok for one.");
  if (arguments.texts("variogram").size() > 1 && method != "ik")
    refuse("usage.variogram", "several variograms", "Only ik takes one a cut-off.");
}

// Exactly one of grid, targets and cross-validation.
void check_where(const Arguments& arguments) {
  const bool grid = asks_for_grid(arguments), list = arguments.has("targets"),
             validate = arguments.flag("cross-validate");
  if ((grid ? 1 : 0) + (list ? 1 : 0) + (validate ? 1 : 0) != 1)
    refuse("usage.targets", "say what is to be estimated, once",
           "--origin, --spacing and --count of a grid, --targets FILE, or --cross-validate.");
  if (grid && !arguments.text("domain").empty())
    refuse("usage.domain", "the blocks of a grid have no domain",
           "Give blocks that have one with --targets, or pick samples with --where.");
  if (grid && arguments.text("method") == "ked")
    refuse("usage.drift", "the blocks of a grid have no external drift",
           "Give blocks that have it with --targets.");
  if (arguments.has("local-angles")) {
    if (!list)
      refuse("usage.local_angles", "local angles are fields of the targets", "Give --targets.");
    if (list_of(arguments, "local-angles").size() != 3)
      refuse("usage.local_angles", "local angles are three fields",
             "AZIMUTH,DIP,RAKE, in degrees.");
  }
  if (arguments.flag("by-hole") && (!validate || arguments.text("hole").empty()))
    refuse("usage.by_hole", "--by-hole goes with --cross-validate and --hole",
           "It leaves out all samples of a hole.");
  if (arguments.has("soft-boundary") && arguments.text("domain").empty())
    refuse("usage.domain", "--soft-boundary needs --domain", "Name the column of the domain.");
  if (arguments.has("high-yield") != arguments.has("high-yield-radius"))
    refuse("usage.high_yield", "--high-yield and --high-yield-radius go together",
           "Above which value, and how far such samples reach.");
}

void check_analysis(const Arguments& arguments) {
  const bool analysis = arguments.flag("neighbourhood-analysis");
  for (const char* option : {"try-samples", "try-block", "try-discretise", "places"})
    if (arguments.has(option) && !analysis)
      refuse("usage.analysis", std::string("--") + option + " is of the neighbourhood analysis",
             "Say --neighbourhood-analysis too.");
  if (!analysis) return;
  if (!is_one_of(arguments.text("method"), {"sk", "ok", "uk", "ked"}))
    refuse("usage.analysis", "a neighbourhood analysis compares sk, ok, uk or ked",
           "Give one of these with --method.");
  if (arguments.flag("cross-validate") || arguments.has("output"))
    refuse("usage.analysis", "a neighbourhood analysis gives a table of settings, no estimates",
           "Leave --cross-validate and -o out.");
}

void check(const Arguments& arguments) {
  check_method(arguments);
  check_where(arguments);
  check_analysis(arguments);
  if (arguments.texts("discretise").size() > 1)
    refuse("usage.list", "--discretise stands twice", "Once: points in a block along x, y and z.");
  try {
    (void)read_search(arguments);
    for (const char* option : {"discretise", "try-discretise"}) (void)read_cells(arguments, option);
    (void)read_soft_boundaries(arguments);
    if (asks_for_grid(arguments)) (void)read_grid(arguments, 1.0);
  } catch (const Error& error) {
    // A length without a unit on the command line was asked wrongly.
    if (!error.code.starts_with("unit.")) throw;
    throw Error("usage.quantity", error.what(), error.where, error.hint);
  }
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  EstimateJob job = read_job(arguments, session, outcome);
  if (arguments.flag("neighbourhood-analysis"))
    run_analysis(arguments, session, job, outcome);
  else if (job.method == "ik")
    run_indicators(arguments, session, job, outcome);
  else if (job.method == "ck")
    run_cokriging(arguments, session, job, outcome);
  else
    run_kriging(arguments, session, job, outcome);
  return outcome;
}

std::vector<Parameter> in_group(std::vector<Parameter> list, const char* group) {
  for (Parameter& parameter : list) parameter.group = group;
  return list;
}

Parameter count(const char* name, const char* help, const char* otherwise, double least) {
  Parameter parameter;
  parameter.name = name;
  parameter.kind = Kind::integer;
  parameter.help = help;
  parameter.default_text = otherwise;
  parameter.range = std::string(least > 0 ? "1" : "0") + " to 1000000";
  parameter.minimum = least;
  parameter.maximum = 1e6;
  return parameter;
}

std::vector<Parameter> method_parameters() {
  return in_group(
      {{.name = "value",
        .kind = Kind::field,
        .help = "columns to estimate; several share neighbours and weights",
        .required = true,
        .repeatable = true,
        .parent = "SAMPLES"},
       {.name = "method",
        .kind = Kind::choice,
        .help = "nearest neighbour, inverse distance; simple, ordinary, universal kriging, with "
                "external drift, of indicators, co-kriging",
        .required = true,
        .choices = {"nn", "idw", "sk", "ok", "uk", "ked", "ik", "ck"}},
       {.name = "variogram",
        .kind = Kind::file,
        .help =
            "model as JSON, as 'lode variogram' gives it; ik takes one for all or one a cut-off",
        .repeatable = true},
       {.name = "power",
        .kind = Kind::number,
        .help = "of the inverse distance (idw)",
        .range = "above 0 to 100",
        .minimum = 1e-9,
        .maximum = 100.0},
       {.name = "mean",
        .help = "known mean (sk): '1.2 %', or VALUE=AMOUNT for each of several",
        .repeatable = true},
       {.name = "drift", .help = "terms of uk: x,y,z,xx,xy,...; fields of ked"},
       {.name = "cutoffs", .help = "of ik, ascending: '0.5,1,2 %'"},
       {.name = "tails", .help = "ends of the lowest and highest class (ik): 'MIN,MAX'"},
       {.name = "standardise",
        .kind = Kind::flag,
        .help = "ck with one condition on all weights, about the means"}},
      "Method");
}

std::vector<Parameter> search_parameters() {
  return in_group(
      {{.name = "radius",
        .kind = Kind::quantity,
        .help = "of the search ellipsoid: 'MAJOR,SEMI,MINOR m'; no limit when not said",
        .dimension = Dimension::length},
       {.name = "search-angles",
        .help = "azimuth,dip,rake of the ellipsoid; those of the variogram when not said"},
       count("min-samples", "fewer leave the target to the next pass", "1", 1),
       count("max-samples", "the nearest so many; 0 = all inside", "0", 0),
       count("max-per-octant", "in each eighth of the turned axes; 0 = no limit", "0", 0),
       count("max-per-hole", "of one drillhole; 0 = no limit", "0", 0),
       count("min-holes", "from so many drillholes; 0 = no demand", "0", 0),
       {.name = "pass",
        .help = "a further pass: 'radius=300,180,80 m;min=2;max=16;octant=4;hole=3;min-holes=2'",
        .repeatable = true},
       {.name = "soft-boundary",
        .help = "A:B: targets of domain A may use samples of domain B",
        .repeatable = true},
       {.name = "local-angles", .help = "AZIMUTH,DIP,RAKE: fields of the targets"}},
      "Search");
}

std::vector<Parameter> sample_rules() {
  return in_group(
      {{.name = "cap",
        .help = "values above are cut to it: '8 %', or VALUE=AMOUNT",
        .repeatable = true},
       {.name = "high-yield",
        .help = "values above serve near targets only, beyond they are cut: '8 %', VALUE=AMOUNT",
        .repeatable = true},
       {.name = "high-yield-radius",
        .kind = Kind::quantity,
        .help = "how near, along the search axes: '30,30,10 m'",
        .dimension = Dimension::length},
       {.name = "duplicates",
        .kind = Kind::choice,
        .help = "samples at one place: refused, averaged, or the first kept",
        .choices = {"refuse", "average", "first"},
        .default_text = "refuse"},
       {.name = "duplicate-distance",
        .kind = Kind::quantity,
        .help = "closer samples count as being at one place; not of ck",
        .dimension = Dimension::length,
        .default_text = "0 m",
        .range = "0 m or more",
        .minimum = 0.0},
       {.name = "partial",
        .kind = Kind::choice,
        .help = "samples that lack some of several values: left out, or neighbours apart",
        .choices = {"drop", "separate"},
        .default_text = "drop"},
       {.name = "negative-weights",
        .kind = Kind::choice,
        .help = "kept, or set to 0 and the others rescaled",
        .choices = {"keep", "zero"},
        .default_text = "keep"}},
      "Samples");
}

std::vector<Parameter> target_parameters() {
  return in_group(
      {{.name = "targets",
        .kind = Kind::vector_layer,
        .help = "points x y z, or blocks with dx dy dz, to estimate at"},
       {.name = "discretise",
        .help = "points in a block: 4,4,2; the centre alone when not said",
        .repeatable = true},
       {.name = "cross-validate",
        .kind = Kind::flag,
        .help = "estimate each sample from the others"},
       {.name = "by-hole",
        .kind = Kind::flag,
        .help = "leave out all samples of the hole (cross-validation)"},
       {.name = "neighbourhood-analysis",
        .kind = Kind::flag,
        .help = "compare settings by slope, efficiency and negative weights; no estimates"},
       {.name = "try-samples", .help = "values of --max-samples to compare: 8,16,24,32"},
       {.name = "try-block",
        .kind = Kind::quantity,
        .help = "block size to compare: '10,10,5 m'",
        .repeatable = true,
        .dimension = Dimension::length},
       {.name = "try-discretise", .help = "--discretise to compare: 4,4,2", .repeatable = true},
       count("places", "targets looked at by the analysis, spread evenly; 0 = all", "1000", 0)},
      "Blocks");
}

}  // namespace

Command estimate_command() {
  Command command;
  command.name = "estimate";
  command.summary = "grades of blocks and points from samples: nearest, inverse distance, kriging";
  command.group = "Deposit";
  command.parameters = {{.name = "SAMPLES",
                         .kind = Kind::vector_layer,
                         .help = "points with values, e.g. composites: x, y, z and grades",
                         .positional = true,
                         .required = true}};
  append(command.parameters, method_parameters());
  append(command.parameters, grid_parameters());
  append(command.parameters, target_parameters());
  append(command.parameters, search_parameters());
  append(command.parameters, sample_parameters("SAMPLES"));
  append(command.parameters, sample_rules());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check;
  command.run = run;
  return command;
}

}  // namespace lode::tools
