"""Reads the public headers with libclang into a plain model: enums, structs, classes and functions."""
import os
import re
import subprocess
from dataclasses import dataclass, field

from clang import cindex

Kind = cindex.CursorKind


@dataclass
class Parameter:
    name: str
    type: cindex.Type
    default: str | None = None  # the C++ expression, as it stands


@dataclass
class Function:
    room: str
    header: str
    name: str
    doc: str
    result: cindex.Type
    parameters: list
    owner: object = None  # Struct of a method
    constant: bool = True
    static: bool = False
    constructor: bool = False


@dataclass
class Enum:
    room: str
    header: str
    cpp: str  # "lode::VariogramType"
    name: str  # "VariogramType"
    doc: str
    choices: list = field(default_factory=list)  # (name, doc)
    has_text: bool = False  # there is a to_text() of it
    scope: str = ''  # what stands before a choice in C++


@dataclass
class Field:
    name: str
    type: cindex.Type
    doc: str
    default: str | None


@dataclass
class Struct:
    room: str
    header: str
    cpp: str
    name: str
    doc: str
    fields: list = field(default_factory=list)
    methods: list = field(default_factory=list)
    constructors: list = field(default_factory=list)
    private: bool = False  # has state of its own: held as it is, never copied into a dataclass
    abstract: bool = False
    copied: bool = True
    held: bool = False  # set by the plan: private, or named in held.txt


def doc_of(cursor):
    """The `///` comment of a declaration as plain text."""
    raw = cursor.raw_comment or ''
    lines = [re.sub(r'^\s*///?<?\s?', '', line).rstrip() for line in raw.splitlines()]
    return '\n'.join(lines).strip()


def expression_after(cursor):
    """The initialiser of a field or parameter as text, or None."""
    start = cursor.location.offset
    tokens = [t for t in cursor.get_tokens() if t.location.offset > start]
    # A field of an array type has its extent between name and initialiser.
    depth, words = 0, []
    for token in tokens:
        text = token.spelling
        if not words and text not in ('=', '{'):
            continue
        if depth == 0 and words and text in (',', ';'):
            break
        depth += text in '({[' and len(text) == 1
        depth -= text in ')}]' and len(text) == 1
        if depth < 0:
            break
        words.append(text)
    if not words:
        return None
    if words[0] == '=':
        words = words[1:]
    text = ''
    for word in words:
        glued = not text or not (re.match(r'\w', word) and re.search(r'\w$', text))
        text += word if glued else ' ' + word
    return text


