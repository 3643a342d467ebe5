/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/fake_engine.h"

#include <math.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "tests/unit/fake_snapshots.h"

#define START_MONO (1000 * NS_PER_S)
#define START_WALL (INT64_C(1763712000) * NS_PER_S)

struct engine {
  struct fake_options options;
  struct scan *scan;
  struct history *history;
  GPtrArray *events, *jobs, *removed;
  struct offers *offers;
  struct snapshot_list *snapshots;
  char *asked, *notice, *answer;
  double interval;
  uint64_t tick, next_job;
  int timer_fd;
};

/* What the made-up guests are. */
static const struct fake_guest {
  const char *name, *uuid, *backend, *target;
  enum guest_state state;
  enum accel accel;
  bool stuck, direct;
  double reads, exits, cpu; /* per second, percent */
} guests[] = {
    {"tour-virtio", "11111111-0000-4000-8000-000000000001", "virtio-blk", "vda", GUEST_RUNNING, ACCEL_KVM,
     false, false, 4600, 5800, 62.1},
    {"tour-ide", "11111111-0000-4000-8000-000000000002", "ide", "hda", GUEST_RUNNING, ACCEL_KVM, false, false,
     38, 70400, 97.4},
    {"alpine-01", "11111111-0000-4000-8000-000000000003", "virtio-scsi", "sda", GUEST_SHUTOFF, ACCEL_TCG,
     false, false, 0, 0, 0},
    {"db-direct", "11111111-0000-4000-8000-000000000004", NULL, NULL, GUEST_RUNNING, ACCEL_KVM, false, true,
     0, 310, 12},
    {"stuck-sata", "11111111-0000-4000-8000-000000000005", "sata", "sda", GUEST_RUNNING, ACCEL_TCG, true,
     false, 12, 0, 40},
};

static struct guest_info *make_info(const struct fake_guest *g, const char *name, const char *uuid)
{
  struct guest_info *info = guest_info_new(name, uuid);
  info->accel = g->accel;
  info->vcpus = 1;
  info->memory_bytes = UINT64_C(16) << 20;
  info->persistent = true;
  if (g->direct) {
    info->hostdev_count = 1;
    info->hostdevs = g_new0(struct hostdev_info, 1);
    info->hostdevs[0].address = g_strdup("0000:01:00.1");
    return info;
  }
  info->disk_count = 1;
  info->disks = g_new0(struct disk_info, 1);
  info->disks[0].target = g_strdup(g->target);
  info->disks[0].source = g_strdup_printf("/var/lib/lab/%s.qcow2", g->name);
  info->disks[0].format = g_strdup("qcow2");
  info->disks[0].backend = backend_find(BACKEND_DISK, g->backend);
  info->disks[0].bus = g_strdup(info->disks[0].backend ? info->disks[0].backend->bus : "?");
  info->disks[0].cache = g_strdup("none");
  info->disks[0].io = g_strdup("native");
  return info;
}

/* Counters that rise by RATE each second with a wave that the tick alone decides. */
static double risen(double rate, double seconds)
{
  return rate * (seconds + 0.3 * sin(seconds / 3));
}

static void make_disk(struct guest *guest, const struct fake_guest *g, double seconds)
{
  if (g->direct)
    return;
  guest_resize_disks(guest, 1);
  struct guest_disk *disk = &guest->disks[0];
  disk->target = g_strdup(g->target);
  const double reads = floor(risen(g->reads, seconds)), writes = floor(risen(g->reads / 8, seconds));
  readings_set(&disk->r, DISK_RD_REQS, reads);
  readings_set(&disk->r, DISK_RD_BYTES, reads * 4096);
  readings_set(&disk->r, DISK_RD_TIME, reads / (g->reads * 6));
  readings_set(&disk->r, DISK_WR_REQS, writes);
  readings_set(&disk->r, DISK_WR_BYTES, writes * 4096);
  readings_set(&disk->r, DISK_WR_TIME, writes / (g->reads * 4));
  readings_set(&disk->r, DISK_FL_REQS, 0);
  readings_set(&disk->r, DISK_FL_TIME, 0);
  readings_set(&disk->r, DISK_CAPACITY, 1 << 30);
  readings_set(&disk->r, DISK_ALLOCATION, 12 << 20);
}

