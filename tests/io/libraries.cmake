target_link_libraries(test_io PRIVATE SQLite::SQLite3)
