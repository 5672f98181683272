# What Lode stands on; all from Debian 12.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(GDAL 3.6 REQUIRED)
pkg_check_modules(PROJ REQUIRED IMPORTED_TARGET proj>=9.1)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
find_package(nlohmann_json 3.11 REQUIRED)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(CLI11 2.1 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(GEOS 3.11 REQUIRED CONFIG)
find_package(SQLite3 REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(nanoflann 1.4 REQUIRED)
pkg_check_modules(FFTW REQUIRED IMPORTED_TARGET fftw3>=3.3)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
# libosmium is headers alone; its readers unpack with zlib and parse XML with expat.
find_path(OSMIUM_HEADERS osmium/version.hpp REQUIRED)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
# CGAL is headers alone; its exact numbers are these two.
find_path(CGAL_HEADERS CGAL/version.h REQUIRED)
pkg_check_modules(GMP REQUIRED IMPORTED_TARGET gmp)
pkg_check_modules(MPFR REQUIRED IMPORTED_TARGET mpfr)
# GLPK comes without pkg-config or CMake files.
find_path(GLPK_HEADERS glpk.h REQUIRED)
find_library(GLPK_LIBRARY glpk REQUIRED)
add_library(GLPK::GLPK UNKNOWN IMPORTED)
set_target_properties(GLPK::GLPK PROPERTIES IMPORTED_LOCATION "${GLPK_LIBRARY}"
                      INTERFACE_INCLUDE_DIRECTORIES "${GLPK_HEADERS}")
