// Prices a kg with their currency, and amounts in USD beside tables that may be in another money.
#pragma once

#include <string>
#include <string_view>

namespace lode {

/// A price as it was written: "60 USD/kg", "5 EUR/t".
struct PricePerKg {
  double amount = 0.0;
  std::string currency = "USD";
};
/// Any word of three letters is taken for a currency. Errors "unit.missing", "unit.unknown",
/// "unit.bad_number".
[[nodiscard]] PricePerKg parse_price_per_kg(std::string_view text, const std::string& where);

/// Error "supply.money" unless a price is in the tables' currency: nothing is converted.
void check_price_money(const PricePerKg& price, const std::string& currency,
                       const std::string& where);
/// The same for an amount that is in USD by its name.
void check_dollars(const std::string& currency, const std::string& what, const std::string& where);

}  // namespace lode
