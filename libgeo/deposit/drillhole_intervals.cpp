// Intervals of assays, lithology and desurveyed tables: depths checked, sorted, put to their holes.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/drillhole_parts.h"

namespace lode::drillhole_parts {

namespace {

// Rounding of depths in tables.
constexpr double depth_slack_m = 0.001;
// The last interval is often written to the next whole length: up to half a metre and less than
// half of the interval past the end of the hole is that.
constexpr double rounded_end_m = 0.5;

std::string name_of(const std::vector<Drillhole>& holes, std::uint32_t hole) {
  return holes[hole].name;
}

// Leaves out rows without hole or with impossible depths, each a fault.
void keep_sound_rows(const Table& table, const std::vector<Drillhole>& holes,
                     SortedIntervals& intervals, Faults& faults) {
  for (std::size_t row = 0; row < intervals.hole.size(); ++row) {
    if (intervals.hole[row] == HoleIndex::none) continue;
    const double from = intervals.from_m[row], to = intervals.to_m[row];
    if (std::isnan(from) || std::isnan(to) || from < 0.0) {
      faults.add("drillholes.bad_depth", Severity::error,
                 place(table, row, name_of(holes, intervals.hole[row])),
                 from < 0.0 ? "the interval starts above the collar" : "from or to is missing");
      continue;
    }
    if (from >= to) {
      faults.add("drillholes.bad_interval", Severity::error,
                 place(table, row, name_of(holes, intervals.hole[row])) + ", " + span(from, to),
                 "the interval does not end below its start");
      continue;
    }
    intervals.rows.push_back(row);
  }
}

void check_end(const Table& table, const std::string& where, const Drillhole& hole, double from,
               double to, Faults& faults) {
  (void)table;
  const double past = to - hole.end_m;
  if (!(past > depth_slack_m)) return;
  if (past <= rounded_end_m && past < (to - from) / 2.0)
    faults.add("drillholes.end_rounded", Severity::warning, where,
               "ends " + fixed_text(past, 3) + " m past the end of the hole at " +
                   number_text(hole.end_m) + " m; taken as rounding and kept");
  else
    faults.add("drillholes.beyond_end", Severity::error, where,
               "ends past the end of the hole at " + number_text(hole.end_m) + " m");
}

}  // namespace

void sort_and_check(const Table& table, const char* what, const std::vector<Drillhole>& holes,
                    const Progress& progress, SortedIntervals& intervals, Faults& faults) {
  keep_sound_rows(table, holes, intervals, faults);
  auto& rows = intervals.rows;
  const auto& hole = intervals.hole;
  const auto& from = intervals.from_m;
  const auto& to = intervals.to_m;
  // By hole, since the rows of several holes may stand by turns.
  std::vector<double> last(holes.size(), 0.0);
  std::size_t back = 0, first_back = 0;
  for (const std::size_t row : rows) {
    if (from[row] < last[hole[row]] && back++ == 0) first_back = row;
    last[hole[row]] = from[row];
  }
  if (back > 0)
    faults.add("drillholes.unsorted", Severity::warning,
               place(table, first_back, name_of(holes, hole[first_back])),
               std::string(what) + " that lie above the row before (" + std::to_string(back) +
                   " rows); they were sorted by depth");
  progress.check();
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    if (hole[a] != hole[b]) return hole[a] < hole[b];
    if (from[a] != from[b]) return from[a] < from[b];
    return to[a] != to[b] ? to[a] < to[b] : a < b;
  });
  double deepest = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % 65536 == 0) progress.check();
    const std::size_t row = rows[i];
    const bool first = i == 0 || hole[rows[i - 1]] != hole[row];
    if (first) deepest = 0.0;
    const bool odd = !first && std::abs(from[row] - deepest) > depth_slack_m;
    const bool past = to[row] > holes[hole[row]].end_m + depth_slack_m;
    if (odd || past) {
      const std::string where =
          place(table, row, name_of(holes, hole[row])) + ", " + span(from[row], to[row]);
      if (odd && from[row] < deepest)
        faults.add("drillholes.overlap", Severity::error, where,
                   std::string("overlaps ") + what + " above that reach to " +
                       number_text(deepest) + " m");
      else if (odd)
        faults.add("drillholes.gap", Severity::warning, where,
                   std::string("no ") + what + " from " + span(deepest, from[row]));
      if (past) check_end(table, where, holes[hole[row]], from[row], to[row], faults);
    }
    deepest = std::max(deepest, to[row]);
  }
}

