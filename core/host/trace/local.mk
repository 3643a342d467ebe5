# Tracing: programs for the kernel, and the one program of ours that has the privilege to load them.
kernel_side = core/host/bpf/memory.bpf.c core/host/bpf/block.bpf.c core/host/bpf/cpu.bpf.c core/host/bpf/exit.bpf.c core/host/bpf/spans.bpf.h \
	core/host/bpf/turns.h core/host/bpf/core_types.h core/host/bpf/memory.h core/host/bpf/spans.h core/host/bpf/common.h
EXTRA_DIST += $(kernel_side)

if WITH_BPF
# bpftool leaves out what debuggers alone need, with the names of folders in it.
bpf_skeletons = core/host/bpf/memory.skel.h core/host/bpf/block.skel.h core/host/bpf/cpu.skel.h \
	core/host/bpf/exit.skel.h
bpf_objects = $(bpf_skeletons:.skel.h=.bpf.o)
$(bpf_objects): %.bpf.o: $(kernel_side)
	$(AM_V_GEN)$(MKDIR_P) core/host/bpf && \
	$(CLANG) -g -O2 -Wall -Werror -target bpf -mcpu=v3 -I"$(top_srcdir)" $(BPF_CPPFLAGS) $(BPF_CFLAGS) \
	  -c "$(top_srcdir)/$*.bpf.c" -o $@.tmp && \
	$(BPFTOOL) gen object $@ $@.tmp && rm -f $@.tmp
$(bpf_skeletons): %.skel.h: %.bpf.o
	$(AM_V_GEN){ echo '#pragma GCC system_header' && \
	  $(BPFTOOL) gen skeleton $< name $(*F)_bpf; } > $@.tmp && mv $@.tmp $@
BUILT_SOURCES += $(bpf_skeletons)
CLEANFILES += $(bpf_skeletons) $(bpf_objects)

pkglibexec_PROGRAMS += virtlens-trace
virtlens_trace_SOURCES = core/host/trace/virtlens_trace.c \
	core/host/trace/privilege.c core/host/trace/privilege.h \
	core/host/trace/sums.c core/host/trace/sums.h \
	core/host/trace/tracer.h core/host/trace/tracer_memory.c core/host/trace/tracer_spans.c \
	core/host/trace/wire.c core/host/trace/wire.h
nodist_virtlens_trace_SOURCES = $(bpf_skeletons)
core/host/trace/virtlens_trace-tracer_memory.$(OBJEXT): core/host/bpf/memory.skel.h
core/host/trace/virtlens_trace-tracer_spans.$(OBJEXT): $(bpf_skeletons)
virtlens_trace_CFLAGS = $(AM_CFLAGS) $(BPF_CFLAGS)
virtlens_trace_LDADD = $(BPF_LIBS)

# As root, after make install: those in group TRACE_GROUP may trace, and nobody else.
TRACE_GROUP = virtlens-trace
TRACE_CAPABILITIES = cap_bpf,cap_perfmon,cap_dac_read_search=p
trace-privilege:
	getent group $(TRACE_GROUP) > /dev/null || groupadd --system $(TRACE_GROUP)
	chgrp $(TRACE_GROUP) "$(DESTDIR)$(pkglibexecdir)/virtlens-trace"
	chmod 0750 "$(DESTDIR)$(pkglibexecdir)/virtlens-trace"
	setcap $(TRACE_CAPABILITIES) "$(DESTDIR)$(pkglibexecdir)/virtlens-trace"
endif
.PHONY: trace-privilege
