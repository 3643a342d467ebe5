/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/flatten.h"

#include "core/base/error.h"
#include "core/virt/act/backing.h"
#include "core/virt/act/define.h"
#include "core/virt/act/image.h"
#include "core/virt/act/volumes.h"
#include "core/virt/prepare/clone.h"

/* A block job takes as long as the disk is large; only a cancel ends the waiting. */
#define PULL_DEADLINE_S (24.0 * 3600)

struct pull {
  const struct acting *acting;
  virDomainPtr domain;
  const char *target;
  bool failed; /* the job cannot be asked after */
};

/* Told by libvirt as long as it goes on; one that has ended is no longer there. */
static bool pull_has_ended(void *context)
{
  struct pull *pull = context;
  virDomainBlockJobInfo info;
  const int found = virDomainGetBlockJobInfo(pull->domain, pull->target, &info, 0);
  pull->failed = found < 0;
  if (found > 0 && info.end)
    acting_step(pull->acting, (double)info.cur / (double)info.end, "copying a disk");
  return found <= 0;
}

static bool pull(const struct acting *acting, virDomainPtr domain, const struct clone_disk *disk,
                 GError **err)
{
  struct pull pull = {acting, domain, disk->target, false};
  if (virDomainBlockPull(domain, disk->target, 0, 0) < 0)
    return virt_error(err, NULL, "disk %s cannot be flattened", disk->target);
  if (!acting_wait(acting, pull_has_ended, &pull, PULL_DEADLINE_S, ERROR_GENERAL, "flattening", NULL, err)) {
    virDomainBlockJobAbort(domain, disk->target, 0);
    return false;
  }
  if (pull.failed)
    return virt_error(err, NULL, "disk %s", disk->target);
  if (!hub_lab_root(acting->hub))
    volumes_refresh(acting->conn, disk->path);
  g_autofree char *left = backing_of_disk(acting, disk->path);
  return !left || error_set(err, ERROR_GENERAL, "The log of the guest's QEMU may say why.",
                            "disk %s still stands on %s", disk->target, left);
}

static bool flatten(const struct acting *acting, virDomainPtr domain, const struct clone_disk *disk,
                    bool active, GError **err)
{
  if (active)
    return pull(acting, domain, disk, err);
  if (hub_lab_root(acting->hub))
    return image_flatten(acting, disk->path, disk->format, err);
  return error_set(err, ERROR_UNSUPPORTED, "Start it: the disks of a guest that runs are flattened.",
                   "libvirt flattens no volume of a guest that is off");
}

bool flatten_guest(struct acting *acting, virDomainPtr domain, GError **err)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE));
  if (!xml)
    return virt_error(err, NULL, "its definition cannot be read");
  const bool active = virDomainIsActive(domain) == 1;
  g_autoptr(GPtrArray) disks = clone_disks(xml, err);
  int count = 0;
  bool ok = disks && volumes_resolve(acting->conn, disks, err);
  for (guint i = 0; ok && i < disks->len; i++) {
    const struct clone_disk *disk = g_ptr_array_index(disks, i);
    g_autofree char *behind = backing_of_disk(acting, disk->path);
    if (!behind)
      continue;
    ok = flatten(acting, domain, disk, active, err);
    count++;
  }
  if (ok && count == 0)
    acting->act->result = g_strdup("its disks stand on their own already");
  return ok && (count == 0 || define_forget_backing(acting, domain, err));
}
