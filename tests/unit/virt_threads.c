/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The threads of a process by role, read from /proc: of this very process, and of children. */
#include "tests/unit/test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/virt/watch/local.h"
#include "core/virt/watch/tasks.h"
#include "core/virt/watch/threads.h"

#define MS 1e-3
#define LONG_MS 60
#define SHORT_MS 30
/* The kernel brings a running thread's time up to date at its clock tick only; a sanitizer's own threads run
 * in between. */
#define SLACK_MS 12

/* ---- a thread that works, and says so ---- */

struct job {
  const char *name;
  int ms;
  pthread_t thread;
  pthread_barrier_t done; /* the work is done; then: it may end */
};

static double thread_seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void work(int ms)
{
  const double end = thread_seconds() + ms * MS;
  while (thread_seconds() < end)
    continue;
}

static void *job_main(void *arg)
{
  struct job *job = arg;
  pthread_setname_np(pthread_self(), job->name);
  work(job->ms);
  pthread_barrier_wait(&job->done);
  pthread_barrier_wait(&job->done);
  return NULL;
}

static void job_start(struct job *job)
{
  pthread_barrier_init(&job->done, NULL, 2);
  pthread_create(&job->thread, NULL, job_main, job);
  pthread_barrier_wait(&job->done);
}

static void job_end(struct job *job)
{
  pthread_barrier_wait(&job->done);
  pthread_join(job->thread, NULL);
  pthread_barrier_destroy(&job->done);
}

/* ---- what is found of it ---- */

static struct guest *look(struct threads *threads)
{
  struct guest_info *info = guest_info_new("g", "u");
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  cr_assert(threads_look(threads));
  threads_put(threads, guest, 7);
  return guest;
}

/* Metric ID of the threads with ROLE; -1: there are none. */
static double found(const struct guest *guest, const char *role, int id)
{
  double value = -1;
  for (int i = 0; i < guest->thread_count; i++)
    if (strcmp(guest->threads[i].target, role) == 0)
      readings_get(&guest->threads[i].r, id, &value);
  return value;
}

