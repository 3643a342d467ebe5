/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/edit_disks.h"

#include <string.h>

#include "core/base/text.h"

static void row_clear(void *data)
{
  struct edit_disk *row = data;
  g_free(row->target);
  g_free(row->before);
  g_free(row->wanted);
}

void edit_disks_init(struct edit_disks *disks)
{
  disks->rows = g_array_new(FALSE, FALSE, sizeof(struct edit_disk));
  g_array_set_clear_func(disks->rows, row_clear);
  disks->at = 0;
}

void edit_disks_clear(struct edit_disks *disks)
{
  g_array_unref(disks->rows);
}

static struct edit_disk *row_at(const struct edit_disks *disks, guint at)
{
  return &g_array_index(disks->rows, struct edit_disk, at);
}

void edit_disks_fill(struct edit_disks *disks, const struct guest_info *info)
{
  const struct disk_info *first = guest_main_disk(info);
  g_array_set_size(disks->rows, 0);
  disks->at = 0;
  for (int i = 0; i < info->disk_count; i++) {
    const struct disk_info *disk = &info->disks[i];
    const char *backend = disk->backend ? disk->backend->name : "";
    if (disk->cdrom || !disk->target)
      continue;
    if (disk == first)
      disks->at = (int)disks->rows->len;
    struct edit_disk row = {g_strdup(disk->target), g_strdup(backend), g_strdup(backend)};
    g_array_append_val(disks->rows, row);
  }
}

struct edit_disk *edit_disks_at(const struct edit_disks *disks)
{
  return disks->rows->len ? row_at(disks, (guint)disks->at) : NULL;
}

void edit_disks_want(struct edit_disks *disks, const char *backend)
{
  struct edit_disk *row = edit_disks_at(disks);
  if (!row)
    return;
  g_free(row->wanted);
  row->wanted = g_strdup(backend);
}

bool edit_disks_step(struct edit_disks *disks, int step)
{
  const int count = (int)disks->rows->len;
  if (count < 2)
    return false;
  disks->at = (disks->at + step + count) % count;
  return true;
}

bool edit_disk_changes(const struct edit_disk *disk)
{
  return strcmp(disk->before, disk->wanted) != 0;
}

char *edit_disks_word(const struct edit_disks *disks)
{
  GString *word = g_string_new(NULL);
  for (guint i = 0; i < disks->rows->len; i++) {
    const struct edit_disk *row = row_at(disks, i);
    if (edit_disk_changes(row))
      g_string_append_printf(word, "%s%s:%s", word->len ? "," : "backend=", row->target, row->wanted);
  }
  return g_string_free(word, word->len == 0);
}

char *edit_disks_heading(const struct edit_disks *disks)
{
  const struct edit_disk *row = edit_disks_at(disks);
  const guint count = disks->rows->len;
  g_autofree char *safe = row ? text_safe(row->target) : NULL;
  return count < 2 ? NULL
                   : g_strdup_printf("   BACKEND OF %s, DISK %d OF %u (Left, Right: the next)", safe,
                                     disks->at + 1, count);
}

bool edit_disks_tell(const struct edit_disks *disks, GArray *lines, int width)
{
  bool any = false;
  for (guint i = 0; i < disks->rows->len; i++) {
    const struct edit_disk *row = row_at(disks, i);
    if (!edit_disk_changes(row))
      continue;
    g_autofree char *target = text_safe(row->target),
                    *line = g_strdup_printf("backend of %s: %s, before: %s", target, row->wanted,
                                            *row->before ? row->before : "another");
    lines_add(lines, ROLE_TEXT, line, width, 2);
    any = true;
  }
  return any;
}
