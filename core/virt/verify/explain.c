/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/verify/explain.h"

#include <string.h>

#include "core/virt/conn/xml.h"
#include "core/virt/verify/explain_devices.h"
#include "core/virt/verify/explain_sources.h"
#include "core/virt/watch/domain_xml.h"

/* ---- the kind ---- */

/* libvirt's <os><type>; "linux" is its old word for a kernel that Xen runs as PV. */
static const struct {
  const char *os;
  enum kind kind;
} xen_types[] = {
    {"xen", KIND_XEN_PV}, {"linux", KIND_XEN_PV}, {"xenpvh", KIND_XEN_PVH}, {"hvm", KIND_XEN_PVHVM}};

static enum kind xen_kind(const struct guest_info *info, const char *os)
{
  for (size_t i = 0; i < G_N_ELEMENTS(xen_types); i++)
    if (g_strcmp0(os, xen_types[i].os) == 0)
      return xen_types[i].kind == KIND_XEN_PVHVM && info->hostdev_count > 0 ? KIND_XEN_SRIOV
                                                                            : xen_types[i].kind;
  return KIND_UNKNOWN;
}

/* Every disk that holds data, and every NIC, is a device given to the guest. */
static bool all_in_hardware(const struct guest_info *info)
{
  for (int i = 0; i < info->disk_count; i++)
    if (!info->disks[i].cdrom && !(info->disks[i].backend && info->disks[i].backend->path == PATH_DIRECT))
      return false;
  for (int i = 0; i < info->nic_count; i++)
    if (!info->nics[i].backend || info->nics[i].backend->path != PATH_DIRECT)
      return false;
  return info->hostdev_count > 0;
}

static enum kind kind_of(const struct guest_info *info, const char *os)
{
  switch (info->accel) {
  case ACCEL_KVM:
    return all_in_hardware(info) ? KIND_KVM_HARDWARE : KIND_KVM_QEMU;
  case ACCEL_TCG:
    return KIND_TCG;
  case ACCEL_XEN:
    return xen_kind(info, os);
  case ACCEL_OTHER:
    return KIND_OTHER;
  default:
    return KIND_UNKNOWN;
  }
}

/* Does the host offer guests of TYPE ("kvm"), as libvirt tells? */
static bool offered(const char *capabilities_xml, const char *type)
{
  g_auto(GStrv) types =
      capabilities_xml ? xml_texts(capabilities_xml, "/capabilities/guest/arch/domain/@type") : NULL;
  return types && g_strv_contains((const char *const *)types, type);
}

/* By what the kind was told, and what else the guest could be here. */
static char *why_of(const struct explain_input *input, const struct guest_info *info, enum kind kind,
                    const char *os)
{
  g_autofree char *type = xml_text(input->domain_xml, "/domain/@type");
  const char *more = "";

  if (kind == KIND_TCG && input->capabilities_xml)
    more = offered(input->capabilities_xml, "kvm")
               ? "; libvirt offers KVM here, too: launch it with accel=kvm"
               : "; libvirt offers no KVM on this host (virtlens check there says why)";
  else if (kind == KIND_KVM_HARDWARE)
    more = ", and every disk and NIC of it is a device passed through";
  else if (info->hostdev_count > 0)
    more = ", and a device is passed through to it";
  return g_strdup_printf("its definition: type '%s', <os> type '%s'%s", type ? type : "-", os ? os : "-",
                         more);
}

struct explanation *explain(const struct explain_input *input, GError **err)
{
  struct guest_info *info = domain_xml_read(input->domain_xml, "the guest", input->uuid, err);
  if (!info)
    return NULL;
  struct explanation *ret = explanation_new(input->uuid);
  g_autofree char *os = xml_text(input->domain_xml, "/domain/os/type");
  ret->kind = kind_of(info, os);
  ret->why = why_of(input, info, ret->kind, os);
  ret->host = g_strdup(input->host ? input->host->findings[CHECK_MACHINE].seen
                                   : "another machine, of which libvirt tells no more");
  explain_devices(input, info, ret);
  explain_sources(input, ret);
  guest_info_unref(info);
  return ret;
}
