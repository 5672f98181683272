"""Columns between numpy and the library: what is copied, what becomes of types, what is refused."""
import time
import unittest

import numpy as np

from library_case import lode_room

core, crs, estimation = lode_room('core'), lode_room('crs'), lode_room('estimation')
deposit, geometry, ranking = lode_room('deposit'), lode_room('geometry'), lode_room('ranking')


def column(values):
    """What the library makes of a column."""
    return core.number_column('x', values).numbers


class Out(unittest.TestCase):
    def test_results_are_not_copied(self):
        """A numpy array that owns nothing: its base is the capsule that holds the library's vector."""
        for array in (column([1.0, 2.0]), crs.Geodesic().distances_m([0.0], [0.0], [1.0], [1.0]),
                      estimation.transformed(estimation.Samples(
                          x=[0, 1], y=[0, 0], z=[0, 0], variables=['v'], values=[[1, 2]]), 0, 'log')):
            self.assertIsInstance(array, np.ndarray)
            self.assertFalse(array.flags.owndata)
            self.assertEqual(type(array.base).__name__, 'PyCapsule')
            self.assertTrue(array.flags.writeable)

    def test_an_array_outlives_its_record(self):
        array = core.number_column('x', np.arange(1000.0)).numbers
        np.testing.assert_array_equal(array, np.arange(1000.0))

    def test_rows_are_matrices(self):
        mesh = geometry.prism('POLYGON((0 0, 1 0, 1 1, 0 1, 0 0))', 0, 1)
        self.assertEqual(mesh.vertices.shape[1], 3)
        self.assertEqual((mesh.triangles.dtype, mesh.triangles.shape), (np.uint32, (12, 3)))
        self.assertEqual(geometry.signed_volume_m3(mesh), 1.0)

    def test_flags(self):
        made = lode_room('supply').Production(country=['A', 'B'], amount=[1, 2], quota=[True, False])
        self.assertEqual(list(made.quota), [True, False])


class In(unittest.TestCase):
    def test_types_that_become_doubles(self):
        import array
        wanted = np.array([1.0, 2.0, 3.0])
        for given in ([1, 2, 3], (1, 2, 3), np.arange(1, 4), np.arange(1, 4, dtype='u1'), wanted.astype('f4'),
                      wanted.astype('>f8'), np.repeat(wanted, 2)[::2], wanted[::-1][::-1], array.array('d', wanted)):
            np.testing.assert_array_equal(column(given), wanted)

    def test_missing_becomes_nan(self):
        wanted = [1.0, np.nan]
        masked = np.ma.array([1.0, 5.0], mask=[False, True])
        for given in ([1.0, None], np.array([1.0, None], dtype=object), masked):
            np.testing.assert_array_equal(column(given), wanted)
        try:
            import pandas
        except ImportError:
            self.skipTest('no pandas (Debian: apt install python3-pandas)')
        for given in (pandas.Series(wanted), pandas.Series([1, None], dtype='Int64'),
                      pandas.Series([1.0, None], dtype='Float64')):
            np.testing.assert_array_equal(column(given), wanted)

    def test_what_is_no_column(self):
        for given in ('12', b'12', None, 5, {'a': 1}, ['a', 'b'], np.array(['1']), np.array([1 + 2j]),
                      np.array(['2020-01-01'], dtype='M8[D]'), np.zeros((2, 2)), [[1, 2], [3]], object()):
            with self.subTest(repr(given)), self.assertRaisesRegex((TypeError, ValueError), '^values'):
                column(given)

    def test_whole_numbers(self):
        for given in ([0.5], [-1], [np.nan], [2 ** 64], [1e300]):
            with self.subTest(given), self.assertRaisesRegex(ValueError, '^order'):
                ranking.roc_weights(given)
        np.testing.assert_allclose(ranking.roc_weights(np.array([0.0, 1.0])).weights, [0.75, 0.25])

    def test_places_must_have_their_columns(self):
        with self.assertRaisesRegex(ValueError, 'points: wanted rows of 3'):
            geometry.convex_hull(np.zeros((4, 2)))

    def test_a_million_rows_cost_one_copy(self):
        """Said in the module's page: one memcpy in, none out. A list costs far more."""
        values = np.random.default_rng(1).random(1_000_000)
        column(values)
        best = min(self.seconds(values) for _ in range(5))
        self.assertLess(best, 0.1)

    @staticmethod
    def seconds(values):
        start = time.perf_counter()
        column(values)
        return time.perf_counter() - start


class Lengths(unittest.TestCase):
    def test_ragged_samples(self):
        for wrong in ({'y': [1.0]}, {'z': []}, {'values': [[1.0, 2.0, 3.0]]}, {'hole': [0]}, {'domain': ['a']}):
            given = dict(x=[0.0, 1.0], y=[0.0, 1.0], z=[0.0, 1.0], variables=['v'], values=[[1.0, 2.0]])
            given.update(wrong)
            for samples in (estimation.Samples(**given), given):
                with self.subTest(wrong), self.assertRaisesRegex(ValueError, r'^samples\.\w+'):
                    estimation.experimental_variogram(samples, lag_m=1)

    def test_columns_of_functions(self):
        with self.assertRaisesRegex(ValueError, 'other: wanted as many'):
            ranking.kendall_tau([1, 2, 3], [1, 2])
        with self.assertRaisesRegex(ValueError, r'columns: wanted 4 numbers'):
            ranking.entropy_weights([1.0, 2.0, 3.0], 2, 2)
        with self.assertRaisesRegex(ValueError, r'matrix: wanted 9'):
            ranking.ahp_weights([1.0] * 4, 3)
        with self.assertRaisesRegex(ValueError, 'lat1_deg'):
            lode_room('crs')._lode.crs.distances_m(crs.Geodesic(), [1.0], [1.0, 2.0], [1.0], [1.0])


if __name__ == '__main__':
    unittest.main()
