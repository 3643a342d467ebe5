noinst_LIBRARIES += core/base/libbase.a
core_base_libbase_a_SOURCES = \
	core/base/clock.c core/base/clock.h \
	core/base/error.c core/base/error.h \
	core/base/keyfile.c core/base/keyfile.h \
	core/base/log.c core/base/log.h \
	core/base/path.c core/base/path.h \
	core/base/port.c core/base/port.h \
	core/base/proc.c core/base/proc.h \
	core/base/ref.h \
	core/base/text.c core/base/text.h \
	core/base/units.c core/base/units.h
core_base_libbase_a_CPPFLAGS = $(AM_CPPFLAGS) -DPKGLIBEXECDIR=\"$(pkglibexecdir)\"
core_base_libbase_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
# The address sanitizer's allocator is made ready for forks (see the file); nobody calls what is in there by its name.
if ASAN
core_base_libbase_a_SOURCES += core/base/asan_fork.c
AM_LDFLAGS += -Wl,--undefined=asan_fork_linked
endif
# The thread sanitizer is told of GLib's locks (see the file).
if TSAN
core_base_libbase_a_SOURCES += core/base/tsan_glib.c
AM_LDFLAGS += -Wl,--wrap=g_mutex_lock,--wrap=g_mutex_unlock,--wrap=g_cond_wait,--wrap=g_cond_wait_until \
	-Wl,--wrap=g_async_queue_push,--wrap=g_async_queue_pop,--wrap=g_async_queue_try_pop \
	-Wl,--wrap=g_async_queue_timeout_pop \
	-Wl,--wrap=g_thread_pool_new,--wrap=g_thread_pool_push,--wrap=g_thread_pool_free \
	-Wl,--allow-shlib-undefined
endif
