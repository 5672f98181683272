# cmake -DSOURCE=… -DPROGRAM=lode -DSTAGE=… [-DZIP=…] -P stage.cmake: the QGIS plugin as it is given away.
# STAGE/lode_qgis has the sources, the licence and what the program says of itself now; ZIP packs it.
set(plugin ${SOURCE}/plugins/qgis/lode_qgis)
file(GLOB files ${plugin}/*.py ${plugin}/*.svg ${plugin}/*.json ${plugin}/README.md ${plugin}/metadata.txt)
file(GLOB icons ${plugin}/icons/*.svg)
file(REMOVE_RECURSE ${STAGE}/lode_qgis)
file(COPY ${files} ${SOURCE}/LICENSE DESTINATION ${STAGE}/lode_qgis)
file(COPY ${icons} DESTINATION ${STAGE}/lode_qgis/icons)
set(OUT ${STAGE}/lode_qgis/describe.json)
include(${SOURCE}/cmake/write_description.cmake)
file(TOUCH ${OUT})
if(ZIP)
  file(REMOVE ${ZIP})
  execute_process(COMMAND ${CMAKE_COMMAND} -E tar cf ${ZIP} --format=zip lode_qgis
                  WORKING_DIRECTORY ${STAGE} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${ZIP} could not be packed")
  endif()
endif()
