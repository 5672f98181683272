// The sea around land, as lanes between the study's berths.
#include "libgeo/core/error.h"
#include "libgeo/study/freight_inputs.h"

namespace lode {

LineLayer lanes_of(StudyContext& context, const NetworkTable& table,
                   const std::vector<Geometry>& land, const std::vector<SeaBerth>& berths,
                   const Progress& progress) {
  if (berths.empty())
    throw Error("study.no_berth", "land makes no sea lanes without a place to berth",
                context.where(table.layer.line),
                "Give [logistics] terminals with the mode sea, or ports.");
  std::vector<SeaGate> own;
  if (!table.gates.empty())
    own = parse_sea_gates(context.read_text(table.gates, table.layer.line), table.gates);
  const std::vector<SeaGate> gates = with_built_in_gates(std::move(own));
  SeaOptions options;
  options.open = table.open;
  options.jobs = context.options.jobs;
  try {
    return sea_lanes(wgs84(), land, gates, berths, options, context.result.findings, progress);
  } catch (const Error& error) {
    if (error.code == "run.interrupted") throw;
    throw Error(error.code, error.what(), context.where(table.layer.line) + ": " + table.layer.path,
                error.hint);
  }
}

}  // namespace lode
