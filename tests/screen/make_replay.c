/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: make-replay FILE TICKS: the journal of a session in the made-up world, for the screen to replay. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/session/journal.h"
#include "tests/fake/fake.h"

/* Each request of every third turn, in the time of the scans. */
static bool put_turn(struct journal *journal, const struct scan *scan, GError **err)
{
  const struct memory_wish wish = {.whose = MEMORY_ALL, .requests = scan->tick % 3 == 0};
  struct memory_turn *turn = fake_turn(&wish);
  turn->wall_ns = scan->wall_ns;
  bool ok = journal_put_memory(journal, turn, err);
  memory_turn_unref(turn);
  return ok;
}

static bool put_spans(struct journal *journal, const struct scan *scan, GError **err)
{
  struct span_turn *turn = fake_span_turn(SPAN_BLOCK, scan->conns[0]->guests[0]->info->uuid);
  turn->wall_ns = scan->wall_ns;
  bool ok = journal_put_spans(journal, turn, err);
  span_turn_unref(turn);
  return ok;
}

static bool put_tick(struct journal *journal, uint64_t tick, GError **err)
{
  const struct fake_options options = {.world = FAKE_PLAIN};
  struct scan *scan = fake_scan(&options, tick);
  bool ok = journal_put_scan(journal, scan, err);
  if (ok && tick % 5 == 0) {
    struct event *event = event_new(EVENT_GUEST, 0, "", "tour-ide", "resumed");
    event->wall_ns = scan->wall_ns;
    ok = journal_put_event(journal, event, err);
    event_free(event);
  }
  ok = ok && put_turn(journal, scan, err) && put_spans(journal, scan, err);
  scan_unref(scan);
  return ok;
}

static bool put_all(struct journal *journal, uint64_t ticks, GError **err)
{
  char id[] = "00000000-0000-4000-8000-000000000000", version[] = "0", command[] = "virtlens",
       host[] = "testhost";
  struct journal_session session = {
      .id = id, .version = version, .command = command, .host = host, .begin_wall_ns = clock_wall_ns()};
  if (!journal_begin(journal, false, err) || !journal_put_session(journal, &session, err))
    return false;
  for (uint64_t tick = 1; tick <= ticks; tick++)
    if (!put_tick(journal, tick, err))
      return false;
  int64_t end_wall_ns = session.begin_wall_ns + (int64_t)ticks * NS_PER_S;
  return journal_commit(journal, err) &&
         journal_finish(journal, end_wall_ns, (int64_t)ticks * NS_PER_S, 0, err);
}

int main(int argc, char **argv)
{
  g_autoptr(GError) err = NULL;
  if (argc != 3)
    return 2;
  struct journal *journal = journal_create(argv[1], &err);
  bool ok = journal && put_all(journal, strtoull(argv[2], NULL, 10), &err);
  if (!ok)
    fprintf(stderr, "%s\n", err->message);
  journal_close(journal);
  return ok ? 0 : 1;
}
