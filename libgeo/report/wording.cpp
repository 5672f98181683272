// Escaping and number formats are written out by hand: no locale, the same bytes everywhere.
#include "libgeo/report/wording.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "libgeo/core/text.h"

namespace lode::report {
namespace {

struct IndicatorWords {
  std::string_view name, title, brief;
};

constexpr std::array<IndicatorWords, 64> kIndicators{{
    {"recoverable_treo_t", "Recoverable rare earth oxides, discounted by class",
     "Recoverable TREO"},
    {"recoverable_ndpr_t", "Recoverable Nd and Pr oxides, discounted by class", "Recoverable NdPr"},
    {"recoverable_dytb_t", "Recoverable Dy and Tb oxides, discounted by class", "Recoverable DyTb"},
    {"recoverable_mreo_t", "Recoverable magnet oxides, discounted by class",
     "Recoverable magnet REO"},
    {"gross_treo_t", "Rare earth oxides in the ground", "Gross TREO"},
    {"net_treo_t", "Net rare earth oxides: inside permits, outside setbacks, after recovery",
     "Net TREO"},
    {"net_ndpr_t", "Net Nd and Pr oxides: inside permits, outside setbacks, after recovery",
     "Net NdPr"},
    {"net_dytb_t", "Net Dy and Tb oxides: inside permits, outside setbacks, after recovery",
     "Net DyTb"},
    {"net_mreo_t", "Net magnet oxides: inside permits, outside setbacks, after recovery",
     "Net magnet REO"},
    {"treo_grade_pct", "Grade of total rare earth oxides", "TREO grade"},
    {"mreo_share_pct", "Share of magnet oxides in the rare earths", "Magnet share"},
    {"basket_usd_per_t", "Value of the oxides in a tonne of ore", "Basket value"},
    {"ndpr_t_per_yr", "Neodymium and praseodymium oxides a year", "NdPr a year"},
    {"dytb_t_per_yr", "Dysprosium and terbium oxides a year", "DyTb a year"},
    {"resource_confidence", "Confidence in the resource", "Resource confidence"},
    {"valid_coverage_pct", "Area under valid permits", "Valid permits"},
    {"days_to_expiry", "Time to the first expiry of a permit", "Days to expiry"},
    {"permit_coverage_pct", "Area under any permit", "Permit coverage"},
    {"delivered_co2e_kg_per_t", "Greenhouse gas of the haul, a tonne hauled", "Haul CO2e per t"},
    {"missing_permits", "Permits asked for and not in force", "Missing permits"},
    {"permit_conflicts", "Conflicts between permits", "Permit conflicts"},
    {"excluded_pct", "Area lost to constraints", "Excluded area"},
    {"protected_nearest_km", "Distance to the nearest protected area", "Protected area"},
    {"water_crossings", "Waters that the ground of the site meets", "Water crossings"},
    {"water_nearest_m", "Distance to the nearest water", "Nearest water"},
    {"population_25km", "People within 25 km", "People in 25 km"},
    {"thorium_ppm", "Thorium", "Thorium"},
    {"waste_t_per_t", "Waste a tonne of oxide", "Waste"},
    {"co2e_kg_per_kg", "Greenhouse gas of process and haul, a kg of oxide", "CO2e"},
    {"process_co2e_kg_per_kg", "Greenhouse gas of the process, a kg of oxide", "Process CO2e"},
    {"water_m3_per_kg", "Water that the process takes, a kg of oxide", "Process water"},
    {"reagents_kg_per_kg", "Reagents that the process takes, a kg of oxide", "Reagents"},
    {"energy_mj_per_kg", "Energy that the process takes, a kg of oxide", "Energy"},
    {"runout_km", "How far tailings would run if the dam failed", "Run-out"},
    {"closure_bond_usd", "Bond for closure and care after it", "Closure bond"},
    {"activity_bq_per_g", "Activity of the waste", "Activity"},
    {"upstream_km2", "Land that drains into the site", "Upstream"},
    {"upstream_share_pct", "Land upstream, of the whole watershed", "Upstream share"},
    {"watershed_share_pct", "Ground of the site, of the whole watershed", "Watershed share"},
    {"downstream_km", "Way of a release downstream", "Downstream"},
    {"slope_mean_deg", "Mean slope of the ground", "Slope"},
    {"slope_max_deg", "Steepest slope of the ground", "Steepest"},
    {"plant_distance_km", "Distance to the nearest plant", "Way to plant"},
    {"port_distance_km", "Distance to the nearest port", "Way to port"},
    {"delivered_usd_per_t", "Haul to the plant, a tonne hauled", "Haul per t"},
    {"delivered_usd_per_kg", "Haul to the plant, a kg of oxide", "Haul per kg REO"},
    {"delivered_months_open", "Months in which the way to the plant is open", "Months open"},
    {"delivered_dearest_usd_per_t", "Haul to the plant in the dearest open month", "Dearest month"},
    {"detour_usd_per_t", "What the closures add to the haul", "Detour"},
    {"chain_usd_per_kg", "Hauls and plants to the last product, a kg contained", "Chain cost"},
    {"chain_co2e_kg_per_kg", "Greenhouse gas of the chain's hauls, a kg contained", "Chain CO2e"},
    {"chain_recovery_pct", "What of the content arrives at the chain's end", "Chain recovery"},
    {"haul_class7", "Whether a haul is radioactive cargo (class 7)", "Class 7"},
    {"delivered_hours", "Time to the plant", "Haul time"},
    {"access_km", "New access to the network", "Access length"},
    {"access_usd", "Cost of new access", "Access cost"},
    {"governance_risk", "Governance risk of the country", "Governance risk"},
    {"group", "Group", "Group"},
    {"lead_time_yr", "Years to first product", "Lead time"},
    {"usd_per_kg", "Cost a kg of oxide", "Cost per kg"},
    {"npv_usd", "Net present value", "NPV"},
    {"evidence_fit", "Fit to the evidence", "Evidence fit"},
    {"position_uncertainty_m", "How far the place may be off", "Place uncertainty"},
    {"prospectivity", "Prospectivity", "Prospectivity"},
}};

const IndicatorWords* known_indicator(std::string_view name) {
  const auto found = std::find_if(kIndicators.begin(), kIndicators.end(),
                                  [&](const IndicatorWords& words) { return words.name == name; });
  return found == kIndicators.end() ? nullptr : &*found;
}

/// "PIT_DEPTH_m" with the unit taken off is "PIT DEPTH".
std::string plain_name(std::string_view name) {
  static constexpr std::array<std::string_view, 15> endings{
      "_kg_per_t",  "_usd_per_kg", "_usd_per_t", "_t_per_yr", "_t_per_t",
      "_kg_per_kg", "_pct",        "_ppm",       "_km",       "_ha",
      "_usd",       "_hours",      "_yr",        "_m",        "_t"};
  for (const auto ending : endings)
    if (name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending) {
      name.remove_suffix(ending.size());
      break;
    }
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return capital(text);
}

std::string group_thousands(std::string digits) {
  const std::size_t start = digits.front() == '-' ? 1 : 0;
  std::size_t point = digits.find('.');
  if (point == std::string::npos) point = digits.size();
  for (std::size_t at = point; at > start + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string drop_zeros(std::string digits) {
  if (digits.find('.') == std::string::npos) return digits;
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

std::string significant(double value, int digits) {
  if (!std::isfinite(value)) return "not known";
  if (value == 0.0) return "0";
  const double size = std::abs(value);
  // 1e21 and 1e-7 would fill a line with zeros; they are shown with a power of ten.
  if (size >= 1e15 || size < 1e-6) return number_text(value);
  int magnitude = static_cast<int>(std::floor(std::log10(size)));
  const int decimals = digits - 1 - magnitude;
  if (decimals <= 0) {
    const double step = std::pow(10.0, -decimals);
    return group_thousands(fixed_text(std::round(value / step) * step, 0));
  }
  return group_thousands(drop_zeros(fixed_text(value, std::min(decimals, 12))));
}

/// The word that a listed scale has for a value: 1 of "0 domestic, 1 allied, 2 other" is "allied".
std::string scale_word(double value, std::string_view scale) {
  if (scale.find(',') == std::string_view::npos) return {};
  for (const auto& part : split(scale, ',')) {
    const std::string_view entry = trim(part);
    const std::size_t blank = entry.find(' ');
    if (blank == std::string_view::npos) continue;
    const auto number = parse_number(entry.substr(0, blank));
    if (number && *number == value) return std::string(trim(entry.substr(blank)));
  }
  return {};
}

std::string unit_words(std::string_view unit, bool one) {
  if (unit == "d") return one ? "day" : "days";
  if (unit == "yr") return one ? "year" : "years";
  if (unit == "n" || unit == "1" || unit == "-") return {};
  if (unit == "people") return one ? "person" : "people";
  // A scale such as "0 to 10" is no unit: it stands in brackets.
  if (!unit.empty() && unit.front() >= '0' && unit.front() <= '9')
    return "(" + std::string(unit) + ")";
  return std::string(unit);
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string clip(std::string_view text, std::size_t most) {
  std::size_t points = 0;
  std::size_t last_fit = 0;  // where the text is cut if it turns out too long
  int trailing = 3;          // continuation bytes a code point may still have; stray ones count
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool continues = (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
    if (continues && trailing > 0 && i > 0) {
      --trailing;
      continue;
    }
    trailing = continues ? 0 : 3;
    if (points + 1 == most) last_fit = i;
    if (points == most) return std::string(text.substr(0, last_fit)) + "\xe2\x80\xa6";
    ++points;
  }
  return std::string(text);
}

std::string shown(std::string_view text, std::size_t most) {
  return escape(clip(text, most));
}

std::string people(double value) {
  return significant(value, 4);
}

std::string counted(std::size_t count) {
  return group_thousands(std::to_string(count));
}

std::string people(double value, std::string_view unit) {
  std::string text = people(value);
  if (!std::isfinite(value)) return text;
  std::string word = scale_word(value, unit);
  if (!word.empty()) return word;
  const std::string words = unit_words(unit, value == 1.0);
  if (!words.empty()) put(text, "\xc2\xa0", words);
  return text;
}

std::string people_short(double value, std::string_view unit) {
  if (!std::isfinite(value)) return "not known";
  const double size = std::abs(value);
  const auto scaled = [&](double factor, std::string_view name) {
    return significant(value / factor, 3) + "\xc2\xa0" + std::string(name);
  };
  if (unit == "t" || unit == "t oxide") {
    if (size >= 1e6) return scaled(1e6, "Mt");
    if (size >= 1e4) return scaled(1e3, "kt");
    return scaled(1.0, "t");
  }
  if (unit == "m" && size >= 1e4) return scaled(1e3, "km");
  if (unit == "USD") {
    if (size >= 1e9) return scaled(1e9, "billion USD");
    if (size >= 1e6) return scaled(1e6, "million USD");
  }
  std::string text = significant(value, 3);
  const std::string words = unit_words(unit, value == 1.0);
  if (!words.empty()) put(text, "\xc2\xa0", words);
  return text;
}

std::string percent(double share) {
  if (!std::isfinite(share)) return "not known";
  const double value = share * 100.0;
  if (value == 0.0) return "0\xc2\xa0%";
  if (value > 0.0 && value < 0.1)
    return "<\xc2\xa0"
           "0.1\xc2\xa0%";
  const bool coarse = value >= 9.95 || value == std::floor(value);
  return fixed_text(value, coarse ? 0 : 1) + "\xc2\xa0%";
}

std::string percent_error(double share, double error) {
  std::string text = percent(share);
  if (!std::isfinite(share) || !(error >= 0.00005) || !std::isfinite(error)) return text;
  return text + " \xc2\xb1\xc2\xa0" + fixed_text(error * 100.0, error < 0.00995 ? 2 : 1);
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  std::string text = group_thousands(number_text(static_cast<double>(count)));
  put(text, " ",
      count == 1     ? std::string(one)
      : many.empty() ? std::string(one) + "s"
                     : std::string(many));
  return text;
}

std::string rank_text(double rank) {
  if (!std::isfinite(rank)) return "not known";
  return group_thousands(drop_zeros(fixed_text(rank, 1)));
}

bool is_own_indicator(std::string_view name) {
  return known_indicator(name) != nullptr;
}

std::string indicator_title(std::string_view name) {
  const auto* words = known_indicator(name);
  return words ? std::string(words->title) : plain_name(name);
}

std::string indicator_short(std::string_view name) {
  const auto* words = known_indicator(name);
  return words ? std::string(words->brief) : plain_name(name);
}

std::string method_title(std::string_view method) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> titles{
      {{"wsm", "Weighted sum"},
       {"wpm", "Weighted product"},
       {"waspas", "WASPAS"},
       {"topsis", "TOPSIS"},
       {"vikor", "VIKOR"},
       {"promethee1", "PROMETHEE I"},
       {"promethee2", "PROMETHEE II"},
       {"electre3", "ELECTRE III"},
       {"electre-tri", "ELECTRE TRI-B"},
       {"spotis", "SPOTIS"},
       {"owa", "OWA"},
       {"fuzzy", "Fuzzy overlay"}}};
  for (const auto& [name, title] : titles)
    if (name == method) return std::string(title);
  return capital(method);
}

std::string group_title(std::string_view group) {
  return group.empty() ? "Group not known" : capital(group);
}

std::string kind_title(std::string_view kind) {
  if (kind == "primary") return "Mine or deposit";
  if (kind == "secondary") return "Recycling";
  return kind.empty() ? "Kind not known" : capital(kind);
}

std::string capital(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out;
}

}  // namespace lode::report
