"""The provider inside a running QGIS: forms, runs, progress, lookup of the program."""
import json
import os
import shutil
import sys
import time
import unittest

from headless import PROGRAM
from inside import BOX, PROVIDER, Feedback, finish, squares

import processing
from lode_qgis import program
from lode_qgis.parameters import definitions_of
from processing.core.ProcessingConfig import ProcessingConfig, settingsWatcher
from qgis.core import (QgsApplication, QgsProcessing, QgsProcessingContext,
                       QgsProcessingFeatureSourceDefinition, QgsProcessingParameterDefinition,
                       QgsProject, QgsProperty, QgsVectorLayer)
from qgis.PyQt.QtCore import QCoreApplication, QUrl


RELEASED = os.path.join(program.HERE, 'released_ids.json')
# A wider type takes all that the narrower one took.
WIDER = {('number', 'string'), ('enum', 'string'), ('field', 'string'), ('vector', 'source'),
         ('file', 'string'), ('boolean', 'string')}


def names_now():
    """{algorithm: {"parameters": {name: type}, "required": [...], "outputs": {name: type}}}."""
    found = {}
    for algorithm in PROVIDER.algorithms():
        definitions = algorithm.parameterDefinitions()
        optional = QgsProcessingParameterDefinition.Flag.FlagOptional
        found[algorithm.name()] = {
            'parameters': {one.name(): one.type() for one in definitions},
            'required': [one.name() for one in definitions if not one.flags() & optional],
            'outputs': {one.name(): one.type() for one in algorithm.outputDefinitions()}}
    return found


def keep_names():
    """Adds what is new to the kept list, for a release: test_provider.py keep."""
    rows = [f'{json.dumps(name)}: {json.dumps(value)}' for name, value in sorted(names_now().items())]
    with open(RELEASED, 'w', encoding='utf-8') as file:
        file.write('{' + ',\n'.join(rows) + '}\n')


