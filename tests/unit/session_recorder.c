/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recorder: nothing lost, full disks, sudden ends, two at once. */
#include "tests/unit/test.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/session/export.h"
#include "core/session/record.h"
#include "core/session/recorder.h"
#include "tests/unit/random_scan.h"
#include "tests/unit/session_dir.h"

#define DEADLINE_NS (30 * NS_PER_S)

static struct recorder *start(const struct session_dir *dir)
{
  GError *err = NULL;
  struct recorder_options options = {dir->path, "virtlens --lab", "theme = mono\n", "1.2.3"};
  struct recorder *recorder = recorder_start(&options, &err);
  cr_assert_not_null(recorder, "%s", err ? err->message : "");
  return recorder;
}

/* Wait until COND holds of the state, looking every few milliseconds. */
static bool wait_for(struct recorder *recorder, bool (*cond)(const struct recorder_state *state, uint64_t n),
                     uint64_t n)
{
  int64_t deadline = clock_mono_ns() + DEADLINE_NS;
  bool ok = false;
  while (!ok && clock_mono_ns() < deadline) {
    struct recorder_state state;
    recorder_state(recorder, &state);
    ok = cond(&state, n);
    g_free(state.problem);
    if (!ok)
      poll(NULL, 0, 2);
  }
  return ok;
}

static bool has_scans(const struct recorder_state *state, uint64_t n)
{
  return state->scans + state->scans_thinned >= n;
}

static bool has_problem(const struct recorder_state *state, uint64_t n)
{
  return (state->problem != NULL) == (n != 0);
}

static void stop(struct recorder *recorder)
{
  GError *err = NULL;
  cr_assert(recorder_stop(recorder, &err), "%s", err ? err->message : "");
  recorder_free(recorder);
}

/* Scans of SEED one by one, each written before the next is posted, so that none is thinned. */
static void record_scans(struct recorder *recorder, struct random_session *random, int count)
{
  struct recorder_state state;
  recorder_state(recorder, &state);
  uint64_t before = state.scans + state.scans_thinned;
  g_free(state.problem);
  for (int i = 0; i < count; i++) {
    struct scan *scan = random_session_next(random);
    recorder_scan(recorder, scan);
    scan_unref(scan);
    cr_assert(wait_for(recorder, has_scans, before + (uint64_t)i + 1));
  }
}

/* Does PATH hold at least COUNT scans, which are those of SEED within SLACK? */
static void same_within(const char *path, uint32_t seed, uint64_t count, const struct scan_slack *slack)
{
  GError *err = NULL;
  struct record *record = record_open(path, &err);
  cr_assert_not_null(record, "%s", err ? err->message : "");
  cr_assert_geq(record_scan_count(record), count);
  struct random_session *random = random_session_new(seed, 2, 6);
  for (uint64_t i = 0; i < record_scan_count(record); i++) {
    struct scan *then = random_session_next(random), *back = record_scan(record, i, &err);
    cr_assert_not_null(back, "%s", err ? err->message : "");
    g_autofree char *why = scan_difference(then, back, slack);
    cr_assert_null(why, "%s", why);
    scan_unref(then);
    scan_unref(back);
  }
  random_session_free(random);
  record_free(record);
}

static void same_as(const char *path, uint32_t seed, uint64_t count)
{
  same_within(path, seed, count, &(struct scan_slack){0, false});
}

Test(session_recorder, records_and_ends)
{
  struct session_dir dir;
  session_dir_init(&dir);
  struct recorder *recorder = start(&dir);
  g_autofree char *path = g_strdup(recorder_journal(recorder));
  struct random_session *random = random_session_new(1, 2, 6);
  record_scans(recorder, random, 30);
  struct job *job = random_job(random, 1);
  for (int i = 0; i < 200; i++) {
    struct event *event = random_event(random);
    recorder_event(recorder, event);
    event_free(event);
    job->id = (uint64_t)i / 2 + 1;
    recorder_job(recorder, job);
  }
  job_free(job);
  random_session_free(random);
  stop(recorder);
  struct stat st;
  cr_assert(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "mode %o", st.st_mode);
  g_autofree char *wal = g_strconcat(path, "-wal", NULL);
  cr_assert(access(wal, F_OK) < 0, "a finished journal is one file");
  same_as(path, 1, 30);
  struct record *record = record_open(path, NULL);
  cr_assert(record_complete(record));
  cr_assert_eq(record_events(record)->len, 200);
  cr_assert_eq(record_jobs(record)->len, 100);
  record_free(record);
  cr_assert(export_discard(path, NULL));
  g_auto(GStrv) left = export_unfinished(dir.path);
  cr_assert_null(left[0]);
  cr_assert(g_rmdir(dir.path) == 0, "something was left behind");
  session_dir_clear(&dir);
}

