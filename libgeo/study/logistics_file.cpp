// [[networks]] and [logistics] of a study file.
#include <algorithm>
#include <utility>

#include "libgeo/io/osm_lines.h"
#include "libgeo/study/study_reader.h"

namespace lode {

namespace {

NetworkTable read_network(TableReader& reader) {
  NetworkTable table;
  reader.layer(table.layer);
  const bool extract = is_osm_path(table.layer.path);
  reader.choice("mode", table.mode, {"road", "rail", "sea", "barge"}, !extract);
  for (const auto& [key, column] : {std::pair<const char*, const char*>{"oneway", "oneway"},
                                    {"speed", "speed_kmh"},
                                    {"weight", "max_weight_t"},
                                    {"axle_load", "axle_load_t"},
                                    {"gauge", "gauge_mm"},
                                    {"surface", "surface"},
                                    {"months", "months_closed"},
                                    {"gate", "gate"},
                                    {"toll", "toll_usd"},
                                    {"country", "country"},
                                    {"length", "length_km"},
                                    {"draught", "max_draught_m"},
                                    {"access", "access"}}) {
    std::string field;
    reader.text(key, field);
    if (!field.empty()) table.fields[column] = field;
  }
  if (extract) reader.texts("highways", table.highways);
  if (table.mode == "sea" && !extract) {
    reader.text("gates", table.gates);
    reader.texts("open", table.open);
  }
  return table;
}

/// Figures of what is hauled.
void read_haul(TableReader& reader, LogisticsTable& table) {
  reader.quantity("product_grade", table.product_grade, Dimension::grade);
  reader.quantity("product_moisture", table.product_moisture, Dimension::grade);
  if (!(table.product_grade > 0 && table.product_grade <= 1))
    reader.fault("study.value", "product_grade", "is not above 0 and at most 100 %");
  if (!(table.product_moisture >= 0 && table.product_moisture < 1))
    reader.fault("study.value", "product_moisture", "is not from 0 to below 100 %");
  for (const auto& [key, share] :
       {std::pair<const char*, double*>{"thorium_share", &table.thorium_share},
        {"uranium_share", &table.uranium_share}}) {
    reader.quantity(key, *share, Dimension::grade);
    if (*share < 0.0 || *share > 1.0)
      reader.fault("study.value", key, "is not from 0 to 100 %",
                   "The part of the ore's that stays with what is hauled, such as \"90 %\".");
  }
  reader.boolean("annual_tonnage", table.annual_tonnage);
  reader.text("chain", table.chain);
  if (!table.chain.empty() && table.plants.empty())
    reader.fault("study.missing", "plants",
                 "a chain wants plants, whose column 'stages' says what "
                 "they do");
  if (!table.chain.empty() && !(std::isnan(table.thorium_share) && std::isnan(table.uranium_share)))
    reader.fault("study.value", "thorium_share", "is said by the chain's products",
                 "Leave thorium_share and uranium_share out, or the chain.");
}

void read_when_and_where(TableReader& reader, LogisticsTable& table) {
  reader.texts("avoid", table.avoid);
  reader.texts("only", table.only);
  if (reader.has("only") && table.only.empty())
    reader.fault("study.value", "only", "names no country",
                 "Such as only = [\"allied\"], which is home and allies.");
  reader.texts("close", table.close);
  reader.texts("vehicle_classes", table.vehicle_classes);
  double month = table.month;
  reader.number("month", month, 1, 12);
  if (month != std::floor(month))
    reader.fault("study.value", "month", "is not a whole number", "1 for January to 12.");
  table.month = static_cast<int>(month);
  reader.boolean("months", table.months);
  if (table.months && reader.has("month"))
    reader.fault("study.value", "months", "and month exclude each other", "Take one of them.");
  reader.number("min_part", table.min_part, 1, 1e9);
  if (table.min_part != std::floor(table.min_part))
    reader.fault("study.value", "min_part", "is not a whole number");
  reader.boolean("locate_countries", table.locate_countries);
}

void read_logistics(TableReader& reader, LogisticsTable& table) {
  table.given = true;
  table.line = reader.line();
  reader.text("terminals", table.terminals);
  reader.text("plants", table.plants);
  reader.text("ports", table.ports);
  reader.text("tariff", table.tariff);
  reader.text("plants_where", table.plants_where);
  reader.text("ports_where", table.ports_where);
  reader.text("plants_crs", table.plants_crs);
  reader.text("ports_crs", table.ports_crs);
  reader.text("terminals_crs", table.terminals_crs);
  reader.choice("minimise", table.minimise, {"cost", "distance", "hours", "co2e"});
  reader.quantity("snap_radius", table.snap_radius_m, Dimension::length);
  reader.quantity("snap_tolerance", table.snap_tolerance_m, Dimension::length);
  read_when_and_where(reader, table);
  read_haul(reader, table);
  reader.number("circuity", table.circuity, 1, 5);
  if (table.snap_radius_m <= 0) reader.fault("study.value", "snap_radius", "is not above 0");
  if (table.plants.empty() && table.ports.empty())
    reader.fault("study.missing", "plants", "[logistics] wants plants or ports to go to");
}

/// What one table asks of another.
void check_together(const StudyFile& study, Mistakes& mistakes) {
  const LogisticsTable& logistics = study.logistics;
  const auto fault = [&](int line, const std::string& what, const std::string& hint) {
    toml::source_position at{};
    at.line = static_cast<toml::source_index>(line);
    at.column = 1;
    mistakes.add("study.missing", what, at, hint);
  };
  const bool asks = logistics.month > 0 || logistics.months || !logistics.chain.empty() ||
                    !logistics.only.empty();
  if (logistics.given && asks && study.networks.empty())
    fault(logistics.line, "[logistics] month, months, only and chain want a network",
          "Add [[networks]] with roads, rail or sea lanes.");
  if (logistics.chain.empty()) return;
  for (const SitesTable& table : study.sites)
    if (!table.product.given())
      fault(table.layer.line, "[[sites]] has no 'product', which the chain wants",
            "Add product = \"ore\", or what the chain calls what leaves the site.");
}

}  // namespace

void read_logistics_tables(const toml::table& root, StudyFile& study, Mistakes& mistakes) {
  each_table(root, "networks", mistakes,
             [&](TableReader& reader) { study.networks.push_back(read_network(reader)); });
  one_table(root, "logistics", false, mistakes,
            [&](TableReader& reader) { read_logistics(reader, study.logistics); });
  check_together(study, mistakes);
}

}  // namespace lode
