#include "libgeo/io/parquet.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/thrift.h"

namespace lode::parquet {

namespace {

using unpack::little;

[[noreturn]] void corrupt(const std::string& what, const std::string& where) {
  throw Error("parquet.corrupt", what, where, "Take a sound copy of the file.");
}

[[noreturn]] void unsupported(const std::string& what, const std::string& where) {
  throw Error("parquet.unsupported", what, where,
              "Have the file written anew, with gzip and plain values.");
}

Store store_of(const Thrift& element, const std::string& where) {
  const std::uint64_t type = element.count(1, where);
  if (type == 3 || type > 6) unsupported("a column of INT96 or of fixed length", where);
  return static_cast<Store>(type);
}

// The logical type where there is one, else the older "converted" one.
Meaning meaning_of(const Thrift& element) {
  const Thrift& logical = element.at(10);
  if (!logical.numbers.empty()) {
    const int kind = logical.numbers.front();
    const Thrift& detail = logical.list.front();
    if (kind == 1) return Meaning::text;
    if (kind == 6) return Meaning::date;
    if (kind == 8) return detail.at(2).has(2) ? Meaning::micros : Meaning::other;
    if (kind == 10) {
      const std::int64_t bits = detail.at(1).integer;
      if (detail.at(2).integer != 0) return bits >= 32 ? Meaning::plain : Meaning::other;
      return bits == 8    ? Meaning::u8
             : bits == 16 ? Meaning::u16
             : bits == 32 ? Meaning::u32
                          : Meaning::other;
    }
    return Meaning::other;
  }
  if (!element.has(6)) return Meaning::plain;
  switch (element.at(6).integer) {
    case 0:
      return Meaning::text;
    case 6:
      return Meaning::date;
    case 10:
      return Meaning::micros;
    case 11:
      return Meaning::u8;
    case 12:
      return Meaning::u16;
    case 13:
      return Meaning::u32;
    default:
      return Meaning::other;
  }
}

// How many levels a column's missing rows are told by, and from which on a value is there.
struct Leaf {
  Column column;
  unsigned levels = 0;
};

std::vector<Leaf> leaves_of(const Thrift& schema, const std::string& where) {
  if (schema.list.empty()) corrupt("the table has no schema", where);
  std::vector<Leaf> leaves;
  std::string group;
  bool group_optional = false;
  std::size_t left = 0;
  for (std::size_t i = 1; i < schema.list.size(); ++i) {
    const Thrift& element = schema.list[i];
    const std::string& name = element.at(4).bytes;
    if (element.at(3).integer == 2) unsupported("a repeated column", where);
    const bool optional = element.at(3).integer == 1;
    if (!element.has(1)) {
      if (left != 0) unsupported("groups within groups", where);
      group = name;
      group_optional = optional;
      left = element.count(5, where);
      if (left == 0) unsupported("an empty group", where);
      continue;
    }
    Leaf leaf;
    leaf.column.name = name;
    leaf.column.store = store_of(element, where);
    leaf.column.meaning = meaning_of(element);
    leaf.column.optional = optional;
    leaf.levels = optional ? 1 : 0;
    if (left != 0) {
      leaf.column.group = group;
      leaf.column.optional = optional || group_optional;
      leaf.levels += group_optional ? 1 : 0;
      --left;
    }
    leaves.push_back(std::move(leaf));
  }
  if (left != 0) corrupt("a group lacks columns", where);
  return leaves;
}

// Runs and bit-packed groups (Parquet's RLE hybrid): `count` numbers of `width` bits.
std::vector<std::uint32_t> read_runs(std::string_view bytes, std::size_t count, unsigned width,
                                     const std::string& where) {
  if (width > 32) corrupt("numbers of more than 32 bits in a run", where);
  std::vector<std::uint32_t> values;
  std::size_t at = 0;
  const std::size_t wide = (width + 7) / 8;
  while (values.size() < count) {
    const std::uint64_t head = read_varint(bytes, at, where);
    if ((head & 1U) == 0) {
      if (bytes.size() - at < wide) corrupt("a run of values is cut", where);
      const auto value = static_cast<std::uint32_t>(little(bytes, at, wide));
      at += wide;
      const std::size_t run = std::min<std::uint64_t>(head >> 1U, count - values.size());
      if (run == 0) corrupt("a run of no values", where);
      values.insert(values.end(), run, value);
      continue;
    }
    const std::uint64_t groups = head >> 1U;
    // The last group may be longer than the values that are left, never cut.
    if (groups == 0 || (width != 0 && groups > (bytes.size() - at) / width))
      corrupt("a run of values is cut", where);
    const std::size_t run =
        std::min<std::uint64_t>(groups > count ? count : groups * 8, count - values.size());
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    for (std::size_t i = 0; i < run; ++i) {
      const std::size_t bit = i * width;
      const std::size_t from = at + bit / 8;
      const std::size_t some = std::min<std::size_t>(8, bytes.size() - from);
      const std::uint64_t word = width == 0 ? 0 : little(bytes, from, some);
      values.push_back(static_cast<std::uint32_t>(word >> (bit % 8) & mask));
    }
    at += groups * width;
  }
  return values;
}

// Values of one column as they stand in pages: those that are there, without the missing ones.
struct Values {
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::string> texts;
};

std::size_t size_of(Store store) {
  return store == Store::int32 || store == Store::float32 ? 4 : 8;
}

void read_plain(std::string_view bytes, Store store, std::size_t count, Values& values,
                const std::string& where) {
  if (store == Store::boolean) {
    if (bytes.size() < (count + 7) / 8) corrupt("a page has fewer values than it says", where);
    for (std::size_t i = 0; i < count; ++i)
      values.integers.push_back(static_cast<unsigned char>(bytes[i / 8]) >> (i % 8) & 1);
    return;
  }
  if (store == Store::bytes) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (bytes.size() - at < 4) corrupt("a page has fewer values than it says", where);
      const std::size_t length = little(bytes, at, 4);
      at += 4;
      if (bytes.size() - at < length) corrupt("a text is longer than its page", where);
      values.texts.emplace_back(bytes.substr(at, length));
      at += length;
    }
    return;
  }
  const std::size_t each = size_of(store);
  if (bytes.size() / each < count) corrupt("a page has fewer values than it says", where);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t bits = little(bytes, i * each, each);
    if (store == Store::int32)
      values.integers.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(bits)));
    else if (store == Store::int64)
      values.integers.push_back(static_cast<std::int64_t>(bits));
    else if (store == Store::float32)
      values.reals.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    else
      values.reals.push_back(std::bit_cast<double>(bits));
  }
}

