/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/clone.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/conn/reach.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/redefine.h"

#define WIDTH_MAX 9

/* ---- names ---- */

/* The number behind a percent sign, as %d or %0Wd; RET_END is behind it.  Its width, or -1: it is none. */
static int number_width(const char *at, const char **ret_end)
{
  char *end = (char *)(uintptr_t)at;
  guint64 width = *at == '0' ? g_ascii_strtoull(at, &end, 10) : 0;
  *ret_end = end + 1;
  return *end == 'd' && width <= WIDTH_MAX ? (int)width : -1;
}

static bool bad_pattern(const char *pattern, const char *why, GError **err)
{
  g_autofree char *safe = text_safe(pattern);
  return error_set(err, ERROR_USAGE,
                   "Write %n for the guest's name and %d or %02d for a number, as in name=" CLONE_PATTERN ".",
                   "the pattern \"%s\" cannot be used: %s", safe, why);
}

/* One piece of PATTERN from *AT on, which is moved behind it. */
static const char *add_piece(GString *name, const char **at, const char *guest, int number, int *numbers)
{
  const char *end;
  if (**at != '%') {
    g_string_append_c(name, *(*at)++);
    return NULL;
  }
  (*at)++;
  const int width = number_width(*at, &end);
  if (width >= 0) {
    g_string_append_printf(name, "%0*d", width, number);
    *at = end;
    return ++*numbers > 1 ? "it has two numbers" : NULL;
  }
  if (**at != 'n' && **at != '%')
    return "behind \"%\" stands neither n nor a number";
  g_string_append(name, **at == 'n' ? guest : "%");
  (*at)++;
  return NULL;
}

char *clone_name(const char *pattern, const char *guest, int number, GError **err)
{
  g_autoptr(GString) name = g_string_new(NULL);
  int numbers = 0;
  for (const char *at = pattern; *at;) {
    const char *why = add_piece(name, &at, guest, number, &numbers);
    if (why) {
      bad_pattern(pattern, why, err);
      return NULL;
    }
  }
  return text_name_ok(name->str, err) ? g_strdup(name->str) : NULL;
}

bool clone_pattern_counts(const char *pattern)
{
  g_autofree char *one = clone_name(pattern, "a", 1, NULL), *two = clone_name(pattern, "a", 2, NULL);
  return one && two && strcmp(one, two) != 0;
}

/* ---- disks ---- */

static void disk_free(void *data)
{
  struct clone_disk *disk = data;
  char *texts[] = {disk->target, disk->path, disk->pool, disk->volume, disk->format};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(disk);
}

#define WRITABLE "/domain/devices/disk[@device='disk' or not(@device)][not(readonly)]"

static char *child_attr(xmlNodePtr parent, const char *child, const char *attr)
{
  for (xmlNodePtr node = parent->children; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, child)) {
      xmlChar *value = xmlGetProp(node, (const xmlChar *)attr);
      char *copy = g_strdup((const char *)value);
      xmlFree(value);
      return copy;
    }
  return NULL;
}

static bool read_disk(xmlNodePtr node, GPtrArray *disks, GError **err)
{
  struct clone_disk *disk = g_new0(struct clone_disk, 1);
  g_ptr_array_add(disks, disk);
  disk->target = child_attr(node, "target", "dev");
  disk->path = child_attr(node, "source", "file");
  disk->pool = child_attr(node, "source", "pool");
  disk->volume = child_attr(node, "source", "volume");
  disk->format = child_attr(node, "driver", "type");
  if (!disk->format)
    disk->format = g_strdup("raw"); /* as libvirt takes it */
  return (disk->target && (disk->path || (disk->pool && disk->volume))) ||
         error_set(err, ERROR_REFUSED, "Only disks that are image files or volumes of a pool are cloned.",
                   "disk %s is not an image", disk->target ? disk->target : "?");
}

GPtrArray *clone_disks(const char *xml, GError **err)
{
  g_autoptr(GPtrArray) disks = g_ptr_array_new_with_free_func(disk_free);
  xmlDocPtr doc = xml_parse(xml);
  if (!doc) {
    error_set(err, ERROR_GENERAL, NULL, "its definition cannot be read");
    return NULL;
  }
  g_autoptr(GPtrArray) nodes = xml_nodes(doc, WRITABLE);
  bool ok = true;
  for (guint i = 0; ok && i < nodes->len; i++)
    ok = read_disk(nodes->pdata[i], disks, err);
  xmlFreeDoc(doc);
  return ok ? g_steal_pointer(&disks) : NULL;
}

/* ---- what is to be made ---- */

struct blueprint *clone_draw(const char *name, const GPtrArray *disks, enum clone_mode mode,
                             const char *snapshot, const struct platform *platform)
{
  struct blueprint *blueprint = g_new0(struct blueprint, 1);
  blueprint->name = g_strdup(name);
  if (platform->log_dir)
    blueprint->log_file = g_strdup_printf("%s/%s.log", platform->log_dir, name);
  for (guint i = 0; i < disks->len; i++) {
    const struct clone_disk *from = g_ptr_array_index(disks, i);
    struct blueprint_disk *disk =
        blueprint_add_disk(blueprint, mode == CLONE_FULL ? CONTENT_COPY : CONTENT_OVERLAY, "qcow2");
    disk->path = g_strdup_printf("%s/%s-%s.qcow2", platform->disk_dir, name, from->target);
    disk->target = g_strdup(from->target);
    disk->backing = g_strdup(from->path);
    disk->backing_format = g_strdup(from->format);
    disk->snapshot = g_strdup(snapshot);
  }
  return blueprint;
}

/* ---- the definition ---- */

/* Of these there is one each: libvirt makes new ones.  A generation ID is asked for anew by an empty element.
 */
