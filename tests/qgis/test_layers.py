"""Layers that are no plain files, paths and names that are awkward, extents: what the program is given."""
import json
import os
import tempfile
import unittest

from headless import SOURCE
from inside import BOX, PROVIDER, Feedback, finish, squares, target

import processing
from lode_qgis.algorithm import LodeAlgorithm
from lode_qgis.layers import plain_source, safe_name
from lode_qgis.values import Reader, arguments_of
from osgeo import gdal, ogr
from qgis.core import (QgsCoordinateReferenceSystem, QgsFeature, QgsField, QgsProcessingContext,
                       QgsProcessingException, QgsProcessingFeatureSourceDefinition, QgsProject,
                       QgsProperty, QgsRasterLayer, QgsRectangle, QgsReferencedRectangle,
                       QgsVectorFileWriter, QgsVectorLayer, QgsVectorLayerJoinInfo)
from qgis.PyQt.QtCore import QUrl, QVariant

ogr.UseExceptions()
HILL = os.path.join(SOURCE, 'sample_data', 'monazite_hill')


def given(algorithm, values):
    """The arguments after the command's words."""
    made = PROVIDER.algorithm(algorithm).create()
    folder = tempfile.mkdtemp(dir=BOX.root)
    context, feedback = QgsProcessingContext(), Feedback()
    context.setProject(QgsProject.instance())
    words = arguments_of(made.command, Reader(made, values, context, feedback, folder))[0]
    return words[len(made.command['command'].split(' ')):], feedback


def features(path):
    """{id: fields} of a copy."""
    source = ogr.Open(path)
    return {one.GetFID(): one.items() for one in source.GetLayer(0)}


def in_file(layer, path, name):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = 'GPKG'
    options.layerName = name
    if os.path.exists(path):
        options.actionOnExistingFile = \
            QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, QgsProject.instance().transformContext(),
                                              options)
    return path


class Plain(unittest.TestCase):
    """Files are read as they are."""

    def test_a_shapefile_and_a_layer_of_several(self):
        self.assertEqual(given('buffer', {'LAYER': BOX.path('deposits.shp'), 'DISTANCE': '1 m'})[0][0],
                         BOX.path('deposits.shp'))
        path = BOX.path('network.gpkg')
        words, feedback = given('buffer', {'LAYER': path + '|layername=rail', 'DISTANCE': '1 m'})
        self.assertEqual(words[0], path + ':rail')
        self.assertEqual(feedback.warnings, [])

    def test_a_file_of_several_without_the_layers_name(self):
        words, feedback = given('buffer', {'LAYER': BOX.path('network.gpkg'), 'DISTANCE': '1 m'})
        self.assertNotEqual(words[0], BOX.path('network.gpkg'), 'the program would ask which')
        self.assertIn('|layername=NAME', feedback.warnings[0])

    def test_the_layer_named_by_the_user(self):
        path = BOX.path('network.gpkg')
        words, _ = given('route', {'SITES': path, 'LAYER': 'rail', 'TO': BOX.path('plants.csv'),
                                   'STRAIGHT': True})
        self.assertEqual(words[0], path)
        self.assertIn('--layer=rail', words)

    def test_a_path_that_looks_like_an_option(self):
        self.assertEqual(given('studycheck', {'FILE': '-x.toml'})[0][0], './-x.toml')


