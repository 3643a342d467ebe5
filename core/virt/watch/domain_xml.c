/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/domain_xml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/virt/conn/reach.h"
#include "core/virt/conn/xml.h"

/* BAD_CAST of libxml2 drops const. */
#define XSTR (const xmlChar *)

#define DEVICES_MAX 1024 /* of each kind: more than any machine type has slots */

static bool is(const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, XSTR name);
}

static xmlNode *child(const xmlNode *node, const char *name)
{
  for (xmlNode *n = node ? node->children : NULL; n; n = n->next)
    if (is(n, name))
      return n;
  return NULL;
}

/* VALUE, which is taken, as a text of GLib's; NULL when it is empty. */
static char *take(xmlChar *value)
{
  char *copy = value && *value ? g_strdup((const char *)value) : NULL;
  xmlFree(value);
  return copy;
}

/* NULL when absent or empty; caller frees. */
static char *attr(xmlNode *node, const char *name)
{
  return node ? take(xmlGetNoNsProp(node, XSTR name)) : NULL;
}

static char *content(xmlNode *node)
{
  return node ? take(xmlNodeGetContent(node)) : NULL;
}

static bool attr_is(xmlNode *node, const char *name, const char *value)
{
  g_autofree char *text = attr(node, name);
  return g_strcmp0(text, value) == 0;
}

/* Decimal or 0x; what is no number, or beyond MAX, is 0. */
static uint64_t number(const char *text, uint64_t max)
{
  if (!text)
    return 0;
  char *end = NULL;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 0);
  while (g_ascii_isspace(*end))
    end++;
  bool bad = errno || end == text || *end || strchr(text, '-') || value > max;
  return bad ? 0 : value;
}

static uint64_t attr_number(xmlNode *node, const char *name, uint64_t max)
{
  g_autofree char *text = attr(node, name);
  return number(text, max);
}

/* libvirt's scaled integers: https://libvirt.org/formatdomain.html#memory-allocation */
static const struct {
  const char *unit;
  uint64_t factor;
} memory_units[] = {
    {"b", 1},
    {"bytes", 1},
    {"KB", 1000},
    {"k", 1024},
    {"KiB", 1024},
    {"MB", 1000000},
    {"M", 1048576},
    {"MiB", 1048576},
    {"GB", 1000000000},
    {"G", 1073741824},
    {"GiB", 1073741824},
    {"TB", UINT64_C(1000000000000)},
    {"T", UINT64_C(1) << 40},
    {"TiB", UINT64_C(1) << 40},
};

static uint64_t memory_of(xmlNode *node)
{
  g_autofree char *unit = attr(node, "unit");
  g_autofree char *text = content(node);
  uint64_t factor = unit ? 0 : 1024;
  for (gsize i = 0; unit && i < G_N_ELEMENTS(memory_units); i++)
    if (strcmp(unit, memory_units[i].unit) == 0)
      factor = memory_units[i].factor;
  return factor ? number(text, UINT64_MAX / factor) * factor : 0;
}

/* The PCI address of <address domain= bus= slot= function=/>, or NULL. */
static char *pci_address(xmlNode *node)
{
  if (!node)
    return NULL;
  return g_strdup_printf("%04x:%02x:%02x.%x", (unsigned)attr_number(node, "domain", 0xffff),
                         (unsigned)attr_number(node, "bus", 0xff), (unsigned)attr_number(node, "slot", 0x1f),
                         (unsigned)attr_number(node, "function", 7));
}

/* Where a <source> says its data is: the attribute that names it, by kind of disk. */
static char *disk_source(xmlNode *disk)
{
  static const char *const names[] = {"file", "dev", "dir", "path"};
  xmlNode *source = child(disk, "source");
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    char *value = attr(source, names[i]);
    if (value)
      return value;
  }
  g_autofree char *protocol = attr(source, "protocol");
  g_autofree char *name = attr(source, "name");
  if (protocol)
    return g_strdup_printf("%s:%s", protocol, name ? name : "");
  g_autofree char *pool = attr(source, "pool");
  g_autofree char *volume = attr(source, "volume");
  if (pool)
    return g_strdup_printf("%s/%s", pool, volume ? volume : "");
  return attr_is(disk, "type", "nvme") ? pci_address(child(source, "address")) : NULL;
}

