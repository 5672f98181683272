"""Writes the Python half: lode/<room>.py with dataclasses, enums, classes and typed functions."""
import re
import textwrap

from cpp_out import fields_of, is_enum
from meanings import BY_HAND, ROOMS, safe, spelling

# Classes of _records.py that add to a generated one what pandas and the like are needed for.
ALSO = {'lode::Table': 'TableFrames', 'lode::Layer': 'LayerFrames', 'lode::Samples': 'SamplesFrames',
        'lode::Column': 'ColumnValues'}
LIKE = {'lode::Crs': 'CrsLike', 'lode::Table': 'TableLike', 'lode::Layer': 'LayerLike',
        'lode::Point': 'Pair', 'lode::LonLat': 'Pair', 'lode::Date': 'datetime.date | str'}
IMPORTS = '''from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, overload

from . import _array_forms, _lode, _records
from ._records import (Choice, CrsLike, Geometry, LayerLike, Numbers, Pair, Progress, Record, TableLike, _new,
                       inf, nan)
'''


def quoted(doc, indent, more=''):
    """A docstring, or nothing."""
    doc = '\n\n'.join(t for t in (doc, more) if t).replace('\\', '\\\\').replace('"""', "'''")
    if not doc:
        return ''
    lines = [(' ' * indent + line).rstrip() for line in f'"""{doc}'.splitlines()]
    lines[-1] += '"""' if len(lines) == 1 else ''
    if len(lines) > 1:
        lines.append(' ' * indent + '"""')
    return '\n'.join(lines) + '\n'


def comment(doc, indent):
    return ''.join(f'{" " * indent}#: {line}'.rstrip() + '\n' for line in doc.splitlines())


def enum_text(item):
    out = [f'class {item.name}(Choice):\n', quoted(item.doc, 4)]
    for name, doc in item.choices:
        out.append(comment(doc, 4))
        out.append(f"    {safe(name)} = '{name}'\n")
    return ''.join(out)


def heads_of(lengths):
    """The arguments that a row of lengths.txt speaks of."""
    columns, *rules = lengths.split(';')
    words = re.findall(r'[\w.]+', columns) + [word for rule in rules for word in rule.split()[1:]]
    return {word.split('.')[0].rstrip('[]') for word in words}