Test(session_recorder, exports_while_it_goes_on)
{
  struct session_dir dir;
  session_dir_init(&dir);
  struct recorder *recorder = start(&dir);
  g_autofree char *json = g_build_filename(dir.path, "now.json", NULL);
  struct random_session *random = random_session_new(2, 2, 6);
  record_scans(recorder, random, 5);
  struct event *event = random_event(random);
  recorder_event(recorder, event); /* what was posted before is in it */
  event_free(event);
  GError *err = NULL;
  cr_assert(recorder_export(recorder, json, &err), "%s", err ? err->message : "");
  struct record *record = record_open(json, &err);
  cr_assert_not_null(record, "%s", err ? err->message : "");
  cr_assert_not(record_complete(record));
  cr_assert_eq(record_scan_count(record), 5);
  cr_assert_eq(record_events(record)->len, 1);
  record_free(record);
  record_scans(recorder, random, 5);
  random_session_free(random);
  stop(recorder);
  session_dir_clear(&dir);
}

Test(session_recorder, the_umask_does_not_matter)
{
  static const mode_t masks[] = {0, 0777};
  for (size_t i = 0; i < G_N_ELEMENTS(masks); i++) {
    struct session_dir dir;
    session_dir_init(&dir);
    mode_t before = umask(masks[i]);
    struct recorder *recorder = start(&dir);
    umask(before);
    static const char *const files[] = {"", "-wal", "-shm", ".lock"};
    for (size_t j = 0; j < G_N_ELEMENTS(files); j++) {
      g_autofree char *path = g_strconcat(recorder_journal(recorder), files[j], NULL);
      struct stat st;
      cr_assert(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "%s has mode %o", path, st.st_mode);
    }
    stop(recorder);
    session_dir_clear(&dir);
  }
}

Test(session_recorder, two_sessions_never_mix)
{
  struct session_dir dir;
  session_dir_init(&dir);
  struct recorder *one = start(&dir), *two = start(&dir);
  g_autofree char *first = g_strdup(recorder_journal(one)), *second = g_strdup(recorder_journal(two));
  cr_assert_str_neq(first, second);
  struct random_session *a = random_session_new(3, 2, 6), *b = random_session_new(4, 2, 6);
  for (int i = 0; i < 10; i++) {
    record_scans(one, a, 1);
    record_scans(two, b, 1);
  }
  random_session_free(a);
  random_session_free(b);
  g_auto(GStrv) none = export_unfinished(dir.path);
  cr_assert_null(none[0], "both are held");
  GError *err = NULL;
  cr_assert_not(export_discard(first, &err));
  cr_assert_eq(err->code, ERROR_REFUSED);
  g_error_free(err);
  stop(one);
  g_auto(GStrv) ended = export_unfinished(dir.path);
  cr_assert(ended[0] && !ended[1]);
  cr_assert_str_eq(ended[0], first);
  stop(two);
  same_as(first, 3, 10);
  same_as(second, 4, 10);
  session_dir_clear(&dir);
}

/* A program that records, tells when 20 scans are in, and goes on until it is killed. */
static void record_for_ever(const struct session_dir *dir, int tell)
{
  struct recorder *recorder = start(dir);
  struct random_session *random = random_session_new(6, 2, 6);
  for (uint64_t i = 0; true; i++) {
    record_scans(recorder, random, 1);
    if (write(tell, "x", 1) != 1)
      _exit(1);
  }
}

