// A bloc's chain: tables checked, each year planned, balances, members' parts and what to say.
#include "libgeo/supply/alliance_chain.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/alliance_parts.h"
#include "libgeo/supply/composition.h"
#include "libgeo/supply/concentration.h"

namespace lode {

namespace {

constexpr double kg_per_t = 1000.0;
constexpr std::size_t not_there = static_cast<std::size_t>(-1);

std::size_t place_of(const std::vector<std::string>& names, const std::string& name) {
  const std::string key = lower(trim(name));
  for (std::size_t k = 0; k < names.size(); ++k)
    if (lower(trim(names[k])) == key) return k;
  return not_there;
}

void check_figure(double value, const std::string& what, const std::string& where) {
  if (!(value >= 0.0))
    throw Error("supply.negative",
                what + (std::isnan(value) ? " is missing" : " is " + number_text(value)), where,
                "It must be 0 or more.");
  if (value > 1e12)
    throw Error("supply.magnitude", what + " is " + number_text(value), where,
                "Nothing on earth is that much: is it a mark for no data, or another unit?");
}

/// The inputs with names as places; what is no member's is left out and said.
class AllianceTables {
 public:
  AllianceTables(const AllianceInputs& inputs, const AllianceOptions& options, Findings& findings)
      : in_(inputs), options_(options), findings_(findings) {
    check_lists();
    check_demand();
    for (const auto& row : inputs.capacity) add_capacity(row);
    add_hauls();
    set_prices();
    if (left_out_ > 0)
      findings_.add("supply.not_member", Severity::note, "alliance",
                    std::to_string(left_out_) + " rows of " + join(strangers_, ", ") +
                        " are left out: they are no members",
                    1);
  }

  [[nodiscard]] ChainYear year(std::size_t y) const;
  [[nodiscard]] std::size_t split_year() const;
  /// Who has capacity or demand in any year.
  [[nodiscard]] std::vector<char> anyone() const;

 private:
  void check_lists();
  void check_demand();
  void add_capacity(const StageCapacity& row);
  void add_hauls();
  void set_prices();
  void check_shares(const StageCapacity& row, const AllianceStep& step) const;
  void check_is_element(const std::string& metal, const std::string& where) const;
  [[nodiscard]] std::size_t member(const std::string& country);

