# Run by CPack on the staged files of each component, before they are packed: what a Debian package
# has and other installations have not.
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/changelog changelog_first LIMIT_COUNT 1)
if(NOT changelog_first MATCHES "\\(${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}\\)")
  message(FATAL_ERROR "cmake/debian/changelog does not begin with version "
          "${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}: ${changelog_first}")
endif()

# FILE [AS]: compressed without name and time, the original gone.
function(gzip_file file)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  set(root ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr)
  if(NOT IS_DIRECTORY ${root})
    message(FATAL_ERROR "Component ${component} installed nothing below /usr")
  endif()
  string(TOUPPER ${component} upper)
  set(doc ${root}/share/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})

  # The licence is Debian's copy, named in the copyright file.
  file(REMOVE ${root}/share/doc/lode/LICENSE)
  file(COPY ${CMAKE_CURRENT_LIST_DIR}/copyright DESTINATION ${doc})
  configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog ${doc}/changelog.Debian COPYONLY)
  gzip_file(${doc}/changelog.Debian)
  if(EXISTS ${doc}/CHANGELOG.md)
    file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
    gzip_file(${doc}/changelog)
  endif()
  set(overrides ${CMAKE_CURRENT_LIST_DIR}/${CPACK_DEBIAN_${upper}_PACKAGE_NAME}.lintian-overrides)
  if(EXISTS ${overrides})
    configure_file(${overrides}
      ${root}/share/lintian/overrides/${CPACK_DEBIAN_${upper}_PACKAGE_NAME} COPYONLY)
  endif()

  file(GLOB pages ${root}/share/man/man*/*.[0-9])
  foreach(page IN LISTS pages)
    gzip_file(${page})
  endforeach()
  if(IS_DIRECTORY ${root}/share/zsh/site-functions)
    file(RENAME ${root}/share/zsh/site-functions ${root}/share/zsh/vendor-completions)
  endif()

  # Debian's Python has one folder for all its versions; libraries there need no search path.
  file(GLOB packages ${root}/lib/python3*/*-packages ${root}/local/lib/python3*/*-packages)
  set(wanted ${root}/lib/python3/dist-packages)
  if(packages AND NOT packages STREQUAL wanted)
    file(MAKE_DIRECTORY ${root}/lib/python3)
    file(RENAME ${packages} ${wanted})
    file(GLOB left ${root}/lib/python3.* ${root}/local)
    if(left)
      file(REMOVE_RECURSE ${left})
    endif()
  endif()
  file(GLOB_RECURSE modules ${wanted}/*.so)
  foreach(module IN LISTS modules)
    file(RPATH_REMOVE FILE ${module})
  endforeach()
endforeach()
