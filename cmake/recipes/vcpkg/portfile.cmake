# vcpkg port of Lode. UNTESTED, see README.md beside it; only its syntax is checked by a test.
vcpkg_from_git(
  OUT_SOURCE_PATH SOURCE_PATH
  URL https://lode.example.org/lode.git
  REF 0000000000000000000000000000000000000000  # the release's commit
)
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DLODE_TESTS=OFF -DLODE_PYTHON=OFF -DCMAKE_INSTALL_LIBDIR=lib
)
# The components that are wanted, rather than all: `tools` brings a program and sample data.
vcpkg_cmake_build()
foreach(component IN ITEMS lib dev)
  vcpkg_execute_required_process(
    COMMAND "${CMAKE_COMMAND}" --install "${CURRENT_BUILDTREES_DIR}/${TARGET_TRIPLET}-rel"
            --prefix "${CURRENT_PACKAGES_DIR}" --component ${component}
    WORKING_DIRECTORY "${CURRENT_BUILDTREES_DIR}" LOGNAME install-${component})
endforeach()
if("tools" IN_LIST FEATURES)
  vcpkg_execute_required_process(
    COMMAND "${CMAKE_COMMAND}" --install "${CURRENT_BUILDTREES_DIR}/${TARGET_TRIPLET}-rel"
            --prefix "${CURRENT_PACKAGES_DIR}" --component tools
    WORKING_DIRECTORY "${CURRENT_BUILDTREES_DIR}" LOGNAME install-tools)
  vcpkg_copy_tools(TOOL_NAMES lode AUTO_CLEAN)
endif()
vcpkg_cmake_config_fixup(PACKAGE_NAME Lode CONFIG_PATH lib/cmake/Lode)
vcpkg_fixup_pkgconfig()
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
