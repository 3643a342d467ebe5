/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of virtualization a guest is, its devices, and what of it can be seen here and why not else. */
#include "core/base/text.h"
#include "tui/figures.h"
#include "tui/lines.h"
#include "tui/views.h"

#define INDENT 2
#define DEEPER 4

struct explain_view {
  struct view view;
  struct target target;
  int scroll, page;
};

/* What is drawn, and into what. */
struct drawing {
  const struct app *app;
  const struct target *target;
  enum kind kind;
  const struct explanation
      *explanation; /* NULL: a record is replayed, which holds the kind and figures alone */
  GArray *lines;
  int width;
};

/* ---- drawing ---- */

/* TEXT moved in by INDENT columns; further rows that it is broken to by HANGING more. */
static void add_hanging(const struct drawing *d, enum role role, int indent, int hanging, const char *text)
{
  g_autofree char *moved = g_strdup_printf("%*s%s", indent, "", text);
  lines_add(d->lines, role, moved, d->width, indent + hanging);
}

static void add(const struct drawing *d, enum role role, int indent, const char *text)
{
  add_hanging(d, role, indent, 0, text);
}

static void add_reasons(const struct drawing *d)
{
  g_autofree char *why = g_strdup_printf("Told by %s.", d->explanation->why);
  g_autofree char *host = g_strdup_printf("Its host: %s.", d->explanation->host);

  add(d, ROLE_DIM, INDENT, why);
  add(d, ROLE_DIM, INDENT, host);
}

static void add_kind(const struct drawing *d)
{
  add(d, ROLE_RULE_TITLE, 0, kind_row(d->kind)->title);
  add(d, ROLE_TEXT, INDENT, kind_row(d->kind)->text);
  if (d->explanation)
    add_reasons(d);
  else
    add(d, ROLE_DIM, INDENT, "This is a recorded session: it holds no more of it than figures.");
}

static void add_device(const struct drawing *d, const struct explained_device *device)
{
  g_autofree char *head = g_strdup_printf("%s  %s  %s", device->name, device->backend,
                                          device->path_known ? backend_path_name(device->path) : "-");

  add(d, device->path_known ? figure_path_role(device->path) : ROLE_DIM, INDENT, head);
  add(d, ROLE_DIM, DEEPER, device->how);
}

static void add_devices(const struct drawing *d)
{
  if (!d->explanation)
    return;
  add(d, ROLE_TEXT, 0, "");
  add(d, ROLE_RULE_TITLE, 0, "Devices");
  for (int i = 0; i < d->explanation->device_count; i++)
    add_device(d, &d->explanation->devices[i]);
  if (d->explanation->device_count == 0)
    add(d, ROLE_DIM, INDENT, "it has neither disks nor NICs");
}

/* "EXIT/s 12.3k, IOEX/s 0": what SOURCE gives just now, in the columns that show it.  Caller frees. */
static char *figures_text(const struct drawing *d, const struct source_row *source)
{
  const struct scan *scan = app_scan(d->app);
  const struct guest *guest = scan_find_uuid(scan, d->target->conn, d->target->uuid, NULL);
  GString *text = g_string_new(NULL);

  for (int i = 0; guest && i < source->count; i++) {
    const struct figure figure = figure_guest(scan, guest, source->metrics[i]);
    g_autofree char *value = figure_with_unit(&figure);
    g_string_append_printf(text, "%s%s %s", i ? ", " : "",
                           metric_table(SCOPE_GUEST, NULL)[source->metrics[i]].title, value);
  }
  return g_string_free(text, FALSE);
}

static void add_source(const struct drawing *d, enum source id)
{
  const struct source_row *source = source_row(id);
  const char *reason = d->explanation ? d->explanation->sources[id].text : NULL;
  bool there = d->explanation ? d->explanation->sources[id].there : source->count > 0;
  g_autofree char *figures = figures_text(d, source);
  const char *shown = !there              ? ""
                      : source->count > 0 ? figures
                                          : "to be had, but this version does not read it";
  g_autofree char *line = g_strdup_printf("%s %s: %s%s%s", there ? "+" : "-", source->title, shown,
                                          *shown && reason ? "; " : "", reason ? reason : "");

  add_hanging(d, !there ? ROLE_DIM : reason ? ROLE_WARN : ROLE_GOOD, DEEPER, 2, line);
}

