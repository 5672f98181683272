"""The plugin as qgis_process runs it: found, listed, run, and failing in Lode's own words."""
import json
import os
import subprocess
import sys
import unittest
import zipfile

from headless import PLUGINS, PROGRAM, SOURCE, Box, rows_of


MAKE_MODEL = '''
import os, sys
sys.path[:0] = ['/usr/share/qgis/python/plugins', os.environ['LODE_PLUGINS']]
from qgis.core import *
from qgis.testing import start_app
start_app()
from processing.core.Processing import Processing
Processing.initialize()
from lode_qgis.provider import LodeProvider
QgsApplication.processingRegistry().addProvider(LodeProvider())
Source = QgsProcessingModelChildParameterSource
model = QgsProcessingModelAlgorithm('Kept', 'tests')
model.addModelParameter(QgsProcessingParameterFeatureSource('SITES', 'Sites'),
                        QgsProcessingModelParameter('SITES'))
for id_, name, values in (
        ('start', 'lode:buffer', {'LAYER': Source.fromModelParameter('SITES'),
                                  'DISTANCE': Source.fromStaticValue('1 km')}),
        ('middle', 'native:centroids', {'INPUT': Source.fromChildOutput('start', 'OUTPUT')}),
        ('end', 'lode:buffer', {'LAYER': Source.fromChildOutput('middle', 'OUTPUT'),
                                'DISTANCE': Source.fromStaticValue('2 km')})):
    step = QgsProcessingModelChildAlgorithm(name)
    step.setChildId(id_)
    for key, source in values.items():
        step.addParameterSources(key, [source])
    if id_ == 'end':
        output = QgsProcessingModelOutput('Out')
        output.setChildOutputName('OUTPUT')
        output.setChildId('end')
        step.setModelOutputs({'Out': output})
    model.addChildAlgorithm(step)
model.updateDestinationParameters()
assert model.toFile(sys.argv[1])
'''


