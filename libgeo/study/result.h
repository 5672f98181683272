// What a study run found, whole: what the report, the tables and the run record are made from.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/narrative.h"
#include "libgeo/ranking/stability.h"
#include "libgeo/study/site.h"
#include "libgeo/study/supply_answer.h"

namespace lode {

/// One site's place in the ranking.
struct SiteStanding {
  std::size_t site = 0;  ///< index into StudyResult::sites
  int rank = 0;
  double score = 0.0;
  double rank_p05 = 0.0, rank_p50 = 0.0, rank_p95 = 0.0;
  double first_acceptability = 0.0;
  std::vector<double> rank_acceptability;  ///< share of draws at rank 1, 2, ... (may be cut short)
  std::vector<std::pair<std::string, double>> contributions;  ///< criterion -> share of the score
  std::vector<double> central_weights;  ///< by UsedCriterion; empty when never first
  double confidence = not_stated, first_error = 0.0, rank_entropy = not_stated,
         holistic_acceptability = not_stated, regret = not_stated;
  std::size_t pareto_front = 0, dominators = 0;  ///< 0 = not looked at, or dominated by none
  std::vector<std::string> missing;              ///< criteria whose value was filled in
  std::vector<std::string> cautions;             ///< "economics on inferred material", in words
};

/// A criterion as it was used.
struct UsedCriterion {
  std::string name;
  std::string unit;
  std::string direction;  ///< max or min
  std::string scale;
  double weight = 0.0;
  double low_bound = 0.0, high_bound = 0.0;
};

/// Why a site does not stand in the ranking.
struct LeftOut {
  std::string site_id;
  std::string name;
  std::string reason;
};

struct SitePermits {
  std::size_t site = 0;
  std::string status;
  double coverage_pct = 0.0, valid_coverage_pct = 0.0;
  std::vector<std::string> permits;
  double days_to_expiry = 0.0;  ///< NaN when none has an end
  std::size_t conflicts = 0;
  std::vector<std::string> missing;  ///< asked for by the jurisdiction and not in force
};

struct ConstraintAtSite {
  std::size_t site = 0;
  std::string constraint;
  bool hard = true;
  double overlap_ha = 0.0, overlap_pct = 0.0;
  double nearest_m = 0.0;
  std::string nearest_id;
  std::size_t touched = 0;     ///< features whose setback meets the site
  std::string rule, citation;  ///< of the feature that takes most, else of the nearest
};

/// A rule of a table of setbacks that governs features of a constraint.
struct RuleInForce {
  std::string constraint, name, feature_class, citation, jurisdiction, table;
  bool hard = true;
  double setback_m = 0.0;
  std::size_t features = 0;
};

/// What permits and setbacks take of a site's oxide, where its rock is known in space. In order,
/// they add up: gross - net.
struct NetTonnes {
  struct Taken {
    std::string name;
    double alone_t = 0.0, in_order_t = 0.0, marginal_t = 0.0;
  };
  std::size_t site = 0;
  double gross_t = 0.0, net_t = 0.0;  ///< TREO in place, before recovery
  std::vector<Taken> taken;           ///< permits first, then constraints as the study has them
};

/// One stretch of a way. `mode` as in `Leg` of the logistics.
struct SiteLeg {
  std::string mode, from, to;
  double distance_km = 0.0, hours = 0.0, cost_usd_per_t = 0.0, co2e_kg_per_t = 0.0;
  double cost_low_usd_per_t = 0.0, cost_high_usd_per_t = 0.0;
  double freight_usd_per_t = 0.0, toll_usd_per_t = 0.0, time_usd_per_t = 0.0;
  std::string vehicle;             ///< class of ship, truck or train, where the tariff has classes
  double stockpile_days = 0.0;     ///< days of production that wait for the smallest parcel
  std::string from_name, to_name;  ///< "" where the place has none
};

/// A stretch of a way on the map, of one mode; EPSG:4326, cut at 180 degrees.
struct RouteStretch {
  std::string mode;
  Path line;
};

/// The year of a way, month by month; NaN in months without one.
struct RouteYear {
  std::array<double, 12> cost_usd_per_t{};
  int months_open = 0;
  int dearest_month = 0;  ///< 1 to 12; 0 = no month is open
  int longest_closed_days = 0;
  std::string reason;  ///< why the first closed month is closed; "" when none is
};

/// The cheapest way from a site to one destination.
struct SiteRoute {
  std::size_t site = 0;
  std::string destination, destination_name, role;  ///< role: plant or port
  bool reachable = false;
  std::string reason;
  double distance_km = 0.0, cost_usd_per_t = 0.0, cost_low_usd_per_t = 0.0,
         cost_high_usd_per_t = 0.0, hours = 0.0, co2e_kg_per_t = 0.0;
  std::vector<SiteLeg> legs;
  Geometry line;                    ///< EPSG:4326
  std::vector<RouteStretch> parts;  ///< the same, by mode
  std::optional<RouteYear> months;  ///< when the study asks for the year
  /// What the study's closures add, against everything open; NaN when nothing is closed.
  double detour_usd_per_t = std::numeric_limits<double>::quiet_NaN();
};

/// One haul of a chain and what is done at its end.
struct SiteChainStep {
  std::string stage, product;
  std::string plant, plant_name;  ///< "" = done at the site
  double haul_km = 0.0;           ///< 0 where nothing moves
  double haul_usd_per_t = 0.0;    ///< of what is hauled
  /// Per kg contained in what the chain delivers.
  double haul_usd_per_kg = 0.0, haul_low_usd_per_kg = 0.0, haul_high_usd_per_kg = 0.0;
  double process_usd_per_kg = 0.0, process_low_usd_per_kg = 0.0, process_high_usd_per_kg = 0.0;
  double recovery = 1.0;
  double wet_t_per_t_contained = 0.0;
  std::string cargo;  ///< its radioactivity in words; "" where nothing moves
  std::vector<SiteLeg> legs;
  std::vector<RouteStretch> parts;
};

/// The cheapest chain of a site, from what leaves it to the last product.
struct SiteChain {
  std::size_t site = 0;
  bool reachable = false;
  std::string words;  ///< where it breaks
  double usd_per_kg = 0.0, low_usd_per_kg = 0.0, high_usd_per_kg = 0.0;
  double haul_usd_per_kg = 0.0, distance_km = 0.0, hours = 0.0, co2e_kg_per_kg = 0.0,
         recovery = 0.0;
  std::vector<SiteChainStep> steps;
};

/// What it would cost if a canal, strait or crossing that chosen ways pass were shut.
struct GateClosure {
  struct Hit {
    std::size_t site = 0;
    bool lost = false;         ///< no way would be left
    double usd_per_t = 0.0;    ///< more than now
    double distance_km = 0.0;  ///< likewise
    std::string destination;   ///< where it would go instead, by name
  };
  std::string gate;
  std::vector<Hit> hits;  ///< sites whose way passes it, in their order
};

/// How freight was reckoned, for the reader of the report.
struct FreightBasis {
  std::string tariff, as_of;  ///< name of the table, its day
  double value_of_time_usd_per_t_h = 0.0;
  std::vector<std::pair<std::string, std::string>> sources;  ///< mode -> source, year
  std::string chain, contained;     ///< name of the chain's table and what its kg contain
  std::vector<std::string> closed;  ///< what the study shuts, in words
  int month = 0;
};

/// Concentration of supply today, one row an element (or TREO) and stage. NaN = the study's tables
/// do not say it.
struct Dependence {
  std::string material, stage;
  std::string period;               ///< year, or the column's name; "" = not said
  double hhi = 0.0, hhi_wgi = 0.0;  ///< fractions squared; governance-weighted 0 to 10
  /// Between what the table leaves open (Other, more than, not available).
  double hhi_low = std::numeric_limits<double>::quiet_NaN(),
         hhi_high = std::numeric_limits<double>::quiet_NaN();
  double total_t = std::numeric_limits<double>::quiet_NaN();
  double home_share = std::numeric_limits<double>::quiet_NaN(),
         allied_share = std::numeric_limits<double>::quiet_NaN();  ///< allies without home
  double import_reliance = std::numeric_limits<double>::quiet_NaN();
  double eu_supply_risk = std::numeric_limits<double>::quiet_NaN(),
         geopolrisk = std::numeric_limits<double>::quiet_NaN(),
         usgs_supply_risk = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::pair<std::string, double>> share_by_country;  ///< descending
  std::string source;
  std::string how;  ///< rules that were applied, in words: Other, quotas, split by composition
};

/// Why one site stands above another.
struct PairExplained {
  std::size_t a = 0, b = 0;  ///< indices into StudyResult::sites; a stands above b
  Explanation why;           ///< its `ranking` is empty
  Narrative words;
};

/// What was asked of the ranking as a whole.
struct RankingChecks {
  std::vector<RuleCount> screening;
  std::vector<Agreement> agreement;  ///< other methods beside the study's
  std::optional<ReversalTest> reversal;
  std::vector<StableWeight> stability;         ///< how far each weight may move
  std::vector<double> correlation, inflation;  ///< by UsedCriterion
  std::vector<double> pairwise;                ///< first `paired` sites x themselves, in rank order
  std::size_t paired = 0;
  double standard_error = 0.0, consistency_ratio = not_stated;
  std::size_t rank_bin_width = 1;
  std::string weights_note;
};

/// Geometry for the map, in EPSG:4326.
struct MapLayer {
  std::string name;  ///< "permits", "protected", "roads", ...
  std::string role;  ///< permit, constraint, surroundings, network, net_area, tenure
  std::vector<Geometry> geometry;
  std::vector<std::string> label;
};

struct Country {
  std::string iso3, name;
  Geometry outline;  ///< EPSG:4326
};

struct CrsOperation {
  std::string input, from, to, operation;
  double accuracy_m = 0.0;  ///< NaN = not known
};

struct StudyResult {
  std::string title, home, allies_name;
  std::string crs = "EPSG:4326";    ///< of the results; geometry here is EPSG:4326 throughout
  std::vector<std::string> allies;  ///< ISO3
  Date as_of;
  std::uint64_t seed = 1;
  std::string method, weights_mode, missing;
  std::size_t draws = 0;

