/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/exits.h"

#include <glib.h>

static const struct exit_kind kinds[] = {
    {VCPU_USER, "to QEMU", "QEMU settled it while the vCPU waited"},
    {VCPU_IO, "port I/O", "at a port of an emulated device"},
    {VCPU_MMIO, "memory-mapped I/O", "at a register of an emulated device"},
    {VCPU_HALT, "halt", "the guest had nothing to do here"},
    {VCPU_IRQ, "interrupt", "an interrupt of the host came"},
    {VCPU_WINDOW, "interrupt window", "the guest can take what waited for it"},
    {VCPU_SIGNAL, "signal", "QEMU called the vCPU out"},
    {VCPU_HYPERCALL, "hypercall", "the guest asked KVM for something"},
    {VCPU_FAULT, "page fault", "at memory that the host had yet to give"},
    {VCPU_EMULATED, "emulated instruction", "KVM did it in the guest's place"},
};

#define KVM_API "Linux, Documentation/virt/kvm/api.rst"

static const struct exit_hint hints[] = {
    {VCPU_IO, 0.3, 1000, true,
     "Most of what makes this guest leave is port I/O of an emulated disk: several accesses for each "
     "request, "
     "and each goes to QEMU while the vCPU waits.",
     "Give it a virtio disk: it puts many requests in memory and rings once.",
     KVM_API ", KVM_EXIT_IO; VIRTIO 1.2, section 2.9 (notifications)"},
    {VCPU_IO, 0.3, 1000, false,
     "Port I/O dominates: a serial port, a timer or another old device is asked again and again.",
     "Look which device it is; a virtio console, or kvm-clock in place of the PIT, needs hardly any.",
     KVM_API ", KVM_EXIT_IO"},
    {VCPU_MMIO, 0.3, 1000, false, "Registers in memory dominate: SATA, e1000 and their like are driven so.",
     "Give it virtio devices, whose bell KVM itself answers (ioeventfd).", KVM_API ", KVM_IOEVENTFD"},
    {VCPU_HALT, 0.5, 2000, false, "The vCPUs fall asleep and are woken thousands of times a second.",
     "Halt polling in the guest (cpuidle-haltpoll) or in the host, or fewer vCPUs.",
     "Linux, Documentation/virt/guest-halt-polling.rst and kvm/halt-polling.rst"},
    {VCPU_WINDOW, 0.2, 1000, false,
     "Interrupts have to wait until the guest can take them, and each such wait is an exit.",
     "Where the CPU can (APICv, AVIC), KVM delivers them without: see the module's enable_apicv or avic.",
     "Linux, Documentation/admin-guide/kernel-parameters.txt, kvm-intel.enable_apicv"},
    {VCPU_IRQ, 0.4, 1000, false, "The host's own interrupts arrive on the CPUs that run this guest.",
     "Keep the interrupts of busy devices (smp_affinity) and its vCPUs (vcpupin) apart.",
     "Linux, Documentation/core-api/irq/irq-affinity.rst"},
    {VCPU_SIGNAL, 0.2, 1000, false, "QEMU keeps calling the vCPUs out of the guest.",
     "Devices with an iothread disturb them less (<driver iothread=...>).",
     "libvirt, formatdomain: IOThreads allocation"},
    {VCPU_FAULT, 0.3, 1000, false, "The guest keeps touching memory that the host has yet to give it.",
     "Huge pages (<hugepages/>) need 512 times fewer; after a start this passes by itself.",
     "Linux, Documentation/admin-guide/mm/transhuge.rst; libvirt, formatdomain: memoryBacking"},
    {VCPU_HYPERCALL, 0.3, 2000, false,
     "The guest asks KVM thousands of times a second, mostly to wake a vCPU.",
     "Fewer vCPUs than CPUs of the host, so that locks are not held by who does not run.",
     "Linux, Documentation/virt/kvm/x86/hypercalls.rst, KVM_HC_KICK_CPU"},
};

const struct exit_kind *exit_kinds(int *ret_count)
{
  *ret_count = G_N_ELEMENTS(kinds);
  return kinds;
}

bool exits_rate(const struct guest *guest, int vcpu, int metric, double *ret)
{
  double sum = 0, one;
  if (vcpu >= 0)
    return vcpu < guest->vcpu_count && readings_get(&guest->vcpus[vcpu], metric, ret);
  for (int i = 0; i < guest->vcpu_count; i++) {
    if (!readings_get(&guest->vcpus[i], metric, &one))
      return false;
    sum += one;
  }
  *ret = sum;
  return guest->vcpu_count > 0;
}

const struct exit_hint *exit_hints(int *ret_count)
{
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static bool has_emulated_disk(const struct guest *guest)
{
  for (int i = 0; i < guest->info->disk_count; i++)
    if (guest->info->disks[i].backend && guest->info->disks[i].backend->path == PATH_EMULATED)
      return true;
  return false;
}

bool exit_hint_fits(const struct exit_hint *hint, const struct guest *guest)
{
  double all, some;
  if (!exits_rate(guest, -1, VCPU_EXITS, &all) || !exits_rate(guest, -1, hint->metric, &some))
    return false;
  /* Of two hints for one kind, the one without the condition is for the guests without such a disk. */
  if (hint->metric == VCPU_IO && hint->emulated_disk != has_emulated_disk(guest))
    return false;
  return some >= hint->rate && some >= hint->share * all;
}