class Released(unittest.TestCase):
    """Models, scripts and batches hold these names for years."""

    def test_nothing_released_has_vanished_or_changed_its_type(self):
        now = names_now()
        with open(RELEASED, encoding='utf-8') as file:
            released = json.load(file)
        self.assertGreater(len(released), 40)
        for name, was in released.items():
            self.assertIn(name, now, 'an algorithm is gone')
            for kind in ('parameters', 'outputs'):
                for key, old in was[kind].items():
                    self.assertIn(key, now[name][kind], f'{name}: {kind} lost {key}')
                    new = now[name][kind][key]
                    self.assertTrue(old == new or (old, new) in WIDER, f'{name} {key}: {old} became {new}')
            for key in now[name]['required']:
                self.assertIn(key, was['required'], f'{name} {key}: runs without it would fail now')

    def test_the_list_has_all_there_is(self):
        with open(RELEASED, encoding='utf-8') as file:
            released = json.load(file)
        self.assertEqual(sorted(released), sorted(names_now()), 'for a release: test_provider.py keep')


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

    def type_of(self, algorithm, name):
        return PROVIDER.algorithm(algorithm).parameterDefinition(name)

    def test_typed_parameters(self):
        for algorithm, types in {
                'volumeoutline': {'LAYER': 'source', 'THICKNESS': 'string', 'ID': 'field', 'CRS': 'crs',
                                  'BELOW_DETECTION': 'enum', 'OUTPUT': 'vectorDestination',
                                  'JOBS': 'number', 'STRICT': 'boolean', 'BBOX': 'extent', 'X': 'field'},
                'watershed': {'DEM': 'raster', 'SLOPE': 'rasterDestination', 'RECEPTORS': 'multilayer'},
                'zonal': {'BAND': 'band'}, 'permits': {'AS_OF': 'datetime'},
                'blockssection': {'FROM': 'point', 'GRADE': 'string', 'OUTPUT': 'fileDestination',
                                  'SURFACE': 'multilayer', 'BLOCKS': 'file'},
                'studyrun': {'FILE': 'file', 'OUTPUT': 'folderDestination'},
                'estimate': {'VALUE': 'field'}}.items():
            for name, kind in types.items():
                self.assertEqual(self.type_of(algorithm, name).type(), kind, f'{algorithm} {name}')
        choice = self.type_of('volumeoutline', 'BELOW_DETECTION')
        self.assertEqual(choice.options(), ['refuse', 'half', 'zero', 'limit', 'missing'])
        self.assertTrue(choice.usesStaticStrings())
        self.assertTrue(self.type_of('estimate', 'VALUE').allowMultiple())

    def test_geometries_that_fit(self):
        types = QgsProcessing.SourceType
        for algorithm, name, kinds in (
                ('volumeoutline', 'LAYER', [types.TypeVectorPolygon]), ('buffer', 'LAYER', [types.TypeVector]),
                ('permits', 'PERMITS', [types.TypeVectorPolygon]), ('route', 'TO', [types.TypeVector]),
                ('screen', 'SITES', [types.TypeVector]), ('rank', 'TABLE', [types.TypeVector])):
            self.assertEqual(self.type_of(algorithm, name).dataTypes(), kinds, f'{algorithm} {name}')

    def test_files_are_filtered_by_their_ending(self):
        for algorithm, name, start in (('studyrun', 'FILE', 'TOML (*.toml);;All files (*.*)'),
                                       ('route', 'TARIFF', 'TOML (*.toml)'), ('validate', 'SVG', 'SVG (*.svg)'),
                                       ('blockssection', 'OUTPUT', 'SVG (*.svg)'),
                                       ('variogram', 'OUTPUT', 'JSON (*.json);;CSV (*.csv)'),
                                       ('permits', 'TIMELINE', 'CSV (*.csv)'),
                                       ('convert', 'OUTPUT', 'OMF (*.omf);;VTU (*.vtu)')):
            self.assertTrue(self.type_of(algorithm, name).fileFilter().startswith(start),
                            self.type_of(algorithm, name).fileFilter())

    def test_ranges_and_folded_options(self):
        advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
        self.assertEqual(self.type_of('route', 'MONTH').minimum(), 1)
        self.assertEqual(self.type_of('route', 'MONTH').maximum(), 12)
        for algorithm, name, folded in (('buffer', 'DISTANCE', False), ('buffer', 'JOBS', True),
                                        ('buffer', 'WHERE', True), ('buffer', 'ID', False),
                                        ('supplyrisk', 'VALUE', False), ('supplyrisk', 'IMPORTS', True),
                                        ('supplyrisk', 'OUTPUT', False)):
            self.assertEqual(bool(self.type_of(algorithm, name).flags() & advanced), folded, name)

    def test_order_of_the_form(self):
        names = [one.name() for one in PROVIDER.algorithm('blockssection').parameterDefinitions()]
        self.assertEqual(names[:4], ['BLOCKS', 'GRADE', 'FROM', 'TO'])
        self.assertEqual(names[-1], 'OUTPUT')

    def test_help_tags_icons_and_links(self):
        icons = {}
        for algorithm in PROVIDER.algorithms():
            self.assertTrue(os.path.isfile(algorithm.svgIconPath()))
            icons.setdefault(algorithm.group(), set()).add(algorithm.svgIconPath())
            self.assertFalse(algorithm.icon().isNull())
            self.assertTrue(algorithm.helpUrl().startswith(('https://', 'file://')))
            self.assertIn('lode', algorithm.tags())
            text = algorithm.shortHelpString()
            self.assertEqual(text.count('<p>'), text.count('</p>'))
        self.assertEqual(len(set.union(*icons.values())), len(icons), 'one a group')
        text = PROVIDER.algorithm('buffer').shortHelpString()
        for part in ('Setbacks in true metres', '<b>Distance</b>', '<h3>Results</h3>', 'AREA_M2',
                     'lode buffer rivers.shp', 'lode-buffer'):
            self.assertIn(part, text)

    def test_a_manual_page_beside_the_program_is_the_help(self):
        prefix = os.path.join(BOX.root, "pre fix é")
        page = os.path.join(prefix, 'share', 'doc', 'lode', 'lode-buffer.html')
        for folder in (os.path.join(prefix, 'bin'), os.path.dirname(page)):
            os.makedirs(folder)
        shutil.copy('/bin/true', os.path.join(prefix, 'bin', 'lode'))
        with open(page, 'w', encoding='utf-8') as file:
            file.write('page')
        before = os.environ['LODE_PROGRAM']
        os.environ['LODE_PROGRAM'] = os.path.join(prefix, 'bin', 'lode')
        try:
            url = PROVIDER.algorithm('buffer').helpUrl()
        finally:
            os.environ['LODE_PROGRAM'] = before
        self.assertTrue(url.startswith('file:///'))
        self.assertEqual(QUrl(url).toLocalFile(), page)

    def test_what_a_newer_program_may_declare(self):
        command = {'command': 'new thing', 'summary': 'x', 'group': 'Nowhere', 'parameters': [
            {'name': 'IN', 'kind': 'vector', 'positional': True, 'required': True, 'repeatable': False,
             'help': 'a layer'},
            {'name': 'odd', 'kind': 'hologram', 'help': 'of a kind unknown here', 'future': {'a': [1]}},
            {'name': 'bare', 'kind': 'text'}, {'name': 'which', 'kind': 'choice', 'choices': []},
            {'name': 'far', 'kind': 'quantity', 'units': None, 'range': 'who knows', 'default': None},
            {'name': 'n', 'kind': 'number', 'range': 'from 1 to many'}, {'name': 'on', 'kind': 'flag'},
            {'name': 'of', 'kind': 'field', 'parent': 'nothing'},
            {'name': 'join', 'kind': 'field', 'parent': 'IN', 'bare': '*'}]}
        from lode_qgis.algorithm import LodeAlgorithm
        algorithm = LodeAlgorithm(command, {'summary': {}}).create()
        types = {one.name(): one.type() for one in algorithm.parameterDefinitions()}
        self.assertEqual(types['ODD'], 'string')
        self.assertEqual(types['N'], 'number')
        self.assertEqual(types['JOIN_ALONE'], 'boolean')
        self.assertEqual(algorithm.name(), 'newthing')
        self.assertTrue(algorithm.shortHelpString())
        self.assertTrue(os.path.isfile(algorithm.svgIconPath()))
        self.assertEqual(len(definitions_of(command)), len(types))


