// Parts that charts share: axes, legends, heads of rows, classes of shade.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/report/digest.h"
#include "libgeo/report/drawing.h"

namespace lode::report {

/// "#s12".
[[nodiscard]] std::string link_to(const SiteStanding& ranked);
/// Rank, name, score and what the draws say of a site, in lines.
[[nodiscard]] std::string standing_words(const Digest& digest, const SiteStanding& ranked);
/// 1, 2, 5, 10, 20, ... times a power of ten: the step that leaves at most `most` ticks.
[[nodiscard]] double nice_step(double span, int most);

/// Class of a share, 0 (none) to 9, by the bounds 0, 1, 2, 5, 10, 20, 30, 50 and 75 per cent.
[[nodiscard]] std::size_t shade_of(double share);
/// The ink of text on that class.
[[nodiscard]] std::string shade_text(std::size_t shade);
/// The ten classes with their bounds; returns the height used.
double shade_legend(Drawing& sheet, double x, double y, double width, const std::string& words);
/// Class of a number from -1 to 1, 0 (orange) to 8 (blue), 4 in the middle.
[[nodiscard]] std::size_t diverging_class(double value);
[[nodiscard]] std::string diverging_text(std::size_t shade);

/// Boxes with words, wrapped to the width; returns the height used.
double wrapped_legend(Drawing& sheet,
                      const std::vector<std::pair<std::string, std::string>>& entries, double x0,
                      double y, double width);
/// What the colours and signs of the sites mean; returns the height used.
double group_legend(Drawing& sheet, const Digest& digest,
                    const std::vector<const SiteStanding*>& shown, double x, double y);
/// Words over as many lines as they take, the last one cut; returns the height used.
double wrapped_text(Drawing& sheet, const std::string& words, Point at, double width,
                    const std::string& ink_name, const TextStyle& style, std::size_t most = 3);

/// Rank, sign and name at the head of a row; `y` is the base line.
struct RowHead {
  double x = 0.0, width = 0.0, size = 12.5;
};
void site_head(Drawing& sheet, const Digest& digest, const SiteStanding& one, const RowHead& at,
               double y);

/// A criterion's value at a site with its unit, "not known" where there is none.
[[nodiscard]] std::string value_words(const Digest& digest, std::size_t criterion,
                                      std::size_t site);

/// "gd", "ga", "go" or "gu": whose a country is.
[[nodiscard]] std::string country_ink(const Digest& digest, const std::set<std::string>& allies,
                                      const std::string& iso3);

/// The first `rows` of the ranking.
[[nodiscard]] std::vector<const SiteStanding*> first_ranked(const Digest& digest, std::size_t rows);

/// Which criterion has which of the inks c0 to c8; alike in every chart of one study.
struct CriterionInks {
  explicit CriterionInks(const Digest& digest);
  std::vector<std::string> order;  ///< names, the one with most weight in the scores first
  /// "c0" ... "c7", "c8" for all that come after.
  [[nodiscard]] std::string ink_of(const std::string& name) const;
  /// One entry a colour.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> legend() const;
};

}  // namespace lode::report
