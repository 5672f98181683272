"""Every command as a function: the same bits as the program's, its signature, help and results."""
import hashlib
import inspect
import json
import os
import pathlib
import pydoc
import shutil
import unittest
import warnings

import box
import lode


def sum_of(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


class SameBits(box.Box):
    """json() is what the program prints with --json, to the byte."""
    data = box.SAMPLE

    def same(self, result, *words):
        code, out, err = self.lode(*words, '--json')
        self.assertEqual(code, 0, err)
        self.assertEqual(result.json() + '\n', out)
        return result

    def test_volume_outline(self):
        result = self.same(
            lode.volume_outline('outlines.gpkg', thickness='30 m', density='2.7 t/m3', grade='1.2 %'),
            'volume', 'outline', 'outlines.gpkg', '--thickness', '30 m', '--density', '2.7 t/m3', '--grade',
            '1.2 %')
        self.assertGreater(result.results[0].volume_m3, 0)

    def test_inspect(self):
        self.same(lode.inspect('deposits.shp', 'permits.shp'), 'inspect', 'deposits.shp', 'permits.shp')
        self.same(lode.inspect(['deposits.shp', pathlib.Path('permits.shp')]), 'inspect', 'deposits.shp',
                  'permits.shp')

    def test_buffer_to_a_file(self):
        ours = lode.buffer('rivers.shp', distance='200 m', output='a.gpkg')
        shutil.move('a.gpkg', 'b.gpkg')
        self.assertEqual(self.lode('buffer', 'rivers.shp', '--distance', '200 m', '-o', 'a.gpkg')[0], 0)
        self.assertEqual(pathlib.Path('a.gpkg').read_bytes(), pathlib.Path('b.gpkg').read_bytes())
        self.assertEqual(ours.outputs[0].sha256, sum_of('b.gpkg'))

    def test_describe(self):
        self.same(lode.describe('volume', 'outline'), 'describe', 'volume', 'outline')
        self.same(lode.describe(), 'describe')

    def test_study_check(self):
        self.same(lode.study_check('study.toml'), 'study', 'check', 'study.toml')

    def test_the_whole_study(self):
        ours = lode.study_run('study.toml', output='results')
        shutil.move('results', 'ours')
        code, out, err = self.lode('study', 'run', 'study.toml', '-o', 'results', '--json')
        self.assertEqual(code, 0, err)
        self.assertEqual(ours.json() + '\n', out)
        for name in ('ranking.csv', 'indicators.csv', 'sites.gpkg', 'run.json', 'report.html'):
            with self.subTest(file=name):
                self.assertEqual(sum_of(f'ours/{name}'), sum_of(f'results/{name}'))


class Functions(unittest.TestCase):

    def test_every_command_is_a_function(self):
        described = [one.command for one in lode.describe().results]
        self.assertGreater(len(described), 40)
        for command in described:
            function = getattr(lode, command.replace(' ', '_'))
            self.assertTrue(callable(function), command)

    def test_signatures_say_what_is_declared(self):
        for one in lode.describe().results:
            known = inspect.signature(getattr(lode, one.command.replace(' ', '_'))).parameters
            for parameter in one.parameters:
                if parameter['name'] in ('json', 'quiet', 'verbose', 'progress'):
                    continue
                name = parameter['name'].replace('-', '_')
                name = name.lower() if parameter['positional'] else name
                self.assertTrue({name, name + '_'} & set(known), f'{one.command} {name}')
            self.assertIn('progress', known)

    def test_a_signature(self):
        known = inspect.signature(lode.volume_outline).parameters
        self.assertEqual(list(known)[:2], ['layer_', 'thickness'])
        self.assertIs(known['thickness'].default, inspect.Parameter.empty)
        self.assertIs(known['density'].default, None)
        self.assertEqual(known['below_detection'].default, 'refuse')
        self.assertEqual(known['seed'].default, 1)
        self.assertIs(known['overwrite'].default, False)
        self.assertIn('as_', inspect.signature(lode.inspect).parameters)

    def test_help_reads_well(self):
        page = pydoc.plain(pydoc.render_doc(lode.rank))
        self.assertIn('rank(table', page)
        self.assertIn('draws:', page)
        self.assertIn('default: ', page)
        self.assertLessEqual(max(map(len, lode.volume_outline.__doc__.splitlines())), 100)

    def test_a_slip_in_a_name(self):
        with self.assertRaisesRegex(TypeError, "no argument 'thicknes'; did you mean 'thickness'"):
            lode.volume_outline('a.gpkg', thicknes='30 m')
        with self.assertRaisesRegex(TypeError, r'help\(lode.volume_outline\)'):
            lode.volume_outline('a.gpkg', thickness='30 m', zzzzzz=1)
        with self.assertRaisesRegex(TypeError, "missing a required argument: 'thickness'"):
            lode.volume_outline('a.gpkg')
        with self.assertRaisesRegex(TypeError, "missing a required argument: 'file'"):
            lode.inspect()

    def test_values_of_the_wrong_type(self):
        for wrong in ({'overwrite': 1}, {'output': True}, {'density': object()}, {'progress': 3}):
            with self.assertRaises(TypeError, msg=str(wrong)):
                lode.volume_outline('a.gpkg', thickness='30 m', **wrong)


class Results(box.Box):
    data = box.SAMPLE

    def test_attributes_and_keys(self):
        result = lode.volume_outline('outlines.gpkg', thickness='30 m')
        row = result.results[0]
        said = self.json('volume', 'outline', 'outlines.gpkg', '--thickness', '30 m')
        self.assertEqual([row.asdict() for row in result.results], said['results'])
        self.assertEqual(row.area_m2, row['area_m2'])
        self.assertEqual(list(row), list(said['results'][0]))
        self.assertIsNone(row.tonnage_t)
        self.assertEqual(result.summary.asdict(), said['summary'])
        self.assertEqual(vars(result.inputs[0]), said['inputs'][0])
        self.assertEqual(type(result).__name__, 'VolumeOutlineResult')
        self.assertEqual(type(row).__name__, 'VolumeOutlineRow')
        self.assertIsInstance(result, lode.VolumeOutlineResult)
        with self.assertRaises(KeyError):
            row['no such key']
        with self.assertRaises(AttributeError):
            row.no_such_key

    def test_print_gives_the_table_for_people(self):
        _, out, _ = self.lode('volume', 'outline', 'outlines.gpkg', '--thickness', '30 m', '--density',
                              '2.7 t/m3', '--grade', '1 %')
        self.assertEqual(str(lode.volume_outline('outlines.gpkg', thickness='30 m', density='2.7 t/m3',
                                                 grade='1 %')) + '\n', out)
        _, out, _ = self.lode('help', 'rank')
        self.assertEqual(str(lode.help('rank')).strip(), out.strip())

    def test_findings_are_warnings_once_each(self):
        with open('odd.csv', 'w', encoding='utf-8') as file:
            file.write('id,lon,lat\na,1,2\nb,,\n')
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter('always')
            result = lode.inspect('odd.csv')
        loud = [one for one in result.findings if one.severity != 'note']
        self.assertGreater(len(loud), 0)
        ours = [one for one in said if one.category is lode.FindingWarning]
        self.assertEqual([str(one.message) for one in ours], [str(one) for one in loud])
        self.assertEqual(ours[0].filename, __file__)

    def test_dry_run(self):
        result = lode.volume_outline('outlines.gpkg', thickness='30 m', output='x.gpkg', dry_run=True)
        self.assertEqual(result.summary.would_run, 'lode volume outline')
        self.assertFalse(os.path.exists('x.gpkg'))

    def test_json_is_json(self):
        self.assertEqual(json.loads(lode.describe('rank').json())['command'], 'describe')


if __name__ == '__main__':
    unittest.main()
