"""What the generated modules stand on: records, choices, options as keywords, overloads, frames."""
from __future__ import annotations

import dataclasses
import difflib
import enum
import importlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Optional, Union

import numpy as np

nan = float('nan')
inf = float('inf')

#: A column: anything that numpy takes for an array of numbers. Results are numpy arrays.
Numbers = Any
#: A shapely geometry, WKB, WKT or None; results are shapely geometries (WKB where it is missing).
Geometry = Any
#: A CRS as lode.crs.Crs, text ("EPSG:32632", WKT), an EPSG number or pyproj's.
CrsLike = Any
#: A lode.core.Table, a dict of columns or a pandas.DataFrame.
TableLike = Any
#: A lode.io.Layer or a geopandas.GeoDataFrame.
LayerLike = Any
#: A place: lode.geometry.Point, lode.crs.LonLat or two numbers, x or longitude first.
Pair = Any
#: Called with the fraction done (0 to 1) and words; what it raises ends the run.
Progress = Optional[Callable[[float, str], Any]]


def numbers() -> np.ndarray:
    """An empty column."""
    return np.empty(0)


def _new(make: Callable[[], Any]) -> Any:
    """The default of a field, made anew for each record."""
    return dataclasses.field(default_factory=make)


def same(a: Any, b: Any) -> bool:
    """Equality in which missing numbers are equal and columns are compared whole."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        a, b = np.asarray(a), np.asarray(b)
        if a.shape != b.shape:
            return a.size == 0 and b.size == 0
        return bool(np.array_equal(a, b, equal_nan=a.dtype.kind == 'f' and b.dtype.kind == 'f'))
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())
    return bool(a == b)


def plain(value: Any) -> Any:
    """For json.dumps: records as dicts, columns as lists, missing numbers as None."""
    if isinstance(value, Record):
        return {f.name.rstrip('_'): plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, (list, tuple, set)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, float) and value != value:
        return None
    if hasattr(value, '__geo_interface__'):
        return value.__geo_interface__
    if hasattr(value, 'isoformat'):
        return value.isoformat()
    return value


def _lengths_of(columns: list, take: Callable[[str], Any]) -> list[tuple[str, Any]]:
    """(name, length) of the columns that are there."""
    found = []
    for column in columns:
        name = column.rstrip('?~[]')
        value = _part(take, name)
        if value is None or not hasattr(value, '__len__'):
            continue
        if column.endswith('[]'):
            found += [(f'{name}[{i}]', len(v)) for i, v in enumerate(value) if hasattr(v, '__len__')]
        elif not (len(value) == 0 and column[-1] in '?~') and not (len(value) == 1 and column[-1] == '~'):
            found.append((name, len(value)))
    return found


def _part(take: Callable[[str], Any], name: str) -> Any:
    """What `options.lag_m` names: a field of a record or mapping among the arguments. Behind a [] the
    fields of all elements stand in one list: `coverage.sites[].permits[].permit`."""
    head, *rest = name.split('.')
    value, many = take(head.rstrip('[]')), head.endswith('[]')
    for field in rest:
        own = field.rstrip('[]')
        if many:
            found = [_field(one, own) for one in _many(value)]
            value = [one for part in found for one in _many(part)] if field.endswith('[]') else found
        else:
            value, many = _field(value, own), field.endswith('[]')
    return value


def _many(value: Any) -> Any:
    return () if value is None else value


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _check_value(where: str, kind: str, names: list[str], take: Callable[[str], Any]) -> None:
    """One rule of lengths.txt about values: given, some, finite, same or below."""
    from ._lode import ArgumentError
    rows = 0
    if kind in ('below', 'same'):  # numbers of rows of the last one, or as many
        names, last = names[:-1], names[-1]
        rows = len(_many(_part(take, last)))
    for name in names:
        value = _part(take, name)
        if kind == 'given' and value is None:
            raise ArgumentError(f'{where}{name}: must be given')
        if kind == 'some' and (value is None or len(value) == 0):
            raise ArgumentError(f'{where}{name}: is empty')
        if kind == 'same' and len(_many(value)) != rows:
            raise ArgumentError(f'{where}{name}: wanted as many as {last}, {rows}, got {len(_many(value))}')
        if kind not in ('finite', 'below') or value is None:
            continue
        numbers = np.asarray(value, dtype=float)
        if kind == 'finite' and not np.isfinite(numbers).all():
            raise ArgumentError(f'{where}{name}: wanted numbers, none of them missing')
        if kind == 'below' and not ((numbers >= 0) & (numbers < rows)).all():
            raise ArgumentError(f'{where}{name}: wanted numbers from 0 to below {rows}')


def check_lengths(where: str, columns: str, take: Callable[[str], Any]) -> None:
    """Refuses columns that should be equally long and are not, and the like (lengths.txt of the generator)."""
    from ._lode import ArgumentError
    for rule in columns.split(';')[1:]:
        kind, *names = rule.split()
        _check_value(where, kind, names, take)
    columns = columns.split(';')[0]
    if '=' in columns:
        name, _, factors = (part.strip() for part in columns.partition('='))
        value, product = take(name), 1
        for factor in factors.split():
            number = take(factor)
            product *= len(number) if hasattr(number, '__len__') else int(number)
        if hasattr(value, '__len__') and len(value) != product:
            raise ArgumentError(f'{where}{name}: wanted {product} numbers ({" x ".join(factors.split())}), '
                                f'got {len(value)}')
        return
    found = _lengths_of(columns.split(), take) if columns.strip() else []
    for name, length in found[1:]:
        if length != found[0][1]:
            raise ArgumentError(f'{where}{name}: wanted as many as {found[0][0]}, {found[0][1]}, got {length}')


def check_record(where: str, kind: type, record: Any) -> None:
    """The same for a record, or a mapping that stands for one."""
    def take(name: str) -> Any:
        return record.get(name) if isinstance(record, Mapping) else getattr(record, name, None)

    check_lengths(f'{where}.', kind._lengths, take)  # type: ignore[attr-defined]


class Record:
    """A struct of the library as a dataclass: fields in its order and with its names."""

    def __eq__(self, other: Any) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(same(getattr(self, f.name), getattr(other, f.name)) for f in dataclasses.fields(self))

    __hash__ = None  # type: ignore[assignment]

    def plain(self) -> dict[str, Any]:
        """Dicts and lists, ready for json.dumps."""
        return plain(self)


class Choice(str, enum.Enum):
    """One of several words; the word itself may be given wherever a choice is wanted."""

    def __str__(self) -> str:
        return self.value


def nearest(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, known, 1, 0.5)
    return f"; did you mean '{close[0]}'?" if close else ''


def default_of(make: Callable[[], Any], field: str) -> Any:
    """The library's own default of a field that Python cannot write down."""
    return getattr(make(), field)


