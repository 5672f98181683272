// Units against their definitions, and quantities that are refused rather than guessed.
#include "libgeo/core/quantity.h"

#include <gtest/gtest.h>

#include "libgeo/core/error.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

using enum Dimension;

struct Definition {
  const char* text;
  Dimension dimension;
  double value;
};

// NIST SP 811 (2008), appendix B, and NIST Handbook 44, appendix C: exact definitions, written as
// the products they are made of.
TEST(Quantity, DefinitionsOfUnits) {
  const Definition cases[] = {
      {"1 ft", length, 0.3048},
      {"3937 us-ft", length, 1200.0},
      {"3937 ftUS", length, 1200.0},
      {"1 in", length, 0.3048 / 12},
      {"1 yd", length, 3 * 0.3048},
      {"1 mi", length, 5280 * 0.3048},
      {"1 nmi", length, 1852},
      {"0.5 km", length, 500},
      {"1 acre", area, 43560 * 0.3048 * 0.3048},
      {"640 acres", area, 1609.344 * 1609.344},
      {"1 mi2", area, 1609.344 * 1609.344},
      {"2 ha", area, 20000},
      {"1 ft3", volume, 0.028316846592},
      {"1 yd3", volume, 0.764554857984},
      {"1 km3", volume, 1e9},
      {"1 Mm3", volume, 1e6},
      {"1 lb", mass, 0.45359237e-3},
      {"1 short ton", mass, 2000 * 0.45359237e-3},
      {"1 long ton", mass, 2240 * 0.45359237e-3},
      {"1 oz", mass, 31.1034768e-6},  // troy: 480 grains of 64.79891 mg
      {"7000 oz", mass, 480 * 64.79891e-9 * 7000},
      {"1 Mt", mass, 1e6},
      {"1 kg", mass, 1e-3},
      {"2.7 g/cm3", density, 2.7},
      {"2700 kg/m3", density, 2.7},
      {"62.4279605761446 lb/ft3", density, 1.0},
      {"350 ppm", grade, 350e-6},
      {"1.2 %", grade, 0.012},
      {"1 g/t", grade, 1e-6},
      {"1 oz/st", grade, 34.2857142857142857e-6},
      {"5 lb/st", grade, 0.0025},
      {"1 USD/lb", price_per_mass, 1000 / 0.45359237},
      {"40 USD/t", price_per_mass, 40},
      {"$40/t", price_per_mass, -1},  // below: refused
      {"1 kt/yr", mass_rate, 1000},
      {"1 t/d", mass_rate, 365.25},
      {"1 yr", Dimension::time, 8766},
      {"90 min", Dimension::time, 1.5},
      {"100 grad", angle, 90},
      {"1 m/s", speed, 3.6},
      {"1 kn", speed, 1.852},
      {"1 mph", speed, 1.609344},
      {"1 kg/tkm", emission_per_tkm, 1000},
      {"0.12 USD/tkm", cost_per_tkm, 0.12},
      {"2 MUSD", money, 2e6},
      {"1 Bq/kg", activity, 1e-3},
      {"12", number, 12},
      {"12 %", number, 0.12},
  };
  for (const auto& [text, dimension, value] : cases) {
    if (value < 0) {
      EXPECT_EQ(code_of([&, t = text, d = dimension] { (void)parse_quantity(t, d); }),
                "unit.bad_number");
      continue;
    }
    EXPECT_DOUBLE_EQ(parse_quantity(text, dimension), value) << text;
  }
  EXPECT_NE(parse_quantity("1 us-ft", length), parse_quantity("1 ft", length));
  EXPECT_NEAR(parse_quantity("1 rad", angle), 57.29577951308232, 1e-14);
}

TEST(Quantity, HowItMayBeWritten) {
  for (const char* text : {"500 m", "500m", " 5e2  m ", "+500 metres", "0.5 km", "0.5KM", "5E2 M"})
    EXPECT_EQ(parse_quantity(text, length), 500.0) << text;
  EXPECT_EQ(parse_quantity("2 km\xc2\xb2", area), 2e6);
  EXPECT_EQ(parse_quantity("2 t/m^3", density), 2.0);
  EXPECT_EQ(parse_quantity("-30\xc2\xb0", angle), -30.0);
}

TEST(Quantity, WhatIsRefused) {
  const auto code = [](const char* text, Dimension dimension) {
    return code_of([&] { (void)parse_quantity(text, dimension); });
  };
  EXPECT_EQ(code("500", length), "unit.missing");
  EXPECT_EQ(code("500 t", length), "unit.unknown");
  EXPECT_EQ(code("500 parsec", length), "unit.unknown");
  EXPECT_EQ(code("5 m", number), "unit.unknown");
  EXPECT_EQ(code("1,728.85 ha", area), "unit.unknown");
  EXPECT_EQ(code("1_000 m", length), "unit.unknown");
  EXPECT_EQ(code("0x1A m", length), "unit.unknown");
  EXPECT_EQ(code("m", length), "unit.bad_number");
  EXPECT_EQ(code("", length), "unit.bad_number");
  EXPECT_EQ(code("1.2.3 m", length), "unit.bad_number");
  EXPECT_EQ(code("1e999 m", length), "unit.bad_number");
  EXPECT_EQ(code("1e308 km", length), "unit.bad_number");
  EXPECT_EQ(code("nan m", length), "unit.bad_number");
}

