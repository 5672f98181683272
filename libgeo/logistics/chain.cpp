#include "libgeo/logistics/chain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/chain_plan.h"

namespace lode {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr std::uint32_t kNone = ChainPlan::kNone;
constexpr std::size_t kClasses = 3;  // of Class7

std::size_t class_number(const Cargo& cargo) {
  return static_cast<std::size_t>(class7_of(cargo));
}

/// What one site brings along.
struct Start {
  std::uint32_t product = kNone;
  std::vector<double> usd_per_kg;  ///< a USD/t of freight, per kg contained, of each product
  std::vector<std::size_t> load;   ///< class 7 of each product
  std::vector<char> here;          ///< the product may stand at the site itself
};

/// How the least cost of a product at a place came about.
struct Best {
  double usd_per_kg = kNever;
  std::uint32_t stage = kNone;
  std::uint32_t offer = kNone;  ///< kNone: done at the site
  std::uint32_t from = 0;       ///< place: 0 the site, 1 + plant
};

/// A step of the chosen chain, before its haul has been told leg by leg.
struct Trace {
  std::uint32_t stage = kNone;  ///< kNone: delivery
  std::uint32_t offer = kNone;
  std::uint32_t product = 0;  ///< what is hauled
  std::uint32_t from = 0;     ///< place
  std::uint32_t to = 0;       ///< column: plant, or plants + goal
  bool moved = false;
};

/// Freight of every site and plant to every plant and goal, for loads of one class.
struct Hauls {
  std::vector<std::uint32_t> site_row;  ///< of each site, kNone where it has no such load
  std::uint32_t plant_row = 0;          ///< of the first plant
  std::vector<RouteRow> rows;
};

class Chains {
 public:
  Chains(const Network& network, const Tariff& tariff, const Terminals& terminals,
         const ChainTable& table, const std::vector<ChainSite>& sites,
         const std::vector<ChainPlant>& plants, const Places& goals, const RouteOptions& options)
      : network_(network),
        tariff_(tariff),
        terminals_(terminals),
        plan_(table),
        sites_(sites),
        plants_(plants),
        goals_(goals),
        options_(options) {
    if (!goals.list.empty() && !(goals.crs == network.crs))
      throw Error("crs.mismatch",
                  "goals in " + goals.crs.label() + ", the network in " + network.crs.label());
    if (sites.empty()) throw Error("route.no_places", "there is no site");
    plan_.take(plants, result_.findings);
    plan_.check(sites);
    columns_ = plants_.size() + goals_.list.size();
    options_.pairs = Pairs::all;
    options_.moisture = 0.0;
    options_.grade = std::nan("");
    options_.recovery = 1.0;
    options_.cargo = {};
    options_.cargoes.clear();
    options_.legs = options_.lines = false;
    // A site's figures must not hang on how many others there are.
    if (options_.search_from == SearchFrom::fewer) options_.search_from = SearchFrom::places;
    want_legs_ = options.legs;
    want_lines_ = options.lines;
  }

  ChainResult run(const Progress& progress) {
    for (const auto& site : sites_) starts_.push_back(start_of(site));
    result_.rows.resize(sites_.size());
    for (std::size_t load = 0; load < kClasses; ++load)
      price(load,
            progress.part(0.2 * static_cast<double>(load), 0.2 * static_cast<double>(load + 1)));
    choose(progress.part(0.6, 0.7));
    tell(progress.part(0.7, 0.95));
    report();
    progress.update(1.0);
    return std::move(result_);
  }

 private:
  [[nodiscard]] Start start_of(const ChainSite& site) const;
  void price(std::size_t load, const Progress& progress);
  void choose(const Progress& progress);
  void search(std::uint32_t site, std::vector<std::vector<Best>>& best);
  void run_stage(std::uint32_t site, std::uint32_t stage,
                 std::vector<std::vector<Best>>& best) const;
  bool finish(std::uint32_t site, const std::vector<std::vector<Best>>& best);
  void break_down(std::uint32_t site, const std::vector<std::vector<Best>>& best);
  void break_haul(std::uint32_t site, const std::vector<Best>& places,
                  const std::vector<std::uint32_t>& columns, std::uint32_t product);
  void tell(const Progress& progress);
  void step_of(std::uint32_t site, const Trace& trace, ChainStep& step) const;
  void add_up(std::uint32_t site, ChainRow& row) const;
  void report();

