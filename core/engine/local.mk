noinst_LIBRARIES += core/engine/libengine.a
core_engine_libengine_a_SOURCES = \
	core/engine/batch.c core/engine/batch.h \
	core/engine/batch_csv.c \
	core/engine/batch_format.c \
	core/engine/batch_json.c \
	core/engine/batch_openmetrics.c \
	core/engine/batch_private.h \
	core/engine/batch_text.c \
	core/engine/batch_play.c core/engine/batch_play.h \
	core/engine/bench.c core/engine/bench.h \
	core/engine/bench_guests.c core/engine/bench_guests.h \
	core/engine/check.c core/engine/check.h \
	core/engine/command.c core/engine/command.h \
	core/engine/complete.c core/engine/complete.h \
	core/engine/condition.c core/engine/condition.h \
	core/engine/engine.c core/engine/engine.h \
	core/engine/engine_act.c \
	core/engine/engine_ask.c \
	core/engine/engine_bench.c \
	core/engine/engine_console.c \
	core/engine/engine_feed.c \
	core/engine/engine_file.c \
	core/engine/engine_memory.c \
	core/engine/engine_results.c \
	core/engine/engine_poll.c \
	core/engine/engine_private.h \
	core/engine/engine_spans.c \
	core/engine/inbox.c core/engine/inbox.h \
	core/engine/jobs.c core/engine/jobs.h \
	core/engine/memory_batch.c core/engine/memory_batch.h \
	core/engine/memory_batch_write.c \
	core/engine/play.c core/engine/play.h \
	core/engine/replay.c core/engine/replay.h \
	core/engine/replay_state.h \
	core/engine/report.c core/engine/report.h \
	core/engine/run.c core/engine/run.h \
	core/engine/settings.c core/engine/settings.h \
	core/engine/settings_private.h \
	core/engine/settings_save.c
core_engine_libengine_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(JANSSON_CFLAGS)
