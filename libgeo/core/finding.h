// Findings: what was wrong with the data, counted and said, when it is not a reason to stop.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lode {

enum class Severity { note, warning, error };

[[nodiscard]] std::string_view to_text(Severity severity);

/// One thing that was found in the data and what was done about it.
struct Finding {
  std::string code;  ///< stable dotted code, e.g. "geometry.repaired"
  Severity severity = Severity::note;
  std::string where;  ///< file:layer, field, row or feature id (the first place when count > 1)
  std::size_t count = 1;
  std::string message;

  bool operator==(const Finding&) const = default;
};

/// A list of findings in the order of their first appearance; `add` counts a repeated
/// (code, where) pair once with a larger count instead of listing it again ("gdal.warning": each
/// message once).
class Findings {
 public:
  void add(Finding finding);
  void add(std::string code, Severity severity, std::string where, std::string message,
           std::size_t count = 1);
  void add(const Findings& others);
  [[nodiscard]] const std::vector<Finding>& list() const { return list_; }
  [[nodiscard]] bool has(std::string_view code) const;
  [[nodiscard]] Severity worst() const;  ///< note when the list is empty
  [[nodiscard]] bool empty() const { return list_.empty(); }

 private:
  std::vector<Finding> list_;
  std::unordered_map<std::string, std::size_t> index_;  ///< place in the list by code and where
};

}  // namespace lode
