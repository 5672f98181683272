// Collars and surveys: holes, dip conventions and paths.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/drillhole_parts.h"

namespace lode::drillhole_parts {

namespace {

// Nobody drills so sharp a bend between two stations; at 180 degrees no arc is defined.
constexpr double most_dogleg_deg = 150.0;
constexpr double sharp_dogleg_deg = 30.0;
// Rounding of depths in tables.
constexpr double depth_slack_m = 0.001;

struct Station {
  std::uint32_t hole = 0;
  SurveyStation at;
  std::size_t row = 0;
};

// The sign that points down: as said, or the only one there is. Both signs without a word are a
// fault of every row of the rarer sign.
double sign_down(const Table& table, const std::vector<double>& dips,
                 const std::vector<std::string>& names, const DrillholeOptions& options,
                 Findings& findings, Faults& faults) {
  if (options.dip_down == DipSign::positive_down) return 1.0;
  if (options.dip_down == DipSign::negative_down) return -1.0;
  const auto positive =
      std::count_if(dips.begin(), dips.end(), [](double dip) { return dip > 0.0; });
  const auto negative =
      std::count_if(dips.begin(), dips.end(), [](double dip) { return dip < 0.0; });
  const double sign = negative > positive ? -1.0 : 1.0;
  if (positive > 0 && negative > 0) {
    for (std::size_t row = 0; row < dips.size(); ++row)
      if (dips[row] * sign < 0.0)
        faults.add("drillholes.mixed_dip_sign", Severity::error, place(table, row, names[row]),
                   "dip " + number_text(dips[row]) +
                       " has another sign than most: say which sign points down with --dip-down, "
                       "or mend the row");
  } else if (positive + negative > 0) {
    findings.add("drillholes.dip_inferred", Severity::note, table.name,
                 std::string("all dips are ") + (sign > 0.0 ? "positive" : "negative") +
                     ", so that sign was taken to point down (--dip-down says it)");
  }
  return sign;
}

bool check_angles(const Table& table, std::size_t row, const std::string& hole, double azimuth,
                  double dip, Faults& faults) {
  if (std::isnan(dip) || std::abs(dip) > 90.0) {
    faults.add("drillholes.bad_dip", Severity::error, place(table, row, hole),
               std::isnan(dip) ? "no dip" : "dip " + number_text(dip) + " is not within -90 to 90");
    return false;
  }
  if (std::isnan(azimuth) ? std::abs(dip) != 90.0 : std::abs(azimuth) > 360.0) {
    faults.add("drillholes.bad_azimuth", Severity::error, place(table, row, hole),
               std::isnan(azimuth)
                   ? "no azimuth"
                   : "azimuth " + number_text(azimuth) + " is not within -360 to 360");
    return false;
  }
  return true;
}

std::vector<Station> stations_of(const Table& table, const DrillholeOptions& options,
                                 const DrillholeSet& set, const HoleIndex& index,
                                 Findings& findings, Faults& faults) {
  const auto columns = columns_of(table, "surveys", wanted_surveys(), options, findings);
  const auto hole = holes_of(table, columns.at("hole"), index, set.holes, faults);
  const auto names = table.texts(columns.at("hole"));
  const auto at = column_metres(table, columns.at("at"), depth_unit(options), faults);
  const auto azimuth = column_numbers(table, columns.at("azimuth"), faults);
  const auto dip = column_numbers(table, columns.at("dip"), faults);
  const double down = sign_down(table, dip, names, options, findings, faults);
  std::vector<Station> stations;
  for (std::size_t row = 0; row < hole.size(); ++row) {
    if (hole[row] == HoleIndex::none) continue;
    if (!(at[row] >= 0.0)) {
      faults.add("drillholes.bad_depth", Severity::error, place(table, row, names[row]),
                 std::isnan(at[row]) ? "no depth" : "the depth is negative");
      continue;
    }
    if (!check_angles(table, row, names[row], azimuth[row], dip[row], faults)) continue;
    Station station;
    station.hole = hole[row];
    station.row = row;
    station.at.at_m = at[row];
    station.at.azimuth_deg =
        std::isnan(azimuth[row]) ? 0.0 : azimuth[row] + options.azimuth_add_deg;
    station.at.dip_deg = down * dip[row];
    stations.push_back(station);
  }
  return stations;
}

// Sorted by hole and depth; where the table is not, it is said.
void sort_stations(const Table& table, std::vector<Station>& stations, Findings& findings) {
  const auto before = [](const Station& a, const Station& b) {
    if (a.hole != b.hole) return a.hole < b.hole;
    return a.at.at_m != b.at.at_m ? a.at.at_m < b.at.at_m : a.row < b.row;
  };
  // By hole, since the rows of several holes may stand by turns.
  std::map<std::uint32_t, double> deepest;
  std::size_t back = 0;
  for (const Station& station : stations) {
    const auto [last, first] = deepest.emplace(station.hole, station.at.at_m);
    if (!first && station.at.at_m < last->second) ++back;
    last->second = station.at.at_m;
  }
  if (back > 0)
    findings.add("drillholes.unsorted", Severity::warning, table.name,
                 "survey rows that lie above the row before; they were sorted by depth", back);
  std::sort(stations.begin(), stations.end(), before);
}

// What stands at one depth twice, turns back on itself, or flips its dip.
void check_pair(const Table& table, const Drillhole& hole, const Station& above,
                const Station& below, Faults& faults) {
  const std::string where = place(table, below.row, hole.name);
  const std::string stretch = span(above.at.at_m, below.at.at_m);
  if (above.at.at_m == below.at.at_m) {
    faults.add("drillholes.duplicate_survey", Severity::error, where,
               "a second survey at " + number_text(below.at.at_m) +
                   " m (the first: " + table.row_name(above.row) + ")");
    return;
  }
  if (above.at.dip_deg * below.at.dip_deg < 0.0 && std::abs(above.at.dip_deg) > 20.0 &&
      std::abs(below.at.dip_deg) > 20.0) {
    faults.add("drillholes.mixed_dip_sign", Severity::error, where,
               "the dip changes its sign from " + stretch);
    return;
  }
  const double dogleg = dogleg_deg(above.at, below.at);
  if (dogleg > most_dogleg_deg)
    faults.add("drillholes.dogleg", Severity::error, where,
               "the hole turns by " + fixed_text(dogleg, 1) + " degrees from " + stretch);
  else if (dogleg > sharp_dogleg_deg)
    faults.add("drillholes.sharp_bend", Severity::warning, where,
               "the hole turns by " + fixed_text(dogleg, 1) + " degrees from " + stretch);
}

void check_hole(const Table& table, const Drillhole& hole, const std::vector<Station>& stations,
                std::size_t begin, std::size_t end, Faults& faults) {
  for (std::size_t i = begin + 1; i < end; ++i)
    check_pair(table, hole, stations[i - 1], stations[i], faults);
  const Station& first = stations[begin];
  const Station& last = stations[end - 1];
  if (first.at.at_m > depth_slack_m)
    faults.add("drillholes.survey_start", Severity::warning, place(table, first.row, hole.name),
               "the first survey is at " + number_text(first.at.at_m) +
                   " m; its direction was taken from the collar on");
  if (last.at.at_m > hole.end_m + depth_slack_m)
    faults.add("drillholes.survey_beyond", Severity::warning, place(table, last.row, hole.name),
               "a survey at " + number_text(last.at.at_m) + " m, and the hole ends at " +
                   number_text(hole.end_m) + " m");
  if (first.at.dip_deg < 0.0)
    faults.add("drillholes.up_hole", Severity::warning, place(table, first.row, hole.name),
               "the hole is drilled upwards by the convention taken");
}

struct CollarColumns {
  std::map<std::string, std::string> names;
  std::vector<double> x, y, z, end, azimuth, dip;
};

CollarColumns collar_columns(const DrillholeTables& tables, const DrillholeOptions& options,
                             Findings& findings, Faults& faults) {
  const Table& table = *tables.collars;
  CollarColumns c;
  c.names =
      columns_of(table, "collars", wanted_collars(tables.surveys == nullptr), options, findings);
  c.x = column_metres(table, c.names.at("x"), options.metres_per_unit, faults);
  c.y = column_metres(table, c.names.at("y"), options.metres_per_unit, faults);
  c.z = column_metres(table, c.names.at("z"), options.metres_per_unit, faults);
  const auto given = [&](const char* name) {
    const auto at = c.names.find(name);
    return at != c.names.end() && !at->second.empty();
  };
  if (given("depth"))
    c.end = column_metres(table, c.names.at("depth"), depth_unit(options), faults);
  if (given("azimuth") && given("dip")) {
    c.azimuth = column_numbers(table, c.names.at("azimuth"), faults);
    c.dip = column_numbers(table, c.names.at("dip"), faults);
  }
  return c;
}

// One straight hole a collar, from the angles in the collar table.
std::vector<Station> collar_stations(const Table& table, const CollarColumns& c,
                                     const std::vector<std::size_t>& rows,
                                     const DrillholeOptions& options, const DrillholeSet& set,
                                     Findings& findings, Faults& faults) {
  std::vector<Station> stations;
  if (c.dip.empty()) return stations;
  const double down =
      sign_down(table, c.dip, table.texts(c.names.at("hole")), options, findings, faults);
  for (std::size_t hole = 0; hole < rows.size(); ++hole) {
    const std::size_t row = rows[hole];
    if (std::isnan(c.dip[row]) && std::isnan(c.azimuth[row])) continue;  // said as not surveyed
    if (!check_angles(table, row, set.holes[hole].name, c.azimuth[row], c.dip[row], faults))
      continue;
    Station station;
    station.hole = static_cast<std::uint32_t>(hole);
    station.row = row;
    station.at.azimuth_deg =
        std::isnan(c.azimuth[row]) ? 0.0 : c.azimuth[row] + options.azimuth_add_deg;
    station.at.dip_deg = down * c.dip[row];
    stations.push_back(station);
  }
  return stations;
}

// Holes in the order of the table; the row of each comes back.
std::vector<std::size_t> add_holes(const Table& table, const CollarColumns& c, DrillholeSet& set,
                                   HoleIndex& index, std::vector<Vector3>& collars,
                                   Faults& faults) {
  std::vector<std::size_t> rows;
  const auto names = table.texts(c.names.at("hole"));
  for (std::size_t row = 0; row < names.size(); ++row) {
    Drillhole hole;
    hole.name = std::string(trim(names[row]));
    const std::string where = place(table, row, hole.name);
    if (hole.name.empty()) {
      faults.add("drillholes.blank_hole", Severity::error, where, "no hole is named");
      continue;
    }
    const std::uint32_t alike = index.like(hole.name);
    if (!index.add(hole.name, static_cast<std::uint32_t>(set.holes.size()))) {
      faults.add("drillholes.duplicate_collar", Severity::error, where,
                 "the hole stands twice in the collars");
      continue;
    }
    if (alike != HoleIndex::none)
      faults.add("drillholes.near_id", Severity::warning, where,
                 "differs from hole '" + printable(set.holes[alike].name) +
                     "' in case or blanks only; taken as another hole");
    if (!std::isfinite(c.x[row]) || !std::isfinite(c.y[row]) || !std::isfinite(c.z[row]))
      faults.add("drillholes.bad_collar", Severity::error, where, "x, y or z is missing");
    hole.end_m = c.end.empty() ? std::nan("") : c.end[row];
    if (hole.end_m < 0.0 || hole.end_m > 20000.0)
      faults.add("drillholes.bad_depth", Severity::error, where,
                 "a depth of " + number_text(hole.end_m) + " m is not within 0 to 20000 m");
    collars.push_back({c.x[row], c.y[row], c.z[row]});
    rows.push_back(row);
    set.holes.push_back(std::move(hole));
  }
  return rows;
}

// Degrees under a projected CRS put all holes within metres of its origin.
void refuse_degrees(const Table& table, const std::vector<Vector3>& collars, Faults& faults) {
  const bool degrees = std::all_of(collars.begin(), collars.end(), [](const Vector3& c) {
    return std::abs(c[0]) <= 180.0 && std::abs(c[1]) <= 90.0;
  });
  if (degrees && !collars.empty())
    faults.add("drillholes.degrees", Severity::error, table.name,
               "x and y of all collars may be degrees, and the CRS is projected");
}

}  // namespace

void read_collars(const DrillholeTables& tables, const DrillholeOptions& options,
                  const Progress& progress, DrillholeSet& set, HoleIndex& index, Faults& faults) {
  const Table& table = *tables.collars;
  const CollarColumns c = collar_columns(tables, options, set.findings, faults);
  std::vector<Vector3> collars;
  const auto rows = add_holes(table, c, set, index, collars, faults);
  if (options.projected) refuse_degrees(table, collars, faults);
  const Table& source = tables.surveys != nullptr ? *tables.surveys : table;
  auto stations = tables.surveys != nullptr
                      ? stations_of(source, options, set, index, set.findings, faults)
                      : collar_stations(table, c, rows, options, set, set.findings, faults);
  sort_stations(source, stations, set.findings);
  std::size_t next = 0;
  for (std::size_t h = 0; h < set.holes.size(); ++h) {
    if (h % 1024 == 0) progress.check();
    Drillhole& hole = set.holes[h];
    const std::size_t begin = next;
    while (next < stations.size() && stations[next].hole == h) ++next;
    hole.surveyed = next > begin;
    if (hole.surveyed) {
      check_hole(source, hole, stations, begin, next, faults);
    } else {
      faults.add("drillholes.no_survey", Severity::warning, place(table, rows[h], hole.name),
                 "no survey; the hole was taken as vertical");
    }
    std::vector<SurveyStation> own;
    for (std::size_t i = begin; i < next; ++i)
      if (own.empty() || stations[i].at.at_m > own.back().at_m) own.push_back(stations[i].at);
    hole.path = desurvey(collars[h], own, options.method);
  }
}

}  // namespace lode::drillhole_parts
