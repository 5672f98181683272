"""The rooms of the library as submodules of the package, loaded when first asked for."""
from __future__ import annotations

import importlib
import sys
import types
from typing import Any

ROOMS = ('core', 'crs', 'geometry', 'io', 'ranking', 'supply', 'estimation', 'deposit', 'environment',
         'logistics', 'permits', 'study', 'report')


class CallableRoom(types.ModuleType):
    """A room that has the name of a command too: `lode.permits(...)` runs the command."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__dict__['_command'](*args, **kwargs)


class Waiting:
    """Stands where a command's function stood until its room is asked for more than a call."""

    def __init__(self, package: str, room: str, command: Any) -> None:
        self.__dict__.update(_package=package, _room=room, _command=command)
        self.__dict__.update({k: getattr(command, k) for k in ('__doc__', '__name__', '__qualname__', '__module__')
                              if hasattr(command, k)})
        if hasattr(command, '__signature__'):
            self.__dict__['__signature__'] = command.__signature__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._command(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if hasattr(self._command, name):
            return getattr(self._command, name)
        if name.startswith('__'):
            raise AttributeError(name)
        return getattr(importlib.import_module(f'{self._package}.{self._room}'), name)


def attach(package: dict[str, Any]) -> None:
    """Makes the rooms known to the package whose globals these are."""
    name = package['__name__']
    for room in ROOMS:
        if callable(package.get(room)):
            package[room] = Waiting(name, room, package[room])

    def __getattr__(wanted: str) -> Any:
        if wanted in ROOMS:
            return importlib.import_module(f'{name}.{wanted}')
        raise AttributeError(f"module '{name}' has no attribute '{wanted}'")

    package['__getattr__'] = __getattr__
    package['ROOMS'] = ROOMS


def loaded(name: str) -> None:
    """At the end of a room's module: what the package has under its name goes on working."""
    package, _, room = name.rpartition('.')
    command = getattr(sys.modules[package], room, None)
    if isinstance(command, Waiting):
        module = sys.modules[name]
        module.__class__ = CallableRoom
        module.__dict__['_command'] = command._command
        if hasattr(command, '__signature__'):
            module.__dict__['__signature__'] = command.__signature__
