// The cheapest plan of some members of an alliance in one year, as a linear programme.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/supply/alliance_parts.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

namespace {

constexpr double kg_per_t = 1000.0;
constexpr auto no_row = std::numeric_limits<std::uint32_t>::max();

void check_solved(ProgrammeStatus status) {
  if (status == ProgrammeStatus::optimal) return;
  throw Error("supply.programme", "the plan of an alliance is " + std::string(to_text(status)),
              "alliance", "Figures may be too far apart in size: write tonnes and USD/kg.");
}

/// Which nodes of the members at hand are there: what is made, and what is worked on. The nodes of
/// the stage after the last are the demands.
class ChainNodes {
 public:
  /// Without `all`, nodes are left out that nothing reaches or that lead nowhere: most sets of
  /// members have no whole chain.
  ChainNodes(const ChainYear& year, const std::vector<char>& in, bool all)
      : year_(year),
        gives_(year.members * year.stages * year.metals),
        takes_(gives_.size()),
        wants_(year.members * year.metals) {
    for (std::size_t i = 0; i < year.members; ++i)
      if (in[i] != 0) members_.push_back(i);
    for (const auto& step : year.steps)
      for (std::size_t m = 0; m < year.metals; ++m) {
        if (in[step.member] == 0 || !(ChainYear::part(step, m) > 0.0)) continue;
        const std::size_t node = year.node(step.member, step.stage, m);
        gives_[node] = 1;
        if (step.fed) takes_[node] = 1;
      }
    for (const std::size_t i : members_)
      for (std::size_t m = 0; m < year.metals; ++m)
        wants_[i * year.metals + m] = year.demand_t[i * year.metals + m] > 0.0;
    if (all) return;
    for (std::size_t m = 0; m < year.metals; ++m) prune(m);
  }

  [[nodiscard]] const std::vector<std::size_t>& members() const { return members_; }
  [[nodiscard]] bool gives(std::size_t i, std::size_t s, std::size_t m) const {
    return gives_[year_.node(i, s, m)] != 0;
  }
  [[nodiscard]] bool takes(std::size_t i, std::size_t s, std::size_t m) const {
    return s == year_.stages ? wants_[i * year_.metals + m] != 0 : takes_[year_.node(i, s, m)] != 0;
  }
  /// Whether the step can make the metal.
  [[nodiscard]] bool runs(const AllianceStep& step, std::size_t m) const {
    return ChainYear::part(step, m) > 0.0 && gives(step.member, step.stage, m) &&
           (!step.fed || takes(step.member, step.stage, m));
  }

 private:
  void prune(std::size_t m) {
    for (std::size_t s = 0; s <= year_.stages; ++s)
      for (const std::size_t i : members_) {
        if (s > 0 && takes(i, s, m) &&
            std::none_of(members_.begin(), members_.end(), [&](std::size_t from) {
              return gives(from, s - 1, m) && !std::isnan(year_.haul(s - 1, from, i));
            }))
          (s == year_.stages ? wants_[i * year_.metals + m] : takes_[year_.node(i, s, m)]) = 0;
        if (s < year_.stages && gives(i, s, m) && !takes(i, s, m) && !unfed(i, s, m))
          gives_[year_.node(i, s, m)] = 0;
      }
    for (std::size_t s = year_.stages; s-- > 0;)
      for (const std::size_t i : members_) {
        const bool leads =
            gives(i, s, m) && std::any_of(members_.begin(), members_.end(), [&](std::size_t to) {
              return takes(to, s + 1, m) && !std::isnan(year_.haul(s, i, to));
            });
        if (leads) continue;
        gives_[year_.node(i, s, m)] = takes_[year_.node(i, s, m)] = 0;
      }
  }
  [[nodiscard]] bool unfed(std::size_t i, std::size_t s, std::size_t m) const {
    return std::any_of(year_.steps.begin(), year_.steps.end(), [&](const AllianceStep& step) {
      return step.member == i && step.stage == s && !step.fed && ChainYear::part(step, m) > 0.0;
    });
  }

