noinst_LIBRARIES += core/virt/libvirtroom.a
core_virt_libvirtroom_a_SOURCES = \
	core/virt/internal.h \
	core/virt/virt.h
core_virt_libvirtroom_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
