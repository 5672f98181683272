// The study file: TOML read and checked whole, every mistake with its line, before any work starts.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/footprint.h"
#include "libgeo/environment/rules.h"
#include "libgeo/permits/validity.h"
#include "libgeo/ranking/rank.h"

namespace lode {

/// What every table that names a layer takes.
struct LayerRef {
  std::string path;  ///< as written in the study file
  std::string layer, where, crs, x, y, encoding, below_detection;
  std::vector<std::string> missing;
  int line = 0;  ///< of the table, for messages
};

/// A field with its unit, or a constant; `low` and `high` likewise.
struct FieldOrValue {
  std::string field;
  std::string constant;  ///< "16 Mt", "USA", ... when `{ value = ... }`
  std::string unit;
  std::string low, high;  ///< fields, or constants with a unit
  std::string basis;      ///< of grades: "oxide" or "element"
  int line = 0;
  [[nodiscard]] bool given() const { return !field.empty() || !constant.empty(); }
};

/// `[[sites]]`: primary or secondary sources.
struct SitesTable {
  LayerRef layer;
  std::string kind = "primary";
  std::string countries;  ///< a polygon layer to look countries up by place; "" = the shipped one
  FieldOrValue id, name, country;
  FieldOrValue ore, grade;                          ///< primary: tonnage and TREO grade
  FieldOrValue rate, start, life;                   ///< t/yr of TREO, first year, years
  FieldOrValue ndpr_share, dytb_share, hreo_share;  ///< of TREO
  /// Of TREO by element: `nd_share` under "Nd"; those that are said alone.
  std::map<std::string, FieldOrValue> element_share;
  FieldOrValue thorium, confidence, recovery;
  /// For [footprint]: its route, uranium grade, waste rock a t of ore, height of the tailings dam,
  /// disturbed ground.
  FieldOrValue route, uranium, strip_ratio, dam_height, disturbed;
  FieldOrValue note;     ///< a field whose text says what is illustrative
  FieldOrValue product;  ///< of the chain: what leaves the site
  /// For the portfolio: cost a kg of TREO, capital cost, years to the first output and from there
  /// to the full rate, and whether it makes its rate today (yes or no).
  FieldOrValue opex, capex, lead, ramp, operating;
};

/// `[[reported]]`: reported resources in a table of their own, joined to sites by name or id.
struct ReportedTable {
  LayerRef layer;
  std::string match = "name";  ///< name (and country when given) or id
  FieldOrValue id, name, country, ore, grade, confidence;
  std::string elements;  ///< "columns": element grade columns by name; "rows": one row an element
  std::string element_field, grade_field, grade_unit_field, ore_unit_field;  ///< of "rows"
};

/// What a `[[volumes]]` of kind "drillholes" says beside its layer (whose path is the collars').
struct DrillholeVolume {
  std::string surveys, assays, lithology;
  std::string solid, topography;            ///< the body's closed mesh, the ground's raster
  std::string variogram, variogram_scores;  ///< of the grade and of its normal scores; "" = fitted
  std::string domain;                       ///< column of the lithology or assays
  std::vector<std::string> domains;         ///< those of the ore; empty = all
  std::vector<std::string> ndpr, dytb;      ///< columns whose sum is that part of TREO
  double composite_m = 0.0;
  std::array<double, 3> block_m{}, radius_m{};
  double cutoff = 0.0;  ///< mass fraction, inclusive
  double max_samples = 24.0, min_samples = 1.0, max_per_hole = 0.0, realizations = 100.0;
};

/// What a `[[volumes]]` of kind "mesh", "surface" or "blocks" says beside its layer.
struct RockVolume {
  std::string topography;  ///< mesh, blocks: raster or TIN; rock above it is not there
  std::string base;        ///< surface: the raster or TIN below it ...
  double level_m = 0.0;    ///< ... or the height of the ground
  bool has_level = false;
  std::string within;                   ///< surface: polygons that bound the heap
  std::string take = "cut";             ///< surface: cut (a heap), fill (a pit), net
  std::string share, class_field, pit;  ///< blocks: columns
  double pit_shell = 0.0;               ///< blocks: last shell that counts; 0 = all
  std::vector<std::string> ndpr, dytb;  ///< blocks: columns whose sum is that part of TREO
  double cutoff = 0.0;                  ///< blocks: mass fraction, inclusive
};

/// `[[volumes]]`: where geometry gives the tonnage of a site.
struct VolumesTable {
  LayerRef layer;
  std::string kind = "outline";
  std::string site;        ///< one site's id for the whole layer
  std::string site_field;  ///< or the field that holds it
  FieldOrValue thickness, density, grade;
  DrillholeVolume drill;  ///< of kind "drillholes"
  RockVolume rock;        ///< of kind "mesh", "surface", "blocks"
};

struct PermitsTable {
  LayerRef layer;
  std::string id, holder, status, granted, expires, area, kind;
  std::vector<std::string> valid;
  DateOrder date_order = DateOrder::unsaid;
  std::string preset;  ///< of a register's columns and words; what the table names comes first
  std::string area_unit;
  DateNumbers date_numbers = DateNumbers::unsaid;
};

/// `[[surroundings]]`: one layer or raster that says what lies at and around the sites.
struct SurroundingsTable {
  LayerRef layer;    ///< rasters take path and crs of it
  std::string kind;  ///< water, people, raster, value, land, habitat, terrain
  std::string name;  ///< of its indicators; terrain has its own
  std::string id;    ///< names a feature
  /// people: the column with their number (a layer of places; "" = a raster of counts); value: the
  /// number of a polygon.
  std::string field;
  std::string unit;                ///< raster, value: of the indicator
  std::string statistic = "mean";  ///< raster
  std::vector<double> classes;     ///< raster: values whose ground counts; none = the statistic
  int band = 1;
  std::vector<double> within_m;  ///< people: distances; raster: one, none = the site's own ground
  double half_distance_m = 0.0;  ///< habitat
  std::string height_unit;       ///< terrain: "" = as the file says
  double snap_m = 0.0;           ///< terrain
};

/// `[footprint]`: what process and waste cost nature.
struct FootprintTable {
  bool given = false;
  std::string routes;  ///< table of process routes
  FootprintOptions options;
  int line = 0;
};

/// `[[networks]]`: lines of one mode, an OpenStreetMap extract, or land that the sea lies around.
struct NetworkTable {
  LayerRef layer;                     ///< path "installed": the country outlines, as land
  std::string mode;                   ///< "" of an extract: all modes that it holds
  std::vector<std::string> highways;  ///< classes of an extract to read; empty = all
  std::string gates;                  ///< of the sea around land; "" = those that ship
  std::vector<std::string> open;      ///< gates shut by default that may be passed
  /// Names of the network columns where they differ: speed_kmh -> "SPEED", ...
  std::map<std::string, std::string> fields;
};

struct LogisticsTable {
  bool given = false;
  std::string terminals, plants, ports, tariff;
  std::string plants_where, ports_where;
  std::string plants_crs, ports_crs, terminals_crs;
  std::string minimise = "cost";
  double snap_radius_m = 100000.0;
  double snap_tolerance_m = 0.0;
  std::vector<std::string> avoid, only;  ///< countries and groups of them
  std::vector<std::string> close;
  std::vector<std::string> vehicle_classes;  ///< empty = any
  int month = 0;                             ///< 1 to 12; 0 = every line is open
  bool months = false;                       ///< the year month by month, too
  double min_part = 1.0;                     ///< edges of the smallest part that may be reached
  bool annual_tonnage = false;               ///< rates count against capacities
  bool locate_countries = false;             ///< lines without a country take that of their place
  /// Part of the ore's thorium and uranium that goes with the product; NaN = not known.
  double thorium_share = std::numeric_limits<double>::quiet_NaN();
  double uranium_share = std::numeric_limits<double>::quiet_NaN();
  std::string chain;           ///< a table of stages, or "built-in"; "" = none
  double product_grade = 0.6;  ///< TREO in what is hauled, mass fraction
  double product_moisture = 0.08;
  double circuity = 1.0;  ///< straight lines times this when there is no network
  int line = 0;
};

/// Which keys one table states, and where: an explicit 0 is not an unsaid one.
struct StatedKeys {
  int line = 0;  ///< of the table
  std::map<std::string, int> lines;
  [[nodiscard]] bool has(const std::string& key) const { return lines.count(key) > 0; }
  /// The line of the key, else that of the table.
  [[nodiscard]] int line_of(const std::string& key) const {
    const auto at = lines.find(key);
    return at == lines.end() ? line : at->second;
  }
};

struct SupplyTable {
  std::string production, demand, prices, governance;
  std::string production_country = "iso3", production_value, production_before,
              governance_country = "iso3", governance_value = "wgi_eu010", governance_year,
              governance_indicator;
  std::string other = "one-country";
  std::string stages, stages_value;  ///< table of other stages, and its field of amounts or shares
  std::string composition, no_composition = "exclude", composition_basis = "trade";
  std::vector<std::string> elements;
  std::string imports, origins, trade, trade_period, territories, factors, uses, willingness;
  /// Ending the dependence: further sources beside the sites, prices by metal, where supply comes
  /// from today, what may go wrong, the policy of the portfolio, terms of the economics, products
  /// in use, capacities by country and stage, demand by member.
  std::string candidates, metal_prices, today, scenario, policy, economics, stocks, capacities,
      member_demand;
  std::string members;  ///< the alliance: a set of the alliances table; "" = home and allies
  std::vector<std::string> curves;  ///< metals of the cost curves; empty = those of the demand
  bool merge_territories = false;
  std::string not_available = "exclude", inexact = "take", quota = "warn";
  std::vector<std::string> quota_countries;
  double other_governance = std::numeric_limits<double>::quiet_NaN();
  int line = 0;
  StatedKeys keys;
};

/// `[ranking]`: how sites are put in order, and what is asked of that order.
struct RankingTable {
  /// Rules, judgements, seed and threads are filled in when the study runs.
  RankOptions options;
  std::string pairwise;  ///< table of judgements for ahp, bwm, swara, roc
  std::optional<bool> compare, reversal, stability;  ///< not said: up to a sensible number of sites
  struct Pair {
    std::string a, b;
    int line = 0;
  };
  std::vector<Pair> pairs;           ///< to be explained
  std::optional<double> neighbours;  ///< in place of pairs: so many neighbours in rank order
  std::vector<std::string> unused;   ///< options said that the method or weights do not take
  int line = 0;
  StatedKeys keys;

