/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The snapshots of one guest as a tree: take, revert, delete. */
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/lines.h"
#include "tui/views.h"

struct snapshots {
  struct view view;
  struct target target;
  char *selected; /* name; NULL: the current one */
  int page;
};

static const struct snapshot_list *list_of(const struct snapshots *self, const char **ret_error)
{
  return engine_snapshots(app_engine(self->view.app), self->target.uuid, ret_error);
}

/* The row that is selected, or -1 when there is none. */
static int selected_row(const struct snapshots *self, const struct snapshot_list *list)
{
  int current = list && list->count ? 0 : -1;
  for (int i = 0; list && i < list->count; i++) {
    if (self->selected && !g_strcmp0(list->rows[i].name, self->selected))
      return i;
    if (list->rows[i].current)
      current = i;
  }
  return current;
}

static void move(struct snapshots *self, int step)
{
  const char *error;
  const struct snapshot_list *list = list_of(self, &error);
  const int row = selected_row(self, list);
  if (row < 0)
    return;
  g_free(self->selected);
  self->selected = g_strdup(list->rows[CLAMP(row + step, 0, list->count - 1)].name);
}

/* ---- drawing ---- */

/* Does a sibling of row AT at DEPTH come behind it? */
static bool goes_on(const struct snapshot_list *list, int at, int depth)
{
  for (int i = at + 1; i < list->count && list->rows[i].depth >= depth; i++)
    if (list->rows[i].depth == depth)
      return true;
  return false;
}

/* The branches of the tree before row AT's name. */
static char *branches(const struct snapshot_list *list, int at, bool utf8)
{
  GString *text = g_string_new(NULL);
  const int depth = list->rows[at].depth;
  for (int d = 1; d < depth; d++)
    g_string_append(text, goes_on(list, at, d) ? (utf8 ? "│  " : "|  ") : "   ");
  if (depth > 0 && goes_on(list, at, depth))
    g_string_append(text, utf8 ? "├─ " : "|- ");
  else if (depth > 0)
    g_string_append(text, utf8 ? "└─ " : "`- ");
  return g_string_free(text, FALSE);
}

/* ---- the columns ---- */

static bool is_today(int64_t wall_ns)
{
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local(wall_ns / NS_PER_S),
                       now = g_date_time_new_now_local();
  return then && g_date_time_get_year(then) == g_date_time_get_year(now) &&
         g_date_time_get_day_of_year(then) == g_date_time_get_day_of_year(now);
}

/* The time of day, or which day it was. */
static char *cell_taken(const struct snapshot *row)
{
  if (!row->created_wall_ns)
    return g_strdup("-");
  if (is_today(row->created_wall_ns))
    return units_time_of_day(row->created_wall_ns);
  g_autoptr(GDateTime) then = g_date_time_new_from_unix_local(row->created_wall_ns / NS_PER_S);
  return then ? g_date_time_format(then, "%m-%d %H:%M") : g_strdup("-");
}

static char *cell_state(const struct snapshot *row)
{
  return g_strdup(guest_state_name(row->state));
}

static char *cell_kind(const struct snapshot *row)
{
  return g_strconcat(row->external ? "ext " : "int ", row->memory ? "disk+mem" : "disk", NULL);
}

static char *cell_took(const struct snapshot *row)
{
  return row->seconds < 0 ? g_strdup("-") : units_span(row->seconds);
}

static char *cell_size(const struct snapshot *row)
{
  units_buf buf;
  return g_strdup(units_bytes(buf, row->size_bytes < 0 ? -1 : (double)row->size_bytes));
}

/* From right to left they go when the screen is narrow. */
static const struct column {
  const char *title;
  int width;
  bool right; /* aligned */
  char *(*cell)(const struct snapshot *row);
} columns[] = {{"TAKEN", 11, true, cell_taken},
               {"STATE", 8, false, cell_state},
               {"KIND", 12, false, cell_kind},
               {"TOOK", 10, true, cell_took},
               {"SIZE", UNITS_WIDTH, true, cell_size}};

#define GAP 2
#define NAME_MIN 20

/* How many columns stand beside names of some use, and how wide they are together. */
static int columns_that_fit(int width, int *ret_width)
{
  int n = 0;
  *ret_width = 0;
  for (; n < (int)G_N_ELEMENTS(columns); n++) {
    if (*ret_width + GAP + columns[n].width > width - NAME_MIN)
      break;
    *ret_width += GAP + columns[n].width;
  }
  return n;
}

