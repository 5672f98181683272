#include "libgeo/geometry/mesh_report.h"

#include <algorithm>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/mesh_border.h"

namespace lode {

namespace {

using namespace mesh_parts;

// One examination: the steps in order, each adding what it finds to the report.
class Examination {
 public:
  Examination(const TriangleMesh& mesh, const Progress& progress) : progress_(progress) {
    report_.solid = mesh;
    number_.resize(mesh.triangles.size());
    std::iota(number_.begin(), number_.end(), 0U);
  }

  MeshReport run(const MeshReportOptions& options) {
    tidy();
    progress_.update(0.1);
    sides_ = sorted_sides(mesh());
    bool orientable = walk(mesh(), sides_, shells_, turn_);
    edges(options.part_shells, orientable);
    progress_.update(0.2);
    report_.components = shells_.count;
    if (report_.open_edges > 0) border();
    const bool sound = report_.closed && orientable;
    if (report_.closed && !orientable)
      add("mesh.not_orientable", Severity::error, 1, {0},
          "the surface has one side only, as a Moebius strip has");
    const bool flat = sound ? !volumes() : (measure(), false);
    progress_.update(0.4);
    if (options.self_intersections) crossings();
    if (sound && !flat) nesting();
    if (sound && !flat && !report_.self_intersecting) whole();
    progress_.update(1.0);
    return std::move(report_);
  }

 private:
  TriangleMesh& mesh() { return report_.solid; }

  // `triangles` are numbers in the tidied mesh.
  void add(const std::string& code, Severity severity, std::size_t count,
           const std::vector<std::uint32_t>& triangles, const std::string& message) {
    MeshDefect defect;
    defect.code = code;
    defect.severity = severity;
    defect.count = count;
    for (const std::uint32_t t : triangles) defect.triangles.push_back(number_[t]);
    defect.place = mesh().vertices[mesh().triangles[triangles[0]][0]];
    defect.message = message;
    report_.defects.push_back(defect);
  }

  // The same for a triangle that has left: its number and a corner are those of the input.
  void add_gone(const std::string& code, Severity severity, std::size_t count, std::uint32_t number,
                const Corners& corners, const std::string& message) {
    MeshDefect defect{code, severity, count, {number}, mesh().vertices[corners[0]], message};
    report_.defects.push_back(defect);
  }

  void tidy() {
    check_numbers(mesh());
    const auto given = mesh().triangles;
    join_vertices(mesh());
    std::uint32_t first = none;
    std::size_t count = drop_pointed(mesh(), &number_, &first);
    report_.flat = count;
    if (count > 0)
      add_gone("mesh.flat_triangle", Severity::note, count, first, given[first],
               "triangles with two corners at one place were left out");
    count = report_.duplicates = drop_repeated(mesh(), &number_, &first);
    if (count > 0)
      add_gone("mesh.duplicate_triangle", Severity::warning, count, first, given[first],
               "triangles that stand twice were taken once, or not at all where their two sides "
               "cancel");
    if (mesh().empty())
      throw Error("mesh.empty", "no triangle has an area", mesh().name, "Give a mesh with faces.");
    count = turn_flat_edges(mesh(), &first);
    report_.flat += count;
    if (count > 0)
      add("mesh.flat_triangle", Severity::note, count, {first},
          "triangles whose corners lie on one line were joined to their neighbours");
  }

  // At an edge of several shells each has two triangles, wound as they should be.
  bool parts(std::size_t begin, std::size_t end, bool& orientable) const {
    std::vector<std::array<std::uint32_t, 2>> by_shell;  // shell, way along the edge
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t t = sides_[i].triangle;
      by_shell.push_back({shells_.of[t], sides_[i].rising != (turn_[t] != 0) ? 1U : 0U});
    }
    std::sort(by_shell.begin(), by_shell.end());
    for (std::size_t i = 0; i < by_shell.size(); i += 2) {
      if (i + 1 == by_shell.size() || by_shell[i][0] != by_shell[i + 1][0]) return false;
      if (i + 2 < by_shell.size() && by_shell[i][0] == by_shell[i + 2][0]) return false;
      if (by_shell[i][1] == by_shell[i + 1][1]) orientable = false;
    }
    return true;
  }