// Milli, mega and giga are told apart by their capitals alone, so these are never taken in another
// case.
TEST(Quantity, MegaIsNeverGuessed) {
  for (const auto& [text, dimension] :
       std::vector<std::pair<const char*, Dimension>>{{"1 mt", mass},
                                                      {"1 MT", mass},
                                                      {"1 gt", mass},
                                                      {"1 mlb", mass},
                                                      {"1 mm3", volume},
                                                      {"1 MM3", volume},
                                                      {"1 Mm", length},
                                                      {"1 Mg/kg", grade},
                                                      {"1 mt/yr", mass_rate}})
    EXPECT_EQ(code_of([&, t = text, d = dimension] { (void)parse_quantity(t, d); }), "unit.unknown")
        << text;
  EXPECT_EQ(parse_quantity("1 mm", length), 0.001);
}

TEST(Quantity, TheMessageSaysWhatFits) {
  try {
    (void)parse_quantity("500", density, "--density");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.where, "--density");
    EXPECT_NE(error.hint.find("t/m3, g/cm3"), std::string::npos) << error.hint;
  }
}

TEST(Quantity, Lists) {
  EXPECT_EQ(parse_quantities("150,90,40 m", length), (std::vector<double>{150, 90, 40}));
  EXPECT_EQ(parse_quantities("1 km, 90 m,40 m", length), (std::vector<double>{1000, 90, 40}));
  EXPECT_EQ(parse_quantities("10,20 %", number), (std::vector<double>{0.1, 0.2}));
  EXPECT_EQ(parse_quantities("1,2,3", number), (std::vector<double>{1, 2, 3}));
  const auto code = [](const char* text) {
    return code_of([&] { (void)parse_quantities(text, length); });
  };
  EXPECT_EQ(code("150,90,40"), "unit.missing");
  EXPECT_EQ(code("150 m,90"), "unit.missing");
  EXPECT_EQ(code("150,,40 m"), "unit.bad_number");
  EXPECT_EQ(code(""), "unit.bad_number");
}

TEST(Quantity, FieldOrQuantity) {
  for (const char* text : {"5 m", "-5 m", ".5 m", "+1", " 7"})
    EXPECT_TRUE(looks_like_quantity(text)) << text;
  for (const char* text : {"thickness", "", "-", "e5", "m5"})
    EXPECT_FALSE(looks_like_quantity(text)) << text;
}

TEST(Quantity, UnitsOfFieldNames) {
  const std::pair<const char*, const char*> cases[] = {{"grade_pct", "%"},
                                                       {"density_t_m3", "t/m3"},
                                                       {"TREO_PCT", "%"},
                                                       {"ORE_MT", "Mt"},
                                                       {"La_ppm", "ppm"},
                                                       {"La_mg_kg", "mg/kg"},
                                                       {"Au_g_t", "g/t"},
                                                       {"area_ha", "ha"},
                                                       {"volume_m3", "m3"},
                                                       {"depth_m", "m"},
                                                       {"depth_ft", "ft"},
                                                       {"price_usd_per_kg", "USD/kg"},
                                                       {"price_usd_per_lb", "USD/lb"},
                                                       {"REO_T_Y", "t/yr"},
                                                       {"speed_kmh", "km/h"},
                                                       {"speed_km_h", "km/h"},
                                                       {"acid_kg_t", "kg/t"},
                                                       {"rate_t_d", "t/d"},
                                                       {"co2e_g_per_tkm", "g/tkm"},
                                                       {"co2e_kg_per_kg", ""},
                                                       {"usd_per_yr", ""},
                                                       {"name", ""},
                                                       {"_m", ""},
                                                       {"from", ""},
                                                       {"treo", ""}};
  for (const auto& [field, unit] : cases) EXPECT_EQ(unit_of_field_name(field), unit) << field;
}

TEST(Quantity, TheFirstUnitIsTheBase) {
  for (const auto dimension :
       {length, area, volume, mass, density, mass_rate, price_per_mass, Dimension::time, angle,
        speed, emission_per_tkm, cost_per_tkm, number, money, activity}) {
    ASSERT_FALSE(units_of(dimension).empty());
    EXPECT_EQ(units_of(dimension).front(), base_unit(dimension));
    EXPECT_EQ(unit_factor(base_unit(dimension), dimension), 1.0) << to_text(dimension);
    EXPECT_TRUE(is_unit_of(base_unit(dimension), dimension));
  }
  EXPECT_FALSE(is_unit_of("t", length));
  // Grades are kept as mass fraction; % comes first because people write it.
  EXPECT_EQ(unit_factor("fraction", grade), 1.0);
  EXPECT_EQ(code_of([] { (void)unit_factor("kg", grade); }), "unit.unknown");
  EXPECT_EQ(unit_ratio("0 to 10", "0 to 10"), 1.0);
  EXPECT_NEAR(unit_ratio("ft", "m").value(), 0.3048, 1e-15);
  EXPECT_NEAR(unit_ratio("%", "ppm").value(), 1e4, 1e-9);
  EXPECT_FALSE(unit_ratio("ft", "t").has_value());
  EXPECT_FALSE(unit_ratio("0 to 10", "m").has_value());
}

TEST(Quantity, TypedUnits) {
  EXPECT_EQ((Metres{2.0} + Metres{3.0} * 2.0 - 0.5 * Metres{2.0}).value, 7.0);
  EXPECT_EQ(Tonnes{6.0} / Tonnes{2.0}, 3.0);
  EXPECT_LT(Tonnes{1.0}, Tonnes{2.0});
}

}  // namespace
}  // namespace lode
