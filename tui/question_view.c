/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question before something is destroyed.  It names the guests, keeps to their UUIDs whatever
 * happens to the table below, and never takes a yes for granted. */
#include <string.h>

#include "core/base/text.h"
#include "tui/layout.h"
#include "tui/lines.h"
#include "tui/views.h"

struct question {
  struct view view;
  enum action_id action;
  char **flags;
  char *why;        /* what was said against it before; NULL: nothing */
  GArray *targets;  /* struct target */
  GPtrArray *names; /* char *, safe; as they were when the question was put */
  struct answer {
    char **files; /* NULL: not known */
    char *error;  /* why they are not; NULL: not asked to the end yet */
  } * answers;    /* one per target, for a deletion */
  guint asked;    /* the target whose files are being asked for */
  bool waiting;   /* yes was said before the files were known */
  int page, scroll;
};

static const struct target *target_at(const struct question *self, guint i)
{
  return &g_array_index(self->targets, struct target, i);
}

/* ---- what it says ---- */

static char *title(const struct question *self, const char **ret_consequence)
{
  g_autofree char *who = self->names->len == 1 ? g_strdup(g_ptr_array_index(self->names, 0))
                                               : g_strdup_printf("%u guests", self->names->len);
  return action_question(self->action, self->why != NULL, who, ret_consequence);
}

static void add(GArray *lines, enum role role, int width, const char *fmt, ...) G_GNUC_PRINTF(4, 5);
static void add(GArray *lines, enum role role, int width, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  g_autofree char *text = g_strdup_vprintf(fmt, ap);
  va_end(ap);
  lines_add(lines, role, text, width, 4);
}

static bool is_gone(const struct question *self, const struct target *target)
{
  return !scan_find_uuid(engine_scan(app_engine(self->view.app)), target->conn, target->uuid, NULL);
}

/* The files that go with guest I; false: not known yet. */
static bool add_files(const struct question *self, GArray *lines, int width, guint i)
{
  const struct answer *answer = &self->answers[i];
  if (answer->error)
    add(lines, ROLE_WARN, width, "  its files are not known: %s", answer->error);
  else if (!answer->files)
    add(lines, ROLE_DIM, width, "  looking up its files");
  else if (!answer->files[0])
    add(lines, ROLE_DIALOG, width, "  no files are removed");
  for (char **file = answer->files; file && *file; file++) {
    g_autofree char *safe = text_safe(*file);
    add(lines, ROLE_DIALOG, width, "  %s", safe);
  }
  return answer->error || answer->files || is_gone(self, target_at(self, i));
}

static bool deletes_files(const struct question *self)
{
  return self->action == ACTION_DELETE && !action_flag((const char *const *)self->flags, "keep-disks");
}

/* All that it says; false: something is still to be found out. */
static bool content(const struct question *self, GArray *lines, int width)
{
  const char *consequence = "";
  g_autofree char *head = title(self, &consequence);
  bool complete = true, several = self->targets->len > 1, deletes = deletes_files(self);
  add(lines, ROLE_DIALOG_TITLE, width, "%s", head);
  if (deletes)
    add(lines, ROLE_DIALOG, width,
        "%s definition and these files are removed:", several ? "Each one's" : "Its");
  else if (self->action == ACTION_DELETE)
    add(lines, ROLE_DIALOG, width, "%s definition goes; the disks are kept.", several ? "Each one's" : "Its");
  else
    add(lines, ROLE_DIALOG, width, "%s", consequence);
  if (self->why)
    add(lines, ROLE_WARN, width, "%s", self->why);
  if (self->action == ACTION_REVERT || self->action == ACTION_SNAPSHOT_DELETE) {
    const char *name = action_value((const char *const *)self->flags, "name");
    g_autofree char *safe = text_safe(name ? name : "the current one");
    add(lines, ROLE_DIALOG, width, "Snapshot: %s", safe);
  }
  for (guint i = 0; i < self->targets->len; i++) {
    const char *gone = is_gone(self, target_at(self, i)) ? "  (gone meanwhile)" : "";
    if (several || *gone)
      add(lines, ROLE_DIALOG, width, "%s%s", (const char *)g_ptr_array_index(self->names, i), gone);
    if (deletes)
      complete &= add_files(self, lines, width, i);
  }
  return complete;
}

