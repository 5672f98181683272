// After today's dependence: what ends it: economics, cost curves, recycling, portfolio, disruption.
#include <algorithm>
#include <cmath>
#include <functional>

#include "libgeo/core/error.h"
#include "libgeo/study/alliance_stage.h"
#include "libgeo/study/incentive_names.h"
#include "libgeo/study/supply_files.h"
#include "libgeo/study/supply_sources.h"

namespace lode {

namespace {

/// Draws of sites' economics where the file of terms asks for none.
constexpr std::size_t usual_draws = 2000;
/// Years that are looked at where no demand says them.
constexpr int usual_years = 15;
/// Points of cost against concentration.
constexpr std::size_t frontier_points = 5;

/// NPV moves with prices, which are the same for every site; see study_file.md for the figure.
const SpreadShare npv_spread{"net present value", 1.0, 0.5};
const SpreadShare cost_spread{"levelised cost", 1.0, 0.0};

/// An error of the supply room with the line of the study that led there.
void at_key(const StudyContext& context, const char* key, const std::function<void()>& compute) {
  try {
    compute();
  } catch (const Error& error) {
    if (error.code == "run.interrupted" || error.where.starts_with(context.study.path)) throw;
    const std::string place = context.where(context.study.supply.keys.line_of(key));
    Error with(error.code, error.what(), error.where.empty() ? place : place + ": " + error.where,
               error.hint);
    with.more = error.more;
    throw with;
  }
}

class Supplying {
 public:
  Supplying(StudyContext& context, const Progress& progress)
      : context_(context),
        supply_(context.study.supply),
        files_(*context.supply_files),
        progress_(progress) {}

  [[nodiscard]] SupplyAnswer answer() {
    take_sources();
    look_at_economics();
    leave_out_ruled();
    draw_curves();
    follow_stocks();
    plan();
    disrupt();
    shock();
    ally();
    said_of_sources();
    return std::move(answer_);
  }

 private:
  [[nodiscard]] int today() const { return context_.study.as_of.year; }
  [[nodiscard]] int first() const {
    return answer_.demand.years.empty() ? today() : answer_.demand.years.front();
  }
  [[nodiscard]] int last() const {
    return answer_.demand.years.empty() ? today() + usual_years - 1 : answer_.demand.years.back();
  }
  /// A part that the study's keys do not allow; nothing is said of what was not begun.
  void left_out(const std::string& part, const std::string& missing) {
    context_.result.findings.add("study.supply_part", Severity::note,
                                 context_.where(supply_.line) + ", " + part,
                                 part + " is left out: [supply] " + missing + " is missing");
  }

  void take_sources() {
    progress_.update(0.0, "sources of supply");
    if (files_.demand) answer_.demand = *files_.demand;
    if (files_.prices) answer_.prices = *files_.prices;
    std::vector<std::string> metals = answer_.demand.metals;
    if (metals.empty()) metals = answer_.prices.metals;
    if (metals.empty()) metals = {"NdPr", "DyTb"};
    all_ = site_sources(context_, metals, files_.economics.capex_model);
    at_key(context_, "candidates", [&] {
      if (files_.candidates) add_candidates(context_, *files_.candidates, all_);
    });
    at_key(context_, "stocks", [&] {
      if (files_.stocks) add_stocks(context_, *files_.stocks, first(), last(), all_);
    });
    at_key(context_, "candidates", [&] { check_all(); });
    for (std::size_t k = 0; k < all_.sources.list.size(); ++k)
      if (all_.site[k] != SupplyAnswer::no_site)
        context_.set("lead_time_yr", "yr", all_.site[k],
                     first_year(all_.sources.list[k], today()) - today(), lead_words(k));
  }
  /// What was said of the candidates when they were read is not said again.
  void check_all() {
    Findings found;
    check_sources(all_.sources, found);
    const auto& known = context_.result.findings.list();
    for (const Finding& finding : found.list())
      if (std::none_of(known.begin(), known.end(), [&](const Finding& one) {
            return one.code == finding.code && one.where == finding.where;
          }))
        context_.result.findings.add(finding);
  }
  [[nodiscard]] std::string lead_words(std::size_t k) const {
    const SupplySource& source = all_.sources.list[k];
    if (source.operating) return source.where + ": makes its rate today";
    return source.where + ": lead of " + number_text(source.lead_years) +
           " yr from the decision to the first output" +
           (std::isnan(source.not_before)
                ? ""
                : "; its permit begins in " + number_text(source.not_before));
  }

