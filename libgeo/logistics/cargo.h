// What is hauled, as far as the law and the terminals care: radioactivity and tonnes a year.
#pragma once

#include <limits>
#include <string>
#include <string_view>

namespace lode {

/// One site's load. NaN = not known.
struct Cargo {
  double thorium_ppm = std::numeric_limits<double>::quiet_NaN();  ///< of the load as hauled
  double uranium_ppm = std::numeric_limits<double>::quiet_NaN();
  /// Wet tonnes a year: against capacities of terminals, and for the days that a stockpile waits
  /// until the smallest parcel is together. NaN: neither counts.
  double annual_t = std::numeric_limits<double>::quiet_NaN();
  bool operator==(const Cargo&) const = default;
};

/// Activity concentrations of the parents, Bq/g, in secular equilibrium: 1 ppm of thorium is
/// 0.00407 Bq/g of Th-232, 1 ppm of uranium 0.01235 Bq/g of U-238.
[[nodiscard]] double thorium_bq_per_g(double thorium_ppm);
[[nodiscard]] double uranium_bq_per_g(double uranium_ppm);

enum class Class7 { no, yes, unknown };
[[nodiscard]] std::string_view to_text(Class7 class7);  ///< no, yes, unknown

/// Whether natural material must travel as class 7 (radioactive): IAEA SSR-6 (Rev. 1), paragraph
/// 107 (f), exempts it up to ten times the exempt concentrations of table 2 (1 Bq/g for natural
/// thorium and for natural uranium, daughters in equilibrium), as a sum of fractions. An unknown
/// part counts as zero only when the known one is over the line already; else unknown.
[[nodiscard]] Class7 class7_of(const Cargo& cargo);

/// "1.90 Bq/g of thorium, 0.40 Bq/g of uranium: exempt (at most 10 Bq/g together, IAEA SSR-6 107
/// (f))", for messages and reports.
[[nodiscard]] std::string class7_words(const Cargo& cargo);

}  // namespace lode
