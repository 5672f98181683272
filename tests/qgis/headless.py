"""What the tests share: a profile of its own, sample data under an awkward path, layers compared."""
import atexit
import hashlib
import os
import shutil
import subprocess
import tempfile

SOURCE = os.environ['LODE_SOURCE']
PROGRAM = os.environ['LODE_PROGRAM']
PLUGINS = os.path.join(SOURCE, 'plugins', 'qgis')
SAMPLE = os.path.join(SOURCE, 'sample_data', 'us_allied_ree')


def leave_plan_out(study):
    """Takes the plan of supply and the economics out of a copy of the sample study: they take nine
    tenths of a run's time, and tests of their own see the whole."""
    with open(study, encoding='utf-8') as file:
        lines = file.readlines()
    with open(study, 'w', encoding='utf-8') as file:
        file.writelines(line for line in lines
                        if not line.startswith(('policy = ', 'capacities = ', 'metal_prices = ')))


# What the issue tracker of every plugin is full of, in one name.
AWKWARD = "dir with ünïcödé & 'quotes'"


class Box:
    """A folder with blanks, a quote and accents in its name, and a QGIS profile beside it. `sets`:
    the sample sets that are copied into a folder each; otherwise the sample study lies in the folder
    itself. Home and temporary folder are the box's own, so that what is left there is seen."""

    def __init__(self, folder="données d'été ñ", sets=()):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix='lode qgis '))
        self.data = os.path.join(self.root, folder)
        ignored = shutil.ignore_patterns('results')
        if sets:
            for name in sets:
                shutil.copytree(os.path.join(SOURCE, 'sample_data', name),
                                os.path.join(self.data, name), ignore=ignored)
        else:
            shutil.copytree(SAMPLE, self.data, ignore=ignored)
        for study in (self.path('study.toml'), self.path('us_allied_ree/study.toml')):
            if os.path.exists(study):
                leave_plan_out(study)
        for name in ('run', 'profile', 'home', 'tmp'):
            os.mkdir(os.path.join(self.root, name), 0o700)
        self.environment = dict(
            os.environ, QT_QPA_PLATFORM='offscreen', XDG_RUNTIME_DIR=os.path.join(self.root, 'run'),
            QGIS_CUSTOM_CONFIG_PATH=os.path.join(self.root, 'profile'), QGIS_PLUGINPATH=PLUGINS,
            HOME=os.path.join(self.root, 'home'), TMPDIR=os.path.join(self.root, 'tmp'),
            PYTHONDONTWRITEBYTECODE='1')
        for name in ('XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'LODE_DATA'):
            self.environment.pop(name, None)

    def adopt(self):
        """This process runs in the box too: for a QGIS inside the test, which removes its own profile
        at the end, and only then the box can go."""
        atexit.register(self.remove)
        os.environ.clear()
        os.environ.update(self.environment)
        tempfile.tempdir = None

    def path(self, name):
        return os.path.join(self.data, name)

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def enable(self):
        """Switches the plugin on in this profile."""
        code, out, err = self.qgis('plugins', 'enable', 'lode_qgis')
        assert code == 0, out + err

    def lode(self, *words):
        """The program itself, as a user would call it."""
        return subprocess.run([PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, env=self.environment, check=False)

    def qgis(self, *words, **variables):
        """qgis_process with this profile: (exit code, stdout, stderr)."""
        done = subprocess.run([os.environ['LODE_QGIS_PROCESS'], *words], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=dict(self.environment, **variables),
                              timeout=600, check=False)
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


def files_under(folder):
    """{path below the folder: SHA-256} of every file, hidden ones too."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, 'rb') as file:
                found[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest()
    return found


def features_of(path):
    """{layer: (CRS, every feature's geometry as WKB and its fields as text)} of a vector file."""
    from osgeo import ogr
    ogr.UseExceptions()
    source, found = ogr.Open(path), {}
    for layer in source:
        rows = [(bytes(geometry.ExportToIsoWkb()) if geometry else None, repr(feature.items()))
                for feature in layer for geometry in [feature.GetGeometryRef()]]
        crs = layer.GetSpatialRef()
        found[layer.GetName()] = (crs.ExportToWkt() if crs else None, rows)
    return found


def unlike(ours, theirs):
    """What differs between two folders of results, for people; nothing when the bytes are the same."""
    one, other = files_under(ours), files_under(theirs)
    faults = [f'only one has {name}' for name in sorted(one.keys() ^ other.keys())]
    for name in sorted(one.keys() & other.keys()):
        if one[name] != other[name]:
            said = f'{name}: other bytes'
            try:
                left, right = (features_of(os.path.join(folder, name)) for folder in (ours, theirs))
                for layer in sorted(left.keys() | right.keys()):
                    if left.get(layer) != right.get(layer):
                        said += f'; layer {layer} too: {left.get(layer)} and {right.get(layer)}'
            except (RuntimeError, AttributeError):
                pass  # not vector data
            faults.append(said[:4000])
    return faults
