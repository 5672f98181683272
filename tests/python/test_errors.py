"""What goes wrong in Lode comes out as lode.Error, with its code, place and hint, and as nothing else."""
import json
import os
import pathlib
import pickle
import unittest

import box
import lode


class Errors(box.Box):
    data = box.SAMPLE

    def both(self, words, function, *args, **kwargs):
        """The error of both faces; what the program says in JSON is what Python has."""
        code, out, _ = self.lode(*words, '--json')
        self.assertNotEqual(code, 0)
        said = json.loads(out)
        with self.assertRaises(lode.Error) as caught:
            function(*args, **kwargs)
        error = caught.exception
        self.assertEqual({'code': error.code, 'where': error.where, 'message': error.message,
                          'hint': error.hint}, said['error'])
        self.assertEqual([one.code for one in error.more], [one['code'] for one in said.get('more', [])])
        return error

    def test_a_missing_file(self):
        error = self.both(['volume', 'outline', 'none.gpkg', '--thickness', '30 m'], lode.volume_outline,
                          'none.gpkg', thickness='30 m')
        self.assertEqual(error.code, 'io.missing_file')
        self.assertIn('none.gpkg', str(error))
        self.assertIn(error.hint, str(error))

    def test_a_bare_number_where_a_unit_is_meant(self):
        for bare in (30, 30.0, '30'):
            error = self.both(['volume', 'outline', 'outlines.gpkg', '--thickness', '30'],
                              lode.volume_outline, 'outlines.gpkg', thickness=bare)
            self.assertEqual(error.code, 'usage.quantity')
            self.assertIn('ft', error.hint)

    def test_usage(self):
        self.both(['volume', 'outline', 'outlines.gpkg', '--thickness', '30 m', '--grade', '1 %'],
                  lode.volume_outline, 'outlines.gpkg', thickness='30 m', grade='1 %')
        self.both(['volume', 'outline', 'outlines.gpkg', '--thickness', '30 m', '--crs', 'EPSG:nought'],
                  lode.volume_outline, 'outlines.gpkg', thickness='30 m', crs='EPSG:nought')
        self.both(['volume', 'outline', 'outlines.gpkg', '--thickness', '30 m', '--seed', '1.5'],
                  lode.volume_outline, 'outlines.gpkg', thickness='30 m', seed=1.5)
        self.both(['volume', 'outline', 'outlines.gpkg', '--thickness', '30 m', '--below-detection', 'hlaf'],
                  lode.volume_outline, 'outlines.gpkg', thickness='30 m', below_detection='hlaf')

    def test_all_faults_of_a_study(self):
        text = pathlib.Path('study.toml').read_text(encoding='utf-8')
        pathlib.Path('study.toml').write_text(text.replace('direction', 'directoin'), encoding='utf-8')
        error = self.both(['study', 'check', 'study.toml'], lode.study_check, 'study.toml')
        self.assertIsInstance(error.more, list)

    def test_an_existing_result(self):
        pathlib.Path('there.gpkg').write_text('mine', encoding='utf-8')
        error = self.both(['volume', 'outline', 'outlines.gpkg', '--thickness', '30 m', '-o', 'there.gpkg'],
                          lode.volume_outline, 'outlines.gpkg', thickness='30 m', output='there.gpkg')
        self.assertEqual(error.code, 'io.exists')
        self.assertEqual(pathlib.Path('there.gpkg').read_text(encoding='utf-8'), 'mine')

    def test_results_although_it_failed(self):
        pathlib.Path('open.obj').write_text('v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\n',
                                            encoding='utf-8')
        with self.assertRaises(lode.Error) as caught:
            lode.volume_mesh('open.obj', unit='m')
        error = caught.exception
        self.assertIsInstance(error.result, lode.VolumeMeshResult)
        self.assertIsNone(error.result.results[0].volume_m3)
        code, out, _ = self.lode('volume', 'mesh', 'open.obj', '--unit', 'm', '--json')
        self.assertEqual(code, 1)
        self.assertEqual(error.result.json() + '\n', out)
        self.assertEqual(error.code, error.result.findings[0].code)

    def test_strict(self):
        pathlib.Path('odd.csv').write_text('id,lon,lat\na,1,2\nb,,\n', encoding='utf-8')
        error = self.both(['inspect', 'odd.csv', '--strict'], lode.inspect, 'odd.csv', strict=True)
        self.assertEqual(error.code, 'strict.finding')

    def test_no_right_to_write(self):
        if os.geteuid() == 0:
            where = '/proc/lode.gpkg'
        else:
            os.mkdir('locked', 0o500)
            where = 'locked/lode.gpkg'
        with self.assertRaises(lode.Error) as caught:
            lode.volume_outline('outlines.gpkg', thickness='30 m', output=where)
        self.assertTrue(caught.exception.code.startswith('io.'), caught.exception.code)

    def test_pickles(self):
        error = lode.Error('a.b', 'what', 'where', 'hint', [lode.Error('c.d', 'more')])
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((again.code, again.where, again.hint, again.more[0].code),
                         ('a.b', 'where', 'hint', 'c.d'))
        self.assertEqual(str(again), '[a.b] where: what. hint\n[c.d]: more.')


if __name__ == '__main__':
    unittest.main()
