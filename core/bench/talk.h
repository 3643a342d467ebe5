/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said between a benchmark and its guest linux: its boot on the first serial port, orders and answers
 * on the second (conf/guests/virtlens-mklinux, workbench).  Worker threads only. */
#ifndef BENCH_TALK_H
#define BENCH_TALK_H

#include "core/virt/virt.h"

enum talk_port { TALK_BOOT, TALK_ORDERS, TALK_PORTS };

/* Whether to wait on: false with ERR ends the waiting.  Asked ten times a second. */
typedef bool talk_goes_on(void *context, GError **err);

struct talk;
/* With the guest UUID, which is paused. */
struct talk *talk_new(struct virt *virt, const char *uuid, talk_goes_on *goes_on, void *context,
                      GError **err);
void talk_free(struct talk *talk); /* NULL is fine */

struct talk_wish {
  enum talk_port port;
  const char *text; /* what the line holds */
  double seconds;   /* how long it may take */
  GString *before;  /* the lines that come before it, at most TALK_BYTES_MAX; NULL: nobody wants them */
};
#define TALK_BYTES_MAX (8u << 20)
/* Wait for the first line that holds WISH's text; gives what follows that in the line (caller frees), and
 * when it came (monotonic).  NULL: ERROR_GENERAL, it did not come, with the last that the guest said. */
char *talk_wait(struct talk *talk, const struct talk_wish *wish, int64_t *ret_ns, GError **err);
void talk_send(struct talk *talk, const char *line);

#endif
