"""The provider inside a running QGIS: forms, runs, progress, lookup of the program."""
import json
import os
import time
import unittest

from headless import PROGRAM
from inside import BOX, PROVIDER, Feedback, finish, squares

import processing
from lode_qgis import program
from lode_qgis.parameters import definitions_of
from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (QgsProcessingFeatureSourceDefinition, QgsProcessingParameterDefinition, QgsProject,
                       QgsVectorLayer)
from qgis.PyQt.QtCore import QCoreApplication


class Forms(unittest.TestCase):

    def test_one_algorithm_a_command_and_one_parameter_an_option(self):
        said = program.find_program()[1]['results']
        self.assertEqual(len(PROVIDER.algorithms()), len(said))
        for command in said:
            algorithm = PROVIDER.algorithm(command['command'].replace(' ', ''))
            self.assertIsNotNone(algorithm, command['command'])
            self.assertRegex(algorithm.name(), '^[a-z0-9]+$')
            self.assertEqual(algorithm.group(), command['group'])
            self.assertTrue(algorithm.shortHelpString())
            names = [one.name() for one in algorithm.parameterDefinitions()]
            self.assertEqual(len(names), len(set(names)))
            for parameter in command['parameters']:
                name = parameter['name'].upper().replace('-', '_')
                if parameter['name'] in ('json', 'progress', 'quiet', 'dry-run'):
                    self.assertNotIn(name, names)
                    continue
                definition = algorithm.parameterDefinition(name)
                self.assertIsNotNone(definition, f"{command['command']} {name}")
                self.assertTrue(definition.help(), name)
            for definition in algorithm.parameterDefinitions():
                definition.asScriptCode()
                definition.asPythonString()
                parent = definition.toVariantMap().get('parent_layer')
                if parent:
                    self.assertIn(parent, names, command['command'])

    def test_typed_parameters(self):
        algorithm = PROVIDER.algorithm('volumeoutline')
        types = {one.name(): one.type() for one in algorithm.parameterDefinitions()}
        for name, kind in {'LAYER': 'source', 'THICKNESS': 'string', 'ID': 'field', 'CRS': 'crs',
                           'BELOW_DETECTION': 'enum', 'OUTPUT': 'vectorDestination', 'JOBS': 'number',
                           'STRICT': 'boolean'}.items():
            self.assertEqual(types[name], kind, name)
        self.assertEqual(algorithm.parameterDefinition('BELOW_DETECTION').options(),
                         ['refuse', 'half', 'zero', 'limit', 'missing'])
        self.assertTrue(algorithm.parameterDefinition('BELOW_DETECTION').usesStaticStrings())


class Runs(unittest.TestCase):

    def test_a_layer_in_memory_selected_features_and_a_temporary_output(self):
        layer = squares(10)
        feedback = Feedback()
        found = processing.run('lode:volumeoutline', {
            'LAYER': layer, 'THICKNESS': 'thick_m', 'ID': 'id', 'OUTPUT': 'TEMPORARY_OUTPUT'},
            feedback=feedback)
        self.assertEqual(found['FEATURES'], 10)
        result = QgsVectorLayer(found['OUTPUT'], 'result', 'ogr')
        self.assertEqual(result.featureCount(), 10)
        self.assertTrue(found['OUTPUT'].endswith('.gpkg'))
        layer.selectByIds([1, 3, 5])
        selected = QgsProcessingFeatureSourceDefinition('squares', selectedFeaturesOnly=True)
        QgsProject.instance().addMapLayer(layer)
        selected = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
        found = processing.run('lode:volumeoutline', {'LAYER': selected, 'THICKNESS': 'thick_m'},
                               feedback=Feedback())
        self.assertEqual(found['FEATURES'], 3)
        self.assertEqual(found['RESULTS'].count('"area_m2"'), 3)

    def test_progress_rises_to_the_end_and_says_what_is_done(self):
        feedback = Feedback()
        processing.run('lode:volumeoutline', {'LAYER': squares(500), 'THICKNESS': 'thick_m',
                                              'OUTPUT': os.path.join(BOX.root, 'p.gpkg')},
                       feedback=feedback)
        QCoreApplication.processEvents()
        self.assertTrue(feedback.texts)
        self.assertEqual(feedback.steps, sorted(feedback.steps))

    def test_warnings_are_shown_as_such(self):
        feedback = Feedback()
        processing.run('lode:volumeoutline', {
            'LAYER': BOX.path('permits.shp'), 'THICKNESS': '1 m',
            'OUTPUT': os.path.join(BOX.root, 'w.gpkg')}, feedback=feedback)
        self.assertTrue(any('[outline.overlap]' in text for text in feedback.warnings))

    def test_strict_ends_in_an_error_without_output(self):
        target = os.path.join(BOX.root, 's.gpkg')
        with self.assertRaisesRegex(Exception, r'\[strict\.finding\]'):
            processing.run('lode:volumeoutline', {'LAYER': BOX.path('permits.shp'), 'THICKNESS': '1 m',
                                                  'STRICT': True, 'OUTPUT': target}, feedback=Feedback())
        self.assertFalse(os.path.exists(target))

    def test_an_output_that_exists_is_replaced_unless_forbidden(self):
        target = os.path.join(BOX.root, 'again.gpkg')
        run = {'LAYER': squares(3), 'THICKNESS': '1 m', 'OUTPUT': target}
        processing.run('lode:volumeoutline', run, feedback=Feedback())
        processing.run('lode:volumeoutline', run, feedback=Feedback())
        with self.assertRaisesRegex(Exception, r'--overwrite'):
            processing.run('lode:volumeoutline', dict(run, OVERWRITE=False), feedback=Feedback())

    def test_a_file_of_several_layers(self):
        path = BOX.path('network.gpkg')
        found = processing.run('lode:buffer', {'LAYER': path + '|layername=rail', 'DISTANCE': '100 m',
                                               'OUTPUT': os.path.join(BOX.root, 'b.gpkg')},
                               feedback=Feedback())
        rail = QgsVectorLayer(path + '|layername=rail', 'rail', 'ogr')
        self.assertEqual(QgsVectorLayer(found['OUTPUT'], 'b', 'ogr').featureCount(), rail.featureCount())

    def test_a_database_is_refused_as_output(self):
        with self.assertRaisesRegex(Exception, 'Lode writes files'):
            processing.run('lode:volumeoutline', {
                'LAYER': squares(1), 'THICKNESS': '1 m',
                'OUTPUT': f"ogr:dbname='{BOX.root}/x.gpkg' table=\"t\" (geom)"}, feedback=Feedback())


