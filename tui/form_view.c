/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The form for a new guest: the view around struct form. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/form_draw.h"
#include "tui/views.h"

struct new_guest {
  struct view view;
  struct form form;
  int conn;
  bool qemu;                     /* the pane shows the command line rather than the XML */
  int scroll;                    /* of the pane */
  char *xml, *argv, *no_preview; /* the newest answers */
  uint64_t job;                  /* the launch asked for; 0: none */
  char *failure;                 /* why the last one failed, in full, until something is edited */
  bool picking;
  struct menu picker; /* choices of the focused field */
  bool saving;
  struct editor save_name;
  char *save_asked; /* the name asked for last */
  char *save_error; /* NULL: none yet */
  char *replace;    /* the template that Enter would now replace */
};

static struct engine *engine_of(const struct new_guest *self)
{
  return app_engine(self->view.app);
}

static const struct offers *offers_of(const struct new_guest *self)
{
  return engine_offers(engine_of(self), self->conn);
}

/* ---- keeping fields, template and preview together ---- */

static void ask_preview(struct new_guest *self)
{
  struct spec *spec = form_spec(&self->form);
  engine_ask_preview(engine_of(self), self->conn, spec);
  spec_free(spec);
}

/* What the answer fills in is previewed. */
static void ask_template(struct new_guest *self)
{
  struct spec *spec = form_given(&self->form);
  engine_ask_fill(engine_of(self), self->conn, spec);
  spec_free(spec);
}

static void take_template(struct new_guest *self)
{
  const char *error;
  const struct spec *spec = engine_filled(engine_of(self), self->conn, &error);
  if (spec)
    form_take(&self->form, spec);
  else if (error)
    form_refuse(&self->form, SPEC_TEMPLATE, error);
  ask_preview(self);
}

static void changed(struct new_guest *self, int field)
{
  g_clear_pointer(&self->failure, g_free);
  if (field == SPEC_TEMPLATE)
    ask_template(self);
  else
    ask_preview(self);
}

/* ---- what it shows ---- */

static char *title_text(const struct new_guest *self)
{
  const struct scan *scan = engine_scan(engine_of(self));
  if (scan->conn_count < 2)
    return g_strdup("New guest");
  g_autofree char *label = text_safe(scan->conns[self->conn]->label);
  return g_strdup_printf("New guest on %s (^O: another connection)", label);
}

static char *room_text(const struct new_guest *self)
{
  const struct offers *offers = offers_of(self);
  if (!offers || !offers->memory_free_bytes)
    return g_strdup("");
  units_buf memory, disk;
  units_bytes(memory, (double)offers->memory_free_bytes);
  units_bytes(disk, (double)offers->disk_free_bytes);
  return offers->disk_free_bytes ? g_strdup_printf("free: memory %s, disk %s", memory, disk)
                                 : g_strdup_printf("free: memory %s", memory);
}

/* One option a row: a command line of forty options is unreadable otherwise.  The environment, which
 * libvirt puts in front, comes last. */
static char *argv_rows(const char *argv)
{
  const char *program = strstr(argv, " /");
  g_autofree char *environment = *argv != '/' && program ? g_strndup(argv, (gsize)(program - argv)) : NULL;
  g_auto(GStrv) parts = g_strsplit(environment ? program + 1 : argv, " -", -1);
  g_autofree char *options = g_strjoinv("\n  -", parts);
  return environment ? g_strdup_printf("%s\n  environment: %s", options, environment)
                     : g_steal_pointer(&options);
}

static void add_preview(const struct new_guest *self, GArray *lines, int width)
{
  if (self->no_preview) {
    lines_add(lines, ROLE_WARN, self->no_preview, width, 2);
  } else if (!self->xml) {
    lines_add(lines, ROLE_DIM, "asking libvirt what it would make of this", width, 2);
  } else if (!self->qemu) {
    lines_add(lines, ROLE_TEXT, self->xml, width, 4);
  } else if (self->argv) {
    g_autofree char *rows = argv_rows(self->argv);
    lines_add(lines, ROLE_TEXT, rows, width, 4);
  } else {
    lines_add(lines, ROLE_DIM, "libvirt gave no command line", width, 2);
  }
}

