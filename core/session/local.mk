noinst_LIBRARIES += core/session/libsession.a
core_session_libsession_a_SOURCES = \
	core/session/blob.c core/session/blob.h \
	core/session/checkup_json.c core/session/checkup_json.h \
	core/session/export.c core/session/export.h \
	core/session/export_files.c \
	core/session/import.c core/session/import.h \
	core/session/import_table.c core/session/import_table.h \
	core/session/info_blob.c \
	core/session/info_json.c core/session/info_json.h \
	core/session/info_parse.c \
	core/session/journal.c core/session/journal.h \
	core/session/journal_db.h \
	core/session/journal_memory.c \
	core/session/journal_span.c \
	core/session/journal_over.c \
	core/session/journal_read.c \
	core/session/journal_write.c \
	core/session/json_read.c core/session/json_read.h \
	core/session/json_stream.c core/session/json_stream.h \
	core/session/json_value.c core/session/json_value.h \
	core/session/lock.c core/session/lock.h \
	core/session/memory_json.c core/session/memory_json.h \
	core/session/record.c core/session/record.h \
	core/session/recorder.c core/session/recorder.h \
	core/session/scan_blob.h \
	core/session/scan_decode.c \
	core/session/scan_encode.c \
	core/session/scan_json.c core/session/scan_json.h \
	core/session/scan_parse.c \
	core/session/scan_parts.h \
	core/session/schema.c core/session/schema.h \
	core/session/span_json.c core/session/span_json.h \
	core/session/totals.c core/session/totals.h
core_session_libsession_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
