// Parquet tables as omf-rust writes them.
#include <algorithm>
#include <bit>

#include "libgeo/core/provenance.h"
#include "libgeo/io/parquet.h"
#include "libgeo/io/thrift.h"

namespace lode::parquet {

namespace {

using unpack::put_little;

constexpr std::size_t kPageRows = std::size_t{1} << 20;
constexpr std::size_t kPageBytes = std::size_t{1} << 28;
constexpr std::int64_t kRequired = 0, kOptional = 1, kGzip = 2, kPlain = 0, kRuns = 3;

std::int64_t whole(std::size_t value) {
  return static_cast<std::int64_t>(value);
}

// The older name of a meaning, which readers without logical types go by.
std::int64_t converted(Meaning meaning) {
  switch (meaning) {
    case Meaning::text:
      return 0;
    case Meaning::date:
      return 6;
    case Meaning::micros:
      return 10;
    case Meaning::u8:
      return 11;
    case Meaning::u16:
      return 12;
    case Meaning::u32:
      return 13;
    default:
      return -1;
  }
}

ThriftWriter logical(Meaning meaning) {
  ThriftWriter outer, inner;
  if (meaning == Meaning::text) {
    outer.message(1, inner);
  } else if (meaning == Meaning::date) {
    outer.message(6, inner);
  } else if (meaning == Meaning::micros) {
    ThriftWriter unit;
    unit.message(2, ThriftWriter());
    inner.boolean(1, true);
    inner.message(2, unit);
    outer.message(8, inner);
  } else {
    inner.byte(1, meaning == Meaning::u8 ? 8 : meaning == Meaning::u16 ? 16 : 32);
    inner.boolean(2, false);
    outer.message(10, inner);
  }
  return outer;
}

std::vector<ThriftWriter> schema_of(const Table& table) {
  std::vector<ThriftWriter> elements(1);
  std::size_t roots = 0;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    const bool opens =
        !column.group.empty() && (c == 0 || table.columns[c - 1].group != column.group);
    if (opens) {
      const auto members = std::count_if(table.columns.begin(), table.columns.end(),
                                         [&](const Column& o) { return o.group == column.group; });
      ThriftWriter group;
      group.i32(3, column.optional ? kOptional : kRequired);
      group.bytes(4, column.group);
      group.i32(5, members);
      elements.push_back(group);
    }
    if (opens || column.group.empty()) ++roots;
    ThriftWriter element;
    element.i32(1, static_cast<std::int64_t>(column.store));
    element.i32(3, column.optional && column.group.empty() ? kOptional : kRequired);
    element.bytes(4, column.name);
    if (column.meaning != Meaning::plain) {
      element.i32(6, converted(column.meaning));
      element.message(10, logical(column.meaning));
    }
    elements.push_back(element);
  }
  elements[0].bytes(4, "schema");
  elements[0].i32(5, whole(roots));
  return elements;
}

// Whether rows are there: one run when all are alike, else a bit each.
std::string levels_of(const Column& column, std::size_t from, std::size_t to) {
  std::string levels;
  const auto first = column.present.begin() + static_cast<std::ptrdiff_t>(from),
             last = column.present.begin() + static_cast<std::ptrdiff_t>(to);
  if (std::adjacent_find(first, last, std::not_equal_to<>()) == last) {
    put_varint(levels, (to - from) << 1U);
    levels += static_cast<char>(*first);
    return levels;
  }
  const std::size_t groups = (to - from + 7) / 8;
  put_varint(levels, groups << 1U | 1U);
  const std::size_t head = levels.size();
  levels.resize(head + groups, '\0');
  for (std::size_t i = from; i < to; ++i)
    if (column.present[i] != 0)
      levels[head + (i - from) / 8] = static_cast<char>(
          static_cast<unsigned char>(levels[head + (i - from) / 8]) | 1U << ((i - from) % 8));
  return levels;
}

void put_value(std::string& bytes, const Column& column, std::size_t row) {
  switch (column.store) {
    case Store::int32:
      return put_little(bytes, static_cast<std::uint64_t>(column.integers[row]), 4);
    case Store::int64:
      return put_little(bytes, static_cast<std::uint64_t>(column.integers[row]), 8);
    case Store::float32:
      return put_little(bytes, std::bit_cast<std::uint32_t>(static_cast<float>(column.reals[row])),
                        4);
    case Store::float64:
      return put_little(bytes, std::bit_cast<std::uint64_t>(column.reals[row]), 8);
    default:
      put_little(bytes, column.texts[row].size(), 4);
      bytes += column.texts[row];
  }
}

struct Page {
  std::string values;
  std::size_t rows = 0, missing = 0;
};

Page page_of(const Column& column, std::size_t from, std::size_t rows) {
  Page page;
  std::size_t bits = 0;
  for (std::size_t row = from;
       row < rows && page.rows < kPageRows && page.values.size() < kPageBytes; ++row, ++page.rows) {
    if (column.missing(row)) {
      ++page.missing;
    } else if (column.store == Store::boolean) {
      if (bits % 8 == 0) page.values += '\0';
      if (column.integers[row] != 0)
        page.values.back() =
            static_cast<char>(static_cast<unsigned char>(page.values.back()) | 1U << (bits % 8));
      ++bits;
    } else {
      put_value(page.values, column, row);
    }
  }
  return page;
}

struct Chunk {
  std::size_t begin = 0, expanded = 0, packed = 0;
};

Chunk put_chunk(std::string& file, const Column& column, std::size_t rows) {
  Chunk chunk;
  chunk.begin = file.size();
  for (std::size_t from = 0; from < rows;) {
    const Page page = page_of(column, from, rows);
    const std::string levels =
        column.optional ? levels_of(column, from, from + page.rows) : std::string();
    const std::string packed = unpack::deflate(page.values, unpack::Wrap::gzip);
    ThriftWriter detail, head;
    detail.i32(1, whole(page.rows));
    detail.i32(2, whole(page.missing));
    detail.i32(3, whole(page.rows));
    detail.i32(4, kPlain);
    detail.i32(5, whole(levels.size()));
    detail.i32(6, 0);
    detail.boolean(7, true);
    head.i32(1, 3);
    head.i32(2, whole(levels.size() + page.values.size()));
    head.i32(3, whole(levels.size() + packed.size()));
    head.message(8, detail);
    const std::string text = head.text();
    file += text + levels + packed;
    chunk.expanded += text.size() + levels.size() + page.values.size();
    from += page.rows;
  }
  chunk.packed = file.size() - chunk.begin;
  return chunk;
}

ThriftWriter chunk_meta(const Column& column, const Chunk& chunk, std::size_t rows) {
  ThriftWriter meta, outer;
  meta.i32(1, static_cast<std::int64_t>(column.store));
  meta.integers(2, {kPlain, kRuns});
  meta.texts(3, column.group.empty() ? std::vector<std::string>{column.name}
                                     : std::vector<std::string>{column.group, column.name});
  meta.i32(4, kGzip);
  meta.i64(5, whole(rows));
  meta.i64(6, whole(chunk.expanded));
  meta.i64(7, whole(chunk.packed));
  meta.i64(9, whole(chunk.begin));
  outer.i64(2, 0);
  outer.message(3, meta);
  return outer;
}

}  // namespace

std::string table_bytes(const Table& table) {
  std::string file = "PAR1";
  std::vector<ThriftWriter> chunks, groups;
  std::size_t expanded = 0, packed = 0;
  if (table.rows > 0) {
    for (const Column& column : table.columns) {
      const Chunk chunk = put_chunk(file, column, table.rows);
      expanded += chunk.expanded;
      packed += chunk.packed;
      chunks.push_back(chunk_meta(column, chunk, table.rows));
    }
    ThriftWriter group;
    group.messages(1, chunks);
    group.i64(2, whole(expanded));
    group.i64(3, whole(table.rows));
    group.i64(5, 4);
    group.i64(6, whole(packed));
    group.i16(7, 0);
    groups.push_back(group);
  }
  ThriftWriter order, footer;
  order.message(1, ThriftWriter());
  footer.i32(1, 2);
  footer.messages(2, schema_of(table));
  footer.i64(3, whole(table.rows));
  footer.messages(4, groups);
  footer.bytes(6, "Lode " + std::string(version()));
  footer.messages(7, std::vector<ThriftWriter>(table.columns.size(), order));
  const std::string text = footer.text();
  file += text;
  put_little(file, text.size(), 4);
  return file + "PAR1";
}

}  // namespace lode::parquet
