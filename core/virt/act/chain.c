/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/chain.h"

#include "core/base/error.h"
#include "core/virt/act/backing.h"
#include "core/virt/act/image.h"
#include "core/virt/act/users.h"
#include "core/virt/act/volumes.h"
#include "core/virt/conn/uri.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/clone.h"

/* ---- an image ---- */

static int64_t bytes_at(const char *xml, const char *xpath)
{
  g_autofree char *text = xml_text(xml, xpath);
  return text ? g_ascii_strtoll(text, NULL, 10) : -1;
}

static bool read_volume(struct chain_image *row, virConnectPtr conn)
{
  g_autofree char *xml = volume_xml_at(conn, row->path);
  if (!xml)
    return false;
  row->format = xml_text(xml, "/volume/target/format/@type");
  row->virtual_bytes = bytes_at(xml, "/volume/capacity");
  row->real_bytes = bytes_at(xml, "/volume/allocation");
  return true;
}

static void read_file(struct chain_image *row, const struct acting *acting)
{
  g_autoptr(GError) fault = NULL;
  struct image_facts facts;
  if (!image_facts(acting, row->path, &facts, &fault)) {
    row->problem = error_what(fault);
    return;
  }
  row->format = facts.format;
  row->virtual_bytes = facts.virtual_bytes;
  row->real_bytes = facts.real_bytes;
}

static void read_image(struct chain_image *row, const struct acting *acting)
{
  if (!hub_lab_root(acting->hub) && read_volume(row, acting->conn))
    return;
  if (uri_is_local(acting->hub->uri))
    read_file(row, acting);
  else
    row->problem = g_strdup("no storage pool of its host has it");
}

/* ---- a disk ---- */

/* Ends at an image that was there before: QEMU refuses such a loop, but a file can name itself. */
static void add_disk(struct chain *chain, const struct acting *acting, GHashTable *users,
                     const struct clone_disk *disk)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  char *path = g_canonicalize_filename(disk->path, NULL);
  for (int depth = 0; path && g_hash_table_add(seen, g_strdup(path)); depth++) {
    struct chain_image *row = chain_add(chain, disk->target, depth, path);
    read_image(row, acting);
    row->users = users_at(users, path);
    char *behind = backing_of_disk(acting, path);
    g_free(path);
    path = behind;
  }
  g_free(path);
}

static struct chain *read_chain(const struct acting *acting, virDomainPtr domain, const char *uuid,
                                GError **err)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, 0));
  if (!xml) {
    virt_error(err, NULL, "its definition cannot be read");
    return NULL;
  }
  g_autoptr(GPtrArray) disks = clone_disks(xml, err);
  if (!disks || !volumes_resolve(acting->conn, disks, err))
    return NULL;
  g_autoptr(GHashTable) users = users_of_files(acting, uuid, err);
  if (!users)
    return NULL;
  struct chain *chain = chain_new(uuid);
  for (guint i = 0; i < disks->len; i++)
    add_disk(chain, acting, users, g_ptr_array_index(disks, i));
  return chain;
}

struct chain *chain_of(struct hub *hub, const char *uuid, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  g_autoptr(virDomain) domain = conn ? guest_of_uuid(conn, uuid, err) : NULL;
  struct act act = {0}; /* nothing is done, and nobody can cancel it */
  const struct acting acting = {hub, conn, &act, NULL};
  return domain ? read_chain(&acting, domain, uuid, err) : NULL;
}
