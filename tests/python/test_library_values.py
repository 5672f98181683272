"""Figures of the library from Python against published ones and closed forms."""
import math
import unittest

import numpy as np

from library_case import cases, lode_room

crs, deposit, estimation = lode_room('crs'), lode_room('deposit'), lode_room('estimation')
geometry, ranking, supply = lode_room('geometry'), lode_room('ranking'), lode_room('supply')
core, logistics = lode_room('core'), lode_room('logistics')


class Places(unittest.TestCase):
    def test_geodesics_of_karney(self):
        earth = crs.Geodesic()
        rows = cases('geodesic_inverse.csv')
        self.assertGreater(len(rows), 5)
        for row in rows:
            a = (float(row['lon1_deg']), float(row['lat1_deg']))
            b = (float(row['lon2_deg']), float(row['lat2_deg']))
            found = earth.inverse(a, b)
            self.assertAlmostEqual(found.distance_m, float(row['distance_m']),
                                   delta=max(float(row['tolerance_m']), 1e-8))
        columns = [np.array([float(row[k]) for row in rows])
                   for k in ('lon1_deg', 'lat1_deg', 'lon2_deg', 'lat2_deg')]
        one_by_one = [earth.distance_m((a, b), (c, d)) for a, b, c, d in zip(*columns)]
        np.testing.assert_array_equal(earth.distances_m(*columns), one_by_one)
        np.testing.assert_array_equal(earth.inverses(*columns)[0], one_by_one)

    def test_jfk_to_lhr(self):
        """`echo 40.6 -73.8 51.6 -0.5 | GeodSolve -i` (GeographicLib): 5551759.400 m."""
        found = crs.Geodesic(crs.wgs84()).distance_m(crs.LonLat(-73.8, 40.6), (-0.5, 51.6))
        self.assertAlmostEqual(found, 5551759.400, places=3)

    def test_direct_undoes_inverse(self):
        earth = crs.Geodesic()
        lon, lat = earth.directs([10.0, 20.0], [50.0, -33.0], 45.0, [1e5, 2e6])
        distance, azimuth, _ = earth.inverses([10.0, 20.0], [50.0, -33.0], lon, lat)
        np.testing.assert_allclose(distance, [1e5, 2e6], atol=1e-6)
        np.testing.assert_allclose(azimuth, 45.0, atol=1e-10)

    def test_utm_of_a_column(self):
        """On the central meridian x is 500,000 m; on the equator y is 0."""
        way = crs.Transform('EPSG:4326', 32632)
        x, y = way.forward([9.0, 9.0], [0.0, 50.0])
        np.testing.assert_allclose(x, 5e5, atol=1e-6)
        self.assertAlmostEqual(y[0], 0.0, places=6)
        back = crs.Transform(32632, 4326).forward(x, y)
        np.testing.assert_allclose(back[1], [0.0, 50.0], atol=1e-11)

    def test_area_of_an_eighth_of_the_earth(self):
        """510065621.724 km2 is the area of WGS 84 (Karney 2013)."""
        octant = 'POLYGON((0 0, 90 0, 0 90, 0 0))'
        self.assertAlmostEqual(geometry.area_m2(octant, 'EPSG:4326') / 510065621724088.44 * 8, 1.0, places=12)
        np.testing.assert_array_equal(geometry.areas_m2([octant] * 2, 4326),
                                      [geometry.area_m2(octant, 4326)] * 2)

    def test_winding_does_not_turn_an_area(self):
        for ring in ('0 0, 1000 0, 1000 1000, 0 1000, 0 0', '0 0, 0 1000, 1000 1000, 1000 0, 0 0'):
            self.assertEqual(geometry.area_m2(f'POLYGON(({ring}))', 'local:m'), 1e6)
            hole = f'POLYGON((-1 -1, -1 2000, 2000 2000, 2000 -1, -1 -1), ({ring}))'
            self.assertEqual(geometry.area_m2(hole, 'local:m'), 2001.0 ** 2 - 1e6)


class Oxides(unittest.TestCase):
    def test_factors_of_the_table(self):
        for row in cases('oxide_factors.csv'):
            for basis in ('trade', 'sesquioxide'):
                self.assertAlmostEqual(deposit.oxide_factor(row['symbol'], basis), float(row[f'{basis}_factor']),
                                       delta=5.1e-7)
        self.assertAlmostEqual(deposit.oxide_factor('Nd', 'trade'), 1.166377, places=6)

    def test_a_column_there_and_back(self):
        grades = np.array([100.0, np.nan, 0.0, 2500.0])
        oxide = deposit.to_oxide_column(grades, 'Ce')
        np.testing.assert_allclose(oxide, grades * 1.228368, rtol=1e-6)
        np.testing.assert_allclose(deposit.to_element_column(oxide, 'cerium'), grades, rtol=1e-15)
        with self.assertRaisesRegex(ValueError, "element: 'Xx'"):
            deposit.to_oxide_column(grades, 'Xx')


