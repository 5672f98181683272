"""The program as a child of QGIS: what it is given, what it says, how it ends, what it leaves."""
import json
import os
import socket
import tempfile
import threading
import time
import unittest

from headless import PROGRAM, SOURCE
from inside import BOX, PROVIDER, Feedback, finish, squares, target

import processing
from lode_qgis import child, program
from lode_qgis.child import Child
from qgis.core import (QgsApplication, QgsProcessingContext, QgsProcessingException,
                       QgsProcessingModelAlgorithm, QgsProcessingModelChildAlgorithm,
                       QgsProcessingModelChildParameterSource, QgsProcessingModelParameter,
                       QgsProcessingParameterFeatureSource, QgsProcessingUtils, QgsProject,
                       QgsVectorFileWriter)


def script(name, text):
    """A program of our own in a folder of its own, run by Debian's Python or by sh."""
    path = os.path.join(tempfile.mkdtemp(dir=BOX.root), name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, 0o755)
    return path


def run(path, arguments=(), written=(), feedback=None):
    folder = tempfile.mkdtemp(dir=BOX.root)
    feedback = feedback or Feedback()
    return Child(path, list(arguments), folder, list(written)).wait(feedback), feedback, folder


def alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except OSError:
        return False


class Saying(unittest.TestCase):

    def test_arguments_arrive_as_they_are(self):
        said = ["dir with ünïcödé & 'quotes'", '$(touch x)', '`id`', 'a b', '"', '', '*', '\n', ';', '|']
        path = script('p', '#!/usr/bin/python3\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n')
        self.assertEqual(json.loads(run(path, said)[0].out), said)

    def test_much_on_stdout_and_a_last_line_without_its_end(self):
        path = script('p', '#!/usr/bin/python3\nimport sys\n'
                      'sys.stdout.write(\'{"results":["\' + "x" * 30000000 + \'"]}\')\n'
                      'sys.stderr.write("first\\nlast")\n')
        done, feedback, _ = run(path)
        self.assertEqual(len(done.result()['results'][0]), 30000000)
        self.assertEqual(feedback.infos, ['first', 'last'])

    def test_much_on_stderr_without_any_end(self):
        path = script('p', '#!/usr/bin/python3\nimport sys\nsys.stderr.write("y" * 1000000)\n')
        self.assertEqual(sum(len(text) for text in run(path)[1].infos), 1000000)

    def test_bytes_that_are_no_text(self):
        path = script('p', "#!/bin/sh\nprintf 'caf\\351\\n' >&2\nprintf '{\"a\":\"\\377\"}'\n")
        done, feedback, _ = run(path)
        self.assertEqual(feedback.infos, ['caf�'])
        self.assertEqual(done.result(), {'a': '�'})

    def test_progress_is_live(self):
        path = script('p', '#!/usr/bin/python3 -u\nimport sys, time\n'
                      'for k in range(4):\n'
                      '    sys.stderr.write(\'{"progress":%g,"message":"step %d"}\\n\' % (k / 4, k))\n'
                      '    time.sleep(0.3)\n')
        times = []

        class Timed(Feedback):
            def setProgressText(self, text):
                times.append(time.time())
        run(path, feedback=Timed())
        self.assertEqual(len(times), 4)
        self.assertGreater(times[3] - times[0], 0.6)

    def test_lines_of_findings_are_kept_for_a_run_that_fails(self):
        path = script('p', '#!/bin/sh\necho "lode: warning [a.b] f: doubtful" >&2\n'
                      'echo "lode: error [c.d] f: wrong." >&2\nexit 1\n')
        done, feedback, _ = run(path)
        self.assertEqual(done.findings, ['lode: warning [a.b] f: doubtful'])
        self.assertEqual(done.errors, ['lode: error [c.d] f: wrong.'])
        self.assertEqual(feedback.infos, [])


