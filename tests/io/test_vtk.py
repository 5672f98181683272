"""Files of `lode convert` opened by VTK, and files of VTK in all its ways of writing read by Lode."""

import json
import math
import os
import pathlib
import subprocess
import tempfile
import unittest

from vtkmodules.vtkCommonCore import vtkFloatArray, vtkPoints
from vtkmodules.vtkCommonDataModel import (VTK_HEXAHEDRON, VTK_TETRA, vtkUnstructuredGrid)
from vtkmodules.vtkFiltersCore import vtkMassProperties, vtkTriangleFilter
from vtkmodules.vtkFiltersSources import vtkCubeSource
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter
from vtkmodules.vtkIOXML import (vtkXMLImageDataReader, vtkXMLImageDataWriter,
                                 vtkXMLPolyDataReader, vtkXMLPolyDataWriter,
                                 vtkXMLUnstructuredGridReader, vtkXMLUnstructuredGridWriter)

LODE = os.environ["LODE_PROGRAM"]
HILL = pathlib.Path(os.environ["LODE_SOURCE"]) / "sample_data" / "monazite_hill"
WAYS = [(mode, packed, header) for mode in ("Ascii", "Binary", "Appended") for packed in (0, 1)
        for header in ("UInt32", "UInt64")]


def convert(*words):
    run = subprocess.run([LODE, "convert", *map(str, words), "--json"], capture_output=True,
                         text=True, check=False)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return json.loads(run.stdout)


def opened(reader, path):
    errors = []
    reader.AddObserver("ErrorEvent", lambda *_: errors.append(1))
    reader.SetFileName(str(path))
    reader.Update()
    assert not errors, path
    return reader.GetOutput()


