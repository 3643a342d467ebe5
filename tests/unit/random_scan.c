/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/random_scan.h"

#include <math.h>

#include "core/base/clock.h"

#define CONNS_MAX 3

struct random_session {
  GRand *rand;
  int conn_count, guests_max;
  struct conn_scan *conns[CONNS_MAX];
  struct host_scan *host;
  uint64_t tick;
  int64_t wall_ns, mono_ns, next_run;
};

static const char *const names[] = {
    "tour-ide",
    "tour-virtio",
    "--help",
    "42",
    "é中文",
    "a\x1b[31mb",
    "bad\xff\xfeutf8",
    ("\xe2\x80\xae"
     "bidi"),
    "x y\"\\\n",
    "",
};
static const char *const words[] = {NULL, "", "qcow2", "none", "/var/lib/x y.qcow2", "\xc3", "vda"};

static int pick(struct random_session *s, int n)
{
  return g_rand_int_range(s->rand, 0, n);
}

static bool chance(struct random_session *s, int percent)
{
  return pick(s, 100) < percent;
}

static char *word(struct random_session *s)
{
  return g_strdup(words[pick(s, G_N_ELEMENTS(words))]);
}

static const struct backend *some_backend(struct random_session *s, enum backend_class class)
{
  int count;
  const struct backend *rows = backend_table(&count), *row = &rows[pick(s, count)];
  return row->class == class ? row : NULL;
}

static struct inside *random_inside(struct random_session *s)
{
  if (chance(s, 50))
    return NULL;
  struct inside *inside = inside_new();
  inside->teller = (enum inside_teller)pick(s, TELLERS);
  inside->no_addresses = word(s);
  inside->no_file_systems = word(s);
  inside->address_count = pick(s, 3);
  inside->file_system_count = pick(s, 3);
  inside->addresses = g_new0(struct inside_address, (size_t)inside->address_count);
  inside->file_systems = g_new0(struct inside_file_system, (size_t)inside->file_system_count);
  for (int i = 0; i < inside->address_count; i++)
    inside->addresses[i] = (struct inside_address){word(s), word(s), word(s)};
  for (int i = 0; i < inside->file_system_count; i++) {
    const bool sized = chance(s, 50);
    inside->file_systems[i] = (struct inside_file_system){
        word(s), word(s), word(s), sized, sized ? g_rand_int(s->rand) : 0, sized ? g_rand_int(s->rand) : 0};
  }
  return inside;
}

static struct guest_info *random_info(struct random_session *s, const char *uuid, const char *name)
{
  struct guest_info *info = guest_info_new(name, uuid);
  info->title = word(s);
  info->template = word(s);
  info->key_file = word(s);
  info->accel = (enum accel)pick(s, ACCELS);
  info->kind = (enum kind)pick(s, KINDS);
  info->vcpus = (unsigned)pick(s, 300);
  info->memory_bytes = (uint64_t)g_rand_int(s->rand) << pick(s, 20);
  info->persistent = chance(s, 50);
  info->transient_run = chance(s, 50);
  info->saved = chance(s, 50);
  info->autostart = chance(s, 50);
  info->disk_count = pick(s, 4);
  info->nic_count = pick(s, 3);
  info->hostdev_count = pick(s, 2);
  info->disks = g_new0(struct disk_info, (size_t)info->disk_count);
  info->nics = g_new0(struct nic_info, (size_t)info->nic_count);
  info->hostdevs = g_new0(struct hostdev_info, (size_t)info->hostdev_count);
  for (int i = 0; i < info->disk_count; i++)
    info->disks[i] =
        (struct disk_info){word(s),       word(s),       word(s),   some_backend(s, BACKEND_DISK),
                           word(s),       word(s),       word(s),   word(s),
                           chance(s, 50), chance(s, 50), pick(s, 3)};
  for (int i = 0; i < info->nic_count; i++)
    info->nics[i] =
        (struct nic_info){word(s), word(s), word(s), word(s), some_backend(s, BACKEND_NIC), pick(s, 65536)};
  for (int i = 0; i < info->hostdev_count; i++)
    info->hostdevs[i].address = g_strdup("0000:01:00.1");
  info->inside = random_inside(s);
  return info;
}

static double random_value(struct random_session *s, const struct metric *row, double before)
{
  if (row->kind == METRIC_COUNTER && row->unit == UNIT_SECONDS)
    return (double)(llround(before * 1e9) + (int64_t)g_rand_int(s->rand)) / 1e9;
  if (row->kind == METRIC_COUNTER)
    return chance(s, 5) ? (double)pick(s, 1000) : before + (double)(g_rand_int(s->rand) >> pick(s, 31));
  if (chance(s, 5))
    return 0;
  if (row->unit == UNIT_BYTES || row->unit == UNIT_COUNT)
    return chance(s, 10) ? g_rand_double(s->rand) : (double)((uint64_t)g_rand_int(s->rand) << pick(s, 20));
  return g_rand_double(s->rand) * pow(10, pick(s, 24) - 12);
}

