// A vertical section: blocks coloured by a value, traces, limits and outlines, in metres.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "libgeo/report/drawing.h"

namespace lode::report {

/// What a block leaves on the section: from and to along it, and its levels (m).
struct SectionBlock {
  double s0 = 0.0, s1 = 0.0, z0 = 0.0, z1 = 0.0;
  double value = 0.0;  ///< NaN = missing
  bool in_pit = false;
};

/// Where a surface or solid meets the section, as pieces from (s, z) to (s, z).
struct SectionTrace {
  std::string name;
  bool solid = false;
  std::vector<std::array<Point, 2>> pieces;
};

struct Section {
  std::string title, value_name;
  std::string from_name, to_name;  ///< the ends, in words
  double length_m = 0.0;
  std::vector<SectionBlock> blocks;
  std::vector<SectionTrace> traces;
  std::vector<std::array<double, 2>> within;  ///< from, to along the section: inside the limits
  std::string within_name;
  bool has_pit = false;
};

/// The value's classes: equal steps of 1, 2 or 5 times a power of ten, ten at most.
struct SectionClasses {
  double from = 0.0, step = 1.0;
  std::size_t count = 1;
  [[nodiscard]] std::size_t of(double value) const;
};
[[nodiscard]] SectionClasses classes_of(const Section& section);

/// Edges of the blocks in the pit that no other block in it shares.
[[nodiscard]] std::vector<std::array<Point, 2>> pit_outline(
    const std::vector<SectionBlock>& blocks);

/// How much taller than wide metres are drawn: 1 unless the section would be a thin strip.
[[nodiscard]] double vertical_exaggeration(double length_m, double height_m);

[[nodiscard]] Drawing draw_section(const Section& section);

}  // namespace lode::report
