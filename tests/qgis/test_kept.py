"""The kept description is in step with the program, and metadata.txt is fit for the repository."""
import configparser
import json
import os
import re
import subprocess
import sys
import unittest

from headless import PLUGINS, PROGRAM, SOURCE

PLUGIN = os.path.join(PLUGINS, 'lode_qgis')


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
        import ast
        for name in os.listdir(PLUGIN):
            if name.endswith('.py'):
                with open(os.path.join(PLUGIN, name), encoding='utf-8') as file:
                    ast.parse(file.read(), feature_version=(3, 7))

    def test_licence_is_at_hand(self):
        self.assertTrue(os.path.exists(os.path.join(SOURCE, 'LICENSE')))


if __name__ == '__main__':
    sys.path.insert(0, os.path.dirname(__file__))
    unittest.main()
