#include "libgeo/environment/footprint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Becquerels a gram for each ppm: 4.06 and 12.4 Bq a milligram of the head of each series.
constexpr double kThoriumBqPerGPpm = 4.06e-3, kUraniumBqPerGPpm = 12.4e-3;
constexpr double kExemptionBqPerG = 1.0;
// Largest failures that the lines of release and run-out were fitted to.
constexpr double kLargestStoredMm3 = 75.0, kHighestDamM = 100.0;
// A route's figures are scaled by grade within a factor of ten of the grade they hold at.
constexpr double kGradeReach = 10.0;

const char* const kRicoToo =
    "Concha Larrauri & Lall 2018, Environments 5:28; other end of the range Rico et al. 2008, "
    "J. Hazard. Mater. 154:79-87";
const std::array<const char*, 3> kBeyond = {"grade", "pond", "dam"};  // as in Work::beyond
const char* const kIaea = "IAEA GSR Part 3 (2014), table I-3";

/// For formulas: nine digits, so that a change of unit leaves no noise behind.
std::string text_of(double value) {
  if (std::isnan(value)) return "not known";
  if (value == 0.0 || !std::isfinite(value)) return number_text(value);
  const double scale = std::pow(10.0, 9.0 - std::ceil(std::log10(std::abs(value))));
  return number_text(std::round(value * scale) / scale);
}

/// Per cent of a fraction for people, freed of the last digits' noise.
std::string percent(double fraction) {
  return std::isnan(fraction) ? text_of(fraction)
                              : number_text(std::round(fraction * 1e8) / 1e6) + " %";
}

LowBaseHigh lowest_to_highest(std::initializer_list<double> values, double base) {
  LowBaseHigh range{kNan, base, kNan};
  for (const double v : values) {
    if (std::isnan(v)) continue;
    range.low = std::isnan(range.low) ? v : std::min(range.low, v);
    range.high = std::isnan(range.high) ? v : std::max(range.high, v);
  }
  if (std::isnan(base) || range.low == range.high) range.low = range.high = kNan;
  return range;
}

double or_base(double end, double base) {
  return std::isnan(end) ? base : end;
}

void in_range(double value, double least, double most, const std::string& what,
              const std::string& where, const char* code, const std::string& hint) {
  if (value < least || value > most)
    throw Error(code,
                what + " is " + number_text(value) + ", not " + number_text(least) + " to " +
                    number_text(most),
                where, hint);
}

void check(const FootprintOptions& o) {
  const auto need = [](double value, double least, double most, const char* what) {
    if (std::isnan(value))
      throw Error("footprint.option", std::string(what) + " is no number", what);
    in_range(value, least, most, what, what, "footprint.option", "Check its unit.");
  };
  need(o.tailings_density_t_m3, 0.5, 3.0, "the dry density of tailings, t/m3,");
  need(o.water_treatment_usd_per_yr, 0.0, 1e12, "the cost of water treatment, USD/yr,");
  need(o.treatment_yr, 0.0, 1e4, "the time of water treatment, yr,");
  need(o.discount, 0.0, 1.0, "the discount rate");
  need(o.reclamation_usd_per_ha, 0.0, 1e9, "the cost of reclamation, USD/ha,");
  need(o.cover_usd_per_ha_radioactive, 0.0, 1e9, "the cost of a cover, USD/ha,");
  need(o.contingency, 0.0, 10.0, "the contingency");
  need(o.indirect, 0.0, 10.0, "the share of indirect costs");
}

void check(const FootprintSite& s) {
  const std::string hint = "Leave it blank when it is not known; check its unit.";
  const auto need = [&](double value, double most, const char* what) {
    in_range(value, 0.0, most, what, s.id, "footprint.value", hint);
  };
  const auto ordered = [&](const LowBaseHigh& v, double most, const char* what) {
    for (const double x : {v.low, v.base, v.high}) need(x, most, what);
    if (v.low > v.base || v.high < v.base || v.low > v.high)
      throw Error("footprint.value", std::string(what) + " does not lie between its low and high",
                  s.id, "Low <= figure <= high.");
  };
  ordered(s.ore_t, 1e13, "the ore, t,");
  ordered(s.treo, 1.0, "the grade, a mass fraction,");
  need(s.recovery, 1.0, "the recovery, a fraction,");
  need(s.strip_ratio, 1e4, "the strip ratio, t/t,");
  need(s.thorium_ppm, 1e6, "thorium, ppm,");
  need(s.uranium_ppm, 1e6, "uranium, ppm,");
  need(s.treo_t_per_yr, 1e9, "the output, t/yr,");
  need(s.disturbed_ha, 1e8, "the disturbed area, ha,");
  need(s.dam_height_m, 1000.0, "the height of the dam, m,");
  need(s.life_yr, 1e4, "the life, yr,");
}

