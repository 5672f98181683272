#include "libgeo/report/field_titles.h"

#include <algorithm>
#include <array>
#include <utility>

#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/report/qml_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

/// A style with a hundred realizations' titles would be larger than it is worth.
constexpr std::size_t kMostBytes = 6000;

/// What short names of result fields stand for; without the unit.
constexpr std::array<std::pair<std::string_view, std::string_view>, 68> kTitles{
    {{"excl_ha", "Excluded"},
     {"excl_pct", "Excluded"},
     {"net_ha", "Left after setbacks"},
     {"review_ha", "To be reviewed"},
     {"largest_ha", "Largest piece left"},
     {"site_pct", "Share of the site"},
     {"overlap_ha", "Overlap"},
     {"overlap_pct", "Overlap"},
     {"cover_pct", "Covered"},
     {"valid_pct", "Covered by valid permits"},
     {"days_left", "Time to expiry"},
     {"gap_ha", "Without a permit"},
     {"sliver_ha", "Of it slivers"},
     {"mapped_ha", "Mapped area"},
     {"record_ha", "Recorded area"},
     {"wdrawn_ha", "Withdrawn land"},
     {"contnd_t", "Contained"},
     {"contlo_t", "Contained, low"},
     {"conthi_t", "Contained, high"},
     {"cut_m3", "Cut"},
     {"fill_m3", "Fill"},
     {"net_m3", "Cut less fill"},
     {"nodata_pct", "Without data"},
     {"inner_m", "Inner edge"},
     {"up_km2", "Land upstream"},
     {"up_pct", "Share of the watershed upstream"},
     {"down_km", "Way downstream"},
     {"drop_m", "Drop along the way"},
     {"lost_ha", "Habitat lost"},
     {"lost_pct", "Habitat lost"},
     {"dpc_pct", "Connectivity lost"},
     {"eca_ha", "Connected habitat left"},
     {"hours", "Time"},
     {"snap_km", "Way to the network"},
     {"snap_to_km", "Way from the network"},
     {"co2e_kg_per_t", "Greenhouse gas"},
     {"cost_low_usd_per_t", "Cost, low"},
     {"cost_high_usd_per_t", "Cost, high"},
     {"cost_usd_per_kg_contained", "Cost (USD a kg contained)"},
     {"reason_text", "Reason in words"},
     {"gov_risk", "Governance risk"},
     {"z", "Elevation"},
     {"from_m", "From"},
     {"to_m", "To"},
     {"cv", "Coefficient of variation"},
     {"stdev", "Standard deviation"},
     {"min", "Smallest"},
     {"max", "Greatest"},
     {"rank_p05", "Rank, 5th percentile"},
     {"rank_p50", "Rank, median"},
     {"rank_p95", "Rank, 95th percentile"},
     {"first_acceptability", "Share of draws in first place"},
     {"first_error", "Standard error of that share"},
     {"slope_of_regression", "Slope of regression"},
     {"months_open", "Months open"},
     {"chosen", "Chosen by the plan"},
     {"start_year", "Starts in"},
     {"worth_usd", "Plan is dearer without it by"},
     {"ld_rank", "Rank"},
     {"ld_score", "Score"},
     {"ld_r05", "Rank, 5th percentile"},
     {"ld_r95", "Rank, 95th percentile"},
     {"ld_acc1", "Share of draws in first place"},
     {"ld_grank", "Rank in its group"},
     {"ld_class", "Class"},
     {"ld_miss", "Criteria without a value"},
     {"ld_rule", "Left out by rule"},
     {"id", "Id"}}};

