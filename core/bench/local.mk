EXTRA_DIST += core/bench/histogram.h core/bench/plan.h core/bench/results.h
