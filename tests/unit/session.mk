# The tests of core/session: journal, recorder, export, record.
session_tests = tests/unit/session_journal tests/unit/session_recorder tests/unit/session_export \
	tests/unit/session_record tests/unit/session_memory tests/unit/session_span
check_PROGRAMS += $(session_tests)
TESTS += $(session_tests)

check_LIBRARIES += tests/unit/libsessiontest.a
tests_unit_libsessiontest_a_SOURCES = tests/unit/random_scan.c tests/unit/random_scan.h \
	tests/unit/scan_difference.c tests/unit/session_dir.c tests/unit/session_dir.h
tests_unit_libsessiontest_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(SQLITE_CFLAGS)

session_test_cflags = $(UNIT_CFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
session_test_ldadd = $(UNIT_LIBS) tests/unit/libsessiontest.a core/session/libsession.a \
	core/model/libmodel.a core/base/libbase.a $(SQLITE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS) -lm

tests_unit_session_journal_SOURCES = tests/unit/session_journal.c
tests_unit_session_journal_CFLAGS = $(session_test_cflags)
tests_unit_session_journal_LDADD = $(session_test_ldadd)
tests_unit_session_recorder_SOURCES = tests/unit/session_recorder.c
tests_unit_session_recorder_CFLAGS = $(session_test_cflags)
tests_unit_session_recorder_LDADD = $(session_test_ldadd)
tests_unit_session_export_SOURCES = tests/unit/session_export.c
tests_unit_session_export_CFLAGS = $(session_test_cflags)
tests_unit_session_export_LDADD = $(session_test_ldadd)
tests_unit_session_record_SOURCES = tests/unit/session_record.c
tests_unit_session_record_CFLAGS = $(session_test_cflags)
tests_unit_session_record_LDADD = $(session_test_ldadd)

tests_unit_session_memory_SOURCES = tests/unit/session_memory.c
tests_unit_session_memory_CFLAGS = $(session_test_cflags)
tests_unit_session_memory_LDADD = $(session_test_ldadd)

# Exports for the validator of tests/check-schema.sh.
check_PROGRAMS += tests/unit/make-exports
tests_unit_make_exports_SOURCES = tests/unit/make_exports.c
tests_unit_make_exports_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_make_exports_LDADD = tests/unit/libsessiontest.a core/session/libsession.a core/model/libmodel.a \
	core/base/libbase.a $(SQLITE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS) -lm
dist_check_SCRIPTS += tests/check-schema.sh
EXTRA_DIST += tests/validate-export.py tests/validate-results.py
TESTS += tests/check-schema.sh

# The schemas that conf/ ships.
noinst_PROGRAMS += tests/print-schema
tests_print_schema_SOURCES = tests/print_schema.c
tests_print_schema_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(JANSSON_CFLAGS)
tests_print_schema_LDADD = core/bench/libbench.a conf/libconf.a core/session/libsession.a core/model/libmodel.a core/base/libbase.a $(SQLITE_LIBS) \
	$(JANSSON_LIBS) $(GLIB_LIBS) -lm
update-schema: tests/print-schema
	$(AM_V_GEN)for what in export check results; do tests/print-schema $$what > schema.tmp && \
	  mv schema.tmp "$(top_srcdir)/conf/virtlens-$$what.schema.json" || exit 1; done
.PHONY: update-schema
tests_unit_session_span_SOURCES = tests/unit/session_span.c
tests_unit_session_span_CFLAGS = $(session_test_cflags)
tests_unit_session_span_LDADD = $(session_test_ldadd)
