# Debian packages by CPack: `cmake --build build/release --target package` leaves them in
# build/release/packages; `cpack --config build/release/CPackConfig.cmake -B DIR` elsewhere, without
# building. One package a component of install.cmake and plugins/python.
#
# CPack stages files and writes control files; debian/stage.cmake adds what a Debian package has and
# other installations have not, debian/pack.cmake packs anew with dpkg-deb. The same files give the
# same bytes: all times are SOURCE_DATE_EPOCH, by default the date of debian/changelog.
set(debian ${CMAKE_CURRENT_LIST_DIR}/debian)
set(version ${PROJECT_VERSION}-1)
get_cmake_property(components COMPONENTS)
if(NOT components MATCHES "(^|;)lib(;|$)")
  return()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lode)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # would stand before each description
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${debian}/stage.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${debian}/pack.cmake)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SOURCE lode)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The Lode authors <maintainers@lode.example.org>")
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE ${PROJECT_HOMEPAGE_URL})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE none)  # pack.cmake compresses
# pack.cmake finds the libraries that are needed: CPack would start two programs for every file.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS OFF)

# Lines of a description are kept as they are: under 80 columns.
set(about "Lode assesses mineral deposits, rare earths first: from occurrence tables,
outlines, drillholes, permits, constraint layers, freight networks and prices
it says which sites, at home, with allies and in recycling, should supply the
metal, and how sure that is.
")

set(CPACK_DEBIAN_LIB_PACKAGE_NAME liblodegeo${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set(CPACK_DEBIAN_LIB_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIB_PACKAGE_MULTIARCH same)
set(CPACK_DEBIAN_LIB_PACKAGE_RECOMMENDS lode)
set(soversion ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
file(WRITE ${PROJECT_BINARY_DIR}/debian/shlibs
     "liblodegeo ${soversion} ${CPACK_DEBIAN_LIB_PACKAGE_NAME} (>= ${version})\n")
set(CPACK_DEBIAN_LIB_PACKAGE_CONTROL_EXTRA ${debian}/triggers ${PROJECT_BINARY_DIR}/debian/shlibs)
set(CPACK_DEBIAN_LIB_DESCRIPTION "assessment of mineral deposits - shared library
${about}
This package holds the library. Country outlines, which some of it reads, are
in the package lode.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME liblodegeo-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "${CPACK_DEBIAN_LIB_PACKAGE_NAME} (= ${version})")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "cmake, pkg-config")
set(CPACK_DEBIAN_DEV_DESCRIPTION "assessment of mineral deposits - development files
${about}
This package holds the headers (C++20) and what find_package(Lode) and
pkg-config need.")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME lode)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION science)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS "python3-lode, qgis-plugin-lode, gdal-bin")
set(CPACK_DEBIAN_TOOLS_DESCRIPTION "assessment of mineral deposits - program and sample data
${about}
This package holds the program lode with its manual pages, completions for
bash and zsh, country outlines, tables of rules and rates, and two sample
studies.")

set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-lode)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(python_depends "python3, python3-numpy, lode (= ${version})")
if("python" IN_LIST components)
  find_package(Python REQUIRED COMPONENTS Interpreter)  # the version that the module is compiled for
  math(EXPR next "${Python_VERSION_MINOR} + 1")
  string(REPLACE "python3, " "python3 (>= 3.${Python_VERSION_MINOR}~), python3 (<< 3.${next}), "
         python_depends "${python_depends}")
endif()
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "${python_depends}")
set(CPACK_DEBIAN_PYTHON_PACKAGE_RECOMMENDS "python3-geopandas, python3-matplotlib")
set(CPACK_DEBIAN_PYTHON_DESCRIPTION "assessment of mineral deposits - Python 3 module
${about}
This package holds the module lode: commands and library functions with numpy
columns and GeoPandas frames.")

set(CPACK_DEBIAN_QGIS_PACKAGE_NAME qgis-plugin-lode)
set(CPACK_DEBIAN_QGIS_PACKAGE_SECTION science)
set(CPACK_DEBIAN_QGIS_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_QGIS_PACKAGE_DEPENDS
    "lode (>= ${PROJECT_VERSION}), python3:any, qgis (>= 3.22), python3-qgis (>= 3.22)")
set(CPACK_DEBIAN_QGIS_DESCRIPTION "assessment of mineral deposits - QGIS plugin
${about}
This package holds a Processing provider for QGIS with an algorithm for every
command of lode.")

# Python files are compiled when installed and swept when removed. QGIS's plugin folder is not on
# Python's path, so it is named.
set(PACKAGE python3-lode)
set(PRIVATE_FOLDER "")
foreach(component IN ITEMS PYTHON QGIS)
  foreach(script IN ITEMS postinst prerm)
    configure_file(${debian}/${script}.in ${PROJECT_BINARY_DIR}/debian/${PACKAGE}/${script} @ONLY
                   FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                    WORLD_READ WORLD_EXECUTE)
    list(APPEND CPACK_DEBIAN_${component}_PACKAGE_CONTROL_EXTRA
         ${PROJECT_BINARY_DIR}/debian/${PACKAGE}/${script})
  endforeach()
  set(PACKAGE qgis-plugin-lode)
  set(PRIVATE_FOLDER " /usr/share/qgis/python/plugins/lode_qgis")
endforeach()

set(CPACK_COMPONENTS_ALL ${components})
include(CPack)
