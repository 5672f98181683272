#include "libgeo/permits/standing.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/permits/holders.h"

namespace lode {
namespace {

bool has_word(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; });
}

/// Findings are told once a kind, with the first permit named, not once a permit.
class Told {
 public:
  void add(Finding finding) {
    const auto [at, fresh] = place_.try_emplace(finding.code, list_.size());
    if (fresh)
      list_.push_back(std::move(finding));
    else
      ++list_[at->second].count;
  }
  void tell(Findings& findings) const {
    for (const Finding& finding : list_) findings.add(finding);
  }

 private:
  std::map<std::string, std::size_t> place_;
  std::vector<Finding> list_;
};

/// Features of one id are taken for parts of one title: what sets them apart must be said.
void compare_parts(const PermitInputs& permits, const Coverage& out, Told& told) {
  if (permits.ids.empty()) return;
  struct First {
    std::size_t feature;
    bool told_holder = false, told_standing = false;
  };
  std::map<std::string, First> titles;
  for (std::size_t i = 0; i < permits.ids.size(); ++i) {
    const auto [at, fresh] = titles.try_emplace(permits.ids[i], First{i});
    if (fresh) continue;
    First& first = at->second;
    const PermitRecord &one = out.permits[first.feature], &two = out.permits[i];
    if (!first.told_holder && one.holder != two.holder) {
      first.told_holder = true;
      told.add({"permits.two_holders", Severity::warning, permits.ids[i], 1,
                "features of one id have different holders ('" +
                    printable(permits.holders[first.feature]) + "' and '" +
                    printable(permits.holders[i]) +
                    "'); they are taken for parts of one title, which conflict with each other "
                    "never"});
    }
    if (!first.told_standing && one.validity.status != two.validity.status) {
      first.told_standing = true;
      told.add({"permits.two_standings", Severity::warning, permits.ids[i], 1,
                "features of one id stand differently on the day (" +
                    std::string(to_text(one.validity.status)) + " and " +
                    std::string(to_text(two.validity.status)) + "); each is judged by itself"});
    }
  }
}

double median_ratio(const std::vector<RecordedTitle>& titles) {
  std::vector<double> ratios;
  for (const RecordedTitle& title : titles)
    if (title.recorded_m2 > 0.0 && title.mapped_m2 > 0.0)
      ratios.push_back(title.mapped_m2 / title.recorded_m2);
  if (ratios.empty()) return std::nan("");
  std::sort(ratios.begin(), ratios.end());
  const std::size_t n = ratios.size();
  return n % 2 == 1 ? ratios[n / 2] : (ratios[n / 2 - 1] + ratios[n / 2]) / 2.0;
}

void repeated(const std::string& id, Coverage& out) {
  if (++out.summary.repeated_features == 1) {
    out.findings.add("permits.repeated_feature", Severity::warning, "permits",
                     "a feature repeats another of the same title on the same ground; sums over "
                     "features count it again (first: " +
                         id + ")");
    return;
  }
  out.findings.add("permits.repeated_feature", Severity::warning, "permits", "");
}

std::string in_hectares(double m2) {
  return fixed_text(m2 / 1e4, m2 < 1e6 ? 2 : 0) + " ha";
}

}  // namespace

std::string permit_id(const std::vector<std::string>& ids, std::size_t i) {
  return i < ids.size() ? ids[i] : std::to_string(i + 1);
}

void check_lengths(const PermitInputs& permits) {
  const std::size_t n = permits.geometry.size();
  const auto fits = [&](std::size_t size, bool may_lack) {
    return size == n || (may_lack && size == 0);
  };
  if (!fits(permits.cells.size(), false) || !fits(permits.ids.size(), true) ||
      !fits(permits.holders.size(), true) || !fits(permits.types.size(), true) ||
      !fits(permits.recorded_m2.size(), true) || !fits(permits.commodities.size(), true) ||
      !fits(permits.names.size(), true))
    throw Error("permits.length", "columns and features of the permits differ in number", {},
                "Give every column one value for each feature.");
}

void judge_permits(const CoverageInputs& inputs, const CoverageOptions& options,
                   const PermitGround& ground, Coverage& out) {
  const PermitInputs& permits = inputs.permits;
  const HolderNumbers holders = holder_numbers(permits.holders);
  Told told;
  for (std::size_t i = 0; i < permits.geometry.size(); ++i) {
    Findings own;
    PermitRecord record;
    const std::string id = permit_id(permits.ids, i);
    record.validity = judge_permit(permits.cells[i], options.validity, id, own);
    if (i < permits.types.size()) record.kind = permit_kind(permits.types[i]);
    record.area_m2 = ground.shape_area_m2(i);
    if (i < holders.of.size()) record.holder = holders.of[i];
    out.permits.push_back(std::move(record));
    for (const Finding& finding : own.list()) told.add(finding);
    if (permits.geometry[i].kind != GeometryKind::polygon)
      told.add({"permits.no_area", Severity::warning, id, 1,
                permits.geometry[i].empty()
                    ? "the permit has no place and covers nothing"
                    : "the permit has no polygon and covers nothing (--point-radius lists it with "
                      "sites near by)"});
  }
  compare_parts(permits, out, told);
  told.tell(out.findings);
  out.findings.add(holders.findings);
}

