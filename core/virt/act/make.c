/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/make.h"

#include <unistd.h>

#include "core/base/error.h"
#include "core/base/units.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/image.h"
#include "core/virt/act/life.h"
#include "core/virt/conn/lab_mark.h"

bool make_has_room(const struct platform *platform, uint64_t need, GError **err)
{
  if (!platform->disk_free_bytes || need <= platform->disk_free_bytes)
    return true;
  g_autofree char *wanted = units_size_text(need);
  units_buf have;
  return error_set(err, ERROR_RESOURCES, "Choose a smaller disk, or make room there.",
                   "disk %s: %s has %s free, and a thin disk can grow to its full size", wanted,
                   platform->disk_dir, units_bytes(have, (double)platform->disk_free_bytes));
}

static bool check_disks(const struct making *making, GError **err)
{
  uint64_t need = 0;
  for (int i = 0; i < making->blueprint->disk_count; i++)
    need += making->blueprint->disks[i].size_bytes;
  return make_has_room(making->platform, need, err);
}

static bool check_name(const struct acting *acting, const struct blueprint *blueprint, GError **err)
{
  g_autoptr(virDomain) there = virDomainLookupByName(acting->conn, blueprint->name);
  if (there)
    return error_set(err, ERROR_REFUSED, "Choose another name, or delete that guest first.",
                     "name '%s': a guest of this name is there already", blueprint->name);
  return virGetLastErrorCode() == VIR_ERR_NO_DOMAIN || virt_error(err, NULL, "name '%s'", blueprint->name);
}

/* Undo all but the disks.  A failure of the undoing is told nowhere: the first error counts. */
static void undo(virDomainPtr domain)
{
  if (virDomainIsActive(domain) == 1)
    virDomainDestroy(domain);
  life_undefine(domain, false, NULL);
}

static bool start(virDomainPtr domain, struct acting *acting, const struct making *making, GError **err)
{
  const unsigned flags = making->blueprint->bench ? VIR_DOMAIN_START_PAUSED : 0;
  acting_step(acting, 0.7, "starting QEMU");
  return (virDomainCreateWithFlags(domain, flags) == 0 ||
          virt_error(err, NULL, "the guest cannot be started")) &&
         acting_goes_on(acting, err);
}

static bool define(struct acting *acting, const struct making *making, GError **err)
{
  acting_step(acting, 0.5, "defining the guest");
  if (!acting_goes_on(acting, err))
    return false;
  g_autoptr(virDomain) domain = virDomainDefineXML(acting->conn, making->xml);
  if (!domain)
    return virt_error(err, NULL, "libvirt refuses the definition");
  if (making->start && !start(domain, acting, making, err)) {
    undo(domain);
    return false;
  }
  virDomainGetUUIDString(domain, acting->act->result_uuid);
  return true;
}

static void forget_log(const struct blueprint *blueprint)
{
  if (blueprint->log_file)
    unlink(blueprint->log_file);
}

static bool make(struct acting *acting, const struct making *making, GError **err)
{
  acting_step(acting, 0.2, "making disks");
  if (!disks_make(acting, making->blueprint, making->platform, err))
    return false;
  GError *fault = NULL;
  if (define(acting, making, &fault))
    return true;
  /* Where the connection went away nobody knows whether the guest is there: its disks stay. */
  if (fault->code != ERROR_LOST) {
    disks_remove(acting, making->blueprint, making->platform);
    forget_log(making->blueprint);
  }
  g_propagate_error(err, fault);
  return false;
}

static bool are_free(const GPtrArray *files, GError **err)
{
  for (guint i = 0; i < files->len; i++)
    if (!image_is_free(files->pdata[i], err))
      return false;
  return true;
}

/* In the lab a mark lets the next start clear up when this program is killed in the middle. */
static bool make_marked(struct acting *acting, const struct making *making, GError **err)
{
  const char *root = hub_lab_root(acting->hub), *name = making->blueprint->name;
  if (!root)
    return make(acting, making, err);
  g_autoptr(GPtrArray) files = disks_files(making->blueprint);
  if (!are_free(files, err))
    return false;
  g_ptr_array_add(files, making->blueprint->log_file);
  g_ptr_array_add(files, NULL);
  if (!lab_mark(root, name, (const char *const *)files->pdata, err))
    return false;
  bool ok = make(acting, making, err);
  lab_unmark(root, name);
  return ok;
}

bool make_guest(struct acting *acting, const struct making *making, GError **err)
{
  if (!check_name(acting, making->blueprint, err) || !check_disks(making, err))
    return false;
  g_autoptr(GPtrArray) files = disks_files(making->blueprint);
  trail_add_guest(acting->trail, making->blueprint->name, files);
  return make_marked(acting, making, err);
}