static const char *const of_its_own[] = {
    "/domain/uuid",
    "/domain/metadata/*[namespace-uri()='" REDEFINE_NAMESPACE "']", /* undo would make it its source */
    "/domain/metadata/*[namespace-uri()='" XML_FORMER_NAMESPACE "']",
    "/domain/genid/text()",
    "/domain/sysinfo/system/entry[@name='uuid']",
    "/domain/os/nvram/text() | /domain/os/nvram/source",
    "/domain/devices/interface/mac",
    "/domain/devices/interface/target",
    "/domain/devices/disk/backingStore",
    "/domain/devices/vsock/cid/@address",
    "/domain/devices/graphics/@port | /domain/devices/graphics/@tlsPort | "
    "/domain/devices/graphics/@websocket",
};

#define HELD_BY_ONE "/domain/devices/hostdev | /domain/devices/interface[@type='hostdev']"

static void set_attr(xmlNodePtr node, const char *name, const char *value)
{
  xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)value);
}

static xmlNodePtr child_of(xmlNodePtr parent, const char *name)
{
  for (xmlNodePtr node = parent->children; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name))
      return node;
  return xml_add(parent, name, NULL);
}

static void give_disk(xmlNodePtr node, const struct blueprint_disk *disk)
{
  xmlNodePtr old = child_of(node, "source");
  xmlUnlinkNode(old);
  xmlFreeNode(old);
  set_attr(node, "type", "file");
  set_attr(child_of(node, "driver"), "type", disk->format);
  xml_add_with(node, "source", "file", disk->path, NULL);
}

static void give_disks(xmlDocPtr doc, const struct blueprint *blueprint)
{
  g_autoptr(GPtrArray) nodes = xml_nodes(doc, WRITABLE);
  for (guint i = 0; i < nodes->len; i++) {
    g_autofree char *target = child_attr(nodes->pdata[i], "target", "dev");
    for (int j = 0; j < blueprint->disk_count; j++)
      if (!g_strcmp0(blueprint->disks[j].target, target))
        give_disk(nodes->pdata[i], &blueprint->disks[j]);
  }
}

char *clone_move_disks(const char *xml, const struct blueprint *blueprint)
{
  xmlDocPtr doc = xml_parse(xml);
  if (!doc)
    return NULL;
  xml_remove(doc, "/domain/devices/disk/backingStore");
  give_disks(doc, blueprint);
  return xml_finish(xmlDocGetRootElement(doc));
}

static void give_name(xmlDocPtr doc, const char *name)
{
  g_autoptr(GPtrArray) nodes = xml_nodes(doc, "/domain/name");
  for (guint i = 0; i < nodes->len; i++) {
    xmlNodeSetContent(nodes->pdata[i], NULL);
    xmlNodeAddContent(nodes->pdata[i], (const xmlChar *)name);
  }
}

/* Files that character devices write, in the folder where they were: the first is called NAME.log, and one
 * that two devices share (a serial port and the console on it) stays shared. */
static void give_files(xmlDocPtr doc, const char *name)
{
  g_autoptr(GPtrArray) nodes = xml_nodes(
      doc, "/domain/devices/*/log/@file | /domain/devices/*[@type='file'][not(self::disk)]/source/@path");
  g_autoptr(GHashTable) given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < nodes->len; i++) {
    xmlAttrPtr attr = nodes->pdata[i];
    xmlChar *old = xmlNodeGetContent((xmlNodePtr)attr);
    const guint n = g_hash_table_size(given);
    if (!g_hash_table_contains(given, old)) {
      g_autofree char *folder = g_path_get_dirname((const char *)old);
      g_hash_table_insert(given, g_strdup((const char *)old),
                          n ? g_strdup_printf("%s/%s-%u.log", folder, name, n)
                            : g_strdup_printf("%s/%s.log", folder, name));
    }
    set_attr(attr->parent, (const char *)attr->name, g_hash_table_lookup(given, old));
    xmlFree(old);
  }
}

/* Deleting asks for this mark before it removes the images of a guest outside the lab. */
static void mark(xmlDocPtr doc)
{
  g_autoptr(GPtrArray) ours = xml_nodes(doc, "/domain/metadata/v:guest");
  if (ours->len)
    return;
  xmlNodePtr guest = xml_add(child_of(xmlDocGetRootElement(doc), "metadata"), "guest", NULL);
  xmlSetNs(guest, xmlNewNs(guest, (const xmlChar *)XML_OUR_NAMESPACE, (const xmlChar *)"virtlens"));
  xml_attr(guest, "template", "clone");
}

char *clone_build(const char *xml, const struct blueprint *blueprint, int *ret_left_out, GError **err)
{
  xmlDocPtr doc = xml_parse(xml);
  if (!doc) {
    error_set(err, ERROR_GENERAL, NULL, "its definition cannot be read");
    return NULL;
  }
  g_autoptr(GPtrArray) held = xml_nodes(doc, HELD_BY_ONE);
  if (ret_left_out)
    *ret_left_out = (int)held->len;
  xml_remove(doc, HELD_BY_ONE);
  for (size_t i = 0; i < G_N_ELEMENTS(of_its_own); i++)
    xml_remove(doc, of_its_own[i]);
  g_autoptr(GPtrArray) screens = xml_nodes(doc, "/domain/devices/graphics[@autoport]");
  for (guint i = 0; i < screens->len; i++)
    set_attr(screens->pdata[i], "autoport", "yes");
  give_name(doc, blueprint->name);
  reach_rename(doc, blueprint->name);
  if (blueprint->ssh_port)
    reach_move(doc, blueprint->ssh_port, blueprint->mac);
  give_disks(doc, blueprint);
  give_files(doc, blueprint->name);
  mark(doc);
  return xml_finish(xmlDocGetRootElement(doc));
}
