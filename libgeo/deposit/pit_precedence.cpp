#include "libgeo/deposit/pit_precedence.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <string>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr std::size_t most_offsets = 30000;
// Rounding of 30 tan(45 deg) must not decide whether a centre on the cone's face is in it.
constexpr double face = 1e-9;

double turned(double azimuth_deg) {
  const double in = std::fmod(azimuth_deg, 360.0);
  return in < 0.0 ? in + 360.0 : in;
}

std::array<int, 3> key(const PrecedenceOffset& o) {
  return {o.dk, o.dj, o.di};
}

int sign(int value) {
  return (value > 0) - (value < 0);
}

// True when going `part` first stays within the box that `whole` spans.
bool within(int part, int whole) {
  return part == 0 || (sign(part) == sign(whole) && std::abs(part) <= std::abs(whole));
}

// Offsets of `cone` that do not follow from others and the cone common to all.
std::vector<PrecedenceOffset> reduced(const std::vector<PrecedenceOffset>& cone,
                                      const std::set<std::array<int, 3>>& common) {
  std::vector<PrecedenceOffset> kept;
  for (const PrecedenceOffset& o : cone) {
    const bool follows = std::any_of(kept.begin(), kept.end(), [&](const PrecedenceOffset& p) {
      return p.dk < o.dk && within(p.di, o.di) && within(p.dj, o.dj) &&
             common.contains(key({o.di - p.di, o.dj - p.dj, o.dk - p.dk}));
    });
    if (follows) continue;
    kept.push_back(o);
    if (kept.size() > most_offsets)
      throw Error("pit.slope", "a slope is so flat that a block asks for more than 30,000 others",
                  "--slope", "Give a steeper slope, or join the blocks into larger ones.");
  }
  return kept;
}

}  // namespace

void check_zone(SlopeZone& zone, const char* where) {
  if (zone.sectors.empty())
    throw Error("pit.sectors", "no slope is given", where, "Give a bearing and a slope a row.");
  for (SlopeSector& sector : zone.sectors) {
    if (!(sector.slope_deg > 0.0 && sector.slope_deg < 90.0))
      throw Error("pit.slope",
                  std::isnan(sector.slope_deg) ? "a slope is missing"
                                               : "a slope of " + number_text(sector.slope_deg) +
                                                     " degrees does not lie between 0 and 90",
                  where, "Slopes are degrees from the horizontal, e.g. 45.");
    if (!(sector.azimuth_deg >= 0.0 && sector.azimuth_deg <= 360.0))
      throw Error("pit.sectors",
                  std::isnan(sector.azimuth_deg)
                      ? "a bearing is missing"
                      : "a bearing of " + number_text(sector.azimuth_deg) +
                            " degrees lies outside 0 to 360",
                  where, "Bearings are degrees clockwise from grid north.");
    sector.azimuth_deg = turned(sector.azimuth_deg);
  }
  std::sort(
      zone.sectors.begin(), zone.sectors.end(),
      [](const SlopeSector& a, const SlopeSector& b) { return a.azimuth_deg < b.azimuth_deg; });
  for (std::size_t i = 1; i < zone.sectors.size(); ++i)
    if (zone.sectors[i].azimuth_deg == zone.sectors[i - 1].azimuth_deg)
      throw Error("pit.sectors",
                  "bearing " + number_text(zone.sectors[i].azimuth_deg) + " stands twice", where,
                  "Give each bearing once; 360 is 0.");
}

double slope_at(const SlopeZone& zone, double azimuth_deg) {
  const auto& list = zone.sectors;
  if (list.size() == 1) return list.front().slope_deg;
  const double azimuth = turned(azimuth_deg);
  const auto next =
      std::upper_bound(list.begin(), list.end(), azimuth,
                       [](double a, const SlopeSector& s) { return a < s.azimuth_deg; });
  const SlopeSector& after = next == list.end() ? list.front() : *next;
  const SlopeSector& before = next == list.begin() ? list.back() : *(next - 1);
  const double span = turned(after.azimuth_deg - before.azimuth_deg);
  const double into = turned(azimuth - before.azimuth_deg);
  return before.slope_deg + (after.slope_deg - before.slope_deg) * into / span;
}

Precedence neighbour_precedence(bool eight) {
  Precedence precedence;
  precedence.patterns.emplace_back();
  for (int dj = -1; dj <= 1; ++dj)
    for (int di = -1; di <= 1; ++di)
      if (eight || di == 0 || dj == 0) precedence.patterns[0].push_back({di, dj, 1});
  return precedence;
}

std::vector<PrecedenceOffset> cone_offsets(const BlockGrid& grid, const SlopeZone& zone,
                                           int benches) {
  constexpr double radian = std::numbers::pi / 180.0;
  double flattest = 90.0;
  for (const SlopeSector& sector : zone.sectors) flattest = std::min(flattest, sector.slope_deg);
  const int top = static_cast<int>(std::min(static_cast<std::size_t>(benches), grid.count[2] - 1));
  std::vector<PrecedenceOffset> cone;
  for (int dk = 1; dk <= top; ++dk) {
    const double rise = dk * grid.spacing[2];
    const double reach = rise / std::tan(flattest * radian);
    // No block stands further away than the grid is wide.
    const auto most = [&](std::size_t axis) {
      return static_cast<int>(
          std::min(reach / grid.spacing[axis] + 1.0, static_cast<double>(grid.count[axis] - 1)));
    };
    const int ri = most(0), rj = most(1);
    for (int dj = -rj; dj <= rj; ++dj)
      for (int di = -ri; di <= ri; ++di) {
        const double x = di * grid.spacing[0], y = dj * grid.spacing[1];
        const double away = std::hypot(x, y);
        const double azimuth = std::atan2(x, y) / radian + grid.rotation_deg;
        const double slope = away > 0.0 ? slope_at(zone, azimuth) : 45.0;
        if (away * std::tan(slope * radian) > rise * (1.0 + face)) continue;
        if (cone.size() > 3000000)
          throw Error("pit.slope", "a slope is so flat that a cone holds millions of blocks",
                      "--slope", "Give a steeper slope, or join the blocks into larger ones.");
        cone.push_back({di, dj, dk});
      }
  }
  return cone;
}

Precedence cone_precedence(const BlockGrid& grid, std::vector<SlopeZone> zones, int benches) {
  Precedence precedence;
  precedence.benches = benches;
  std::vector<std::vector<PrecedenceOffset>> cones;
  std::set<std::array<int, 3>> common;
  for (SlopeZone& zone : zones) {
    check_zone(zone, "--slope");
    cones.push_back(cone_offsets(grid, zone, benches));
    std::set<std::array<int, 3>> own;
    for (const PrecedenceOffset& o : cones.back()) own.insert(key(o));
    if (cones.size() == 1)
      common = std::move(own);
    else
      std::erase_if(common, [&](const std::array<int, 3>& k) { return !own.contains(k); });
  }
  for (const auto& cone : cones) precedence.patterns.push_back(reduced(cone, common));
  if (cones.size() > 1) {
    std::vector<PrecedenceOffset> least;
    for (const auto& [dk, dj, di] : common) least.push_back({di, dj, dk});
    precedence.air = precedence.patterns.size();
    precedence.patterns.push_back(reduced(least, common));
  }
  return precedence;
}

}  // namespace lode