// DELTA_BINARY_PACKED: a first value, then blocks of differences to the least of each block.
void read_deltas(std::string_view bytes, Store store, std::size_t count, Values& values,
                 const std::string& where) {
  std::size_t at = 0;
  const std::uint64_t block = read_varint(bytes, at, where), parts = read_varint(bytes, at, where),
                      total = read_varint(bytes, at, where);
  std::uint64_t last = static_cast<std::uint64_t>(unzigzag(read_varint(bytes, at, where)));
  if (total != count || block == 0 || block > 1U << 20U || parts == 0 || block % parts != 0 ||
      block / parts % 8 != 0)
    corrupt("packed differences are damaged", where);
  const auto add = [&](std::uint64_t value) {
    values.integers.push_back(store == Store::int32
                                  ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                                  : static_cast<std::int64_t>(value));
  };
  std::size_t made = 0;
  if (count > 0) add(last), ++made;
  while (made < count) {
    const auto least = static_cast<std::uint64_t>(unzigzag(read_varint(bytes, at, where)));
    if (bytes.size() - at < parts) corrupt("packed differences are cut", where);
    const std::string_view widths = bytes.substr(at, parts);
    at += parts;
    for (std::size_t p = 0; p < parts && made < count; ++p) {
      const unsigned width = static_cast<unsigned char>(widths[p]);
      const std::size_t each = block / parts, packed = each / 8 * width;
      if (width > 64 || bytes.size() - at < packed) corrupt("packed differences are cut", where);
      for (std::size_t i = 0; i < each && made < count; ++i, ++made) {
        std::uint64_t delta = 0;
        for (unsigned b = 0; b < width; ++b) {
          const std::size_t bit = i * width + b;
          const unsigned byte = static_cast<unsigned char>(bytes[at + bit / 8]);
          delta |= static_cast<std::uint64_t>(byte >> (bit % 8) & 1U) << b;
        }
        last += least + delta;
        add(last);
      }
      at += packed;
    }
  }
}

template <class T>
void pick(const std::vector<T>& from, const std::vector<std::uint32_t>& places, std::vector<T>& to,
          const std::string& where) {
  for (const std::uint32_t place : places) {
    if (place >= from.size()) corrupt("a value is none of its dictionary", where);
    to.push_back(from[place]);
  }
}

class ChunkReader {
 public:
  ChunkReader(std::string_view file, Leaf& leaf, unpack::Allowance& allowance, std::string where)
      : file_(file), leaf_(leaf), allowance_(allowance), where_(std::move(where)) {}

