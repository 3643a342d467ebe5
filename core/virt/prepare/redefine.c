/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/redefine.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/error.h"
#include "core/virt/conn/reach.h"
#include "core/virt/conn/xml.h"

#define KEPT "/domain/metadata/*[namespace-uri()='" REDEFINE_NAMESPACE "']"
#define FORMER "/domain/metadata/*[namespace-uri()='" XML_FORMER_NAMESPACE "']"
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

/* ---- disks ---- */

static char *attr_of_child(xmlNodePtr parent, const char *name, const char *attr)
{
  xmlNodePtr node = child(parent, name);
  return node ? xml_attr_text(node, attr) : NULL;
}

/* The disks of a definition, those of them that may change, and to what. */
struct rebacking {
  xmlDocPtr doc;
  GPtrArray *all, *disks;        /* xmlNodePtr; all: CD and floppy drives, too */
  const struct backend **wanted; /* one for each of disks; NULL: as it is */
};

static const struct backend *backend_now(const struct rebacking *r, xmlNodePtr disk)
{
  g_autofree char *bus = attr_of_child(disk, "target", "bus");
  g_autoptr(GPtrArray) models = xml_nodes(r->doc, "/domain/devices/controller[@type='scsi']/@model");
  g_autofree char *model =
      models->len ? xml_attr_text(((xmlNodePtr)models->pdata[0])->parent, "model") : NULL;
  return backend_of(BACKEND_DISK, bus, model);
}

/* Those that stay where they are keep their names and addresses. */
static bool want(struct rebacking *r, const struct disk_change *change, GError **err)
{
  bool found = !change->disk;
  for (guint i = 0; i < r->disks->len; i++) {
    g_autofree char *name = attr_of_child(r->disks->pdata[i], "target", "dev");
    if (change->disk && g_strcmp0(name, change->disk) != 0)
      continue;
    found = true;
    r->wanted[i] = change->backend == backend_now(r, r->disks->pdata[i]) ? NULL : change->backend;
  }
  return found ||
         error_set(err, ERROR_USAGE, "Its details list its disks.", "it has no disk %s", change->disk);
}

/* What DISK will be attached by; NULL: by nothing of the table. */
static const struct backend *backend_then(const struct rebacking *r, xmlNodePtr disk)
{
  guint at;
  const bool may_change = g_ptr_array_find(r->disks, disk, &at);
  return may_change && r->wanted[at] ? r->wanted[at] : backend_now(r, disk);
}

/* Can all that will be on the bus of BACKEND be there?  They share one controller. */
static bool fits(const struct rebacking *r, const struct backend *backend, GError **err)
{
  int count = 0;
  for (guint i = 0; i < r->all->len; i++) {
    const struct backend *then = backend_then(r, r->all->pdata[i]);
    if (!then || g_strcmp0(then->bus, backend->bus) != 0)
      continue;
    count++;
    if (then != backend)
      return error_set(err, ERROR_USAGE, "Change these, too, or choose another backend.",
                       "backend %s: it has disks on %s, and a guest has one SCSI controller", backend->name,
                       then->name);
  }
  return count <= backend->max_disks || error_set(err, ERROR_USAGE, "Choose another backend.",
                                                  "backend %s takes %d disks, and it would have %d",
                                                  backend->name, backend->max_disks, count);
}

/* The first name of BACKEND that is not among TAKEN, which it then is. */
static char *take_name(GHashTable *taken, const struct backend *backend)
{
  for (int number = 0;; number++) {
    char *name = backend_disk_name(backend->prefix, number);
    if (g_hash_table_add(taken, g_strdup(name)))
      return name;
    g_free(name);
  }
}

static void move_disk(xmlNodePtr disk, const struct backend *backend, const char *name)
{
  xmlNodePtr target = child(disk, "target"), driver = child(disk, "driver"), address = child(disk, "address");
  if (!target)
    target = xml_add(disk, "target", NULL);
  xml_set_attr(target, "dev", name);
  xml_set_attr(target, "bus", backend->bus);
  if (driver)
    xmlUnsetProp(driver, (const xmlChar *)"iothread");
  if (address) {
    xmlUnlinkNode(address);
    xmlFreeNode(address);
  }
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

static GHashTable *names_that_stay(const struct rebacking *r)
{
  GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < r->all->len; i++) {
    guint at;
    char *name = attr_of_child(r->all->pdata[i], "target", "dev");
    if (name && !(g_ptr_array_find(r->disks, r->all->pdata[i], &at) && r->wanted[at]))
      g_hash_table_add(names, name);
    else
      g_free(name);
  }
  return names;
}

