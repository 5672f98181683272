"""Every public function of the headers is bound, or left out with a reason that still holds."""
import os
import re
import unittest

from library_case import ROOMS, ROOT, lode_room

FOREIGN = re.compile(r'#include <(gdal|ogr|cpl|geos_c|proj|geodesic|sqlite3|toml|nlohmann|openssl|fmt)')
# A function of a namespace: its line starts at the margin; a call or a member does not.
NAMED = re.compile(r'^(?:\[\[nodiscard\]\]\s*)?(?:inline\s+|template\s*<[^>]*>\s*)*'
                   r'(?:const\s+)?[A-Za-z_][\w:<>,\s*&]*?[\s*&>]([a-z]\w*)\s*\(', re.M)


def left_out():
    path = os.path.join(ROOT, 'plugins/python/generate/left_out.txt')
    with open(path, encoding='utf-8') as file:
        return dict(line.rstrip('\n').split('\t', 1) for line in file
                    if line.strip() and not line.startswith('#'))


def without_comments(text):
    text = re.sub(r'//[^\n]*', '', text)
    return re.sub(r'/\*.*?\*/', '', text, flags=re.S)


def outside_of_bodies(text):
    """What stands in namespaces only: bodies of structs, enums and functions taken away."""
    out, stack = [], []
    i = 0
    for match in re.finditer(r'[{};]|[^{};]+', text):
        piece = match[0]
        if piece == '{':
            before = ''.join(out).rsplit('\n\n', 1)[-1]
            opening = re.search(r'namespace\s+[\w:]*\s*$', before)
            stack.append(bool(opening))
            if opening:
                out.append('\n\n')
        elif piece == '}':
            if stack and not stack.pop():
                out.append(' ;\n')
        elif all(stack):
            out.append(piece)
        i += 1
    return ''.join(out)


def declared():
    """{header: {function names}} of the headers that are installed."""
    found = {}
    for room in sorted(os.listdir(f'{ROOT}/libgeo')):
        folder = f'{ROOT}/libgeo/{room}'
        if not os.path.isdir(folder):
            continue
        for name in sorted(os.listdir(folder)):
            if not name.endswith('.h'):
                continue
            with open(f'{folder}/{name}', encoding='utf-8') as file:
                text = file.read()
            if FOREIGN.search(text):
                continue
            plain = re.sub(r'^#[^\n]*(?:\\\n[^\n]*)*', '', without_comments(text), flags=re.M)
            names = set()
            for statement in outside_of_bodies(plain).split(';'):
                statement = statement.strip().rsplit('\n\n', 1)[-1].strip()
                if re.match(r'(struct|class|enum|using|inline constexpr|constexpr|extern|static)\b', statement):
                    continue
                match = NAMED.match(statement)
                if match and not re.search(r'\boperator\b', statement.split('(')[0]):
                    names.add(match[1])
            found[f'libgeo/{room}/{name}'] = names
    return found


class Complete(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.declared, cls.left_out = declared(), left_out()

    def test_the_parser_sees_functions(self):
        """Known ones of each style of declaration, so that a parser that sees nothing fails."""
        for header, name in (('libgeo/estimation/variogram.h', 'experimental_variogram'),
                             ('libgeo/deposit/oxides.h', 'rare_earths'),
                             ('libgeo/crs/crs.h', 'parse_crs'), ('libgeo/crs/crs.h', 'wgs84'),
                             ('libgeo/geometry/mesh.h', 'tidy_mesh'),
                             ('libgeo/core/low_base_high.h', 'only_base'),
                             ('libgeo/io/writers.h', 'write_layers'),
                             ('libgeo/logistics/freight.h', 'route')):
            self.assertIn(name, self.declared[header], header)
        self.assertGreater(sum(len(names) for names in self.declared.values()), 800)

    def test_every_function_is_bound_or_left_out(self):
        missing = []
        for header, names in self.declared.items():
            if header in self.left_out:
                continue
            room = lode_room(header.split('/')[1])
            for name in sorted(names):
                bound = callable(getattr(room, name, None)) or callable(getattr(room, name + '_', None))
                if not bound and f'{header}:{name}' not in self.left_out:
                    missing.append(f'{header}:{name}')
        self.assertEqual(missing, [])

    def test_nothing_is_left_out_that_is_not_there(self):
        for entry, reason in self.left_out.items():
            header, _, name = entry.partition(':')
            with self.subTest(entry):
                self.assertTrue(reason.strip(), 'no reason')
                self.assertIn(header, self.declared, 'no such header')
                if name:
                    with open(f'{ROOT}/{header}', encoding='utf-8') as file:
                        self.assertRegex(file.read(), rf'\b{re.escape(name.split(".")[-1])}\b')

    def test_nothing_that_is_left_out_is_bound(self):
        for entry in self.left_out:
            header, _, name = entry.partition(':')
            if name and name[0].islower():
                with self.subTest(entry):
                    room = lode_room(header.split('/')[1])
                    elsewhere = any(name in names for other, names in self.declared.items()
                                    if other != header and other.split('/')[1] == header.split('/')[1]
                                    and other not in self.left_out)
                    by_hand = name == 'preference_flows'
                    self.assertTrue(elsewhere or by_hand or not hasattr(room, name))

    def test_rooms_list_what_they_have(self):
        for name in ROOMS:
            room = lode_room(name)
            for item in room.__all__:
                self.assertTrue(hasattr(room, item), f'{name}.{item}')


if __name__ == '__main__':
    unittest.main()
