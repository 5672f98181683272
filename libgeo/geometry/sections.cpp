// Rings drawn on section planes, joined to a solid.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/mesh_report.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/section_rings.h"
#include "libgeo/geometry/solids.h"

namespace lode {

namespace {

using section_rings::Ring;
using section_rings::Vec;

double dot(const Vec& a, const Vec& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
Vec minus(const Vec& a, const Vec& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

[[noreturn]] void refuse(const std::string& what, const std::string& where,
                         const std::string& hint) {
  throw Error("solid.section", what, where, hint);
}

struct Section {
  std::string name;
  std::vector<Ring> rings;
};

std::vector<Section> sections_of(const std::vector<SectionRing>& rings) {
  constexpr std::size_t most = 10000;
  std::vector<Section> sections;
  std::set<std::string> seen;
  for (const SectionRing& ring : rings) {
    if (ring.vertices.size() > most)
      refuse("the ring has more than " + std::to_string(most) + " vertices",
             "section " + ring.section, "Simplify it first.");
    if (sections.empty() || sections.back().name != ring.section) {
      if (!seen.insert(ring.section).second)
        refuse("the section stands twice, with others between", "section " + ring.section,
               "Put its rings one after the other, and the sections in their order.");
      sections.push_back({ring.section, {}});
    }
    Section& section = sections.back();
    section.rings.push_back(section_rings::ready(
        ring, "section " + ring.section + ", ring " + std::to_string(section.rings.size() + 1)));
  }
  return sections;
}

Vec middle_of(const Section& section) {
  Vec sum{0.0, 0.0, 0.0};
  for (const Ring& ring : section.rings)
    for (std::size_t k = 0; k < 3; ++k)
      sum[k] +=
          (ring.middle[k] - section.rings[0].middle[k]) / static_cast<double>(section.rings.size());
  for (std::size_t k = 0; k < 3; ++k) sum[k] += section.rings[0].middle[k];
  return sum;
}

// Normals along the strike, from the first section to the last.
void wind_alike(std::vector<Section>& sections, Findings& findings) {
  std::size_t against = 0, rings = 0;
  Vec along = sections[0].rings[0].normal;
  for (std::size_t s = 0; s < sections.size(); ++s) {
    if (sections.size() > 1) {
      const std::size_t a = s == 0 ? 0 : s - 1, b = s == 0 ? 1 : s;
      along = minus(middle_of(sections[b]), middle_of(sections[a]));
    }
    const double length = std::sqrt(dot(along, along));
    for (Ring& ring : sections[s].rings) {
      const double cosine = dot(ring.normal, along) / (length > 0.0 ? length : 1.0);
      if (sections.size() > 1 && std::abs(cosine) < 0.02)
        refuse("the next section does not lie before or behind its plane", ring.where,
               "Put the sections into their order along the strike.");
      ++rings;
      if (cosine > 0.0) continue;
      section_rings::turn(ring);
      ++against;
    }
  }
  // All of them the other way is as good as none.
  if (against > 0 && against < rings)
    findings.add("solid.ring_turned", Severity::note, sections[0].rings[0].where,
                 "rings wound the other way than the rest and were turned",
                 std::min(against, rings - against));
}

Geometry area_in(const Ring& ring, const Ring& plane) {
  Path path = section_rings::in_plane(ring.vertices, plane);
  path.push_back(path.front());
  return polygon_geometry(std::move(path));
}

double planar_area(const Geometry& g) {
  double twice = 0.0;
  for (const Polygon& polygon : g.polygons) {
    const auto ring_area = [](const Path& ring) {
      double sum = 0.0;
      for (std::size_t i = 1; i + 1 < ring.size(); ++i)
        sum += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
               (ring[i].y - ring[0].y) * (ring[i + 1].x - ring[0].x);
      return std::abs(sum);
    };
    twice += ring_area(polygon.shell);
    for (const Path& hole : polygon.holes) twice -= ring_area(hole);
  }
  return twice / 2.0;
}

// Rings of one section that face one another: their areas overlap, seen along the strike.
struct Link {
  std::vector<std::size_t> first, second;
};

std::vector<Link> links_between(const Section& a, const Section& b) {
  // Alone they belong together, wherever they lie.
  if (a.rings.size() == 1 && b.rings.size() == 1) return {{{0}, {0}}};
  std::vector<Link> links;
  for (std::size_t i = 0; i < a.rings.size(); ++i)
    for (std::size_t j = 0; j < b.rings.size(); ++j) {
      const Geometry one = area_in(a.rings[i], a.rings[i]);
      const Geometry other = area_in(b.rings[j], a.rings[i]);
      const double shared = planar_area(intersection(one, other));
      if (!(shared > 1e-6 * std::min(planar_area(one), planar_area(other)))) continue;
      // Joins every link that has either.
      Link link{{i}, {j}};
      for (std::size_t l = links.size(); l-- > 0;) {
        const auto holds = [](const std::vector<std::size_t>& list, std::size_t x) {
          return std::find(list.begin(), list.end(), x) != list.end();
        };
        if (!holds(links[l].first, i) && !holds(links[l].second, j)) continue;
        for (const std::size_t x : links[l].first)
          if (!holds(link.first, x)) link.first.push_back(x);
        for (const std::size_t x : links[l].second)
          if (!holds(link.second, x)) link.second.push_back(x);
        links.erase(links.begin() + static_cast<std::ptrdiff_t>(l));
      }
      std::sort(link.first.begin(), link.first.end());
      std::sort(link.second.begin(), link.second.end());
      links.push_back(link);
    }
  return links;
}

// A ring, or several joined to one by bridges of no width between their nearest vertices.
struct Composite {
  std::vector<Vec> vertices;
  std::vector<std::uint32_t> number;  // in the solid
};

Composite compose(const Section& section, const std::vector<std::size_t>& which,
                  const std::vector<std::uint32_t>& first_vertex) {
  const auto ring_of = [&](std::size_t r) {
    Composite ring;
    ring.vertices = section.rings[r].vertices;
    for (std::uint32_t v = 0; v < ring.vertices.size(); ++v)
      ring.number.push_back(first_vertex[r] + v);
    return ring;
  };
  Composite whole = ring_of(which[0]);
  std::vector<std::size_t> left(which.begin() + 1, which.end());
  while (!left.empty()) {
    double nearest = 1e308;
    std::size_t at = 0, to = 0, take = 0;
    for (std::size_t l = 0; l < left.size(); ++l)
      for (std::size_t i = 0; i < whole.vertices.size(); ++i)
        for (std::size_t j = 0; j < section.rings[left[l]].vertices.size(); ++j) {
          const Vec d = minus(whole.vertices[i], section.rings[left[l]].vertices[j]);
          if (dot(d, d) >= nearest) continue;
          nearest = dot(d, d);
          at = i;
          to = j;
          take = l;
        }
    const Composite other = ring_of(left[take]);
    Composite joined;
    const auto add = [&](const Composite& from, std::size_t v) {
      joined.vertices.push_back(from.vertices[v]);
      joined.number.push_back(from.number[v]);
    };
    for (std::size_t i = 0; i <= at; ++i) add(whole, i);
    for (std::size_t j = 0; j <= other.vertices.size(); ++j)
      add(other, (to + j) % other.vertices.size());
    for (std::size_t i = at; i < whole.vertices.size(); ++i) add(whole, i);
    whole = std::move(joined);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(take));
  }
  return whole;
}

// The second ring over the first, half their size away: of far rings every tiling has about the
// same area, and the least is often a twisted one.
std::vector<Vec> moved_near(const std::vector<Vec>& first, std::vector<Vec> second,
                            const Vec& normal) {
  const auto middle_and_size = [](const std::vector<Vec>& ring) {
    TriangleMesh mesh;
    mesh.vertices = ring;
    const Box3 box = bounds_of(mesh);
    const Vec size = minus(box.upper, box.lower);
    Vec middle = box.lower;
    for (std::size_t k = 0; k < 3; ++k) middle[k] += size[k] / 2.0;
    return std::pair(middle, std::sqrt(dot(size, size)));
  };
  const auto [one, one_size] = middle_and_size(first);
  const auto [other, other_size] = middle_and_size(second);
  const Vec apart = minus(other, one);
  const double gap = std::min(std::sqrt(dot(apart, apart)), (one_size + other_size) / 4.0);
  for (Vec& v : second)
    for (std::size_t k = 0; k < 3; ++k) v[k] += gap * normal[k] - apart[k];
  return second;
}

// The solid as it grows.
class Joiner {
 public:
  explicit Joiner(const std::vector<Section>& sections) : sections_(sections) {
    for (const Section& section : sections) {
      first_.emplace_back();
      for (const Ring& ring : section.rings) {
        first_.back().push_back(static_cast<std::uint32_t>(mesh_.vertices.size()));
        mesh_.vertices.insert(mesh_.vertices.end(), ring.vertices.begin(), ring.vertices.end());
      }
    }
  }

  void join(std::size_t s, const Link& link) {
    const Composite a = compose(sections_[s], link.first, first_[s]);
    const Composite b = compose(sections_[s + 1], link.second, first_[s + 1]);
    add_sides(a, b, s);
  }

  // Closes a ring whose normal looks away from the solid, or towards it.
  void close(std::size_t s, std::size_t r, bool away, double drawn_out) {
    const Ring& ring = sections_[s].rings[r];
    std::uint32_t first = first_[s][r];
    if (drawn_out > 0.0) {
      Composite here = compose(sections_[s], {r}, first_[s]), out = here;
      const double step = away ? drawn_out : -drawn_out;
      first = static_cast<std::uint32_t>(mesh_.vertices.size());
      for (std::uint32_t v = 0; v < out.vertices.size(); ++v) {
        for (std::size_t k = 0; k < 3; ++k) out.vertices[v][k] += step * ring.normal[k];
        out.number[v] = first + v;
        mesh_.vertices.push_back(out.vertices[v]);
      }
      away ? add_sides(here, out, s) : add_sides(out, here, s);
    }
    for (const auto& [a, b, c] : section_rings::inside(ring)) {
      mesh_.triangles.push_back({first + a, first + (away ? b : c), first + (away ? c : b)});
      section_of_.push_back(s);
    }
  }

  TriangleMesh finish() {
    const SelfIntersections crossed = self_intersections(mesh_, 1);
    if (crossed.count > 0) {
      const std::size_t s =
          std::max(section_of_[crossed.pairs[0][0]], section_of_[crossed.pairs[0][1]]);
      refuse("the joined surface crosses itself",
             "between sections " + sections_[s].name + " and " +
                 sections_[std::min(s + 1, sections_.size() - 1)].name,
             "Put a section between, or move the rings so that they face one another.");
    }
    return std::move(mesh_);
  }

 private:
  void add_sides(const Composite& a, const Composite& b, std::size_t s) {
    const std::size_t m = a.number.size(), n = b.number.size();
    const auto near = moved_near(a.vertices, b.vertices, sections_[s].rings[0].normal);
    for (const auto& step : section_rings::tile(a.vertices, near)) {
      if (step.second)
        mesh_.triangles.push_back({a.number[step.i], b.number[(step.j + 1) % n], b.number[step.j]});
      else
        mesh_.triangles.push_back({a.number[step.i], a.number[(step.i + 1) % m], b.number[step.j]});
      section_of_.push_back(s);
    }
  }

  const std::vector<Section>& sections_;
  std::vector<std::vector<std::uint32_t>> first_;  // vertex of each ring
  TriangleMesh mesh_;
  std::vector<std::size_t> section_of_;  // of each triangle: the one before it
};

std::string ring_list(const Section& section, const std::vector<std::size_t>& which) {
  return std::to_string(which.size()) + " rings of section " + section.name;
}

}  // namespace

TriangleMesh solid_from_sections(const std::vector<SectionRing>& rings,
                                 const SectionOptions& options, Findings& findings) {
  if (!(options.end_m >= 0.0) || !std::isfinite(options.end_m))
    refuse("the ends cannot be drawn out by less than nothing", "sections", "Leave it out.");
  std::vector<Section> sections = sections_of(rings);
  if (sections.empty() || (sections.size() == 1 && options.end_m == 0.0))
    refuse("a solid needs rings on two sections or more, and there are " +
               std::to_string(sections.size()),
           "sections", "Add a section, or draw the ends out.");
  wind_alike(sections, findings);

  Joiner joiner(sections);
  std::vector<std::vector<char>> before(sections.size()), behind(sections.size());
  for (std::size_t s = 0; s < sections.size(); ++s) {
    before[s].assign(sections[s].rings.size(), 0);
    behind[s].assign(sections[s].rings.size(), 0);
  }
  for (std::size_t s = 0; s + 1 < sections.size(); ++s)
    for (const Link& link : links_between(sections[s], sections[s + 1])) {
      if (link.first.size() > 1 && link.second.size() > 1)
        refuse(ring_list(sections[s], link.first) + " face " +
                   ring_list(sections[s + 1], link.second) + ": which belong together is open",
               "between sections " + sections[s].name + " and " + sections[s + 1].name,
               "Put a section between, or make them bodies of their own.");
      joiner.join(s, link);
      for (const std::size_t r : link.first) behind[s][r] = 1;
      for (const std::size_t r : link.second) before[s + 1][r] = 1;
    }
  for (std::size_t s = 0; s < sections.size(); ++s)
    for (std::size_t r = 0; r < sections[s].rings.size(); ++r) {
      if (sections.size() > 1 && before[s][r] == 0 && behind[s][r] == 0 && options.end_m == 0.0)
        refuse("the ring faces none on the sections beside it", sections[s].rings[r].where,
               "Leave it out, or draw the ends out.");
      if (behind[s][r] == 0) joiner.close(s, r, true, options.end_m);
      if (before[s][r] == 0) joiner.close(s, r, false, options.end_m);
    }
  TriangleMesh solid = joiner.finish();
  solid.name = "sections";
  make_solid(solid, findings);
  return solid;
}

}  // namespace lode
