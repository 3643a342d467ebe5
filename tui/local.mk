# The room of the screen is a library too, so that its tests can link it.
noinst_LIBRARIES += tui/libtui.a
tui_libtui_a_SOURCES = \
	tui/app.h \
	tui/canvas.h \
	tui/keys.h \
	tui/terminal.h \
	tui/theme.h \
	tui/view.h \
	tui/views.h
tui_libtui_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(CURSES_CFLAGS)

CORE_LIBS = core/engine/libengine.a core/session/libsession.a core/virt/libvirtroom.a \
	core/host/libhost.a conf/libconf.a core/model/libmodel.a core/base/libbase.a
SYSTEM_LIBS = $(LIBVIRT_LIBS) $(LIBXML_LIBS) $(STATGRAB_LIBS) $(SQLITE_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS) -lm
