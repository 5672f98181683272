// What both versions of Open Mining Format share: checked JSON fields, dates, grids, losses.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/json.h"
#include "libgeo/io/model_files.h"
#include "libgeo/io/unpack.h"

namespace lode::omf {

using Triple = std::array<double, 3>;

/// What stands in files written here where a date is due: the same model gives the same bytes.
inline constexpr const char* kNoDate = "1970-01-01T00:00:00Z";

[[noreturn]] void refuse(const std::string& code, const std::string& what, const std::string& where,
                         const std::string& hint = "Have the file written anew by its maker.");

/// Fields of a JSON object; one of another type, or a needed one that is not there, is an error
/// "omf.syntax" that names it.
[[nodiscard]] const Json& needed(const Json& object, const std::string& key,
                                 const std::string& where);
[[nodiscard]] std::string text(const Json& object, const std::string& key,
                               const std::string& where);  ///< "" when absent or null
[[nodiscard]] const Json::Array& list(const Json& object, const std::string& key,
                                      const std::string& where);  ///< none when absent or null
[[nodiscard]] std::uint64_t whole(const Json& value, std::uint64_t most, const std::string& what,
                                  const std::string& where);
/// Three finite numbers, `otherwise` when absent or null.
[[nodiscard]] Triple triple(const Json& object, const std::string& key, const Triple& otherwise,
                            const std::string& where);
[[nodiscard]] std::vector<double> finite_numbers(const Json& value, const std::string& where);
/// [r, g, b] or [r, g, b, a] of 0 to 255 as 0xRRGGBBAA.
[[nodiscard]] std::uint32_t colour(const Json& value, const std::string& where);

/// Unit vectors at right angles to each other, to a millionth. Error "omf.axes".
void check_axes(const std::vector<Triple>& axes, const std::string& where);
/// Positive and finite, at least one, at most 2^20. Error "omf.block_size".
void check_sizes(const std::vector<double>& sizes, const std::string& where);
/// All vertices finite (error "omf.vertex"), all corners those of vertices (error "omf.index").
void check_object(const ModelObject& object, const std::string& where);
void shift(std::vector<Triple>& vertices, const Triple& by);

/// A grid of heights over a plane: vertices with u running fastest, two triangles a cell.
struct SurfaceGrid {
  Triple origin{}, u{}, v{};
  std::vector<double> sizes_u, sizes_v, heights;  ///< no heights = flat
};
/// Errors "omf.axes", "omf.block_size", "omf.array_length", "archive.bomb".
void add_grid(const SurfaceGrid& grid, ModelObject& object, unpack::Allowance& allowance,
              const std::string& where);
[[nodiscard]] std::size_t vertices_of(const SurfaceGrid& grid);
[[nodiscard]] std::size_t cells_of(const SurfaceGrid& grid);
/// Values of cells become those of the two triangles of each.
void split_cells(ModelColumn& column);
/// Says that grids were cut into triangles.
void say_grid(ModelFile& model, const std::string& where);

/// Seconds since 1970 of "2024-06-19T02:08:38.5749Z" (or with an offset); empty when it is none.
[[nodiscard]] std::optional<double> seconds_of(std::string_view text);
/// The same to the microsecond; empty beyond the years 0 to 9999.
[[nodiscard]] std::optional<std::string> date_time_text(double seconds);
/// Microseconds of seconds, when they read back to the same double.
[[nodiscard]] std::optional<std::int64_t> micros_of(double seconds);
[[nodiscard]] double seconds_of_micros(std::int64_t micros);

/// How many values a column has, not numbers.
[[nodiscard]] std::size_t values_in(const ModelColumn& column);
[[nodiscard]] std::size_t width_of(ModelColumn::Kind kind);  ///< numbers a value: 1, 2 or 3
/// How many values a column of an object must have at its place.
[[nodiscard]] std::size_t places_of(const ModelObject& object, ModelColumn::Place place);

/// A column with a value for each category of another, such as the density of a rock, as one with a
/// value for each place of the other. Error "archive.bomb".
[[nodiscard]] ModelColumn spread(const ModelColumn& of_each, const ModelColumn& categories,
                                 unpack::Allowance& allowance);

/// What a writer must know of a column, checked: error "omf.array_length" when it has other than
/// one value a place, "omf.index" when a category is none of its words.
void check_column(const ModelObject& object, const ModelColumn& column, const std::string& where);
/// The kind that holds what the column has: `number` for whole numbers beyond 2^53 or with
/// fractions, truth values other than 0 and 1, colours that are none. `lost` says so.
[[nodiscard]] ModelColumn::Kind kind_to_write(const ModelColumn& column, const std::string& object,
                                              std::vector<ModelLoss>& lost);
/// Names that differ: a second "a" becomes "a (2)", which is said.
[[nodiscard]] std::vector<std::string> unlike_names(const ModelFile& model,
                                                    std::vector<ModelLoss>& lost);
/// Error "io.write".
void write_bytes(const std::string& path, std::string_view bytes);
/// A version-4 UUID made from a text: the same text gives the same one.
[[nodiscard]] std::string uuid_of(std::string_view text);

void read_omf1(std::string_view bytes, ModelFile& model);
void read_omf2(std::string_view bytes, ModelFile& model);

}  // namespace lode::omf
