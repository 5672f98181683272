"""What a run hands back: declared numbers, layers loaded under names that say what they are."""
import collections
import json
import os
import re

from qgis.core import (QgsDataProvider, QgsProcessingContext,
                       QgsProcessingLayerPostProcessorInterface, QgsProcessingOutputBoolean,
                       QgsProcessingOutputHtml, QgsProcessingOutputNumber,
                       QgsProcessingOutputString, QgsProcessingOutputVectorLayer,
                       QgsProcessingUtils, QgsVectorLayer)

from .program import HERE

KEPT_SUMMARY = os.path.join(HERE, 'summary.json')
# What a study writes into its folder, by QGIS's name.
STUDY_LAYERS = 'sites.gpkg'
STUDY_PAGE = 'report.html'
UNLOADED = ('layer_styles', 'qgis_projects')
MAKERS = {'number': QgsProcessingOutputNumber, 'boolean': QgsProcessingOutputBoolean}


def kept_summary():
    """Single values of each command's summary: {"buffer": {"area_m2": "number", ...}, ...}."""
    with open(KEPT_SUMMARY, encoding='utf-8') as file:
        return json.load(file)


def outputs_of(command, summary):
    """Declared beside the files, so that a model can use them."""
    found = []
    for key, kind in summary.get(command['command'], {}).items():
        make = MAKERS.get(kind, QgsProcessingOutputString)
        words = key.replace('_', ' ')
        found.append(make(key.upper(), words[:1].upper() + words[1:]))
    found.append(QgsProcessingOutputNumber('FINDINGS', 'Number of findings'))
    found.append(QgsProcessingOutputString('RESULTS', 'Rows as JSON, when no file holds them'))
    if command['command'].startswith('study') and \
            any(one['kind'] == 'folder_out' for one in command['parameters']):
        found.append(QgsProcessingOutputVectorLayer('SITES_LAYER', 'Sites, every indicator a column'))
        found.append(QgsProcessingOutputHtml('REPORT', 'Report'))
    return found


class Styled(QgsProcessingLayerPostProcessorInterface):
    """Gives a loaded layer the style that its file holds: Processing loads layers without it."""

    # QGIS deletes it with the run's context, and would call into nothing if Python forgot it before.
    kept = collections.deque(maxlen=256)

    @classmethod
    def create(cls):
        cls.kept.append(cls())
        return cls.kept[-1]

    def postProcessLayer(self, layer, _context, _feedback):
        if layer is not None and layer.isValid():
            layer.loadDefaultStyle()
            layer.triggerRepaint()


def layers_in(path):
    """Names of the layers of a file that holds several; empty for any other."""
    if os.path.splitext(path)[1].lower() != '.gpkg':
        return []
    layer = QgsVectorLayer(path, 'probe', 'ogr')
    if not layer.isValid():
        return []
    separator = QgsDataProvider.sublayerSeparator()
    names = [one.split(separator)[1] for one in layer.dataProvider().subLayers()]
    return [name for name in dict.fromkeys(names) if name not in UNLOADED]


def shown_name(algorithm, names, more=''):
    """'Buffer of rivers', 'Screen of sites: pairs'."""
    text = algorithm.displayName()
    if names:
        text += ' of ' + names[0]
    return text + (': ' + more if more else '')


def name_loaded(algorithm, files, names, context):
    """Layers that QGIS will load are named and styled, further ones of one file loaded too. A name that
    the user or a model has given stays."""
    for name, path in files.items():
        if not context.willLoadLayerOnCompletion(path):
            continue
        details = context.layerToLoadOnCompletionDetails(path)
        definition = algorithm.parameterDefinition(name)
        if details.name in ('', name, definition.description() if definition else name):
            more = '' if name == 'OUTPUT' else definition.description().lower()
            details.name = shown_name(algorithm, names, more)
            details.forceName = True
        if details.postProcessor() is None and not _own_style(algorithm, name):
            details.setPostProcessor(Styled.create())
        tables = layers_in(path)
        for table in tables[1:]:
            _load(f'{path}|layername={table}', f'{details.name}: {table}', details.project, context, name)


def _own_style(algorithm, output):
    """Whether the user has chosen a style for this output in Processing's settings; it goes first."""
    try:
        from processing.gui.RenderingStyles import RenderingStyles
        return RenderingStyles.getStyle(algorithm.id(), output) is not None
    except ImportError:
        return False


def _load(source, name, project, context, output):
    details = QgsProcessingContext.LayerDetails(name, project, output,
                                                QgsProcessingUtils.LayerHint.Vector)
    details.forceName = True
    details.setPostProcessor(Styled.create())
    context.addLayerToLoadOnCompletion(source, details)


def _own_folder(form):
    """The folder that the study file or the run record itself names."""
    record, study = form.get('RECORD'), form.get('FILE')
    if isinstance(record, str):
        return os.path.dirname(os.path.abspath(record))
    try:
        with open(study, encoding='utf-8') as file:
            said = re.search(r'^\s*output\s*=\s*["\']([^"\'\n]+)["\']', file.read(), re.MULTILINE)
        return os.path.join(os.path.dirname(os.path.abspath(study)), said.group(1)) if said else ''
    except (OSError, TypeError, UnicodeDecodeError):
        return ''


def _study(form, files, context, results):
    """The layers and the page of a study's folder."""
    folder = files.get('OUTPUT') or _own_folder(form)
    page, sites = os.path.join(folder, STUDY_PAGE), os.path.join(folder, STUDY_LAYERS)
    if os.path.isfile(page):
        results['REPORT'] = page
    if not os.path.isfile(sites):
        return
    tables = layers_in(sites)
    results['SITES_LAYER'] = f'{sites}|layername={tables[0]}' if len(tables) > 1 else sites
    if context.project() is None:
        return
    for at, table in enumerate(tables):
        words = table.replace('_', ' ')
        source = results['SITES_LAYER'] if at == 0 else f'{sites}|layername={table}'
        _load(source, words[:1].upper() + words[1:], context.project(), context, 'SITES_LAYER')


def results_of(algorithm, result, files, form, names, context):
    """Files by parameter, the summary's single values in capitals, and the rows as JSON when nothing
    was written that would hold them."""
    results = dict(files)
    for key, value in result.get('summary', {}).items():
        if isinstance(value, (str, int, float)):
            results.setdefault(key.upper(), value)
    results['FINDINGS'] = sum(one.get('count', 1) for one in result.get('findings', []))
    if not files:
        results['RESULTS'] = json.dumps(result['results'], ensure_ascii=False)
    name_loaded(algorithm, files, names, context)
    if algorithm.command['command'].startswith('study'):
        _study(form, files, context, results)
    return results
