"""The example scripts: they run as they stand, and their plots show the figures of the study's tables.

Expected values are read from the CSV files by the csv module, not through what the scripts use.
"""
import csv
import importlib.util
import math
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import box

# They look for the sample data above themselves: there lies a copy without the plan of supply.
TREE = tempfile.TemporaryDirectory(prefix='lode examples ')
EXAMPLES = os.path.join(TREE.name, 'plugins', 'python', 'examples')


def setUpModule():
    shutil.copytree(os.path.join(box.SOURCE, 'plugins', 'python', 'examples'), EXAMPLES)
    sample = os.path.join(TREE.name, 'sample_data', 'us_allied_ree')
    shutil.copytree(box.SAMPLE, sample, ignore=shutil.ignore_patterns('results'))
    box.leave_plan_out(os.path.join(sample, 'study.toml'))


def tearDownModule():
    TREE.cleanup()


def lacking(*modules):
    """Why the examples cannot be run here; '' when they can."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    return f'there is no {", ".join(missing)} for {sys.executable}' if missing else ''


def environment(**more):
    return dict(os.environ, MPLBACKEND='Agg', PYTHONDONTWRITEBYTECODE='1',
                PYTHONPATH=os.pathsep.join(path for path in sys.path if path), **more)


def run(name, *words, **more):
    return subprocess.run([sys.executable, os.path.join(EXAMPLES, name), *words], capture_output=True, text=True,
                          timeout=600, env=environment(**more), check=False)


def rows(path):
    with open(path, newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


class SampleStudy(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        why = lacking('lode', 'pandas', 'matplotlib')
        if why:
            raise unittest.SkipTest(why)
        cls.box = tempfile.TemporaryDirectory(prefix='lode plots é ')
        cls.folder = os.path.join(cls.box.name, "étude d'essai")
        os.environ['MPLBACKEND'] = 'Agg'
        import matplotlib.pyplot as plt
        # In this process, so that what was drawn can be asked for.
        before = sys.argv
        sys.argv = ['sample_study.py', '--output', cls.folder]
        try:
            spec = importlib.util.spec_from_file_location('sample_study', os.path.join(EXAMPLES, 'sample_study.py'))
            cls.script = importlib.util.module_from_spec(spec)
            sys.dont_write_bytecode = True
            spec.loader.exec_module(cls.script)
        finally:
            sys.argv = before
        cls.figures = [plt.figure(number) for number in plt.get_fignums()]
        cls.ranking = rows(os.path.join(cls.folder, 'results', 'ranking.csv'))
        cls.values = {(one['site'], one['criterion']): one
                      for one in rows(os.path.join(cls.folder, 'results', 'indicators.csv'))}

    @classmethod
    def tearDownClass(cls):
        if hasattr(cls, 'box'):
            cls.box.cleanup()

    def test_two_plots_that_are_not_blank(self):
        import matplotlib.image
        for name in ('ranking.png', 'cost_curve.png'):
            path = os.path.join(self.folder, name)
            self.assertTrue(os.path.isfile(path), name)
            pixels = matplotlib.image.imread(path)
            self.assertGreater(pixels.shape[1], 1000, name)
            ink = (pixels[..., :3] < 0.95).any(axis=2).mean()
            self.assertGreater(ink, 0.05, name)
            self.assertLess(ink, 0.7, name)

    def test_bars_of_the_ranking_are_the_table_s_scores(self):
        scores, ranks = self.figures[0].axes
        expected = self.ranking[:20]
        self.assertEqual([bar.get_width() for bar in scores.patches], [float(one['score']) for one in expected])
        self.assertEqual([label.get_text() for label in scores.get_yticklabels()], [one['name'] for one in expected])
        spans = [(path[0][0], path[1][0]) for path in (line.vertices for line in ranks.collections[0].get_paths())]
        self.assertEqual(spans, [(float(one['rank_p05']), float(one['rank_p95'])) for one in expected])

    def test_colours_tell_groups_and_hatching_tells_recycling(self):
        from matplotlib.colors import to_hex
        colours = {'domestic': '#1f5fae', 'allied': '#12907a', 'other': '#c8622d'}
        for bar, one in zip(self.figures[0].axes[0].patches, self.ranking):
            self.assertEqual(to_hex(bar.get_facecolor()), colours[one['group']], one['name'])
        by_id = {one['id']: one for one in self.ranking}
        for bar, site in zip(self.cost_bars(), self.order()):
            self.assertEqual(bool(bar.get_hatch()), by_id[site]['kind'] == 'secondary', site)
            self.assertEqual(to_hex(bar.get_facecolor()), colours[by_id[site]['group']], site)

    def order(self):
        """Sites that have both figures, cheapest first."""
        found = []
        for one in self.ranking:
            cost = self.values.get((one['id'], 'delivered_usd_per_kg'), {}).get('value')
            wide = self.values.get((one['id'], 'ndpr_t_per_yr'), {}).get('value')
            if cost and wide:
                found.append((float(cost), one['id']))
        return [site for _, site in sorted(found)]

    def cost_bars(self):
        bars = self.figures[1].axes[0].containers
        return bars[1].patches

    def test_the_cost_curve_is_the_indicators(self):
        order = self.order()
        self.assertGreater(len(order), 80)
        bars = self.cost_bars()
        self.assertEqual(len(bars), len(order))
        left = 0.0
        for site, bar, span in zip(order, bars, self.figures[1].axes[0].containers[0].patches):
            cost, wide = self.values[site, 'delivered_usd_per_kg'], self.values[site, 'ndpr_t_per_yr']
            self.assertEqual(bar.get_height(), float(cost['value']), site)
            self.assertAlmostEqual(bar.get_width(), float(wide['value']), 6, site)
            self.assertAlmostEqual(bar.get_x(), left, 4, site)
            self.assertAlmostEqual(span.get_y(), float(cost['low']), 12, site)
            self.assertAlmostEqual(span.get_y() + span.get_height(), float(cost['high']), 12, site)
            left += float(wide['value'])

    def test_names_stand_inside_the_picture_and_do_not_touch(self):
        for figure in self.figures:
            renderer = figure.canvas.get_renderer()
            frame = figure.bbox
            for axes in figure.axes:
                boxes = [text.get_window_extent(renderer) for text in axes.texts]
                for i, one in enumerate(boxes):
                    self.assertGreaterEqual(one.x0, frame.x0)
                    self.assertLessEqual(one.x1, frame.x1)
                    self.assertLessEqual(one.y1, frame.y1)
                    for other in boxes[:i]:
                        self.assertFalse(one.overlaps(other), [axes.texts[i].get_text()])


class AsUsersCallThem(unittest.TestCase):

    def test_the_script_says_what_it_wrote(self):
        why = lacking('lode', 'pandas', 'matplotlib')
        if why:
            self.skipTest(why)
        with tempfile.TemporaryDirectory(prefix='lode plots ') as folder:
            done = run('sample_study.py', '--output', os.path.join(folder, 'a b'))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stderr, '')
            self.assertRegex(done.stdout, r'^92 sites ranked, .+ first; \d+ findings\nplots: ')
            self.assertEqual(sorted(os.listdir(os.path.join(folder, 'a b'))),
                             ['cost_curve.png', 'ranking.png', 'results'])

    def test_without_the_module_one_line_says_what_to_do(self):
        if lacking('pandas', 'matplotlib'):
            self.skipTest(lacking('pandas', 'matplotlib'))
        with tempfile.TemporaryDirectory(prefix='lode none ') as folder:
            # A copy far from any build, and a Python that sees only its own modules.
            os.makedirs(os.path.join(folder, 'a', 'b', 'c'))
            for name in ('sample_study.py', 'own_frame.py'):
                with open(os.path.join(EXAMPLES, name), encoding='utf-8') as file:
                    text = file.read()
                path = os.path.join(folder, 'a', 'b', 'c', name)
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(text)
                blocked = os.path.join(folder, 'lode.py')
                with open(blocked, 'w', encoding='utf-8') as file:
                    file.write("raise ImportError(\"No module named 'lode'\")\n")
                done = subprocess.run([sys.executable, path], capture_output=True, text=True, cwd=folder,
                                      env=dict(os.environ, MPLBACKEND='Agg', PYTHONPATH=folder,
                                               PYTHONDONTWRITEBYTECODE='1'), check=False)
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, r"^No module named 'lode'\. Wanted for .*: python3-lode .*\n$")
                self.assertEqual(done.stdout, '')


class OwnFrame(unittest.TestCase):

    def test_claims_come_back_screened_and_ranked(self):
        why = lacking('lode', 'geopandas')
        if why:
            self.skipTest(why)
        done = run('own_frame.py')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, '')
        head, *table = [line.split() for line in done.stdout.splitlines()[:4]]
        shown = {row[0]: dict(zip(head, row)) for row in table}
        self.assertEqual(sorted(shown), ['Alpha', 'Bravo', 'Charlie'])
        for row in shown.values():  # the weighted sum by hand
            oxide = (math.log10(float(row['treo_t'])) - 4) / 2
            score = 0.6 * oxide + 0.4 * float(row['net_ha']) / 1000
            self.assertAlmostEqual(float(row['LD_SCORE']), score, 5)
        order = sorted(shown, key=lambda name: -float(shown[name]['LD_SCORE']))
        self.assertEqual([float(shown[name]['LD_RANK']) for name in order], [1, 2, 3])
        # Bravo lies over the reserve; each claim is 0.03 x 0.03 degrees, 906 ha at this latitude.
        self.assertLess(float(shown['Bravo']['net_ha']), 100)
        self.assertLess(max(float(row['net_ha']) for row in shown.values()), 906.9)


if __name__ == '__main__':
    unittest.main()
