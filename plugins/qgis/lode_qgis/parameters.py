"""From a declared parameter to QGIS's form."""
import re

from qgis.core import (QgsProcessing, QgsProcessingParameterBand, QgsProcessingParameterBoolean,
                       QgsProcessingParameterCrs, QgsProcessingParameterDateTime,
                       QgsProcessingParameterDefinition, QgsProcessingParameterEnum,
                       QgsProcessingParameterExtent, QgsProcessingParameterFeatureSource,
                       QgsProcessingParameterField, QgsProcessingParameterFile,
                       QgsProcessingParameterFileDestination,
                       QgsProcessingParameterFolderDestination,
                       QgsProcessingParameterMultipleLayers, QgsProcessingParameterNumber,
                       QgsProcessingParameterPoint, QgsProcessingParameterRasterDestination,
                       QgsProcessingParameterRasterLayer, QgsProcessingParameterString,
                       QgsProcessingParameterVectorDestination)

# The plugin's own business: it always asks for JSON, and QGIS has a log of its own.
HIDDEN = {'json', 'progress', 'quiet', 'dry-run'}
LAYERS = {'vector', 'table'}
WRITTEN = {'vector_out', 'file_out', 'folder_out'}
QUANTITIES = {'quantity', 'field_or_quantity'}
# More options than a form shows at a glance: those of later groups are folded away.
MANY = 20
ANY = QgsProcessing.SourceType.TypeVector
GEOMETRIES = {'point': ANY,  # a table with coordinates has points too
              'line': QgsProcessing.SourceType.TypeVectorLine,
              'polygon': QgsProcessing.SourceType.TypeVectorPolygon}
NUMBER = r'(-?\d+(?:\.\d+)?(?:e-?\d+)?)'
ALONE = '_ALONE'  # a tick beside an option that may stand without a value


def qgis_name(name):
    """--input-crs is INPUT_CRS."""
    return name.upper().replace('-', '_')


def fact(parameter, key):
    """What is declared, or None: a newer program may leave keys out, or add some."""
    return parameter.get(key) or None


def shown_parameters(command):
    """Those that people are asked for. Where an input is called LAYER, a layer of QGIS's, there is
    nothing left for the option --layer to say."""
    shown = {}
    for parameter in command['parameters']:
        if parameter['name'] not in HIDDEN:
            shown.setdefault(qgis_name(parameter['name']), parameter)
    return list(shown.values())


def first_layer(command):
    """The input that options of reading are about; None when none is a layer."""
    layers = [one for one in command['parameters'] if one['kind'] in LAYERS]
    positional = [one for one in command['parameters'] if fact(one, 'positional')]
    if positional and positional[0]['kind'] not in LAYERS:
        return None
    return layers[0] if layers else None


def parent_of(parameter, command):
    """The layer that a field is of: what is declared, otherwise the first layer; None when that is a
    file that QGIS does not open."""
    said = fact(parameter, 'parent')
    if not said:
        return first_layer(command)
    for other in command['parameters']:
        if other['name'] == said:
            return other if other['kind'] in LAYERS else None
    return None


def file_parent(parameter, command):
    """The file whose columns a field may be one of."""
    for other in command['parameters']:
        if other['name'] == fact(parameter, 'parent') and other['kind'] == 'file':
            return other
    return None


def label(parameter):
    """What stands beside the box: of an input what it is, of an option its name."""
    text = parameter.get('help', '')
    if fact(parameter, 'positional') and text:
        short = re.split(r'[;:(]', text)[0].strip()
        words = short if 0 < len(short) <= 48 else parameter['name'].lower()
    else:
        words = parameter['name'].replace('-', ' ').replace('_', ' ')
    if parameter['name'] in ('crs', 'input-crs'):
        words = words.replace('crs', 'CRS')
    return words[:1].upper() + words[1:]


