# Keys in, screen out: scripts (*.play) played to a program on an emulated terminal.
# `make goldens` writes what they are compared with.
SCREEN_PLAYS = tests/screen/ascii.play tests/screen/batch.play tests/screen/chain.play tests/screen/vfs.play tests/screen/clone.play tests/screen/console.play tests/screen/detail.play tests/screen/edit.play tests/screen/ends.play tests/screen/errors.play tests/screen/explain.play tests/screen/exits.play tests/screen/steal.play tests/screen/where.play tests/screen/host.play \
	tests/screen/filter.play tests/screen/form-launch.play tests/screen/form-sizes.play \
	tests/screen/form-template.play tests/screen/form.play tests/screen/hangup.play \
	tests/screen/help.play tests/screen/hostile.play tests/screen/lists.play \
	tests/screen/main-200x50.play tests/screen/main-40x12.play tests/screen/main-80x24.play \
	tests/screen/main-many.play tests/screen/memory.play tests/screen/menus.play tests/screen/mono.play tests/screen/mouse.play \
	tests/screen/prompt.play tests/screen/question-many.play tests/screen/question.play \
	tests/screen/readonly.play tests/screen/real-ends.play tests/screen/real-form.play \
	tests/screen/real-hostile.play tests/screen/recover.play tests/screen/replay.play tests/screen/results.play \
	tests/screen/snapshots.play tests/screen/sort.play tests/screen/ssh.play tests/screen/states.play tests/screen/stop.play tests/screen/undo.play tests/screen/suspend.play tests/screen/tag.play \
	tests/screen/term-256.play tests/screen/term-bad.play tests/screen/term-linux.play \
	tests/screen/term-screen.play
SCREEN_GOLDENS = tests/screen/goldens/results.screen tests/screen/goldens/results-sorted.screen tests/screen/goldens/results-runs.screen \
	tests/screen/goldens/results-baseline.screen tests/screen/goldens/results-40x12.screen tests/screen/goldens/ssh.screen tests/screen/goldens/ssh-40x12.screen tests/screen/goldens/form-ssh.screen \
	tests/screen/goldens/ascii-detail.screen tests/screen/goldens/ascii-form.screen \
	tests/screen/goldens/ascii-main.screen tests/screen/goldens/chain.screen tests/screen/goldens/vfs.screen tests/screen/goldens/vfs-question.screen tests/screen/goldens/vfs-40x12.screen \
	tests/screen/goldens/chain-40x12.screen tests/screen/goldens/clone-typed.screen tests/screen/goldens/columns-changed.screen tests/screen/goldens/console.screen tests/screen/goldens/console-back.screen \
	tests/screen/goldens/columns-menu.screen tests/screen/goldens/detail-160x50.screen \
	tests/screen/goldens/detail-40x12.screen tests/screen/goldens/detail-80x24.screen \
	tests/screen/goldens/detail-inside.screen tests/screen/goldens/edit.screen tests/screen/goldens/edit-40x12.screen tests/screen/goldens/edit-wrong.screen tests/screen/goldens/detail-inside-mute.screen tests/screen/goldens/hostile-inside.screen \
	tests/screen/goldens/events-moved.screen tests/screen/goldens/events.screen tests/screen/goldens/explain.screen \
	tests/screen/goldens/explain-40x12.screen tests/screen/goldens/explain-end.screen \
	tests/screen/goldens/exits-ide.screen tests/screen/goldens/exits-ide-end.screen tests/screen/goldens/exits-virtio.screen \
	tests/screen/goldens/exits-40x12.screen tests/screen/goldens/exits-tcg.screen tests/screen/goldens/steal.screen \
	tests/screen/goldens/host.screen tests/screen/goldens/host-end.screen tests/screen/goldens/host-40x12.screen \
	tests/screen/goldens/where.screen tests/screen/goldens/where-end.screen tests/screen/goldens/where-40x12.screen \
	tests/screen/goldens/steal-coloured.screen tests/screen/goldens/steal-40x12.screen tests/screen/goldens/steal-estimated.screen \
	tests/screen/goldens/filter-typing.screen tests/screen/goldens/form-120x30.screen \
	tests/screen/goldens/form-200x50.screen tests/screen/goldens/form-40x12-lower.screen \
	tests/screen/goldens/form-40x12-preview.screen tests/screen/goldens/form-40x12.screen \
	tests/screen/goldens/form-80x24.screen tests/screen/goldens/form-back.screen \
	tests/screen/goldens/form-failed.screen tests/screen/goldens/form-greyed.screen \
	tests/screen/goldens/form-image.screen tests/screen/goldens/form-launching.screen \
	tests/screen/goldens/form-qemu.screen tests/screen/goldens/form-refused.screen \
	tests/screen/goldens/form-template-bad.screen tests/screen/goldens/form-template-there.screen \
	tests/screen/goldens/form-templates.screen tests/screen/goldens/form-wrong.screen \
	tests/screen/goldens/help-40x12.screen tests/screen/goldens/help-search.screen \
	tests/screen/goldens/help.screen tests/screen/goldens/hostile-completion.screen \
	tests/screen/goldens/hostile-detail.screen tests/screen/goldens/hostile-main.screen \
	tests/screen/goldens/hostile-question.screen tests/screen/goldens/hostile-titles.screen \
	tests/screen/goldens/jobs-cancelled.screen tests/screen/goldens/jobs-failed.screen \
	tests/screen/goldens/main-200x50-last.screen tests/screen/goldens/main-200x50.screen \
	tests/screen/goldens/main-40x12.screen tests/screen/goldens/main-80x24.screen \
	tests/screen/goldens/main-many-last.screen tests/screen/goldens/memory.screen tests/screen/goldens/memory-each.screen tests/screen/goldens/memory-search.screen \
	tests/screen/goldens/memory-guest.screen tests/screen/goldens/memory-40x12.screen tests/screen/goldens/memory-ended.screen \
	tests/screen/goldens/mono-main.screen \
	tests/screen/goldens/prompt-40x12.screen tests/screen/goldens/prompt-bad.screen \
	tests/screen/goldens/prompt-choices.screen tests/screen/goldens/prompt-empty.screen \
	tests/screen/goldens/prompt-range.screen tests/screen/goldens/prompt-tab.screen \
	tests/screen/goldens/question-delete.screen tests/screen/goldens/question-force-off.screen \
	tests/screen/goldens/question-many-40x12.screen tests/screen/goldens/question-many.screen \
	tests/screen/goldens/readonly-form.screen tests/screen/goldens/recover.screen \
	tests/screen/goldens/replay-end.screen tests/screen/goldens/replay-explain.screen tests/screen/goldens/replay-memory.screen tests/screen/goldens/replay-step-back.screen \
	tests/screen/goldens/snapshots.screen tests/screen/goldens/snapshots-revert.screen \
	tests/screen/goldens/snapshots-risky.screen tests/screen/goldens/snapshots-compare.screen \
	tests/screen/goldens/snapshots-edit.screen \
	tests/screen/goldens/snapshots-40x12.screen tests/screen/goldens/sort-menu.screen tests/screen/goldens/sort-unknown.screen \
	tests/screen/goldens/stop-offer.screen tests/screen/goldens/undo-keep-disks.screen tests/screen/goldens/undo-deleted.screen tests/screen/goldens/batch-offer.screen tests/screen/goldens/batch-stopped.screen tests/screen/goldens/batch-delete.screen tests/screen/goldens/batch-delete-more.screen tests/screen/goldens/states-empty.screen tests/screen/goldens/states-failed.screen \
	tests/screen/goldens/states-opening.screen tests/screen/goldens/suspend-resized.screen \
	tests/screen/goldens/tag.screen tests/screen/goldens/term-256-main.screen \
	tests/screen/goldens/term-linux-main.screen tests/screen/goldens/term-screen-main.screen \
	tests/screen/goldens/theme-menu.screen tests/screen/goldens/theme-next.screen
