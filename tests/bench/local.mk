# `make bench`: measures, compares, writes tests/bench/RESULTS.md.  Not part of `make check`.
EXTRA_PROGRAMS = tests/bench/bare
tests_bench_bare_SOURCES = tests/bench/bare.c
tests_bench_bare_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_bench_bare_LDADD = $(LIBVIRT_LIBS)
CLEANFILES += tests/bench/bare
EXTRA_DIST += tests/bench/bench.py tests/bench/lab.py tests/bench/lens.py tests/bench/part_influence.py \
  tests/bench/part_memory.py tests/bench/part_watching.py tests/bench/RESULTS.md

BENCH_ARGS =
.PHONY: bench
bench: virtlens tests/bench/bare conf/pulse.img
	python3 $(srcdir)/tests/bench/bench.py --virtlens ./virtlens --bare tests/bench/bare --pulse conf/pulse.img \
	  --results $(srcdir)/tests/bench/RESULTS.md $(BENCH_ARGS)
