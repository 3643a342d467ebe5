/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's definition as bytes.  Format 1: the fields in the order of the functions below; 2: behind them,
 * how SSH reaches it; then what journals were kept without: its kind, and what it is inside. */
#include "core/session/scan_blob.h"

#define INFO_BLOB_FORMAT 2
#define INFO_BLOB_BEFORE_REACH 1
enum { FLAG_A = 1, FLAG_B = 2, FLAG_SAVED = 4, FLAG_AUTOSTART = 8 };

static void put_backend(GByteArray *out, const struct backend *backend)
{
  blob_put_text(out, backend ? backend->name : NULL);
}

static void put_flags(GByteArray *out, bool a, bool b)
{
  blob_put_uint(out, (a ? FLAG_A : 0U) | (b ? FLAG_B : 0U));
}

static void put_disk(GByteArray *out, const struct disk_info *disk)
{
  const char *const texts[] = {disk->target, disk->source, disk->format, disk->bus,
                               disk->cache,  disk->io,     disk->discard};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    blob_put_text(out, texts[i]);
  put_backend(out, disk->backend);
  put_flags(out, disk->readonly, disk->cdrom);
  blob_put_int(out, disk->iothread);
}

static void put_nic(GByteArray *out, const struct nic_info *nic)
{
  const char *const texts[] = {nic->target, nic->mac, nic->model, nic->source};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    blob_put_text(out, texts[i]);
  put_backend(out, nic->backend);
}

static void put_reach(GByteArray *out, const struct guest_info *info)
{
  blob_put_text(out, info->key_file);
  for (int i = 0; i < info->nic_count; i++)
    blob_put_uint(out, (uint64_t)info->nics[i].ssh_port);
}

static void put_inside(GByteArray *out, const struct inside *inside)
{
  blob_put_uint(out, inside != NULL);
  if (!inside)
    return;
  blob_put_uint(out, (uint64_t)inside->teller);
  blob_put_text(out, inside->no_addresses);
  blob_put_text(out, inside->no_file_systems);
  blob_put_uint(out, (uint64_t)inside->address_count);
  for (int i = 0; i < inside->address_count; i++) {
    blob_put_text(out, inside->addresses[i].device);
    blob_put_text(out, inside->addresses[i].mac);
    blob_put_text(out, inside->addresses[i].address);
  }
  blob_put_uint(out, (uint64_t)inside->file_system_count);
  for (int i = 0; i < inside->file_system_count; i++) {
    const struct inside_file_system *row = &inside->file_systems[i];
    blob_put_text(out, row->mount);
    blob_put_text(out, row->type);
    blob_put_text(out, row->disks);
    put_flags(out, row->sized, false);
    blob_put_uint(out, row->total_bytes);
    blob_put_uint(out, row->used_bytes);
  }
}

GByteArray *info_blob_encode(const struct guest_info *info)
{
  GByteArray *out = g_byte_array_new();
  blob_put_uint(out, INFO_BLOB_FORMAT);
  blob_put_text(out, info->name);
  blob_put_text(out, info->uuid);
  blob_put_text(out, info->title);
  blob_put_text(out, info->template);
  blob_put_uint(out, (uint64_t)info->accel);
  blob_put_uint(out, info->vcpus);
  blob_put_uint(out, info->memory_bytes);
  blob_put_uint(out, (info->persistent ? FLAG_A : 0U) | (info->transient_run ? FLAG_B : 0U) |
                         (info->saved ? FLAG_SAVED : 0U) | (info->autostart ? FLAG_AUTOSTART : 0U));
  blob_put_uint(out, (uint64_t)info->disk_count);
  for (int i = 0; i < info->disk_count; i++)
    put_disk(out, &info->disks[i]);
  blob_put_uint(out, (uint64_t)info->nic_count);
  for (int i = 0; i < info->nic_count; i++)
    put_nic(out, &info->nics[i]);
  blob_put_uint(out, (uint64_t)info->hostdev_count);
  for (int i = 0; i < info->hostdev_count; i++)
    blob_put_text(out, info->hostdevs[i].address);
  put_reach(out, info);
  blob_put_uint(out, (uint64_t)info->kind);
  put_inside(out, info->inside);
  return out;
}

static const struct backend *get_backend(struct blob_in *in, enum backend_class class)
{
  g_autofree char *name = blob_get_text(in);
  return name ? backend_find(class, name) : NULL;
}

static void get_disk(struct blob_in *in, struct disk_info *disk)
{
  char **const texts[] = {&disk->target, &disk->source, &disk->format, &disk->bus,
                          &disk->cache,  &disk->io,     &disk->discard};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    *texts[i] = blob_get_text(in);
  disk->backend = get_backend(in, BACKEND_DISK);
  uint64_t flags = blob_get_limited(in, FLAG_A | FLAG_B);
  disk->readonly = flags & FLAG_A;
  disk->cdrom = flags & FLAG_B;
  disk->iothread = (int)blob_get_int(in);
}

