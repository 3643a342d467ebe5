/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/undelete.h"

#include <stdlib.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/snapshots_private.h"

struct deleted {
  char *name, *xml;
  GPtrArray *snapshots; /* char *: each as XML, parents first */
  int current;          /* which of them is; -1: none */
  bool autostart;
};

void deleted_free(struct deleted *deleted)
{
  if (!deleted)
    return;
  g_free(deleted->name);
  g_free(deleted->xml);
  g_ptr_array_unref(deleted->snapshots);
  g_free(deleted);
}

/* ---- before it is deleted ---- */

static bool read_snapshots(struct deleted *deleted, virDomainPtr domain, GError **err)
{
  virDomainSnapshotPtr *snapshots = NULL;
  const int count = virDomainListAllSnapshots(domain, &snapshots, VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL);
  bool ok = count >= 0 || virt_error(err, NULL, "cannot list its snapshots");
  for (int i = 0; i < count; i++) {
    char *xml = ok ? snapshots_xml(domain, virDomainSnapshotGetName(snapshots[i]), err) : NULL;
    ok = xml != NULL;
    if (xml)
      g_ptr_array_add(deleted->snapshots, xml);
    if (virDomainSnapshotIsCurrent(snapshots[i], 0) == 1)
      deleted->current = i;
    virDomainSnapshotFree(snapshots[i]);
  }
  free(snapshots);
  return ok;
}

struct deleted *deleted_read(virDomainPtr domain, GError **err)
{
  struct deleted *deleted = g_new0(struct deleted, 1);
  int autostart = 0;
  deleted->name = g_strdup(virDomainGetName(domain));
  deleted->snapshots = g_ptr_array_new_with_free_func(g_free);
  deleted->current = -1;
  deleted->autostart = virDomainGetAutostart(domain, &autostart) == 0 && autostart;
  deleted->xml = take_text(virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE));
  if (!deleted->xml)
    virt_error(err, NULL, "its definition cannot be read");
  if (deleted->xml && read_snapshots(deleted, domain, err))
    return deleted;
  deleted_free(deleted);
  return NULL;
}

/* ---- in between ---- */

void deleted_keep(struct hub *hub, struct deleted *deleted)
{
  pthread_mutex_lock(&hub->lock);
  if (!hub->deleted)
    hub->deleted = g_ptr_array_new_with_free_func((GDestroyNotify)deleted_free);
  g_ptr_array_add(hub->deleted, deleted);
  pthread_mutex_unlock(&hub->lock);
}

/* Out of what is kept: the last one called NAME (NULL: whatever it is called), or NULL. */
static struct deleted *take(struct hub *hub, const char *name)
{
  struct deleted *found = NULL;
  pthread_mutex_lock(&hub->lock);
  for (guint i = hub->deleted ? hub->deleted->len : 0; i-- > 0 && !found;) {
    struct deleted *deleted = hub->deleted->pdata[i];
    if (!name || g_str_equal(deleted->name, name))
      found = g_ptr_array_steal_index(hub->deleted, i);
  }
  pthread_mutex_unlock(&hub->lock);
  return found;
}

/* ---- again ---- */

static bool name_is_free(const struct acting *acting, const char *name, GError **err)
{
  g_autoptr(virDomain) there = virDomainLookupByName(acting->conn, name);
  return !there || error_set(err, ERROR_REFUSED, "Rename or delete that one first.",
                             "name '%s': a guest of this name is there already", name);
}

/* What libvirt does not take back of its snapshots is told; the guest is there. */
static void define_snapshots(const struct acting *acting, const struct deleted *deleted, virDomainPtr domain)
{
  guint lost = 0;
  for (guint i = 0; i < deleted->snapshots->len; i++)
    lost += !snapshots_redefine(domain, deleted->snapshots->pdata[i], (int)i == deleted->current, NULL);
  if (lost)
    acting->act->result =
        g_strdup_printf("%u of its %u snapshots could not be brought back", lost, deleted->snapshots->len);
}

static bool define(struct acting *acting, const struct deleted *deleted, GError **err)
{
  if (!name_is_free(acting, deleted->name, err))
    return false;
  g_autoptr(GPtrArray) no_files = g_ptr_array_new();
  trail_add_guest(acting->trail, deleted->name, no_files);
  g_autoptr(virDomain) domain = virDomainDefineXML(acting->conn, deleted->xml);
  if (!domain)
    return virt_error(err, NULL, "libvirt refuses the definition");
  virDomainGetUUIDString(domain, acting->act->result_uuid);
  define_snapshots(acting, deleted, domain);
  if (deleted->autostart)
    virDomainSetAutostart(domain, 1);
  return true;
}

bool undelete_guest(struct acting *acting, GError **err)
{
  const char *name = action_value(acting->act->flags, "name");
  g_autofree char *safe = text_safe(name);
  struct deleted *deleted = take(acting->hub, name);
  if (!deleted)
    return error_set(err, ERROR_REFUSED, "Only :delete GUEST keep-disks can be taken back.",
                     "no guest%s%s was deleted in this session with its disks kept", name ? " " : "", safe);
  const bool done = define(acting, deleted, err);
  if (done)
    deleted_free(deleted);
  else
    deleted_keep(acting->hub, deleted);
  return done;
}