/// One site on its way: its route, the figures so far, and what went with them.
class Work {
 public:
  Work(const FootprintSite& site, const ProcessRoute* route, const FootprintOptions& options)
      : s_(site), route_(route), o_(options) {}

  FootprintRow row() {
    product();
    per_kilogram();
    waste();
    radioactivity();
    failure();
    bond();
    return std::move(row_);
  }
  /// What lies beyond the formulas' data, by kind; "" = nothing.
  [[nodiscard]] std::array<std::string, 3> beyond() const {
    return {beyond_grade_, beyond_pond_, beyond_dam_};
  }

 private:
  void put(const char* name, const char* unit, LowBaseHigh value, std::string formula,
           std::string source) {
    row_.figures.push_back({name, unit, value, std::move(formula), std::move(source)});
  }

  /// TREO over the life: from ore, or from the yearly output where there is no ore.
  void product() {
    from_ore_ = s_.ore_t.known() && s_.treo.known() && s_.recovery == s_.recovery;
    std::string formula = "ore x grade x recovery " + text_of(s_.recovery);
    if (from_ore_) {
      product_t_ = times(times(s_.ore_t, s_.treo), s_.recovery);
    } else {
      product_t_ = only_base(s_.treo_t_per_yr * s_.life_yr);
      formula =
          "yearly output " + text_of(s_.treo_t_per_yr) + " t x life " + text_of(s_.life_yr) + " yr";
    }
    put("product_t", "t REO", product_t_, formula, "");
  }

  /// Mining's share of a route's figures grows as the grade falls; each end with its own grade.
  [[nodiscard]] double scale(double grade) const {
    if (route_->mining_share == 0.0) return 1.0;
    return 1.0 - route_->mining_share + route_->mining_share * route_->reference_grade / grade;
  }
  void per_kilogram() {
    LowBaseHigh factor = only_base(kNan);
    std::string formula, source;
    if (route_ != nullptr) {
      factor = only_base(scale(s_.treo.base));
      if (s_.treo.ranged() && route_->mining_share > 0.0) {
        factor.low = scale(or_base(s_.treo.high, s_.treo.base));
        factor.high = scale(or_base(s_.treo.low, s_.treo.base));
      }
      source = route_->source;
      if (route_->mining_share > 0.0)
        formula = "route '" + route_->id + "' x (1 - " + text_of(route_->mining_share) + " + " +
                  text_of(route_->mining_share) + " x " + text_of(route_->reference_grade * 100.0) +
                  " % / grade)";
      const double ratio = s_.treo.base / route_->reference_grade;
      if (route_->mining_share > 0.0 && (ratio < 1.0 / kGradeReach || ratio > kGradeReach))
        beyond_grade_ = "a grade of " + percent(s_.treo.base) + " and a route for " +
                        percent(route_->reference_grade);
    }
    const auto one = [&](const char* name, const char* unit, const LowBaseHigh& figure) {
      const LowBaseHigh value = times(figure, factor);
      put(name, unit, value, formula, source);
      return value;
    };
    const ProcessRoute none;
    const ProcessRoute& r = route_ == nullptr ? none : *route_;
    const LowBaseHigh water = one("water_m3_per_kg", "m3/kg REO", r.water_m3_per_kg);
    one("reagents_kg_per_kg", "kg/kg REO", r.reagents_kg_per_kg);
    one("energy_mj_per_kg", "MJ/kg REO", r.energy_mj_per_kg);
    const LowBaseHigh co2e = one("co2e_kg_per_kg", "kg/kg REO", r.co2e_kg_per_kg);
    const std::string yearly = "figure per kg x yearly output " + text_of(s_.treo_t_per_yr) + " t";
    put("water_m3_per_yr", "m3/yr", times(water, s_.treo_t_per_yr * 1000.0), yearly, source);
    put("co2e_t_per_yr", "t/yr", times(co2e, s_.treo_t_per_yr), yearly, source);
  }

