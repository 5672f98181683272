# Run by CPack on the packages it made: adds the shared libraries they need, and packs them anew with
# dpkg-deb, which compresses on all cores and gives the same bytes for the same files.
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
  file(REMOVE_RECURSE ${work} ${work}.needs)
  execute_process(COMMAND dpkg-deb --raw-extract ${package} ${work} COMMAND_ERROR_IS_FATAL ANY)
  # The packages of the shared libraries that its programs and libraries need.
  file(GLOB_RECURSE binaries ${work}/usr/bin/* ${work}/usr/lib/*.so ${work}/usr/lib/*.so.*)
  foreach(binary IN LISTS binaries)
    if(IS_SYMLINK ${binary})
      list(REMOVE_ITEM binaries ${binary})
    endif()
  endforeach()
  if(binaries)
    file(WRITE ${work}.needs/debian/control "")  # dpkg-shlibdeps wants to see one
    execute_process(COMMAND dpkg-shlibdeps -O ${binaries} WORKING_DIRECTORY ${work}.needs
                    OUTPUT_VARIABLE needs OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
                    COMMAND_ERROR_IS_FATAL ANY)
    string(REPLACE "shlibs:Depends=" "" needs "${needs}")
    file(READ ${work}/DEBIAN/control control)
    if(control MATCHES "\nDepends: ")
      string(REPLACE "\nDepends: " "\nDepends: ${needs}, " control "${control}")
    else()
      string(REPLACE "\nDescription: " "\nDepends: ${needs}\nDescription: " control "${control}")
    endif()
    file(WRITE ${work}/DEBIAN/control "${control}")
  endif()
  execute_process(COMMAND find ${work} -exec touch -h -d @${epoch} {} + COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND dpkg-deb --root-owner-group -Zxz -z${level} --build ${work} ${package}
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(REMOVE_RECURSE ${work} ${work}.needs)
