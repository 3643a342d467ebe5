/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question before something is destroyed.  It names the guests, keeps to their UUIDs whatever
 * happens to the table below, and never takes a yes for granted. */
#include <string.h>

#include "core/base/text.h"
#include "tui/act.h"
#include "tui/layout.h"
#include "tui/lines.h"
#include "tui/views.h"

struct question {
  struct view view;
  enum action_id action;
  char **flags;
  GArray *targets;  /* struct target */
  GPtrArray *names; /* char *, safe; as they were when the question was put */
  GPtrArray *whys;  /* char *: what was said against each before; NULL: nothing */
  struct answer {
    struct deletion *deletion; /* NULL: not known */
    char *error;               /* why it would be refused; NULL: not asked to the end yet */
  } * answers;                 /* one per target, for a deletion */
  guint asked;                 /* the target that is being asked about */
  bool waiting;                /* yes was said before all was known */
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
  return action_question(self->action, self->whys != NULL, who, ret_consequence);
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

static bool is_deletion(const struct question *self)
{
  return self->action == ACTION_DELETE;
}

static bool keeps_disks(const struct question *self)
{
  return action_flag((const char *const *)self->flags, "keep-disks");
}

/* Why it cannot be done to guest I, borrowed; NULL: it can, as far as is known. */
static const char *refusal(const struct question *self, guint i)
{
  const char *why = act_refusal(self->view.app, self->action, target_at(self, i));
  return why ? why : self->answers[i].error;
}

static bool may_any(const struct question *self)
{
  for (guint i = 0; i < self->targets->len; i++)
    if (!refusal(self, i))
      return true;
  return false;
}

static void add_file(const struct deletion_file *file, GArray *lines, int width)
{
  g_autofree char *path = text_safe(file->path), *why = text_safe(file->stays);
  if (file->stays)
    add(lines, ROLE_WARN, width, "  stays: %s, %s", path, why);
  else
    add(lines, ROLE_DIALOG, width, "  %s", path);
}

static void add_deletion(const struct question *self, GArray *lines, int width,
                         const struct deletion *deletion)
{
  g_autofree char *more = deletion_more(deletion);
  int going = 0;
  for (guint i = 0; !keeps_disks(self) && i < deletion->files->len; i++) {
    const struct deletion_file *file = deletion->files->pdata[i];
    add_file(file, lines, width);
    going += !file->stays;
  }
  if (!going && !keeps_disks(self))
    add(lines, ROLE_DIALOG, width, "  no files are removed");
  if (more)
    add(lines, ROLE_WARN, width, "  with it go %s", more);
}

/* What is known of guest I; false: something is still to be found out. */
static bool add_guest(const struct question *self, GArray *lines, int width, guint i)
{
  const char *why = refusal(self, i), *name = g_ptr_array_index(self->names, i);
  const struct deletion *deletion = self->answers[i].deletion;
  if (self->targets->len > 1)
    add(lines, ROLE_DIALOG, width, "%s", name);
  if (self->whys)
    add(lines, ROLE_WARN, width, "%s", (const char *)g_ptr_array_index(self->whys, i));
  if (why)
    add(lines, ROLE_WRONG, width, "  cannot be done: %s", why);
  else if (deletion)
    add_deletion(self, lines, width, deletion);
  else if (is_deletion(self))
    add(lines, ROLE_DIM, width, "  looking up its files");
  return why || deletion || !is_deletion(self);
}

/* What comes of it, for all of them. */
static void add_consequence(const struct question *self, GArray *lines, int width, const char *consequence)
{
  const char *whose = self->targets->len > 1 ? "Each one's" : "Its";
  if (!is_deletion(self))
    add(lines, ROLE_DIALOG, width, "%s", consequence);
  else if (keeps_disks(self))
    add(lines, ROLE_DIALOG, width, "%s definition goes; the disks are kept.", whose);
  else
    add(lines, ROLE_DIALOG, width, "%s definition and these files are removed:", whose);
}

/* All that it says; false: something is still to be found out. */
static bool content(const struct question *self, GArray *lines, int width)
{
  const char *consequence = "";
  g_autofree char *head = title(self, &consequence);
  bool complete = true;
  add(lines, ROLE_DIALOG_TITLE, width, "%s", head);
  add_consequence(self, lines, width, consequence);
  if (self->action == ACTION_REVERT || self->action == ACTION_SNAPSHOT_DELETE) {
    const char *name = action_value((const char *const *)self->flags, "name");
    g_autofree char *safe = text_safe(name ? name : "the current one");
    add(lines, ROLE_DIALOG, width, "Snapshot: %s", safe);
  }
  if (action_row(self->action)->needs & NEEDS_NO_GUEST) { /* then its words say what it is about */
    g_autofree char *words = g_strjoinv(" ", self->flags), *safe = text_safe(words);
    add(lines, ROLE_DIALOG, width, "%s", safe);
  }
  for (guint i = 0; i < self->targets->len; i++)
    complete &= add_guest(self, lines, width, i);
  return complete;
}

static const char *choices(const struct question *self)
{
  if (!may_any(self))
    return "n back";
  return self->waiting ? "not before its files are known; then y again   n no" : "y yes   n no";
}

static void question_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct question *self = (struct question *)view;
  g_autoptr(GArray) lines = lines_new();
  if (content(self, lines, area.w - 4))
    self->waiting = false;
  const char *answer = choices(self);
  int width = text_width(answer);
  for (int i = 0; i < lines_count(lines); i++)
    width = MAX(width, text_width(g_array_index(lines, struct line, i).text));
  struct rect inner = canvas_box(canvas, layout_centre(area, width + 4, lines_count(lines) + 4), NULL);
  self->page = inner.h - 2;
  lines_draw(lines, canvas, (struct rect){inner.x, inner.y, inner.w, self->page}, &self->scroll);
  canvas_put_fit(canvas, inner.x, inner.y + inner.h - 1, inner.w, ROLE_KEY, answer);
}

