"""What a run hands back to QGIS: declared numbers, layers named, styled and all loaded; models, dialogs."""
import json
import os
import shutil
import unittest

from headless import SOURCE
from inside import BOX, PROVIDER, Feedback, finish, squares, target

import processing
from lode_qgis.results import Styled, layers_in
from processing.gui.Postprocessing import handleAlgorithmResults
from qgis.core import (QgsProcessingContext, QgsProcessingModelAlgorithm,
                       QgsProcessingModelChildAlgorithm, QgsProcessingModelChildParameterSource,
                       QgsProcessingModelOutput, QgsProcessingModelParameter,
                       QgsProcessingOutputLayerDefinition, QgsProcessingParameterFeatureSource,
                       QgsProject, QgsSingleSymbolRenderer, QgsSymbol, QgsVectorLayer)
from qgis.PyQt.QtGui import QColor

PROJECT = QgsProject.instance()
OF_CHILD = QgsProcessingModelChildParameterSource


def as_dialog_does(algorithm, values):
    """A run whose results the project loads, as the toolbox does it: (results, layers by name)."""
    PROJECT.clear()
    made = PROVIDER.algorithm(algorithm).create()
    context, feedback = QgsProcessingContext(), Feedback()
    context.setProject(PROJECT)
    for name, value in values.items():
        definition = made.parameterDefinition(name)
        if definition is not None and definition.isDestination() and definition.type() != 'folderDestination':
            layer = QgsProcessingOutputLayerDefinition(value, PROJECT)
            values = dict(values, **{name: layer})
    fine, why = made.checkParameterValues(values, context)
    assert fine, why
    results, done = made.run(values, context, feedback)
    assert done, feedback.problems
    assert handleAlgorithmResults(made, context, feedback, True, values), feedback.problems
    return results, {layer.name(): layer for layer in PROJECT.mapLayers().values()}


