/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/simulate.h"

#include <math.h>
#include <string.h>

#define EXIT_S 5e-6
#define DRIVER_S 2e-6  /* of the guest's CPU for a request */
#define PROXY_S 12e-6  /* of QEMU for a request of an emulated or paravirtual device */
#define DISK_S 80e-6   /* of the host's disk for the first byte */
#define DISK_BYTES 2e9 /* per second and request from there on */
#define DISK_SERVERS 8 /* requests at once */
#define FLUSH_S 1e-3
#define NOISE 0.02 /* standard deviation of a run's speed, as a part of it */
#define TCG_SLOWER 12.0
#define REQUESTS_MOST 20000 /* of one run: enough for p99.9 */
#define BIN 1.02            /* latencies are counted in bins, each so many times the one before */

/* How a device is driven. */
struct device {
  const char *backend;
  double exits; /* of one request */
  int queue;    /* requests that it takes at once */
  double proxy; /* work of QEMU for one, as part of PROXY_S; 0: none */
};
static const struct device devices[] = {
    {"virtio-blk", 1, 256, 1}, {"virtio-scsi", 1.2, 256, 1.2}, {"scsi-lsi", 14, 1, 3},
    {"ide", 22, 1, 2},         {"sata", 16, 32, 1.8},          {"usb", 40, 1, 4},
    {"nvme", 15, 64, 1.6},     {"sr-iov-nvme", 0.1, 256, 0},
};

static const struct device *device_of(const struct backend *backend)
{
  for (size_t i = 0; i < G_N_ELEMENTS(devices); i++)
    if (strcmp(devices[i].backend, backend->name) == 0)
      return &devices[i];
  return &devices[0];
}

/* ---- one run of requests ---- */

struct station {
  double *free_at; /* of each server */
  int servers;
  double busy; /* seconds, of all servers */
};

static double least_of(const double *values, int n, int *ret_index)
{
  *ret_index = 0;
  for (int i = 1; i < n; i++)
    if (values[i] < values[*ret_index])
      *ret_index = i;
  return values[*ret_index];
}

/* When a request that comes at ARRIVAL and takes SERVICE is done there. */
static double pass(struct station *station, double arrival, double service)
{
  int server;
  const double free_at = least_of(station->free_at, station->servers, &server);
  station->busy += service;
  return station->free_at[server] = fmax(arrival, free_at) + service;
}

struct load {
  double vcpu, proxy, disk; /* mean service of a request, seconds */
  double flush;             /* on top, for one request of so many */
  int every;                /* 0: none */
  int depth;
};

struct outcome {
  double seconds, vcpu_busy, proxy_busy;
  int requests;
};

static double exponential(GRand *rand, double mean)
{
  return -mean * log(1 - g_rand_double(rand));
}

static void count(struct bench_histogram *histogram, double seconds)
{
  bench_histogram_add(histogram, exp(round(log(seconds) / log(BIN)) * log(BIN)), 1);
}

/* REQUESTS through all three stations; a place of the depth is free again when its request is done. */
static struct outcome go_round(const struct load *load, int requests, GRand *rand,
                               struct bench_histogram *latency)
{
  double vcpu_free[1] = {0}, proxy_free[1] = {0}, disk_free[DISK_SERVERS] = {0};
  struct station vcpu = {vcpu_free, 1, 0}, proxy = {proxy_free, 1, 0}, disk = {disk_free, DISK_SERVERS, 0};
  g_autofree double *places = g_new0(double, load->depth);
  double end = 0;
  for (int i = 0; i < requests; i++) {
    int place;
    const double arrival = least_of(places, load->depth, &place);
    const double flush = load->every && i % load->every == 0 ? load->flush : 0;
    double at = pass(&vcpu, arrival, load->vcpu);
    if (load->proxy > 0)
      at = pass(&proxy, at, load->proxy);
    places[place] = pass(&disk, at, exponential(rand, load->disk) + flush);
    count(latency, places[place] - arrival);
    end = fmax(end, places[place]);
  }
  return (struct outcome){end, vcpu.busy, proxy.busy, requests};
}

/* ---- from cells to loads, and from outcomes to figures ---- */

static bool is_emulated_cpu(const struct bench_cell *cell)
{
  return cell->accel == BENCH_TCG;
}

static double disk_seconds(uint64_t block_size)
{
  return DISK_S + (double)block_size / DISK_BYTES;
}

static struct load load_of(const struct bench_cell *cell, const struct device *device, double speed)
{
  const double slower = is_emulated_cpu(cell) ? TCG_SLOWER : 1;
  return (struct load){
      .vcpu = (DRIVER_S * slower * (cell->backend->path == PATH_DIRECT ? 0.1 : 1) + EXIT_S * device->exits) /
              speed,
      .proxy = PROXY_S * device->proxy / speed,
      .disk = disk_seconds(cell->block_size) / speed,
      .flush = FLUSH_S / speed,
      .every = cell->fsync,
      .depth = MIN(cell->depth, device->queue)};
}

static double noise(GRand *rand)
{
  const double u = 1 - g_rand_double(rand), v = g_rand_double(rand);
  return exp(NOISE * sqrt(-2 * log(u)) * cos(2 * G_PI * v));
}

