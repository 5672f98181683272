"""Lode in Python: every command of the program as a function, and the library below them.

>>> import lode
>>> help(lode.volume_outline)                                        # doctest: +SKIP
>>> result = lode.volume_outline('outlines.gpkg', thickness='30 m')  # doctest: +SKIP
>>> result.results[0].volume_m3                                      # doctest: +SKIP
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
