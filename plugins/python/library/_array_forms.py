"""Columns in, columns out, where one value at a time would be of no use in Python."""
from __future__ import annotations

from typing import Any, Optional

import numpy as np

from . import _lode


def _columns(*values: Any) -> list:
    """Of one length; a single number stands for all rows."""
    return [np.ascontiguousarray(v, dtype=float) for v in np.broadcast_arrays(*np.atleast_1d(*values))]


def distances_m(self: Any, lon1_deg: Any, lat1_deg: Any, lon2_deg: Any, lat2_deg: Any) -> np.ndarray:
    """Geodesic distances, row by row; a single number stands for all rows."""
    return _lode.crs.distances_m(self, *_columns(lon1_deg, lat1_deg, lon2_deg, lat2_deg))


def inverses(self: Any, lon1_deg: Any, lat1_deg: Any, lon2_deg: Any,
             lat2_deg: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distances and both azimuths, row by row."""
    return _lode.crs.inverses(self, *_columns(lon1_deg, lat1_deg, lon2_deg, lat2_deg))


def directs(self: Any, lon_deg: Any, lat_deg: Any, azimuth_deg: Any,
            distance_m: Any) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes of where the geodesics end, row by row."""
    return _lode.crs.directs(self, *_columns(lon_deg, lat_deg, azimuth_deg, distance_m))


def forward(self: Any, x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Columns in the other system, easting or longitude first; NaN where there is no way."""
    return _lode.crs.transform_columns(self, *_columns(x, y))


def areas_m2(geometries: Any, crs: Any = None, edges: Optional[str] = None) -> np.ndarray:
    """`area_m2` of each; a GeoSeries or GeoDataFrame brings its own CRS."""
    if crs is None:
        crs = getattr(geometries, 'crs', None)
        if crs is None:
            raise _lode.ArgumentError('crs: wanted the CRS of the geometries, which have none of their own')
    geometries = getattr(geometries, 'geometry', geometries)
    return _lode.geometry.areas_m2(geometries, crs, edges)


def to_oxide_column(grades: Any, element: str, basis: Optional[str] = None) -> np.ndarray:
    """Grades of an element ("Nd") as grades of its oxide, in the unit they have. Default basis trade."""
    return _lode.deposit.to_oxide_column(grades, element, basis)


def to_element_column(grades: Any, element: str, basis: Optional[str] = None) -> np.ndarray:
    """Grades of the oxide of an element ("Nd") as grades of the element. Default basis trade."""
    return _lode.deposit.to_element_column(grades, element, basis)


def preference_flows(value: Any, shape: str, q: float = 0.0, p: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """PROMETHEE flows of one criterion, larger is better: (phi plus, phi minus) of every site."""
    return _lode.ranking.preference_flow_columns(value, shape, q, p)


#: What each room takes from here.
FUNCTIONS = {'geometry': (areas_m2,), 'deposit': (to_oxide_column, to_element_column),
             'ranking': (preference_flows,)}
METHODS = {'crs': {'Geodesic': (distances_m, inverses, directs), 'Transform': (forward,)}}


def add(name: str, module: dict[str, Any]) -> None:
    """Puts the functions and methods of a room where its generated module has the others."""
    room = name.rpartition('.')[2]
    for function in FUNCTIONS.get(room, ()):
        module[function.__name__] = function
        module['__all__'].append(function.__name__)
    for kind, methods in METHODS.get(room, {}).items():
        for method in methods:
            setattr(module[kind], method.__name__, method)
