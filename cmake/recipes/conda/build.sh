#!/usr/bin/env bash
# Build step of recipe.yaml. UNTESTED, like it; only its syntax is checked by a test.
set -euo pipefail
# conda-forge has no world_map.gpkg of qgis-common: without LODE_WORLD_MAP there are no country outlines.
cmake -S . -B build -G Ninja ${CMAKE_ARGS:-} \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$PREFIX" -DCMAKE_INSTALL_LIBDIR=lib \
  -DPython_EXECUTABLE="$PYTHON" -DLODE_PYTHON=ON -DLODE_PYTHON_DIR="${SP_DIR#"$PREFIX"/}" -DLODE_TESTS=OFF
cmake --build build -j "${CPU_COUNT:-2}"
cmake --install build