  void edges(bool part_shells, bool& orientable) {
    report_.oriented = true;
    const Side *open = nullptr, *crowded = nullptr, *parted = nullptr;
    std::size_t most = 0, parted_edges = 0;
    for_each_edge(sides_, [&](std::size_t begin, std::size_t end) {
      const std::size_t n = end - begin;
      if (n == 1 && report_.open_edges++ == 0) open = &sides_[begin];
      if (n > 2 && part_shells && parts(begin, end, orientable)) {
        if (parted_edges++ == 0) parted = &sides_[begin];
        return;
      }
      if (n > 2 && report_.crowded_edges++ == 0) {
        crowded = &sides_[begin];
        most = n;
      }
      if (n != 2 || sides_[begin].rising == sides_[begin + 1].rising) report_.oriented = false;
    });
    report_.closed = open == nullptr && crowded == nullptr;
    if (open != nullptr) {
      open_ = open_sides(sides_);
      report_.holes = count_rims(open_);
      add("mesh.open", Severity::error, report_.open_edges, {open->triangle},
          "the solid is not closed: " + std::to_string(report_.open_edges) +
              " edge(s) have one triangle only, around " + std::to_string(report_.holes) +
              " hole(s), the first from " + edge_text(mesh(), *open));
    }
    if (parted != nullptr)
      add("mesh.parted", Severity::warning, parted_edges, {parted->triangle},
          "shells touch along edges, the first from " + edge_text(mesh(), *parted) +
              "; each was closed by itself");
    if (crowded != nullptr)
      add("mesh.crowded_edge", Severity::error, report_.crowded_edges,
          {crowded->triangle, crowded[1].triangle, crowded[2].triangle},
          "the edge from " + edge_text(mesh(), *crowded) + " has " + std::to_string(most) +
              " triangles; that of a solid has two");
  }

  void border() {
    const auto tees = t_junctions(mesh(), open_, 0.0, progress_);
    report_.t_junctions = tees.size();
    if (!tees.empty()) {
      const Side& side = open_[tees[0].side];
      add("mesh.t_junction", Severity::error, tees.size(), {side.triangle},
          "the vertex " + place_text(mesh().vertices[tees[0].vertex]) + " lies on the edge from " +
              edge_text(mesh(), side) + ", which is not split there");
    }
    const Cracks cracks = find_cracks(mesh(), open_, progress_);
    report_.cracks = cracks.count;
    if (cracks.count == 0) return;
    report_.crack_width_m = cracks.width_m;
    const auto at = std::find_if(open_.begin(), open_.end(), [&](const Side& side) {
      return side.low == cracks.first || side.high == cracks.first;
    });
    add("mesh.crack", Severity::error, cracks.count, {at->triangle},
        "vertices of open edges nearly meet, the first " +
            place_text(mesh().vertices[cracks.first]) + " and " +
            place_text(mesh().vertices[cracks.other]) + ": welding within " +
            number_text(cracks.width_m) + " m joins them");
  }

  void note(const std::vector<ShellVolume>& volumes, const std::vector<char>& cavity) {
    Sum area;
    report_.box = volumes[0].box;
    for (std::size_t s = 0; s < volumes.size(); ++s) {
      const ShellVolume& shell = volumes[s];
      area += shell.area_m2;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        report_.box.lower[axis] = std::min(report_.box.lower[axis], shell.box.lower[axis]);
        report_.box.upper[axis] = std::max(report_.box.upper[axis], shell.box.upper[axis]);
      }
      if (!cavity.empty())
        report_.shells.push_back(
            {shell.triangles, cavity[s] != 0, false, shell.volume_m3, shell.area_m2, shell.box});
    }
    report_.area_m2 = area.value();
  }

  void measure() { note(shell_volumes(mesh(), shells_), {}); }

  // False when there is none.
  bool volumes() {
    for (std::size_t t = 0; t < mesh().triangles.size(); ++t)
      if (turn_[t]) std::swap(mesh().triangles[t][1], mesh().triangles[t][2]);
    volumes_ = shell_volumes(mesh(), shells_);
    if (is_flat(volumes_)) {
      note(volumes_, {});
      add("mesh.flat", Severity::error, 1, {0}, "the solid has no volume");
      return false;
    }
    return true;
  }