class Quantities(unittest.TestCase):

    def check(self, algorithm, **values):
        made = PROVIDER.algorithm(algorithm).create()
        return made.checkParameterValues(values, QgsProcessingContext())

    def test_lodes_own_refusal_before_the_run(self):
        path = BOX.path('permits.shp')
        for value, words in (('30', "--thickness: '30' has no unit of length. Write one of: m, km"),
                             ('30 kg', "'kg' is no unit of length"), ('30 m2', "'m2' is no unit of length")):
            fine, why = self.check('volumeoutline', LAYER=path, THICKNESS=value)
            self.assertFalse(fine, value)
            self.assertIn(words, why)
            self.assertIn('[usage.quantity]', why)
            said = BOX.lode('volume', 'outline', path, '--thickness', value, '--json')
            self.assertIn(json.loads(said.stdout)['error']['message'], why)

    def test_what_is_sound_is_let_through(self):
        for values in ({'THICKNESS': '30 m'}, {'THICKNESS': '30m'}, {'THICKNESS': 'THICK_M'},
                       {'THICKNESS': '1e1 ft', 'DENSITY': '2.7 t/m3', 'GRADE': '350 ppm'},
                       {'THICKNESS': QgsProperty.fromExpression("3 || ' m'")}):
            fine, why = self.check('volumeoutline', LAYER=BOX.path('permits.shp'), **values)
            self.assertTrue(fine, f'{values}: {why}')
        fine, why = self.check('volumeoutline', LAYER=BOX.path('permits.shp'),
                               THICKNESS=QgsProperty.fromExpression('1 + 2'))
        self.assertIn("'3' has no unit of length", why)

    def test_a_range(self):
        fine, why = self.check('screen', SITES=BOX.path('permits.shp'), CONSTRAINT='x=1 m', SLIVER_WIDTH='-1 m')
        self.assertFalse(fine)
        self.assertIn('--sliver-width', why)


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

    def test_installed_under_one_prefix(self):
        prefix = os.path.join(BOX.root, 'own prefix')
        folder = os.path.join(prefix, 'share', 'qgis', 'python', 'plugins', 'lode_qgis')
        kept, program.HERE = program.HERE, folder
        try:
            self.assertEqual(program.usual_places()[0], os.path.join(prefix, 'bin'))
        finally:
            program.HERE = kept

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

    def test_qgis_says_once_when_it_opens_that_the_program_is_missing(self):
        from lode_qgis import classFactory
        shown = []

        class Window:
            def messageBar(self):
                return self

            def pushMessage(self, *words, **_how):
                shown.append(words)
        os.environ['LODE_PROGRAM'] = '/no/such/lode'
        plugin = classFactory(Window())
        plugin.initProcessing = lambda: None  # the provider is there already
        plugin.initGui()
        self.assertEqual(len(shown), 1)
        self.assertIn('/no/such/lode', shown[0][1])
        self.assertIn('apt install ./lode_*.deb', shown[0][1])
        plugin.unload()

    def test_asked_once_and_again_when_the_file_changes(self):
        count = os.path.join(BOX.root, 'asked')
        text = f'#!/bin/sh\necho x >> "{count}"\nexec {PROGRAM} describe\n'
        self._fake(text)

        def asked():
            program._describe.cache_clear()  # as after a new start of QGIS
            program.find_program()
            with open(count, encoding='utf-8') as file:
                return len(file.read().split())
        self.assertEqual([asked(), asked(), asked()], [1, 1, 1])
        self._fake(text + '# updated\n')
        self.assertEqual([asked(), asked()], [2, 2])
        with open(program.cache_file(), 'w', encoding='utf-8') as file:
            file.write('{"half')
        self.assertEqual(asked(), 3, 'a damaged cache is no answer')
        self.assertTrue(program.cache_file().startswith(QgsApplication.qgisSettingsDirPath()))

    def test_updated_while_qgis_runs(self):
        said = json.loads(json.dumps(program.find_program()[1]))
        one = next(one for one in said['results'] if one['command'] == 'buffer')
        one['parameters'].append({'name': 'brand-new', 'kind': 'text', 'help': 'an option of tomorrow'})
        answer = os.path.join(BOX.root, 'tomorrow.json')
        with open(answer, 'w', encoding='utf-8') as file:
            json.dump(said, file)
        self.assertIsNone(PROVIDER.algorithm('buffer').create().parameterDefinition('BRAND_NEW'))
        self._fake(f'#!/bin/sh\ncat "{answer}"\n')
        self.assertIsNotNone(PROVIDER.algorithm('buffer').create().parameterDefinition('BRAND_NEW'))

    def test_another_program_in_the_settings(self):
        answer = os.path.join(BOX.root, 'one.json')
        with open(answer, 'w', encoding='utf-8') as file:
            json.dump({'lode': '9.0.0', 'results': [{'command': 'only one', 'summary': 'x', 'group': 'Data',
                                                     'parameters': []}]}, file)
        self._fake(f'#!/bin/sh\n/bin/cat "{answer}"\n')
        path = os.environ.pop('LODE_PROGRAM')
        ProcessingConfig.setSettingValue(program.SETTING, path)
        settingsWatcher.settingsChanged.emit()
        try:
            self.assertEqual([one.name() for one in PROVIDER.algorithms()], ['onlyone'])
        finally:
            os.environ['LODE_PROGRAM'] = PROGRAM
            ProcessingConfig.setSettingValue(program.SETTING, '')
            settingsWatcher.settingsChanged.emit()
        self.assertGreater(len(PROVIDER.algorithms()), 40)

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
    if sys.argv[1:] == ['keep']:
        keep_names()
        finish()
    else:
        unittest.main()
