# The library half of the module `lode`: bindings and Python modules made from the public headers.
# Without libclang for Python the module is built with the commands alone.
file(GLOB hand CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/convert*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/library/*.cpp)
list(REMOVE_ITEM sources ${hand})
option(LODE_PYTHON_LIBRARY "The library's functions in the Python module, beside the commands" ON)
if(NOT LODE_PYTHON_LIBRARY)
  return()
endif()
execute_process(COMMAND ${Python_EXECUTABLE} -c "from clang import cindex; cindex.Index.create()"
                RESULT_VARIABLE no_clang OUTPUT_QUIET ERROR_QUIET)
if(no_clang)
  message(STATUS "The Python module is built without the library's functions: no libclang for "
                 "${Python_EXECUTABLE} (python3-clang-14 libclang1-14 libclang-common-14-dev)")
  return()
endif()

# Files a room, so that each compiles in seconds.
set(parts core=1 crs=1 geometry=2 io=2 ranking=3 supply=2 estimation=3 deposit=3 environment=2
          logistics=3 permits=1 study=2 report=1)
set(made ${CMAKE_CURRENT_BINARY_DIR}/made)
set(made_package ${PROJECT_BINARY_DIR}/python/lode)
set(made_sources ${made}/library.cpp)
set(library_modules ${made_package}/_lode.pyi)
foreach(part IN LISTS parts)
  string(REGEX MATCH "^[a-z]+" room ${part})
  string(REGEX MATCH "[0-9]+$" count ${part})
  foreach(i RANGE 1 ${count})
    list(APPEND made_sources ${made}/bind_${room}_${i}.cpp)
  endforeach()
  list(APPEND library_modules ${made_package}/${room}.py)
endforeach()
get_property(library_headers GLOBAL PROPERTY LODE_PUBLIC_HEADERS)
list(JOIN library_headers "\n" lines)
file(CONFIGURE OUTPUT ${made}/headers.txt CONTENT "${lines}\n" @ONLY)
list(TRANSFORM library_headers PREPEND ${PROJECT_SOURCE_DIR}/)
file(GLOB generator CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.py ${CMAKE_CURRENT_LIST_DIR}/*.txt)
# Files whose text stays the same are not written, so that a changed header compiles only what it
# must; the stamp says when the generator ran.
add_custom_command(
  OUTPUT ${made}/generated.stamp
  BYPRODUCTS ${made_sources} ${library_modules} ${made}/plugins/python/described.h
             ${made}/plugins/python/described_late.h
  COMMAND ${Python_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/generate.py --root ${PROJECT_SOURCE_DIR}
          --headers ${made}/headers.txt --cpp ${made} --python ${made_package} ${parts}
  COMMAND ${CMAKE_COMMAND} -E touch ${made}/generated.stamp
  DEPENDS ${made}/headers.txt ${library_headers} ${generator}
  COMMENT "Making the Python bindings of the library from its headers" VERBATIM)
set(library_modules_by_hand "")
foreach(name _records _array_forms)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/library/${name}.py)
  add_custom_command(OUTPUT ${made_package}/${name}.py
                     COMMAND ${CMAKE_COMMAND} -E copy ${source} ${made_package}/${name}.py
                     DEPENDS ${source} VERBATIM)
  list(APPEND library_modules_by_hand ${made_package}/${name}.py)
endforeach()
add_custom_target(python_library DEPENDS ${made}/generated.stamp ${library_modules_by_hand})

# Each binding is one call: they are compiled without optimisation, in half the time.
add_library(lode_bindings OBJECT ${hand} ${made_sources})
add_dependencies(lode_bindings python_library)
target_include_directories(lode_bindings PRIVATE ${PROJECT_SOURCE_DIR} ${made})
target_link_libraries(lode_bindings PRIVATE pybind11::headers Python::Module)
target_compile_options(lode_bindings PRIVATE $<$<CONFIG:Release>:-O0> -Wno-conversion)
set_target_properties(lode_bindings PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
if(LODE_PRECOMPILE)
  target_precompile_headers(lode_bindings PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${made}/plugins/python/described.h>")
endif()
set(library_sources $<TARGET_OBJECTS:lode_bindings>)
install(FILES ${library_modules} ${library_modules_by_hand} DESTINATION ${LODE_PYTHON_DIR}/lode
        COMPONENT python)
