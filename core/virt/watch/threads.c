/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/threads.h"

#include <dirent.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"

#define VCPU_ROLE "vCPU"
#define MAIN_ROLE "main loop"
#define ENDED_ROLE "ended" /* threads that came and went between two looks, or before the first */
#define FILES_SHARE 4      /* that part of the files a process may open stays open for threads */
#define IDLE_LOOKS 30      /* of a process that used nothing for so many looks, they are closed */
#define PATH_BYTES 64

/* What QEMU, and the kernel for it, call their threads (at most 15 bytes); the first that fits counts. */
static const struct {
  const char *prefix, *role; /* NULL: what follows the prefix is its role */
} roles[] = {
    {"CPU ", VCPU_ROLE},
    {"ALL CPUs/", VCPU_ROLE},
    {"IO mon_iothread", "monitor"},
    {"IO ", NULL},
    {"worker", "worker"},
    {"iou-", "worker"},
    {"vhost-", "vhost"},
    {"live_migrat", "migration"},
    {"bg_snapshot", "migration"},
    {"multifd", "migration"},
    {"mig/", "migration"},
    {"return path", "migration"},
    {"postcopy/", "migration"},
    {"", "other"},
};

struct thread {
  pid_t tid;
  int fd;     /* of its schedstat; -1: not open */
  guint row;  /* of its role */
  bool young; /* met in the last look: it may not have had the time to name itself */
  bool seen;
  int64_t cpu_ns, delay_ns; /* read last */
};

/* A role: all that its threads used, those that ended included. */
struct row {
  char *role;
  int count;
  int64_t cpu_ns, delay_ns;
};

struct threads {
  pid_t pid;
  struct thread_files *files;
  clockid_t clock;
  int64_t clock_ns; /* CPU time of the whole process when it was looked at; -1: not yet */
  int idle_looks;
  GArray *list; /* struct thread */
  GArray *rows; /* struct row: vCPUs, main loop, the others as they appear */
};

enum { ROW_VCPU, ROW_MAIN };

void thread_files_init(struct thread_files *files)
{
  struct rlimit limit;
  bool known = getrlimit(RLIMIT_NOFILE, &limit) == 0;
  *files = (struct thread_files){0, known ? (int)MIN(limit.rlim_cur / FILES_SHARE, 1 << 16) : 0};
}

const char *thread_role_name(const char *comm, bool leader)
{
  if (leader)
    return MAIN_ROLE;
  size_t i = 0;
  while (!g_str_has_prefix(comm, roles[i].prefix))
    i++;
  return roles[i].role ? roles[i].role : comm + strlen(roles[i].prefix);
}

bool thread_is_vcpu(const char *comm, bool leader)
{
  return strcmp(thread_role_name(comm, leader), VCPU_ROLE) == 0;
}

/* ---- rows ---- */

static struct row *row_at(const struct threads *threads, guint i)
{
  return &g_array_index(threads->rows, struct row, i);
}

static guint row_of(struct threads *threads, const char *role)
{
  for (guint i = 0; i < threads->rows->len; i++)
    if (strcmp(row_at(threads, i)->role, role) == 0)
      return i;
  struct row row = {.role = g_strdup(role)};
  g_array_append_val(threads->rows, row);
  return threads->rows->len - 1;
}

static void row_clear(void *data)
{
  g_free(((struct row *)data)->role);
}

/* ---- reading ---- */

/* What FD holds from its start, and a 0 byte; false: nothing, for its thread has ended. */
static bool read_text(int fd, char *buf, size_t size)
{
  ssize_t n = fd < 0 ? -1 : pread(fd, buf, size - 1, 0);
  buf[MAX(n, 0)] = 0;
  return n > 0;
}

static int open_file(pid_t pid, pid_t tid, const char *name)
{
  char path[PATH_BYTES];
  snprintf(path, sizeof path, "/proc/%d/task/%d/%s", (int)pid, (int)tid, name);
  return open(path, O_RDONLY | O_CLOEXEC);
}

static void close_file(struct threads *threads, struct thread *thread)
{
  if (thread->fd < 0)
    return;
  close(thread->fd);
  thread->fd = -1;
  threads->files->kept--;
}

