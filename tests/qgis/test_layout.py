"""Styled results on a print layout: map, legend, scale bar, north arrow, as PNG and PDF, offscreen.

LODE_QGIS_SHEETS=FOLDER keeps the sheets, to be looked at."""
import os
import shutil
import subprocess
import sys
import unittest

from headless import PLUGINS, Box

sys.path[:0] = ['/usr/share/qgis/python/plugins', PLUGINS]
BOX = Box()
BOX.adopt()

from qgis.core import (QgsCoordinateReferenceSystem, QgsLayoutExporter,  # noqa: E402
                       QgsLayoutItemLabel, QgsLayoutItemLegend, QgsLayoutItemMap, QgsLayoutItemPage,
                       QgsLayoutItemPicture, QgsLayoutItemScaleBar, QgsLayoutPoint, QgsLayoutSize,
                       QgsLegendStyle, QgsPrintLayout, QgsProject, QgsRectangle, QgsRenderContext,
                       QgsTextFormat, QgsUnitTypes, QgsVectorLayer)
from qgis.PyQt.QtGui import QColor, QFont, QFontDatabase, QImage  # noqa: E402
from qgis.testing import start_app  # noqa: E402

APP = start_app()
DPI = 150
FONT = 'DejaVu Sans'
# The map frame on an A4 sheet across, in millimetres.
LEFT, TOP, WIDTH, HEIGHT = 8, 22, 212, 150


def styled(path, layer, name):
    """The layer as QGIS opens it: with the style that the GeoPackage holds."""
    found = QgsVectorLayer(f'{path}|layername={layer}', name, 'ogr')
    assert found.isValid(), path
    return found


def _text(points, bold=False):
    letters = QFont(FONT)
    letters.setBold(bold)
    form = QgsTextFormat()
    form.setFont(letters)
    form.setSize(points)
    form.setSizeUnit(QgsUnitTypes.RenderPoints)
    form.setColor(QColor('#1d242c'))
    return form


def _put(layout, item, x, y, width=None, height=None):
    layout.addLayoutItem(item)
    item.attemptMove(QgsLayoutPoint(x, y, QgsUnitTypes.LayoutMillimeters))
    if width:
        item.attemptResize(QgsLayoutSize(width, height, QgsUnitTypes.LayoutMillimeters))
    return item


def sheet(title, layers, extent, crs):
    """A layout with the layers, the first on top; the last is the background and not in the legend."""
    project = QgsProject.instance()
    project.clear()
    project.setCrs(crs)
    project.addMapLayers(layers)
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.pageCollection().page(0).setPageSize('A4', QgsLayoutItemPage.Landscape)
    label = QgsLayoutItemLabel(layout)
    label.setText(title)
    label.setFont(QFont(FONT, 16, QFont.Bold))
    _put(layout, label, LEFT, 8, 280, 10)
    frame = QgsLayoutItemMap(layout)
    frame.setRect(0, 0, WIDTH, HEIGHT)  # without a size of its own its extent would be no number
    _put(layout, frame, LEFT, TOP, WIDTH, HEIGHT)
    frame.setLayers(layers)
    frame.setCrs(crs)
    frame.setFrameEnabled(True)
    frame.setBackgroundColor(QColor('#ffffff'))
    frame.zoomToExtent(extent)
    legend = QgsLayoutItemLegend(layout)
    legend.setLinkedMap(frame)
    legend.setAutoUpdateModel(False)
    legend.setLegendFilterByMapEnabled(True)
    group = legend.model().rootGroup()
    group.clear()
    for layer in layers[:-1]:
        group.addLayer(layer)
    for part, points in ((QgsLegendStyle.Subgroup, 10), (QgsLegendStyle.SymbolLabel, 9)):
        style = legend.style(part)
        style.setFont(QFont(FONT, points, QFont.Bold if part == QgsLegendStyle.Subgroup else QFont.Normal))
        legend.setStyle(part, style)
    _put(layout, legend, LEFT + WIDTH + 3, TOP)
    legend.adjustBoxSize()
    bar = QgsLayoutItemScaleBar(layout)
    bar.setStyle('Single Box')
    bar.setLinkedMap(frame)
    bar.applyDefaultSize(QgsUnitTypes.DistanceKilometers)
    bar.setTextFormat(_text(9))
    _put(layout, bar, LEFT, TOP + HEIGHT + 3)
    arrow = QgsLayoutItemPicture(layout)
    arrow.setPicturePath(':/images/north_arrows/layout_default_north_arrow.svg')
    arrow.setLinkedMap(frame)
    _put(layout, arrow, LEFT + WIDTH - 18, TOP + 4, 14, 14)
    return layout


def background():
    """Country outlines that come with QGIS, in quiet grey."""
    layer = QgsVectorLayer('/usr/share/qgis/resources/data/world_map.gpkg|layername=countries',
                           'Countries', 'ogr')
    if layer.isValid():
        symbol = layer.renderer().symbol()
        symbol.setColor(QColor('#eef0f2'))
        symbol.symbolLayer(0).setStrokeColor(QColor('#b9c0c7'))
    return layer


def seen(layer):
    """{class in the legend: (its colour, ids of its features)} of the features that are drawn."""
    renderer, context, found = layer.renderer().clone(), QgsRenderContext(), {}
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        for key in renderer.legendKeysForFeature(feature, context):
            colour = renderer.symbolForFeature(feature, context).color().rgb() & 0xffffff
            found.setdefault(key, (colour, set()))[1].add(feature.id())
    renderer.stopRender(context)
    return found


