/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/json_read.h"
#include "core/session/scan_json.h"

#define COUNT_MAX (1 << 20)

struct parser {
  int64_t base_ns;
  struct guest_info *(*info_of)(void *context, uint64_t id);
  void *context;
  GError **err;
};

static const char *conn_state_word(int state)
{
  return conn_state_name((enum conn_state)state);
}

static const char *guest_state_word(int state)
{
  return guest_state_name((enum guest_state)state);
}

static void take(char **text, char *with)
{
  g_free(*text);
  *text = with;
}

static char *read_some_text(struct json_read *read, const char *key)
{
  char *text = json_read_text(read, key);
  return text ? text : g_strdup("");
}

static bool parse_metrics(const json_t *object, enum metric_scope scope, struct readings *ret, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return false;
  json_read_metrics(&read, scope, ret);
  return json_read_ok(&read);
}

static struct host_scan *parse_host(struct parser *p, const json_t *object)
{
  struct json_read read;
  if (!json_read_init(&read, object, p->err))
    return NULL;
  const json_t *cores = json_read_list(&read, metric_scope_name(SCOPE_CORE));
  g_autofree char *name = json_read_text(&read, "name");
  struct host_scan *host = host_scan_new(name, (int)MIN(json_array_size(cores), COUNT_MAX));
  take(&host->source, json_read_text(&read, "source"));
  host->wall_ns = json_read_time(&read, "time");
  host->mono_ns = json_read_elapsed(&read, "elapsed_seconds", p->base_ns);
  json_read_metrics(&read, SCOPE_HOST, &host->r);
  bool ok = json_read_ok(&read);
  for (int i = 0; i < host->core_count && ok; i++)
    ok = parse_metrics(json_array_get(cores, (size_t)i), SCOPE_CORE, &host->cores[i], p->err);
  if (ok)
    return host;
  host_scan_unref(host);
  return NULL;
}

static struct conn_scan *parse_conn(struct parser *p, const json_t *object)
{
  struct json_read read;
  if (!json_read_init(&read, object, p->err))
    return NULL;
  struct conn_scan *conn = conn_scan_new("");
  take(&conn->uri, read_some_text(&read, "uri"));
  take(&conn->label, read_some_text(&read, "label"));
  take(&conn->error, json_read_text(&read, "error"));
  take(&conn->progress, json_read_text(&read, "progress"));
  conn->state = (enum conn_state)json_read_choice(&read, "state", conn_state_word, CONN_STATES);
  conn->readonly = json_read_bool(&read, "readonly");
  conn->local = json_read_bool(&read, "local");
  conn->tick = (uint64_t)json_read_int(&read, "tick", 0, INT64_MAX, 0);
  conn->wall_ns = json_read_time(&read, "time");
  conn->mono_ns = json_read_elapsed(&read, "elapsed_seconds", p->base_ns);
  conn->cost_seconds = json_read_number(&read, "cost_seconds", 0);
  if (json_read_ok(&read))
    return conn;
  conn_scan_unref(conn);
  return NULL;
}

static bool parse_ages(struct parser *p, const json_t *object, struct guest *guest, int64_t mono_ns)
{
  struct json_read read;
  if (!json_read_init(&read, object, p->err))
    return false;
  for (int g = 0; g < GROUP_COUNT; g++) {
    bool known;
    int64_t age = json_read_ns(&read, metric_group_name((enum metric_group)g), &known);
    guest->at_ns[g] = known ? mono_ns - age : 0;
  }
  return json_read_ok(&read);
}

static bool parse_part(struct parser *p, const json_t *object, enum metric_scope scope,
                       struct guest_part *ret)
{
  struct json_read read;
  if (!json_read_init(&read, object, p->err))
    return false;
  ret->target = json_read_text(&read, "target");
  json_read_metrics(&read, scope, &ret->r);
  return json_read_ok(&read);
}

static bool parse_parts(struct parser *p, struct json_read *read, enum metric_scope scope,
                        struct guest *guest)
{
  const json_t *list = json_read_list(read, metric_scope_name(scope));
  guest_resize_parts(guest, scope, (int)MIN(json_array_size(list), COUNT_MAX));
  int count;
  struct guest_part *parts = guest_parts(guest, scope, &count);
  bool ok = json_read_ok(read);
  for (int i = 0; i < count && ok; i++)
    ok = parse_part(p, json_array_get(list, (size_t)i), scope, &parts[i]);
  return ok;
}

