"""The three faces on the same work: command line, QGIS and Python write the same bytes."""
import json
import os
import subprocess
import sys
import unittest

import forms
from headless import AWKWARD, Box, files_under, unlike

MODULE = os.environ.get('LODE_PYTHON_MODULE', '')
STUDY = {'ranking.csv', 'indicators.csv', 'explanation.json', 'sites.gpkg', 'report.html', 'run.json'}
RUNS = [
    'study run {us}/study.toml -o {out}/study',
    'volume outline {us}/outlines.gpkg --id SITE_ID --thickness thickness_m '
    '--density density_t_m3 --grade treo_pct -o {out}/volumes.gpkg',
    "buffer {us}/rivers.shp --distance '200 m' -o {out}/banks.gpkg",
    "screen {us}/permits.shp --id PERMIT_ID --constraint {us}/protected.shp='1 km' -o {out}/net.gpkg",
    'permits {us}/outlines.gpkg {us}/permits.shp --id SITE_ID --as-of 2026-11-01 '
    '-o {out}/coverage.gpkg --gaps {out}/gaps.gpkg',
    'isochrone {us}/plants.csv --network road={us}/network.gpkg:roads --within \'2,4,8 h\' '
    '-o {out}/reach.gpkg',
]
# What a notebook does, in a process of its own: a function's name, then its values, as JSON.
CALL = '''
import json, sys
import lode
name, places, keywords = json.loads(sys.stdin.read())
getattr(lode, name)(*places, **keywords)
'''


def why_no_module():
    """The module as this QGIS's Python would load it; empty when it does."""
    if not MODULE or not os.path.isdir(os.path.join(MODULE, 'lode')):
        return f'the Python module is not built ({MODULE or "LODE_PYTHON_MODULE"} holds no lode)'
    done = subprocess.run([sys.executable, '-c', 'import lode'], stderr=subprocess.PIPE,
                          env=dict(os.environ, PYTHONPATH=MODULE), check=False)
    return done.stderr.decode('utf-8', 'replace') if done.returncode else ''


class Faces(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.box = Box(AWKWARD, ('us_allied_ree',))
        cls.box.enable()
        cls.commands = {one['command']: one
                        for one in json.loads(cls.box.lode('describe').stdout)['results']}

    @classmethod
    def tearDownClass(cls):
        cls.box.remove()

    def asked(self, face):
        """Every run with its results in that face's folder: (command, words)."""
        for number, line in enumerate(RUNS):
            folder = os.path.join(self.box.data, f'{number} {face}')
            os.mkdir(folder)
            folders = {'us': os.path.join(self.box.data, 'us_allied_ree'), 'out': folder}
            name, words = forms.command_of(forms.shlex.split(line), self.commands)
            yield folder, self.commands[name], forms.filled(words, folders)

    def command_line(self):
        for folder, command, words in self.asked('shell'):
            done = self.box.lode(*command['command'].split(' '), *words)
            self.assertEqual(done.returncode, 0, done.stderr)
            yield folder

    def in_qgis(self):
        for folder, command, words in self.asked('forms'):
            form = forms.form_of(command, words)
            code, out, err = self.box.qgis(
                'run', 'lode:' + command['command'].replace(' ', ''), '--',
                *[f'{key}={value}' for key, values in form.items() for value in values])
            self.assertEqual(code, 0, out[-2000:] + err)
            yield folder

    def in_python(self):
        for folder, command, words in self.asked('calls'):
            call = [command['command'].replace(' ', '_').replace('-', '_'),
                    *forms.keywords_of(command, words)]
            done = subprocess.run([sys.executable, '-c', CALL], input=json.dumps(call).encode(),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                                  env=dict(self.box.environment, PYTHONPATH=MODULE))
            self.assertEqual(done.returncode, 0, done.stderr.decode('utf-8', 'replace'))
            yield folder

    def test_the_same_bytes(self):
        faces = [list(self.command_line()), list(self.in_qgis())]
        why = why_no_module()
        if not why:
            faces.append(list(self.in_python()))
        for folders in zip(*faces):
            self.assertNotEqual(files_under(folders[0]), {})
            for other in folders[1:]:
                self.assertEqual(unlike(folders[0], other), [])
        self.assertLessEqual(STUDY, {os.path.basename(name) for name in files_under(faces[0][0])})
        if why:
            self.skipTest('command line and QGIS agree; ' + why)


if __name__ == '__main__':
    unittest.main()
