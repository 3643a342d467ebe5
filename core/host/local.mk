noinst_LIBRARIES += core/host/libhost.a
core_host_libhost_a_SOURCES = \
	core/host/host.h
core_host_libhost_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(STATGRAB_CFLAGS)
