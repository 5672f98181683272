// Solids and block models as sites of `screen`: their outlines in plan, and what is lost in depth.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libgeo/environment/screening.h"
#include "libgeo/geometry/mesh.h"
#include "libgeo/io/layer.h"
#include "tools/command.h"

namespace lode::tools {

enum class SiteKind { layer, solids, blocks };
/// By the ending; a CSV is a block model when its header has x y z and block sizes (or
/// --block-size was said).
[[nodiscard]] SiteKind site_kind(const Arguments& arguments, const Session& session);

/// Closed solids: one site a named solid.
struct SolidSites {
  Layer sites;  ///< outlines in plan
  std::vector<std::string> ids;
  std::vector<TriangleMesh> meshes;  ///< metres
};
/// Errors "crs.missing", "blocks.geographic" and those of `make_solid`.
[[nodiscard]] SolidSites read_solid_sites(const Arguments& arguments, const Session& session,
                                          Outcome& outcome);
/// Volume of a solid, and of what stands under its net area.
struct BodyVolume {
  double volume_m3 = 0.0, net_m3 = 0.0;
};
[[nodiscard]] BodyVolume body_volume(const TriangleMesh& mesh, const SiteScreening& site,
                                     const Crs& crs);

/// A block model: one site a different outline of a block.
class BlockSites {
 public:
  /// Reads the model once. Errors of `BlockFile` and `LayoutScan`, "crs.missing".
  BlockSites(const Arguments& arguments, const Session& session, Outcome& outcome);
  [[nodiscard]] const std::vector<Geometry>& outlines() const { return outlines_; }
  [[nodiscard]] const Crs& crs() const { return crs_; }
  /// No two outlines share ground, so that areas add up.
  [[nodiscard]] bool apart() const { return apart_; }
  /// Fills the results, and streams the model with its new columns to -o when said.
  void report(const Arguments& arguments, const Session& session, const ScreenInputs& inputs,
              const Screening& screening, Outcome& outcome);

 private:
  struct Totals;
  void write(const Arguments& arguments, const Session& session, const ScreenInputs& inputs,
             const Screening& screening, Outcome& outcome);
  Crs crs_;
  bool apart_ = false;
  std::size_t blocks_ = 0;
  double volume_m3_ = 0.0;
  std::vector<Geometry> outlines_;
  std::vector<std::uint32_t> outline_of_;  ///< by block
  std::vector<double> column_m3_;          ///< volume of the blocks over each outline
  std::vector<std::uint32_t> column_blocks_;
};

}  // namespace lode::tools
