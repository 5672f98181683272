#include "libgeo/io/vtk_xml.h"

#include <cpl_conv.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/block_files.h"
#include "libgeo/io/mesh_parts.h"

namespace lode::mesh_files {

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

std::string attribute(std::string_view tag, const std::string& name) {
  const auto at = tag.find(" " + name + "=\"");
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size() + 3;
  const auto end = tag.find('"', begin);
  return std::string(tag.substr(begin, std::min(end, tag.size()) - begin));
}

namespace {

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

}  // namespace

namespace {

std::string unescaped(std::string text) {
  for (const auto& [code, letter] : {std::pair<const char*, const char*>{"&lt;", "<"},
                                     {"&gt;", ">"},
                                     {"&quot;", "\""},
                                     {"&apos;", "'"},
                                     {"&amp;", "&"}})
    for (auto at = text.find(code); at != std::string::npos; at = text.find(code, at + 1))
      text.replace(at, std::strlen(code), letter);
  return text;
}

}  // namespace

VtkFile::VtkFile(std::string_view text, const std::string& path) : text_(text), path_(path) {
  const auto open = text.find("<VTKFile");
  if (open == std::string_view::npos) refuse("mesh.syntax", "the file is no VTK XML file", path);
  const std::string_view tag = text.substr(open, text.find('>', open) - open);
  kind_ = attribute(tag, "type");
  big_ = attribute(tag, "byte_order") == "BigEndian";
  header_ = attribute(tag, "header_type") == "UInt64" ? Type::u64 : Type::u32;
  const std::string compressor = attribute(tag, "compressor");
  compressed_ = !compressor.empty();
  if (compressed_ && compressor != "vtkZLibDataCompressor")
    refuse("mesh.unsupported", "the data are compressed by " + printable(compressor), path);
  if (text.rfind("</VTKFile>") == std::string_view::npos)
    refuse("mesh.syntax", "the file ends before its </VTKFile>", path);
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
  const auto piece = text_.find("<Piece");
  if (piece != std::string_view::npos && text_.find("<Piece", piece + 1) != std::string_view::npos)
    refuse("mesh.unsupported", "the file has more than one piece", path);
}

std::string VtkFile::said(const std::string& tag, const std::string& name) const {
  const auto open = text_.find("<" + tag);
  if (open == std::string_view::npos) return {};
  return attribute(text_.substr(open, text_.find('>', open) - open), name);
}

double VtkFile::count(const std::string& name) const {
  return parse_number(said("Piece", name)).value_or(0.0);
}

std::string_view VtkFile::part(const std::string& section) const {
  for (auto at = text_.find("<" + section); at != std::string_view::npos;
       at = text_.find("<" + section, at + 1)) {
    const std::size_t next = at + 1 + section.size();
    if (next >= text_.size() || std::string_view(" >\t\r\n").find(text_[next]) == std::string::npos)
      continue;
    const auto tag = text_.find('>', at);
    if (tag == std::string_view::npos || text_[tag - 1] == '/') return {};
    const auto end = text_.find("</" + section + ">", at);
    return end == std::string_view::npos ? std::string_view{} : text_.substr(at, end - at);
  }
  return {};
}

bool VtkFile::has(const std::string& section) const {
  return !part(section).empty();
}

VtkArray VtkFile::array(std::string_view part, std::size_t at) const {
  VtkArray array;
  const auto close = part.find('>', at);
  if (close == std::string_view::npos) refuse("mesh.syntax", "a tag does not end", path_);
  const std::string_view tag = part.substr(at, close - at);
  array.name = unescaped(attribute(tag, "Name"));
  array.is_text = attribute(tag, "type") == "String";
  array.type = array.is_text ? Type::u8 : type_of(attribute(tag, "type"));
  if (array.type == Type::none) refuse("mesh.syntax", "an array has no known type", path_);
  const auto components = parse_number(attribute(tag, "NumberOfComponents")).value_or(1.0);
  array.components =
      components >= 1.0 && components <= 1000.0 ? static_cast<std::size_t>(components) : 1;
  const std::string form = attribute(tag, "format");
  const std::string_view inner = tag.ends_with('/')
                                     ? std::string_view{}
                                     : part.substr(close + 1, part.find('<', close) - close - 1);
  if (form == "appended") {
    const auto offset = parse_number(attribute(tag, "offset"));
    if (!offset || *offset < 0 || *offset >= static_cast<double>(appended_.size()))
      refuse("mesh.count", "an array lies behind the end of the file", path_);
    array.numbers = numbers(appended_.substr(static_cast<std::size_t>(*offset)), raw_, array.type);
  } else if (form == "binary") {
    array.numbers = numbers(inner, false, array.type);
  } else {
    Scanner scanner(inner, path_);
    for (auto word = scanner.next_word(); !word.empty(); word = scanner.next_word())
      array.numbers.push_back(lower(word).ends_with("nan") ? NAN : scanner.number(word));
  }
  if (!array.is_text) return array;
  std::string one;
  for (const double code : array.numbers) {
    if (code == 0.0) {
      array.words.push_back(std::move(one));
      one.clear();
    } else if (code > 0.0 && code < 256.0) {
      one.push_back(static_cast<char>(static_cast<unsigned char>(code)));
    }
  }
  array.numbers.clear();
  return array;
}

std::vector<double> VtkFile::read(const std::string& section, const std::string& name,
                                  Type& type) const {
  const std::string_view inner = part(section);
  if (inner.empty()) refuse("mesh.syntax", "there is no <" + section + ">", path_);
  for (auto at = inner.find("<DataArray"); at != std::string_view::npos;
       at = inner.find("<DataArray", at + 1)) {
    const auto close = inner.find('>', at);
    if (close == std::string_view::npos) break;
    if (!name.empty() && attribute(inner.substr(at, close - at), "Name") != name) continue;
    VtkArray found = array(inner, at);
    type = found.type;
    return std::move(found.numbers);
  }
  refuse("mesh.syntax", "<" + section + "> has no array '" + name + "'", path_);
}

std::vector<VtkArray> VtkFile::all(const std::string& section) const {
  std::vector<VtkArray> arrays;
  const std::string_view inner = part(section);
  for (auto at = inner.find('<'); at != std::string_view::npos; at = inner.find('<', at + 1))
    if (inner.substr(at, 10) == "<DataArray" || inner.substr(at, 7) == "<Array ")
      arrays.push_back(array(inner, at));
  return arrays;
}

std::uint64_t VtkFile::word(const std::string& bytes, std::uint64_t i) const {
  return static_cast<std::uint64_t>(value_at(bytes.data() + i * size_of(header_), header_, big_));
}

std::string VtkFile::take(std::string_view data, bool raw, std::size_t& at,
                          std::uint64_t wanted) const {
  if (wanted > data.size()) refuse("mesh.count", "an array is longer than the file", path_);
  if (!raw) return from_base64(data, at, wanted, path_);
  if (data.size() - at < wanted) refuse("mesh.count", "an array is longer than the file", path_);
  at += wanted;
  return std::string(data.substr(at - wanted, wanted));
}

std::string VtkFile::packed(std::string_view data, bool raw) const {
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
      if (CPLZLibInflate(all.data() + from, size, block.data(), out, &got) == nullptr || got != out)
        refuse("mesh.count", "the compressed data are damaged", path_);
      bytes += block;
      from += size;
    }
  }
  return bytes;
}

