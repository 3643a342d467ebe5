/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/info_json.h"

#include "core/session/scan_json.h"

static void put(json_t *object, const char *key, json_t *value)
{
  json_object_set_new_nocheck(object, key, value);
}

static void put_backend(json_t *object, const struct backend *backend)
{
  put(object, "backend", json_text(backend ? backend->name : NULL));
  put(object, "path", json_text(backend ? backend_path_name(backend->path) : NULL));
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
  put(object, "readonly", json_boolean(disk->readonly));
  put(object, "cdrom", json_boolean(disk->cdrom));
  put(object, "iothread", disk->iothread == 0 ? json_null() : json_integer(disk->iothread));
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
  return object;
}

json_t *info_json(const struct guest_info *info, uint64_t id)
{
  json_t *object = json_object(), *disks = json_array(), *nics = json_array(), *hostdevs = json_array();
  put(object, "id", json_integer((json_int_t)id));
  json_put_text(object, "name", info->name);
  json_put_text(object, "title", info->title);
  json_put_text(object, "template", info->template);
  put(object, "accel", json_text(accel_name(info->accel)));
  put(object, "vcpus", json_integer(info->vcpus));
  put(object, "memory_bytes", json_integer((json_int_t)info->memory_bytes));
  put(object, "persistent", json_boolean(info->persistent));
  put(object, "transient_run", json_boolean(info->transient_run));
  for (int i = 0; i < info->disk_count; i++)
    json_array_append_new(disks, disk_json(&info->disks[i]));
  for (int i = 0; i < info->nic_count; i++)
    json_array_append_new(nics, nic_json(&info->nics[i]));
  for (int i = 0; i < info->hostdev_count; i++) {
    json_t *hostdev = json_object();
    json_put_text(hostdev, "address", info->hostdevs[i].address);
    json_array_append_new(hostdevs, hostdev);
  }
  put(object, "disks", disks);
  put(object, "nics", nics);
  put(object, "hostdevs", hostdevs);
  return object;
}

static json_t *conn_number(int conn)
{
  return conn < 0 ? json_null() : json_integer(conn);
}

json_t *event_json(const struct event *event)
{
  json_t *object = json_object();
  put(object, "time", json_time(event->wall_ns));
  put(object, "kind", json_text(event_kind_name(event->kind)));
  put(object, "connection", conn_number(event->conn));
  put(object, "uuid", json_text(event->uuid[0] ? event->uuid : NULL));
  json_put_text(object, "guest", event->guest);
  json_put_text(object, "text", event->text);
  return object;
}

json_t *job_json(const struct job *job, int64_t mono_base_ns)
{
  json_t *object = json_object();
  bool ran = job->started_mono_ns != 0 && job->ended_mono_ns != 0;
  put(object, "id", json_integer((json_int_t)job->id));
  put(object, "time", json_time(job->asked_wall_ns));
  put(object, "action", json_text(action_row(job->action)->name));
  put(object, "state", json_text(job_state_name(job->state)));
  put(object, "connection", conn_number(job->conn));
  put(object, "uuid", json_text(job->uuid[0] ? job->uuid : NULL));
  json_put_text(object, "guest", job->guest);
  json_put_text(object, "detail", job->detail);
  json_put_text(object, "step", job->step);
  json_put_text(object, "error", job->error);
  put(object, "progress", job->progress < 0 ? json_null() : json_number(job->progress));
  put(object, "started_elapsed_seconds", json_elapsed(job->started_mono_ns, mono_base_ns));
  put(object, "ended_elapsed_seconds", json_elapsed(job->ended_mono_ns, mono_base_ns));
  put(object, "duration_seconds",
      ran ? json_seconds(job->ended_mono_ns - job->started_mono_ns) : json_null());
  return object;
}
