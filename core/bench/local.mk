noinst_LIBRARIES += core/bench/libbench.a
core_bench_libbench_a_SOURCES = \
	core/bench/analysis.c core/bench/analysis.h \
	core/bench/fio.c core/bench/fio.h \
	core/bench/histogram.c core/bench/histogram.h \
	core/bench/host_facts.c core/bench/host_facts.h \
	core/bench/lone.c core/bench/lone.h \
	core/bench/measure.c core/bench/measure.h core/bench/measure_private.h \
	core/bench/measure_loops.c core/bench/measure_linux.c core/bench/measure_pulse.c \
	core/bench/plan.c core/bench/plan.h \
	core/bench/plan_file.c \
	core/bench/plan_parts.h \
	core/bench/plan_table.c \
	core/bench/plan_text.c \
	core/bench/report.c core/bench/report.h \
	core/bench/report_html.c \
	core/bench/report_table.c \
	core/bench/results.c core/bench/results.h \
	core/bench/run.c core/bench/run.h \
	core/bench/sample.c core/bench/sample.h \
	core/bench/sheets.c core/bench/sheets.h \
	core/bench/simulate.c core/bench/simulate.h \
	core/bench/stats.c core/bench/stats.h \
	core/bench/store.c core/bench/store.h \
	core/bench/store_flat.c \
	core/bench/store_parts.h \
	core/bench/store_read.c \
	core/bench/store_schema.c \
	core/bench/talk.c core/bench/talk.h \
	core/bench/window.c core/bench/window.h \
	core/bench/versus.c core/bench/versus.h \
	core/bench/words.c core/bench/words.h
core_bench_libbench_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(JANSSON_CFLAGS)
if WITH_CHARTS
core_bench_libbench_a_SOURCES += core/bench/chart.c core/bench/chart.h \
	core/bench/chart_draw.c core/bench/chart_draw.h \
	core/bench/chart_panels.c core/bench/chart_panels.h
core_bench_libbench_a_CFLAGS += $(PANGO_CFLAGS)
else
core_bench_libbench_a_SOURCES += core/bench/chart.h core/bench/chart_none.c
endif
