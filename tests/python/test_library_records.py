"""Records, choices, keywords and callbacks: what is given, what comes back, what is refused."""
import dataclasses
import datetime
import enum
import json
import unittest

import numpy as np

from library_case import ROOMS, lode_room

core, crs, estimation = lode_room('core'), lode_room('crs'), lode_room('estimation')
records = lode_room('_records')
extension = lode_room('_lode')


def all_records():
    for room in ROOMS:
        module = lode_room(room)
        for name in module.__all__:
            item = getattr(module, name)
            if isinstance(item, type) and issubclass(item, records.Record):
                yield room, name, item


def alike(a, b):
    """Equal; of what is held in C++, the same class: two fields of their own are two things."""
    if hasattr(a, '_held'):
        return type(a) is type(b)
    if isinstance(a, records.Record):
        return type(a) is type(b) and all(alike(getattr(a, f.name), getattr(b, f.name))
                                          for f in dataclasses.fields(a))
    return records.same(a, b)


class Defaults(unittest.TestCase):
    def test_every_default_is_the_librarys(self):
        """What Python writes down for a new record is what C++ has in a new struct."""
        seen = 0
        for room, name, item in all_records():
            make = getattr(getattr(extension, room), f'default_{name}', None)
            if make is None:
                continue
            with self.subTest(f'{room}.{name}'):
                theirs, ours = make(), item()
                for field in dataclasses.fields(item):
                    a, b = getattr(ours, field.name), getattr(theirs, field.name)
                    self.assertTrue(alike(a, b), f'{field.name}: {a!r} is not {b!r}')
                seen += 1
        self.assertGreater(seen, 250)

    def test_every_record_goes_through_and_back(self):
        """Default to C++ and back through the reader of the struct itself."""
        seen = 0
        for room, name, item in all_records():
            back = getattr(getattr(extension, room), f'same_{name}', None)
            if back is None:
                continue
            with self.subTest(f'{room}.{name}'):
                self.assertTrue(alike(back(item()), item()), f'{back(item())!r} is not {item()!r}')
                seen += 1
        self.assertGreater(seen, 250)

    def test_each_has_its_own_columns(self):
        self.assertIsNot(estimation.Samples().x, estimation.Samples().x)
        self.assertIsNot(estimation.VariogramOptions().directions, estimation.VariogramOptions().directions)


class Values(unittest.TestCase):
    def test_records_compare_with_columns_and_missing(self):
        a = estimation.Samples(x=[1.0, np.nan])
        self.assertEqual(a, estimation.Samples(x=np.array([1.0, np.nan])))
        self.assertNotEqual(a, estimation.Samples(x=[1.0, 2.0]))
        self.assertNotEqual(a, estimation.Targets())

    def test_plain_is_json(self):
        found = core.LowBaseHigh(base=2.0)
        self.assertEqual(json.loads(json.dumps(found.plain())), {'low': None, 'base': 2.0, 'high': None})

    def test_dates(self):
        self.assertEqual(core.parse_date('2026-11-01T12:00'), datetime.date(2026, 11, 1))
        self.assertIsNone(core.parse_date('tomorrow'))
        self.assertEqual(core.days_between(datetime.date(2026, 1, 1), '2026-03-01'), 59)
        with self.assertRaisesRegex(ValueError, '^to: wanted a date'):
            core.days_between(datetime.date(2026, 1, 1), '2026-02-30')

    def test_json_goes_through(self):
        model = estimation.VariogramModel(nugget=0.5, structures=[estimation.Structure(sill=2.0)])
        self.assertEqual(estimation.model_from_json(estimation.to_json(model), 'x'), model)

    def test_a_number_stands_for_a_range(self):
        product = core.times(core.LowBaseHigh(1, 2, 3), 10)
        self.assertEqual((product.low, product.base, product.high), (10, 20, 30))

    def test_methods_of_records(self):
        grid = lode_room('geometry').BlockGrid(count=(2, 3, 4), spacing=(1, 2, 3))
        self.assertEqual((grid.size(), grid.block_m3(), grid.ijk(7)), (24, 6.0, (1, 0, 1)))

    def test_crs_in_all_forms(self):
        wanted = crs.parse_crs('EPSG:32632')
        way = crs.Transform(32632, 'EPSG:32632')
        self.assertTrue(way.is_identity())
        self.assertEqual(way.from_(), wanted)
        try:
            import pyproj
        except ImportError:
            self.skipTest('no pyproj (Debian: apt install python3-pyproj)')
        self.assertEqual(crs.Transform(pyproj.CRS(32632), 4326).from_().authority, 'EPSG:32632')


