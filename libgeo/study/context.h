// What the stages of a study hand to one another; used inside this room only.
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/error.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/raster_blocks.h"
#include "libgeo/study/countries.h"
#include "libgeo/study/pipeline.h"
#include "libgeo/study/rock_body.h"

namespace lode {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// What is known of a site before it becomes indicators. Shares and grades are mass fractions.
struct SiteFacts {
  LowBaseHigh ore_t, treo, rate_t_per_yr;
  LowBaseHigh treo_t, ndpr_t, dytb_t, mreo_t;
  double life_yr = unknown, ndpr_share = unknown, dytb_share = unknown, hreo_share = unknown;
  /// Of TREO by element ("Nd"), where it is said: of `metal_share`.
  std::map<std::string, double> element_share;
  double thorium_ppm = unknown, confidence = unknown, recovery = 1.0, basket_usd_per_t = unknown;
  std::string ore_source, treo_source, tonnage_source, rate_source, share_source, confidence_source,
      thorium_source, basket_source;
  std::string resource_class;  ///< small letters; "" = not stated
  double class_factor =
      unknown;  ///< what the class leaves of the tonnage; NaN = no class asked for
  std::string class_source;
  double below_indicated = 0.0;  ///< share of the oxide whose class is below indicated
  bool recovery_stated = false;
  bool recovered = false;         ///< tonnes are of recovered oxide: no recovery is applied again
  std::size_t suite_missing = 0;  ///< of 15 oxides, those that a joined suite does not report
  bool suite_unused = false;      ///< ... so many that its sum is no TREO
  /// Realisations of contained oxide and grade, where simulations gave the tonnage.
  std::vector<double> simulated_t, simulated_treo;
  Geometry outline;        ///< EPSG:4326; polygons of the site or of its [[volumes]]
  double net_share = 1.0;  ///< of the tonnage, inside valid permits and outside hard setbacks
  std::string net_source;
  std::vector<std::size_t> valid_permits;  ///< rows of all [[permits]] together
  bool permit_on_record = false;
  /// Year in which the first permit of a site without a valid one begins; NaN = none does.
  double permit_from_year = unknown;
  Geometry permitted;   ///< union of the valid permits that meet the site
  Geometry net_ground;  ///< outline less the hard setbacks
  double ground_m2 = 0.0;
  std::optional<SiteRock> rock;  ///< where the tonnes lie, when [[volumes]] say it
  /// For the footprint; NaN and "" where the site's row does not say it.
  double uranium_ppm = unknown, strip_ratio = unknown, dam_height_m = unknown,
         disturbed_m2 = unknown;
  std::string process_route;
  /// Hard setbacks that meet the rock, by constraint, in EPSG:4326.
  std::vector<PlanCut> setbacks;
};

/// Tonnes and grade of one ore body: they are shares and products of the same figures, multiplied
/// end by end, so that they are high and low together.
inline const SpreadShare ore_body_spread{"ore body", 1.0, 0.0};
/// Yearly output of one oxide or another: shares of one rate.
inline const SpreadShare rate_spread{"production rate", 1.0, 0.0};
/// Freight: its range is that of the tariff's rates, which all sites pay. Ways differ in how much
/// of them is road, rail and sea, whose rates move apart; see study_file.md for the figure.
inline const SpreadShare freight_spread{"freight tariff", 1.0, 0.6};

struct KeptFreight;  // freight_results.h
struct SupplyFiles;  // supply_files.h

struct StudyContext {
  StudyContext(const StudyFile& study_file, const StudyOptions& study_options)
      : study(study_file), options(study_options) {}

  const StudyFile& study;
  const StudyOptions& options;
  StudyResult result;
  std::vector<SiteFacts> facts;
  /// Rows of the site layers as read, by site: (table index, row).
  std::vector<std::pair<std::size_t, std::size_t>> site_rows;
  std::vector<Layer> site_layers;
  Countries countries;
  std::vector<std::string> avoid, only;  ///< countries of [logistics], groups taken apart
  std::vector<Error> faults;  ///< mistakes of the study file that do not keep it from being read on
  /// Network and places of freight, kept where the alliance's hauls are asked for.
  std::shared_ptr<const KeptFreight> freight;
  std::shared_ptr<SupplyFiles> supply_files;  ///< null when the study asks for none
  std::map<std::string, double> governance;   ///< risk of countries, 0 to 10
  bool checking = false;  ///< `study check`: inputs are read, nothing is estimated

  /// Resolves a path of the study file: under its folder first, then under the data root.
  /// Error "study.path" when it leads elsewhere, "io.missing_file" when there is none.
  [[nodiscard]] std::string resolve(const std::string& path, int line) const;
  [[nodiscard]] std::string where(int line) const;

  /// Reads a layer as the study names it, in EPSG:4326, and keeps source, findings and operation.
  [[nodiscard]] Layer read(const LayerRef& reference, bool need_geometry);
  /// One band of a raster as the study names it; keeps source and findings.
  [[nodiscard]] std::unique_ptr<RasterSource> read_raster(const LayerRef& reference, int band);
  /// The same of heights in metres; `unit` "" = as the file says.
  [[nodiscard]] std::unique_ptr<RasterSource> read_heights(const LayerRef& reference,
                                                           const std::string& unit);
  /// A table read as text, its source kept.
  [[nodiscard]] std::string read_text(const std::string& path, int line);
  /// The same of a table that ships with the program (libgeo/core/share.h).
  [[nodiscard]] std::string read_shipped_text(const std::string& name);
  /// A file of the study; else, where it has none of that name, the one of a folder of shipped
  /// sample data, with a note "study.shipped_table".
  [[nodiscard]] std::string read_text_or_shipped(const std::string& path, const std::string& folder,
                                                 int line);
  /// Keeps an input under the name that the study gives it, and findings with that name in place of
  /// where the file lies on this machine.
  void keep_source(Source source, const std::string& named);
  void keep_findings(const Findings& findings, const std::string& path, const std::string& named);
  [[nodiscard]] Layer read_plain_table(const std::string& path, int line);

