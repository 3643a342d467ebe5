/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/info_json.h"
#include "core/session/json_read.h"

#define COUNT_MAX (1 << 16)

static const char *kind_word(int kind)
{
  return kind_row((enum kind)kind)->name;
}

static const char *accel_word(int accel)
{
  return accel_name((enum accel)accel);
}

static const char *event_kind_word(int kind)
{
  return event_kind_name((enum event_kind)kind);
}

static const char *job_state_word(int state)
{
  return job_state_name((enum job_state)state);
}

static const char *word_of_action(int action)
{
  return action_row((enum action_id)action)->name;
}

static const struct backend *read_backend(struct json_read *read, enum backend_class class)
{
  const char *name = json_read_word(read, "backend");
  return name ? backend_find(class, name) : NULL;
}

static bool parse_disk(const json_t *object, struct disk_info *disk, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return false;
  disk->target = json_read_text(&read, "target");
  disk->backend = read_backend(&read, BACKEND_DISK);
  disk->bus = json_read_text(&read, "bus");
  disk->source = json_read_text(&read, "source");
  disk->format = json_read_text(&read, "format");
  disk->cache = json_read_text(&read, "cache");
  disk->io = json_read_text(&read, "io");
  disk->discard = json_read_text(&read, "discard");
  disk->readonly = json_read_bool(&read, "readonly");
  disk->cdrom = json_read_bool(&read, "cdrom");
  disk->iothread = (int)json_read_int(&read, "iothread", 0, INT_MAX, 0);
  return json_read_ok(&read);
}

static bool parse_nic(const json_t *object, struct nic_info *nic, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return false;
  nic->target = json_read_text(&read, "target");
  nic->backend = read_backend(&read, BACKEND_NIC);
  nic->model = json_read_text(&read, "model");
  nic->mac = json_read_text(&read, "mac");
  nic->source = json_read_text(&read, "source");
  nic->ssh_port = (int)json_read_int(&read, "ssh_port", 0, G_MAXUINT16, 0);
  return json_read_ok(&read);
}

static bool parse_hostdev(const json_t *object, struct hostdev_info *hostdev, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return false;
  hostdev->address = json_read_text(&read, "address");
  if (!hostdev->address)
    json_read_fail(&read, "address", "is missing");
  return json_read_ok(&read);
}

static bool parse_devices(struct json_read *read, struct guest_info *info, GError **err)
{
  const json_t *disks = json_read_list(read, "disks"), *nics = json_read_list(read, "nics");
  const json_t *hostdevs = json_read_list(read, "hostdevs");
  info->disk_count = (int)MIN(json_array_size(disks), COUNT_MAX);
  info->nic_count = (int)MIN(json_array_size(nics), COUNT_MAX);
  info->hostdev_count = (int)MIN(json_array_size(hostdevs), COUNT_MAX);
  info->disks = g_new0(struct disk_info, (size_t)info->disk_count);
  info->nics = g_new0(struct nic_info, (size_t)info->nic_count);
  info->hostdevs = g_new0(struct hostdev_info, (size_t)info->hostdev_count);
  bool ok = json_read_ok(read);
  for (int i = 0; i < info->disk_count && ok; i++)
    ok = parse_disk(json_array_get(disks, (size_t)i), &info->disks[i], err);
  for (int i = 0; i < info->nic_count && ok; i++)
    ok = parse_nic(json_array_get(nics, (size_t)i), &info->nics[i], err);
  for (int i = 0; i < info->hostdev_count && ok; i++)
    ok = parse_hostdev(json_array_get(hostdevs, (size_t)i), &info->hostdevs[i], err);
  return ok;
}

static const char *teller_word(int teller)
{
  return inside_teller_name((enum inside_teller)teller);
}

static bool parse_address(const json_t *object, struct inside_address *address, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return false;
  address->device = json_read_text(&read, "device");
  address->mac = json_read_text(&read, "mac");
  address->address = json_read_text(&read, "address");
  return json_read_ok(&read);
}

static bool parse_file_system(const json_t *object, struct inside_file_system *row, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return false;
  row->mount = json_read_text(&read, "mount");
  row->type = json_read_text(&read, "type");
  row->disks = json_read_text(&read, "disks");
  const int64_t total = json_read_int(&read, "total_bytes", 0, INT64_MAX, -1),
                used = json_read_int(&read, "used_bytes", 0, INT64_MAX, -1);
  row->sized = total >= 0 && used >= 0;
  row->total_bytes = row->sized ? (uint64_t)total : 0;
  row->used_bytes = row->sized ? (uint64_t)used : 0;
  return json_read_ok(&read);
}

