# Keys in, screen out: scripts (*.play) played to the program on an emulated terminal.
# GENERATE=1 tests/screen/screenplay FILE.play writes the goldens of one; read them then.
EXTRA_DIST += $(SCREEN_PLAYS) $(SCREEN_GOLDENS)
SCREEN_PLAYS =
SCREEN_GOLDENS =
if HAVE_VTERM
check_PROGRAMS += tests/screen/screenplay
tests_screen_screenplay_SOURCES = tests/screen/screenplay.c tests/screen/term.c tests/screen/term.h
tests_screen_screenplay_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(VTERM_CFLAGS)
tests_screen_screenplay_LDADD = $(VTERM_LIBS) $(GLIB_LIBS) -lutil
TESTS += $(SCREEN_PLAYS)
endif
PLAY_LOG_COMPILER = $(LOG_COMPILER) tests/screen/screenplay