  /// Scrap, ash and old tailings lie open: nothing is stripped to reach them.
  [[nodiscard]] double strip() const {
    const bool open = route_ != nullptr && route_->kind == "secondary";
    return open && std::isnan(s_.strip_ratio) ? 0.0 : s_.strip_ratio;
  }
  /// Per tonne of product the tonnage of ore cancels: the ends come from the grade alone.
  [[nodiscard]] LowBaseHigh waste_per_tonne() const {
    if (route_ == nullptr) return {};
    const bool no_ore = route_->kind == "secondary" && route_->tailings_share == 0.0;
    if (no_ore && !from_ore_) return route_->residue_t_per_t;
    if (!s_.treo.known()) return {};
    const auto at = [&](double grade) {
      const double ore = 1.0 / (grade * s_.recovery);
      return ore * ((1.0 - grade * s_.recovery) * route_->tailings_share + strip());
    };
    LowBaseHigh per_t = only_base(at(s_.treo.base));
    if (s_.treo.ranged()) {
      per_t.low = at(or_base(s_.treo.high, s_.treo.base));
      per_t.high = at(or_base(s_.treo.low, s_.treo.base));
    }
    return per_t;
  }

  void waste() {
    if (from_ore_ && route_ != nullptr) {
      const auto left = [&](double ore, double grade) {
        return ore * (1.0 - grade * s_.recovery) * route_->tailings_share;
      };
      tailings_t_.base = left(s_.ore_t.base, s_.treo.base);
      if (s_.ore_t.ranged() || s_.treo.ranged()) {
        tailings_t_.low =
            left(or_base(s_.ore_t.low, s_.ore_t.base), or_base(s_.treo.high, s_.treo.base));
        tailings_t_.high =
            left(or_base(s_.ore_t.high, s_.ore_t.base), or_base(s_.treo.low, s_.treo.base));
      }
    }
    if (route_ != nullptr) residue_t_ = times(route_->residue_t_per_t, product_t_);
    tailings_m3_ = times(tailings_t_, 1.0 / o_.tailings_density_t_m3);
    const std::string share =
        route_ == nullptr ? std::string("not known") : text_of(route_->tailings_share);
    const std::string source = route_ == nullptr ? std::string() : route_->source;
    put("waste_t_per_t", "t/t REO", waste_per_tonne(),
        "(tailings + waste rock) / product, strip ratio " + text_of(strip()) +
            "; without ore the residue",
        source);
    put("waste_rock_t", "t", times(s_.ore_t, strip()), "ore x strip ratio " + text_of(strip()), "");
    put("tailings_t", "t", tailings_t_,
        "ore x (1 - grade x recovery " + text_of(s_.recovery) + ") x share to tailings " + share,
        source);
    put("tailings_m3", "m3", tailings_m3_,
        "tailings / dry density " + text_of(o_.tailings_density_t_m3) + " t/m3", "");
    put("residue_t", "t", residue_t_, "product x dry residue of cracking and leaching per tonne",
        source);
  }

