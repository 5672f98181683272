# cmake -DPROGRAM=lode -DOUT=describe.json -P write_description.cmake: what `lode describe` says, a
# parameter a line so that changes of it can be read.
execute_process(COMMAND ${PROGRAM} describe OUTPUT_VARIABLE json ERROR_VARIABLE err RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} describe: ${err}")
endif()
# Only between objects: in a text the quote before the brace would be escaped.
string(REPLACE "},{\"" "},\n{\"" json "${json}")
string(REPLACE "[{\"" "[\n{\"" json "${json}")
file(WRITE "${OUT}" "${json}")
