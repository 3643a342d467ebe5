/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/session_dir.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "core/session/journal.h"
#include "core/session/record.h"
#include "tests/unit/random_scan.h"

/* The tests stop here when the ground they stand on is not there. */
static void need(bool ok, const char *what)
{
  if (!ok)
    g_error("test set-up failed: %s", what);
}

void session_dir_init(struct session_dir *dir)
{
  dir->path = g_dir_make_tmp("virtlens-session-XXXXXX", NULL);
  need(dir->path != NULL, "a folder");
}

void session_dir_clear(struct session_dir *dir)
{
  GDir *folder = g_dir_open(dir->path, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *path = g_build_filename(dir->path, name, NULL);
    g_remove(path);
  }
  if (folder)
    g_dir_close(folder);
  g_rmdir(dir->path);
  g_clear_pointer(&dir->path, g_free);
}

static GArray *turn_processes(int number)
{
  GArray *processes = g_array_new(FALSE, TRUE, sizeof(struct memory_process));

  for (int i = 0; i < number; i++) {
    struct memory_process process = {
        .pid = i ? 1000 + i : 0,
        .sums = {.failed = (uint64_t)i, .mapped = UINT64_C(1) << (30 + i), .freed = 4096}};
    g_strlcpy(process.name,
              i == 0   ? ""
              : i == 1 ? "\033[2J\377\"\n"
                       : "a name that is cut",
              sizeof process.name);
    for (int call = 0; call < MEMORY_CALLS; call++)
      process.sums.calls[call] = (uint64_t)number * 10 + (uint64_t)call;
    process.sums.sent = memory_sums_seen(&process.sums) - 1;
    process.sums.lost = 1;
    g_array_append_val(processes, process);
  }
  return processes;
}

static GArray *turn_requests(int number, int64_t mono_ns)
{
  static const struct {
    uint64_t address, length;
    int64_t result;
  } odd[] = {{0, 4096, 0x7fffdeadb000},
             {0x7fffdeadb000, UINT64_MAX, -22},
             {UINT64_MAX, INT64_MAX, -1},
             {0x5555, UINT64_C(1) << 63, 0}};
  GArray *requests = g_array_new(FALSE, TRUE, sizeof(struct memory_request));

  for (int i = 0; i < number * (int)G_N_ELEMENTS(odd); i++) {
    struct memory_request request = {.mono_ns = mono_ns - i,
                                     .address = odd[i % 4].address,
                                     .length = odd[i % 4].length,
                                     .result = odd[i % 4].result,
                                     .change = i % 2 ? -(INT64_C(3) << 32) : 4096,
                                     .pid = 1000 + i,
                                     .tid = 2000 + i,
                                     .protection = (uint32_t)i % 8,
                                     .call = (enum memory_call)(i % MEMORY_CALLS),
                                     .name = "x\033]0;y\007"};
    g_array_append_val(requests, request);
  }
  return requests;
}

struct memory_turn *session_turn(int number)
{
  const int64_t mono_ns = 86400000000000 + number * INT64_C(1000000000);
  struct memory_turn *turn = memory_turn_new(turn_processes(number), turn_requests(number, mono_ns));

  turn->mono_ns = mono_ns;
  turn->wall_ns = INT64_C(1795000000000000000) + number * INT64_C(1000000000);
  turn->seconds = number / 4.0;
  turn->sending = number % 2;
  turn->ended = number % 3 == 2;
  turn->problem = turn->ended ? g_strdup("killed\ntry again") : NULL;
  return turn;
}

struct span_turn *session_spans(int number)
{
  GArray *spans = g_array_new(FALSE, TRUE, sizeof(struct span));

  for (int i = 0; i < MAX(number, 1); i++) {
    struct span span = {.owner = (enum span_owner)(i % SPAN_OWNERS),
                        .what = (uint32_t)i % 2,
                        .place = i % 2 ? INT64_MAX : 0,
                        .sums = {.count = 1 + (uint64_t)i, .ns = UINT64_C(1) << (10 + i), .bytes = 512}};
    span.sums.buckets[(10 + i) % SPAN_BUCKETS] = 1 + (uint64_t)i;
    if (span.owner == SPAN_OF_NOBODY) {
      span.pid = 4000 + i;
      g_strlcpy(span.name, "x\033]0;y\007", sizeof span.name);
    } else {
      g_strlcpy(span.uuid, "6d1f0000-0000-4000-8000-000000000001", sizeof span.uuid);
    }
    g_snprintf(span.device, sizeof span.device, "vd%c", 'a' + i);
    g_array_append_val(spans, span);
  }
  struct span_turn *turn = span_turn_new((enum span_kind)(number % SPAN_KINDS), spans);
  turn->mono_ns = 86400000000000 + number * INT64_C(1000000000);
  turn->wall_ns = INT64_C(1795000000000000000) + number * INT64_C(1000000000);
  turn->seconds = number / 4.0;
  turn->ended = number % 3 == 2;
  turn->problem = turn->ended ? g_strdup("killed\ntry again") : NULL;
  return turn;
}

