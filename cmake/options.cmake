# Compile options of every target of ours, and the pool that keeps heavy files one at a time.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# -O3 takes longer to compile and was not faster.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

# Precompiled headers where users build; dev and the sanitizers go without, so that a file which
# lacks an include is found.
set(precompile_default OFF)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  set(precompile_default ON)
endif()
option(LODE_PRECOMPILE "Precompile the standard headers" ${precompile_default})
if(LODE_PRECOMPILE)
  add_compile_options(-fpch-preprocess)  # lets ccache see what is in them
endif()
# One precompiled header for all targets whose options agree: the first one makes it.
function(lode_precompile target family)
  if(NOT LODE_PRECOMPILE)
    return()
  endif()
  get_property(maker GLOBAL PROPERTY lode_precompiled_${family})
  if(maker)
    target_precompile_headers(${target} REUSE_FROM ${maker})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
    set_property(GLOBAL PROPERTY lode_precompiled_${family} ${target})
  endif()
endfunction()

find_program(LODE_CCACHE ccache)
if(LODE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1
      ${LODE_CCACHE})
endif()

# Same numbers everywhere: no contraction to fused multiply-add, no fast-math, no native tuning.
# Designated initialisers leave the other members at their defaults on purpose.
add_compile_options(-pipe -ffp-contract=off -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
                    -Wno-missing-field-initializers)
# With optimisation g++ 12 sees overlaps and overruns in its own library's strings, sorts and
# resizes (GCC bug 105651 and its kin); the dev preset and AddressSanitizer look for the real ones.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-Wno-restrict -Wno-array-bounds -Wno-maybe-uninitialized
                      -Wno-stringop-overflow -Wno-stringop-overread)
endif()
# The same objects make the archive that our programs link and the shared library that is installed;
# no one replaces our functions at load time, so they may still be inlined.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fno-semantic-interposition)
endif()
if(LODE_WERROR)
  add_compile_options(-Werror)
endif()

set_property(GLOBAL APPEND PROPERTY JOB_POOLS heavy=1)

set(LODE_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined or thread")
if(LODE_SANITIZE)
  add_compile_options(-fsanitize=${LODE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LODE_SANITIZE})
  if(LODE_SANITIZE MATCHES "thread")
    add_library(tsan_defaults OBJECT cmake/tsan_defaults.cpp)
    link_libraries(
      $<BUILD_INTERFACE:$<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:tsan_defaults>>)
  endif()
endif()