  const ChainYear& year_;
  std::vector<char> gives_, takes_, wants_;
  std::vector<std::size_t> members_;
};

/// The programme, and which of its variables and rows mean what.
class ChainProgramme {
 public:
  ChainProgramme(const ChainYear& year, const std::vector<char>& in, bool prices)
      : year_(year),
        nodes_(year, in, prices),
        gives_(year.members * year.stages * year.metals, no_row),
        takes_(gives_.size(), no_row),
        wants_(year.members * year.metals, no_row),
        made_(year.steps.size() * year.metals, no_row) {
    add_rows();
    add_steps(in);
    add_hauls();
    add_unmet();
  }
  [[nodiscard]] AlliancePlan solved(bool prices) const;

  /// What of it is one member's: bounds of its steps, rows of its demand, and the cost of demand
  /// that nothing reaches.
  struct Membership {
    std::vector<std::pair<std::uint32_t, double>> steps, wants;
    double hopeless_usd = 0.0;
  };
  [[nodiscard]] std::vector<Membership> memberships() const;
  [[nodiscard]] Programme& programme() { return programme_; }
  [[nodiscard]] bool hopeless() const { return unmet_.empty(); }

 private:
  std::uint32_t variable(double high, double usd_per_kg) {
    return programme_.add(
        Programme::Variable{.name = "x" + std::to_string(programme_.variables.size()),
                            .high = high,
                            .cost = usd_per_kg});
  }
  std::uint32_t row(double low, double high = unbounded_value) {
    return programme_.add(Programme::Row{
        .name = "r" + std::to_string(programme_.rows.size()), .low = low, .high = high});
  }
  void term(std::uint32_t row, std::uint32_t variable, double coefficient) {
    programme_.rows[row].terms.emplace_back(variable, coefficient);
  }
  [[nodiscard]] std::uint32_t taking_row(std::size_t i, std::size_t s, std::size_t m) const {
    return s == year_.stages ? wants_[i * year_.metals + m] : takes_[year_.node(i, s, m)];
  }
  void add_rows();
  void add_steps(const std::vector<char>& in);
  void add_hauls();
  void add_unmet();