static const char *add_job(const struct new_guest *self, GArray *lines, int width)
{
  const struct job *job = app_job(self->view.app, self->job);
  g_autofree char *text =
      job ? job_sentence(job, engine_scan(engine_of(self))->mono_ns) : g_strdup("asked for");
  lines_add(lines, ROLE_TEXT, text, width, 2);
  return "launching";
}

/* The rows of the pane; returns its title. */
static const char *fill_pane(const struct new_guest *self, GArray *lines, int width)
{
  if (self->saving) {
    if (self->save_error)
      lines_add(lines, ROLE_WRONG, self->save_error, width, 2);
    return self->replace ? "save as template: Enter again replaces it"
                         : "save as template: its name, then Enter";
  }
  if (self->failure) {
    lines_add(lines, ROLE_WRONG, self->failure, width, 2);
    return "not launched";
  }
  if (self->job)
    return add_job(self, lines, width);
  add_preview(self, lines, width);
  return self->qemu ? "QEMU command line, as libvirt will start it  (^P: XML)"
                    : "XML, as libvirt will get it  (^P: QEMU command line)";
}

static void draw_save_name(struct new_guest *self, struct canvas *canvas, struct rect area)
{
  struct rect row = {area.x, area.y + area.h - 1, area.w, 1};
  int x = canvas_put(canvas, row.x, row.y, ROLE_KEY, " template name [");
  editor_draw(&self->save_name, canvas, x, row.y, MAX(row.x + row.w - x - 2, 4), ROLE_INPUT, true);
  canvas_put(canvas, row.x + row.w - 2, row.y, ROLE_KEY, "] ");
}

static void new_guest_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct new_guest *self = (struct new_guest *)view;
  g_autofree char *title = title_text(self), *room = room_text(self);
  g_autoptr(GArray) pane = lines_new();
  if (self->saving)
    area.h--;
  struct form_scene scene = {.form = &self->form,
                             .offers = offers_of(self),
                             .title = title,
                             .room = room,
                             .pane = pane,
                             .pane_counts = self->failure || self->job || self->saving,
                             .scroll = &self->scroll};
  scene.pane_title = fill_pane(self, pane, form_pane_width(area));
  form_draw(&scene, canvas, area);
  if (self->picking)
    menu_draw_box(&self->picker, canvas, area, spec_field((enum spec_id)self->form.focus)->title);
  if (self->saving)
    draw_save_name(self, canvas, (struct rect){area.x, area.y, area.w, area.h + 1});
}

/* ---- launching ---- */

static void launch(struct new_guest *self)
{
  g_autoptr(GError) err = NULL;
  g_clear_pointer(&self->failure, g_free);
  self->scroll = 0;
  if (self->job)
    return;
  if (!form_check(&self->form, false, offers_of(self))) {
    self->failure = g_strdup(self->form.error[self->form.focus]);
    return;
  }
  struct spec *spec = form_spec(&self->form);
  if (!engine_launch(engine_of(self), self->conn, spec, &self->job, &err)) {
    self->failure = g_strdup(err->message);
    self->job = 0;
  }
  spec_free(spec);
}

/* The launch ended: to the new guest, or back to the fields with libvirt's own words. */
static void launched(struct new_guest *self, const struct job *job)
{
  self->job = 0;
  if (job->state == JOB_DONE) {
    const struct target target = target_of(job->conn, job->uuid);
    app_select(self->view.app, &target);
    app_pop(self->view.app, &self->view);
    return;
  }
  self->failure = g_strdup(job->error ? job->error : job_state_name(job->state));
  app_say(self->view.app, true, "nothing was launched, nothing is left behind: mend the form and try again");
}

/* ---- saving as a template ---- */

static void begin_saving(struct new_guest *self)
{
  self->saving = true;
  editor_set(&self->save_name, "");
}

static void end_saving(struct new_guest *self)
{
  self->saving = false;
  g_clear_pointer(&self->save_error, g_free);
  g_clear_pointer(&self->replace, g_free);
}

static void save(struct new_guest *self)
{
  const char *name = editor_text(&self->save_name);
  struct spec *spec = form_spec(&self->form);
  engine_save_template(engine_of(self), spec, name, g_strcmp0(self->replace, name) == 0);
  g_free(self->save_asked);
  self->save_asked = g_strdup(name);
  spec_free(spec);
}

