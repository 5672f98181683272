// A disruption checked and put into places: shares, restrictions, probabilities, what sites add.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/disruption_parts.h"
#include "libgeo/supply/figures.h"

namespace lode {

namespace {

constexpr double share_slack = 1e-9;  // shares that were rounded apart still sum to 1
constexpr double no_limit = std::numeric_limits<double>::infinity();
constexpr double plan_slack = 1e-6;  // of what a source can make: plans are solved, and printed

std::string percent(double share) {
  return fixed_text(100.0 * share, 2) + " %";
}

class SetupMaker {
 public:
  SetupMaker(const SupplyDemand& demand, const std::vector<StageSupply>& today,
             const SupplySources& sources, const std::vector<Restriction>& restrictions,
             const std::vector<Stockpile>& stock, const DisruptionOptions& options,
             DisruptionResult& result)
      : demand_(demand),
        today_(today),
        sources_(sources),
        restrictions_(restrictions),
        stock_(stock),
        options_(options),
        result_(result) {}

  DisruptionSetup make() {
    check_demand(demand_);
    check_lengths(sources_);
    check_options();
    check_restrictions();
    add_today();
    add_stock();
    setup_.planned = !options_.plan.empty();
    add_sites();
    if (setup_.planned) check_plan();
    restrict_today();
    restrict_sites();
    for (std::size_t r = 0; r < restrictions_.size(); ++r)
      if (!touched_[r])
        result_.findings.add("supply.no_effect", Severity::warning, name_of(restrictions_[r]),
                             "the restriction touches no supply: of its countries none sells its "
                             "metals at its stages in the years " +
                                 std::to_string(demand_.years.front()) + " to " +
                                 std::to_string(demand_.years.back()));
    add_probabilities();
    return std::move(setup_);
  }

 private:
  static std::string name_of(const Restriction& restriction) {
    return "restriction" +
           (restriction.name.empty() ? std::string() : " '" + printable(restriction.name) + "'");
  }
  [[nodiscard]] std::size_t metal_place(const std::string& name) const {
    std::size_t m = 0;
    while (m < demand_.metals.size() && lower(demand_.metals[m]) != lower(name)) ++m;
    return m;
  }
  std::size_t needed_metal(const std::string& name, const std::string& where) const {
    const std::size_t m = metal_place(name);
    if (m == demand_.metals.size())
      throw Error("supply.no_metal", printable(name) + " is no metal of the demand", where,
                  suggestion(name, demand_.metals));
    return m;
  }
  std::size_t country_place(const std::string& country) {
    auto& all = setup_.countries;
    const auto at = std::find(all.begin(), all.end(), country);
    if (at != all.end()) return static_cast<std::size_t>(at - all.begin());
    all.push_back(country);
    return all.size() - 1;
  }
  static bool touches(const Restriction& restriction, const std::string& country,
                      const std::string& metal, int year) {
    return !restriction.countries.empty() && names_or_all(restriction.countries, country) &&
           names_or_all(restriction.metals, metal) && year >= restriction.from_year &&
           year <= restriction.to_year;
  }
  static void check_probability(double p, const std::string& what) {
    if (!(p >= 0.0 && p <= 1.0))
      throw Error("supply.probability", what + " is " + number_text(p), "disruption",
                  "It must lie between 0 and 1.");
  }

  void check_options() const;
  void check_restrictions() const;
  void add_today();
  void add_stock();
  void add_sites();
  void restrict_today();
  void restrict_sites();
  void add_probabilities();
  void add_blocs();
  [[nodiscard]] std::vector<double> planned(std::size_t i) const;
  void say_early(std::size_t i, int year);
  [[nodiscard]] int base_year() const {
    return options_.base_year != 0 ? options_.base_year : demand_.years.front() - 1;
  }
  void check_plan();
  /// The years in which a plan is above what the source can make, at the start that fits it best.
  [[nodiscard]] std::vector<std::size_t> above(std::size_t i, int earliest) const;

