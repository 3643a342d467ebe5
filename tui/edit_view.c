/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The form to change a guest's definition: filled with what the guest has; what differs is changed. */
#include <string.h>

#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/edit_disks.h"
#include "tui/form_draw.h"
#include "tui/views.h"

struct edit_guest {
  struct view view;
  struct target target;
  struct form form;
  struct spec *had; /* what the fields were filled with */
  struct edit_disks disks;
  bool filled;   /* they were: its definition has been read */
  int scroll;    /* of the pane */
  uint64_t job;  /* the change asked for; 0: none */
  char *failure; /* why the last one failed, in full, until something is edited */
};

/* What can be changed beside its disks; the names are those of the words of :edit. */
static const enum spec_id changeable[] = {SPEC_TITLE, SPEC_VCPUS, SPEC_MEMORY};

static struct engine *engine_of(const struct edit_guest *self)
{
  return app_engine(self->view.app);
}

static const struct offers *offers_of(const struct edit_guest *self)
{
  return engine_offers(engine_of(self), self->target.conn);
}

static const struct guest *guest_of(const struct edit_guest *self)
{
  return scan_find_uuid(app_scan(self->view.app), self->target.conn, self->target.uuid, NULL);
}

/* ---- what it has, and what is to change ---- */

static void fill(struct edit_guest *self, enum spec_id id, const char *text)
{
  if (!self->form.touched[id])
    form_set(&self->form, id, text, false);
  spec_set(self->had, id, text, NULL); /* what a field does not take is nothing to compare with */
}

/* The picker's field is that of the disk shown. */
static void show_disk(struct edit_guest *self)
{
  const struct edit_disk *disk = edit_disks_at(&self->disks);
  form_set(&self->form, SPEC_BACKEND, disk ? disk->wanted : "", disk && edit_disk_changes(disk));
}

static void fill_all(struct edit_guest *self, const struct guest_info *info)
{
  g_autofree char *vcpus = g_strdup_printf("%u", info->vcpus), *memory = units_size_text(info->memory_bytes);
  fill(self, SPEC_TITLE, info->title ? info->title : "");
  fill(self, SPEC_VCPUS, vcpus);
  fill(self, SPEC_MEMORY, memory);
  edit_disks_fill(&self->disks, info);
  if (self->form.touched[SPEC_BACKEND])
    edit_disks_want(&self->disks, form_text(&self->form, SPEC_BACKEND));
  show_disk(self);
}

/* Every definition has a vCPU: without one it has not been read yet. */
static void fill_when_read(struct edit_guest *self)
{
  const struct guest *guest = guest_of(self);
  if (self->filled || !guest || !guest->info->vcpus)
    return;
  fill_all(self, guest->info);
  self->filled = true;
}

static bool changes(const struct edit_guest *self, enum spec_id id)
{
  return self->form.touched[id] && strcmp(form_text(&self->form, id), spec_text(self->had, id)) != 0;
}

/* "vcpus=2" and so on, NULL-terminated; g_strfreev. */
static char **words(const struct edit_guest *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_autofree char *backends = edit_disks_word(&self->disks);
  for (size_t i = 0; i < G_N_ELEMENTS(changeable); i++) {
    g_autofree char *word =
        g_strdup_printf("%s=%s", spec_field(changeable[i])->name, form_text(&self->form, changeable[i]));
    if (changes(self, changeable[i]))
      g_strv_builder_add(builder, word);
  }
  if (backends)
    g_strv_builder_add(builder, backends);
  return g_strv_builder_end(builder);
}

/* ---- drawing ---- */

static void add_changes(const struct edit_guest *self, GArray *lines, int width)
{
  bool any = false;
  for (size_t i = 0; i < G_N_ELEMENTS(changeable); i++) {
    const enum spec_id id = changeable[i];
    if (!changes(self, id))
      continue;
    const char *text = form_text(&self->form, id), *before = spec_text(self->had, id);
    g_autofree char *line = g_strdup_printf("%s: %s, before: %s", spec_field(id)->title,
                                            *text ? text : "none", *before ? before : "none");
    lines_add(lines, ROLE_TEXT, line, width, 2);
    any = true;
  }
  if (!edit_disks_tell(&self->disks, lines, width) && !any)
    lines_add(lines, ROLE_DIM, "nothing yet", width, 2);
}

static void add_when(const struct edit_guest *self, GArray *lines, int width)
{
  const struct guest *guest = guest_of(self);
  const bool runs = guest && guest_state_active(guest->state);
  lines_add(
      lines, ROLE_DIM,
      runs ? "It runs: all of it takes effect at its next start.  :undo returns to the definition before."
           : ":undo returns to the definition before.",
      width, 2);
}

/* The rows of the pane; returns its title. */
static const char *fill_pane(const struct edit_guest *self, GArray *lines, int width)
{
  if (self->failure) {
    lines_add(lines, ROLE_WRONG, self->failure, width, 2);
    return "not changed";
  }
  if (!self->filled) {
    lines_add(lines, ROLE_DIM, "reading what it has", width, 2);
    return "what Enter changes";
  }
  add_changes(self, lines, width);
  add_when(self, lines, width);
  return self->job ? "changing" : "what Enter changes";
}

