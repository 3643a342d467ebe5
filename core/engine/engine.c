/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of a session: what is opened, and how it ends. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/engine/engine_private.h"
#include "core/session/export.h"

/* How long quitting waits for what is under way (DESIGN section 4). */
#define JOBS_DEADLINE 5.0
#define VIRT_DEADLINE 3.0
#define STOP_ALL_DEADLINE 20.0
/* Room that an export folder must have for a session to begin. */
#define EXPORT_ROOM (1 << 20)

/* ---- what threads deliver ---- */

static void deliver_conn(void *context, int conn, struct conn_scan *scan)
{
  inbox_push(((struct engine *)context)->inbox, MESSAGE_CONN, conn, scan, (GDestroyNotify)conn_scan_unref);
}

static void deliver_host(void *context, struct host_scan *scan)
{
  inbox_push(((struct engine *)context)->inbox, MESSAGE_HOST, -1, scan, (GDestroyNotify)host_scan_unref);
}

static void deliver_event(void *context, struct event *event)
{
  inbox_push(((struct engine *)context)->inbox, MESSAGE_EVENT, event->conn, event,
             (GDestroyNotify)event_free);
}

static void deliver_console(void *context, int conn)
{
  struct engine *engine = context;
  inbox_push(engine->inbox, MESSAGE_CONSOLE, conn, NULL, NULL);
}

/* ---- opening ---- */

/* Could the export be written?  Its folder alone is known when it is called like its journal. */
static bool prepare_export(struct engine *engine, const struct engine_options *options, GError **err)
{
  if (options->replay_file)
    return true;
  g_autofree char *usual = engine_export_path("session");
  g_autofree char *dir = g_path_get_dirname(usual);
  if (options->export_file)
    engine->export_file = g_canonicalize_filename(options->export_file, NULL);
  else if (!path_make(dir, err))
    return false;
  return path_check_writable(engine->export_file ? engine->export_file : usual, EXPORT_ROOM, err);
}

static bool start_recorder(struct engine *engine, const struct engine_options *options, GError **err)
{
  g_autofree char *state = path_state();
  g_autofree char *dir = g_build_filename(state, "journals", NULL);
  g_autofree char *text = settings_text(options->settings);
  if (!path_make(dir, err))
    return false;
  engine->unfinished = export_unfinished(dir);
  engine->host_kind = virt_host_kind();
  const struct recorder_options recorder = {
      .dir = dir, .command = options->command, .settings = text, .host_kind = engine->host_kind};
  engine->recorder = recorder_start(&recorder, err);
  if (engine->recorder && !engine->export_file)
    engine->export_file = engine_export_path(recorder_journal(engine->recorder));
  return engine->recorder != NULL;
}