static void count_ticks(int fd, int count)
{
  for (int i = 0; i < count; i++) {
    char byte;
    cr_assert(read(fd, &byte, 1) == 1);
  }
}

Test(session_recorder, kill_9_loses_a_tick_at_most)
{
  struct session_dir dir;
  session_dir_init(&dir);
  int pipe_fds[2];
  uint64_t rest = 140;
  cr_assert(pipe(pipe_fds) == 0);
  pid_t child = fork();
  if (child == 0)
    record_for_ever(&dir, pipe_fds[1]);
  close(pipe_fds[1]);
  count_ticks(pipe_fds[0], 140);
  g_auto(GStrv) running = export_unfinished(dir.path);
  cr_assert_null(running[0], "a running session's journal is not unfinished");
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  for (char byte; read(pipe_fds[0], &byte, 1) == 1;)
    rest++;
  close(pipe_fds[0]);
  g_auto(GStrv) left = export_unfinished(dir.path);
  cr_assert(left[0] && !left[1]);
  same_as(left[0], 6, rest);
  g_autofree char *json = g_build_filename(dir.path, "recovered.json", NULL);
  GError *err = NULL;
  cr_assert(export_journal(left[0], json, &err), "%s", err ? err->message : "");
  struct record *record = record_open(json, &err);
  cr_assert_not_null(record, "%s", err ? err->message : "");
  cr_assert_not(record_complete(record));
  cr_assert_geq(record_scan_count(record), rest);
  record_free(record);
  cr_assert(export_discard(left[0], &err));
  session_dir_clear(&dir);
}

/* The disk is full: files may not grow beyond what they are (in a child: the limit is the process's). */
static void limit_files(rlim_t bytes)
{
  struct rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  setrlimit(RLIMIT_FSIZE, &limit);
}

/* How many scans the journal says it left out; all events that were posted must be there, too. */
static uint64_t told_thinned(struct record *record)
{
  uint64_t told = 0;
  unsigned tellers = 0;
  const GPtrArray *events = record_events(record);
  for (unsigned i = 0; i < events->len; i++) {
    const struct event *event = events->pdata[i];
    if (strstr(event->text, "scans were not recorded")) {
      told += g_ascii_strtoull(event->text, NULL, 10);
      tellers++;
    }
  }
  cr_assert_eq(events->len - tellers, 40);
  return told;
}

static void full_disk(void)
{
  struct session_dir dir;
  session_dir_init(&dir);
  signal(SIGXFSZ, SIG_IGN);
  struct recorder *recorder = start(&dir);
  g_autofree char *path = g_strdup(recorder_journal(recorder));
  struct random_session *random = random_session_new(8, 2, 6);
  record_scans(recorder, random, 5);
  limit_files(4096);
  for (int i = 0; i < 40; i++) {
    struct scan *scan = random_session_next(random);
    recorder_scan(recorder, scan);
    scan_unref(scan);
    struct event *event = random_event(random);
    recorder_event(recorder, event);
    event_free(event);
  }
  cr_assert(wait_for(recorder, has_problem, 1), "a full disk is noticed");
  struct recorder_state state;
  recorder_state(recorder, &state);
  cr_assert_not(state.recording);
  cr_assert_not_null(strstr(state.problem, path), "%s", state.problem);
  g_free(state.problem);
  limit_files(RLIM_INFINITY);
  cr_assert(wait_for(recorder, has_problem, 0), "it goes on by itself");
  cr_assert(wait_for(recorder, has_scans, 45));
  recorder_state(recorder, &state);
  cr_assert_gt(state.scans_thinned, 0);
  uint64_t thinned = state.scans_thinned;
  uint64_t kept = state.scans;
  g_free(state.problem);
  stop(recorder);
  GError *err = NULL;
  struct record *record = record_open(path, &err);
  cr_assert_not_null(record, "%s", err ? err->message : "");
  cr_assert_eq(record_scan_count(record), kept);
  cr_assert_eq(told_thinned(record), thinned);
  struct scan *scan = record_scan(record, kept - 1, &err);
  cr_assert_not_null(scan, "%s", err ? err->message : "");
  cr_assert_eq(scan->tick, 45, "the newest is kept");
  scan_unref(scan);
  record_free(record);
  random_session_free(random);
  session_dir_clear(&dir);
}

