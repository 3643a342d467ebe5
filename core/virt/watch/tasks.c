/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/tasks.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/virt/watch/process.h"
#include "core/virt/watch/threads.h"

#define FIELDS_TO_CPU 36 /* from the state, the first after comm, to the processor: the 39th of all */

bool tasks_parse_stat(const char *stat, char comm[20], int *ret_cpu)
{
  const char *open = strchr(stat, '('), *close = strrchr(stat, ')');
  if (!open || !close || close < open || close[1] != ' ')
    return false;
  g_strlcpy(comm, open + 1, MIN((size_t)(close - open), 20));
  const char *field = close + 2;
  for (int i = 0; field && i < FIELDS_TO_CPU; i++) {
    field = strchr(field, ' ');
    field += field != NULL;
  }
  if (!field || !g_ascii_isdigit(*field))
    return false;
  *ret_cpu = atoi(field);
  return true;
}

/* One that never ran, or is gone by now, is left out. */
static void add_task(struct task_look *look, struct task task)
{
  g_autofree char *folder = g_strdup_printf("/proc/%d/task/%d/", (int)task.pid, (int)task.tid);
  g_autofree char *sched_path = g_strconcat(folder, "schedstat", NULL),
                  *stat_path = g_strconcat(folder, "stat", NULL), *sched = NULL, *stat = NULL;
  char comm[20];
  if (!g_file_get_contents(sched_path, &sched, NULL, NULL))
    return;
  task.cpu_ns = g_ascii_strtoll(sched, NULL, 10);
  if (task.cpu_ns <= 0 || !g_file_get_contents(stat_path, &stat, NULL, NULL) ||
      !tasks_parse_stat(stat, comm, &task.cpu))
    return;
  task.vcpu = *task.uuid && thread_is_vcpu(comm, task.tid == task.pid);
  if (task.tid == task.pid || !*task.name)
    g_strlcpy(task.name, comm, sizeof task.name);
  g_array_append_val(look->tasks, task);
}

/* The first task of a process comes first, and the others are called as it is. */
static void add_process(struct task_look *look, pid_t pid, const char *uuid)
{
  g_autofree char *folder = g_strdup_printf("/proc/%d/task", (int)pid);
  struct task task = {.pid = pid, .tid = pid};
  g_strlcpy(task.uuid, uuid ? uuid : "", sizeof task.uuid);
  const guint first = look->tasks->len;
  add_task(look, task);
  if (look->tasks->len > first)
    g_strlcpy(task.name, g_array_index(look->tasks, struct task, first).name, sizeof task.name);
  DIR *dir = opendir(folder);
  for (struct dirent *entry; dir && (entry = readdir(dir));) {
    task.tid = (pid_t)atoi(entry->d_name);
    if (task.tid > 0 && task.tid != pid)
      add_task(look, task);
  }
  if (dir)
    closedir(dir);
}

/* PID -> UUID, for as long as PIDS lives. */
static GHashTable *uuids_of(GHashTable *pids)
{
  GHashTable *uuids = g_hash_table_new(NULL, NULL);
  GHashTableIter iter;
  gpointer uuid, pid;
  g_hash_table_iter_init(&iter, pids);
  while (g_hash_table_iter_next(&iter, &uuid, &pid))
    g_hash_table_insert(uuids, pid, uuid);
  return uuids;
}

struct task_look *tasks_look(void)
{
  g_autoptr(GHashTable) pids = process_by_uuid();
  g_autoptr(GHashTable) uuids = uuids_of(pids);
  struct task_look *look = task_look_new(clock_mono_ns());
  DIR *dir = opendir("/proc");
  for (struct dirent *entry; dir && (entry = readdir(dir));) {
    const pid_t pid = (pid_t)atoi(entry->d_name);
    if (pid > 0)
      add_process(look, pid, g_hash_table_lookup(uuids, GINT_TO_POINTER(pid)));
  }
  if (dir)
    closedir(dir);
  task_look_sort(look);
  return look;
}
