"""What tests of the library half share: where things are, and why they are skipped."""
import csv
import importlib
import importlib.util
import os
import sys
import unittest

ROOT = os.environ.get('LODE_SOURCE') or os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
if importlib.util.find_spec('lode') is None:
    sys.path.insert(0, os.path.join(ROOT, 'build/release/python'))
ROOMS = ('core', 'crs', 'geometry', 'io', 'ranking', 'supply', 'estimation', 'deposit', 'environment',
         'logistics', 'permits', 'study', 'report')


def lode_room(name):
    return importlib.import_module(f'lode.{name}')


def cases(name):
    """Rows of a kept table of tests/cases."""
    with open(f'{ROOT}/tests/cases/{name}', encoding='utf-8', newline='') as file:
        return list(csv.DictReader(line for line in file if not line.startswith('#')))


if importlib.util.find_spec('lode') is None:
    raise unittest.SkipTest('the Python module was not built (cmake says why; ./bootstrap test --with python brings all)')
if importlib.util.find_spec('lode._records') is None:
    raise unittest.SkipTest('built without the library: no libclang for Python '
                            '(Debian: apt install python3-clang-14 libclang1-14 libclang-common-14-dev)')