  const ChainYear& year_;
  const ChainNodes nodes_;
  Programme programme_;
  std::vector<std::uint32_t> gives_, takes_, wants_, made_;  ///< rows; variables of what is made
  struct Haul {
    ChainFlow flow;
    std::uint32_t variable;
  };
  std::vector<Haul> hauls_;
  struct Unmet {
    std::size_t of;  ///< [member * metals + metal]
    std::uint32_t variable;
  };
  std::vector<Unmet> unmet_;
  Sum hopeless_;  ///< cost of demand that nothing reaches, in USD
};

// What is made and not sent on, or sent and not worked on, is simply left: rows are one-sided.
void ChainProgramme::add_rows() {
  for (std::size_t m = 0; m < year_.metals; ++m)
    for (std::size_t s = 0; s < year_.stages; ++s)
      for (const std::size_t i : nodes_.members()) {
        const std::size_t node = year_.node(i, s, m);
        if (nodes_.takes(i, s, m)) takes_[node] = row(0.0);
        if (nodes_.gives(i, s, m)) gives_[node] = row(0.0);
      }
}

void ChainProgramme::add_steps(const std::vector<char>& in) {
  for (std::size_t k = 0; k < year_.steps.size(); ++k) {
    const AllianceStep& step = year_.steps[k];
    if (in[step.member] == 0) continue;
    const bool joint = !step.share.empty(), shared = !joint && step.metal == every_metal;
    std::uint32_t all = no_row, one = no_row;
    for (std::size_t m = 0; m < year_.metals; ++m) {
      if (!nodes_.runs(step, m)) continue;
      const std::size_t node = year_.node(step.member, step.stage, m);
      // One variable of joint products, one a metal of what the metals share.
      if (!joint || one == no_row) one = variable(step.tonnes, step.usd_per_kg);
      made_[k * year_.metals + m] = one;
      term(gives_[node], one, ChainYear::part(step, m));
      if (step.fed) term(takes_[node], one, -1.0 / step.recovery);
      if (!shared) continue;
      if (all == no_row) all = row(-unbounded_value, step.tonnes);
      term(all, one, 1.0);
    }
  }
}

void ChainProgramme::add_hauls() {
  for (std::size_t m = 0; m < year_.metals; ++m)
    for (std::size_t s = 0; s < year_.stages; ++s)
      for (const std::size_t from : nodes_.members()) {
        if (!nodes_.gives(from, s, m)) continue;
        for (const std::size_t to : nodes_.members()) {
          const double usd_per_kg = year_.haul(s, from, to);
          if (std::isnan(usd_per_kg)) continue;
          // Demand that is pruned away has no row yet; rows of demand come with their terms.
          if (s + 1 == year_.stages && nodes_.takes(to, s + 1, m)) {
            std::uint32_t& wants = wants_[to * year_.metals + m];
            if (wants == no_row) wants = row(year_.demand_t[to * year_.metals + m]);
          }
          const std::uint32_t takes = taking_row(to, s + 1, m);
          if (takes == no_row) continue;
          const std::uint32_t hauled = variable(unbounded_value, usd_per_kg);
          term(gives_[year_.node(from, s, m)], hauled, -1.0);
          term(takes, hauled, 1.0);
          hauls_.push_back({{from, to, s, m, 0.0}, hauled});
        }
      }
}

void ChainProgramme::add_unmet() {
  for (const std::size_t i : nodes_.members())
    for (std::size_t m = 0; m < year_.metals; ++m) {
      const std::size_t of = i * year_.metals + m;
      if (!(year_.demand_t[of] > 0.0)) continue;
      if (wants_[of] == no_row) {
        hopeless_ += year_.demand_t[of] * year_.unmet_usd_per_kg[m] * kg_per_t;
        continue;
      }
      const std::uint32_t unmet = variable(unbounded_value, year_.unmet_usd_per_kg[m]);
      term(wants_[of], unmet, 1.0);
      unmet_.push_back({of, unmet});
    }
}

std::vector<ChainProgramme::Membership> ChainProgramme::memberships() const {
  std::vector<Membership> all(year_.members);
  for (std::size_t k = 0; k < made_.size(); ++k) {
    if (made_[k] == no_row) continue;
    auto& steps = all[year_.steps[k / year_.metals].member].steps;
    if (steps.empty() || steps.back().first != made_[k])
      steps.emplace_back(made_[k], programme_.variables[made_[k]].high);
  }
  for (const std::size_t i : nodes_.members())
    for (std::size_t m = 0; m < year_.metals; ++m) {
      const std::size_t of = i * year_.metals + m;
      if (!(year_.demand_t[of] > 0.0)) continue;
      if (wants_[of] == no_row)
        all[i].hopeless_usd += year_.demand_t[of] * year_.unmet_usd_per_kg[m] * kg_per_t;
      else
        all[i].wants.emplace_back(wants_[of], year_.demand_t[of]);
    }
  return all;
}

AlliancePlan ChainProgramme::solved(bool prices) const {
  AlliancePlan plan;
  plan.made_t.assign(made_.size(), 0.0);
  plan.met_t.assign(wants_.size(), 0.0);
  Sum cost = hopeless_;
  ProgrammeResult result;
  if (!unmet_.empty()) {
    result = solve(programme_);
    check_solved(result.status);
    const auto tonnes = [&](std::uint32_t x) { return std::max(0.0, result.values[x]); };
    for (std::size_t x = 0; x < programme_.variables.size(); ++x)
      cost += tonnes(static_cast<std::uint32_t>(x)) * programme_.variables[x].cost * kg_per_t;
    for (std::size_t k = 0; k < made_.size(); ++k)
      if (made_[k] != no_row)
        plan.made_t[k] =
            tonnes(made_[k]) * ChainYear::part(year_.steps[k / year_.metals], k % year_.metals);
    for (const auto& one : unmet_)
      plan.met_t[one.of] =
          std::clamp(year_.demand_t[one.of] - tonnes(one.variable), 0.0, year_.demand_t[one.of]);
    for (auto haul : hauls_) {
      haul.flow.tonnes = tonnes(haul.variable);
      if (haul.flow.tonnes > 1e-6) plan.flows.push_back(haul.flow);
    }
  }
  plan.cost_usd = cost.value();
  if (!prices) return plan;
  // Where no demand can be reached, prices of 0 are right too.
  const auto price = [&](std::uint32_t at) {
    return result.duals.empty() ? 0.0 : std::max(0.0, result.duals[at]);
  };
  for (const std::uint32_t at : gives_)
    plan.gives_usd_per_kg.push_back(at == no_row ? std::nan("") : price(at));
  for (const std::uint32_t at : takes_)
    plan.takes_usd_per_kg.push_back(at == no_row ? std::nan("") : price(at));
  for (std::size_t of = 0; of < wants_.size(); ++of) {
    const std::size_t m = of % year_.metals, i = of / year_.metals;
    plan.takes_usd_per_kg.push_back(wants_[of] != no_row               ? price(wants_[of])
                                    : nodes_.takes(i, year_.stages, m) ? year_.unmet_usd_per_kg[m]
                                                                       : std::nan(""));
  }
  return plan;
}

/// What one more tonne of capacity costs and loses in a country: as its own of that stage and
/// metal, else as the bloc's mean, else nothing.
AllianceStep tonne_in(const ChainYear& year, std::size_t member, std::size_t stage,
                      std::size_t metal) {
  AllianceStep tonne{.member = member, .stage = stage, .metal = metal, .tonnes = 1.0};
  tonne.fed = stage > 0;
  for (const bool own : {true, false}) {
    double all = 0.0, cost = 0.0, fed = 0.0;
    for (const auto& step : year.steps) {
      const double tonnes = step.tonnes * ChainYear::part(step, metal);
      if (step.stage != stage || !(tonnes > 0.0) || (own && step.member != member) ||
          step.fed != tonne.fed)
        continue;
      all += tonnes;
      // Of joint products the metals carry the cost by weight.
      double parts = 1.0;
      if (!step.share.empty()) {
        parts = 0.0;
        for (const double share : step.share) parts += share;
      }
      cost += tonnes * step.usd_per_kg / parts;
      fed += tonnes / step.recovery;
    }
    if (!(all > 0.0)) continue;
    tonne.usd_per_kg = cost / all;
    tonne.recovery = all / fed;
    return tonne;
  }
  return tonne;
}

/// The most that the tonne can be worth, by the prices of the plan without it.
double tonne_bound_usd(const ChainYear& year, const std::vector<char>& in, const AlliancePlan& plan,
                       const AllianceStep& tonne) {
  const std::size_t s = tonne.stage, m = tonne.metal, node = year.node(tonne.member, s, m);
  const std::size_t demands = year.members * year.stages * year.metals;
  double gives = plan.gives_usd_per_kg[node], takes = s == 0 ? 0.0 : plan.takes_usd_per_kg[node];
  const bool no_gives = std::isnan(gives), no_takes = std::isnan(takes);
  if (no_gives) gives = 0.0;
  if (no_takes) takes = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < year.members; ++i) {
    if (in[i] == 0) continue;
    const double there = s + 1 == year.stages ? plan.takes_usd_per_kg[demands + i * year.metals + m]
                                              : plan.takes_usd_per_kg[year.node(i, s + 1, m)];
    const double out = there - year.haul(s, tonne.member, i);
    if (no_gives && out > gives) gives = out;  // false for NaN
    if (!no_takes) continue;
    const double into =
        plan.gives_usd_per_kg[year.node(i, s - 1, m)] + year.haul(s - 1, i, tonne.member);
    if (into < takes) takes = into;
  }
  return (gives - takes / tonne.recovery - tonne.usd_per_kg) * kg_per_t;
}

