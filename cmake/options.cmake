# Compile options of every target of ours, and the pool that keeps heavy files one at a time.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(LODE_CCACHE ccache)
if(LODE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${LODE_CCACHE})
endif()

# Same numbers everywhere: no contraction to fused multiply-add, no fast-math, no native tuning.
# Designated initialisers leave the other members at their defaults on purpose.
add_compile_options(-ffp-contract=off -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
                    -Wno-missing-field-initializers)
# With optimisation g++ 12 sees overlaps and overruns in its own library's strings, sorts and
# resizes (GCC bug 105651 and its kin); the dev preset and AddressSanitizer look for the real ones.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-Wno-restrict -Wno-array-bounds -Wno-maybe-uninitialized)
endif()
if(LODE_WERROR)
  add_compile_options(-Werror)
endif()

set_property(GLOBAL PROPERTY JOB_POOLS heavy=1)

set(LODE_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined or thread")
if(LODE_SANITIZE)
  add_compile_options(-fsanitize=${LODE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LODE_SANITIZE})
endif()
