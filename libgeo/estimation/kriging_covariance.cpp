#include "libgeo/estimation/kriging_covariance.h"

#include <cmath>
#include <utility>

namespace lode::kriging {

namespace {

StructureCode::Kind kind_of(StructureType type) {
  switch (type) {
    case StructureType::spherical:
      return StructureCode::spherical;
    case StructureType::exponential:
      return StructureCode::exponential;
    case StructureType::gaussian:
      return StructureCode::gaussian;
    case StructureType::cubic:
      return StructureCode::cubic;
    case StructureType::power:
      return StructureCode::power;
  }
  return StructureCode::spherical;
}

}  // namespace

Covariance::Covariance(const VariogramModel& model, double extent_m)
    : model_(model), nugget_(model.nugget), at_zero_(model.nugget), bounded_(model.bounded()) {
  for (const Structure& structure : model.structures) {
    StructureCode code;
    code.kind = kind_of(structure.type);
    code.sill = structure.sill;
    code.exponent = structure.exponent;
    axes_.push_back(scaled_axes(structure.angles, structure.ranges_m));
    if (structure.type == StructureType::power) {
      // High enough for the matrix to be positive definite, not so high that it drowns in rounding.
      const auto& r = structure.ranges_m;
      const double shortest = std::min(r[0], std::min(r[1], r[2]));
      code.level = 4.0 * std::pow(std::max(1.0, extent_m / shortest), structure.exponent);
      at_zero_ += code.sill * code.level;
    } else {
      at_zero_ += code.sill;
    }
    codes_.push_back(code);
  }
  if (codes_.empty()) {
    // A nugget alone still wants to know which places are the same.
    codes_.push_back({});
    axes_.push_back(scaled_axes({}, {1.0, 1.0, 1.0}));
  }
}

Covariance Covariance::turned(const Angles& angles) const {
  Covariance result = *this;
  for (std::size_t s = 0; s < model_.structures.size(); ++s)
    result.axes_[s] = scaled_axes(angles, model_.structures[s].ranges_m);
  return result;
}

void Covariance::scale(const Place& place, double* into) const {
  for (const Matrix3& axes : axes_)
    for (const auto& axis : axes)
      *into++ = axis[0] * place[0] + axis[1] * place[1] + axis[2] * place[2];
}

BlockSupport block_support(const Covariance& covariance, const Place& size,
                           const std::array<int, 3>& discretise, const Matrix3& block_axes) {
  BlockSupport block;
  for (int k = 0; k < discretise[2]; ++k)
    for (int j = 0; j < discretise[1]; ++j)
      for (int i = 0; i < discretise[0]; ++i) {
        Place point{0.0, 0.0, 0.0};
        const int at[3] = {i, j, k};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          const double along = ((at[axis] + 0.5) / discretise[axis] - 0.5) * size[axis];
          for (std::size_t c = 0; c < 3; ++c) point[c] += along * block_axes[axis][c];
        }
        block.points.push_back(point);
      }
  const std::size_t n = block.points.size(), width = covariance.width(), stride = padded(n);
  block.scaled.resize(n * width);
  std::vector<double> columns(stride * width, 0.0), row(stride);
  for (std::size_t i = 0; i < n; ++i) {
    covariance.scale(block.points[i], &block.scaled[i * width]);
    for (std::size_t c = 0; c < width; ++c) columns[c * stride + i] = block.scaled[i * width + c];
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    covariance.row(&block.scaled[i * width], columns.data(), stride, n, 0.0, row.data());
    for (std::size_t j = 0; j < n; ++j) sum += row[j];
  }
  block.within = sum / static_cast<double>(n * n);
  return block;
}

}  // namespace lode::kriging
