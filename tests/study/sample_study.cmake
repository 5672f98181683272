# Runs the whole sample study in a copy of it: the results that several tests read.
file(REMOVE_RECURSE ${FOLDER})
file(COPY ${SOURCE}/sample_data/us_allied_ree/ DESTINATION ${FOLDER})
file(REMOVE_RECURSE ${FOLDER}/results)  # of a demo run before the tests
execute_process(COMMAND ${PROGRAM} study run study.toml --jobs 1 --json WORKING_DIRECTORY ${FOLDER}
                OUTPUT_FILE ${FOLDER}/said.json COMMAND_ERROR_IS_FATAL ANY)
