// Titles of one kind and different holders on the same ground: all counted, the first ones listed.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/permits/coverage.h"
#include "libgeo/permits/overlaps.h"

namespace lode {

/// A permit as a party to conflicts. Ended permits and those without a known holder are none.
struct ConflictParty {
  std::size_t permit = 0;  ///< feature of the layer
  std::size_t shape = 0;   ///< of the classes
  std::size_t holder = 0;  ///< equal for names taken for one
  std::size_t title = 0;   ///< parts of one title are not in conflict
  PermitKind kind = PermitKind::mineral;
};

/// Counted by groups of permits of one shape, holder and kind, and those by classes of shapes with
/// common ground: a hundred thousand claims stacked on one place make five billion pairs, but few
/// groups, and twenty thousand slightly different ones make few classes.
class Conflicts {
 public:
  /// Parties in layer order; `classes` stays alive.
  Conflicts(std::vector<ConflictParty> parties, const OverlapClasses& classes);

  [[nodiscard]] std::size_t count() const { return count_; }  ///< pairs
  /// Pairs that each party is in, in the order of the parties.
  [[nodiscard]] const std::vector<std::size_t>& of_party() const { return of_party_; }
  /// The first pairs in layer order, as places among the parties.
  [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> first(std::size_t most) const;

 private:
  struct Group {
    std::size_t shape, holder;
    PermitKind kind;
    std::vector<std::size_t> members;  ///< places among the parties, ascending
  };
  [[nodiscard]] bool rivals(const Group& a, const Group& b) const {
    return a.kind == b.kind && a.holder != b.holder;
  }
  void group();
  void count_by_class(std::vector<std::size_t>& of_group) const;
  void count_others(std::vector<std::size_t>& of_group) const;
  void take_off_own_title();

  std::vector<ConflictParty> parties_;
  const OverlapClasses& classes_;
  std::vector<Group> groups_;
  std::vector<std::size_t> group_of_;
  std::map<std::size_t, std::vector<std::size_t>> by_class_, by_shape_;  ///< groups
  std::vector<std::size_t> of_party_;
  std::size_t count_ = 0;
};

}  // namespace lode
