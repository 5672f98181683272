"""The rooms of the library as submodules of the package, loaded when first asked for."""
from __future__ import annotations

import importlib
import sys
import types
from typing import Any

from .commands import CommandFunction

ROOMS = ('core', 'crs', 'geometry', 'io', 'ranking', 'supply', 'estimation', 'deposit', 'environment',
         'logistics', 'permits', 'study', 'report')


class CallableRoom(types.ModuleType):
    """A room that has the name of a command too: `lode.permits(...)` runs the command."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__dict__['_command'](*args, **kwargs)


class RoomCommand(CommandFunction):
    """The command of such a name, until its room is asked for more than a call."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return getattr(importlib.import_module(f'{__package__}.{self.__name__}'), name)


def attach(package: dict[str, Any]) -> None:
    """Makes the rooms known to the package whose globals these are."""
    for room in ROOMS:
        command = package.get(room)
        if isinstance(command, CommandFunction):
            command.__class__ = RoomCommand

    def __getattr__(wanted: str) -> Any:
        if wanted in ROOMS:
            return importlib.import_module(f'{__package__}.{wanted}')
        raise AttributeError(f"module '{__package__}' has no attribute '{wanted}'")

    package['__getattr__'] = __getattr__


def loaded(name: str) -> None:
    """At the end of a room's module: the command of its name goes on working."""
    package, _, room = name.rpartition('.')
    command = vars(sys.modules[package]).get(room)
    if isinstance(command, CommandFunction):
        module = sys.modules[name]
        module.__class__ = CallableRoom
        module.__dict__['_command'] = command