class Starting(unittest.TestCase):

    def test_values_longer_than_the_system_takes(self):
        with self.assertRaisesRegex(QgsProcessingException, 'too long for this system'):
            run(PROGRAM, ['x' * 100000] * 100)

    def test_a_value_that_no_program_can_take(self):
        with self.assertRaisesRegex(QgsProcessingException, 'cannot be given'):
            run(PROGRAM, ['a\0b'])

    def test_what_cannot_be_started(self):
        with self.assertRaisesRegex(QgsProcessingException, 'cannot be started'):
            run(script('p', '#!/no/such/interpreter\n'))

    def test_the_environment_is_without_qgis_own(self):
        path = script('p', '#!/usr/bin/env -S sh\nenv\n')
        said = {'PYTHONHOME': '/q', 'PYTHONPATH': '/q', 'LD_LIBRARY_PATH': '/q', 'GDAL_DATA': '/q',
                'PROJ_LIB': '/q', 'PROJ_DATA': '/q', 'GDAL_DRIVER_PATH': '/q', 'LC_ALL': 'de_DE',
                'LODE_KEEP': 'kept'}
        before = dict(os.environ)
        try:
            os.environ.update(said)
            done, _, folder = run(path)
            shared = program.child_environment('/usr/bin/lode')
        finally:
            os.environ.clear()
            os.environ.update(before)
        found = dict(line.split('=', 1) for line in done.out.decode().split('\n') if '=' in line)
        for name in said:
            if name not in ('LC_ALL', 'LODE_KEEP'):
                self.assertNotIn(name, found)
        self.assertEqual(found['LC_ALL'], 'C.UTF-8')
        self.assertEqual(found['LODE_KEEP'], 'kept')
        self.assertEqual(found['TMPDIR'], folder)
        # Installed under QGIS's own prefix, it has the same libraries.
        self.assertEqual(QgsApplication.prefixPath(), '/usr')
        self.assertEqual(shared['GDAL_DATA'], '/q')
        self.assertNotIn('PYTHONHOME', shared)

    def test_a_program_that_says_nothing(self):
        fake = script('lode', '#!/bin/sh\n[ "$1" = describe ] && exec ' + PROGRAM + ' describe\nexit 3\n')
        before = dict(os.environ)
        os.environ['LODE_PROGRAM'] = fake
        try:
            with self.assertRaisesRegex(Exception, 'exit code 3 and said nothing'):
                processing.run('lode:volumeoutline', {'LAYER': squares(1), 'THICKNESS': '1 m'},
                               feedback=Feedback())
        finally:
            os.environ.clear()
            os.environ.update(before)

    def test_a_program_that_is_killed(self):
        fake = script('lode', '#!/bin/sh\n[ "$1" = describe ] && exec ' + PROGRAM +
                      ' describe\nkill -9 $$\n')
        before = dict(os.environ)
        os.environ['LODE_PROGRAM'] = fake
        try:
            with self.assertRaisesRegex(Exception, r'ended unexpectedly \(signal 9\)'):
                processing.run('lode:volumeoutline', {'LAYER': squares(1), 'THICKNESS': '1 m'},
                               feedback=Feedback())
        finally:
            os.environ.clear()
            os.environ.update(before)


def cancelled_after(seconds, work):
    """Runs `work(feedback)` and cancels it: seconds from the wish to the end."""
    feedback, wished = Feedback(), []

    def stop():
        time.sleep(seconds)
        wished.append(time.time())
        feedback.cancel()
    thread = threading.Thread(target=stop)
    thread.start()
    work(feedback)
    ended = time.time()
    thread.join()
    return ended - wished[0]


# Deaf to SIGTERM, with a child of its own, and with a folder staged as Lode does.
STUBBORN = '''#!/usr/bin/python3 -u
import os, signal, socket, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
host = ''.join(c if c.isascii() and c.isalnum() else '_' for c in socket.gethostname())
folder = os.path.join(os.path.dirname(sys.argv[1]), '.%s.part-%s-%d-abcdef'
                      % (os.path.basename(sys.argv[1]), host, os.getpid()))
os.mkdir(folder)
open(os.path.join(folder, 'half'), 'w').write('x')
open(os.path.join(os.environ['TMPDIR'], 'lode-copy'), 'w').write('x')
other = subprocess.Popen(['sleep', '60'])
open(sys.argv[2], 'w').write('%d %d' % (os.getpid(), other.pid))
time.sleep(60)
'''


