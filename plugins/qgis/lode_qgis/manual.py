"""Help in the dialog: what the command does, its parameters and results, an example, a link."""
import functools
import html
import json
import os

from .parameters import help_text, label, qgis_name, shown_parameters
from .program import HERE, ProgramFault, locate

HOMEPAGE = 'https://lode.example.org'
KEPT_EXAMPLES = os.path.join(HERE, 'examples.json')
# Where a manual page lies beside <prefix>/bin/lode, those that a browser shows first.
PAGES = ('share/doc/lode/html/{page}.html', 'share/doc/lode/{page}.html', 'share/lode/manual/{page}.html',
         'share/doc/lode-tools/html/{page}.html', 'share/doc/lode/manual/{page}.md')
NUMBERED = {'number': 'a number', 'string': 'a text', 'boolean': 'true or false'}


@functools.lru_cache(maxsize=1)
def kept_examples():
    """The first lines of each manual page's chapter EXAMPLES, by command."""
    with open(KEPT_EXAMPLES, encoding='utf-8') as file:
        return json.load(file)


def page_of(command):
    return 'lode-' + command['command'].replace(' ', '-')


def help_url(command):
    """The manual page installed beside the program, otherwise the project's page."""
    try:
        prefix = os.path.dirname(os.path.dirname(os.path.realpath(locate())))
        for place in PAGES:
            path = os.path.join(prefix, *place.format(page=page_of(command)).split('/'))
            if os.path.isfile(path):
                from qgis.PyQt.QtCore import QUrl
                return QUrl.fromLocalFile(path).toString()
    except ProgramFault:
        pass
    return HOMEPAGE


def sentence(text):
    text = text[:1].upper() + text[1:]
    return text if text.endswith(('.', '!', '?')) else text + '.'


def _row(parameter):
    """The label and what the parameter is, not said twice; of many units the usual ones."""
    name = label(parameter)
    units = parameter.get('units') or []
    if len(units) > 6:
        parameter = dict(parameter, units=units[:6] + ['...'])
    words = help_text(parameter)
    if words.lower().startswith(name.lower()):
        rest = words[len(name):].lstrip(':;, ')
        return f'<b>{html.escape(name)}</b>' + (f': {html.escape(sentence(rest))}' if rest else '.')
    return f'<b>{html.escape(name)}</b>: {html.escape(sentence(words))}'


def short_help(command, summary, examples):
    """HTML for the right of the dialog; qgis_process prints it too."""
    escape = html.escape
    rows = [f'<p>{escape(sentence(command["summary"]))}</p>']
    own, common = [], []
    for parameter in shown_parameters(command):
        if parameter.get('kind', '').endswith('_out'):
            continue
        row = _row(parameter)
        if parameter.get('group') not in ('Every command', 'Reading'):
            own.append(row)
        elif parameter.get('group') == 'Reading':
            common.append(row)
    rows.append('<h3>Parameters</h3>' + ''.join(f'<p>{row}</p>' for row in own))
    if common:
        rows.append('<h3>Reading of inputs</h3>' + ''.join(f'<p>{row}</p>' for row in common))
    results = [_row(one)
               for one in shown_parameters(command) if one.get('kind', '').endswith('_out')]
    for key, kind in summary.get(command['command'], {}).items():
        results.append(f'<b>{escape(qgis_name(key))}</b>: {NUMBERED[kind]} of the summary.')
    if results:
        rows.append('<h3>Results</h3>' + ''.join(f'<p>{row}</p>' for row in results))
    if examples.get(command['command']):
        lines = ''.join(f'<p><code>{escape(one)}</code></p>' for one in examples[command['command']])
        rows.append(f'<h3>On the command line</h3>{lines}')
    rows.append(f'<p>Method, sources and every message: manual page {escape(page_of(command))}.</p>')
    return ''.join(rows)