static void make_vcpu(struct guest *guest, const struct fake_guest *g, double seconds)
{
  guest_resize_vcpus(guest, 1);
  struct readings *r = &guest->vcpus[0];
  readings_set(r, VCPU_TIME, risen(g->cpu / 110, seconds));
  readings_set(r, VCPU_DELAY, seconds * 0.018);
  readings_set(r, VCPU_WAIT_TIME, 0);
  if (g->accel != ACCEL_KVM)
    return;
  readings_set(r, VCPU_EXITS_TOTAL, floor(risen(g->exits, seconds)));
  readings_set(&guest->r, GUEST_EXITS_IO_TOTAL, floor(risen(g->exits * 0.91, seconds)));
  readings_set(&guest->r, GUEST_EXITS_MMIO_TOTAL, floor(risen(g->exits * 0.06, seconds)));
  readings_set(&guest->r, GUEST_EXITS_HALT_TOTAL, floor(risen(g->exits * 0.02, seconds)));
}

/* A stuck guest's readings are those of tick 4. */
static struct guest *make_guest(const struct engine *engine, const struct fake_guest *g, const char *name,
                                const char *uuid, const struct guest *before)
{
  struct guest_info *info = before ? guest_info_ref(before->info) : make_info(g, name, uuid);
  struct guest *guest = guest_new(info);
  const double now = (double)engine->tick * engine->interval;
  const double seconds = g->stuck ? MIN(now, 4 * engine->interval) : now;
  guest->state = g->state;
  guest_info_unref(info);
  guest->at_ns[GROUP_STATE] = START_MONO + (int64_t)(now * (double)NS_PER_S);
  if (!guest_state_active(g->state))
    return guest;
  guest->id = 7;
  guest->run = 1;
  for (int i = GROUP_CPU; i < GROUP_HOST; i++)
    guest->at_ns[i] = START_MONO + (int64_t)(seconds * (double)NS_PER_S);
  if (g->stuck && now > seconds)
    guest->stuck_since_ns = guest->at_ns[GROUP_CPU];
  readings_set(&guest->r, GUEST_CPU_TIME, risen(g->cpu / 100, seconds));
  readings_set(&guest->r, GUEST_MEM, 16 << 20);
  readings_set(&guest->r, GUEST_RSS, 81 << 20);
  make_disk(guest, g, seconds);
  make_vcpu(guest, g, seconds);
  guest_derive(guest, before);
  return guest;
}

static bool is_removed(const struct engine *engine, const char *name)
{
  for (guint i = 0; i < engine->removed->len; i++)
    if (strcmp(g_ptr_array_index(engine->removed, i), name) == 0)
      return true;
  return false;
}

static void add_guest(const struct engine *engine, GPtrArray *list, const struct fake_guest *g,
                      const char *name, const char *uuid)
{
  if (!is_removed(engine, name))
    g_ptr_array_add(list, make_guest(engine, g, name, uuid, scan_find_uuid(engine->scan, 0, uuid, NULL)));
}

static struct conn_scan *make_conn(const struct engine *engine)
{
  struct conn_scan *conn = conn_scan_new("qemu:///embed?root=/lab");
  GPtrArray *list = g_ptr_array_new();
  const int count = engine->options.guests ? engine->options.guests : (int)G_N_ELEMENTS(guests);
  g_free(conn->label);
  conn->label = g_strdup("lab");
  conn->state = CONN_OPEN;
  conn->local = true;
  conn->readonly = engine->options.readonly;
  for (int i = 0; i < count; i++) {
    const struct fake_guest *g = &guests[i % (int)G_N_ELEMENTS(guests)];
    g_autofree char *name =
        i < (int)G_N_ELEMENTS(guests) ? g_strdup(g->name) : g_strdup_printf("guest-%03d", i);
    g_autofree char *uuid = g_strdup_printf("11111111-0000-4000-8000-%012d", i + 1);
    add_guest(engine, list, g, name, uuid);
  }
  if (engine->options.hostile)
    add_guest(engine, list, &guests[0], engine->options.hostile, "22222222-0000-4000-8000-000000000001");
  conn_scan_take_guests(conn, list);
  conn->tick = engine->tick;
  return conn;
}

static struct conn_scan *make_lost(void)
{
  struct conn_scan *conn = conn_scan_new("qemu+ssh://far/system");
  g_free(conn->label);
  conn->label = g_strdup("far");
  conn->state = CONN_LOST;
  conn->error = g_strdup("Cannot recv data: Connection reset by peer");
  return conn;
}