class Sheets(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        if not QFontDatabase().families().count(FONT):
            raise unittest.SkipTest(f'there is no font {FONT} (Debian: apt install fonts-dejavu-core)')
        cls.study = os.path.join(BOX.root, 'study')
        for words in (('study', 'run', BOX.path('study.toml'), '-o', cls.study),
                      ('screen', BOX.path('outlines.gpkg'), '--id', 'SITE_ID', '--constraint',
                       BOX.path('protected.shp') + '=5 km', '--constraint',
                       BOX.path('rivers.shp') + '=2 km', '-o', os.path.join(BOX.root, 'net.gpkg'))):
            done = BOX.lode(*words)
            assert done.returncode == 0, done.stderr

    def export(self, layout, name):
        """Both files of the sheet: the picture, and the words of the PDF."""
        exporter = QgsLayoutExporter(layout)
        picture, page = (os.path.join(BOX.root, name + ending) for ending in ('.png', '.pdf'))
        as_image = QgsLayoutExporter.ImageExportSettings()
        as_image.dpi = DPI
        self.assertEqual(exporter.exportToImage(picture, as_image), QgsLayoutExporter.Success)
        as_page = QgsLayoutExporter.PdfExportSettings()
        as_page.textRenderFormat = QgsRenderContext.TextFormatAlwaysText
        self.assertEqual(exporter.exportToPdf(page, as_page), QgsLayoutExporter.Success)
        if os.environ.get('LODE_QGIS_SHEETS'):
            for path in (picture, page):
                shutil.copy(path, os.environ['LODE_QGIS_SHEETS'])
        with open(page, 'rb') as file:
            self.assertEqual(file.read(5), b'%PDF-')
        words = None
        if shutil.which('pdftotext'):
            words = subprocess.run(['pdftotext', '-layout', page, '-'], stdout=subprocess.PIPE,
                                   check=True).stdout.decode('utf-8')
        return QImage(picture), words

    def colours_of(self, picture):
        """{colour: pixels} inside the map's frame."""
        scale = DPI / 25.4
        counted = {}
        for y in range(int((TOP + 1) * scale), int((TOP + HEIGHT - 1) * scale)):
            for x in range(int((LEFT + 1) * scale), int((LEFT + WIDTH - 1) * scale)):
                colour = picture.pixel(x, y) & 0xffffff
                counted[colour] = counted.get(colour, 0) + 1
        return counted

    def read_legend(self, words, labels):
        if words is None:
            self.skipTest('the picture is right; there is no pdftotext (Debian: apt install poppler-utils)')
        words = ' '.join(words.split())
        for label in labels:
            self.assertIn(label, words)

    def test_sites_of_a_study(self):
        path = os.path.join(self.study, 'sites.gpkg')
        sites, routes = styled(path, 'sites', 'Ranked sites'), styled(path, 'routes', 'Routes')
        for layer in (sites, routes):
            self.assertEqual(layer.renderer().type(), 'categorizedSymbol')
        self.assertTrue(sites.labelsEnabled())
        # Equal Earth.
        layout = sheet('Rare-earth sites in rank order', [sites, routes, background()],
                       QgsRectangle(-14.5e6, -6.6e6, 16.5e6, 8.6e6), QgsCoordinateReferenceSystem('EPSG:8857'))
        picture, words = self.export(layout, 'sites')
        counted = self.colours_of(picture)
        self.assertGreater(len(counted), 200)
        renderer = sites.renderer()
        drawn = seen(sites)
        self.assertGreaterEqual(len(drawn), 4)
        for key, (colour, _) in drawn.items():
            self.assertGreater(counted.get(colour, 0), 10, f'{key} is not to be seen')
        labels = {one.ruleKey(): one.label() for one in renderer.legendSymbolItems()}
        self.read_legend(words, ['Rare-earth sites in rank order', 'Ranked sites', 'km'] +
                         [labels[key] for key in drawn])

    def test_net_areas_of_a_screening(self):
        net = QgsVectorLayer(os.path.join(BOX.root, 'net.gpkg'), 'Net areas: part excluded', 'ogr')
        self.assertTrue(net.isValid())
        self.assertEqual(net.renderer().type(), 'graduatedSymbol')
        before = QgsVectorLayer(BOX.path('outlines.gpkg'), 'Before', 'ogr')
        outline = before.renderer().symbol()
        outline.setColor(QColor(0, 0, 0, 0))
        outline.symbolLayer(0).setStrokeColor(QColor('#1d242c'))
        # The largest area that is left of a site that lost some, and its surroundings.
        most = max((one for one in net.getFeatures() if one.hasGeometry() and one['excl_pct'] > 1),
                   key=lambda one: one['net_ha'])
        around = most.geometry().boundingBox()
        around.grow(0.3 * max(around.width(), around.height()))
        layout = sheet('Outlines less setbacks', [before, net, background()], around, net.crs())
        picture, words = self.export(layout, 'net')
        shown = seen(net)
        key = next(key for key, (_, ids) in shown.items() if most.id() in ids)
        counted = self.colours_of(picture)
        self.assertGreater(len(counted), 20)
        self.assertLess(max(counted.values()), 0.9 * sum(counted.values()), 'one colour nearly everywhere')
        labels = {one.ruleKey(): one.label() for one in net.renderer().legendSymbolItems()}
        self.read_legend(words, ['Outlines less setbacks', 'Net areas: part excluded', 'Before', labels[key]])


def tearDownModule():
    QgsProject.instance().clear()


if __name__ == '__main__':
    unittest.main()
