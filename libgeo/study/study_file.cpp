#include "libgeo/study/study_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <utility>

#include "libgeo/core/provenance.h"
#include "libgeo/core/study_tables.h"
#include "libgeo/permits/presets.h"
#include "libgeo/study/study_reader.h"
#include "libgeo/supply/composition.h"

namespace lode {

void TableReader::field(const std::string& key, FieldOrValue& into, bool required) {
  const auto* node = ask(key, required);
  if (!node) return;
  into.line = static_cast<int>(node->source().begin.line);
  if (node->is_string()) {
    into.field = *node->value<std::string>();
    if (into.field.empty()) fault("study.value", key, "is empty");
    return;
  }
  const auto* table = node->as_table();
  if (!table) {
    fault("study.type", key, "wants a field's name, { field = ... } or { value = ... }");
    return;
  }
  const auto plain = [](const toml::node& value) {
    if (value.is_string()) return *value.value<std::string>();
    if (value.is_number()) return number_text(*value.value<double>());
    return std::string();
  };
  TableReader inner(*table, name_ + " " + key, mistakes_);
  for (const auto& [name, target] : {std::pair<const char*, std::string*>{"field", &into.field},
                                     {"value", &into.constant},
                                     {"unit", &into.unit},
                                     {"low", &into.low},
                                     {"high", &into.high},
                                     {"basis", &into.basis}}) {
    if (const auto* value = inner.ask(name, false)) {
      *target = plain(*value);
      if (target->empty()) inner.fault("study.type", name, "wants a text or a number");
    }
  }
  inner.finish();
  if (into.field.empty() == into.constant.empty())
    fault("study.value", key, "wants either field or value");
}

void TableReader::text_or_field(const std::string& key, FieldOrValue& into) {
  const auto* node = table_.get(key);
  if (!node || !node->is_string()) return field(key, into);
  into.line = static_cast<int>(node->source().begin.line);
  text(key, into.constant);
  if (into.constant.empty()) fault("study.value", key, "is empty");
}

void TableReader::layer(LayerRef& into, const std::string& path_key, bool required) {
  into.line = line();
  text(path_key, into.path, required);
  text("layer", into.layer);
  text("where", into.where);
  crs("crs", into.crs);
  text("x", into.x);
  text("y", into.y);
  text("encoding", into.encoding);
  texts("missing", into.missing);
  choice("below_detection", into.below_detection, {"refuse", "half", "zero", "limit", "missing"});
}

namespace {

/// What each class of resource is worth as confidence, 0 to 1, unless [study] confidence says so.
const std::map<std::string, double>& default_confidence() {
  static const std::map<std::string, double> classes = {
      {"proven", 1.0},     {"proved", 1.0},       {"measured", 0.95},    {"probable", 0.9},
      {"indicated", 0.8},  {"producing", 0.9},    {"inferred", 0.5},     {"historic", 0.3},
      {"historical", 0.3}, {"exploration", 0.15}, {"illustrative", 0.2}, {"unknown", 0.1}};
  return classes;
}

/// What each class leaves of a tonnage that counts as recoverable, unless [study] class_factor says
/// so: conventions of ours, no code of reporting gives such figures.
const std::map<std::string, double>& default_class_factor() {
  static const std::map<std::string, double> classes = {
      {"proven", 1.0},     {"proved", 1.0},       {"measured", 1.0},     {"probable", 0.9},
      {"indicated", 0.8},  {"producing", 0.9},    {"inferred", 0.5},     {"historic", 0.3},
      {"historical", 0.3}, {"exploration", 0.15}, {"illustrative", 0.2}, {"unknown", 0.1}};
  return classes;
}

/// A table such as { inferred = 0.5 } over the usual figures.
void read_classes(TableReader& reader, const std::string& key, Mistakes& mistakes,
                  std::map<std::string, double>& into) {
  const auto* classes = reader.ask(key, false);
  if (classes == nullptr) return;
  const auto* table = classes->as_table();
  if (table == nullptr) {
    reader.fault("study.type", key, "wants a table such as { inferred = 0.5 }");
    return;
  }
  for (const auto& [name, node] : *table) {
    const auto value = node.value<double>();
    if (!value || node.is_boolean() || !(*value >= 0 && *value <= 1))
      mistakes.add("study.value",
                   "[study] " + key + " " + printable(std::string(name.str())) +
                       ": wants a number from 0 to 1",
                   node.source().begin);
    else
      into[lower(trim(std::string(name.str())))] = *value;
  }
}

void read_header(TableReader& reader, StudyFile& study, Mistakes& mistakes) {
  reader.text("title", study.title, true);
  reader.text("home", study.home, true);
  study.home_line = reader.stated().line_of("home");
  if (!study.home.empty() &&
      (study.home.size() != 3 || !std::all_of(study.home.begin(), study.home.end(),
                                              [](char c) { return c >= 'A' && c <= 'Z'; })))
    reader.fault("study.value", "home",
                 "'" + printable(study.home) + "' is no ISO 3166-1 alpha-3 code",
                 "Three capitals, such as USA.");
  if (const auto* allies = reader.ask("allies", false)) {
    if (allies->is_string())
      study.allies_set = *allies->value<std::string>();
    else
      reader.texts("allies", study.allies_list);
  }
  reader.text("alliances", study.alliances);
  if (!study.allies_set.empty() && study.alliances.empty())
    reader.fault("study.missing", "allies", "names a set, but there is no alliances table",
                 "Add alliances = \"alliances.csv\", or list the countries.");
  reader.date("as_of", study.as_of, true);
  double seed = 1;
  reader.number("seed", seed, 0, 9007199254740991.0);
  if (seed != std::floor(seed)) reader.fault("study.value", "seed", "is not a whole number");
  study.seed = static_cast<std::uint64_t>(seed);
  reader.crs("crs", study.crs);
  reader.text("data", study.data);
  reader.text("output", study.output);
  reader.boolean("net_requires_permit", study.net_requires_permit);
  reader.text("required_permits", study.required_permits);
  reader.texts("illustrative", study.caveats);
  study.confidence = default_confidence();
  study.class_factor = default_class_factor();
  read_classes(reader, "confidence", mistakes, study.confidence);
  read_classes(reader, "class_factor", mistakes, study.class_factor);
}

SitesTable read_sites(TableReader& reader) {
  SitesTable table;
  reader.layer(table.layer);
  reader.choice("kind", table.kind, {"primary", "secondary"}, true);
  reader.field("id", table.id, true);
  reader.field("name", table.name);
  reader.field("country", table.country);
  reader.text("countries", table.countries);
  reader.field("ore", table.ore);
  reader.field("grade", table.grade);
  reader.field("rate", table.rate);
  reader.field("start", table.start);
  reader.field("life", table.life);
  reader.field("opex", table.opex);
  reader.field("capex", table.capex);
  reader.field("lead", table.lead);
  reader.field("ramp", table.ramp);
  reader.text_or_field("operating", table.operating);
  reader.field("ndpr_share", table.ndpr_share);
  reader.field("dytb_share", table.dytb_share);
  reader.field("hreo_share", table.hreo_share);
  for (const auto& symbol : composition_elements) {
    FieldOrValue share;
    reader.field(lower(symbol) + "_share", share);
    if (share.given()) table.element_share[std::string(symbol)] = share;
  }
  reader.field("thorium", table.thorium);
  reader.field("confidence", table.confidence);
  reader.field("recovery", table.recovery);
  reader.field("route", table.route);
  reader.field("uranium", table.uranium);
  reader.field("strip_ratio", table.strip_ratio);
  reader.field("dam_height", table.dam_height);
  reader.field("disturbed", table.disturbed);
  reader.field("note", table.note);
  reader.text_or_field("product", table.product);
  if (table.kind == "secondary" && !table.rate.given())
    reader.fault("study.missing", "rate", "a secondary source wants its rate in t/yr");
  return table;
}

ReportedTable read_reported(TableReader& reader) {
  ReportedTable table;
  reader.layer(table.layer);
  reader.choice("match", table.match, {"name", "id"});
  reader.field("id", table.id);
  reader.field("name", table.name);
  reader.field("country", table.country);
  reader.field("ore", table.ore);
  reader.field("grade", table.grade);
  reader.field("confidence", table.confidence);
  reader.choice("elements", table.elements, {"columns", "rows"});
  reader.text("element", table.element_field);
  reader.text("element_grade", table.grade_field);
  reader.text("element_grade_unit", table.grade_unit_field);
  reader.text("ore_unit", table.ore_unit_field);
  if (!(table.match == "id" ? table.id : table.name).given())
    reader.fault("study.missing", table.match, "says which field joins the table to the sites");
  if (table.elements == "rows") {
    const FieldOrValue& ore = table.ore;
    if (!ore.constant.empty() || !ore.low.empty() || !ore.high.empty())
      reader.fault("study.value", "ore",
                   "of a table with a row an element is one field, without low and high",
                   "Such as ore = { field = \"ORE\", unit = \"Mt\" }.");
    if (!ore.unit.empty() && !table.ore_unit_field.empty())
      reader.fault("study.value", "ore_unit", "says the unit that ore says too",
                   "Leave one of them out.");
  }
  return table;
}

void read_drillhole_volume(TableReader& reader, VolumesTable& table) {
  DrillholeVolume& drill = table.drill;
  reader.layer(table.layer, "collars");
  reader.text("surveys", drill.surveys);
  reader.text("assays", drill.assays, true);
  reader.text("lithology", drill.lithology);
  reader.text("solid", drill.solid);
  reader.text("topography", drill.topography);
  reader.text("variogram", drill.variogram);
  reader.text("variogram_scores", drill.variogram_scores);
  reader.text("domain", drill.domain);
  reader.texts("domains", drill.domains);
  reader.texts("ndpr", drill.ndpr);
  reader.texts("dytb", drill.dytb);
  reader.quantity("composite", drill.composite_m, Dimension::length, true);
  if (reader.has("composite") && !(drill.composite_m > 0.0))
    reader.fault("study.value", "composite", "wants a length above 0");
  reader.lengths("block", drill.block_m, true);
  reader.lengths("radius", drill.radius_m, true);
  reader.quantity("cutoff", drill.cutoff, Dimension::grade);
  const auto whole = [&](const char* key, double& into, double least, double most) {
    reader.number(key, into, least, most);
    if (into != std::floor(into)) reader.fault("study.value", key, "is not a whole number");
  };
  whole("min_samples", drill.min_samples, 1, 1000);
  whole("max_samples", drill.max_samples, 1, 1000);
  whole("max_per_hole", drill.max_per_hole, 0, 1000);
  whole("realizations", drill.realizations, 10, 10000);
  if (!drill.domains.empty() && drill.domain.empty())
    reader.fault("study.missing", "domain", "says which column holds the domains");
}

void read_rock_volume(TableReader& reader, VolumesTable& table) {
  RockVolume& rock = table.rock;
  reader.layer(table.layer);
  if (table.kind == "surface") {
    reader.text("base", rock.base);
    rock.has_level = reader.has("level");
    reader.quantity("level", rock.level_m, Dimension::length);
    if (rock.has_level == !rock.base.empty())
      reader.fault("study.missing", "base", "says what the heap stands on",
                   "Give either base = \"FILE\" or level = \"120 m\".");
    reader.text("within", rock.within);
    reader.choice("take", rock.take, {"cut", "fill", "net"});
    return;
  }
  reader.text("topography", rock.topography);
  if (table.kind == "mesh") return;
  reader.text("share", rock.share);
  reader.text("class", rock.class_field);
  reader.text("pit", rock.pit);
  reader.number("pit_shell", rock.pit_shell, 1, 1000);
  if (rock.pit_shell != std::floor(rock.pit_shell))
    reader.fault("study.value", "pit_shell", "is not a whole number");
  if (reader.has("pit_shell") && rock.pit.empty())
    reader.fault("study.missing", "pit", "says which column holds the shells",
                 "Add pit = \"pit\", the column that 'lode pit' writes.");
  reader.texts("ndpr", rock.ndpr);
  reader.texts("dytb", rock.dytb);
  reader.quantity("cutoff", rock.cutoff, Dimension::grade);
}

VolumesTable read_volumes(TableReader& reader) {
  VolumesTable table;
  reader.choice("kind", table.kind, {"outline", "mesh", "surface", "blocks", "drillholes"}, true);
  const bool drilled = table.kind == "drillholes", blocks = table.kind == "blocks";
  const bool solid = table.kind == "mesh" || table.kind == "surface";
  if (drilled)
    read_drillhole_volume(reader, table);
  else if (blocks || solid)
    read_rock_volume(reader, table);
  else
    reader.layer(table.layer);
  reader.text("site", table.site);
  const bool outline = !drilled && !blocks && !solid;
  if (outline) reader.text("site_field", table.site_field);
  if (!outline && table.site.empty())
    reader.fault("study.missing", "site", "says whose rock it is", "Add site = \"ID\".");
  else if (outline && table.site.empty() == table.site_field.empty())
    reader.fault("study.missing", "site", "say either site = \"ID\" or site_field = \"FIELD\"");
  if (outline) reader.field("thickness", table.thickness, true);
  reader.field("density", table.density, !outline);
  reader.field("grade", table.grade, drilled || blocks);
  // density = "2.9 t/m3" is no column's name.
  for (FieldOrValue* figure : {&table.thickness, &table.density, &table.grade})
    if (figure->constant.empty() && looks_like_quantity(figure->field))
      figure->constant = std::exchange(figure->field, {});
  if ((drilled || blocks) && !table.grade.constant.empty())
    reader.fault("study.value", "grade", "names a column, not a figure");
  if (solid)
    for (const auto& [key, figure] :
         {std::pair{"density", &table.density}, {"grade", &table.grade}})
      if (!figure->field.empty())
        reader.fault("study.value", key, "a solid has no columns",
                     "Give a figure: { value = \"2.9 t/m3\" }.");
  return table;
}

PermitsTable read_permits(TableReader& reader) {
  PermitsTable table;
  reader.layer(table.layer);
  reader.text("id", table.id);
  reader.text("permit_id", table.id);
  reader.text("holder", table.holder);
  reader.text("status", table.status);
  reader.text("granted", table.granted);
  reader.text("expires", table.expires);
  reader.text("area", table.area);
  reader.text("kind", table.kind);
  reader.texts("valid", table.valid);
  std::string order;
  reader.choice("date_order", order, {"month-first", "day-first"});
  table.date_order = parse_date_order(order).value_or(DateOrder::unsaid);
  std::string numbers;
  reader.choice("date_numbers", numbers, {"milliseconds", "seconds", "excel"});
  table.date_numbers = parse_date_numbers(numbers).value_or(DateNumbers::unsaid);
  reader.text("area_unit", table.area_unit);
  reader.choice("preset", table.preset, permit_presets());
  return table;
}

void read_supply(TableReader& reader, SupplyTable& table) {
  table.line = reader.line();
  table.keys = reader.stated();
  reader.text("production", table.production);
  reader.text("demand", table.demand);
  reader.text("prices", table.prices);
  reader.text("governance", table.governance);
  reader.text("production_country", table.production_country);
  reader.text("production_value", table.production_value);
  reader.text("governance_country", table.governance_country);
  reader.text("governance_value", table.governance_value);
  reader.choice("other", table.other, {"one-country", "exclude", "total-only"});
  reader.text("production_before", table.production_before);
  reader.text("governance_year", table.governance_year);
  reader.text("governance_indicator", table.governance_indicator);
  reader.text("stages", table.stages);
  reader.text("stages_value", table.stages_value);
  reader.text("composition", table.composition);
  reader.texts("elements", table.elements);
  reader.choice("no_composition", table.no_composition, {"exclude", "world-average", "refuse"});
  reader.choice("composition_basis", table.composition_basis, {"trade", "sesquioxide"});
  reader.text("imports", table.imports);
  reader.text("origins", table.origins);
  reader.text("trade", table.trade);
  reader.text("trade_period", table.trade_period);
  reader.text("territories", table.territories);
  reader.boolean("merge_territories", table.merge_territories);
  reader.text("factors", table.factors);
  reader.text("uses", table.uses);
  reader.text("willingness", table.willingness);
  reader.text("candidates", table.candidates);
  reader.text("metal_prices", table.metal_prices);
  reader.text("today", table.today);
  reader.text("scenario", table.scenario);
  reader.text("policy", table.policy);
  reader.text("economics", table.economics);
  reader.text("stocks", table.stocks);
  reader.text("capacities", table.capacities);
  reader.text("member_demand", table.member_demand);
  reader.text("members", table.members);
  reader.texts("curves", table.curves);
  reader.choice("not_available", table.not_available, {"exclude", "refuse"});
  reader.choice("inexact", table.inexact, {"take", "middle", "refuse"});
  reader.choice("quota", table.quota, {"take", "warn", "exclude"});
  reader.texts("quota_countries", table.quota_countries);
  reader.number("other_governance", table.other_governance, 0.0, 10.0);
}

void check_top_level(const toml::table& root, Mistakes& mistakes) {
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    if (!is_study_table(name))
      mistakes.add("study.unknown_key", "there is no table '" + printable(name) + "' in a study",
                   key.source().begin, suggestion(name, study_tables()));
    else if (name == "occurrences" || name == "evidence" || name == "tracts")
      mistakes.add("study.unsupported", "[[" + name + "]] is not computed by this version",
                   node.source().begin, "Leave the table out; no result would stand for it.");
  }
  if (!root.contains("sites"))
    mistakes.add("study.missing", "there is no [[sites]] table", {},
                 "Name at least one layer of sites.");
  if (!root.contains("criteria"))
    mistakes.add("study.missing", "there is no [[criteria]] table", {},
                 "Name at least one criterion.");
}

std::vector<StatedKeys> keys_of_each(const toml::table& root, const char* name) {
  std::vector<StatedKeys> all;
  if (const auto* list = root.get_as<toml::array>(name))
    for (const auto& item : *list)
      if (const auto* table = item.as_table()) all.push_back(stated_keys(*table));
  return all;
}

}  // namespace

