#!/usr/bin/python3
"""Three claims made in Python: buffered, screened, ranked, and back as a GeoDataFrame."""
# %% What is needed: lode and geopandas (Debian: python3-lode python3-geopandas)
import sys
import warnings
from pathlib import Path

import geopandas
from shapely.geometry import box

SOURCE = Path(__file__).resolve().parents[3]  # of a checkout: what is built there serves when none is installed
sys.path.append(str(SOURCE / "build/release/python"))
try:
    import lode
except ImportError as error:
    sys.exit(f"{error}: install python3-lode, or build it with ./bootstrap demo; see lode-python(7)")
warnings.simplefilter("ignore", lode.FindingWarning)  # they stand in .findings of each result

# %% Three claims in Nevada, and a stream that crosses one of them
claims = geopandas.GeoDataFrame(
    {"claim": ["Alpha", "Bravo", "Charlie"], "ore_t": [4.0e6, 9.0e6, 2.5e6], "treo_pct": [2.1, 1.2, 3.0]},
    geometry=[box(-115.60 + 0.05 * i, 35.40, -115.57 + 0.05 * i, 35.43) for i in range(3)], crs="EPSG:4326")
stream = geopandas.GeoDataFrame({"name": ["Dry Creek"]}, geometry=[box(-115.56, 35.41, -115.51, 35.41).boundary],
                                crs="EPSG:4326")
