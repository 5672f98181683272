#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/chain_parts.h"
#include "tools/sea_inputs.h"

namespace lode::tools {

namespace {

std::vector<std::string> names_of(const ChainTable& table) {
  std::vector<std::string> names;
  for (const auto& product : table.products) names.push_back(product.name);
  return names;
}

bool knows(const ChainTable& table, const std::string& product) {
  const auto names = names_of(table);
  return std::find(names.begin(), names.end(), product) != names.end();
}

/// A field of the sites, or one quantity for all; empty when not said.
std::vector<double> figures(const Arguments& arguments, const Layer& layer,
                            const std::string& option) {
  if (!arguments.has(option)) return {};
  const std::string text = arguments.text(option);
  if (looks_like_quantity(text))
    return std::vector<double>(layer.size(), parse_quantity(text, Dimension::grade, "--" + option));
  return quantity_column(layer.table, text, Dimension::grade);
}

/// What leaves each site: the name of a product, or a field that says it.
std::vector<std::string> products_of(const Arguments& arguments, const Layer& layer,
                                     const ChainTable& table, Outcome& outcome) {
  const std::string said =
      arguments.has("product") ? arguments.text("product") : table.products.front().name;
  outcome.summary["product"] = said;
  if (knows(table, said)) return std::vector<std::string>(layer.size(), said);
  if (layer.table.find(said) == nullptr) {
    auto names = names_of(table);
    for (const auto& field : layer.table.names()) names.push_back(field);
    throw Error("chain.unknown_product",
                "'" + printable(said) + "' is no product of the chain and no field of the sites",
                "--product", suggestion(said, names));
  }
  std::vector<std::string> products = layer.table.texts(said);
  for (auto& product : products) product = std::string(trim(product));
  return products;
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  for (const auto& part : split(text, ';'))
    if (!trim(part).empty()) parts.emplace_back(trim(part));
  return parts;
}

const Column* column_of(const Table& table, const std::map<std::string, std::string>& fields,
                        const std::string& wanted) {
  if (const auto said = fields.find(wanted); said != fields.end()) return &table.at(said->second);
  if (const Column* column = table.find(wanted)) return column;
  // A shapefile keeps ten characters of a name.
  return wanted.size() > 10 ? table.find(wanted.substr(0, 10)) : nullptr;
}

}  // namespace

std::vector<Parameter> chain_freight_parameters() {
  std::vector<Parameter> list = freight_parameters();
  append(list, sea_parameters());
  list.erase(std::remove_if(list.begin(), list.end(),
                            [](const Parameter& one) {
                              for (const char* name : {"moisture", "grade", "recovery", "thorium",
                                                       "uranium", "annual"})
                                if (one.name == name) return true;
                              return false;
                            }),
             list.end());
  return list;
}

ChainTable read_chain(const Arguments& arguments, Outcome& outcome) {
  ChainTable table = built_in_chain();
  if (arguments.has("chain")) {
    const std::string path = arguments.text("chain");
    const std::string text = text_of_file(path, {}, std::size_t{4} << 20);  // a page or two
    Source source;
    source.path = path;
    source.sha256 = sha256(text);
    outcome.inputs.push_back(source);
    table = parse_chain(text, path);
  }
  if (arguments.has("until")) {
    table.last = arguments.text("until");
    if (!knows(table, table.last))
      throw Error("chain.unknown_product",
                  "the chain has no product '" + printable(table.last) + "'", "--until",
                  suggestion(table.last, names_of(table)));
  }
  return table;
}

std::vector<ChainSite> read_chain_sites(const Arguments& arguments, const Session& session,
                                        const ChainTable& table, const Progress& progress,
                                        Outcome& outcome) {
  ReadOptions options = other_read_options(arguments, session);
  options.layer = arguments.text("layer");
  options.where = arguments.text("where");
  options.x = arguments.text("x");
  options.y = arguments.text("y");
  const PlaceLayer read = read_places(arguments.text("SITES"), options, arguments.text("id"),
                                      arguments.text("name"), progress, outcome);
  const auto products = products_of(arguments, read.layer, table, outcome);
  const auto grade = figures(arguments, read.layer, "grade");
  const auto thorium = figures(arguments, read.layer, "thorium");
  const auto uranium = figures(arguments, read.layer, "uranium");
  std::vector<ChainSite> sites(read.places.list.size());
  for (std::size_t i = 0; i < sites.size(); ++i) {
    sites[i].place = read.places.list[i];
    sites[i].product = products[i];
    if (!grade.empty()) sites[i].grade = grade[i];
    if (!thorium.empty()) sites[i].thorium_ppm = 1e6 * thorium[i];
    if (!uranium.empty()) sites[i].uranium_ppm = 1e6 * uranium[i];
  }
  return sites;
}

std::vector<ChainPlant> read_chain_plants(const Arguments& arguments, const Session& session,
                                          const Progress& progress, Outcome& outcome) {
  const PlaceLayer read =
      read_places(arguments.text("plants"), other_read_options(arguments, session),
                  arguments.text("plants-id"), arguments.text("plants-name"), progress, outcome);
  const Table& table = read.layer.table;
  const auto fields = field_pairs(arguments);
  const Column* stages = column_of(table, fields, "stages");
  if (stages == nullptr)
    throw Error("table.no_field", "there is no field 'stages'", table.name,
                "A plant needs the stages it does, named as in the chain and parted by ';': "
                "'cracking;separation'. Another column: --fields stages=COLUMN.");
  const Column* accepts = column_of(table, fields, "accepts");
  const Column* recovery = column_of(table, fields, "recovery_pct");
  const Column* cost = column_of(table, fields, "usd_per_kg");
  const auto stage_texts = table.texts(stages->name);
  const auto accept_texts =
      accepts == nullptr ? std::vector<std::string>(table.rows()) : table.texts(accepts->name);
  // A column's own unit counts; without one it is that of the name we look for.
  const auto recoveries = recovery == nullptr
                              ? std::vector<double>()
                              : quantity_column(table, recovery->name, Dimension::grade, "%");
  const auto costs = cost == nullptr
                         ? std::vector<double>()
                         : quantity_column(table, cost->name, Dimension::price_per_mass, "USD/kg");
  std::vector<ChainPlant> plants(read.places.list.size());
  for (std::size_t i = 0; i < plants.size(); ++i) {
    plants[i].place = read.places.list[i];
    plants[i].stages = parts_of(stage_texts[i]);
    plants[i].accepts = parts_of(accept_texts[i]);
    if (!recoveries.empty()) plants[i].recovery = recoveries[i];
    if (!costs.empty()) plants[i].usd_per_kg = costs[i] / 1000.0;
    if (plants[i].stages.empty())
      outcome.findings.add("chain.plant_without_stage", Severity::warning, table.name,
                           "plants that do no stage are left out, first " + plants[i].place.id);
  }
  return plants;
}

}  // namespace lode::tools
