#include "libgeo/core/finding.h"

#include <algorithm>

namespace lode {

std::string_view to_text(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: break;
  }
  return "note";
}

void Findings::add(Finding finding) {
  for (auto& known : list_) {
    if (known.code == finding.code && known.where == finding.where) {
      known.count += finding.count;
      known.severity = std::max(known.severity, finding.severity);
      return;
    }
  }
  list_.push_back(std::move(finding));
}

void Findings::add(std::string code, Severity severity, std::string where, std::string message,
                   std::size_t count) {
  add(Finding{std::move(code), severity, std::move(where), count, std::move(message)});
}

void Findings::add(const Findings& others) {
  for (const auto& finding : others.list_) add(finding);
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
