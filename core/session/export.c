/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "core/session/export.h"

#include <errno.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/session/info_json.h"
#include "core/session/journal.h"
#include "core/session/json_value.h"
#include "core/session/memory_json.h"
#include "core/session/scan_json.h"
#include "core/session/span_json.h"
#include "core/session/totals.h"

struct exporter {
  struct journal *journal;
  struct journal_session session;
  struct totals *totals;
  struct path_out *out;
  uint64_t scans;
  bool first; /* of the list being written */
};

static bool written(struct exporter *e, GError **err)
{
  return !ferror(e->out->file) ||
         error_set_errno(err, ERROR_RESOURCES, errno, "Make room there, or export to another place.",
                         "cannot write %s", e->out->target);
}

/* One item of a list on a line of its own.  Takes ITEM. */
static bool put_item(struct exporter *e, json_t *item, GError **err)
{
  fputs(e->first ? "\n" : ",\n", e->out->file);
  e->first = false;
  json_dumpf(item, e->out->file, SCAN_JSON_FLAGS);
  json_decref(item);
  return written(e, err);
}

static void begin_list(struct exporter *e, const char *name)
{
  fprintf(e->out->file, ",\n\"%s\": [", name);
  e->first = true;
}

static void end_list(struct exporter *e)
{
  fputs("\n]", e->out->file);
}

/* A field of the outermost object.  Takes VALUE. */
static void put_field(struct exporter *e, const char *name, json_t *value)
{
  fprintf(e->out->file, "%s\"%s\": ", e->first ? "{\n" : ",\n", name);
  e->first = false;
  json_dumpf(value, e->out->file, SCAN_JSON_FLAGS | JSON_ENCODE_ANY);
  json_decref(value);
}

static json_t *session_json(const struct exporter *e)
{
  const struct journal_session *session = &e->session;
  int64_t end = session->end_wall_ns;
  json_t *object = json_object();
  json_put_text(object, "id", session->id);
  json_put_text(object, "version", session->version);
  json_put_text(object, "command", session->command);
  json_put_text(object, "host", session->host);
  json_put_text(object, "host_kind", kind_name(session->host_kind));
  json_put(object, "begin", json_time(session->begin_wall_ns));
  json_put(object, "end", json_time(end));
  json_put(object, "duration_seconds",
           end ? json_seconds(session->end_mono_ns - session->begin_mono_ns) : json_null());
  json_put(object, "scan_count", json_integer((json_int_t)e->scans));
  json_put(object, "scans_thinned", json_integer((json_int_t)session->scans_thinned));
  json_put_text(object, "settings", session->settings);
  return object;
}

static uint64_t definition(void *context, const struct guest_info *info)
{
  return journal_info_id(context, info);
}

/* CALL for every scan, one at a time. */
static bool each_scan(struct exporter *e,
                      bool (*call)(struct exporter *e, const struct scan *scan, GError **err), GError **err)
{
  for (uint64_t i = 0; i < e->scans; i++) {
    struct scan *scan = journal_get_scan(e->journal, i, err);
    bool ok = scan && call(e, scan, err);
    if (scan)
      scan_unref(scan);
    if (!ok)
      return false;
  }
  return true;
}

static bool add_totals(struct exporter *e, const struct scan *scan, GError **err)
{
  (void)err;
  totals_add(e->totals, scan, definition, e->journal);
  return true;
}

static bool put_scan(struct exporter *e, const struct scan *scan, GError **err)
{
  struct scan_json options = {e->session.begin_mono_ns, definition, e->journal};
  return put_item(e, scan_json(scan, &options), err);
}

static bool put_conn(void *context, int number, const struct conn_scan *conn, GError **err)
{
  json_t *object = json_object();
  json_put(object, "number", json_integer(number));
  json_put_text(object, "uri", conn->uri);
  json_put_text(object, "label", conn->label);
  json_put(object, "readonly", json_boolean(conn->readonly));
  json_put(object, "local", json_boolean(conn->local));
  return put_item(context, object, err);
}

static bool put_event(void *context, struct event *event, GError **err)
{
  bool ok = put_item(context, event_json(event), err);
  event_free(event);
  return ok;
}

static bool put_job(void *context, struct job *job, GError **err)
{
  struct exporter *e = context;
  bool ok = put_item(e, job_json(job, e->session.begin_mono_ns), err);
  job_free(job);
  return ok;
}

static bool put_turns(struct exporter *e, uint64_t turns, GError **err)
{
  for (uint64_t nr = 1; nr <= turns; nr++) {
    struct memory_turn *turn = journal_get_memory(e->journal, nr, false, err);
    bool ok = turn && put_item(e, memory_turn_json(turn, nr, e->session.begin_mono_ns), err);
    memory_turn_unref(turn);
    if (!ok)
      return false;
  }
  return true;
}

