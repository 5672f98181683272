// The map of a study: countries, layers, routes and ranked sites with labels that do not collide.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/report/digest.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/projection.h"

namespace lode::report {

struct MapOptions {
  double width_px = 1040.0;
  std::size_t labels = 10;    ///< names of the first so many sites on the sheet
  std::size_t symbols = 300;  ///< sites drawn with a symbol of their own; the rest are dots
  bool home_only = false;     ///< a close-up of the home country's sites
  bool chains = false;        ///< hauls of the chains, under the routes
  double tolerance_px = 0.5;  ///< how far an outline may stray
  std::size_t most_layer_vertices = 12000;  ///< a layer above it is thinned until it fits
};
[[nodiscard]] Drawing draw_map(const Digest& digest, const MapOptions& options = {});
/// True when the whole study needs a world map but the home sites fit on a close-up.
[[nodiscard]] bool has_home_map(const Digest& digest);
/// The surroundings of one site with its net area, permits, constraints and the network; empty (no
/// shape) when the site has no outline and no net area.
struct SiteMapOptions {
  double width_px = 460.0;
  std::size_t most_vertices = 900;  ///< a layer above it is thinned until it fits
};
[[nodiscard]] Drawing draw_site_map(const Digest& digest, std::size_t site,
                                    const SiteMapOptions& options = {});
/// How the layers of a role are painted, in painting order.
struct LayerStyle {
  std::string_view role, css_class, ink, line_ink, words;
};
[[nodiscard]] const std::vector<LayerStyle>& layer_styles();
[[nodiscard]] const LayerStyle* layer_style(std::string_view role);  ///< null for other roles
/// How the routes of a mode are painted, in painting order; modes without a style of their own
/// count as road.
struct WayStyle {
  std::string_view css_class, ink, words;
};
[[nodiscard]] const std::vector<WayStyle>& way_styles();
[[nodiscard]] const WayStyle& way_style(std::string_view mode);
/// Layers that can be switched: the group's class and the words for it.
struct MapLayerName {
  std::string css_class, words;
};
[[nodiscard]] std::vector<MapLayerName> map_layers(const Digest& digest);

/// A label to be placed beside its symbol.
struct MapLabel {
  Point at;
  double radius = 4.0;
  std::string words;
  bool bold = false;
};
struct PlacedLabel {
  bool placed = false;
  Point text;  ///< base line of the text
  Anchor anchor = Anchor::start;
  bool leader = false;
  Point leader_end;
};
/// Greedy placement in the given order, each label at the nearest free of 8 directions and 4
/// distances; a label without a free place is left out. `symbols` are discs to keep clear of.
struct Disc {
  Point centre;
  double radius = 4.0;
};
[[nodiscard]] std::vector<PlacedLabel> place_labels(const std::vector<MapLabel>& labels,
                                                    const std::vector<Disc>& symbols,
                                                    double width_px, double height_px,
                                                    double size_px);

}  // namespace lode::report
