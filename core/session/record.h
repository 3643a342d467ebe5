/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A recorded session, read back from a journal or an export (told apart by content). */
#ifndef SESSION_RECORD_H
#define SESSION_RECORD_H

#include "core/model/event.h"
#include "core/model/job.h"
#include "core/model/kind.h"
#include "core/model/memory.h"
#include "core/model/scan.h"
#include "core/model/span.h"

struct record;
/* Open FILE.  A malformed file is refused with the place; a newer version with both numbers. */
struct record *record_open(const char *file, GError **err);
void record_free(struct record *record);
uint64_t record_scan_count(const struct record *record);
int64_t record_scan_time(const struct record *record, uint64_t index); /* wall ns; 0: none */
/* The index of the last scan at or before WALL_NS (0 if none is). */
uint64_t record_find(const struct record *record, int64_t wall_ns);
/* Scan number INDEX as it was, or NULL with ERR. Caller unrefs. */
struct scan *record_scan(struct record *record, uint64_t index, GError **err);
/* All events and jobs, oldest first; owned by RECORD. */
const GPtrArray *record_events(const struct record *record); /* struct event * */
const GPtrArray *record_jobs(const struct record *record);   /* struct job * */
/* Turn number INDEX of memory tracing, oldest first; its requests if wished for.  Caller unrefs. */
uint64_t record_memory_count(const struct record *record);
struct memory_turn *record_memory(struct record *record, uint64_t index, bool requests, GError **err);
/* Turn number INDEX of what was timed, oldest first.  Caller unrefs. */
uint64_t record_span_count(const struct record *record);
struct span_turn *record_spans(struct record *record, uint64_t index, GError **err);
bool record_complete(const struct record *record);
/* What kind of machine the session's host was; KIND_UNKNOWN: it does not say so. */
enum kind record_host_kind(const struct record *record);

#endif
