// Models made at random, and Open Mining Format files made by hand, for the tests of that format.
#pragma once

#include <cmath>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/io/model_parts.h"
#include "libgeo/io/parquet.h"
#include "libgeo/io/unpack.h"
#include "libgeo/io/zip_parts.h"

namespace lode::omf_cases {

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline ModelFile read(const std::string& bytes) {
  ModelFile model;
  model.source.path = "file.omf";
  model_files::read_omf(bytes, model);
  return model;
}

inline bool said(const std::vector<ModelLoss>& lost, const std::string& part) {
  for (const ModelLoss& loss : lost)
    if ((loss.object + ": " + loss.what).find(part) != std::string::npos) return true;
  return false;
}

inline parquet::Column reals(const std::string& name, std::vector<double> values) {
  parquet::Column column;
  column.name = name;
  column.reals = std::move(values);
  return column;
}

inline parquet::Column wholes(const std::string& name, std::vector<std::int64_t> values,
                              parquet::Store store = parquet::Store::int32,
                              parquet::Meaning meaning = parquet::Meaning::u32) {
  parquet::Column column;
  column.name = name;
  column.store = store;
  column.meaning = meaning;
  column.integers = std::move(values);
  return column;
}

inline parquet::Column texts(const std::string& name, std::vector<std::string> values) {
  parquet::Column column;
  column.name = name;
  column.store = parquet::Store::bytes;
  column.meaning = parquet::Meaning::text;
  column.texts = std::move(values);
  return column;
}

inline parquet::Column optional(parquet::Column column, std::vector<std::uint8_t> present) {
  column.optional = true;
  column.present = std::move(present);
  return column;
}

inline std::string table(std::vector<parquet::Column> columns) {
  parquet::Table made;
  made.columns = std::move(columns);
  const parquet::Column& first = made.columns.at(0);
  made.rows = std::max({first.integers.size(), first.reals.size(), first.texts.size()});
  return parquet::table_bytes(made);
}

/// An archive of an index and tables named 1.parquet, 2.parquet, ...
inline std::string omf2(const std::string& index, const std::vector<std::string>& tables,
                        const std::string& comment = "Open Mining Format 2.0") {
  std::vector<std::pair<std::string, std::string>> members;
  for (std::size_t i = 0; i < tables.size(); ++i)
    members.emplace_back(std::to_string(i + 1) + ".parquet", tables[i]);
  members.emplace_back("index.json.gz", unpack::deflate(index, unpack::Wrap::gzip));
  return zip_parts::stored_zip(members, comment);
}

/// The same of one object, "thing".
inline std::string omf2_of(const std::string& geometry, const std::vector<std::string>& tables,
                           const std::string& attributes = "[]", const std::string& more = "") {
  return omf2(R"({"date":"1970-01-01T00:00:00Z","elements":[{"name":"thing","attributes":)" +
                  attributes + R"(,"geometry":)" + geometry + "}" + more + "]}",
              tables);
}

inline std::string array_of(const std::string& key, int table, std::size_t count) {
  return "\"" + key + "\":{\"filename\":\"" + std::to_string(table) +
         ".parquet\",\"item_count\":" + std::to_string(count) + "}";
}

/// Version 1: packed arrays from byte 60 on, then the index; the project's id is all zeros.
class Omf1 {
 public:
  Omf1() : bytes_(std::string("\x84\x83\x82\x81OMF-v0.9.0", 14)) { bytes_.resize(60, '\0'); }
  /// `{"array":{...},"__class__":...}` of numbers.
  template <class T>
  std::string array(const std::string& type, const std::vector<T>& values) {
    std::string raw(values.size() * 8, '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
      static_assert(sizeof(T) == 8);
      std::copy_n(reinterpret_cast<const char*>(&values[i]), 8, &raw[8 * i]);
    }
    const std::string packed = unpack::deflate(raw, unpack::Wrap::zlib);
    const std::string place = std::to_string(bytes_.size());
    bytes_ += packed;
    return R"({"array":{"start":)" + place + R"(,"length":)" + std::to_string(packed.size()) +
           R"(,"dtype":")" + (std::is_same_v<T, double> ? "<f8" : "<i8") + R"("},"__class__":")" +
           type + "\"}";
  }
  /// The file: entries are `"id":{...}` joined by commas.
  std::string file(const std::string& entries, const std::string& elements) const {
    std::string all = bytes_, start;
    unpack::put_little(start, bytes_.size(), 8);
    all.replace(52, 8, start);
    return all + "{" + entries +
           R"(,"00000000-0000-0000-0000-000000000000":{"__class__":"Project","name":"made","units":"m","origin":[100,0,0],"elements":[)" +
           elements + "]}}";
  }