  /// Finds or makes the column of an indicator.
  IndicatorColumn& indicator(const std::string& name, const std::string& unit);
  void set(const std::string& name, const std::string& unit, std::size_t site,
           const LowBaseHigh& value, const std::string& source);
  /// The same of a figure that shares its spread with others.
  void set(const std::string& name, const std::string& unit, std::size_t site,
           const LowBaseHigh& value, const std::string& source, const SpreadShare& spread) {
    set(name, unit, site, value, source);
    indicator(name, unit).spread = spread;
  }
  /// Keeps the site's realisations times `factor`; nothing where there are none.
  void simulate(const std::string& name, std::size_t site, const std::vector<double>& values,
                double factor);
  void set(const std::string& name, const std::string& unit, std::size_t site, double value,
           const std::string& source) {
    set(name, unit, site, only_base(value), source);
  }
};

/// A field, or the constant, of every row in base units of `dimension`; NaN where missing.
[[nodiscard]] std::vector<double> field_quantities(const StudyContext& context, const Layer& layer,
                                                   const FieldOrValue& field, Dimension dimension);
[[nodiscard]] LowBaseHighColumn field_ranges(const StudyContext& context, const Layer& layer,
                                             const FieldOrValue& field, Dimension dimension);
[[nodiscard]] std::vector<std::string> field_texts(const StudyContext& context, const Layer& layer,
                                                   const FieldOrValue& field);
/// Site geometry for questions of ground: its outline where there is one.
[[nodiscard]] inline const Geometry& ground_of(const StudyContext& context, std::size_t site) {
  return context.facts[site].outline.empty() ? context.result.sites[site].geometry
                                             : context.facts[site].outline;
}
/// "deposits.shp, feature 12".
[[nodiscard]] std::string row_source(const Layer& layer, std::size_t row);

/// The confidence that the study gives to a resource class; a class without one is a finding.
void set_confidence(StudyContext& context, SiteFacts& facts, const std::string& text,
                    const std::string& layer, const std::string& source);
/// What the class leaves of a tonnage that counts as recoverable; NaN for a class without a figure.
[[nodiscard]] double class_factor_of(const StudyFile& study, const std::string& name);
/// Whether a class of resource is weaker than indicated: it must not carry economics by itself.
[[nodiscard]] bool is_below_indicated(const StudyFile& study, const std::string& name);
/// A table with a row a deposit and element repeats the ore of the deposit on each. Read as one row
/// a deposit it would count that ore several times, or take an element's grade for TREO: error
/// "study.element_rows" when rows of one key name different elements.
void refuse_element_rows(const StudyContext& context, const LayerRef& reference, const Layer& layer,
                         const std::vector<std::string>& keys, const std::string& hint);
/// Tonnage and grade of the sites that a table of reported resources names.
void join_reported(StudyContext& context, const ReportedTable& table);

/// Names of the indicators that `[[surroundings]]` and `[footprint]` give.
[[nodiscard]] std::vector<std::string> surroundings_indicators(const StudyFile& study);
[[nodiscard]] std::vector<std::string> footprint_indicators(const StudyFile& study);
/// ... and those that the economics of `[supply]` give.
[[nodiscard]] std::vector<std::string> economics_indicators(const StudyFile& study);

// The stages, in their order. Each fills its part of `context.result`.
void stage_sites(StudyContext& context, const Progress& progress);
void stage_deposit(StudyContext& context, const Progress& progress);
void stage_permits(StudyContext& context, const Progress& progress);
void stage_environment(StudyContext& context, const Progress& progress);
void stage_surroundings(StudyContext& context, const Progress& progress);
void stage_net(StudyContext& context, const Progress& progress);
void stage_logistics(StudyContext& context, const Progress& progress);
void stage_footprint(StudyContext& context, const Progress& progress);
void stage_supply(StudyContext& context, const Progress& progress);
void stage_portfolio(StudyContext& context, const Progress& progress);
void stage_ranking(StudyContext& context, const Progress& progress);

/// Every mistake that shows without computing: paths that lead nowhere, criteria that no stage
/// gives. All are thrown together: "study.criterion", and those of `StudyContext::resolve`.
void check_criteria(const StudyContext& context);
/// Errors of the names that `[supply]` states: countries, elements. "study.value".
void check_supply_names(const StudyContext& context, std::vector<Error>& faults);
/// Classes that `[[rules]]` name must be classes of the study or of its sites: "study.value".
void check_class_rules(const StudyContext& context);
/// All of them as one: the first, with `more`. Nothing when there are none.
void throw_together(const std::vector<Error>& faults);
void check_inputs(StudyContext& context, const Progress& progress);

/// Names of all indicators that this study can give, for the check of its criteria.
[[nodiscard]] std::vector<std::string> indicator_names(const StudyContext& context);

}  // namespace lode
