// PLY and VTP: formats whose data may be text or binary.
#include <cpl_conv.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/mesh_parts.h"

namespace lode::mesh_files {

namespace {

enum class Type { none, i8, u8, i16, u16, i32, u32, i64, u64, f32, f64 };

std::size_t size_of(Type type) {
  switch (type) {
    case Type::i8:
    case Type::u8:
      return 1;
    case Type::i16:
    case Type::u16:
      return 2;
    case Type::i32:
    case Type::u32:
    case Type::f32:
      return 4;
    case Type::i64:
    case Type::u64:
    case Type::f64:
      return 8;
    case Type::none:
      break;
  }
  return 0;
}

Type type_of(std::string_view name) {
  static const std::map<std::string_view, Type> types{
      {"char", Type::i8},     {"int8", Type::i8},     {"uchar", Type::u8},   {"uint8", Type::u8},
      {"short", Type::i16},   {"int16", Type::i16},   {"ushort", Type::u16}, {"uint16", Type::u16},
      {"int", Type::i32},     {"int32", Type::i32},   {"uint", Type::u32},   {"uint32", Type::u32},
      {"float", Type::f32},   {"float32", Type::f32}, {"double", Type::f64}, {"float64", Type::f64},
      {"Int8", Type::i8},     {"UInt8", Type::u8},    {"Int16", Type::i16},  {"UInt16", Type::u16},
      {"Int32", Type::i32},   {"UInt32", Type::u32},  {"Int64", Type::i64},  {"UInt64", Type::u64},
      {"Float32", Type::f32}, {"Float64", Type::f64}};
  const auto at = types.find(name);
  return at == types.end() ? Type::none : at->second;
}

// A number from its bytes; 64-bit whole numbers above 2^53 are no index that can be.
double value_at(const char* bytes, Type type, bool big_endian) {
  const std::size_t n = size_of(type);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < n; ++i)
    bits = bits << 8 | static_cast<unsigned char>(bytes[big_endian ? i : n - 1 - i]);
  switch (type) {
    case Type::f32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case Type::f64:
      return std::bit_cast<double>(bits);
    case Type::i8:
      return static_cast<std::int8_t>(bits);
    case Type::i16:
      return static_cast<std::int16_t>(bits);
    case Type::i32:
      return static_cast<std::int32_t>(bits);
    case Type::i64:
      return static_cast<double>(static_cast<std::int64_t>(bits));
    default:
      return static_cast<double>(bits);
  }
}

std::int64_t index_of(double value, const std::string& where) {
  if (!(value >= 0.0 && value <= 4294967295.0) || value != std::floor(value))
    refuse("mesh.index", "a face names a vertex that cannot be", where);
  return static_cast<std::int64_t>(value);
}

struct PlyProperty {
  std::string name;
  Type type = Type::none, count_type = Type::none;  // count_type none: a single number
};
struct PlyElement {
  std::string name;
  std::uint64_t count = 0;
  std::vector<PlyProperty> properties;
};

// The body of a PLY file, one number at a time.
class PlyBody {
 public:
  PlyBody(std::string_view bytes, const std::string& path, const std::string& format)
      : bytes_(bytes),
        path_(path),
        text_(format == "ascii"),
        big_(format == "binary_big_endian"),
        scanner_(bytes, path) {}

  double next(Type type) {
    if (text_) {
      const std::string_view word = scanner_.next_word();
      if (word.empty()) end();
      return scanner_.number(word);
    }
    const std::size_t n = size_of(type);
    if (bytes_.size() - at_ < n) end();
    const double value = value_at(bytes_.data() + at_, type, big_);
    at_ += n;
    return value;
  }
  bool finished() { return text_ ? scanner_.next_word().empty() : at_ == bytes_.size(); }

