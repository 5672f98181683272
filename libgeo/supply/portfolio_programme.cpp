// The programme of a portfolio: variables, rows and the requirements that they stand for.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/portfolio_parts.h"

namespace lode {

bool listed(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool in_case(const ModelCase& one, int year) {
  return year >= one.scenario.from_year && year <= one.scenario.to_year;
}

double case_demand(const SupplyDemand& demand, const ModelCase& one, std::size_t m, std::size_t t) {
  const double factor = in_case(one, demand.years[t]) ? one.scenario.demand_factor : 1.0;
  return demand.at(m, t).base * factor / model_tonnes;
}

double penalty_usd_per_kg(const PortfolioPolicy& policy, const std::string& metal) {
  for (const auto& [name, usd] : policy.penalty)
    if (lower(name) == lower(metal)) return usd;
  return policy.shortfall_usd_per_kg.value_or(PortfolioPolicy::usual_shortfall);
}

double counted_t(double tonnes, double demand_t) {
  return tonnes > std::max(1e-6, 1e-6 * demand_t) ? tonnes : 0.0;
}

double year_factor(const PortfolioPolicy& policy, int year) {
  return std::pow(1.0 + policy.discount, policy.base_year - year);
}

std::vector<std::pair<int, double>> capex_years(const SupplySource& source, int start) {
  std::vector<std::pair<int, double>> years;
  const double capex = source.capex_usd.known() ? source.capex_usd.base : 0.0;
  if (source.operating || capex == 0.0) return years;
  const int lead = std::max(1, static_cast<int>(std::ceil(source.lead_years)));
  const int last = source.lead_years > 0.0 ? start - 1 : start;
  for (int year = last - lead + 1; year <= last; ++year) years.emplace_back(year, capex / lead);
  return years;
}

double start_cost_usd(const SupplySource& source, const PortfolioPolicy& policy, int start,
                      int last) {
  double cost = 0.0;
  for (const auto& [year, usd] : capex_years(source, start))
    cost += usd * year_factor(policy, year);
  for (int year = start; year <= last; ++year)
    if (ramp_share(source, start, year) > 0.0)
      cost += source.fixed_usd_per_year * year_factor(policy, year);
  return cost;
}

ProgrammeOptions search_options(const PortfolioPolicy& policy) {
  ProgrammeOptions options;
  options.gap = policy.gap;
  options.nodes = policy.nodes;
  return options;
}

namespace {

using Term = std::pair<std::uint32_t, double>;
using Terms = std::vector<Term>;

/// Names that LP files take: the id where it is one, else with its place before it.
std::vector<std::string> names_of(const SupplySources& sources) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& source : sources.list) {
    std::string name;
    for (const char c : source.id)
      name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ? c : '_';
    name.resize(std::min<std::size_t>(name.size(), 60));
    if (name != source.id || !seen.insert(lower(name)).second)
      name = "no" + std::to_string(names.size() + 1) + "." + name;
    names.push_back(name);
  }
  return names;
}

class Builder {
 public:
  Builder(const SupplySources& sources, const SupplyDemand& demand, const PortfolioPolicy& policy,
          const ModelTerms& terms)
      : sources_(sources), demand_(demand), policy_(policy), terms_(terms) {}
  [[nodiscard]] PortfolioModel build();

 private:
  void cases();
  void starts(std::size_t s);
  void closing(std::size_t s);
  void output(std::size_t k, std::size_t s, std::size_t t);
  void needs(std::size_t k);
  void limits(std::size_t k);
  void limit(std::size_t k, const PortfolioLimit& one, const std::string& country);
  void caps(std::size_t k);
  void budgets();
  void chosen();
  void spread();
  void objective();