  const SupplyDemand& demand_;
  const std::vector<StageSupply>& today_;
  const SupplySources& sources_;
  const std::vector<Restriction>& restrictions_;
  const std::vector<Stockpile>& stock_;
  const DisruptionOptions& options_;
  DisruptionResult& result_;
  DisruptionSetup setup_;
  std::vector<bool> touched_;
};

void SetupMaker::check_options() const {
  check_probability(options_.bloc_correlation, "the correlation within blocs");
  check_probability(options_.confidence, "the confidence");
  if (options_.confidence == 0.0 || options_.confidence == 1.0)
    throw Error("supply.probability", "the confidence is " + number_text(options_.confidence),
                "disruption", "It must lie between 0 and 1, both excluded.");
  for (const auto& [country, p] : options_.probability)
    check_probability(p, "the probability of " + printable(country));
  const auto refuse = [](const std::string& what, double value, const std::string& hint) {
    throw Error("supply.probability", what + " is " + number_text(value), "disruption", hint);
  };
  if (!(options_.severity_a > 0.0 && std::isfinite(options_.severity_a)))
    refuse("the first figure of the severity", options_.severity_a, "It must be above 0.");
  if (!(options_.severity_b > 0.0 && std::isfinite(options_.severity_b)))
    refuse("the second figure of the severity", options_.severity_b, "It must be above 0.");
  if (!(options_.years_mean >= 1.0 && std::isfinite(options_.years_mean)))
    refuse("the mean length of failures in years", options_.years_mean, "It must be 1 or more.");
  if (!(options_.probability_per_risk >= 0.0))
    refuse("the probability per point of risk", options_.probability_per_risk,
           "It must be 0 or more.");
  if (base_year() > demand_.years.back())
    throw Error("supply.base_year",
                "the base year " + std::to_string(base_year()) +
                    " is after the last year of the demand (" +
                    std::to_string(demand_.years.back()) + ")",
                "disruption", "No site would add anything: set an earlier base_year.");
  const auto check_length = [&](std::size_t length, const char* what) {
    if (length != 0 && length != sources_.list.size())
      throw Error("supply.length",
                  std::string(what) + " of " + std::to_string(length) + " sources, not of " +
                      std::to_string(sources_.list.size()),
                  sources_.table);
  };
  check_length(options_.start.size(), "start years");
  check_length(options_.plan.size(), "a plan");
}

void SetupMaker::check_restrictions() const {
  for (const auto& one : restrictions_) {
    const std::string where = name_of(one);
    if (one.countries.empty())
      throw Error("supply.restriction", "it names no country", where,
                  "Say countries = [\"CHN\"], or the name of a bloc.");
    if (!(one.kept >= 0.0 && one.kept <= 1.0))
      throw Error("supply.restriction", "it keeps " + percent(one.kept) + " of the sales", where,
                  "kept_pct lies between 0 (a ban) and 100.");
    if (one.quota_t < 0.0)
      throw Error("supply.restriction", "a quota of " + number_text(one.quota_t) + " t", where,
                  "It must be 0 or more.");
    if (one.from_year > one.to_year)
      throw Error("supply.restriction",
                  "it begins in " + std::to_string(one.from_year) + " and ends in " +
                      std::to_string(one.to_year),
                  where, "Turn the years round.");
    for (const auto& metal : one.metals) (void)needed_metal(metal, where);
  }
}

void SetupMaker::add_today() {
  setup_.stages.resize(demand_.metals.size());
  std::set<std::string> left;
  std::set<std::string> seen;
  const std::size_t years = demand_.years.size();
  for (const auto& row : today_) {
    const std::string where =
        row.where.empty() ? "today's supply, " + row.metal + " at " + row.stage : row.where;
    if (!(row.share >= 0.0) || std::isinf(row.share))
      throw Error("supply.negative",
                  "the share of " + printable(row.country) + " is " + number_text(row.share), where,
                  "It must be 0 or more.");
    if (trim(row.stage).empty())
      throw Error("supply.no_stage",
                  "the share of " + printable(row.country) + " in " + printable(row.metal) +
                      " has no stage",
                  where, "Name the stage it is of: mine, separation, metal, magnet.");
    const std::size_t m = metal_place(row.metal);
    if (m == demand_.metals.size()) {
      if (left.insert(row.metal).second)
        result_.findings.add("supply.not_demanded", Severity::note, where,
                             "no demand for " + printable(row.metal) + ": its supply is left out");
      continue;
    }
    if (!seen.insert(lower(row.stage) + "\n" + demand_.metals[m] + "\n" + row.country).second)
      throw Error("supply.duplicate_country",
                  printable(row.country) + " stands twice at one stage of " + demand_.metals[m],
                  where, "Add its shares up.");
    auto& stages = setup_.stages[m];
    auto stage = std::find_if(stages.begin(), stages.end(), [&](const SupplyStage& one) {
      return lower(one.name) == lower(row.stage);
    });
    if (stage == stages.end()) stage = stages.insert(stages.end(), {row.stage, {}});
    stage->lines.push_back({country_place(row.country), row.share, std::vector<double>(years, 1.0),
                            std::vector<double>(years, no_limit)});
  }
  for (std::size_t m = 0; m < demand_.metals.size(); ++m) {
    if (setup_.stages[m].empty())
      result_.findings.add("supply.not_covered", Severity::warning, demand_.metals[m],
                           "nothing says where it comes from today: all of it counts as safe");
    for (const auto& stage : setup_.stages[m]) {
      double sum = 0.0;
      for (const auto& line : stage.lines) sum += line.share;
      const std::string where = demand_.metals[m] + " at " + printable(stage.name);
      if (sum > 1.0 + share_slack)
        throw Error("supply.shares_over_one", "the countries add up to " + percent(sum), where,
                    "Shares are of the demand, and of one stage and metal they sum to 100 %.");
      if (sum < 1.0 - share_slack)
        result_.findings.add(
            "supply.not_covered", Severity::warning, where,
            "the countries add up to " + percent(sum) + " of the demand: the rest counts as safe");
    }
  }
}

void SetupMaker::add_stock() {
  setup_.stock.resize(demand_.metals.size());
  for (const auto& one : stock_) {
    const std::string where = "stockpile of " + printable(one.metal);
    const std::size_t m = needed_metal(one.metal, where);
    for (const auto& [value, what] : {std::pair{one.tonnes, "tonnes"},
                                      {one.per_year_t, "per_year_t"},
                                      {one.usd_per_kg, "usd_per_kg"}})
      if (!(value >= 0.0))
        throw Error("supply.negative", std::string(what) + " is " + number_text(value), where,
                    "It must be 0 or more.");
    setup_.stock[m].push_back({one.tonnes, one.per_year_t});
  }
}

std::vector<double> SetupMaker::planned(std::size_t i) const {
  const SupplySource& source = sources_.list[i];
  std::vector<double> made(demand_.years.size(), 0.0);
  const int start = options_.start.empty() ? first_year(source, base_year()) : options_.start[i];
  for (std::size_t y = 0; y < made.size(); ++y) {
    if (!options_.plan.empty())
      made[y] = y < options_.plan[i].size() ? options_.plan[i][y] : 0.0;
    else if (start != 0)
      made[y] = source.capacity_t_per_year.base * ramp_share(source, start, demand_.years[y]);
    if (!(made[y] >= 0.0))
      throw Error("supply.negative", "the plan makes " + number_text(made[y]) + " t",
                  source.where.empty() ? source.id : source.where, "It must be 0 or more.");
  }
  return made;
}

void SetupMaker::say_early(std::size_t i, int year) {
  const SupplySource& source = sources_.list[i];
  if (!std::isnan(source.not_before) && year < source.not_before)
    result_.findings.add("supply.start_early", Severity::warning,
                         source.where.empty() ? source.id : source.where,
                         "it is said to give oxide in " + std::to_string(year) +
                             ", before its permit allows (" + number_text(source.not_before) + ")");
}

void SetupMaker::add_sites() {
  const std::size_t years = demand_.years.size(), metals = demand_.metals.size();
  std::vector<std::size_t> place(metals, sources_.metals.size());
  for (std::size_t m = 0; m < metals; ++m) {
    for (std::size_t k = 0; k < sources_.metals.size(); ++k)
      if (lower(sources_.metals[k]) == lower(demand_.metals[m])) place[m] = k;
    if (place[m] == sources_.metals.size() && !sources_.list.empty())
      result_.findings.add("supply.no_source", Severity::warning, sources_.table,
                           "no source says how much " + demand_.metals[m] +
                               " it holds: the sites add none of it (they name " +
                               join(sources_.metals, ", ") + ")");
  }
  for (std::size_t i = 0; i < sources_.list.size(); ++i) {
    const SupplySource& source = sources_.list[i];
    SupplySite site;
    site.country = country_place(source.country);
    site.secondary = source.kind == "secondary";
    site.ranged = source.capacity_t_per_year.ranged() && source.capacity_t_per_year.base > 0.0;
    site.most_t = planned(i);
    for (const int year : demand_.years) site.limit_t.push_back(limit_in(source, year));
    for (std::size_t y = 0; y < years; ++y)
      if (site.most_t[y] > 0.0) say_early(i, demand_.years[y]);
    bool counted = false;
    for (std::size_t m = 0; m < metals; ++m) {
      double share = place[m] < source.share.size() ? source.share[place[m]] : 0.0;
      if (source.operating && share > 0.0 && !setup_.planned)
        for (const auto& stage : setup_.stages[m])
          for (const auto& line : stage.lines)
            if (line.country == site.country) {
              share = 0.0;
              counted = true;
            }
      site.part.emplace_back(years, share);
    }
    if (counted)
      result_.findings.add("supply.counted_today", Severity::note,
                           source.where.empty() ? source.id : source.where,
                           "it operates today, in a country that today's supply lists: it is part "
                           "of that and adds nothing");
    setup_.sites.push_back(std::move(site));
  }
}

std::vector<std::size_t> SetupMaker::above(std::size_t i, int earliest) const {
  const SupplySource& source = sources_.list[i];
  const auto& made = setup_.sites[i].most_t;
  std::vector<std::size_t> least_years;
  double least = no_limit;
  for (int start = earliest; start <= demand_.years.back() && least > 0.0; ++start) {
    std::vector<std::size_t> years;
    double excess = 0.0;
    for (std::size_t y = 0; y < made.size(); ++y) {
      const double most = output_t(source, start, demand_.years[y]);
      if (made[y] <= most + plan_slack * source.capacity_t_per_year.base) continue;
      excess += made[y] - most;
      years.push_back(y);
    }
    if (excess >= least) continue;
    least = excess;
    least_years = std::move(years);
  }
  return least_years;
}

/// A plan that was written by hand may say what no source can do. It is taken at its word.
void SetupMaker::check_plan() {
  std::vector<std::string> early, over;
  std::string first_early, first_over;
  for (std::size_t i = 0; i < sources_.list.size(); ++i) {
    const SupplySource& source = sources_.list[i];
    const auto& made = setup_.sites[i].most_t;
    std::size_t from = 0;
    while (from < made.size() && !(made[from] > 0.0)) ++from;
    if (from == made.size()) continue;
    const int year = demand_.years[from], can = first_year(source, base_year());
    if (year < can && !(year < source.not_before)) {  // permits are told by themselves
      if (early.empty())
        first_early = printable(source.id) + " in " + std::to_string(year) + ", can from " +
                      std::to_string(can) + " on";
      early.push_back(printable(source.id));
    }
    const auto years = above(i, std::min(year, can));
    if (years.empty()) continue;
    if (over.empty())
      first_over = printable(source.id) + " " + number_text(made[years.front()]) + " t in " +
                   std::to_string(demand_.years[years.front()]) + ", with a capacity of " +
                   number_text(source.capacity_t_per_year.base) + " t a year";
    over.push_back(printable(source.id));
  }
  if (!early.empty())
    result_.findings.add("supply.start_early", Severity::warning, join(early, ", "),
                         "the plan has output before they can give any, decided on in " +
                             std::to_string(base_year()) + " (" + first_early + ")",
                         early.size());
  if (!over.empty())
    result_.findings.add("supply.plan_above", Severity::warning, join(over, ", "),
                         "the plan makes more than capacity, ramp, life and yearly limits allow (" +
                             first_over + ")",
                         over.size());
}

void SetupMaker::restrict_today() {
  touched_.assign(restrictions_.size(), false);
  for (std::size_t m = 0; m < demand_.metals.size(); ++m)
    for (auto& stage : setup_.stages[m])
      for (auto& line : stage.lines)
        for (std::size_t r = 0; r < restrictions_.size(); ++r)
          for (std::size_t y = 0; y < demand_.years.size(); ++y) {
            const Restriction& one = restrictions_[r];
            if (line.share == 0.0 || !names_or_all(one.stages, stage.name) ||
                !touches(one, setup_.countries[line.country], demand_.metals[m], demand_.years[y]))
              continue;
            touched_[r] = true;
            if (std::isnan(one.quota_t))
              line.kept[y] *= one.kept;
            else
              line.quota_t[y] = std::min(line.quota_t[y], one.quota_t);
          }
}

/// A site sells under its country's restrictions, whatever their stage. What a quota leaves beside
/// the sales of today is shared out among the country's sites.
void SetupMaker::restrict_sites() {
  const std::size_t years = demand_.years.size();
  for (std::size_t m = 0; m < demand_.metals.size(); ++m)
    for (std::size_t c = 0; c < setup_.countries.size(); ++c)
      for (std::size_t y = 0; y < years; ++y) {
        double kept = 1.0, quota = no_limit;
        std::vector<std::size_t> of_it;
        for (std::size_t r = 0; r < restrictions_.size(); ++r) {
          const Restriction& one = restrictions_[r];
          if (!touches(one, setup_.countries[c], demand_.metals[m], demand_.years[y])) continue;
          of_it.push_back(r);
          if (std::isnan(one.quota_t))
            kept *= one.kept;
          else
            quota = std::min(quota, one.quota_t);
        }
        if (of_it.empty()) continue;
        double sites = 0.0, sold = 0.0;
        for (const auto& site : setup_.sites)
          if (site.country == c)
            sites += std::min(site.most_t[y], site.limit_t[y]) * site.part[m][y];
        if (sites == 0.0) continue;
        for (const std::size_t r : of_it) touched_[r] = true;
        for (const auto& stage : setup_.stages[m])
          for (const auto& line : stage.lines)
            if (line.country == c) sold = std::max(sold, line.share * demand_.at(m, y).base);
        kept = std::min(kept, std::max(0.0, quota - sold) / sites);
        for (auto& site : setup_.sites)
          if (site.country == c) site.part[m][y] *= kept;
      }
}

void SetupMaker::add_probabilities() {
  std::vector<std::string> unknown;
  for (const auto& country : setup_.countries) {
    double p = 0.0;
    const auto said = options_.probability.find(country);
    const auto risk = options_.governance.find(country);
    if (country == options_.home) {
      p = 0.0;
    } else if (said != options_.probability.end()) {
      p = said->second;
    } else if (risk != options_.governance.end()) {
      p = risk->second * options_.probability_per_risk;
      check_probability(p, "governance risk x probability_per_risk of " + printable(country));
    } else if (options_.draws > 0) {
      unknown.push_back(printable(country));
    }
    setup_.probability.push_back(p);
    result_.failure[country] = p;
  }
  if (!unknown.empty())
    result_.findings.add("supply.no_probability", Severity::warning, join(unknown, ", "),
                         "neither a probability nor a governance risk: never fails by chance");
  add_blocs();
}

void SetupMaker::add_blocs() {
  std::map<std::string, std::vector<std::size_t>> members;
  setup_.bloc.assign(setup_.countries.size(), -1);
  for (std::size_t c = 0; c < setup_.countries.size(); ++c) {
    const auto bloc = options_.bloc.find(setup_.countries[c]);
    const double p = setup_.probability[c];
    if (bloc != options_.bloc.end() && p > 0.0 && p < 1.0) members[bloc->second].push_back(c);
  }
  for (const auto& [name, countries] : members) {
    if (countries.size() < 2) continue;
    for (const std::size_t c : countries) setup_.bloc[c] = static_cast<int>(setup_.blocs.size());
    setup_.blocs.push_back(name);
  }
}

}  // namespace

DisruptionSetup disruption_setup(const SupplyDemand& demand, const std::vector<StageSupply>& today,
                                 const SupplySources& sources,
                                 const std::vector<Restriction>& restrictions,
                                 const std::vector<Stockpile>& stock,
                                 const DisruptionOptions& options, DisruptionResult& result) {
  return SetupMaker(demand, today, sources, restrictions, stock, options, result).make();
}

}  // namespace lode