Test(virt_threads, roles_by_name)
{
  static const struct {
    const char *comm, *role;
  } cases[] = {
      {"CPU 0/KVM", "vCPU"},          {"CPU 11/TCG", "vCPU"},         {"ALL CPUs/TCG", "vCPU"},
      {"IO iothread1", "iothread1"},  {"IO mon_iothread", "monitor"}, {"worker", "worker"},
      {"iou-wrk-4711", "worker"},     {"vhost-4711", "vhost"},        {"live_migration", "migration"},
      {"multifdsend_0", "migration"}, {"qemu-system-x86", "other"},   {"", "other"}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_assert_str_eq(thread_role_name(cases[i].comm, false), cases[i].role, "%s", cases[i].comm);
  cr_assert_str_eq(thread_role_name("CPU 0/KVM", true), "main loop");
}

Test(virt_threads, each_role_has_what_its_threads_used)
{
  struct thread_files files = {0, 100};
  struct threads *threads = threads_new(getpid(), &files);
  struct job vcpu = {.name = "CPU 0/KVM", .ms = LONG_MS}, io = {.name = "IO iothread7", .ms = SHORT_MS};
  job_start(&vcpu);
  job_start(&io);
  struct guest *guest = look(threads);
  cr_assert_float_eq(found(guest, "vCPU", THREAD_CPU_TIME), LONG_MS * MS, SLACK_MS * MS);
  cr_assert_float_eq(found(guest, "iothread7", THREAD_CPU_TIME), SHORT_MS * MS, SLACK_MS * MS);
  cr_assert_eq(found(guest, "vCPU", THREAD_COUNT), 1);
  cr_assert_geq(found(guest, "main loop", THREAD_DELAY_TIME), 0);
  cr_assert_eq(threads_vcpu_ns(threads), (int64_t)(found(guest, "vCPU", THREAD_CPU_TIME) * 1e9 + 0.5));
  cr_assert_eq(guest->at_ns[GROUP_THREAD], 7);
  cr_assert_gt(files.kept, 2);
  guest_free(guest);
  job_end(&vcpu);
  job_end(&io);
  threads_free(threads);
  cr_assert_eq(files.kept, 0);
}

/* What is of the guest as a whole is the proxy's: all but the vCPUs. */
Test(virt_threads, the_proxy_is_all_but_the_vcpus)
{
  struct thread_files files = {0, 100};
  struct threads *threads = threads_new(getpid(), &files);
  struct job vcpu = {.name = "CPU 0/KVM", .ms = SHORT_MS}, worker = {.name = "worker", .ms = LONG_MS};
  job_start(&vcpu);
  job_start(&worker);
  struct guest *guest = look(threads);
  double sum = 0, proxy;
  for (int i = 0; i < guest->thread_count; i++)
    if (strcmp(guest->threads[i].target, "vCPU") != 0)
      sum += guest->threads[i].r.value[THREAD_CPU_TIME];
  cr_assert(readings_get(&guest->r, GUEST_PROXY_TIME, &proxy));
  cr_assert_float_eq(proxy, sum, 1e-6);
  cr_assert_geq(proxy, (LONG_MS - SLACK_MS) * MS);
  guest_free(guest);
  job_end(&vcpu);
  job_end(&worker);
  threads_free(threads);
}

/* Counters never fall: who has ended is still counted, even if nobody saw it while it lived. */
Test(virt_threads, ended_threads_are_not_lost)
{
  struct thread_files files = {0, 100};
  struct threads *threads = threads_new(getpid(), &files);
  struct job seen = {.name = "worker", .ms = LONG_MS}, unseen = {.name = "worker", .ms = SHORT_MS};
  job_start(&seen);
  struct guest *before = look(threads);
  const double ended = MAX(found(before, "ended", THREAD_CPU_TIME), 0);
  job_end(&seen);
  job_start(&unseen);
  job_end(&unseen);
  struct guest *after = look(threads);
  cr_assert_eq(found(after, "worker", THREAD_COUNT), 0);
  cr_assert_geq(found(after, "worker", THREAD_CPU_TIME), found(before, "worker", THREAD_CPU_TIME));
  cr_assert_float_eq(found(after, "ended", THREAD_CPU_TIME) - ended, SHORT_MS * MS, SLACK_MS * MS);
  cr_assert_eq(found(after, "ended", THREAD_DELAY_TIME), -1, "nobody knows it");
  guest_free(before);
  guest_free(after);
  threads_free(threads);
}

/* ---- other processes ---- */

/* A program of its own, for a sanitizer keeps a thread that wakes up in every child of a fork.  It has run
 * and said so, and will wait for more. */
static pid_t sleeper(void)
{
  int in[2], out[2];
  char byte = 'x';
  cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
  cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    execlp("cat", "cat", NULL);
    _exit(127);
  }
  cr_assert_eq(write(in[1], &byte, 1), 1);
  cr_assert_eq(read(out[0], &byte, 1), 1);
  return pid;
}

