"""Geometry, layers and tables with shapely, pandas and geopandas."""
import unittest

import numpy as np

from library_case import ROOT, lode_room

geometry, io, core = lode_room('geometry'), lode_room('io'), lode_room('core')
environment, deposit, estimation = lode_room('environment'), lode_room('deposit'), lode_room('estimation')
try:
    import geopandas
    import pandas
    from shapely import wkb, wkt
    from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
except ImportError as why:
    raise unittest.SkipTest(f'{why} (Debian: apt install python3-geopandas)')


class Shapes(unittest.TestCase):
    def test_both_ways(self):
        hole = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
        for shape in (hole, MultiPolygon([hole, box(10, 10, 11, 11)]), LineString([(0, 0), (1, 1), (2, 0)]), Point(3, 4)):
            back = geometry.follow_edges(shape, 'local:m', 'straight') if shape.geom_type != 'Point' \
                else geometry.point_geometry(3, 4)
            self.assertTrue(back.equals(shape), back.wkt)
            for given in (shape, shape.wkb, shape.wkt):
                self.assertEqual(geometry.to_wkt(given), geometry.to_wkt(back))

    def test_an_overlay(self):
        found = geometry.intersection(box(0, 0, 2, 2), box(1, 1, 3, 3))
        self.assertEqual(found.area, 1.0)
        self.assertEqual(geometry.unite([box(0, 0, 1, 1), box(1, 0, 2, 1)]).area, 2.0)

    def test_wkb_of_other_programs(self):
        """Big-endian, with heights, with an SRID: of ISO and of PostGIS."""
        shape = Polygon([(0, 0, 5), (4, 0, 5), (4, 4, 5)])
        for given in (wkb.dumps(shape, big_endian=True), wkb.dumps(shape, srid=4326), wkb.dumps(shape)):
            self.assertEqual(geometry.area_m2(given, 'local:m'), 8.0)

    def test_bad_wkb(self):
        good = box(0, 0, 1, 1).wkb
        for given in (good[:20], good[:-1], b'', b'\x01', b'\x01\x63\x00\x00\x00', b'\x01\x03\x00\x00\x00\xff\xff\xff\xff',
                      wkt.loads('GEOMETRYCOLLECTION(POINT(0 0), LINESTRING(0 0, 1 1))'), 5, object()):
            with self.subTest(repr(given)[:50]), self.assertRaisesRegex((TypeError, ValueError), '^geometry: '):
                geometry.area_m2(given, 'local:m')
        with self.assertRaises(lode_room('errors').Error):
            geometry.area_m2('POLYGON((0 0, 1', 'local:m')


class Frames(unittest.TestCase):
    def test_a_series_is_a_list(self):
        series = geopandas.GeoSeries([box(0, 0, 1, 1), None, box(0, 0, 2, 2)], crs='EPSG:32632')
        areas = geometry.areas_m2(series)
        self.assertEqual(len(areas), 3)
        self.assertAlmostEqual(areas[2] / areas[0], 4.0, places=6)
        self.assertEqual(areas[1], 0.0)
        with self.assertRaisesRegex(ValueError, '^crs: '):
            geometry.areas_m2([box(0, 0, 1, 1)])

    def test_a_table_of_a_frame(self):
        frame = pandas.DataFrame({'id': ['a', 'b'], 'Nd_ppm': [100.0, None], 'La_ppm': [50, 60]})
        found = deposit.oxides_of(frame)
        self.assertAlmostEqual(found.rows[0].suite.oxide[3], 100e-6 * 1.166377, places=9)
        self.assertTrue(np.isnan(found.rows[1].suite.oxide[3]))
        as_dict = deposit.oxides_of({'id': ['a', 'b'], 'Nd_ppm': [100.0, np.nan], 'La_ppm': [50, 60]})
        self.assertEqual(as_dict.rows, found.rows)

    def test_columns_of_one_length(self):
        with self.assertRaises((ValueError, lode_room('errors').Error)):
            deposit.oxides_of({'id': ['a'], 'Nd_ppm': [1.0, 2.0]})

    def test_a_layer_there_and_back(self):
        frame = geopandas.GeoDataFrame({'id': ['a', 'b'], 'value': [1.5, np.nan]},
                                       geometry=[box(0, 0, 1, 1), box(5, 5, 6, 6)], crs=4326)
        moved = io.to_crs(frame, 'EPSG:3857')
        self.assertEqual(moved.crs.authority, 'EPSG:3857')
        back = moved.frame()
        self.assertEqual(back.crs.to_epsg(), 3857)
        self.assertEqual(list(back['id']), ['a', 'b'])
        wanted = frame.to_crs(3857)
        np.testing.assert_allclose(back.total_bounds, wanted.total_bounds, rtol=1e-9)
        self.assertEqual(io.feature_ids(frame, ''), ['a', 'b'])

    def test_samples_of_a_frame(self):
        frame = geopandas.GeoDataFrame({'grade': [1.0, 2.0, 3.0], 'bhid': ['A', 'A', 'B']},
                                       geometry=[Point(0, 0), Point(10, 0), Point(20, 0)], crs=32632)
        samples = estimation.Samples.from_frame(frame, 'grade', hole='bhid')
        self.assertEqual(list(samples.x), [0, 10, 20])
        self.assertEqual((list(samples.hole), samples.hole_names), ([0, 0, 1], ['A', 'B']))
        found = estimation.experimental_variogram(samples, lag_m=10, lags=2)
        self.assertEqual([lag.gamma for lag in found.directions[0].lags[1:]], [0.5, 2.0])
        with self.assertRaisesRegex(KeyError, "did you mean 'grade'"):
            estimation.Samples.from_frame(frame, 'grades')

    def test_a_setback(self):
        """A point's setback of 100 m in a mine grid is a disc."""
        disc = environment.setback_of(Point(0, 0), 'local:m', 100.0, tolerance=1e-4)
        self.assertAlmostEqual(disc.area / (np.pi * 1e4), 1.0, delta=5e-4)


if __name__ == '__main__':
    unittest.main()
