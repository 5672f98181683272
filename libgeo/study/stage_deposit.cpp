// Stage 2: how much: tonnage and grade of every site, from its row, a reported table or its
// outline.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/deposit/outline_volume.h"
#include "libgeo/deposit/oxides.h"
#include "libgeo/deposit/reported.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/study/context.h"

namespace lode {

namespace {

std::string value_text(double value, int digits = 4) {
  if (std::isnan(value)) return "unknown";
  if (value == 0.0) return "0";
  const int before = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  return fixed_text(value, std::clamp(digits - before, 0, 6));
}

LowBaseHigh scaled(const LowBaseHigh& value, double factor) {
  return times(value, factor);
}

/// Facts that the site layer itself states.
void read_rows(StudyContext& context, const SitesTable& table, std::size_t table_index) {
  const Layer& layer = context.site_layers[table_index];
  const auto ore = field_ranges(context, layer, table.ore, Dimension::mass);
  const auto grade = field_ranges(context, layer, table.grade, Dimension::grade);
  const auto rate = field_ranges(context, layer, table.rate, Dimension::mass_rate);
  const auto life = field_quantities(context, layer, table.life, Dimension::number);
  const auto ndpr = field_quantities(context, layer, table.ndpr_share, Dimension::grade);
  const auto dytb = field_quantities(context, layer, table.dytb_share, Dimension::grade);
  const auto hreo = field_quantities(context, layer, table.hreo_share, Dimension::grade);
  const auto thorium = field_quantities(context, layer, table.thorium, Dimension::grade);
  const auto recovery = field_quantities(context, layer, table.recovery, Dimension::grade);
  const auto classes = field_texts(context, layer, table.confidence);
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    const auto [of_table, row] = context.site_rows[i];
    if (of_table != table_index) continue;
    SiteFacts& facts = context.facts[i];
    const std::string source = context.result.sites[i].source;
    if (ore.given()) facts.ore_t = ore.at(row);
    if (grade.given()) facts.treo = grade.at(row);
    if (rate.given()) facts.rate_t_per_yr = rate.at(row);
    check_range(facts.ore_t, "ore tonnage", source);
    check_range(facts.treo, "grade", source);
    check_range(facts.rate_t_per_yr, "rate", source);
    if (facts.treo.known() && facts.treo.base > 1)
      throw Error("deposit.grade",
                  "a grade of " + number_text(facts.treo.base * 100) + " % is impossible", source,
                  "Is the field in ppm, or is its unit wrong?");
    facts.life_yr = life[row];
    facts.ndpr_share = ndpr[row];
    facts.dytb_share = dytb[row];
    facts.hreo_share = hreo[row];
    facts.thorium_ppm = thorium[row] * 1e6;
    if (!std::isnan(recovery[row])) facts.recovery = recovery[row];
    for (const double share :
         {facts.ndpr_share, facts.dytb_share, facts.hreo_share, facts.recovery})
      if (share < 0 || share > 1)
        throw Error("deposit.share", "a share of " + number_text(share * 100) + " % is impossible",
                    source, "Shares of TREO and recoveries lie between 0 and 100 %.");
    facts.ore_source = source + ", " + ore.basis;
    facts.treo_source = source + ", " + grade.basis;
    facts.rate_source = source + ", " + rate.basis;
    facts.share_source = source;
    facts.thorium_source = source + ", field " + table.thorium.field;
    const std::string name = lower(trim(classes[row]));
    if (name.empty()) continue;
    const auto known = context.study.confidence.find(name);
    if (known == context.study.confidence.end()) {
      context.result.findings.add("study.unknown_class", Severity::warning, layer.table.name,
                                  "a resource class is not known (first: '" +
                                      printable(classes[row]) + "', " + source +
                                      "); no confidence is given to the site");
      continue;
    }
    facts.confidence = known->second;
    facts.confidence_source =
        source + ": class '" + name + "' counts " + number_text(known->second);
  }
}

// ---- reported resources in a table of their own

std::string name_without_brackets(const std::string& name) {
  std::string out;
  int depth = 0;
  for (const char c : name) {
    if (c == '(' || c == '[') ++depth;
    if (depth == 0) out += c;
    if (c == ')' || c == ']') --depth;
  }
  return out;
}

/// Rows of a reported table by key; a key that several rows share is ambiguous.
class Matcher {
 public:
  void add(const std::string& key, std::size_t row) {
    if (key.empty()) return;
    auto [at, fresh] = rows_.emplace(key, row);
    if (!fresh && at->second != row) at->second = ambiguous;
  }
  static constexpr std::size_t ambiguous = static_cast<std::size_t>(-1), none = ambiguous - 1;
  [[nodiscard]] std::size_t find(const std::string& key) const {
    const auto at = rows_.find(key);
    return at == rows_.end() || key.empty() ? none : at->second;
  }