/* ROW NULL: the titles. */
static void draw_cells(struct canvas *canvas, struct rect rect, const struct snapshot *row)
{
  int all, x = rect.x + rect.w;
  const int n = columns_that_fit(rect.w, &all);
  x -= all;
  for (int i = 0; i < n; i++) {
    g_autofree char *text = row ? columns[i].cell(row) : g_strdup(columns[i].title);
    const int width = columns[i].width, used = MIN(text_width(text), width);
    x += GAP;
    canvas_put_fit(canvas, columns[i].right ? x + width - used : x, rect.y, columns[i].right ? used : width,
                   row ? ROLE_DIM : ROLE_HEAD, text);
    x += width;
  }
}

static void draw_head(struct canvas *canvas, struct rect rect)
{
  canvas_put_fit(canvas, rect.x + 1, rect.y, rect.w - 1, ROLE_HEAD, "NAME");
  draw_cells(canvas, (struct rect){rect.x, rect.y, rect.w - 1, 1}, NULL);
}

static void draw_row(struct snapshots *self, struct canvas *canvas, struct rect rect,
                     const struct snapshot_list *list, int at)
{
  const struct snapshot *row = &list->rows[at];
  g_autofree char *tree = branches(list, at, canvas_utf8(canvas)), *name = text_safe(row->name);
  g_autofree char *whole = g_strconcat(tree, name, row->current ? "  (now)" : "", NULL);
  int cells;
  columns_that_fit(rect.w - 1, &cells);
  canvas_put_fit(canvas, rect.x + 1, rect.y, rect.w - 2 - cells, row->current ? ROLE_GOOD : ROLE_TEXT, whole);
  draw_cells(canvas, (struct rect){rect.x, rect.y, rect.w - 1, 1}, row);
  if (at == selected_row(self, list))
    canvas_ground(canvas, (struct rect){rect.x, rect.y, rect.w, 1}, ROLE_SELECTED);
}

static void draw_rows(struct snapshots *self, struct canvas *canvas, struct rect rect,
                      const struct snapshot_list *list)
{
  const int at = selected_row(self, list), first = CLAMP(at - rect.h / 2, 0, MAX(list->count - rect.h, 0));
  self->page = rect.h;
  for (int i = 0; i < rect.h && first + i < list->count; i++)
    draw_row(self, canvas, (struct rect){rect.x, rect.y + i, rect.w, 1}, list, first + i);
}

/* What the selected one is for, the files that it began, and what s would take now. */
static void add_foot(struct snapshots *self, GArray *lines, int width, const struct snapshot_list *list)
{
  const int at = selected_row(self, list);
  const struct snapshot *row = at >= 0 ? &list->rows[at] : NULL;
  g_autofree char *files = row && row->files && row->files[0] ? g_strjoinv(", ", row->files) : NULL,
                  *began = files ? g_strconcat("begins ", files, NULL) : NULL,
                  *next = list->refusal ? g_strdup_printf("none can be taken now: %s", list->refusal)
                                        : g_strdup_printf("the next: %s", list->kind);
  if (row && row->description)
    lines_add(lines, ROLE_TEXT, row->description, width, 0);
  if (began)
    lines_add(lines, ROLE_DIM, began, width, 2);
  lines_add(lines, list->refusal ? ROLE_WARN : ROLE_DIM, next, width, 2);
}

static void draw_foot(struct canvas *canvas, struct rect rect, const GArray *lines)
{
  int scroll = 0;
  canvas_rule(canvas, rect.x - 1, rect.y, rect.w + 2, NULL);
  lines_draw(lines, canvas, (struct rect){rect.x, rect.y + 1, rect.w, rect.h - 1}, &scroll);
}

/* The tree takes what the foot leaves. */
static void draw_list(struct snapshots *self, struct canvas *canvas, struct rect area,
                      const struct snapshot_list *list)
{
  g_autoptr(GArray) lines = lines_new();
  add_foot(self, lines, area.w - 2, list);
  const int foot = MIN(lines_count(lines) + 1, area.h / 2);
  if (list->count == 0)
    canvas_put_fit(canvas, area.x + 1, area.y, area.w - 2, ROLE_DIM, "it has none");
  else
    draw_head(canvas, area);
  draw_rows(self, canvas, (struct rect){area.x, area.y + 1, area.w, MAX(area.h - 1 - foot, 1)}, list);
  draw_foot(canvas, (struct rect){area.x + 1, area.y + area.h - foot, area.w - 2, foot}, lines);
}

static void snapshots_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct snapshots *self = (struct snapshots *)view;
  const char *error;
  const struct snapshot_list *list = list_of(self, &error);
  g_autofree char *name = app_guest_name(view->app, &self->target);
  g_autofree char *title = g_strdup_printf("Snapshots of %s", name);
  const struct rect inside = canvas_page(canvas, area, title);
  if (list)
    draw_list(self, canvas, (struct rect){area.x, inside.y, area.w, inside.h}, list);
  else
    canvas_put_unknown(canvas, inside, "asking libvirt ...", error);
}

/* ---- commands ---- */

static const struct target *snapshots_guest(const struct view *view)
{
  return &((const struct snapshots *)view)->target;
}

