/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest table: which guests, in which order, which one is selected.  The selection belongs to a
 * guest, not to a row; the order stands still while a question is open. */
#ifndef TUI_TABLE_H
#define TUI_TABLE_H

#include "core/model/target.h"
#include "tui/columns.h"

struct table;
struct table *table_new(void);
void table_free(struct table *table);

/* Take in SCAN (borrowed until the next call). */
void table_update(struct table *table, const struct scan *scan);
int table_count(const struct table *table);
/* Row INDEX; borrowed until the next change. */
const struct row *table_row(const struct table *table, int index);
/* How many guests there are, hidden ones too. */
int table_total(const struct table *table);

/* Index of the selected row; -1: the table is empty. */
int table_selected(const struct table *table);
bool table_selected_target(const struct table *table, struct target *ret);
/* Select row INDEX, cut to what there is. */
void table_select(struct table *table, int index);
bool table_select_target(struct table *table, const struct target *target);

/* Show only guests whose name, title, state, backend or UUID holds TEXT ("" : all). */
void table_set_filter(struct table *table, const char *text);
const char *table_filter(const struct table *table);
void table_set_sort(struct table *table, int column, bool descending);
int table_sort(const struct table *table, bool *ret_descending);
/* While frozen, rows keep their order; new guests come last. */
void table_freeze(struct table *table, bool frozen);

/* Tags also hold on to guests that the filter hides. */
void table_tag(struct table *table, const struct target *target, bool tagged);
bool table_is_tagged(const struct table *table, const struct target *target);
void table_tag_all(struct table *table, bool tagged);
int table_tag_count(const struct table *table);
/* The tagged guests that are still there, in the order of the table, else the selected one. */
GArray *table_targets(const struct table *table);
void table_target_of(const struct row *row, struct target *ret);

#endif
