"""A QGIS running inside the test, with Processing, the provider, and a feedback that keeps all."""
import os
import sys

from headless import PLUGINS, Box

sys.path[:0] = ['/usr/share/qgis/python/plugins', PLUGINS]
BOX = Box()
os.environ.update({key: BOX.environment[key] for key in ('XDG_RUNTIME_DIR', 'QGIS_CUSTOM_CONFIG_PATH')})

from qgis.core import (QgsApplication, QgsFeature, QgsGeometry, QgsPointXY, QgsProcessingFeedback,  # noqa: E402
                       QgsProject, QgsVectorLayer)
from qgis.testing import start_app  # noqa: E402

APP = start_app()
import processing  # noqa: E402,F401
from processing.core.Processing import Processing  # noqa: E402

Processing.initialize()
from lode_qgis.provider import LodeProvider  # noqa: E402

PROVIDER = LodeProvider()
QgsApplication.processingRegistry().addProvider(PROVIDER)


class Feedback(QgsProcessingFeedback):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__(False)
        self.steps, self.texts, self.infos, self.warnings, self.problems = [], [], [], [], []
        self.commands = []
        self.progressChanged.connect(self.steps.append)

    def setProgressText(self, text):
        self.texts.append(text)

    def pushInfo(self, text):
        self.infos.append(text)

    def pushCommandInfo(self, text):
        self.commands.append(text)

    def pushWarning(self, text):
        self.warnings.append(text)

    def reportError(self, text, fatal=False):
        self.problems.append(text)


def squares(count, crs='EPSG:4326', name='squares', fields='field=id:integer&field=thick_m:double'):
    """A layer in memory: `count` small squares, each with `id` and `thick_m`."""
    layer = QgsVectorLayer(f'Polygon?crs={crs}&{fields}', name, 'memory')
    features = []
    for i in range(count):
        x, y = -150 + (i % 500) * 0.5, -60 + (i // 500) * 0.5
        ring = [QgsPointXY(x, y), QgsPointXY(x + 0.01, y), QgsPointXY(x + 0.01, y + 0.01),
                QgsPointXY(x, y + 0.01), QgsPointXY(x, y)]
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPolygonXY([ring]))
        feature.setAttributes([i, 10.0])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    return layer


def target(name):
    return os.path.join(BOX.root, name)


def finish():
    QgsProject.instance().clear()
    QgsApplication.processingRegistry().removeProvider(PROVIDER)
    BOX.remove()