/* The model of the controller that DISK sits on, or NULL.  Caller frees. */
static char *disk_controller(xmlNode *devices, xmlNode *disk, const char *bus)
{
  if (g_strcmp0(bus, "scsi") != 0)
    return NULL;
  uint64_t index = attr_number(child(disk, "address"), "controller", UINT32_MAX);
  for (xmlNode *n = devices->children; n; n = n->next)
    if (is(n, "controller") && attr_is(n, "type", "scsi") && attr_number(n, "index", UINT32_MAX) == index)
      return attr(n, "model");
  return NULL;
}

static void read_disk(struct guest_info *info, xmlNode *devices, xmlNode *node)
{
  xmlNode *driver = child(node, "driver"), *target = child(node, "target");
  if (info->disk_count >= DEVICES_MAX)
    return;
  info->disks = g_renew(struct disk_info, info->disks, info->disk_count + 1);
  struct disk_info *disk = &info->disks[info->disk_count++];
  *disk = (struct disk_info){.target = attr(target, "dev"), .bus = attr(target, "bus")};
  g_autofree char *controller = disk_controller(devices, node, disk->bus);
  if (!disk->target)
    disk->target = g_strdup("?");
  disk->source = disk_source(node);
  disk->format = attr(driver, "type");
  disk->cache = attr(driver, "cache");
  disk->io = attr(driver, "io");
  disk->discard = attr(driver, "discard");
  disk->iothread = (int)attr_number(driver, "iothread", G_MAXINT);
  disk->readonly = child(node, "readonly") != NULL;
  disk->cdrom = attr_is(node, "device", "cdrom");
  disk->backend = disk->bus ? backend_of(BACKEND_DISK, disk->bus, controller) : NULL;
}

/* Its address (borrowed), NULL: it has none. */
static const char *add_hostdev(struct guest_info *info, xmlNode *source)
{
  char *address = pci_address(child(source, "address"));
  if (!address || info->hostdev_count >= DEVICES_MAX) {
    g_free(address);
    return NULL;
  }
  info->hostdevs = g_renew(struct hostdev_info, info->hostdevs, info->hostdev_count + 1);
  info->hostdevs[info->hostdev_count++] = (struct hostdev_info){.address = address};
  return address;
}

static void read_hostdev(struct guest_info *info, xmlNode *devices, xmlNode *node)
{
  (void)devices;
  if (attr_is(node, "type", "pci"))
    add_hostdev(info, child(node, "source"));
}

static char *nic_source(xmlNode *source)
{
  static const char *const names[] = {"network", "bridge", "dev", "path", "portgroup"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    char *value = attr(source, names[i]);
    if (value)
      return value;
  }
  return NULL;
}

/* A new last NIC, zero; NULL: there are too many. */
static struct nic_info *add_nic(struct guest_info *info)
{
  if (info->nic_count >= DEVICES_MAX)
    return NULL;
  info->nics = g_renew(struct nic_info, info->nics, info->nic_count + 1);
  info->nics[info->nic_count] = (struct nic_info){0};
  return &info->nics[info->nic_count++];
}

