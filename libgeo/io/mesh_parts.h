// What the readers of mesh files share: a scanner of text and the polygons cut into triangles.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/geometry/mesh.h"

namespace lode::mesh_files {

[[noreturn]] void refuse(const std::string& code, const std::string& what,
                         const std::string& where);

/// Words of a text, line by line.
class Scanner {
 public:
  Scanner(std::string_view text, std::string path) : text_(text), path_(std::move(path)) {}
  /// The next line that is not blank, its words split at blanks; a comment starts with '#'.
  /// False at the end.
  bool next_line(std::vector<std::string_view>& words);
  /// The next word, over line ends; "" at the end.
  [[nodiscard]] std::string_view next_word();
  [[nodiscard]] double number(std::string_view word) const;  ///< error "mesh.syntax"
  [[nodiscard]] std::int64_t integer(std::string_view word) const;
  [[nodiscard]] std::string where() const { return path_ + ", line " + std::to_string(line_); }
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  std::string_view text_;
  std::string path_;
  std::size_t at_ = 0, line_ = 0;
};

/// Adds a polygon as a fan of triangles; `split` counts those with more than three corners. Whether
/// the vertices exist is for `tidy_mesh` to say. Errors "mesh.index" (negative or beyond 2^32),
/// "mesh.syntax" (fewer than three corners).
void add_polygon(TriangleMesh& mesh, const std::vector<std::int64_t>& corners, std::size_t& split,
                 const std::string& where);

/// Parts of a file by name: `of` is the part of each triangle.
struct MeshParts {
  std::vector<std::string> names;
  std::vector<std::uint32_t> of;
};
/// Values of a PLY file besides corners, by column then vertex or triangle.
struct MeshValues {
  struct Column {
    std::string name;
    bool on_faces = false, whole = false;
    std::vector<double> numbers;
  };
  std::vector<Column> columns;
};

void read_obj(std::string_view text, TriangleMesh& mesh, std::size_t& split);
void read_off(std::string_view text, TriangleMesh& mesh, std::size_t& split);
/// `single` is set when the coordinates are stored in single precision.
/// `parts`, when asked for, takes the solids of a text file.
void read_stl(std::string_view bytes, TriangleMesh& mesh, bool& single, MeshParts* parts = nullptr);
void read_ply(std::string_view bytes, TriangleMesh& mesh, std::size_t& split, bool& single,
              MeshValues* values = nullptr);
void read_vtp(std::string_view bytes, TriangleMesh& mesh, std::size_t& split, bool& single);

}  // namespace lode::mesh_files