static bool open_link(struct engine *engine, const struct engine_options *options, const char *uri, bool lab,
                      GError **err)
{
  const int number = engine->link_count;
  const struct virt_options virt = {
      .uri = uri,
      .lab = lab,
      .lab_root = options->lab_root,
      .readonly = options->readonly,
      .interval_seconds = engine->interval,
      .watch_budget = settings_number(options->settings, SETTING_WATCH_BUDGET),
      .record_all = settings_bool(options->settings, SETTING_RECORD_ALL),
  };
  engine->links = g_renew(struct link, engine->links, number + 1);
  engine->links[number] =
      (struct link){.newest = conn_scan_new(lab   ? "lab"
                                            : uri ? uri
                                                  : "default"),
                    .looking = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
  engine->link_count++;
  engine->links[number].virt = virt_new(&virt, &engine->sink, number, err);
  return engine->links[number].virt != NULL;
}

static bool open_links(struct engine *engine, const struct engine_options *options, GError **err)
{
  const char *const *uris = options->uris;
  if (options->lab && !open_link(engine, options, NULL, true, err))
    return false;
  for (; uris && *uris; uris++)
    if (!open_link(engine, options, *uris, false, err))
      return false;
  return engine->link_count > 0 || open_link(engine, options, NULL, false, err);
}

static bool any_local(const struct engine *engine)
{
  for (int i = 0; i < engine->link_count; i++)
    if (virt_is_local(engine->links[i].virt))
      return true;
  return false;
}

static bool open_live(struct engine *engine, const struct engine_options *options, GError **err)
{
  g_autofree char *state = path_state();
  g_autofree char *log = g_build_filename(state, "libvirt.log", NULL);
  /* libvirt is told where to log by the environment, which no other thread may read meanwhile. */
  if (!path_make(state, err) || !virt_setup(log, err) || !engine_open_feed(engine, options, err) ||
      !start_recorder(engine, options, err) || !open_links(engine, options, err))
    return false;
  if (any_local(engine)) {
    engine->host = host_new(engine->interval, &engine->sink, err);
    if (!engine->host)
      return false;
  }
  if (options->tour)
    return engine_act(engine, 0, "", ACTION_TOUR, NULL, NULL, err);
  return true;
}

static bool open_sources(struct engine *engine, const struct engine_options *options, GError **err)
{
  if (!options->replay_file)
    return open_live(engine, options, err);
  const int slots = (int)settings_number(options->settings, SETTING_HISTORY);
  engine->replay = replay_new(options->replay_file, slots, engine->inbox, err);
  engine->host_kind = engine->replay ? replay_host_kind(engine->replay) : KIND_UNKNOWN;
  return engine->replay != NULL;
}

struct engine *engine_new(const struct engine_options *options, GError **err)
{
  struct inbox *inbox = inbox_new(err);
  if (!inbox)
    return NULL;
  struct engine *engine = g_new0(struct engine, 1);
  engine->inbox = inbox;
  engine->settings = settings_copy(options->settings);
  engine->interval = settings_number(options->settings, SETTING_INTERVAL);
  engine->stop_seconds = settings_number(options->settings, SETTING_STOP_DEADLINE);
  engine->readonly = options->readonly || options->replay_file;
  engine->lab_stop = options->lab_stop;
  engine->began_mono_ns = clock_mono_ns();
  engine->sink = (struct sink){engine, deliver_conn, deliver_host, deliver_event, deliver_console};
  engine->steal_threshold = settings_number(options->settings, SETTING_STEAL_THRESHOLD);
  engine->steal = steal_watch_new();
  engine->history = history_new((int)settings_number(options->settings, SETTING_HISTORY));
  engine->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
  engine->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_free);
  engine->batches = g_ptr_array_new_with_free_func((GDestroyNotify)batch_free);
  engine->workers = jobs_new(engine->inbox);
  engine->scan = scan_new(0);
  if (prepare_export(engine, options, err) && open_sources(engine, options, err)) {
    engine_compose(engine);
    return engine;
  }
  if (engine->recorder && recorder_stop(engine->recorder, NULL))
    export_discard(recorder_journal(engine->recorder), NULL);
  engine_free(engine);
  return NULL;
}

/* ---- ending ---- */

static void take_rest(struct engine *engine)
{
  while (engine_poll(engine))
    continue;
}

static void stop_lab(struct engine *engine)
{
  g_autoptr(GError) err = NULL;
  if (engine->lab_stop && engine->link_count && engine->links[0].virt &&
      !virt_stop_all(engine->links[0].virt, STOP_ALL_DEADLINE, &err))
    engine_log_event(engine, event_new(EVENT_WARNING, 0, "", NULL, err->message));
}

/* True when no thread of ours uses the engine any more. */
static bool close_sources(struct engine *engine)
{
  engine_console_close(engine);
  trace_free(g_steal_pointer(&engine->trace));
  trace_free(g_steal_pointer(&engine->spans.trace));
  const bool drained = !engine->workers || jobs_drain(engine->workers, JOBS_DEADLINE);
  const int64_t deadline = clock_mono_ns() + (int64_t)(VIRT_DEADLINE * (double)NS_PER_S);
  for (int i = 0; i < engine->link_count; i++) {
    const double left = (double)(deadline - clock_mono_ns()) / (double)NS_PER_S;
    if (drained && engine->links[i].virt)
      virt_free(engine->links[i].virt, MAX(left, 0.1));
    engine->links[i].virt = NULL;
  }
  host_free(g_steal_pointer(&engine->host));
  replay_free(g_steal_pointer(&engine->replay));
  return drained;
}

