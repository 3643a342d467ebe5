/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <string.h>

#include "tests/unit/random_scan.h"

struct compare {
  const struct scan_slack *slack;
  int64_t offset; /* b's monotonic clock less a's */
  GString *where;
  char *difference;
};

static void differ(struct compare *c, const char *what)
{
  if (!c->difference)
    c->difference = g_strdup_printf("%s: %s differs", c->where->str, what);
}

static void check(struct compare *c, const char *what, bool same)
{
  if (!same)
    differ(c, what);
}

static void texts(struct compare *c, const char *what, const char *a, const char *b)
{
  check(c, what, g_strcmp0(a, b) == 0);
}

static bool near(int64_t a, int64_t b, int64_t slack)
{
  return a - b <= slack && b - a <= slack;
}

static void wall(struct compare *c, int64_t a, int64_t b)
{
  check(c, "wall clock", near(a, b, c->slack->wall_ns));
}

static void mono(struct compare *c, const char *what, int64_t a, int64_t b)
{
  check(c, what, (a == 0) == (b == 0) && (a == 0 || a + c->offset == b));
}

/* Read figures are kept (seconds to the nanosecond), derived ones to seven digits. */
static bool same_value(const struct metric *row, double a, double b)
{
  bool derived = row->kind > METRIC_COUNTER || (row->unit != UNIT_BYTES && row->unit != UNIT_COUNT);
  if (row->kind == METRIC_COUNTER && row->unit == UNIT_SECONDS)
    return fabs(a - b) <= 1e-9 + fabs(a) * 1e-14;
  return fabs(a - b) <= fabs(a) * (derived ? 1e-6 : 1e-14);
}

static void readings(struct compare *c, enum metric_scope scope, const struct readings *a,
                     const struct readings *b)
{
  int count;
  const struct metric *rows = metric_table(scope, &count);
  for (int i = 0; i < count; i++) {
    if (readings_has(a, i) != readings_has(b, i))
      differ(c, rows[i].name);
    else if (readings_has(a, i) && !same_value(&rows[i], a->value[i], b->value[i]))
      differ(c, rows[i].name);
  }
}

static void insides(struct compare *c, const struct inside *a, const struct inside *b)
{
  check(c, "inside", !a == !b);
  if (!a || !b)
    return;
  check(c, "inside",
        a->teller == b->teller && a->address_count == b->address_count &&
            a->file_system_count == b->file_system_count);
  texts(c, "no addresses", a->no_addresses, b->no_addresses);
  texts(c, "no file systems", a->no_file_systems, b->no_file_systems);
  for (int i = 0; i < a->address_count && !c->difference; i++) {
    texts(c, "address", a->addresses[i].device, b->addresses[i].device);
    texts(c, "address", a->addresses[i].mac, b->addresses[i].mac);
    texts(c, "address", a->addresses[i].address, b->addresses[i].address);
  }
  for (int i = 0; i < a->file_system_count && !c->difference; i++) {
    const struct inside_file_system *x = &a->file_systems[i], *y = &b->file_systems[i];
    texts(c, "mount", x->mount, y->mount);
    texts(c, "type", x->type, y->type);
    texts(c, "disks", x->disks, y->disks);
    check(c, "sizes",
          x->sized == y->sized && x->total_bytes == y->total_bytes && x->used_bytes == y->used_bytes);
  }
}

static void infos(struct compare *c, const struct guest_info *a, const struct guest_info *b)
{
  texts(c, "name", a->name, b->name);
  texts(c, "uuid", a->uuid, b->uuid);
  texts(c, "title", a->title, b->title);
  texts(c, "template", a->template, b->template);
  texts(c, "key file", a->key_file, b->key_file);
  check(c, "accel", a->accel == b->accel);
  check(c, "kind", a->kind == b->kind);
  check(c, "vcpus", a->vcpus == b->vcpus && a->memory_bytes == b->memory_bytes);
  check(c, "persistent", a->persistent == b->persistent && a->transient_run == b->transient_run);
  check(c, "saved", a->saved == b->saved && a->autostart == b->autostart);
  check(c, "devices",
        a->disk_count == b->disk_count && a->nic_count == b->nic_count &&
            a->hostdev_count == b->hostdev_count);
  for (int i = 0; i < a->disk_count && !c->difference; i++) {
    const struct disk_info *x = &a->disks[i], *y = &b->disks[i];
    check(c, "disk",
          g_strcmp0(x->target, y->target) == 0 && g_strcmp0(x->source, y->source) == 0 &&
              g_strcmp0(x->format, y->format) == 0 && x->backend == y->backend &&
              g_strcmp0(x->bus, y->bus) == 0 && g_strcmp0(x->cache, y->cache) == 0 &&
              g_strcmp0(x->io, y->io) == 0 && g_strcmp0(x->discard, y->discard) == 0 &&
              x->readonly == y->readonly && x->cdrom == y->cdrom && x->iothread == y->iothread);
  }
  for (int i = 0; i < a->nic_count && !c->difference; i++) {
    const struct nic_info *x = &a->nics[i], *y = &b->nics[i];
    check(c, "nic",
          g_strcmp0(x->target, y->target) == 0 && g_strcmp0(x->mac, y->mac) == 0 &&
              g_strcmp0(x->model, y->model) == 0 && g_strcmp0(x->source, y->source) == 0 &&
              x->backend == y->backend && x->ssh_port == y->ssh_port);
  }
  for (int i = 0; i < a->hostdev_count && !c->difference; i++)
    texts(c, "hostdev", a->hostdevs[i].address, b->hostdevs[i].address);
  insides(c, a->inside, b->inside);
}

