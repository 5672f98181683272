// Stage 2: how much: tonnage and grade of every site, from its row, a reported table or outlines.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/deposit/outline_volume.h"
#include "libgeo/deposit/reported.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/study/context.h"
#include "libgeo/study/drillhole_volumes.h"
#include "libgeo/study/metal_shares.h"
#include "libgeo/study/rock_volumes.h"

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

/// What of TREO is which metal, as a site layer says it.
struct ShareColumns {
  std::vector<double> ndpr, dytb, hreo;
  std::map<std::string, std::vector<double>> elements;

  ShareColumns(const StudyContext& context, const Layer& layer, const SitesTable& table)
      : ndpr(field_quantities(context, layer, table.ndpr_share, Dimension::grade)),
        dytb(field_quantities(context, layer, table.dytb_share, Dimension::grade)),
        hreo(field_quantities(context, layer, table.hreo_share, Dimension::grade)) {
    for (const auto& [symbol, field] : table.element_share)
      elements[symbol] = field_quantities(context, layer, field, Dimension::grade);
  }
  /// Its recovery, which is known by then, is checked as well.
  void take(std::size_t row, const std::string& source, SiteFacts& facts) const {
    facts.ndpr_share = ndpr[row];
    facts.dytb_share = dytb[row];
    facts.hreo_share = hreo[row];
    for (const double share :
         {facts.ndpr_share, facts.dytb_share, facts.hreo_share, facts.recovery})
      if (share < 0 || share > 1)
        throw Error("deposit.share", "a share of " + number_text(share * 100) + " % is impossible",
                    source, "Shares of TREO and recoveries lie between 0 and 100 %.");
    for (const auto& [symbol, shares] : elements)
      if (!std::isnan(shares[row])) facts.element_share[symbol] = shares[row];
    join_shares(facts, source);
  }
};

/// Facts that the site layer itself states.
void read_rows(StudyContext& context, const SitesTable& table, std::size_t table_index) {
  const Layer& layer = context.site_layers[table_index];
  const auto ore = field_ranges(context, layer, table.ore, Dimension::mass);
  const auto grade = field_ranges(context, layer, table.grade, Dimension::grade);
  const auto rate = field_ranges(context, layer, table.rate, Dimension::mass_rate);
  const auto life = field_quantities(context, layer, table.life, Dimension::number);
  const ShareColumns shares(context, layer, table);
  const auto thorium = field_quantities(context, layer, table.thorium, Dimension::grade);
  const auto recovery = field_quantities(context, layer, table.recovery, Dimension::grade);
  const auto uranium = field_quantities(context, layer, table.uranium, Dimension::grade);
  const auto strip = field_quantities(context, layer, table.strip_ratio, Dimension::number);
  const auto dam = field_quantities(context, layer, table.dam_height, Dimension::length);
  const auto disturbed = field_quantities(context, layer, table.disturbed, Dimension::area);
  const auto routes = field_texts(context, layer, table.route);
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
    facts.thorium_ppm = thorium[row] * 1e6;
    facts.uranium_ppm = uranium[row] * 1e6;
    facts.strip_ratio = strip[row];
    facts.dam_height_m = dam[row];
    facts.disturbed_m2 = disturbed[row];
    facts.process_route = trim(routes[row]);
    facts.recovery_stated = !std::isnan(recovery[row]);
    if (facts.recovery_stated) facts.recovery = recovery[row];
    shares.take(row, source, facts);
    facts.ore_source = source + ", " + ore.basis;
    facts.treo_source = source + ", " + grade.basis;
    facts.rate_source = source + ", " + rate.basis;
    facts.share_source = source;
    facts.thorium_source = source + ", field " + table.thorium.field;
    if (table.confidence.given())
      set_confidence(context, facts, classes[row], layer.table.name, source);
  }
}

// ---- outlines

/// What the outlines of one site came to so far, over all [[volumes]] tables.
struct Outlined {
  std::size_t grounds = 0, tonnages = 0, contents = 0;
  double graded_ore_t = 0.0;  ///< ore of those outlines that have a grade
  std::string source;         ///< of the first tonnage
};

/// End by end, as products are: a part without a range counts with its base at both ends.
void add_up(LowBaseHigh& to, const LowBaseHigh& more, bool first) {
  if (first) {
    to = more;
    return;
  }
  if (to.ranged() || more.ranged()) {
    const auto end = [](double value, double base) { return std::isnan(value) ? base : value; };
    to.low = end(to.low, to.base) + end(more.low, more.base);
    to.high = end(to.high, to.base) + end(more.high, more.base);
  }
  to.base += more.base;
}

/// The first outline that has a tonnage replaces what the row or a report says; others add to it.
void take_outline(SiteFacts& facts, Outlined& done, const Geometry& ground,
                  const OutlineVolume& volume, const std::string& source,
                  const std::string& grade_basis) {
  if (ground.kind == GeometryKind::polygon)
    facts.outline = done.grounds++ == 0 ? ground : unite({facts.outline, ground});
  if (!volume.tonnage_t.known()) return;
  if (done.tonnages == 0) done.source = source + ": " + volume.basis;
  add_up(facts.ore_t, volume.tonnage_t, done.tonnages++ == 0);
  facts.ore_source = done.source;
  if (done.tonnages > 1) facts.ore_source += " and " + std::to_string(done.tonnages - 1) + " more";
  facts.tonnage_source = facts.ore_source;
  if (!volume.contained_t.known()) return;
  add_up(facts.treo_t, volume.contained_t, done.contents++ == 0);
  done.graded_ore_t += volume.tonnage_t.base;
  facts.treo = only_base(facts.treo_t.base / done.graded_ore_t);
  facts.treo_source = source + ", " + grade_basis;
  if (done.contents > 1)
    facts.treo_source += " and " + std::to_string(done.contents - 1) + " more, by tonnage";
}

