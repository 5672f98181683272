#include "tools/block_classes.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"

namespace lode::tools {

std::optional<ClassRules> read_class_rules(const Arguments& arguments, Outcome& outcome) {
  if (!arguments.has("classify")) return std::nullopt;
  const std::string path = arguments.text("classify");
  const std::string text = text_of_file(path, {}, std::size_t{1} << 20);
  Source source;
  source.path = path;
  source.sha256 = sha256(text);
  outcome.inputs.push_back(source);
  return parse_class_rules(text, path);
}

std::size_t cell_of(const BlockLayout& layout, const BlockChunk& chunk, std::size_t row) {
  const auto at = to_grid(layout.grid, {chunk.x[row], chunk.y[row], chunk.z[row]});
  std::array<std::size_t, 3> ijk{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    ijk[axis] =
        static_cast<std::size_t>(std::clamp(std::floor(at[axis] / layout.grid.spacing[axis]), 0.0,
                                            static_cast<double>(layout.grid.count[axis] - 1)));
  return layout.grid.index(ijk[0], ijk[1], ijk[2]);
}

namespace {

std::vector<double> values_of(const BlockChunk& chunk, std::size_t row, std::size_t first,
                              std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t c = 0; c < n; ++c) values[c] = chunk.numbers[first + c][row];
  return values;
}

}  // namespace

BlockClasses::BlockClasses(const ClassRules& rules, const BlockLayout& layout,
                           const std::string& path, const BlockReadOptions& options,
                           const Session& session, const Progress& progress, Outcome& outcome,
                           const MadeColumns* made)
    : rules_(rules), layout_(layout) {
  if (rules.smooth_blocks == 0) return;
  if (!layout.regular)
    throw Error("classes.not_regular",
                "classes are smoothed over neighbours, and the blocks are not all of one size on "
                "one grid",
                path,
                "Leave [smoothing] out, or bring the model to one size: lode blocks reblock.");
  BlockReadOptions reading = options;
  const std::size_t columns = rules.columns().size();
  reading.numbers = made != nullptr ? made->read : rules.columns();
  reading.texts.clear();
  reading.keep_lines = false;
  BlockFile file(path, reading);
  smooth_.assign(layout.grid.size(), 255);
  BlockChunk chunk;
  while (file.next(chunk, progress)) {
    if (made != nullptr) made->complete(chunk);
    for (std::size_t r = 0; r < chunk.size(); ++r) {
      bool missing = false;
      smooth_[cell_of(layout, chunk, r)] =
          class_of(rules_, values_of(chunk, r, 0, columns), missing);
    }
    progress.update(0.8 * file.fraction(), "classifying");
  }
  smoothed_ =
      smooth_classes(rules_, layout.grid, smooth_, session.jobs, progress.part(0.8, 1.0)).changed;
  outcome.findings.add("classes.smoothed", Severity::note, path,
                       "blocks got the class that most of their neighbours have", smoothed_);
}

std::uint32_t BlockClasses::of(const BlockChunk& chunk, std::size_t row, std::size_t first,
                               bool& missing) const {
  const std::uint8_t own =
      class_of(rules_, values_of(chunk, row, first, rules_.columns().size()), missing);
  return smooth_.empty() ? own : smooth_[cell_of(layout_, chunk, row)];
}

}  // namespace lode::tools
