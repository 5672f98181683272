#include "libgeo/supply/concentration.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

std::string place_of(const Production& production) {
  std::string place = production.source;
  for (const auto* part : {&production.element, &production.stage})
    if (!part->empty()) place += (place.empty() ? "" : ", ") + *part;
  return place.empty() ? "supply" : place;
}

/// The same with the row, where it is known.
std::string place_of(const Production& production, std::size_t i) {
  return place_of(production) + (i < production.row.size() ? ", " + production.row[i] : "");
}

double low_of(const Production& production, std::size_t i) {
  return production.low.empty() || std::isnan(production.low[i]) ? production.amount[i]
                                                                 : production.low[i];
}
double high_of(const Production& production, std::size_t i) {
  return production.high.empty() || std::isnan(production.high[i]) ? production.amount[i]
                                                                   : production.high[i];
}

/// Squares of what lies within keep all their digits. A high end may be open.
void check_magnitude(double amount, bool open, const std::string& where) {
  if (std::isnan(amount) || amount == 0.0 || (open && std::isinf(amount))) return;
  if (amount >= 1e30)
    throw Error("supply.magnitude",
                "the amount " + number_text(amount) + " is a mark for no data, not a figure", where,
                "Leave the cell empty, or write NA.");
  if (amount < 1e-100)
    throw Error("supply.magnitude",
                "the amount " + number_text(amount) + " is too small to be told from 0", where,
                "Write 0, or the column in a smaller unit.");
}

void check_rows(const Production& production) {
  const std::size_t n = production.country.size();
  if (production.amount.size() != n ||
      (!production.trade_factor.empty() && production.trade_factor.size() != n))
    throw Error("supply.length", "countries, amounts and trade factors differ in number",
                place_of(production));
  for (const auto* column : {&production.low, &production.high})
    if (!column->empty() && column->size() != n)
      throw Error("supply.length", "the columns of low and high differ in number from the amounts",
                  place_of(production));
  if (!production.quota.empty() && production.quota.size() != n)
    throw Error("supply.length", "the marks of quotas differ in number from the amounts",
                place_of(production));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string where = place_of(production, i) + ", " + printable(production.country[i]);
    if (production.amount[i] < 0.0 || std::isinf(production.amount[i]))
      throw Error("supply.negative",
                  "the amount " + number_text(production.amount[i]) + " is not a number from 0 up",
                  where);
    const double low = low_of(production, i), high = high_of(production, i);
    if (low < 0.0 || low > production.amount[i] || high < production.amount[i])
      throw Error("supply.range",
                  "the amount " + number_text(production.amount[i]) + " is not within " +
                      number_text(low) + " to " + number_text(high),
                  where, "Low and high bound what the figure may be.");
    for (const double amount : {production.amount[i], low}) check_magnitude(amount, false, where);
    check_magnitude(high, true, where);
    if (!production.trade_factor.empty() && !(production.trade_factor[i] >= 0.0))
      throw Error("supply.negative", "the trade factor is not a number from 0 up", where);
    if (trim(production.country[i]).empty()) {
      if (std::isnan(production.amount[i])) continue;  // a blank row
      throw Error("supply.no_country",
                  "an amount (" + number_text(production.amount[i]) + ") has no country",
                  i < production.row.size()
                      ? place_of(production, i)
                      : place_of(production) + ", row " + std::to_string(i + 1) + " of its table",
                  "Name the country, or write Other.");
    }
    if (!seen.insert(lower(country_key(production.country[i]))).second)
      throw Error("supply.duplicate_country",
                  "the country stands twice, perhaps under its name and its code", where,
                  "Name the columns that tell the rows apart with --element and --stage.");
  }
}