static struct host_scan *make_host(const struct engine *engine)
{
  struct host_scan *host = host_scan_new("bench", engine->options.cores ? engine->options.cores : 2);
  const double t = (double)engine->tick;
  static const struct {
    int metric;
    double value;
  } rows[] = {{HOST_USER, 20.1},      {HOST_SYSTEM, 12},      {HOST_IOWAIT, 0.1},   {HOST_STEAL, 0.3},
              {HOST_IDLE, 61.9},      {HOST_LOAD1, 1.92},     {HOST_LOAD5, 1.5},    {HOST_LOAD15, 1.2},
              {HOST_MEM_TOTAL, 24e9}, {HOST_MEM_USED, 4.1e9}, {HOST_SWAP_USED, 0},  {HOST_DISK_RD, 148e6},
              {HOST_DISK_WR, 12e6},   {HOST_NET_RX, 1.2e6},   {HOST_NET_TX, 0.1e6}, {HOST_PSI_CPU, 12.3},
              {HOST_PSI_IO, 3.1},     {HOST_PSI_MEM, 0}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    readings_set(&host->r, rows[i].metric, rows[i].value);
  readings_set(&host->r, HOST_CPU, 38 + 20 * sin(t / 4));
  for (int i = 0; i < host->core_count; i++)
    readings_set(&host->cores[i], CORE_CPU, 50 + 45 * sin(t / 3 + i));
  return host;
}

void fake_step(struct engine *engine)
{
  struct scan *scan = scan_new(engine->options.lost ? 2 : 1);
  engine->tick++;
  scan->tick = engine->tick;
  scan->interval_seconds = engine->interval;
  scan->mono_ns = START_MONO + (int64_t)((double)engine->tick * engine->interval * (double)NS_PER_S);
  scan->wall_ns = scan->mono_ns - START_MONO + START_WALL;
  scan->host = make_host(engine);
  scan->host->mono_ns = scan->mono_ns;
  scan->host->wall_ns = scan->wall_ns;
  scan->conns[0] = make_conn(engine);
  scan->conns[0]->mono_ns = scan->mono_ns;
  scan->conns[0]->wall_ns = scan->wall_ns;
  if (engine->options.lost)
    scan->conns[1] = make_lost();
  scan_unref(engine->scan);
  engine->scan = scan;
  history_add(engine->history, scan);
}

static void log_event(struct engine *engine, enum event_kind kind, const char *guest, const char *text)
{
  struct event *event = event_new(kind, 0, "", guest, text);
  event->wall_ns = START_WALL;
  g_ptr_array_add(engine->events, event);
}

static void set_timer(struct engine *engine)
{
  const double tick = engine->options.tick > 0 ? engine->interval : 0;
  const struct timespec span = {(time_t)tick, (long)((tick - floor(tick)) * 1e9)};
  const struct itimerspec timer = {span, span};
  timerfd_settime(engine->timer_fd, 0, &timer, NULL);
}

static struct offers *make_offers(void)
{
  struct offers *offers = offers_new(0);
  int count;
  const struct backend *table = backend_table(&count);
  for (int i = 0; i < count; i++) {
    const bool direct = table[i].path == PATH_DIRECT;
    const char *reason = direct ? "no IOMMU on this host: /sys/class/iommu is empty" : NULL;
    if (strcmp(table[i].name, "nvme") == 0)
      reason = "not offered by libvirt 9.0.0 (domain capabilities)";
    if (table[i].class == BACKEND_DISK)
      offers_add(&offers->disks, &offers->disk_count, &table[i], table[i].name, table[i].text, reason);
    else
      offers_add(&offers->nics, &offers->nic_count, &table[i], table[i].name, table[i].text, reason);
  }
  offers_add(&offers->templates, &offers->template_count, NULL, "pulse", "512 B boot sector, drives the disk",
             NULL);
  offers_add(&offers->templates, &offers->template_count, NULL, "linux", "kernel and busybox", NULL);
  offers_add(&offers->accels, &offers->accel_count, NULL, "kvm", "the CPU's own", NULL);
  offers_add(&offers->accels, &offers->accel_count, NULL, "tcg", "emulated CPU", NULL);
  offers->best = ACCEL_KVM;
  offers->memory_free_bytes = UINT64_C(20) << 30;
  offers->disk_free_bytes = UINT64_C(80) << 30;
  return offers;
}

struct engine *fake_engine_new(const struct fake_options *options, const struct settings *settings)
{
  struct engine *engine = g_new0(struct engine, 1);
  engine->options = *options;
  engine->interval = options->tick > 0 ? options->tick : 1;
  engine->history = history_new(settings ? (int)settings_number(settings, SETTING_HISTORY) : 600);
  engine->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
  engine->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_free);
  engine->removed = g_ptr_array_new_with_free_func(g_free);
  engine->offers = make_offers();
  engine->asked = g_strdup("");
  engine->scan = scan_new(0);
  engine->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  set_timer(engine);
  log_event(engine, EVENT_CONNECTION, NULL, "lab: open");
  log_event(engine, EVENT_GUEST, "tour-virtio", "started");
  log_event(engine, EVENT_GUEST, "tour-ide", "started");
  fake_step(engine);
  return engine;
}