def write(writer, data, path, way):
    mode, packed, header = way
    writer.SetFileName(str(path))
    writer.SetInputData(data)
    getattr(writer, f"SetDataModeTo{mode}")()
    if packed:
        writer.SetCompressorTypeToZLib()
    else:
        writer.SetCompressorTypeToNone()
    getattr(writer, f"SetHeaderTypeTo{header}")()
    writer.EncodeAppendedDataOn() if header == "UInt32" else writer.EncodeAppendedDataOff()
    assert writer.Write() == 1


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def volume(self, polydata):
        mass = vtkMassProperties()
        mass.SetInputData(polydata)
        return mass.GetVolume()

    def test_surface_keeps_its_volume(self):
        out = self.path / "ore.vtp"
        told = convert(HILL / "orebody.obj", "-o", out)
        data = opened(vtkXMLPolyDataReader(), out)
        self.assertEqual(data.GetNumberOfPolys(), told["summary"]["triangles"])
        self.assertEqual(data.GetNumberOfPoints(), told["summary"]["vertices"])
        # Lode's own figure, from another part of the program.
        run = subprocess.run([LODE, "volume", "mesh", str(out), "--json"], capture_output=True,
                             text=True, check=True)
        exact = json.loads(run.stdout)["results"][0]["volume_m3"]
        # VTK sums in absolute coordinates.
        self.assertAlmostEqual(self.volume(data) / exact, 1.0, delta=1e-3)

    def test_blocks_are_hexahedra_of_their_volume(self):
        out = self.path / "blocks.vtu"
        told = convert(HILL / "blocks.csv", "-o", out)
        data = opened(vtkXMLUnstructuredGridReader(), out)
        self.assertEqual(data.GetNumberOfCells(), told["summary"]["blocks"])
        self.assertEqual(data.GetCellType(0), VTK_HEXAHEDRON)
        with open(HILL / "blocks.csv", encoding="utf-8") as file:
            rows = [line.split(",") for line in file.read().splitlines() if line[0] != "#"]
        at = {name: i for i, name in enumerate(rows[0])}
        volume = sum(float(r[at["dx"]]) * float(r[at["dy"]]) * float(r[at["dz"]])
                     for r in rows[1:])
        sizes = vtkCellSizeFilter()
        sizes.SetInputData(data)
        sizes.Update()
        array = sizes.GetOutput().GetCellData().GetArray("Volume")
        total = sum(abs(array.GetValue(i)) for i in range(array.GetNumberOfValues()))
        self.assertAlmostEqual(total / volume, 1.0, delta=1e-6)
        grades = data.GetCellData().GetArray("treo_pct")
        mean = sum(grades.GetValue(i) for i in range(grades.GetNumberOfValues()))
        stated = sum(float(r[at["treo_pct"]]) for r in rows[1:])
        self.assertAlmostEqual(mean, stated, delta=1e-6 * abs(stated))

    def test_image_with_a_direction(self):
        turn = math.radians(30)
        rows = ["x,y,z,dx,dy,dz,cu"]
        for j in range(2):
            for i in range(3):
                u, v = 10 * (i + 0.5), 20 * (j + 0.5)
                rows.append(f"{1000 + u * math.cos(turn) + v * math.sin(turn)!r},"
                            f"{2000 - u * math.sin(turn) + v * math.cos(turn)!r},5,10,20,10,{i + 3 * j}")
        table = self.path / "b.csv"
        table.write_text("\n".join(rows) + "\n")
        convert(table, "-o", self.path / "b.vti")
        image = opened(vtkXMLImageDataReader(), self.path / "b.vti")
        self.assertEqual(image.GetDimensions(), (4, 3, 2))
        corner = [0.0, 0.0, 0.0]
        image.TransformIndexToPhysicalPoint([3, 0, 0], corner)
        self.assertAlmostEqual(corner[0], 1000 + 30 * math.cos(turn), delta=1e-6)
        self.assertAlmostEqual(corner[1], 2000 - 30 * math.sin(turn), delta=1e-6)
        self.assertEqual([image.GetCellData().GetArray("cu").GetValue(i) for i in range(6)],
                         [0, 1, 2, 3, 4, 5])
        for number, way in enumerate(WAYS):
            again = self.path / f"again{number}.vti"
            write(vtkXMLImageDataWriter(), image, again, way)
            out = self.path / f"again{number}.csv"
            told = convert(again, "-o", out)
            self.assertEqual(told["summary"]["blocks"], 6, way)
            got = [float(v) for v in out.read_text().splitlines()[1].split(",")]
            want = [float(v) for v in rows[1].split(",")]
            for a, b in zip(got, want):
                self.assertAlmostEqual(a, b, delta=1e-6)

    def test_polydata_of_vtk_in_every_way(self):
        cube = vtkCubeSource()
        cube.SetBounds(500000, 500010, 4000000, 4000020, 0, 5)
        cube.SetOutputPointsPrecision(1)
        triangles = vtkTriangleFilter()
        triangles.SetInputConnection(cube.GetOutputPort())
        triangles.Update()
        for number, way in enumerate(WAYS):
            path = self.path / f"cube{number}.vtp"
            write(vtkXMLPolyDataWriter(), triangles.GetOutput(), path, way)
            told = convert(path, "-o", self.path / f"cube{number}.obj")
            self.assertEqual(told["summary"]["triangles"], 12, way)

    def test_unstructured_grid_of_vtk_in_every_way(self):
        points = vtkPoints()
        points.SetDataTypeToDouble()
        for z in (0, 5):
            for y in (0, 20):
                for x in (0, 10, 20):
                    points.InsertNextPoint(500000 + x, 4000000 + y, z)
        grid = vtkUnstructuredGrid()
        grid.SetPoints(points)
        for first in (0, 1):
            grid.InsertNextCell(VTK_HEXAHEDRON, 8, [first + i for i in (0, 1, 4, 3, 6, 7, 10, 9)])
        grid.InsertNextCell(VTK_TETRA, 4, [0, 1, 3, 6])
        grade = vtkFloatArray()
        grade.SetName("grade")
        for value in (0.5, 1.5, 9.0):
            grade.InsertNextValue(value)
        grid.GetCellData().AddArray(grade)
        for number, way in enumerate(WAYS):
            path = self.path / f"grid{number}.vtu"
            write(vtkXMLUnstructuredGridWriter(), grid, path, way)
            out = self.path / f"grid{number}.csv"
            told = convert(path, "-o", out)
            self.assertEqual(told["summary"]["blocks"], 2, way)
            self.assertIn("1 cells of kinds", told["summary"]["lost"][0]["what"])
            self.assertEqual(out.read_text(), "x,y,z,dx,dy,dz,grade\n"
                             "500005,4000010,2.5,10,20,5,0.5\n500015,4000010,2.5,10,20,5,1.5\n")


if __name__ == "__main__":
    unittest.main()