class Loaded(unittest.TestCase):

    def test_the_name_says_command_and_input(self):
        _, layers = as_dialog_does('buffer', {'LAYER': BOX.path('rivers.shp'), 'DISTANCE': '1 km',
                                              'OUTPUT': target('rivers 1.gpkg')})
        self.assertEqual(list(layers), ['Buffer of rivers'])
        _, layers = as_dialog_does('buffer', {'LAYER': squares(2, name='Été'), 'DISTANCE': '1 km',
                                              'OUTPUT': 'TEMPORARY_OUTPUT'})
        self.assertEqual(list(layers), ['Buffer of Été'])

    def test_a_name_that_the_user_gave_stays(self):
        definition = QgsProcessingOutputLayerDefinition(target('named.gpkg'), PROJECT)
        definition.destinationName = 'Mine'
        made = PROVIDER.algorithm('buffer').create()
        context, feedback = QgsProcessingContext(), Feedback()
        context.setProject(PROJECT)
        made.run({'LAYER': squares(1), 'DISTANCE': '1 m', 'OUTPUT': definition}, context, feedback)
        self.assertEqual(context.layerToLoadOnCompletionDetails(target('named.gpkg')).name, 'Mine')

    def test_the_second_output_says_what_it_is(self):
        _, layers = as_dialog_does('permits', {
            'SITES': BOX.path('deposits.shp'), 'PERMITS': BOX.path('permits.shp'), 'AS_OF': '2026-11-01',
            'OUTPUT': target('p.gpkg'), 'PERMITS_OUT': target('p2.gpkg')})
        self.assertEqual(sorted(layers), ['Permits of deposits', 'Permits of deposits: permits out'])

    def test_a_model_written_as_csv_is_loaded_though_temporary(self):
        results, layers = as_dialog_does('blockscreate', {
            'ORIGIN': '0,0,0', 'SPACING': '10,10,5 m', 'COUNT': '2,2,1', 'OUTPUT': 'TEMPORARY_OUTPUT'})
        self.assertTrue(results['OUTPUT'].endswith('.csv'))
        self.assertEqual([layer.featureCount() for layer in layers.values()], [4])

    def test_a_raster_beside_the_layer(self):
        hill = os.path.join(SOURCE, 'sample_data', 'monazite_hill')
        results, layers = as_dialog_does('watershed', {
            'SITES': os.path.join(hill, 'collar.csv'), 'DEM': os.path.join(hill, 'topography.asc'),
            'INPUT_CRS': 'EPSG:32629', 'ID': 'hole', 'SNAP': '20 m', 'MAX_PATH': '300 m',
            'OUTPUT': target('ways.gpkg'), 'SLOPE': 'TEMPORARY_OUTPUT'})
        self.assertTrue(results['SLOPE'].endswith('.tif'))
        self.assertIn('Watershed of collar: slope', layers)

    def test_the_style_that_a_file_holds_is_shown(self):
        path = target('styled.gpkg')
        processing.run('lode:volumeoutline', {'LAYER': squares(2), 'THICKNESS': '1 m', 'OUTPUT': path},
                       feedback=Feedback())
        layer = QgsVectorLayer(path, 'styled', 'ogr')
        symbol = QgsSymbol.defaultSymbol(layer.geometryType())
        symbol.setColor(QColor(1, 2, 3))
        layer.setRenderer(QgsSingleSymbolRenderer(symbol))
        layer.saveStyleToDatabase('default', '', True, '')
        plain = QgsVectorLayer(path, 'plain', 'ogr', QgsVectorLayer.LayerOptions(False))
        self.assertNotEqual(plain.renderer().dump(), layer.renderer().dump())
        Styled.create().postProcessLayer(plain, QgsProcessingContext(), Feedback())
        self.assertEqual(plain.renderer().symbol().color().name(), '#010203')

    def test_a_study(self):
        folder = target('study out')
        results, layers = as_dialog_does('studyrun', {'FILE': BOX.path('study.toml'), 'OUTPUT': folder})
        sites = os.path.join(folder, 'sites.gpkg')
        self.assertEqual(len(layers), len(layers_in(sites)))
        self.assertGreaterEqual(len(layers), 2)
        self.assertTrue(os.path.isfile(results['REPORT']))
        self.assertTrue(results['SITES_LAYER'].startswith(sites))
        self.assertGreater(results['RANKED'], 0)
        outputs = {one.name(): one.type() for one in PROVIDER.algorithm('studyrun').outputDefinitions()}
        self.assertEqual(outputs['REPORT'], 'outputHtml')
        self.assertEqual(outputs['SITES_LAYER'], 'outputVector')
        self.assertNotEqual(layers['Sites'].renderer().type(), 'singleSymbol', 'styled by the file')

    def test_a_study_into_its_own_folder(self):
        found = processing.run('lode:studyrun', {'FILE': BOX.path('study.toml')}, feedback=Feedback())
        self.assertEqual(os.path.dirname(found['REPORT']), BOX.path('results'))


class Declared(unittest.TestCase):

    def test_what_a_summary_holds_is_declared(self):
        found = processing.run('lode:buffer', {'LAYER': BOX.path('deposits.shp'), 'DISTANCE': '1 km'},
                               feedback=Feedback())
        kinds = {one.name(): one.type() for one in PROVIDER.algorithm('buffer').outputDefinitions()}
        for name, value in found.items():
            self.assertIn(name, kinds)
            if name in ('FEATURES', 'AREA_M2', 'MAX_RADIUS_ERROR_M', 'FINDINGS'):
                self.assertEqual(kinds[name], 'outputNumber')
                self.assertIsInstance(value, (int, float))
        self.assertEqual(kinds['OUTPUT'], 'outputVector')
        self.assertEqual(len(json.loads(found['RESULTS'])), found['FEATURES'])


