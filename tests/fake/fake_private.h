/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the made-up engine know of one another. */
#ifndef TESTS_FAKE_PRIVATE_H
#define TESTS_FAKE_PRIVATE_H

#include "tests/fake/fake.h"

/* fake_ask.c: what was asked, and the answers. */
struct fake_answers {
  struct sheet_book *results;
  char *no_results;                     /* why there are none */
  struct offers *offers, *offers_ready; /* ready: known from the next poll on */
  struct snapshot_list *snapshots;
  struct chain *chain;
  struct sriov_list *functions;
  struct explanation *explanation;
  struct host_look *host;
  struct rivals *rivals;
  char *rivals_of;         /* UUID */
  struct spec *preview_of; /* asked for, not answered yet */
  struct spec *filled;
  char *not_filled; /* why */
  char *xml, *argv;
  char *deletion_of; /* UUID */
  struct deletion *deletion;
};

struct engine {
  struct fake_options options;
  int wake;
  int batch; /* the last */
  unsigned news;
  double interval;
  struct scan *scan;
  struct history *history;
  GPtrArray *events, *jobs, *removed; /* struct event *, struct job *, UUIDs */
  GPtrArray *unfinished;              /* char *, NULL-terminated */
  char *done;                         /* what was to be done last */
  char *notice;
  bool notice_is_error;
  char *saved;       /* the template kept last, or ... */
  GError *not_saved; /* ... why it was not */
  struct fake_answers answers;
  struct memory_wish memory_wish;
  bool memory_wished;
  struct memory_log *memory; /* NULL: nothing is traced */
  bool spans_wished;
  struct span_log *spans; /* NULL: nothing is traced */
  GByteArray *console;    /* said and not taken; NULL: none is open */
  bool console_ended;
  const char *console_why;
};

void fake_news(struct engine *engine, unsigned what);
/* Takes over TEXT. */
void fake_notice(struct engine *engine, bool is_error, char *text);
/* For fake_done. */
void fake_note(struct engine *engine, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* ERROR_REFUSED when the session is read-only. */
bool fake_may_act(const struct engine *engine, GError **err);

void fake_answers_poll(struct engine *engine);
void fake_answers_clear(struct fake_answers *answers);
/* fake_memory.c: a turn of memory requests, where they are wished for. */
void fake_memory_step(struct engine *engine);
/* fake_spans.c: a turn of durations, where they are wished for. */
void fake_spans_step(struct engine *engine);
/* fake_act.c */
GPtrArray *fake_jobs_new(void);

#endif
