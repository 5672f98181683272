#include "tools/screen_bodies.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <unordered_map>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/box_share.h"
#include "libgeo/geometry/mesh_report.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/block_files.h"
#include "libgeo/io/mesh_files.h"
#include "tools/block_inputs.h"

namespace lode::tools {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

BlockCrs crs_of_bodies(const Arguments& arguments) {
  const BlockCrs crs = block_crs(arguments);
  if (!crs.said)
    throw Error("crs.missing", "solids and block models do not say which CRS they are in",
                arguments.text("SITES"), "Declare it: --input-crs EPSG:n, or local:m.");
  return crs;
}

bool is_block_table(const Arguments& arguments, const Session& session) {
  const std::string path = lower(arguments.text("SITES"));
  if (path.ends_with(".gslib") || path.ends_with(".dat") || path.ends_with(".out")) return true;
  if (!path.ends_with(".csv")) return false;
  try {
    BlockCrs metres;
    metres.crs = parse_crs("local:m");
    const BlockFile file(arguments.text("SITES"), block_options(arguments, session, metres));
    return true;
  } catch (const Error&) {
    return arguments.has("block-size");
  }
}

/// Outline in plan: of a closed solid its faces that look up cover all of it, once or more.
Geometry plan_outline(const TriangleMesh& mesh, double metres_per_unit) {
  std::vector<Geometry> faces;
  const auto at = [&](std::uint32_t v) {
    return Point{mesh.vertices[v][0] / metres_per_unit, mesh.vertices[v][1] / metres_per_unit};
  };
  for (const auto& t : mesh.triangles) {
    const Point a = at(t[0]), b = at(t[1]), c = at(t[2]);
    if ((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y) > 0.0)
      faces.push_back(polygon_geometry({a, b, c, a}));
  }
  return unite(faces);
}

/// Distinct outlines are told by the bits of their place and size.
struct OutlineKey {
  std::array<double, 4> of{};
  bool operator==(const OutlineKey&) const = default;
};
struct OutlineHash {
  std::size_t operator()(const OutlineKey& key) const {
    std::uint64_t h = 1469598103934665603ull;
    for (const double v : key.of) {
      h = (h ^ std::bit_cast<std::uint64_t>(v)) * 1099511628211ull;
      h ^= h >> 29;
    }
    return static_cast<std::size_t>(h);
  }
};

Geometry rectangle(const OutlineKey& key, double rotation_deg, double metres_per_unit) {
  const double turn = rotation_deg * std::numbers::pi / 180.0;
  const double c = std::cos(turn), s = std::sin(turn);
  const auto corner = [&](double u, double v) {
    const double x = 0.5 * u * key.of[2], y = 0.5 * v * key.of[3];
    return Point{(key.of[0] + x * c + y * s) / metres_per_unit,
                 (key.of[1] - x * s + y * c) / metres_per_unit};
  };
  return polygon_geometry(
      {corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)});
}

/// The nearest of all constraints.
std::pair<double, std::string> nearest_of(const SiteScreening& site, const ScreenInputs& inputs) {
  std::pair<double, std::string> out{kNan, ""};
  for (std::size_t k = 0; k < site.constraints.size(); ++k)
    if (const double d = site.constraints[k].nearest_m; !(d >= out.first) && !std::isnan(d))
      out = {d, inputs.constraints[k].name};
  return out;
}

double pct(double part, double whole) {
  return whole > 0.0 ? 100.0 * part / whole : 0.0;
}

}  // namespace

SiteKind site_kind(const Arguments& arguments, const Session& session) {
  const std::string path = lower(arguments.text("SITES"));
  for (const char* ending : {".obj", ".stl", ".ply", ".off", ".vtp", ".ts"})
    if (path.ends_with(ending)) return SiteKind::solids;
  return is_block_table(arguments, session) ? SiteKind::blocks : SiteKind::layer;
}