class Writer:
    def __init__(self, plan, room):
        self.plan, self.room, self.meanings = plan, room, plan.meanings

    def items(self):
        return [i for n, i in self.meanings.used.items() if i.room == self.room and n not in BY_HAND]

    def module(self, purpose):
        out = [f'"""{purpose}\n\nMade from the headers of the library; do not edit.\n"""\n', IMPORTS]
        others = [r for r in ROOMS[:ROOMS.index(self.room)]]
        body = []
        for item in self.items():
            if is_enum(item):
                body.append(enum_text(item))
        for item in self.items():
            if not is_enum(item):
                body.append(self.held_text(item) if item.held else self.struct_text(item))
        for name, bounds in self.plan.functions.get(self.room, {}).items():
            body.append(self.function_text(safe(name), bounds, 0))
        text = '\n\n'.join(body)
        used = [r for r in others if re.search(rf'\b{r}\.[A-Z]', text)]
        if used:
            out.append(f'from . import {", ".join(used)}\n')
        names = [i.name for i in self.items()] + [safe(n) for n in self.plan.functions.get(self.room, {})]
        out.append('\n__all__ = [\n' + ''.join(f"    '{n}',\n" for n in sorted(names)) + ']\n\n\n')
        end = '\n\n_array_forms.add(__name__, globals())\n'
        return ''.join(out) + text + end

    def struct_text(self, struct):
        base = ALSO[struct.cpp] + ', Record' if struct.cpp in ALSO else 'Record'
        base = base.replace(ALSO.get(struct.cpp, ' '), '_records.' + ALSO.get(struct.cpp, ''))
        out = [f'@dataclass(eq=False)\nclass {struct.name}({base}):\n', quoted(struct.doc, 4)]
        fields = fields_of(struct)
        for f in fields:
            out.append(comment(f.doc, 4))
            annotation = self.meanings.annotation(f.type, self.room)
            out.append(f'    {safe(f.name)}: {annotation} = {self.field_default(struct, f)}\n')
        methods = self.plan.methods.get(struct.cpp, {})
        for name, bounds in methods.items():
            out.append('\n' + self.function_text(safe(name), bounds, 4))
        lengths = self.plan.lengths.get(struct.cpp)
        if lengths:
            out.append(f"    _lengths = '{lengths}'\n")
        if not fields and not methods and not struct.doc:
            out.append('    pass\n')
        return ''.join(out)

    def field_default(self, struct, f):
        literal = None if struct.constructors else self.meanings.literal(f.type, f.default, self.room)
        if literal is None:
            nested = self.plan.headers.structs.get(spelling(f.type))
            if nested and f.default in (None, '{}') and not nested.held and not struct.constructors:
                return f'_new(lambda: {self.meanings.class_name(nested, self.room)}())'
            default = f'_lode.{self.room}.default_{struct.name}'
            return f"_new(lambda: _records.default_of({default}, '{safe(f.name)}'))"
        if literal in ('numbers()', '[]', '{}', 'set()'):
            return f'_new(lambda: {literal.replace("numbers", "_records.numbers")})'
        return literal

    def held_text(self, struct):
        out = [f'class {struct.name}:\n', quoted(struct.doc, 4, 'Held in C++.'), '    _held: Any\n']
        for f, annotation in self.plan.getters.get(struct.cpp, ()):
            out.append(f'\n    @property\n    def {safe(f.name)}(self) -> {annotation}:\n' + quoted(f.doc, 8)
                       + f'        return _lode.{self.room}.{struct.name}_get_{f.name}(self)\n')
        methods = self.plan.methods.get(struct.cpp, {})
        for name, bounds in methods.items():
            out.append('\n' + self.function_text(safe(name), bounds, 4))
        if '__init__' not in methods:
            out.append(f"\n    def __init__(self) -> None:\n"
                       f"        raise TypeError('{struct.name} is made by functions of the library')\n")
        return ''.join(out)

    # Functions --------------------------------------------------------------------------------

    def parameters(self, bound, indent, typed=True):
        """The parameters of a def, and whether keywords become fields of options."""
        before, after, fields = [], [], None
        must = True
        for a in bound.arguments:
            if a.how == 'out_only':
                continue
            if a.how == 'progress':
                after.append('progress: Progress = None')
                continue
            annotation = self.wide(a)
            if a.options:
                fields = fields or a
            if not a.optional:
                before.append(f'{a.name}: {annotation}')
                continue
            default = a.literal if a.literal not in (None, 'numbers()', '[]', '{}', 'set()') else 'None'
            if default == 'None' and '| None' not in annotation:
                annotation += ' | None'
            before.append(f'{a.name}: {annotation} = {default}')
            must = False
        own = ['self'] if indent and not bound.function.static else []
        star = ['*'] if after else []
        kept = ['**fields: Any'] if fields else []
        return own + before + star + after + kept, fields

    def wide(self, argument):
        """What may be given besides the type itself: words, dicts of fields, what other libraries have."""
        kind = argument.cpp
        if kind in LIKE:
            return LIKE[kind]
        if kind in self.plan.headers.enums:
            return argument.annotation + ' | str'
        struct = self.plan.headers.structs.get(kind)
        if struct and not struct.held and kind not in BY_HAND:
            return argument.annotation + ' | Mapping[str, Any]'
        return argument.annotation

    def result(self, bound):
        kinds = [bound.result] if bound.result != 'None' else []
        kinds += [a.annotation for a in bound.outputs]
        if bound.function.constructor or not kinds:
            return 'None'
        made = kinds[0] if len(kinds) == 1 else f'tuple[{", ".join(kinds)}]'
        return made

    def doc(self, bound, fields):
        notes = []
        if fields:
            notes.append(f'Fields of {fields.options.name} may be given as keywords.')
        if bound.outputs:
            names = ', '.join(f'`{a.name}`' for a in bound.outputs)
            notes.append(f'Returned{" after the result" if bound.result != "None" else ""}: {names}.')
        if any(a.sink and a.optional for a in bound.arguments):
            notes.append('Without a sink the result is a pair: the result and all that the sink would have taken.')
        return '\n'.join(textwrap.wrap(' '.join(notes), 96))

    def function_text(self, name, bounds, indent):
        if len(bounds) > 1:
            return self.overloaded_text(name, bounds, indent)
        pad = ' ' * indent
        bound = bounds[0]
        parameters, fields = self.parameters(bound, indent)
        head = f'{pad}def {name}({", ".join(parameters)}) -> {self.result_text(bound)}:\n'
        if len(head) > 110:
            inner = ''.join(f'\n{pad}    {p},' if not p.startswith('**') else f'\n{pad}    {p}' for p in parameters)
            head = f'{pad}def {name}({inner}\n{pad}) -> {self.result_text(bound)}:\n'
        decorator = f'{pad}@staticmethod\n' if indent and bound.function.static else ''
        return decorator + head + quoted(bound.function.doc, indent + 4, self.doc(bound, fields)) \
            + self.call_text(bound, fields, indent + 4, name)

    def result_text(self, bound):
        made = self.result(bound)
        if any(a.sink and a.optional for a in bound.arguments):
            return 'Any'
        return made

    def call_text(self, bound, fields, indent, name):
        pad = ' ' * indent
        out = []
        if fields:
            kind = self.meanings.class_name(fields.options, self.room)
            out.append(f"{pad}{fields.name} = _records.options_of({kind}, {fields.name}, fields, '{name}')\n")
        lengths = self.plan.lengths.get(f'{self.room}.{bound.function.name}')
        names = [a.name for a in bound.arguments]
        if lengths and not bound.function.owner and heads_of(lengths) <= set(names):
            out.append(f"{pad}_records.check_lengths('', '{lengths}', locals().get)\n")
        sink = next((a for a in bound.arguments if a.sink and a.optional), None)
        if sink:
            out.append(f'{pad}{sink.name}, taken = _records.collector({sink.name})\n')
        passed = ['self'] if bound.function.owner and not bound.function.static \
            and not bound.function.constructor else []
        passed += ['None' if a.how == 'out_only' else a.name for a in bound.arguments]
        call = f'_lode.{self.room}.{bound.python}({", ".join(passed)})'
        if bound.function.constructor:
            out.append(f'{pad}self._held = {call}._held\n')
        elif sink:
            out.append(f'{pad}return _records.with_taken({call}, taken)\n')
        else:
            out.append(f'{pad}return {call}\n')
        return ''.join(out)

    def overloaded_text(self, name, bounds, indent):
        pad = ' ' * indent
        out, forms = [], []
        for bound in bounds:
            parameters, fields = self.parameters(bound, indent)
            static = f'{pad}@staticmethod\n' if indent and bound.function.static else ''
            out.append(f'{pad}@overload\n{static}{pad}def {name}({", ".join(parameters)}) -> '
                       f'{self.result_text(bound)}: ...\n')
            own = ['self'] if indent and not (bound.function.static or bound.function.constructor) else []
            names = own + [None if a.how == 'out_only' else a.name for a in bound.arguments]
            must = own + [a.name for a in bound.arguments if not a.optional and a.how != 'out_only']
            lengths = self.plan.lengths.get(f'{self.room}.{bound.function.name}', '')
            if not heads_of(lengths) <= {a.name for a in bound.arguments}:
                lengths = ''
            options = f"({fields.name!r}, '{fields.options.room}.{fields.options.name}')" if fields else None
            forms.append(f'_records.Form(_lode.{self.room}.{bound.python}, {names!r}, {must!r}, {options}, {lengths!r})')
        static = indent and all(b.function.static for b in bounds)
        if static:
            out.append(f'{pad}@staticmethod\n')
        own = 'self, ' if indent and not static else ''
        out.append(f'{pad}def {name}({own}*args: Any, **kwargs: Any) -> Any:\n')
        docs = '\n\n'.join(dict.fromkeys(b.function.doc for b in bounds if b.function.doc))
        out.append(quoted(docs, indent + 4))
        start = '(self, *args)' if own and not bounds[0].function.constructor else 'args'
        rows = ',\n'.join(f'{pad}        {f}' for f in forms)
        call = f"_records.call_form('{name}', (\n{rows},\n{pad}    ), {start}, kwargs)"
        if bounds[0].function.constructor:
            out.append(f'{pad}    self._held = {call}._held\n')
        else:
            out.append(f'{pad}    return {call}\n')
        return ''.join(out)


def stub(plan, parts):
    """_lode/<room> as a type checker sees them: bodies that take their arguments by position."""
    out = ['"""The extension behind the package; its functions take their arguments by position."""\n',
           'from typing import Any\n\n', '__version__: str\n\n\nclass ArgumentError(TypeError, ValueError): ...\n\n\n',
           'class Room:\n    def __getattr__(self, name: str) -> Any: ...\n\n\n']
    out += [f'{room}: Room\n' for room in ROOMS]
    out.append('def __getattr__(name: str) -> Any: ...\n')
    return ''.join(out)
