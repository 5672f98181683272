# What `cmake --install` puts where, by component: lib, dev, tools, qgis (python: plugins/python).
#   lib    the shared library
#   dev    headers, the link to the library, find_package(Lode) and pkg-config
#   tools  `lode`, its manual pages and completions (manual.cmake), the data it reads
#   qgis   the Processing plugin
include(CMakePackageConfigHelpers)
set(LODE_SHARE_DIR ${CMAKE_INSTALL_DATADIR}/lode)
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Lode)

# The shared library alone is installed: who links it needs nothing of what it stands on. `lode` has
# the same objects inside and needs no library of ours.
install(TARGETS geo_shared EXPORT LodeTargets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT lib NAMELINK_COMPONENT dev)

get_property(headers GLOBAL PROPERTY LODE_PUBLIC_HEADERS)  # libgeo/CMakeLists.txt
foreach(header IN LISTS headers)
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${PROJECT_SOURCE_DIR}/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder}
          COMPONENT dev)
endforeach()

install(EXPORT LodeTargets NAMESPACE Lode:: DESTINATION ${config_dir} COMPONENT dev)
configure_package_config_file(cmake/LodeConfig.cmake.in ${PROJECT_BINARY_DIR}/LodeConfig.cmake
                              INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/LodeConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/LodeConfig.cmake ${PROJECT_BINARY_DIR}/LodeConfigVersion.cmake
        DESTINATION ${config_dir} COMPONENT dev)

# pkg-config knows no search path for running: the file says where the library lies, unless the
# loader looks there anyway. Found from where the file is, so the prefix may be moved.
file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
foreach(LODE_PC_RPATH IN ITEMS "" "-Wl,-rpath,\${libdir} ")
  string(LENGTH "${LODE_PC_RPATH}" length)
  configure_file(cmake/lode.pc.in ${PROJECT_BINARY_DIR}/pkgconfig/${length}/lode.pc @ONLY)
endforeach()
install(CODE "
  set(pc ${length})
  if(\"\${CMAKE_INSTALL_PREFIX}\" STREQUAL \"/usr\")
    set(pc 0)
  endif()
  file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig\" TYPE FILE
       FILES \"${PROJECT_BINARY_DIR}/pkgconfig/\${pc}/lode.pc\")" COMPONENT dev)

install(TARGETS lode RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
# What the program reads at run time, found relative to it (libgeo/core/share.h).
if(DEFINED LODE_COUNTRIES)
  install(FILES ${LODE_COUNTRIES} ${LODE_OTHER_LAND} DESTINATION ${LODE_SHARE_DIR} COMPONENT tools)
endif()
# Tables that ship are found in a build tree as they are once installed.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/data)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/sample_data ${PROJECT_BINARY_DIR}/data/sample_data SYMBOLIC)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/sample_data DESTINATION ${LODE_SHARE_DIR} COMPONENT tools
        PATTERN "results" EXCLUDE PATTERN "__pycache__" EXCLUDE)
install(FILES LICENSE README.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/lode
        COMPONENT tools)

# QGIS looks here under /usr; elsewhere name the folder `plugins` in QGIS_PLUGINPATH. The staged copy
# holds the description of the very program that is installed (plugins/CMakeLists.txt).
set_target_properties(qgis_plugin PROPERTIES EXCLUDE_FROM_ALL FALSE)
install(DIRECTORY ${PROJECT_BINARY_DIR}/qgis/lode_qgis
        DESTINATION ${CMAKE_INSTALL_DATADIR}/qgis/python/plugins COMPONENT qgis
        PATTERN "__pycache__" EXCLUDE)

add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -DMANIFEST=${PROJECT_BINARY_DIR}/install_manifest.txt
          -P ${CMAKE_CURRENT_LIST_DIR}/uninstall.cmake
  COMMENT "Removing what the last install put in place" VERBATIM)
