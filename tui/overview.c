/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/overview.h"

#include <string.h>

#include "core/base/text.h"
#include "tui/act.h"
#include "tui/commands.h"
#include "tui/hints.h"
#include "tui/layout.h"
#include "tui/lines.h"
#include "tui/pane.h"
#include "tui/table.h"
#include "tui/views.h"

struct overview {
  struct view view;
  struct table_pane pane;
  struct hint hints[HINTS_MAX];
  int64_t seen_mono_ns; /* when the last of the jobs that were looked at ended */
  bool events;          /* the lower pane shows events instead of the guest */
};

static struct table *table_of(const struct overview *self)
{
  return app_table(self->view.app);
}

/* GUEST and one more column stay, also when others were chosen meanwhile. */
static void scroll_columns(struct overview *self, int by)
{
  int last = (int)app_columns(self->view.app)->len - 2;
  self->pane.skip = CLAMP(self->pane.skip + by, 0, MAX(last, 0));
}

/* ---- drawing ---- */

static char *table_title(const struct overview *self)
{
  const struct table *table = table_of(self);
  g_autofree char *filter = text_safe(table_filter(table));
  int tagged = table_tag_count(table);
  GString *title = g_string_new(NULL);
  if (*filter)
    g_string_append_printf(title, "%d of %d guests match \"%s\"", table_count(table), table_total(table),
                           filter);
  if (tagged)
    g_string_append_printf(title, "%s%d tagged", title->len ? ", " : "", tagged);
  if (self->pane.skip)
    g_string_append_printf(title, "%s%d column%s to the left", title->len ? ", " : "", self->pane.skip,
                           self->pane.skip == 1 ? "" : "s");
  return g_string_free(title, FALSE);
}

static void rule(struct canvas *canvas, struct rect r, const char *title)
{
  if (r.h > 0)
    canvas_rule(canvas, r.x, r.y, r.w, title && *title ? title : NULL);
}

static void overview_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct overview *self = (struct overview *)view;
  const struct app *app = view->app;
  struct layout_main l;
  layout_main(&l, area, table_total(table_of(self)));
  scroll_columns(self, 0);
  g_autofree char *title = table_title(self);
  host_pane_draw(app, canvas, l.host);
  rule(canvas, l.host_rule, title);
  table_pane_draw(app, canvas, l.head, l.table, &self->pane);
  rule(canvas, l.detail_rule, self->events ? "events" : NULL);
  rule(canvas, l.notice_rule, NULL);
  if (l.detail.h > 0 && self->events)
    events_pane_draw(app, canvas, l.detail);
  else if (l.detail.h > 0)
    guest_pane_draw(app, canvas, l.detail);
  if (l.side.h > 0)
    events_pane_draw(app, canvas, l.side);
}

/* ---- commands ---- */

static void enter(struct overview *self)
{
  struct target target;
  if (app_selected(self->view.app, &target))
    app_push(self->view.app, detail_view_new(self->view.app, &target));
}

/* Esc takes back one thing at a time. */
static void back(struct overview *self)
{
  struct table *table = table_of(self);
  if (*table_filter(table))
    table_set_filter(table, "");
  else if (table_tag_count(table) > 0)
    table_tag_all(table, false);
  else if (self->pane.skip)
    self->pane.skip = 0;
  else
    self->events = false;
}

/* The last to be asked: whatever no view above has taken. */
static enum view_answer overview_command(struct view *view, const struct command_line *line, GError **err)
{
  struct overview *self = (struct overview *)view;
  int step = lines_step(line->command, self->pane.rows.h);
  if (step) {
    table_select(table_of(self), table_selected(table_of(self)) + step);
    return VIEW_TAKEN;
  }
  switch (line->command->screen) {
  case COMMAND_LEFT:
    scroll_columns(self, -1);
    break;
  case COMMAND_RIGHT:
    scroll_columns(self, 1);
    break;
  case COMMAND_ENTER:
    enter(self);
    break;
  case COMMAND_BACK:
    back(self);
    break;
  case COMMAND_NEXT_PANE:
    self->events = !self->events;
    break;
  default:
    return commands_carry_out(view->app, line, err) ? VIEW_TAKEN : VIEW_FAILED;
  }
  return VIEW_TAKEN;
}

/* A click selects; a click on what is selected opens it. */
static void click(struct overview *self, int y)
{
  const struct rect *rows = &self->pane.rows;
  const int row = self->pane.first + y - rows->y;
  if (y < rows->y || y >= rows->y + rows->h || row >= table_count(table_of(self)))
    return;
  if (row == table_selected(table_of(self)))
    enter(self);
  else
    table_select(table_of(self), row);
}

