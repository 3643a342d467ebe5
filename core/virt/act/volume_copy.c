/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/volume_copy.h"

#include "core/base/clock.h"

#define LOOK_EVERY_NS (200 * NS_PER_MS) /* each look is a call of libvirt's storage driver */
#define CANCELLED "cancelled; libvirt does not stop its copy, which is removed at its end"

/* One call of libvirt's, on a thread of its own, and what may be seen of it meanwhile. */
struct copy {
  virStoragePoolPtr pool;
  const char *name, *xml;
  virStorageVolPtr source;
  unsigned long long wanted; /* bytes that the source takes; 0: not known */
  bool ended; /* under the hub's lock: the thread touches nothing here any more; its results: */
  virStorageVolPtr made;
  GError *error;
};

static void run(struct hub *hub, void *arg)
{
  struct copy *copy = arg;
  copy->made = virStorageVolCreateXMLFrom(copy->pool, copy->xml, copy->source, 0);
  if (!copy->made)
    virt_error(&copy->error, NULL, "volume %s cannot be made", copy->name);
  pthread_mutex_lock(&hub->lock);
  copy->ended = true;
  pthread_cond_broadcast(&hub->wake);
  pthread_mutex_unlock(&hub->lock);
}

static unsigned long long allocation(virStorageVolPtr volume)
{
  virStorageVolInfo info;
  return volume && virStorageVolGetInfo(volume, &info) == 0 ? info.allocation : 0;
}

/* How much there is of it, 0 to 1; negative: it cannot be seen. */
static double fraction(const struct copy *copy)
{
  g_autoptr(virStorageVol) growing = virStorageVolLookupByName(copy->pool, copy->name);
  const unsigned long long there = allocation(growing);
  return there && copy->wanted ? MIN((double)there / (double)copy->wanted, 1) : -1;
}

static bool ends_soon(struct hub *hub, const struct copy *copy)
{
  const int64_t until_ns = clock_mono_ns() + LOOK_EVERY_NS;
  pthread_mutex_lock(&hub->lock);
  while (!copy->ended && hub_wait(hub, until_ns))
    continue;
  const bool ended = copy->ended;
  pthread_mutex_unlock(&hub->lock);
  return ended;
}

/* Until it has ended, whatever the user wants. */
static void follow(const struct acting *acting, const struct copy *copy)
{
  acting_step(acting, -1, "copying a disk");
  while (!ends_soon(acting->hub, copy))
    acting_step(acting, fraction(copy), acting_goes_on(acting, NULL) ? "copying a disk" : CANCELLED);
}

virStorageVolPtr volume_copy(const struct acting *acting, virStoragePoolPtr pool, const char *name,
                             const char *xml, virStorageVolPtr source, GError **err)
{
  struct copy copy = {.pool = pool, .name = name, .xml = xml, .source = source, .wanted = allocation(source)};
  if (!hub_thread(acting->hub, "virt-copy", run, &copy)) {
    error_set(err, ERROR_RESOURCES, "End other programs and try again.", "there is no thread for a copy");
    return NULL;
  }
  follow(acting, &copy);
  if (copy.error) {
    g_propagate_error(err, copy.error);
    return NULL;
  }
  if (acting_goes_on(acting, NULL))
    return copy.made;
  if (virStorageVolDelete(copy.made, 0) == 0)
    acting_goes_on(acting, err);
  else
    virt_error(err, "Remove it by hand.", "cancelled, but volume %s was made by then and stays", name);
  virStorageVolFree(copy.made);
  return NULL;
}