def help_text(parameter):
    """What the program says of it, with units, range and default."""
    facts = []
    if fact(parameter, 'units'):
        facts.append('with a unit: ' + ', '.join(parameter['units']))
    if fact(parameter, 'range'):
        facts.append('range ' + parameter['range'])
    if fact(parameter, 'default'):
        facts.append('default ' + parameter['default'])
    if fact(parameter, 'repeatable') and parameter['kind'] == 'text':
        facts.append('one a line')
    text = parameter.get('help', '')
    text = text[:1].upper() + text[1:]
    return text + (' (' + '; '.join(facts) + ')' if facts else '')


def finer_groups(command):
    """Groups of options that a long form folds away: all but its first two."""
    own = [one for one in command['parameters'] if one.get('group') not in ('Reading', 'Every command')]
    if len(own) <= MANY:
        return []
    return [one for one in dict.fromkeys(one.get('group', '') for one in own) if one and one != 'Result'][2:]


def is_advanced(parameter, finer):
    """Folded away: reading and running, and in long forms the finer points."""
    if fact(parameter, 'required') or fact(parameter, 'positional') or parameter['kind'] in WRITTEN:
        return False
    group = parameter.get('group', '')
    if group in ('Reading', 'Every command') or parameter['name'] == 'format':
        return parameter['name'] not in ('id', 'name')
    return group in finer


def is_permissive(parameter):
    """Whether files that are no layers to QGIS fit too: solids, TINs, block models, FILE=Q."""
    return bool(re.search(r'\bsolids?\b|\bTIN\b|block model|FILE=', parameter.get('help', '')))


def geometries(parameter):
    """What kinds of layer the form offers, read from help that starts with them."""
    text = parameter.get('help', '')
    if parameter['kind'] != 'vector' or not re.match(r'(points|lines|polygons)\b', text):
        return [ANY]
    met = [key for key in GEOMETRIES if re.search(rf'\b{key}s?\b', text)]
    found = list(dict.fromkeys(GEOMETRIES[key] for key in met))
    return [ANY] if ANY in found else found


def bounds_of(parameter):
    """(least, most) of a number, as far as the range says them."""
    text = fact(parameter, 'range') or ''
    both = re.fullmatch(NUMBER + ' to ' + NUMBER, text)
    if both:
        return float(both.group(1)), float(both.group(2))
    least = re.fullmatch(NUMBER + ' (?:or more|up)', text)
    return (float(least.group(1)) if least else None), None


def endings_of(parameter, command):
    """Endings that a file may have, as far as help or the option --format say them."""
    text = parameter.get('help', '')
    found = re.findall(r'\.([a-z0-9]{2,7})\b', text)
    if not found and 'ending' in text:
        for other in command['parameters']:
            if other['name'] == 'format' and fact(other, 'choices'):
                known = {'omf1': 'omf', 'stl-text': 'stl', 'gocad': 'ts', 'gslib': 'gslib'}
                found = [known.get(one, one) for one in other['choices']]
    for word, ending in (('TOML', 'toml'), ('CSV', 'csv'), ('JSON', 'json'), ('study file', 'toml'),
                         ('tariff', 'toml'), ('figures', 'svg'), ('a figure', 'svg')):
        if not found and re.search(rf'\b{word}\b', text):
            found = [ending]
    return list(dict.fromkeys(found))


def file_filter(endings):
    """For the file dialog; any name may be typed."""
    rows = [f'{one.upper()} (*.{one})' for one in endings]
    return ';;'.join(rows + ['All files (*.*)'])


def is_raster_out(parameter):
    return parameter['kind'] == 'file_out' and bool(re.match('raster', parameter.get('help', '')))


def is_table_out(parameter):
    """A model or table that is written as CSV alone."""
    return parameter['kind'] == 'vector_out' and 'as CSV' in parameter.get('help', '')


