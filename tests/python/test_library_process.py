"""One process with osgeo and QGIS: one libgdal, and the library works beside them."""
import re
import subprocess
import sys
import unittest

from library_case import lode_room  # noqa: F401  (says why where the module is missing)

CODE = '''
import sys
sys.path[:0] = sys.argv[1:]
{imports}
import lode.crs, lode.geometry, lode.estimation
print(lode.crs.Geodesic().distance_m((0, 0), (0, 1)))
print(len({{line.split()[-1] for line in open('/proc/self/maps') if 'libgdal.so' in line}}),
      len({{line.split()[-1] for line in open('/proc/self/maps') if 'libproj.so' in line}}))
'''


def run(imports):
    return subprocess.run([sys.executable, '-B', '-c', CODE.format(imports=imports), *sys.path],
                          capture_output=True, text=True, timeout=120)


class OneProcess(unittest.TestCase):
    def check(self, imports):
        done = run(imports)
        if 'ModuleNotFoundError' in done.stderr:
            self.skipTest(re.findall(r'ModuleNotFoundError: (.*)', done.stderr)[0] +
                          ' (Debian: apt install python3-gdal python3-qgis)')
        self.assertEqual(done.returncode, 0, done.stderr)
        distance, counts = done.stdout.splitlines()[-2:]
        self.assertAlmostEqual(float(distance), 110574.388557799, places=6)  # GeodSolve
        self.assertEqual(counts.split()[0], '1', 'more than one libgdal')

    def test_alone(self):
        self.check('')

    def test_with_osgeo(self):
        self.check('from osgeo import gdal, ogr')

    def test_with_qgis(self):
        self.check('from qgis.core import QgsApplication\nfrom osgeo import gdal')

    def test_with_geopandas(self):
        self.check('import geopandas, shapely, pyproj')


if __name__ == '__main__':
    unittest.main()
