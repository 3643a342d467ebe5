/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/trail.h"

static char **texts_of(const GPtrArray *files)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (guint i = 0; i < files->len; i++)
    if (files->pdata[i])
      g_strv_builder_add(builder, files->pdata[i]);
  return g_strv_builder_end(builder);
}

static void guest_free(void *data)
{
  struct trail_guest *guest = data;
  g_free(guest->name);
  g_strfreev(guest->files);
  g_free(guest);
}

void trail_add_guest(struct trail *trail, const char *name, const GPtrArray *files)
{
  if (!trail)
    return;
  struct trail_guest *guest = g_new(struct trail_guest, 1);
  *guest = (struct trail_guest){g_strdup(name), texts_of(files), 0};
  if (!trail->guests)
    trail->guests = g_ptr_array_new_with_free_func(guest_free);
  g_ptr_array_add(trail->guests, guest);
  trail->wanted = MAX(trail->wanted, (int)trail->guests->len);
}

void trail_made_file(struct trail *trail)
{
  if (trail && trail->guests)
    ((struct trail_guest *)trail->guests->pdata[trail->guests->len - 1])->made++;
}

void trail_set_files(struct trail *trail, const GPtrArray *files)
{
  if (!trail)
    return;
  g_strfreev(trail->files);
  trail->files = texts_of(files);
}

char *trail_current_snapshot(virDomainPtr domain)
{
  g_autoptr(virDomainSnapshot) current = virDomainSnapshotCurrent(domain, 0);
  return current ? g_strdup(virDomainSnapshotGetName(current)) : NULL;
}

void trail_set_snapshot(struct trail *trail, virDomainPtr domain, const char *snapshot)
{
  if (!trail)
    return;
  trail->snapshot = g_strdup(snapshot);
  trail->current = trail_current_snapshot(domain);
  if (virDomainGetState(domain, &trail->state, &trail->reason, 0) < 0)
    trail->state = VIR_DOMAIN_NOSTATE;
}

void trail_clear(struct trail *trail)
{
  g_clear_pointer(&trail->guests, g_ptr_array_unref);
  g_strfreev(trail->files);
  g_free(trail->snapshot);
  g_free(trail->current);
  g_free(trail->witness);
}
