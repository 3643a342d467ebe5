/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/target.h"

#include <glib.h>

struct target target_of(int conn, const char *uuid)
{
  struct target target = {.conn = conn};
  g_strlcpy(target.uuid, uuid, sizeof target.uuid);
  return target;
}