void take_outlines(StudyContext& context, const VolumesTable& table, std::vector<Outlined>& done,
                   const Progress& progress) {
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
    take_outline(context.facts[at->second], done[at->second], layer.geometry[row],
                 volumes.outlines[row], row_source(layer, row), inputs.grade.basis);
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
    facts.recovered = true;
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
  context.set("gross_treo_t", "t", i, facts.treo_t, facts.tonnage_source, ore_body_spread);
  context.set("treo_grade_pct", "%", i, scaled(facts.treo, 100.0), facts.treo_source,
              ore_body_spread);
  context.simulate("gross_treo_t", i, facts.simulated_t, 1.0);
  context.simulate("treo_grade_pct", i, facts.simulated_treo, 100.0);
  context.set("mreo_share_pct", "%", i, (facts.ndpr_share + facts.dytb_share) * 100.0,
              facts.share_source + ": NdPr + DyTb, of TREO");
  if (!std::isnan(facts.basket_usd_per_t))
    context.set("basket_usd_per_t", "USD/t", i, facts.basket_usd_per_t, facts.basket_source);
  const std::string rate_text =
      facts.rate_source + " (TREO a year) x share from " + facts.share_source;
  context.set("ndpr_t_per_yr", "t/yr", i, scaled(facts.rate_t_per_yr, facts.ndpr_share), rate_text,
              rate_spread);
  context.set("dytb_t_per_yr", "t/yr", i, scaled(facts.rate_t_per_yr, facts.dytb_share), rate_text,
              rate_spread);
  context.set("resource_confidence", "0 to 1", i, facts.confidence, facts.confidence_source);
  context.set("thorium_ppm", "ppm", i, facts.thorium_ppm, facts.thorium_source);
}

}  // namespace

void set_confidence(StudyContext& context, SiteFacts& facts, const std::string& text,
                    const std::string& layer, const std::string& source) {
  const std::string name = lower(trim(text));
  if (name.empty()) {
    // A class is asked for and is not there: nothing speaks for the tonnage.
    if (!std::isnan(facts.class_factor)) return;
    facts.class_factor = class_factor_of(context.study, "unknown");
    facts.below_indicated = 1.0;
    facts.class_source = "class not stated, counts as unknown";
    return;
  }
  const auto known = context.study.confidence.find(name);
  facts.resource_class = name;
  facts.below_indicated = is_below_indicated(context.study, name) ? 1.0 : 0.0;
  facts.class_factor = class_factor_of(context.study, name);
  facts.class_source = "class '" + printable(name) + "'";
  if (known == context.study.confidence.end()) {
    if (std::isnan(facts.class_factor)) {
      facts.class_factor = class_factor_of(context.study, "unknown");
      facts.class_source += ", counts as unknown";
    }
    context.result.findings.add("study.unknown_class", Severity::warning, layer,
                                "a resource class is not known (first: '" + printable(text) +
                                    "', " + source + "); no confidence is given to the site");
    return;
  }
  facts.confidence = known->second;
  facts.confidence_source = source + ": class '" + name + "' counts " + number_text(known->second);
}

double class_factor_of(const StudyFile& study, const std::string& name) {
  const auto factor = study.class_factor.find(name);
  if (factor != study.class_factor.end()) return factor->second;
  // A class of the study's own that only [study] confidence knows.
  const auto confidence = study.confidence.find(name);
  return confidence == study.confidence.end() ? unknown : confidence->second;
}

bool is_below_indicated(const StudyFile& study, const std::string& name) {
  for (const char* strong : {"proven", "proved", "probable", "measured", "indicated", "producing"})
    if (name == strong) return false;
  for (const char* weak :
       {"inferred", "historic", "historical", "exploration", "illustrative", "unknown"})
    if (name == weak) return true;
  const double factor = class_factor_of(study, name);
  return !(factor >= class_factor_of(study, "indicated"));
}

void stage_deposit(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "tonnage and grade");
  for (std::size_t i = 0; i < context.study.sites.size(); ++i)
    read_rows(context, context.study.sites[i], i);
  for (const auto& table : context.study.reported) join_reported(context, table);
  for (std::size_t i = 0; i < context.facts.size(); ++i)
    if (context.result.sites[i].geometry.kind == GeometryKind::polygon)
      context.facts[i].outline = context.result.sites[i].geometry;
  std::vector<Outlined> done(context.facts.size());
  for (const auto& table : context.study.volumes)
    if (table.kind == "outline") take_outlines(context, table, done, progress);
  for (const auto& table : context.study.volumes)
    if (table.kind == "drillholes")
      take_drillholes(context, table, context.checking, progress);
    else if (table.kind != "outline")
      take_rock(context, table, context.checking, progress);
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