/// A figure whose leading digits, taken off as a footnote's, bring the sum within the tolerance:
/// "Madagascar 122100 may be 2100". "" when there is none.
std::string likely_footnote(const Production& production, double sum, double claimed,
                            double tolerance) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < production.amount.size(); ++i) {
    const double amount = production.amount[i];
    if (!(amount >= 10.0) || amount != std::floor(amount) || amount > 1e15) continue;
    for (double power = 10.0; power <= amount; power *= 10.0) {
      const double rest = std::fmod(amount, power);
      const bool leading_zero = rest < power / 10.0;
      const double note = std::floor(amount / power);
      if (leading_zero || note > 99.0) continue;
      if (std::abs(sum - amount + rest - claimed) <= tolerance * claimed)
        found.push_back(printable(production.country[i]) + " " + number_text(amount) + " may be " +
                        number_text(rest));
    }
  }
  return found.size() > 3 ? std::string() : join(found, ", or ");
}

/// Compares the sum of all countries with the row that claims to be it.
void check_total(const Production& production, double sum, double claimed,
                 const ConcentrationOptions& options, Findings& findings) {
  const std::string where = place_of(production);
  double off = (sum - claimed) / claimed;
  if (options.total_is_minimum && off > 0.0) off = 0.0;
  const std::string words =
      "the countries sum to " + number_text(sum) + ", the total row says " + number_text(claimed);
  const std::string likely =
      std::abs(off) > options.total_tolerance && off > 0.0
          ? likely_footnote(production, sum, claimed, options.total_tolerance)
          : std::string();
  if (std::abs(off) > options.total_refused)
    throw Error("supply.total_mismatch", words, where,
                likely.empty() ? "Look for a footnote's digit glued to a figure, a missing row, or "
                                 "a total in another unit."
                               : "A footnote's number may be glued to a figure: " + likely + ".");
  if (std::abs(off) > options.total_tolerance)
    findings.add("supply.total_mismatch", Severity::warning, where,
                 likely.empty() ? words : words + "; a footnote may be glued: " + likely);
  else if (off != 0.0)
    findings.add("supply.total_rounded", Severity::note, where, words + ": taken as rounding");
}

double governance_of(const ConcentrationOptions& options, const std::string& country, bool other) {
  if (other) return options.other_governance;
  const auto found = options.governance.find(country);
  if (found == options.governance.end()) return std::numeric_limits<double>::quiet_NaN();
  if (!(found->second >= 0.0 && found->second <= 10.0))
    throw Error("supply.governance_range",
                "governance risk " + number_text(found->second) + " is not within 0 to 10", country,
                "Scale the indicator: 10 x (2.5 - estimate) / 5.");
  return found->second;
}

/// Adds what the rules make of quotas and undocumented output to one row; false = leave it out.
bool apply_quota(const Production& production, std::size_t i, const ConcentrationOptions& options,
                 CountryShare& share, Concentration& out) {
  const auto extra = options.undocumented.find(share.country);
  const bool quota = options.quota_countries.count(share.country) > 0 ||
                     (!production.quota.empty() && production.quota[i]);
  if (quota) {
    out.quotas.push_back(share.country);
    if (options.quota == QuotaRule::exclude) return false;
  }
  if (extra != options.undocumented.end() && extra->second != 0.0) {
    if (!(extra->second >= 0.0 && extra->second <= 100.0))
      throw Error("supply.fraction", "undocumented output is not a share from 0 up", share.country);
    for (double* amount : {&share.amount, &share.low, &share.high}) *amount *= 1.0 + extra->second;
    out.how += "; " + share.country + " with " + number_text(100.0 * extra->second) +
               " % of undocumented output added";
  }
  return true;
}

void refuse_or_say_missing(const ConcentrationOptions& options, const std::string& where,
                           Concentration& out) {
  if (out.not_available.empty()) return;
  const std::string list = join(out.not_available, ", ");
  if (options.not_available == NotAvailableRule::refuse)
    throw Error("supply.not_available", "without a figure: " + list, where,
                "Give the figures, or leave the countries out with the rule exclude.");
  out.findings.add({"supply.not_available", Severity::note, where, out.not_available.size(),
                    "without a figure and left out: " + list});
  out.how += "; " + std::to_string(out.not_available.size()) + " without a figure left out";
}