class Process(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.box = Box()
        code, out, err = cls.box.qgis('plugins', 'enable', 'lode_qgis')
        assert code == 0, out + err

    @classmethod
    def tearDownClass(cls):
        cls.box.remove()

    def run_both(self, algorithm, parameters, words):
        """The same run in QGIS and on the command line; both results, layer by layer."""
        ours, theirs = self.box.path('from qgis.gpkg'), self.box.path('from cli.gpkg')
        code, out, err = self.box.qgis('--json', 'run', algorithm, '--', *parameters,
                                       'OUTPUT=' + ours)
        self.assertEqual(code, 0, err)
        run = json.loads(out)
        self.assertEqual(run['results']['OUTPUT'], ours)
        done = self.box.lode(*words, '-o', theirs, '--json')
        self.assertEqual(done.returncode, 0, done.stderr)
        said = json.loads(done.stdout)
        one, other = rows_of(ours), rows_of(theirs)
        self.assertEqual(one[1], other[1])
        self.assertGreater(len(one[2]), 0)
        self.assertEqual(one[2], other[2])
        for key, value in said['summary'].items():
            if isinstance(value, (str, int, float)):
                self.assertEqual(run['results'][key.upper()], value, key)
        self.assertEqual(run['results']['FINDINGS'], sum(f['count'] for f in said['findings']))
        for path in (ours, theirs):
            os.remove(path)
        self.assertEqual([name for name in os.listdir(self.box.data) if name.startswith('.')], [])
        return said

    def test_listed_with_a_profile_of_its_own(self):
        code, out, _ = self.box.qgis('list')
        self.assertEqual(code, 0)
        described = json.loads(self.box.lode('describe').stdout)['results']
        for command in described:
            if command['group'] != 'Program':
                self.assertIn('lode:' + command['command'].replace(' ', '') + '\t', out)

    def test_volume_outline(self):
        path = self.box.path('permits.shp')
        said = self.run_both('lode:volumeoutline',
                             ['LAYER=' + path, 'THICKNESS=30 m', 'DENSITY=2.7 t/m3', 'ID=PERMIT_ID'],
                             ['volume', 'outline', path, '--thickness', '30 m', '--density', '2.7 t/m3',
                              '--id', 'PERMIT_ID'])
        self.assertGreater(said['results'][0]['tonnage_t'], 0)

    def test_volume_outline_of_a_layer_in_a_geopackage(self):
        path = self.box.path('outlines.gpkg')
        self.run_both('lode:volumeoutline', ['LAYER=' + path + '|layername=outlines', 'THICKNESS=30 m'],
                      ['volume', 'outline', path, '--thickness', '30 m'])

    def test_permits(self):
        sites, permits = self.box.path('deposits.shp'), self.box.path('permits.shp')
        self.run_both('lode:permits',
                      ['SITES=' + sites, 'PERMITS=' + permits, 'AS_OF=2026-11-01'],
                      ['permits', sites, permits, '--as-of', '2026-11-01'])

    def test_the_help_names_units(self):
        code, out, _ = self.box.qgis('help', 'lode:volumeoutline')
        self.assertEqual(code, 0)
        for text in ('THICKNESS', 'With a unit', 't/m3', 'INPUT_CRS', 'OUTPUT'):
            self.assertIn(text.lower(), out.lower())

    def test_a_failing_input_is_told_in_lodes_words(self):
        words = ['volume', 'outline', self.box.path('deposits.shp'), '--thickness', '30 m', '--json']
        error = json.loads(self.box.lode(*words).stdout)['error']
        target = self.box.path('never.gpkg')
        code, out, err = self.box.qgis('run', 'lode:volumeoutline', '--',
                                       'LAYER=' + self.box.path('deposits.shp'), 'THICKNESS=30 m',
                                       'OUTPUT=' + target)
        self.assertEqual(code, 1)
        for key in ('code', 'message', 'hint'):
            self.assertIn(error[key], out + err)
        self.assertFalse(os.path.exists(target))

    def test_a_quantity_without_its_unit(self):
        code, out, err = self.box.qgis('run', 'lode:volumeoutline', '--',
                                       'LAYER=' + self.box.path('permits.shp'), 'THICKNESS=30',
                                       'OUTPUT=' + self.box.path('never.gpkg'))
        self.assertEqual(code, 1)
        self.assertIn('has no unit of length', out + err)

    def test_a_model_runs_here_too(self):
        """Buffer, then QGIS's own centroids, then the share of permits: a file that people pass on."""
        model = os.path.join(self.box.data, 'model.py')
        with open(model, 'w', encoding='utf-8') as file:
            file.write(MAKE_MODEL)
        made = subprocess.run([sys.executable, model, self.box.path('kept.model3')], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False,
                              env=dict(self.box.environment, LODE_PLUGINS=PLUGINS))
        self.assertEqual(made.returncode, 0, made.stdout)
        target = self.box.path('modelled.gpkg')
        code, out, err = self.box.qgis('--json', 'run', self.box.path('kept.model3'), '--',
                                       'SITES=' + self.box.path('deposits.shp'), 'end:Out=' + target)
        self.assertEqual(code, 0, out + err)
        self.assertGreater(len(rows_of(target)[2]), 0)

    def test_without_the_program_the_toolbox_stays_and_says_what_to_do(self):
        gone = os.path.join(self.box.root, 'no such program')
        code, out, _ = self.box.qgis('list', LODE_PROGRAM=gone)
        self.assertEqual(code, 0)
        self.assertIn('lode:volumeoutline', out)
        target = self.box.path('never.gpkg')
        code, out, err = self.box.qgis('run', 'lode:volumeoutline', '--',
                                       'LAYER=' + self.box.path('permits.shp'), 'THICKNESS=30 m',
                                       'OUTPUT=' + target, LODE_PROGRAM=gone)
        self.assertEqual(code, 1)
        self.assertEqual((out + err).count('was not found'), 1, 'one message')
        for text in (gone, 'LODE_PROGRAM', 'apt install ./lode_*.deb', './bootstrap install'):
            self.assertIn(text, out + err)
        self.assertNotIn('Traceback', out + err)
        self.assertFalse(os.path.exists(target))


class Packed(unittest.TestCase):
    """The zip that QGIS installs, in a QGIS that has nothing else of ours."""

    @classmethod
    def setUpClass(cls):
        cls.box = Box()
        cls.folder = os.path.join(cls.box.root, 'pack')
        cls.zip = os.path.join(cls.folder, 'lode_qgis.zip')
        subprocess.run(['cmake', '-DSOURCE=' + SOURCE, '-DPROGRAM=' + PROGRAM, '-DSTAGE=' + cls.folder,
                        '-DZIP=' + cls.zip, '-P', os.path.join(SOURCE, 'plugins', 'qgis', 'stage.cmake')],
                       check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.box.remove()

    def test_content(self):
        with zipfile.ZipFile(self.zip) as packed:
            names = packed.namelist()
        self.assertEqual({name.split('/')[0] for name in names}, {'lode_qgis'})
        for name in ('metadata.txt', 'LICENSE', 'README.md', '__init__.py', 'describe.json', 'icon.svg',
                     'icons/deposit.svg', 'summary.json', 'examples.json', 'released_ids.json'):
            self.assertIn('lode_qgis/' + name, names)
        for name in names:
            self.assertRegex(name, r'(/|LICENSE|\.(py|txt|md|svg|json))$')
        self.assertLess(os.path.getsize(self.zip), 1 << 20)

    def test_installed_and_run(self):
        plugins = os.path.join(self.box.root, 'in stalled')
        with zipfile.ZipFile(self.zip) as packed:
            packed.extractall(plugins)
        said = {'QGIS_PLUGINPATH': plugins}
        code, out, err = self.box.qgis('plugins', 'enable', 'lode_qgis', **said)
        self.assertEqual(code, 0, out + err)
        target = self.box.path('zip.gpkg')
        code, out, err = self.box.qgis('--json', 'run', 'lode:buffer', '--',
                                       'LAYER=' + self.box.path('rivers.shp'), 'DISTANCE=1 km',
                                       'OUTPUT=' + target, **said)
        self.assertEqual(code, 0, err)
        self.assertTrue(os.path.isfile(target))
        self.assertGreater(json.loads(out)['results']['AREA_M2'], 0)


if __name__ == '__main__':
    unittest.main()
