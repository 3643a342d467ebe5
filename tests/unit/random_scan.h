/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sessions made of random scans, for property tests: guests come, go, stop, start, stick,
 * change their definition, lose readings; connections are lost; names are hostile. */
#ifndef UNIT_RANDOM_SCAN_H
#define UNIT_RANDOM_SCAN_H

#include "core/model/event.h"
#include "core/model/job.h"
#include "core/model/scan.h"

struct random_session;
/* At most GUESTS guests per connection. The same SEED gives the same session. */
struct random_session *random_session_new(uint32_t seed, int conns, int guests);
void random_session_free(struct random_session *session);
struct scan *random_session_next(struct random_session *session); /* caller unrefs */
struct event *random_event(struct random_session *session);
struct job *random_job(struct random_session *session, uint64_t id);

/* What may differ between a scan and the same scan read back. */
struct scan_slack {
  int64_t wall_ns; /* rounding of wall clock times */
  bool offset;     /* the monotonic clock may begin elsewhere */
};
/* NULL if the scans say the same, else what differs; g_free. */
char *scan_difference(const struct scan *a, const struct scan *b, const struct scan_slack *slack);
char *event_difference(const struct event *a, const struct event *b, int64_t wall_slack_ns);
char *job_difference(const struct job *a, const struct job *b, int64_t wall_slack_ns);

#endif
