# The made-up engine of the screen's tests: link it before CORE_LIBS, it stands in for libengine's engine.
FAKE_LIB = tests/fake/libfake.a
check_LIBRARIES += $(FAKE_LIB)
tests_fake_libfake_a_SOURCES = tests/fake/fake.h tests/fake/fake_act.c tests/fake/fake_ask.c \
	tests/fake/fake_chain.c tests/fake/fake_console.c tests/fake/fake_explanation.c tests/fake/fake_functions.c tests/fake/fake_host.c \
	tests/fake/fake_memory.c tests/fake/fake_spans.c \
	tests/fake/fake_engine.c tests/fake/fake_inside.c tests/fake/fake_private.h tests/fake/fake_snapshots.c tests/fake/fake_world.c
tests_fake_libfake_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
