"""Frames in and out: the numbers to the last bit, what is missing, CRS, names, and life without pandas."""
import datetime
import os
import subprocess
import sys
import tempfile
import unittest

import box
import lode
import numpy
from lode.frames import Frames, column_of, is_frame

try:
    import geopandas
    import pandas
except ImportError:
    geopandas = pandas = None

NASTY = [0.1, 1 / 3, 2.2250738585072014e-308, 8.98846567431158e307, 123456789.123456789, -2.5e-7, 1e22, 4503599627370497.5]


def bare(result):
    """The JSON without what names the input."""
    values = result.asdict()
    values.pop('inputs')
    return values


@unittest.skipIf(geopandas is None, 'no geopandas (Debian: apt install python3-geopandas)')
class FramesIn(box.Box):
    data = box.SAMPLE

    def setUp(self):
        super().setUp()
        self.temporary = tempfile.mkdtemp()
        tempfile.tempdir = self.temporary

    def tearDown(self):
        tempfile.tempdir = None
        self.assertEqual(os.listdir(self.temporary), [])
        os.rmdir(self.temporary)
        super().tearDown()

    def test_a_geodataframe_gives_what_its_file_gives(self):
        frame = geopandas.read_file('outlines.gpkg')
        ours = lode.volume_outline(frame, thickness='30 m', density='2.7 t/m3')
        theirs = lode.volume_outline('outlines.gpkg', thickness='30 m', density='2.7 t/m3')
        self.assertEqual(bare(ours), bare(theirs))
        self.assertEqual(ours.inputs[0].crs, theirs.inputs[0].crs)
        self.assertEqual(ours.inputs[0].features, len(frame))

    def test_attributes_of_a_shapefile(self):
        criteria = ['name=g,field=TREO_PCT,direction=max,weight=0.6', 'name=o,field=ORE_MT,direction=max,weight=0.4']
        options = dict(criterion=criteria, id='SITE_ID', missing='neutral', draws=500,
                       where="ISO3 <> 'CHN'")
        ours = lode.rank(geopandas.read_file('deposits.shp'), **options)
        self.assertEqual(bare(ours), bare(lode.rank('deposits.shp', **options)))

    def test_a_table(self):
        frame = pandas.read_csv('plants.csv')
        self.assertEqual(lode.inspect(frame).results[0].features, len(frame))
        options = dict(to='ports.csv', straight=True)
        ours = lode.route(frame, **options)
        theirs = lode.route('plants.csv', **options)
        self.assertEqual(bare(ours)['results'], bare(theirs)['results'])

    def test_several_inputs(self):
        ours = lode.route(geopandas.read_file('deposits.shp'), to=pandas.read_csv('ports.csv'), straight=True)
        self.assertEqual(bare(ours)['results'], bare(lode.route('deposits.shp', to='ports.csv',
                                                                straight=True))['results'])

    def test_numbers_keep_every_bit(self):
        frame = geopandas.GeoDataFrame(
            {'id': [f's{i}' for i in range(len(NASTY))], 'value': NASTY},
            geometry=geopandas.points_from_xy([1 / 3 + i for i in range(len(NASTY))], [0.1 + 0.2] * len(NASTY)),
            crs='EPSG:4326')
        for given in (frame, pandas.DataFrame(frame.drop(columns='geometry')).assign(
                lon=frame.geometry.x, lat=frame.geometry.y)):
            given = given.assign(one=1.0)
            result = lode.rank(given, criterion=['name=v,field=one,direction=max,weight=1'], id='id', draws=0)
            back = result.geo().set_index('id')
            self.assertEqual({name: back.value[name].hex() for name in back.index},
                             {name: value.hex() for name, value in zip(frame['id'], NASTY)})
            places = {name: (point.x.hex(), point.y.hex()) for name, point in zip(back.index, (
                one if one.geom_type == 'Point' else one.geoms[0] for one in back.geometry))}
            self.assertEqual(places, {name: (point.x.hex(), point.y.hex())
                                      for name, point in zip(frame['id'], frame.geometry)})

    def test_no_crs_is_refused_in_lodes_words(self):
        frame = geopandas.read_file('outlines.gpkg')
        frame = geopandas.GeoDataFrame(frame.drop(columns='geometry'), geometry=list(frame.geometry))
        self.assertIsNone(frame.crs)
        with self.assertRaises(lode.Error) as caught:
            lode.volume_outline(frame, thickness='30 m')
        self.assertEqual(caught.exception.code, 'crs.missing')
        self.assertNotIn('lode-frame-', str(caught.exception))
        self.assertGreater(lode.volume_outline(frame, thickness='30 m', input_crs='EPSG:4326').summary.features, 0)

    def test_a_projected_crs_and_one_without_a_code(self):
        frame = geopandas.read_file('outlines.gpkg').iloc[:1].to_crs(32611)
        self.assertEqual(lode.volume_outline(frame, thickness='30 m').inputs[0].crs, 'EPSG:32611')
        odd = frame.to_crs('+proj=laea +lat_0=40 +lon_0=-110 +datum=WGS84 +units=m')
        whole = lode.volume_outline(frame, thickness='30 m').results[0].area_m2
        self.assertAlmostEqual(lode.volume_outline(odd, thickness='30 m').results[0].area_m2 / whole, 1, 6)

    def test_missing_geometry_and_values(self):
        frame = geopandas.read_file('outlines.gpkg')
        frame.loc[0, 'geometry'] = None
        result = lode.volume_outline(frame, thickness='30 m')
        self.assertIn('geometry.empty', [finding.code for finding in result.findings])

    def test_errors_name_the_parameter(self):
        frame = geopandas.read_file('outlines.gpkg')
        with self.assertRaises(lode.Error) as caught:
            lode.volume_outline(frame, thickness='no such field')
        self.assertEqual(caught.exception.code, 'table.no_field')
        self.assertIn('layer.gpkg', caught.exception.where)
        self.assertNotIn(tempfile.gettempdir(), str(caught.exception))

    def test_two_columns_of_one_name(self):
        frame = pandas.DataFrame([[1, 2]], columns=['a', 'a'])
        with self.assertRaisesRegex(ValueError, "two columns 'a'"):
            lode.inspect(frame)


