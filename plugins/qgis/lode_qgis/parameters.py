"""From a declared parameter to QGIS's form, and from the form's values to program arguments."""
import os

from qgis.core import (QgsMapLayer, QgsProcessing, QgsProcessingException,
                       QgsProcessingParameterBoolean, QgsProcessingParameterCrs,
                       QgsProcessingParameterDateTime, QgsProcessingParameterDefinition,
                       QgsProcessingParameterEnum, QgsProcessingParameterFeatureSource,
                       QgsProcessingParameterField, QgsProcessingParameterFile,
                       QgsProcessingParameterFileDestination,
                       QgsProcessingParameterFolderDestination,
                       QgsProcessingParameterMultipleLayers, QgsProcessingParameterNumber,
                       QgsProcessingParameterRasterLayer, QgsProcessingParameterString,
                       QgsProcessingParameterVectorDestination, QgsProcessingUtils)

# The plugin's own business: it always asks for JSON, and QGIS has a log of its own.
HIDDEN = {'json', 'progress', 'quiet', 'dry-run'}
# Read by the program as they are; a layer of any other kind is exported to a GeoPackage first.
FORMATS = ['gpkg', 'shp', 'geojson', 'fgb', 'csv']
LAYERS = {'vector', 'table'}
WRITTEN = {'vector_out', 'file_out', 'folder_out'}


def qgis_name(name):
    """--input-crs is INPUT_CRS."""
    return name.upper().replace('-', '_')


def shown_parameters(command):
    """Those that people are asked for. Where an input is called LAYER, a layer of QGIS's, there is
    nothing left for the option --layer to say."""
    shown = {}
    for parameter in command['parameters']:
        if parameter['name'] not in HIDDEN:
            shown.setdefault(qgis_name(parameter['name']), parameter)
    return list(shown.values())


def label(parameter):
    words = parameter['name'].replace('-', ' ').replace('_', ' ')
    if parameter['positional']:
        words = words.lower()
    return words[:1].upper() + words[1:]


def help_text(parameter):
    """What the program says of it, with units, range and default."""
    facts = []
    if parameter.get('units'):
        facts.append('with a unit: ' + ', '.join(parameter['units']))
    if parameter.get('range'):
        facts.append('range ' + parameter['range'])
    if parameter.get('default'):
        facts.append('default ' + parameter['default'])
    if parameter['repeatable'] and parameter['kind'] == 'text':
        facts.append('one a line')
    text = parameter['help'][:1].upper() + parameter['help'][1:]
    return text + (' (' + '; '.join(facts) + ')' if facts else '')


def is_advanced(parameter):
    if parameter['required'] or parameter['positional'] or parameter['name'] in ('id', 'name'):
        return False
    return parameter.get('group') in ('Reading', 'Every command') or parameter['name'] == 'format'


def _parent(parameter, command):
    """The layer that a field is of: what is declared, otherwise the first layer."""
    if parameter.get('parent'):
        return qgis_name(parameter['parent'])
    for other in command['parameters']:
        if other['kind'] in LAYERS:
            return qgis_name(other['name'])
    return ''


def _number(parameter, kind):
    default = parameter.get('default')
    definition = QgsProcessingParameterNumber(
        qgis_name(parameter['name']), label(parameter), kind,
        defaultValue=float(default) if default else None, optional=not parameter['required'])
    return definition


def _layer(parameter):
    name, text, optional = qgis_name(parameter['name']), label(parameter), not parameter['required']
    if parameter['repeatable']:
        return QgsProcessingParameterMultipleLayers(name, text, QgsProcessing.TypeVector,
                                                    optional=optional)
    return QgsProcessingParameterFeatureSource(name, text, [QgsProcessing.TypeVector],
                                               optional=optional)


def _file(parameter):
    name, text, optional = qgis_name(parameter['name']), label(parameter), not parameter['required']
    if parameter['repeatable']:
        return QgsProcessingParameterMultipleLayers(name, text, QgsProcessing.TypeFile,
                                                    optional=optional)
    return QgsProcessingParameterFile(name, text, optional=optional)