class Copied(unittest.TestCase):
    """What the file does not say is copied, with the features' ids."""

    def copy_of(self, layer, **more):
        words, _ = given('buffer', dict({'LAYER': layer, 'DISTANCE': '1 m'}, **more))
        return features(words[0])

    def test_memory_with_a_name_of_all_sorts(self):
        layer = squares(3, name="dépôts: 'A' | \"B\"/c")
        words, _ = given('buffer', {'LAYER': layer, 'DISTANCE': '1 m'})
        self.assertEqual(os.path.basename(words[0]), 'dépôts_A_B_c.gpkg')
        self.assertEqual(list(features(words[0])), [1, 2, 3])
        self.assertEqual(safe_name(''), 'layer')

    def test_filtered_selected_and_limited(self):
        path = in_file(squares(6), target('six.gpkg'), 'six')
        layer = QgsVectorLayer(path, 'six', 'ogr')
        self.assertEqual(plain_source(layer), (path, ''))
        layer.setSubsetString('id >= 4')
        self.assertIsNone(plain_source(layer))
        self.assertEqual(list(self.copy_of(layer)), [5, 6], 'ids of the file')
        self.assertEqual(list(self.copy_of(layer)[5]), ['id', 'thick_m'], 'no column for the key')
        layer.setSubsetString('')
        layer.selectByIds([2, 3])
        QgsProject.instance().addMapLayer(layer)
        part = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
        self.assertEqual(list(self.copy_of(part)), [2, 3])
        self.assertEqual(list(self.copy_of(part)[2]), ['id', 'thick_m'])
        whole = QgsProcessingFeatureSourceDefinition(layer.id())
        self.assertEqual(given('buffer', {'LAYER': whole, 'DISTANCE': '1 m'})[0][0], path)
        part = QgsProcessingFeatureSourceDefinition(layer.id(), featureLimit=4)
        self.assertEqual(list(self.copy_of(part)), [1, 2, 3, 4])
        layer.removeSelection()
        with self.assertRaisesRegex(QgsProcessingException, 'nothing is selected'):
            self.copy_of(QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True))

    def test_unsaved_edits(self):
        layer = QgsVectorLayer(in_file(squares(3), target('edits.gpkg'), 'edits'), 'edits', 'ogr')
        layer.startEditing()
        self.assertIsNotNone(plain_source(layer), 'nothing is changed yet')
        layer.changeAttributeValue(2, layer.fields().indexOf('thick_m'), 99.0)
        layer.deleteFeature(1)
        new = QgsFeature(layer.fields())
        new.setGeometry(layer.getFeature(3).geometry())
        layer.addFeature(new)
        found = self.copy_of(layer)
        self.assertEqual(found[2]['thick_m'], 99.0)
        self.assertNotIn(1, found)
        self.assertEqual(len(found), 3)
        layer.rollBack()

    def test_joins_and_virtual_fields(self):
        layer = QgsVectorLayer(in_file(squares(3), target('joined.gpkg'), 'joined'), 'joined', 'ogr')
        layer.addExpressionField('"thick_m" * 2', QgsField('twice', QVariant.Double))
        self.assertEqual(self.copy_of(layer)[1]['twice'], 20.0)
        layer.removeExpressionField(layer.fields().indexOf('twice'))
        self.assertIsNotNone(plain_source(layer))
        table = QgsVectorLayer('NoGeometry?field=id:integer&field=owner:string', 'owners', 'memory')
        row = QgsFeature(table.fields())
        row.setAttributes([1, 'Ünal & Co'])
        table.dataProvider().addFeatures([row])
        QgsProject.instance().addMapLayers([layer, table])
        join = QgsVectorLayerJoinInfo()
        join.setJoinLayer(table)
        join.setJoinFieldName('id')
        join.setTargetFieldName('id')
        join.setUsingMemoryCache(True)
        layer.addJoin(join)
        self.assertEqual([one['owners_owner'] for one in self.copy_of(layer).values()],
                         [None, 'Ünal & Co', None])

    def test_delimited_text_and_virtual_layers(self):
        path = target('points é.csv')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('name;x;y\na;-115;40\nb;-116;41\n')
        place = bytes(QUrl.fromLocalFile(path).toEncoded()).decode()
        text = QgsVectorLayer(place + '?delimiter=;&xField=x&yField=y&crs=EPSG:4326', 'points',
                              'delimitedtext')
        self.assertTrue(text.isValid())
        self.assertEqual([one['name'] for one in self.copy_of(text).values()], ['a', 'b'])
        virtual = QgsVectorLayer('?query=SELECT 5 AS n, make_point(1, 2, 4326) AS geometry', 'v', 'virtual')
        self.assertTrue(virtual.isValid())
        self.assertEqual([one['n'] for one in self.copy_of(virtual).values()], [5])

    def test_a_column_called_fid_that_is_no_key(self):
        layer = squares(2, fields='field=fid:integer&field=thick_m:double')
        layer.startEditing()
        layer.changeAttributeValue(1, 0, 7)
        layer.changeAttributeValue(2, 0, 7)
        layer.commitChanges()
        self.assertEqual([one['fid'] for one in self.copy_of(layer).values()], [7, 7])

    def test_another_crs_than_the_files(self):
        layer = QgsVectorLayer(BOX.path('deposits.shp'), 'deposits', 'ogr')
        layer.setCrs(QgsCoordinateReferenceSystem('EPSG:4267'))
        words, _ = given('buffer', {'LAYER': layer, 'DISTANCE': '1 m'})
        source = ogr.Open(words[0])
        self.assertEqual(source.GetLayer(0).GetSpatialRef().GetAuthorityCode(None), '4267')

    def test_a_crs_declared_for_a_file_without_one(self):
        path = target('bare.shp')
        driver = ogr.GetDriverByName('ESRI Shapefile')
        source = driver.CreateDataSource(path)
        source.CreateLayer('bare', None, ogr.wkbPoint)
        del source
        layer = QgsVectorLayer(path, 'bare', 'ogr')
        layer.setCrs(QgsCoordinateReferenceSystem('EPSG:4326'))
        self.assertIsNone(plain_source(layer))
        self.assertEqual(plain_source(layer, True), (path, ''))

    def test_invalid_geometries_are_the_programs_business(self):
        layer = squares(2)
        from qgis.core import QgsGeometry
        layer.dataProvider().changeGeometryValues(
            {1: QgsGeometry.fromWkt('POLYGON((0 0,1 1,1 0,0 1,0 0))')})
        self.assertEqual(len(self.copy_of(layer)), 2)

    def test_layer_names_with_colons(self):
        path = in_file(squares(1), target('colon.gpkg'), 'plain')
        in_file(squares(2), path, 'a:b')
        words, _ = given('buffer', {'LAYER': path + '|layername=a:b', 'DISTANCE': '1 m'})
        self.assertEqual(len(features(words[0])), 2)
        self.assertTrue(words[0].endswith('.gpkg'))

    def test_other_formats(self):
        path = target('kml é.kml')
        source = ogr.GetDriverByName('KML').CreateDataSource(path)
        del source
        made = QgsVectorLayer(in_file(squares(2), target('two.gpkg'), 'two'), 'two', 'ogr')
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = 'KML'
        QgsVectorFileWriter.writeAsVectorFormatV3(made, path, QgsProject.instance().transformContext(),
                                                  options)
        self.assertEqual(len(self.copy_of(path)), 2)


