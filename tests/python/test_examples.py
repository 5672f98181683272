"""Every example of every manual page as a call in Python: the JSON is the program's, to the byte."""
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
import warnings

import box
import lode
from lode.commands import CommandFunction

CALLS = {call.command: call for call in map(CommandFunction, lode._lode.commands())}
# What the shell alone understands: pipes, redirections, variables, several commands; and what only the
# program has, its help.
SHELL = re.compile(r'[|<>$&;`]|--help\b')
# A block of which one line hangs on another: variables, texts that end below.
WHOLE = re.compile(r'<<|^\w+=', re.M)


def blocks_of(page):
    with open(page, encoding='utf-8') as file:
        return [block.replace('\\\n', ' ').splitlines()
                for block in re.findall(r'^```sh\n(.*?)^```$', file.read(), re.M | re.S)]


def call_of(words):
    """The function's name, positional and keyword arguments of `lode WORDS`; None when there is none."""
    for count in (2, 1):
        call = CALLS.get(' '.join(words[:count]))
        if call:
            break
    else:
        return None
    options = {}
    for taken in call.taken:
        if not taken.declared['positional']:
            options['--' + taken.option] = taken
            for alias in taken.declared['aliases']:
                options[alias if alias.startswith('-') else '--' + alias] = taken
    places, said = [], {}
    rest = words[count:]
    while rest:
        word = rest.pop(0)
        if word in ('--json', '-q', '--quiet', '-v', '--verbose'):
            continue
        name, equals, value = word.partition('=')
        taken = options.get(name)
        if taken is None:
            places.append(word)
            continue
        if taken.kind == 'flag':
            value = True
        elif not equals:
            if 'bare' in taken.declared and (not rest or rest[0].startswith('-')):
                value = True
            else:
                value = rest.pop(0)
                while taken.declared['repeatable'] and rest and not rest[0].startswith('-'):
                    said.setdefault(taken.name, []).append(value)
                    value = rest.pop(0)
        if taken.kind in ('integer', 'number'):
            value = float(value)
        said.setdefault(taken.name, []).append(value)
    return call.name, places, {name: values if len(values) > 1 else values[0]
                               for name, values in said.items()}


class Examples(unittest.TestCase):

    def setUp(self):
        warnings.simplefilter('ignore')

    def run_line(self, line):
        """Both faces where a line is a plain command; the shell otherwise. True when both ran."""
        words = [] if SHELL.search(line) else shlex.split(line, comments=True)
        call = call_of(words[1:]) if words[:1] == ['lode'] else None
        path = os.path.dirname(box.PROGRAM) + os.pathsep + os.environ['PATH']
        if call is None:
            done = subprocess.run(['bash', '-euc', line], env={**os.environ, 'PATH': path}, check=False,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, f'{line}\n{done.stderr}')
            return False
        name, places, said = call
        # The second run finds the results of the first.
        try:
            ours = getattr(lode, name)(*places, **{**said, 'overwrite': True}).json()
        except lode.Error as error:
            self.assertIsNotNone(error.result, f'{line}\n{error}')
            ours = error.result.json()
        theirs = subprocess.run([box.PROGRAM, *words[1:], '--json', '--overwrite'], capture_output=True,
                                text=True, check=False)
        self.assertEqual(ours + '\n', theirs.stdout, line)
        return True

    def check(self, page):
        before = os.getcwd()
        ran = 0
        for block in blocks_of(page):
            top = tempfile.mkdtemp(prefix='lode-python-')
            try:
                for name in os.listdir(os.path.join(box.SOURCE, 'sample_data')):
                    shutil.copytree(os.path.join(box.SOURCE, 'sample_data', name), os.path.join(top, name),
                                    ignore=shutil.ignore_patterns('results'))
                os.chdir(os.path.join(top, 'us_allied_ree'))
                box.leave_plan_out('study.toml')
                if WHOLE.search('\n'.join(block)):
                    self.run_line('\n'.join(block))
                    continue
                for line in block:
                    if line.startswith('cd '):
                        os.chdir(shlex.split(line)[1])
                    elif line.strip() and not line.startswith('#'):
                        ran += self.run_line(line)
            finally:
                os.chdir(before)
                shutil.rmtree(top)
        return ran


def test_of(page):
    return lambda self: self.check(page)


for command in CALLS:
    stem = command.replace(' ', '_')
    setattr(Examples, 'test_' + stem, test_of(os.path.join(box.SOURCE, 'tools', stem + '.md')))


if __name__ == '__main__':
    unittest.main()
