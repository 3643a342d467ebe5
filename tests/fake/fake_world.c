/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The made-up world: pure, from the number of a tick alone. */
#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "tests/fake/fake.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define KIB 1024.0
#define PROXY_SHARE 0.05 /* of a guest's CPU time */
#define PROXY_DELAY_SHARE 0.01
#define START_NS (100 * NS_PER_S) /* monotonic time of tick 0 */

/* clang takes NAN for a float. */
#define NONE ((double)NAN)

static const struct sort {
  const char *name, *title, *backend, *hostdev;
  enum guest_state state;
  enum accel accel;
  unsigned vcpus;
  uint64_t memory;
  double cpu, steal, read, write, iops, latency, exits;
  bool stuck;
  int ssh_port;
  const char *boot; /* the backend of a disk before its main one; NULL: there is none */
} plain[] = {
    {"tour-virtio", NULL, "virtio-blk", NULL, GUEST_RUNNING, ACCEL_KVM, 1, 16 * MIB, 62.1, 1.8, 16.8 * MIB,
     2.1 * MIB, 4600, 38e-6, 5800, false},
    {"tour-ide", NULL, "ide", NULL, GUEST_RUNNING, ACCEL_KVM, 1, 16 * MIB, 97.4, 2.0, 140 * KIB, 20 * KIB, 38,
     2.1e-3, 70400, false},
    {"alpine-01", "Alpine for the course", "virtio-scsi", NULL, GUEST_SHUTOFF, ACCEL_KVM, 2, 512 * MIB},
    {"db-direct", NULL, NULL, "0000:01:00.1", GUEST_RUNNING, ACCEL_KVM, 4, 4 * GIB, 12.0, 0.4, NONE, NONE,
     NONE, NONE, 310, false},
    {"frozen", NULL, "sata", NULL, GUEST_PAUSED, ACCEL_TCG, 1, 256 * MIB, 0, 0, 0, 0, 0, NONE, 0, false, 0,
     "virtio-blk"},
    {"silent", "its QEMU is stopped", "virtio-blk", NULL, GUEST_RUNNING, ACCEL_KVM, 1, 256 * MIB, 1.0, 0.0, 0,
     0, 0, NONE, 20, true},
    {"東京-lab", NULL, "usb", NULL, GUEST_RUNNING, ACCEL_TCG, 1, 128 * MIB, 33.0, 0.0, 3 * MIB, 0, 120, 9e-4,
     0, false, 2223},
    {"--help", NULL, "ide", NULL, GUEST_SHUTOFF, ACCEL_KVM, 1, 16 * MIB},
};

static const struct sort hostile[] = {
    {"evil\033]0;pwned\007", "\033[2J\033[31mred title", "virtio-blk", NULL, GUEST_RUNNING, ACCEL_KVM, 1,
     16 * MIB, 10, 0, 1 * MIB, 0, 100, 1e-4, 100, false},
    {"\xe2\x80\xaegnp.exe", "bidi\xe2\x81\xa6mark", "ide", NULL, GUEST_SHUTOFF, ACCEL_KVM, 1, 16 * MIB},
    {"bad\xff\xfe"
     "bytes",
     "\xc2\x9b"
     "31m C1",
     "sata", NULL, GUEST_RUNNING, ACCEL_KVM, 1, 16 * MIB, 20, 0, 1 * MIB, 0, 100, 1e-4, 100, false},
    {"tab\tand\nnewline", NULL, "virtio-blk", NULL, GUEST_PAUSED, ACCEL_KVM, 1, 16 * MIB},
    {"a-name-that-is-very-long-and-goes-on-and-on-until-nobody-can-want-to-read-it-any-more-0123456789", NULL,
     "usb", NULL, GUEST_RUNNING, ACCEL_TCG, 1, 16 * MIB, 5, 0, 0, 0, 0, NONE, 0, false},
};

/* A wave between 0.5 and 1 that differs from guest to guest: graphs have something to draw. */
static double wave(uint64_t tick, guint number)
{
  return 0.75 + 0.25 * sin((double)tick / 3.0 + number);
}

static void set(struct readings *r, int id, double value)
{
  if (!isnan(value))
    readings_set(r, id, value);
}

/* A rate needs two scans: the first has but the counter it is made from. */
static void set_rate(struct readings *r, enum metric_scope scope, int id, uint64_t tick, double value)
{
  if (tick > 0)
    set(r, id, value);
  else if (!isnan(value))
    readings_set(r, metric_table(scope, NULL)[id].a, 0);
}

