#include "libgeo/logistics/tariff.h"

namespace lode {

std::string_view built_in_tariff_text() {
  return R"toml(# The freight tariff that Lode uses when none is given.
# Rates are average revenue per tonne-kilometre; contracts for bulk differ, hence low, base and high.
# "second-hand": read from a public copy of the table named, not from the table itself.
# "from general knowledge": an order of magnitude without a published table behind it.
as_of = 2026-11-01
currency = "USD"
value_of_time_usd_per_t_h = 0.0   # says nothing about the cargo's worth: give your own

[modes.road]
usd_per_tkm = { low = 0.08, base = 0.12, high = 0.20 }
co2e_g_per_tkm = 127
speed_kmh = 60
source = "Rate: bulk trucks from general knowledge, within BTS National Transportation Statistics table 3-21 (truck, 0.166 USD/t-km for 2022, second-hand). CO2: EPA GHG Emission Factors Hub table 8, 0.186 kg per short-ton-mile (second-hand, tank to wheel)."
year = 2022
# Surfaces, from general knowledge (tyres, fuel, speed): what a tonne-kilometre costs against asphalt.
surface_factor = { compacted = 1.2, gravel = 1.4, unpaved = 1.5, dirt = 1.8, earth = 1.8, ground = 1.8 }

[modes.offroad]
usd_per_tkm = { low = 0.20, base = 0.27, high = 0.35 }
co2e_g_per_tkm = 175
speed_kmh = 20
source = "Gravel and haul access, from general knowledge: 0.20 to 0.35 USD/t-km, 150 to 200 g CO2/t-km. Used for the straight way from a place to the nearest road."
year = 2026

[modes.rail]
usd_per_tkm = { low = 0.02, base = 0.036, high = 0.07 }
co2e_g_per_tkm = 14
speed_kmh = 40
source = "Rate: class I rail, 5.22 US cents per ton-mile in 2022, BTS National Transportation Statistics table 3-21 (second-hand). CO2: EPA GHG Emission Factors Hub table 8, 0.021 kg per short-ton-mile (second-hand, tank to wheel)."
year = 2022

[modes.barge]
usd_per_tkm = { low = 0.01, base = 0.016, high = 0.03 }
co2e_g_per_tkm = 53
speed_kmh = 10
source = "Rate: Great Lakes and barge, 2.35 US cents per ton-mile in 2022 (second-hand). CO2: EPA GHG Emission Factors Hub table 8, waterborne, 0.077 kg per short-ton-mile (second-hand)."
year = 2022

[modes.sea]
usd_per_tkm = { low = 0.003, base = 0.006, high = 0.010 }
co2e_g_per_tkm = 8
speed_kmh = 24
source = "Rate: ocean dry bulk without the ports, from general knowledge. CO2e: UK government conversion factors, bulk carrier of 10,000 to 34,999 dwt, 0.0080 kg per t-km (second-hand)."
year = 2022
# Ships of the trade in small parcels, unless --vehicle names others ("all": any of them).
default_classes = ["coaster", "handysize"]

# Without payload_t a toll_usd of a lane is per tonne; give payload_t to have it per passage.
[modes.sea.classes.coaster]
dwt_t = 7000
draught_m = 6.8
parcel_t = 3000
usd_per_tkm = { low = 0.008, base = 0.012, high = 0.020 }
co2e_g_per_tkm = 29.6
speed_kmh = 22
source = "Size, draught, parcel and rate: from general knowledge. CO2e: UK government conversion factors, bulk carrier of 0 to 9,999 dwt, 0.0296 kg per t-km (second-hand)."
year = 2022

[modes.sea.classes.handysize]
dwt_t = 28000
draught_m = 9.8
parcel_t = 5000
usd_per_tkm = { low = 0.003, base = 0.006, high = 0.010 }
co2e_g_per_tkm = 8.0
speed_kmh = 24
source = "Size, draught, parcel and rate: from general knowledge. CO2e: UK government conversion factors, bulk carrier of 10,000 to 34,999 dwt, 0.0080 kg per t-km (second-hand)."
year = 2022

[modes.sea.classes.supramax]
dwt_t = 56000
draught_m = 12.8
parcel_t = 10000
usd_per_tkm = { low = 0.0025, base = 0.0045, high = 0.008 }
co2e_g_per_tkm = 5.8
speed_kmh = 25
source = "All figures from general knowledge."
year = 2026

[modes.sea.classes.panamax]
dwt_t = 76000
draught_m = 14.0
parcel_t = 50000
usd_per_tkm = { low = 0.002, base = 0.0035, high = 0.007 }
co2e_g_per_tkm = 4.2
speed_kmh = 25
source = "All figures from general knowledge. A Panamax ship fully laden lies deeper than the old locks of Panama took (12.04 m)."
year = 2026

[modes.sea.classes.capesize]
dwt_t = 175000
draught_m = 18.0
parcel_t = 120000
usd_per_tkm = { low = 0.0015, base = 0.0025, high = 0.005 }
co2e_g_per_tkm = 3.0
speed_kmh = 25
source = "All figures from general knowledge."
year = 2026

[modes.air]
usd_per_tkm = { low = 0.6, base = 0.8, high = 1.0 }
co2e_g_per_tkm = 744
speed_kmh = 700
source = "Rate: from general knowledge. CO2: EPA GHG Emission Factors Hub table 8, 1.086 kg per short-ton-mile (second-hand)."
year = 2022

# Changes of mode: truck to rail 5 to 8, rail to ship 5 to 9 USD/t, from general knowledge.
[transfers]
"road>rail" = { usd_per_t = { low = 5.0, base = 6.5, high = 8.0 }, hours = 24 }
"road>sea" = { usd_per_t = { low = 5.0, base = 7.0, high = 9.0 }, hours = 72 }
"rail>sea" = { usd_per_t = { low = 5.0, base = 7.0, high = 9.0 }, hours = 72 }
"road>barge" = { usd_per_t = { low = 5.0, base = 7.0, high = 9.0 }, hours = 48 }
"rail>barge" = { usd_per_t = { low = 5.0, base = 7.0, high = 9.0 }, hours = 48 }
"barge>sea" = { usd_per_t = { low = 5.0, base = 7.0, high = 9.0 }, hours = 72 }
"road>air" = { usd_per_t = { low = 50.0, base = 100.0, high = 200.0 }, hours = 12 }
"rail>rail" = { usd_per_t = { low = 5.0, base = 6.5, high = 8.0 }, hours = 24 }
)toml";
}

}  // namespace lode
