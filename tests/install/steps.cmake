# One step of a test: what it said is shown when it failed.
function(run_step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    list(JOIN ARGN " " words)
    message(FATAL_ERROR "${words}\n${said}")
  endif()
endfunction()
