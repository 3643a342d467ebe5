noinst_LIBRARIES += core/virt/libvirtroom.a
core_virt_libvirtroom_a_SOURCES = \
	core/virt/conn/hub.c core/virt/conn/hub.h \
	core/virt/conn/hub_open.c \
	core/virt/conn/kvm.c core/virt/conn/kvm.h \
	core/virt/conn/lab.c core/virt/conn/lab.h \
	core/virt/conn/lab_conf.c core/virt/conn/lab_conf.h \
	core/virt/conn/image_lock.c core/virt/conn/image_lock.h \
	core/virt/conn/lab_mark.c core/virt/conn/lab_mark.h \
	core/virt/conn/libvirt.c core/virt/conn/libvirt.h \
	core/virt/conn/reach.c core/virt/conn/reach.h \
	core/virt/conn/qemu_conf.c core/virt/conn/qemu_conf.h \
	core/virt/conn/setup.c core/virt/conn/setup.h \
	core/virt/conn/uri.c core/virt/conn/uri.h \
	core/virt/conn/xml.c core/virt/conn/xml.h \
	core/virt/watch/domain_xml.c core/virt/watch/domain_xml.h \
	core/virt/watch/events.c core/virt/watch/events.h \
	core/virt/watch/heavy.c core/virt/watch/heavy.h \
	core/virt/watch/inside.c core/virt/watch/inside.h \
	core/virt/watch/light.c core/virt/watch/light.h \
	core/virt/watch/local.c core/virt/watch/local.h \
	core/virt/watch/node.c core/virt/watch/node.h \
	core/virt/watch/passed.c core/virt/watch/passed.h \
	core/virt/watch/plan.c core/virt/watch/plan.h \
	core/virt/watch/probe.c core/virt/watch/probe.h \
	core/virt/watch/process.c core/virt/watch/process.h \
	core/virt/watch/quiet.c core/virt/watch/quiet.h \
	core/virt/watch/reader.c core/virt/watch/reader.h \
	core/virt/watch/roster.c core/virt/watch/roster.h \
	core/virt/watch/scanner.c core/virt/watch/scanner.h \
	core/virt/watch/stats.c core/virt/watch/stats.h \
	core/virt/watch/tasks.c core/virt/watch/tasks.h \
	core/virt/watch/threads.c core/virt/watch/threads.h \
	core/virt/watch/vf_counters.c core/virt/watch/vf_counters.h \
	core/virt/watch/watch.c core/virt/watch/watch.h \
	core/virt/prepare/blueprint.c core/virt/prepare/blueprint.h core/virt/prepare/blueprint_nic.c \
	core/virt/prepare/clone.c core/virt/prepare/clone.h \
	core/virt/prepare/domain_build.c core/virt/prepare/domain_build.h \
	core/virt/prepare/hostdev.c core/virt/prepare/hostdev.h \
	core/virt/prepare/linux_kernel.c core/virt/prepare/linux_kernel.h \
	core/virt/prepare/macs.c core/virt/prepare/macs.h \
	core/virt/prepare/offers.c core/virt/prepare/offers.h \
	core/virt/prepare/platform.c core/virt/prepare/platform.h \
	core/virt/prepare/ports.c core/virt/prepare/ports.h \
	core/virt/prepare/preview.c core/virt/prepare/preview.h \
	core/virt/prepare/pulse.c core/virt/prepare/pulse.h \
	core/virt/prepare/redefine.c core/virt/prepare/redefine.h \
	core/virt/prepare/snapshot_plan.c core/virt/prepare/snapshot_plan.h \
	core/virt/prepare/nvme.c core/virt/prepare/nvme.h \
	core/virt/prepare/pci.c core/virt/prepare/pci.h \
	core/virt/prepare/pci_sysfs.c core/virt/prepare/pci_nodes.c \
	core/virt/prepare/sriov.c core/virt/prepare/sriov.h \
	core/virt/prepare/sriov_checks.c \
	core/virt/prepare/ssh_keys.c core/virt/prepare/ssh_keys.h \
	core/virt/prepare/template.c core/virt/prepare/template.h \
	core/virt/verify/explain.c core/virt/verify/explain.h \
	core/virt/verify/explain_devices.c core/virt/verify/explain_devices.h \
	core/virt/verify/explain_guest.c core/virt/verify/explain_guest.h \
	core/virt/verify/explain_sources.c core/virt/verify/explain_sources.h \
	core/virt/verify/facts.c core/virt/verify/facts.h \
	core/virt/verify/host_kind.c core/virt/verify/host_kind.h \
	core/virt/verify/look.h \
	core/virt/verify/look_devices.c core/virt/verify/look_guests.c core/virt/verify/look_host.c \
	core/virt/verify/look_tracing.c \
	core/virt/verify/verify.c core/virt/verify/verify.h \
	core/virt/verify/view.c core/virt/verify/view.h \
	core/virt/act/act.c core/virt/act/act.h \
	core/virt/act/acting.c core/virt/act/acting.h \
	core/virt/act/aftermath.c core/virt/act/aftermath.h \
	core/virt/act/backing.c core/virt/act/backing.h \
	core/virt/act/chain.c core/virt/act/chain.h \
	core/virt/act/clone.c core/virt/act/clone.h \
	core/virt/act/console.c core/virt/act/console.h \
	core/virt/act/define.c core/virt/act/define.h \
	core/virt/act/delete.c core/virt/act/delete.h \
	core/virt/act/devices.c core/virt/act/devices.h \
	core/virt/act/disks.c core/virt/act/disks.h \
	core/virt/act/flatten.c core/virt/act/flatten.h \
	core/virt/act/functions.c core/virt/act/functions.h \
	core/virt/act/image.c core/virt/act/image.h \
	core/virt/act/launch.c core/virt/act/launch.h \
	core/virt/act/make.c core/virt/act/make.h \
	core/virt/act/life.c core/virt/act/life.h \
	core/virt/act/reaching.c core/virt/act/reaching.h \
	core/virt/act/outcome.c core/virt/act/outcome.h \
	core/virt/act/own.c core/virt/act/own.h \
	core/virt/act/qcow2.c core/virt/act/qcow2.h \
	core/virt/act/rebase.c core/virt/act/rebase.h \
	core/virt/act/snapshots.c core/virt/act/snapshots.h core/virt/act/snapshots_private.h \
	core/virt/act/snapshots_list.c core/virt/act/snapshots_take.c \
	core/virt/act/snapshots_revert.c core/virt/act/snapshots_delete.c core/virt/act/snapshots_edit.c \
	core/virt/act/state_size.c core/virt/act/state_size.h \
	core/virt/act/picture.c core/virt/act/picture.h \
	core/virt/act/reflink.c core/virt/act/reflink.h \
	core/virt/act/screenshot.c core/virt/act/screenshot.h \
	core/virt/act/stop_all.c core/virt/act/stop_all.h \
	core/virt/act/sweep.c core/virt/act/sweep.h \
	core/virt/act/tour.c core/virt/act/tour.h \
	core/virt/act/trail.c core/virt/act/trail.h \
	core/virt/act/undelete.c core/virt/act/undelete.h \
	core/virt/act/users.c core/virt/act/users.h \
	core/virt/act/volume_copy.c core/virt/act/volume_copy.h \
	core/virt/act/volumes.c core/virt/act/volumes.h \
	core/virt/act/witness.c core/virt/act/witness.h \
	core/virt/virt.c core/virt/virt.h \
	core/virt/virt_private.h
core_virt_libvirtroom_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS) $(MNL_CFLAGS) $(PNG_CFLAGS)
core/virt/prepare/libvirtroom_a-pulse.$(OBJEXT): conf/pulse_image.h
