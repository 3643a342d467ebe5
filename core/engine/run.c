/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/run.h"

#include "core/base/error.h"
#include "core/base/text.h"

static const struct guest *find_guest(const struct engine *engine, const struct command_line *line,
                                      int *ret_conn, GError **err)
{
  const char *verb = line->command->name;
  if (!line->guest) {
    g_autofree char *advice = g_strdup_printf("write :%s GUEST", verb);
    error_set(err, ERROR_USAGE, advice, "%s: which guest?", verb);
    return NULL;
  }
  int matches = 0;
  const struct guest *guest = scan_find_name(engine_scan(engine), line->guest, ret_conn, &matches);
  g_autofree char *safe = text_safe(line->guest);
  if (!guest && matches > 1)
    error_set(err, ERROR_GENERAL, "open one connection alone",
              "%s: %d connections have a guest called \"%s\"", verb, matches, safe);
  else if (!guest)
    error_set(err, ERROR_GENERAL, NULL, "%s: there is no guest called \"%s\"", verb, safe);
  return guest;
}

static bool nobody_answers(const struct action *row, GError **err)
{
  g_autofree char *advice = g_strdup_printf("if it is meant, add the word yes: :%s%s yes", row->name,
                                            row->needs & NEEDS_NO_GUEST ? "" : " GUEST");
  return error_set(err, ERROR_REFUSED, advice, "%s asks first, and nobody can answer here", row->name);
}

bool engine_run(struct engine *engine, const struct command_line *line, uint64_t *ret_job, GError **err)
{
  const enum action_id action = (enum action_id)line->command->action;
  const struct action *row = action_row(action);
  const char *const *flags = (const char *const *)line->words;
  if (line->spec)
    return engine_launch(engine, 0, line->spec, ret_job, err);
  if (row->question && !line->yes)
    return nobody_answers(row, err);
  if (row->needs & NEEDS_NO_GUEST)
    return engine_act(engine, 0, "", action, flags, ret_job, err);
  int conn = 0;
  const struct guest *guest = find_guest(engine, line, &conn, err);
  if (!guest)
    return false;
  return engine_act(engine, conn, guest->info->uuid, action, flags, ret_job, err);
}
