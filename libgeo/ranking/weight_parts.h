// Inside of the ranking room: what the weight schemes share.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/ranking/weights.h"

namespace lode::weight_parts {

[[nodiscard]] double total_of(const std::vector<double>& values);

/// Divides by the sum; all zero becomes equal, with a finding.
[[nodiscard]] Weights from_raw(std::vector<double> raw, const std::string& note);

/// Solves the n x n system by elimination with row pivots; empty where it has no single answer.
[[nodiscard]] std::vector<double> solve_dense(std::vector<double> matrix, std::vector<double> rhs);

}  // namespace lode::weight_parts
