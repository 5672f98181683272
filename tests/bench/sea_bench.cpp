// Sea lanes against the port-to-port distances of NGA Pub. 151: errors, time to build, time a
// route.
//   bench_sea LAND PAIRS [TOLERANCE_KM [GATES [LINES]]]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/layer.h"
#include "libgeo/logistics/freight.h"
#include "libgeo/logistics/sea_lanes.h"
#include "tests/bench/measure.h"

namespace {

using namespace lode;
using bench::cpu_seconds;

struct Published {
  std::vector<std::string> a, b;
  std::vector<LonLat> at_a, at_b;
  std::vector<double> km;
};

Published read_pairs(const std::string& path) {
  const Layer table = read_table(path);
  Published pairs;
  pairs.a = table.table.texts("port_a");
  pairs.b = table.table.texts("port_b");
  const auto ax = table.table.numbers("a_lon"), ay = table.table.numbers("a_lat");
  const auto bx = table.table.numbers("b_lon"), by = table.table.numbers("b_lat");
  for (std::size_t i = 0; i < ax.size(); ++i) {
    pairs.at_a.push_back({ax[i], ay[i]});
    pairs.at_b.push_back({bx[i], by[i]});
  }
  for (const double nmi : table.table.numbers("published_nmi")) pairs.km.push_back(nmi * 1.852);
  return pairs;
}

void report(const char* what, std::vector<double> errors, std::size_t unreachable) {
  if (errors.empty()) return;
  std::vector<double> signs = errors;
  for (auto& e : errors) e = std::abs(e);
  std::sort(errors.begin(), errors.end());
  std::sort(signs.begin(), signs.end());
  const auto at = [](const std::vector<double>& v, double share) {
    return v[static_cast<std::size_t>(share * static_cast<double>(v.size() - 1))];
  };
  std::printf(
      "%s: %zu pairs, unreachable %zu, |error| %% median %.2f p75 %.2f p90 %.2f max %.2f; "
      "signed median %.2f\n",
      what, errors.size(), unreachable, 100 * at(errors, 0.5), 100 * at(errors, 0.75),
      100 * at(errors, 0.9), 100 * errors.back(), 100 * at(signs, 0.5));
}

int run(int count, char** words) {
  if (count < 3) return 2;
  SeaOptions options;
  options.jobs = 2;
  if (count > 3) options.tolerance_m = 1000.0 * parse_number(words[3]).value_or(2.0);
  const Layer land = read_layer(words[1]);
  const Published pairs = read_pairs(words[2]);
  std::vector<SeaBerth> berths;
  std::vector<Place> from, to;
  for (std::size_t i = 0; i < pairs.km.size(); ++i) {
    berths.push_back({pairs.a[i], pairs.at_a[i]});
    berths.push_back({pairs.b[i], pairs.at_b[i]});
    from.push_back({pairs.a[i], pairs.a[i], pairs.at_a[i]});
    to.push_back({pairs.b[i], pairs.b[i], pairs.at_b[i]});
  }
  std::vector<SeaGate> gates = built_in_sea_gates();
  if (count > 4 && std::strcmp(words[4], "-") != 0) {
    std::ifstream file(words[4]);
    std::stringstream text;
    text << file.rdbuf();
    gates = parse_sea_gates(text.str(), words[4]);
  }
  Findings findings;
  double start = cpu_seconds();
  const LineLayer lanes = sea_lanes(land.crs, land.geometry, gates, berths, options, findings);
  std::printf("lanes: %zu, CPU s %.1f\n", lanes.geometry.size(), cpu_seconds() - start);
  start = cpu_seconds();
  const Network network = build_network({lanes});
  std::printf("network: %zu nodes, %zu edges, CPU s %.1f\n", network.nodes.size(),
              network.edges.size(), cpu_seconds() - start);
  RouteOptions route_options;
  route_options.minimise = Minimise::distance;
  route_options.pairs = Pairs::pairwise;
  route_options.lines = count > 5;
  start = cpu_seconds();
  const RouteTable table = route(network, built_in_tariff(), {land.crs, {}}, {land.crs, from},
                                 {land.crs, to}, route_options);
  std::printf("routes: %zu, CPU s %.1f\n", table.rows.size(), cpu_seconds() - start);
  std::vector<double> far, near;
  std::size_t far_lost = 0, near_lost = 0;
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const RouteRow& row = table.rows[i];
    const double km = row.distance_km + row.snap_km + row.snap_to_km;
    const double error = row.reachable() ? km / pairs.km[i] - 1.0 : 1.0;
    const bool is_far = pairs.km[i] >= 1852.0;
    (is_far ? far : near).push_back(error);
    (is_far ? far_lost : near_lost) += row.reachable() ? 0 : 1;
    order.emplace_back(-std::abs(error), i);
  }
  report(">= 1000 nmi", far, far_lost);
  report("< 1000 nmi", near, near_lost);
  std::sort(order.begin(), order.end());
  for (const auto& [error, i] : order) {
    const RouteRow& row = table.rows[i];
    const double km = row.distance_km + row.snap_km + row.snap_to_km;
    std::printf("%+7.2f %% %6.0f nmi, published %5.0f, snaps %4.0f %4.0f km: %s - %s %s\n",
                100.0 * (km / pairs.km[i] - 1.0), km / 1.852, pairs.km[i] / 1.852, row.snap_km,
                row.snap_to_km, pairs.a[i].c_str(), pairs.b[i].c_str(), row.words.c_str());
  }
  for (const auto& finding : findings.list())
    std::printf("%s %zu: %s\n", finding.code.c_str(), finding.count, finding.message.c_str());
  if (count > 5) {
    std::ofstream lines(words[5]);
    for (std::size_t i = 0; i < table.lines.size(); ++i)
      for (const auto& line : table.lines[i].lines) {
        lines << i;
        for (const auto& p : line) lines << ' ' << p.x << ' ' << p.y;
        lines << '\n';
      }
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(count, words);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s: %s: %s\n", error.code.c_str(), error.where.c_str(), error.what());
    return 1;
  }
}
