# Text files that are compiled in, so that the program needs nothing installed beside it.
EMBEDDED_FILES = conf/virtlens.conf \
	conf/plans/quick.plan conf/plans/reference.plan conf/plans/standard.plan conf/plans/thorough.plan \
	conf/themes/amber.theme conf/themes/contrast.theme conf/themes/default.theme \
	conf/themes/light.theme conf/themes/mono.theme conf/themes/solarized.theme
EXTRA_DIST += conf/embed.sh $(EMBEDDED_FILES)

noinst_LIBRARIES += conf/libconf.a
conf_libconf_a_SOURCES = conf/embedded.h
nodist_conf_libconf_a_SOURCES = conf/embedded.c
conf/embedded.c: conf/embed.sh $(EMBEDDED_FILES) $(srcdir)/conf/local.mk
	$(AM_V_GEN)$(MKDIR_P) conf && for f in $(EMBEDDED_FILES); do set -- "$$@" "$(srcdir)/$$f"; done; \
	  sh "$(srcdir)/conf/embed.sh" "$$@" > $@.tmp && mv $@.tmp $@
CLEANFILES += conf/embedded.c

# pulse, the guest of one sector: assembled, then compiled in as bytes.
EXTRA_DIST += conf/guests/pulse.S conf/guests/image-header.sh
BUILT_SOURCES += conf/pulse_image.h
CLEANFILES += conf/pulse_image.h conf/pulse.o conf/pulse.img

conf/pulse.img: $(top_srcdir)/conf/guests/pulse.S
	@$(MKDIR_P) conf
	$(AM_V_GEN)$(AS) --32 -o conf/pulse.o "$(top_srcdir)/conf/guests/pulse.S" && \
	$(LD) -m elf_i386 -Ttext=0x7c00 --oformat=binary -o $@ conf/pulse.o

conf/pulse_image.h: conf/pulse.img $(top_srcdir)/conf/guests/image-header.sh
	$(AM_V_GEN)$(SHELL) "$(top_srcdir)/conf/guests/image-header.sh" conf/pulse.img pulse_image > $@.tmp && mv $@.tmp $@

# The JSON Schemas of the export, of host verification and of results of benchmarks, made from the code's tables (make update-schema).
SCHEMAS = conf/virtlens-export.schema.json conf/virtlens-check.schema.json conf/virtlens-results.schema.json
pkgdata_DATA += $(SCHEMAS)
EXTRA_DIST += $(SCHEMAS)

# What computes in a benchmark, on the host and in the guest: as it is, in a build with sanitizers, too.
pkglibexec_PROGRAMS += virtlens-loops
virtlens_loops_SOURCES = conf/guests/loops.c
virtlens_loops_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -O2
virtlens_loops_LDFLAGS =

# Makes the other guest, a small Linux.
dist_bin_SCRIPTS = conf/guests/virtlens-mklinux