void say_quotas(const ConcentrationOptions& options, const std::string& where, Concentration& out) {
  if (out.quotas.empty()) return;
  const std::string list = join(out.quotas, ", ");
  out.how += "; quota of " + list +
             (options.quota == QuotaRule::exclude ? " left out" : " counted as output");
  if (options.quota == QuotaRule::exclude)
    out.findings.add({"supply.quota", Severity::note, where, out.quotas.size(),
                      "a quota is no output and was left out: " + list});
  if (options.quota == QuotaRule::warn)
    out.findings.add({"supply.quota", Severity::warning, where, out.quotas.size(),
                      "a quota is counted as output, and what is made beside it is not: " + list});
}

/// "Other" and "Rest of world" are one residual; true = added to the one that is there.
bool join_residual(const CountryShare& share, Concentration& out,
                   std::vector<std::string>& residuals) {
  residuals.push_back(share.country);
  const auto first = std::find_if(out.shares.begin(), out.shares.end(),
                                  [](const CountryShare& one) { return one.is_other; });
  if (first == out.shares.end()) return false;
  if (const double sum = first->amount + share.amount; sum > 0.0)
    first->trade_factor =
        (first->amount * first->trade_factor + share.amount * share.trade_factor) / sum;
  first->amount += share.amount;
  first->low += share.low;
  first->high += share.high;
  return true;
}

/// Countries with a figure; the total row becomes the check sum, "Other" follows the rule.
void collect(const Production& production, const ConcentrationOptions& options,
             Concentration& out) {
  Sum everything;
  std::size_t over = production.country.size();  // the row with which shares pass the whole
  std::vector<std::string> residuals;
  for (std::size_t i = 0; i < production.country.size(); ++i) {
    const std::string country = country_key(production.country[i]);
    if (country.empty()) continue;
    if (is_named(options.total_names, country)) {
      out.world_total = production.amount[i];
      continue;
    }
    if (std::isnan(production.amount[i])) {
      out.not_available.push_back(country);
      continue;
    }
    everything += production.amount[i];
    if (over == production.country.size() && everything.value() > 100.5) over = i;
    CountryShare share;
    share.country = country;
    share.amount = production.amount[i];
    share.low = low_of(production, i);
    share.high = high_of(production, i);
    share.is_other = is_named(options.other_names, country);
    share.governance = governance_of(options, country, share.is_other);
    if (!production.trade_factor.empty()) share.trade_factor = production.trade_factor[i];
    if (!apply_quota(production, i, options, share, out)) continue;
    if (share.is_other && join_residual(share, out, residuals)) continue;
    out.shares.push_back(share);
  }
  if (residuals.size() > 1)
    out.findings.add({"supply.residuals_joined", Severity::note, place_of(production),
                      residuals.size(),
                      "rows of what is left count as one: " + join(residuals, ", ")});
  if (production.percent && everything.value() > 100.5)
    throw Error("supply.shares_over_100",
                "the shares sum to " + number_text(everything.value()) + " %",
                place_of(production, over),
                "Look for a row that is a total, or amounts that are no shares.");
  if (production.percent && everything.value() < 99.5)
    out.findings.add("supply.shares_under_100", Severity::warning, place_of(production),
                     "the shares sum to " + number_text(everything.value()) +
                         " %; what is listed is taken as the whole");
  if (out.world_total > 0.0)
    check_total(production, everything.value(), out.world_total, options, out.findings);
}

/// Bounds on the HHI, from every row with a figure, Other whatever the rule.
void bound_hhi(Concentration& out) {
  std::vector<double> low, high;
  double other_low = 0.0, other_high = 0.0;
  for (const auto& share : out.shares) {
    if (share.is_other) {
      other_low += share.low;
      other_high += share.high;
    } else {
      low.push_back(share.low);
      high.push_back(share.high);
    }
  }
  if (low.empty()) {  // only Other: anything
    out.hhi_low = 0.0;
    out.hhi_high = 1.0;
    return;
  }
  out.hhi_low = hhi_range(low, high, other_high).low;
  if (!(other_high > 0.0)) {
    out.hhi_high = hhi_range(low, high).high;
    return;
  }
  // Other as part of one country: of whichever makes the most of it. Where no amount is open that
  // is the largest.
  const auto largest =
      static_cast<std::size_t>(std::max_element(high.begin(), high.end()) - high.begin());
  std::size_t open = 0;
  for (std::size_t i = 0; i < low.size(); ++i) open += high[i] > low[i] ? 1 : 0;
  for (std::size_t i = 0; i < low.size(); ++i) {
    if (i != largest && (open == 0 || open > 10)) continue;
    auto from = low, to = high;
    from[i] += other_low;
    to[i] += other_high;
    out.hhi_high = std::max(out.hhi_high, hhi_range(from, to).high);
  }
}

