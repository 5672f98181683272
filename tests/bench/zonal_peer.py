"""Peer of bench_zonal: makes the raster and its star zones, and takes statistics by rasterising each zone.

  zonal_peer.py make FOLDER SIDE ZONES COMPRESSION
  zonal_peer.py rasterize RASTER ZONES.gpkg COUNT
  zonal_peer.py read RASTER
"""
import math
import resource
import sys

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()


def crs_of():
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(5070)
    return crs


def make(folder, side, zones, compression):
    """Value = column + row, as Float32 in tiles, and stars of 24 to 80 vertices."""
    options = ["TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=" + compression, "BIGTIFF=NO"]
    file = gdal.GetDriverByName("GTiff").Create(folder + "/zonal.tif", side, side, 1, gdal.GDT_Float32, options)
    file.SetGeoTransform((0.0, 100.0, 0.0, side * 100.0, 0.0, -100.0))
    file.SetProjection(crs_of().ExportToWkt())
    rng = np.random.default_rng(7)
    columns = np.arange(side, dtype=np.float32)[None, :]
    for row in range(0, side, 256):
        rows = np.arange(row, min(side, row + 256), dtype=np.float32)[:, None]
        # Noise makes the file as large as measurements make it; the mean is the same.
        noise = rng.normal(0.0, 1.0, (rows.shape[0], side)).astype(np.float32)
        file.GetRasterBand(1).WriteArray(columns + rows + noise, 0, row)
    file = None
    source = ogr.GetDriverByName("GPKG").CreateDataSource(folder + "/zonal.gpkg")
    layer = source.CreateLayer("zonal", crs_of(), ogr.wkbPolygon)
    layer.StartTransaction()
    for _ in range(zones):
        n = int(rng.integers(24, 81))
        r = min(1270.0 * math.exp(rng.normal(0.0, 0.45)), 20000.0)
        x, y = rng.uniform(0.03, 0.97, 2) * side * 100.0
        angle = np.arange(n) * 2.0 * math.pi / n
        radius = r * rng.uniform(0.6, 1.4, n)
        ring = ["%.3f %.3f" % p for p in zip(x + radius * np.cos(angle), y + radius * np.sin(angle))]
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt("POLYGON((%s))" % ",".join(ring + ring[:1])))
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    source = None


def rasterize(path, zones, count):
    """As rasterstats does it: window, gdal.RasterizeLayer, numpy."""
    file = gdal.Open(path)
    t = file.GetGeoTransform()
    band = file.GetRasterBand(1)
    crs = crs_of()
    stars = ogr.Open(zones)  # the layer dies with it
    layer = stars.GetLayer(0)
    total = cells = 0.0
    done = 0
    for feature in layer:
        if done == count:
            break
        done += 1
        shape = feature.GetGeometryRef()
        x0, x1, y0, y1 = shape.GetEnvelope()
        c0, c1 = max(0, int((x0 - t[0]) // t[1])), min(file.RasterXSize, int((x1 - t[0]) // t[1]) + 1)
        r0, r1 = max(0, int((y1 - t[3]) // t[5])), min(file.RasterYSize, int((y0 - t[3]) // t[5]) + 1)
        values = band.ReadAsArray(c0, r0, c1 - c0, r1 - r0)
        mask = gdal.GetDriverByName("MEM").Create("", c1 - c0, r1 - r0, 1, gdal.GDT_Byte)
        mask.SetGeoTransform((t[0] + c0 * t[1], t[1], 0.0, t[3] + r0 * t[5], 0.0, t[5]))
        mask.SetProjection(file.GetProjection())
        source = ogr.GetDriverByName("Memory").CreateDataSource("")
        one = source.CreateLayer("one", crs)
        put = ogr.Feature(one.GetLayerDefn())
        put.SetGeometry(shape)
        one.CreateFeature(put)
        gdal.RasterizeLayer(mask, [1], one, burn_values=[1])
        inside = np.ma.MaskedArray(values, mask.ReadAsArray() == 0)
        figures = float(inside.sum(dtype=np.float64)), float(inside.mean()), int(inside.count())
        total += figures[0] if figures[2] else 0.0
        cells += figures[2]
    return total, cells, done


def read(path):
    file = gdal.Open(path)
    total = 0.0
    for row in range(0, file.RasterYSize, 256):
        total += float(file.GetRasterBand(1).ReadAsArray(0, row, file.RasterXSize, min(256, file.RasterYSize - row))[0, 0])
    return total, 0.0, 0


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
else:
    start = resource.getrusage(resource.RUSAGE_SELF)
    began = start.ru_utime + start.ru_stime
    result = read(sys.argv[2]) if sys.argv[1] == "read" else rasterize(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    end = resource.getrusage(resource.RUSAGE_SELF)
    print("%.3f %d %.10g %.10g %d" % ((end.ru_utime + end.ru_stime - began, end.ru_maxrss // 1024) + result))
