/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of core/session share. */
#ifndef UNIT_SESSION_DIR_H
#define UNIT_SESSION_DIR_H

#include "core/model/memory.h"
#include "core/model/scan.h"

struct session_dir {
  char *path; /* a new empty folder */
};
void session_dir_init(struct session_dir *dir);
void session_dir_clear(struct session_dir *dir); /* with all in it */

/* A finished journal of COUNT scans (two connections, six guests) and as many events, jobs and turns of
 * memory requests, all but the last from SEED.  Its path; g_free. */
char *session_make_journal(const struct session_dir *dir, uint32_t seed, int count);
/* Turn NUMBER of those in it: NUMBER processes and some requests, with numbers and names as odd as can be. */
struct memory_turn *session_turn(int number);
/* Turn NUMBER of how long things take, of NUMBER spans or one; caller unrefs. */
struct span_turn *session_spans(int number);
/* Run SQL on the database PATH. */
void session_sql(const char *path, const char *sql);
/* Hold PATH's write lock, and let it go. */
void *session_sql_hold(const char *path);
void session_sql_release(void *held);
/* Open PATH as a record and read all of it; false when that ends in an error. */
bool session_read_all(const char *path);
/* A guest with one disk at work and one idle, one vCPU, one NIC; or an idle one. */
struct guest *session_steady_guest(int number, int64_t tick, bool active);
uint64_t session_no_info(void *context, const struct guest_info *info);

#endif