  // Which shells are cavities: none can be told where they cross.
  void nesting() {
    const std::vector<char> cavity = report_.self_intersecting
                                         ? std::vector<char>(shells_.count, 0)
                                         : mesh_parts::cavities(mesh(), shells_);
    std::vector<char> inward;
    for (const ShellVolume& shell : volumes_) inward.push_back(shell.volume_m3 < 0.0 ? 1 : 0);
    std::uint32_t first = none;
    report_.turned = wind(mesh(), shells_, turn_, cavity, volumes_, &first);
    if (report_.turned > 0)
      add("mesh.turned", Severity::warning, report_.turned, {first},
          "triangles wound the wrong way and were turned: outward on shells, inward on cavities");
    note(volumes_, cavity);
    for (std::size_t s = 0; s < inward.size(); ++s) report_.shells[s].inward = inward[s] != 0;
    const auto found = std::find(cavity.begin(), cavity.end(), 1);
    report_.cavities = static_cast<std::size_t>(std::count(cavity.begin(), cavity.end(), 1));
    if (found == cavity.end()) return;
    const auto shell = static_cast<std::uint32_t>(found - cavity.begin());
    const auto at = std::find(shells_.of.begin(), shells_.of.end(), shell);
    add("mesh.cavity", Severity::note, report_.cavities,
        {static_cast<std::uint32_t>(at - shells_.of.begin())},
        "shells inside others are cavities and were subtracted");
  }

  void crossings() {
    const SelfIntersections found =
        ::lode::self_intersections(mesh(), 1, progress_.part(0.4, 0.95));
    report_.self_intersections = found.count;
    report_.self_intersecting = found.count > 0;
    if (found.count == 0) return;
    const auto [a, b] = found.pairs[0];
    add("mesh.self_intersecting", Severity::error, found.count, {a, b},
        shells_.of[a] == shells_.of[b]
            ? "the surface crosses or touches itself, first at triangles " + pair_text(a, b) +
                  ": what its faces add up to is no volume"
            : "shells overlap or touch, first at triangles " + pair_text(a, b) +
                  ": their sum counts the shared part twice");
  }

  [[nodiscard]] std::string pair_text(std::uint32_t a, std::uint32_t b) const {
    return std::to_string(std::uint64_t{number_[a]} + 1) + " and " +
           std::to_string(std::uint64_t{number_[b]} + 1);
  }

  void whole() {
    Sum volume;
    for (const ShellVolume& shell : volumes_) volume += shell.volume_m3;
    report_.volume_m3 = volume.value();
    // Moments about the box's middle: those of the shells are about their own.
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double middle = (report_.box.lower[axis] + report_.box.upper[axis]) / 2;
      Sum moment;
      for (const ShellVolume& shell : volumes_)
        moment += shell.moment[axis] + shell.volume_m3 * (shell.about[axis] - middle);
      report_.centroid[axis] = middle + moment.value() / report_.volume_m3;
    }
  }

  const Progress& progress_;
  MeshReport report_;
  std::vector<std::uint32_t> number_;  ///< of each triangle in the input
  std::vector<Side> sides_, open_;
  Shells shells_;
  std::vector<char> turn_;
  std::vector<ShellVolume> volumes_;
};

}  // namespace

MeshReport examine_mesh(const TriangleMesh& mesh, const MeshReportOptions& options,
                        const Progress& progress) {
  return Examination(mesh, progress).run(options);
}

void require_solid(TriangleMesh& mesh, Findings& findings, const Progress& progress) {
  make_solid(mesh, findings);
  const SelfIntersections found = self_intersections(mesh, 1, progress);
  if (found.count == 0) return;
  const auto at = [&](std::uint32_t t) {
    const auto& v = mesh.vertices[mesh.triangles[t][0]];
    return "(" + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + ")";
  };
  throw Error(
      "mesh.self_intersecting",
      std::to_string(found.count) + " pair(s) of triangles cross or overlap, the first at " +
          at(found.pairs[0][0]) + " and " + at(found.pairs[0][1]),
      mesh.name, "Mend it: 'lode volume mesh --repair -o', or unite its parts with 'lode solid'.");
}

}  // namespace lode
