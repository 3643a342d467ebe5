/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user asks for becomes jobs and questions on worker threads. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/engine/engine_private.h"
#include "core/session/export.h"

void preview_free(struct preview *preview)
{
  if (!preview)
    return;
  g_free(preview->xml);
  g_free(preview->argv);
  g_free(preview->error);
  g_free(preview);
}

void file_list_free(struct file_list *list)
{
  if (!list)
    return;
  g_strfreev(list->files);
  g_free(list->error);
  g_free(list);
}

/* The link of connection CONN, or NULL with ERR. */
static struct link *link_for(const struct engine *engine, int conn, GError **err)
{
  if (engine->replay)
    error_set(err, ERROR_REFUSED, NULL, "this is a replay: nothing can be changed");
  else if (conn < 0 || conn >= engine->link_count)
    error_set(err, ERROR_USAGE, NULL, "there is no such connection");
  else
    return &engine->links[conn];
  return NULL;
}

static bool may_change(const struct engine *engine, GError **err)
{
  return !engine->readonly ? true
                           : error_set(err, ERROR_REFUSED, "start virtlens without --readonly",
                                       "opened read-only: nothing can be changed");
}

/* ---- actions ---- */

struct order {
  struct virt *virt;
  enum action_id action;
  char uuid[37];
  struct spec *spec;
  char **flags;
};

static void order_free(void *data)
{
  struct order *order = data;
  spec_free(order->spec);
  g_strfreev(order->flags);
  g_free(order);
}

static void act_progress(void *context, double fraction, const char *step)
{
  task_progress(context, fraction, step);
}

static bool run_order(struct task *task, void *context, GError **err)
{
  const struct order *order = context;
  struct act act = {.action = order->action,
                    .spec = order->spec,
                    .flags = (const char *const *)order->flags,
                    .cancel = task_cancel(task),
                    .context = task,
                    .progress = act_progress};
  g_strlcpy(act.uuid, order->uuid, sizeof act.uuid);
  const bool done = virt_act(order->virt, &act, err);
  if (act.result_uuid[0])
    task_set_uuid(task, act.result_uuid);
  g_free(act.result);
  virt_kick(order->virt);
  return done;
}

static void submit(struct engine *engine, struct link *link, const struct job *job, struct order *order,
                   uint64_t *ret_job)
{
  order->virt = link->virt;
  order->action = job->action;
  g_strlcpy(order->uuid, job->uuid, sizeof order->uuid);
  const enum job_lane lane = action_row(job->action)->lane ? LANE_SLOW : LANE_QUICK;
  const uint64_t id = jobs_submit(engine->workers, lane, job, run_order, order, order_free);
  if (ret_job)
    *ret_job = id;
}

bool engine_act(struct engine *engine, int conn, const char *uuid, enum action_id action,
                const char *const *flags, uint64_t *ret_job, GError **err)
{
  struct link *link = link_for(engine, conn, err);
  struct job job = {.action = action, .conn = conn};
  if (!link || !may_change(engine, err))
    return false;
  if (!(action_row(action)->needs & NEEDS_NO_GUEST)) {
    const struct guest *guest = scan_find_uuid(engine->scan, conn, uuid, NULL);
    if (!guest)
      return error_set(err, ERROR_GENERAL, NULL, "%s: the guest is gone", action_row(action)->name);
    const char *why = action_refusal(action, guest->state);
    g_autofree char *name = text_safe(guest->info->name);
    if (why)
      return error_set(err, ERROR_REFUSED, NULL, "cannot %s %s: %s", action_row(action)->name, name, why);
    g_strlcpy(job.uuid, uuid, sizeof job.uuid);
    job.guest = guest->info->name;
  }
  struct order *order = g_new0(struct order, 1);
  order->flags = g_strdupv((char **)(uintptr_t)flags);
  submit(engine, link, &job, order, ret_job);
  return true;
}

bool engine_launch(struct engine *engine, int conn, const struct spec *spec, uint64_t *ret_job, GError **err)
{
  struct link *link = link_for(engine, conn, err);
  if (!link || !may_change(engine, err) || !text_name_ok(spec_text(spec, SPEC_NAME), err))
    return false;
  g_autofree char *detail = g_strdup_printf("template=%s backend=%s accel=%s", spec_text(spec, SPEC_TEMPLATE),
                                            spec_text(spec, SPEC_BACKEND), spec_text(spec, SPEC_ACCEL));
  const struct job job = {.action = ACTION_LAUNCH,
                          .conn = conn,
                          .guest = (char *)(uintptr_t)spec_text(spec, SPEC_NAME),
                          .detail = detail};
  struct order *order = g_new0(struct order, 1);
  order->spec = spec_copy(spec);
  submit(engine, link, &job, order, ret_job);
  return true;
}

void engine_cancel(struct engine *engine, uint64_t job)
{
  jobs_cancel(engine->workers, job);
}

/* ---- questions ---- */

struct question {
  struct engine *engine; /* only its inbox is used */
  struct virt *virt;
  int conn;
  uint64_t number;
  char uuid[37];
  struct spec *spec;
};

static void question_free(void *data)
{
  struct question *question = data;
  spec_free(question->spec);
  g_free(question);
}

