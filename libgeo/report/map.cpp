// The map is painted from the ground up: sea, countries, layers, routes, sites, labels, legend.
#include "libgeo/report/map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

/// A site on the sheet.
struct Symbol {
  const Site* site = nullptr;
  const SiteStanding* ranked = nullptr;  ///< null when it has no rank
  std::size_t index = 0;
  Point at;
  double radius = 3.0;
};

double radius_of(const SiteStanding* ranked, double width_px) {
  const double scale = width_px < 600.0 ? 0.78 : 1.0;
  if (!ranked) return 3.0 * scale;
  const double rank = std::max(1, ranked->rank);
  return scale * std::max(3.4, rank <= 10 ? 9.6 - 0.28 * (rank - 1) : 6.6 - 0.11 * (rank - 10));
}

std::vector<LonLat> places_to_show(const Digest& digest, bool home_only) {
  std::vector<LonLat> places;
  for (std::size_t i = 0; i < digest.result.sites.size(); ++i) {
    const auto& site = digest.result.sites[i];
    if (!site.located || !std::isfinite(site.place.lon_deg) || !std::isfinite(site.place.lat_deg))
      continue;
    if (home_only && site.country != digest.result.home) continue;
    places.push_back(site.place);
  }
  return places;
}

class MapPainter {
 public:
  MapPainter(const Digest& digest, const MapOptions& options) : digest_(digest), options_(options) {
    FitOptions fit;
    fit.width_px = options.width_px;
    fit.allow_world = !options.home_only;
    fit.min_aspect = options.width_px < 600.0 ? 1.0 : 1.5;
    view_ = fit_view(places_to_show(digest, options.home_only), fit);
    small_ = options.width_px < 600.0;
    sheet_.width_px = view_.width_px;
    sheet_.height_px = view_.height_px;
  }

  Drawing paint() {
    world_ = view_.projection == MapProjection::equal_earth;
    sheet_.title = options_.home_only ? "Close-up of the home country's sites" : "Map of the sites";
    sheet_.description = projection_words();
    paint_ground();
    paint_countries();
    paint_layers();
    paint_routes();
    find_symbols();
    paint_symbols();
    paint_labels();
    if (!world_) sheet_.rect(0.5, 0.5, view_.width_px - 1.0, view_.height_px - 1.0, "fr");
    paint_legend();
    return std::move(sheet_);
  }

 private:
  const Digest& digest_;
  const MapOptions& options_;
  MapView view_;
  Drawing sheet_;
  Graticule graticule_;
  bool world_ = true;
  bool small_ = false;
  std::vector<Symbol> symbols_;
  std::set<std::string> groups_, kinds_, modes_, layers_;
  bool unranked_ = false, home_ = false, allies_ = false;

  std::string projection_words() const {
    if (small_)
      return world_ ? "Equal Earth projection, equal areas."
                    : "Lambert azimuthal equal-area projection.";
    if (world_) return "Equal Earth projection: areas compare truly, distances do not.";
    return "Lambert azimuthal equal-area projection, centre " +
           fixed_text(std::abs(view_.centre.lat_deg), 1) + "\xc2\xb0 " +
           (view_.centre.lat_deg < 0 ? "S" : "N") + ", " +
           fixed_text(std::abs(view_.centre.lon_deg), 1) + "\xc2\xb0 " +
           (view_.centre.lon_deg < 0 ? "W." : "E.");
  }

  void paint_ground() {
    if (world_)
      sheet_.polygon({world_outline(view_)}, "sea");
    else
      sheet_.rect(0, 0, view_.width_px, view_.height_px, "sea");
    graticule_ = graticule(view_);
    sheet_.lines(graticule_.lines, "gr");
  }

  void paint_countries() {
    const std::set<std::string> allies(digest_.result.allies.begin(), digest_.result.allies.end());
    for (const auto& country : digest_.result.countries) {
      const bool home = !country.iso3.empty() && country.iso3 == digest_.result.home;
      const bool ally = !home && allies.count(country.iso3) > 0;
      std::vector<Path> plain, seamed, borders;
      for (const auto& polygon : country.outline.polygons) {
        Projected shell = project_ring(polygon.shell, view_, options_.tolerance_px);
        auto& fills = shell.seamed ? seamed : plain;
        if (shell.fills.empty()) continue;
        for (auto& ring : shell.fills) fills.push_back(std::move(ring));
        for (auto& line : shell.strokes) borders.push_back(std::move(line));
        for (const auto& hole : polygon.holes) {
          Projected inner = project_ring(hole, view_, options_.tolerance_px);
          for (auto& ring : inner.fills) fills.push_back(std::move(ring));
        }
      }
      if (plain.empty() && seamed.empty()) continue;
      home_ = home_ || home;
      allies_ = allies_ || ally;
      sheet_.open("", small_ ? std::string() : clip(country.name, 80));
      sheet_.polygon(std::move(seamed), home ? "fh" : ally ? "fa" : "fn");
      sheet_.lines(std::move(borders), "bo");
      sheet_.polygon(std::move(plain), home ? "lh" : ally ? "la" : "ln");
      sheet_.close();
    }
  }

