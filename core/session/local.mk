noinst_LIBRARIES += core/session/libsession.a
core_session_libsession_a_SOURCES = \
	core/session/export.h \
	core/session/record.h \
	core/session/recorder.h
core_session_libsession_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