static void get_nic(struct blob_in *in, struct nic_info *nic)
{
  char **const texts[] = {&nic->target, &nic->mac, &nic->model, &nic->source};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    *texts[i] = blob_get_text(in);
  nic->backend = get_backend(in, BACKEND_NIC);
}

static void get_devices(struct blob_in *in, struct guest_info *info)
{
  info->disk_count = blob_get_count(in);
  info->disks = g_new0(struct disk_info, (size_t)info->disk_count);
  for (int i = 0; i < info->disk_count; i++)
    get_disk(in, &info->disks[i]);
  info->nic_count = blob_get_count(in);
  info->nics = g_new0(struct nic_info, (size_t)info->nic_count);
  for (int i = 0; i < info->nic_count; i++)
    get_nic(in, &info->nics[i]);
  info->hostdev_count = blob_get_count(in);
  info->hostdevs = g_new0(struct hostdev_info, (size_t)info->hostdev_count);
  for (int i = 0; i < info->hostdev_count; i++)
    info->hostdevs[i].address = blob_get_text(in);
}

static void get_reach(struct blob_in *in, struct guest_info *info)
{
  info->key_file = blob_get_text(in);
  for (int i = 0; i < info->nic_count; i++)
    info->nics[i].ssh_port = (int)blob_get_limited(in, G_MAXUINT16);
}

static void get_addresses(struct blob_in *in, struct inside *inside)
{
  inside->address_count = blob_get_count(in);
  inside->addresses = g_new0(struct inside_address, (size_t)inside->address_count);
  for (int i = 0; i < inside->address_count; i++) {
    inside->addresses[i].device = blob_get_text(in);
    inside->addresses[i].mac = blob_get_text(in);
    inside->addresses[i].address = blob_get_text(in);
  }
}

static void get_file_systems(struct blob_in *in, struct inside *inside)
{
  inside->file_system_count = blob_get_count(in);
  inside->file_systems = g_new0(struct inside_file_system, (size_t)inside->file_system_count);
  for (int i = 0; i < inside->file_system_count; i++) {
    struct inside_file_system *row = &inside->file_systems[i];
    row->mount = blob_get_text(in);
    row->type = blob_get_text(in);
    row->disks = blob_get_text(in);
    row->sized = blob_get_limited(in, FLAG_A) & FLAG_A;
    row->total_bytes = blob_get_uint(in);
    row->used_bytes = blob_get_uint(in);
  }
}

/* NULL: it was not asked. */
static struct inside *get_inside(struct blob_in *in)
{
  if (!blob_get_limited(in, 1))
    return NULL;
  struct inside *inside = inside_new();
  inside->teller = (enum inside_teller)blob_get_limited(in, TELLERS - 1);
  inside->no_addresses = blob_get_text(in);
  inside->no_file_systems = blob_get_text(in);
  get_addresses(in, inside);
  get_file_systems(in, inside);
  return inside;
}

struct guest_info *info_blob_decode(const void *data, size_t size)
{
  const uint8_t *bytes = data;
  struct blob_in in = {bytes, bytes + size, false};
  const uint64_t format = blob_get_uint(&in);
  if (format != INFO_BLOB_FORMAT && format != INFO_BLOB_BEFORE_REACH)
    return NULL;
  g_autofree char *name = blob_get_text(&in), *uuid = blob_get_text(&in);
  if (!name || !uuid || strlen(uuid) >= sizeof((struct guest_info *)NULL)->uuid)
    return NULL;
  struct guest_info *info = guest_info_new(name, uuid);
  info->title = blob_get_text(&in);
  info->template = blob_get_text(&in);
  info->accel = (enum accel)blob_get_limited(&in, ACCELS - 1);
  info->vcpus = (unsigned)blob_get_limited(&in, G_MAXUINT);
  info->memory_bytes = blob_get_uint(&in);
  uint64_t flags = blob_get_limited(&in, FLAG_A | FLAG_B | FLAG_SAVED | FLAG_AUTOSTART);
  info->persistent = flags & FLAG_A;
  info->transient_run = flags & FLAG_B;
  info->saved = flags & FLAG_SAVED;
  info->autostart = flags & FLAG_AUTOSTART;
  get_devices(&in, info);
  if (format != INFO_BLOB_BEFORE_REACH)
    get_reach(&in, info);
  if (in.at != in.end) /* journals were kept without it */
    info->kind = (enum kind)blob_get_limited(&in, KINDS - 1);
  if (in.at != in.end)
    info->inside = get_inside(&in);
  if (in.bad || in.at != in.end) {
    guest_info_unref(info);
    return NULL;
  }
  return info;
}