@unittest.skipIf(geopandas is None, 'no geopandas (Debian: apt install python3-geopandas)')
class FramesOut(box.Box):
    data = box.SAMPLE

    def test_frame(self):
        result = lode.volume_outline('outlines.gpkg', thickness='30 m')
        frame = result.frame()
        self.assertEqual(list(frame.columns), list(result.results[0]))
        self.assertEqual(list(frame.area_m2), [row.area_m2 for row in result.results])

    def test_geo_is_what_the_file_holds(self):
        written = lode.volume_outline('outlines.gpkg', thickness='30 m', output='out.gpkg')
        kept = lode.volume_outline('outlines.gpkg', thickness='30 m')
        self.assertEqual(kept.outputs, [])
        file = geopandas.read_file('out.gpkg')
        for result in (written, kept):
            frame = result.geo()
            self.assertEqual(frame.crs, file.crs)
            self.assertEqual(list(frame.drop(columns='geometry').columns),
                             list(file.drop(columns='geometry').columns))
            self.assertEqual([value.hex() for value in frame.volume_m3], [value.hex() for value in file.volume_m3])
            self.assertTrue(all(ours.equals_exact(theirs, 0) for ours, theirs in
                                zip(frame.geometry, file.geometry)))

    def test_geo_of_others(self):
        self.assertEqual(len(lode.buffer('rivers.shp', distance='200 m').geo()),
                         len(geopandas.read_file('rivers.shp')))
        routes = lode.route('deposits.shp', to='ports.csv', straight=True, nearest=1)
        self.assertEqual(len(routes.geo()), len(routes.results))
        self.assertEqual(lode.buffer('rivers.shp', distance='200 m', crs='EPSG:3857').geo().crs.to_epsg(), 3857)

    def test_no_layer(self):
        with self.assertRaisesRegex(ValueError, 'made no layer'):
            lode.describe('rank').geo()

    def test_nested_results_are_columns(self):
        frame = lode.rank('deposits.shp', id='SITE_ID', missing='neutral', draws=10, criterion=[
            'name=g,field=TREO_PCT,direction=max,weight=1']).frame()
        self.assertIn('contributions.g', frame.columns)


