#include "libgeo/study/supply_files.h"
#include "libgeo/study/policy_countries.h"

#include <algorithm>
#include <functional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/study/alliance_stage.h"
#include "libgeo/study/disruption_tables.h"
#include "libgeo/study/incentive_names.h"
#include "libgeo/study/supply_tables.h"
#include "libgeo/supply/composition.h"

namespace lode {

namespace {

/// Reads one file after the other; a mistake in one does not hide those of the next.
class Reading {
 public:
  explicit Reading(StudyContext& context) : context_(context), supply_(context.study.supply) {}

  void keep(const std::function<void()>& read) {
    try {
      read();
    } catch (const Error& error) {
      if (error.code == "run.interrupted") throw;
      faults_.push_back(error);
      faults_.back().more.clear();
      faults_.insert(faults_.end(), error.more.begin(), error.more.end());
    }
  }
  [[nodiscard]] Table table(const std::string& key, const std::string& path) {
    Layer layer = context_.read_plain_table(path, supply_.keys.line_of(key));
    layer.table.name = path;
    return std::move(layer.table);
  }
  [[nodiscard]] std::string text(const std::string& key, const std::string& path) {
    return context_.read_text(path, supply_.keys.line_of(key));
  }
  void throw_if_any() const { throw_together(faults_); }