static bool parse_told(struct json_read *read, struct inside *inside, GError **err)
{
  const json_t *addresses = json_read_list(read, "addresses"),
               *file_systems = json_read_list(read, "file_systems");
  inside->address_count = (int)MIN(json_array_size(addresses), COUNT_MAX);
  inside->file_system_count = (int)MIN(json_array_size(file_systems), COUNT_MAX);
  inside->addresses = g_new0(struct inside_address, (size_t)inside->address_count);
  inside->file_systems = g_new0(struct inside_file_system, (size_t)inside->file_system_count);
  bool ok = json_read_ok(read);
  for (int i = 0; i < inside->address_count && ok; i++)
    ok = parse_address(json_array_get(addresses, (size_t)i), &inside->addresses[i], err);
  for (int i = 0; i < inside->file_system_count && ok; i++)
    ok = parse_file_system(json_array_get(file_systems, (size_t)i), &inside->file_systems[i], err);
  return ok;
}

/* RET stays NULL where it was not asked, or the export was made without it. */
static bool parse_inside(const json_t *object, struct inside **ret, GError **err)
{
  struct json_read read;
  if (!object || json_is_null(object))
    return true;
  if (!json_read_init(&read, object, err))
    return false;
  *ret = inside_new();
  (*ret)->teller = (enum inside_teller)json_read_choice(&read, "told_by", teller_word, TELLERS);
  (*ret)->no_addresses = json_read_text(&read, "no_addresses");
  (*ret)->no_file_systems = json_read_text(&read, "no_file_systems");
  return parse_told(&read, *ret, err);
}

struct guest_info *info_from_json(const json_t *object, const char *uuid, uint64_t *ret_id, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return NULL;
  g_autofree char *name = json_read_text(&read, "name");
  struct guest_info *info = guest_info_new(name ? name : "", uuid);
  *ret_id = (uint64_t)json_read_int(&read, "id", 1, INT64_MAX, 0);
  info->title = json_read_text(&read, "title");
  info->template = json_read_text(&read, "template");
  info->key_file = json_read_text(&read, "key_file");
  info->accel = (enum accel)json_read_choice(&read, "accel", accel_word, ACCELS);
  if (json_object_get(object, "kind")) /* exports were made without it */
    info->kind = (enum kind)json_read_choice(&read, "kind", kind_word, KINDS);
  info->vcpus = (unsigned)json_read_int(&read, "vcpus", 0, G_MAXUINT, 0);
  info->memory_bytes = (uint64_t)json_read_int(&read, "memory_bytes", 0, INT64_MAX, 0);
  info->persistent = json_read_bool(&read, "persistent");
  info->transient_run = json_read_bool(&read, "transient_run");
  info->saved = json_read_bool(&read, "saved");
  info->autostart = json_read_bool(&read, "autostart");
  if (!name)
    json_read_fail(&read, "name", "is missing");
  if (*ret_id == 0)
    json_read_fail(&read, "id", "is missing");
  if (parse_devices(&read, info, err) && parse_inside(json_object_get(object, "inside"), &info->inside, err))
    return info;
  guest_info_unref(info);
  return NULL;
}

static void read_uuid(struct json_read *read, char uuid[37])
{
  const char *text = json_read_word(read, "uuid");
  g_strlcpy(uuid, text ? text : "", 37);
}

struct event *event_from_json(const json_t *object, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return NULL;
  g_autofree char *guest = json_read_text(&read, "guest"), *text = json_read_text(&read, "text");
  enum event_kind kind = (enum event_kind)json_read_choice(&read, "kind", event_kind_word, EVENT_KINDS);
  int conn = (int)json_read_int(&read, "connection", 0, INT_MAX, -1);
  struct event *event = event_new(kind, conn, "", guest, text ? text : "");
  event->wall_ns = json_read_time(&read, "time");
  read_uuid(&read, event->uuid);
  if (json_read_ok(&read))
    return event;
  event_free(event);
  return NULL;
}

struct job *job_from_json(const json_t *object, int64_t mono_base_ns, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return NULL;
  struct job *job = g_new0(struct job, 1);
  job->id = (uint64_t)json_read_int(&read, "id", 0, INT64_MAX, 0);
  job->action = (enum action_id)json_read_choice(&read, "action", word_of_action, ACTION_COUNT);
  job->state = (enum job_state)json_read_choice(&read, "state", job_state_word, JOB_STATES);
  job->conn = (int)json_read_int(&read, "connection", 0, INT_MAX, -1);
  read_uuid(&read, job->uuid);
  job->guest = json_read_text(&read, "guest");
  job->detail = json_read_text(&read, "detail");
  job->step = json_read_text(&read, "step");
  job->error = json_read_text(&read, "error");
  job->progress = json_read_number(&read, "progress", -1);
  job->asked_wall_ns = json_read_time(&read, "time");
  job->started_mono_ns = json_read_elapsed(&read, "started_elapsed_seconds", mono_base_ns);
  job->ended_mono_ns = json_read_elapsed(&read, "ended_elapsed_seconds", mono_base_ns);
  if (json_read_ok(&read))
    return job;
  job_free(job);
  return NULL;
}
