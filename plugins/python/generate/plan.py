"""Which functions, methods and classes are bound, and how each parameter crosses."""
import re
from dataclasses import dataclass, field

from headers import Function
from meanings import BY_HAND, Foreign, Kind, Meanings, plain, safe, spelling, template_of


@dataclass
class Argument:
    name: str  # in Python
    cpp: str  # type of the local variable
    annotation: str
    how: str  # read, held, progress, out (given and returned), out_only
    literal: str | None = None  # Python source of the default
    default: str | None = None  # C++ source of the default
    optional: bool = False
    pointer: bool = False  # passed by address
    moved: bool = False
    options: object = None  # Struct whose fields may be keywords
    sink: bool = False  # a callback that takes results: collected when not given


@dataclass
class Bound:
    function: object
    arguments: list
    result: str  # annotation
    python: str  # name of the C++ body in `_lode.<room>`
    outputs: list = field(default_factory=list)

    @property
    def progress(self):
        return next((i for i, a in enumerate(self.arguments) if a.how == 'progress'), -1)


class Plan:
    """Everything that is bound, room by room."""

    def __init__(self, headers, meanings, left_out, held):
        self.headers, self.meanings = headers, meanings
        self.functions = {}  # room -> name -> [Bound]
        self.methods = {}  # C++ name of a class -> Python name -> [Bound]
        self.refused = []  # (function, why): must stand in left_out.txt
        for struct in headers.structs.values():
            struct.held = struct.private or struct.cpp in held
        for function in headers.functions:
            if f'{function.header}:{function.name}' in left_out:
                continue
            try:
                bound = self.bind(function)
                self.functions.setdefault(function.room, {}).setdefault(function.name, []).append(bound)
            except Foreign as why:
                self.refused.append((function, str(why)))
        for struct in headers.structs.values():  # classes count for themselves
            if struct.private and f'{struct.header}:{struct.name}' not in left_out \
                    and struct.header not in left_out:
                try:
                    meanings.need(struct.cpp)
                except Foreign:
                    continue
        done = set()
        while True:  # methods may need classes that nothing needed before
            todo = [n for n in meanings.used if n not in done]
            if not todo:
                break
            for name in todo:
                done.add(name)
                if name in headers.structs:
                    self.bind_methods(headers.structs[name], left_out)
        self.number()
        self.find_getters()

    def bind_methods(self, struct, left_out):
        makers = struct.constructors if struct.held and not struct.abstract else []
        if struct.private and not struct.abstract and not struct.constructors:
            makers = [Function(struct.room, struct.header, struct.name, '', None, [], struct, constructor=True)]
        for method in struct.methods + makers:
            if not (struct.held or method.constant or method.static):
                continue
            if f'{struct.header}:{struct.name}.{method.name}' in left_out:
                continue
            try:
                name = '__init__' if method.constructor else method.name
                bound = self.bind(method)
                self.methods.setdefault(struct.cpp, {}).setdefault(name, []).append(bound)
            except Foreign:
                continue

    def find_getters(self):
        """Public fields of held classes, which are read one at a time; `late`: what only they need."""
        self.getters, before = {}, set(self.meanings.used)
        for struct in [s for n, s in self.meanings.used.items() if n in self.headers.structs and s.held]:
            found = self.getters[struct.cpp] = []
            for one in struct.fields:
                try:
                    found.append((one, self.meanings.annotation(one.type, struct.room)))
                except Foreign:
                    continue
        self.late = [n for n in self.meanings.used if n not in before]
        self.late_rooms = {self.meanings.used[n].room for n in self.late}
        for cpp, fields in self.getters.items():
            own = Meanings(self.headers)
            for one, _ in fields:
                own.annotation(one.type, '')
            if set(own.used) & set(self.late):
                self.late_rooms.add(self.headers.structs[cpp].room)
        for name in self.late:
            if name in self.headers.structs and not self.headers.structs[name].held:
                self.bind_methods(self.headers.structs[name], set())
        self.number()

    def number(self):
        """Bodies of one name are told apart by a number."""
        def name(all_of, base):
            for i, bound in enumerate(all_of):
                bound.python = base if len(all_of) == 1 else f'{base}_{i + 1}'
        for room in self.functions.values():
            for own, bounds in room.items():
                name(bounds, own)
        for cpp, methods in self.methods.items():
            for own, bounds in methods.items():
                name(bounds, f'{self.headers.structs[cpp].name}_{own.strip("_")}')

    def bind(self, function):
        before = dict(self.meanings.used)
        try:
            arguments = [self.argument(p, function.room) for p in function.parameters]
            result = 'None'
            if not function.constructor:
                result = self.meanings.annotation(function.result, function.room)
        except Foreign:
            self.meanings.used.clear()
            self.meanings.used.update(before)
            raise
        bound = Bound(function, arguments, result, '')
        bound.outputs = [a for a in arguments if a.how in ('out', 'out_only')]
        self.settle_defaults(arguments)
        return bound

    def settle_defaults(self, arguments):
        """Options and sinks may be left away as far as nothing that must be given follows them."""
        must = False
        for argument in reversed(arguments):
            if argument.how in ('progress', 'out_only'):
                continue
            if (argument.options or argument.sink) and not argument.optional and not must:
                argument.optional = True
                argument.literal = None
            must |= not argument.optional

    def argument(self, parameter, room):
        type_ = parameter.type.get_canonical()
        name = safe(parameter.name or 'value')
        if spelling(type_) == 'lode::Progress':
            return Argument(name, 'lode::Progress', 'Progress', 'progress', 'None', optional=True)
        reference = type_.kind == Kind.LVALUEREFERENCE
        changed = reference and not type_.get_pointee().is_const_qualified()
        pointer = type_.kind == Kind.POINTER and not type_.get_pointee().is_const_qualified()
        if pointer:
            changed, type_ = True, type_.get_pointee().get_canonical()
            if type_.kind in (Kind.DOUBLE, Kind.FLOAT, Kind.VOID, Kind.USHORT, Kind.UCHAR, Kind.UINT):
                raise Foreign(parameter.type.spelling)
        annotation = self.meanings.annotation(type_, room)
        made = Argument(name, spelling(type_), annotation, 'read')
        struct = self.headers.structs.get(made.cpp)
        if struct and struct.held and made.cpp not in BY_HAND:
            made.how = 'held'
            if changed or parameter.default:
                raise Foreign(f'{parameter.name} changes a {made.cpp}')
            return made
        found = template_of(type_)
        if found and found[0] == 'std::unique_ptr':
            raise Foreign(type_.spelling)
        if changed:
            only = pointer or made.cpp in ('lode::Findings', 'bool')
            made.how, made.pointer = ('out_only' if only else 'out'), pointer
            return made
        made.moved = not reference
        made.default = parameter.default
        if parameter.default is not None:
            made.optional = True
            made.literal = None if struct else self.meanings.literal(type_, parameter.default, room)
        if struct and re.search(r'Options$', struct.name) and len(struct.fields):
            made.options = struct
        if found and found[0] == 'std::function':
            made.sink = found[1][0].get_result().get_canonical().kind == Kind.VOID
        return made
