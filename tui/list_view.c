/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of events and jobs, newest first; under them all of the selected entry. */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/lines.h"
#include "tui/pane.h"
#include "tui/views.h"

/* One row per kind of list. */
struct list_kind {
  const char *title, *head, *none;
  const GPtrArray *(*all)(const struct engine *engine);
  int64_t (*key)(const void *entry); /* what stays with an entry; others may have it too */
  char *(*row)(const void *entry);   /* safe */
  enum role (*role)(const void *entry);
  void (*whole)(const void *entry, GArray *lines, int width);
  bool (*target)(const void *entry, struct target *ret);
  bool cancels; /* the keys are the numbers of jobs */
  const struct hint *hints;
  int hint_count;
};

struct list {
  struct view view;
  const struct list_kind *kind;
  int64_t selected; /* key of the selected entry */
  int before;       /* how many older ones have the same key */
  bool follow;      /* the newest is selected, whichever it is */
  char *filter;
  int page;
};

/* The entries that pass the filter, newest first. */
static GPtrArray *entries_of(const struct list *self)
{
  const GPtrArray *all = self->kind->all(app_engine(self->view.app));
  GPtrArray *entries = g_ptr_array_new();
  for (guint i = all->len; i-- > 0;) {
    void *entry = g_ptr_array_index(all, i);
    g_autofree char *row = *self->filter ? self->kind->row(entry) : NULL;
    if (!row || text_matches(row, self->filter))
      g_ptr_array_add(entries, entry);
  }
  return entries;
}

static int64_t key_at(const struct list *self, const GPtrArray *entries, int at)
{
  return self->kind->key(g_ptr_array_index(entries, (guint)at));
}

static int selected_index(const struct list *self, const GPtrArray *entries)
{
  int before = 0;
  for (int i = (int)entries->len - 1; !self->follow && i >= 0; i--)
    if (key_at(self, entries, i) == self->selected && before++ == self->before)
      return i;
  return 0;
}

static void select_index(struct list *self, const GPtrArray *entries, int at)
{
  self->selected = key_at(self, entries, at);
  self->follow = at == 0;
  self->before = 0;
  for (int i = at + 1; i < (int)entries->len; i++)
    self->before += key_at(self, entries, i) == self->selected;
}

static const void *selected_entry(const struct list *self)
{
  g_autoptr(GPtrArray) entries = entries_of(self);
  return entries->len ? g_ptr_array_index(entries, (guint)selected_index(self, entries)) : NULL;
}

static void move(struct list *self, int step)
{
  g_autoptr(GPtrArray) entries = entries_of(self);
  if (entries->len > 0)
    select_index(self, entries, CLAMP(selected_index(self, entries) + step, 0, (int)entries->len - 1));
}

/* ---- drawing ---- */

static void draw_rows(struct list *self, struct canvas *canvas, struct rect rect, const GPtrArray *entries)
{
  int at = selected_index(self, entries), count = (int)entries->len;
  int first = CLAMP(at - rect.h / 2, 0, MAX(count - rect.h, 0));
  self->page = rect.h;
  for (int i = 0; i < rect.h && first + i < count; i++) {
    const void *entry = g_ptr_array_index(entries, (guint)(first + i));
    g_autofree char *row = self->kind->row(entry);
    canvas_put_fit(canvas, rect.x + 1, rect.y + i, rect.w - 1, self->kind->role(entry), row);
    if (first + i == at)
      canvas_ground(canvas, (struct rect){rect.x, rect.y + i, rect.w, 1}, ROLE_SELECTED);
  }
}

