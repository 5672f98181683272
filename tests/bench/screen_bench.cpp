// Screening of 10,000 sites against 50,000 polygons of 8 million vertices, beside PostGIS and
// GeoPandas in one run; the whole command and the library by themselves.
//   bench_screen [folder, default /tmp] [lode] [psql command, e.g. "su postgres -c 'psql -d scratch
//   -f %'", where % is a file; "" = no PostGIS] [python3 with geopandas]
// The database named there gets two tables, lode_sites and lode_constraints, and loses them again.
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numbers>
#include <string>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/screening.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/writers.h"
#include "tests/bench/measure.h"

namespace {

using namespace lode;
using bench::cpu_seconds;
using bench::peak_mb;

/// CPU seconds of all children that have ended.
double children_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Numbers {
 public:
  explicit Numbers(std::uint64_t stream) : random_(7, stream) {}
  double next() { return random_.uniform(at_++); }
  double next(double low, double high) { return low + (high - low) * next(); }

 private:
  Random random_;
  std::uint64_t at_ = 0;
};

/// A polygon that all of is seen from its centre.
Geometry star(Numbers& numbers, Point centre, double radius, int vertices) {
  Path ring;
  for (int i = 0; i < vertices; ++i) {
    const double angle = 2.0 * std::numbers::pi * (i + 0.8 * numbers.next()) / vertices;
    const double r = radius * numbers.next(0.6, 1.0);
    ring.push_back({centre.x + r * std::cos(angle), centre.y + r * std::sin(angle)});
  }
  ring.push_back(ring.front());
  return polygon_geometry(std::move(ring));
}

constexpr double kWest = -2.2e6, kEast = 2.2e6, kSouth = 4e5, kNorth = 3.0e6;

std::vector<Geometry> make_sites(int count) {
  Numbers numbers(1);
  std::vector<Geometry> out;
  for (int i = 0; i < count; ++i) {
    const Point centre{numbers.next(kWest, kEast), numbers.next(kSouth, kNorth)};
    out.push_back(star(numbers, centre, numbers.next(1500, 4000),
                       24 + static_cast<int>(57 * numbers.next())));
  }
  return out;
}

/// Along 400 walks of 240 km, as reserves lie along rivers.
std::vector<Geometry> make_constraints(int count) {
  Numbers numbers(2);
  std::vector<Point> places;
  for (int walk = 0; walk < 400; ++walk) {
    Point p{numbers.next(kWest, kEast), numbers.next(kSouth, kNorth)};
    double way = numbers.next(0.0, 2.0 * std::numbers::pi);
    for (int step = 0; step < 60; ++step) {
      way += numbers.next(-0.7, 0.7);
      p = {p.x + 4e3 * std::cos(way), p.y + 4e3 * std::sin(way)};
      places.push_back(p);
    }
  }
  std::vector<Geometry> out;
  for (int i = 0; i < count; ++i) {
    const auto place =
        static_cast<std::size_t>(numbers.next() * static_cast<double>(places.size()));
    const Point centre{places[place].x + numbers.next(-1e4, 1e4),
                       places[place].y + numbers.next(-1e4, 1e4)};
    out.push_back(star(numbers, centre, numbers.next(1500, 7000),
                       30 + static_cast<int>(271 * numbers.next())));
  }
  return out;
}

void write(const std::string& path, const std::vector<Geometry>& geometry, const Crs& crs) {
  OutputLayer layer;
  layer.name = layer.table.name = "places";
  layer.crs = crs;
  layer.geometry = geometry;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < geometry.size(); ++i) ids.push_back(std::to_string(i + 1));
  layer.table.add(text_column("id", ids));
  WriteOptions options;
  options.overwrite = true;
  Findings findings;
  write_layers(path, {layer}, options, findings);
}

void tell(const std::string& what, double seconds, const std::string& more) {
  std::printf("%-52s %8.2f CPU s  %s\n", what.c_str(), seconds, more.c_str());
  std::fflush(stdout);
}

