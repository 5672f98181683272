"""Lode in Python: the commands of the program and the functions of its library."""
from .errors import Error, FindingWarning
from . import _lode

__version__ = _lode.__version__

try:
    from ._rooms import attach as _attach
except ModuleNotFoundError:  # built without the library's functions
    pass
else:
    _attach(globals())