  static std::size_t vertices(const std::vector<Path>& paths) {
    std::size_t count = 0;
    for (const auto& path : paths) count += path.size();
    return count;
  }

  void paint_geometries(const std::vector<const Geometry*>& geometries, const LayerStyle& style) {
    std::vector<Path> rings, lines;
    double tolerance = std::max(0.4, options_.tolerance_px);
    for (int attempt = 0; attempt < 6; ++attempt, tolerance *= 2.0) {
      rings.clear();
      lines.clear();
      for (const auto* geometry : geometries)
        project_geometry(*geometry, view_, tolerance, rings, lines);
      if (vertices(rings) + vertices(lines) <= options_.most_layer_vertices) break;
    }
    if (rings.empty() && lines.empty()) return;
    // What is a speck on this sheet is drawn, but the legend would only puzzle.
    double largest = 0.0;
    for (const auto* paths : {&rings, &lines})
      for (const auto& path : *paths) {
        Box box;
        for (const auto& p : path) box.add(p);
        largest = std::max({largest, box.max_x - box.min_x, box.max_y - box.min_y});
      }
    if (largest >= 5.0) layers_.insert(std::string(style.role == "tenure" ? "permit" : style.role));
    sheet_.open(style.css_class);
    sheet_.polygon(std::move(rings), style.ink);
    sheet_.lines(std::move(lines), style.line_ink);
    sheet_.close();
  }

  void paint_layers() {
    for (const auto& style : layer_styles()) {
      if (style.role == "net_area") {
        std::vector<const Geometry*> areas;
        for (const auto& area : digest_.result.net_area) areas.push_back(&area);
        paint_geometries(areas, style);
      }
      for (const auto& layer : digest_.result.layers) {
        if (layer.role != style.role) continue;
        std::vector<const Geometry*> geometries;
        for (const auto& geometry : layer.geometry) geometries.push_back(&geometry);
        paint_geometries(geometries, style);
      }
    }
  }

  /// The mode that covers most of a route's way.
  static std::string main_mode(const SiteRoute& route) {
    std::string best = "road";
    double longest = -1.0;
    for (const auto& leg : route.legs)
      if (std::isfinite(leg.distance_km) && leg.distance_km > longest && leg.mode != "snap" &&
          leg.mode != "transfer") {
        longest = leg.distance_km;
        best = leg.mode;
      }
    return best;
  }

  /// Ends of an edge in units of 1e-6 degree, the lower one first.
  using Segment = std::array<long, 4>;

  /// The parts of a line along edges that no earlier line took: many routes share a trunk, and
  /// dashes drawn over dashes would close up.
  static std::vector<Path> unseen_parts(const Path& line, std::set<Segment>& seen) {
    std::vector<Path> parts;
    bool running = false;
    for (std::size_t i = 1; i < line.size(); ++i) {
      Segment key{std::lround(line[i - 1].x * 1e6), std::lround(line[i - 1].y * 1e6),
                  std::lround(line[i].x * 1e6), std::lround(line[i].y * 1e6)};
      if (std::make_pair(key[2], key[3]) < std::make_pair(key[0], key[1]))
        key = {key[2], key[3], key[0], key[1]};
      if (!seen.insert(key).second) {
        running = false;
        continue;
      }
      if (!running) parts.push_back({line[i - 1]});
      parts.back().push_back(line[i]);
      running = true;
    }
    return parts;
  }

  /// Lines by the style of their mode, each edge once.
  struct Ways {
    std::map<std::string_view, std::vector<Path>> lines;
    std::map<std::string_view, std::set<Segment>> seen;
  };

  void add_way(Ways& ways, const std::string& mode, const Path& line) {
    const WayStyle& style = way_style(mode);
    for (const auto& part : unseen_parts(line, ways.seen[style.ink]))
      for (auto& piece : project_line(part, view_, 0.6))
        ways.lines[style.ink].push_back(std::move(piece));
  }

