/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up durations: a turn with each step of the world, none where the world is read-only. */
#include <string.h>

#include "core/base/clock.h"
#include "tests/fake/fake_private.h"

static const struct {
  enum span_owner owner; /* of a guest: whoever asks */
  int pid;
  const char *name, *device;
  uint32_t what;
  uint64_t count, bytes;
  int bucket; /* of half of them; a quarter each lies beside it, a trace far above */
} spans[] = {
    {SPAN_BY_CGROUP, 0, "", "nvme0n1", 0, 20, 20 << 12, 17},
    {SPAN_BY_CGROUP, 0, "", "nvme0n1", 1, 8, 8 << 16, 20},
    {SPAN_BY_PROCESS, 0, "", "nvme0n1", 2, 4, 0, 19},
    {SPAN_OF_NOBODY, 0, "", "nvme0n1", 1, 40, 40 << 12, 22},
    {SPAN_OF_NOBODY, 31337, "\033[31mevil\007", "sda", 0, 4, 4 << 12, 24},
};

/* Who runs on CPU 2, where the vCPU of UUID waits for them; on CPU 3 it has never been. */
static struct span_turn *fake_cpu_turn(const char *uuid)
{
  static const struct {
    bool own, vcpu;
    int pid;
    const char *name;
    uint32_t what;
    uint64_t cpu, ms;
  } rows[] = {{true, true, 0, "", SPAN_RAN, 2, 300},
              {true, true, 0, "", SPAN_WAITED, 2, 640},
              {true, false, 0, "", SPAN_RAN, 2, 23},
              {false, false, 4242, "make", SPAN_RAN, 2, 412},
              {false, false, 31337, "\033[31mevil\007", SPAN_RAN, 2, 180},
              {false, false, 99, "elsewhere", SPAN_RAN, 3, 900}};
  GArray *list = g_array_new(FALSE, FALSE, sizeof(struct span));

  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    struct span span = {.owner = rows[i].own ? SPAN_BY_PROCESS : SPAN_OF_NOBODY,
                        .pid = rows[i].pid,
                        .tid = rows[i].vcpu ? 7 : 0,
                        .what = rows[i].what,
                        .place = rows[i].cpu,
                        .sums = {.count = rows[i].ms, .ns = rows[i].ms * NS_PER_MS}};
    span.sums.buckets[19] = rows[i].ms - rows[i].ms / 10;
    span.sums.buckets[21] = rows[i].ms / 10;
    g_strlcpy(span.uuid, rows[i].own ? uuid : "", sizeof span.uuid);
    g_strlcpy(span.name, rows[i].name, sizeof span.name);
    g_array_append_val(list, span);
  }
  return span_turn_new(SPAN_CPU, list);
}

/* Of a guest that works on its IDE disk's ports, as VMX tells it. */
static struct span_turn *fake_exit_turn(const char *uuid)
{
  static const struct {
    uint32_t what;
    uint64_t place, count;
    int bucket;
  } rows[] = {{SPAN_LEFT, UINT64_C(1) << 32 | 30, 2000, 14},
              {SPAN_LEFT, UINT64_C(1) << 32 | 1, 90, 11},
              {SPAN_LEFT, UINT64_C(7) << 32 | 9, 4, 10},
              {SPAN_TO_QEMU, 2, 1990, 14},
              {SPAN_TO_QEMU, 0x10000, 3, 13},
              {SPAN_PORT, 0x1f7, 1500, 0},
              {SPAN_PORT, 0xc040, 20, 0},
              {SPAN_PAGE, 0xfee00, 8, 0}};
  GArray *list = g_array_new(FALSE, FALSE, sizeof(struct span));

  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    struct span span = {.owner = SPAN_BY_PROCESS, .what = rows[i].what, .place = rows[i].place};
    span.sums = (struct span_sums){.count = rows[i].count, .ns = rows[i].count << rows[i].bucket};
    span.sums.buckets[rows[i].bucket] = rows[i].count;
    g_strlcpy(span.uuid, uuid, sizeof span.uuid);
    g_array_append_val(list, span);
  }
  return span_turn_new(SPAN_EXIT, list);
}

static struct span_turn *fake_block_turn(const char *uuid)
{
  GArray *list = g_array_new(FALSE, FALSE, sizeof(struct span));

  for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
    const uint64_t count = spans[i].count;
    const int bucket = spans[i].bucket;
    struct span span = {.owner = spans[i].owner, .pid = spans[i].pid, .what = spans[i].what};
    span.sums = (struct span_sums){.count = count, .ns = count << bucket, .bytes = spans[i].bytes};
    span.sums.buckets[bucket] = count - 2 * (count / 4) - 1;
    span.sums.buckets[bucket - 1] = span.sums.buckets[bucket + 1] = count / 4;
    span.sums.buckets[bucket + 5] = 1;
    g_strlcpy(span.uuid, span.owner == SPAN_OF_NOBODY ? "" : uuid, sizeof span.uuid);
    g_strlcpy(span.name, spans[i].name, sizeof span.name);
    g_strlcpy(span.device, spans[i].device, sizeof span.device);
    g_array_append_val(list, span);
  }
  return span_turn_new(SPAN_BLOCK, list);
}

struct span_turn *fake_span_turn(enum span_kind kind, const char *uuid)
{
  struct span_turn *turn = kind == SPAN_CPU    ? fake_cpu_turn(uuid)
                           : kind == SPAN_EXIT ? fake_exit_turn(uuid)
                                               : fake_block_turn(uuid);

  turn->wall_ns = clock_wall_ns();
  turn->seconds = 1;
  return turn;
}

void fake_spans_step(struct engine *engine)
{
  if (!engine->spans_wished)
    return;
  const struct guest *guest = scan_find_name(engine->scan, "tour-ide", NULL, NULL);
  struct span_turn *turn = fake_span_turn(span_log_kind(engine->spans), guest ? guest->info->uuid : "");
  if (engine->options.readonly) {
    turn->count = 0;
    turn->ended = true;
    turn->problem = g_strdup("virtlens-trace: it has not the capabilities that it needs\nas root: setcap");
    engine->spans_wished = false;
  }
  span_log_add(engine->spans, turn);
  span_turn_unref(turn);
  fake_news(engine, NEWS_SPANS);
}

bool engine_spans_watch(struct engine *engine, enum span_kind kind, G_GNUC_UNUSED GError **err)
{
  if (engine->spans_wished && span_log_kind(engine->spans) == kind)
    return true;
  g_clear_pointer(&engine->spans, span_log_free);
  engine->spans = span_log_new(kind);
  engine->spans_wished = true;
  fake_spans_step(engine);
  return true;
}

void engine_spans_stop(struct engine *engine)
{
  engine->spans_wished = false;
  g_clear_pointer(&engine->spans, span_log_free);
}

const struct span_log *engine_spans(const struct engine *engine, enum span_kind kind)
{
  return engine->spans && span_log_kind(engine->spans) == kind ? engine->spans : NULL;
}
