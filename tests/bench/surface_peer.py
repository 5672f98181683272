"""Peer of bench_surface: makes two rasters of 10,000 x 10,000 cells and takes their cut and fill with GDAL and numpy.

  surface_peer.py make FOLDER SIDE COMPRESSION
  surface_peer.py whole|tiles TOP BASE
"""
import resource
import sys

import numpy as np
from osgeo import gdal

gdal.UseExceptions()


def make(folder, side, compression):
    rng = np.random.default_rng(1)
    x = np.linspace(0.0, 30.0, side)
    options = ["TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=" + compression, "BIGTIFF=NO"]
    if compression != "NONE":
        options += ["PREDICTOR=3", "ZLEVEL=6"]
    for name, tilt in (("top", 0.3), ("base", -0.2)):
        path = "%s/%s_%s.tif" % (folder, name, compression.lower())
        file = gdal.GetDriverByName("GTiff").Create(path, side, side, 1, gdal.GDT_Float32, options)
        file.SetGeoTransform((500000.0, 1.0, 0.0, 5000000.0, 0.0, -1.0))
        from osgeo import osr
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(32629)
        file.SetProjection(crs.ExportToWkt())
        band = file.GetRasterBand(1)
        band.SetNoDataValue(-9999.0)
        for row in range(0, side, 256):
            rows = min(256, side - row)
            y = x[row:row + rows, None]
            z = 400.0 + 20.0 * np.sin(x[None, :]) * np.cos(y) + tilt * (x[None, :] - y)
            z = np.round(z + rng.normal(0.0, 0.05, z.shape), 2).astype(np.float32)
            z[rng.random(z.shape) < 0.001] = -9999.0
            band.WriteArray(z, 0, row)
        file = None


def part(t, b, no_top, no_base):
    good = (t != no_top) & (b != no_base)
    d = np.where(good, t.astype(np.float64) - b, 0.0)
    return d[d > 0.0].sum(), -d[d < 0.0].sum(), int(good.sum())


def measure(how, top, base):
    files = [gdal.Open(top), gdal.Open(base)]
    bands = [f.GetRasterBand(1) for f in files]
    nodata = [b.GetNoDataValue() for b in bands]
    cut = fill = 0.0
    cells = 0
    if how == "whole":
        cut, fill, cells = part(bands[0].ReadAsArray(), bands[1].ReadAsArray(), *nodata)
    else:
        for row in range(0, files[0].RasterYSize, 256):
            rows = min(256, files[0].RasterYSize - row)
            strip = [b.ReadAsArray(0, row, files[0].RasterXSize, rows) for b in bands]
            c, f, n = part(strip[0], strip[1], *nodata)
            cut += c
            fill += f
            cells += n
    return cut, fill, cells


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]), sys.argv[4])
else:
    start = resource.getrusage(resource.RUSAGE_SELF)
    began = start.ru_utime + start.ru_stime
    cut, fill, cells = measure(sys.argv[1], sys.argv[2], sys.argv[3])
    end = resource.getrusage(resource.RUSAGE_SELF)
    print("%.3f %d %.10g %.10g %d" % (end.ru_utime + end.ru_stime - began, end.ru_maxrss // 1024, cut, fill, cells))
