# Each kind of test has its own part.
include tests/unit/local.mk
include tests/screen/local.mk
include tests/live/local.mk
include tests/bench/local.mk
include tests/fuzz/local.mk
