noinst_LIBRARIES += core/virt/libvirtroom.a
core_virt_libvirtroom_a_SOURCES = \
	core/virt/act.c core/virt/acting.h \
	core/virt/act_delete.c \
	core/virt/act_launch.c \
	core/virt/act_tour.c \
	core/virt/backing.c core/virt/backing.h \
	core/virt/conn/kvm.c core/virt/conn/kvm.h \
	core/virt/conn/lab.c core/virt/conn/lab.h \
	core/virt/conn/lab_conf.c core/virt/conn/lab_conf.h \
	core/virt/conn/lab_mark.c core/virt/conn/lab_mark.h \
	core/virt/conn/libvirt.c core/virt/conn/libvirt.h \
	core/virt/conn/uri.c core/virt/conn/uri.h \
	core/virt/conn/xml.c core/virt/conn/xml.h \
	core/virt/disks.c \
	core/virt/domain_xml.c core/virt/domain_xml.h \
	core/virt/events.c core/virt/events.h \
	core/virt/internal.h \
	core/virt/light.c core/virt/light.h \
	core/virt/node.c core/virt/node.h \
	core/virt/offers_read.c \
	core/virt/open.c \
	core/virt/plan.c core/virt/plan.h \
	core/virt/prepare/blueprint.c core/virt/prepare/blueprint.h \
	core/virt/prepare/domain_build.c core/virt/prepare/domain_build.h \
	core/virt/prepare/linux_kernel.c core/virt/prepare/linux_kernel.h \
	core/virt/prepare/platform.c core/virt/prepare/platform.h \
	core/virt/prepare/pulse.c core/virt/prepare/pulse.h \
	core/virt/prepare/sriov.c core/virt/prepare/sriov.h \
	core/virt/prepare/template.c core/virt/prepare/template.h \
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
	core/virt/virt.c \
	core/virt/virt.h \
	core/virt/volumes.c core/virt/volumes.h
core_virt_libvirtroom_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
core/virt/prepare/libvirtroom_a-pulse.$(OBJEXT): conf/pulse_image.h