class Ending(unittest.TestCase):

    def test_one_that_is_deaf_is_killed_with_its_children_and_what_it_staged_goes(self):
        path = script('p', STUBBORN)
        folder = target('deaf é')
        os.mkdir(folder)
        others = '.out.gpkg.part-elsewhere-7-abcdef'
        os.mkdir(os.path.join(folder, others))
        pids = target('pids')
        out = os.path.join(folder, 'out.gpkg')
        took = cancelled_after(1.5, lambda feedback: run(path, [out, pids], [out], feedback))
        self.assertLess(took, 0.5)
        with open(pids, encoding='utf-8') as file:
            found = [int(one) for one in file.read().split()]
        time.sleep(0.1)
        self.assertEqual([pid for pid in found if alive(pid)], [])
        self.assertEqual(os.listdir(folder), [others], "another machine's is left alone")

    def test_names_of_hosts_are_written_as_the_program_writes_them(self):
        with open(os.path.join(SOURCE, 'libgeo', 'io', 'writers.cpp'), encoding='utf-8') as file:
            text = file.read()
        self.assertIn('"." + name + ".part-" + host_name() + "-"', text)
        before, socket.gethostname = socket.gethostname, lambda: 'a-b.ü9'
        try:
            self.assertEqual(child._host(), 'a_b__9')
        finally:
            socket.gethostname = before

    def large(self):
        path = target('large.gpkg')
        if not os.path.exists(path):
            options = QgsVectorFileWriter.SaveVectorOptions()
            options.driverName = 'GPKG'
            QgsVectorFileWriter.writeAsVectorFormatV3(squares(250000), path,
                                                      QgsProject.instance().transformContext(), options)
        return path

    def _copies(self):
        return [name for name in os.listdir(tempfile.gettempdir()) if name.startswith('lode-qgis-')]

    def test_cancel_from_a_background_thread(self):
        self._cancel('volumeoutline', {'LAYER': self.large(), 'THICKNESS': 'thick_m', 'JOBS': 1})

    def _cancel(self, name, values):
        folder = target('cancel é ' + name)
        os.mkdir(folder)
        before = self._copies()
        algorithm = PROVIDER.algorithm(name).create()
        took = []

        def work(feedback):
            context = QgsProcessingContext()
            thread = threading.Thread(target=lambda: took.append(algorithm.run(
                dict(values, OUTPUT=os.path.join(folder, 'out.gpkg')), context, feedback)))
            thread.start()
            thread.join()
        seconds = cancelled_after(0.7, work)
        self.assertLess(seconds, 0.7)
        self.assertEqual(took[0][0], {})
        self.assertEqual(os.listdir(folder), [])
        self.assertEqual(self._copies(), before)

    def test_cancel_while_a_layer_is_copied(self):
        layer = squares(150000)
        folder = target('cancel copy')
        os.mkdir(folder)
        algorithm = PROVIDER.algorithm('volumeoutline').create()
        before = self._copies()
        results = []
        seconds = cancelled_after(0.2, lambda feedback: results.append(algorithm.run(
            {'LAYER': layer, 'THICKNESS': 'thick_m', 'OUTPUT': os.path.join(folder, 'o.gpkg')},
            QgsProcessingContext(), feedback)))
        self.assertLess(seconds, 0.7)
        self.assertEqual(os.listdir(folder), [])
        self.assertEqual(self._copies(), before)

    def test_cancel_of_a_model(self):
        model = QgsProcessingModelAlgorithm('stop', 'tests')
        model.addModelParameter(QgsProcessingParameterFeatureSource('IN', 'In'),
                                QgsProcessingModelParameter('IN'))
        step = QgsProcessingModelChildAlgorithm('lode:volumeoutline')
        step.setChildId('v')
        step.addParameterSources('LAYER', [QgsProcessingModelChildParameterSource.fromModelParameter('IN')])
        step.addParameterSources('THICKNESS', [QgsProcessingModelChildParameterSource.fromStaticValue('1 m')])
        step.addParameterSources('OUTPUT', [
            QgsProcessingModelChildParameterSource.fromStaticValue(target('model.gpkg'))])
        model.addChildAlgorithm(step)
        seconds = cancelled_after(0.7, lambda feedback: model.create().run(
            {'IN': self.large()}, QgsProcessingContext(), feedback))
        self.assertLess(seconds, 0.8)
        self.assertFalse(os.path.exists(target('model.gpkg')))

    def test_a_failed_run_leaves_no_copy_and_no_empty_folder(self):
        before = self._copies()
        temporary = QgsProcessingUtils.tempFolder()
        was = set(os.listdir(temporary))
        with self.assertRaises(Exception):
            processing.run('lode:volumeoutline', {'LAYER': squares(2), 'THICKNESS': 'no_such_field',
                                                  'OUTPUT': 'TEMPORARY_OUTPUT'}, feedback=Feedback())
        self.assertEqual(self._copies(), before)
        self.assertEqual(set(os.listdir(temporary)), was)


def tearDownModule():
    finish()


if __name__ == '__main__':
    unittest.main()
