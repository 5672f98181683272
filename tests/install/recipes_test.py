"""Recipes for conda, vcpkg and containers: syntax, version, no library of the build forgotten."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print('skipped: there is no python3-yaml')
    sys.exit(77)

source, version = pathlib.Path(sys.argv[1]), sys.argv[2]
recipes = source / 'cmake' / 'recipes'
problems = []

# What the build looks for -> its name in conda-forge, vcpkg and Debian.
NAMES = {
    'GDAL': ('libgdal-core', 'gdal', 'libgdal-dev'), 'PROJ': ('proj', 'proj', 'libproj-dev'),
    'CRYPTO': ('openssl', 'openssl', 'libssl-dev'),
    'nlohmann_json': ('nlohmann_json', 'nlohmann-json', 'nlohmann-json3-dev'),
    'TOMLPP': ('tomlplusplus', 'tomlplusplus', 'libtomlplusplus-dev'),
    'CLI11': ('cli11', 'cli11', 'libcli11-dev'), 'fmt': ('fmt', 'fmt', 'libfmt-dev'),
    'GEOS': ('geos', 'geos', 'libgeos-dev'), 'SQLite3': ('sqlite', 'sqlite3', 'libsqlite3-dev'),
    'Eigen3': ('eigen', 'eigen3', 'libeigen3-dev'),
    'nanoflann': ('nanoflann', 'nanoflann', 'libnanoflann-dev'),
    'FFTW': ('fftw', 'fftw3', 'libfftw3-dev'), 'ZLIB': ('zlib', 'zlib', 'zlib1g-dev'),
    'OSMIUM_HEADERS': ('libosmium', 'libosmium', 'libosmium2-dev'),
    'EXPAT': ('expat', 'expat', 'libexpat1-dev'), 'GLPK_HEADERS': ('glpk', 'glpk', 'libglpk-dev'),
    'CGAL_HEADERS': ('cgal-cpp', 'cgal', 'libcgal-dev'),
    'GMP': ('gmp', 'gmp', 'libcgal-dev'), 'MPFR': ('mpfr', 'mpfr', 'libcgal-dev'),  # which depends on both
}
text = (source / 'cmake' / 'dependencies.cmake').read_text()
wanted = re.findall(r'^(?:find_package|pkg_check_modules|find_path)\((\w+)', text, re.M)
wanted = [name for name in wanted if name not in ('PkgConfig', 'Threads')]
if len(wanted) < 15:
    problems.append(f'only {len(wanted)} libraries were found in cmake/dependencies.cmake')

recipe = yaml.safe_load((recipes / 'conda' / 'recipe.yaml').read_text())
port = json.loads((recipes / 'vcpkg' / 'vcpkg.json').read_text())
container = (recipes / 'container' / 'Containerfile').read_text()
conda_has = {line.split()[0] for line in recipe['requirements']['host']}
port_has = {one if isinstance(one, str) else one['name'] for one in port['dependencies']}
container_has = set(container.split())
for name in wanted:
    if name not in NAMES:
        problems.append(f'{name} of cmake/dependencies.cmake: name it here and in the recipes')
        continue
    for has, of, recipe_name in zip((conda_has, port_has, container_has), NAMES[name],
                                    ('recipe.yaml', 'vcpkg.json', 'Containerfile')):
        if of not in has:
            problems.append(f'{recipe_name} lacks {of}')

for of, said in (('recipe.yaml', recipe['context']['version']), ('vcpkg.json', port['version'])):
    if said != version:
        problems.append(f'{of} says version {said}, the project {version}')

# What ./bootstrap installs to build the program, the container installs too.
packages = re.search(r'^program_packages=\((.*?)\)', (source / 'bootstrap').read_text(), re.M | re.S)
for package in packages.group(1).split():
    if package not in container_has:
        problems.append(f'Containerfile lacks {package} of ./bootstrap')
instructions = re.sub(r'\\\n', ' ', re.sub(r'^#.*\n', '', container, flags=re.M)).splitlines()
for line in instructions:
    if line.strip() and line.split()[0] not in ('FROM', 'SHELL', 'RUN', 'COPY', 'WORKDIR', 'USER',
                                                'ENTRYPOINT', 'CMD'):
        problems.append(f'Containerfile: {line}')
if container.count('\nFROM ') != 2 or '\nUSER ' not in container.rpartition('\nFROM ')[2]:
    problems.append('Containerfile: two stages, the last of which runs as an ordinary user')

if subprocess.run(['bash', '-n', recipes / 'conda' / 'build.sh'], check=False).returncode:
    problems.append('conda/build.sh has wrong syntax')
# Every command of the port is vcpkg's or CMake's own; a script that defines the former runs it through.
calls = set(re.findall(r'^\s*(vcpkg_\w+)\(', (recipes / 'vcpkg' / 'portfile.cmake').read_text(), re.M))
stubs = ''.join(f'function({call})\nendfunction()\n' for call in sorted(calls))
with tempfile.TemporaryDirectory() as folder:
    script = pathlib.Path(folder) / 'port.cmake'
    script.write_text('cmake_minimum_required(VERSION 3.25)\n' + stubs +
                      f'include({recipes}/vcpkg/portfile.cmake)\n')
    dry = subprocess.run(['cmake', '-P', script], text=True, capture_output=True, check=False)
if dry.returncode:
    problems.append('portfile.cmake: ' + dry.stderr)

for file in (recipes / 'conda' / 'recipe.yaml', recipes / 'conda' / 'build.sh', recipes / 'vcpkg' / 'README.md',
             recipes / 'vcpkg' / 'portfile.cmake', recipes / 'container' / 'Containerfile'):
    if 'untested' not in '\n'.join(file.read_text().splitlines()[:4]).lower():
        problems.append(f'{file.name} does not say in its first lines that it is untested')

print('\n'.join(problems) or f'{len(wanted)} libraries in three recipes, version {version}')
sys.exit(1 if problems else 0)
