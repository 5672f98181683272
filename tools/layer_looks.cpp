#include "tools/layer_looks.h"

#include <algorithm>

#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/format_writers.h"
#include "libgeo/report/field_titles.h"
#include "libgeo/report/layer_style.h"
#include "libgeo/report/wording.h"

namespace lode::tools {
namespace {

using report::LayerLook;
using report::Ramp;

struct Dress {
  std::string layer;    ///< its name in the file
  std::string command;  ///< that writes it
  std::string title;
  std::string what;  ///< one sentence
  LayerLook look;
};

const std::vector<std::string> kName{"name", "id"};

/// Names of layers are fixed: they are what scripts ask for. It is long because it is a table.
const std::vector<Dress>& wardrobe() {
  static const std::vector<Dress> all{
      // Land.
      {"buffers",
       "buffer",
       "Buffers",
       "Land within a distance of the features.",
       {.colour_by = {"distance_m"}, .ramp = Ramp::reach, .greatest_below = true}},
      {"net_areas",
       "screen",
       "Net areas",
       "What setbacks leave of each site.",
       {.colour_by = {"excl_pct"}, .ramp = Ramp::burden, .label = kName}},
      {"pairs",
       "screen",
       "Setbacks that meet sites",
       "One feature for each site and each thing whose setback meets it.",
       {.colour_by = {"constraint"}}},
      {"free_parts",
       "screen",
       "Free parts",
       "What is left of the sites, piece by piece.",
       {.colour_by = {"area_ha"}}},
      {"permit_coverage",
       "permits",
       "Sites by state of their permits",
       "Each site with how much of it permits cover.",
       {.colour_by = {"status"}, .label = kName}},
      {"permits",
       "permits",
       "Permits by state",
       "The permits, with the sites that they cover.",
       {.colour_by = {"status"}, .label = kName}},
      {"gaps",
       "permits",
       "Gaps between permits",
       "Land of the sites that no valid permit covers.",
       {.colour = "#d55e00"}},
      {"timeline",
       "permits",
       "Coverage over time",
       "Spans of time in which the cover is the same.",
       {}},
      {"habitat_loss",
       "habitat",
       "Habitat lost to sites",
       "What each site takes of the habitat and of its connections.",
       {.colour_by = {"lost_pct"}, .ramp = Ramp::burden, .label = kName}},
      {"surroundings",
       "surroundings",
       "Surroundings of the sites",
       "Waters, people, values and land around each site.",
       {.colour_by = {"*"}, .label = kName}},
      {"footprints",
       "footprint",
       "Footprints",
       "What processing takes and leaves, by site.",
       {.colour_by = {"*"}, .ramp = Ramp::burden, .label = kName}},
      {"paths",
       "watershed",
       "Ways downstream",
       "Where water flows to from each site.",
       {.colour = "#2a7fb0", .label = kName}},
      {"watersheds",
       "watershed",
       "Watersheds",
       "The land that drains into each site.",
       {.colour = "#4d8fc0", .label = kName}},
      {"zonal",
       "zonal",
       "Zones by values of the raster",
       "Figures of the raster's cells by zone.",
       {.colour_by = {"*"}, .label = kName}},
      // Deposits.
      {"outline_volumes",
       "volume outline",
       "Tonnages of outlines",
       "Area, volume and tonnage of each outline.",
       {.colour_by = {"contnd_t", "tonnage_t", "volume_m3"}, .label = kName}},
      {"surface_volumes",
       "volume surface",
       "Cut and fill",
       "Volumes between two surfaces by zone.",
       {.colour_by = {"net_m3"}, .label = kName}},
      {"intervals",
       "drillholes desurvey",
       "Sampled intervals",
       "The middle of each interval, placed along its hole.",
       {.colour_by = {"treo_pct", "treo_ppm", "*", "hole"}, .ramp = Ramp::burden}},
      {"composites",
       "drillholes composite",
       "Composites",
       "Intervals of even length along the holes, at their middles.",
       {.colour_by = {"treo_pct", "treo_ppm", "*", "hole"}, .ramp = Ramp::burden}},
      {"declustered",
       "drillholes decluster",
       "Samples with weights",
       "Samples with the weights that undo their crowding.",
       {.colour_by = {"weight", "*"}, .ramp = Ramp::amount}},
      {"statistics",
       "drillholes stats",
       "Statistics of samples",
       "Figures by value and domain.",
       {}},
      {"oxides",
       "oxides",
       "Samples in oxides",
       "The input with its elements told as oxides.",
       {.colour_by = {"treo_pct", "*"}, .ramp = Ramp::burden}},
      {"estimate",
       "estimate",
       "Estimated values",
       "Values estimated from samples around them.",
       {.colour_by = {"*"}, .ramp = Ramp::burden}},
      {"simulation",
       "simulate",
       "Simulated values",
       "Equally likely values, a field for each realization.",
       {.colour_by = {"*"}, .ramp = Ramp::burden}},
      {"resources", "resources", "Grade and tonnage", "Tonnes and grade above each cut-off.", {}},
      // Ways.
      {"routes", "route", "Routes", "The best way of each pair, by the mode of most of it.", {}},
      {"legs",
       "route",
       "Legs of the routes",
       "Each stretch by one mode, and each transfer.",
       {.colour_by = {"mode"}}},
      {"isochrones",
       "isochrone",
       "Land within reach",
       "The land around the roads that are reached within each limit.",
       {.colour_by = {"limit"}, .ramp = Ramp::reach, .unit_field = "unit", .greatest_below = true}},
      {"reached_lines",
       "isochrone",
       "Network within reach",
       "The stretches of network that are reached within each limit.",
       {.colour_by = {"limit"}, .ramp = Ramp::reach, .unit_field = "unit", .greatest_below = true}},
      {"hauls",
       "chain",
       "Hauls of the chains",
       "Each haul between two stages.",
       {.colour_by = {"stage"}}},
      {"edges",
       "network",
       "Network by mode",
       "The stretches between junctions.",
       {.colour_by = {"mode"}}},
      {"nodes",
       "network",
       "Junctions and ends",
       "Where stretches meet or end.",
       {.colour_by = {"mode"}}},
      {"crossings",
       "network",
       "Crossings without a junction",
       "Where lines of one mode cross and are not joined.",
       {.colour = "#e69f00"}},
      {"traps",
       "network",
       "Traps",
       "Parts of the network with no way in or no way out.",
       {.colour_by = {"kind"}}},
      // Choices.
      {"ranked", "rank", "Ranked sites", "The sites in the order of the ranking.", {}},
      {"explanation", "explain", "Reasons of the ranking", "What sets pairs of sites apart.", {}},
      {"shares", "supply risk", "Shares of supply", "Who supplies what, by element and stage.", {}},
      {"economics",
       "supply economics",
       "Economics of sources",
       "What each source is worth, and what it makes its metal for.",
       {}},
      {"cash_flow", "supply economics", "Cash by year", "The cash of every source and year.", {}},
      {"shortfall",
       "supply disrupt",
       "Shortfall by metal and year",
       "What is missing without help, with the sites and with the stockpile.",
       {}},
      {"tails",
       "supply disrupt",
       "Shortfall over all years",
       "Mean, value at risk and CVaR by metal.",
       {}},
      {"shocked_sources",
       "supply disrupt",
       "Sources in a fall of prices",
       "Who stops or waits, and the prices at which each breaks even.",
       {}},
      {"counters",
       "supply disrupt",
       "Counters to a fall of prices",
       "What floor prices, offtakes and stocks cost and keep.",
       {}},
      {"members", "supply alliance", "Members", "What each brings, needs, pays and gains.", {}},
      {"stage_balance",
       "supply alliance",
       "Balance by stage",
       "Capacity against need by stage, metal and year, and what a tonne more frees.",
       {}},
      {"flows", "supply alliance", "Flows between members", "What is hauled to whom.", {}},
      {"curve", "supply curve", "Supply by cost", "Sources from the cheapest on, cumulated.", {}},
      {"bands",
       "supply curve",
       "Bands of the supply curve",
       "Marginal cost at a cumulated tonnage: P10, P50, P90 of draws.",
       {}},
      {"recycling",
       "supply curve",
       "Recycling by year",
       "What retires, is collected, dismantled and recovered of each product.",
       {}},
      {"portfolio", "supply portfolio", "Mix of sources", "Which source begins when.", {}},
      {"output", "supply portfolio", "Output of the mix", "How much each source makes a year.", {}},
      {"balance",
       "supply portfolio",
       "Balance of the mix",
       "Demand and supply by metal and year.",
       {}},
      {"frontier",
       "supply portfolio",
       "Cost against concentration",
       "Mixes from the cheapest to the least concentrated.",
       {}},
  };
  return all;
}

std::string fields_told(const Table& table) {
  std::string out;
  for (const auto& column : table.columns) {
    const std::string title = report::field_title(column);
    if (title == column.name || out.size() > 1000) continue;
    out += (out.empty() ? " Fields: " : "; ") + printable(column.name) + " = " + title;
  }
  return out.empty() ? out : out + ".";
}

void dress(OutputLayer& layer) {
  const auto& all = wardrobe();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Dress& one) { return one.layer == layer.name; });
  if (found == all.end()) {
    if (layer.style_qml.empty()) layer.style_qml = report::layer_style(layer, {.label = kName});
  } else {
    layer.title = found->title;
    layer.abstract = found->what + " Written by lode " + std::string(version()) + ", command " +
                     found->command + "." + fields_told(layer.table);
    if (layer.style_qml.empty()) layer.style_qml = report::layer_style(layer, found->look);
  }
  report::add_field_titles(layer);
}

}  // namespace

void dress(std::vector<OutputLayer>& layers, const std::string& path, const std::string& format) {
  if (writing::kind_of(path, format) != writing::Kind::geopackage) return;
  for (auto& layer : layers) dress(layer);
}

}  // namespace lode::tools
