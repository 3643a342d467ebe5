/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/proxy.h"

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
