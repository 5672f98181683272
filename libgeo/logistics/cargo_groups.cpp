#include "libgeo/logistics/cargo_groups.h"

#include <algorithm>
#include <cmath>
#include <iterator>
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

/// Puts the findings of the groups together: what counts pairs or loads adds up; what each graph
/// says of the same network and terminals is said once.
class Merged {
 public:
  void add(const Findings& findings, std::size_t sites) {
    for (Finding finding : findings.list()) {
      if (finding.code == "route.class7_unknown") finding.count = sites;
      const bool adds_up = finding.code == "route.class7_unknown" ||
                           finding.code == "route.unreachable" ||
                           finding.code == "route.seasonal" || finding.where == "sites";
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
  void into(Findings& findings) const {
    for (const auto& finding : list_) findings.add(finding);
  }

 private:
  std::vector<Finding> list_;
  std::map<std::pair<std::string, std::string>, std::size_t> index_;
};

/// Places and snaps of some sites alone.
struct Selection {
  Places from, to;
  RouteSnaps snaps;
};

Selection select(const Places& from, const Places& to, const RouteSnaps& snaps,
                 const std::vector<std::uint32_t>& sites, bool pairwise) {
  Selection some{{from.crs, {}}, {to.crs, {}}, {snaps.terminals, {}, {}}};
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

}  // namespace

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

RouteTable route_cargo_groups(const Network& network, const Tariff& tariff,
                              const Terminals& terminals, const Places& from, const Places& to,
                              const RouteOptions& options, const Progress& progress) {
  const auto groups = cargo_groups(options, from.list.size(), network, tariff, terminals);
  const bool pairwise = options.pairs == Pairs::pairwise;
  RouteSnaps snaps = snap_route(network, terminals, from, to, options, progress.part(0.0, 0.15));
  std::vector<std::vector<RouteRow>> rows(from.list.size());
  std::vector<std::vector<Geometry>> lines(from.list.size());
  Merged findings;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const CargoGroup& group = groups[g];
    const Selection some = select(from, to, snaps, group.sites, pairwise);
    RouteOptions one = options;
    one.cargoes.clear();
    one.cargo = group.cargo;
    const double done = static_cast<double>(g) / static_cast<double>(groups.size());
    const double next = static_cast<double>(g + 1) / static_cast<double>(groups.size());
    RouteTable table =
        route_one_cargo(network, tariff, terminals, some.from, some.to, one, &some.snaps,
                        progress.part(0.15 + 0.8 * done, 0.15 + 0.8 * next));
    findings.add(table.findings, group.sites.size());
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      RouteRow& row = table.rows[r];
      const std::uint32_t site = group.sites[row.from];
      if (pairwise) row.to = site;
      row.from = site;
      row.cargo = options.cargoes[site];
      rows[site].push_back(std::move(row));
      if (options.lines) lines[site].push_back(std::move(table.lines[r]));
    }
  }
  RouteTable whole;
  for (std::size_t site = 0; site < rows.size(); ++site) {
    std::move(rows[site].begin(), rows[site].end(), std::back_inserter(whole.rows));
    std::move(lines[site].begin(), lines[site].end(), std::back_inserter(whole.lines));
  }
  whole.from_snaps = std::move(snaps.from);
  whole.to_snaps = std::move(snaps.to);
  findings.into(whole.findings);
  progress.update(1.0);
  return whole;
}

}  // namespace lode
