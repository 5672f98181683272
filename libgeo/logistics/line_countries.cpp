#include "libgeo/logistics/line_countries.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/geodesic.h"

namespace lode {

namespace {

constexpr double kGapMetres = 1000.0;

/// A run of vertices in one country.
struct Run {
  std::uint32_t country = CountryBorders::kNone;
  Path path;
};

/// One line after the cut: its parts and length by country, in order of first appearance.
struct Pieces {
  std::vector<std::uint32_t> country;
  std::vector<Geometry> geometry;
  std::vector<double> length_m;
};

double length_m(const Path& path) {
  static const Geodesic earth;
  double length = 0.0;
  for (std::size_t i = 1; i < path.size(); ++i)
    length += earth.distance_m({path[i - 1].x, path[i - 1].y}, {path[i].x, path[i].y});
  return length;
}

/// A gap between two outlines that should touch is no land outside of all countries.
void close_gaps(std::vector<Run>& runs) {
  for (std::size_t i = 1; i + 1 < runs.size(); ++i) {
    if (runs[i].country != CountryBorders::kNone || runs[i - 1].country == CountryBorders::kNone ||
        runs[i + 1].country == CountryBorders::kNone || length_m(runs[i].path) >= kGapMetres)
      continue;
    auto& before = runs[i - 1].path;
    before.insert(before.end(), runs[i].path.begin() + 1, runs[i].path.end());
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i));
    if (runs[i].country == runs[i - 1].country) {
      auto& joined = runs[i - 1].path;
      joined.insert(joined.end(), runs[i].path.begin() + 1, runs[i].path.end());
      runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i));
    }
    --i;
  }
}

std::vector<Run> cut_path(const Path& path, const CountryBorders& borders) {
  std::vector<Run> runs;
  const auto go = [&](Point from, Point to, std::uint32_t country) {
    if (runs.empty() || runs.back().country != country) runs.push_back({country, {from}});
    runs.back().path.push_back(to);
  };
  for (std::size_t i = 1; i < path.size(); ++i) {
    const Point a = path[i - 1], b = path[i];
    if (std::abs(a.x - b.x) > 180.0) {
      go(a, b, borders.at(a));
      continue;
    }
    const auto on = [&](double t) { return Point{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}; };
    auto cuts = borders.meetings(a, b);
    cuts.push_back(1.0);
    Point last = a;
    // Pieces of one country along a segment are one: no vertex is added where nothing changes.
    std::uint32_t open = borders.at(on(0.5 * cuts.front()));
    for (std::size_t k = 0; k < cuts.size(); ++k) {
      const std::uint32_t next =
          k + 1 < cuts.size() ? borders.at(on(0.5 * (cuts[k] + cuts[k + 1]))) : open;
      if (k + 1 < cuts.size() && next == open) continue;
      const Point here = k + 1 < cuts.size() ? on(cuts[k]) : b;
      go(last, here, open);
      last = here;
      open = next;
    }
  }
  close_gaps(runs);
  return runs;
}

Pieces locate(const Geometry& geometry, const CountryBorders& borders) {
  Pieces pieces;
  const auto add = [&](std::uint32_t country, Path path) {
    const auto found = std::find(pieces.country.begin(), pieces.country.end(), country);
    const auto at = static_cast<std::size_t>(found - pieces.country.begin());
    if (found == pieces.country.end()) {
      pieces.country.push_back(country);
      pieces.geometry.emplace_back();
      pieces.geometry.back().kind = GeometryKind::line;
    }
    pieces.geometry[at].lines.push_back(std::move(path));
  };
  for (const auto& path : geometry.lines) {
    Box box;
    for (const auto& p : path) box.add(p);
    if (path.size() < 2 || !borders.near(box)) {
      add(path.empty() ? CountryBorders::kNone : borders.at(path.front()), path);
      continue;
    }
    for (auto& run : cut_path(path, borders)) add(run.country, std::move(run.path));
  }
  if (pieces.country.size() < 2) return pieces;
  for (const auto& piece : pieces.geometry) {
    pieces.length_m.push_back(0.0);
    for (const auto& path : piece.lines) pieces.length_m.back() += length_m(path);
  }
  return pieces;
}

/// The rows of the new layer: where they come from and which share of the line they are.
struct Rows {
  std::vector<std::size_t> from;
  std::vector<double> share;
  std::vector<std::string> country;
};

