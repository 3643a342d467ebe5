/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the view of memory requests lists: processes, and requests one by one; each a table of columns. */
#ifndef TUI_MEMORY_ROWS_H
#define TUI_MEMORY_ROWS_H

#include "core/model/memory_log.h"
#include "tui/canvas.h"

/* A request with its time of day. */
struct memory_moment {
  struct memory_request request;
  int64_t wall_ns;
};

/* A list of one or the other, of which those that match were chosen: struct memory_row, struct memory_moment.
 * SECONDS: that the newest turn took. */
enum memory_list { MEMORY_PROCESSES, MEMORY_REQUESTS, MEMORY_LISTS };

/* Those of LOG in which FILTER occurs; the newest request is the last.  g_array_unref. */
GArray *memory_rows_new(struct memory_log *log, enum memory_list list, enum memory_rank by,
                        const char *filter);
/* The headings, that of the column of BY marked, into the first row of RECT; as many columns as there is room
 * for. */
void memory_rows_draw_head(struct canvas *canvas, struct rect rect, enum memory_list list,
                           enum memory_rank by);
/* Row NR into the first row of RECT. */
void memory_rows_draw(struct canvas *canvas, struct rect rect, enum memory_list list, const GArray *rows,
                      guint nr, double seconds);

#endif
