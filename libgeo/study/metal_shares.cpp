#include "libgeo/study/metal_shares.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/composition.h"

namespace lode {

namespace {

/// A group that sites say by itself.
struct SaidGroup {
  std::string name;
  double SiteFacts::*share;
  std::array<std::string, 2> elements;
};

const std::vector<SaidGroup>& said_groups() {
  static const std::vector<SaidGroup> groups = {{"NdPr", &SiteFacts::ndpr_share, {"Nd", "Pr"}},
                                                {"DyTb", &SiteFacts::dytb_share, {"Dy", "Tb"}}};
  return groups;
}

double said_share(const SiteFacts& facts, const std::string& element) {
  const auto at = facts.element_share.find(element);
  return at == facts.element_share.end() ? unknown : at->second;
}

void refuse(const std::string& what, const std::string& source, const std::string& hint) {
  throw Error("deposit.share", what, source, hint);
}

std::string percent_text(double share) {
  return number_text(std::round(1e6 * share) / 1e4) + " %";
}

void join_group(const SaidGroup& group, SiteFacts& facts, const std::string& source) {
  constexpr double rounding = 2e-3;  // of TREO: shares are printed to a tenth of a per cent
  double& whole = facts.*group.share;
  const auto& [one, other] = group.elements;
  const double a = said_share(facts, one), b = said_share(facts, other);
  if (std::isnan(a) && std::isnan(b)) return;
  const auto rest = [&](const std::string& left, const std::string& said, double share) {
    if (share > whole + rounding)
      refuse(said + " is " + percent_text(share) + " of TREO, more than " + group.name + ", " +
                 percent_text(whole),
             source, group.name + " is the sum of its elements.");
    facts.element_share[left] = std::max(0.0, whole - share);
  };
  if (!std::isnan(a) && !std::isnan(b)) {
    if (std::abs(a + b - whole) > rounding)
      refuse(one + " and " + other + " are " + percent_text(a + b) + " of TREO, and " + group.name +
                 " is " + percent_text(whole),
             source, group.name + " is the sum of its elements: leave it out, or mend one.");
    if (std::isnan(whole)) whole = a + b;
  } else if (!std::isnan(whole)) {
    std::isnan(a) ? rest(one, other, b) : rest(other, one, a);
  }
}

/// An element's share; beside its group's and its fellow's it is its part of the group.
double element_share(const SiteFacts& facts, const std::string& element) {
  const double own = said_share(facts, element);
  for (const SaidGroup& group : said_groups()) {
    const double whole = facts.*group.share;
    const double sum = said_share(facts, group.elements[0]) + said_share(facts, group.elements[1]);
    if ((element == group.elements[0] || element == group.elements[1]) && sum > 0.0 &&
        !std::isnan(whole))
      return own * whole / sum;
  }
  return own;
}

std::set<std::string> symbols_of(const std::string& metal) {
  std::set<std::string> symbols;
  for (const std::size_t e : parse_element_group(metal).elements)
    symbols.insert(std::string(composition_elements[e]));
  return symbols;
}

bool take_from(std::set<std::string>& left, const std::set<std::string>& part) {
  if (!std::includes(left.begin(), left.end(), part.begin(), part.end())) return false;
  for (const auto& symbol : part) left.erase(symbol);
  return true;
}

}  // namespace

void join_shares(SiteFacts& facts, const std::string& source) {
  constexpr double rounding = 0.01;  // fifteen shares, each rounded by itself
  double sum = 0.0;
  for (const auto& [element, share] : facts.element_share) {
    if (!(share >= 0.0 && share <= 1.0))
      refuse("a share of " + percent_text(share) + " of " + element + " is impossible", source,
             "Shares of TREO lie between 0 and 100 %.");
    sum += share;
  }
  if (sum > 1.0 + rounding)
    refuse("its elements are " + percent_text(sum) + " of TREO", source,
           "Shares are of TREO, and add up to 100 % at most.");
  for (const SaidGroup& group : said_groups()) join_group(group, facts, source);
  // Again with the groups whose elements are not said.
  sum = 0.0;
  std::set<std::string> counted;
  for (const SaidGroup& group : said_groups())
    if (const double whole = facts.*group.share; !std::isnan(whole)) {
      sum += whole;
      counted.insert(group.elements.begin(), group.elements.end());
    }
  for (const auto& [element, share] : facts.element_share)
    if (counted.count(element) == 0) sum += share;
  if (sum > 1.0 + rounding)
    refuse("its elements and groups are " + percent_text(sum) + " of TREO", source,
           "Shares are of TREO, and add up to 100 % at most.");
  if (facts.dytb_share > facts.hreo_share + rounding)
    refuse("DyTb is " + percent_text(facts.dytb_share) + " of TREO, more than all heavy ones, " +
               percent_text(facts.hreo_share),
           source, "Dysprosium and terbium are heavy: hreo_share holds them.");
}

double metal_share(const SiteFacts& facts, const std::string& metal) {
  std::set<std::string> left = symbols_of(metal);
  if (left.size() == composition_elements.size()) return 1.0;
  double sum = 0.0;
  for (const SaidGroup& group : said_groups())
    if (!std::isnan(facts.*group.share) &&
        take_from(left, {group.elements.begin(), group.elements.end()}))
      sum += facts.*group.share;
  for (const auto& element : left) sum += element_share(facts, element);
  return sum;
}

std::vector<std::size_t> parts_of_metal(const std::vector<std::string>& names,
                                        const std::string& metal) {
  const auto own = std::find(names.begin(), names.end(), metal);
  if (own != names.end()) return {static_cast<std::size_t>(own - names.begin())};
  std::set<std::string> left = symbols_of(metal);
  std::vector<std::size_t> parts;
  for (std::size_t k = 0; k < names.size(); ++k)
    if (take_from(left, symbols_of(names[k]))) parts.push_back(k);
  return left.empty() ? parts : std::vector<std::size_t>{};
}

}  // namespace lode
