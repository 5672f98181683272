// A chain's table in numbers: products in the order of the stages, and who offers which stage.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/logistics/chain.h"

namespace lode {

/// A plant that does a stage, with its own figures where it has some.
struct ChainOffer {
  std::uint32_t plant = 0;
  bool accepts = true;  ///< what the stage takes may be brought there
  double recovery = 1.0;
  Rate usd_per_kg;
};

/// Products and stages by their numbers in the table.
struct ChainPlan {
  static constexpr std::uint32_t kNone = 0xffffffffU;

  /// Error "chain.invalid".
  explicit ChainPlan(const ChainTable& chain);

  [[nodiscard]] std::uint32_t product(const std::string& name) const;  ///< kNone when unknown
  /// The least part of what is contained in one product that is left in another, over all ways of
  /// stages by the table's recoveries; NaN without a way.
  [[nodiscard]] double least_recovery(std::uint32_t from, std::uint32_t to) const;
  [[nodiscard]] Cargo cargo(const ChainSite& site, std::uint32_t product) const;
  /// Of a product when it leaves a plant, or the site where it is the site's; NaN when not known.
  [[nodiscard]] double grade(const ChainSite& site, std::uint32_t product) const;

  /// Fills `offers`. Plants without a place are left out. Findings and errors of
  /// `cheapest_chains`.
  void take(const std::vector<ChainPlant>& plants, Findings& findings);
  /// Error "chain.no_plant" when a stage that is not optional and lies on the way of some site is
  /// done nowhere; "chain.unknown_product" and "chain.bad_site" for sites that cannot be.
  void check(const std::vector<ChainSite>& sites) const;

  const ChainTable& table;
  std::uint32_t last = 0;
  std::vector<std::uint32_t> takes, gives;      ///< of each stage
  std::vector<std::uint32_t> order;             ///< products, each after all it is made of
  std::vector<char> leads;                      ///< products from which the last one can be made
  std::vector<std::vector<ChainOffer>> offers;  ///< of each stage
};

}  // namespace lode
