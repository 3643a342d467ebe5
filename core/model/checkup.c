/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/checkup.h"

static const char *const group_titles[] = {
    [CHECK_GUESTS] = "Running guests",   [CHECK_DEVICES] = "Giving devices to guests",
    [CHECK_MEMORY] = "Memory of guests", [CHECK_PROGRAMS] = "Programs",
    [CHECK_PERMISSIONS] = "Permissions", [CHECK_TRACING] = "Tracing the kernel",
    [CHECK_CGROUPS] = "Control groups",
};
G_STATIC_ASSERT(G_N_ELEMENTS(group_titles) == CHECK_GROUPS);

static const char *const state_names[] = {
    [FINDING_OK] = "ok",
    [FINDING_LIMITED] = "limited",
    [FINDING_MISSING] = "missing",
    [FINDING_UNKNOWN] = "unknown",
};
G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == FINDING_STATES);

static const struct check_row rows[] = {
    [CHECK_MACHINE] = {"machine", CHECK_GUESTS, "machine", "/sys/class/dmi/id, /proc/cpuinfo",
                       "what this is: a machine, itself a guest, a container; inside another machine guests "
                       "are slower, and some of the rest is for that one's owner to give"},
    [CHECK_CPU] = {"cpu", CHECK_GUESTS, "CPU extensions", "/proc/cpuinfo",
                   "by vmx (Intel) or svm (AMD) the CPU itself runs guests"},
    [CHECK_KVM] = {"kvm", CHECK_GUESTS, "KVM", "/dev/kvm",
                   "the part of the kernel that runs guests by these extensions"},
    [CHECK_KVM_USERS] =
        {"kvm-users", CHECK_GUESTS, "KVM usable by", "/dev/kvm",
         "this user, whose QEMU that of qemu:///session is, and the user whom libvirt's daemon "
         "runs QEMU as"},
    [CHECK_KVM_RUNS] = {"kvm-runs", CHECK_GUESTS, "KVM can run", "/proc/cpuinfo, /sys/module",
                        "whole operating systems, or real-mode code only, as a KVM made in software"},
    [CHECK_NESTED] = {"nested", CHECK_GUESTS, "nested guests", "/sys/module/kvm_*/parameters/nested",
                      "a guest may be a host with accelerated guests of its own"},
    [CHECK_IOMMU] = {"iommu", CHECK_DEVICES, "IOMMU", "/sys/class/iommu",
                     "keeps a device that a guest has to the memory of that guest"},
    [CHECK_REMAPPING] = {"interrupt-remapping", CHECK_DEVICES, "interrupt remapping",
                         "/sys/class/iommu/*/intel-iommu/ecap", "keeps its interrupts to that guest, too"},
    [CHECK_VFIO] = {"vfio", CHECK_DEVICES, "vfio", "/sys/bus/pci/drivers/vfio-pci",
                    "the driver by which QEMU gets a device"},
    [CHECK_SRIOV] = {"sr-iov", CHECK_DEVICES, "SR-IOV devices", "/sys/bus/pci/devices/*/sriov_totalvfs",
                     "devices that can be shared out in virtual functions, one to a guest"},
    [CHECK_HUGE_PAGES] = {"huge-pages", CHECK_MEMORY, "huge pages",
                          "/proc/meminfo, /sys/kernel/mm/transparent_hugepage/enabled",
                          "cost the CPU fewer steps to find a guest's memory"},
    [CHECK_LOCKED_MEMORY] = {"locked-memory", CHECK_MEMORY, "lockable memory", "/proc/self/limits",
                             "a guest with a device passed through has all its memory locked"},
    [CHECK_QEMU] = {"qemu", CHECK_PROGRAMS, "QEMU", "$PATH", "runs the guests of --lab"},
    [CHECK_QEMU_IMG] = {"qemu-img", CHECK_PROGRAMS, "qemu-img", "$PATH",
                        "makes the disks of --lab, clones and external snapshots"},
    [CHECK_LIBVIRT] = {"libvirt", CHECK_PROGRAMS, "libvirt", "virGetVersion",
                       "the library that this program talks to hypervisors by"},
    [CHECK_SOCKET] = {"libvirt-socket", CHECK_PERMISSIONS, "libvirt's daemon", "/run/libvirt",
                      "may this user connect to qemu:///system?  --lab needs no daemon"},
    [CHECK_STATE] = {"state-folder", CHECK_PERMISSIONS, "state folder", "$XDG_STATE_HOME/virtlens",
                     "where sessions are recorded"},
    [CHECK_TRACEFS] = {"tracefs", CHECK_TRACING, "tracefs", "/sys/kernel/tracing/events",
                       "the kernel's own events, such as each exit with its reason"},
    [CHECK_BTF] = {"btf", CHECK_TRACING, "BTF", "/sys/kernel/btf/vmlinux",
                   "the kernel's types, without which one tracing program does not fit every kernel"},
    [CHECK_CAPABILITIES] = {"capabilities", CHECK_TRACING, "capabilities", "/proc/self/status",
                            "CAP_BPF and CAP_PERFMON let this process trace"},
    [CHECK_UNPRIVILEGED_BPF] = {"unprivileged-bpf", CHECK_TRACING, "unprivileged BPF",
                                "/proc/sys/kernel/unprivileged_bpf_disabled",
                                "whether programs for the kernel may be loaded without CAP_BPF"},
    [CHECK_LOCKDOWN] = {"lockdown", CHECK_TRACING, "lockdown", "/sys/kernel/security/lockdown",
                        "a kernel locked down for confidentiality is not traced, even by root"},
    [CHECK_TRACER] =
        {"tracer", CHECK_TRACING, "virtlens-trace", "virtlens-trace check",
         "the program with the privilege to trace: it loads and attaches what :memory needs, and "
         "ends"},
    [CHECK_CGROUP] = {"cgroup", CHECK_CGROUPS, "cgroups", "/sys/fs/cgroup, /proc/self/cgroup",
                      "limits of guests, and whose I/O a request to the host's disk is"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(rows) == CHECKS);

const char *check_group_title(enum check_group group)
{
  return group_titles[group];
}

const struct check_row *check_row(enum check_id check)
{
  return &rows[check];
}

const char *finding_state_name(enum finding_state state)
{
  return state_names[state];
}

const char *finding_source(const struct finding *finding, enum check_id check)
{
  return finding->source ? finding->source : rows[check].source;
}

void finding_set(struct finding *ret, enum finding_state state, const char *advice, const char *seen, ...)
{
  va_list args;

  ret->state = state;
  ret->advice = g_strdup(advice);
  va_start(args, seen);
  ret->seen = g_strdup_vprintf(seen, args);
  va_end(args);
}

void checkup_free(struct checkup *checkup)
{
  if (!checkup)
    return;
  for (int i = 0; i < CHECKS; i++) {
    g_free(checkup->findings[i].seen);
    g_free(checkup->findings[i].source);
    g_free(checkup->findings[i].advice);
  }
  g_free(checkup->host);
  g_free(checkup->kernel);
  g_free(checkup->machine);
  g_free(checkup->verdict);
  g_free(checkup);
}