namespace {

void put_to_holes(DrillholeSet& set) {
  const auto& hole = set.assays.hole;
  for (std::size_t i = 0; i < hole.size(); ++i) {
    Drillhole& own = set.holes[hole[i]];
    if (own.intervals++ == 0) own.first_interval = i;
  }
}

void take_depths(const SortedIntervals& sorted, DrillholeIntervals& to) {
  to.row = sorted.rows;
  for (const std::size_t row : sorted.rows) {
    to.hole.push_back(sorted.hole[row]);
    to.from_m.push_back(sorted.from_m[row]);
    to.to_m.push_back(sorted.to_m[row]);
  }
}

SortedIntervals read_depths(const Table& table, const char* what,
                            const std::map<std::string, std::string>& columns,
                            const DrillholeOptions& options, const DrillholeSet& set,
                            const HoleIndex& index, const Progress& progress, Faults& faults) {
  SortedIntervals sorted;
  sorted.hole = holes_of(table, columns.at("hole"), index, set.holes, faults);
  sorted.from_m = column_metres(table, columns.at("from"), depth_unit(options), faults);
  sorted.to_m = column_metres(table, columns.at("to"), depth_unit(options), faults);
  sort_and_check(table, what, set.holes, progress, sorted, faults);
  return sorted;
}

void read_lithology(const Table& table, const DrillholeOptions& options, const Progress& progress,
                    DrillholeSet& set, const HoleIndex& index, Faults& faults) {
  const auto columns = columns_of(table, "lithology", wanted_intervals(), options, set.findings);
  const SortedIntervals sorted =
      read_depths(table, "lithology", columns, options, set, index, progress, faults);
  if (options.domain.empty() || table.find(options.domain) == nullptr) return;
  take_depths(sorted, set.lithology);
  const auto names = table.texts(options.domain);
  std::map<std::string, std::uint32_t> known;
  for (std::size_t d = 0; d < set.domain_names.size(); ++d)
    known.emplace(set.domain_names[d], static_cast<std::uint32_t>(d));
  for (const std::size_t row : sorted.rows) {
    const auto [at, is_new] = known.emplace(std::string(trim(names[row])),
                                            static_cast<std::uint32_t>(set.domain_names.size()));
    if (is_new) set.domain_names.push_back(at->first);
    set.lithology.domain.push_back(at->second);
  }
  set.has_domain = true;
}

void end_holes(DrillholeSet& set) {
  for (Drillhole& hole : set.holes) {
    if (std::isnan(hole.end_m)) {
      hole.end_m = hole.path.nodes.empty() ? 0.0 : hole.path.nodes.back().at_m;
      if (hole.intervals > 0)
        hole.end_m = std::max(hole.path.method == PathMethod::through_points ? 0.0 : hole.end_m,
                              set.assays.to_m[hole.first_interval + hole.intervals - 1]);
    }
    set.metres += hole.end_m;
  }
}

}  // namespace

void read_intervals(const DrillholeTables& tables, const DrillholeOptions& options,
                    const Progress& progress, DrillholeSet& set, const HoleIndex& index,
                    Faults& faults) {
  if (tables.lithology != nullptr) {
    set.domain_names = {""};
    read_lithology(*tables.lithology, options, progress, set, index, faults);
  }
  if (tables.assays != nullptr) {
    const Table& table = *tables.assays;
    const auto columns = columns_of(table, "assays", wanted_intervals(), options, set.findings);
    const SortedIntervals sorted =
        read_depths(table, "assays", columns, options, set, index, progress, faults);
    take_depths(sorted, set.assays);
    read_values(table, columns, options, set, faults);
    put_to_holes(set);
    for (const Drillhole& hole : set.holes)
      if (hole.intervals == 0)
        faults.add("drillholes.no_assay", Severity::warning,
                   table.name + ", hole " + printable(hole.name), "the hole has no assay");
  }
  if (!options.domain.empty() && !set.has_domain)
    throw Error("drillholes.no_column", "no column '" + printable(options.domain) + "' of domains",
                tables.assays != nullptr ? tables.assays->name : std::string(),
                "It may stand in the lithology or in the assays.");
  end_holes(set);
}

