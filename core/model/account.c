/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/account.h"

#include <glib.h>
#include <math.h>

#include "core/model/exits.h"

#define NONE ((double)NAN)

static const struct {
  const char *title;
  enum metric_unit unit;
} items[ACCOUNT_ITEMS] = {
    [ACCOUNT_REQUESTS] = {"requests", UNIT_PER_S},
    [ACCOUNT_BYTES] = {"bytes of one", UNIT_BYTES},
    [ACCOUNT_EXITS] = {"exits for one", UNIT_COUNT},
    [ACCOUNT_TO_QEMU] = {"... as far as QEMU", UNIT_COUNT},
    [ACCOUNT_VCPU] = {"vCPU time for one", UNIT_SECONDS},
    [ACCOUNT_PROXY] = {"proxy time for one", UNIT_SECONDS},
    [ACCOUNT_LATENCY] = {"QEMU has it for", UNIT_SECONDS},
};

const char *account_title(enum account_item item)
{
  return items[item].title;
}

enum metric_unit account_unit(enum account_item item)
{
  return items[item].unit;
}

static double reading(const struct guest *guest, int metric)
{
  double value;
  return readings_get(&guest->r, metric, &value) ? value : NONE;
}

static double exits(const struct guest *guest, int metric)
{
  double value;
  return exits_rate(guest, -1, metric, &value) ? value : NONE;
}

void account_of(const struct guest *guest, struct account *ret)
{
  const double requests = reading(guest, GUEST_IOPS), one = requests > 0 ? requests : NONE;
  *ret = (struct account){{[ACCOUNT_REQUESTS] = requests,
                           [ACCOUNT_BYTES] = (reading(guest, GUEST_RD) + reading(guest, GUEST_WR)) / one,
                           [ACCOUNT_EXITS] = exits(guest, VCPU_EXITS) / one,
                           [ACCOUNT_TO_QEMU] = exits(guest, VCPU_USER) / one,
                           [ACCOUNT_VCPU] = reading(guest, GUEST_VCPU) / 100 / one,
                           [ACCOUNT_PROXY] = reading(guest, GUEST_PROXY) / 100 / one,
                           [ACCOUNT_LATENCY] = reading(guest, GUEST_LAT)}};
}

/* ---- who is held beside it ---- */

static const struct backend *main_backend(const struct guest *guest)
{
  const struct disk_info *disk = guest_main_disk(guest->info);
  return disk ? disk->backend : NULL;
}

static bool works(const struct guest *guest)
{
  return guest_state_active(guest->state) && reading(guest, GUEST_IOPS) > 0;
}

/* The one that works most is the likeliest to be meant. */
const struct guest *account_other(const struct scan *scan, const struct guest *guest)
{
  const struct backend *own = main_backend(guest);
  const struct guest *best = NULL;
  for (int c = 0; own && c < scan->conn_count; c++)
    for (int i = 0; i < scan->conns[c]->guest_count; i++) {
      const struct guest *other = scan->conns[c]->guests[i];
      const struct backend *backend = main_backend(other);
      if (!backend || backend->path == own->path || !works(other))
        continue;
      if (!best || reading(other, GUEST_IOPS) > reading(best, GUEST_IOPS))
        best = other;
    }
  return best;
}

/* ---- why ---- */

#define MANY_EXITS 10 /* for one request: nobody needs so many to hand it over */

static bool is_on(const struct guest *guest, enum backend_path path)
{
  const struct backend *backend = main_backend(guest);
  return backend && backend->path == path;
}

static bool emulated_by_kvm(const struct guest *guest, const struct account *account)
{
  (void)account;
  return is_on(guest, PATH_EMULATED) && guest->info->accel == ACCEL_KVM;
}

static bool many_exits(const struct guest *guest, const struct account *account)
{
  return emulated_by_kvm(guest, account) && account->item[ACCOUNT_EXITS] >= MANY_EXITS;
}

static bool waits_in_vcpu(const struct guest *guest, const struct account *account)
{
  return many_exits(guest, account) && account->item[ACCOUNT_VCPU] > account->item[ACCOUNT_PROXY];
}

static bool paravirtual(const struct guest *guest, const struct account *account)
{
  (void)account;
  return is_on(guest, PATH_PARAVIRTUAL);
}

static bool few_exits(const struct guest *guest, const struct account *account)
{
  return paravirtual(guest, account) && account->item[ACCOUNT_EXITS] < MANY_EXITS;
}

static bool without_kvm(const struct guest *guest, const struct account *account)
{
  (void)account;
  return guest->info->accel == ACCEL_TCG;
}

static const struct {
  bool (*fits)(const struct guest *guest, const struct account *account);
  const char *text;
} reasons[] = {
    {without_kvm,
     "Without KVM there are no exits: QEMU does each instruction of the guest itself, and that is what takes "
     "the time, whatever the disk."},
    {emulated_by_kvm,
     "Its disk is a chip that does not exist.  The guest's driver writes to the chip's registers, one after "
     "the other; at "
     "each the CPU leaves the guest, QEMU does what the chip would have done, and the CPU goes back."},
    {many_exits, "So one request is many journeys, not one; count them above.  Each costs some microseconds "
                 "in which nothing "
                 "of the guest runs on that vCPU."},
    {waits_in_vcpu, "The work is hidden in the vCPU's own time: QEMU's code runs in its thread.  The guest "
                    "believes that its "
                    "disk is slow and its CPU busy; both are one and the same waiting."},
    {paravirtual, "Its driver knows that it is in a guest: it writes whole requests into memory that QEMU "
                  "can see and rings a bell once.  "
                  "KVM passes the ringing on by itself, and the vCPU goes on while QEMU's other threads, the "
                  "proxy, do the work."},
    {few_exits, "So a request costs hardly an exit, and what it costs is the proxy's time, on another CPU."},
};

const char *account_reason(const struct guest *guest, const struct account *account, int i)
{
  for (size_t k = 0; k < G_N_ELEMENTS(reasons); k++)
    if (reasons[k].fits(guest, account) && i-- == 0)
      return reasons[k].text;
  return NULL;
}