static void drive_disk(struct bench_run *run, const struct bench_plan *plan, const struct bench_cell *cell,
                       GRand *rand)
{
  const struct device *device = device_of(cell->backend);
  const struct load load = load_of(cell, device, noise(rand));
  const double one = load.vcpu + load.proxy + load.disk;
  const int requests = (int)CLAMP(plan->duration * load.depth / one, 100, REQUESTS_MOST);
  run->latency = bench_histogram_new();
  const struct outcome outcome = go_round(&load, requests, rand, run->latency);
  const double vcpu = 100 * outcome.vcpu_busy / outcome.seconds;
  const double proxy = 100 * outcome.proxy_busy / outcome.seconds;
  double *value = run->value;
  run->seconds = plan->duration;
  value[BENCH_F_IOPS] = outcome.requests / outcome.seconds;
  value[BENCH_F_THROUGHPUT] = value[BENCH_F_IOPS] * (double)cell->block_size;
  value[BENCH_F_LAT_MEAN] = bench_histogram_mean(run->latency);
  value[BENCH_F_LAT_P50] = bench_histogram_percentile(run->latency, 50);
  value[BENCH_F_LAT_P99] = bench_histogram_percentile(run->latency, 99);
  value[BENCH_F_LAT_P999] = bench_histogram_percentile(run->latency, 99.9);
  value[BENCH_F_LAT_MAX] = bench_histogram_percentile(run->latency, 100);
  value[BENCH_F_VCPU_CPU] = vcpu;
  value[BENCH_F_PROXY_CPU] = proxy;
  value[BENCH_F_QEMU_CPU] = value[BENCH_F_HOST_CPU] = vcpu + proxy;
  value[BENCH_F_PER_CPU] = 100 * value[BENCH_F_IOPS] / (vcpu + proxy);
  value[BENCH_F_EXITS] = device->exits;
}

/* Seconds of a small Linux; each of its requests to the disk counts as at depth 1. */
static void boot(struct bench_run *run, const struct bench_cell *cell, GRand *rand)
{
  static const double firmware = 0.4, kernel = 0.5, userspace = 0.3, requests = 1500;
  const double slower = (is_emulated_cpu(cell) ? TCG_SLOWER / 3 : 1) / noise(rand);
  struct bench_cell reads = *cell;
  reads.block_size = 4096;
  reads.depth = 1;
  const struct load load = load_of(&reads, device_of(cell->backend), noise(rand));
  const double disk = requests * (load.vcpu + load.proxy + load.disk);
  run->value[BENCH_F_FIRMWARE] = firmware * slower;
  run->value[BENCH_F_KERNEL] = kernel * slower;
  run->value[BENCH_F_USERSPACE] = userspace * slower + disk;
  run->value[BENCH_F_BOOT] = (firmware + kernel + userspace) * slower + disk;
}

static void compute(struct bench_run *run, const struct bench_cell *cell, GRand *rand)
{
  static const struct {
    enum bench_figure guest, host;
    double speed, slower; /* of the host per second; of an emulated CPU */
  } loops[] = {{BENCH_F_INTEGER, BENCH_F_HOST_INTEGER, 1e9, TCG_SLOWER},
               {BENCH_F_FLOAT, BENCH_F_HOST_FLOAT, 5e8, 4 * TCG_SLOWER},
               {BENCH_F_WALK, BENCH_F_HOST_WALK, 8e9, TCG_SLOWER / 2}};
  for (size_t i = 0; i < G_N_ELEMENTS(loops); i++) {
    run->value[loops[i].host] = loops[i].speed * noise(rand);
    run->value[loops[i].guest] =
        loops[i].speed * noise(rand) / (is_emulated_cpu(cell) ? loops[i].slower : 1.01);
  }
}

static struct bench_run *carry_out(const struct bench_plan *plan, int number, int round)
{
  const struct bench_cell *cell = bench_plan_cell(plan, number);
  const guint32 seeds[] = {plan->seed, (guint32)number, (guint32)round};
  struct bench_run *run = bench_run_new(number, round);
  GRand *rand = g_rand_new_with_seed_array(seeds, G_N_ELEMENTS(seeds));
  if (cell->workload == BENCH_BOOT)
    boot(run, cell, rand);
  else if (cell->workload == BENCH_CPU)
    compute(run, cell, rand);
  else
    drive_disk(run, plan, cell, rand);
  run->value[BENCH_F_MEMORY] = (double)plan->memory;
  g_rand_free(rand);
  return run;
}

double bench_simulate_bare(uint64_t block_size, int depth)
{
  return MIN(depth, DISK_SERVERS) / disk_seconds(block_size);
}

struct bench_results *bench_simulate(struct bench_plan *plan, int64_t wall_ns)
{
  struct bench_results *results = bench_results_new(plan);
  results->simulated = results->complete = true;
  results->begun_wall_ns = results->ended_wall_ns = wall_ns;
  for (int i = 0; i < (int)plan->cells->len; i++) {
    struct bench_made *made = bench_results_made(results, i);
    made->guest = g_strdup("simulated");
    made->accel = g_strdup(is_emulated_cpu(bench_plan_cell(plan, i)) ? "tcg" : "kvm");
  }
  for (int round = 0; round < plan->runs; round++) {
    g_autoptr(GArray) order = bench_plan_order(plan, round);
    for (guint i = 0; i < order->len; i++)
      bench_results_add(results, carry_out(plan, g_array_index(order, int, i), round));
  }
  return results;
}
