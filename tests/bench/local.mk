# `make bench`: measures, compares, writes tests/bench/RESULTS.md.  Not part of `make check`.
EXTRA_PROGRAMS = tests/bench/bare tests/bench/acts
tests_bench_bare_SOURCES = tests/bench/bare.c
tests_bench_bare_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_bench_bare_LDADD = $(LIBVIRT_LIBS)
tests_bench_acts_SOURCES = tests/bench/acts.c
tests_bench_acts_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_bench_acts_LDADD = $(LIBVIRT_LIBS)
CLEANFILES += tests/bench/bare tests/bench/acts
EXTRA_DIST += tests/bench/bench.py tests/bench/lab.py tests/bench/lens.py tests/bench/part_actions.py tests/bench/part_influence.py \
  tests/bench/part_memory.py tests/bench/part_tracing.py tests/bench/part_views.py tests/bench/part_watching.py tests/bench/RESULTS.md

BENCH_ARGS =
.PHONY: bench
bench: virtlens tests/bench/bare tests/bench/acts tests/live/memory_calls conf/pulse.img
	python3 $(srcdir)/tests/bench/bench.py --virtlens ./virtlens --bare tests/bench/bare --acts tests/bench/acts --pulse conf/pulse.img \
	  --results $(srcdir)/tests/bench/RESULTS.md $(BENCH_ARGS)
