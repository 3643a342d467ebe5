/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of a job whose connection was lost, on libvirt's test driver: each outcome, done and not. */
#include <glib.h>
#include <string.h>

#include "core/virt/act/aftermath.h"
#include "core/virt/act/witness.h"
#include "tests/unit/test.h"

struct bench {
  struct hub *hub;
  virConnectPtr conn;
  virDomainPtr domain; /* it runs */
  struct act act;
  struct trail trail;
};

static void no_event(void *context, struct event *event)
{
  (void)context;
  event_free(event);
}

static void bench_set_up(struct bench *bench, enum action_id action)
{
  const struct sink sink = {.event = no_event};
  memset(bench, 0, sizeof *bench);
  bench->hub = hub_new("test:///default", NULL, false, &sink, 0);
  bench->conn = virConnectOpen("test:///default");
  bench->domain = virDomainLookupByName(bench->conn, "test");
  cr_assert_not_null(bench->domain);
  bench->act.action = action;
  virDomainGetUUIDString(bench->domain, bench->act.uuid);
}

static void bench_clear(struct bench *bench)
{
  virDomainFree(bench->domain);
  hub_stop(bench->hub, 60);
  hub_unref(bench->hub);
  virConnectClose(bench->conn);
  trail_clear(&bench->trail);
}

/* The code of what is told (0: done), which holds WORDS. */
static int told(struct bench *bench, enum aim aim, const char *words)
{
  struct acting acting = {bench->hub, bench->conn, &bench->act, &bench->trail};
  GError *lost = NULL;
  g_autoptr(GError) err = NULL;
  error_set(&lost, ERROR_LOST, NULL, "End of file while reading data");
  const bool done = aftermath(&acting, aim, lost, &err);
  const char *text = done ? bench->act.result : err->message;
  cr_assert(strstr(text, words), "%s", text);
  cr_assert(!done || strstr(text, "End of file while reading data"), "%s", text);
  g_clear_pointer(&bench->act.result, g_free);
  return done ? 0 : err->code;
}

Test(virt_aftermath, states_are_looked_up)
{
  struct bench bench;
  bench_set_up(&bench, ACTION_PAUSE);
  cr_assert_eq(told(&bench, AIM_STARTED, "afterwards: the guest is running"), 0);
  cr_assert_eq(told(&bench, AIM_PAUSED, "not done: the guest is running"), ERROR_GENERAL);
  cr_assert_eq(virDomainSuspend(bench.domain), 0);
  cr_assert_eq(told(&bench, AIM_PAUSED, "while pausing"), 0);
  cr_assert_eq(told(&bench, AIM_RESUMED, "not done: the guest is paused"), ERROR_GENERAL);
  cr_assert_eq(told(&bench, AIM_UNSEEN, "not known: libvirt keeps nothing"), ERROR_LOST);
  cr_assert_eq(told(&bench, AIM_OFF, "not done"), ERROR_GENERAL);
  cr_assert_eq(virDomainDestroy(bench.domain), 0);
  cr_assert_eq(told(&bench, AIM_OFF, "the guest is shut off"), 0);
  cr_assert_eq(virDomainCreate(bench.domain), 0);
  bench_clear(&bench);
}

Test(virt_aftermath, what_is_gone_is_deleted_if_its_files_are)
{
  struct bench bench;
  g_autoptr(GPtrArray) files = g_ptr_array_new();
  bench_set_up(&bench, ACTION_DELETE);
  cr_assert_eq(told(&bench, AIM_DELETED, "not done: the guest is running"), ERROR_GENERAL);
  strcpy(bench.act.uuid, "00000000-1111-2222-3333-444444444444");
  cr_assert_eq(told(&bench, AIM_DELETED, "the guest is gone"), 0);
  g_ptr_array_add(files, (void *)(uintptr_t) "/no/such/file");
  trail_set_files(&bench.trail, files);
  cr_assert_eq(told(&bench, AIM_DELETED, "the guest is gone"), 0);
  g_ptr_array_add(files, (void *)(uintptr_t) "/etc/passwd");
  trail_set_files(&bench.trail, files);
  cr_assert_eq(told(&bench, AIM_DELETED, "the guest is gone; left: /etc/passwd"), ERROR_GENERAL);
  bench_clear(&bench);
}

