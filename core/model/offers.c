/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/offers.h"

#include <glib.h>

struct offers *offers_new(int conn)
{
  struct offers *offers = g_new0(struct offers, 1);
  refs_init(&offers->refs);
  offers->conn = conn;
  return offers;
}

void offers_add(struct offer **list, int *count, const struct backend *backend, const char *name,
                const char *text, const char *reason)
{
  *list = g_renew(struct offer, *list, *count + 1);
  (*list)[(*count)++] = (struct offer){
      .backend = backend,
      .name = g_strdup(name),
      .text = g_strdup(text),
      .enabled = !reason,
      .reason = g_strdup(reason),
  };
}

struct offers *offers_ref(const struct offers *offers)
{
  refs_get(&offers->refs);
  return REF_MUTABLE(struct offers, offers);
}

static void free_list(struct offer *list, int count)
{
  for (int i = 0; i < count; i++) {
    g_free(list[i].name);
    g_free(list[i].text);
    g_free(list[i].reason);
  }
  g_free(list);
}

void offers_unref(struct offers *offers)
{
  if (!offers || !refs_put(&offers->refs))
    return;
  free_list(offers->disks, offers->disk_count);
  free_list(offers->nics, offers->nic_count);
  free_list(offers->templates, offers->template_count);
  free_list(offers->accels, offers->accel_count);
  g_free(offers->ssh_network);
  g_free(offers);
}
