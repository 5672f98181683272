// What the supply commands read alike: sources, demand, prices, texts of settings.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "libgeo/supply/demand.h"
#include "libgeo/supply/economics.h"
#include "libgeo/supply/sources.h"
#include "tools/command.h"

namespace lode::tools {

/// The positional table of sources (`word` in capitals), with columns as in
/// lode-supply-portfolio(1).
[[nodiscard]] Parameter sources_parameter(const std::string& word);
[[nodiscard]] Parameter demand_parameter(bool required);
[[nodiscard]] Parameter prices_parameter(bool required);

/// The table read, countries under their codes; its source and findings go to the outcome.
[[nodiscard]] SupplySources supply_sources(const Arguments& arguments, const Session& session,
                                           const std::string& word, Outcome& outcome);
/// Countries of sources under their codes; warning "supply.unknown_country" with the sources whose
/// country is empty or no country we know.
void name_source_countries(SupplySources& sources, const Session& session, Outcome& outcome);
[[nodiscard]] SupplyDemand supply_demand(const Arguments& arguments, const Session& session,
                                         Outcome& outcome);
[[nodiscard]] PricePath supply_prices(const Arguments& arguments, const Session& session,
                                      Outcome& outcome);
/// Any further table of an option, whole.
[[nodiscard]] Table supply_table(const Arguments& arguments, const Session& session,
                                 const std::string& option, Outcome& outcome);
/// The text of a file of settings, its checksum kept.
[[nodiscard]] std::string supply_text(const Arguments& arguments, const std::string& option,
                                      Outcome& outcome);
/// Writes the layers to -o; where its format holds one only, the first, which is the main one.
void write_tables(const Arguments& arguments, const Session& session,
                  std::vector<OutputLayer> layers, Outcome& outcome);

/// Reads an option's own text before any file: what is wrong with it is asked wrongly, so its error
/// has the code `usage` ("usage.metal").
void check_option(const std::string& usage, const std::function<void()>& read);
/// What --metal says, as a metal or group of them; "" when not said.
[[nodiscard]] std::string metal_option(const Arguments& arguments);
/// Countries of the settings' taxes and incentives under their codes; they and the groups must be of
/// sources.
void name_economics(const Session& session, const std::string& settings,
                    const SupplySources& sources, EconomicsOptions& options, Outcome& outcome);

/// Missing is null: "" and the year 0.
[[nodiscard]] Json text_or_null(const std::string& text);
[[nodiscard]] Json year_or_null(int year);
/// Low, base and high under a stem: `npv_p10_usd`, `npv_usd`, `npv_p90_usd`; without a stem
/// `p10_usd_per_kg`, ...
void put_range(Json& row, const std::string& stem, const std::string& unit,
               const LowBaseHigh& value);

}  // namespace lode::tools
