"""From a layer of QGIS's to a path that the program can read: the file itself, or an exact copy."""
import os
import re

from qgis.core import (QgsCoordinateTransformContext, QgsFeature, QgsFeatureRequest, QgsFeatureSink,
                       QgsField, QgsFields,
                       QgsProcessingException, QgsProcessingFeatureSource, QgsProcessingUtils,
                       QgsProviderRegistry, QgsRasterLayer, QgsVectorFileWriter, QgsVectorLayer)
from qgis.PyQt.QtCore import QVariant

# Read by the program as they are.
FORMATS = ('.gpkg', '.shp', '.geojson', '.fgb', '.csv')
# Of these a file may hold several layers.
SEVERAL = ('.gpkg', '.sqlite')
TYPE_OF_KEYS = QVariant.Type.LongLong if hasattr(QVariant, 'Type') else 4


def is_local(path):
    """A file, or something in an archive on this machine."""
    return os.path.exists(path) or path.startswith(('/vsizip/', '/vsigzip/'))


def plain_source(layer, crs_said=False):
    """(path, layer name) when the file behind `layer` says all that the layer says: no filter, join,
    virtual field, unsaved edit, other CRS or provider. None when a copy is wanted. With `crs_said` the
    user declares the CRS of a file that has none, so what QGIS takes it for does not matter."""
    provider = layer.dataProvider()
    if provider is None or provider.name() != 'ogr' or layer.subsetString() or layer.vectorJoins():
        return None
    if layer.isEditable() and layer.isModified():
        return None
    fields = layer.fields()
    if any(fields.fieldOrigin(i) != QgsFields.FieldOrigin.OriginProvider for i in range(fields.count())):
        return None
    if layer.crs() != provider.crs() and not (crs_said and not provider.crs().isValid()):
        return None
    parts = QgsProviderRegistry.instance().decodeUri('ogr', layer.source())
    path, name = parts.get('path') or '', parts.get('layerName') or ''
    path = (parts.get('vsiPrefix') or '') + path + (parts.get('vsiSuffix') or '')
    said = path + (f'|layername={name}' if name else '')
    if layer.source() not in (path, said, said.replace('|layername=', '|layerid=0|layername=')):
        return None  # by number, of one geometry type, with options of the driver, a '|' in a name
    if os.path.splitext(path)[1].lower() not in FORMATS or not os.path.isfile(path):
        return None
    if ':' in name or os.path.exists(f'{path}:{name}'):
        return None  # path:layer would be read otherwise
    several = os.path.splitext(path)[1].lower() in SEVERAL
    if several and not name:
        tables = provider.subLayers()
        if len(tables) > 1:  # the program would ask which; QGIS took the first
            return None
    return path, name if several else ''


def as_argument(path, name):
    """PATH or PATH:LAYER; a relative path never looks like an option."""
    if path.startswith('-'):
        path = os.path.join('.', path)
    return f'{path}:{name}' if name else path


def safe_name(text):
    """A file's name from a layer's, which may hold anything."""
    name = re.sub(r'[^\w.-]+', '_', text or '').strip('._-')
    return name[:60] or 'layer'


class Copies:
    """Copies of layers for one run, in a folder that is removed when it ends."""

    def __init__(self, folder, context, feedback):
        self.folder = folder
        self.context = context
        self.feedback = feedback
        self.taken = set()

    def _path(self, name):
        name, count = safe_name(name), 1
        while (name if count == 1 else f'{name}_{count}') in self.taken:
            count += 1
        name = name if count == 1 else f'{name}_{count}'
        self.taken.add(name)
        return os.path.join(self.folder, name + '.gpkg'), name

    def argument_of_layer(self, layer, crs_said=False):
        """Of a whole layer."""
        plain = plain_source(layer, crs_said)
        if plain:
            return as_argument(*plain)
        return self.copy(QgsProcessingFeatureSource(layer, self.context), layer)

    def copy(self, source, layer):
        """Writes all features of `source`, whatever the validity of their geometries: judging that is
        the program's business, and leaving some out in silence would be a wrong number."""
        name = layer.name() if layer is not None else source.sourceName()
        # A GeoPackage's own key is no column to the program, nor is its copy's.
        keys = []
        if layer is not None and layer.dataProvider() is not None and \
                layer.dataProvider().name() == 'ogr':
            keys = layer.primaryKeyAttributes()
        path, table = self._path(name)
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = 'GPKG'
        options.fileEncoding = 'UTF-8'
        options.layerName = table
        fields = QgsFields(source.fields())
        for at in sorted(keys, reverse=True):
            fields.remove(at)
        names = {one.name().lower() for one in fields}
        key = 'fid'
        while key in names:  # the source's own column of that name stays a column
            key = '_' + key
        place = 'geom'
        while place in names:
            place = '_' + place
        options.layerOptions = ['FID=' + key, 'GEOMETRY_NAME=' + place]
        keyed = QgsFields()
        keyed.append(QgsField(key, TYPE_OF_KEYS))
        keyed.extend(fields)
        writer = QgsVectorFileWriter.create(path, keyed, source.wkbType(), source.sourceCrs(),
                                            QgsCoordinateTransformContext(), options)
        if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
            raise QgsProcessingException(f'{name}: no copy could be made for Lode: '
                                         f'{writer.errorMessage()}')
        request = QgsFeatureRequest()
        request.setInvalidGeometryCheck(QgsFeatureRequest.InvalidGeometryCheck.GeometryNoCheck)
        flag = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
        for count, feature in enumerate(source.getFeatures(request, flag)):
            if count % 256 == 0 and self.feedback.isCanceled():
                break
            copied = QgsFeature(keyed)
            copied.setGeometry(feature.geometry())
            # Features keep their numbers; unsaved new ones have negative ones, which QGIS shows too.
            copied.setAttributes([feature.id()] + [
                value for at, value in enumerate(feature.attributes()) if at not in keys])
            if not writer.addFeature(copied, QgsFeatureSink.Flag.FastInsert):
                raise QgsProcessingException(f'{name}: feature {feature.id()} could not be copied for '
                                             f'Lode: {writer.errorMessage()}')
        if not writer.flushBuffer():
            raise QgsProcessingException(f'{name}: no copy could be made for Lode: '
                                         f'{writer.errorMessage()}')
        del writer
        return as_argument(path, '')


def raster_path(layer, name, crs_said=False):
    """The file behind a raster layer; what is none is refused in words."""
    provider = layer.dataProvider()
    kind = provider.name() if provider is not None else 'unknown'
    path = layer.source().split('|')[0]
    if kind != 'gdal' or not is_local(path):
        raise QgsProcessingException(
            f'{name}: the raster "{layer.name()}" is no file ({kind}); Lode reads files only. Save it '
            'first: layer menu > Export > Save As.')
    if provider.crs().isValid() and layer.crs() != provider.crs():
        raise QgsProcessingException(
            f'{name}: QGIS gives the raster "{layer.name()}" the CRS {layer.crs().authid()}, its file says '
            f'{provider.crs().authid() or provider.crs().description()}. Lode would read the file: save the '
            'raster under the right CRS first.')
    if not provider.crs().isValid() and layer.crs().isValid() and not crs_said:
        raise QgsProcessingException(
            f'{name}: the file of the raster "{layer.name()}" has no CRS, only its layer in QGIS has. Save '
            'the raster under that CRS first.')
    return as_argument(path, '')


def layer_of(value, context):
    """The map layer that `value` is or names; None when there is none."""
    if isinstance(value, (QgsVectorLayer, QgsRasterLayer)):
        return value
    return QgsProcessingUtils.mapLayerFromString(value, context) if isinstance(value, str) else None
