# Manual pages and completion are made at build time from the program's tables.
noinst_PROGRAMS += man/mkman
man_mkman_SOURCES = man/mkman.c tui/cli.c tui/cli.h
man_mkman_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
man_mkman_LDADD = tui/libtui.a $(CORE_LIBS) $(CURSES_LIBS) $(VTERM_LIBS) $(SYSTEM_LIBS)

EXTRA_DIST += man/virtlens.1.in man/virtlens.5.in
man_MANS = man/virtlens.1 man/virtlens.5
man/virtlens.1: man/virtlens.1.in man/mkman$(EXEEXT)
	$(AM_V_GEN)man/mkman page $(PACKAGE_VERSION) "$(srcdir)/man/virtlens.1.in" > $@.tmp && mv $@.tmp $@
man/virtlens.5: man/virtlens.5.in man/mkman$(EXEEXT)
	$(AM_V_GEN)man/mkman page $(PACKAGE_VERSION) "$(srcdir)/man/virtlens.5.in" > $@.tmp && mv $@.tmp $@
man/completion/virtlens: man/mkman$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man/completion && man/mkman completion > $@.tmp && mv $@.tmp $@

completiondir = $(datadir)/bash-completion/completions
completion_DATA = man/completion/virtlens
CLEANFILES += $(man_MANS) man/completion/virtlens
