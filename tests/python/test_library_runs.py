"""Long calls: progress, Ctrl-C, what callbacks raise, threads, sinks."""
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy as np

from library_case import lode_room

estimation, ranking = lode_room('estimation'), lode_room('ranking')
RANDOM = np.random.default_rng(7)


def samples(count):
    return estimation.Samples(x=RANDOM.random(count) * 1000, y=RANDOM.random(count) * 1000,
                              z=RANDOM.random(count) * 100, variables=['v'], values=[RANDOM.random(count)])


def targets(count):
    return estimation.Targets(x=RANDOM.random(count) * 1000, y=RANDOM.random(count) * 1000,
                              z=RANDOM.random(count) * 100)


def long_run(**more):
    """Minutes of pairs, were it left alone."""
    return estimation.experimental_variogram(samples(200_000), lag_m=10, lags=50, **more)


class Stopped(Exception):
    pass


class Heard(unittest.TestCase):
    def test_reports_rise_to_the_end(self):
        heard = []
        estimation.experimental_variogram(samples(12_000), lag_m=20, lags=20,
                                          progress=lambda fraction, words: heard.append((fraction, words)))
        fractions = [fraction for fraction, _ in heard]
        self.assertTrue(fractions)
        self.assertEqual(fractions, sorted(fractions))
        self.assertTrue(all(0 <= f <= 1 for f in fractions))
        self.assertTrue(all(isinstance(words, str) for _, words in heard))

    def test_what_the_callback_raises_ends_the_run(self):
        def stop(fraction, words):
            raise Stopped(fraction)

        start = time.monotonic()
        with self.assertRaises(Stopped):
            long_run(progress=stop)
        self.assertLess(time.monotonic() - start, 20)

    def test_other_threads_run_meanwhile(self):
        """The GIL is released: a thread counts while another computes."""
        ticks, over = [0], threading.Event()

        def count():
            while not over.is_set():
                ticks[0] += 1
                time.sleep(0.001)

        thread = threading.Thread(target=count)
        thread.start()
        try:
            data = samples(30_000)
            before, start = ticks[0], time.monotonic()
            estimation.experimental_variogram(data, lag_m=20, lags=20)
            took, counted = time.monotonic() - start, ticks[0] - before
        finally:
            over.set()
            thread.join()
        self.assertGreater(took, 0.05)
        self.assertGreater(counted, 5)

    def test_control_c(self):
        """SIGINT while the library computes: KeyboardInterrupt, soon."""
        code = ('import sys; sys.path[:0] = sys.argv[1:]\n'
                'import test_library_runs as t, time\n'
                'data = t.samples(200_000)\n'
                'print("ready", flush=True)\n'
                'try:\n    t.estimation.experimental_variogram(data, lag_m=10, lags=50)\n'
                'except KeyboardInterrupt:\n    print("interrupted", flush=True)\n')
        here = os.path.dirname(os.path.realpath(__file__))
        child = subprocess.Popen([sys.executable, '-B', '-c', code, here, *sys.path], text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            self.assertEqual(child.stdout.readline().strip(), 'ready')
            time.sleep(1.0)
            self.assertIsNone(child.poll(), 'it ended before it could be interrupted')
            sent = time.monotonic()
            child.send_signal(signal.SIGINT)
            self.assertEqual(child.stdout.readline().strip(), 'interrupted', child.stderr)
            self.assertLess(time.monotonic() - sent, 5.0)
        finally:
            child.kill()
            child.communicate()

    def test_the_same_bits_with_and_without(self):
        data = samples(3000)
        plain = estimation.experimental_variogram(data, lag_m=20, lags=20)
        heard = estimation.experimental_variogram(data, lag_m=20, lags=20, progress=lambda f, w: None)
        self.assertEqual(plain, heard)


class Sinks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.samples, cls.targets = samples(300), targets(3000)
        cls.options = dict(method='idw', power=2.0, search=dict(passes=[dict(radius_m=(500, 500, 500))]))

    def test_chunks_are_joined(self):
        summary, all_of = estimation.estimate(self.samples, self.targets, self.options)
        self.assertEqual(summary.targets, 3000)
        self.assertEqual(len(all_of.value[0]), 3000)
        self.assertEqual(all_of.rows(), 3000)
        chunks = []
        again = estimation.estimate(self.samples, self.targets, self.options, chunks.append)
        self.assertEqual(again, summary)
        np.testing.assert_array_equal(np.concatenate([c.value[0] for c in chunks]), all_of.value[0])
        self.assertEqual([c.first for c in chunks], list(np.cumsum([0] + [c.rows() for c in chunks[:-1]])))

    def test_inverse_distance_of_two(self):
        """At a third of the way, weights 1/1 and 1/4: 0.8 and 0.2."""
        two = estimation.Samples(x=[0.0, 3.0], y=[0, 0], z=[0, 0], variables=['v'], values=[[10.0, 20.0]])
        at = estimation.Targets(x=[1.0], y=[0.0], z=[0.0])
        options = dict(self.options, search=dict(passes=[dict(radius_m=(50, 50, 50), min_samples=1)]))
        _, found = estimation.estimate(two, at, options)
        self.assertAlmostEqual(found.value[0][0], 12.0, places=12)

    def test_what_a_sink_raises(self):
        def stop(chunk):
            raise Stopped(chunk.first)

        with self.assertRaises(Stopped):
            estimation.estimate(self.samples, self.targets, self.options, stop)

    def test_a_sink_must_be_callable(self):
        with self.assertRaisesRegex(TypeError, '^sink: wanted something to call'):
            estimation.estimate(self.samples, self.targets, self.options, 5)


if __name__ == '__main__':
    unittest.main()