class Awkward(unittest.TestCase):

    def test_paths_with_all_that_a_file_system_allows(self):
        for name in ("a b", "ü'q", 'say "x"', 'a:b', '50% #1', '$HOME', 'semi;colon'):
            folder = os.path.join(BOX.root, 'ways', name)
            os.makedirs(folder)
            path = in_file(squares(2), os.path.join(folder, 'in put.gpkg'), 'two')
            out = os.path.join(folder, 'out put.gpkg')
            found = processing.run('lode:volumeoutline', {'LAYER': path, 'THICKNESS': 'thick_m',
                                                          'OUTPUT': out}, feedback=Feedback())
            self.assertEqual(found['FEATURES'], 2, name)
            self.assertEqual(sorted(one for one in os.listdir(folder) if not one.endswith(('-wal', '-shm'))),
                             ['in put.gpkg', 'out put.gpkg'])


class Rasters(unittest.TestCase):

    def test_a_file_and_what_is_none(self):
        path = os.path.join(HILL, 'topography.asc')
        zones = os.path.join(HILL, 'permit.csv')
        words, _ = given('zonal', {'ZONES': zones, 'RASTER': path, 'INPUT_CRS': 'EPSG:32629', 'BAND': [1]})
        self.assertEqual(words[1], path)
        self.assertIn('--band=1', words)
        self.assertIn('--band=1,2', given('zonal', {'ZONES': zones, 'RASTER': path, 'BAND': '1,2',
                                                    'INPUT_CRS': 'EPSG:32629'})[0])
        remote = QgsRasterLayer('type=xyz&url=http://localhost:9/{z}/{x}/{y}.png', 'tiles', 'wms')
        with self.assertRaisesRegex(QgsProcessingException, '"tiles" is no file .wms.; Lode reads files'):
            given('zonal', {'ZONES': zones, 'RASTER': remote})

    def test_another_crs_than_the_files(self):
        path = target('crs.tif')
        made = gdal.GetDriverByName('GTiff').Create(path, 2, 2)
        made.SetGeoTransform([0, 1, 0, 2, 0, -1])
        made.SetProjection(QgsCoordinateReferenceSystem('EPSG:4326').toWkt())
        del made
        layer = QgsRasterLayer(path, 'crs', 'gdal')
        layer.setCrs(QgsCoordinateReferenceSystem('EPSG:4267'))
        with self.assertRaisesRegex(QgsProcessingException, 'EPSG:4267, its file says EPSG:4326'):
            given('zonal', {'ZONES': squares(1), 'RASTER': layer})

    def test_surfaces_and_solids_that_are_no_layers(self):
        solid = os.path.join(HILL, 'orebody.obj')
        words, _ = given('volumesurface', {'TOP': solid, 'LEVEL': '1 m'})
        self.assertEqual(words[0], solid)
        words, _ = given('resources', {
            'BLOCKS': os.path.join(HILL, 'blocks.csv'), 'WITHIN': [solid], 'OUTSIDE': [solid + '=20 m'],
            'BELOW': [os.path.join(HILL, 'topography.asc'), solid]})
        for word in ('--within=' + solid, f'--outside={solid}=20 m', '--below=' + solid):
            self.assertIn(word, words)
        fine, why = PROVIDER.algorithm('volumesurface').checkParameterValues(
            {'TOP': solid, 'LEVEL': '1 m'}, QgsProcessingContext())
        self.assertTrue(fine, why)

    def test_none_of_several_is_left_out_in_silence(self):
        with self.assertRaisesRegex(QgsProcessingException, 'WITHIN: .*nothing.shp could not be opened'):
            given('resources', {'BLOCKS': os.path.join(HILL, 'blocks.csv'),
                                'WITHIN': [BOX.path('permits.shp'), '/no/nothing.shp']})


