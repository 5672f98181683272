"""Writes lode/__init__.pyi from what the program declares: python3 stubs.py OUT (with lode importable)."""
import inspect
import os
import sys

if __name__ == '__main__':
    # Beside this file stands the package's source, without its extension (python3 -P leaves it out itself).
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or '.') != here]

import lode
from lode.commands import CommandFunction

HEAD = '''# Made from what the program declares; see plugins/python/stubs.py.
import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

import numpy
import numpy.typing

__version__: str

Path = Union[str, os.PathLike[str]]
Frame = Any  # a geopandas.GeoDataFrame, a pandas.DataFrame, or a dict of columns
Data = Union[Path, Frame]
Listener = Callable[[float, str], object]

class Error(Exception):
    code: str
    message: str
    where: str
    hint: str
    more: list[Error]
    result: Any
    def __init__(self, code: str, message: str, where: str = ..., hint: str = ...,
                 more: Sequence[Error] = ..., result: Any = ...) -> None: ...

class FindingWarning(UserWarning): ...

class Record:
    def __getattr__(self, name: str) -> Any: ...
    def __getitem__(self, key: str) -> Any: ...
    def __contains__(self, key: object) -> bool: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[str]: ...
    def keys(self) -> Iterable[str]: ...
    def get(self, key: str, default: Any = ...) -> Any: ...
    def asdict(self) -> dict[str, Any]: ...

@dataclass
class Finding:
    code: str
    severity: str
    where: str
    count: int
    message: str

@dataclass
class Input:
    path: str
    sha256: str
    layer: str | None
    features: int
    crs: str | None

@dataclass
class Output:
    path: str
    sha256: str

class Layer:
    name: str
    crs: str
    crs_wkt: str
    @property
    def columns(self) -> dict[str, Any]: ...
    @property
    def has_geometry(self) -> bool: ...
    def wkb(self) -> list[bytes | None]: ...
    def frame(self) -> Any: ...
    def geo(self) -> Any: ...

@dataclass
class Result:
    lode: str
    command: str
    inputs: list[Input]
    results: list[Record]
    summary: Record
    findings: list[Finding]
    outputs: list[Output]
    layers: dict[str, Layer]
    def asdict(self) -> dict[str, Any]: ...
    def json(self) -> str: ...
    def frame(self) -> Any: ...
    def geo(self, layer: str | None = ...) -> Any: ...
'''


def type_of(taken):
    declared = taken.declared
    if taken.kind == 'flag':
        return 'bool'
    if declared['choices']:
        one = 'str'
    else:
        one = {'integer': 'int', 'number': 'float', 'vector': 'Data', 'table': 'Data', 'raster': 'Path',
               'file': 'Data', 'file_out': 'Path', 'vector_out': 'Path', 'folder_out': 'Path',
               'date': 'Union[str, datetime.date]', 'crs': 'Any', 'quantity': 'Union[str, Sequence[str]]',
               'text': 'Union[Data, Sequence[Any], Mapping[str, Any]]'}.get(taken.kind, 'str')
    if 'bare' in declared:
        one = f'Union[{one}, bool]'
    if declared['repeatable']:
        one = f'Union[{one}, Sequence[{one}], Mapping[str, Any]]'
    return one


def function_of(call):
    arguments, starred = [], False
    for name, parameter in call.signature.parameters.items():
        if name == 'progress':
            kind = 'Listener | None'
        else:
            kind = type_of(call.by_name[name])
        optional = parameter.default is not parameter.empty
        if optional and kind != 'bool' and name != 'progress':
            kind += ' | None'
        if parameter.kind is parameter.VAR_POSITIONAL:
            arguments.append(f'*{name}: {kind}')
            starred = True
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            arguments.append('*')
            starred = True
        arguments.append(f'{name}: {kind}' + (' = ...' if optional else ''))
    inner = ',\n    '.join(arguments)
    doc = inspect.cleandoc(call.doc).splitlines()[0].replace('\\', '\\\\').replace('"', "'")
    return (f'class {call.result.__name__}(Result): ...\n\n'
            f'def {call.name}(\n    {inner},\n) -> {call.result.__name__}:\n    """{doc}"""\n')


def text():
    calls = [CommandFunction(command) for command in lode._lode.commands()]
    return '\n'.join([HEAD, *map(function_of, calls)])


if __name__ == '__main__':
    out = sys.argv[1]
    with open(out + '.part', 'w', encoding='utf-8') as file:
        file.write(text())
    os.replace(out + '.part', out)