def options_of(kind: type, options: Any, fields: dict[str, Any], function: str) -> Any:
    """Options as a record, with the fields given as keywords put in."""
    known = [f.name for f in dataclasses.fields(kind)]
    for name in fields:
        if name not in known:
            raise TypeError(f"{function}() has no keyword '{name}', nor {kind.__name__} such a field"
                            f'{nearest(name, known)}')
    if options is None:
        return kind(**fields)
    if isinstance(options, Mapping):
        return {**options, **fields}
    if not isinstance(options, kind):
        return options  # refused where it is read, with its name
    return dataclasses.replace(options, **fields) if fields else options


def collector(sink: Any) -> tuple[Any, Optional[list]]:
    """The sink that was given, or one that keeps all that it takes."""
    if sink is not None:
        return sink, None
    taken: list = []

    def keep(*items: Any) -> None:
        taken.append(items)

    return keep, taken


def with_taken(result: Any, taken: Optional[list]) -> Any:
    """The result, and with it what a collector took: chunks of columns joined into one."""
    if taken is None:
        return result
    if not taken or len(taken[0]) != 1:
        return result, taken
    chunks = [items[0] for items in taken]
    joined = joined_chunks(chunks) if isinstance(chunks[0], Record) else chunks
    return joined if result is None else (result, joined)


def joined_chunks(chunks: list) -> Any:
    """Columns one behind the other; what counts from the first row of a chunk counts on."""
    first = chunks[0]
    if len(chunks) == 1:
        return first
    made = {}
    for field in dataclasses.fields(first):
        values = [getattr(chunk, field.name) for chunk in chunks]
        if field.name == 'start':  # WeightChunk: where each target's samples begin
            ends = np.cumsum([0] + [int(v[-1]) for v in values[:-1]])
            made[field.name] = np.concatenate(
                [values[0]] + [v[1:] + end for v, end in zip(values[1:], ends[1:])])
        elif isinstance(values[0], np.ndarray):
            made[field.name] = np.concatenate(values)
        elif isinstance(values[0], list):
            made[field.name] = [np.concatenate(parts) for parts in zip(*values)]
        else:
            made[field.name] = values[0]
    return type(first)(**made)


class Form(NamedTuple):
    """One form of a function that has several."""

    body: Callable[..., Any]
    names: list
    must: list
    options: Optional[tuple]
    lengths: str = ''


