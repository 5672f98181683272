"""One command of the program as a Processing algorithm: its form, its run, its results."""
import os
import re
import shlex
import shutil
import tempfile

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from .parameters import definitions_of, is_permissive, qgis_name
from .program import HERE, ProgramFault, described, error_text, find_program
from .results import outputs_of, results_of

# What only a run or an open dialog needs is imported there: QGIS's start does not wait for it.
ICONS = os.path.join(HERE, 'icons')
# People look for these words, and Lode's commands have others.
WORDS = {
    'buffer': ['setback', 'distance'], 'screen': ['constraint', 'exclusion', 'overlay', 'setback'],
    'zonal': ['zonal statistics', 'raster statistics'], 'route': ['freight', 'transport', 'cost'],
    'isochrone': ['service area', 'reach'], 'rank': ['MCDA', 'TOPSIS', 'AHP', 'ranking', 'weights'],
    'estimate': ['kriging', 'interpolation', 'block model', 'grade'], 'pit': ['open pit', 'optimisation'],
    'simulate': ['geostatistics', 'uncertainty'], 'variogram': ['geostatistics', 'semivariogram'],
    'permits': ['claims', 'tenure', 'licence', 'lease'], 'supply risk': ['HHI', 'criticality', 'imports'],
    'watershed': ['drainage', 'flow', 'catchment'], 'resources': ['grade-tonnage', 'cut-off'],
    'implicit': ['geological model', 'RBF'], 'convert': ['OMF', 'DXF', 'mesh'],
    'volume surface': ['cut and fill', 'DEM'], 'volume mesh': ['wireframe', 'solid'],
    'oxides': ['rare earth', 'TREO'], 'chain': ['processing', 'refining'], 'inspect': ['validate', 'check']}