/* What part of its exits are of the kind METRIC: those of an emulated disk are port I/O, which QEMU does. */
static double exit_share(const struct guest *guest, int metric)
{
  static const struct {
    int metric;
    double emulated, other;
  } shares[] = {{VCPU_EXITS, 1, 1},         {VCPU_USER, 0.97, 0.08},   {VCPU_IO, 0.91, 0.02},
                {VCPU_MMIO, 0.06, 0.21},    {VCPU_HALT, 0.02, 0.34},   {VCPU_IRQ, 0.01, 0.11},
                {VCPU_WINDOW, 0.004, 0.09}, {VCPU_SIGNAL, 0, 0.01},    {VCPU_HYPERCALL, 0, 0},
                {VCPU_FAULT, 0.001, 0.02},  {VCPU_EMULATED, 0.07, 0.2}};
  const struct disk_info *disk = guest_main_disk(guest->info);
  const bool emulated = disk && disk->backend->path == PATH_EMULATED;
  for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
    if (shares[i].metric == metric)
      return emulated ? shares[i].emulated : shares[i].other;
  return NONE;
}

static void set_vcpu_exits(struct guest *guest, const struct sort *sort, uint64_t tick, double w)
{
  int count;
  const struct metric *rows = metric_table(SCOPE_VCPU, &count);
  for (int i = 0; i < guest->vcpu_count; i++)
    for (int id = 0; id < count; id++)
      if (rows[id].unit == UNIT_PER_S)
        set_rate(&guest->vcpus[i], SCOPE_VCPU, id, tick,
                 sort->exits * w * exit_share(guest, id) / guest->vcpu_count);
}

static void set_figures(struct guest *guest, const struct sort *sort, uint64_t tick, double w)
{
  const struct {
    int id;
    double value;
  } rates[] = {{GUEST_CPU, sort->cpu * w},
               {GUEST_VCPU, sort->cpu * w * (1 - PROXY_SHARE)},
               {GUEST_PROXY, sort->cpu * w * PROXY_SHARE},
               {GUEST_PROXY_DELAY, sort->cpu * w * PROXY_DELAY_SHARE},
               {GUEST_PROXY_PER_IO, sort->iops > 0 ? sort->cpu / 100 * PROXY_SHARE / sort->iops : NONE},
               {GUEST_STEAL, sort->steal * w},
               {GUEST_RD, sort->read * w},
               {GUEST_WR, sort->write * w},
               {GUEST_RD_IOPS, sort->iops * w * 0.8},
               {GUEST_WR_IOPS, sort->iops * w * 0.2},
               {GUEST_IOPS, sort->iops * w},
               {GUEST_LAT, sort->latency}},
    exits[] = {{GUEST_EXITS, sort->exits * w},
               {GUEST_EXITS_IO, sort->exits * w * exit_share(guest, VCPU_IO)},
               {GUEST_EXITS_MMIO, sort->exits * w * exit_share(guest, VCPU_MMIO)},
               {GUEST_EXITS_HALT, sort->exits * w * exit_share(guest, VCPU_HALT)}};
  struct readings *r = &guest->r;
  readings_set(r, GUEST_MEM, (double)sort->memory);
  readings_set(r, GUEST_RSS, (double)sort->memory * 0.6 + 30e6);
  readings_set(r, GUEST_VCPUS, sort->vcpus);
  for (size_t i = 0; i < G_N_ELEMENTS(rates); i++)
    set_rate(r, SCOPE_GUEST, rates[i].id, tick, rates[i].value);
  for (size_t i = 0; sort->accel == ACCEL_KVM && i < G_N_ELEMENTS(exits); i++)
    set_rate(r, SCOPE_GUEST, exits[i].id, tick, exits[i].value);
}

