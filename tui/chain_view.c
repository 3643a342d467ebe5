/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one guest's disks stand on: each image, how large, who else needs it. */
#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/lines.h"
#include "tui/views.h"

#define DISK_WIDTH 5 /* "vda", "nvme0" */
#define STEP 3       /* further in, for each image behind another */

struct chain_view {
  struct view view;
  struct target target;
  int scroll, page;
};

/* ---- drawing ---- */

/* The disk or the branch, and the file's name. */
static char *name_of(const struct chain_image *row, bool utf8)
{
  g_autofree char *name = g_path_get_basename(row->path);
  if (row->depth == 0)
    return g_strdup_printf("%-*s%s", DISK_WIDTH, row->disk, name);
  return g_strdup_printf("%*s%s%s", DISK_WIDTH + STEP * (row->depth - 1), "", utf8 ? "└─ " : "`- ", name);
}

static char *facts_of(const struct chain_image *row)
{
  units_buf real, seen;
  return g_strdup_printf("%s, takes %s of %s%s%s", row->format ? row->format : "-",
                         units_bytes(real, (double)row->real_bytes),
                         units_bytes(seen, (double)row->virtual_bytes), row->users ? "; also needed by " : "",
                         row->users ? row->users : "");
}

/* Is it in the folder of the row before?  Then the folder needs no saying. */
static bool same_folder(const struct chain *chain, int at)
{
  if (at == 0)
    return false;
  g_autofree char *here = g_path_get_dirname(chain->rows[at].path),
                  *before = g_path_get_dirname(chain->rows[at - 1].path);
  return !g_strcmp0(here, before);
}

static void add_below(GArray *lines, enum role role, const char *text, int indent, int width)
{
  g_autofree char *moved = g_strdup_printf("%*s%s", indent, "", text);
  lines_add(lines, role, moved, width, indent);
}

static void add_image(GArray *lines, const struct chain *chain, int at, int width, bool utf8)
{
  const struct chain_image *row = &chain->rows[at];
  const int indent = MIN(DISK_WIDTH + STEP * row->depth, width / 2);
  g_autofree char *name = name_of(row, utf8), *folder = g_path_get_dirname(row->path),
                  *place = g_strconcat("in ", folder, NULL), *facts = facts_of(row);
  lines_add(lines, ROLE_TEXT, name, width, indent);
  if (!same_folder(chain, at))
    add_below(lines, ROLE_DIM, place, indent, width);
  add_below(lines, row->problem ? ROLE_WRONG : ROLE_DIM, row->problem ? row->problem : facts, indent, width);
}

static void draw_images(struct chain_view *self, struct canvas *canvas, struct rect inside,
                        const struct chain *chain)
{
  g_autoptr(GArray) lines = lines_new();
  for (int i = 0; i < chain->count; i++)
    add_image(lines, chain, i, inside.w, canvas_utf8(canvas));
  if (chain->count == 0)
    lines_add(lines, ROLE_DIM, "it has no disk that it can write to", inside.w, 0);
  self->page = inside.h;
  lines_draw(lines, canvas, inside, &self->scroll);
}

static void chain_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct chain_view *self = (struct chain_view *)view;
  const char *error;
  const struct chain *chain = engine_chain(app_engine(view->app), self->target.uuid, &error);
  g_autofree char *name = app_guest_name(view->app, &self->target);
  g_autofree char *title = g_strdup_printf("What the disks of %s stand on", name);
  const struct rect inside = canvas_page(canvas, area, title);
  if (chain)
    draw_images(self, canvas, inside, chain);
  else
    canvas_put_unknown(canvas, inside, "looking at its images ...", error);
}

/* ---- commands ---- */

static const struct target *chain_guest(const struct view *view)
{
  return &((const struct chain_view *)view)->target;
}

static enum view_answer chain_command(struct view *view, const struct command_line *line,
                                      G_GNUC_UNUSED GError **err)
{
  struct chain_view *self = (struct chain_view *)view;
  const int step = lines_step(line->command, self->page);
  self->scroll = CLAMP(self->scroll, 0, G_MAXINT / 2) + step; /* drawing brings it into range */
  return step ? VIEW_TAKEN : VIEW_PASS;
}

/* Jobs and events of any guest may have changed who stands on what. */
static void chain_news(struct view *view, unsigned news)
{
  const struct chain_view *self = (struct chain_view *)view;
  if (news & NEWS_EVENT)
    engine_ask_chain(app_engine(view->app), self->target.conn, self->target.uuid);
}

static const struct hint *chain_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {{"flatten", "flatten", NULL},
                                      {"rebase", "rebase", NULL},
                                      {"back", "back", NULL},
                                      {"help", "help", NULL}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void chain_view_free(struct view *view)
{
  g_free((struct chain_view *)view);
}

static const struct view_class chain_class = {
    .place = "chain",
    .shape = VIEW_SCREEN,
    .draw = chain_draw,
    .command = chain_command,
    .guest = chain_guest,
    .news = chain_news,
    .hints = chain_hints,
    .free = chain_view_free,
};

struct view *chain_view_new(struct app *app, const struct target *target)
{
  struct chain_view *self = g_new0(struct chain_view, 1);
  self->view = (struct view){&chain_class, app};
  self->target = *target;
  engine_ask_chain(app_engine(app), target->conn, target->uuid);
  return &self->view;
}