static void change_readings(struct random_session *s, enum metric_scope scope, struct readings *r, int group)
{
  int count;
  const struct metric *rows = metric_table(scope, &count);
  for (int i = 0; i < count; i++) {
    if (group >= 0 && (int)rows[i].group != group)
      continue;
    if (chance(s, 4))
      readings_clear(r, i);
    else if (chance(s, 80))
      readings_set(r, i, random_value(s, &rows[i], readings_has(r, i) ? r->value[i] : 0));
  }
}

static void change_devices(struct random_session *s, struct guest *guest)
{
  if (chance(s, 5)) {
    guest_resize_vcpus(guest, pick(s, 4));
    guest_resize_disks(guest, pick(s, 4));
    guest_resize_nics(guest, pick(s, 3));
    guest_resize_parts(guest, SCOPE_THREAD, pick(s, 5));
  }
  for (int i = 0; i < guest->disk_count; i++)
    if (!guest->disks[i].target || chance(s, 2)) {
      g_free(guest->disks[i].target);
      guest->disks[i].target = g_strdup_printf("sd%c", 'a' + pick(s, 26));
    }
  for (int i = 0; i < guest->nic_count; i++)
    if (!guest->nics[i].target)
      guest->nics[i].target = g_strdup_printf("vnet%d", pick(s, 100));
  for (int i = 0; i < guest->thread_count; i++)
    if (!guest->threads[i].target)
      guest->threads[i].target = g_strdup_printf("iothread%d", pick(s, 100));
}

static void read_group(struct random_session *s, struct guest *guest, int group)
{
  guest->at_ns[group] = s->mono_ns - pick(s, 1000000) * (int64_t)pick(s, 2);
  change_readings(s, SCOPE_GUEST, &guest->r, group);
  for (int i = 0; i < guest->vcpu_count; i++)
    change_readings(s, SCOPE_VCPU, &guest->vcpus[i], group);
  for (int i = 0; i < guest->disk_count; i++)
    change_readings(s, SCOPE_DISK, &guest->disks[i].r, group);
  for (int i = 0; i < guest->nic_count; i++)
    change_readings(s, SCOPE_NIC, &guest->nics[i].r, group);
  for (int i = 0; i < guest->thread_count; i++)
    change_readings(s, SCOPE_THREAD, &guest->threads[i].r, group);
}

static void change_state(struct random_session *s, struct guest *guest)
{
  guest->state = (enum guest_state)pick(s, GUEST_STATES);
  guest->id = chance(s, 50) ? -1 : pick(s, 1000);
  guest->run = ++s->next_run;
}

static struct guest *next_guest(struct random_session *s, const struct guest *before)
{
  struct guest *guest = guest_copy(before);
  if (chance(s, 3)) {
    guest_info_unref(guest->info);
    guest->info = random_info(s, before->info->uuid, before->info->name);
  }
  if (chance(s, 5))
    change_state(s, guest);
  if (chance(s, 5))
    guest->stuck_since_ns = guest->stuck_since_ns ? 0 : s->mono_ns - pick(s, 1000000000);
  if (chance(s, 20))
    return guest;
  change_devices(s, guest);
  for (int g = 0; g < GROUP_COUNT; g++)
    if (g == GROUP_STATE || chance(s, 50))
      read_group(s, guest, g);
  return guest;
}

static struct guest *first_guest(struct random_session *s)
{
  char uuid[37];
  g_snprintf(uuid, sizeof uuid, "%08x-0000-4000-8000-%012x", g_rand_int(s->rand), g_rand_int(s->rand));
  struct guest_info *info = random_info(s, uuid, names[pick(s, G_N_ELEMENTS(names))]);
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  change_state(s, guest);
  return guest;
}

