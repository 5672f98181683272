// The surroundings of one site: what it may use, what it must keep clear of.
#include <algorithm>
#include <cmath>

#include "libgeo/report/map.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr double kMetresPerDegree = 111320.0;

double wrapped(double degrees) {
  return std::remainder(degrees, 360.0);
}

/// The part of the Earth that a sheet around a site shows, in degrees from its centre.
struct Window {
  LonLat centre;
  double half_lon = 0.0, half_lat = 0.0;

  [[nodiscard]] bool meets(const Box& box) const {
    if (box.empty()) return false;
    const double middle = (box.min_x + box.max_x) / 2.0;
    return std::abs(wrapped(middle - centre.lon_deg)) <= half_lon + (box.max_x - box.min_x) / 2.0 &&
           box.min_y <= centre.lat_deg + half_lat && box.max_y >= centre.lat_deg - half_lat;
  }
};

/// Corners of a box as places, so that a view can be fitted to them.
void add_corners(const Box& box, std::vector<LonLat>& places) {
  if (box.empty()) return;
  for (const double x : {box.min_x, box.max_x})
    for (const double y : {box.min_y, box.max_y}) places.push_back({x, y});
}

class SitePainter {
 public:
  SitePainter(const Digest& digest, std::size_t site, const SiteMapOptions& options)
      : result_(digest.result), site_(result_.sites[site]), index_(site), options_(options) {}

  Drawing paint() {
    std::vector<LonLat> places;
    add_corners(box_of(outline()), places);
    if (index_ < result_.net_area.size()) add_corners(box_of(result_.net_area[index_]), places);
    const auto finite = [](const LonLat& p) {
      return std::isfinite(p.lon_deg) && std::isfinite(p.lat_deg);
    };
    if (places.empty() || !std::all_of(places.begin(), places.end(), finite)) return sheet_;
    FitOptions fit;
    fit.width_px = options_.width_px;
    fit.min_width_km = 3.0;
    fit.margin = 0.45;
    fit.min_aspect = 1.5;
    fit.allow_world = false;
    view_ = fit_view(places, fit);
    if (view_.projection != MapProjection::azimuthal) return sheet_;
    const double width_m = view_.width_px * view_.metres_per_px();
    const double height_m = view_.height_px * view_.metres_per_px();
    if (width_m > 2e6) return sheet_;
    window_.centre = view_.centre;
    window_.half_lat = height_m / kMetresPerDegree;
    window_.half_lon = width_m / kMetresPerDegree /
                       std::max(0.05, std::cos(view_.centre.lat_deg * 3.14159265358979 / 180.0));
    sheet_.width_px = view_.width_px;
    sheet_.title = "Surroundings of the site";
    sheet_.rect(0, 0, view_.width_px, view_.height_px, "fn");
    for (const auto& style : layer_styles()) paint_layer(style);
    paint_site();
    sheet_.rect(0.5, 0.5, view_.width_px - 1.0, view_.height_px - 1.0, "fr");
    paint_legend();
    return std::move(sheet_);
  }

 private:
  const StudyResult& result_;
  const Site& site_;
  std::size_t index_;
  const SiteMapOptions& options_;
  MapView view_;
  Window window_;
  Drawing sheet_;
  struct Shown {
    const LayerStyle* style = nullptr;
    bool lines_only = false;
  };
  std::vector<Shown> shown_;
  bool outlined_ = false;

  /// Ground of the site, before permits and constraints.
  [[nodiscard]] const Geometry& outline() const {
    static const Geometry none;
    if (index_ < result_.outline.size() && !result_.outline[index_].empty())
      return result_.outline[index_];
    return site_.geometry.kind == GeometryKind::polygon ? site_.geometry : none;
  }
  [[nodiscard]] std::string outline_ink() const { return "w" + group_letter(site_.group); }

  void paint_layer(const LayerStyle& style) {
    std::vector<const Geometry*> near;
    if (style.role == "net_area" && index_ < result_.net_area.size())
      near.push_back(&result_.net_area[index_]);
    for (const auto& layer : result_.layers) {
      if (layer.role != style.role || style.role == "net_area") continue;
      for (const auto& geometry : layer.geometry)
        if (window_.meets(box_of(geometry))) near.push_back(&geometry);
    }
    std::vector<Path> rings, lines;
    double tolerance = 0.4;
    for (int attempt = 0; attempt < 6; ++attempt, tolerance *= 2.0) {
      rings.clear();
      lines.clear();
      for (const auto* geometry : near) project_geometry(*geometry, view_, tolerance, rings, lines);
      std::size_t vertices = 0;
      for (const auto& path : rings) vertices += path.size();
      for (const auto& path : lines) vertices += path.size();
      if (vertices <= options_.most_vertices) break;
    }
    if (rings.empty() && lines.empty()) return;
    const bool known = std::any_of(shown_.begin(), shown_.end(), [&](const Shown& other) {
      return other.style->css_class == style.css_class;
    });
    if (!known) shown_.push_back({&style, rings.empty()});
    sheet_.polygon(std::move(rings), style.ink);
    sheet_.lines(std::move(lines), style.line_ink);
  }

  void paint_site() {
    std::vector<Path> rings, lines;
    project_geometry(outline(), view_, 0.4, rings, lines);
    outlined_ = !rings.empty();
    for (auto& ring : rings) sheet_.lines({std::move(ring)}, outline_ink());
    if (!site_.located) return;
    const Point at = view_.forward(site_.place);
    if (std::isfinite(at.x) && view_.shows(at))
      draw_sign(sheet_, at, 4.5, is_recycling(site_), "s" + group_letter(site_.group));
  }

  void paint_legend() {
    TextStyle style;
    style.size = 11.0;
    double x = 2.0;
    double y = view_.height_px + 17.0;
    for (const auto& [layer, lines_only] : shown_) {
      const double width = 20.0 + text_width(layer->words, style.size) + 8.0;
      if (x > 2.0 && x + width > view_.width_px) {
        x = 2.0;
        y += 16.0;
      }
      if (lines_only)
        sheet_.line({x, y - 4.0}, {x + 14.0, y - 4.0}, layer->line_ink);
      else
        sheet_.rect(x, y - 9.0, 13.0, 10.0, layer->ink, 2.0);
      sheet_.text({x + 18.0, y}, layer->words, "k2", style);
      x += width;
    }
    if (outlined_) {
      sheet_.line({x, y - 4.0}, {x + 14.0, y - 4.0}, outline_ink());
      sheet_.text({x + 18.0, y}, "Outline of the site", "k2", style);
    }
    y += 17.0;
    const double most = view_.metres_per_px() * 110.0;
    double length = std::pow(10.0, std::floor(std::log10(most)));
    if (length * 5.0 <= most)
      length *= 5.0;
    else if (length * 2.0 <= most)
      length *= 2.0;
    const double px = length / view_.metres_per_px();
    sheet_.lines({Path{{1.0, y - 7.0}, {1.0, y - 3.0}, {1.0 + px, y - 3.0}, {1.0 + px, y - 7.0}}},
                 "ax");
    sheet_.text({px + 8.0, y},
                length >= 1000.0 ? people(length / 1000.0, "km") : people(length, "m"), "k2",
                style);
    sheet_.height_px = y + 5.0;
  }
};

}  // namespace

Drawing draw_site_map(const Digest& digest, std::size_t site, const SiteMapOptions& options) {
  if (site >= digest.result.sites.size()) return {};
  return SitePainter(digest, site, options).paint();
}

}  // namespace lode::report
