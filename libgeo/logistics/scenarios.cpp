#include "libgeo/logistics/scenarios.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace lode {

namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

// A year without a leap day.
constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

/// The side from which `route` itself would search, so that pairs listed one by one are searched
/// as they were: to the last digit, and of equally dear ways the same one.
SearchFrom side_of(const RouteOptions& options, const Places& from, const Places& to) {
  if (options.search_from != SearchFrom::fewer) return options.search_from;
  const std::size_t sites = from.list.size(), places = to.list.size();
  const bool at_places = options.pairs == Pairs::nearest ? 2 * places < sites : places < sites;
  return at_places ? SearchFrom::places : SearchFrom::sites;
}

/// The same search for these pairs only.
RouteOptions listed(RouteOptions options, const Places& from, const Places& to,
                    std::vector<Pair> pairs) {
  options.search_from = side_of(options, from, to);
  options.pairs = Pairs::listed;
  options.listed = std::move(pairs);
  return options;
}

/// What is minimised, snaps included, as the ranking of nearest places has it.
double minimised(const RouteRow& row, Minimise minimise) {
  if (!row.reachable()) return std::numeric_limits<double>::infinity();
  switch (minimise) {
    case Minimise::distance: {
      double km = 0.0;
      for (const auto& leg : row.legs) km += leg.distance_km;
      return km;
    }
    case Minimise::hours:
      return row.hours;
    case Minimise::co2e:
      return row.co2e_kg_per_t;
    case Minimise::cost:
      break;
  }
  return row.cost_usd_per_t;
}

/// The places that are nearest in the best month. A place among the K nearest by its best month is
/// among the K nearest in that month, so the months' own lists hold them all.
std::vector<Pair> nearest_in_best_month(const std::vector<RouteTable>& months,
                                        const RouteOptions& options, std::size_t sites) {
  std::vector<std::map<std::uint32_t, double>> best(sites);
  for (const auto& month : months)
    for (const auto& row : month.rows) {
      const double weight = minimised(row, options.minimise);
      const auto [known, is_new] = best[row.from].try_emplace(row.to, weight);
      if (!is_new) known->second = std::min(known->second, weight);
    }
  std::vector<Pair> pairs;
  for (std::uint32_t site = 0; site < sites; ++site) {
    std::vector<std::pair<double, std::uint32_t>> order;
    for (const auto& [place, weight] : best[site]) order.emplace_back(weight, place);
    std::sort(order.begin(), order.end());
    // A site without any way in some month has stand-ins there; they count only without others.
    const bool any = !order.empty() && std::isfinite(order.front().first);
    for (std::size_t i = 0; i < order.size() && i < (any ? options.nearest : 1); ++i)
      if (!any || std::isfinite(order[i].first)) pairs.emplace_back(site, order[i].second);
  }
  return pairs;
}

void summarise(YearRow& row) {
  double sum = 0.0;
  for (std::size_t m = 0; m < 12; ++m) {
    if (row.reason[m] != Unreachable::no) continue;
    ++row.months_open;
    sum += row.cost_usd_per_t[m];
    const auto dearest = static_cast<std::size_t>(row.dearest_month);
    if (dearest == 0 || row.cost_usd_per_t[m] > row.cost_usd_per_t[dearest - 1])
      row.dearest_month = static_cast<int>(m) + 1;
  }
  if (row.months_open > 0) row.mean_usd_per_t = sum / row.months_open;
  // Twice round, so that a run over the new year is met whole; a year has 365 days at most.
  int run = 0;
  for (std::size_t m = 0; m < 24; ++m) {
    run = row.reason[m % 12] == Unreachable::no ? 0 : run + kDays[m % 12];
    row.longest_closed_days = std::max(row.longest_closed_days, std::min(run, 365));
  }
}