  [[nodiscard]] const RouteRow* haul(std::uint32_t site, std::uint32_t product, std::uint32_t from,
                                     std::size_t column) const {
    const Hauls& hauls = hauls_[starts_[site].load[product]];
    const std::size_t row = from == 0 ? hauls.site_row[site] : hauls.plant_row + from - 1;
    return hauls.rows.empty() || row == kNone ? nullptr : &hauls.rows[row * columns_ + column];
  }
  /// USD per kg contained; infinite without a way.
  [[nodiscard]] double haul_cost(std::uint32_t site, std::uint32_t product, std::uint32_t from,
                                 std::size_t column) const {
    const RouteRow* row = haul(site, product, from, column);
    if (row == nullptr || !row->reachable()) return kNever;
    const double cost = row->cost_usd_per_t * starts_[site].usd_per_kg[product];
    return std::isnan(cost) ? kNever : cost;
  }
  [[nodiscard]] const Place& place(std::uint32_t site, std::uint32_t from) const {
    return from == 0 ? sites_[site].place : plants_[from - 1].place;
  }
  [[nodiscard]] const Place& column_place(std::size_t column) const {
    return column < plants_.size() ? plants_[column].place : goals_.list[column - plants_.size()];
  }

  const Network& network_;
  const Tariff& tariff_;
  const Terminals& terminals_;
  ChainPlan plan_;
  const std::vector<ChainSite>& sites_;
  const std::vector<ChainPlant>& plants_;
  const Places& goals_;
  RouteOptions options_;
  bool want_legs_ = false, want_lines_ = false;
  std::size_t columns_ = 0;
  std::vector<Start> starts_;
  std::array<Hauls, kClasses> hauls_;
  std::vector<std::vector<Trace>> traces_;
  ChainResult result_;
};

Start Chains::start_of(const ChainSite& site) const {
  Start start;
  const std::size_t products = plan_.table.products.size();
  start.here.assign(products, 0);
  start.usd_per_kg.assign(products, std::nan(""));
  start.load.assign(products, 0);
  start.product = plan_.product(site.product);
  if (start.product == kNone || plan_.leads[start.product] == 0) return start;
  start.here[start.product] = 1;
  for (const auto p : plan_.order) {
    for (std::size_t s = 0; s < plan_.takes.size(); ++s)
      if (plan_.gives[s] == p && plan_.table.stages[s].at_site && start.here[plan_.takes[s]] != 0)
        start.here[p] = 1;
    start.load[p] = class_number(plan_.cargo(site, p));
    start.usd_per_kg[p] =
        1.0 / (1000.0 * (1.0 - plan_.table.products[p].moisture) * plan_.grade(site, p));
  }
  return start;
}

/// One matrix for all loads of a class: a tonne costs the same whatever is in it.
void Chains::price(std::size_t load, const Progress& progress) {
  Hauls& hauls = hauls_[load];
  hauls.site_row.assign(sites_.size(), kNone);
  Places from{network_.crs, {}};
  RouteOptions options = options_;
  bool on_from_plants = false;
  Cargo of_plants;
  for (std::uint32_t i = 0; i < sites_.size(); ++i) {
    const Start& start = starts_[i];
    if (start.product == kNone || plan_.leads[start.product] == 0) continue;
    for (const auto p : plan_.order) {
      if (plan_.leads[p] == 0 || start.load[p] != load) continue;
      if (!on_from_plants) of_plants = plan_.cargo(sites_[i], p);
      on_from_plants = true;
      if (start.here[p] == 0 || hauls.site_row[i] != kNone) continue;
      hauls.site_row[i] = static_cast<std::uint32_t>(from.list.size());
      from.list.push_back(sites_[i].place);
      options.cargoes.push_back(plan_.cargo(sites_[i], p));
    }
  }
  hauls.plant_row = static_cast<std::uint32_t>(from.list.size());
  if (!on_from_plants || columns_ == 0) return;
  for (const auto& plant : plants_) {
    from.list.push_back(plant.place);
    options.cargoes.push_back(of_plants);
  }
  Places to{network_.crs, {}};
  for (std::size_t column = 0; column < columns_; ++column) to.list.push_back(column_place(column));
  RouteTable table = route(network_, tariff_, terminals_, from, to, options, progress);
  hauls.rows = std::move(table.rows);
  for (const auto& finding : table.findings.list())
    if (finding.code != "route.unreachable" && finding.code != "route.seasonal" &&
        !result_.findings.has(finding.code))
      result_.findings.add(finding);
}

void Chains::run_stage(std::uint32_t site, std::uint32_t stage,
                       std::vector<std::vector<Best>>& best) const {
  const std::uint32_t taken = plan_.takes[stage];
  const std::vector<Best>& before = best[taken];
  std::vector<Best>& after = best[plan_.gives[stage]];
  const ChainStage& step = plan_.table.stages[stage];
  if (step.at_site && before[0].usd_per_kg < kNever) {
    const double cost = before[0].usd_per_kg / step.recovery + step.usd_per_kg.base;
    if (cost < after[0].usd_per_kg) after[0] = {cost, stage, kNone, 0};
  }
  const auto& offers = plan_.offers[stage];
  for (std::uint32_t o = 0; o < offers.size(); ++o) {
    const ChainOffer& offer = offers[o];
    double least = kNever;
    std::uint32_t source = 0;
    for (std::uint32_t from = 0; from < before.size(); ++from) {
      if (before[from].usd_per_kg == kNever) continue;
      double cost = before[from].usd_per_kg;
      if (from != offer.plant + 1)
        cost += offer.accepts ? haul_cost(site, taken, from, offer.plant) : kNever;
      if (cost < least) {
        least = cost;
        source = from;
      }
    }
    if (least == kNever) continue;
    const double cost = least / offer.recovery + offer.usd_per_kg.base;
    Best& here = after[offer.plant + 1];
    if (cost < here.usd_per_kg) here = {cost, stage, o, source};
  }
}

void Chains::search(std::uint32_t site, std::vector<std::vector<Best>>& best) {
  const std::uint32_t start = starts_[site].product;
  ChainRow& row = result_.rows[site];
  row.site = site;
  if (start == kNone || plan_.leads[start] == 0) {
    row.reason = "product";
    row.words = start == kNone ? "what leaves the site is not known"
                               : "no stages lead from '" + plan_.table.products[start].name +
                                     "' to '" + plan_.table.products[plan_.last].name + "'";
    return;
  }
  for (auto& places : best) places.assign(plants_.size() + 1, Best{});
  best[start][0].usd_per_kg = 0.0;
  for (const auto p : plan_.order)
    if (plan_.leads[p] != 0)
      for (std::uint32_t s = 0; s < plan_.takes.size(); ++s)
        if (plan_.gives[s] == p) run_stage(site, s, best);
  if (!finish(site, best)) break_down(site, best);
}

/// The end of the cheapest chain, and the way back from it.
bool Chains::finish(std::uint32_t site, const std::vector<std::vector<Best>>& best) {
  const std::vector<Best>& ends = best[plan_.last];
  double least = kNever;
  Trace delivery;
  delivery.product = plan_.last;
  for (std::uint32_t from = 0; from < ends.size(); ++from) {
    if (ends[from].usd_per_kg == kNever) continue;
    if (goals_.list.empty() && ends[from].usd_per_kg < least) {
      least = ends[from].usd_per_kg;
      delivery.from = from;
    }
    for (std::size_t goal = 0; goal < goals_.list.size(); ++goal) {
      const std::size_t column = plants_.size() + goal;
      const double cost = ends[from].usd_per_kg + haul_cost(site, plan_.last, from, column);
      if (cost < least) {
        least = cost;
        delivery.from = from;
        delivery.to = static_cast<std::uint32_t>(column);
        delivery.moved = true;
      }
    }
  }
  if (least == kNever) return false;
  std::vector<Trace>& traces = traces_[site];
  if (delivery.moved) traces.push_back(delivery);
  std::uint32_t product = plan_.last, at = delivery.from;
  while (best[product][at].stage != kNone) {
    const Best& here = best[product][at];
    Trace trace;
    trace.stage = here.stage;
    trace.offer = here.offer;
    trace.product = plan_.takes[here.stage];
    trace.from = here.from;
    trace.to = at == 0 ? kNone : at - 1;
    trace.moved = at != here.from;
    traces.push_back(trace);
    product = trace.product;
    at = trace.from;
  }
  std::reverse(traces.begin(), traces.end());
  result_.rows[site].reachable = true;
  return true;
}

/// The stage at which a chain breaks: of those that have something to take but give nothing, the
/// farthest on.
void Chains::break_down(std::uint32_t site, const std::vector<std::vector<Best>>& best) {
  const auto there = [&](std::uint32_t p) {
    return std::any_of(best[p].begin(), best[p].end(),
                       [](const Best& one) { return one.usd_per_kg < kNever; });
  };
  ChainRow& row = result_.rows[site];
  std::vector<std::uint32_t> columns;
  if (there(plan_.last)) {
    for (std::size_t goal = 0; goal < goals_.list.size(); ++goal)
      columns.push_back(static_cast<std::uint32_t>(plants_.size() + goal));
    break_haul(site, best[plan_.last], columns, plan_.last);
    return;
  }
  std::uint32_t stage = kNone;
  for (const auto p : plan_.order)
    for (std::uint32_t s = 0; s < plan_.takes.size(); ++s)
      if (plan_.takes[s] == p && plan_.leads[plan_.gives[s]] != 0 && there(p) &&
          !there(plan_.gives[s]) && (stage == kNone || plan_.takes[stage] != p))
        stage = s;
  row.broken_stage = plan_.table.stages[stage].name;
  for (const auto& offer : plan_.offers[stage])
    if (offer.accepts) columns.push_back(offer.plant);
  if (!columns.empty()) {
    break_haul(site, best[plan_.takes[stage]], columns, plan_.takes[stage]);
    return;
  }
  const std::size_t plants = plan_.offers[stage].size();
  row.reason = "plant";
  row.words = plants == 0 ? "no plant does " + row.broken_stage
                          : "none of the plants that do " + row.broken_stage + " (" +
                                std::to_string(plants) + ") accepts '" +
                                plan_.table.stages[stage].takes + "'";
}

/// Why nothing gets on from where a product is cheapest to the nearest of the places that want it.
void Chains::break_haul(std::uint32_t site, const std::vector<Best>& places,
                        const std::vector<std::uint32_t>& columns, std::uint32_t product) {
  ChainRow& row = result_.rows[site];
  const std::string stage = row.broken_stage.empty() ? "delivery" : row.broken_stage;
  const std::string& name = plan_.table.products[product].name;
  if (std::isnan(starts_[site].usd_per_kg[product])) {
    row.reason = "grade";
    row.words = stage + ": the grade of the " + name + " is not known, so that it cannot be hauled";
    return;
  }
  const auto from = static_cast<std::uint32_t>(
      std::min_element(places.begin(), places.end(),
                       [](const Best& a, const Best& b) { return a.usd_per_kg < b.usd_per_kg; }) -
      places.begin());
  const Geodesic geodesic(network_.crs);
  std::uint32_t nearest = columns.front();
  double distance = kNever;
  for (const auto column : columns) {
    const double d = geodesic.distance_m(place(site, from).at, column_place(column).at);
    if (d < distance) {
      distance = d;
      nearest = column;
    }
  }
  const RouteRow* haul_row = haul(site, product, from, nearest);
  row.reason = haul_row == nullptr ? "snap" : std::string(to_text(haul_row->reason));
  row.words = stage + ": no way for the " + name + " from " + place(site, from).id + " to " +
              column_place(nearest).id +
              (columns.size() > 1 ? ", the nearest of " + std::to_string(columns.size()) : "") +
              (haul_row == nullptr ? "" : ": " + haul_row->words);
}

void Chains::choose(const Progress& progress) {
  traces_.resize(sites_.size());
  parallel_blocks(
      sites_.size(), 64, options_.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<std::vector<Best>> best(plan_.table.products.size());
        for (std::size_t site = begin; site < end; ++site)
          search(static_cast<std::uint32_t>(site), best);
      },
      progress);
}

