/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/hostdev.h"

#include <stdio.h>

#include "core/model/sriov.h"

#define ALL                                                                                                  \
  "/domain/devices/hostdev[@type='pci']/source/address | "                                                   \
  "/domain/devices/interface[@type='hostdev']/source/address"

void hostdev_add_nic_words(xmlNodePtr interface, const struct hostdev_nic *nic)
{
  g_autofree char *tag = g_strdup_printf("%d", nic->vlan);
  if (nic->mac)
    xml_add_with(interface, "mac", "address", nic->mac, NULL);
  if (nic->vlan)
    xml_add_with(xml_add(interface, "vlan", NULL), "tag", "id", tag, NULL);
}

void hostdev_add(xmlNodePtr devices, const char *address, const struct hostdev_nic *nic)
{
  unsigned domain, bus, slot, function;
  char words[4][8];
  if (sscanf(address, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
    return;
  g_snprintf(words[0], sizeof words[0], "0x%04x", domain & 0xffffU);
  g_snprintf(words[1], sizeof words[1], "0x%02x", bus & 0xffU);
  g_snprintf(words[2], sizeof words[2], "0x%02x", slot & 0xffU);
  g_snprintf(words[3], sizeof words[3], "0x%x", function & 0xfU);
  xmlNodePtr node =
      nic ? xml_add_with(devices, "interface", "type", "hostdev", "managed", "yes", NULL)
          : xml_add_with(devices, "hostdev", "mode", "subsystem", "type", "pci", "managed", "yes", NULL);
  /* Said in words, because libvirt 9.0 shows no command line of a device whose driver is left to it. */
  xml_add_with(node, "driver", "name", "vfio", NULL);
  xml_add_with(xml_add(node, "source", NULL), "address", "type", nic ? "pci" : NULL, "domain", words[0],
               "bus", words[1], "slot", words[2], "function", words[3], NULL);
  if (nic)
    hostdev_add_nic_words(node, nic);
}

char *hostdev_text(const char *address, const struct hostdev_nic *nic)
{
  xmlNodePtr devices = xml_begin("devices");
  hostdev_add(devices, address, nic);
  char *text = xml_node_text(devices->children);
  xmlFreeDoc(devices->doc);
  return text;
}

static unsigned number(xmlNodePtr node, const char *name)
{
  g_autofree char *value = xml_attr_text(node, name);
  return value ? (unsigned)g_ascii_strtoull(value, NULL, 0) : 0;
}

char *hostdev_address(xmlNodePtr node)
{
  return g_strdup_printf("%04x:%02x:%02x.%x", number(node, "domain"), number(node, "bus"),
                         number(node, "slot"), number(node, "function"));
}

char **hostdev_addresses(const char *domain_xml)
{
  xmlDocPtr doc = xml_parse(domain_xml);
  if (!doc)
    return NULL;
  g_autoptr(GPtrArray) nodes = xml_nodes(doc, ALL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (guint i = 0; i < nodes->len; i++) {
    g_autofree char *address = hostdev_address(nodes->pdata[i]);
    g_strv_builder_add(builder, address);
  }
  xmlFreeDoc(doc);
  return g_strv_builder_end(builder);
}

char *hostdev_find(const char *domain_xml, const char *address)
{
  xmlDocPtr doc = xml_parse(domain_xml);
  g_autoptr(GPtrArray) nodes = doc ? xml_nodes(doc, ALL) : g_ptr_array_new();
  char *found = NULL;
  for (guint i = 0; i < nodes->len && !found; i++) {
    xmlNodePtr node = nodes->pdata[i];
    g_autofree char *its = hostdev_address(node);
    if (sriov_is_called(its, address))
      found = xml_node_text(node->parent->parent);
  }
  xmlFreeDoc(doc);
  return found;
}
