// Nearest of 100,000 points to 66,000 lines, planar and on the ellipsoid, against PostGIS's KNN on
// the same data in the same run. Arguments: a psql command (empty: no peer), points (100,000),
// lines (66,000), points of the peer's geography run (2,000).
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/crs.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/environment/near_index.h"
#include "tests/bench/measure.h"

namespace lode {
namespace {

constexpr std::size_t kVertices = 20;

struct Data {
  std::vector<Geometry> points, lines;
};

/// Lines that wander like streams: 20 vertices, steps of `step`, within a box.
Data made(std::size_t points, std::size_t lines, const Box& box, double step) {
  const Random random{11, 1}, turns{11, 2}, places{11, 3};
  Data out;
  const auto place = [&](const Random& of, std::size_t i) {
    return Point{box.min_x + (box.max_x - box.min_x) * of.uniform(2 * i),
                 box.min_y + (box.max_y - box.min_y) * of.uniform(2 * i + 1)};
  };
  for (std::size_t i = 0; i < lines; ++i) {
    Path path{place(random, i)};
    double heading = 6.283185307179586 * turns.uniform(i * kVertices);
    for (std::size_t k = 1; k < kVertices; ++k) {
      heading += turns.uniform(i * kVertices + k) - 0.5;
      path.push_back(
          {path.back().x + step * std::cos(heading), path.back().y + step * std::sin(heading)});
    }
    Geometry g;
    g.kind = GeometryKind::line;
    g.lines.push_back(std::move(path));
    out.lines.push_back(std::move(g));
  }
  for (std::size_t i = 0; i < points; ++i) {
    const Point p = place(places, i);
    out.points.push_back(point_geometry(p.x, p.y));
  }
  return out;
}

struct Answers {
  double seconds = 0.0;
  double build = 0.0;
  std::vector<NearHit> hits;
};

Answers ours(const Data& data, const Crs& crs, Edges edges) {
  Answers out;
  const double start = bench::cpu_seconds();
  const NearIndex index(data.lines, crs, edges, 1);
  out.build = bench::cpu_seconds() - start;
  out.hits.reserve(data.points.size());
  for (const Geometry& point : data.points) out.hits.push_back(index.nearest(index.probe(point)));
  out.seconds = bench::cpu_seconds() - start;
  return out;
}

std::string wkt(const Geometry& g) {
  std::string out = g.kind == GeometryKind::point ? "POINT(" : "LINESTRING(";
  const Path& path = g.kind == GeometryKind::point ? g.points : g.lines.front();
  for (std::size_t i = 0; i < path.size(); ++i)
    out += (i > 0 ? "," : "") + number_text(path[i].x) + " " + number_text(path[i].y);
  return out + ")";
}

void write_table(const std::filesystem::path& file, const std::vector<Geometry>& rows,
                 std::size_t count) {
  std::ofstream to(file);
  for (std::size_t i = 0; i < std::min(count, rows.size()); ++i)
    to << i << '\t' << wkt(rows[i]) << '\n';
}

/// CPU seconds of the server process around the query alone: tables are loaded and indexed before.
Answers peer(const std::string& psql, const Data& data, std::size_t count, bool geography) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "lode_bench_nearest";
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all | fs::perms::group_all | fs::perms::others_read |
                              fs::perms::others_exec);
  write_table(folder / "points.tsv", data.points, count);
  write_table(folder / "lines.tsv", data.lines, data.lines.size());
  const std::string type = geography ? "geography" : "geometry";
  const std::string cpu =
      "select 'cpu', sum(t::numeric) / 100 from unnest((string_to_array(regexp_replace("
      "pg_read_file('/proc/self/stat'), '^.*\\) ', ''), ' '))[12:13]) t;\n";
  std::ofstream sql(folder / "run.sql");
  sql << "set max_parallel_workers_per_gather = 0; set jit = off; set client_min_messages = "
         "warning;\n"
      << "create temp table p (id int, g " << type << "); create temp table l (id int, g " << type
      << ");\n\\copy p from '" << (folder / "points.tsv").string() << "'\n\\copy l from '"
      << (folder / "lines.tsv").string() << "'\n"
      << "create index on l using gist (g); analyze p; analyze l;\n"
      << cpu
      << "create temp table a as select p.id, n.id as lid, n.d from p cross join lateral "
         "(select l.id, p.g <-> l.g as d from l order by p.g <-> l.g limit 1) n;\n"
      << cpu
      << (geography
              ? "select a.id, a.lid, st_distance(p.g, l.g) from a join p using (id) join l on l.id "
                "= a.lid order by 1;\n"
              : "select id, lid, d from a order by id;\n");
  sql.close();
  Answers out;
  const std::string command =
      psql + " -X -q -A -t -F ' ' -f " + (folder / "run.sql").string() + " 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::vector<double> cpu_at;
  char line[512];
  while (std::fgets(line, sizeof line, pipe) != nullptr) {
    const std::string text(line);
    const auto first = text.find(' ');
    if (text.starts_with("cpu ")) {
      cpu_at.push_back(parse_number(trim(text.substr(4))).value_or(0.0));
      continue;
    }
    const auto second = text.find(' ', first + 1);
    const auto id = parse_number(text.substr(first + 1, second - first - 1));
    const auto d =
        second == std::string::npos ? std::nullopt : parse_number(trim(text.substr(second + 1)));
    if (!id || !d) {
      std::printf("psql: %s", line);
      continue;
    }
    out.hits.push_back({static_cast<std::size_t>(*id), *d});
  }
  pclose(pipe);
  fs::remove_all(folder);
  if (cpu_at.size() == 2) out.seconds = cpu_at[1] - cpu_at[0];
  return out;
}

