# Fuzzing of what core/session reads.  `make check` feeds the corpus of tests/data/fuzz; with
# --enable-fuzzing (clang) the harnesses are libFuzzer programs:
#   tests/fuzz/fuzz_import -max_total_time=300 NEW-CORPUS "$srcdir/tests/data/fuzz/import"
session_fuzz = tests/fuzz/fuzz_journal tests/fuzz/fuzz_import
check_PROGRAMS += $(session_fuzz) tests/fuzz/make-seeds
session_fuzz_cflags = $(AM_CFLAGS) $(GLIB_CFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
session_fuzz_libs = core/session/libsession.a core/model/libmodel.a core/base/libbase.a $(SQLITE_LIBS) \
	$(JANSSON_LIBS) $(GLIB_LIBS) -lm
if FUZZING
session_fuzz_driver =
session_fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
else
session_fuzz_driver = tests/fuzz/driver.c
session_fuzz_ldflags = $(AM_LDFLAGS)
endif

tests_fuzz_fuzz_journal_SOURCES = tests/fuzz/fuzz_journal.c tests/fuzz/fuzz.h $(session_fuzz_driver)
tests_fuzz_fuzz_journal_CFLAGS = $(session_fuzz_cflags)
tests_fuzz_fuzz_journal_LDFLAGS = $(session_fuzz_ldflags)
tests_fuzz_fuzz_journal_LDADD = $(session_fuzz_libs)
tests_fuzz_fuzz_import_SOURCES = tests/fuzz/fuzz_import.c tests/fuzz/fuzz.h $(session_fuzz_driver)
tests_fuzz_fuzz_import_CFLAGS = $(session_fuzz_cflags)
tests_fuzz_fuzz_import_LDFLAGS = $(session_fuzz_ldflags)
tests_fuzz_fuzz_import_LDADD = $(session_fuzz_libs)
tests_fuzz_make_seeds_SOURCES = tests/fuzz/make_seeds.c
tests_fuzz_make_seeds_CFLAGS = $(session_fuzz_cflags)
tests_fuzz_make_seeds_LDADD = tests/unit/libsessiontest.a $(session_fuzz_libs)

dist_check_SCRIPTS += tests/check-fuzz.sh
EXTRA_DIST += tests/data/fuzz
TESTS += tests/check-fuzz.sh
