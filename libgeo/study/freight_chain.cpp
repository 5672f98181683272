// The chain from ore to product: plants as the study's table has them, results as indicators.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/study/freight_results.h"

namespace lode {

namespace {

/// Words parted by semicolons.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (const auto& part : split(text, ';'))
    if (!trim(part).empty()) words.emplace_back(trim(part));
  return words;
}

const Product* product_of(const ChainTable& chain, const std::string& name) {
  for (const Product& one : chain.products)
    if (one.name == name) return &one;
  return nullptr;
}

/// Thorium and uranium of a primary site's row are those of the ore, also where the site sells
/// something further on.
void take_radioactivity(const ChainTable& chain, const SiteFacts& facts, bool primary,
                        ChainSite& site) {
  site.thorium_ppm = facts.thorium_ppm;
  site.uranium_ppm = facts.uranium_ppm;
  const Product* sold = product_of(chain, site.product);
  if (!primary || sold == nullptr || sold->grade == 0.0) return;
  ChainSite mine = site;
  mine.grade = facts.treo.base;
  site.thorium_ppm = site.uranium_ppm = unknown;
  for (const Product& raw : chain.products) {
    if (raw.grade != 0.0) continue;
    mine.product = raw.name;
    const Cargo cargo = chain_cargo(chain, mine, site.product);
    site.thorium_ppm = cargo.thorium_ppm / (1.0 - sold->moisture);
    site.uranium_ppm = cargo.uranium_ppm / (1.0 - sold->moisture);
    return;
  }
}

std::vector<ChainSite> sites_of(StudyContext& context, const FreightInputs& inputs,
                                const ChainTable& chain) {
  std::vector<std::vector<std::string>> products;
  for (std::size_t t = 0; t < context.study.sites.size(); ++t)
    products.push_back(
        field_texts(context, context.site_layers[t], context.study.sites[t].product));
  std::vector<ChainSite> sites;
  for (std::size_t k = 0; k < inputs.rows.size(); ++k) {
    const std::size_t i = inputs.rows[k];
    const auto [table, row] = context.site_rows[i];
    const SiteFacts& facts = context.facts[i];
    ChainSite site;
    site.place = inputs.from.list[k];
    site.product = trim(products[table][row]);
    if (site.product.empty())
      context.result.findings.add(
          "study.no_product", Severity::warning, context.site_layers[table].table.name,
          "a site says no product: it has no chain (first: " + context.result.sites[i].id + ")");
    const Product* sold = product_of(chain, site.product);
    if (sold == nullptr && !site.product.empty()) {
      std::vector<std::string> names;
      for (const Product& one : chain.products) names.push_back(one.name);
      throw Error("study.value",
                  "'" + printable(site.product) + "' is no product of the chain " + chain.name,
                  context.result.sites[i].source, "Products there: " + join(names, ", ") + ".");
    }
    if (sold != nullptr && sold->grade == 0.0) site.grade = facts.treo.base;
    take_radioactivity(chain, facts, context.result.sites[i].kind == "primary", site);
    sites.push_back(std::move(site));
  }
  return sites;
}

SiteChain to_site_chain(const ChainRow& row, const std::vector<ChainPlant>& plants,
                        std::size_t site, const PlaceNames& names) {
  SiteChain chain;
  chain.site = site;
  chain.reachable = row.reachable;
  chain.words = row.words;
  chain.usd_per_kg = row.usd_per_kg;
  chain.low_usd_per_kg = row.low_usd_per_kg;
  chain.high_usd_per_kg = row.high_usd_per_kg;
  chain.haul_usd_per_kg = row.haul_usd_per_kg;
  chain.distance_km = row.distance_km;
  chain.hours = row.hours;
  chain.co2e_kg_per_kg = row.co2e_kg_per_kg;
  chain.recovery = row.recovery;
  for (const ChainStep& one : row.steps) {
    SiteChainStep step;
    step.stage = one.stage;
    step.product = one.product;
    if (one.plant != kAtSite) {
      step.plant = plants[one.plant].place.id;
      step.plant_name = plants[one.plant].place.name;
    }
    if (one.moved) {
      step.haul_km = one.haul.distance_km;
      step.haul_usd_per_t = one.haul.cost_usd_per_t;
      step.cargo = class7_words(one.cargo);
      for (const Leg& leg : one.haul.legs) step.legs.push_back(to_site_leg(leg, names));
      step.parts = parts_by_mode(one.line, step.legs);
    }
    step.haul_usd_per_kg = one.haul_usd_per_kg;
    step.haul_low_usd_per_kg = one.haul_low_usd_per_kg;
    step.haul_high_usd_per_kg = one.haul_high_usd_per_kg;
    step.process_usd_per_kg = one.process_usd_per_kg;
    step.process_low_usd_per_kg = one.process_low_usd_per_kg;
    step.process_high_usd_per_kg = one.process_high_usd_per_kg;
    step.recovery = one.recovery;
    step.wet_t_per_t_contained = one.wet_t_per_t_contained;
    chain.steps.push_back(std::move(step));
  }
  return chain;
}

/// "concentration at the site, cracking at White Mesa Mill after 812 km, ...".
std::string step_words(const SiteChain& chain) {
  std::string text;
  for (const SiteChainStep& step : chain.steps) {
    text += (text.empty() ? "" : ", ") + step.stage + " at " +
            (step.plant.empty()        ? std::string("the site")
             : step.plant_name.empty() ? step.plant
                                       : step.plant_name);
    if (step.haul_km > 0.0)
      text += " after " + number_text(std::round(step.haul_km)) + " km of " + step.product;
  }
  return text;
}

void set_indicators(StudyContext& context, const ChainTable& table, const Tariff& tariff,
                    const SiteChain& chain) {
  std::vector<SiteLeg> legs;
  LowBaseHigh hauls{0.0, 0.0, 0.0};
  for (const SiteChainStep& step : chain.steps) {
    legs.insert(legs.end(), step.legs.begin(), step.legs.end());
    hauls.low += step.haul_low_usd_per_kg;
    hauls.base += step.haul_usd_per_kg;
    hauls.high += step.haul_high_usd_per_kg;
  }
  const std::string way = "cheapest chain: " + step_words(chain);
  const std::string by = "; chain " + table.name + " of " + table.as_of;
  const std::string rates = "; tariff " + tariff_words(tariff);
  const std::string sources = rate_sources(tariff, legs);
  context.set("chain_usd_per_kg", "USD/kg", chain.site,
              {chain.low_usd_per_kg, chain.usd_per_kg, chain.high_usd_per_kg},
              way + by + rates + "; hauls and plants, per kg of " + table.contained +
                  (sources.empty() ? "" : "; " + sources),
              freight_spread);
  context.set("delivered_usd_per_kg", "USD/kg", chain.site, hauls,
              "all hauls of the " + way + by + rates, freight_spread);
  context.set("chain_co2e_kg_per_kg", "kg/kg", chain.site, chain.co2e_kg_per_kg,
              "hauls of the " + way + by);
  context.set("chain_recovery_pct", "%", chain.site, chain.recovery * 100.0, way + by);
}

/// Whether any haul of the chain is class 7: known when one is, or when none can be.
void set_class7(StudyContext& context, const ChainRow& row, std::size_t site) {
  bool any = false, all_known = true;
  std::string words;
  for (const ChainStep& step : row.steps) {
    if (!step.moved) continue;
    const Class7 found = class7_of(step.cargo);
    if (found == Class7::unknown) all_known = false;
    const bool first_of_kind = words.empty() || (found == Class7::yes && !any);
    any = any || found == Class7::yes;
    if (first_of_kind) words = step.product + ": " + class7_words(step.cargo);
  }
  if (words.empty() || (!any && !all_known)) return;
  context.set("haul_class7", "0 no, 1 yes", site, any ? 1.0 : 0.0,
              words + " (IAEA SSR-6, paragraph 107 f)");
}

}  // namespace

