/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/local.h"

#include "core/base/clock.h"
#include "core/virt/watch/process.h"

#define SEEK_GAP_MAX 63 /* looks; all of /proc is read for it */

/* With the first answer, and if it is not found, again and again, ever more rarely: libvirt tells of a guest
 * before its process has its arguments. */
static bool must_seek(struct member *member)
{
  if (member->threads || !guest_state_active(member->now->state) || member->now->vcpu_count == 0)
    return false;
  return member->seek_after-- <= 0;
}

static void seek(struct roster *roster, struct member *member, GHashTable *found)
{
  pid_t pid = GPOINTER_TO_INT(g_hash_table_lookup(found, member->uuid));
  member->seek_after = member->seek_gap = MIN(2 * member->seek_gap + 1, SEEK_GAP_MAX);
  if (pid)
    member->threads = threads_new(pid, &roster->files);
}

static void look(struct member *member)
{
  if (threads_look(member->threads))
    threads_put(member->threads, member->now, clock_mono_ns());
  else
    g_clear_pointer(&member->threads, threads_free);
}

void local_look(struct roster *roster)
{
  g_autoptr(GHashTable) found = NULL;
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    if (!member->now)
      continue;
    if (must_seek(member)) {
      if (!found)
        found = process_by_uuid();
      seek(roster, member, found);
    }
    if (member->threads)
      look(member);
  }
}