Test(session_recorder, a_full_disk_is_told_and_survived)
{
  full_disk();
}

/* Does PATH hold COUNT scans of seed 13, 20 events and two jobs at their end? */
static void has_rest(const char *path, uint64_t count)
{
  same_within(path, 13, count, &(struct scan_slack){NS_PER_MS, true});
  struct record *record = record_open(path, NULL);
  cr_assert(record_complete(record));
  cr_assert_eq(record_scan_count(record), count);
  cr_assert_eq(record_events(record)->len, 20);
  const GPtrArray *jobs = record_jobs(record);
  cr_assert_eq(jobs->len, 2);
  for (unsigned i = 0; i < jobs->len; i++)
    cr_assert_eq(((struct job *)jobs->pdata[i])->state, JOB_FAILED, "the newest picture of job %u", i);
  record_free(record);
}

/* Events and jobs; AGAIN: the jobs have come to their end. */
static void post_happenings(struct recorder *recorder, struct random_session *random, bool again)
{
  for (int i = 0; i < 10; i++) {
    struct event *event = random_event(random);
    recorder_event(recorder, event);
    event_free(event);
  }
  for (uint64_t id = 1; id <= 2; id++) {
    struct job *job = random_job(random, id);
    job->state = again ? JOB_FAILED : JOB_RUNNING;
    recorder_job(recorder, job);
    job_free(job);
  }
}

static void post_scans(struct recorder *recorder, struct random_session *random, int count)
{
  for (int i = 0; i < count; i++) {
    struct scan *scan = random_session_next(random);
    recorder_scan(recorder, scan);
    scan_unref(scan);
  }
}

static void closing_fails(const struct session_dir *dir)
{
  signal(SIGXFSZ, SIG_IGN);
  struct recorder *recorder = start(dir);
  g_autofree char *path = g_strdup(recorder_journal(recorder));
  g_autofree char *json = g_build_filename(dir->path, "whole.json", NULL);
  struct random_session *random = random_session_new(13, 2, 6);
  post_happenings(recorder, random, false);
  random_session_free(random);
  random = random_session_new(13, 2, 6);
  record_scans(recorder, random, 5);
  limit_files(4096);
  post_scans(recorder, random, 4);
  post_happenings(recorder, random, true);
  GError *err = NULL;
  cr_assert_not(recorder_stop(recorder, &err), "it cannot end well now");
  cr_assert_eq(err->code, ERROR_RESOURCES, "%s", err->message);
  cr_assert_not_null(strstr(err->message, path), "%s", err->message);
  g_clear_error(&err);
  limit_files(RLIM_INFINITY);
  cr_assert(recorder_export(recorder, json, &err), "%s", err ? err->message : "");
  has_rest(json, 9);
  struct record *record = record_open(path, NULL);
  cr_assert_not(record_complete(record), "the journal is left as it is");
  cr_assert_eq(record_scan_count(record), 5);
  record_free(record);
  cr_assert(recorder_stop(recorder, &err), "there is room now: %s", err ? err->message : "");
  recorder_free(recorder);
  has_rest(path, 9);
  random_session_free(random);
}

Test(session_recorder, a_journal_that_cannot_be_closed_is_exported_with_all_that_it_lacks)
{
  struct session_dir dir;
  session_dir_init(&dir);
  closing_fails(&dir);
  session_dir_clear(&dir);
}

/* A file system of its own that only this process sees; false where that is not allowed. */
static bool small_disk(const char *folder)
{
  return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount("tmpfs", folder, "tmpfs", 0, "size=1m,mode=700") == 0;
}

static void fill_disk(const struct session_dir *dir)
{
  static const char block[4096];
  g_autofree char *path = g_build_filename(dir->path, "fill", NULL);
  FILE *file = fopen(path, "w");
  while (file && fwrite(block, 1, sizeof block, file) == sizeof block && fflush(file) == 0)
    continue;
  if (file)
    fclose(file);
}

