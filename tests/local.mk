# Every test runs under a time limit, so that nothing hangs for ever.
LOG_COMPILER = $(SHELL) "$(top_srcdir)/tests/with-timeout"
SH_LOG_COMPILER = $(LOG_COMPILER)
PY_LOG_COMPILER = $(LOG_COMPILER)
EXTRA_DIST += tests/tree.sh tests/with-timeout tests/check.sh tests/lint.sh tests/cppcheck.txt .clang-tidy

check_PROGRAMS += tests/reaper
tests_reaper_SOURCES = tests/reaper.c

# The rules of HACKING, proven.
dist_check_SCRIPTS += tests/check-layers.sh tests/check-layers-itself.sh tests/check-format.sh
TESTS += tests/check-layers.sh tests/check-layers-itself.sh tests/check-format.sh

list-tests:
	@echo $(TESTS)
lint: $(BUILT_SOURCES)
	$(SHELL) "$(top_srcdir)/tests/lint.sh" -std=gnu11 -D_GNU_SOURCE -DHAVE_CONFIG_H '-DG_LOG_DOMAIN="virtlens"' '-DTEST_DATA="tests/data"' \
	  '-DPKGLIBEXECDIR="$(pkglibexecdir)"' -I. \
	  $(GLIB_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS) $(MNL_CFLAGS) $(STATGRAB_CFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS) $(PNG_CFLAGS) $(PANGO_CFLAGS) \
	  $(CURSES_CFLAGS) $(CRITERION_CFLAGS) $(VTERM_CFLAGS)
.PHONY: list-tests lint

# Each kind of test has its own part.
include tests/fake/local.mk
include tests/unit/local.mk
include tests/unit/session.mk
include tests/unit/bench.mk
include tests/formats/local.mk
include tests/screen/local.mk
include tests/live/local.mk
include tests/bench/local.mk
include tests/fuzz/local.mk
include tests/fuzz/session.mk

# What the sanitizers are to overlook in libraries; GLib's own allocator hides from them who frees what.
EXTRA_DIST += tests/lsan.supp tests/tsan.supp
AM_TESTS_ENVIRONMENT = G_SLICE=always-malloc; export G_SLICE; \
	LSAN_OPTIONS="suppressions='$(abs_top_srcdir)/tests/lsan.supp' print_suppressions=0 $$LSAN_OPTIONS"; export LSAN_OPTIONS; \
	TSAN_OPTIONS="suppressions='$(abs_top_srcdir)/tests/tsan.supp' atexit_sleep_ms=0 ignore_noninstrumented_modules=1 $$TSAN_OPTIONS"; \
	export TSAN_OPTIONS;
