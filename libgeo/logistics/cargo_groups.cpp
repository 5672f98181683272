#include "libgeo/logistics/cargo_groups.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <tuple>

#include "libgeo/core/error.h"

namespace lode {

namespace {

bool has_parcels(const Network& network, const Tariff& tariff) {
  for (const auto& carrier : network.carriers)
    if (const ModeRates* mode = tariff.mode(carrier.mode)) {
      if (!std::isnan(mode->parcel_t)) return true;
      for (const auto& one : mode->classes)
        if (!std::isnan(one.parcel_t)) return true;
    }
  return false;
}

}  // namespace

void GroupFindings::add(const Findings& findings, std::size_t sites) {
  for (Finding finding : findings.list()) {
    if (finding.code == "route.class7_unknown") finding.count = sites;
    const bool adds_up = finding.code == "route.class7_unknown" ||
                         finding.code == "route.unreachable" || finding.code == "route.seasonal" ||
                         finding.where == "sites";
    const auto [at, fresh] =
        index_.try_emplace(std::pair{finding.code, finding.where}, list_.size());
    if (fresh)
      list_.push_back(finding);
    else if (adds_up)
      list_[at->second].count += finding.count;
    else
      list_[at->second].count = std::max(list_[at->second].count, finding.count);
  }
}

void GroupFindings::into(Findings& findings) const {
  for (const auto& finding : list_) findings.add(finding);
}

CargoSelection select_sites(const Places& from, const Places& to, const RouteSnaps& snaps,
                            const std::vector<std::uint32_t>& sites, bool pairwise) {
  CargoSelection some{{from.crs, {}}, {to.crs, {}}, {snaps.terminals, {}, {}}};
  for (const auto site : sites) {
    some.from.list.push_back(from.list[site]);
    some.snaps.from.push_back(snaps.from[site]);
    if (!pairwise) continue;
    some.to.list.push_back(to.list[site]);
    some.snaps.to.push_back(snaps.to[site]);
  }
  if (!pairwise) {
    some.to = to;
    some.snaps.to = snaps.to;
  }
  return some;
}

std::vector<CargoGroup> cargo_groups(const RouteOptions& options, std::size_t sites,
                                     const Network& network, const Tariff& tariff,
                                     const Terminals& terminals) {
  if (options.cargoes.size() != sites)
    throw Error("route.cargo_length", std::to_string(options.cargoes.size()) + " loads for " +
                                          std::to_string(sites) + " sites: give one a site");
  const bool parcels = has_parcels(network, tariff);
  double least_capacity = std::numeric_limits<double>::infinity();
  for (const auto& terminal : terminals.list)
    if (terminal.capacity_t_per_year < least_capacity)
      least_capacity = terminal.capacity_t_per_year;
  std::vector<CargoGroup> groups;
  // Class, whether the tonnes matter, and the tonnes.
  std::map<std::tuple<int, bool, double>, std::size_t> known;
  for (std::uint32_t site = 0; site < sites; ++site) {
    const Cargo& cargo = options.cargoes[site];
    const Class7 class7 = class7_of(cargo);
    const bool said = !std::isnan(cargo.thorium_ppm) || !std::isnan(cargo.uranium_ppm);
    const int kind = class7 == Class7::yes ? 2 : class7 == Class7::unknown && said ? 1 : 0;
    const bool tonnes = !std::isnan(cargo.annual_t) && (parcels || cargo.annual_t > least_capacity);
    const auto [at, fresh] =
        known.try_emplace({kind, tonnes, tonnes ? cargo.annual_t : 0.0}, groups.size());
    if (fresh) groups.push_back({cargo, {}});
    groups[at->second].sites.push_back(site);
  }
  return groups;
}

RouteSnaps snap_route(const Network& network, const Terminals& terminals, const Places& from,
                      const Places& to, const RouteOptions& options, const Progress& progress) {
  SnapOptions snap = options.snap;
  snap.jobs = options.jobs;
  // In one call, so that the lines are indexed once.
  std::vector<LonLat> all;
  for (const auto* places : {&from, &to})
    for (const auto& place : places->list) all.push_back(place.at);
  const auto snaps = snap_places(network, all, snap, progress);
  const auto middle = snaps.begin() + static_cast<std::ptrdiff_t>(from.list.size());
  RouteSnaps both;
  both.from.assign(snaps.begin(), middle);
  both.to.assign(middle, snaps.end());
  if (!terminals.list.empty() && terminals.crs == network.crs)
    both.terminals = snap_terminals(network, terminals, options);
  return both;
}

namespace {

/// Rows of all groups on their way into the order as without groups.
class GroupRows {
 public:
  void add(RouteTable& table, std::size_t row, std::size_t place, const RouteOptions& options) {
    order_.emplace_back(place, rows_.size());
    rows_.push_back(std::move(table.rows[row]));
    if (options.lines) lines_.push_back(std::move(table.lines[row]));
    if (options.leg_lines) leg_lines_.push_back(std::move(table.leg_lines[row]));
  }
  void into(RouteTable& whole) {
    std::sort(order_.begin(), order_.end());
    for (const auto& [place, at] : order_) {
      whole.rows.push_back(std::move(rows_[at]));
      if (!lines_.empty()) whole.lines.push_back(std::move(lines_[at]));
      if (!leg_lines_.empty()) whole.leg_lines.push_back(std::move(leg_lines_[at]));
    }
  }