/* Ends with 0 when a session that ends on a full disk has its last events in the journal; 77: not tried. */
static int end_on_a_full_disk(const struct session_dir *dir)
{
  if (!small_disk(dir->path))
    return 77;
  struct recorder *recorder = start(dir);
  g_autofree char *path = g_strdup(recorder_journal(recorder));
  struct random_session *random = random_session_new(12, 2, 6);
  record_scans(recorder, random, 3);
  fill_disk(dir);
  for (int i = 0; i < 200; i++) {
    struct event *event = random_event(random);
    recorder_event(recorder, event);
    event_free(event);
  }
  if (!wait_for(recorder, has_problem, 1) || !recorder_stop(recorder, NULL))
    return 1;
  recorder_free(recorder);
  random_session_free(random);
  struct record *record = record_open(path, NULL);
  bool whole = record && record_complete(record) && record_events(record)->len == 200;
  record_free(record);
  return whole ? 0 : 2;
}

Test(session_recorder, the_last_events_are_kept_on_a_full_disk)
{
  struct session_dir dir;
  session_dir_init(&dir);
  int status;
  pid_t child = fork();
  if (child == 0)
    _exit(end_on_a_full_disk(&dir));
  cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status), "status %x", status);
  cr_assert(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77, "it ended with %d", WEXITSTATUS(status));
  session_dir_clear(&dir);
}

static bool has_thinned(const struct recorder_state *state, uint64_t n)
{
  return state->scans_thinned >= n;
}

/* A disk that takes its time: another connection holds the journal's write lock meanwhile. */
Test(session_recorder, a_slow_disk_thins_scans_but_no_event)
{
  struct session_dir dir;
  session_dir_init(&dir);
  struct recorder *recorder = start(&dir);
  g_autofree char *path = g_strdup(recorder_journal(recorder));
  struct random_session *random = random_session_new(10, 2, 6);
  record_scans(recorder, random, 3);
  void *held = session_sql_hold(path);
  for (int i = 0; i < 40; i++) {
    struct scan *scan = random_session_next(random);
    recorder_scan(recorder, scan);
    scan_unref(scan);
    struct event *event = random_event(random);
    recorder_event(recorder, event);
    event_free(event);
  }
  cr_assert(wait_for(recorder, has_thinned, 1));
  session_sql_release(held);
  cr_assert(wait_for(recorder, has_scans, 43));
  struct recorder_state state;
  recorder_state(recorder, &state);
  cr_assert_null(state.problem, "%s", state.problem);
  stop(recorder);
  struct record *record = record_open(path, NULL);
  cr_assert_not_null(record);
  cr_assert_eq(record_scan_count(record), 43 - state.scans_thinned);
  cr_assert_eq(told_thinned(record), state.scans_thinned);
  record_free(record);
  random_session_free(random);
  session_dir_clear(&dir);
}

Test(session_recorder, a_folder_that_cannot_be_written_is_said)
{
  GError *err = NULL;
  struct recorder_options options = {"/proc/nowhere", "virtlens", NULL, NULL};
  cr_assert_null(recorder_start(&options, &err));
  cr_assert_not_null(strstr(err->message, "/proc/nowhere"), "%s", err->message);
  cr_assert_eq(err->code, ERROR_RESOURCES);
  g_error_free(err);
  g_auto(GStrv) none = export_unfinished("/proc/nowhere");
  cr_assert_null(none[0]);
}

Test(session_recorder, giving_up_leaves_the_journal)
{
  struct session_dir dir;
  session_dir_init(&dir);
  struct recorder *recorder = start(&dir);
  struct random_session *random = random_session_new(9, 2, 6);
  record_scans(recorder, random, 3);
  recorder_free(recorder);
  random_session_free(random);
  g_auto(GStrv) left = export_unfinished(dir.path);
  cr_assert(left[0] && !left[1]);
  struct record *record = record_open(left[0], NULL);
  cr_assert_not(record_complete(record));
  cr_assert_eq(record_scan_count(record), 3);
  record_free(record);
  session_dir_clear(&dir);
}
