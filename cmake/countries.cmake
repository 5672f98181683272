# Country outlines, made at build time from the world map in Debian's qgis-common (Natural Earth,
# public domain). `./bootstrap` fetches that one file; without it the program has no outlines to
# look countries up in or to draw behind the map, and says so.
set(LODE_WORLD_MAP "" CACHE FILEPATH "world_map.gpkg of qgis-common")
if(NOT LODE_WORLD_MAP)
  find_file(LODE_WORLD_MAP_FOUND world_map.gpkg NO_CACHE NO_DEFAULT_PATH
            PATHS ${PROJECT_SOURCE_DIR}/build/downloads /usr/share/qgis/resources/data)
else()
  set(LODE_WORLD_MAP_FOUND ${LODE_WORLD_MAP})
endif()
if(NOT EXISTS "${LODE_WORLD_MAP_FOUND}")
  message(WARNING "No world_map.gpkg: country outlines will be missing. ./bootstrap fetches it; "
                  "or install qgis-common, or set LODE_WORLD_MAP.")
  return()
endif()

add_executable(make_countries cmake/countries.cpp)
target_link_libraries(make_countries PRIVATE geo)
set(LODE_COUNTRIES ${PROJECT_BINARY_DIR}/data/countries.gpkg)
set(LODE_OTHER_LAND ${PROJECT_BINARY_DIR}/data/other_land.gpkg)
add_custom_command(
  OUTPUT ${LODE_COUNTRIES} ${LODE_OTHER_LAND}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/data
  COMMAND make_countries ${LODE_WORLD_MAP_FOUND} ${LODE_COUNTRIES}
  DEPENDS make_countries ${LODE_WORLD_MAP_FOUND}
  COMMENT "Simplifying country outlines" VERBATIM)
add_custom_target(countries ALL DEPENDS ${LODE_COUNTRIES})