 private:
  std::map<std::string, std::size_t> rows_;
};

struct ReportedRows {
  std::vector<LowBaseHigh> ore_t;
  std::vector<OxideRow> oxides;  ///< empty when the table has no element columns
  std::vector<LowBaseHigh> treo;
  std::vector<std::string> key_full, key_short, label;
};

ReportedRows read_reported(StudyContext& context, const ReportedTable& table, Layer& layer) {
  ReportedRows rows;
  if (table.elements == "rows") {
    ElementRowFields fields;
    if (!table.id.field.empty()) fields.deposit = table.id.field;
    if (!table.name.field.empty()) fields.name = table.name.field;
    if (!table.element_field.empty()) fields.element = table.element_field;
    if (!table.grade_field.empty()) fields.grade = table.grade_field;
    fields.grade_unit = table.grade_unit_field;
    fields.ore = table.ore.field;
    fields.ore_unit = table.ore_unit_field;
    FoldedDeposits folded = fold_element_rows(layer.table, fields);
    context.result.findings.add(folded.findings);
    layer.table = std::move(folded.table);
    layer.fid.resize(layer.table.rows());
    layer.geometry.clear();
    for (const double ore : layer.table.numbers("ore_t")) rows.ore_t.push_back(only_base(ore));
  } else {
    const auto ore = field_ranges(context, layer, table.ore, Dimension::mass);
    for (std::size_t i = 0; i < layer.size(); ++i)
      rows.ore_t.push_back(ore.given() ? ore.at(i) : LowBaseHigh{});
  }
  if (!table.elements.empty()) {
    OxideOptions options;
    if (!context.study.supply.prices.empty())
      options.prices = read_prices(
          context.read_plain_table(context.study.supply.prices, context.study.supply.line).table);
    OxideResult oxides = oxides_of(layer.table, options);
    context.result.findings.add(oxides.findings);
    rows.oxides = std::move(oxides.rows);
  }
  const auto grade = field_ranges(context, layer, table.grade, Dimension::grade);
  const auto names = table.elements == "rows"
                         ? layer.table.texts(table.match == "id" ? "id" : "name")
                         : field_texts(context, layer, table.match == "id" ? table.id : table.name);
  const auto countries =
      field_texts(context, layer, table.elements == "rows" ? FieldOrValue{} : table.country);
  for (std::size_t i = 0; i < layer.size(); ++i) {
    rows.treo.push_back(grade.given() ? grade.at(i) : LowBaseHigh{});
    const std::string code = country_code(countries[i], context.countries);
    const bool by_id = table.match == "id";
    rows.key_full.push_back(by_id ? names[i] : plain_name(names[i]) + "|" + code);
    rows.key_short.push_back(by_id ? "" : plain_name(name_without_brackets(names[i])) + "|" + code);
    rows.label.push_back(names[i]);
  }
  return rows;
}

/// Enough of the suite is reported for its sum to stand for TREO: the four that make up most of it.
bool suite_counts(const OxideSuite& suite) {
  for (const auto element : {ree::La, ree::Ce, ree::Nd, ree::Pr})
    if (std::isnan(suite.oxide[element])) return false;
  return true;
}

void take_reported(StudyContext& context, const ReportedRows& rows, std::size_t row,
                   std::size_t site, const std::string& source) {
  SiteFacts& facts = context.facts[site];
  if (rows.ore_t[row].known()) {
    facts.ore_t = rows.ore_t[row];
    facts.ore_source = source + ", reported ore tonnage";
    check_range(facts.ore_t, "ore tonnage", source);
  }
  if (rows.treo[row].known()) {
    facts.treo = rows.treo[row];
    facts.treo_source = source + ", reported grade";
  }
  if (rows.oxides.empty()) return;
  const OxideRow& oxides = rows.oxides[row];
  if (!oxides.sums.treo_stated && !suite_counts(oxides.suite)) {
    const auto missing = oxides.suite.missing();
    context.result.findings.add(
        "study.partial_suite", Severity::warning, source.substr(0, source.find(',')),
        "a deposit reports only part of the suite, so its sum is no TREO and is not used (first: " +
            rows.label[row] + ", " + std::to_string(missing.size()) + " of 15 missing)");
    return;
  }
  facts.treo = only_base(oxides.sums.treo);
  facts.treo_source = source + ": sum of oxides (trade basis: CeO2, Pr6O11, Tb4O7, else M2O3)";
  facts.ndpr_share = oxides.sums.ndpr / oxides.sums.treo;
  facts.dytb_share = oxides.sums.dytb / oxides.sums.treo;
  facts.hreo_share = oxides.sums.hreo / oxides.sums.treo;
  facts.share_source = source + ": oxides of its elements";
  facts.basket_usd_per_t = oxides.sums.basket_usd_per_t;
  facts.basket_source = source + ": oxides x prices of " + context.study.supply.prices;
}

void join_reported(StudyContext& context, const ReportedTable& table) {
  Layer layer = context.read(table.layer, false);
  const ReportedRows rows = read_reported(context, table, layer);
  Matcher full, brief;
  for (std::size_t i = 0; i < rows.label.size(); ++i) {
    full.add(rows.key_full[i], i);
    brief.add(rows.key_short[i], i);
  }
  const bool by_country = table.country.given() && table.elements != "rows";
  std::vector<std::size_t> used(rows.label.size(), 0);
  std::size_t joined = 0, ambiguous = 0;
  std::string first_ambiguous;
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    const Site& site = context.result.sites[i];
    const std::string tail = "|" + (by_country ? site.country : std::string());
    std::size_t row =
        table.match == "id" ? full.find(site.id) : full.find(plain_name(site.name) + tail);
    if (row == Matcher::none && table.match == "name")
      row = brief.find(plain_name(name_without_brackets(site.name)) + tail);
    if (row == Matcher::ambiguous) {
      if (ambiguous++ == 0) first_ambiguous = site.name;
      continue;
    }
    if (row == Matcher::none) continue;
    ++joined;
    ++used[row];
    take_reported(context, rows, row, i, table.layer.path + ", '" + rows.label[row] + "'");
  }
  const std::size_t unused =
      static_cast<std::size_t>(std::count(used.begin(), used.end(), std::size_t{0}));
  const std::size_t twice = static_cast<std::size_t>(
      std::count_if(used.begin(), used.end(), [](std::size_t n) { return n > 1; }));
  Findings& findings = context.result.findings;
  findings.add("study.reported_joined", Severity::note, table.layer.path,
               "sites took their tonnage or grade from this table by " + table.match,
               std::max<std::size_t>(joined, 1));
  if (unused > 0)
    findings.add("study.reported_unused", Severity::warning, table.layer.path,
                 "reported deposits have no site of their name" +
                     std::string(by_country ? " and country" : "") + " and are not counted",
                 unused);
  if (twice > 0)
    findings.add("study.reported_twice", Severity::warning, table.layer.path,
                 "reported deposits fit more than one site: their tonnage is counted at each",
                 twice);
  if (ambiguous > 0)
    findings.add(
        "study.reported_ambiguous", Severity::warning, table.layer.path,
        "sites fit several reported deposits and took none (first: " + first_ambiguous + ")",
        ambiguous);
  context.result.figures.push_back(
      {"sites with a reported resource joined", static_cast<double>(joined), ""});
}

