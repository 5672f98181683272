# See CMakeLists.txt beside it.
function(run_step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    list(JOIN ARGN " " words)
    message(FATAL_ERROR "${words}\n${said}")
  endif()
endfunction()

set(sanitize)
if(SANITIZE)
  set(sanitize -fsanitize=${SANITIZE})
endif()
set(work ${BINARY_DIR}/install_test)
file(REMOVE_RECURSE ${work})
run_step(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${work}/prefix)
run_step(${CMAKE_COMMAND} -S ${CONSUMER} -B ${work}/build -G ${GENERATOR}
         -DCMAKE_PREFIX_PATH=${work}/prefix -DCMAKE_CXX_COMPILER=${COMPILER}
         -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS=${sanitize}")
run_step(${CMAKE_COMMAND} --build ${work}/build)
run_step(${work}/build/consumer)

# pkg-config, with the prefix where it was installed to.
file(GLOB pc ${work}/prefix/lib/pkgconfig/lode.pc ${work}/prefix/lib/*/pkgconfig/lode.pc)
get_filename_component(folder ${pc} DIRECTORY)
set(ENV{PKG_CONFIG_PATH} ${folder})
execute_process(COMMAND pkg-config --define-variable=prefix=${work}/prefix --cflags --libs lode
                OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${flags}")
run_step(${COMPILER} ${sanitize} ${CONSUMER}/main.cpp -o ${work}/with_pkg_config ${flags})
run_step(${work}/with_pkg_config)

run_step(${work}/prefix/bin/lode --version)
