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

# The library's functions, a module a room, where they were built in.
try:
    from ._rooms import attach as _attach
except ModuleNotFoundError:
    pass
else:
    _attach(globals())