// ---- outlines

void take_outlines(StudyContext& context, const VolumesTable& table, const Progress& progress) {
  const Layer layer = context.read(table.layer, true);
  OutlineInputs inputs;
  inputs.geometry = &layer.geometry;
  inputs.crs = layer.crs;
  inputs.ids = feature_ids(layer, table.site_field);
  inputs.thickness_m = field_ranges(context, layer, table.thickness, Dimension::length);
  inputs.density_t_m3 = field_ranges(context, layer, table.density, Dimension::density);
  inputs.grade = field_ranges(context, layer, table.grade, Dimension::grade);
  OutlineOptions options;
  options.jobs = context.options.jobs;
  const OutlineResult volumes = outline_volumes(inputs, options, progress);
  context.result.findings.add(volumes.findings);

  std::map<std::string, std::size_t> site_of;
  for (std::size_t i = 0; i < context.result.sites.size(); ++i)
    site_of[context.result.sites[i].id] = i;
  std::vector<char> touched(context.result.sites.size(), 0);
  std::size_t strays = 0;
  for (std::size_t row = 0; row < layer.size(); ++row) {
    const std::string id = table.site.empty() ? inputs.ids[row] : table.site;
    const auto at = site_of.find(id);
    if (at == site_of.end()) {
      if (!table.site.empty())
        throw Error("study.value", "there is no site '" + printable(id) + "'",
                    context.where(table.layer.line), "site names one id of the [[sites]] layers.");
      ++strays;
      continue;
    }
    SiteFacts& facts = context.facts[at->second];
    const OutlineVolume& volume = volumes.outlines[row];
    const auto add = [](LowBaseHigh& to, const LowBaseHigh& more, bool first) {
      if (first) {
        to = more;
      } else {
        to.low += more.low;
        to.base += more.base;
        to.high += more.high;
      }
    };
    const bool first = touched[at->second] == 0;
    touched[at->second] = 1;
    if (volume.tonnage_t.known()) add(facts.ore_t, volume.tonnage_t, first);
    if (volume.contained_t.known()) add(facts.treo_t, volume.contained_t, first);
    facts.ore_source = row_source(layer, row) + ": " + volume.basis;
    facts.tonnage_source = facts.ore_source;
    if (volume.contained_t.known() && volume.tonnage_t.known())
      facts.treo = only_base(facts.treo_t.base / facts.ore_t.base);
    facts.treo_source = row_source(layer, row) + ", " + inputs.grade.basis;
    facts.outline = first ? layer.geometry[row] : unite({facts.outline, layer.geometry[row]});
  }
  if (strays > 0)
    context.result.findings.add("study.outline_without_site", Severity::warning, table.layer.path,
                                "outlines belong to no site of the study and are not counted",
                                strays);
}

