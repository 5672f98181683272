#include "libgeo/study/rock_body.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/geometry/joint_share.h"
#include "libgeo/geometry/overlay.h"

namespace lode {

namespace {

constexpr std::size_t boxes_at_once = 256;

double volume_of(const BlockBox& box) {
  return box.plan.area() * (box.z1 - box.z0);
}

}  // namespace

void RockBody::keep_inside(const TriangleMesh& solid) {
  solid_.emplace(solid, ColumnCutter::Form::solid, axes_);
}

void RockBody::keep_below(const TriangleMesh& ground) {
  ground_.emplace(ground, ColumnCutter::Form::surface, axes_);
}

void RockBody::add(const BlockBox& box, double ore_t, double product_t) {
  boxes_.push_back({box, ore_t, product_t});
}

RockBody::Tonnes RockBody::gross(int jobs, const Progress& progress) const {
  JointCutter cutter;
  if (solid_) cutter.add(*solid_, JointCutter::Keep::inside);
  if (ground_) cutter.add(*ground_, JointCutter::Keep::inside);
  const std::uint64_t all = (std::uint64_t{1} << cutter.size()) - 1;
  std::vector<double> share(boxes_.size(), 1.0);
  if (cutter.size() > 0)
    parallel_blocks(
        boxes_.size(), boxes_at_once, jobs,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t b = begin; b < end; ++b) {
            const BlockBox& box = boxes_[b].place;
            share[b] = cutter.share(box.plan, box.z0, box.z1, all);
          }
        },
        progress);
  Sum volume, ore, product;
  for (std::size_t b = 0; b < boxes_.size(); ++b) {
    volume.add(share[b] * volume_of(boxes_[b].place));
    ore.add(share[b] * boxes_[b].ore_t);
    product.add(share[b] * boxes_[b].product_t);
  }
  return {volume.value(), ore.value(), product.value()};
}

std::vector<double> RockBody::left(const std::vector<PlanCut>& cuts,
                                   const std::vector<std::uint64_t>& which, int jobs,
                                   const Progress& progress) const {
  JointCutter cutter;
  if (solid_) cutter.add(*solid_, JointCutter::Keep::inside);
  if (ground_) cutter.add(*ground_, JointCutter::Keep::inside);
  const std::size_t first = cutter.size();
  const std::uint64_t rock = (std::uint64_t{1} << first) - 1;
  std::vector<PlanCutter> plans;
  plans.reserve(cuts.size());
  for (const PlanCut& cut : cuts) {
    plans.emplace_back(cut.ground, axes_);
    cutter.add(plans.back(), cut.keeps ? JointCutter::Keep::inside : JointCutter::Keep::outside);
  }
  std::vector<std::vector<double>> share(which.size(), std::vector<double>(boxes_.size(), 1.0));
  if (cutter.size() > 0)
    parallel_blocks(
        boxes_.size(), boxes_at_once, jobs,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          BoxShares shares(cutter);
          for (std::size_t b = begin; b < end; ++b) {
            const BlockBox& box = boxes_[b].place;
            bool uncovered = false;
            shares.start(box.plan, box.z0, box.z1);
            for (std::size_t part = 0; part < cutter.size(); ++part)
              (void)shares.measure(part, uncovered);
            for (std::size_t w = 0; w < which.size(); ++w)
              share[w][b] = shares.together(rock | (which[w] << first));
          }
        },
        progress);
  std::vector<double> left(which.size());
  for (std::size_t w = 0; w < which.size(); ++w) {
    Sum sum;
    for (std::size_t b = 0; b < boxes_.size(); ++b) sum.add(share[w][b] * boxes_[b].product_t);
    left[w] = sum.value();
  }
  return left;
}

NetTonnes net_tonnes(const SiteRock& rock, const std::vector<PlanCut>& cuts, double product_t) {
  constexpr std::size_t most_cuts = 60;
  const std::size_t n = cuts.size();
  if (n > most_cuts)
    throw Error("study.cuts", std::to_string(n) + " cuts are too many for the rock of one site",
                "constraints", "Join layers of one setback.");
  const auto bit = [](std::size_t cut) { return std::uint64_t{1} << cut; };
  // None, then each alone, then with all before it, then all without it.
  std::vector<std::uint64_t> which{0};
  const std::uint64_t all = bit(n) - 1;
  for (std::size_t c = 0; c < n; ++c) which.push_back(bit(c));
  for (std::size_t c = 0; c < n; ++c) which.push_back(bit(c + 1) - 1);
  for (std::size_t c = 0; c < n; ++c) which.push_back(all & ~bit(c));
  const std::vector<double> left = rock.left(cuts, which);
  NetTonnes net;
  const double scale = left[0] > 0.0 ? product_t / left[0] : 0.0;
  const double whole_left = n == 0 ? left[0] : left[2 * n];
  net.gross_t = product_t;
  net.net_t = std::min(product_t, whole_left * scale);
  double before = net.gross_t;
  for (std::size_t c = 0; c < n; ++c) {
    NetTonnes::Taken taken;
    taken.name = cuts[c].name;
    taken.alone_t = (left[0] - left[1 + c]) * scale;
    const double after = c + 1 == n ? net.net_t : left[1 + n + c] * scale;
    taken.in_order_t = before - after;
    before = after;
    taken.marginal_t = (left[1 + 2 * n + c] - whole_left) * scale;
    net.taken.push_back(std::move(taken));
  }
  return net;
}

Geometry RockBody::footprint() const {
  // Boxes stand above one another: each place in plan is taken once.
  std::vector<Footprint> plans;
  for (const Box& box : boxes_) {
    const bool empty = solid_ && solid_->share(box.place.plan, box.place.z0, box.place.z1) <= 0.0;
    if (!empty) plans.push_back(box.place.plan);
  }
  const auto key = [](const Footprint& f) { return std::array{f.x0, f.y0, f.x1, f.y1}; };
  std::sort(plans.begin(), plans.end(),
            [&](const Footprint& a, const Footprint& b) { return key(a) < key(b); });
  plans.erase(std::unique(plans.begin(), plans.end(),
                          [&](const Footprint& a, const Footprint& b) { return key(a) == key(b); }),
              plans.end());
  std::vector<Geometry> squares;
  squares.reserve(plans.size());
  const double unit = crs_.metres_per_unit;
  for (const Footprint& f : plans) {
    Path ring;
    for (const auto& [x, y] :
         {std::pair{f.x0, f.y0}, {f.x1, f.y0}, {f.x1, f.y1}, {f.x0, f.y1}, {f.x0, f.y0}}) {
      const auto at = from_grid(axes_, {x, y, 0.0});
      ring.push_back({at[0] / unit, at[1] / unit});
    }
    squares.push_back(polygon_geometry(ring));
  }
  return squares.empty() ? Geometry{} : unite(squares);
}

}  // namespace lode
