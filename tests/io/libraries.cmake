# GDAL and SQLite make files that the writers never would.
target_link_libraries(test_io PRIVATE SQLite::SQLite3 GDAL::GDAL)
