"""Where the program `lode` is, what it can do, and one message that says how to get it."""
import functools
import json
import os
import shutil
import subprocess

SETTING = 'LODE_PROGRAM'  # in Processing's settings, and the environment variable of the same name
OLDEST = (0, 1, 0)        # the oldest program whose answers this plugin understands
KEPT_DESCRIPTION = os.path.join(os.path.dirname(__file__), 'describe.json')

INSTALL = ("Install Lode (on Debian 12, in a copy of its source: ./bootstrap install), or name the "
           "program in Settings > Options > Processing > Providers > Lode, or in the environment "
           "variable LODE_PROGRAM.")


class ProgramFault(Exception):
    """The program is missing, too old or cannot be run; the text is for the user."""


def _name():
    return 'lode.exe' if os.name == 'nt' else 'lode'


def usual_places():
    """Folders looked into after PATH, likely ones first."""
    here = os.path.dirname(os.path.abspath(__file__))
    # Installed beside the program: <prefix>/share/lode/qgis/lode_qgis and <prefix>/bin.
    places = [os.path.normpath(os.path.join(here, '..', '..', '..', '..', 'bin'))]
    # In a copy of the source: plugins/qgis/lode_qgis and build/release/tools.
    places.append(os.path.normpath(os.path.join(here, '..', '..', '..', 'build', 'release', 'tools')))
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


def child_environment():
    """Ours without what QGIS sets for its own Python and libraries."""
    environment = {key: value for key, value in os.environ.items()
                   if key not in ('PYTHONHOME', 'PYTHONPATH')}
    environment['LC_ALL'] = 'C.UTF-8'
    return environment


@functools.lru_cache(maxsize=8)
def _describe(path, _changed):
    flags = getattr(subprocess, 'CREATE_NO_WINDOW', 0)
    try:
        done = subprocess.run([path, 'describe'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=30, env=child_environment(),
                              creationflags=flags, check=False)
        said = json.loads(done.stdout.decode('utf-8', 'replace'))
        version = tuple(int(part) for part in said['lode'].split('.'))
        said['results'][0]['parameters']
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProgramFault(f'The program {path} cannot be run: {error}. {INSTALL}') from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProgramFault(f'The program {path} does not answer as Lode does. {INSTALL}') from error
    if version < OLDEST:
        raise ProgramFault(f'The program {path} is Lode {said["lode"]}; this plugin wants '
                           f'{".".join(map(str, OLDEST))} or newer. {INSTALL}')
    return said


def find_program():
    """(path, what it says of itself). Raises ProgramFault with the one message for the user."""
    path = locate()
    return path, _describe(path, os.path.getmtime(path))


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