  void read(const Thrift& meta, std::size_t rows) {
    codec_ = meta.count(4, where_);
    if (codec_ > 2)
      unsupported("packed by method " + std::to_string(codec_) + ", not gzip or Snappy", where_);
    if (meta.at(1).integer != static_cast<std::int64_t>(leaf_.column.store))
      corrupt("a column is stored otherwise than the schema says", where_);
    std::uint64_t at = meta.count(9, where_);
    if (meta.has(11) && meta.at(11).integer > 0) at = std::min(at, meta.count(11, where_));
    const std::uint64_t size = meta.count(7, where_);
    if (at > file_.size() || size > file_.size() - at) corrupt("a column lies outside", where_);
    const std::string_view chunk = file_.substr(at, size);
    std::size_t done = 0;
    std::size_t place = 0;
    while (done < rows) {
      const Thrift page = read_thrift(chunk, place, where_);
      const std::uint64_t packed = page.count(3, where_);
      if (packed > chunk.size() - place) corrupt("a page is cut", where_);
      read_page(page, chunk.substr(place, packed), rows, done);
      place += packed;
    }
    if (done != rows) corrupt("a column has more values than rows", where_);
  }

 private:
  [[nodiscard]] std::string unpacked(std::string_view packed, bool is_packed, std::uint64_t said) {
    std::string bytes;
    if (!is_packed || codec_ == 0) {
      allowance_.take(packed.size());
      bytes = std::string(packed);
    } else if (codec_ == 2) {
      bytes = packed.empty() ? std::string()
                             : unpack::inflate(packed, unpack::Wrap::gzip, allowance_, where_);
    } else {
      bytes = packed.empty() ? std::string() : unpack::unsnappy(packed, allowance_, where_);
    }
    if (bytes.size() != said) corrupt("a page does not have the size that it says", where_);
    return bytes;
  }

  void read_page(const Thrift& page, std::string_view packed, std::size_t rows, std::size_t& done) {
    const std::int64_t type = page.at(1).integer;
    const std::uint64_t said = page.count(2, where_);
    if (type == 2) {
      const Thrift& head = page.at(7);
      const std::size_t count = head.count(1, where_);
      allowance_.take(count, leaf_.column.store == Store::bytes ? 40 : 8);
      const std::string bytes = unpacked(packed, true, said);
      dictionary_.emplace();
      read_plain(bytes, leaf_.column.store, count, *dictionary_, where_);
      return;
    }
    if (type == 1) return;  // an index, of no use here
    if (type != 0 && type != 3) unsupported("a page of an unknown kind", where_);
    const Thrift& head = page.at(type == 0 ? 5 : 8);
    const std::size_t count = head.count(1, where_);
    if (count > rows - done) corrupt("a column has more values than rows", where_);
    allowance_.take(count, leaf_.column.store == Store::bytes ? 40 : 16);
    std::string levels, bytes;
    if (type == 0) {
      bytes = unpacked(packed, true, said);
      if (leaf_.levels != 0) {
        if (bytes.size() < 4 || bytes.size() - 4 < little(bytes, 0, 4))
          corrupt("a page is cut", where_);
        const std::size_t length = little(bytes, 0, 4);
        levels = bytes.substr(4, length);
        bytes.erase(0, 4 + length);
      }
    } else {
      const std::uint64_t def = head.count(5, where_), rep = head.count(6, where_);
      if (rep != 0 || def > packed.size() || def > said) corrupt("a page is cut", where_);
      levels = std::string(packed.substr(0, def));
      const bool is_packed = !head.has(7) || head.at(7).integer != 0;
      bytes = unpacked(packed.substr(def), is_packed, said - def);
    }
    const std::uint64_t encoding = head.count(type == 0 ? 2 : 4, where_);
    take_values(levels, bytes, encoding, count);
    done += count;
  }