class Headers:
    """What all public headers declare in the namespaces lode and lode::<room>."""

    def __init__(self, root, names, left_out):
        self.root = os.path.join(os.path.realpath(root), '')
        self.left_out = left_out
        self.enums, self.structs, self.functions = {}, {}, []
        self.constants = {}  # name of a constant -> its C++ expression
        self.headers = [h for h in names if h not in left_out]
        source = ''.join(f'#include "{h}"\n' for h in self.headers)
        args = ['-x', 'c++', '-std=c++20', '-I' + self.root] + [f'-I{p}' for p in builtin_includes()]
        options = cindex.TranslationUnit.PARSE_SKIP_FUNCTION_BODIES
        self.unit = cindex.Index.create().parse('all.cpp', args=args, unsaved_files=[('all.cpp', source)],
                                                options=options)
        faults = [str(d) for d in self.unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
        if faults:
            raise SystemExit('the headers do not parse:\n' + '\n'.join(faults[:20]))
        self.walk(self.unit.cursor, [])
        for function in self.functions:
            if function.name == 'to_text' and len(function.parameters) == 1:
                enum = self.enums.get(function.parameters[0].type.get_canonical().spelling)
                if enum:
                    enum.has_text = True

    def place(self, cursor):
        """(room, header) of a declaration of ours, or None."""
        file = cursor.location.file
        if not file or not os.path.realpath(file.name).startswith(self.root):
            return None
        header = os.path.realpath(file.name)[len(self.root):]
        return header.split('/')[1], header

    def walk(self, cursor, spaces):
        """Structs of headers that are left out count too: what is bound may need them."""
        for child in cursor.get_children():
            place = self.place(child)
            if not place:
                continue
            if child.kind == Kind.NAMESPACE:
                self.walk(child, spaces + [child.spelling])
            elif spaces[:1] != ['lode']:
                continue
            elif child.kind == Kind.VAR_DECL:
                self.constants.setdefault(child.spelling, expression_after(child))
            elif child.kind == Kind.ENUM_DECL:
                self.add_enum(child, *place, '')
            elif child.kind in (Kind.STRUCT_DECL, Kind.CLASS_DECL) and child.is_definition():
                self.add_struct(child, *place, '')
            elif child.kind == Kind.FUNCTION_DECL and not child.spelling.startswith('operator'):
                if len(spaces) == 1 and place[1] not in self.left_out:
                    self.functions.append(self.function(child, *place))

    def function(self, cursor, room, header):
        parameters = [Parameter(a.spelling, a.type, expression_after(a)) for a in cursor.get_arguments()]
        return Function(room, header, cursor.spelling, doc_of(cursor), cursor.result_type, parameters)

    def add_enum(self, cursor, room, header, outer):
        cpp = cursor.type.get_canonical().spelling
        enum = Enum(room, header, cpp, outer + cursor.spelling, doc_of(cursor))
        enum.scope = cpp if cursor.is_scoped_enum() else cpp.rsplit('::', 1)[0]
        for choice in cursor.get_children():
            if choice.kind == Kind.ENUM_CONSTANT_DECL:
                enum.choices.append((choice.spelling, doc_of(choice)))
        self.enums[cpp] = enum

    def add_struct(self, cursor, room, header, outer):
        cpp = cursor.type.get_canonical().spelling
        struct = Struct(room, header, cpp, outer + cursor.spelling, doc_of(cursor))
        public = cindex.AccessSpecifier.PUBLIC
        for child in cursor.get_children():
            if child.access_specifier != public:
                struct.private |= child.kind in (Kind.FIELD_DECL, Kind.CXX_METHOD)
                continue
            if child.kind == Kind.FIELD_DECL:
                struct.fields.append(Field(child.spelling, child.type, doc_of(child), expression_after(child)))
            elif child.kind == Kind.VAR_DECL:
                self.constants.setdefault(child.spelling, expression_after(child))
            elif child.kind == Kind.ENUM_DECL:
                self.add_enum(child, room, header, struct.name)
            elif child.kind in (Kind.STRUCT_DECL, Kind.CLASS_DECL) and child.is_definition():
                self.add_struct(child, room, header, struct.name)
            elif child.kind in (Kind.CXX_METHOD, Kind.CONSTRUCTOR):
                self.add_method(struct, child, room, header)
            elif child.kind == Kind.CXX_BASE_SPECIFIER:
                struct.private = True
        self.structs[cpp] = struct

    def add_method(self, struct, cursor, room, header):
        name = cursor.spelling
        if cursor.is_pure_virtual_method():
            struct.abstract = struct.private = True
        if cursor.availability == cindex.AvailabilityKind.NOT_AVAILABLE:
            struct.copied &= cursor.kind != Kind.CONSTRUCTOR
            return
        if name.startswith('operator'):
            return
        method = self.function(cursor, room, header)
        method.owner = struct
        method.constant = cursor.is_const_method()
        method.static = cursor.is_static_method()
        method.constructor = cursor.kind == Kind.CONSTRUCTOR
        if method.constructor:
            if not (cursor.is_copy_constructor() or cursor.is_move_constructor()):
                struct.constructors.append(method)
        else:
            struct.methods.append(method)


def builtin_includes():
    """Where the compiler's own headers (stddef.h) lie for libclang."""
    found = []
    for folder in ('/usr/lib/llvm-14/lib/clang/14.0.6/include', '/usr/lib/llvm-14/lib/clang/14/include'):
        if os.path.isdir(folder):
            found.append(folder)
    if not found:
        compiler = os.environ.get('CXX', 'g++')
        found.append(subprocess.run([compiler, '-print-file-name=include'], capture_output=True, text=True,
                                    check=True).stdout.strip())
    return found
