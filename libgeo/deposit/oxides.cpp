#include "libgeo/deposit/oxides.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();

// Which elements a sum takes in.
using Members = std::array<bool, rare_earth_count>;

template <class Belongs>
Members members(Belongs belongs) {
  Members in{};
  for (std::size_t i = 0; i < suite_count; ++i) in[i] = belongs(static_cast<RareEarth>(i));
  return in;
}

bool is_light(RareEarth e, HeavyLine line) {
  return e != ree::Y && e <= (line == HeavyLine::usgs ? ree::Gd : ree::Sm);
}

// NaN when none of the members is known.
double sum_of(const OxideSuite& suite, const Members& in) {
  Sum sum;
  bool known = false;
  for (std::size_t i = 0; i < suite_count; ++i)
    if (in[i] && !std::isnan(suite.oxide[i])) {
      sum += suite.oxide[i];
      known = true;
    }
  return known ? sum.value() : missing_value;
}

double stated_or(double stated, double summed) {
  return std::isnan(stated) ? summed : stated;
}

void add_basket(const OxideSuite& suite, const PriceTable& prices, OxideSums& sums) {
  Sum value, unpriced, priced_t;
  bool any = false;
  for (std::size_t i = 0; i < suite_count; ++i) {
    if (std::isnan(suite.oxide[i])) continue;
    const OxidePrice& price = prices.of[i];
    if (std::isnan(price.usd_per_t)) {
      unpriced += suite.oxide[i];
      continue;
    }
    any = true;
    value += suite.oxide[i] * price.usd_per_t * price.payable * price.recovery;
    priced_t += suite.oxide[i];
  }
  if (!any) return;
  sums.basket_usd_per_t = value.value();
  const double known = priced_t.value() + unpriced.value();
  if (known > 0.0) {
    sums.basket_usd_per_kg = value.value() / known / 1000.0;
    sums.unpriced_share = unpriced.value() / known;
  }
}

}  // namespace

std::string_view to_text(OxideBasis basis) {
  return basis == OxideBasis::trade ? "trade" : "sesquioxide";
}

std::string_view to_text(HeavyLine line) {
  return line == HeavyLine::usgs ? "usgs" : "eu";
}

OxideBasis parse_oxide_basis(std::string_view text) {
  const std::string name = lower(trim(text));
  if (name == "trade") return OxideBasis::trade;
  if (name == "sesquioxide") return OxideBasis::sesquioxide;
  throw Error("oxides.basis", "unknown oxide basis '" + std::string(text) + "'", {},
              suggestion(name, {"trade", "sesquioxide"}));
}

HeavyLine parse_heavy_line(std::string_view text) {
  const std::string name = lower(trim(text));
  if (name == "usgs") return HeavyLine::usgs;
  if (name == "eu") return HeavyLine::eu;
  throw Error("oxides.line", "unknown line between light and heavy '" + std::string(text) + "'", {},
              "Known: usgs (after Gd), eu (after Sm).");
}

const std::array<RareEarthFacts, rare_earth_count>& rare_earths() {
  static const std::array<RareEarthFacts, rare_earth_count> facts{{
      {"La", "lanthanum", 57, 138.90547, 2, 3},
      {"Ce", "cerium", 58, 140.116, 1, 2},
      {"Pr", "praseodymium", 59, 140.90766, 6, 11},
      {"Nd", "neodymium", 60, 144.242, 2, 3},
      {"Sm", "samarium", 62, 150.36, 2, 3},
      {"Eu", "europium", 63, 151.964, 2, 3},
      {"Gd", "gadolinium", 64, 157.249, 2, 3},
      {"Tb", "terbium", 65, 158.925354, 4, 7},
      {"Dy", "dysprosium", 66, 162.5, 2, 3},
      {"Ho", "holmium", 67, 164.930329, 2, 3},
      {"Er", "erbium", 68, 167.259, 2, 3},
      {"Tm", "thulium", 69, 168.934219, 2, 3},
      {"Yb", "ytterbium", 70, 173.045, 2, 3},
      {"Lu", "lutetium", 71, 174.96669, 2, 3},
      {"Y", "yttrium", 39, 88.905838, 2, 3},
      {"Sc", "scandium", 21, 44.955907, 2, 3},
  }};
  return facts;
}

