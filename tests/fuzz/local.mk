# Fuzzing of what core/engine reads; see session.mk.
engine_fuzz = tests/fuzz/fuzz_settings tests/fuzz/fuzz_command
check_PROGRAMS += $(engine_fuzz)
engine_fuzz_libs = $(CORE_LIBS) $(SYSTEM_LIBS)

tests_fuzz_fuzz_settings_SOURCES = tests/fuzz/fuzz_settings.c tests/fuzz/fuzz.h $(session_fuzz_driver)
tests_fuzz_fuzz_settings_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
tests_fuzz_fuzz_settings_LDFLAGS = $(session_fuzz_ldflags)
tests_fuzz_fuzz_settings_LDADD = $(engine_fuzz_libs)
tests_fuzz_fuzz_command_SOURCES = tests/fuzz/fuzz_command.c tests/fuzz/fuzz.h $(session_fuzz_driver)
tests_fuzz_fuzz_command_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
tests_fuzz_fuzz_command_LDFLAGS = $(session_fuzz_ldflags)
tests_fuzz_fuzz_command_LDADD = $(engine_fuzz_libs)
