/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things take: histograms, whose they are, and turns added up. */
#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/model/proxy.h"
#include "core/model/span_log.h"
#include "tests/unit/test.h"

#define GUEST "00000000-0000-4000-8000-00000000000a"
#define OTHER_GUEST "00000000-0000-4000-8000-00000000000b"

static struct span span_of(int pid, uint64_t cgroup, uint32_t what, uint64_t count)
{
  struct span span = {.pid = pid,
                      .name = "qemu",
                      .device = "vda",
                      .what = what,
                      .place = cgroup,
                      .sums = {.count = count, .ns = count << 10, .bytes = count * 512}};

  span.sums.buckets[10] = count;
  return span;
}

static struct span_turn *turn_of(const struct span *spans, guint count)
{
  GArray *list = g_array_new(FALSE, FALSE, sizeof(struct span));

  g_array_append_vals(list, spans, count);
  struct span_turn *turn = span_turn_new(SPAN_BLOCK, list);
  turn->seconds = 2;
  return turn;
}

/* Process 7 and cgroup 70 are the guest's, process 8 and cgroup 80 the other guest's. */
static void attribute(struct span_turn *turn)
{
  uint64_t cgroups[] = {70, 80};
  char guest[] = GUEST, other[] = OTHER_GUEST;
  const struct span_owners owners = {g_hash_table_new(NULL, NULL),
                                     g_hash_table_new(g_int64_hash, g_int64_equal)};

  g_hash_table_insert(owners.pids, GINT_TO_POINTER(7), guest);
  g_hash_table_insert(owners.pids, GINT_TO_POINTER(8), other);
  g_hash_table_insert(owners.cgroups, &cgroups[0], guest);
  g_hash_table_insert(owners.cgroups, &cgroups[1], other);
  span_turn_attribute(turn, &owners);
  g_hash_table_unref(owners.pids);
  g_hash_table_unref(owners.cgroups);
}

Test(model_span, words_are_found_again)
{
  static const uint32_t whats[] = {0, 1, 2, 3, 5, 7, 9};

  for (int i = 0; i < SPAN_KINDS; i++)
    cr_assert_eq(span_kind_find(span_kind_name((enum span_kind)i)), i);
  for (int i = 0; i < SPAN_OWNERS; i++)
    cr_assert_eq(span_owner_find(span_owner_name((enum span_owner)i)), i);
  for (size_t i = 0; i < G_N_ELEMENTS(whats); i++)
    cr_assert_eq(span_what_find(SPAN_BLOCK, span_what_name(SPAN_BLOCK, whats[i])), whats[i]);
  cr_assert_eq(span_kind_find("none"), -1);
  cr_assert_eq(span_owner_find(""), -1);
  cr_assert_eq(span_what_find(SPAN_BLOCK, "no such"), -1);
  cr_assert_str_eq(span_what_name(SPAN_BLOCK, 77), "other");
  cr_assert_geq(span_what_find(SPAN_BLOCK, "other"), 0);
}

Test(model_span, percentiles_lie_in_the_right_bucket)
{
  struct span_sums sums = {0};

  cr_assert(isnan(span_percentile(&sums, 0.5)));
  sums.count = 100;
  sums.buckets[10] = 90; /* 1 to 2 us */
  sums.buckets[30] = 10; /* 1 to 2 s */
  const double half = span_percentile(&sums, 0.5) * 1e9, most = span_percentile(&sums, 0.99) * 1e9;
  cr_assert_geq(half, 1024);
  cr_assert_leq(half, 2048);
  cr_assert_geq(most, (double)(1 << 30));
  cr_assert_leq(most, (double)(UINT64_C(1) << 31));
  cr_assert_leq(span_percentile(&sums, 0.9) * 1e9, 2048, "90 of 100 took no longer");
}

