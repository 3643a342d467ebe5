/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP ports of this machine's 127.0.0.1, held for somebody who is to listen at them soon. */
#ifndef BASE_PORT_H
#define BASE_PORT_H

#include <glib.h>
#include <stdbool.h>

/* A port that is held: no other process that uses these functions can hold it meanwhile, but anybody can
 * listen at it.  It is let go by port_release, or with the process. */
struct port_held {
  int port; /* 0: none is held */
  int lock; /* a descriptor */
};
/* Hold PORT.  ERROR_REFUSED when somebody listens at it or holds it; then none is held. */
bool port_hold(struct port_held *held, int port, GError **err);
/* Hold the first from FIRST on that is not in PASS_OVER (numbers as keys, GINT_TO_POINTER; NULL: none) and
 * can be.  ERROR_RESOURCES when there is none. */
bool port_hold_next(struct port_held *held, int first, GHashTable *pass_over, GError **err);
/* The first that port_hold_next might hold, without holding it; 0: none. */
int port_next(int first, GHashTable *pass_over);
void port_release(struct port_held *held); /* of none is fine */
typedef struct port_held port_holding;     /* for g_auto, begun as {0} */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(port_holding, port_release)

#endif