static void saved(struct new_guest *self)
{
  const GError *err;
  const char *path = engine_template_saved(engine_of(self), &err);
  if (path) {
    g_autofree char *safe = text_safe(path);
    app_say(self->view.app, false, "saved %s", safe);
    end_saving(self);
  } else if (err && self->saving) {
    g_free(self->save_error);
    self->save_error = g_strdup(err->message);
    g_free(self->replace);
    self->replace = err->code == ERROR_REFUSED ? g_strdup(self->save_asked) : NULL;
  } else if (err) {
    app_say_error(self->view.app, err);
  }
}

static bool saving_key(struct new_guest *self, int key)
{
  if (key == KEYS_ENTER)
    save(self);
  else if (key == KEYS_ESC)
    end_saving(self);
  else if (editor_key(&self->save_name, key))
    g_clear_pointer(&self->replace, g_free);
  return true;
}

/* ---- keys ---- */

static void begin_picking(struct new_guest *self)
{
  form_menu(&self->form, (enum spec_id)self->form.focus, offers_of(self), &self->picker);
  self->picking = true;
}

static bool picking_key(struct new_guest *self, int key)
{
  const struct menu_item *item = menu_item(&self->picker);
  bool done = key == KEYS_ESC;
  if ((key == KEYS_ENTER || key == KEYS_SPACE) && item && !item->disabled) {
    form_set(&self->form, (enum spec_id)self->form.focus, item->id, true);
    changed(self, self->form.focus);
    done = true;
  } else if (!done) {
    menu_key(&self->picker, key);
  }
  if (done) {
    self->picking = false;
    menu_clear(&self->picker);
  }
  return true;
}

static bool on_choice(const struct new_guest *self)
{
  int focus = self->form.focus;
  return focus != FORM_PREVIEW && focus != SPEC_BACKEND && !form_is_typed((enum spec_id)focus);
}

/* Up and Down go from field to field, but along the backends, and through the preview. */
static bool vertical_key(struct new_guest *self, int key)
{
  int step = key == KEYS_DOWN ? 1 : -1;
  if (self->form.focus == SPEC_BACKEND && form_key(&self->form, key, offers_of(self)))
    changed(self, SPEC_BACKEND);
  else if (self->form.focus == FORM_PREVIEW)
    self->scroll = MAX(self->scroll + step, 0);
  else
    form_move(&self->form, step);
  return true;
}

static bool pane_key(struct new_guest *self, int key)
{
  if (key == KEYS_PAGE_UP || key == KEYS_PAGE_DOWN)
    return lines_key(key, 6, &self->scroll);
  if (key == KEYS_CTRL('P') || key == KEYS_F0 + 3 ||
      (self->form.focus == FORM_PREVIEW && (key == KEYS_LEFT || key == KEYS_RIGHT || key == 'p'))) {
    self->qemu = !self->qemu;
    self->scroll = 0;
    return true;
  }
  return self->form.focus == FORM_PREVIEW && lines_key(key, 6, &self->scroll);
}

/* Launch on the next connection that is open. */
static void other_connection(struct new_guest *self)
{
  const struct scan *scan = engine_scan(engine_of(self));
  int conn = self->conn;
  do
    conn = (conn + 1) % MAX(scan->conn_count, 1);
  while (conn != self->conn && scan->conns[conn]->state != CONN_OPEN);
  if (conn == self->conn)
    return;
  self->conn = conn;
  engine_ask_offers(engine_of(self), conn);
  changed(self, SPEC_TEMPLATE);
}

static bool field_key(struct new_guest *self, int key)
{
  int field = self->form.focus;
  if (key == KEYS_SPACE && on_choice(self)) {
    begin_picking(self);
    return true;
  }
  if (form_key(&self->form, key, offers_of(self))) {
    changed(self, field);
    return true;
  }
  return keys_is_text(key) || (field != FORM_PREVIEW && (key == KEYS_LEFT || key == KEYS_RIGHT ||
                                                         key == KEYS_HOME || key == KEYS_END));
}

