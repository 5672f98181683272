// The fewest requirements that cannot hold together: hitting sets against what does hold together.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

namespace {

using Members = std::vector<bool>;  // by requirement

enum class Holds { yes, no, unknown };

/// The programme with a slack on each side of each row of a requirement: at an end of 0 the
/// requirement holds, without end it is given up.
class Elastic {
 public:
  Elastic(const Programme& programme, const ProgrammeOptions& options, const Progress& progress);

  [[nodiscard]] std::size_t count() const { return names_.size(); }
  [[nodiscard]] const std::string& name(std::size_t k) const { return names_[k]; }
  /// Whether the members hold together; when they do, `kept` gets all that hold with them in the
  /// solution found.
  [[nodiscard]] Holds holds(const Members& members, Members* kept);

 private:
  void enforce(const Members& members);
  [[nodiscard]] Holds answer(const ProgrammeResult& result, Members* kept) const;

  Programme programme_;
  ProgrammeOptions options_;
  const Progress& progress_;
  std::vector<std::string> names_;
  std::vector<std::vector<std::uint32_t>> slacks_;  // by requirement
  bool whole_ = false;
};

Elastic::Elastic(const Programme& programme, const ProgrammeOptions& options,
                 const Progress& progress)
    : options_(options), progress_(progress) {
  options_.gap = 1.0;  // any solution will do
  std::map<std::string, std::size_t> places;
  for (const auto& variable : programme.variables) {
    programme_.add(Programme::Variable{"x" + std::to_string(programme_.variables.size()),
                                       variable.low, variable.high, 0.0,
                                       variable.integer && !options.relax});
    whole_ = whole_ || programme_.variables.back().integer;
  }
  for (const auto& row : programme.rows) {
    Programme::Row soft = row;
    soft.name.clear();
    if (!row.requirement.empty()) {
      const std::size_t place = places.emplace(row.requirement, names_.size()).first->second;
      if (place == names_.size()) {
        names_.push_back(row.requirement);
        slacks_.emplace_back();
      }
      const auto slack = [&](double side, double sign) {
        if (!std::isfinite(side)) return;
        // Counted in parts of the side, so that no unit weighs more than another.
        const auto variable = programme_.add(
            Programme::Variable{"s" + std::to_string(programme_.variables.size()), 0.0,
                                unbounded_value, 1.0 / (1.0 + std::abs(side)), false});
        soft.terms.emplace_back(variable, sign);
        slacks_[place].push_back(variable);
      };
      slack(row.low, 1.0);
      slack(row.high, -1.0);
    }
    programme_.add(std::move(soft));
  }
}

void Elastic::enforce(const Members& members) {
  for (std::size_t k = 0; k < names_.size(); ++k)
    for (const auto variable : slacks_[k])
      programme_.variables[variable].high = members[k] ? 0.0 : unbounded_value;
}

Holds Elastic::answer(const ProgrammeResult& result, Members* kept) const {
  if (result.status == ProgrammeStatus::infeasible) return Holds::no;
  if (result.status == ProgrammeStatus::unsolved) return Holds::unknown;
  if (kept != nullptr)
    for (std::size_t k = 0; k < names_.size(); ++k) {
      (*kept)[k] = true;
      for (const auto variable : slacks_[k])
        if (result.values[variable] * programme_.variables[variable].cost > 1e-9)
          (*kept)[k] = false;
    }
  return Holds::yes;
}

Holds Elastic::holds(const Members& members, Members* kept) {
  progress_.check();
  enforce(members);
  ProgrammeOptions relaxed = options_;
  relaxed.relax = true;
  const Holds fractional = answer(solve(programme_, relaxed, progress_), whole_ ? nullptr : kept);
  if (!whole_ || fractional != Holds::yes) return fractional;
  return answer(solve(programme_, options_, progress_), kept);
}

std::vector<std::string> named(const Elastic& elastic, const Members& members) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < members.size(); ++k)
    if (members[k]) names.push_back(elastic.name(k));
  return names;
}

/// Leaves out what can be left out, one by one from the last: irreducible.
Conflict deletion_filter(Elastic& elastic) {
  Members members(elastic.count(), true);
  for (std::size_t k = elastic.count(); k-- > 0;) {
    members[k] = false;
    if (elastic.holds(members, nullptr) != Holds::no) members[k] = true;
  }
  Conflict found{named(elastic, members), false};
  found.fewest = found.requirements.size() == 1;
  return found;
}

/// The fewest members that meet every set of `given_up`.
Members least_hitting(const std::vector<Members>& given_up, std::size_t count) {
  Programme cover;
  for (std::size_t k = 0; k < count; ++k)
    cover.add(Programme::Variable{"m" + std::to_string(k), 0.0, 1.0, 1.0, true});
  for (const auto& set : given_up) {
    Programme::Row row{"", "", 1.0, unbounded_value, {}};
    for (std::size_t k = 0; k < count; ++k)
      if (set[k]) row.terms.emplace_back(static_cast<std::uint32_t>(k), 1.0);
    cover.add(std::move(row));
  }
  ProgrammeOptions exact;
  exact.gap = 0.0;
  const ProgrammeResult result = solve(cover, exact);
  Members members(count, false);
  for (std::size_t k = 0; k < count; ++k)
    members[k] = !result.values.empty() && result.values[k] > 0.5;
  return members;
}

/// Adds what still holds with the members, until nothing more does.
Members grown(Elastic& elastic, Members members) {
  for (std::size_t k = 0; k < elastic.count(); ++k) {
    if (members[k]) continue;
    Members more = members, kept(elastic.count(), false);
    more[k] = true;
    if (elastic.holds(more, &kept) == Holds::yes) members = kept;
  }
  return members;
}

}  // namespace

// Ignatiev, Previti, Liffiton and Marques-Silva 2015 (smallest MUS by implicit hitting sets): each
// set that holds together leaves out some requirements, and a conflict has one of those. The least
// set that meets all of them either conflicts, and then none is smaller, or gives a new one.
Conflict conflict(const Programme& programme, const ProgrammeOptions& options, std::size_t exact,
                  const Progress& progress) {
  check_programme(programme);
  Elastic elastic(programme, options, progress);
  const std::size_t count = elastic.count();
  const Members all(count, true), none(count, false);
  Members kept(count, false);
  if (count == 0 || elastic.holds(all, nullptr) != Holds::no) return {};
  // Nature alone may be against it.
  if (elastic.holds(none, nullptr) == Holds::no) return {};
  if (count > exact) return deletion_filter(elastic);
  std::vector<Members> given_up;
  for (;;) {
    Members members = least_hitting(given_up, count);
    const Holds holds = elastic.holds(members, &kept);
    if (holds == Holds::no) return {named(elastic, members), true};
    // What cannot be told in the nodes given is not called fewest.
    if (holds == Holds::unknown) return deletion_filter(elastic);
    Members outside = grown(elastic, kept);
    outside.flip();
    given_up.push_back(outside);
    progress.update(static_cast<double>(given_up.size()) /
                    (static_cast<double>(given_up.size()) + 10.0));
  }
}

}  // namespace lode
