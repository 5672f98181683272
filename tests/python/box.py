"""A folder with an awkward name that is gone after the test, and the program to compare with."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import warnings

SOURCE = os.environ['LODE_SOURCE']
PROGRAM = os.environ['LODE_PROGRAM']
SAMPLE = os.path.join(SOURCE, 'sample_data', 'us_allied_ree')
HILL = os.path.join(SOURCE, 'sample_data', 'monazite_hill')
AWKWARD = "dir with ünïcödé & 'quotes'"


def leave_plan_out(study):
    """Takes the plan of supply and the economics out of a copy of the sample study: they take nine
    tenths of a run's time, and tests of their own see the whole."""
    with open(study, encoding='utf-8') as file:
        lines = file.readlines()
    with open(study, 'w', encoding='utf-8') as file:
        file.writelines(line for line in lines
                        if not line.startswith(('policy = ', 'capacities = ', 'metal_prices = ')))


class Box(unittest.TestCase):
    """Each test runs in a copy of a sample set (`data`) in an awkward folder."""
    data = None

    def setUp(self):
        self._top = tempfile.mkdtemp(prefix='lode-python-')
        self.folder = os.path.join(self._top, AWKWARD)
        if self.data:
            shutil.copytree(self.data, self.folder, ignore=shutil.ignore_patterns('results'))
            if self.data == SAMPLE:
                leave_plan_out(os.path.join(self.folder, 'study.toml'))
        else:
            os.mkdir(self.folder)
        self._before = os.getcwd()
        os.chdir(self.folder)
        warnings.simplefilter('ignore')

    def tearDown(self):
        os.chdir(self._before)
        shutil.rmtree(self._top)

    def lode(self, *words):
        """The program's exit code, stdout and stderr."""
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def json(self, *words):
        code, out, err = self.lode(*words, '--json')
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def python(self, text, **options):
        """A script in a Python of its own, already running."""
        return subprocess.Popen([sys.executable, '-B', '-c', text], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, **options)