class Variograms(unittest.TestCase):
    def test_four_samples_on_a_line(self):
        """1 3 2 6 at 0 10 20 30 m: lag 10 has squares 4 1 16, lag 20 has 1 9, lag 30 has 25."""
        samples = estimation.Samples(x=[0, 10, 20, 30], y=np.zeros(4), z=np.zeros(4), variables=['v'],
                                     values=[[1, 3, 2, 6]])
        found = estimation.experimental_variogram(samples, lag_m=10, lags=3)
        lags = found.directions[0].lags
        self.assertEqual([lag.pairs for lag in lags], [0, 3, 2, 1])
        np.testing.assert_allclose([lag.gamma for lag in lags[1:]], [21 / 6, 10 / 4, 12.5])
        self.assertTrue(math.isnan(lags[0].gamma))
        self.assertEqual(found.type, estimation.VariogramType.semivariogram)
        self.assertEqual(found.mean, 3.0)
        self.assertEqual(found.variance, 3.5)

    def test_gstat_on_the_meuse_like_points(self):
        points = cases('variogram_points.csv')
        columns = {k: np.array([float(p[k]) for p in points]) for k in ('x', 'y', 'z', 'v')}
        samples = estimation.Samples.from_frame(columns, 'v')
        rows = [r for r in cases('variogram_reference.csv')
                if r['data'] == 'points' and r['type'] == 'semivariogram' and not r['azimuth']]
        self.assertGreater(len(rows), 3)
        found = estimation.experimental_variogram(samples, lag_m=float(rows[0]['lag_m']),
                                                  lags=max(int(r['bin']) for r in rows))
        for row in rows:
            lag = found.directions[0].lags[int(row['bin'])]
            self.assertEqual(lag.pairs, int(row['pairs']))
            self.assertAlmostEqual(lag.gamma, float(row['gamma']), delta=1e-9 * abs(float(row['gamma'])) + 1e-12)

    def test_a_spherical_model(self):
        """gamma(h) = c (1.5 h/a - 0.5 (h/a)^3)."""
        model = estimation.VariogramModel(structures=[estimation.Structure(
            type='spherical', sill=2.0, ranges_m=(100.0, 100.0, 100.0))])
        self.assertAlmostEqual(estimation.gamma_at(model, 50, 0, 0), 2 * (0.75 - 0.0625), places=12)
        self.assertEqual(model.sill(), 2.0)


class Ranking(unittest.TestCase):
    def test_published_topsis(self):
        wanted = ('tzeng-topsis', 'three-topsis')
        rows = [r for r in cases('ranking_methods.csv') if r['case'] in wanted]
        self.assertEqual(len(rows), 2)
        for row in rows:
            matrix = np.array([[float(v) for v in line.split()] for line in row['matrix'].split(';')])
            weights = np.array([float(w) for w in row['weights'].split()])
            criteria = [ranking.Criterion(name=f'c{i}', direction=d, weight=w)
                        for i, (d, w) in enumerate(zip(row['directions'].split(), weights / weights.sum()))]
            prepared = ranking.prepare_method(criteria, matrix.T.ravel(), len(matrix), method='topsis',
                                              normalise=row['normalise'])
            scored = ranking.score(prepared, weights / weights.sum())
            np.testing.assert_allclose(scored.score, [float(v) for v in row['expected'].split()],
                                       atol=float(row['tolerance']))

    def test_ahp_of_the_table(self):
        row = next(r for r in cases('ranking_weights.csv') if r['case'] == 'ahp-3')
        matrix = [1, 1 / 2, 3, 2, 1, 4, 1 / 3, 1 / 4, 1]
        found = ranking.ahp_weights(matrix, 3)
        np.testing.assert_allclose(found.weights, [float(v) for v in row['expected'].split()], atol=5.1e-7)

    def test_flows_of_two_sites(self):
        """The usual shape prefers the better one wholly."""
        plus, minus = ranking.preference_flows([1.0, 2.0], 'usual')
        np.testing.assert_array_equal(plus, [0, 1])
        np.testing.assert_array_equal(minus, [1, 0])

    def test_kendall_of_reversed_ranks(self):
        self.assertEqual(ranking.kendall_tau([1, 2, 3, 4], [4, 3, 2, 1]), -1.0)


class Supply(unittest.TestCase):
    def test_hhi_of_shares(self):
        """Shares 0.5 0.3 0.2: HHI 0.38."""
        production = supply.Production(country=['AAA', 'BBB', 'CCC'], amount=[50, 30, 20])
        found = supply.concentration(production)
        self.assertAlmostEqual(found.hhi, 0.38, places=15)


class Core(unittest.TestCase):
    def test_quantities(self):
        self.assertEqual(core.parse_quantity('350 ppm', 'grade'), 350e-6)
        with self.assertRaises(lode_room('errors').Error) as caught:
            core.parse_quantity('350', core.Dimension.grade)
        self.assertEqual(caught.exception.code, 'unit.missing')

    def test_sha256_of_nothing(self):
        self.assertEqual(core.sha256(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')


class Distances(unittest.TestCase):
    def test_straight_distances(self):
        places = logistics.Places(crs=4326, list=[logistics.Place(id='a', at=(0, 0)), logistics.Place(id='b', at=(0, 1))])
        table = logistics.straight_distances(places, places)
        self.assertEqual(len(table.rows), 4)
        self.assertAlmostEqual(table.rows[1].distance_km, crs.Geodesic().distance_m((0, 0), (0, 1)) / 1000, places=9)


if __name__ == '__main__':
    unittest.main()
