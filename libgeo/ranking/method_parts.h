// Inside of the ranking room: the parts of each method that prepare, merits and score call.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/ranking/methods.h"

namespace lode::method_parts {

/// Thresholds on the oriented scale: as stated, or the logarithm of a factor on a log scale.
[[nodiscard]] double threshold(const Criterion& criterion, double stated);

void prepare_rows(PreparedMethod& prepared);
void row_merits(const PreparedMethod& prepared, const double* weights, double* merit);
void row_score(const PreparedMethod& prepared, const std::vector<double>& weights, Scored& out);

void prepare_promethee(PreparedMethod& prepared, const std::vector<double>& columns);
void promethee_merits(const PreparedMethod& prepared, const double* weights, double* merit);
void promethee_score(const PreparedMethod& prepared, const std::vector<double>& weights,
                     Scored& out);

void prepare_electre(PreparedMethod& prepared, const std::vector<double>& columns);
void electre_merits(const PreparedMethod& prepared, const double* weights, double* merit);
void electre_score(const PreparedMethod& prepared, const std::vector<double>& weights, Scored& out);

/// sum_j weights[j] * columns[j * n + i], criterion by criterion in order.
void weighted_columns(const double* columns, std::size_t n, std::size_t m, const double* weights,
                      double* out);

void weighted_block(const double* columns, std::size_t n, std::size_t m, const double* weights,
                    std::size_t from, std::size_t to, double* out);

/// True for methods whose merit of a site needs that site's row alone and little work.
[[nodiscard]] bool merits_in_blocks(Method method);
/// Merits of sites [from, to) for such a method.
void block_merits(const PreparedMethod& prepared, const double* weights, std::size_t from,
                  std::size_t to, double* merit);

/// Partial orders are kept up to this many sites.
inline constexpr std::size_t kept_relations = 500;

/// The order two scores imply where both must agree: `up` and minus `down`. 'P' where the row's
/// site is at least as good in both and better in one, 'I' where both are equal, 'R' where they
/// disagree, '-' where the column's site is preferred.
[[nodiscard]] std::vector<char> relation_of(const std::vector<double>& up,
                                            const std::vector<double>& down);

/// Error for a value that a criterion's scale cannot take.
[[noreturn]] void refuse_value(const Criterion& criterion, double value);

/// ELECTRE III: credibility that the row's site outranks the column's, sites x sites.
void credibility(const PreparedMethod& prepared, const double* weights, std::vector<double>& sigma);

/// Places in a descending or ascending distillation of the credibility matrix, 1 = best.
[[nodiscard]] std::vector<double> distil(const std::vector<double>& credibility, std::size_t n,
                                         double alpha, double beta, bool descending);

}  // namespace lode::method_parts
