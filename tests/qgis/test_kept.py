"""The kept description is in step with the program, and metadata.txt is fit for the repository."""
import ast
import configparser
import json
import os
import re
import subprocess
import sys
import unittest

from headless import PLUGINS, PROGRAM, SOURCE

PLUGIN = os.path.join(PLUGINS, 'lode_qgis')


# Static functions and constants that enumerators are not mistaken for.
NOT_ENUMERATORS = {'TEMPORARY_OUTPUT'}


def sources():
    """(name, text) of the plugin's modules."""
    for name in sorted(os.listdir(PLUGIN)):
        if name.endswith('.py'):
            with open(os.path.join(PLUGIN, name), encoding='utf-8') as file:
                yield name, file.read()


def is_scoped(attribute):
    """An enumeration's class, whose enumerators follow, starts large too; a bare enumerator is known by
    the attributes that QGIS and Qt have."""
    return attribute in NOT_ENUMERATORS or attribute[:1].islower() or attribute in (
        'SourceType', 'Type', 'Flag', 'MessageLevel', 'FieldOrigin', 'WriterError', 'LayerHint',
        'InvalidGeometryCheck', 'InsertPolicy', 'Policy', 'WidgetType', 'ProcessEventsFlag', 'WktVariant',
        'SaveVectorOptions', 'LayerDetails')


class Kept(unittest.TestCase):

    def test_description_is_in_step(self):
        said = json.loads(subprocess.run([PROGRAM, 'describe'], stdout=subprocess.PIPE,
                                         check=True).stdout)
        with open(os.path.join(PLUGIN, 'describe.json'), encoding='utf-8') as file:
            kept = json.load(file)
        refresh = 'refresh it: cmake --build build/<preset> --target qgis_description'
        self.assertEqual([one['command'] for one in kept['results']],
                         [one['command'] for one in said['results']], refresh)
        for old, new in zip(kept['results'], said['results']):
            self.assertEqual(old, new, f"{new['command']}: {refresh}")
        self.assertEqual(kept, said, refresh)

    def test_metadata(self):
        metadata = configparser.ConfigParser(interpolation=None)
        metadata.read(os.path.join(PLUGIN, 'metadata.txt'), encoding='utf-8')
        general = metadata['general']
        # What plugins.qgis.org asks for.
        for key in ('name', 'qgisMinimumVersion', 'description', 'about', 'version', 'author', 'email',
                    'tracker', 'repository', 'homepage', 'license', 'tags', 'icon', 'category',
                    'changelog', 'experimental', 'deprecated'):
            self.assertTrue(general.get(key), key)
        self.assertEqual(general['hasProcessingProvider'], 'yes')
        self.assertEqual(general['supportsQt6'], 'yes')
        self.assertIn('apt install ./lode_*.deb', general['about'])
        self.assertEqual(general['version'], os.environ['LODE_VERSION'])
        self.assertIn('has to be installed', general['about'])
        self.assertNotIn('plugin', general['name'].lower())
        self.assertTrue(os.path.exists(os.path.join(PLUGIN, general['icon'])))
        for key in ('homepage', 'tracker', 'repository'):
            self.assertTrue(general[key].startswith('https://'), key)

    def test_no_shell_and_nothing_but_text(self):
        for folder, _, names in os.walk(PLUGIN):
            for name in names:
                if folder.endswith('__pycache__'):
                    continue
                self.assertRegex(name, r'\.(py|txt|json|svg|md)$', 'no binaries in the repository')
                if name.endswith('.py'):
                    with open(os.path.join(folder, name), encoding='utf-8') as file:
                        text = file.read()
                    self.assertIsNone(re.search(r'shell\s*=|os\.system|os\.popen', text), name)

    def test_readable_by_the_oldest_python(self):
        """QGIS 3.22 comes with Python 3.7 or newer."""
        for name, text in sources():
            ast.parse(text, name, feature_version=(3, 7))

    def test_fit_for_qt_6(self):
        """Qt through qgis.PyQt alone, enumerators by their full name, nothing that Qt 6 has dropped."""
        seen = 0
        for name, text in sources():
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    modules = [one.name for one in node.names] if isinstance(node, ast.Import) \
                        else [node.module or '']
                    for module in modules:
                        self.assertNotRegex(module, r'^(PyQt[456]|PySide|sip)\b', f'{name}:{node.lineno}')
                elif isinstance(node, ast.Attribute):
                    self.assertNotIn(node.attr, ('exec_', 'print_'), f'{name}:{node.lineno}')
                    if isinstance(node.value, ast.Name) and re.match('Qgs|Qt$|Q[A-Z]|Qgis$', node.value.id):
                        seen += 1
                        self.assertTrue(is_scoped(node.attr), f'{name}:{node.lineno} {node.value.id}.'
                                        f'{node.attr}: write the enumeration between')
        self.assertGreater(seen, 20)

    def test_examples_are_those_of_the_manual(self):
        sys.path.insert(0, PLUGINS)
        import keep
        with open(os.path.join(PLUGIN, 'examples.json'), encoding='utf-8') as file:
            self.assertEqual(json.load(file), keep.examples(), 'refresh them: plugins/qgis/keep.py')

    def test_summaries_are_kept_of_every_command(self):
        with open(os.path.join(PLUGIN, 'summary.json'), encoding='utf-8') as file:
            kept = json.load(file)
        with open(os.path.join(PLUGIN, 'describe.json'), encoding='utf-8') as file:
            described = [one['command'] for one in json.load(file)['results']]
        self.assertEqual(list(kept), described, 'refresh them: plugins/qgis/keep.py')
        self.assertEqual({kind for one in kept.values() for kind in one.values()},
                         {'number', 'string', 'boolean'})

    def test_licence_is_at_hand(self):
        self.assertTrue(os.path.exists(os.path.join(SOURCE, 'LICENSE')))


if __name__ == '__main__':
    sys.path.insert(0, os.path.dirname(__file__))
    unittest.main()
