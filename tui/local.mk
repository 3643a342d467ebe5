# The room of the screen is a library too, so that its tests can link it.
noinst_LIBRARIES += tui/libtui.a
tui_libtui_a_SOURCES = \
	tui/app.h \
	tui/canvas.h \
	tui/editor.c tui/editor.h \
	tui/form.c tui/form.h \
	tui/form_draw.c tui/form_draw.h \
	tui/form_guest.c \
	tui/keys.h \
	tui/lines.c tui/lines.h \
	tui/menu.c tui/menu.h \
	tui/prompt.c tui/prompt.h \
	tui/prompt_view.c \
	tui/question.c \
	tui/terminal.h \
	tui/theme.h \
	tui/view.h \
	tui/view_lists.c \
	tui/view_recover.c \
	tui/views.h
tui_libtui_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(CURSES_CFLAGS)

CORE_LIBS = core/engine/libengine.a core/session/libsession.a core/virt/libvirtroom.a \
	core/host/libhost.a conf/libconf.a core/model/libmodel.a core/base/libbase.a
SYSTEM_LIBS = $(LIBVIRT_LIBS) $(LIBXML_LIBS) $(STATGRAB_LIBS) $(SQLITE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS) -lm
