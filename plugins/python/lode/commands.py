"""Every command of the program as a function, made from what the program declares."""
import dataclasses
import datetime
import difflib
import inspect
import keyword
import os
import textwrap
import warnings

from . import _lode
from .errors import Error, FindingWarning
from .frames import Frames, crs_text, is_frame
from .results import Result, result_of

# The program's ways to say things: a function has a result, an exception and warnings.
NOT_IN_PYTHON = {'json', 'progress', 'quiet', 'verbose'}
READS_FILES = {'vector', 'table', 'raster', 'file', 'text'}


def python_name(parameter, options=()):
    """thickness-low -> thickness_low; a positional LAYER is layer, layer_ beside an option --layer."""
    name = parameter['name'].replace('-', '_')
    if parameter['positional']:
        name = name.lower()
    return name + '_' if keyword.iskeyword(name) or name in options else name


def default_of(parameter):
    """What the function shows as default: the program's, None where it has none."""
    if parameter['kind'] == 'flag':
        return False
    text = parameter['default']
    if text is None or parameter['kind'] not in ('number', 'integer'):
        return text
    number = float(text)
    return int(number) if number.is_integer() else number


class Taken:
    """A parameter of a command as the function takes it."""

    def __init__(self, declared, options):
        self.declared = declared
        self.option = declared['name']
        self.kind = declared['kind']
        self.name = python_name(declared, options if declared['positional'] else ())
        self.group = 'Arguments' if declared['positional'] else declared['group'] or 'Options'

    def refuse(self, wanted, value):
        raise TypeError(f'{self.name}: wanted {wanted}, got {type(value).__name__}')

    def text(self, value, frames):
        """One value as the text that the program would be given."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            self.refuse('a text', value)
        if hasattr(value, 'item') and getattr(value, 'ndim', None) == 0:
            value = value.item()
        if isinstance(value, os.PathLike):
            return os.fsdecode(value)
        if isinstance(value, float):
            return repr(int(value)) if value.is_integer() and abs(value) < 2 ** 53 else repr(value)
        if isinstance(value, int):
            return str(value)
        if isinstance(value, datetime.date):
            return value.date().isoformat() if isinstance(value, datetime.datetime) else value.isoformat()
        if self.kind == 'crs' and hasattr(value, 'to_wkt'):
            return crs_text(value)
        if self.kind in READS_FILES and is_frame(value):
            return frames.path(value, self.name.rstrip('_'))
        self.refuse('a text, a number, a path or a frame', value)

    def pairs(self, value, frames):
        """{'road': 'roads.gpkg'} as road=roads.gpkg; a frame may be such a value."""
        return [f'{key}={self.text(one, frames)}' for key, one in value.items()]

    def texts(self, value, frames):
        """All texts of the parameter."""
        if self.kind == 'flag':
            if not isinstance(value, bool):
                self.refuse('True or False', value)
            return ['true'] if value else []
        if 'bare' in self.declared and isinstance(value, bool):
            return [self.declared['bare']] if value else []
        if isinstance(value, dict) and not is_frame(value):
            value = self.pairs(value, frames)
        listed = isinstance(value, (list, tuple, set)) or (getattr(value, 'ndim', 0) == 1
                                                           and not hasattr(value, 'items'))
        if not listed:
            return [self.text(value, frames)]
        texts = [','.join(self.pairs(one, frames)) if isinstance(one, dict) and not is_frame(one)
                 else self.text(one, frames) for one in value]
        if not self.declared['repeatable']:  # a list in one text: a box, breaks, weights
            return [','.join(texts)] if texts else []
        return texts

    def words(self):
        """Its lines of the docstring."""
        declared = self.declared
        facts = []
        if declared['units']:
            field = "a field's name, or " if self.kind == 'field_or_quantity' else ''
            facts.append(f'{field}a text with its unit: ' + ' '.join(declared['units'][:6]))
        if declared['choices']:
            facts.append('one of ' + ', '.join(declared['choices']))
        if declared['range']:
            facts.append('range: ' + declared['range'])
        if declared['default'] and self.kind != 'flag':
            facts.append('default: ' + declared['default'])
        if declared['repeatable']:
            facts.append('several are a list')
        head = f'{self.name}: {declared["help"]}' + (f' [{"; ".join(facts)}]' if facts else '')
        return textwrap.fill(head, 100, initial_indent='    ', subsequent_indent='        ',
                             break_long_words=False, break_on_hyphens=False)


def signature_of(taken, result):
    """Positional ones first, the last of them with several values as *name; options by keyword."""
    kinds = inspect.Parameter
    first, keywords = [], []
    places = [one for one in taken if one.declared['positional']]
    for one in taken:
        empty = kinds.empty if one.declared['required'] else default_of(one.declared)
        if not one.declared['positional']:
            keywords.append(kinds(one.name, kinds.KEYWORD_ONLY, default=empty))
        elif one.declared['repeatable'] and one is places[-1]:
            first.append(kinds(one.name, kinds.VAR_POSITIONAL))
        else:
            first.append(kinds(one.name, kinds.POSITIONAL_OR_KEYWORD, default=empty))
    keywords.append(kinds('progress', kinds.KEYWORD_ONLY, default=None))
    keywords.sort(key=lambda one: one.default is not kinds.empty)
    return inspect.Signature(first + keywords, return_annotation=result)


def docstring_of(command, taken):
    lines = [command['summary'][0].upper() + command['summary'][1:] + '.', '',
             f'The same as `lode {command["command"]}`; man lode-{command["command"].replace(" ", "-")} '
             'says more.']
    for group in dict.fromkeys(one.group for one in taken):
        lines += ['', group] + [one.words() for one in taken if one.group == group]
    lines.append('    progress: called with (fraction, message) while it runs; what it raises ends the run')
    return '\n'.join(lines)


class CommandFunction:
    """How a command is called; the function that users see wraps it."""

    def __init__(self, command):
        self.command = command['command']
        declared = [one for one in command['parameters'] if one['name'] not in NOT_IN_PYTHON]
        options = {python_name(one) for one in declared if not one['positional']}
        self.taken = [Taken(one, options) for one in declared]
        self.by_name = {one.name: one for one in self.taken}
        self.aliases = {alias.replace('-', '_'): one.name for one in self.taken
                        for alias in one.declared['aliases'] if not alias.startswith('-')}
        self.title = ''.join(word.capitalize() for word in self.command.split())
        self.name = self.command.replace(' ', '_')
        self.result = dataclasses.dataclass(type(self.title + 'Result', (Result,), {
            '__doc__': f'What `lode {self.command}` found out; see lode.Result.', '__module__': 'lode'}))
        self.signature = signature_of(self.taken, self.result)
        self.doc = docstring_of(command, self.taken)

    def bind(self, args, kwargs):
        known = self.signature.parameters
        said = {}
        for name, value in kwargs.items():
            name = self.aliases.get(name, name)
            if name not in known:
                near = difflib.get_close_matches(name, list(known) + list(self.aliases), 1)
                hint = f'did you mean {near[0]!r}?' if near else f'help(lode.{self.name}) lists them'
                raise TypeError(f'{self.name}() has no argument {name!r}; {hint}')
            if name in said:
                raise TypeError(f'{self.name}() was given {name!r} twice')
            said[name] = value
        try:
            bound = self.signature.bind(*args, **said).arguments
        except TypeError as error:
            raise TypeError(f'{self.name}(): {error}') from None
        for name, parameter in known.items():
            if parameter.kind is parameter.VAR_POSITIONAL:
                words = []
                for one in bound.pop(name, ()):
                    words += one if isinstance(one, (list, tuple)) else [one]
                if words:
                    bound[name] = words
                elif self.by_name[name].declared['required']:
                    raise TypeError(f'{self.name}(): missing a required argument: {name!r}')
        return bound

    def __call__(self, args, kwargs):
        bound = self.bind(args, kwargs)
        listener = bound.pop('progress', None)
        if listener is not None and not callable(listener):
            raise TypeError('progress: wanted a function of (fraction, message), got '
                            + type(listener).__name__)
        with Frames() as frames:
            values = {}
            for name, value in bound.items():
                texts = [] if value is None else self.by_name[name].texts(value, frames)
                if texts:
                    values[self.by_name[name].option] = texts
            try:
                whole = _lode.run(self.command, values, listener)
            except Error as error:
                raise shown_in(error, frames) from None
        result = result_of(self.result, self.title, whole)
        if whole['failed']:
            raise failure(result)
        for finding in result.findings:
            if finding.severity != 'note':
                warnings.warn(FindingWarning(str(finding)), stacklevel=3)
        return result


def shown_in(error, frames):
    """The error with frames by the names of their parameters."""
    return Error(error.code, frames.shown(error.message), frames.shown(error.where),
                 frames.shown(error.hint), [shown_in(one, frames) for one in error.more])


def failure(result):
    """The error of a run that ends with exit 1 after its results."""
    worst = [one for one in result.findings if one.severity == 'error']
    errors = [Error(one.code, one.message, one.where, result=result) for one in worst]
    if not errors:
        return Error('run.failed', 'the command could not do what it was asked', f'lode {result.command}',
                     result=result)
    errors[0].more = errors[1:]
    return errors[0]


def function_of(command):
    call = CommandFunction(command)

    def run(*args, **kwargs):
        return call(args, kwargs)

    run.__name__ = run.__qualname__ = call.name
    run.__module__ = 'lode'
    run.__doc__ = call.doc
    run.__signature__ = call.signature
    run.result = call.result
    return run


def all_functions():
    """Name and function of every command, in the order of the manual."""
    made = [function_of(command) for command in _lode.commands()]
    return {function.__name__: function for function in made}