static void edit_guest_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct edit_guest *self = (struct edit_guest *)view;
  g_autofree char *name = app_guest_name(view->app, &self->target), *title = g_strdup_printf("Edit %s", name);
  g_autofree char *heading = edit_disks_heading(&self->disks);
  g_autoptr(GArray) pane = lines_new();
  const char *pane_title = fill_pane(self, pane, form_pane_width(area));
  const struct form_scene scene = {.form = &self->form,
                                   .offers = offers_of(self),
                                   .title = title,
                                   .room = "",
                                   .heading = heading,
                                   .pane_title = pane_title,
                                   .pane = pane,
                                   .pane_counts = true,
                                   .scroll = &self->scroll};
  form_draw(&scene, canvas, area);
}

/* ---- changing ---- */

/* The first disk whose backend is not to be had is shown then. */
static bool check_disks(struct edit_guest *self)
{
  const int at = self->disks.at;
  do {
    show_disk(self);
    if (!form_check(&self->form, true, offers_of(self)))
      return false;
  } while (edit_disks_step(&self->disks, 1) && self->disks.at != at);
  show_disk(self);
  return true;
}

static void submit(struct edit_guest *self)
{
  g_autoptr(GError) err = NULL;
  g_auto(GStrv) flags = words(self);
  g_clear_pointer(&self->failure, g_free);
  if (self->job || !self->filled)
    return;
  if (!check_disks(self))
    self->failure = g_strdup(self->form.error[self->form.focus]);
  else if (!flags[0])
    app_pop(self->view.app, &self->view);
  else if (!engine_act(engine_of(self), self->target.conn, self->target.uuid, ACTION_EDIT,
                       (const char *const *)flags, &self->job, &err))
    self->failure = g_strdup(err->message);
}

static void edit_guest_news(struct view *view, unsigned news)
{
  struct edit_guest *self = (struct edit_guest *)view;
  fill_when_read(self);
  const struct job *job = news & NEWS_JOB ? app_job(view->app, self->job) : NULL;
  if (!job || !job_state_ended(job->state))
    return;
  self->job = 0;
  if (job->state == JOB_DONE)
    app_pop(view->app, view);
  else
    self->failure = g_strdup(job->error ? job->error : job_state_name(job->state));
}

/* ---- keys ---- */

static void field_key(struct edit_guest *self, int key)
{
  if (!form_key(&self->form, key, offers_of(self)))
    return;
  g_clear_pointer(&self->failure, g_free);
  if (self->form.focus == SPEC_BACKEND)
    edit_disks_want(&self->disks, form_text(&self->form, SPEC_BACKEND));
}

/* Left and Right on the backends go from disk to disk. */
static bool disk_key(struct edit_guest *self, int key)
{
  if (self->form.focus != SPEC_BACKEND || (key != KEYS_LEFT && key != KEYS_RIGHT) ||
      !edit_disks_step(&self->disks, key == KEYS_RIGHT ? 1 : -1))
    return false;
  show_disk(self);
  return true;
}

/* Up and Down go from field to field, but along the backends, and through the pane. */
static void vertical_key(struct edit_guest *self, int key)
{
  const int step = key == KEYS_DOWN ? 1 : -1;
  if (self->form.focus == FORM_PREVIEW)
    self->scroll = MAX(self->scroll + step, 0);
  else if (self->form.focus != SPEC_BACKEND)
    form_move(&self->form, step);
  else
    field_key(self, key);
}

static bool edit_guest_key(struct view *view, int key)
{
  struct edit_guest *self = (struct edit_guest *)view;
  if (key == KEYS_ESC)
    return false;
  if (key == KEYS_ENTER)
    submit(self);
  else if (key == KEYS_TAB || key == KEYS_BACKTAB)
    form_move(&self->form, key == KEYS_TAB ? 1 : -1);
  else if (key == KEYS_UP || key == KEYS_DOWN)
    vertical_key(self, key);
  else if (!disk_key(self, key) && (keys_is_text(key) || self->form.focus != FORM_PREVIEW))
    field_key(self, key);
  return true;
}

static const struct target *edit_guest_target(const struct view *view)
{
  return &((const struct edit_guest *)view)->target;
}

static const struct hint *edit_guest_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {
      {NULL, "change", "Enter"}, {NULL, "next", "Tab"}, {NULL, "cancel", "Esc"}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void edit_guest_free(struct view *view)
{
  struct edit_guest *self = (struct edit_guest *)view;
  form_clear(&self->form);
  spec_free(self->had);
  edit_disks_clear(&self->disks);
  g_free(self->failure);
  g_free(self);
}

static const struct view_class edit_guest_class = {
    .place = "form",
    .shape = VIEW_SCREEN,
    .freezes = true,
    .draw = edit_guest_draw,
    .key = edit_guest_key,
    .guest = edit_guest_target,
    .news = edit_guest_news,
    .hints = edit_guest_hints,
    .free = edit_guest_free,
};

struct view *edit_guest_new(struct app *app, const struct target *target)
{
  struct edit_guest *self = g_new0(struct edit_guest, 1);
  self->view = (struct view){&edit_guest_class, app};
  self->target = *target;
  self->had = spec_new();
  edit_disks_init(&self->disks);
  form_init(&self->form, &form_edit_guest);
  fill_when_read(self);
  engine_ask_offers(engine_of(self), target->conn);
  return &self->view;
}