class Refused(unittest.TestCase):
    def refused(self, pattern, call, *args, **kwargs):
        with self.assertRaisesRegex((TypeError, ValueError), pattern):
            call(*args, **kwargs)

    def test_unknown_keyword(self):
        self.refused("no keyword 'lag'.*did you mean 'lags?'", estimation.experimental_variogram,
                     estimation.Samples(), lag=3)

    def test_places_are_named(self):
        samples = dict(x=[0.0, 1.0], y=[0.0, 1.0], z=[0.0, 1.0], variables=['v'], values=[[1.0, 2.0]])
        run = estimation.experimental_variogram
        self.refused(r'^options\.lag_m: wanted a number, got str', run, samples, lag_m='3')
        self.refused(r'^options\.lags: wanted a whole number', run, samples, lags=2.5)
        self.refused(r'^options\.lags: wanted a whole number from 0', run, samples, lags=-1)
        self.refused(r"^options\.type: 'variogramm' is none of semivariogram", run, samples, type='variogramm')
        self.refused(r'^options\.type: wanted lode.estimation.VariogramType', run, samples, type=crs.CrsKind.local)
        self.refused(r'^options\.down_hole: wanted True or False', run, samples, down_hole=1)
        self.refused(r'^options\.directions\[0\]\.dip_deg', run, samples, directions=[{'dip_deg': 'x'}])
        self.refused(r"^options\.directions\[0\]: lode.estimation.VariogramDirection has no field 'dip'", run,
                     samples, directions=[{'dip': 1}])
        self.refused(r'^samples: wanted lode.estimation.Samples', run, 5)
        self.refused(r'^options: wanted lode.estimation.VariogramOptions', run, samples, 5)
        self.refused(r'^progress: wanted something to call', run, samples, progress=3)

    def test_held_classes(self):
        self.refused('made by functions of the library', lode_room('study').StudyResult)
        self.refused('^network: wanted lode.logistics.Network', lode_room('logistics').check_network, 3)
        blank = crs.Geodesic.__new__(crs.Geodesic)
        self.refused('^self: wanted lode.crs.Geodesic', blank.distance_m, (0, 0), (1, 1))

    def test_what_the_library_trusts(self):
        """Each of these ended the process, or never ended, where it was let through."""
        ranking, deposit, permits = lode_room('ranking'), lode_room('deposit'), lode_room('permits')
        self.refused('^ranks: wanted numbers, none of them missing', ranking.kendall_tau, [1, np.nan], [1, 2])
        self.refused(r'^path\.nodes: is empty', deposit.place_at, deposit.HolePath(), 1.0)
        self.refused(r'^inputs\.geometry: must be given', deposit.outline_volumes, deposit.OutlineInputs())
        self.refused(r'^coverage\.sites: wanted as many as inputs\.sites, 1, got 0', permits.coverage_timeline,
                     permits.CoverageInputs(sites=[None]), permits.Coverage())
        seen = permits.Coverage(sites=[permits.SiteCoverage(permits=[permits.CoveringPermit(permit=3)])])
        self.refused(r'^coverage\.sites\[\]\.permits\[\]\.permit: wanted numbers from 0 to below 0',
                     permits.coverage_timeline, permits.CoverageInputs(sites=[None]), seen)

    def test_overloads_say_why(self):
        self.refused(r'^times\(\): ', core.times, 'a', 'b')
        self.refused(r'^times\(\): .*at most 2', core.times, 1, 2, 3)

    def test_errors_of_the_library(self):
        errors = lode_room('errors')
        with self.assertRaises(errors.Error) as caught:
            crs.parse_crs('EPSG:999999', 'sites.shp')
        self.assertEqual((caught.exception.code, caught.exception.where), ('crs.unknown', 'sites.shp'))


class Choices(unittest.TestCase):
    def test_words_and_members(self):
        kinds = estimation.VariogramType
        self.assertTrue(issubclass(kinds, enum.Enum))
        self.assertEqual(kinds.madogram, 'madogram')
        for given in (kinds.general_relative, 'general_relative', 'general-relative'):
            self.assertEqual(estimation.to_text(estimation.parse_variogram_type('madogram')), 'madogram')
            options = {'type': given, 'lag_m': 1.0}
            with self.assertRaises(lode_room('errors').Error):  # read: refused for want of samples
                estimation.experimental_variogram(estimation.Samples(), options)


if __name__ == '__main__':
    unittest.main()