static void set_parts(struct guest *guest, const struct sort *sort, uint64_t tick, double w)
{
  guest_resize_vcpus(guest, (int)sort->vcpus);
  for (int i = 0; i < guest->vcpu_count; i++) {
    set_rate(&guest->vcpus[i], SCOPE_VCPU, VCPU_RUN, tick, sort->cpu * w * (1 - PROXY_SHARE) / sort->vcpus);
    set_rate(&guest->vcpus[i], SCOPE_VCPU, VCPU_STEAL, tick, sort->steal * w);
  }
  if (sort->accel == ACCEL_KVM)
    set_vcpu_exits(guest, sort, tick, w);
  guest_resize_disks(guest, guest->info->disk_count);
  for (int i = 0; i < guest->disk_count; i++) {
    struct readings *r = &guest->disks[i].r;
    guest->disks[i].target = g_strdup(guest->info->disks[i].target);
    set_rate(r, SCOPE_DISK, DISK_RD, tick, sort->read * w);
    set_rate(r, SCOPE_DISK, DISK_WR, tick, sort->write * w);
    set_rate(r, SCOPE_DISK, DISK_RD_IOPS, tick, sort->iops * w * 0.8);
    set_rate(r, SCOPE_DISK, DISK_WR_IOPS, tick, sort->iops * w * 0.2);
    set_rate(r, SCOPE_DISK, DISK_RD_LAT, tick, sort->latency);
    readings_set(r, DISK_CAPACITY, (double)GIB);
    readings_set(r, DISK_ALLOCATION, 200.0 * (double)MIB);
  }
}

static void set_threads(struct guest *guest, const struct sort *sort, uint64_t tick, double w)
{
  const struct {
    const char *role;
    int count;
    double cpu_share, delay_share;
  } roles[] = {{"vCPU", (int)sort->vcpus, 1 - PROXY_SHARE, sort->steal / MAX(sort->cpu, 1)},
               {"main loop", 1, PROXY_SHARE * 0.4, PROXY_DELAY_SHARE * 0.5},
               {"other", 1, 0, 0},
               {"monitor", 1, 0, 0},
               {"worker", 2, PROXY_SHARE * 0.6, PROXY_DELAY_SHARE * 0.5}};
  guest_resize_parts(guest, SCOPE_THREAD, G_N_ELEMENTS(roles));
  for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
    struct readings *r = &guest->threads[i].r;
    guest->threads[i].target = g_strdup(roles[i].role);
    set_rate(r, SCOPE_THREAD, THREAD_CPU, tick, sort->cpu * w * roles[i].cpu_share);
    set_rate(r, SCOPE_THREAD, THREAD_DELAY, tick, sort->cpu * w * roles[i].delay_share);
    readings_set(r, THREAD_COUNT, roles[i].count);
  }
}

static void add_disk(struct guest_info *info, const char *backend, const char *file)
{
  info->disks = g_renew(struct disk_info, info->disks, info->disk_count + 1);
  struct disk_info *disk = &info->disks[info->disk_count++];
  *disk = (struct disk_info){.format = g_strdup("qcow2"),
                             .cache = g_strdup("none"),
                             .source = g_strdup_printf("/var/lib/virtlens/%s.qcow2", file),
                             .backend = backend_find(BACKEND_DISK, backend)};
  disk->target = g_strconcat(disk->backend->prefix, "a", NULL);
  disk->bus = g_strdup(disk->backend->bus);
}

static struct guest_info *make_info(const struct sort *sort, guint number)
{
  g_autofree char *uuid = g_strdup_printf("00000000-0000-4000-8000-%012u", number);
  struct guest_info *info = guest_info_new(sort->name, uuid);
  info->title = g_strdup(sort->title);
  info->accel = sort->accel;
  info->kind = sort->accel == ACCEL_KVM ? KIND_KVM_QEMU : KIND_TCG;
  info->vcpus = sort->vcpus;
  info->memory_bytes = sort->memory;
  info->persistent = true;
  info->inside = fake_inside(sort->name);
  if (sort->hostdev) {
    info->hostdev_count = 1;
    info->hostdevs = g_new0(struct hostdev_info, 1);
    info->hostdevs[0].address = g_strdup(sort->hostdev);
  }
  if (sort->ssh_port) {
    info->nic_count = 1;
    info->nics = g_new0(struct nic_info, 1);
    info->nics[0].backend = backend_find(BACKEND_NIC, "virtio-net");
    info->nics[0].mac = g_strdup("52:54:00:01:02:03");
    info->nics[0].ssh_port = sort->ssh_port;
  }
  if (sort->boot)
    add_disk(info, sort->boot, "boot");
  if (sort->backend)
    add_disk(info, sort->backend, sort->name);
  return info;
}

