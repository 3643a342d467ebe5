/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/scan_json.h"

#include "core/session/json_value.h"

static void put_metrics(json_t *object, enum metric_scope scope, const struct readings *r)
{
  int count;
  const struct metric *rows = metric_table(scope, &count);
  for (int i = 0; i < count; i++)
    json_put(object, rows[i].name, readings_has(r, i) ? json_number(r->value[i]) : json_null());
}

static json_t *host_json(const struct host_scan *host, const struct scan_json *options)
{
  if (!host)
    return json_null();
  json_t *object = json_object(), *cores = json_array();
  json_put_text(object, "name", host->hostname);
  json_put_text(object, "source", host->source);
  json_put(object, "time", json_time(host->wall_ns));
  json_put(object, "elapsed_seconds", json_elapsed(host->mono_ns, options->mono_base_ns));
  put_metrics(object, SCOPE_HOST, &host->r);
  for (int i = 0; i < host->core_count; i++) {
    json_t *core = json_object();
    put_metrics(core, SCOPE_CORE, &host->cores[i]);
    json_array_append_new(cores, core);
  }
  json_put(object, metric_scope_name(SCOPE_CORE), cores);
  return object;
}

static json_t *conn_json(const struct conn_scan *conn, const struct scan_json *options)
{
  if (!conn)
    return json_null();
  json_t *object = json_object();
  json_put_text(object, "uri", conn->uri);
  json_put_text(object, "label", conn->label);
  json_put(object, "state", json_text(conn_state_name(conn->state)));
  json_put_text(object, "error", conn->error);
  json_put_text(object, "progress", conn->progress);
  json_put(object, "readonly", json_boolean(conn->readonly));
  json_put(object, "local", json_boolean(conn->local));
  json_put(object, "tick", json_integer((json_int_t)conn->tick));
  json_put(object, "time", json_time(conn->wall_ns));
  json_put(object, "elapsed_seconds", json_elapsed(conn->mono_ns, options->mono_base_ns));
  json_put(object, "cost_seconds", json_number(conn->cost_seconds));
  return object;
}

static json_t *ages_json(const struct guest *guest, int64_t mono_ns)
{
  json_t *ages = json_object();
  for (int g = 0; g < GROUP_COUNT; g++)
    json_put(ages, metric_group_name((enum metric_group)g),
             guest->at_ns[g] == 0 ? json_null() : json_seconds(mono_ns - guest->at_ns[g]));
  return ages;
}

static json_t *vcpus_json(const struct guest *guest)
{
  json_t *list = json_array();
  for (int i = 0; i < guest->vcpu_count; i++) {
    json_t *vcpu = json_object();
    put_metrics(vcpu, SCOPE_VCPU, &guest->vcpus[i]);
    json_array_append_new(list, vcpu);
  }
  return list;
}

static json_t *parts_json(const struct guest *guest, enum metric_scope scope)
{
  json_t *list = json_array();
  int count;
  const struct guest_part *parts = guest_parts(guest, scope, &count);
  for (int i = 0; i < count; i++) {
    json_t *part = json_object();
    json_put_text(part, "target", parts[i].target);
    put_metrics(part, scope, &parts[i].r);
    json_array_append_new(list, part);
  }
  return list;
}

static json_t *guest_json(const struct guest *guest, int number, int64_t mono_ns,
                          const struct scan_json *options)
{
  json_t *object = json_object();
  json_put(object, "connection", json_integer(number));
  json_put(object, "uuid", json_text(guest->info->uuid));
  json_put_text(object, "name", guest->info->name);
  if (options->definition)
    json_put(object, "definition",
             json_integer((json_int_t)options->definition(options->context, guest->info)));
  json_put(object, "state", json_text(guest_state_name(guest->state)));
  json_put(object, "id", guest->id < 0 ? json_null() : json_integer(guest->id));
  json_put(object, "run", json_integer(guest->run));
  json_put(object, "stuck_seconds",
           guest->stuck_since_ns == 0 ? json_null() : json_seconds(mono_ns - guest->stuck_since_ns));
  json_put(object, "age_seconds", ages_json(guest, mono_ns));
  put_metrics(object, SCOPE_GUEST, &guest->r);
  json_put(object, metric_scope_name(SCOPE_VCPU), vcpus_json(guest));
  for (int scope = SCOPE_DISK; scope < SCOPE_COUNT; scope++)
    json_put(object, metric_scope_name((enum metric_scope)scope),
             parts_json(guest, (enum metric_scope)scope));
  return object;
}

json_t *scan_json(const struct scan *scan, const struct scan_json *options)
{
  json_t *object = json_object(), *conns = json_array(), *guests = json_array();
  json_put(object, "time", json_time(scan->wall_ns));
  json_put(object, "tick", json_integer((json_int_t)scan->tick));
  json_put(object, "elapsed_seconds", json_seconds(scan->mono_ns - options->mono_base_ns));
  json_put(object, "interval_seconds", json_number(scan->interval_seconds));
  json_put(object, "host", host_json(scan->host, options));
  for (int i = 0; i < scan->conn_count; i++) {
    const struct conn_scan *conn = scan->conns[i];
    json_array_append_new(conns, conn_json(conn, options));
    for (int j = 0; conn && j < conn->guest_count; j++)
      json_array_append_new(guests, guest_json(conn->guests[j], i, conn->mono_ns, options));
  }
  json_put(object, "connections", conns);
  json_put(object, "guests", guests);
  return object;
}
