# Unit tests of core/bench.
bench_tests = tests/unit/bench_plan tests/unit/bench_stats
check_PROGRAMS += $(bench_tests)
TESTS += $(bench_tests)

tests_unit_bench_plan_SOURCES = tests/unit/bench_plan.c
tests_unit_bench_plan_CFLAGS = $(UNIT_CFLAGS)
tests_unit_bench_plan_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_bench_stats_SOURCES = tests/unit/bench_stats.c
tests_unit_bench_stats_CFLAGS = $(UNIT_CFLAGS)
tests_unit_bench_stats_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
