# Run by CPack on the packages it made: packs them anew with dpkg-deb, which compresses on all cores
# and gives the same bytes for the same files.
set(epoch $ENV{SOURCE_DATE_EPOCH})
if(NOT epoch)
  execute_process(COMMAND dpkg-parsechangelog -l ${CMAKE_CURRENT_LIST_DIR}/changelog -S Timestamp
                  OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
set(ENV{SOURCE_DATE_EPOCH} ${epoch})
# LODE_XZ_LEVEL, 0 to 9: tests want packages soon, users small ones.
set(level $ENV{LODE_XZ_LEVEL})
if(NOT level MATCHES "^[0-9]$")
  set(level 6)
endif()
set(work ${CPACK_TOPLEVEL_DIRECTORY}/unpacked)
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  file(REMOVE_RECURSE ${work})
  execute_process(COMMAND dpkg-deb --raw-extract ${package} ${work} COMMAND_ERROR_IS_FATAL ANY)
  # CPack calls ldconfig from scripts of its own; dpkg has a trigger for that.
  if(EXISTS ${work}/DEBIAN/triggers)
    file(REMOVE ${work}/DEBIAN/postinst ${work}/DEBIAN/postrm)
  endif()
  execute_process(COMMAND find ${work} -exec touch -h -d @${epoch} {} + COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND dpkg-deb --root-owner-group -Zxz -z${level} --build ${work} ${package}
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(REMOVE_RECURSE ${work})
