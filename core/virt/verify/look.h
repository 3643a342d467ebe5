/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The looks of host verification: each finds out one row of check_row about the host in VIEW, fills RET
 * (which is all zero) and changes nothing. */
#ifndef VIRT_LOOK_H
#define VIRT_LOOK_H

#include "core/model/checkup.h"
#include "core/virt/verify/view.h"

typedef void look(const struct view *view, struct finding *ret);

look look_machine, look_cpu, look_kvm, look_kvm_users, look_kvm_runs, look_nested;
look look_iommu, look_remapping, look_vfio, look_sriov;
look look_huge_pages, look_locked_memory;
look look_qemu, look_qemu_img, look_libvirt, look_socket, look_state;
look look_tracefs, look_btf, look_capabilities, look_unprivileged_bpf, look_lockdown, look_tracer;
look look_cgroup;

/* A bit of capabilities(7) in the text of a CapEff line. */
#define CAP_BIT_SYS_ADMIN 21
#define CAP_BIT_SYS_RESOURCE 24
#define CAP_BIT_PERFMON 38
#define CAP_BIT_BPF 39
bool look_has_capability(const struct view *view, int bit);

#endif
