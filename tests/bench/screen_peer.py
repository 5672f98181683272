"""GeoPandas on the same polygons: pairs of site and constraint with the area of their overlap.

screen_peer.py SITES CONSTRAINTS prints CPU seconds, pairs and square kilometres.
"""
import sys
import time

import geopandas

begin = time.process_time()
sites = geopandas.read_file(sys.argv[1])
constraints = geopandas.read_file(sys.argv[2])
start = time.process_time()
pairs = geopandas.sjoin(sites, constraints, predicate="intersects")
right = constraints.geometry.values[pairs["index_right"].values]
area = sum(a.intersection(b).area for a, b in zip(pairs.geometry.values, right))
print("GeoPandas: %.2f CPU s to read, %.2f for %d pairs of %.3f km2; no net area, no nearest" %
      (start - begin, time.process_time() - start, len(pairs), area / 1e6))