StudyFile parse_study(const std::string& text, const std::string& path) {
  StudyFile study;
  study.path = path;
  study.folder = std::filesystem::path(path).parent_path().string();
  study.text = text;
  study.sha256 = sha256(text);
  Mistakes mistakes(path);
  if (!is_valid_utf8(text))
    throw Error("study.syntax", "the file is not valid UTF-8", path, "Save it as UTF-8.");
  toml::table root;
  if (nests_too_deep(text))
    throw Error("study.syntax", "a key nests deeper than 256 tables", path, "Write flat tables.");
  try {
    root = toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    mistakes.add("study.syntax", std::string(error.description()), error.source().begin,
                 "The file is TOML 1.0: texts in quotes, one key a line.");
    mistakes.throw_if_any();
  }
  check_top_level(root, mistakes);
  one_table(root, "study", true, mistakes,
            [&](TableReader& reader) { read_header(reader, study, mistakes); });
  each_table(root, "sites", mistakes,
             [&](TableReader& r) { study.sites.push_back(read_sites(r)); });
  each_table(root, "reported", mistakes,
             [&](TableReader& r) { study.reported.push_back(read_reported(r)); });
  each_table(root, "volumes", mistakes,
             [&](TableReader& r) { study.volumes.push_back(read_volumes(r)); });
  each_table(root, "permits", mistakes,
             [&](TableReader& r) { study.permits.push_back(read_permits(r)); });
  read_constraint_tables(root, text, study, mistakes);
  read_surroundings(root, study, mistakes);
  read_logistics_tables(root, study, mistakes);
  one_table(root, "supply", false, mistakes,
            [&](TableReader& reader) { read_supply(reader, study.supply); });
  try {
    CriteriaFile file = read_criteria(text, path);
    study.criteria = std::move(file.criteria);
    study.rules = std::move(file.rules);
    study.criteria_keys = keys_of_each(root, "criteria");
    study.rule_keys = keys_of_each(root, "rules");
  } catch (const Error& error) {
    // The ranking room reads its own tables and names its own lines.
    mistakes.add_ready(error);
  }
  read_ranking_table(root, study, mistakes);
  mistakes.throw_if_any();
  return study;
}

StudyFile read_study(const std::string& path) {
  return parse_study(
      text_of_file(path, "Check the path; 'lode study init' writes one to start from."), path);
}

}  // namespace lode
