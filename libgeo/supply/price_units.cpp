// Prices a kg taken apart into amount and currency, and compared with the money of tables.
#include "libgeo/supply/price_units.h"

#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr double kg_per_t = 1000.0;
constexpr std::size_t letters_of_code = 3;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string capitals(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

bool is_dollar(const std::string& currency) {
  const std::string word = lower(trim(currency));
  return word == "usd" || word == "us$" || word == "$";
}

}  // namespace

PricePerKg parse_price_per_kg(std::string_view text, const std::string& where) {
  PricePerKg price;
  std::string as_dollars(text);
  const std::size_t slash = as_dollars.find('/');
  if (slash != std::string::npos) {
    std::size_t end = slash;
    while (end > 0 && as_dollars[end - 1] == ' ') --end;
    std::size_t begin = end;
    while (begin > 0 && is_letter(as_dollars[begin - 1])) --begin;
    if (end - begin == letters_of_code) {
      price.currency = capitals(as_dollars.substr(begin, letters_of_code));
      as_dollars.replace(begin, letters_of_code, "USD");
    }
  }
  price.amount = parse_quantity(as_dollars, Dimension::price_per_mass, where) / kg_per_t;
  return price;
}

void check_price_money(const PricePerKg& price, const std::string& currency,
                       const std::string& where) {
  if (is_dollar(price.currency) ? is_dollar(currency)
                                : lower(price.currency) == lower(trim(currency)))
    return;
  throw Error("supply.money",
              "a price in " + printable(price.currency) + ", and tables in " + printable(currency),
              where,
              "Give it in the money of the tables: '" + number_text(price.amount) + " " +
                  printable(currency) + "/kg' if that is what it is; nothing is converted.");
}

void check_dollars(const std::string& currency, const std::string& what, const std::string& where) {
  if (is_dollar(currency)) return;
  throw Error("supply.money", what + " is in USD, and the tables are in " + printable(currency),
              where, "Convert the tables to USD, or leave it out.");
}

}  // namespace lode
