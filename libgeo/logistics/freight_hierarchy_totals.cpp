#include <algorithm>

#include "libgeo/core/parallel.h"
#include "libgeo/logistics/freight_hierarchy.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = HierarchyTopology::kNone;
/// Places whose labels are worked out before they go into buckets.
constexpr std::size_t kAtOnce = 4096;
/// Links whose totals are kept at one time: 160 MB.
constexpr std::size_t kKnown = 4000000;

}  // namespace

WayTotals::WayTotals(const Toll& toll)
    : km(toll.km),
      cost(toll.freight + toll.toll + toll.time + toll.stock),
      hours(toll.hours),
      co2e_kg(toll.co2e_kg),
      seasonal(toll.seasonal) {}

void WayTotals::add(const WayTotals& other) {
  km += other.km;
  cost += other.cost;
  hours += other.hours;
  co2e_kg += other.co2e_kg;
  seasonal = seasonal || other.seasonal;
}

LinkTotals::LinkTotals(const FreightHierarchy& hierarchy)
    : hierarchy_(hierarchy), slot_(2 * hierarchy.topology().head.size(), 0) {}

WayTotals LinkTotals::of(std::uint32_t half) {
  const auto& metric = hierarchy_.metric();
  if (known_.size() > kKnown) {
    std::fill(slot_.begin(), slot_.end(), 0U);
    known_.clear();
  }
  open_.assign(1, half);
  while (slot_[half] == 0) {
    const std::uint32_t now = open_.back();
    std::uint32_t one = 0, two = 0;
    WayTotals sum;
    if (slot_[now] != 0) {
      open_.pop_back();
      continue;
    }
    if (split_link(hierarchy_.topology(), metric, now, one, two)) {
      if (slot_[one] == 0) open_.push_back(one);
      if (slot_[two] == 0) open_.push_back(two);
      if (slot_[one] == 0 || slot_[two] == 0) continue;
      sum = known_[slot_[one] - 1];
      sum.add(known_[slot_[two] - 1]);
    } else {
      const std::uint32_t label = hierarchy_.arc_label(metric.via[now] - HierarchyMetric::kArc);
      sum = WayTotals(hierarchy_.graph().toll(hierarchy_.graph().step(label)));
    }
    known_.push_back(sum);
    slot_[now] = static_cast<std::uint32_t>(known_.size());
    open_.pop_back();
  }
  return known_[slot_[half] - 1];
}

void LabelTotals::start(const FreightHierarchy& hierarchy, const Attachment& at, bool leaving) {
  gates_.clear();
  slot_.clear();
  known_.clear();
  for (const auto& gate : gates_of(hierarchy.graph(), at, leaving))
    gates_.emplace_back(hierarchy.topology().rank[gate.node],
                        WayTotals(hierarchy.graph().toll(gate.step)));
}

const WayTotals& LabelTotals::of(const FreightHierarchy& hierarchy, LinkTotals& links,
                                 const FreightHierarchy::Labels& labels, std::uint16_t label,
                                 std::uint32_t depth) {
  if (slot_.size() <= label) slot_.resize(labels.size());
  auto& slot = slot_[label];
  const HierarchyLabel& along = labels[label];
  if (slot.empty()) slot.assign(along.path.size(), 0);
  std::vector<std::uint32_t> open;
  std::uint32_t at = depth;
  while (slot[at] == 0 && along.link[at] != kNone) {
    open.push_back(at);
    at = hierarchy.topology().depth[hierarchy.tail(along.link[at])];
  }
  if (slot[at] == 0) {
    WayTotals sum;
    for (const auto& [rank, gate] : gates_)
      if (rank == along.path[at]) sum = gate;
    known_.push_back(sum);
    slot[at] = static_cast<std::uint32_t>(known_.size());
  }
  WayTotals sum = known_[slot[at] - 1];
  for (auto it = open.rbegin(); it != open.rend(); ++it) {
    sum.add(links.of(along.link[*it]));
    known_.push_back(sum);
    slot[*it] = static_cast<std::uint32_t>(known_.size());
  }
  return known_[slot[depth] - 1];
}

