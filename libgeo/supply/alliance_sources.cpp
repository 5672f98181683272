// Mines and recyclers as capacity at the stages of an alliance's chain, year by year.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/alliance_chain.h"
#include "libgeo/supply/economics.h"

namespace lode {

SupplySources at_levelised_cost(SupplySources sources, double discount, int base_year,
                                Findings& findings) {
  EconomicsOptions options;
  options.discount = discount;
  options.base_year = base_year;
  options.unpriced_is_zero = true;  // its cost before royalty and tax knows no prices
  if (sources.list.empty()) return sources;
  options.metal = sources.metals.front();
  PricePath none;
  none.currency = sources.currency;
  none.price_year = sources.price_year;
  const EconomicsResult economics = site_economics(sources, none, options);
  for (const auto& finding : economics.findings.list())
    if (finding.code != "supply.unpriced") findings.add(finding);
  for (std::size_t k = 0; k < sources.list.size(); ++k) {
    const double usd_per_kg = economics.sites[k].usd_per_kg_oxide.base;
    // One that makes nothing in its life gives no capacity either.
    if (std::isfinite(usd_per_kg)) sources.list[k].opex_usd_per_kg = only_base(usd_per_kg);
  }
  return sources;
}

std::vector<StageCapacity> stage_capacity_of(const SupplySources& sources,
                                             const std::vector<std::string>& stages,
                                             const std::vector<std::string>& metals,
                                             const std::vector<int>& years, int base_year,
                                             const std::string& recycled_stage) {
  if (stages.empty()) throw Error("supply.no_stage", "the chain has no stages", sources.table);
  check_lengths(sources);
  std::vector<std::size_t> place;
  for (const auto& metal : metals) place.push_back(sources.metal(metal, sources.table));
  std::vector<StageCapacity> rows;
  for (const auto& source : sources.list) {
    const bool recycled = source.kind == "secondary";
    if (recycled && std::find(stages.begin(), stages.end(), recycled_stage) == stages.end())
      throw Error("supply.no_stage",
                  "recyclers give what the stage '" + printable(recycled_stage) +
                      "' gives, which the chain does not have",
                  source.where, suggestion(recycled_stage, stages));
    StageCapacity row;
    row.country = source.country;
    row.stage = recycled ? recycled_stage : stages.front();
    if (!source.opex_usd_per_kg.known())
      throw Error("supply.no_cost", "the source has no running cost", source.where,
                  "Fill opex_usd_per_kg.");
    row.usd_per_kg = source.opex_usd_per_kg.base;
    row.where = source.where;
    row.from_scrap = recycled;
    for (const std::size_t m : place) row.share.push_back(source.share[m]);
    const int start = first_year(source, base_year);
    for (const int year : years) {
      row.tonnes_per_year = output_t(source, start, year);
      if (!(row.tonnes_per_year > 0.0)) continue;
      // Years of one rate are one row.
      if (!rows.empty() && rows.back().where == row.where && rows.back().to_year == year - 1 &&
          rows.back().tonnes_per_year == row.tonnes_per_year) {
        rows.back().to_year = year;
        continue;
      }
      row.from_year = row.to_year = year;
      rows.push_back(row);
    }
  }
  return rows;
}

}  // namespace lode