/// For each month the first one in which the same lines are closed.
std::array<std::size_t, 12> first_alike(const Network& network) {
  std::set<std::uint16_t> closed;
  for (const auto& line : network.lines) closed.insert(line.months_closed);
  std::array<std::size_t, 12> first{};
  for (std::size_t m = 0; m < 12; ++m) {
    first[m] = m;
    for (std::size_t k = 0; k < m && first[m] == m; ++k)
      if (std::all_of(closed.begin(), closed.end(),
                      [&](unsigned mask) { return (mask >> m & 1U) == (mask >> k & 1U); }))
        first[m] = k;
  }
  return first;
}

}  // namespace

std::vector<YearRow> route_year(const Network& network, const Tariff& tariff,
                                const Terminals& terminals, const Places& from, const Places& to,
                                const RouteOptions& options, const Progress& progress) {
  const auto first = first_alike(network);
  std::vector<std::size_t> distinct;
  for (std::size_t m = 0; m < 12; ++m)
    if (first[m] == m) distinct.push_back(m);
  const bool choose = options.pairs == Pairs::nearest;
  const double rounds = static_cast<double>(distinct.size()) * (choose ? 2.0 : 1.0);
  double done = 0.0;
  const auto route_month = [&](RouteOptions month_options, std::size_t m) {
    month_options.month = static_cast<int>(m) + 1;
    month_options.lines = month_options.leg_lines = false;
    const Progress part = progress.part(done / rounds, (done + 1.0) / rounds);
    done += 1.0;
    return route(network, tariff, terminals, from, to, month_options, part);
  };
  RouteOptions wanted = options;
  if (choose) {
    RouteOptions ranked = options;
    ranked.legs = options.minimise == Minimise::distance;
    std::vector<RouteTable> months;
    for (const auto m : distinct) months.push_back(route_month(ranked, m));
    wanted = listed(options, from, to, nearest_in_best_month(months, options, from.list.size()));
  }
  std::vector<YearRow> rows;
  for (const auto m : distinct) {
    const RouteTable table = route_month(wanted, m);
    rows.resize(table.rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const RouteRow& row = table.rows[i];
      rows[i].from = row.from;
      rows[i].to = row.to;
      for (std::size_t k = m; k < 12; ++k) {
        if (first[k] != m) continue;
        rows[i].cost_usd_per_t[k] = row.cost_usd_per_t;
        rows[i].distance_km[k] = row.distance_km;
        rows[i].hours[k] = row.hours;
        rows[i].reason[k] = row.reason;
      }
    }
  }
  for (auto& row : rows) summarise(row);
  progress.update(1.0);
  return rows;
}

std::vector<Detour> price_detours(const Network& network, const Tariff& tariff,
                                  const Terminals& terminals, const Places& from, const Places& to,
                                  const RouteOptions& options, const RouteTable& closed,
                                  const Progress& progress) {
  RouteOptions open_options = options;
  if (options.pairs == Pairs::nearest) {
    std::vector<Pair> pairs;
    for (const auto& row : closed.rows) pairs.emplace_back(row.from, row.to);
    open_options = listed(options, from, to, std::move(pairs));
  }
  open_options.close.clear();
  open_options.avoid.clear();
  open_options.lines = open_options.leg_lines = false;
  const RouteTable open = route(network, tariff, terminals, from, to, open_options, progress);
  std::vector<Detour> detours(closed.rows.size());
  for (std::size_t i = 0; i < detours.size(); ++i) {
    const RouteRow& now = closed.rows[i];
    const RouteRow& before = open.rows[i];
    Detour& detour = detours[i];
    detour.lost = !now.reachable() && before.reachable();
    // NaN on either side stays NaN.
    detour.distance_km = now.distance_km - before.distance_km;
    detour.cost_usd_per_t = now.cost_usd_per_t - before.cost_usd_per_t;
    detour.hours = now.hours - before.hours;
    detour.co2e_kg_per_t = now.co2e_kg_per_t - before.co2e_kg_per_t;
  }
  return detours;
}

}  // namespace lode
