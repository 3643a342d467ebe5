/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the detail view. */
#ifndef TUI_DETAIL_ROWS_H
#define TUI_DETAIL_ROWS_H

#include "tui/app.h"
#include "tui/theme.h"

enum detail_kind {
  DETAIL_BLANK,
  DETAIL_TITLE, /* TEXT */
  DETAIL_GRAPH, /* a metric with its history, and up to three figures beside it */
  DETAIL_DISK,  /* what the disk INDEX is */
  DETAIL_NIC,
  DETAIL_HOSTDEV,
  DETAIL_AGES,
  DETAIL_SPLIT, /* where the time of its requests goes */
  DETAIL_LINE,  /* LINE, in the look of ROLE */
  DETAIL_EVENT, /* INDEX in the engine's list */
  DETAIL_STRIP, /* LINE, and the histogram SUMS; without one, its scale */
};

#define GRAPH_SIDES 3
/* A metric with its history, and figures beside it. */
struct graph_spec {
  const char *label;
  enum metric_scope scope;
  int metric;
  enum role role;
  double top; /* value of a full graph; 0: the largest on it */
  struct {
    const char *label; /* NULL: none */
    int metric;
    double percentile; /* of the metric's kept history; 0: its value now */
  } sides[GRAPH_SIDES];
};

struct detail_row {
  enum detail_kind kind;
  const struct graph_spec *graph;
  const char *text;
  int index;  /* vCPU, disk or NIC, in the order of the figures; -1: of the guest */
  char *line; /* owned, safe */
  enum role role;
  struct span_sums *sums; /* owned; NULL: none */
};

/* What fills the rows of a tab. */
struct detail_page {
  struct app *app;
  const struct target *target;
  const struct guest *guest;
  int width;    /* columns that a row has */
  GArray *rows; /* struct detail_row; lines are freed with it */
};
GArray *detail_rows_new(void);
void detail_add_title(const struct detail_page *page, const char *text);
void detail_add_graph(const struct detail_page *page, const struct graph_spec *graph, int index);
/* TEXT from outside, broken to the page's width, moved in by INDENT and further rows by HANGING more. */
void detail_add_text(const struct detail_page *page, enum role role, int indent, int hanging,
                     const char *text);

/* LINE (safe) and a strip of shades that stands for SUMS by duration, or for NULL the scale of such strips.
 */
void detail_add_strip(const struct detail_page *page, const char *line, const struct span_sums *sums);
/* What ROW of LOG tells, called LABEL (safe): how often, how long, and a strip. */
void detail_add_span(const struct detail_page *page, const struct span_log *log, const char *label,
                     const struct span_row *row);
/* Is the guest this machine's? */
bool detail_is_local(const struct detail_page *page);

/* In the place of spans that there are none of yet: why. */
const char *detail_no_spans(const struct detail_page *page);
/* Why it left its vCPUs, by exact reason. */
void detail_add_exits_traced(const struct detail_page *page);
/* How long the host's disks take for it. */
void detail_add_disks_below(const struct detail_page *page);
/* What the guest is inside: the addresses of its NIC number NIC, and all else under a title of its own. */
void detail_add_nic_inside(const struct detail_page *page, int nic);
void detail_add_inside(const struct detail_page *page);

/* The tabs: everything of a guest; what is stolen from it; its exits; where the time of its requests goes;
 * what it is. */
void detail_fill_all(const struct detail_page *page);
void detail_fill_steal(const struct detail_page *page);
void detail_fill_exits(const struct detail_page *page);
void detail_fill_account(const struct detail_page *page);
void detail_fill_explanation(const struct detail_page *page);

void detail_row_draw(const struct app *app, struct canvas *canvas, struct rect rect,
                     const struct guest *guest, const struct detail_row *row);

#endif
