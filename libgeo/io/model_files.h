// Geological objects as exchange formats hold them: points, lines, surfaces, block models, columns.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/core/provenance.h"
#include "libgeo/geometry/grid.h"

namespace lode {

/// A value for every vertex, part or block of an object.
struct ModelColumn {
  /// Where the values stand: on vertices; on parts (the points, segments or triangles; the blocks
  /// of a model without sub-blocks, or its parents); on sub-blocks.
  enum class Place { vertices, parts, sub_blocks };
  /// How `numbers` and `words` are meant. `category`: numbers are places in `words`. `text`: one
  /// word each. `colour`: 0xRRGGBBAA as a number. `date`: days, `date_time`: seconds since 1970.
  /// `vector2`, `vector3`: two or three numbers each, one after the other.
  enum class Kind {
    number,
    integer,
    boolean,
    category,
    text,
    colour,
    date,
    date_time,
    vector2,
    vector3
  };
  std::string name, unit, description;
  Place place = Place::vertices;
  Kind kind = Kind::number;
  std::vector<double> numbers;         ///< NaN = missing
  std::vector<std::string> words;      ///< of categories, or of texts ("" = missing)
  std::vector<std::uint32_t> colours;  ///< of categories, 0xRRGGBBAA; may be empty
};

/// A block model: parents on a regular or tensor grid in axes of its own, sub-blocks inside them.
struct ModelBlocks {
  std::array<double, 3> origin{0.0, 0.0, 0.0};  ///< lower corner of the first parent
  std::array<std::array<double, 3>, 3> axes{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  ///< unit vectors
  std::array<std::vector<double>, 3>
      sizes;  ///< of the parents along each axis; all equal = regular
  enum class SubBlocks { none, regular, octree, free };
  SubBlocks sub_blocks = SubBlocks::none;
  /// Cells that a parent is cut into along each axis (regular, octree).
  std::array<std::uint32_t, 3> divisions{1, 1, 1};
  /// Of each sub-block: its parent's place along each axis, and its corners as shares of the parent
  /// (lower x y z, upper x y z).
  std::vector<std::array<std::uint32_t, 3>> parent;
  std::vector<std::array<double, 6>> corners;

  [[nodiscard]] std::size_t parents() const {
    return sizes[0].size() * sizes[1].size() * sizes[2].size();
  }
};

/// One object. Vertices are absolute (a format's own origin is added), in the file's unit of
/// length.
struct ModelObject {
  enum class Kind { points, lines, surface, blocks };
  Kind kind = Kind::surface;
  std::string name, description;
  std::uint32_t colour = 0;  ///< 0xRRGGBBAA; 0 = none said
  std::vector<std::array<double, 3>> vertices;
  std::vector<std::array<std::uint32_t, 2>> segments;   ///< of lines
  std::vector<std::array<std::uint32_t, 3>> triangles;  ///< of surfaces
  ModelBlocks blocks;
  std::vector<ModelColumn> columns;
};

/// Something that a format could not hold, or that a reader does not know.
struct ModelLoss {
  std::string object;  ///< "" = the whole file
  std::string what;    ///< in words, with its number: "2 text columns (rock, zone)"
};

/// Points, segments, triangles; the blocks of a model, or its sub-blocks.
[[nodiscard]] std::size_t parts_of(const ModelObject& object);
/// "points", "lines", "surface", "blocks".
[[nodiscard]] std::string_view to_text(ModelObject::Kind kind);

struct ModelFile {
  std::string name, description, author;
  std::string crs;   ///< as the file says it; "" = it says nothing
  std::string unit;  ///< of length, as the file says it; "" = it says nothing
  std::vector<ModelObject> objects;
  std::vector<ModelLoss> lost;  ///< what the reader passed over
  Source source;
  std::string format;  ///< "omf1", "omf2", "vtu", "vti", "vtp", "str", "dtm", "dxf", "gslib",
                       ///< "csv", "obj", "stl", "ply", "off", "gocad"
  Findings findings;
};

/// How a table of points or blocks is to be read, where its names do not say it.
struct ModelReadOptions {
  std::vector<std::array<std::string, 2>> fields;  ///< x y z dx dy dz -> name in the file
  std::array<double, 3> block_m{0.0, 0.0, 0.0};    ///< of every block; 0 = columns say it
  std::vector<std::string> missing;                ///< texts that mean "no value", besides blank
  std::optional<BlockGrid>
      grid;  ///< places of a table without coordinates, and the turn of a model
};

/// Formats by ending: .omf (both versions), .vtu .vti .vtp, .str .dtm, .dxf, .obj .stl .ply .off,
/// .ts .gp (GOCAD), .csv, .gslib .dat .out (GSLIB). Counts in a file are never trusted.
/// Errors "model.unsupported", "model.syntax" (line or byte), "model.count", "model.index",
/// "io.missing_file", "io.too_large".
[[nodiscard]] ModelFile read_model(const std::string& path, const ModelReadOptions& options = {},
                                   const Progress& progress = {});

/// True when the ending is that of a format that `write_model` knows.
[[nodiscard]] bool can_write_model(const std::string& path);

/// Writes to `staged` (see `OutputSet::stage`) in the format of `format`, or of the ending of
/// `path` when it is "" ("omf" is version 2). Returns what the format could not hold.
/// Errors "model.unsupported", "model.nothing" (nothing of the file can be held), "io.write".
[[nodiscard]] std::vector<ModelLoss> write_model(const std::string& staged, const std::string& path,
                                                 const ModelFile& model, const std::string& format,
                                                 const Progress& progress = {});

}  // namespace lode
