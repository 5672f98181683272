// A mesh mended step by step, until it is a volume: the smallest change first.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/mesh_parts.h"
#include "libgeo/geometry/mesh_report.h"
#include "libgeo/geometry/solids.h"

namespace lode {

namespace {

using mesh_parts::distance;

constexpr double smallest_m = 1e-6, largest_m = 1e12;  // solids that are worth mending

class Repair {
 public:
  Repair(const MeshRepairOptions& options, const Progress& progress)
      : options_(options), progress_(progress) {}

  MeshRepair run(const TriangleMesh& mesh) {
    examine(mesh, progress_.part(0.0, 0.3));
    done_.before_m3 = std::abs(signed_volume_m3(now_.solid));
    done_.report = now_;
    if (sound()) {
      done_.before_m3 = now_.volume_m3;
      return std::move(done_);
    }
    done_.given = now_.defects;
    // Products of lengths smaller or larger than these leave the range of numbers.
    const double size_m = distance(now_.box.lower, now_.box.upper);
    if (!(size_m >= smallest_m && size_m <= largest_m)) return std::move(done_);
    weld();
    if (options_.repair) {
      if (!sound()) split();
      if (!sound()) part();
      if (!sound()) fill();
      if (!sound()) unite();
      if (!sound()) cover();
    }
    if (sound()) done_.report = std::move(now_);
    progress_.update(1.0);
    return std::move(done_);
  }

 private:
  [[nodiscard]] bool sound() const { return !std::isnan(now_.volume_m3); }

  void examine(const TriangleMesh& mesh, const Progress& progress, bool part_shells = false) {
    MeshReportOptions options;
    options.part_shells = part_shells;
    now_ = examine_mesh(mesh, options, progress);
  }

  void step(const std::string& code, std::size_t count, const std::string& message) {
    MeshDefect defect{code, Severity::warning, count, {}, {}, message};
    done_.steps.push_back(defect);
  }

  void weld() {
    if (!(options_.weld_m > 0.0)) return;
    TriangleMesh mesh = now_.solid;
    const MeshMending mended = weld_mesh(mesh, options_.weld_m);
    if (mended.vertices == 0) return;
    step("mesh.welded", mended.vertices,
         "vertices of open edges were joined to others within " + number_text(options_.weld_m) +
             " m; the farthest moved by " + number_text(mended.most_m) + " m");
    examine(mesh, progress_.part(0.3, 0.4));
  }

  void split() {
    TriangleMesh mesh = now_.solid;
    const MeshMending mended = split_t_junctions(mesh, options_.weld_m);
    if (mended.vertices == 0) return;
    step("mesh.split", mended.vertices,
         "edges were split where a vertex lay on them, at most " + number_text(mended.most_m) +
             " m off");
    examine(mesh, progress_.part(0.4, 0.5));
  }

  void part() {
    if (now_.crowded_edges == 0 || now_.open_edges > 0) return;
    const TriangleMesh mesh = now_.solid;
    examine(mesh, progress_.part(0.5, 0.6), true);
  }

  void fill() {
    if (now_.open_edges == 0) return;
    TriangleMesh mesh = now_.solid;
    const double small = distance(now_.box.lower, now_.box.upper) / 20.0;
    const MeshMending mended = fill_holes(mesh, small);
    if (mended.triangles == 0) return;
    step("mesh.filled", mended.vertices,
         "holes were filled by " + std::to_string(mended.triangles) + " triangle(s) of " +
             number_text(mended.area_m2) + " m2; their rims lie up to " +
             number_text(mended.most_m) + " m off a plane");
    examine(mesh, progress_.part(0.6, 0.7), now_.crowded_edges > 0);
  }

  void unite() {
    if (!now_.self_intersecting || now_.shells.size() < 2) return;
    std::vector<char> inward;
    for (const MeshShell& shell : now_.shells) inward.push_back(shell.inward ? 1 : 0);
    std::size_t united = 0;
    const TriangleMesh mesh =
        mesh_parts::unite_shells(now_.solid, inward, united, progress_.part(0.7, 0.8));
    if (mesh.empty()) return;
    const MeshReport before = now_;
    examine(mesh, progress_.part(0.8, 0.85));
    if (!sound()) {
      now_ = before;
      return;
    }
    step("mesh.united", united, "shells that overlap were united: what they share counts once");
  }

  // A wrap that has crept in through a hole covers both sides of every face: it is thin.
  static bool is_skin(const MeshReport& wrapped, const MeshReport& faces, double offset_m) {
    return wrapped.area_m2 > 1.5 * faces.area_m2 &&
           wrapped.volume_m3 < 4.0 * faces.area_m2 * offset_m;
  }

  void cover() {
    const double diagonal = distance(now_.box.lower, now_.box.upper);
    if (!(diagonal > 0.0)) return;
    WrapOptions wrapping;
    wrapping.alpha_m = options_.alpha_m > 0.0 ? options_.alpha_m : diagonal / 40.0;
    wrapping.offset_m = wrapping.alpha_m / 30.0;
    const MeshReport before = now_;
    const TriangleMesh cover = wrap(now_.solid, wrapping, progress_.part(0.85, 0.95));
    examine(cover, progress_.part(0.95, 1.0));
    if (!sound() || is_skin(now_, before, wrapping.offset_m)) {
      now_ = before;
      now_.volume_m3 = MeshReport::nan;
      MeshDefect failed;
      failed.code = "mesh.not_wrapped";
      failed.message = "a wrap that bridges gaps of " + number_text(wrapping.alpha_m) +
                       " m creeps in through a wider hole";
      done_.given.push_back(failed);
      return;
    }
    step("mesh.wrapped", 1,
         "wrapped by a closed surface that bridges gaps of " + number_text(wrapping.alpha_m) +
             " m and stands off by about " + number_text(wrapping.offset_m) +
             " m: cavities are filled, and the volume is a little too large");
  }

  const MeshRepairOptions& options_;
  const Progress& progress_;
  MeshReport now_;
  MeshRepair done_;
};

}  // namespace

MeshRepair repair_mesh(const TriangleMesh& mesh, const MeshRepairOptions& options,
                       const Progress& progress) {
  return Repair(options, progress).run(mesh);
}

double single_precision_step(const TriangleMesh& mesh) {
  constexpr double far = 1e5;  // as the readers of single precision say it
  double farthest = 0.0;
  bool finest = false;
  for (const auto& v : mesh.vertices)
    for (const double c : v) {
      if (!(std::abs(c) > far)) continue;
      if (static_cast<double>(static_cast<float>(c)) != c) return 0.0;
      farthest = std::max(farthest, std::abs(c));
      // Corners on half metres were drawn so; rounded ones use the last bit that there is.
      const double last_bit = std::ldexp(1.0, std::ilogb(c) - 23);
      finest = finest || (last_bit < 1.0 && std::remainder(c, 2.0 * last_bit) != 0.0);
    }
  return finest ? std::ldexp(1.0, std::ilogb(farthest) - 24) : 0.0;
}

}  // namespace lode