 private:
  [[noreturn]] void end() const {
    refuse("mesh.count", "the file ends before the numbers that its header counts", path_);
  }
  std::string_view bytes_;
  std::string path_;
  bool text_, big_;
  Scanner scanner_;
  std::size_t at_ = 0;
};

std::vector<PlyElement> ply_header(Scanner& scanner, std::string& format, const std::string& path) {
  std::vector<PlyElement> elements;
  std::vector<std::string_view> words;
  if (!scanner.next_line(words) || words[0] != "ply")
    refuse("mesh.syntax", "the file does not begin with ply", path + ", line 1");
  for (;;) {
    if (!scanner.next_line(words))
      refuse("mesh.syntax", "the header does not end", scanner.where());
    if (words[0] == "end_header") return elements;
    const auto bad = [&]() {
      refuse("mesh.syntax", "a line of the header makes no sense", scanner.where());
    };
    if (words[0] == "format" && words.size() >= 2) {
      format = words[1];
      if (format != "ascii" && format != "binary_little_endian" && format != "binary_big_endian")
        bad();
    } else if (words[0] == "element" && words.size() == 3) {
      const std::int64_t count = scanner.integer(words[2]);
      if (count < 0) bad();
      elements.push_back({std::string(words[1]), static_cast<std::uint64_t>(count), {}});
    } else if (words[0] == "property" && !elements.empty()) {
      PlyProperty property;
      if (words.size() == 5 && words[1] == "list") {
        property = {std::string(words[4]), type_of(words[3]), type_of(words[2])};
        if (property.count_type == Type::none) bad();
      } else if (words.size() == 3) {
        property = {std::string(words[2]), type_of(words[1]), Type::none};
      }
      if (property.type == Type::none) bad();
      elements.back().properties.push_back(property);
    } else if (words[0] != "comment" && words[0] != "obj_info") {
      bad();
    }
  }
}

void read_element(const PlyElement& element, PlyBody& body, TriangleMesh& mesh,
                  std::size_t& split) {
  const bool vertex = element.name == "vertex", face = element.name == "face";
  std::vector<std::int64_t> corners;
  for (std::uint64_t i = 0; i < element.count; ++i) {
    std::array<double, 3> place{NAN, NAN, NAN};
    bool has_corners = false;
    const std::string where = face ? mesh.name + ", face " + std::to_string(i + 1) : std::string();
    for (const PlyProperty& property : element.properties) {
      if (property.count_type == Type::none) {
        const double value = body.next(property.type);
        for (std::size_t axis = 0; axis < 3; ++axis)
          if (vertex && property.name.size() == 1 && property.name[0] == "xyz"[axis])
            place[axis] = value;
        continue;
      }
      const std::int64_t n = index_of(body.next(property.count_type), where);
      const bool wanted =
          face && (property.name == "vertex_indices" || property.name == "vertex_index");
      if (wanted) corners.clear();
      has_corners = has_corners || wanted;
      for (std::int64_t c = 0; c < n; ++c) {
        const double value = body.next(property.type);
        if (wanted) corners.push_back(index_of(value, where));
      }
    }
    if (vertex) mesh.vertices.push_back(place);
    if (face && has_corners) add_polygon(mesh, corners, split, where);
  }
}

}  // namespace

void read_ply(std::string_view bytes, TriangleMesh& mesh, std::size_t& split, bool& single) {
  Scanner scanner(bytes, mesh.name);
  std::string format;
  const auto elements = ply_header(scanner, format, mesh.name);
  if (format.empty()) refuse("mesh.syntax", "the header names no format", mesh.name);
  PlyBody body(bytes.substr(std::min(scanner.position(), bytes.size())), mesh.name, format);
  for (const PlyElement& element : elements) {
    if (element.properties.empty() && element.count > 0)
      refuse("mesh.syntax", "the element '" + printable(element.name) + "' has no property",
             mesh.name);
    for (const PlyProperty& property : element.properties)
      if (element.name == "vertex" && property.name == "x" && property.type == Type::f32)
        single = true;
    read_element(element, body, mesh, split);
  }
  if (!body.finished())
    refuse("mesh.count", "more numbers stand in the file than its header counts", mesh.name);
}

