# Install rules, package config (find_package(Lode) gives Lode::geo) and pkg-config file.
include(CMakePackageConfigHelpers)

install(TARGETS lode RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS geo EXPORT LodeTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
# Public headers only: one that includes another library is for the .cpp files of its room.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} libgeo/*.h)
foreach(header IN LISTS headers)
  file(STRINGS ${PROJECT_SOURCE_DIR}/${header} library
       REGEX "#include <(gdal|ogr|cpl|geos_c|proj|geodesic|sqlite3|toml|nlohmann|openssl|fmt)")
  if(NOT library)
    get_filename_component(folder ${header} DIRECTORY)
    install(FILES ${PROJECT_SOURCE_DIR}/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder})
  endif()
endforeach()
install(EXPORT LodeTargets NAMESPACE Lode:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Lode)

configure_package_config_file(
  cmake/LodeConfig.cmake.in ${PROJECT_BINARY_DIR}/LodeConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Lode)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/LodeConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/LodeConfig.cmake ${PROJECT_BINARY_DIR}/LodeConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Lode)

configure_file(cmake/lode.pc.in ${PROJECT_BINARY_DIR}/lode.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lode.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# What the program reads at run time, found relative to it (libgeo/core/share.h).
set(LODE_SHARE_DIR ${CMAKE_INSTALL_DATADIR}/lode)
if(DEFINED LODE_COUNTRIES)
  install(FILES ${LODE_COUNTRIES} ${LODE_OTHER_LAND} DESTINATION ${LODE_SHARE_DIR})
endif()
# Tables that ship are found in a build tree as they are once installed.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/data)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/sample_data ${PROJECT_BINARY_DIR}/data/sample_data SYMBOLIC)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/sample_data DESTINATION ${LODE_SHARE_DIR}
        PATTERN "results" EXCLUDE)
if(EXISTS ${PROJECT_SOURCE_DIR}/plugins/qgis)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/plugins/qgis DESTINATION ${LODE_SHARE_DIR}
          PATTERN "__pycache__" EXCLUDE)
endif()
install(FILES LICENSE README.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})
