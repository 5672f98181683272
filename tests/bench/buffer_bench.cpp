// Setbacks of 1 km around 20,000 pieces of rivers, dissolved: Lode, ogr2ogr with SpatiaLite and
// PostGIS geography in one run; and 100,000 small boxes, each with its own setback.
//   bench_buffer [lode program] [folder, default /tmp] [psql, default "su postgres -c 'psql -q -A
//   -t'"]
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <numbers>
#include <sstream>
#include <string>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/transform.h"
#include "libgeo/environment/buffer.h"
#include "libgeo/io/writers.h"
#include "tests/bench/measure.h"

namespace {

using namespace lode;
using lode::bench::cpu_seconds;

/// Rivers with tributaries in metres of EPSG:5070: edges of 1 to 4.5 km (as Natural Earth's 10m
/// rivers have), bends of 20 degrees.
std::vector<Path> rivers(std::size_t edges) {
  const Random random{5, 0};
  std::uint64_t at = 0;
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * random.uniform(at++);
  };
  std::vector<Path> out;
  for (std::size_t made = 0; made < edges;) {
    Point p{uniform(-2.2e6, 2.1e6), uniform(4e5, 3e6)};
    if (!out.empty() && uniform(0, 1) < 0.8) {
      const Path& river = out[static_cast<std::size_t>(uniform(0, 1) * double(out.size()))];
      p = river[static_cast<std::size_t>(uniform(0, 1) * double(river.size()))];
    }
    double heading = uniform(0, 2 * std::numbers::pi);
    const auto count = static_cast<std::size_t>(uniform(15, 90));
    Path path{p};
    for (std::size_t i = 0; i < count; ++i) {
      heading += 0.35 * random.normal(at++);
      const double step = 2750.0 * uniform(0.4, 1.6);
      p = {p.x + step * std::cos(heading), p.y + step * std::sin(heading)};
      path.push_back(p);
    }
    out.push_back(path);
    made += count;
  }
  return out;
}

std::vector<Geometry> pieces_of(const std::vector<Path>& lines) {
  std::vector<Geometry> out;
  for (const Path& line : lines)
    for (std::size_t k = 0; k + 1 < line.size(); k += 3) {
      Geometry g;
      g.kind = GeometryKind::line;
      g.lines.emplace_back(
          line.begin() + static_cast<std::ptrdiff_t>(k),
          line.begin() + static_cast<std::ptrdiff_t>(std::min(k + 4, line.size())));
      out.push_back(std::move(g));
    }
  return out;
}

void write(const std::string& path, const Crs& crs, const std::vector<Geometry>& geometry) {
  OutputLayer layer;
  layer.name = "rivers";
  layer.crs = crs;
  layer.geometry = geometry;
  std::vector<double> id(geometry.size());
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = double(i + 1);
  layer.table.add(number_column("id", id));
  Findings findings;
  WriteOptions options;
  options.overwrite = true;
  static_cast<void>(write_layers(path, {layer}, options, findings));
}

double children_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// CPU seconds of a command, best of three; negative when it fails.
double timed(const std::string& command) {
  double best = 1e300;
  for (int turn = 0; turn < 3; ++turn) {
    const double start = children_seconds();
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) return -1.0;
    best = std::min(best, children_seconds() - start);
  }
  return best;
}

void tell(const std::string& what, double seconds, double ours) {
  if (seconds < 0.0) {
    std::printf("%-52s skipped: not there, or it failed\n", what.c_str());
  } else {
    std::printf("%-52s %7.2f CPU s   to it %5.2f\n", what.c_str(), seconds, ours / seconds);
  }
  std::fflush(stdout);
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string out;
  char buffer[4096];
  while (pipe && std::fgets(buffer, sizeof buffer, pipe.get()) != nullptr) out += buffer;
  return out;
}