def model_of_three():
    """Deposits: buffered, dissolved by QGIS, what permits leave of them, and their volume. The depth is
    made by an expression, the last number is an output of the model."""
    model = QgsProcessingModelAlgorithm('Three of Lode', 'tests')
    model.addModelParameter(QgsProcessingParameterFeatureSource('SITES', 'Sites'),
                            QgsProcessingModelParameter('SITES'))
    steps = [
        ('around', 'lode:buffer', {'LAYER': OF_CHILD.fromModelParameter('SITES'),
                                   'DISTANCE': OF_CHILD.fromExpression("(1 + 1) || ' km'"),
                                   'OUTPUT': None}),
        ('native', 'native:dissolve', {'INPUT': OF_CHILD.fromChildOutput('around', 'OUTPUT')}),
        ('screened', 'lode:screen', {'SITES': OF_CHILD.fromChildOutput('native', 'OUTPUT'),
                                     'CONSTRAINT': OF_CHILD.fromExpression(
                                         f"'{BOX.path('rivers.shp')}'".replace("d'été", "d''été") +
                                         " || '=200 m'")}),
        ('volume', 'lode:volumeoutline', {'LAYER': OF_CHILD.fromChildOutput('screened', 'OUTPUT'),
                                          'THICKNESS': OF_CHILD.fromStaticValue('10 m')})]
    for id_, algorithm, values in steps:
        step = QgsProcessingModelChildAlgorithm(algorithm)
        step.setChildId(id_)
        for name, source in values.items():
            if source is not None:
                step.addParameterSources(name, [source])
        if id_ == 'volume':
            output = QgsProcessingModelOutput('Volumes')
            output.setChildOutputName('OUTPUT')
            output.setChildId('volume')
            step.setModelOutputs({'Volumes': output})
        model.addChildAlgorithm(step)
    model.updateDestinationParameters()
    return model


class Models(unittest.TestCase):

    def run_model(self, model, out):
        context, feedback = QgsProcessingContext(), Feedback()
        context.setProject(PROJECT)
        destination = next(one.name() for one in model.parameterDefinitions() if one.isDestination())
        results, done = model.create().run({'SITES': BOX.path('deposits.shp'), destination: out},
                                           context, feedback)
        self.assertTrue(done, feedback.problems)
        layer = QgsVectorLayer(results[destination], 'v', 'ogr')
        return [(one.attributes()[1:], one.geometry().asWkt(9)) for one in layer.getFeatures()], results

    def test_three_of_lode_and_one_of_qgis_saved_and_read_again(self):
        model = model_of_three()
        first, results = self.run_model(model, target('m1.gpkg'))
        self.assertEqual(len(first), 1)
        self.assertGreater(results['CHILD_RESULTS']['volume']['VOLUME_SUM_M3'], 1e9)
        path = target('three.model3')
        self.assertTrue(model.toFile(path))
        again = QgsProcessingModelAlgorithm()
        self.assertTrue(again.fromFile(path))
        self.assertEqual(self.run_model(again, target('m2.gpkg'))[0], first)

    def test_exported_to_python(self):
        from qgis.core import QgsProcessing
        model = model_of_three()
        lines = model.asPythonCode(QgsProcessing.PythonOutputType.PythonQgsProcessingAlgorithmSubclass, 4)
        code = '\n'.join(lines)
        self.assertEqual(code.count("processing.run('lode:"), 3)
        names = {}
        exec(compile(code, 'model', 'exec'), names)  # our own model, written a moment ago
        made = next(value for key, value in names.items()
                    if isinstance(value, type) and value.__module__ == 'builtins' and
                    hasattr(value, 'processAlgorithm') and not key.startswith('Qgs'))()
        made.initAlgorithm({})
        context, feedback = QgsProcessingContext(), Feedback()
        context.setProject(PROJECT)
        destination = next(one.name() for one in made.parameterDefinitions() if one.isDestination())
        results, done = made.run({'SITES': BOX.path('deposits.shp'), 'sites': BOX.path('deposits.shp'),
                                  destination: target('m3.gpkg')}, context, feedback)
        self.assertTrue(done, feedback.problems)
        self.assertEqual(QgsVectorLayer(target('m3.gpkg'), 'v', 'ogr').featureCount(), 1)


