"""What a command returns: its JSON as dataclasses, and as frames for those who have pandas."""
import dataclasses
import functools
import keyword

from . import _lode


def _attribute(key):
    """A key of the JSON as the name of an attribute."""
    name = ''.join(c if c.isalnum() or c == '_' else '_' for c in key)
    if not name or name[0].isdigit():
        name = '_' + name
    return name + '_' if keyword.iskeyword(name) or name in _OF_RECORD else name


class Record:
    """One row, or what belongs to the whole run: attributes, or keys as they stand in the JSON."""

    __slots__ = ()
    _keys = {}  # key of the JSON -> attribute

    def __getitem__(self, key):
        try:
            return getattr(self, self._keys[key])
        except KeyError:
            raise KeyError(f'{key!r}; there are {", ".join(self._keys)}') from None

    def __contains__(self, key):
        return key in self._keys

    def __len__(self):
        return len(self._keys)

    def __iter__(self):
        return iter(self._keys)

    def keys(self):
        return self._keys.keys()

    def get(self, key, default=None):
        return getattr(self, self._keys[key]) if key in self._keys else default

    def asdict(self):
        """A dict with the keys of the JSON."""
        return {key: getattr(self, name) for key, name in self._keys.items()}


_OF_RECORD = frozenset(name for name in dir(Record))


@functools.lru_cache(maxsize=None)
def _record_class(name, keys):
    """A dataclass with these keys; rows of one command nearly always share one."""
    names = {}
    for key in keys:
        attribute = _attribute(key)
        while attribute in names.values():
            attribute += '_'
        names[key] = attribute
    made = dataclasses.make_dataclass(name, list(names.values()), bases=(Record,),
                                      namespace={'_keys': names, '__module__': 'lode'})
    made.__reduce__ = lambda self: (_record, (name, self.asdict()))
    return made


def _record(name, values):
    return _record_class(name, tuple(values))(*values.values())


@dataclasses.dataclass
class Finding:
    """Something that was wrong with the data, and what was done about it."""
    code: str
    severity: str  # note, warning, error
    where: str
    count: int
    message: str

    def __str__(self):
        times = f' ({self.count} times)' if self.count > 1 else ''
        return f'[{self.code}] {self.where}: {self.message}{times}'


@dataclasses.dataclass
class Input:
    """A file that was read."""
    path: str
    sha256: str
    layer: str
    features: int
    crs: str


@dataclasses.dataclass
class Output:
    """A file that was written."""
    path: str
    sha256: str


def _pandas():
    try:
        import pandas
    except ImportError as error:
        raise ImportError('frames need pandas (Debian: apt install python3-pandas); results, summary '
                          'and layers are there without it') from error
    return pandas


def _geopandas():
    try:
        import geopandas
    except ImportError as error:
        raise ImportError('frames with geometry need geopandas (Debian: apt install python3-geopandas); '
                          'layers[...].wkb() is there without it') from error
    return geopandas


def _flat(values, before=''):
    """Nested objects as columns of their own: contributions.net_mreo_t."""
    flat = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f'{before}{key}.'))
        else:
            flat[before + key] = value
    return flat


class Layer:
    """A layer that a command made, in memory, whether it was written or not."""

    def __init__(self, held):
        self._held = held
        self.name = held.name
        self.crs = held.crs  # 'EPSG:32611', 'local:m', or a name; crs_wkt is whole
        self.crs_wkt = held.crs_wkt

    @property
    def columns(self):
        """Column by name: numbers as arrays (NaN is missing), texts as lists ('' is missing)."""
        return self._held.columns

    @property
    def has_geometry(self):
        return self._held.has_geometry

    def wkb(self):
        """The places as WKB, None where there is none."""
        return self._held.wkb()

    def frame(self):
        """A pandas.DataFrame of the columns."""
        columns = {name: [text or None for text in values] if isinstance(values, list) else values
                   for name, values in self.columns.items()}
        return _pandas().DataFrame(columns)

    def geo(self):
        """A geopandas.GeoDataFrame; a mine grid (local:m) has no CRS there."""
        if not self.has_geometry:
            raise ValueError(f'the layer {self.name} has no geometry; frame() gives its columns')
        geopandas = _geopandas()
        crs = None if self.crs.startswith('local:') else self.crs if ':' in self.crs else self.crs_wkt
        return geopandas.GeoDataFrame(self.frame(), geometry=geopandas.GeoSeries.from_wkb(self.wkb()),
                                      crs=crs)

    def __repr__(self):
        return f'<lode.Layer {self.name}: {", ".join(self.columns)}>'


@dataclasses.dataclass
class Result:
    """What a command found out: the fields of the program's JSON.

    print(result) gives the table that the program prints for people (- is missing), json() its JSON to
    the byte.
    """
    lode: str
    command: str
    inputs: list
    results: list
    summary: Record
    findings: list
    outputs: list
    layers: dict = dataclasses.field(repr=False, compare=False)
    _shown: tuple = dataclasses.field(repr=False, compare=False)

    def asdict(self):
        """The JSON as plain values."""
        return {'lode': self.lode, 'command': self.command,
                'inputs': [vars(one).copy() for one in self.inputs],
                'results': [row.asdict() for row in self.results], 'summary': self.summary.asdict(),
                'findings': [vars(one).copy() for one in self.findings],
                'outputs': [vars(one).copy() for one in self.outputs]}

    def json(self):
        """The line that the program prints with --json."""
        return _lode.json_text(self.asdict())

    def frame(self):
        """A pandas.DataFrame with a row a result; nested objects give columns such as split.a."""
        return _pandas().DataFrame([_flat(row.asdict()) for row in self.results])

    def _layer(self, name):
        if not self.layers:
            raise ValueError(f'lode {self.command} made no layer here; frame() gives its results')
        if name is None:
            return next(iter(self.layers.values()))
        if name not in self.layers:
            raise KeyError(f'{name!r}; the layers are {", ".join(self.layers)}')
        return self.layers[name]

    def geo(self, layer=None):
        """The layer that output= would hold (the first, or by name) as a geopandas.GeoDataFrame."""
        return self._layer(layer).geo()

    def __str__(self):
        return _lode.people_text(self.asdict(), *self._shown).rstrip('\n')


def result_of(cls, title, whole):
    """The dataclasses of a run; `title` names them: RankResult, RankRow, RankSummary."""
    json = whole['json']
    return cls(lode=json['lode'], command=json['command'],
               inputs=[Input(**one) for one in json['inputs']],
               results=[_record(title + 'Row', row) for row in json['results']],
               summary=_record(title + 'Summary', json['summary']),
               findings=[Finding(**one) for one in json['findings']],
               outputs=[Output(**one) for one in json['outputs']],
               layers={layer.name: Layer(layer) for layer in whole['layers']},
               _shown=(whole['shown'], whole['table'], whole['text']))


for _class in (Record, Finding, Input, Output, Layer, Result):
    _class.__module__ = 'lode'