  void paint_ways(Ways ways, std::string_view css_class) {
    for (const WayStyle& style : way_styles()) {
      auto& lines = ways.lines[style.ink];
      if (lines.empty()) continue;
      modes_.insert(std::string(style.ink));
      sheet_.open(std::string(css_class.empty() ? style.css_class : css_class));
      sheet_.lines(std::move(lines), style.ink);
      sheet_.close();
    }
  }

  [[nodiscard]] bool is_drawn(std::size_t site) const {
    return site < digest_.place.size() && digest_.place[site] != kNone &&
           digest_.place[site] < options_.symbols;
  }

  void paint_routes() {
    Ways ways, hauls;
    for (const auto& chain : digest_.result.chains)
      if (options_.chains && chain.reachable && is_drawn(chain.site))
        for (const auto& step : chain.steps)
          for (const auto& part : step.parts) add_way(hauls, part.mode, part.line);
    paint_ways(std::move(hauls), "y-ch");
    for (const auto& route : digest_.result.routes) {
      if (!route.reachable || !is_drawn(route.site)) continue;
      for (const auto& part : route.parts) add_way(ways, part.mode, part.line);
      if (route.parts.empty())
        for (const auto& line : route.line.lines) add_way(ways, main_mode(route), line);
    }
    paint_ways(std::move(ways), {});
  }

  void find_symbols() {
    for (std::size_t i = 0; i < digest_.result.sites.size(); ++i) {
      const auto& site = digest_.result.sites[i];
      if (!site.located || !std::isfinite(site.place.lon_deg)) continue;
      Symbol symbol;
      symbol.site = &site;
      symbol.index = i;
      symbol.at = view_.forward(site.place);
      if (!std::isfinite(symbol.at.x) || !view_.shows(symbol.at)) continue;
      if (digest_.place[i] != kNone) symbol.ranked = digest_.ranking[digest_.place[i]];
      symbol.radius = radius_of(symbol.ranked, options_.width_px);
      symbols_.push_back(symbol);
    }
    // The best are painted last and so lie on top; ties keep the input's order.
    std::stable_sort(symbols_.begin(), symbols_.end(), [](const Symbol& a, const Symbol& b) {
      if (!a.ranked || !b.ranked) return !a.ranked && b.ranked;
      return a.ranked->rank > b.ranked->rank;
    });
  }

