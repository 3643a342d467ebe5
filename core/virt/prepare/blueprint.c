/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/blueprint.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/prepare/linux_kernel.h"
#include "core/virt/prepare/pulse.h"

#define SCRATCH_SERIAL "virtlens-scratch" /* at most 20 bytes: what ATA has room for */
#define AGENT_NAME_MAX 80                 /* bytes: what libvirt takes of a name, in UTF-8 */

void blueprint_free(struct blueprint *blueprint)
{
  if (!blueprint)
    return;
  for (int i = 0; i < blueprint->disk_count; i++) {
    g_free(blueprint->disks[i].path);
    g_free(blueprint->disks[i].target);
    g_free(blueprint->disks[i].backing);
    g_free(blueprint->disks[i].backing_format);
    g_free(blueprint->disks[i].snapshot);
  }
  g_free(blueprint->disks);
  char *texts[] = {blueprint->name,    blueprint->title,   blueprint->template, blueprint->accel_note,
                   blueprint->kernel,  blueprint->initrd,  blueprint->cmdline,  blueprint->cache,
                   blueprint->aio,     blueprint->discard, blueprint->network,  blueprint->log_file,
                   blueprint->mac,     blueprint->keys,    blueprint->key_file, blueprint->drive,
                   blueprint->function};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(blueprint);
}

/* The value of a choice field, NULL for "as the hypervisor does". */
static char *choice(const struct spec *spec, enum spec_id id)
{
  const char *text = spec_text(spec, id);
  return *text && !g_str_equal(text, "default") ? g_strdup(text) : NULL;
}

static char *needed_file(const struct spec *spec, enum spec_id id, const struct blueprint *blueprint,
                         GError **err)
{
  if (!*spec_text(spec, id)) {
    error_set(err, ERROR_USAGE, NULL, "%s: template '%s' needs one", spec_field(id)->name,
              blueprint->template);
    return NULL;
  }
  return spec_path(spec, id);
}

static bool draw_accel(struct blueprint *blueprint, const struct spec *spec, const struct platform *platform,
                       GError **err)
{
  const char *wish = spec_text(spec, SPEC_ACCEL);
  bool real_mode = blueprint->kind->flags & TEMPLATE_REAL_MODE;
  const char *against = platform->kvm_reason ? platform->kvm_reason : real_mode ? NULL : platform->soft_kvm;
  blueprint->accel = ACCEL_TCG;
  if (g_str_equal(wish, "tcg"))
    return true;
  if (!against) {
    blueprint->accel = ACCEL_KVM;
    return true;
  }
  if (g_str_equal(wish, "kvm"))
    return error_set(err, platform->kvm_reason ? ERROR_RESOURCES : ERROR_UNSUPPORTED,
                     "Choose accel=auto or accel=tcg: the guest is then emulated, which is slower.",
                     "accel kvm: %s", against);
  blueprint->accel_note = g_strdup_printf("emulated (TCG): %s", against);
  return true;
}

static bool draw_tuning(struct blueprint *blueprint, const struct spec *spec, const struct backend *backend,
                        GError **err)
{
  blueprint->cache = choice(spec, SPEC_CACHE);
  blueprint->aio = choice(spec, SPEC_AIO);
  blueprint->discard = choice(spec, SPEC_DISCARD);
  blueprint->iothread = spec_bool(spec, SPEC_IOTHREAD);
  bool direct = blueprint->cache &&
                (g_str_equal(blueprint->cache, "none") || g_str_equal(blueprint->cache, "directsync"));
  if (blueprint->aio && g_str_equal(blueprint->aio, "native") && !direct)
    return error_set(err, ERROR_USAGE,
                     "Choose cache=none or cache=directsync with it, or aio=threads or io_uring.",
                     "aio native: QEMU takes it only where the host's page cache is bypassed");
  if (blueprint->iothread && !g_str_equal(backend->name, "virtio-blk") &&
      !g_str_equal(backend->name, "virtio-scsi"))
    return error_set(err, ERROR_USAGE, "Choose iothread=no, or backend=virtio-blk or virtio-scsi.",
                     "iothread: backend %s does its I/O in QEMU's main loop only", backend->name);
  return true;
}

struct blueprint_disk *blueprint_add_disk(struct blueprint *blueprint, enum content content,
                                          const char *format)
{
  blueprint->disks = g_renew(struct blueprint_disk, blueprint->disks, blueprint->disk_count + 1);
  struct blueprint_disk *disk = &blueprint->disks[blueprint->disk_count++];
  *disk = (struct blueprint_disk){.content = content, .format = format};
  return disk;
}

