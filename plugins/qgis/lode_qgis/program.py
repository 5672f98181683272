"""Where the program `lode` is, what it can do, and one message that says how to get it."""
import functools
import json
import os
import shutil
import subprocess
import tempfile

SETTING = 'LODE_PROGRAM'  # in Processing's settings, and the environment variable of the same name
OLDEST = (0, 1, 0)        # the oldest program whose answers this plugin understands
PATIENCE_S = 20           # for what the program says of itself; it takes a tenth of a second
HERE = os.path.dirname(os.path.abspath(__file__))
KEPT_DESCRIPTION = os.path.join(HERE, 'describe.json')

INSTALL = ("Install Lode (on Debian 12: apt install ./lode_*.deb, or ./bootstrap install in a copy of "
           "its source), or name the program in Settings > Options > Processing > Providers > Lode, or "
           "in the environment variable LODE_PROGRAM.")


class ProgramFault(Exception):
    """The program is missing, too old or cannot be run; the text is for the user."""


def _name():
    return 'lode.exe' if os.name == 'nt' else 'lode'


def usual_places():
    """Folders looked into after PATH, likely ones first."""
    # Installed beside the program: <prefix>/share/qgis/python/plugins/lode_qgis and <prefix>/bin.
    places = [os.path.normpath(os.path.join(HERE, *['..'] * 5, 'bin'))]
    # In a copy of the source: plugins/qgis/lode_qgis and build/release/tools.
    places.append(os.path.normpath(os.path.join(HERE, '..', '..', '..', 'build', 'release', 'tools')))
    if os.name == 'nt':
        for variable in ('ProgramFiles', 'LOCALAPPDATA', 'OSGEO4W_ROOT', 'CONDA_PREFIX'):
            if os.environ.get(variable):
                places.append(os.path.join(os.environ[variable], 'Lode', 'bin'))
                places.append(os.path.join(os.environ[variable], 'bin'))
    else:
        places += ['/usr/local/bin', '/usr/bin', '/opt/lode/bin', '/opt/homebrew/bin',
                   os.path.join(os.path.expanduser('~'), '.local', 'bin')]
    return list(dict.fromkeys(places))


def setting():
    """The path said in Processing's settings; empty when nothing is said."""
    try:
        from processing.core.ProcessingConfig import ProcessingConfig
        return (ProcessingConfig.getSetting(SETTING) or '').strip()
    except ImportError:
        return ''


def _as_program(path):
    """The program at `path`, which may be its folder; None when there is none."""
    path = os.path.expanduser(path)
    if os.path.isdir(path):
        path = os.path.join(path, _name())
    return path if os.path.isfile(path) and os.access(path, os.X_OK) else None


def _missing(searched):
    return ProgramFault('The program lode was not found. Searched: ' + '; '.join(searched) + '. ' +
                        INSTALL)


def locate():
    """Path of the program. What is said explicitly and is wrong is never passed over in silence."""
    searched = []
    for said, where in ((setting(), "Processing's setting " + SETTING),
                        (os.environ.get(SETTING, '').strip(), 'the environment variable ' + SETTING)):
        if not said:
            searched.append(where + ' (not set)')
            continue
        found = _as_program(said)
        if not found:
            raise _missing(searched + [f'{where}, which names {said}'])
        return found
    found = shutil.which('lode')
    if found:
        return found
    searched.append('PATH')
    for folder in usual_places():
        searched.append(folder)
        found = _as_program(os.path.join(folder, _name()))
        if found:
            return found
    raise _missing(searched)


# What QGIS sets for its own Python, GDAL and PROJ; another libgdal would be misled by it.
_OF_PYTHON = ('PYTHONHOME', 'PYTHONPATH', 'PYTHONSTARTUP', 'PYTHONEXECUTABLE')
_OF_LIBRARIES = ('LD_LIBRARY_PATH', 'LD_PRELOAD', 'DYLD_LIBRARY_PATH', 'DYLD_FALLBACK_LIBRARY_PATH',
                 'DYLD_FRAMEWORK_PATH', 'DYLD_INSERT_LIBRARIES', 'GDAL_DATA', 'GDAL_DRIVER_PATH',
                 'GDAL_PYTHON_DRIVER_PATH', 'OGR_DRIVER_PATH', 'PROJ_LIB', 'PROJ_DATA', 'GEOTIFF_CSV',
                 'QT_PLUGIN_PATH')