def _destination(parameter):
    name, text, optional = qgis_name(parameter['name']), label(parameter), not parameter['required']
    wanted = name == 'OUTPUT' or not optional
    if parameter['kind'] == 'folder_out':
        return QgsProcessingParameterFolderDestination(name, text, optional=optional,
                                                       createByDefault=wanted)
    if parameter['kind'] == 'file_out':
        return QgsProcessingParameterFileDestination(name, text, optional=optional,
                                                     createByDefault=wanted)
    return QgsProcessingParameterVectorDestination(name, text, optional=optional,
                                                   createByDefault=wanted)


def definition_of(parameter, command):
    """QGIS's definition of one declared parameter."""
    name, text, optional = qgis_name(parameter['name']), label(parameter), not parameter['required']
    kind, default = parameter['kind'], parameter.get('default')
    if kind in LAYERS:
        definition = _layer(parameter)
    elif kind == 'raster':
        definition = QgsProcessingParameterRasterLayer(name, text, optional=optional)
    elif kind == 'file':
        definition = _file(parameter)
    elif kind in WRITTEN:
        definition = _destination(parameter)
    elif kind == 'field':
        definition = QgsProcessingParameterField(
            name, text, defaultValue=default, parentLayerParameterName=_parent(parameter, command),
            allowMultiple=parameter['repeatable'], optional=optional)
    elif kind == 'number':
        definition = _number(parameter, QgsProcessingParameterNumber.Double)
    elif kind == 'integer':
        definition = _number(parameter, QgsProcessingParameterNumber.Integer)
    elif kind == 'choice':
        definition = QgsProcessingParameterEnum(
            name, text, options=parameter['choices'], allowMultiple=parameter['repeatable'],
            defaultValue=default, optional=optional, usesStaticStrings=True)
    elif kind == 'flag':
        # A run into the same file again is what people expect of QGIS, whose dialogs ask first.
        definition = QgsProcessingParameterBoolean(name, text, name == 'OVERWRITE', True)
    elif kind == 'crs':
        definition = QgsProcessingParameterCrs(name, text, defaultValue=default, optional=optional)
    elif kind == 'date':
        definition = QgsProcessingParameterDateTime(name, text, QgsProcessingParameterDateTime.Date,
                                                    defaultValue=default, optional=optional)
    else:  # field_or_quantity, quantity, text, and any kind of a newer program
        definition = QgsProcessingParameterString(
            name, text, defaultValue=default,
            multiLine=kind == 'text' and parameter['repeatable'], optional=optional)
    definition.setHelp(help_text(parameter))
    if is_advanced(parameter):
        definition.setFlags(definition.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
    return definition


def _path_of_layer(path, layer, known_layer):
    """path:layer where a file holds several; as it is when the user names the layer himself."""
    path = path.split('|')[0]
    several = os.path.splitext(path)[1].lower() in ('.gpkg', '.sqlite')
    return f'{path}:{layer}' if layer and several and not known_layer else path


class Reader:
    """Reads the form's values, each as the list of texts that the program is to be given."""

    def __init__(self, algorithm, parameters, context, feedback):
        self.algorithm = algorithm
        self.parameters = parameters
        self.context = context
        self.feedback = feedback

    def texts(self, parameter):
        name, kind = qgis_name(parameter['name']), parameter['kind']
        value = self.parameters.get(name)
        if value is None or value == '' or value == []:
            return []
        read = getattr(self, '_' + kind, self._text)
        return [text for text in read(name, parameter) if text != '']

    def _vector(self, name, parameter):
        # --layer is the first input's alone.
        said_layer = parameter['positional'] and name != 'LAYER' and self.parameters.get('LAYER')
        if parameter['repeatable']:
            return self._layers(name)
        path, layer = self.algorithm.parameterAsCompatibleSourceLayerPathAndLayerName(
            self.parameters, name, self.context, FORMATS, 'gpkg', self.feedback)
        if not path:
            raise QgsProcessingException(self.algorithm.invalidSourceError(self.parameters, name))
        return [_path_of_layer(path, layer, said_layer)]

    _table = _vector

    def _layers(self, name):
        paths = []
        for layer in self.algorithm.parameterAsLayerList(self.parameters, name, self.context):
            if layer.type() != QgsMapLayer.VectorLayer:
                raise QgsProcessingException(f'{layer.name()} is no vector layer')
            path, sublayer = QgsProcessingUtils.convertToCompatibleFormatAndLayerName(
                layer, False, name.lower(), FORMATS, 'gpkg', self.context, self.feedback)
            paths.append(_path_of_layer(path, sublayer, False))
        if not paths:
            raise QgsProcessingException(self.algorithm.invalidSourceError(self.parameters, name))
        return paths

    def _raster(self, name, _parameter):
        layer = self.algorithm.parameterAsRasterLayer(self.parameters, name, self.context)
        if layer is None:
            raise QgsProcessingException(self.algorithm.invalidRasterError(self.parameters, name))
        return [layer.source().split('|')[0]]

    def _file(self, name, parameter):
        if parameter['repeatable']:
            return self.algorithm.parameterAsFileList(self.parameters, name, self.context)
        return [self.algorithm.parameterAsFile(self.parameters, name, self.context)]

    def _field(self, name, _parameter):
        return self.algorithm.parameterAsFields(self.parameters, name, self.context)

    def _number(self, name, _parameter):
        return [repr(self.algorithm.parameterAsDouble(self.parameters, name, self.context))]

    def _integer(self, name, _parameter):
        # A double holds what QGIS's own integers of 32 bits do not: seeds.
        return [str(int(self.algorithm.parameterAsDouble(self.parameters, name, self.context)))]

    def _choice(self, name, parameter):
        if parameter['repeatable']:
            return self.algorithm.parameterAsEnumStrings(self.parameters, name, self.context)
        return [self.algorithm.parameterAsEnumString(self.parameters, name, self.context)]

    def _crs(self, name, _parameter):
        said = self.parameters[name]
        if isinstance(said, str) and said.startswith('local:'):  # a mine grid, which QGIS knows not
            return [said]
        crs = self.algorithm.parameterAsCrs(self.parameters, name, self.context)
        if not crs.isValid():
            return [said] if isinstance(said, str) else []
        return [crs.authid() or crs.toWkt()]

    def _date(self, name, _parameter):
        said = self.parameters[name]
        if isinstance(said, str):  # the program reads and checks it
            return [said]
        return [self.algorithm.parameterAsDateTime(self.parameters, name, self.context)
                .date().toString('yyyy-MM-dd')]

    def _text(self, name, parameter):
        text = self.algorithm.parameterAsString(self.parameters, name, self.context)
        if parameter['repeatable']:
            return [line.strip() for line in text.replace(';', '\n').split('\n')]
        return [text.strip()]

    def _vector_out(self, name, _parameter):
        path = self.algorithm.parameterAsOutputLayer(self.parameters, name, self.context) or ''
        if path.startswith(('ogr:', 'postgres:', 'memory:', 'mssql:')):
            raise QgsProcessingException(f'{name}: Lode writes files, not {path.split(":")[0]}; '
                                         'name one that ends in .gpkg, .shp, .geojson, .fgb or .csv.')
        return [path]

    def _file_out(self, name, _parameter):
        return [self.algorithm.parameterAsFileOutput(self.parameters, name, self.context)]

    def _folder_out(self, name, _parameter):
        return [self.algorithm.parameterAsString(self.parameters, name, self.context)]


def arguments_of(command, reader):
    """(arguments, results by QGIS's name) of a run: inputs first, then --option=value."""
    first, options, results = command['command'].split(' '), [], {}
    for parameter in shown_parameters(command):
        name = parameter['name']
        if parameter['kind'] == 'flag':
            value = reader.algorithm.parameterAsBool(reader.parameters, qgis_name(name), reader.context)
            options += ['--' + name] if value else []
            continue
        texts = reader.texts(parameter)
        if parameter['kind'] in WRITTEN and texts:
            results[qgis_name(name)] = texts[0]
        if parameter['positional']:
            first += texts
        elif texts != [parameter.get('default')]:
            options += [f'--{name}={text}' for text in texts]
    return first + options + ['--json', '--progress=json'], results
