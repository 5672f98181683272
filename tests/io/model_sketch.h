// Objects small enough to be checked by hand, and what is compared after a round trip.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "libgeo/io/model_files.h"

namespace lode {

inline ModelColumn column(const std::string& name, ModelColumn::Place place,
                          std::vector<double> numbers) {
  ModelColumn one;
  one.name = name;
  one.place = place;
  one.numbers = std::move(numbers);
  return one;
}

inline ModelColumn classes(const std::string& name, ModelColumn::Place place,
                           std::vector<std::string> words, std::vector<double> codes) {
  ModelColumn one = column(name, place, std::move(codes));
  one.kind = ModelColumn::Kind::category;
  one.words = std::move(words);
  return one;
}

/// A tetrahedron at mine coordinates with a number on vertices and one on faces.
inline ModelObject sketch_surface(const std::string& name = "pit") {
  ModelObject object;
  object.kind = ModelObject::Kind::surface;
  object.name = name;
  object.vertices = {{477743.285, 6771826.348, 334.0},
                     {477753.285, 6771826.348, 334.0},
                     {477743.285, 6771846.348, 334.1},
                     {477743.285, 6771826.348, 364.0}};
  object.triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}};
  object.columns = {column("grade", ModelColumn::Place::vertices, {1.5, NAN, 0.1, 2.0}),
                    column("face_no", ModelColumn::Place::parts, {1, 2, 3, 4})};
  return object;
}

/// An open line of three vertices and a closed one of four.
inline ModelObject sketch_lines(const std::string& name = "7") {
  ModelObject object;
  object.kind = ModelObject::Kind::lines;
  object.name = name;
  object.vertices = {{0, 0, 1},   {10, 0, 1.5}, {10, 10, 2}, {20, 20, 3},
                     {30, 20, 3}, {30, 30, 3},  {20, 30, 3}};
  object.segments = {{0, 1}, {1, 2}, {3, 4}, {4, 5}, {5, 6}, {6, 3}};
  object.columns = {column("d1", ModelColumn::Place::vertices, {1, 2, 3, 4, 5, 6, 7})};
  return object;
}

inline ModelObject sketch_points(const std::string& name = "9") {
  ModelObject object;
  object.kind = ModelObject::Kind::points;
  object.name = name;
  object.vertices = {{1, 2, 3}, {4.25, 5, 6}, {7, 8, -9.125}};
  object.columns = {
      column("treo", ModelColumn::Place::vertices, {0.5, NAN, 2.5}),
      classes("rock", ModelColumn::Place::vertices, {"ore, rich", "waste"}, {0, 1, 0})};
  return object;
}

/// 3 x 2 x 2 equal blocks, turned by `azimuth_deg` clockwise.
inline ModelObject sketch_blocks(double azimuth_deg = 0.0) {
  ModelObject object;
  object.kind = ModelObject::Kind::blocks;
  object.name = "model";
  object.blocks.origin = {477000, 6771000, 100};
  object.blocks.sizes = {std::vector<double>(3, 10.0), std::vector<double>(2, 20.0),
                         std::vector<double>(2, 5.0)};
  if (azimuth_deg != 0.0) {
    const double a = azimuth_deg * 3.14159265358979323846 / 180.0;
    object.blocks.axes = {
        {{std::cos(a), -std::sin(a), 0}, {std::sin(a), std::cos(a), 0}, {0, 0, 1}}};
  }
  std::vector<double> values, codes;
  for (int b = 0; b < 12; ++b) {
    values.push_back(b == 5 ? NAN : 0.25 * b);
    codes.push_back(b % 2);
  }
  object.columns = {column("treo_pct", ModelColumn::Place::parts, values),
                    classes("zone", ModelColumn::Place::parts, {"oxide", "fresh"}, codes)};
  return object;
}

/// Two parents of 10 x 10 x 10; the first is one block, the second has its lower half and two
/// upper quarters.
inline ModelObject sketch_sub_blocks() {
  ModelObject object;
  object.kind = ModelObject::Kind::blocks;
  object.name = "sub";
  object.blocks.origin = {0, 0, 0};
  object.blocks.sizes = {std::vector<double>(2, 10.0), {10.0}, {10.0}};
  object.blocks.sub_blocks = ModelBlocks::SubBlocks::regular;
  object.blocks.divisions = {2, 1, 2};
  object.blocks.parent = {{0, 0, 0}, {1, 0, 0}, {1, 0, 0}, {1, 0, 0}};
  object.blocks.corners = {
      {0, 0, 0, 1, 1, 1}, {0, 0, 0, 1, 1, 0.5}, {0, 0, 0.5, 0.5, 1, 1}, {0.5, 0, 0.5, 1, 1, 1}};
  object.columns = {column("grade", ModelColumn::Place::sub_blocks, {1, 2, 3, 4})};
  return object;
}

}  // namespace lode
