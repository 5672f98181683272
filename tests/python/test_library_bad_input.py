"""Every bound function with arguments made up from its types: an exception or a result, never a crash."""
import dataclasses
import inspect
import os
import subprocess
import sys
import tempfile
import unittest

import numpy as np

from library_case import ROOMS, lode_room

# Made up arguments would be hours of honest work.
SLOW = {'estimation.fft_size'}


def value_of(text, names, style):
    """Something of the type an annotation names; `style` says how unreasonable."""
    text = text.strip().removesuffix('| None').removesuffix('| Mapping[str, Any]').strip()
    plain = {'bool': style == 1, 'int': (0, 3, 2 ** 31)[style], 'float': (float('nan'), 1.0, -1e300)[style],
             'str': ('', 'Nd', '\x00"]')[style], 'Any': {}, 'Geometry': (None, 'POINT(1 2)', 'POLYGON((0 0,1 1,1 0,0 0))')[style],
             'datetime.date': '2026-11-01'}
    if text in plain:
        return plain[text]
    if text == 'Numbers':
        return (np.empty(0), np.ones(3), np.array([1.0, np.nan, -1.0, 7.0, 1e308]))[style]
    if text.startswith('Callable'):
        return lambda *args: None
    if text.startswith('list['):
        inner = value_of(text[5:-1], names, style)
        return [] if style == 0 else [inner] * (3 if style == 1 else 5)
    if text.startswith('tuple['):
        parts = split(text[6:-1])
        return tuple(value_of(p, names, style) for p in parts if p.strip() != '...')
    if text.startswith(('dict[', 'set[')):
        return {} if text.startswith('dict') else set()
    kind = eval(text, names)  # noqa: S307  (an annotation of ours)
    if issubclass(kind, str):
        return list(kind)[-1 if style else 0]
    if not dataclasses.is_dataclass(kind):
        return make_held(kind, names, style)
    made = kind()
    if style:  # vectors of a length of their own: ragged on purpose where the type lets it
        for field in dataclasses.fields(kind):
            annotation = str(field.type)
            if annotation in ('Numbers', 'list[str]', 'list[Numbers]', 'list[Geometry]') or style == 2 and annotation == 'int':
                setattr(made, field.name, value_of(annotation, names, style))
    return made


def make_held(kind, names, style):
    signature = inspect.signature(kind.__init__)
    given = [value_of(str(p.annotation), names, style) for p in list(signature.parameters.values())[1:]
             if p.default is p.empty and p.kind == p.POSITIONAL_OR_KEYWORD]
    return kind(*given)


def split(text):
    parts, depth = [''], 0
    for c in text:
        depth += (c == '[') - (c == ']')
        if c == ',' and depth == 0:
            parts.append('')
        else:
            parts[-1] += c
    return parts


def too_long(*_):
    raise TimeoutError('stopped by the test')


def call_all(room, style, start):
    """In a child: says each function before it is called."""
    import resource
    import signal
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))  # what asks for more is refused
    signal.signal(signal.SIGALRM, too_long)
    module = lode_room(room)
    names = dict(vars(module))
    for name in sorted(module.__all__)[start:]:
        function = getattr(module, name)
        if inspect.isclass(function) or f'{room}.{name}' in SLOW:
            continue
        print(name, flush=True)
        signal.alarm(10)
        try:
            signature = inspect.signature(function)
            given = []
            for p in signature.parameters.values():
                if p.kind != p.POSITIONAL_OR_KEYWORD:
                    continue
                given.append(value_of(str(p.annotation), names, style))
            function(*given)
        except Exception as error:  # whatever it is, it is none that ends the process
            assert not isinstance(error, SystemError), f'{name}: {error}'
        signal.alarm(0)


class BadInput(unittest.TestCase):
    def test_nothing_crashes(self):
        here = os.path.dirname(os.path.realpath(__file__))
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for room in ROOMS:
            for style in range(3):
                code = (f'import sys; sys.path[:0] = {[here, *sys.path]!r}\n'
                        f'import test_library_bad_input as t\nt.call_all({room!r}, {style}, 0)\n')
                with self.subTest(f'{room} {style}'):
                    done = subprocess.run([sys.executable, '-B', '-W', 'ignore', '-c', code], capture_output=True,
                                          text=True, timeout=300, cwd=folder.name)
                    last = done.stdout.splitlines()[-1:] or ['?']
                    self.assertEqual(done.returncode, 0, f'{room}.{last[0]}: {done.stderr[-2000:]}')


if __name__ == '__main__':
    unittest.main()
