/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/import.h"

#include <string.h>

#include "core/base/error.h"
#include "core/session/export.h"
#include "core/session/info_json.h"
#include "core/session/json_read.h"
#include "core/session/json_stream.h"
#include "core/session/memory_json.h"
#include "core/session/scan_json.h"
#include "core/session/span_json.h"

/* Where the monotonic clock of an import begins: far enough from 0, which means never. */
#define IMPORT_BASE_NS INT64_C(1000000000000000)

struct importer {
  struct json_stream stream;
  struct journal *journal;
  struct journal_session session;
  GHashTable *infos; /* number -> struct guest_info */
  bool format_seen, version_seen, complete;
};

/* A part of the export: its field, and what is done with its value, or with each item of its list. */
struct part {
  const char *name;
  bool (*value)(struct importer *im, const json_t *value, GError **err);
  bool (*item)(struct importer *im, const json_t *item, GError **err);
};

static bool take_format(struct importer *im, const json_t *value, GError **err)
{
  im->format_seen = json_is_string(value) && strcmp(json_string_value(value), EXPORT_FORMAT) == 0;
  return im->format_seen || error_set(err, ERROR_GENERAL, NULL, "\"format\" is not \"" EXPORT_FORMAT "\"");
}

static bool take_version(struct importer *im, const json_t *value, GError **err)
{
  json_int_t version = json_integer_value(value);
  im->version_seen = true;
  if (!json_is_integer(value) || version < 1)
    return error_set(err, ERROR_GENERAL, NULL, "\"version\" is not a positive integer");
  if (version > EXPORT_VERSION)
    return error_set(err, ERROR_UNSUPPORTED,
                     "Read it with the version of virtlens that wrote it, or a later one.",
                     "the export's format is version %" JSON_INTEGER_FORMAT ", this virtlens knows up to %d",
                     version, EXPORT_VERSION);
  return true;
}

static bool take_complete(struct importer *im, const json_t *value, GError **err)
{
  im->complete = json_is_true(value);
  return json_is_boolean(value) ||
         error_set(err, ERROR_GENERAL, NULL, "\"complete\" is neither true nor false");
}

static char *read_some_text(struct json_read *read, const char *key)
{
  char *text = json_read_text(read, key);
  return text ? text : g_strdup("");
}

static bool take_session(struct importer *im, const json_t *value, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, value, err))
    return false;
  journal_session_clear(&im->session);
  im->session.id = read_some_text(&read, "id");
  im->session.version = read_some_text(&read, "version");
  im->session.command = json_read_text(&read, "command");
  im->session.host = json_read_text(&read, "host");
  g_autofree char *kind = json_read_text(&read, "host_kind");
  im->session.host_kind = kind_find(kind);
  im->session.settings = json_read_text(&read, "settings");
  im->session.begin_wall_ns = json_read_time(&read, "begin");
  im->session.end_wall_ns = json_read_time(&read, "end");
  im->session.scans_thinned = (uint64_t)json_read_int(&read, "scans_thinned", 0, INT64_MAX, 0);
  return json_read_ok(&read);
}

static bool take_definition(struct importer *im, const json_t *item, const char *uuid, GError **err)
{
  uint64_t id;
  struct guest_info *info = info_from_json(item, uuid, &id, err);
  if (!info)
    return false;
  int64_t *key = g_new(int64_t, 1);
  *key = (int64_t)id;
  /* The same guest over two connections brings the same definition twice: the first stays. */
  if (g_hash_table_contains(im->infos, key)) {
    guest_info_unref(info);
    g_free(key);
  } else {
    g_hash_table_insert(im->infos, key, info);
  }
  return true;
}

static bool take_guest(struct importer *im, const json_t *item, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, item, err))
    return false;
  const char *uuid = json_read_word(&read, "uuid");
  const json_t *definitions = json_read_list(&read, "definitions");
  if (!uuid)
    json_read_fail(&read, "uuid", "is missing");
  bool ok = json_read_ok(&read);
  for (size_t i = 0; i < json_array_size(definitions) && ok; i++)
    ok = take_definition(im, json_array_get(definitions, i), uuid, err);
  return ok;
}

static struct guest_info *info_of(void *context, uint64_t number)
{
  struct importer *im = context;
  int64_t id = (int64_t)number;
  return g_hash_table_lookup(im->infos, &id);
}

static bool take_scan(struct importer *im, const json_t *item, GError **err)
{
  struct scan *scan = scan_from_json(item, IMPORT_BASE_NS, info_of, im, err);
  bool ok = scan && journal_put_scan(im->journal, scan, err);
  if (scan)
    scan_unref(scan);
  return ok;
}

static bool take_event(struct importer *im, const json_t *item, GError **err)
{
  struct event *event = event_from_json(item, err);
  bool ok = event && journal_put_event(im->journal, event, err);
  event_free(event);
  return ok;
}

static bool take_job(struct importer *im, const json_t *item, GError **err)
{
  struct job *job = job_from_json(item, IMPORT_BASE_NS, err);
  bool ok = job && journal_put_job(im->journal, job, err);
  if (job)
    job_free(job);
  return ok;
}

