#!/usr/bin/python3
"""Three claims made in Python: buffered, screened, ranked, and back as a GeoDataFrame."""
# %% What is needed
import sys
import warnings
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3]  # of a checkout: what is built there serves when none is installed
sys.path.append(str(SOURCE / "build/release/python"))
try:
    import geopandas
    import lode
    from shapely.geometry import box
except ImportError as error:
    sys.exit(f"{error}. Wanted for {sys.executable}: python3-lode (or the target python, built), python3-geopandas; "
             "see lode-python(7)")
warnings.simplefilter("ignore", lode.FindingWarning)  # they stand in .findings of each result

# %% Three claims, drawn by hand, and an illustrative reserve of the sample data beside them
claims = geopandas.GeoDataFrame(
    {"claim": ["Alpha", "Bravo", "Charlie"], "ore_t": [4.0e6, 9.0e6, 2.5e6], "treo_pct": [4.1, 3.2, 6.0]},
    geometry=[box(-115.60, 35.50, -115.57, 35.53), box(-115.57, 35.50, -115.54, 35.53),
              box(-115.54, 35.47, -115.51, 35.50)], crs="EPSG:4326")
places = [folder / below / "sample_data/us_allied_ree/protected.shp" for file in (__file__, lode.__file__)
          for folder in Path(file).resolve().parents for below in ("", "share/lode")]
reserves = next((place for place in places if place.exists()), None) or sys.exit("The sample data was not found.")

# %% What keeping 1 km from the reserve leaves of each, on the ellipsoid
screened = lode.screen(claims, id="claim", constraint={str(reserves): "1 km"})
claims["net_ha"] = [row.net_ha for row in screened.results]
net = screened.geo()  # the areas that are left, as polygons

# %% The claims and 500 m around them
around = lode.buffer(claims, id="claim", distance="500 m").geo()

# %% Ranked by oxide and by what is left of the ground, the result a frame with the claims' places
claims["treo_t"] = claims.ore_t * claims.treo_pct / 100
ranked = lode.rank(claims, id="claim", method="wsm", criterion=[
    "name=oxide,field=treo_t,direction=max,weight=0.6,scale=log,bounds=1e4:1e6",
    "name=ground,field=net_ha,direction=max,weight=0.4,bounds=0:1000"]).geo()
print(ranked.drop(columns="geometry").to_string(index=False))
print(f"{screened.summary.net_sum_ha / screened.summary.sites_sum_ha:.0%} of the ground is left, in {len(net)} areas; "
      f"with 500 m around, {around.area_m2.sum() / 1e4:.0f} ha; all in {ranked.crs}")
