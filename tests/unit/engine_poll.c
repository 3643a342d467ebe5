/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What threads deliver becomes the engine's lists, which are bounded. */
#include "tests/unit/test.h"

#include "core/engine/engine_private.h"

/* As much of an engine as taking messages in needs. */
static void engine_init(struct engine *engine)
{
  *engine = (struct engine){.events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free),
                            .jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_free),
                            .batches = g_ptr_array_new_with_free_func((GDestroyNotify)batch_free)};
}

static void engine_clear(struct engine *engine)
{
  g_ptr_array_unref(engine->events);
  g_ptr_array_unref(engine->jobs);
  g_ptr_array_unref(engine->batches);
  g_free(engine->notice);
}

static unsigned take_job(struct engine *engine, uint64_t id, enum job_state state)
{
  const struct job job = {.id = id, .action = ACTION_START, .state = state};
  struct message message = {.kind = MESSAGE_JOB, .payload = job_copy(&job)};
  return engine_take(engine, &message);
}

static const struct job *job_at(const struct engine *engine, guint i)
{
  return engine->jobs->pdata[i];
}

Test(engine_poll, a_job_under_way_is_kept_however_many_end_after_it)
{
  struct engine engine;
  engine_init(&engine);
  cr_assert_eq(take_job(&engine, 1, JOB_RUNNING), NEWS_JOB);
  for (uint64_t id = 2; id <= 1000; id++)
    cr_assert_eq(take_job(&engine, id, JOB_DONE), NEWS_JOB | NEWS_EVENT | NEWS_NOTICE);
  cr_assert_leq(engine.jobs->len, 200u);
  cr_assert_eq(job_at(&engine, 0)->id, 1u);
  for (guint i = 1; i < engine.jobs->len; i++)
    cr_assert_gt(job_at(&engine, i)->id, job_at(&engine, i - 1)->id, "oldest first");
  cr_assert_eq(job_at(&engine, engine.jobs->len - 1)->id, 1000u);
  take_job(&engine, 1, JOB_DONE);
  cr_assert_eq(job_at(&engine, 0)->state, JOB_DONE, "its end is told in its place");
  cr_assert_leq(engine.events->len, 1000u);
  engine_clear(&engine);
}

Test(engine_poll, offers_that_fail_are_told_in_one_line)
{
  struct engine engine;
  struct link link = {.asked[ASK_OFFERS] = 1};
  struct answer *answer = g_new0(struct answer, 1);
  struct message message = {.kind = MESSAGE_ANSWER, .payload = answer};
  bool bad;
  engine_init(&engine);
  engine.link_count = 1;
  engine.links = &link;
  *answer = (struct answer){.kind = ASK_OFFERS, .number = 1, .error = g_strdup("cannot tell\nInstall it.")};
  cr_assert_eq(engine_take(&engine, &message), NEWS_NOTICE);
  cr_assert_str_eq(engine_notice(&engine, &bad), "cannot tell. Install it.");
  answer_free(answer);
  engine_clear(&engine);
}

Test(engine_poll, notices_tell_good_from_bad)
{
  static const enum message_kind kinds[] = {MESSAGE_NOTICE, MESSAGE_FAULT};
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
    struct engine engine;
    struct message message = {.kind = kinds[i], .payload = g_strdup("said")};
    bool bad;
    engine_init(&engine);
    cr_assert_eq(engine_take(&engine, &message), NEWS_NOTICE);
    cr_assert_str_eq(engine_notice(&engine, &bad), "said");
    cr_assert_eq(bad, kinds[i] == MESSAGE_FAULT);
    engine_clear(&engine);
  }
}

static unsigned take_of_batch(struct engine *engine, uint64_t id, enum job_state state)
{
  const struct job job = {
      .id = id, .action = ACTION_STOP, .state = state, .batch = 1, .guest = (char[]){"a"}};
  struct message message = {.kind = MESSAGE_JOB, .payload = job_copy(&job)};
  return engine_take(engine, &message);
}

Test(engine_poll, what_several_came_to_is_an_event_and_the_notice_when_the_last_has_ended)
{
  struct engine engine;
  engine_init(&engine);
  struct batch *batch = batch_new(ACTION_STOP, 1);
  batch_add(batch);
  batch_add(batch);
  g_ptr_array_add(engine.batches, batch);
  take_of_batch(&engine, 1, JOB_DONE);
  take_job(&engine, 2, JOB_DONE);
  cr_assert_eq(engine.events->len, 2u);
  cr_assert_str_eq(engine.notice, "start: done in 0.00 s; :undo stops it again");
  take_of_batch(&engine, 3, JOB_FAILED);
  cr_assert_eq(engine.events->len, 4u);
  cr_assert_str_eq(engine.notice, "stopped 1 of 2; failed: a: ; :undo starts them again");
  cr_assert(engine.notice_is_error);
  cr_assert_str_eq(((struct event *)engine.events->pdata[3])->text, "stopped 1 of 2; failed: a: ");
  cr_assert_eq(engine.batches->len, 0u);
  engine_clear(&engine);
}

/* A guest with STEAL percent, as the only one of the connection that LINK stands for. */
static void deliver_steal(struct link *link, double steal)
{
  struct guest_info *info = guest_info_new("g", "11111111-2222-3333-4444-555555555555");
  struct guest *guest = guest_new(info);
  GPtrArray *guests = g_ptr_array_new();
  guest_info_unref(info);
  readings_set(&guest->r, GUEST_STEAL, steal);
  g_ptr_array_add(guests, guest);
  conn_scan_unref(link->newest);
  link->newest = conn_scan_new("test:///");
  link->newest->state = CONN_OPEN;
  link->fresh = true;
  conn_scan_take_guests(link->newest, guests);
}

Test(engine_poll, steal_over_its_threshold_is_an_event)
{
  struct engine engine;
  struct link link = {0};
  engine_init(&engine);
  engine.link_count = 1;
  engine.links = &link;
  engine.scan = scan_new(0);
  engine.history = history_new(10);
  engine.steal = steal_watch_new();
  engine_set_steal_threshold(&engine, 30);
  deliver_steal(&link, 20);
  cr_assert_eq(engine_compose(&engine), 0u);
  engine_set_steal_threshold(&engine, 10);
  deliver_steal(&link, 20);
  cr_assert_eq(engine_compose(&engine), (unsigned)NEWS_EVENT);
  cr_assert_eq(engine_compose(&engine), 0u, "no round");
  deliver_steal(&link, 20);
  cr_assert_eq(engine_compose(&engine), 0u, "told once");
  cr_assert_eq(engine.events->len, 1u);
  cr_assert_eq(((const struct event *)engine.events->pdata[0])->kind, EVENT_WARNING);
  scan_unref(engine.scan);
  history_free(engine.history);
  steal_watch_free(engine.steal);
  conn_scan_unref(link.newest);
  engine_clear(&engine);
}
