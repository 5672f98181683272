#include "libgeo/logistics/chain_plan.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

std::vector<std::string> product_names(const ChainTable& table) {
  std::vector<std::string> names;
  for (const auto& product : table.products) names.push_back(product.name);
  return names;
}

std::vector<std::string> stage_names(const ChainTable& table) {
  std::vector<std::string> names;
  for (const auto& stage : table.stages)
    if (std::find(names.begin(), names.end(), stage.name) == names.end())
      names.push_back(stage.name);
  return names;
}

}  // namespace

ChainPlan::ChainPlan(const ChainTable& chain) : table(chain) {
  check_chain(table);
  for (const auto& stage : table.stages) {
    takes.push_back(product(stage.takes));
    gives.push_back(product(stage.gives));
  }
  const auto count = static_cast<std::uint32_t>(table.products.size());
  last = product(table.last);
  for (std::uint32_t p = 0; last == kNone && p < count; ++p)
    if (std::find(takes.begin(), takes.end(), p) == takes.end()) last = p;
  // There is no circle, so that each pass finds at least one product.
  std::vector<char> placed(count, 0);
  while (order.size() < count)
    for (std::uint32_t p = 0; p < count; ++p) {
      bool ready = placed[p] == 0;
      for (std::size_t s = 0; s < takes.size(); ++s)
        if (gives[s] == p && placed[takes[s]] == 0) ready = false;
      if (!ready) continue;
      placed[p] = 1;
      order.push_back(p);
    }
  leads.assign(count, 0);
  leads[last] = 1;
  for (auto p = order.rbegin(); p != order.rend(); ++p)
    for (std::size_t s = 0; s < takes.size(); ++s)
      if (takes[s] == *p && leads[gives[s]] != 0) leads[*p] = 1;
  offers.resize(takes.size());
}

std::uint32_t ChainPlan::product(const std::string& name) const {
  for (std::uint32_t p = 0; p < table.products.size(); ++p)
    if (table.products[p].name == name) return p;
  return kNone;
}

double ChainPlan::least_recovery(std::uint32_t from, std::uint32_t to) const {
  std::vector<double> least(table.products.size(), std::nan(""));
  least[from] = 1.0;
  for (const auto p : order)
    for (std::size_t s = 0; s < takes.size(); ++s)
      if (gives[s] == p && !std::isnan(least[takes[s]])) {
        const double way = least[takes[s]] * table.stages[s].recovery;
        if (!(least[p] <= way)) least[p] = way;
      }
  return least[to];
}

double ChainPlan::grade(const ChainSite& site, std::uint32_t of) const {
  const Product& product = table.products[of];
  if (product.name == site.product && !std::isnan(site.grade)) return site.grade;
  return product.grade > 0.0 ? product.grade : std::nan("");
}

Cargo ChainPlan::cargo(const ChainSite& site, std::uint32_t of) const {
  Cargo cargo;
  const std::uint32_t start = product(site.product);
  if (start == kNone) return cargo;
  const double share = table.products[of].radioactivity_share;
  const double first_share = table.products[start].radioactivity_share;
  double factor = 1.0;
  if (of != start)
    factor = grade(site, of) / (grade(site, start) * least_recovery(start, of)) *
             (share == 0.0 ? 0.0 : share / first_share);
  // A product that holds none has none, whatever is known of the site.
  const auto ppm = [&](double of_site) {
    if (of != start && share == 0.0) return 0.0;
    const double value = of_site * factor * (1.0 - table.products[of].moisture);
    return std::isfinite(value) ? value : std::nan("");
  };
  cargo.thorium_ppm = ppm(site.thorium_ppm);
  cargo.uranium_ppm = ppm(site.uranium_ppm);
  return cargo;
}

