// A GeoTIFF put together byte by byte, sound or with a fault that no writer would make.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace lode {

/// Six cells of 25 m, three a row, whose north-west corner is 500000, 4000050 in EPSG:32613.
struct Tiff {
  std::vector<float> cells{1, 2, 3, 4, 5, 6};
  std::vector<double> size{25, 25, 0};
  std::vector<double> corner{0, 0, 0, 500000, 4000050, 0};  ///< cell 0, 0 lies there
  bool geographic = false;
  std::uint16_t code = 32613;
  bool pixel_is_point = false;
  std::string metadata;  ///< GDAL's XML of scale and offset
  std::string nodata;

  [[nodiscard]] std::string bytes() const {
    std::string ifd, values;
    std::uint16_t tags = 0;
    const std::size_t count = 10U + 3U + (metadata.empty() ? 0U : 1U) + (nodata.empty() ? 0U : 1U);
    const std::size_t start = 8 + 2 + 12 * count + 4;  // of the values that do not fit an entry
    const auto tag = [&](std::uint16_t id, std::uint16_t type, std::size_t n, std::string value) {
      ifd += little(id) + little(type) + little(static_cast<std::uint32_t>(n));
      if (value.size() > 4) {
        ifd += little(static_cast<std::uint32_t>(start + values.size()));
        values += value + std::string(value.size() % 2, '\0');
      } else {
        ifd += value + std::string(4 - value.size(), '\0');
      }
      ++tags;
    };
    const auto number = [&](std::uint16_t id, std::uint32_t value) {
      tag(id, 4, 1, little(value));
    };
    number(256, 3);
    number(257, 2);
    number(258, 32);
    number(259, 1);
    number(262, 1);
    tag(273, 4, 1, little(static_cast<std::uint32_t>(start)));
    values += all(cells);
    number(277, 1);
    number(278, 2);
    number(279, static_cast<std::uint32_t>(cells.size() * sizeof(float)));
    number(339, 3);
    tag(33550, 12, size.size(), all(size));
    tag(33922, 12, corner.size(), all(corner));
    const std::uint16_t kind = geographic ? 2 : 1, place = pixel_is_point ? 2 : 1;
    const std::uint16_t crs_key = geographic ? 2048 : 3072;
    // clang-format off
    const std::vector<std::uint16_t> keys{1, 1, 0, 3,  1024, 0, 1, kind,
                                          1025, 0, 1, place,  crs_key, 0, 1, code};
    // clang-format on
    tag(34735, 3, keys.size(), all(keys));
    if (!metadata.empty()) tag(42112, 2, metadata.size() + 1, metadata + '\0');
    if (!nodata.empty()) tag(42113, 2, nodata.size() + 1, nodata + '\0');
    return std::string("II*\0", 4) + little(std::uint32_t{8}) + little(tags) + ifd +
           little(std::uint32_t{0}) + values;
  }

 private:
  template <class Value>
  static std::string little(Value value) {
    std::string text(sizeof value, '\0');
    std::memcpy(text.data(), &value, sizeof value);
    return text;
  }
  template <class Value>
  static std::string all(const std::vector<Value>& list) {
    std::string text;
    for (const Value value : list) text += little(value);
    return text;
  }
};

}  // namespace lode