def qgis_prefix():
    """The folder that QGIS is installed under: C:/OSGeo4W, /usr, a bundle on macOS."""
    root = os.environ.get('OSGEO4W_ROOT')
    if root:
        return root
    from qgis.core import QgsApplication
    return QgsApplication.prefixPath()


def child_environment(program, temporary=None):
    """Ours without what QGIS sets for its own Python and, where the program is installed elsewhere and
    so has libraries of its own, without what it sets for its libraries."""
    dropped = set(_OF_PYTHON)
    prefix = qgis_prefix()
    within = os.path.normcase(os.path.realpath(prefix)) if prefix else ''
    if not within or not os.path.normcase(os.path.realpath(program)).startswith(within + os.sep):
        dropped.update(_OF_LIBRARIES)
    environment = {key: value for key, value in os.environ.items() if key not in dropped}
    environment['LC_ALL'] = 'C.UTF-8'
    if temporary:
        environment.update({key: temporary for key in ('TMPDIR', 'TEMP', 'TMP')})
    return environment


def quick_answer(path, words):
    """(exit code, stdout) of a call that takes no time. Raises OSError, subprocess.TimeoutExpired."""
    done = subprocess.run([path] + words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, timeout=PATIENCE_S, env=child_environment(path),
                          creationflags=getattr(subprocess, 'CREATE_NO_WINDOW', 0), check=False)
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def _answer_of(path):
    try:
        said = json.loads(quick_answer(path, ['describe'])[1])
        version = tuple(int(part) for part in said['lode'].split('-')[0].split('.'))
        said['results'][0]['parameters']
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProgramFault(f'The program {path} cannot be run: {error}. {INSTALL}') from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise ProgramFault(f'The program {path} does not answer as Lode does. {INSTALL}') from error
    if version < OLDEST:
        raise ProgramFault(f'The program {path} is Lode {said["lode"]}; this plugin wants '
                           f'{".".join(map(str, OLDEST))} or newer. {INSTALL}')
    return said


def cache_file():
    """Where the last answer is kept, so that starting QGIS does not start the program; in the
    profile."""
    from qgis.core import QgsApplication
    folder = QgsApplication.qgisSettingsDirPath()
    return os.path.join(folder, 'lode_qgis', 'described.json') if folder else ''


def _cached(stamp):
    try:
        with open(cache_file(), encoding='utf-8') as file:
            kept = json.load(file)
        said = kept['said'] if kept['stamp'] == stamp else None
        said and said['results'][0]['parameters']
        return said
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None


def _cache(stamp, said):
    path = cache_file()
    if not path:
        return
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=os.path.dirname(path))
        try:
            with open(handle, 'w', encoding='utf-8') as file:
                json.dump({'stamp': stamp, 'said': said}, file, ensure_ascii=False)
            os.replace(aside, path)
        except OSError:
            os.remove(aside)
    except OSError:  # a profile that cannot be written: asked again next time
        pass


@functools.lru_cache(maxsize=8)
def _describe(path, changed, size):
    stamp = [OLDEST[0], path, changed, size]
    said = _cached(stamp)
    if said is None:
        said = _answer_of(path)
        _cache(stamp, said)
    return said


def find_program():
    """(path, what it says of itself), asked again only when the file has changed since. Raises
    ProgramFault with the one message for the user."""
    path = locate()
    try:
        # A link changes with what it names: stat follows it.
        status = os.stat(path)
    except OSError as error:
        raise ProgramFault(f'The program {path} cannot be run: {error}. {INSTALL}') from error
    return path, _describe(path, status.st_mtime_ns, status.st_size)


def kept_description():
    """The description as it was when the plugin was packaged."""
    with open(KEPT_DESCRIPTION, encoding='utf-8') as file:
        return json.load(file)


def description():
    """What the program declares; without one, what is kept, so that the toolbox stays as it was."""
    try:
        return find_program()[1]
    except ProgramFault:  # said when the plugin loads, and again by whatever is run
        return kept_description()


def described(command):
    """What the program declares of one command now; None when it has no such command any more."""
    for one in description()['results']:
        if one['command'] == command:
            return one
    return None


def error_text(error):
    """Lode's own words: where: what. Hint. [code]"""
    text = (error.get('where') + ': ' if error.get('where') else '') + error.get('message', '')
    if text and text[-1] not in '.!?':
        text += '.'
    if error.get('hint'):
        text += ' ' + error['hint']
    return f"{text} [{error.get('code', '')}]"