std::string oxide_name(RareEarth element, OxideBasis basis) {
  const RareEarthFacts& facts = rare_earths().at(element);
  const int metal = basis == OxideBasis::trade ? facts.trade_metal : 2;
  const int oxygen = basis == OxideBasis::trade ? facts.trade_oxygen : 3;
  return std::string(facts.symbol) + (metal == 1 ? "" : std::to_string(metal)) + "O" +
         std::to_string(oxygen);
}

double oxide_factor(RareEarth element, OxideBasis basis) {
  const RareEarthFacts& facts = rare_earths().at(element);
  const int metal = basis == OxideBasis::trade ? facts.trade_metal : 2;
  const int oxygen = basis == OxideBasis::trade ? facts.trade_oxygen : 3;
  const double metal_mass = metal * facts.atomic_weight;
  return (metal_mass + oxygen * oxygen_weight) / metal_mass;
}

OxideGrade to_oxide(ElementGrade grade, RareEarth element, OxideBasis basis) {
  return {grade.value * oxide_factor(element, basis)};
}

ElementGrade to_element(OxideGrade grade, RareEarth element, OxideBasis basis) {
  return {grade.value / oxide_factor(element, basis)};
}

std::optional<RareEarth> find_rare_earth(std::string_view text) {
  const std::string name = lower(trim(text));
  for (std::size_t i = 0; i < rare_earth_count; ++i) {
    const RareEarthFacts& facts = rare_earths()[i];
    if (name == lower(facts.symbol) || name == facts.name) return static_cast<RareEarth>(i);
  }
  return std::nullopt;
}

std::vector<std::string> OxideSuite::missing() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < suite_count; ++i)
    if (std::isnan(oxide[i])) names.emplace_back(rare_earths()[i].symbol);
  return names;
}

OxideSums sum_oxides(const OxideSuite& suite, const OxideOptions& options) {
  const HeavyLine line = options.line;
  const auto total = members([](RareEarth) { return true; });
  const auto light = members([line](RareEarth e) { return is_light(e, line); });
  const auto heavy = members([line](RareEarth e) { return !is_light(e, line); });
  const auto ndpr = members([](RareEarth e) { return e == ree::Nd || e == ree::Pr; });
  const auto dytb = members([](RareEarth e) { return e == ree::Dy || e == ree::Tb; });
  const auto magnet = members(
      [](RareEarth e) { return e == ree::Nd || e == ree::Pr || e == ree::Dy || e == ree::Tb; });

  OxideSums sums;
  sums.treo = stated_or(suite.stated_treo, sum_of(suite, total));
  sums.treo_stated = !std::isnan(suite.stated_treo);
  sums.lreo = stated_or(suite.stated_lreo, sum_of(suite, light));
  sums.hreo = stated_or(suite.stated_hreo, sum_of(suite, heavy));
  sums.ndpr = stated_or(suite.stated_ndpr, sum_of(suite, ndpr));
  sums.dytb = stated_or(suite.stated_dytb, sum_of(suite, dytb));
  // Stated NdPr and DyTb make up a magnet sum where the elements themselves are not given.
  double mreo = sum_of(suite, magnet);
  if (!std::isnan(suite.stated_ndpr) || !std::isnan(suite.stated_dytb)) {
    mreo = std::isnan(sums.ndpr) ? sums.dytb : sums.ndpr;
    if (!std::isnan(sums.ndpr) && !std::isnan(sums.dytb)) mreo = sums.ndpr + sums.dytb;
  }
  sums.mreo = stated_or(suite.stated_mreo, mreo);
  const auto less = [&](RareEarth left_out) {
    if (sums.treo_stated) return sums.treo - suite.oxide[left_out];
    return sum_of(suite, members([left_out](RareEarth e) { return e != left_out; }));
  };
  sums.treo_without_y = less(ree::Y);
  sums.treo_minus_ceo2 = less(ree::Ce);
  add_basket(suite, options.prices, sums);
  return sums;
}

}  // namespace lode