class Lookup(unittest.TestCase):
    """Processing's setting, then the environment, then PATH, then the usual places."""

    def setUp(self):
        self.before = dict(os.environ)

    def tearDown(self):
        os.environ.clear()
        os.environ.update(self.before)
        ProcessingConfig.setSettingValue(program.SETTING, '')

    def test_order(self):
        empty = os.path.join(BOX.root, 'empty')
        os.makedirs(empty, exist_ok=True)
        self.assertEqual(program.locate(), PROGRAM)
        os.environ['LODE_PROGRAM'] = os.path.dirname(PROGRAM)  # the folder will do
        self.assertEqual(program.locate(), PROGRAM)
        os.environ['LODE_PROGRAM'] = ''
        os.environ['PATH'] = os.path.dirname(PROGRAM)
        self.assertEqual(program.locate(), PROGRAM)
        ProcessingConfig.setSettingValue(program.SETTING, empty)
        with self.assertRaisesRegex(program.ProgramFault, 'setting LODE_PROGRAM, which names'):
            program.locate()
        ProcessingConfig.setSettingValue(program.SETTING, '')
        os.environ['PATH'] = empty
        places, program.usual_places = program.usual_places, lambda: [empty]
        try:
            with self.assertRaisesRegex(program.ProgramFault, 'Searched: .*PATH; .*bootstrap install'):
                program.locate()
            program.usual_places = lambda: [empty, os.path.dirname(PROGRAM)]
            self.assertEqual(program.locate(), PROGRAM)
        finally:
            program.usual_places = places

    def _fake(self, text):
        path = os.path.join(BOX.root, 'fake')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, 0o755)
        os.environ['LODE_PROGRAM'] = path
        os.utime(path, ns=(time.time_ns(), time.time_ns()))

    def test_too_old(self):
        self._fake('#!/bin/sh\necho \'{"lode":"0.0.9","results":[{"command":"x","parameters":[]}]}\'\n')
        with self.assertRaisesRegex(program.ProgramFault, r'Lode 0\.0\.9; this plugin wants 0\.1\.0'):
            program.find_program()
        self.assertEqual(program.description(), program.kept_description())

    def test_another_program_of_that_name(self):
        self._fake('#!/bin/sh\necho hello\n')
        with self.assertRaisesRegex(program.ProgramFault, 'does not answer as Lode does'):
            program.find_program()

    def test_one_that_cannot_be_run(self):
        self._fake('#!/no/such/interpreter\n')
        with self.assertRaisesRegex(program.ProgramFault, 'cannot be run'):
            program.find_program()


def tearDownModule():
    finish()


if __name__ == '__main__':
    unittest.main()
