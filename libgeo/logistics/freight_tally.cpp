#include "libgeo/logistics/freight_tally.h"

#include "libgeo/core/text.h"

namespace lode {

void RouteTally::add(const RouteRow& row, const Places& from, const Places& to) {
  if (row.seasonal) ++seasonal_;
  if (row.reachable()) return;
  const auto reason = static_cast<std::size_t>(row.reason);
  if (count_[reason]++ == 0)
    first_[reason] = from.list[row.from].id + " to " + to.list[row.to].id + ": " + row.words;
}

void RouteTally::report(Findings& findings) const {
  for (std::size_t reason = 1; reason < kReasons; ++reason)
    if (count_[reason] > 0)
      findings.add("route.unreachable", Severity::warning,
                   std::string(to_text(static_cast<Unreachable>(reason))),
                   "pairs without a way, first " + first_[reason], count_[reason]);
  if (seasonal_ > 0)
    findings.add("route.seasonal", Severity::note, "month",
                 "routes use lines that are closed in some months; --month says which count",
                 seasonal_);
}

std::size_t RouteTally::unreachable() const {
  std::size_t sum = 0;
  for (const auto count : count_) sum += count;
  return sum;
}

void report_snaps(const FreightGraph& graph, bool offroad_missing, const std::vector<Snap>& snaps,
                  const Places& places, const std::string& side, Findings& findings) {
  for (std::size_t i = 0; i < snaps.size(); ++i) {
    if (!snaps[i].found || snaps[i].distance_m == 0.0) continue;
    if (offroad_missing && graph.network().mode_of(snaps[i].edge) == "road")
      findings.add("route.snap_tariff", Severity::note, side,
                   "the tariff has no mode 'offroad': the straight way to the nearest "
                   "road counts at the road's rate");
    if (snaps[i].distance_m > 5e4)
      findings.add("route.far_snap", Severity::warning, side,
                   "the nearest line is more than 50 km away, first " + places.list[i].id + ": " +
                       fixed_text(snaps[i].distance_m / 1000.0, 1) + " km");
  }
}

}  // namespace lode