  void take_values(std::string_view levels, std::string_view bytes, std::uint64_t encoding,
                   std::size_t count) {
    std::vector<std::uint8_t> there(count, 1);
    std::size_t values = count;
    if (leaf_.levels != 0) {
      const auto runs = read_runs(levels, count, leaf_.levels == 1 ? 1 : 2, where_);
      for (std::size_t i = 0; i < count; ++i) {
        if (runs[i] > leaf_.levels) corrupt("a level is higher than the schema's", where_);
        there[i] = runs[i] == leaf_.levels ? 1 : 0;
        values -= there[i] == 0 ? 1 : 0;
      }
    }
    Values read;
    decode(bytes, encoding, values, read);
    Column& column = leaf_.column;
    std::size_t next = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const bool is = there[i] != 0;
      if (column.optional) column.present.push_back(there[i]);
      if (column.store == Store::bytes)
        column.texts.push_back(is ? std::move(read.texts[next]) : std::string());
      else if (column.store == Store::float32 || column.store == Store::float64)
        column.reals.push_back(is ? read.reals[next] : 0.0);
      else
        column.integers.push_back(is ? read.integers[next] : 0);
      next += is ? 1 : 0;
    }
  }

  void decode(std::string_view bytes, std::uint64_t encoding, std::size_t count, Values& read) {
    const Store store = leaf_.column.store;
    if (encoding == 0) return read_plain(bytes, store, count, read, where_);
    if (encoding == 2 || encoding == 8) {
      if (!dictionary_) corrupt("a page has no dictionary", where_);
      if (count == 0) return;
      if (bytes.empty()) corrupt("a page is cut", where_);
      const auto width = static_cast<unsigned char>(bytes[0]);
      const auto places = read_runs(bytes.substr(1), count, width, where_);
      if (store == Store::bytes) return pick_texts(places, read);
      if (store == Store::float32 || store == Store::float64)
        return pick(dictionary_->reals, places, read.reals, where_);
      return pick(dictionary_->integers, places, read.integers, where_);
    }
    if (encoding == 3 && store == Store::boolean) {
      if (bytes.size() < 4 || bytes.size() - 4 < little(bytes, 0, 4))
        corrupt("a page is cut", where_);
      for (const auto value : read_runs(bytes.substr(4, little(bytes, 0, 4)), count, 1, where_))
        read.integers.push_back(value);
      return;
    }
    if (encoding == 5 && (store == Store::int32 || store == Store::int64))
      return read_deltas(bytes, store, count, read, where_);
    unsupported("values in encoding " + std::to_string(encoding), where_);
  }

  // A long text named often: its copies count against what the file may unpack to.
  void pick_texts(const std::vector<std::uint32_t>& places, Values& read) {
    for (const std::uint32_t place : places)
      if (place < dictionary_->texts.size()) allowance_.take(dictionary_->texts[place].size());
    pick(dictionary_->texts, places, read.texts, where_);
  }

  std::string_view file_;
  Leaf& leaf_;
  unpack::Allowance& allowance_;
  std::string where_;
  std::uint64_t codec_ = 0;
  std::optional<Values> dictionary_;
};

Thrift footer_of(std::string_view bytes, const std::string& where) {
  if (bytes.size() < 12 || bytes.substr(0, 4) != "PAR1" || bytes.substr(bytes.size() - 4) != "PAR1")
    corrupt("it is no Parquet table, or cut", where);
  const std::size_t length = little(bytes, bytes.size() - 8, 4);
  if (length > bytes.size() - 12) corrupt("the table's footer lies outside", where);
  std::size_t at = 0;
  return read_thrift(bytes.substr(bytes.size() - 8 - length, length), at, where);
}

}  // namespace

Table read_table(std::string_view bytes, std::size_t rows, unpack::Allowance& allowance,
                 const std::string& where) {
  const Thrift footer = footer_of(bytes, where);
  const std::uint64_t said = footer.count(3, where);
  if (said != rows)
    throw Error("parquet.rows",
                "the table has " + std::to_string(said) + " rows where " + std::to_string(rows) +
                    " are due",
                where, "Have the file written anew.");
  std::vector<Leaf> leaves = leaves_of(footer.at(2), where);
  std::size_t done = 0;
  for (const Thrift& group : footer.at(4).list) {
    const std::uint64_t count = group.count(3, where);
    if (count > rows - done || group.at(1).list.size() != leaves.size())
      corrupt("the table's parts do not fit its schema", where);
    for (std::size_t c = 0; c < leaves.size(); ++c)
      ChunkReader(bytes, leaves[c], allowance,
                  where + ", column " + printable(leaves[c].column.name))
          .read(group.at(1).list[c].at(3), count);
    done += count;
  }
  if (done != rows) corrupt("the table has fewer rows than it says", where);
  Table table;
  table.rows = rows;
  for (Leaf& leaf : leaves) table.columns.push_back(std::move(leaf.column));
  return table;
}

std::string schema_text(const Table& table) {
  static constexpr std::array<const char*, 7> kStores{"boolean", "int32",  "int64",     "int96",
                                                      "float",   "double", "byte_array"};
  static constexpr std::array<const char*, 8> kMeanings{
      "", " (string)", " (date)", " (micros)", " (u8)", " (u16)", " (u32)", " (other)"};
  std::string text, group;
  for (const Column& column : table.columns) {
    if (column.group != group && !group.empty()) text += " }";
    if (!text.empty()) text += "; ";
    if (column.group != group && !column.group.empty())
      text += (column.optional ? "optional group " : "required group ") + column.group + " { ";
    group = column.group;
    text += column.optional && group.empty() ? "optional " : "required ";
    text += kStores.at(static_cast<std::size_t>(column.store));
    text += kMeanings.at(static_cast<std::size_t>(column.meaning));
    text += " " + column.name;
  }
  return group.empty() ? text : text + " }";
}

}  // namespace lode::parquet
