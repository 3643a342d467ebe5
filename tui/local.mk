# The room of the screen is a library too, so that its tests can link it.
noinst_LIBRARIES += tui/libtui.a
tui_libtui_a_SOURCES = \
	tui/act.c tui/act.h \
	tui/app.c tui/app.h \
	tui/app_guests.c \
	tui/app_keys.c \
	tui/app_private.h \
	tui/app_settings.c \
	tui/app_stack.c \
	tui/canvas.c tui/canvas.h \
	tui/canvas_internal.h \
	tui/chain_view.c \
	tui/vfs_view.c \
	tui/ssh_view.c \
	tui/account_rows.c tui/host_view.c tui/explain_rows.c tui/exit_span_rows.c tui/exits_rows.c tui/span_rows.c tui/steal_rows.c \
	tui/chrome.c tui/chrome.h \
	tui/columns.c tui/columns.h \
	tui/commands.c tui/commands.h \
	tui/compare_view.c \
	tui/diff.c tui/diff.h \
	tui/console_view.c \
	tui/detail_inside.c \
	tui/detail_rows.c tui/detail_rows.h \
	tui/detail_view.c \
	tui/edit_disks.c tui/edit_disks.h \
	tui/edit_view.c \
	tui/editor.c tui/editor.h \
	tui/emulator.c tui/emulator.h \
	tui/figures.c tui/figures.h \
	tui/form.c tui/form.h \
	tui/form_draw.c tui/form_draw.h \
	tui/form_view.c \
	tui/graph.c \
	tui/help_view.c \
	tui/hints.c tui/hints.h \
	tui/judge.c tui/judge.h \
	tui/keys.c tui/keys.h \
	tui/layout.c tui/layout.h \
	tui/lines.c tui/lines.h \
	tui/list_view.c \
	tui/memory_rows.c tui/memory_rows.h \
	tui/memory_view.c \
	tui/menu.c tui/menu.h \
	tui/menus.c \
	tui/outlet.c tui/outlet.h \
	tui/overview.c tui/overview.h \
	tui/palette.c tui/palette.h \
	tui/pane.h \
	tui/pane_events.c \
	tui/pane_guest.c \
	tui/pane_host.c \
	tui/pane_table.c \
	tui/picker.c tui/picker.h \
	tui/prompt.c tui/prompt.h \
	tui/prompt_view.c \
	tui/question_view.c \
	tui/recover_view.c \
	tui/results_view.c \
	tui/screen.c tui/screen.h \
	tui/script.c tui/script.h \
	tui/snapshots_view.c \
	tui/table.c tui/table.h \
	tui/terminal.c tui/terminal.h \
	tui/theme.c tui/theme.h \
	tui/view.h \
	tui/views.h
tui_libtui_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(CURSES_CFLAGS) $(VTERM_CFLAGS)

CORE_LIBS = core/engine/libengine.a core/bench/libbench.a core/session/libsession.a \
	core/database/libdatabase.a core/virt/libvirtroom.a \
	core/host/libhost.a conf/libconf.a core/model/libmodel.a core/base/libbase.a
SYSTEM_LIBS = $(LIBVIRT_LIBS) $(LIBXML_LIBS) $(MNL_LIBS) $(STATGRAB_LIBS) $(SQLITE_LIBS) $(MARIADB_LIBS) \
	$(JANSSON_LIBS) $(PNG_LIBS) $(PANGO_LIBS) $(GLIB_LIBS) -lm

bin_PROGRAMS += virtlens
virtlens_SOURCES = tui/cli.c tui/cli.h tui/main.c
virtlens_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(CURSES_CFLAGS)
virtlens_LDADD = tui/libtui.a $(CORE_LIBS) $(CURSES_LIBS) $(VTERM_LIBS) $(SYSTEM_LIBS)