def place(form: Form, args: tuple, given: dict[str, Any], function: str) -> list:
    """Arguments by position for one form; TypeError when they do not fit it."""
    kwargs = dict(given)
    names = [n for n in form.names if n is not None and n != 'progress']
    if len(args) > len(names):
        raise TypeError(f'{function}() takes at most {len(names)} arguments')
    values = dict(zip(names, args))
    for name in list(kwargs):
        if name in form.names and name is not None:
            if name in values:
                raise TypeError(f"{function}() got '{name}' twice")
            values[name] = kwargs.pop(name)
    if form.options:
        name, kind = form.options
        room, _, record = kind.partition('.')
        made = getattr(importlib.import_module(f'.{room}', __package__), record)
        values[name] = options_of(made, values.get(name), kwargs, function)
    elif kwargs:
        raise TypeError(f"{function}() has no keyword '{next(iter(kwargs))}'")
    missing = [n for n in form.must if n not in values]
    if missing:
        raise TypeError(f'{function}() lacks {", ".join(missing)}')
    return [values.get(n) if n is not None else None for n in form.names]


def call_form(function: str, forms: tuple, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Calls the first form that the arguments fit."""
    from ._lode import ArgumentError
    misfits, refused = [], []
    for form in forms:
        try:
            placed = place(form, args, kwargs, function)
        except TypeError as error:
            misfits.append(str(error))
            continue
        try:
            if form.lengths:
                check_lengths('', form.lengths, dict(zip(form.names, placed)).get)
            return form.body(*placed)
        except ArgumentError as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    raise ArgumentError(f'{function}(): ' + ' | '.join(dict.fromkeys(map(str, refused or misfits))))


# What pandas and geopandas are needed for ---------------------------------------------------------


class ColumnValues:
    """A Column as one array."""

    def array(self) -> np.ndarray:
        """The numbers, or the texts as objects."""
        if self.kind == 'number':  # type: ignore[attr-defined]
            return np.asarray(self.numbers)  # type: ignore[attr-defined]
        return np.asarray(self.texts, dtype=object)  # type: ignore[attr-defined]


class TableFrames:
    """A Table as a pandas.DataFrame; a frame or a dict of columns may be given for a Table."""

    def columns_by_name(self) -> dict[str, np.ndarray]:
        return {c.name: c.array() for c in self.columns}  # type: ignore[attr-defined]

    def frame(self) -> Any:
        import pandas
        return pandas.DataFrame(self.columns_by_name())


class LayerFrames:
    """A Layer as a geopandas.GeoDataFrame, which may be given for a Layer."""

    def frame(self) -> Any:
        columns = self.table.columns_by_name()  # type: ignore[attr-defined]
        geometry = self.geometry  # type: ignore[attr-defined]
        if not geometry:
            import pandas
            return pandas.DataFrame(columns)
        import geopandas
        crs = self.crs  # type: ignore[attr-defined]
        text = (crs.authority or crs.wkt) if self.has_crs else ''  # type: ignore[attr-defined]
        if text.startswith('local:'):
            text = ''
        return geopandas.GeoDataFrame(columns, geometry=geometry, crs=text or None)


class SamplesFrames:
    """Samples from a data frame."""

    @classmethod
    def from_frame(cls, frame: Any, values: Union[str, list[str]], x: str = 'x', y: str = 'y',
                   z: Optional[str] = 'z', hole: Optional[str] = None, domain: Optional[str] = None) -> Any:
        """Columns of a frame (or dict of columns) by name; without heights all stand at 0. A
        GeoDataFrame of points gives x and y where it has no such columns."""
        names = [values] if isinstance(values, str) else list(values)

        def column(name: str) -> np.ndarray:
            if name not in frame and name in (x, y) and hasattr(frame, 'geometry'):
                return np.asarray(frame.geometry.x if name == x else frame.geometry.y, dtype=float)
            if name not in frame:
                raise KeyError(f"there is no column '{name}'{nearest(name, [str(c) for c in frame])}")
            return np.asarray(frame[name], dtype=float)

        made = cls()
        made.x, made.y = column(x), column(y)
        made.z = column(z) if z is not None and z in frame else np.zeros(len(made.x))
        made.variables, made.values = names, [column(n) for n in names]
        if hole is not None:
            known, made.hole = np.unique(np.asarray(frame[hole], dtype=str), return_inverse=True)
            made.hole_names = [str(name) for name in known]
        if domain is not None:
            made.domain = [str(d) for d in frame[domain]]
        return made
