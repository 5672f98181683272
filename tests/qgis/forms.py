"""The kept runs of runs.txt: each line as words for the program, and as values for QGIS's form."""
import os
import shlex

WRITTEN = ('vector_out', 'file_out', 'folder_out')


def kept_runs():
    """{command: its words}, as they stand in runs.txt; `described` tells where a command's name ends."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'runs.txt'),
              encoding='utf-8') as file:
        return [shlex.split(line) for line in file if line.strip() and not line.startswith('#')]


def command_of(words, described):
    """The longest name of a command that the words begin with, and the words after it."""
    for count in (2, 1):
        name = ' '.join(words[:count])
        if name in described:
            return name, words[count:]
    raise ValueError(f'no command: {words}')


def filled(words, folders):
    """{us} and its like become folders."""
    out = []
    for word in words:
        for name, folder in folders.items():
            word = word.replace('{' + name + '}', folder)
        out.append(word)
    return out


def said_values(command, words):
    """[(parameter, text)] in the order of the words; a flag's text is 'true'."""
    options = {one['name']: one for one in command['parameters'] if not one['positional']}
    places = [one for one in command['parameters'] if one['positional']]
    said, words = [], list(words)
    while words:
        word = words.pop(0)
        if word == '-o':
            word = '--output'
        if word.startswith('--'):
            name, equals, text = word[2:].partition('=')
            parameter = options[name]
            if parameter['kind'] == 'flag':
                text = 'true'
            elif not equals:
                text = words.pop(0)
            said.append((parameter, text))
        else:
            said.append((places[0], word))
            if not places[0]['repeatable']:
                places.pop(0)
    return said


def _value(parameter, text):
    """What a user of QGIS picks where the program reads `text`."""
    if parameter['kind'] in ('vector', 'table') and not os.path.exists(text):
        path, colon, layer = text.rpartition(':')
        if colon and os.path.exists(path):
            return [f'{path}|layername={layer}']
    if parameter['kind'] == 'field' and parameter['repeatable']:
        return text.split(',')
    return [text]


def form_of(command, words):
    """{NAME: [values]} of a run's words: lines of text are one value, other lists stay lists."""
    form = {}
    for parameter, text in said_values(command, words):
        name = parameter['name'].upper().replace('-', '_')
        values = form.setdefault(name, [])
        if parameter['kind'] == 'text' and parameter['repeatable'] and values:
            values[0] += '\n' + text
        else:
            values += _value(parameter, text)
    return form


def outputs_of(command, words):
    """{NAME: path} of the files and folders that a run writes."""
    return {parameter['name'].upper().replace('-', '_'): text
            for parameter, text in said_values(command, words) if parameter['kind'] in WRITTEN}


def keywords_of(command, words):
    """(positional values, keywords) of the same run in Python."""
    places, keywords = [], {}
    for parameter, text in said_values(command, words):
        name = parameter['name'].replace('-', '_')
        if parameter['positional']:
            places.append(text)
        elif parameter['kind'] == 'flag':
            keywords[name] = True
        elif parameter['repeatable']:
            keywords.setdefault(name, []).append(text)
        else:
            keywords[name] = text
    return places, keywords
