// TINs: the integral of their difference over the overlay of their triangles, in closed form.
#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/surface_parts.h"
#include "libgeo/geometry/box_share.h"
#include "libgeo/geometry/cell_areas.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode::surface_parts {

namespace {

// Faces that share a strip thinner than this share nothing but rounded coordinates.
constexpr double strip_m = 1e-6;
// True areas are right to about this much.
constexpr double area_error = 1e-8;

// A convex polygon in plan: a triangle cut by three lines, the sides of a plan piece and a zero
// line.
struct Piece {
  std::array<Point, 16> at;
  std::size_t n = 0;
  void add(const Point& p) { at[n++] = p; }
};

double cross(const Point& o, const Point& a, const Point& b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

bool before(const Point& a, const Point& b) {
  return a.x < b.x || (a.x == b.x && a.y < b.y);
}

// The part where `side` is not negative. Where an edge is cut are the same bits from either end.
template <class Side>
void keep(const Piece& from, Side side, Piece& to) {
  to.n = 0;
  std::array<double, 16> s{};
  for (std::size_t i = 0; i < from.n; ++i) s[i] = side(from.at[i]);
  for (std::size_t i = 0; i < from.n; ++i) {
    const std::size_t j = i + 1 == from.n ? 0 : i + 1;
    if (s[i] >= 0.0) to.add(from.at[i]);
    if (!((s[i] < 0.0 && s[j] > 0.0) || (s[i] > 0.0 && s[j] < 0.0))) continue;
    const bool in_order = before(from.at[i], from.at[j]);
    const Point &p = from.at[in_order ? i : j], &q = from.at[in_order ? j : i];
    const double sp = s[in_order ? i : j], sq = s[in_order ? j : i];
    const double t = sp / (sp - sq);
    to.add({p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)});
  }
}

double area_of(const Piece& piece) {
  double twice = 0.0;
  for (std::size_t i = 1; i + 1 < piece.n; ++i)
    twice += cross(piece.at[0], piece.at[i], piece.at[i + 1]);
  return twice / 2.0;
}

// A triangle with its plane, wound counter-clockwise.
struct Face {
  std::array<Point, 3> at;
  double z0 = 0.0, gx = 0.0, gy = 0.0, low = 0.0, high = 0.0;
  double area = 0.0, around = 0.0;
  std::size_t number = 0;  // in the mesh

  [[nodiscard]] double z(const Point& p) const {
    return std::clamp(z0 + gx * (p.x - at[0].x) + gy * (p.y - at[0].y), low, high);
  }
  [[nodiscard]] Box box() const {
    Box b;
    for (const Point& p : at) b.add(p);
    return b;
  }
  // The part of a piece over this face.
  void clip(Piece& piece) const {
    Piece other;
    for (std::size_t i = 0; i < 3; ++i) {
      const Point &a = at[i], &b = at[(i + 1) % 3];
      // A side is the same line for the faces on both sides of it.
      if (before(a, b))
        keep(
            piece, [&](const Point& p) { return cross(a, b, p); }, other);
      else
        keep(
            piece, [&](const Point& p) { return -cross(b, a, p); }, other);
      std::swap(piece, other);
      if (piece.n < 3) return;
    }
  }
};

// A TIN about a local origin, without faces that have no area in plan.
struct Tin {
  std::vector<Face> faces;
  SpatialIndex index;
  std::string name;
  std::size_t upright = 0;