class LodeAlgorithm(QgsProcessingAlgorithm):

    def __init__(self, command, kept):
        super().__init__()
        self.command = command
        self.kept = kept  # what the plugin brings for all commands: their summaries

    def tr(self, text):
        return QCoreApplication.translate('Lode', text)

    def createInstance(self):
        # The program may have been updated while QGIS runs; the form is then that of the new one.
        return LodeAlgorithm(described(self.command['command']) or self.command, self.kept)

    def name(self):
        return self.command['command'].replace(' ', '').replace('-', '')

    def displayName(self):
        words = self.command['command']
        return words[:1].upper() + words[1:]

    def group(self):
        return self.command.get('group', '')

    def groupId(self):
        return self.group().lower().replace(' ', '')

    def icon(self):
        return QIcon(self.svgIconPath())

    def svgIconPath(self):
        own = os.path.join(ICONS, self.groupId() + '.svg')
        return own if os.path.isfile(own) else os.path.join(HERE, 'icon.svg')

    def flags(self):
        flags = super().flags()
        if self.group() == 'Program':  # help and describe: of use to programs only
            flags |= QgsProcessingAlgorithm.Flag.FlagHideFromToolbox
            flags |= QgsProcessingAlgorithm.Flag.FlagHideFromModeler
        return flags

    def tags(self):
        words = self.command['command']
        found = ['lode', 'mineral', 'deposit', 'rare earth', 'mining', self.group().lower()]
        found += words.split(' ') + WORDS.get(words, [])
        found += [one for one in re.findall(r'[a-z]{5,}', self.command.get('summary', ''))]
        return list(dict.fromkeys(found))

    def shortDescription(self):
        summary = self.command.get('summary', '')
        return summary[:1].upper() + summary[1:]

    def shortHelpString(self):
        from .manual import kept_examples, short_help
        return short_help(self.command, self.kept['summary'], kept_examples())

    def helpUrl(self):
        from .manual import help_url
        return help_url(self.command)

    def initAlgorithm(self, _configuration=None):
        for definition in definitions_of(self.command):
            self.addParameter(definition)
        for output in outputs_of(self.command, self.kept['summary']):
            if self.outputDefinition(output.name()) is None:
                self.addOutput(output)

    def canExecute(self):
        try:
            find_program()
            return True, ''
        except ProgramFault as fault:
            return False, str(fault)

    def checkParameterValues(self, parameters, context):
        from .quantities import refusal
        from .values import Reader
        # qgis_process of QGIS 3.22 does not ask canExecute.
        can, why = self.canExecute()
        if not can:
            return False, why
        known, odd = dict(parameters), []
        for one in self.command['parameters']:
            name = qgis_name(one['name'])
            if one['kind'] in ('vector', 'raster') and is_permissive(one) and self._odd(known.get(name)):
                odd.append(name)
        fine, why = self._check(known, odd, context)
        if not fine:
            return fine, why
        why = refusal(self.command, Reader(self, parameters, context, None, ''))
        return (False, why) if why else (True, '')

    @staticmethod
    def _odd(value):
        """Whether some of it is a file that QGIS has no layer for: a solid, a TIN, a block model."""
        from .values import is_path_of_no_layer
        values = value if isinstance(value, (list, tuple)) else [value]
        return any(is_path_of_no_layer(one) for one in values)

    def _check(self, parameters, odd, context):
        """QGIS's own check of all but `odd`, whose files it would refuse for being no layers."""
        if not odd:
            return super().checkParameterValues(parameters, context)
        for definition in self.parameterDefinitions():
            value = parameters.get(definition.name())
            if definition.name() not in odd and not definition.checkValueIsAcceptable(value, context):
                return False, self.tr('Incorrect parameter value for {}').format(definition.name())
        return True, ''

    def processAlgorithm(self, parameters, context, feedback):
        from .child import Child
        from .values import Reader, arguments_of
        try:
            program = find_program()[0]
        except ProgramFault as fault:
            raise QgsProcessingException(str(fault)) from fault
        folder = tempfile.mkdtemp(prefix='lode-qgis-')
        files = {}
        done = False
        try:
            reader = Reader(self, parameters, context, feedback, folder)
            arguments, files = arguments_of(self.command, reader)
            if feedback.isCanceled():
                return {}
            feedback.pushCommandInfo('lode ' + ' '.join(shlex.quote(word) for word in arguments))
            written = list(files.values()) or self._study_folders(arguments)
            finished = Child(program, arguments, folder, written).wait(feedback)
            if finished.cancelled:
                return {}
            result = finished.result()
            if result is None or 'results' not in result:
                for line in finished.findings:
                    show = feedback.pushWarning if 'warning' in line[:14] else feedback.pushInfo
                    show(line)
                raise QgsProcessingException(self._failure(program, result, finished))
            self._report(result, feedback)
            for path in files.values():
                if finished.code != 0 and not os.path.exists(path):
                    raise QgsProcessingException(
                        f'Lode ended with exit code {finished.code} and wrote no {path}.')
            done = True
            return results_of(self, result, files, parameters, reader.names, context)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if not done:
                self._remove_empty(files)

    @staticmethod
    def _study_folders(arguments):
        """Folders that a study may write into where no other is said: its own, and one level below."""
        found = []
        for word in arguments:
            if word.endswith(('.toml', '.json')) and os.path.isfile(word):
                folder = os.path.dirname(os.path.abspath(word))
                found += [word] + [entry.path for entry in os.scandir(folder) if entry.is_dir()]
        return found

    @staticmethod
    def _remove_empty(files):
        """The folders that QGIS has made for temporary results which were not written."""
        from .values import is_temporary
        for path in files.values():
            if is_temporary(path):
                try:
                    os.rmdir(os.path.dirname(path))
                except OSError:
                    pass

    @staticmethod
    def _failure(program, result, finished):
        if result and 'error' in result:
            return '\n'.join(error_text(one) for one in [result['error']] + result.get('more', []))
        if finished.errors:
            return '\n'.join(finished.errors)
        if finished.code < 0 or finished.code > 255:
            return (f'Lode ended unexpectedly (signal {-finished.code}); no result was written.'
                    if finished.code < 0 else 'Lode ended unexpectedly; no result was written.')
        return f'{program} ended with exit code {finished.code} and said nothing.'

    @staticmethod
    def _report(result, feedback):
        for finding in result.get('findings', []):
            place = finding.get('where') or ''
            text = (place + ': ' if place else '') + f"{finding['message']} [{finding['code']}]"
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
