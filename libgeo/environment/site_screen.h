// One site of a screening against all constraints.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/environment/local_setback.h"
#include "libgeo/environment/ready_constraint.h"
#include "libgeo/environment/screening.h"

namespace lode {

/// What screening a site gives beside its figures.
struct SiteGround {
  Geometry planar;                 ///< the site
  std::vector<Geometry> excluded;  ///< pieces that hard constraints take, when kept
  Findings findings;
};

/// Safe to use from any number of threads.
class SiteScreen {
 public:
  SiteScreen(const ScreenInputs& inputs, const ScreenOptions& options, const SetbackPlane& plane);

  /// Pieces are kept where the ground of several sites is dissolved later.
  void run(std::size_t site, const std::vector<std::unique_ptr<ReadyConstraint>>& ready,
           bool keep_pieces, SiteScreening& out, SiteGround& ground) const;

 private:
  struct Taken;
  struct Piece;
  struct Here;

  void distances(const NearQuestion& question, const ReadyConstraint& ready, SiteConstraint& out,
                 std::vector<PlaneNear::Meeting>& meetings) const;
  [[nodiscard]] Piece made(Geometry geometry) const;
  [[nodiscard]] std::optional<Piece> measured(const Geometry& site, const Geometry& feature) const;
  std::optional<Piece> take(Here& here, const ReadyConstraint& ready, std::size_t feature,
                            PlaneNear::Meeting meeting, Taken& out) const;
  std::optional<Piece> take_setback(Here& here, const ReadyConstraint& ready, std::size_t feature,
                                    Taken& out) const;
  void overlaps(Here& here, const ReadyConstraint& ready,
                const std::vector<PlaneNear::Meeting>& meetings, SiteConstraint& out,
                Taken& taken) const;
  void settle(Here& here, Taken& taken) const;
  void sum_up(const Here& here, Taken& hard, const Taken& review, SiteScreening& out) const;

  const ScreenInputs& inputs_;
  const ScreenOptions& options_;
  const SetbackPlane& plane_;
  double square_m2_ = 0.0;  ///< of a unit of the plane squared; 0 = areas are not planar
};

}  // namespace lode
