/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/local.h"

#include "core/base/clock.h"
#include "core/virt/watch/process.h"

/* With the first answer: before it, libvirt may not have started the process yet. */
static bool must_seek(const struct member *member)
{
  return !member->sought && guest_state_active(member->now->state) && member->now->vcpu_count > 0;
}

static void seek(struct roster *roster, struct member *member, GHashTable *found)
{
  pid_t pid = GPOINTER_TO_INT(g_hash_table_lookup(found, member->uuid));
  member->sought = true;
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
