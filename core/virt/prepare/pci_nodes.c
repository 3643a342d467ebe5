/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCI devices as libvirt's node devices (https://libvirt.org/formatnode.html). */
#include <stdlib.h>
#include <string.h>

#include "core/virt/conn/xml.h"
#include "core/virt/prepare/hostdev.h"
#include "core/virt/prepare/pci.h"

#define PCI "/device/capability[@type='pci']"

/* ---- one ---- */

static int number_at(const char *xml, const char *xpath, int missing)
{
  g_autofree char *text = xml_text(xml, xpath);
  return text ? (int)g_ascii_strtoll(text, NULL, 0) : missing;
}

/* The addresses that XPATH finds, NULL-terminated, but for BUT. */
static char **addresses_at(xmlDocPtr doc, const char *xpath, const char *but)
{
  g_autoptr(GPtrArray) nodes = xml_nodes(doc, xpath);
  g_autoptr(GStrvBuilder) list = g_strv_builder_new();
  for (guint i = 0; i < nodes->len; i++) {
    g_autofree char *address = hostdev_address(nodes->pdata[i]);
    if (g_strcmp0(address, but) != 0)
      g_strv_builder_add(list, address);
  }
  return g_strv_builder_end(list);
}

static char *own_address(const char *xml)
{
  return g_strdup_printf("%04x:%02x:%02x.%x", (unsigned)number_at(xml, PCI "/domain", 0) & 0xffff,
                         (unsigned)number_at(xml, PCI "/bus", 0) & 0xff,
                         (unsigned)number_at(xml, PCI "/slot", 0) & 0x1f,
                         (unsigned)number_at(xml, PCI "/function", 0) & 7);
}

/* As sysfs says it. */
static char *link_at(const char *xml)
{
  g_autofree char *speed = xml_text(xml, PCI "/pci-express/link[@validity='sta']/@speed"),
                  *width = xml_text(xml, PCI "/pci-express/link[@validity='sta']/@width");
  return speed && width ? g_strdup_printf("%s GT/s PCIe x%s", speed, width) : NULL;
}

static void read_functions(struct pci_device *device, const char *xml, xmlDocPtr doc)
{
  g_auto(GStrv) pf = addresses_at(doc, PCI "/capability[@type='phys_function']/address", NULL);
  device->pf = g_strdup(pf[0]);
  device->vfs = addresses_at(doc, PCI "/capability[@type='virt_functions']/address", NULL);
  device->made = (int)g_strv_length(device->vfs);
  /* libvirt tells how many there can be since 1.3.3 */
  device->total = number_at(xml, PCI "/capability[@type='virt_functions']/@maxCount", device->made);
}

static void read_group(struct pci_device *device, const char *xml, xmlDocPtr doc)
{
  device->group = number_at(xml, PCI "/iommuGroup/@number", -1);
  if (device->group >= 0)
    device->mates = addresses_at(doc, PCI "/iommuGroup/address", device->address);
}

static void add_device(struct pci_host *host, GHashTable *names, const char *xml, xmlDocPtr doc)
{
  g_autofree char *address = own_address(xml), *name = xml_text(xml, "/device/name");
  struct pci_device *device = pci_add(host, address);
  device->class = number_at(xml, PCI "/class", -1);
  device->driver = xml_text(xml, "/device/driver/name");
  device->link = link_at(xml);
  device->numa = number_at(xml, PCI "/numa/@node", -1);
  read_functions(device, xml, doc);
  read_group(device, xml, doc);
  if (name)
    g_hash_table_insert(names, g_steal_pointer(&name), device);
}

/* ---- all ---- */

/* The interface of a NIC is a node device of its own, below that of PCI. */
static void add_interface(GHashTable *names, const char *xml)
{
  g_autofree char *parent = xml_text(xml, "/device/parent"),
                  *interface = xml_text(xml, "/device/capability[@type='net']/interface");
  struct pci_device *device = parent && interface ? g_hash_table_lookup(names, parent) : NULL;
  if (device && !device->interface)
    device->interface = g_steal_pointer(&interface);
}

static int by_address(gconstpointer a, gconstpointer b)
{
  return strcmp((*(const struct pci_device *const *)a)->address,
                (*(const struct pci_device *const *)b)->address);
}

/* What the devices tell of the host: groups are an IOMMU's. */
static void conclude(struct pci_host *host)
{
  for (guint i = 0; i < host->devices->len; i++) {
    const struct pci_device *device = host->devices->pdata[i];
    if (device->group >= 0 && !host->iommu)
      host->iommu = g_strdup("devices are in IOMMU groups");
    host->vfio = host->vfio || !g_strcmp0(device->driver, PCI_PASSTHROUGH);
  }
}

struct pci_host *pci_parse_nodes(const char *const *xmls)
{
  struct pci_host *host = pci_host_new(false);
  g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (const char *const *xml = xmls; *xml; xml++) {
    xmlDocPtr doc = xml_parse(*xml);
    g_autofree char *pci = doc ? xml_text(*xml, PCI "/bus") : NULL;
    if (pci)
      add_device(host, names, *xml, doc);
    xmlFreeDoc(doc);
  }
  for (const char *const *xml = xmls; *xml; xml++)
    add_interface(names, *xml);
  g_ptr_array_sort(host->devices, by_address);
  conclude(host);
  return host;
}

struct pci_host *pci_read_nodes(virConnectPtr conn, GError **err)
{
  const unsigned flags = VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV | VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET;
  virNodeDevicePtr *devices = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  const int count = virConnectListAllNodeDevices(conn, &devices, flags);
  if (count < 0) {
    virt_error(err, NULL, "the devices of the host cannot be listed");
    return NULL;
  }
  for (int i = 0; i < count; i++) {
    g_autofree char *xml = take_text(virNodeDeviceGetXMLDesc(devices[i], 0));
    if (xml) /* else it is gone by now */
      g_strv_builder_add(builder, xml);
    virNodeDeviceFree(devices[i]);
  }
  free(devices);
  g_auto(GStrv) xmls = g_strv_builder_end(builder);
  return pci_parse_nodes((const char *const *)xmls);
}
