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

TIMES, WITHIN_S, AT_LEAST_S, MINUTE_S = 20, 0.5, 10.0, 60.0


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
        # One that computes, and one that writes from the beginning.
        cls.jobs = {
            'simulate': {
                'SAMPLES': os.path.join(hill, 'composites.csv'), 'INPUT_CRS': 'EPSG:32629',
                'VALUE': 'treo_pct', 'VARIOGRAM': os.path.join(hill, 'variogram_nscore.json'),
                'ORIGIN': '464750,2265750,325', 'SPACING': '5,5,5 m', 'COUNT': '100,100,24',
                'METHOD': 'sgs', 'REALIZATIONS': 60, 'MAX_SAMPLES': 140, 'TAILS': '0,10 %', 'JOBS': 1,
                'OUTPUT': os.path.join(cls.folder, 'realizations.csv'),
                'SUMMARY_OUTPUT': os.path.join(cls.folder, 'summary.gpkg')},
            'blockscreate': {
                'ORIGIN': '0,0,0', 'SPACING': '10,10,5 m', 'COUNT': '1000,1000,900', 'JOBS': 1,
                'OUTPUT': os.path.join(cls.folder, 'blocks.csv')}}

    def cancelled(self, job, delay):
        """A job, cancelled from another thread that long after it began: (seconds that the algorithm
        took to come back, whether the child was at work, seconds that the job would have taken)."""
        feedback, said = QgsProcessingFeedback(False), {}

        def stop():
            time.sleep(delay)
            said['child'] = bool(children())
            said['whole'] = 100.0 * delay / max(feedback.progress(), 1e-6)
            said['at'] = time.monotonic()
            feedback.cancel()

        algorithm = PROVIDER.algorithm(job).create()
        thread = threading.Thread(target=stop)
        thread.start()
        results, _ = algorithm.run(self.jobs[job], QgsProcessingContext(), feedback)
        back = time.monotonic()
        self.assertIn('at', said, f'the job ended by itself in less than {delay:.1f} s')
        thread.join()
        self.assertEqual(results, {})
        return back - said['at'], said['child'], said['whole']

    def test_twenty_of_twenty(self):
        self.cancelled('simulate', 0.5)  # lets QGIS make the temporary folders of its own session
        before, moments = everything(), random.Random(8)
        cases = [(list(self.jobs)[i % 2], moments.uniform(0.1, 5.0)) for i in range(TIMES)]
        took, at_work, least = [], 0, float('inf')
        for job, delay in cases + [('simulate', AT_LEAST_S)]:
            seconds, child, whole = self.cancelled(job, delay)
            told = f'{job} cancelled after {delay:.2f} s'
            self.assertEqual(children(), [], told)
            self.assertEqual(set(everything()) ^ set(before), set(), told)
            self.assertLess(seconds, WITHIN_S, told)
            self.assertGreater(whole, MINUTE_S, told)
            took.append(seconds)
            at_work += child
            least = min(least, whole)
        print(f'back {max(took):.3f} s after the cancel at the latest, {sum(took) / len(took):.3f} s on '
              f'average; the child was at work in {at_work} of {len(took)}; a job would have taken '
              f'{least:.0f} s at the least')
        self.assertGreaterEqual(at_work, TIMES - 2)


def tearDownModule():
    QgsProject.instance().clear()
    QgsApplication.processingRegistry().removeProvider(PROVIDER)


if __name__ == '__main__':
    unittest.main()