  RankingTable() {
    options.weights = WeightScheme::uncertain;
    options.draws.draws = 10000;
  }
};

struct StudyFile {
  std::string path;    ///< as the user gave it
  std::string folder;  ///< of the study file
  std::string text;
  std::string sha256;

  std::string title, home, allies_set, alliances;
  std::vector<std::string> allies_list;  ///< when `allies` is a list
  Date as_of;
  std::uint64_t seed = 1;
  std::string crs = "EPSG:4326";
  std::string data;  ///< root for inputs as written
  std::string output = "results";
  bool net_requires_permit = false;
  std::string required_permits;  ///< table of permits that jurisdictions ask for; "" = none
  std::map<std::string, double> confidence;    ///< class -> 0 to 1
  std::map<std::string, double> class_factor;  ///< class -> what it leaves of the tonnage, 0 to 1

  std::vector<SitesTable> sites;
  std::vector<ReportedTable> reported;
  std::vector<VolumesTable> volumes;
  std::vector<PermitsTable> permits;
  std::vector<ConstraintRule> constraints;  ///< as `lode screen --rules` reads them
  std::vector<SurroundingsTable> surroundings;
  FootprintTable footprint;
  std::vector<NetworkTable> networks;
  LogisticsTable logistics;
  SupplyTable supply;

  std::vector<Criterion> criteria;
  std::vector<RuleText> rules;  ///< `[[rules]]`: sites that fail one are left out before scoring
  std::vector<StatedKeys> criteria_keys, rule_keys;  ///< one a criterion, one a rule
  int home_line = 0;
  RankingTable ranking;

  std::vector<std::string> caveats;  ///< [study] illustrative = ["..."], repeated by the report
};

/// Parses the text of a study file. All mistakes are collected: the Error is the first, `more`
/// holds the rest; each `where` is "study.toml, line 12, column 3".
/// Errors: "study.syntax", "study.unknown_key" (with the nearest), "study.type", "study.missing",
/// "study.value", "study.unsupported", "study.weights", "unit.*".
[[nodiscard]] StudyFile parse_study(const std::string& text, const std::string& path);

/// Reads and parses. Errors also "io.missing_file".
[[nodiscard]] StudyFile read_study(const std::string& path);

}  // namespace lode
