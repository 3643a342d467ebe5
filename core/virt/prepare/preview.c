/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/preview.h"

#include "core/virt/prepare/domain_build.h"
#include "core/virt/prepare/ports.h"
#include "core/virt/prepare/ssh_keys.h"

bool preview_launch(struct hub *hub, const struct spec *spec, char **ret_xml, char **ret_argv, GError **err)
{
  *ret_xml = *ret_argv = NULL;
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  if (!conn)
    return false;
  g_autoptr(platform_facts) platform = platform_read(conn, hub_lab_root(hub), err);
  g_autoptr(blueprint_plan) blueprint = platform ? blueprint_of(spec, platform, err) : NULL;
  if (!blueprint)
    return false;
  ssh_keys_give(blueprint);
  if (blueprint->reach)
    ports_give(blueprint, ports_next(conn));
  g_autofree char *xml = domain_build(blueprint);
  char *argv = take_text(virConnectDomainXMLToNative(conn, "qemu-argv", xml, 0));
  if (!argv)
    return virt_error(err, NULL, "libvirt gives no command line for this guest");
  *ret_xml = g_steal_pointer(&xml);
  *ret_argv = argv;
  return true;
}