std::string said(const Screening& out) {
  std::size_t pairs = 0;
  for (const SiteScreening& site : out.sites) pairs += site.constraints[0].touched.size();
  return std::to_string(pairs) + " pairs, excluded " +
         fixed_text(out.summary.excluded_sum_m2 / 1e6, 3) + " km2, net " +
         fixed_text(out.summary.net_sum_m2 / 1e6, 3) + " km2, peak " + fixed_text(peak_mb(), 0) +
         " MB";
}

ScreenInputs inputs_of(std::vector<Geometry> sites, std::vector<Geometry> features,
                       double setback_m, const Crs& crs) {
  ScreenInputs in;
  in.crs = crs;
  in.sites = std::move(sites);
  in.constraints.emplace_back();
  in.constraints[0].name = "constraint";
  in.constraints[0].geometry = std::move(features);
  in.constraints[0].setback_m = {setback_m};
  return in;
}

Screening screened(const std::string& what, const ScreenInputs& in, int jobs = 1) {
  ScreenOptions options;
  options.edges = default_edges(in.crs);
  options.check_constraints = true;
  options.jobs = jobs;
  const double start = cpu_seconds();
  Screening out = screen_sites(in, options);
  tell(what, cpu_seconds() - start, said(out));
  return out;
}

/// The whole command in a process of its own.
void command(const std::string& lode, const std::string& sites, const std::string& constraint,
             const std::string& more = {}) {
  const std::string line = lode + " screen " + sites + " --constraint '" + constraint +
                           "' --jobs 1 --json " + more + " > /dev/null 2>&1";
  double best = 1e300;
  for (int turn = 0; turn < 3; ++turn) {
    const double start = children_seconds();
    if (std::system(line.c_str()) != 0) {
      std::printf("failed: %s\n", line.c_str());
      return;
    }
    best = std::min(best, children_seconds() - start);
  }
  tell("lode screen, reading included, " +
           std::filesystem::path(constraint.substr(0, constraint.rfind('='))).filename().string(),
       best, "best of 3");
}

void write_hex(const std::string& path, const std::vector<Geometry>& geometry) {
  std::ofstream file(path);
  std::string line;
  for (const Geometry& g : geometry) {
    line.clear();
    for (const char c : to_wkb(g)) {
      const auto byte = static_cast<unsigned char>(c);
      line += "0123456789ABCDEF"[byte >> 4];
      line += "0123456789ABCDEF"[byte & 15];
    }
    file << line << '\n';
  }
}

/// CPU seconds are those of the server's process, from /proc.
void postgis(const std::string& folder, const std::string& psql, const std::vector<Geometry>& sites,
             const std::vector<Geometry>& constraints) {
  const auto place = psql.find('%');
  if (psql.empty() || place == std::string::npos) {
    std::printf("PostGIS: skipped, no psql command was given\n");
    return;
  }
  write_hex(folder + "/screen_sites.hex", sites);
  write_hex(folder + "/screen_constraints.hex", constraints);
  std::string sql =
      "\\set QUIET on\n\\pset tuples_only on\n\\pset format unaligned\n"
      "create extension if not exists postgis;\n"
      "set max_parallel_workers_per_gather = 0; set jit = off;\n";
  for (const std::string name : {"sites", "constraints"})
    sql += "drop table if exists lode_" + name + "; create table lode_" + name +
           " (id serial, geom geometry);\n\\copy lode_" + name + "(geom) from '" + folder +
           "/screen_" + name + ".hex'\ncreate index on lode_" + name +
           " using gist(geom); analyze lode_" + name + ";\n";
  const std::string clock =
      "\\! awk '{printf \"  server so far %.2f CPU s\\n\", ($14+$15)/100}' /proc/$PID/stat\n";
  sql +=
      "select pg_backend_pid() as pid \\gset\n\\setenv PID :pid\n"
      "select 'warmed', sum(length(geom::bytea)) from lode_constraints;\n" +
      clock +
      "select 'pairs', count(*), sum(ST_Area(ST_Intersection(s.geom, c.geom))) / 1e6 from "
      "lode_sites s join lode_constraints c on ST_Intersects(s.geom, c.geom);\n" +
      clock +
      "select 'net', sum(coalesce(ST_Area(ST_Difference(s.geom, u.g)), ST_Area(s.geom))) / 1e6 "
      "from lode_sites s left join lateral (select ST_Union(c.geom) g from lode_constraints c "
      "where ST_Intersects(s.geom, c.geom)) u on true;\n" +
      clock + "drop table lode_sites, lode_constraints;\n";
  const std::string script = folder + "/screen_peer.sql";
  std::ofstream(script) << sql;
  std::printf("PostGIS, loaded and indexed before (warmed, pairs, net):\n");
  std::fflush(stdout);
  if (std::system((psql.substr(0, place) + script + psql.substr(place + 1)).c_str()) != 0)
    std::printf("PostGIS: skipped, '%s' failed\n", psql.c_str());
  for (const char* name : {"screen_sites.hex", "screen_constraints.hex", "screen_peer.sql"})
    ::unlink((folder + "/" + name).c_str());
}

