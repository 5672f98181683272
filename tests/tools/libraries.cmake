# What no input can bring about: memory that runs out, a fault of the program itself.
add_library(lode_fault_shim MODULE ${CMAKE_CURRENT_SOURCE_DIR}/${module}/fault_shim.cpp)
target_link_libraries(lode_fault_shim PRIVATE ${CMAKE_DL_LIBS})
add_dependencies(test_${module} lode_fault_shim)
target_compile_definitions(test_${module} PRIVATE LODE_FAULT_SHIM="$<TARGET_FILE:lode_fault_shim>")
if(LODE_SANITIZE)
  target_compile_definitions(test_${module} PRIVATE LODE_SANITIZED)
endif()
# Styles and titles are rows of a GeoPackage's own tables.
target_link_libraries(test_${module} PRIVATE SQLite::SQLite3)
lode_within(test_tools)
set(cost 40)
set(more "set(more_WholeStudy FIXTURES_REQUIRED sample_study COST 900
    ENVIRONMENT \"LODE_SAMPLE_STUDY=${LODE_SAMPLE_STUDY}\")")
