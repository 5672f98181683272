// Results of the command `permits` as rows: sites with their permits, permits with their sites.
#pragma once

#include <string>
#include <vector>

#include "libgeo/permits/contents.h"
#include "libgeo/permits/register_changes.h"
#include "libgeo/permits/required.h"
#include "libgeo/permits/withdrawn.h"
#include "tools/permit_inputs.h"

namespace lode::tools {

/// Everything that a row needs. What was not asked for is empty.
struct PermitView {
  const CoverageInputs& inputs;
  const Coverage& coverage;
  std::vector<std::string> site_ids;
  std::vector<WithdrawnLayer> withdrawn_layers;
  WithdrawnResult withdrawn;
  std::vector<RequiredPermit> required;
  std::vector<std::vector<MissingPermit>> missing;
  std::vector<PermitContents> contents;

  [[nodiscard]] std::string holder(std::size_t permit) const;
  [[nodiscard]] Json holder_or_null(std::size_t permit) const;
  [[nodiscard]] const std::string& id(std::size_t permit) const {
    return inputs.permits.ids[permit];
  }
  [[nodiscard]] std::string commodity(std::size_t permit) const;
  /// Title's recorded area is the register's; this is the feature's own, NaN where unknown.
  [[nodiscard]] double recorded_m2(std::size_t permit) const;
};

/// `whole` false: without lists, as a table for people needs it.
[[nodiscard]] Json permit_site_row(const PermitView& view, std::size_t site, bool whole = true);
[[nodiscard]] Json permit_feature_row(const PermitView& view, std::size_t permit);
[[nodiscard]] Json permit_summary(const PermitView& view, const Date& day,
                                  const PermitColumns& columns);
/// Titles granted, lapsed or otherwise changed from one day to another.
[[nodiscard]] Json permit_days_between(const PermitView& view, const Date& first,
                                       const Date& second, const ValidityOptions& options);
/// What `register_changes` found.
[[nodiscard]] Json register_change_rows(const std::vector<TitleChange>& changes);

}  // namespace lode::tools