static bool overview_key(struct view *view, int key)
{
  int x, y;
  if (key != KEYS_MOUSE || !app_mouse(view->app, &x, &y))
    return false;
  click((struct overview *)view, y);
  return true;
}

/* ---- keys that work now ---- */

static const struct hint_rule rules[] = {
    {{"help", "help", NULL}, 0},
    {{"new", "new", NULL}, WHEN_WRITABLE},
    {{"replay-pause", "pause", NULL}, WHEN_REPLAY_RUNS},
    {{"replay-pause", "go on", NULL}, WHEN_REPLAY_PAUSED},
    {{"replay-step 1", "step", NULL}, WHEN_REPLAY},
    {{"replay-step -1", "back", NULL}, WHEN_REPLAY},
    {{"quit", "quit", NULL}, 0},
    {{"start", "start", NULL}, WHEN_WRITABLE | WHEN_INACTIVE},
    {{"delete", "delete", NULL}, WHEN_WRITABLE | WHEN_INACTIVE},
    {{"stop", "stop", NULL}, WHEN_WRITABLE | WHEN_ACTIVE},
    {{"pause", "pause", NULL}, WHEN_WRITABLE | WHEN_RUNNING},
    {{"pause", "resume", NULL}, WHEN_WRITABLE | WHEN_PAUSED},
    {{"snapshot", "snapshot", NULL}, WHEN_WRITABLE | WHEN_GUEST},
    {{"snapshots", "revert", NULL}, WHEN_WRITABLE | WHEN_GUEST},
    {{"clone", "clone", NULL}, WHEN_WRITABLE | WHEN_INACTIVE},
    {{"enter", "details", NULL}, WHEN_GUEST},
    {{"console", "console", NULL}, WHEN_WRITABLE | WHEN_ACTIVE},
    {{"bench", "bench", NULL}, WHEN_WRITABLE},
    {{"sort", "sort", NULL}, WHEN_GUEST},
    {{"filter", "filter", NULL}, 0},
    {{"hold", "go on", NULL}, WHEN_HELD},
    {{"tag", "tag", NULL}, WHEN_GUEST},
    {{"next-pane", "pane", NULL}, 0},
    {{"columns", "columns", NULL}, 0},
    {{"events", "events", NULL}, 0},
    {{"jobs", "jobs", NULL}, 0},
    {{"hold", "hold", NULL}, WHEN_NOT_HELD},
    {{"export", "export", NULL}, WHEN_LIVE},
    {{"theme", "theme", NULL}, 0},
    {{"force-off", "force off", NULL}, WHEN_WRITABLE | WHEN_ACTIVE},
    {{"command", "command", NULL}, 0},
};

static const struct hint *overview_hints(struct view *view, int *ret_count)
{
  struct overview *self = (struct overview *)view;
  int selected = table_selected(table_of(self));
  const struct guest *guest = selected >= 0 ? table_row(table_of(self), selected)->guest : NULL;
  *ret_count = hints_pick(rules, G_N_ELEMENTS(rules), hints_now(view->app, guest), self->hints);
  return self->hints;
}

static void overview_free(struct view *view)
{
  g_free(view);
}

/* The overview is always there. */
static void overview_news(struct view *view, unsigned news)
{
  if (news & NEWS_JOB)
    act_ask_again(view->app, &((struct overview *)view)->seen_mono_ns);
}

static const struct view_class overview_class = {
    .place = "main",
    .shape = VIEW_SCREEN,
    .draw = overview_draw,
    .key = overview_key,
    .command = overview_command,
    .news = overview_news,
    .hints = overview_hints,
    .free = overview_free,
};

struct view *overview_new(struct app *app)
{
  struct overview *self = g_new0(struct overview, 1);
  self->view = (struct view){&overview_class, app};
  return &self->view;
}

static void add_uuid(GPtrArray *uuids, const char *uuid)
{
  for (guint i = 0; i < uuids->len; i++)
    if (strcmp(g_ptr_array_index(uuids, i), uuid) == 0)
      return;
  g_ptr_array_add(uuids, g_strdup(uuid));
}

char **overview_attention(struct view *view)
{
  struct overview *self = (struct overview *)view;
  const struct table *table = table_of(self);
  GPtrArray *uuids = g_ptr_array_new();
  for (int i = self->pane.first; i < self->pane.first + self->pane.rows.h && i < table_count(table); i++)
    add_uuid(uuids, table_row(table, i)->guest->info->uuid);
  g_autoptr(GArray) targets = table_targets(table);
  for (guint i = 0; i < targets->len; i++)
    add_uuid(uuids, g_array_index(targets, struct target, i).uuid);
  g_ptr_array_add(uuids, NULL);
  return (char **)g_ptr_array_free(uuids, FALSE);
}
