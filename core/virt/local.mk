noinst_LIBRARIES += core/virt/libvirtroom.a
core_virt_libvirtroom_a_SOURCES = \
	core/virt/act.c core/virt/acting.h \
	core/virt/act_delete.c \
	core/virt/act_launch.c \
	core/virt/act_tour.c \
	core/virt/advice.c core/virt/advice.h \
	core/virt/backing.c core/virt/backing.h \
	core/virt/blueprint.c core/virt/blueprint.h \
	core/virt/disks.c \
	core/virt/domain_build.c \
	core/virt/domain_xml.c core/virt/domain_xml.h \
	core/virt/events.c core/virt/events.h \
	core/virt/internal.h \
	core/virt/kvm.c core/virt/kvm.h \
	core/virt/lab.c \
	core/virt/launch_mark.c \
	core/virt/light.c core/virt/light.h \
	core/virt/node.c core/virt/node.h \
	core/virt/offers_read.c \
	core/virt/open.c \
	core/virt/plan.c core/virt/plan.h \
	core/virt/platform.c core/virt/platform.h \
	core/virt/preview.c \
	core/virt/process.c core/virt/process.h \
	core/virt/quiet.c core/virt/quiet.h \
	core/virt/reader.c core/virt/reader.h \
	core/virt/roster.c core/virt/roster.h \
	core/virt/scanner.c \
	core/virt/setup.c \
	core/virt/snapshots.c core/virt/snapshots.h \
	core/virt/state.h \
	core/virt/stats.c core/virt/stats.h \
	core/virt/template.c core/virt/template.h \
	core/virt/virt.c \
	core/virt/virt.h \
	core/virt/volumes.c core/virt/volumes.h \
	core/virt/xml_build.c core/virt/xml_build.h \
	core/virt/xml_read.c core/virt/xml_read.h
core_virt_libvirtroom_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
core/virt/libvirtroom_a-disks.$(OBJEXT): conf/pulse_image.h
