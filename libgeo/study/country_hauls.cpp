// What it costs to move a stage's product from one member of an alliance to another.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/study/alliance_stage.h"
#include "libgeo/study/freight_results.h"

namespace lode {

namespace {

/// Words of a capacity's stage that a chain spells otherwise: concentrate, metal, magnet beside
/// concentration, metal making, magnet making.
bool is_stage(const std::string& word, const std::string& chain_stage) {
  const std::string a = lower(trim(word)), b = lower(trim(chain_stage));
  return a == b || (a == "concentrate" && b == "concentration") || b.starts_with(a + " ");
}

/// Places of one country that can begin or end a haul.
struct CountryPlaces {
  std::vector<Place> list;
  std::vector<std::string> country;

  void add(const Place& place, const std::string& where) {
    list.push_back(place);
    country.push_back(where);
  }
};

class Hauls {
 public:
  Hauls(StudyContext& context, const std::vector<std::string>& members,
        const std::vector<std::string>& stages)
      : context_(context),
        freight_(*context.freight),
        chain_(*context.freight->chain),
        members_(members.begin(), members.end()),
        stages_(stages) {
    for (const Place& place : freight_.to.places.list)
      country_of_.push_back(context.countries.at(place.at).iso3);
  }

  [[nodiscard]] std::vector<StageHaul> all(const Progress& progress) {
    std::vector<StageHaul> hauls;
    const double part = 1.0 / static_cast<double>(stages_.size());
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      const Product* product = product_after(s);
      if (product == nullptr || !(product->grade > 0.0)) {
        context_.result.findings.add("study.no_hauls", Severity::note,
                                     context_.where(context_.study.supply.line) + ", " + stages_[s],
                                     "the chain " + chain_.name +
                                         " does not say what leaves this stage: it cannot be "
                                         "hauled to another country");
        continue;
      }
      const double kg_per_t = 1000.0 * (1.0 - product->moisture) * product->grade;
      for (const auto& [way, usd_per_t] : cheapest(
               from_places(s), to_places(s),
               progress.part(part * static_cast<double>(s), part * static_cast<double>(s + 1))))
        hauls.push_back({way.first, way.second, stages_[s], usd_per_t / kg_per_t});
    }
    return hauls;
  }

 private:
  [[nodiscard]] const ChainStage* stage_of(const std::string& word) const {
    for (const ChainStage& stage : chain_.stages)
      if (is_stage(word, stage.name)) return &stage;
    return nullptr;
  }
  /// What is hauled from stage s: what the next one takes; after the last, what it gives.
  [[nodiscard]] const Product* product_after(std::size_t s) const {
    const bool is_last = s + 1 == stages_.size();
    const ChainStage* stage = stage_of(stages_[is_last ? s : s + 1]);
    if (stage == nullptr) return nullptr;
    for (const Product& product : chain_.products)
      if (product.name == (is_last ? stage->gives : stage->takes)) return &product;
    return nullptr;
  }
  [[nodiscard]] bool does(std::size_t place, const std::string& stage) const {
    if (stage.empty() || freight_.to.role[place] != "plant") return false;
    for (const auto& word : split(freight_.to.stages[place], ';'))
      if (is_stage(stage, std::string(trim(word)))) return true;
    return false;
  }
  /// Plants that do the stage; for members without one their other plants, else their ports.
  [[nodiscard]] CountryPlaces doing(const std::string& stage) const {
    CountryPlaces places;
    std::set<std::string> found;
    for (int choice = 0; choice < 3; ++choice) {
      std::set<std::string> now;
      for (std::size_t k = 0; k < country_of_.size(); ++k) {
        const std::string& country = country_of_[k];
        const bool fits = choice == 0   ? does(k, stage)
                          : choice == 1 ? freight_.to.role[k] == "plant"
                                        : freight_.to.role[k] == "port";
        if (!fits || members_.count(country) == 0 || found.count(country) > 0) continue;
        places.add(freight_.to.places.list[k], country);
        now.insert(country);
      }
      found.insert(now.begin(), now.end());
    }
    return places;
  }
  [[nodiscard]] CountryPlaces from_places(std::size_t s) const {
    if (s > 0) return doing(stages_[s]);
    CountryPlaces places;
    for (const Site& site : context_.result.sites)
      if (site.located && site.kind == "primary" && members_.count(site.country) > 0)
        places.add({site.id, site.name, site.place}, site.country);
    return places;
  }
  [[nodiscard]] CountryPlaces to_places(std::size_t s) const {
    return doing(s + 1 < stages_.size() ? stages_[s + 1] : "");
  }

  using Way = std::pair<std::string, std::string>;
  [[nodiscard]] std::map<Way, double> cheapest(const CountryPlaces& from, const CountryPlaces& to,
                                               const Progress& progress) const {
    std::map<Way, double> least;
    if (from.list.empty() || to.list.empty()) return least;
    RouteOptions options = freight_.inputs.options;
    options.cargoes.clear();
    options.pairs = Pairs::all;
    options.legs = options.lines = false;
    Places starts, ends;
    starts.crs = ends.crs = wgs84();
    starts.list = from.list;
    ends.list = to.list;
    const RouteTable table = route(freight_.inputs.network, freight_.inputs.tariff,
                                   freight_.inputs.terminals, starts, ends, options, progress);
    for (const RouteRow& row : table.rows) {
      const Way way{from.country[row.from], to.country[row.to]};
      if (!row.reachable() || way.first == way.second) continue;
      const auto [at, fresh] = least.emplace(way, row.cost_usd_per_t);
      if (!fresh) at->second = std::min(at->second, row.cost_usd_per_t);
    }
    return least;
  }

  StudyContext& context_;
  const KeptFreight& freight_;
  const ChainTable& chain_;
  std::set<std::string> members_;
  const std::vector<std::string>& stages_;
  std::vector<std::string> country_of_;
};

}  // namespace

std::vector<StageHaul> country_hauls(StudyContext& context, const std::vector<std::string>& members,
                                     const std::vector<std::string>& stages,
                                     const Progress& progress) {
  if (!context.freight || !context.freight->chain) {
    context.result.findings.add("study.no_hauls", Severity::note,
                                context.where(context.study.supply.line),
                                "without networks and a chain in [logistics] nothing is hauled "
                                "between countries: each member has its own chain");
    return {};
  }
  return Hauls(context, members, stages).all(progress);
}

}  // namespace lode