static struct guest *make_guest(const struct sort *sort, guint number, uint64_t tick, int64_t now_ns)
{
  struct guest_info *info = make_info(sort, number);
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  guest->state = sort->state;
  guest->at_ns[GROUP_STATE] = now_ns;
  if (!guest_state_active(sort->state))
    return guest;
  for (int i = GROUP_STATE + 1; i < GROUP_COUNT; i++)
    guest->at_ns[i] = sort->stuck ? START_NS : now_ns;
  guest->id = (int)number + 1;
  guest->run = 1;
  guest->stuck_since_ns = sort->stuck ? START_NS : 0;
  const double w = wave(sort->stuck ? 0 : tick, number);
  set_figures(guest, sort, tick, w);
  set_parts(guest, sort, tick, w);
  set_threads(guest, sort, tick, w);
  return guest;
}

static struct host_scan *make_host(const struct scan *scan, int cores)
{
  static const struct {
    int metric;
    double value;
  } figures[] = {{HOST_CPU, 38},           {HOST_USER, 25},        {HOST_SYSTEM, 12},
                 {HOST_IOWAIT, 1},         {HOST_STEAL, 0.3},      {HOST_IDLE, 61},
                 {HOST_LOAD1, 1.92},       {HOST_LOAD5, 1.5},      {HOST_LOAD15, 1.1},
                 {HOST_MEM_TOTAL, 24.0e9}, {HOST_MEM_USED, 4.1e9}, {HOST_DISK_RD, 148e6},
                 {HOST_DISK_WR, 12e6},     {HOST_NET_RX, 1.2e6},   {HOST_NET_TX, 0.1e6},
                 {HOST_PSI_CPU, 12},       {HOST_PSI_IO, 3},       {HOST_PSI_MEM, 0},
                 {HOST_SWAP_USED, 0},      {HOST_GUEST, 21},       {HOST_IRQ, 0.8}};
  static const struct {
    int metric;
    double share; /* of what the core is busy */
  } core_figures[] = {{CORE_CPU, 1},      {CORE_USER, 0.66}, {CORE_GUEST, 0.55},
                      {CORE_SYSTEM, 0.3}, {CORE_IRQ, 0.02},  {CORE_STEAL, 0.04}};
  struct host_scan *host = host_scan_new("testhost", cores);
  host->source = g_strdup("libstatgrab and /proc");
  host->wall_ns = scan->wall_ns;
  host->mono_ns = scan->mono_ns;
  for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
    readings_set(&host->r, figures[i].metric, figures[i].value);
  for (int i = 0; i < host->core_count; i++)
    for (size_t k = 0; k < G_N_ELEMENTS(core_figures); k++)
      readings_set(&host->cores[i], core_figures[k].metric,
                   core_figures[k].share * 50 * wave(scan->tick, (guint)i));
  return host;
}

static GPtrArray *make_guests(const struct fake_options *options, uint64_t tick, int64_t now_ns)
{
  GPtrArray *guests = g_ptr_array_new();
  const enum fake_world world = options->world;
  const struct sort *table = world == FAKE_HOSTILE ? hostile : plain;
  guint count = world == FAKE_HOSTILE ? G_N_ELEMENTS(hostile) : world == FAKE_PLAIN ? G_N_ELEMENTS(plain) : 0;
  guint many = world != FAKE_MANY ? 0 : options->guests ? (guint)options->guests : 100;
  for (guint i = 0; i < count; i++)
    g_ptr_array_add(guests, make_guest(&table[i], i, tick, now_ns));
  for (guint i = 0; i < many; i++) {
    g_autofree char *name = g_strdup_printf("guest-%03u", i);
    struct sort sort = plain[i % 2];
    sort.name = name;
    g_ptr_array_add(guests, make_guest(&sort, i, tick, now_ns));
  }
  if (options->extra) {
    struct sort sort = plain[0];
    sort.name = options->extra;
    g_ptr_array_add(guests, make_guest(&sort, count + many, tick, now_ns));
  }
  return guests;
}

static struct conn_scan *make_conn(const struct scan *scan, const char *uri, const char *label,
                                   enum conn_state state)
{
  struct conn_scan *conn = conn_scan_new(uri);
  g_free(conn->label);
  conn->label = g_strdup(label);
  conn->state = state;
  conn->tick = scan->tick;
  conn->wall_ns = scan->wall_ns;
  conn->mono_ns = scan->mono_ns;
  conn->cost_seconds = 0.011;
  return conn;
}

