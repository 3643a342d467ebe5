/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/heavy.h"

#include "core/base/clock.h"
#include "core/virt/watch/plan.h"
#include "core/virt/watch/quiet.h"
#include "core/virt/watch/stats.h"

#define CHUNK 4          /* guests of one heavy call: few share the fate of one that does not answer */
#define CHUNK_ALL 16     /* ... when everything is recorded anyway */
#define LATE_SECONDS 0.6 /* a heavy call is given up after this and ten times what it should take */

static guint chunk_of(const struct heavy *heavy)
{
  return heavy->watch->record_all ? CHUNK_ALL : CHUNK;
}

/* ---- who is late ---- */

static void on_held(void *context, const char *uuid, int64_t since_ns, int asked)
{
  struct heavy *heavy = context;
  struct member *member = roster_find(heavy->roster, uuid);
  if (member && asked == 0)
    member->asked_ns = 0; /* its turn did not come */
  if (!member || asked == 0 || member->cleared_ns == since_ns)
    return;
  member->held = true;
  member->held_since_ns = since_ns;
  member->stuck |= asked == 1;
}

static void check_late(struct heavy *heavy)
{
  GHashTableIter iter;
  gpointer value;
  double most = 0;
  g_hash_table_iter_init(&iter, heavy->roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    member->held = false;
    most = MAX(most, member->cost);
  }
  double limit = LATE_SECONDS + 10 * most * chunk_of(heavy);
  readers_check(heavy->readers, clock_mono_ns(), limit, on_held, heavy);
  g_hash_table_iter_init(&iter, heavy->roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    member->stuck &= member->held;
  }
}

/* ---- asking ---- */

/* The guests that may be asked, as the plan wants them. */
static GPtrArray *candidates(struct heavy *heavy, GArray *items)
{
  GPtrArray *members = g_ptr_array_new();
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, heavy->roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    const struct guest *guest = member->now ? member->now : member->last;
    if (!guest || !guest_state_active(guest->state) || member->stuck)
      continue;
    bool wanted = watch_wants(heavy->watch, member->uuid);
    if (!heavy->watch->record_all && quiet_take(member, wanted, clock_mono_ns()))
      continue;
    struct plan_item item = {wanted, member->asked_ns, member->cost};
    g_array_append_val(items, item);
    g_ptr_array_add(members, member);
  }
  return members;
}

static void add_to_calls(GPtrArray *calls, const struct member *member, guint chunk)
{
  GPtrArray *call = calls->len ? g_ptr_array_index(calls, calls->len - 1) : NULL;
  if (!call || member->held || call->len >= chunk) {
    call = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(calls, call);
  }
  struct wish *wish = g_new0(struct wish, 1);
  g_strlcpy(wish->uuid, member->uuid, sizeof wish->uuid);
  g_ptr_array_add(call, wish);
}

/* Calls for the chosen; those held by a call that is out go last and alone. */
static GPtrArray *make_calls(struct heavy *heavy, GPtrArray *members, const int *chosen, int n)
{
  GPtrArray *calls = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  int64_t now_ns = clock_mono_ns();
  for (int held = 0; held < 2; held++)
    for (int i = 0; i < n; i++) {
      struct member *member = g_ptr_array_index(members, (guint)chosen[i]);
      if (member->held != (held == 1))
        continue;
      member->asked_ns = now_ns;
      member->asked_cpu_ns = member->threads ? threads_vcpu_ns(member->threads) : -1;
      add_to_calls(calls, member, chunk_of(heavy));
    }
  return calls;
}

void heavy_ask(struct heavy *heavy, double interval)
{
  check_late(heavy);
  struct reader *reader = readers_free_one(heavy->readers, clock_mono_ns());
  GArray *items = g_array_new(FALSE, FALSE, sizeof(struct plan_item));
  GPtrArray *members = candidates(heavy, items);
  if (reader && members->len > 0) {
    g_autofree int *chosen = g_new(int, members->len);
    int n = plan_choose((struct plan_item *)items->data, (int)members->len, heavy->watch->budget * interval,
                        heavy->watch->record_all, chosen);
    reader_ask(reader, make_calls(heavy, members, chosen, n));
  }
  g_ptr_array_unref(members);
  g_array_unref(items);
}

/* ---- what came ---- */

/* One of the guests of a call that is still out is to blame; who answers another reader is not. */
static void clear_or_blame(struct member *member, bool missed)
{
  if (!member->held)
    return;
  if (missed) {
    member->stuck = true;
    return;
  }
  member->held = member->stuck = false;
  member->cleared_ns = member->held_since_ns;
}

void heavy_take(struct heavy *heavy)
{
  GPtrArray *answers = readers_answers(heavy->readers);
  for (guint i = 0; i < answers->len; i++) {
    const struct answer *answer = g_ptr_array_index(answers, i);
    struct member *member = roster_find(heavy->roster, answer->uuid);
    if (!member)
      continue;
    if (!member->now)
      member->now = guest_copy(member->last);
    if (!guest_state_active(member->now->state) || answer->at_ns < member->run_began_ns)
      continue;
    struct stats_found found =
        stats_apply(member->now, answer->params, answer->count, answer->at_ns, plan_bits(true));
    member->cost = plan_cost(member->cost, answer->cost);
    clear_or_blame(member, found.missed);
    member->answered_ns = answer->at_ns;
    member->cpu_ns = found.missed ? -1 : member->asked_cpu_ns;
  }
  g_ptr_array_unref(answers);
}
