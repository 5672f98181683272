// What the commands on block models share: the model, its layout, and what cuts its blocks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libgeo/deposit/block_model.h"
#include "libgeo/geometry/joint_share.h"
#include "libgeo/io/block_files.h"
#include "tools/command.h"

namespace lode::tools {

/// BLOCKS (or another word), --fields --x --y --z --block-size --input-crs --field-unit --missing
/// --below-detection, and the declared grid.
[[nodiscard]] std::vector<Parameter> block_parameters(const std::string& positional);

/// The CRS that --input-crs declares; local metres when it was left out, and said.
struct BlockCrs {
  Crs crs;
  bool said = false;
};
/// Error "blocks.geographic".
[[nodiscard]] BlockCrs block_crs(const Arguments& arguments);

/// How to read the model; columns to be added by the command.
[[nodiscard]] BlockReadOptions block_options(const Arguments& arguments, const Session& session,
                                             const BlockCrs& crs);

/// Reads a model once, or twice where blocks share ground, to say which.
/// Errors of `LayoutScan` and `OverlapCheck`.
[[nodiscard]] BlockLayout scan_layout(BlockFile& file, const Arguments& arguments,
                                      const BlockCrs& crs, const Progress& progress,
                                      Outcome& outcome);
/// The overlap check that runs along with a command's own reading; throws at its end.
class OverlapWatch {
 public:
  OverlapWatch(const BlockLayout& layout, BlockFile& file)
      : check_(layout, file.path()), file_(file) {}
  void add(const BlockChunk& chunk) { check_.add(chunk); }
  /// Reads the file again when there are overlaps, and refuses them.
  void finish(const Progress& progress);

 private:
  OverlapCheck check_;
  BlockFile& file_;
};

/// One --within, --outside, --below or --above; --pit, which holds whole blocks.
enum class Cut { within, outside, below, above, pit };
[[nodiscard]] std::string_view to_text(Cut cut);

/// Shares of one block, by constraint.
struct BlockShares {
  std::vector<double> alone;    ///< what it leaves alone
  std::vector<double> so_far;   ///< what it and all before it leave
  std::vector<double> without;  ///< what all the others leave
  bool uncovered = false;       ///< part of the block has no surface
  explicit BlockShares(std::size_t constraints)
      : alone(constraints), so_far(constraints), without(constraints) {}
};

/// Everything that cuts blocks, in the order of application: within, outside, below, above, each in
/// the order said, and a pit at the end. Polygons reach to any depth.
class Constraints {
 public:
  /// Errors "crs.missing" (polygons, and blocks of unknown CRS), "blocks.other_crs", those of the
  /// readers and of `make_solid`.
  Constraints(const Arguments& arguments, const Session& session, const BlockLayout& layout,
              const BlockCrs& crs, Outcome& outcome);
  ~Constraints();
  /// One more, which holds or leaves whole blocks, as `shares` is told.
  void add_pit(const std::string& name) { pit_ = name; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::string name(std::size_t c) const;
  [[nodiscard]] Cut kind(std::size_t c) const;

  /// All but a pit, in their order, after what is in `cutter` already.
  void add_to(JointCutter& cutter) const;

  /// Exact shares, whatever cuts the block.
  void shares(const BlockBox& box, BlockShares& shares, bool in_pit = true) const;

 private:
  struct One;
  [[nodiscard]] double alone(const One& one, const BlockBox& box, bool& uncovered) const;
  BlockGrid grid_;
  std::vector<std::unique_ptr<One>> list_;
  JointCutter joint_;
  std::string pit_;
};
/// --within --outside --below --above.
[[nodiscard]] std::vector<Parameter> constraint_parameters();

/// Says what `Constraints::shares` reported: warning "surface.uncovered".
void add_cut_findings(std::size_t uncovered, const std::string& where, Outcome& outcome);
/// Error "usage.output" unless -o, when said, ends in .csv: models are streamed as text.
void check_csv_output(const Arguments& arguments);

/// A solid from a mesh file in the blocks' metres, wound outward; findings and source are taken.
[[nodiscard]] TriangleMesh read_solid(const std::string& path, const BlockCrs& crs,
                                      Outcome& outcome);
/// A file of polygons, or FILE=Q: everything nearer than that to what the file holds.
struct PlanSource {
  std::string path;
  double setback_m = 0.0;  ///< 0 = none
};
/// Error "usage.setback" (a setback of 0 or less).
[[nodiscard]] PlanSource plan_source(const std::string& text, const std::string& option);

/// Polygons as one geometry in metres, united; with a setback nowhere narrower than it. Errors
/// "blocks.other_crs", "blocks.not_polygon".
[[nodiscard]] Geometry read_polygons(const PlanSource& source, const Arguments& arguments,
                                     const Session& session, const BlockCrs& crs, Outcome& outcome);
/// A raster or TIN over the blocks. Error "blocks.other_crs", "crs.missing".
[[nodiscard]] TriangleMesh read_surface_for(const std::string& path, const Arguments& arguments,
                                            const BlockLayout& layout, const BlockCrs& crs,
                                            Outcome& outcome);
/// Plan of a layout's bounds in the CRS, metres.
[[nodiscard]] Box plan_of(const BlockGrid& grid);

}  // namespace lode::tools
