#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/estimation/rbf_parts.h"

namespace lode::rbf {

std::array<double, 3> Scaling::scaled(const std::array<double, 3>& place) const {
  std::array<double, 3> out{0.0, 0.0, 0.0};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c) out[r] += axes[r][c] * (place[c] - centre[c]);
  return out;
}

void Places::add(const std::array<double, 3>& place) {
  x.push_back(place[0]);
  y.push_back(place[1]);
  z.push_back(place[2]);
  ++count;
}

void Places::fill_up() {
  const std::size_t full = (count + 7) / 8 * 8;
  for (Vector* v : {&x, &y, &z}) v->resize(full, 0.0);
}

std::array<double, 4> System::drift(std::size_t datum) const {
  const std::size_t p = first_place(datum);
  if (datum < values) return {1.0, places.x[p], places.y[p], places.z[p]};
  return {0.0, places.x[p] - places.x[p + 1], places.y[p] - places.y[p + 1],
          places.z[p] - places.z[p + 1]};
}

std::array<double, 3> System::middle(std::size_t datum) const {
  const std::size_t p = first_place(datum);
  if (datum < values) return {places.x[p], places.y[p], places.z[p]};
  return {(places.x[p] + places.x[p + 1]) / 2.0, (places.y[p] + places.y[p + 1]) / 2.0,
          (places.z[p] + places.z[p + 1]) / 2.0};
}

namespace {

double basis_at(Basis basis, const Places& p, std::size_t a, std::size_t b) {
  const double dx = p.x[a] - p.x[b], dy = p.y[a] - p.y[b], dz = p.z[a] - p.z[b];
  const double h2 = dx * dx + dy * dy + dz * dz, h = std::sqrt(h2);
  if (basis == Basis::linear) return -h;
  if (basis == Basis::cubic) return h2 * h;
  const double t = std::max(0.0, 1.0 - h);
  return t * t * t * t * (4.0 * h + 1.0);
}

}  // namespace

double System::element(std::size_t a, std::size_t b) const {
  const std::size_t i = first_place(a), j = first_place(b);
  double sum = basis_at(basis, places, i, j);
  if (a >= values) sum -= basis_at(basis, places, i + 1, j);
  if (b >= values) sum -= basis_at(basis, places, i, j + 1);
  if (a >= values && b >= values) sum += basis_at(basis, places, i + 1, j + 1);
  return sum;
}

Vector System::spread(const Vector& weights) const {
  Vector by_place(places.x.size(), 0.0);
  for (std::size_t d = 0; d < size; ++d) {
    const std::size_t p = first_place(d);
    by_place[p] = weights[d];
    if (d >= values) by_place[p + 1] = -weights[d];
  }
  return by_place;
}

void System::product(const Vector& weights, const std::vector<std::uint32_t>* which, Vector& into,
                     const Progress& progress) const {
  const Vector by_place = spread(weights);
  const Centres centres{places.x.data(), places.y.data(), places.z.data(), by_place.data(),
                        by_place.size()};
  const std::size_t rows = which == nullptr ? size : which->size();
  into.assign(rows, 0.0);
  parallel_blocks(rows, 64, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    progress.check();
    for (std::size_t r = begin; r < end; ++r) {
      const std::size_t d = which == nullptr ? r : (*which)[r];
      const std::size_t p = first_place(d), n = d < values ? 1 : 2;
      double sums_here[2] = {0.0, 0.0};
      sums(basis, centres, &places.x[p], &places.y[p], &places.z[p], n, sums_here);
      into[r] = sums_here[0] - sums_here[1] + smoothing * weights[d];
    }
  });
}

void DriftBasis::remove_from(Vector& of) const {
  for (int twice = 0; twice < 2; ++twice)
    for (const Vector& column : columns) {
      double dot = 0.0;
      for (std::size_t i = 0; i < of.size(); ++i) dot += column[i] * of[i];
      for (std::size_t i = 0; i < of.size(); ++i) of[i] -= dot * column[i];
    }
}

DriftBasis drift_basis(const System& system) {
  constexpr double flat = 1e-7;  // of the data's extent, below which they lie in one plane
  DriftBasis basis;
  for (std::size_t t = 0; t < system.terms; ++t) {
    Vector column(system.size);
    double before = 0.0;
    for (std::size_t d = 0; d < system.size; ++d) {
      column[d] = system.drift(d)[t];
      before += column[d] * column[d];
    }
    for (int twice = 0; twice < 2; ++twice)
      for (std::size_t c = 0; c < basis.columns.size(); ++c) {
        double dot = 0.0;
        for (std::size_t d = 0; d < system.size; ++d) dot += basis.columns[c][d] * column[d];
        for (std::size_t d = 0; d < system.size; ++d) column[d] -= dot * basis.columns[c][d];
        basis.triangle[c][t] += dot;
      }
    double norm = 0.0;
    for (const double v : column) norm += v * v;
    norm = std::sqrt(norm);
    const double whole = t == 0 ? std::sqrt(before) : std::sqrt(static_cast<double>(system.size));
    if (!(norm > flat * whole) || norm == 0.0)
      throw Error("rbf.flat",
                  t == 0 ? "no datum says a value: slopes alone leave it open"
                         : "the data lie in one plane or on one line, which leaves a linear drift "
                           "open",
                  "",
                  t == 0 ? "Give at least one place with a value."
                         : "Add data off the plane (orientations do that), or take a constant "
                           "drift with the linear kernel.");
    for (double& v : column) v /= norm;
    basis.triangle[t][t] = norm;
    basis.columns.push_back(std::move(column));
  }
  return basis;
}

}  // namespace lode::rbf
