/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/users.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/backing.h"
#include "core/virt/act/own.h"
#include "core/virt/act/volumes.h"
#include "core/virt/conn/xml.h"

/* The files that a definition tells of: images and, as far as libvirt tells, what stands behind them. */
#define XPATH_FILES                                                                                          \
  "/domain/devices/disk/source/@file | /domain/devices/disk//backingStore/source/@file | "                   \
  "/domain/os/kernel | /domain/os/initrd"
#define XPATH_WRITTEN "/domain/devices/disk[not(readonly)]/source/@file"
#define XPATH_POOLS "/domain/devices/disk/source[@pool][@volume]/@pool"
#define XPATH_VOLUMES "/domain/devices/disk/source[@pool][@volume]/@volume"

static GHashTable *set_new(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void add_path(GHashTable *set, const char *path)
{
  g_hash_table_add(set, g_canonicalize_filename(path, NULL));
}

/* Disks that name a volume of a pool, by the volume's path; the two lists are in step. */
static void add_volumes(GHashTable *set, virConnectPtr conn, const char *xml)
{
  g_auto(GStrv) pools = xml_texts(xml, XPATH_POOLS);
  g_auto(GStrv) names = xml_texts(xml, XPATH_VOLUMES);
  for (int i = 0; pools && names && pools[i] && names[i]; i++) {
    g_autofree char *path = volume_path(conn, pools[i], names[i]);
    if (path)
      add_path(set, path);
  }
}

static bool add_files(GHashTable *set, virConnectPtr conn, virDomainPtr domain, unsigned flags,
                      const char *xpath, GError **err)
{
  const char *name = virDomainGetName(domain); /* before: it forgets the last error */
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, flags));
  if (!xml) /* one that is gone needs nothing */
    return virGetLastErrorCode() == VIR_ERR_NO_DOMAIN ||
           virt_error(err, NULL, "it is not known which files guest %s needs", name);
  g_auto(GStrv) files = xml_texts(xml, xpath);
  for (int i = 0; files && files[i]; i++)
    add_path(set, files[i]);
  add_volumes(set, conn, xml);
  return true;
}

static GPtrArray *names_at(GHashTable *users, const char *path)
{
  GPtrArray *names = g_hash_table_lookup(users, path);
  if (names)
    return names;
  names = g_ptr_array_new_with_free_func(g_free);
  g_hash_table_insert(users, g_strdup(path), names);
  return names;
}

static bool add_user(GHashTable *users, const struct acting *acting, virDomainPtr domain, GError **err)
{
  g_autoptr(GHashTable) files = set_new();
  if (!add_files(files, acting->conn, domain, VIR_DOMAIN_XML_INACTIVE, XPATH_FILES, err) ||
      !add_files(files, acting->conn, domain, 0, XPATH_FILES, err))
    return false;
  g_auto(GStrv) kept = own_of_snapshots(domain);
  for (char **file = kept; *file; file++)
    add_path(files, *file);
  backing_close_over(acting, files);
  GHashTableIter iter;
  gpointer path;
  g_hash_table_iter_init(&iter, files);
  while (g_hash_table_iter_next(&iter, &path, NULL))
    g_ptr_array_add(names_at(users, path), g_strdup(virDomainGetName(domain)));
  return true;
}

static void names_free(void *names)
{
  g_ptr_array_unref(names);
}

static int by_name(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_names(GHashTable *users)
{
  GHashTableIter iter;
  gpointer names;
  g_hash_table_iter_init(&iter, users);
  while (g_hash_table_iter_next(&iter, NULL, &names))
    g_ptr_array_sort(names, by_name);
}

GHashTable *users_of_files(const struct acting *acting, const char *uuid, GError **err)
{
  virDomainPtr *domains;
  int n = virConnectListAllDomains(acting->conn, &domains, 0);
  if (n < 0) {
    virt_error(err, NULL, "guests cannot be listed");
    return NULL;
  }
  g_autoptr(GHashTable) users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, names_free);
  bool ok = true;
  for (int i = 0; i < n; i++) {
    char other[VIR_UUID_STRING_BUFLEN];
    if (virDomainGetUUIDString(domains[i], other) == 0 && !g_str_equal(other, uuid))
      ok = ok && add_user(users, acting, domains[i], err);
    virDomainFree(domains[i]);
  }
  free(domains);
  sort_names(users);
  return ok ? g_steal_pointer(&users) : NULL;
}

char *users_at(GHashTable *users, const char *path)
{
  const GPtrArray *names = g_hash_table_lookup(users, path);
  GString *all = names && names->len ? g_string_new(NULL) : NULL;
  for (guint i = 0; all && i < names->len; i++)
    g_string_append_printf(all, "%s%s", i ? ", " : "", (const char *)names->pdata[i]);
  return all ? g_string_free(all, FALSE) : NULL;
}

/* The users of all of FILES, each once, in order. */
static char **names_of(GHashTable *users, GHashTable *files)
{
  g_autoptr(GHashTable) all = set_new();
  GHashTableIter iter;
  gpointer path;
  g_hash_table_iter_init(&iter, files);
  while (g_hash_table_iter_next(&iter, &path, NULL)) {
    const GPtrArray *names = g_hash_table_lookup(users, path);
    for (guint i = 0; names && i < names->len; i++)
      g_hash_table_add(all, g_strdup(names->pdata[i]));
  }
  guint count;
  char **list = (char **)g_hash_table_get_keys_as_array(all, &count);
  g_hash_table_steal_all(all);
  qsort(list, count, sizeof *list, by_name);
  return list;
}

GHashTable *users_written(virDomainPtr domain, const struct acting *acting)
{
  GHashTable *own = set_new();
  add_files(own, acting->conn, domain, VIR_DOMAIN_XML_INACTIVE, XPATH_WRITTEN, NULL);
  add_files(own, acting->conn, domain, 0, XPATH_WRITTEN, NULL);
  return own;
}

char **users_among(GHashTable *users, const struct acting *acting, virDomainPtr domain, GError **err)
{
  g_autoptr(GHashTable) own = set_new();
  return add_files(own, acting->conn, domain, VIR_DOMAIN_XML_INACTIVE, XPATH_WRITTEN, err)
             ? names_of(users, own)
             : NULL;
}

static char **users_of_disks(const struct acting *acting, virDomainPtr domain, GError **err)
{
  char uuid[VIR_UUID_STRING_BUFLEN] = "";
  virDomainGetUUIDString(domain, uuid);
  g_autoptr(GHashTable) users = users_of_files(acting, uuid, err);
  return users ? users_among(users, acting, domain, err) : NULL;
}

bool users_allow(const struct acting *acting, virDomainPtr domain, GError **err)
{
  if (action_flag(acting->act->flags, "force"))
    return true;
  g_auto(GStrv) names = users_of_disks(acting, domain, err);
  if (!names)
    return false;
  if (!names[0])
    return true;
  g_autofree char *all = g_strjoinv(", ", names), *safe = text_safe(all);
  return error_set(err, ERROR_RISKY,
                   "Delete or flatten them first, clone it instead, or add the word force if they may break.",
                   "the disks of other guests stand on its own and would break: %s", safe);
}
