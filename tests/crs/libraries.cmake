# GeographicLib is the oracle of geodesics and the transverse Mercator projection, in tests only.
find_library(GEOGRAPHICLIB_LIBRARY NAMES GeographicLib Geographic REQUIRED)
target_link_libraries(test_${module} PRIVATE ${GEOGRAPHICLIB_LIBRARY})
