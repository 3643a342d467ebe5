/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/launch.h"

#include <errno.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/make.h"
#include "core/virt/prepare/domain_build.h"
#include "core/virt/prepare/linux_kernel.h"
#include "core/virt/prepare/macs.h"
#include "core/virt/prepare/ports.h"
#include "core/virt/prepare/ssh_keys.h"

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

static bool check_file(const char *what, const char *path, const struct platform *platform, GError **err)
{
  if (!path || !platform->local || g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return true;
  int fault = g_file_test(path, G_FILE_TEST_EXISTS) ? EINVAL : ENOENT;
  g_autofree char *safe = text_safe(path);
  return error_set_errno(err, ERROR_USAGE, fault, "Name a file that is there.", "%s %s", what, safe);
}

/* What a benchmark has it do needs a program, which it may have been made without. */
static bool check_program(const struct blueprint *blueprint, const struct platform *platform,
                          const char *name, GError **err)
{
  const char *dir = platform->linux_source ? platform->linux_source : platform->linux_dir;
  g_autofree char *version = blueprint->bench ? linux_kernel_program(dir, name) : NULL;
  return version || !blueprint->bench ||
         error_set(
             err, ERROR_RESOURCES,
             "Install it on this machine (apt-get install fio), then make the guest anew: virtlens-mklinux.",
             "the guest linux in %s has no %s", dir, name);
}

/* Its kernel is there. */
static bool has_linux(const struct blueprint *blueprint, const struct platform *platform, GError **err)
{
  if (!(blueprint->kind->flags & TEMPLATE_LINUX))
    return true;
  g_autofree char *reason = platform_linux_reason(platform);
  if (reason)
    return error_set(err, ERROR_RESOURCES, "Or choose template pulse, which needs no kernel.",
                     "template linux: %s", reason);
  return check_program(blueprint, platform, "fio", err);
}

/* ... and where QEMU's user can read it. */
static bool give_linux(const struct blueprint *blueprint, const struct platform *platform, GError **err)
{
  return !(blueprint->kind->flags & TEMPLATE_LINUX) || !platform->linux_source ||
         linux_kernel_copy(platform->linux_source, platform->linux_dir, err);
}

static bool check_files(const struct blueprint *blueprint, const struct platform *platform, GError **err)
{
  if (!has_linux(blueprint, platform, err) || !give_linux(blueprint, platform, err) ||
      !check_file("kernel", blueprint->kernel, platform, err) ||
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

static void tell(const struct acting *acting, const struct blueprint *blueprint, const char *text)
{
  hub_tell(acting->hub,
           event_new(EVENT_GUEST, acting->hub->conn, acting->act->result_uuid, blueprint->name, text));
}

/* A guest that is slower than its user may expect says so. */
static void tell_accel(const struct acting *acting, const struct blueprint *blueprint)
{
  if (blueprint->accel_note)
    tell(acting, blueprint, blueprint->accel_note);
}

/* ---- SSH ---- */

/* A guest that lets nobody in still runs. */
static void find_keys(const struct acting *acting, struct blueprint *blueprint)
{
  g_autoptr(GError) fault = NULL;
  if (ssh_keys_give(blueprint))
    return;
  if (ssh_keys_make(&fault)) {
    ssh_keys_give(blueprint);
    return;
  }
  g_autofree char *line = error_line(fault),
                  *text = g_strconcat("there is no key to log in with by SSH: ", line, NULL);
  tell(acting, blueprint, text);
}

static bool find_port(const struct acting *acting, struct blueprint *blueprint, struct port_held *held,
                      GError **err)
{
  if (!blueprint->reach)
    return true;
  if (!ports_hold(acting->conn, NULL, held, err))
    return false;
  ports_give(blueprint, held->port);
  return true;
}

bool launch_check(struct hub *hub, const struct spec *spec, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  g_autoptr(platform_facts) platform = conn ? platform_read(conn, hub_lab_root(hub), err) : NULL;
  g_autoptr(blueprint_plan) blueprint = platform ? blueprint_of(spec, platform, err) : NULL;
  return blueprint && has_linux(blueprint, platform, err) && check_memory(blueprint, platform, err) &&
         make_has_room(platform, spec_size(spec, SPEC_DISK), err);
}

bool launch_guest(struct acting *acting, GError **err)
{
  acting_step(acting, 0, "looking at what is there");
  g_autoptr(platform_facts) platform = platform_read(acting->conn, hub_lab_root(acting->hub), err);
  if (!platform)
    return false;
  g_autoptr(blueprint_plan) blueprint = blueprint_of(acting->act->spec, platform, err);
  if (!blueprint || !check_files(blueprint, platform, err) || !check_memory(blueprint, platform, err) ||
      !find_formats(acting, blueprint, platform, err))
    return false;
  g_auto(port_holding) held = {0};
  if (!mac_is_free(acting->conn, blueprint->mac, err))
    return false;
  find_keys(acting, blueprint);
  if (!find_port(acting, blueprint, &held, err))
    return false;
  g_autofree char *xml = domain_build(blueprint);
  if (!make_guest(acting, &(struct making){blueprint, platform, xml, true}, err))
    return false;
  tell_accel(acting, blueprint);
  if (blueprint->reach)
    acting->act->result = g_strdup_printf("its SSH is port %d of 127.0.0.1", blueprint->ssh_port);
  acting_step(acting, 1, "running");
  return true;
}
