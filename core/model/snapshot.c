/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/snapshot.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

struct snapshot_list *snapshot_list_new(const char *uuid)
{
  struct snapshot_list *list = g_new0(struct snapshot_list, 1);
  g_strlcpy(list->uuid, uuid, sizeof list->uuid);
  return list;
}

void snapshot_list_free(struct snapshot_list *list)
{
  if (!list)
    return;
  for (int i = 0; i < list->count; i++) {
    g_free(list->rows[i].name);
    g_free(list->rows[i].parent);
    g_free(list->rows[i].description);
    g_strfreev(list->rows[i].files);
    g_free(list->rows[i].definition);
  }
  g_free(list->rows);
  g_free(list->refusal);
  g_free(list->kind);
  g_free(list->definition);
  g_free(list);
}

struct snapshot *snapshot_list_add(struct snapshot_list *list)
{
  list->rows = g_renew(struct snapshot, list->rows, list->count + 1);
  struct snapshot *row = &list->rows[list->count++];
  *row = (struct snapshot){.seconds = -1, .size_bytes = -1};
  return row;
}

static int by_time(const void *a, const void *b)
{
  const struct snapshot *one = a, *two = b;
  if (one->created_wall_ns != two->created_wall_ns)
    return one->created_wall_ns < two->created_wall_ns ? -1 : 1;
  return strcmp(one->name, two->name);
}

const struct snapshot *snapshot_list_find(const struct snapshot_list *list, const char *name)
{
  for (int i = 0; i < list->count; i++)
    if (!g_strcmp0(list->rows[i].name, name))
      return &list->rows[i];
  return NULL;
}

static bool is_there(const struct snapshot_list *list, const char *name)
{
  return snapshot_list_find(list, name) != NULL;
}

/* Append to ORDER the rows below PARENT (NULL: the roots), each with what is below it. */
static void gather(const struct snapshot_list *list, const char *parent, int depth, struct snapshot *order,
                   int *count)
{
  for (int i = 0; i < list->count && *count < list->count; i++) {
    const struct snapshot *row = &list->rows[i];
    const bool root = !row->parent || !is_there(list, row->parent);
    if (parent ? root || strcmp(row->parent, parent) : !root)
      continue;
    order[*count] = *row;
    order[(*count)++].depth = depth;
    gather(list, row->name, depth + 1, order, count);
  }
}

void snapshot_list_sort(struct snapshot_list *list)
{
  if (list->count == 0)
    return;
  qsort(list->rows, (size_t)list->count, sizeof *list->rows, by_time);
  struct snapshot *order = g_new0(struct snapshot, list->count);
  int count = 0;
  gather(list, NULL, 0, order, &count);
  if (count < list->count) { /* a loop of parents, which libvirt never makes: leave the order of time */
    g_free(order);
    return;
  }
  g_free(list->rows);
  list->rows = order;
}

char *snapshot_list_free_name(const struct snapshot_list *list, const char *first, const char *stem)
{
  char *name = g_strdup(first);
  for (int number = 2; is_there(list, name); number++) {
    g_free(name);
    name = g_strdup_printf("%s%d", stem, number);
  }
  return name;
}