 private:
  std::string bytes_;
};

/// Anything that a model may hold, small; the same seed gives the same model.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  ModelFile model() {
    ModelFile made;
    made.name = word();
    made.description = word();
    made.author = word();
    made.crs = chance(0.5) ? "EPSG:32629" : "";
    made.unit = chance(0.5) ? "metres" : "";
    const std::size_t count = upto(4);
    for (std::size_t i = 0; i < count; ++i) made.objects.push_back(object(i));
    return made;
  }

 private:
  std::size_t upto(std::size_t most) { return random_() % (most + 1); }
  bool chance(double p) { return static_cast<double>(random_() >> 11U) * 0x1p-53 < p; }

  double real() {
    switch (upto(5)) {
      case 0:
        return 0.0;
      case 1:
        return static_cast<double>(upto(1000)) / 8.0;
      case 2:
        return -1.0 / (1.0 + static_cast<double>(upto(99)));
      default:
        return std::ldexp(static_cast<double>(random_() >> 11U) - 0x1p52, -30 - int(upto(20)));
    }
  }

  std::string word() {
    static const std::vector<std::string> kWords{
        "", "ore", "Erz \xC3\xBC", "a\"b\\c\n", "waste", "\xE2\x82\xAC", "zone 1"};
    return kWords[upto(kWords.size() - 1)];
  }

  ModelObject object(std::size_t number) {
    ModelObject made;
    made.kind = static_cast<ModelObject::Kind>(upto(3));
    made.name = "object " + std::to_string(number);
    made.description = word();
    if (chance(0.5)) made.colour = static_cast<std::uint32_t>(random_()) | 255U;
    if (made.kind == ModelObject::Kind::blocks) {
      blocks(made.blocks);
    } else {
      const std::size_t n = 1 + upto(20);
      for (std::size_t i = 0; i < n; ++i) made.vertices.push_back({real(), real(), real()});
      const auto corner = [&] { return static_cast<std::uint32_t>(upto(n - 1)); };
      const std::size_t parts = upto(20);
      for (std::size_t i = 0; i < parts; ++i) {
        if (made.kind == ModelObject::Kind::lines) made.segments.push_back({corner(), corner()});
        if (made.kind == ModelObject::Kind::surface)
          made.triangles.push_back({corner(), corner(), corner()});
      }
    }
    const std::size_t columns = upto(6);
    for (std::size_t i = 0; i < columns; ++i) made.columns.push_back(column(made, i));
    return made;
  }

  void blocks(ModelBlocks& made) {
    made.origin = {real(), real(), real()};
    const double angle = real();
    made.axes = {{{std::cos(angle), std::sin(angle), 0.0},
                  {-std::sin(angle), std::cos(angle), 0.0},
                  {0.0, 0.0, 1.0}}};
    const bool regular = chance(0.5);
    for (auto& along : made.sizes) {
      along.assign(1 + upto(3), 0.1 + std::abs(real()));
      if (!regular) along.back() = 0.25 + std::abs(real());
    }
    made.sub_blocks = static_cast<ModelBlocks::SubBlocks>(upto(3));
    if (made.sub_blocks == ModelBlocks::SubBlocks::none) return;
    const bool octree = made.sub_blocks == ModelBlocks::SubBlocks::octree;
    const bool free = made.sub_blocks == ModelBlocks::SubBlocks::free;
    for (auto& n : made.divisions)
      n = free ? 1 : octree ? 1U << upto(4) : static_cast<std::uint32_t>(1 + upto(6));
    const std::size_t count = upto(15);
    for (std::size_t i = 0; i < count; ++i) {
      std::array<std::uint32_t, 3> parent{};
      std::array<double, 6> corners{};
      for (std::size_t a = 0; a < 3; ++a) {
        parent[a] = static_cast<std::uint32_t>(upto(made.sizes[a].size() - 1));
        const std::uint32_t n = free ? 7 : made.divisions[a];
        const auto low = static_cast<std::uint32_t>(upto(n - 1));
        const auto high = static_cast<std::uint32_t>(low + 1 + upto(n - 1 - low));
        corners[a] = static_cast<double>(low) / n;
        corners[a + 3] = static_cast<double>(high) / n;
      }
      made.parent.push_back(parent);
      made.corners.push_back(corners);
    }
  }

  ModelColumn column(const ModelObject& object, std::size_t number) {
    using Kind = ModelColumn::Kind;
    using Place = ModelColumn::Place;
    ModelColumn made;
    made.name = "column " + std::to_string(number) + word();
    made.unit = chance(0.3) ? "percent" : "";
    made.description = word();
    made.kind = static_cast<Kind>(upto(9));
    std::size_t due = object.vertices.size();
    if (object.kind == ModelObject::Kind::blocks) {
      made.place = object.blocks.sub_blocks != ModelBlocks::SubBlocks::none && chance(0.5)
                       ? Place::sub_blocks
                       : Place::parts;
      due = made.place == Place::parts ? object.blocks.parents() : object.blocks.parent.size();
    } else if (object.kind != ModelObject::Kind::points && chance(0.5)) {
      made.place = Place::parts;
      due = object.kind == ModelObject::Kind::lines ? object.segments.size()
                                                    : object.triangles.size();
    }
    const double gaps = chance(0.5) ? 0.3 : 0.0;
    if (made.kind == Kind::category)
      for (std::size_t i = 0; i < 3; ++i) made.words.push_back("rock " + std::to_string(i));
    if (made.kind == Kind::category && chance(0.5)) made.colours = {0x010203FF, 0xFF, 0xFFFFFFFF};
    for (std::size_t i = 0; i < due; ++i) value(made, chance(gaps));
    return made;
  }

  void value(ModelColumn& made, bool missing) {
    using Kind = ModelColumn::Kind;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (made.kind == Kind::text) {
      made.words.push_back(missing ? "" : word());
      return;
    }
    const std::size_t width = made.kind == Kind::vector2 ? 2 : made.kind == Kind::vector3 ? 3 : 1;
    for (std::size_t k = 0; k < width; ++k)
      made.numbers.push_back(missing ? nan : number(made.kind));
  }

  double number(ModelColumn::Kind kind) {
    using Kind = ModelColumn::Kind;
    switch (kind) {
      case Kind::integer:
        return static_cast<double>(static_cast<std::int64_t>(random_()) >> 11U);
      case Kind::boolean:
        return static_cast<double>(upto(1));
      case Kind::category:
        return static_cast<double>(upto(2));
      case Kind::colour:
        return static_cast<double>(static_cast<std::uint32_t>(random_()) | 255U);
      case Kind::date:
        return static_cast<double>(upto(40000)) - 10000.0;
      case Kind::date_time:
        return (static_cast<double>(random_() >> 14U) - 0x1p49) / 1e6;
      default:
        return real();
    }
  }

  std::mt19937_64 random_;
};

}  // namespace lode::omf_cases
