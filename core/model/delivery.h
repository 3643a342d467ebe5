/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far memory requests have come on their way to somewhere else: SEEN = STORED + WAITING + REFUSED + LOST,
 * always. */
#ifndef MODEL_DELIVERY_H
#define MODEL_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

struct delivery {
  char *place;      /* where to, as it may be shown */
  uint64_t seen;    /* by the kernel since it began */
  uint64_t stored;  /* there */
  uint64_t waiting; /* here, on disk */
  uint64_t refused; /* cannot be stored there as they are */
  uint64_t lost;    /* there was no room for them, in the kernel or here */
  char *problem;    /* why nothing is stored at present, and after '\n' what to do; NULL: all well */
  char *refusal;    /* why the last one was refused; NULL: none was */
};
void delivery_clear(struct delivery *delivery);
/* "seen 12 = stored 8 + waiting 2 + not storable 1 + lost 1".  Caller frees. */
char *delivery_text(const struct delivery *delivery);

/* What was told of a delivery so far. */
struct delivery_told {
  bool problem, refusal;
};
/* The next thing to tell of DELIVERY, which then counts as told: a problem that came, or went, and the first
 * refusal.  RET_WRONG: it is no good news.  NULL: nothing is new.  Caller frees. */
char *delivery_news(const struct delivery *delivery, struct delivery_told *told, bool *ret_wrong);

#endif