Test(virt_aftermath, guests_that_were_begun_are_counted)
{
  struct bench bench;
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  bench_set_up(&bench, ACTION_CLONE);
  bench.act.uuid[0] = 0;
  cr_assert_eq(told(&bench, AIM_MADE, "not done: nothing was begun"), ERROR_GENERAL);
  trail_add_guest(&bench.trail, "test", none);
  cr_assert_eq(told(&bench, AIM_LAUNCHED, "test is running"), 0);
  cr_assert_eq(strlen(bench.act.result_uuid), 36);
  bench.trail.wanted = 2;
  cr_assert_eq(told(&bench, AIM_MADE, "not done: test is running"), ERROR_GENERAL);
  trail_add_guest(&bench.trail, "other", none);
  cr_assert_eq(told(&bench, AIM_MADE, "test is running, other is not there"), ERROR_GENERAL);
  bench_clear(&bench);
}

static void take(struct bench *bench, const char *name)
{
  g_autofree char *xml = g_strdup_printf("<domainsnapshot><name>%s</name></domainsnapshot>", name);
  g_autoptr(virDomainSnapshot) taken = virDomainSnapshotCreateXML(bench->domain, xml, 0);
  cr_assert_not_null(taken, "%s", last_text());
}

static void revert(struct bench *bench, const char *name)
{
  g_autoptr(virDomainSnapshot) snapshot = virDomainSnapshotLookupByName(bench->domain, name, 0);
  cr_assert(snapshot && virDomainRevertToSnapshot(snapshot, 0) == 0, "%s", last_text());
}

static void begin(struct bench *bench, const char *name)
{
  trail_clear(&bench->trail);
  bench->trail = (struct trail){0};
  trail_set_snapshot(&bench->trail, bench->domain, name);
}

Test(virt_aftermath, snapshots_are_there_or_not)
{
  struct bench bench;
  bench_set_up(&bench, ACTION_SNAPSHOT);
  cr_assert_eq(told(&bench, AIM_SNAPSHOT, "nothing was begun"), ERROR_GENERAL);
  begin(&bench, "one");
  cr_assert_eq(told(&bench, AIM_SNAPSHOT, "snapshot one is not there"), ERROR_GENERAL);
  cr_assert_eq(told(&bench, AIM_NO_SNAPSHOT, "snapshot one is not there"), 0);
  take(&bench, "one");
  cr_assert_eq(told(&bench, AIM_SNAPSHOT, "snapshot one is there"), 0);
  cr_assert_eq(told(&bench, AIM_NO_SNAPSHOT, "snapshot one is there"), ERROR_GENERAL);
  bench_clear(&bench);
}

Test(virt_aftermath, a_revert_is_known_by_what_libvirt_does_first_and_last)
{
  struct bench bench;
  bench_set_up(&bench, ACTION_REVERT);
  take(&bench, "one");
  take(&bench, "two");
  begin(&bench, "one");
  cr_assert_eq(told(&bench, AIM_REVERTED, "its current snapshot is two"), ERROR_GENERAL);
  cr_assert_eq(virDomainSuspend(bench.domain), 0); /* as it is in the middle */
  cr_assert_eq(told(&bench, AIM_REVERTED, "not known: the guest is paused"), ERROR_LOST);
  revert(&bench, "one");
  cr_assert_eq(told(&bench, AIM_REVERTED, "its current snapshot is one"), 0);
  begin(&bench, "one"); /* once more: nothing tells the one from the other */
  revert(&bench, "one");
  cr_assert_eq(told(&bench, AIM_REVERTED, "not known"), ERROR_LOST);
  begin(&bench, "one"); /* but a witness does */
  bench.trail.witness = witness_leave(bench.domain);
  cr_assert_not_null(bench.trail.witness, "%s", last_text());
  cr_assert_eq(told(&bench, AIM_REVERTED, "not done: the guest is running"), ERROR_GENERAL);
  cr_assert_eq(witness_is_there(bench.domain, bench.trail.witness), 0);
  begin(&bench, "one");
  bench.trail.witness = witness_leave(bench.domain);
  revert(&bench, "one");
  cr_assert_eq(told(&bench, AIM_REVERTED, "its current snapshot is one"), 0);
  bench_clear(&bench);
}

Test(virt_aftermath, what_is_cancelled_is_not_looked_up)
{
  struct bench bench;
  atomic_bool cancel = true;
  bench_set_up(&bench, ACTION_PAUSE);
  g_free(bench.hub->uri);
  bench.hub->uri = g_strdup("test:///no/such/file");
  bench.act.cancel = &cancel;
  cr_assert_eq(told(&bench, AIM_OFF, "could not be looked up: cancelled"), ERROR_LOST);
  bench_clear(&bench);
}
