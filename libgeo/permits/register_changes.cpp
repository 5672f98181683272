#include "libgeo/permits/register_changes.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/permits/holders.h"

namespace lode {
namespace {

/// All features of one id in one edition.
struct Title {
  std::vector<std::size_t> features;
  PermitStatus status = PermitStatus::unknown;
  std::optional<Date> expires;
  std::string holder, key;
};

/// A title stands as its best part does.
int rank(PermitStatus status) {
  switch (status) {
    case PermitStatus::valid:
      return 5;
    case PermitStatus::renewal_pending:
      return 4;
    case PermitStatus::pending:
      return 3;
    case PermitStatus::not_yet:
      return 2;
    case PermitStatus::unknown:
      return 1;
    case PermitStatus::expired:
      break;
  }
  return 0;
}

class Edition {
 public:
  Edition(const PermitInputs& permits, const ValidityOptions& day, const std::string& which,
          Findings& findings)
      : permits_(permits) {
    if (permits.ids.empty())
      throw Error("register.no_ids", "the " + which + " edition of the register has no ids", which,
                  "Name the field that identifies a title with --permit-id.");
    for (std::size_t i = 0; i < permits.ids.size(); ++i) {
      const std::string id(trim(permits.ids[i]));
      if (id.empty()) {
        findings.add("register.blank_id", Severity::warning, which + " edition",
                     "a feature without an id cannot be found again in the other edition; left out "
                     "(first: feature " +
                         std::to_string(i + 1) + ")");
        continue;
      }
      const auto [at, fresh] = titles.try_emplace(id);
      if (fresh) order.push_back(id);
      add(i, day, at->second);
    }
  }

  /// Its ground in the plane of the CRS.
  [[nodiscard]] Geometry ground(const Title& title, const Crs& crs, const std::string& id,
                                Findings& findings) const {
    std::vector<const Geometry*> parts;
    for (const std::size_t f : title.features)
      if (permits_.geometry[f].kind == GeometryKind::polygon)
        parts.push_back(&permits_.geometry[f]);
    if (parts.empty()) return {};
    std::vector<Geometry> planar;
    for (const std::size_t f : distinct_of(parts).first)
      planar.push_back(follow_edges(*parts[f], crs, default_edges(crs)));
    if (planar.size() == 1) return std::move(planar.front());
    std::vector<const Geometry*> all;
    for (const Geometry& part : planar) all.push_back(&part);
    return united(all, "ground of a title", id, findings);
  }

  [[nodiscard]] bool same_shapes(const Title& own, const Edition& other, const Title& its) const {
    const std::size_t n = own.features.size();
    if (n != its.features.size()) return false;
    for (std::size_t i = 0; i < n; ++i)
      if (permits_.geometry[own.features[i]] != other.permits_.geometry[its.features[i]])
        return false;
    return true;
  }

  std::map<std::string, Title> titles;
  std::vector<std::string> order;

 private:
  void add(std::size_t i, const ValidityOptions& day, Title& title) const {
    Findings told_elsewhere;
    const Validity v = judge_permit(permits_.cells[i], day, "", told_elsewhere);
    if (title.features.empty() || rank(v.status) > rank(title.status)) {
      title.status = v.status;
      title.expires = v.expires;
    }
    title.features.push_back(i);
    if (i >= permits_.holders.size() || !title.key.empty()) return;
    title.holder = std::string(trim(permits_.holders[i]));
    title.key = holder_key(permits_.holders[i]);
  }

  const PermitInputs& permits_;
};

void compare_ground(const Edition& before, const Title& first, const Edition& after,
                    const Title& second, const Crs& crs, TitleChange& change, Findings& findings) {
  if (before.same_shapes(first, after, second)) return;
  const Geometry was = before.ground(first, crs, change.id, findings),
                 is = after.ground(second, crs, change.id, findings);
  const auto area = [&](const Geometry& g) {
    return g.empty() ? 0.0 : area_m2(g, crs, default_edges(crs));
  };
  const auto beyond = [&](const Geometry& one, const Geometry& other) {
    if (one.empty()) return 0.0;
    if (other.empty()) return area(one);
    const auto rest =
        told(try_difference(one, other), "ground gained or lost", change.id, findings);
    return rest ? area(*rest) : std::numeric_limits<double>::quiet_NaN();
  };
  change.gained_m2 = beyond(is, was);
  change.lost_m2 = beyond(was, is);
  // Registers round their coordinates anew at every issue.
  if (change.gained_m2 > 1.0 || change.lost_m2 > 1.0)
    change.changes.push_back(RegisterChange::moved);
}

}  // namespace

std::string_view to_text(RegisterChange change) {
  switch (change) {
    case RegisterChange::added:
      return "added";
    case RegisterChange::removed:
      return "removed";
    case RegisterChange::changed_hands:
      return "changed_hands";
    case RegisterChange::status:
      return "status";
    case RegisterChange::moved:
      break;
  }
  return "moved";
}

std::vector<TitleChange> register_changes(const PermitInputs& before,
                                          const ValidityOptions& on_first_day,
                                          const PermitInputs& after,
                                          const ValidityOptions& on_second_day, const Crs& crs,
                                          Findings& findings) {
  const Edition earlier(before, on_first_day, "earlier", findings);
  const Edition later(after, on_second_day, "later", findings);
  std::vector<TitleChange> out;
  const auto fill = [](const Title& title, std::size_t& feature, std::string& holder,
                       PermitStatus& status) {
    feature = title.features.front();
    holder = title.holder;
    status = title.status;
  };
  std::size_t common = 0;
  for (const std::string& id : later.order) {
    const Title& now = later.titles.at(id);
    TitleChange change;
    change.id = id;
    fill(now, change.after, change.holder_after, change.status_after);
    const auto at = earlier.titles.find(id);
    if (at == earlier.titles.end()) {
      change.changes.push_back(RegisterChange::added);
      out.push_back(std::move(change));
      continue;
    }
    ++common;
    const Title& then = at->second;
    fill(then, change.before, change.holder_before, change.status_before);
    if (!then.key.empty() && !now.key.empty() && then.key != now.key)
      change.changes.push_back(RegisterChange::changed_hands);
    if (then.status != now.status || then.expires != now.expires)
      change.changes.push_back(RegisterChange::status);
    compare_ground(earlier, then, later, now, crs, change, findings);
    if (!change.changes.empty()) out.push_back(std::move(change));
  }
  for (const std::string& id : earlier.order) {
    if (later.titles.contains(id)) continue;
    TitleChange change;
    change.id = id;
    change.changes.push_back(RegisterChange::removed);
    const Title& then = earlier.titles.at(id);
    fill(then, change.before, change.holder_before, change.status_before);
    out.push_back(std::move(change));
  }
  if (common == 0 && !earlier.order.empty() && !later.order.empty())
    findings.add("register.no_common_title", Severity::warning, "editions",
                 "the two editions have no id in common; are they of one register, with the ids in "
                 "the same field?");
  return out;
}

}  // namespace lode
