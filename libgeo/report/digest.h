// A study result looked up from every side: ranks by site, country names, what is there at all.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "libgeo/study/result.h"

namespace lode::report {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// Holds references into the result, which must outlive it.
struct Digest {
  explicit Digest(const StudyResult& result);

  const StudyResult& result;
  std::vector<const SiteStanding*> ranking;  ///< entries that name a site that exists
  std::vector<std::size_t> place;            ///< by site: index into `ranking`, or kNone
  std::vector<const SitePermits*> permits;   ///< by site, null where none
  std::vector<std::vector<const ConstraintAtSite*>> constraints;  ///< by site
  std::vector<std::vector<const SiteRoute*>> routes;              ///< by site
  std::vector<const SiteChain*> chains;                           ///< by site, null where none
  std::vector<const NetTonnes*> net_tonnes;                       ///< by site, null where none
  std::map<std::string, std::string> country_names;               ///< ISO3 -> name
  bool uncertain = false;        ///< rank intervals are known and not all of width 0
  bool lower_is_better = false;  ///< scores grow with the rank
  double lowest_score = 0.0, highest_score = 0.0;
  std::size_t rows = kNone;  ///< ranked sites that have a row of their own on the page

  /// The country's name, its code when there is none, "country not known" for "".
  [[nodiscard]] std::string country(const std::string& iso3) const;
  /// The site's name, or its id when it has none.
  [[nodiscard]] const std::string& name(const Site& site) const;
  [[nodiscard]] const Site& site(const SiteStanding& ranked) const {
    return result.sites[ranked.site];
  }
  /// The name of the site of that id, or the id itself.
  [[nodiscard]] std::string name_of_id(const std::string& id) const;
  /// 0..1: how far the bar of this score reaches (zero at no score, or at the worst when negative
  /// ones occur or lower is better).
  [[nodiscard]] double bar(double score) const;
  /// The score with as many decimals as all others: "0.620", "-1.25".
  [[nodiscard]] std::string score(double value) const;
  /// The column of that name, or null.
  [[nodiscard]] const IndicatorColumn* indicator(const std::string& indicator_name) const;
};

/// "d", "a", "o" or "u": the last letter of the group's inks.
[[nodiscard]] std::string group_letter(const std::string& group);
[[nodiscard]] bool is_recycling(const Site& site);

}  // namespace lode::report