  void look_at_economics() {
    if (!files_.prices) return left_out("economics", "metal_prices");
    progress_.update(0.05, "economics of sites");
    EconomicsOptions options = files_.economics;
    if (options.draws == 0) options.draws = usual_draws;
    at_key(context_, "economics", [&] {
      check_economics_countries(options, all_.sources, supply_.economics, context_.result.findings);
      answer_.economics =
          site_economics(all_.sources, answer_.prices, options, progress_.part(0.05, 0.1));
    });
    context_.result.findings.add(answer_.economics->findings);
    for (std::size_t k = 0; k < all_.sources.list.size(); ++k)
      if (all_.site[k] != SupplyAnswer::no_site) set_indicators(k, options);
  }
  void set_indicators(std::size_t k, const EconomicsOptions& options) {
    const SiteEconomics& found = answer_.economics->sites[k];
    const std::string terms = "; " + all_.made_of[k] + "; prices " + answer_.prices.table +
                              ", discount " + number_text(options.discount * 100) + " %, " +
                              std::to_string(options.draws) + " draws";
    context_.set("usd_per_kg", "USD/kg", all_.site[k], found.usd_per_kg,
                 "levelised cost a kg of " + found.metal + ", other metals credited" + terms,
                 cost_spread);
    context_.set("npv_usd", "USD", all_.site[k], found.npv_usd,
                 "net present value in " + std::to_string(answer_.economics->base_year) + terms,
                 npv_spread);
  }

  void leave_out_ruled() {
    const std::vector<std::size_t> kept = drop_ruled_out(context_, all_);
    if (answer_.economics) {
      std::vector<SiteEconomics> left;
      for (const std::size_t k : kept) left.push_back(std::move(answer_.economics->sites[k]));
      answer_.economics->sites = std::move(left);
    }
    if (files_.policy && !files_.policy->caps.empty() && !all_.no_burden.empty())
      context_.result.findings.add("study.no_burden", Severity::warning, supply_.policy,
                                   "burdens that are not known count as 0 under the caps (first: " +
                                       all_.no_burden.front() + ")",
                                   all_.no_burden.size());
    answer_.sources = all_.sources;
    answer_.site = all_.site;
  }

  void draw_curves() {
    if (!answer_.economics) return;
    const auto& metals = supply_.curves.empty() ? answer_.sources.metals : supply_.curves;
    for (std::size_t m = 0; m < metals.size(); ++m) {
      CostCurveOptions options;
      options.metal = metals[m];
      options.base_year = today();
      options.seed = context_.result.seed;
      options.jobs = context_.options.jobs;
      options.economics = files_.economics;
      const LowBaseHigh price = answer_.prices.of(metals[m], today());
      for (const auto& [name, value] :
           {std::pair{"low price", price.low}, {"price", price.base}, {"high price", price.high}})
        if (!std::isnan(value)) options.price_lines.emplace_back(name, value);
      const double step = 0.05 / static_cast<double>(metals.size());
      at_key(context_, "curves", [&] {
        answer_.curves.push_back(
            cost_curve(answer_.sources, answer_.prices, options,
                       progress_.part(0.1 + step * static_cast<double>(m),
                                      0.1 + step * static_cast<double>(m + 1))));
      });
      context_.result.findings.add(answer_.curves.back().findings);
    }
  }

  void follow_stocks() {
    if (!files_.stocks) return;
    at_key(context_, "stocks",
           [&] { answer_.recycling = recycling_flows(*files_.stocks, first(), last()); });
  }

