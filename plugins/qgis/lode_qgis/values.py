"""From the form's values to the arguments that the program is given."""
import os
import re

from qgis.core import (NULL, QgsCoordinateReferenceSystem, QgsProcessing, QgsProcessingException,
                       QgsProcessingFeatureSourceDefinition, QgsProcessingUtils, QgsProperty,
                       QgsRasterLayer, QgsVectorLayer)

from .layers import Copies, as_argument, layer_of, plain_source, raster_path
from .parameters import (ALONE, WRITTEN, fact, first_layer, is_permissive, is_raster_out,
                         is_table_out, qgis_name, shown_parameters)

# What QGIS may be told to write to and Lode does not.
DATABASES = ('ogr:', 'postgres:', 'memory:', 'mssql:', 'oracle:', 'hana:', 'spatialite:')


def plain_value(value):
    """A text or list as it is meant, of what a model or a data-defined box holds."""
    if isinstance(value, QgsProperty):
        return None
    if isinstance(value, (tuple, list)):
        return list(value)
    return value


def is_path_of_no_layer(value):
    """FILE or FILE=Q, for inputs that take solids, TINs and block models too."""
    if not isinstance(value, str):
        return False
    return os.path.isfile(value) or os.path.isfile(value.rsplit('=', 1)[0])


def numbers(text):
    """Four bare numbers with commas, or None."""
    parts = text.split(',')
    try:
        return [float(part) for part in parts] if len(parts) == 4 else None
    except ValueError:
        return None


def is_temporary(path):
    """Whether QGIS made up the name. Its folder is only asked for when the name may be of it: asking
    makes one."""
    return 'processing_' in path and os.path.normpath(path).startswith(
        os.path.normpath(QgsProcessingUtils.tempFolder()) + os.sep)