static void parts(struct compare *c, enum metric_scope scope, const struct guest *a, const struct guest *b)
{
  int count;
  const struct guest_part *x = guest_parts(a, scope, &count), *y = guest_parts(b, scope, &count);
  for (int i = 0; i < count && !c->difference; i++) {
    texts(c, metric_scope_name(scope), x[i].target, y[i].target);
    readings(c, scope, &x[i].r, &y[i].r);
  }
}

static void guests(struct compare *c, const struct guest *a, const struct guest *b)
{
  infos(c, a->info, b->info);
  check(c, "state", a->state == b->state && a->id == b->id && a->run == b->run);
  for (int g = 0; g < GROUP_COUNT; g++)
    mono(c, metric_group_name((enum metric_group)g), a->at_ns[g], b->at_ns[g]);
  mono(c, "stuck", a->stuck_since_ns, b->stuck_since_ns);
  readings(c, SCOPE_GUEST, &a->r, &b->r);
  check(c, "counts",
        a->vcpu_count == b->vcpu_count && a->disk_count == b->disk_count && a->nic_count == b->nic_count &&
            a->thread_count == b->thread_count);
  for (int i = 0; i < a->vcpu_count && !c->difference; i++)
    readings(c, SCOPE_VCPU, &a->vcpus[i], &b->vcpus[i]);
  for (int scope = SCOPE_DISK; scope < SCOPE_COUNT && !c->difference; scope++)
    parts(c, (enum metric_scope)scope, a, b);
}

static void conns(struct compare *c, const struct conn_scan *a, const struct conn_scan *b)
{
  texts(c, "uri", a->uri, b->uri);
  texts(c, "label", a->label, b->label);
  texts(c, "error", a->error, b->error);
  texts(c, "progress", a->progress, b->progress);
  check(c, "state", a->state == b->state && a->readonly == b->readonly && a->local == b->local);
  check(c, "tick", a->tick == b->tick);
  wall(c, a->wall_ns, b->wall_ns);
  mono(c, "mono", a->mono_ns, b->mono_ns);
  check(c, "cost", fabs(a->cost_seconds - b->cost_seconds) <= 1e-6);
  check(c, "guest count", a->guest_count == b->guest_count);
  for (int i = 0; i < a->guest_count && !c->difference; i++) {
    g_string_append_printf(c->where, " guest %d", i);
    guests(c, a->guests[i], b->guests[i]);
    g_string_truncate(c->where, (gsize)(strrchr(c->where->str, 'g') - c->where->str - 1));
  }
}

static void hosts(struct compare *c, const struct host_scan *a, const struct host_scan *b)
{
  check(c, "host", (a == NULL) == (b == NULL));
  if (!a || !b)
    return;
  texts(c, "hostname", a->hostname, b->hostname);
  texts(c, "source", a->source, b->source);
  wall(c, a->wall_ns, b->wall_ns);
  mono(c, "host mono", a->mono_ns, b->mono_ns);
  readings(c, SCOPE_HOST, &a->r, &b->r);
  check(c, "cores", a->core_count == b->core_count);
  for (int i = 0; i < a->core_count && !c->difference; i++)
    readings(c, SCOPE_CORE, &a->cores[i], &b->cores[i]);
}

char *scan_difference(const struct scan *a, const struct scan *b, const struct scan_slack *slack)
{
  struct compare c = {slack, slack->offset ? b->mono_ns - a->mono_ns : 0, g_string_new(NULL), NULL};
  g_string_printf(c.where, "scan %d", (int)a->tick);
  check(&c, "tick", a->tick == b->tick);
  wall(&c, a->wall_ns, b->wall_ns);
  mono(&c, "mono", a->mono_ns, b->mono_ns);
  check(&c, "interval", fabs(a->interval_seconds - b->interval_seconds) < 1e-9);
  hosts(&c, a->host, b->host);
  check(&c, "connections", a->conn_count == b->conn_count);
  for (int i = 0; i < a->conn_count && !c.difference; i++)
    conns(&c, a->conns[i], b->conns[i]);
  g_string_free(c.where, TRUE);
  return c.difference;
}

char *event_difference(const struct event *a, const struct event *b, int64_t wall_slack_ns)
{
  if (!near(a->wall_ns, b->wall_ns, wall_slack_ns))
    return g_strdup("event: time differs");
  if (a->kind != b->kind || a->conn != b->conn || strcmp(a->uuid, b->uuid) != 0)
    return g_strdup("event: kind, connection or uuid differs");
  if (g_strcmp0(a->guest, b->guest) != 0 || g_strcmp0(a->text, b->text) != 0)
    return g_strdup("event: guest or text differs");
  return NULL;
}

char *job_difference(const struct job *a, const struct job *b, int64_t wall_slack_ns)
{
  if (a->id != b->id || a->action != b->action || a->state != b->state || a->conn != b->conn)
    return g_strdup("job: id, action, state or connection differs");
  if (strcmp(a->uuid, b->uuid) != 0 || g_strcmp0(a->guest, b->guest) != 0 ||
      g_strcmp0(a->detail, b->detail) != 0 || g_strcmp0(a->step, b->step) != 0 ||
      g_strcmp0(a->error, b->error) != 0)
    return g_strdup("job: a text differs");
  if (fabs(a->progress - b->progress) > 1e-9 || !near(a->asked_wall_ns, b->asked_wall_ns, wall_slack_ns))
    return g_strdup("job: progress or time differs");
  if ((a->started_mono_ns == 0) != (b->started_mono_ns == 0) ||
      (a->ended_mono_ns == 0) != (b->ended_mono_ns == 0) ||
      (a->ended_mono_ns != 0 &&
       a->ended_mono_ns - a->started_mono_ns != b->ended_mono_ns - b->started_mono_ns))
    return g_strdup("job: duration differs");
  return NULL;
}
