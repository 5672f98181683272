// Overlaps by classes and singly: every pair of random polygons against the overlay itself.
#include "libgeo/permits/overlaps.h"

#include <gtest/gtest.h>

#include "libgeo/crs/crs.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/permits/conflicts.h"

namespace lode {
namespace {

Geometry box(double w, double s, double e, double n) {
  return polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}});
}

std::vector<Geometry> random_boxes(std::size_t count, double spread, double size) {
  std::vector<Geometry> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto draw = [&](std::uint64_t k) {
      // A fixed sequence, not a random one: the same boxes on every machine.
      const std::uint64_t x = (i * 4 + k + 1) * 0x9E3779B97F4A7C15ULL;
      return static_cast<double>((x ^ (x >> 29)) % 100003) / 100003.0;
    };
    const double w = spread * draw(0), s = spread * draw(1);
    out.push_back(box(w, s, w + size * (0.2 + draw(2)), s + size * (0.2 + draw(3))));
  }
  return out;
}

std::vector<const Geometry*> pointers(const std::vector<Geometry>& shapes) {
  std::vector<const Geometry*> out;
  for (const Geometry& shape : shapes) out.push_back(&shape);
  return out;
}

bool share_area(const Geometry& a, const Geometry& b) {
  return area_m2(intersection(a, b), parse_crs("local:m")) > 0.0;
}

TEST(OverlapClasses, AreTheOverlaysOwnAnswer) {
  for (const double spread : {5.0, 100.0, 1000.0}) {
    const auto shapes = random_boxes(120, spread, 30.0);
    const OverlapClasses classes(pointers(shapes), 1);
    for (std::size_t a = 0; a < shapes.size(); ++a)
      for (std::size_t b = a + 1; b < shapes.size(); ++b)
        EXPECT_EQ(classes.overlap(a, b), share_area(shapes[a], shapes[b]))
            << a << " " << b << " " << spread;
  }
}

TEST(OverlapClasses, AStackIsOneClass) {
  std::vector<Geometry> shapes;
  for (int i = 0; i < 2000; ++i) shapes.push_back(box(0.001 * i, 0, 100 + 0.001 * i, 100));
  const OverlapClasses classes(pointers(shapes), 1);
  EXPECT_EQ(classes.classes().size(), 1u);
  EXPECT_TRUE(classes.others(0).empty());
}

TEST(OverlapClasses, TouchingNeighboursShareNothing) {
  const std::vector<Geometry> shapes = {box(0, 0, 10, 10), box(10, 0, 20, 10), box(10, 10, 20, 20),
                                        point_geometry(5, 5)};
  const OverlapClasses classes(pointers(shapes), 1);
  EXPECT_FALSE(classes.overlap(0, 1));
  EXPECT_FALSE(classes.overlap(0, 2));
  EXPECT_FALSE(classes.overlap(0, 3));
  EXPECT_TRUE(interiors_surely_meet(box(0, 0, 10, 10), box(5, -5, 6, 15)));  // a cross
  EXPECT_TRUE(interiors_surely_meet(box(0, 0, 10, 10), box(4, 4, 5, 5)));    // inside
  EXPECT_FALSE(interiors_surely_meet(box(0, 0, 10, 10), box(10, 0, 20, 10)));
}

TEST(Conflicts, CountedAsEveryPairLookedAtSingly) {
  const auto shapes = random_boxes(80, 60.0, 30.0);
  const OverlapClasses classes(pointers(shapes), 1);
  std::vector<ConflictParty> parties;
  for (std::size_t p = 0; p < 200; ++p)
    parties.push_back({p, (p * 7) % shapes.size(), p % 5, p % 61,
                       p % 3 == 0 ? PermitKind::surface : PermitKind::mineral});
  std::vector<std::pair<std::size_t, std::size_t>> expected;
  std::vector<std::size_t> of(parties.size(), 0);
  for (std::size_t a = 0; a < parties.size(); ++a)
    for (std::size_t b = a + 1; b < parties.size(); ++b) {
      const auto &x = parties[a], &y = parties[b];
      if (x.kind != y.kind || x.holder == y.holder || x.title == y.title) continue;
      if (x.shape != y.shape && !share_area(shapes[x.shape], shapes[y.shape])) continue;
      expected.emplace_back(a, b);
      ++of[a], ++of[b];
    }
  const Conflicts found(parties, classes);
  EXPECT_EQ(found.count(), expected.size());
  EXPECT_EQ(found.of_party(), of);
  EXPECT_EQ(found.first(expected.size() + 5), expected);
  expected.resize(17);
  EXPECT_EQ(found.first(17), expected);
}

}  // namespace
}  // namespace lode
