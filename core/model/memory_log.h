/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was seen of memory requests so far: turns added up, for whoever shows them.  One thread at a time. */
#ifndef MODEL_MEMORY_LOG_H
#define MODEL_MEMORY_LOG_H

#include "core/model/memory.h"

#define MEMORY_LOG_ROWS 4096      /* processes kept; those that are quiet make room, and are added together */
#define MEMORY_LOG_REQUESTS 20000 /* the last requests, kept one by one */
#define MEMORY_LOG_RATES 1024     /* turns that a graph can show */

/* A process under one of its names. */
struct memory_row {
  int pid; /* 0: all those that there was no room for, here or in the kernel */
  char name[MEMORY_NAME];
  struct memory_sums total, turn; /* since the log began; in the newest turn */
};

enum memory_rank { MEMORY_BY_CALLS, MEMORY_BY_MAPPED, MEMORY_BY_FREED, MEMORY_BY_NET, MEMORY_RANKS };
enum memory_rate { MEMORY_RATE_CALLS, MEMORY_RATE_MAPPED, MEMORY_RATE_FREED, MEMORY_RATES };

struct memory_log;
struct memory_log *memory_log_new(void);
void memory_log_free(struct memory_log *log); /* NULL is fine */
void memory_log_add(struct memory_log *log, const struct memory_turn *turn);

/* All of these are borrowed, until the next memory_log_add. */
const struct memory_turn *memory_log_newest(const struct memory_log *log); /* NULL: none yet */
const struct memory_sums *memory_log_total(const struct memory_log *log);
/* struct memory_row *, the largest by BY first: by calls in the newest turn, by bytes in all. */
const GPtrArray *memory_log_rows(struct memory_log *log, enum memory_rank by);
guint memory_log_request_count(const struct memory_log *log);
/* Request NR, 0 being the oldest that is kept. */
const struct memory_request *memory_log_request(const struct memory_log *log, guint nr);
/* When it was answered, by the clock that the newest turn was told with. */
int64_t memory_log_wall_ns(const struct memory_log *log, const struct memory_request *request);
/* The rates of the newest N turns, oldest first, RET[N-1] the newest; NAN: none. */
void memory_log_rates(const struct memory_log *log, enum memory_rate rate, double *ret, int n);

#endif
