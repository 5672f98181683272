// Everything is looked up once, so that the figures and the page stay simple.
#include "libgeo/report/digest.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"

namespace lode::report {

Digest::Digest(const StudyResult& study) : result(study) {
  const std::size_t count = result.sites.size();
  place.assign(count, kNone);
  permits.assign(count, nullptr);
  constraints.resize(count);
  routes.resize(count);
  net_tonnes.assign(count, nullptr);
  for (const auto& ranked : result.ranking) {
    if (ranked.site >= count) continue;
    place[ranked.site] = ranking.size();
    ranking.push_back(&ranked);
  }
  for (const auto& one : result.permits)
    if (one.site < count) permits[one.site] = &one;
  for (const auto& one : result.constraints)
    if (one.site < count) constraints[one.site].push_back(&one);
  chains.assign(count, nullptr);
  for (const auto& one : result.chains)
    if (one.site < count) chains[one.site] = &one;
  for (const auto& one : result.routes)
    if (one.site < count) routes[one.site].push_back(&one);
  for (const auto& one : result.net_tonnes)
    if (one.site < count) net_tonnes[one.site] = &one;
  for (const auto& one : result.countries)
    if (!one.iso3.empty()) country_names.emplace(one.iso3, one.name);

  bool first = true;
  for (const auto* ranked : ranking) {
    uncertain = uncertain || ranked->rank_p95 > ranked->rank_p05 ||
                (ranked->first_acceptability > 0.0 && ranked->first_acceptability < 1.0);
    if (!std::isfinite(ranked->score)) continue;
    lowest_score = first ? ranked->score : std::min(lowest_score, ranked->score);
    highest_score = first ? ranked->score : std::max(highest_score, ranked->score);
    first = false;
  }
  if (ranking.size() > 1) lower_is_better = ranking.front()->score < ranking.back()->score;
}

std::string Digest::country(const std::string& iso3) const {
  if (iso3.empty()) return "country not known";
  const auto found = country_names.find(iso3);
  return found == country_names.end() || found->second.empty() ? iso3 : found->second;
}

const std::string& Digest::name(const Site& site) const {
  return site.name.empty() ? site.id : site.name;
}

std::string Digest::name_of_id(const std::string& id) const {
  for (const auto& one : result.sites)
    if (one.id == id) return name(one);
  return id;
}

double Digest::bar(double score) const {
  if (!std::isfinite(score)) return 0.0;
  if (lower_is_better) {
    const double span = highest_score - std::min(0.0, lowest_score);
    return span > 0.0 ? std::clamp((score - std::min(0.0, lowest_score)) / span, 0.0, 1.0) : 1.0;
  }
  const double zero = std::min(0.0, lowest_score);
  const double span = highest_score - zero;
  return span > 0.0 ? std::clamp((score - zero) / span, 0.0, 1.0) : 1.0;
}

std::string Digest::score(double value) const {
  if (!std::isfinite(value)) return "not known";
  const double size = std::max(std::abs(lowest_score), std::abs(highest_score));
  return fixed_text(value, size < 10.0 ? 3 : size < 1000.0 ? 1 : 0);
}

const IndicatorColumn* Digest::indicator(const std::string& indicator_name) const {
  for (const auto& column : result.indicators)
    if (column.name == indicator_name) return &column;
  return nullptr;
}

std::string group_letter(const std::string& group) {
  if (group == "domestic") return "d";
  if (group == "allied") return "a";
  if (group == "other") return "o";
  return "u";
}

bool is_recycling(const Site& site) {
  return site.kind == "secondary";
}

}  // namespace lode::report
