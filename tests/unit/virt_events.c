/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lifecycle events in virsh's words. */
#include "tests/unit/test.h"

#include <glib.h>
#include <string.h>

#include "core/virt/watch/events.h"

static void must_say(int event, int detail, const char *expected)
{
  char *text = lifecycle_text(event, detail);
  cr_assert_str_eq(text, expected);
  g_free(text);
}

Test(virt_events, words)
{
  must_say(VIR_DOMAIN_EVENT_DEFINED, VIR_DOMAIN_EVENT_DEFINED_ADDED, "defined");
  must_say(VIR_DOMAIN_EVENT_DEFINED, VIR_DOMAIN_EVENT_DEFINED_UPDATED, "defined (updated)");
  must_say(VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_BOOTED, "started");
  must_say(VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_FROM_SNAPSHOT, "started (from snapshot)");
  must_say(VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_PAUSED, "paused");
  must_say(VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_IOERROR, "paused (ioerror)");
  must_say(VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY_FAILED,
           "paused (postcopy failed)");
  must_say(VIR_DOMAIN_EVENT_RESUMED, VIR_DOMAIN_EVENT_RESUMED_UNPAUSED, "resumed");
  must_say(VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN, "shut off");
  must_say(VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_DESTROYED, "shut off (destroyed)");
  must_say(VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_FROM_SNAPSHOT, "shut off (from snapshot)");
  must_say(VIR_DOMAIN_EVENT_SHUTDOWN, VIR_DOMAIN_EVENT_SHUTDOWN_GUEST, "shutting down (guest request)");
  must_say(VIR_DOMAIN_EVENT_PMSUSPENDED, VIR_DOMAIN_EVENT_PMSUSPENDED_DISK, "suspended (disk)");
  must_say(VIR_DOMAIN_EVENT_CRASHED, VIR_DOMAIN_EVENT_CRASHED_PANICKED, "crashed (panicked)");
}

Test(virt_events, words_that_a_newer_libvirt_may_send)
{
  must_say(VIR_DOMAIN_EVENT_STARTED, 99, "started (99)");
  must_say(VIR_DOMAIN_EVENT_STARTED, -1, "started (-1)");
  must_say(99, 3, "changed (event 99, detail 3)");
  must_say(-1, 0, "changed (event -1, detail 0)");
}