  Tin(const Surface& surface, const std::array<double, 2>& origin) : name(surface.name) {
    const TriangleMesh& mesh = *surface.tin;
    std::vector<Box> boxes;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
      std::array<std::array<double, 3>, 3> v;
      for (std::size_t i = 0; i < 3; ++i) {
        v[i] = mesh.vertices.at(mesh.triangles[t][i]);
        if (!(std::abs(v[i][2]) <= most_height_m))
          throw Error("surface.height",
                      "face " + std::to_string(t + 1) + " has a height of " + number_text(v[i][2]) +
                          " m: it lies within 1,000,000 m",
                      name, "Mend it, or say the unit of the heights.");
        v[i][0] -= origin[0];
        v[i][1] -= origin[1];
      }
      Face face;
      face.number = t;
      face.at = {Point{v[0][0], v[0][1]}, Point{v[1][0], v[1][1]}, Point{v[2][0], v[2][1]}};
      double twice = cross(face.at[0], face.at[1], face.at[2]);
      if (twice < 0.0) {
        std::swap(face.at[1], face.at[2]);
        std::swap(v[1], v[2]);
        twice = -twice;
      }
      for (std::size_t i = 0; i < 3; ++i)
        face.around += std::hypot(v[i][0] - v[(i + 1) % 3][0], v[i][1] - v[(i + 1) % 3][1]);
      if (!(twice > 1e-12 * face.around * face.around)) {
        ++upright;
        continue;
      }
      face.area = twice / 2.0;
      const double ux = v[1][0] - v[0][0], uy = v[1][1] - v[0][1], uz = v[1][2] - v[0][2];
      const double wx = v[2][0] - v[0][0], wy = v[2][1] - v[0][1], wz = v[2][2] - v[0][2];
      face.z0 = v[0][2];
      face.gx = (uz * wy - wz * uy) / twice;
      face.gy = (ux * wz - wx * uz) / twice;
      face.low = std::min({v[0][2], v[1][2], v[2][2]});
      face.high = std::max({v[0][2], v[1][2], v[2][2]});
      boxes.push_back(face.box());
      faces.push_back(face);
    }
    if (faces.empty())
      throw Error("surface.no_overlap", "every face of the TIN stands upright", name,
                  "Take a surface with a height at every place.");
    index = SpatialIndex(std::move(boxes));
  }

  [[nodiscard]] static Piece piece_of(const Face& face) {
    Piece piece;
    for (const Point& p : face.at) piece.add(p);
    return piece;
  }

  // Error "surface.folded".
  void refuse_folds(int jobs, const Progress& progress) const {
    parallel_blocks(
        faces.size(), 512, jobs,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t f = begin; f < end; ++f)
            for (const std::size_t other : index.query(faces[f].box())) {
              if (other <= f) continue;
              Piece piece = piece_of(faces[f]);
              faces[other].clip(piece);
              if (piece.n < 3) continue;
              const Face& small = faces[faces[f].area < faces[other].area ? f : other];
              const double shared = area_of(piece);
              if (!(shared > 1e-9 * small.area + strip_m * small.around)) continue;
              refuse(faces[f], faces[other], piece, shared);
            }
        },
        progress);
  }

  [[noreturn]] void refuse(const Face& a, const Face& b, const Piece& piece, double shared) const {
    throw Error("surface.folded",
                "faces " + std::to_string(a.number + 1) + " and " + std::to_string(b.number + 1) +
                    " lie over one another (" + number_text(shared) + " m2 in plan): heights " +
                    number_text(a.z(piece.at[0])) + " and " + number_text(b.z(piece.at[0])) +
                    " m at one place",
                name, "A surface has one height at a place; solids are for lode volume mesh.");
  }
};

// What a zone or a block of faces adds to.
struct Part {
  CutFill sum;
  Sum all;
};

class TinRun {
 public:
  TinRun(const Surface& top, const SurfaceBase& base, const SurfaceZones& zones,
         const SurfaceOptions& options)
      : crs_(top.crs),
        zones_(zones),
        levels_(base.surface.tin == nullptr ? base.levels_m : std::vector<double>{}),
        jobs_(options.jobs),
        box_(bounds(top, base)),
        origin_{box_.min_x, box_.min_y},
        areas_(crs_,
               {box_.min_x, box_.max_x - box_.min_x, 0.0, box_.min_y, 0.0, box_.max_y - box_.min_y},
               1, 1),
        top_(top, origin_) {
    if (base.surface.tin != nullptr) base_.emplace(base.surface, origin_);
    unit2_ = crs_.metres_per_unit * crs_.metres_per_unit;
    if (!areas_.known(0.5, 0.5))
      throw Error("surface.area",
                  "areas cannot be had there: " + crs_.label() + " cannot be undone", top_.name,
                  "Declare the CRS that the TIN is in.");
    BlockGrid axes;
    axes.origin = {origin_[0], origin_[1], 0.0};
    for (std::size_t z = 0; zones.polygons != nullptr && z < zones.polygons->size(); ++z)
      cutters_.emplace_back((*zones.polygons)[z], axes), boxes_.push_back(zone_box(z));
    const std::size_t n = zones.polygons == nullptr ? 1 : zones.polygons->size();
    sums_.assign(n, std::vector<Sums>(std::max<std::size_t>(1, levels_.size())));
    all_.resize(n);
  }

  SurfaceResult run(const Progress& progress);

