/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A made-up console: it greets, says again what is typed, and ends at ^D.  What it says first is hostile. */
#include <string.h>

#include "core/base/error.h"
#include "tests/fake/fake_private.h"

static const char greeting[] = "\033]0;title of its own\007\033P0;0|17/ab\033\\\033[?1049l\033c"
                               "\xe2\x80\xae"
                               "Debian \033[1;31mred\033[0m guest ttyS0\r\n\r\nlogin: ";

static void say(struct engine *engine, const char *bytes, size_t n)
{
  g_byte_array_append(engine->console, (const guint8 *)bytes, (guint)n);
  fake_news(engine, NEWS_CONSOLE);
}

bool engine_console_open(struct engine *engine, int conn, const char *uuid, bool force, const char *log,
                         GError **err)
{
  const struct guest *guest = scan_find_uuid(engine->scan, conn, uuid, NULL);
  if (!guest || !fake_may_act(engine, err))
    return false;
  engine_console_close(engine);
  fake_note(engine, "console %s%s%s", guest->info->name, force ? " force" : "", log ? log : "");
  engine->console = g_byte_array_new();
  engine->console_ended = !guest_state_active(guest->state);
  engine->console_why =
      engine->console_ended ? "Requested operation is not valid: domain is not running" : NULL;
  for (int i = 1; i <= 40; i++) {
    g_autofree char *line = g_strdup_printf("line %d of the boot\r\n", i);
    say(engine, line, strlen(line));
  }
  say(engine, greeting, sizeof greeting - 1);
  return true;
}

GBytes *engine_console_take(struct engine *engine, bool *ret_ended, char **ret_why)
{
  *ret_ended = engine->console_ended;
  *ret_why = g_strdup(engine->console_why);
  if (!engine->console || engine->console->len == 0)
    return NULL;
  GBytes *bytes = g_byte_array_free_to_bytes(engine->console);
  engine->console = g_byte_array_new();
  return bytes;
}

void engine_console_send(struct engine *engine, const void *bytes, size_t n)
{
  engine->console_ended = engine->console_ended || memchr(bytes, 4, n);
  say(engine, bytes, n);
}

void engine_console_close(struct engine *engine)
{
  if (engine->console)
    g_byte_array_unref(engine->console);
  engine->console = NULL;
  engine->console_ended = false;
}