static struct conn_scan *make_lab(const struct fake_options *options, const struct scan *scan)
{
  const enum fake_world world = options->world;
  struct conn_scan *conn = make_conn(scan, "qemu:///embed", "lab",
                                     world == FAKE_OPENING  ? CONN_OPENING
                                     : world == FAKE_FAILED ? CONN_FAILED
                                                            : CONN_OPEN);
  if (world == FAKE_OPENING)
    conn->progress = g_strdup("asking QEMU what it can do (once, about 4 s)");
  if (world == FAKE_FAILED)
    conn->error =
        g_strdup("Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory\n"
                 "Start the daemon: systemctl start libvirtd; or try --lab, which needs none.");
  conn->local = true;
  conn_scan_take_guests(conn, make_guests(options, scan->tick, scan->mono_ns));
  return conn;
}

static struct conn_scan *make_far(const struct fake_options *options, const struct scan *scan)
{
  struct conn_scan *conn =
      make_conn(scan, "qemu+ssh://far/system", "far", options->lost ? CONN_LOST : CONN_OPEN);
  if (options->lost)
    conn->error = g_strdup("Cannot recv data: Connection reset by peer");
  else
    conn_scan_take_guests(conn, make_guests(options, scan->tick, scan->mono_ns));
  return conn;
}

struct scan *fake_scan(const struct fake_options *options, uint64_t tick)
{
  const bool far = options->lost || options->twin;
  struct scan *scan = scan_new(far ? 2 : 1);
  scan->tick = tick;
  scan->wall_ns = clock_wall_ns() + (int64_t)tick * NS_PER_S;
  scan->mono_ns = START_NS + (int64_t)tick * NS_PER_S;
  scan->interval_seconds = 1;
  scan->host = make_host(scan, options->cores ? options->cores : 2);
  scan->conns[0] = make_lab(options, scan);
  if (far)
    scan->conns[1] = make_far(options, scan);
  return scan;
}

/* ---- what can be launched ---- */

static void add_backends(struct offers *offers)
{
  static const char *const refused[][2] = {
      {"nvme", "the domain capabilities of libvirt 9.0.0 list no disk bus 'nvme' for machine pc"},
      {"sr-iov-nvme", "no IOMMU on this host: /sys/class/iommu is empty"},
      {"sr-iov-vf", "no IOMMU on this host: /sys/class/iommu is empty"},
  };
  int count;
  const struct backend *table = backend_table(&count);
  for (int i = 0; i < count; i++) {
    const char *why = NULL;
    for (size_t k = 0; k < G_N_ELEMENTS(refused); k++)
      if (strcmp(refused[k][0], table[i].name) == 0)
        why = refused[k][1];
    bool disk = table[i].class == BACKEND_DISK;
    offers_add(disk ? &offers->disks : &offers->nics, disk ? &offers->disk_count : &offers->nic_count,
               &table[i], table[i].name, table[i].text, why);
  }
}

struct offers *fake_offers(void)
{
  struct offers *offers = offers_new(0);
  add_backends(offers);
  static const char *const templates[][3] = {
      {"pulse", "a boot sector that reads and writes a scratch disk for ever", NULL},
      {"linux", "a Debian kernel with a busybox shell on the serial port",
       "no kernel in /var/lib/virtlens/linux"},
      {"image", "an existing disk image, through a thin overlay", NULL},
      {"iso", "an installer CD and an empty disk", NULL},
      {"kernel", "a kernel with initrd and command line of your own", NULL},
      {"mine", "a template of my own", NULL},
      {"broken", "", "broken.template:3: 'memry' is no field of a template"}};
  for (size_t i = 0; i < G_N_ELEMENTS(templates); i++)
    offers_add(&offers->templates, &offers->template_count, NULL, templates[i][0], templates[i][1],
               templates[i][2]);
  offers_add(&offers->accels, &offers->accel_count, NULL, "auto", "the best there is: kvm", NULL);
  offers_add(&offers->accels, &offers->accel_count, NULL, "kvm", "/dev/kvm", NULL);
  offers_add(&offers->accels, &offers->accel_count, NULL, "tcg", "emulated CPU", NULL);
  offers->best = ACCEL_KVM;
  offers->memory_free_bytes = 3 * GIB;
  offers->disk_free_bytes = 20 * GIB;
  offers->ssh_port = 2224;
  offers->ssh_network =
      g_strdup("leads to its port 22 by QEMU's own network; not by passt: it is not installed");
  return offers;
}
