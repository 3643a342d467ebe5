/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/span.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"

struct word {
  uint32_t number;
  const char *name;
};

/* REQ_OP_ of Linux, include/linux/blk_types.h. */
static const struct word operations[] = {{0, "read"},        {1, "write"},        {2, "flush"},
                                         {3, "discard"},     {5, "secure erase"}, {7, "zone append"},
                                         {9, "write zeroes"}};

static const struct word exit_words[] = {
    {SPAN_LEFT, "exit"}, {SPAN_TO_QEMU, "to QEMU"}, {SPAN_PORT, "port"}, {SPAN_PAGE, "page"}};
static const struct word cpu_words[] = {{SPAN_RAN, "ran"}, {SPAN_WAITED, "waited"}};

static const struct {
  const char *name, *text;
  const struct word *words;
  size_t count;
} kinds[SPAN_KINDS] = {
    [SPAN_BLOCK] = {"block", "requests to the host's disks", operations, G_N_ELEMENTS(operations)},
    [SPAN_CPU] = {"cpu", "who runs on the host's CPUs", cpu_words, G_N_ELEMENTS(cpu_words)},
    [SPAN_EXIT] = {"exit", "why guests leave their vCPUs", exit_words, G_N_ELEMENTS(exit_words)},
};

#define OTHER UINT32_MAX
static const char other[] = "other";

const char *span_kind_name(enum span_kind kind)
{
  return kinds[kind].name;
}

int span_kind_find(const char *name)
{
  for (int i = 0; i < SPAN_KINDS; i++)
    if (strcmp(kinds[i].name, name) == 0)
      return i;
  return -1;
}

const char *span_kind_text(enum span_kind kind)
{
  return kinds[kind].text;
}

const char *span_what_name(enum span_kind kind, uint32_t what)
{
  for (size_t i = 0; i < kinds[kind].count; i++)
    if (kinds[kind].words[i].number == what)
      return kinds[kind].words[i].name;
  return other;
}

int64_t span_what_find(enum span_kind kind, const char *name)
{
  for (size_t i = 0; i < kinds[kind].count; i++)
    if (strcmp(kinds[kind].words[i].name, name) == 0)
      return kinds[kind].words[i].number;
  return strcmp(name, other) == 0 ? (int64_t)OTHER : -1;
}

/* ---- histograms ---- */

void span_sums_add(struct span_sums *to, const struct span_sums *sums)
{
  to->count += sums->count;
  to->ns += sums->ns;
  to->bytes += sums->bytes;
  for (int i = 0; i < SPAN_BUCKETS; i++)
    to->buckets[i] += sums->buckets[i];
}

/* Within a bucket they are taken to lie evenly: nothing better is known. */
double span_percentile(const struct span_sums *sums, double fraction)
{
  const double wanted = fraction * (double)sums->count;
  double before = 0;

  for (int i = 0; i < SPAN_BUCKETS; i++) {
    const double here = (double)sums->buckets[i], from = ldexp(1, i);
    if (here > 0 && before + here >= wanted)
      return (from + from * (wanted - before) / here) / (double)NS_PER_S;
    before += here;
  }
  return (double)NAN;
}

char *span_buckets_text(const struct span_sums *sums)
{
  GString *text = g_string_new(NULL);

  for (int i = 0; i < SPAN_BUCKETS; i++)
    if (sums->buckets[i] > 0)
      g_string_append_printf(text, "%s%d:%" G_GUINT64_FORMAT, text->len ? " " : "", i, sums->buckets[i]);
  return g_string_free(text, FALSE);
}

bool span_buckets_parse(const char *text, struct span_sums *ret)
{
  g_auto(GStrv) words = g_strsplit(text, " ", -1);

  for (char **word = words; *word && **word; word++) {
    char *colon = strchr(*word, ':');
    guint64 bucket, count;
    if (!colon)
      return false;
    *colon = '\0';
    if (!g_ascii_string_to_unsigned(*word, 10, 0, SPAN_BUCKETS - 1, &bucket, NULL) ||
        !g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT64, &count, NULL))
      return false;
    ret->buckets[bucket] = count;
  }
  return true;
}

/* ---- owners ---- */

static const char *const owner_names[SPAN_OWNERS] = {
    [SPAN_OF_NOBODY] = "none", [SPAN_BY_CGROUP] = "cgroup", [SPAN_BY_PROCESS] = "process"};

const char *span_owner_name(enum span_owner owner)
{
  return owner_names[owner];
}

int span_owner_find(const char *name)
{
  for (int i = 0; i < SPAN_OWNERS; i++)
    if (strcmp(owner_names[i], name) == 0)
      return i;
  return -1;
}

/* The guest of SPAN, NULL: none.  A cgroup is charged for what is cached, too, and so is asked first. */
static const char *owner_of(enum span_kind kind, const struct span *span, const struct span_owners *owners,
                            enum span_owner *ret_how)
{
  const char *uuid = kind == SPAN_BLOCK ? g_hash_table_lookup(owners->cgroups, &span->place) : NULL;

  *ret_how = SPAN_BY_CGROUP;
  if (!uuid && span->pid) {
    uuid = g_hash_table_lookup(owners->pids, GINT_TO_POINTER(span->pid));
    *ret_how = SPAN_BY_PROCESS;
  }
  return uuid;
}

static void attribute(enum span_kind kind, struct span *span, const struct span_owners *owners)
{
  enum span_owner how;
  const char *uuid = owner_of(kind, span, owners, &how);

  if (kind == SPAN_BLOCK)
    span->place = 0;
  if (!uuid)
    return;
  g_strlcpy(span->uuid, uuid, sizeof span->uuid);
  span->owner = how;
  span->pid = 0;
  *span->name = '\0';
}

bool span_is_same(const struct span *a, const struct span *b)
{
  return a->owner == b->owner && a->pid == b->pid && a->tid == b->tid && a->what == b->what &&
         a->place == b->place && strcmp(a->uuid, b->uuid) == 0 && strcmp(a->device, b->device) == 0 &&
         strcmp(a->name, b->name) == 0;
}

/* The COUNT first of SPANS are about different things: add what is in SPAN to them; the new COUNT. */
static guint merge(struct span *spans, guint count, const struct span *span)
{
  for (guint i = 0; i < count; i++)
    if (span_is_same(&spans[i], span)) {
      span_sums_add(&spans[i].sums, &span->sums);
      return count;
    }
  spans[count] = *span;
  return count + 1;
}

void span_turn_attribute(struct span_turn *turn, const struct span_owners *owners)
{
  guint count = 0;

  for (guint i = 0; i < turn->count; i++) {
    struct span span = turn->spans[i];
    attribute(turn->kind, &span, owners);
    count = merge(turn->spans, count, &span);
  }
  turn->count = count;
}

/* ---- turns ---- */

struct span_turn *span_turn_new(enum span_kind kind, GArray *spans)
{
  struct span_turn *turn = g_new0(struct span_turn, 1);

  refs_init(&turn->refs);
  turn->kind = kind;
  turn->count = spans->len;
  turn->spans = (struct span *)(void *)g_array_free(spans, FALSE);
  return turn;
}

struct span_turn *span_turn_ref(const struct span_turn *turn)
{
  refs_get(&turn->refs);
  return REF_MUTABLE(struct span_turn, turn);
}

void span_turn_unref(struct span_turn *turn)
{
  if (!turn || !refs_put(&turn->refs))
    return;
  g_free(turn->problem);
  g_free(turn->spans);
  g_free(turn);
}
