"""Every command through QGIS, in an awkward folder: the very bytes of the command line.

All in one QGIS, with the texts that qgis_process would hand over: its start takes longer than most
commands. test_process.py and test_faces.py call qgis_process itself.

LODE_QGIS_PART=0/3 runs every third line of runs.txt from the first on; without it all are run.
"""
import json
import os
import sys
import unittest

import forms
from headless import AWKWARD, PLUGINS, Box, unlike

SETS = ('us_allied_ree', 'monazite_hill', 'process_routes', 'setback_rules')
BOX = Box(AWKWARD, SETS)
BOX.adopt()
sys.path[:0] = ['/usr/share/qgis/python/plugins', PLUGINS]

from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject  # noqa: E402
from qgis.testing import start_app  # noqa: E402

APP = start_app()
from processing.core.Processing import Processing  # noqa: E402

Processing.initialize()
from lode_qgis.provider import LodeProvider  # noqa: E402

PROVIDER = LodeProvider()
QgsApplication.processingRegistry().addProvider(PROVIDER)

# What the example of `implicit` makes for itself.
CONTACTS = 'x,y,z,dip,azimuth\n20,20,80,45,90\n50,80,50,45,90\n80,40,20,45,90\n60,10,40,45,90\n'


class EveryAlgorithm(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.box = BOX
        said = json.loads(cls.box.lode('describe').stdout)
        cls.commands = {one['command']: one for one in said['results']}
        data = cls.box.data
        cls.folders = {'data': data, 'us': os.path.join(data, 'us_allied_ree'),
                       'hill': os.path.join(data, 'monazite_hill'),
                       'rules': os.path.join(data, 'setback_rules'),
                       'made': os.path.join(data, 'made'),
                       'first': os.path.join(data, 'us_allied_ree', 'first')}
        os.mkdir(cls.folders['made'])
        with open(os.path.join(cls.folders['made'], 'contacts.csv'), 'w', encoding='utf-8') as file:
            file.write(CONTACTS)
        # Lets QGIS make the temporary folders of its own session.
        cls.in_qgis('buffer', {'LAYER': cls.box.path('us_allied_ree/rivers.shp'), 'DISTANCE': '1 m',
                               'OUTPUT': os.path.join(cls.box.root, 'first.gpkg')})
        cls.before = cls.temporary()

    @classmethod
    def temporary(cls):
        return sorted(os.path.join(parent, one)
                      for parent, folders, files in os.walk(cls.box.environment['TMPDIR'])
                      for one in folders + files)

    @staticmethod
    def in_qgis(id_, values):
        """The results of a run, as qgis_process does it."""
        algorithm, context = PROVIDER.algorithm(id_).create(), QgsProcessingContext()
        feedback = QgsProcessingFeedback(False)
        fine, why = algorithm.checkParameterValues(values, context)
        assert fine, why
        results, done = algorithm.run(values, context, feedback)
        assert done, feedback.textLog()[-2000:]
        return results

    def compare(self, line):
        """One line of runs.txt, by the program and by QGIS."""
        if any('{first}' in word for word in line):
            self.assertEqual(self.box.lode('study', 'run', self.box.path('us_allied_ree/study.toml'),
                                           '-o', self.folders['first']).returncode, 0)
        name, rest = forms.command_of(line, self.commands)
        command, id_ = self.commands[name], name.replace(' ', '')
        # The two folders' names are of one length, and so are the paths that a file may hold.
        faces = [os.path.join(self.box.data, f'{id_} by {face}') for face in ('qgis', 'lode')]
        for folder in faces:
            os.mkdir(folder)
        asked = [forms.filled(rest, dict(self.folders, out=folder)) for folder in faces]

        done = self.box.lode(*name.split(' '), *asked[1], '--json')
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        said = json.loads(done.stdout)
        form = forms.form_of(command, asked[0])
        found = self.in_qgis(id_, {key: values[0] if len(values) == 1 else values
                                   for key, values in form.items()})

        self.assertEqual(unlike(*faces), [])
        outputs = forms.outputs_of(command, asked[0])
        for key, path in outputs.items():
            self.assertEqual(found[key], path)
            self.assertTrue(os.path.exists(path), path)
        self.assertTrue(outputs or said['results'] or said['summary'], 'a run that shows nothing')
        if not outputs:
            self.assertEqual(json.loads(found['RESULTS']), said['results'])
        for key, value in said['summary'].items():
            if isinstance(value, (str, int, float)):
                self.assertEqual(found[key.upper()], value, key)
        self.assertEqual(found['FINDINGS'], sum(one['count'] for one in said['findings']))
        self.assertEqual(self.temporary(), self.before, 'left in the temporary folder')

    def test_that_none_lacks_a_run(self):
        run = {forms.command_of(line, self.commands)[0] for line in RUNS}
        self.assertEqual(sorted(self.commands.keys() - run), [], 'give each a line in runs.txt')
        self.assertEqual(len(run), len(RUNS))


RUNS = forms.kept_runs()
PART, PARTS = (int(word) for word in os.environ.get('LODE_QGIS_PART', '0/1').split('/'))


def _test_of(line):
    return lambda self: self.compare(line)


for _line in RUNS[PART::PARTS]:
    _words = [word for word in _line[:2] if word.isalpha()]
    setattr(EveryAlgorithm, 'test_' + '_'.join(_words), _test_of(_line))


def tearDownModule():
    QgsProject.instance().clear()
    QgsApplication.processingRegistry().removeProvider(PROVIDER)


if __name__ == '__main__':
    unittest.main()
