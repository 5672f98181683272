"""What the tests share: a profile of its own, sample data under an awkward path, layers compared."""
import os
import shutil
import subprocess
import tempfile

SOURCE = os.environ['LODE_SOURCE']
PROGRAM = os.environ['LODE_PROGRAM']
PLUGINS = os.path.join(SOURCE, 'plugins', 'qgis')
SAMPLE = os.path.join(SOURCE, 'sample_data', 'us_allied_ree')


class Box:
    """A folder with blanks, a quote and accents in its name, and a QGIS profile beside it."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix='lode qgis ')
        self.data = os.path.join(self.root, "données d'été ñ")
        shutil.copytree(SAMPLE, self.data, ignore=shutil.ignore_patterns('results'))
        for name in ('run', 'profile'):
            os.mkdir(os.path.join(self.root, name), 0o700)
        self.environment = dict(
            os.environ, QT_QPA_PLATFORM='offscreen', XDG_RUNTIME_DIR=os.path.join(self.root, 'run'),
            QGIS_CUSTOM_CONFIG_PATH=os.path.join(self.root, 'profile'), QGIS_PLUGINPATH=PLUGINS,
            PYTHONDONTWRITEBYTECODE='1')

    def path(self, name):
        return os.path.join(self.data, name)

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def lode(self, *words):
        """The program itself, as a user would call it."""
        return subprocess.run([PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)

    def qgis(self, *words, **variables):
        """qgis_process with this profile: (exit code, stdout, stderr)."""
        done = subprocess.run([os.environ['LODE_QGIS_PROCESS'], *words], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=dict(self.environment, **variables),
                              timeout=300, check=False)
        return (done.returncode, done.stdout.decode('utf-8', 'replace'),
                done.stderr.decode('utf-8', 'replace'))


def rows_of(path):
    """Every feature of the first layer: its geometry and its fields."""
    from osgeo import ogr
    ogr.UseExceptions()
    source = ogr.Open(path)
    layer = source.GetLayer(0)
    rows = []
    for feature in layer:
        geometry = feature.GetGeometryRef()
        rows.append((geometry.ExportToWkt() if geometry else None, feature.items()))
    return layer.GetName(), layer.GetSpatialRef().ExportToWkt(), rows