char *session_make_journal(const struct session_dir *dir, uint32_t seed, int count)
{
  char *path = g_strdup_printf("%s/%u.journal", dir->path, seed);
  struct random_session *random = random_session_new(seed, 2, 6);
  struct journal *journal = journal_create(path, NULL);
  char id[] = "id", version[] = "0", command[] = "virtlens --lab", host[] = "host\xff";
  struct journal_session session = {
      id, version, command, host, NULL, INT64_C(1795000000000000000), 86400000000000, 0, 0, 2, KIND_XEN_PVH};
  need(journal && journal_begin(journal, false, NULL) && journal_put_session(journal, &session, NULL),
       "a journal");
  for (int i = 0; i < count; i++) {
    struct scan *scan = random_session_next(random);
    need(journal_put_scan(journal, scan, NULL), "a scan");
    scan_unref(scan);
  }
  for (int i = 0; i < count; i++) {
    struct event *event = random_event(random);
    struct job *job = random_job(random, (uint64_t)i + 1);
    struct memory_turn *turn = session_turn(i % 8);
    need(journal_put_event(journal, event, NULL) && journal_put_job(journal, job, NULL), "an event");
    need(journal_put_memory(journal, turn, NULL), "a turn");
    memory_turn_unref(turn);
    struct span_turn *spans = session_spans(i % 8);
    need(journal_put_spans(journal, spans, NULL), "a turn of spans");
    span_turn_unref(spans);
    event_free(event);
    job_free(job);
  }
  need(journal_commit(journal, NULL) &&
           journal_finish(journal, INT64_C(1795000100000000000), 86500000000000, 2, NULL),
       "its end");
  journal_close(journal);
  random_session_free(random);
  return path;
}

void session_sql(const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  need(sqlite3_open(path, &db) == SQLITE_OK, path);
  need(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(db));
  sqlite3_close(db);
}

void *session_sql_hold(const char *path)
{
  sqlite3 *db = NULL;
  need(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_busy_timeout(db, 30000) == SQLITE_OK, path);
  need(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(db));
  return db;
}

void session_sql_release(void *held)
{
  need(sqlite3_exec(held, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(held));
  sqlite3_close(held);
}

bool session_read_all(const char *path)
{
  g_autoptr(GError) err = NULL;
  struct record *record = record_open(path, &err);
  for (uint64_t i = 0; record && i < record_scan_count(record) && !err; i++) {
    struct scan *scan = record_scan(record, i, &err);
    need((scan == NULL) == (err != NULL), "a scan or an error");
    scan_unref(scan);
  }
  need(record || err, "a record or an error");
  record_free(record);
  return !err;
}

/* What a guest that reads, writes, talks and computes leaves as it is: flushes, drops, memory. */
static bool steady(const struct metric *row)
{
  return strstr(row->name, "flush") || strstr(row->name, "drops") || strstr(row->name, "mmio") ||
         (row->kind == METRIC_GAUGE);
}

static void steady_readings(enum metric_scope scope, struct readings *r, int number, int64_t tick)
{
  int count;
  const struct metric *rows = metric_table(scope, &count);
  for (int i = 0; i < count; i++) {
    int64_t now = steady(&rows[i]) ? 1 : tick;
    if (rows[i].kind == METRIC_COUNTER && rows[i].unit == UNIT_SECONDS)
      readings_set(r, i, (double)(now * 12345678 + i) / 1e9);
    else if (rows[i].kind == METRIC_COUNTER)
      readings_set(r, i, 4096.0 * (i + 1) * 97 * (double)now);
    else
      readings_set(r, i, 1234.56789 * (number + 1) + (double)now * 0.3217);
  }
}

struct guest *session_steady_guest(int number, int64_t tick, bool active)
{
  g_autofree char *name = g_strdup_printf("guest-%03d", number);
  struct guest_info *info = guest_info_new(name, name);
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  int64_t now = tick * 1000000123;
  guest->state = GUEST_RUNNING;
  guest->id = number + 1;
  for (int g = 0; g < GROUP_COUNT; g++)
    guest->at_ns[g] = active ? now - (g == GROUP_STATE || g == GROUP_INTERFACE ? 0 : 5000000) : 0;
  guest->at_ns[GROUP_STATE] = guest->at_ns[GROUP_INTERFACE] = now;
  guest_resize_vcpus(guest, 1);
  guest_resize_disks(guest, 2);
  guest_resize_nics(guest, 1);
  guest->disks[0].target = g_strdup("vda");
  guest->disks[1].target = g_strdup("vdb");
  guest->nics[0].target = g_strdup("vnet0");
  steady_readings(SCOPE_GUEST, &guest->r, number, active ? tick : 1);
  steady_readings(SCOPE_VCPU, &guest->vcpus[0], number, active ? tick : 1);
  steady_readings(SCOPE_DISK, &guest->disks[0].r, number, 1);
  steady_readings(SCOPE_DISK, &guest->disks[1].r, number, active ? tick : 1);
  steady_readings(SCOPE_NIC, &guest->nics[0].r, number, active ? tick : 1);
  return guest;
}

uint64_t session_no_info(void *context, const struct guest_info *info)
{
  (void)context;
  (void)info;
  return 1;
}
