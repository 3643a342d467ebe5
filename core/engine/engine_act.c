/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user asks for becomes jobs on worker threads. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/engine_private.h"

struct link *engine_link(const struct engine *engine, int conn, GError **err)
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
  struct inbox *inbox;
  struct virt *virt;
  int conn;
  char *guest;
  enum action_id action;
  double stop_seconds;
  char uuid[37];
  struct spec *spec;
  char **flags;
};

/* The job has ended: only a scan made from here on shows what it did (job_is_seen). */
static void order_end(void *data)
{
  struct order *order = data;
  virt_kick(order->virt);
  spec_free(order->spec);
  g_strfreev(order->flags);
  g_free(order->guest);
  g_free(order);
}

static void act_progress(void *context, double fraction, const char *step)
{
  task_progress(context, fraction, step);
}

/* What an action tells besides its outcome is an event of its guest. */
static void tell_result(const struct order *order, const struct act *act)
{
  if (!act->result)
    return;
  const char *uuid = act->result_uuid[0] ? act->result_uuid : order->uuid;
  struct event *event = event_new(EVENT_GUEST, order->conn, uuid, order->guest, act->result);
  inbox_push(order->inbox, MESSAGE_EVENT, order->conn, event, (GDestroyNotify)event_free);
}

/* Templates are files: they are read on a worker thread, which then knows what the job is about. */
static bool fill_launch(struct task *task, const struct order *order, GError **err)
{
  if (!virt_apply_template(order->virt, order->spec, err))
    return false;
  g_autofree char *detail =
      g_strdup_printf("template=%s backend=%s accel=%s", spec_text(order->spec, SPEC_TEMPLATE),
                      spec_text(order->spec, SPEC_BACKEND), spec_text(order->spec, SPEC_ACCEL));
  task_set_detail(task, detail);
  return true;
}

static bool run_order(struct task *task, void *context, GError **err)
{
  const struct order *order = context;
  if (order->spec && !fill_launch(task, order, err))
    return false;
  struct act act = {.action = order->action,
                    .spec = order->spec,
                    .flags = (const char *const *)order->flags,
                    .stop_seconds = order->stop_seconds,
                    .cancel = task_cancel(task),
                    .context = task,
                    .progress = act_progress};
  g_strlcpy(act.uuid, order->uuid, sizeof act.uuid);
  const bool done = order->action == ACTION_BENCH
                        ? bench_order(task, order->virt, act.flags, &act.result, err)
                        : virt_act(order->virt, &act, err);
  if (act.result_uuid[0])
    task_set_uuid(task, act.result_uuid);
  tell_result(order, &act);
  g_free(act.result);
  return done;
}

static void submit(struct engine *engine, struct link *link, const struct job *job, struct order *order,
                   uint64_t *ret_job)
{
  order->inbox = engine->inbox;
  order->virt = link->virt;
  order->conn = job->conn;
  order->guest = g_strdup(job->guest);
  order->action = job->action;
  order->stop_seconds = engine->stop_seconds;
  g_strlcpy(order->uuid, job->uuid, sizeof order->uuid);
  const enum job_lane lane = action_row(job->action)->lane ? LANE_SLOW : LANE_QUICK;
  const uint64_t id = jobs_submit(engine->workers, lane, job, run_order, order, order_end);
  if (ret_job)
    *ret_job = id;
}

/* The words of an action in one line, each to be read back.  Caller frees; NULL: there are none. */
static char *detail_of(const char *const *flags)
{
  GString *detail = flags && *flags ? g_string_new(NULL) : NULL;
  for (; flags && *flags; flags++) {
    g_autofree char *word = text_quote_word(*flags);
    g_string_append_printf(detail, "%s%s", detail->len ? " " : "", word);
  }
  return detail ? g_string_free(detail, FALSE) : NULL;
}

/* What is asked for: ACTION of TARGET with FLAGS; BATCH as in struct job. */
struct request {
  struct target target;
  enum action_id action;
  const char *const *flags;
  int batch;
};

static uint64_t ask_for(struct engine *engine, struct link *link, const struct request *request,
                        const struct guest *guest)
{
  g_autofree char *detail = detail_of(request->flags);
  char *name = (char *)(uintptr_t)action_value(request->flags, "name"); /* of one that is to come */
  uint64_t id;
  struct job job = {.action = request->action,
                    .conn = request->target.conn,
                    .batch = request->batch,
                    .guest = guest ? guest->info->name : name,
                    .detail = detail};
  g_strlcpy(job.uuid, guest ? request->target.uuid : "", sizeof job.uuid);
  struct order *order = g_new0(struct order, 1);
  order->flags = g_strdupv((char **)(uintptr_t)request->flags);
  submit(engine, link, &job, order, &id);
  return id;
}

/* The guest that is meant; RET_WHY: why ACTION cannot be done to it, NULL: it can. */
static const struct guest *guest_for(const struct engine *engine, const struct target *target,
                                     enum action_id action, const char **ret_why)
{
  const struct guest *guest = scan_find_uuid(engine->scan, target->conn, target->uuid, NULL);
  *ret_why = guest ? action_refusal(action, guest) : "the guest is gone";
  return guest;
}

