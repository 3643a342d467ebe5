/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/verify/explain_devices.h"

#include <string.h>

#include "core/virt/conn/xml.h"

/* ---- who serves a path ---- */

enum family { FAMILY_KVM, FAMILY_TCG, FAMILY_XEN, FAMILIES };

static const char *const served[FAMILIES][PATH_DIRECT + 1] = {
    [FAMILY_KVM] = {"QEMU plays the hardware: each access to a register is an exit",
                    "requests queue in memory; QEMU's main loop serves them",
                    "the guest's driver speaks to the device itself; nobody between sees it"},
    [FAMILY_TCG] = {"QEMU plays the hardware, and the CPU that touches it",
                    "requests queue in memory; QEMU's main loop serves them",
                    "the guest's driver speaks to the device itself"},
    [FAMILY_XEN] = {"QEMU in dom0 plays the hardware, until the guest's PV drivers take over",
                    "a ring shared with dom0, whose back end serves it",
                    "the guest's driver speaks to the device itself; dom0 does not see it"},
};

static enum family family_of(enum kind kind)
{
  switch (kind) {
  case KIND_TCG:
    return FAMILY_TCG;
  case KIND_XEN_PV:
  case KIND_XEN_PVHVM:
  case KIND_XEN_PVH:
  case KIND_XEN_SRIOV:
    return FAMILY_XEN;
  default:
    return FAMILY_KVM;
  }
}

/* HOW, if not NULL, is taken, in place of what the table says of the path. */
static void add_device(struct explanation *ret, char *name, const char *backend, int path, char *how)
{
  struct explained_device *device = explanation_add_device(ret);
  device->name = name;
  device->backend = g_strdup(backend ? backend : "-");
  device->path_known = path >= 0;
  device->path = path >= 0 ? (enum backend_path)path : PATH_EMULATED;
  device->how = how         ? how
                : path >= 0 ? g_strdup(served[family_of(ret->kind)][path])
                            : g_strdup("not a device that this program knows");
}

/* ---- disks ---- */

/* Guests that know nothing but rings have nothing but rings, whatever is left out in the definition. */
static bool rings_only(enum kind kind)
{
  return kind == KIND_XEN_PV || kind == KIND_XEN_PVH;
}

static int disk_path(enum kind kind, const struct disk_info *disk)
{
  if (rings_only(kind) || g_strcmp0(disk->bus, "xen") == 0)
    return PATH_PARAVIRTUAL;
  if (disk->backend)
    return disk->backend->path;
  return family_of(kind) == FAMILY_XEN ? PATH_EMULATED : -1;
}

static char *disk_how(enum kind kind, const struct disk_info *disk, int path)
{
  return disk->iothread > 0 && path == PATH_PARAVIRTUAL && family_of(kind) != FAMILY_XEN
             ? g_strdup_printf("requests queue in memory; QEMU's thread iothread %d serves them",
                               disk->iothread)
             : NULL;
}

static void add_disk(struct explanation *ret, const struct disk_info *disk)
{
  int path = disk_path(ret->kind, disk);
  bool ring = family_of(ret->kind) == FAMILY_XEN && path == PATH_PARAVIRTUAL;
  add_device(ret, g_strdup(disk->target),
             ring            ? "blkfront"
             : disk->backend ? disk->backend->name
                             : disk->bus,
             path, disk_how(ret->kind, disk, path));
}

/* ---- NICs ---- */

enum vhost { VHOST_NO, VHOST_YES, VHOST_LIKELY };

/* Does QEMU's command line hand this NIC (its alias "net0") to vhost?  -1: it does not say. */
static int vhost_told(const char *command_line, const char *alias)
{
  g_auto(GStrv) words = command_line && alias ? g_strsplit(command_line, "\n", -1) : NULL;
  g_autofree char *quoted = g_strdup_printf("\"id\":\"host%s\"", alias),
                  *plain = g_strdup_printf("id=host%s,", alias);

  for (int i = 0; words && words[i]; i++)
    if (strstr(words[i], quoted) || strstr(words[i], plain))
      return strstr(words[i], "\"vhost\":true") || strstr(words[i], "vhost=on") ? VHOST_YES : VHOST_NO;
  return -1;
}

