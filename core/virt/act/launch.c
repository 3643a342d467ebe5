/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/launch.h"

#include <errno.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/image.h"
#include "core/virt/act/life.h"
#include "core/virt/conn/lab_mark.h"
#include "core/virt/prepare/domain_build.h"
#include "core/virt/prepare/linux_kernel.h"

/* What QEMU itself takes beside the guest's memory (seen: 25 to 45 MiB resident). */
#define QEMU_BYTES (UINT64_C(48) << 20)

static bool check_memory(const struct blueprint *blueprint, const struct platform *platform, GError **err)
{
  uint64_t need = blueprint->memory_bytes + QEMU_BYTES;
  if (!platform->memory_free_bytes || need <= platform->memory_free_bytes)
    return true;
  g_autofree char *wanted = units_size_text(blueprint->memory_bytes);
  units_buf have;
  return error_set(err, ERROR_RESOURCES, "Give the guest less memory, or stop another guest.",
                   "memory %s: the host has %s free, and QEMU itself needs some", wanted,
                   units_bytes(have, (double)platform->memory_free_bytes));
}

static bool check_disk(const struct blueprint *blueprint, const struct platform *platform, GError **err)
{
  uint64_t need = 0;
  for (int i = 0; i < blueprint->disk_count; i++)
    need += blueprint->disks[i].size_bytes;
  if (!platform->disk_free_bytes || need <= platform->disk_free_bytes)
    return true;
  g_autofree char *wanted = units_size_text(need);
  units_buf have;
  return error_set(err, ERROR_RESOURCES, "Choose a smaller disk, or make room there.",
                   "disk %s: %s has %s free, and a thin disk can grow to its full size", wanted,
                   platform->disk_dir, units_bytes(have, (double)platform->disk_free_bytes));
}

static bool check_name(const struct acting *acting, const struct blueprint *blueprint, GError **err)
{
  g_autoptr(virDomain) there = virDomainLookupByName(acting->conn, blueprint->name);
  if (there)
    return error_set(err, ERROR_REFUSED, "Choose another name, or delete that guest first.",
                     "name '%s': a guest of this name is there already", blueprint->name);
  return virGetLastErrorCode() == VIR_ERR_NO_DOMAIN || virt_error(err, NULL, "name '%s'", blueprint->name);
}