class Places(unittest.TestCase):

    def box_of(self, value, layer=None):
        words, feedback = given('buffer', {'LAYER': layer or BOX.path('deposits.shp'),
                                           'DISTANCE': '1 m', 'BBOX': value})
        return [float(one) for one in
                next(word for word in words if word.startswith('--bbox='))[7:].split(',')]

    def test_an_extent_is_brought_into_the_layers_crs(self):
        self.assertEqual(self.box_of('-120,-110,35,45 [EPSG:4326]'), [-120, 35, -110, 45])
        box = QgsReferencedRectangle(QgsRectangle(-13358338.9, 4163881.1, -12245143.9, 5621521.5),
                                     QgsCoordinateReferenceSystem('EPSG:3857'))
        for one, other in zip(self.box_of(box), [-120, 35, -110, 45]):
            self.assertAlmostEqual(one, other, 4)

    def test_bare_numbers_in_the_order_that_fits(self):
        layer = squares(5)  # x -150 to -147.99, y -60 to -59.99
        self.assertEqual(self.box_of('-151,-149,-61,-59', layer), [-151, -61, -149, -59])
        self.assertEqual(self.box_of('-151,-61,-149,-59', layer), [-151, -61, -149, -59])
        with self.assertRaisesRegex(QgsProcessingException, 'can be read as .* Add the CRS'):
            self.box_of('-10,40,-5,50', world())
        with self.assertRaisesRegex(QgsProcessingException, 'is no extent'):
            self.box_of('5,4,3,2')

    def test_points_of_a_section(self):
        values = {'BLOCKS': os.path.join(HILL, 'blocks.csv'), 'GRADE': 'treo_pct',
                  'FROM': '464800,2265800', 'TO': '465350,2266250 [EPSG:32629]',
                  'INPUT_CRS': 'EPSG:32629', 'OUTPUT': target('s.svg')}
        words, _ = given('blockssection', values)
        self.assertIn('--from=464800,2265800', words)
        self.assertIn('--to=465350.0,2266250.0', words)