  [[nodiscard]] double cost_scale() const {
    return terms_.aim == ModelAim::cost || terms_.aim == ModelAim::worst ? 1.0 : 0.0;
  }
  [[nodiscard]] int last() const { return demand_.years.back(); }
  [[nodiscard]] double share(std::size_t s, std::size_t m) const {
    return sources_.list[s].share[model_.metal[m]];
  }
  /// sum over starts of what a start weighs, in the variables of `begun`.
  [[nodiscard]] Terms by_start(std::size_t s, const std::function<double(int)>& weight) const;
  [[nodiscard]] double most(std::size_t k, std::size_t s, int start, int year) const;
  [[nodiscard]] std::string ending(std::size_t k, std::size_t t) const {
    const std::string year = "_" + std::to_string(demand_.years[t]);
    return model_.cases.size() == 1 ? year : year + "_s" + std::to_string(k + 1);
  }
  [[nodiscard]] std::string in(std::size_t k, std::size_t t) const {
    const std::string year = " in " + std::to_string(demand_.years[t]);
    return model_.cases.size() == 1 ? year : year + " (" + model_.cases[k].scenario.name + ")";
  }
  std::uint32_t add(const std::string& name, double low, double high, double cost,
                    bool whole = false) {
    return model_.programme.add(Programme::Variable{name, low, high, cost, whole});
  }
  std::uint32_t row(const std::string& requirement, double low, double high, Terms terms) {
    return model_.programme.add(
        Programme::Row{"r" + std::to_string(model_.programme.rows.size() + 1), requirement, low,
                       high, std::move(terms)});
  }

  /// Remembers that the row's sides are these parts of a demand.
  void side(std::size_t k, std::size_t m, std::size_t t, double low, double high,
            std::uint32_t row) {
    if (k == 0) model_.sides.push_back({row, m, t, low, high});
  }

