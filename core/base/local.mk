noinst_LIBRARIES += core/base/libbase.a
core_base_libbase_a_SOURCES = \
	core/base/clock.c core/base/clock.h \
	core/base/error.c core/base/error.h \
	core/base/log.c core/base/log.h \
	core/base/path.c core/base/path.h \
	core/base/proc.c core/base/proc.h \
	core/base/ref.h \
	core/base/text.c core/base/text.h \
	core/base/units.c core/base/units.h
core_base_libbase_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