class Boxes(unittest.TestCase):
    """The form's own boxes, in a dialog that is never shown."""

    @classmethod
    def setUpClass(cls):
        from processing.gui.AlgorithmDialog import AlgorithmDialog
        PROJECT.clear()
        cls.layer = squares(2, name='outlines')
        PROJECT.addMapLayer(cls.layer)
        cls.dialogs = {}
        for name in ('volumeoutline', 'resources', 'route'):
            cls.dialogs[name] = AlgorithmDialog(PROVIDER.algorithm(name).create())

    @classmethod
    def tearDownClass(cls):
        for dialog in cls.dialogs.values():
            dialog.close()
            dialog.deleteLater()

    def wrapper(self, dialog, name):
        return self.dialogs[dialog].mainWidget().wrappers[name]

    def test_a_number_and_its_unit(self):
        wrapper = self.wrapper('volumeoutline', 'THICKNESS')
        box = wrapper.box
        self.assertIsNone(wrapper.parameterValue())
        box.line.setText('12.5')
        self.assertEqual(wrapper.parameterValue(), '12.5 m')
        box.units.setCurrentText('ft')
        self.assertEqual(wrapper.parameterValue(), '12.5 ft')
        for text, value in (('100,200', '100,200 ft'), ('100, 2e2', '100, 2e2 ft'), ('1,2 m', '1,2 m')):
            box.line.setText(text)
            self.assertEqual(wrapper.parameterValue(), value)
        box.line.setText('3 km')
        self.assertEqual(wrapper.parameterValue(), '3 km')
        self.assertFalse(box.units.isEnabled(), 'the unit that is typed counts')
        box.line.setText('thick_m')
        self.assertEqual(wrapper.parameterValue(), 'thick_m')
        context = QgsProcessingContext()
        for text in ('7 ft', 'thick_m', None):
            wrapper.setParameterValue(text, context)
            self.assertEqual(wrapper.parameterValue(), text)

    def test_fields_of_the_layer_are_offered(self):
        combo = self.wrapper('volumeoutline', 'THICKNESS').box.combo
        self.assertEqual([combo.itemText(i) for i in range(combo.count())], ['id', 'thick_m'])

    def test_columns_of_a_file_are_offered(self):
        blocks = os.path.join(SOURCE, 'sample_data', 'monazite_hill', 'blocks.csv')
        self.wrapper('resources', 'BLOCKS').setParameterValue(blocks, QgsProcessingContext())
        combo = self.wrapper('resources', 'GRADE').combo
        self.assertIn('treo_pct', [combo.itemText(i) for i in range(combo.count())])
        combo.setEditText('typed')
        self.assertEqual(self.wrapper('resources', 'GRADE').parameterValue(), 'typed')

    def test_defaults_are_shown(self):
        self.assertEqual(self.wrapper('route', 'SNAP_RADIUS').parameterValue(), '250 km')
        self.assertEqual(self.wrapper('route', 'SEED').parameterValue(), 1)
        self.assertEqual(self.wrapper('route', 'MINIMISE').parameterValue(), 'cost')

    def test_a_batch_and_the_modeler_have_boxes_too(self):
        from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
        dialog = BatchAlgorithmDialog(PROVIDER.algorithm('buffer').create())
        panel = dialog.mainWidget()
        wrapper = next(one for row in panel.wrappers for one in row
                       if one is not None and one.parameterDefinition().name() == 'DISTANCE')
        wrapper.setParameterValue('5 km', QgsProcessingContext())
        self.assertEqual(wrapper.parameterValue(), '5 km')
        dialog.close()
        from processing.modeler.ModelerParametersDialog import ModelerParametersDialog
        modeler = ModelerParametersDialog(PROVIDER.algorithm('buffer').create(), model_of_three())
        self.assertTrue(modeler.widget if hasattr(modeler, 'widget') else modeler)
        modeler.close()


def tearDownModule():
    shutil.rmtree(target('study out'), ignore_errors=True)
    finish()


if __name__ == '__main__':
    unittest.main()
