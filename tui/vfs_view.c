/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtual functions of a host's devices: what there is, who has it, and what stands in the way. */
#include "core/base/text.h"
#include "tui/lines.h"
#include "tui/views.h"

#define STEP 2        /* further in: a function below its device, a condition below its function */
#define NAME_WIDTH 19 /* "interrupt remapping" */

struct vfs_view {
  struct view view;
  int conn;
  int scroll, page;
};

/* ---- drawing ---- */

static void add(GArray *lines, enum role role, int width, int indent, const char *fmt, ...)
    G_GNUC_PRINTF(5, 6);
static void add(GArray *lines, enum role role, int width, int indent, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  g_autofree char *text = g_strdup_vprintf(fmt, ap);
  va_end(ap);
  g_autofree char *safe = text_safe(text), *moved = g_strdup_printf("%*s%s", indent, "", safe);
  lines_add(lines, role, moved, width, indent + STEP);
}

static void add_check(GArray *lines, const struct sriov_check *check, int width, int indent)
{
  static const struct {
    enum role role;
    const char *word;
  } looks[] = {[SRIOV_FINE] = {ROLE_GOOD, "ok"},
               [SRIOV_WRONG] = {ROLE_WRONG, "missing"},
               [SRIOV_UNKNOWN] = {ROLE_WARN, "unknown"}};
  add(lines, looks[check->verdict].role, width, indent, "%-*s  %-7s  %s", NAME_WIDTH, check->name,
      looks[check->verdict].word, check->text);
  if (check->advice && check->verdict != SRIOV_FINE)
    add(lines, ROLE_DIM, width, indent + STEP, "to do: %s", check->advice);
}

/* A function that passes takes a line; of another all that stands in its way is told. */
static void add_vf(GArray *lines, const struct sriov_vf *vf, int width)
{
  const bool held = vf->holder != NULL;
  g_autofree char *group =
      vf->group >= 0 ? g_strdup_printf("IOMMU group %d", vf->group) : g_strdup("no IOMMU group");
  add(lines, held ? ROLE_DIM : ROLE_TEXT, width, STEP, "%s  %s%s%s", vf->address, group,
      held                 ? ", held by "
      : sriov_vf_wrong(vf) ? ""
                           : ", can be given to a guest",
      held ? vf->holder : "");
  for (guint i = SRIOV_HOST_CONDITIONS; i < vf->checks->len; i++) {
    const struct sriov_check *check = vf->checks->pdata[i];
    if (check->verdict != SRIOV_FINE && !(held && i == SRIOV_FREE))
      add_check(lines, check, width, 2 * STEP);
  }
}

static void add_pf(GArray *lines, const struct sriov_pf *pf, int width)
{
  g_autofree char *numa = pf->numa >= 0 ? g_strdup_printf(", NUMA node %d", pf->numa) : g_strdup("");
  lines_add(lines, ROLE_TEXT, "", width, 0);
  add(lines, ROLE_HEAD, width, 0, "%s  %s%s%s, %d of %d functions made, %s%s%s%s", pf->address,
      sriov_class_names[pf->class], pf->interface ? " " : "", pf->interface ? pf->interface : "", pf->made,
      pf->total, pf->driver ? pf->driver : "no driver", numa, pf->link ? ", " : "", pf->link ? pf->link : "");
  for (guint i = 0; i < pf->list->len; i++)
    add_vf(lines, pf->list->pdata[i], width);
  if (!pf->list->len)
    add(lines, ROLE_DIM, width, STEP, "none is made: make some by :make-vfs");
}

static void draw_list(struct vfs_view *self, struct canvas *canvas, struct rect inside,
                      const struct sriov_list *list)
{
  g_autoptr(GArray) lines = lines_new();
  for (guint i = 0; i < list->host->len; i++)
    add_check(lines, list->host->pdata[i], inside.w, 0);
  for (guint i = 0; i < list->pfs->len; i++)
    add_pf(lines, list->pfs->pdata[i], inside.w);
  if (!list->pfs->len) {
    lines_add(lines, ROLE_TEXT, "", inside.w, 0);
    add(lines, ROLE_DIM, inside.w, 0,
        "no device of this host has virtual functions (sriov_totalvfs under its /sys/bus/pci/devices)");
  }
  self->page = inside.h;
  lines_draw(lines, canvas, inside, &self->scroll);
}

static void vfs_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct vfs_view *self = (struct vfs_view *)view;
  const char *error;
  const struct sriov_list *list = engine_functions(app_engine(view->app), self->conn, &error);
  const struct rect inside = canvas_page(canvas, area, "Virtual functions (SR-IOV)");
  if (list)
    draw_list(self, canvas, inside, list);
  else
    canvas_put_unknown(canvas, inside, "looking at the devices of the host ...", error);
}

/* ---- commands ---- */

static enum view_answer vfs_command(struct view *view, const struct command_line *line,
                                    G_GNUC_UNUSED GError **err)
{
  struct vfs_view *self = (struct vfs_view *)view;
  const int step = lines_step(line->command, self->page);
  self->scroll = CLAMP(self->scroll, 0, G_MAXINT / 2) + step; /* drawing brings it into range */
  return step ? VIEW_TAKEN : VIEW_PASS;
}

/* Whoever started or ended may have taken one or given it back. */
static void vfs_news(struct view *view, unsigned news)
{
  if (news & NEWS_EVENT)
    engine_ask_functions(app_engine(view->app), ((const struct vfs_view *)view)->conn);
}

static const struct hint *vfs_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {
      {"make-vfs", "make", NULL}, {"back", "back", NULL}, {"help", "help", NULL}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void vfs_free(struct view *view)
{
  g_free((struct vfs_view *)view);
}

static const struct view_class vfs_class = {
    .place = "vfs",
    .shape = VIEW_SCREEN,
    .draw = vfs_draw,
    .command = vfs_command,
    .news = vfs_news,
    .hints = vfs_hints,
    .free = vfs_free,
};

struct view *vfs_view_new(struct app *app, int conn)
{
  struct vfs_view *self = g_new0(struct vfs_view, 1);
  self->view = (struct view){&vfs_class, app};
  self->conn = conn;
  engine_ask_functions(app_engine(app), conn);
  return &self->view;
}
