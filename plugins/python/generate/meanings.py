"""What C++ types mean in Python: annotations, defaults, and whether a type can cross at all."""
import keyword
import re

from clang import cindex

Kind = cindex.TypeKind
INTEGERS = {Kind.INT, Kind.UINT, Kind.LONG, Kind.ULONG, Kind.LONGLONG, Kind.ULONGLONG, Kind.SHORT,
            Kind.USHORT, Kind.UCHAR, Kind.SCHAR, Kind.CHAR_S, Kind.CHAR_U}
FLOATS = {Kind.DOUBLE, Kind.FLOAT}
TEXTS = ('std::basic_string<char>', 'std::basic_string_view<char>')
# Written by hand in convert_*.cpp: what they are in Python.
BY_HAND = {'lode::Geometry': 'Geometry', 'lode::Findings': 'list[core.Finding]', 'lode::Json': 'Any',
           'lode::Date': 'datetime.date'}
PAIRS = ('lode::Point', 'lode::LonLat')  # lists of them are matrices of two columns
ROOMS = ('core', 'crs', 'geometry', 'io', 'ranking', 'supply', 'estimation', 'deposit', 'environment',
         'logistics', 'permits', 'study', 'report')


class Foreign(Exception):
    """A type that has no meaning in Python."""


def plain(type_):
    """Canonical, without reference and const."""
    type_ = type_.get_canonical()
    if type_.kind in (Kind.LVALUEREFERENCE, Kind.RVALUEREFERENCE):
        type_ = type_.get_pointee().get_canonical()
    return type_


def spelling(type_):
    """How the type is written in generated C++, without const and reference."""
    type_ = plain(type_)
    return type_.spelling if type_.kind == Kind.POINTER else re.sub(r'^const ', '', type_.spelling)


def safe(name):
    """A name that Python can use: `from` becomes `from_`."""
    return name + '_' if keyword.iskeyword(name) else name


def template_of(type_):
    """('std::vector', [types]) of a standard template, else None."""
    name = spelling(type_)
    found = re.match(r'(std::[\w:]+)<', name)
    if not found or name in TEXTS:
        return None
    count = max(plain(type_).get_num_template_arguments(), 0)
    return found[1], [plain(type_).get_template_argument_type(i) for i in range(count)]


def is_number(type_):
    return plain(type_).kind in INTEGERS | FLOATS | {Kind.BOOL}


