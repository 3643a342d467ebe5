noinst_LIBRARIES += core/engine/libengine.a
core_engine_libengine_a_SOURCES = \
	core/engine/command.h \
	core/engine/engine.h \
	core/engine/settings.h
core_engine_libengine_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(JANSSON_CFLAGS)