/* ---- comparing ---- */

/* The definition in the snapshot NAME; NULL: now. */
static const char *definition_of(const struct snapshot_list *list, const char *name, GError **err)
{
  const struct snapshot *row = name ? snapshot_list_find(list, name) : NULL;
  g_autofree char *safe = text_safe(name);
  if (name && !row)
    error_set(err, ERROR_USAGE, NULL, "snapshot-compare: there is no snapshot %s", safe);
  else if (!(row ? row->definition : list->definition))
    error_set(err, ERROR_GENERAL, NULL, "snapshot-compare: libvirt tells no definition of %s",
              name ? safe : "now");
  else
    return row ? row->definition : list->definition;
  return NULL;
}

/* The selected one with now, or with the one named; or the two named. */
static bool compare(struct snapshots *self, const struct snapshot_list *list, char **words, GError **err)
{
  const int at = selected_row(self, list);
  if (at < 0)
    return error_set(err, ERROR_REFUSED, NULL, "snapshot-compare: there are no snapshots");
  const char *first = words[0] && words[1] ? words[0] : list->rows[at].name,
             *second = words[0] && words[1] ? words[1] : words[0];
  const char *a = definition_of(list, first, err), *b = a ? definition_of(list, second, err) : NULL;
  if (!b)
    return false;
  g_autofree char *guest = app_guest_name(self->view.app, &self->target),
                  *title = g_strdup_printf("%s: - %s, + %s", guest, first, second ? second : "now");
  app_push(self->view.app, compare_new(self->view.app, title, a, b));
  return true;
}

/* The command line, for what is to be said of the selected one. */
static void edit(struct snapshots *self, const struct snapshot *row)
{
  g_autofree char *guest = app_guest_name(self->view.app, &self->target), *name = text_quote_word(row->name),
                  *quoted = text_quote_word(guest),
                  *line = g_strdup_printf("snapshot-edit %s name=%s description=", quoted, name);
  app_push(self->view.app, prompt_new(self->view.app, line));
}

/* What is done to a snapshot is done to the selected one when none is named. */
static enum view_answer snapshots_command(struct view *view, const struct command_line *line, GError **err)
{
  struct snapshots *self = (struct snapshots *)view;
  const int step = lines_step(line->command, self->page), action = line->command->action;
  if (step) {
    move(self, step);
    return VIEW_TAKEN;
  }
  const char *error;
  const struct snapshot_list *list = list_of(self, &error);
  const int at = selected_row(self, list);
  if (line->command->screen == COMMAND_SNAPSHOT_COMPARE)
    return compare(self, list, line->words, err) ? VIEW_TAKEN : VIEW_FAILED;
  const bool concerns_one =
      action == ACTION_REVERT || action == ACTION_SNAPSHOT_DELETE || action == ACTION_SNAPSHOT_EDIT;
  if (!concerns_one || line->guest || line->words[0] || at < 0)
    return VIEW_PASS;
  if (action == ACTION_SNAPSHOT_EDIT) {
    edit(self, &list->rows[at]);
    return VIEW_TAKEN;
  }
  g_autofree char *name = g_strconcat("name=", list->rows[at].name, NULL);
  return app_carry_out_with(view->app, line, name, err) ? VIEW_TAKEN : VIEW_FAILED;
}

static void ask_again(struct snapshots *self)
{
  engine_ask_snapshots(app_engine(self->view.app), self->target.conn, self->target.uuid);
}

/* Jobs and events of the guest may have changed its snapshots. */
static void snapshots_news(struct view *view, unsigned news)
{
  if (news & NEWS_EVENT)
    ask_again((struct snapshots *)view);
}

static const struct hint *snapshots_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {{"snapshot", "take", NULL},
                                      {"revert", "revert", NULL},
                                      {"snapshot-delete", "delete", NULL},
                                      {"snapshot-edit", "describe", NULL},
                                      {"snapshot-compare", "compare with now", NULL},
                                      {"back", "back", NULL},
                                      {"help", "help", NULL}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void snapshots_free(struct view *view)
{
  struct snapshots *self = (struct snapshots *)view;
  g_free(self->selected);
  g_free(self);
}

static const struct view_class snapshots_class = {
    .place = "snapshots",
    .shape = VIEW_SCREEN,
    .draw = snapshots_draw,
    .command = snapshots_command,
    .guest = snapshots_guest,
    .news = snapshots_news,
    .hints = snapshots_hints,
    .free = snapshots_free,
};

struct view *snapshots_new(struct app *app, const struct target *target)
{
  struct snapshots *self = g_new0(struct snapshots, 1);
  self->view = (struct view){&snapshots_class, app};
  self->target = *target;
  engine_ask_snapshots(app_engine(app), target->conn, target->uuid);
  return &self->view;
}
