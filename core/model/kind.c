/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/kind.h"

#include <glib.h>

#include "core/model/metric.h"

static const struct kind_row kinds[] = {
    [KIND_UNKNOWN] = {"unknown", "not known", "Nothing that can be read here tells."},
    [KIND_PHYSICAL] = {"physical", "a physical machine", "No hypervisor below it shows itself."},
    [KIND_DOM0] = {"xen-dom0", "Xen's first domain",
                   "Xen runs below it; this is the domain that has the real devices and serves the others."},
    [KIND_XEN_PV] =
        {"xen-pv", "Xen PV",
         "The guest's kernel knows that it is a guest: it never touches hardware, but asks Xen by "
         "hypercalls, and "
         "its disks and NICs are rings in memory that it shares with dom0.  No CPU extension is needed."},
    [KIND_XEN_PVHVM] = {"xen-pvhvm", "Xen PVHVM",
                        "The CPU's extensions run the guest as if on a machine of its own, and QEMU shows it "
                        "a PC to boot from; "
                        "once its kernel has Xen's drivers, disks and NICs are rings shared with dom0, as in "
                        "PV.  Without these "
                        "drivers it stays on the emulated devices (HVM)."},
    [KIND_XEN_PVH] =
        {"xen-pvh", "Xen PVH",
         "The CPU's extensions run the guest, and there is no emulated PC at all: everything is a ring "
         "shared with dom0, and no QEMU stands between."},
    [KIND_XEN_SRIOV] = {"xen-pvhvm-sriov", "Xen PVHVM with SR-IOV",
                        "As PVHVM, but a NIC is a virtual function of a real one: the guest's own driver "
                        "speaks to the hardware, "
                        "and neither dom0 nor QEMU sees its packets."},
    [KIND_KVM_QEMU] = {"kvm-qemu", "KVM with QEMU as proxy",
                       "The CPU's extensions run the guest until it does what only its host may do; then it "
                       "leaves the guest (an "
                       "exit).  KVM in the kernel settles what it can, and the rest, above all disks, goes "
                       "to the process QEMU, "
                       "its proxy.  The guest waits for it, or is told later."},
    [KIND_KVM_HARDWARE] = {"kvm-hardware", "KVM with devices in hardware (as Nitro)",
                           "The CPU's extensions run the guest, and each of its disks and NICs is a device, "
                           "or a part of one, that was "
                           "given to it: I/O needs no exit and no proxy, and its host sees nothing of it."},
    [KIND_TCG] =
        {"tcg", "QEMU alone (TCG)",
         "QEMU reads the guest's instructions and does each itself: CPU and devices are one program.  That "
         "runs anywhere, and slowly."},
    [KIND_OTHER] = {"other", "another hypervisor", "This program knows nothing more of it."},
};
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == KINDS);

static const char *const sights[] = {
    [SIGHT_HYPERCALLS] = "hypercalls and multicalls",
    [SIGHT_CALLBACKS] = "callbacks",
    [SIGHT_DRIVER] = "driver calls",
    [SIGHT_STEAL] = "steal",
    [SIGHT_EXITS] = "exits",
    [SIGHT_PROXY] = "proxy",
};
G_STATIC_ASSERT(G_N_ELEMENTS(sights) == SIGHTS);

static const struct source_row sources[] = {
    [SOURCE_COUNTERS] = {"KVM's counters, by libvirt (vcpu.N.exits.sum and others)",
                         4,
                         {GUEST_EXITS, GUEST_EXITS_IO, GUEST_EXITS_MMIO, GUEST_EXITS_HALT}},
    [SOURCE_DELAY] = {"run-queue delay of the vCPUs, by libvirt (vcpu.N.delay)", 1, {GUEST_STEAL}},
    [SOURCE_TIMES] = {"CPU times, by libvirt (cpu.time less vcpu.N.time)", 1, {GUEST_PROXY}},
    [SOURCE_SCHED] = {"the host's scheduler (/proc/PID/task/*/schedstat)",
                      2,
                      {GUEST_PROXY_DELAY, GUEST_PROXY_PER_IO}},
    [SOURCE_KVM_EVENTS] = {"the kernel's events of KVM (kvm_exit, kvm_pio, kvm_hypercall ...)", 0, {0}},
    [SOURCE_XEN_TRACE] = {"Xen's trace buffers (xentrace in dom0)", 0, {0}},
    [SOURCE_AGENT] = {"the guest's agent (qemu-guest-agent)", 0, {0}},
    [SOURCE_INSIDE] = {"tools inside the guest (/proc/stat, perf)", 0, {0}},
};
G_STATIC_ASSERT(G_N_ELEMENTS(sources) == SOURCES);

