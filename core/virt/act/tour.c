/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/tour.h"

#include <pthread.h>
#include <string.h>

#include "core/base/error.h"
#include "core/virt/act/launch.h"

#define TOUR_DEADLINE_S 60.0
/* IDE costs by the sector, virtio by the request: with requests of this size what the backends
 * cost differs plainly, on a busy host too. */
#define TOUR_BLOCK_SIZE "32 KiB"

static const struct stop {
  const char *name, *backend;
} stops[] = {{"tour-virtio", "virtio-blk"}, {"tour-ide", "ide"}};
#define STOPS G_N_ELEMENTS(stops)

const char *tour_name(int i)
{
  return i < (int)STOPS ? stops[i].name : NULL;
}

struct walk {
  const struct stop *stop;
  struct acting acting; /* its own act: threads share none */
  struct act act;
  GError *fault;
  bool ok, threaded;
  pthread_t thread;
  virDomainPtr domain;
  unsigned long long first; /* requests at the first look */
  bool looked, again;       /* AGAIN: it went off on the way, and was started once more */
};

static bool launch_stop(struct walk *walk)
{
  struct spec *spec = spec_new();
  bool ok = spec_set(spec, SPEC_NAME, walk->stop->name, &walk->fault) &&
            spec_set(spec, SPEC_TEMPLATE, "pulse", &walk->fault) &&
            spec_set(spec, SPEC_BACKEND, walk->stop->backend, &walk->fault) &&
            spec_set(spec, SPEC_BLOCK_SIZE, TOUR_BLOCK_SIZE, &walk->fault);
  walk->act.spec = spec;
  ok = ok && launch_guest(&walk->acting, &walk->fault);
  walk->act.spec = NULL;
  spec_free(spec);
  return ok;
}

/* It exists: let it run. */
static bool wake_guest(virDomainPtr domain, GError **err)
{
  int state = 0;
  if (virDomainGetState(domain, &state, NULL, 0) < 0)
    return virt_error(err, NULL, "its state cannot be read");
  if (state == VIR_DOMAIN_PAUSED)
    return virDomainResume(domain) == 0 || virt_error(err, NULL, "it cannot be resumed");
  return virDomainIsActive(domain) == 1 || virDomainCreate(domain) == 0 ||
         virt_error(err, NULL, "it cannot be started");
}

static void *walk_to(void *arg)
{
  struct walk *walk = arg;
  walk->domain = virDomainLookupByName(walk->acting.conn, walk->stop->name);
  if (walk->domain) {
    walk->ok = wake_guest(walk->domain, &walk->fault);
    return NULL;
  }
  walk->ok = launch_stop(walk);
  if (walk->ok) {
    walk->domain = virDomainLookupByName(walk->acting.conn, walk->stop->name);
    walk->ok = walk->domain || virt_error(&walk->fault, NULL, "it went away");
  }
  return NULL;
}

/* Requests so far of the last disk, which is the one worked on; false when the guest gives no figures. */
static bool count_requests(virDomainPtr domain, unsigned long long *ret)
{
  virDomainPtr list[] = {domain, NULL};
  virDomainStatsRecordPtr *records = NULL;
  if (virDomainListGetStats(list, VIR_DOMAIN_STATS_BLOCK, &records, 0) < 1)
    return false;
  unsigned count = 0;
  unsigned long long reads = 0, writes = 0;
  virTypedParamsGetUInt(records[0]->params, records[0]->nparams, "block.count", &count);
  g_autofree char *rd = g_strdup_printf("block.%u.rd.reqs", count - 1);
  g_autofree char *wr = g_strdup_printf("block.%u.wr.reqs", count - 1);
  bool known = count > 0 &&
               virTypedParamsGetULLong(records[0]->params, records[0]->nparams, rd, &reads) == 1 &&
               virTypedParamsGetULLong(records[0]->params, records[0]->nparams, wr, &writes) == 1;
  virDomainStatsRecordListFree(records);
  *ret = reads + writes;
  return known;
}

/* Enough to be work and no look of the BIOS or of the boot sector at the disk's beginning. */
#define WORK_REQUESTS 32

/* A guest whose QEMU ended while nobody was attached is still taken for running when the lab is opened, and
 * goes off when libvirt finds out: it is started once more, and not a second time. */
static bool stays_on(struct walk *walk)
{
  if (virDomainIsActive(walk->domain) != 0)
    return true;
  if (walk->again)
    return error_set(&walk->fault, ERROR_GENERAL, NULL, "it went off again as soon as it was started");
  walk->again = true;
  walk->looked = false;
  return wake_guest(walk->domain, &walk->fault);
}

/* Requests grow: it works, and is not just started. */
static bool works(struct walk *walk)
{
  unsigned long long now;
  walk->ok = stays_on(walk);
  if (!walk->ok || !count_requests(walk->domain, &now))
    return false;
  if (!walk->looked || now < walk->first) {
    walk->looked = true;
    walk->first = now;
    return false;
  }
  return now >= walk->first + WORK_REQUESTS;
}

/* Both work, or one never will. */
static bool tour_decided(void *context)
{
  struct walk *walks = context;
  bool all_work = true, all_ok = true;
  for (size_t i = 0; i < STOPS; i++) {
    all_work &= works(&walks[i]);
    all_ok &= walks[i].ok;
  }
  return all_work || !all_ok;
}

static bool first_fault(struct walk *walks, GError **err)
{
  bool ok = true;
  for (size_t i = 0; i < STOPS; i++) {
    if (walks[i].ok)
      continue;
    g_prefix_error(&walks[i].fault, "%s: ", walks[i].stop->name);
    if (ok)
      g_propagate_error(err, g_steal_pointer(&walks[i].fault));
    g_clear_error(&walks[i].fault);
    ok = false;
  }
  return ok;
}

static void walk_all(struct walk *walks, const struct acting *acting)
{
  for (size_t i = 0; i < STOPS; i++) {
    struct walk *walk = &walks[i];
    walk->stop = &stops[i];
    walk->act.cancel = acting->act->cancel;
    walk->acting = (struct acting){acting->hub, acting->conn, &walk->act, NULL};
    walk->threaded = pthread_create(&walk->thread, NULL, walk_to, walk) == 0;
    if (!walk->threaded)
      walk_to(walk);
  }
  for (size_t i = 0; i < STOPS; i++)
    if (walks[i].threaded)
      pthread_join(walks[i].thread, NULL);
}

static void end_walks(struct walk *walks)
{
  for (size_t i = 0; i < STOPS; i++)
    if (walks[i].domain)
      virDomainFree(walks[i].domain);
}

bool tour(struct acting *acting, GError **err)
{
  struct walk walks[STOPS];
  memset(walks, 0, sizeof(walks));
  acting_step(acting, 0.1, "starting both guests");
  walk_all(walks, acting);
  bool ok = first_fault(walks, err);
  if (ok) {
    acting_step(acting, 0.7, "waiting until both are seen working");
    ok = acting_wait(acting, tour_decided, walks, TOUR_DEADLINE_S, ERROR_GENERAL,
                     "the tour's guests did no I/O",
                     "Their serial logs in the lab's folder logs tell what they do.", err) &&
         first_fault(walks, err);
  }
  if (ok)
    acting_step(acting, 1, "both work");
  end_walks(walks);
  return ok;
}
