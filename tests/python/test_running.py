"""While a command runs: progress, Ctrl-C, what a callback raises, several threads, and nothing left."""
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import box
import lode

# A job of a minute and more, so that a stop is one of a run at work.
LONG = dict(criterion=['name=g,field=TREO_PCT,direction=max,weight=0.6,scale=log,bounds=0.01:50',
                       'name=t,field=ORE_MT,direction=max,weight=0.4,scale=log,bounds=0.01:5000'],
            id='SITE_ID', missing='neutral', weights='uncertain', method='promethee2', draws=10000000)
INTERRUPTED = '''
import sys, time, lode
print('ready', flush=True)
try:
    lode.rank('deposits.shp', output='ranked.gpkg', progress=lambda f, m: print('at', f, flush=True), **%r)
    print('ended')
except KeyboardInterrupt:
    print('stopped', time.time(), flush=True)
    sys.exit(7)
''' % LONG


class Running(box.Box):
    data = box.SAMPLE

    def test_progress_only_grows(self):
        said = []
        lode.rank('deposits.shp', progress=lambda fraction, message: said.append((fraction, message)),
                  **{**LONG, 'draws': 300000})
        self.assertGreater(len(said), 2)
        fractions = [fraction for fraction, _ in said]
        self.assertEqual(fractions, sorted(fractions))
        self.assertTrue(all(0 <= fraction <= 1 for fraction in fractions))
        self.assertTrue(all(isinstance(message, str) for _, message in said))

    def test_what_the_callback_raises_comes_out(self):
        class Enough(Exception):
            pass

        def stop(fraction, message):
            raise Enough(fraction)

        before = time.monotonic()
        with self.assertRaises(Enough):
            lode.rank('deposits.shp', output='ranked.gpkg', progress=stop, **LONG)
        self.assertLess(time.monotonic() - before, 10)
        self.assertEqual([name for name in os.listdir() if 'ranked' in name], [])

    def interrupted(self, which):
        with self.python(INTERRUPTED) as run:
            self.assertEqual(run.stdout.readline(), 'ready\n')
            self.assertTrue(run.stdout.readline().startswith('at '))
            time.sleep(0.3)
            sent = time.time()
            run.send_signal(which)
            out, err = run.communicate(timeout=60)
        self.assertEqual([name for name in os.listdir() if 'ranked' in name or name.startswith('.')], [])
        return run.returncode, out, err, sent

    def test_ctrl_c(self):
        code, out, err, sent = self.interrupted(signal.SIGINT)
        self.assertEqual(code, 7, err)
        last = out.splitlines()[-1].split()
        self.assertEqual(last[0], 'stopped')
        took = float(last[1]) - sent
        # A tenth of a second where the machine has nothing else to do.
        self.assertLess(took, 5)

    def test_python_goes_on_meanwhile(self):
        ticks, stop = [], threading.Event()

        def tick():
            while not stop.wait(0.01):
                ticks.append(1)

        other = threading.Thread(target=tick)
        other.start()
        lode.rank('deposits.shp', **{**LONG, 'draws': 300000})
        stop.set()
        other.join()
        self.assertGreater(len(ticks), 5)

    def test_one_after_another_and_several_at_once(self):
        def outline():
            return lode.volume_outline('outlines.gpkg', thickness='30 m').json()

        def rank():
            return lode.rank('deposits.shp', **{**LONG, 'draws': 20000}).json()

        def inspect():
            return lode.inspect('permits.shp', 'rivers.shp').json()

        alone = {job: job() for job in (outline, rank, inspect)}
        for job, result in alone.items():
            self.assertEqual(job(), result)
        results, faults = [], []

        def work(job):
            try:
                for _ in range(3):
                    results.append((job, job()))
            except Exception as error:
                faults.append(error)

        threads = [threading.Thread(target=work, args=(job,)) for job in list(alone) * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(faults, [])
        self.assertEqual(len(results), 18)
        for job, result in results:
            self.assertEqual(result, alone[job], job.__name__)

    def test_several_write_to_one_folder(self):
        def work(i):
            lode.volume_outline('outlines.gpkg', thickness='30 m', output=f'out{i}.gpkg')

        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        contents = {open(f'out{i}.gpkg', 'rb').read() for i in range(4)}
        self.assertEqual(len(contents), 1)
        self.assertEqual([name for name in os.listdir() if name.startswith('.')], [])

    def test_a_failed_run_leaves_the_next_one_alone(self):
        for _ in range(3):
            with self.assertRaises(lode.Error):
                lode.volume_outline('none.gpkg', thickness='30 m')
            self.assertGreater(lode.volume_outline('outlines.gpkg', thickness='30 m').summary.features, 0)

    def test_signals_stay_pythons(self):
        lode.describe('rank')
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_nothing_is_printed(self):
        done = subprocess.run([sys.executable, '-B', '-c', 'import lode; lode.inspect("permits.shp")'],
                              capture_output=True, text=True, check=True)
        self.assertEqual((done.stdout, done.stderr), ('', ''))


if __name__ == '__main__':
    unittest.main()