SolidSites read_solid_sites(const Arguments& arguments, const Session& session, Outcome& outcome) {
  const BlockCrs crs = crs_of_bodies(arguments);
  const std::string path = arguments.text("SITES");
  SolidSites out;
  out.sites.crs = crs.crs;
  out.sites.has_crs = true;
  out.sites.table.name = path;
  for (MeshFile& file : read_meshes(path, crs.crs.metres_per_unit)) {
    check_mesh_crs(file, crs.crs, outcome.findings);
    outcome.findings.add(file.findings);
    require_solid(file.mesh, outcome.findings, session.progress.part(0.0, 0.1));
    out.ids.push_back(file.group.empty() ? std::filesystem::path(path).stem().string()
                                         : file.group);
    out.sites.geometry.push_back(plan_outline(file.mesh, crs.crs.metres_per_unit));
    out.sites.fid.push_back(static_cast<std::int64_t>(out.ids.size()));
    out.sites.source = file.source;
    out.meshes.push_back(std::move(file.mesh));
  }
  out.sites.source.crs = crs.crs.label();
  out.sites.source.features = out.ids.size();
  return out;
}

BodyVolume body_volume(const TriangleMesh& mesh, const SiteScreening& site, const Crs& crs) {
  BodyVolume out;
  out.volume_m3 = signed_volume_m3(mesh);
  out.net_m3 = out.volume_m3;
  if (site.excluded_m2 <= 0.0) return out;
  if (site.net.empty()) {
    out.net_m3 = 0.0;
    return out;
  }
  Geometry net = site.net;
  for_each_vertex(net, [&](Point& p) { p.x *= crs.metres_per_unit, p.y *= crs.metres_per_unit; });
  const Box3 box = bounds_of(mesh);
  BlockGrid axes;
  axes.origin = box.lower;
  const ColumnCutter body(mesh, ColumnCutter::Form::solid, axes);
  const Box3& own = body.bounds();
  const Footprint place{own.lower[0], own.lower[1], own.upper[0], own.upper[1]};
  const double share = body.joint_share(place, own.lower[2], own.upper[2], PlanCutter(net, axes));
  out.net_m3 = std::clamp(share * place.area() * (own.upper[2] - own.lower[2]), 0.0, out.volume_m3);
  return out;
}

BlockSites::BlockSites(const Arguments& arguments, const Session& session, Outcome& outcome) {
  const BlockCrs crs = crs_of_bodies(arguments);
  crs_ = crs.crs;
  BlockFile file(arguments.text("SITES"), block_options(arguments, session, crs));
  LayoutScan scan({}, file.path());
  std::unordered_map<OutlineKey, std::uint32_t, OutlineHash> known;
  std::vector<OutlineKey> keys;
  BlockChunk chunk;
  const Progress progress = session.progress.part(0.0, 0.1);
  while (file.next(chunk, progress)) {
    scan.add(chunk);
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      const OutlineKey key{{chunk.x[i], chunk.y[i], chunk.dx[i], chunk.dy[i]}};
      const auto [at, fresh] = known.try_emplace(key, static_cast<std::uint32_t>(keys.size()));
      if (fresh) {
        keys.push_back(key);
        column_m3_.push_back(0.0);
        column_blocks_.push_back(0);
      }
      outline_of_.push_back(at->second);
      column_m3_[at->second] += chunk.dx[i] * chunk.dy[i] * chunk.dz[i];
      ++column_blocks_[at->second];
    }
    progress.update(file.fraction(), "reading blocks");
  }
  const BlockLayout layout = scan.finish();
  outcome.findings.add(layout.findings);
  apart_ = layout.regular;
  blocks_ = layout.blocks;
  volume_m3_ = layout.volume_m3;
  for (const OutlineKey& key : keys)
    outlines_.push_back(rectangle(key, layout.grid.rotation_deg, crs_.metres_per_unit));
  Source source = file.source();
  source.crs = crs_.label();
  source.features = blocks_;
  outcome.inputs.push_back(source);
}

/// What the whole model loses.
struct BlockSites::Totals {
  Sum excluded_m3, review_m3;
  std::size_t touched = 0, excluded = 0;
  double nearest_m = kNan;
  std::string nearest;
};