std::vector<double> VtkFile::numbers(std::string_view data, bool raw, Type type) const {
  const std::string bytes = packed(data, raw);
  if (bytes.size() % size_of(type) != 0)
    refuse("mesh.count", "an array ends within a number", path_);
  std::vector<double> list(bytes.size() / size_of(type));
  for (std::size_t i = 0; i < list.size(); ++i)
    list[i] = value_at(bytes.data() + i * size_of(type), type, big_);
  return list;
}

void NumberBytes::put(const void* value, std::size_t n) {
  char raw[8];
  std::memcpy(raw, value, n);
  if constexpr (std::endian::native == std::endian::big) std::reverse(raw, raw + n);
  bytes.append(raw, n);
}

namespace {

constexpr std::size_t packed_block = std::size_t{1} << 18;

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '&')
      safe += "&amp;";
    else if (c == '"')
      safe += "&quot;";
    else if (static_cast<unsigned char>(c) >= 32)
      safe += c;
  }
  return safe;
}

// Blocks, size of one, size of the last (0 = full), packed sizes; then the blocks.
std::string with_header(const std::string& bytes) {
  NumberBytes head;
  const std::size_t blocks = (bytes.size() + packed_block - 1) / packed_block;
  head.add(static_cast<std::int64_t>(blocks));
  head.add(static_cast<std::int64_t>(packed_block));
  head.add(static_cast<std::int64_t>(bytes.size() % packed_block));
  std::string body, room;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t n = std::min(packed_block, bytes.size() - b * packed_block);
    room.resize(n + n / 500 + 64);
    std::size_t used = 0;
    if (CPLZLibDeflate(bytes.data() + b * packed_block, n, 6, room.data(), room.size(), &used) ==
        nullptr)
      throw Error("io.write", "the data cannot be packed", {}, "Is there memory enough?");
    head.add(static_cast<std::int64_t>(used));
    body.append(room, 0, used);
  }
  return head.bytes + body;
}

}  // namespace

VtkWriter::VtkWriter(const std::string& type, const std::string& attributes) : type_(type) {
  text_ = "<?xml version=\"1.0\"?>\n<VTKFile type=\"" + type +
          "\" version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\" "
          "compressor=\"vtkZLibDataCompressor\">\n<" +
          type + attributes + ">\n";
}

void VtkWriter::array(const std::string& name, const std::string& type, std::size_t components,
                      const std::string& bytes) {
  text_ += "<DataArray type=\"" + type + "\" Name=\"" + escaped(name) + "\" NumberOfComponents=\"" +
           std::to_string(components) + "\" format=\"appended\" offset=\"" +
           std::to_string(appended_.size()) + "\"/>\n";
  appended_ += with_header(bytes);
}

void VtkWriter::words(const std::string& name, const std::vector<std::string>& words) {
  text_ += "<Array type=\"String\" Name=\"" + escaped(name) + "\" NumberOfTuples=\"" +
           std::to_string(words.size()) + "\" format=\"ascii\">\n";
  for (const std::string& one : words) {
    for (const char c : one)
      if (c != '\0') text_ += std::to_string(static_cast<unsigned char>(c)) + " ";
    text_ += "0\n";
  }
  text_ += "</Array>\n";
}

void VtkWriter::write(const std::string& staged) {
  BlockWriter out(staged, staged);
  out.write(text_);
  out.write("</" + type_ + ">\n<AppendedData encoding=\"raw\">\n_");
  out.write(appended_);
  out.write("\n</AppendedData>\n</VTKFile>\n");
  out.finish();
}

}  // namespace lode::mesh_files