namespace {

std::string attribute(std::string_view tag, const std::string& name) {
  const auto at = tag.find(" " + name + "=\"");
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size() + 3;
  const auto end = tag.find('"', begin);
  return std::string(tag.substr(begin, std::min(end, tag.size()) - begin));
}

// The bytes of base64 from `at` on, `wanted` of them; moves `at` behind the group's padding.
std::string from_base64(std::string_view text, std::size_t& at, std::uint64_t wanted,
                        const std::string& path) {
  std::string bytes;
  const std::uint64_t groups = (wanted + 2) / 3;
  for (std::uint64_t g = 0; g < groups; ++g) {
    std::uint32_t bits = 0;
    std::size_t padding = 0;
    for (int c = 0; c < 4; ++c) {
      while (at < text.size() && (text[at] == '\n' || text[at] == '\r' || text[at] == ' ')) ++at;
      if (at >= text.size()) refuse("mesh.count", "the encoded data end too early", path);
      const char one = text[at++];
      std::uint32_t six = 0;
      if (one >= 'A' && one <= 'Z')
        six = static_cast<std::uint32_t>(one - 'A');
      else if (one >= 'a' && one <= 'z')
        six = static_cast<std::uint32_t>(one - 'a') + 26;
      else if (one >= '0' && one <= '9')
        six = static_cast<std::uint32_t>(one - '0') + 52;
      else if (one == '+')
        six = 62;
      else if (one == '/')
        six = 63;
      else if (one == '=')
        ++padding;
      else
        refuse("mesh.syntax", "the encoded data are no base64", path);
      bits = bits << 6 | six;
    }
    for (std::size_t b = 0; b < 3 - std::min<std::size_t>(padding, 3); ++b)
      bytes.push_back(static_cast<char>(bits >> (16 - 8 * b) & 0xffU));
  }
  if (bytes.size() < wanted) refuse("mesh.count", "the encoded data end too early", path);
  bytes.resize(wanted);
  return bytes;
}

// One DataArray of a VTP file, whatever way it is written.
class VtpArrays {
 public:
  VtpArrays(std::string_view text, const std::string& path) : text_(text), path_(path) {
    const auto open = text.find("<VTKFile");
    if (open == std::string_view::npos) refuse("mesh.syntax", "the file is no VTK XML file", path);
    const std::string_view tag = text.substr(open, text.find('>', open) - open);
    if (attribute(tag, "type") != "PolyData")
      refuse("mesh.syntax", "the VTK file is no PolyData", path);
    big_ = attribute(tag, "byte_order") == "BigEndian";
    header_ = attribute(tag, "header_type") == "UInt64" ? Type::u64 : Type::u32;
    const std::string compressor = attribute(tag, "compressor");
    compressed_ = !compressor.empty();
    if (compressed_ && compressor != "vtkZLibDataCompressor")
      refuse("mesh.unsupported", "the data are compressed by " + printable(compressor), path);
    const auto appended = text.find("<AppendedData");
    if (appended != std::string_view::npos) {
      const auto end = text.find('>', appended);
      raw_ = attribute(text.substr(appended, end - appended), "encoding") == "raw";
      const auto mark = text.find('_', end);
      if (mark == std::string_view::npos)
        refuse("mesh.syntax", "the appended data have no start", path);
      appended_ = text.substr(mark + 1);
      text_ = text.substr(0, appended);
    }
  }

  /// The first array in <section> whose name matches ("" = any); `type` takes its type.
  std::vector<double> read(const std::string& section, const std::string& name, Type& type) {
    const auto begin = text_.find("<" + section + ">");
    const auto end = text_.find("</" + section + ">", begin);
    if (begin == std::string_view::npos || end == std::string_view::npos)
      refuse("mesh.syntax", "there is no <" + section + ">", path_);
    std::string_view part = text_.substr(begin, end - begin);
    for (auto at = part.find("<DataArray"); at != std::string_view::npos;
         at = part.find("<DataArray", at + 1)) {
      const auto close = part.find('>', at);
      if (close == std::string_view::npos) break;
      const std::string_view tag = part.substr(at, close - at);
      if (!name.empty() && attribute(tag, "Name") != name) continue;
      type = type_of(attribute(tag, "type"));
      if (type == Type::none) refuse("mesh.syntax", "an array has no known type", path_);
      const std::string form = attribute(tag, "format");
      const std::string_view inner = part.substr(close + 1, part.find('<', close) - close - 1);
      if (form == "appended") {
        const auto offset = parse_number(attribute(tag, "offset"));
        if (!offset || *offset < 0 || *offset >= static_cast<double>(appended_.size()))
          refuse("mesh.count", "an array lies behind the end of the file", path_);
        return numbers(appended_.substr(static_cast<std::size_t>(*offset)), raw_, type);
      }
      if (form == "binary") return numbers(inner, false, type);
      std::vector<double> list;
      Scanner scanner(inner, path_);
      for (auto word = scanner.next_word(); !word.empty(); word = scanner.next_word())
        list.push_back(scanner.number(word));
      return list;
    }
    refuse("mesh.syntax", "<" + section + "> has no array '" + name + "'", path_);
  }

 private:
  std::string take(std::string_view data, bool raw, std::size_t& at, std::uint64_t wanted) const {
    if (wanted > data.size()) refuse("mesh.count", "an array is longer than the file", path_);
    if (!raw) return from_base64(data, at, wanted, path_);
    if (data.size() - at < wanted) refuse("mesh.count", "an array is longer than the file", path_);
    at += wanted;
    return std::string(data.substr(at - wanted, wanted));
  }

  std::uint64_t word(const std::string& bytes, std::uint64_t i) const {
    return static_cast<std::uint64_t>(value_at(bytes.data() + i * size_of(header_), header_, big_));
  }

