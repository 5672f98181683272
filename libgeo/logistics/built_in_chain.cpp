#include "libgeo/logistics/chain.h"

namespace lode {

std::string_view built_in_chain_text() {
  return R"toml(# The chain of rare earths that Lode uses when none is given: from ore to magnet.
# All figures are orders of magnitude "from general knowledge", without a published table behind
# them; flowsheets differ, hence low, base and high. Write your own beside your study.
# usd_per_kg counts per kg contained in what a stage gives; grades are of the dry mass.
as_of = 2026-11-01
contained = "TREO"
last = "separated oxide"   # say --until magnet to go on
source = "from general knowledge"

# What leaves a site: ore has the grade of the site.
[[products]]
name = "ore"
moisture = "5 %"
source = "from general knowledge"

[[products]]
name = "mineral concentrate"
grade = "50 %"
moisture = "8 %"
radioactivity_share = "80 %"
source = "Flotation concentrates of bastnaesite and monazite have 30 to 65 % TREO; most of the thorium sits in the same minerals. From general knowledge."

[[products]]
name = "monazite concentrate"
grade = "58 %"
moisture = "2 %"
source = "Monazite from heavy mineral sands, 55 to 62 % TREO. From general knowledge."

[[products]]
name = "mixed carbonate"
grade = "50 %"
moisture = "10 %"
radioactivity_share = "0.5 %"
source = "Sold at 42 to 46 % TREO as it comes; thorium and uranium are left in the leach residue. From general knowledge."

[[products]]
name = "separated oxide"
grade = "99 %"
moisture = "0 %"
radioactivity_share = "0 %"
source = "from general knowledge"

[[products]]
name = "metal"
grade = "100 %"
moisture = "0 %"
radioactivity_share = "0 %"
source = "A tonne of metal stands for 1.17 t of oxide; entered as 1, which overstates its freight by a sixth. From general knowledge."

[[products]]
name = "magnet"
grade = "35 %"
moisture = "0 %"
radioactivity_share = "0 %"
source = "30 % rare earth metal, counted as oxide. From general knowledge."

[[products]]
name = "magnet scrap"
grade = "33 %"
moisture = "1 %"
radioactivity_share = "0 %"
source = "from general knowledge"

[[stages]]
name = "concentration"
takes = "ore"
gives = "mineral concentrate"
recovery = "70 %"
usd_per_kg = { low = 1.0, base = 2.0, high = 4.0 }
at_site = true
source = "Milling and flotation, 60 to 80 % recovered. From general knowledge."

[[stages]]
name = "cracking"
takes = "mineral concentrate"
gives = "mixed carbonate"
recovery = "90 %"
usd_per_kg = { low = 2.0, base = 4.0, high = 7.0 }
source = "Acid bake or caustic crack, leach, precipitation. From general knowledge."

[[stages]]
name = "cracking"
takes = "monazite concentrate"
gives = "mixed carbonate"
recovery = "90 %"
usd_per_kg = { low = 2.0, base = 4.0, high = 7.0 }
optional = true
source = "Caustic crack, leach, precipitation, residue to a store. From general knowledge."

[[stages]]
name = "separation"
takes = "mixed carbonate"
gives = "separated oxide"
recovery = "92 %"
usd_per_kg = { low = 3.0, base = 5.0, high = 10.0 }
source = "Solvent extraction to single oxides. From general knowledge."

[[stages]]
name = "recycling"
takes = "magnet scrap"
gives = "separated oxide"
recovery = "90 %"
usd_per_kg = { low = 5.0, base = 9.0, high = 15.0 }
optional = true
source = "Dissolution and separation of magnet scrap. From general knowledge."

[[stages]]
name = "metal making"
takes = "separated oxide"
gives = "metal"
recovery = "96 %"
usd_per_kg = { low = 3.0, base = 6.0, high = 12.0 }
source = "Electrolysis in molten salt. From general knowledge."

[[stages]]
name = "magnet making"
takes = "metal"
gives = "magnet"
recovery = "80 %"
usd_per_kg = { low = 20.0, base = 35.0, high = 60.0 }
source = "Alloy, milling, sintering, machining; a fifth goes to swarf. From general knowledge."
)toml";
}

const ChainTable& built_in_chain() {
  static const ChainTable kChain = parse_chain(built_in_chain_text(), "built-in");
  return kChain;
}

}  // namespace lode