void Chains::step_of(std::uint32_t site, const Trace& trace, ChainStep& step) const {
  step.product = plan_.table.products[trace.product].name;
  step.grade = plan_.grade(sites_[site], trace.product);
  step.moisture = plan_.table.products[trace.product].moisture;
  step.cargo = plan_.cargo(sites_[site], trace.product);
  step.moved = trace.moved;
  step.haul.hours = step.haul.distance_km = step.haul.co2e_kg_per_t = 0.0;
  if (trace.stage == kNone) {
    step.delivery = true;
    step.plant = trace.to - static_cast<std::uint32_t>(plants_.size());
    return;
  }
  const ChainStage& stage = plan_.table.stages[trace.stage];
  step.stage = stage.name;
  step.plant = trace.offer == kNone ? kAtSite : trace.to;
  step.recovery = stage.recovery;
  Rate process = stage.usd_per_kg;
  if (trace.offer != kNone) {
    const ChainOffer& offer = plan_.offers[trace.stage][trace.offer];
    step.recovery = offer.recovery;
    process = offer.usd_per_kg;
  }
  step.process_usd_per_kg = process.base;
  step.process_low_usd_per_kg = process.low;
  step.process_high_usd_per_kg = process.high;
}

/// Routes the hauls that were chosen once more, leg by leg where that is wanted.
void Chains::tell(const Progress& progress) {
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;  // site or kNone, from, to
  for (std::uint32_t site = 0; site < sites_.size(); ++site)
    for (const auto& trace : traces_[site]) {
      result_.rows[site].steps.emplace_back();
      ChainStep& step = result_.rows[site].steps.back();
      step_of(site, trace, step);
      if (!trace.moved) continue;
      step.haul = *haul(site, trace.product, trace.from, trace.to);
    }
  for (std::size_t load = 0; (want_legs_ || want_lines_) && load < kClasses; ++load) {
    std::map<Key, std::uint32_t> pairs;
    Places from{network_.crs, {}}, to{network_.crs, {}};
    RouteOptions options = options_;
    options.pairs = Pairs::pairwise;
    options.legs = want_legs_;
    options.lines = want_lines_;
    const auto visit = [&](auto&& what) {
      for (std::uint32_t site = 0; site < sites_.size(); ++site)
        for (std::size_t i = 0; i < traces_[site].size(); ++i) {
          const Trace& trace = traces_[site][i];
          if (trace.moved && starts_[site].load[trace.product] == load)
            what(Key{trace.from == 0 ? site : kNone, trace.from, trace.to}, site, i);
        }
    };
    visit([&](const Key& key, std::uint32_t site, std::size_t i) {
      const Trace& trace = traces_[site][i];
      if (!pairs.emplace(key, static_cast<std::uint32_t>(from.list.size())).second) return;
      from.list.push_back(place(site, trace.from));
      to.list.push_back(column_place(trace.to));
      options.cargoes.push_back(result_.rows[site].steps[i].cargo);
    });
    if (pairs.empty()) continue;
    const RouteTable table = route(network_, tariff_, terminals_, from, to, options,
                                   progress.part(static_cast<double>(load) / kClasses,
                                                 static_cast<double>(load + 1) / kClasses));
    visit([&](const Key& key, std::uint32_t site, std::size_t i) {
      const std::uint32_t pair = pairs.at(key);
      ChainStep& step = result_.rows[site].steps[i];
      if (!table.rows[pair].reachable()) return;
      step.haul = table.rows[pair];
      if (want_lines_) step.line = table.lines[pair];
    });
  }
  for (std::uint32_t site = 0; site < sites_.size(); ++site)
    for (std::size_t i = 0; i < traces_[site].size(); ++i) {
      const Trace& trace = traces_[site][i];
      RouteRow& row = result_.rows[site].steps[i].haul;
      row.from = trace.from == 0 ? kAtSite : trace.from - 1;
      row.to = result_.rows[site].steps[i].plant;
    }
  for (std::uint32_t site = 0; site < sites_.size(); ++site)
    if (result_.rows[site].reachable) add_up(site, result_.rows[site]);
}