/* The job's id; 0 and ERR: refused. */
static uint64_t act(struct engine *engine, const struct request *request, GError **err)
{
  struct link *link = engine_link(engine, request->target.conn, err);
  const struct action *row = action_row(request->action);
  const struct guest *guest = NULL;
  const char *why = NULL;
  if (!link || !may_change(engine, err))
    return 0;
  if (!(row->needs & NEEDS_NO_GUEST))
    guest = guest_for(engine, &request->target, request->action, &why);
  if (!why)
    return ask_for(engine, link, request, guest);
  g_autofree char *name = text_safe(guest ? guest->info->name : NULL);
  error_set(err, guest ? ERROR_REFUSED : ERROR_GENERAL, guest ? action_advice(request->action, guest) : NULL,
            "cannot %s%s%s: %s", row->name, *name ? " " : "", name, why);
  return 0;
}

bool engine_act(struct engine *engine, int conn, const char *uuid, enum action_id action,
                const char *const *flags, uint64_t *ret_job, GError **err)
{
  const uint64_t id = act(engine, &(struct request){target_of(conn, uuid), action, flags, 0}, err);
  if (ret_job)
    *ret_job = id;
  return id != 0;
}

static void refuse(const struct engine *engine, struct batch *batch, const struct request *request,
                   const GError *err)
{
  const char *why;
  const struct guest *guest = guest_for(engine, &request->target, request->action, &why);
  g_autofree char *what = error_what(err);
  batch_refuse(batch, guest ? guest->info->name : "?", why ? why : what);
}

bool engine_act_all(struct engine *engine, const struct target *guests, guint count, enum action_id action,
                    const char *const *flags, GError **err)
{
  if (count == 1)
    return engine_act(engine, guests->conn, guests->uuid, action, flags, NULL, err);
  struct request request = {.action = action, .flags = flags, .batch = ++engine->last_batch};
  struct batch *batch = batch_new(action, request.batch);
  bool any = false;
  for (guint i = 0; i < count; i++) {
    g_autoptr(GError) fault = NULL;
    request.target = guests[i];
    if (act(engine, &request, &fault)) {
      batch_add(batch);
      any = true;
    } else {
      refuse(engine, batch, &request, fault);
    }
  }
  g_ptr_array_add(engine->batches, batch);
  if (any)
    return true;
  g_autofree char *sentence = batch_sentence(batch);
  g_ptr_array_remove_index(engine->batches, engine->batches->len - 1);
  return error_set(err, ERROR_REFUSED, NULL, "%s", sentence);
}

/* ---- launching ---- */

/* Nor may a guest that is still to come have the name. */
static bool name_is_taken(const struct engine *engine, const GPtrArray *under_way, const char *name)
{
  int matches = 0;
  scan_find_name(engine->scan, name, NULL, &matches);
  return matches > 0 || job_launches(under_way, engine->scan, name) ||
         job_launches(engine->jobs, engine->scan, name);
}

static char *free_name(const struct engine *engine, const char *template)
{
  g_autoptr(GPtrArray) under_way = jobs_under_way(engine->workers);
  for (int n = 1;; n++) {
    g_autofree char *name = g_strdup_printf("%s-%d", template, n);
    if (!name_is_taken(engine, under_way, name))
      return g_steal_pointer(&name);
  }
}

bool engine_fill_name(const struct engine *engine, struct spec *spec, GError **err)
{
  if (spec->given[SPEC_NAME] && *spec_text(spec, SPEC_NAME))
    return true;
  g_autofree char *name = free_name(engine, spec_text(spec, SPEC_TEMPLATE));
  const bool ok = spec_set(spec, SPEC_NAME, name, err);
  spec->given[SPEC_NAME] = false; /* one made up before may be taken by now */
  return ok;
}

bool engine_launch(struct engine *engine, int conn, const struct spec *spec, uint64_t *ret_job, GError **err)
{
  struct link *link = engine_link(engine, conn, err);
  struct spec *named = spec_copy(spec);
  const bool ok = link && may_change(engine, err) && engine_fill_name(engine, named, err);
  if (ok) {
    const struct job job = {
        .action = ACTION_LAUNCH, .conn = conn, .guest = (char *)(uintptr_t)spec_text(named, SPEC_NAME)};
    struct order *order = g_new0(struct order, 1);
    order->spec = spec_copy(named);
    submit(engine, link, &job, order, ret_job);
  }
  spec_free(named);
  return ok;
}

void engine_cancel(struct engine *engine, uint64_t job)
{
  jobs_cancel(engine->workers, job);
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
  if (!(seconds >= SETTINGS_INTERVAL_MIN && seconds <= SETTINGS_INTERVAL_MAX))
    return error_set(err, ERROR_USAGE, NULL, "tick: %g s is not from %g to %d s", seconds,
                     SETTINGS_INTERVAL_MIN, SETTINGS_INTERVAL_MAX);
  engine->interval = seconds;
  for (int i = 0; i < engine->link_count; i++)
    virt_set_interval(engine->links[i].virt, seconds);
  if (engine->host)
    host_set_interval(engine->host, seconds);
  return true;
}

void engine_set_stop_deadline(struct engine *engine, double seconds)
{
  engine->stop_seconds = seconds;
}

void engine_set_steal_threshold(struct engine *engine, double percent)
{
  engine->steal_threshold = percent;
}

void engine_refresh(struct engine *engine)
{
  for (int i = 0; i < engine->link_count; i++)
    virt_kick(engine->links[i].virt);
}

/* ---- replay ---- */

void engine_replay_state(const struct engine *engine, struct replay_state *ret)
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
