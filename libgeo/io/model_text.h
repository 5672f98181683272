// What readers and writers of models share: lines and words of a text, columns, losses.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/geometry/mesh.h"
#include "libgeo/io/model_files.h"

namespace lode::model_files {

[[noreturn]] void refuse(const std::string& code, const std::string& what,
                         const std::string& where);

/// What stands behind the last dot of a path's last part, in small letters; "" without one.
[[nodiscard]] std::string ending_of(const std::string& path);

/// Lines of a text, without their ends; counted.
class Lines {
 public:
  Lines(std::string_view text, std::string path) : text_(text), path_(std::move(path)) {}
  bool next(std::string_view& line);
  [[nodiscard]] std::string where() const { return path_ + ", line " + std::to_string(line_); }
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  std::string_view text_;
  std::string path_;
  std::size_t at_ = 0, line_ = 0;
};

/// Words between blanks; a quoted one keeps its blanks.
void words_of(std::string_view line, std::vector<std::string_view>& words);
/// Trimmed cells between commas.
void cells_of(std::string_view line, std::vector<std::string_view>& cells);
/// Errors "model.syntax"; infinity and NaN are no numbers.
[[nodiscard]] double number_at(std::string_view word, const std::string& where);
[[nodiscard]] std::int64_t integer_at(std::string_view word, const std::string& where);
/// `at` when it is one of `count` things. Error "model.index".
[[nodiscard]] std::uint32_t index_at(std::int64_t at, std::size_t count, const std::string& thing,
                                     const std::string& where);

/// How many numbers of a column stand for one value: 2 or 3 for vectors.
[[nodiscard]] std::size_t width_of(ModelColumn::Kind kind);
/// How many values a column has.
[[nodiscard]] std::size_t values_of(const ModelColumn& column);
/// A value as text: the word of a category or text, a number, "" when missing.
[[nodiscard]] std::string value_text(const ModelColumn& column, std::size_t at);
/// True for kinds whose values are one number each.
[[nodiscard]] bool is_numeric(ModelColumn::Kind kind);
/// Columns with values read as text: numbers where all of them are, else categories. Blank is
/// missing.
[[nodiscard]] ModelColumn column_of_texts(const std::string& name, ModelColumn::Place place,
                                          const std::vector<std::string>& texts);

/// "3 vertices columns (a, b, c)": what a format that holds no columns loses of an object.
void lose_columns(const ModelObject& object, const std::set<std::string>& kept,
                  std::vector<ModelLoss>& lost);
/// Says the objects whose kind is none of `kinds`; true when one is left.
bool lose_kinds(const ModelFile& model, const std::set<ModelObject::Kind>& kinds,
                const std::string& format, std::vector<ModelLoss>& lost);
/// Says that the format holds no CRS, no unit, no descriptions, where the model has them.
void lose_words(const ModelFile& model, bool unit_too, std::vector<ModelLoss>& lost);

/// Vertices at one place (the same bits) become one; columns on vertices must not be there yet.
void weld(ModelObject& surface);
/// Vertices that nothing uses leave, with their values.
void drop_unused(ModelObject& object);
/// A polygon as a fan of triangles. Error "model.syntax" with fewer than three corners.
void add_fan(ModelObject& surface, const std::vector<std::uint32_t>& corners);
/// Values of a column where one polygon became several triangles: `of[triangle]` is the polygon.
[[nodiscard]] ModelColumn spread(const ModelColumn& column, const std::vector<std::uint32_t>& of);
/// Lines as runs of vertices, each as long as may be; a closed run ends where it began.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> runs_of(const ModelObject& lines);

/// A name for a layer or string of a format with strict names: letters, digits, _ and -.
[[nodiscard]] std::string plain_name(const std::string& name, const std::string& otherwise);

}  // namespace lode::model_files
