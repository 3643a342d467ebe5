/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The panes that the overview is made of, each drawn into the rectangle that it is given. */
#ifndef TUI_PANE_H
#define TUI_PANE_H

#include "tui/app.h"
#include "tui/figures.h"

/* pane_host.c: the host's own figures. */
void host_pane_draw(const struct app *app, struct canvas *canvas, struct rect rect);

/* pane_table.c: the guest table.  HEAD is one row. */
struct table_pane {
  int skip;         /* columns that are scrolled away */
  int first;        /* index of the topmost row */
  struct rect rows; /* where they were drawn last, below the lines of connections that are not open */
};
void table_pane_draw(const struct app *app, struct canvas *canvas, struct rect head, struct rect rect,
                     struct table_pane *pane);

/* pane_guest.c: the selected guest in a few rows. */
void guest_pane_draw(const struct app *app, struct canvas *canvas, struct rect rect);
/* One line on what the guest is: "tour-virtio · kvm · 1 vCPU · 16 MiB · vda virtio-blk ...".  g_free. */
char *guest_line(const struct guest *guest);
/* Why it is stuck, or what else is wrong with it, as a sentence; NULL: nothing.  g_free. */
char *guest_trouble(const struct app *app, const struct guest *guest);

/* figure_role of F, METRIC of SCOPE; steal from the user's threshold on is to be seen. */
enum role pane_figure_role(const struct app *app, enum metric_scope scope, int metric,
                           const struct figure *f);

/* How a disk is attached: "virtio-blk paravirtual cache=none aio=native"; FORMAT: with the image's. g_free.
 */
char *disk_line(const struct disk_info *disk, bool format);

/* pane_events.c: the newest events at the bottom. */
void events_pane_draw(const struct app *app, struct canvas *canvas, struct rect rect);
enum role event_role(const struct event *event);

#endif
