#include "libgeo/report/map.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "libgeo/core/text.h"
#include "tests/report/fixture.h"

namespace lode::report {
namespace {

MapView world(double lon) {
  MapView view;
  view.projection = MapProjection::equal_earth;
  view.centre = {lon, 0.0};
  view.px_per_unit = 200.0;
  view.width_px = 1084.0;
  view.height_px = 528.0;
  view.x_px = 542.0;
  view.y_px = 264.0;
  return view;
}

TEST(Projection, AgreesWithProj) {
  std::ifstream file(std::string(LODE_SOURCE_DIR) + "/tests/cases/map_projections.csv");
  ASSERT_TRUE(file);
  std::string line;
  int cases = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#' || line.rfind("projection", 0) == 0) continue;
    const auto cells = split(line, ',');
    MapView view;
    view.projection = cells[0] == "laea" ? MapProjection::azimuthal : MapProjection::equal_earth;
    view.centre = {*parse_number(cells[2]), *parse_number(cells[1])};
    view.px_per_unit = kSphereRadius_m;  // pixels are metres
    const Point at = view.forward({*parse_number(cells[3]), *parse_number(cells[4])});
    EXPECT_NEAR(at.x, *parse_number(cells[5]), 0.002) << line;
    EXPECT_NEAR(-at.y, *parse_number(cells[6]), 0.002) << line;
    ++cases;
  }
  EXPECT_EQ(cases, 19);
}

TEST(Projection, AzimuthalMapEndsAtItsReach) {
  MapView view;
  view.projection = MapProjection::azimuthal;
  view.centre = {0.0, 0.0};
  EXPECT_TRUE(std::isfinite(view.forward({119.0, 0.0}).x));
  EXPECT_TRUE(std::isnan(view.forward({121.0, 0.0}).x));
}

TEST(Fit, RegionalWhenTheSitesLieTogether) {
  const MapView view = fit_view({{-115.5, 35.5}, {-104.4, 44.5}, {-73.5, 44.1}});
  EXPECT_EQ(view.projection, MapProjection::azimuthal);
  for (const LonLat place : {LonLat{-115.5, 35.5}, LonLat{-73.5, 44.1}})
    EXPECT_TRUE(view.shows(view.forward(place), -20.0));
}

TEST(Fit, WorldWhenTheyDoNot) {
  EXPECT_EQ(fit_view({{-115.5, 35.5}, {122.5, -28.9}}).projection, MapProjection::equal_earth);
  EXPECT_EQ(fit_view({}).projection, MapProjection::equal_earth);
}

TEST(Fit, AcrossTheAntimeridianIsStillRegional) {
  const MapView view = fit_view({{179.0, -18.0}, {-178.0, -17.0}});
  EXPECT_EQ(view.projection, MapProjection::azimuthal);
  EXPECT_GT(view.forward({-178.0, -17.0}).x, view.forward({179.0, -18.0}).x);
  EXPECT_LT(view.metres_per_px() * view.width_px, 500000.0);
}

TEST(Fit, OneSiteHasLandAroundIt) {
  const MapView view = fit_view({{10.0, 50.0}});
  EXPECT_NEAR(view.metres_per_px() * view.width_px, 60000.0, 1.0);
}

double ring_area(const std::vector<Path>& rings) {
  double doubled = 0.0;
  for (const auto& ring : rings)
    for (std::size_t i = 1; i < ring.size(); ++i)
      doubled += ring[i - 1].x * ring[i].y - ring[i].x * ring[i - 1].y;
  return std::abs(doubled) / 2.0;
}

// Equal-area projections keep the share of the sphere: a ring of 20 x 10 degrees at the equator
// covers 2 sin(5 deg) (20 deg in radians) of the unit sphere.
TEST(Rings, KeepTheirAreaOverTheAntimeridianAndTheSeam) {
  const double expected = 2.0 * std::sin(5.0 * M_PI / 180.0) * 20.0 * M_PI / 180.0 * 200.0 * 200.0;
  for (const double middle : {0.0, 175.0, 180.0, -169.0, -170.5}) {
    Path ring;
    for (const auto& [dx, dy] : std::vector<std::pair<double, double>>{
             {-10, -5}, {10, -5}, {10, 5}, {-10, 5}, {-10, -5}}) {
      double lon = middle + dx;
      if (lon > 180.0) lon -= 360.0;
      if (lon < -180.0) lon += 360.0;
      ring.push_back({lon, dy});
    }
    const Projected on_world = project_ring(ring, world(11.0), 0.05);
    EXPECT_NEAR(ring_area(on_world.fills) / expected, 1.0, 0.01) << middle;
    EXPECT_EQ(on_world.fills.size(), std::abs(middle - -169.0) < 9.0 ? 2U : 1U) << middle;
    MapView near = world(0.0);
    near.projection = MapProjection::azimuthal;
    near.centre = {middle, 10.0};
    EXPECT_NEAR(ring_area(project_ring(ring, near, 0.05).fills) / expected, 1.0, 0.01) << middle;
  }
}

TEST(Rings, TheCutAlongTheAntimeridianIsNotDrawnAsABorder) {
  // The eastern end of Chukotka as map files have it: closed along longitude 180.
  const Path ring{{170.0, 66.0}, {180.0, 65.0}, {180.0, 69.0}, {170.0, 69.0}, {170.0, 66.0}};
  const Projected drawn = project_ring(ring, world(11.0), 0.1);
  EXPECT_TRUE(drawn.seamed);
  ASSERT_FALSE(drawn.strokes.empty());
  const double seam_x = world(11.0).forward({180.0, 67.0}).x;
  for (const auto& line : drawn.strokes)
    for (std::size_t i = 1; i < line.size(); ++i)
      EXPECT_FALSE(std::abs(line[i].x - seam_x) < 2.0 && std::abs(line[i - 1].x - seam_x) < 2.0 &&
                   std::abs(line[i].y - line[i - 1].y) > 3.0);
}

TEST(Lines, AreCutAtTheSeamNotDrawnAcrossTheSheet) {
  const auto pieces = project_line({{-150.0, 10.0}, {150.0, -10.0}}, world(11.0), 0.1);
  ASSERT_EQ(pieces.size(), 2U);
  for (const auto& piece : pieces)
    for (std::size_t i = 1; i < piece.size(); ++i)
      EXPECT_LT(std::abs(piece[i].x - piece[i - 1].x), 200.0);
}

TEST(Simplify, KeepsWithinTheTolerance) {
  Path wave;
  for (int i = 0; i <= 500; ++i) wave.push_back({i * 1.0, 20.0 * std::sin(i * 0.05)});
  const Path thin = simplify_path(wave, 0.5);
  EXPECT_LT(thin.size(), 80U);
  EXPECT_EQ(thin.front(), wave.front());
  EXPECT_EQ(thin.back(), wave.back());
  std::size_t at = 1;
  for (const auto& p : wave) {
    while (at + 1 < thin.size() && thin[at].x < p.x) ++at;
    const Point &a = thin[at - 1], &b = thin[at];
    EXPECT_LE(std::abs((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) /
                  std::hypot(b.x - a.x, b.y - a.y),
              0.5 + 1e-9);
  }
}

TEST(Labels, NeverLieOnOneAnotherOrOnASymbol) {
  std::vector<MapLabel> labels;
  std::vector<Disc> discs;
  for (int i = 0; i < 40; ++i) {
    const Point at{200.0 + 23.0 * (i % 8), 150.0 + 19.0 * (i / 8)};
    labels.push_back({at, 6.0, "Deposit number " + std::to_string(i), true});
    discs.push_back({at, 6.0});
  }
  const auto placed = place_labels(labels, discs, 900.0, 500.0, 13.0);
  std::vector<Box> boxes;
  int count = 0;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    if (!placed[i].placed) continue;
    ++count;
    const double width = text_width(labels[i].words, 13.0, true);
    const double left = placed[i].anchor == Anchor::start ? placed[i].text.x
                        : placed[i].anchor == Anchor::end ? placed[i].text.x - width
                                                          : placed[i].text.x - width / 2.0;
    const Box box{left, placed[i].text.y - 10.0, left + width, placed[i].text.y + 2.0};
    EXPECT_TRUE(box.min_x >= 0.0 && box.max_x <= 900.0 && box.min_y >= 0.0 && box.max_y <= 500.0);
    for (const auto& other : boxes) EXPECT_FALSE(box.meets(other)) << i;
    for (const auto& disc : discs) {
      const double dx = disc.centre.x - std::clamp(disc.centre.x, box.min_x, box.max_x);
      const double dy = disc.centre.y - std::clamp(disc.centre.y, box.min_y, box.max_y);
      EXPECT_GT(dx * dx + dy * dy, 35.0) << i;
    }
    boxes.push_back(box);
  }
  EXPECT_GE(count, 12);
}

TEST(HomeMap, OnlyWhenTheHomeSitesFitOnOne) {
  StudyResult study = test::fixture_study();
  EXPECT_TRUE(has_home_map(Digest(study)));
  study.sites[0].place = {100.0, -40.0};  // a home site on the other side of the Earth
  EXPECT_FALSE(has_home_map(Digest(study)));
  study = test::fixture_study();
  study.home = "SWE";
  EXPECT_FALSE(has_home_map(Digest(study)));
}

TEST(SiteMap, ShowsTheNetAreaWhereThereIsOne) {
  const StudyResult study = test::fixture_study();
  const Digest digest(study);
  EXPECT_FALSE(draw_site_map(digest, 0).shapes.empty());  // has a net area and permits
  EXPECT_TRUE(draw_site_map(digest, 1).shapes.empty());   // a point alone
  EXPECT_TRUE(draw_site_map(digest, 999).shapes.empty());
}

TEST(SiteMap, WorksOverTheAntimeridian) {
  StudyResult study = test::fixture_study();
  study.sites[0].place = {180.0, -17.0};
  study.net_area[0] = polygon_geometry(
      {{179.9, -17.1}, {-179.9, -17.1}, {-179.9, -16.9}, {179.9, -16.9}, {179.9, -17.1}});
  const Drawing map = draw_site_map(Digest(study), 0);
  ASSERT_FALSE(map.shapes.empty());
  EXPECT_LT(map.height_px, 500.0);
}

}  // namespace
}  // namespace lode::report
