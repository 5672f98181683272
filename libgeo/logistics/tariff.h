// What freight costs: rates, speeds, emissions by mode, transfers and borders, dated and sourced.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lode {

/// A rate with its uncertainty; low <= base <= high.
struct Rate {
  double low = 0.0, base = 0.0, high = 0.0;
  bool operator==(const Rate&) const = default;
};

/// One `[modes.X]` table, or one `[modes.X.classes.Y]` (what a class does not say is its mode's).
struct ModeRates {
  std::string vehicle;  ///< name of the class; "" for the mode itself
  Rate usd_per_tkm;
  /// NaN where the tariff does not say: emissions are then missing, never zero.
  double co2e_g_per_tkm = std::numeric_limits<double>::quiet_NaN();
  /// Where a line has no speed of its own; > 0. NaN where not said: hours are then missing.
  double speed_kmh = std::numeric_limits<double>::quiet_NaN();
  /// The class says a speed of its own: on a line that is faster it still goes no faster.
  bool own_speed = false;
  /// Cargo of one vehicle, t: `toll_usd` of a line is divided by it. NaN: tolls are per tonne.
  double payload_t = std::numeric_limits<double>::quiet_NaN();
  /// Smallest load that is taken, t: it waits until that much is together. NaN: any.
  double parcel_t = std::numeric_limits<double>::quiet_NaN();
  double dwt_t = std::numeric_limits<double>::quiet_NaN();      ///< deadweight, said in reports
  double draught_m = std::numeric_limits<double>::quiet_NaN();  ///< loaded; NaN: fits anywhere
  /// Of the loaded vehicle, before `RouteOptions::vehicle_mass_t`; NaN: the option's.
  double vehicle_mass_t = std::numeric_limits<double>::quiet_NaN();
  double axle_load_t = std::numeric_limits<double>::quiet_NaN();  ///< the same
  /// Part of the return trips that carry a paying load, and part of the one-way rate that such a
  /// trip pays; the rate counts x (1 - share x credit). 0 to 1 each.
  double backhaul_share = 0.0, backhaul_credit = 0.0;
  /// Factor on usd_per_tkm by surface ("gravel" -> 2.0); a surface not named counts 1.
  std::map<std::string, double> surface_factor;
  std::string source;
  int year = 0;
  std::vector<ModeRates> classes;  ///< in the order of their names; a class has none

  /// What a tonne-kilometre costs once return loads have paid their part.
  [[nodiscard]] Rate net_usd_per_tkm() const;
};

/// One change of mode, or one border.
struct Handling {
  Rate usd_per_t;
  double hours = 0.0;
  double co2e_kg_per_t = 0.0;
};

/// What class 7 (radioactive) cargo costs more at each transfer.
struct Class7Surcharge {
  Rate usd_per_t;
  double hours = 0.0;
};

/// A checked freight tariff.
struct Tariff {
  std::string name;      ///< file name, or "built-in"
  std::string as_of;     ///< ISO date
  std::string currency;  ///< always "USD"
  double value_of_time_usd_per_t_h = 0.0;
  std::map<std::string, ModeRates> modes;
  /// Key "road>rail"; one direction serves for both where the other is not given.
  std::map<std::string, Handling> transfers;
  /// Key "USA>CAN", or "any" for all borders not named; the other direction as with transfers.
  std::map<std::string, Handling> borders;
  Class7Surcharge class7;

  [[nodiscard]] const ModeRates* mode(const std::string& name) const;
  [[nodiscard]] const Handling* transfer(const std::string& from, const std::string& to) const;
  [[nodiscard]] const Handling* border(const std::string& from, const std::string& to) const;
};

/// Reads a tariff (TOML): `as_of currency value_of_time_usd_per_t_h`, `[modes.road] usd_per_tkm =
/// 0.12` or `{low, base, high}`, `co2e_g_per_tkm speed_kmh source year payload_t parcel_t dwt_t
/// draught_m vehicle_mass_t axle_load_t backhaul_share backhaul_credit surface_factor`,
/// `[modes.sea.classes.handysize]` with the same keys, `[transfers] "road>rail" = {usd_per_t,
/// hours, co2e_kg_per_t}`, `[borders] "USA>CAN" = {...}`, `[class7] usd_per_t hours`.
/// `where` names the file in messages.
/// Errors: "tariff.syntax" (line and column), "tariff.invalid" for the first mistake with its line,
/// the others in `Error::more`:
/// unknown keys (with the nearest), wrong types, negative or unordered rates, a missing rate or
/// day, a currency other than USD, a transfer between modes without rates, no mode at all, a class
/// without figures, a share outside 0 to 1.
[[nodiscard]] Tariff parse_tariff(std::string_view text, const std::string& where);

/// The table that is used when the user gives none; its sources stand in it.
[[nodiscard]] std::string_view built_in_tariff_text();
[[nodiscard]] const Tariff& built_in_tariff();

}  // namespace lode
