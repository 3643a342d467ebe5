# Every test runs under a time limit, so that nothing hangs for ever.
LOG_COMPILER = $(SHELL) "$(top_srcdir)/tests/with-timeout"
SH_LOG_COMPILER = $(LOG_COMPILER)
PY_LOG_COMPILER = $(LOG_COMPILER)
EXTRA_DIST += tests/with-timeout

# Each kind of test has its own part.
include tests/unit/local.mk
include tests/unit/session.mk
include tests/formats/local.mk
include tests/screen/local.mk
include tests/live/local.mk
include tests/bench/local.mk
include tests/fuzz/local.mk