  void paint_symbols() {
    const std::size_t first =
        symbols_.size() > options_.symbols ? symbols_.size() - options_.symbols : 0;
    std::map<std::string, Path> dots;
    std::map<std::string, std::set<long>> seen;
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
      const Symbol& symbol = symbols_[i];
      const std::string letter = group_letter(symbol.site->group);
      if (symbol.ranked) {
        groups_.insert(symbol.site->group);
        kinds_.insert(symbol.site->kind);
      } else {
        unranked_ = true;
      }
      // Dots that would lie on one another are drawn once.
      const long cell = std::lround(symbol.at.y / 1.5) * 100000 + std::lround(symbol.at.x / 1.5);
      if (i < first && seen[letter].insert(cell).second) dots[letter].push_back(symbol.at);
    }
    for (auto& [letter, points] : dots) sheet_.dots(std::move(points), "d" + letter);
    for (std::size_t i = first; i < symbols_.size(); ++i) paint_symbol(symbols_[i]);
  }

  void paint_symbol(const Symbol& symbol) {
    const std::string name = clip(digest_.name(*symbol.site), 80);
    const std::string country = digest_.country(symbol.site->country);
    if (!symbol.ranked) {
      sheet_.open("", name + ", " + country + ": not ranked");
      draw_sign(sheet_, symbol.at, symbol.radius, is_recycling(*symbol.site), "ol");
      sheet_.close();
      return;
    }
    sheet_.open("pt",
                number_text(symbol.ranked->rank) + ". " + name + ", " + country + "\n" +
                    group_title(symbol.site->group) + ", " + kind_title(symbol.site->kind),
                "#s" + number_text(static_cast<double>(symbol.index)));
    draw_sign(sheet_, symbol.at, symbol.radius, is_recycling(*symbol.site),
              "s" + group_letter(symbol.site->group));
    if (symbol.ranked->rank <= 9 && symbol.radius >= 7.0) {
      TextStyle style;
      style.size = symbol.radius * (is_recycling(*symbol.site) ? 1.05 : 1.2);
      style.anchor = Anchor::middle;
      style.bold = true;
      sheet_.text({symbol.at.x, symbol.at.y + style.size * 0.36}, number_text(symbol.ranked->rank),
                  "ki", style);
    }
    sheet_.close();
  }

  void paint_labels() {
    std::vector<MapLabel> labels;
    std::vector<Disc> discs;
    const double size = small_ ? 10.5 : 13.0;
    const std::size_t most = small_ ? std::min<std::size_t>(options_.labels, 6) : options_.labels;
    for (auto it = symbols_.rbegin(); it != symbols_.rend(); ++it) {
      const double keep = it->ranked && it->ranked->rank <= 20 ? 1.0 : 0.2;
      if (discs.size() < 400) discs.push_back({it->at, it->radius + keep});
      if (!it->ranked || labels.size() >= most) continue;
      labels.push_back(
          {it->at, it->radius,
           fit_text(clip(digest_.name(*it->site), 60), size, small_ ? 110.0 : 210.0, true), true});
    }
    const auto placed = place_labels(labels, discs, view_.width_px, view_.height_px, size);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!placed[i].placed) continue;
      if (placed[i].leader) {
        const Point& at = labels[i].at;
        const double dx = placed[i].leader_end.x - at.x, dy = placed[i].leader_end.y - at.y;
        const double length = std::hypot(dx, dy);
        const double t = length > 0.0 ? labels[i].radius / length : 0.0;
        sheet_.line({at.x + dx * t, at.y + dy * t}, placed[i].leader_end, "ld");
      }
      TextStyle style;
      style.size = size;
      style.bold = true;
      style.halo = true;
      style.anchor = placed[i].anchor;
      sheet_.text(placed[i].text, labels[i].words, "kh", style);
    }
  }

  struct Entry {
    std::string words;
    std::string ink;
    enum class Sign { disc, diamond, box, line } sign = Sign::disc;
  };

  std::vector<Entry> legend_entries() const {
    std::vector<Entry> entries;
    for (const auto* group : {"domestic", "allied", "other", ""})
      if (groups_.count(group))
        entries.push_back({group_title(group), "g" + group_letter(group), Entry::Sign::disc});
    if (kinds_.count("primary")) entries.push_back({"Mine or deposit", "gu", Entry::Sign::disc});
    if (kinds_.count("secondary")) entries.push_back({"Recycling", "gu", Entry::Sign::diamond});
    if (unranked_) entries.push_back({"Not ranked", "ol", Entry::Sign::disc});
    for (const WayStyle& style : way_styles())
      if (modes_.count(std::string(style.ink)))
        entries.push_back({std::string(style.words), std::string(style.ink), Entry::Sign::line});
    for (const auto& style : layer_styles())
      if (style.role != "tenure" && layers_.count(std::string(style.role)))
        entries.push_back({std::string(style.words), std::string(style.ink),
                           style.role == "network" ? Entry::Sign::line : Entry::Sign::box});
    if (home_)
      entries.push_back({clip(digest_.country(digest_.result.home), 30), "fh", Entry::Sign::box});
    if (allies_) entries.push_back({"Allies", "fa", Entry::Sign::box});
    return entries;
  }

  void paint_sign(Point at, const Entry& entry) {
    switch (entry.sign) {
      case Entry::Sign::disc:
        draw_sign(sheet_, at, 5.5, false, entry.ink);
        break;
      case Entry::Sign::diamond:
        draw_sign(sheet_, at, 5.5, true, entry.ink);
        break;
      case Entry::Sign::box:
        sheet_.rect(at.x - 7.0, at.y - 5.0, 14.0, 10.0, entry.ink, 2.0);
        break;
      case Entry::Sign::line:
        sheet_.line({at.x - 9.0, at.y}, {at.x + 9.0, at.y}, entry.ink);
        break;
    }
  }

  void paint_legend() {
    const double size = small_ ? 11.0 : 12.5;
    const double row = size * 1.75;
    double x = 12.0, y = view_.height_px + row;
    TextStyle style;
    style.size = size;
    for (const auto& entry : legend_entries()) {
      const double width = 24.0 + text_width(entry.words, size) + 8.0;
      if (x > 12.0 && x + width > view_.width_px) {
        x = 12.0;
        y += row;
      }
      paint_sign({x + 6.0, y - size * 0.35}, entry);
      sheet_.text({x + 20.0, y}, entry.words, "k2", style);
      x += width;
    }
    y += row;
    paint_scale(y, size);
    sheet_.height_px = y + (small_ ? row * 1.1 : size * 0.6);
  }

  void paint_scale(double y, double size) {
    const double metres_per_px = view_.metres_per_px();
    const double most = metres_per_px * (small_ ? 80.0 : 150.0);
    double length = std::pow(10.0, std::floor(std::log10(most)));
    for (const double step : {5.0, 2.0})
      if (length * step <= most) {
        length *= step;
        break;
      }
    const double px = length / metres_per_px;
    sheet_.lines({Path{{6.0, y - 8.0}, {6.0, y - 3.0}, {6.0 + px, y - 3.0}, {6.0 + px, y - 8.0}}},
                 "ax");
    TextStyle style;
    style.size = size - 0.5;
    const std::string scale =
        (length >= 1000.0 ? people(length / 1000.0, "km") : people(length, "m")) +
        (world_ ? " along the equator" : "");
    sheet_.text({px + 14.0, y}, scale, "kg", style);
    const std::string note =
        projection_words() + " Grid every " + number_text(graticule_.step_deg) + "\xc2\xb0.";
    const double start = px + 24.0 + text_width(scale, style.size);
    if (small_)
      sheet_.text({6.0, y + size * 1.5}, fit_text(note, style.size - 1.5, view_.width_px - 10.0),
                  "kg", TextStyle{style.size - 1.5});
    else
      sheet_.text({start + 8.0, y}, fit_text(note, style.size, view_.width_px - start - 12.0), "kg",
                  style);
  }
};

}  // namespace