bool has_capitals(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Of a ranking: shares of a score, which have no unit whatever their criterion is measured in.
bool is_of_ranking(std::string_view name) {
  return name.starts_with("LD_");
}

/// "cost_usd_per_t" without what says its unit; "axle_load_t" is "axle_load".
std::string_view stem_of(std::string_view name, const std::string& unit) {
  for (std::size_t at = name.find('_'); at != std::string_view::npos && at > 0;
       at = name.find('_', at + 1)) {
    const std::string ending(name.substr(at));
    // The ending itself, not a word that has it behind it: "_load_t" has a unit of its own.
    if (unit_of_field_name("x" + ending) == unit && unit_of_field_name(ending) != unit)
      return name.substr(0, at);
  }
  return name;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "la2o3" -> "La2O3", "treo" -> "TREO"; "" when it is no oxide.
std::string oxide_words(std::string_view stem) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> sums{
      {{"treo", "TREO"},
       {"lreo", "LREO"},
       {"hreo", "HREO"},
       {"mreo", "MREO"},
       {"ndpr", "NdPr"},
       {"dytb", "DyTb"}}};
  for (const auto& [name, words] : sums)
    if (name == stem) return std::string(words);
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  std::size_t at = 0;
  while (at < stem.size() && is_letter(stem[at]) && stem[at] != 'o') ++at;
  if (at < 1 || at > 2) return {};
  std::size_t oxygen = at;
  while (oxygen < stem.size() && is_digit(stem[oxygen])) ++oxygen;
  if (oxygen == stem.size() || stem[oxygen] != 'o') return {};
  const auto rest = stem.substr(oxygen + 1);
  if (!std::all_of(rest.begin(), rest.end(), is_digit) || (oxygen == at && rest.empty())) return {};
  return capital(stem.substr(0, oxygen)) + "O" + std::string(rest);
}

std::string words_of(const std::string& name, const std::string& suffix_unit) {
  const std::string small = lower(name);
  for (const auto& [field, title] : kTitles)
    if (field == small && (!has_capitals(name) || is_of_ranking(name))) return std::string(title);
  if (name.starts_with("LD_C_")) return "Contribution of " + name.substr(5);
  if (is_own_indicator(name)) return indicator_short(name);
  if (small.starts_with("population_") && small.ends_with("km"))
    return "People in " + name.substr(11, name.size() - 13) + " km";
  std::string words(suffix_unit.empty() ? std::string_view(name) : stem_of(name, suffix_unit));
  if (const std::string oxide = oxide_words(words); !oxide.empty()) return oxide;
  // A name of the user's own, without a unit to be told apart, stays as it is.
  if (has_capitals(name) && suffix_unit.empty()) return name;
  std::replace(words.begin(), words.end(), '_', ' ');
  return has_capitals(words) ? words : capital(words);
}

/// Figures that stand beside another one: "treo_pct_variance" is "TREO, variance".
struct Beside {
  std::string_view ending, words;
  bool keeps_unit;
};
constexpr std::array<Beside, 4> kBeside{{{"_low", ", low", true},
                                         {"_high", ", high", true},
                                         {"_variance", ", variance", false},
                                         {"_coverage_pct", ", part of the length assayed", false}}};

}  // namespace

std::string unit_shown(std::string_view unit) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> shown_as{
      {{"m2", "m\xc2\xb2"},
       {"km2", "km\xc2\xb2"},
       {"m3", "m\xc2\xb3"},
       {"t/m3", "t/m\xc2\xb3"},
       {"deg", "\xc2\xb0"},
       {"d", "days"},
       {"yr", "years"}}};
  for (const auto& [name, text] : shown_as)
    if (name == unit) return std::string(text);
  // "0 domestic, 1 allied" and "0 to 10" are scales, no units.
  const bool scale = !unit.empty() && unit.front() >= '0' && unit.front() <= '9';
  return scale || unit == "n" || unit == "-" ? std::string() : std::string(unit);
}

std::string unit_of_column(const Column& column) {
  if (column.kind != ColumnKind::number || is_of_ranking(column.name)) return {};
  return column.unit.empty() ? unit_of_field_name(column.name) : column.unit;
}

std::string field_title(const Column& column) {
  const bool number = column.kind == ColumnKind::number && !is_of_ranking(column.name);
  std::string name = column.name, unit = unit_of_column(column), more;
  for (const auto& one : kBeside) {
    if (!number || !name.ends_with(one.ending)) continue;
    const std::string base = name.substr(0, name.size() - one.ending.size());
    // "valid_coverage_pct" is of permits.
    if (base.empty() || (!one.keeps_unit && unit_of_field_name(base).empty())) continue;
    if (one.keeps_unit && unit.empty()) unit = unit_of_field_name(base);
    name = base;
    more = one.words;
    break;
  }
  const std::string suffix = number ? unit_of_field_name(name) : std::string();
  std::string title = words_of(name, suffix) + more;
  unit = unit_shown(unit);
  if (!unit.empty() && title.find('(') == std::string::npos) title += " (" + unit + ")";
  return title;
}

void add_field_titles(OutputLayer& layer) {
  std::string aliases;
  for (std::size_t i = 0; i < layer.table.columns.size(); ++i) {
    const Column& column = layer.table.columns[i];
    const std::string title = field_title(column);
    // A name that no XML attribute holds as it is would not be found again.
    if (title == column.name || printable(column.name) != column.name) continue;
    put(aliases, "<alias index=\"", std::to_string(i + 1), "\" field=\"", escape(column.name),
        "\" name=\"", shown(title), "\"/>\n");
    if (aliases.size() > kMostBytes) break;
  }
  if (aliases.empty()) return;
  aliases = "<aliases>\n" + aliases + "</aliases>\n";
  const std::string end = "</qgis>\n", said = "styleCategories=\"Symbology|Labeling\"";
  const std::size_t at = layer.style_qml.find(said);
  if (layer.style_qml.empty()) {
    layer.style_qml = document(aliases, "Fields");
  } else if (at != std::string::npos && layer.style_qml.ends_with(end)) {
    layer.style_qml.insert(layer.style_qml.size() - end.size(), aliases);
    layer.style_qml.insert(at + said.size() - 1, "|Fields");
  }
}

}  // namespace lode::report
