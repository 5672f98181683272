"""Frames given to a command: written for it to read, numbers to the last bit, and removed after it.

A GeoDataFrame becomes a GeoPackage of Lode's own writer, with its CRS; a frame without places, or a dict
of columns, a table with shortest round-trip numbers. So they are read through the same door, with the
same checks, as the user's own files.
"""
import csv
import datetime
import numbers
import os
import tempfile

import numpy

from . import _lode

EXACT = 2 ** 53  # whole numbers beyond it are no doubles: they stay text, as in files


def is_frame(value):
    """A pandas or geopandas frame, or a dict of columns."""
    if isinstance(value, dict):
        return any(isinstance(column, numpy.ndarray) or hasattr(column, 'dtype') for column in value.values())
    return hasattr(value, 'columns') and hasattr(value, 'dtypes')


def _missing(value):
    return value is None or type(value).__name__ in ('NAType', 'NaTType') or (
        isinstance(value, (float, numpy.floating)) and value != value)


def _moment(value):
    """A day, or a day and a time of day, in ISO 8601."""
    if isinstance(value, datetime.datetime):
        midnight = value.timetz() == datetime.time() and value.tzinfo is None
        if getattr(value, 'nanosecond', 0) == 0 and midnight:
            return value.date().isoformat()
    return value.isoformat()


def _number(value):
    return isinstance(value, (numbers.Real, numpy.bool_)) or type(value).__name__ == 'Decimal'


def _text(value):
    if _missing(value):
        return ''
    if isinstance(value, (datetime.date, datetime.datetime)):
        return _moment(value)
    if isinstance(value, bytes):
        return value.decode()
    return str(value)


def column_of(values):
    """An array of doubles with NaN for what is missing, or a list of texts with ''."""
    array = getattr(values, 'array', values)
    kind = getattr(getattr(values, 'dtype', None), 'kind', 'O')
    if kind == 'f':
        return numpy.asarray(values.to_numpy(float, na_value=numpy.nan) if hasattr(array, '_mask')
                             else values, dtype=float)
    items = list(values.astype('datetime64[ms]').astype(object) if isinstance(values, numpy.ndarray)
                 and kind == 'M' else values)
    if all(_missing(item) or _number(item) for item in items) and not all(map(_missing, items)):
        whole = all(_missing(item) or abs(item) <= EXACT or isinstance(item, (float, numpy.floating))
                    for item in items)
        if whole:
            return numpy.array([numpy.nan if _missing(item) else float(item) for item in items])
    return [_text(item) for item in items]


def _columns(frame, leave_out=None):
    columns = {}
    for name in frame.keys():
        if name == leave_out:
            continue
        if str(name) in columns:
            raise ValueError(f'the frame has two columns {str(name)!r}')
        columns[str(name)] = column_of(frame[name])
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise ValueError('the columns are of different lengths: '
                         + ', '.join(f'{name} {len(column)}' for name, column in columns.items()))
    return columns


def crs_text(crs):
    """EPSG:n where the CRS has such a code, else its WKT."""
    authority = crs.to_authority(min_confidence=100) if hasattr(crs, 'to_authority') else None
    return ':'.join(authority) if authority else crs.to_wkt() if hasattr(crs, 'to_wkt') else str(crs)


def _geometry(frame):
    """Name of the column of places, its values as WKB or WKT, and the CRS as text ('' = unknown)."""
    if hasattr(frame, 'geometry') and hasattr(frame, 'crs'):  # a GeoDataFrame
        name = frame.geometry.name
        places = [None if place is None else place.wkb for place in frame.geometry]
        return name, places, '' if frame.crs is None else crs_text(frame.crs)
    for name in frame.keys():
        if str(name).lower() != 'geometry':
            continue
        places = [None if place is None else getattr(place, 'wkb', place) for place in frame[name]]
        return name, places, ''
    return None, [], ''


def _cells(column):
    """Shortest round trip; a whole number of more than 15 digits keeps its .0, else it counts as an id."""
    if isinstance(column, list):
        return column
    return ['' if value != value else int(value) if value.is_integer() and abs(value) < 1e15 else value
            for value in column.tolist()]


def _write_table(path, columns):
    with open(path, 'w', newline='', encoding='utf-8') as file:
        rows = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator='\n')
        rows.writerow(columns)
        rows.writerows(zip(*map(_cells, columns.values())))


class Frames:
    """The frames of one run, in a folder that is gone after it."""

    def __init__(self):
        self._folder = None
        self._count = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._folder is not None:
            self._folder.cleanup()

    def path(self, frame, name):
        """Writes a frame; `name` is that of the parameter, which results and errors then show."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix='lode-frame-')
        self._count[name] = self._count.get(name, 0) + 1
        if self._count[name] > 1:
            name += str(self._count[name])
        place, geometry, crs = _geometry(frame)
        columns = _columns(frame, place)
        path = os.path.join(self._folder.name, name)
        if crs:
            path += '.gpkg'
            _lode.write_frame(path, name, columns, geometry, crs)
            return path
        if place is not None:  # a CSV names no CRS: Lode asks for one (input_crs=)
            columns['WKT'] = _lode.frame_wkt(geometry)
        _write_table(path + '.csv', columns)
        return path + '.csv'

    def shown(self, text):
        """A text of Lode without the folder of the frames."""
        return text if self._folder is None else text.replace(self._folder.name + os.sep, '')
