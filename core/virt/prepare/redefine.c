/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/redefine.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/error.h"
#include "core/virt/conn/reach.h"
#include "core/virt/conn/xml.h"

#define KEPT "/domain/metadata/*[namespace-uri()='" REDEFINE_NAMESPACE "']"
#define DISKS "/domain/devices/disk[@device='disk' or not(@device)]"

/* libvirt gives elements their order. */
static void set_text(xmlDocPtr doc, const char *name, const char *text)
{
  g_autofree char *xpath = g_strconcat("/domain/", name, NULL);
  xml_remove(doc, xpath);
  if (text && *text)
    xml_add(xmlDocGetRootElement(doc), name, text);
}

static void set_vcpus(xmlDocPtr doc, int vcpus)
{
  g_autofree char *text = g_strdup_printf("%d", vcpus);
  set_text(doc, "vcpu", text);
  xml_remove(doc, "/domain/vcpus | /domain/cpu/topology"); /* they tell of the number before */
}

static void set_memory(xmlDocPtr doc, guint64 bytes)
{
  xml_remove(doc, "/domain/memory | /domain/currentMemory");
  xml_add_bytes(xmlDocGetRootElement(doc), "memory", bytes);
}

static xmlNodePtr child(xmlNodePtr parent, const char *name)
{
  xmlNodePtr node = parent->children;
  while (node && (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0))
    node = node->next;
  return node;
}

static void set_attr(xmlNodePtr node, const char *name, const char *value)
{
  xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)value);
}

static void set_target(xmlNodePtr disk, const struct backend *backend, guint index)
{
  xmlNodePtr target = child(disk, "target");
  g_autofree char *name = g_strdup_printf("%s%c", backend->prefix, 'a' + (int)index);
  if (!target)
    target = xml_add(disk, "target", NULL);
  set_attr(target, "dev", name);
  set_attr(target, "bus", backend->bus);
}

/* Only the controller that the table names for the backend; libvirt adds what else is needed. */
static void set_controller(xmlDocPtr doc, const struct backend *backend)
{
  if (!backend->controller)
    return;
  xml_remove(doc, "/domain/devices/controller[@type='scsi']");
  g_autoptr(GPtrArray) devices = xml_nodes(doc, "/domain/devices");
  if (devices->len)
    xml_add_with(devices->pdata[0], "controller", "type", backend->bus, "index", "0", "model",
                 backend->controller, NULL);
}

static bool set_backend(xmlDocPtr doc, const struct backend *backend, GError **err)
{
  g_autoptr(GPtrArray) disks = xml_nodes(doc, DISKS);
  if (disks->len > (guint)backend->max_disks)
    return error_set(err, ERROR_USAGE, "Choose another backend.", "backend %s takes %d disks, and it has %u",
                     backend->name, backend->max_disks, disks->len);
  xml_remove(doc, DISKS "/address");
  xml_remove(doc, DISKS "/driver/@iothread");
  for (guint i = 0; i < disks->len; i++)
    set_target(disks->pdata[i], backend, i);
  set_controller(doc, backend);
  return true;
}

/* The definition before goes along as a text of its own. */
static void keep(xmlDocPtr doc, const char *before)
{
  g_autoptr(GPtrArray) found = xml_nodes(doc, "/domain/metadata");
  xmlNodePtr metadata = found->len ? found->pdata[0] : xml_add(xmlDocGetRootElement(doc), "metadata", NULL);
  xmlNodePtr node = xml_add(metadata, "before", before);
  xmlSetNs(node, xmlNewNs(node, (const xmlChar *)REDEFINE_NAMESPACE, (const xmlChar *)"virtlens-before"));
}

static bool change_all(xmlDocPtr doc, const struct redefinition *change, GError **err)
{
  if (change->name) {
    set_text(doc, "name", change->name);
    reach_rename(doc, change->name);
  }
  if (change->title)
    set_text(doc, "title", change->title);
  if (change->vcpus)
    set_vcpus(doc, change->vcpus);
  if (change->memory_bytes)
    set_memory(doc, change->memory_bytes);
  return !change->backend || set_backend(doc, change->backend, err);
}

/* Metadata can be read by those who may not see passwords. */
static char *text_of(xmlDocPtr doc)
{
  xmlDocPtr copy = xmlCopyDoc(doc, 1);
  xml_remove(copy, "/domain/devices/graphics/@passwd");
  return xml_finish(xmlDocGetRootElement(copy));
}

static xmlDocPtr parse(const char *xml, GError **err)
{
  xmlDocPtr doc = xml_parse(xml);
  if (!doc)
    error_set(err, ERROR_GENERAL, NULL, "its definition cannot be read");
  return doc;
}

char *redefine(const char *xml, const struct redefinition *change, GError **err)
{
  xmlDocPtr doc = parse(xml, err);
  if (!doc)
    return NULL;
  xml_remove(doc, KEPT);
  g_autofree char *before = text_of(doc);
  if (!change_all(doc, change, err)) {
    xmlFreeDoc(doc);
    return NULL;
  }
  keep(doc, before);
  return xml_finish(xmlDocGetRootElement(doc));
}

char *redefine_before(const char *xml)
{
  return xml_text(xml, KEPT);
}

static void carry_passwords(xmlDocPtr from, xmlDocPtr to)
{
  g_autoptr(GPtrArray) old = xml_nodes(from, "/domain/devices/graphics");
  g_autoptr(GPtrArray) new = xml_nodes(to, "/domain/devices/graphics");
  for (guint i = 0; i < MIN(old->len, new->len); i++) {
    xmlChar *password = xmlGetProp(old->pdata[i], (const xmlChar *)"passwd");
    xml_attr(new->pdata[i], "passwd", (const char *)password);
    xmlFree(password);
  }
}

char *redefine_back(const char *xml, GError **err)
{
  g_autofree char *before = redefine_before(xml);
  if (!before) {
    error_set(err, ERROR_REFUSED, NULL, "no change of its definition is kept");
    return NULL;
  }
  xmlDocPtr now = parse(xml, err), back = now ? parse(before, err) : NULL;
  if (back) {
    xml_remove(now, KEPT);
    g_autofree char *held = text_of(now);
    carry_passwords(now, back);
    keep(back, held);
  }
  xmlFreeDoc(now);
  return back ? xml_finish(xmlDocGetRootElement(back)) : NULL;
}