const char *fake_asked(const struct engine *engine)
{
  return engine->asked;
}

void fake_remove(struct engine *engine, const char *name)
{
  g_ptr_array_add(engine->removed, g_strdup(name));
}

/* ---- core/engine/engine.h ---- */

bool engine_finish(G_GNUC_UNUSED struct engine *engine, char **ret_export, G_GNUC_UNUSED GError **err)
{
  *ret_export = NULL;
  return true;
}

void engine_free(struct engine *engine)
{
  close(engine->timer_fd);
  scan_unref(engine->scan);
  history_free(engine->history);
  g_ptr_array_unref(engine->events);
  g_ptr_array_unref(engine->jobs);
  g_ptr_array_unref(engine->removed);
  offers_unref(engine->offers);
  snapshot_list_free(engine->snapshots);
  g_free(engine->asked);
  g_free(engine->notice);
  g_free(engine->answer);
  g_free(engine);
}

int engine_wake_fd(const struct engine *engine)
{
  return engine->timer_fd;
}

unsigned engine_poll(struct engine *engine)
{
  uint64_t times;
  if (read(engine->timer_fd, &times, sizeof times) != (ssize_t)sizeof times)
    return 0;
  fake_step(engine);
  return NEWS_SCAN;
}

const struct scan *engine_scan(const struct engine *engine)
{
  return engine->scan;
}

const struct history *engine_history(const struct engine *engine)
{
  return engine->history;
}

const GPtrArray *engine_events(const struct engine *engine)
{
  return engine->events;
}

const GPtrArray *engine_jobs(const struct engine *engine)
{
  return engine->jobs;
}

const struct offers *engine_offers(const struct engine *engine, G_GNUC_UNUSED int conn)
{
  return engine->offers;
}

const char *engine_notice(const struct engine *engine, bool *ret_is_error)
{
  *ret_is_error = false;
  return engine->notice;
}

static void note(struct engine *engine, char *asked)
{
  g_free(engine->asked);
  engine->asked = asked;
}

static void add_job(struct engine *engine, enum action_id action, const char *uuid, const char *name)
{
  struct job job = {.id = ++engine->next_job, .action = action, .state = JOB_DONE, .guest = g_strdup(name)};
  g_strlcpy(job.uuid, uuid, sizeof job.uuid);
  job.asked_wall_ns = START_WALL;
  job.started_mono_ns = START_MONO;
  job.ended_mono_ns = START_MONO + 310 * NS_PER_MS;
  struct job *copy = job_copy(&job);
  g_free(job.guest);
  g_ptr_array_add(engine->jobs, copy);
  g_free(engine->notice);
  engine->notice = job_sentence(copy, job.ended_mono_ns);
}

bool engine_act(struct engine *engine, int conn, const char *uuid, enum action_id action,
                G_GNUC_UNUSED const char *const *flags, uint64_t *ret_job, G_GNUC_UNUSED GError **err)
{
  const struct guest *guest = scan_find_uuid(engine->scan, conn, uuid, NULL);
  note(engine, g_strdup_printf("%s %s", action_row(action)->name, uuid));
  add_job(engine, action, uuid, guest ? guest->info->name : NULL);
  if (ret_job)
    *ret_job = engine->next_job;
  return true;
}

bool engine_launch(struct engine *engine, G_GNUC_UNUSED int conn, const struct spec *spec, uint64_t *ret_job,
                   G_GNUC_UNUSED GError **err)
{
  note(engine, g_strdup_printf("launch %s %s", spec_text(spec, SPEC_NAME), spec_text(spec, SPEC_BACKEND)));
  add_job(engine, ACTION_LAUNCH, "", spec_text(spec, SPEC_NAME));
  if (ret_job)
    *ret_job = engine->next_job;
  return true;
}