double met_in_all(const AlliancePlan& plan) {
  Sum met;
  for (const double tonnes : plan.met_t) met += tonnes;
  return met.value();
}

}  // namespace

AlliancePlan alliance_plan(const ChainYear& year, const std::vector<char>& in, bool prices) {
  return ChainProgramme(year, in, prices).solved(prices);
}

struct CoalitionCosts::Inside {
  ChainProgramme chain;
  const std::vector<ChainProgramme::Membership> of;
  std::unique_ptr<WarmProgramme> warm;  ///< none where nothing reaches any demand
  std::vector<char> in;

  Inside(const ChainYear& year, const std::vector<char>& most)
      : chain(year, most, false), of(chain.memberships()), in(year.members, 0) {
    if (!chain.hopeless())
      warm = std::make_unique<WarmProgramme>(chain.programme(), ProgrammeOptions{});
  }
  void put(std::size_t member) {
    if (!warm) return;
    const bool there = in[member] != 0;
    for (const auto& [step, tonnes] : of[member].steps)
      warm->set_bounds(step, 0.0, there ? tonnes : 0.0);
    for (const auto& [row, tonnes] : of[member].wants)
      warm->set_row(row, there ? tonnes : 0.0, unbounded_value);
  }
};

CoalitionCosts::CoalitionCosts(const ChainYear& year, const std::vector<char>& most)
    : inside_(std::make_unique<Inside>(year, most)) {
  for (std::size_t i = 0; i < year.members; ++i) inside_->put(i);
}
CoalitionCosts::~CoalitionCosts() = default;

