// Which name draws what, and when there is nothing to draw.
#include "libgeo/report/figures.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/map.h"

namespace lode {
namespace {

[[noreturn]] void nothing(const std::string& name, const std::string& what) {
  throw Error("report.nothing_to_draw", "the study has no " + what + " for this figure", name,
              "Run the study with what it needs, or choose another figure.");
}

bool any_located(const StudyResult& result, const std::string& country) {
  return std::any_of(result.sites.begin(), result.sites.end(), [&](const Site& site) {
    return site.located && (country.empty() || site.country == country);
  });
}

report::Drawing draw(const StudyResult& result, const std::string& name,
                     const FigureOptions& options) {
  const report::Digest digest(result);
  report::ChartOptions chart{options.width_px, options.rows};
  report::MapOptions map;
  map.width_px = options.width_px;
  map.labels = options.labels;
  if (name == "map") {
    if (!any_located(result, "")) nothing(name, "located site");
    return report::draw_map(digest, map);
  }
  if (name == "home") {
    if (result.home.empty() || !any_located(result, result.home)) nothing(name, "site at home");
    map.home_only = true;
    return report::draw_map(digest, map);
  }
  if (name == "dependence") {
    if (result.dependence.empty()) nothing(name, "supply table");
    return report::draw_dependence(digest, chart);
  }
  if (digest.ranking.empty()) nothing(name, "ranked site");
  if (name == "acceptability") {
    if (digest.ranking.front()->rank_acceptability.empty()) nothing(name, "rank acceptability");
    return report::draw_acceptability(digest, chart);
  }
  if (name == "contributions") {
    if (digest.ranking.front()->contributions.empty()) nothing(name, "contribution");
    return report::draw_contributions(digest, chart);
  }
  return report::draw_ranking(digest, chart);
}

}  // namespace

const std::vector<std::string>& figure_names() {
  static const std::vector<std::string> names{"map",           "home",          "ranking",
                                              "acceptability", "contributions", "dependence"};
  return names;
}

std::string figure(const StudyResult& result, const std::string& name,
                   const FigureOptions& options) {
  const auto& names = figure_names();
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw Error("report.unknown_figure", "there is no figure of this name", name,
                suggestion(name, names));
  if (!(options.width_px >= 320.0 && options.width_px <= 4000.0))
    throw Error("report.bad_size", "a figure is 320 to 4000 pixels wide",
                number_text(options.width_px), "Give a width within that range.");
  if (options.rows == 0)
    throw Error("report.bad_size", "a figure shows at least one row", "rows", "Give 1 or more.");
  return report::to_svg(draw(result, name, options));
}

}  // namespace lode