#define BIT(source) (1u << SOURCE_##source)

static const struct sight_cell cells[KINDS][SIGHTS] = {
    [KIND_XEN_PV] =
        {
            [SIGHT_HYPERCALLS] =
                {"Each change of a page table, each switch of a task asks Xen.  Several in one are a "
                 "multicall, so few calls for much work is good (in the guest: events xen_mc_*)",
                 BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_CALLBACKS] = {"Xen calls the guest back by event channels, in place of interrupts",
                                 BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_DRIVER] =
                {"blkfront and netfront put requests into a ring and ring a bell, which is a hypercall",
                 BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_STEAL] =
                {"Xen counts how long each vCPU was runnable and did not run; the guest sees it as steal",
                 BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_EXITS] =
                {"None: the CPU's extensions are not used, hypercalls and faults stand in their place", 0},
            [SIGHT_PROXY] =
                {"dom0's kernel (blkback, netback), or a QEMU there for image files, serves its devices",
                 BIT(XEN_TRACE)},
        },
    [KIND_XEN_PVHVM] =
        {
            [SIGHT_HYPERCALLS] =
                {"Few: page tables are the CPU's business.  Event channels and timers are left, and "
                 "multicalls are not needed",
                 BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_CALLBACKS] =
                {"Xen calls its PV drivers back by one interrupt vector for all event channels",
                 BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_DRIVER] =
                {"With Xen's drivers as in PV; on an emulated device each register access is an exit",
                 BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_STEAL] = {"As in PV: by Xen's account of each vCPU's states",
                             BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_EXITS] = {"The CPU leaves the guest to Xen; many for I/O tell that PV drivers are missing",
                             BIT(XEN_TRACE)},
            [SIGHT_PROXY] = {"dom0's back ends, and QEMU in dom0 for what is emulated", BIT(XEN_TRACE)},
        },
    [KIND_XEN_PVH] =
        {
            [SIGHT_HYPERCALLS] = {"As PVHVM: event channels and timers", BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_CALLBACKS] = {"As PVHVM: one vector for all event channels", BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_DRIVER] = {"Rings alone: there is no emulated device that could be touched",
                              BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_STEAL] = {"As in PV: by Xen's account of each vCPU's states",
                             BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_EXITS] = {"The CPU leaves the guest to Xen, but never for an emulated device",
                             BIT(XEN_TRACE)},
            [SIGHT_PROXY] = {"dom0's back ends alone", BIT(XEN_TRACE)},
        },
    [KIND_XEN_SRIOV] =
        {
            [SIGHT_HYPERCALLS] = {"As PVHVM, without those for the NIC", BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_CALLBACKS] = {"Event channels for the disks; the NIC's interrupts reach the guest by Xen",
                                 BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_DRIVER] = {"The NIC's driver writes to the device itself: nobody outside sees the call",
                              BIT(INSIDE)},
            [SIGHT_STEAL] = {"As in PV: by Xen's account of each vCPU's states",
                             BIT(XEN_TRACE) | BIT(INSIDE)},
            [SIGHT_EXITS] = {"As PVHVM; packets cause none but for interrupts", BIT(XEN_TRACE)},
            [SIGHT_PROXY] = {"dom0's back ends for the disks; for the NIC there is none", BIT(XEN_TRACE)},
        },
    [KIND_KVM_QEMU] =
        {
            [SIGHT_HYPERCALLS] =
                {"Very few (waking another vCPU): the guest needs KVM's help for little.  Multicalls "
                 "are Xen's",
                 BIT(COUNTERS) | BIT(KVM_EVENTS)},
            [SIGHT_CALLBACKS] = {"KVM puts interrupts into the guest when a device is done",
                                 BIT(KVM_EVENTS) | BIT(INSIDE)},
            [SIGHT_DRIVER] =
                {"virtio: many requests, then one write that rings.  Emulated devices: a write for each "
                 "register, many for one request",
                 BIT(KVM_EVENTS) | BIT(INSIDE)},
            [SIGHT_STEAL] =
                {"A vCPU is a thread of QEMU: the time that it could run and did not, because the host ran "
                 "something else, is stolen from the guest",
                 BIT(DELAY) | BIT(SCHED) | BIT(AGENT) | BIT(INSIDE)},
            [SIGHT_EXITS] =
                {"Each is a way out of the guest and back, about a microsecond; those that end in QEMU cost "
                 "many more",
                 BIT(COUNTERS) | BIT(KVM_EVENTS)},
            [SIGHT_PROXY] =
                {"QEMU's threads beside its vCPUs do the guest's I/O: CPU time that the host pays for it",
                 BIT(TIMES) | BIT(SCHED) | BIT(KVM_EVENTS)},
        },
    [KIND_KVM_HARDWARE] =
        {
            [SIGHT_HYPERCALLS] = {"As KVM: very few", BIT(COUNTERS) | BIT(KVM_EVENTS)},
            [SIGHT_CALLBACKS] =
                {"Where the CPU can post interrupts, the device's reach the guest without KVM",
                 BIT(KVM_EVENTS) | BIT(INSIDE)},
            [SIGHT_DRIVER] =
                {"The guest's drivers (nvme, ena, ixgbevf ...) write to the device itself: nobody outside "
                 "sees the call",
                 BIT(INSIDE)},
            [SIGHT_STEAL] = {"As KVM: vCPUs still share the host's CPUs, unless each has one of its own",
                             BIT(DELAY) | BIT(SCHED) | BIT(AGENT) | BIT(INSIDE)},
            [SIGHT_EXITS] = {"Few: timers and idling; I/O causes none", BIT(COUNTERS) | BIT(KVM_EVENTS)},
            [SIGHT_PROXY] = {"None for I/O: what is left is QEMU's housekeeping", BIT(TIMES) | BIT(SCHED)},
        },
    [KIND_TCG] =
        {
            [SIGHT_HYPERCALLS] = {"None: to the guest this is a machine, there is nobody to call", 0},
            [SIGHT_CALLBACKS] = {"QEMU sets the interrupt line of its own CPU: an assignment in one program",
                                 BIT(INSIDE)},
            [SIGHT_DRIVER] = {"Calls of functions inside QEMU: nothing outside sees them", BIT(INSIDE)},
            [SIGHT_STEAL] =
                {"The thread that does the guest's instructions can be kept waiting like any other",
                 BIT(DELAY) | BIT(SCHED)},
            [SIGHT_EXITS] =
                {"None: the guest's code never runs on the CPU itself, so there is nothing to leave", 0},
            [SIGHT_PROXY] = {"QEMU is all of it; its threads beside the vCPUs do what is left of the I/O",
                             BIT(TIMES) | BIT(SCHED)},
        },
};

const struct kind_row *kind_row(enum kind kind)
{
  return &kinds[kind];
}

const char *kind_name(enum kind kind)
{
  return kind == KIND_UNKNOWN ? NULL : kinds[kind].name;
}

enum kind kind_find(const char *name)
{
  for (int i = 0; i < KINDS; i++)
    if (g_strcmp0(kinds[i].name, name) == 0)
      return (enum kind)i;
  return KIND_UNKNOWN;
}

const char *sight_title(enum sight sight)
{
  return sights[sight];
}

const struct source_row *source_row(enum source source)
{
  return &sources[source];
}

const struct sight_cell *kind_sight(enum kind kind, enum sight sight)
{
  return &cells[kind][sight];
}
