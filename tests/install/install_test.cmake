# Installs by component, moves the prefix, and builds and runs a consumer against what lies there.
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

set(sanitize)
if(SANITIZE)
  set(sanitize -fsanitize=${SANITIZE})
endif()
set(work ${BINARY_DIR}/install_test)
file(REMOVE_RECURSE ${work})

# The library and its development files alone must do; a prefix may be moved.
foreach(component IN ITEMS lib dev)
  run_step(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${work}/first --component ${component})
endforeach()
file(MAKE_DIRECTORY ${work}/moved)
set(prefix ${work}/moved/lode)
file(RENAME ${work}/first ${prefix})

# Nothing of what Lode stands on may be looked for, or be a consumer's business.
set(not_needed)
foreach(package IN ITEMS GDAL GEOS PROJ SQLite3 fmt PkgConfig nlohmann_json Eigen3 CGAL)
  list(APPEND not_needed -DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()
run_step(${CMAKE_COMMAND} -S ${CONSUMER} -B ${work}/build -G ${GENERATOR}
         -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${COMPILER}
         -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS=${sanitize}" ${not_needed})
run_step(${CMAKE_COMMAND} --build ${work}/build)
run_step(${work}/build/consumer)

# pkg-config, which is shown our own file and no other.
file(GLOB pc ${prefix}/lib/pkgconfig/lode.pc ${prefix}/lib/*/pkgconfig/lode.pc)
get_filename_component(folder ${pc} DIRECTORY)
set(ENV{PKG_CONFIG_LIBDIR} ${folder})
execute_process(COMMAND pkg-config --cflags --libs lode
                OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${flags}")
run_step(${COMPILER} ${sanitize} ${CONSUMER}/main.cpp -o ${work}/with_pkg_config ${flags})
run_step(${work}/with_pkg_config)

# Every installed header together: each is there that another one includes, and none leads outside
# but to the compiler and the C library.
file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/libgeo/*.h)
list(LENGTH headers count)
if(count LESS 100)
  message(FATAL_ERROR "Only ${count} headers were installed")
endif()
set(all "")
foreach(header IN LISTS headers)
  string(APPEND all "#include \"${header}\"\n")
endforeach()
file(WRITE ${work}/all_headers.cpp "${all}")
execute_process(COMMAND ${COMPILER} -std=c++20 -I${prefix}/include -M ${work}/all_headers.cpp
                OUTPUT_VARIABLE included ERROR_VARIABLE said RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "An installed header misses another one\n${said}")
endif()
run_step(${COMPILER} -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I${prefix}/include
         ${work}/all_headers.cpp)
string(REGEX MATCHALL
       "[^ \n]*/(gdal|geos|proj|sqlite3|fmt|CGAL|eigen3|nlohmann|toml|osmium|openssl|boost|fftw3|glpk)[^ \n]*"
       foreign "${included}")
list(FILTER foreign EXCLUDE REGEX "^${prefix}/")
if(foreign)
  message(FATAL_ERROR "Installed headers lead to another library's: ${foreign}")
endif()

# The program stands alone: nothing of ours but itself, and it finds what ships with it.
run_step(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${work}/tools --component tools)
file(GLOB libraries ${work}/tools/lib/*lodegeo* ${work}/tools/lib/*/*lodegeo*)
if(libraries)
  message(FATAL_ERROR "Component tools installed ${libraries}")
endif()
run_step(${work}/tools/bin/lode --version)
run_step(${work}/tools/bin/lode study check ${work}/tools/share/lode/sample_data/us_allied_ree/study.toml)

# All of it, and away again.
run_step(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${work}/all)
foreach(file IN ITEMS bin/lode share/qgis/python/plugins/lode_qgis/describe.json)
  if(NOT EXISTS ${work}/all/${file})
    message(FATAL_ERROR "The installation has no ${file}")
  endif()
endforeach()
run_step(${CMAKE_COMMAND} --build ${BINARY_DIR} --target uninstall)
file(GLOB_RECURSE left ${work}/all/*)
if(left)
  message(FATAL_ERROR "uninstall leaves ${left}")
endif()
