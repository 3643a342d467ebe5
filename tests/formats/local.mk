# What batch output says, read by parsers we did not write; and the command line.
check_PROGRAMS += tests/formats/sample
tests_formats_sample_SOURCES = tests/formats/sample.c
tests_formats_sample_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
tests_formats_sample_LDADD = $(CORE_LIBS) $(SYSTEM_LIBS)
dist_check_SCRIPTS += tests/formats/run tests/formats/check.py tests/cli.sh
TESTS += tests/formats/run tests/cli.sh
