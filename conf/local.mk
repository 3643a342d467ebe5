# Text files that are compiled in, so that the program needs nothing installed beside it.
EMBEDDED_FILES = conf/virtlens.conf
EXTRA_DIST += conf/embed.sh $(EMBEDDED_FILES)

noinst_LIBRARIES += conf/libconf.a
conf_libconf_a_SOURCES = conf/embedded.h
nodist_conf_libconf_a_SOURCES = conf/embedded.c
conf/embedded.c: conf/embed.sh $(EMBEDDED_FILES) $(srcdir)/conf/local.mk
	$(AM_V_GEN)$(MKDIR_P) conf && for f in $(EMBEDDED_FILES); do set -- "$$@" "$(srcdir)/$$f"; done; \
	  sh "$(srcdir)/conf/embed.sh" "$$@" > $@.tmp && mv $@.tmp $@
CLEANFILES += conf/embedded.c
