# GeographicLib is the oracle of geodesics and the transverse Mercator projection, in tests only.
find_library(GEOGRAPHICLIB_LIBRARY NAMES GeographicLib Geographic REQUIRED)
target_link_libraries(test_${module} PRIVATE ${GEOGRAPHICLIB_LIBRARY})
# GEOS itself, to compare repairs with.
target_link_libraries(test_${module} PRIVATE ${GEOS_C_LIBRARY})
target_include_directories(test_${module} PRIVATE ${GEOS_INCLUDE_DIR})