void spread(Column& column, const Rows& rows) {
  for (std::size_t i = 0; i < rows.from.size(); ++i) {
    if (rows.share[i] == 1.0) continue;
    if (column.kind == ColumnKind::number) {
      column.numbers[i] *= rows.share[i];
    } else if (const auto number = parse_number(column.texts[i])) {
      column.texts[i] = number_text(*number * rows.share[i]);
    }
  }
}

void take_rows(Table& table, const Rows& rows) {
  for (auto& column : table.columns) {
    Column taken = column;
    taken.numbers.clear();
    taken.texts.clear();
    for (const auto row : rows.from)
      if (column.kind == ColumnKind::number)
        taken.numbers.push_back(column.numbers[row]);
      else
        taken.texts.push_back(column.texts[row]);
    column = std::move(taken);
  }
  std::vector<std::string> names;
  for (const auto row : rows.from) names.push_back(table.row_name(row));
  table.row_names = std::move(names);
}

void set_countries(LineLayer& layer, Rows& rows) {
  const Column* said = line_column(layer, "country");
  if (said == nullptr) {
    layer.table.add(text_column("country", std::move(rows.country)));
    return;
  }
  const std::string name = said->name;
  for (auto& column : layer.table.columns)
    if (column.name == name) {
      column.kind = ColumnKind::text;
      column.numbers.clear();
      column.texts = std::move(rows.country);
      return;
    }
}

}  // namespace

void CountryBorders::add(const std::string& iso3, const Geometry& outline) {
  const auto country = static_cast<std::uint32_t>(names_.size());
  names_.push_back(iso3);
  const auto add_ring = [&](const Path& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point a = ring[i], b = ring[(i + 1) % ring.size()];
      if (!(a == b)) sides_.push_back({a, b, country});
    }
  };
  for (const auto& polygon : outline.polygons) {
    add_ring(polygon.shell);
    for (const auto& hole : polygon.holes) add_ring(hole);
  }
}

std::size_t CountryBorders::strip_of(double latitude) const {
  const double strip = (std::clamp(latitude, -90.0, 90.0) + 90.0) * strips_per_degree_;
  return std::min(static_cast<std::size_t>(strip), strip_first_.size() - 2);
}

void CountryBorders::finish() {
  std::vector<Box> boxes;
  boxes.reserve(sides_.size());
  for (const auto& side : sides_) {
    Box box;
    box.add(side.a);
    box.add(side.b);
    boxes.push_back(box);
  }
  index_ = SpatialIndex(std::move(boxes));
  // Strips so thin that few sides lie in each.
  const auto strips = std::clamp<std::size_t>(sides_.size() / 16, 180, 18000);
  strips_per_degree_ = static_cast<double>(strips) / 180.0;
  strip_first_.assign(strips + 1, 0);
  const auto reach = [&](const Side& side) {
    return std::pair(strip_of(std::min(side.a.y, side.b.y)),
                     strip_of(std::max(side.a.y, side.b.y)));
  };
  for (const auto& side : sides_) {
    const auto [low, high] = reach(side);
    for (std::size_t s = low; s <= high; ++s) ++strip_first_[s + 1];
  }
  std::partial_sum(strip_first_.begin(), strip_first_.end(), strip_first_.begin());
  strip_sides_.resize(strip_first_.back());
  auto next = strip_first_;
  for (std::uint32_t i = 0; i < sides_.size(); ++i) {
    const auto [low, high] = reach(sides_[i]);
    for (std::size_t s = low; s <= high; ++s) strip_sides_[next[s]++] = i;
  }
}

std::uint32_t CountryBorders::at(Point place) const {
  if (sides_.empty()) return kNone;
  if (std::abs(place.x) > 180.0) place.x = std::remainder(place.x, 360.0);
  const std::size_t strip = strip_of(place.y);
  // Sides stand country by country, so that one parity is enough.
  std::uint32_t country = kNone;
  bool odd = false;
  for (std::size_t k = strip_first_[strip]; k < strip_first_[strip + 1]; ++k) {
    const Side& side = sides_[strip_sides_[k]];
    if (side.country != country) {
      if (odd) return country;
      country = side.country;
    }
    if ((side.a.y > place.y) == (side.b.y > place.y)) continue;
    // The same sum for both directions, so that a shared border tells its two sides apart.
    const bool up = side.a.y < side.b.y;
    const Point low = up ? side.a : side.b, high = up ? side.b : side.a;
    const double x = low.x + (place.y - low.y) / (high.y - low.y) * (high.x - low.x);
    if (x > place.x) odd = !odd;
  }
  return odd ? country : kNone;
}

