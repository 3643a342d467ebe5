noinst_LIBRARIES += core/virt/libvirtroom.a
core_virt_libvirtroom_a_SOURCES = \
	core/virt/advice.c core/virt/advice.h \
	core/virt/domain_xml.c core/virt/domain_xml.h \
	core/virt/events.c core/virt/events.h \
	core/virt/internal.h \
	core/virt/light.c core/virt/light.h \
	core/virt/node.c core/virt/node.h \
	core/virt/open.c \
	core/virt/plan.c core/virt/plan.h \
	core/virt/reader.c core/virt/reader.h \
	core/virt/roster.c core/virt/roster.h \
	core/virt/scanner.c \
	core/virt/setup.c \
	core/virt/state.h \
	core/virt/stats.c core/virt/stats.h \
	core/virt/virt.c \
	core/virt/virt.h
core_virt_libvirtroom_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