/* The text of schedstat; false: the thread has ended. */
static bool read_schedstat(struct threads *threads, struct thread *thread, char *buf, size_t size)
{
  if (thread->fd >= 0)
    return read_text(thread->fd, buf, size);
  int fd = open_file(threads->pid, thread->tid, "schedstat");
  bool read = read_text(fd, buf, size);
  if (read && threads->files->kept < threads->files->most) {
    thread->fd = fd;
    threads->files->kept++;
  } else if (fd >= 0) {
    close(fd);
  }
  return read;
}

/* Add what it used since it was read last to its role; false: it has ended. */
static bool read_thread(struct threads *threads, struct thread *thread)
{
  char text[96], *rest;
  if (!read_schedstat(threads, thread, text, sizeof text))
    return false;
  int64_t cpu_ns = g_ascii_strtoll(text, &rest, 10), delay_ns = g_ascii_strtoll(rest, NULL, 10);
  struct row *row = row_at(threads, thread->row);
  row->cpu_ns += cpu_ns - thread->cpu_ns;
  row->delay_ns += delay_ns - thread->delay_ns;
  thread->cpu_ns = cpu_ns;
  thread->delay_ns = delay_ns;
  return true;
}

static bool read_all(struct threads *threads)
{
  bool all = true;
  for (guint i = 0; i < threads->list->len; i++)
    all &= read_thread(threads, &g_array_index(threads->list, struct thread, i));
  return all;
}

/* ---- which threads there are ---- */

/* A thread inherits the name of the one that made it, until it gives itself its own. */
static guint role_of(struct threads *threads, pid_t tid)
{
  char comm[32];
  int fd = open_file(threads->pid, tid, "comm");
  read_text(fd, comm, sizeof comm);
  if (fd >= 0)
    close(fd);
  comm[strcspn(comm, "\n")] = 0;
  return row_of(threads, thread_role_name(comm, tid == threads->pid));
}

static void meet(struct threads *threads, pid_t tid)
{
  for (guint i = 0; i < threads->list->len; i++) {
    struct thread *known = &g_array_index(threads->list, struct thread, i);
    if (known->tid != tid)
      continue;
    known->seen = true;
    return;
  }
  struct thread thread = {.tid = tid, .fd = -1, .row = role_of(threads, tid), .young = true, .seen = true};
  g_array_append_val(threads->list, thread);
}

static void forget_unseen(struct threads *threads)
{
  for (guint i = threads->list->len; i-- > 0;) {
    struct thread *thread = &g_array_index(threads->list, struct thread, i);
    if (thread->seen)
      continue;
    close_file(threads, thread);
    g_array_remove_index_fast(threads->list, i);
  }
}

static void list_threads(struct threads *threads)
{
  char path[PATH_BYTES];
  snprintf(path, sizeof path, "/proc/%d/task", (int)threads->pid);
  DIR *dir = opendir(path);
  for (guint i = 0; i < threads->list->len; i++)
    g_array_index(threads->list, struct thread, i).seen = false;
  for (struct dirent *entry; dir && (entry = readdir(dir));)
    if (g_ascii_isdigit(entry->d_name[0]))
      meet(threads, (pid_t)atoi(entry->d_name));
  if (dir)
    closedir(dir);
  forget_unseen(threads);
}

/* The kernel counts a process's threads as links of their folder: far cheaper than reading it. */
static bool has_as_many(const struct threads *threads)
{
  char path[PATH_BYTES];
  struct stat st;
  snprintf(path, sizeof path, "/proc/%d/task", (int)threads->pid);
  return stat(path, &st) == 0 && st.st_nlink == threads->list->len + 2;
}

static void name_the_young(struct threads *threads)
{
  for (guint i = 0; i < threads->list->len; i++) {
    struct thread *thread = &g_array_index(threads->list, struct thread, i);
    if (thread->young)
      thread->row = role_of(threads, thread->tid);
    thread->young = false;
  }
}

static void count_them(struct threads *threads)
{
  for (guint i = 0; i < threads->rows->len; i++)
    row_at(threads, i)->count = 0;
  for (guint i = 0; i < threads->list->len; i++)
    row_at(threads, g_array_index(threads->list, struct thread, i).row)->count++;
}

/* ---- looking ---- */

