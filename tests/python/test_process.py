"""In one process with osgeo and QGIS: one libgdal, and GDAL's options of the others left alone."""
import importlib.util
import os
import subprocess
import sys
import unittest

import box

TEXT = '''
import lode
result = lode.volume_outline('outlines.gpkg', thickness='30 m')
{others}
again = lode.volume_outline('outlines.gpkg', thickness='30 m')
assert again.json() == result.json()
from osgeo import gdal, ogr
assert gdal.GetConfigOption('GDAL_NUM_THREADS') is None
assert gdal.GetConfigOption('OGR_GEOJSON_DATE_AS_STRING') is None
assert gdal.GetDriverByName('VRT') is not None and gdal.GetDriverByName('KML') is not None
source = ogr.Open('outlines.gpkg')
assert source.GetLayer(0).GetFeatureCount() == len(result.results)
maps = open('/proc/self/maps').read().split()
print(sorted({{path for path in maps if 'libgdal' in path}}))
'''
QGIS = '''
from qgis.core import QgsApplication, QgsVectorLayer
QgsApplication.setPrefixPath('/usr', True)
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer('outlines.gpkg', 'outlines', 'ogr')
assert layer.isValid() and layer.featureCount() == len(result.results)
'''


def has(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


class OneProcess(box.Box):
    data = box.SAMPLE

    def run_text(self, text):
        done = subprocess.run([sys.executable, '-B', '-c', text], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    @unittest.skipUnless(has('osgeo'), 'no osgeo (Debian: apt install python3-gdal)')
    def test_with_osgeo(self):
        for text in (TEXT.format(others=''), 'from osgeo import gdal, ogr\n' + TEXT.format(others='')):
            self.assertEqual(self.run_text(text).count('libgdal'), 1)

    @unittest.skipUnless(has('osgeo') and has('qgis.core'), 'no qgis.core (Debian: apt install python3-qgis)')
    def test_with_qgis(self):
        self.assertEqual(self.run_text(TEXT.format(others=QGIS)).count('libgdal'), 1)

    def test_import_is_quick_and_needs_numpy_alone(self):
        text = ('import sys, time; import numpy; start = time.process_time(); import lode; '
                'print(time.process_time() - start, "pandas" in sys.modules, "shapely" in sys.modules)')
        took, *loaded = self.run_text(text).split()
        self.assertEqual(loaded, ['False', 'False'])
        self.assertLess(float(took), 2)

    def test_shipped_data_are_found_beside_the_library(self):
        environment = {key: value for key, value in os.environ.items() if key != 'LODE_SHARE'}
        text = 'import lode; print(len(lode.footprint.__doc__), lode.study_check("study.toml").command)'
        done = subprocess.run([sys.executable, '-B', '-c', text], capture_output=True, text=True, check=False,
                              env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == '__main__':
    unittest.main()
