/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/chrome.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/units.h"

#define NOTICE_MAX_LINES 4
#define NAME_FROM_W 50
#define LEFT_MIN_W 15 /* of the first line, for the connections */

/* ---- the first line ---- */

static int put_conn(struct canvas *canvas, int x, const struct conn_scan *conn)
{
  g_autofree char *label = text_safe(conn->label);
  bool fine = conn->state == CONN_OPEN;
  x = canvas_put(canvas, x, 0, fine ? ROLE_TOP : ROLE_TOP_STRONG, label);
  if (!fine)
    x = canvas_putf(canvas, x, 0, ROLE_TOP_STRONG, " (%s)", conn_state_name(conn->state));
  return x + 2;
}

/* The right end: what the session does.  Caller frees. */
static char *recording_text(const struct app *app)
{
  struct replay_state replay;
  struct engine_recording recording;
  engine_replay_state(app_engine(app), &replay);
  engine_recording(app_engine(app), &recording);
  if (replay.active) {
    g_autofree char *time = units_time_of_day(replay.now_wall_ns);
    return g_strdup_printf("REPLAY %s%s x%.3g", time,
                           replay.at_end   ? " end"
                           : replay.paused ? " paused"
                                           : "",
                           replay.speed);
  }
  g_autofree char *span = units_hms(recording.seconds);
  return g_strdup_printf("%s %s", !recording.on ? "not recorded" : recording.problem ? "REC!" : "REC", span);
}

/* A paused guest is active, as libvirt has it, but does not run. */
static int running_count(const struct scan *scan)
{
  int running = 0;
  for (int c = 0; c < scan->conn_count; c++)
    for (int i = 0; i < scan->conns[c]->guest_count; i++) {
      enum guest_state state = scan->conns[c]->guests[i]->state;
      running += state == GUEST_RUNNING || state == GUEST_BLOCKED;
    }
  return running;
}

static char *tick_text(const struct app *app)
{
  return g_strdup_printf("%.3g s", engine_interval(app_engine(app)));
}

/* From the right end leftwards: the clock, the tick, the counts; what has no room is left out. */
static int put_right_end(const struct app *app, struct canvas *canvas, int w)
{
  const struct scan *scan = app_scan(app);
  int total = scan_guest_count(scan, false), active = running_count(scan);
  g_autofree char *recording = recording_text(app);
  g_autofree char *tick = tick_text(app);
  g_autofree char *counts = g_strdup_printf("%d guest%s  %d running", total, total == 1 ? "" : "s", active);
  g_autofree char *short_counts = g_strdup_printf("%d/%d", active, total);
  const char *parts[] = {recording, app_held(app) ? "HELD" : NULL,
                         engine_readonly(app_engine(app)) ? "read-only" : NULL, tick,
                         w < 72 ? short_counts : counts};
  int x = w - 1;
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
    if (!parts[i] || x - text_width(parts[i]) < LEFT_MIN_W)
      continue;
    x -= text_width(parts[i]);
    canvas_put(canvas, x, 0, i < 2 ? ROLE_TOP_STRONG : ROLE_TOP, parts[i]);
    x -= 3;
  }
  return x;
}

void chrome_top(const struct app *app, struct canvas *canvas, struct rect rect)
{
  canvas_fill(canvas, rect, ROLE_TOP);
  int end = put_right_end(app, canvas, rect.w);
  struct rect before = canvas_clip(canvas, (struct rect){rect.x, rect.y, end, 1});
  int x = rect.w < NAME_FROM_W ? 1 : canvas_put(canvas, 1, 0, ROLE_TOP_STRONG, "virtlens") + 2;
  for (int i = 0; i < app_scan(app)->conn_count; i++)
    x = put_conn(canvas, x, app_scan(app)->conns[i]);
  canvas_clip(canvas, before);
}

/* ---- the message line ---- */

static char *running_jobs(const struct app *app)
{
  const GPtrArray *jobs = engine_jobs(app_engine(app));
  const struct job *newest = NULL;
  int running = 0;
  for (guint i = 0; i < jobs->len; i++) {
    const struct job *job = g_ptr_array_index(jobs, i);
    if (job_state_ended(job->state))
      continue;
    newest = job;
    running++;
  }
  if (!newest)
    return NULL;
  g_autofree char *sentence = job_sentence(newest, clock_mono_ns());
  return running > 1 ? g_strdup_printf("%s   +%d more", sentence, running - 1) : g_steal_pointer(&sentence);
}

/* What was said, else what goes on, else what the engine has to tell; NULL: nothing.  Caller frees. */
static char *notice_text(const struct app *app, bool *is_error)
{
  const char *said = app_said(app, is_error);
  if (said)
    return g_strdup(said);
  *is_error = false;
  char *jobs = running_jobs(app);
  if (jobs)
    return jobs;
  const char *notice = engine_notice(app_engine(app), is_error);
  return notice ? text_safe(notice) : NULL;
}

/* Libvirt's own words may be long: what does not fit on the line takes more, upwards. */
void chrome_notice(const struct app *app, struct canvas *canvas, struct rect rect, struct rect area)
{
  bool is_error;
  g_autofree char *text = notice_text(app, &is_error);
  const enum role role = is_error ? ROLE_WRONG : ROLE_TEXT;
  if (!text)
    return;
  if (app_notice_read(app)) {
    canvas_put_fit(canvas, rect.x + 1, rect.y, rect.w - 2, role, text);
    return;
  }
  struct rect inside = {rect.x + 1, rect.y, rect.w - 2, 0};
  int lines = MIN(canvas_put_wrapped(canvas, inside, role, text), MIN(NOTICE_MAX_LINES, area.h));
  rect.y -= lines - 1;
  rect.h = lines;
  canvas_fill(canvas, rect, ROLE_TEXT);
  inside.y = rect.y;
  inside.h = lines;
  canvas_put_wrapped(canvas, inside, role, text);
}

/* ---- the key bar ---- */

static int put_hint(const struct app *app, struct canvas *canvas, int x, int end, int y,
                    const struct hint *hint)
{
  g_autofree char *own =
      hint->key ? g_strdup(hint->key) : app_key_of(app, app_top(app)->class->place, hint->command);
  if (!own || x + text_width(own) + 1 + text_width(hint->label) > end)
    return x;
  x = canvas_put(canvas, x, y, ROLE_KEY, own);
  x = canvas_put(canvas, x + 1, y, ROLE_KEY_TEXT, hint->label);
  return x + 2;
}

void chrome_keys(const struct app *app, struct canvas *canvas, struct rect rect)
{
  struct view *top = app_top(app);
  int count = 0;
  const struct hint *hints = top->class->hints ? top->class->hints(top, &count) : NULL;
  int x = rect.x + 1;
  for (int i = 0; i < count; i++)
    x = put_hint(app, canvas, x, rect.x + rect.w, rect.y, &hints[i]);
}