def _number(parameter, name, text, optional):
    kinds = QgsProcessingParameterNumber.Type
    kind = kinds.Integer if parameter['kind'] == 'integer' else kinds.Double
    default = fact(parameter, 'default')
    definition = QgsProcessingParameterNumber(
        name, text, kind, defaultValue=float(default) if default else None, optional=optional)
    least, most = bounds_of(parameter)
    if least is not None:
        definition.setMinimum(least)
    # QGIS's box for whole numbers has 32 bits; beyond, it would show nothing.
    if most is not None and (parameter['kind'] != 'integer' or most < 2 ** 31):
        definition.setMaximum(most)
    return definition


def _layer(parameter, name, text, optional):
    types = geometries(parameter)
    if fact(parameter, 'repeatable'):
        return QgsProcessingParameterMultipleLayers(name, text, types[0] if len(types) == 1 else ANY,
                                                    optional=optional)
    return QgsProcessingParameterFeatureSource(name, text, types, optional=optional)


def _raster(parameter, name, text, optional):
    if fact(parameter, 'repeatable'):
        return QgsProcessingParameterMultipleLayers(
            name, text, QgsProcessing.SourceType.TypeRaster, optional=optional)
    return QgsProcessingParameterRasterLayer(name, text, optional=optional)


def _file(parameter, command, name, text, optional):
    if fact(parameter, 'repeatable'):
        return QgsProcessingParameterMultipleLayers(name, text, QgsProcessing.SourceType.TypeFile,
                                                    optional=optional)
    endings = endings_of(parameter, command)
    return QgsProcessingParameterFile(name, text, fileFilter=file_filter(endings), optional=optional)


def _destination(parameter, command, name, text, optional):
    wanted = name == 'OUTPUT' or not optional
    if parameter['kind'] == 'folder_out':
        return QgsProcessingParameterFolderDestination(name, text, optional=optional,
                                                       createByDefault=wanted)
    if is_raster_out(parameter):
        return QgsProcessingParameterRasterDestination(name, text, optional=optional,
                                                       createByDefault=wanted)
    if parameter['kind'] == 'file_out':
        endings = endings_of(parameter, command)
        return QgsProcessingParameterFileDestination(
            name, text, fileFilter=file_filter(endings), optional=optional, createByDefault=wanted)
    return QgsProcessingParameterVectorDestination(name, text, optional=optional,
                                                   createByDefault=wanted)


def _field(parameter, command, name, text, optional):
    parent = parent_of(parameter, command)
    default = fact(parameter, 'default')
    if parent is None:  # a file: its columns are offered where they can be read, and any may be typed
        definition = QgsProcessingParameterString(name, text, defaultValue=default, optional=optional)
        file = file_parent(parameter, command)
        if file is not None and not fact(file, 'repeatable') and not fact(parameter, 'repeatable'):
            definition.setMetadata({'widget_wrapper': {
                'class': 'lode_qgis.widgets.ColumnWrapper', 'parent': qgis_name(file['name'])}})
        return definition
    return QgsProcessingParameterField(
        name, text, defaultValue=default, parentLayerParameterName=qgis_name(parent['name']),
        allowMultiple=bool(fact(parameter, 'repeatable')), optional=optional)


def _quantity(parameter, command, name, text, optional):
    definition = QgsProcessingParameterString(name, text, defaultValue=fact(parameter, 'default'),
                                              optional=optional)
    if not fact(parameter, 'repeatable') and fact(parameter, 'units'):
        parent = (parent_of(parameter, command) or file_parent(parameter, command)
                  if parameter['kind'] == 'field_or_quantity' else None)
        definition.setMetadata({'widget_wrapper': {
            'class': 'lode_qgis.widgets.QuantityWrapper', 'units': list(parameter['units']),
            'unit': fact(parameter, 'unit') or '', 'parent': qgis_name(parent['name']) if parent else '',
            'fields': parameter['kind'] == 'field_or_quantity'}})
    return definition


