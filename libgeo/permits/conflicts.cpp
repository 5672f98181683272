#include "libgeo/permits/conflicts.h"

#include <algorithm>
#include <tuple>

namespace lode {

Conflicts::Conflicts(std::vector<ConflictParty> parties, const OverlapClasses& classes)
    : parties_(std::move(parties)), classes_(classes), of_party_(parties_.size(), 0) {
  group();
  std::vector<std::size_t> of_group(groups_.size(), 0);
  count_by_class(of_group);
  count_others(of_group);
  for (std::size_t p = 0; p < parties_.size(); ++p)
    if (group_of_[p] != OverlapClasses::none) of_party_[p] = of_group[group_of_[p]];
  take_off_own_title();
  for (const std::size_t n : of_party_) count_ += n;
  count_ /= 2;
}

void Conflicts::group() {
  std::map<std::tuple<std::size_t, std::size_t, PermitKind>, std::size_t> known;
  for (std::size_t p = 0; p < parties_.size(); ++p) {
    const ConflictParty& party = parties_[p];
    group_of_.push_back(OverlapClasses::none);
    const std::size_t of = classes_.class_of(party.shape);
    if (of == OverlapClasses::none) continue;
    const auto [at, fresh] =
        known.try_emplace({party.shape, party.holder, party.kind}, groups_.size());
    if (fresh) {
      by_class_[of].push_back(groups_.size());
      by_shape_[party.shape].push_back(groups_.size());
      groups_.push_back({party.shape, party.holder, party.kind, {}});
    }
    group_of_[p] = at->second;
    groups_[at->second].members.push_back(p);
  }
}

void Conflicts::count_by_class(std::vector<std::size_t>& of_group) const {
  for (const auto& [one, groups] : by_class_) {
    // Everything in a sharing class overlaps everything in this one: only numbers are needed.
    std::map<PermitKind, std::size_t> all;
    std::map<std::pair<PermitKind, std::size_t>, std::size_t> own;
    for (const std::size_t other : classes_.sharing()[one]) {
      const auto at = by_class_.find(other);
      if (at == by_class_.end()) continue;
      for (const std::size_t g : at->second) {
        all[groups_[g].kind] += groups_[g].members.size();
        own[{groups_[g].kind, groups_[g].holder}] += groups_[g].members.size();
      }
    }
    for (const std::size_t g : groups)
      of_group[g] += all[groups_[g].kind] - own[{groups_[g].kind, groups_[g].holder}];
  }
}

void Conflicts::count_others(std::vector<std::size_t>& of_group) const {
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (const std::size_t shape : classes_.others(groups_[g].shape)) {
      const auto at = by_shape_.find(shape);
      if (at == by_shape_.end()) continue;
      for (const std::size_t other : at->second)
        if (rivals(groups_[g], groups_[other])) of_group[g] += groups_[other].members.size();
    }
}

void Conflicts::take_off_own_title() {
  std::map<std::size_t, std::vector<std::size_t>> titles;
  for (std::size_t p = 0; p < parties_.size(); ++p)
    if (of_party_[p] > 0) titles[parties_[p].title].push_back(p);
  for (const auto& [title, members] : titles)
    for (std::size_t i = 0; i < members.size(); ++i)
      for (std::size_t j = i + 1; j < members.size(); ++j) {
        const std::size_t a = members[i], b = members[j];
        if (group_of_[a] == group_of_[b] || !rivals(groups_[group_of_[a]], groups_[group_of_[b]]) ||
            !classes_.overlap(parties_[a].shape, parties_[b].shape))
          continue;
        --of_party_[a];
        --of_party_[b];
      }
}

std::vector<std::pair<std::size_t, std::size_t>> Conflicts::first(std::size_t most) const {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  most = std::min(most, count_);
  for (std::size_t a = 0; a < parties_.size() && out.size() < most; ++a) {
    if (of_party_[a] == 0) continue;
    const Group& own = groups_[group_of_[a]];
    std::vector<std::size_t> against;
    const auto add = [&](const std::vector<std::size_t>& groups) {
      for (const std::size_t g : groups) {
        if (!rivals(own, groups_[g])) continue;
        const auto& members = groups_[g].members;
        for (auto b = std::upper_bound(members.begin(), members.end(), a); b != members.end(); ++b)
          if (parties_[*b].title != parties_[a].title) against.push_back(*b);
      }
    };
    for (const std::size_t other : classes_.sharing()[classes_.class_of(own.shape)])
      if (const auto at = by_class_.find(other); at != by_class_.end()) add(at->second);
    for (const std::size_t shape : classes_.others(own.shape))
      if (const auto at = by_shape_.find(shape); at != by_shape_.end()) add(at->second);
    std::sort(against.begin(), against.end());
    against.resize(std::min(against.size(), most - out.size()));
    for (const std::size_t b : against) out.emplace_back(a, b);
  }
  return out;
}

}  // namespace lode
