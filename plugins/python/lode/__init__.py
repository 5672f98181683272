"""Lode in Python: every command of the program as a function, and the library below them.

>>> import lode
>>> result = lode.describe('volume outline')
>>> result.results[0].summary
'volume, tonnage and contained metal of outlines: area x thickness x density x grade'
>>> lode.volume_outline('outlines.gpkg', thickness=30)
Traceback (most recent call last):
lode.Error: [usage.quantity] --thickness: '30' has no unit of length...

help(lode.volume_outline) lists what a command takes. The functions of the library are in a module a room:
lode.deposit, lode.ranking and so on.
"""
import importlib
import importlib.util

from . import _lode
from .commands import all_functions as _all_functions
from .errors import Error, FindingWarning
from .results import Finding, Input, Layer, Output, Record, Result

__version__ = _lode.__version__
_functions = _all_functions()
globals().update(_functions)
globals().update({function.result.__name__: function.result for function in _functions.values()})

# All but help, which would hide Python's own.
__all__ = ['Error', 'Finding', 'FindingWarning', 'Input', 'Layer', 'Output', 'Record', 'Result',
           *(name for name in _functions if name != 'help'),
           *(function.result.__name__ for function in _functions.values())]

# Where the library's functions were built in, a module a room, loaded when it is first asked for.
_rooms = {name for name in ('core', 'crs', 'geometry', 'io', 'ranking', 'supply', 'estimation', 'deposit',
                            'environment', 'logistics', 'permits', 'study', 'report')
          if importlib.util.find_spec(f'lode.{name}') is not None}


def _both(name):
    """A room with the name of a command: the module, which can be called as the command."""
    module = importlib.import_module(f'lode.{name}')
    command = _functions[name]

    class Room(type(module)):
        def __call__(self, *args, **kwargs):
            return command(*args, **kwargs)

    module.__class__ = Room
    module.__signature__ = command.__signature__
    module.__doc__ = f'{command.__doc__}\n\n{module.__doc__ or ""}'
    module.result = command.result
    return module


for _name in _rooms & set(_functions):
    globals()[_name] = _both(_name)


def __getattr__(name):
    if name in _rooms:
        return importlib.import_module(f'lode.{name}')
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')


def __dir__():
    return sorted({*globals(), *_rooms})
