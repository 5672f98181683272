"""A job of a minute is cancelled at twenty moments: back within half a second, nothing left behind."""
import os
import random
import sys
import threading
import time
import unittest

from headless import AWKWARD, PLUGINS, PROGRAM, Box

sys.path[:0] = ['/usr/share/qgis/python/plugins', PLUGINS]
BOX = Box(AWKWARD, ('monazite_hill',))
BOX.adopt()

from qgis.core import (QgsApplication, QgsProcessingContext, QgsProcessingFeedback,  # noqa: E402
                       QgsProject)
from qgis.testing import start_app  # noqa: E402

APP = start_app()
from processing.core.Processing import Processing  # noqa: E402

Processing.initialize()
from lode_qgis.provider import LodeProvider  # noqa: E402

PROVIDER = LodeProvider()
QgsApplication.processingRegistry().addProvider(PROVIDER)

TIMES, WITHIN_S, AT_LEAST_S = 20, 0.5, 10.0


def children():
    """Processes of the program that descend from this one."""
    parents, ours = {}, []
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                with open(f'/proc/{name}/stat', encoding='utf-8', errors='replace') as file:
                    parents[int(name)] = int(file.read().rsplit(')', 1)[1].split()[1])
                if os.path.samefile(f'/proc/{name}/exe', PROGRAM):
                    ours.append(int(name))
            except OSError:
                pass
    return [one for one in ours if parents.get(one) == os.getpid()]


def everything():
    """Every file and folder where a run may leave something: results, temporary folder, home."""
    return sorted(os.path.join(parent, name) for parent, folders, names in os.walk(BOX.root)
                  for name in folders + names)


class Cancel(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = os.path.join(BOX.data, 'résultats')
        os.mkdir(cls.folder)
        hill = BOX.path('monazite_hill')
        # One thread: the bound is for whatever else the machine does.
        cls.job = {'SAMPLES': os.path.join(hill, 'composites.csv'), 'INPUT_CRS': 'EPSG:32629',
                   'VALUE': 'treo_pct', 'VARIOGRAM': os.path.join(hill, 'variogram_nscore.json'),
                   'ORIGIN': '464750,2265750,325', 'SPACING': '5,5,5 m', 'COUNT': '100,100,24',
                   'METHOD': 'sgs', 'REALIZATIONS': 100, 'TAILS': '0,10 %', 'JOBS': 1,
                   'OUTPUT': os.path.join(cls.folder, 'realizations.csv'),
                   'SUMMARY_OUTPUT': os.path.join(cls.folder, 'summary.gpkg')}

    def cancelled(self, delay):
        """The job, cancelled from another thread that long after it began: (results, seconds that
        the algorithm took to come back, whether the child was at work)."""
        feedback, said = QgsProcessingFeedback(False), {}

        def stop():
            time.sleep(delay)
            said['children'] = len(children())
            said['at'] = time.monotonic()
            feedback.cancel()

        algorithm = PROVIDER.algorithm('simulate').create()
        thread = threading.Thread(target=stop)
        thread.start()
        results, ok = algorithm.run(self.job, QgsProcessingContext(), feedback)
        back = time.monotonic()
        self.assertIn('at', said, f'the job ended in less than {delay:.1f} s: {results} {ok}')
        thread.join()
        return results, back - said['at'], said['children']

    def test_twenty_of_twenty(self):
        before, moments = everything(), random.Random(8)
        delays = [moments.uniform(0.1, 5.0) for _ in range(TIMES)] + [AT_LEAST_S]
        took, at_work = [], 0
        for delay in delays:
            results, seconds, running = self.cancelled(delay)
            took.append(seconds)
            at_work += running
            self.assertEqual(results, {}, delay)
            self.assertEqual(children(), [], f'cancelled after {delay:.2f} s')
            self.assertEqual(everything(), before, f'cancelled after {delay:.2f} s')
            self.assertLess(seconds, WITHIN_S, f'cancelled after {delay:.2f} s')
        print(f'back {max(took):.3f} s after the cancel at the latest, {sum(took) / len(took):.3f} s on '
              f'average; the child was at work in {at_work} of {len(delays)}')
        self.assertGreaterEqual(at_work, TIMES)


def tearDownModule():
    QgsProject.instance().clear()
    QgsApplication.processingRegistry().removeProvider(PROVIDER)
    BOX.remove()


if __name__ == '__main__':
    unittest.main()