 private:
  std::vector<std::pair<std::size_t, std::size_t>> order_;  ///< place among all, place here
  std::vector<RouteRow> rows_;
  std::vector<Geometry> lines_;
  std::vector<std::vector<Geometry>> leg_lines_;
};

/// The listed pairs of the sites of a group, sites by their place in it; `places` are those of the
/// pairs in the whole list.
std::vector<std::pair<std::uint32_t, std::uint32_t>> listed_of(const RouteOptions& options,
                                                               const CargoGroup& group,
                                                               std::size_t sites,
                                                               std::vector<std::size_t>& places) {
  constexpr std::uint32_t kElsewhere = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> here(sites, kElsewhere);
  for (std::uint32_t i = 0; i < group.sites.size(); ++i) here[group.sites[i]] = i;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::size_t i = 0; i < options.listed.size(); ++i) {
    const auto& [site, place] = options.listed[i];
    if (here[site] == kElsewhere) continue;
    pairs.emplace_back(here[site], place);
    places.push_back(i);
  }
  return pairs;
}

}  // namespace

RouteTable route_cargo_groups(const Network& network, const Tariff& tariff,
                              const Terminals& terminals, const Places& from, const Places& to,
                              const RouteOptions& options, const Progress& progress) {
  const auto groups = cargo_groups(options, from.list.size(), network, tariff, terminals);
  const bool pairwise = options.pairs == Pairs::pairwise;
  RouteSnaps snaps = snap_route(network, terminals, from, to, options, progress.part(0.0, 0.15));
  GroupRows rows;
  GroupFindings findings;
  RouteTable whole;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const CargoGroup& group = groups[g];
    const CargoSelection some = select_sites(from, to, snaps, group.sites, pairwise);
    RouteOptions one = options;
    one.cargoes.clear();
    one.cargo = group.cargo;
    std::vector<std::size_t> listed;
    if (options.pairs == Pairs::listed)
      one.listed = listed_of(options, group, from.list.size(), listed);
    const double done = static_cast<double>(g) / static_cast<double>(groups.size());
    const double next = static_cast<double>(g + 1) / static_cast<double>(groups.size());
    RouteTable table =
        route_one_cargo(network, tariff, terminals, some.from, some.to, one, &some.snaps,
                        progress.part(0.15 + 0.8 * done, 0.15 + 0.8 * next));
    findings.add(table.findings, group.sites.size());
    whole.algorithm = table.algorithm;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      RouteRow& row = table.rows[r];
      const std::uint32_t site = group.sites[row.from];
      if (pairwise) row.to = site;
      row.from = site;
      row.cargo = options.cargoes[site];
      rows.add(table, r, listed.empty() ? site : listed[r], options);
    }
  }
  rows.into(whole);
  whole.from_snaps = std::move(snaps.from);
  whole.to_snaps = std::move(snaps.to);
  findings.into(whole.findings);
  progress.update(1.0);
  return whole;
}

}  // namespace lode