void BlockSites::report(const Arguments& arguments, const Session& session,
                        const ScreenInputs& inputs, const Screening& screening, Outcome& outcome) {
  Totals totals;
  for (std::size_t i = 0; i < outlines_.size(); ++i) {
    const SiteScreening& site = screening.sites[i];
    totals.excluded_m3 += column_m3_[i] * pct(site.excluded_m2, site.area_m2) / 100.0;
    totals.review_m3 += column_m3_[i] * pct(site.review_m2, site.area_m2) / 100.0;
    if (site.excluded_m2 > 0.0) totals.touched += column_blocks_[i];
    if (site.excluded) totals.excluded += column_blocks_[i];
    const auto [d, name] = nearest_of(site, inputs);
    if (!(d >= totals.nearest_m) && !std::isnan(d)) totals.nearest_m = d, totals.nearest = name;
  }
  const ScreenSummary& s = screening.summary;
  const double area = apart_ ? s.sites_sum_m2 : s.sites_dissolved_m2;
  const double gone = apart_ ? s.excluded_sum_m2 : s.excluded_dissolved_m2;
  Json row;
  row["id"] = std::filesystem::path(arguments.text("SITES")).stem().string();
  row["area_ha"] = area / 1e4;
  row["excluded_ha"] = gone / 1e4;
  row["excluded_pct"] = pct(gone, area);
  row["net_ha"] = (area - gone) / 1e4;
  row["volume_m3"] = volume_m3_;
  row["excluded_m3"] = totals.excluded_m3.value();
  row["net_m3"] = volume_m3_ - totals.excluded_m3.value();
  row["review_m3"] = totals.review_m3.value();
  row["blocks"] = blocks_;
  row["blocks_cut"] = totals.touched - totals.excluded;
  row["blocks_excluded"] = totals.excluded;
  row["nearest_m"] = number_or_null(totals.nearest_m);
  row["nearest_constraint"] = totals.nearest.empty() ? Json() : Json(totals.nearest);
  outcome.shown = {"id", "blocks", "volume_m3", "excluded_m3", "net_m3", "excluded_pct"};
  add_results(session, outcome, 1, [&](std::size_t) { return row; });
  if (arguments.has("output")) write(arguments, session, inputs, screening, outcome);
}

void BlockSites::write(const Arguments& arguments, const Session& session,
                       const ScreenInputs& inputs, const Screening& screening, Outcome& outcome) {
  check_csv_output(arguments);
  enforce_strict(session, outcome.findings);
  std::vector<std::string> paths;
  for (const Source& input : outcome.inputs) paths.push_back(input.path);
  refuse_input_as_output(arguments.text("output"), paths);
  BlockCrs crs;
  crs.crs = crs_;
  BlockReadOptions reading = block_options(arguments, session, crs);
  reading.keep_lines = true;
  BlockFile file(arguments.text("SITES"), reading);
  if (file.is_gslib())
    throw Error("blocks.not_csv", "the model is GSLIB text, which takes no columns of text",
                file.path(), "Write it as CSV first: lode blocks reblock.");
  OutputSet outputs(session.overwrite);
  BlockWriter writer(outputs.stage(arguments.text("output")), arguments.text("output"));
  const char comma = file.separator();
  std::string header = file.header();
  for (const char* name :
       {"excluded_pct", "net_pct", "review_pct", "nearest_m", "nearest_constraint"}) {
    if (file.has_column(name))
      throw Error("blocks.column_exists", "the model has a column '" + std::string(name) + "'",
                  file.path(), "Rename it in the file.");
    header += comma + std::string(name);
  }
  writer.write(header + "\n");
  // Blocks over one another have one text.
  std::vector<std::string> cells;
  for (const SiteScreening& site : screening.sites) {
    const auto [d, name] = nearest_of(site, inputs);
    const double excluded = pct(site.excluded_m2, site.area_m2);
    cells.push_back(comma + number_text(excluded) + comma + number_text(100.0 - excluded) + comma +
                    number_text(pct(site.review_m2, site.area_m2)) + comma +
                    (std::isnan(d) ? std::string() : number_text(d)) + comma + name + "\n");
  }
  BlockChunk chunk;
  const Progress progress = session.progress.part(0.92, 0.99);
  std::size_t block = 0;
  while (file.next(chunk, progress)) {
    std::string text;
    for (std::size_t i = 0; i < chunk.size(); ++i, ++block) {
      std::string_view line = chunk.text[i];
      while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
      text += line;
      text += cells[outline_of_.at(block)];
    }
    writer.write(text);
    progress.update(file.fraction(), "writing blocks");
  }
  writer.finish();
  refuse_unmet_units(arguments, session);
  outputs.commit();
  outcome.outputs = outputs.written();
}

}  // namespace lode::tools
