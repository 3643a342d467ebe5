/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/info_json.h"

#include "core/session/json_value.h"

static void put_backend(json_t *object, const struct backend *backend)
{
  json_put(object, "backend", json_text(backend ? backend->name : NULL));
  json_put(object, "path", json_text(backend ? backend_path_name(backend->path) : NULL));
}

static json_t *disk_json(const struct disk_info *disk)
{
  json_t *object = json_object();
  json_put_text(object, "target", disk->target);
  put_backend(object, disk->backend);
  json_put_text(object, "bus", disk->bus);
  json_put_text(object, "source", disk->source);
  json_put_text(object, "format", disk->format);
  json_put_text(object, "cache", disk->cache);
  json_put_text(object, "io", disk->io);
  json_put_text(object, "discard", disk->discard);
  json_put(object, "readonly", json_boolean(disk->readonly));
  json_put(object, "cdrom", json_boolean(disk->cdrom));
  json_put(object, "iothread", disk->iothread == 0 ? json_null() : json_integer(disk->iothread));
  return object;
}

static json_t *nic_json(const struct nic_info *nic)
{
  json_t *object = json_object();
  json_put_text(object, "target", nic->target);
  put_backend(object, nic->backend);
  json_put_text(object, "model", nic->model);
  json_put_text(object, "mac", nic->mac);
  json_put_text(object, "source", nic->source);
  json_put(object, "ssh_port", nic->ssh_port == 0 ? json_null() : json_integer(nic->ssh_port));
  return object;
}

static json_t *address_json(const struct inside_address *address)
{
  json_t *object = json_object();
  json_put_text(object, "device", address->device);
  json_put_text(object, "mac", address->mac);
  json_put_text(object, "address", address->address);
  return object;
}

static json_t *file_system_json(const struct inside_file_system *row)
{
  json_t *object = json_object();
  json_put_text(object, "mount", row->mount);
  json_put_text(object, "type", row->type);
  json_put_text(object, "disks", row->disks);
  json_put(object, "total_bytes", row->sized ? json_integer((json_int_t)row->total_bytes) : json_null());
  json_put(object, "used_bytes", row->sized ? json_integer((json_int_t)row->used_bytes) : json_null());
  return object;
}

static json_t *inside_json(const struct inside *inside)
{
  if (!inside)
    return json_null();
  json_t *object = json_object(), *addresses = json_array(), *file_systems = json_array();
  for (int i = 0; i < inside->address_count; i++)
    json_array_append_new(addresses, address_json(&inside->addresses[i]));
  for (int i = 0; i < inside->file_system_count; i++)
    json_array_append_new(file_systems, file_system_json(&inside->file_systems[i]));
  json_put(object, "told_by", json_text(inside_teller_name(inside->teller)));
  json_put(object, "addresses", addresses);
  json_put_text(object, "no_addresses", inside->no_addresses);
  json_put(object, "file_systems", file_systems);
  json_put_text(object, "no_file_systems", inside->no_file_systems);
  return object;
}

json_t *info_json(const struct guest_info *info, uint64_t id)
{
  json_t *object = json_object(), *disks = json_array(), *nics = json_array(), *hostdevs = json_array();
  json_put(object, "id", json_integer((json_int_t)id));
  json_put_text(object, "name", info->name);
  json_put_text(object, "title", info->title);
  json_put_text(object, "template", info->template);
  json_put_text(object, "key_file", info->key_file);
  json_put(object, "accel", json_text(accel_name(info->accel)));
  json_put(object, "kind", json_text(kind_row(info->kind)->name));
  json_put(object, "vcpus", json_integer(info->vcpus));
  json_put(object, "memory_bytes", json_integer((json_int_t)info->memory_bytes));
  json_put(object, "persistent", json_boolean(info->persistent));
  json_put(object, "transient_run", json_boolean(info->transient_run));
  json_put(object, "saved", json_boolean(info->saved));
  json_put(object, "autostart", json_boolean(info->autostart));
  for (int i = 0; i < info->disk_count; i++)
    json_array_append_new(disks, disk_json(&info->disks[i]));
  for (int i = 0; i < info->nic_count; i++)
    json_array_append_new(nics, nic_json(&info->nics[i]));
  for (int i = 0; i < info->hostdev_count; i++) {
    json_t *hostdev = json_object();
    json_put_text(hostdev, "address", info->hostdevs[i].address);
    json_array_append_new(hostdevs, hostdev);
  }
  json_put(object, "disks", disks);
  json_put(object, "nics", nics);
  json_put(object, "hostdevs", hostdevs);
  json_put(object, "inside", inside_json(info->inside));
  return object;
}

static json_t *conn_number(int conn)
{
  return conn < 0 ? json_null() : json_integer(conn);
}

json_t *event_json(const struct event *event)
{
  json_t *object = json_object();
  json_put(object, "time", json_time(event->wall_ns));
  json_put(object, "kind", json_text(event_kind_name(event->kind)));
  json_put(object, "connection", conn_number(event->conn));
  json_put(object, "uuid", json_text(event->uuid[0] ? event->uuid : NULL));
  json_put_text(object, "guest", event->guest);
  json_put_text(object, "text", event->text);
  return object;
}

json_t *job_json(const struct job *job, int64_t mono_base_ns)
{
  json_t *object = json_object();
  bool ran = job->started_mono_ns != 0 && job->ended_mono_ns != 0;
  json_put(object, "id", json_integer((json_int_t)job->id));
  json_put(object, "time", json_time(job->asked_wall_ns));
  json_put(object, "action", json_text(action_row(job->action)->name));
  json_put(object, "state", json_text(job_state_name(job->state)));
  json_put(object, "connection", conn_number(job->conn));
  json_put(object, "uuid", json_text(job->uuid[0] ? job->uuid : NULL));
  json_put_text(object, "guest", job->guest);
  json_put_text(object, "detail", job->detail);
  json_put_text(object, "step", job->step);
  json_put_text(object, "error", job->error);
  json_put(object, "progress", job->progress < 0 ? json_null() : json_number(job->progress));
  json_put(object, "started_elapsed_seconds", json_elapsed(job->started_mono_ns, mono_base_ns));
  json_put(object, "ended_elapsed_seconds", json_elapsed(job->ended_mono_ns, mono_base_ns));
  json_put(object, "duration_seconds",
           ran ? json_seconds(job->ended_mono_ns - job->started_mono_ns) : json_null());
  return object;
}