static void place_disk(const struct blueprint *blueprint, const struct platform *platform,
                       struct blueprint_disk *disk, const char *suffix, const struct backend *backend)
{
  int index = (int)(disk - blueprint->disks);
  if (suffix) {
    g_autofree char *file = g_strconcat(blueprint->name, suffix, ".", disk->format, NULL);
    disk->path = g_build_filename(platform->disk_dir, file, NULL);
  }
  const char *own = blueprint->machine == MACHINE_Q35 ? "sd" : "hd";
  disk->backend = backend;
  disk->target = backend_disk_name(backend ? backend->prefix : own, index);
}

static bool draw_pulse(struct blueprint *blueprint, const struct spec *spec, const struct platform *platform,
                       const struct backend *backend, GError **err)
{
  uint64_t block = spec_size(spec, SPEC_BLOCK_SIZE);
  if (block % PULSE_SECTOR_BYTES || block < PULSE_SECTOR_BYTES ||
      block > PULSE_SECTORS_MAX * PULSE_SECTOR_BYTES)
    return error_set(err, ERROR_USAGE, "Choose 512, 4K, 32K ...",
                     "block-size %s: pulse asks the BIOS for 1 to %d "
                     "sectors of %d bytes at a time",
                     spec_text(spec, SPEC_BLOCK_SIZE), PULSE_SECTORS_MAX, PULSE_SECTOR_BYTES);
  blueprint->work = (struct pulse_work){.sectors = (int)(block / PULSE_SECTOR_BYTES),
                                        .read_percent = (int)spec_int(spec, SPEC_MIX),
                                        .random = g_str_equal(spec_text(spec, SPEC_ORDER), "random")};
  uint64_t size = spec_size(spec, SPEC_DISK);
  if (size < PULSE_WORK_MIN_BYTES)
    return error_set(err, ERROR_USAGE, "Give it 2M or more.", "disk %s: pulse works from 1 MiB on",
                     spec_text(spec, SPEC_DISK));
  struct blueprint_disk *boot = blueprint_add_disk(blueprint, CONTENT_SECTOR, "qcow2");
  boot->size_bytes = pulse_boot_disk_bytes();
  place_disk(blueprint, platform, boot, "-boot", backend);
  struct blueprint_disk *work = blueprint_add_disk(blueprint, CONTENT_WORK, blueprint->new_format);
  work->size_bytes = size;
  work->tuned = true;
  place_disk(blueprint, platform, work, "", backend);
  return true;
}

static bool draw_overlay(struct blueprint *blueprint, const struct spec *spec,
                         const struct platform *platform, const struct backend *backend, GError **err)
{
  g_autofree char *image = needed_file(spec, SPEC_IMAGE, blueprint, err);
  if (!image)
    return false;
  struct blueprint_disk *disk = blueprint_add_disk(blueprint, CONTENT_OVERLAY, "qcow2");
  disk->backing = g_steal_pointer(&image);
  disk->size_bytes = spec->given[SPEC_DISK] ? spec_size(spec, SPEC_DISK) : 0;
  disk->tuned = true;
  place_disk(blueprint, platform, disk, "", backend);
  return true;
}

/* The virtual function that SPEC names for BACKEND, or else the first that can be had.  Caller frees. */
static char *pick_function(const struct spec *spec, const struct platform *platform,
                           const struct backend *backend, GError **err)
{
  const enum sriov_class class = platform_function_class(backend);
  const char *name = spec_text(spec, SPEC_DEVICE);
  const struct sriov_pf *pf = NULL;
  const struct sriov_vf *vf =
      *name ? sriov_find(platform->functions->pfs, name, &pf) : sriov_first(platform->functions->pfs, class);
  const struct sriov_check *wrong = vf ? sriov_vf_wrong(vf) : NULL;
  if (!vf || (pf && pf->class != class))
    error_set(err, ERROR_USAGE, ":vfs lists them.", "device %s: it is no virtual function of %s", name,
              class == SRIOV_NVME ? "an NVMe drive" : "a NIC");
  else if (wrong)
    error_set(err, ERROR_REFUSED, wrong->advice, "device %s: %s: %s", vf->address, wrong->name, wrong->text);
  else
    return g_strdup(vf->address);
  return NULL;
}

/* A function of a drive is all the disk that the guest has, but for what it boots from. */
static bool draw_drive(struct blueprint *blueprint, const struct spec *spec, const struct platform *platform,
                       const struct backend *backend, GError **err)
{
  const unsigned flags = blueprint->kind->flags;
  if (flags & TEMPLATE_BENCH)
    return error_set(err, ERROR_UNSUPPORTED, "Choose another backend.",
                     "backend %s: a benchmark writes to disks alone that were made for it", backend->name);
  if (flags & TEMPLATE_PULSE)
    return error_set(err, ERROR_USAGE, "Choose template linux, or kernel or image.",
                     "backend %s: pulse works through the BIOS on a disk that is made for it", backend->name);
  blueprint->drive = pick_function(spec, platform, backend, err);
  if (!blueprint->drive)
    return false;
  return flags & TEMPLATE_OVERLAY
             ? draw_overlay(blueprint, spec, platform, backend_find(BACKEND_DISK, "virtio-blk"), err)
             : true;
}

