# Unit tests of core/bench.
bench_tests = tests/unit/bench_fio tests/unit/bench_plan tests/unit/bench_report tests/unit/bench_simulate tests/unit/bench_stats tests/unit/bench_store
check_PROGRAMS += $(bench_tests)
TESTS += $(bench_tests)

tests_unit_bench_plan_SOURCES = tests/unit/bench_plan.c
tests_unit_bench_plan_CFLAGS = $(UNIT_CFLAGS)
tests_unit_bench_plan_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_bench_stats_SOURCES = tests/unit/bench_stats.c
tests_unit_bench_stats_CFLAGS = $(UNIT_CFLAGS)
tests_unit_bench_stats_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_bench_store_SOURCES = tests/unit/bench_store.c tests/unit/bench_sample.c tests/unit/bench_sample.h
tests_unit_bench_store_CFLAGS = $(UNIT_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_bench_store_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_bench_simulate_SOURCES = tests/unit/bench_simulate.c
tests_unit_bench_simulate_CFLAGS = $(UNIT_CFLAGS)
tests_unit_bench_simulate_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)

EXTRA_DIST += tests/data/fio
tests_unit_bench_fio_SOURCES = tests/unit/bench_fio.c
tests_unit_bench_fio_CFLAGS = $(UNIT_CFLAGS) '-DTEST_DATA="$(abs_srcdir)/tests/data"'
tests_unit_bench_fio_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
EXTRA_DIST += tests/data/bench
tests_unit_bench_report_SOURCES = tests/unit/bench_report.c tests/unit/bench_sample.c tests/unit/bench_sample.h
tests_unit_bench_report_CFLAGS = $(UNIT_CFLAGS) '-DTEST_DATA="$(abs_srcdir)/tests/data"'
tests_unit_bench_report_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
