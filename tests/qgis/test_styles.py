"""The layers that commands write open in QGIS, without any plugin, with a style in which every feature is drawn."""
import os
import shlex
import shutil
import subprocess
import tempfile
import unittest

from qgis.core import (QgsApplication, QgsExpressionContext, QgsExpressionContextUtils, QgsFeatureRequest,
                       QgsMapRendererParallelJob, QgsMapSettings, QgsRenderContext, QgsVectorLayer,
                       QgsWkbTypes)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

os.environ.setdefault('QT_QPA_PLATFORM', 'offscreen')
SOURCE = os.environ['LODE_SOURCE']
PROGRAM = os.environ['LODE_PROGRAM']
SAMPLE = os.path.join(SOURCE, 'sample_data', 'us_allied_ree')
# A folder to look at the maps in; else they are drawn and thrown away.
PICTURES = os.environ.get('LODE_STYLE_PICTURES')


def cases():
    """Layer, renderer, field and words of tests/cases/styled_layers.txt."""
    with open(os.path.join(SOURCE, 'tests', 'cases', 'styled_layers.txt'), encoding='utf-8') as lines:
        for line in lines:
            if line.strip() and not line.startswith('#'):
                layer, renderer, field, command = (part.strip() for part in line.split('|'))
                yield layer, renderer, field, shlex.split(command)


def undrawn(layer):
    """Ids of features with a geometry that the renderer has no symbol for."""
    context = QgsRenderContext()
    context.setExpressionContext(QgsExpressionContext(
        QgsExpressionContextUtils.globalProjectLayerScopes(layer)))
    renderer = layer.renderer().clone()
    renderer.startRender(context, layer.fields())
    missed = []
    for feature in layer.getFeatures(QgsFeatureRequest()):
        context.expressionContext().setFeature(feature)
        if feature.hasGeometry() and not renderer.willRenderFeature(feature, context):
            missed.append(feature.id())
    renderer.stopRender(context)
    return missed


def picture(layer):
    """The layer drawn on white: as wide as it is, or the widest of areas that would be specks."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setBackgroundColor(QColor('white'))
    settings.setOutputSize(QSize(700, 500))
    settings.setDestinationCrs(layer.crs())
    extent = layer.extent()
    if layer.geometryType() == QgsWkbTypes.PolygonGeometry:
        extent = max((feature.geometry().boundingBox() for feature in layer.getFeatures() if feature.hasGeometry()),
                     key=lambda box: box.width())
    extent.grow(max(extent.width(), extent.height(), 1e-6) * 0.06)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def colours(image):
    """How many different colours there are on every third dot."""
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


class Styles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix='lode styles é ')
        os.environ['QGIS_CUSTOM_CONFIG_PATH'] = cls.root
        cls.application = QgsApplication([], False)
        cls.application.initQgis()
        cls.made = {}

    @classmethod
    def tearDownClass(cls):
        cls.application.exitQgis()
        shutil.rmtree(cls.root, ignore_errors=True)

    def opened(self, name, words):
        """The layer as QGIS opens it; one run for layers of one command."""
        key = ' '.join(words)
        if key not in self.made:
            path = os.path.join(self.root, f'{len(self.made)}.gpkg')
            done = subprocess.run([PROGRAM, *(path if word == 'OUT' else word for word in words)], cwd=SAMPLE,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            self.made[key] = path
        layer = QgsVectorLayer(f'{self.made[key]}|layername={name}', name, 'ogr')
        self.assertTrue(layer.isValid(), name)
        return layer

    def check_legend(self, layer):
        items = layer.renderer().legendSymbolItems()
        labels = [item.label() for item in items]
        if layer.renderer().type() != 'singleSymbol':
            self.assertTrue(all(labels), labels)
            self.assertEqual(len(set(labels)), len(labels), labels)
            self.assertLessEqual(len(labels), 9, labels)
            looks = {(item.symbol().color().name(), item.symbol().dump()) for item in items if item.symbol()}
            self.assertEqual(len(looks), sum(1 for item in items if item.symbol()), 'two classes look the same')

    def test_every_layer(self):
        for name, renderer, field, words in cases():
            with self.subTest(layer=name):
                layer = self.opened(name, words)
                self.assertGreater(layer.featureCount(), 0)
                aliases = [layer.attributeAlias(i) for i in range(layer.fields().count())]
                self.assertTrue(any(aliases), 'no field has a title')
                self.assertIn('Written by lode', layer.metadata().abstract())
                self.assertNotEqual(layer.metadata().title(), '')
                if renderer == 'none':
                    continue
                self.assertEqual(layer.renderer().type(), renderer)
                if renderer == 'graduatedSymbol' and field != '*':
                    self.assertEqual(layer.renderer().classAttribute(), field)
                self.check_legend(layer)
                self.assertEqual(undrawn(layer), [])
                image = picture(layer)
                self.assertGreater(colours(image), 1, 'nothing is drawn')
                if PICTURES:
                    image.save(os.path.join(PICTURES, name + '.png'))

    def test_titles_read_for_people(self):
        words = next(words for name, _, _, words in cases() if name == 'net_areas')
        layer = self.opened('net_areas', words)
        titles = {field.name(): layer.attributeDisplayName(i) for i, field in enumerate(layer.fields())}
        self.assertEqual(titles['excl_pct'], 'Excluded (%)')
        self.assertEqual(titles['net_ha'], 'Left after setbacks (ha)')
        self.assertTrue(layer.labelsEnabled())
        labels = [item.label() for item in layer.renderer().legendSymbolItems()]
        self.assertTrue(all(label.endswith(' %') for label in labels), labels)

    def test_the_study(self):
        folder = os.path.join(self.root, 'study')
        study = os.path.join(self.root, 'sample')
        shutil.copytree(SAMPLE, study, ignore=shutil.ignore_patterns('results'))
        done = subprocess.run([PROGRAM, 'study', 'run', 'study.toml', '-o', folder], cwd=study,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        for name in ('sites', 'routes', 'net_areas'):
            layer = QgsVectorLayer(f'{folder}/sites.gpkg|layername={name}', name, 'ogr')
            self.assertTrue(layer.isValid(), name)
            self.assertEqual(undrawn(layer), [], name)
            self.assertTrue(any(layer.attributeAlias(i) for i in range(layer.fields().count())), name)
            if PICTURES:
                picture(layer).save(os.path.join(PICTURES, 'study_' + name + '.png'))


if __name__ == '__main__':
    unittest.main()