void ChainPlan::take(const std::vector<ChainPlant>& plants, Findings& findings) {
  const auto names = product_names(table);
  for (std::uint32_t p = 0; p < plants.size(); ++p) {
    const ChainPlant& plant = plants[p];
    const auto refuse = [&](const char* code, const std::string& what, const std::string& hint) {
      throw Error(code, what, "plant " + printable(plant.place.id), hint);
    };
    if (!std::isnan(plant.recovery) && !(plant.recovery > 0.0 && plant.recovery <= 1.0))
      refuse("chain.bad_plant", "its recovery must be above 0 and at most 100 %", "");
    if (!std::isnan(plant.usd_per_kg) && !(plant.usd_per_kg >= 0.0 && plant.usd_per_kg < 1e300))
      refuse("chain.bad_plant", "its cost a kilogram must be zero or more", "");
    for (const auto& name : plant.accepts)
      if (product(name) == kNone)
        findings.add("chain.accepts_unknown", Severity::warning, printable(name),
                     "plants accept a product that the chain does not know, first " +
                         printable(plant.place.id) + ". " + suggestion(name, names));
    const bool placed = !std::isnan(plant.place.at.lon_deg) && !std::isnan(plant.place.at.lat_deg);
    if (!placed)
      findings.add("chain.plant_without_place", Severity::warning, "plants",
                   "plants without a place are left out, first " + printable(plant.place.id));
    for (const auto& name : plant.stages) {
      bool known = false;
      for (std::size_t s = 0; s < table.stages.size(); ++s) {
        const ChainStage& stage = table.stages[s];
        if (stage.name != name) continue;
        known = true;
        ChainOffer offer{p, true, stage.recovery, stage.usd_per_kg};
        if (!plant.accepts.empty())
          offer.accepts = std::find(plant.accepts.begin(), plant.accepts.end(), stage.takes) !=
                          plant.accepts.end();
        if (!std::isnan(plant.recovery)) offer.recovery = plant.recovery;
        if (!std::isnan(plant.usd_per_kg))
          offer.usd_per_kg = {plant.usd_per_kg, plant.usd_per_kg, plant.usd_per_kg};
        if (placed) offers[s].push_back(offer);
      }
      if (!known)
        refuse("chain.unknown_stage", "the chain has no stage '" + printable(name) + "'",
               suggestion(name, stage_names(table)));
    }
  }
}

void ChainPlan::check(const std::vector<ChainSite>& sites) const {
  std::vector<char> met(table.products.size(), 0);
  for (const auto& site : sites) {
    const auto refuse = [&](const std::string& what) {
      throw Error("chain.bad_site", what, "site " + printable(site.place.id));
    };
    if (!std::isnan(site.grade) && !(site.grade > 0.0 && site.grade <= 1.0))
      refuse("its grade must be above 0 and at most 100 %");
    for (const double ppm : {site.thorium_ppm, site.uranium_ppm})
      if (!std::isnan(ppm) && !(ppm >= 0.0 && ppm <= 1e6))
        refuse("its thorium and uranium must be 0 to 100 %");
    if (site.product.empty()) continue;
    const std::uint32_t start = product(site.product);
    if (start == kNone)
      throw Error(
          "chain.unknown_product", "the chain has no product '" + printable(site.product) + "'",
          "site " + printable(site.place.id), suggestion(site.product, product_names(table)));
    met[start] = leads[start];
  }
  for (const auto p : order)
    for (std::size_t s = 0; s < takes.size(); ++s)
      if (gives[s] == p && met[takes[s]] != 0 && takes[s] != last && leads[p] != 0) met[p] = 1;
  for (std::size_t s = 0; s < takes.size(); ++s) {
    const ChainStage& stage = table.stages[s];
    if (met[takes[s]] == 0 || leads[gives[s]] == 0 || stage.optional || stage.at_site ||
        !offers[s].empty())
      continue;
    throw Error("chain.no_plant",
                "no plant does '" + printable(stage.name) + "', which takes '" +
                    printable(stage.takes) + "'",
                "", "Name the stage at a plant that has a place, or mark it optional = true.");
  }
}

Cargo chain_cargo(const ChainTable& table, const ChainSite& site, const std::string& product) {
  const ChainPlan plan(table);
  const std::uint32_t of = plan.product(product);
  return of == ChainPlan::kNone ? Cargo{} : plan.cargo(site, of);
}

}  // namespace lode