static struct conn_scan *next_conn(struct random_session *s, int number, const struct conn_scan *before)
{
  g_autofree char *uri = g_strdup_printf("test:///%d", number);
  struct conn_scan *conn = conn_scan_new(uri);
  g_free(conn->label);
  conn->label = g_strdup(number ? "bad\xff" : "lab");
  conn->state = chance(s, 90) ? CONN_OPEN : (enum conn_state)pick(s, CONN_STATES);
  conn->error = chance(s, 5) ? g_strdup("no\nway") : NULL;
  conn->progress = chance(s, 5) ? g_strdup("asking") : NULL;
  conn->readonly = number == 1;
  conn->local = number == 0;
  conn->tick = before ? before->tick + 1 : 1;
  conn->wall_ns = s->wall_ns + pick(s, 1000) * NS_PER_MS;
  conn->mono_ns = s->mono_ns;
  conn->cost_seconds = pick(s, 1000) / 1000.0;
  GPtrArray *guests = g_ptr_array_new();
  for (int i = 0; before && i < before->guest_count; i++)
    if (!chance(s, 2))
      g_ptr_array_add(guests, next_guest(s, before->guests[i]));
  if ((int)guests->len < s->guests_max && chance(s, 40))
    g_ptr_array_add(guests, first_guest(s));
  conn_scan_take_guests(conn, guests);
  return conn;
}

static struct host_scan *next_host(struct random_session *s)
{
  struct host_scan *host = host_scan_new(s->tick < 50 ? "host-a" : "host\xff", chance(s, 90) ? 4 : 2);
  host->source = g_strdup("libstatgrab and /proc");
  host->wall_ns = s->wall_ns;
  host->mono_ns = s->mono_ns + pick(s, 1000);
  change_readings(s, SCOPE_HOST, &host->r, -1);
  for (int i = 0; i < host->core_count; i++)
    change_readings(s, SCOPE_CORE, &host->cores[i], -1);
  return host;
}

struct random_session *random_session_new(uint32_t seed, int conns, int guests)
{
  struct random_session *s = g_new0(struct random_session, 1);
  s->rand = g_rand_new_with_seed(seed);
  s->conn_count = MIN(conns, CONNS_MAX);
  s->guests_max = guests;
  s->wall_ns = INT64_C(1795000000) * NS_PER_S;
  s->mono_ns = INT64_C(86400) * NS_PER_S;
  return s;
}

void random_session_free(struct random_session *s)
{
  for (int i = 0; i < CONNS_MAX; i++)
    conn_scan_unref(s->conns[i]);
  host_scan_unref(s->host);
  g_rand_free(s->rand);
  g_free(s);
}

struct scan *random_session_next(struct random_session *s)
{
  struct scan *scan = scan_new(s->conn_count);
  s->tick++;
  s->wall_ns += NS_PER_S + pick(s, 1000) * NS_PER_MS;
  s->mono_ns += NS_PER_S + pick(s, 1000000);
  if (chance(s, 80)) {
    host_scan_unref(s->host);
    s->host = next_host(s);
  }
  scan->tick = s->tick;
  scan->wall_ns = s->wall_ns;
  scan->mono_ns = s->mono_ns;
  scan->interval_seconds = chance(s, 90) ? 1 : 0.1;
  scan->host = s->host ? host_scan_ref(s->host) : NULL;
  for (int i = 0; i < s->conn_count; i++) {
    if (!s->conns[i] || chance(s, 90)) {
      struct conn_scan *next = next_conn(s, i, s->conns[i]);
      conn_scan_unref(s->conns[i]);
      s->conns[i] = next;
    }
    scan->conns[i] = conn_scan_ref(s->conns[i]);
  }
  return scan;
}

struct event *random_event(struct random_session *s)
{
  const char *uuid = chance(s, 50) ? "" : "00000000-0000-4000-8000-000000000001";
  struct event *event = event_new((enum event_kind)pick(s, EVENT_KINDS), pick(s, 3) - 1, uuid,
                                  chance(s, 50) ? NULL : names[pick(s, G_N_ELEMENTS(names))],
                                  names[pick(s, G_N_ELEMENTS(names))]);
  event->wall_ns = s->wall_ns + pick(s, 1000) * NS_PER_MS;
  return event;
}

struct job *random_job(struct random_session *s, uint64_t id)
{
  struct job *job = g_new0(struct job, 1);
  job->id = id;
  job->action = (enum action_id)pick(s, ACTION_COUNT);
  job->state = (enum job_state)pick(s, JOB_STATES);
  job->conn = pick(s, 3) - 1;
  g_strlcpy(job->uuid, chance(s, 50) ? "" : "00000000-0000-4000-8000-000000000001", sizeof job->uuid);
  job->guest = word(s);
  job->detail = word(s);
  job->step = word(s);
  job->error = word(s);
  job->progress = chance(s, 50) ? -1 : pick(s, 1000) / 1000.0;
  job->asked_wall_ns = s->wall_ns + pick(s, 1000) * NS_PER_MS;
  job->started_mono_ns = chance(s, 50) ? 0 : s->mono_ns;
  job->ended_mono_ns = job->started_mono_ns && chance(s, 50) ? s->mono_ns + pick(s, 1000000) : 0;
  return job;
}