 private:
  StudyContext& context_;
  const SupplyTable& supply_;
  std::vector<Error> faults_;
};

/// Home and its allies, or a set of the study's alliances.
std::vector<std::string> members_of(StudyContext& context, Reading& reading) {
  const StudyFile& study = context.study;
  const std::string& name = study.supply.members;
  std::set<std::string> members;
  if (name.empty()) {
    members.insert(context.result.allies.begin(), context.result.allies.end());
    members.insert(study.home);
    return {members.begin(), members.end()};
  }
  if (study.alliances.empty())
    throw Error("study.value",
                "[supply] members names the set '" + printable(name) +
                    "', and the study has no table of alliances",
                context.where(study.supply.keys.line_of("members")),
                "Add alliances = \"alliances.csv\" to [study], or leave members out: home and its "
                "allies count.");
  const ConcentrationOptions options;
  const SupplyReading tables{context.countries, options, InexactRule::take,
                             context.result.findings};
  for (const AllianceSet& set :
       read_alliances(tables, reading.table("members", study.alliances), {name}))
    members.insert(set.members.begin(), set.members.end());
  return {members.begin(), members.end()};
}

/// "demand.csv: illustrative; about 16,000 t ...": the words of its columns `data` and `source` (or
/// `note`), each once.
std::string words_of(const Table& table) {
  std::vector<std::string> words;
  const auto take = [&](const char* column) {
    if (table.find(column) == nullptr) return false;
    for (const auto& text : table.texts(column)) {
      const std::string word(trim(text));
      if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end())
        words.push_back(word);
    }
    return true;
  };
  take("data");
  if (!take("source")) take("note");
  constexpr std::size_t most = 6;  // what stands beside a figure is read, not searched
  const std::size_t more = words.size() > most ? words.size() - most : 0;
  words.resize(std::min(words.size(), most));
  return table.name + (words.empty() ? "" : ": " + join(words, "; ")) +
         (more > 0 ? "; and " + std::to_string(more) + " more" : "");
}

void name_sources(const StudyContext& context, SupplySources& sources) {
  for (auto& source : sources.list) source.country = country_id(source.country, context.countries);
}

/// Money of the tables, each beside the first that says its own.
void check_money(const StudyContext& context, const SupplyFiles& files, Reading& reading) {
  struct Money {
    std::string currency, table;
    int year;
  };
  std::vector<Money> all;
  const auto add = [&](const auto& table) {
    if (table) all.push_back({table->currency, table->table, table->price_year});
  };
  add(files.prices);
  add(files.candidates);
  add(files.stocks);
  if (files.alliance)
    all.push_back(
        {files.alliance->currency, context.study.supply.capacities, files.alliance->price_year});
  for (std::size_t k = 1; k < all.size(); ++k)
    reading.keep([&] {
      check_same_money(all[0].currency, all[0].year, all[0].table, all[k].currency, all[k].year,
                       all[k].table);
    });
}

/// What the study says where a file does not.
void fill_in(const StudyContext& context, SupplyFiles& files) {
  const int today = context.study.as_of.year;
  const auto or_today = [&](int& year) {
    if (year == 0) year = today;
  };
  or_today(files.economics.base_year);
  files.economics.seed = context.result.seed;
  files.economics.jobs = context.options.jobs;
  if (files.policy) or_today(files.policy->base_year);
  if (files.plan) {
    or_today(files.plan->disruption.base_year);
    or_today(files.plan->shock.base_year);
    files.plan->disruption.seed = files.plan->shock.seed = context.result.seed;
    files.plan->disruption.jobs = files.plan->shock.jobs = context.options.jobs;
    if (files.plan->disruption.home.empty()) files.plan->disruption.home = context.study.home;
  }
  // What the policy holds a missing kg to be worth is what the alliance goes without for.
  if (files.policy) {
    files.alliance_options.unmet_usd_per_kg_default =
        files.policy->shortfall_usd_per_kg.value_or(PortfolioPolicy::usual_shortfall);
    if (files.alliance)
      for (const auto& [metal, usd_per_kg] : files.policy->penalty)
        if (std::find(files.alliance->metals.begin(), files.alliance->metals.end(), metal) !=
            files.alliance->metals.end())
          files.alliance_options.unmet_usd_per_kg.emplace_back(metal, usd_per_kg);
  }
  files.alliance_options.seed = context.result.seed;
  files.alliance_options.jobs = context.options.jobs;
}

void read_tables(StudyContext& context, Reading& reading, SupplyFiles& files) {
  const SupplyTable& supply = context.study.supply;
  Findings& findings = context.result.findings;
  const auto table = [&](const char* key, const std::string& path, const auto& take) {
    if (path.empty()) return;
    reading.keep([&] {
      const Table read = reading.table(key, path);
      files.said.emplace_back(key, words_of(read));
      take(read);
    });
  };
  table("demand", supply.demand,
        [&](const Table& read) { files.demand = read_demand(read, findings); });
  table("metal_prices", supply.metal_prices,
        [&](const Table& read) { files.prices = read_price_path(read, findings); });
  table("candidates", supply.candidates, [&](const Table& read) {
    files.candidates = read_sources(read, findings);
    name_sources(context, *files.candidates);
  });
  table("today", supply.today, [&](const Table& read) {
    const ConcentrationOptions rules;
    files.today = read_stage_supply(
        {context.countries, rules, parse_inexact_rule(supply.inexact), findings}, read);
  });
  table("stocks", supply.stocks,
        [&](const Table& read) { files.stocks = read_stocks(read, findings); });
}

void read_alliance_tables(StudyContext& context, Reading& reading, SupplyFiles& files) {
  const SupplyTable& supply = context.study.supply;
  if (!supply.members.empty() && (supply.capacities.empty() || supply.member_demand.empty()))
    reading.keep([&] { (void)members_of(context, reading); });  // a slip is told all the same
  if (supply.capacities.empty() || supply.member_demand.empty()) return;
  reading.keep([&] {
    const Table capacities = reading.table("capacities", supply.capacities),
                demand = reading.table("member_demand", supply.member_demand);
    files.said.emplace_back("capacities", words_of(capacities));
    files.said.emplace_back("member_demand", words_of(demand));
    take_alliance_tables(context, capacities, demand, members_of(context, reading), files);
  });
}

/// A slip in a metal of the curves is told before the work.
void check_curves(const StudyContext& context, Reading& reading) {
  const SupplyTable& supply = context.study.supply;
  for (const auto& metal : supply.curves)
    reading.keep([&] {
      (void)element_group_of_column(
          metal, context.where(supply.keys.line_of("curves")) + ", [supply] curves");
    });
}

void read_texts(StudyContext& context, Reading& reading, SupplyFiles& files) {
  const SupplyTable& supply = context.study.supply;
  const auto text = [&](const char* key, const std::string& path, const auto& take) {
    if (path.empty()) return;
    files.said.emplace_back(key, path);
    reading.keep([&] { take(reading.text(key, path)); });
  };
  text("scenario", supply.scenario, [&](const std::string& read) {
    files.plan = parse_disruption_plan(read, supply.scenario);
    context.result.findings.add(files.plan->findings);
    name_plan_countries(*files.plan, context.countries, files.today, supply.scenario);
  });
  text("policy", supply.policy, [&](const std::string& read) {
    files.policy = parse_policy(read, supply.policy);
    name_policy_countries(*files.policy, context.countries,
                          files.candidates.value_or(SupplySources{}), supply.policy);
  });
  text("economics", supply.economics, [&](const std::string& read) {
    files.economics = parse_economics(read, supply.economics);
    const SupplySources candidates = files.candidates.value_or(SupplySources{});
    name_economics_countries(files.economics, candidates, context.countries, supply.economics);
  });
}

}  // namespace

bool asks_for_supply(const SupplyTable& supply) {
  for (const auto* path :
       {&supply.candidates, &supply.metal_prices, &supply.today, &supply.scenario, &supply.policy,
        &supply.economics, &supply.stocks, &supply.capacities, &supply.member_demand})
    if (!path->empty()) return true;
  return false;
}

void read_supply_files(StudyContext& context) {
  const SupplyTable& supply = context.study.supply;
  if (!asks_for_supply(supply)) return;
  auto files = std::make_shared<SupplyFiles>();
  Reading reading(context);
  read_tables(context, reading, *files);
  read_texts(context, reading, *files);
  check_curves(context, reading);
  read_alliance_tables(context, reading, *files);
  reading.throw_if_any();
  check_money(context, *files, reading);
  reading.throw_if_any();
  fill_in(context, *files);
  context.supply_files = std::move(files);
}

}  // namespace lode
