/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A made-up explanation: KVM on a host that is not traced. */
#include "tests/fake/fake.h"

static void add(struct explanation *explanation, const char *name, const char *backend, int path,
                const char *how)
{
  struct explained_device *device = explanation_add_device(explanation);
  device->name = g_strdup(name);
  device->backend = g_strdup(backend);
  device->path_known = path >= 0;
  device->path = path >= 0 ? (enum backend_path)path : PATH_EMULATED;
  device->how = g_strdup(how);
}

struct explanation *fake_explanation(const char *uuid)
{
  struct explanation *explanation = explanation_new(uuid);
  explanation->kind = KIND_KVM_QEMU;
  explanation->why = g_strdup("its definition: type 'kvm', <os> type 'hvm'");
  explanation->host = g_strdup("no sign of a hypervisor below: \033[31mDell");
  add(explanation, "vda", "virtio-blk", PATH_PARAVIRTUAL,
      "requests queue in memory; QEMU's main loop serves them");
  add(explanation, "hda", "ide", PATH_EMULATED,
      "QEMU plays the hardware: each access to a register is an exit");
  add(explanation, "fda", "fdc", -1, "not a device that this program knows");
  add(explanation, "PCI 0000:01:00.1", "passthrough", PATH_DIRECT,
      "the guest's driver speaks to the device itself; nobody between sees it");
  for (int i = 0; i < SOURCES; i++)
    explanation->sources[i].there = i == SOURCE_COUNTERS || i == SOURCE_DELAY || i == SOURCE_SCHED;
  explanation->sources[SOURCE_TIMES].text = g_strdup("libvirt does not tell it: it or QEMU may be too old");
  explanation->sources[SOURCE_KVM_EVENTS].text =
      g_strdup("tracefs: not mounted (mount -t tracefs nodev /sys/kernel/tracing)");
  explanation->sources[SOURCE_AGENT].text = g_strdup("its definition has no channel for one");
  explanation->sources[SOURCE_INSIDE].text = g_strdup("only there: log in and look");
  return explanation;
}
