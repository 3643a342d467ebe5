/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/delivery.h"

#include <glib.h>

void delivery_clear(struct delivery *delivery)
{
  g_free(delivery->place);
  g_free(delivery->problem);
  g_free(delivery->refusal);
  *delivery = (struct delivery){0};
}

char *delivery_text(const struct delivery *delivery)
{
  return g_strdup_printf(
      "seen %" G_GUINT64_FORMAT " = stored %" G_GUINT64_FORMAT " + waiting %" G_GUINT64_FORMAT
      " + not storable %" G_GUINT64_FORMAT " + lost %" G_GUINT64_FORMAT,
      delivery->seen, delivery->stored, delivery->waiting, delivery->refused, delivery->lost);
}

char *delivery_news(const struct delivery *delivery, struct delivery_told *told, bool *ret_wrong)
{
  const bool has_problem = delivery->problem != NULL;

  *ret_wrong = true;
  if (has_problem && !told->problem) {
    told->problem = true;
    return g_strdup_printf("memory requests wait on disk for %s: %s", delivery->place, delivery->problem);
  }
  if (delivery->refusal && !told->refusal) {
    told->refusal = true;
    return g_strdup_printf("memory requests that %s cannot hold are left out and counted: %s",
                           delivery->place, delivery->refusal);
  }
  *ret_wrong = false;
  if (has_problem == told->problem)
    return NULL;
  told->problem = false;
  return g_strdup_printf("memory requests are stored in %s again", delivery->place);
}