const std::vector<LayerStyle>& layer_styles() {
  static const std::vector<LayerStyle> styles{
      {"surroundings", "y-su", "su", "sl", "Surroundings"},
      {"constraint", "y-cn", "cn", "cl", "Constraints"},
      {"network", "y-nw", "nw", "nw", "Transport network"},
      {"permit", "y-pm", "pm", "pm", "Permits"},
      {"tenure", "y-pm", "pm", "pm", "Permits"},
      {"net_area", "y-na", "na", "na", "Net areas"},
  };
  return styles;
}

const std::vector<WayStyle>& way_styles() {
  static const std::vector<WayStyle> styles{{"y-rs", "rs", "Route by sea or barge"},
                                            {"y-rr", "rr", "Route by rail"},
                                            {"y-ro", "ro", "Route by road"}};
  return styles;
}

const WayStyle& way_style(std::string_view mode) {
  if (mode == "sea" || mode == "barge") return way_styles()[0];
  return way_styles()[mode == "rail" ? 1 : 2];
}

const LayerStyle* layer_style(std::string_view role) {
  for (const auto& one : layer_styles())
    if (one.role == role) return &one;
  return nullptr;
}

Drawing draw_map(const Digest& digest, const MapOptions& options) {
  return MapPainter(digest, options).paint();
}

bool has_home_map(const Digest& digest) {
  if (digest.result.home.empty()) return false;
  if (fit_view(places_to_show(digest, false)).projection != MapProjection::equal_earth)
    return false;
  const auto home = places_to_show(digest, true);
  return home.size() >= 2 && fit_view(home).projection != MapProjection::equal_earth;
}

std::vector<MapLayerName> map_layers(const Digest& digest) {
  std::vector<MapLayerName> names;
  std::set<std::string_view> modes;
  for (const auto& route : digest.result.routes) {
    for (const auto& part : route.parts) modes.insert(way_style(part.mode).css_class);
    if (route.parts.empty() && !route.line.lines.empty())
      for (const auto& leg : route.legs) modes.insert(way_style(leg.mode).css_class);
  }
  for (const auto& style : way_styles())
    if (modes.count(style.css_class))
      names.push_back({std::string(style.css_class), std::string(style.words)});
  const bool chains = std::any_of(
      digest.result.chains.begin(), digest.result.chains.end(), [](const SiteChain& chain) {
        return std::any_of(chain.steps.begin(), chain.steps.end(),
                           [](const SiteChainStep& step) { return !step.parts.empty(); });
      });
  if (chains) names.push_back({"y-ch", "Hauls of the chains"});
  for (const auto& style : layer_styles()) {
    if (style.role == "tenure") continue;
    bool there = false;
    for (const auto& layer : digest.result.layers) {
      const auto* found = layer_style(layer.role);
      there = there || (found && found->css_class == style.css_class && !layer.geometry.empty());
    }
    if (style.role == "net_area")
      for (const auto& area : digest.result.net_area) there = there || !area.empty();
    if (there) names.push_back({std::string(style.css_class), std::string(style.words)});
  }
  return names;
}

}  // namespace lode::report
