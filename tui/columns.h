/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of the guest table: one per metric of a guest, and those below. */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include "core/model/scan.h"
#include "tui/theme.h"

/* X(ID, title, width, right-aligned, text) */
#define COLUMNS_OWN(X)                                                                                       \
  X(GUEST, "GUEST", 10, false, "name of the guest")                                                          \
  X(CONN, "CONN", 8, false, "connection it is on")                                                           \
  X(STATE, "STATE", 5, false, "run, off, pause, crash ...; for a guest that does not answer: since when")    \
  X(BACKEND, "BACKEND", 7, false, "how the disk that it works on is attached")                               \
  X(PATH, "PATH", 12, false, "how I/O leaves the guest: emulated, paravirtual, direct")                      \
  X(ID, "ID", 4, true, "libvirt's number of the running guest")                                              \
  X(ACCEL, "ACCEL", 5, false, "kvm, or tcg (emulated CPU)")                                                  \
  X(KIND, "KIND", 12, false, "kind of virtualization: kvm-qemu, kvm-hardware, tcg, xen-pvhvm ...")           \
  X(CPUS, "CPUS", 4, true, "vCPUs defined")                                                                  \
  X(SIZE, "SIZE", 6, true, "memory defined")                                                                 \
  X(AGE, "AGE", 5, true, "age of the oldest figure shown")                                                   \
  X(SSH, "SSH", 5, true, "port of its host that leads to the guest's SSH server")                            \
  X(TITLE, "TITLE", 16, false, "title of the guest")                                                         \
  X(UUID, "UUID", 36, false, "UUID of the guest")

#define COLUMN_ID(id, ...) COLUMN_##id,
enum column_own { COLUMNS_OWN(COLUMN_ID) COLUMNS_OWN_COUNT };
#undef COLUMN_ID

struct column {
  const char *title; /* also its name, whatever the case */
  const char *text;  /* help */
  int own;           /* enum column_own, or -1 */
  int metric;        /* enum metric_guest, or -1 */
  int width;
  bool right;
};
/* All columns; the index in this table is what other functions call a column. */
const struct column *columns_table(int *ret_count);
/* By title or metric name; -1: none. */
int columns_find(const char *name);
/* "auto", or a list "guest,cpu%,read/s": a new array of int; NULL and ERR names the unknown one.
 * GUEST comes first even when it is not in the list. */
GArray *columns_parse(const char *list, GError **err);
/* "COLUMN", "COLUMN up" or "COLUMN down"; false and ERR names what is unknown in it. */
bool columns_parse_sort(const char *text, int *ret_column, bool *ret_descending, GError **err);

/* A guest as the table sees it. */
struct row {
  const struct guest *guest; /* borrowed from the scan */
  int conn;
};

/* The text of a cell, safe for the screen, and its role.  Caller frees. */
char *columns_cell(int column, const struct scan *scan, const struct row *row, enum role *ret_role);
/* Order of two rows in COLUMN: below, 0, above.  Rows without a value come last in both directions. */
int columns_compare(int column, const struct scan *scan, const struct row *a, const struct row *b,
                    bool descending);
/* The direction in which a column is first sorted: figures from the largest. */
bool columns_descend_first(int column);

/* Columns that fit. */
struct placed {
  int column, x, w;
};
/* Place CHOSEN (of int) on W columns from X on, dropping the least important, the first SKIP after GUEST
 * left out.  GUEST_W and BACKEND_W: the longest texts there.  Returns a new array of struct placed. */
GArray *columns_place(const GArray *chosen, int x, int w, int skip, int guest_w, int backend_w);

#endif
