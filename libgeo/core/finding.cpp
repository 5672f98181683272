#include "libgeo/core/finding.h"

#include <algorithm>

namespace lode {

std::string_view to_text(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      break;
  }
  return "note";
}

void Findings::add(Finding finding) {
  // A layer may have a finding a feature, so a walk along the list would be quadratic.
  std::string key = finding.code + '\0' + finding.where;
  // Words of another library, and things lost, differ in what they say of one place.
  if (finding.code == "gdal.warning" || finding.code == "convert.lost")
    key += '\0' + finding.message;
  const auto [place, fresh] = index_.emplace(std::move(key), list_.size());
  if (fresh) {
    list_.push_back(std::move(finding));
    return;
  }
  Finding& known = list_[place->second];
  known.count += finding.count;
  known.severity = std::max(known.severity, finding.severity);
}

void Findings::add(std::string code, Severity severity, std::string where, std::string message,
                   std::size_t count) {
  add(Finding{std::move(code), severity, std::move(where), count, std::move(message)});
}

void Findings::add(const Findings& others) {
  // A copy, because the list may be our own.
  const std::vector<Finding> list = others.list_;
  for (const auto& finding : list) add(finding);
}

bool Findings::has(std::string_view code) const {
  return std::any_of(list_.begin(), list_.end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

Severity Findings::worst() const {
  Severity worst = Severity::note;
  for (const auto& finding : list_) worst = std::max(worst, finding.severity);
  return worst;
}

}  // namespace lode
