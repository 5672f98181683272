# Boost.Graph and GeographicLib are oracles here, in tests only.
find_library(GEOGRAPHICLIB_LIBRARY NAMES GeographicLib Geographic REQUIRED)
target_link_libraries(test_${module} PRIVATE ${GEOGRAPHICLIB_LIBRARY})