static void read_nic(struct guest_info *info, xmlNode *devices, xmlNode *node)
{
  (void)devices;
  struct nic_info *nic = add_nic(info);
  if (!nic)
    return;
  *nic = (struct nic_info){.target = attr(child(node, "target"), "dev"),
                           .mac = attr(child(node, "mac"), "address"),
                           .model = attr(child(node, "model"), "type"),
                           .source = nic_source(child(node, "source")),
                           .ssh_port = reach_interface_port(node)};
  bool direct = attr_is(node, "type", "hostdev");
  const char *address = direct ? add_hostdev(info, child(node, "source")) : NULL;
  if (address && !nic->target)
    nic->target = g_strdup(address);
  nic->backend = direct       ? backend_find(BACKEND_NIC, "sr-iov-vf")
                 : nic->model ? backend_of(BACKEND_NIC, nic->model, NULL)
                              : NULL;
}

static const struct {
  const char *element;
  void (*read)(struct guest_info *info, xmlNode *devices, xmlNode *node);
} device_table[] = {{"disk", read_disk}, {"interface", read_nic}, {"hostdev", read_hostdev}};

static void read_devices(struct guest_info *info, xmlNode *devices)
{
  for (xmlNode *n = devices ? devices->children : NULL; n; n = n->next)
    for (gsize i = 0; i < G_N_ELEMENTS(device_table); i++)
      if (is(n, device_table[i].element))
        device_table[i].read(info, devices, n);
}

/* Those that libvirt does not know as such. */
static void read_reach(struct guest_info *info, xmlNode *domain)
{
  g_autoptr(GPtrArray) nics = reach_nics(domain);
  for (guint i = 0; i < nics->len; i++) {
    const struct reach_nic *from = nics->pdata[i];
    struct nic_info *nic = add_nic(info);
    if (!nic)
      return;
    nic->mac = g_strdup(from->mac);
    nic->model = g_strdup(from->model);
    nic->ssh_port = from->port;
    nic->backend = backend_of(BACKEND_NIC, nic->model, NULL);
  }
}

static enum accel accel_of(xmlNode *domain)
{
  static const struct {
    const char *type;
    enum accel accel;
  } table[] = {{"kvm", ACCEL_KVM}, {"qemu", ACCEL_TCG}, {"xen", ACCEL_XEN}};
  g_autofree char *type = attr(domain, "type");
  for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
    if (g_strcmp0(type, table[i].type) == 0)
      return table[i].accel;
  return type ? ACCEL_OTHER : ACCEL_UNKNOWN;
}

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

/* Our own metadata, or NULL. */
static xmlNode *our_note(xmlNode *metadata)
{
  for (xmlNode *n = metadata ? metadata->children : NULL; n; n = n->next)
    if (is(n, "guest") && n->ns && xmlStrEqual(n->ns->href, XSTR XML_OUR_NAMESPACE))
      return n;
  return NULL;
}

static void read_domain(struct guest_info *info, xmlNode *domain)
{
  xmlNode *vcpu = child(domain, "vcpu"), *note = our_note(child(domain, "metadata"));
  g_autofree char *vcpus = content(vcpu);
  uint64_t online = attr_number(vcpu, "current", G_MAXINT);
  info->vcpus = (unsigned)(online ? online : number(vcpus, G_MAXINT));
  info->memory_bytes = memory_of(child(domain, "memory"));
  info->title = content(child(domain, "title"));
  info->template = attr(note, "template");
  info->key_file = attr(note, "key");
  info->accel = accel_of(domain);
  read_devices(info, child(domain, "devices"));
  read_reach(info, domain);
  g_autofree char *os = content(child(child(domain, "os"), "type"));
  info->kind = kind_of(info, os);
}

struct guest_info *domain_xml_read(const char *xml, const char *name, const char *uuid, GError **err)
{
  xmlDoc *doc = xml_parse(xml ? xml : "");
  xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
  if (!root || !is(root, "domain")) {
    xmlFreeDoc(doc);
    error_set(err, ERROR_GENERAL, NULL, "cannot read the definition of %s: it is no domain XML", name);
    return NULL;
  }
  struct guest_info *info = guest_info_new(name, uuid);
  read_domain(info, root);
  xmlFreeDoc(doc);
  return info;
}
