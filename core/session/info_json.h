/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's definition, an event and a job as JSON, and back. */
#ifndef SESSION_INFO_JSON_H
#define SESSION_INFO_JSON_H

#include <glib.h>
#include <jansson.h>

#include "core/model/event.h"
#include "core/model/guest.h"
#include "core/model/job.h"

json_t *info_json(const struct guest_info *info, uint64_t id);
json_t *event_json(const struct event *event);
json_t *job_json(const struct job *job, int64_t mono_base_ns);

/* Back from them: NULL with the faulty field in ERR. */
struct guest_info *info_from_json(const json_t *object, const char *uuid, uint64_t *ret_id, GError **err);
struct event *event_from_json(const json_t *object, GError **err);
struct job *job_from_json(const json_t *object, int64_t mono_base_ns, GError **err);

#endif