/// Largest differences of the distances, and how many named another line.
void compare(const Answers& a, const Answers& b) {
  double absolute = 0.0, relative = 0.0;
  std::size_t other = 0;
  for (std::size_t i = 0; i < std::min(a.hits.size(), b.hits.size()); ++i) {
    const double gap = std::abs(a.hits[i].distance_m - b.hits[i].distance_m);
    absolute = std::max(absolute, gap);
    relative = std::max(relative, gap / std::max(1.0, b.hits[i].distance_m));
    if (a.hits[i].feature != b.hits[i].feature) ++other;
  }
  std::printf("| | largest difference %.3g m, relative %.3g; another line for %zu of %zu | |\n",
              absolute, relative, other, b.hits.size());
}

double total(const Answers& a) {
  double sum = 0.0;
  for (const NearHit& hit : a.hits) sum += hit.distance_m;
  return sum;
}

void row(const char* name, const Answers& a, std::size_t counted) {
  std::printf("| %s | %.2f | %.2f | %.3f km |\n", name, a.seconds, a.build,
              total(a) / 1e3 / static_cast<double>(counted));
}

}  // namespace
}  // namespace lode

int main(int argc, char** argv) {
  using namespace lode;
  const std::string psql = argc > 1 ? argv[1] : "";
  const std::size_t points = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 100000;
  const std::size_t lines = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 66000;
  const std::size_t few = argc > 4 ? std::strtoul(argv[4], nullptr, 10) : 2000;
  std::printf("| case | CPU s | of it the index | mean distance |\n|---|---|---|---|\n");
  const Data plane = made(points, lines, {300000, 3000000, 1300000, 4000000}, 500.0);
  const Answers grid = ours(plane, parse_crs("local:m"), Edges::straight);
  row("planar (mine grid)", grid, points);
  if (psql.empty()) {
    std::printf("| PostGIS: left out, no psql command was given | | | |\n");
  } else {
    const Answers knn = peer(psql, plane, points, false);
    row("PostGIS geometry <->, planar", knn, points);
    compare(grid, knn);
  }
  Data zone = made(points, lines, {200000, 3000000, 800000, 4000000}, 500.0);
  row("UTM, on the ellipsoid", ours(zone, parse_crs("EPSG:32611"), Edges::straight), points);
  const Data globe = made(points, lines, {-178, -60, 178, 72}, 0.05);
  const Answers geodesic = ours(globe, wgs84(), Edges::geodesic);
  row("degrees, on the ellipsoid", geodesic, points);
  if (!psql.empty()) {
    Answers knn = peer(psql, globe, few, true);
    compare(geodesic, knn);
    std::printf("| PostGIS geography <->, %zu points | %.2f | | (for all points: %.1f s) |\n", few,
                knn.seconds, knn.seconds * static_cast<double>(points) / static_cast<double>(few));
  }
  std::printf("Peak %.0f MB.\n", bench::peak_mb());
  return 0;
}
