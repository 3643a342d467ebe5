/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/verify/host_kind.h"

#include <string.h>

/* How hypervisors sign in CPUID 0x40000000. */
static const struct {
  const char *signature;
  enum kind kind;
} signatures[] = {{"KVMKVMKVM", KIND_KVM_QEMU}, {"TCGTCGTCGTCG", KIND_TCG}, {"XenVMMXenVMM", KIND_XEN_PVHVM}};

/* What Linux writes into /sys/hypervisor/guest_type under Xen. */
static const struct {
  const char *type;
  enum kind kind;
} xen_types[] = {{"PV", KIND_XEN_PV}, {"PVH", KIND_XEN_PVH}, {"HVM", KIND_XEN_PVHVM}};

/* Drivers of virtual functions of NICs: in a guest nothing else tells that the device is one. */
static const char *const function_drivers[] = {"ixgbevf", "igbvf", "i40evf", "iavf", "ena", NULL};

static bool has_function(const struct view *view)
{
  g_autofree char *folder = view_path(view, "sys/class/net");
  GDir *dir = g_dir_open(folder, 0, NULL);
  bool found = false;
  for (const char *name; dir && !found && (name = g_dir_read_name(dir));) {
    g_autofree char *link = g_build_filename(folder, name, "device", "driver", NULL);
    g_autofree char *target = g_file_read_link(link, NULL);
    g_autofree char *driver = target ? g_path_get_basename(target) : NULL;
    found = driver && g_strv_contains(function_drivers, driver);
  }
  if (dir)
    g_dir_close(dir);
  return found;
}

static enum kind signed_kind(const struct view *view)
{
  for (size_t i = 0; i < G_N_ELEMENTS(signatures); i++)
    if (g_strcmp0(view->facts->signature, signatures[i].signature) == 0)
      return signatures[i].kind;
  return view->facts->signature ? KIND_OTHER : KIND_UNKNOWN;
}

/* Under Xen, as far as Linux tells; else as the CPU does. */
static enum kind xen_kind(const struct view *view)
{
  g_autofree char *type = view_read(view, "sys/hypervisor/guest_type");
  enum kind kind = KIND_XEN_PVHVM;
  for (size_t i = 0; i < G_N_ELEMENTS(xen_types); i++)
    if (g_strcmp0(type, xen_types[i].type) == 0)
      kind = xen_types[i].kind;
  return kind == KIND_XEN_PVHVM && has_function(view) ? KIND_XEN_SRIOV : kind;
}

enum kind host_kind(const struct view *view)
{
  if (view->dom0)
    return KIND_DOM0;
  if (!view->guest)
    return view->cpuinfo ? KIND_PHYSICAL : KIND_UNKNOWN;
  g_autofree char *hypervisor = view_read(view, "sys/hypervisor/type");
  g_autofree char *vendor = view_read(view, "sys/class/dmi/id/sys_vendor");
  enum kind kind = signed_kind(view);
  if (g_strcmp0(hypervisor, "xen") == 0 || kind == KIND_XEN_PVHVM)
    return xen_kind(view);
  return kind == KIND_KVM_QEMU && g_strcmp0(vendor, "Amazon EC2") == 0 ? KIND_KVM_HARDWARE : kind;
}