/* ---- what the answer does ---- */

/* Those that it cannot be done to were told of. */
static void act_on_all(struct question *self)
{
  struct app *app = self->view.app;
  g_autoptr(GError) err = NULL;
  g_autoptr(GArray) those = g_array_new(FALSE, FALSE, sizeof(struct target));
  for (guint i = 0; i < self->targets->len; i++)
    if (!refusal(self, i))
      g_array_append_vals(those, target_at(self, i), 1);
  if (!engine_act_all(app_engine(app), (const struct target *)(void *)those->data, those->len, self->action,
                      (const char *const *)self->flags, &err))
    app_say_error(app, err);
  app_pop(app, &self->view);
}

/* A yes counts only once it can be seen what it is said to. */
static void yes(struct question *self)
{
  g_autoptr(GArray) lines = lines_new();
  self->waiting = !content(self, lines, 80);
  if (!self->waiting && may_any(self))
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
  if (is_deletion(self) && self->asked < self->targets->len)
    engine_ask_deletion(app_engine(self->view.app), target_at(self, self->asked)->conn,
                        target_at(self, self->asked)->uuid);
}

static void take_deletion(struct question *self)
{
  if (!is_deletion(self) || self->asked >= self->targets->len)
    return;
  const char *error = NULL;
  const struct deletion *deletion =
      engine_deletion(app_engine(self->view.app), target_at(self, self->asked)->uuid, &error);
  if (!deletion && !error)
    return;
  struct answer *answer = &self->answers[self->asked++];
  answer->deletion = deletion ? deletion_copy(deletion) : NULL;
  answer->error = deletion ? NULL : text_line(error);
  ask_next(self);
}

static void question_news(struct view *view, unsigned news)
{
  if (news & NEWS_DELETION)
    take_deletion((struct question *)view);
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
    deletion_free(self->answers[i].deletion);
    g_free(self->answers[i].error);
  }
  g_free(self->answers);
  g_strfreev(self->flags);
  g_array_unref(self->targets);
  g_clear_pointer(&self->whys, g_ptr_array_unref);
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
                          const char *const *flags, const GPtrArray *whys)
{
  struct question *self = g_new0(struct question, 1);
  self->view = (struct view){&question_class, app};
  self->action = action;
  self->flags = g_strdupv((char **)(uintptr_t)flags);
  self->whys = whys ? g_ptr_array_new_with_free_func(g_free) : NULL;
  self->targets = g_array_new(FALSE, FALSE, sizeof(struct target));
  self->names = g_ptr_array_new_with_free_func(g_free);
  g_array_append_vals(self->targets, targets->data, targets->len);
  for (guint i = 0; i < targets->len; i++) {
    const struct target *target = target_at(self, i);
    g_ptr_array_add(self->names, app_guest_name(app, target));
    if (whys)
      g_ptr_array_add(self->whys, g_strdup(g_ptr_array_index(whys, i)));
  }
  self->answers = g_new0(struct answer, targets->len);
  ask_next(self);
  return &self->view;
}
