/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGS_BYTES 16384 /* libvirt puts -uuid well before the devices */

/* What PATH holds, at most SIZE - 1 bytes of it, and a 0 byte; returns how many, or -1. */
static ssize_t read_file(const char *path, char *buf, size_t size)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return -1;
  ssize_t n = read(fd, buf, size - 1);
  close(fd);
  buf[MAX(n, 0)] = 0;
  return n;
}

const char *process_uuid(const char *args, size_t count)
{
  const char *end = args + count, *before = NULL;
  for (const char *arg = args; arg < end; arg += strnlen(arg, (size_t)(end - arg)) + 1) {
    if (!memchr(arg, 0, (size_t)(end - arg)))
      return NULL; /* cut */
    if (before && strcmp(before, "-uuid") == 0)
      return strlen(arg) == 36 ? arg : NULL;
    before = arg;
  }
  return NULL;
}

static ssize_t read_args(const char *pid, char *buf, size_t size)
{
  char path[64];
  snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
  return read_file(path, buf, size);
}

static void add(GHashTable *pids, const char *uuid, pid_t pid)
{
  g_autofree char *key = g_ascii_strdown(uuid, -1);
  bool twice = g_hash_table_contains(pids, key);
  g_hash_table_insert(pids, g_steal_pointer(&key), GINT_TO_POINTER(twice ? 0 : pid));
}

static gboolean is_claimed_twice(gpointer uuid, gpointer pid, gpointer unused)
{
  (void)uuid;
  (void)unused;
  return GPOINTER_TO_INT(pid) == 0;
}

GHashTable *process_by_uuid(void)
{
  GHashTable *pids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *args = g_malloc(ARGS_BYTES);
  DIR *dir = opendir("/proc");
  for (struct dirent *entry; dir && (entry = readdir(dir));) {
    if (!g_ascii_isdigit(entry->d_name[0]))
      continue;
    ssize_t n = read_args(entry->d_name, args, ARGS_BYTES);
    const char *uuid = n > 0 ? process_uuid(args, (size_t)n) : NULL;
    if (uuid)
      add(pids, uuid, (pid_t)atoi(entry->d_name));
  }
  if (dir)
    closedir(dir);
  g_hash_table_foreach_remove(pids, is_claimed_twice, NULL);
  return pids;
}
