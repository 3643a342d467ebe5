/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/table.h"

#include <string.h>

#include "core/base/text.h"

#define KEY_SIZE 52 /* "CONN UUID" */

struct table {
  const struct scan *scan;
  GArray *all;       /* struct row, of the scan */
  GArray *rows;      /* struct row, shown and in order */
  GHashTable *tags;  /* keys of tagged guests */
  GHashTable *place; /* key -> index + 1 in the order that is frozen */
  char *filter;
  int column;
  bool descending, frozen, chosen; /* chosen: SELECTED is somebody */
  struct target selected;
  int selected_index; /* where it was drawn last */
};

static void make_key(char key[KEY_SIZE], int conn, const char *uuid)
{
  g_snprintf(key, KEY_SIZE, "%d %s", conn, uuid);
}

static void row_key(char key[KEY_SIZE], const struct row *row)
{
  make_key(key, row->conn, row->guest->info->uuid);
}

void table_target_of(const struct row *row, struct target *ret)
{
  *ret = target_of(row->conn, row->guest->info->uuid);
}

struct table *table_new(void)
{
  struct table *table = g_new0(struct table, 1);
  table->all = g_array_new(FALSE, FALSE, sizeof(struct row));
  table->rows = g_array_new(FALSE, FALSE, sizeof(struct row));
  table->tags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  table->place = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  table->filter = g_strdup("");
  table->column = COLUMN_GUEST;
  return table;
}

void table_free(struct table *table)
{
  if (!table)
    return;
  g_array_unref(table->all);
  g_array_unref(table->rows);
  g_hash_table_unref(table->tags);
  g_hash_table_unref(table->place);
  g_free(table->filter);
  g_free(table);
}

/* ---- which rows, in which order ---- */

static bool shown(const struct table *table, const struct row *row)
{
  const struct guest_info *info = row->guest->info;
  if (!*table->filter)
    return true;
  g_autofree char *backend = guest_backend_text(info);
  const char *fields[] = {info->name, info->title,
                          backend,    guest_state_name(row->guest->state),
                          info->uuid, accel_name(info->accel)};
  for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
    if (fields[i] && text_matches(fields[i], table->filter))
      return true;
  return false;
}

static int frozen_place(const struct table *table, const struct row *row)
{
  char key[KEY_SIZE];
  row_key(key, row);
  int place = GPOINTER_TO_INT(g_hash_table_lookup(table->place, key));
  return place ? place : G_MAXINT;
}

static int compare(const void *a, const void *b, void *data)
{
  const struct table *table = data;
  if (table->frozen) {
    int x = frozen_place(table, a), y = frozen_place(table, b);
    if (x != y)
      return x < y ? -1 : 1;
  }
  return columns_compare(table->column, table->scan, a, b, table->descending);
}

static int index_of(const struct table *table, const struct target *target)
{
  for (guint i = 0; i < table->rows->len; i++) {
    const struct row *row = &g_array_index(table->rows, struct row, i);
    if (row->conn == target->conn && strcmp(row->guest->info->uuid, target->uuid) == 0)
      return (int)i;
  }
  return -1;
}

/* The selection stays with its guest; when that is gone, it goes to who stands in its place. */
static void keep_selection(struct table *table)
{
  int found = table->chosen ? index_of(table, &table->selected) : -1;
  if (found >= 0)
    table->selected_index = found;
  else
    table_select(table, table->selected_index);
}

static void arrange(struct table *table)
{
  g_array_set_size(table->rows, 0);
  for (guint i = 0; i < table->all->len; i++) {
    const struct row *row = &g_array_index(table->all, struct row, i);
    if (shown(table, row))
      g_array_append_vals(table->rows, row, 1);
  }
  g_array_sort_with_data(table->rows, compare, table);
  keep_selection(table);
}

void table_update(struct table *table, const struct scan *scan)
{
  table->scan = scan;
  g_array_set_size(table->all, 0);
  for (int c = 0; c < scan->conn_count; c++)
    for (int i = 0; i < scan->conns[c]->guest_count; i++) {
      struct row row = {scan->conns[c]->guests[i], c};
      g_array_append_val(table->all, row);
    }
  arrange(table);
}