  const AllianceInputs& in_;
  const AllianceOptions& options_;
  Findings& findings_;
  struct Dated {
    int from, to;
    AllianceStep step;
  };
  std::vector<Dated> steps_;
  std::vector<double> hauls_, unmet_;
  std::vector<std::string> strangers_;
  std::size_t left_out_ = 0;
};

void AllianceTables::check_lists() {
  if (in_.members.empty())
    throw Error("supply.member", "the alliance has no members", "alliance", "Name its members.");
  for (std::size_t k = 0; k < in_.members.size(); ++k)
    if (place_of(in_.members, in_.members[k]) != k)
      throw Error("supply.member", printable(in_.members[k]) + " is a member twice", "alliance",
                  "Name each member once.");
  if (in_.stages.empty())
    throw Error("supply.no_stage", "the chain has no stages", "alliance",
                "Name them in order: mine, concentrate, separation, metal, magnet.");
  for (std::size_t k = 0; k < in_.stages.size(); ++k)
    if (place_of(in_.stages, in_.stages[k]) != k || trim(in_.stages[k]).empty())
      throw Error("supply.no_stage",
                  "the stage '" + printable(in_.stages[k]) + "' is there twice, or has no name",
                  "alliance", "Name each stage once, in order.");
  for (std::size_t k = 0; k < in_.metals.size(); ++k)
    if (place_of(in_.metals, in_.metals[k]) != k)
      throw Error("supply.no_metal", "the metal " + printable(in_.metals[k]) + " stands twice",
                  "alliance", "Name each metal once.");
}

void AllianceTables::check_demand() {
  const std::size_t cells = in_.metals.size() * in_.years.size();
  if (cells == 0 || in_.demand_t.size() != in_.members.size())
    throw Error("supply.no_demand", "no demand by member, metal and year", "alliance",
                "Give each member's demand, 0 where there is none.");
  double total = 0.0;
  for (std::size_t i = 0; i < in_.members.size(); ++i) {
    if (in_.demand_t[i].size() != cells)
      throw Error("supply.no_demand",
                  "the demand of " + printable(in_.members[i]) +
                      " is not one figure a metal and "
                      "year",
                  "alliance", "Give each member's demand, 0 where there is none.");
    for (const double tonnes : in_.demand_t[i]) {
      check_figure(tonnes, "the demand of " + printable(in_.members[i]), "alliance");
      total += tonnes;
    }
  }
  if (!(total > 0.0))
    throw Error("supply.no_demand", "no member needs anything in any year", "alliance",
                "Give the demand of members in tonnes a year.");
}

std::size_t AllianceTables::member(const std::string& country) {
  const std::size_t place = place_of(in_.members, country);
  if (place != not_there) return place;
  ++left_out_;
  const std::string name = printable(trim(country));
  if (std::find(strangers_.begin(), strangers_.end(), name) == strangers_.end())
    strangers_.push_back(name);
  return place;
}

void AllianceTables::check_shares(const StageCapacity& row, const AllianceStep& step) const {
  if (row.share.empty()) return;
  if (row.share.size() != in_.metals.size() || step.fed)
    throw Error("supply.no_metal",
                "joint products need a share of each metal, at the mine or from scrap", row.where);
  double sum = 0.0;
  for (const double share : row.share) {
    check_figure(share, "a share", row.where);
    sum += share;
  }
  if (sum > 1.0 + 1e-9)
    throw Error("supply.shares_over_one", "shares sum to " + number_text(sum), row.where);
}

/// A slip of the pen would take the row's capacity away unseen.
void AllianceTables::check_is_element(const std::string& metal, const std::string& where) const {
  try {
    (void)element_group_of_column(trim(metal), where);
  } catch (const Error& error) {
    throw Error(error.code, error.what(), where, suggestion(metal, in_.metals));
  }
}

void AllianceTables::add_capacity(const StageCapacity& row) {
  const std::string where =
      row.where.empty() ? printable(row.country) + ", " + printable(row.stage) : row.where;
  AllianceStep step;
  step.stage = place_of(in_.stages, row.stage);
  if (step.stage == not_there)
    throw Error("supply.no_stage", "there is no stage '" + printable(row.stage) + "'", where,
                suggestion(row.stage, in_.stages));
  check_figure(row.tonnes_per_year, "the capacity", where);
  check_figure(row.usd_per_kg, "the cost", where);
  if (!(row.recovery > 0.0 && row.recovery <= 1.0))
    throw Error("supply.recovery", "the recovery is " + number_text(row.recovery * 100.0) + " %",
                where, "It is above 0 and at most 100 %.");
  if (row.from_year > row.to_year)
    throw Error("supply.year",
                "it ends in " + std::to_string(row.to_year) + ", before it begins in " +
                    std::to_string(row.from_year),
                where);
  step.tonnes = row.tonnes_per_year;
  step.usd_per_kg = row.usd_per_kg;
  step.fed = step.stage > 0 && !row.from_scrap;
  step.recovery = step.fed ? row.recovery : 1.0;
  step.share = row.share;
  check_shares(row, step);
  if (row.share.empty() && !trim(row.metal).empty()) {
    step.metal = place_of(in_.metals, row.metal);
    if (step.metal == not_there) {
      check_is_element(row.metal, where);
      findings_.add("supply.metal_unused", Severity::warning, where,
                    "nobody's demand is for " + printable(row.metal) + ": the row is left out");
      return;
    }
  }
  step.member = member(row.country);
  if (step.member != not_there && step.tonnes > 0.0)
    steps_.push_back({row.from_year, row.to_year, std::move(step)});
}

void AllianceTables::add_hauls() {
  const std::size_t n = in_.members.size(), stages = in_.stages.size();
  const double missing = options_.missing_haul_usd_per_kg;
  if (!std::isnan(missing)) check_figure(missing, "the cost of a haul that is missing", "alliance");
  hauls_.assign(stages * n * n, missing);
  for (std::size_t s = 0; s < stages; ++s)
    for (std::size_t i = 0; i < n; ++i) hauls_[(s * n + i) * n + i] = 0.0;
  std::vector<char> said(hauls_.size(), 0), said_of_any(n * n, 0);
  // Rows of one stage come before rows of any.
  for (const bool any : {true, false})
    for (const auto& row : in_.hauls) {
      if (trim(row.stage).empty() != any) continue;
      const std::string where = printable(row.from) + " to " + printable(row.to);
      const std::size_t stage = any ? 0 : place_of(in_.stages, row.stage);
      if (stage == not_there)
        throw Error("supply.no_stage", "there is no stage '" + printable(row.stage) + "'",
                    "hauls, " + where, suggestion(row.stage, in_.stages));
      check_figure(row.usd_per_kg, "the cost of a haul", "hauls, " + where);
      const std::size_t from = member(row.from);
      const std::size_t to = from == not_there ? not_there : member(row.to);
      if (to == not_there) continue;
      char& twice = any ? said_of_any[from * n + to] : said[(stage * n + from) * n + to];
      if (twice != 0)
        throw Error("supply.haul", "two hauls for one way", "hauls, " + where, "Keep one of them.");
      twice = 1;
      for (std::size_t s = any ? 0 : stage; s < (any ? stages : stage + 1); ++s)
        hauls_[(s * n + from) * n + to] = row.usd_per_kg;
    }
}

void AllianceTables::set_prices() {
  check_figure(options_.unmet_usd_per_kg_default, "the price of unmet demand", "alliance");
  unmet_.assign(in_.metals.size(), options_.unmet_usd_per_kg_default);
  for (const auto& [metal, usd_per_kg] : options_.unmet_usd_per_kg) {
    const std::size_t m = place_of(in_.metals, metal);
    if (m == not_there)
      throw Error("supply.no_metal", "nobody's demand is for " + printable(metal),
                  "price of unmet demand", suggestion(metal, in_.metals));
    check_figure(usd_per_kg, "the price of unmet " + printable(metal), "alliance");
    unmet_[m] = usd_per_kg;
  }
}

ChainYear AllianceTables::year(std::size_t y) const {
  ChainYear year;
  year.members = in_.members.size();
  year.stages = in_.stages.size();
  year.metals = in_.metals.size();
  for (const auto& dated : steps_)
    if (dated.from <= in_.years[y] && in_.years[y] <= dated.to) year.steps.push_back(dated.step);
  for (const auto& demand : in_.demand_t)
    for (std::size_t m = 0; m < year.metals; ++m)
      year.demand_t.push_back(demand[m * in_.years.size() + y]);
  year.unmet_usd_per_kg = unmet_;
  year.haul_usd_per_kg = hauls_;
  return year;
}

std::size_t AllianceTables::split_year() const {
  if (options_.year == 0) return in_.years.size() - 1;
  const auto at = std::find(in_.years.begin(), in_.years.end(), options_.year);
  if (at == in_.years.end())
    throw Error("supply.year", "there is no demand of " + std::to_string(options_.year), "alliance",
                "Years of the demand: " + std::to_string(in_.years.front()) + " to " +
                    std::to_string(in_.years.back()) + ".");
  return static_cast<std::size_t>(at - in_.years.begin());
}

std::vector<char> AllianceTables::anyone() const {
  std::vector<char> in(in_.members.size(), 0);
  for (const auto& dated : steps_) in[dated.step.member] = 1;
  for (std::size_t i = 0; i < in.size(); ++i)
    for (const double tonnes : in_.demand_t[i])
      if (tonnes > 0.0) in[i] = 1;
  return in;
}

std::string amount(double tonnes) {
  return fixed_text(tonnes, tonnes < 100.0 && tonnes > 0.0 ? 1 : 0) + " t";
}

double sum_of(const std::vector<double>& values) {
  Sum sum;
  for (const double value : values) sum += value;
  return sum.value();
}

/// What each year says; joined in order of the years.
struct YearAnswer {
  AllianceYear year;
  std::vector<StageBalance> balance;
  std::vector<StageFlow> flows;
  Findings findings;
};

void name_weakest(const ChainGaps& gaps, YearAnswer& out) {
  if (gaps.unmet_t == 0.0) return;
  double worst = 1.0;
  if (gaps.short_t > 0.0)
    for (const auto& row : out.balance)
      if (row.breaks && row.capacity_t / row.needed_t < worst) {
        worst = row.capacity_t / row.needed_t;
        out.year.weakest_stage = row.stage;
        out.year.weakest_metal = row.metal;
      }
  // Capacity that is there at a poorer recovery, or of joint products, can be short all the same:
  // then the stage where a tonne is worth most.
  if (out.year.weakest_stage.empty() && gaps.short_t > 0.0) {
    double most = 0.0;
    for (const auto& row : out.balance)
      if (row.frees_usd_per_t > most) {
        most = row.frees_usd_per_t;
        out.year.weakest_stage = row.stage;
        out.year.weakest_metal = row.metal;
      }
  }
  if (out.year.weakest_stage.empty())
    out.year.weakest_stage = gaps.apart_t >= gaps.dear_t ? "hauls" : "price";
  const auto say = [&](const char* code, Severity severity, double tonnes, const char* why) {
    if (tonnes > 0.0)
      out.findings.add(code, severity, "alliance",
                       "in " + std::to_string(out.year.year) + " " + amount(tonnes) +
                           " of demand are not met " + why);
  };
  say("supply.dearer_than_unmet", Severity::note, gaps.dear_t,
      "because that costs more than the price set on unmet demand");
  say("supply.no_haul", Severity::warning, gaps.apart_t,
      "for want of hauls between members that have capacity and need");
}

YearAnswer answer_of(const AllianceInputs& inputs, const ChainYear& year, std::size_t y,
                     const std::vector<char>& in) {
  YearAnswer out;
  const AlliancePlan plan = alliance_plan(year, in, true);
  const ChainNeeds needs = chain_needs(year, plan);
  out.year.year = inputs.years[y];
  out.year.demand_t = sum_of(year.demand_t);
  out.year.met_together_t = sum_of(plan.met_t);
  out.year.cost_together_usd = plan.cost_usd;
  Sum alone_usd, alone_t;
  for (std::size_t i = 0; i < year.members; ++i) {
    if (in[i] == 0) continue;
    std::vector<char> one(year.members, 0);
    one[i] = 1;
    const AlliancePlan own = alliance_plan(year, one);
    alone_usd += own.cost_usd;
    alone_t += sum_of(own.met_t);
  }
  out.year.cost_alone_usd = alone_usd.value();
  out.year.met_alone_t = alone_t.value();
  for (std::size_t s = 0; s < year.stages; ++s)
    for (std::size_t m = 0; m < year.metals; ++m) {
      const std::size_t at = s * year.metals + m;
      StageBalance row{inputs.stages[s], inputs.metals[m], inputs.years[y]};
      row.capacity_t = needs.capacity_t[at];
      row.used_t = needs.used_t[at];
      row.needed_t = needs.needed_t[at];
      row.breaks = row.capacity_t < row.needed_t * (1.0 - 1e-9);
      const ChainTonne tonne = best_tonne(year, in, plan, s, m);
      if (tonne.any) {
        row.frees_t_per_t = tonne.met_t;
        row.frees_usd_per_t = tonne.saved_usd;
        row.best_country = inputs.members[tonne.member];
      }
      out.balance.push_back(row);
    }
  for (const auto& flow : plan.flows)
    if (flow.from != flow.to)
      out.flows.push_back({inputs.members[flow.from], inputs.members[flow.to],
                           inputs.stages[flow.stage], inputs.metals[flow.metal], inputs.years[y],
                           flow.tonnes, year.haul(flow.stage, flow.from, flow.to)});
  name_weakest(chain_gaps(year, in, plan), out);
  return out;
}

/// By the mean over stages of each member's share of what there is; by demand where there is none.
std::vector<double> capacity_parts(const std::vector<MemberPart>& members, std::size_t stages) {
  std::vector<double> part(members.size(), 0.0);
  std::size_t counted = 0;
  for (std::size_t s = 0; s < stages; ++s) {
    Sum all;
    for (const auto& one : members) all += one.brings_t[s];
    if (!(all.value() > 0.0)) continue;
    ++counted;
    for (std::size_t i = 0; i < members.size(); ++i)
      part[i] += members[i].brings_t[s] / all.value();
  }
  for (double& one : part) one /= static_cast<double>(std::max<std::size_t>(1, counted));
  if (counted > 0) return part;
  Sum demand;
  for (const auto& one : members) demand += one.demand_t;
  for (std::size_t i = 0; i < members.size(); ++i)
    part[i] = demand.value() > 0.0 ? members[i].demand_t / demand.value() : 0.0;
  return part;
}

void add_plan(const ChainYear& year, const AlliancePlan& plan, std::vector<MemberPart>& members) {
  for (std::size_t k = 0; k < year.steps.size(); ++k) {
    const AllianceStep& step = year.steps[k];
    MemberPart& member = members[step.member];
    double brings = 0.0, used = 0.0, parts = 0.0, largest = 0.0;
    for (std::size_t m = 0; m < year.metals; ++m) {
      const double part = ChainYear::part(step, m), made = plan.made_t[k * year.metals + m];
      used += made;
      parts += part;
      if (part > 0.0) largest = std::max(largest, made / part);
    }
    const bool joint = !step.share.empty();
    brings = joint ? step.tonnes * parts : step.tonnes;
    member.brings_t[step.stage] += brings;
    member.used_t[step.stage] += used;
    member.spends_usd += (joint ? largest : used) * step.usd_per_kg * kg_per_t;
  }
  for (const auto& flow : plan.flows)
    members[flow.from].spends_usd +=
        flow.tonnes * year.haul(flow.stage, flow.from, flow.to) * kg_per_t;
  for (std::size_t k = 0; k < plan.met_t.size(); ++k) {
    MemberPart& member = members[k / year.metals];
    member.demand_t += year.demand_t[k];
    member.met_together_t += plan.met_t[k];
    member.spends_usd +=
        (year.demand_t[k] - plan.met_t[k]) * year.unmet_usd_per_kg[k % year.metals] * kg_per_t;
  }
}

void say_core(const AllianceInputs& inputs, const CostShares& shares, std::size_t active,
              AllianceView& view) {
  view.core_stable = shares.pairs_stay;
  view.core_whole = shares.all_stay;
  const std::string looked =
      shares.exact ? "all " + std::to_string(shares.sets) + " sets of the " +
                         std::to_string(active) + " members that have or need anything"
                   : "each of the " + std::to_string(active) +
                         " members that have or need anything, alone and in pairs (by sampled "
                         "parts)";
  if (shares.leaves.empty()) {
    view.core_words = "Of " + looked + " none would do better by itself.";
    return;
  }
  std::vector<std::string> who;
  for (const std::size_t i : shares.leaves) who.push_back(inputs.members[i]);
  view.core_words =
      "Of " + looked + ", " + join(who, " and ") +
      " would gain most by going without the others: " + fixed_text(shares.leaves_usd / 1e6, 3) +
      " million " + inputs.currency + " a year.";
}

void share_out(const AllianceInputs& inputs, const AllianceOptions& options, const ChainYear& year,
               const std::vector<char>& anyone, AllianceView& view, const Progress& progress) {
  const AlliancePlan plan = alliance_plan(year, anyone);
  view.members.resize(inputs.members.size());
  for (std::size_t i = 0; i < view.members.size(); ++i) {
    MemberPart& member = view.members[i];
    member.country = inputs.members[i];
    member.brings_t.assign(inputs.stages.size(), 0.0);
    member.used_t.assign(inputs.stages.size(), 0.0);
  }
  add_plan(year, plan, view.members);
  std::vector<std::size_t> active;
  for (std::size_t i = 0; i < view.members.size(); ++i)
    if (view.members[i].demand_t > 0.0 || sum_of(view.members[i].brings_t) > 0.0)
      active.push_back(i);
  const CostShares shares = share_cost(
      year, active, {options.exact_members, options.orders, options.seed, options.jobs}, progress);
  double demand = 0.0;
  for (const auto& member : view.members) demand += member.demand_t;
  const auto parts = capacity_parts(view.members, inputs.stages.size());
  for (std::size_t i = 0; i < view.members.size(); ++i) {
    MemberPart& member = view.members[i];
    member.pays_by_demand_usd = demand > 0.0 ? plan.cost_usd * (member.demand_t / demand) : 0.0;
    member.pays_by_capacity_usd = plan.cost_usd * parts[i];
  }
  Sum alone_usd, alone_t;
  for (std::size_t k = 0; k < active.size(); ++k) {
    MemberPart& member = view.members[active[k]];
    member.cost_alone_usd = shares.alone_usd[k];
    member.pays_shapley_usd = shares.shapley_usd[k];
    member.shapley_error_usd = shares.error_usd[k];
    member.gain_usd = member.cost_alone_usd - member.pays_shapley_usd;
    std::vector<char> one(year.members, 0);
    one[active[k]] = 1;
    member.met_alone_t = sum_of(alliance_plan(year, one).met_t);
    alone_usd += member.cost_alone_usd;
    alone_t += member.met_alone_t;
  }
  view.shapley_exact = shares.exact;
  view.shapley_orders = shares.orders;
  for (const double error : shares.error_usd)
    view.shapley_largest_error_usd = std::max(view.shapley_largest_error_usd, error);
  view.gain_usd = alone_usd.value() - plan.cost_usd;
  view.gain_t = sum_of(plan.met_t) - alone_t.value();
  say_core(inputs, shares, active.size(), view);
}

std::string words_of(const AllianceView& view) {
  const auto at = std::find_if(view.years.begin(), view.years.end(),
                               [&](const AllianceYear& one) { return one.year == view.year; });
  const AllianceYear& year = *at;
  std::string words = "In " + std::to_string(year.year) + " the members need " +
                      amount(year.demand_t) + "; together they meet " +
                      amount(year.met_together_t) + ", each alone " + amount(year.met_alone_t) +
                      ". ";
  const StageBalance *saves = nullptr, *meets = nullptr;
  for (const auto& row : view.balance) {
    if (row.year != view.year) continue;
    if (row.stage == year.weakest_stage && row.metal == year.weakest_metal)
      words += "The chain breaks at " + row.stage + " of " + row.metal + ": capacity " +
               amount(row.capacity_t) + " for a need of " + amount(row.needed_t) + ". ";
    if (row.frees_usd_per_t > (saves == nullptr ? 0.0 : saves->frees_usd_per_t)) saves = &row;
    if (row.frees_t_per_t > (meets == nullptr ? 0.0 : meets->frees_t_per_t)) meets = &row;
  }
  if (year.weakest_stage.empty()) words += "All demand is met. ";
  if (year.weakest_stage == "hauls")
    words += "There is capacity for all, but no hauls join who has it to who needs it. ";
  if (year.weakest_stage == "price")
    words += "There is capacity for all, but some of it costs more than going without. ";
  const auto tonne = [&](const StageBalance& row) {
    return row.stage + " of " + row.metal + " in " + row.best_country + " (" +
           fixed_text(row.frees_t_per_t, 2) + " t of demand, " +
           fixed_text(row.frees_usd_per_t, 0) + " " + view.currency + ")";
  };
  if (meets != nullptr)
    words += "One more tonne a year of capacity meets most at " + tonne(*meets) + ". ";
  if (saves != nullptr && saves != meets)
    words += (meets == nullptr ? "One more tonne a year of capacity saves most at "
                               : "It saves most at ") +
             tonne(*saves) + ". ";
  if (saves == nullptr && !year.weakest_stage.empty())
    words += "No single tonne of capacity at one stage helps: it is missing at several. ";
  words += "Acting together saves " + fixed_text(view.gain_usd / 1e6, 1) + " million " +
           view.currency + " in that year.";
  if (!view.shapley_exact)
    words += " Shapley values are sampled, from " + std::to_string(view.shapley_orders) +
             " orders of joining: standard errors up to " +
             fixed_text(view.shapley_largest_error_usd / 1e6, 3) + " million " + view.currency +
             ".";
  return words;
}

}  // namespace

AllianceView alliance_chain(const AllianceInputs& inputs, const AllianceOptions& options,
                            const Progress& progress) {
  AllianceView view;
  const AllianceTables tables(inputs, options, view.findings);
  view.stages = inputs.stages;
  view.metals = inputs.metals;
  view.currency = inputs.currency;
  view.price_year = inputs.price_year;
  const std::size_t split = tables.split_year();
  view.year = inputs.years[split];
  const std::vector<char> anyone = tables.anyone();
  std::vector<YearAnswer> answers(inputs.years.size());
  parallel_blocks(
      inputs.years.size(), 1, options.jobs,
      [&](std::size_t y, std::size_t, std::size_t) {
        answers[y] = answer_of(inputs, tables.year(y), y, anyone);
      },
      progress.part(0.0, 0.3));
  for (auto& answer : answers) {
    view.years.push_back(answer.year);
    view.balance.insert(view.balance.end(), answer.balance.begin(), answer.balance.end());
    view.flows.insert(view.flows.end(), answer.flows.begin(), answer.flows.end());
    view.findings.add(answer.findings);
  }
  share_out(inputs, options, tables.year(split), anyone, view, progress.part(0.3, 1.0));
  view.words = words_of(view);
  return view;
}

}  // namespace lode