static void end_sleeper(pid_t pid)
{
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

/* Until it sleeps its time still grows: two looks that find the same are the sign. */
static double settled(struct threads *threads)
{
  double last = -1, now = 0;
  while (now != last) {
    struct guest *guest = look(threads);
    last = now;
    now = found(guest, "main loop", THREAD_CPU_TIME);
    guest_free(guest);
  }
  return now;
}

/* Until nothing is kept, for the busy machine may let the process go to sleep late; a file never closed is a
 * hang, which tests/with-timeout ends. */
Test(virt_threads, files_of_an_idle_process_are_closed)
{
  struct thread_files files = {0, 100};
  pid_t pid = sleeper();
  struct threads *threads = threads_new(pid, &files);
  settled(threads);
  cr_assert_eq(files.kept, 1);
  while (files.kept > 0)
    cr_assert(threads_look(threads));
  threads_free(threads);
  end_sleeper(pid);
}

Test(virt_threads, no_more_files_than_allowed)
{
  struct thread_files none = {0, 0}, some = {0, 100};
  pid_t pid = sleeper();
  struct threads *poor = threads_new(pid, &none), *rich = threads_new(pid, &some);
  cr_assert_float_eq(settled(poor), settled(rich), SLACK_MS * MS);
  cr_assert_eq(none.kept, 0);
  threads_free(poor);
  threads_free(rich);
  thread_files_init(&none);
  cr_assert_gt(none.most, 0);
  end_sleeper(pid);
}

Test(virt_threads, a_process_that_is_gone)
{
  struct thread_files files = {0, 100};
  pid_t pid = sleeper();
  struct threads *threads = threads_new(pid, &files);
  cr_assert(threads_look(threads));
  end_sleeper(pid);
  cr_assert(!threads_look(threads));
  threads_free(threads);
  cr_assert_null(threads_new(pid, &files));
}

/* ---- all tasks of the machine ---- */

Test(virt_threads, stat_with_a_hostile_name)
{
  static const char tail[] =
      "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 "
      "33 34 35 42 0 0";
  g_autofree char *stat = g_strdup_printf("77 (a) R 9 (b)) %s", tail),
                  *cut = g_strndup(stat, strlen("77 (a) R 9 (b)) S 1 2 3"));
  char comm[20];
  int cpu = -1;
  cr_assert(tasks_parse_stat(stat, comm, &cpu));
  cr_assert_str_eq(comm, "a) R 9 (b)");
  cr_assert_eq(cpu, 42);
  cr_assert(!tasks_parse_stat(cut, comm, &cpu));
  cr_assert(!tasks_parse_stat("", comm, &cpu));
  cr_assert(!tasks_parse_stat("77 (a)", comm, &cpu));
}

Test(virt_threads, a_look_finds_this_very_process)
{
  struct job job = {.name = "worker", .ms = SHORT_MS};
  job_start(&job);
  struct task_look *look = tasks_look();
  int found = 0;
  double seconds = 0;
  for (guint i = 0; i < look->tasks->len; i++) {
    const struct task *task = &g_array_index(look->tasks, struct task, i);
    cr_assert(i == 0 || task->tid > g_array_index(look->tasks, struct task, i - 1).tid, "in order");
    found += task->pid == getpid();
    seconds += task->pid == getpid() ? (double)task->cpu_ns * 1e-9 : 0;
  }
  cr_assert_geq(found, 2);
  cr_assert_geq(seconds, (SHORT_MS - SLACK_MS) * MS);
  job_end(&job);
  task_look_unref(look);
}

/* ---- finding the process of a guest ---- */

#define LATE "3c0f4d7e-0000-4000-8000-00000000abcd"

static struct member *running_member(struct roster *roster)
{
  struct member *member = g_new0(struct member, 1);
  g_strlcpy(member->uuid, LATE, sizeof member->uuid);
  member->info = guest_info_new("late", LATE);
  member->now = guest_new(member->info);
  member->now->state = GUEST_RUNNING;
  guest_resize_vcpus(member->now, 1);
  g_hash_table_insert(roster->members, member->uuid, member);
  return member;
}

Test(virt_threads, a_process_that_is_not_there_yet_is_found_later)
{
  const char *argv[] = {"sh", "-c", "read line", "-uuid", LATE, NULL};
  struct roster *roster = roster_new();
  const struct member *member = running_member(roster);
  GPid pid;
  int input;
  local_look(roster);
  cr_assert_null(member->threads);
  cr_assert(g_spawn_async_with_pipes(NULL, (char **)(uintptr_t)argv, NULL,
                                     G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                     &input, NULL, NULL, NULL));
  local_look(roster);
  local_look(roster);
  cr_assert_not_null(member->threads);
  cr_assert_str_eq(member->now->threads[0].target, "vCPU");
  close(input);
  waitpid(pid, NULL, 0);
  roster_free(roster);
}