static struct question *question_new(struct engine *engine, int conn)
{
  struct link *link = link_for(engine, conn, NULL);
  if (!link)
    return NULL;
  struct question *question = g_new0(struct question, 1);
  question->engine = engine;
  question->virt = link->virt;
  question->conn = conn;
  return question;
}

static bool answer_offers(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct question *question = context;
  struct offers *offers = virt_offers(question->virt, err);
  if (offers)
    inbox_push(question->engine->inbox, MESSAGE_OFFERS, question->conn, offers, (GDestroyNotify)offers_unref);
  else if (err && *err)
    inbox_push(question->engine->inbox, MESSAGE_NOTICE, 1, text_safe((*err)->message), g_free);
  return offers != NULL;
}

void engine_ask_offers(struct engine *engine, int conn)
{
  struct question *question = question_new(engine, conn);
  if (question)
    jobs_ask(engine->workers, answer_offers, question, question_free);
}

static bool answer_preview(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct question *question = context;
  struct preview *preview = g_new0(struct preview, 1);
  preview->number = question->number;
  const bool ok = virt_preview(question->virt, question->spec, &preview->xml, &preview->argv, err);
  if (!ok)
    preview->error = g_strdup(err && *err ? (*err)->message : "it gave no reason");
  inbox_push(question->engine->inbox, MESSAGE_PREVIEW, question->conn, preview, (GDestroyNotify)preview_free);
  return ok;
}

void engine_ask_preview(struct engine *engine, int conn, const struct spec *spec)
{
  struct question *question = question_new(engine, conn);
  if (!question)
    return;
  question->number = ++engine->previews_asked;
  question->spec = spec_copy(spec);
  jobs_ask(engine->workers, answer_preview, question, question_free);
}

bool engine_preview(const struct engine *engine, const char **ret_xml, const char **ret_argv,
                    const char **ret_error)
{
  const struct preview *preview = engine->preview;
  if (!preview || preview->number != engine->previews_asked)
    return false;
  *ret_xml = preview->xml;
  *ret_argv = preview->argv;
  *ret_error = preview->error;
  return true;
}

static bool answer_files(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct question *question = context;
  struct file_list *list = g_new0(struct file_list, 1);
  g_strlcpy(list->uuid, question->uuid, sizeof list->uuid);
  list->files = virt_delete_files(question->virt, question->uuid, err);
  if (!list->files)
    list->error = g_strdup(err && *err ? (*err)->message : "it gave no reason");
  inbox_push(question->engine->inbox, MESSAGE_FILES, question->conn, list, (GDestroyNotify)file_list_free);
  return true;
}

void engine_ask_files(struct engine *engine, int conn, const char *uuid)
{
  struct question *question = question_new(engine, conn);
  if (!question)
    return;
  g_clear_pointer(&engine->files, file_list_free);
  g_strlcpy(question->uuid, uuid, sizeof question->uuid);
  jobs_ask(engine->workers, answer_files, question, question_free);
}

const char *const *engine_files(const struct engine *engine, const char *uuid, const char **ret_error)
{
  const struct file_list *list = engine->files;
  *ret_error = NULL;
  if (!list || strcmp(list->uuid, uuid))
    return NULL;
  *ret_error = list->error;
  return (const char *const *)list->files;
}

bool engine_apply_template(struct engine *engine, int conn, struct spec *spec, GError **err)
{
  struct link *link = link_for(engine, conn, err);
  return link && virt_apply_template(link->virt, spec, err);
}

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

/* ---- how it is watched ---- */

void engine_set_attention(struct engine *engine, const char *const *uuids)
{
  for (int i = 0; i < engine->link_count; i++)
    if (engine->links[i].virt)
      virt_set_attention(engine->links[i].virt, uuids);
}

bool engine_set_interval(struct engine *engine, double seconds, GError **err)
{
  if (engine->replay)
    return error_set(err, ERROR_REFUSED, ":replay-speed changes the pace",
                     "this is a replay: its tick was recorded");
  if (!(seconds >= 0.1 && seconds <= 60))
    return error_set(err, ERROR_USAGE, NULL, "tick: %g s is not from 0.1 to 60 s", seconds);
  engine->interval = seconds;
  for (int i = 0; i < engine->link_count; i++)
    virt_set_interval(engine->links[i].virt, seconds);
  if (engine->host)
    host_set_interval(engine->host, seconds);
  return true;
}

void engine_refresh(struct engine *engine)
{
  for (int i = 0; i < engine->link_count; i++)
    virt_kick(engine->links[i].virt);
}

/* ---- replay ---- */

void engine_replay_state(const struct engine *engine, struct engine_replay *ret)
{
  *ret = engine->replay_state;
}

void engine_replay_pause(struct engine *engine, bool paused)
{
  if (engine->replay)
    replay_pause(engine->replay, paused);
}

void engine_replay_step(struct engine *engine, int scans)
{
  if (engine->replay)
    replay_step(engine->replay, scans);
}

bool engine_replay_speed(struct engine *engine, double speed, GError **err)
{
  if (!(speed >= 0.1 && speed <= 100))
    return error_set(err, ERROR_USAGE, NULL, "speed: %g is not from 0.1 to 100", speed);
  if (engine->replay)
    replay_speed(engine->replay, speed);
  return true;
}

void engine_replay_jump(struct engine *engine, int64_t wall_ns)
{
  if (engine->replay)
    replay_jump(engine->replay, wall_ns);
}
