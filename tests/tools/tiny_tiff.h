// Writes small GeoTIFFs byte by byte: CRS, unit of heights, vertical CRS, NoData, strips or tiles.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace lode::test {

struct TinyTiff {
  std::uint32_t columns = 0, rows = 0;
  std::vector<float> values;
  std::array<double, 3> corner{0, 0, 1};  ///< upper left corner and size of the cells
  std::uint16_t epsg = 32629;
  std::uint16_t vertical = 0;  ///< EPSG of a vertical CRS
  std::string nodata, unit;    ///< "" = not said
  std::uint32_t tile = 0;      ///< side of square tiles (a multiple of 16), 0 = one strip a row
  bool colours = false;        ///< the cells are said to be red, green and blue
  std::uint32_t bands = 1;     ///< each with the same values; strips alone

  void write(const std::string& path) const {
    struct Tag {
      std::uint16_t id, type;
      std::uint32_t count;
      std::string bytes;
    };
    std::vector<Tag> tags;
    const auto bytes_of = [](const auto& list) {
      return std::string(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(list[0]));
    };
    const auto longs = [&](std::uint16_t id, const std::vector<std::uint32_t>& list) {
      tags.push_back({id, 4, static_cast<std::uint32_t>(list.size()), bytes_of(list)});
    };
    const auto text = [&](std::uint16_t id, const std::string& words) {
      tags.push_back({id, 2, static_cast<std::uint32_t>(words.size() + 1), words + '\0'});
    };
    const std::uint32_t wide = tile ? tile : columns, high = tile ? tile : 1;
    const std::uint32_t across = (columns + wide - 1) / wide, down = (rows + high - 1) / high;
    std::string data(static_cast<std::size_t>(across) * down * wide * high * 4 * bands, '\0');
    for (std::uint32_t r = 0; r < rows; ++r)
      for (std::uint32_t c = 0; c < columns; ++c) {
        const std::size_t block = static_cast<std::size_t>(r / high) * across + c / wide;
        const std::size_t at = (block * high + r % high) * wide + c % wide;
        for (std::uint32_t b = 0; b < bands; ++b)
          std::memcpy(&data[(at * bands + b) * 4],
                      &values[static_cast<std::size_t>(r) * columns + c], 4);
      }
    std::vector<std::uint32_t> offsets, sizes;
    for (std::uint32_t b = 0; b < across * down; ++b) {
      offsets.push_back(8 + b * wide * high * 4 * bands);
      sizes.push_back(wide * high * 4 * bands);
    }
    longs(256, {columns});
    longs(257, {rows});
    longs(258, std::vector<std::uint32_t>(bands, 32));
    longs(259, {1});
    longs(262, {colours ? 2U : 1U});
    if (!tile) longs(273, offsets);
    longs(277, {bands});
    if (!tile) {
      longs(278, {1});
      longs(279, sizes);
    } else {
      longs(322, {tile});
      longs(323, {tile});
      longs(324, offsets);
      longs(325, sizes);
    }
    longs(339, std::vector<std::uint32_t>(bands, 3));
    const std::vector<double> scale{corner[2], corner[2], 0}, tie{0, 0, 0, corner[0], corner[1], 0};
    tags.push_back({33550, 12, 3, bytes_of(scale)});
    tags.push_back({33922, 12, 6, bytes_of(tie)});
    std::vector<std::uint16_t> keys{1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg};
    if (vertical) {
      keys[3] = 4;
      keys.insert(keys.end(), {4096, 0, 1, vertical});
    }
    tags.push_back({34735, 3, static_cast<std::uint32_t>(keys.size()), bytes_of(keys)});
    if (!unit.empty())
      text(42112, "<GDALMetadata><Item name=\"UNITTYPE\" sample=\"0\" role=\"unittype\">" + unit +
                      "</Item></GDALMetadata>");
    if (!nodata.empty()) text(42113, nodata);
    // The directory stands after the cells, what does not fit in it after the directory.
    const auto start = static_cast<std::uint32_t>(8 + data.size());
    auto next = static_cast<std::uint32_t>(start + 2 + tags.size() * 12 + 4);
    std::string directory, rest;
    const auto put = [&](auto number, std::string& to) {
      to.append(reinterpret_cast<const char*>(&number), sizeof number);
    };
    put(static_cast<std::uint16_t>(tags.size()), directory);
    for (const Tag& tag : tags) {
      put(tag.id, directory);
      put(tag.type, directory);
      put(tag.count, directory);
      if (tag.bytes.size() <= 4) {
        directory += tag.bytes + std::string(4 - tag.bytes.size(), '\0');
      } else {
        put(static_cast<std::uint32_t>(next + rest.size()), directory);
        rest += tag.bytes;
      }
    }
    put(std::uint32_t{0}, directory);
    std::string file("II*\0", 4);
    put(start, file);
    std::ofstream(path, std::ios::binary) << file << data << directory << rest;
  }
};

}  // namespace lode::test
