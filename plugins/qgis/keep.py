#!/usr/bin/python3
"""Refreshes what the QGIS plugin keeps of the manual: keep.py PROGRAM [COMMAND...].

`describe` says what a command takes. What its summary holds is seen by running every example of the
manual on a copy of the sample data (some minutes), and the examples themselves are shown as help."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
PLUGIN = os.path.join(HERE, 'lode_qgis')
SHOWN = 3  # examples in the dialog's help
KINDS = ((bool, 'boolean'), ((int, float), 'number'), (str, 'string'))
SPY = '''#!/bin/bash
# lode as the examples call it; what it says as JSON is kept besides.
"$LODE_REAL" "$@" || exit
for word in "$@"; do
  case $word in --help|--version|--json|describe|help) [ "$word" = --json ] || exit 0;; esac
done
"$LODE_REAL" "$@" --json --overwrite >"$(mktemp "$LODE_SAID/XXXXXXXX")" 2>/dev/null </dev/null
exit 0
'''


def commands():
    """By the manual page's name: {"volume_outline": "volume outline", ...}."""
    with open(os.path.join(PLUGIN, 'describe.json'), encoding='utf-8') as file:
        return {one['command'].replace(' ', '_'): one['command'] for one in json.load(file)['results']}


def blocks_of(page):
    with open(page, encoding='utf-8') as file:
        return re.findall(r'^```sh\n(.*?)^```$', file.read(), re.DOTALL | re.MULTILINE)


def examples():
    """The first lines of each manual page that call its command."""
    found = {}
    for page, command in commands().items():
        text = ''.join(blocks_of(os.path.join(SOURCE, 'tools', page + '.md'))).replace('\\\n', ' ')
        lines = [re.sub(r' +', ' ', line) for line in text.split('\n')
                 if line.startswith(f'lode {command} ')]
        found[command] = lines[:SHOWN]
    return found


def summaries(program, wanted):
    """{"buffer": {"area_m2": "number"}}: single values alone. Commands that are not wanted stay."""
    found = {}
    with open(os.path.join(PLUGIN, 'summary.json'), encoding='utf-8') as file:
        kept = json.load(file)
    pages = {page: command for page, command in commands().items() if not wanted or page in wanted}
    with tempfile.TemporaryDirectory() as folder:
        bin_folder, said = os.path.join(folder, 'bin'), os.path.join(folder, 'said')
        os.makedirs(bin_folder)
        os.makedirs(said)
        with open(os.path.join(bin_folder, 'lode'), 'w', encoding='utf-8') as file:
            file.write(SPY)
        os.chmod(os.path.join(bin_folder, 'lode'), 0o755)
        environment = dict(os.environ, LODE_REAL=os.path.abspath(program), LODE_SAID=said,
                           PATH=bin_folder + os.pathsep + os.environ['PATH'])
        for page in sorted(pages):
            for block in blocks_of(os.path.join(SOURCE, 'tools', page + '.md')):
                data = tempfile.mkdtemp(dir=folder)
                shutil.copytree(os.path.join(SOURCE, 'sample_data'), os.path.join(data, 's'))
                subprocess.run(['bash', '-c', block], cwd=os.path.join(data, 's', 'us_allied_ree'),
                               env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               check=False)
                shutil.rmtree(data)
        for path in glob.glob(os.path.join(said, '*')):
            try:
                with open(path, encoding='utf-8') as file:
                    _add(found, json.load(file))
            except ValueError:
                continue
    lost = [command for command in pages.values() if kept.get(command) and not found.get(command)]
    if lost:
        sys.exit(f'no example of these gave a summary any more, nothing was written: {", ".join(lost)}')
    return {command: dict(sorted((found if page in pages else kept).get(command, {}).items()))
            for page, command in commands().items()}


def _add(found, said):
    for key, value in said.get('summary', {}).items():
        if not re.fullmatch('[a-z][a-z0-9_]*', key):
            continue  # no name that an expression of a model could use
        for types, kind in KINDS:
            if isinstance(value, types):
                found.setdefault(said['command'], {}).setdefault(key, kind)
                break


def write(name, content):
    """One command a line, so that changes can be read."""
    rows = [f'{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}' for key, value in content.items()]
    with open(os.path.join(PLUGIN, name), 'w', encoding='utf-8') as file:
        file.write('{' + ',\n'.join(rows) + '}\n')


if __name__ == '__main__':
    seen = summaries(sys.argv[1], sys.argv[2:])
    write('examples.json', examples())
    write('summary.json', seen)
