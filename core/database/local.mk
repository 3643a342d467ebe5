noinst_LIBRARIES += core/database/libdatabase.a
core_database_libdatabase_a_SOURCES = \
	core/database/database.h \
	core/database/feed.c core/database/feed.h \
	core/database/place.c core/database/place.h \
	core/database/request_table.c core/database/request_table.h \
	core/database/spool.c core/database/spool.h
if WITH_MARIADB
core_database_libdatabase_a_SOURCES += core/database/database_mariadb.c
else
core_database_libdatabase_a_SOURCES += core/database/database_none.c
endif
core_database_libdatabase_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(MARIADB_CFLAGS)