/* Always false: WHY into ERR, after BEFORE (may be NULL), with MORE advice. */
static bool tell(const GError *before, const GError *why, const char *more, GError **err)
{
  const char *advice = error_advice(why);
  g_autofree char *first = error_what(before), *what = error_what(why);
  g_autofree char *all = g_strdup_printf("%s%s%s", advice ? advice : "", advice ? " " : "", more);
  return error_set(err, (enum error_code)why->code, all, "%s%s%s", first, *first ? "; " : "", what);
}

/* Close the journal and write its export to FILE; then the journal goes.  One that cannot be closed is
 * exported with what it could not take; where it stays, RET_LEFT says why. */
static bool export_session(struct engine *engine, const char *file, GError **ret_left, GError **err)
{
  const char *journal = recorder_journal(engine->recorder);
  const bool closed = recorder_stop(engine->recorder, ret_left);
  g_autoptr(GError) why = NULL;
  if (!recorder_export(engine->recorder, file, &why)) {
    g_autofree char *more = g_strdup_printf("%s %s: virtlens export --from it",
                                            closed ? "The session is safe in its journal,"
                                                   : "What was recorded before is in the journal",
                                            journal);
    return tell(*ret_left, why, more, err);
  }
  char *target = g_canonicalize_filename(file, NULL);
  g_free(engine->export_file);
  engine->export_file = target;
  if (closed)
    export_discard(journal, ret_left);
  return true;
}

bool engine_finish(struct engine *engine, char **ret_export, GError **err)
{
  *ret_export = NULL;
  stop_lab(engine);
  const bool drained = close_sources(engine);
  take_rest(engine);
  engine_close_feed(engine);
  if (drained)
    jobs_free(g_steal_pointer(&engine->workers));
  engine->workers = NULL; /* else its threads keep it: the process is about to end */
  if (!engine->recorder)
    return true;
  g_autoptr(GError) left = NULL;
  if (!export_session(engine, engine->export_file, &left, err))
    return false;
  *ret_export = g_strdup(engine->export_file);
  return !left || tell(NULL, left, "The session's JSON has all of it; the journal stays as well.", err);
}

bool engine_export_again(struct engine *engine, const char *file, GError **err)
{
  g_autoptr(GError) left = NULL; /* as engine_finish told */
  return export_session(engine, file, &left, err);
}

enum kind engine_host_kind(const struct engine *engine)
{
  return engine->host_kind;
}

static void links_free(struct engine *engine)
{
  for (int i = 0; i < engine->link_count; i++) {
    conn_scan_unref(engine->links[i].newest);
    g_hash_table_unref(engine->links[i].looking);
    for (int kind = 0; kind < ASK_KINDS; kind++)
      answer_free(engine->links[i].answers[kind]);
  }
  g_free(engine->links);
}

void engine_free(struct engine *engine)
{
  if (!engine)
    return;
  const bool drained = close_sources(engine);
  if (!drained)
    return; /* a worker is stuck in a call and still uses this memory */
  feed_finish(engine->feed, 0, NULL);
  jobs_free(engine->workers);
  links_free(engine);
  recorder_free(engine->recorder);
  inbox_free(engine->inbox);
  host_scan_unref(engine->host_newest);
  scan_unref(engine->scan);
  history_free(engine->history);
  memory_log_free(engine->memory);
  span_log_free(engine->spans.log);
  steal_watch_free(engine->steal);
  g_ptr_array_unref(engine->events);
  g_ptr_array_unref(engine->jobs);
  g_ptr_array_unref(engine->batches);
  settings_free(engine->settings);
  template_saved_free(engine->saved);
  results_answer_free(engine->results);
  g_strfreev(engine->unfinished);
  g_free(engine->export_file);
  g_free(engine->recording_problem);
  g_free(engine->notice);
  g_free(engine);
}