/// CPU seconds of the server's process, best of three, its data loaded before.
double postgis(const std::string& psql, const std::string& folder,
               const std::vector<Geometry>& degrees) {
  const std::string script = folder + "/buffer_bench.sql";
  {
    std::ofstream sql(script);
    sql << "\\pset fieldsep ' '\ncreate extension if not exists postgis;\n"
           "create temp table rivers(geom geometry(geometry, 4326));\n"
           "copy rivers from stdin;\n";
    for (const Geometry& g : degrees) sql << "SRID=4326;" << to_wkt(g) << "\n";
    sql << "\\.\nset max_parallel_workers_per_gather = 0;\n"
           "select pg_backend_pid() as pid \\gset\n\\setenv P :pid\n";
    for (int turn = 0; turn < 3; ++turn)
      sql << "\\! cut -d' ' -f14,15 /proc/$P/stat\n"
             "select 'area', ST_Area(ST_Union(ST_Buffer(geom::geography, 1000)::geometry)"
             "::geography) from rivers;\n"
             "\\! cut -d' ' -f14,15 /proc/$P/stat\n";
  }
  std::istringstream lines(output_of(psql + " < " + script + " 2>/dev/null"));
  std::string line;
  double before = -1.0, best = 1e300;
  std::string area;
  while (std::getline(lines, line)) {
    const auto words = split(line, ' ');
    if (words.size() != 2) continue;
    if (words[0] == "area") {
      area = words[1];
      continue;
    }
    const double ticks =
        parse_number(words[0]).value_or(0.0) + parse_number(words[1]).value_or(0.0);
    if (before < 0.0) {
      before = ticks;
    } else {
      best = std::min(best, (ticks - before) / 100.0);
      before = -1.0;
    }
  }
  if (!area.empty()) std::printf("PostGIS: %.3f km2\n", parse_number(area).value_or(0.0) / 1e6);
  return area.empty() ? -1.0 : best;
}

void boxes() {
  BufferInputs inputs;
  for (int i = 0; i < 100000; ++i) {
    const double x = -118.0 + 0.01 * (i % 400), y = 38.0 + 0.01 * double(i / 400);
    inputs.geometry.push_back(
        polygon_geometry({{x, y}, {x + 0.004, y}, {x + 0.004, y + 0.003}, {x, y + 0.003}, {x, y}}));
  }
  inputs.distance_m = {100.0};
  inputs.crs = wgs84();
  BufferOptions options;
  options.jobs = 1;
  const double start = cpu_seconds();
  const Buffers made = geodesic_buffers(inputs, options);
  std::printf(
      "100,000 boxes of 350 x 330 m, 100 m each: %.2f CPU s, off by %.4f m at most (%zu "
      "probes)\n",
      cpu_seconds() - start, made.max_radius_error_m, made.probes);
}

}  // namespace

int main(int argc, char** argv) {
  const auto word = [&](int i, const char* otherwise) {
    return std::string(argc > i ? argv[i] : otherwise);
  };
  const std::string program = word(1, "build/release/tools/lode"), folder = word(2, "/tmp");
  const std::string psql = word(3, "su postgres -c 'psql -q -A -t'");
  const std::vector<Geometry> metres = pieces_of(rivers(60000));
  const Transform to_degrees(parse_crs("EPSG:5070"), wgs84());
  std::vector<Geometry> degrees = metres;
  for (Geometry& g : degrees)
    for_each_vertex(g, [&](Point& p) { static_cast<void>(to_degrees.forward(&p.x, &p.y, 1)); });
  const std::string planar = folder + "/bench_5070.gpkg", lonlat = folder + "/bench_4326.gpkg";
  write(planar, parse_crs("EPSG:5070"), metres);
  write(lonlat, wgs84(), degrees);

  BufferInputs inputs;
  inputs.geometry = degrees;
  inputs.distance_m = {1000.0};
  inputs.crs = wgs84();
  BufferOptions options;
  options.dissolve = true;
  options.jobs = 1;
  double ours = 1e300;
  for (int turn = 0; turn < 3; ++turn) {
    const double start = cpu_seconds();
    const Buffers made = geodesic_buffers(inputs, options);
    ours = std::min(ours, cpu_seconds() - start);
    if (turn == 0)
      std::printf("%zu pieces, %.3f km2 in %zu parts, off by %.3f m at most (%zu probes)\n",
                  degrees.size(), made.features[0].area_m2 / 1e6,
                  made.features[0].geometry.polygons.size(), made.max_radius_error_m, made.probes);
  }
  tell("Lode, geodesic, checked, in memory", ours, ours);
  tell("lode buffer, reading and writing GeoPackage",
       timed(program + " buffer " + lonlat + " --distance '1 km' --dissolve --jobs 1 -o " + folder +
             "/bench_out.gpkg --overwrite"),
       ours);
  tell("ogr2ogr -dialect sqlite, planar, 8 segments",
       timed("rm -f " + folder + "/bench_peer.gpkg; ogr2ogr -f GPKG " + folder +
             "/bench_peer.gpkg " + planar +
             " -dialect sqlite -sql 'select ST_Union(ST_Buffer(geom,1000,8)) from rivers'"),
       ours);
  tell("PostGIS geography, 8 segments, data loaded", postgis(psql, folder, degrees), ours);
  boxes();
  return 0;
}
