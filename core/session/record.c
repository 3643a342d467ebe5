/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/error.h"
#include "core/session/import.h"
#include "core/session/journal.h"

struct record {
  struct journal *journal;
  uint64_t scans, turns, spans;
  GPtrArray *events, *jobs;
  bool complete;
  enum kind host_kind;
};

static bool keep_event(void *context, struct event *event, GError **err)
{
  (void)err;
  g_ptr_array_add(context, event);
  return true;
}

static bool keep_job(void *context, struct job *job, GError **err)
{
  (void)err;
  g_ptr_array_add(context, job);
  return true;
}

/* Is FILE (at its beginning) a SQLite database?  See "Database File Format", section 1.3.1. */
static bool is_sqlite(FILE *file)
{
  static const char magic[16] = "SQLite format 3";
  char head[sizeof magic];
  bool is = fread(head, 1, sizeof head, file) == sizeof head && memcmp(head, magic, sizeof magic) == 0;
  rewind(file);
  return is;
}

static struct journal *open_source(const char *name, FILE *file, GError **err)
{
  struct stat st;
  if (fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
    error_set_errno(err, ERROR_USAGE, EISDIR, "Name a journal or an export in it.", "cannot read %s", name);
    return NULL;
  }
  if (is_sqlite(file))
    return journal_open(name, err);
  int c;
  do
    c = getc(file);
  while (g_ascii_isspace(c));
  rewind(file);
  if (c == '{')
    return import_export(file, name, err);
  error_set(err, ERROR_GENERAL, NULL, "cannot read %s: it is %s", name,
            c == EOF ? "empty" : "neither a journal nor an export of virtlens");
  return NULL;
}

static bool load(struct record *record, GError **err)
{
  struct journal_session session = {0};
  if (!journal_freeze(record->journal, err) || !journal_get_session(record->journal, &session, err))
    return false;
  record->complete = session.end_wall_ns != 0;
  record->host_kind = session.host_kind;
  journal_session_clear(&session);
  return journal_count_scans(record->journal, &record->scans, err) &&
         journal_count_memory(record->journal, &record->turns, err) &&
         journal_count_spans(record->journal, &record->spans, err) &&
         journal_events(record->journal, keep_event, record->events, err) &&
         journal_jobs(record->journal, keep_job, record->jobs, err);
}

struct record *record_open(const char *name, GError **err)
{
  FILE *file = fopen(name, "re");
  if (!file) {
    error_set_errno(err, errno == EACCES ? ERROR_RESOURCES : ERROR_USAGE, errno, NULL, "cannot read %s",
                    name);
    return NULL;
  }
  struct record *record = g_new0(struct record, 1);
  record->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
  record->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_free);
  record->journal = open_source(name, file, err);
  fclose(file);
  if (record->journal && load(record, err))
    return record;
  record_free(record);
  return NULL;
}

void record_free(struct record *record)
{
  if (!record)
    return;
  journal_close(record->journal);
  g_ptr_array_unref(record->events);
  g_ptr_array_unref(record->jobs);
  g_free(record);
}

uint64_t record_scan_count(const struct record *record)
{
  return record->scans;
}

int64_t record_scan_time(const struct record *record, uint64_t index)
{
  int64_t wall;
  return index < record->scans && journal_scan_time(record->journal, index, &wall, NULL) ? wall : 0;
}

uint64_t record_find(const struct record *record, int64_t wall_ns)
{
  uint64_t low = 0, high = record->scans; /* the answer, if there is one, is in [low, high) */
  while (high - low > 1) {
    uint64_t middle = low + (high - low) / 2;
    if (record_scan_time(record, middle) <= wall_ns)
      low = middle;
    else
      high = middle;
  }
  return low;
}

struct scan *record_scan(struct record *record, uint64_t index, GError **err)
{
  if (index < record->scans)
    return journal_get_scan(record->journal, index, err);
  error_set(err, ERROR_GENERAL, NULL, "there is no scan %" G_GUINT64_FORMAT ", there are %" G_GUINT64_FORMAT,
            index + 1, record->scans);
  return NULL;
}

const GPtrArray *record_events(const struct record *record)
{
  return record->events;
}

const GPtrArray *record_jobs(const struct record *record)
{
  return record->jobs;
}

uint64_t record_memory_count(const struct record *record)
{
  return record->turns;
}

struct memory_turn *record_memory(struct record *record, uint64_t index, bool requests, GError **err)
{
  return journal_get_memory(record->journal, index + 1, requests, err);
}

uint64_t record_span_count(const struct record *record)
{
  return record->spans;
}

struct span_turn *record_spans(struct record *record, uint64_t index, GError **err)
{
  return journal_get_spans(record->journal, index + 1, err);
}

bool record_complete(const struct record *record)
{
  return record->complete;
}

enum kind record_host_kind(const struct record *record)
{
  return record->host_kind;
}