/// Drops Other where the rule says so, and makes fractions of amounts.
void make_shares(const Production& production, const ConcentrationOptions& options,
                 Concentration& out) {
  if (options.other == OtherRule::exclude)
    out.shares.erase(std::remove_if(out.shares.begin(), out.shares.end(),
                                    [](const CountryShare& one) { return one.is_other; }),
                     out.shares.end());
  std::sort(out.shares.begin(), out.shares.end(), [](const CountryShare& a, const CountryShare& b) {
    return a.amount != b.amount ? a.amount > b.amount : a.country < b.country;
  });
  Sum total;
  for (const auto& share : out.shares) total += share.amount;
  out.total = total.value();
  if (!(out.total > 0.0))
    throw Error("supply.no_production", "no country has a figure above 0", place_of(production),
                "Check --value and --country.");
  for (auto& share : out.shares) share.share = share.amount / out.total;
}

/// HHI, entropy and the shares of the largest.
void measure(const ConcentrationOptions& options, Concentration& out) {
  Sum hhi, shannon;
  std::size_t countries = 0, named = 0;
  for (const auto& share : out.shares) {
    if (!share.is_other && ++named <= 4) {
      if (named <= 1) out.cr1 += share.share;
      if (named <= 3) out.cr3 += share.share;
      out.cr4 += share.share;
    }
    if (share.is_other && options.other == OtherRule::total_only) continue;
    hhi += share.share * share.share;
    if (share.share > 0.0) {
      shannon += -share.share * std::log(share.share);
      ++countries;
    }
  }
  out.hhi = hhi.value();
  out.shannon = std::max(shannon.value(), 0.0);
  out.theil = countries == 0 ? 0.0 : std::log(static_cast<double>(countries)) - out.shannon;
  out.equal_countries = 1.0 / out.hhi;
}

}  // namespace

bool is_named(const std::vector<std::string>& names, const std::string& country) {
  const std::string wanted = lower(trim(country));
  return std::find(names.begin(), names.end(), wanted) != names.end();
}

void add_governance(std::map<std::string, double>& governance, std::string_view country,
                    double risk, const std::string& where) {
  const auto [at, fresh] = governance.try_emplace(country_key(country), risk);
  if (!fresh && at->second != risk)
    throw Error("supply.duplicate_country",
                "the country has two governance figures: " + number_text(at->second) + " and " +
                    number_text(risk) + " as risk from 0 to 10",
                where + ", " + printable(country), "Keep the one that counts.");
}

std::string_view to_text(OtherRule rule) {
  return rule == OtherRule::one_country ? "one-country"
         : rule == OtherRule::exclude   ? "exclude"
                                        : "total-only";
}

OtherRule parse_other_rule(std::string_view text, const std::string& where) {
  const std::string word = lower(trim(text));
  for (const auto rule : {OtherRule::one_country, OtherRule::exclude, OtherRule::total_only})
    if (word == to_text(rule)) return rule;
  throw Error("supply.unknown_choice",
              "'" + printable(text) + "' is not a rule for other countries", where,
              suggestion(text, {"one-country", "exclude", "total-only"}));
}

std::string_view to_text(NotAvailableRule rule) {
  return rule == NotAvailableRule::exclude ? "exclude" : "refuse";
}

std::string_view to_text(QuotaRule rule) {
  return rule == QuotaRule::take ? "take" : rule == QuotaRule::warn ? "warn" : "exclude";
}