static void move_disks(const struct rebacking *r)
{
  g_autoptr(GHashTable) taken = names_that_stay(r);
  for (guint i = 0; i < r->disks->len; i++) {
    g_autofree char *name = r->wanted[i] ? take_name(taken, r->wanted[i]) : NULL;
    if (!name)
      continue;
    move_disk(r->disks->pdata[i], r->wanted[i], name);
    set_controller(r->doc, r->wanted[i]);
  }
}

static bool set_backends(xmlDocPtr doc, const struct redefinition *change, GError **err)
{
  g_autoptr(GPtrArray) all = xml_nodes(doc, "/domain/devices/disk"), disks = xml_nodes(doc, DISKS);
  g_autofree const struct backend **wanted = g_new0(const struct backend *, disks->len + 1);
  struct rebacking r = {doc, all, disks, wanted};
  bool ok = true;
  for (int i = 0; ok && i < change->disk_count; i++)
    ok = want(&r, &change->disks[i], err);
  for (guint i = 0; ok && i < disks->len; i++)
    ok = !wanted[i] || fits(&r, wanted[i], err);
  if (ok)
    move_disks(&r);
  return ok;
}

/* ---- all of it ---- */

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
  return set_backends(doc, change, err);
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

/* What :attach and :detach change stands in no definition that is kept. */
static bool have_same_devices(xmlDocPtr one, xmlDocPtr other, GError **err)
{
  static const char *const kinds[] = {DISKS, "/domain/devices/interface", "/domain/devices/hostdev"};
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autoptr(GPtrArray) some = xml_nodes(one, kinds[i]), others = xml_nodes(other, kinds[i]);
    if (some->len != others->len)
      return error_set(err, ERROR_REFUSED, "Change it by :edit or :rename.",
                       "devices were attached or detached since: the definition before has others");
  }
  return true;
}

/* Put the children NAME of FROM in the place of those of TO. */
static void carry_child(xmlNodePtr from, xmlNodePtr to, const char *name)
{
  xmlNodePtr old = child(to, name), new = child(from, name);
  if (old) {
    xmlUnlinkNode(old);
    xmlFreeNode(old);
  }
  if (new)
    xmlAddChild(to, xmlDocCopyNode(new, to->doc, 1));
}

/* Snapshots and reverts move a guest to other images, on which it stays. */
static void carry_images(xmlDocPtr from, xmlDocPtr to)
{
  g_autoptr(GPtrArray) now = xml_nodes(from, DISKS), then = xml_nodes(to, DISKS);
  for (guint i = 0; i < MIN(now->len, then->len); i++) {
    g_autofree char *format = attr_of_child(now->pdata[i], "driver", "type");
    xmlNodePtr driver = child(then->pdata[i], "driver");
    carry_child(now->pdata[i], then->pdata[i], "source");
    carry_child(now->pdata[i], then->pdata[i], "backingStore");
    if (driver && format)
      xml_set_attr(driver, "type", format);
  }
  xml_remove(to, FORMER);
  g_autoptr(GPtrArray) former = xml_nodes(from, FORMER), places = xml_nodes(to, "/domain/metadata");
  if (former->len && places->len)
    xmlAddChild(places->pdata[0], xmlDocCopyNode(former->pdata[0], to, 1));
}

char *redefine_back(const char *xml, GError **err)
{
  g_autofree char *before = redefine_before(xml);
  if (!before) {
    error_set(err, ERROR_REFUSED, "What :edit and :rename change can be undone.",
              "no change of its definition is kept");
    return NULL;
  }
  xmlDocPtr now = parse(xml, err), back = now ? parse(before, err) : NULL;
  const bool can = back && have_same_devices(now, back, err);
  if (can) {
    xml_remove(now, KEPT);
    g_autofree char *held = text_of(now);
    carry_passwords(now, back);
    carry_images(now, back);
    keep(back, held);
  }
  xmlFreeDoc(now);
  char *text = can ? xml_node_text(xmlDocGetRootElement(back)) : NULL;
  xmlFreeDoc(back);
  return text;
}