  std::vector<Site> sites;
  std::vector<IndicatorColumn> indicators;
  std::vector<UsedCriterion> criteria;
  std::vector<SiteStanding> ranking;  ///< in rank order
  std::vector<PairExplained> explained;
  RankingChecks checks;
  std::vector<LeftOut> left_out;
  std::vector<SitePermits> permits;
  std::vector<ConstraintAtSite> constraints;
  std::vector<RuleInForce> rules;
  std::vector<NetTonnes> net_tonnes;
  std::vector<SiteRoute> routes;
  std::vector<SiteChain> chains;      ///< sites in their order, where the study has a chain
  std::vector<GateClosure> closures;  ///< gates that chosen ways pass
  std::optional<FreightBasis> freight;
  std::vector<Dependence> dependence;
  std::optional<SupplyAnswer> supply;  ///< where the study has a demand
  /// Whole-run figures in words and numbers: ("unlocated occurrences", 221, "").
  struct Figure {
    std::string name;
    double value = 0.0;
    std::string unit;
  };
  std::vector<Figure> figures;
  /// What the input calls illustrative or from memory, for the report to repeat.
  std::vector<std::string> caveats;

  std::vector<Country> countries;
  std::vector<MapLayer> layers;
  std::vector<Geometry> outline;   ///< by site, EPSG:4326, with its [[volumes]]; empty where none
  std::vector<Geometry> net_area;  ///< likewise: inside valid permits and outside hard setbacks

  std::vector<Source> inputs;
  std::vector<CrsOperation> operations;
  Findings findings;
};

}  // namespace lode
