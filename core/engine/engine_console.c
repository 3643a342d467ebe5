/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The console that is open: one at a time, for the screen shows one. */
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/engine_private.h"

bool engine_console_open(struct engine *engine, int conn, const char *uuid, bool force, const char *log,
                         GError **err)
{
  struct link *link = engine_link(engine, conn, err);
  if (!link)
    return false;
  if (engine->readonly)
    return error_set(err, ERROR_REFUSED, "start virtlens without --readonly",
                     "opened read-only: a console could change the guest");
  engine_console_close(engine);
  engine->console = virt_console_open(link->virt, &(struct console_wish){uuid, NULL, force, log}, err);
  return engine->console != NULL;
}

GBytes *engine_console_take(struct engine *engine, bool *ret_ended, char **ret_why)
{
  *ret_ended = engine->console == NULL;
  *ret_why = NULL;
  return engine->console ? virt_console_take(engine->console, ret_ended, ret_why) : NULL;
}

void engine_console_send(struct engine *engine, const void *bytes, size_t n)
{
  if (engine->console)
    virt_console_send(engine->console, bytes, n);
}

void engine_console_close(struct engine *engine)
{
  if (engine->console)
    virt_console_close(engine->console);
  engine->console = NULL;
}