/// From the end to the start, since what comes later loses some of what came before.
void Chains::add_up(std::uint32_t site, ChainRow& row) const {
  row.recovery = 1.0;
  for (std::size_t i = row.steps.size(); i-- > 0;) {
    ChainStep& step = row.steps[i];
    for (double* part :
         {&step.process_usd_per_kg, &step.process_low_usd_per_kg, &step.process_high_usd_per_kg})
      *part /= row.recovery;
    row.recovery *= step.recovery;
    const std::uint32_t product = traces_[site][i].product;
    if (!step.moved) continue;
    step.wet_t_per_t_contained = 1000.0 * starts_[site].usd_per_kg[product] / row.recovery;
    const double tonnes = step.wet_t_per_t_contained / 1000.0;  // a kilogram delivered
    step.haul_usd_per_kg = step.haul.cost_usd_per_t * tonnes;
    step.haul_low_usd_per_kg = step.haul.cost_low_usd_per_t * tonnes;
    step.haul_high_usd_per_kg = step.haul.cost_high_usd_per_t * tonnes;
  }
  row.usd_per_kg = row.low_usd_per_kg = row.high_usd_per_kg = 0.0;
  row.haul_usd_per_kg = row.process_usd_per_kg = 0.0;
  row.distance_km = row.hours = row.co2e_kg_per_kg = 0.0;
  for (const auto& step : row.steps) {
    row.haul_usd_per_kg += step.haul_usd_per_kg;
    row.process_usd_per_kg += step.process_usd_per_kg;
    row.low_usd_per_kg += step.haul_low_usd_per_kg + step.process_low_usd_per_kg;
    row.high_usd_per_kg += step.haul_high_usd_per_kg + step.process_high_usd_per_kg;
    row.distance_km += step.haul.distance_km;
    row.hours += step.haul.hours;
    row.co2e_kg_per_kg += step.haul.co2e_kg_per_t * step.wet_t_per_t_contained / 1000.0;
  }
  row.usd_per_kg = row.haul_usd_per_kg + row.process_usd_per_kg;
}