static bool draw_cdrom(struct blueprint *blueprint, const struct spec *spec, const struct platform *platform,
                       GError **err)
{
  if (!(blueprint->kind->flags & TEMPLATE_CDROM))
    return true;
  g_autofree char *image = needed_file(spec, SPEC_IMAGE, blueprint, err);
  if (!image)
    return false;
  struct blueprint_disk *cd = blueprint_add_disk(blueprint, CONTENT_EXISTS, "raw");
  cd->cdrom = true;
  place_disk(blueprint, platform, cd, NULL, NULL);
  cd->path = g_steal_pointer(&image);
  return true;
}

static bool draw_disks(struct blueprint *blueprint, const struct spec *spec, const struct platform *platform,
                       const struct backend *backend, GError **err)
{
  unsigned flags = blueprint->kind->flags;
  if (backend->path == PATH_DIRECT)
    return draw_drive(blueprint, spec, platform, backend, err) && draw_cdrom(blueprint, spec, platform, err);
  if (flags & TEMPLATE_PULSE)
    return draw_pulse(blueprint, spec, platform, backend, err);
  if (flags & TEMPLATE_OVERLAY)
    return draw_overlay(blueprint, spec, platform, backend, err);
  struct blueprint_disk *disk = blueprint_add_disk(blueprint, CONTENT_EMPTY, blueprint->new_format);
  disk->size_bytes = spec_size(spec, SPEC_DISK);
  disk->serial = blueprint->bench ? SCRATCH_SERIAL : NULL;
  disk->tuned = true;
  place_disk(blueprint, platform, disk, "", backend);
  return draw_cdrom(blueprint, spec, platform, err);
}

static bool draw_kernel(struct blueprint *blueprint, const struct spec *spec, const struct platform *platform,
                        GError **err)
{
  if (!(blueprint->kind->flags & TEMPLATE_KERNEL))
    return true;
  if (*spec_text(spec, SPEC_CMDLINE))
    blueprint->cmdline = g_strdup(spec_text(spec, SPEC_CMDLINE));
  if (blueprint->kind->flags & TEMPLATE_LINUX) {
    blueprint->kernel = g_build_filename(platform->linux_dir, LINUX_KERNEL, NULL);
    blueprint->initrd = g_build_filename(platform->linux_dir, LINUX_INITRD, NULL);
    return true;
  }
  if (!(blueprint->kernel = needed_file(spec, SPEC_KERNEL, blueprint, err)))
    return false;
  blueprint->initrd = spec_path(spec, SPEC_INITRD);
  return true;
}

/* A port can lead to what is on a network of its own on this machine, and has something to listen there. */
static enum reach reach_of(const struct blueprint *blueprint, const struct spec *spec,
                           const struct platform *platform)
{
  if (!spec_bool(spec, SPEC_SSH) || !platform->local || blueprint->network ||
      blueprint->kind->flags & TEMPLATE_REAL_MODE)
    return REACH_NONE;
  return platform->passt_reason ? REACH_QEMU : REACH_PASST;
}

/* Why BACKEND cannot be had; of a device that is named, what stands in its own way is told later, and of one
 * that a network hands out by libvirt. */
static char *refusal(const struct spec *spec, const struct platform *platform, const struct backend *backend)
{
  const bool direct = backend->path == PATH_DIRECT,
             named = platform->functions && *spec_text(spec, SPEC_DEVICE),
             handed = backend->class == BACKEND_NIC && *spec_text(spec, SPEC_NETWORK);
  return direct && (named || handed) ? NULL : platform_refusal(platform, backend);
}

/* The value of a text field; NULL: it is empty. */
static const char *given(const struct spec *spec, enum spec_id id)
{
  const char *text = spec_text(spec, id);
  return *text ? text : NULL;
}

static bool refuse_words(const struct nic_words *words, GError **err)
{
  if (!words->mac && !words->vlan && !words->network)
    return true;
  return error_set(err, ERROR_USAGE, "Choose a nic.", "%s: the guest is to have no NIC",
                   words->mac    ? "mac"
                   : words->vlan ? "vlan"
                                 : "network");
}