int table_count(const struct table *table)
{
  return (int)table->rows->len;
}

int table_total(const struct table *table)
{
  return (int)table->all->len;
}

const struct row *table_row(const struct table *table, int index)
{
  return &g_array_index(table->rows, struct row, index);
}

void table_set_filter(struct table *table, const char *text)
{
  g_free(table->filter);
  table->filter = g_strdup(text);
  arrange(table);
}

const char *table_filter(const struct table *table)
{
  return table->filter;
}

void table_set_sort(struct table *table, int column, bool descending)
{
  table->column = column;
  table->descending = descending;
  arrange(table);
}

int table_sort(const struct table *table, bool *ret_descending)
{
  *ret_descending = table->descending;
  return table->column;
}

void table_freeze(struct table *table, bool frozen)
{
  if (frozen == table->frozen)
    return;
  table->frozen = frozen;
  g_hash_table_remove_all(table->place);
  for (guint i = 0; frozen && i < table->rows->len; i++) {
    char key[KEY_SIZE];
    row_key(key, &g_array_index(table->rows, struct row, i));
    g_hash_table_insert(table->place, g_strdup(key), GINT_TO_POINTER((int)i + 1));
  }
  if (!frozen)
    arrange(table);
}

/* ---- the selection ---- */

int table_selected(const struct table *table)
{
  return table->rows->len ? table->selected_index : -1;
}

bool table_selected_target(const struct table *table, struct target *ret)
{
  if (table->rows->len == 0)
    return false;
  *ret = table->selected;
  return true;
}

void table_select(struct table *table, int index)
{
  if (table->rows->len == 0)
    return;
  table->selected_index = CLAMP(index, 0, (int)table->rows->len - 1);
  table_target_of(table_row(table, table->selected_index), &table->selected);
  table->chosen = true;
}

bool table_select_target(struct table *table, const struct target *target)
{
  int index = index_of(table, target);
  if (index < 0)
    return false;
  table_select(table, index);
  return true;
}

/* ---- tags ---- */

void table_tag(struct table *table, const struct target *target, bool tagged)
{
  char key[KEY_SIZE];
  make_key(key, target->conn, target->uuid);
  if (tagged)
    g_hash_table_add(table->tags, g_strdup(key));
  else
    g_hash_table_remove(table->tags, key);
}

bool table_is_tagged(const struct table *table, const struct target *target)
{
  char key[KEY_SIZE];
  make_key(key, target->conn, target->uuid);
  return g_hash_table_contains(table->tags, key);
}

void table_tag_all(struct table *table, bool tagged)
{
  if (!tagged)
    g_hash_table_remove_all(table->tags);
  for (guint i = 0; tagged && i < table->rows->len; i++) {
    struct target target;
    table_target_of(&g_array_index(table->rows, struct row, i), &target);
    table_tag(table, &target, true);
  }
}

static bool row_tagged(const struct table *table, const struct row *row)
{
  char key[KEY_SIZE];
  row_key(key, row);
  return g_hash_table_contains(table->tags, key);
}

static void add_tagged(const struct table *table, const GArray *rows, bool hidden_only, GArray *targets)
{
  for (guint i = 0; i < rows->len; i++) {
    const struct row *row = &g_array_index(rows, struct row, i);
    struct target target;
    table_target_of(row, &target);
    if (row_tagged(table, row) && !(hidden_only && index_of(table, &target) >= 0))
      g_array_append_val(targets, target);
  }
}

static GArray *tagged_targets(const struct table *table)
{
  GArray *targets = g_array_new(FALSE, FALSE, sizeof(struct target));
  add_tagged(table, table->rows, false, targets);
  add_tagged(table, table->all, true, targets);
  return targets;
}

int table_tag_count(const struct table *table)
{
  if (g_hash_table_size(table->tags) == 0)
    return 0;
  g_autoptr(GArray) targets = tagged_targets(table);
  return (int)targets->len;
}

GArray *table_targets(const struct table *table)
{
  GArray *targets = tagged_targets(table);
  struct target selected;
  if (targets->len == 0 && table_selected_target(table, &selected))
    g_array_append_val(targets, selected);
  return targets;
}