NotAvailableRule parse_not_available_rule(std::string_view text, const std::string& where) {
  const std::string word = lower(trim(text));
  for (const auto rule : {NotAvailableRule::exclude, NotAvailableRule::refuse})
    if (word == to_text(rule)) return rule;
  throw Error("supply.unknown_choice",
              "'" + printable(text) + "' is not a rule for countries without a figure", where,
              suggestion(text, {"exclude", "refuse"}));
}

QuotaRule parse_quota_rule(std::string_view text, const std::string& where) {
  const std::string word = lower(trim(text));
  for (const auto rule : {QuotaRule::take, QuotaRule::warn, QuotaRule::exclude})
    if (word == to_text(rule)) return rule;
  throw Error("supply.unknown_choice", "'" + printable(text) + "' is not a rule for quotas", where,
              suggestion(text, {"take", "warn", "exclude"}));
}

Concentration concentration(const Production& production, const ConcentrationOptions& options) {
  check_rows(production);
  Concentration out;
  out.element = production.element;
  out.stage = production.stage;
  const std::string where = place_of(production);
  collect(production, options, out);
  const bool has_other = std::any_of(out.shares.begin(), out.shares.end(),
                                     [](const CountryShare& one) { return one.is_other; });
  if (has_other)
    out.how = "Other " +
              std::string(options.other == OtherRule::one_country ? "counted as one country"
                          : options.other == OtherRule::exclude   ? "left out"
                                                                  : "in the total alone") +
              out.how;
  refuse_or_say_missing(options, where, out);
  say_quotas(options, where, out);
  bound_hhi(out);
  make_shares(production, options, out);
  measure(options, out);
  Sum weighted, covered;
  std::vector<std::string> without;
  for (const auto& share : out.shares) {
    if (!std::isnan(share.governance)) {
      weighted += share.share * share.share * share.governance * share.trade_factor;
      covered += share.share;
    } else if (share.amount > 0.0 && !share.is_other) {
      without.push_back(share.country);
    }
  }
  out.governance_covered = covered.value();
  if (covered.value() > 0.0) out.hhi_wgi = weighted.value();
  if (!options.governance.empty() && !without.empty())
    out.findings.add({"supply.no_governance", Severity::warning, where, without.size(),
                      "no governance figure, so no weight in hhi_wgi: " + join(without, ", ")});
  if (out.how.rfind("; ", 0) == 0) out.how.erase(0, 2);
  return out;
}

double governance_risk(double wgi) {
  return 10.0 * (2.5 - wgi) / 5.0;
}

GovernanceScale governance_scale(std::string_view column, const std::vector<double>& values,
                                 const std::string& where) {
  const std::string name = lower(column);
  const auto says = [&](std::string_view word) { return name.find(word) != std::string::npos; };
  if (says("risk01")) return GovernanceScale::risk_1;
  if (says("risk") || says("010")) return GovernanceScale::risk_10;
  if (says("wgi") || says("estimate")) return GovernanceScale::indicator;
  double lowest = 0.0, highest = 0.0;
  for (const double x : values) {
    if (std::isnan(x)) continue;
    lowest = std::min(lowest, x);
    highest = std::max(highest, x);
  }
  if (lowest < 0.0) return GovernanceScale::indicator;
  if (highest > 2.5) return GovernanceScale::risk_10;
  throw Error("supply.governance_scale",
              "neither the name nor the values of '" + printable(column) + "' tell its scale",
              where,
              "Name it governance_risk (0 to 10), wgi_risk01 (0 to 1) or wgi (-2.5 to 2.5).");
}

double to_risk(double value, GovernanceScale scale) {
  if (scale == GovernanceScale::risk_10) return value;
  return scale == GovernanceScale::risk_1 ? 10.0 * value : governance_risk(value);
}

double share_of(const Concentration& supply, const std::set<std::string>& members,
                const std::map<std::string, std::string>& parents) {
  Sum share;
  for (const auto& one : supply.shares) {
    const auto parent = parents.find(one.country);
    if (members.count(one.country) > 0 ||
        (parent != parents.end() && members.count(parent->second) > 0))
      share += one.share;
  }
  return share.value();
}

}  // namespace lode