std::optional<ChainTable> read_chain(StudyContext& context) {
  const LogisticsTable& logistics = context.study.logistics;
  if (logistics.chain.empty()) return std::nullopt;
  if (logistics.chain == "built-in") return built_in_chain();
  ChainTable table =
      parse_chain(context.read_text(logistics.chain, logistics.line), logistics.chain);
  table.name = logistics.chain;
  return table;
}

std::vector<ChainPlant> chain_plants(StudyContext& context, const Destinations& to,
                                     const ChainTable& chain) {
  const LogisticsTable& logistics = context.study.logistics;
  if (!to.says_stages)
    throw Error("study.field", "a chain wants to know what each plant does: no column 'stages'",
                context.where(logistics.line) + ": " + logistics.plants,
                "Add one with stages of the chain, parted by semicolons.");
  std::vector<ChainPlant> plants;
  for (std::size_t k = 0; k < to.role.size(); ++k) {
    ChainPlant plant;
    plant.place = to.places.list[k];
    plant.stages = words_of(to.stages[k]);
    plant.accepts = words_of(to.accepts[k]);
    plant.recovery = to.recovery[k];
    plant.usd_per_kg = to.usd_per_kg[k];
    for (const auto& word : plant.stages) {
      const auto has = [&](const ChainStage& stage) { return stage.name == word; };
      if (std::any_of(chain.stages.begin(), chain.stages.end(), has)) continue;
      std::set<std::string> names;
      for (const ChainStage& stage : chain.stages) names.insert(stage.name);
      throw Error("chain.unknown_stage",
                  "plant '" + printable(plant.place.id) + "' does '" + printable(word) +
                      "', which is no stage of the chain " + chain.name,
                  context.where(logistics.line) + ": " + logistics.plants,
                  "Stages there: " + join({names.begin(), names.end()}, ", ") + ".");
    }
    if (plant.stages.empty())
      context.result.findings.add(
          "study.plant_without_stage", Severity::warning, logistics.plants,
          "a plant says no stage: the chain passes it by (first: " + plant.place.id + ")");
    plants.push_back(std::move(plant));
  }
  return plants;
}

void add_chains(StudyContext& context, const FreightInputs& inputs, const Destinations& plants,
                const ChainTable& chain, const Progress& progress) {
  const auto works = chain_plants(context, plants, chain);
  const auto sites = sites_of(context, inputs, chain);
  RouteOptions options = inputs.options;
  options.cargoes.clear();
  Places none;
  none.crs = inputs.from.crs;
  const ChainResult found = cheapest_chains(inputs.network, inputs.tariff, inputs.terminals, chain,
                                            sites, works, none, options, progress);
  context.result.findings.add(found.findings);
  const PlaceNames names = place_names(inputs, plants.places);
  std::size_t without = 0;
  for (const ChainRow& row : found.rows) {
    const std::size_t site = inputs.rows[row.site];
    context.result.chains.push_back(to_site_chain(row, works, site, names));
    const SiteChain& one = context.result.chains.back();
    if (!one.reachable) {
      ++without;
      continue;
    }
    set_indicators(context, chain, inputs.tariff, one);
    set_class7(context, row, site);
  }
  context.result.figures.push_back(
      {"sites without a chain of plants", static_cast<double>(without), ""});
}

}  // namespace lode