void compare_recorded(const PermitInputs& permits, const PermitGround& ground, Coverage& out) {
  std::map<std::string, std::size_t> known;
  std::map<std::string, bool> titles;
  std::set<std::pair<std::string, std::size_t>> met;
  Sum recorded, once, sum_once;
  for (std::size_t i = 0; i < permits.geometry.size(); ++i) {
    const std::string id = permit_id(permits.ids, i);
    titles[id] = true;
    const bool again = out.permits[i].area_m2 > 0.0 && !met.insert({id, ground.shape_of(i)}).second;
    if (again)
      repeated(id, out);
    else
      sum_once += out.permits[i].area_m2;
    if (permits.recorded_m2.empty() || std::isnan(permits.recorded_m2[i])) continue;
    const auto [at, fresh] = known.try_emplace(id, out.recorded.size());
    if (fresh) out.recorded.push_back({id, 0.0, 0.0});
    out.recorded[at->second].recorded_m2 += permits.recorded_m2[i];
    recorded += permits.recorded_m2[i];
    if (!again) once += permits.recorded_m2[i];
  }
  for (std::size_t i = 0; i < permits.geometry.size(); ++i) {
    const auto at = known.find(permit_id(permits.ids, i));
    if (at != known.end()) out.recorded[at->second].mapped_m2 += out.permits[i].area_m2;
  }
  out.summary.titles = titles.size();
  out.summary.sum_once_m2 = sum_once.value();
  out.summary.shapes = ground.shapes();
  out.summary.most_of_one_shape = ground.most_of_one_shape();
  if (out.recorded.empty()) return;
  out.summary.recorded_m2 = recorded.value();
  out.summary.recorded_once_m2 = once.value();
  out.summary.median_mapped_over_recorded = median_ratio(out.recorded);
  for (const RecordedTitle& title : out.recorded)
    if (title.mapped_m2 > 2.0 * title.recorded_m2) {
      ++out.summary.mapped_over_twice_recorded;
      out.findings.add("permits.mapped_over_recorded", Severity::warning, "permits",
                       "a title is mapped over twice its recorded area (first: " + title.id + ")");
    } else if (title.recorded_m2 > 2.0 * title.mapped_m2 && title.mapped_m2 > 0.0) {
      out.findings.add("permits.recorded_over_mapped", Severity::warning, "permits",
                       "a title is recorded over twice its mapped area (first: " + title.id + ")");
    }
}

void explain_sums(Coverage& out) {
  const CoverageSummary& s = out.summary;
  std::vector<std::string> why;
  if (s.repeated_features > 0)
    why.push_back(std::to_string(s.repeated_features) +
                  " features repeat another of the same title (without them " +
                  in_hectares(s.sum_once_m2) +
                  (std::isnan(s.recorded_once_m2) || !(s.recorded_once_m2 < s.recorded_m2)
                       ? ""
                       : ", recorded " + in_hectares(s.recorded_once_m2)) +
                  ")");
  if (s.stacked_m2 > 1e-3 * s.sum_m2)
    why.push_back((s.most_of_one_shape > 1
                       ? std::to_string(out.permits.size()) + " permits have " +
                             std::to_string(s.shapes) + " different shapes, up to " +
                             std::to_string(s.most_of_one_shape) + " lie on one and the same, and "
                       : std::string()) +
                  "ground under several permits counts once for each in the sum");
  if (s.mapped_over_twice_recorded > 0)
    why.push_back(
        std::to_string(s.mapped_over_twice_recorded) + " of " +
        std::to_string(out.recorded.size()) +
        " titles with a recorded area are drawn over twice as large (the middle one " +
        fixed_text(s.median_mapped_over_recorded, 1) +
        " times), as registers do that draw a claim as the whole land parcels it touches");
  if (why.empty()) return;
  out.findings.add(
      "permits.sums_differ", Severity::note, "permits",
      in_hectares(s.sum_m2) + " in sum, " + in_hectares(s.dissolved_m2) + " of ground" +
          (std::isnan(s.recorded_m2) ? "" : ", " + in_hectares(s.recorded_m2) + " recorded") +
          ": " + join(why, "; "));
}

std::string_view to_text(PermitKind kind) {
  switch (kind) {
    case PermitKind::mineral:
      return "mineral";
    case PermitKind::surface:
      return "surface";
    case PermitKind::permit:
      break;
  }
  return "permit";
}

PermitKind permit_kind(std::string_view type) {
  const std::string text = lower(type);
  if (has_word(text, {"surface", "grazing", "right of way", "right-of-way", "easement", "timber",
                      "pasture", "land use", "mill site", "millsite"}))
    return PermitKind::surface;
  if (has_word(text, {"claim", "lode", "placer", "mineral", "mining l", "exploration", "tenement",
                      "concession", "coal", "prospecting", "retention", "tenure"}))
    return PermitKind::mineral;
  if (has_word(text, {"permit", "water", "air", "discharge", "nepa", "plan of operation",
                      "environmental", "notice", "consent", "operating", "operation"}))
    return PermitKind::permit;
  return PermitKind::mineral;
}

}  // namespace lode
