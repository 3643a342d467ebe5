/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/quiet.h"

#include "core/base/clock.h"
#include "core/virt/watch/plan.h"

bool quiet_take(struct member *member, bool wanted, int64_t now_ns)
{
  double limit = wanted ? QUIET_SECONDS_WANTED : QUIET_SECONDS;
  double age = (double)(now_ns - member->answered_ns) / (double)NS_PER_S;
  if (!member->threads || member->cpu_ns < 0 || !member->now || age >= limit)
    return false;
  if (threads_vcpu_ns(member->threads) != member->cpu_ns)
    return false;
  for (int group = 0; group < GROUP_COUNT; group++)
    if ((plan_bits(true) & 1u << group) && member->now->at_ns[group])
      member->now->at_ns[group] = now_ns;
  return true;
}
