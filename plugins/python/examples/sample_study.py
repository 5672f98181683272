#!/usr/bin/python3
"""Runs the sample study through the Python module and plots its ranking and its cost curve."""
# %% What is needed
import argparse
import sys
import warnings
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3]  # of a checkout: what is built there serves when none is installed
sys.path.append(str(SOURCE / "build/release/python"))
try:
    import lode
    import matplotlib.pyplot as plt
    import pandas as pd
except ImportError as error:
    sys.exit(f"{error}. Wanted for {sys.executable}: python3-lode (or the target python, built), python3-pandas, "
             "python3-matplotlib; see lode-python(7)")
warnings.simplefilter("ignore", lode.FindingWarning)  # they stand in run.findings

COLOURS = {"domestic": "#1f5fae", "allied": "#12907a", "other": "#c8622d"}
HATCH = {"primary": None, "secondary": "/////"}
NOTE = ("Source: sample study us_allied_ree of Lode. Most tonnages are facts with a source; rates, costs, freight lines and "
        "permits are illustrative.\n")
plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "hatch.linewidth": 0.7})

# %% Where the sample data lies, and where the plots go
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--output", type=Path, default=Path("sample_study_plots"), metavar="DIR")
output = parser.parse_args().output
# Above this script, or above the module: in a checkout, or installed in share/lode.
places = [folder / below / "sample_data/us_allied_ree/study.toml" for file in (__file__, lode.__file__)
          for folder in Path(file).resolve().parents for below in ("", "share/lode")]
study = next((place for place in places if place.exists()), None) or sys.exit("The sample data was not found.")

# %% The whole study: every site from its files to its rank
run = lode.study_run(str(study), output=str(output / "results"), overwrite=True)
ranking = run.frame()
indicators = pd.read_csv(output / "results/indicators.csv", float_precision="round_trip")  # to the last bit
indicators = indicators.pivot(index="site", columns="criterion")
print(f"{run.summary.ranked} sites ranked, {ranking.name[0]} first; {len(run.findings)} findings")


# %% Both plots: the groups' colours, hatching for recycling, and where the figures come from
def finish(figure, axes, title, note, name):
    handles = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in COLOURS.values()]
    handles += [plt.Rectangle((0, 0), 1, 1, facecolor="#888", edgecolor="white", hatch=HATCH["secondary"])]
    legend = axes.legend(handles, [*COLOURS, "recycling and residues"], frameon=False, ncols=4, loc="lower left",
                         bbox_to_anchor=(0, 1))
    legend.set_in_layout(False)  # as wide as it is, it may reach over the next panel
    axes.set_title(" ", pad=12)
    figure.suptitle(title, x=0.01, ha="left", weight="bold")
    figure.supxlabel(NOTE + note, x=0.01, ha="left", size=7.5, color="#555")
    figure.savefig(output / name, dpi=150)


# %% The ranking: scores, and the ranks that uncertain weights and figures leave possible
top, recycler = ranking.head(20), ranking[ranking.kind == "secondary"].iloc[0]
colours = top.group.map(COLOURS)
figure, (scores, ranks) = plt.subplots(1, 2, figsize=(10, 7), sharey=True, layout="constrained")
scores.barh(top.name, top.score, color=colours, hatch=top.kind.map(HATCH), edgecolor="white")
scores.set(xlabel="score (TOPSIS closeness, 0 to 1)", xlim=(0, 1))
scores.invert_yaxis()
scores.margins(y=0.01)
ranks.hlines(top.name, top.rank_p05, top.rank_p95, color=colours, lw=6, alpha=0.4)
ranks.scatter(top.rank_p50, top.name, color=colours, zorder=3)
for site in top[top.first_acceptability >= 0.001].itertuples():
    ranks.annotate(f"first in {site.first_acceptability * 100:.1f} % of draws", (site.rank_p95, site.name), (6, 0),
                   textcoords="offset points", va="center", size=8)
ranks.set(xlabel="rank: median, and 90 % of the draws", xlim=(0.5, None))
finish(figure, scores, f"The first 20 of {len(ranking)} sites, and how sure their rank is",
       f"Draws vary weights and figures. Best source from recycling or residues: {recycler['name']}, "
       f"rank {recycler['rank']}.", "ranking.png")

# %% The cost curve: freight per kilogram, cheapest first, each site as wide as its NdPr of a year
curve = indicators.value[["delivered_usd_per_kg", "ndpr_t_per_yr"]].dropna().sort_values("delivered_usd_per_kg")
curve = curve.set_axis(["cost", "wide"], axis=1).join(ranking.set_index("id"))
curve["low"], curve["high"] = indicators.low.delivered_usd_per_kg, indicators.high.delivered_usd_per_kg
curve["middle"] = curve.wide.cumsum() - curve.wide / 2
colours = curve.group.map(COLOURS)
figure, axes = plt.subplots(figsize=(10, 6), layout="constrained")
axes.bar(curve.middle, curve.high - curve.low, curve.wide, curve.low, color=colours, alpha=0.3)
axes.bar(curve.middle, curve.cost, curve.wide, color=colours, hatch=curve.kind.map(HATCH), edgecolor="white", lw=0.4)
widest = pd.concat([curve.nlargest(12, "wide"), curve[curve.kind == "secondary"].nlargest(1, "wide")])
for site in widest.itertuples():
    axes.annotate(site.name, (site.middle, site.cost), (site.middle, 1.62), rotation=90, size=8, ha="center",
                  arrowprops={"arrowstyle": "-", "lw": 0.5})
axes.set(xlabel="NdPr oxide of a year, cumulated, t", ylabel="freight from site to magnet, USD per kg REO",
         xlim=(0, None), ylim=(0, 2.6))
axes.xaxis.set_major_formatter("{x:,.0f}")
finish(figure, axes, "What freight costs, site by site, against the NdPr that it brings",
       "All hauls of the cheapest chain of plants, without mining and processing; pale: low to high tariff. "
       f"{len(ranking) - len(curve)} of {len(ranking)} sites have no way to a magnet plant.", "cost_curve.png")
print(f"plots: {output / 'ranking.png'}, {output / 'cost_curve.png'}")