  std::vector<double> numbers(std::string_view data, bool raw, Type type) const {
    const std::uint64_t h = size_of(header_);
    std::size_t at = 0;
    std::string bytes;
    if (!compressed_) {
      std::size_t peek = 0;
      const std::uint64_t size = word(take(data, raw, peek, h), 0);
      if (size > data.size()) refuse("mesh.count", "an array is longer than the file", path_);
      bytes = take(data, raw, at, h + size).substr(h);
    } else {
      std::size_t peek = 0;
      const std::uint64_t blocks = word(take(data, raw, peek, h), 0);
      if (blocks > data.size() / h)
        refuse("mesh.count", "an array has more blocks than bytes", path_);
      const std::string head = take(data, raw, at, (3 + blocks) * h);
      std::uint64_t packed = 0;
      for (std::uint64_t b = 0; b < blocks; ++b) {
        const std::uint64_t size = word(head, 3 + b);
        if (size > data.size() || (packed += size) > data.size())
          refuse("mesh.count", "an array is longer than the file", path_);
      }
      const std::string all = blocks == 0 ? std::string() : take(data, raw, at, packed);
      std::uint64_t from = 0;
      for (std::uint64_t b = 0; b < blocks; ++b) {
        const std::uint64_t size = word(head, 3 + b);
        const std::uint64_t last = word(head, 2);
        const std::uint64_t out = b + 1 == blocks && last > 0 ? last : word(head, 1);
        // zlib packs at most 1032 to 1.
        if (out > 1100 * (size + 64)) refuse("mesh.count", "a block says too large a size", path_);
        std::string block(out, '\0');
        std::size_t got = 0;
        if (CPLZLibInflate(all.data() + from, size, block.data(), out, &got) == nullptr ||
            got != out)
          refuse("mesh.count", "the compressed data are damaged", path_);
        bytes += block;
        from += size;
      }
    }
    if (bytes.size() % size_of(type) != 0)
      refuse("mesh.count", "an array ends within a number", path_);
    std::vector<double> list(bytes.size() / size_of(type));
    for (std::size_t i = 0; i < list.size(); ++i)
      list[i] = value_at(bytes.data() + i * size_of(type), type, big_);
    return list;
  }

  std::string_view text_, appended_;
  std::string path_;
  bool big_ = false, raw_ = false, compressed_ = false;
  Type header_ = Type::u32;
};

}  // namespace

void read_vtp(std::string_view bytes, TriangleMesh& mesh, std::size_t& split, bool& single) {
  VtpArrays arrays(bytes, mesh.name);
  const auto piece = bytes.find("<Piece");
  if (piece == std::string_view::npos || bytes.find("<Piece", piece + 1) != std::string_view::npos)
    refuse("mesh.unsupported", "the file has not exactly one piece", mesh.name);
  const std::string tag(bytes.substr(piece, bytes.find('>', piece) - piece));
  const auto said = [&](const std::string& name) {
    return parse_number(attribute(tag, name)).value_or(0.0);
  };
  if (said("NumberOfStrips") > 0.0)
    refuse("mesh.unsupported", "triangle strips are not read", mesh.name);
  Type type = Type::none;
  const auto places = arrays.read("Points", "", type);
  single = type == Type::f32;
  if (places.size() % 3 != 0 || static_cast<double>(places.size() / 3) != said("NumberOfPoints"))
    refuse("mesh.count",
           "the file says " + attribute(tag, "NumberOfPoints") + " points and has " +
               std::to_string(places.size() / 3),
           mesh.name);
  for (std::size_t i = 0; i < places.size(); i += 3)
    mesh.vertices.push_back({places[i], places[i + 1], places[i + 2]});
  const auto corners = arrays.read("Polys", "connectivity", type);
  const auto ends = arrays.read("Polys", "offsets", type);
  if (static_cast<double>(ends.size()) != said("NumberOfPolys"))
    refuse("mesh.count",
           "the file says " + attribute(tag, "NumberOfPolys") + " faces and has " +
               std::to_string(ends.size()),
           mesh.name);
  std::size_t at = 0;
  std::vector<std::int64_t> face;
  for (std::size_t f = 0; f < ends.size(); ++f) {
    const std::string where = mesh.name + ", face " + std::to_string(f + 1);
    if (!(ends[f] >= static_cast<double>(at) && ends[f] <= static_cast<double>(corners.size())))
      refuse("mesh.count", "the corners of a face are not in the file", where);
    face.clear();
    for (const auto end = static_cast<std::size_t>(ends[f]); at < end; ++at)
      face.push_back(index_of(corners[at], where));
    add_polygon(mesh, face, split, where);
  }
}

}  // namespace lode::mesh_files
