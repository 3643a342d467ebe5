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

/* What came of it is a notice: "DONE FILE", or ERR when not OK. */
static bool tell(const struct export_order *order, bool ok, const char *done, const char *file,
                 GError *const *err)
{
  g_autofree char *text = ok ? g_strdup_printf("%s %s", done, file) : error_line(*err);
  inbox_push(order->engine->inbox, ok ? MESSAGE_NOTICE : MESSAGE_FAULT, -1, text_safe(text), g_free);
  return ok;
}

static bool run_export(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct export_order *order = context;
  return tell(order, recorder_export(order->engine->recorder, order->file, err), "exported to", order->file,
              err);
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
  jobs_insist(engine->workers, run_export, order, export_order_free);
}

char *engine_export_path(const char *journal)
{
  g_autofree char *state = path_state(), *name = export_name(journal);
  return g_build_filename(state, "exports", name, NULL);
}

static bool run_recover(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct export_order *order = context;
  g_autofree char *target = engine_export_path(order->file);
  g_autofree char *dir = g_path_get_dirname(target);
  const bool ok =
      path_make(dir, err) && export_journal(order->file, target, err) && export_discard(order->file, err);
  return tell(order, ok, "recovered to", target, err);
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
    jobs_insist(engine->workers, run_recover, order, export_order_free);
}

static bool run_discard(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct export_order *order = context;
  return tell(order, export_discard(order->file, err), "removed", order->file, err);
}

void engine_discard(struct engine *engine, const char *journal)
{
  struct export_order *order = take_unfinished(engine, journal);
  if (order)
    jobs_insist(engine->workers, run_discard, order, export_order_free);
}

/* ---- templates of the user's own ---- */

/* ---- templates ---- */

struct saving_order {
  struct inbox *inbox;
  struct spec *spec;
  char *name;
  bool replace;
};

static void saving_order_free(void *data)
{
  struct saving_order *order = data;
  spec_free(order->spec);
  g_free(order->name);
  g_free(order);
}

void template_saved_free(struct template_saved *saved)
{
  if (!saved)
    return;
  g_free(saved->path);
  g_clear_error(&saved->error);
  g_free(saved);
}

static bool run_save(G_GNUC_UNUSED struct task *task, void *context, G_GNUC_UNUSED GError **err)
{
  const struct saving_order *order = context;
  struct template_saved *saved = g_new0(struct template_saved, 1);
  const bool done = virt_save_template(order->spec, order->name, order->replace, &saved->path, &saved->error);
  inbox_push(order->inbox, MESSAGE_SAVED, -1, saved, (GDestroyNotify)template_saved_free);
  return done;
}

void engine_save_template(struct engine *engine, const struct spec *spec, const char *name, bool replace)
{
  struct saving_order *order = g_new0(struct saving_order, 1);
  *order = (struct saving_order){engine->inbox, spec_copy(spec), g_strdup(name), replace};
  g_clear_pointer(&engine->saved, template_saved_free);
  jobs_insist(engine->workers, run_save, order, saving_order_free);
}

unsigned engine_take_saved(struct engine *engine, struct message *message)
{
  template_saved_free(engine->saved);
  engine->saved = g_steal_pointer(&message->payload);
  for (int i = 0; engine->saved->path && i < engine->link_count; i++)
    engine_ask_offers(engine, i);
  return NEWS_SAVED;
}

const char *engine_template_saved(const struct engine *engine, const GError **ret_error)
{
  *ret_error = engine->saved ? engine->saved->error : NULL;
  return engine->saved ? engine->saved->path : NULL;
}
