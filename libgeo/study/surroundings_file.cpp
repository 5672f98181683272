// [[constraints]], [[surroundings]] and [footprint] of a study file.
#include <algorithm>

#include "libgeo/environment/zonal.h"
#include "libgeo/study/study_reader.h"

namespace lode {

namespace {

bool is_indicator_name(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void check_name(TableReader& reader, const std::string& name) {
  if (!is_indicator_name(name))
    reader.fault("study.value", "name",
                 "'" + printable(name) + "' cannot stand in an indicator's name",
                 "Small letters, digits and _ only.");
}

/// "25 km", or a list of such.
void read_distances(TableReader& reader, const std::string& key, std::vector<double>& into) {
  std::string said;
  reader.text(key, said);
  if (said.empty()) return;
  try {
    into = parse_quantities(said, Dimension::length);
  } catch (const Error& error) {
    reader.fault(error.code, key, error.what(), error.hint);
    return;
  }
  for (std::size_t i = 0; i < into.size(); ++i)
    if (!(into[i] > (i == 0 ? 0.0 : into[i - 1])))
      reader.fault("study.value", key, "wants distances above 0, each larger than the one before",
                   "Such as \"5,25 km\".");
}

void read_raster(TableReader& reader, SurroundingsTable& table) {
  reader.text("statistic", table.statistic);
  try {
    const auto asked = parse_zonal_statistics(table.statistic);
    static const std::vector<std::string> lists = {"fraction", "frac", "unique",
                                                   "weighted_fraction", "weighted_frac"};
    const bool weighted =
        asked.size() == 1 && asked.front().name.starts_with("weighted_");  // by what?
    const bool list =
        weighted || (asked.size() == 1 &&
                     std::find(lists.begin(), lists.end(), asked.front().name) != lists.end());
    if (asked.size() != 1 || list)
      reader.fault("study.value", "statistic", "wants one statistic that is one number",
                   "Such as mean, max or p90; classes = [...] gives the ground of values.");
  } catch (const Error& error) {
    reader.fault("study.value", "statistic", error.what(), error.hint);
  }
  if (const auto* node = reader.ask("classes", false)) {
    const auto* list = node->as_array();
    for (std::size_t i = 0; list && i < list->size(); ++i)
      if (const auto value = list->get(i)->value<double>(); value && std::isfinite(*value))
        table.classes.push_back(*value);
    if (!list || table.classes.size() != list->size() || table.classes.empty())
      reader.fault("study.type", "classes", "wants a list of numbers", "Such as [41, 42, 43].");
  }
  double band = table.band;
  reader.number("band", band, 1, 100000);
  if (band != std::floor(band)) reader.fault("study.value", "band", "is not a whole number");
  table.band = static_cast<int>(band);
  read_distances(reader, "within", table.within_m);
  if (table.within_m.size() > 1)
    reader.fault("study.value", "within", "wants one distance for a raster");
  reader.text("unit", table.unit, table.classes.empty());
}

SurroundingsTable read_one(TableReader& reader) {
  SurroundingsTable table;
  reader.choice("kind", table.kind,
                {"water", "people", "raster", "value", "land", "habitat", "terrain"}, true);
  if (table.kind == "raster" || table.kind == "terrain") {
    table.layer.line = reader.line();
    reader.text("path", table.layer.path, true);
    reader.crs("crs", table.layer.crs);
  } else {
    reader.layer(table.layer);
  }
  if (table.kind == "terrain") {
    reader.choice("height_unit", table.height_unit, {"m", "ft", "US survey foot"});
    reader.quantity("snap", table.snap_m, Dimension::length);
    if (table.snap_m < 0.0) reader.fault("study.value", "snap", "is negative");
    return table;
  }
  reader.text("name", table.name, true);
  check_name(reader, table.name);
  if (table.kind == "raster") {
    read_raster(reader, table);
  } else if (table.kind == "people") {
    reader.text("field", table.field);
    read_distances(reader, "within", table.within_m);
    if (table.within_m.empty())
      reader.fault("study.missing", "within", "says how far from the sites people count",
                   "Add within = \"5, 25 km\".");
  } else if (table.kind == "value") {
    reader.text("field", table.field, true);
    reader.text("unit", table.unit, true);
  } else if (table.kind == "habitat") {
    reader.quantity("half_distance", table.half_distance_m, Dimension::length, true);
    if (reader.has("half_distance") && !(table.half_distance_m > 0.0))
      reader.fault("study.value", "half_distance", "wants a length above 0", "Such as \"1 km\".");
  }
  if (table.kind != "raster") reader.text("id", table.id);
  return table;
}

void read_footprint(TableReader& reader, FootprintTable& table) {
  table.given = true;
  table.line = reader.line();
  FootprintOptions& options = table.options;
  reader.text("routes", table.routes);
  reader.quantity("tailings_density", options.tailings_density_t_m3, Dimension::density);
  if (!(options.tailings_density_t_m3 >= 0.5 && options.tailings_density_t_m3 <= 3.0))
    reader.fault("study.value", "tailings_density", "is not within 0.5 to 3 t/m3");
  reader.number("water_treatment_usd_per_yr", options.water_treatment_usd_per_yr, 0, 1e12);
  reader.number("treatment_yr", options.treatment_yr, 0, 1000);
  reader.number("discount", options.discount, 0, 1);
  reader.number("reclamation_usd_per_ha", options.reclamation_usd_per_ha, 0, 1e9);
  reader.number("cover_usd_per_ha_radioactive", options.cover_usd_per_ha_radioactive, 0, 1e9);
  reader.number("contingency", options.contingency, 0, 10);
  reader.number("indirect", options.indirect, 0, 10);
}

}  // namespace

void read_constraint_tables(const toml::table& root, const std::string& text, StudyFile& study,
                            Mistakes& mistakes) {
  if (!root.contains("constraints")) return;
  try {
    study.constraints = parse_rules(text, study.path);
  } catch (const Error& error) {
    mistakes.add_ready(error);  // the room of the rules names its own lines
    return;
  }
  for (const ConstraintRule& rule : study.constraints) {
    if (is_indicator_name(rule.name)) continue;
    toml::source_position at{};
    at.line = static_cast<toml::source_index>(rule.line);
    at.column = 1;
    mistakes.add(
        "study.value",
        "[[constraints]] name: '" + printable(rule.name) + "' cannot stand in an indicator's name",
        at, "Small letters, digits and _ only.");
  }
}

void read_surroundings(const toml::table& root, StudyFile& study, Mistakes& mistakes) {
  each_table(root, "surroundings", mistakes,
             [&](TableReader& reader) { study.surroundings.push_back(read_one(reader)); });
  one_table(root, "footprint", false, mistakes,
            [&](TableReader& reader) { read_footprint(reader, study.footprint); });
}

}  // namespace lode