/* CPU time of all threads that the process has and had, without opening anything; -1: it is gone. */
static int64_t read_clock(const struct threads *threads)
{
  struct timespec time;
  if (clock_gettime(threads->clock, &time) != 0)
    return -1;
  return time.tv_sec * NS_PER_S + time.tv_nsec;
}

static void close_files(struct threads *threads)
{
  for (guint i = 0; i < threads->list->len; i++)
    close_file(threads, &g_array_index(threads->list, struct thread, i));
}

/* What the process used and no thread that was seen did. */
static void reckon_ended(struct threads *threads)
{
  int64_t rest = threads->clock_ns;
  for (guint i = 0; i < threads->rows->len; i++)
    if (strcmp(row_at(threads, i)->role, ENDED_ROLE) != 0)
      rest -= row_at(threads, i)->cpu_ns;
  if (rest <= 0)
    return;
  struct row *ended = row_at(threads, row_of(threads, ENDED_ROLE));
  ended->cpu_ns = MAX(ended->cpu_ns, rest);
}

bool threads_look(struct threads *threads)
{
  /* Before the files: whoever runs in between makes the next look find another time. */
  int64_t clock_ns = read_clock(threads);
  if (clock_ns < 0)
    return false;
  if (clock_ns == threads->clock_ns) {
    if (threads->idle_looks++ == IDLE_LOOKS)
      close_files(threads);
    return true;
  }
  threads->clock_ns = clock_ns;
  threads->idle_looks = 0;
  name_the_young(threads);
  if (!has_as_many(threads))
    list_threads(threads);
  if (!read_all(threads)) {
    list_threads(threads);
    read_all(threads);
  }
  count_them(threads);
  reckon_ended(threads);
  return true;
}

struct threads *threads_new(pid_t pid, struct thread_files *files)
{
  clockid_t clock;
  int fd = open_file(pid, pid, "schedstat");
  if (fd < 0)
    return NULL;
  close(fd);
  if (clock_getcpuclockid(pid, &clock) != 0)
    return NULL;
  struct threads *threads = g_new0(struct threads, 1);
  threads->pid = pid;
  threads->clock = clock;
  threads->files = files;
  threads->clock_ns = -1;
  threads->list = g_array_new(FALSE, FALSE, sizeof(struct thread));
  threads->rows = g_array_new(FALSE, FALSE, sizeof(struct row));
  g_array_set_clear_func(threads->rows, row_clear);
  row_of(threads, VCPU_ROLE);
  row_of(threads, MAIN_ROLE);
  return threads;
}

void threads_free(struct threads *threads)
{
  if (!threads)
    return;
  close_files(threads);
  g_array_unref(threads->list);
  g_array_unref(threads->rows);
  g_free(threads);
}

/* ---- what was read ---- */

int64_t threads_vcpu_ns(const struct threads *threads)
{
  return row_at(threads, ROW_VCPU)->cpu_ns;
}

static void put_row(const struct row *row, struct guest_part *part)
{
  const bool ended = strcmp(row->role, ENDED_ROLE) == 0;
  if (g_strcmp0(part->target, row->role) != 0) {
    g_free(part->target);
    part->target = g_strdup(row->role);
  }
  readings_set(&part->r, THREAD_COUNT, row->count);
  readings_set(&part->r, THREAD_CPU_TIME, (double)row->cpu_ns / (double)NS_PER_S);
  if (!ended)
    readings_set(&part->r, THREAD_DELAY_TIME, (double)row->delay_ns / (double)NS_PER_S);
}

void threads_put(const struct threads *threads, struct guest *guest, int64_t at_ns)
{
  int64_t cpu_ns = 0, delay_ns = 0;
  guest_resize_parts(guest, SCOPE_THREAD, (int)threads->rows->len);
  for (guint i = 0; i < threads->rows->len; i++) {
    const struct row *row = row_at(threads, i);
    put_row(row, &guest->threads[i]);
    cpu_ns += i == ROW_VCPU ? 0 : row->cpu_ns;
    delay_ns += i == ROW_VCPU ? 0 : row->delay_ns;
  }
  readings_set(&guest->r, GUEST_PROXY_TIME, (double)cpu_ns / (double)NS_PER_S);
  readings_set(&guest->r, GUEST_PROXY_DELAY_TIME, (double)delay_ns / (double)NS_PER_S);
  guest->at_ns[GROUP_THREAD] = at_ns;
}