void Chains::report() {
  std::size_t seasonal = 0;
  for (const auto& row : result_.rows) {
    const std::string& id = sites_[row.site].place.id;
    const Start& start = starts_[row.site];
    if (row.reason == "product")
      result_.findings.add("chain.no_product", Severity::warning, "sites",
                           "sites that no stages lead on from, first " + id + ": " + row.words);
    else if (!row.reachable)
      result_.findings.add("chain.broken", Severity::warning,
                           row.broken_stage.empty() ? "delivery" : row.broken_stage,
                           "sites without a chain, first " + id + ": " + row.words);
    if (start.product != kNone && std::isnan(plan_.grade(sites_[row.site], start.product)))
      result_.findings.add("chain.no_grade", Severity::warning, "sites",
                           "sites whose " + sites_[row.site].product +
                               " has no grade, so that it can only be used where it lies, first " +
                               id);
    for (const auto& step : row.steps) seasonal += step.haul.seasonal ? 1 : 0;
  }
  if (seasonal > 0)
    result_.findings.add("route.seasonal", Severity::note, "month",
                         "hauls use lines that are closed in some months; --month says which count",
                         seasonal);
}

}  // namespace

ChainResult cheapest_chains(const Network& network, const Tariff& tariff,
                            const Terminals& terminals, const ChainTable& table,
                            const std::vector<ChainSite>& sites,
                            const std::vector<ChainPlant>& plants, const Places& goals,
                            const RouteOptions& options, const Progress& progress) {
  return Chains(network, tariff, terminals, table, sites, plants, goals, options).run(progress);
}

}  // namespace lode