static bool take_memory(struct importer *im, const json_t *item, GError **err)
{
  struct memory_turn *turn = memory_turn_from_json(item, IMPORT_BASE_NS, err);
  bool ok = turn && journal_put_memory(im->journal, turn, err);
  memory_turn_unref(turn);
  return ok;
}

static bool take_memory_request(struct importer *im, const json_t *item, GError **err)
{
  struct memory_request request;
  uint64_t nr;
  return memory_request_from_json(item, IMPORT_BASE_NS, &request, &nr, err) &&
         journal_put_memory_request(im->journal, nr, &request, err);
}

static bool take_spans(struct importer *im, const json_t *item, GError **err)
{
  struct span_turn *turn = span_turn_from_json(item, IMPORT_BASE_NS, err);
  bool ok = turn && journal_put_spans(im->journal, turn, err);
  span_turn_unref(turn);
  return ok;
}

static const struct part parts[] = {
    {"format", take_format, NULL},     {"version", take_version, NULL},
    {"complete", take_complete, NULL}, {"session", take_session, NULL},
    {"guests", NULL, take_guest},      {"scans", NULL, take_scan},
    {"events", NULL, take_event},      {"jobs", NULL, take_job},
    {"memory", NULL, take_memory},     {"memory_requests", NULL, take_memory_request},
    {"span_turns", NULL, take_spans},
};

static const struct part *part_of(const char *name)
{
  static const struct part unknown = {NULL, NULL, NULL};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    if (strcmp(name, parts[i].name) == 0)
      return &parts[i];
  return &unknown;
}

/* The place before what a handler said. */
static bool placed(struct importer *im, GError *fault, GError **err)
{
  if (fault->code == ERROR_UNSUPPORTED) {
    g_propagate_prefixed_error(err, fault, "cannot read %s: ", im->stream.name);
    return false;
  }
  json_stream_error(&im->stream, err, fault->message);
  g_error_free(fault);
  return false;
}

typedef bool (*taker)(struct importer *im, const json_t *value, GError **err);

static bool one(struct importer *im, taker take, GError **err)
{
  GError *fault = NULL;
  json_t *value = json_stream_value(&im->stream, err);
  if (!value)
    return false;
  bool ok = !take || take(im, value, &fault);
  json_decref(value);
  return ok || placed(im, fault, err);
}

static bool list(struct importer *im, taker take, GError **err)
{
  bool more = true;
  if (!json_stream_expect(&im->stream, '[', err))
    return false;
  if (json_stream_peek(&im->stream) == ']')
    return json_stream_expect(&im->stream, ']', err);
  while (more)
    if (!one(im, take, err) || !json_stream_more(&im->stream, ']', &more, err))
      return false;
  return true;
}

static bool field(struct importer *im, GError **err)
{
  if (json_stream_peek(&im->stream) != '"')
    return json_stream_error(&im->stream, err, "a field's name is expected");
  json_t *name = json_stream_value(&im->stream, err);
  if (!name)
    return false;
  const struct part *part = part_of(json_string_value(name));
  json_decref(name);
  if (!json_stream_expect(&im->stream, ':', err))
    return false;
  bool a_list = part->item || (!part->value && json_stream_peek(&im->stream) == '[');
  return a_list ? list(im, part->item, err) : one(im, part->value, err);
}

static bool read_all(struct importer *im, GError **err)
{
  bool more = true;
  if (!json_stream_expect(&im->stream, '{', err))
    return false;
  if (json_stream_peek(&im->stream) == '}')
    more = !json_stream_expect(&im->stream, '}', err);
  while (more)
    if (!field(im, err) || !json_stream_more(&im->stream, '}', &more, err))
      return false;
  if (json_stream_peek(&im->stream) != EOF)
    return json_stream_error(&im->stream, err, "more text after the end");
  if (!im->format_seen || !im->version_seen)
    return error_set(err, ERROR_GENERAL, NULL, "cannot read %s: it is JSON, but no export of virtlens",
                     im->stream.name);
  return true;
}

static bool write_session(struct importer *im, GError **err)
{
  if (!im->session.id)
    return error_set(err, ERROR_GENERAL, NULL, "cannot read %s: it does not say which session it holds",
                     im->stream.name);
  im->session.begin_mono_ns = IMPORT_BASE_NS;
  if (im->complete && im->session.end_wall_ns == 0)
    im->session.end_wall_ns = MAX(im->session.begin_wall_ns, 1);
  else if (!im->complete)
    im->session.end_wall_ns = 0;
  return journal_put_session(im->journal, &im->session, err);
}

struct journal *import_export(FILE *file, const char *name, GError **err)
{
  struct importer im = {.journal = journal_create(NULL, err)};
  if (!im.journal)
    return NULL;
  json_stream_init(&im.stream, name, file);
  im.infos = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)guest_info_unref);
  bool ok = journal_begin(im.journal, false, err) && read_all(&im, err) && write_session(&im, err) &&
            journal_commit(im.journal, err);
  g_hash_table_unref(im.infos);
  journal_session_clear(&im.session);
  if (ok)
    return im.journal;
  journal_close(im.journal);
  return NULL;
}
