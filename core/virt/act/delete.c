/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/delete.h"

#include <stdlib.h>

#include "core/base/error.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/life.h"
#include "core/virt/act/snapshots.h"
#include "core/virt/act/users.h"
#include "core/virt/conn/lab_mark.h"
#include "core/virt/conn/xml.h"

/* What may be its own: writable images that no CD drive holds. */
#define XPATH_OWN "/domain/devices/disk[@device='disk'][not(readonly)][not(shareable)]/source/@file"
#define XPATH_LOG "/domain/devices/serial/log/@file"

static char *definition(virDomainPtr domain)
{
  return take_text(virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE));
}

static bool within(const char *folder, const char *path)
{
  g_autofree char *parent = g_path_get_dirname(path);
  return g_str_equal(parent, folder);
}

static void take_files(GPtrArray *own, char **files, const char *root, const char *folder, GHashTable *others)
{
  g_autofree char *dir = root ? g_build_filename(root, folder, NULL) : NULL;
  for (int i = 0; files && files[i]; i++) {
    g_autofree char *path = g_canonicalize_filename(files[i], NULL);
    if ((!dir || within(dir, path)) && !g_hash_table_contains(others, path) &&
        !g_ptr_array_find_with_equal_func(own, path, g_str_equal, NULL))
      g_ptr_array_add(own, g_steal_pointer(&path));
  }
}

static void take_own(GPtrArray *own, const char *xml, const char *xpath, const char *root, const char *folder,
                     GHashTable *others)
{
  g_auto(GStrv) files = xml_texts(xml, xpath);
  take_files(own, files, root, folder, others);
}

/* Outside the lab only guests that we made carry our mark, and lose their volumes. */
static char **own_files(const struct acting *acting, virDomainPtr domain, GHashTable *others, GError **err)
{
  const char *root = hub_lab_root(acting->hub);
  g_autofree char *xml = definition(domain);
  if (!xml) {
    virt_error(err, NULL, "the guest's definition cannot be read");
    return NULL;
  }
  g_autofree char *mark = xml_text(xml, "/domain/metadata/v:guest/@template");
  GPtrArray *own = g_ptr_array_new();
  g_auto(GStrv) kept = snapshots_files(domain);
  if (root || mark) {
    take_own(own, xml, XPATH_OWN, root, "disks", others);
    take_files(own, kept, root, "disks", others);
  }
  if (root)
    take_own(own, xml, XPATH_LOG, root, "logs", others);
  g_ptr_array_add(own, NULL);
  return (char **)g_ptr_array_free(own, FALSE);
}

char **delete_files(struct hub *hub, const char *uuid, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  if (!conn)
    return NULL;
  g_autoptr(virDomain) domain = guest_of_uuid(conn, uuid, err);
  if (!domain)
    return NULL;
  struct acting acting = {hub, conn, NULL};
  g_autoptr(GHashTable) others = users_of_files(&acting, uuid, err);
  return others ? own_files(&acting, domain, others, err) : NULL;
}

static bool make_sure_it_is_off(const struct acting *acting, virDomainPtr domain, GError **err)
{
  int active = virDomainIsActive(domain);
  if (active < 0)
    return virt_error(err, NULL, "the guest's state cannot be read");
  if (!active)
    return true;
  if (!action_flag(acting->act->flags, "force-off"))
    return error_set(err, ERROR_REFUSED, "Stop it or force it off first.", "delete: the guest is running");
  acting_step(acting, 0.2, "ending QEMU");
  return life_end(domain, err);
}

static bool remove_files(const struct acting *acting, char **files, GError **err)
{
  g_autoptr(GString) left = g_string_new(NULL);
  GError *first = NULL;
  for (int i = 0; files[i]; i++) {
    acting_step(acting, 0.6, "removing files");
    GError *fault = NULL;
    if (disk_remove(acting->conn, hub_lab_root(acting->hub), files[i], &fault))
      continue;
    g_string_append_printf(left, "%s%s", left->len ? ", " : "", files[i]);
    if (first)
      g_error_free(fault);
    else
      first = fault;
  }
  if (!first)
    return true;
  g_autofree char *what = error_what(first);
  error_set(err, (enum error_code)first->code, "Remove them by hand.",
            "the guest is deleted, but these files stay: %s (%s)", left->str, what);
  g_error_free(first);
  return false;
}

/* In the lab a mark lets the next start clear up when this program is killed in the middle. */
static bool forget(const struct acting *acting, virDomainPtr domain, char **files, GError **err)
{
  const char *root = hub_lab_root(acting->hub), *name = virDomainGetName(domain);
  if (!lab_mark(root, name, (const char *const *)files, err))
    return false;
  bool ok = life_undefine(domain, err) && remove_files(acting, files, err);
  lab_unmark(root, name);
  return ok;
}

/* Images on which those of other guests stand are left. */
static char *tell_kept(char **names)
{
  if (!names[0])
    return NULL;
  g_autofree char *all = g_strjoinv(", ", names);
  return g_strdup_printf("deleted; its disks stay, for those of %s stand on them", all);
}

bool delete_guest(struct acting *acting, virDomainPtr domain, GError **err)
{
  char *none[] = {NULL};
  acting_step(acting, 0, "finding its files");
  g_autoptr(GHashTable) others = users_of_files(acting, acting->act->uuid, err);
  g_auto(GStrv) files = others ? own_files(acting, domain, others, err) : NULL;
  g_auto(GStrv) standing = files ? users_among(others, acting, domain, err) : NULL;
  if (!standing || !make_sure_it_is_off(acting, domain, err) || !acting_goes_on(acting, err))
    return false;
  acting_step(acting, 0.4, "removing the definition");
  if (!forget(acting, domain, action_flag(acting->act->flags, "keep-disks") ? none : files, err))
    return false;
  acting->act->result = tell_kept(standing);
  return true;
}