static void list_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct list *self = (struct list *)view;
  g_autoptr(GPtrArray) entries = entries_of(self);
  g_autoptr(GArray) whole = lines_new();
  g_autofree char *filter = text_safe(self->filter);
  g_autofree char *title =
      *filter ? g_strdup_printf("%s with \"%s\": %u", self->kind->title, filter, entries->len)
              : g_strdup_printf("%s: %u", self->kind->title, entries->len);
  canvas_page(canvas, area, title);
  if (entries->len == 0) {
    canvas_put(canvas, area.x + 1, area.y + 1, ROLE_DIM, *filter ? "nothing here matches" : self->kind->none);
    return;
  }
  const void *entry = g_ptr_array_index(entries, (guint)selected_index(self, entries));
  self->kind->whole(entry, whole, area.w - 2);
  int pane = MIN(lines_count(whole) + 1, MAX(area.h / 3, 2)), scroll = 0;
  canvas_put_fit(canvas, area.x + 1, area.y + 1, area.w - 1, ROLE_HEAD, self->kind->head);
  draw_rows(self, canvas, (struct rect){area.x, area.y + 2, area.w, MAX(area.h - 2 - pane, 1)}, entries);
  canvas_rule(canvas, area.x, area.y + area.h - pane, area.w, NULL);
  lines_draw(whole, canvas, (struct rect){area.x + 1, area.y + area.h - pane + 1, area.w - 2, pane - 1},
             &scroll);
}

/* ---- commands ---- */

/* Enter: to the guest that the entry is about. */
static void go_to_guest(struct list *self, const void *entry)
{
  struct target target;
  if (!entry || !self->kind->target(entry, &target))
    app_say(self->view.app, true, "this is about no guest");
  else if (!app_select(self->view.app, &target))
    app_say(self->view.app, true, "that guest is not in the table: it is gone, or hidden by the filter");
  else
    app_pop(self->view.app, &self->view);
}

static bool cancel(struct list *self, const struct command_line *line, const void *entry, GError **err)
{
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, self->kind->key(entry));
  return app_carry_out_with(self->view.app, line, number, err);
}

static enum view_answer list_command(struct view *view, const struct command_line *line, GError **err)
{
  struct list *self = (struct list *)view;
  const void *entry = selected_entry(self);
  int step = lines_step(line->command, self->page);
  if (step) {
    move(self, step);
  } else if (line->command->screen == COMMAND_FILTER) {
    if (prompt_for_filter(view->app, line))
      return VIEW_TAKEN;
    g_free(self->filter);
    self->filter = g_strjoinv(" ", line->words);
  } else if (line->command->screen == COMMAND_ENTER) {
    go_to_guest(self, entry);
  } else if (line->command->screen == COMMAND_CANCEL && self->kind->cancels && entry && !line->words[0]) {
    return cancel(self, line, entry, err) ? VIEW_TAKEN : VIEW_FAILED;
  } else {
    return VIEW_PASS;
  }
  return VIEW_TAKEN;
}

static bool list_key(struct view *view, int key)
{
  g_autoptr(GError) err = NULL;
  if (key != 'c' || !((struct list *)view)->kind->cancels)
    return false;
  if (!app_do(view->app, "cancel", &err))
    app_say_error(view->app, err);
  return true;
}

static const struct hint *list_hints(struct view *view, int *ret_count)
{
  const struct list_kind *kind = ((struct list *)view)->kind;
  *ret_count = kind->hint_count;
  return kind->hints;
}

static void list_free(struct view *view)
{
  struct list *self = (struct list *)view;
  g_free(self->filter);
  g_free(self);
}

static const struct view_class list_class = {
    .place = "lists",
    .shape = VIEW_SCREEN,
    .draw = list_draw,
    .key = list_key,
    .command = list_command,
    .hints = list_hints,
    .free = list_free,
};

static struct view *list_new(struct app *app, const struct list_kind *kind)
{
  struct list *self = g_new0(struct list, 1);
  self->view = (struct view){&list_class, app};
  self->kind = kind;
  self->follow = true;
  self->filter = g_strdup("");
  return &self->view;
}

/* ---- events ---- */

static int64_t event_key(const void *entry)
{
  return ((const struct event *)entry)->wall_ns;
}

static char *event_row(const void *entry)
{
  const struct event *event = entry;
  g_autofree char *time = units_time_of_day(event->wall_ns), *text = event_sentence(event);
  return g_strdup_printf("%s  %-10s  %s", time, event_kind_name(event->kind), text);
}