static bool draw_nic(struct blueprint *blueprint, const struct spec *spec, const struct platform *platform,
                     GError **err)
{
  const char *name = spec_text(spec, SPEC_NIC);
  const struct nic_words words = {given(spec, SPEC_MAC), given(spec, SPEC_VLAN), given(spec, SPEC_NETWORK)};
  if (!*name || g_str_equal(name, "none"))
    return refuse_words(&words, err);
  const struct backend *nic = backend_find(BACKEND_NIC, name);
  if (!nic)
    return error_set(err, ERROR_USAGE, "The form's picker lists them.", "nic '%s': there is no such model",
                     name);
  g_autofree char *reason = refusal(spec, platform, nic);
  if (reason)
    return error_set(err, ERROR_UNSUPPORTED, "Choose another nic, or none.", "nic %s: %s", name, reason);
  blueprint->nic = nic;
  if (!blueprint_set_nic(blueprint, &words, platform, err))
    return false;
  if (nic->path == PATH_DIRECT)
    return blueprint->network || (blueprint->function = pick_function(spec, platform, nic, err));
  blueprint->reach = reach_of(blueprint, spec, platform);
  blueprint->log_in = spec_bool(spec, SPEC_SSH) && blueprint->kind->flags & TEMPLATE_LINUX;
  return true;
}

static const struct backend *usable_backend(const struct spec *spec, const struct platform *platform,
                                            GError **err)
{
  const char *name = spec_text(spec, SPEC_BACKEND);
  const struct backend *backend = backend_find(BACKEND_DISK, name);
  if (!backend) {
    error_set(err, ERROR_USAGE, "The form's picker and 'virtlens help backends' list them.",
              "backend '%s': there is no such backend", name);
    return NULL;
  }
  g_autofree char *reason = refusal(spec, platform, backend);
  if (!reason)
    return backend;
  error_set(err, ERROR_UNSUPPORTED, "Choose another backend.", "backend %s: %s", name, reason);
  return NULL;
}

static bool draw_all(struct blueprint *blueprint, const struct spec *spec, const struct platform *platform,
                     GError **err)
{
  const struct backend *backend = usable_backend(spec, platform, err);
  if (!backend)
    return false;
  if (!platform->disk_dir)
    return error_set(
        err, ERROR_RESOURCES,
        "Disks are made in the storage pool 'default': virsh pool-define-as default dir --target "
        "/var/lib/libvirt/images, then virsh pool-start default.",
        "no place for disks: %s", platform->disk_reason);
  blueprint->machine = platform_machine(backend);
  blueprint->bench = blueprint->kind->flags & TEMPLATE_BENCH;
  blueprint->new_format = g_str_equal(spec_text(spec, SPEC_FORMAT), "raw") ? "raw" : "qcow2";
  blueprint->vcpus = (int)spec_int(spec, SPEC_VCPUS);
  blueprint->memory_bytes = spec_size(spec, SPEC_MEMORY);
  blueprint->agent = !(blueprint->kind->flags & (TEMPLATE_REAL_MODE | TEMPLATE_BENCH)) &&
                     MIN(strlen(blueprint->name), AGENT_NAME_MAX) <= platform->agent_room;
  if (platform->log_dir) {
    g_autofree char *file = g_strconcat(blueprint->name, ".log", NULL);
    blueprint->log_file = g_build_filename(platform->log_dir, file, NULL);
  }
  return draw_accel(blueprint, spec, platform, err) && draw_tuning(blueprint, spec, backend, err) &&
         draw_disks(blueprint, spec, platform, backend, err) && draw_kernel(blueprint, spec, platform, err) &&
         draw_nic(blueprint, spec, platform, err);
}

struct blueprint *blueprint_draw(const struct spec *spec, const struct template_kind *kind,
                                 const struct platform *platform, GError **err)
{
  if (!text_name_ok(spec_text(spec, SPEC_NAME), err))
    return NULL;
  g_autoptr(blueprint_plan) blueprint = g_new0(struct blueprint, 1);
  blueprint->kind = kind;
  blueprint->name = g_strdup(spec_text(spec, SPEC_NAME));
  blueprint->template = g_strdup(spec_text(spec, SPEC_TEMPLATE));
  if (*spec_text(spec, SPEC_TITLE))
    blueprint->title = g_strdup(spec_text(spec, SPEC_TITLE));
  return draw_all(blueprint, spec, platform, err) ? g_steal_pointer(&blueprint) : NULL;
}

struct blueprint *blueprint_of(const struct spec *spec, const struct platform *platform, GError **err)
{
  const struct template_kind *kind;
  struct spec *filled = spec_copy(spec);
  struct blueprint *blueprint =
      template_fill(filled, &kind, err) ? blueprint_draw(filled, kind, platform, err) : NULL;
  spec_free(filled);
  return blueprint;
}
