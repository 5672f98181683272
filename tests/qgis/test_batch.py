"""Many runs at once: QGIS's own batch window with a saved batch, and a model that qgis_process runs."""
import json
import os
import subprocess
import unittest
from unittest import mock

from inside import BOX, PROVIDER, finish, target
from headless import AWKWARD, PROGRAM, unlike

from qgis.core import (QgsProcessingModelAlgorithm, QgsProcessingModelChildAlgorithm,  # noqa: E402
                       QgsProcessingModelChildParameterSource as Source, QgsProcessingModelOutput,
                       QgsProcessingModelParameter, QgsProcessingParameterFeatureSource, QgsVectorLayer)
from qgis.PyQt import sip  # noqa: E402
from qgis.PyQt.QtWidgets import QFileDialog  # noqa: E402
from processing.gui import BatchAlgorithmDialog as window  # noqa: E402

DISTANCES = ('100 m', '0.5 km', '1640 ft')


class Batch(unittest.TestCase):

    def test_a_saved_batch_with_a_row_that_fails(self):
        faces = [target(f'{AWKWARD} {face}') for face in ('batch', 'lines')]
        for folder in faces:
            os.mkdir(folder)
        rivers = BOX.path('rivers.shp')
        rows = []
        for number, distance in enumerate(('-5 m',) + DISTANCES):
            rows.append({'PARAMETERS': {'LAYER': repr(rivers), 'DISTANCE': repr(distance)},
                         'OUTPUTS': {'OUTPUT': os.path.join(faces[0], f'{number}.gpkg')}})
        saved = target('saved batch.json')
        with open(saved, 'w', encoding='utf-8') as file:
            json.dump(rows, file)
        dialog = window.BatchAlgorithmDialog(PROVIDER.algorithm('buffer').create())
        panel = dialog.mainWidget()
        with mock.patch.object(QFileDialog, 'getOpenFileName', lambda *_: (saved, '')):
            panel.load()
        panel.checkLoadLayersOnCompletion.setChecked(False)
        self.assertEqual(panel.batchRowCount(), 1 + len(DISTANCES))
        # Its entry in the task bar would never end without a window around it.
        with mock.patch.object(window, 'QgsScopedProxyProgressTask'):
            dialog.runAlgorithm()
        for number, distance in enumerate(DISTANCES, 1):
            done = BOX.lode('buffer', rivers, '--distance', distance, '-o',
                            os.path.join(faces[1], f'{number}.gpkg'))
            self.assertEqual(done.returncode, 0, done.stderr)
        # The first row is refused: it fails alone, and leaves nothing.
        self.assertEqual(unlike(*faces), [])
        # They hold layers, which must be closed before GDAL is at the end of the process.
        wrappers = [one for row in panel.wrappers for one in row if one is not None]
        panel.wrappers = []
        sip.delete(dialog)
        for one in wrappers:
            if not sip.isdeleted(one):
                sip.delete(one)


class Model(unittest.TestCase):

    def test_a_model_file_in_qgis_process(self):
        model = QgsProcessingModelAlgorithm('Banks', 'tests', 'Banks')
        model.addModelParameter(QgsProcessingParameterFeatureSource('RIVERS', 'Rivers'),
                                QgsProcessingModelParameter('RIVERS'))
        for id_, algorithm, values in (
                ('around', 'lode:buffer', {'LAYER': Source.fromModelParameter('RIVERS'),
                                           'DISTANCE': Source.fromStaticValue('200 m')}),
                ('volume', 'lode:volumeoutline', {'LAYER': Source.fromChildOutput('around', 'OUTPUT'),
                                                  'THICKNESS': Source.fromStaticValue('2 m')})):
            step = QgsProcessingModelChildAlgorithm(algorithm)
            step.setChildId(id_)
            for name, source in values.items():
                step.addParameterSources(name, [source])
            if id_ == 'volume':
                output = QgsProcessingModelOutput('Volumes')
                output.setChildOutputName('OUTPUT')
                output.setChildId(id_)
                step.setModelOutputs({'Volumes': output})
            model.addChildAlgorithm(step)
        model.updateDestinationParameters()
        destination = next(one.name() for one in model.parameterDefinitions() if one.isDestination())
        folder = target(AWKWARD)
        os.mkdir(folder)
        path = os.path.join(folder, 'banks.model3')
        self.assertTrue(model.toFile(path))
        BOX.enable()
        ours = os.path.join(folder, 'ours.gpkg')
        code, out, err = BOX.qgis('--json', 'run', path, '--', 'RIVERS=' + BOX.path('rivers.shp'),
                                  f'{destination}={ours}')
        self.assertEqual(code, 0, out[-2000:] + err)
        banks, theirs = (os.path.join(folder, name) for name in ('banks.gpkg', 'theirs.gpkg'))
        for words in (['buffer', BOX.path('rivers.shp'), '--distance', '200 m', '-o', banks],
                      ['volume', 'outline', banks, '--thickness', '2 m', '-o', theirs]):
            subprocess.run([PROGRAM, *words], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        left, right = (QgsVectorLayer(name, 'v', 'ogr') for name in (ours, theirs))
        self.assertGreater(left.featureCount(), 0)
        self.assertEqual([(one.attributes(), one.geometry().asWkb().data()) for one in left.getFeatures()],
                         [(one.attributes(), one.geometry().asWkb().data()) for one in right.getFeatures()])


def tearDownModule():
    finish()


if __name__ == '__main__':
    unittest.main()