class Meanings:
    """Annotations of the types of one set of headers, and what they need."""

    def __init__(self, headers):
        self.headers = headers
        self.used = {}  # C++ name -> Struct or Enum, in the order of first use

    def class_name(self, item, room):
        return item.name if item.room == room else f'{item.room}.{item.name}'

    def annotation(self, type_, room):
        """The Python annotation of a type as seen from a room's module. Foreign when it has none."""
        type_ = plain(type_)
        kind, name = type_.kind, spelling(type_)
        if kind == Kind.BOOL:
            return 'bool'
        if kind in INTEGERS:
            return 'int'
        if kind in FLOATS:
            return 'float'
        if kind == Kind.VOID:
            return 'None'
        if name in TEXTS:
            return 'str'
        if name in BY_HAND:
            if name == 'lode::Findings':
                self.need('lode::Finding')
            return BY_HAND[name].replace(f'{room}.', '')
        if re.match(r'lode::Unit<', name):
            return 'float'
        if kind == Kind.POINTER:
            return self.pointer(type_, room)
        if kind in (Kind.ENUM, Kind.RECORD) and template_of(type_) is None:
            return self.class_name(self.need(name), room)
        return self.template(type_, room)

    def need(self, name):
        item = self.headers.enums.get(name) or self.headers.structs.get(name)
        if item is None:
            raise Foreign(name)
        if name in self.used:
            return item
        self.used[name] = item
        if name in self.headers.structs and not item.held:
            try:
                for field in item.fields:
                    if spelling(field.type) == 'lode::Progress':
                        continue
                    if plain(field.type) != field.type.get_canonical():
                        raise Foreign(f'{name}.{field.name} is a reference')
                    if field.type.get_canonical().is_const_qualified():
                        raise Foreign(f'{name}.{field.name} never changes')
                    self.annotation(field.type, item.room)
            except Foreign as why:
                del self.used[name]
                raise Foreign(f'{name}: {why}') from None
        return item

    def pointer(self, type_, room):
        pointee = type_.get_pointee().get_canonical()
        if not pointee.is_const_qualified():
            raise Foreign(type_.spelling)
        if pointee.kind == Kind.CHAR_S:
            return 'str'
        if is_number(pointee):
            raise Foreign(type_.spelling)  # how many, nobody knows
        return self.annotation(pointee, room) + ' | None'

    def template(self, type_, room):
        found = template_of(type_)
        if found is None:
            raise Foreign(type_.spelling)
        name, items = found
        if name == 'std::vector':
            item = items[0]
            if self.is_row(item):
                return 'Numbers'
            inner = self.annotation(item, room).replace(' | None', '')
            return f'list[{inner}]'
        if name == 'std::array':
            count = int(re.search(r', (\d+)(UL)?>$', spelling(type_))[1])
            inner = self.annotation(items[0], room)
            if count <= 4:
                return f'tuple[{", ".join([inner] * count)}]'
            return f'tuple[{inner}, ...]'
        if name == 'std::optional':
            return self.annotation(items[0], room) + ' | None'
        if name == 'std::map':
            return f'dict[{self.annotation(items[0], room)}, {self.annotation(items[1], room)}]'
        if name == 'std::set':
            return f'set[{self.annotation(items[0], room)}]'
        if name == 'std::pair':
            return f'tuple[{self.annotation(items[0], room)}, {self.annotation(items[1], room)}]'
        if name in ('std::shared_ptr', 'std::unique_ptr'):
            inner = self.annotation(items[0], room)
            held = self.headers.structs.get(spelling(items[0]))
            if name == 'std::unique_ptr' and not (held and held.held):
                raise Foreign(type_.spelling)
            return inner + ' | None'
        if name == 'std::function':
            arguments = [self.annotation(a, room) for a in items[0].argument_types()]
            return f'Callable[[{", ".join(arguments)}], {self.annotation(items[0].get_result(), room)}]'
        raise Foreign(type_.spelling)

    def is_row(self, type_):
        """Numbers, or rows of a fixed number of numbers: what stands in a numpy array."""
        if is_number(type_) or spelling(type_) in PAIRS:
            return True
        found = template_of(type_)
        return bool(found) and found[0] == 'std::array' and is_number(found[1][0])

    # Defaults ---------------------------------------------------------------------------------

    def literal(self, type_, text, room):
        """Python source of a C++ default, or None when only C++ can say it."""
        type_ = plain(type_)
        name = spelling(type_)
        if text in (None, '{}'):
            return 'datetime.date(1970, 1, 1)' if name == 'lode::Date' else self.empty(type_, room)
        if type_.kind == Kind.BOOL and text in ('true', 'false'):
            return text.capitalize()
        text = self.headers.constants.get(text, text)
        if text == 'nullptr':
            return 'None'
        number = re.fullmatch(r'(-?)([\d\'.]+(?:e[-+]?\d+)?)[uUlLf]*', text)
        if number and type_.kind in INTEGERS | FLOATS:
            return number[1] + number[2].replace("'", '')
        if type_.kind in FLOATS:
            found = re.fullmatch(r'(-?)std::numeric_limits<double>::(quiet_NaN|infinity)\(\)', text)
            if found:
                return found[1] + {'quiet_NaN': 'nan', 'infinity': 'inf'}[found[2]]
        if name in TEXTS and re.fullmatch(r'"[^"\\]*"', text):
            return repr(text[1:-1])
        enum = self.headers.enums.get(name)
        if enum:
            choice = text.rsplit('::', 1)[-1]
            if any(choice == c for c, _ in enum.choices):
                return f'{self.class_name(enum, room)}.{safe(choice)}'
        found = template_of(type_)
        if found and found[0] == 'std::array' and re.fullmatch(r'\{[-\d., e]+\}', text):
            numbers = [n.strip() for n in text[1:-1].split(',')]
            if len(numbers) == int(re.search(r', (\d+)(UL)?>$', name)[1]):
                return '(' + ', '.join(numbers) + ',)'
        return None

    def empty(self, type_, room):
        """Python source of a value made from nothing."""
        name = spelling(type_)
        if type_.kind == Kind.BOOL:
            return 'False'
        if type_.kind in INTEGERS:
            return '0'
        if type_.kind in FLOATS:
            return '0.0'
        if name in TEXTS:
            return "''"
        if type_.kind == Kind.POINTER or name == 'lode::Geometry' or name == 'lode::Json':
            return 'None'
        if name == 'lode::Findings':
            return '[]'
        if re.match(r'lode::Unit<', name):
            return '0.0'
        enum = self.headers.enums.get(name)
        if enum:
            return None
        found = template_of(type_)
        if found and found[0] == 'std::array' and is_number(found[1][0]):
            one = self.empty(found[1][0], room)
            return '(' + ', '.join([one] * int(re.search(r', (\d+)(UL)?>$', name)[1])) + ',)'
        if found:
            if found[0] == 'std::vector':
                return 'numbers()' if self.annotation(type_, room) == 'Numbers' else '[]'
            return {'std::optional': 'None', 'std::map': '{}', 'std::set': 'set()',
                    'std::shared_ptr': 'None', 'std::unique_ptr': 'None', 'std::function': 'None'}.get(found[0])
        return None
