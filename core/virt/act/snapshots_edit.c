/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of a snapshot, and how it is called. */
#include <string.h>

#include "core/base/error.h"
#include "core/virt/act/snapshots_private.h"

static bool describe(const struct snapshots *snapshots, const struct snapshot *row, const char *text,
                     GError **err)
{
  g_autofree char *xml = snapshots_xml(snapshots->domain, row->name, err);
  g_autofree char *changed =
      xml ? snapshots_with_text(xml, "/domainsnapshot/description", "description", text) : NULL;
  return changed && snapshots_redefine(snapshots->domain, changed, row->current, err);
}

/* ---- another name ---- */

/* Put the children of ROW below PARENT. */
static bool adopt(const struct snapshots *snapshots, const struct snapshot *row, const char *parent,
                  GError **err)
{
  for (int i = 0; i < snapshots->list->count; i++) {
    const struct snapshot *child = &snapshots->list->rows[i];
    if (g_strcmp0(child->parent, row->name) != 0)
      continue;
    g_autofree char *xml = snapshots_xml(snapshots->domain, child->name, err);
    g_autofree char *moved =
        xml ? snapshots_with_text(xml, "/domainsnapshot/parent/name", "parent", parent) : NULL;
    if (!moved || !snapshots_redefine(snapshots->domain, moved, child->current, err))
      return false;
  }
  return true;
}

/* A second one is made, which takes the place of the first. */
static bool replace(const struct snapshots *snapshots, const struct snapshot *row, const char *name,
                    GError **err)
{
  g_autofree char *xml = snapshots_xml(snapshots->domain, row->name, err);
  g_autofree char *renamed = xml ? snapshots_with_text(xml, "/domainsnapshot/name", "name", name) : NULL;
  if (!renamed || !snapshots_redefine(snapshots->domain, renamed, row->current, err))
    return false;
  if (adopt(snapshots, row, name, err) && snapshots_forget(snapshots->domain, row->name, err))
    return true;
  if (adopt(snapshots, row, row->name, NULL))
    snapshots_forget(snapshots->domain, name, NULL);
  return false;
}

static bool rename_it(const struct snapshots *snapshots, const struct snapshot *row, const char *name,
                      GError **err)
{
  if (!row->external)
    return error_set(err, ERROR_REFUSED, "Describe it instead: description=TEXT.",
                     "snapshot %s is internal: its name is what marks it inside the images", row->name);
  return snapshots_name_free(snapshots, name, err) && replace(snapshots, row, name, err);
}

bool snapshot_edit(struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *name = action_value(acting->act->flags, "rename"),
             *text = action_value(acting->act->flags, "description");
  struct snapshots snapshots;
  bool ok = snapshots_read(acting->hub, domain, acting->act->uuid, &snapshots, err);
  const struct snapshot *row = ok ? snapshots_meant(acting, &snapshots, err) : NULL;
  if (row && !name && !text)
    ok = error_set(err, ERROR_USAGE, NULL, "what of it? description=TEXT or rename=NAME");
  acting_step(acting, -1, "changing what libvirt knows of it");
  ok = ok && row && (!text || describe(&snapshots, row, text, err)) &&
       (!name || rename_it(&snapshots, row, name, err));
  snapshots_clear(&snapshots);
  return ok;
}