static void add_sight(const struct drawing *d, enum sight sight)
{
  const struct sight_cell *cell = kind_sight(d->kind, sight);
  g_autofree char *sentence = g_strdup_printf("%s: %s.", sight_title(sight), cell->text);

  sentence[0] = g_ascii_toupper(sentence[0]);
  add(d, ROLE_TEXT, INDENT, sentence);
  for (int i = 0; i < SOURCES; i++)
    if (cell->sources & (1u << i) && (d->explanation || source_row((enum source)i)->count > 0))
      add_source(d, (enum source)i);
}

static void add_sights(const struct drawing *d)
{
  add(d, ROLE_TEXT, 0, "");
  add(d, ROLE_RULE_TITLE, 0,
      d->explanation ? "What can be seen of it (+ here, - not here)" : "What can be seen of it");
  if (!kind_sight(d->kind, SIGHT_STEAL)->text) {
    add(d, ROLE_DIM, INDENT, "of this kind this program does not know");
    return;
  }
  for (int i = 0; i < SIGHTS; i++)
    add_sight(d, (enum sight)i);
}

static void draw_explanation(struct explain_view *self, struct canvas *canvas, struct rect inside,
                             enum kind kind, const struct explanation *explanation)
{
  g_autoptr(GArray) lines = lines_new();
  const struct drawing d = {self->view.app, &self->target, kind, explanation, lines, inside.w};

  add_kind(&d);
  add_devices(&d);
  add_sights(&d);
  self->page = inside.h;
  lines_draw(lines, canvas, inside, &self->scroll);
}

/* The guest in a record that is replayed; NULL: this is no replay, or it is not there now. */
static const struct guest *recorded_guest(const struct explain_view *self)
{
  struct replay_state replay;

  engine_replay_state(app_engine(self->view.app), &replay);
  return replay.active ? scan_find_uuid(app_scan(self->view.app), self->target.conn, self->target.uuid, NULL)
                       : NULL;
}

static void explain_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct explain_view *self = (struct explain_view *)view;
  const char *error;
  const struct explanation *explanation =
      engine_explanation(app_engine(view->app), self->target.uuid, &error);
  g_autofree char *name = app_guest_name(view->app, &self->target);
  g_autofree char *title = g_strdup_printf("What %s is", name);
  const struct rect inside = canvas_page(canvas, area, title);
  const struct guest *recorded = recorded_guest(self);
  if (explanation || recorded)
    draw_explanation(self, canvas, inside, explanation ? explanation->kind : recorded->info->kind,
                     explanation);
  else
    canvas_put_unknown(canvas, inside, "looking at it and its host ...", error);
}

/* ---- commands ---- */

static const struct target *explain_guest(const struct view *view)
{
  return &((const struct explain_view *)view)->target;
}

static enum view_answer explain_command(struct view *view, const struct command_line *line,
                                        G_GNUC_UNUSED GError **err)
{
  struct explain_view *self = (struct explain_view *)view;
  const int step = lines_step(line->command, self->page);

  self->scroll = CLAMP(self->scroll, 0, G_MAXINT / 2) + step; /* drawing brings it into range */
  return step ? VIEW_TAKEN : VIEW_PASS;
}

/* It was started or stopped, or a device came or went. */
static void explain_news(struct view *view, unsigned news)
{
  const struct explain_view *self = (struct explain_view *)view;

  if (news & NEWS_EVENT)
    engine_ask_explanation(app_engine(view->app), self->target.conn, self->target.uuid);
}

static const struct hint *explain_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {
      {NULL, "scroll", "PageDown"}, {"back", "back", NULL}, {"help", "help", NULL}};

  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void explain_view_free(struct view *view)
{
  g_free((struct explain_view *)view);
}

static const struct view_class explain_class = {
    .place = "lists",
    .shape = VIEW_SCREEN,
    .draw = explain_draw,
    .command = explain_command,
    .guest = explain_guest,
    .news = explain_news,
    .hints = explain_hints,
    .free = explain_view_free,
};

struct view *explain_view_new(struct app *app, const struct target *target)
{
  struct explain_view *self = g_new0(struct explain_view, 1);

  self->view = (struct view){&explain_class, app};
  self->target = *target;
  engine_ask_explanation(app_engine(app), target->conn, target->uuid);
  return &self->view;
}