Test(model_span, buckets_as_text_and_back)
{
  struct span_sums sums = {0}, back = {0}, none = {0};

  sums.buckets[0] = 1;
  sums.buckets[17] = UINT64_MAX;
  sums.buckets[SPAN_BUCKETS - 1] = 40;
  g_autofree char *text = span_buckets_text(&sums), *empty = span_buckets_text(&none);
  cr_assert(span_buckets_parse(text, &back), "%s", text);
  cr_assert_eq(memcmp(&back, &sums, sizeof sums), 0);
  cr_assert_str_eq(empty, "");
  cr_assert(span_buckets_parse("", &none));
  static const char *const bad[] = {
      "1", "1:", ":1", "40:1", "-1:1", "1:-1", "1:2 x", "1:2:3", "1:99999999999999999999"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
    cr_assert(!span_buckets_parse(bad[i], &none), "%s", bad[i]);
}

Test(model_span, whose_a_request_is)
{
  const struct span spans[] = {
      span_of(7, 70, 0, 1), /* both say so */
      span_of(0, 70, 0, 2), /* written by the kernel, charged to the guest */
      span_of(7, 1, 0, 4),  /* its QEMU, which has no cgroup of its own */
      span_of(8, 70, 0, 8), /* the other's QEMU writes what the guest is charged for */
      span_of(9, 1, 0, 16), /* somebody else */
      span_of(0, 1, 0, 32), /* the kernel's own */
  };
  struct span_turn *turn = turn_of(spans, G_N_ELEMENTS(spans));
  static const struct {
    const char *uuid;
    enum span_owner owner;
    int pid;
    uint64_t count;
  } expected[] = {{GUEST, SPAN_BY_CGROUP, 0, 1 + 2 + 8},
                  {GUEST, SPAN_BY_PROCESS, 0, 4},
                  {"", SPAN_OF_NOBODY, 9, 16},
                  {"", SPAN_OF_NOBODY, 0, 32}};

  attribute(turn);
  cr_assert_eq(turn->count, G_N_ELEMENTS(expected), "%u", turn->count);
  for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
    const struct span *span = &turn->spans[i];
    cr_assert_str_eq(span->uuid, expected[i].uuid);
    cr_assert_eq(span->owner, expected[i].owner);
    cr_assert_eq(span->pid, expected[i].pid);
    cr_assert_eq(span->sums.count, expected[i].count, "row %zu", i);
    cr_assert_eq(span->sums.buckets[10], expected[i].count);
    cr_assert_eq(span->place, 0u, "a cgroup is no place");
  }
  span_turn_unref(turn);
}

static void add(struct span_log *log, const struct span *spans, guint count)
{
  struct span_turn *turn = turn_of(spans, count);

  attribute(turn);
  span_log_add(log, turn);
  span_turn_unref(turn);
}

Test(model_span, a_log_adds_turns_up)
{
  const struct span first[] = {span_of(7, 70, 0, 5), span_of(7, 1, 0, 1), span_of(9, 1, 1, 2)},
                    second[] = {span_of(7, 70, 0, 10), span_of(7, 70, 1, 3)};
  struct span_log *log = span_log_new(SPAN_BLOCK);

  cr_assert_null(span_log_newest(log));
  add(log, first, G_N_ELEMENTS(first));
  add(log, second, G_N_ELEMENTS(second));
  g_autoptr(GArray) rows = span_log_of(log, GUEST), rest = span_log_of(log, ""),
                    none = span_log_of(log, OTHER_GUEST);
  cr_assert_eq(rows->len, 3u, "by cgroup, by process, and its writes");
  const struct span_row *reads = &g_array_index(rows, struct span_row, 0);
  cr_assert_eq(reads->span.sums.count, 15u);
  cr_assert_eq(reads->turn.count, 10u, "of the newest turn");
  cr_assert_eq(g_array_index(rows, struct span_row, 1).turn.count, 0u);
  cr_assert_eq(rest->len, 1u);
  cr_assert_eq(none->len, 0u);
  span_log_free(log);
}

Test(model_span, a_log_has_an_end)
{
  struct span_log *log = span_log_new(SPAN_BLOCK);
  const int turns = 3, each = SPAN_LOG_ROWS / 2;
  uint64_t sum = 0;

  for (int turn = 0; turn < turns; turn++) {
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    for (int i = 0; i < each; i++) {
      const struct span span = span_of(1000 + turn * each + i, 1, 0, 1);
      g_array_append_val(spans, span);
    }
    add(log, (const struct span *)(void *)spans->data, spans->len);
  }
  cr_assert_leq(span_log_rows(log)->len, SPAN_LOG_ROWS + 1);
  for (guint i = 0; i < span_log_rows(log)->len; i++)
    sum += g_array_index(span_log_rows(log), struct span_row, i).span.sums.count;
  cr_assert_eq(sum, (uint64_t)(turns * each), "nothing is lost");
  span_log_free(log);
}

Test(model_span, what_the_disks_work_for_a_request)
{
  struct guest_info *info = guest_info_new("a", GUEST);
  struct guest *guest = guest_new(info);
  struct span spans[] = {span_of(7, 70, 0, 1), span_of(7, 70, 1, 1), span_of(7, 70, 0, 1)};
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct span_row));

  g_strlcpy(spans[2].device, "loop3", sizeof spans[2].device); /* stands on the disk */
  for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
    const struct span_row row = {spans[i], {.count = 1, .ns = NS_PER_MS}};
    g_array_append_val(rows, row);
  }
  cr_assert(isnan(proxy_disk_seconds(guest, rows, 2)), "how many requests it made is not known");
  readings_set(&guest->r, GUEST_IOPS, 4);
  cr_assert_float_eq(proxy_disk_seconds(guest, rows, 2), 0.002 / 2 / 4, 1e-12);
  cr_assert(isnan(proxy_disk_seconds(guest, rows, 0)));
  guest_free(guest);
  guest_info_unref(info);
}