EXTRA_DIST += $(SCREEN_PLAYS) $(SCREEN_GOLDENS)
check_PROGRAMS += tests/screen/screenplay tests/screen/fakelens tests/screen/make-replay
tests_screen_screenplay_SOURCES = tests/screen/screenplay.c tests/screen/shell.c tests/screen/shell.h \
	tests/screen/term.c tests/screen/term.h
tests_screen_screenplay_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(VTERM_CFLAGS)
tests_screen_screenplay_LDADD = $(VTERM_LIBS) $(GLIB_LIBS) -lutil
tests_screen_fakelens_SOURCES = tests/screen/fakelens.c
tests_screen_fakelens_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
tests_screen_fakelens_LDADD = tui/libtui.a $(FAKE_LIB) $(CORE_LIBS) $(CURSES_LIBS) $(VTERM_LIBS) $(SYSTEM_LIBS)
tests_screen_make_replay_SOURCES = tests/screen/make_replay.c
tests_screen_make_replay_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
tests_screen_make_replay_LDADD = $(FAKE_LIB) core/bench/libbench.a conf/libconf.a core/session/libsession.a core/model/libmodel.a core/base/libbase.a $(SQLITE_LIBS) $(JANSSON_LIBS) $(PANGO_LIBS) $(GLIB_LIBS) -lm
TESTS += $(SCREEN_PLAYS)
PLAY_LOG_COMPILER = $(LOG_COMPILER) env "BUILD=$(abs_top_builddir)" tests/screen/screenplay

# All goldens anew.  Read the difference (git diff tests/screen/goldens) before it is committed.
.PHONY: goldens
goldens: tests/screen/screenplay tests/screen/fakelens tests/screen/make-replay virtlens
	for play in $(SCREEN_PLAYS); do \
	  GENERATE=1 BUILD="$(abs_top_builddir)" tests/screen/screenplay $(srcdir)/$$play > /dev/null || exit 1; \
	done