  /// A known zero needs no uranium assay; what is not known is never taken for zero.
  void radioactivity() {
    const LowBaseHigh thorium_t = times(s_.ore_t, s_.thorium_ppm * 1e-6);
    const LowBaseHigh uranium_t = times(s_.ore_t, s_.uranium_ppm * 1e-6);
    put("thorium_t", "t", thorium_t, "ore x " + text_of(s_.thorium_ppm) + " ppm", "");
    put("uranium_t", "t", uranium_t, "ore x " + text_of(s_.uranium_ppm) + " ppm", "");
    double follows = kNan;
    if (route_ != nullptr) follows = route_->thorium_follows * s_.recovery;
    put("thorium_residue_t", "t", times(thorium_t, follows),
        "thorium x recovery x share that follows the rare earths; the rest stays in tailings, or "
        "in the "
        "ground",
        route_ == nullptr ? std::string() : route_->source);
    const double thorium = s_.thorium_ppm * kThoriumBqPerGPpm;
    const double uranium = s_.uranium_ppm * kUraniumBqPerGPpm;
    put("activity_bq_per_g", "Bq/g", activity(thorium, uranium),
        "thorium " + text_of(s_.thorium_ppm) + " ppm x 4.06 Bq/mg of Th-232 + uranium " +
            text_of(s_.uranium_ppm) + " ppm x 12.4 Bq/mg of U-238, in the ore",
        "specific activities of Th-232 and U-238");
    // Concentration factors from ore to residue and to tailings, by mass and by what they hold.
    const double to_residue = s_.ore_t.base * follows / residue_t_.base;
    const double to_tailings = s_.ore_t.base * (1.0 - follows) / tailings_t_.base;
    put("tailings_bq_per_g", "Bq/g", scaled(thorium, uranium, to_tailings),
        "activity of the ore x share in tailings / share of mass", "");
    put("residue_bq_per_g", "Bq/g", scaled(thorium, uranium, to_residue),
        "activity of the ore x share in residue / share of mass", "");
    double strongest = 1.0;
    for (const double factor : {to_residue, to_tailings})
      if (std::isfinite(factor)) strongest = std::max(strongest, factor);
    // What is not there, or takes nothing of them, concentrates nothing.
    const bool residue_known = follows == 0.0 || residue_t_.base == 0.0 || !std::isnan(to_residue);
    const bool tailings_known = tailings_t_.base == 0.0 || !std::isnan(to_tailings);
    const bool all_known = residue_known && tailings_known;
    radioactive_ = over_limit(thorium * strongest, uranium * strongest);
    if (radioactive_ == 0.0 && !all_known && thorium + uranium > 0.0) radioactive_ = kNan;
    put("radioactive", "1 = yes", only_base(radioactive_),
        "Th-232 or U-238 over 1 Bq/g in ore, tailings or residue", kIaea);
  }
  [[nodiscard]] static LowBaseHigh activity(double thorium, double uranium) {
    if (std::isnan(thorium) && std::isnan(uranium)) return {};
    if (std::isnan(thorium) || std::isnan(uranium))  // at least what is known
      return {std::isnan(thorium) ? uranium : thorium, kNan, kNan};
    return only_base(thorium + uranium);
  }
  [[nodiscard]] static LowBaseHigh scaled(double thorium, double uranium, double factor) {
    if (!std::isfinite(factor)) return {};
    return activity(thorium * factor, uranium * factor);
  }
  [[nodiscard]] static double over_limit(double thorium, double uranium) {
    if (thorium > kExemptionBqPerG || uranium > kExemptionBqPerG) return 1.0;
    return std::isnan(thorium) || std::isnan(uranium) ? kNan : 0.0;
  }

  void failure() {
    const double stored = tailings_m3_.base / 1e6, height = s_.dam_height_m;
    const auto release = [](double vt) {
      return vt > 0.0 ? std::min(vt, 0.332 * std::pow(vt, 0.95)) : vt;
    };
    const auto release_2008 = [](double vt) {
      return vt > 0.0 ? std::min(vt, 0.354 * std::pow(vt, 1.01)) : vt;
    };
    const auto runout = [&](double vt) {
      if (!(vt > 0.0)) return vt * height;
      const double vf = release(vt);
      return 3.04 * std::pow(height * vf / vt * vf, 0.545);
    };
    const auto runout_2008 = [&](double vt) {
      return vt > 0.0 ? 1.61 * std::pow(height * release_2008(vt), 0.66) : vt * height;
    };
    const double low = tailings_m3_.low / 1e6, high = tailings_m3_.high / 1e6;
    const LowBaseHigh out =
        lowest_to_highest({release(stored), release_2008(stored), release(low), release_2008(low),
                           release(high), release_2008(high)},
                          release(stored));
    put("release_m3", "m3", times(out, 1e6),
        "0.332 x VT^0.95, VT = " + text_of(stored) + " Mm3 of tailings in one pond", kRicoToo);
    put("runout_km", "km",
        lowest_to_highest({runout(stored), runout_2008(stored), runout(low), runout_2008(low),
                           runout(high), runout_2008(high)},
                          runout(stored)),
        "3.04 x Hf^0.545, Hf = H x VF / VT x VF, H = " + text_of(height) + " m", kRicoToo);
    if (stored > kLargestStoredMm3)
      beyond_pond_ = "a pond of " + fixed_text(stored, 1) + " Mm3, more than the " +
                     number_text(kLargestStoredMm3) + " Mm3 of the failures known";
    if (height > kHighestDamM && stored > 0.0)
      beyond_dam_ = "a dam of " + text_of(height) + " m, higher than the " +
                    number_text(kHighestDamM) + " m of the failures known";
  }

