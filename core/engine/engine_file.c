/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that the user asks for while the session goes on: exports, recovered sessions, templates. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/engine/engine_private.h"
#include "core/session/export.h"

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
  g_autofree char *text = ok ? g_strdup_printf("exported to %s", order->file) : g_strdup((*err)->message);
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
  g_autofree char *text = ok ? g_strdup_printf("recovered to %s", target) : g_strdup((*err)->message);
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
  g_autofree char *text = ok ? g_strdup_printf("removed %s", order->file) : g_strdup((*err)->message);
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

static bool write_template(const struct spec *spec, const char *path, GError **err)
{
  struct path_out *out = path_begin(path, err);
  if (!out)
    return false;
  fputs("# A guest template of virtlens: the fields of :launch.\n[template]\n", out->file);
  for (int i = 0; i < SPEC_COUNT; i++)
    if (i != SPEC_NAME && *spec_text(spec, (enum spec_id)i))
      fprintf(out->file, "%s = %s\n", spec_field((enum spec_id)i)->name, spec_text(spec, (enum spec_id)i));
  return path_commit(out, err);
}

bool engine_save_template(struct engine *engine, const struct spec *spec, const char *name, bool replace,
                          char **ret_path, GError **err)
{
  if (!text_name_ok(name, err))
    return false;
  g_autofree char *config = path_config(), *dir = g_build_filename(config, "templates", NULL);
  g_autofree char *base = g_strconcat(name, ".template", NULL), *path = g_build_filename(dir, base, NULL);
  if (!replace && g_file_test(path, G_FILE_TEST_EXISTS))
    return error_set(err, ERROR_REFUSED, "give it another name, or replace it",
                     "template %s: %s is there already", name, path);
  if (!path_make(dir, err) || !write_template(spec, path, err))
    return false;
  *ret_path = g_steal_pointer(&path);
  for (int i = 0; i < engine->link_count; i++)
    engine_ask_offers(engine, i);
  return true;
}