class Columns(unittest.TestCase):

    def same(self, values, wanted):
        got = column_of(values)
        if isinstance(wanted, list):
            self.assertEqual(got, wanted)
        else:
            numpy.testing.assert_array_equal(got, wanted)

    def test_numpy(self):
        nan = numpy.nan
        self.same(numpy.array([1, 2], dtype='i4'), numpy.array([1.0, 2]))
        self.same(numpy.array([1.5, nan], dtype='f4'), numpy.array([1.5, nan]))
        self.same(numpy.array([2 ** 53 + 1, 1]), ['9007199254740993', '1'])
        self.same(numpy.array([True, False]), numpy.array([1.0, 0.0]))
        self.same(numpy.array(['2026-11-01', 'NaT'], dtype='M8[D]'), ['2026-11-01', ''])
        self.same(numpy.array(['a', 'ü']), ['a', 'ü'])
        self.same([1, None, 2.5], numpy.array([1, nan, 2.5]))
        self.same([None, None], ['', ''])
        self.same([datetime.date(2026, 11, 1), datetime.datetime(2026, 11, 1, 4, 5, 6)],
                  ['2026-11-01', '2026-11-01T04:05:06'])
        self.same([1, 'a'], ['1', 'a'])

    @unittest.skipIf(pandas is None, 'no pandas (Debian: apt install python3-pandas)')
    def test_pandas(self):
        nan = numpy.nan
        self.same(pandas.Series([1, None, 3], dtype='Int64'), numpy.array([1, nan, 3]))
        self.same(pandas.Series([1.5, None], dtype='Float64'), numpy.array([1.5, nan]))
        self.same(pandas.Series([True, None], dtype='boolean'), numpy.array([1, nan]))
        self.same(pandas.Series(['a', None], dtype='string'), ['a', ''])
        self.same(pandas.Series(['a', None], dtype='category'), ['a', ''])
        self.same(pandas.to_datetime(pandas.Series(['2026-11-01', None])), ['2026-11-01', ''])
        self.same(pandas.to_datetime(pandas.Series(['2026-11-01 04:05'])), ['2026-11-01T04:05:00'])


class WithoutPandas(box.Box):
    data = box.SAMPLE

    def test_a_dict_of_columns(self):
        table = {'id': ['a', 'b'], 'lon': numpy.array([10.5, 11]), 'lat': numpy.array([50, 51.25])}
        self.assertTrue(is_frame(table))
        result = lode.route(table, to='ports.csv', straight=True, nearest=1)
        self.assertEqual([row['from'] for row in result.results], ['a', 'b'])
        self.assertEqual([len(wkb) > 0 for wkb in result.layers['routes'].wkb()], [True, True])

    def test_places_as_wkt_and_wkb(self):
        square = 'POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))'
        told = lode.volume_outline({'id': numpy.array(['q']), 'geometry': [square]}, thickness='1 m',
                                   input_crs='EPSG:4326')
        wkb = told.layers['outline_volumes'].wkb()[0]
        again = lode.volume_outline({'id': numpy.array(['q']), 'geometry': [wkb]}, thickness='1 m',
                                    input_crs='EPSG:4326')
        self.assertEqual(told.results[0].area_m2, again.results[0].area_m2)
        # One degree square at the equator: Karney's planimeter gives 12308778361.469452 m2.
        self.assertAlmostEqual(told.results[0].area_m2, 12308778361.469452, 3)

    def test_bad_places(self):
        for bad, code in (('POLYGON ((', 'geometry.bad_wkt'), (b'\x01\x03\x00', 'geometry.bad_wkb'),
                          (b'\x01\x02\x00\x00\x00\xff\xff\xff\xff', 'geometry.bad_wkb'),
                          (b'\x07\x01\x00\x00\x00', 'geometry.bad_wkb')):
            with self.assertRaises(lode.Error) as caught:
                lode.volume_outline({'id': numpy.array(['q']), 'geometry': [bad]}, thickness='1 m')
            self.assertEqual(caught.exception.code, code)
        with self.assertRaises(TypeError):
            lode.volume_outline({'id': numpy.array(['q']), 'geometry': [3]}, thickness='1 m')

    def test_columns_of_different_lengths(self):
        with self.assertRaisesRegex(ValueError, 'a 2, b 3'):
            lode.inspect({'a': numpy.arange(2), 'b': numpy.arange(3)})

    def test_pandas_missing(self):
        text = ('import sys; sys.modules["pandas"] = sys.modules["geopandas"] = sys.modules["shapely"] = None\n'
                'import lode\n'
                'r = lode.volume_outline("outlines.gpkg", thickness="30 m")\n'
                'print(len(r.results), len(r.layers["outline_volumes"].wkb()))\n'
                'for ask in (r.frame, r.geo):\n'
                '    try: ask()\n'
                '    except ImportError as error: print(error)\n')
        done = subprocess.run([sys.executable, '-B', '-c', text], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(*lines[0].split())
        self.assertIn('python3-pandas', lines[1])
        self.assertIn('python3-', lines[2])

    def test_the_folder_goes_with_the_run(self):
        with Frames() as frames:
            path = frames.path({'a': numpy.arange(3)}, 'table')
            self.assertTrue(os.path.exists(path))
            self.assertEqual(frames.shown(f'x {path} y'), 'x table.csv y')
        self.assertFalse(os.path.exists(os.path.dirname(path)))


if __name__ == '__main__':
    unittest.main()