static bool check_file(const char *what, const char *path, const struct platform *platform, GError **err)
{
  if (!path || !platform->local || g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return true;
  int fault = g_file_test(path, G_FILE_TEST_EXISTS) ? EINVAL : ENOENT;
  g_autofree char *safe = text_safe(path);
  return error_set_errno(err, ERROR_USAGE, fault, "Name a file that is there.", "%s %s", what, safe);
}

/* Its kernel is there, and where QEMU's user can read it. */
static bool check_linux(const struct blueprint *blueprint, const struct platform *platform, GError **err)
{
  if (!(blueprint->kind->flags & TEMPLATE_LINUX))
    return true;
  g_autofree char *reason = platform_linux_reason(platform);
  if (reason)
    return error_set(err, ERROR_RESOURCES, "Or choose template pulse, which needs no kernel.",
                     "template linux: %s", reason);
  return !platform->linux_source || linux_kernel_copy(platform->linux_source, platform->linux_dir, err);
}

static bool check_files(const struct blueprint *blueprint, const struct platform *platform, GError **err)
{
  if (!check_linux(blueprint, platform, err) || !check_file("kernel", blueprint->kernel, platform, err) ||
      !check_file("initrd", blueprint->initrd, platform, err))
    return false;
  for (int i = 0; i < blueprint->disk_count; i++) {
    const struct blueprint_disk *disk = &blueprint->disks[i];
    const char *source = disk->content == CONTENT_EXISTS ? disk->path : disk->backing;
    if (!check_file("image", source, platform, err))
      return false;
  }
  return true;
}

static bool find_formats(const struct acting *acting, struct blueprint *blueprint,
                         const struct platform *platform, GError **err)
{
  for (int i = 0; i < blueprint->disk_count; i++) {
    struct blueprint_disk *disk = &blueprint->disks[i];
    if (disk->backing && !(disk->backing_format = disk_format(acting, platform, disk->backing, err)))
      return false;
  }
  return true;
}

/* Undo all but the disks.  A failure of the undoing is told nowhere: the first error counts. */
static void undo(virDomainPtr domain)
{
  if (virDomainIsActive(domain) == 1)
    virDomainDestroy(domain);
  life_undefine(domain, NULL);
}

static bool define_and_start(struct acting *acting, const struct blueprint *blueprint, GError **err)
{
  g_autofree char *xml = domain_build(blueprint);
  acting_step(acting, 0.5, "defining the guest");
  if (!acting_goes_on(acting, err))
    return false;
  g_autoptr(virDomain) domain = virDomainDefineXML(acting->conn, xml);
  if (!domain)
    return virt_error(err, NULL, "libvirt refuses the definition");
  acting_step(acting, 0.7, "starting QEMU");
  if (virDomainCreate(domain) < 0) {
    virt_error(err, NULL, "the guest cannot be started");
    undo(domain);
    return false;
  }
  if (!acting_goes_on(acting, err)) {
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

static bool make(struct acting *acting, const struct blueprint *blueprint, const struct platform *platform,
                 GError **err)
{
  acting_step(acting, 0.2, "making disks");
  if (!disks_make(acting, blueprint, platform, err))
    return false;
  GError *fault = NULL;
  if (define_and_start(acting, blueprint, &fault))
    return true;
  /* Where the connection went away nobody knows whether the guest runs: its disks stay. */
  if (fault->code != ERROR_LOST) {
    disks_remove(acting, blueprint, platform);
    forget_log(blueprint);
  }
  g_propagate_error(err, fault);
  return false;
}

/* The files that the launch is to make, none of which may be there. */
static bool list_files(const struct blueprint *blueprint, GPtrArray *files, GError **err)
{
  for (int i = 0; i < blueprint->disk_count; i++) {
    const struct blueprint_disk *disk = &blueprint->disks[i];
    if (!disk_is_ours(disk))
      continue;
    if (!image_is_free(disk->path, err))
      return false;
    g_ptr_array_add(files, disk->path);
  }
  if (blueprint->log_file)
    g_ptr_array_add(files, blueprint->log_file);
  g_ptr_array_add(files, NULL);
  return true;
}

static bool make_marked(struct acting *acting, const struct blueprint *blueprint,
                        const struct platform *platform, GError **err)
{
  const char *root = hub_lab_root(acting->hub);
  if (!root)
    return make(acting, blueprint, platform, err);
  g_autoptr(GPtrArray) files = g_ptr_array_new();
  if (!list_files(blueprint, files, err) ||
      !lab_mark(root, blueprint->name, (const char *const *)files->pdata, err))
    return false;
  bool ok = make(acting, blueprint, platform, err);
  lab_unmark(root, blueprint->name);
  return ok;
}

/* A guest that is slower than its user may expect says so. */
static void tell_accel(const struct acting *acting, const struct blueprint *blueprint)
{
  if (blueprint->accel_note)
    hub_tell(acting->hub, event_new(EVENT_GUEST, acting->hub->conn, acting->act->result_uuid, blueprint->name,
                                    blueprint->accel_note));
}

bool launch_guest(struct acting *acting, GError **err)
{
  acting_step(acting, 0, "looking at what is there");
  g_autoptr(platform_facts) platform = platform_read(acting->conn, hub_lab_root(acting->hub), err);
  if (!platform)
    return false;
  g_autoptr(blueprint_plan) blueprint = blueprint_of(acting->act->spec, platform, err);
  if (!blueprint || !check_name(acting, blueprint, err) || !check_files(blueprint, platform, err) ||
      !check_memory(blueprint, platform, err) || !check_disk(blueprint, platform, err) ||
      !find_formats(acting, blueprint, platform, err) || !make_marked(acting, blueprint, platform, err))
    return false;
  tell_accel(acting, blueprint);
  acting_step(acting, 1, "running");
  return true;
}