  const SupplySources& sources_;
  const SupplyDemand& demand_;
  const PortfolioPolicy& policy_;
  const ModelTerms& terms_;
  PortfolioModel model_;
  std::vector<std::string> names_;
  std::vector<Terms> case_cost_;  // recourse of each case, in the worst case's row
  Terms start_cost_;
};

void Builder::cases() {
  if (terms_.only != SIZE_MAX) {
    model_.cases.push_back({1.0, policy_.scenarios.at(terms_.only)});
  } else if (terms_.scenarios && !policy_.scenarios.empty()) {
    double sum = 0.0;
    for (const auto& one : policy_.scenarios) sum += one.weight;
    for (const auto& one : policy_.scenarios) model_.cases.push_back({one.weight / sum, one});
  } else {
    model_.cases.push_back({});
  }
  case_cost_.resize(model_.cases.size());
}

Terms Builder::by_start(std::size_t s, const std::function<double(int)>& weight) const {
  Terms terms;
  const auto& begun = model_.begun[s];
  for (std::size_t k = 0; k < begun.size(); ++k) {
    const int start = model_.first[s] + static_cast<int>(k);
    const double next = k + 1 < begun.size() ? weight(start + 1) : 0.0;
    const double factor = weight(start) - next;
    if (factor != 0.0) terms.emplace_back(begun[k], factor);
  }
  return terms;
}

void Builder::starts(std::size_t s) {
  const SupplySource& source = sources_.list[s];
  // It may begin before there is demand, so that it has risen to its capacity when there is.
  const int first = first_year(source, policy_.base_year);
  model_.first[s] = source.operating ? std::max(first, demand_.years.front()) : first;
  if (source.operating) return closing(s);
  auto& begun = model_.begun[s];
  for (int year = first; year <= last(); ++year)
    begun.push_back(add("begun_" + names_[s] + "_" + std::to_string(year), 0.0, 1.0, 0.0, true));
  for (std::size_t k = 1; k < begun.size(); ++k)
    row("", 0.0, unbounded_value, {{begun[k], 1.0}, {begun[k - 1], -1.0}});
  for (const auto& term : by_start(s, [&](int start) {
         return start_cost_usd(source, policy_, start, last()) / model_usd;
       }))
    start_cost_.push_back(term);
}

/// An operating source costs its fixed cost whether it sells or not, unless it may be closed.
void Builder::closing(std::size_t s) {
  const SupplySource& source = sources_.list[s];
  std::size_t before = 0;
  for (std::size_t t = 0; t < model_.years; ++t) {
    const int year = demand_.years[t];
    before += year < policy_.base_year ? 1 : 0;
    if (ramp_share(source, policy_.base_year, year) == 0.0) continue;
    const double fixed = source.fixed_usd_per_year * model_.factor[t] / model_usd;
    if (!policy_.may_close || fixed == 0.0) {
      model_.programme.constant += fixed;
      continue;
    }
    const auto open = add("stays_" + names_[s] + "_" + std::to_string(year), 0.0, 1.0, 0.0, true);
    if (!model_.stays[s].empty())
      row("", 0.0, unbounded_value, {{model_.stays[s].back(), 1.0}, {open, -1.0}});
    model_.stays[s].push_back(open);
    start_cost_.emplace_back(open, fixed);
  }
  auto& stays = model_.stays[s];
  if (!stays.empty()) stays.insert(stays.begin(), before, stays.front());
}

double Builder::most(std::size_t k, std::size_t s, int start, int year) const {
  const SupplySource& source = sources_.list[s];
  double made = output_t(source, start, year) / model_tonnes;
  const ModelCase& one = model_.cases[k];
  if (!in_case(one, year)) return made;
  if (!source.operating) made *= one.scenario.capacity_factor;
  const bool lost = listed(one.scenario.lost_sources, source.id) ||
                    listed(one.scenario.lost_countries, source.country);
  return lost ? 0.0 : made;
}

void Builder::output(std::size_t k, std::size_t s, std::size_t t) {
  const SupplySource& source = sources_.list[s];
  const int year = demand_.years[t];
  double high = 0.0;
  if (source.operating) {
    high = most(k, s, policy_.base_year, year);
  } else {
    for (int start = model_.first[s]; start <= year; ++start)
      high = std::max(high, most(k, s, start, year));
  }
  if (high == 0.0) return;
  const double factor = in_case(model_.cases[k], year) ? model_.cases[k].scenario.cost_factor : 1.0;
  const double usd = source.opex_usd_per_kg.base * factor * model_.factor[t];
  const auto made = add("made_" + names_[s] + ending(k, t), 0.0, high, 0.0);
  model_.made[model_.made_at(k, s, t)] = made;
  case_cost_[k].emplace_back(made, usd);
  Terms terms{{made, 1.0}};
  if (!source.operating) {
    for (const auto& [variable, out] :
         by_start(s, [&](int start) { return most(k, s, start, year); }))
      terms.emplace_back(variable, -out);
    row("", -unbounded_value, 0.0, std::move(terms));
  } else if (t < model_.stays[s].size()) {
    terms.emplace_back(model_.stays[s][t], -high);
    row("", -unbounded_value, 0.0, std::move(terms));
  }
}

void Builder::needs(std::size_t k) {
  const bool lack = policy_.allow_shortfall || terms_.may_lack || terms_.aim == ModelAim::shortage;
  for (std::size_t m = 0; m < model_.metals; ++m)
    for (std::size_t t = 0; t < model_.years; ++t) {
      const double need = case_demand(demand_, model_.cases[k], m, t);
      Terms terms;
      for (std::size_t s = 0; s < model_.sources; ++s) {
        const auto made = model_.made[model_.made_at(k, s, t)];
        if (made != no_variable && share(s, m) > 0.0) terms.emplace_back(made, share(s, m));
      }
      const std::string tail = demand_.metals[m] + ending(k, t);
      if (lack && need > 0.0) {
        const double penalty = penalty_usd_per_kg(policy_, demand_.metals[m]);
        const auto missing = add("lacking_" + tail, 0.0, need, 0.0);
        model_.lacking[model_.lack_at(k, m, t)] = missing;
        case_cost_[k].emplace_back(missing, penalty * model_.factor[t]);
        terms.emplace_back(missing, 1.0);
      }
      if (policy_.resell_surplus) {
        const double price = policy_.prices.of(demand_.metals[m], demand_.years[t]).base;
        const auto sold = add("sold_" + tail, 0.0, unbounded_value, 0.0);
        model_.sold[model_.lack_at(k, m, t)] = sold;
        case_cost_[k].emplace_back(sold, -price * model_.factor[t]);
        terms.emplace_back(sold, -1.0);
      }
      if (need > 0.0 || policy_.resell_surplus)
        side(k, m, t, 1.0, 0.0,
             row("demand of " + demand_.metals[m] + in(k, t), need, unbounded_value,
                 std::move(terms)));
    }
}

std::string limit_words(const PortfolioLimit& one) {
  if (!one.name.empty()) return one.name;
  std::string who = one.each_country ? "any country" : "";
  for (const auto* word : {&one.country, &one.group, &one.kind, &one.source})
    if (!word->empty()) who += (who.empty() ? "" : " ") + *word;
  if (who.empty()) who = "all sources";
  std::string text;
  if (one.min_share > 0.0)
    text = (who == "secondary" ? "minimum recycled share " : "minimum share of " + who + " ") +
           number_text(100.0 * one.min_share) + " %";
  if (std::isfinite(one.max_share))
    text += (text.empty() ? "" : ", ") + ("maximum share of " + who + " ") +
            number_text(100.0 * one.max_share) + " %";
  if (std::isfinite(one.max_t))
    text += (text.empty() ? "" : ", ") + ("at most " + number_text(one.max_t) + " t of " + who);
  return text;
}

void Builder::limit(std::size_t k, const PortfolioLimit& one, const std::string& country) {
  const auto covers = [&](const SupplySource& source) {
    return (country.empty() || source.country == country) && !listed(one.but, source.country) &&
           (one.group.empty() || source.group == one.group) &&
           (one.kind.empty() || source.kind == one.kind) &&
           (one.source.empty() || source.id == one.source);
  };
  for (std::size_t t = 0; t < model_.years; ++t) {
    if (demand_.years[t] < one.from_year || demand_.years[t] > one.to_year) continue;
    Terms all;
    for (std::size_t s = 0; s < model_.sources; ++s) {
      const auto made = model_.made[model_.made_at(k, s, t)];
      if (made != no_variable && covers(sources_.list[s])) all.emplace_back(made, s);
    }
    if (std::isfinite(one.max_t) && !all.empty()) {
      Terms terms;
      for (const auto& [made, s] : all) terms.emplace_back(made, 1.0);
      row(limit_words(one) + in(k, t), -unbounded_value, one.max_t / model_tonnes, terms);
    }
    if (!std::isfinite(one.max_share) && one.min_share == 0.0) continue;
    for (std::size_t m = 0; m < model_.metals; ++m) {
      if (!one.metal.empty() && lower(one.metal) != lower(demand_.metals[m])) continue;
      Terms terms;
      for (const auto& [made, s] : all) {
        const double part = share(static_cast<std::size_t>(s), m);
        if (part > 0.0) terms.emplace_back(made, part);
      }
      const double need = case_demand(demand_, model_.cases[k], m, t);
      if (terms.empty() && one.min_share * need <= 0.0) continue;
      const bool least = one.min_share > 0.0, most = std::isfinite(one.max_share);
      side(k, m, t, least ? one.min_share : 0.0, most ? one.max_share : 0.0,
           row(limit_words(one) + ", " + demand_.metals[m] + in(k, t),
               least ? one.min_share * need : -unbounded_value,
               most ? one.max_share * need : unbounded_value, std::move(terms)));
    }
  }
}

void Builder::limits(std::size_t k) {
  for (const auto& one : policy_.limits) {
    if (!one.each_country) {
      limit(k, one, one.country);
      continue;
    }
    for (const auto& country : model_.countries)
      if (!listed(one.but, country)) limit(k, one, country);
  }
}

void Builder::caps(std::size_t k) {
  for (const auto& cap : policy_.caps) {
    const auto b = static_cast<std::size_t>(
        std::find(sources_.burdens.begin(), sources_.burdens.end(), cap.burden) -
        sources_.burdens.begin());
    for (std::size_t t = 0; t < model_.years; ++t) {
      if (demand_.years[t] < cap.from_year || demand_.years[t] > cap.to_year) continue;
      Terms terms;
      for (std::size_t s = 0; s < model_.sources; ++s) {
        const auto& source = sources_.list[s];
        const auto made = model_.made[model_.made_at(k, s, t)];
        if (made == no_variable || source.burden[b] == 0.0) continue;
        if (!cap.country.empty() && source.country != cap.country) continue;
        terms.emplace_back(made, source.burden[b]);
      }
      if (terms.empty()) continue;
      // Burdens are a kg of oxide: a unit of the programme is a million kg.
      row("cap on " + cap.burden + (cap.country.empty() ? "" : " in " + cap.country) + " of " +
              number_text(cap.max) + in(k, t),
          -unbounded_value, cap.max / (model_tonnes * 1000.0), std::move(terms));
    }
  }
}

void Builder::budgets() {
  const auto spent = [&](int from, int to) {
    Terms terms;
    for (std::size_t s = 0; s < model_.sources; ++s)
      for (const auto& term : by_start(s, [&](int start) {
             double usd = 0.0;
             for (const auto& [year, part] : capex_years(sources_.list[s], start))
               if (year >= from && year <= to) usd += part;
             return usd / model_usd;
           }))
        terms.push_back(term);
    return terms;
  };
  if (std::isfinite(policy_.budget_usd))
    row("budget of " + number_text(policy_.budget_usd) + " USD", -unbounded_value,
        policy_.budget_usd / model_usd, spent(-9999, 9999));
  if (!std::isfinite(policy_.yearly_budget_usd)) return;
  for (int year = std::min(policy_.base_year, demand_.years.front()); year <= last(); ++year)
    if (auto terms = spent(year, year); !terms.empty())
      row("budget of " + number_text(policy_.yearly_budget_usd) + " USD in " + std::to_string(year),
          -unbounded_value, policy_.yearly_budget_usd / model_usd, std::move(terms));
}

void Builder::chosen() {
  for (std::size_t s = 0; s < model_.sources; ++s) {
    const auto& source = sources_.list[s];
    if (listed(policy_.require, source.id) && !source.operating) {
      Terms terms;
      if (!model_.begun[s].empty()) terms.emplace_back(model_.begun[s].back(), 1.0);
      row(source.id + " is required", 1.0, unbounded_value, std::move(terms));
    }
    if (!listed(policy_.exclude, source.id)) continue;
    Terms terms;
    if (!model_.begun[s].empty()) terms.emplace_back(model_.begun[s].back(), 1.0);
    for (std::size_t k = 0; k < model_.cases.size(); ++k)
      for (std::size_t t = 0; t < model_.years; ++t)
        if (const auto made = model_.made[model_.made_at(k, s, t)]; made != no_variable)
          terms.emplace_back(made, 1.0);
    if (!terms.empty()) row(source.id + " is excluded", -unbounded_value, 0.0, std::move(terms));
  }
}

/// Part of what is used by country, and its square from below by tangents (added to the programme
/// as they are needed; these first).
void Builder::spread() {
  model_.used.assign(model_.countries.size() * model_.metals * model_.years, no_variable);
  model_.square = model_.used;
  for (std::size_t m = 0; m < model_.metals; ++m)
    for (std::size_t t = 0; t < model_.years; ++t) {
      if (case_demand(demand_, model_.cases[0], m, t) <= 0.0) continue;
      for (std::size_t c = 0; c < model_.countries.size(); ++c) {
        Terms terms;
        for (std::size_t s = 0; s < model_.sources; ++s) {
          const auto made = model_.made[model_.made_at(0, s, t)];
          if (made != no_variable && share(s, m) > 0.0 &&
              sources_.list[s].country == model_.countries[c])
            terms.emplace_back(made, share(s, m));
        }
        if (terms.empty()) continue;
        const std::string tail = std::to_string(c + 1) + "_" + demand_.metals[m] + ending(0, t);
        const std::size_t at = (c * model_.metals + m) * model_.years + t;
        model_.used[at] = add("used_" + tail, 0.0, unbounded_value, 0.0);
        model_.square[at] = add("square_" + tail, 0.0, 1.0, 0.0);
        terms.emplace_back(model_.used[at], -1.0);
        row("", 0.0, unbounded_value, std::move(terms));
      }
    }
}

void Builder::objective() {
  Programme& programme = model_.programme;
  const double scale = cost_scale();
  if (scale == 0.0) programme.constant = 0.0;
  for (const auto& [variable, cost] : start_cost_)
    programme.variables[variable].cost += scale * cost;
  for (std::size_t k = 0; k < model_.cases.size(); ++k) {
    if (terms_.aim == ModelAim::worst) continue;
    for (const auto& [variable, cost] : case_cost_[k])
      programme.variables[variable].cost += scale * model_.cases[k].weight * cost;
  }
  if (terms_.aim == ModelAim::shortage)
    for (const auto variable : model_.lacking)
      if (variable != no_variable) programme.variables[variable].cost = 1.0;
  if (terms_.aim != ModelAim::worst) return;
  model_.worst = add("worst", -unbounded_value, unbounded_value, 1.0);
  for (std::size_t k = 0; k < model_.cases.size(); ++k) {
    Terms terms = case_cost_[k];
    for (auto& term : terms) term.second = -term.second;
    terms.emplace_back(model_.worst, 1.0);
    row("", 0.0, unbounded_value, std::move(terms));
  }
}

PortfolioModel Builder::build() {
  model_.sources = sources_.list.size();
  model_.metals = demand_.metals.size();
  model_.years = demand_.years.size();
  model_.year = demand_.years;
  for (const auto& metal : demand_.metals) model_.metal.push_back(sources_.metal(metal));
  for (const int year : demand_.years) model_.factor.push_back(year_factor(policy_, year));
  for (const auto& source : sources_.list)
    if (!listed(model_.countries, source.country)) model_.countries.push_back(source.country);
  cases();
  names_ = names_of(sources_);
  model_.first.assign(model_.sources, 0);
  model_.begun.resize(model_.sources);
  model_.stays.resize(model_.sources);
  const std::size_t count = model_.cases.size();
  model_.made.assign(count * model_.sources * model_.years, no_variable);
  model_.lacking.assign(count * model_.metals * model_.years, no_variable);
  model_.sold = model_.lacking;
  for (std::size_t s = 0; s < model_.sources; ++s) starts(s);
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t s = 0; s < model_.sources; ++s)
      for (std::size_t t = 0; t < model_.years; ++t) output(k, s, t);
    needs(k);
    limits(k);
    caps(k);
  }
  budgets();
  chosen();
  if (terms_.spread) spread();
  objective();
  return std::move(model_);
}

}  // namespace

PortfolioModel portfolio_model(const SupplySources& sources, const SupplyDemand& demand,
                               const PortfolioPolicy& policy, const ModelTerms& terms) {
  PortfolioPolicy with = policy;
  if (with.base_year == 0) with.base_year = demand.years.front();
  return Builder(sources, demand, with, terms).build();
}

Programme portfolio_programme(const SupplySources& sources, const SupplyDemand& demand,
                              const PortfolioPolicy& policy) {
  Findings ignored;
  check_portfolio(sources, demand, policy, ignored);
  ModelTerms terms;
  terms.aim = policy.aim == PortfolioAim::shortfall ? ModelAim::shortage : ModelAim::cost;
  return portfolio_model(sources, demand, policy, terms).programme;
}

}  // namespace lode