 private:
  static Box bounds(const Surface& top, const SurfaceBase& base) {
    Box box;
    for (const Surface* surface : {&top, &base.surface})
      if (surface->tin != nullptr)
        for (const auto& v : surface->tin->vertices) box.add(Point{v[0], v[1]});
    return box;
  }
  [[nodiscard]] Box zone_box(std::size_t zone) const {
    Box box = box_of((*zones_.polygons)[zone]);
    if (box.empty()) return box;
    return {box.min_x - origin_[0], box.min_y - origin_[1], box.max_x - origin_[0],
            box.max_y - origin_[1]};
  }
  void add_face(const Face& face, std::vector<std::vector<Part>>& parts) const;
  void add_piece(const Piece& piece, const Face& top, const Face* base, std::size_t zone,
                 bool whole, std::vector<Part>& parts) const;
  void add_signed(const Piece& piece, const Face& top, const Face* base, double sign,
                  std::vector<Part>& parts) const;
  void integrate(const Piece& piece, const Face& top, const Face* base, double level, double sign,
                 CutFill& sum) const;
  // True square metres over square units of the plane, at a place.
  [[nodiscard]] double scale(const Point& p) const {
    if (areas_.is_constant()) return unit2_;
    const double w = box_.max_x - box_.min_x, h = box_.max_y - box_.min_y;
    return areas_.density(p.x / w, p.y / h) / (w * h);
  }

  Crs crs_;
  const SurfaceZones& zones_;
  std::vector<double> levels_;
  int jobs_;
  Box box_;
  std::array<double, 2> origin_;
  CellAreas areas_;
  Tin top_;
  std::optional<Tin> base_;
  double unit2_ = 1.0;
  std::vector<PlanCutter> cutters_;
  std::vector<Box> boxes_;
  std::mutex mutex_;
  std::vector<std::vector<Sums>> sums_;
  std::vector<ExactSum> all_;
};

Point middle(const Point& a, const Point& b) {
  return {(a.x + b.x) / 2.0, (a.y + b.y) / 2.0};
}

// One side of the zero line: the difference is linear there. Midpoints of the edges make quadrature
// exact for a difference times a scale that is linear too.
void TinRun::integrate(const Piece& piece, const Face& top, const Face* base, double level,
                       double sign, CutFill& sum) const {
  const auto difference = [&](const Point& p) {
    return top.z(p) - (base != nullptr ? base->z(p) : level);
  };
  double area = 0.0, volume = 0.0, plane = 0.0, plane_volume = 0.0;
  for (std::size_t i = 1; i + 1 < piece.n; ++i) {
    const Point &a = piece.at[0], &b = piece.at[i], &c = piece.at[i + 1];
    const double third = cross(a, b, c) / 6.0;
    for (const Point& m : {middle(a, b), middle(b, c), middle(c, a)}) {
      const double d = difference(m), k = scale(m);
      area += third * k;
      volume += third * k * d;
      plane += third;
      plane_volume += third * d;
    }
  }
  sum.area += sign * area;
  sum.planar += sign * plane;
  if (volume > 0.0) {
    sum.above += sign * area;
    sum.cut += sign * volume;
    sum.planar_cut += sign * plane_volume;
  } else {
    sum.fill += -sign * volume;
    sum.planar_fill += -sign * plane_volume;
  }
}

void TinRun::add_signed(const Piece& piece, const Face& top, const Face* base, double sign,
                        std::vector<Part>& parts) const {
  for (std::size_t l = 0; l < parts.size(); ++l) {
    const double level = levels_.empty() ? 0.0 : levels_[l];
    const auto difference = [&](const Point& p) {
      return top.z(p) - (base != nullptr ? base->z(p) : level);
    };
    bool above = false, below = false;
    for (std::size_t i = 0; i < piece.n; ++i) {
      const double d = difference(piece.at[i]);
      above = above || d > 0.0;
      below = below || d < 0.0;
    }
    if (!above || !below) {
      integrate(piece, top, base, level, sign, parts[l].sum);
      continue;
    }
    Piece side;
    keep(piece, difference, side);
    if (side.n >= 3) integrate(side, top, base, level, sign, parts[l].sum);
    keep(
        piece, [&](const Point& p) { return -difference(p); }, side);
    if (side.n >= 3) integrate(side, top, base, level, sign, parts[l].sum);
  }
}