const std::string& CountryBorders::iso3(std::uint32_t country) const {
  static const std::string nowhere;
  return country == kNone ? nowhere : names_[country];
}

std::vector<double> CountryBorders::meetings(Point a, Point b) const {
  std::vector<double> cuts;
  Box box;
  box.add(a);
  box.add(b);
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double length2 = dx * dx + dy * dy;
  const auto add = [&](double t) {
    if (t > 0.0 && t < 1.0) cuts.push_back(t);
  };
  for (const auto i : index_.query(box)) {
    const Point c = sides_[i].a, d = sides_[i].b;
    const double ex = d.x - c.x, ey = d.y - c.y;
    const double cross = dx * ey - dy * ex;
    if (cross != 0.0) {
      const double t = ((c.x - a.x) * ey - (c.y - a.y) * ex) / cross;
      const double u = ((c.x - a.x) * dy - (c.y - a.y) * dx) / cross;
      if (u > -1e-9 && u < 1.0 + 1e-9) add(t);
    } else if (length2 > 0.0) {
      // Along the border: it may begin or end on the way.
      add(((c.x - a.x) * dx + (c.y - a.y) * dy) / length2);
      add(((d.x - a.x) * dx + (d.y - a.y) * dy) / length2);
    }
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(
      std::unique(cuts.begin(), cuts.end(), [](double s, double t) { return t - s < 1e-12; }),
      cuts.end());
  return cuts;
}

void locate_countries(LineLayer& layer, const CountryBorders& borders, int jobs, Findings& findings,
                      const Progress& progress) {
  const std::size_t count = layer.geometry.size();
  std::vector<std::string> said(count);
  if (const Column* column = line_column(layer, "country")) said = layer.table.texts(column->name);
  std::vector<Pieces> pieces(count);
  parallel_blocks(
      count, 1024, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          if (trim(said[i]).empty() && !layer.geometry[i].lines.empty())
            pieces[i] = locate(layer.geometry[i], borders);
      },
      progress);
  Rows rows;
  std::vector<Geometry> geometry;
  std::size_t located = 0, cut = 0, outside = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Pieces& of_line = pieces[i];
    if (of_line.country.empty()) {
      rows.from.push_back(i);
      rows.share.push_back(1.0);
      rows.country.push_back(said[i]);
      geometry.push_back(std::move(layer.geometry[i]));
      continue;
    }
    double whole = 0.0;
    for (const double m : of_line.length_m) whole += m;
    cut += of_line.country.size() > 1 ? 1 : 0;
    bool met = false, beyond = false;
    for (std::size_t k = 0; k < of_line.country.size(); ++k) {
      rows.from.push_back(i);
      rows.share.push_back(whole > 0.0 ? of_line.length_m[k] / whole : 1.0);
      rows.country.push_back(borders.iso3(of_line.country[k]));
      geometry.push_back(std::move(of_line.geometry[k]));
      (of_line.country[k] == CountryBorders::kNone ? beyond : met) = true;
    }
    located += met ? 1 : 0;
    outside += beyond ? 1 : 0;
  }
  layer.geometry = std::move(geometry);
  if (cut > 0) {
    std::vector<std::string> shared;
    for (const char* wanted : {"length_km", "toll_usd"})
      if (const Column* column = line_column(layer, wanted)) shared.push_back(column->name);
    take_rows(layer.table, rows);
    for (auto& column : layer.table.columns)
      if (std::find(shared.begin(), shared.end(), column.name) != shared.end())
        spread(column, rows);
  }
  set_countries(layer, rows);
  if (located > 0)
    findings.add("network.countries_located", Severity::note, layer.name,
                 "lines got their country from the outlines; " + std::to_string(cut) +
                     " were cut at borders",
                 located);
  if (outside > 0)
    findings.add("network.outside_countries", Severity::note, layer.name,
                 "lines lie, in part or whole, outside all outlines and have no country there",
                 outside);
}

}  // namespace lode