static bool put_request(void *context, uint64_t nr, const struct memory_request *request, GError **err)
{
  struct exporter *e = context;
  return put_item(e, memory_request_json(request, nr, e->session.begin_mono_ns), err);
}

static bool put_memory(struct exporter *e, GError **err)
{
  uint64_t turns;
  begin_list(e, "memory");
  if (!journal_count_memory(e->journal, &turns, err) || !put_turns(e, turns, err))
    return false;
  end_list(e);
  begin_list(e, "memory_requests");
  for (uint64_t nr = 1; nr <= turns; nr++)
    if (!journal_memory_requests(e->journal, nr, put_request, e, err))
      return false;
  end_list(e);
  return true;
}

static bool put_spans(struct exporter *e, GError **err)
{
  uint64_t turns;
  begin_list(e, "span_turns");
  if (!journal_count_spans(e->journal, &turns, err))
    return false;
  for (uint64_t nr = 1; nr <= turns; nr++) {
    struct span_turn *turn = journal_get_spans(e->journal, nr, err);
    bool ok = turn && put_item(e, span_turn_json(turn, nr, e->session.begin_mono_ns), err);
    span_turn_unref(turn);
    if (!ok)
      return false;
  }
  end_list(e);
  return true;
}

static bool put_guest(struct exporter *e, int index, GError **err)
{
  const struct totals_guest *guest = totals_guest(e->totals, index);
  json_t *object = json_object(), *definitions = json_array();
  const struct guest_info *info = NULL;
  for (unsigned i = 0; i < guest->definitions->len; i++) {
    uint64_t id = g_array_index(guest->definitions, uint64_t, i);
    info = journal_info(e->journal, id);
    if (info)
      json_array_append_new(definitions, info_json(info, id));
  }
  json_put(object, "connection", json_integer(guest->conn));
  json_put(object, "uuid", json_text(guest->uuid));
  json_put_text(object, "name", info ? info->name : NULL);
  json_put(object, "totals", totals_json(e->totals, index));
  json_put(object, "definitions", definitions);
  return put_item(e, object, err);
}

static bool put_guests(struct exporter *e, GError **err)
{
  for (int i = 0; i < totals_count(e->totals); i++)
    if (!put_guest(e, i, err))
      return false;
  return true;
}

static bool write_all(struct exporter *e, GError **err)
{
  e->first = true;
  put_field(e, "format", json_string(EXPORT_FORMAT));
  put_field(e, "version", json_integer(EXPORT_VERSION));
  put_field(e, "complete", json_boolean(e->session.end_wall_ns != 0));
  put_field(e, "generator", json_string(PACKAGE_STRING));
  put_field(e, "session", session_json(e));
  begin_list(e, "connections");
  if (!journal_conns(e->journal, put_conn, e, err))
    return false;
  end_list(e);
  begin_list(e, "guests");
  if (!put_guests(e, err))
    return false;
  end_list(e);
  begin_list(e, "scans");
  if (!each_scan(e, put_scan, err))
    return false;
  end_list(e);
  begin_list(e, "events");
  if (!journal_events(e->journal, put_event, e, err))
    return false;
  end_list(e);
  begin_list(e, "jobs");
  if (!journal_jobs(e->journal, put_job, e, err))
    return false;
  end_list(e);
  if (!put_memory(e, err) || !put_spans(e, err))
    return false;
  fputs("\n}\n", e->out->file);
  return written(e, err);
}

static bool export_to(struct exporter *e, const char *target, GError **err)
{
  if (!journal_freeze(e->journal, err) || !journal_get_session(e->journal, &e->session, err) ||
      !journal_count_scans(e->journal, &e->scans, err) || !each_scan(e, add_totals, err))
    return false;
  e->out = path_begin(target, err);
  if (!e->out)
    return false;
  if (write_all(e, err))
    return path_commit(e->out, err);
  path_abandon(e->out);
  return false;
}

bool export_open_journal(struct journal *journal, const char *target, GError **err)
{
  struct exporter e = {.journal = journal, .totals = totals_new()};
  bool ok = export_to(&e, target, err);
  totals_free(e.totals);
  journal_session_clear(&e.session);
  return ok;
}

bool export_journal(const char *path, const char *target, GError **err)
{
  struct journal *journal = journal_open(path, err);
  bool ok = journal && export_open_journal(journal, target, err);
  journal_close(journal);
  return ok;
}