NearestPlaces::NearestPlaces(const FreightHierarchy& hierarchy,
                             const std::vector<Attachment>& places, const std::vector<char>& found,
                             const std::vector<double>& last, std::size_t keep, int jobs,
                             const Progress& progress)
    : hierarchy_(hierarchy),
      places_(places),
      last_(last),
      keep_(keep),
      slot_(hierarchy.topology().nodes(), 0) {
  for (std::size_t begin = 0; begin < places.size(); begin += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, places.size() - begin);
    std::vector<FreightHierarchy::Labels> labels(count);
    parallel_blocks(count, 16, jobs, [&](std::size_t first, std::size_t end, std::size_t) {
      progress.check();
      for (std::size_t i = first; i < end; ++i)
        if (found[begin + i] != 0) labels[i] = hierarchy.labels(places[begin + i], false);
    });
    for (std::size_t i = 0; i < count; ++i) {
      if (found[begin + i] == 0) continue;
      add(labels[i], static_cast<std::uint32_t>(begin + i));
      if (!places[begin + i].at_node)
        on_stretch_[places[begin + i].stretch].push_back(static_cast<std::uint32_t>(begin + i));
    }
    progress.update(static_cast<double>(begin + count) / static_cast<double>(places.size()));
  }
}

void NearestPlaces::add(const FreightHierarchy::Labels& labels, std::uint32_t place) {
  for (const auto& label : labels)
    for (std::size_t k = 0; k < label.path.size(); ++k) {
      if (label.distance[k] == ShortestPaths::kUnreached) continue;
      std::uint32_t& slot = slot_[label.path[k]];
      if (slot == 0) {
        buckets_.emplace_back();
        slot = static_cast<std::uint32_t>(buckets_.size());
      }
      auto& bucket = buckets_[slot - 1];
      Choice choice{label.distance[k] + last_[place], place};
      const auto same = std::find_if(bucket.begin(), bucket.end(),
                                     [&](const Choice& known) { return known.second == place; });
      if (same != bucket.end()) {
        if (!(choice < *same)) continue;
        bucket.erase(same);
      }
      if (bucket.size() == keep_ && !(choice < bucket.back())) continue;
      bucket.insert(std::upper_bound(bucket.begin(), bucket.end(), choice), choice);
      if (bucket.size() > keep_) bucket.pop_back();
    }
}

std::vector<NearestPlaces::Choice> NearestPlaces::nearest(
    const Attachment& site, const FreightHierarchy::Labels& labels) const {
  std::vector<Choice> best;
  const auto offer = [&](double weight, std::uint32_t place) {
    Choice choice{weight, place};
    if (best.size() == keep_ && !(choice < best.back())) return false;
    const auto same = std::find_if(best.begin(), best.end(),
                                   [&](const Choice& known) { return known.second == place; });
    if (same != best.end()) {
      if (!(choice < *same)) return true;
      best.erase(same);
    }
    best.insert(std::upper_bound(best.begin(), best.end(), choice), choice);
    if (best.size() > keep_) best.pop_back();
    return true;
  };
  if (!site.at_node)
    if (const auto same = on_stretch_.find(site.stretch); same != on_stretch_.end())
      for (const auto place : same->second) {
        const double weight = direct_run(hierarchy_.graph(), site, places_[place]).weight;
        if (weight < ShortestPaths::kUnreached) offer(weight + last_[place], place);
      }
  for (const auto& label : labels)
    // From the site upward: what is near comes first and cuts the rest short.
    for (std::size_t k = label.path.size(); k-- > 0;) {
      const std::uint32_t slot = slot_[label.path[k]];
      if (slot == 0 || label.distance[k] == ShortestPaths::kUnreached) continue;
      for (const auto& [weight, place] : buckets_[slot - 1])
        if (!offer(label.distance[k] + weight, place)) break;
    }
  return best;
}

}  // namespace lode