  void plan() {
    if (!files_.policy) return left_out("portfolio", "policy");
    if (!files_.demand) return left_out("portfolio", "demand");
    progress_.update(0.15, "portfolio");
    PortfolioOptions options;
    options.frontier = frontier_points;
    options.jobs = context_.options.jobs;
    at_key(context_, "policy", [&] {
      answer_.portfolio = plan_portfolio(answer_.sources, answer_.demand, *files_.policy, options,
                                         progress_.part(0.15, 0.75));
    });
    context_.result.findings.add(answer_.portfolio->findings);
  }

  void disrupt() {
    if (!files_.demand) return left_out("disruption", "demand");
    if (files_.today.empty()) return left_out("disruption", "today");
    progress_.update(0.75, "disruption");
    const DisruptionPlan terms = files_.plan.value_or(DisruptionPlan());
    DisruptionOptions options = terms.disruption;
    if (options.governance.empty()) options.governance = context_.governance;
    const bool planned =
        answer_.portfolio && (answer_.portfolio->status == ProgrammeStatus::optimal ||
                              answer_.portfolio->status == ProgrammeStatus::feasible);
    if (planned)
      for (const PortfolioChoice& choice : answer_.portfolio->choices)
        options.plan.push_back(choice.tonnes);
    at_key(context_, "today", [&] {
      answer_.disruption =
          disruption(answer_.demand, files_.today, answer_.sources, terms.restrictions, terms.stock,
                     options, progress_.part(0.75, 0.8));
    });
    context_.result.findings.add(answer_.disruption->findings);
  }

  void shock() {
    if (!files_.plan || files_.plan->shocks.empty()) return;
    if (!files_.prices) return left_out("price shock", "metal_prices");
    progress_.update(0.8, "price shock");
    PriceShockOptions options = files_.plan->shock;
    options.economics = files_.economics;
    if (options.first_year == 0) options.first_year = std::min(first(), today());
    if (options.last_year == 0) options.last_year = last();
    for (const PriceShock& terms : files_.plan->shocks) {
      at_key(context_, "scenario", [&] {
        answer_.shocks.push_back(price_shock(answer_.sources, answer_.prices, terms,
                                             files_.plan->counters, options,
                                             progress_.part(0.8, 0.85)));
      });
      answer_.shock_terms.push_back(terms);
      context_.result.findings.add(answer_.shocks.back().findings);
    }
  }

  void ally() {
    if (!files_.alliance) {
      if (supply_.capacities.empty() && supply_.member_demand.empty()) return;
      return left_out("alliance", supply_.capacities.empty() ? "capacities" : "member_demand");
    }
    progress_.update(0.85, "alliance");
    at_key(context_, "capacities", [&] {
      answer_.alliance = study_alliance(context_, files_, all_, progress_.part(0.85, 1.0));
    });
    context_.result.findings.add(answer_.alliance->findings);
  }

  void said_of_sources() {
    answer_.sources_of = files_.said;
    answer_.sources_of.emplace_back(
        "sources", "sites of the study (" + context_.study.path + ")" +
                       (supply_.candidates.empty() ? "" : ", " + supply_.candidates) +
                       (supply_.stocks.empty() ? "" : ", " + supply_.stocks));
  }

  StudyContext& context_;
  const SupplyTable& supply_;
  const SupplyFiles& files_;
  const Progress& progress_;
  StudySources all_;
  SupplyAnswer answer_;
};

}  // namespace

std::vector<std::string> economics_indicators(const StudyFile& study) {
  std::vector<std::string> names;
  if (asks_for_supply(study.supply)) names.emplace_back("lead_time_yr");
  if (!study.supply.metal_prices.empty()) names.insert(names.end(), {"usd_per_kg", "npv_usd"});
  return names;
}

void stage_portfolio(StudyContext& context, const Progress& progress) {
  const SupplyTable& supply = context.study.supply;
  if (context.supply_files) {
    context.result.supply = Supplying(context, progress).answer();
    return;
  }
  if (!supply.demand.empty())
    context.result.findings.add("study.demand_unused", Severity::note, supply.demand,
                                "nothing is computed from the demand yet");
}

}  // namespace lode
