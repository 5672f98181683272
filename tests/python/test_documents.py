"""What is written about the module is true: examples run, the stubs are in step with the program."""
import ast
import doctest
import importlib.util
import inspect
import os
import shutil
import subprocess
import sys
import unittest

import box
import lode

STUB = os.path.join(os.path.dirname(lode.__file__), '__init__.pyi')


class Examples(box.Box):
    data = box.SAMPLE

    def test_the_readme(self):
        page = os.path.join(box.SOURCE, 'plugins', 'python', 'README.md')
        if importlib.util.find_spec('geopandas') is None:
            self.skipTest('no geopandas (Debian: apt install python3-geopandas)')
        done = doctest.testfile(page, module_relative=False, optionflags=doctest.ELLIPSIS, verbose=False)
        self.assertGreater(done.attempted, 8)
        self.assertEqual(done.failed, 0)

    def test_the_modules(self):
        for name in ('lode', 'lode.commands', 'lode.results', 'lode.frames', 'lode.errors'):
            done = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
            self.assertEqual(done.failed, 0, name)
        self.assertGreater(doctest.testmod(lode, optionflags=doctest.ELLIPSIS).attempted, 1)


class Stubs(unittest.TestCase):

    def setUp(self):
        with open(STUB, encoding='utf-8') as file:
            self.tree = ast.parse(file.read())

    def test_they_are_in_step(self):
        sys.path.insert(0, os.path.join(box.SOURCE, 'plugins', 'python'))
        import stubs
        with open(STUB, encoding='utf-8') as file:
            self.assertEqual(file.read(), stubs.text())

    def test_every_name_and_keyword(self):
        functions = {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}
        classes = {node.name for node in self.tree.body if isinstance(node, ast.ClassDef)}
        for name in lode.__all__:
            self.assertTrue(name in functions or name in classes, name)
        for name, node in functions.items():
            arguments = node.args
            ours = [one.arg for one in arguments.args + arguments.kwonlyargs]
            ours += [arguments.vararg.arg] if arguments.vararg else []
            self.assertEqual(set(ours), set(inspect.signature(getattr(lode, name)).parameters), name)

    def test_typed(self):
        self.assertTrue(os.path.exists(os.path.join(os.path.dirname(STUB), 'py.typed')))

    def test_mypy(self):
        if shutil.which('mypy') is None:
            self.skipTest('no mypy (Debian: apt install mypy)')
        text = ('import lode\n'
                'result: lode.VolumeOutlineResult = lode.volume_outline("a.gpkg", thickness="30 m", jobs=2)\n'
                'number: float = result.results[0].volume_m3\n'
                'lode.inspect("a.shp", "b.shp", strict=True)\n')
        wrong = 'import lode\nlode.volume_outline("a.gpkg", thicknes="30 m")\n'
        environment = {**os.environ, 'MYPYPATH': os.path.dirname(os.path.dirname(STUB))}
        for script, code in ((text, 0), (wrong, 1)):
            try:
                done = self.mypy(script, environment)
            except subprocess.TimeoutExpired:
                self.skipTest('mypy took more than two minutes here')
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)

    @staticmethod
    def mypy(script, environment):
        return subprocess.run(['mypy', '--no-incremental', '--cache-dir=/dev/null', '--ignore-missing-imports',
                               '--python-executable', sys.executable, '-c', script],
                              capture_output=True, text=True, check=False, env=environment, timeout=120)


if __name__ == '__main__':
    unittest.main()