static enum role event_entry_role(const void *entry)
{
  return event_role(entry);
}

static void event_whole(const void *entry, GArray *lines, int width)
{
  const struct event *event = entry;
  g_autofree char *time = units_time_utc(event->wall_ns), *text = event_sentence(event);
  g_autofree char *head = g_strdup_printf("%s  %s  %s", time, event_kind_name(event->kind), event->uuid);
  lines_add(lines, ROLE_DIM, head, width, 2);
  lines_add(lines, event_role(event), text, width, 2);
}

static bool event_target(const void *entry, struct target *ret)
{
  const struct event *event = entry;
  *ret = target_of(event->conn, event->uuid);
  return event->uuid[0] != '\0';
}

static const struct hint event_hints[] = {
    {"back", "back", NULL}, {"filter", "search", NULL}, {"enter", "to its guest", NULL}};

static const struct list_kind events_kind = {
    .title = "Events",
    .head = "TIME      KIND        WHAT HAPPENED",
    .none = "nothing has happened yet",
    .all = engine_events,
    .key = event_key,
    .row = event_row,
    .role = event_entry_role,
    .whole = event_whole,
    .target = event_target,
    .hints = event_hints,
    .hint_count = G_N_ELEMENTS(event_hints),
};

struct view *events_new(struct app *app)
{
  return list_new(app, &events_kind);
}

/* ---- jobs ---- */

static int64_t job_key(const void *entry)
{
  return (int64_t)((const struct job *)entry)->id;
}

static char *job_row(const void *entry)
{
  const struct job *job = entry;
  g_autofree char *time = units_time_of_day(job->asked_wall_ns);
  g_autofree char *text = job_sentence(job, clock_mono_ns());
  return g_strdup_printf("%4" G_GUINT64_FORMAT "  %s  %-9s  %s", job->id, time, job_state_name(job->state),
                         text);
}

static enum role job_role(const void *entry)
{
  static const enum role roles[JOB_STATES] = {
      [JOB_QUEUED] = ROLE_DIM,   [JOB_RUNNING] = ROLE_TEXT,  [JOB_DONE] = ROLE_GOOD,
      [JOB_FAILED] = ROLE_WRONG, [JOB_CANCELLED] = ROLE_DIM, [JOB_UNKNOWN] = ROLE_WARN};
  return roles[((const struct job *)entry)->state];
}

static void job_whole(const void *entry, GArray *lines, int width)
{
  const struct job *job = entry;
  g_autofree char *name = text_safe(job->guest);
  g_autofree char *head = g_strdup_printf("%s %s", action_row(job->action)->name, name);
  lines_add(lines, ROLE_TEXT, head, width, 2);
  if (job->detail)
    lines_add(lines, ROLE_DIM, job->detail, width, 2);
  if (job->step && !job_state_ended(job->state))
    lines_add(lines, ROLE_TEXT, job->step, width, 2);
  if (job->error)
    lines_add(lines, ROLE_WRONG, job->error, width, 2);
}

static bool job_target(const void *entry, struct target *ret)
{
  const struct job *job = entry;
  *ret = target_of(job->conn, job->uuid);
  return job->uuid[0] != '\0';
}

static const struct hint job_hints[] = {{"back", "back", NULL},
                                        {NULL, "cancel job", "c"},
                                        {"filter", "search", NULL},
                                        {"enter", "to its guest", NULL}};

static const struct list_kind jobs_kind = {
    .title = "Jobs",
    .head = "  NR  ASKED     STATE      WHAT",
    .none = "nothing has been asked for yet",
    .all = engine_jobs,
    .key = job_key,
    .row = job_row,
    .role = job_role,
    .whole = job_whole,
    .target = job_target,
    .cancels = true,
    .hints = job_hints,
    .hint_count = G_N_ELEMENTS(job_hints),
};

struct view *job_list_new(struct app *app)
{
  return list_new(app, &jobs_kind);
}
