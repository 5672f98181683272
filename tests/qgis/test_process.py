"""The plugin as qgis_process runs it: found, listed, run, and failing in Lode's own words."""
import json
import os
import unittest

from headless import Box, rows_of


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
        for text in (gone, 'LODE_PROGRAM', './bootstrap install'):
            self.assertIn(text, out + err)
        self.assertNotIn('Traceback', out + err)
        self.assertFalse(os.path.exists(target))


if __name__ == '__main__':
    unittest.main()
