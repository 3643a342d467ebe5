/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/proxy.h"

#include <math.h>

#include "core/base/clock.h"

bool proxy_split(const struct guest *guest, struct proxy_split *ret)
{
  const struct readings *r = &guest->r;
  double delay_percent, requests;
  if (!readings_get(r, GUEST_LAT, &ret->latency) || !readings_get(r, GUEST_PROXY_PER_IO, &ret->ran) ||
      !readings_get(r, GUEST_PROXY_DELAY, &delay_percent) || !readings_get(r, GUEST_IOPS, &requests) ||
      requests <= 0)
    return false;
  ret->waited = delay_percent / 100 / requests;
  ret->device = ret->latency - ret->ran - ret->waited;
  return true;
}

/* A loop device. */
static bool stands_on_a_file(const struct span *span)
{
  return g_str_has_prefix(span->device, "loop");
}

double proxy_disk_seconds(const struct guest *guest, const GArray *rows, double seconds)
{
  double requests, busy = 0;

  for (guint i = 0; i < rows->len; i++) {
    const struct span_row *row = &g_array_index(rows, struct span_row, i);
    busy += stands_on_a_file(&row->span) ? 0 : (double)row->turn.ns / (double)NS_PER_S;
  }
  if (!readings_get(&guest->r, GUEST_IOPS, &requests) || requests <= 0 || seconds <= 0)
    return (double)NAN;
  return busy / seconds / requests;
}