/// 100,000 boxes of 150 m against 100,000 points with a setback of 50 m.
void boxes_and_points() {
  Numbers numbers(3);
  std::vector<Geometry> boxes, points;
  for (int i = 0; i < 100000; ++i) {
    const double x = numbers.next(0, 1e5), y = numbers.next(0, 1e5);
    boxes.push_back(
        polygon_geometry({{x, y}, {x + 150, y}, {x + 150, y + 150}, {x, y + 150}, {x, y}}));
    points.push_back(point_geometry(numbers.next(0, 1e5), numbers.next(0, 1e5)));
  }
  screened("100,000 boxes, 100,000 points, 50 m, mine grid",
           inputs_of(std::move(boxes), std::move(points), 50.0, parse_crs("local:m")));
}

}  // namespace

int main(int argc, char** argv) {
  const auto word = [&](int i, const std::string& otherwise) {
    return std::string(argc > i ? argv[i] : otherwise);
  };
  const std::string folder = word(1, "/tmp");
  const std::string lode = word(
      2, (std::filesystem::path(argv[0]).parent_path() / "../../tools/lode").lexically_normal());
  const Crs crs = parse_crs("EPSG:5070");
  const std::vector<Geometry> sites = make_sites(10000), constraints = make_constraints(50000);
  std::size_t vertices = 0;
  for (const Geometry& g : constraints) vertices += g.polygons[0].shell.size();
  std::printf("50,000 polygons of %zu vertices\n", vertices);
  const std::string sites_file = folder + "/screen_sites.gpkg";
  write(sites_file, sites, crs);
  for (const std::string ending : {".gpkg", ".fgb"}) {
    const std::string file = folder + "/screen_constraints" + ending;
    write(file, constraints, crs);
    command(lode, sites_file, file + "=0 m");
  }
  if (std::system((word(4, "/usr/bin/python3") + " -c 'import geopandas' 2> /dev/null").c_str()) ==
      0)
    static_cast<void>(std::system((word(4, "/usr/bin/python3") +
                                   " " LODE_SOURCE_DIR "/tests/bench/screen_peer.py " + sites_file +
                                   " " + folder + "/screen_constraints.gpkg")
                                      .c_str()));
  else
    std::printf("GeoPandas: skipped, it is not installed\n");
  postgis(folder, word(3, ""), sites, constraints);
  const ScreenInputs in = inputs_of(sites, constraints, 0.0, crs);
  const Screening one = screened("the library alone, one thread", in);
  const Screening two = screened("the library alone, two threads", in, 2);
  bool same = one.summary.net_dissolved_m2 == two.summary.net_dissolved_m2;
  for (std::size_t i = 0; i < one.sites.size(); ++i) same &= one.sites[i].net == two.sites[i].net;
  std::printf("one and two threads: %s\n", same ? "the same bits" : "DIFFERENT");
  boxes_and_points();
  if (const char* data = std::getenv("LODE_DATA")) {
    const std::string real = std::string(data) + "/environment_mcdermitt/";
    command(lode, real + "mining_claims_wgs84.geojson", real + "trout_streams_wgs84.geojson=300 ft",
            "--area acres");
  } else {
    std::printf("McDermitt claims: skipped, LODE_DATA is not set\n");
  }
  for (const char* name :
       {"screen_sites.gpkg", "screen_constraints.gpkg", "screen_constraints.fgb"})
    ::unlink((folder + "/" + name).c_str());
  return same ? 0 : 1;
}
