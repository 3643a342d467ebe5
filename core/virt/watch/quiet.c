/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/quiet.h"

#include "core/base/clock.h"
#include "core/virt/watch/plan.h"
#include "core/virt/watch/process.h"

/* With the first answer, which tells how many vCPUs there are, and when that number changed. */
static bool must_seek(const struct member *member)
{
  const struct guest *now = member->now;
  return now && guest_state_active(now->state) && now->vcpu_count > 0 &&
         now->vcpu_count != member->sought_vcpus;
}

static void take_process(struct member *member, GHashTable *found)
{
  pid_t pid = GPOINTER_TO_INT(g_hash_table_lookup(found, member->uuid));
  member->sought_vcpus = member->now->vcpu_count;
  member->cpu_ns = -1;
  if (!pid || !process_look(&member->process, pid))
    member->process = (struct process){0};
}

void quiet_find_processes(struct roster *roster)
{
  g_autoptr(GHashTable) found = NULL;
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    if (!must_seek(value))
      continue;
    if (!found)
      found = process_by_uuid();
    take_process(value, found);
  }
}

bool quiet_take(struct member *member, bool wanted, int64_t now_ns)
{
  double limit = wanted ? QUIET_SECONDS_WANTED : QUIET_SECONDS;
  double age = (double)(now_ns - member->answered_ns) / (double)NS_PER_S;
  if (!member->process.pid || member->cpu_ns < 0 || !member->now || age >= limit)
    return false;
  if (process_vcpu_ns(&member->process) != member->cpu_ns)
    return false;
  for (int group = 0; group < GROUP_COUNT; group++)
    if ((plan_bits(true) & 1u << group) && member->now->at_ns[group])
      member->now->at_ns[group] = now_ns;
  return true;
}
