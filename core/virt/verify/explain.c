/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/verify/explain.h"

#include <string.h>

#include "core/virt/conn/xml.h"
#include "core/virt/verify/explain_devices.h"
#include "core/virt/verify/explain_sources.h"
#include "core/virt/watch/domain_xml.h"

/* Does the host offer guests of TYPE ("kvm"), as libvirt tells? */
static bool offered(const char *capabilities_xml, const char *type)
{
  g_auto(GStrv) types =
      capabilities_xml ? xml_texts(capabilities_xml, "/capabilities/guest/arch/domain/@type") : NULL;
  return types && g_strv_contains((const char *const *)types, type);
}

/* By what the kind was told, and what else the guest could be here. */
static char *why_of(const struct explain_input *input, const struct guest_info *info, const char *os)
{
  g_autofree char *type = xml_text(input->domain_xml, "/domain/@type");
  const char *more = "";

  if (info->kind == KIND_TCG && input->capabilities_xml)
    more = offered(input->capabilities_xml, "kvm")
               ? "; libvirt offers KVM here, too: launch it with accel=kvm"
               : "; libvirt offers no KVM on this host (virtlens check there says why)";
  else if (info->kind == KIND_KVM_HARDWARE)
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
  ret->kind = info->kind;
  ret->why = why_of(input, info, os);
  ret->host = g_strdup(input->host ? input->host->findings[CHECK_MACHINE].seen
                                   : "another machine, of which libvirt tells no more");
  explain_devices(input, info, ret);
  explain_sources(input, ret);
  guest_info_unref(info);
  return ret;
}