void CoalitionCosts::set(std::size_t member, bool in) {
  if ((inside_->in[member] != 0) == in) return;
  inside_->in[member] = in ? 1 : 0;
  inside_->put(member);
}

double CoalitionCosts::cost_usd() {
  Sum cost;
  for (std::size_t i = 0; i < inside_->of.size(); ++i)
    if (inside_->in[i] != 0) cost += inside_->of[i].hopeless_usd;
  if (!inside_->warm) return cost.value();
  const ProgrammeResult result = inside_->warm->solve();
  check_solved(result.status);
  cost += result.objective * kg_per_t;
  return cost.value();
}

ChainTonne best_tonne(const ChainYear& year, const std::vector<char>& in, const AlliancePlan& plan,
                      std::size_t stage, std::size_t metal) {
  std::vector<std::pair<double, AllianceStep>> tries;
  for (std::size_t i = 0; i < year.members; ++i) {
    if (in[i] == 0) continue;
    AllianceStep tonne = tonne_in(year, i, stage, metal);
    const double bound = tonne_bound_usd(year, in, plan, tonne);
    if (bound > 1e-6) tries.emplace_back(bound, std::move(tonne));
  }
  std::stable_sort(tries.begin(), tries.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  // Below what the solver's tolerance can tell from nothing.
  const double noise = 1e-11 * std::abs(plan.cost_usd) + 1e-3;
  ChainTonne best;
  ChainYear more = year;
  for (auto& [bound, tonne] : tries) {
    if (best.any && bound <= best.saved_usd + noise) break;
    more.steps.resize(year.steps.size());
    more.steps.push_back(std::move(tonne));
    const AlliancePlan with = alliance_plan(more, in);
    const double saved = std::min(plan.cost_usd - with.cost_usd, bound);
    if (saved <= noise || saved <= best.saved_usd + noise) continue;
    best = {std::max(0.0, met_in_all(with) - met_in_all(plan)), saved, more.steps.back().member,
            true};
  }
  if (best.met_t < 1e-6) best.met_t = 0.0;
  return best;
}

}  // namespace lode