static void question_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct question *self = (struct question *)view;
  g_autoptr(GArray) lines = lines_new();
  if (content(self, lines, area.w - 4))
    self->waiting = false;
  const char *answer = self->waiting ? "not before its files are known; then y again   n no" : "y yes   n no";
  int width = text_width(answer);
  for (int i = 0; i < lines_count(lines); i++)
    width = MAX(width, text_width(g_array_index(lines, struct line, i).text));
  struct rect inner = canvas_box(canvas, layout_centre(area, width + 4, lines_count(lines) + 4), NULL);
  self->page = inner.h - 2;
  lines_draw(lines, canvas, (struct rect){inner.x, inner.y, inner.w, self->page}, &self->scroll);
  canvas_put_fit(canvas, inner.x, inner.y + inner.h - 1, inner.w, ROLE_KEY, answer);
}

/* ---- what the answer does ---- */

static void act_on_all(struct question *self)
{
  struct app *app = self->view.app;
  for (guint i = 0; i < self->targets->len; i++) {
    const struct target *target = target_at(self, i);
    g_autoptr(GError) err = NULL;
    if (!engine_act(app_engine(app), target->conn, target->uuid, self->action,
                    (const char *const *)self->flags, NULL, &err))
      app_say_error(app, err);
  }
  app_pop(app, &self->view);
}

/* A yes counts only once it can be seen what it is said to. */
static void yes(struct question *self)
{
  g_autoptr(GArray) lines = lines_new();
  self->waiting = !content(self, lines, 80);
  if (!self->waiting)
    act_on_all(self);
}

static bool question_key(struct view *view, int key)
{
  struct question *self = (struct question *)view;
  if (key == 'y' || key == 'Y')
    yes(self);
  else if (key == 'n' || key == 'N' || key == KEYS_ESC)
    app_pop(view->app, view);
  else if (key != KEYS_SPACE)
    lines_key(key, self->page, &self->scroll);
  return true;
}

/* The engine answers for one guest at a time. */
static void ask_next(struct question *self)
{
  if (deletes_files(self) && self->asked < self->targets->len)
    engine_ask_files(app_engine(self->view.app), target_at(self, self->asked)->conn,
                     target_at(self, self->asked)->uuid);
}

static void take_files(struct question *self)
{
  if (!deletes_files(self) || self->asked >= self->targets->len)
    return;
  const char *error = NULL;
  const char *const *files =
      engine_files(app_engine(self->view.app), target_at(self, self->asked)->uuid, &error);
  if (!files && !error)
    return;
  struct answer *answer = &self->answers[self->asked++];
  answer->files = g_strdupv((char **)(uintptr_t)files);
  answer->error = g_strdup(error);
  ask_next(self);
}

static void question_news(struct view *view, unsigned news)
{
  if (news & NEWS_FILES)
    take_files((struct question *)view);
}

static const struct hint *question_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {{NULL, "yes", "y"}, {NULL, "no", "n"}, {NULL, "no", "Esc"}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void question_free(struct view *view)
{
  struct question *self = (struct question *)view;
  for (guint i = 0; i < self->targets->len; i++) {
    g_strfreev(self->answers[i].files);
    g_free(self->answers[i].error);
  }
  g_free(self->answers);
  g_strfreev(self->flags);
  g_free(self->why);
  g_array_unref(self->targets);
  g_ptr_array_unref(self->names);
  g_free(self);
}

static const struct view_class question_class = {
    .place = "question",
    .shape = VIEW_DIALOG,
    .freezes = true,
    .draw = question_draw,
    .key = question_key,
    .news = question_news,
    .hints = question_hints,
    .free = question_free,
};

struct view *question_new(struct app *app, enum action_id action, const GArray *targets,
                          const char *const *flags, const char *why)
{
  struct question *self = g_new0(struct question, 1);
  self->view = (struct view){&question_class, app};
  self->action = action;
  self->flags = g_strdupv((char **)(uintptr_t)flags);
  self->why = g_strdup(why);
  self->targets = g_array_new(FALSE, FALSE, sizeof(struct target));
  self->names = g_ptr_array_new_with_free_func(g_free);
  g_array_append_vals(self->targets, targets->data, targets->len);
  for (guint i = 0; i < targets->len; i++) {
    const struct target *target = target_at(self, i);
    g_ptr_array_add(self->names, app_guest_name(app, target));
  }
  self->answers = g_new0(struct answer, targets->len);
  ask_next(self);
  return &self->view;
}
