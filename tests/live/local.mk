EXTRA_DIST += tests/live/daemon.py

dist_check_SCRIPTS += tests/live/pulse.py tests/live/linux.py
check_DATA += conf/pulse.img
TESTS += tests/live/pulse.py tests/live/linux.py
dist_check_SCRIPTS += tests/live/session.py
TESTS += tests/live/session.py

# core/virt by itself, against real guests.
check_PROGRAMS += tests/live/virt_watch
tests_live_virt_watch_SOURCES = tests/live/virt_watch.c
tests_live_virt_watch_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(LIBVIRT_CFLAGS) $(JANSSON_CFLAGS)
tests_live_virt_watch_LDADD = $(CORE_LIBS) $(SYSTEM_LIBS)
dist_check_SCRIPTS += tests/live/virt_plain.py tests/live/virt_daemon.py tests/live/virt_embedded.py
EXTRA_DIST += tests/live/watch.py
TESTS += tests/live/virt_plain.py tests/live/virt_daemon.py tests/live/virt_embedded.py
dist_check_SCRIPTS += tests/live/play.py
TESTS += tests/live/play.py