def world():
    from qgis.core import QgsGeometry
    layer = QgsVectorLayer('Polygon?crs=EPSG:4326', 'world', 'memory')
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(-180, -90, 180, 90)))
    layer.dataProvider().addFeatures([feature])
    layer.updateExtents()
    return layer


class Texts(unittest.TestCase):

    def test_lists_on_lines_or_with_semicolons(self):
        base = {'TABLE': BOX.path('deposits.shp')}
        for value in ('a=1\nb=2', 'a=1; b=2', ['a=1', 'b=2']):
            words, _ = given('rank', dict(base, CRITERION=value))
            self.assertEqual([one for one in words if one.startswith('--criterion')],
                             ['--criterion=a=1', '--criterion=b=2'])
        words, _ = given('estimate', {'SAMPLES': os.path.join(HILL, 'composites.csv'), 'VALUE': ['a', 'b'],
                                      'PASS': 'radius=3,2,1 m;min=2'})
        self.assertIn('--pass=radius=3,2,1 m;min=2', words)
        self.assertIn('--value=a', words)
        self.assertIn('--value=b', words)

    def test_quantities_from_expressions(self):
        words, _ = given('buffer', {'LAYER': BOX.path('deposits.shp'),
                                    'DISTANCE': QgsProperty.fromExpression("(2 + 3) || ' km'")})
        self.assertIn('--distance=5 km', words)

    def test_an_empty_box_is_no_value(self):
        from qgis.core import NULL
        words, _ = given('route', {'SITES': BOX.path('deposits.shp'), 'TO': BOX.path('plants.csv'),
                                   'ID': NULL, 'TERMINALS': None, 'GATES': NULL, 'SNAP_RADIUS': '250 km',
                                   'NETWORK': '', 'SEED': None, 'STRAIGHT': False})
        self.assertEqual(words, [BOX.path('deposits.shp'), '--to=' + BOX.path('plants.csv'),
                                 '--overwrite', '--json', '--progress=json'])

    def test_an_option_that_may_stand_alone(self):
        command = json.loads(json.dumps(PROVIDER.algorithm('buffer').command))
        next(one for one in command['parameters'] if one['name'] == 'dissolve')['bare'] = '*'
        made = LodeAlgorithm(command, {'summary': {}})
        made.initAlgorithm()
        for values, word in (({'DISSOLVE_ALONE': True}, '--dissolve=*'), ({'DISSOLVE': 'ISO3'},
                             '--dissolve=ISO3'), ({'DISSOLVE': 'ISO3', 'DISSOLVE_ALONE': True},
                             '--dissolve=ISO3'), ({'DISSOLVE_ALONE': False}, None)):
            values = dict(values, LAYER=BOX.path('deposits.shp'), DISTANCE='1 m')
            reader = Reader(made, values, QgsProcessingContext(), Feedback(), BOX.root)
            found = [one for one in arguments_of(command, reader)[0] if one.startswith('--dissolve')]
            self.assertEqual(found, [word] if word else [])

    def test_a_mine_grid_and_a_crs_of_the_users_own(self):
        base = {'LAYER': BOX.path('deposits.shp'), 'DISTANCE': '1 m'}
        self.assertIn('--input-crs=local:m', given('buffer', dict(base, INPUT_CRS='local:m'))[0])
        own = QgsCoordinateReferenceSystem.fromProj('+proj=tmerc +lat_0=1 +lon_0=2 +datum=WGS84')
        word = next(one for one in given('buffer', dict(base, CRS=own))[0] if one.startswith('--crs='))
        self.assertIn('Transverse Mercator', word)


def tearDownModule():
    finish()


if __name__ == '__main__':
    unittest.main()
