#!/usr/bin/python3
"""Makes the Python bindings of the library from its public headers.

    generate.py --root SOURCE --headers FILE --cpp FOLDER --python FOLDER room=files...
    generate.py --root SOURCE --headers FILE --list     what is bound and what is not, with the reason
"""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import cpp_out  # noqa: E402
import python_out  # noqa: E402
from headers import Headers  # noqa: E402
from meanings import ROOMS, Meanings  # noqa: E402
from plan import Plan  # noqa: E402


def kept_list(name):
    """First column of a kept table: NAME, tab, reason."""
    return list(kept_table(name))


def kept_table(name):
    """A kept table: NAME, tab, words."""
    path = os.path.join(os.path.dirname(os.path.realpath(__file__)), name)
    rows = {}
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith('#'):
                continue
            entry, _, reason = line.rstrip('\n').partition('\t')
            if not reason.strip():
                raise SystemExit(f'{name}:{number}: an entry without a second column')
            rows[entry] = reason
    return rows


def write(path, text):
    """Only where it changed, so that what did not is not compiled again."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with open(path, encoding='utf-8') as file:
            if file.read() == text:
                return
    except FileNotFoundError:
        pass
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def purpose(root, room):
    """The first sentence of a room's page."""
    with open(os.path.join(root, 'libgeo', room, 'README.md'), encoding='utf-8') as file:
        for line in file:
            if line.strip() and not line.startswith('#'):
                return line.strip().replace('`', '').replace('"""', '')
    return room


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--root', required=True)
    parser.add_argument('--headers', required=True, help='names them, a line each')
    parser.add_argument('--cpp')
    parser.add_argument('--python')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('parts', nargs='*')
    args = parser.parse_args()
    left_out = set(kept_list('left_out.txt'))
    with open(args.headers, encoding='utf-8') as file:
        headers = Headers(args.root, file.read().split(), left_out)
    plan = Plan(headers, Meanings(headers), left_out, set(kept_list('held.txt')))
    plan.lengths = kept_table('lengths.txt')
    if args.list:
        for room in ROOMS:
            for name, bounds in plan.functions.get(room, {}).items():
                print('bound', f'{room}.{name}', len(bounds), sep='\t')
        for function, why in plan.refused:
            print('refused', f'{function.header}:{function.name}', why, sep='\t')
        return
    if plan.refused:
        rows = '\n'.join(f'{f.header}:{f.name}\t{why}' for f, why in plan.refused)
        raise SystemExit(f'These cannot be called from Python: say why in left_out.txt.\n{rows}')
    parts = dict((room, int(n)) for room, n in (p.split('=') for p in args.parts))
    write(f'{args.cpp}/plugins/python/described.h', cpp_out.described(plan))
    write(f'{args.cpp}/plugins/python/described_late.h', cpp_out.described_late(plan))
    write(f'{args.cpp}/library.cpp', cpp_out.library(plan, parts))
    for room in ROOMS:
        for i, text in enumerate(cpp_out.room_files(plan, room, parts[room])):
            write(f'{args.cpp}/bind_{room}_{i + 1}.cpp', text)
        write(f'{args.python}/{room}.py', python_out.Writer(plan, room).module(purpose(args.root, room)))
    write(f'{args.python}/_lode.pyi', python_out.stub(plan, parts))


if __name__ == '__main__':
    main()
