noinst_LIBRARIES += core/host/libhost.a
core_host_libhost_a_SOURCES = \
	core/host/flow.c core/host/flow.h \
	core/host/group.c core/host/group.h \
	core/host/host.c core/host/host.h \
	core/host/host_proc.c core/host/host_proc.h \
	core/host/host_statgrab.c core/host/host_statgrab.h \
	core/host/look.c core/host/look.h \
	core/host/look_group.c core/host/look_group.h \
	core/host/span.c core/host/span.h \
	core/host/trace.c core/host/trace.h core/host/trace_private.h \
	core/host/trace_memory.c \
	core/host/trace_spans.c \
	core/host/trace/wire.c core/host/trace/wire.h \
	core/host/bpf/memory.h core/host/bpf/spans.h core/host/bpf/common.h
core_host_libhost_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(STATGRAB_CFLAGS)
