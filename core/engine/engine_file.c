/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that the user asks for while the session goes on: exports, recovered sessions, templates. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/engine_private.h"
#include "core/session/export.h"
#include "core/virt/template.h"

/* ---- export while the session goes on ---- */

struct export_order {
  struct engine *engine;
  char *file;
};

static void export_order_free(void *data)
{
  struct export_order *order = data;
  g_free(order->file);
  g_free(order);
}

static bool run_export(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct export_order *order = context;
  const bool ok = recorder_export(order->engine->recorder, order->file, err);
  g_autofree char *text = ok ? g_strdup_printf("exported to %s", order->file) : error_line(*err);
  inbox_push(order->engine->inbox, MESSAGE_NOTICE, ok ? 0 : 1, text_safe(text), g_free);
  return ok;
}

void engine_export_now(struct engine *engine, const char *file)
{
  if (!engine->recorder) {
    engine_set_notice(engine, true, g_strdup("this is a replay: its export is there already"));
    return;
  }
  struct export_order *order = g_new0(struct export_order, 1);
  order->engine = engine;
  order->file = file ? g_canonicalize_filename(file, NULL) : g_strdup(engine->export_file);
  jobs_ask(engine->workers, run_export, order, export_order_free);
}

static bool run_recover(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct export_order *order = context;
  g_autofree char *target = g_strconcat(order->file, ".json", NULL);
  const bool ok = export_journal(order->file, target, err) && export_discard(order->file, err);
  g_autofree char *text = ok ? g_strdup_printf("recovered to %s", target) : error_line(*err);
  inbox_push(order->engine->inbox, MESSAGE_NOTICE, ok ? 0 : 1, text_safe(text), g_free);
  return ok;
}

/* Take JOURNAL off the list of unfinished sessions; an order for it, or NULL if it is not there. */
static struct export_order *take_unfinished(struct engine *engine, const char *journal)
{
  char **list = engine->unfinished;
  for (; list && *list && strcmp(*list, journal); list++)
    continue;
  if (!list || !*list)
    return NULL;
  struct export_order *order = g_new0(struct export_order, 1);
  order->engine = engine;
  order->file = *list;
  for (; *list; list++)
    *list = list[1];
  return order;
}

void engine_recover(struct engine *engine, const char *journal)
{
  struct export_order *order = take_unfinished(engine, journal);
  if (order)
    jobs_ask(engine->workers, run_recover, order, export_order_free);
}

static bool run_discard(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct export_order *order = context;
  const bool ok = export_discard(order->file, err);
  g_autofree char *text = ok ? g_strdup_printf("removed %s", order->file) : error_line(*err);
  inbox_push(order->engine->inbox, MESSAGE_NOTICE, ok ? 0 : 1, text_safe(text), g_free);
  return ok;
}

void engine_discard(struct engine *engine, const char *journal)
{
  struct export_order *order = take_unfinished(engine, journal);
  if (order)
    jobs_ask(engine->workers, run_discard, order, export_order_free);
}

/* ---- templates of the user's own ---- */

bool engine_save_template(struct engine *engine, const struct spec *spec, const char *name, bool replace,
                          char **ret_path, GError **err)
{
  if (!template_save(spec, NULL, name, replace, ret_path, err))
    return false;
  for (int i = 0; i < engine->link_count; i++)
    engine_ask_offers(engine, i);
  return true;
}