static bool parse_rows(struct parser *p, struct json_read *read, struct guest *guest)
{
  const json_t *vcpus = json_read_list(read, metric_scope_name(SCOPE_VCPU));
  guest_resize_vcpus(guest, (int)MIN(json_array_size(vcpus), COUNT_MAX));
  bool ok = json_read_ok(read);
  for (int i = 0; i < guest->vcpu_count && ok; i++)
    ok = parse_metrics(json_array_get(vcpus, (size_t)i), SCOPE_VCPU, &guest->vcpus[i], p->err);
  for (int scope = SCOPE_DISK; scope < SCOPE_COUNT && ok; scope++)
    ok = parse_parts(p, read, (enum metric_scope)scope, guest);
  return ok;
}

static bool fill_guest(struct parser *p, struct json_read *read, struct guest *guest, int64_t mono_ns)
{
  guest->state = (enum guest_state)json_read_choice(read, "state", guest_state_word, GUEST_STATES);
  guest->id = (int)json_read_int(read, "id", -1, INT_MAX, -1);
  guest->run = json_read_int(read, "run", INT64_MIN, INT64_MAX, 0);
  bool stuck;
  int64_t since = json_read_ns(read, "stuck_seconds", &stuck);
  guest->stuck_since_ns = stuck ? mono_ns - since : 0;
  json_read_metrics(read, SCOPE_GUEST, &guest->r);
  return json_read_ok(read) && parse_ages(p, json_object_get(read->object, "age_seconds"), guest, mono_ns) &&
         parse_rows(p, read, guest);
}

/* The guest, put into the list of its connection. */
static bool parse_guest(struct parser *p, const json_t *object, const struct scan *scan, GPtrArray **lists)
{
  struct json_read read;
  if (!json_read_init(&read, object, p->err))
    return false;
  int64_t number = json_read_int(&read, "connection", 0, scan->conn_count - 1, -1);
  struct guest_info *info =
      p->info_of(p->context, (uint64_t)json_read_int(&read, "definition", 0, INT64_MAX, 0));
  if (number < 0 || !scan->conns[number])
    json_read_fail(&read, "connection", "names a connection that is not there");
  else if (!info)
    json_read_fail(&read, "definition", "names a definition that is not in \"guests\" before");
  if (!json_read_ok(&read))
    return false;
  struct guest *guest = guest_new(info);
  g_ptr_array_add(lists[number], guest);
  return fill_guest(p, &read, guest, scan->conns[number]->mono_ns);
}

static bool parse_guests(struct parser *p, const json_t *guests, struct scan *scan)
{
  GPtrArray **lists = g_new0(GPtrArray *, (size_t)scan->conn_count + 1);
  bool ok = true;
  for (int i = 0; i < scan->conn_count; i++)
    lists[i] = g_ptr_array_new();
  for (size_t i = 0; i < json_array_size(guests) && ok; i++)
    ok = parse_guest(p, json_array_get(guests, i), scan, lists);
  for (int i = 0; i < scan->conn_count; i++)
    if (scan->conns[i])
      conn_scan_take_guests(scan->conns[i], lists[i]);
    else
      g_ptr_array_unref(lists[i]);
  g_free(lists);
  return ok;
}

static bool fill_scan(struct parser *p, struct json_read *read, const json_t *conns, struct scan *scan)
{
  scan->wall_ns = json_read_time(read, "time");
  scan->tick = (uint64_t)json_read_int(read, "tick", 0, INT64_MAX, 0);
  scan->mono_ns = json_read_elapsed(read, "elapsed_seconds", p->base_ns);
  scan->interval_seconds = json_read_number(read, "interval_seconds", 0);
  const json_t *guests = json_read_list(read, "guests"), *host = json_object_get(read->object, "host");
  if (!json_read_ok(read))
    return false;
  if (host && !json_is_null(host) && !(scan->host = parse_host(p, host)))
    return false;
  for (int i = 0; i < scan->conn_count; i++) {
    const json_t *conn = json_array_get(conns, (size_t)i);
    if (!json_is_null(conn) && !(scan->conns[i] = parse_conn(p, conn)))
      return false;
  }
  return parse_guests(p, guests, scan);
}

struct scan *scan_from_json(const json_t *object, int64_t mono_base_ns,
                            struct guest_info *(*info_of)(void *context, uint64_t id), void *context,
                            GError **err)
{
  struct parser p = {mono_base_ns, info_of, context, err};
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return NULL;
  const json_t *conns = json_read_list(&read, "connections");
  struct scan *scan = scan_new((int)MIN(json_array_size(conns), COUNT_MAX));
  if (fill_scan(&p, &read, conns, scan))
    return scan;
  scan_unref(scan);
  return NULL;
}