static bool plain_key(struct new_guest *self, int key)
{
  if (key == KEYS_ENTER)
    launch(self);
  else if (key == KEYS_TAB || key == KEYS_BACKTAB)
    form_move(&self->form, key == KEYS_TAB ? 1 : -1);
  else if (key == KEYS_UP || key == KEYS_DOWN)
    return vertical_key(self, key);
  else if (key == KEYS_F0 + 2 || key == KEYS_CTRL('S'))
    begin_saving(self);
  else if (key == KEYS_CTRL('O'))
    other_connection(self);
  else
    return pane_key(self, key) || field_key(self, key);
  return true;
}

static bool new_guest_key(struct view *view, int key)
{
  struct new_guest *self = (struct new_guest *)view;
  return self->saving ? saving_key(self, key) : self->picking ? picking_key(self, key) : plain_key(self, key);
}

static void take_preview(struct new_guest *self)
{
  const char *xml, *argv, *error;
  if (!engine_preview(engine_of(self), &xml, &argv, &error))
    return;
  g_free(self->xml);
  g_free(self->argv);
  g_free(self->no_preview);
  self->xml = g_strdup(xml);
  self->argv = g_strdup(argv);
  self->no_preview = g_strdup(error);
}

static void new_guest_news(struct view *view, unsigned news)
{
  struct new_guest *self = (struct new_guest *)view;
  const struct job *job = news & NEWS_JOB ? app_job(self->view.app, self->job) : NULL;
  if (news & NEWS_FILLED)
    take_template(self);
  if (news & NEWS_SAVED)
    saved(self);
  if (news & NEWS_PREVIEW)
    take_preview(self);
  if (news & NEWS_OFFERS && !self->xml)
    ask_preview(self);
  if (job && job_state_ended(job->state))
    launched(self, job);
}

static const struct hint *new_guest_hints(struct view *view, int *ret_count)
{
  static const struct hint fields[] = {{NULL, "launch", "Enter"}, {NULL, "next", "Tab"},
                                       {NULL, "cancel", "Esc"},   {NULL, "XML/QEMU", "^P"},
                                       {NULL, "template", "F2"},  {NULL, "scroll", "PgDn"}};
  static const struct hint choice[] = {{NULL, "launch", "Enter"}, {NULL, "choose", "Space"},
                                       {NULL, "next", "Tab"},     {NULL, "cancel", "Esc"},
                                       {NULL, "XML/QEMU", "^P"},  {NULL, "template", "F2"}};
  static const struct hint picking[] = {{NULL, "take", "Enter"}, {NULL, "back", "Esc"}};
  static const struct hint saving[] = {{NULL, "save", "Enter"}, {NULL, "back", "Esc"}};
  const struct new_guest *self = (const struct new_guest *)view;
  const struct hint *hints = self->saving      ? saving
                             : self->picking   ? picking
                             : on_choice(self) ? choice
                                               : fields;
  *ret_count = self->saving || self->picking ? 2 : (int)G_N_ELEMENTS(fields);
  return hints;
}

static void new_guest_free(struct view *view)
{
  struct new_guest *self = (struct new_guest *)view;
  char *texts[] = {self->xml,        self->argv,       self->no_preview, self->failure,
                   self->save_asked, self->save_error, self->replace};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  form_clear(&self->form);
  editor_clear(&self->save_name);
  menu_clear(&self->picker);
  g_free(self);
}

static const struct view_class new_guest_class = {
    .place = "form",
    .shape = VIEW_SCREEN,
    .freezes = true,
    .draw = new_guest_draw,
    .key = new_guest_key,
    .news = new_guest_news,
    .hints = new_guest_hints,
    .free = new_guest_free,
};

/* Where a new guest goes: to the connection of the selected guest, else the first that is open. */
static int choose_connection(const struct app *app)
{
  const struct scan *scan = engine_scan(app_engine(app));
  struct target target;
  if (app_selected(app, &target))
    return target.conn;
  for (int i = 0; i < scan->conn_count; i++)
    if (scan->conns[i]->state == CONN_OPEN)
      return i;
  return 0;
}

struct view *new_guest_new(struct app *app)
{
  struct new_guest *self = g_new0(struct new_guest, 1);
  self->view = (struct view){&new_guest_class, app};
  self->conn = choose_connection(app);
  form_init(&self->form, &form_new_guest);
  editor_init(&self->save_name, "");
  engine_ask_offers(engine_of(self), self->conn);
  ask_template(self);
  return &self->view;
}