  void bond() {
    const double d = o_.discount, n = o_.treatment_yr;
    const double factor = d > 0.0 ? -std::expm1(-n * std::log1p(d)) / d : n;
    const double water = o_.water_treatment_usd_per_yr * factor;
    const double on_top = 1.0 + o_.indirect + o_.contingency;
    const auto total = [&](double per_ha) { return (s_.disturbed_ha * per_ha + water) * on_top; };
    const double plain = total(o_.reclamation_usd_per_ha);
    const double covered = total(o_.cover_usd_per_ha_radioactive);
    LowBaseHigh value = only_base(radioactive_ == 1.0 ? covered : plain);
    std::string rate =
        text_of(radioactive_ == 1.0 ? o_.cover_usd_per_ha_radioactive : o_.reclamation_usd_per_ha);
    if (std::isnan(radioactive_)) {
      value = lowest_to_highest({plain, covered}, plain);
      rate +=
          " (with a cover for radioactive waste " + text_of(o_.cover_usd_per_ha_radioactive) + ")";
    }
    put("closure_bond_usd", "USD", value,
        "(" + text_of(s_.disturbed_ha) + " ha x " + rate + " USD/ha + water treatment " +
            text_of(o_.water_treatment_usd_per_yr) + " USD/yr over " + text_of(n) + " yr at " +
            text_of(d * 100.0) + " %) x (1 + " + text_of(o_.indirect) + " indirect + " +
            text_of(o_.contingency) + " contingency)",
        "unit rates as said");
  }

  const FootprintSite& s_;
  const ProcessRoute* route_;
  const FootprintOptions& o_;
  FootprintRow row_;
  bool from_ore_ = false;
  LowBaseHigh product_t_, tailings_t_, tailings_m3_, residue_t_;
  double radioactive_ = kNan;
  std::string beyond_grade_, beyond_pond_, beyond_dam_;
};

}  // namespace

const FootprintFigure* FootprintRow::find(const std::string& name) const {
  for (const FootprintFigure& figure : figures)
    if (figure.name == name) return &figure;
  return nullptr;
}

Footprints footprints(const std::vector<FootprintSite>& sites,
                      const std::vector<ProcessRoute>& routes, const FootprintOptions& options,
                      const Progress& progress) {
  check(options);
  std::map<std::string, const ProcessRoute*> by_id;
  std::vector<std::string> names;
  for (const ProcessRoute& route : routes) {
    by_id.emplace(lower(route.id), &route);
    names.push_back(route.id);
  }
  Footprints out;
  out.sites.reserve(sites.size());
  // Each kind is told once, with the first site and their number.
  std::map<std::string, Finding> no_route;
  std::array<Finding, 3> extrapolated;
  for (const FootprintSite& site : sites) {
    progress.check();
    check(site);
    const auto found = by_id.find(lower(trim(site.route)));
    const ProcessRoute* route = found == by_id.end() ? nullptr : found->second;
    if (route == nullptr) {
      const std::string text(trim(site.route));
      Finding& finding = no_route[text];
      if (finding.message.empty())
        finding = {"footprint.no_route", Severity::warning, site.id, 0,
                   text.empty() ? "no process route is named: figures per kg are left out"
                                : "the route '" + printable(text) +
                                      "' is not in the table: figures per kg are left out. " +
                                      suggestion(text, names)};
      ++finding.count;
    }
    Work work(site, route, options);
    out.sites.push_back(work.row());
    const auto beyond = work.beyond();
    for (std::size_t k = 0; k < beyond.size(); ++k) {
      if (beyond[k].empty()) continue;
      Finding& finding = extrapolated[k];
      if (finding.message.empty())
        finding = {"footprint.extrapolated", Severity::warning, site.id + ", " + kBeyond[k], 0,
                   "beyond what the formulas rest on: " + beyond[k]};
      ++finding.count;
    }
  }
  for (auto& [text, finding] : no_route) out.findings.add(std::move(finding));
  for (Finding& finding : extrapolated)
    if (!finding.message.empty()) out.findings.add(std::move(finding));
  return out;
}

}  // namespace lode
