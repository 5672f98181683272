# Lode below another project: configures, compiles the consumer, builds and runs one room of it.
# The whole library would be compiled a second time for the rest, which takes longer than all other
# tests together; `cmake --build build/release/subdirectory_test --target consumer` does that.
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

set(work ${BINARY_DIR}/subdirectory_test)
file(REMOVE_RECURSE ${work})
# Without optimisation and precompiled header: it is the build that is tested.
run_step(${CMAKE_COMMAND} -S ${OUTER} -B ${work} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
         -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DLODE_SOURCE=${SOURCE_DIR})
execute_process(COMMAND ${CMAKE_COMMAND} --build ${work} --target help OUTPUT_VARIABLE targets
                COMMAND_ERROR_IS_FATAL ANY)
foreach(ours IN ITEMS manual countries qgis_plugin test_core uninstall)
  if(targets MATCHES "[\n/ ]${ours}:")
    message(FATAL_ERROR "The outer project gets our target ${ours}")
  endif()
endforeach()
run_step(${CMAKE_COMMAND} --build ${work} -j 2 --target consumer_objects part)
run_step(${work}/part)
