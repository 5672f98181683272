// What a run of routes found, counted row by row: pairs without a way, seasons, far snaps.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "libgeo/logistics/freight_graph.h"

namespace lode {

/// Counts rows; keeps the first of each reason.
class RouteTally {
 public:
  /// A row whose reason is known.
  void add(const RouteRow& row, const Places& from, const Places& to);
  /// "route.unreachable" by reason, "route.seasonal".
  void report(Findings& findings) const;
  [[nodiscard]] std::size_t unreachable() const;

 private:
  static constexpr std::size_t kReasons = static_cast<std::size_t>(Unreachable::capacity) + 1;
  std::array<std::size_t, kReasons> count_{};
  std::array<std::string, kReasons> first_;
  std::size_t seasonal_ = 0;
};

/// "route.snap_tariff" and "route.far_snap" of one side ("sites" or "places").
void report_snaps(const FreightGraph& graph, bool offroad_missing, const std::vector<Snap>& snaps,
                  const Places& places, const std::string& side, Findings& findings);

}  // namespace lode