void engine_cancel(struct engine *engine, uint64_t job)
{
  note(engine, g_strdup_printf("cancel %" G_GUINT64_FORMAT, job));
}

void engine_ask_offers(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int conn)
{
}

void engine_ask_preview(struct engine *engine, G_GNUC_UNUSED int conn, const struct spec *spec)
{
  g_free(engine->answer);
  engine->answer =
      g_strdup_printf("<domain type='kvm'>\n  <name>%s</name>\n</domain>\n", spec_text(spec, SPEC_NAME));
}

void engine_ask_files(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int conn,
                      G_GNUC_UNUSED const char *uuid)
{
}

bool engine_preview(const struct engine *engine, const char **ret_xml, const char **ret_argv,
                    const char **ret_error)
{
  *ret_xml = engine->answer;
  *ret_argv = engine->answer ? "qemu-system-x86_64 -name guest=made-up" : NULL;
  *ret_error = NULL;
  return engine->answer != NULL;
}

void engine_ask_snapshots(struct engine *engine, int conn, const char *uuid)
{
  g_free(engine->asked);
  engine->asked = g_strdup_printf("snapshots %d %s", conn, uuid);
  snapshot_list_free(engine->snapshots);
  engine->snapshots = fake_snapshots(uuid);
}

const struct snapshot_list *engine_snapshots(const struct engine *engine, const char *uuid,
                                             const char **ret_error)
{
  (void)uuid;
  *ret_error = NULL;
  return engine->snapshots;
}

const char *const *engine_files(G_GNUC_UNUSED const struct engine *engine, G_GNUC_UNUSED const char *uuid,
                                const char **ret_error)
{
  static const char *const files[] = {"/var/lib/lab/tour-virtio.qcow2", NULL};
  *ret_error = NULL;
  return files;
}

bool engine_apply_template(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int conn,
                           G_GNUC_UNUSED struct spec *spec, G_GNUC_UNUSED GError **err)
{
  return true;
}

void engine_export_now(struct engine *engine, const char *file)
{
  note(engine, g_strdup_printf("export %s", file ? file : "-"));
}

void engine_set_attention(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED const char *const *uuids)
{
}

bool engine_set_interval(struct engine *engine, double seconds, G_GNUC_UNUSED GError **err)
{
  engine->interval = seconds;
  set_timer(engine);
  return true;
}

double engine_interval(const struct engine *engine)
{
  return engine->interval;
}

void engine_refresh(struct engine *engine)
{
  fake_step(engine);
}

bool engine_readonly(const struct engine *engine)
{
  return engine->options.readonly;
}

void engine_recording(const struct engine *engine, struct engine_recording *ret)
{
  *ret = (struct engine_recording){.on = true, .seconds = (double)engine->tick * engine->interval};
}

const char *const *engine_unfinished(G_GNUC_UNUSED const struct engine *engine)
{
  return NULL;
}

void engine_replay_state(G_GNUC_UNUSED const struct engine *engine, struct engine_replay *ret)
{
  *ret = (struct engine_replay){0};
}

void engine_replay_pause(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED bool paused)
{
}

void engine_replay_step(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int scans)
{
}

bool engine_replay_speed(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED double speed,
                         G_GNUC_UNUSED GError **err)
{
  return true;
}

void engine_replay_jump(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int64_t wall_ns)
{
}

bool engine_save_template(struct engine *engine, G_GNUC_UNUSED const struct spec *spec, const char *name,
                          G_GNUC_UNUSED bool replace, char **ret_path, G_GNUC_UNUSED GError **err)
{
  note(engine, g_strdup_printf("save-template %s", name));
  *ret_path = g_strdup_printf("/home/user/.config/virtlens/templates/%s.conf", name);
  return true;
}

void engine_recover(struct engine *engine, const char *journal)
{
  note(engine, g_strdup_printf("recover %s", journal));
}

void engine_discard(struct engine *engine, const char *journal)
{
  note(engine, g_strdup_printf("discard %s", journal));
}

bool engine_export_again(struct engine *engine, const char *file, G_GNUC_UNUSED GError **err)
{
  note(engine, g_strdup_printf("export-again %s", file));
  return true;
}