namespace {

// The path through the middles of a hole's intervals. Middles further apart than the depths allow
// are said: one of the two is wrong.
void path_of_middles(const Table& table, const std::vector<double>& x, const std::vector<double>& y,
                     const std::vector<double>& z, DrillholeSet& set, Faults& faults) {
  for (Drillhole& hole : set.holes) {
    std::vector<double> at;
    std::vector<Vector3> places;
    for (std::size_t i = hole.first_interval; i < hole.first_interval + hole.intervals; ++i) {
      const std::size_t row = set.assays.row[i];
      const double middle = (set.assays.from_m[i] + set.assays.to_m[i]) / 2.0;
      if (!std::isfinite(x[row]) || !std::isfinite(y[row]) || !std::isfinite(z[row])) {
        faults.add("drillholes.bad_place", Severity::error, place(table, row, hole.name),
                   "x, y or z is missing");
        continue;
      }
      if (!at.empty() && middle <= at.back()) continue;  // overlaps are faults already
      if (!at.empty()) {
        const Vector3& last = places.back();
        const double apart = std::hypot(x[row] - last[0], y[row] - last[1], z[row] - last[2]);
        if (apart > 1.1 * (middle - at.back()) + 0.5)
          faults.add("drillholes.stretched", Severity::warning, place(table, row, hole.name),
                     "lies " + fixed_text(apart, 2) + " m from the interval above, " +
                         fixed_text(middle - at.back(), 2) + " m up the hole");
      }
      at.push_back(middle);
      places.push_back({x[row], y[row], z[row]});
    }
    hole.surveyed = at.size() > 1;
    if (at.empty()) {
      at = {0.0};
      places = {{0.0, 0.0, 0.0}};
    }
    hole.path = path_through(at, places);
  }
}

}  // namespace

void read_desurveyed(const Table& table, const DrillholeOptions& options, const Progress& progress,
                     DrillholeSet& set, Faults& faults) {
  const auto columns = columns_of(table, "intervals", wanted_desurveyed(), options, set.findings);
  HoleIndex index;
  const auto names = table.texts(columns.at("hole"));
  for (std::size_t row = 0; row < names.size(); ++row) {
    const std::string name(trim(names[row]));
    if (name.empty() || (row > 0 && names[row] == names[row - 1])) continue;
    const std::uint32_t alike = index.like(name);
    if (!index.add(name, static_cast<std::uint32_t>(set.holes.size()))) continue;
    if (alike != HoleIndex::none)
      faults.add("drillholes.near_id", Severity::warning, place(table, row, name),
                 "differs from hole '" + printable(set.holes[alike].name) +
                     "' in case or blanks only; taken as another hole");
    Drillhole hole;
    hole.name = name;
    hole.end_m = std::nan("");
    set.holes.push_back(std::move(hole));
  }
  const SortedIntervals sorted =
      read_depths(table, "intervals", columns, options, set, index, progress, faults);
  take_depths(sorted, set.assays);
  read_values(table, columns, options, set, faults);
  put_to_holes(set);
  path_of_middles(table, column_metres(table, columns.at("x"), options.metres_per_unit, faults),
                  column_metres(table, columns.at("y"), options.metres_per_unit, faults),
                  column_metres(table, columns.at("z"), options.metres_per_unit, faults), set,
                  faults);
  if (!options.domain.empty() && !set.has_domain)
    throw Error("drillholes.no_column", "no column '" + printable(options.domain) + "' of domains",
                table.name, suggestion(options.domain, table.names()));
  end_holes(set);
}

}  // namespace lode::drillhole_parts
