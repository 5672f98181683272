"""One command of the program as a Processing algorithm: its form, its run, its results."""
import html
import json
import os
import shlex

from qgis.core import (QgsBlockingProcess, QgsProcessingAlgorithm, QgsProcessingContext,
                       QgsProcessingException)
from qgis.PyQt.QtCore import QProcess
from qgis.PyQt.QtGui import QIcon

from .parameters import (Reader, arguments_of, definition_of, help_text, label,
                         shown_parameters)
from .program import ProgramFault, find_program

ICON = os.path.join(os.path.dirname(__file__), 'icon.svg')


class Listener:
    """What the child says while it runs: progress and messages at once, the result at its end."""

    def __init__(self, feedback):
        self.feedback = feedback
        self.out = bytearray()
        self.partial = bytearray()
        self.said = ''
        self.errors = []

    def on_stdout(self, data):
        self.out += bytes(data)

    def on_stderr(self, data):
        self.partial += bytes(data)
        *lines, rest = self.partial.split(b'\n')
        self.partial = bytearray(rest)
        for line in lines:
            self._line(line.decode('utf-8', 'replace').strip())

    def finish(self):
        self._line(bytes(self.partial).decode('utf-8', 'replace').strip())
        self.partial = bytearray()

    def _line(self, line):
        if not line:
            return
        if line.startswith('{'):
            try:
                update = json.loads(line)
                self.feedback.setProgress(100.0 * update['progress'])
                if update.get('message') and update['message'] != self.said:
                    self.said = update['message']
                    self.feedback.setProgressText(self.said)
                return
            except (ValueError, KeyError, TypeError):
                pass
        if line.startswith('lode: error'):
            self.errors.append(line)  # shown by the exception that it ends in
        else:
            self.feedback.pushInfo(line)

    def result(self):
        """The JSON object on stdout, or None."""
        try:
            found = json.loads(self.out.decode('utf-8', 'replace'))
            return found if isinstance(found, dict) else None
        except ValueError:
            return None


def error_text(error):
    """Lode's own words: where: what. Hint. [code]"""
    text = (error.get('where') + ': ' if error.get('where') else '') + error.get('message', '')
    if text and text[-1] not in '.!?':
        text += '.'
    if error.get('hint'):
        text += ' ' + error['hint']
    return f"{text} [{error.get('code', '')}]"


class LodeAlgorithm(QgsProcessingAlgorithm):

    def __init__(self, command):
        super().__init__()
        self.command = command

    def createInstance(self):
        return LodeAlgorithm(self.command)

    def name(self):
        return self.command['command'].replace(' ', '').replace('-', '')

    def displayName(self):
        words = self.command['command']
        return words[:1].upper() + words[1:]

    def group(self):
        return self.command['group']

    def groupId(self):
        return self.command['group'].lower().replace(' ', '')

    def icon(self):
        return QIcon(ICON)

    def svgIconPath(self):
        return ICON

    def flags(self):
        flags = super().flags()
        if self.command['group'] == 'Program':  # help and describe: of use to programs only
            flags |= QgsProcessingAlgorithm.FlagHideFromToolbox
            flags |= QgsProcessingAlgorithm.FlagHideFromModeler
        return flags

    def tags(self):
        return ['lode', 'mineral', 'deposit', 'rare earth', 'mining'] + self.command['command'].split(' ')

    def shortDescription(self):
        summary = self.command['summary']
        return summary[:1].upper() + summary[1:]

    def shortHelpString(self):
        rows = [f'<p>{html.escape(self.shortDescription())}.</p>']
        for parameter in shown_parameters(self.command):
            if parameter.get('group') != 'Every command':
                rows.append(f'<p><b>{html.escape(label(parameter))}</b>: '
                            f'{html.escape(help_text(parameter))}</p>')
        page = 'lode-' + self.command['command'].replace(' ', '-')
        rows.append(f'<p>Method, sources and every message: manual page {page}.</p>')
        return ''.join(rows)

    def initAlgorithm(self, _configuration=None):
        for parameter in shown_parameters(self.command):
            self.addParameter(definition_of(parameter, self.command))

    def canExecute(self):
        try:
            find_program()
            return True, ''
        except ProgramFault as fault:
            return False, str(fault)

    def checkParameterValues(self, parameters, context):
        # qgis_process of QGIS 3.22 does not ask canExecute.
        can, why = self.canExecute()
        return super().checkParameterValues(parameters, context) if can else (False, why)

    def processAlgorithm(self, parameters, context, feedback):
        try:
            program = find_program()[0]
        except ProgramFault as fault:
            raise QgsProcessingException(str(fault)) from fault
        arguments, files = arguments_of(self.command, Reader(self, parameters, context, feedback))
        if feedback.isCanceled():
            return {}
        feedback.pushCommandInfo('lode ' + ' '.join(shlex.quote(word) for word in arguments))
        listener = Listener(feedback)
        process = QgsBlockingProcess(program, arguments)
        # QGIS 3.22 keeps no reference to a handler, so these names have to outlive the run.
        on_stdout, on_stderr = listener.on_stdout, listener.on_stderr
        process.setStdOutHandler(on_stdout)
        process.setStdErrHandler(on_stderr)
        code = process.run(feedback)
        listener.finish()
        if feedback.isCanceled():
            return {}
        if process.processError() == QProcess.FailedToStart:
            raise QgsProcessingException(f'{program} cannot be started.')
        result = listener.result()
        if result is None or 'results' not in result:
            raise QgsProcessingException(self._failure(result, listener, process, code))
        self._report(result, feedback)
        for path in files.values():
            if code != 0 and not os.path.exists(path):
                raise QgsProcessingException(f'Lode ended with exit code {code} and wrote no {path}.')
        return self._results(result, files, context)

    @staticmethod
    def _failure(result, listener, process, code):
        if result and 'error' in result:
            return '\n'.join(error_text(one) for one in [result['error']] + result.get('more', []))
        if listener.errors:
            return '\n'.join(listener.errors)
        if process.exitStatus() == QProcess.CrashExit:
            return 'Lode ended unexpectedly; no result was written.'
        return f'Lode ended with exit code {code} and said nothing.'

    @staticmethod
    def _report(result, feedback):
        for finding in result.get('findings', []):
            text = f"{finding['where']}: {finding['message']} [{finding['code']}]"
            if finding.get('count', 1) > 1:
                text += f" ({finding['count']} times)"
            if finding['severity'] == 'error':
                feedback.reportError(text, False)
            elif finding['severity'] == 'warning':
                feedback.pushWarning(text)
            else:
                feedback.pushInfo(text)
        for key, value in result.get('summary', {}).items():
            if value is not None and not isinstance(value, (dict, list)):
                feedback.pushInfo(f'{key}: {value}')

    def _results(self, result, files, context):
        """Files by parameter, the summary's single values in capitals, and the rows as JSON when
        nothing was written that would hold them."""
        results = dict(files)
        for key, value in result.get('summary', {}).items():
            if isinstance(value, (str, int, float)):
                results.setdefault(key.upper(), value)
        results['FINDINGS'] = sum(one.get('count', 1) for one in result.get('findings', []))
        if not files:
            results['RESULTS'] = json.dumps(result['results'], ensure_ascii=False)
        sites = os.path.join(files.get('OUTPUT', ''), 'sites.gpkg')
        if context.project() is not None and os.path.isfile(sites):
            details = QgsProcessingContext.LayerDetails('Sites', context.project(), 'OUTPUT')
            context.addLayerToLoadOnCompletion(sites, details)
        return results