/* The kernel can serve a NIC that has a tap device; unless the definition says otherwise libvirt lets it
 * where /dev/vhost-net is. */
static enum vhost vhost_of(const struct explain_input *input, const char *xml)
{
  static const char *const with_tap[] = {"network", "bridge", "direct", "ethernet", NULL};
  g_autofree char *type = xml_text(xml, "/interface/@type"),
                  *driver = xml_text(xml, "/interface/driver/@name");
  g_autofree char *alias = xml_text(xml, "/interface/alias/@name");
  int told = vhost_told(input->command_line, alias);

  if (told >= 0)
    return (enum vhost)told;
  if (!type || !g_strv_contains(with_tap, type) || g_strcmp0(driver, "qemu") == 0)
    return VHOST_NO;
  return g_strcmp0(driver, "vhost") == 0 ? VHOST_YES : VHOST_LIKELY;
}

static char *nic_how(const struct explain_input *input, enum kind kind, const char *xml, int path)
{
  static const char *const texts[] = {
      [VHOST_NO] = "requests queue in memory; QEMU's main loop serves them (no vhost)",
      [VHOST_YES] = "requests queue in memory; the host's kernel serves them, past QEMU (vhost)",
      [VHOST_LIKELY] =
          "requests queue in memory; the host's kernel serves them (vhost) if it has /dev/vhost-net, "
          "else QEMU",
  };
  g_autofree char *type = xml_text(xml, "/interface/@type");

  if (path != PATH_PARAVIRTUAL || family_of(kind) == FAMILY_XEN)
    return NULL;
  if (g_strcmp0(type, "vhostuser") == 0)
    return g_strdup("requests queue in memory; another process serves them, past QEMU (vhost-user)");
  return g_strdup(texts[vhost_of(input, xml)]);
}

static int nic_path(enum kind kind, const struct nic_info *nic)
{
  if (nic->backend && nic->backend->path == PATH_DIRECT)
    return PATH_DIRECT;
  if (rings_only(kind) || g_strcmp0(nic->model, "netfront") == 0)
    return PATH_PARAVIRTUAL;
  if (nic->backend)
    return nic->backend->path;
  return family_of(kind) == FAMILY_XEN ? PATH_EMULATED : -1;
}

/* XML is its element, as text. */
static void add_nic(struct explanation *ret, const struct explain_input *input, const struct nic_info *nic,
                    const char *xml)
{
  int path = nic_path(ret->kind, nic);
  bool ring = family_of(ret->kind) == FAMILY_XEN && path == PATH_PARAVIRTUAL;
  const char *backend = ring           ? "netfront"
                        : nic->backend ? nic->backend->name
                        : nic->model   ? nic->model
                        : path >= 0    ? "default"
                                       : NULL;
  add_device(ret,
             g_strdup_printf("NIC %s", nic->mac      ? nic->mac
                                       : nic->target ? nic->target
                                                     : "?"),
             backend, path, nic_how(input, ret->kind, xml, path));
}

static void add_nics(struct explanation *ret, const struct explain_input *input,
                     const struct guest_info *info)
{
  xmlDocPtr doc = xml_parse(input->domain_xml);
  g_autoptr(GPtrArray) nodes = xml_nodes(doc, "/domain/devices/interface");

  for (int i = 0; i < info->nic_count && i < (int)nodes->len; i++) {
    g_autofree char *xml = xml_node_text(g_ptr_array_index(nodes, i));
    add_nic(ret, input, &info->nics[i], xml);
  }
  xmlFreeDoc(doc);
}

void explain_devices(const struct explain_input *input, const struct guest_info *info,
                     struct explanation *ret)
{
  for (int i = 0; i < info->disk_count; i++)
    add_disk(ret, &info->disks[i]);
  add_nics(ret, input, info);
  for (int i = 0; i < info->hostdev_count; i++)
    add_device(ret, g_strdup_printf("PCI %s", info->hostdevs[i].address), "passthrough", PATH_DIRECT, NULL);
}