// ---- indicators

void contained_tonnes(SiteFacts& facts, const Site& site) {
  if (facts.treo_t.known()) {
    // From an outline: shares of the site's own row split it.
    facts.ndpr_t = scaled(facts.treo_t, facts.ndpr_share);
    facts.dytb_t = scaled(facts.treo_t, facts.dytb_share);
    facts.mreo_t = scaled(facts.treo_t, facts.ndpr_share + facts.dytb_share);
    facts.tonnage_source += "; shares of TREO from " + facts.share_source;
    return;
  }
  ReportedResource resource{facts.ore_t, facts.treo, facts.ndpr_share, facts.dytb_share};
  if (site.kind == "secondary" && facts.rate_t_per_yr.known()) {
    // A stream has no ore body: its tonnage is what it gives over its life, at full grade.
    resource.ore_t = scaled(facts.rate_t_per_yr, facts.life_yr);
    resource.treo = only_base(1.0);
  }
  const Contained contained = contained_from_shares(resource, site.source);
  facts.treo_t = contained.treo_t;
  facts.ndpr_t = contained.ndpr_t;
  facts.dytb_t = contained.dytb_t;
  facts.mreo_t = contained.mreo_t;
  facts.tonnage_source = site.kind == "secondary" && facts.rate_t_per_yr.known()
                             ? facts.rate_source + " x life " + value_text(facts.life_yr) +
                                   " yr; shares from " + facts.share_source
                             : facts.ore_source + " x " + facts.treo_source + " (" +
                                   contained.basis + "); shares from " + facts.share_source;
}

void set_indicators(StudyContext& context, std::size_t i) {
  const SiteFacts& facts = context.facts[i];
  context.set("gross_treo_t", "t", i, facts.treo_t, facts.tonnage_source);
  context.set("treo_grade_pct", "%", i, scaled(facts.treo, 100.0), facts.treo_source);
  context.set("mreo_share_pct", "%", i, (facts.ndpr_share + facts.dytb_share) * 100.0,
              facts.share_source + ": NdPr + DyTb, of TREO");
  if (!std::isnan(facts.basket_usd_per_t))
    context.set("basket_usd_per_t", "USD/t", i, facts.basket_usd_per_t, facts.basket_source);
  const std::string rate_text =
      facts.rate_source + " (TREO a year) x share from " + facts.share_source;
  context.set("ndpr_t_per_yr", "t/yr", i, scaled(facts.rate_t_per_yr, facts.ndpr_share), rate_text);
  context.set("dytb_t_per_yr", "t/yr", i, scaled(facts.rate_t_per_yr, facts.dytb_share), rate_text);
  context.set("resource_confidence", "0 to 1", i, facts.confidence, facts.confidence_source);
  context.set("thorium_ppm", "ppm", i, facts.thorium_ppm, facts.thorium_source);
}

}  // namespace

void stage_deposit(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "tonnage and grade");
  for (std::size_t i = 0; i < context.study.sites.size(); ++i)
    read_rows(context, context.study.sites[i], i);
  for (const auto& table : context.study.reported) join_reported(context, table);
  for (std::size_t i = 0; i < context.facts.size(); ++i)
    if (context.result.sites[i].geometry.kind == GeometryKind::polygon)
      context.facts[i].outline = context.result.sites[i].geometry;
  for (const auto& table : context.study.volumes) take_outlines(context, table, progress);
  std::size_t with_tonnage = 0;
  for (std::size_t i = 0; i < context.facts.size(); ++i) {
    contained_tonnes(context.facts[i], context.result.sites[i]);
    set_indicators(context, i);
    if (context.facts[i].treo_t.known()) ++with_tonnage;
  }
  context.result.figures.push_back(
      {"sites with a known tonnage", static_cast<double>(with_tonnage), ""});
}

}  // namespace lode