class Reader:
    """Reads the form's values, each as the list of texts that the program is to be given."""

    def __init__(self, algorithm, parameters, context, feedback, folder):
        self.algorithm = algorithm
        self.command = algorithm.command
        self.parameters = parameters
        self.context = context
        self.feedback = feedback
        self.copies = Copies(folder, context, feedback)
        self.names = []  # of the layers read, for the names of what is written

    def texts(self, parameter):
        name, kind = qgis_name(parameter['name']), parameter['kind']
        value = self.parameters.get(name)
        if value in (None, NULL, '', []):
            return []
        read = getattr(self, '_' + kind, self._text)
        if kind == 'date' and fact(parameter, 'repeatable'):
            read = self._text
        return [text for text in read(name, parameter) if text != '']

    def _refuse(self, name, value):
        definition = self.algorithm.parameterDefinition(name)
        raise QgsProcessingException(f'{name}: {value} could not be opened as a layer '
                                     f'({definition.description() if definition else name}).')

    def _crs_said(self):
        return bool(self.parameters.get('INPUT_CRS'))

    def _vector(self, name, parameter):
        if fact(parameter, 'repeatable'):
            return [self._one_layer(name, one, parameter) for one in self._items(name)]
        value = self.parameters[name]
        if isinstance(value, QgsProcessingFeatureSourceDefinition):
            copied = self._part_of_layer(name, value)
            if copied:
                return [copied]
            value = value.source.staticValue()
        layer = self.algorithm.parameterAsVectorLayer(self.parameters, name, self.context)
        return [self._one_layer(name, layer or value, parameter)]

    _table = _vector

    def _part_of_layer(self, name, value):
        """A copy of the features asked for; None when all of them are."""
        filtered = getattr(value, 'filterExpression', '')
        if not value.selectedFeaturesOnly and value.featureLimit == -1 and not filtered:
            return None
        source = self.algorithm.parameterAsSource(self.parameters, name, self.context)
        if source is None:
            self._refuse(name, value.source.staticValue())
        layer = layer_of(value.source.staticValue(), self.context)
        if layer is not None and value.selectedFeaturesOnly and layer.selectedFeatureCount() == 0:
            raise QgsProcessingException(f'{name}: nothing is selected in "{layer.name()}".')
        self._met(layer)
        return self.copies.copy(source, layer)

    def _met(self, layer):
        if layer is not None and layer.name():
            self.names.append(layer.name())

    def _one_layer(self, name, value, parameter):
        layer = value if isinstance(value, (QgsVectorLayer, QgsRasterLayer)) else \
            layer_of(value, self.context)
        if layer is None:
            if is_permissive(parameter) and is_path_of_no_layer(value):
                return as_argument(value, '')
            self._refuse(name, value)
        if not isinstance(layer, QgsVectorLayer):
            raise QgsProcessingException(f'{name}: "{layer.name()}" is no vector layer.')
        self._met(layer)
        said = self._layer_said(name, parameter)
        if said:
            path = value if isinstance(value, str) and os.path.isfile(value) else \
                layer.source().split('|')[0]
            if not os.path.isfile(path):
                raise QgsProcessingException(f'LAYER goes with files; "{layer.name()}" is none.')
            return as_argument(path, '')
        path = layer.source()
        if plain_source(layer, self._crs_said()) is None and os.path.isfile(path):
            tables = layer.dataProvider().subLayers() if layer.dataProvider() else []
            if len(tables) > 1:
                self.feedback.pushWarning(
                    f'{name}: {path} holds {len(tables)} layers; QGIS opened the first. Another one is '
                    f'named so: {path}|layername=NAME')
        return self.copies.argument_of_layer(layer, self._crs_said())

    def _layer_said(self, name, parameter):
        """Whether the user names the layer himself; --layer is the first input's alone."""
        return fact(parameter, 'positional') and name != 'LAYER' and self.parameters.get('LAYER') and \
            any(one['name'] == 'layer' for one in self.command['parameters'])

    def _items(self, name):
        """What a box for several layers or files holds, one by one, none left out in silence."""
        value = plain_value(self.parameters[name])
        if isinstance(value, str):
            if os.path.exists(value) or layer_of(value, self.context) is not None:
                return [value]
            return [one.strip() for one in value.split(';') if one.strip()]
        if isinstance(value, list):
            return [one for one in value if one not in (None, NULL, '')]
        if isinstance(value, (QgsVectorLayer, QgsRasterLayer)):
            return [value]
        found = self.algorithm.parameterAsLayerList(self.parameters, name, self.context)
        return found or self._refuse(name, value)

    def _raster(self, name, parameter):
        if fact(parameter, 'repeatable'):
            return [self._one_raster(name, one, parameter) for one in self._items(name)]
        layer = self.algorithm.parameterAsRasterLayer(self.parameters, name, self.context)
        return [self._one_raster(name, layer or self.parameters[name], parameter)]

    def _one_raster(self, name, value, parameter):
        layer = value if isinstance(value, (QgsVectorLayer, QgsRasterLayer)) else \
            layer_of(value, self.context)
        if is_permissive(parameter):
            if layer is None and is_path_of_no_layer(value):
                return as_argument(value, '')
            if isinstance(layer, QgsVectorLayer):  # points whose TIN is the surface
                self._met(layer)
                return self.copies.argument_of_layer(layer, self._crs_said())
        if not isinstance(layer, QgsRasterLayer):
            self._refuse(name, value)
        self._met(layer)
        return raster_path(layer, name, self._crs_said())

    def _file(self, name, parameter):
        if fact(parameter, 'repeatable'):
            return [self._one_file(one) for one in self._items(name)]
        return [self._one_file(self.algorithm.parameterAsFile(self.parameters, name, self.context))]

    def _one_file(self, value):
        layer = None
        if not isinstance(value, str) or not os.path.exists(value):
            layer = layer_of(value, self.context)  # of a step before, in a model
        if isinstance(layer, QgsVectorLayer):
            return self.copies.argument_of_layer(layer, self._crs_said())
        if isinstance(layer, QgsRasterLayer):
            return raster_path(layer, layer.name(), self._crs_said())
        return as_argument(str(value), '')

    def _field(self, name, _parameter):
        return self.algorithm.parameterAsFields(self.parameters, name, self.context)

    def _number(self, name, _parameter):
        return [repr(self.algorithm.parameterAsDouble(self.parameters, name, self.context))]

    def _integer(self, name, _parameter):
        # A double holds what QGIS's own integers of 32 bits do not: seeds.
        return [str(int(self.algorithm.parameterAsDouble(self.parameters, name, self.context)))]

    def _choice(self, name, parameter):
        if not fact(parameter, 'choices'):
            return self._text(name, parameter)
        if fact(parameter, 'repeatable'):
            return self.algorithm.parameterAsEnumStrings(self.parameters, name, self.context)
        return [self.algorithm.parameterAsEnumString(self.parameters, name, self.context)]

    def _crs(self, name, _parameter):
        said = self.parameters[name]
        if isinstance(said, str) and said.startswith('local:'):  # a mine grid, which QGIS knows not
            return [said]
        crs = self.algorithm.parameterAsCrs(self.parameters, name, self.context)
        if not crs.isValid():
            return [said] if isinstance(said, str) else []
        return [crs.authid() or
                crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED)]

    def _date(self, name, _parameter):
        said = self.parameters[name]
        if isinstance(said, str):  # the program reads and checks it
            return [said]
        return [self.algorithm.parameterAsDateTime(self.parameters, name, self.context)
                .date().toString('yyyy-MM-dd')]

    def text(self, name):
        """One text, with expressions evaluated."""
        return self.algorithm.parameterAsString(self.parameters, name, self.context).strip()

    def _text(self, name, parameter):
        definition = self.algorithm.parameterDefinition(name)
        kind = definition.type() if definition is not None else 'string'
        special = getattr(self, '_as_' + kind, None)
        if special is not None:
            return special(name)
        if fact(parameter, 'repeatable'):
            return [line.strip() for line in self._lines(name, parameter)]
        return [self.text(name)]

    def _lines(self, name, parameter):
        """A list as it is, or text with one a line. Where all is on one line semicolons separate too,
        as in QGIS's own lists, but for texts that have semicolons themselves."""
        value = plain_value(self.parameters[name])
        if isinstance(value, list):
            return [str(one) for one in value]
        text = self.algorithm.parameterAsString(self.parameters, name, self.context)
        if '\n' in text or re.search("'[^']*;[^']*'", parameter.get('help', '')):
            return text.split('\n')
        return text.split(';')

    def _as_field(self, name):
        return self._field(name, None)

    def _as_band(self, name):
        value = self.parameters[name]
        if isinstance(value, str):
            return [value.replace(';', ',')]
        return [','.join(str(one) for one in
                         self.algorithm.parameterAsInts(self.parameters, name, self.context))]

    def _crs_of_input(self):
        """(CRS, extent) of the input that --bbox is about; None where QGIS does not know them."""
        layer = None
        first = first_layer(self.command)
        if first is not None:
            layer = self.algorithm.parameterAsVectorLayer(self.parameters, qgis_name(first['name']),
                                                          self.context)
        crs = layer.crs() if layer is not None else QgsCoordinateReferenceSystem()
        if not crs.isValid() and self._crs_said():
            crs = self.algorithm.parameterAsCrs(self.parameters, 'INPUT_CRS', self.context)
        return crs, layer.extent() if layer is not None else None

    def _as_extent(self, name):
        value = self.parameters[name]
        bare = numbers(value) if isinstance(value, str) else None
        crs, extent = self._crs_of_input()
        if bare:
            box = self._bare_box(name, bare, extent, crs.isGeographic())
        else:
            own = self.algorithm.parameterAsExtentCrs(self.parameters, name, self.context)
            if own.isValid() and not crs.isValid():
                raise QgsProcessingException(
                    f'{name}: the extent is in {own.authid()}, and the CRS of the input is not known. Say '
                    'it in INPUT_CRS, or give the extent as numbers: xmin,xmax,ymin,ymax')
            found = self.algorithm.parameterAsExtent(self.parameters, name, self.context, crs)
            if found.isNull():
                raise QgsProcessingException(f'{name}: {value} is no extent: xmin,xmax,ymin,ymax [CRS]')
            box = [found.xMinimum(), found.yMinimum(), found.xMaximum(), found.yMaximum()]
        return [','.join(repr(one) for one in box)]

    def _bare_box(self, name, bare, extent, degrees):
        """Numbers without a CRS: QGIS writes xmin,xmax,ymin,ymax and Lode xmin,ymin,xmax,ymax. Read
        as what fits the input; what could be either is refused."""
        a, b, c, d = bare
        boxes = [box for box in ([a, c, b, d], [a, b, c, d]) if box[0] <= box[2] and box[1] <= box[3]]
        if degrees:
            boxes = [box for box in boxes if abs(box[1]) <= 90 and abs(box[3]) <= 90] or boxes
        if extent is not None and not extent.isNull() and len(boxes) > 1:
            near = [box for box in boxes
                    if box[0] <= extent.xMaximum() and box[2] >= extent.xMinimum() and
                    box[1] <= extent.yMaximum() and box[3] >= extent.yMinimum()]
            boxes = near or boxes[:1]
        if not boxes:
            raise QgsProcessingException(f'{name}: {self.parameters[name]} is no extent: '
                                         'xmin,xmax,ymin,ymax')
        if len(boxes) > 1 and boxes[0] != boxes[1]:
            raise QgsProcessingException(
                f'{name}: {self.parameters[name]} can be read as xmin,xmax,ymin,ymax and as '
                'xmin,ymin,xmax,ymax. Add the CRS, then it is the former: xmin,xmax,ymin,ymax [EPSG:4326]')
        box = boxes[0]
        self.feedback.pushInfo(f'{name}: x {box[0]:g} to {box[2]:g}, y {box[1]:g} to {box[3]:g}')
        return box

    def _as_point(self, name):
        value = self.parameters[name]
        own = self.algorithm.parameterAsPointCrs(self.parameters, name, self.context)
        crs = self._crs_of_input()[0]
        if isinstance(value, str) and not re.search(r'\[', value):
            return [value.strip()]
        point = self.algorithm.parameterAsPoint(self.parameters, name, self.context,
                                                crs if crs.isValid() else own)
        if own.isValid() and not crs.isValid():
            self.feedback.pushWarning(f'{name}: picked in {own.authid()} and taken as it is: the input '
                                      'does not say its CRS.')
        return [f'{point.x()!r},{point.y()!r}']

    def _vector_out(self, name, parameter):
        path = self.algorithm.parameterAsOutputLayer(self.parameters, name, self.context) or ''
        if path.startswith(DATABASES):
            raise QgsProcessingException(f'{name}: Lode writes files, not {path.split(":")[0]}; '
                                         'name one that ends in .gpkg, .shp, .geojson, .fgb or .csv.')
        if is_table_out(parameter) and path.endswith('.gpkg') and is_temporary(path):
            path = self._renamed(path, path[:-5] + '.csv')
        return [path]

    def _renamed(self, path, new):
        """A temporary result under another ending, loaded all the same."""
        loaded = self.context.layersToLoadOnCompletion()
        if path in loaded:
            details = loaded.pop(path)
            self.context.setLayersToLoadOnCompletion(loaded)
            self.context.addLayerToLoadOnCompletion(new, details)
        return new

    def _file_out(self, name, parameter):
        if is_raster_out(parameter):
            path = self.algorithm.parameterAsOutputLayer(self.parameters, name, self.context) or ''
            return [path]
        return [self.algorithm.parameterAsFileOutput(self.parameters, name, self.context)]

    def _folder_out(self, name, _parameter):
        path = self.algorithm.parameterAsString(self.parameters, name, self.context)
        if path == QgsProcessing.TEMPORARY_OUTPUT:
            path = QgsProcessingUtils.generateTempFilename('results')
        return [path]


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
        if reader.feedback.isCanceled():
            break
        if not texts and fact(parameter, 'bare') and reader.algorithm.parameterAsBool(
                reader.parameters, qgis_name(name) + ALONE, reader.context):
            texts = [parameter['bare']]
        if parameter['kind'] in WRITTEN and texts:
            results[qgis_name(name)] = texts[0]
        if fact(parameter, 'positional'):
            first += texts
        elif texts != [parameter.get('default')]:
            options += [f'--{name}={text}' for text in texts]
    return first + options + ['--json', '--progress=json'], results
