/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/memory_json.h"

#include "core/session/json_read.h"
#include "core/session/json_value.h"

/* ---- as JSON ---- */

static void put_count(json_t *object, const char *key, uint64_t count)
{
  json_put(object, key, json_integer((json_int_t)count));
}

static void put_sums(json_t *object, const struct memory_sums *sums)
{
  for (int i = 0; i < MEMORY_CALLS; i++)
    put_count(object, memory_call_name((enum memory_call)i), sums->calls[i]);
  put_count(object, "failed", sums->failed);
  put_count(object, "mapped_bytes", sums->mapped);
  put_count(object, "freed_bytes", sums->freed);
  put_count(object, "stored", sums->sent);
  put_count(object, "lost", sums->lost);
}

static json_t *process_json(const struct memory_process *process)
{
  json_t *object = json_object();

  json_put(object, "pid", process->pid ? json_integer(process->pid) : json_null());
  json_put_text(object, "name", process->pid ? process->name : NULL);
  put_sums(object, &process->sums);
  return object;
}

json_t *memory_turn_json(const struct memory_turn *turn, uint64_t nr, int64_t mono_base_ns)
{
  json_t *object = json_object(), *processes = json_array();

  put_count(object, "turn", nr);
  json_put(object, "time", json_time(turn->wall_ns));
  json_put(object, "elapsed_seconds", json_elapsed(turn->mono_ns, mono_base_ns));
  json_put(object, "seconds", json_number(turn->seconds));
  json_put(object, "each_request", json_boolean(turn->sending));
  json_put(object, "ended", json_boolean(turn->ended));
  json_put_text(object, "problem", turn->problem);
  put_count(object, "seen", memory_sums_seen(&turn->sums));
  put_sums(object, &turn->sums);
  for (guint i = 0; i < turn->process_count; i++)
    json_array_append_new(processes, process_json(&turn->processes[i]));
  json_put(object, "processes", processes);
  return object;
}

json_t *memory_request_json(const struct memory_request *request, uint64_t nr, int64_t mono_base_ns)
{
  json_t *object = json_object();
  memory_protection_buf protection;

  put_count(object, "turn", nr);
  json_put(object, "elapsed_seconds", json_elapsed(request->mono_ns, mono_base_ns));
  json_put(object, "pid", json_integer(request->pid));
  json_put(object, "thread", json_integer(request->tid));
  json_put_text(object, "name", request->name);
  json_put(object, "call", json_string(memory_call_name(request->call)));
  json_put(object, "address", json_hex(request->address));
  json_put(object, "length", json_hex(request->length));
  json_put(object, "protection", json_hex(request->protection));
  json_put(object, "protection_text", json_text(memory_protection(protection, request)));
  json_put(object, "result", json_hex((uint64_t)request->result));
  json_put(object, "failed", json_boolean(memory_request_failed(request)));
  json_put(object, "change_bytes", json_integer(request->change));
  return object;
}

/* ---- and back ---- */

static uint64_t read_count(struct json_read *read, const char *key)
{
  return (uint64_t)json_read_int(read, key, 0, INT64_MAX, 0);
}

static void read_sums(struct json_read *read, struct memory_sums *sums)
{
  for (int i = 0; i < MEMORY_CALLS; i++)
    sums->calls[i] = read_count(read, memory_call_name((enum memory_call)i));
  sums->failed = read_count(read, "failed");
  sums->mapped = read_count(read, "mapped_bytes");
  sums->freed = read_count(read, "freed_bytes");
  sums->sent = read_count(read, "stored");
  sums->lost = read_count(read, "lost");
}

static void read_name(struct json_read *read, char name[MEMORY_NAME])
{
  g_autofree char *text = json_read_text(read, "name");
  g_strlcpy(name, text ? text : "", MEMORY_NAME);
}

static bool read_process(const json_t *object, struct memory_process *ret, GError **err)
{
  struct json_read read;

  if (!json_read_init(&read, object, err))
    return false;
  ret->pid = (int)json_read_int(&read, "pid", 0, INT_MAX, 0);
  read_name(&read, ret->name);
  read_sums(&read, &ret->sums);
  return json_read_ok(&read);
}

static GArray *read_processes(const json_t *list, GError **err)
{
  GArray *processes = g_array_new(FALSE, TRUE, sizeof(struct memory_process));

  g_array_set_size(processes, (guint)json_array_size(list));
  for (guint i = 0; i < processes->len; i++)
    if (!read_process(json_array_get(list, i), &g_array_index(processes, struct memory_process, i), err)) {
      g_array_unref(processes);
      return NULL;
    }
  return processes;
}

struct memory_turn *memory_turn_from_json(const json_t *object, int64_t mono_base_ns, GError **err)
{
  struct json_read read;
  GArray *processes;

  if (!json_read_init(&read, object, err) ||
      !(processes = read_processes(json_read_list(&read, "processes"), err)))
    return NULL;
  struct memory_turn *turn = memory_turn_new(processes, NULL);
  turn->wall_ns = json_read_time(&read, "time");
  turn->mono_ns = json_read_elapsed(&read, "elapsed_seconds", mono_base_ns);
  turn->seconds = json_read_number(&read, "seconds", 0);
  turn->sending = json_read_bool(&read, "each_request");
  turn->ended = json_read_bool(&read, "ended");
  turn->problem = json_read_text(&read, "problem");
  if (json_read_ok(&read))
    return turn;
  memory_turn_unref(turn);
  return NULL;
}

static const char *call_word(int call)
{
  return memory_call_name((enum memory_call)call);
}

bool memory_request_from_json(const json_t *object, int64_t mono_base_ns, struct memory_request *ret,
                              uint64_t *ret_nr, GError **err)
{
  struct json_read read;

  *ret = (struct memory_request){0};
  if (!json_read_init(&read, object, err))
    return false;
  *ret_nr = read_count(&read, "turn");
  ret->mono_ns = json_read_elapsed(&read, "elapsed_seconds", mono_base_ns);
  ret->pid = (int)json_read_int(&read, "pid", 0, INT_MAX, 0);
  ret->tid = (int)json_read_int(&read, "thread", 0, INT_MAX, 0);
  read_name(&read, ret->name);
  ret->call = (enum memory_call)MAX(json_read_choice(&read, "call", call_word, MEMORY_CALLS), 0);
  ret->address = json_read_hex(&read, "address");
  ret->length = json_read_hex(&read, "length");
  ret->protection = (uint32_t)json_read_hex(&read, "protection");
  ret->result = (int64_t)json_read_hex(&read, "result");
  ret->change = json_read_int(&read, "change_bytes", INT64_MIN, INT64_MAX, 0);
  return json_read_ok(&read);
}
