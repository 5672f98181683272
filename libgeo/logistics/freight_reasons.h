// Why a place cannot be reached: which closure, which gap, in words.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "libgeo/logistics/freight_path.h"

namespace lode {

/// Answers for pairs that have no way. Components are found once for each closure that is lifted;
/// where only the direction of lines is in the way, a search tells.
class Reasons {
 public:
  explicit Reasons(const FreightGraph& graph) : graph_(graph) {}

  /// Fills `reason` and `words` of a row without a way.
  void explain(const Snap& from_snap, const Snap& to_snap, const Place& from, const Place& to,
               RouteRow& row);

 private:
  /// What is known when the closures of one mask are lifted.
  struct Lifted {
    std::vector<std::uint32_t> component;  ///< of each node, direction no matter
    Graph graph;                           ///< made when first asked for
    ShortestPaths search;
    std::uint32_t searched_from = 0xffffffffU;
  };
  Lifted& lifted(std::uint8_t mask);
  [[nodiscard]] bool linked(std::uint8_t mask, const Attachment& a, const Attachment& b);
  [[nodiscard]] bool passable(std::uint8_t mask, const Attachment& a, const Attachment& b,
                              std::uint32_t from);
  /// What is in the way when only `mask` is lifted, in words. After `passable` said yes.
  [[nodiscard]] std::string closure_words(std::uint8_t closure, std::uint8_t mask,
                                          const Attachment& a, const Attachment& b);
  /// Labels of the way that is found with `mask` lifted, from place to site.
  [[nodiscard]] std::vector<std::uint32_t> way_of(std::uint8_t mask, const Attachment& b);
  [[nodiscard]] std::string draught_words(const std::vector<std::uint32_t>& way) const;
  [[nodiscard]] std::string class7_words_of(const std::vector<std::uint32_t>& way) const;
  [[nodiscard]] std::string capacity_words(const std::vector<std::uint32_t>& way) const;

  const FreightGraph& graph_;
  std::array<std::unique_ptr<Lifted>, kAllClosures + 1> masks_;
};

}  // namespace lode
