// What changed between two editions of a register: granted, lapsed, changed hands, moved.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/permits/coverage.h"

namespace lode {

enum class RegisterChange {
  added,          ///< in the later edition alone
  removed,        ///< in the earlier alone
  changed_hands,  ///< another holder
  status,         ///< another status or end
  moved           ///< other ground
};
[[nodiscard]] std::string_view to_text(RegisterChange change);

/// One title that differs; both holders, both standings, ground gained and lost.
struct TitleChange {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::string id;
  std::vector<RegisterChange> changes;
  std::size_t before = none, after = none;  ///< first feature of the title in each edition
  std::string holder_before, holder_after;
  PermitStatus status_before = PermitStatus::unknown, status_after = PermitStatus::unknown;
  double gained_m2 = 0.0, lost_m2 = 0.0;
};

/// Titles are known by id; each edition is judged on its own day. In the order of the later
/// edition, then those removed. Error "register.no_ids" when an edition has no ids of its own.
[[nodiscard]] std::vector<TitleChange> register_changes(const PermitInputs& before,
                                                        const ValidityOptions& on_first_day,
                                                        const PermitInputs& after,
                                                        const ValidityOptions& on_second_day,
                                                        const Crs& crs, Findings& findings);

}  // namespace lode
