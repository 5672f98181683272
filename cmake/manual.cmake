# Manual pages (target `manual`, wants pandoc) and completions for bash and zsh (target
# `completions`), both made from what the program itself declares. Neither is needed by `lode`.
find_program(LODE_PANDOC pandoc)
set(manual_dir ${PROJECT_BINARY_DIR}/man)
set(completion_dir ${PROJECT_BINARY_DIR}/completions)
file(MAKE_DIRECTORY ${manual_dir})

# The pages in Markdown, options joined in. They are rewritten only where their text changes, so a
# new link of `lode` does not run pandoc on all of them again.
file(STRINGS ${PROJECT_SOURCE_DIR}/tools/commands.list listed)
set(sources ${PROJECT_SOURCE_DIR}/cmake/lode.md)
set(pages ${manual_dir}/lode.md)
set(commands "")
foreach(command IN LISTS listed)
  set(source ${PROJECT_SOURCE_DIR}/tools/${command}.md)
  if(EXISTS ${source} AND EXISTS ${PROJECT_SOURCE_DIR}/tools/${command}.cpp)
    string(REPLACE "_" "-" page ${command})
    list(APPEND commands ${command})
    list(APPEND sources ${source})
    list(APPEND pages ${manual_dir}/lode-${page}.md)
  endif()
endforeach()
list(JOIN commands " " commands)
file(STRINGS ${PROJECT_SOURCE_DIR}/tools/topics.list topics)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS tools/topics.list)
add_custom_command(
  OUTPUT ${manual_dir}/pages.stamp
  BYPRODUCTS ${pages}
  COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:lode> -DSOURCES=${PROJECT_SOURCE_DIR}
          -DINTO=${manual_dir} "-DCOMMANDS=${commands}" -P ${CMAKE_CURRENT_LIST_DIR}/write_manual.cmake
  COMMAND ${CMAKE_COMMAND} -E touch ${manual_dir}/pages.stamp
  DEPENDS lode ${sources} ${CMAKE_CURRENT_LIST_DIR}/write_manual.cmake
  COMMENT "Joining the manual's pages" VERBATIM)

add_custom_command(
  OUTPUT ${completion_dir}/lode.stamp
  BYPRODUCTS ${completion_dir}/lode ${completion_dir}/_lode
  COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:lode> -DINTO=${completion_dir}
          -P ${CMAKE_CURRENT_LIST_DIR}/write_completions.cmake
  COMMAND ${CMAKE_COMMAND} -E touch ${completion_dir}/lode.stamp
  DEPENDS lode ${CMAKE_CURRENT_LIST_DIR}/write_completions.cmake
  COMMENT "Writing completions" VERBATIM)
add_custom_target(completions ALL DEPENDS ${completion_dir}/lode.stamp)
install(FILES ${completion_dir}/lode COMPONENT tools OPTIONAL
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completion_dir}/_lode COMPONENT tools OPTIONAL
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)

if(NOT LODE_PANDOC)
  message(STATUS "No pandoc: no manual pages (lode help COMMAND shows the options)")
  add_custom_target(manual DEPENDS ${manual_dir}/pages.stamp)
  return()
endif()
set(to_man
    --standalone --to man
    --from markdown-smart-tex_math_dollars-raw_html-raw_tex-citations-subscript-superscript-strikeout
    --variable=adjusting:l  # columns of tables are too narrow for flush right margins
    "--metadata=header:Lode manual" "--metadata=footer:Lode ${PROJECT_VERSION}")
set(manual "")
foreach(page IN LISTS pages)
  string(REGEX REPLACE "\\.md$" ".1" roff ${page})
  get_filename_component(name ${page} NAME_WE)
  string(TOUPPER ${name} title)
  # Plain Markdown: dashes, dollars and angle brackets in the texts mean themselves.
  add_custom_command(
    OUTPUT ${roff}
    COMMAND ${LODE_PANDOC} ${to_man} --metadata title=${title} --metadata section=1 --output ${roff}
            ${page}
    DEPENDS ${page} ${manual_dir}/pages.stamp
    COMMENT "Manual page ${name}(1)" VERBATIM)
  list(APPEND manual ${roff})
endforeach()
foreach(topic IN LISTS topics)
  string(REPLACE "_" "-" page lode-${topic})
  string(TOUPPER ${page} title)
  set(roff ${manual_dir}/${page}.7)
  add_custom_command(
    OUTPUT ${roff}
    COMMAND ${LODE_PANDOC} ${to_man} --metadata title=${title} --metadata section=7 --output ${roff}
            ${PROJECT_SOURCE_DIR}/tools/${topic}.md
    DEPENDS ${PROJECT_SOURCE_DIR}/tools/${topic}.md
    COMMENT "Manual page ${page}(7)" VERBATIM)
  list(APPEND manual ${roff})
endforeach()
add_custom_target(manual ALL DEPENDS ${manual})
install(DIRECTORY ${manual_dir}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tools
        FILES_MATCHING PATTERN "*.1")
install(DIRECTORY ${manual_dir}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man7 COMPONENT tools
        FILES_MATCHING PATTERN "*.7")
