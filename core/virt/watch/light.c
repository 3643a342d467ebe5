/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/light.h"

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/virt/conn/libvirt.h"
#include "core/virt/watch/plan.h"
#include "core/virt/watch/stats.h"

static void take_record(struct roster *roster, const virDomainStatsRecord *record, int64_t at_ns)
{
  struct member *member = roster_seen(roster, record->dom, stats_state(record->params, record->nparams));
  if (!member)
    return;
  member->now->at_ns[GROUP_STATE] = at_ns;
  if (guest_state_active(member->now->state))
    stats_apply(member->now, record->params, record->nparams, at_ns, plan_bits(false));
}

static bool look_bulk(struct roster *roster, virConnectPtr conn)
{
  virDomainStatsRecordPtr *records = NULL;
  int n = virConnectGetAllDomainStats(conn, plan_stats(false), &records, 0);
  if (n < 0)
    return false;
  int64_t at_ns = clock_mono_ns();
  roster_begin(roster);
  for (int i = 0; i < n; i++)
    take_record(roster, records[i], at_ns);
  roster_end(roster);
  virDomainStatsRecordListFree(records);
  return true;
}

/* What virDomainGetInfo has: it is all that some drivers know. */
static void take_info(struct roster *roster, virDomainPtr dom)
{
  virDomainInfo info;
  if (virDomainGetInfo(dom, &info) < 0)
    return; /* gone since it was listed */
  int64_t at_ns = clock_mono_ns();
  enum guest_state state = info.state < GUEST_STATES ? (enum guest_state)info.state : GUEST_NOSTATE;
  struct member *member = roster_seen(roster, dom, state);
  if (!member)
    return;
  struct guest *now = member->now;
  now->at_ns[GROUP_STATE] = at_ns;
  if (!guest_state_active(state) || now->at_ns[GROUP_BLOCK])
    return;
  now->at_ns[GROUP_CPU] = now->at_ns[GROUP_BALLOON] = at_ns;
  readings_set(&now->r, GUEST_MEM, (double)info.memory * 1024); /* KiB */
  readings_set(&now->r, GUEST_CPU_TIME, (double)info.cpuTime * 1e-9);
}

static bool look_singly(struct roster *roster, virConnectPtr conn)
{
  virDomainPtr *doms = NULL;
  int n = virConnectListAllDomains(conn, &doms, 0);
  if (n < 0)
    return false;
  roster_begin(roster);
  for (int i = 0; i < n; i++) {
    take_info(roster, doms[i]);
    virDomainFree(doms[i]);
  }
  roster_end(roster);
  free(doms);
  return true;
}

bool light_look(struct roster *roster, virConnectPtr conn, enum light_way *way, char **ret_why)
{
  if (*way == LIGHT_BULK) {
    if (look_bulk(roster, conn))
      return true;
    /* The next call forgets them. */
    bool unknown = virGetLastErrorCode() == VIR_ERR_NO_SUPPORT;
    g_autofree char *why = g_strdup(last_text());
    if (virConnectIsAlive(conn) == 0) {
      *ret_why = g_steal_pointer(&why);
      return false;
    }
    if (unknown)
      *way = LIGHT_SINGLY;
  }
  if (look_singly(roster, conn))
    return true;
  *ret_why = g_strdup(last_text());
  return false;
}
