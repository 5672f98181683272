// What only a look into the files of [[networks]] and [logistics] can tell.
#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/io/osm_lines.h"
#include "libgeo/study/freight_results.h"

namespace lode {

namespace {

void look_into_lines(StudyContext& context, const NetworkTable& table) {
  if (table.layer.path == "installed" || is_osm_path(table.layer.path)) return;
  Layer layer = context.read(table.layer, true);
  LineLayer lines;
  lines.name = table.layer.path;
  lines.mode = table.mode;
  lines.fields = table.fields;
  lines.crs = layer.crs;
  lines.geometry = std::move(layer.geometry);
  lines.table = std::move(layer.table);
  // Polygons are land: they have no columns of lines.
  const bool land =
      std::any_of(lines.geometry.begin(), lines.geometry.end(),
                  [](const Geometry& one) { return one.kind == GeometryKind::polygon; });
  Findings findings;
  if (!land) (void)line_attributes(lines, findings);
  context.result.findings.add(findings);
  if (!table.gates.empty())
    (void)parse_sea_gates(context.read_text(table.gates, table.layer.line), table.gates);
}

}  // namespace

void look_into_freight(StudyContext& context,
                       const std::function<void(const std::function<void()>&)>& keep) {
  const LogisticsTable& logistics = context.study.logistics;
  for (const NetworkTable& table : context.study.networks)
    keep([&] { look_into_lines(context, table); });
  if (!logistics.given) return;
  if (!logistics.tariff.empty())
    keep([&] {
      (void)parse_tariff(context.read_text(logistics.tariff, logistics.line), logistics.tariff);
    });
  keep([&] { (void)read_terminals(context); });
  keep([&] {
    const Destinations to = read_destinations(context);
    if (const auto chain = read_chain(context))
      (void)chain_plants(context, of_role(to, "plant"), *chain);
  });
}

}  // namespace lode
