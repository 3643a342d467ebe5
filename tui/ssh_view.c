/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line that logs in to a guest by SSH, to be copied from the screen. */
#include "core/base/text.h"
#include "tui/layout.h"
#include "tui/lines.h"
#include "tui/views.h"

struct ssh {
  struct view view;
  struct target target;
};

static const struct guest *guest_of(const struct ssh *self)
{
  return scan_find_uuid(app_scan(self->view.app), self->target.conn, self->target.uuid, NULL);
}

static void add_content(const struct ssh *self, GArray *lines, int width)
{
  const struct guest *guest = guest_of(self);
  g_autofree char *line = guest ? guest_ssh_line(guest->info) : NULL;
  g_autofree char *name = app_guest_name(self->view.app, &self->target),
                  *title = g_strdup_printf("SSH to %s", name);
  lines_add(lines, ROLE_DIALOG_TITLE, title, width, 2);
  lines_add(lines, ROLE_DIALOG, "", width, 0);
  lines_add(lines, ROLE_KEY, line ? line : "no port leads to it any more", width, 0);
  if (guest && !guest_state_active(guest->state))
    lines_add(lines, ROLE_WARN, "It is off: start it first.", width, 0);
}

static void ssh_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  g_autoptr(GArray) lines = lines_new();
  int width = 0, scroll = 0;
  add_content((struct ssh *)view, lines, area.w - 4);
  for (int i = 0; i < lines_count(lines); i++)
    width = MAX(width, text_width(g_array_index(lines, struct line, i).text));
  struct rect inner = canvas_box(canvas, layout_centre(area, width + 4, lines_count(lines) + 2), NULL);
  lines_draw(lines, canvas, inner, &scroll);
}

static bool ssh_key(struct view *view, int key)
{
  const bool leaves = key == KEYS_ENTER || key == KEYS_ESC || key == KEYS_SPACE || key == 'q';
  if (leaves)
    app_pop(view->app, view);
  return leaves;
}

static const struct target *ssh_guest(const struct view *view)
{
  return &((const struct ssh *)view)->target;
}

static const struct hint *ssh_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {{NULL, "leave", "Esc"}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void ssh_free(struct view *view)
{
  g_free(view);
}

static const struct view_class ssh_class = {
    .place = "question",
    .shape = VIEW_DIALOG,
    .draw = ssh_draw,
    .key = ssh_key,
    .guest = ssh_guest,
    .hints = ssh_hints,
    .free = ssh_free,
};

struct view *ssh_new(struct app *app, const struct target *target)
{
  struct ssh *self = g_new0(struct ssh, 1);
  self->view = (struct view){&ssh_class, app};
  self->target = *target;
  return &self->view;
}
