/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/span_json.h"

#include <math.h>

#include "core/model/exit_reason.h"
#include "core/session/json_read.h"
#include "core/session/json_value.h"

/* ---- as JSON ---- */

static json_t *histogram_json(const struct span_sums *sums)
{
  json_t *list = json_array();

  for (int i = 0; i < SPAN_BUCKETS; i++) {
    if (sums->buckets[i] == 0)
      continue;
    json_t *bucket = json_object();
    json_put(bucket, "log2_ns", json_integer(i));
    json_put(bucket, "count", json_integer((json_int_t)sums->buckets[i]));
    json_array_append_new(list, bucket);
  }
  return list;
}

/* Of a reason, or of whose a port or page is; NULL: it has none.  Caller frees. */
static char *place_name(enum span_kind kind, const struct span *span)
{
  const char *source;

  if (kind != SPAN_EXIT)
    return NULL;
  switch (span->what) {
  case SPAN_LEFT:
    return exit_reason_name(span->place);
  case SPAN_TO_QEMU:
    return exit_to_qemu_name(span->place);
  case SPAN_PORT:
    return g_strdup(exit_port_owner(span->place, &source));
  default:
    return g_strdup(exit_page_owner(span->place, &source));
  }
}

static json_t *span_json(enum span_kind kind, const struct span *span)
{
  json_t *object = json_object();
  g_autofree char *place = place_name(kind, span);

  json_put_text(object, "uuid", *span->uuid ? span->uuid : NULL);
  json_put(object, "known_by", json_string(span_owner_name(span->owner)));
  json_put(object, "pid", span->pid ? json_integer(span->pid) : json_null());
  json_put(object, "thread", span->tid ? json_integer(span->tid) : json_null());
  json_put_text(object, "name", span->pid ? span->name : NULL);
  json_put_text(object, "device", *span->device ? span->device : NULL);
  json_put(object, "what", json_string(span_what_name(kind, span->what)));
  json_put(object, "place", json_hex(span->place));
  json_put_text(object, "place_name", place);
  json_put(object, "count", json_integer((json_int_t)span->sums.count));
  json_put(object, "total_seconds", json_seconds((int64_t)span->sums.ns));
  json_put(object, "total_bytes", json_integer((json_int_t)span->sums.bytes));
  json_put(object, "histogram", histogram_json(&span->sums));
  return object;
}

json_t *span_turn_json(const struct span_turn *turn, uint64_t nr, int64_t mono_base_ns)
{
  json_t *object = json_object(), *spans = json_array();

  json_put(object, "turn", json_integer((json_int_t)nr));
  json_put(object, "kind", json_string(span_kind_name(turn->kind)));
  json_put(object, "time", json_time(turn->wall_ns));
  json_put(object, "elapsed_seconds", json_elapsed(turn->mono_ns, mono_base_ns));
  json_put(object, "seconds", json_number(turn->seconds));
  json_put(object, "ended", json_boolean(turn->ended));
  json_put_text(object, "problem", turn->problem);
  for (guint i = 0; i < turn->count; i++)
    json_array_append_new(spans, span_json(turn->kind, &turn->spans[i]));
  json_put(object, "spans", spans);
  return object;
}

/* ---- and back ---- */

static void read_name(struct json_read *read, const char *key, char *ret, size_t size)
{
  g_autofree char *text = json_read_text(read, key);
  g_strlcpy(ret, text ? text : "", size);
}

static bool read_bucket(const json_t *object, struct span_sums *sums, GError **err)
{
  struct json_read read;

  if (!json_read_init(&read, object, err))
    return false;
  const int64_t bucket = json_read_int(&read, "log2_ns", 0, SPAN_BUCKETS - 1, 0),
                count = json_read_int(&read, "count", 0, INT64_MAX, 0);
  sums->buckets[bucket] = (uint64_t)count;
  return json_read_ok(&read);
}

static const char *owner_word(int owner)
{
  return span_owner_name((enum span_owner)owner);
}

static uint32_t read_what(struct json_read *read, enum span_kind kind)
{
  const char *word = json_read_word(read, "what");
  const int64_t what = word ? span_what_find(kind, word) : -1;

  if (what < 0)
    json_read_fail(read, "what", "is not a word known here");
  return (uint32_t)MAX(what, 0);
}

static bool read_span(const json_t *object, enum span_kind kind, struct span *ret, GError **err)
{
  struct json_read read;

  if (!json_read_init(&read, object, err))
    return false;
  *ret = (struct span){.owner = (enum span_owner)json_read_choice(&read, "known_by", owner_word, SPAN_OWNERS),
                       .pid = (int)json_read_int(&read, "pid", 0, INT_MAX, 0),
                       .tid = (int)json_read_int(&read, "thread", 0, INT_MAX, 0),
                       .what = read_what(&read, kind),
                       .place = json_read_hex(&read, "place"),
                       .sums = {.count = (uint64_t)json_read_int(&read, "count", 0, INT64_MAX, 0),
                                .ns = (uint64_t)json_read_ns(&read, "total_seconds", NULL),
                                .bytes = (uint64_t)json_read_int(&read, "total_bytes", 0, INT64_MAX, 0)}};
  read_name(&read, "uuid", ret->uuid, sizeof ret->uuid);
  read_name(&read, "name", ret->name, sizeof ret->name);
  read_name(&read, "device", ret->device, sizeof ret->device);
  const json_t *histogram = json_read_list(&read, "histogram");
  bool ok = json_read_ok(&read);
  for (size_t i = 0; i < json_array_size(histogram) && ok; i++)
    ok = read_bucket(json_array_get(histogram, i), &ret->sums, err);
  return ok;
}

/* Into RET; false: ERR says what is wrong with one. */
static bool read_spans(const json_t *list, enum span_kind kind, GArray *ret, GError **err)
{
  struct span span;

  for (size_t i = 0; i < json_array_size(list); i++) {
    if (!read_span(json_array_get(list, i), kind, &span, err))
      return false;
    g_array_append_val(ret, span);
  }
  return true;
}

static const char *kind_word(int kind)
{
  return span_kind_name((enum span_kind)kind);
}

struct span_turn *span_turn_from_json(const json_t *object, int64_t mono_base_ns, GError **err)
{
  struct json_read read;

  if (!json_read_init(&read, object, err))
    return NULL;
  const enum span_kind kind = (enum span_kind)json_read_choice(&read, "kind", kind_word, SPAN_KINDS);
  GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));
  const json_t *list = json_read_list(&read, "spans");
  const bool whole = json_read_ok(&read) && read_spans(list, kind, spans, err);
  struct span_turn *turn = span_turn_new(kind, spans);
  if (whole) {
    turn->wall_ns = json_read_time(&read, "time");
    turn->mono_ns = json_read_elapsed(&read, "elapsed_seconds", mono_base_ns);
    turn->seconds = json_read_number(&read, "seconds", 0);
    turn->ended = json_read_bool(&read, "ended");
    turn->problem = json_read_text(&read, "problem");
  }
  if (whole && json_read_ok(&read))
    return turn;
  span_turn_unref(turn);
  return NULL;
}