void TinRun::add_piece(const Piece& piece, const Face& top, const Face* base, std::size_t zone,
                       bool whole, std::vector<Part>& parts) const {
  if (whole) {
    add_signed(piece, top, base, 1.0, parts);
    return;
  }
  Box box;
  for (std::size_t i = 0; i < piece.n; ++i) box.add(piece.at[i]);
  for (const PlanPiece& plan :
       cutters_[zone].pieces({box.min_x, box.min_y, box.max_x, box.max_y})) {
    const Footprint& place = plan.place;
    Piece a, b;
    keep(
        piece, [&](const Point& p) { return p.x - place.x0; }, a);
    keep(
        a, [&](const Point& p) { return place.x1 - p.x; }, b);
    if (plan.slanted) {
      const double slope = (plan.right_y - plan.left_y) / (place.x1 - place.x0);
      keep(
          b, [&](const Point& p) { return plan.left_y + slope * (p.x - place.x0) - p.y; }, a);
      std::swap(a, b);
    }
    if (b.n >= 3) add_signed(b, top, base, plan.sign, parts);
  }
}

void TinRun::add_face(const Face& face, std::vector<std::vector<Part>>& parts) const {
  std::vector<const Face*> under{nullptr};
  const Box box = face.box();
  if (base_) {
    under.clear();
    for (const std::size_t f : base_->index.query(box)) under.push_back(&base_->faces[f]);
  }
  std::vector<std::size_t> zones;
  for (std::size_t z = 0; z < parts.size(); ++z)
    if (zones_.polygons == nullptr || boxes_[z].meets(box)) zones.push_back(z);
  if (zones.empty()) return;
  std::vector<char> whole(parts.size(), 1);
  for (const std::size_t z : zones)
    if (zones_.polygons != nullptr)
      whole[z] = cutters_[z].share({box.min_x, box.min_y, box.max_x, box.max_y}) == 1.0 ? 1 : 0;
  for (const Face* base : under) {
    Piece piece = Tin::piece_of(face);
    if (base != nullptr) base->clip(piece);
    if (piece.n < 3) continue;
    for (const std::size_t z : zones) add_piece(piece, face, base, z, whole[z] != 0, parts[z]);
  }
}

SurfaceResult TinRun::run(const Progress& progress) {
  top_.refuse_folds(jobs_, progress.part(0.0, 0.2));
  if (base_) base_->refuse_folds(jobs_, progress.part(0.2, 0.4));
  parallel_blocks(
      top_.faces.size(), 256, jobs_,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<std::vector<Part>> parts(sums_.size(), std::vector<Part>(sums_[0].size()));
        Sum all;
        for (std::size_t f = begin; f < end; ++f) {
          add_face(top_.faces[f], parts);
          if (zones_.polygons != nullptr) continue;
          const auto& at = top_.faces[f].at;
          for (std::size_t i = 0; i < 3; ++i)
            all += top_.faces[f].area / 3.0 * scale(middle(at[i], at[(i + 1) % 3]));
        }
        const std::lock_guard lock(mutex_);
        for (std::size_t z = 0; z < parts.size(); ++z)
          for (std::size_t l = 0; l < parts[z].size(); ++l) sums_[z][l].add(parts[z][l].sum);
        all_[0] += all.value();
      },
      progress.part(0.4, 1.0));
  SurfaceResult result;
  for (std::size_t z = 0; z < sums_.size(); ++z) {
    double zone_m2 = all_[z].value();
    if (zones_.polygons != nullptr) zone_m2 = area_m2((*zones_.polygons)[z], crs_, Edges::straight);
    const double covered = sums_[z][0].area.value();
    if (std::abs(zone_m2 - covered) < area_error * zone_m2) zone_m2 = covered;
    add_rows(z, zone_m2, sums_[z], levels_, unit2_, result);
  }
  result.method = base_ ? "exact over the overlay of the triangles" : "exact over the triangles";
  const std::size_t upright = top_.upright + (base_ ? base_->upright : 0);
  if (upright > 0)
    result.findings.add("surface.upright", Severity::note, top_.name,
                        "faces that stand upright have no area in plan and add nothing", upright);
  return result;
}

}  // namespace

SurfaceResult volume_of_tins(const Surface& top, const SurfaceBase& base, const SurfaceZones& zones,
                             const SurfaceOptions& options, const Progress& progress) {
  for (const Surface* surface : {&top, &base.surface}) {
    if (surface->tin == nullptr) continue;
    if (surface->crs.is_geographic())
      throw Error("surface.geographic", "a TIN in longitude and latitude has no planes",
                  surface->name, "Bring it into a projected CRS.");
    if (surface->tin->empty())
      throw Error("mesh.empty", "the TIN has no faces", surface->name, "Take one with faces.");
  }
  return TinRun(top, base, zones, options).run(progress);
}

}  // namespace lode::surface_parts