def _text(parameter, command, name, text, optional):
    """Text, and what the program reads as text although QGIS has a better box for it."""
    if name == 'BBOX':
        return QgsProcessingParameterExtent(name, text, optional=optional)
    if name in ('X', 'Y') and first_layer(command):
        return _field(dict(parameter, kind='field', parent=None), command, name, text, optional)
    if re.match(r'x,y\b(?!,)', parameter.get('help', '')):
        return QgsProcessingParameterPoint(name, text, optional=optional)
    if name == 'BAND' and any(qgis_name(one['name']) == 'RASTER' for one in command['parameters']):
        return QgsProcessingParameterBand(name, text, parentLayerParameterName='RASTER',
                                          allowMultiple=True, optional=optional)
    return QgsProcessingParameterString(
        name, text, defaultValue=fact(parameter, 'default'),
        multiLine=parameter['kind'] == 'text' and bool(fact(parameter, 'repeatable')), optional=optional)


def _typed(parameter, command):
    name, text, optional = qgis_name(parameter['name']), label(parameter), not fact(parameter, 'required')
    kind, default = parameter['kind'], fact(parameter, 'default')
    if kind in LAYERS:
        return _layer(parameter, name, text, optional)
    if kind == 'raster':
        return _raster(parameter, name, text, optional)
    if kind == 'file':
        return _file(parameter, command, name, text, optional)
    if kind in WRITTEN:
        return _destination(parameter, command, name, text, optional)
    if kind == 'field':
        return _field(parameter, command, name, text, optional)
    if kind in ('number', 'integer'):
        return _number(parameter, name, text, optional)
    if kind in QUANTITIES:
        return _quantity(parameter, command, name, text, optional)
    if kind == 'choice' and fact(parameter, 'choices'):
        return QgsProcessingParameterEnum(
            name, text, options=parameter['choices'], allowMultiple=bool(fact(parameter, 'repeatable')),
            defaultValue=default, optional=optional, usesStaticStrings=True)
    if kind == 'flag':
        # A run into the same file again is what people expect of QGIS, whose dialogs ask first.
        return QgsProcessingParameterBoolean(name, text, name == 'OVERWRITE', True)
    if kind == 'crs':
        return QgsProcessingParameterCrs(name, text, defaultValue=default, optional=optional)
    if kind == 'date' and not fact(parameter, 'repeatable'):
        return QgsProcessingParameterDateTime(name, text, QgsProcessingParameterDateTime.Type.Date,
                                              defaultValue=default, optional=optional)
    return _text(parameter, command, name, text, optional)  # and any kind of a newer program


def definition_of(parameter, command, finer=()):
    """QGIS's definition of one declared parameter."""
    definition = _typed(parameter, command)
    definition.setHelp(help_text(parameter))
    if is_advanced(parameter, finer):
        definition.setFlags(definition.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return definition


def _alone(parameter, finer):
    """A tick for an option that may stand without its value."""
    words = 'field' if parameter['kind'] == 'field' else 'layer'
    definition = QgsProcessingParameterBoolean(
        qgis_name(parameter['name']) + ALONE, f'{label(parameter)}, without naming a {words}', False, True)
    definition.setHelp(f'The option --{parameter["name"]} alone. {help_text(parameter)}')
    if is_advanced(parameter, finer):
        definition.setFlags(definition.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return definition


def definitions_of(command):
    """All of a command's, in the form's order: inputs, what is required, options, results."""
    def place(parameter):
        if parameter['kind'] in WRITTEN:
            return 3 if parameter['name'] == 'output' else 4
        if fact(parameter, 'positional'):
            return 0
        return 1 if fact(parameter, 'required') else 2
    found, finer = [], finer_groups(command)
    for parameter in sorted(shown_parameters(command), key=place):
        found.append(definition_of(parameter, command, finer))
        if fact(parameter, 'bare'):
            found.append(_alone(parameter, finer))
    return found
