// Assays split at the contacts of the lithology, so that every stretch lies in one domain.
#include <algorithm>

#include "libgeo/deposit/drillhole_parts.h"

namespace lode::drillhole_parts {

namespace {

// Pieces shorter than this are rounding of depths, not lengths.
constexpr double slack_m = 1e-6;

struct Piece {
  double from_m, to_m;
  std::size_t interval;
  std::uint32_t domain;
};

// The stretches of one interval; 0 where nothing is logged. `next` is the first logged interval
// that may reach into it and moves down the hole with the intervals.
void split(const DrillholeIntervals& lithology, std::size_t end, std::size_t& next,
           const Piece& whole, std::vector<Piece>& pieces) {
  while (next < end && lithology.to_m[next] <= whole.from_m + slack_m) ++next;
  const std::size_t first = pieces.size();
  double at = whole.from_m;
  const auto add = [&](double to, std::uint32_t domain) {
    if (to - at <= slack_m) return;
    const bool same = pieces.size() > first && pieces.back().domain == domain;
    if (same)
      pieces.back().to_m = to;
    else
      pieces.push_back({at, to, whole.interval, domain});
    at = to;
  };
  for (std::size_t i = next; i < end && lithology.from_m[i] < whole.to_m - slack_m; ++i) {
    add(std::min(whole.to_m, lithology.from_m[i]), 0);
    add(std::min(whole.to_m, lithology.to_m[i]), lithology.domain[i]);
  }
  add(whole.to_m, 0);
  if (pieces.size() == first)
    pieces.push_back(whole);
  else
    pieces.back().to_m = whole.to_m;
}

template <class T>
void gather(std::vector<T>& column, const std::vector<Piece>& pieces) {
  if (column.empty()) return;
  std::vector<T> split;
  split.reserve(pieces.size());
  for (const Piece& piece : pieces) split.push_back(column[piece.interval]);
  column = std::move(split);
}

}  // namespace

void split_at_contacts(DrillholeSet& set) {
  const DrillholeIntervals& log = set.lithology;
  DrillholeIntervals& assays = set.assays;
  std::vector<Piece> pieces;
  std::size_t next = 0, end = 0;
  for (std::size_t h = 0; h < set.holes.size(); ++h) {
    next = end;
    while (end < log.size() && log.hole[end] == h) ++end;
    Drillhole& hole = set.holes[h];
    const std::size_t first = pieces.size();
    for (std::size_t i = hole.first_interval; i < hole.first_interval + hole.intervals; ++i)
      split(log, end, next, {assays.from_m[i], assays.to_m[i], i, 0}, pieces);
    hole.first_interval = first;
    hole.intervals = pieces.size() - first;
  }
  const std::size_t more = pieces.size() - assays.size();
  if (more > 0)
    set.findings.add("drillholes.split", Severity::note, "assays",
                     "further stretches from intervals that reach across a contact of the "
                     "lithology; each has the values of the whole interval",
                     more);
  gather(assays.hole, pieces);
  gather(assays.row, pieces);
  gather(assays.density_t_m3, pieces);
  gather(assays.recovery_pct, pieces);
  for (auto& column : assays.values) gather(column, pieces);
  assays.from_m.clear();
  assays.to_m.clear();
  assays.domain.clear();
  for (const Piece& piece : pieces) {
    assays.from_m.push_back(piece.from_m);
    assays.to_m.push_back(piece.to_m);
    assays.domain.push_back(piece.domain);
  }
}

}  // namespace lode::drillhole_parts
