"""Quantities with their unit: what looks sound, and Lode's own words when it does not."""
import json
import re
import subprocess

from qgis.core import NULL

from .parameters import QUANTITIES, WRITTEN, LAYERS, fact, qgis_name, shown_parameters
from .program import ProgramFault, error_text, find_program, quick_answer

NUMBER = r'[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?'
NOWHERE = '/no-such-folder-for-lode/input'  # stands for inputs while words are checked


def split_quantity(text):
    """('1.5', 't/m3'), ('30', ''), or None when the text does not start with a number."""
    met = re.match(rf'\s*({NUMBER})\s*(.*?)\s*$', text, re.DOTALL)
    return (met.group(1), met.group(2)) if met else None


def is_sound(text, parameter):
    """Whether the text is surely accepted; what is not is for the program to judge."""
    parts = split_quantity(text)
    if parameter['kind'] == 'field_or_quantity' and parts is None:
        return True  # a field's name
    return (parts is not None and parts[1] in (fact(parameter, 'units') or []) and
            not parts[0].startswith('-') and not fact(parameter, 'range'))


def _stand_in(parameter):
    return 'x' if parameter['kind'] == 'field' else NOWHERE


def refusal(command, reader):
    """Lode's own words when a quantity is wrong; '' when all are right. The program is only asked when
    one is doubtful, and touches no file then: its inputs are said to be where nothing is."""
    doubtful = []
    for parameter in shown_parameters(command):
        name = qgis_name(parameter['name'])
        if parameter['kind'] not in QUANTITIES or reader.parameters.get(name) in (None, NULL, ''):
            continue
        text = reader.text(name)
        if text and text != fact(parameter, 'default') and not is_sound(text, parameter):
            doubtful.append((parameter['name'], text))
    if not doubtful:
        return ''
    words, options = command['command'].split(' '), []
    names = [name for name, _ in doubtful]
    for parameter in command['parameters']:
        if not fact(parameter, 'required') or parameter['name'] in names:
            continue
        if parameter['kind'] in QUANTITIES:
            text = reader.text(qgis_name(parameter['name']))
        elif parameter['kind'] in LAYERS | WRITTEN | {'raster', 'file', 'field'}:
            text = _stand_in(parameter)
        else:
            text = reader.text(qgis_name(parameter['name'])) or 'x'
        if fact(parameter, 'positional'):
            words.append(text)
        else:
            options.append(f'--{parameter["name"]}={text}')
    options += [f'--{name}={text}' for name, text in doubtful]
    return _asked(words + options + ['--json', '--dry-run'], ['--' + name for name in names])


def _asked(words, names):
    try:
        error = json.loads(quick_answer(find_program()[0], words)[1])['error']
        if error['code'].startswith(('usage.', 'unit.')) and \
                any(name in error.get('where', '') for name in names):
            return error_text(error)
    except (ProgramFault, OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        pass
    return ''  # the run itself will say it
