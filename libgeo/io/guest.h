// Lode as a guest in a program with uses of its own for GDAL: Python with osgeo, or QGIS.
#pragma once

namespace lode {

/// To be called once, before anything is read, from the host's main thread. From then on GDAL's
/// options and the end of its HTTP calls hold in the threads that Lode reads in, not in the whole
/// process; in the host's main thread nothing is changed. All of GDAL's drivers are registered
/// then, since others of the process count on them; the door still opens with its own alone.
void be_a_guest();

}  // namespace lode
